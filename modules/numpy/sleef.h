/* sleef.h: elementary functions as loops: SLEEF's deterministic set, scalar and vector forms of equal bits. */
#ifndef MODULES_NUMPY_SLEEF_H
#define MODULES_NUMPY_SLEEF_H

#include "modules/numpy/numpy.h"

enum {
#define CODE(code, name, stem, ulp, libm) M_##code,
    KR_MATHS(CODE, CODE)
#undef CODE
    M_COUNT
};

typedef struct MathRow {
    void *d, *f;         /* scalar */
    void *dv, *fv;       /* of the widest vectors that the CPU has, or NULL */
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
