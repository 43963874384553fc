/* _random.c: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded and read as
 * CPython does, so that equal seeds give equal numbers. */
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "runtime/krait.h"

#define N 624
#define M 397

typedef struct Random {
    KrObject head;
    uint32_t state[N];
    int index; /* of the next word; N when all are used */
} Random;

static KrType *random_type;

static Random *random_of(KrValue v) { return kr_to_object(v); }

static void refill(Random *r)
{
    uint32_t *s = r->state;
    for (int k = 0; k < N; k++) {
        uint32_t y = (s[k] & 0x80000000u) | (s[(k + 1) % N] & 0x7fffffffu);
        s[k] = s[(k + M) % N] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
    }
    r->index = 0;
}

static uint32_t next_word(Random *r)
{
    if (r->index >= N) refill(r);
    uint32_t y = r->state[r->index++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

static void seed_word(Random *r, uint32_t seed)
{
    r->state[0] = seed;
    for (uint32_t i = 1; i < N; i++)
        r->state[i] = 1812433253u * (r->state[i - 1] ^ (r->state[i - 1] >> 30)) + i;
    r->index = N;
}

static void seed_array(Random *r, const uint32_t *key, size_t length)
{
    uint32_t *s = r->state;
    seed_word(r, 19650218u);
    size_t i = 1, j = 0;
    for (size_t k = length > N ? length : N; k; k--) {
        s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1664525u)) + key[j] + (uint32_t)j;
        if (++i >= N) {
            s[0] = s[N - 1];
            i = 1;
        }
        if (++j >= length) j = 0;
    }
    for (size_t k = N - 1; k; k--) {
        s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1566083941u)) - (uint32_t)i;
        if (++i >= N) {
            s[0] = s[N - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
}

static void seed_from_system(Random *r)
{
    uint32_t key[N];
    if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key) {
        struct timespec now, up;
        clock_gettime(CLOCK_REALTIME, &now);
        clock_gettime(CLOCK_MONOTONIC, &up);
        uint32_t few[5] = {(uint32_t)now.tv_sec, (uint32_t)now.tv_nsec, (uint32_t)getpid(),
                           (uint32_t)up.tv_sec, (uint32_t)up.tv_nsec};
        seed_array(r, few, 5);
        return;
    }
    seed_array(r, key, N);
}

static int seed(Random *r, KrValue from)
{
    if (kr_is_empty(from) || kr_is(from, kr_None)) {
        seed_from_system(r);
        return 0;
    }
    KrValue number;
    if (kr_is_int(from)) {
        number = kr_absolute(from);
    } else {
        int64_t hash = kr_hash(from);
        if (hash == -1) return -1;
        number = kr_int_unsigned((uint64_t)hash);
    }
    if (kr_is_empty(number)) return -1;
    size_t words = (kr_int_bit_length(number) + 31) / 32;
    if (words == 0) words = 1;
    uint32_t *key = kr_alloc_bytes(words * 4);
    if (!key || kr_int_to_bytes(number, (uint8_t *)key, words * 4, true, false) < 0) return -1;
    seed_array(r, key, words);
    return 0;
}

static KrValue random_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args;
    (void)n;
    (void)kwnames;
    Random *r = kr_alloc_instance(type);
    if (!r) return KR_EMPTY;
    r->index = N;
    return kr_from_object(r);
}

static int random_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames)) {
        kr_raise(kr_TypeError, "Random() takes no keyword arguments");
        return -1;
    }
    if (n > 1) {
        kr_raise(kr_TypeError, "Random() requires 0 or 1 argument");
        return -1;
    }
    return seed(random_of(self), n ? args[0] : KR_EMPTY);
}

KR_FN(random, random_random, "random", "(self, /)", "random() -> x in the interval [0, 1).")
{
    Random *r = random_of(a[0]);
    uint32_t high = next_word(r) >> 5, low = next_word(r) >> 6;
    return kr_float((high * 67108864.0 + low) * (1.0 / 9007199254740992.0));
}

KR_FN(random, random_seed, "seed", "(self, n=None, /)",
      "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the "
      "current time and the process "
      "identifier.")
{
    return seed(random_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(random, random_getrandbits, "getrandbits", "(self, k, /)",
      "getrandbits(k) -> x.  Generates an int with k random bits.")
{
    Random *r = random_of(a[0]);
    int k;
    if (kr_to_int32(a[1], &k) < 0) return KR_EMPTY;
    if (k < 0) return kr_raise(kr_ValueError, "number of bits must be non-negative");
    if (k == 0) return kr_int(0);
    if (k <= 32) return kr_int(next_word(r) >> (32 - k));
    size_t words = ((size_t)k + 31) / 32;
    uint32_t *bits = kr_alloc_bytes(words * 4);
    if (!bits) return KR_EMPTY;
    for (size_t i = 0; i < words; i++, k -= 32)
        bits[i] = k < 32 ? next_word(r) >> (32 - k) : next_word(r);
    return kr_int_from_bytes((uint8_t *)bits, words * 4, true, false);
}

KR_FN(random, random_getstate, "getstate", "(self, /)",
      "getstate() -> tuple containing the current state.")
{
    Random *r = random_of(a[0]);
    KrValue items[N + 1];
    for (int i = 0; i < N; i++) items[i] = kr_int(r->state[i]);
    items[N] = kr_int(r->index);
    return kr_tuple(items, N + 1);
}

KR_FN(random, random_setstate, "setstate", "(self, state, /)",
      "setstate(state) -> None.  Restores generator state.")
{
    Random *r = random_of(a[0]);
    uint32_t state[N];
    int64_t index;
    if (!kr_is_tuple(a[1])) return kr_raise(kr_TypeError, "state vector must be a tuple");
    if (kr_tuple_size(a[1]) != N + 1)
        return kr_raise(kr_ValueError, "state vector is the wrong size");
    for (size_t i = 0; i < N; i++) {
        KrValue item = kr_tuple_get(a[1], i);
        if (!kr_is_int(item)) return kr_raise(kr_TypeError, "an integer is required");
        if (kr_int_sign(item) < 0)
            return kr_raise(kr_OverflowError, "can't convert negative value to unsigned int");
        if (kr_int_bit_length(item) > 64)
            return kr_raise(kr_OverflowError, "Python int too large to convert to C unsigned long");
        state[i] = (uint32_t)kr_int_low_bits(item);
    }
    if (kr_to_int64(kr_tuple_get(a[1], N), &index) < 0) return KR_EMPTY;
    if (index < 0 || index > N) return kr_raise(kr_ValueError, "invalid state");
    memcpy(r->state, state, sizeof state);
    r->index = (int)index;
    return kr_None;
}

#include "modules/_random.entries.h"

static const KrTypeSpec random_spec = {
    .name = "_random.Random",
    .doc = "Random() -> create a random number generator with its own internal state.",
    .size = sizeof(Random),
    .flags = 0,
    .functions = random_functions,
    .slots = {.make = random_make, .init = random_init},
};

static int random_exec(KrValue module)
{
    kr_type_once(&random_type, &random_spec);
    return random_type ? kr_module_add_type(module, random_type) : -1;
}

KR_MODULE(_random) = {
    .api_version = KR_API_VERSION,
    .name = "_random",
    .doc = "Module implements the Mersenne Twister random number generator.",
    .exec = random_exec,
};
