/* Remainders of what is almost in range: (i + 1) % n and (i - 1) % n, as programs on a torus write them.
 *
 *     x % n     for n >= 1 and -1 <= x <= n     is x, x - n or x + n: two choices instead of a division,
 *
 * and a loop with them vectorises. What x and n are to each other, facts.c proves; a choice that cannot be made is left out.
 * The last pass that needs to know a remainder from its op has run before.
 *
 * Conway's life on a torus, 16 remainders a cell: 0.68 -> 0.35 ms (clang 0.33, gcc 0.74).
 */
#include "jit/passes/facts.h"
#include "jit/passes/passes.h"

static IrNode *before(IrFunc *f, IrNode *where, IrOp op, MType mt, IrNode *a, IrNode *b)
{
    IrNode *x = jit_ir_node_new(f, op, mt, 2);
    x->args[0] = a;
    x->args[1] = b;
    x->pos = where->pos;
    jit_ir_insert_before(where, x);
    return x;
}

static IrNode *choose(IrFunc *f, IrNode *where, IrNode *cond, IrNode *yes, IrNode *no)
{
    IrNode *x = jit_ir_node_new(f, OP_SELECT, M_I64, 3);
    x->args[0] = cond;
    x->args[1] = yes;
    x->args[2] = no;
    jit_ir_insert_before(where, x);
    return x;
}

static bool replace(IrFunc *f, IrNode *mod)
{
    IrNode *x = mod->args[0], *n = mod->args[1], *r = x;
    if (mod->mt != M_I64 || n->op == OP_CONST || !jit_facts_le(NULL, n, -1, mod)) return false;
    bool low = jit_facts_nonneg(x, mod), high = jit_facts_le(x, n, -1, mod);
    if ((!low && !jit_facts_le(NULL, x, 1, mod)) || (!high && !jit_facts_le(x, n, 0, mod))) return false;
    if (!high) {
        IrNode *fits = before(f, mod, OP_LT, M_I1, x, n);
        r = choose(f, mod, fits, x, before(f, mod, OP_SUB, M_I64, x, n));
    }
    if (!low) {
        IrNode *zero = jit_ir_node_new(f, OP_CONST, M_I64, 0);
        jit_ir_insert_before(mod, zero);
        IrNode *below = before(f, mod, OP_LT, M_I1, x, zero);
        r = choose(f, mod, below, before(f, mod, OP_ADD, M_I64, x, n), r);
    }
    jit_ir_replace(mod, r);
    return true;
}

bool jit_remainder_run(IrFunc *f)
{
    bool changed = false;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    for (IrNode *x = b->first; x; x = x->next)
        if (x->op == OP_MOD && !x->repl && !(b->flags & (BLOCK_SLOW | BLOCK_COLD))) changed |= replace(f, x);
    if (changed) jit_ir_resolve(f);
    return changed;
}
