/* gc_module.c: the gc module over a heap without generations: thresholds are kept and reported, a collection is always full. */
#include <stdlib.h>

#include "runtime/memory/heap.h"
#include "runtime/objects/type.h"
#include "runtime/vm/interpreter.h"
#include "runtime/vm/liveness.h"

static int64_t thresholds[3] = {700, 10, 10};
static int64_t debug_flags;
static int64_t asked[3], found_dead[3]; /* by the generation that gc.collect() named */
static int64_t collections;             /* of the heap, that gc.collect() made */
enum { DEBUG_SAVEALL = 32 };

/* ---- Settings ---- */

KR_FN(gc, gc_enable, "enable", "()", "Enable automatic garbage collection.")
{
    kr_heap_disabled = false;
    return NONE;
}
KR_FN(gc, gc_disable, "disable", "()", "Disable automatic garbage collection.")
{
    kr_heap_disabled = true;
    return NONE;
}
KR_FN(gc, gc_isenabled, "isenabled", "()", "Returns true if automatic garbage collection is enabled.") { return from_bool(!kr_heap_disabled); }

/* ---- gc.collect() ---- */

/* Is it an object that scripts know, and may it hold others? (A str's or bytearray's trace is for its storage.) */
static bool is_visible(Object *object)
{
    const Type *type = object->type;
    return type && (type->traits & TYPE_READY) && type->kind.trace && type != &kr_str_type && type != &kr_bytearray_type;
}

/* Objects that a collection found dead under DEBUG_SAVEALL, on their way to gc.garbage. */
static struct {
    Value *items;
    size_t count, capacity;
} saved;
static int64_t dead_count;

static void trace_saved(KrTracer *tracer)
{
    for (size_t i = 0; i < saved.count; i++) kr_trace(tracer, saved.items[i]);
}

static bool on_dead(Object *object)
{
    if (!is_visible(object)) return false;
    dead_count++;
    if (!(debug_flags & DEBUG_SAVEALL)) return false;
    if (saved.count == saved.capacity) {
        size_t capacity = saved.capacity ? saved.capacity * 2 : 64;
        Value *items = realloc(saved.items, capacity * sizeof(Value));
        if (!items) return false;
        saved.items = items, saved.capacity = capacity;
    }
    saved.items[saved.count++] = from_object(object);
    return true;
}

static void collect_and_count(void)
{
    kr_heap_on_dead = on_dead;
    kr_heap_collect();
    kr_heap_on_dead = NULL;
    collections++;
}

/* What has a finalizer dies a collection later, if the finalizer did not revive it. */
static int64_t collect_all(void)
{
    kr_liveness_clear_frames();
    dead_count = 0;
    collect_and_count();
    if (kr_heap_run_pending()) collect_and_count();
    return dead_count;
}

static int move_saved_to_garbage(void)
{
    Value garbage = kr_import_attr("gc", "garbage");
    int status = is_empty(garbage) ? -1 : 0;
    for (size_t i = 0; i < saved.count && status == 0; i++) status = kr_list_append(garbage, saved.items[i]);
    saved.count = 0;
    return status;
}

/* Calls gc.callbacks with the phase of an explicit collection. */
static int call_callbacks(const char *phase, int generation, int64_t collected)
{
    Value callbacks = kr_import_attr("gc", "callbacks");
    if (is_empty(callbacks) || !is_list(callbacks)) return is_empty(callbacks) ? -1 : 0;
    for (size_t i = 0; i < kr_list_size(callbacks); i++) {
        Value info = kr_dict(), callback = kr_list_get(callbacks, i);
        if (is_empty(info) || kr_dict_set_ascii(info, "generation", kr_int(generation)) < 0 ||
            kr_dict_set_ascii(info, "collected", kr_int(collected)) < 0 ||
            kr_dict_set_ascii(info, "uncollectable", kr_int(0)) < 0)
            return -1;
        if (is_empty(kr_call2(callback, kr_str(phase), info))) kr_report_unraisable(callback);
    }
    return 0;
}

static __attribute__((noinline)) Value collect(int generation)
{
    if (generation < 0 || generation > 2) return kr_raise(kr_ValueError, "invalid generation");
    if (call_callbacks("start", generation, 0) < 0) return EMPTY;
    int64_t collected = collect_all();
    if (move_saved_to_garbage() < 0) return EMPTY;
    asked[generation]++, found_dead[generation] += collected;
    return call_callbacks("stop", generation, collected) < 0 ? EMPTY : kr_int(collected);
}

/* Raw, so that no frame of C but this one lies between the interpreter's loop and the collection; what earlier calls left
 * on the stack below, where the frames of the collection will have their unused words, is wiped. */
KR_FN_RAW(gc, gc_collect, "collect", "(generation=2)",
          "Run the garbage collector: always a full collection.\n\nReturns the number of containers found unreachable.")
{
    int generation = 2;
    kr_unwind_wipe();
    if (n == 0 && is_empty(kwnames)) return collect(2);
    Value slot;
    if (kr_bind(&gc_collect_entry, args, n, kwnames, &slot) < 0 || kr_to_int32(slot, &generation) < 0) return EMPTY;
    return collect(generation);
}

KR_FN(gc, gc_get_count, "get_count", "()", "Return a three-tuple of the current collection counts.")
{
    return kr_tuple_of(3, from_small_int(0), from_small_int(0), from_small_int(0));
}
KR_FN(gc, gc_get_threshold, "get_threshold", "()", "Return the current collection thresholds.")
{
    return kr_tuple_of(3, kr_int(thresholds[0]), kr_int(thresholds[1]), kr_int(thresholds[2]));
}
KR_FN(gc, gc_set_threshold, "set_threshold", "(threshold0, threshold1=<unset>, threshold2=<unset>, /)", "Sets the collection thresholds. Setting threshold0 to zero disables collection.")
{
    for (int i = 0; i < 3; i++)
        if (!is_empty(a[i]) && kr_to_int64(a[i], &thresholds[i]) < 0) return EMPTY;
    return NONE;
}

KR_FN(gc, gc_get_stats, "get_stats", "()",
      "Return a list of dictionaries containing per-generation statistics.\n\n"
      "Automatic collections count for the oldest generation.")
{
    HeapStats stats;
    kr_heap_stats(&stats);
    Value list = kr_list(NULL, 0);
    for (int i = 0; i < 3; i++) {
        int64_t automatic = i == 2 ? (int64_t)stats.collections - collections : 0;
        Value entry = kr_dict();
        if (is_empty(entry) || kr_dict_set_ascii(entry, "collections", kr_int(asked[i] + automatic)) < 0 ||
            kr_dict_set_ascii(entry, "collected", kr_int(found_dead[i])) < 0 ||
            kr_dict_set_ascii(entry, "uncollectable", kr_int(0)) < 0 || kr_list_append(list, entry) < 0)
            return EMPTY;
    }
    return list;
}

KR_FN(gc, gc_get_debug, "get_debug", "()", "Get the garbage collection debugging flags.") { return kr_int(debug_flags); }
KR_FN(gc, gc_set_debug, "set_debug", "(flags, /)", "Set the garbage collection debugging flags.")
{
    return kr_to_int64(a[0], &debug_flags) < 0 ? EMPTY : NONE;
}

/* ---- Questions ---- */

typedef struct Found {
    Value *items;
    size_t count, capacity;
} Found;

static void count_object(Object *object, void *context)
{
    if (is_visible(object)) (*(size_t *)context)++;
}

static void take_object(Object *object, void *context)
{
    Found *found = context;
    if (found->count < found->capacity && is_visible(object)) found->items[found->count++] = from_object(object);
}

/* All containers that are alive: a collection goes first, so that the dead are not among them. */
static int live_objects(Found *found)
{
    *found = (Found){0};
    kr_heap_collect();
    kr_heap_each(count_object, &found->capacity);
    found->items = kr_heap_values(found->capacity ? found->capacity : 1);
    if (!found->items) return -1;
    kr_heap_each(take_object, found);
    return 0;
}

KR_FN(gc, gc_get_objects, "get_objects", "(generation=None)",
      "Return a list of the objects that may hold others.\n\nThere is one generation: all are in the oldest.")
{
    int generation = 2;
    if (!is_none(a[0])) {
        if (!kr_is_int(a[0])) return kr_raise(kr_TypeError, "argument should be integer or None, not %T", a[0]);
        if (kr_to_int32(a[0], &generation) < 0) return EMPTY;
        if (generation >= 3) return kr_raise(kr_ValueError, "generation parameter must be less than the number of available generations (3)");
        if (generation < -1) return kr_raise(kr_ValueError, "generation parameter cannot be negative");
    }
    Found found;
    if (generation == 0 || generation == 1) return kr_list(NULL, 0);
    return live_objects(&found) < 0 ? EMPTY : kr_list(found.items, found.count);
}

static void append_referent(Value value, void *context)
{
    Value list = *(Value *)context;
    bool hidden = is_object(value) && !(type_of(value)->traits & TYPE_READY);
    if (!is_empty(list) && !hidden && kr_list_append(list, value) < 0) *(Value *)context = EMPTY;
}

KR_FN(gc, gc_get_referents, "get_referents", "(*objs)", "Return the list of objects that are directly referred to by objs.")
{
    Value list = kr_list(NULL, 0);
    for (size_t i = 0; i < kr_tuple_size(a[0]) && !is_empty(list); i++) {
        Value object = kr_tuple_get(a[0], i);
        if (is_object(object)) kr_heap_referents(object_of(object), append_referent, &list);
    }
    return list;
}

typedef struct Search {
    Value wanted;
    bool found;
} Search;

static void compare_referent(Value value, void *context)
{
    Search *search = context;
    size_t n = kr_tuple_size(search->wanted);
    for (size_t i = 0; i < n && !search->found; i++) search->found = same(kr_tuple_get(search->wanted, i), value);
}

KR_FN(gc, gc_get_referrers, "get_referrers", "(*objs)", "Return the list of objects that directly refer to any of objs.")
{
    Found all;
    Value list = kr_list(NULL, 0);
    if (is_empty(list) || live_objects(&all) < 0) return EMPTY;
    for (size_t i = 0; i < all.count; i++) {
        Search search = {a[0], false};
        kr_heap_referents(object_of(all.items[i]), compare_referent, &search);
        if (search.found && !same(all.items[i], a[0]) && kr_list_append(list, all.items[i]) < 0) return EMPTY;
    }
    return list;
}

KR_FN(gc, gc_is_tracked, "is_tracked", "(obj, /)", "Returns true if the object is tracked by the garbage collector.")
{
    return from_bool(is_object(a[0]) && kr_heap_find_cell(object_of(a[0])) && is_visible(object_of(a[0])));
}

KR_FN(gc, gc_is_finalized, "is_finalized", "(obj, /)", "Returns true if the object has been already finalized by the GC.")
{
    return from_bool(is_object(a[0]) && kr_heap_is_finalized(object_of(a[0])));
}

/* ---- Freezing: kept for scripts that fork; a collection looks at everything. ---- */

static size_t frozen;

KR_FN(gc, gc_freeze, "freeze", "()", "Freeze all current tracked objects (they are counted; collections stay full).")
{
    frozen = 0;
    kr_heap_each(count_object, &frozen);
    return NONE;
}
KR_FN(gc, gc_unfreeze, "unfreeze", "()", "Unfreeze all objects in the permanent generation.")
{
    frozen = 0;
    return NONE;
}
KR_FN(gc, gc_get_freeze_count, "get_freeze_count", "()", "Return the number of objects in the permanent generation.")
{
    return kr_int_unsigned(frozen);
}

#include "runtime/vm/gc_module.entries.h"

static int gc_exec(Value module)
{
    kr_heap_add_tracer(trace_saved);
    static const struct {
        const char *name;
        int value;
    } flags[] = {{"DEBUG_STATS", 1}, {"DEBUG_COLLECTABLE", 2}, {"DEBUG_UNCOLLECTABLE", 4}, {"DEBUG_SAVEALL", DEBUG_SAVEALL}, {"DEBUG_LEAK", 38}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (kr_module_add_int(module, flags[i].name, flags[i].value) < 0) return -1;
    return kr_module_add(module, "garbage", kr_list(NULL, 0)) < 0 || kr_module_add(module, "callbacks", kr_list(NULL, 0)) < 0 ? -1 : 0;
}

KR_MODULE(gc) = {
    .api_version = KR_API_VERSION,
    .name = "gc",
    .doc = "This module provides access to the garbage collector for reference cycles.",
    .functions = gc_functions,
    .exec = gc_exec,
};
