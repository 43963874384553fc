/* built.h: kernels in libraries that jit.build made; see compile.h. */
#ifndef JIT_RUN_BUILT_H
#define JIT_RUN_BUILT_H

#include "jit/run/compile.h"

/* What the raise statements of a module make, as jit_compile_object gives it. Classes of the script are their builtin bases. */
Value jit_built_raises(const IrModule *m, Value classes);

#endif
