/* factors.c: the arithmetic of lengths, and roots of unity. */
#include <math.h>
#include <stdlib.h>

#include "modules/numpy/fft/fft.h"

int np_fft_factors(int64_t n, int *factors)
{
    int count = 0;
    while (n % 4 == 0) factors[count++] = 4, n /= 4;
    if (n % 2 == 0) factors[count++] = 2, n /= 2;
    for (int p = 3; p <= NP_FFT_LARGEST_RADIX; p += 2)
        while (n % p == 0) factors[count++] = p, n /= p;
    return count;
}

bool np_fft_is_smooth(int64_t n)
{
    for (int p = 2; p <= NP_FFT_LARGEST_RADIX; p++)
        while (n % p == 0) n /= p;
    return n == 1;
}

int64_t np_fft_good_size(int64_t n)
{
    int64_t best = 1;
    while (best < n) best *= 2;
    for (int64_t five = 1; five < best; five *= 5)
        for (int64_t three = five; three < best; three *= 3) {
            int64_t x = three;
            while (x < n) x *= 2;
            if (x < best) best = x;
        }
    return best;
}

static void root(int64_t k, int64_t n, long double *c, long double *s)
{
    const long double turn = 8 * atanl(1);
    *c = cosl(turn * (long double)k / (long double)n);
    *s = sinl(turn * (long double)k / (long double)n);
}

/* Every root is the product of one in a coarse and one in a fine table of about sqrt(count) entries. */
long double *np_fft_roots(int64_t n, int64_t count)
{
    int64_t fine = 1;
    while (fine * fine < count) fine *= 2;
    int64_t coarse = count / fine + 1;
    long double *out = malloc(sizeof *out * 2 * (size_t)(count + 1));
    long double *t = malloc(sizeof *t * 2 * (size_t)(fine + coarse));
    if (!out || !t) {
        free(out);
        free(t);
        return NULL;
    }
    for (int64_t k = 0; k < fine; k++) root(k, n, &t[2 * k], &t[2 * k + 1]);
    for (int64_t k = 0; k < coarse; k++)
        root(k * fine, n, &t[2 * (fine + k)], &t[2 * (fine + k) + 1]);
    for (int64_t k = 0; k < count; k++) {
        const long double *a = &t[2 * (k % fine)], *b = &t[2 * (fine + k / fine)];
        out[k] = a[0] * b[0] - a[1] * b[1];
        out[count + k] = a[0] * b[1] + a[1] * b[0];
    }
    free(t);
    return out;
}
