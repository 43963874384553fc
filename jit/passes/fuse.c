/* Fusion of array expressions: decides which elementwise results need no array of their own.
 *
 * A node is fused into its user when
 *   - it is elementwise (jit_elem_match) and its only use is as an operand of another elementwise
 *     node, of a reduction, or as the value of a store into an array;
 *   - both are in one block and nothing between them writes memory, so that its operands still hold
 *     what they held;
 *   - it has the user's rank: an operand that broadcasts would be computed again for every repeat.
 * Lowering then computes it element by element inside the user's loop (lower_elem.c). This works on
 * types only; lengths may still differ at run time and broadcast there, which costs time but is
 * right.
 *
 * Loops over bytes are bound by memory: on expressions of three operations over arrays beyond the
 * cache
 * the loop without temporaries runs at a third of the time.
 */
#include "jit/passes/middle.h"
#include "jit/types/functions.h"

#include <string.h>

typedef struct Use {
    IrNode *user;
    uint32_t count;
} Use;

static void count_uses(IrFunc *f, Use *uses)
{
    FOR_BLOCKS(b, f)
    {
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) {
                uses[x->args[i]->id].user = x;
                uses[x->args[i]->id].count++;
            }
            for (uint32_t i = 0; x->exit && i < x->exit->n; i++)
                uses[x->exit->args[i]->id].count += 2;
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            for (uint32_t i = 0; i < b->succ[s].n; i++) uses[b->succ[s].args[i]->id].count += 2;
    }
}

/* Does the user take operand x element by element? */
static bool takes_elements(const IrNode *user, const IrNode *x)
{
    IrNode *args[3];
    ElemOp op;
    uint32_t n;
    BoundCall call;
    if (user->op == OP_PY_SETITEM) return user->args[2] == x && x->args[0] != NULL;
    if (user->op == OP_PY_INPLACE)
        return user->type->kind == TK_ARRAY && user->args[1] == x && user->sub != OPER_MATMUL &&
               user->type->rank == x->type->rank;
    if (jit_elem_match(user, &op, args, &n)) {
        if (user->type->rank != x->type->rank) return false;
        for (uint32_t i = 0; i < n; i++)
            if (args[i] == x) return true;
        return false;
    }
    if (user->op != OP_PY_CALL || !jit_functions_bind(user, &call)) return false;
    return call.fn->rule == RULE_reduce && call.fn->aux != RED_VAR && call.fn->aux != RED_STD &&
           user->type->kind != TK_ARRAY && jit_infer_axis(&call, x->type->rank) < 0;
}

/* A store through masks or index arrays wants its values as an array. */
static bool plain_store(const IrNode *user)
{
    IndexPlan p;
    const JitType *a = jit_infer_unwrap(user->args[0]->type);
    return a->kind == TK_ARRAY && jit_index_plan(a, user->args[1]->type, &p) && !p.copy;
}

static bool undisturbed(const IrNode *x, const IrNode *user)
{
    for (const IrNode *p = x->next; p; p = p->next) {
        if (p == user) return true;
        if (p->op == OP_PY_CALL) {
            BoundCall call; /* functions of the table write nothing that can be seen, but one */
            if (jit_functions_bind(p, &call) && call.fn->rule != RULE_fill) continue;
        }
        if ((jit_ir_effects(p) & EFFECT_WRITE) || p->op == OP_U_CALL) return false;
    }
    return false;
}

/* Says why an elementwise result that another array expression takes gets an array of its own. */
static void remark_array(const IrFunc *f, const IrNode *x, const Use *use)
{
    const IrNode *user = use->user;
    IrNode *args[3];
    ElemOp op;
    uint32_t n;
    if (!user || x->type->kind != TK_ARRAY || !jit_elem_match(user, &op, args, &n)) return;
    const char *why = use->count > 1               ? "it is used in more than one place"
                      : user->block != x->block    ? "it is used behind a branch or loop"
                      : user->type->rank != x->type->rank ? "it broadcasts in the expression around it, which would compute it again"
                                                   : "memory is written before it is used";
    jit_ir_remark(f, 'm', x->pos, "an array is made: %s", why);
}

bool jit_fuse_run(IrFunc *f)
{
    bool changed = false;
    jit_ir_number(f);
    Use *uses = jit_ir_alloc(f->module, (f->next_node + 1) * sizeof *uses);
    count_uses(f, uses);
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        IrNode *args[3], *user = uses[x->id].user;
        ElemOp op;
        uint32_t n;
        if (!jit_elem_match(x, &op, args, &n)) continue;
        if (uses[x->id].count != 1 || user->block != b || (user->op == OP_PY_SETITEM && !plain_store(user)) ||
            !takes_elements(user, x) || !undisturbed(x, user)) {
            remark_array(f, x, &uses[x->id]);
            continue;
        }
        x->flags |= NODE_FUSED;
        jit_ir_remark(f, 'f', x->pos, "computed element by element inside the expression around it, without an array");
        changed = true;
    }
    return changed;
}
