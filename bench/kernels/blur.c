#include <stdint.h>
double kernel(const float *restrict image, int64_t rows, int64_t columns, const float *restrict w, int64_t w0, int64_t w1, float *restrict out, int64_t o0, int64_t o1)
{
    for (int64_t i = 2; i < rows - 2; i++)
        for (int64_t j = 2; j < columns - 2; j++) {
            float s = 0;
            for (int64_t di = 0; di < 5; di++)
                for (int64_t dj = 0; dj < 5; dj++) s += image[(i + di - 2) * columns + j + dj - 2] * w[di * 5 + dj];
            out[i * columns + j] = s;
        }
    return out[rows / 2 * columns + columns / 2];
}
