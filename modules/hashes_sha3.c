/* hashes_sha3.c: the module _sha3: SHA-3 and SHAKE, sponges over Keccak-f[1600] (FIPS 202).
 *
 * The state is 25 lanes of 64 bits, lane x + 5y. Absorbed bytes are added to it at `at`, least
 * significant byte first; a full block of block_size bytes is permuted at once. */
#include <string.h>

#include "modules/hashes.h"

static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static uint64_t rotate(uint64_t x, unsigned n) { return n ? x << n | x >> (64 - n) : x; }

static void permute(uint64_t *a)
{
    for (int round = 0; round < 24; round++) {
        uint64_t c[5], b[25];
        for (int x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (int x = 0; x < 5; x++) {
            uint64_t d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
            for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
        }
        /* rho and pi: the lane at (x, y) turns by a triangular number and moves to (y, 2x + 3y). */
        b[0] = a[0];
        for (unsigned t = 0, x = 1, y = 0; t < 24; t++) {
            unsigned to_x = y, to_y = (2 * x + 3 * y) % 5;
            b[to_x + 5 * to_y] = rotate(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
            x = to_x, y = to_y;
        }
        for (int y = 0; y < 25; y += 5)
            for (int x = 0; x < 5; x++)
                a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
        a[0] ^= round_constants[round];
    }
}

static void absorb_byte(HashState *s, uint32_t at, uint8_t byte)
{
    s->sponge.lanes[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

static void sponge_init(HashState *s) { memset(s, 0, sizeof *s); }

static void sponge_update(const HashAlgorithm *algorithm, HashState *s, const uint8_t *data,
                          size_t n)
{
    uint32_t rate = algorithm->block_size;
    while (n) {
        if (s->sponge.at % 8 == 0 && n >= 8) { /* the rate is a multiple of 8 */
            uint64_t lane = 0;
            for (int i = 0; i < 8; i++) lane |= (uint64_t)data[i] << (8 * i);
            s->sponge.lanes[s->sponge.at / 8] ^= lane;
            s->sponge.at += 8, data += 8, n -= 8;
        } else {
            absorb_byte(s, s->sponge.at++, *data++);
            n--;
        }
        if (s->sponge.at < rate) continue;
        permute(s->sponge.lanes);
        s->sponge.at = 0;
    }
}

static void sponge_final(const HashAlgorithm *algorithm, HashState *s, uint8_t *out, size_t size)
{
    uint32_t rate = algorithm->block_size;
    absorb_byte(s, s->sponge.at, algorithm->digest_size ? 0x06 : 0x1f);
    absorb_byte(s, rate - 1, 0x80);
    permute(s->sponge.lanes);
    for (size_t i = 0, at = 0; i < size; i++, at++) {
        if (at == rate) {
            permute(s->sponge.lanes);
            at = 0;
        }
        out[i] = (uint8_t)(s->sponge.lanes[at / 8] >> (8 * (at % 8)));
    }
}

static const HashAlgorithm algorithms[] = {
    {"sha3_224", 28, 144, sponge_init, sponge_update, sponge_final},
    {"sha3_256", 32, 136, sponge_init, sponge_update, sponge_final},
    {"sha3_384", 48, 104, sponge_init, sponge_update, sponge_final},
    {"sha3_512", 64, 72, sponge_init, sponge_update, sponge_final},
    {"shake_128", 0, 168, sponge_init, sponge_update, sponge_final},
    {"shake_256", 0, 136, sponge_init, sponge_update, sponge_final},
};
enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms };
static KrType *types[ALGORITHMS];

static const HashAlgorithm *algorithm_of(const KrType *type)
{
    for (int i = 0; i < ALGORITHMS; i++)
        if (kr_is_subtype(type, types[i])) return &algorithms[i];
    return &algorithms[0];
}

static KrValue sponge_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue data;
    if (kr_hashes_arguments(args, n, kwnames, &data) < 0) return KR_EMPTY;
    Hash *hash = kr_hashes_alloc(type, algorithm_of(type));
    if (!hash || (!kr_is_empty(data) && kr_hashes_update(hash, data) < 0)) return KR_EMPTY;
    return kr_from_object(hash);
}

static int sha3_exec(KrValue module)
{
    static const char *const names[] = {"_sha3.sha3_224", "_sha3.sha3_256",  "_sha3.sha3_384",
                                        "_sha3.sha3_512", "_sha3.shake_128", "_sha3.shake_256"};
    for (int i = 0; i < ALGORITHMS; i++) {
        types[i] =
            kr_hashes_type(names[i], "Return a new hash object.", &algorithms[i], sponge_make);
        if (!types[i] || kr_module_add_type(module, types[i]) < 0) return -1;
    }
    return kr_module_add(module, "implementation", kr_str("generic 64-bit"));
}

KR_MODULE(_sha3) = {.api_version = KR_API_VERSION, .name = "_sha3", .exec = sha3_exec};
