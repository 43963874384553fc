/* gc_module.c: the gc module over a heap without generations: thresholds are kept and reported, a collection is always full. */
#include "runtime/memory/heap.h"
#include "runtime/objects/type.h"

static int64_t thresholds[3] = {700, 10, 10};
static int64_t debug_flags;

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

KR_FN(gc, gc_collect, "collect", "(generation=2)", "Run the garbage collector.\n\nThe number of unreachable objects is not counted: the result is 0.")
{
    int generation;
    if (kr_to_int32(a[0], &generation) < 0) return EMPTY;
    if (generation < 0 || generation > 2) return kr_raise(kr_ValueError, "invalid generation");
    kr_heap_collect();
    kr_heap_run_pending();
    return from_small_int(0);
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

KR_FN(gc, gc_get_stats, "get_stats", "()", "Return a list of dictionaries containing per-generation statistics.")
{
    HeapStats stats;
    kr_heap_stats(&stats);
    Value list = kr_list(NULL, 0);
    for (int i = 0; i < 3; i++) {
        Value entry = kr_dict();
        if (kr_dict_set_ascii(entry, "collections", kr_int_unsigned(i == 2 ? stats.collections : 0)) < 0 ||
            kr_dict_set_ascii(entry, "collected", from_small_int(0)) < 0 || kr_dict_set_ascii(entry, "uncollectable", from_small_int(0)) < 0 ||
            kr_list_append(list, entry) < 0)
            return EMPTY;
    }
    return list;
}

KR_FN(gc, gc_get_debug, "get_debug", "()", "Get the garbage collection debugging flags.") { return kr_int(debug_flags); }
KR_FN(gc, gc_set_debug, "set_debug", "(flags, /)", "Set the garbage collection debugging flags.")
{
    return kr_to_int64(a[0], &debug_flags) < 0 ? EMPTY : NONE;
}

/* Is it an object that scripts know, and may it hold others? */
static bool is_visible(Object *object)
{
    return object->type && (object->type->traits & TYPE_READY) && object->type->kind.trace;
}

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

KR_FN(gc, gc_get_objects, "get_objects", "(generation=None)", "Return a list of objects tracked by the collector.")
{
    Found found = {0};
    kr_heap_each(count_object, &found.capacity);
    found.items = kr_heap_values(found.capacity ? found.capacity : 1);
    if (!found.items) return EMPTY;
    kr_heap_each(take_object, &found);
    return kr_list(found.items, found.count);
}

KR_FN(gc, gc_is_tracked, "is_tracked", "(obj, /)", "Returns true if the object is tracked by the garbage collector.")
{
    return from_bool(is_object(a[0]) && kind_of(object_of(a[0]))->trace);
}
KR_FN(gc, gc_is_finalized, "is_finalized", "(obj, /)", "Returns true if the object has been already finalized by the GC.") { return FALSE_VALUE; }
KR_FN(gc, gc_freeze, "freeze", "()", "Freeze all current tracked objects and ignore them for future collections (nothing to do here).") { return NONE; }
KR_FN(gc, gc_unfreeze, "unfreeze", "()", "Unfreeze all objects in the permanent generation (nothing to do here).") { return NONE; }
KR_FN(gc, gc_get_freeze_count, "get_freeze_count", "()", "Return the number of objects in the permanent generation.") { return from_small_int(0); }

#include "runtime/vm/gc_module.entries.h"

static int gc_exec(Value module)
{
    static const struct {
        const char *name;
        int value;
    } flags[] = {{"DEBUG_STATS", 1}, {"DEBUG_COLLECTABLE", 2}, {"DEBUG_UNCOLLECTABLE", 4}, {"DEBUG_SAVEALL", 32}, {"DEBUG_LEAK", 38}};
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
