/* box_container.c: lists, dicts, sets and strings between Python and kernels.
 *
 * Containers are copied in when a kernel is entered. A crossing remembers which kernel container
 * stands for which Python object, and a copy of the words that went in. When the kernel is left,
 * also by an exception, what has changed is put back into the Python objects, so that the caller
 * sees it; what has not changed keeps its objects. A container that comes out and that went in is
 * the same object again.
 *
 * The objects of a crossing are kept alive by a Python list. Arrays inside containers are owned by
 * it, too: their tags are ARGUMENTS_MAX and more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/run/box.h"
#include "jit/run/containers.h"
#include "jit/types/sig.h"
#include "runtime/objects/list.h"
#include "runtime/objects/set.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { DEPTH_MAX = 20 };

typedef struct CrossEntry {
    KernelBuffer *buffer; /* one reference is ours */
    const JitType *type;
    uint64_t *before; /* the words of its items when it went in */
    int64_t count;    /* items then */
} CrossEntry;

/* ---- Types ---- */

static const JitType *common(const JitType *so_far, Value v, int depth)
{
    const JitType *t = jit_box_type_within(v, depth);
    if (!t) return NULL;
    return so_far == t ? t : jit_type_grow(so_far, t);
}

static bool is_hashable(const JitType *t)
{
    for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++)
        if (!jit_type_is_numeric(t->elem[i]) && t->elem[i]->kind != TK_TEXT) return false;
    return t->kind == TK_TUPLE || t->kind == TK_TEXT || t->kind == TK_BOTTOM ||
           t->kind == TK_NONE || jit_type_is_numeric(t);
}

static const JitType *list_type(Value v, int depth)
{
    const JitType *t = jit_type_simple(TK_BOTTOM);
    for (size_t i = 0; t && i < list_of(v)->size; i++) t = common(t, list_of(v)->items[i], depth);
    return t && t->nparts <= ITEM_WORDS_MAX ? jit_type_list(t) : NULL;
}

static const JitType *set_type(Value v, int depth)
{
    const JitType *t = jit_type_simple(TK_BOTTOM);
    Value item;
    for (size_t at = 0; t && kr_set_next(v, &at, &item);) t = common(t, item, depth);
    return t && is_hashable(t) ? jit_type_set(t) : NULL;
}

static const JitType *dict_type(Value v, int depth)
{
    const JitType *k = jit_type_simple(TK_BOTTOM), *t = k;
    Value key, value;
    for (size_t at = 0; k && t && kr_dict_next(v, &at, &key, &value);) {
        k = common(k, key, depth);
        t = common(t, value, depth);
    }
    return k && t && is_hashable(k) && t->nparts <= ITEM_WORDS_MAX ? jit_type_dict(k, t) : NULL;
}

/* numba.typed's containers say what they hold; before they are told, they are like Python's. */
static const JitType *typed_container(Value v)
{
    bool container = is_list(v) || is_dict(v) || kr_is_set(v);
    const char *name =
        container && (type_of(v)->traits & TYPE_HEAP) ? kr_type_name(type_of(v)) : "";
    JitSignature sig;
    char text[300], error[100];
    if (strcmp(name, "List") && strcmp(name, "Dict") && strcmp(name, "Set")) return NULL;
    Value said = kr_find_attr(v, kr_intern("_numba_"));
    if (!is_empty(said) && is_str(said)) {
        snprintf(text, sizeof text, "(%s)", kr_str_utf8(said, NULL));
        return jit_sig_read(text, &sig, error, sizeof error) == 0 && sig.nargs == 1 ? sig.args[0]
                                                                                    : NULL;
    }
    if (is_empty(said)) {
        kr_clear_exception();
        return NULL;
    }
    return is_list(v) ? list_type(v, 1) : is_dict(v) ? dict_type(v, 1) : set_type(v, 1);
}

const JitType *jit_box_container_type(Value v, int depth)
{
    if (depth > DEPTH_MAX) return NULL;
    if (is_str(v)) return jit_type_simple(TK_TEXT);
    const JitType *typed = typed_container(v);
    if (typed) return typed;
    if (is_exact(v, &kr_list_type)) return list_type(v, depth + 1);
    if (is_exact(v, &kr_dict_type)) return dict_type(v, depth + 1);
    if (is_exact(v, &kr_set_type)) return set_type(v, depth + 1);
    return NULL;
}

/* ---- Going in ---- */

static ItemShape item_shape(const JitType *t)
{
    uint8_t parts[256] = {0};
    ItemShape s = {.width = t->nparts};
    if (t->nparts <= 256) jit_type_parts(t, parts);
    for (uint32_t i = 0; i < t->nparts && i < ITEM_WORDS_MAX; i++) {
        KernelWord kind = parts[i] == M_F64   ? WORD_FLOAT
                          : parts[i] == M_F32 ? WORD_FLOAT32
                                              : WORD_BITS;
        s.owned |= (uint64_t)(parts[i] == M_OWN) << i;
        s.kinds |= (uint64_t)kind << (2 * i);
    }
    if (t->kind == TK_TEXT) s.kinds = WORD_TEXT;
    for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++)
        if (t->elem[i]->kind == TK_TEXT)
            s.kinds |= (uint64_t)WORD_TEXT << (2 * jit_type_part_of(t, i));
    return s;
}

/* The entry of an object that is already inside, or -1. */
static int64_t entry_of(const JitCrossing *x, Value v)
{
    for (size_t i = 0; i < x->n; i++)
        if (same(kr_list_get(x->objects, i), v)) return (int64_t)i;
    return -1;
}

static CrossEntry *new_entry(JitCrossing *x, Value v, const JitType *type, void *buffer)
{
    if (!buffer) return kr_raise_no_memory(), NULL;
    if (is_empty(x->objects) && is_empty(x->objects = kr_list(NULL, 0))) return NULL;
    if (x->n == x->room) {
        size_t room = x->room ? 2 * x->room : 16;
        CrossEntry *grown = realloc(x->entries, room * sizeof *grown);
        if (!grown) return kr_raise_no_memory(), NULL;
        x->entries = grown;
        x->room = room;
    }
    if (kr_list_append(x->objects, v) < 0) return NULL;
    CrossEntry *e = &x->entries[x->n++];
    *e = (CrossEntry){.buffer = buffer, .type = type};
    return e;
}

/* Boxes an item into words that a container will hold: references become the container's. */
static int item_in(JitCrossing *x, Value v, const JitType *t, const ItemShape *shape,
                   uint64_t *words)
{
    uint64_t *at = words;
    if (jit_box_argument(v, t, JIT_ARGUMENTS_MAX, &at, x) < 0) return -1;
    jit_rt_words_retain(shape, words);
    return 0;
}

static int list_in(JitCrossing *x, Value v, const JitType *item, void *own)
{
    KernelList *list = kernel_list(own);
    size_t n = list_of(v)->size;
    if (n && !jit_rt_list_reserve(own, (int64_t)n)) return kr_raise_no_memory(), -1;
    for (size_t i = 0; i < n && i < list_of(v)->size; i++) {
        uint64_t *words = list->items + (int64_t)i * list->shape.width;
        if (item_in(x, list_of(v)->items[i], item, &list->shape, words) < 0) return -1;
        list->length++;
    }
    return 0;
}

/* Place by place, deleted ones too: the order in which a set is visited depends on its history. */
static int set_in(JitCrossing *x, Value v, const JitType *item, void *own)
{
    KernelSet *s = kernel_set(own);
    size_t places = set_of(v)->mask + 1;
    if (!jit_rt_set_table(own, (int64_t)places)) return kr_raise_no_memory(), -1;
    s->finger = (int64_t)set_of(v)->finger;
    for (size_t i = 0; i < places && i <= set_of(v)->mask; i++) {
        const SetEntry *from = &set_of(v)->table[i];
        uint64_t *to = jit_rt_set_place(own, (int64_t)i);
        if (is_empty(from->key)) {
            to[1] = from->hash ? SET_DELETED : SET_FREE;
            s->filled += from->hash != 0;
            continue;
        }
        if (item_in(x, from->key, item, &s->key, to + 2) < 0) return -1;
        to[0] = (uint64_t)from->hash;
        to[1] = SET_USED;
        s->used++;
        s->filled++;
    }
    return 0;
}

static int dict_in(JitCrossing *x, Value v, const JitType *t, void *own)
{
    uint64_t words[ITEM_WORDS_MAX];
    Value key, value;
    for (size_t at = 0; kr_dict_next(v, &at, &key, &value);) {
        KernelDict *d = kernel_dict(own);
        if (item_in(x, key, t->elem[0], &d->key, words) < 0) return -1;
        int64_t place = jit_rt_dict_put(own, words);
        jit_rt_words_drop(&d->key, words);
        if (place < 0) return kr_raise_no_memory(), -1;
        uint64_t *to = (uint64_t *)jit_rt_dict_entry(own, place) + d->key.width;
        uint64_t parts[ITEM_WORDS_MAX];
        if (item_in(x, value, t->elem[1], &d->value, parts) < 0) return -1;
        memcpy(to, parts, (size_t)d->value.width * 8);
    }
    return 0;
}

/* The words of a container's items in order; *count of them, each *width words. NULL: none. */
static uint64_t *words_of(const CrossEntry *e, int64_t *count, int64_t *width)
{
    void *own = e->buffer;
    *count = 0;
    *width = 1;
    if (e->type->kind == TK_OBJECT) {
        *count = 1;
        *width = kernel_object(own)->width;
        uint64_t *copy = malloc((size_t)*width * 8 + 8);
        if (copy) memcpy(copy, kernel_object_words(kernel_object(own)), (size_t)*width * 8);
        return copy;
    }
    if (e->type->kind == TK_LIST) {
        *count = kernel_list(own)->length;
        *width = kernel_list(own)->shape.width;
        size_t bytes = (size_t)(*count * *width) * 8;
        uint64_t *copy = malloc(bytes + 8);
        if (copy && bytes) memcpy(copy, kernel_list(own)->items, bytes);
        return copy;
    }
    bool dict = e->type->kind == TK_DICT;
    int64_t n = dict ? kernel_dict(own)->used : kernel_set(own)->used;
    *width = dict ? kernel_dict(own)->stride - 2 : kernel_set(own)->key.width;
    uint64_t *copy = malloc((size_t)(n * *width) * 8 + 8);
    for (int64_t at = 0; copy && *count < n; at++) {
        at = dict ? jit_rt_dict_next(own, at) : jit_rt_set_next(own, at);
        if (at < 0) break;
        const void *entry = dict ? jit_rt_dict_entry(own, at) : jit_rt_set_entry(own, at);
        memcpy(copy + *count * *width, entry, (size_t)*width * 8);
        ++*count;
    }
    return copy;
}

static int remember(CrossEntry *e)
{
    int64_t width;
    e->before = words_of(e, &e->count, &width);
    return e->before ? 0 : (kr_raise_no_memory(), -1);
}

static int text_in(JitCrossing *x, Value v, const JitType *type, uint64_t **slots)
{
    int64_t n = (int64_t)kr_str_length(v);
    void *own = jit_rt_text_new(n);
    if (!new_entry(x, v, type, own)) return -1;
    for (int64_t i = 0; i < n; i++) kernel_text(own)->units[i] = kr_str_at(v, (size_t)i);
    *(*slots)++ = (uint64_t)(uintptr_t)own;
    return 0;
}

static int object_in(JitCrossing *x, Value v, const JitType *type, uint64_t **slots)
{
    void *own = jit_box_object_new(type);
    if (!new_entry(x, v, type, own)) return -1;
    size_t me = x->n - 1;
    if (jit_box_object_in(x, v, type, own) < 0 || remember(&x->entries[me]) < 0) return -1;
    *(*slots)++ = (uint64_t)(uintptr_t)own;
    return 0;
}

int jit_box_container_argument(JitCrossing *x, Value v, const JitType *type, uint64_t **slots)
{
    int64_t known = entry_of(x, v);
    if (known >= 0) {
        if (x->entries[known].type != type)
            return kr_raise(kr_TypeError, "one container is passed as two types"), -1;
        *(*slots)++ = (uint64_t)(uintptr_t)x->entries[known].buffer;
        return 0;
    }
    if (type->kind == TK_TEXT) return text_in(x, v, type, slots);
    if (type->kind == TK_OBJECT) return object_in(x, v, type, slots);
    ItemShape a = item_shape(type->elem[0]), b = {0};
    if (type->kind == TK_DICT) b = item_shape(type->elem[1]);
    void *own;
    if (type->kind == TK_LIST)
        own = jit_rt_list_new(0, a.width, (int64_t)a.owned, (int64_t)a.kinds);
    else if (type->kind == TK_SET)
        own = jit_rt_set_new(a.width, (int64_t)a.owned, (int64_t)a.kinds);
    else
        own = jit_rt_dict_new(a.width, (int64_t)a.owned, (int64_t)a.kinds, b.width,
                              (int64_t)b.owned, (int64_t)b.kinds);
    if (!new_entry(x, v, type, own)) return -1;
    size_t me = x->n - 1;
    int status = type->kind == TK_LIST  ? list_in(x, v, type->elem[0], own)
                 : type->kind == TK_SET ? set_in(x, v, type->elem[0], own)
                                        : dict_in(x, v, type, own);
    if (status < 0 || remember(&x->entries[me]) < 0) return -1;
    *(*slots)++ = (uint64_t)(uintptr_t)own;
    return 0;
}

uint32_t jit_box_keep(JitCrossing *x, Value v)
{
    const JitType *none = jit_type_simple(TK_NONE);
    int64_t known = entry_of(x, v);
    if (known >= 0) return JIT_ARGUMENTS_MAX + (uint32_t)known;
    void *own = jit_rt_text_new(0); /* stands for nothing */
    if (!new_entry(x, v, none, own)) return UINT32_MAX;
    return JIT_ARGUMENTS_MAX + (uint32_t)x->n - 1;
}

/* ---- Coming out ---- */

/* The Python object of an item's words; the container keeps its references. */
static Value item_out(JitCrossing *x, const JitType *t, const ItemShape *shape,
                      const uint64_t *words, const Value *args)
{
    jit_rt_words_retain(shape, words);
    return jit_box_result(t, words, args, x);
}

static Value text_out(void *own)
{
    const KernelText *t = kernel_text(own);
    return kr_str_from_points(t->units, (size_t)t->length, 4);
}

static Value list_out(JitCrossing *x, const JitType *type, void *own, const Value *args)
{
    KernelList *list = kernel_list(own);
    Value made = kr_list(NULL, 0);
    for (int64_t i = 0; !is_empty(made) && i < list->length; i++) {
        Value item =
            item_out(x, type->elem[0], &list->shape, list->items + i * list->shape.width, args);
        if (is_empty(item) || kr_list_append(made, item) < 0) return EMPTY;
    }
    return made;
}

/* Gives a Python set the table of a kernel's. */
static int fill_set(JitCrossing *x, Value v, const JitType *type, void *own, const Value *args)
{
    KernelSet *s = kernel_set(own);
    Value held = kr_list(NULL, 0); /* keeps the keys alive while the table is not the set's yet */
    size_t places = (size_t)s->mask + 1;
    SetEntry small[SET_SMALL] = {0}, *table = small;
    if (is_empty(held)) return -1;
    if (places > SET_SMALL && !(table = calloc(places, sizeof *table)))
        return kr_raise_no_memory(), -1;
    int status = 0;
    for (size_t i = 0; status == 0 && i < places; i++) {
        const uint64_t *from = jit_rt_set_place(own, (int64_t)i);
        table[i] = (SetEntry){from[1] == SET_DELETED ? -1 : 0, EMPTY};
        if (from[1] != SET_USED) continue;
        Value key = item_out(x, type->elem[0], &s->key, from + 2, args);
        if (is_empty(key) || kr_list_append(held, key) < 0) status = -1;
        table[i] = (SetEntry){(int64_t)from[0], key};
    }
    if (status == 0)
        status = kr_set_take_table(set_of(v), table, places, (size_t)s->used, (size_t)s->filled);
    if (status == 0) set_of(v)->finger = (size_t)s->finger;
    if (table != small) free(table);
    return status;
}

static Value set_out(JitCrossing *x, const JitType *type, void *own, const Value *args)
{
    Value made = kr_set(EMPTY);
    return is_empty(made) || fill_set(x, made, type, own, args) < 0 ? EMPTY : made;
}

static int fill_dict(JitCrossing *x, Value dict, const JitType *type, void *own, const Value *args)
{
    KernelDict *d = kernel_dict(own);
    for (int64_t at = 0; (at = jit_rt_dict_next(own, at)) >= 0; at++) {
        const uint64_t *entry = jit_rt_dict_entry(own, at);
        Value key = item_out(x, type->elem[0], &d->key, entry, args);
        Value value = is_empty(key)
                          ? EMPTY
                          : item_out(x, type->elem[1], &d->value, entry + d->key.width, args);
        if (is_empty(value) || kr_dict_set(dict, key, value) < 0) return -1;
    }
    return 0;
}

Value jit_box_container_result(JitCrossing *x, const JitType *type, uint64_t word,
                               const Value *args)
{
    void *own = (void *)(uintptr_t)word;
    Value made = EMPTY;
    if (!own) return NONE;
    for (size_t i = 0; x && i < x->n; i++)
        if (x->entries[i].buffer == own) made = kr_list_get(x->objects, i);
    if (is_empty(made)) {
        switch ((TypeKind)type->kind) {
        case TK_TEXT: made = text_out(own); break;
        case TK_LIST: made = list_out(x, type, own, args); break;
        case TK_SET: made = set_out(x, type, own, args); break;
        case TK_OBJECT: made = jit_box_object_out(x, type, own, args); break;
        default:
            made = kr_dict();
            if (!is_empty(made) && fill_dict(x, made, type, own, args) < 0) made = EMPTY;
        }
    }
    jit_rt_release(word);
    return made;
}

/* ---- Putting back ---- */

static int list_back(JitCrossing *x, const CrossEntry *e, Value v, const Value *args)
{
    KernelList *list = kernel_list(e->buffer);
    const ItemShape *shape = &list->shape;
    size_t n = (size_t)list->length;
    if (list_of(v)->size > n) kr_list_truncate(v, n);
    for (size_t i = 0; i < n; i++) {
        const uint64_t *words = list->items + (int64_t)i * shape->width;
        bool there = i < list_of(v)->size;
        if (there && (int64_t)i < e->count &&
            !memcmp(words, e->before + (int64_t)i * shape->width, (size_t)shape->width * 8))
            continue;
        Value item = item_out(x, e->type->elem[0], shape, words, args);
        if (is_empty(item)) return -1;
        if (there)
            kr_list_set(v, i, item);
        else if (kr_list_append(v, item) < 0)
            return -1;
    }
    return 0;
}

static int back(JitCrossing *x, const CrossEntry *e, Value v, const Value *args)
{
    int64_t count, width;
    if (e->type->kind == TK_OBJECT) return jit_box_object_back(x, v, e->type, e->buffer, e->before, args);
    if (!jit_type_is_container(e->type)) return 0;
    uint64_t *now = words_of(e, &count, &width);
    bool changed = !now || count != e->count || memcmp(now, e->before, (size_t)(count * width) * 8);
    free(now);
    if (!changed) return 0;
    if (e->type->kind == TK_LIST) return list_back(x, e, v, args);
    if (e->type->kind == TK_SET) return fill_set(x, v, e->type, e->buffer, args);
    kr_dict_clear(v);
    return fill_dict(x, v, e->type, e->buffer, args);
}

int jit_box_write_back(JitCrossing *x, const Value *args)
{
    for (size_t i = 0; i < x->n;
         i++) /* putting back may add nothing, but reallocate nothing either */
        if (back(x, &x->entries[i], kr_list_get(x->objects, i), args) < 0) return -1;
    return 0;
}

void jit_box_leave(JitCrossing *x)
{
    for (size_t i = 0; i < x->n; i++) {
        free(x->entries[i].before);
        jit_rt_release((uint64_t)(uintptr_t)x->entries[i].buffer);
    }
    free(x->entries);
}
