/* dict.h: an insertion-ordered hash table: an array of entries and an open-addressed index into
 * it, in one block.
 *
 *   entries   | hash key value | hash key value | (deleted: key EMPTY) | ...  as inserted
 *   index     int8/16/32 slots, a power of two, load at most 2/3: entry number, -1 free, -2 deleted
 *
 * A slot that was ever used stays used until the table is rebuilt, so `usable` counts the
 * insertions left. `keys_version` is unique over all dicts and states; it changes whenever a key
 * is added, removed or moved (not when the value of an existing key is replaced): global-variable
 * caches hold (keys_version, entry number). While only_str_keys holds, every key is an exact str,
 * and comparing with one runs no Python code. */
#ifndef RUNTIME_OBJECTS_DICT_H
#define RUNTIME_OBJECTS_DICT_H

#include "runtime/objects/type.h"

typedef struct DictEntry {
    int64_t hash;
    Value key, value;
} DictEntry;

typedef struct Dict {
    Object head;
    size_t used;        /* live entries */
    size_t filled;      /* entries written, deleted ones included */
    size_t usable;      /* insertions until the next rebuild */
    size_t mask;        /* slots of the index - 1 */
    DictEntry *entries; /* kr_heap_bytes holding entries and index; NULL while empty */
    void *index;        /* behind the entries in the same block */
    uint64_t keys_version;
    uint32_t capacity; /* entries allocated */
    uint32_t first;    /* no live entry stands before this one: walks begin here */
    bool only_str_keys;
} Dict;

static inline Dict *dict_of(Value v) { return (Dict *)object_of(v); }
/* Entry number of an interned name or any exact str, -1 when absent; never raises, never runs
 * Python code. */
int64_t kr_dict_entry_of_name(Dict *dict, Value name);

/* Room for `expected` keys from the start. */
Value kr_dict_sized(size_t expected);
/* Entry number of a key, -1 absent, -2 raised. */
int64_t kr_dict_lookup(Dict *dict, Value key, int64_t hash);
Value kr_dict_find_hashed(Dict *dict, Value key, int64_t hash);
int kr_dict_set_hashed(Dict *dict, Value key, int64_t hash, Value value);
int kr_dict_delete_hashed(Dict *dict, Value key, int64_t hash); /* 1 deleted, 0 absent, -1 raised */
/* As kr_dict_next, with the hash. */
bool kr_dict_next_hashed(const Dict *dict, size_t *position, Value *key, Value *value,
                         int64_t *hash);
/* Makes the key the last or the first: 1, 0 absent, -1 raised. */
int kr_dict_move_to_end(Dict *dict, Value key, int64_t hash, bool last);
/* The last or first live entry of a dict that is not empty. */
int64_t kr_dict_end_entry(Dict *dict, bool last);
/* mode 0: keep what is there; 1: replace; 2: a key that is there raises KeyError (for calls with
 * **kw). */
int kr_dict_merge(Value dict, Value mapping, int mode);

enum { DICT_KEYS, DICT_VALUES, DICT_ITEMS };
Value kr_dict_iterator(Value dict, int what, bool reversed); /* dict_views.c */
Value kr_dict_view(Value dict, int what);

typedef struct DictView {
    Object head;
    Value dict;
} DictView;

#endif
