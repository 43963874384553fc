/* range.h: an arithmetic progression of ints of any size. The four numbers are exact ints. */
#ifndef RUNTIME_OBJECTS_RANGE_H
#define RUNTIME_OBJECTS_RANGE_H

#include "runtime/objects/type.h"

typedef struct Range {
    Object head;
    Value start, stop, step, length;
} Range;

static inline Range *range_of(Value v) { return (Range *)object_of(v); }
Value kr_range_new(Value start, Value stop, Value step); /* exact ints, step not zero */

#endif
