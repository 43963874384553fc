/* kernel.c: random numbers of compiled kernels: a Mersenne Twister for each thread, and what the kernel library
 * (modules/numba/_library/random.py) calls by name. The stream is not that of numpy.random outside kernels: a kernel holds no
 * lock. Until a kernel seeds it, a thread's stream begins with bytes of the system's.
 *
 * Words of a call: the number of arguments, then for each (tag, value), or for a line of an array (tag, data, length, step);
 * bits 24 to 31 of an array's tag are the size of its items. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "modules/numpy/random/objects.h"

typedef struct Stream {
    NpGenerator generator;
    NpBits bits;
    double kept; /* of random.gauss: the second number of a pair, or NaN */
    bool pending; /* to be seeded by `key` when it is first drawn from */
    uint32_t key[4];
} Stream;

/* numpy.random's and the module random's; for the thread's life */
enum { STREAM_NUMPY, STREAM_PYTHON };
static _Thread_local Stream *streams[2];

/* Rows of kernel_next beside those of the table: of the module random's stream. */
enum { ROW_PYTHON = -1, ROW_PYTHON_WORD = -2, ROW_PYTHON_KEPT = -3 };

static Stream *stream_seeded(int which, uint32_t seed)
{
    Stream *s = streams[which];
    if (!s) {
        if (!(s = calloc(1, sizeof *s))) return NULL;
        np_generator_bits(&s->generator, NP_MT19937, &s->bits);
        streams[which] = s;
    }
    np_mt_seed_word(&s->generator.mt, seed);
    s->pending = false;
    s->bits.has_gauss = 0;
    s->kept = NAN;
    return s;
}

static Stream *stream(int which)
{
    uint32_t seed = 0;
    Stream *s = streams[which];
    if (s && s->pending) {
        s->pending = false;
        np_mt_seed_array(&s->generator.mt, s->key, 4);
        s->bits.has_gauss = 0;
        s->kept = NAN;
    }
    if (s) return s;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) seed = (uint32_t)(uintptr_t)&seed;
    return stream_seeded(which, seed);
}

static NpBits *bits_seeded(uint32_t seed)
{
    Stream *s = stream_seeded(STREAM_NUMPY, seed);
    return s ? &s->bits : NULL;
}

static NpBits *bits(void)
{
    Stream *s = stream(STREAM_NUMPY);
    return s ? &s->bits : NULL;
}

static double python_next(int64_t row)
{
    Stream *s = stream(STREAM_PYTHON);
    if (!s) return NAN;
    if (row == ROW_PYTHON) return np_bits_double(&s->bits);
    if (row == ROW_PYTHON_WORD) return np_bits_next32(&s->bits);
    double kept = s->kept;
    s->kept = NAN;
    return kept;
}

/* next(row): the bits of one double. Words are plain. */
static int64_t kernel_next(int64_t *words)
{
    double x = NAN;
    int64_t bits_of_x;
    if (words[0] < 0) {
        x = python_next(words[0]);
    } else {
        NpBits *b = bits();
        if (b) np_random_draw_line(b, words[0], (char *)&x, 1, 8, NULL, 0);
    }
    memcpy(&bits_of_x, &x, sizeof bits_of_x);
    return bits_of_x;
}

/* keep(number): what random.gauss gives next time */
static int64_t kernel_keep(int64_t *words)
{
    Stream *s = stream(STREAM_PYTHON);
    if (!s) return 1;
    memcpy(&s->kept, &words[2], sizeof s->kept);
    return 0;
}

/* pyseed(int): random.seed */
static int64_t kernel_pyseed(int64_t *words)
{
    Stream *s = stream_seeded(STREAM_PYTHON, 0);
    uint64_t n = words[2] < 0 ? -(uint64_t)words[2] : (uint64_t)words[2];
    uint32_t key[] = {(uint32_t)n, (uint32_t)(n >> 32)};
    if (!s) return 1;
    np_mt_seed_array(&s->generator.mt, key, key[1] ? 2 : 1);
    return 0;
}

/* next_int(lowest, highest - lowest). Words are plain. */
static int64_t kernel_next_int(int64_t *words)
{
    NpBits *b = bits();
    int64_t n = words[0];
    if (b) np_random_fill_bounded(b, (uint64_t)n, (uint64_t)words[1], 1, 8, true, &n);
    return n;
}

/* seed(word) */
static int64_t kernel_seed(int64_t *words) { return bits_seeded((uint32_t)words[2]) ? 0 : 1; }

/* draw(row, line, parameters...); 1: a parameter is out of its range */
static int64_t kernel_draw(int64_t *words)
{
    const char *params[3] = {NULL, NULL, NULL};
    int count = (int)words[0] - 2;
    NpBits *b = bits();
    if (!b || count < 0 || count > 3) return 1;
    for (int k = 0; k < count; k++) params[k] = (const char *)&words[8 + 2 * k];
    return !np_random_draw_line(b, words[2], (char *)words[4], words[5], words[6], params, count);
}

/* bounded(lowest, highest - lowest, int64 line) */
static int64_t kernel_bounded(int64_t *words)
{
    NpBits *b = bits();
    if (!b) return 1;
    int64_t n = words[7], step = words[8];
    char *out = (char *)words[6];
    if (step == 8) {
        np_random_fill_bounded(b, (uint64_t)words[2], (uint64_t)words[4], n, 8, true, out);
        return 0;
    }
    for (; n > 0; n--, out += step)
        np_random_fill_bounded(b, (uint64_t)words[2], (uint64_t)words[4], 1, 8, true, out);
    return 0;
}

/* shuffle(line) */
static int64_t kernel_shuffle(int64_t *words)
{
    NpBits *b = bits();
    if (!b) return 1;
    np_random_shuffle(b, (char *)words[2], words[3], words[4], words[1] >> 24 & 255);
    return 0;
}

/* interval(largest, int64 line): its first item becomes one of 0 .. largest */
static int64_t kernel_interval(int64_t *words)
{
    NpBits *b = bits();
    if (!b) return 1;
    *(int64_t *)words[4] = (int64_t)np_random_interval(b, (uint64_t)words[2]);
    return 0;
}

/* multinomial(n, contiguous probabilities, contiguous counts) */
static int64_t kernel_multinomial(int64_t *words)
{
    NpBits *b = bits();
    if (!b) return 1;
    np_random_multinomial(b, words[2], (const double *)words[4], words[5], true,
                          (int64_t *)words[8]);
    return 0;
}

/* ---- Parallel loops (jit/run/randoms.c) ---- */

/* A new stream that waits for its first draw. */
static Stream *stream_for_block(int64_t key, int64_t block)
{
    Stream *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    np_generator_bits(&s->generator, NP_MT19937, &s->bits);
    s->pending = true;
    const uint64_t words[] = {(uint64_t)key, (uint64_t)block};
    for (int i = 0; i < 4; i++) s->key[i] = (uint32_t)(words[i / 2] >> (i % 2 * 32));
    return s;
}

/* key() -> a number of each stream of the caller's */
static int64_t kernel_key(int64_t *words)
{
    for (int which = STREAM_NUMPY; which <= STREAM_PYTHON; which++) {
        Stream *s = stream(which);
        if (!s) return 1;
        uint64_t high = np_bits_next32(&s->bits);
        words[which] = (int64_t)(high << 32 | np_bits_next32(&s->bits));
    }
    return 0;
}

/* enter(key, key, block) -> the thread's streams, which those of the block replace */
static int64_t kernel_enter(int64_t *words)
{
    for (int which = STREAM_NUMPY; which <= STREAM_PYTHON; which++) {
        words[3 + which] = (int64_t)(intptr_t)streams[which];
        streams[which] = stream_for_block(words[which], words[2]);
    }
    return 0;
}

/* leave(streams) */
static int64_t kernel_leave(int64_t *words)
{
    for (int which = STREAM_NUMPY; which <= STREAM_PYTHON; which++) {
        free(streams[which]);
        streams[which] = (Stream *)(intptr_t)words[which];
    }
    return 0;
}

void np_random_kernel_init(void)
{
    kr_native_enter("random.key", kernel_key);
    kr_native_enter("random.enter", kernel_enter);
    kr_native_enter("random.leave", kernel_leave);
    kr_native_enter("random.next", kernel_next);
    kr_native_enter("random.next_int", kernel_next_int);
    kr_native_enter("random.keep", kernel_keep);
    kr_native_enter("random.pyseed", kernel_pyseed);
    kr_native_enter("random.seed", kernel_seed);
    kr_native_enter("random.draw", kernel_draw);
    kr_native_enter("random.bounded", kernel_bounded);
    kr_native_enter("random.shuffle", kernel_shuffle);
    kr_native_enter("random.interval", kernel_interval);
    kr_native_enter("random.multinomial", kernel_multinomial);
}
