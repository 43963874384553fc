// UTF-8 against arrays of code points of 1, 2 or 4 bytes (Latin-1, UCS-2, UCS-4).
//
// Owns validation with CPython's error positions, the scan that chooses the narrowest storage, and
// the conversions in both directions. A "width" is always the bytes a code point takes: 1, 2 or 4.
// Surrogates are invalid UTF-8 here; the codecs' error handlers let them pass where asked.

#ifndef KR_TEXT_UTF8_H
#define KR_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Text as it stands in memory.
typedef struct {
    const void *data;
    size_t length; // code points
    int width;
} TextSpan;

typedef struct {
    size_t code_points;
    uint32_t max; // at least the largest code point, rounded up to 0x7F, 0xFF, 0xFFFF or 0x10FFFF
} Utf8Info;

typedef enum {
    UTF8_OK,
    UTF8_BAD_START,        // "invalid start byte"
    UTF8_BAD_CONTINUATION, // "invalid continuation byte"
    UTF8_TRUNCATED,        // "unexpected end of data"
} Utf8Status;

static inline int kr_text_width_for(uint32_t max)
{
    return max < 0x100 ? 1 : max < 0x10000 ? 2 : 4;
}

// Code point i of an array.
static inline uint32_t kr_text_at(const void *data, int width, size_t i)
{
    return width == 1   ? ((const uint8_t *)data)[i]
           : width == 2 ? ((const uint16_t *)data)[i]
                        : ((const uint32_t *)data)[i];
}

static inline void kr_text_put(void *data, int width, size_t i, uint32_t c)
{
    if (width == 1)
        ((uint8_t *)data)[i] = (uint8_t)c;
    else if (width == 2)
        ((uint16_t *)data)[i] = (uint16_t)c;
    else
        ((uint32_t *)data)[i] = c;
}

// How many leading bytes are ASCII.
size_t kr_text_ascii_prefix(const void *bytes, size_t length);

// Decodes one sequence at p < end. On success stores it and returns UTF8_OK; *used is the number of
// bytes read, or the number of bytes that the error covers.
Utf8Status kr_utf8_next(const uint8_t *p, const uint8_t *end, uint32_t *c, int *used);
const char *kr_utf8_reason(Utf8Status status);

// Validates; false at the first error, with *valid the length of the valid part, `info` about it.
bool kr_utf8_scan(const uint8_t *bytes, size_t length, Utf8Info *info, size_t *valid);
// Expands valid UTF-8 into an array of `width`, which must be wide enough.
void kr_utf8_expand(const uint8_t *bytes, size_t length, int width, void *out);

// The bytes that the code points take in UTF-8; a surrogate counts three.
size_t kr_utf8_length(const void *data, int width, size_t length);
// Writes them (surrogates in three bytes); returns the end.
uint8_t *kr_utf8_write(const void *data, int width, size_t length, uint8_t *out);
// One code point, 1 to 4 bytes.
int kr_utf8_put(uint32_t c, uint8_t out[4]);

// The largest code point's class: 0x7F, 0xFF, 0xFFFF or 0x10FFFF.
uint32_t kr_text_max_class(const void *data, int width, size_t length);
// Copies between arrays of any two widths; narrowing must be lossless.
void kr_text_copy(void *to, int to_width, const void *from, int from_width, size_t length);

#endif
