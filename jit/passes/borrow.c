/* borrow.c: fields of instances that are only looked into.
 *
 * `self.a[i]` reads the field a, an array, and forgets it: the instance holds the reference all the while, so counting it
 * up and down would be for nothing, and in an inner loop that is what takes the time. A py.getattr is borrowed if every
 * use stands behind it in its block, reads or writes an element or asks for a length, and nothing in between can give the
 * field another value: a store into a field, a call of a kernel, a parallel loop. */
#include "jit/passes/middle.h"

#include <string.h>

static bool is_field(const IrNode *x)
{
    return x->op == OP_PY_GETATTR && jit_infer_unwrap(x->args[0]->type)->kind == TK_OBJECT &&
           (x->type->kind == TK_ARRAY || jit_type_is_container(x->type));
}

static bool may_change_fields(const IrNode *x)
{
    return x->op == OP_U_CALL || x->op == OP_U_PARFOR || x->op == OP_PY_SETATTR;
}

static bool only_looks(const IrNode *user, const IrNode *x)
{
    for (uint32_t i = user->op == OP_PY_CALL ? 2 : 1; i < user->n; i++)
        if (user->args[i] == x) return false;
    switch (user->op) {
    case OP_PY_GETITEM:
    case OP_PY_GETATTR: return !jit_type_owns(user->type);
    case OP_PY_SETITEM: return user->args[0] == x;
    case OP_PY_CALL:
        return user->n == 2 && user->args[0]->type->kind == TK_FUNC && !strcmp(user->args[0]->type->name, "len");
    default: return false;
    }
}

static bool edge_uses(const IrEdge *e, const IrNode *x)
{
    for (uint32_t i = 0; i < e->n; i++)
        if (e->args[i] == x) return true;
    return false;
}

static bool uses(const IrNode *user, const IrNode *x)
{
    for (uint32_t i = 0; i < user->n; i++)
        if (user->args[i] == x) return true;
    return user->exit && edge_uses(user->exit, x);
}

/* Are all of x's uses behind it in its block, and only looks, before its field may change? */
static bool is_glance(const IrNode *x, uint32_t nuses)
{
    bool changed = false;
    uint32_t seen = 0;
    for (const IrNode *user = x->next; user && seen < nuses; user = user->next) {
        if (uses(user, x)) {
            if (changed || !only_looks(user, x) || (user->exit && edge_uses(user->exit, x))) return false;
            seen++;
        }
        changed |= may_change_fields(user);
    }
    return seen == nuses;
}

static void count_edge(const IrEdge *e, uint32_t *counts)
{
    for (uint32_t i = 0; i < e->n; i++) counts[e->args[i]->id] += 1000; /* never seen in a block */
}

void jit_borrow_run(IrFunc *f)
{
    jit_ir_number(f);
    uint32_t *counts = jit_ir_alloc(f->module, (f->next_node + 1) * sizeof *counts);
    FOR_BLOCKS(b, f)
    {
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++)
                if (i == 0 || x->args[i] != x->args[i - 1]) counts[x->args[i]->id]++;
            if (x->exit) count_edge(x->exit, counts);
        }
        for (uint32_t s = 0; s < b->nsucc; s++) count_edge(&b->succ[s], counts);
    }
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (is_field(x) && is_glance(x, counts[x->id])) x->flags |= NODE_BORROWED;
}
