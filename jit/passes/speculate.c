/* Checks of data, made for a chunk of iterations at once before these run.
 *
 *     for i in range(n): out[i] = log(a[i]) / b       log raises for what is not positive
 *
 *     H(i):   limit = min(i + chunk, n)
 *             bad = any(not a[k] > 0 for k in i .. limit)         the scout: vectorises
 *             if bad:  the loop as it was, up to limit            raises where it must
 *             else:    the loop without checks, up to limit       vectorises, with log's vector form
 *     E:      i < limit ... n? poll, H(limit)
 *
 * What the guard of version.c cannot ask (it depends on loaded values) the scout asks, by copies of what the
 * conditions are computed from. These must be the same before the chunk as in the iteration: loads of elements that the loop
 * stores to would differ. An element that is loaded and stored by the same iteration only (a[i] = log(a[i])) is fine;
 * for other stores H compares the ranges of addresses and has the checked loop run where they meet.
 *
 * Done to innermost counting loops whose every check can be asked in this way, and that hold something that
 * gains from vectors: a function of math.def, a square root, a quotient; or whose checks ask the same in every iteration
 * (the row b[index[p]] that is added to another: its index is loaded each time, for the stores might change it). The scout asks a condition that suffices:
 * of `x <= 709 or isfinite(exp(x))` only the part without the function.
 *
 * Black-Scholes over 50,000 options: 5.5 -> 2.2 ms (clang 2.0). A chunk is short enough for the first cache.
 */
#include "jit/passes/counting.h"
#include "jit/passes/passes.h"

enum {
    SCOUT_CHUNK = 1024,
    SHORT = 16, /* so few iterations are not worth a scout */
    MAX_BODY = 64,
    MAX_CHECKS = 24,
    MAX_LOADS = 24,
    MAX_STORES = 8,
    MAX_PAIRS = 12,
    MAX_PATH = 3,
    MAX_NODES = 300,
    MAX_LOOPS = 32
};

/* Under which conditions of branches a check is met. Fewer may be known: then it is asked more often. */
typedef struct Path {
    IrNode *cond[MAX_PATH];
    bool truth[MAX_PATH];
    uint32_t n;
} Path;

typedef struct Speculation {
    Counting c;
    IrFunc *f;
    IrBlock *blocks[MAX_BODY];
    uint32_t nblocks;
    IrNode *checks[MAX_CHECKS]; /* CHECK and INDEX nodes */
    IrNode *asked[MAX_CHECKS];  /* the condition that suffices; NULL: an index in range */
    Path paths[MAX_CHECKS];
    uint32_t nchecks;
    IrNode *loads[MAX_LOADS]; /* of the scout */
    uint32_t nloads;
    IrNode *stores[MAX_STORES];
    uint32_t nstores;
    uint32_t gains; /* nodes worth it */
    bool varies;    /* some check depends on the iteration */
    IrNode **copies;      /* by id: what stands for a node in the block that is written */
} Speculation;

static bool inside(const Speculation *s, const IrNode *x)
{
    return jit_cfg_in_loop(x->block, s->c.head);
}

/* Does b run in every iteration? */
static bool always_runs(const Speculation *s, const IrBlock *b)
{
    const IrBlock *latch = NULL;
    for (uint32_t p = 0; p < s->c.head->npred; p++)
        if (s->c.head->pred_edges[p] == s->c.back) latch = s->c.head->preds[p];
    return latch && jit_cfg_dominates(b, latch);
}

/* ---- what the conditions are computed from ---- */

static bool divides_safely(const IrNode *x)
{
    return (x->op != OP_FLOORDIV && x->op != OP_MOD) ||
           (x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0);
}

static bool has_math(const Speculation *s, const IrNode *x, int depth)
{
    if (!inside(s, x) || x->op == OP_PARAM) return false;
    if (x->op == OP_MATH1 || x->op == OP_MATH2 || depth > 12) return true;
    for (uint32_t i = 0; i < x->n; i++)
        if (has_math(s, x->args[i], depth + 1)) return true;
    return false;
}

/* Can the scout compute x? Loads are gathered. */
static bool reachable(Speculation *s, IrNode *x, int depth)
{
    s->varies |= x == s->c.i;
    if (!inside(s, x) || x == s->c.i) return true;
    if (depth > 24 || x->op == OP_PARAM || !divides_safely(x)) return false;
    if (x->op == OP_LOAD) {
        if (inside(s, x->args[0]) || !always_runs(s, x->block)) return false;
        for (uint32_t i = 0; i < s->nloads; i++)
            if (s->loads[i]->args[0] == x->args[0] && s->loads[i]->args[1] == x->args[1] && s->loads[i]->mt == x->mt)
                return true;
        if (s->nloads == MAX_LOADS) return false;
        s->loads[s->nloads++] = x;
    } else if (!jit_ir_is_pure(x) || x->op == OP_RTCALL || x->op == OP_MATH1 || x->op == OP_MATH2) {
        return false;
    }
    for (uint32_t i = 0; i < x->n; i++)
        if (!reachable(s, x->args[i], depth + 1)) return false;
    return true;
}

/* Of alternatives that one suffices which needs no function of math.def. */
static IrNode *sufficient(const Speculation *s, IrNode *cond)
{
    while (cond->op == OP_OR && has_math(s, cond, 0)) {
        IrNode *a = cond->args[0], *b = cond->args[1];
        cond = has_math(s, a, 0) ? b : a;
    }
    return cond;
}

static void find_path(Speculation *s, const IrBlock *b, Path *path)
{
    while (!always_runs(s, b) && b->npred == 1 && b->pred_nodes[0]->op == OP_BR && path->n < MAX_PATH) {
        const IrBlock *p = b->preds[0];
        if (p->succ[0].to == p->succ[1].to || !reachable(s, p->last->args[0], 0)) return;
        path->cond[path->n] = p->last->args[0];
        path->truth[path->n++] = b->pred_edges[0] == &p->succ[0];
        b = p;
    }
}

static bool add_check(Speculation *s, IrNode *x)
{
    if (s->nchecks == MAX_CHECKS) return false;
    if (x->exit && x->exit->to->last->op != OP_RETHROW) return false;
    find_path(s, x->block, &s->paths[s->nchecks]);
    s->checks[s->nchecks] = x;
    if (x->op == OP_INDEX) {
        s->asked[s->nchecks++] = NULL;
        return reachable(s, x->args[0], 0) && !inside(s, x->args[1]);
    }
    IrNode *cond = sufficient(s, x->args[0]);
    s->asked[s->nchecks++] = cond;
    return reachable(s, cond, 0);
}

/* ---- which loops ---- */

static bool look_at(Speculation *s, IrNode *x)
{
    unsigned effects = jit_ir_effects(x);
    switch (x->op) {
    case OP_CHECK:
    case OP_INDEX: return add_check(s, x);
    case OP_STORE:
        if (s->nstores == MAX_STORES || inside(s, x->args[0])) return false;
        s->stores[s->nstores++] = x;
        return true;
    case OP_POLL: return x == s->c.poll;
    case OP_MATH1:
    case OP_MATH2:
    case OP_SQRT:
    case OP_DIV: s->gains++; return true;
    case OP_LOAD: return true;
    case OP_FFLOORDIV:
    case OP_FMOD:
    case OP_FLOORDIV:
    case OP_MOD:
    case OP_IPOW:
    case OP_RTCALL: return false; /* scalar in any case */
    default: return !(effects & ~(unsigned)EFFECT_TERM);
    }
}

static bool collect(Speculation *s)
{
    uint32_t nodes = 0;
    FOR_BLOCKS(b, s->f)
    {
        if (!jit_cfg_in_loop(b, s->c.head)) continue;
        if (b->loop != s->c.head || s->nblocks == MAX_BODY) return false;
        s->blocks[s->nblocks++] = b;
        for (uint32_t k = 0; k < b->nsucc; k++)
            if (b != s->c.head && !jit_cfg_in_loop(b->succ[k].to, s->c.head)) return false;
        FOR_NODES(x, b)
        if (++nodes > MAX_NODES || !look_at(s, x)) return false;
    }
    return s->nchecks && (s->gains || !s->varies);
}

static bool uses(IrNode *const *args, uint32_t n, const IrNode *value)
{
    for (uint32_t i = 0; i < n; i++)
        if (args[i] == value) return true;
    return false;
}

static bool used_outside(const Speculation *s, const IrNode *value)
{
    FOR_BLOCKS(b, s->f)
    {
        if (jit_cfg_in_loop(b, s->c.head)) continue;
        FOR_NODES(x, b)
        {
            if (uses(x->args, x->n, value) || (x->exit && uses(x->exit->args, x->exit->n, value))) return true;
        }
        for (uint32_t k = 0; k < b->nsucc; k++)
            if (uses(b->succ[k].args, b->succ[k].n, value)) return true;
    }
    return false;
}

/* Is what the loop leaves behind among the head's parameters? The head's condition is asked again; constants move out. */
static bool leaves_params(const Speculation *s)
{
    const IrNode *cond = s->c.head->last->args[0];
    if (used_outside(s, cond)) return false;
    FOR_NODES(x, s->c.head)
    if (x != cond && !jit_ir_is_term(x) && x->op != OP_POLL && x->op != OP_CONST) return false;
    for (uint32_t k = 0; k < s->c.head->nparam; k++)
        if (s->c.head->params[k]->mt == M_OWN) return false;
    return true;
}

/* Is the offset a sum of multiples of i and of what does not change? *each: its growth when i grows by 1, 0: not known. */
static bool is_linear(const Speculation *s, const IrNode *x, int64_t *each)
{
    int64_t a = 0, b = 0;
    *each = 0;
    if (!inside(s, x) || x->op == OP_CONST) return true;
    if (x == s->c.i) return *each = 1, true;
    if (x->op != OP_ADD && x->op != OP_SUB && x->op != OP_MUL) return false;
    if (!is_linear(s, x->args[0], &a) || !is_linear(s, x->args[1], &b)) return false;
    bool moves_a = inside(s, x->args[0]) && x->args[0]->op != OP_CONST,
         moves_b = inside(s, x->args[1]) && x->args[1]->op != OP_CONST;
    if (x->op == OP_MUL) {
        if (moves_a && moves_b) return false;
        const IrNode *factor = moves_a ? x->args[1] : x->args[0];
        if (factor->op == OP_CONST && __builtin_mul_overflow(a + b, factor->imm.i, each)) *each = 0;
        return true;
    }
    if ((moves_a && !a) || (moves_b && !b)) return true;
    *each = x->op == OP_ADD ? a + b : a - b;
    return true;
}

static uint32_t size_of(const IrNode *access)
{
    return jit_mtype_size((MType)(access->op == OP_STORE ? access->args[2]->mt : access->mt));
}

/* Do load and store touch the same element in one iteration, and in no other? */
static bool same_element(const Speculation *s, const IrNode *load, const IrNode *store)
{
    int64_t each;
    if (load->args[0] != store->args[0] || load->args[1] != store->args[1]) return false;
    if (size_of(load) != size_of(store) || !is_linear(s, load->args[1], &each)) return false;
    return each >= (int64_t)size_of(load) || -each >= (int64_t)size_of(load);
}

/* The pairs that H compares, or -1. */
static int pairs(const Speculation *s, IrNode *out[MAX_PAIRS][2])
{
    int n = 0;
    int64_t each;
    for (uint32_t i = 0; i < s->nloads; i++)
        for (uint32_t k = 0; k < s->nstores; k++) {
            if (same_element(s, s->loads[i], s->stores[k])) continue;
            if (n == MAX_PAIRS || !is_linear(s, s->loads[i]->args[1], &each) ||
                !is_linear(s, s->stores[k]->args[1], &each))
                return -1;
            out[n][0] = s->loads[i];
            out[n++][1] = s->stores[k];
        }
    return n;
}

/* ---- writing ---- */

/* The value of x in block b, for the i that `copies` holds. */
static IrNode *copy(Speculation *s, IrBlock *b, IrNode *x)
{
    if (!inside(s, x)) return x;
    if (s->copies[x->id]) return s->copies[x->id];
    IrNode *y = jit_ir_node_new(s->f, (IrOp)x->op, (MType)x->mt, x->n);
    y->sub = x->sub;
    y->flags = x->flags & NODE_FAST;
    y->imm = x->imm;
    y->pos = x->pos;
    for (uint32_t i = 0; i < x->n; i++) y->args[i] = copy(s, b, x->args[i]);
    jit_ir_append(b, y);
    return s->copies[x->id] = y;
}

static void copies_for(Speculation *s, IrNode *i, uint32_t room)
{
    s->copies = jit_ir_alloc(s->f->module, room * sizeof *s->copies);
    s->copies[s->c.i->id] = i;
}

static IrNode *address(Speculation *s, IrBlock *b, IrNode *access)
{
    IrNode *base = jit_ir_op1(s->f, b, OP_BITS, M_I64, copy(s, b, access->args[0]));
    return jit_ir_op2(s->f, b, OP_ADD, M_I64, base, copy(s, b, access->args[1]));
}

typedef struct Span {
    IrNode *low, *high;
} Span;

/* The addresses that an access touches between two values of i. */
static Span span(Speculation *s, IrBlock *b, IrNode *access, IrNode *first, IrNode *last, uint32_t room)
{
    copies_for(s, first, room);
    IrNode *x = address(s, b, access);
    copies_for(s, last, room);
    IrNode *y = address(s, b, access), *less = jit_ir_op2(s->f, b, OP_LT, M_I1, x, y);
    IrNode *top = jit_ir_op3(s->f, b, OP_SELECT, M_I64, less, y, x);
    return (Span){jit_ir_op3(s->f, b, OP_SELECT, M_I64, less, x, y),
                  jit_ir_op2(s->f, b, OP_ADD, M_I64, top, jit_ir_int(s->f, b, M_I64, size_of(access)))};
}

/* In b: is no pair's store where its load reads, between i and the limit? NULL: nothing to ask. */
static IrNode *ask_apart(Speculation *s, IrBlock *b, IrNode *i, IrNode *limit, uint32_t room)
{
    IrNode *list[MAX_PAIRS][2], *all = NULL;
    int n = pairs(s, list);
    if (n <= 0) return NULL;
    IrNode *last = jit_ir_op2(s->f, b, s->c.up ? OP_SUB : OP_ADD, M_I64, limit, jit_ir_int(s->f, b, M_I64, 1));
    for (int k = 0; k < n; k++) {
        Span load = span(s, b, list[k][0], i, last, room), store = span(s, b, list[k][1], i, last, room);
        IrNode *below = jit_ir_op2(s->f, b, OP_LE, M_I1, load.high, store.low);
        IrNode *above = jit_ir_op2(s->f, b, OP_LE, M_I1, store.high, load.low);
        IrNode *apart = jit_ir_op2(s->f, b, OP_OR, M_I1, below, above);
        all = all ? jit_ir_op2(s->f, b, OP_AND, M_I1, all, apart) : apart;
    }
    return all;
}

/* `ok`, or the check is not met. */
static IrNode *where_met(Speculation *s, IrBlock *b, const Path *path, IrNode *ok)
{
    for (uint32_t i = 0; i < path->n; i++) {
        IrNode *c = copy(s, b, path->cond[i]);
        ok = jit_ir_op2(s->f, b, OP_OR, M_I1, ok, path->truth[i] ? jit_ir_op1(s->f, b, OP_NOT, M_I1, c) : c);
    }
    return ok;
}

static IrNode *ask_all(Speculation *s, IrBlock *b)
{
    IrNode *all = NULL;
    for (uint32_t k = 0; k < s->nchecks; k++) {
        IrNode *ok;
        if (s->asked[k]) {
            ok = copy(s, b, s->asked[k]);
        } else {
            IrNode *index = copy(s, b, s->checks[k]->args[0]);
            ok = jit_ir_op2(s->f, b, OP_LT, M_I1, jit_ir_op1(s->f, b, OP_CONV, M_U64, index),
                            jit_ir_op1(s->f, b, OP_CONV, M_U64, s->checks[k]->args[1]));
        }
        ok = where_met(s, b, &s->paths[k], ok);
        all = all ? jit_ir_op2(s->f, b, OP_AND, M_I1, all, ok) : ok;
    }
    return all;
}

/* scout(k, good): br k < limit, body, done;  body: good &= all conditions; jump scout(k + step, good) */
static void write_scout(Speculation *s, IrBlock *from, IrBlock *done, IrNode *i, IrNode *limit, uint32_t room)
{
    IrFunc *f = s->f;
    IrBlock *scout = jit_ir_block_after(f, from), *body = jit_ir_block_after(f, scout);
    IrNode *k = jit_ir_param_new(f, scout, M_I64, NULL), *good = jit_ir_param_new(f, scout, M_I1, NULL);
    IrNode *start[2] = {i, jit_ir_int(f, from, M_I1, 1)};
    jit_ir_jump(f, from, scout, 2, start);
    IrNode *more = jit_ir_op2(f, scout, s->c.up ? OP_LT : OP_GT, M_I1, k, limit);
    jit_ir_br(f, scout, more, body, done);
    jit_ir_set_edge(f, &scout->succ[1], done, 1, &good);
    copies_for(s, k, room);
    IrNode *all = jit_ir_op2(f, body, OP_AND, M_I1, good, ask_all(s, body));
    IrNode *next = jit_ir_op2(f, body, OP_ADD, M_I64, k, jit_ir_int(f, body, M_I64, s->c.step));
    next->flags |= NODE_NSW;
    jit_ir_jump(f, body, scout, 2, (IrNode *[]){next, all});
}

static void drop_checks(Speculation *s)
{
    for (uint32_t k = 0; k < s->nchecks; k++) {
        IrNode *x = s->checks[k];
        jit_ir_remark(s->f, 'h', x->pos, "check asked for %d iterations at once before they run, of which there are two versions",
                      SCOUT_CHUNK);
        if (x->op == OP_CHECK) {
            jit_ir_unlink(x);
            continue;
        }
        x->op = OP_WRAP;
        x->exit = NULL;
        x->flags |= NODE_POS | NODE_INRANGE;
        jit_ir_replace(x, x->args[0]);
    }
}

static IrNode *param_for(const Speculation *s, IrNode *x, IrBlock *other)
{
    for (uint32_t k = 0; k < s->c.head->nparam; k++)
        if (s->c.head->params[k] == x) return other->params[k];
    return x;
}

/* Uses of the head's parameters outside of the loop become uses of E's. */
static void use_ended(Speculation *s, IrBlock *ended)
{
    FOR_BLOCKS(b, s->f)
    {
        if (jit_cfg_in_loop(b, s->c.head)) continue;
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) x->args[i] = param_for(s, x->args[i], ended);
            for (uint32_t i = 0; x->exit && i < x->exit->n; i++)
                x->exit->args[i] = param_for(s, x->exit->args[i], ended);
        }
        for (uint32_t k = 0; k < b->nsucc; k++)
            for (uint32_t i = 0; i < b->succ[k].n; i++)
                b->succ[k].args[i] = param_for(s, b->succ[k].args[i], ended);
    }
}

/* A block with the head's parameters behind `where`. */
static IrBlock *like_head(const Speculation *s, IrBlock *where)
{
    IrBlock *b = jit_ir_block_after(s->f, where);
    for (uint32_t k = 0; k < s->c.head->nparam; k++) {
        IrNode *p = jit_ir_param_new(s->f, b, (MType)s->c.head->params[k]->mt, NULL);
        p->flags = s->c.head->params[k]->flags;
        p->name = s->c.head->params[k]->name;
    }
    return b;
}

/* The head now ends at the limit, in E, which goes on to the next chunk or leaves. */
static IrBlock *write_end(Speculation *s, IrBlock *outer, IrNode *limit)
{
    IrFunc *f = s->f;
    IrBlock *h = s->c.head, *ended = like_head(s, h);
    IrEdge leave = h->succ[1];
    IrNode *near = jit_ir_node_new(f, s->c.up ? OP_LT : OP_GT, M_I1, 2);
    near->args[0] = s->c.i;
    near->args[1] = limit;
    jit_ir_insert_before(h->last, near);
    h->last->args[0] = near;
    jit_ir_set_edge(f, &h->succ[1], ended, h->nparam, h->params);
    IrNode *more = jit_ir_op2(f, ended, s->c.up ? OP_LT : OP_GT, M_I1, param_for(s, s->c.i, ended), s->c.stop);
    jit_ir_br(f, ended, more, outer, leave.to);
    jit_ir_set_edge(f, &ended->succ[0], outer, h->nparam, ended->params);
    jit_ir_set_edge(f, &ended->succ[1], leave.to, leave.n, leave.args);
    return ended;
}

static void move_constants(Speculation *s)
{
    for (IrNode *x = s->c.head->first, *next; x; x = next) {
        next = x->next;
        if (x->op != OP_CONST) continue;
        jit_ir_unlink(x);
        jit_ir_insert_before(s->c.head->idom->last, x);
    }
}

static void rewrite(Speculation *s)
{
    IrFunc *f = s->f;
    IrBlock *h = s->c.head, *copies[MAX_BODY], *slow = NULL;
    IrNode **map;
    s->c.chunk = SCOUT_CHUNK;
    move_constants(s);
    IrBlock *outer = jit_counting_outer(&s->c), *split = jit_ir_block_after(f, outer);
    IrNode *i = param_for(s, s->c.i, outer), *stop = s->c.stop;
    jit_ir_unlink(s->c.poll);
    jit_ir_append(outer, s->c.poll);
    for (uint32_t k = 0; s->c.poll->exit && k < s->c.poll->exit->n; k++)
        s->c.poll->exit->args[k] = param_for(s, s->c.poll->exit->args[k], outer);
    IrNode *limit = jit_counting_limit(&s->c, outer, i);
    IrBlock *ended = write_end(s, outer, limit);
    use_ended(s, ended);
    jit_ir_number(f); /* before parts of the loop are written by id */
    uint32_t room = f->next_node;
    IrNode *far = s->c.up ? jit_ir_op2(f, outer, OP_SUB, M_I64, stop, i) : jit_ir_op2(f, outer, OP_SUB, M_I64, i, stop);
    IrNode *enough = jit_ir_op2(f, outer, OP_GE, M_I1, far, jit_ir_int(f, outer, M_I64, SHORT));
    IrNode *apart = ask_apart(s, outer, i, limit, room);
    if (apart) enough = jit_ir_op2(f, outer, OP_AND, M_I1, enough, apart);
    IrBlock *before = jit_ir_block_after(f, outer);
    IrNode *good = jit_ir_param_new(f, split, M_I1, NULL);
    write_scout(s, before, split, i, limit, room);
    jit_clone_blocks(f, s->blocks, s->nblocks, copies, &map);
    for (uint32_t k = 0; k < s->nblocks; k++) {
        copies[k]->flags |= BLOCK_SLOW;
        if (s->blocks[k] == h) slow = copies[k];
    }
    jit_ir_br(f, outer, enough, before, slow);
    jit_ir_set_edge(f, &outer->succ[1], slow, h->nparam, outer->params);
    jit_ir_br(f, split, good, h, slow);
    jit_ir_set_edge(f, &split->succ[0], h, h->nparam, outer->params);
    jit_ir_set_edge(f, &split->succ[1], slow, h->nparam, outer->params);
    drop_checks(s);
    jit_ir_resolve(f);
}

static bool speculate(IrFunc *f, IrBlock *head)
{
    Speculation s = {.f = f};
    IrNode *list[MAX_PAIRS][2];
    if (!jit_counting_find(f, head, &s.c) || !s.c.poll || !collect(&s) || !leaves_params(&s) ||
        pairs(&s, list) < 0)
        return false;
    rewrite(&s);
    jit_cfg_analyze(f);
    return true;
}

bool jit_speculate_run(IrFunc *f)
{
    IrBlock *heads[MAX_LOOPS];
    uint32_t n = 0;
    bool changed = false;
    jit_cfg_analyze(f);
    jit_ir_number(f);
    FOR_BLOCKS(b, f)
    if (b->loop == b && !(b->flags & (BLOCK_SLOW | BLOCK_COLD)) && n < MAX_LOOPS) heads[n++] = b;
    for (uint32_t k = 0; k < n; k++) changed |= speculate(f, heads[k]);
    return changed;
}
