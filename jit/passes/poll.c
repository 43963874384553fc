/* Polls: a kernel's loops ask now and then whether a signal wants them to stop, so that Ctrl-C ends
 * any of them.
 *
 * `jit_poll_insert` puts a poll at the head of every loop of the source before ownership is
 * decided, so that a poll, which may raise, gets the exit that releases what is held there. (Loops
 * that lowering makes, over the elements of one expression, end by themselves.)
 *
 * A poll reads a word of memory that others write: in a loop it stands in the way of vectorising and of
 * unrolling loops inside. So `jit_poll_run`, the last pass, works from the innermost loops outwards. A loop
 * of a small constant number of iterations loses its poll, and so does a nest of these (the windows of
 * filters). Other loops that count and hold only such loops are cut into chunks:
 *
 *     h(i): br i < n, body, exit          H(i'): limit = min(i' + chunk, n); jump h(i')
 *     body: ... jump h(i + 1)             h(i):  br i < limit, body, E
 *                                         body:  ... jump h(i + 1)
 *                                         E:     br i < n, C, exit
 *                                         C:     poll; jump H(i)
 *
 * h still dominates what it did, so nothing else changes, and the poll's exit, which may use what
 * h defines, stays valid in C. A loop shorter than a chunk never polls; the loop around it does,
 * once an iteration. Others (`while` on conditions that do not count) keep their poll.
 */
#include "jit/passes/middle.h"
#include "jit/passes/passes.h"

enum { CHUNK = 1 << 15, LEAST_CHUNK = 256, SMALL = 4096, MAX_LOOPS = 256 };

/* ---- putting in ---- */

void jit_poll_insert(IrFunc *f)
{
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    {
        if (b->loop != b || !b->first) continue;
        IrNode *poll = jit_ir_node_new(f, OP_POLL, M_VOID, 0);
        poll->pos = b->last->pos.line ? b->last->pos : b->first->pos;
        jit_ir_insert_before(b->first, poll);
    }
}

/* ---- counting loops ---- */

typedef struct Loop {
    IrFunc *f;
    IrBlock *head;
    IrNode *poll;
    IrEdge *back;     /* the only one from inside */
    IrNode *i, *stop; /* the condition compares them */
    IrNode *first;    /* i's first value where there is one entry, or NULL */
    bool up;
    int stay; /* the head's successor that is in the loop */
    int64_t step, chunk;
} Loop;

static IrNode *poll_of(const IrBlock *head)
{
    FOR_NODES(x, head)
    if (x->op == OP_POLL) return x;
    return NULL;
}

/* By the number of a small loop's head: how often it runs, with what it holds; 0 for other blocks. */
typedef struct Small {
    int64_t *work;
    uint32_t n;
} Small;

/* How often loops run in one iteration, the iteration itself counted; 0: not known. */
static int64_t inner_work(const IrFunc *f, const IrBlock *head, const Small *small)
{
    int64_t work = 1;
    FOR_BLOCKS(b, f)
    {
        if (b->loop != b || b->loop_up != head) continue;
        if (b->id >= small->n || !small->work[b->id]) return 0;
        work += small->work[b->id];
    }
    return work;
}

/* Is every node of the head safe to run once more? */
static bool repeatable(const IrBlock *head)
{
    FOR_NODES(x, head)
    if (x->op != OP_POLL && !jit_ir_is_term(x) && (jit_ir_effects(x) & ~(unsigned)EFFECT_READ))
        return false;
    return true;
}

static bool find_edges(Loop *l, uint32_t at)
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

/* Does the loop count i up while i < stop, or down while i > stop, by a constant? */
static bool counts(Loop *l)
{
    IrBlock *h = l->head;
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
    return l->up ? l->step > 0 && l->step < CHUNK : l->step < 0 && l->step > -CHUNK;
}

/* How often a loop between constants runs; 0: not known, or too often. */
static int64_t small_count(const Loop *l)
{
    int64_t n;
    if (!l->first || l->first->op != OP_CONST || l->stop->op != OP_CONST) return 0;
    if (__builtin_sub_overflow(l->stop->imm.i, l->first->imm.i, &n) || n == INT64_MIN) return 0;
    n = n / l->step + 1;
    return n < 1 ? 1 : n <= SMALL ? n : 0;
}

/* ---- cutting ---- */

/* stop, or a chunk on from i if that is nearer; for an i that is past stop already, stop. */
static IrNode *chunk_limit(const Loop *l, IrBlock *b, IrNode *i)
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

static IrBlock *outer_head(Loop *l)
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

static void cut(Loop *l)
{
    IrFunc *f = l->f;
    IrBlock *h = l->head, *outer = outer_head(l);
    IrBlock *ended = jit_ir_block_after(f, h), *again = jit_ir_block_after(f, ended);
    IrNode *i = NULL, *branch = h->last, *condition = branch->args[0];
    IrEdge leave = h->succ[1];
    for (uint32_t k = 0; k < h->nparam; k++)
        if (h->params[k] == l->i) i = outer->params[k];
    IrNode *limit = chunk_limit(l, outer, i);
    jit_ir_jump(f, outer, h, h->nparam, outer->params);
    IrNode *near = jit_ir_node_new(f, l->up ? OP_LT : OP_GT, M_I1, 2);
    near->args[0] = l->i;
    near->args[1] = limit;
    jit_ir_insert_before(branch, near);
    branch->args[0] = near;
    jit_ir_set_edge(f, &h->succ[1], ended, 0, NULL);
    jit_ir_br(f, ended, condition, again, leave.to);
    jit_ir_set_edge(f, &ended->succ[1], leave.to, leave.n, leave.args);
    again->flags |= BLOCK_COLD;
    jit_ir_unlink(l->poll);
    jit_ir_append(again, l->poll);
    jit_ir_jump(f, again, outer, h->nparam, h->params);
}

/* Looks at one loop, all loops inside of which have been looked at; true if the function was changed. */
static bool visit(IrFunc *f, IrBlock *head, Small *small)
{
    Loop l = {.f = f, .head = head, .poll = poll_of(head)};
    int64_t work = inner_work(f, head, small), n;
    if (!work || head->flags & BLOCK_SLOW || !counts(&l)) return false;
    n = small_count(&l);
    if (n && n * work <= SMALL) {
        small->work[head->id] = n * work;
        if (l.poll) jit_ir_unlink(l.poll);
        return l.poll;
    }
    if (!l.poll) return false;
    l.chunk = CHUNK / work > LEAST_CHUNK ? CHUNK / work : LEAST_CHUNK;
    cut(&l);
    return true;
}

static uint32_t loops_of_depth(const IrFunc *f, uint16_t depth, IrBlock **heads)
{
    uint32_t n = 0;
    FOR_BLOCKS(b, f)
    if (b->loop == b && b->depth == depth && n < MAX_LOOPS) heads[n++] = b;
    return n;
}

bool jit_poll_run(IrFunc *f)
{
    IrBlock *heads[MAX_LOOPS];
    uint16_t deepest = 0;
    bool changed = false;
    jit_cfg_analyze(f);
    Small small = {jit_ir_alloc(f->module, f->next_block * sizeof *small.work), f->next_block};
    FOR_BLOCKS(b, f)
    if (b->depth > deepest) deepest = b->depth;
    for (uint16_t depth = deepest; depth > 0; depth--) {
        uint32_t n = loops_of_depth(f, depth, heads);
        for (uint32_t k = 0; k < n; k++) {
            if (!visit(f, heads[k], &small)) continue;
            jit_cfg_analyze(f);
            changed = true;
        }
    }
    return changed;
}
