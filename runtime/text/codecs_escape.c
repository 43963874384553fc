// Python's escapes (unicode_escape, raw_unicode_escape), character maps and UTF-7. See codecs.h.

#include <string.h>

#include "runtime/text/codecs.h"
#include "runtime/text/unicode.h"

static inline uint32_t at(TextSpan t, size_t i) { return kr_text_at(t.data, t.width, i); }

static int hex_value(uint8_t b)
{
    if (b >= '0' && b <= '9') return b - '0';
    b |= 32;
    return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
}

// --- escapes ---

typedef enum { HEX_OK, HEX_BAD, HEX_SHORT } HexStatus;

// `count` hexadecimal digits at *at; *at ends on the first byte that was not taken.
static HexStatus read_hex(const uint8_t *p, size_t length, size_t *at, int count, uint32_t *value)
{
    *value = 0;
    for (; count > 0; count--, ++*at) {
        if (*at >= length) return HEX_SHORT;
        int digit = hex_value(p[*at]);
        if (digit < 0) return HEX_BAD;
        *value = *value << 4 | (uint32_t)digit;
    }
    return HEX_OK;
}

// \N{name} behind the N. HEX_OK: *c; else *reason says what is wrong.
static HexStatus read_name(const uint8_t *p, size_t length, size_t *at, uint32_t *c,
                           const char **reason)
{
    *reason = "malformed \\N character escape";
    if (*at >= length) return HEX_SHORT;
    if (p[*at] != '{') return HEX_BAD;
    size_t start = ++*at;
    while (*at < length && p[*at] != '}') ++*at;
    if (*at >= length) return HEX_SHORT;
    size_t n = *at - start;
    if (!n) return HEX_BAD;
    ++*at;
    *reason = "unknown Unicode character name";
    return kr_text_lookup_name((const char *)p + start, n, c) ? HEX_OK : HEX_BAD;
}

static int simple_escape(uint8_t b)
{
    switch (b) {
    case '\\': return '\\';
    case '\'': return '\'';
    case '"': return '"';
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    default: return -1;
    }
}

TextStatus kr_text_decode_unicode_escape(const uint8_t *p, size_t length, TextErrors *errors,
                                         bool final, size_t *consumed, CodeBuffer *out,
                                         int *invalid_escape)
{
    static const char name[] = "unicodeescape";
    if (invalid_escape) *invalid_escape = -1;
    size_t i = 0, given = length;
    while (i < length) {
        const uint8_t *slash = memchr(p + i, '\\', length - i);
        size_t run = slash ? (size_t)(slash - p) - i : length - i;
        if (!kr_code_push_span(out, (TextSpan){p + i, run, 1})) return TEXT_NO_MEMORY;
        i += run;
        if (i == length) break;
        size_t start = i++;
        const char *reason = "\\ at end of string";
        HexStatus result = HEX_SHORT;
        uint32_t c = 0;
        if (i < length) {
            uint8_t b = p[i++];
            int simple = simple_escape(b);
            result = HEX_OK;
            if (simple >= 0) {
                c = (uint32_t)simple;
            } else if (b == '\n') {
                continue;
            } else if (b >= '0' && b <= '7') {
                c = b - '0';
                for (int k = 0; k < 2 && i < length && p[i] >= '0' && p[i] <= '7'; k++)
                    c = c << 3 | (uint32_t)(p[i++] - '0');
                if (c > 0377 && invalid_escape && *invalid_escape < 0) *invalid_escape = (int)c;
            } else if (b == 'x') {
                reason = "truncated \\xXX escape";
                result = read_hex(p, length, &i, 2, &c);
            } else if (b == 'u') {
                reason = "truncated \\uXXXX escape";
                result = read_hex(p, length, &i, 4, &c);
            } else if (b == 'U') {
                reason = "truncated \\UXXXXXXXX escape";
                result = read_hex(p, length, &i, 8, &c);
                if (result == HEX_OK && c > KR_TEXT_MAX_CODE_POINT) {
                    reason = "illegal Unicode character";
                    result = HEX_BAD;
                }
            } else if (b == 'N') {
                result = read_name(p, length, &i, &c, &reason);
            } else {
                if (invalid_escape && *invalid_escape < 0) *invalid_escape = b;
                if (!kr_code_push(out, '\\')) return TEXT_NO_MEMORY;
                c = b;
            }
        }
        if (result == HEX_OK) {
            if (!kr_code_push(out, c)) return TEXT_NO_MEMORY;
            continue;
        }
        if (result == HEX_SHORT && !final) {
            i = start;
            break;
        }
        TextStatus status =
            kr_text_decode_error(errors, name, reason, &p, &length, start, i, out, &i);
        if (status != TEXT_DONE) return status;
    }
    *consumed = final ? given : i;
    return TEXT_DONE;
}

TextStatus kr_text_decode_raw_unicode_escape(const uint8_t *p, size_t length, TextErrors *errors,
                                             bool final, size_t *consumed, CodeBuffer *out)
{
    static const char name[] = "rawunicodeescape";
    size_t i = 0, given = length;
    while (i < length) {
        uint8_t b = p[i];
        if (b != '\\' || (i + 1 == length && final)) {
            if (!kr_code_push(out, b)) return TEXT_NO_MEMORY;
            i++;
            continue;
        }
        size_t start = i++;
        if (i == length) {
            i = start;
            break;
        }
        b = p[i++];
        if (b != 'u' && b != 'U') {
            if (!kr_code_push(out, '\\') || !kr_code_push(out, b)) return TEXT_NO_MEMORY;
            continue;
        }
        const char *reason = b == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
        uint32_t c;
        HexStatus result = read_hex(p, length, &i, b == 'u' ? 4 : 8, &c);
        if (result == HEX_OK && c > KR_TEXT_MAX_CODE_POINT) {
            reason = "\\Uxxxxxxxx out of range";
            result = HEX_BAD;
        }
        if (result == HEX_OK) {
            if (!kr_code_push(out, c)) return TEXT_NO_MEMORY;
            continue;
        }
        if (result == HEX_SHORT && !final) {
            i = start;
            break;
        }
        TextStatus status =
            kr_text_decode_error(errors, name, reason, &p, &length, start, i, out, &i);
        if (status != TEXT_DONE) return status;
    }
    *consumed = final ? given : i;
    return TEXT_DONE;
}

static bool push_escape(uint32_t c, ByteBuffer *out)
{
    char text[KR_TEXT_MAX_ESCAPE];
    int n = kr_text_escape(ERRORS_BACKSLASH, c, text);
    return kr_byte_push(out, text, (size_t)n);
}

TextStatus kr_text_encode_unicode_escape(TextSpan text, ByteBuffer *out)
{
    if (!kr_byte_reserve(out, text.length + 1)) return TEXT_NO_MEMORY;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = at(text, i);
        bool ok;
        if (c >= 0x20 && c < 0x7F && c != '\\') {
            uint8_t b = (uint8_t)c;
            ok = kr_byte_push(out, &b, 1);
        } else {
            const char *simple = c == '\t'   ? "\\t"
                                 : c == '\n' ? "\\n"
                                 : c == '\r' ? "\\r"
                                 : c == '\\' ? "\\\\"
                                             : NULL;
            ok = simple ? kr_byte_push(out, simple, 2) : push_escape(c, out);
        }
        if (!ok) return TEXT_NO_MEMORY;
    }
    return TEXT_DONE;
}

TextStatus kr_text_encode_raw_unicode_escape(TextSpan text, ByteBuffer *out)
{
    if (!kr_byte_reserve(out, text.length + 1)) return TEXT_NO_MEMORY;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = at(text, i);
        uint8_t b = (uint8_t)c;
        if (!(c < 0x100 ? kr_byte_push(out, &b, 1) : push_escape(c, out))) return TEXT_NO_MEMORY;
    }
    return TEXT_DONE;
}

// --- character maps ---

TextStatus kr_text_decode_charmap(const uint8_t *p, size_t length, TextErrors *errors,
                                  TextSpan table, CodeBuffer *out)
{
    for (size_t i = 0; i < length;) {
        uint32_t c = p[i] < table.length ? at(table, p[i]) : 0xFFFE;
        if (c != 0xFFFE) {
            if (!kr_code_push(out, c)) return TEXT_NO_MEMORY;
            i++;
            continue;
        }
        TextStatus status = kr_text_decode_error(errors, "charmap", "character maps to <undefined>",
                                                 &p, &length, i, i + 1, out, &i);
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

typedef struct {
    TextMap map;
    void *context;
} Charmap;

static TextStatus put_charmap(void *context, TextSpan text, ByteBuffer *out)
{
    Charmap *m = context;
    for (size_t i = 0; i < text.length; i++) {
        const uint8_t *bytes;
        int n = m->map(m->context, at(text, i), &bytes);
        if (n == -1) return TEXT_ERROR;
        if (n < 0) return TEXT_RAISED;
        if (!kr_byte_push(out, bytes, (size_t)n)) return TEXT_NO_MEMORY;
    }
    return TEXT_DONE;
}

TextStatus kr_text_encode_charmap(TextSpan text, TextErrors *errors, TextMap map, void *context,
                                  ByteBuffer *out)
{
    Charmap m = {map, context};
    if (!kr_byte_reserve(out, text.length + 1)) return TEXT_NO_MEMORY;
    for (size_t i = 0; i < text.length;) {
        const uint8_t *bytes;
        int n = map(context, at(text, i), &bytes);
        if (n >= 0) {
            if (!kr_byte_push(out, bytes, (size_t)n)) return TEXT_NO_MEMORY;
            i++;
            continue;
        }
        if (n != -1) return TEXT_RAISED;
        size_t end = i + 1;
        for (; end < text.length; end++) {
            n = map(context, at(text, end), &bytes);
            if (n < -1) return TEXT_RAISED;
            if (n >= 0) break;
        }
        TextStatus status = kr_text_encode_error(errors, "charmap", "character maps to <undefined>",
                                                 text, i, end, put_charmap, &m, out, &i);
        if (status != TEXT_DONE) return status;
    }
    return TEXT_DONE;
}

// --- UTF-7 (RFC 2152) ---

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(uint32_t c)
{
    if (c >= 'A' && c <= 'Z') return (int)c - 'A';
    if (c >= 'a' && c <= 'z') return (int)c - 'a' + 26;
    if (c >= '0' && c <= '9') return (int)c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool utf7_direct(uint32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r') return true;
    return c >= 0x20 && c < 0x7F && c != '+' && c != '\\' && c != '~';
}

TextStatus kr_text_encode_utf7(TextSpan text, ByteBuffer *out)
{
    bool shifted = false;
    uint64_t bits = 0;
    int count = 0; // bits that wait
    // Three base-64 digits hold a unit; with the shifts around it a code point takes at most ten.
    if (!kr_byte_reserve(out, text.length * 10 + 8)) return TEXT_NO_MEMORY;
    uint8_t *q = out->data + out->length;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = at(text, i);
        if (utf7_direct(c) || (c == '+' && !shifted)) {
            if (shifted) {
                if (count) *q++ = (uint8_t)base64[bits << (6 - count) & 63];
                count = 0;
                bits = 0;
                shifted = false;
                if (base64_value(c) >= 0 || c == '-') *q++ = '-';
            }
            *q++ = (uint8_t)c;
            if (c == '+') *q++ = '-';
            continue;
        }
        if (!shifted) *q++ = '+';
        shifted = true;
        if (c >= 0x10000) {
            bits = bits << 16 | (0xD7C0 + (c >> 10));
            count += 16;
            c = 0xDC00 | (c & 0x3FF);
        }
        bits = bits << 16 | c;
        for (count += 16; count >= 6; count -= 6) *q++ = (uint8_t)base64[bits >> (count - 6) & 63];
        bits &= (1u << count) - 1;
    }
    if (count) *q++ = (uint8_t)base64[bits << (6 - count) & 63];
    if (shifted) *q++ = '-';
    out->length = (size_t)(q - out->data);
    return TEXT_DONE;
}

TextStatus kr_text_decode_utf7(const uint8_t *p, size_t length, TextErrors *errors, bool final,
                               size_t *consumed, CodeBuffer *out)
{
    bool shifted = false;
    uint32_t bits = 0, high = 0; // high: a high surrogate that waits for its low half
    int count = 0;
    size_t start = 0, shift_out = 0, i = 0;
    bool ok = true;
    for (;;) {
        const char *reason = NULL;
        if (i >= length) {
            if (!shifted || !final) break;
            shifted = false;
            if (!high && count < 6 && !(count > 0 && bits)) break;
            reason = "unterminated shift sequence";
            high = 0;
        } else {
            uint8_t b = p[i];
            int digit = base64_value(b);
            if (shifted && digit >= 0) {
                i++;
                bits = bits << 6 | (uint32_t)digit;
                count += 6;
                if (count < 16) continue;
                uint32_t c = bits >> (count - 16);
                count -= 16;
                bits &= (1u << count) - 1;
                if (high) {
                    if (c - 0xDC00 < 0x400) {
                        c = 0x10000 + ((high & 0x3FF) << 10 | (c & 0x3FF));
                        high = 0;
                    } else {
                        ok = kr_code_push(out, high);
                        high = 0;
                    }
                }
                if (c - 0xD800 < 0x400)
                    high = c;
                else
                    ok = ok && kr_code_push(out, c);
            } else if (shifted) {
                shifted = false;
                if (count >= 6) {
                    i++;
                    reason = "partial character in shift sequence";
                } else if (count > 0 && bits) {
                    i++;
                    reason = "non-zero padding bits in shift sequence";
                } else {
                    if (high && b < 0x80 && b != '+') ok = kr_code_push(out, high);
                    high = 0;
                    if (b == '-') i++;
                }
            } else if (b == '+') {
                start = i++;
                if (i < length && p[i] == '-') {
                    i++;
                    ok = kr_code_push(out, '+');
                } else if (i < length && base64_value(p[i]) < 0) {
                    i++;
                    reason = "ill-formed sequence";
                } else {
                    shifted = true;
                    high = bits = 0;
                    count = 0;
                    shift_out = out->length;
                }
            } else if (b < 0x80) {
                i++;
                ok = kr_code_push(out, b);
            } else {
                start = i++;
                reason = "unexpected special character";
            }
        }
        if (!ok) return TEXT_NO_MEMORY;
        if (!reason) continue;
        TextStatus status =
            kr_text_decode_error(errors, "utf7", reason, &p, &length, start, i, out, &i);
        if (status != TEXT_DONE) return status;
    }
    *consumed = i;
    if (shifted) {
        *consumed = start;
        out->length = shift_out;
    }
    return TEXT_DONE;
}
