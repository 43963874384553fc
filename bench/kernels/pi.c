#include <stdint.h>
static uint64_t step(uint64_t s)
{
    s ^= s << 13;
    s ^= s >> 7;
    return s ^ s << 17;
}
double kernel(int64_t n, int64_t seed)
{
    uint64_t s = (uint64_t)seed;
    int64_t inside = 0;
    for (int64_t i = 0; i < n; i++) {
        s = step(s);
        double x = (double)(s >> 11) * (1.0 / 9007199254740992.0);
        s = step(s);
        double y = (double)(s >> 11) * (1.0 / 9007199254740992.0);
        if (x * x + y * y <= 1.0) inside++;
    }
    return 4.0 * (double)inside / (double)n;
}
