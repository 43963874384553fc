#include <stdint.h>
int64_t kernel(int64_t *out, int64_t rows, int64_t columns, int64_t limit)
{
    int64_t total = 0;
    for (int64_t y = 0; y < rows; y++)
        for (int64_t x = 0; x < columns; x++) {
            double cr = -2.0 + 3.0 * (double)x / (double)columns, ci = -1.25 + 2.5 * (double)y / (double)rows, zr = 0, zi = 0;
            int64_t n = 0;
            while (n < limit && zr * zr + zi * zi <= 4.0) {
                double t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
                n++;
            }
            out[y * columns + x] = n;
            total += n;
        }
    return total;
}
