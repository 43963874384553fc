#include <stdint.h>
static int64_t wrap(int64_t i, int64_t n)
{
    i %= n;
    return i < 0 ? i + n : i;
}
int64_t kernel(int64_t *world, int64_t rows, int64_t columns, int64_t *new, int64_t r, int64_t c, int64_t steps)
{
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++) {
                int64_t n = 0;
                for (int64_t di = -1; di < 2; di++)
                    for (int64_t dj = -1; dj < 2; dj++)
                        if (di != 0 || dj != 0) n += world[wrap(i + di, rows) * columns + wrap(j + dj, columns)];
                new[i * columns + j] = n == 3 || (n == 2 && world[i * columns + j] == 1);
            }
        for (int64_t i = 0; i < rows * columns; i++) world[i] = new[i];
    }
    int64_t total = 0;
    for (int64_t i = 0; i < rows * columns; i++) total += world[i];
    return total;
}
