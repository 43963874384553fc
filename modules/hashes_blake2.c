/* hashes_blake2.c: the module _blake2: BLAKE2b and BLAKE2s with key, salt, person and tree
 * parameters (RFC 7693).
 *
 * Both share the state of hashes.h; BLAKE2s keeps 32-bit words in its 64-bit fields. The last
 * block is only compressed in final(): a full buffer waits until more data comes. */
#include <string.h>

#include "modules/hashes.h"

static const uint8_t schedule[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
/* The columns, then the diagonals of the 4 x 4 state. */
static const uint8_t quarters[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14},
                                       {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12},
                                       {2, 7, 8, 13},  {3, 4, 9, 14}};

static uint64_t load(const uint8_t *p, int bytes)
{
    uint64_t x = 0;
    for (int i = 0; i < bytes; i++) x |= (uint64_t)p[i] << (8 * i);
    return x;
}

#define DEFINE_COMPRESS(name, Word, bits, rounds, shift, r1, r2, r3, r4)                        \
    static Word name##_turn(Word x, int n) { return (Word)(x >> n | x << (bits - n)); }         \
    static void name(HashState *s, const uint8_t *block, bool last)                             \
    {                                                                                           \
        Word m[16], v[16];                                                                      \
        for (int i = 0; i < 16; i++) m[i] = (Word)load(block + i * (bits / 8), bits / 8);       \
        for (int i = 0; i < 8; i++)                                                             \
            v[i] = (Word)s->blake.h[i], v[i + 8] = (Word)(kr_hashes_squares[i] >> shift);       \
        v[12] ^= (Word)s->blake.counter[0];                                                     \
        v[13] ^= (Word)s->blake.counter[1];                                                     \
        if (last) v[14] = (Word)~v[14];                                                         \
        if (last && s->blake.last_node) v[15] = (Word)~v[15];                                   \
        for (int round = 0; round < rounds; round++) {                                          \
            const uint8_t *order = schedule[round % 10];                                        \
            for (int q = 0; q < 8; q++) {                                                       \
                Word *a = v + quarters[q][0], *b = v + quarters[q][1], *c = v + quarters[q][2], \
                     *d = v + quarters[q][3];                                                   \
                *a += *b + m[order[2 * q]];                                                     \
                *d = name##_turn(*d ^ *a, r1);                                                  \
                *c += *d;                                                                       \
                *b = name##_turn(*b ^ *c, r2);                                                  \
                *a += *b + m[order[2 * q + 1]];                                                 \
                *d = name##_turn(*d ^ *a, r3);                                                  \
                *c += *d;                                                                       \
                *b = name##_turn(*b ^ *c, r4);                                                  \
            }                                                                                   \
        }                                                                                       \
        for (int i = 0; i < 8; i++) s->blake.h[i] ^= v[i] ^ v[i + 8];                           \
    }
DEFINE_COMPRESS(compress_b, uint64_t, 64, 12, 0, 32, 24, 16, 63)
DEFINE_COMPRESS(compress_s, uint32_t, 32, 10, 32, 16, 12, 8, 7)

static void count(HashState *s, bool wide, uint64_t n)
{
    s->blake.counter[0] += n;
    if (wide)
        s->blake.counter[1] += s->blake.counter[0] < n;
    else
        s->blake.counter[1] = s->blake.counter[0] >> 32;
}

static void compress(const HashAlgorithm *algorithm, HashState *s, const uint8_t *block, bool last)
{
    if (algorithm->block_size == 128)
        compress_b(s, block, last);
    else
        compress_s(s, block, last);
}

static void blake_update(const HashAlgorithm *algorithm, HashState *s, const uint8_t *data,
                         size_t n)
{
    uint32_t size = algorithm->block_size;
    while (n) {
        if (s->blake.fill == size) {
            count(s, size == 128, size);
            compress(algorithm, s, s->blake.buffer, false);
            s->blake.fill = 0;
        }
        size_t part = size - s->blake.fill < n ? size - s->blake.fill : n;
        memcpy(s->blake.buffer + s->blake.fill, data, part);
        s->blake.fill += (uint32_t)part, data += part, n -= part;
    }
}

static void blake_final(const HashAlgorithm *algorithm, HashState *s, uint8_t *out, size_t size)
{
    uint32_t block = algorithm->block_size, word = block / 16;
    count(s, block == 128, s->blake.fill);
    memset(s->blake.buffer + s->blake.fill, 0, block - s->blake.fill);
    compress(algorithm, s, s->blake.buffer, true);
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(s->blake.h[i / word] >> (8 * (i % word)));
}

/* A digest size of UINT32_MAX: each hash has its own. */
static const HashAlgorithm blake2b = {"blake2b", UINT32_MAX, 128, NULL, blake_update, blake_final};
static const HashAlgorithm blake2s = {"blake2s", UINT32_MAX, 64, NULL, blake_update, blake_final};

/* ---- The constructor ---- */

static const KrFunction constructor = {"blake2",
                                       "(data=<unset>, /, *, digest_size=<unset>, key=<unset>, "
                                       "salt=<unset>, person=<unset>, fanout=1, depth=1, "
                                       "leaf_size=0, node_offset=0, node_depth=0, inner_size=0, "
                                       "last_node=False, usedforsecurity=True)",
                                       NULL,
                                       NULL,
                                       KR_KIND_BOUND,
                                       NULL};
enum {
    DATA,
    DIGEST_SIZE,
    KEY,
    SALT,
    PERSON,
    FANOUT,
    DEPTH,
    LEAF_SIZE,
    NODE_OFFSET,
    NODE_DEPTH,
    INNER_SIZE,
    LAST_NODE
};

static KrType *blake2b_type, *blake2s_type;

/* An int argument between two bounds. */
static int ranged(KrValue v, const char *name, int64_t low, int64_t high, int64_t *out)
{
    if (kr_to_int64(v, out) < 0) return -1;
    if (*out >= low && *out <= high) return 0;
    kr_raise(kr_ValueError, "%s must be between %lld and %lld", name, (long long)low,
             (long long)high);
    return -1;
}

/* A bytes argument of at most `most` bytes, put into a field of zeros. */
static int bytes_argument(KrValue v, const char *name, size_t most, uint8_t *out, size_t *size)
{
    *size = 0;
    if (kr_is_empty(v)) return 0;
    KrBuffer view;
    if (kr_buffer_get(v, &view, KR_BUFFER_READ) < 0) return -1;
    bool fits = (size_t)view.size <= most;
    if (fits && view.size) memcpy(out, view.data, (size_t)view.size);
    *size = (size_t)view.size;
    kr_buffer_release(&view);
    if (fits) return 0;
    kr_raise(kr_ValueError, "maximum %s length is %zu bytes", name, most);
    return -1;
}

static int unsigned_argument(KrValue v, const char *name, uint64_t high, uint64_t *out)
{
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return -1;
    if (kr_int_sign(index) < 0) {
        kr_raise(kr_ValueError, "value must be positive");
        return -1;
    }
    if (kr_to_uint64(index, out) < 0) return -1;
    if (*out <= high) return 0;
    kr_raise(kr_OverflowError, "%s is too large", name);
    return -1;
}

static KrValue blake_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue a[13];
    if (kr_bind(&constructor, args, n, kwnames, a) < 0) return KR_EMPTY;
    bool wide = kr_is_subtype(type, blake2b_type);
    size_t half = wide ? 16 : 8, most = wide ? 64 : 32, key_size,
           ignored;                      /* bytes of salt and person; of digest and key */
    uint8_t p[64] = {0}, key[128] = {0}; /* the parameter block */
    int64_t digest_size = (int64_t)most, fanout, depth, node_depth, inner_size;
    uint64_t leaf_size, node_offset;
    if (!kr_is_empty(a[DIGEST_SIZE])) {
        if (kr_to_int64(a[DIGEST_SIZE], &digest_size) < 0) return KR_EMPTY;
        if (digest_size <= 0 || digest_size > (int64_t)most)
            return kr_raise(kr_ValueError,
                            "digest_size for %s must be between 1 and %zu bytes, here it is %lld",
                            wide ? "Blake2b" : "Blake2s", most, (long long)digest_size);
    }
    if (bytes_argument(a[SALT], "salt", half, p + (wide ? 32 : 16), &ignored) < 0 ||
        bytes_argument(a[PERSON], "person", half, p + (wide ? 48 : 24), &ignored) < 0 ||
        ranged(a[FANOUT], "fanout", 0, 255, &fanout) < 0 ||
        ranged(a[DEPTH], "depth", 1, 255, &depth) < 0 ||
        unsigned_argument(a[LEAF_SIZE], "leaf_size", UINT32_MAX, &leaf_size) < 0 ||
        unsigned_argument(a[NODE_OFFSET], "node_offset",
                          wide ? UINT64_MAX : UINT64_C(0xffffffffffff), &node_offset) < 0 ||
        ranged(a[NODE_DEPTH], "node_depth", 0, 255, &node_depth) < 0)
        return KR_EMPTY;
    if (kr_to_int64(a[INNER_SIZE], &inner_size) < 0) return KR_EMPTY;
    if (inner_size < 0 || inner_size > (int64_t)most)
        return kr_raise(kr_ValueError, "inner_size must be between 0 and is %zu", most);
    if (bytes_argument(a[KEY], "key", most, key, &key_size) < 0) return KR_EMPTY;
    int last_node = kr_truth(a[LAST_NODE]);
    if (last_node < 0) return KR_EMPTY;
    p[0] = (uint8_t)digest_size, p[1] = (uint8_t)key_size, p[2] = (uint8_t)fanout,
    p[3] = (uint8_t)depth;
    for (int i = 0; i < 4; i++) p[4 + i] = (uint8_t)(leaf_size >> (8 * i));
    for (int i = 0; i < (wide ? 8 : 6); i++) p[8 + i] = (uint8_t)(node_offset >> (8 * i));
    p[wide ? 16 : 14] = (uint8_t)node_depth, p[wide ? 17 : 15] = (uint8_t)inner_size;
    const HashAlgorithm *algorithm = wide ? &blake2b : &blake2s;
    Hash *hash = kr_hashes_alloc(type, algorithm);
    if (!hash) return KR_EMPTY;
    int word = wide ? 8 : 4;
    for (int i = 0; i < 8; i++)
        hash->state.blake.h[i] =
            (kr_hashes_squares[i] >> (wide ? 0 : 32)) ^ load(p + i * word, word);
    hash->state.blake.digest_size = (uint32_t)digest_size;
    hash->state.blake.last_node = last_node;
    if (key_size) blake_update(algorithm, &hash->state, key, algorithm->block_size);
    return !kr_is_empty(a[DATA]) && kr_hashes_update(hash, a[DATA]) < 0 ? KR_EMPTY
                                                                        : kr_from_object(hash);
}

static int add_variant(KrValue module, KrType **type, const char *name, const char *prefix,
                       const HashAlgorithm *algorithm)
{
    int half = algorithm->block_size / 8, most = (int)algorithm->block_size / 2;
    const struct {
        const char *name;
        int value;
    } constants[] = {{"SALT_SIZE", half},
                     {"PERSON_SIZE", half},
                     {"MAX_KEY_SIZE", most},
                     {"MAX_DIGEST_SIZE", most}};
    *type = kr_hashes_type(name, "Return a new BLAKE2 hash object.", algorithm, blake_make);
    if (!*type || kr_module_add_type(module, *type) < 0) return -1;
    for (int i = 0; i < 4; i++) {
        if (kr_dict_set_ascii(kr_type_dict(*type), constants[i].name, kr_int(constants[i].value)) <
            0)
            return -1;
        KrValue full = kr_str_format("%s_%s", prefix, constants[i].name);
        if (kr_is_empty(full) ||
            kr_module_add(module, kr_str_utf8(full, NULL), kr_int(constants[i].value)) < 0)
            return -1;
    }
    return 0;
}

static int blake2_exec(KrValue module)
{
    if (add_variant(module, &blake2b_type, "_blake2.blake2b", "BLAKE2B", &blake2b) < 0) return -1;
    return add_variant(module, &blake2s_type, "_blake2.blake2s", "BLAKE2S", &blake2s);
}

KR_MODULE(_blake2) = {.api_version = KR_API_VERSION, .name = "_blake2", .exec = blake2_exec};
