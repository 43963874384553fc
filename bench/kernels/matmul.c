#include <stdint.h>
double kernel(const double *restrict a, int64_t n, int64_t inner, const double *restrict b, int64_t b0, int64_t m, double *restrict c, int64_t c0, int64_t c1)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) c[i * m + j] = 0.0;
        for (int64_t k = 0; k < inner; k++) {
            double x = a[i * inner + k];
            for (int64_t j = 0; j < m; j++) c[i * m + j] += x * b[k * m + j];
        }
    }
    return c[m + 2];
}
