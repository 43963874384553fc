/* math.c: the functions of math on floats.
 *
 * Functions that never raise are typed ("f8(f8)"): kernels call their C address. The others say
 * through their result what went wrong: a NaN from numbers is "math domain error", an infinity
 * from finite numbers either that or "math range error", as the function's definition has it. */
#include <errno.h>
#include <float.h>
#include <math.h>

#include "modules/math_module.h"

static KrValue domain_error(void) { return kr_raise(kr_ValueError, "math domain error"); }
static KrValue range_error(void) { return kr_raise(kr_OverflowError, "math range error"); }

typedef double (*Unary)(double);

/* The functions that arrays and kernels have too. */
#define OWN(name, code)                                                                            \
    static double name##_of(double x) { return kr_math1(KR_MATH_##code, x); }
OWN(acos, ACOS)
OWN(acosh, ACOSH)
OWN(asin, ASIN)
OWN(asinh, ASINH)
OWN(atan, ATAN)
OWN(atanh, ATANH)
OWN(cbrt, CBRT)
OWN(cos, COS)
OWN(cosh, COSH)
OWN(erf, ERF)
OWN(erfc, ERFC)
OWN(exp, EXP)
OWN(exp2, EXP2)
OWN(expm1, EXPM1)
OWN(log, LOG)
OWN(log10, LOG10)
OWN(log1p, LOG1P)
OWN(log2, LOG2)
OWN(sin, SIN)
OWN(sinh, SINH)
OWN(tan, TAN)
OWN(tanh, TANH)
static double atan2_of(double y, double x) { return kr_math2(KR_MATH_ATAN2, y, x); }

/* What f(x) = r means for the caller. */
static KrValue checked(double x, double r, bool can_overflow)
{
    if (isnan(r) && !isnan(x)) return domain_error();
    if (isinf(r) && isfinite(x)) return can_overflow ? range_error() : domain_error();
    return kr_float(r);
}

static KrValue apply(KrValue v, Unary f, bool can_overflow)
{
    double x;
    if (kr_to_double(v, &x) < 0) return KR_EMPTY;
    return checked(x, f(x), can_overflow);
}

KR_FN(math, math_acos, "acos", "(x, /)",
      "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.")
{
    return apply(a[0], acos_of, false);
}
KR_FN(math, math_acosh, "acosh", "(x, /)", "Return the inverse hyperbolic cosine of x.")
{
    return apply(a[0], acosh_of, false);
}
KR_FN(math, math_asin, "asin", "(x, /)",
      "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.")
{
    return apply(a[0], asin_of, false);
}
KR_FN(math, math_atanh, "atanh", "(x, /)", "Return the inverse hyperbolic tangent of x.")
{
    return apply(a[0], atanh_of, false);
}
KR_FN(math, math_cos, "cos", "(x, /)", "Return the cosine of x (measured in radians).")
{
    return apply(a[0], cos_of, false);
}
KR_FN(math, math_cosh, "cosh", "(x, /)", "Return the hyperbolic cosine of x.")
{
    return apply(a[0], cosh_of, true);
}
KR_FN(math, math_exp, "exp", "(x, /)", "Return e raised to the power of x.")
{
    return apply(a[0], exp_of, true);
}
KR_FN(math, math_exp2, "exp2", "(x, /)", "Return 2 raised to the power of x.")
{
    return apply(a[0], exp2_of, true);
}
KR_FN(math, math_expm1, "expm1", "(x, /)",
      "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct "
      "evaluation of exp(x)-1 for small "
      "x.")
{
    return apply(a[0], expm1_of, true);
}
KR_FN(math, math_log1p, "log1p", "(x, /)",
      "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is "
      "accurate for x near zero.")
{
    return apply(a[0], log1p_of, false);
}
KR_FN(math, math_sin, "sin", "(x, /)", "Return the sine of x (measured in radians).")
{
    return apply(a[0], sin_of, false);
}
KR_FN(math, math_sinh, "sinh", "(x, /)", "Return the hyperbolic sine of x.")
{
    return apply(a[0], sinh_of, true);
}
KR_FN(math, math_sqrt, "sqrt", "(x, /)", "Return the square root of x.")
{
    return apply(a[0], sqrt, false);
}
KR_FN(math, math_tan, "tan", "(x, /)", "Return the tangent of x (measured in radians).")
{
    return apply(a[0], tan_of, false);
}

/* ---- Functions that never raise ---- */

static double degrees(double x) { return x * (180.0 / M_PI); }
static double radians(double x) { return x * (M_PI / 180.0); }

static double ulp(double x)
{
    if (isnan(x)) return x;
    x = fabs(x);
    if (isinf(x)) return x;
    double above = nextafter(x, INFINITY);
    return isinf(above) ? x - nextafter(x, -INFINITY) : above - x;
}

static double step_towards(double x, double y)
{
    if (x == y) return y;
    if (isnan(x)) return x;
    if (isnan(y)) return y;
    return nextafter(x, y);
}

static bool is_nan(double x) { return isnan(x); }
static bool is_inf(double x) { return isinf(x); }
static bool is_finite(double x) { return isfinite(x); }

KR_TYPED(math, asinh_of, "asinh", "(x, /)", "f8(f8)", "Return the inverse hyperbolic sine of x.")
KR_TYPED(math, atan_of, "atan", "(x, /)", "f8(f8)",
    "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.")
KR_TYPED(math, atan2_of, "atan2", "(y, x, /)", "f8(f8,f8)",
         "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of "
         "both x and y are considered.")
KR_TYPED(math, cbrt_of, "cbrt", "(x, /)", "f8(f8)", "Return the cube root of x.")
KR_TYPED(math, copysign, "copysign", "(x, y, /)", "f8(f8,f8)",
         "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn "
         "platforms that support signed "
         "zeros, copysign(1.0, -0.0)\nreturns -1.0.\n")
KR_TYPED(math, degrees, "degrees", "(x, /)", "f8(f8)", "Convert angle x from radians to degrees.")
KR_TYPED(math, erf_of, "erf", "(x, /)", "f8(f8)", "Error function at x.")
KR_TYPED(math, erfc_of, "erfc", "(x, /)", "f8(f8)", "Complementary error function at x.")
KR_TYPED(math, fabs, "fabs", "(x, /)", "f8(f8)", "Return the absolute value of the float x.")
KR_TYPED(math, is_finite, "isfinite", "(x, /)", "b1(f8)",
         "Return True if x is neither an infinity nor a NaN, and False otherwise.")
KR_TYPED(math, is_inf, "isinf", "(x, /)", "b1(f8)",
         "Return True if x is a positive or negative infinity, and False otherwise.")
KR_TYPED(math, is_nan, "isnan", "(x, /)", "b1(f8)",
         "Return True if x is a NaN (not a number), and False otherwise.")
KR_TYPED(math, step_towards, "nextafter", "(x, y, /)", "f8(f8,f8)",
         "Return the next floating-point value after x towards y.")
KR_TYPED(math, radians, "radians", "(x, /)", "f8(f8)", "Convert angle x from degrees to radians.")
KR_TYPED(math, tanh_of, "tanh", "(x, /)", "f8(f8)", "Return the hyperbolic tangent of x.")
KR_TYPED(math, ulp, "ulp", "(x, /)", "f8(f8)",
         "Return the value of the least significant bit of the float x.")

/* ---- Gamma ---- */

KR_FN(math, math_gamma, "gamma", "(x, /)", "Gamma function at x.")
{
    double x;
    if (kr_to_double(a[0], &x) < 0) return KR_EMPTY;
    if (isnan(x) || x == INFINITY) return kr_float(x);
    if (x <= 0 && x == floor(x)) return domain_error();
    double r = kr_math1(KR_MATH_TGAMMA, x);
    return isinf(r) ? range_error() : kr_float(r);
}

KR_FN(math, math_lgamma, "lgamma", "(x, /)",
      "Natural logarithm of absolute value of Gamma function at x.")
{
    double x;
    if (kr_to_double(a[0], &x) < 0) return KR_EMPTY;
    if (isnan(x)) return kr_float(x);
    if (isinf(x)) return kr_float(INFINITY);
    if (x <= 0 && x == floor(x)) return domain_error();
    double r = kr_math1(KR_MATH_LGAMMA, x);
    return isinf(r) ? range_error() : kr_float(r);
}

/* ---- Logarithms: ints of any size ---- */

static KrValue logarithm(KrValue v, Unary f)
{
    double x;
    if (!kr_is_int(v)) {
        if (kr_to_double(v, &x) < 0) return KR_EMPTY;
        if (isnan(x) || x == INFINITY) return kr_float(x);
        return x > 0 ? kr_float(f(x)) : domain_error();
    }
    if (kr_int_sign(v) <= 0) return domain_error();
    size_t bits = kr_int_bit_length(v);
    if (bits <= 1024) {
        if (kr_to_double(v, &x) == 0) return kr_float(f(x));
        kr_clear_exception();
    }
    /* v = fraction * 2**shift with a fraction that fits */
    size_t shift = bits - 64;
    KrValue top = kr_binary(KR_RSHIFT, v, kr_int((int64_t)shift - 60));
    if (kr_is_empty(top) || kr_to_double(top, &x) < 0) return KR_EMPTY;
    int exponent;
    double fraction = frexp(x, &exponent);
    return kr_float(f(fraction) + f(2.0) * ((double)shift - 60 + exponent));
}

KR_FN_RAW(math, math_log, "log", "(x, [base=math.e])",
          "Return the logarithm of x to the given base.\n\nIf the base not specified, returns the "
          "natural logarithm (base e) "
          "of x.")
{
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames))
        return kr_raise(kr_TypeError, "log() takes no keyword arguments");
    if (n < 1 || n > 2) return kr_raise(kr_TypeError, "math.log requires 1 to 2 arguments");
    KrValue numerator = logarithm(args[0], log_of);
    if (n == 1 || kr_is_empty(numerator)) return numerator;
    KrValue denominator = logarithm(args[1], log_of);
    return kr_is_empty(denominator) ? KR_EMPTY : kr_binary(KR_TRUEDIV, numerator, denominator);
}

KR_FN(math, math_log2, "log2", "(x, /)", "Return the base 2 logarithm of x.")
{
    return logarithm(a[0], log2_of);
}
KR_FN(math, math_log10, "log10", "(x, /)", "Return the base 10 logarithm of x.")
{
    return logarithm(a[0], log10_of);
}

/* ---- Two arguments ---- */

static int two_doubles(const KrValue *a, double *x, double *y)
{
    return kr_to_double(a[0], x) < 0 ? -1 : kr_to_double(a[1], y);
}

KR_FN(math, math_pow, "pow", "(x, y, /)", "Return x**y (x to the power of y).")
{
    double x, y;
    if (two_doubles(a, &x, &y) < 0) return KR_EMPTY;
    double r = kr_math2(KR_MATH_POW, x, y);
    if (!isfinite(x) || !isfinite(y)) return kr_float(r);
    if (isnan(r)) return domain_error();
    if (isinf(r)) return x == 0 ? domain_error() : range_error();
    return kr_float(r);
}

KR_FN(math, math_fmod, "fmod", "(x, y, /)",
      "Return fmod(x, y), according to platform C.\n\nx % y may differ.")
{
    double x, y;
    if (two_doubles(a, &x, &y) < 0) return KR_EMPTY;
    if (isinf(y) && isfinite(x)) return kr_float(x);
    double r = fmod(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error() : kr_float(r);
}

KR_FN(math, math_remainder, "remainder", "(x, y, /)",
      "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is "
      "the closest integer multiple "
      "of y.\nIn the case where x is exactly halfway between two multiples of\ny, the nearest even "
      "value of n is used. The "
      "result is always exact.")
{
    double x, y;
    if (two_doubles(a, &x, &y) < 0) return KR_EMPTY;
    double r = remainder(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain_error() : kr_float(r);
}

KR_FN(math, math_ldexp, "ldexp", "(x, i, /)",
      "Return x * (2**i).\n\nThis is essentially the inverse of frexp().")
{
    double x;
    int64_t i;
    if (kr_to_double(a[0], &x) < 0) return KR_EMPTY;
    if (!kr_is_int(a[1]))
        return kr_raise(kr_TypeError, "Expected an int as second argument to ldexp.");
    if (kr_to_int64(a[1], &i) < 0) {
        kr_clear_exception();
        i = kr_int_sign(a[1]) < 0 ? INT64_MIN : INT64_MAX;
    }
    if (x == 0 || !isfinite(x)) return kr_float(x);
    if (i > 100000) return range_error();
    if (i < -100000) return kr_float(copysign(0.0, x));
    double r = ldexp(x, (int)i);
    return isinf(r) ? range_error() : kr_float(r);
}

KR_FN(math, math_frexp, "frexp", "(x, /)",
      "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an int, "
      "such that x = m * 2.**e.\nIf x is "
      "0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0.")
{
    double x;
    int exponent = 0;
    if (kr_to_double(a[0], &x) < 0) return KR_EMPTY;
    if (isfinite(x)) x = frexp(x, &exponent);
    return kr_tuple_of(2, kr_float(x), kr_int(exponent));
}

KR_FN(math, math_modf, "modf", "(x, /)",
      "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are "
      "floats.")
{
    double x, whole;
    if (kr_to_double(a[0], &x) < 0) return KR_EMPTY;
    if (isinf(x)) return kr_tuple_of(2, kr_float(copysign(0.0, x)), kr_float(x));
    double fraction = modf(x, &whole);
    return kr_tuple_of(2, kr_float(fraction), kr_float(whole));
}

KR_FN(math, math_isclose, "isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
      "Determine whether two floating point numbers are close in value.\n\n  rel_tol\n    maximum "
      "difference for being "
      "considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    "
      "maximum difference for being "
      "considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True "
      "if a is close in value to b, and "
      "False otherwise.\n\nFor the values to be considered close, the difference between "
      "them\nmust be smaller than at least one "
      "of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard.  "
      "That\nis, NaN is not close to "
      "anything, even itself.  inf and -inf are\nonly close to themselves.")
{
    double x, y, relative, absolute;
    if (two_doubles(a, &x, &y) < 0 || two_doubles(a + 2, &relative, &absolute) < 0) return KR_EMPTY;
    if (relative < 0 || absolute < 0)
        return kr_raise(kr_ValueError, "tolerances must be non-negative");
    if (x == y) return kr_True;
    if (isinf(x) || isinf(y)) return kr_False;
    double difference = fabs(y - x);
    return kr_bool(difference <= fabs(relative * y) || difference <= fabs(relative * x) ||
                   difference <= absolute);
}

/* ---- Rounding to ints ---- */

static KrValue round_with(KrValue v, const char *method, Unary f)
{
    if (!kr_is_instance_exact(v, &kr_float_type)) {
        KrValue special = kr_find_special(v, kr_intern(method));
        if (!kr_is_empty(special)) return kr_call0(special);
        if (kr_raised()) return KR_EMPTY;
    }
    double x;
    if (kr_to_double(v, &x) < 0) return KR_EMPTY;
    return kr_int_from_double(f(x));
}

KR_FN(math, math_floor, "floor", "(x, /)",
      "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.")
{
    return round_with(a[0], "__floor__", floor);
}

KR_FN(math, math_ceil, "ceil", "(x, /)",
      "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.")
{
    return round_with(a[0], "__ceil__", ceil);
}

KR_FN(math, math_trunc, "trunc", "(x, /)",
      "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method.")
{
    double x;
    if (kr_is_instance_exact(a[0], &kr_float_type))
        return kr_to_double(a[0], &x) < 0 ? KR_EMPTY : kr_int_from_double(x);
    KrValue special = kr_find_special(a[0], KR_NAME("__trunc__"));
    if (!kr_is_empty(special)) return kr_call0(special);
    return kr_raised() ? KR_EMPTY
                       : kr_raise(kr_TypeError, "type %T doesn't define __trunc__ method", a[0]);
}

#include "modules/math.entries.h"

static int add_functions(KrValue module, const KrFunction *const *functions)
{
    for (; *functions; functions++) {
        KrValue f = kr_function_new(*functions, module, kr_str("math"));
        if (kr_is_empty(f) || kr_module_add(module, (*functions)->name, f) < 0) return -1;
    }
    return 0;
}

static int math_exec(KrValue module)
{
    if (add_functions(module, kr_math_integer_functions) < 0 ||
        add_functions(module, kr_math_sum_functions) < 0)
        return -1;
    if (kr_module_add(module, "pi", kr_float(M_PI)) < 0 ||
        kr_module_add(module, "e", kr_float(M_E)) < 0)
        return -1;
    if (kr_module_add(module, "tau", kr_float(2 * M_PI)) < 0) return -1;
    return kr_module_add(module, "inf", kr_float(INFINITY)) < 0
               ? -1
               : kr_module_add(module, "nan", kr_float(NAN));
}

KR_MODULE(math) = {
    .api_version = KR_API_VERSION,
    .name = "math",
    .doc = "This module provides access to the mathematical functions\ndefined by the C standard.",
    .functions = math_functions,
    .exec = math_exec,
};
