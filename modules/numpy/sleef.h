/* sleef.h: elementary functions as loops: SLEEF's deterministic set, scalar and vector forms of equal bits. */
#ifndef MODULES_NUMPY_SLEEF_H
#define MODULES_NUMPY_SLEEF_H

#include "modules/numpy/numpy.h"

enum {
#define MATH1(code, name, stem, ulp, libm) M_##code,
#define MATH2(code, name, stem, ulp, libm) M_##code,
#include "jit/ir/math.def"
#undef MATH1
#undef MATH2
    M_COUNT
};

typedef struct MathRow {
    const char *stem, *ulp;
    void *d, *f;         /* scalar: SLEEF's once opened, else the C library's */
    void *dv, *fv;       /* of dlanes and flanes lanes, or NULL */
    int pole;            /* FE_DIVBYZERO or FE_OVERFLOW: what an infinite result of finite input means */
} MathRow;

extern MathRow maths[M_COUNT];
#define MLOOP(name) void name(char **args, int64_t n, const int64_t *s, void *data)
MLOOP(math1_F16);
MLOOP(math1_F32);
MLOOP(math1_F64);
MLOOP(math2_F16);
MLOOP(math2_F32);
MLOOP(math2_F64);

#endif
