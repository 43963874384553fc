#include <stdint.h>
int64_t kernel(const double *a, int64_t n, const double *wanted, int64_t m)
{
    int64_t total = 0;
    for (int64_t k = 0; k < m; k++) {
        int64_t low = 0, high = n;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (a[middle] < wanted[k])
                low = middle + 1;
            else
                high = middle;
        }
        total += low;
    }
    return total;
}
