/* objects.c: _numpy._Bits, the object around a bit generator: its state, its lock, its seeds.
 *
 * The Python classes (PCG64, ...) hold one and give the state its names; Generator and RandomState draw from it.
 * State crosses to Python as bytes: the generator's struct, then the waiting half word. */
#include <pthread.h>

#include "modules/numpy/random/objects.h"

typedef struct Bits {
    KrObject head;
    NpBits bits;
    NpGenerator generator;
    pthread_mutex_t mutex;
} Bits;

static KrType *bits_type;

static Bits *bits_cast(Value v) { return kr_to_object(v); }

NpBits *np_bits_of(Value v)
{
    if (kr_is_object(v) && kr_is_instance_exact(v, bits_type)) return &bits_cast(v)->bits;
    kr_raise(kr_TypeError, "a bit generator is needed, not '%T'", v);
    return NULL;
}

void np_bits_lock(Value v)
{
    Bits *b = bits_cast(v);
    if (pthread_mutex_trylock(&b->mutex) == 0) return;
    kr_detach();
    pthread_mutex_lock(&b->mutex);
    kr_attach();
}

void np_bits_unlock(Value v) { pthread_mutex_unlock(&bits_cast(v)->mutex); }

static void bits_release(void *self) { pthread_mutex_destroy(&((Bits *)self)->mutex); }

KR_FN(module, bits_new, "_bits_new", "(kind, /)", NULL)
{
    int kind;
    if (kr_to_int32(a[0], &kind) < 0) return EMPTY;
    if (kind < 0 || kind >= NP_GENERATOR_COUNT)
        return kr_raise(kr_ValueError, "no such bit generator");
    Bits *b = kr_alloc_instance(bits_type);
    if (!b) return EMPTY;
    np_generator_bits(&b->generator, kind, &b->bits);
    pthread_mutex_init(&b->mutex, NULL);
    return kr_from_object(b);
}

static size_t state_size(const NpGenerator *g)
{
    static const size_t sizes[] = {[NP_PCG64] = sizeof(NpPcg),
                                   [NP_PCG64DXSM] = sizeof(NpPcg),
                                   [NP_MT19937] = sizeof(NpMt),
                                   [NP_PHILOX] = sizeof(NpPhilox),
                                   [NP_SFC64] = sizeof(NpSfc)};
    return sizes[g->kind];
}

KR_FN(module, bits_get, "_bits_get", "(bits, /)", NULL)
{
    if (!np_bits_of(a[0])) return EMPTY;
    NpGenerator *g = &bits_cast(a[0])->generator;
    return kr_tuple_of(3, kr_bytes(&g->pcg, state_size(g)), kr_int(g->has_half), kr_int(g->half));
}

KR_FN(module, bits_set, "_bits_set", "(bits, state, has_half, half, /)", NULL)
{
    KrBuffer buffer;
    int64_t has_half, half;
    if (!np_bits_of(a[0]) || kr_to_int64(a[2], &has_half) < 0 || kr_to_int64(a[3], &half) < 0)
        return EMPTY;
    if (kr_buffer_get(a[1], &buffer, KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    NpGenerator *g = &bits_cast(a[0])->generator, new = *g;
    bool fits = (size_t)buffer.size == state_size(g);
    if (fits) memcpy(&new.pcg, buffer.data, (size_t)buffer.size);
    kr_buffer_release(&buffer);
    if (g->kind == NP_MT19937) fits = fits && new.mt.at >= 0 && new.mt.at <= NP_MT_WORDS;
    if (g->kind == NP_PHILOX) fits = fits && new.philox.at >= 0 && new.philox.at <= 4;
    if (!fits) return kr_raise(kr_ValueError, "state is not a legacy MT19937 state");
    new.has_half = has_half != 0;
    new.half = (uint32_t)half;
    np_bits_lock(a[0]);
    *g = new;
    np_bits_unlock(a[0]);
    return kr_None;
}

KR_FN(module, bits_seed, "_bits_seed", "(bits, words, /)",
      "Seeds from an array of a seed sequence's words.")
{
    if (!np_bits_of(a[0]) || !np_is_array(a[1])) return EMPTY;
    NpGenerator *g = &bits_cast(a[0])->generator;
    NdArray *x = np_contiguous(np_array(a[1]));
    int64_t width = g->kind == NP_MT19937 ? 4 : 8;
    if (!x) return EMPTY;
    if (np_size(x) != np_generator_seed_words(g->kind) || x->a.item_size != width)
        return kr_raise(kr_ValueError, "the seed sequence gave the wrong number of words");
    np_bits_lock(a[0]);
    np_generator_seed(g, (const uint64_t *)(const void *)x->a.data);
    np_bits_unlock(a[0]);
    return kr_None;
}

KR_FN(module, bits_seed_mt, "_bits_seed_mt", "(bits, seed, /)",
      "The reference seeding: an int, or an array of uint32.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b) return EMPTY;
    NpMt *mt = &bits_cast(a[0])->generator.mt;
    NdArray *x = np_is_array(a[1]) ? np_contiguous(np_array(a[1])) : NULL;
    uint64_t word = x ? 0 : kr_int_low_bits(a[1]);
    np_bits_lock(a[0]);
    if (x)
        np_mt_seed_array(mt, (const uint32_t *)(const void *)x->a.data, (size_t)np_size(x));
    else
        np_mt_seed_word(mt, (uint32_t)word);
    b->has_gauss = 0;
    b->gauss = 0;
    np_bits_unlock(a[0]);
    return kr_None;
}

KR_FN(module, bits_gauss, "_bits_gauss", "(bits, has=None, gauss=0.0, /)",
      "The normal that waits; with arguments, sets it.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b) return EMPTY;
    if (!kr_is(a[1], kr_None)) {
        int has;
        double gauss;
        if (kr_to_int32(a[1], &has) < 0 || kr_to_double(a[2], &gauss) < 0) return EMPTY;
        b->has_gauss = has;
        b->gauss = gauss;
    }
    return kr_tuple_of(2, kr_int(b->has_gauss), kr_float(b->gauss));
}

/* Little-endian limbs of steps, reduced to 128 or 256 bits. */
KR_FN(module, bits_advance, "_bits_advance", "(bits, limbs, /)",
      "Advances by 256 bits of steps, as 32 bytes.")
{
    KrBuffer buffer;
    uint64_t limbs[4];
    if (!np_bits_of(a[0]) || kr_buffer_get(a[1], &buffer, KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    bool fits = buffer.size == sizeof limbs;
    if (fits) memcpy(limbs, buffer.data, sizeof limbs);
    kr_buffer_release(&buffer);
    if (!fits) return kr_raise(kr_ValueError, "32 bytes are needed");
    NpGenerator *g = &bits_cast(a[0])->generator;
    np_bits_lock(a[0]);
    if (g->kind == NP_PHILOX)
        np_philox_advance(g, limbs);
    else if (g->kind == NP_MT19937)
        np_mt_jump(&g->mt);
    else if (g->kind != NP_SFC64)
        np_pcg_advance(g, (NpU128)limbs[1] << 64 | limbs[0]);
    np_bits_unlock(a[0]);
    return kr_None;
}

KR_FN(module, bits_raw, "_bits_raw", "(bits, shape, output, /)", "Raw words of the generator.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b) return EMPTY;
    int64_t shape[MAXRANK], n = 1;
    int rank = kr_is(a[1], kr_None) ? -1 : np_shape_arg(a[1], shape);
    if (kr_raised()) return EMPTY;
    bool output = kr_truth(a[2]) == 1;
    NdArray *x =
        output && rank >= 0 ? np_new_order(np_dtypes[KR_U64], rank, shape, 'C', false) : NULL;
    if (output && rank >= 0 && !x) return EMPTY;
    if (rank >= 0) n = np_product(rank, shape);
    uint64_t last = 0;
    np_bits_lock(a[0]);
    for (int64_t i = 0; i < n; i++) {
        last = b->next_raw(b->state);
        if (x) ((uint64_t *)(void *)x->a.data)[i] = last;
    }
    np_bits_unlock(a[0]);
    return x ? np_value(x) : output ? kr_int_unsigned(last) : kr_None;
}

KR_FN(module, bits_capsule, "_bits_capsule", "(bits, /)",
      "The five functions, for other native code.")
{
    NpBits *b = np_bits_of(a[0]);
    return b ? kr_capsule(b, "BitGenerator") : EMPTY;
}

KR_FN(module, bits_address, "_bits_address", "(bits, /)",
      "Addresses: the struct's, then those of its five members.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b) return EMPTY;
    Value items[6] = {kr_int_unsigned((uint64_t)(uintptr_t)b)};
    for (int k = 0; k < 5; k++) {
        uint64_t word;
        memcpy(&word, (char *)b + k * (int)sizeof word, sizeof word);
        items[k + 1] = kr_int_unsigned(word);
    }
    return kr_tuple(items, 6);
}

/* ---- SeedSequence: O'Neill's randutils::seed_seq, as NumPy has it ---- */

static uint32_t hash_word(uint32_t value, uint32_t *factor, uint32_t multiplier)
{
    value ^= *factor;
    *factor *= multiplier;
    value *= *factor;
    return value ^ value >> 16;
}

static uint32_t mix_words(uint32_t x, uint32_t y)
{
    uint32_t r = 0xca01f9ddu * x - 0x4973f715u * y;
    return r ^ r >> 16;
}

KR_FN(module, seed_mix, "_seed_mix", "(entropy, pool, /)",
      "Mixes an array of uint32 into the pool, an array of uint32.")
{
    NdArray *in = np_as_type_contiguous(a[0], KR_U32);
    if (!in || !np_is_array(a[1])) return EMPTY;
    const uint32_t *entropy = (const uint32_t *)(const void *)in->a.data;
    uint32_t *pool = (uint32_t *)(void *)np_array(a[1])->a.data, factor = 0x43b0d7e5u,
             multiplier = 0x931e8875u;
    int64_t n = np_size(in), m = np_size(np_array(a[1]));
    for (int64_t i = 0; i < m; i++)
        pool[i] = hash_word(i < n ? entropy[i] : 0, &factor, multiplier);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < m; j++)
            if (i != j) pool[j] = mix_words(pool[j], hash_word(pool[i], &factor, multiplier));
    for (int64_t i = m; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            pool[j] = mix_words(pool[j], hash_word(entropy[i], &factor, multiplier));
    return kr_None;
}

KR_FN(module, seed_state, "_seed_state", "(pool, n, /)", "n words of state from a pool.")
{
    int64_t n;
    if (!np_is_array(a[0]) || kr_to_int64(a[1], &n) < 0) return EMPTY;
    NdArray *pool = np_array(a[0]), *out = np_new_1d(KR_U32, n);
    if (!out) return EMPTY;
    int64_t m = np_size(pool);
    uint32_t factor = 0x8b51f9ddu;
    for (int64_t i = 0; i < n; i++)
        ((uint32_t *)(void *)out->a.data)[i] =
            hash_word(((uint32_t *)(void *)pool->a.data)[i % m], &factor, 0x58f38dedu);
    return np_value(out);
}

#include "modules/numpy/random/objects.entries.h"

int np_random_init(Value module)
{
    static const KrTypeSpec spec = {
        .name = "numpy.random._Bits",
        .doc = "A source of random bits.",
        .size = sizeof(Bits),
        .release = bits_release,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
    };
    if (!kr_type_once(&bits_type, &spec)) return -1;
    np_ziggurat_init();
    np_random_kernel_init();
    if (np_add_functions(module, module_functions) < 0) return -1;
    return np_random_draw_init(module);
}
