/* Lowered IR to LLVM IR. */
#ifndef JIT_BACKENDS_LLVM_EMIT_H
#define JIT_BACKENDS_LLVM_EMIT_H

#include "jit/backends/backend.h"

#include <llvm-c/Core.h>

typedef struct EmitTarget {
    const char *cpu, *features;
    void *(*symbol)(const char *name);
} EmitTarget;

LLVMModuleRef jit_llvm_emit(LLVMContextRef cx, IrModule *m, const EmitTarget *target);

#endif
