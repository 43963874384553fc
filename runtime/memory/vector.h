/* vector.h: vectors of values that are made full. */
#ifndef RUNTIME_MEMORY_VECTOR_H
#define RUNTIME_MEMORY_VECTOR_H

#include "runtime/memory/heap.h"

/* A kr_heap_values vector with a copy of n values, n > 0; its capacity in *capacity. */
Value *kr_heap_values_copy(const Value *values, size_t n, size_t *capacity);

#endif
