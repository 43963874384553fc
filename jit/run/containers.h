/* containers.h: lists, dicts, sets and strings of kernels: counted buffers outside the collector's
 * heap, so that kernels run detached.
 *
 *     KernelBuffer | refs | size | offset | destroy | ... | data: KernelList, KernelDict, ...
 *
 * An item is `width` words of 8 bytes, its parts (jit_type_parts) in the form of the kernel ABI's
 * slots. Bit i of `owned` says that word i is a counted reference (or a tag that owns nothing); a
 * container holds one reference for each. Two bits of `kinds` for each word say how it compares
 * (KernelWord). Compiled code reads lists inline: the offsets of length, room and items are part of
 * the ABI.
 *
 * Sets and dicts visit their items in CPython's order. Nothing here is safe against two threads
 * that change one container at once. */
#ifndef JIT_RUN_CONTAINERS_H
#define JIT_RUN_CONTAINERS_H

#include "jit/run/kernel_abi.h"

typedef enum KernelWord { WORD_BITS, WORD_FLOAT, WORD_FLOAT32, WORD_TEXT } KernelWord;

typedef struct ItemShape {
    int64_t width;
    uint64_t owned, kinds;
} ItemShape;
enum { ITEM_WORDS_MAX = 32 };

typedef struct KernelList {
    int64_t length, room;
    uint64_t *items;
    ItemShape shape;
} KernelList;

/* Entries stand in the order of insertion; a deleted one stays as a hole until the table is
 * rebuilt. index[] is a hash table of their numbers. */
typedef struct KernelDict {
    int64_t used, filled, room;
    uint64_t *entries; /* each: hash, 1 if used, key, value */
    int32_t *index;    /* -1: free, -2: deleted */
    int64_t mask, stride;
    ItemShape key, value;
} KernelDict;

typedef struct KernelSet {
    int64_t used, filled, mask;
    int64_t finger;  /* where pop() goes on */
    uint64_t *table; /* each: hash, state (0 free, 1 used, 2 deleted), key */
    int64_t stride;
    ItemShape key;
} KernelSet;
enum { SET_FREE, SET_USED, SET_DELETED };

typedef struct KernelText {
    int64_t length;
    uint32_t units[]; /* code points */
} KernelText;

/* An instance of a class (objects.c): masks of its words that are counted references, then the words. */
typedef struct KernelObject {
    int64_t width;
    uint64_t owned[];
} KernelObject;
static inline int64_t kernel_object_masks(int64_t width) { return (width + 63) / 64; }
static inline uint64_t *kernel_object_words(KernelObject *o) { return o->owned + kernel_object_masks(o->width); }

static inline KernelObject *kernel_object(void *own) { return (void *)((KernelBuffer *)own)->data; }
static inline KernelList *kernel_list(void *own) { return (void *)((KernelBuffer *)own)->data; }
static inline KernelDict *kernel_dict(void *own) { return (void *)((KernelBuffer *)own)->data; }
static inline KernelSet *kernel_set(void *own) { return (void *)((KernelBuffer *)own)->data; }
static inline KernelText *kernel_text(void *own) { return (void *)((KernelBuffer *)own)->data; }

/* Functions with the result int64_t that can fail for want of memory say so by 0 or -1 as noted;
 * those that give an owner give NULL. */

/* -- references in words -- */
void *jit_rt_word_take(int64_t word); /* one more reference, as an owner */
int64_t jit_rt_word_put(void *owner); /* one more reference, as a word */
void jit_rt_word_drop(int64_t word);
void jit_rt_words_retain(const ItemShape *shape, const uint64_t *item);
void jit_rt_words_drop(const ItemShape *shape, const uint64_t *item);
int64_t jit_rt_words_hash(const ItemShape *shape, const uint64_t *item);
bool jit_rt_words_equal(const ItemShape *shape, const uint64_t *a, const uint64_t *b);

int64_t jit_rt_hash_int(int64_t x);
int64_t jit_rt_hash_float(double x);

/* -- instances of classes (objects.c) -- */
void *jit_rt_object_new(int64_t width, void *owned);

/* -- lists (containers.c) -- */
void *jit_rt_list_new(int64_t room, int64_t width, int64_t owned, int64_t kinds);
int64_t jit_rt_list_reserve(void *list, int64_t room);      /* 0: no memory */
int64_t jit_rt_list_gap(void *list, int64_t at, int64_t n); /* zeroed items; 0: no memory */
int64_t jit_rt_list_cut(void *list, int64_t at, int64_t n, int64_t drop); /* drop: references too */
void jit_rt_list_swap(void *list, int64_t i, int64_t j);

/* -- dicts and sets (container_hash.c): positions are -1 where there is none -- */
void *jit_rt_dict_new(int64_t key_width, int64_t key_owned, int64_t kinds, int64_t value_width,
                      int64_t value_owned, int64_t value_kinds);
int64_t jit_rt_dict_find(void *dict, void *key);
int64_t jit_rt_dict_put(void *dict, void *key);        /* a new value is zeroed; -1: no memory */
void *jit_rt_dict_entry(void *dict, int64_t position); /* its key; the value follows */
void jit_rt_dict_delete(void *dict, int64_t position);
int64_t jit_rt_dict_next(void *dict, int64_t position); /* the first used one from there on */
int64_t jit_rt_dict_last(void *dict);
void jit_rt_dict_clear(void *dict);
void *jit_rt_set_new(int64_t width, int64_t owned, int64_t kinds);
int64_t jit_rt_set_find(void *set, void *key);
int64_t jit_rt_set_add(void *set, void *key); /* 1 added, 0 was there, -1: no memory */
void *jit_rt_set_entry(void *set, int64_t position);
void jit_rt_set_delete(void *set, int64_t position);
int64_t jit_rt_set_finger(void *set); /* what pop() takes next; the set is not empty */
int64_t jit_rt_set_next(void *set, int64_t position);
int64_t jit_rt_set_merge(void *set, void *other); /* set.update(another set); -1: no memory */
void jit_rt_set_clear(void *set);
/* An empty table of that many places, for jit_rt_set_place to fill; 0: no memory. */
int64_t jit_rt_set_table(void *set, int64_t places);
uint64_t *jit_rt_set_place(void *set, int64_t i); /* hash, state, key */

/* -- text (container_text.c) -- */
void *jit_rt_text_new(int64_t length);
void *jit_rt_text_utf8(void *bytes, int64_t n);
int64_t jit_rt_text_length(void *text);
int64_t jit_rt_text_compare(void *a, void *b); /* -1 0 1 */
int64_t jit_rt_text_hash(void *text);
int64_t jit_rt_text_at(void *text, int64_t i);
void *jit_rt_text_char(int64_t unit);
void *jit_rt_text_slice(void *text, int64_t start, int64_t step, int64_t count);
void *jit_rt_text_concat(void *a, void *b);
void *jit_rt_text_repeat(void *text, int64_t n);
void *jit_rt_text_join(void *separator, void *list);
int64_t jit_rt_text_find(void *text, void *part, int64_t start, int64_t end);
int64_t jit_rt_text_rfind(void *text, void *part, int64_t start, int64_t end);
void *jit_rt_text_case(void *text, int64_t how); /* 'l' 'u' 't' 's' 'c' 'f' */
int64_t jit_rt_text_is(void *text, int64_t what);
int64_t jit_rt_char_is(int64_t unit, int64_t what);
void *jit_rt_text_int(int64_t x);
void *jit_rt_text_uint(int64_t x);
void *jit_rt_text_float(double x);
void *jit_rt_text_float32(float x);
void *jit_rt_text_complex(double re, double im);
void *jit_rt_text_bool(bool x);
void *jit_rt_text_repr(void *text);
int64_t jit_rt_text_to_int(void *text, int64_t base, void *out); /* 0 read, 1 no int, 2 too big */
int64_t jit_rt_text_to_float(void *text, void *out);             /* 0 read, 1 no float */
void *jit_rt_text_format_int(int64_t x, void *spec); /* NULL: the spec is not for ints */
void *jit_rt_text_format_float(double x, void *spec);
void *jit_rt_text_format_text(void *text, void *spec);
void jit_rt_print_text(void *text);
void jit_rt_print_repr(void *text);

#endif
