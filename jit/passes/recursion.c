/* Recursion: a call that may come back to its caller first asks whether the C stack has room, and
 * whether a signal waits (poll.c).
 *
 * A call is guarded when its callee reaches the calling function again in the call graph (calls and
 * bodies of parallel loops alike), so every cycle holds a guard and calls outside of cycles cost
 * nothing. The guard stands at the call and leaves by the call's own exit: the error has the call's
 * line, and what the caller owns is released. How much room is enough, jit/run/stack.c knows; the
 * answer is the same everywhere in one frame, so asking is pure and asked once. A call that a guarded one dominates
 * polls no more: without an end only frames follow each other, or rounds of a loop, which polls itself.
 *
 * Small functions that call themselves get copies of themselves to call in turn, f -> f.1 -> f.2 -> f, which code
 * generators inline where they inline no function into itself. fib(27): 2.0 ms with a call a level for the room and no copies,
 * 0.6 now (gcc: 0.4, clang: 0.7).
 */
#include "jit/passes/middle.h"

#include <stdio.h>

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

static bool comes_after(const IrNode *x, const IrNode *before)
{
    if (x->block != before->block) return jit_cfg_dominates(before->block, x->block);
    for (const IrNode *y = before; y; y = y->next)
        if (y == x) return true;
    return false;
}

enum { MAX_GUARDED = 64 };

typedef struct Guards {
    IrFunc *f;
    const IrNode *polled[MAX_GUARDED];
    uint32_t n;
} Guards;

static bool has_polled(const Guards *g, const IrNode *call)
{
    for (uint32_t i = 0; i < g->n; i++)
        if (comes_after(call, g->polled[i])) return true;
    return false;
}

static void guard(Guards *g, IrNode *call)
{
    IrNode *room = jit_ir_node_new(g->f, OP_RTCALL, M_I1, 0);
    room->sub = RT_STACK_ROOM;
    jit_ir_insert_before(call, room);
    IrNode *check = leaving(g->f, OP_CHECK, call, 1);
    check->sub = ERR_RECURSION;
    check->args[0] = room;
    if (has_polled(g, call)) return;
    leaving(g->f, OP_POLL, call, 0);
    if (g->n < MAX_GUARDED) g->polled[g->n++] = call;
}

/* ---- copies ---- */

enum { COPIES = 2, MAX_SIZE = 64, MAX_CALLS = 3 };

static uint32_t calls_itself(const IrFunc *f)
{
    uint32_t n = 0, size = 0;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        if (is_call(x) && jit_ir_find_func(f->module, x->text) != f) return 0;
        n += x->op == OP_CALL;
        size++;
    }
    return size <= MAX_SIZE && n <= MAX_CALLS ? n : 0;
}

static void call_instead(IrFunc *f, const char *name)
{
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (x->op == OP_CALL) x->text = name;
}

static void copy_function(IrFunc *f)
{
    IrFunc *chain[COPIES];
    for (int i = 0; i < COPIES; i++) {
        char name[280];
        snprintf(name, sizeof name, "%s.%d", f->name, i + 1);
        chain[i] = jit_clone_func(f, name);
        chain[i]->base = f->name;
    }
    for (int i = 0; i < COPIES; i++) call_instead(chain[i], i + 1 < COPIES ? chain[i + 1]->name : f->name);
    call_instead(f, chain[0]->name);
}

/* ---- the module ---- */

static void guard_calls(IrModule *m, IrFunc *f, uint32_t *mark)
{
    Guards g = {.f = f};
    if (!f->lowered) return;
    jit_cfg_analyze(f);
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (x->op == OP_CALL) {
        IrFunc *callee = jit_ir_find_func(m, x->text);
        if (callee && reaches(callee, f, ++*mark)) guard(&g, x);
    }
}

/* Copies first, which need no guards: the one in the function itself stands before every third call. */
void jit_recursion_run(IrModule *m)
{
    uint32_t mark = 0;
    IrFunc *last = m->last_func;
    for (IrFunc *f = m->funcs; f; f = f == last ? NULL : f->next)
        if (calls_itself(f)) copy_function(f);
    for (IrFunc *f = m->funcs; f; f = f->next) f->mark = 0;
    for (IrFunc *f = m->funcs; f; f = f == last ? NULL : f->next) guard_calls(m, f, &mark);
}
