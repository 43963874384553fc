/* mt_jump.c: 2^128 steps of MT19937 at once (Haramoto et al. 2008).
 *
 * A step is a linear map F over the field of two elements, so F^(2^128) is g(F), where g = x^(2^128) modulo the
 * characteristic polynomial of F, of degree 19937. The jump walks as many steps as g has powers and adds up the states where g has a
 * coefficient. mt_jump_tables.c holds g. */
#include <string.h>

#include "modules/numpy/random/bits.h"
#include "modules/numpy/random/mt_jump.h"

enum { N = NP_MT_WORDS, M = 397 };

/* One word further; `at` is where the ring begins. */
static void step(uint32_t *s, int *at)
{
    int k = *at;
    uint32_t y = (s[k] & 0x80000000u) | (s[(k + 1) % N] & 0x7fffffffu);
    s[k] = s[(k + M) % N] ^ y >> 1 ^ (-(y & 1) & 0x9908b0dfu);
    *at = (k + 1) % N;
}

void np_mt_jump(NpMt *mt)
{
    uint32_t walk[N], sum[N] = {0};
    int at = mt->at % N, last = at, degree = NP_MT_JUMP_DEGREE;
    memcpy(walk, mt->key, sizeof walk);
    for (int i = 0; i <= degree; i++) {
        if (np_mt_jump_table[i / 32] >> i % 32 & 1)
            for (int k = 0; k < N; k++) sum[k] ^= walk[(at + k) % N];
        last = at;
        step(walk, &at);
    }
    /* The ring of the sum begins where that of the last power did: so does NumPy's. */
    for (int k = 0; k < N; k++) mt->key[(last + k) % N] = sum[k];
    mt->at = last;
}
