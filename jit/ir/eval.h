/* The evaluator: runs lowered IR directly. Slow, simple, and the oracle for the backends. */
#ifndef JIT_IR_EVAL_H
#define JIT_IR_EVAL_H

#include "jit/ir/ir.h"
#include "jit/run/kernel_abi.h"

/* Runs f by the kernel ABI. Sites of errors live in the function's module. `f` must be numbered
 * (jit_ir_number) and stay unchanged while it runs. Returns 0 or 1. */
int32_t jit_eval_func(IrFunc *f, const uint64_t *args, uint64_t *results, KernelError *error);

/* Evaluates one pure scalar op on constants (for constant folding); false if it is not foldable. */
bool jit_eval_fold(const IrNode *x, uint64_t *out);
/* A constant's value as the slot that holds it, and back. */
uint64_t jit_eval_const_slot(const IrNode *x);
void jit_eval_set_const(IrNode *x, MType mt, uint64_t slot);

#endif
