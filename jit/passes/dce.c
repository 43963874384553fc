/* Dead code: nodes whose value nobody uses and that do nothing else, unused block parameters,
 * unreachable blocks.
 *
 * Liveness starts from what has effects (stores, raising ops, calls, terminators) and spreads
 * backwards through arguments; everything else goes at once. A block parameter is live only if
 * something live uses it, so the circular counters of dead loops disappear too, which deleting by
 * use counts would keep. A load has no effect here: reading is never wanted for itself.
 */
#include "jit/passes/passes.h"

#include <stdlib.h>

typedef struct Work {
    IrNode **stack;
    size_t n, room;
} Work;

static void push(Work *w, IrNode *x)
{
    if (x->mark) return;
    x->mark = 1;
    if (w->n == w->room) {
        w->room = w->room ? 2 * w->room : 256;
        w->stack = realloc(w->stack, w->room * sizeof *w->stack);
        if (!w->stack) abort();
    }
    w->stack[w->n++] = x;
}

static bool is_needed(const IrNode *x)
{
    return x->op != OP_STACK && (jit_ir_effects(x) & ~(unsigned)EFFECT_READ);
}

static uint32_t position(const IrNode *param)
{
    uint32_t i = 0;
    while (param->block->params[i] != param) i++;
    return i;
}

static void spread(Work *w)
{
    while (w->n) {
        IrNode *x = w->stack[--w->n];
        for (uint32_t i = 0; i < x->n; i++) push(w, x->args[i]);
        if (x->op == OP_PARAM) {
            IrBlock *b = x->block;
            uint32_t at = position(x);
            for (uint32_t p = 0; p < b->npred; p++) push(w, b->pred_edges[p]->args[at]);
        }
    }
}

bool jit_dce_run(IrFunc *f)
{
    Work w = {0};
    bool changed = false;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    {
        for (uint32_t i = 0; i < b->nparam; i++) b->params[i]->mark = 0;
        FOR_NODES(x, b)
        x->mark = 0;
    }
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (is_needed(x) || (x->mt == M_OWN && x->op != OP_OWNNONE)) push(&w, x);
    FOR_BLOCKS(b, f) /* owned parameters: their references are given up inside */
    for (uint32_t i = 0; i < b->nparam; i++)
        if (b->params[i]->mt == M_OWN) push(&w, b->params[i]);
    spread(&w);
    FOR_BLOCKS(b, f)
    {
        for (IrNode *x = b->first, *next; x; x = next) {
            next = x->next;
            if (!x->mark) {
                jit_ir_unlink(x);
                changed = true;
            }
        }
        for (uint32_t i = b == f->first ? 0 : b->nparam; i-- > 0;)
            if (!b->params[i]->mark) {
                jit_ir_param_remove(b, i);
                changed = true;
            }
    }
    free(w.stack);
    return changed;
}
