#ifndef RUNTIME_OBJECTS_TUPLE_H
#define RUNTIME_OBJECTS_TUPLE_H

#include "runtime/objects/type.h"

typedef struct Tuple {
    Object head;
    size_t size;
    Value items[];
} Tuple;

extern Value kr_empty_tuple;
static inline Tuple *tuple_of(Value v) { return (Tuple *)object_of(v); }
Tuple *kr_tuple_alloc(size_t size); /* items EMPTY, to be filled at once */

#endif
