/* set.h: an open-addressed hash table of keys. Probing, growth and hence the order of iteration
 * are CPython's, so that a set of ints prints alike.
 *
 *   free entry: hash 0, key EMPTY    deleted entry: hash -1, key EMPTY    (a hash is never -1) */
#ifndef RUNTIME_OBJECTS_SET_H
#define RUNTIME_OBJECTS_SET_H

#include "runtime/objects/type.h"

#define SET_SMALL 8

typedef struct SetEntry {
    int64_t hash;
    Value key;
} SetEntry;

typedef struct Set { /* set and frozenset */
    Object head;
    size_t used;     /* keys */
    size_t filled;   /* keys and deleted entries */
    size_t mask;     /* entries - 1 */
    size_t finger;   /* where pop() goes on */
    SetEntry *table; /* small, or kr_heap_bytes */
    int64_t hash;    /* of a frozenset, -1 until asked for */
    SetEntry small[SET_SMALL];
} Set;

static inline Set *set_of(Value v) { return (Set *)object_of(v); }
/* As kr_set_add and so on with the hash at hand. */
int kr_set_add_hashed(Set *set, Value key, int64_t hash);
int kr_set_contains_hashed(Set *set, Value key, int64_t hash);
int kr_set_discard_hashed(Set *set, Value key, int64_t hash);
/* Makes a copy of a table of this size the set's; its keys stand where this file's probing finds them. */
int kr_set_take_table(Set *set, const SetEntry *table, size_t size, size_t used, size_t filled);
int kr_set_update(Value set, Value iterable);
int kr_set_difference_update(Value set, Value iterable);
int kr_set_symmetric_difference_update(Value set, Value iterable);
bool kr_set_next_hashed(const Set *set, size_t *position, Value *key, int64_t *hash);

#endif
