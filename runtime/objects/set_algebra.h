/* set_algebra.h: what set.c and set_algebra.c need of each other. `others` is a tuple of
 * iterables. */
#ifndef RUNTIME_OBJECTS_SET_ALGEBRA_H
#define RUNTIME_OBJECTS_SET_ALGEBRA_H

#include "runtime/objects/set.h"

/* set.c */
Set *kr_set_alloc(Type *type); /* empty */
void kr_set_reset(Set *s);
int kr_set_resize(Set *s, size_t least); /* room for more than `least` entries */
/* Puts a key that is not there into a set with room and without deleted entries. */
void kr_set_insert_clean(Set *s, Value key, int64_t hash);

/* set_algebra.c */
Value kr_set_make_from(Type *type, Value iterable /* or empty */);
void kr_set_swap(Set *a, Set *b); /* their contents */
Value kr_set_copy(Value self);
Value kr_set_union(Value self, Value others);
Value kr_set_intersection_all(Value self, Value others);
Value kr_set_difference_all(Value self, Value others);
Value kr_set_symmetric_difference(Value self, Value other);
Value kr_set_isdisjoint(Value self, Value other);
Value kr_set_issubset(Value self, Value other);
Value kr_set_issuperset(Value self, Value other);
Value kr_set_compare(Value a, Value b, int op);
Value kr_set_and(Value a, Value b);
Value kr_set_or(Value a, Value b);
Value kr_set_sub(Value a, Value b);
Value kr_set_xor(Value a, Value b);
Value kr_set_inplace_and(Value a, Value b);
Value kr_set_inplace_or(Value a, Value b);
Value kr_set_inplace_sub(Value a, Value b);
Value kr_set_inplace_xor(Value a, Value b);

#endif
