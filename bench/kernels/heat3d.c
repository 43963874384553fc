#include <stdint.h>
double kernel(const double *restrict u, int64_t n, int64_t m, int64_t p, double *restrict v, int64_t n2, int64_t m2, int64_t p2, double k)
{
#define U(x, y, z) u[((x) * m + (y)) * p + (z)]
    for (int64_t x = 1; x < n - 1; x++)
        for (int64_t y = 1; y < m - 1; y++)
            for (int64_t z = 1; z < p - 1; z++) {
                double c = U(x, y, z);
                v[(x * m + y) * p + z] = c + k * (U(x - 1, y, z) + U(x + 1, y, z) + U(x, y - 1, z) + U(x, y + 1, z) +
                                                  U(x, y, z - 1) + U(x, y, z + 1) - 6.0 * c);
            }
    return v[(n / 2 * m + m / 2) * p + p / 2];
}
