/* Array expressions, between lower_elem.c and parloop.c, which spreads their loops over threads. */
#ifndef JIT_PASSES_LOWER_ELEM_H
#define JIT_PASSES_LOWER_ELEM_H

#include "jit/passes/lower.h"

struct ElemExpr {
    enum { LEAF_NUM, LEAF_ARRAY, APPLY } kind;
    const JitType *type; /* of an element */
    Num num;
    Arr array;
    ElemOp op;
    uint32_t n;
    ElemExpr *args[3];
    /* of an array during a loop: steps along the result's axes, and the offset so far */
    IrNode *step[TYPE_MAX_RANK], *offset;
};

/* The loop that evaluates e into the target, of whose shape e is; no checks. */
void jit_elem_expr_run(Lower *l, ElemExpr *e, const Arr *target);
/* The same, spread over threads; false: this function does not do that, and nothing was emitted. */
bool jit_parloop_store(Lower *l, ElemExpr *e, const Arr *target);

#endif
