/* tuple.c: tuples. Items stand in the cell itself; a tuple never changes after it was handed out,
 * except while kr_tuple_alloc's caller fills it. The empty tuple is one object. Hashes are
 * CPython's (xxHash's round). */
#include "runtime/objects/tuple.h"

#include "runtime/memory/trace.h"

#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"

#define TUPLE_MAX ((SIZE_MAX >> 4) / sizeof(Value))

Value kr_empty_tuple;
Type kr_tuple_type;
Type kr_tuple_iterator_type;

Tuple *kr_tuple_alloc(size_t size)
{
    if (size == 0) {
        if (is_empty(kr_empty_tuple)) {
            Tuple *t = heap_alloc(&kr_tuple_type, sizeof(Tuple));
            if (!t) return NULL;
            kr_empty_tuple = from_object(t);
            kr_heap_add_root(&kr_empty_tuple);
        }
        return tuple_of(kr_empty_tuple);
    }
    if (UNLIKELY(size > TUPLE_MAX)) {
        kr_raise_no_memory();
        return NULL;
    }
    Tuple *t = heap_alloc(&kr_tuple_type, sizeof(Tuple) + size * sizeof(Value));
    if (LIKELY(t != NULL)) t->size = size;
    return t;
}

Value kr_tuple(const Value *items, size_t n)
{
    if (UNLIKELY(n - 1 >= 16)) {
        Tuple *t = kr_tuple_alloc(n);
        if (!t) return EMPTY;
        if (n) memcpy(t->items, items, n * sizeof(Value));
        return from_object(t);
    }
    Tuple *t = heap_alloc_raw(&kr_tuple_type, sizeof(Tuple) + n * sizeof(Value));
    if (!t) return EMPTY;
    t->size = n;
    for (size_t i = 0; i < n; i++) t->items[i] = items[i];
    return from_object(t);
}

Value kr_tuple_of(size_t n, ...)
{
    Value items[16];
    Tuple *t = NULL;
    Value *to = items;
    if (n > 16) {
        t = kr_tuple_alloc(n);
        if (!t) return EMPTY;
        to = t->items;
    }
    va_list list;
    va_start(list, n);
    bool failed = false;
    for (size_t i = 0; i < n; i++) {
        to[i] = va_arg(list, Value);
        if (is_empty(to[i])) failed = true;
    }
    va_end(list);
    if (failed) return EMPTY;
    return t ? from_object(t) : kr_tuple(items, n);
}

bool kr_is_tuple(Value v) { return is_tuple(v); }
size_t kr_tuple_size(Value tuple) { return tuple_of(tuple)->size; }
Value kr_tuple_get(Value tuple, size_t i) { return tuple_of(tuple)->items[i]; }
const Value *kr_tuple_items(Value tuple) { return tuple_of(tuple)->items; }

Value kr_tuple_from(Value iterable)
{
    if (is_exact(iterable, &kr_tuple_type)) return iterable;
    if (is_exact(iterable, &kr_list_type)) return kr_list_to_tuple(iterable);
    Value list = kr_list_from(iterable);
    return is_empty(list) ? EMPTY : kr_list_to_tuple(list);
}

static void tuple_trace(void *self, KrTracer *tracer)
{
    Tuple *t = self;
    kr_heap_trace_values(tracer, t->items, t->size);
}

static Value tuple_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_tuple_type, "tuple", kwnames) < 0) return EMPTY;
    if (check_args("tuple", n, EMPTY, 0, 1) < 0) return EMPTY;
    Value items = n ? kr_tuple_from(args[0]) : from_object(kr_tuple_alloc(0));
    if (is_empty(items) || type == &kr_tuple_type) return items;
    Tuple *from = tuple_of(items);
    Tuple *t = kr_type_alloc_sized(type, sizeof(Tuple) + from->size * sizeof(Value));
    if (!t) return EMPTY;
    t->size = from->size;
    memcpy(t->items, from->items, from->size * sizeof(Value));
    return from_object(t);
}

static Value tuple_repr(Value self)
{
    Tuple *t = tuple_of(self);
    if (t->size == 0) return kr_str("()");
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str("(...)");
    KrText text;
    kr_text_init(&text);
    kr_text_add_char(&text, '(');
    bool failed = false;
    for (size_t i = 0; i < t->size && !failed; i++) {
        if (i) kr_text_add_ascii(&text, ", ");
        failed = kr_text_add_repr(&text, t->items[i]) < 0;
    }
    kr_repr_leave(self);
    if (failed) {
        kr_text_drop(&text);
        return EMPTY;
    }
    kr_text_add_ascii(&text, t->size == 1 ? ",)" : ")");
    return kr_text_finish(&text);
}

#define HASH_PRIME_1 UINT64_C(11400714785074694791)
#define HASH_PRIME_2 UINT64_C(14029467366897019727)
#define HASH_PRIME_5 UINT64_C(2870177450012600261)

static int64_t tuple_hash(Value self)
{
    Tuple *t = tuple_of(self);
    uint64_t sum = HASH_PRIME_5;
    for (size_t i = 0; i < t->size; i++) {
        int64_t lane = quick_hash(t->items[i]);
        if (lane == -1) return -1;
        sum += (uint64_t)lane * HASH_PRIME_2;
        sum = sum << 31 | sum >> 33;
        sum *= HASH_PRIME_1;
    }
    sum += t->size ^ (HASH_PRIME_5 ^ UINT64_C(3527539));
    return sum == UINT64_MAX ? 1546275796 : (int64_t)sum;
}

static bool compare_sizes(size_t a, size_t b, int op)
{
    switch (op) {
    case KR_LT: return a < b;
    case KR_LE: return a <= b;
    case KR_EQ: return a == b;
    case KR_NE: return a != b;
    case KR_GT: return a > b;
    default: return a >= b;
    }
}

static Value tuple_compare(Value left, Value right, int op)
{
    if (!is_tuple(left) || !is_tuple(right)) return NOT_IMPLEMENTED;
    Tuple *a = tuple_of(left), *b = tuple_of(right);
    size_t least = a->size < b->size ? a->size : b->size, i;
    for (i = 0; i < least; i++) {
        int equal = quick_equal(a->items[i], b->items[i]);
        if (equal < 0) return EMPTY;
        if (!equal) break;
    }
    if (i >= least) return from_bool(compare_sizes(a->size, b->size, op));
    if (op == KR_EQ || op == KR_NE) return from_bool(op == KR_NE);
    return kr_compare(a->items[i], b->items[i], op);
}

static int64_t tuple_length(Value self) { return (int64_t)tuple_of(self)->size; }

static Value tuple_getitem(Value self, Value key)
{
    Tuple *t = tuple_of(self);
    int64_t i;
    if (LIKELY(is_int(key))) {
        i = int_of(key);
    } else if (kr_is_slice(key)) {
        int64_t start, stop, step, count;
        if (kr_slice_resolve(key, (int64_t)t->size, &start, &stop, &step, &count) < 0) return EMPTY;
        if (count == (int64_t)t->size && step == 1 && is_exact(self, &kr_tuple_type)) return self;
        if (step == 1) return kr_tuple(t->items + start, (size_t)count);
        Tuple *part = kr_tuple_alloc((size_t)count);
        if (!part) return EMPTY;
        for (int64_t k = 0; k < count; k++) part->items[k] = t->items[start + k * step];
        return from_object(part);
    } else if (kr_has_index(key)) {
        if (kr_to_index(key, &i) < 0) return EMPTY;
    } else {
        return kr_raise(kr_TypeError, "tuple indices must be integers or slices, not %T", key);
    }
    if (i < 0) i += (int64_t)t->size;
    if (UNLIKELY((uint64_t)i >= t->size))
        return kr_raise(kr_IndexError, "tuple index out of range");
    return t->items[i];
}

static int tuple_contains(Value self, Value item)
{
    Tuple *t = tuple_of(self);
    int equal = 0;
    for (size_t i = 0; i < t->size && equal == 0; i++) equal = quick_equal(t->items[i], item);
    return equal;
}

static Value tuple_concat(Value self, Value other)
{
    if (!is_tuple(other))
        return kr_raise(kr_TypeError, "can only concatenate tuple (not \"%T\") to tuple", other);
    Tuple *a = tuple_of(self), *b = tuple_of(other);
    if (a->size == 0 && is_exact(other, &kr_tuple_type)) return other;
    if (b->size == 0 && is_exact(self, &kr_tuple_type)) return self;
    Tuple *t = kr_tuple_alloc(a->size + b->size);
    if (!t) return EMPTY;
    memcpy(t->items, a->items, a->size * sizeof(Value));
    memcpy(t->items + a->size, b->items, b->size * sizeof(Value));
    return from_object(t);
}

static Value tuple_repeat(Value self, int64_t count)
{
    Tuple *from = tuple_of(self);
    if (count == 1 && is_exact(self, &kr_tuple_type)) return self;
    if (count <= 0 || from->size == 0) return from_object(kr_tuple_alloc(0));
    if ((uint64_t)count > TUPLE_MAX / from->size) return kr_raise_no_memory();
    size_t size = from->size * (size_t)count;
    Tuple *t = kr_tuple_alloc(size);
    if (!t) return EMPTY;
    for (size_t i = 0; i < size; i += from->size)
        memcpy(t->items + i, from->items, from->size * sizeof(Value));
    return from_object(t);
}

static Value tuple_iter(Value self) { return kr_iterators_new(&kr_tuple_iterator_type, self, 0); }

KR_FN(tuple, tuple_count, "count", "(self, value, /)", "Return number of occurrences of value.")
{
    Tuple *t = tuple_of(a[0]);
    int64_t count = 0;
    for (size_t i = 0; i < t->size; i++) {
        int equal = quick_equal(t->items[i], a[1]);
        if (equal < 0) return EMPTY;
        count += equal;
    }
    return kr_int(count);
}

KR_FN(tuple, tuple_index, "index", "(self, value, start=0, stop=9223372036854775807, /)",
      "Return first index of value.\n\nRaises ValueError if the value is not present.")
{
    Tuple *t = tuple_of(a[0]);
    int64_t start, stop, size = (int64_t)t->size;
    if (search_bounds(a[2], a[3], size, &start, &stop) < 0) return EMPTY;
    for (int64_t i = start; i < stop && i < size; i++) {
        int equal = quick_equal(t->items[i], a[1]);
        if (equal < 0) return EMPTY;
        if (equal) return kr_int(i);
    }
    return kr_raise(kr_ValueError, "tuple.index(x): x not in tuple");
}

KR_FN(tuple, tuple_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    return kr_tuple_of(1, kr_tuple(tuple_of(a[0])->items, tuple_of(a[0])->size));
}

KR_CLASSMETHOD(tuple, tuple_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

static Value tuple_iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    Tuple *t = tuple_of(it->sequence);
    if (LIKELY((size_t)it->index < t->size)) return t->items[it->index++];
    it->sequence = EMPTY;
    return EMPTY;
}

KR_FN(tuple_iterator, tuple_iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    return kr_int(is_empty(it->sequence) ? 0 : (int64_t)tuple_of(it->sequence)->size - it->index);
}

KR_FN(tuple_iterator, tuple_iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_tuple(NULL, 0));
    return reduce_iterator("iter", it->sequence, it->index);
}

KR_FN(tuple_iterator, tuple_iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return EMPTY;
    if (!is_empty(it->sequence)) {
        int64_t size = (int64_t)tuple_of(it->sequence)->size;
        it->index = index < 0 ? 0 : index > size ? size : index;
    }
    return NONE;
}

#include "runtime/objects/tuple.entries.h"

static const KrTypeSpec tuple_spec = {
    .name = "tuple",
    .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an "
           "empty tuple.\n"
           "If iterable is specified the tuple is initialized from iterable's items.\n\n"
           "If the argument is a tuple, the return value is the same object.",
    .size = sizeof(Tuple),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_SEQUENCE | KR_TYPE_NO_WEAKREF,
    .trace = tuple_trace,
    .functions = tuple_functions,
    .getset = tuple_getset,
    .slots = {.make = tuple_make,
              .repr = tuple_repr,
              .hash = tuple_hash,
              .compare = tuple_compare,
              .iter = tuple_iter,
              .length = tuple_length,
              .concat = tuple_concat,
              .repeat = tuple_repeat,
              .getitem = tuple_getitem,
              .contains = tuple_contains},
};

static Value iterator_self(Value self) { return self; }

static const KrTypeSpec tuple_iterator_spec = {
    .name = "tuple_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = tuple_iterator_functions,
    .slots = {.iter = iterator_self, .next = tuple_iterator_next},
};

void kr_tuple_type_init(void)
{
    kr_type_init(&kr_tuple_type, &tuple_spec);
    kr_type_init(&kr_tuple_iterator_type, &tuple_iterator_spec);
}
