/*
 * syntax/strings.h: the text that a string literal stands for.
 */
#ifndef KRAIT_SYNTAX_STRINGS_H
#define KRAIT_SYNTAX_STRINGS_H

#include "runtime/syntax/parser_state.h"

/* Bytes that grow in the arena. */
typedef struct TextBuffer {
    char *bytes;
    size_t length, capacity;
} TextBuffer;

void kr_strings_append(Parser *p, TextBuffer *buffer, const char *bytes, size_t length);

typedef struct LiteralPart {
    const char *start, *end; /* between the quotes, or of a FSTRING_MIDDLE */
    int32_t lineno;          /* where its warnings go */
    bool raw, bytes, warn;
} LiteralPart;

/* Appends what the literal stands for. False: an error is raised. */
bool kr_strings_decode(Parser *p, const LiteralPart *part, TextBuffer *out);

#endif
