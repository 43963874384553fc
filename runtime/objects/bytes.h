/* bytes.h: bytes and bytearray. */
#ifndef RUNTIME_OBJECTS_BYTES_H
#define RUNTIME_OBJECTS_BYTES_H

#include "runtime/objects/type.h"
#include "runtime/text/utf8.h"

typedef struct Bytes {
    Object head;
    int64_t hash; /* 0: not yet computed */
    size_t size;
    uint8_t data[]; /* NUL-terminated */
} Bytes;

typedef struct ByteArray {
    Object head;
    size_t size;
    size_t capacity;   /* bytes from data on that may be used, without the final NUL */
    uint8_t *data;     /* inside storage; NULL while nothing was stored */
    uint8_t *storage;  /* kr_heap_bytes */
    size_t exports;    /* buffers handed out: the size is fixed while there are any */
} ByteArray;

static inline Bytes *bytes_of(Value v) { return (Bytes *)object_of(v); }
static inline ByteArray *bytearray_of(Value v) { return (ByteArray *)object_of(v); }
static inline bool is_bytearray(Value v)
{
    return is_object(v) && (type_of(v) == &kr_bytearray_type ||
                            kr_is_subtype(type_of(v), &kr_bytearray_type));
}

/* The contents of bytes or bytearray (or subclass). */
static inline TextSpan bytes_span(Value v)
{
    if (is_bytes(v)) return (TextSpan){bytes_of(v)->data, bytes_of(v)->size, 1};
    ByteArray *b = bytearray_of(v);
    return (TextSpan){b->data ? b->data : (const uint8_t *)"", b->size, 1};
}

Bytes *kr_bytes_alloc(size_t size); /* data zero, to be filled at once */
Value kr_bytes_empty(void);
Value kr_bytes_char(uint8_t c);
Value kr_bytes_concat(Value a, Value b); /* bytes-like operands; result of a's kind */
Value kr_bytes_repeat(Value self, int64_t count);
Value kr_bytes_percent(Value format, Value args, bool make_bytearray); /* bytes_percent.c */
/* b'...'; escape_single: also where double quotes make it needless (bytearray does so). */
Value kr_bytes_repr_of(const uint8_t *data, size_t n, bool escape_single);
/* 0 with the room changed and size set; -1 with BufferError or MemoryError. */
int kr_bytearray_resize(ByteArray *b, size_t size);
/* Anything that bytes(x) accepts besides an int count or str: buffer, iterable of ints. A bytes
 * object. */
Value kr_bytes_from_object(Value v);

const KrFunction *const *kr_bytes_methods(void);
const KrFunction *const *kr_bytearray_methods(void);
const KrFunction *const *kr_bytes_split_methods(void);
const KrFunction *const *kr_bytearray_split_methods(void);

#endif
