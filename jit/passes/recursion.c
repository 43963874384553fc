/* Recursion: a call that may come back to its caller first asks whether the C stack has room, and
 * whether a signal waits (poll.c).
 *
 * A call is guarded when its callee reaches the calling function again in the call graph (calls and
 * bodies of parallel loops alike), so every cycle holds a guard and calls outside of cycles cost
 * nothing. The guard stands at the call and leaves by the call's own exit: the error has the call's
 * line, and what the caller owns is released. How much room is enough, jit/run/stack.c knows; the
 * answer is the same everywhere in one frame, so asking is pure and asked once.
 */
#include "jit/passes/middle.h"

static bool is_call(const IrNode *x) { return x->op == OP_CALL || x->op == OP_PARFOR; }

/* Does a chain of calls lead from f to `to`? Functions that were looked at carry `mark`. */
static bool reaches(IrFunc *f, const IrFunc *to, uint32_t mark)
{
    if (f == to) return true;
    if (f->mark == mark) return false;
    f->mark = mark;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (is_call(x)) {
        IrFunc *callee = jit_ir_find_func(f->module, x->text);
        if (callee && reaches(callee, to, mark)) return true;
    }
    return false;
}

/* A node before the call that leaves as the call does. */
static IrNode *leaving(IrFunc *f, IrOp op, IrNode *call, uint32_t n)
{
    IrNode *x = jit_ir_node_new(f, op, M_VOID, n);
    x->pos = call->pos;
    if (call->exit)
        x->exit = jit_ir_edge_new(f, call->exit->to, call->exit->n, call->exit->args);
    jit_ir_insert_before(call, x);
    return x;
}

static void guard(IrFunc *f, IrNode *call)
{
    IrNode *room = jit_ir_node_new(f, OP_RTCALL, M_I1, 0);
    room->sub = RT_STACK_ROOM;
    jit_ir_insert_before(call, room);
    IrNode *check = leaving(f, OP_CHECK, call, 1);
    check->sub = ERR_RECURSION;
    check->args[0] = room;
    leaving(f, OP_POLL, call, 0);
}

void jit_recursion_run(IrModule *m)
{
    uint32_t mark = 0;
    for (IrFunc *f = m->funcs; f; f = f->next) f->mark = 0;
    for (IrFunc *f = m->funcs; f; f = f->next)
        FOR_BLOCKS(b, f)
        FOR_NODES(x, b)
        if (x->op == OP_CALL) {
            IrFunc *callee = jit_ir_find_func(m, x->text);
            if (callee && reaches(callee, f, ++mark)) guard(f, x);
        }
}
