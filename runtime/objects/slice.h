/* slice.h: slice(start, stop, step), any of which may be None or anything else. */
#ifndef RUNTIME_OBJECTS_SLICE_H
#define RUNTIME_OBJECTS_SLICE_H

#include "runtime/objects/type.h"

typedef struct Slice {
    Object head;
    Value start, stop, step;
} Slice;

static inline Slice *slice_of(Value v) { return (Slice *)object_of(v); }

#endif
