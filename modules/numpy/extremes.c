/* extremes.c: where the greatest or least of numbers side by side stands.
 *
 * Blocks of 16 vectors are reduced lane by lane; of a block with something better than what is known only its beginning is
 * remembered, and the place in it looked for at the end. The first of equal ones counts, and the first NaN before all. The place gives the value, too: maximum.reduce
 * and minimum.reduce of floats go through here (loops.h, R2M). */
#include "modules/numpy/extremes.h"

static inline bool any_bit(const void *mask)
{
    uint64_t w[4];
    memcpy(w, mask, sizeof w);
    return (w[0] | w[1] | w[2] | w[3]) != 0;
}

enum { STEPS = 16 }; /* vectors of 32 bytes in a block */

/* T: elements; M: an integer of the size of T. */
#define EXTREME(SUF, T, M, name, better)                                             \
    CLONES int64_t np_arg_##SUF##_##name(const T *p, int64_t n)                      \
    {                                                                                \
        typedef T V __attribute__((vector_size(32), aligned(sizeof(T)), may_alias)); \
        typedef M Mask __attribute__((vector_size(32)));                             \
        enum { LANES = 32 / sizeof(T), BLOCK = LANES * STEPS };                      \
        if (n == 0) return 0;                                                        \
        T best = p[0];                                                               \
        int64_t from = 0, i = 0;                                                     \
        if (best != best) return 0;                                                  \
        for (; i + BLOCK <= n; i += BLOCK) {                                         \
            const V *v = (const V *)(p + i);                                         \
            V a = v[0], b = v[1];                                                    \
            Mask nan = (a != a) | (b != b);                                          \
            for (int k = 2; k < STEPS; k += 2) {                                     \
                Mask x = v[k] better a, y = v[k + 1] better b;                       \
                nan |= (v[k] != v[k]) | (v[k + 1] != v[k + 1]);                      \
                a = (V)((x & (Mask)v[k]) | (~x & (Mask)a));                          \
                b = (V)((y & (Mask)v[k + 1]) | (~y & (Mask)b));                      \
            }                                                                        \
            Mask found = (a better best) | (b better best) | nan;                    \
            if (!any_bit(&found)) continue;                                          \
            if (any_bit(&nan)) {                                                     \
                while (p[i] == p[i]) i++;                                            \
                return i;                                                            \
            }                                                                        \
            for (int k = 0; k < LANES; k++) {                                        \
                if (a[k] better best) best = a[k];                                   \
                if (b[k] better best) best = b[k];                                   \
            }                                                                        \
            from = i;                                                                \
        }                                                                            \
        for (; i + LANES <= n; i += LANES) {                                         \
            V v = *(const V *)(p + i);                                               \
            Mask found = (v better best) | (v != v);                                 \
            if (!any_bit(&found)) continue;                                          \
            for (int64_t k = i; k < i + LANES; k++) {                                \
                if (p[k] != p[k]) return k;                                          \
                if (!(p[k] better best)) continue;                                   \
                best = p[k];                                                         \
                from = k;                                                            \
            }                                                                        \
        }                                                                            \
        for (; i < n; i++) {                                                         \
            if (p[i] != p[i]) return i;                                              \
            if (!(p[i] better best)) continue;                                       \
            best = p[i];                                                             \
            from = i;                                                                \
        }                                                                            \
        while (p[from] != best) from++;                                              \
        return from;                                                                 \
    }
#define EXTREMES(SUF, T, M) EXTREME(SUF, T, M, maximum, >) EXTREME(SUF, T, M, minimum, <)
NP_EXTREME_TYPES(EXTREMES)
