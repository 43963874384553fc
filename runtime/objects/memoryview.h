/* memoryview.h: views of other objects' memory. */
#ifndef RUNTIME_OBJECTS_MEMORYVIEW_H
#define RUNTIME_OBJECTS_MEMORYVIEW_H

#include "runtime/objects/type.h"

#define MEMORYVIEW_MAX_RANK 64

/* One export of an object's buffer, shared by all views made from it. Its finalizer gives the
 * buffer back. */
typedef struct ManagedBuffer {
    Object head;
    KrBuffer buffer; /* shape and strides are not used: each view has its own */
    Value exporter;
    size_t views;    /* not yet released */
    bool released;
} ManagedBuffer;

typedef struct MemoryView {
    Object head;
    ManagedBuffer *managed;
    char *data;
    Value format;      /* str */
    int64_t item_size, size; /* size: bytes of all items */
    int64_t hash;      /* 0: not yet computed */
    size_t exports;    /* buffers handed out of this view */
    int32_t rank;
    bool read_only, released;
    char code;         /* the native format character, or 0 */
    int64_t dims[];    /* rank lengths, then rank strides */
} MemoryView;

static inline MemoryView *memoryview_of(Value v) { return (MemoryView *)object_of(v); }
Value kr_memoryview_new(Value exporter);
/* One item in or out of memory, by format character; NotImplementedError for those not native. */
Value kr_memoryview_unpack(char code, const char *data, Value format);
int kr_memoryview_pack(char code, char *data, Value item, Value format);
int64_t kr_memoryview_code_size(char code); /* 0: not native */

#endif
