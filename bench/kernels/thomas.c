#include <stdint.h>
double kernel(const double *lower, int64_t n0, const double *diagonal, int64_t n1, const double *upper, int64_t n2, const double *right, int64_t rows, int64_t n, double *work, int64_t n3, double *x, int64_t r0, int64_t n4)
{
    for (int64_t r = 0; r < rows; r++) {
        const double *b = right + r * n;
        double *y = x + r * n;
        work[0] = upper[0] / diagonal[0];
        y[0] = b[0] / diagonal[0];
        for (int64_t i = 1; i < n; i++) {
            double m = diagonal[i] - lower[i] * work[i - 1];
            work[i] = upper[i] / m;
            y[i] = (b[i] - lower[i] * y[i - 1]) / m;
        }
        for (int64_t i = n - 2; i >= 0; i--) y[i] -= work[i] * y[i + 1];
    }
    return x[rows / 2 * n + n / 2];
}
