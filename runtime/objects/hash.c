/* hash.c: SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein) and the hash of numbers; see hash.h. */
#include "runtime/objects/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static uint64_t key0, key1;
static bool key_known;

int kr_hash_set_seed(const char *text)
{
    uint8_t secret[16];
    if (text && *text && strcmp(text, "random") != 0) {
        char *end;
        unsigned long long seed = strtoull(text, &end, 10);
        if (*end || *text < '0' || *text > '9' || seed > 4294967295ull) return -1;
        uint32_t x = (uint32_t)seed;
        for (size_t i = 0; i < sizeof secret; i++) {
            x = x * 214013u + 2531011u;
            secret[i] = (uint8_t)(x >> 16);
        }
        if (!seed) memset(secret, 0, sizeof secret);
    } else if (getrandom(secret, sizeof secret, GRND_NONBLOCK) != (ssize_t)sizeof secret) {
        uint64_t mix[2] = {(uint64_t)time(NULL) * UINT64_C(0x9E3779B97F4A7C15),
                           (uint64_t)clock() ^ (uint64_t)(uintptr_t)&secret};
        memcpy(secret, mix, sizeof secret);
    }
    memcpy(&key0, secret, 8);
    memcpy(&key1, secret + 8, 8);
    key_known = true;
    return 0;
}

static inline uint64_t rotate(uint64_t x, int n) { return x << n | x >> (64 - n); }

#define SIP_ROUND                                           \
    do {                                                    \
        v0 += v1, v2 += v3;                                 \
        v1 = rotate(v1, 13) ^ v0, v3 = rotate(v3, 16) ^ v2; \
        v0 = rotate(v0, 32);                                \
        v2 += v1, v0 += v3;                                 \
        v1 = rotate(v1, 17) ^ v2, v3 = rotate(v3, 21) ^ v0; \
        v2 = rotate(v2, 32);                                \
    } while (0)

int64_t kr_hash_bytes(const void *data, size_t n)
{
    if (n == 0) return 0;
    if (__builtin_expect(!key_known, 0) && kr_hash_set_seed(getenv("PYTHONHASHSEED")) < 0)
        kr_hash_set_seed(NULL);
    const uint8_t *p = data;
    uint64_t tail = (uint64_t)n << 56;
    uint64_t v0 = key0 ^ UINT64_C(0x736f6d6570736575), v1 = key1 ^ UINT64_C(0x646f72616e646f6d);
    uint64_t v2 = key0 ^ UINT64_C(0x6c7967656e657261), v3 = key1 ^ UINT64_C(0x7465646279746573);
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t m;
        memcpy(&m, p, 8);
        v3 ^= m;
        SIP_ROUND;
        v0 ^= m;
    }
    for (size_t i = 0; i < n; i++) tail |= (uint64_t)p[i] << (8 * i);
    v3 ^= tail;
    SIP_ROUND;
    v0 ^= tail;
    v2 ^= 0xff;
    SIP_ROUND;
    SIP_ROUND;
    SIP_ROUND;
    int64_t h = (int64_t)((v0 ^ v1) ^ (v2 ^ v3));
    return h == -1 ? -2 : h;
}

/* x * 2^n modulo 2^61 - 1 is a rotation within 61 bits. */
static inline uint64_t rotate61(uint64_t x, int n)
{
    return (x << n & HASH_MODULUS) | x >> (HASH_BITS - n);
}

int64_t kr_hash_double(double x, KrValue self)
{
    if (!isfinite(x)) {
        if (isinf(x)) return x > 0 ? HASH_INF : -HASH_INF;
        int64_t h = (int64_t)(self.bits >> 4 | self.bits << 60);
        return h == -1 ? -2 : h;
    }
    int e;
    double m = frexp(x, &e);
    int sign = 1;
    if (m < 0) {
        sign = -1;
        m = -m;
    }
    uint64_t h = 0;
    while (m != 0) {
        h = rotate61(h, 28);
        m *= 268435456.0;
        e -= 28;
        uint64_t y = (uint64_t)m;
        m -= (double)y;
        h += y;
        if (h >= HASH_MODULUS) h -= HASH_MODULUS;
    }
    e = e >= 0 ? e % HASH_BITS : HASH_BITS - 1 - (-1 - e) % HASH_BITS;
    if (e) h = rotate61(h, e);
    int64_t result = (int64_t)h * sign;
    return result == -1 ? -2 : result;
}

int64_t kr_hash_limbs(const uint64_t *limbs, size_t n, bool negative)
{
    uint64_t h = 0;
    while (n-- > 0) {
        /* h * 2^64 + limb, where 2^64 is 2^3 modulo 2^61 - 1 */
        h = rotate61(h, 3);
        uint64_t limb = (limbs[n] & HASH_MODULUS) + (limbs[n] >> HASH_BITS);
        h += limb;
        h = (h & HASH_MODULUS) + (h >> HASH_BITS);
        if (h >= HASH_MODULUS) h -= HASH_MODULUS;
    }
    int64_t result = negative ? -(int64_t)h : (int64_t)h;
    return result == -1 ? -2 : result;
}
