#include <stdint.h>
int64_t kernel(const int64_t *weights, int64_t items, const int64_t *values, int64_t v, int64_t *best, int64_t n)
{
    for (int64_t c = 0; c < n; c++) best[c] = 0;
    for (int64_t i = 0; i < items; i++) {
        int64_t w = weights[i];
        for (int64_t c = n - 1; c >= w; c--) {
            int64_t candidate = best[c - w] + values[i];
            if (candidate > best[c]) best[c] = candidate;
        }
    }
    return best[n - 1];
}
