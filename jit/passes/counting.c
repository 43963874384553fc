/* Loops that count, recognised after the checks of their index are gone:
 *
 *     h(.., i, ..): br i < stop, body, exit          stop is known before the loop
 *     body: ... jump h(.., i + step, ..)             one back edge, a constant step
 *
 * The head computes nothing that may not be computed once more. poll.c and speculate.c cut such loops into chunks.
 */
#include "jit/passes/counting.h"

IrNode *jit_counting_poll(const IrBlock *head)
{
    FOR_NODES(x, head)
    if (x->op == OP_POLL) return x;
    return NULL;
}

/* Is every node of the head safe to run once more? */
static bool repeatable(const IrBlock *head)
{
    FOR_NODES(x, head)
    if (x->op != OP_POLL && !jit_ir_is_term(x) && (jit_ir_effects(x) & ~(unsigned)EFFECT_READ))
        return false;
    return true;
}

static bool find_edges(Counting *l, uint32_t at)
{
    uint32_t entries = 0;
    l->back = NULL;
    for (uint32_t p = 0; p < l->head->npred; p++) {
        if (!jit_cfg_in_loop(l->head->preds[p], l->head)) {
            l->first = entries++ ? NULL : l->head->pred_edges[p]->args[at];
            continue;
        }
        if (l->back) return false;
        l->back = l->head->pred_edges[p];
    }
    return l->back != NULL;
}

bool jit_counting_find(IrFunc *f, IrBlock *h, Counting *l)
{
    *l = (Counting){.f = f, .head = h, .poll = jit_counting_poll(h)};
    if (h->nsucc != 2 || !repeatable(h)) return false;
    l->stay = jit_cfg_in_loop(h->succ[0].to, h) ? 0 : 1;
    if (l->stay == 1 || jit_cfg_in_loop(h->succ[1].to, h)) return false;
    const IrNode *condition = h->last->args[0];
    if (condition->op != OP_LT && condition->op != OP_GT) return false;
    l->up = condition->op == OP_LT;
    l->i = condition->args[0];
    l->stop = condition->args[1];
    if (l->i->op != OP_PARAM || l->i->block != h || l->i->mt != M_I64) return false;
    if (jit_cfg_in_loop(l->stop->block, h)) return false;
    uint32_t at = 0;
    while (h->params[at] != l->i) at++;
    if (!find_edges(l, at)) return false;
    const IrNode *next = l->back->args[at];
    if (next->op != OP_ADD || next->args[0] != l->i || next->args[1]->op != OP_CONST) return false;
    l->step = next->args[1]->imm.i;
    return l->up ? l->step > 0 && l->step < COUNTING_MAX_CHUNK : l->step < 0 && l->step > -COUNTING_MAX_CHUNK;
}

IrNode *jit_counting_limit(const Counting *l, IrBlock *b, IrNode *i)
{
    IrFunc *f = l->f;
    IrNode *left = l->up ? jit_ir_op2(f, b, OP_SUB, M_I64, l->stop, i)
                         : jit_ir_op2(f, b, OP_SUB, M_I64, i, l->stop);
    IrNode *far = jit_ir_op2(f, b, OP_GT, M_I1, jit_ir_op1(f, b, OP_CONV, M_U64, left),
                             jit_ir_int(f, b, M_U64, l->chunk));
    IrNode *more = jit_ir_op2(f, b, l->up ? OP_LT : OP_GT, M_I1, i, l->stop);
    IrNode *cut = jit_ir_op2(f, b, OP_AND, M_I1, far, more);
    IrNode *next =
        jit_ir_op2(f, b, OP_ADD, M_I64, i, jit_ir_int(f, b, M_I64, l->up ? l->chunk : -l->chunk));
    return jit_ir_op3(f, b, OP_SELECT, M_I64, cut, next, l->stop);
}

IrBlock *jit_counting_outer(Counting *l)
{
    IrFunc *f = l->f;
    IrBlock *h = l->head, *outer = jit_ir_block_after(f, h->idom);
    outer->flags = h->flags & BLOCK_COLD;
    for (uint32_t k = 0; k < h->nparam; k++) {
        IrNode *p = jit_ir_param_new(f, outer, (MType)h->params[k]->mt, NULL);
        p->flags = h->params[k]->flags;
        p->name = h->params[k]->name;
    }
    for (uint32_t p = 0; p < h->npred; p++)
        if (h->pred_edges[p] != l->back) h->pred_edges[p]->to = outer;
    return outer;
}
