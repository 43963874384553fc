#include <stdint.h>
double kernel(const int64_t *start, int64_t s0, const int64_t *column, int64_t c, const double *value, int64_t v, const double *x, int64_t nx, double *y, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t k = start[i]; k < start[i + 1]; k++) s += value[k] * x[column[k]];
        y[i] = s;
    }
    return y[n / 2];
}
