/* sleef.c: loops over the elementary functions of krait.h (kr_math), in vectors where they have a vector form.
 *
 * The library's own floating-point flags mean nothing (lanes that are masked out raise them), so they
 * are put back after each piece, and what NumPy would report is found from operands and results:
 * a NaN that no operand had is invalid, an infinity from finite operands is a pole or an overflow. */
#include <fenv.h>
#include <immintrin.h>
#include <pthread.h>

#include "modules/numpy/sleef.h"

MathRow maths[M_COUNT];

static int width; /* bytes of a vector */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void)
{
    static const int logs[] = {M_LOG, M_LOG2, M_LOG10, M_LOG1P, M_ATANH};
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2"), fma = avx2 && __builtin_cpu_supports("fma");
    int wide = fma && __builtin_cpu_supports("avx512f") ? 2 : fma ? 1 : 0;
    width = 16 << wide;
    for (int i = 0; i < M_COUNT; i++) {
        const KrMathEntry *e = kr_math((KrMath)i);
        maths[i] = (MathRow){e->d, e->f, e->dv[wide], e->fv[wide], FE_OVERFLOW};
    }
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) maths[logs[i]].pole = FE_DIVBYZERO;
}

/* ---- Vector calls: whole vectors from one contiguous buffer to another ---- */

#define VECTOR_CALLS(T, V, SUFFIX, isa, load, store, bytes)                                        \
    __attribute__((target(isa))) static int64_t call1_##SUFFIX(void *f, const T *x, T *r, int64_t n) \
    {                                                                                              \
        V (*function)(V);                                                                          \
        memcpy(&function, &f, sizeof f);                                                           \
        int64_t i = 0, lanes = bytes / (int64_t)sizeof(T);                                         \
        for (; i + lanes <= n; i += lanes) store(r + i, function(load(x + i)));                    \
        return i;                                                                                  \
    }                                                                                              \
    __attribute__((target(isa))) static int64_t call2_##SUFFIX(void *f, const T *x, const T *y, T *r, int64_t n) \
    {                                                                                              \
        V (*function)(V, V);                                                                       \
        memcpy(&function, &f, sizeof f);                                                           \
        int64_t i = 0, lanes = bytes / (int64_t)sizeof(T);                                         \
        for (; i + lanes <= n; i += lanes) store(r + i, function(load(x + i), load(y + i)));       \
        return i;                                                                                  \
    }
VECTOR_CALLS(double, __m128d, d16, "sse2", _mm_loadu_pd, _mm_storeu_pd, 16)
VECTOR_CALLS(float, __m128, f16, "sse2", _mm_loadu_ps, _mm_storeu_ps, 16)
VECTOR_CALLS(double, __m256d, d32, "avx2,fma", _mm256_loadu_pd, _mm256_storeu_pd, 32)
VECTOR_CALLS(float, __m256, f32, "avx2,fma", _mm256_loadu_ps, _mm256_storeu_ps, 32)
VECTOR_CALLS(double, __m512d, d64, "avx512f", _mm512_loadu_pd, _mm512_storeu_pd, 64)
VECTOR_CALLS(float, __m512, f64, "avx512f", _mm512_loadu_ps, _mm512_storeu_ps, 64)

#define PIECE 1024

#define PIECE_LOOPS(T, L, vector_form, scalar_form)                                                \
    static void apply1_##L(const MathRow *row, const T *x, T *r, int64_t n)                        \
    {                                                                                              \
        int64_t i = 0;                                                                             \
        if (row->vector_form) {                                                                    \
            i = width == 64 ? call1_##L##64(row->vector_form, x, r, n)                             \
              : width == 32 ? call1_##L##32(row->vector_form, x, r, n)                             \
                            : call1_##L##16(row->vector_form, x, r, n);                            \
        }                                                                                          \
        T (*scalar)(T);                                                                            \
        memcpy(&scalar, &row->scalar_form, sizeof scalar);                                         \
        for (; i < n; i++) r[i] = scalar(x[i]);                                                    \
    }                                                                                              \
    static void apply2_##L(const MathRow *row, const T *x, const T *y, T *r, int64_t n)            \
    {                                                                                              \
        int64_t i = 0;                                                                             \
        if (row->vector_form) {                                                                    \
            i = width == 64 ? call2_##L##64(row->vector_form, x, y, r, n)                          \
              : width == 32 ? call2_##L##32(row->vector_form, x, y, r, n)                          \
                            : call2_##L##16(row->vector_form, x, y, r, n);                         \
        }                                                                                          \
        T (*scalar)(T, T);                                                                         \
        memcpy(&scalar, &row->scalar_form, sizeof scalar);                                         \
        for (; i < n; i++) r[i] = scalar(x[i], y[i]);                                              \
    }                                                                                              \
    CLONES static int suspects_##L(const T *x, const T *y, const T *r, int64_t n, int pole)        \
    {                                                                                              \
        int any = 0;                                                                               \
        for (int64_t i = 0; i < n; i++) any |= !(__builtin_fabs##L##_(r[i]) < (T)INFINITY);        \
        if (!any) return 0;                                                                        \
        int flags = 0;                                                                             \
        for (int64_t i = 0; i < n; i++) {                                                          \
            T b = y ? y[i] : 0;                                                                    \
            if (r[i] != r[i]) {                                                                    \
                if (x[i] == x[i] && b == b) flags |= FE_INVALID;                                   \
            } else if (__builtin_fabs##L##_(r[i]) == (T)INFINITY &&                                \
                       __builtin_fabs##L##_(x[i]) < (T)INFINITY && __builtin_fabs##L##_(b) < (T)INFINITY) { \
                flags |= y && x[i] == 0 ? FE_DIVBYZERO : pole;                                     \
            }                                                                                      \
        }                                                                                          \
        return flags;                                                                              \
    }
#define __builtin_fabsd_ __builtin_fabs
#define __builtin_fabsf_ __builtin_fabsf
PIECE_LOOPS(double, d, dv, d)
PIECE_LOOPS(float, f, fv, f)

static void raise_flags(int flags)
{
    if (flags) np_fp_raise(flags);
}

/* Operands that are not packed go through buffers; so do halves. */
#define MATH_LOOPS(SUF, Tio, T, L)                                                                 \
    void math1_##SUF(char **args, int64_t n, const int64_t *s, void *data)                         \
    {                                                                                              \
        const MathRow *row = data;                                                                 \
        pthread_once(&once, open_library);                                                         \
        T in[PIECE], out[PIECE];                                                                   \
        char *pa = args[0], *pr = args[1];                                                         \
        bool direct_in = s[0] == (int64_t)sizeof(T) && sizeof(Tio) == sizeof(T);                   \
        bool direct_out = s[1] == (int64_t)sizeof(T) && sizeof(Tio) == sizeof(T) && pa != pr;      \
        unsigned saved = _mm_getcsr();                                                             \
        int flags = 0;                                                                             \
        for (int64_t i = 0; i < n; i += PIECE) {                                                   \
            int64_t m = n - i < PIECE ? n - i : PIECE;                                             \
            const T *x = (const T *)(pa + i * s[0]);                                               \
            T *r = direct_out ? (T *)(pr + i * s[1]) : out;                                        \
            if (!direct_in) {                                                                      \
                for (int64_t k = 0; k < m; k++) in[k] = (T) * (const Tio *)(pa + (i + k) * s[0]);  \
                x = in;                                                                            \
            }                                                                                      \
            apply1_##L(row, x, r, m);                                                              \
            flags |= suspects_##L(x, NULL, r, m, row->pole);                                       \
            if (!direct_out)                                                                       \
                for (int64_t k = 0; k < m; k++) *(Tio *)(pr + (i + k) * s[1]) = (Tio)r[k];         \
        }                                                                                          \
        _mm_setcsr(saved);                                                                         \
        raise_flags(flags);                                                                        \
    }                                                                                              \
    void math2_##SUF(char **args, int64_t n, const int64_t *s, void *data)                         \
    {                                                                                              \
        const MathRow *row = data;                                                                 \
        pthread_once(&once, open_library);                                                         \
        T in[PIECE], in2[PIECE], out[PIECE];                                                       \
        char *pa = args[0], *pb = args[1], *pr = args[2];                                          \
        bool same = sizeof(Tio) == sizeof(T);                                                      \
        bool direct_a = s[0] == (int64_t)sizeof(T) && same, direct_b = s[1] == (int64_t)sizeof(T) && same; \
        bool direct_out = s[2] == (int64_t)sizeof(T) && same && pa != pr && pb != pr;              \
        unsigned saved = _mm_getcsr();                                                             \
        int flags = 0;                                                                             \
        for (int64_t i = 0; i < n; i += PIECE) {                                                   \
            int64_t m = n - i < PIECE ? n - i : PIECE;                                             \
            if (s[2] == 0) m = 1;                                                                  \
            const T *x = (const T *)(pa + i * s[0]), *y = (const T *)(pb + i * s[1]);              \
            T *r = direct_out ? (T *)(pr + i * s[2]) : out;                                        \
            if (!direct_a) {                                                                       \
                for (int64_t k = 0; k < m; k++) in[k] = (T) * (const Tio *)(pa + (i + k) * s[0]);  \
                x = in;                                                                            \
            }                                                                                      \
            if (!direct_b) {                                                                       \
                for (int64_t k = 0; k < m; k++) in2[k] = (T) * (const Tio *)(pb + (i + k) * s[1]); \
                y = in2;                                                                           \
            }                                                                                      \
            apply2_##L(row, x, y, r, m);                                                           \
            flags |= suspects_##L(x, y, r, m, row->pole);                                          \
            if (!direct_out)                                                                       \
                for (int64_t k = 0; k < m; k++) *(Tio *)(pr + (i + k) * s[2]) = (Tio)r[k];         \
            if (s[2] == 0) i -= PIECE - 1;                                                         \
        }                                                                                          \
        _mm_setcsr(saved);                                                                         \
        raise_flags(flags);                                                                        \
    }
MATH_LOOPS(F16, _Float16, float, f)
MATH_LOOPS(F32, float, float, f)
MATH_LOOPS(F64, double, double, d)
