/*
 * syntax/source.c: encodings and newlines.
 *
 * UTF-8, latin-1 and ASCII are known here; others go through kr_parser_decoder. Bytes that are not
 * UTF-8 are no error here: they are one only in a name or a string, never in a comment.
 */
#include "runtime/syntax/source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "runtime/syntax/parser.h"

SourceDecoder kr_parser_decoder;

size_t kr_source_decode(const char *p, const char *end, uint32_t *c, const char **problem) {
    const unsigned char *s = (const unsigned char *)p;
    size_t left = (size_t)(end - p), need;
    unsigned char low = 0x80, high = 0xBF;
    if (s[0] < 0x80) {
        *c = s[0];
        return 1;
    } else if (s[0] >= 0xC2 && s[0] <= 0xDF) {
        need = 2;
        *c = s[0] & 0x1F;
    } else if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        need = 3;
        *c = s[0] & 0x0F;
        if (s[0] == 0xE0)
            low = 0xA0;
    } else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        need = 4;
        *c = s[0] & 0x07;
        if (s[0] == 0xF0)
            low = 0x90;
        if (s[0] == 0xF4)
            high = 0x8F;
    } else {
        *problem = "invalid start byte";
        return 1;
    }
    for (size_t i = 1; i < need; i++) {
        if (i >= left) {
            *problem = "unexpected end of data";
            return i;
        }
        if (s[i] < low || s[i] > high) {
            *problem = "invalid continuation byte";
            return i;
        }
        low = 0x80;
        high = 0xBF;
        *c = *c << 6 | (s[i] & 0x3F);
    }
    return need;
}

size_t kr_source_encode(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

const char *kr_source_valid(Arena *arena, const char *text, size_t length) {
    char *copy = kr_arena_alloc(arena, length * 3 + 1), *to = copy;
    const char *end = text + length;
    while (text < end) {
        uint32_t c;
        const char *problem = NULL;
        size_t size = kr_source_decode(text, end, &c, &problem);
        if (problem) {
            to += kr_source_encode(0xFFFD, to);
        } else {
            memcpy(to, text, size);
            to += size;
        }
        text += size;
    }
    return copy;
}

static char *source_error(SyntaxError *error, SyntaxErrorKind kind, const char *filename,
                          const char *message) {
    error->kind = kind;
    error->message = message;
    error->filename = filename;
    error->lineno = 0;
    error->col_offset = -1;
    error->has_position = false;
    return NULL;
}

static bool is_encoding_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

/* The encoding that a comment line names, NULL if none. *blank: nothing but space or a comment. */
static char *find_cookie(Arena *arena, const char *line, const char *end, bool *blank) {
    while (line < end && (*line == ' ' || *line == '\t' || *line == '\f'))
        line++;
    *blank = line == end || *line == '#' || *line == '\n' || *line == '\r';
    if (line == end || *line != '#')
        return NULL;
    for (; end - line >= 7; line++) {
        if (memcmp(line, "coding", 6) || (line[6] != ':' && line[6] != '='))
            continue;
        const char *name = line + 7;
        while (name < end && (*name == ' ' || *name == '\t'))
            name++;
        const char *stop = name;
        while (stop < end && is_encoding_char(*stop))
            stop++;
        if (stop > name)
            return kr_arena_strdup(arena, name, (size_t)(stop - name));
    }
    return NULL;
}

static char *source_encoding(Arena *arena, const char *bytes, const char *end) {
    for (int i = 0; i < 2 && bytes < end; i++) {
        const char *stop = bytes;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        bool blank;
        char *name = find_cookie(arena, bytes, stop, &blank);
        if (name || !blank)
            return name;
        if (stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n')
            stop++;
        bytes = stop < end ? stop + 1 : end;
    }
    return NULL;
}

bool kr_source_undeclared(const char *bytes, size_t length, size_t *at, unsigned *line) {
    Arena *arena = kr_arena_new();
    bool declared = source_encoding(arena, bytes, bytes + length) != NULL;
    kr_arena_free(arena);
    *line = 1;
    for (size_t i = 0; i < length && !declared;) {
        uint32_t c;
        const char *problem = NULL;
        size_t size = kr_source_decode(bytes + i, bytes + length, &c, &problem);
        if (problem)
            return *at = i, true;
        *line += bytes[i] == '\n';
        i += size;
    }
    return false;
}

/* "UTF_8-sig" is utf-8, "Latin-1" and "l1" iso-8859-1; others keep their name. */
static const char *normal_encoding(const char *name) {
    char text[13];
    size_t i = 0;
    for (; i < 12 && name[i]; i++)
        text[i] = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);
    text[i] = 0;
    static const struct {
        const char *prefix, *normal;
    } known[] = {{"utf-8", "utf-8"},
                 {"latin-1", "iso-8859-1"},
                 {"iso-8859-1", "iso-8859-1"},
                 {"iso-latin-1", "iso-8859-1"}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        size_t length = strlen(known[k].prefix);
        if (!strncmp(text, known[k].prefix, length) && (!text[length] || text[length] == '-'))
            return known[k].normal;
    }
    static const char *const aliases[] = {"latin1", "l1", "latin", "iso8859-1", "8859", "cp819"};
    for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++)
        if (!strcmp(text, aliases[k]))
            return "iso-8859-1";
    return name;
}

static const char *from_latin1(Arena *arena, const char *bytes, size_t *length) {
    char *text = kr_arena_alloc(arena, *length * 2 + 1), *to = text;
    for (size_t i = 0; i < *length; i++)
        to += kr_source_encode((unsigned char)bytes[i], to);
    *length = (size_t)(to - text);
    return text;
}

static bool is_ascii_name(const char *name) {
    return !strcasecmp(name, "ascii") || !strcasecmp(name, "us-ascii") ||
           !strcasecmp(name, "646") || !strcasecmp(name, "us_ascii");
}

/* The bytes as UTF-8; NULL with *error filled. */
static const char *decode(Arena *arena, const char *bytes, size_t *length, const char *filename,
                          SyntaxError *error) {
    bool mark = *length >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3);
    if (mark) {
        bytes += 3;
        *length -= 3;
    }
    const char *name = source_encoding(arena, bytes, bytes + *length);
    if (!name)
        return bytes;
    const char *normal = normal_encoding(name);
    if (!strcmp(normal, "utf-8"))
        return bytes;
    if (mark)
        return source_error(error, SYNTAX_ERROR, filename,
                            kr_arena_format(arena, "encoding problem: %s with BOM", normal));
    if (!strcmp(normal, "iso-8859-1"))
        return from_latin1(arena, bytes, length);
    if (!strcasecmp(name, "utf8") || !strcasecmp(name, "u8"))
        return bytes;
    if (is_ascii_name(normal)) {
        for (size_t i = 0; i < *length; i++)
            if ((unsigned char)bytes[i] >= 128)
                return source_error(
                    error, SYNTAX_ERROR, filename,
                    kr_arena_format(arena,
                                    "'ascii' codec can't decode byte 0x%02x in position %zu: "
                                    "ordinal not in range(128)",
                                    (unsigned char)bytes[i], i));
        return bytes;
    }
    const char *problem = NULL, *text = NULL;
    if (kr_parser_decoder)
        text = kr_parser_decoder(arena, name, bytes, *length, length, &problem);
    if (!text)
        return source_error(error, SYNTAX_ERROR, filename,
                            problem ? problem
                                    : kr_arena_format(arena, "unknown encoding: %s", name));
    return text;
}

char *kr_source_read(Arena *arena, const char *bytes, size_t length, bool is_text, bool complete,
                     const char *filename, uint32_t *result, SyntaxError *error) {
    if (length && memchr(bytes, 0, length))
        return source_error(error, SYNTAX_VALUE, filename,
                            "source code string cannot contain null bytes");
    if (!is_text) {
        bytes = decode(arena, bytes, &length, filename, error);
        if (!bytes)
            return NULL;
    }
    if (length >= INT32_MAX - 2)
        return source_error(error, SYNTAX_RECURSION, filename, "source code is too large");
    char *text = kr_arena_alloc(arena, length + 2);
    size_t to = 0;
    if (!length || !memchr(bytes, '\r', length)) {
        if (length)
            memcpy(text, bytes, length);
        to = length;
    } else {
        for (size_t i = 0; i < length; i++) {
            text[to++] = bytes[i] == '\r' ? '\n' : bytes[i];
            if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n')
                i++;
        }
    }
    if (complete && to && text[to - 1] != '\n')
        text[to++] = '\n';
    *result = (uint32_t)to;
    return text;
}
