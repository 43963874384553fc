/* bounded.c: integers in a range, and what is made of them: shuffles and samples.
 *
 * Two methods, both exact: mask and rejection (RandomState), and Lemire's multiplication (2019), which divides
 * only when a draw falls into the short stretch that would be biased. Ranges that fit 32 bits take 32-bit words;
 * integers of 1 and 2 bytes and bools share a 32-bit word among several draws. */
#include <stdlib.h>
#include <string.h>

#include "modules/numpy/random/bits.h"

static uint64_t mask_for(uint64_t max) { return max ? ~(uint64_t)0 >> __builtin_clzll(max) : 0; }

uint64_t np_random_interval(NpBits *b, uint64_t max)
{
    uint64_t mask = mask_for(max), r;
    if (!max) return 0;
    if (max <= UINT32_MAX) {
        while ((r = np_bits_next32(b) & mask) > max) {}
    } else {
        while ((r = np_bits_next64(b) & mask) > max) {}
    }
    return r;
}

static inline uint32_t lemire32(NpBits *b, uint32_t max)
{
    uint32_t range = max + 1;
    uint64_t m = (uint64_t)np_bits_next32(b) * range;
    if ((uint32_t)m < range) {
        uint32_t biased = (UINT32_MAX - max) % range;
        while ((uint32_t)m < biased) m = (uint64_t)np_bits_next32(b) * range;
    }
    return (uint32_t)(m >> 32);
}

static inline uint64_t lemire64(NpBits *b, uint64_t max)
{
    uint64_t range = max + 1;
    NpU128 m = (NpU128)np_bits_next64(b) * range;
    if ((uint64_t)m < range) {
        uint64_t biased = (UINT64_MAX - max) % range;
        while ((uint64_t)m < biased) m = (NpU128)np_bits_next64(b) * range;
    }
    return (uint64_t)(m >> 64);
}

uint64_t np_random_bounded(NpBits *b, uint64_t max, bool masked)
{
    if (!max) return 0;
    if (max == UINT32_MAX) return np_bits_next32(b);
    if (max == UINT64_MAX) return np_bits_next64(b);
    if (masked) return np_random_interval(b, max);
    return max < UINT32_MAX ? lemire32(b, (uint32_t)max) : lemire64(b, max);
}

/* The next `bits` random bits of the shared word. */
static inline uint32_t few_bits(NpBits *b, int bits, int *left, uint32_t *buffer)
{
    if (*left == 0) {
        *buffer = np_bits_next32(b);
        *left = 32 / bits - 1;
    } else {
        *buffer >>= bits;
        --*left;
    }
    return *buffer & ((1u << bits) - 1);
}

static uint32_t small_bounded(NpBits *b, uint32_t max, int bits, bool masked, int *left,
                              uint32_t *buffer)
{
    uint32_t all = (1u << bits) - 1, range = max + 1, r;
    if (!max) return 0;
    if (max == all) return few_bits(b, bits, left, buffer);
    if (masked) {
        uint32_t mask = (uint32_t)mask_for(max);
        while ((r = few_bits(b, bits, left, buffer) & mask) > max) {}
        return r;
    }
    r = few_bits(b, bits, left, buffer) * range;
    if ((r & all) < range) {
        uint32_t biased = (all - max) % range;
        while ((r & all) < biased) r = few_bits(b, bits, left, buffer) * range;
    }
    return r >> bits;
}

uint64_t np_random_buffered(NpBits *b, uint64_t off, uint64_t max, int width, bool masked,
                            int *left, uint32_t *buffer)
{
    switch (width) {
    case 0: return max ? few_bits(b, 1, left, buffer) : off;
    case 1: return off + small_bounded(b, (uint32_t)max, 8, masked, left, buffer);
    case 2: return off + small_bounded(b, (uint32_t)max, 16, masked, left, buffer);
    default: return off + np_random_bounded(b, max, masked);
    }
}

void np_random_fill_bounded(NpBits *b, uint64_t off, uint64_t max, int64_t n, int width,
                            bool masked, void *out)
{
    int left = 0;
    uint32_t buffer = 0;
#define FILL(type, expression)                                      \
    {                                                               \
        type *to = out;                                             \
        for (int64_t i = 0; i < n; i++) to[i] = (type)(expression); \
        return;                                                     \
    }
    switch (width) {
    case 0:
    case 1: FILL(uint8_t, np_random_buffered(b, off, max, width, masked, &left, &buffer))
    case 2: FILL(uint16_t, np_random_buffered(b, off, max, width, masked, &left, &buffer))
    case 4: FILL(uint32_t, off + np_random_bounded(b, max, masked))
    default:
        if (!masked && max && max < UINT32_MAX) FILL(uint64_t, off + lemire32(b, (uint32_t)max))
        if (!masked && max > UINT32_MAX && max < UINT64_MAX) FILL(uint64_t, off + lemire64(b, max))
        FILL(uint64_t, off + np_random_bounded(b, max, masked))
    }
#undef FILL
}

/* ---- Shuffles and samples ---- */

void np_random_shuffle(NpBits *b, char *data, int64_t n, int64_t step, int64_t size)
{
    char some[256], *kept = size <= (int64_t)sizeof some ? some : malloc((size_t)size);
    for (int64_t i = n - 1; kept && i > 0; i--) {
        int64_t j = (int64_t)np_random_interval(b, (uint64_t)i);
        char *p = data + i * step, *q = data + j * step;
        if (size == 8) {
            uint64_t x, y;
            memcpy(&x, p, 8), memcpy(&y, q, 8);
            memcpy(p, &y, 8), memcpy(q, &x, 8);
        } else if (p != q) {
            memcpy(kept, q, (size_t)size);
            memcpy(q, p, (size_t)size);
            memcpy(p, kept, (size_t)size);
        }
    }
    if (kept != some) free(kept);
}

void np_random_shuffle_tail(NpBits *b, int64_t *data, int64_t n, int64_t first)
{
    for (int64_t i = n - 1; i >= first; i--) {
        uint64_t j = np_random_bounded(b, (uint64_t)i, false);
        int64_t kept = data[j];
        data[j] = data[i];
        data[i] = kept;
    }
}

/* Floyd's method: the j-th draw is among the first j numbers; if that one is taken already, it is j. */
static bool sample_floyd(NpBits *b, int64_t population, int64_t size, int64_t *out)
{
    uint64_t mask = mask_for((uint64_t)(1.2 * (double)size)), unused = UINT64_MAX;
    uint64_t *taken = malloc((size_t)(mask + 1) * sizeof *taken);
    if (!taken) return false;
    memset(taken, 0xff, (size_t)(mask + 1) * sizeof *taken);
    for (int64_t j = population - size; j < population; j++) {
        uint64_t value = np_random_bounded(b, (uint64_t)j, false), at = value & mask;
        while (taken[at] != unused && taken[at] != value) at = (at + 1) & mask;
        if (taken[at] == value) {
            value = (uint64_t)j;
            for (at = value & mask; taken[at] != unused;) at = (at + 1) & mask;
        }
        taken[at] = value;
        *out++ = (int64_t)value;
    }
    free(taken);
    return true;
}

bool np_random_sample(NpBits *b, int64_t population, int64_t size, bool shuffle, int64_t *out)
{
    if (population > 10000 && size > population / (shuffle ? 50 : 20)) {
        int64_t *all = malloc((size_t)population * sizeof *all), first = population - size;
        if (!all) return false;
        for (int64_t i = 0; i < population; i++) all[i] = i;
        np_random_shuffle_tail(b, all, population, first > 1 ? first : 1);
        memcpy(out, all + first, (size_t)size * sizeof *out);
        free(all);
        return true;
    }
    if (!sample_floyd(b, population, size, out)) return false;
    if (shuffle) np_random_shuffle_tail(b, out, size, 1);
    return true;
}
