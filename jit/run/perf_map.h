/* perf_map.h: tells perf which kernel an address is in. */
#ifndef JIT_RUN_PERF_MAP_H
#define JIT_RUN_PERF_MAP_H

#include "jit/backends/backend.h"

/* With -X perf: adds the code to /tmp/perf-<pid>.map under this name. */
void jit_perf_map_add(const JitCode *code, const char *name);

#endif
