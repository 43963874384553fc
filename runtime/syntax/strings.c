/*
 * syntax/strings.c: escape sequences.
 *
 * Messages and positions in them are those of CPython's codecs, which see a text in which each
 * character beyond ASCII was replaced by ten bytes of escape: hence escaped_position().
 */
#include "runtime/syntax/strings.h"

#include <stdio.h>
#include <string.h>

#include "runtime/syntax/source.h"
#include "runtime/text/unicode.h"

void kr_strings_append(Parser *p, TextBuffer *buffer, const char *bytes, size_t length) {
    if (buffer->length + length + 1 > buffer->capacity) {
        size_t capacity = (buffer->length + length + 1) * 3 / 2 + 16;
        char *grown = kr_arena_alloc(p->arena, capacity);
        if (buffer->length)
            memcpy(grown, buffer->bytes, buffer->length);
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = 0;
}

static void append_point(Parser *p, TextBuffer *out, uint32_t c) {
    char encoded[4];
    kr_strings_append(p, out, encoded, kr_source_encode(c, encoded));
}

static void *literal_error(Parser *p, const char *kind, const char *message) {
    return kr_syntax_error_raise_last(p, SYNTAX_ERROR, "(%s) %s", kind, message);
}

static int escaped_position(const char *start, const char *at) {
    int position = 0;
    for (const char *s = start; s < at; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 128)
            position += c == '\\' && (unsigned char)s[1] >= 128 ? 6 : 1;
        else if ((c & 0xC0) != 0x80)
            position += 10;
    }
    return position;
}

static bool unicode_error(Parser *p, const LiteralPart *part, const char *from, const char *to,
                          const char *reason) {
    int first = escaped_position(part->start, from), last = escaped_position(part->start, to) - 1;
    char message[200];
    if (last <= first)
        snprintf(message, sizeof message,
                 "'unicodeescape' codec can't decode byte 0x%02x in position %d: %s",
                 (unsigned char)*from, first, reason);
    else
        snprintf(message, sizeof message,
                 "'unicodeescape' codec can't decode bytes in position %d-%d: %s", first, last,
                 reason);
    literal_error(p, "unicode error", message);
    return false;
}

static bool utf8_error(Parser *p, const LiteralPart *part, const char *at, size_t size,
                       const char *problem) {
    char message[200];
    int first = (int)(at - part->start);
    if (size == 1)
        snprintf(message, sizeof message,
                 "'utf-8' codec can't decode byte 0x%02x in position %d: %s", (unsigned char)*at,
                 first, problem);
    else
        snprintf(message, sizeof message,
                 "'utf-8' codec can't decode bytes in position %d-%d: %s", first,
                 first + (int)size - 1, problem);
    literal_error(p, "unicode error", message);
    return false;
}

/* Copies text without escapes, checking that it is UTF-8. */
static bool append_plain(Parser *p, const LiteralPart *part, const char *s, const char *end,
                         TextBuffer *out) {
    for (const char *at = s; at < end;) {
        if ((unsigned char)*at < 128) {
            at++;
            continue;
        }
        uint32_t c;
        const char *problem = NULL;
        size_t size = kr_source_decode(at, end, &c, &problem);
        if (problem)
            return utf8_error(p, part, at, size, problem);
        at += size;
    }
    kr_strings_append(p, out, s, (size_t)(end - s));
    return true;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x, \u or \U: `digits` hex digits at *s. */
static bool hex_escape(Parser *p, const LiteralPart *part, const char *backslash, const char **s,
                       int digits, TextBuffer *out) {
    uint32_t c = 0;
    int i = 0;
    for (; i < digits && *s < part->end && hex_value(**s) >= 0; i++)
        c = c << 4 | (uint32_t)hex_value(*(*s)++);
    if (i < digits) {
        if (part->bytes) {
            char message[80];
            snprintf(message, sizeof message, "invalid \\x escape at position %d",
                     (int)(backslash - part->start));
            literal_error(p, "value error", message);
            return false;
        }
        return unicode_error(p, part, backslash, *s,
                             digits == 2   ? "truncated \\xXX escape"
                             : digits == 4 ? "truncated \\uXXXX escape"
                                           : "truncated \\UXXXXXXXX escape");
    }
    if (c > 0x10FFFF)
        return unicode_error(p, part, backslash, *s, "illegal Unicode character");
    if (part->bytes)
        kr_strings_append(p, out, &(char){(char)c}, 1);
    else
        append_point(p, out, c);
    return true;
}

/* \N{...}: *s is behind the N. */
static bool name_escape(Parser *p, const LiteralPart *part, const char *backslash, const char **s,
                        TextBuffer *out) {
    const char *at = *s;
    if (at < part->end && *at == '{') {
        const char *name = ++at;
        while (at < part->end && *at != '}')
            at++;
        if (at > name && at < part->end) {
            uint32_t c;
            *s = at + 1;
            if (kr_text_lookup_name(name, (size_t)(at - name), &c)) {
                append_point(p, out, c);
                return true;
            }
            return unicode_error(p, part, backslash, *s, "unknown Unicode character name");
        }
    }
    return unicode_error(p, part, backslash, at, "malformed \\N character escape");
}

/* Of three digits, more than a byte: s is behind the backslash. */
static void warn_octal(Parser *p, const LiteralPart *part, const char *s, bool *warned) {
    if (!part->warn || *warned)
        return;
    *warned = true;
    const char *message =
        kr_arena_format(p->arena, "invalid octal escape sequence '\\%.3s'", s);
    kr_tokens_warn(&p->tokens, p->arena, message, part->lineno, 0, true);
}

static void warn_escape(Parser *p, const LiteralPart *part, const char *s, bool *warned) {
    if (!part->warn || *warned)
        return;
    *warned = true;
    const char *next = s + 1;
    while (next < part->end && ((unsigned char)*next & 0xC0) == 0x80)
        next++;
    const char *message =
        kr_arena_format(p->arena, "invalid escape sequence '\\%.*s'", (int)(next - s), s);
    kr_tokens_warn(&p->tokens, p->arena, message, part->lineno, 0, true);
}

/* One escape; *s is behind the backslash. */
static bool escape(Parser *p, const LiteralPart *part, const char **s, TextBuffer *out,
                   bool *warned) {
    const char *backslash = *s - 1;
    char c = *(*s)++, plain = 0;
    switch (c) {
    case '\n': return true;
    case '\\': plain = '\\'; break;
    case '\'': plain = '\''; break;
    case '"': plain = '"'; break;
    case 'a': plain = '\a'; break;
    case 'b': plain = '\b'; break;
    case 'f': plain = '\f'; break;
    case 'n': plain = '\n'; break;
    case 'r': plain = '\r'; break;
    case 't': plain = '\t'; break;
    case 'v': plain = '\v'; break;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': {
        uint32_t value = (uint32_t)(c - '0');
        for (int i = 0; i < 2 && *s < part->end && **s >= '0' && **s <= '7'; i++)
            value = value << 3 | (uint32_t)(*(*s)++ - '0');
        if (value > 0377)
            warn_octal(p, part, backslash + 1, warned);
        if (part->bytes)
            kr_strings_append(p, out, &(char){(char)value}, 1);
        else
            append_point(p, out, value);
        return true;
    }
    case 'x': return hex_escape(p, part, backslash, s, 2, out);
    case 'u':
        if (!part->bytes)
            return hex_escape(p, part, backslash, s, 4, out);
        break;
    case 'U':
        if (!part->bytes)
            return hex_escape(p, part, backslash, s, 8, out);
        break;
    case 'N':
        if (!part->bytes)
            return name_escape(p, part, backslash, s, out);
        break;
    default: break;
    }
    if (plain) {
        kr_strings_append(p, out, &plain, 1);
        return true;
    }
    --*s; /* no escape: the backslash stays, the character is read again */
    warn_escape(p, part, *s, warned);
    kr_strings_append(p, out, "\\", 1);
    return true;
}

bool kr_strings_decode(Parser *p, const LiteralPart *part, TextBuffer *out) {
    const char *s = part->start, *end = part->end;
    if (part->bytes)
        for (const char *at = s; at < end; at++)
            if ((unsigned char)*at >= 128) {
                kr_syntax_error_raise_last(p, SYNTAX_ERROR,
                                           "bytes can only contain ASCII literal characters");
                return false;
            }
    bool warned = false;
    while (s < end) {
        const char *backslash = part->raw ? NULL : memchr(s, '\\', (size_t)(end - s));
        if (!append_plain(p, part, s, backslash ? backslash : end, out))
            return false;
        if (!backslash)
            break;
        s = backslash + 1;
        if (s == end) { /* before a brace of an f-string */
            warn_escape(p, part, s, &warned);
            kr_strings_append(p, out, "\\", 1);
            break;
        }
        if (!escape(p, part, &s, out, &warned))
            return false;
    }
    return true;
}
