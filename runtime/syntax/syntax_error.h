/*
 * syntax/syntax_error.h: what is wrong with a source text: the record that becomes a Python
 * SyntaxError, and the warnings found on the way.
 */
#ifndef KRAIT_SYNTAX_SYNTAX_ERROR_H
#define KRAIT_SYNTAX_SYNTAX_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum SyntaxErrorKind {
    SYNTAX_OK,
    SYNTAX_ERROR,
    SYNTAX_INDENTATION, /* IndentationError */
    SYNTAX_TAB,         /* TabError */
    SYNTAX_RECURSION,   /* RecursionError: nested too deeply, or too large */
    SYNTAX_VALUE,       /* ValueError: source code string cannot contain null bytes */
    SYNTAX_INCOMPLETE   /* more input may complete it (PARSE_INCOMPLETE only) */
} SyntaxErrorKind;

/* A warning about an escape or a number: the SyntaxWarning or DeprecationWarning of CPython. */
typedef struct SyntaxWarning {
    struct SyntaxWarning *next;
    const char *message;
    int lineno, col_offset; /* col_offset counts code points from 1 */
    bool deprecation;       /* a DeprecationWarning in 3.11, a SyntaxWarning from 3.12 on */
} SyntaxWarning;

typedef struct SyntaxError {
    SyntaxErrorKind kind;
    const char *message;
    const char *filename;
    int lineno;         /* from 1; 0: none */
    int col_offset;     /* code points from 1 (CPython's `offset`); 0: none, see has_position */
    int end_lineno;     /* CPython's `end_lineno`; 0 or -1 as CPython leaves it */
    int end_col_offset; /* from 1 */
    bool has_position;  /* false: a message alone, offset and text are None */
    bool short_args;    /* args hold the message alone (errors of scopes); attributes have all */
    const char *text;   /* the source line with its newline, UTF-8; NULL: none */
    SyntaxWarning *warnings; /* in source order */
} SyntaxError;

#endif
