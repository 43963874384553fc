/* jitdump.h: -X perf_jit, code with its lines for perf inject. */
#ifndef JIT_RUN_JITDUMP_H
#define JIT_RUN_JITDUMP_H

#include "jit/backends/backend.h"

bool jit_jitdump_wanted(void);
void jit_jitdump_add(const JitCode *code, const JitBytes *object, const char *name);

#endif
