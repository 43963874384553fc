/* loops.h: from a section of ufunc_table.def to loops, rows and ufunc entries. A loops_*.c file defines
 * its section's name, and what its expressions use, and includes this.
 *
 * A binary loop tells apart: all contiguous; one operand constant; the reduction (first operand and
 * result are one element); anything else. `ivdep` holds because ufunc.c hands over only operands that are
 * equal or apart. In an expression T is the type computed in and W its unsigned form. */
#include <complex.h>
#include <fenv.h>

#include "modules/numpy/extremes.h"
#include "modules/numpy/numpy.h"
#include "modules/numpy/ufunc_objects.h"
#include "modules/numpy/sleef.h"

typedef float _Complex c64;
typedef double _Complex c128;

/* The unsigned type in which integers wrap. */
typedef uint32_t W_int8_t, W_uint8_t, W_int16_t, W_uint16_t, W_int32_t, W_uint32_t;
typedef uint64_t W_int64_t, W_uint64_t;
typedef float W_float, W__Float16;
typedef double W_double;
typedef c64 W_c64;
typedef c128 W_c128;

#define VECTOR _Pragma("GCC ivdep")
#define LOOP_ARGS char **args, int64_t n, const int64_t *s, KR_UNUSED void *data
#define TYPES(C) KR_UNUSED typedef C T; KR_UNUSED typedef W_##C W;

#define BINARY_HEAD(Tin, R)                                                                        \
    char *pa = args[0], *pb = args[1], *pr = args[2];                                              \
    const int64_t sa = s[0], sb = s[1], sr = s[2], z = sizeof(Tin);

#define BINARY_MAP(Tin, C, R, e)                                                                   \
    if (sa == z && sb == z && sr == (int64_t)sizeof(R)) {                                          \
        const Tin *x = (const Tin *)pa, *y = (const Tin *)pb;                                      \
        R *r = (R *)pr;                                                                            \
        VECTOR for (int64_t i = 0; i < n; i++) {                                                   \
            const C a = x[i], b = y[i];                                                            \
            r[i] = (R)(e);                                                                         \
        }                                                                                          \
    } else if (sa == 0 && sb == z && sr == (int64_t)sizeof(R)) {                                   \
        const Tin *y = (const Tin *)pb;                                                            \
        R *r = (R *)pr;                                                                            \
        const C a = *(const Tin *)pa;                                                              \
        VECTOR for (int64_t i = 0; i < n; i++) {                                                   \
            const C b = y[i];                                                                      \
            r[i] = (R)(e);                                                                         \
        }                                                                                          \
    } else if (sb == 0 && sa == z && sr == (int64_t)sizeof(R)) {                                   \
        const Tin *x = (const Tin *)pa;                                                            \
        R *r = (R *)pr;                                                                            \
        const C b = *(const Tin *)pb;                                                              \
        VECTOR for (int64_t i = 0; i < n; i++) {                                                   \
            const C a = x[i];                                                                      \
            r[i] = (R)(e);                                                                         \
        }                                                                                          \
    } else {                                                                                       \
        for (int64_t i = 0; i < n; i++, pa += sa, pb += sb, pr += sr) {                            \
            const C a = *(const Tin *)pa, b = *(const Tin *)pb;                                    \
            *(R *)pr = (R)(e);                                                                     \
        }                                                                                          \
    }

#define IS_REDUCTION(Tin, R) (pa == pr && sa == 0 && sr == 0 && sizeof(Tin) == sizeof(R))

#define LOOP_R2(name, SUF, Tin, C, R, types, e)                                                    \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        BINARY_HEAD(Tin, R)                                                                        \
        if (IS_REDUCTION(Tin, R)) {                                                                \
            C a = *(Tin *)pa;                                                                      \
            if (sb == z) {                                                                         \
                const Tin *y = (const Tin *)pb;                                                    \
                for (int64_t i = 0; i < n; i++) {                                                  \
                    const C b = y[i];                                                              \
                    a = (C)(R)(e);                                                                 \
                }                                                                                  \
            } else {                                                                               \
                for (int64_t i = 0; i < n; i++, pb += sb) {                                        \
                    const C b = *(const Tin *)pb;                                                  \
                    a = (C)(R)(e);                                                                 \
                }                                                                                  \
            }                                                                                      \
            *(R *)pr = (R)a;                                                                       \
            return;                                                                                \
        }                                                                                          \
        BINARY_MAP(Tin, C, R, e)                                                                   \
    }

/* Order does not matter: sixteen accumulators. */
#define LOOP_R2X(name, SUF, Tin, C, R, types, e)                                                   \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        BINARY_HEAD(Tin, R)                                                                        \
        if (IS_REDUCTION(Tin, R)) {                                                                \
            C acc[16];                                                                             \
            const Tin *y = (const Tin *)pb;                                                        \
            int64_t i = 0;                                                                         \
            for (int k = 0; k < 16; k++) acc[k] = *(Tin *)pa;                                      \
            if (sb == z)                                                                           \
                for (; i + 16 <= n; i += 16)                                                       \
                    for (int k = 0; k < 16; k++) {                                                 \
                        const C a = acc[k], b = y[i + k];                                          \
                        acc[k] = (e);                                                              \
                    }                                                                              \
            C a = acc[0];                                                                          \
            for (int k = 1; k < 16; k++) {                                                         \
                const C b = acc[k];                                                                \
                a = (e);                                                                           \
            }                                                                                      \
            for (pb += i * sb; i < n; i++, pb += sb) {                                             \
                const C b = *(const Tin *)pb;                                                      \
                a = (e);                                                                           \
            }                                                                                      \
            *(R *)pr = (R)a;                                                                       \
            return;                                                                                \
        }                                                                                          \
        BINARY_MAP(Tin, C, R, e)                                                                   \
    }

/* The extreme of floats side by side. */
#define LOOP_R2M(name, SUF, Tin, C, R, types, e)                                                   \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        BINARY_HEAD(Tin, R)                                                                        \
        if (IS_REDUCTION(Tin, R)) {                                                                \
            C a = *(Tin *)pa;                                                                      \
            if (sb == z && n >= 64) {                                                              \
                const Tin *y = (const Tin *)pb;                                                    \
                const C b = y[np_arg_##SUF##_##name(y, n)];                                        \
                a = (e);                                                                           \
                n = 0;                                                                             \
            }                                                                                      \
            for (int64_t i = 0; i < n; i++, pb += sb) {                                            \
                const C b = *(const Tin *)pb;                                                      \
                a = (e);                                                                           \
            }                                                                                      \
            *(R *)pr = (R)a;                                                                       \
            return;                                                                                \
        }                                                                                          \
        BINARY_MAP(Tin, C, R, e)                                                                   \
    }

/* Pairwise summation: halves down to blocks of 128, a block in eight accumulators. */
#define LOOP_R2P(name, SUF, Tin, C, R, types, e)                                                   \
    CLONES static C pairwise_##name##_##SUF(const char *p, int64_t n, int64_t s)                   \
    {                                                                                              \
        if (n < 8) {                                                                               \
            C r = (C)-0.0;                                                                         \
            for (int64_t i = 0; i < n; i++) r += (C) * (const Tin *)(p + i * s);                   \
            return r;                                                                              \
        }                                                                                          \
        if (n <= 128) {                                                                            \
            C r[8];                                                                                \
            int64_t i;                                                                             \
            if (s == (int64_t)sizeof(Tin)) {                                                       \
                const Tin *x = (const Tin *)p;                                                     \
                for (int k = 0; k < 8; k++) r[k] = (C)x[k];                                        \
                for (i = 8; i < n - n % 8; i += 8)                                                 \
                    for (int k = 0; k < 8; k++) r[k] += (C)x[i + k];                               \
            } else {                                                                               \
                for (int k = 0; k < 8; k++) r[k] = (C) * (const Tin *)(p + k * s);                 \
                for (i = 8; i < n - n % 8; i += 8)                                                 \
                    for (int k = 0; k < 8; k++) r[k] += (C) * (const Tin *)(p + (i + k) * s);      \
            }                                                                                      \
            C sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));             \
            for (; i < n; i++) sum += (C) * (const Tin *)(p + i * s);                              \
            return sum;                                                                            \
        }                                                                                          \
        int64_t half = n / 2;                                                                      \
        half -= half % 8;                                                                          \
        return pairwise_##name##_##SUF(p, half, s) + pairwise_##name##_##SUF(p + half * s, n - half, s); \
    }                                                                                              \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        BINARY_HEAD(Tin, R)                                                                        \
        if (IS_REDUCTION(Tin, R)) {                                                                \
            *(R *)pr = (R)((C) * (Tin *)pa + pairwise_##name##_##SUF(pb, n, sb));                  \
            return;                                                                                \
        }                                                                                          \
        BINARY_MAP(Tin, C, R, e)                                                                   \
    }

/* The same for complex numbers: four accumulators of each part. */
#define LOOP_R2C(name, SUF, Tin, C, R, types, e)                                                   \
    static C pairwise_##name##_##SUF(const char *p, int64_t n, int64_t s)                          \
    {                                                                                              \
        if (n < 4) {                                                                               \
            C r = 0;                                                                               \
            __real__ r = -0.0;                                                                     \
            __imag__ r = -0.0;                                                                     \
            for (int64_t i = 0; i < n; i++) r += *(const Tin *)(p + i * s);                        \
            return r;                                                                              \
        }                                                                                          \
        if (n <= 64) {                                                                             \
            C r[4];                                                                                \
            int64_t i;                                                                             \
            for (int k = 0; k < 4; k++) r[k] = *(const Tin *)(p + k * s);                          \
            for (i = 4; i < n - n % 4; i += 4)                                                     \
                for (int k = 0; k < 4; k++) r[k] += *(const Tin *)(p + (i + k) * s);               \
            C sum = (r[0] + r[1]) + (r[2] + r[3]);                                                 \
            for (; i < n; i++) sum += *(const Tin *)(p + i * s);                                   \
            return sum;                                                                            \
        }                                                                                          \
        int64_t half = n / 2;                                                                      \
        half -= half % 4;                                                                          \
        return pairwise_##name##_##SUF(p, half, s) + pairwise_##name##_##SUF(p + half * s, n - half, s); \
    }                                                                                              \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        BINARY_HEAD(Tin, R)                                                                        \
        if (IS_REDUCTION(Tin, R)) {                                                                \
            *(R *)pr = *(Tin *)pa + pairwise_##name##_##SUF(pb, n, sb);                            \
            return;                                                                                \
        }                                                                                          \
        BINARY_MAP(Tin, C, R, e)                                                                   \
    }

enum { GATHERED = 64 };
#define LOOP_R1(name, SUF, Tin, C, R, types, e)                                                    \
    CLONES static void name##_##SUF(LOOP_ARGS)                                                     \
    {                                                                                              \
        TYPES(C)                                                                                   \
        char *pa = args[0], *pr = args[1];                                                         \
        const int64_t sa = s[0], sr = s[1];                                                        \
        if (sa == (int64_t)sizeof(Tin) && sr == (int64_t)sizeof(R)) {                              \
            const Tin *x = (const Tin *)pa;                                                        \
            R *r = (R *)pr;                                                                        \
            VECTOR for (int64_t i = 0; i < n; i++) {                                               \
                const C a = x[i];                                                                  \
                r[i] = (R)(e);                                                                     \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        if (sr == (int64_t)sizeof(R) && pa != pr) { /* whole vectors of gathered elements */       \
            Tin x[GATHERED];                                                                       \
            for (; n >= GATHERED; n -= GATHERED, pr += GATHERED * sr) {                            \
                for (int i = 0; i < GATHERED; i++, pa += sa) x[i] = *(const Tin *)pa;              \
                R *r = (R *)pr;                                                                    \
                VECTOR for (int i = 0; i < GATHERED; i++) {                                        \
                    const C a = x[i];                                                              \
                    r[i] = (R)(e);                                                                 \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
        for (int64_t i = 0; i < n; i++, pa += sa, pr += sr) {                                      \
            const C a = *(const Tin *)pa;                                                          \
            *(R *)pr = (R)(e);                                                                     \
        }                                                                                          \
    }

/* ---- The loops ---- */

#define UFUNC(name, nin, nout, identity, flags, doc)
#define END
#define ROW(types, loop, data)
#define R1 LOOP_R1
#define R2 LOOP_R2
#define R2X LOOP_R2X
#define R2M LOOP_R2M
#define R2P LOOP_R2P
#define R2C LOOP_R2C
#define OBJ1(name, f)
#define OBJ2(name, op)
#define OBJ2M(name, op)
#define OBJM(name)
#define CMPROWS(name, op)
#define R3S LOOP_R3S
#define R22S LOOP_R22S
#include "modules/numpy/ufunc_table.def"
#undef UFUNC
#undef END
#undef ROW
#undef R1
#undef R2
#undef R2X
#undef R2M
#undef R2P
#undef R2C
#undef OBJ1
#undef OBJ2
#undef OBJ2M
#undef OBJM
#undef CMPROWS
#undef R3S
#undef R22S

/* ---- The rows ---- */

#define UFUNC(name, nin, nout, identity, flags, doc) static const NpLoopRow name##_rows[] = {
#define END };
#define ROW(types, loop, data) {types, loop, (void *)(data)},
#define R1(name, SUF, Tin, C, R, types, e) {types, name##_##SUF, NULL},
#define R2 R1
#define R2X R1
#define R2M R1
#define R2P R1
#define R2C R1
#define OBJ1(name, f) {"OO", object_unary, (void *)f},
#define OBJ2(name, op) {"OOO", object_binary, (void *)(intptr_t)(op)},
#define OBJ2M(name, op) {"OOO", object_choose, (void *)(intptr_t)(op)},
#define OBJM(name) {"OO", object_method, (void *)#name},
#define CMPROWS(name, op) {"OO?", object_compare, (void *)(intptr_t)(op)},                         \
    {"UU?", text_compare, (void *)(intptr_t)(op)}, {"SS?", text_compare, (void *)(intptr_t)(op)},  \
    {"MM?", time_compare, (void *)(intptr_t)(op)}, {"mm?", time_compare, (void *)(intptr_t)(op)},
#define R3S ROWS_R3S
#define R22S ROWS_R22S
#include "modules/numpy/ufunc_table.def"
#undef UFUNC
#undef END
#undef ROW
#undef R1
#undef OBJ1
#undef OBJ2
#undef OBJ2M
#undef OBJM
#undef CMPROWS
#undef R3S
#undef R22S

/* ---- The list ---- */

#define NOTHING(...)
#define UFUNC(name_, nin_, nout_, identity_, flags_, doc_)                                         \
    {#name_, doc_, nin_, nout_, identity_, flags_, name_##_rows, sizeof name_##_rows / sizeof *name_##_rows},
#define END
#define ROW NOTHING
#define R1 NOTHING
#undef R2
#undef R2X
#undef R2M
#undef R2P
#undef R2C
#define R2 NOTHING
#define R2X NOTHING
#define R2M NOTHING
#define R2P NOTHING
#define R2C NOTHING
#define OBJ1 NOTHING
#define OBJ2 NOTHING
#define OBJ2M NOTHING
#define OBJM NOTHING
#define CMPROWS NOTHING
#define R3S NOTHING
#define R22S NOTHING
const UfuncEntry UFUNC_LIST[] = {
#include "modules/numpy/ufunc_table.def"
    {0},
};
