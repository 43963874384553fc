/* complex.c: functions of NumPy's complex numbers for compiled code: the same expressions as the array module's loops
 * (modules/numpy/ufunc_table.def, loops_arithmetic.c), so that both have the same bits. */
#include <complex.h>
#include <math.h>

#include "jit/run/rt.h"
#include "jit/types/functions.h"

#define FUNCTIONS(name, T, f)                                                           \
    static T _Complex name(ElemOp op, T _Complex a)                                     \
    {                                                                                   \
        switch (op) {                                                                   \
        case ELEM_SQRT: return csqrt##f(a);                                             \
        case ELEM_SIN: return csin##f(a);                                               \
        case ELEM_COS: return ccos##f(a);                                               \
        case ELEM_TAN: return ctan##f(a);                                               \
        case ELEM_ARCSIN: return casin##f(a);                                           \
        case ELEM_ARCCOS: return cacos##f(a);                                           \
        case ELEM_ARCTAN: return catan##f(a);                                           \
        case ELEM_SINH: return csinh##f(a);                                             \
        case ELEM_COSH: return ccosh##f(a);                                             \
        case ELEM_TANH: return ctanh##f(a);                                             \
        case ELEM_ARCSINH: return casinh##f(a);                                         \
        case ELEM_ARCCOSH: return cacosh##f(a);                                         \
        case ELEM_ARCTANH: return catanh##f(a);                                         \
        case ELEM_EXP: return cexp##f(a);                                               \
        case ELEM_EXP2: return cexp##f(a * (T)0.69314718055994530942);                  \
        case ELEM_EXPM1: return cexp##f(a) - 1;                                         \
        case ELEM_LOG: return clog##f(a);                                               \
        case ELEM_LOG2: return clog##f(a) * (T)1.4426950408889634074;                   \
        case ELEM_LOG10: return clog##f(a) * (T)0.43429448190325182765;                 \
        case ELEM_LOG1P: return clog##f(a + 1);                                         \
        default: return a;                                                              \
        }                                                                               \
    }                                                                                   \
    /* Smith's division, plain products: NumPy's. */                                    \
    static T _Complex name##_mul(T _Complex a, T _Complex b)                            \
    {                                                                                   \
        T ar = creal##f(a), ai = cimag##f(a), br = creal##f(b), bi = cimag##f(b);       \
        T _Complex r;                                                                   \
        __real__ r = ar * br - ai * bi;                                                 \
        __imag__ r = ar * bi + ai * br;                                                 \
        return r;                                                                       \
    }                                                                                   \
    static T _Complex name##_inverse(T _Complex b)                                      \
    {                                                                                   \
        T br = creal##f(b), bi = cimag##f(b), mr = fabs##f(br), mi = fabs##f(bi);       \
        T _Complex r;                                                                   \
        if (mr >= mi) {                                                                 \
            if (mr == 0 && mi == 0) {                                                   \
                __real__ r = 1 / mr;                                                    \
                __imag__ r = 0 / mr;                                                    \
                return r;                                                               \
            }                                                                           \
            T ratio = bi / br, scale = 1 / (br + bi * ratio);                           \
            __real__ r = (1 + 0 * ratio) * scale;                                       \
            __imag__ r = (0 - 1 * ratio) * scale;                                       \
        } else {                                                                        \
            T ratio = br / bi, scale = 1 / (bi + br * ratio);                           \
            __real__ r = (1 * ratio + 0) * scale;                                       \
            __imag__ r = (0 * ratio - 1) * scale;                                       \
        }                                                                               \
        return r;                                                                       \
    }                                                                                   \
    /* Small whole exponents by products. */                                            \
    static T _Complex name##_pow(T _Complex a, T _Complex b)                            \
    {                                                                                   \
        T br = creal##f(b), bi = cimag##f(b);                                           \
        if (br == 0 && bi == 0) return 1;                                               \
        if (creal##f(a) == 0 && cimag##f(a) == 0) {                                     \
            T _Complex nans;                                                            \
            __real__ nans = __imag__ nans = (T)NAN;                                     \
            return br > 0 && bi == 0 ? 0 : nans;                                        \
        }                                                                               \
        if (!(bi == 0 && br > -100 && br < 100 && br == trunc##f(br))) return cpow##f(a, b); \
        T _Complex r = 1, x = a;                                                        \
        int n = (int)br;                                                                \
        if (n == 1) return a;                                                           \
        for (int k = n < 0 ? -n : n; k; k >>= 1, x = name##_mul(x, x))                  \
            if (k & 1) r = name##_mul(r, x);                                            \
        return n < 0 ? name##_inverse(r) : r;                                           \
    }
FUNCTIONS(of_double, double, )
FUNCTIONS(of_float, float, f)

static void put(void *out, double re, double im)
{
    ((double *)out)[0] = re;
    ((double *)out)[1] = im;
}

void jit_rt_cfn(int64_t op, double re, double im, void *out)
{
    double _Complex r = of_double((ElemOp)op, CMPLX(re, im));
    put(out, creal(r), cimag(r));
}

void jit_rt_cfnf(int64_t op, double re, double im, void *out)
{
    float _Complex r = of_float((ElemOp)op, CMPLXF((float)re, (float)im));
    put(out, (double)crealf(r), (double)cimagf(r));
}

void jit_rt_npy_cpow(double are, double aim, double bre, double bim, void *out)
{
    double _Complex r = of_double_pow(CMPLX(are, aim), CMPLX(bre, bim));
    put(out, creal(r), cimag(r));
}

void jit_rt_npy_cpowf(double are, double aim, double bre, double bim, void *out)
{
    float _Complex r = of_float_pow(CMPLXF((float)are, (float)aim), CMPLXF((float)bre, (float)bim));
    put(out, (double)crealf(r), (double)cimagf(r));
}
