/* Parallel loops: the body of a prange loop becomes a function of its own.
 *
 *     for i in prange(n): s += a[i]            f.par1(begin, end, start, step, a) -> (s)
 *                                              s = parfor(f.par1, s, a)
 *
 * The body function runs a range of iterations, counted from 0, and returns what each carried
 * variable
 * gathered over them, starting from the operation's identity. The runtime runs it over blocks that
 * depend on the number of iterations only; the results are combined in the order of the blocks,
 * so they do
 * not depend on the number of threads.
 *
 * A variable that is carried around the loop must be a reduction: from the parameter on, all uses
 * are
 * operands of one operation (+ - together, *, min, max, &, |, ^) whose results flow only into such
 * operations, joins and the next iteration. One that is only assigned, and used after the loop,
 * has the last
 * iteration's value. Everything else carries a value from one iteration to the next, and is
 * refused with
 * its name. So is a loop that is left by break or return, and a store that every iteration makes
 * to one element.
 *
 * Works on typed code before ownership is placed: captured arrays are borrowed by the body, and
 * iterations
 * own and release what they make themselves.
 */
#include "jit/passes/lower.h"
#include "jit/passes/middle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { MAX_CARRIED = 32, MAX_CAPTURED = 128 };

typedef struct Region {
    IrFunc *f;
    JitDiag *diag;
    IrBlock *head, *body;
    IrNode *next; /* the py.next */
    char kinds[MAX_CARRIED + 1];
    IrNode *captured[MAX_CAPTURED];
    uint32_t ncaptured;
    bool *inside; /* by block id; the header is not inside */
} Region;

/* ---- finding ---- */

static bool is_prange(const IrNode *next)
{
    const IrNode *iter = next->args[0];
    if (iter->op != OP_PY_ITER || iter->args[0]->op != OP_PY_CALL) return false;
    const JitType *t = iter->args[0]->args[0]->type;
    return t->kind == TK_FUNC && !strcmp(t->name, "numba.prange");
}

static bool in_region(const Region *r, const IrBlock *b) { return r->inside[b->id]; }

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
        if (!in_region(r, b)) continue;
        FOR_NODES(x, b)
        if (x->exit && !in_region(r, x->exit->to)) return 1;
        if (b->last->op == OP_RET) return jit_diag_set(r->diag, REFUSE_PRANGE_EXIT, b->last->pos);
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (b->succ[s].to != r->head && !in_region(r, b->succ[s].to))
                return jit_diag_set(r->diag, REFUSE_PRANGE_EXIT, b->last->pos);
    }
    return 0;
}

/* ---- reductions ---- */

static bool in_list(IrNode *const *list, uint32_t n, const IrNode *x)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == x) return true;
    return false;
}

/* The kind of reduction that x performs on chain value v; 0: none. */
static char step_kind(const IrNode *x, const IrNode *v)
{
    BoundCall call;
    if (x->op == OP_PY_BINARY || x->op == OP_PY_INPLACE) {
        bool left = x->args[0] == v, right = x->args[1] == v;
        if (left && right) return 0;
        switch (x->sub) {
        case OPER_ADD: return '+';
        case OPER_SUB: return left ? '+' : 0;
        case OPER_MUL: return '*';
        case OPER_AND: return '&';
        case OPER_OR: return '|';
        case OPER_XOR: return '^';
        default: return 0;
        }
    }
    if (x->op == OP_PY_CALL && jit_functions_bind(x, &call) && call.n == 2 &&
        (call.arg[0] == v) != (call.arg[1] == v)) {
        if (call.fn->rule == RULE_minmax) return call.fn->aux == OP_LT ? '<' : '>';
        if (call.fn->rule == RULE_elem && call.fn->aux == ELEM_MINIMUM) return '<';
        if (call.fn->rule == RULE_elem && call.fn->aux == ELEM_MAXIMUM) return '>';
    }
    return 0;
}

typedef struct Chain {
    IrNode *list[256];
    uint32_t n;
    char kind;
    const IrNode *bad; /* a use that is no reduction */
} Chain;

static void push(Chain *c, IrNode *x)
{
    if (!in_list(c->list, c->n, x) && c->n < 256) c->list[c->n++] = x;
}

static void follow_edge(Chain *c, const IrEdge *e, const IrNode *v, const IrBlock *head,
                        uint32_t slot, const IrNode *from)
{
    for (uint32_t i = 0; i < e->n; i++) {
        if (e->args[i] != v) continue;
        if (e->to == head) {
            if (i != slot) c->bad = from;
        } else {
            push(c, e->to->params[i]);
        }
    }
}

static void follow_uses(Region *r, Chain *c, IrNode *v, uint32_t slot)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!in_region(r, b)) continue;
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) {
                if (x->args[i] != v) continue;
                char kind = step_kind(x, v);
                if (x->op == OP_U_CONVERT) {
                    push(c, x);
                } else if (kind && (!c->kind || c->kind == kind)) {
                    c->kind = kind;
                    push(c, x);
                } else {
                    c->bad = x;
                }
            }
            if (x->exit) follow_edge(c, x->exit, v, r->head, slot, x);
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            follow_edge(c, &b->succ[s], v, r->head, slot, b->last);
    }
}

static bool used_outside(Region *r, const IrNode *v)
{
    FOR_BLOCKS(b, r->f)
    {
        if (in_region(r, b)) continue;
        FOR_NODES(x, b)
        if (in_list(x->args, x->n, v)) return true;
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (in_list(b->succ[s].args, b->succ[s].n, v)) return true;
    }
    return false;
}

/* Back edges must bring members of the chain: a fresh value would drop what was gathered. */
static bool closes(Region *r, const Chain *c, uint32_t slot)
{
    for (uint32_t p = 0; p < r->head->npred; p++)
        if (in_region(r, r->head->preds[p]) &&
            !in_list(c->list, c->n, r->head->pred_edges[p]->args[slot]))
            return false;
    return true;
}

/* Joins inside the region may only bring together members. */
static bool joins_closed(const Chain *c)
{
    for (uint32_t k = 1; k < c->n; k++) {
        IrNode *p = c->list[k];
        if (p->op != OP_PARAM) continue;
        uint32_t i = 0;
        while (p->block->params[i] != p) i++;
        for (uint32_t e = 0; e < p->block->npred; e++)
            if (!in_list(c->list, c->n, p->block->pred_edges[e]->args[i])) return false;
    }
    return true;
}

static int classify(Region *r, uint32_t slot)
{
    IrNode *p = r->head->params[slot];
    Chain c = {.n = 0};
    push(&c, p);
    for (uint32_t k = 0; k < c.n && !c.bad; k++) follow_uses(r, &c, c.list[k], slot);
    bool unused = c.n == 1 && !c.kind && !c.bad;
    bool passes = false;
    for (uint32_t e = 0; e < r->head->npred; e++)
        passes |= in_region(r, r->head->preds[e]) && r->head->pred_edges[e]->args[slot] == p;
    if (unused && !passes) {
        if (used_outside(r, p) && jit_type_owns(p->type))
            return jit_diag_set(r->diag, REFUSE_PRANGE_CARRIED, r->next->pos,
                                p->name ? p->name : "a variable");
        r->kinds[slot] = '=';
        return 0;
    }
    if (!c.bad && c.kind && jit_type_is_numeric(p->type) && closes(r, &c, slot) &&
        joins_closed(&c)) {
        r->kinds[slot] = c.kind;
        return 0;
    }
    if (unused && passes) { /* never changed */
        r->kinds[slot] = '=';
        return 0;
    }
    return jit_diag_set(r->diag, REFUSE_PRANGE_CARRIED, c.bad ? c.bad->pos : r->next->pos,
                        p->name ? p->name : "a variable");
}

/* ---- races that are certain ---- */

static bool is_invariant(const Region *r, const IrNode *x)
{
    if (!x->block || x == r->next || x->block == r->head) return x->op == OP_CONST;
    if (!in_region(r, x->block) || x->op == OP_CONST) return true;
    if (x->op != OP_PY_TUPLE && x->op != OP_PY_BINARY && x->op != OP_PY_UNARY) return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (!is_invariant(r, x->args[i])) return false;
    return true;
}

static int check_races(Region *r)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!in_region(r, b)) continue;
        bool always = true;
        for (uint32_t p = 0; p < r->head->npred; p++)
            if (in_region(r, r->head->preds[p])) always &= jit_cfg_dominates(b, r->head->preds[p]);
        FOR_NODES(x, b)
        if (always && x->op == OP_PY_SETITEM && is_invariant(r, x->args[0]) &&
            is_invariant(r, x->args[1]))
            return jit_diag_set(r->diag, REFUSE_PRANGE_RACE, x->pos,
                                x->args[0]->name ? x->args[0]->name : "the array");
    }
    return 0;
}

/* ---- the body function ---- */

static void capture(Region *r, IrNode *x)
{
    if (x == r->next || x->op == OP_CONST || (x->block == r->head && x->op == OP_PARAM) ||
        in_region(r, x->block))
        return;
    if (!in_list(r->captured, r->ncaptured, x) && r->ncaptured < MAX_CAPTURED)
        r->captured[r->ncaptured++] = x;
}

static void find_captured(Region *r)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!in_region(r, b)) continue;
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
    case '>':
        if (m == M_I1)
            x->imm.i = high;
        else if (jit_mtype_is_signed(m))
            x->imm.i = high ? INT64_MAX >> (64 - 8 * jit_mtype_size(m))
                            : INT64_MIN >> (64 - 8 * jit_mtype_size(m));
        else
            x->imm.i = high ? (int64_t)(UINT64_MAX >> (64 - 8 * jit_mtype_size(m))) : 0;
        break;
    default: break;
    }
    if (flt)
        x->imm.f = kind == '*'   ? 1
                   : kind == '<' ? (double)__builtin_inf()
                   : kind == '>' ? -(double)__builtin_inf()
                                 : 0;
    return x;
}

static void substitute(IrFunc *g, IrNode *from, IrNode *to)
{
    FOR_BLOCKS(b, g)
    {
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++)
                if (x->args[i] == from) x->args[i] = to;
            for (uint32_t i = 0; x->exit && i < x->exit->n; i++)
                if (x->exit->args[i] == from) x->exit->args[i] = to;
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            for (uint32_t i = 0; i < b->succ[s].n; i++)
                if (b->succ[s].args[i] == from) b->succ[s].args[i] = to;
    }
}

static const JitType *results_type(Region *r)
{
    const JitType *t[MAX_CARRIED];
    for (uint32_t i = 0; i < r->head->nparam; i++) t[i] = r->head->params[i]->type;
    return jit_type_tuple(t, r->head->nparam);
}

static void move_first(IrFunc *g, IrBlock *b)
{
    jit_ir_block_remove(g, b);
    g->nblocks++;
    b->prev = NULL;
    b->next = g->first;
    g->first->prev = b;
    g->first = b;
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
    IrNode *next = nodes[r->next->id], *args[MAX_CARRIED], *p[4];
    for (int i = 0; i < 4; i++) p[i] = jit_ir_param_new(g, entry, M_VOID, T(INT));
    for (uint32_t i = 0; i < r->ncaptured; i++) {
        IrNode *q = jit_ir_param_new(g, entry, M_VOID, r->captured[i]->type);
        q->name = r->captured[i]->name;
        substitute(g, nodes[r->captured[i]->id], q);
    }
    FOR_BLOCKS(b, f) /* constants used inside */
    FOR_NODES(x, b)
    if (x->op == OP_CONST && !in_region(r, b)) {
        IrNode *c = nodes[x->id];
        jit_ir_unlink(c);
        jit_ir_append(entry, c);
    }
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
    /* the item is start + k * step */
    IrBlock *first = jit_ir_block_new(g);
    IrNode *mul_args[] = {next, p[3]};
    IrNode *mul = typed(g, first, OP_PY_BINARY, T(INT), 2, mul_args);
    mul->sub = OPER_MUL;
    IrNode *add_args[] = {p[2], mul}, *add = typed(g, first, OP_PY_BINARY, T(INT), 2, add_args);
    add->sub = OPER_ADD;
    mul->args[0] = NULL;
    substitute(g, next, add);
    mul->args[0] = next;
    next->args[0] = iter;
    jit_ir_jump(g, first, head->succ[0].to, head->succ[0].n, head->succ[0].args);
    jit_ir_set_edge(g, &head->succ[0], first, 0, NULL);
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
    move_first(g, entry);
    jit_cfg_analyze(g);
    return g;
}

/* ---- the parent ---- */

static void replace_loop(Region *r, IrFunc *body)
{
    IrFunc *f = r->f;
    IrBlock *head = r->head;
    uint32_t n = head->nparam, count = 1 + n + r->ncaptured;
    IrNode **args = jit_ir_alloc(f->module, (count + 1) * sizeof *args);
    args[0] = r->next->args[0]->args[0]; /* the range */
    jit_lower_copy(args + 1, head->params, n);
    jit_lower_copy(args + 1 + n, r->captured, r->ncaptured);
    IrEdge leave = head->succ[1];
    IrPos pos = r->next->pos;
    jit_ir_unlink(r->next);
    head->nsucc = 0;
    IrNode *par = typed(f, head, OP_U_PARFOR, body->ret, count, args);
    par->text = body->name;
    par->pos = pos;
    IrNode *items[MAX_CARRIED];
    for (uint32_t i = 0; i < n; i++) {
        items[i] = typed(f, head, OP_PY_ITEM, head->params[i]->type, 1, &par);
        items[i]->imm.i = i;
        items[i]->name = head->params[i]->name;
    }
    jit_ir_jump(f, head, leave.to, leave.n, leave.args);
    for (uint32_t i = 0; i < n; i++) {
        substitute(f, head->params[i], items[i]);
        par->args[1 + i] = head->params[i];
    }
    jit_cfg_analyze(f);
}

static int outline_loop(IrFunc *f, IrBlock *head, JitDiag *diag, int number, bool *done)
{
    Region r = {.f = f, .diag = diag, .head = head, .body = head->succ[0].to, .next = head->last};
    *done = false;
    if (head->first != head->last || r.body->npred != 1 || head->nparam > MAX_CARRIED) return 0;
    mark_region(&r);
    int shape = check_shape(&r);
    if (shape) return shape < 0 ? -1 : 0;
    for (uint32_t i = 0; i < head->nparam; i++)
        if (classify(&r, i) < 0) return -1;
    if (check_races(&r) < 0) return -1;
    find_captured(&r);
    if (r.ncaptured == MAX_CAPTURED) return 0;
    char name[280];
    snprintf(name, sizeof name, "%s.par%d", f->name, number);
    IrFunc *body = make_body(&r, name);
    replace_loop(&r, body);
    *done = true;
    return 0;
}

int jit_outline_run(IrFunc *f, JitDiag *diag)
{
    int number = 1;
    if (!f->parallel) return 0;
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
            if (outline_loop(f, b, diag, number, &done) < 0) return -1;
            again = done;
            number += done;
        }
    }
    return 0;
}

/* ---- lowering of the parallel call ---- */

static Num combine(Lower *l, char kind, Num a, Num b)
{
    bool python = jit_type_is_python_number(a.type);
    static const struct {
        char kind;
        uint8_t oper;
    } opers[] = {
        {'+', OPER_ADD}, {'*', OPER_MUL}, {'&', OPER_AND}, {'|', OPER_OR}, {'^', OPER_XOR}};
    for (size_t i = 0; i < sizeof opers / sizeof *opers; i++)
        if (opers[i].kind == kind)
            return jit_scalar_binary(l, (IrOperator)opers[i].oper, a, b, a.type);
    if (kind == '=') return b;
    if (python) {
        IrNode *c = jit_scalar_compare(l, kind == '<' ? OPER_LT : OPER_GT, b, a);
        return (Num){a.type, jit_lower_select(l, c, b.re, a.re), NULL};
    }
    Num args[] = {a, b};
    return jit_elem_scalar_op(l, kind == '<' ? ELEM_MINIMUM : ELEM_MAXIMUM, args, 2, a.type);
}

/* Parts of a value read from 8-byte slots. */
static void load_slots(Lower *l, const JitType *t, IrNode *base, IrNode *offset, uint32_t at,
                       IrNode **out)
{
    uint8_t types[2];
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++)
        out[i] = jit_lower_load(
            l, (MType)types[i], base,
            jit_lower_nsw(l, OP_ADD, offset, jit_lower_int(l, 8 * (int64_t)(at + i))));
}

/* Narrow numbers fill their slot, as the kernel ABI has it. */
static void store_slot(Lower *l, IrNode *base, uint32_t at, IrNode *v)
{
    if (jit_mtype_is_int((MType)v->mt) || v->mt == M_I1) v = jit_lower_conv(l, v, M_I64);
    jit_lower_store(l, base, jit_lower_int(l, 8 * (int64_t)at), v);
}

void jit_outline_lower(Lower *l, const IrNode *x)
{
    IrFunc *body = jit_ir_find_func(l->m, x->text);
    const JitType *result = x->type;
    uint32_t n = result->n, nres = result->nparts, nslots = 4;
    for (uint32_t i = 1 + n; i < x->n; i++) nslots += x->args[i]->type->nparts;
    IrNode **range = jit_lower_parts(l, x->args[0]);
    IrNode *count = jit_lower_range_count(l, range);
    IrNode *slots = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    slots->imm.i = nslots;
    store_slot(l, slots, 2, range[0]);
    store_slot(l, slots, 3, range[2]);
    for (uint32_t i = 1 + n, at = 4; i < x->n; i++)
        for (uint32_t k = 0; k < x->args[i]->type->nparts; k++)
            store_slot(l, slots, at++, jit_lower_parts(l, x->args[i])[k]);
    IrNode *results = jit_ir_int(l->f, l->cur, M_PTR, 0), *own = NULL, *blocks = NULL;
    if (nres) {
        blocks = jit_lower_rt(l, RT_PARBLOCKS, 1, &count);
        own = jit_lower_alloc(
            l, jit_lower_nsw(l, OP_MUL, blocks, jit_lower_int(l, 8 * (int64_t)nres)), false);
        results = jit_lower_op1(l, OP_DATA, M_PTR, own);
        jit_lower_push_temp(l, own);
    }
    IrNode *par = jit_ir_node_new(l->f, OP_PARFOR, M_VOID, 5);
    IrNode *args[] = {count, slots, jit_lower_int(l, nslots), results, jit_lower_int(l, nres)};
    memcpy(par->args, args, sizeof args);
    par->text = x->text;
    par->pos = x->pos;
    jit_ir_append(l->cur, par);
    jit_lower_raising(l, par);
    IrNode **out = jit_ir_alloc(l->m, (nres + 1) * sizeof *out);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) { /* one pass over the blocks' results for each variable */
        const JitType *t = result->elem[i];
        IrNode **init = jit_lower_parts(l, x->args[1 + i]);
        if (!jit_type_is_numeric(t)) { /* nothing reads it: see classify */
            jit_lower_copy(out + at, init, t->nparts);
            at += t->nparts;
            continue;
        }
        Loop loop;
        jit_lower_loop(l, &loop, blocks, t->nparts, init);
        IrNode *offset = jit_lower_nsw(l, OP_MUL, loop.i, jit_lower_int(l, 8 * (int64_t)nres)),
               *in[2];
        load_slots(l, t, results, offset, at, in);
        Num acc =
            combine(l, body->reduce[i], jit_lower_num_of(t, loop.carried), jit_lower_num_of(t, in));
        IrNode *next[] = {acc.re, acc.im};
        jit_lower_loop_end(l, &loop, next);
        jit_lower_copy(out + at, loop.carried, t->nparts);
        at += t->nparts;
    }
    if (own) {
        jit_lower_pop_temp(l);
        jit_lower_release(l, own);
    }
    jit_lower_set(l, x, nres, out);
}
