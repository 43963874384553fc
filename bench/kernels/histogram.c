#include <stdint.h>
int64_t kernel(const int64_t *values, int64_t n, int64_t *bins, int64_t m)
{
    for (int64_t i = 0; i < n; i++) bins[values[i]]++;
    return bins[7];
}
