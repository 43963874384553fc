/* loops_logic.c: the loops of section LOGIC: comparisons, truth, bits, rounding, parts of floats. */
#define LOGIC
#include <math.h>

#include "modules/numpy/ufunc_objects.h"

#define UFUNC_LIST np_logic_list
#define FABS(a) _Generic((a), float: fabsf, double: fabs)(a)
#define FLOOR(a) _Generic((a), float: floorf, double: floor)(a)
#define CEIL(a) _Generic((a), float: ceilf, double: ceil)(a)
#define TRUNC(a) _Generic((a), float: truncf, double: trunc)(a)
#define RINT(a) _Generic((a), float: rintf, double: rint)(a)
#define COPYSIGN(a, b) _Generic((a), float: copysignf, double: copysign)(a, b)
#define COUNT(a) (uint8_t)__builtin_popcountll((a) < 0 ? 0 - (uint64_t)(a) : (uint64_t)(a))
#define CNAN(a) ((__real__(a) != __real__(a)) | (__imag__(a) != __imag__(a)))
#define CLT(a, b) ((__real__(a) < __real__(b)) | ((__real__(a) == __real__(b)) & (__imag__(a) < __imag__(b))))
#define CLE(a, b) ((__real__(a) < __real__(b)) | ((__real__(a) == __real__(b)) & (__imag__(a) <= __imag__(b))))

static _Float16 half_nextafter(_Float16 a, _Float16 b)
{
    if (a != a || b != b) return a + b;
    if (a == b) return b;
    uint16_t bits;
    memcpy(&bits, &a, 2);
    if ((bits & 0x7fff) == 0) bits = b > 0 ? 1 : 0x8001;
    else if ((a < b) == (a > 0)) bits++;
    else bits--;
    memcpy(&a, &bits, 2);
    return a;
}

#define LDEXP(name, T, I, f)                                                                       \
    static void name(char **args, int64_t n, const int64_t *s, KR_UNUSED void *data)               \
    {                                                                                              \
        char *pa = args[0], *pb = args[1], *pr = args[2];                                          \
        for (int64_t i = 0; i < n; i++, pa += s[0], pb += s[1], pr += s[2]) {                      \
            int64_t e = *(I *)pb;                                                                  \
            *(T *)pr = f(*(T *)pa, e > 100000 ? 100000 : e < -100000 ? -100000 : (int)e);          \
        }                                                                                          \
    }
LDEXP(ldexp_F32, float, int32_t, ldexpf)
LDEXP(ldexp_F32L, float, int64_t, ldexpf)
LDEXP(ldexp_F64, double, int32_t, ldexp)
LDEXP(ldexp_F64L, double, int64_t, ldexp)

#define TWO_PARTS(name, T, R, body)                                                                \
    static void name(char **args, int64_t n, const int64_t *s, KR_UNUSED void *data)               \
    {                                                                                              \
        char *pa = args[0], *p0 = args[1], *p1 = args[2];                                          \
        for (int64_t i = 0; i < n; i++, pa += s[0], p0 += s[1], p1 += s[2]) {                      \
            T a = *(T *)pa, first;                                                                 \
            R second;                                                                              \
            body;                                                                                  \
            *(T *)p0 = first;                                                                      \
            *(R *)p1 = second;                                                                     \
        }                                                                                          \
    }
TWO_PARTS(frexp_F32, float, int32_t, int e; first = frexpf(a, &e); second = e)
TWO_PARTS(frexp_F64, double, int32_t, int e; first = frexp(a, &e); second = e)
TWO_PARTS(modf_F32, float, float, first = modff(a, &second))
TWO_PARTS(modf_F64, double, double, first = modf(a, &second))

#include "modules/numpy/loops.h"
