#include <stdint.h>
int64_t kernel(const uint8_t *data, int64_t n, const uint32_t *table, int64_t m)
{
    uint32_t crc = 0xFFFFFFFF;
    for (int64_t i = 0; i < n; i++) crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
    return crc ^ 0xFFFFFFFF;
}
