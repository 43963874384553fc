/* Loops that end after 64 iterations at most, since each takes a bit away:
 *
 *     while v: v &= v - 1; n += 1
 *     while v > 0: n += v & 1; v >>= 1          and v //= 10
 *
 * They need no poll (poll.c asks here), and what starts from a constant and grows by little in each iteration cannot
 * overflow. LLVM then knows the first of them: counting bits is one instruction.
 */
#include "jit/passes/passes.h"

enum { SMALL_BITS = 32, START_BITS = 61 };

static uint32_t place_of(const IrBlock *head, const IrNode *param)
{
    uint32_t at = 0;
    while (head->params[at] != param) at++;
    return at;
}

/* The only edge from inside the loop, or NULL. */
static const IrEdge *back_edge(const IrBlock *head)
{
    const IrEdge *back = NULL;
    for (uint32_t p = 0; p < head->npred; p++) {
        if (!jit_cfg_in_loop(head->preds[p], head)) continue;
        if (back) return NULL;
        back = head->pred_edges[p];
    }
    return back;
}

static bool is_one_less(const IrNode *x, const IrNode *v)
{
    if (x->n != 2 || x->args[0] != v) return false;
    bool sub = x->op == OP_SUB || x->op == OP_SUBC, add = x->op == OP_ADD || x->op == OP_ADDC;
    return (sub && jit_ir_is_int(x->args[1], 1)) || (add && jit_ir_is_int(x->args[1], -1));
}

/* Has `next` fewer bits than v, which is not 0 (and, if `positive`, not negative)? */
static bool loses_bit(const IrNode *next, const IrNode *v, bool positive)
{
    if (next->n != 2) return false;
    if (next->op == OP_AND)
        return (next->args[0] == v && is_one_less(next->args[1], v)) ||
               (next->args[1] == v && is_one_less(next->args[0], v));
    if (next->args[0] != v || next->args[1]->op != OP_CONST || !positive) return false;
    int64_t k = next->args[1]->imm.i;
    return (next->op == OP_SHR && k >= 1 && k < 8 * (int64_t)jit_mtype_size((MType)v->mt)) ||
           (next->op == OP_FLOORDIV && k >= 2 && k <= INT8_MAX);
}

bool jit_shrink_find(const IrBlock *head)
{
    const IrEdge *back = back_edge(head);
    if (!back || head->last->op != OP_BR || !jit_cfg_in_loop(head->succ[0].to, head) ||
        jit_cfg_in_loop(head->succ[1].to, head))
        return false;
    const IrNode *c = head->last->args[0], *v = c->n == 2 ? c->args[0] : NULL;
    if (!v || (c->op != OP_NE && c->op != OP_GT) || v->op != OP_PARAM || v->block != head ||
        !jit_mtype_is_int((MType)v->mt) || !jit_ir_is_int(c->args[1], 0))
        return false;
    bool positive = c->op == OP_GT || !jit_mtype_is_signed((MType)v->mt);
    return loses_bit(back->args[place_of(head, v)], v, positive);
}

/* ---- counts ---- */

static bool is_small(const IrNode *x, int bits)
{
    int64_t most = (int64_t)1 << bits;
    if (x->op == OP_SELECT) return is_small(x->args[1], bits) && is_small(x->args[2], bits);
    if (x->op == OP_AND) /* with a mask; with -1 it may be anything */
        return x->args[1]->op == OP_CONST && x->args[1]->imm.i >= 0 && x->args[1]->imm.i <= most;
    return x->op == OP_CONST && jit_mtype_is_int((MType)x->mt) && x->imm.i <= most && x->imm.i >= -most;
}

static bool drop_overflow(const IrBlock *head)
{
    const IrEdge *back = back_edge(head);
    bool changed = false;
    for (uint32_t i = 0; i < head->nparam; i++) {
        IrNode *sum = back->args[i];
        bool fits = sum->op == OP_ADDC && sum->args[0] == head->params[i] && is_small(sum->args[1], SMALL_BITS);
        for (uint32_t p = 0; p < head->npred; p++)
            if (head->pred_edges[p] != back)
                fits &= head->pred_edges[p]->args[i]->op == OP_CONST && is_small(head->pred_edges[p]->args[i], START_BITS);
        if (!fits) continue;
        sum->op = OP_ADD;
        sum->flags |= NODE_NSW;
        sum->exit = NULL;
        changed = true;
    }
    return changed;
}

bool jit_shrink_run(IrFunc *f)
{
    bool changed = false;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    if (b->loop == b && jit_shrink_find(b)) changed |= drop_overflow(b);
    return changed;
}
