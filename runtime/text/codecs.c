// UTF-8, UTF-16, UTF-32, Latin-1 and ASCII. See codecs.h; handlers are in codec_errors.c, escapes,
// character maps and UTF-7 in codecs_escape.c.

#include "runtime/text/codecs.h"

#include <string.h>

static inline bool is_surrogate(uint32_t c) { return c - 0xD800 < 0x800; }
static inline uint32_t at(TextSpan t, size_t i) { return kr_text_at(t.data, t.width, i); }

// --- encoding ---

// Where the run of surrogates that starts at i ends.
static size_t surrogates_end(TextSpan text, size_t i)
{
    while (i < text.length && is_surrogate(at(text, i))) i++;
    return i;
}

static TextStatus put_utf8(void *context, TextSpan text, ByteBuffer *out)
{
    (void)context;
    for (size_t i = 0; i < text.length; i++)
        if (is_surrogate(at(text, i))) return TEXT_ERROR;
    if (!kr_byte_reserve(out, kr_utf8_length(text.data, text.width, text.length)))
        return TEXT_NO_MEMORY;
    uint8_t *end = kr_utf8_write(text.data, text.width, text.length, out->data + out->length);
    out->length = (size_t)(end - out->data);
    return TEXT_DONE;
}

// A handler's text must be ASCII in the UTF encodings, as CPython has it.
static bool is_ascii(TextSpan text)
{
    return kr_text_max_class(text.data, text.width, text.length) < 0x80;
}

static TextStatus put_ascii_utf8(void *context, TextSpan text, ByteBuffer *out)
{
    return is_ascii(text) ? put_utf8(context, text, out) : TEXT_ERROR;
}

static TextStatus encode_utf8(TextSpan text, TextErrors *errors, ByteBuffer *out)
{
    size_t i = 0;
    if (!kr_byte_reserve(out, kr_utf8_length(text.data, text.width, text.length)))
        return TEXT_NO_MEMORY;
    while (i < text.length) {
        size_t start = i;
        if (text.width > 1)
            while (i < text.length && !is_surrogate(at(text, i))) i++;
        else
            i = text.length;
        TextSpan run = {(const char *)text.data + start * (size_t)text.width, i - start,
                        text.width};
        if (run.length) {
            TextStatus status = put_utf8(NULL, run, out);
            if (status != TEXT_DONE) return status;
        }
        if (i == text.length) break;
        TextStatus status =
            kr_text_encode_error(errors, "utf-8", "surrogates not allowed", text, i,
                                 surrogates_end(text, i), put_ascii_utf8, NULL, out, &i);
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

static void put_unit16(uint8_t *p, uint32_t v, bool big)
{
    p[big] = (uint8_t)v;
    p[!big] = (uint8_t)(v >> 8);
}

static void put_unit32(uint8_t *p, uint32_t v, bool big)
{
    for (int i = 0; i < 4; i++) p[big ? 3 - i : i] = (uint8_t)(v >> (8 * i));
}

typedef struct {
    bool big;
    const char *name;
    TextPut put;
} Wide;

static TextStatus put_utf16(void *context, TextSpan text, ByteBuffer *out)
{
    bool big = ((Wide *)context)->big;
    if (!kr_byte_reserve(out, text.length * (text.width == 4 ? 4 : 2))) return TEXT_NO_MEMORY;
    uint8_t *p = out->data + out->length;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = at(text, i);
        if (is_surrogate(c)) return TEXT_ERROR;
        if (c >= 0x10000) {
            put_unit16(p, 0xD7C0 + (c >> 10), big);
            p += 2;
            c = 0xDC00 | (c & 0x3FF);
        }
        put_unit16(p, c, big);
        p += 2;
    }
    out->length = (size_t)(p - out->data);
    return TEXT_DONE;
}

static TextStatus put_utf32(void *context, TextSpan text, ByteBuffer *out)
{
    bool big = ((Wide *)context)->big;
    if (!kr_byte_reserve(out, text.length * 4)) return TEXT_NO_MEMORY;
    uint8_t *p = out->data + out->length;
    for (size_t i = 0; i < text.length; i++, p += 4) {
        uint32_t c = at(text, i);
        if (is_surrogate(c)) return TEXT_ERROR;
        put_unit32(p, c, big);
    }
    out->length = (size_t)(p - out->data);
    return TEXT_DONE;
}

static TextStatus put_ascii_wide(void *context, TextSpan text, ByteBuffer *out)
{
    return is_ascii(text) ? ((Wide *)context)->put(context, text, out) : TEXT_ERROR;
}

// Runs without surrogates go through `put`, the surrogates to the handler.
static TextStatus encode_wide(TextSpan text, TextErrors *errors, Wide *wide, TextPut put,
                              ByteBuffer *out)
{
    for (size_t i = 0; i < text.length;) {
        size_t start = i;
        if (text.width == 1)
            i = text.length;
        else
            while (i < text.length && !is_surrogate(at(text, i))) i++;
        TextSpan run = {(const char *)text.data + start * (size_t)text.width, i - start,
                        text.width};
        TextStatus status = put(wide, run, out);
        if (status != TEXT_DONE) return status;
        if (i == text.length) break;
        // One surrogate at a time, and bytes in its place must be whole units, as in CPython.
        size_t bad = i, before = out->length;
        wide->put = put;
        status = kr_text_encode_error(errors, wide->name, "surrogates not allowed", text, bad,
                                      bad + 1, put_ascii_wide, wide, out, &i);
        if (status == TEXT_DONE && (out->length - before) % (put == put_utf16 ? 2 : 4)) {
            errors->at = (TextError){wide->name, "surrogates not allowed", bad, bad + 1};
            status = TEXT_ERROR;
        }
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

typedef struct {
    uint32_t limit;
} Narrow;

static TextStatus put_narrow(void *context, TextSpan text, ByteBuffer *out)
{
    uint32_t limit = ((Narrow *)context)->limit;
    if (!kr_byte_reserve(out, text.length)) return TEXT_NO_MEMORY;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = at(text, i);
        if (c >= limit) return TEXT_ERROR;
        out->data[out->length + i] = (uint8_t)c;
    }
    out->length += text.length;
    return TEXT_DONE;
}

static TextStatus encode_narrow(TextSpan text, TextErrors *errors, uint32_t limit, ByteBuffer *out)
{
    Narrow narrow = {limit};
    const char *name = limit == 128 ? "ascii" : "latin-1";
    const char *reason = limit == 128 ? "ordinal not in range(128)" : "ordinal not in range(256)";
    for (size_t i = 0; i < text.length;) {
        size_t start = i;
        if (text.width == 1) {
            const char *p = (const char *)text.data + i;
            i += limit == 128 ? kr_text_ascii_prefix(p, text.length - i) : text.length - i;
            if (!kr_byte_push(out, p, i - start)) return TEXT_NO_MEMORY;
        } else {
            if (!kr_byte_reserve(out, text.length - i)) return TEXT_NO_MEMORY;
            for (uint32_t c; i < text.length && (c = at(text, i)) < limit; i++)
                out->data[out->length++] = (uint8_t)c;
        }
        if (i == text.length) break;
        size_t end = i;
        while (end < text.length && at(text, end) >= limit) end++;
        TextStatus status =
            kr_text_encode_error(errors, name, reason, text, i, end, put_narrow, &narrow, out, &i);
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

TextStatus kr_text_encode_utf7(TextSpan text, ByteBuffer *out);
TextStatus kr_text_decode_utf7(const uint8_t *bytes, size_t length, TextErrors *errors, bool final,
                               size_t *consumed, CodeBuffer *out);

TextStatus kr_text_encode(TextCodec codec, TextSpan text, TextErrors *errors, ByteBuffer *out)
{
    if (!kr_byte_reserve(out, 1)) return TEXT_NO_MEMORY; // data is never NULL
    Wide wide = {false, kr_text_codec_name(codec), NULL};
    switch (codec) {
    case CODEC_UTF8: return encode_utf8(text, errors, out);
    case CODEC_UTF8_SIG:
        if (!kr_byte_push(out, "\xEF\xBB\xBF", 3)) return TEXT_NO_MEMORY;
        return encode_utf8(text, errors, out);
    case CODEC_UTF16:
        if (!kr_byte_push(out, "\xFF\xFE", 2)) return TEXT_NO_MEMORY;
        return encode_wide(text, errors, &wide, put_utf16, out);
    case CODEC_UTF16_BE: wide.big = true; __attribute__((fallthrough));
    case CODEC_UTF16_LE: return encode_wide(text, errors, &wide, put_utf16, out);
    case CODEC_UTF32:
        if (!kr_byte_push(out, "\xFF\xFE\0\0", 4)) return TEXT_NO_MEMORY;
        return encode_wide(text, errors, &wide, put_utf32, out);
    case CODEC_UTF32_BE: wide.big = true; __attribute__((fallthrough));
    case CODEC_UTF32_LE: return encode_wide(text, errors, &wide, put_utf32, out);
    case CODEC_UTF7: return kr_text_encode_utf7(text, out);
    case CODEC_LATIN1: return encode_narrow(text, errors, 256, out);
    case CODEC_ASCII: return encode_narrow(text, errors, 128, out);
    case CODEC_NONE: break;
    }
    return TEXT_DONE;
}

// --- decoding ---

static TextStatus decode_utf8(const uint8_t *p, size_t length, TextErrors *errors, bool final,
                              size_t *consumed, CodeBuffer *out)
{
    size_t i = 0, given = length;
    TextStatus status = TEXT_DONE;
    while (i < length) {
        Utf8Info info;
        size_t valid;
        bool ok = kr_utf8_scan(p + i, length - i, &info, &valid);
        if (!kr_code_reserve(out, info.code_points, info.max)) return TEXT_NO_MEMORY;
        kr_utf8_expand(p + i, valid, out->width,
                       (char *)out->data + out->length * (size_t)out->width);
        out->length += info.code_points;
        i += valid;
        if (ok) break;
        uint32_t c;
        int used;
        Utf8Status bad = kr_utf8_next(p + i, p + length, &c, &used);
        if (bad == UTF8_TRUNCATED) {
            if (!final) break;
            used = (int)(length - i);
        }
        /* A surrogate cut off after its second byte waits for the third: a handler may let it pass. */
        if (!final && length - i == 2 && p[i] == 0xED && (p[i + 1] & 0xE0) == 0xA0) break;
        status = kr_text_decode_error(errors, "utf-8", kr_utf8_reason(bad), &p, &length, i,
                                      i + (size_t)used, out, &i);
        if (status != TEXT_DONE) break;
    }
    *consumed = final ? given : i; // a handler may have swapped the input
    return status;
}

static TextStatus decode_latin1(const uint8_t *p, size_t length, CodeBuffer *out)
{
    return kr_code_push_span(out, (TextSpan){p, length, 1}) ? TEXT_DONE : TEXT_NO_MEMORY;
}

static TextStatus decode_ascii(const uint8_t *p, size_t length, TextErrors *errors, CodeBuffer *out)
{
    for (size_t i = 0; i < length;) {
        size_t run = kr_text_ascii_prefix(p + i, length - i);
        if (!kr_code_push_span(out, (TextSpan){p + i, run, 1})) return TEXT_NO_MEMORY;
        i += run;
        if (i == length) break;
        TextStatus status = kr_text_decode_error(errors, "ascii", "ordinal not in range(128)", &p,
                                                 &length, i, i + 1, out, &i);
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

static inline uint32_t unit16(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t unit32(const uint8_t *p, bool big)
{
    return big ? unit16(p, true) << 16 | unit16(p + 2, true)
               : unit16(p, false) | unit16(p + 2, false) << 16;
}

TextStatus kr_text_decode_utf16(const uint8_t *p, size_t length, TextErrors *errors, bool final,
                                int *order, size_t *consumed, CodeBuffer *out)
{
    size_t i = 0, given = length;
    if (*order == 0 && length >= 2) {
        uint32_t mark = unit16(p, false);
        if (mark == 0xFEFF || mark == 0xFFFE) {
            *order = mark == 0xFEFF ? -1 : 1;
            i = 2;
        }
    }
    bool big = *order > 0;
    const char *name = big ? "utf-16-be" : "utf-16-le";
    TextStatus status = TEXT_DONE;
    while (i < length && status == TEXT_DONE) {
        size_t left = length - i;
        const char *reason;
        size_t end = i + 2;
        if (left < 2) {
            if (!final) break;
            reason = "truncated data";
            end = length;
        } else {
            uint32_t c = unit16(p + i, big);
            if (!is_surrogate(c)) {
                if (!kr_code_push(out, c)) return TEXT_NO_MEMORY;
                i += 2;
                continue;
            }
            if (c >= 0xDC00) {
                reason = "illegal encoding";
            } else if (left < 4) {
                if (!final) break;
                reason = "unexpected end of data";
                end = length;
            } else {
                uint32_t low = unit16(p + i + 2, big);
                if (low - 0xDC00 < 0x400) {
                    if (!kr_code_push(out, 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF))))
                        return TEXT_NO_MEMORY;
                    i += 4;
                    continue;
                }
                reason = "illegal UTF-16 surrogate";
            }
        }
        status = kr_text_decode_error(errors, name, reason, &p, &length, i, end, out, &i);
    }
    *consumed = final ? given : i; // a handler may have swapped the input
    return status;
}

TextStatus kr_text_decode_utf32(const uint8_t *p, size_t length, TextErrors *errors, bool final,
                                int *order, size_t *consumed, CodeBuffer *out)
{
    size_t i = 0, given = length;
    if (*order == 0 && length >= 4) {
        uint32_t mark = unit32(p, false);
        if (mark == 0xFEFF || mark == 0xFFFE0000) {
            *order = mark == 0xFEFF ? -1 : 1;
            i = 4;
        }
    }
    bool big = *order > 0;
    const char *name = big ? "utf-32-be" : "utf-32-le";
    TextStatus status = TEXT_DONE;
    while (i < length && status == TEXT_DONE) {
        const char *reason;
        size_t end = i + 4;
        if (length - i < 4) {
            if (!final) break;
            reason = "truncated data";
            end = length;
        } else {
            uint32_t c = unit32(p + i, big);
            if (c <= 0x10FFFF && !is_surrogate(c)) {
                if (!kr_code_push(out, c)) return TEXT_NO_MEMORY;
                i += 4;
                continue;
            }
            reason = c > 0x10FFFF ? "code point not in range(0x110000)"
                                  : "code point in surrogate code point range(0xd800, 0xe000)";
        }
        status = kr_text_decode_error(errors, name, reason, &p, &length, i, end, out, &i);
    }
    *consumed = final ? given : i; // a handler may have swapped the input
    return status;
}

TextStatus kr_text_decode(TextCodec codec, const uint8_t *bytes, size_t length, TextErrors *errors,
                          bool final, size_t *consumed, CodeBuffer *out)
{
    int order = 0;
    *consumed = length;
    switch (codec) {
    case CODEC_UTF8: return decode_utf8(bytes, length, errors, final, consumed, out);
    case CODEC_UTF8_SIG: {
        static const uint8_t mark[3] = {0xEF, 0xBB, 0xBF};
        size_t skip = length >= 3 && !memcmp(bytes, mark, 3) ? 3 : 0;
        if (!final && length < 3 && !memcmp(bytes, mark, length)) {
            *consumed = 0;
            return TEXT_DONE;
        }
        TextStatus status = decode_utf8(bytes + skip, length - skip, errors, final, consumed, out);
        *consumed += skip;
        return status;
    }
    case CODEC_UTF16_LE:
    case CODEC_UTF32_LE: order = -1; break;
    case CODEC_UTF16_BE:
    case CODEC_UTF32_BE: order = 1; break;
    case CODEC_UTF7: return kr_text_decode_utf7(bytes, length, errors, final, consumed, out);
    case CODEC_LATIN1: return decode_latin1(bytes, length, out);
    case CODEC_ASCII: return decode_ascii(bytes, length, errors, out);
    default: break;
    }
    if (codec == CODEC_UTF16 || codec == CODEC_UTF16_LE || codec == CODEC_UTF16_BE)
        return kr_text_decode_utf16(bytes, length, errors, final, &order, consumed, out);
    if (codec == CODEC_UTF32 || codec == CODEC_UTF32_LE || codec == CODEC_UTF32_BE)
        return kr_text_decode_utf32(bytes, length, errors, final, &order, consumed, out);
    return TEXT_DONE;
}
