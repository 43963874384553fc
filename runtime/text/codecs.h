// The text encodings: bytes to code points and back, with Python's error handlers.
//
// Owns the encodings themselves and the handlers that every Python has (strict, ignore, replace,
// backslashreplace, xmlcharrefreplace, namereplace, surrogateescape, surrogatepass). Other handlers
// are reached through a callback. Knows no runtime values: the glue in objects/ raises and calls.
//
// Decoding appends to a CodeBuffer, an array of code points that widens itself; encoding appends
// to a ByteBuffer. Both are malloc'ed; the caller frees `data`.

#ifndef KR_TEXT_CODECS_H
#define KR_TEXT_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/text/utf8.h"

typedef struct {
    void *data;
    size_t length, room; // code points
    int width;           // 1, 2, 4: wide enough, not always the narrowest
} CodeBuffer;

typedef struct {
    uint8_t *data;
    size_t length, room;
} ByteBuffer;

// False when memory is out.
bool kr_code_reserve(CodeBuffer *b, size_t more, uint32_t max);
bool kr_code_push(CodeBuffer *b, uint32_t c);
bool kr_code_push_span(CodeBuffer *b, TextSpan span);
bool kr_byte_reserve(ByteBuffer *b, size_t more);
bool kr_byte_push(ByteBuffer *b, const void *bytes, size_t n);

typedef enum {
    TEXT_DONE = 0,
    TEXT_ERROR = -1, // strict: TextErrors.at describes it
    TEXT_NO_MEMORY = -2,
    TEXT_RAISED = -3, // the callback failed and has reported why
} TextStatus;

// What is wrong with input[start..end).
typedef struct {
    const char *encoding, *reason;
    size_t start, end;
} TextError;

// What a handler wants: its text (or, encoding, bytes) instead of the bad part, then going on at
// `resume`. A decoding handler may swap the whole input.
typedef struct {
    TextSpan text;
    const uint8_t *bytes; // with `length`; used instead of text when not NULL
    size_t length;
    size_t resume;
    const uint8_t *new_input; // NULL: unchanged
    size_t new_length;
} TextReplacement;

typedef enum {
    ERRORS_STRICT,
    ERRORS_IGNORE,
    ERRORS_REPLACE,
    ERRORS_BACKSLASH,
    ERRORS_XMLCHARREF,
    ERRORS_NAME,
    ERRORS_SURROGATE_ESCAPE,
    ERRORS_SURROGATE_PASS,
    ERRORS_CALLBACK,
} TextErrorMode;

typedef struct TextErrors {
    TextErrorMode mode;
    TextError at; // filled when TEXT_ERROR is returned
    // ERRORS_CALLBACK; false: failed. What it hands out stays valid until the next call.
    bool (*handle)(struct TextErrors *errors, const TextError *error, TextReplacement *out);
    void *context;
} TextErrors;

// The mode of a handler's name; NULL is strict, an unknown name ERRORS_CALLBACK.
TextErrorMode kr_text_error_mode(const char *name);

typedef enum {
    CODEC_NONE,
    CODEC_UTF8,
    CODEC_UTF8_SIG,
    CODEC_UTF16,
    CODEC_UTF16_LE,
    CODEC_UTF16_BE,
    CODEC_UTF32,
    CODEC_UTF32_LE,
    CODEC_UTF32_BE,
    CODEC_UTF7,
    CODEC_LATIN1,
    CODEC_ASCII,
} TextCodec;

// The codec of a name as str.encode() takes it ("UTF-8", "latin_1", "us-ascii"); CODEC_NONE if it
// is not one of ours.
TextCodec kr_text_find_codec(const char *name);
const char *kr_text_codec_name(TextCodec codec);

TextStatus kr_text_encode(TextCodec codec, TextSpan text, TextErrors *errors, ByteBuffer *out);
// `final`: the input ends here; else an incomplete sequence at its end is left, and *consumed
// (never NULL) says how far it was read.
TextStatus kr_text_decode(TextCodec codec, const uint8_t *bytes, size_t length, TextErrors *errors,
                          bool final, size_t *consumed, CodeBuffer *out);
// With the byte order made known: *order is -1 little, 1 big, 0 by the mark (else native), and is
// set to what was found.
TextStatus kr_text_decode_utf16(const uint8_t *bytes, size_t length, TextErrors *errors, bool final,
                                int *order, size_t *consumed, CodeBuffer *out);
TextStatus kr_text_decode_utf32(const uint8_t *bytes, size_t length, TextErrors *errors, bool final,
                                int *order, size_t *consumed, CodeBuffer *out);

// Python's escapes. *invalid_escape (may be NULL) tells of the first one that deserves a warning:
// the character behind a backslash that starts no escape, or the value of an octal escape above
// 0o377 (so 256 or more); -1 when there is none.
TextStatus kr_text_decode_unicode_escape(const uint8_t *bytes, size_t length, TextErrors *errors,
                                         bool final, size_t *consumed, CodeBuffer *out,
                                         int *invalid_escape);
TextStatus kr_text_decode_raw_unicode_escape(const uint8_t *bytes, size_t length,
                                             TextErrors *errors, bool final, size_t *consumed,
                                             CodeBuffer *out);
TextStatus kr_text_encode_unicode_escape(TextSpan text, ByteBuffer *out);
TextStatus kr_text_encode_raw_unicode_escape(TextSpan text, ByteBuffer *out);

// Character maps. Decoding: table.data[byte]; 0xFFFE or past the end is undefined. Encoding: `map`
// writes the bytes of a code point, returns their number, -1 for none, -2 when it failed.
TextStatus kr_text_decode_charmap(const uint8_t *bytes, size_t length, TextErrors *errors,
                                  TextSpan table, CodeBuffer *out);
typedef int (*TextMap)(void *context, uint32_t c, const uint8_t **bytes);
TextStatus kr_text_encode_charmap(TextSpan text, TextErrors *errors, TextMap map, void *context,
                                  ByteBuffer *out);

// The text that backslashreplace, namereplace and xmlcharrefreplace put for a code point: ASCII,
// not terminated; returns its length.
#define KR_TEXT_MAX_ESCAPE 144
int kr_text_escape(TextErrorMode mode, uint32_t c, char out[KR_TEXT_MAX_ESCAPE]);

// The machinery of the handlers, for codecs elsewhere (and for the handlers as functions).
TextStatus kr_text_decode_error(TextErrors *errors, const char *encoding, const char *reason,
                                const uint8_t **bytes, size_t *length, size_t start, size_t end,
                                CodeBuffer *out, size_t *resume);
// Puts the replacement of text[start..end) into `out` through `put`, which encodes text that must
// be encodable (it returns TEXT_ERROR when it is not).
typedef TextStatus (*TextPut)(void *context, TextSpan text, ByteBuffer *out);
TextStatus kr_text_encode_error(TextErrors *errors, const char *encoding, const char *reason,
                                TextSpan text, size_t start, size_t end, TextPut put,
                                void *put_context, ByteBuffer *out, size_t *resume);
// surrogatepass: the surrogate that the bytes at p spell in the named encoding, its size in *used;
// 0 if there is none. And back: writes it, returns its size, 0 if the encoding is unknown.
uint32_t kr_text_read_surrogate(const char *encoding, const uint8_t *p, size_t left, size_t *used);
int kr_text_write_surrogate(const char *encoding, uint32_t c, uint8_t out[4]);

#endif
