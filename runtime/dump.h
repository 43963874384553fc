/* dump.h: -X dump=tokens|ast|bytecode: what a stage makes of a program, instead of running it. The stages of the
 * jit print while the program runs (jit/jit.h). */
#ifndef RUNTIME_DUMP_H
#define RUNTIME_DUMP_H

#include "runtime/value.h"

bool kr_dump_requested(void);
int kr_dump_source(const char *text, size_t size, Value filename); /* -1 raised */

#endif
