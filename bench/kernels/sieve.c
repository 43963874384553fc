#include <stdint.h>
int64_t kernel(uint8_t *flags, int64_t n)
{
    for (int64_t i = 0; i < n; i++) flags[i] = 1;
    int64_t count = 0;
    for (int64_t i = 2; i < n; i++)
        if (flags[i]) {
            count++;
            for (int64_t j = i * i; j < n; j += i) flags[j] = 0;
        }
    return count;
}
