/* maths.c: the elementary functions (KR_MATHS in krait.h), looked up in SLEEF by name on first use.
 *
 * Names of version 3.5: Sleef_finz_sind4_u10avx2 is the deterministic form with fused multiply-add,
 * Sleef_cinz_sind2_u10sse2 the one without; the scalar forms end in d1_u10purecfma and d1_u10purec. The choice is made
 * once a process: fused where the CPU has it. Without the library everything is the C library's. */
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "runtime/krait.h"

typedef struct Row {
    const char *stem, *ulp;
    void *d, *f;
} Row;

static const Row rows[KR_MATH_COUNT] = {
#define ROW(code, name, stem, ulp, libm) [KR_MATH_##code] = {stem, ulp, libm, libm##f},
    KR_MATHS(ROW, ROW)
#undef ROW
};

static KrMathEntry entries[KR_MATH_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- Functions for kernels ---- */

enum { NATIVES_MAX = 128 };
static struct {
    const char *name;
    KrNative function;
} natives[NATIVES_MAX];
static size_t native_count; /* entered under the lock, never removed */

void kr_native_enter(const char *name, KrNative function)
{
    if (native_count == NATIVES_MAX || kr_native_find(name)) return;
    natives[native_count].name = name;
    natives[native_count].function = function;
    __atomic_fetch_add(&native_count, 1, __ATOMIC_RELEASE);
}

KrNative kr_native_find(const char *name)
{
    size_t n = __atomic_load_n(&native_count, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(natives[i].name, name)) return natives[i].function;
    return NULL;
}

/* ---- Where SLEEF is near but Python exact ---- */

static double (*near_gamma)(double), (*near_lgamma)(double), (*near_tan)(double);

/* (n - 1)! is exact as long as it fits. */
static double gamma_of(double x)
{
    if (x != floor(x) || !(x >= 1 && x <= 23)) return near_gamma(x);
    double r = 1;
    for (double k = 2; k < x; k++) r *= k;
    return r;
}

/* SLEEF's overflows before the largest arguments. */
static double lgamma_of(double x)
{
    int sign;
    if (x > 1e300) return lgamma_r(x, &sign);
    return x == 1 || x == 2 ? 0.0 : near_lgamma(x);
}

/* The smallest numbers are their own tangents. */
static double tan_of(double x) { return fabs(x) < 1e-300 ? x : near_tan(x); }

static void make_exact(KrMath fn, double (**near)(double), double (*exact)(double))
{
    KrMathEntry *e = &entries[fn];
    *near = e->d1;
    e->d1 = exact;
    for (int i = 0; i < 3; i++) e->dv[i] = NULL; /* the vector forms have other bits */
}

/* ---- Looking up ---- */

static void *find(void *library, bool fma, const Row *row, char type, int lanes, const char *isa)
{
    char name[80];
    snprintf(name, sizeof name, "Sleef_%s_%s%c%d_%s%s", fma ? "finz" : "cinz", row->stem, type,
             lanes, row->ulp, isa);
    return dlsym(library, name);
}

static void fill_row(void *library, int i, bool fma, bool avx2, bool avx512)
{
    const Row *row = &rows[i];
    KrMathEntry *e = &entries[i];
    e->d = row->d;
    e->f = row->f;
    if (!library || !row->stem) return;
    const char *scalar = fma ? "purecfma" : "purec";
    void *d = find(library, fma, row, 'd', 1, scalar), *f = find(library, fma, row, 'f', 1, scalar);
    if (d) {
        e->d = d;
        e->dv[0] = find(library, fma, row, 'd', 2, fma ? "avx2128" : "sse2");
        e->dv[1] = fma && avx2 ? find(library, fma, row, 'd', 4, "avx2") : NULL;
        e->dv[2] = fma && avx512 ? find(library, fma, row, 'd', 8, "avx512f") : NULL;
    }
    if (f) {
        e->f = f;
        e->fv[0] = find(library, fma, row, 'f', 4, fma ? "avx2128" : "sse2");
        e->fv[1] = fma && avx2 ? find(library, fma, row, 'f', 8, "avx2") : NULL;
        e->fv[2] = fma && avx512 ? find(library, fma, row, 'f', 16, "avx512f") : NULL;
    }
}

static void fill(void)
{
    void *library = dlopen("libsleef.so.3", RTLD_NOW | RTLD_LOCAL);
    bool fma = false, avx2 = false, avx512 = false;
#if defined(__x86_64__)
    __builtin_cpu_init();
    avx2 = __builtin_cpu_supports("avx2");
    fma = avx2 && __builtin_cpu_supports("fma");
    avx512 = fma && __builtin_cpu_supports("avx512f");
#endif
    for (int i = 0; i < KR_MATH_COUNT; i++) fill_row(library, i, fma, avx2, avx512);
    make_exact(KR_MATH_TAN, &near_tan, tan_of);
    make_exact(KR_MATH_TGAMMA, &near_gamma, gamma_of);
    make_exact(KR_MATH_LGAMMA, &near_lgamma, lgamma_of);
}

const KrMathEntry *kr_math(KrMath fn)
{
    pthread_once(&once, fill);
    return &entries[fn];
}

double kr_math1(KrMath fn, double x) { return kr_math(fn)->d1(x); }
double kr_math2(KrMath fn, double x, double y) { return kr_math(fn)->d2(x, y); }
