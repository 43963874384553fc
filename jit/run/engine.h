/* engine.h: what runs kernels, by -X jit= and by what this build has. */
#ifndef JIT_RUN_ENGINE_H
#define JIT_RUN_ENGINE_H

#include <stdbool.h>

typedef enum JitEngine {
    ENGINE_LLVM,
    ENGINE_GCC,
    ENGINE_BOTH, /* each call by both, compared (both.c) */
    ENGINE_EVAL, /* the evaluator of jit/ir */
    ENGINE_OFF   /* the interpreter */
} JitEngine;

/* The process's engine: -X jit=, or the first that is there of LLVM, libgccjit, the evaluator. */
JitEngine jit_engine(void);
/* That of a function whose decorator says backend=NAME ("llvm", "gcc"; NULL or another: no word);
 * -X jit= is the stronger. */
JitEngine jit_engine_for(const char *backend);
/* The plug-in's name, "llvm" or "gccjit". */
const char *jit_engine_plugin(JitEngine engine);

#endif
