/* hash.h: hashing of bytes and numbers. Strings and bytes use SipHash-1-3 under a process-wide
 * key; numbers are reduced modulo the prime 2^61 - 1, so that equal numbers of all types hash
 * alike. Both as CPython does, so that hashes are equal for the same PYTHONHASHSEED. */
#ifndef RUNTIME_OBJECTS_HASH_H
#define RUNTIME_OBJECTS_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/krait.h"

#define HASH_BITS 61
#define HASH_MODULUS ((UINT64_C(1) << HASH_BITS) - 1)
#define HASH_INF 314159
#define HASH_IMAG UINT64_C(1000003)

/* Sets the key from the text of PYTHONHASHSEED (NULL or "random": from the system). -1 when the
 * text is neither "random" nor an integer in 0..4294967295. Without a call the first hash reads
 * the environment. */
int kr_hash_set_seed(const char *text);
int64_t kr_hash_bytes(const void *data, size_t n); /* never -1 */
int64_t kr_hash_double(double x, KrValue self);    /* a NaN hashes by the identity of self */
int64_t kr_hash_limbs(const uint64_t *limbs, size_t n, bool negative);

#endif
