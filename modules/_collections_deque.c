/* _collections_deque.c: deque: a ring buffer, so that both ends and every index are O(1).
 *
 *   items:  . . . f x x x l . .      item i: (first + i) & (capacity - 1); KR_EMPTY elsewhere
 *
 * `state` changes with the length; iterators and searches that run Python code compare it ("deque
 * mutated during iteration"). */
#include <string.h>

#include "modules/_collections.h"

typedef struct Deque {
    KrObject head;
    KrValue *items;  /* kr_alloc_values */
    size_t capacity; /* a power of two, or 0 */
    size_t first, size;
    int64_t most; /* maxlen, -1 for none */
    uint64_t state;
} Deque;

typedef struct DequeIterator {
    KrObject head;
    KrValue deque;
    int64_t index; /* of the next item; counts down in the reverse iterator */
    int64_t left;
    uint64_t state;
} DequeIterator;

static KrType *deque_type, *iterator_type, *reverse_type;

static Deque *deque_of(KrValue v) { return kr_to_object(v); }
static bool is_deque(KrValue v) { return kr_is_a(v, deque_type); }
static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* The name of v's type without its module, as reprs show it. */
static const char *short_name(KrValue v)
{
    const char *name = kr_type_name(kr_type_of(v)), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static inline KrValue *at(const Deque *d, size_t i)
{
    return &d->items[(d->first + i) & (d->capacity - 1)];
}

/* ---- Storage ---- */

static int grow(Deque *d)
{
    size_t capacity = d->capacity ? d->capacity * 2 : 8;
    KrValue *items = kr_alloc_values(capacity);
    if (!items) return -1;
    for (size_t i = 0; i < d->size; i++) items[i] = *at(d, i);
    d->items = items;
    d->capacity = capacity;
    d->first = 0;
    return 0;
}

static KrValue take_last(Deque *d)
{
    KrValue *place = at(d, d->size - 1), v = *place;
    *place = KR_EMPTY;
    d->size--;
    d->state++;
    return v;
}

static KrValue take_first(Deque *d)
{
    KrValue *place = at(d, 0), v = *place;
    *place = KR_EMPTY;
    d->first = (d->first + 1) & (d->capacity - 1);
    d->size--;
    d->state++;
    return v;
}

static int push_last(Deque *d, KrValue v)
{
    if (d->size == d->capacity && grow(d) < 0) return -1;
    *at(d, d->size) = v;
    d->size++;
    d->state++;
    if (d->most >= 0 && d->size > (size_t)d->most) take_first(d);
    return 0;
}

static int push_first(Deque *d, KrValue v)
{
    if (d->size == d->capacity && grow(d) < 0) return -1;
    d->first = (d->first - 1) & (d->capacity - 1);
    *at(d, 0) = v;
    d->size++;
    d->state++;
    if (d->most >= 0 && d->size > (size_t)d->most) take_last(d);
    return 0;
}

static void empty_out(Deque *d)
{
    d->items = NULL;
    d->capacity = d->first = d->size = 0;
    d->state++;
}

static void remove_at(Deque *d, size_t i)
{
    if (i < d->size / 2) {
        for (; i > 0; i--) *at(d, i) = *at(d, i - 1);
        take_first(d);
    } else {
        for (; i + 1 < d->size; i++) *at(d, i) = *at(d, i + 1);
        take_last(d);
    }
}

static int insert_at(Deque *d, size_t i, KrValue v)
{
    if (d->size == d->capacity && grow(d) < 0) return -1;
    if (i < d->size / 2) {
        d->first = (d->first - 1) & (d->capacity - 1);
        d->size++;
        for (size_t k = 0; k < i; k++) *at(d, k) = *at(d, k + 1);
    } else {
        d->size++;
        for (size_t k = d->size - 1; k > i; k--) *at(d, k) = *at(d, k - 1);
    }
    *at(d, i) = v;
    d->state++;
    return 0;
}

static int extend(KrValue self, KrValue iterable, bool left)
{
    Deque *d = deque_of(self);
    if (kr_is(self, iterable)) {
        iterable = kr_list_from(iterable);
        if (kr_is_empty(iterable)) return -1;
    }
    KrValue it = kr_iter(iterable), v;
    if (kr_is_empty(it)) return -1;
    while (!kr_is_empty(v = kr_next(it)))
        if ((left ? push_first(d, v) : push_last(d, v)) < 0) return -1;
    return kr_raised() ? -1 : 0;
}

static void rotate(Deque *d, int64_t n)
{
    int64_t size = (int64_t)d->size;
    if (size < 2) return;
    n %= size;
    if (n > size / 2)
        n -= size;
    else if (n < -(size / 2))
        n += size;
    uint64_t state = d->state;
    for (; n > 0; n--) {
        KrValue v = take_last(d);
        d->first = (d->first - 1) & (d->capacity - 1);
        *at(d, 0) = v;
        d->size++;
    }
    for (; n < 0; n++) {
        KrValue v = take_first(d);
        *at(d, d->size) = v;
        d->size++;
    }
    d->state = state + 1;
}

/* ---- Slots ---- */

static void deque_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((Deque *)self)->items);
}

static KrValue deque_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args;
    (void)n;
    (void)kwnames;
    Deque *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    d->most = -1;
    return kr_from_object(d);
}

static const KrFunction deque_entry = {"deque", "(iterable=<unset>, maxlen=<unset>)", NULL, NULL, 0,
                                       NULL};

static int deque_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&deque_entry, args, n, kwnames, slots) < 0) return -1;
    int64_t most = -1;
    if (!kr_is_empty(slots[1]) && !kr_is(slots[1], kr_None)) {
        if (!kr_is_int(slots[1])) {
            kr_raise(kr_TypeError, "an integer is required");
            return -1;
        }
        if (kr_to_int64(slots[1], &most) < 0) return -1;
        if (most < 0) {
            kr_raise(kr_ValueError, "maxlen must be non-negative");
            return -1;
        }
    }
    Deque *d = deque_of(self);
    d->most = most;
    if (d->size) empty_out(d);
    return kr_is_empty(slots[0]) ? 0 : extend(self, slots[0], false);
}

static KrValue deque_repr(KrValue self)
{
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? KR_EMPTY : kr_str("[...]");
    KrValue list = kr_list_from(self), text = KR_EMPTY;
    if (!kr_is_empty(list)) {
        int64_t most = deque_of(self)->most;
        text = most >= 0 ? kr_str_format("%s(%R, maxlen=%ld)", short_name(self), list, (long)most)
                         : kr_str_format("%s(%R)", short_name(self), list);
    }
    kr_repr_leave(self);
    return text;
}

static KrValue deque_compare(KrValue v, KrValue w, int op)
{
    if (!is_deque(v) || !is_deque(w)) return kr_NotImplemented;
    Deque *a = deque_of(v), *b = deque_of(w);
    if (op == KR_EQ || op == KR_NE) {
        if (a == b) return kr_bool(op == KR_EQ);
        if (a->size != b->size) return kr_bool(op == KR_NE);
    }
    uint64_t a_state = a->state, b_state = b->state;
    size_t i;
    for (i = 0; i < a->size && i < b->size; i++) {
        KrValue x = *at(a, i), y = *at(b, i);
        int equal = kr_equal(x, y);
        if (equal < 0) return KR_EMPTY;
        if (!equal) return op == KR_EQ || op == KR_NE ? kr_bool(op == KR_NE) : kr_compare(x, y, op);
        if (a->state != a_state || b->state != b_state)
            return kr_raise(kr_RuntimeError, "deque mutated during iteration");
    }
    size_t n = a->size, m = b->size;
    bool result = op == KR_LT   ? n < m
                  : op == KR_LE ? n <= m
                  : op == KR_EQ ? n == m
                  : op == KR_NE ? n != m
                  : op == KR_GT ? n > m
                                : n >= m;
    return kr_bool(result);
}

static int64_t deque_length(KrValue self) { return (int64_t)deque_of(self)->size; }

/* The place that an index names, or -1. */
static int find_place(Deque *d, KrValue key, size_t *place)
{
    int64_t i;
    if (!kr_has_index(key)) {
        kr_raise(kr_TypeError, "sequence index must be integer, not '%T'", key);
        return -1;
    }
    if (kr_to_index(key, &i) < 0) return -1;
    if (i < 0) i += (int64_t)d->size;
    if ((uint64_t)i >= d->size) {
        kr_raise(kr_IndexError, "deque index out of range");
        return -1;
    }
    *place = (size_t)i;
    return 0;
}

static KrValue deque_getitem(KrValue self, KrValue key)
{
    Deque *d = deque_of(self);
    size_t i;
    return find_place(d, key, &i) < 0 ? KR_EMPTY : *at(d, i);
}

static int deque_setitem(KrValue self, KrValue key, KrValue value)
{
    Deque *d = deque_of(self);
    size_t i;
    if (find_place(d, key, &i) < 0) return -1;
    if (kr_is_empty(value))
        remove_at(d, i);
    else
        *at(d, i) = value;
    return 0;
}

/* Index of the first equal item in [i, stop), the deque's size when absent, -1 raised. */
static int64_t find_item(Deque *d, KrValue v, size_t i, size_t stop, KrType *error,
                         const char *message)
{
    uint64_t state = d->state;
    for (; i < stop; i++) {
        int equal = kr_equal(*at(d, i), v);
        if (equal < 0) return -1;
        if (d->state != state) {
            kr_raise(error, "%s", message);
            return -1;
        }
        if (equal) return (int64_t)i;
    }
    return (int64_t)d->size;
}

static int deque_contains(KrValue self, KrValue v)
{
    Deque *d = deque_of(self);
    int64_t i = find_item(d, v, 0, d->size, kr_RuntimeError, "deque mutated during iteration");
    return i < 0 ? -1 : (size_t)i < d->size;
}

static KrValue copy_of(KrValue self)
{
    Deque *d = deque_of(self);
    if (kr_type_of(self) == deque_type) {
        KrValue copy = deque_make(deque_type, NULL, 0, KR_EMPTY);
        if (kr_is_empty(copy)) return KR_EMPTY;
        deque_of(copy)->most = d->most;
        return extend(copy, self, false) < 0 ? KR_EMPTY : copy;
    }
    return d->most < 0 ? kr_call1(type_value_of(self), self)
                       : kr_call2(type_value_of(self), self, kr_int(d->most));
}

static KrValue deque_concat(KrValue self, KrValue other)
{
    if (!is_deque(other))
        return kr_raise(kr_TypeError, "can only concatenate deque (not \"%T\") to deque", other);
    KrValue both = copy_of(self);
    return kr_is_empty(both) || extend(both, other, false) < 0 ? KR_EMPTY : both;
}

static KrValue deque_inplace_concat(KrValue self, KrValue other)
{
    return extend(self, other, false) < 0 ? KR_EMPTY : self;
}

static KrValue deque_inplace_repeat(KrValue self, int64_t count)
{
    Deque *d = deque_of(self);
    size_t size = d->size;
    if (size == 0 || count == 1) return self;
    if (count <= 0) {
        empty_out(d);
        return self;
    }
    if (d->most >= 0) { /* the last `most` items are all that stays */
        int64_t enough = d->most / (int64_t)size + 2;
        if (count > enough) count = enough;
    }
    if ((uint64_t)count > SIZE_MAX / 16 / size) return kr_raise_no_memory();
    KrValue items = kr_list_from(self);
    if (kr_is_empty(items)) return KR_EMPTY;
    for (int64_t k = 1; k < count; k++)
        for (size_t i = 0; i < size; i++)
            if (push_last(d, kr_list_get(items, i)) < 0) return KR_EMPTY;
    return self;
}

static KrValue deque_repeat(KrValue self, int64_t count)
{
    KrValue copy = copy_of(self);
    return kr_is_empty(copy) ? KR_EMPTY : deque_inplace_repeat(copy, count);
}

static KrValue new_iterator(KrType *type, KrValue deque)
{
    Deque *d = deque_of(deque);
    DequeIterator *it = kr_alloc_instance(type);
    if (!it) return KR_EMPTY;
    it->deque = deque;
    it->left = (int64_t)d->size;
    it->index = type == iterator_type ? 0 : it->left - 1;
    it->state = d->state;
    return kr_from_object(it);
}

static KrValue deque_iter(KrValue self) { return new_iterator(iterator_type, self); }

/* ---- Methods ---- */

KR_FN(deque, deque_append, "append", "(self, item, /)",
      "Add an element to the right side of the deque.")
{
    return push_last(deque_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(deque, deque_appendleft, "appendleft", "(self, item, /)",
      "Add an element to the left side of the deque.")
{
    return push_first(deque_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(deque, deque_clear, "clear", "(self, /)", "Remove all elements from the deque.")
{
    empty_out(deque_of(a[0]));
    return kr_None;
}

KR_FN(deque, deque_copy, "copy", "(self, /)", "Return a shallow copy of a deque.")
{
    return copy_of(a[0]);
}
KR_FN(deque, deque_copy_dunder, "__copy__", "(self, /)", "Return a shallow copy of a deque.")
{
    return copy_of(a[0]);
}

KR_FN(deque, deque_count, "count", "(self, value, /)",
      "D.count(value) -- return number of occurrences of value")
{
    Deque *d = deque_of(a[0]);
    uint64_t state = d->state;
    int64_t count = 0;
    for (size_t i = 0; i < d->size; i++) {
        int equal = kr_equal(*at(d, i), a[1]);
        if (equal < 0) return KR_EMPTY;
        count += equal;
        if (d->state != state) return kr_raise(kr_RuntimeError, "deque mutated during iteration");
    }
    return kr_int(count);
}

KR_FN(deque, deque_extend, "extend", "(self, iterable, /)",
      "Extend the right side of the deque with elements from the iterable")
{
    return extend(a[0], a[1], false) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(deque, deque_extendleft, "extendleft", "(self, iterable, /)",
      "Extend the left side of the deque with elements from the iterable")
{
    return extend(a[0], a[1], true) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(deque, deque_index, "index", "(self, value, start=0, stop=9223372036854775807, /)",
      "D.index(value, [start, [stop]]) -- return first index of value.\nRaises ValueError if the "
      "value is not present.")
{
    Deque *d = deque_of(a[0]);
    int64_t start, stop, size = (int64_t)d->size;
    if (!kr_has_index(a[2]) || !kr_has_index(a[3]))
        return kr_raise(kr_TypeError, "slice indices must be integers or have an __index__ method");
    if (kr_to_index_clamped(a[2], &start) < 0 || kr_to_index_clamped(a[3], &stop) < 0)
        return KR_EMPTY;
    if (start < 0) start = start + size < 0 ? 0 : start + size;
    if (stop < 0) stop = stop + size < 0 ? 0 : stop + size;
    if (stop > size) stop = size;
    if (start > stop) start = stop;
    int64_t i = find_item(d, a[1], (size_t)start, (size_t)stop, kr_RuntimeError,
                          "deque mutated during iteration");
    if (i < 0) return KR_EMPTY;
    return i < size ? kr_int(i) : kr_raise(kr_ValueError, "%R is not in deque", a[1]);
}

KR_FN(deque, deque_insert, "insert", "(self, index, value, /)",
      "D.insert(index, object) -- insert object before index")
{
    Deque *d = deque_of(a[0]);
    int64_t i, size = (int64_t)d->size;
    if (kr_to_index(a[1], &i) < 0) return KR_EMPTY;
    if (d->most >= 0 && size >= d->most)
        return kr_raise(kr_IndexError, "deque already at its maximum size");
    if (i < 0) i = i + size < 0 ? 0 : i + size;
    if (i > size) i = size;
    return insert_at(d, (size_t)i, a[2]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(deque, deque_pop, "pop", "(self, /)", "Remove and return the rightmost element.")
{
    Deque *d = deque_of(a[0]);
    return d->size ? take_last(d) : kr_raise(kr_IndexError, "pop from an empty deque");
}

KR_FN(deque, deque_popleft, "popleft", "(self, /)", "Remove and return the leftmost element.")
{
    Deque *d = deque_of(a[0]);
    return d->size ? take_first(d) : kr_raise(kr_IndexError, "pop from an empty deque");
}

KR_FN(deque, deque_remove, "remove", "(self, value, /)",
      "D.remove(value) -- remove first occurrence of value.")
{
    Deque *d = deque_of(a[0]);
    int64_t i = find_item(d, a[1], 0, d->size, kr_IndexError, "deque mutated during iteration");
    if (i < 0) return KR_EMPTY;
    if ((size_t)i >= d->size) return kr_raise(kr_ValueError, "%R is not in deque", a[1]);
    remove_at(d, (size_t)i);
    return kr_None;
}

KR_FN(deque, deque_reverse, "reverse", "(self, /)", "D.reverse() -- reverse *IN PLACE*")
{
    Deque *d = deque_of(a[0]);
    for (size_t i = 0; i < d->size / 2; i++) {
        KrValue *low = at(d, i), *high = at(d, d->size - 1 - i), v = *low;
        *low = *high;
        *high = v;
    }
    return kr_None;
}

KR_FN(deque, deque_rotate, "rotate", "(self, n=1, /)",
      "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left.")
{
    int64_t n;
    if (kr_to_index(a[1], &n) < 0) return KR_EMPTY;
    rotate(deque_of(a[0]), n);
    return kr_None;
}

KR_FN(deque, deque_reversed, "__reversed__", "(self, /)",
      "D.__reversed__() -- return a reverse iterator over the deque")
{
    return new_iterator(reverse_type, a[0]);
}

KR_FN(deque, deque_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Deque *d = deque_of(a[0]);
    KrValue args =
        d->most < 0 ? kr_tuple(NULL, 0) : kr_tuple_of(2, kr_tuple(NULL, 0), kr_int(d->most));
    return kr_tuple_of(4, type_value_of(a[0]), args, kr_call_method0(a[0], "__getstate__"),
                       kr_iter(a[0]));
}

KR_FN(deque, deque_sizeof, "__sizeof__", "(self, /)",
      "D.__sizeof__() -- size of D in memory, in bytes")
{
    return kr_int((int64_t)(sizeof(Deque) + deque_of(a[0])->capacity * sizeof(KrValue)));
}

KR_CLASSMETHOD(deque, deque_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

static KrValue deque_maxlen(KrValue self)
{
    int64_t most = deque_of(self)->most;
    return most < 0 ? kr_None : kr_int(most);
}
KR_GETSET(deque, deque_maxlen, NULL, "maxlen", "maximum size of a deque or None if unbounded")

/* ---- Iterators ---- */

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((DequeIterator *)self)->deque);
}
static KrValue iterator_self(KrValue self) { return self; }

static KrValue advance(KrValue self, int64_t step)
{
    DequeIterator *it = kr_to_object(self);
    Deque *d = deque_of(it->deque);
    if (it->state != d->state) {
        it->left = 0;
        return kr_raise(kr_RuntimeError, "deque mutated during iteration");
    }
    if (it->left == 0) return KR_EMPTY;
    KrValue v = *at(d, (size_t)it->index);
    it->index += step;
    it->left--;
    return v;
}

static KrValue iterator_next(KrValue self) { return advance(self, 1); }
static KrValue reverse_next(KrValue self) { return advance(self, -1); }

static KrValue make_iterator(KrType *type, const KrValue *args, size_t n)
{
    int64_t skip = 0;
    if (n < 1 || n > 2)
        return kr_raise(kr_TypeError, "function takes at most 2 arguments (%zu given)", n);
    if (!is_deque(args[0]))
        return kr_raise(kr_TypeError, "argument 1 must be collections.deque, not %T", args[0]);
    if (n == 2 && kr_to_index(args[1], &skip) < 0) return KR_EMPTY;
    KrValue it = new_iterator(type, args[0]);
    if (kr_is_empty(it)) return KR_EMPTY;
    while (skip-- > 0 && !kr_is_empty(advance(it, type == iterator_type ? 1 : -1))) {}
    return kr_raised() ? KR_EMPTY : it;
}

static KrValue iterator_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type;
    (void)kwnames;
    return make_iterator(iterator_type, args, n);
}

static KrValue reverse_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type;
    (void)kwnames;
    return make_iterator(reverse_type, args, n);
}

KR_FN(deque_iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    return kr_int(((DequeIterator *)kr_to_object(a[0]))->left);
}

KR_FN(deque_iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    DequeIterator *it = kr_to_object(a[0]);
    KrValue taken = kr_int((int64_t)deque_of(it->deque)->size - it->left);
    return kr_tuple_of(2, type_value_of(a[0]), kr_tuple_of(2, it->deque, taken));
}

#include "modules/_collections_deque.entries.h"

static const KrTypeSpec deque_spec = {
    .name = "collections.deque",
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for "
           "data accesses near its "
           "endpoints.",
    .size = sizeof(Deque),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_SEQUENCE,
    .trace = deque_trace,
    .functions = deque_functions,
    .getset = deque_getset,
    .slots = {.make = deque_make,
              .init = deque_init,
              .repr = deque_repr,
              .compare = deque_compare,
              .iter = deque_iter,
              .length = deque_length,
              .concat = deque_concat,
              .repeat = deque_repeat,
              .inplace_concat = deque_inplace_concat,
              .inplace_repeat = deque_inplace_repeat,
              .getitem = deque_getitem,
              .setitem = deque_setitem,
              .contains = deque_contains},
};

static const KrTypeSpec iterator_spec = {
    .name = "_collections._deque_iterator",
    .size = sizeof(DequeIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .trace = iterator_trace,
    .functions = deque_iterator_functions,
    .slots = {.make = iterator_make, .iter = iterator_self, .next = iterator_next},
};

static const KrTypeSpec reverse_spec = {
    .name = "_collections._deque_reverse_iterator",
    .size = sizeof(DequeIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .trace = iterator_trace,
    .functions = deque_iterator_functions,
    .slots = {.make = reverse_make, .iter = iterator_self, .next = reverse_next},
};

int kr_collections_add_deque(KrValue module)
{
    kr_type_once(&deque_type, &deque_spec);
    kr_type_once(&iterator_type, &iterator_spec);
    kr_type_once(&reverse_type, &reverse_spec);
    if (!deque_type || !iterator_type || !reverse_type) return -1;
    if (kr_module_add_type(module, deque_type) < 0 || kr_module_add_type(module, iterator_type) < 0)
        return -1;
    return kr_module_add_type(module, reverse_type);
}
