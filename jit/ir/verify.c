/* The verifier: what every pass must leave true. It runs after each pass in debug builds and in
 * the tests.
 *
 *   shape       blocks end in one terminator, edges pass one argument a parameter, of its type
 *   dominance   arguments are defined on every way to their use
 *   types       machine ops get operands of the types that ops.def demands
 *   ownership   at the machine level every own value that this function creates (alloc, call
 *   result,
 *               parameter of a block, retain) is given up exactly once on every way out
 * It needs no analysis done before and does jit_cfg_analyze itself.
 */
#include "jit/ir/ir.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char report[512];

typedef struct Check {
    IrFunc *f;
    bool failed;
} Check;

__attribute__((format(printf, 3, 4))) static void wrong(Check *c, const IrNode *x, const char *fmt,
                                                        ...)
{
    if (c->failed) return;
    c->failed = true;
    char what[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (x)
        snprintf(report, sizeof report, "@%s: b%u: v%u = %s: %s", c->f->name,
                 x->block ? x->block->id : 0, x->id, jit_ir_ops[x->op].text, what);
    else
        snprintf(report, sizeof report, "@%s: %s", c->f->name, what);
}

/* Does the definition of x reach a use just before `at` (NULL: the end of block b)? */
static bool reaches(const IrNode *x, const IrBlock *b, const IrNode *at)
{
    if (x->op == OP_PARAM || x->block != b) return jit_cfg_dominates(x->block, b);
    if (!at) return true;
    for (const IrNode *p = x->next; p; p = p->next)
        if (p == at) return true;
    return false;
}

static void check_use(Check *c, const IrNode *user, const IrNode *x, const IrNode *at)
{
    if (!x) {
        wrong(c, user, "an argument is missing");
        return;
    }
    if (x->repl)
        wrong(c, user, "uses v%u, which was replaced", x->id);
    else if (!x->block)
        wrong(c, user, "uses v%u, which is in no block", x->id);
    else if (!reaches(x, user->block, at))
        wrong(c, user, "v%u does not reach its use", x->id);
}

static void check_edge(Check *c, const IrNode *from, const IrEdge *e, const IrNode *at)
{
    if (e->n != e->to->nparam) {
        wrong(c, from, "passes %u arguments to b%u, which has %u parameters", e->n, e->to->id,
              e->to->nparam);
        return;
    }
    for (uint32_t i = 0; i < e->n && !c->failed; i++) {
        const IrNode *a = e->args[i], *p = e->to->params[i];
        check_use(c, from, a, at);
        if (c->f->lowered && a->mt != p->mt)
            wrong(c, from, "passes %s v%u as %s v%u", jit_mtype_name((MType)a->mt), a->id,
                  jit_mtype_name((MType)p->mt), p->id);
    }
}

static bool scalar_operand(uint8_t scalar, const IrNode *x, MType m)
{
    if (x->op == OP_AND || x->op == OP_OR || x->op == OP_XOR || x->op == OP_NOT)
        return jit_mtype_is_int(m) || m == M_I1;
    switch (x->op) {
    case OP_DIV:
    case OP_FFLOORDIV:
    case OP_FMOD:
    case OP_SQRT:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_TRUNC:
    case OP_RINT:
    case OP_COPYSIGN: return jit_mtype_is_float(m);
    case OP_FLOORDIV:
    case OP_MOD:
    case OP_SHL:
    case OP_SHR:
    case OP_IPOW: return jit_mtype_is_int(m);
    default: break;
    }
    if (scalar == 'k') return m == M_I64;
    if (scalar == 'c')
        return jit_mtype_is_int(m) || jit_mtype_is_float(m) || m == M_I1 || m == M_PTR;
    return jit_mtype_is_int(m) || jit_mtype_is_float(m);
}

static void want_type(Check *c, const IrNode *x, uint32_t i, MType m)
{
    if (i >= x->n || x->args[i]->mt != m)
        wrong(c, x, "argument %u must be %s", i, jit_mtype_name(m));
}

static void check_machine(Check *c, const IrNode *x)
{
    const IrOpInfo *info = &jit_ir_ops[x->op];
    if (info->result == RESULT_USER || x->type) {
        wrong(c, x, "a Python-level node in a lowered function");
        return;
    }
    if (info->result == RESULT_ANY && x->op != OP_RTCALL && x->mt == M_VOID) {
        wrong(c, x, "needs a type");
        return;
    }
    if (info->scalar) {
        MType m = (MType)x->args[0]->mt;
        if (!scalar_operand(info->scalar, x, m))
            wrong(c, x, "does not work on %s", jit_mtype_name(m));
        if (x->n == 2 && x->args[1]->mt != m)
            wrong(c, x, "operands are %s and %s", jit_mtype_name(m),
                  jit_mtype_name((MType)x->args[1]->mt));
    }
    switch (x->op) {
    case OP_SELECT:
        want_type(c, x, 0, M_I1);
        want_type(c, x, 1, (MType)x->mt);
        want_type(c, x, 2, (MType)x->mt);
        break;
    case OP_CHECK:
    case OP_BR: want_type(c, x, 0, M_I1); break;
    case OP_INDEX:
    case OP_WRAP:
        want_type(c, x, 0, M_I64);
        want_type(c, x, 1, M_I64);
        break;
    case OP_LOAD:
    case OP_STORE:
    case OP_PTRADD:
        want_type(c, x, 0, M_PTR);
        want_type(c, x, 1, M_I64);
        break;
    case OP_RETAIN:
    case OP_RELEASE:
    case OP_DATA: want_type(c, x, 0, M_OWN); break;
    case OP_TOINT:
        if (!jit_mtype_is_float((MType)x->args[0]->mt)) wrong(c, x, "needs a float");
        break;
    case OP_RET:
        if (x->n != c->f->nret) wrong(c, x, "returns %u values of %u", x->n, c->f->nret);
        for (uint32_t i = 0; i < x->n && !c->failed; i++) want_type(c, x, i, (MType)c->f->rets[i]);
        break;
    case OP_RTCALL: {
        const char *p = jit_ir_rts[x->sub].params;
        if (strlen(p) != x->n) wrong(c, x, "takes %zu arguments", strlen(p));
        for (uint32_t i = 0; i < x->n && !c->failed; i++)
            want_type(c, x, i, jit_ir_rt_machine(p[i]));
        break;
    }
    default: break;
    }
}

static uint32_t succ_count(const IrNode *x)
{
    switch (x->op) {
    case OP_JUMP: return 1;
    case OP_BR:
    case OP_PY_NEXT: return 2;
    default: return 0;
    }
}

static void check_node(Check *c, IrBlock *b, const IrNode *x)
{
    const IrOpInfo *info = &jit_ir_ops[x->op];
    if (x->block != b) wrong(c, x, "is linked into b%u but says otherwise", b->id);
    if (info->nargs >= 0 && x->n != (uint32_t)info->nargs)
        wrong(c, x, "has %u arguments instead of %d", x->n, info->nargs);
    if (jit_ir_is_term(x) != (x == b->last))
        wrong(c, x, x == b->last ? "a block must end in a terminator" : "stands before the end");
    for (uint32_t i = 0; i < x->n && !c->failed; i++) check_use(c, x, x->args[i], x);
    if (x->exit) {
        if (!jit_ir_can_raise(x)) wrong(c, x, "cannot raise but has an exit");
        check_edge(c, x, x->exit, x);
    }
    if (!c->failed && c->f->lowered) check_machine(c, x);
}

/* ---- ownership ---- */

/* Balance per own value is tracked along the function in reverse postorder: the count of references
 * that the code before a block has created and not given up. All ways into a block must agree. A
 * value that no path has created yet counts 0. Parameters of the entry are borrowed: they count
 * from 0, too. */
typedef struct Balance {
    IrNode **own; /* all own values */
    uint32_t n;
    int16_t *counts; /* of each block's entry: order * n + index */
    bool *known;
    JitVisitHeld visit; /* or NULL */
    void *context;
} Balance;

static void move_out(Check *c, Balance *bal, int16_t *now, IrNode *x, const IrNode *at)
{
    if (x->mt != M_OWN || x->op == OP_OWNNONE || x->op == OP_UNDEF || x->mark == UINT16_MAX) return;
    if (x->mark < bal->n && --now[x->mark] < 0)
        wrong(c, at, "gives up v%u, of which it holds no reference", x->id);
}

static void flow_edge(Check *c, Balance *bal, const int16_t *now, const IrEdge *e,
                      const IrNode *from)
{
    int16_t after[256];
    memcpy(after, now, bal->n * sizeof *after);
    for (uint32_t i = 0; i < e->n && !c->failed; i++) move_out(c, bal, after, e->args[i], from);
    int16_t *there = bal->counts + (size_t)e->to->order * bal->n;
    for (uint32_t i = 0; i < e->to->nparam; i++)
        if (e->to->params[i]->mt == M_OWN) after[e->to->params[i]->mark]++;
    if (!bal->known[e->to->order]) {
        memcpy(there, after, bal->n * sizeof *after);
        bal->known[e->to->order] = true;
        return;
    }
    for (uint32_t i = 0; i < bal->n && !c->failed; i++)
        if (there[i] != after[i])
            wrong(c, from, "v%u is held %d times on the edge to b%u and %d times on another",
                  bal->own[i]->id, after[i], e->to->id, there[i]);
}

static void expect_none(Check *c, Balance *bal, const int16_t *now, const IrNode *at)
{
    for (uint32_t i = 0; i < bal->n && !c->failed; i++)
        if (now[i] > 0) wrong(c, at, "leaves without releasing v%u", bal->own[i]->id);
}

static void flow_block(Check *c, Balance *bal, IrBlock *b)
{
    int16_t now[256];
    memcpy(now, bal->counts + (size_t)b->order * bal->n, bal->n * sizeof *now);
    for (IrNode *x = b->first; x && !c->failed; x = x->next) {
        if (x->exit)
            flow_edge(c, bal, now, x->exit, x);
        else if (jit_ir_can_raise(x))
            expect_none(c, bal, now, x);
        if (x->op == OP_RELEASE)
            move_out(c, bal, now, x->args[0], x);
        else if (x->op == OP_RETAIN && x->args[0]->mark < bal->n)
            now[x->args[0]->mark]++;
        else if (x->mt == M_OWN && x->mark < bal->n)
            now[x->mark]++;
        if (x->op == OP_YIELD) {
            for (uint32_t i = 0; i < x->n && !c->failed; i++) move_out(c, bal, now, x->args[i], x);
            if (bal->visit) bal->visit(bal->context, x, bal->own, now, bal->n);
        }
        if (x->op == OP_RET) {
            for (uint32_t i = 0; i < x->n && !c->failed; i++) move_out(c, bal, now, x->args[i], x);
        }
        if (x->op == OP_RET || x->op == OP_RETHROW) expect_none(c, bal, now, x);
    }
    for (uint32_t s = 0; s < b->nsucc && !c->failed; s++)
        flow_edge(c, bal, now, &b->succ[s], b->last);
}

/* False: too many values own something, nothing was checked. */
static bool check_ownership(Check *c, JitVisitHeld visit, void *context)
{
    uint32_t nblocks, nown = 0;
    IrNode *own[256];
    IrBlock **rpo = jit_cfg_rpo(c->f, &nblocks);
    for (uint32_t k = 0; k < nblocks; k++) {
        IrBlock *b = rpo[k];
        for (uint32_t i = 0; i < b->nparam; i++) {
            b->params[i]->mark = UINT16_MAX;
            if (b->params[i]->mt == M_OWN && nown < 256) {
                b->params[i]->mark = (uint16_t)nown;
                own[nown++] = b->params[i];
            }
        }
        FOR_NODES(x, b)
        {
            x->mark = UINT16_MAX;
            if (x->mt == M_OWN && x->op != OP_OWNNONE && x->op != OP_UNDEF && x->op != OP_SELECT &&
                x->op != OP_LOAD && nown < 256) {
                x->mark = (uint16_t)nown;
                own[nown++] = x;
            }
        }
    }
    if (nown == 0 || nown == 256) /* beyond, the check would cost more than it finds */
        return nown == 0;
    Balance bal = {own, nown, jit_ir_alloc(c->f->module, nblocks * nown * sizeof(int16_t)),
                   jit_ir_alloc(c->f->module, nblocks), visit, context};
    bal.known[0] = true;
    for (uint32_t k = 0; k < nblocks && !c->failed; k++) flow_block(c, &bal, rpo[k]);
    return !c->failed;
}

bool jit_verify_held(IrFunc *f, JitVisitHeld visit, void *context)
{
    Check c = {f, false};
    return check_ownership(&c, visit, context);
}

const char *jit_verify_func(IrFunc *f)
{
    Check c = {f, false};
    FOR_BLOCKS(b, f)
    {
        if (!b->last || !jit_ir_is_term(b->last))
            wrong(&c, NULL, "b%u does not end in a terminator", b->id);
        else if (b->nsucc != succ_count(b->last))
            wrong(&c, b->last, "has %u successors", b->nsucc);
        if (c.failed) return report;
    }
    jit_cfg_analyze(f);
    if (f->first->npred) wrong(&c, NULL, "the entry has predecessors");
    FOR_BLOCKS(b, f)
    {
        for (IrNode *x = b->first; x && !c.failed; x = x->next) check_node(&c, b, x);
        for (uint32_t s = 0; s < b->nsucc && !c.failed; s++)
            check_edge(&c, b->last, &b->succ[s], NULL);
        if (c.failed) return report;
    }
    if (f->lowered && !f->resumes) check_ownership(&c, NULL, NULL);
    return c.failed ? report : NULL;
}

const char *jit_verify_module(IrModule *m)
{
    for (IrFunc *f = m->funcs; f; f = f->next) {
        const char *what = jit_verify_func(f);
        if (what) return what;
    }
    return NULL;
}
