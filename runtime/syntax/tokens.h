/*
 * syntax/tokens.h: source text to an array of tokens.
 *
 * The whole text is scanned before parsing, so that the parser may step back by setting an index.
 * Scanning stops at the first lexical error: its record is kept and the array ends with an ERROR
 * token. The parser raises it only if it gets that far, as CPython, which scans lazily.
 *
 * Inside an f-string the array holds FSTRING_START, then FSTRING_MIDDLE and `{` expression
 * [`=`] [`!` NAME] [`:` more of both] `}` in any order, then FSTRING_END (PEP 701).
 */
#ifndef KRAIT_SYNTAX_TOKENS_H
#define KRAIT_SYNTAX_TOKENS_H

#include "runtime/syntax/ast.h"
#include "runtime/syntax/syntax_error.h"

typedef enum TokenType {
#define TOKEN(name, shown) TOKEN_##name,
#define PUNCTUATION(name, text) TOKEN_##name,
#define KEYWORD(name, text) TOKEN_##name,
#include "runtime/syntax/tokens.def"
    TOKEN_TYPES
} TokenType;

enum TokenFlags {
    TOKEN_RAW = 1,      /* strings: prefix r */
    TOKEN_TEMPLATE = 2, /* FSTRING_*: a t-string */
    TOKEN_SPEC = 4,     /* FSTRING_MIDDLE: part of a format spec; COLON: begins one */
    TOKEN_TRIPLE = 8,   /* strings: three quotes */
    TOKEN_SOFT = 16,    /* NAME: match, case, type or _ */
    TOKEN_BARRY = 32    /* NOTEQUAL: written <> */
};

typedef struct Token {
    uint8_t type;  /* TokenType */
    uint8_t flags; /* TokenFlags */
    uint16_t level; /* open brackets after this token */
    uint32_t start, end; /* bytes of the text. INDENT, DEDENT, ENDMARKER: start is where the scanner
                            stood, end the start of its line */
    int32_t lineno, col_offset; /* col_offset -1: INDENT, DEDENT, ENDMARKER */
    int32_t end_lineno, end_col_offset;
    Identifier *name; /* NAME */
} Token;

typedef struct Tokens {
    const char *text; /* the source, UTF-8, newlines as \n, NUL-terminated */
    uint32_t length;
    Token *items;
    uint32_t count;
    SyntaxError error;   /* of the ERROR token: kind is SYNTAX_OK without one */
    bool ends_early;     /* the error is that the text ends: more lines might complete it */
    bool quiet;          /* CPython finds the error only when its parser gets there */
    bool unclosed;       /* scanning ended inside brackets; the next three tell the innermost */
    char bracket;
    int32_t bracket_line, bracket_column;
    SyntaxWarning *warnings, **last_warning;
} Tokens;

/* The most brackets and the most indented blocks inside each other: CPython's limits. */
enum { MAX_BRACKETS = 200, MAX_INDENTS = 100, MAX_FSTRINGS = 150, MAX_FIELDS = 3 };

/* Scans text[0..length), which must be followed by a NUL. Names are interned in `names`. The array
   is malloc'ed: kr_tokens_free. */
void kr_tokens_scan(Tokens *tokens, Arena *arena, Names *names, const char *text, uint32_t length,
                    const char *filename);
void kr_tokens_free(Tokens *tokens);

/* "(", "if"; "NAME" for those with text of their own. */
const char *kr_tokens_name(TokenType type);

/* Adds a warning. col_offset counts code points from 1. */
void kr_tokens_warn(Tokens *tokens, Arena *arena, const char *message, int lineno, int col_offset,
                    bool deprecation);

/* The number of code points in bytes [start, end): what CPython's `offset` counts. */
int kr_tokens_points(const char *start, const char *end);

#endif
