/* ast_module.h: what the two files of the _ast module share. */
#ifndef RUNTIME_VM_AST_MODULE_H
#define RUNTIME_VM_AST_MODULE_H

#include "runtime/syntax/ast.h"
#include "runtime/value.h"

/* Checks a tree that came from Python objects for what the parser would never build, so that the
 * compiler may rely on the invariants of ast.h. 0, or -1 with ValueError, TypeError or
 * RecursionError in CPython's words. */
int kr_ast_validate(const Mod *mod);

#endif
