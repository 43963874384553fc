/* Range analysis: removes the checks that facts.c proves away.
 *
 *   add.chk and the like     become plain ops that do not wrap
 *   index                    becomes its argument, or loses the part that is proved
 *   check, comparisons       become constants
 *   floordiv, mod            learn that operands are not negative, the divisor not zero
 *
 * What a loop's bounds decide falls here (`for i in range(len(a)): a[i]`, `a[i - 1]` from 1 on);
 * what
 * depends on a relation between two arguments is left to version.c, which asks it once before the
 * loop.
 */
#include "jit/passes/facts.h"
#include "jit/passes/passes.h"

static bool unchecked(const IrFunc *f, IrNode *x, IrOp op)
{
    jit_ir_remark(f, 'c', x->pos, "overflow: proved to stay within 64 bits");
    x->op = (uint16_t)op;
    x->flags |= NODE_NSW;
    x->exit = NULL;
    return true;
}

/* a + b, with b or a (or neither) constant, stays in range? */
static bool sum_fits(IrNode *a, IrNode *b, const IrNode *at)
{
    if (a->op == OP_CONST && b->op != OP_CONST) return sum_fits(b, a, at);
    if (b->op == OP_CONST) {
        int64_t k = b->imm.i;
        return k >= 0 ? jit_facts_le(a, NULL, INT64_MAX - k, at)
                      : jit_facts_le(NULL, a, k == INT64_MIN ? 0 : -(INT64_MIN - k), at);
    }
    const int64_t half = (int64_t)1 << 62;
    return jit_facts_le(a, NULL, half - 1, at) && jit_facts_le(b, NULL, half - 1, at) &&
           jit_facts_le(NULL, a, half, at) && jit_facts_le(NULL, b, half, at);
}

static bool difference_fits(IrNode *a, IrNode *b, const IrNode *at)
{
    if (b->op == OP_CONST) {
        int64_t k = b->imm.i;
        return k >= 0 ? jit_facts_le(NULL, a, -(INT64_MIN + k), at)
                      : k != INT64_MIN && jit_facts_le(a, NULL, INT64_MAX + k, at);
    }
    /* of two that are not negative, or the smaller from the larger */
    return jit_facts_nonneg(a, at) && jit_facts_nonneg(b, at);
}

static bool product_fits(IrNode *a, IrNode *b, const IrNode *at)
{
    if (a->op == OP_CONST) return b->op != OP_CONST && product_fits(b, a, at);
    int64_t limit = ((int64_t)1 << 31) - 1;
    if (b->op == OP_CONST) {
        int64_t k = b->imm.i;
        if (k == 0 || k == INT64_MIN) return k == 0;
        limit = INT64_MAX / (k < 0 ? -k : k);
        return jit_facts_le(a, NULL, limit, at) && jit_facts_le(NULL, a, limit, at);
    }
    return jit_facts_le(a, NULL, limit, at) && jit_facts_le(NULL, a, limit, at) &&
           jit_facts_le(b, NULL, limit, at) && jit_facts_le(NULL, b, limit, at);
}

static bool prove_index(const IrFunc *f, IrNode *x)
{
    IrNode *i = x->args[0], *n = x->args[1];
    bool low = x->flags & NODE_POS || jit_facts_nonneg(i, x);
    if (low && (x->op == OP_WRAP || jit_facts_le(i, n, -1, x))) {
        x->flags |= NODE_POS | NODE_INRANGE;
        jit_ir_remark(f, 'c', x->pos, "bounds: the index is proved to be in range");
        jit_ir_replace(x, i);
        return true;
    }
    if (low && !(x->flags & NODE_POS)) {
        x->flags |= NODE_POS;
        return true;
    }
    return false;
}

static bool prove_division(IrNode *x)
{
    IrNode *a = x->args[0], *b = x->args[1];
    uint16_t before = x->flags;
    if (x->mt != M_I64) return false;
    if (!(x->flags & NODE_POS) && jit_facts_nonneg(a, x) && jit_facts_nonneg(b, x))
        x->flags |= NODE_POS;
    if (!(x->flags & NODE_NZ) && jit_facts_nonzero(b, x) &&
        (x->flags & NODE_POS || jit_facts_le(NULL, b, 0, x)))
        x->flags |= NODE_NZ;
    return x->flags != before;
}

static bool prove_compare(IrFunc *f, IrNode *x)
{
    int known = jit_facts_compare(x, x);
    if (known < 0) return false;
    IrNode *c = jit_ir_node_new(f, OP_CONST, M_I1, 0);
    c->imm.i = known;
    jit_ir_insert_before(x, c);
    jit_ir_replace(x, c);
    return true;
}

static bool prove_node(IrFunc *f, IrNode *x)
{
    IrNode *a = x->n ? x->args[0] : NULL, *b = x->n > 1 ? x->args[1] : NULL;
    switch (x->op) {
    case OP_ADDC: return sum_fits(a, b, x) && unchecked(f, x, OP_ADD);
    case OP_SUBC: return difference_fits(a, b, x) && unchecked(f, x, OP_SUB);
    case OP_MULC: return product_fits(a, b, x) && unchecked(f, x, OP_MUL);
    case OP_NEGC: return jit_facts_le(NULL, a, INT64_MAX, x) && unchecked(f, x, OP_NEG);
    case OP_ABSC:
        if (!jit_facts_nonneg(a, x)) return false;
        jit_ir_replace(x, a);
        return true;
    case OP_INDEX:
    case OP_WRAP: return prove_index(f, x);
    case OP_FLOORDIV:
    case OP_MOD: return prove_division(x);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return prove_compare(f, x);
    default: return false;
    }
}

bool jit_range_run(IrFunc *f)
{
    bool changed = false;
    uint32_t n;
    jit_cfg_analyze(f);
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    for (uint32_t k = 0; k < n; k++) FOR_NODES(x, rpo[k])
    changed |= prove_node(f, x);
    if (changed) {
        jit_ir_resolve(f);
        jit_cfg_analyze(f);
    }
    return changed;
}
