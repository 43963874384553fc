/* ziggurat.c: the normal and the exponential distribution by Marsaglia and Tsang's ziggurat (2000), with 256 layers.
 *
 * The area under the density is cut into 255 horizontal layers and a bottom strip with the tail, all of equal
 * area v. A draw takes a layer and a point in its width; most lie wholly under the curve (below[]: the widest
 * integer for which that holds), the others are compared with the density. Doornik (2005) takes the layer and
 * the abscissa from different bits.
 *
 *     x[255] = r the start of the tail, x[i] = f^-1(v / x[i+1] + f(x[i+1])), x[0] = v / f(r)
 *     width[i] = x[i] / 2^bits, height[i] = f(x[i]), below[i + 1] = 2^bits x[i] / x[i + 1]
 *
 * The tables of doubles are in ziggurat_tables.c; those of floats are rounded from them once. */
#include <pthread.h>

#include "modules/numpy/random/bits.h"
#include "modules/numpy/random/ziggurat.h"

/* Where the tails begin. */
#define NORMAL_R 3.6541528853610087963519472518
#define EXPONENTIAL_R 7.6971174701310497140446280481

typedef struct FloatTables {
    float width[256], height[256];
    uint32_t below[256];
} FloatTables;

static FloatTables normal, exponential;

static void round_tables(FloatTables *to, const double *width, const double *height,
                         const uint64_t *below, int bits)
{
    for (int i = 0; i < 256; i++) {
        to->width[i] = (float)ldexp(width[i], bits - 23);
        to->height[i] = (float)height[i];
        to->below[i] = (uint32_t)rint(ldexp((double)below[i], 23 - bits));
    }
}

static void make_tables(void)
{
    round_tables(&normal, np_normal_width, np_normal_height, np_normal_below, 52);
    round_tables(&exponential, np_exponential_width, np_exponential_height, np_exponential_below,
                 53);
    /* Four entries of NumPy's are not the nearest floats; equal seeds must give equal numbers. */
    exponential.width[226] = nextafterf(exponential.width[226], 1);
    exponential.height[128] = nextafterf(exponential.height[128], 0);
    exponential.height[154] = nextafterf(exponential.height[154], 1);
    exponential.height[171] = nextafterf(exponential.height[171], 0);
}

void np_ziggurat_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_tables);
}

/* Beyond r: Marsaglia's exponential majorant. */
static double normal_tail(NpBits *b, bool negative)
{
    for (;;) {
        double x = -1 / NORMAL_R * log1p(-np_bits_double(b)), y = -log1p(-np_bits_double(b));
        if (y + y > x * x) return negative ? -(NORMAL_R + x) : NORMAL_R + x;
    }
}

double np_random_standard_normal(NpBits *b)
{
    for (;;) {
        uint64_t r = np_bits_next64(b), size = r >> 9 & 0x000fffffffffffff;
        unsigned layer = r & 255;
        double x = (double)size * np_normal_width[layer];
        if (r >> 8 & 1) x = -x;
        if (size < np_normal_below[layer]) return x;
        if (layer == 0) return normal_tail(b, size >> 8 & 1);
        double y = (np_normal_height[layer - 1] - np_normal_height[layer]) * np_bits_double(b) +
                   np_normal_height[layer];
        if (y < exp(-0.5 * x * x)) return x;
    }
}

static float normal_tail_f(NpBits *b, bool negative)
{
    for (;;) {
        float x = -(float)(1 / NORMAL_R) * log1pf(-np_bits_float(b)),
              y = -log1pf(-np_bits_float(b));
        if (y + y > x * x) return negative ? -((float)NORMAL_R + x) : (float)NORMAL_R + x;
    }
}

float np_random_standard_normal_f(NpBits *b)
{
    for (;;) {
        uint32_t r = np_bits_next32(b), size = r >> 9;
        unsigned layer = r & 255;
        float x = (float)size * normal.width[layer];
        if (r >> 8 & 1) x = -x;
        if (size < normal.below[layer]) return x;
        if (layer == 0) return normal_tail_f(b, size >> 8 & 1);
        float y = (normal.height[layer - 1] - normal.height[layer]) * np_bits_float(b) +
                  normal.height[layer];
        if (y < exp(-0.5 * x * x)) return x;
    }
}

double np_random_standard_exponential(NpBits *b)
{
    for (;;) {
        uint64_t r = np_bits_next64(b) >> 3, size = r >> 8;
        unsigned layer = r & 255;
        double x = (double)size * np_exponential_width[layer];
        if (size < np_exponential_below[layer]) return x;
        if (layer == 0) return EXPONENTIAL_R - log1p(-np_bits_double(b));
        double y =
            (np_exponential_height[layer - 1] - np_exponential_height[layer]) * np_bits_double(b) +
            np_exponential_height[layer];
        if (y < exp(-x)) return x;
    }
}

float np_random_standard_exponential_f(NpBits *b)
{
    for (;;) {
        uint32_t r = np_bits_next32(b) >> 1, size = r >> 8;
        unsigned layer = r & 255;
        float x = (float)size * exponential.width[layer];
        if (size < exponential.below[layer]) return x;
        if (layer == 0) return (float)EXPONENTIAL_R - log1pf(-np_bits_float(b));
        float y = (exponential.height[layer - 1] - exponential.height[layer]) * np_bits_float(b) +
                  exponential.height[layer];
        if (y < expf(-x)) return x;
    }
}

double np_random_exponential_inverse(NpBits *b) { return -log1p(-np_bits_double(b)); }
float np_random_exponential_inverse_f(NpBits *b) { return (float)-log1p(-np_bits_float(b)); }
