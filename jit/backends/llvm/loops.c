/* What LLVM is told of loops, as metadata of their back edges.
 *
 * - The slow copy of a versioned loop is neither vectorised nor unrolled: that would cost compile time and code for what is
 *   not expected to run.
 * - A loop that adds up floats, in order as it must, waits for each sum; what it adds is worth vectors only where computing it
 *   takes longer than that wait. `llvm.c` lets LLVM vectorise such loops, whose model of costs takes the wait for free: a sum of
 *   products of rows of four, or over the entries of a sparse row, then runs at half its speed. So this is forbidden where
 *   the body is light: no division, root or function, and few operations.
 */
#include "jit/backends/llvm/emit.h"

#include <string.h>

enum { LIGHT = 20, FAR = 8 };

/* ---- slow copies, light sums ---- */

/* Is x the sum of p and other things? */
static bool adds_to(const IrNode *x, const IrNode *p, int depth)
{
    if (x == p) return depth > 0;
    if (depth == FAR || x->flags & NODE_FAST || (x->op != OP_ADD && x->op != OP_SUB)) return false;
    return adds_to(x->args[0], p, depth + 1) || adds_to(x->args[1], p, depth + 1);
}

/* A float that the loop adds to, as its end leaves it, or NULL. */
static const IrNode *sum_in_order(const IrFunc *f, const IrBlock *head, const IrEdge *back)
{
    if (f->fastmath) return NULL;
    for (uint32_t i = 0; i < head->nparam; i++)
        if (jit_mtype_is_float((MType)head->params[i]->mt) &&
            adds_to(back->args[i], head->params[i], 0))
            return back->args[i];
    return NULL;
}

static bool takes_long(const IrNode *x)
{
    return x->op == OP_DIV || x->op == OP_SQRT || x->op == OP_MATH1 || x->op == OP_MATH2 ||
           x->op == OP_FMOD || x->op == OP_FFLOORDIV || x->op == OP_CALL;
}

/* An innermost loop of few and quick operations. */
static bool is_light(const IrFunc *f, const IrBlock *head)
{
    uint32_t n = 0;
    FOR_BLOCKS(b, f)
    {
        if (!jit_cfg_in_loop(b, head)) continue;
        if (b->loop != head) return false;
        FOR_NODES(x, b)
        {
            n += x->op != OP_CONST;
            if (takes_long(x) || n > LIGHT) return false;
        }
    }
    return true;
}

/* ---- metadata ---- */

static LLVMMetadataRef property(Emit *e, const char *name, bool takes_value)
{
    LLVMMetadataRef parts[2] = {LLVMMDStringInContext2(e->cx, name, strlen(name)),
                                LLVMValueAsMetadata(LLVMConstInt(e->i1, 0, 0))};
    return LLVMMDNodeInContext2(e->cx, parts, takes_value ? 2 : 1);
}

/* A loop's metadata begins with a reference to itself. */
static void mark(Emit *e, bool slow)
{
    LLVMMetadataRef self = LLVMTemporaryMDNode(e->cx, NULL, 0);
    LLVMMetadataRef parts[3] = {self, property(e, "llvm.loop.vectorize.enable", true),
                                property(e, "llvm.loop.unroll.disable", false)};
    LLVMMetadataRef loop = LLVMMDNodeInContext2(e->cx, parts, slow ? 3 : 2);
    LLVMMetadataReplaceAllUsesWith(self, loop);
    LLVMSetMetadata(LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(e->b)), e->loop_kind,
                    LLVMMetadataAsValue(e->cx, loop));
}

void jit_llvm_mark_loop(Emit *e, const IrBlock *b)
{
    for (uint32_t s = 0; s < b->nsucc; s++) {
        const IrBlock *head = b->succ[s].to;
        if (!jit_cfg_dominates(head, b)) continue;
        bool slow = b->flags & head->flags & BLOCK_SLOW;
        const IrNode *sum = slow ? NULL : sum_in_order(e->f, head, &b->succ[s]);
        bool light = sum && is_light(e->f, head);
        if (slow || light) mark(e, slow);
        const JitCompileOptions *options = e->target->options;
        if (light && options->remark) options->remark(options->remark_context, sum->pos, "light sum in order");
        return;
    }
}
