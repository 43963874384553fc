#include <stdint.h>
double kernel(double *restrict u, int64_t rows, int64_t columns, double *restrict new, int64_t r2, int64_t c2, int64_t steps)
{
#define U(i, j) u[(i) * columns + (j)]
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 1; i < rows - 1; i++)
            for (int64_t j = 1; j < columns - 1; j++)
                new[i * columns + j] = 0.25 * (U(i - 1, j) + U(i + 1, j) + U(i, j - 1) + U(i, j + 1));
        for (int64_t i = 1; i < rows - 1; i++)
            for (int64_t j = 1; j < columns - 1; j++) U(i, j) = new[i * columns + j];
    }
    return U(rows / 2, columns / 2);
}
