/* disassemble.h: bytecode as a listing that a person can read (-X dump=bytecode). */
#ifndef RUNTIME_VM_DISASSEMBLE_H
#define RUNTIME_VM_DISASSEMBLE_H

#include <stdio.h>

#include "runtime/objects/code.h"

/* Prints a listing of `code`. */
void kr_disassemble_code(const Code *code, FILE *out);
/* The same for it and every code object among its constants; kr_compile_observe may be set to a
 * wrapper of it. If `function` is not NULL only code of that name or qualified name is printed. */
void kr_disassemble_tree(const Code *code, const char *function, FILE *out);

#endif
