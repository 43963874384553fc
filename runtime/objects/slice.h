/* slice.h: slice(start, stop, step), any of which may be None or anything else. */
#ifndef RUNTIME_OBJECTS_SLICE_H
#define RUNTIME_OBJECTS_SLICE_H

#include "runtime/objects/type.h"

typedef struct Slice {
    Object head;
    Value start, stop, step;
} Slice;

/* The slice with bounds that are ints or None, in *fixed if it has others; EMPTY raised. For
 * containers that an __index__ method may change: their size is read afterwards. */
Value kr_slice_fix(Value slice, Slice *fixed);

static inline Slice *slice_of(Value v) { return (Slice *)object_of(v); }

#endif
