/* Inequalities on demand, after "ABCD: Eliminating Array Bounds Checks on Demand" (Bodik, Gupta,
 * Sarkar, 2000), on plain SSA.
 *
 * The question is always x <= y + c, with x or y absent for 0. It is answered by walking
 *   - the definition of x downwards and of y upwards through additions of constants that cannot
 *   wrap;
 *   - conditions of branches and checks that dominate the place: x < v turns the question into
 *     v <= y + (c + 1);
 *   - parameters of blocks: every incoming edge must satisfy the question. Meeting the same pair
 *     again while its edges are looked at is a loop: it holds by induction if the bound did not get
 *     tighter. Meeting it again otherwise (two equal values lead to each other) proves nothing;
 *   - index checks that were passed, earlier in the block too: the index is below the length; a size that is not
 *     zero is at least one.
 * Where a parameter is unfolded the other side must be defined before its block, so that it means
 * the same value in every iteration, or be a parameter of the same block: then both are unfolded
 * together. So a count that grows in some iterations only is seen to be no more than the loop's
 * index (`if hit: n += 1` in `for i in range(m)`: n <= i). A step budget bounds the search; running
 * out means "not proved".
 *
 * Against interval analysis with widening: no fixpoint over the function, relations to array
 * lengths come for
 * free, and a query costs only what it touches.
 */
#include "jit/passes/facts.h"

#include <string.h>

typedef __int128 Wide;

enum { MAX_ACTIVE = 32, MAX_STEPS = 400 };

typedef struct Query {
    struct {
        IrNode *x, *y;
        Wide c;
        bool unfolding; /* the incoming edges of x or y are being looked at */
    } active[MAX_ACTIVE];
    int nactive, steps;
} Query;

typedef struct At {
    const IrBlock *block;
    const IrNode *node; /* in the block: what stands before it has happened */
    IrNode *cond; /* holds (or, if not truth, fails) on the edge that leads on; or NULL */
    bool truth;
} At;

static bool prove(Query *q, IrNode *x, IrNode *y, Wide c, At at);

static bool no_wrap(const IrNode *x)
{
    return x->op == OP_ADDC || x->op == OP_SUBC ||
           ((x->op == OP_ADD || x->op == OP_SUB) && x->flags & NODE_NSW);
}

/* x = base + k without wrapping? */
static bool is_offset(IrNode *x, IrNode **base, Wide *k)
{
    if (x->mt != M_I64 || !no_wrap(x)) return false;
    bool add = x->op == OP_ADDC || x->op == OP_ADD;
    if (x->args[1]->op == OP_CONST) {
        *base = x->args[0];
        *k = add ? x->args[1]->imm.i : -(Wide)x->args[1]->imm.i;
        return true;
    }
    if (add && x->args[0]->op == OP_CONST) {
        *base = x->args[1];
        *k = x->args[0]->imm.i;
        return true;
    }
    return false;
}

/* Bounds that a node's op and types alone imply. */
static Wide type_high(const IrNode *x)
{
    if (x->op == OP_CONST) return x->imm.i;
    if (x->op == OP_CONV) {
        switch ((MType)x->args[0]->mt) {
        case M_I1: return 1;
        case M_I8: return INT8_MAX;
        case M_U8: return UINT8_MAX;
        case M_I16: return INT16_MAX;
        case M_U16: return UINT16_MAX;
        case M_I32: return INT32_MAX;
        case M_U32: return UINT32_MAX;
        default: break;
        }
    }
    if (x->op == OP_MOD && x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0)
        return x->args[1]->imm.i - 1;
    if (x->op == OP_AND && x->args[1]->op == OP_CONST && x->args[1]->imm.i >= 0)
        return x->args[1]->imm.i;
    return INT64_MAX;
}

static Wide type_low(const IrNode *x)
{
    if (x->op == OP_CONST) return x->imm.i;
    if (x->flags & NODE_NONNEG || x->op == OP_INDEX) return 0;
    if (x->op == OP_CONV) {
        switch ((MType)x->args[0]->mt) {
        case M_I1:
        case M_U8:
        case M_U16:
        case M_U32: return 0;
        case M_I8: return INT8_MIN;
        case M_I16: return INT16_MIN;
        case M_I32: return INT32_MIN;
        default: break;
        }
    }
    if (x->op == OP_MOD && x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0) return 0;
    if (x->op == OP_AND && x->args[1]->op == OP_CONST && x->args[1]->imm.i >= 0) return 0;
    if (x->op == OP_ABSC) return 0;
    return INT64_MIN;
}

/* ---- conditions ---- */

/* Uses u <= v + k to prove x <= y + c. */
static bool use_fact(Query *q, IrNode *u, IrNode *v, Wide k, IrNode *x, IrNode *y, Wide c, At at)
{
    IrNode *base;
    Wide d;
    if (u && u->op == OP_CONST) {
        k -= u->imm.i;
        u = NULL;
    }
    if (v && v->op == OP_CONST) {
        k += v->imm.i;
        v = NULL;
    }
    /* facts about base + d speak about base as well */
    if (u && u != x && is_offset(u, &base, &d) && base == x) {
        u = base;
        k -= d;
    }
    if (v && v != y && is_offset(v, &base, &d) && base == y) {
        v = base;
        k += d;
    }
    if (u == x && v == y) return k <= c;
    at.cond = NULL;
    if (u == x && x) return prove(q, v, y, c - k, at);
    if (v == y && y) return prove(q, x, u, c - k, at);
    return false;
}

static bool use_condition(Query *q, IrNode *cond, bool truth, IrNode *x, IrNode *y, Wide c, At at)
{
    if (cond->op == OP_NOT) return use_condition(q, cond->args[0], !truth, x, y, c, at);
    if ((cond->op == OP_AND && truth) || (cond->op == OP_OR && !truth))
        return use_condition(q, cond->args[0], truth, x, y, c, at) ||
               use_condition(q, cond->args[1], truth, x, y, c, at);
    if (jit_ir_ops[cond->op].scalar != 'c' || cond->args[0]->mt != M_I64) return false;
    IrNode *a = cond->args[0], *b = cond->args[1];
    static const uint8_t opposite[] = {OP_NE, OP_EQ, OP_GE, OP_GT, OP_LE, OP_LT};
    IrOp op = truth ? (IrOp)cond->op : (IrOp)opposite[cond->op - OP_EQ];
    switch (op) {
    case OP_LT: return use_fact(q, a, b, -1, x, y, c, at);
    case OP_LE: return use_fact(q, a, b, 0, x, y, c, at);
    case OP_GT: return use_fact(q, b, a, -1, x, y, c, at);
    case OP_GE: return use_fact(q, b, a, 0, x, y, c, at);
    case OP_EQ: return use_fact(q, a, b, 0, x, y, c, at) || use_fact(q, b, a, 0, x, y, c, at);
    default: return false;
    }
}

/* The condition under which control enters b from its only predecessor. */
static bool entry_condition(const IrBlock *b, IrNode **cond, bool *truth)
{
    if (b->npred != 1 || b->pred_nodes[0]->op != OP_BR) return false;
    const IrBlock *p = b->preds[0];
    if (p->succ[0].to == p->succ[1].to) return false;
    *cond = p->last->args[0];
    *truth = b->pred_edges[0] == &p->succ[0];
    return true;
}

/* Has every way to b, which the check's block dominates next above it, passed the check? Not if the check may have left for a
 * handler from which b is reached. */
static bool was_passed(const IrNode *check, const IrBlock *b)
{
    if (!check->exit || check->exit->to->last->op == OP_RETHROW) return true;
    return b->npred == 1 && b->pred_nodes[0] == check->block->last && !jit_cfg_is_exit(b);
}

/* b: where control is now; NULL: in the check's own block, behind it */
static bool use_check(Query *q, const IrNode *n, const IrBlock *b, IrNode *x, IrNode *y, Wide c,
                      At at)
{
    if (n->op == OP_CHECK)
        return (!b || was_passed(n, b)) && use_condition(q, n->args[0], true, x, y, c, at);
    return n->op == OP_INDEX && n->args[0] == x && (!b || was_passed(n, b)) &&
           use_fact(q, x, n->args[1], -1, x, y, c, at);
}

static bool use_dominating(Query *q, IrNode *x, IrNode *y, Wide c, At at)
{
    if (at.cond && use_condition(q, at.cond, at.truth, x, y, c, at)) return true;
    const At here = {at.block, at.node, NULL, false};
    for (const IrNode *n = at.node ? at.node->prev : NULL; n; n = n->prev)
        if (use_check(q, n, NULL, x, y, c, (At){at.block, n, NULL, false})) return true;
    for (const IrBlock *b = at.block; b; b = b->idom) {
        IrNode *cond;
        bool truth;
        if (entry_condition(b, &cond, &truth) &&
            use_condition(q, cond, truth, x, y, c, here))
            return true;
        if (!b->idom) break;
        FOR_NODES(n, b->idom) /* checks that were passed */
        if (use_check(q, n, b, x, y, c, here)) return true;
    }
    return false;
}

/* ---- definitions ---- */

static bool defined_before(const IrNode *y, const IrBlock *b)
{
    return !y || y->op == OP_CONST || (y->block != b && jit_cfg_dominates(y->block, b));
}

static IrNode *incoming(const IrBlock *b, uint32_t edge, IrNode *x)
{
    for (uint32_t i = 0; x && x->block == b && x->op == OP_PARAM; i++)
        if (b->params[i] == x) return b->pred_edges[edge]->args[i];
    return x;
}

/* Unfolds the parameters of b among x and y: all that come from b stand for the same iteration. */
static bool through_params(Query *q, IrNode *x, IrNode *y, Wide c, const IrBlock *b)
{
    if (b->npred == 0) return false;
    int me = q->nactive - 1;
    bool ok = true;
    q->active[me].unfolding = true;
    for (uint32_t p = 0; ok && p < b->npred; p++) {
        At at = {b->preds[p], b->pred_nodes[p], NULL, false};
        if (b->pred_nodes[p]->op == OP_BR && b->preds[p]->succ[0].to != b->preds[p]->succ[1].to) {
            at.cond = b->preds[p]->last->args[0];
            at.truth = b->pred_edges[p] == &b->preds[p]->succ[0];
        }
        ok = prove(q, incoming(b, p, x), incoming(b, p, y), c, at);
    }
    q->active[me].unfolding = false;
    return ok;
}

static bool is_param_of(const IrNode *x, const IrBlock *b)
{
    return x && x->op == OP_PARAM && x->block == b;
}

static bool through_param(Query *q, IrNode *x, IrNode *y, Wide c, IrNode *param)
{
    const IrBlock *b = param->block;
    IrNode *other = param == x ? y : x;
    if (!defined_before(other, b) && !is_param_of(other, b)) return false;
    return through_params(q, x, y, c, b);
}

/* x <= y + c since x is at most another parameter of its block, of which that is true. Asked for
 * few x only: it tries all of them. */
static bool below_sibling(Query *q, IrNode *x, IrNode *y, Wide c, At at)
{
    const IrBlock *b = x->block;
    if (q->nactive > 2 || b->npred < 2) return false;
    for (uint32_t i = 0; i < b->nparam; i++) {
        IrNode *sibling = b->params[i];
        if (sibling == x || sibling->mt != M_I64) continue;
        if (prove(q, sibling, y, c, at) && prove(q, x, sibling, 0, at)) return true;
    }
    return false;
}

/* min for LT and LE, max for GT and GE of the two values; 0 if it is no such select */
static int extremum_of(const IrNode *s)
{
    const IrNode *c = s->args[0];
    if (jit_ir_ops[c->op].scalar != 'c') return 0;
    bool straight = c->args[0] == s->args[1] && c->args[1] == s->args[2];
    bool swapped = c->args[0] == s->args[2] && c->args[1] == s->args[1];
    if (!straight && !swapped) return 0;
    bool less = c->op == OP_LT || c->op == OP_LE, more = c->op == OP_GT || c->op == OP_GE;
    if (!less && !more) return 0;
    return less == straight ? -1 : 1;
}

/* The constant that a loop's index starts from (low) or ends before (high), as a candidate: prove() has to agree. */
static bool index_bound(const IrNode *x, bool high, int64_t *bound)
{
    const IrBlock *h = x->block;
    if (x->op != OP_PARAM || x->mt != M_I64 || h->loop != h) return false;
    if (high) {
        const IrNode *cond = h->last->op == OP_BR ? h->last->args[0] : x;
        if (cond->op != OP_LT || cond->args[0] != x || cond->args[1]->op != OP_CONST) return false;
        *bound = cond->args[1]->imm.i - 1;
        return cond->args[1]->imm.i > INT64_MIN;
    }
    uint32_t at = 0;
    while (h->params[at] != x) at++;
    for (uint32_t p = 0; p < h->npred; p++)
        if (h->pred_edges[p]->args[at]->op == OP_CONST) return *bound = h->pred_edges[p]->args[at]->imm.i, true;
    return false;
}

/* A sum of an index between constants (the window of a stencil) and something else. */
static bool sum_of_index(Query *q, IrNode *sum, IrNode *other, Wide c, At at, bool high)
{
    if (!no_wrap(sum)) return false;
    for (int k = 0; k < 2; k++) {
        int64_t bound;
        IrNode *index = sum->args[k], *rest = sum->args[1 - k];
        if (!index_bound(index, high, &bound)) continue;
        if (high ? prove(q, index, NULL, bound, at) && prove(q, rest, other, c - bound, at)
                 : prove(q, NULL, index, -(Wide)bound, at) && prove(q, other, rest, c + bound, at))
            return true;
    }
    return false;
}

static bool from_x(Query *q, IrNode *x, IrNode *y, Wide c, At at)
{
    IrNode *base;
    Wide k;
    if (is_offset(x, &base, &k)) return prove(q, base, y, c - k, at);
    switch (x->op) {
    case OP_SUBC:
    case OP_SUB: /* a - b <= a when b >= 0 */
        if (no_wrap(x) && x->args[0] != y && prove(q, NULL, x->args[1], 0, at))
            return prove(q, x->args[0], y, c, at);
        return no_wrap(x) && x->args[0] == y && c >= 0 && prove(q, NULL, x->args[1], c, at);
    case OP_ADD:
    case OP_ADDC: return sum_of_index(q, x, y, c, at, true);
    case OP_INDEX: return prove(q, x->args[1], y, c + 1, at);
    case OP_SELECT:
        if (extremum_of(x) < 0 &&
            (prove(q, x->args[1], y, c, at) || prove(q, x->args[2], y, c, at)))
            return true;
        return prove(q, x->args[1], y, c, at) && prove(q, x->args[2], y, c, at);
    case OP_FLOORDIV:
        if (x->mt != M_I64 || x->args[1]->op != OP_CONST || x->args[1]->imm.i < 1 ||
            !prove(q, NULL, x->args[0], 0, at))
            return false;
        if (!y && c >= 0) return prove(q, x->args[0], NULL, (c + 1) * x->args[1]->imm.i - 1, at);
        return prove(q, x->args[0], y, c, at);
    case OP_MOD:
        return x->mt == M_I64 && prove(q, NULL, x->args[1], -1, at) &&
               prove(q, x->args[1], y, c + 1, at);
    case OP_MUL:
    case OP_MULC:
        if (x->mt == M_I64 && !y && x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0 && c >= 0 &&
            (x->op == OP_MULC || x->flags & NODE_NSW))
            return prove(q, x->args[0], NULL, c / x->args[1]->imm.i, at);
        return false;
    case OP_PARAM: return through_param(q, x, y, c, x) || below_sibling(q, x, y, c, at);
    default: return false;
    }
}

static bool from_y(Query *q, IrNode *x, IrNode *y, Wide c, At at)
{
    IrNode *base;
    Wide k;
    if (is_offset(y, &base, &k)) return prove(q, x, base, c + k, at);
    switch (y->op) {
    case OP_SELECT:
        if (extremum_of(y) > 0 &&
            (prove(q, x, y->args[1], c, at) || prove(q, x, y->args[2], c, at)))
            return true;
        return prove(q, x, y->args[1], c, at) && prove(q, x, y->args[2], c, at);
    case OP_ADD:
    case OP_ADDC: /* a + b >= a when b >= 0 */
        if (!no_wrap(y)) return false;
        if (prove(q, NULL, y->args[1], 0, at) && prove(q, x, y->args[0], c, at)) return true;
        if (prove(q, NULL, y->args[0], 0, at) && prove(q, x, y->args[1], c, at)) return true;
        return sum_of_index(q, y, x, c, at, false);
    case OP_MUL:
    case OP_MULC: /* products of what is not negative */
        return !x && c >= 0 && y->mt == M_I64 && (y->op == OP_MULC || y->flags & NODE_NSW) &&
               prove(q, NULL, y->args[0], 0, at) && prove(q, NULL, y->args[1], 0, at);
    case OP_FLOORDIV:
        return !x && c >= 0 && y->mt == M_I64 && y->args[1]->op == OP_CONST &&
               y->args[1]->imm.i > 0 && prove(q, NULL, y->args[0], 0, at);
    case OP_MOD: return !x && c >= 0 && y->mt == M_I64 && prove(q, NULL, y->args[1], -1, at);
    case OP_PARAM: return through_param(q, x, y, c, y);
    default: return false;
    }
}

static bool checks_nonzero(const IrNode *n, const IrNode *x)
{
    return n->op == OP_CHECK && n->args[0]->op == OP_NE && n->args[0]->args[0] == x && jit_ir_is_int(n->args[0]->args[1], 0);
}

/* Does a condition or check that was passed say so? */
static bool said_nonzero(const IrNode *x, const IrNode *at)
{
    for (const IrNode *n = at->prev; n; n = n->prev)
        if (checks_nonzero(n, x)) return true;
    for (const IrBlock *b = at->block; b && b->idom; b = b->idom) {
        IrNode *cond;
        bool truth;
        if (entry_condition(b, &cond, &truth) && cond->op == (truth ? OP_NE : OP_EQ) &&
            cond->args[0] == x && jit_ir_is_int(cond->args[1], 0))
            return true;
        FOR_NODES(n, b->idom)
        if (checks_nonzero(n, x) && was_passed(n, b)) return true;
    }
    return false;
}

static bool prove(Query *q, IrNode *x, IrNode *y, Wide c, At at)
{
    if (x && x->op == OP_CONST) {
        c -= x->imm.i;
        x = NULL;
    }
    if (y && y->op == OP_CONST) {
        c += y->imm.i;
        y = NULL;
    }
    if (x == y) return c >= 0;
    if ((x ? type_high(x) : 0) <= (y ? type_low(y) : 0) + c) return true;
    if (!x && c == -1 && y->flags & NODE_NONNEG && at.node && said_nonzero(y, at.node)) return true;
    if (++q->steps > MAX_STEPS) return false;
    for (int i = q->nactive; i-- > 0;)
        if (q->active[i].x == x && q->active[i].y == y)
            return q->active[i].unfolding && c >= q->active[i].c;
    if (q->nactive == MAX_ACTIVE) return false;
    q->active[q->nactive].x = x;
    q->active[q->nactive].y = y;
    q->active[q->nactive].unfolding = false;
    q->active[q->nactive++].c = c;
    bool ok = use_dominating(q, x, y, c, at) || (x && from_x(q, x, y, c, at)) ||
              (y && from_y(q, x, y, c, at));
    q->nactive--;
    return ok;
}

bool jit_facts_le(IrNode *x, IrNode *y, int64_t c, const IrNode *at)
{
    Query q = {.nactive = 0};
    return prove(&q, x, y, c, (At){at->block, at, NULL, false});
}

bool jit_facts_nonneg(IrNode *x, const IrNode *at) { return jit_facts_le(NULL, x, 0, at); }

bool jit_facts_nonzero(IrNode *x, const IrNode *at)
{
    return said_nonzero(x, at) || jit_facts_le(NULL, x, -1, at) || jit_facts_le(x, NULL, -1, at);
}

int jit_facts_compare(const IrNode *x, const IrNode *at)
{
    IrNode *a = x->args[0], *b = x->args[1];
    if (a->mt != M_I64) return -1;
    switch (x->op) {
    case OP_LT: return jit_facts_le(a, b, -1, at) ? 1 : jit_facts_le(b, a, 0, at) ? 0 : -1;
    case OP_LE: return jit_facts_le(a, b, 0, at) ? 1 : jit_facts_le(b, a, -1, at) ? 0 : -1;
    case OP_GT: return jit_facts_le(b, a, -1, at) ? 1 : jit_facts_le(a, b, 0, at) ? 0 : -1;
    case OP_GE: return jit_facts_le(b, a, 0, at) ? 1 : jit_facts_le(a, b, -1, at) ? 0 : -1;
    case OP_NE:
    case OP_EQ:
        if (jit_facts_le(a, b, -1, at) || jit_facts_le(b, a, -1, at) ||
            (jit_ir_is_int(b, 0) && said_nonzero(a, at)))
            return x->op == OP_NE;
        if (jit_facts_le(a, b, 0, at) && jit_facts_le(b, a, 0, at)) return x->op == OP_EQ;
        return -1;
    default: return -1;
    }
}
