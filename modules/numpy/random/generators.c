/* generators.c: the five bit generators.
 *
 *   PCG64      O'Neill 2014: a 128-bit linear congruence, output xsl-rr of the new state
 *   PCG64DXSM  the same with a 64-bit multiplier and the stronger output dxsm of the old state
 *   MT19937    Matsumoto and Nishimura 1998; its words have 32 bits
 *   Philox     Salmon et al. 2011: ten rounds of a keyed bijection over a 256-bit counter
 *   SFC64      Doty-Humphrey's small fast chaotic generator
 *
 * Seeds, halves of words and jumps are as in NumPy, so that equal seeds give equal numbers. */
#include <string.h>

#include "modules/numpy/random/bits.h"

static inline uint64_t rotate_right(uint64_t x, unsigned n) { return x >> n | x << (-n & 63); }
static inline double to_double(uint64_t x)
{
    return (double)(x >> 11) * (1.0 / 9007199254740992.0);
}

/* ---- PCG64 ---- */

#define U128(high, low) ((NpU128)(high) << 64 | (low))
#define PCG_MULTIPLIER U128(0x2360ed051fc65da4u, 0x4385df649fccf645u)
#define DXSM_MULTIPLIER ((NpU128)0xda942042e4dd58b5u)

static inline uint64_t pcg_step(NpPcg *p)
{
    NpU128 s = p->state = p->state * PCG_MULTIPLIER + p->increment;
    return rotate_right((uint64_t)(s >> 64) ^ (uint64_t)s, (unsigned)(s >> 122));
}

static inline uint64_t dxsm_step(NpPcg *p)
{
    uint64_t high = (uint64_t)(p->state >> 64), low = (uint64_t)p->state | 1;
    high ^= high >> 32;
    high *= (uint64_t)DXSM_MULTIPLIER;
    high ^= high >> 48;
    high *= low;
    p->state = p->state * DXSM_MULTIPLIER + p->increment;
    return high;
}

static NpU128 pcg_multiplier(int kind)
{
    return kind == NP_PCG64 ? PCG_MULTIPLIER : DXSM_MULTIPLIER;
}

static void pcg_seed(NpGenerator *g, const uint64_t *w)
{
    NpPcg *p = &g->pcg;
    p->increment = U128(w[2], w[3]) << 1 | 1;
    p->state = p->increment + U128(w[0], w[1]);
    p->state = p->state * PCG_MULTIPLIER + p->increment; /* the same for both */
}

/* Brown's method: the map x -> a x + c composed with itself by squaring. */
void np_pcg_advance(NpGenerator *g, NpU128 steps)
{
    NpU128 a = pcg_multiplier(g->kind), c = g->pcg.increment, total_a = 1, total_c = 0;
    for (; steps; steps >>= 1) {
        if (steps & 1) {
            total_a *= a;
            total_c = total_c * a + c;
        }
        c *= a + 1;
        a *= a;
    }
    g->pcg.state = total_a * g->pcg.state + total_c;
    g->has_half = 0;
}

/* ---- MT19937 ---- */

enum { MT_SHIFT = 397 };

static void mt_refill(NpMt *mt)
{
    uint32_t *s = mt->key;
    for (int k = 0; k < NP_MT_WORDS; k++) {
        int next = k + 1 < NP_MT_WORDS ? k + 1 : 0,
            far = k + MT_SHIFT < NP_MT_WORDS ? k + MT_SHIFT : k + MT_SHIFT - NP_MT_WORDS;
        uint32_t y = (s[k] & 0x80000000u) | (s[next] & 0x7fffffffu);
        s[k] = s[far] ^ y >> 1 ^ (-(y & 1) & 0x9908b0dfu);
    }
    mt->at = 0;
}

static inline uint32_t mt_step(NpMt *mt)
{
    if (mt->at >= NP_MT_WORDS) mt_refill(mt);
    uint32_t y = mt->key[mt->at++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

void np_mt_seed_word(NpMt *mt, uint32_t seed)
{
    for (uint32_t i = 0; i < NP_MT_WORDS; i++) {
        mt->key[i] = seed;
        seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
    }
    mt->at = NP_MT_WORDS;
}

void np_mt_seed_array(NpMt *mt, const uint32_t *key, size_t n)
{
    uint32_t *s = mt->key;
    size_t i = 1, j = 0;
    np_mt_seed_word(mt, 19650218u);
    for (size_t rounds = n > NP_MT_WORDS ? n : NP_MT_WORDS; rounds; rounds--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i == NP_MT_WORDS) s[0] = s[NP_MT_WORDS - 1], i = 1;
        if (++j == n) j = 0;
    }
    for (size_t rounds = NP_MT_WORDS - 1; rounds; rounds--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i == NP_MT_WORDS) s[0] = s[NP_MT_WORDS - 1], i = 1;
    }
    s[0] = 0x80000000u;
}

/* ---- Philox ---- */

static void philox_refill(NpPhilox *p)
{
    for (int i = 0; i < 4 && ++p->counter[i] == 0; i++) {}
    uint64_t *c = p->buffer, k0 = p->key[0], k1 = p->key[1];
    memcpy(c, p->counter, sizeof p->buffer);
    for (int round = 0; round < 10; round++) {
        NpU128 a = (NpU128)0xd2e7470ee14c6c93u * c[0], b = (NpU128)0xca5a826395121157u * c[2];
        uint64_t c1 = c[1], c3 = c[3];
        c[0] = (uint64_t)(b >> 64) ^ c1 ^ k0;
        c[1] = (uint64_t)b;
        c[2] = (uint64_t)(a >> 64) ^ c3 ^ k1;
        c[3] = (uint64_t)a;
        k0 += 0x9e3779b97f4a7c15u;
        k1 += 0xbb67ae8584caa73bu;
    }
    p->at = 0;
}

static inline uint64_t philox_step(NpPhilox *p)
{
    if (p->at >= 4) philox_refill(p);
    return p->buffer[p->at++];
}

void np_philox_advance(NpGenerator *g, const uint64_t steps[4])
{
    NpU128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (NpU128)g->philox.counter[i] + steps[i];
        g->philox.counter[i] = (uint64_t)carry;
        carry >>= 64;
    }
    g->philox.at = 4;
    g->has_half = 0;
}

/* ---- SFC64 ---- */

static inline uint64_t sfc_step(NpSfc *p)
{
    uint64_t *s = p->s, r = s[0] + s[1] + s[3]++;
    s[0] = s[1] ^ s[1] >> 11;
    s[1] = s[2] + (s[2] << 3);
    s[2] = rotate_right(s[2], 40) + r;
    return r;
}

/* ---- One face ---- */

/* A generator of 64-bit words: its four functions. */
#define WORDS_OF_64(name, member, step)                                                          \
    static uint64_t name##_next64(void *state) { return step(&((NpGenerator *)state)->member); } \
    static double name##_double(void *state)                                                     \
    {                                                                                            \
        return to_double(step(&((NpGenerator *)state)->member));                                 \
    }                                                                                            \
    static uint32_t name##_next32(void *state)                                                   \
    {                                                                                            \
        NpGenerator *g = state;                                                                  \
        if (g->has_half) {                                                                       \
            g->has_half = 0;                                                                     \
            return g->half;                                                                      \
        }                                                                                        \
        uint64_t r = step(&g->member);                                                           \
        g->has_half = 1;                                                                         \
        g->half = (uint32_t)(r >> 32);                                                           \
        return (uint32_t)r;                                                                      \
    }
WORDS_OF_64(pcg, pcg, pcg_step)
WORDS_OF_64(dxsm, pcg, dxsm_step)
WORDS_OF_64(philox, philox, philox_step)
WORDS_OF_64(sfc, sfc, sfc_step)

static uint32_t mt_next32(void *state) { return mt_step(&((NpGenerator *)state)->mt); }
static uint64_t mt_raw(void *state) { return mt_next32(state); }
static uint64_t mt_next64(void *state)
{
    uint64_t high = mt_next32(state);
    return high << 32 | mt_next32(state);
}
static double mt_double(void *state)
{
    uint32_t high = mt_next32(state) >> 5, low = mt_next32(state) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

static const NpBits faces[NP_GENERATOR_COUNT] = {
    [NP_PCG64] = {NULL, pcg_next64, pcg_next32, pcg_double, pcg_next64, 0, 0},
    [NP_PCG64DXSM] = {NULL, dxsm_next64, dxsm_next32, dxsm_double, dxsm_next64, 0, 0},
    [NP_MT19937] = {NULL, mt_next64, mt_next32, mt_double, mt_raw, 0, 0},
    [NP_PHILOX] = {NULL, philox_next64, philox_next32, philox_double, philox_next64, 0, 0},
    [NP_SFC64] = {NULL, sfc_next64, sfc_next32, sfc_double, sfc_next64, 0, 0},
};

void np_generator_bits(NpGenerator *g, int kind, NpBits *out)
{
    g->kind = kind;
    *out = faces[kind];
    out->state = g;
}

int np_generator_seed_words(int kind)
{
    static const int words[] = {[NP_PCG64] = 4,
                                [NP_PCG64DXSM] = 4,
                                [NP_MT19937] = NP_MT_WORDS,
                                [NP_PHILOX] = 2,
                                [NP_SFC64] = 3};
    return words[kind];
}

void np_generator_seed(NpGenerator *g, const uint64_t *words)
{
    g->has_half = 0;
    switch (g->kind) {
    case NP_PCG64:
    case NP_PCG64DXSM: pcg_seed(g, words); return;
    case NP_PHILOX:
        memset(&g->philox, 0, sizeof g->philox);
        memcpy(g->philox.key, words, sizeof g->philox.key);
        g->philox.at = 4;
        return;
    case NP_SFC64:
        memcpy(g->sfc.s, words, 3 * sizeof *words);
        g->sfc.s[3] = 1;
        for (int i = 0; i < 12; i++) sfc_step(&g->sfc);
        return;
    default: /* the first word only has its top bit in use; the last one read first, as NumPy does */
        memcpy(g->mt.key, words, sizeof g->mt.key);
        g->mt.key[0] = 0x80000000u;
        g->mt.at = NP_MT_WORDS - 1;
    }
}
