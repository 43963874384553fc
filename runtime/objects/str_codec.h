/* str_codec.h: codecs on runtime values: what str.encode, bytes.decode and the module _codecs
 * call.
 *
 * `errors` is a handler's name, NULL for strict. A handler that is not native is looked up by
 * _codecs.lookup_error. */
#ifndef RUNTIME_OBJECTS_STR_CODEC_H
#define RUNTIME_OBJECTS_STR_CODEC_H

#include "runtime/objects/str.h"
#include "runtime/text/codecs.h"

/* An error handler in use; lives on the C stack. */
typedef struct CodecErrors {
    TextErrors errors;
    const char *name;
    Value handler;   /* EMPTY until needed */
    Value object;    /* what is decoded or encoded: bytes or str; made on demand when decoding */
    const uint8_t *data; /* decoding: the input */
    size_t length;
    Value exception; /* reused between errors */
    Value keep;      /* the handler's last result */
    bool decoding;
} CodecErrors;

void kr_codec_begin_decode(CodecErrors *e, const char *errors, Value object /* or EMPTY */,
                           const uint8_t *data, size_t length);
void kr_codec_begin_encode(CodecErrors *e, const char *errors, Value str);
/* Turns the status of a codec into a result: raises what must be raised and frees the buffer. */
Value kr_codec_end_decode(CodecErrors *e, TextStatus status, CodeBuffer *out);
Value kr_codec_end_encode(CodecErrors *e, TextStatus status, ByteBuffer *out);

Value kr_codec_decode(TextCodec codec, Value object, const uint8_t *data, size_t n,
                      const char *errors, bool final, size_t *consumed);
Value kr_codec_encode(TextCodec codec, Value str, const char *errors);
/* A bytes-like or str argument's memory for a decoder; -1 raised. Release with
 * kr_buffer_release(). */
int kr_codec_input(Value v, KrBuffer *buffer);
/* The exception of a codec that is set gets a note of which codec it was, where it is a plain message. */
void kr_codec_wrap_error(const char *encoding, bool encode);

#endif
