#include <stdint.h>
double kernel(const float *x, int64_t n, float *y, int64_t m, const float *coefficients, int64_t c)
{
    for (int64_t i = 0; i < n; i++) {
        float s = 0;
        for (int64_t k = 0; k < c; k++) s = s * x[i] + coefficients[k];
        y[i] = s;
    }
    return y[m / 2];
}
