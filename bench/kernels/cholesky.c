#include <math.h>
#include <stdint.h>
double kernel(const double *restrict a, int64_t n, int64_t m, double *restrict l, int64_t l0, int64_t l1)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            double s = a[i * n + j];
            for (int64_t k = 0; k < j; k++) s -= l[i * n + k] * l[j * n + k];
            l[i * n + j] = i == j ? sqrt(s) : s / l[j * n + j];
        }
    return l[n * n - 1];
}
