// UTF-8: see utf8.h. Hot loops look at 8 bytes at a time while text is ASCII.

#include "runtime/text/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t load8(const void *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

size_t kr_text_ascii_prefix(const void *bytes, size_t length)
{
    const uint8_t *p = bytes;
    size_t i = 0;
    for (; i + 32 <= length; i += 32)
        if ((load8(p + i) | load8(p + i + 8) | load8(p + i + 16) | load8(p + i + 24)) & HIGH_BITS)
            break;
    for (; i + 8 <= length; i += 8) {
        uint64_t high = load8(p + i) & HIGH_BITS;
        if (high) return i + (size_t)__builtin_ctzll(high) / 8;
    }
    while (i < length && p[i] < 0x80) i++;
    return i;
}

static inline bool is_tail(uint8_t b) { return (b & 0xC0) == 0x80; }

Utf8Status kr_utf8_next(const uint8_t *p, const uint8_t *end, uint32_t *c, int *used)
{
    uint8_t b = p[0];
    size_t left = (size_t)(end - p);
    *used = 1;
    if (b < 0x80) {
        *c = b;
        return UTF8_OK;
    }
    if (b < 0xC2 || b > 0xF4) return UTF8_BAD_START;
    if (left < 2) return UTF8_TRUNCATED;
    uint8_t b1 = p[1];
    if (b < 0xE0) {
        if (!is_tail(b1)) return UTF8_BAD_CONTINUATION;
        *c = (uint32_t)(b & 0x1F) << 6 | (b1 & 0x3F);
        *used = 2;
        return UTF8_OK;
    }
    if (b < 0xF0) {
        // Overlong forms and surrogates show in the second byte.
        if (!is_tail(b1) || (b1 < 0xA0 ? b == 0xE0 : b == 0xED)) return UTF8_BAD_CONTINUATION;
        *used = 2;
        if (left < 3) return UTF8_TRUNCATED;
        if (!is_tail(p[2])) return UTF8_BAD_CONTINUATION;
        *c = (uint32_t)(b & 0x0F) << 12 | (uint32_t)(b1 & 0x3F) << 6 | (p[2] & 0x3F);
        *used = 3;
        return UTF8_OK;
    }
    if (!is_tail(b1) || (b1 < 0x90 ? b == 0xF0 : b == 0xF4)) return UTF8_BAD_CONTINUATION;
    *used = 2;
    if (left < 3) return UTF8_TRUNCATED;
    if (!is_tail(p[2])) return UTF8_BAD_CONTINUATION;
    *used = 3;
    if (left < 4) return UTF8_TRUNCATED;
    if (!is_tail(p[3])) return UTF8_BAD_CONTINUATION;
    *c = (uint32_t)(b & 7) << 18 | (uint32_t)(b1 & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
         (p[3] & 0x3F);
    *used = 4;
    return UTF8_OK;
}

const char *kr_utf8_reason(Utf8Status status)
{
    switch (status) {
    case UTF8_BAD_START: return "invalid start byte";
    case UTF8_BAD_CONTINUATION: return "invalid continuation byte";
    case UTF8_TRUNCATED: return "unexpected end of data";
    case UTF8_OK: break;
    }
    return "";
}

bool kr_utf8_scan(const uint8_t *bytes, size_t length, Utf8Info *info, size_t *valid)
{
    size_t i = kr_text_ascii_prefix(bytes, length), count = i;
    const uint8_t *end = bytes + length;
    uint32_t all = 0x7F;
    bool ok = true;
    while (i < length) {
        if (bytes[i] < 0x80) {
            size_t run = kr_text_ascii_prefix(bytes + i, length - i);
            i += run;
            count += run;
            continue;
        }
        uint32_t c;
        int used;
        if (kr_utf8_next(bytes + i, end, &c, &used) != UTF8_OK) {
            ok = false;
            break;
        }
        all |= c;
        i += (size_t)used;
        count++;
    }
    info->code_points = count;
    info->max = all < 0x80 ? 0x7F : all < 0x100 ? 0xFF : all < 0x10000 ? 0xFFFF : 0x10FFFF;
    *valid = i;
    return ok;
}

// One loop a width; the input is known to be valid.
#define EXPAND(T)                                                                       \
    do {                                                                                \
        T *q = out;                                                                     \
        while (p < end) {                                                               \
            uint32_t b = *p;                                                            \
            if (b < 0x80) {                                                             \
                *q++ = (T)b;                                                            \
                p++;                                                                    \
            } else if (b < 0xE0) {                                                      \
                *q++ = (T)((b & 0x1F) << 6 | (p[1] & 0x3Fu));                           \
                p += 2;                                                                 \
            } else if (b < 0xF0) {                                                      \
                *q++ = (T)((b & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu));    \
                p += 3;                                                                 \
            } else {                                                                    \
                *q++ = (T)((b & 7) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | \
                           (p[3] & 0x3Fu));                                             \
                p += 4;                                                                 \
            }                                                                           \
        }                                                                               \
    } while (0)

void kr_utf8_expand(const uint8_t *bytes, size_t length, int width, void *out)
{
    const uint8_t *p = bytes, *end = bytes + length;
    if (width == 1)
        EXPAND(uint8_t);
    else if (width == 2)
        EXPAND(uint16_t);
    else
        EXPAND(uint32_t);
}

size_t kr_utf8_length(const void *data, int width, size_t length)
{
    size_t n = length;
    if (width == 1) {
        const uint8_t *p = data;
        for (size_t i = 0; i < length; i++) n += p[i] >> 7;
    } else if (width == 2) {
        const uint16_t *p = data;
        for (size_t i = 0; i < length; i++) n += (size_t)(p[i] >= 0x80) + (p[i] >= 0x800);
    } else {
        const uint32_t *p = data;
        for (size_t i = 0; i < length; i++)
            n += (size_t)(p[i] >= 0x80) + (p[i] >= 0x800) + (p[i] >= 0x10000);
    }
    return n;
}

int kr_utf8_put(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xE0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

uint8_t *kr_utf8_write(const void *data, int width, size_t length, uint8_t *out)
{
    size_t i = 0;
    if (width == 1) {
        i = kr_text_ascii_prefix(data, length);
        if (i) memcpy(out, data, i);
        out += i;
    }
    for (; i < length; i++) {
        uint32_t c = kr_text_at(data, width, i);
        if (c < 0x80)
            *out++ = (uint8_t)c;
        else
            out += kr_utf8_put(c, out);
    }
    return out;
}

uint32_t kr_text_max_class(const void *data, int width, size_t length)
{
    if (width == 1) return kr_text_ascii_prefix(data, length) == length ? 0x7F : 0xFF;
    uint32_t all = 0;
    if (width == 2) {
        const uint16_t *p = data;
        for (size_t i = 0; i < length; i++) all |= p[i];
    } else {
        const uint32_t *p = data;
        for (size_t i = 0; i < length; i++) all |= p[i];
    }
    return all < 0x80 ? 0x7F : all < 0x100 ? 0xFF : all < 0x10000 ? 0xFFFF : 0x10FFFF;
}

#define COPY(T, F)                                          \
    do {                                                    \
        T *q = to;                                          \
        const F *p = from;                                  \
        for (size_t i = 0; i < length; i++) q[i] = (T)p[i]; \
    } while (0)

void kr_text_copy(void *to, int to_width, const void *from, int from_width, size_t length)
{
    if (to_width == from_width) {
        if (length) memcpy(to, from, length * (size_t)to_width);
    } else if (to_width == 4) {
        if (from_width == 1)
            COPY(uint32_t, uint8_t);
        else
            COPY(uint32_t, uint16_t);
    } else if (to_width == 2) {
        if (from_width == 1)
            COPY(uint16_t, uint8_t);
        else
            COPY(uint16_t, uint32_t);
    } else {
        if (from_width == 2)
            COPY(uint8_t, uint16_t);
        else
            COPY(uint8_t, uint32_t);
    }
}
