#include <stdint.h>
double kernel(const double *restrict source, int64_t s0, int64_t s1, double *restrict a, int64_t n, int64_t m)
{
    for (int64_t i = 0; i < n * n; i++) a[i] = source[i];
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = k + 1; i < n; i++) {
            double f = a[i * n + k] /= a[k * n + k];
            for (int64_t j = k + 1; j < n; j++) a[i * n + j] -= f * a[k * n + j];
        }
    return a[n * n - 1];
}
