/*
 * syntax/dump.h: what `-X dump=tokens` and `-X dump=ast` print.
 */
#ifndef KRAIT_SYNTAX_DUMP_H
#define KRAIT_SYNTAX_DUMP_H

#include <stdio.h>

#include "runtime/syntax/ast.h"

/* The line that ast.dump(tree, include_attributes=True) gives in CPython 3.11. */
void kr_dump_ast(FILE *out, const Mod *mod);

/* One token a line: position, type, text. Returns false after a lexical error, which it prints. */
bool kr_dump_tokens(FILE *out, const char *source, size_t length, const char *filename);

/* A constant as Python's repr() shows it. */
void kr_dump_constant(FILE *out, const Constant *constant);

/* UTF-8 text as repr() of the str. */
void kr_dump_text(FILE *out, const char *text, size_t length);

#endif
