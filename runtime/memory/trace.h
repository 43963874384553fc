/* trace.h: what trace functions of objects with many values call: one call for all of them, which
 * marks in a tight loop while a collection runs. */
#ifndef RUNTIME_MEMORY_TRACE_H
#define RUNTIME_MEMORY_TRACE_H

#include "runtime/memory/heap.h"

/* As kr_trace() for each of n values. */
void kr_heap_trace_values(KrTracer *tracer, const Value *values, size_t n);
/* The same for n pairs of values, each `stride` values after the one before. */
void kr_heap_trace_pairs(KrTracer *tracer, const Value *first, size_t n, size_t stride);
/* As kr_trace_pointer() for a kr_heap_bytes vector, which refers to nothing. NULL allowed. */
void kr_heap_trace_bytes(KrTracer *tracer, const void *bytes);

#endif
