/* Control flow: reachability, reverse postorder, predecessors, dominators, natural loops.
 *
 * Dominators by the iteration of Cooper, Harvey and Kennedy over reverse postorder, which beats the
 * asymptotically better algorithms at the sizes of kernels. Loops are natural loops of back edges;
 * a header's loop_up is the loop around it. Irreducible cycles (two entries) get no header; the
 * bytecode has none, and passes that need loops then simply see none.
 */
#include "jit/ir/ir.h"

#include <string.h>

typedef struct Walk {
    IrFunc *f;
    IrBlock **order; /* filled from the end */
    uint32_t at;
} Walk;

static const uint32_t UNSEEN = UINT32_MAX;

static void visit(Walk *w, IrBlock *b)
{
    if (b->order != UNSEEN) return;
    b->order = 0;
    FOR_NODES(x, b)
    if (x->exit) visit(w, x->exit->to);
    for (uint32_t s = b->nsucc; s-- > 0;) visit(w, b->succ[s].to);
    w->order[--w->at] = b;
}

IrBlock **jit_cfg_rpo(IrFunc *f, uint32_t *n)
{
    uint32_t count = 0;
    FOR_BLOCKS(b, f)
    {
        b->order = UNSEEN;
        count++;
    }
    Walk w = {f, jit_ir_alloc(f->module, (count + 1) * sizeof(IrBlock *)), count};
    visit(&w, f->first);
    *n = count - w.at;
    for (uint32_t i = 0; i < *n; i++) w.order[w.at + i]->order = i;
    return w.order + w.at;
}

static void count_edge(IrEdge *e) { e->to->npred++; }

static void add_edge(IrBlock *from, IrNode *node, IrEdge *e)
{
    IrBlock *to = e->to;
    to->preds[to->npred] = from;
    to->pred_nodes[to->npred] = node;
    to->pred_edges[to->npred++] = e;
}

static void collect_preds(IrFunc *f)
{
    FOR_BLOCKS(b, f)
    b->npred = 0;
    FOR_BLOCKS(b, f)
    {
        FOR_NODES(x, b)
        if (x->exit) count_edge(x->exit);
        for (uint32_t s = 0; s < b->nsucc; s++) count_edge(&b->succ[s]);
    }
    FOR_BLOCKS(b, f)
    {
        b->preds = jit_ir_alloc(f->module, (b->npred + 1) * sizeof *b->preds);
        b->pred_edges = jit_ir_alloc(f->module, (b->npred + 1) * sizeof *b->pred_edges);
        b->pred_nodes = jit_ir_alloc(f->module, (b->npred + 1) * sizeof *b->pred_nodes);
        b->npred = 0;
    }
    FOR_BLOCKS(b, f)
    {
        FOR_NODES(x, b)
        if (x->exit) add_edge(b, x, x->exit);
        for (uint32_t s = 0; s < b->nsucc; s++) add_edge(b, b->last, &b->succ[s]);
    }
}

static IrBlock *meet(IrBlock *a, IrBlock *b)
{
    while (a != b) {
        while (a->order > b->order) a = a->idom;
        while (b->order > a->order) b = b->idom;
    }
    return a;
}

static void find_dominators(IrBlock **rpo, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) rpo[i]->idom = NULL;
    rpo[0]->idom = rpo[0];
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 1; i < n; i++) {
            IrBlock *b = rpo[i], *dom = NULL;
            for (uint32_t p = 0; p < b->npred; p++)
                if (b->preds[p]->idom) dom = dom ? meet(dom, b->preds[p]) : b->preds[p];
            if (dom != b->idom) {
                b->idom = dom;
                changed = true;
            }
        }
    }
    rpo[0]->idom = NULL;
}

/* Pre- and postorder numbers of the dominator tree, without child lists: a block's subtree size is
 * summed bottom-up, positions are handed out top-down. */
static void number_tree(IrBlock **rpo, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) rpo[i]->post = 1; /* subtree size, for now in `post` */
    for (uint32_t i = n; i-- > 1;) rpo[i]->idom->post += rpo[i]->post;
    rpo[0]->pre = 0;
    for (uint32_t i = 0; i < n; i++)
        rpo[i]->mark = (void *)(uintptr_t)1; /* next free position inside its range */
    for (uint32_t i = 1; i < n; i++) {
        IrBlock *b = rpo[i], *up = b->idom;
        uintptr_t offset = (uintptr_t)up->mark;
        b->pre = up->pre + (uint32_t)offset;
        up->mark = (void *)(offset + b->post);
    }
    for (uint32_t i = 0; i < n; i++) {
        rpo[i]->post += rpo[i]->pre;
        rpo[i]->mark = NULL;
    }
}

bool jit_cfg_dominates(const IrBlock *a, const IrBlock *b)
{
    return a->pre <= b->pre && b->pre < a->post;
}

/* Marks the body of header h walking predecessors from a latch. Inner loops come first (headers in
 * falling order), so a block that has a loop belongs to an inner one, whose outermost header
 * joins. */
static void mark_body(IrBlock *h, IrBlock *b)
{
    for (;;) {
        if (b == h) return;
        if (b->loop == NULL) {
            b->loop = h;
        } else {
            IrBlock *outer = b->loop;
            while (outer->loop_up) outer = outer->loop_up;
            if (outer == h) return;
            outer->loop_up = h;
            b = outer;
        }
        if (b->npred == 0) return;
        for (uint32_t p = 1; p < b->npred; p++)
            if (jit_cfg_dominates(h, b->preds[p])) mark_body(h, b->preds[p]);
        if (!jit_cfg_dominates(h, b->preds[0])) return;
        b = b->preds[0];
    }
}

static void find_loops(IrBlock **rpo, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        rpo[i]->loop = rpo[i]->loop_up = NULL;
        rpo[i]->depth = 0;
    }
    for (uint32_t i = n; i-- > 0;) {
        IrBlock *h = rpo[i];
        bool header = false;
        for (uint32_t p = 0; p < h->npred; p++)
            if (jit_cfg_dominates(h, h->preds[p])) header = true;
        if (!header) continue;
        h->loop = h;
        for (uint32_t p = 0; p < h->npred; p++)
            if (jit_cfg_dominates(h, h->preds[p])) mark_body(h, h->preds[p]);
    }
    for (uint32_t i = 0; i < n; i++) {
        IrBlock *b = rpo[i];
        for (IrBlock *h = b->loop; h; h = h->loop_up) b->depth++;
    }
}

bool jit_cfg_in_loop(const IrBlock *b, const IrBlock *header)
{
    for (const IrBlock *h = b->loop; h; h = h->loop_up)
        if (h == header) return true;
    return false;
}

void jit_cfg_analyze(IrFunc *f)
{
    uint32_t n;
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    for (IrBlock *b = f->first, *next; b; b = next) {
        next = b->next;
        if (b->order == UNSEEN) jit_ir_block_remove(f, b);
    }
    collect_preds(f);
    find_dominators(rpo, n);
    number_tree(rpo, n);
    find_loops(rpo, n);
}

bool jit_cfg_leaves_for_handler(const IrBlock *b)
{
    FOR_NODES(x, b)
    if (x->exit && x->exit->to->last->op != OP_RETHROW) return true;
    return false;
}

bool jit_cfg_is_exit(const IrBlock *b)
{
    for (uint32_t p = 0; p < b->npred; p++)
        if (b->pred_nodes[p]->exit == b->pred_edges[p]) return true;
    return false;
}

bool jit_cfg_simplify_params(IrFunc *f)
{
    bool any = false;
    for (bool changed = true; changed;) {
        changed = false;
        FOR_BLOCKS(b, f)
        {
            for (uint32_t i = b == f->first ? 0 : b->nparam; i-- > 0;) {
                IrNode *p = b->params[i], *only = NULL;
                bool one = b->npred > 0 && p->mt != M_OWN;
                for (uint32_t e = 0; e < b->npred && one; e++) {
                    IrNode *a = jit_ir_root(b->pred_edges[e]->args[i]);
                    if (a == p || a == only) continue;
                    one = only == NULL;
                    only = a;
                }
                if (!one || !only) continue;
                jit_ir_replace(p, only);
                jit_ir_param_remove(b, i);
                changed = any = true;
            }
        }
    }
    if (any) jit_ir_resolve(f);
    return any;
}
