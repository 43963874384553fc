/* Loop versioning: asks once, before a loop, what every iteration would check.
 *
 *     for i in range(n): c[i] = a[i] + b[i]
 *
 *     if n <= len(a) and n <= len(b) and n <= len(c):   the guard
 *         the loop without checks                       the fast copy, which vectorises
 *     else:
 *         the loop as it was                            the slow copy, which raises where it must
 *
 * For an index check the smallest and largest value of the index over the whole loop (nest) are
 * computed as
 * code before it, by interval arithmetic over the expression: an induction variable runs from the
 * bounds of
 * its first value to the bounds of its limit, sums and products follow. What is invariant stands
 * for
 * itself. So triangular nests, i * m + j and stencils need no special case. The arithmetic must
 * not overflow;
 * every invariant that enters it is required (by the guard) to be small, which also bounds all
 * intermediate
 * results, so overflow checks on the same expressions fall as well.
 *
 * Outer loops are tried first: a guard before the whole nest costs nothing. What cannot be asked
 * there (an
 * index that was loaded) is asked before the inner loop of the fast copy, or stays.
 *
 * Both copies define the values that are used behind the loop, so these are first passed through
 * parameters
 * of the loop's exit blocks. A loop whose values are used where two of its exits have met again
 * is left alone.
 */
#include "jit/passes/facts.h"
#include "jit/passes/passes.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCKS = 256, MAX_CHECKS = 128, MAX_VERSIONS = 6, MAX_NODES = 6000 };
enum { LEAF_BITS_SUM = 58, LEAF_BITS_PRODUCT = 30, SAFE_BITS = 62 };

typedef struct Bound {
    IrNode *lo, *hi; /* NULL: unknown */
    int bits;        /* |lo|, |hi| < 2**bits under the guard */
    bool done;
} Bound;

typedef struct Version {
    IrFunc *f;
    IrBlock *head, *pre; /* pre jumps to head and is its only entry */
    IrBlock *blocks[MAX_BLOCKS];
    uint32_t nblocks;
    IrNode *checks[MAX_CHECKS];
    uint32_t nchecks;
    Bound *memo; /* by node id */
    uint32_t nmemo;
    IrNode *guard;      /* i1, or NULL */
    IrNode *leaves[64]; /* already limited */
    int leaf_bits[64];
    uint32_t nleaves;
    bool products;      /* limit leaves for products */
    const IrBlock *use; /* where the expression in hand is used */
} Version;

/* ---- emitting before the loop ---- */

static IrNode *emit(Version *v, IrOp op, IrNode *a, IrNode *b)
{
    IrNode *x = jit_ir_node_new(v->f, op, jit_ir_ops[op].scalar == 'c' ? M_I1 : (MType)a->mt, 2);
    x->args[0] = a;
    x->args[1] = b;
    jit_ir_insert_before(v->pre->last, x);
    return x;
}

static IrNode *constant(Version *v, int64_t k)
{
    IrNode *x = jit_ir_node_new(v->f, OP_CONST, M_I64, 0);
    x->imm.i = k;
    jit_ir_insert_before(v->pre->last, x);
    return x;
}

static IrNode *choose(Version *v, IrOp op, IrNode *a, IrNode *b)
{
    IrNode *x = jit_ir_node_new(v->f, OP_SELECT, M_I64, 3);
    x->args[0] = emit(v, op, a, b);
    x->args[1] = a;
    x->args[2] = b;
    jit_ir_insert_before(v->pre->last, x);
    return x;
}

static void require(Version *v, IrNode *cond)
{
    v->guard = v->guard ? emit(v, OP_AND, v->guard, cond) : cond;
}

/* ---- bounds ---- */

static bool inside(const Version *v, const IrNode *x) { return jit_cfg_in_loop(x->block, v->head); }

static Bound limit_leaf(Version *v, IrNode *x)
{
    int bits = v->products ? LEAF_BITS_PRODUCT : LEAF_BITS_SUM;
    for (uint32_t i = 0; i < v->nleaves; i++)
        if (v->leaves[i] == x && v->leaf_bits[i] <= bits) return (Bound){x, x, bits, true};
    if (v->nleaves == 64) return (Bound){.done = true};
    v->leaves[v->nleaves] = x;
    v->leaf_bits[v->nleaves++] = bits;
    IrNode *most = constant(v, (int64_t)1 << bits);
    if (!jit_facts_le(x, NULL, (int64_t)1 << bits, v->pre->last)) require(v, emit(v, OP_LT, x, most));
    if (!jit_facts_nonneg(x, v->pre->last))
        require(v, emit(v, OP_GT, x, constant(v, -((int64_t)1 << bits))));
    return (Bound){x, x, bits, true};
}

static int bits_of(int64_t k)
{
    int n = 0;
    for (uint64_t u = k < 0 ? 0 - (uint64_t)k : (uint64_t)k; u; u >>= 1) n++;
    return n;
}

static Bound bounds(Version *v, IrNode *x, int depth);

static Bound add(Version *v, Bound a, Bound b, bool minus)
{
    Bound r = {.done = true, .bits = (a.bits > b.bits ? a.bits : b.bits) + 1};
    if (!a.lo || !b.lo || r.bits > SAFE_BITS) return (Bound){.done = true};
    r.lo = emit(v, minus ? OP_SUB : OP_ADD, a.lo, minus ? b.hi : b.lo);
    r.hi = a.lo == a.hi && b.lo == b.hi
               ? r.lo
               : emit(v, minus ? OP_SUB : OP_ADD, a.hi, minus ? b.lo : b.hi);
    return r;
}

static Bound multiply(Version *v, Bound a, Bound b)
{
    Bound r = {.done = true, .bits = a.bits + b.bits};
    if (!a.lo || !b.lo || r.bits > SAFE_BITS) return (Bound){.done = true};
    bool one_a = a.lo == a.hi, one_b = b.lo == b.hi;
    IrNode *p = emit(v, OP_MUL, a.lo, b.lo);
    r.lo = r.hi = p;
    if (one_a && one_b) return r;
    IrNode *q = emit(v, OP_MUL, a.hi, b.hi);
    r.lo = choose(v, OP_LT, p, q);
    r.hi = choose(v, OP_GT, p, q);
    if (!one_a && !one_b) {
        IrNode *s = emit(v, OP_MUL, a.lo, b.hi), *t = emit(v, OP_MUL, a.hi, b.lo);
        r.lo = choose(v, OP_LT, r.lo, choose(v, OP_LT, s, t));
        r.hi = choose(v, OP_GT, r.hi, choose(v, OP_GT, s, t));
    }
    return r;
}

/* The constant that x adds to p, if it does so. */
static bool is_step(const IrNode *x, const IrNode *p, int64_t *k)
{
    bool add_op = x->op == OP_ADDC || x->op == OP_ADD, sub = x->op == OP_SUBC || x->op == OP_SUB;
    if ((!add_op && !sub) || x->args[0] != p || x->args[1]->op != OP_CONST) return false;
    *k = sub ? -x->args[1]->imm.i : x->args[1]->imm.i;
    return true;
}

/* A parameter of a loop header that steps by a constant and is compared with a limit there. */
static Bound induction(Version *v, IrNode *p, int depth)
{
    Bound none = {.done = true};
    IrBlock *h = p->block;
    IrNode *init = NULL, *cond = h->last->op == OP_BR ? h->last->args[0] : NULL;
    int64_t step = 0;
    uint32_t at = 0;
    if (!cond || h->loop != h || !jit_cfg_in_loop(h->succ[0].to, h) || h->succ[0].to->npred != 1 ||
        !jit_cfg_dominates(h->succ[0].to, v->use))
        return none;
    while (h->params[at] != p) at++;
    for (uint32_t e = 0; e < h->npred; e++) {
        IrNode *a = h->pred_edges[e]->args[at];
        int64_t k = 0;
        if (jit_cfg_in_loop(h->preds[e], h)) {
            if (!is_step(a, p, &k) || k == 0 || (step && (k > 0) != (step > 0))) return none;
            step = k;
        } else if (init && init != a) {
            return none;
        } else {
            init = a;
        }
    }
    if (!init || !step) return none;
    while (cond->op == OP_AND) /* one conjunct must be the comparison */
        cond = jit_ir_ops[cond->args[0]->op].scalar == 'c' && cond->args[0]->args[0] == p
                   ? cond->args[0]
                   : cond->args[1];
    bool up = step > 0, less = cond->op == OP_LT || cond->op == OP_LE;
    bool more = cond->op == OP_GT || cond->op == OP_GE;
    IrNode *limit;
    if ((less || more) && cond->args[0] == p && less == up)
        limit = cond->args[1];
    else if ((less || more) && cond->args[1] == p && more == up)
        limit = cond->args[0];
    else
        return none;
    bool strict = cond->op == OP_LT || cond->op == OP_GT;
    Bound a = bounds(v, init, depth + 1), b = bounds(v, limit, depth + 1);
    if (!a.lo || !b.lo) return none;
    Bound r = {.done = true, .bits = (a.bits > b.bits ? a.bits : b.bits) + 1};
    if (r.bits > SAFE_BITS) return none;
    IrNode *one = constant(v, 1);
    if (up) {
        r.lo = a.lo;
        r.hi = strict ? emit(v, OP_SUB, b.hi, one) : b.hi;
    } else {
        r.hi = a.hi;
        r.lo = strict ? emit(v, OP_ADD, b.lo, one) : b.lo;
    }
    return r;
}

static Bound range_of_type(Version *v, const IrNode *x)
{
    static const struct {
        int64_t lo, hi;
        int bits;
    } ranges[M_COUNT] = {[M_I1] = {0, 1, 1},
                         [M_I8] = {INT8_MIN, INT8_MAX, 8},
                         [M_U8] = {0, UINT8_MAX, 8},
                         [M_I16] = {INT16_MIN, INT16_MAX, 16},
                         [M_U16] = {0, UINT16_MAX, 16}};
    MType m = (MType)x->args[0]->mt;
    if (!ranges[m].bits) return (Bound){.done = true};
    return (Bound){constant(v, ranges[m].lo), constant(v, ranges[m].hi), ranges[m].bits, true};
}

static Bound compute(Version *v, IrNode *x, int depth)
{
    Bound none = {.done = true};
    if (depth > 20) return none;
    if (x->op == OP_CONST) {
        int bits = bits_of(x->imm.i);
        IrNode *c = bits > SAFE_BITS ? NULL : constant(v, x->imm.i);
        return (Bound){c, c, bits, true};
    }
    if (!inside(v, x)) return limit_leaf(v, x);
    switch (x->op) {
    case OP_ADD:
    case OP_ADDC:
    case OP_SUB:
    case OP_SUBC: {
        Bound a = bounds(v, x->args[0], depth + 1);
        return a.lo ? add(v, a, bounds(v, x->args[1], depth + 1),
                          x->op == OP_SUB || x->op == OP_SUBC)
                    : none;
    }
    case OP_MUL:
    case OP_MULC: {
        Bound a = bounds(v, x->args[0], depth + 1);
        return a.lo ? multiply(v, a, bounds(v, x->args[1], depth + 1)) : none;
    }
    case OP_MOD:
    case OP_AND:
        if (x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0) {
            int64_t k = x->args[1]->imm.i - (x->op == OP_MOD);
            return (Bound){constant(v, 0), constant(v, k), bits_of(k), true};
        }
        return none;
    case OP_FLOORDIV: {
        Bound a = x->args[1]->op == OP_CONST && x->args[1]->imm.i > 0
                      ? bounds(v, x->args[0], depth + 1)
                      : none;
        if (!a.lo) return none;
        IrNode *k = constant(v, x->args[1]->imm.i);
        return (Bound){emit(v, OP_FLOORDIV, a.lo, k), emit(v, OP_FLOORDIV, a.hi, k), a.bits, true};
    }
    case OP_CONV: return range_of_type(v, x);
    case OP_PARAM: return induction(v, x, depth);
    default: return none;
    }
}

static Bound bounds(Version *v, IrNode *x, int depth)
{
    if (x->mt != M_I64) return (Bound){.done = true};
    if (x->id < v->nmemo && v->memo[x->id].done) return v->memo[x->id];
    Bound b = compute(v, x, depth);
    if (x->id < v->nmemo) v->memo[x->id] = b;
    return b;
}

static bool has_product(const IrNode *x, int depth)
{
    if (depth > 8) return false;
    if ((x->op == OP_MUL || x->op == OP_MULC) && x->args[0]->op != OP_CONST &&
        x->args[1]->op != OP_CONST)
        return true;
    if (x->op == OP_PARAM || x->mt != M_I64) return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (has_product(x->args[i], depth + 1)) return true;
    return false;
}

/* ---- candidates ---- */

static bool is_candidate(const IrNode *x)
{
    return (x->op == OP_INDEX && !(x->flags & NODE_INRANGE)) || x->op == OP_ADDC ||
           x->op == OP_SUBC || x->op == OP_MULC;
}

static uint32_t gather(Version *v)
{
    uint32_t index_checks = 0;
    for (uint32_t k = 0; k < v->nblocks; k++) {
        if (v->blocks[k]->loop == v->blocks[k]) /* a header's own nodes run once past the limit */
            continue;
        FOR_NODES(x, v->blocks[k])
        if (is_candidate(x) && v->nchecks < MAX_CHECKS) {
            v->checks[v->nchecks++] = x;
            index_checks += x->op == OP_INDEX;
            v->products |= has_product(x, 0);
        }
    }
    return index_checks;
}

/* Adds what makes the check superfluous to the guard; false if that cannot be asked here. */
static bool ask(Version *v, IrNode *x)
{
    v->use = x->block;
    if (x->op != OP_INDEX) {
        Bound a = bounds(v, x->args[0], 0), b = a.lo ? bounds(v, x->args[1], 0) : a;
        if (!a.lo || !b.lo) return false;
        int bits = x->op == OP_MULC ? a.bits + b.bits : (a.bits > b.bits ? a.bits : b.bits) + 1;
        return bits <= SAFE_BITS;
    }
    IrNode *n = x->args[1];
    if (inside(v, n)) return false;
    Bound i = bounds(v, x->args[0], 0);
    if (!i.lo) return false;
    if (!(x->flags & NODE_POS)) require(v, emit(v, OP_GE, i.lo, constant(v, 0)));
    require(v, emit(v, OP_LT, i.hi, n));
    return true;
}

/* ---- the loop's shape ---- */

static bool find_preheader(Version *v)
{
    IrBlock *h = v->head;
    uint32_t outside = 0;
    for (uint32_t e = 0; e < h->npred; e++)
        if (!jit_cfg_in_loop(h->preds[e], h)) {
            outside++;
            v->pre = h->preds[e];
            if (h->pred_nodes[e] != v->pre->last) return false;
        }
    return outside == 1 && v->pre->nsucc == 1 && v->pre->last->op == OP_JUMP;
}

static bool collect_blocks(Version *v)
{
    FOR_BLOCKS(b, v->f)
    {
        if (!jit_cfg_in_loop(b, v->head)) continue;
        if (v->nblocks == MAX_BLOCKS) return false;
        v->blocks[v->nblocks++] = b;
    }
    return true;
}

static bool is_dedicated(const Version *v, const IrBlock *b)
{
    for (uint32_t p = 0; p < b->npred; p++)
        if (!jit_cfg_in_loop(b->preds[p], v->head)) return false;
    return b->npred > 0;
}

/* The exit block through which a value of the loop reaches a use in block b; NULL: no single one.
 * */
static IrBlock *exit_towards(const Version *v, IrBlock *b)
{
    for (; b; b = b->idom) {
        if (jit_cfg_in_loop(b, v->head)) return NULL;
        if (is_dedicated(v, b)) return b;
    }
    return NULL;
}

typedef struct Escape {
    IrNode *value, *param;
    IrBlock *exit;
} Escape;

typedef struct Escapes {
    Escape list[256];
    uint32_t n;
    bool failed;
} Escapes;

/* Makes a use outside read the exit block's parameter. With `dry` only looks whether that is
 * possible. */
static void escape(Version *v, Escapes *s, IrNode **use, IrBlock *where, bool dry)
{
    IrNode *x = *use;
    if (!inside(v, x) || s->failed) return;
    IrBlock *exit = exit_towards(v, where);
    if (!exit || s->n == 256 || x->mt == M_OWN) {
        s->failed = true;
        return;
    }
    if (dry) return;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->list[i].value == x && s->list[i].exit == exit) {
            *use = s->list[i].param;
            return;
        }
    IrNode *p = jit_ir_param_new(v->f, exit, (MType)x->mt, NULL);
    p->flags = x->flags & NODE_NONNEG;
    p->name = x->name;
    for (uint32_t e = 0; e < exit->npred; e++) jit_ir_edge_push(v->f, exit->pred_edges[e], x);
    s->list[s->n++] = (Escape){x, p, exit};
    *use = p;
}

static void escape_uses(Version *v, Escapes *s, bool dry)
{
    FOR_BLOCKS(b, v->f)
    {
        if (jit_cfg_in_loop(b, v->head)) continue;
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) escape(v, s, &x->args[i], b, dry);
            for (uint32_t i = 0; x->exit && i < x->exit->n; i++)
                escape(v, s, &x->exit->args[i], b, dry);
        }
        for (uint32_t k = 0; k < b->nsucc; k++)
            for (uint32_t i = 0; i < b->succ[k].n; i++) escape(v, s, &b->succ[k].args[i], b, dry);
    }
}

/* ---- doing it ---- */

static void drop_check(IrNode *x)
{
    x->exit = NULL;
    switch (x->op) {
    case OP_INDEX:
        x->flags |= NODE_POS | NODE_INRANGE;
        x->op = OP_WRAP;
        jit_ir_replace(x, x->args[0]);
        return;
    case OP_ADDC: x->op = OP_ADD; break;
    case OP_SUBC: x->op = OP_SUB; break;
    default: x->op = OP_MUL; break;
    }
    x->flags |= NODE_NSW;
}

static void split_versions(Version *v, IrNode *const *asked, uint32_t n)
{
    IrBlock *copies[MAX_BLOCKS], *fast = NULL;
    IrNode **map;
    jit_clone_blocks(v->f, v->blocks, v->nblocks, copies, &map);
    for (uint32_t k = 0; k < v->nblocks; k++) {
        if (v->blocks[k] == v->head) fast = copies[k];
        v->blocks[k]->flags |= BLOCK_SLOW;
    }
    for (uint32_t i = 0; i < n; i++) {
        jit_ir_remark(v->f, 'h', asked[i]->pos, "%s check asked once, before the loop, of which there are two versions",
                      asked[i]->op == OP_INDEX ? "bounds" : "overflow");
        drop_check(map[asked[i]->id]);
    }
    IrNode *jump = v->pre->last;
    IrEdge entry = v->pre->succ[0];
    jit_ir_unlink(jump);
    jit_ir_br(v->f, v->pre, v->guard, fast, v->head);
    jit_ir_set_edge(v->f, &v->pre->succ[0], fast, entry.n, entry.args);
    jit_ir_set_edge(v->f, &v->pre->succ[1], v->head, entry.n, entry.args);
    jit_ir_resolve(v->f);
    jit_cfg_analyze(v->f);
}

/* Code emitted for a guard that is then not wanted is dead, and goes with the dead code. */
static bool version_loop(IrFunc *f, IrBlock *head)
{
    Version v = {.f = f, .head = head};
    Escapes s = {.n = 0};
    IrNode *asked[MAX_CHECKS];
    uint32_t n = 0, index_checks = 0;
    if (!find_preheader(&v) || !collect_blocks(&v) || gather(&v) == 0) return false;
    escape_uses(&v, &s, true);
    if (s.failed) return false;
    jit_ir_number(f);
    v.nmemo = f->next_node;
    v.memo = jit_ir_alloc(f->module, (v.nmemo + 1) * sizeof *v.memo);
    for (int round = 0; round < 2; round++) /* indices first: without them there is no point */
        for (uint32_t i = 0; i < v.nchecks; i++) {
            bool index = v.checks[i]->op == OP_INDEX;
            if (index != (round == 0) || (round == 1 && !index_checks) || !ask(&v, v.checks[i]))
                continue;
            asked[n++] = v.checks[i];
            index_checks += index;
        }
    if (!index_checks || !v.guard) return false;
    escape_uses(&v, &s, false);
    jit_cfg_analyze(f);
    split_versions(&v, asked, n);
    return true;
}

static uint32_t count_nodes(const IrFunc *f)
{
    uint32_t n = 0;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    n++;
    return n;
}

bool jit_version_run(IrFunc *f)
{
    int made = 0;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    b->flags &= (uint16_t)~BLOCK_SEEN;
    for (bool again = true; again && made < MAX_VERSIONS && count_nodes(f) < MAX_NODES;) {
        again = false;
        uint32_t n;
        IrBlock **rpo = jit_cfg_rpo(f, &n); /* outer headers before inner ones */
        for (uint32_t i = 0; i < n && !again; i++) {
            IrBlock *h = rpo[i];
            if (h->loop != h || h->flags & (BLOCK_SLOW | BLOCK_SEEN)) continue;
            h->flags |= BLOCK_SEEN;
            again = version_loop(f, h);
            made += again;
        }
    }
    return made > 0;
}
