/* hashes.c: the hash object, and the modules _md5, _sha1, _sha256, _sha512 (and _sha2, their name
 * from 3.12 on).
 *
 * One object type layout serves every algorithm of hashlib: a state that can be copied byte by
 * byte and a row of functions. MD5, SHA-1 and the 32-bit SHA-2s pad alike and differ in the
 * compression of a 64-byte block and the order of bytes; SHA-384 and SHA-512 are the same with
 * 128. From RFC 1321, FIPS 180-4. */
#include <string.h>

#include "modules/hashes.h"

const uint64_t kr_hashes_cubes[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};
const uint64_t kr_hashes_squares[16] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};

static uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }
static uint64_t rotate_wide(uint64_t x, int n) { return x >> n | x << (64 - n); } /* to the right */
static uint32_t load32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static uint64_t load64(const uint8_t *p) { return (uint64_t)load32(p) << 32 | load32(p + 4); }
static uint32_t load32_little(const uint8_t *p) { return __builtin_bswap32(load32(p)); }

/* ---- MD5 ---- */

static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static void md5_block(uint32_t *h, const uint8_t *p)
{
    static const uint8_t shifts[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t m[16], a = h[0], b = h[1], c = h[2], d = h[3];
    for (int i = 0; i < 16; i++) m[i] = load32_little(p + 4 * i);
    for (int i = 0; i < 64; i++) {
        uint32_t f;
        int g, round = i >> 4;
        if (round == 0)
            f = (b & c) | (~b & d), g = i;
        else if (round == 1)
            f = (d & b) | (~d & c), g = (5 * i + 1) & 15;
        else if (round == 2)
            f = b ^ c ^ d, g = (3 * i + 5) & 15;
        else
            f = c ^ (b | ~d), g = (7 * i) & 15;
        uint32_t next = b + rotate(a + f + sines[i] + m[g], shifts[round][i & 3]);
        a = d, d = c, c = b, b = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d;
}

/* ---- SHA-1 ---- */

static void sha1_block(uint32_t *h, const uint8_t *p)
{
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++) w[i] = load32(p + 4 * i);
    for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20)
            f = (b & c) | (~b & d), k = 0x5a827999;
        else if (i < 40)
            f = b ^ c ^ d, k = 0x6ed9eba1;
        else if (i < 60)
            f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
        else
            f = b ^ c ^ d, k = 0xca62c1d6;
        uint32_t next = rotate(a, 5) + f + e + k + w[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/* ---- SHA-2 ---- */

static void sha256_block(uint32_t *h, const uint8_t *p)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++) w[i] = load32(p + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(x, 25) ^ rotate(x, 14) ^ x >> 3) +
               (rotate(y, 15) ^ rotate(y, 13) ^ y >> 10);
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t t = v[7] + (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) +
                     ((e & v[5]) ^ (~e & v[6])) + (uint32_t)(kr_hashes_cubes[i] >> 32) + w[i];
        uint32_t u = (rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) +
                     ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

static void sha512_block(uint64_t *h, const uint8_t *p)
{
    uint64_t w[80], v[8];
    for (int i = 0; i < 16; i++) w[i] = load64(p + 8 * i);
    for (int i = 16; i < 80; i++) {
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate_wide(x, 1) ^ rotate_wide(x, 8) ^ x >> 7) +
               (rotate_wide(y, 19) ^ rotate_wide(y, 61) ^ y >> 6);
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 80; i++) {
        uint64_t e = v[4], a = v[0];
        uint64_t t = v[7] + (rotate_wide(e, 14) ^ rotate_wide(e, 18) ^ rotate_wide(e, 41)) +
                     ((e & v[5]) ^ (~e & v[6])) + kr_hashes_cubes[i] + w[i];
        uint64_t u = (rotate_wide(a, 28) ^ rotate_wide(a, 34) ^ rotate_wide(a, 39)) +
                     ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

/* ---- Blocks and padding ---- */

static const HashAlgorithm md5, sha1, sha224, sha256, sha384, sha512;

static void narrow_block(const HashAlgorithm *algorithm, HashState *s, const uint8_t *p)
{
    if (algorithm == &md5)
        md5_block(s->narrow.h, p);
    else if (algorithm == &sha1)
        sha1_block(s->narrow.h, p);
    else
        sha256_block(s->narrow.h, p);
}

static void narrow_update(const HashAlgorithm *algorithm, HashState *s, const uint8_t *data,
                          size_t n)
{
    size_t fill = s->narrow.bytes & 63;
    s->narrow.bytes += n;
    if (fill) {
        size_t part = 64 - fill < n ? 64 - fill : n;
        memcpy(s->narrow.buffer + fill, data, part);
        if (fill + part < 64) return;
        narrow_block(algorithm, s, s->narrow.buffer);
        data += part, n -= part;
    }
    for (; n >= 64; data += 64, n -= 64) narrow_block(algorithm, s, data);
    if (n) memcpy(s->narrow.buffer, data, n);
}

static void narrow_final(const HashAlgorithm *algorithm, HashState *s, uint8_t *out, size_t size)
{
    static const uint8_t padding[64] = {0x80};
    uint64_t bits = s->narrow.bytes * 8;
    bool little = algorithm == &md5;
    uint8_t length[8];
    for (int i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (little ? 8 * i : 56 - 8 * i));
    narrow_update(algorithm, s, padding, 1 + ((119 - (s->narrow.bytes & 63)) & 63));
    narrow_update(algorithm, s, length, 8);
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(s->narrow.h[i / 4] >> (little ? 8 * (i % 4) : 24 - 8 * (i % 4)));
}

static void wide_update(KR_UNUSED const HashAlgorithm *algorithm, HashState *s, const uint8_t *data,
                        size_t n)
{
    size_t fill = s->wide.bytes & 127;
    s->wide.bytes += n;
    if (fill) {
        size_t part = 128 - fill < n ? 128 - fill : n;
        memcpy(s->wide.buffer + fill, data, part);
        if (fill + part < 128) return;
        sha512_block(s->wide.h, s->wide.buffer);
        data += part, n -= part;
    }
    for (; n >= 128; data += 128, n -= 128) sha512_block(s->wide.h, data);
    if (n) memcpy(s->wide.buffer, data, n);
}

static void wide_final(const HashAlgorithm *algorithm, HashState *s, uint8_t *out, size_t size)
{
    static const uint8_t padding[128] = {0x80};
    uint64_t bytes = s->wide.bytes;
    uint8_t length[16] = {0};
    for (int i = 0; i < 8; i++) length[15 - i] = (uint8_t)(bytes << 3 >> (8 * i));
    length[7] = (uint8_t)(bytes >> 61);
    wide_update(algorithm, s, padding, 1 + ((239 - (bytes & 127)) & 127));
    wide_update(algorithm, s, length, 16);
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(s->wide.h[i / 8] >> (56 - 8 * (i % 8)));
}

static void md5_init(HashState *s)
{
    static const uint32_t start[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    memcpy(s->narrow.h, start, sizeof start);
}
static void sha1_init(HashState *s)
{
    md5_init(s);
    s->narrow.h[4] = 0xc3d2e1f0;
}
static void sha224_init(HashState *s)
{
    for (int i = 0; i < 8; i++) s->narrow.h[i] = (uint32_t)kr_hashes_squares[8 + i];
}
static void sha256_init(HashState *s)
{
    for (int i = 0; i < 8; i++) s->narrow.h[i] = (uint32_t)(kr_hashes_squares[i] >> 32);
}
static void sha384_init(HashState *s) { memcpy(s->wide.h, kr_hashes_squares + 8, 64); }
static void sha512_init(HashState *s) { memcpy(s->wide.h, kr_hashes_squares, 64); }

static const HashAlgorithm md5 = {"md5", 16, 64, md5_init, narrow_update, narrow_final};
static const HashAlgorithm sha1 = {"sha1", 20, 64, sha1_init, narrow_update, narrow_final};
static const HashAlgorithm sha224 = {"sha224", 28, 64, sha224_init, narrow_update, narrow_final};
static const HashAlgorithm sha256 = {"sha256", 32, 64, sha256_init, narrow_update, narrow_final};
static const HashAlgorithm sha384 = {"sha384", 48, 128, sha384_init, wide_update, wide_final};
static const HashAlgorithm sha512 = {"sha512", 64, 128, sha512_init, wide_update, wide_final};

/* ---- The object ---- */

static Hash *hash_of(KrValue v) { return kr_to_object(v); }

Hash *kr_hashes_alloc(KrType *type, const HashAlgorithm *algorithm)
{
    Hash *hash = kr_alloc_instance(type);
    if (hash) hash->algorithm = algorithm;
    return hash;
}

int kr_hashes_update(Hash *hash, KrValue v)
{
    KrBuffer view;
    if (kr_is_str(v)) {
        kr_raise(kr_TypeError, "Strings must be encoded before hashing");
        return -1;
    }
    if (!kr_has_buffer(v)) {
        kr_raise(kr_TypeError, "object supporting the buffer API required");
        return -1;
    }
    if (kr_buffer_get(v, &view, KR_BUFFER_READ) < 0) return -1;
    bool flat = view.rank <= 1;
    if (flat)
        hash->algorithm->update(hash->algorithm, &hash->state, view.data, (size_t)view.size);
    else
        kr_raise(kr_BufferError, "Buffer must be single dimension");
    kr_buffer_release(&view);
    return flat ? 0 : -1;
}

/* The digest, a copy of the state being ended; size 0: the algorithm's own. */
static KrValue digest(KrValue self, size_t size)
{
    Hash *hash = hash_of(self);
    const HashAlgorithm *algorithm = hash->algorithm;
    HashState copy = hash->state;
    KrValue bytes = kr_bytes(NULL, size);
    if (!kr_is_empty(bytes) && size) algorithm->final(algorithm, &copy, kr_bytes_data(bytes), size);
    return bytes;
}

static size_t size_of(KrValue self)
{
    Hash *hash = hash_of(self);
    return hash->algorithm->digest_size == UINT32_MAX ? hash->state.blake.digest_size
                                                      : hash->algorithm->digest_size;
}

static KrValue hex(KrValue bytes)
{
    if (kr_is_empty(bytes)) return KR_EMPTY;
    size_t n = kr_bytes_size(bytes);
    const uint8_t *p = kr_bytes_data(bytes);
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < n; i++) {
        kr_text_add_char(&text, (uint32_t) "0123456789abcdef"[p[i] >> 4]);
        kr_text_add_char(&text, (uint32_t) "0123456789abcdef"[p[i] & 15]);
    }
    return kr_text_finish(&text);
}

KR_FN(hash, hash_update, "update", "(self, obj, /)",
      "Update this hash object's state with the provided string.")
{
    return kr_hashes_update(hash_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(hash, hash_copy, "copy", "(self, /)", "Return a copy of the hash object.")
{
    Hash *copy = kr_hashes_alloc(kr_type_of(a[0]), hash_of(a[0])->algorithm);
    if (!copy) return KR_EMPTY;
    copy->state = hash_of(a[0])->state;
    return kr_from_object(copy);
}
KR_FN(fixed, hash_digest, "digest", "(self, /)", "Return the digest value as a bytes object.")
{
    return digest(a[0], size_of(a[0]));
}
KR_FN(fixed, hash_hexdigest, "hexdigest", "(self, /)",
      "Return the digest value as a string of hexadecimal digits.")
{
    return hex(digest(a[0], size_of(a[0])));
}

static int length_argument(KrValue v, size_t *size)
{
    int64_t n;
    if (kr_to_int64(v, &n) < 0) return -1;
    if (n < 0)
        kr_raise(kr_ValueError, "value must be positive");
    else if (n >= 1 << 29)
        kr_raise(kr_ValueError, "length is too large");
    *size = (size_t)n;
    return n >= 0 && n < 1 << 29 ? 0 : -1;
}
KR_FN(shake, shake_digest, "digest", "(self, length, /)",
      "Return the digest value as a bytes object.")
{
    size_t size;
    return length_argument(a[1], &size) < 0 ? KR_EMPTY : digest(a[0], size);
}
KR_FN(shake, shake_hexdigest, "hexdigest", "(self, length, /)",
      "Return the digest value as a string of hexadecimal digits.")
{
    size_t size;
    return length_argument(a[1], &size) < 0 ? KR_EMPTY : hex(digest(a[0], size));
}

static KrValue hash_name(KrValue self) { return kr_str(hash_of(self)->algorithm->name); }
static KrValue hash_digest_size(KrValue self) { return kr_int((int64_t)size_of(self)); }
static KrValue hash_block_size(KrValue self)
{
    return kr_int(hash_of(self)->algorithm->block_size);
}
/* What the SHA-3 types show of the sponge. */
static KrValue sponge_rate(KrValue self)
{
    return kr_int((int64_t)hash_of(self)->algorithm->block_size * 8);
}
static KrValue sponge_capacity(KrValue self)
{
    return kr_int(1600 - (int64_t)hash_of(self)->algorithm->block_size * 8);
}
static KrValue sponge_suffix(KrValue self)
{
    return kr_bytes(hash_of(self)->algorithm->digest_size ? "\x06" : "\x1f", 1);
}
KR_GETSET(hash, hash_name, NULL, "name", NULL)
KR_GETSET(hash, hash_digest_size, NULL, "digest_size", NULL)
KR_GETSET(hash, hash_block_size, NULL, "block_size", NULL)
KR_GETSET(sponge, sponge_rate, NULL, "_rate_bits", NULL)
KR_GETSET(sponge, sponge_capacity, NULL, "_capacity_bits", NULL)
KR_GETSET(sponge, sponge_suffix, NULL, "_suffix", NULL)

/* ---- Constructors ---- */

static const KrFunction constructor = {
    "hash", "(string=<unset>, *, usedforsecurity=True)", NULL, NULL, KR_KIND_BOUND, NULL};

int kr_hashes_arguments(const KrValue *args, size_t n, KrValue kwnames, KrValue *data)
{
    KrValue slots[2];
    if (kr_bind(&constructor, args, n, kwnames, slots) < 0) return -1;
    *data = slots[0];
    return 0;
}

static KrValue new_hash(KrType *type, const HashAlgorithm *algorithm, KrValue data)
{
    Hash *hash = kr_hashes_alloc(type, algorithm);
    if (!hash) return KR_EMPTY;
    algorithm->init(&hash->state);
    return !kr_is_empty(data) && kr_hashes_update(hash, data) < 0 ? KR_EMPTY : kr_from_object(hash);
}

static KrType *md5_type, *sha1_type, *sha224_type, *sha256_type, *sha384_type, *sha512_type;

#define CONSTRUCTOR "(string=<unset>, *, usedforsecurity=True)"
#define DOC(name) "Return a new " name " hash object; optionally initialized with a string."
KR_FN(md5, md5_new, "md5", CONSTRUCTOR, DOC("MD5")) { return new_hash(md5_type, &md5, a[0]); }
KR_FN(sha1, sha1_new, "sha1", CONSTRUCTOR, DOC("SHA1")) { return new_hash(sha1_type, &sha1, a[0]); }
KR_FN(sha256, sha224_new, "sha224", CONSTRUCTOR, DOC("SHA-224"))
{
    return new_hash(sha224_type, &sha224, a[0]);
}
KR_FN(sha256, sha256_new, "sha256", CONSTRUCTOR, DOC("SHA-256"))
{
    return new_hash(sha256_type, &sha256, a[0]);
}
KR_FN(sha512, sha384_new, "sha384", CONSTRUCTOR, DOC("SHA-384"))
{
    return new_hash(sha384_type, &sha384, a[0]);
}
KR_FN(sha512, sha512_new, "sha512", CONSTRUCTOR, DOC("SHA-512"))
{
    return new_hash(sha512_type, &sha512, a[0]);
}

#include "modules/hashes.entries.h"

/* The functions and properties of one kind of type: those of every hash, and its own digest
     * methods. */
static const KrFunction *const *methods(bool shake)
{
    static const KrFunction *fixed_table[5], *shake_table[5];
    const KrFunction **table = shake ? shake_table : fixed_table;
    const KrFunction *const *own = shake ? shake_functions : fixed_functions;
    table[0] = hash_functions[0], table[1] = hash_functions[1];
    table[2] = own[0], table[3] = own[1];
    return table;
}

static const KrGetSet *const *properties(bool sponge)
{
    static const KrGetSet *table[7];
    for (int i = 0; i < 3; i++) table[i] = hash_getset[i], table[3 + i] = sponge_getset[i];
    return sponge ? table : hash_getset;
}

KrType *kr_hashes_type(const char *type_name, const char *doc, const HashAlgorithm *algorithm,
                       KrValue (*make)(KrType *type, const KrValue *args, size_t n,
                                       KrValue kwnames))
{
    bool sponge = strncmp(algorithm->name, "sha", 3) == 0 && make;
    static KrTypeSpec specs[16]; /* a type refers to its spec */
    static int used;
    KrTypeSpec *spec = &specs[used++];
    *spec = (KrTypeSpec){.name = type_name,
                         .doc = doc,
                         .size = sizeof(Hash),
                         .functions = methods(algorithm->digest_size == 0),
                         .flags = make ? 0 : KR_TYPE_ABSTRACT,
                         .getset = properties(sponge),
                         .slots = {.make = make}};
    return kr_type_new(spec);
}

static int add_type(KrValue module, KrType **type, const char *name, const char *exported,
                    const HashAlgorithm *algorithm)
{
    if (!*type) {
        *type = kr_hashes_type(name, NULL, algorithm, NULL);
        if (!*type) return -1;
    }
    return kr_module_add(module, exported, kr_type_value(*type));
}

static int md5_exec(KrValue module)
{
    return add_type(module, &md5_type, "_md5.md5", "MD5Type", &md5);
}
static int sha1_exec(KrValue module)
{
    return add_type(module, &sha1_type, "_sha1.sha1", "SHA1Type", &sha1);
}
static int sha256_exec(KrValue module)
{
    if (add_type(module, &sha224_type, "_sha256.sha224", "SHA224Type", &sha224) < 0) return -1;
    return add_type(module, &sha256_type, "_sha256.sha256", "SHA256Type", &sha256);
}
static int sha512_exec(KrValue module)
{
    if (add_type(module, &sha384_type, "_sha512.sha384", "SHA384Type", &sha384) < 0) return -1;
    return add_type(module, &sha512_type, "_sha512.sha512", "SHA512Type", &sha512);
}
static int sha2_exec(KrValue module)
{
    if (sha256_exec(module) < 0 || sha512_exec(module) < 0) return -1;
    for (int i = 0; i < 2; i++) {
        if (kr_module_add(module, sha256_functions[i]->name,
                          kr_function_new(sha256_functions[i], KR_EMPTY, kr_str("_sha2"))) < 0 ||
            kr_module_add(module, sha512_functions[i]->name,
                          kr_function_new(sha512_functions[i], KR_EMPTY, kr_str("_sha2"))) < 0)
            return -1;
    }
    return 0;
}

KR_MODULE(_md5) = {
    .api_version = KR_API_VERSION, .name = "_md5", .functions = md5_functions, .exec = md5_exec};
KR_MODULE(_sha1) = {
    .api_version = KR_API_VERSION, .name = "_sha1", .functions = sha1_functions, .exec = sha1_exec};
KR_MODULE(_sha256) = {.api_version = KR_API_VERSION,
                      .name = "_sha256",
                      .functions = sha256_functions,
                      .exec = sha256_exec};
KR_MODULE(_sha512) = {.api_version = KR_API_VERSION,
                      .name = "_sha512",
                      .functions = sha512_functions,
                      .exec = sha512_exec};
KR_MODULE(_sha2) = {.api_version = KR_API_VERSION, .name = "_sha2", .exec = sha2_exec};
