/* loops_arithmetic.c: the loops of section ARITHMETIC. Divisions follow Python's signs; by zero they raise the
 * flag, and integers give 0. */
#define ARITHMETIC
#include <stdlib.h>

#define UFUNC_LIST np_arithmetic_list
#include <fenv.h>

#include "modules/numpy/ufunc_objects.h"

#define DIVISIONS(T, is_signed, MIN)                                                               \
    static inline T floordiv_##T(T a, T b)                                                         \
    {                                                                                              \
        if (b == 0) {                                                                              \
            np_fp_raise(FE_DIVBYZERO);                                                           \
            return 0;                                                                              \
        }                                                                                          \
        if (is_signed && b == (T)-1) {                                                             \
            if (a == MIN) np_fp_raise(FE_OVERFLOW);                                              \
            return (T)(0 - (uint64_t)a);                                                           \
        }                                                                                          \
        T q = a / b;                                                                               \
        return is_signed && (a % b != 0) && ((a < 0) != (b < 0)) ? q - 1 : q;                      \
    }                                                                                              \
    static inline T crem_##T(T a, T b)                                                             \
    {                                                                                              \
        if (b == 0) {                                                                              \
            np_fp_raise(FE_DIVBYZERO);                                                           \
            return 0;                                                                              \
        }                                                                                          \
        return is_signed && b == (T)-1 ? 0 : a % b;                                                \
    }                                                                                              \
    static inline T modulo_##T(T a, T b)                                                           \
    {                                                                                              \
        T r = crem_##T(a, b);                                                                      \
        return is_signed && r != 0 && (r < 0) != (b < 0) ? r + b : r;                              \
    }                                                                                              \
    static inline T ipow_##T(T a, T n)                                                             \
    {                                                                                              \
        uint64_t r = 1, x = (uint64_t)a;                                                           \
        if (is_signed && n < 0) return 0;                                                          \
        for (; n; n >>= 1, x *= x)                                                                 \
            if (n & 1) r *= x;                                                                     \
        return (T)r;                                                                               \
    }
DIVISIONS(int8_t, 1, INT8_MIN)
DIVISIONS(int16_t, 1, INT16_MIN)
DIVISIONS(int32_t, 1, INT32_MIN)
DIVISIONS(int64_t, 1, INT64_MIN)
DIVISIONS(uint8_t, 0, 0)
DIVISIONS(uint16_t, 0, 0)
DIVISIONS(uint32_t, 0, 0)
DIVISIONS(uint64_t, 0, 0)

#define FLOAT_DIVISIONS(T, f)                                                                      \
    static inline T modulo_##T(T a, T b)                                                           \
    {                                                                                              \
        T m = fmod##f(a, b);                                                                       \
        if (b == 0) return m;                                                                      \
        if (m != 0) return (b < 0) != (m < 0) ? m + b : m;                                         \
        return copysign##f(0, b);                                                                  \
    }                                                                                              \
    static inline T floordiv_##T(T a, T b)                                                         \
    {                                                                                              \
        if (b == 0) return a / b;                                                                  \
        T m = fmod##f(a, b), d = (a - m) / b;                                                      \
        if (m != 0 && (b < 0) != (m < 0)) d -= 1;                                                  \
        if (d == 0) return copysign##f(0, a / b);                                                  \
        T r = floor##f(d);                                                                         \
        return d - r > (T)0.5 ? r + 1 : r;                                                         \
    }
FLOAT_DIVISIONS(float, f)
FLOAT_DIVISIONS(double, )

#define BY_TYPE(name, x)                                                                           \
    _Generic((x), int8_t: name##_int8_t, int16_t: name##_int16_t, int32_t: name##_int32_t,         \
        int64_t: name##_int64_t, uint8_t: name##_uint8_t, uint16_t: name##_uint16_t,               \
        uint32_t: name##_uint32_t, uint64_t: name##_uint64_t, float: name##_float, double: name##_double)
#define BY_INT(name, x)                                                                            \
    _Generic((x), int8_t: name##_int8_t, int16_t: name##_int16_t, int32_t: name##_int32_t,         \
        int64_t: name##_int64_t, uint8_t: name##_uint8_t, uint16_t: name##_uint16_t,               \
        uint32_t: name##_uint32_t, uint64_t: name##_uint64_t)
#define FLOORDIV(a, b) BY_TYPE(floordiv, a)(a, b)
#define MODULO(a, b) BY_TYPE(modulo, a)(a, b)
#define CREM(a, b) BY_INT(crem, a)(a, b)
#define IPOW(a, b) BY_INT(ipow, a)(a, b)
#define FMOD(a, b) _Generic((a), float: fmodf, double: fmod)(a, b)
#define FABS(a) _Generic((a), float: fabsf, double: fabs)(a)
#define RECIPROCAL(a) ((a) == 0 ? (np_fp_raise(FE_DIVBYZERO), (T)0) : (T)(1 / (a)))
#define MAGNITUDE(a) ((a) < 0 ? 0 - (uint64_t)(a) : (uint64_t)(a))

static uint64_t gcd_of(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t t = a % b;
        a = b;
        b = t;
    }
    return a;
}
static uint64_t lcm_of(uint64_t a, uint64_t b)
{
    uint64_t g = gcd_of(a, b);
    return g ? a / g * b : 0;
}

/* Complex arithmetic as NumPy does it: the plain product, Smith's division. */
#define COMPLEX_HELPERS(C, T, f, I)                                                                \
    static inline C cmul_##f(C a, C b)                                                             \
    {                                                                                              \
        T ar = __real__ a, ai = __imag__ a, br = __real__ b, bi = __imag__ b;                      \
        C r;                                                                                       \
        __real__ r = ar * br - ai * bi;                                                            \
        __imag__ r = ar * bi + ai * br;                                                            \
        return r;                                                                                  \
    }                                                                                              \
    static inline C cdiv_##f(C a, C b)                                                             \
    {                                                                                              \
        T ar = __real__ a, ai = __imag__ a, br = __real__ b, bi = __imag__ b;                      \
        T mr = br < 0 ? -br : br, mi = bi < 0 ? -bi : bi;                                          \
        C r;                                                                                       \
        if (mr >= mi) {                                                                            \
            if (mr == 0 && mi == 0) {                                                              \
                __real__ r = ar / mr;                                                              \
                __imag__ r = ai / mr;                                                              \
                return r;                                                                          \
            }                                                                                      \
            T ratio = bi / br, scale = 1 / (br + bi * ratio);                                      \
            __real__ r = (ar + ai * ratio) * scale;                                                \
            __imag__ r = (ai - ar * ratio) * scale;                                                \
        } else {                                                                                   \
            T ratio = br / bi, scale = 1 / (bi + br * ratio);                                      \
            __real__ r = (ar * ratio + ai) * scale;                                                \
            __imag__ r = (ai * ratio - ar) * scale;                                                \
        }                                                                                          \
        return r;                                                                                  \
    }                                                                                              \
    static C cpower_##f(C a, C b)                                                                  \
    {                                                                                              \
        T br = __real__ b, bi = __imag__ b;                                                        \
        if (br == 0 && bi == 0) return 1;                                                          \
        if (__real__ a == 0 && __imag__ a == 0) {                                                  \
            if (br > 0 && bi == 0) return 0;                                                       \
            np_fp_raise(FE_INVALID);                                                             \
            C r;                                                                                   \
            __real__ r = __imag__ r = (T)NAN;                                                      \
            return r;                                                                              \
        }                                                                                          \
        int n = (int)br;                                                                           \
        if (bi == 0 && n == br && n > -100 && n < 100) {                                           \
            C r = 1, x = a;                                                                        \
            if (n == 1) return a;                                                                  \
            for (int k = n < 0 ? -n : n; k; k >>= 1, x = cmul_##f(x, x))                           \
                if (k & 1) r = cmul_##f(r, x);                                                     \
            return n < 0 ? cdiv_##f(1, r) : r;                                                     \
        }                                                                                          \
        return I(a, b);                                                                            \
    }
#include <complex.h>
COMPLEX_HELPERS(float _Complex, float, F, cpowf)
COMPLEX_HELPERS(double _Complex, double, D, cpow)
#define CMUL(a, b) _Generic((a), float _Complex: cmul_F, double _Complex: cmul_D)(a, b)
#define CDIV(a, b) _Generic((b), float _Complex: cdiv_F, double _Complex: cdiv_D)(a, b)
#define CPOW(a, b) _Generic((a), float _Complex: cpower_F, double _Complex: cpower_D)(a, b)
#define CNAN(a) ((__real__(a) != __real__(a)) | (__imag__(a) != __imag__(a)))
#define CLT(a, b) ((__real__(a) < __real__(b)) | ((__real__(a) == __real__(b)) & (__imag__(a) < __imag__(b))))
#define CLE(a, b) ((__real__(a) < __real__(b)) | ((__real__(a) == __real__(b)) & (__imag__(a) <= __imag__(b))))
#define CGE(a, b) CLE(b, a)
static inline float _Complex sign_F(float _Complex a)
{
    float m = hypotf(__real__ a, __imag__ a);
    return m == 0 ? 0 : a / m;
}
static inline double _Complex sign_D(double _Complex a)
{
    double m = hypot(__real__ a, __imag__ a);
    return m == 0 ? 0 : a / m;
}
#define CSIGN(a) _Generic((a), float _Complex: sign_F, double _Complex: sign_D)(a)

/* ---- clip: three operands ---- */

#define CLIP(SUF, Tin, C, LESS, ISNAN)                                                             \
    CLONES static void clip_##SUF(char **args, int64_t n, const int64_t *s, KR_UNUSED void *data)  \
    {                                                                                              \
        char *pa = args[0], *pl = args[1], *ph = args[2], *pr = args[3];                           \
        int64_t z = sizeof(Tin);                                                                   \
        if (s[0] == z && s[1] == 0 && s[2] == 0 && s[3] == z) {                                    \
            const C low = *(Tin *)pl, high = *(Tin *)ph;                                           \
            const Tin *x = (const Tin *)pa;                                                        \
            Tin *r = (Tin *)pr;                                                                    \
            if (!(ISNAN(low)) && !(ISNAN(high))) {                                                 \
                _Pragma("GCC ivdep") for (int64_t i = 0; i < n; i++)                               \
                {                                                                                  \
                    C v = x[i];                                                                    \
                    v = LESS(v, low) ? low : v;                                                    \
                    r[i] = (Tin)(LESS(high, v) ? high : v);                                        \
                }                                                                                  \
                return;                                                                            \
            }                                                                                      \
        }                                                                                          \
        for (int64_t i = 0; i < n; i++, pa += s[0], pl += s[1], ph += s[2], pr += s[3]) {          \
            C v = *(Tin *)pa, low = *(Tin *)pl, high = *(Tin *)ph;                                 \
            if (!(ISNAN(v))) v = ISNAN(low) || LESS(v, low) ? low : v;                             \
            if (!(ISNAN(v))) v = ISNAN(high) || LESS(high, v) ? high : v;                          \
            *(Tin *)pr = (Tin)v;                                                                   \
        }                                                                                          \
    }
#define LESS(a, b) ((a) < (b))
#define NEVER(a) 0
#define REAL_NAN(a) ((a) != (a))
#define LOOP_R3S(name)                                                                             \
    CLIP(BOOL, uint8_t, uint8_t, LESS, NEVER) CLIP(I8, int8_t, int8_t, LESS, NEVER)                \
    CLIP(U8, uint8_t, uint8_t, LESS, NEVER) CLIP(I16, int16_t, int16_t, LESS, NEVER)               \
    CLIP(U16, uint16_t, uint16_t, LESS, NEVER) CLIP(I32, int32_t, int32_t, LESS, NEVER)            \
    CLIP(U32, uint32_t, uint32_t, LESS, NEVER) CLIP(I64, int64_t, int64_t, LESS, NEVER)            \
    CLIP(U64, uint64_t, uint64_t, LESS, NEVER) CLIP(F16, _Float16, float, LESS, REAL_NAN)          \
    CLIP(F32, float, float, LESS, REAL_NAN) CLIP(F64, double, double, LESS, REAL_NAN)              \
    CLIP(C64, c64, c64, CLT, CNAN) CLIP(C128, c128, c128, CLT, CNAN)
#define ROWS_R3S(name)                                                                             \
    {"????", clip_BOOL, NULL}, {"bbbb", clip_I8, NULL}, {"BBBB", clip_U8, NULL},                   \
    {"hhhh", clip_I16, NULL}, {"HHHH", clip_U16, NULL}, {"iiii", clip_I32, NULL},                  \
    {"IIII", clip_U32, NULL}, {"llll", clip_I64, NULL}, {"LLLL", clip_U64, NULL},                  \
    {"eeee", clip_F16, NULL}, {"ffff", clip_F32, NULL}, {"dddd", clip_F64, NULL},                  \
    {"FFFF", clip_C64, NULL}, {"DDDD", clip_C128, NULL},

/* ---- divmod: two results ---- */

#define DIVMOD(SUF, Tin, C)                                                                        \
    static void divmod_##SUF(char **args, int64_t n, const int64_t *s, KR_UNUSED void *data)       \
    {                                                                                              \
        char *pa = args[0], *pb = args[1], *pq = args[2], *pm = args[3];                           \
        for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pq += s[2], pm += s[3]) {          \
            C a = *(Tin *)pa, b = *(Tin *)pb;                                                      \
            *(Tin *)pq = (Tin)FLOORDIV(a, b);                                                      \
            *(Tin *)pm = (Tin)MODULO(a, b);                                                        \
        }                                                                                          \
    }
#define LOOP_R22S(name)                                                                            \
    DIVMOD(I8, int8_t, int8_t) DIVMOD(U8, uint8_t, uint8_t) DIVMOD(I16, int16_t, int16_t)          \
    DIVMOD(U16, uint16_t, uint16_t) DIVMOD(I32, int32_t, int32_t) DIVMOD(U32, uint32_t, uint32_t)  \
    DIVMOD(I64, int64_t, int64_t) DIVMOD(U64, uint64_t, uint64_t) DIVMOD(F16, _Float16, float)     \
    DIVMOD(F32, float, float) DIVMOD(F64, double, double)
#define ROWS_R22S(name)                                                                            \
    {"bbbb", divmod_I8, NULL}, {"BBBB", divmod_U8, NULL}, {"hhhh", divmod_I16, NULL},              \
    {"HHHH", divmod_U16, NULL}, {"iiii", divmod_I32, NULL}, {"IIII", divmod_U32, NULL},            \
    {"llll", divmod_I64, NULL}, {"LLLL", divmod_U64, NULL}, {"eeee", divmod_F16, NULL},            \
    {"ffff", divmod_F32, NULL}, {"dddd", divmod_F64, NULL},

#include "modules/numpy/loops.h"
