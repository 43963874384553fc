/*
 * syntax/scanner.h: the scanner's state, shared by tokens.c, tokens_number.c and
 * tokens_fstring.c. Nobody else includes this.
 */
#ifndef KRAIT_SYNTAX_SCANNER_H
#define KRAIT_SYNTAX_SCANNER_H

#include "runtime/syntax/tokens.h"

/* An f-string being scanned. Fields are the `{...}` open in it; a field's format spec is scanned as
   literal text again, at the same bracket level. */
typedef struct OpenFString {
    const char *start; /* of the prefix */
    int32_t lineno;
    uint32_t line_start;
    char quote;
    uint8_t quotes; /* 1 or 3 */
    uint8_t flags;  /* TOKEN_RAW, TOKEN_TEMPLATE, TOKEN_TRIPLE */
    int fields;
    struct {
        int level; /* brackets open inside the field, its own brace included */
        bool spec; /* past the field's colon */
    } field[MAX_FIELDS];
} OpenFString;

typedef struct Scanner {
    Arena *arena;
    Names *names;
    Tokens *out;
    uint32_t capacity;
    const char *filename;
    const char *text;
    const char *at;     /* the next byte */
    const char *line;   /* start of the current line */
    const char *buffer; /* start of the line where the current token or joined line began */
    int32_t lineno;
    int level;    /* open brackets */
    int indents;  /* open indents; column 0 is columns[0] */
    int fstrings; /* open f-strings */
    OpenFString *fstring; /* the innermost, &open[fstrings - 1], or NULL */
    /* Stacks: only what the counts above say is in use. */
    struct {
        char bracket;
        int32_t lineno, column;
    } brackets[MAX_BRACKETS];
    int columns[MAX_INDENTS], alt_columns[MAX_INDENTS]; /* tabs to 8, tabs to 1 */
    OpenFString open[MAX_FSTRINGS];
} Scanner;

/* Appends a token that lies on one line or starts at the given one. */
Token *kr_scanner_add(Scanner *s, TokenType type, const char *start, int32_t lineno,
                      const char *line);

/* The error at the scanner's position, or at the columns given (code points from 1). Returns
   false, as every scanning function that has failed. */
bool kr_scanner_error(Scanner *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool kr_scanner_error_at(Scanner *s, int32_t lineno, const char *line, int column, int end_column,
                         const char *message);

/* The scanner stands behind the number's first character (a digit, or a dot before a digit). */
bool kr_scanner_number(Scanner *s, const char *start);

/* The scanner stands behind the opening quotes. */
bool kr_scanner_fstring_start(Scanner *s, const char *start, char quote, int quotes, int flags);

/* Is the scanner in literal text of an f-string? */
static inline bool in_fstring_text(const Scanner *s) {
    const OpenFString *f = s->fstring;
    if (!f)
        return false;
    return f->fields == 0 ||
           (f->field[f->fields - 1].spec && f->field[f->fields - 1].level == s->level);
}

/* Literal text up to the next field or the end of the string; emits what it finds. */
bool kr_scanner_fstring_text(Scanner *s);

/* The scanner stands behind a newline: counts the line, unless the text ends here. */
static inline void kr_scanner_next_line(Scanner *s) {
    if (s->at[0]) {
        s->lineno++;
        s->line = s->at;
    }
}

bool kr_scanner_open_bracket(Scanner *s, char bracket, const char *start);

#endif
