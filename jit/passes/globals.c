/* Globals that are arrays or containers.
 *
 *     py.global[i]                 in f and in what f calls
 *     f(..., g0, g2)               after this pass: parameters behind the others, in the order of their numbers
 *
 * The value itself is passed in with every call of a kernel (jit/run/dispatch.c), so a kernel sees what Python has
 * written into a global array since it was compiled, and nothing is copied into the code. Only which object the name
 * stands for is frozen. A function gets the globals that it or one of its callees uses. */
#include "jit/passes/middle.h"

#include <string.h>

/* The globals that f names or passes on; true if there are more than it knew. */
static bool find_used(IrFunc *f)
{
    uint64_t used = f->globals;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        const IrFunc *callee = x->op == OP_U_CALL ? jit_ir_find_func(f->module, x->text) : NULL;
        if (x->op == OP_PY_GLOBAL) used |= UINT64_C(1) << x->imm.i;
        if (callee) used |= callee->globals;
    }
    bool more = used != f->globals;
    f->globals = used;
    return more;
}

static void pass_on(IrFunc *f, IrNode *call, uint64_t used, IrNode *const *params)
{
    IrNode **args = jit_ir_alloc(f->module, (call->n + IR_GLOBALS_MAX + 1) * sizeof *args);
    memcpy(args, call->args, call->n * sizeof *args);
    call->args = args;
    for (uint32_t i = 0; i < IR_GLOBALS_MAX; i++)
        if (used >> i & 1) call->args[call->n++] = params[i];
}

static void add_params(IrFunc *f)
{
    IrNode *params[IR_GLOBALS_MAX] = {NULL};
    for (uint32_t i = 0; i < f->module->nglobals; i++)
        if (f->globals >> i & 1) params[i] = jit_ir_param_new(f, f->first, M_VOID, f->module->globals[i]);
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        const IrFunc *callee = x->op == OP_U_CALL ? jit_ir_find_func(f->module, x->text) : NULL;
        if (callee && callee->globals) pass_on(f, x, callee->globals, params);
        if (x->op != OP_PY_GLOBAL) continue;
        if (!params[x->imm.i]->name) params[x->imm.i]->name = x->name;
        jit_ir_replace(x, params[x->imm.i]);
    }
    jit_ir_resolve(f);
}

void jit_globals_run(IrModule *m)
{
    for (bool more = m->nglobals != 0; more;) {
        more = false;
        for (IrFunc *f = m->funcs; f; f = f->next) more |= !f->lowered && find_used(f);
    }
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (f->globals && !f->lowered) add_params(f);
}
