/* generators.h: what a kernel gives that is a generator. */
#ifndef JIT_RUN_GENERATORS_H
#define JIT_RUN_GENERATORS_H

#include "jit/run/box.h"
#include "jit/run/compile.h"

/* The Python iterator over a state, whose reference and crossing pass to it. EMPTY raised. */
Value jit_generator_new(Value dispatcher, const JitKernel *kernel, uint64_t state, const Value *args, JitCrossing *crossing);

#endif
