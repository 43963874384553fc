/* loops_maths.c: the loops of section MATHS: elementary functions; real ones in sleef.c, complex ones by the C
 * library. */
#define MATHS
#include <complex.h>
#include <math.h>

#include "modules/numpy/ufunc_objects.h"

#define UFUNC_LIST np_maths_list
#define SQRT(a) _Generic((a), float: sqrtf, double: sqrt)(a)
#define CFN(fn, a) _Generic((a), float _Complex: fn##f, double _Complex: fn)(a)
#define CPOW(a, b) cpow(a, b)

#define LOGADD(T, f)                                                                               \
    static inline T logaddexp_##T(T a, T b)                                                        \
    {                                                                                              \
        if (a == b) return a + (T)0.693147180559945309417;                                         \
        T d = a - b;                                                                               \
        return d > 0 ? a + log1p##f(exp##f(-d)) : d <= 0 ? b + log1p##f(exp##f(d)) : d;            \
    }                                                                                              \
    static inline T logaddexp2_##T(T a, T b)                                                       \
    {                                                                                              \
        if (a == b) return a + 1;                                                                  \
        T d = a - b, k = (T)1.44269504088896340736;                                                \
        return d > 0 ? a + k * log1p##f(exp2##f(-d)) : d <= 0 ? b + k * log1p##f(exp2##f(d)) : d;  \
    }
LOGADD(float, f)
LOGADD(double, )
#define LOGADDEXP(a, b) _Generic((a), float: logaddexp_float, double: logaddexp_double)(a, b)
#define LOGADDEXP2(a, b) _Generic((a), float: logaddexp2_float, double: logaddexp2_double)(a, b)

#include "modules/numpy/loops.h"
