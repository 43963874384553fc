/* raise.h: an error of compiled code becomes a Python exception. */
#ifndef JIT_RUN_RAISE_H
#define JIT_RUN_RAISE_H

#include "jit/run/compile.h"

/* Raises it, with the kernel's line in the traceback; EMPTY. What the error holds is given up. */
Value jit_raise(const JitKernel *kernel, const KernelError *error);

#endif
