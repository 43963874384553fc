/* Parallel loops: the body of a prange loop becomes a function of its own.
 *
 *     for i in prange(n): s += a[i]            f.par1(begin, end, start, step, block, a) -> (s)
 *                                              s = parfor(f.par1, s, a)
 *
 * The body function runs a range of iterations, counted from 0, and returns what each carried variable gathered over them,
 * starting from the operation's identity. The runtime runs it over blocks that depend on the number of iterations only;
 * the results are combined in the order of the blocks, so they do not depend on the number of threads. An array that
 * iterations gather into is passed as the stack of its copies, of which the body takes number `block`.
 *
 * What may be carried from one iteration to the next is decided in reduce.c, what iterations may share in depend.c. A loop
 * that is left by break or return is refused here; one whose exceptions are handled outside of it, inside the function,
 * stays serial.
 *
 * Works on typed code before ownership is placed: captured arrays are borrowed by the body, and iterations own and release
 * what they make themselves. */
#include "jit/passes/outline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

/* ---- notes for parallel_diagnostics ---- */

void jit_note(Region *r, char kind, IrPos pos, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    jit_ir_note(r->f->module, r->f->name, r->number, kind, pos, text);
}

/* ---- finding ---- */

IrNode *jit_outline_range(const IrNode *next, bool *progress)
{
    BoundCall call;
    const IrNode *iter = next->args[0];
    if (progress) *progress = false;
    if (iter->op != OP_PY_ITER || iter->args[0]->op != OP_PY_CALL) return NULL;
    IrNode *range = iter->args[0];
    if (jit_functions_bind(range, &call) && call.fn->rule == RULE_progress) {
        range = call.arg[0];
        if (progress) *progress = true;
    }
    return range->op == OP_PY_CALL ? range : NULL;
}

static bool is_prange(const IrNode *next)
{
    const IrNode *range = jit_outline_range(next, NULL);
    const JitType *t = range ? range->args[0]->type : NULL;
    return t && t->kind == TK_FUNC && !strcmp(t->name, "numba.prange");
}

/* The region: what the first edge of the header leads into and dominates. */
static void mark_region(Region *r)
{
    r->inside = jit_ir_alloc(r->f->module, r->f->next_block + 1);
    FOR_BLOCKS(b, r->f)
    r->inside[b->id] = b != r->head && jit_cfg_dominates(r->body, b);
}

/* 0 may be outlined, 1 stays serial, -1 refused */
static int check_shape(Region *r)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        if (x->exit && !jit_region_has(r, x->exit->to)) return 1;
        if (b->last->op == OP_RET) return jit_diag_set(r->diag, REFUSE_PRANGE_EXIT, b->last->pos);
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (b->succ[s].to != r->head && !jit_region_has(r, b->succ[s].to))
                return jit_diag_set(r->diag, REFUSE_PRANGE_EXIT, b->last->pos);
    }
    return 0;
}

/* ---- the body function ---- */

static void capture(Region *r, IrNode *x)
{
    if (x == r->next || x->op == OP_CONST || (x->block == r->head && x->op == OP_PARAM) ||
        jit_region_has(r, x->block))
        return;
    for (uint32_t i = 0; i < r->nreduced; i++)
        if (r->reduced[i].array == x) return;
    if (!jit_nodes_have(r->captured, r->ncaptured, x) && r->ncaptured < MAX_CAPTURED)
        r->captured[r->ncaptured++] = x;
}

static void find_captured(Region *r)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) capture(r, x->args[i]);
            for (uint32_t i = 0; x->exit && i < x->exit->n; i++) capture(r, x->exit->args[i]);
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            for (uint32_t i = 0; i < b->succ[s].n; i++) capture(r, b->succ[s].args[i]);
    }
}

static IrNode *typed(IrFunc *g, IrBlock *b, IrOp op, const JitType *t, uint32_t n,
                     IrNode *const *args)
{
    IrNode *x = jit_ir_node_new(g, op, M_VOID, n);
    if (n) jit_lower_copy(x->args, args, n);
    x->type = t;
    jit_ir_append(b, x);
    return x;
}

int64_t jit_outline_limit(MType m, bool high)
{
    unsigned bits = 8 * jit_mtype_size(m);
    if (m == M_I1) return high;
    if (jit_mtype_is_signed(m)) return high ? INT64_MAX >> (64 - bits) : INT64_MIN >> (64 - bits);
    return high ? (int64_t)(UINT64_MAX >> (64 - bits)) : 0;
}

/* The identity of a reduction, as a constant of the variable's type. */
static IrNode *identity(IrFunc *g, IrBlock *b, char kind, const JitType *t)
{
    if (kind == '=')
        return typed(g, b, jit_type_is_numeric(t) ? OP_CONST : OP_UNDEF,
                     jit_type_is_numeric(t) ? t : T(BOTTOM), 0, NULL);
    IrNode *x = typed(g, b, OP_CONST, t, 0, NULL);
    bool flt = jit_type_is_float(t) || jit_type_is_complex(t), high = kind == '<';
    MType m = jit_type_machine(t);
    switch (kind) {
    case '*': x->imm.i = 1; break;
    case '&': x->imm.i = m == M_I1 ? 1 : -1; break;
    case '<':
    case '>': x->imm.i = jit_outline_limit(m, high); break;
    default: break;
    }
    if (flt)
        x->imm.f = kind == '*'   ? 1
                   : kind == '<' ? (double)__builtin_inf()
                   : kind == '>' ? -(double)__builtin_inf()
                   : kind == '+' && jit_type_is_float(t)
                       ? -0.0 /* which leaves 0.0 and -0.0 as they are */
                       : 0;
    return x;
}

static const JitType *results_type(Region *r)
{
    const JitType *t[MAX_CARRIED];
    for (uint32_t i = 0; i < r->head->nparam; i++) t[i] = r->head->params[i]->type;
    return jit_type_tuple(t, r->head->nparam);
}

/* The block's own copy of each array that is gathered into, out of the stack of all copies. */
static void add_reduced(Region *r, IrFunc *g, IrBlock *entry, IrNode *const *nodes, IrNode *block)
{
    char kinds[MAX_REDUCED + 1] = "";
    for (uint32_t i = 0; i < r->nreduced; i++) {
        IrNode *array = r->reduced[i].array;
        const JitType *t = array->type;
        kinds[i] = r->reduced[i].kind;
        IrNode *stack = jit_ir_param_new(
            g, entry, M_VOID, jit_type_array((JitDtype)t->dtype, t->rank + 1u, 'A', false));
        IrNode *args[] = {stack, block}, *copy = typed(g, entry, OP_PY_GETITEM, t, 2, args);
        copy->name = array->name;
        copy->flags |= NODE_GATHERED;
        jit_ir_use_instead(g, nodes[array->id], copy);
    }
    g->reduce_arrays = jit_ir_text(g->module, kinds, r->nreduced);
}

/* The item is start + k * step, which cannot overflow since the range is one of ints. */
static void count_from_start(Region *r, IrFunc *g, IrBlock *head, IrNode *next, IrNode *start,
                             IrNode *step)
{
    Trip trip;
    jit_depend_trip(r, &trip);
    bool unit = trip.step_known && trip.step == 1;
    if (unit && trip.start_known && trip.start == 0) return;
    IrBlock *first = jit_ir_block_new(g);
    IrNode *args[] = {next, step}, *moved = next, *mul = NULL;
    if (!unit) {
        moved = mul = typed(g, first, OP_PY_BINARY, T(INT), 2, args);
        mul->sub = OPER_MUL;
        mul->flags |= NODE_NSW;
    }
    IrNode *sum[] = {start, moved}, *item = typed(g, first, OP_PY_BINARY, T(INT), 2, sum);
    item->sub = OPER_ADD;
    item->flags |= NODE_NSW;
    jit_ir_use_instead(g, next, item);
    (mul ? mul->args : item->args)[mul ? 0 : 1] = next;
    jit_ir_jump(g, first, head->succ[0].to, head->succ[0].n, head->succ[0].args);
    jit_ir_set_edge(g, &head->succ[0], first, 0, NULL);
}

static IrFunc *make_body(Region *r, const char *name)
{
    IrBlock **blocks;
    IrNode **nodes;
    IrFunc *f = r->f, *g = jit_clone_func_map(f, name, &blocks, &nodes);
    g->body_of = f;
    g->base = f->name;
    g->parallel = false;
    g->reduce = jit_ir_text(f->module, r->kinds, strlen(r->kinds));
    IrBlock *entry = jit_ir_block_new(g), *head = blocks[r->head->id], *done;
    IrNode *next = nodes[r->next->id], *args[MAX_CARRIED], *p[PAR_SLOTS];
    for (int i = 0; i < PAR_SLOTS; i++) p[i] = jit_ir_param_new(g, entry, M_VOID, T(INT));
    for (uint32_t i = 0; i < r->ncaptured; i++) {
        IrNode *q = jit_ir_param_new(g, entry, M_VOID, r->captured[i]->type);
        q->name = r->captured[i]->name;
        jit_ir_use_instead(g, nodes[r->captured[i]->id], q);
    }
    FOR_BLOCKS(b, f) /* constants used inside */
    FOR_NODES(x, b)
    if (x->op == OP_CONST && !jit_region_has(r, b)) {
        IrNode *c = nodes[x->id];
        jit_ir_unlink(c);
        jit_ir_append(entry, c);
    }
    add_reduced(r, g, entry, nodes, p[4]);
    IrNode *range_fn = typed(g, entry, OP_CONST, jit_type_named(TK_FUNC, "range", 5), 0, NULL);
    IrNode *call[] = {range_fn, p[0], p[1]};
    IrNode *range = typed(g, entry, OP_PY_CALL, T(RANGE), 3, call);
    IrNode *iter = typed(g, entry, OP_PY_ITER, jit_type_wrap(TK_ITER, T(RANGE)), 1, &range);
    for (uint32_t i = 0; i < head->nparam; i++)
        args[i] = identity(g, entry, r->kinds[i], head->params[i]->type);
    for (uint32_t i = 0; i < head->nparam; i++)
        if (args[i]->type != head->params[i]->type)
            args[i] = typed(g, entry, OP_U_CONVERT, head->params[i]->type, 1, &args[i]);
    jit_ir_jump(g, entry, head, head->nparam, args);
    next->args[0] = iter;
    count_from_start(r, g, head, next, p[2], p[3]);
    done = jit_ir_block_new(g);
    for (uint32_t i = 0; i < head->nparam; i++) { /* what is no number stays in the iteration */
        args[i] = head->params[i];
        if (jit_type_is_numeric(args[i]->type)) continue;
        IrNode *none = typed(g, done, OP_UNDEF, T(BOTTOM), 0, NULL);
        args[i] = typed(g, done, OP_U_CONVERT, head->params[i]->type, 1, &none);
    }
    IrNode *all = typed(g, done, OP_PY_TUPLE, results_type(r), head->nparam, args);
    g->ret = all->type;
    typed(g, done, OP_RET, NULL, 1, &all);
    jit_ir_set_edge(g, &head->succ[1], done, 0, NULL);
    g->first->npred = 0;
    jit_ir_block_to_front(g, entry);
    jit_cfg_analyze(g);
    return g;
}

/* ---- the parent ---- */

static void replace_loop(Region *r, IrFunc *body)
{
    IrFunc *f = r->f;
    IrBlock *head = r->head;
    uint32_t n = head->nparam, count = 1 + n + r->ncaptured + r->nreduced;
    IrNode **args = jit_ir_alloc(f->module, (count + 1) * sizeof *args);
    bool progress;
    args[0] = jit_outline_range(r->next, &progress);
    jit_lower_copy(args + 1, head->params, n);
    jit_lower_copy(args + 1 + n, r->captured, r->ncaptured);
    for (uint32_t i = 0; i < r->nreduced; i++) args[1 + n + r->ncaptured + i] = r->reduced[i].array;
    IrEdge leave = head->succ[1];
    IrPos pos = r->next->pos;
    jit_ir_unlink(r->next);
    head->nsucc = 0;
    IrNode *par = typed(f, head, OP_U_PARFOR, body->ret, count, args);
    par->text = body->name;
    par->sub = progress;
    par->pos = pos;
    IrNode *items[MAX_CARRIED];
    for (uint32_t i = 0; i < n; i++) {
        items[i] = typed(f, head, OP_PY_ITEM, head->params[i]->type, 1, &par);
        items[i]->imm.i = i;
        items[i]->name = head->params[i]->name;
    }
    jit_ir_jump(f, head, leave.to, leave.n, leave.args);
    for (uint32_t i = 0; i < n; i++) {
        jit_ir_use_instead(f, head->params[i], items[i]);
        par->args[1 + i] = head->params[i];
    }
    jit_cfg_analyze(f);
}

static void note_loop(Region *r)
{
    static const struct {
        char kind;
        const char *words;
    } words[] = {{'+', "sum"}, {'*', "product"}, {'<', "minimum"},     {'>', "maximum"},
                 {'&', "and"}, {'|', "or"},      {'^', "exclusive or"}};
    for (uint32_t k = 0; k < sizeof words / sizeof *words; k++) {
        for (uint32_t i = 0; i < r->head->nparam; i++)
            if (r->kinds[i] == words[k].kind)
                jit_note(r, 'r', r->next->pos, "'%s' is a reduction (%s)",
                         r->head->params[i]->name ? r->head->params[i]->name : "a variable",
                         words[k].words);
        for (uint32_t i = 0; i < r->nreduced; i++)
            if (r->reduced[i].kind == words[k].kind)
                jit_note(r, 'r', r->next->pos,
                         "array '%s' is a reduction (%s): a copy for each block of iterations",
                         r->reduced[i].array->name ? r->reduced[i].array->name : "?",
                         words[k].words);
    }
}

static int outline_loop(IrFunc *f, IrBlock *head, JitDiag *diag, int number, bool *done,
                        bool *changed)
{
    Region r = {.f = f,
                .diag = diag,
                .head = head,
                .body = head->succ[0].to,
                .next = head->last,
                .number = number};
    *done = false;
    if (head->first != head->last || r.body->npred != 1 || head->nparam > MAX_CARRIED) {
        jit_note(&r, 's', r.next->pos, "runs serially: too many variables are carried around it");
        return 0;
    }
    mark_region(&r);
    if (jit_reduce_rebound(&r)) {
        head->flags &= (uint16_t)~BLOCK_PRANGE;
        *changed = true;
        return 0;
    }
    int shape = check_shape(&r);
    if (shape < 0) return -1;
    if (shape) {
        jit_note(&r, 's', r.next->pos,
                 "runs serially: its exceptions are handled in this function");
        return 0;
    }
    if (jit_outline_grows(&r)) {
        jit_note(&r, 's', r.next->pos, "runs serially: its iterations change one container");
        return 0;
    }
    jit_note(&r, 'l', r.next->pos, "runs in parallel");
    if (jit_reduce_variables(&r) < 0 || jit_depend_check(&r) < 0) return -1;
    find_captured(&r);
    if (r.ncaptured == MAX_CAPTURED) {
        jit_note(&r, 's', r.next->pos, "runs serially: it uses too many variables from outside");
        return 0;
    }
    note_loop(&r);
    char name[280];
    snprintf(name, sizeof name, "%s.par%d", f->name, number);
    IrFunc *body = make_body(&r, name);
    replace_loop(&r, body);
    *done = true;
    return 0;
}

/* What a loop inside a parallel one is told. */
static void note_inner(IrFunc *body)
{
    FOR_BLOCKS(b, body)
    if (b->last && b->last->op == OP_PY_NEXT && is_prange(b->last))
        jit_ir_note(body->module, body->body_of->name, 0, 's', b->last->pos,
                    "runs serially inside of the parallel loop around it");
}

/* Arrays that are changed in place are not carried around. */
static void tidy_arrays(IrFunc *f)
{
    if (!jit_reduce_inplace(f)) return;
    jit_cfg_analyze(f);
    if (jit_cfg_simplify_params(f)) jit_cfg_analyze(f);
}

int jit_outline_run(IrFunc *f, JitDiag *diag)
{
    int number = 1;
    if (!f->parallel) return 0;
    tidy_arrays(f);
    for (bool again = true; again;) {
        again = false;
        jit_cfg_analyze(f);
        jit_ir_number(f);
        uint32_t n;
        IrBlock **rpo = jit_cfg_rpo(f, &n); /* outer loops first; inner ones stay serial */
        for (uint32_t i = 0; i < n && !again; i++) {
            IrBlock *b = rpo[i];
            if (b->last->op != OP_PY_NEXT || !is_prange(b->last) || b->flags & BLOCK_PRANGE)
                continue;
            bool done;
            b->flags |= BLOCK_PRANGE; /* looked at */
            bool changed = false;
            if (outline_loop(f, b, diag, number, &done, &changed) < 0) return -1;
            again = done || changed;
            if (changed) tidy_arrays(f);
            number += !changed;
            if (done) note_inner(f->module->last_func);
        }
    }
    return 0;
}
