/* repl.h: the interactive loop. */
#ifndef RUNTIME_REPL_H
#define RUNTIME_REPL_H

#include "runtime/value.h"

/* Reads, runs and prints until end of input; -1 with SystemExit raised when a statement asked to leave. */
int kr_repl_run(Value module);

#endif
