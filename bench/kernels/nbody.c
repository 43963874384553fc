#include <math.h>
#include <stdint.h>
double kernel(const double *x, int64_t n, const double *y, int64_t n1, const double *z, int64_t n2, const double *m, int64_t n3,
              double *ax, int64_t n4, double *ay, int64_t n5, double *az, int64_t n6)
{
    for (int64_t i = 0; i < n; i++) {
        double sx = 0, sy = 0, sz = 0;
        for (int64_t j = 0; j < n; j++) {
            double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            double d = dx * dx + dy * dy + dz * dz + 0.01;
            double f = m[j] / (d * sqrt(d));
            sx += dx * f;
            sy += dy * f;
            sz += dz * f;
        }
        ax[i] = sx;
        ay[i] = sy;
        az[i] = sz;
    }
    return ax[0] + ay[n / 2] + az[n - 1];
}
