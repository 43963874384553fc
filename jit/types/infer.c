/* Inference: the fixpoint.
 *
 * Types are recomputed block by block in reverse postorder until none changes. Only edges that can
 * be taken count (a condition decided by the types, `x is None` of an int, prunes the other side),
 * so code for other argument types is neither typed nor refused. A block parameter gets the
 * unification of what its live edges pass. While types still move, what cannot be typed counts as
 * unknown; refusals are worded in one last walk, when the types are final and the cause is visible.
 *
 * Calls of other kernels ask for a specialisation, inferred on the spot. A function met while it is
 * being inferred (recursion) answers with what it knows of its return type so far; its inference is
 * then repeated until that no longer changes.
 */
#include "jit/types/infer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { STATE_NEW, STATE_RUNNING, STATE_DONE };
enum { MAX_ROUNDS = 60 };

const JitType *jit_infer_unwrap(const JitType *t)
{
    return t->kind == TK_OPTIONAL ? t->elem[0] : t;
}

/* Arithmetic on ranks and axes; small numbers only. */
static bool known_binary(const IrNode *x, int64_t *value)
{
    int64_t a, b;
    if (!jit_infer_int(x->args[0], &a) || !jit_infer_int(x->args[1], &b)) return false;
    if (a > 1000 || a < -1000 || b > 1000 || b < -1000) return false;
    switch (x->sub) {
    case OPER_ADD: *value = a + b; return true;
    case OPER_SUB: *value = a - b; return true;
    case OPER_MOD:
        if (b <= 0) return false;
        *value = ((a % b) + b) % b;
        return true;
    default: return false;
    }
}

bool jit_infer_int(const IrNode *x, int64_t *value)
{
    if (x->op == OP_CONST && x->type && x->type->kind == TK_INT) {
        *value = x->imm.i;
        return true;
    }
    if (x->op == OP_PY_UNARY && x->sub == OPER_NEG && jit_infer_int(x->args[0], value)) {
        *value = -*value;
        return true;
    }
    if (x->op == OP_PY_BINARY && x->type && x->type->kind == TK_INT) return known_binary(x, value);
    if (x->op == OP_PY_GETATTR && x->args[0]->type && x->args[0]->type->kind == TK_ARRAY &&
        !strcmp(x->text, "ndim")) {
        *value = x->args[0]->type->rank;
        return true;
    }
    if (x->op == OP_PY_CALL && x->n == 2 && x->args[1]->type && x->args[1]->type->kind == TK_TUPLE &&
        x->args[0]->type && x->args[0]->type->kind == TK_FUNC &&
        !strcmp(x->args[0]->type->name, "len")) {
        *value = x->args[1]->type->n;
        return true;
    }
    return false;
}

static int known_compare(IrOperator oper, int64_t a, int64_t b)
{
    switch (oper) {
    case OPER_EQ: return a == b;
    case OPER_NE: return a != b;
    case OPER_LT: return a < b;
    case OPER_LE: return a <= b;
    case OPER_GT: return a > b;
    default: return a >= b;
    }
}

/* Comparisons that the types decide: of strings, dtypes, ranks, lengths of tuples. */
static int known_comparison(const IrNode *x)
{
    const JitType *a = x->args[0]->type, *b = x->args[1]->type;
    IrOperator oper = (IrOperator)x->sub;
    int64_t m, n;
    if (!a || !b) return -1;
    if (jit_infer_int(x->args[0], &m) && jit_infer_int(x->args[1], &n))
        return known_compare(oper, m, n);
    if (a->kind == TK_BIG && jit_type_is_integer(b) && jit_type_is_python_number(b))
        return oper == OPER_GT || oper == OPER_GE || oper == OPER_NE;
    if (b->kind == TK_BIG && jit_type_is_integer(a) && jit_type_is_python_number(a))
        return oper == OPER_LT || oper == OPER_LE || oper == OPER_NE;
    if (oper != OPER_EQ && oper != OPER_NE) return -1;
    if (a->kind == TK_STR && b->kind == TK_STR) return (a == b) == (oper == OPER_EQ);
    if (a->kind == TK_FUNC && jit_infer_dtype(a) >= 0 && jit_infer_dtype(b) >= 0)
        return (jit_infer_dtype(a) == jit_infer_dtype(b)) == (oper == OPER_EQ);
    return -1;
}

static int identical(const IrNode *a, const IrNode *b)
{
    const JitType *s = a->type, *t = b->type;
    if (!s || !t || s->kind == TK_BOTTOM || t->kind == TK_BOTTOM || s->kind == TK_OPTIONAL ||
        t->kind == TK_OPTIONAL)
        return -1;
    if (s->kind == TK_NONE || t->kind == TK_NONE || jit_type_is_constant(s) ||
        jit_type_is_constant(t))
        return s == t;
    return -1;
}

int jit_infer_truth(const IrNode *x)
{
    int known;
    switch (x->op) {
    case OP_CONST:
        if (x->type && x->type->kind == TK_BOOL) return x->imm.i != 0;
        break;
    case OP_PY_IS: return identical(x->args[0], x->args[1]);
    case OP_PY_ISNOT: known = identical(x->args[0], x->args[1]); return known < 0 ? -1 : !known;
    case OP_PY_CALL:
        if (x->n == 3 && x->args[0]->type && x->args[0]->type->kind == TK_FUNC && x->args[1]->type &&
            x->args[2]->type && !strcmp(x->args[0]->type->name, "isinstance"))
            return jit_infer_isinstance(x->args[1]->type, x->args[2]->type);
        break;
    case OP_PY_COMPARE: return known_comparison(x);
    case OP_PY_UNARY:
        if (x->sub != OPER_NOT) break;
        known = jit_infer_truth(x->args[0]);
        return known < 0 ? -1 : !known;
    case OP_PY_TRUTH: {
        const IrNode *a = x->args[0];
        const JitType *t = a->type;
        if (t && t->kind == TK_NONE) return 0;
        if (t && t->kind == TK_TUPLE) return t->n != 0;
        if (t && t->kind == TK_STR) return t->name[0] != 0;
        if (t && jit_infer_container_word(t)) return -1;
        if (t && a->op == OP_CONST && t->kind == TK_INT) return a->imm.i != 0;
        return jit_infer_truth(a);
    }
    default: break;
    }
    return -1;
}

const JitType *jit_infer_refuse(Infer *in, JitRefusal what, const IrNode *x, ...)
{
    if (in->report) {
        va_list ap;
        va_start(ap, x);
        jit_diag_set_v(in->diag, what, x->pos, ap);
        va_end(ap);
    }
    return NULL;
}

/* ---- reachability ---- */

/* 1, 0, -1: either way, -2: not yet known */
static int known_branch(const IrBlock *b)
{
    if (b->last->op == OP_PY_NEXT) { /* nothing comes out of an empty tuple */
        const JitType *t = b->last->args[0]->type;
        return t && t->kind == TK_ITER && t->elem[0]->kind == TK_TUPLE && t->elem[0]->n == 0 ? 0
                                                                                             : -1;
    }
    if (b->last->op != OP_BR) return -1;
    const IrNode *cond = b->last->args[0];
    if (!cond->type || cond->type->kind == TK_BOTTOM) return b->flags & BLOCK_OPEN ? -1 : -2;
    return jit_infer_truth(cond);
}

/* Marks what the edges of b reach; true if something is new. */
static bool spread_block(IrBlock *b)
{
    bool news = false;
    int known = known_branch(b);
    for (uint32_t s = 0; s < b->nsucc; s++)
        if ((known == -1 || known == (s == 0)) && !b->succ[s].to->mark) {
            b->succ[s].to->mark = b;
            news = true;
        }
    FOR_NODES(x, b)
    if (x->exit && !x->exit->to->mark) {
        x->exit->to->mark = b;
        news = true;
    }
    return news;
}

static bool edge_live(const IrBlock *from, const IrNode *node, const IrEdge *e)
{
    if (!from->mark) return false;
    if ((node->op != OP_BR && node->op != OP_PY_NEXT) || node != from->last || e == node->exit)
        return true;
    int known = known_branch(from);
    return known == -1 || known == (e == &from->succ[0]);
}

/* ---- the fixpoint ---- */

static const JitType *param_type(IrBlock *b, uint32_t i, IrNode **first, IrNode **second)
{
    const JitType *t = jit_type_simple(TK_BOTTOM);
    for (uint32_t p = 0; p < b->npred; p++) {
        if (!edge_live(b->preds[p], b->pred_nodes[p], b->pred_edges[p])) continue;
        IrNode *a = b->pred_edges[p]->args[i];
        if (!a->type) continue;
        const JitType *both = jit_type_unify(t, a->type);
        if (!both) {
            *second = a;
            return NULL;
        }
        if (a->type->kind != TK_BOTTOM && !*first) *first = a;
        t = both;
    }
    return t;
}

static bool set_type(IrNode *x, const JitType *t)
{
    if (!t) t = jit_type_simple(TK_BOTTOM);
    if (x->type == t) return false;
    x->type = t;
    return true;
}

static bool infer_block(Infer *in, IrBlock *b)
{
    bool changed = false;
    if (b != in->f->first)
        for (uint32_t i = 0; i < b->nparam; i++) {
            IrNode *first = NULL, *second = NULL;
            changed |= set_type(b->params[i], param_type(b, i, &first, &second));
        }
    FOR_NODES(x, b)
    if (x->op != OP_CONST) changed |= set_type(x, jit_infer_node(in, x));
    changed |= in->grew;
    in->grew = false;
    return changed | spread_block(b);
}

/* What a generator function gives: a generator of what all its yields give. */
static const JitType *yielded(Infer *in, bool report)
{
    const JitType *t = jit_type_simple(TK_BOTTOM);
    FOR_BLOCKS(b, in->f)
    FOR_NODES(x, b)
    {
        if (!b->mark || x->op != OP_PY_YIELD || !x->args[0]->type) continue;
        const JitType *one = jit_infer_kept(x->args[0]->type), *both = jit_type_unify(t, one);
        if (both) {
            t = both;
        } else if (report) {
            char s[200], u[200];
            in->report = true;
            jit_infer_refuse(in, REFUSE_YIELD, x, jit_type_describe(one, s, sizeof s), jit_type_describe(t, u, sizeof u));
            return NULL;
        }
    }
    if (t->kind == TK_BOTTOM && !report) return t;
    return jit_type_generator(t->kind == TK_BOTTOM ? jit_type_simple(TK_NONE) : t, in->f->name);
}

static const JitType *return_type(Infer *in, bool report)
{
    if (in->f->generator) return yielded(in, report);
    const JitType *t = jit_type_simple(TK_BOTTOM);
    const IrNode *before = NULL;
    FOR_BLOCKS(b, in->f)
    {
        if (!b->mark || b->last->op != OP_RET) continue;
        const JitType *one = b->last->n ? b->last->args[0]->type : jit_type_simple(TK_NONE);
        const JitType *both = jit_type_unify(t, one);
        if (!both && report) {
            char s[200], u[200];
            in->report = true;
            jit_infer_refuse(in, REFUSE_RETURN, b->last, jit_type_describe(one, s, sizeof s),
                             jit_type_describe(t, u, sizeof u));
            if (before) jit_diag_second(in->diag, before->pos, "returns %s here", u);
            return NULL;
        }
        if (both) t = both;
        before = b->last;
    }
    return t;
}

static void clear_types(IrFunc *f)
{
    FOR_BLOCKS(b, f)
    {
        b->mark = NULL;
        b->flags &= (uint16_t)~BLOCK_OPEN;
        if (b != f->first)
            for (uint32_t i = 0; i < b->nparam; i++) b->params[i]->type = NULL;
        FOR_NODES(x, b)
        if (x->op != OP_CONST) x->type = NULL;
    }
    f->first->mark = f->first;
}

static int settle_once(Infer *in);

/* `if w in counts` waits for the type of what counts will hold, which the code behind it puts in. So when nothing else moves,
 * both sides of conditions without a type are typed. */
static int settle(Infer *in)
{
    for (;;) {
        bool opened = false;
        if (settle_once(in) < 0) return -1;
        FOR_BLOCKS(b, in->f)
        if (b->mark && known_branch(b) == -2) {
            b->flags |= BLOCK_OPEN;
            opened = true;
        }
        if (!opened) return 0;
    }
}

/* Runs rounds until nothing changes. */
static int settle_once(Infer *in)
{
    uint32_t n;
    IrBlock **rpo = jit_cfg_rpo(in->f, &n);
    for (int round = 0; round < MAX_ROUNDS; round++) {
        bool changed = false;
        for (uint32_t i = 0; i < n; i++)
            if (rpo[i]->mark) changed |= infer_block(in, rpo[i]);
        const JitType *ret = return_type(in, false);
        if (ret != in->f->ret) {
            in->f->ret = ret;
            changed = true;
        }
        if (!changed) return 0;
    }
    in->report = true;
    jit_infer_refuse(in, REFUSE_UNSTABLE, in->f->first->first);
    return -1;
}

/* ---- the last walk: refusals ---- */

static void refuse_unify(Infer *in, IrBlock *b, uint32_t i, const IrNode *first,
                         const IrNode *second)
{
    char s[200], t[200];
    const char *name = b->params[i]->name ? b->params[i]->name : "the value";
    jit_infer_refuse(in, REFUSE_UNIFY, second, name, jit_type_describe(second->type, s, sizeof s),
                     jit_type_describe(first->type, t, sizeof t));
    if (first->pos.line) jit_diag_second(in->diag, first->pos, "starts as %s here", t);
}

static void refuse_unknown(Infer *in, const IrNode *x)
{
    for (uint32_t i = 0; i < x->n; i++) {
        const IrNode *a = x->args[i];
        if (a->type && a->type->kind != TK_BOTTOM) continue;
        if (a->op == OP_UNDEF || a->op == OP_PARAM) {
            jit_infer_refuse(in, REFUSE_UNDEFINED, x, a->name ? a->name : "the variable");
            return;
        }
    }
    if (in->open || in->f->recursive)
        jit_infer_refuse(in, REFUSE_NEVER_RETURNS, x, jit_diag_function(in->f));
}

static int report_block(Infer *in, IrBlock *b)
{
    for (uint32_t i = 0; b != in->f->first && i < b->nparam; i++) {
        IrNode *first = NULL, *second = NULL;
        if (!param_type(b, i, &first, &second)) {
            refuse_unify(in, b, i, first, second);
            return -1;
        }
    }
    FOR_NODES(x, b)
    {
        if (x->op == OP_CONST || x->op == OP_UNDEF) continue;
        const JitType *t = jit_infer_node(in, x);
        if (in->diag->code) return -1;
        if (t && t->kind == TK_BOTTOM) refuse_unknown(in, x);
        if (in->diag->code) return -1;
    }
    if (b->last->op == OP_BR && b->last->args[0]->type->kind == TK_BOTTOM) {
        jit_infer_refuse(in, REFUSE_UNKNOWN_TYPE, b->last);
        return -1;
    }
    return 0;
}

/* ---- making it explicit ---- */

IrNode *jit_infer_converted(IrFunc *f, IrNode *at, IrNode *x, const JitType *to)
{
    if (x->type == to) return x;
    IrNode *c = jit_ir_node_new(f, OP_U_CONVERT, M_VOID, 1);
    c->args[0] = x;
    c->type = to;
    c->pos = x->pos.line ? x->pos : at->pos;
    c->name = x->name;
    jit_ir_insert_before(at, c);
    return c;
}

static void convert_edge(IrFunc *f, IrNode *from, IrEdge *e)
{
    for (uint32_t i = 0; i < e->n; i++) {
        IrNode *p = e->to->params[i];
        if (!p->type) p->type = jit_type_simple(TK_BOTTOM);
        e->args[i] = jit_infer_converted(f, from, e->args[i], p->type);
    }
}

/* A converted value of py.next itself can only be made on the edge. */
static void split_next_edge(IrFunc *f, IrBlock *b)
{
    IrEdge *e = &b->succ[0];
    bool needed = false;
    for (uint32_t i = 0; i < e->n; i++)
        needed |= e->args[i] == b->last && e->args[i]->type != e->to->params[i]->type;
    if (!needed) return;
    IrBlock *mid = jit_ir_block_after(f, b);
    mid->mark = b;
    jit_ir_jump(f, mid, e->to, e->n, e->args);
    jit_ir_set_edge(f, e, mid, 0, NULL);
}

static IrNode *placed_before(IrFunc *f, IrNode *at, IrNode *x)
{
    x->pos = at->pos;
    x->id = f->next_node++;
    jit_ir_insert_before(at, x);
    return x;
}

/* A call of a kernel gets one argument a parameter, of the parameter's type. */
static void resolve_call(Infer *in, IrNode *x)
{
    const JitType *types[BOUND_MAX];
    IrLiteral literals[BOUND_MAX];
    KernelCall call;
    IrFunc *f = in->f;
    bool open;
    const JitType *exchanged = jit_infer_overloaded(in, x, &open);
    if (exchanged) x->args[0]->type = exchanged;
    if (!jit_infer_kernel_of(in, x) || jit_infer_bind_kernel(in, x, &call)) return;
    jit_infer_kernel_types(&call, types, literals);
    IrFunc *g = jit_infer_callee(in, call.callee->name, types, literals, call.n);
    for (uint32_t i = 0; i < call.n; i++) {
        if (call.callee->rest && i + 1 == call.n) {
            IrNode *t = jit_ir_node_new(f, OP_PY_TUPLE, M_VOID, call.nrest);
            for (uint32_t k = 0; k < call.nrest; k++) t->args[k] = call.rest[k];
            t->type = types[i];
            call.arg[i] = placed_before(f, x, t);
        } else if (!call.arg[i]) {
            IrNode *c = jit_ir_node_new(f, OP_CONST, M_VOID, 0);
            *c = *call.callee->defaults[i];
            call.arg[i] = placed_before(f, x, c);
        }
    }
    x->op = OP_U_CALL;
    x->text = g->name;
    x->n = call.n;
    x->args = jit_ir_alloc(f->module, (call.n + 1) * sizeof *x->args);
    for (uint32_t i = 0; i < call.n; i++)
        x->args[i] = jit_infer_converted(f, x, call.arg[i], g->first->params[i]->type);
}

/* An index that the kernel library does becomes a call of it. */
static void resolve_index(Infer *in, IrNode *x)
{
    const char *name = jit_infer_index_function(x);
    const JitType *types[3];
    IrLiteral literals[3] = {{false, 0}};
    if (!name) return;
    for (uint32_t i = 0; i < x->n; i++) types[i] = jit_infer_unwrap(x->args[i]->type);
    IrFunc *g = jit_infer_callee(in, name, types, literals, x->n);
    x->op = OP_U_CALL;
    x->text = g->name;
    for (uint32_t i = 0; i < x->n; i++)
        x->args[i] = jit_infer_converted(in->f, x, x->args[i], g->first->params[i]->type);
}

static void finish(Infer *in)
{
    IrFunc *f = in->f;
    for (IrBlock *b = f->first; b; b = b->next) {
        if (!b->mark) continue;
        int known = known_branch(b);
        if (known >= 0) {
            b->last->op = OP_JUMP;
            b->last->n = 0;
            b->last->type = NULL;
            if (!known) b->succ[0] = b->succ[1];
            b->nsucc = 1;
        }
        if (b->last->op == OP_PY_NEXT) split_next_edge(f, b);
    }
    jit_cfg_analyze(f); /* drops what cannot be reached any more */
    FOR_BLOCKS(b, f)
    {
        for (IrNode *x = b->first, *next; x; x = next) {
            next = x->next;
            jit_infer_big_finish(f, x);
            if (x->op == OP_PY_CALL) resolve_call(in, x);
            if (x->op == OP_PY_GETITEM || x->op == OP_PY_SETITEM) resolve_index(in, x);
            jit_infer_container_finish(f, x);
            jit_infer_object_finish(f, x);
            if (x->exit) convert_edge(f, x, x->exit);
            if (x->op == OP_PY_YIELD) x->args[0] = jit_infer_converted(f, x, x->args[0], f->ret->elem[0]);
            if (x->op == OP_RET && f->generator) x->n = 0;
            if (x->op == OP_RET && x->n) x->args[0] = jit_infer_converted(f, x, x->args[0], f->ret);
        }
        for (uint32_t s = 0; s < b->nsucc; s++) convert_edge(f, b->last, &b->succ[s]);
    }
}

int jit_infer_run(IrFunc *f, JitDiag *diag)
{
    if (f->infer_state == STATE_DONE) return 0;
    Infer in = {.f = f, .diag = diag};
    f->infer_state = STATE_RUNNING;
    jit_cfg_analyze(f);
    if (jit_cfg_simplify_params(f)) jit_cfg_analyze(f);
    const JitType *before;
    int tries = 0;
    do {
        before = f->ret;
        clear_types(f);
        in.open = false;
        if (settle(&in) < 0 || diag->code) return -1;
        while (jit_infer_unroll(&in)) {
            clear_types(f);
            if (settle(&in) < 0) break;
        }
        if (diag->code) return -1;
        if (jit_infer_close(&in) && (settle(&in) < 0 || diag->code)) return -1;
    } while (f->recursive && f->ret != before && ++tries < 10);
    in.report = true;
    FOR_BLOCKS(b, f)
    if (b->mark && report_block(&in, b) < 0) return -1;
    f->ret = return_type(&in, true);
    if (!f->ret || diag->code) return -1;
    if (f->ret->kind == TK_BOTTOM) /* every path raises */
        f->ret = jit_type_simple(TK_NONE);
    f->infer_state = STATE_DONE;
    finish(&in);
    return 0;
}

/* ---- other kernels ---- */

static bool takes(const IrFunc *f, const JitType *const *args, const IrLiteral *literals, uint32_t n,
                  bool exactly)
{
    if (f->first->nparam != n) return false;
    for (uint32_t i = 0; i < n; i++) {
        if (f->literals &&
            (f->literals[i].known != literals[i].known || f->literals[i].value != literals[i].value))
            return false;
        const JitType *t = f->first->params[i]->type;
        if (!t || (exactly ? t != args[i] : !jit_type_converts(args[i], t))) return false;
    }
    return true;
}

/* A parameter whose argument is constant: the constant takes its place, so that branches on it are
 * decided and an axis is known. */
static void bind_literal(IrFunc *f, IrNode *param, const JitType *type, int64_t value)
{
    IrNode *c = jit_ir_node_new(f, OP_CONST, M_VOID, 0);
    c->type = type;
    c->imm.i = value;
    jit_ir_insert_before(f->first->first, c);
    jit_ir_use_instead(f, param, c);
}

static IrFunc *specialize(IrFunc *template, const JitType *const *args, const IrLiteral *literals,
                          uint32_t n)
{
    char name[256];
    int count = 0;
    for (IrFunc *g = template->module->funcs; g; g = g->next)
        count += g->base && !strcmp(g->base, template->name);
    snprintf(name, sizeof name, "%s.%d", template->name, count + 1);
    IrFunc *g = jit_clone_func(template, name);
    g->base = template->name;
    for (uint32_t i = 0; i < n; i++) {
        g->first->params[i]->type = args[i];
        if (literals[i].known) bind_literal(g, g->first->params[i], args[i], literals[i].value);
    }
    if (template->library) {
        IrLiteral *kept = jit_ir_alloc(g->module, (n + 1) * sizeof *kept);
        memcpy(kept, literals, n * sizeof *kept);
        g->literals = kept;
    }
    return g;
}

const char *jit_infer_kernel_name(const JitType *callee)
{
    bool function = callee->kind == TK_FUNC || callee->kind == TK_METHOD;
    return function && !strncmp(callee->name, "jit.", 4) ? callee->name + 4 : NULL;
}

/* Which kernel a call means: a function of NumPy's that is given a list is one of the library under a name of its own. */
const char *jit_infer_kernel_of(Infer *in, const IrNode *call)
{
    const JitType *callee = call->args[0]->type;
    const char *name = jit_infer_kernel_name(callee);
    char full[100];
    if (name || callee->kind != TK_FUNC || call->n < 2 || !call->args[1]->type) return name;
    if (jit_infer_unwrap(call->args[1]->type)->kind != TK_LIST || strncmp(callee->name, "numpy.", 6)) return NULL;
    snprintf(full, sizeof full, "%.90s.list", callee->name);
    const IrFunc *f = jit_infer_find_kernel(in->f->module, full);
    return f ? f->name : NULL;
}

IrFunc *jit_infer_find_kernel(IrModule *m, const char *name)
{
    IrFunc *f = jit_ir_find_func(m, name);
    return f || !m->find_template ? f : m->find_template(m, name);
}

static uint32_t count_keywords(const char *names)
{
    uint32_t n = names && *names;
    for (; names && *names; names++) n += *names == ',';
    return n;
}

IrNode *jit_infer_self(Infer *in, const IrNode *call)
{
    IrNode *at = call->args[0], *self = NULL;
    FOR_NODES(x, call->block)
    if (x->op == OP_PY_SELF && x->args[0] == at) self = x;
    if (self) return self;
    self = jit_ir_node_new(in->f, OP_PY_SELF, M_VOID, 1);
    self->args[0] = at;
    self->type = at->type->elem[0];
    self->pos = call->pos;
    self->id = in->f->next_node++;
    jit_ir_insert_before((IrNode *)call, self);
    return self;
}

const char *jit_infer_bind_kernel(Infer *in, const IrNode *x, KernelCall *out)
{
    IrFunc *f = jit_infer_find_kernel(in->f->module, jit_infer_kernel_of(in, x));
    memset(out, 0, sizeof *out);
    if (!f || f->first->nparam > BOUND_MAX) return "it is not known";
    uint32_t nkw = count_keywords(x->text), given = x->n - 1 - nkw, at = 0;
    uint32_t named = f->first->nparam - f->rest, positional = named - f->keyword_only;
    out->callee = f;
    out->n = f->first->nparam;
    if (x->args[0]->type->kind == TK_METHOD) {
        if (positional == 0) return "there are too many arguments";
        out->arg[at++] = x->args[0]->op == OP_PY_GETATTR ? x->args[0]->args[0] : jit_infer_self(in, x);
    }
    for (uint32_t i = 0; i < given; i++) {
        if (at < positional) {
            out->arg[at++] = x->args[1 + i];
        } else if (f->rest) {
            out->rest = &x->args[1 + i];
            out->nrest = given - i;
            break;
        } else {
            return "there are too many arguments";
        }
    }
    const char *names = x->text;
    for (uint32_t k = 0; k < nkw; k++) {
        size_t n = strcspn(names, ",");
        uint32_t i = 0;
        while (i < named && (!f->first->params[i]->name || strlen(f->first->params[i]->name) != n ||
                             memcmp(f->first->params[i]->name, names, n)))
            i++;
        if (i == named) return "it has no parameter of that name";
        if (out->arg[i]) return "an argument is given twice";
        out->arg[i] = x->args[1 + given + k];
        names += n + (names[n] == ',');
    }
    for (uint32_t i = 0; i < named; i++)
        if (!out->arg[i] && !(f->defaults && f->defaults[i])) return "an argument is missing";
    return NULL;
}

/* Library functions are specialised by the value of constant bools (keepdims=True) and of a constant
 * parameter called axis. */
static IrLiteral literal_of(const IrFunc *callee, uint32_t i, const IrNode *x)
{
    IrLiteral none = {false, 0}, value = {true, 0};
    const char *name = callee->first->params[i]->name;
    if (!callee->library || !x || !x->type) return none;
    if (x->op == OP_CONST && x->type->kind == TK_BOOL) value.value = x->imm.i;
    else if (!name || strcmp(name, "axis") || !jit_infer_int(x, &value.value)) return none;
    return value;
}

bool jit_infer_kernel_types(const KernelCall *call, const JitType **types, IrLiteral *literals)
{
    const JitType *rest[BOUND_MAX];
    for (uint32_t i = 0; i < call->n; i++) {
        literals[i] = (IrLiteral){false, 0};
        if (call->callee->rest && i + 1 == call->n) {
            for (uint32_t k = 0; k < call->nrest; k++) rest[k] = call->rest[k]->type;
            types[i] = jit_type_tuple(rest, call->nrest);
        } else {
            const IrNode *x = call->arg[i] ? call->arg[i] : call->callee->defaults[i];
            types[i] = jit_infer_passed(call->callee, x->type);
            literals[i] = literal_of(call->callee, i, x);
        }
        if (!types[i] || types[i]->kind == TK_BOTTOM) return false;
    }
    return true;
}

/* The function to call for these argument types, inferred as far as possible; NULL: refused. */
IrFunc *jit_infer_callee(Infer *in, const char *name, const JitType *const *args,
                         const IrLiteral *literals, uint32_t n)
{
    IrModule *m = in->f->module;
    IrFunc *found = NULL, *template = jit_infer_find_kernel(m, name);
    if (!template || template->first->nparam != n) return NULL;
    for (IrFunc *g = m->funcs; g && !found; g = g->next)
        if ((g == template || (g->base && !strcmp(g->base, name))) && takes(g, args, literals, n, true))
            found = g;
    if (!found && takes(template, args, literals, n, false)) found = template;
    if (!found) found = specialize(template, args, literals, n);
    if (found->infer_state == STATE_RUNNING) {
        found->recursive = true;
        in->open |= !found->ret || found->ret->kind == TK_BOTTOM;
    } else if (found->infer_state == STATE_NEW) {
        /* while types still move, the callee may be asked for types that do not last */
        JitDiag tentative = {0};
        bool final = in->report && !found->library;
        if (jit_infer_run(found, final ? in->diag : &tentative) < 0) {
            found->infer_state = STATE_NEW;
            snprintf(in->why, sizeof in->why, "%.239s", tentative.text);
            return NULL;
        }
    }
    return found;
}
