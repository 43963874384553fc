/* Proving inequalities between int64 values; used by range analysis and loop versioning. */
#ifndef JIT_PASSES_FACTS_H
#define JIT_PASSES_FACTS_H

#include "jit/ir/ir.h"

/* Proves x <= y + c where control is about to reach the node `at`. NULL stands for 0. Needs jit_cfg_analyze. */
bool jit_facts_le(IrNode *x, IrNode *y, int64_t c, const IrNode *at);
/* 1 or 0 if the comparison is decided there, -1 if not. */
int jit_facts_compare(const IrNode *compare, const IrNode *at);
bool jit_facts_nonneg(IrNode *x, const IrNode *at);
bool jit_facts_nonzero(IrNode *x, const IrNode *at);

#endif
