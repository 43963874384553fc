#include <stdint.h>
double kernel(const double *image, int64_t rows, int64_t columns, double *out, int64_t r, int64_t c, double *window, int64_t m)
{
    for (int64_t y = 1; y < rows - 1; y++)
        for (int64_t x = 1; x < columns - 1; x++) {
            int64_t n = 0;
            for (int64_t dy = -1; dy < 2; dy++)
                for (int64_t dx = -1; dx < 2; dx++) {
                    double v = image[(y + dy) * columns + x + dx];
                    int64_t k = n;
                    while (k > 0 && window[k - 1] > v) {
                        window[k] = window[k - 1];
                        k--;
                    }
                    window[k] = v;
                    n++;
                }
            out[y * columns + x] = window[4];
        }
    return out[rows / 2 * columns + columns / 2];
}
