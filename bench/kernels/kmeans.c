#include <stdint.h>
double kernel(const double *points, int64_t n, int64_t d, const double *centres, int64_t k, int64_t d1, double *sums, int64_t k1, int64_t d2, int64_t *counts, int64_t k2)
{
    for (int64_t c = 0; c < k; c++) {
        counts[c] = 0;
        for (int64_t j = 0; j < d; j++) sums[c * d + j] = 0;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t best = 0;
        double least = 1e300;
        for (int64_t c = 0; c < k; c++) {
            double s = 0;
            for (int64_t j = 0; j < d; j++) {
                double t = points[i * d + j] - centres[c * d + j];
                s += t * t;
            }
            if (s < least) {
                least = s;
                best = c;
            }
        }
        counts[best]++;
        for (int64_t j = 0; j < d; j++) sums[best * d + j] += points[i * d + j];
    }
    return sums[d] / (double)(counts[1] > 1 ? counts[1] : 1);
}
