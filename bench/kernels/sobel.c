#include <stdint.h>
#include <stdlib.h>
int64_t kernel(const uint8_t *restrict p, int64_t rows, int64_t columns, uint8_t *restrict out, int64_t o0, int64_t o1)
{
#define P(i, j) (int32_t)p[(i) * columns + (j)]
    for (int64_t i = 1; i < rows - 1; i++)
        for (int64_t j = 1; j < columns - 1; j++) {
            int32_t gx = P(i - 1, j + 1) + 2 * P(i, j + 1) + P(i + 1, j + 1) - P(i - 1, j - 1) - 2 * P(i, j - 1) - P(i + 1, j - 1);
            int32_t gy = P(i + 1, j - 1) + 2 * P(i + 1, j) + P(i + 1, j + 1) - P(i - 1, j - 1) - 2 * P(i - 1, j) - P(i - 1, j + 1);
            int32_t s = abs(gx) + abs(gy);
            out[i * columns + j] = (uint8_t)(s < 255 ? s : 255);
        }
    return out[rows / 2 * columns + columns / 2];
}
