/* cmath.c: functions of complex numbers.
 *
 * Values come from C's complex functions, whose special cases (C11, Annex G) are those that Python
 * documents. What is an error there is decided here, function by function, from argument and
 * result. */
#include <complex.h>
#include <math.h>

#include "runtime/krait.h"

typedef double _Complex Complex;
typedef enum Verdict { FINE, DOMAIN_ERROR, RANGE_ERROR } Verdict;

static Complex make(double re, double im) { return CMPLX(re, im); }

static KrValue result(Complex r, Verdict verdict)
{
    if (verdict == DOMAIN_ERROR) return kr_raise(kr_ValueError, "math domain error");
    if (verdict == RANGE_ERROR) return kr_raise(kr_OverflowError, "math range error");
    return kr_complex(creal(r), cimag(r));
}

static int argument(KrValue v, Complex *z)
{
    double re, im;
    if (kr_to_complex(v, &re, &im) < 0) return -1;
    *z = make(re, im);
    return 0;
}

static bool finite_number(Complex z) { return isfinite(creal(z)) && isfinite(cimag(z)); }
static bool infinite_number(Complex z) { return isinf(creal(z)) || isinf(cimag(z)); }

/* Overflow: an infinite result of a finite argument. */
static Verdict overflowing(Complex z, Complex r)
{
    return finite_number(z) && infinite_number(r) ? RANGE_ERROR : FINE;
}

static KrValue plain(KrValue v, Complex (*f)(Complex))
{
    Complex z;
    return argument(v, &z) < 0 ? KR_EMPTY : result(f(z), FINE);
}

/* The C library takes the tangents of a NaN on the axis to lie on it; Python has NaN. */
static Complex tangent(Complex z)
{
    return cimag(z) == 0 && isnan(creal(z)) ? make(NAN, NAN) : ctan(z);
}
static Complex tangent_h(Complex z)
{
    return creal(z) == 0 && isnan(cimag(z)) ? make(NAN, NAN) : ctanh(z);
}

/* Functions that oscillate along one axis have no limit at its infinities; `along` is the
 * coordinate on it, `other` the other one. */
static KrValue oscillating(KrValue v, Complex (*f)(Complex), bool along_imaginary,
                           bool (*harmless)(double other))
{
    Complex z;
    if (argument(v, &z) < 0) return KR_EMPTY;
    double along = along_imaginary ? cimag(z) : creal(z),
           other = along_imaginary ? creal(z) : cimag(z);
    Complex r = f(z);
    Verdict verdict = isinf(along) && !harmless(other) ? DOMAIN_ERROR : overflowing(z, r);
    return result(r, verdict);
}

static bool if_nan(double x) { return isnan(x); }
static bool if_not_finite(double x) { return !isfinite(x); }
static bool if_nan_or_low(double x) { return isnan(x) || x == -INFINITY; }

KR_FN(cmath, cmath_acos, "acos", "(z, /)", "Return the arc cosine of z.")
{
    return plain(a[0], cacos);
}
/* The C library gives acosh(0 + nan i) the imaginary part pi/2; Python has NaN. */
static Complex inverse_cosh(Complex z)
{
    return creal(z) == 0 && isnan(cimag(z)) ? make(NAN, NAN) : cacosh(z);
}
KR_FN(cmath, cmath_acosh, "acosh", "(z, /)", "Return the inverse hyperbolic cosine of z.")
{
    return plain(a[0], inverse_cosh);
}
KR_FN(cmath, cmath_asin, "asin", "(z, /)", "Return the arc sine of z.")
{
    return plain(a[0], casin);
}
KR_FN(cmath, cmath_asinh, "asinh", "(z, /)", "Return the inverse hyperbolic sine of z.")
{
    return plain(a[0], casinh);
}
KR_FN(cmath, cmath_sqrt, "sqrt", "(z, /)", "Return the square root of z.")
{
    return plain(a[0], csqrt);
}

KR_FN(cmath, cmath_atan, "atan", "(z, /)", "Return the arc tangent of z.")
{
    Complex z;
    if (argument(a[0], &z) < 0) return KR_EMPTY;
    return result(catan(z), creal(z) == 0 && fabs(cimag(z)) == 1 ? DOMAIN_ERROR : FINE);
}

KR_FN(cmath, cmath_atanh, "atanh", "(z, /)", "Return the inverse hyperbolic tangent of z.")
{
    Complex z;
    if (argument(a[0], &z) < 0) return KR_EMPTY;
    return result(catanh(z), fabs(creal(z)) == 1 && cimag(z) == 0 ? DOMAIN_ERROR : FINE);
}

KR_FN(cmath, cmath_cos, "cos", "(z, /)", "Return the cosine of z.")
{
    return oscillating(a[0], ccos, false, if_nan);
}
KR_FN(cmath, cmath_sin, "sin", "(z, /)", "Return the sine of z.")
{
    return oscillating(a[0], csin, false, if_nan);
}
KR_FN(cmath, cmath_tan, "tan", "(z, /)", "Return the tangent of z.")
{
    return oscillating(a[0], tangent, false, if_not_finite);
}
KR_FN(cmath, cmath_cosh, "cosh", "(z, /)", "Return the hyperbolic cosine of z.")
{
    return oscillating(a[0], ccosh, true, if_nan);
}
KR_FN(cmath, cmath_sinh, "sinh", "(z, /)", "Return the hyperbolic sine of z.")
{
    return oscillating(a[0], csinh, true, if_nan);
}
KR_FN(cmath, cmath_tanh, "tanh", "(z, /)", "Return the hyperbolic tangent of z.")
{
    return oscillating(a[0], tangent_h, true, if_not_finite);
}
KR_FN(cmath, cmath_exp, "exp", "(z, /)", "Return the exponential value e**z.")
{
    return oscillating(a[0], cexp, true, if_nan_or_low);
}

static int logarithm(KrValue v, Complex *r, bool *zero)
{
    Complex z;
    if (argument(v, &z) < 0) return -1;
    *zero = creal(z) == 0 && cimag(z) == 0;
    *r = clog(z);
    return 0;
}

/* x / y as Python divides: scaled by the larger part of y; sets *bad for a zero divisor. */
static Complex quotient(Complex x, Complex y, bool *bad)
{
    double a = creal(x), b = cimag(x), c = creal(y), d = cimag(y);
    *bad = false;
    if (fabs(c) >= fabs(d)) {
        if (c == 0) {
            *bad = true;
            return 0;
        }
        double ratio = d / c, denominator = c + d * ratio;
        return make((a + b * ratio) / denominator, (b - a * ratio) / denominator);
    }
    if (fabs(d) >= fabs(c)) {
        double ratio = c / d, denominator = c * ratio + d;
        return make((a * ratio + b) / denominator, (b * ratio - a) / denominator);
    }
    return make(NAN, NAN);
}

KR_FN(cmath, cmath_log, "log", "(z, base=<unset>, /)",
      "log(z[, base]) -> the logarithm of z to the given base.\n\nIf the base not specified, "
      "returns the natural logarithm "
      "(base e) of z.")
{
    Complex x, y;
    bool zero, base_zero, bad;
    if (logarithm(a[0], &x, &zero) < 0) return KR_EMPTY;
    if (kr_is_empty(a[1])) return result(x, zero ? DOMAIN_ERROR : FINE);
    if (logarithm(a[1], &y, &base_zero) < 0) return KR_EMPTY;
    Complex r = quotient(x, y, &bad);
    return result(r, bad || base_zero ? DOMAIN_ERROR : FINE);
}

KR_FN(cmath, cmath_log10, "log10", "(z, /)", "Return the base-10 logarithm of z.")
{
    Complex r;
    bool zero;
    if (logarithm(a[0], &r, &zero) < 0) return KR_EMPTY;
    return result(make(creal(r) / M_LN10, cimag(r) / M_LN10), zero ? DOMAIN_ERROR : FINE);
}

KR_FN(cmath, cmath_phase, "phase", "(z, /)",
      "Return argument, also known as the phase angle, of a complex.")
{
    Complex z;
    return argument(a[0], &z) < 0 ? KR_EMPTY : kr_float(kr_math2(KR_MATH_ATAN2, cimag(z), creal(z)));
}

KR_FN(cmath, cmath_polar, "polar", "(z, /)",
      "Convert a complex from rectangular coordinates to polar coordinates.\n\nr is the distance "
      "from 0 and phi the phase "
      "angle.")
{
    Complex z;
    if (argument(a[0], &z) < 0) return KR_EMPTY;
    double r = hypot(creal(z), cimag(z));
    if (isinf(r) && finite_number(z)) return result(0, RANGE_ERROR);
    return kr_tuple_of(2, kr_float(r), kr_float(kr_math2(KR_MATH_ATAN2, cimag(z), creal(z))));
}

KR_FN(cmath, cmath_rect, "rect", "(r, phi, /)",
      "Convert from polar coordinates to rectangular coordinates.")
{
    double r, phi;
    if (kr_to_double(a[0], &r) < 0 || kr_to_double(a[1], &phi) < 0) return KR_EMPTY;
    if (isfinite(r) && isfinite(phi)) {
        /* An angle of zero keeps its sign, whatever the length is. */
        if (phi == 0.0) return kr_complex(r, r * phi);
        return kr_complex(r * kr_math1(KR_MATH_COS, phi), r * kr_math1(KR_MATH_SIN, phi));
    }
    if (isinf(phi) && r != 0.0 && !isnan(r)) return result(0, DOMAIN_ERROR);
    if (isinf(r) && isfinite(phi)) {
        if (phi == 0.0) return kr_complex(r, r > 0 ? phi : -phi);
        return kr_complex(copysign(INFINITY, r * kr_math1(KR_MATH_COS, phi)), copysign(INFINITY, r * kr_math1(KR_MATH_SIN, phi)));
    }
    if (r == 0.0) return kr_complex(0.0, 0.0);
    if (isnan(r)) return kr_complex(NAN, phi == 0.0 ? phi : NAN);
    return kr_complex(isinf(r) ? INFINITY : NAN, NAN);
}

static bool is_nan(Complex z) { return isnan(creal(z)) || isnan(cimag(z)); }

KR_FN(cmath, cmath_isfinite, "isfinite", "(z, /)",
      "Return True if both the real and imaginary parts of z are finite, else False.")
{
    Complex z;
    return argument(a[0], &z) < 0 ? KR_EMPTY : kr_bool(finite_number(z));
}
KR_FN(cmath, cmath_isinf, "isinf", "(z, /)",
      "Checks if the real or imaginary part of z is infinite.")
{
    Complex z;
    return argument(a[0], &z) < 0 ? KR_EMPTY : kr_bool(infinite_number(z));
}
KR_FN(cmath, cmath_isnan, "isnan", "(z, /)",
      "Checks if the real or imaginary part of z not a number (NaN).")
{
    Complex z;
    return argument(a[0], &z) < 0 ? KR_EMPTY : kr_bool(is_nan(z));
}

KR_FN(cmath, cmath_isclose, "isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
      "Determine whether two complex numbers are close in value.\n\n  rel_tol\n    maximum "
      "difference for being considered "
      "\"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum "
      "difference for being considered "
      "\"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is "
      "close in value to b, and False "
      "otherwise.\n\nFor the values to be considered close, the difference between them must "
      "be\nsmaller than at least one of the "
      "tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, NaN "
      "is\nnot close to anything, even "
      "itself. inf and -inf are only close to themselves.")
{
    Complex x, y;
    double relative, absolute;
    if (argument(a[0], &x) < 0 || argument(a[1], &y) < 0) return KR_EMPTY;
    if (kr_to_double(a[2], &relative) < 0 || kr_to_double(a[3], &absolute) < 0) return KR_EMPTY;
    if (relative < 0 || absolute < 0)
        return kr_raise(kr_ValueError, "tolerances must be non-negative");
    if (creal(x) == creal(y) && cimag(x) == cimag(y)) return kr_True;
    if (infinite_number(x) || infinite_number(y)) return kr_False;
    double difference = cabs(x - y);
    return kr_bool(difference <= relative * cabs(y) || difference <= relative * cabs(x) ||
                   difference <= absolute);
}

#include "modules/cmath.entries.h"

static int cmath_exec(KrValue module)
{
    const struct {
        const char *name;
        KrValue value;
    } constants[] = {
        {"pi", kr_float(M_PI)},
        {"e", kr_float(M_E)},
        {"tau", kr_float(2 * M_PI)},
        {"inf", kr_float(INFINITY)},
        {"infj", kr_complex(0, INFINITY)},
        {"nan", kr_float(NAN)},
        {"nanj", kr_complex(0, NAN)},
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (kr_module_add(module, constants[i].name, constants[i].value) < 0) return -1;
    return 0;
}

KR_MODULE(cmath) = {
    .api_version = KR_API_VERSION,
    .name = "cmath",
    .doc = "This module provides access to mathematical functions for complex\nnumbers.",
    .functions = cmath_functions,
    .exec = cmath_exec,
};
