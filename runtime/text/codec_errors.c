// Buffers, codec names and the error handlers that the codecs share. See codecs.h.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/text/codecs.h"
#include "runtime/text/unicode.h"

// --- buffers ---

static const uint32_t width_limit[5] = {0, 0xFF, 0xFFFF, 0, 0xFFFFFFFF};

bool kr_code_reserve(CodeBuffer *b, size_t more, uint32_t max)
{
    int width = kr_text_width_for(max);
    if (width < b->width) width = b->width;
    size_t need = b->length + more;
    if (width == b->width && need <= b->room) return true;
    size_t room = b->room;
    if (need > room) {
        room = room + room / 2 + 16;
        if (room < need) room = need;
    }
    if (width == b->width) {
        void *data = realloc(b->data, room * (size_t)width);
        if (!data) return false;
        b->data = data;
    } else {
        void *data = malloc(room * (size_t)width);
        if (!data) return false;
        if (b->length) kr_text_copy(data, width, b->data, b->width, b->length);
        free(b->data);
        b->data = data;
        b->width = width;
    }
    b->room = room;
    return true;
}

bool kr_code_push(CodeBuffer *b, uint32_t c)
{
    if (!b->width || b->length == b->room || c > width_limit[b->width])
        if (!kr_code_reserve(b, 1, c)) return false;
    kr_text_put(b->data, b->width, b->length++, c);
    return true;
}

bool kr_code_push_span(CodeBuffer *b, TextSpan span)
{
    if (!span.length) return true;
    uint32_t max = span.width == 1 ? 0xFF : kr_text_max_class(span.data, span.width, span.length);
    if (!kr_code_reserve(b, span.length, max)) return false;
    char *to = (char *)b->data + b->length * (size_t)b->width;
    kr_text_copy(to, b->width, span.data, span.width, span.length);
    b->length += span.length;
    return true;
}

bool kr_byte_reserve(ByteBuffer *b, size_t more)
{
    size_t need = b->length + more;
    if (need <= b->room && b->data) return true;
    size_t room = b->room + b->room / 2 + 16;
    if (room < need) room = need;
    uint8_t *data = realloc(b->data, room);
    if (!data) return false;
    b->data = data;
    b->room = room;
    return true;
}

bool kr_byte_push(ByteBuffer *b, const void *bytes, size_t n)
{
    if (!kr_byte_reserve(b, n)) return false;
    if (n) memcpy(b->data + b->length, bytes, n);
    b->length += n;
    return true;
}

// --- names ---

TextErrorMode kr_text_error_mode(const char *name)
{
    static const struct {
        const char *name;
        TextErrorMode mode;
    } modes[] = {
        {"strict", ERRORS_STRICT},
        {"ignore", ERRORS_IGNORE},
        {"replace", ERRORS_REPLACE},
        {"backslashreplace", ERRORS_BACKSLASH},
        {"xmlcharrefreplace", ERRORS_XMLCHARREF},
        {"namereplace", ERRORS_NAME},
        {"surrogateescape", ERRORS_SURROGATE_ESCAPE},
        {"surrogatepass", ERRORS_SURROGATE_PASS},
    };
    if (!name) return ERRORS_STRICT;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (!strcmp(name, modes[i].name)) return modes[i].mode;
    return ERRORS_CALLBACK;
}

static const struct {
    const char *key; // lower case, without punctuation
    TextCodec codec;
} codec_names[] = {
    {"utf8", CODEC_UTF8},        {"u8", CODEC_UTF8},          {"cp65001", CODEC_UTF8},
    {"utf8sig", CODEC_UTF8_SIG}, {"utf16", CODEC_UTF16},      {"u16", CODEC_UTF16},
    {"utf16le", CODEC_UTF16_LE}, {"utf16be", CODEC_UTF16_BE}, {"utf32", CODEC_UTF32},
    {"u32", CODEC_UTF32},        {"utf32le", CODEC_UTF32_LE}, {"utf32be", CODEC_UTF32_BE},
    {"utf7", CODEC_UTF7},        {"u7", CODEC_UTF7},          {"latin1", CODEC_LATIN1},
    {"latin", CODEC_LATIN1},     {"l1", CODEC_LATIN1},        {"iso88591", CODEC_LATIN1},
    {"8859", CODEC_LATIN1},      {"cp819", CODEC_LATIN1},     {"ascii", CODEC_ASCII},
    {"usascii", CODEC_ASCII},    {"646", CODEC_ASCII},
};

TextCodec kr_text_find_codec(const char *name)
{
    char key[16];
    size_t n = 0;
    if (!strcmp(name, "utf-8")) return CODEC_UTF8;
    for (; *name; name++) {
        char c = *name;
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (c == '-' || c == '_' || c == ' ') continue;
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) || n == sizeof key - 1)
            return CODEC_NONE;
        key[n++] = c;
    }
    key[n] = 0;
    for (size_t i = 0; i < sizeof codec_names / sizeof *codec_names; i++)
        if (!strcmp(key, codec_names[i].key)) return codec_names[i].codec;
    return CODEC_NONE;
}

const char *kr_text_codec_name(TextCodec codec)
{
    static const char *const names[] = {
        [CODEC_NONE] = "",        [CODEC_UTF8] = "utf-8",         [CODEC_UTF8_SIG] = "utf-8-sig",
        [CODEC_UTF16] = "utf-16", [CODEC_UTF16_LE] = "utf-16-le", [CODEC_UTF16_BE] = "utf-16-be",
        [CODEC_UTF32] = "utf-32", [CODEC_UTF32_LE] = "utf-32-le", [CODEC_UTF32_BE] = "utf-32-be",
        [CODEC_UTF7] = "utf7",    [CODEC_LATIN1] = "latin-1",     [CODEC_ASCII] = "ascii",
    };
    return names[codec];
}

// --- handlers ---

int kr_text_escape(TextErrorMode mode, uint32_t c, char out[KR_TEXT_MAX_ESCAPE])
{
    if (mode == ERRORS_XMLCHARREF) return sprintf(out, "&#%u;", (unsigned)c);
    if (mode == ERRORS_NAME) {
        size_t n = kr_text_name(c, out + 3);
        if (n) {
            memcpy(out, "\\N{", 3);
            out[n + 3] = '}';
            return (int)n + 4;
        }
    }
    if (c < 0x100) return sprintf(out, "\\x%02x", (unsigned)c);
    if (c < 0x10000) return sprintf(out, "\\u%04x", (unsigned)c);
    return sprintf(out, "\\U%08x", (unsigned)c);
}

// How surrogatepass reads an encoding's name: bytes a unit, and the byte order.
static int surrogate_form(const char *encoding, bool *big)
{
    TextCodec codec = kr_text_find_codec(encoding);
    *big = codec == CODEC_UTF16_BE || codec == CODEC_UTF32_BE;
    switch (codec) {
    case CODEC_UTF8: return 3;
    case CODEC_UTF16:
    case CODEC_UTF16_LE:
    case CODEC_UTF16_BE: return 2;
    case CODEC_UTF32:
    case CODEC_UTF32_LE:
    case CODEC_UTF32_BE: return 4;
    default: return 0;
    }
}

uint32_t kr_text_read_surrogate(const char *encoding, const uint8_t *p, size_t left, size_t *used)
{
    bool big;
    int unit = surrogate_form(encoding, &big);
    if (!unit || left < (size_t)unit) return 0;
    uint32_t c;
    if (unit == 3) {
        if ((p[0] & 0xF0) != 0xE0 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        c = (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    } else if (unit == 2) {
        c = big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
    } else {
        c = big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
    }
    if (c < 0xD800 || c > 0xDFFF) return 0;
    *used = (size_t)unit;
    return c;
}

int kr_text_write_surrogate(const char *encoding, uint32_t c, uint8_t out[4])
{
    bool big;
    int unit = surrogate_form(encoding, &big);
    if (unit == 3) return kr_utf8_put(c, out);
    if (!unit) return 0;
    memset(out, 0, 4);
    int low = big ? unit - 1 : 0;
    out[low] = (uint8_t)c;
    out[big ? low - 1 : 1] = (uint8_t)(c >> 8);
    return unit;
}

static TextStatus strict_error(TextErrors *errors, const char *encoding, const char *reason,
                               size_t start, size_t end)
{
    errors->at = (TextError){encoding, reason, start, end};
    return TEXT_ERROR;
}

TextStatus kr_text_decode_error(TextErrors *errors, const char *encoding, const char *reason,
                                const uint8_t **bytes, size_t *length, size_t start, size_t end,
                                CodeBuffer *out, size_t *resume)
{
    *resume = end;
    const uint8_t *p = *bytes;
    switch (errors->mode) {
    case ERRORS_IGNORE: return TEXT_DONE;
    case ERRORS_REPLACE: return kr_code_push(out, 0xFFFD) ? TEXT_DONE : TEXT_NO_MEMORY;
    case ERRORS_BACKSLASH:
        for (size_t i = start; i < end; i++) {
            char text[KR_TEXT_MAX_ESCAPE];
            int n = kr_text_escape(ERRORS_BACKSLASH, p[i], text);
            if (!kr_code_push_span(out, (TextSpan){text, (size_t)n, 1})) return TEXT_NO_MEMORY;
        }
        return TEXT_DONE;
    case ERRORS_SURROGATE_ESCAPE: {
        size_t i = start;
        for (; i < end && i < start + 4 && p[i] >= 0x80; i++)
            if (!kr_code_push(out, 0xDC00u + p[i])) return TEXT_NO_MEMORY;
        *resume = i;
        return i > start ? TEXT_DONE : strict_error(errors, encoding, reason, start, end);
    }
    case ERRORS_SURROGATE_PASS: {
        size_t used;
        uint32_t c = kr_text_read_surrogate(encoding, p + start, *length - start, &used);
        if (!c) return strict_error(errors, encoding, reason, start, end);
        *resume = start + used;
        return kr_code_push(out, c) ? TEXT_DONE : TEXT_NO_MEMORY;
    }
    case ERRORS_CALLBACK: {
        TextError error = {encoding, reason, start, end};
        TextReplacement r = {.resume = end};
        if (!errors->handle(errors, &error, &r)) return TEXT_RAISED;
        *resume = r.resume;
        if (r.new_input) {
            *bytes = r.new_input;
            *length = r.new_length;
        }
        return kr_code_push_span(out, r.text) ? TEXT_DONE : TEXT_NO_MEMORY;
    }
    default: return strict_error(errors, encoding, reason, start, end);
    }
}

// Puts ASCII text through `put`.
static TextStatus put_ascii(const char *text, size_t n, TextPut put, void *context, ByteBuffer *out)
{
    return put(context, (TextSpan){text, n, 1}, out);
}

TextStatus kr_text_encode_error(TextErrors *errors, const char *encoding, const char *reason,
                                TextSpan text, size_t start, size_t end, TextPut put,
                                void *put_context, ByteBuffer *out, size_t *resume)
{
    *resume = end;
    TextStatus status = TEXT_DONE;
    switch (errors->mode) {
    case ERRORS_IGNORE: return TEXT_DONE;
    case ERRORS_REPLACE:
        for (size_t i = start; i < end && status == TEXT_DONE; i++)
            status = put_ascii("?", 1, put, put_context, out);
        break;
    case ERRORS_BACKSLASH:
    case ERRORS_XMLCHARREF:
    case ERRORS_NAME:
        for (size_t i = start; i < end && status == TEXT_DONE; i++) {
            char escape[KR_TEXT_MAX_ESCAPE];
            uint32_t c = kr_text_at(text.data, text.width, i);
            int n = kr_text_escape(errors->mode, c, escape);
            status = put_ascii(escape, (size_t)n, put, put_context, out);
        }
        break;
    case ERRORS_SURROGATE_ESCAPE:
    case ERRORS_SURROGATE_PASS: {
        size_t i = start;
        for (; i < end; i++) {
            uint32_t c = kr_text_at(text.data, text.width, i);
            uint8_t bytes[4];
            int n = 0;
            if (errors->mode == ERRORS_SURROGATE_ESCAPE) {
                if (c < 0xDC80 || c > 0xDCFF) break;
                bytes[0] = (uint8_t)(c - 0xDC00);
                n = 1;
            } else if (c >= 0xD800 && c <= 0xDFFF) {
                n = kr_text_write_surrogate(encoding, c, bytes);
            }
            if (!n) break;
            if (!kr_byte_push(out, bytes, (size_t)n)) return TEXT_NO_MEMORY;
        }
        if (i < end) return strict_error(errors, encoding, reason, i, end);
        return TEXT_DONE;
    }
    case ERRORS_CALLBACK: {
        TextError error = {encoding, reason, start, end};
        TextReplacement r = {.resume = end};
        if (!errors->handle(errors, &error, &r)) return TEXT_RAISED;
        *resume = r.resume;
        if (r.bytes) return kr_byte_push(out, r.bytes, r.length) ? TEXT_DONE : TEXT_NO_MEMORY;
        status = put(put_context, r.text, out);
        break;
    }
    default: return strict_error(errors, encoding, reason, start, end);
    }
    // A replacement that cannot be encoded is the original error.
    if (status == TEXT_ERROR) return strict_error(errors, encoding, reason, start, end);
    return status;
}
