/* slice.c: slice objects and the resolution of slices against a length. */
#include "runtime/objects/slice.h"

#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"

Type kr_slice_type;

Value kr_slice(Value start, Value stop, Value step)
{
    Slice *s = heap_alloc(&kr_slice_type, sizeof(Slice));
    if (!s) return EMPTY;
    s->start = is_empty(start) ? NONE : start;
    s->stop = is_empty(stop) ? NONE : stop;
    s->step = is_empty(step) ? NONE : step;
    return from_object(s);
}

bool kr_is_slice(Value v) { return is_exact(v, &kr_slice_type); }

void kr_slice_parts(Value slice, Value *start, Value *stop, Value *step)
{
    Slice *s = slice_of(slice);
    *start = s->start;
    *stop = s->stop;
    *step = s->step;
}

static int slice_bound(Value v, int64_t *out)
{
    if (LIKELY(is_int(v))) {
        *out = int_of(v);
        return 0;
    }
    if (kr_has_index(v)) return kr_to_index_clamped(v, out);
    kr_raise(kr_TypeError, "slice indices must be integers or None or have an __index__ method");
    return -1;
}

static inline bool is_fixed(Value bound) { return is_int(bound) || is_none(bound); }

Value kr_slice_fix(Value slice, Slice *fixed)
{
    const Slice *s = slice_of(slice);
    if (LIKELY(is_fixed(s->start) && is_fixed(s->stop) && is_fixed(s->step))) return slice;
    *fixed = *s;
    Value *bounds[] = {&fixed->step, &fixed->start, &fixed->stop};
    for (int i = 0; i < 3; i++) {
        int64_t n;
        if (is_fixed(*bounds[i])) continue;
        if (slice_bound(*bounds[i], &n) < 0 || is_empty(*bounds[i] = kr_int(n))) return EMPTY;
    }
    return from_object(fixed);
}

int kr_slice_resolve(Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step,
                     int64_t *count)
{
    Slice *s = slice_of(slice);
    int64_t first, last, by = 1;
    if (!is_none(s->step)) {
        if (slice_bound(s->step, &by) < 0) return -1;
        if (by == 0) {
            kr_raise(kr_ValueError, "slice step cannot be zero");
            return -1;
        }
        if (by < -INT64_MAX) by = -INT64_MAX;
    }
    first = by < 0 ? INT64_MAX : 0;
    last = by < 0 ? INT64_MIN : INT64_MAX;
    if (!is_none(s->start) && slice_bound(s->start, &first) < 0) return -1;
    if (!is_none(s->stop) && slice_bound(s->stop, &last) < 0) return -1;
    int64_t low = by < 0 ? -1 : 0, high = by < 0 ? length - 1 : length;
    if (first < 0) {
        first += length;
        if (first < low) first = low;
    } else if (first > high) {
        first = high;
    }
    /* A missing stop going down stays below every index. */
    if (last < 0) {
        last = last == INT64_MIN ? low : last + length;
        if (last < low) last = low;
    } else if (last > high) {
        last = high;
    }
    *start = first;
    *stop = last;
    *step = by;
    if (by == 1)
        *count = last > first ? last - first : 0;
    else if (by < 0)
        *count = last < first ? (first - last - 1) / -by + 1 : 0;
    else
        *count = first < last ? (last - first - 1) / by + 1 : 0;
    return 0;
}

static void slice_trace(void *self, KrTracer *tracer)
{
    Slice *s = self;
    kr_trace(tracer, s->start);
    kr_trace(tracer, s->stop);
    kr_trace(tracer, s->step);
}

static Value slice_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_args("slice", n, kwnames, 1, 3) < 0) return EMPTY;
    if (n == 1) return kr_slice(NONE, args[0], NONE);
    return kr_slice(args[0], args[1], n == 3 ? args[2] : NONE);
}

static Value slice_repr(Value self)
{
    Slice *s = slice_of(self);
    return kr_str_format("slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static Value as_tuple(Value slice)
{
    Slice *s = slice_of(slice);
    return kr_tuple_of(3, s->start, s->stop, s->step);
}

static Value slice_compare(Value a, Value b, int op)
{
    if (!kr_is_slice(a) || !kr_is_slice(b)) return NOT_IMPLEMENTED;
    if (same(a, b)) return from_bool(op == KR_EQ || op == KR_LE || op == KR_GE);
    Value left = as_tuple(a), right = as_tuple(b);
    if (is_empty(left) || is_empty(right)) return EMPTY;
    return kr_compare(left, right, op);
}

static Value slice_start(Value self) { return slice_of(self)->start; }
static Value slice_stop(Value self) { return slice_of(self)->stop; }
static Value slice_step(Value self) { return slice_of(self)->step; }
static int slice_readonly(KR_UNUSED Value self, KR_UNUSED Value value)
{
    return readonly_attribute();
}
KR_GETSET(slice, slice_start, slice_readonly, "start", NULL)
KR_GETSET(slice, slice_stop, slice_readonly, "stop", NULL)
KR_GETSET(slice, slice_step, slice_readonly, "step", NULL)

/* A bound as an exact int, or `missing` for None. */
static Value bound_value(Value v, Value missing)
{
    if (is_none(v)) return missing;
    if (!kr_has_index(v))
        return kr_raise(kr_TypeError,
                        "slice indices must be integers or None or have an __index__ method");
    return kr_index(v);
}

/* Clips a bound to [low, high], counting from the end when negative. */
static Value clip(Value v, Value length, Value low, Value high)
{
    if (is_empty(v)) return EMPTY;
    if (kr_int_sign(v) < 0) {
        v = kr_binary(KR_ADD, v, length);
        if (is_empty(v)) return EMPTY;
        return kr_int_compare(v, low) < 0 ? low : v;
    }
    return kr_int_compare(v, high) > 0 ? high : v;
}

KR_FN(slice, slice_indices, "indices", "(self, length, /)",
      "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the "
      "start and stop\nindices, "
      "and the stride length of the extended slice described by\nS. Out of bounds indices are "
      "clipped in a manner consistent "
      "with the\nhandling of normal slices.")
{
    Slice *s = slice_of(a[0]);
    Value length = kr_index(a[1]), zero = from_small_int(0), one = from_small_int(1);
    if (is_empty(length)) return EMPTY;
    if (kr_int_sign(length) < 0) return kr_raise(kr_ValueError, "length should not be negative");
    Value step = bound_value(s->step, one);
    if (is_empty(step)) return EMPTY;
    int sign = kr_int_sign(step);
    if (sign == 0) return kr_raise(kr_ValueError, "slice step cannot be zero");
    Value low = sign < 0 ? from_small_int(-1) : zero;
    Value high = sign < 0 ? kr_binary(KR_SUB, length, one) : length;
    if (is_empty(high)) return EMPTY;
    Value start = sign < 0 ? high : low, stop = sign < 0 ? low : high;
    if (!is_none(s->start)) start = clip(bound_value(s->start, zero), length, low, high);
    if (is_empty(start)) return EMPTY;
    if (!is_none(s->stop)) stop = clip(bound_value(s->stop, zero), length, low, high);
    return kr_tuple_of(3, start, stop, step);
}

KR_FN(slice, slice_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return kr_tuple_of(2, kr_type_value(&kr_slice_type), as_tuple(a[0]));
}

#include "runtime/objects/slice.entries.h"

static const KrTypeSpec slice_spec = {
    .name = "slice",
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for "
           "extended slicing (e.g. "
           "a[0:10:2]).",
    .size = sizeof(Slice),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .trace = slice_trace,
    .functions = slice_functions,
    .getset = slice_getset,
    .slots = {.make = slice_make, .repr = slice_repr, .compare = slice_compare},
};

void kr_slice_type_init(void) { kr_type_init(&kr_slice_type, &slice_spec); }
