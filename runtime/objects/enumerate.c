/* enumerate.c: enumerate, zip, map, filter and reversed, with the pickling that each has. */
#include "runtime/objects/iterators.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"
#include "runtime/threads/thread.h"

Type kr_enumerate_type, kr_zip_type, kr_map_type, kr_filter_type, kr_reversed_type;

static Value iterator_self(Value self) { return self; }

/* The next item of an iterator inside another. A script may chain them without end. */
static inline Value step(Value iterator)
{
    if (UNLIKELY(thread_stack_low()))
        return kr_raise(kr_RecursionError, "maximum recursion depth exceeded in an iterator");
    return type_of(iterator)->slots.next(iterator);
}

/* ---- enumerate ---- */

typedef struct Enumerate {
    Object head;
    Value iterator, count; /* count: an exact int */
} Enumerate;

static void enumerate_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Enumerate *)self)->iterator);
    kr_trace(tracer, ((Enumerate *)self)->count);
}

static const KrFunction enumerate_entry = {"enumerate", "(iterable, start=0)", NULL,
                                           NULL,        KR_KIND_BOUND,         NULL};

static Value enumerate_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value slots[2] = {n ? args[0] : EMPTY, from_small_int(0)};
    if (n == 0 && !has_keywords(kwnames))
        return kr_raise(kr_TypeError, "enumerate() missing required argument 'iterable'");
    if ((n != 1 || has_keywords(kwnames)) && kr_bind(&enumerate_entry, args, n, kwnames, slots) < 0)
        return EMPTY;
    Value count = is_int(slots[1]) ? slots[1] : kr_index(slots[1]);
    if (is_empty(count)) return EMPTY;
    Value iterator = kr_iter(slots[0]);
    if (is_empty(iterator)) return EMPTY;
    Enumerate *e = kr_type_alloc(type);
    if (!e) return EMPTY;
    e->iterator = iterator;
    e->count = count;
    return from_object(e);
}

static int enumerate_pair(Enumerate *e, Value *pair)
{
    Value item = step(e->iterator);
    if (is_empty(item)) return end_of_iteration();
    Value count = e->count, next;
    if (!is_int(count) || !int_add(count, from_small_int(1), &next)) {
        next = kr_int_add(count, from_small_int(1));
        if (is_empty(next)) return -1;
    }
    e->count = next;
    pair[0] = count;
    pair[1] = item;
    return 1;
}

static Value enumerate_next(Value self)
{
    Value pair[2];
    return enumerate_pair(object_of(self), pair) > 0 ? kr_tuple(pair, 2) : EMPTY;
}

KR_FN(enumerate, enumerate_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Enumerate *e = object_of(a[0]);
    return kr_tuple_of(2, kr_type_value(type_of(a[0])), kr_tuple_of(2, e->iterator, e->count));
}

KR_CLASSMETHOD(enumerate, enumerate_class_getitem, "__class_getitem__", "(cls, item, /)",
               "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

/* ---- zip ---- */

typedef struct Zip {
    Object head;
    Value iterators; /* tuple */
    bool strict;
} Zip;

static void zip_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Zip *)self)->iterators); }

/* Iterators of the arguments, as a tuple. */
static Value iterators_of(const Value *args, size_t n)
{
    Tuple *t = kr_tuple_alloc(n);
    if (!t) return EMPTY;
    for (size_t i = 0; i < n; i++) {
        Value it = kr_iter(args[i]);
        if (is_empty(it)) return EMPTY;
        t->items[i] = it;
    }
    return from_object(t);
}

static Value zip_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    int strict = 0;
    if (has_keywords(kwnames) &&
        (type == &kr_zip_type || type->slots.init == kr_zip_type.slots.init)) {
        Tuple *names = tuple_of(kwnames);
        for (size_t i = 0; i < names->size; i++) {
            if (!kr_str_equal_ascii(names->items[i], "strict"))
                return kr_raise(kr_TypeError, "'%U' is an invalid keyword argument for zip()",
                                names->items[i]);
            if ((strict = kr_truth(args[n + i])) < 0) return EMPTY;
        }
    }
    Value iterators = iterators_of(args, n);
    if (is_empty(iterators)) return EMPTY;
    Zip *z = kr_type_alloc(type);
    if (!z) return EMPTY;
    z->iterators = iterators;
    z->strict = strict;
    return from_object(z);
}

/* Iterator i ended first. */
static Value zip_check_strict(const Tuple *iterators, size_t i)
{
    if (end_of_iteration() < 0) return EMPTY;
    if (i > 0)
        return kr_raise(kr_ValueError, "zip() argument %zu is shorter than argument%s%zu", i + 1,
                        i == 1 ? " " : "s 1-", i);
    for (i = 1; i < iterators->size; i++) {
        Value item = kr_next(iterators->items[i]);
        if (!is_empty(item))
            return kr_raise(kr_ValueError, "zip() argument %zu is longer than argument%s%zu", i + 1,
                            i == 1 ? " " : "s 1-", i);
        if (kr_raised()) return EMPTY;
    }
    return EMPTY;
}

/* Of a zip of two. */
static int zip_pair(Zip *z, Value *pair)
{
    const Tuple *iterators = tuple_of(z->iterators);
    Value first = step(iterators->items[0]), second = EMPTY;
    if (!is_empty(first)) second = step(iterators->items[1]);
    if (!is_empty(second)) {
        pair[0] = first;
        pair[1] = second;
        return 1;
    }
    if (z->strict) zip_check_strict(iterators, !is_empty(first));
    return end_of_iteration();
}

static Value zip_next(Value self)
{
    Zip *z = object_of(self);
    Tuple *iterators = tuple_of(z->iterators);
    size_t n = iterators->size;
    if (n == 0) return EMPTY;
    if (LIKELY(n == 2)) {
        Value pair[2];
        return zip_pair(z, pair) > 0 ? kr_tuple(pair, 2) : EMPTY;
    }
    Value few[4];
    Tuple *t = NULL;
    Value *items = few;
    if (n > 4) {
        t = kr_tuple_alloc(n);
        if (!t) return EMPTY;
        items = t->items;
    }
    for (size_t i = 0; i < n; i++) {
        Value it = iterators->items[i];
        items[i] = step(it);
        if (UNLIKELY(is_empty(items[i]))) return z->strict ? zip_check_strict(iterators, i) : EMPTY;
    }
    return t ? from_object(t) : kr_tuple(items, n);
}

KR_FN(zip, zip_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Zip *z = object_of(a[0]);
    Value type = kr_type_value(type_of(a[0]));
    return z->strict ? kr_tuple_of(3, type, z->iterators, TRUE_VALUE)
                     : kr_tuple_of(2, type, z->iterators);
}

KR_FN(zip, zip_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    int strict = kr_truth(a[1]);
    if (strict < 0) return EMPTY;
    ((Zip *)object_of(a[0]))->strict = strict;
    return NONE;
}

/* ---- Pairs ---- */

bool kr_gives_pairs(Value iterator)
{
    const Type *type = type_of(iterator);
    return type == &kr_enumerate_type || type == &kr_dict_item_iterator_type ||
           (type == &kr_zip_type && tuple_of(((Zip *)object_of(iterator))->iterators)->size == 2);
}

int kr_next_pair(Value iterator, Value *pair)
{
    const Type *type = type_of(iterator);
    if (type == &kr_enumerate_type) return enumerate_pair(object_of(iterator), pair);
    if (type == &kr_zip_type) return zip_pair(object_of(iterator), pair);
    return kr_dict_item_next_pair(iterator, pair);
}

/* ---- map ---- */

typedef struct Map {
    Object head;
    Value function, iterators; /* iterators: tuple */
} Map;

static void map_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Map *)self)->function);
    kr_trace(tracer, ((Map *)self)->iterators);
}

static Value map_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_map_type, "map", kwnames) < 0) return EMPTY;
    if (n < 2) return kr_raise(kr_TypeError, "map() must have at least two arguments.");
    Value iterators = iterators_of(args + 1, n - 1);
    if (is_empty(iterators)) return EMPTY;
    Map *m = kr_type_alloc(type);
    if (!m) return EMPTY;
    m->function = args[0];
    m->iterators = iterators;
    return from_object(m);
}

static Value map_next(Value self)
{
    Map *m = object_of(self);
    Tuple *iterators = tuple_of(m->iterators);
    size_t n = iterators->size;
    Value few[8], *items = few;
    if (n > 8 && !(items = kr_heap_values(n))) return EMPTY;
    for (size_t i = 0; i < n; i++) {
        Value it = iterators->items[i];
        items[i] = step(it);
        if (is_empty(items[i])) return EMPTY;
    }
    return kr_call(m->function, items, n, EMPTY);
}

KR_FN(map, map_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Map *m = object_of(a[0]);
    Tuple *iterators = tuple_of(m->iterators), *t = kr_tuple_alloc(iterators->size + 1);
    if (!t) return EMPTY;
    t->items[0] = m->function;
    memcpy(t->items + 1, iterators->items, iterators->size * sizeof(Value));
    return kr_tuple_of(2, kr_type_value(type_of(a[0])), from_object(t));
}

/* ---- filter ---- */

typedef struct Filter {
    Object head;
    Value function, iterator;
} Filter;

static void filter_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Filter *)self)->function);
    kr_trace(tracer, ((Filter *)self)->iterator);
}

static Value filter_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_filter_type, "filter", kwnames) < 0) return EMPTY;
    if (check_args("filter", n, EMPTY, 2, 2) < 0) return EMPTY;
    Value iterator = kr_iter(args[1]);
    if (is_empty(iterator)) return EMPTY;
    Filter *f = kr_type_alloc(type);
    if (!f) return EMPTY;
    f->function = args[0];
    f->iterator = iterator;
    return from_object(f);
}

static Value filter_next(Value self)
{
    Filter *f = object_of(self);
    bool by_truth = is_none(f->function) || same(f->function, kr_type_value(&kr_bool_type));
    for (;;) {
        Value item = step(f->iterator);
        if (is_empty(item)) return EMPTY;
        Value good = by_truth ? item : kr_call1(f->function, item);
        if (is_empty(good)) return EMPTY;
        int truth = is_bool(good) ? is_true(good) : kr_truth(good);
        if (truth) return truth < 0 ? EMPTY : item;
    }
}

KR_FN(filter, filter_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Filter *f = object_of(a[0]);
    return kr_tuple_of(2, kr_type_value(type_of(a[0])), kr_tuple_of(2, f->function, f->iterator));
}

/* ---- reversed ---- */

static Value reversed_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_reversed_type, "reversed", kwnames) < 0) return EMPTY;
    if (check_args("reversed", n, EMPTY, 1, 1) < 0) return EMPTY;
    Value of = args[0], method = kr_find_special(of, KR_NAME("__reversed__"));
    if (is_empty(method) && kr_raised()) return EMPTY;
    if (!is_empty(method) && !is_none(method)) return kr_call0(method);
    /* A sequence has __getitem__ and is no dict; a missing __len__ is reported by kr_length. */
    if (is_none(method) || !type_of(of)->slots.getitem || is_dict(of))
        return kr_raise(kr_TypeError, "'%T' object is not reversible", of);
    int64_t size = kr_length(of);
    if (size < 0) return EMPTY;
    SequenceIterator *it = kr_type_alloc(type);
    if (!it) return EMPTY;
    it->sequence = of;
    it->index = size - 1;
    return from_object(it);
}

static Value reversed_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (it->index >= 0 && !is_empty(it->sequence)) {
        Value item = kr_getitem(it->sequence, kr_int(it->index));
        if (!is_empty(item)) {
            it->index--;
            return item;
        }
        if (!kr_raised_is(kr_IndexError) && !kr_raised_is(kr_StopIteration)) return EMPTY;
        kr_clear_exception();
    }
    it->index = -1;
    it->sequence = EMPTY;
    return EMPTY;
}

KR_FN(reversed, reversed_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return from_small_int(0);
    int64_t size = kr_length(it->sequence);
    if (size < 0) return EMPTY;
    return kr_int(size < it->index + 1 ? 0 : it->index + 1);
}

KR_FN(reversed, reversed_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    Value type = kr_type_value(type_of(a[0]));
    if (is_empty(it->sequence)) return kr_tuple_of(2, type, kr_tuple_of(1, kr_tuple(NULL, 0)));
    return kr_tuple_of(3, type, kr_tuple_of(1, it->sequence), kr_int(it->index));
}

KR_FN(reversed, reversed_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return EMPTY;
    if (is_empty(it->sequence)) return NONE;
    int64_t size = kr_length(it->sequence);
    if (size < 0) return EMPTY;
    it->index = index < -1 ? -1 : index > size - 1 ? size - 1 : index;
    return NONE;
}

#include "runtime/objects/enumerate.entries.h"

static const KrTypeSpec enumerate_spec = {
    .name = "enumerate",
    .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe "
           "enumerate object yields "
           "pairs containing a count (from start, which\ndefaults to zero) and a value yielded by "
           "the iterable "
           "argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, "
           "seq[1]), (2, seq[2]), ...",
    .size = sizeof(Enumerate),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = enumerate_trace,
    .functions = enumerate_functions,
    .slots = {.make = enumerate_make, .iter = iterator_self, .next = enumerate_next},
};

static const KrTypeSpec zip_spec = {
    .name = "zip",
    .doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n   >>> "
           "list(zip('abcdefg', "
           "range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\nThe zip object "
           "yields n-length tuples, where n "
           "is the number of iterables\npassed as positional arguments to zip().  The i-th element "
           "in every tuple\ncomes from "
           "the i-th iterable argument to zip().  This continues until the\nshortest argument is "
           "exhausted.\n\nIf strict is "
           "true and one of the arguments is exhausted before the others,\nraise a ValueError.",
    .size = sizeof(Zip),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = zip_trace,
    .functions = zip_functions,
    .slots = {.make = zip_make, .iter = iterator_self, .next = zip_next},
};

static const KrTypeSpec map_spec = {
    .name = "map",
    .doc = "map(func, *iterables) --> map object\n\nMake an iterator that computes the function "
           "using arguments from\neach "
           "of the iterables.  Stops when the shortest iterable is exhausted.",
    .size = sizeof(Map),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = map_trace,
    .functions = map_functions,
    .slots = {.make = map_make, .iter = iterator_self, .next = map_next},
};

static const KrTypeSpec filter_spec = {
    .name = "filter",
    .doc = "filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding "
           "those items of iterable for "
           "which function(item)\nis true. If function is None, return the items that are true.",
    .size = sizeof(Filter),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = filter_trace,
    .functions = filter_functions,
    .slots = {.make = filter_make, .iter = iterator_self, .next = filter_next},
};

static const KrTypeSpec reversed_spec = {
    .name = "reversed",
    .doc = "Return a reverse iterator over the values of the given sequence.",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = reversed_functions,
    .slots = {.make = reversed_make, .iter = iterator_self, .next = reversed_next},
};

void kr_enumerate_type_init(void)
{
    kr_type_init(&kr_enumerate_type, &enumerate_spec);
    kr_iterators_init();
}
void kr_zip_type_init(void) { kr_type_init(&kr_zip_type, &zip_spec); }
void kr_map_type_init(void) { kr_type_init(&kr_map_type, &map_spec); }
void kr_filter_type_init(void) { kr_type_init(&kr_filter_type, &filter_spec); }
void kr_reversed_type_init(void) { kr_type_init(&kr_reversed_type, &reversed_spec); }
