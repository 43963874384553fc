/* range.c: ranges over ints of any size, and their iterators.
 *
 * Where start, stop, step and length are immediates, plain 64-bit arithmetic serves: no sum or
 * difference of 50-bit numbers overflows. The general way goes through the ints' own functions. */
#include "runtime/objects/range.h"

#include "runtime/objects/iterators.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/slice.h"
#include "runtime/objects/tuple.h"

Type kr_range_type, kr_range_iterator_type, kr_long_range_iterator_type;

#define ZERO from_small_int(0)
#define ONE from_small_int(1)

static inline bool is_small(const Range *r)
{
    return (r->start.bits & r->stop.bits & r->step.bits & r->length.bits) >= VALUE_INT_TAG;
}

/* The number of items of range(start, stop, step). */
static Value count_items(Value start, Value stop, Value step)
{
    if ((start.bits & stop.bits & step.bits) >= VALUE_INT_TAG) {
        int64_t a = int_of(start), b = int_of(stop), s = int_of(step);
        if (s > 0) return kr_int(a < b ? (b - a - 1) / s + 1 : 0);
        return kr_int(a > b ? (a - b - 1) / -s + 1 : 0);
    }
    bool up = kr_int_sign(step) > 0;
    Value low = up ? start : stop, high = up ? stop : start;
    if (kr_int_compare(low, high) >= 0) return ZERO;
    Value span = kr_int_sub(high, low);
    if (is_empty(span) || is_empty(span = kr_int_sub(span, ONE))) return EMPTY;
    Value by = up ? step : kr_int_sub(ZERO, step);
    if (is_empty(by) || is_empty(span = kr_int_floordiv(span, by))) return EMPTY;
    return kr_int_add(span, ONE);
}

Value kr_range_new(Value start, Value stop, Value step)
{
    Value length = count_items(start, stop, step);
    if (is_empty(length)) return EMPTY;
    Range *r = heap_alloc(&kr_range_type, sizeof(Range));
    if (!r) return EMPTY;
    *r = (Range){r->head, start, stop, step, length};
    return from_object(r);
}

static void range_trace(void *self, KrTracer *tracer)
{
    Range *r = self;
    kr_trace(tracer, r->start);
    kr_trace(tracer, r->stop);
    kr_trace(tracer, r->step);
    kr_trace(tracer, r->length);
}

static Value range_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_args("range", n, kwnames, 1, 3) < 0) return EMPTY;
    Value start = ZERO, step = ONE, stop = kr_index(args[n == 1 ? 0 : 1]);
    if (n > 1) start = kr_index(args[0]);
    if (n == 3) step = kr_index(args[2]);
    if (is_empty(start) || is_empty(stop) || is_empty(step)) return EMPTY;
    if (kr_int_sign(step) == 0) return kr_raise(kr_ValueError, "range() arg 3 must not be zero");
    return kr_range_new(start, stop, step);
}

static Value range_repr(Value self)
{
    Range *r = range_of(self);
    if (same(r->step, ONE)) return kr_str_format("range(%R, %R)", r->start, r->stop);
    return kr_str_format("range(%R, %R, %R)", r->start, r->stop, r->step);
}

static int64_t range_length(Value self)
{
    Value length = range_of(self)->length;
    int64_t n;
    if (kr_int_fits(length, &n)) return n;
    kr_raise(kr_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
}

static int range_truth(Value self) { return !same(range_of(self)->length, ZERO); }

/* start + i * step, without a check */
static Value item_at(const Range *r, Value i)
{
    if (is_small(r) && is_int(i)) return kr_int(int_of(r->start) + int_of(i) * int_of(r->step));
    Value offset = kr_int_mul(i, r->step);
    return is_empty(offset) ? EMPTY : kr_int_add(r->start, offset);
}

static Value range_slice(Range *r, Value slice)
{
    Value bounds = kr_call_method(slice, KR_NAME("indices"), &r->length, 1);
    if (is_empty(bounds)) return EMPTY;
    Tuple *t = tuple_of(bounds);
    Value step = kr_int_mul(r->step, t->items[2]), start = item_at(r, t->items[0]),
          stop = item_at(r, t->items[1]);
    if (is_empty(step) || is_empty(start) || is_empty(stop)) return EMPTY;
    return kr_range_new(start, stop, step);
}

static Value range_getitem(Value self, Value key)
{
    Range *r = range_of(self);
    if (LIKELY(is_int(key) && is_small(r))) {
        int64_t i = int_of(key), n = int_of(r->length);
        if (i < 0) i += n;
        if (UNLIKELY((uint64_t)i >= (uint64_t)n))
            return kr_raise(kr_IndexError, "range object index out of range");
        return from_small_int(int_of(r->start) + i * int_of(r->step));
    }
    if (kr_is_slice(key)) return range_slice(r, key);
    if (!kr_has_index(key))
        return kr_raise(kr_TypeError, "range indices must be integers or slices, not %T", key);
    Value i = kr_index(key);
    if (is_empty(i)) return EMPTY;
    if (kr_int_sign(i) < 0 && is_empty(i = kr_int_add(i, r->length))) return EMPTY;
    if (kr_int_sign(i) < 0 || kr_int_compare(i, r->length) >= 0)
        return kr_raise(kr_IndexError, "range object index out of range");
    return item_at(r, i);
}

static bool is_exact_int(Value v) { return is_int(v) || is_bool(v) || kr_is_int_exact(v); }

/* The position of an int in the range; EMPTY when it is not in it (or raised). */
static Value find_int(const Range *r, Value v)
{
    if (is_bool(v)) v = from_small_int(is_true(v));
    if (is_int(v) && is_small(r)) {
        int64_t x = int_of(v), start = int_of(r->start), stop = int_of(r->stop),
                step = int_of(r->step);
        if (step > 0 ? x < start || x >= stop : x > start || x <= stop) return EMPTY;
        return (x - start) % step ? EMPTY : kr_int((x - start) / step);
    }
    bool up = kr_int_sign(r->step) > 0;
    int from_start = kr_int_compare(v, r->start), from_stop = kr_int_compare(v, r->stop);
    if (up ? from_start < 0 || from_stop >= 0 : from_start > 0 || from_stop <= 0) return EMPTY;
    Value offset = kr_int_sub(v, r->start);
    if (is_empty(offset)) return EMPTY;
    Value rest = kr_int_mod(offset, r->step);
    if (is_empty(rest) || kr_int_sign(rest)) return EMPTY;
    return kr_int_floordiv(offset, r->step);
}

static int range_contains(Value self, Value item)
{
    if (is_exact_int(item)) {
        Value at = find_int(range_of(self), item);
        return !is_empty(at) ? 1 : kr_raised() ? -1 : 0;
    }
    Value it = kr_iter(self), each;
    if (is_empty(it)) return -1;
    while (!is_empty(each = kr_next(it))) {
        int equal = quick_equal(each, item);
        if (equal) return equal;
    }
    return kr_raised() ? -1 : 0;
}

static bool ranges_equal(const Range *a, const Range *b)
{
    if (kr_int_compare(a->length, b->length) != 0) return false;
    if (same(a->length, ZERO)) return true;
    if (kr_int_compare(a->start, b->start) != 0) return false;
    return same(a->length, ONE) || kr_int_compare(a->step, b->step) == 0;
}

static Value range_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_exact(a, &kr_range_type) ||
        !is_exact(b, &kr_range_type))
        return NOT_IMPLEMENTED;
    bool equal = same(a, b) || ranges_equal(range_of(a), range_of(b));
    return from_bool(equal == (op == KR_EQ));
}

static int64_t range_hash(Value self)
{
    Range *r = range_of(self);
    bool none = same(r->length, ZERO), one = same(r->length, ONE);
    Value key = kr_tuple_of(3, r->length, none ? NONE : r->start, none || one ? NONE : r->step);
    return is_empty(key) ? -1 : kr_hash(key);
}

static Value range_start(Value self) { return range_of(self)->start; }
static Value range_stop(Value self) { return range_of(self)->stop; }
static Value range_step(Value self) { return range_of(self)->step; }
static int range_readonly(KR_UNUSED Value self, KR_UNUSED Value value)
{
    return readonly_attribute();
}
KR_GETSET(range, range_start, range_readonly, "start", NULL)
KR_GETSET(range, range_stop, range_readonly, "stop", NULL)
KR_GETSET(range, range_step, range_readonly, "step", NULL)

KR_FN(range, range_count, "count", "(self, value, /)",
      "rangeobject.count(value) -> integer -- return number of occurrences of value")
{
    if (is_exact_int(a[1])) {
        int found = range_contains(a[0], a[1]);
        return found < 0 ? EMPTY : from_small_int(found);
    }
    int64_t count = 0;
    Value it = kr_iter(a[0]), each;
    if (is_empty(it)) return EMPTY;
    while (!is_empty(each = kr_next(it))) {
        int equal = quick_equal(each, a[1]);
        if (equal < 0) return EMPTY;
        count += equal;
    }
    return kr_raised() ? EMPTY : kr_int(count);
}

KR_FN(range, range_index, "index", "(self, value, /)",
      "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the "
      "value is not present.")
{
    if (is_exact_int(a[1])) {
        Value at = find_int(range_of(a[0]), a[1]);
        if (!is_empty(at) || kr_raised()) return at;
        return kr_raise(kr_ValueError, "%R is not in range", a[1]);
    }
    Value it = kr_iter(a[0]), each;
    if (is_empty(it)) return EMPTY;
    for (int64_t i = 0; !is_empty(each = kr_next(it)); i++) {
        int equal = quick_equal(each, a[1]);
        if (equal) return equal < 0 ? EMPTY : kr_int(i);
    }
    return kr_raised() ? EMPTY : kr_raise(kr_ValueError, "sequence.index(x): x not in sequence");
}

KR_FN(range, range_reduce, "__reduce__", "(self, /)", NULL)
{
    Range *r = range_of(a[0]);
    return kr_tuple_of(2, kr_type_value(&kr_range_type),
                       kr_tuple_of(3, r->start, r->stop, r->step));
}

/* ---- Iterators ---- */

typedef struct LongRangeIterator {
    Object head;
    Value start, step, length, index;
} LongRangeIterator;

static Value new_iterator(Value start, Value step, Value length)
{
    if ((start.bits & step.bits & length.bits) >= VALUE_INT_TAG) {
        RangeIterator *it = heap_alloc(&kr_range_iterator_type, sizeof(RangeIterator));
        if (!it) return EMPTY;
        it->next = it->start = int_of(start);
        it->step = int_of(step);
        it->remaining = it->length = (uint64_t)int_of(length);
        return from_object(it);
    }
    LongRangeIterator *it = heap_alloc(&kr_long_range_iterator_type, sizeof(LongRangeIterator));
    if (!it) return EMPTY;
    *it = (LongRangeIterator){it->head, start, step, length, ZERO};
    return from_object(it);
}

static Value range_iter(Value self)
{
    Range *r = range_of(self);
    /* The last next is one step beyond the range: a sum of two immediates, hence an int64. */
    if (is_small(r)) return new_iterator(r->start, r->step, r->length);
    LongRangeIterator *it = heap_alloc(&kr_long_range_iterator_type, sizeof(LongRangeIterator));
    if (!it) return EMPTY;
    *it = (LongRangeIterator){it->head, r->start, r->step, r->length, ZERO};
    return from_object(it);
}

KR_FN(range, range_reversed, "__reversed__", "(self, /)", "Return a reverse iterator.")
{
    Range *r = range_of(a[0]);
    Value last = kr_int_sub(r->length, ONE);
    if (is_empty(last) || is_empty(last = item_at(r, last))) return EMPTY;
    Value step = kr_int_sub(ZERO, r->step);
    return is_empty(step) ? EMPTY : new_iterator(last, step, r->length);
}

static Value iterator_self(Value self) { return self; }

static Value range_iterator_next(Value self)
{
    RangeIterator *it = range_iterator_of(self);
    if (it->remaining == 0) return EMPTY;
    it->remaining--;
    Value v = from_small_int(it->next);
    it->next += it->step;
    return v;
}

KR_FN(range_iterator, range_iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    return kr_int((int64_t)range_iterator_of(a[0])->remaining);
}

KR_FN(range_iterator, range_iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    RangeIterator *it = range_iterator_of(a[0]);
    int64_t stop = it->start + (int64_t)it->length * it->step;
    Value range = kr_range_new(from_small_int(it->start), kr_int(stop), from_small_int(it->step));
    return is_empty(range) ? EMPTY
                           : reduce_iterator("iter", range, (int64_t)(it->length - it->remaining));
}

KR_FN(range_iterator, range_iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    RangeIterator *it = range_iterator_of(a[0]);
    int64_t index;
    if (kr_to_int64(a[1], &index) < 0) return EMPTY;
    if (index < 0) index = 0;
    if ((uint64_t)index > it->length) index = (int64_t)it->length;
    it->next = it->start + index * it->step;
    it->remaining = it->length - (uint64_t)index;
    return NONE;
}

static void long_iterator_trace(void *self, KrTracer *tracer)
{
    LongRangeIterator *it = self;
    kr_trace(tracer, it->start);
    kr_trace(tracer, it->step);
    kr_trace(tracer, it->length);
    kr_trace(tracer, it->index);
}

static Value long_iterator_next(Value self)
{
    LongRangeIterator *it = object_of(self);
    if (kr_int_compare(it->index, it->length) >= 0) return EMPTY;
    Value next_index = kr_int_add(it->index, ONE), offset = kr_int_mul(it->index, it->step);
    if (is_empty(next_index) || is_empty(offset)) return EMPTY;
    Value v = kr_int_add(it->start, offset);
    if (!is_empty(v)) it->index = next_index;
    return v;
}

KR_FN(long_range_iterator, long_iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    LongRangeIterator *it = object_of(a[0]);
    return kr_int_sub(it->length, it->index);
}

KR_FN(long_range_iterator, long_iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    LongRangeIterator *it = object_of(a[0]);
    Value span = kr_int_mul(it->length, it->step);
    if (is_empty(span)) return EMPTY;
    Value stop = kr_int_add(it->start, span);
    if (is_empty(stop)) return EMPTY;
    Value range = kr_range_new(it->start, stop, it->step),
          maker = kr_import_attr("builtins", "iter");
    if (is_empty(range)) return EMPTY;
    return kr_tuple_of(3, maker, kr_tuple_of(1, range), it->index);
}

KR_FN(long_range_iterator, long_iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    LongRangeIterator *it = object_of(a[0]);
    Value index = kr_index(a[1]);
    if (is_empty(index)) return EMPTY;
    it->index = kr_int_sign(index) < 0                  ? ZERO
                : kr_int_compare(index, it->length) > 0 ? it->length
                                                        : index;
    return NONE;
}

#include "runtime/objects/range.entries.h"

static const KrTypeSpec range_spec = {
    .name = "range",
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an "
           "object that produces a "
           "sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) "
           "produces i, i+1, i+2, "
           "..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, "
           "3.\nThese are exactly the valid "
           "indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or "
           "decrement).",
    .size = sizeof(Range),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_SEQUENCE | KR_TYPE_NO_WEAKREF,
    .trace = range_trace,
    .functions = range_functions,
    .getset = range_getset,
    .slots = {.make = range_make,
              .repr = range_repr,
              .hash = range_hash,
              .compare = range_compare,
              .iter = range_iter,
              .length = range_length,
              .truth = range_truth,
              .getitem = range_getitem,
              .contains = range_contains},
};

static const KrTypeSpec range_iterator_spec = {
    .name = "range_iterator",
    .size = sizeof(RangeIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .functions = range_iterator_functions,
    .slots = {.iter = iterator_self, .next = range_iterator_next},
};

static const KrTypeSpec long_range_iterator_spec = {
    .name = "longrange_iterator",
    .size = sizeof(LongRangeIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = long_iterator_trace,
    .functions = long_range_iterator_functions,
    .slots = {.iter = iterator_self, .next = long_iterator_next},
};

void kr_range_type_init(void)
{
    kr_type_init(&kr_range_type, &range_spec);
    kr_type_init(&kr_range_iterator_type, &range_iterator_spec);
    kr_type_init(&kr_long_range_iterator_type, &long_range_iterator_spec);
}
