/* math_sums.c: fsum, hypot, dist, prod.
 *
 * fsum keeps non-overlapping partial sums whose total is exact (Shewchuk, 1997) and rounds once,
 * at the end. The norms scale by a power of two, square without error (a fused multiply-add gives
 * the low part), add in two doubles, and correct the square root by one Newton step: the result is
 * nearly always the correctly rounded one. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "modules/math_module.h"

/* ---- fsum ---- */

typedef struct Partials {
    double *p, few[32];
    size_t n, room;
    double special, infinities; /* sums of what is not finite */
} Partials;

static int add_partial(Partials *s, double x)
{
    if (s->n == s->room) {
        double *more = malloc(2 * s->room * sizeof(double));
        if (!more) {
            kr_raise_no_memory();
            return -1;
        }
        memcpy(more, s->p, s->n * sizeof(double));
        if (s->p != s->few) free(s->p);
        s->p = more;
        s->room *= 2;
    }
    s->p[s->n++] = x;
    return 0;
}

static int add_exactly(Partials *s, double x)
{
    double given = x;
    size_t kept = 0;
    for (size_t k = 0; k < s->n; k++) {
        double y = s->p[k];
        if (fabs(x) < fabs(y)) {
            double swap = x;
            x = y;
            y = swap;
        }
        volatile double high = x + y, part = high - x, low = y - part;
        if (low != 0.0) s->p[kept++] = low;
        x = high;
    }
    s->n = kept;
    if (x == 0.0) return 0;
    if (isfinite(x)) return add_partial(s, x);
    if (isfinite(given)) {
        kr_raise(kr_OverflowError, "intermediate overflow in fsum");
        return -1;
    }
    if (isinf(given)) s->infinities += given;
    s->special += given;
    s->n = 0;
    return 0;
}

static KrValue total(const Partials *s)
{
    if (s->special != 0.0)
        return isnan(s->infinities) ? kr_raise(kr_ValueError, "-inf + inf in fsum")
                                    : kr_float(s->special);
    size_t n = s->n;
    double high = 0.0, low = 0.0;
    if (n == 0) return kr_float(0.0);
    high = s->p[--n];
    while (n > 0) {
        double x = high, y = s->p[--n];
        volatile double sum = x + y, part = sum - x;
        high = sum;
        low = y - part;
        if (low != 0.0) break;
    }
    /* Half-way cases: the next partial's sign says where the exact sum lies. */
    if (n > 0 && ((low < 0.0 && s->p[n - 1] < 0.0) || (low > 0.0 && s->p[n - 1] > 0.0))) {
        double y = low * 2.0;
        volatile double x = high + y, part = x - high;
        if (y == part) high = x;
    }
    return kr_float(high);
}

KR_FN(math, math_fsum, "fsum", "(seq, /)",
      "Return an accurate floating point sum of values in the iterable seq.\n\nAssumes IEEE-754 "
      "floating point arithmetic.")
{
    KrValue it = kr_iter(a[0]), item;
    if (kr_is_empty(it)) return KR_EMPTY;
    Partials s = {.room = 32};
    s.p = s.few;
    int status = 0;
    double x;
    while (status == 0 && !kr_is_empty(item = kr_next(it))) {
        status = kr_to_double(item, &x);
        if (status == 0) status = add_exactly(&s, x);
    }
    KrValue result = status < 0 || kr_raised() ? KR_EMPTY : total(&s);
    if (s.p != s.few) free(s.p);
    return result;
}

/* ---- Norms ---- */

/* The length of a vector whose coordinates are not negative and at most `most`. */
static double norm(const double *v, size_t n, double most, bool has_nan)
{
    if (isinf(most)) return most;
    if (has_nan) return NAN;
    if (most == 0.0 || n <= 1) return most;
    int exponent;
    frexp(most, &exponent);
    if (exponent < -1023) { /* subnormal: the scale itself would overflow */
        double *scaled = malloc(n * sizeof(double));
        if (!scaled) return most;
        for (size_t i = 0; i < n; i++) scaled[i] = v[i] * 0x1p500;
        double r = norm(scaled, n, most * 0x1p500, false) * 0x1p-500;
        free(scaled);
        return r;
    }
    double scale = ldexp(1.0, -exponent), sum = 1.0, low = 0.0, rest = 0.0;
    for (size_t i = 0; i < n; i++) {
        double x = v[i] * scale, square = x * x, error = fma(x, x, -square);
        double t = sum + square;
        low += (sum - t) + square;
        sum = t;
        rest += error;
    }
    double h = sqrt(sum - 1.0 + (low + rest));
    /* residue = sum - 1 + low + rest - h*h, in two doubles */
    double square = h * h, error = fma(h, h, -square);
    double t = sum - square;
    low += (sum - t) - square;
    rest -= error;
    h += (t - 1.0 + (low + rest)) / (2.0 * h);
    return h / scale;
}

static KrValue norm_of(const double *v, size_t n)
{
    double most = 0.0;
    bool has_nan = false;
    for (size_t i = 0; i < n; i++) {
        if (isnan(v[i]))
            has_nan = true;
        else if (v[i] > most)
            most = v[i];
    }
    return kr_float(norm(v, n, most, has_nan));
}

KR_FN_RAW(math, math_hypot, "hypot", "(*coordinates) -> value",
          "Multidimensional Euclidean distance from the origin to a point.\n\nRoughly equivalent "
          "to:\n    sqrt(sum(x**2 for x in "
          "coordinates))\n\nFor a two dimensional point (x, y), gives the hypotenuse\nusing the "
          "Pythagorean theorem:  sqrt(x*x + "
          "y*y).\n\nFor example, the hypotenuse of a 3/4/5 right triangle is:\n\n    >>> "
          "hypot(3.0, 4.0)\n    5.0\n")
{
    double few[16], *v = few;
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames))
        return kr_raise(kr_TypeError, "math.hypot() takes no keyword arguments");
    if (n > 16 && !(v = kr_alloc_bytes(n * sizeof(double)))) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        if (kr_to_double(args[i], &v[i]) < 0) return KR_EMPTY;
        v[i] = fabs(v[i]);
    }
    return norm_of(v, n);
}

KR_FN(math, math_dist, "dist", "(p, q, /)",
      "Return the Euclidean distance between two points p and q.\n\nThe points should be specified "
      "as sequences (or iterables) "
      "of\ncoordinates.  Both inputs must have the same dimension.\n\nRoughly equivalent to:\n    "
      "sqrt(sum((px - qx) ** 2.0 for "
      "px, qx in zip(p, q)))")
{
    KrValue p = kr_tuple_from(a[0]), q = kr_is_empty(p) ? KR_EMPTY : kr_tuple_from(a[1]);
    if (kr_is_empty(q)) return KR_EMPTY;
    size_t n = kr_tuple_size(p);
    if (n != kr_tuple_size(q))
        return kr_raise(kr_ValueError, "both points must have the same number of dimensions");
    double few[16], *v = few, x, y;
    if (n > 16 && !(v = kr_alloc_bytes(n * sizeof(double)))) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        if (kr_to_double(kr_tuple_get(p, i), &x) < 0 || kr_to_double(kr_tuple_get(q, i), &y) < 0)
            return KR_EMPTY;
        v[i] = fabs(x - y);
    }
    return norm_of(v, n);
}

KR_FN(math, math_prod, "prod", "(iterable, /, *, start=1)",
      "Calculate the product of all the elements in the input iterable.\n\nThe default start value "
      "for the product is "
      "1.\n\nWhen the iterable is empty, return the start value.  This function is\nintended "
      "specifically for use with numeric "
      "values and may reject\nnon-numeric types.")
{
    KrValue it = kr_iter(a[0]), item, result = a[1];
    if (kr_is_empty(it)) return KR_EMPTY;
    while (!kr_is_empty(item = kr_next(it))) {
        result = kr_binary(KR_MUL, result, item);
        if (kr_is_empty(result)) return KR_EMPTY;
    }
    return kr_raised() ? KR_EMPTY : result;
}

#include "modules/math_sums.entries.h"

const KrFunction *const *const kr_math_sum_functions = math_functions;
