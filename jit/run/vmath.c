/* vmath.c: names of elementary functions to addresses. */
#include "jit/run/vmath.h"

#include <stdlib.h>
#include <string.h>

#include "jit/ir/ir.h"

void *jit_vmath_symbol(const char *name)
{
    if (strncmp(name, "jit", 3) || (name[3] != '.' && name[3] != '_')) return NULL;
    name += 4;
    size_t n = strcspn(name, ".");
    int lanes = name[n] ? atoi(name + n + 2) : 1;
    for (int i = 0; i < MATH_COUNT; i++) {
        size_t k = strlen(jit_ir_math_names[i]);
        if (n < k || n > k + 1 || memcmp(name, jit_ir_math_names[i], k)) continue;
        bool single = n == k + 1;
        if (single && name[k] != 'f') continue;
        const KrMathEntry *e = kr_math((KrMath)i);
        if (lanes == 1) return single ? e->f : e->d;
        for (int v = 0; v < 3; v++)
            if (lanes == (single ? 4 : 2) << v) return single ? e->fv[v] : e->dv[v];
    }
    return NULL;
}
