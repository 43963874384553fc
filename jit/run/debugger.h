/* debugger.h: kernels as debuggers and profilers see them. */
#ifndef JIT_RUN_DEBUGGER_H
#define JIT_RUN_DEBUGGER_H

#include "jit/backends/backend.h"

/* Are lines of source wanted in objects: -X gdb, -X perf_jit, or a debugger that traces this process? */
bool jit_debugger_wanted(void);
/* Tells gdb of the code and its object, which is copied; forgets it when the code goes. NULL: nothing was told. */
struct JitDebugEntry *jit_debugger_enter(const JitCode *code, const JitBytes *object);
void jit_debugger_leave(struct JitDebugEntry *entry);

#endif
