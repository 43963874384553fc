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
#include "jit/passes/counting.h"
#include "jit/passes/middle.h"
#include "jit/passes/passes.h"

enum { CHUNK = COUNTING_MAX_CHUNK, LEAST_CHUNK = 256, SMALL = 4096, SHRINKING = 64, MAX_LOOPS = 256 };

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

/* ---- small loops ---- */

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

/* How often a loop between constants runs; 0: not known, or too often. */
static int64_t small_count(const Counting *l)
{
    int64_t n;
    if (!l->first || l->first->op != OP_CONST || l->stop->op != OP_CONST) return 0;
    if (__builtin_sub_overflow(l->stop->imm.i, l->first->imm.i, &n) || n == INT64_MIN) return 0;
    n = n / l->step + 1;
    return n < 1 ? 1 : n <= SMALL ? n : 0;
}

/* ---- cutting ---- */

static void cut(Counting *l)
{
    IrFunc *f = l->f;
    IrBlock *h = l->head, *outer = jit_counting_outer(l);
    IrBlock *ended = jit_ir_block_after(f, h), *again = jit_ir_block_after(f, ended);
    IrNode *i = NULL, *branch = h->last, *condition = branch->args[0];
    IrEdge leave = h->succ[1];
    for (uint32_t k = 0; k < h->nparam; k++)
        if (h->params[k] == l->i) i = outer->params[k];
    IrNode *limit = jit_counting_limit(l, outer, i);
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
    Counting l;
    int64_t work = inner_work(f, head, small), n;
    if (work == 1 && jit_shrink_find(head)) {
        IrNode *poll = jit_counting_poll(head);
        small->work[head->id] = SHRINKING;
        if (poll) jit_ir_unlink(poll);
        return poll;
    }
    if (!work || head->flags & BLOCK_SLOW || !jit_counting_find(f, head, &l)) return false;
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
