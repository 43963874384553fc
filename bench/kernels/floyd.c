#include <stdint.h>
double kernel(const double *source, int64_t s0, int64_t s1, double *d, int64_t n, int64_t m)
{
    for (int64_t i = 0; i < n * n; i++) d[i] = source[i];
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                double through = d[i * n + k] + d[k * n + j];
                if (through < d[i * n + j]) d[i * n + j] = through;
            }
    return d[n + n - 1];
}
