/* Looks up SLEEF's functions by name. Names of version 3.5: Sleef_finz_sind4_u10avx2 is the
 * deterministic form with fused multiply-add, Sleef_cinz_sind2_u10sse2 the one without; the scalar
 * forms end in d1_u10purecfma and d1_u10purec. */
#include "jit/run/vmath.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Row {
    const char *name, *stem, *ulp;
    void *d, *f;
} Row;

static const Row rows[MATH_COUNT] = {
#define MATH1(code, name, stem, ulp, libm) [MATH_##code] = {name, stem, ulp, libm, libm##f},
#define MATH2(code, name, stem, ulp, libm) [MATH_##code] = {name, stem, ulp, libm, libm##f},
#include "jit/ir/math.def"
#undef MATH1
#undef MATH2
};

static VmathEntry entries[MATH_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

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
    VmathEntry *e = &entries[i];
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
    for (int i = 0; i < MATH_COUNT; i++) fill_row(library, i, fma, avx2, avx512);
}

const VmathEntry *jit_vmath_entry(IrMath fn)
{
    pthread_once(&once, fill);
    return &entries[fn];
}

void *jit_vmath_symbol(const char *name)
{
    if (strncmp(name, "jit", 3) || (name[3] != '.' && name[3] != '_')) return NULL;
    name += 4;
    size_t n = strcspn(name, ".");
    int lanes = name[n] ? atoi(name + n + 2) : 1;
    for (int i = 0; i < MATH_COUNT; i++) {
        size_t k = strlen(rows[i].name);
        if (n < k || n > k + 1 || memcmp(name, rows[i].name, k)) continue;
        bool single = n == k + 1;
        if (single && name[k] != 'f') continue;
        const VmathEntry *e = jit_vmath_entry((IrMath)i);
        if (lanes == 1) return single ? e->f : e->d;
        for (int v = 0; v < 3; v++)
            if (lanes == (single ? 4 : 2) << v) return single ? e->fv[v] : e->dv[v];
    }
    return NULL;
}
