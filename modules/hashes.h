/* hashes.h: what the hash modules (hashes.c, hashes_sha3.c, hashes_blake2.c) share: one hash
 * object for all algorithms. */
#ifndef MODULES_HASHES_H
#define MODULES_HASHES_H

#include "runtime/krait.h"

/* The running state of any algorithm; a plain copy of it is a copy of the hash. */
typedef union HashState {
    struct {
        uint32_t h[8];
        uint64_t bytes; /* hashed so far, those in `buffer` included */
        uint8_t buffer[64];
    } narrow; /* MD5, SHA-1, SHA-224, SHA-256 */
    struct {
        uint64_t h[8];
        uint64_t bytes;
        uint8_t buffer[128];
    } wide; /* SHA-384, SHA-512 */
    struct {
        uint64_t lanes[25];
        uint32_t at; /* bytes absorbed into the current block */
    } sponge;        /* SHA-3, SHAKE */
    struct {
        uint64_t h[8], counter[2];
        uint8_t buffer[128];
        uint32_t fill, digest_size;
        bool last_node;
    } blake;
} HashState;

typedef struct HashAlgorithm {
    const char *name;
    uint32_t digest_size; /* 0: asked for (SHAKE) */
    uint32_t block_size;
    void (*init)(HashState *s); /* NULL: the type has its own constructor */
    void (*update)(const struct HashAlgorithm *algorithm, HashState *s, const uint8_t *data,
                   size_t n);
    /* Ends the (copied) state and writes `size` bytes. */
    void (*final)(const struct HashAlgorithm *algorithm, HashState *s, uint8_t *out, size_t size);
} HashAlgorithm;

typedef struct Hash {
    KrObject head;
    const HashAlgorithm *algorithm;
    HashState state;
} Hash;

/* Round constants and start values of SHA-2, which BLAKE2 shares: the fractions of the cube roots
 * of the first 80 primes and of the square roots of the first 16. The 32-bit algorithms take
 * their upper halves. */
extern const uint64_t kr_hashes_cubes[80], kr_hashes_squares[16];

/* A type of hash objects, called `type_name`. Its constructor is fn(string=b'', *,
 * usedforsecurity=True) unless `make` is given. */
KrType *kr_hashes_type(const char *type_name, const char *doc, const HashAlgorithm *algorithm,
                       KrValue (*make)(KrType *type, const KrValue *args, size_t n,
                                       KrValue kwnames));
/* A hash of the type's algorithm, not yet initialised. */
Hash *kr_hashes_alloc(KrType *type, const HashAlgorithm *algorithm);
/* Hashes what v's buffer holds; -1 raised. */
int kr_hashes_update(Hash *hash, KrValue v);
/* Arguments (string=b'', *, usedforsecurity=True) of a constructor; *data is EMPTY when absent. */
int kr_hashes_arguments(const KrValue *args, size_t n, KrValue kwnames, KrValue *data);

#endif
