/* both.h: each call by both code generators, compared (-X jit=both). */
#ifndef JIT_RUN_BOTH_H
#define JIT_RUN_BOTH_H

#include "jit/run/compile.h"

/* Runs the kernel's second code on copies of what the arguments reach, then the first on the
 * arguments themselves; the outcome is the first one's. `difference` receives a phrase ("result",
 * "argument 2") when the two differ, else "". */
int32_t jit_both_run(const JitKernel *kernel, const uint64_t *slots, uint64_t *results,
                     KernelError *error, char *difference, size_t size);
/* Puts itself before the function that prints, so that what kernels print is compared too. */
void jit_both_install(void);

#endif
