/* itertools_groups.c: groupby and tee.
 *
 * groupby's groups share its iterator: a group is current until groupby is advanced, and then ends
 * at once. tee's copies walk one chain of blocks of up to 57 values; a block that no copy can
 * reach any more is garbage. */
#include "modules/itertools.h"

#define BLOCK 57

static KrType *groupby_type, *grouper_type, *tee_type, *block_type;

static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* ---- groupby ---- */

typedef struct Groupby {
    KrObject head;
    KrValue iterator, key_function, target_key, current_key, current_value, current_group;
} Groupby;

typedef struct Grouper {
    KrObject head;
    KrValue parent, target_key;
} Grouper;

static void groupby_trace(void *self, KrTracer *tracer)
{
    Groupby *g = self;
    kr_trace(tracer, g->iterator);
    kr_trace(tracer, g->key_function);
    kr_trace(tracer, g->target_key);
    kr_trace(tracer, g->current_key);
    kr_trace(tracer, g->current_value);
    kr_trace(tracer, g->current_group);
}

static void grouper_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Grouper *)self)->parent);
    kr_trace(tracer, ((Grouper *)self)->target_key);
}

static const KrFunction groupby_entry = {"groupby", "(iterable, key=None)", NULL, NULL, 0, NULL};

static KrValue groupby_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&groupby_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(slots[0]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    Groupby *g = kr_alloc_instance(type);
    if (!g) return KR_EMPTY;
    g->iterator = iterator;
    g->key_function = slots[1];
    return kr_from_object(g);
}

/* Reads the next value and its key; -1 at the end or raised. */
static int groupby_step(Groupby *g)
{
    KrValue value = kr_next(g->iterator);
    if (kr_is_empty(value)) return -1;
    KrValue key = kr_is(g->key_function, kr_None) ? value : kr_call1(g->key_function, value);
    if (kr_is_empty(key)) return -1;
    g->current_value = value;
    g->current_key = key;
    return 0;
}

static KrValue new_group(KrValue parent, KrValue target)
{
    Grouper *group = kr_alloc_instance(grouper_type);
    if (!group) return KR_EMPTY;
    group->parent = parent;
    group->target_key = target;
    KrValue v = kr_from_object(group);
    ((Groupby *)kr_to_object(parent))->current_group = v;
    return v;
}

static KrValue groupby_next(KrValue self)
{
    Groupby *g = kr_to_object(self);
    g->current_group = KR_EMPTY;
    for (;;) {
        if (!kr_is_empty(g->current_key)) {
            if (kr_is_empty(g->target_key)) break;
            int equal = kr_equal(g->target_key, g->current_key);
            if (equal < 0) return KR_EMPTY;
            if (!equal) break;
        }
        if (groupby_step(g) < 0) return KR_EMPTY;
    }
    g->target_key = g->current_key;
    KrValue key = g->current_key, group = new_group(self, g->target_key);
    return kr_is_empty(group) ? KR_EMPTY : kr_tuple_of(2, key, group);
}

KR_FN(groupby, groupby_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Groupby *g = kr_to_object(a[0]);
    KrValue args = kr_tuple_of(2, g->iterator, g->key_function);
    if (kr_is_empty(g->target_key) || kr_is_empty(g->current_key) || kr_is_empty(g->current_value))
        return kr_tuple_of(2, type_value_of(a[0]), args);
    return kr_tuple_of(3, type_value_of(a[0]), args,
                       kr_tuple_of(3, g->current_value, g->target_key, g->current_key));
}

KR_FN(groupby, groupby_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Groupby *g = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1])) return kr_raise(kr_TypeError, "state is not a tuple");
    if (kr_tuple_size(a[1]) != 3)
        return kr_raise(kr_TypeError, "function takes exactly 3 arguments (%zu given)",
                        kr_tuple_size(a[1]));
    g->current_value = kr_tuple_get(a[1], 0);
    g->target_key = kr_tuple_get(a[1], 1);
    g->current_key = kr_tuple_get(a[1], 2);
    return kr_None;
}

static const KrFunction grouper_entry = {"_grouper", "(parent, tgtkey, /)", NULL, NULL, 0, NULL};

static KrValue grouper_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    (void)type;
    if (kr_bind(&grouper_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    if (!kr_is_a(slots[0], groupby_type))
        return kr_raise(kr_TypeError, "_grouper() argument 1 must be itertools.groupby, not %T",
                        slots[0]);
    return new_group(slots[0], slots[1]);
}

static KrValue grouper_next(KrValue self)
{
    Grouper *group = kr_to_object(self);
    Groupby *g = kr_to_object(group->parent);
    if (!kr_is(g->current_group, self)) return KR_EMPTY;
    if (kr_is_empty(g->current_value) && groupby_step(g) < 0) return KR_EMPTY;
    if (kr_equal(group->target_key, g->current_key) <= 0) return KR_EMPTY;
    KrValue value = g->current_value;
    g->current_value = g->current_key = KR_EMPTY;
    return value;
}

KR_FN(grouper, grouper_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Grouper *group = kr_to_object(a[0]);
    if (!kr_is(((Groupby *)kr_to_object(group->parent))->current_group, a[0]))
        return kr_tuple_of(2, kr_import_attr("builtins", "iter"),
                           kr_tuple_of(1, kr_tuple(NULL, 0)));
    return kr_tuple_of(2, type_value_of(a[0]), kr_tuple_of(2, group->parent, group->target_key));
}

/* ---- tee ---- */

typedef struct Block {
    KrObject head;
    KrValue iterator, values, next; /* values: list; next: Block or empty */
    bool running;
} Block;

typedef struct Tee {
    KrObject head;
    KrValue block;
    size_t index;
} Tee;

static void block_trace(void *self, KrTracer *tracer)
{
    Block *b = self;
    kr_trace(tracer, b->iterator);
    kr_trace(tracer, b->values);
    kr_trace(tracer, b->next);
}

static void tee_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Tee *)self)->block); }

static KrValue block_new(KrValue iterator)
{
    KrValue values = kr_list(NULL, 0);
    if (kr_is_empty(values)) return KR_EMPTY;
    Block *b = kr_alloc_instance(block_type);
    if (!b) return KR_EMPTY;
    b->iterator = iterator;
    b->values = values;
    return kr_from_object(b);
}

static KrValue block_item(Block *b, size_t i)
{
    if (i < kr_list_size(b->values)) return kr_list_get(b->values, i);
    if (b->running) return kr_raise(kr_RuntimeError, "cannot re-enter the tee iterator");
    b->running = true;
    KrValue value = kr_next(b->iterator);
    b->running = false;
    if (kr_is_empty(value) || kr_list_append(b->values, value) < 0) return KR_EMPTY;
    return value;
}

static KrValue tee_next(KrValue self)
{
    Tee *t = kr_to_object(self);
    if (t->index >= BLOCK) {
        Block *b = kr_to_object(t->block);
        if (kr_is_empty(b->next)) b->next = block_new(b->iterator);
        if (kr_is_empty(b->next)) return KR_EMPTY;
        t->block = b->next;
        t->index = 0;
    }
    KrValue value = block_item(kr_to_object(t->block), t->index);
    if (!kr_is_empty(value)) t->index++;
    return value;
}

static KrValue tee_new(KrValue block, size_t index)
{
    Tee *t = kr_alloc_instance(tee_type);
    if (!t) return KR_EMPTY;
    t->block = block;
    t->index = index;
    return kr_from_object(t);
}

static KrValue tee_copy_of(KrValue tee)
{
    Tee *t = kr_to_object(tee);
    return tee_new(t->block, t->index);
}

static KrValue tee_from(KrValue iterable)
{
    KrValue it = kr_iter(iterable);
    if (kr_is_empty(it)) return KR_EMPTY;
    if (kr_is_a(it, tee_type)) return tee_copy_of(it);
    KrValue block = block_new(it);
    return kr_is_empty(block) ? KR_EMPTY : tee_new(block, 0);
}

static KrValue tee_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type;
    (void)kwnames;
    if (n != 1) return kr_raise(kr_TypeError, "_tee expected 1 argument, got %zu", n);
    return tee_from(args[0]);
}

KrValue kr_itertools_tee(KrValue iterable, int64_t n)
{
    if (n < 0) return kr_raise(kr_ValueError, "n must be >= 0");
    if (n == 0) return kr_tuple(NULL, 0);
    KrValue first = kr_iter(iterable);
    if (kr_is_empty(first)) return KR_EMPTY;
    if (kr_is_empty(kr_find_attr(first, KR_NAME("__copy__")))) {
        if (kr_raised() || kr_is_empty(first = tee_from(first))) return KR_EMPTY;
    }
    KrValue all = kr_list(NULL, (size_t)n);
    if (kr_is_empty(all)) return KR_EMPTY;
    kr_list_set(all, 0, first);
    for (int64_t i = 1; i < n; i++) {
        KrValue copy = kr_call_method0(first, "__copy__");
        if (kr_is_empty(copy)) return KR_EMPTY;
        kr_list_set(all, (size_t)i, copy);
    }
    return kr_list_to_tuple(all);
}

KR_FN(tee, tee_copy, "__copy__", "(self, /)", "Returns an independent iterator.")
{
    return tee_copy_of(a[0]);
}

KR_FN(tee, tee_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Tee *t = kr_to_object(a[0]);
    return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(1, kr_tuple(NULL, 0)),
                       kr_tuple_of(2, t->block, kr_int((int64_t)t->index)));
}

KR_FN(tee, tee_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Tee *t = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1])) return kr_raise(kr_TypeError, "state is not a tuple");
    int64_t index;
    if (kr_tuple_size(a[1]) != 2 || !kr_is_a(kr_tuple_get(a[1], 0), block_type))
        return kr_raise(kr_TypeError, "invalid state");
    if (kr_to_index(kr_tuple_get(a[1], 1), &index) < 0) return KR_EMPTY;
    if (index < 0 || index > BLOCK) return kr_raise(kr_ValueError, "Index out of range");
    t->block = kr_tuple_get(a[1], 0);
    t->index = (size_t)index;
    return kr_None;
}

static const KrFunction block_entry = {
    "_tee_dataobject", "(iterable, values, next, /)", NULL, NULL, 0, NULL};

static KrValue block_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type;
    KrValue slots[3];
    if (kr_bind(&block_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    if (!kr_is_list(slots[1]))
        return kr_raise(kr_TypeError, "teedataobject() argument 2 must be list, not %T", slots[1]);
    bool linked = !kr_is(slots[2], kr_None);
    size_t size = kr_list_size(slots[1]);
    if (size > BLOCK || (linked && (size != BLOCK || !kr_is_a(slots[2], block_type))))
        return kr_raise(kr_ValueError, "Invalid arguments");
    KrValue made = block_new(slots[0]);
    if (kr_is_empty(made)) return KR_EMPTY;
    Block *b = kr_to_object(made);
    if (kr_list_extend(b->values, slots[1]) < 0) return KR_EMPTY;
    if (linked) b->next = slots[2];
    return made;
}

KR_FN(block, block_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Block *b = kr_to_object(a[0]);
    return kr_tuple_of(2, type_value_of(a[0]),
                       kr_tuple_of(3, b->iterator, kr_list_from(b->values),
                                   kr_is_empty(b->next) ? kr_None : b->next));
}

#include "modules/itertools_groups.entries.h"

#define ITERATOR(id, pyname, Struct, extra_flags, docstring)                        \
    static const KrTypeSpec id##_spec = {                                           \
        .name = "itertools." pyname,                                                \
        .size = sizeof(Struct),                                                     \
        .flags = KR_TYPE_IMMUTABLE | extra_flags,                                   \
        .trace = id##_trace,                                                        \
        .functions = id##_functions,                                                \
        .doc = docstring,                                                           \
        .slots = {.iter = kr_itertools_self, .make = id##_make, .next = id##_next}, \
    };
ITERATOR(groupby, "groupby", Groupby, KR_TYPE_NO_WEAKREF,
         "make an iterator that returns consecutive keys and groups from the iterable\n\n  "
         "iterable\n    Elements to divide "
         "into groups according to the key function.\n  key\n    A function for computing the "
         "group category for each "
         "element.\n    If the key function is not specified or is None, the element itself\n    "
         "is used for grouping.")
ITERATOR(grouper, "_grouper", Grouper, KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF, NULL)
ITERATOR(tee, "_tee", Tee, KR_TYPE_FINAL, "Iterator wrapped to make it copyable.")

static const KrTypeSpec block_spec = {
    .name = "itertools._tee_dataobject",
    .size = sizeof(Block),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL,
    .trace = block_trace,
    .functions = block_functions,
    .doc = "Data container common to multiple tee objects.",
    .slots = {.make = block_make},
};

int kr_itertools_add_groups(KrValue module)
{
    kr_type_once(&groupby_type, &groupby_spec);
    kr_type_once(&grouper_type, &grouper_spec);
    kr_type_once(&tee_type, &tee_spec);
    kr_type_once(&block_type, &block_spec);
    if (!groupby_type || !grouper_type || !tee_type || !block_type) return -1;
    if (kr_module_add_type(module, groupby_type) < 0 ||
        kr_module_add_type(module, grouper_type) < 0)
        return -1;
    return kr_module_add_type(module, tee_type) < 0 ? -1 : kr_module_add_type(module, block_type);
}
