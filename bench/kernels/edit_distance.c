#include <stdint.h>
int64_t kernel(const uint8_t *a, int64_t n, const uint8_t *b, int64_t m, int64_t *row, int64_t r)
{
    for (int64_t j = 0; j <= m; j++) row[j] = j;
    for (int64_t i = 0; i < n; i++) {
        int64_t diagonal = row[0];
        row[0] = i + 1;
        for (int64_t j = 0; j < m; j++) {
            int64_t cost = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            int64_t left = row[j] + 1, up = diagonal + 1;
            cost = cost < left ? cost : left;
            row[j + 1] = cost < up ? cost : up;
        }
    }
    return row[m];
}
