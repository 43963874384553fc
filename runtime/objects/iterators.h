/* iterators.h: the layouts of the built-in iterators, which the VM's loops read directly. A
 * finished iterator drops its container (EMPTY) and stays finished. */
#ifndef RUNTIME_OBJECTS_ITERATORS_H
#define RUNTIME_OBJECTS_ITERATORS_H

#include "runtime/objects/type.h"

typedef struct
    SequenceIterator { /* list_iterator, list_reverseiterator, tuple_iterator, iterator, reversed */
    Object head;
    Value sequence;
    int64_t index; /* of the next item */
} SequenceIterator;

typedef struct RangeIterator {
    Object head;
    int64_t next, step;
    uint64_t remaining;
    int64_t start;
    uint64_t length;
} RangeIterator;

typedef struct DictIterator { /* keys, values, items and their reversals */
    Object head;
    Value dict;
    size_t used;     /* the dict's when the iterator was made; SIZE_MAX after it changed */
    size_t position; /* in the entries; when reversed, one past the next */
    size_t remaining;
} DictIterator;

typedef struct SetIterator {
    Object head;
    Value set;
    size_t used, position, remaining;
} SetIterator;

extern Type kr_list_iterator_type, kr_list_reverse_iterator_type, kr_tuple_iterator_type;
extern Type kr_range_iterator_type, kr_long_range_iterator_type, kr_set_iterator_type;
extern Type kr_dict_key_iterator_type, kr_dict_value_iterator_type, kr_dict_item_iterator_type;
extern Type kr_iterator_type, kr_callable_iterator_type;

static inline SequenceIterator *sequence_iterator_of(Value v)
{
    return (SequenceIterator *)object_of(v);
}
static inline RangeIterator *range_iterator_of(Value v) { return (RangeIterator *)object_of(v); }
static inline DictIterator *dict_iterator_of(Value v) { return (DictIterator *)object_of(v); }

/* An iterator of the given type at `index`. */
Value kr_iterators_new(Type *type, Value sequence, int64_t index);
Value kr_iterators_new_sequence(Value sequence);                 /* over __getitem__(0), (1), ... */
Value kr_iterators_new_callable(Value callable, Value sentinel); /* iter(callable, sentinel) */
void kr_sequence_iterator_trace(void *self, KrTracer *tracer);
/* The next two values of an iterator whose items are pairs: enumerate, zip of two, items of a dict;
 * no tuple is made of them. 1, 0 at the end, -1 raised; pair is written only with 1. */
bool kr_gives_pairs(Value iterator);
int kr_next_pair(Value iterator, Value *pair);
int kr_dict_item_next_pair(Value iterator, Value *pair);
void kr_iterators_init(void); /* the types "iterator" and "callable_iterator" */

#endif
