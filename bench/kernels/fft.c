#include <stdint.h>
double kernel(const double *sr, int64_t a0, const double *si, int64_t a1, double *re, int64_t n, double *im, int64_t a2, const double *cosines,
              int64_t a3, const double *sines, int64_t a4)
{
    int64_t j = 0;
    for (int64_t i = 0; i < n; i++) {
        re[j] = sr[i];
        im[j] = si[i];
        int64_t bit = n >> 1;
        while (j & bit && bit > 0) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
    }
    for (int64_t size = 2; size <= n; size *= 2) {
        int64_t half = size / 2, stride = n / size;
        for (int64_t begin = 0; begin < n; begin += size)
            for (int64_t k = 0; k < half; k++) {
                double wr = cosines[k * stride], wi = sines[k * stride];
                int64_t a = begin + k, b = a + half;
                double tr = re[b] * wr - im[b] * wi, ti = re[b] * wi + im[b] * wr;
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
    }
    return re[1] + im[n / 3];
}
