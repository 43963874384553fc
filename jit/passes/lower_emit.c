/* Emitting machine-level nodes while lowering: folding, exits, loops, branches.
 *
 * Exits. Raising nodes take the source node's exit edge. While a lowering holds a fresh buffer
 * that no
 * user value owns yet (a result under construction), the edge first goes through a block that
 * releases it.
 *
 * A block that leaves for a handler of the user's ends there, so that what stands behind the raising
 * node is in a block of its own, which does not dominate the handler. Exits that only release and
 * leave the function do not end blocks.
 */
#include "jit/ir/eval.h"
#include "jit/passes/lower.h"

#include <assert.h>
#include <string.h>

/* ---- emitting ---- */

IrNode *jit_lower_placed(Lower *l, IrNode *x)
{
    if (l->user) x->pos = l->user->pos;
    return x;
}

/* Folds a node of constants at once: later decisions (step 1? exponent 2?) look for constants. */
static IrNode *folded(Lower *l, IrNode *r)
{
    uint64_t slot;
    if (r->mt == M_VOID || (!jit_ir_ops[r->op].scalar && r->op != OP_CONV) ||
        !jit_eval_fold(r, &slot))
        return jit_ir_ops[r->op].scalar == 'k' ? jit_lower_raising(l, r) : r;
    r->op = OP_CONST;
    r->n = 0;
    jit_eval_set_const(r, (MType)r->mt, slot);
    return r;
}

IrNode *jit_lower_op1(Lower *l, IrOp op, MType mt, IrNode *x)
{
    return folded(l, jit_lower_placed(l, jit_ir_op1(l->f, l->cur, op, mt, x)));
}

IrNode *jit_lower_op2(Lower *l, IrOp op, IrNode *x, IrNode *y)
{
    IrNode *r = folded(l, jit_lower_placed(l, jit_ir_op2(l->f, l->cur, op, M_VOID, x, y)));
    return r->op == OP_INDEX ? jit_lower_raising(l, r) : r;
}

IrNode *jit_lower_nsw(Lower *l, IrOp op, IrNode *x, IrNode *y)
{
    IrNode *r = jit_lower_op2(l, op, x, y);
    r->flags |= NODE_NSW;
    return r;
}

IrNode *jit_lower_select(Lower *l, IrNode *c, IrNode *x, IrNode *y)
{
    return jit_lower_placed(l, jit_ir_op3(l->f, l->cur, OP_SELECT, (MType)x->mt, c, x, y));
}

IrNode *jit_lower_int(Lower *l, int64_t v) { return jit_ir_int(l->f, l->cur, M_I64, v); }

IrNode *jit_lower_const(Lower *l, MType m, double v)
{
    return jit_mtype_is_float(m) ? jit_ir_float(l->f, l->cur, m, v)
                                 : jit_ir_int(l->f, l->cur, m, (int64_t)v);
}

IrNode *jit_lower_conv(Lower *l, IrNode *x, MType to)
{
    return x->mt == to ? x : jit_lower_op1(l, OP_CONV, to, x);
}

/* Goes on in a new block if x may leave for a handler. */
static void end_block_after(Lower *l, const IrNode *x)
{
    const IrEdge *user = l->user ? l->user->exit : NULL;
    if (!user || user->to->last->op == OP_RETHROW || jit_ir_is_term(x) || x->block != l->cur) return;
    IrBlock *rest = jit_ir_block_new(l->f);
    rest->flags |= l->cur->flags & (BLOCK_SLOW | BLOCK_COLD);
    jit_ir_jump(l->f, l->cur, rest, 0, NULL);
    l->cur = rest;
}

static void set_exit(Lower *l, IrNode *x);

IrNode *jit_lower_raising(Lower *l, IrNode *x)
{
    set_exit(l, x);
    end_block_after(l, x);
    return x;
}

static void set_exit(Lower *l, IrNode *x)
{
    IrEdge *user = l->user ? l->user->exit : NULL;
    if (!l->ntemps) {
        x->exit = user ? jit_lower_edge(l, l->user->block, user) : NULL;
        return;
    }
    if (!l->cleanup) {
        l->cleanup = jit_ir_block_new(l->f);
        l->cleanup->flags |= BLOCK_COLD;
        for (uint32_t i = l->ntemps; i-- > 0;)
            jit_ir_op1(l->f, l->cleanup, OP_RELEASE, M_VOID, l->temps[i]);
        if (user) {
            IrEdge *e = jit_lower_edge(l, l->user->block, user);
            jit_ir_jump(l->f, l->cleanup, e->to, e->n, e->args);
        } else {
            jit_ir_op0(l->f, l->cleanup, OP_RETHROW, M_VOID);
        }
    }
    x->exit = jit_ir_edge_new(l->f, l->cleanup, 0, NULL);
}

void jit_lower_push_temp(Lower *l, IrNode *own)
{
    assert(l->ntemps < LOWER_TEMPS);
    l->temps[l->ntemps++] = own;
    l->cleanup = NULL;
}

void jit_lower_pop_temp(Lower *l)
{
    l->ntemps--;
    l->cleanup = NULL;
}

void jit_lower_release(Lower *l, IrNode *own) { jit_lower_op1(l, OP_RELEASE, M_VOID, own); }

void jit_lower_check(Lower *l, IrNode *ok, IrErr err, const char *text, IrNode *a, IrNode *b,
                     IrNode *c)
{
    if (jit_ir_is_int(ok, 1)) return;
    IrNode *args[4] = {ok, a, b, c};
    uint32_t n = 1;
    while (n < 4 && args[n]) n++;
    IrNode *x = jit_ir_node_new(l->f, OP_CHECK, M_VOID, n);
    jit_lower_copy(x->args, args, n);
    x->sub = (uint8_t)err;
    x->text = text;
    jit_ir_append(l->cur, jit_lower_placed(l, x));
    jit_lower_raising(l, x);
}

IrNode *jit_lower_rt(Lower *l, IrRt rt, uint32_t n, IrNode *const *args)
{
    IrNode *x = jit_ir_node_new(l->f, OP_RTCALL, jit_ir_rt_machine(jit_ir_rts[rt].result), n);
    jit_lower_copy(x->args, args, n);
    x->sub = (uint8_t)rt;
    jit_ir_append(l->cur, jit_lower_placed(l, x));
    return x;
}

IrNode *jit_lower_load(Lower *l, MType m, IrNode *base, IrNode *offset)
{
    return jit_lower_placed(l, jit_ir_op2(l->f, l->cur, OP_LOAD, m, base, offset));
}

void jit_lower_store(Lower *l, IrNode *base, IrNode *offset, IrNode *v)
{
    jit_lower_placed(l, jit_ir_op3(l->f, l->cur, OP_STORE, M_VOID, base, offset, v));
}

IrNode *jit_lower_alloc(Lower *l, IrNode *bytes, bool zeroed)
{
    IrNode *x = jit_lower_op1(l, OP_ALLOC, M_OWN, bytes);
    x->imm.i = zeroed;
    return jit_lower_raising(l, x);
}

/* ---- loops and branches ---- */

void jit_lower_loop(Lower *l, Loop *loop, IrNode *count, uint32_t n, IrNode *const *init)
{
    IrNode *args[9] = {jit_lower_int(l, 0)};
    assert(n <= 8);
    uint16_t rare = l->cur->flags & (BLOCK_SLOW | BLOCK_COLD);
    loop->head = jit_ir_block_new(l->f);
    loop->n = n;
    for (uint32_t i = 0; i < n; i++) args[i + 1] = init[i];
    jit_ir_jump(l->f, l->cur, loop->head, n + 1, args);
    loop->i = jit_ir_param_new(l->f, loop->head, M_I64, NULL);
    for (uint32_t i = 0; i < n; i++)
        loop->carried[i] = jit_ir_param_new(l->f, loop->head, (MType)init[i]->mt, NULL);
    IrBlock *body = jit_ir_block_new(l->f);
    loop->exit = jit_ir_block_new(l->f);
    loop->head->flags |= rare;
    body->flags |= rare;
    loop->exit->flags |= rare;
    l->cur = loop->head;
    jit_ir_br(l->f, l->cur, jit_lower_op2(l, OP_LT, loop->i, count), body, loop->exit);
    l->cur = body;
}

void jit_lower_loop_end(Lower *l, Loop *loop, IrNode *const *next)
{
    IrNode *args[9] = {jit_lower_nsw(l, OP_ADD, loop->i, jit_lower_int(l, 1))};
    for (uint32_t i = 0; i < loop->n; i++) args[i + 1] = next[i];
    jit_ir_jump(l->f, l->cur, loop->head, loop->n + 1, args);
    l->cur = loop->exit;
}

void jit_lower_if(Lower *l, If *i, IrNode *cond)
{
    IrBlock *yes = jit_ir_block_new(l->f);
    i->no = jit_ir_block_new(l->f);
    i->join = jit_ir_block_new(l->f);
    i->has_else = false;
    jit_ir_br(l->f, l->cur, cond, yes, i->no);
    l->cur = yes;
}

void jit_lower_else(Lower *l, If *i, uint32_t n, IrNode *const *values)
{
    jit_ir_jump(l->f, l->cur, i->join, n, values);
    for (uint32_t k = 0; k < n; k++) jit_ir_param_new(l->f, i->join, (MType)values[k]->mt, NULL);
    i->has_else = true;
    l->cur = i->no;
}

void jit_lower_endif(Lower *l, If *i, uint32_t n, IrNode **values)
{
    if (!i->has_else) jit_lower_else(l, i, 0, NULL);
    jit_ir_jump(l->f, l->cur, i->join, n, values);
    for (uint32_t k = 0; k < n; k++) values[k] = i->join->params[k];
    l->cur = i->join;
}
