/* explain.c: collects what jit.explain shows.
 *
 * The passes note their decisions where they take them (jit_ir_remark), LLVM's through a handler; here types of names, the
 * checks that are left in the end and the time of each stage join them. A finished compilation becomes a tuple in the list that
 * modules/jit/explain.py gave:
 *
 *     (function, signature, notes, ((stage, nanoseconds), ...))      or, refused, (function, None, text of the refusal, ())
 *
 * Unless somebody asks nothing of this runs. */
#include "jit/run/explain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "jit/diagnose/remarks.h"
#include "runtime/objects/function.h"
#include "runtime/vm/builtins.h"

static Value wanted_in; /* the list, or EMPTY */

static const char *const stage_names[STAGES] = {
    "bytecode to IR", "types", "passes", "IR to LLVM", "optimisation", "machine code", "loading"};

void jit_explain_into(Value list)
{
    static bool rooted;
    if (!rooted) kr_root(&wanted_in);
    rooted = true;
    wanted_in = is_none(list) ? EMPTY : list;
}

/* ---- The clock ---- */

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void jit_explain_begin(JitReport *report)
{
    memset(report, 0, sizeof *report);
    report->wanted = !is_empty(wanted_in);
    if (report->wanted) report->last = now();
}

void jit_explain_lap(JitReport *report, int stage)
{
    if (!report->wanted) return;
    int64_t t = now();
    report->ns[stage] += t - report->last;
    report->last = t;
}

/* ---- Types ---- */

/* "int", "float64 array (2-D)": as in refusals. */
static void note_type(const IrFunc *f, const IrNode *x, const char *name, IrPos pos)
{
    char words[200];
    if (!x->type || !name || x->type->kind == TK_BOTTOM) return;
    jit_ir_remark(f, 't', pos, "%s: %s", name, jit_type_describe(x->type, words, sizeof words));
}

/* Parameters of blocks are variables where paths meet; they stand in no line of their own. */
static void note_types(const IrFunc *f)
{
    IrPos first = jit_ir_first_pos(f), head = {first.line, 0, first.line, 0};
    FOR_BLOCKS(b, f)
    {
        for (uint32_t i = 0; i < b->nparam; i++)
            note_type(f, b->params[i], b->params[i]->name, head);
        FOR_NODES(x, b)
        if (x->op != OP_CONST) note_type(f, x, x->name, x->pos.line ? x->pos : head);
    }
}

void jit_explain_trace(const char *pass, const IrFunc *f)
{
    JitReport *report = f->module->explain;
    if (!report || strcmp(pass, "infer") != 0) return;
    jit_explain_lap(report, STAGE_TYPES);
    note_types(f);
    jit_explain_lap(report, STAGE_PASSES);
}

/* ---- Checks that are left ---- */

static const char *check_words(const IrNode *x)
{
    switch (x->op) {
    case OP_INDEX:
        return x->flags & NODE_INRANGE
                   ? NULL
                   : "bounds, in every iteration: the index is not proved to be in range";
    case OP_ADDC:
    case OP_SUBC:
    case OP_MULC:
    case OP_NEGC:
        return "overflow, in every iteration: the int is not proved to stay within 64 bits";
    default: return NULL;
    }
}

static bool is_rare(const IrBlock *b) { return b->flags & (BLOCK_SLOW | BLOCK_COLD); }

void jit_explain_kept(const IrModule *m)
{
    if (!m->explain) return;
    for (IrFunc *f = m->funcs; f; f = f->next) {
        jit_cfg_analyze(f);
        FOR_BLOCKS(b, f)
        {
            if (is_rare(b) || !(b->loop || f->body_of)) continue;
            FOR_NODES(x, b)
            if (check_words(x)) jit_ir_remark(f, 'k', x->pos, "%s", check_words(x));
        }
    }
}

/* ---- The code generator ---- */

static void hear(void *context, IrPos pos, const char *what)
{
    IrModule *m = context;
    char words[300], kind = jit_remark_words(what, words, sizeof words);
    if (kind) jit_ir_remark(m->funcs, kind, pos, "%s", words);
}

void jit_explain_options(JitReport *report, IrModule *m, JitCompileOptions *options)
{
    if (!report->wanted) return;
    options->remark = hear;
    options->remark_context = m;
    options->times = report->generator;
}

/* ---- What is given ---- */

Value jit_explain_notes(const JitKernel *kernel)
{
    Value notes = kr_list(NULL, 0);
    for (uint32_t i = 0; !is_empty(notes) && i < kernel->nnotes; i++) {
        const JitNote *note = &kernel->notes[i];
        char kind[2] = {note->kind, 0};
        Value function = kr_tuple_get(kernel->functions, (size_t)jit_pos_function(note->pos.line));
        if (jit_function_is_library(function)) continue;
        Value row = kr_tuple_of(6, function, kr_int(note->loop), kr_str(kind),
                                kr_int(jit_pos_line(note->pos.line)), kr_int(note->pos.col),
                                kr_str(note->text));
        if (is_empty(row) || kr_list_append(notes, row) < 0) return EMPTY;
    }
    return notes;
}

/* LLVM tells its spans apart; of another generator there is the whole. */
static int64_t time_of(const JitReport *report, int stage)
{
    const int64_t *own = report->generator;
    bool told = own[JIT_TIME_EMIT] + own[JIT_TIME_OPTIMIZE] + own[JIT_TIME_CODE] > 0;
    return told && stage >= STAGE_EMIT && stage <= STAGE_CODE ? own[stage - STAGE_EMIT] : report->ns[stage];
}

static Value times_of(const JitReport *report)
{
    Value list = kr_list(NULL, 0);
    for (int i = 0; i < STAGES; i++) {
        Value pair = kr_tuple_of(2, kr_str(stage_names[i]), kr_int(time_of(report, i)));
        if (is_empty(pair) || kr_list_append(list, pair) < 0) return EMPTY;
    }
    return kr_list_to_tuple(list);
}

static Value refusal_text(void)
{
    Value exception = kr_take_exception(),
          text = is_empty(exception) ? EMPTY : kr_to_str(exception);
    kr_restore_exception(exception);
    return is_empty(text) ? NONE : text;
}

void jit_explain_done(const JitReport *report, Value function, const JitKernel *kernel)
{
    if (!report->wanted || is_empty(wanted_in)) return;
    Value row = kernel ? kr_tuple_of(4, function, jit_kernel_signature(kernel),
                                     jit_explain_notes(kernel), times_of(report))
                       : kr_tuple_of(4, function, NONE, refusal_text(), kr_tuple(NULL, 0));
    if (is_empty(row) || kr_list_append(wanted_in, row) < 0) kr_clear_exception();
}
