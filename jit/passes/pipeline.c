/* The pipeline: all passes in one list, run over every function, verified in between. */
#include "jit/passes/lower.h"
#include "jit/passes/middle.h"
#include "jit/passes/passes.h"

#include <stdio.h>
#include <string.h>

typedef void (*Trace)(const char *pass, const IrFunc *f);

/* In order. Simplification runs again after the passes that leave constants and copies behind. */
static const JitPass machine_passes[] = {
    {"simplify", jit_simplify_run}, {"dce", jit_dce_run},           {"range", jit_range_run},
    {"version", jit_version_run},   {"simplify", jit_simplify_run}, {"range", jit_range_run},
    {"remainder", jit_remainder_run}, {"merge", jit_merge_run}, {"shrink", jit_shrink_run},       {"simplify", jit_simplify_run}, {"dce", jit_dce_run},
    {"speculate", jit_speculate_run}, {"simplify", jit_simplify_run}, {"poll", jit_poll_run},
};

const JitPass *jit_pipeline_find(const char *name)
{
    for (size_t i = 0; i < sizeof machine_passes / sizeof *machine_passes; i++)
        if (!strcmp(machine_passes[i].name, name)) return &machine_passes[i];
    return NULL;
}

const char *jit_pipeline_run(IrModule *m, bool verify, Trace trace)
{
    for (IrFunc *f = m->funcs; f; f = f->next) {
        if (!f->lowered) continue;
        for (size_t i = 0; i < sizeof machine_passes / sizeof *machine_passes; i++) {
            bool changed = machine_passes[i].run(f);
            if (changed && trace) trace(machine_passes[i].name, f);
            const char *wrong = verify ? jit_verify_func(f) : NULL;
            if (wrong) return wrong;
        }
    }
    return NULL;
}

static bool is_template(const IrFunc *f)
{
    for (uint32_t i = 0; i < f->first->nparam; i++)
        if (!f->lowered && !f->first->params[i]->type) return true;
    return false;
}

/* Keeps what is called, directly or not, from functions that are no specialisations. */
static void mark_called(IrModule *m, IrFunc *f)
{
    if (f->infer_state == 255) return;
    f->infer_state = 255;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if ((x->op == OP_U_CALL || x->op == OP_U_PARFOR || x->op == OP_CALL || x->op == OP_PARFOR) &&
        x->text) {
        IrFunc *g = jit_ir_find_func(m, x->text);
        if (g) mark_called(m, g);
    }
}

static void drop_unused(IrModule *m)
{
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (!f->base && !is_template(f)) mark_called(m, f);
    IrFunc **at = &m->funcs;
    m->last_func = NULL;
    while (*at) {
        if ((*at)->infer_state == 255) {
            m->last_func = *at;
            at = &(*at)->next;
        } else {
            *at = (*at)->next;
        }
    }
}

static int fail_verify(const char *pass, const char *wrong, JitDiag *diag)
{
    diag->code = 999;
    snprintf(diag->text, sizeof diag->text, "after %s: %s", pass, wrong);
    return -1;
}

static int after(const char *pass, IrFunc *f, bool verify, Trace trace, JitDiag *diag)
{
    const char *wrong = verify ? jit_verify_func(f) : NULL;
    if (wrong) return fail_verify(pass, wrong, diag);
    if (trace) trace(pass, f);
    return 0;
}

int jit_pipeline_middle(IrModule *m, bool verify, Trace trace, JitDiag *diag)
{
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (!is_template(f) && !f->lowered && !f->base && jit_infer_run(f, diag) < 0) return -1;
    drop_unused(m);
    jit_globals_run(m);
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (!f->lowered && after("infer", f, verify, trace, diag) < 0) return -1;
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (!f->lowered &&
            (jit_outline_run(f, diag) < 0 || after("outline", f, verify, NULL, diag) < 0))
            return -1;
    for (IrFunc *f = m->funcs; f; f = f->next) {
        if (f->lowered) continue;
        jit_fuse_run(f);
        jit_poll_insert(f);
        jit_borrow_run(f);
        jit_own_run(f);
        if (after("own", f, verify, trace, diag) < 0) return -1;
        jit_lower_run(f);
        if (after("lower", f, verify, trace, diag) < 0) return -1;
        if (f->generator && !jit_generator_run(f))
            return jit_diag_set(diag, REFUSE_GENERATOR, jit_ir_first_pos(f), jit_diag_function(f));
    }
    jit_recursion_run(m);
    const char *wrong = jit_pipeline_run(m, verify, trace);
    return wrong ? fail_verify("the machine-level passes", wrong, diag) : 0;
}
