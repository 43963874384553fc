/* container_hash.c: dicts and sets of kernels; see containers.h.
 *
 * A dict is an array of entries in the order of insertion and a table of their numbers, probed
 * linearly. A set is CPython's table, probe for probe, since its order shows: up to ten neighbours,
 * then i = 5 i + 1 + perturb; a new key takes the deleted entry passed last; growth at three fifths
 * by four, above 50,000 keys by two. */
#include "jit/run/containers.h"

#include <stdlib.h>
#include <string.h>

enum { LINEAR_PROBES = 9, PERTURB_SHIFT = 5, SMALL = 8 };

/* ---- Dicts ---- */

static uint64_t *entry_of(const KernelDict *d, int64_t i) { return d->entries + i * d->stride; }

static void dict_drop_all(KernelDict *d)
{
    for (int64_t i = 0; i < d->filled; i++) {
        uint64_t *e = entry_of(d, i);
        if (!e[1]) continue;
        jit_rt_words_drop(&d->key, e + 2);
        jit_rt_words_drop(&d->value, e + 2 + d->key.width);
    }
}

static void dict_destroy(KernelBuffer *buffer)
{
    KernelDict *d = kernel_dict(buffer);
    dict_drop_all(d);
    free(d->entries);
    free(d->index);
}

void *jit_rt_dict_new(int64_t key_width, int64_t key_owned, int64_t kinds, int64_t value_width,
                      int64_t value_owned, int64_t value_kinds)
{
    KernelBuffer *buffer = jit_rt_alloc(sizeof(KernelDict), 1);
    if (!buffer) return NULL;
    KernelDict *d = kernel_dict(buffer);
    buffer->destroy = dict_destroy;
    d->key = (ItemShape){key_width, (uint64_t)key_owned, (uint64_t)kinds};
    d->value = (ItemShape){value_width, (uint64_t)value_owned, (uint64_t)value_kinds};
    d->stride = 2 + key_width + value_width;
    d->mask = -1;
    return buffer;
}

/* The slot of the index that holds the key's entry, or the free one that ends the search. */
static int64_t dict_slot(const KernelDict *d, const uint64_t *key, uint64_t hash, bool *found)
{
    int64_t slot = (int64_t)((hash ^ hash >> 29) & (uint64_t)d->mask), free_slot = -1;
    *found = false;
    for (;; slot = (slot + 1) & d->mask) {
        int32_t i = d->index[slot];
        if (i == -1) return free_slot >= 0 ? free_slot : slot;
        if (i == -2) {
            if (free_slot < 0) free_slot = slot;
            continue;
        }
        const uint64_t *e = entry_of(d, i);
        if (e[0] == hash && jit_rt_words_equal(&d->key, e + 2, key)) {
            *found = true;
            return slot;
        }
    }
}

/* A new index and entries without holes, with room for twice the entries. */
static bool dict_rebuild(KernelDict *d)
{
    int64_t size = SMALL;
    while (size < d->used * 3) size *= 2;
    int64_t room = size * 2 / 3;
    if (size > INT32_MAX) return false;
    int32_t *index = malloc((size_t)size * sizeof *index);
    uint64_t *entries = malloc((size_t)(room * d->stride) * 8);
    if (!index || !entries) {
        free(index);
        free(entries);
        return false;
    }
    memset(index, 0xff, (size_t)size * sizeof *index);
    int64_t n = 0;
    for (int64_t i = 0; i < d->filled; i++) {
        uint64_t *e = entry_of(d, i);
        if (!e[1]) continue;
        memcpy(entries + n * d->stride, e, (size_t)d->stride * 8);
        int64_t slot = (int64_t)((e[0] ^ e[0] >> 29) & (uint64_t)(size - 1));
        while (index[slot] != -1) slot = (slot + 1) & (size - 1);
        index[slot] = (int32_t)n++;
    }
    free(d->index);
    free(d->entries);
    d->index = index;
    d->entries = entries;
    d->mask = size - 1;
    d->room = room;
    d->filled = n;
    return true;
}

int64_t jit_rt_dict_find(void *own, void *key)
{
    KernelDict *d = kernel_dict(own);
    bool found;
    if (!d->used) return -1;
    int64_t slot = dict_slot(d, key, (uint64_t)jit_rt_words_hash(&d->key, key), &found);
    return found ? d->index[slot] : -1;
}

int64_t jit_rt_dict_put(void *own, void *key)
{
    KernelDict *d = kernel_dict(own);
    bool found = false;
    uint64_t hash = (uint64_t)jit_rt_words_hash(&d->key, key);
    int64_t slot = d->mask < 0 ? 0 : dict_slot(d, key, hash, &found);
    if (found) return d->index[slot];
    if (d->filled == d->room) {
        if (!dict_rebuild(d)) return -1;
        slot = dict_slot(d, key, hash, &found);
    }
    int64_t i = d->filled++;
    uint64_t *e = entry_of(d, i);
    d->index[slot] = (int32_t)i;
    d->used++;
    e[0] = hash;
    e[1] = SET_USED;
    memcpy(e + 2, key, (size_t)d->key.width * 8);
    jit_rt_words_retain(&d->key, e + 2);
    memset(e + 2 + d->key.width, 0, (size_t)d->value.width * 8);
    return i;
}

void *jit_rt_dict_entry(void *own, int64_t position)
{
    return entry_of(kernel_dict(own), position) + 2;
}

void jit_rt_dict_delete(void *own, int64_t position)
{
    KernelDict *d = kernel_dict(own);
    uint64_t *e = entry_of(d, position), held[2 * ITEM_WORDS_MAX];
    bool found;
    int64_t slot = dict_slot(d, e + 2, e[0], &found);
    d->index[slot] = -2;
    e[1] = SET_FREE;
    d->used--;
    memcpy(held, e + 2, (size_t)(d->stride - 2) * 8); /* what is dropped may be this dict's owner */
    while (d->filled && !entry_of(d, d->filled - 1)[1]) d->filled--;
    jit_rt_words_drop(&d->key, held);
    jit_rt_words_drop(&d->value, held + d->key.width);
}

int64_t jit_rt_dict_next(void *own, int64_t position)
{
    KernelDict *d = kernel_dict(own);
    while (position < d->filled && !entry_of(d, position)[1]) position++;
    return position < d->filled ? position : -1;
}

int64_t jit_rt_dict_last(void *own)
{
    KernelDict *d = kernel_dict(own);
    int64_t i = d->filled - 1;
    while (i >= 0 && !entry_of(d, i)[1]) i--;
    return i;
}

void jit_rt_dict_clear(void *own)
{
    KernelDict *d = kernel_dict(own);
    dict_drop_all(d);
    d->used = d->filled = 0;
    if (d->mask >= 0) memset(d->index, 0xff, (size_t)(d->mask + 1) * sizeof *d->index);
}

/* ---- Sets ---- */

static uint64_t *place_of(const KernelSet *s, uint64_t i)
{
    return s->table + (int64_t)i * s->stride;
}

static void set_drop_all(KernelSet *s)
{
    for (int64_t i = 0; s->key.owned && i <= s->mask; i++)
        if (place_of(s, (uint64_t)i)[1] == SET_USED)
            jit_rt_words_drop(&s->key, place_of(s, (uint64_t)i) + 2);
}

static void set_destroy(KernelBuffer *buffer)
{
    set_drop_all(kernel_set(buffer));
    free(kernel_set(buffer)->table);
}

static bool set_empty_table(KernelSet *s, int64_t size)
{
    uint64_t *table = calloc((size_t)size, (size_t)s->stride * 8);
    if (!table) return false;
    s->table = table;
    s->mask = size - 1;
    return true;
}

void *jit_rt_set_new(int64_t width, int64_t owned, int64_t kinds)
{
    KernelBuffer *buffer = jit_rt_alloc(sizeof(KernelSet), 1);
    if (!buffer) return NULL;
    KernelSet *s = kernel_set(buffer);
    buffer->destroy = set_destroy;
    s->key = (ItemShape){width, (uint64_t)owned, (uint64_t)kinds};
    s->stride = 2 + width;
    s->mask = -1;
    if (set_empty_table(s, SMALL)) return buffer;
    jit_rt_release((uint64_t)(uintptr_t)buffer);
    return NULL;
}

/* The key's place, or the free one that ends the search; *deleted: the deleted one passed last. */
static uint64_t *set_search(const KernelSet *s, const uint64_t *key, uint64_t hash,
                            uint64_t **deleted)
{
    uint64_t mask = (uint64_t)s->mask, i = hash & mask, perturb = hash;
    *deleted = NULL;
    for (;;) {
        uint64_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        for (uint64_t k = 0; k <= probes; k++) {
            uint64_t *e = place_of(s, i + k);
            if (e[1] == SET_FREE) return e;
            if (e[1] == SET_DELETED)
                *deleted = e;
            else if (e[0] == hash && jit_rt_words_equal(&s->key, e + 2, key))
                return e;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

static void set_insert_clean(KernelSet *s, const uint64_t *entry)
{
    uint64_t mask = (uint64_t)s->mask, i = entry[0] & mask, perturb = entry[0];
    for (;;) {
        uint64_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        for (uint64_t k = 0; k <= probes; k++) {
            uint64_t *e = place_of(s, i + k);
            if (e[1] != SET_FREE) continue;
            memcpy(e, entry, (size_t)s->stride * 8);
            return;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

static bool set_resize(KernelSet *s, int64_t least)
{
    KernelSet old = *s;
    int64_t size = SMALL;
    while (size <= least) size *= 2;
    if (!set_empty_table(s, size)) return false;
    for (int64_t i = 0; i <= old.mask; i++)
        if (place_of(&old, (uint64_t)i)[1] == SET_USED)
            set_insert_clean(s, place_of(&old, (uint64_t)i));
    s->filled = s->used;
    free(old.table);
    return true;
}

int64_t jit_rt_set_find(void *own, void *key)
{
    KernelSet *s = kernel_set(own);
    uint64_t *deleted, *e = set_search(s, key, (uint64_t)jit_rt_words_hash(&s->key, key), &deleted);
    return e[1] == SET_USED ? (e - s->table) / s->stride : -1;
}

static int64_t set_add_hashed(KernelSet *s, const uint64_t *key, uint64_t hash)
{
    uint64_t *deleted, *e = set_search(s, key, hash, &deleted);
    if (e[1] == SET_USED) return 0;
    if (deleted)
        e = deleted;
    else
        s->filled++;
    e[0] = hash;
    e[1] = SET_USED;
    memcpy(e + 2, key, (size_t)s->key.width * 8);
    jit_rt_words_retain(&s->key, e + 2);
    s->used++;
    if (deleted || s->filled * 5 < s->mask * 3) return 1;
    return set_resize(s, s->used > 50000 ? s->used * 2 : s->used * 4) ? 1 : -1;
}

int64_t jit_rt_set_add(void *own, void *key)
{
    KernelSet *s = kernel_set(own);
    return set_add_hashed(s, key, (uint64_t)jit_rt_words_hash(&s->key, key));
}

void *jit_rt_set_entry(void *own, int64_t position)
{
    return place_of(kernel_set(own), (uint64_t)position) + 2;
}

void jit_rt_set_delete(void *own, int64_t position)
{
    KernelSet *s = kernel_set(own);
    uint64_t *e = place_of(s, (uint64_t)position), held[ITEM_WORDS_MAX];
    memcpy(held, e + 2, (size_t)s->key.width * 8);
    e[1] = SET_DELETED;
    s->used--;
    jit_rt_words_drop(&s->key, held);
}

int64_t jit_rt_set_finger(void *own)
{
    KernelSet *s = kernel_set(own);
    int64_t i = s->finger & s->mask;
    while (place_of(s, (uint64_t)i)[1] != SET_USED) i = i == s->mask ? 0 : i + 1;
    s->finger = i + 1;
    return i;
}

int64_t jit_rt_set_next(void *own, int64_t position)
{
    KernelSet *s = kernel_set(own);
    while (position <= s->mask && place_of(s, (uint64_t)position)[1] != SET_USED) position++;
    return position <= s->mask ? position : -1;
}

/* As CPython's set_merge: room for both first, and a table without deletions is copied as it is. */
int64_t jit_rt_set_merge(void *own, void *from)
{
    KernelSet *s = kernel_set(own), *other = kernel_set(from);
    if (s == other || !other->used) return 0;
    if ((s->filled + other->used) * 5 >= s->mask * 3 && !set_resize(s, (s->used + other->used) * 2))
        return -1;
    bool clean = s->filled == 0;
    if (clean && s->mask == other->mask && other->filled == other->used) {
        memcpy(s->table, other->table, (size_t)((s->mask + 1) * s->stride) * 8);
        for (int64_t i = 0; s->key.owned && i <= s->mask; i++)
            if (place_of(s, (uint64_t)i)[1] == SET_USED)
                jit_rt_words_retain(&s->key, place_of(s, (uint64_t)i) + 2);
        s->used = s->filled = other->used;
        return 0;
    }
    for (int64_t i = 0; i <= other->mask; i++) {
        const uint64_t *e = place_of(other, (uint64_t)i);
        if (e[1] != SET_USED) continue;
        if (clean) {
            set_insert_clean(s, e);
            jit_rt_words_retain(&s->key, e + 2);
            s->used++;
            s->filled++;
        } else if (set_add_hashed(s, e + 2, e[0]) < 0) {
            return -1;
        }
    }
    return 0;
}

void jit_rt_set_clear(void *own)
{
    KernelSet *s = kernel_set(own);
    KernelSet old = *s;
    if (!set_empty_table(s, SMALL)) { /* keep the large table, emptied */
        s->table = old.table;
        set_drop_all(s);
        memset(s->table, 0, (size_t)((s->mask + 1) * s->stride) * 8);
    } else {
        set_drop_all(&old);
        free(old.table);
    }
    s->used = s->filled = s->finger = 0;
}

int64_t jit_rt_set_table(void *own, int64_t places)
{
    KernelSet *s = kernel_set(own);
    free(s->table);
    s->used = s->filled = 0;
    return set_empty_table(s, places);
}

uint64_t *jit_rt_set_place(void *own, int64_t i) { return place_of(kernel_set(own), (uint64_t)i); }
