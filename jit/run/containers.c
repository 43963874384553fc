/* containers.c: references held in words, and lists; see containers.h. */
#include "jit/run/containers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/objects/hash.h"

/* ---- Words ---- */

void *jit_rt_word_take(int64_t word)
{
    jit_rt_retain((uint64_t)word);
    return (void *)(uintptr_t)word;
}

int64_t jit_rt_word_put(void *owner)
{
    jit_rt_retain((uint64_t)(uintptr_t)owner);
    return (int64_t)(uintptr_t)owner;
}

void jit_rt_word_drop(int64_t word) { jit_rt_release((uint64_t)word); }

void jit_rt_words_retain(const ItemShape *shape, const uint64_t *item)
{
    for (uint64_t bits = shape->owned; bits; bits &= bits - 1)
        jit_rt_retain(item[__builtin_ctzll(bits)]);
}

void jit_rt_words_drop(const ItemShape *shape, const uint64_t *item)
{
    for (uint64_t bits = shape->owned; bits; bits &= bits - 1)
        jit_rt_release(item[__builtin_ctzll(bits)]);
}

static double float_of_word(uint64_t word, KernelWord kind)
{
    double d;
    float f;
    if (kind == WORD_FLOAT32) {
        memcpy(&f, &word, 4);
        return (double)f;
    }
    memcpy(&d, &word, 8);
    return d;
}

static KernelWord kind_of(const ItemShape *shape, int64_t i)
{
    return (KernelWord)(shape->kinds >> (2 * i) & 3);
}

static int64_t word_hash(uint64_t word, KernelWord kind)
{
    if (kind == WORD_TEXT) return jit_rt_text_hash((void *)(uintptr_t)word);
    if (kind != WORD_BITS)
        return kr_hash_double(float_of_word(word, kind), (KrValue){.bits = word});
    int64_t x = (int64_t)word;
    uint64_t limb = x < 0 ? 0 - word : word;
    return kr_hash_limbs(&limb, 1, x < 0);
}

int64_t jit_rt_hash_int(int64_t x) { return word_hash((uint64_t)x, WORD_BITS); }

int64_t jit_rt_hash_float(double x) { return kr_hash_double(x, (KrValue){.bits = 0}); }

/* One word hashes as its Python value, several as the tuple of them (xxHash's rounds). */
int64_t jit_rt_words_hash(const ItemShape *shape, const uint64_t *item)
{
    if (shape->width == 1) return word_hash(item[0], kind_of(shape, 0));
    uint64_t acc = UINT64_C(2870177450012600261);
    for (int64_t i = 0; i < shape->width; i++) {
        acc += (uint64_t)word_hash(item[i], kind_of(shape, i)) * UINT64_C(14029467366897019727);
        acc = (acc << 31 | acc >> 33) * UINT64_C(11400714785074694791);
    }
    acc += (uint64_t)shape->width ^ (UINT64_C(2870177450012600261) ^ UINT64_C(3527539));
    return acc == UINT64_MAX ? 1546275796 : (int64_t)acc;
}

bool jit_rt_words_equal(const ItemShape *shape, const uint64_t *a, const uint64_t *b)
{
    for (int64_t i = 0; i < shape->width; i++) {
        KernelWord kind = kind_of(shape, i);
        if (a[i] == b[i]) continue; /* a nan is the same object as itself */
        if (kind == WORD_BITS) return false;
        if (kind == WORD_TEXT) {
            if (jit_rt_text_compare((void *)(uintptr_t)a[i], (void *)(uintptr_t)b[i])) return false;
        } else if (float_of_word(a[i], kind) != float_of_word(b[i], kind)) {
            return false;
        }
    }
    return true;
}

/* ---- Lists ---- */

static void list_destroy(KernelBuffer *buffer)
{
    KernelList *list = kernel_list(buffer);
    for (int64_t i = 0; list->shape.owned && i < list->length; i++)
        jit_rt_words_drop(&list->shape, list->items + i * list->shape.width);
    free(list->items);
}

void *jit_rt_list_new(int64_t room, int64_t width, int64_t owned, int64_t kinds)
{
    KernelBuffer *buffer = jit_rt_alloc(sizeof(KernelList), 1);
    if (!buffer) return NULL;
    buffer->destroy = list_destroy;
    kernel_list(buffer)->shape = (ItemShape){width, (uint64_t)owned, (uint64_t)kinds};
    if (room && !jit_rt_list_reserve(buffer, room)) {
        jit_rt_release((uint64_t)(uintptr_t)buffer);
        return NULL;
    }
    return buffer;
}

/* Room for one item more, or for `room`; grows by half, at least to 8. */
int64_t jit_rt_list_reserve(void *own, int64_t room)
{
    KernelList *list = kernel_list(own);
    if (room <= list->room) return 1;
    int64_t grown = list->room + list->room / 2;
    if (grown < 8) grown = 8;
    if (room < grown && list->room) room = grown;
    if (room > (int64_t)(INT64_MAX / 8 / (list->shape.width + 1))) return 0;
    size_t bytes = (size_t)room * (size_t)list->shape.width * 8;
    uint64_t *items = realloc(list->items, bytes ? bytes : 8);
    if (!items) return 0;
    list->items = items;
    list->room = room;
    return 1;
}

int64_t jit_rt_list_gap(void *own, int64_t at, int64_t n)
{
    KernelList *list = kernel_list(own);
    if (!jit_rt_list_reserve(own, list->length + n)) return 0;
    int64_t width = list->shape.width;
    uint64_t *place = list->items + at * width;
    memmove(place + n * width, place, (size_t)((list->length - at) * width) * 8);
    memset(place, 0, (size_t)(n * width) * 8);
    list->length += n;
    return 1;
}

int64_t jit_rt_list_cut(void *own, int64_t at, int64_t n, int64_t drop)
{
    KernelList *list = kernel_list(own);
    int64_t width = list->shape.width;
    uint64_t *place = list->items + at * width;
    for (int64_t i = 0; drop && list->shape.owned && i < n; i++)
        jit_rt_words_drop(&list->shape, place + i * width);
    memmove(place, place + n * width, (size_t)((list->length - at - n) * width) * 8);
    list->length -= n;
    return 1;
}

void jit_rt_list_swap(void *own, int64_t i, int64_t j)
{
    KernelList *list = kernel_list(own);
    uint64_t *a = list->items + i * list->shape.width, *b = list->items + j * list->shape.width;
    for (int64_t k = 0; k < list->shape.width; k++) {
        uint64_t word = a[k];
        a[k] = b[k];
        b[k] = word;
    }
}
