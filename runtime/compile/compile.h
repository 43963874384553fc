/* compile.h: the compiler's face: a tree or source text in, a Code object out.
 *
 *     source -> syntax/ -> tree -> scopes, folding -> bytecode -> peephole -> assembly -> Code
 *
 * What goes wrong is a SyntaxError record (kr_compile) or a Python exception
 * (kr_compile_source). A failure that is no SyntaxError (MemoryError, RecursionError, a warning
 * filter's exception) leaves its exception in the thread and the record's kind SYNTAX_OK. */
#ifndef RUNTIME_COMPILE_COMPILE_H
#define RUNTIME_COMPILE_COMPILE_H

#include "runtime/objects/code.h"
#include "runtime/syntax/parser.h"

enum { /* flags of compile(), CPython's values */
       COMPILE_FUTURE_ANNOTATIONS = 0x1000000,
       COMPILE_FUTURE_GENERATOR_STOP = 0x800000,
       COMPILE_FUTURE_BARRY = 0x400000,
       COMPILE_FUTURE_MASK =
           0x1fe0000 | 0x10, /* every feature's flag, also those that changed nothing since */
       COMPILE_IGNORE_COOKIE = 0x100, /* the source was text: no coding cookie */
       COMPILE_DONT_IMPLY_DEDENT = 0x200,
       COMPILE_ONLY_AST = 0x400,
       COMPILE_TYPE_COMMENTS = 0x1000,
       COMPILE_TOP_LEVEL_AWAIT = 0x2000,
       COMPILE_ALLOW_INCOMPLETE = 0x4000,
       COMPILE_FLAGS_MASK = COMPILE_FUTURE_MASK | 0x7700,
       COMPILE_NO_WARNINGS = 0x10000000 /* internal: the warnings were issued before */
};

/* The default of `optimize`: 0, 1 (-O: no asserts) or 2 (-OO: no docstrings either). Set by
 * main. */
extern int kr_compile_optimize;

/* Issues a SyntaxWarning or DeprecationWarning of a source text: warnings.warn_explicit. -1
 * raised. vm/warnings.c installs it; without it warnings are dropped. */
extern int (*kr_compile_warn)(KrType *category, Value message, Value filename, int line);

/* Compiles a tree (module, interactive or expression) and may change it: folded expressions
 * become constants of kind CONSTANT_OBJECT. `error` is filled with columns in UTF-8 bytes,
 * counted from 1; its texts live in `arena`, which is the tree's. NULL on failure. */
Code *kr_compile(Mod *mod, Arena *arena, Value filename, int optimize, int flags,
                 SyntaxError *error);

/* Parses and issues the warnings; NULL raised. */
Mod *kr_compile_parse(Arena *arena, const char *source, size_t n, Value filename, int mode,
                      int flags);

/* Parses and compiles; raises SyntaxError with all its attributes. `mode` is a ParseMode;
 * optimize -1: the default. EMPTY raised. */
Value kr_compile_source(const char *source, size_t n, Value filename, int mode, int flags,
                        int optimize);

/* Raises the exception that a record describes; a record of kind SYNTAX_OK: one is raised
 * already. Always EMPTY. */
Value kr_compile_raise(const SyntaxError *error, Value filename);

/* An expression as source text: the str that `from __future__ import annotations` keeps of it.
 * EMPTY raised. */
Value kr_unparse_expr(Expr *expr);

/* Every operand is in range, jumps land on instructions, nothing runs off the end (verify.c).
 * Otherwise false, with *problem a static text. O(n); called for every Code that comes from
 * bytes. */
bool kr_verify_code(const Code *code, const char **problem);
/* How many registers an R or W operand of the (generic) instruction spans; its EXTRA follows it. */
uint32_t kr_instruction_span(const Instruction *i);

/* Called with every code object that kr_compile_source made; the dump options install it. NULL:
 * nobody looks. */
extern void (*kr_compile_observe)(const Code *code);

#endif
