/* The functions of math.def as C addresses: scalar, and vectors of 2, 4 and 8 lanes of equal bits.
 *
 * They come from SLEEF's deterministic set (fused multiply-add where the CPU has it, otherwise the
 * set without), opened on first use; a function that it lacks comes from the C library and has no
 * vector form. The choice is made once a process. */
#ifndef JIT_RUN_VMATH_H
#define JIT_RUN_VMATH_H

#include "jit/ir/ir.h"

typedef struct VmathEntry {
    union {
        double (*d1)(double);
        double (*d2)(double, double);
        void *d;
    };
    union {
        float (*f1)(float);
        float (*f2)(float, float);
        void *f;
    };
    void *dv[4]; /* lanes 2, 4, 8, and unused; NULL: none */
    void *fv[4]; /* lanes 4, 8, 16 */
} VmathEntry;

const VmathEntry *jit_vmath_entry(IrMath fn);
/* "jit.sin" (or "jit_sin"), "jit.sinf", "jit.sin.v4", "jit.sinf.v8"; NULL: unknown. */
void *jit_vmath_symbol(const char *name);

#endif
