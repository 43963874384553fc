/* ufunc_objects.c: loops over Python objects, text and times. An exception ends a loop; np_execute looks for it. */
#include "modules/numpy/ufunc_objects.h"

_Thread_local int64_t np_text_sizes[2];

static Value load(const char *p)
{
    Value v;
    memcpy(&v, p, sizeof v);
    return kr_is_empty(v) ? kr_None : v; /* zeroed through a foreign pointer */
}
static void store(char *p, Value v) { memcpy(p, &v, sizeof v); }

Value object_negative(Value v) { return kr_negative(v); }
Value object_positive(Value v) { return kr_positive(v); }
Value object_absolute(Value v) { return kr_absolute(v); }
Value object_invert(Value v) { return kr_invert(v); }
Value object_square(Value v) { return kr_binary(KR_MUL, v, v); }
Value object_sign(Value v)
{
    int more = kr_compare_truth(v, kr_int(0), KR_GT), less = more < 0 ? -1 : kr_compare_truth(v, kr_int(0), KR_LT);
    return less < 0 ? EMPTY : kr_int(more - less);
}
Value object_conjugate(Value v) { return kr_call_method0(v, "conjugate"); }
static Value through_math(const char *name, Value v)
{
    Value f = kr_import_attr("math", name);
    return kr_is_empty(f) ? EMPTY : kr_call1(f, v);
}
Value object_floor(Value v) { return through_math("floor", v); }
Value object_ceil(Value v) { return through_math("ceil", v); }
Value object_trunc(Value v) { return through_math("trunc", v); }

LOOP(object_unary)
{
    Value (*f)(Value);
    memcpy(&f, &data, sizeof f);
    char *pa = args[0], *pr = args[1];
    for (int64_t i = 0; i < n; i++, pa += s[0], pr += s[1]) {
        Value v = f(load(pa));
        if (kr_is_empty(v)) return;
        store(pr, v);
    }
}

LOOP(object_method)
{
    char *pa = args[0], *pr = args[1];
    for (int64_t i = 0; i < n; i++, pa += s[0], pr += s[1]) {
        Value x = load(pa), method = kr_find_attr(x, kr_intern(data));
        if (kr_is_empty(method)) {
            if (!kr_raised())
                kr_raise(kr_TypeError, "loop of ufunc does not support argument 0 of type %T which has no callable %s method",
                         x, (const char *)data);
            return;
        }
        Value v = kr_call0(method);
        if (kr_is_empty(v)) return;
        store(pr, v);
    }
}

LOOP(object_binary)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        Value v = kr_binary((int)(intptr_t)data, load(pa), load(pb));
        if (kr_is_empty(v)) return;
        store(pr, v);
    }
}

LOOP(object_choose)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        Value a = load(pa), b = load(pb);
        int first = kr_compare_truth(a, b, (int)(intptr_t)data);
        if (first < 0) return;
        store(pr, first ? a : b);
    }
}

LOOP(object_compare)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        Value v = kr_compare(load(pa), load(pb), (int)(intptr_t)data);
        int t = kr_is_empty(v) ? -1 : kr_truth(v);
        if (t < 0) return;
        *pr = (char)t;
    }
}

LOOP(object_logical)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        int a = kr_truth(load(pa)), b = kr_truth(load(pb));
        if (a < 0 || b < 0) return;
        *pr = (char)(data == NULL ? a & b : (intptr_t)data == 1 ? a | b : a != b);
    }
}

/* `and` and `or`, whose results are one of the operands. */
LOOP(object_either)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        Value a = load(pa), b = load(pb);
        int truth = kr_truth(a);
        if (truth < 0) return;
        Value r = (data == NULL) == (truth == 1) ? b : a;
        memcpy(pr, &r, sizeof r);
    }
}

LOOP(object_negated)
{
    char *p = args[0], *pr = args[1];
    (void)data;
    for (int64_t i = 0; i < n; i++, p += s[0], pr += s[1]) {
        int truth = kr_truth(load(p));
        if (truth < 0) return;
        Value r = kr_bool(!truth);
        memcpy(pr, &r, sizeof r);
    }
}

LOOP(object_not)
{
    char *pa = args[0], *pr = args[1];
    (void)data;
    for (int64_t i = 0; i < n; i++, pa += s[0], pr += s[1]) {
        int a = kr_truth(load(pa));
        if (a < 0) return;
        *pr = (char)!a;
    }
}

/* Text of one size: code points, or bytes (which compare_bytes tells by the size that np_execute set). */
LOOP(text_compare)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    int64_t size = np_text_sizes[0];
    bool wide = np_text_sizes[1] == 4;
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        int order = 0;
        if (!wide) {
            order = memcmp(pa, pb, (size_t)size);
        } else {
            for (int64_t k = 0; k < size && !order; k += 4) {
                uint32_t x, y;
                memcpy(&x, pa + k, 4);
                memcpy(&y, pb + k, 4);
                order = x < y ? -1 : x > y;
            }
        }
        *pr = (char)kr_order_holds(order, (int)(intptr_t)data);
    }
}

LOOP(time_compare)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    int op = (int)(intptr_t)data;
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        int64_t x, y;
        memcpy(&x, pa, 8);
        memcpy(&y, pb, 8);
        bool nat = x == INT64_MIN || y == INT64_MIN;
        *pr = (char)(nat ? op == KR_NE : kr_order_holds(x < y ? -1 : x > y, op));
    }
}

/* With data, the opposite. */
LOOP(time_isnat)
{
    char *pa = args[0], *pr = args[1];
    bool expected = !data;
    for (int64_t i = 0; i < n; i++, pa += s[0], pr += s[1]) {
        int64_t x;
        memcpy(&x, pa, 8);
        *pr = (x == INT64_MIN) == expected;
    }
}

/* The larger (data & 1) or smaller of two times; NaT wins, or with data & 2 loses. */
/* Durations of one unit; NaT stays. */
#define TIME_LOOP(name, e)                                                                         \
    LOOP(name)                                                                                     \
    {                                                                                              \
        char *pa = args[0], *pb = args[1], *pr = args[2];                                          \
        (void)data;                                                                                \
        for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {                      \
            uint64_t x, y, r;                                                                      \
            memcpy(&x, pa, 8);                                                                     \
            memcpy(&y, pb, 8);                                                                     \
            bool nat = (int64_t)x == INT64_MIN || (int64_t)y == INT64_MIN;                         \
            r = nat ? (uint64_t)INT64_MIN : (e);                                                   \
            memcpy(pr, &r, 8);                                                                     \
        }                                                                                          \
    }
TIME_LOOP(time_add, x + y)
TIME_LOOP(time_subtract, x - y)

LOOP(time_choose)
{
    char *pa = args[0], *pb = args[1], *pr = args[2];
    bool larger = (intptr_t)data & 1, ignores = (intptr_t)data & 2;
    for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {
        int64_t x, y;
        memcpy(&x, pa, 8);
        memcpy(&y, pb, 8);
        bool first = larger ? x >= y : x <= y;
        if (x == INT64_MIN) first = !ignores;
        else if (y == INT64_MIN) first = ignores;
        memcpy(pr, first ? pa : pb, 8);
    }
}

LOOP(time_never)
{
    char *pr = args[1];
    (void)data;
    for (int64_t i = 0; i < n; i++, pr += s[1]) *pr = 0;
}
