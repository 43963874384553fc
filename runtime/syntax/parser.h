/*
 * syntax/parser.h: the front end's face: source bytes in, a tree or a SyntaxError record out.
 *
 * Nothing here knows runtime values: the caller turns a SyntaxError record into an exception and
 * the list of warnings into warnings.
 */
#ifndef KRAIT_SYNTAX_PARSER_H
#define KRAIT_SYNTAX_PARSER_H

#include "runtime/syntax/ast.h"
#include "runtime/syntax/syntax_error.h"

typedef enum ParseMode {
    PARSE_EXEC,     /* a module: MOD_Module */
    PARSE_EVAL,     /* one expression: MOD_Expression */
    PARSE_SINGLE,   /* one interactive statement: MOD_Interactive */
    PARSE_FUNC_TYPE /* a signature type comment: MOD_FunctionType */
} ParseMode;

enum {
    PARSE_INCOMPLETE = 1,    /* report input that ends too early as SYNTAX_INCOMPLETE */
    PARSE_IGNORE_COOKIE = 2, /* the source was text already: no coding cookie, no BOM */
    PARSE_BARRY = 4,         /* from __future__ import barry_as_FLUFL: <> instead of != */
    PARSE_KEEP_OPEN = 8      /* SINGLE: the end of the text closes no block (codeop) */
};

/* Decodes source bytes of an encoding that the front end does not know into UTF-8 in the arena.
   NULL with *problem set (a sentence, or NULL: unknown encoding) when it cannot. */
typedef const char *(*SourceDecoder)(Arena *arena, const char *encoding, const char *bytes,
                                     size_t length, size_t *result_length, const char **problem);
extern SourceDecoder kr_parser_decoder;

/*
 * Parses `length` bytes. The tree lives in the arena; the source need not outlive the call.
 * NULL on failure, with *error filled (its texts live in the arena). `error->warnings` is the list
 * of warnings in either case.
 */
Mod *kr_parse(Arena *arena, const char *source, size_t length, const char *filename, int mode,
              int flags, SyntaxError *error);

#endif
