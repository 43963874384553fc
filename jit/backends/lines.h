/* lines.h: the line table of an object that the loader has mapped. */
#ifndef JIT_BACKENDS_LINES_H
#define JIT_BACKENDS_LINES_H

#include "jit/backends/backend.h"

/* Called for each row of the table, in its order: from this address on, this line of this file. */
typedef void (*JitVisitLine)(void *context, uint64_t address, const char *file, uint32_t line);
/* Visits nothing if the object has no table of DWARF 4 or a damaged one. */
void jit_lines_read(const JitCode *code, const JitBytes *object, JitVisitLine visit, void *context);

#endif
