/* Simplification: constant folding, algebraic identities and value numbering in one walk.
 *
 * Blocks are visited in reverse postorder; a node's arguments are simplified before it. A pure
 * node that
 * equals a dominating one is replaced by it (value numbering over a hash of op, type, immediates
 * and
 * arguments; a chain entry is used only if its block dominates). Block parameters that receive
 * one value
 * on all edges are that value. Branches on constants become jumps, empty blocks are jumped over.
 *
 * Rules must keep every bit and every exception: floats are folded by the evaluator's own bodies
 * and
 * otherwise touched only where IEEE allows for all inputs (x * 1, -(-x)); x + 0 is not x for
 * -0.0. A
 * checked op may lose its check only when no input can fail it; a check op on a true condition
 * goes.
 */
#include "jit/ir/eval.h"
#include "jit/passes/passes.h"

#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    IrNode *node;
    struct Entry *next;
} Entry;

typedef struct Simplify {
    IrFunc *f;
    Entry **table;
    uint32_t size;
    bool changed;
} Simplify;

/* ---- identities ---- */

static bool is_int(const IrNode *x, int64_t v) { return jit_ir_is_int(x, v); }

static IrNode *constant(Simplify *s, IrNode *at, MType m, int64_t v)
{
    IrNode *c = jit_ir_node_new(s->f, OP_CONST, m, 0);
    c->imm.i = v;
    jit_ir_insert_before(at, c);
    return c;
}

static bool is_commutative(IrOp op)
{
    return op == OP_ADD || op == OP_MUL || op == OP_AND || op == OP_OR || op == OP_XOR ||
           op == OP_EQ || op == OP_NE || op == OP_ADDC || op == OP_MULC;
}

/* Turns the node into another op on the same arguments. */
static IrNode *become(Simplify *s, IrNode *x, IrOp op)
{
    x->op = (uint16_t)op;
    x->exit = NULL;
    s->changed = true;
    return NULL;
}

static IrNode *rule_int(Simplify *s, IrNode *x, IrNode *a, IrNode *b)
{
    MType m = (MType)x->mt;
    switch (x->op) {
    case OP_ADD:
    case OP_ADDC: return is_int(b, 0) ? a : NULL;
    case OP_SUB:
    case OP_SUBC:
        if (a == b) return constant(s, x, m, 0);
        return is_int(b, 0) ? a : NULL;
    case OP_MUL:
    case OP_MULC:
        if (is_int(b, 0)) return b;
        return is_int(b, 1) ? a : NULL;
    case OP_FLOORDIV: return is_int(b, 1) ? a : NULL;
    case OP_MOD: return is_int(b, 1) ? constant(s, x, m, 0) : NULL;
    case OP_AND:
        if (a == b) return a;
        if (is_int(b, 0)) return b;
        return m == M_I1 && is_int(b, 1) ? a : NULL;
    case OP_OR:
        if (a == b || is_int(b, 0)) return a;
        return m == M_I1 && is_int(b, 1) ? b : NULL;
    case OP_XOR:
        if (a == b) return constant(s, x, m, 0);
        return is_int(b, 0) ? a : NULL;
    case OP_SHL:
    case OP_SHR:
    case OP_SHLC: return is_int(b, 0) ? a : NULL;
    default: return NULL;
    }
}

/* !(a < b) is a >= b for ints. */
static IrNode *rule_not(Simplify *s, IrNode *x, IrNode *a)
{
    static const uint8_t opposite[] = {OP_NE, OP_EQ, OP_GE, OP_GT, OP_LE, OP_LT};
    if (a->op == OP_NOT) return a->args[0];
    bool compare = jit_ir_ops[a->op].scalar == 'c';
    if (x->mt != M_I1 || !compare ||
        (jit_mtype_is_float((MType)a->args[0]->mt) && a->op != OP_EQ && a->op != OP_NE))
        return NULL;
    IrNode *c = jit_ir_node_new(s->f, (IrOp)opposite[a->op - OP_EQ], M_I1, 2);
    c->args[0] = a->args[0];
    c->args[1] = a->args[1];
    c->pos = x->pos;
    jit_ir_insert_before(x, c);
    return c;
}

static IrNode *rule_compare(Simplify *s, IrNode *x, IrNode *a, IrNode *b)
{
    if (jit_mtype_is_float((MType)a->mt)) return NULL;
    if (a == b) return constant(s, x, M_I1, x->op == OP_EQ || x->op == OP_LE || x->op == OP_GE);
    if (a->mt == M_I1 && x->op == OP_NE && is_int(b, 0)) return a;
    return NULL;
}

static IrNode *rule_select(IrNode *x)
{
    IrNode *c = x->args[0], *a = x->args[1], *b = x->args[2];
    if (a == b) return a;
    if (c->op == OP_CONST) return c->imm.i & 1 ? a : b;
    if (x->mt == M_I1 && is_int(a, 1) && is_int(b, 0)) return c;
    /* a == b ? a : b, the clamp of equal lengths */
    if (c->op == OP_EQ && jit_mtype_is_int((MType)x->mt) &&
        ((c->args[0] == a && c->args[1] == b) || (c->args[0] == b && c->args[1] == a)))
        return b;
    return NULL;
}

static IrNode *rule_conv(IrNode *x, IrNode *a)
{
    if (x->mt == a->mt) return a;
    /* there and back between the two signs of one width */
    if (a->op == OP_CONV && a->args[0]->mt == x->mt && jit_mtype_is_int((MType)a->mt) &&
        jit_mtype_is_int((MType)x->mt) &&
        jit_mtype_size((MType)a->mt) >= jit_mtype_size((MType)x->mt))
        return a->args[0];
    return NULL;
}

static IrNode *rule(Simplify *s, IrNode *x)
{
    IrNode *a = x->n > 0 ? x->args[0] : NULL, *b = x->n > 1 ? x->args[1] : NULL;
    if (x->n == 2 && is_commutative((IrOp)x->op) && a->op == OP_CONST && b->op != OP_CONST) {
        x->args[0] = b;
        x->args[1] = a;
        IrNode *t = a;
        a = b;
        b = t;
    }
    switch (x->op) {
    case OP_SELECT: return rule_select(x);
    case OP_CONV: return rule_conv(x, a);
    case OP_NOT: return rule_not(s, x, a);
    case OP_NEG: return a->op == OP_NEG ? a->args[0] : NULL;
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return rule_compare(s, x, a, b);
    case OP_MUL:
        if (jit_mtype_is_float((MType)x->mt)) return b->op == OP_CONST && b->imm.f == 1 ? a : NULL;
        return rule_int(s, x, a, b);
    case OP_DIV: return b->op == OP_CONST && b->imm.f == 1 ? a : NULL;
    case OP_NEGC:
        if (a->op == OP_CONST && a->imm.i != INT64_MIN) return constant(s, x, M_I64, -a->imm.i);
        return NULL;
    case OP_PTRADD: return is_int(b, 0) ? a : NULL;
    case OP_NARROW:
        if (a->op == OP_CONST) {
            IrNode probe = *x;
            uint64_t v;
            probe.op = OP_CONV;
            IrNode back = {.op = OP_CONV, .mt = M_I64, .n = 1}, mid = {.op = OP_CONST, .mt = x->mt};
            IrNode *arg = &mid;
            if (!jit_eval_fold(&probe, &v)) return NULL;
            jit_eval_set_const(&mid, (MType)x->mt, v);
            back.args = &arg;
            uint64_t again;
            if (!jit_eval_fold(&back, &again) || (int64_t)again != a->imm.i ||
                (x->mt == M_U64 && a->imm.i < 0))
                return NULL;
            return become(s, x, OP_CONV);
        }
        return NULL;
    default:
        return x->n == 2 && (jit_mtype_is_int((MType)x->mt) || x->mt == M_I1) ? rule_int(s, x, a, b)
                                                                              : NULL;
    }
}

/* ---- value numbering ---- */

static bool is_numbered(const IrNode *x)
{
    return x->mt != M_VOID && x->op != OP_PARAM && x->op != OP_PROJ && x->op != OP_OWNNONE &&
           x->mt != M_OWN &&
           (jit_ir_is_pure(x) || jit_ir_ops[x->op].scalar == 'k' || x->op == OP_INDEX ||
            x->op == OP_TOINT || x->op == OP_NARROW);
}

static uint32_t hash(const IrNode *x)
{
    uint64_t h = x->op * 31u + x->mt * 7u + x->sub;
    if (x->op == OP_CONST)
        h = h * 1000003u + jit_eval_const_slot(x);
    else if (jit_ir_ops[x->op].imm == IMM_INT)
        h = h * 1000003u + (uint64_t)x->imm.i;
    for (uint32_t i = 0; i < x->n; i++) h = h * 1000003u + (uint64_t)(uintptr_t)x->args[i];
    return (uint32_t)(h ^ (h >> 32) ^ (h >> 17));
}

/* Flags (no wrap, divisor not zero) are facts proved where the earlier node stands; they hold for
 * the
 * value, and so for the later node that it dominates. */
static bool same(const IrNode *x, const IrNode *y)
{
    if (x->op != y->op || x->mt != y->mt || x->sub != y->sub || x->n != y->n) return false;
    if (x->op == OP_CONST && jit_eval_const_slot(x) != jit_eval_const_slot(y)) return false;
    if (jit_ir_ops[x->op].imm == IMM_INT && x->imm.i != y->imm.i) return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (x->args[i] != y->args[i]) return false;
    return true;
}

static IrNode *find_equal(Simplify *s, IrNode *x)
{
    if (!is_numbered(x)) return NULL;
    uint32_t h = hash(x) & (s->size - 1);
    /* an exit's block does not come behind all of the block that dominates it */
    bool exit = jit_cfg_is_exit(x->block);
    for (Entry *e = s->table[h]; e && !exit; e = e->next)
        if (!e->node->repl && same(x, e->node) && jit_cfg_dominates(e->node->block, x->block))
            return e->node;
    Entry *e = jit_ir_alloc(s->f->module, sizeof *e);
    e->node = x;
    e->next = s->table[h];
    s->table[h] = e;
    return NULL;
}

/* ---- the walk ---- */

static void simplify_node(Simplify *s, IrNode *x)
{
    uint64_t folded;
    for (uint32_t i = 0; i < x->n; i++) x->args[i] = jit_ir_root(x->args[i]);
    if (x->op == OP_CHECK && is_int(x->args[0], 1)) {
        jit_ir_unlink(x);
        s->changed = true;
        return;
    }
    if (x->n && x->mt && jit_eval_fold(x, &folded)) {
        jit_eval_set_const(x, (MType)x->mt, folded);
        x->op = OP_CONST;
        x->n = 0;
        x->sub = 0;
        x->flags = 0;
        x->exit = NULL;
        s->changed = true;
    }
    IrNode *by = x->mt ? rule(s, x) : NULL;
    if (!by) by = find_equal(s, x);
    if (by && by != x) {
        jit_ir_replace(x, by);
        s->changed = true;
    }
}

static bool fold_branch(IrBlock *b)
{
    IrNode *t = b->last;
    if (t->op != OP_BR) return false;
    IrNode *c = jit_ir_root(t->args[0]);
    bool same_edges = b->succ[0].to == b->succ[1].to && b->succ[0].n == b->succ[1].n;
    for (uint32_t i = 0; same_edges && i < b->succ[0].n; i++)
        same_edges = jit_ir_root(b->succ[0].args[i]) == jit_ir_root(b->succ[1].args[i]);
    if (c->op != OP_CONST && !same_edges) return false;
    if (!same_edges && !(c->imm.i & 1)) b->succ[0] = b->succ[1];
    b->nsucc = 1;
    t->op = OP_JUMP;
    t->n = 0;
    return true;
}

/* Removes blocks that only jump on, and joins a block to its only successor's only predecessor. */
static bool tidy_blocks(IrFunc *f)
{
    bool changed = false;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    {
        while (b->nsucc == 1 && b->last->op == OP_JUMP) {
            IrBlock *next = b->succ[0].to;
            if (next == b || next == f->first || next->npred != 1 || jit_cfg_leaves_for_handler(b)) break;
            bool owned = false;
            for (uint32_t i = 0; i < next->nparam; i++) owned |= next->params[i]->mt == M_OWN;
            if (owned) break;
            for (uint32_t i = 0; i < next->nparam; i++)
                jit_ir_replace(next->params[i], b->succ[0].args[i]);
            jit_ir_unlink(b->last);
            for (IrNode *x = next->first, *after; x; x = after) {
                after = x->next;
                jit_ir_append(b, x);
            }
            next->first = next->last = NULL;
            b->nsucc = next->nsucc;
            b->succ[0] = next->succ[0];
            b->succ[1] = next->succ[1];
            b->flags |= next->flags & BLOCK_COLD;
            jit_ir_block_remove(f, next);
            next->npred = 0;
            changed = true;
        }
    }
    if (changed) {
        jit_ir_resolve(f);
        jit_cfg_analyze(f);
    }
    return changed;
}

bool jit_simplify_run(IrFunc *f)
{
    Simplify s = {.f = f};
    bool any = false;
    for (int round = 0; round < 3; round++) {
        jit_cfg_analyze(f);
        bool params = jit_cfg_simplify_params(f);
        jit_ir_number(f);
        s.size = 64;
        while (s.size < f->next_node) s.size *= 2;
        s.table = jit_ir_alloc(f->module, s.size * sizeof *s.table);
        s.changed = false;
        uint32_t n;
        IrBlock **rpo = jit_cfg_rpo(f, &n);
        for (uint32_t i = 0; i < n; i++)
            for (IrNode *x = rpo[i]->first, *next; x; x = next) {
                next = x->next;
                simplify_node(&s, x);
            }
        jit_ir_resolve(f);
        FOR_BLOCKS(b, f)
        s.changed |= fold_branch(b);
        bool tidied = tidy_blocks(f);
        any |= s.changed || params || tidied;
        if (!s.changed && !params && !tidied) break;
    }
    return any;
}
