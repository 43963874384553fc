/* bytes_shared.h: what the files of bytes, bytearray and memoryview share. */
#ifndef RUNTIME_OBJECTS_BYTES_SHARED_H
#define RUNTIME_OBJECTS_BYTES_SHARED_H

#include "runtime/objects/bytes.h"
#include "runtime/objects/str.h"

/* A bytes-like argument held for the length of a call. */
typedef struct BytesArg {
    KrBuffer buffer;
    TextSpan span;
    uint8_t byte; /* of an int argument */
    bool held;
} BytesArg;

int kr_bytes_arg(Value v, BytesArg *arg);   /* bytes-like; -1 with TypeError */
int kr_bytes_piece(Value v, BytesArg *arg); /* bytes-like, or an int in range(256) */
void kr_bytes_arg_drop(BytesArg *arg);

/* A new bytes or bytearray, whichever self is (or derives from). data NULL: zeros. */
Value kr_bytes_like(Value self, const void *data, size_t n);
int kr_bytes_item(Value v, const char *out_of_range);
/* What bytes(...) and bytearray(...) hold, as bytes. */
Value kr_bytes_make_contents(Value source, Value encoding, Value errors, bool of_bytes);
extern const KrFunction kr_bytes_make_entry;
Value kr_bytes_compare(Value a, Value b, int op);
int kr_bytes_contains(Value self, Value item);
Value kr_bytearray_iter(Value self);
bool kr_buffer_contiguous(const KrBuffer *buffer); /* in C order */
Value kr_buffer_to_bytes(const KrBuffer *buffer);
/* Hexadecimal text, `separator` (or 0) between groups of `group` bytes: from the right when group
 * > 0. */
Value kr_bytes_hex(const uint8_t *data, size_t n, Value separator, Value group);
const KrFunction *const *kr_bytes_join_tables(const KrFunction **all,
                                              const KrFunction *const *const *parts);

#endif
