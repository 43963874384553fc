#include <stdint.h>
double kernel(const double *restrict u, int64_t rows, int64_t columns, const double *restrict v, int64_t v0, int64_t v1, double *restrict u2,
              int64_t w0, int64_t w1, double *restrict v2, int64_t x0, int64_t x1, double feed, double kill)
{
    for (int64_t i = 1; i < rows - 1; i++)
        for (int64_t j = 1; j < columns - 1; j++) {
            int64_t p = i * columns + j;
            double a = u[p], b = v[p];
            double la = u[p - columns] + u[p + columns] + u[p - 1] + u[p + 1] - 4.0 * a;
            double lb = v[p - columns] + v[p + columns] + v[p - 1] + v[p + 1] - 4.0 * b;
            double r = a * b * b;
            u2[p] = a + 0.16 * la - r + feed * (1.0 - a);
            v2[p] = b + 0.08 * lb + r - (feed + kill) * b;
        }
    int64_t p = rows / 2 * columns + columns / 2;
    return u2[p] + v2[p];
}
