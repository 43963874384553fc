/* The dependence test of parallel loops: which elements of arrays do two iterations share?
 *
 *     for i in prange(n):
 *         y[i % 4] += x[i]      accesses: load and store of y at (i % 4), load of x at (i)
 *
 * Every index becomes a sum  c * i + k + terms,  i the loop's variable. A term is a value from outside the loop, which is
 * the same in all iterations; one that i and constants decide (i % 4), which is computed for the first iterations; or
 * one that varies for other reasons. Two accesses to one array of which one writes are
 *   apart     some axis has the same c != 0 and terms in both, so that equal indices mean the same iteration;
 *   meeting   two of the first iterations, both of which come to their accesses, give equal indices on every axis;
 *   unknown   all else.
 * Meeting is refused with both places, unless the array is gathered into (reduce.c). Unknown runs; it is named in
 * the diagnostics, and parallel="check" watches it. The test believes that arrays which are different values do
 * not overlap, and that an index is not negative in some iterations only (unless the constants say so).
 *
 * Views are followed to the array that they show: row = a[i]; row[j] is a[i, j]. */
#include "jit/passes/outline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TERMS = 8, MAX_AXES = 8, MAX_ACCESSES = 400, TRIED = 16 };

typedef struct Term {
    const IrNode *node;
    int64_t times;
} Term;

typedef struct Affine {
    int64_t c, k;
    Term term[MAX_TERMS];
    uint32_t n;
    const IrNode *stride; /* and i times this value from outside, or NULL */
    bool varies;          /* not a sum of this form, or a term varies freely */
    bool odd;             /* a term that i decides */
    bool inner; /* a term is the variable of an inner loop, the same range in all iterations */
} Affine;

typedef enum AxisKind { AXIS_ALL, AXIS_POINT, AXIS_SPAN, AXIS_UNKNOWN } AxisKind;
typedef struct Axis {
    AxisKind kind;
    Affine at;     /* POINT; the first element of a SPAN */
    int64_t width; /* of a SPAN */
} Axis;

typedef struct Access {
    const IrNode *node, *root;
    Axis axis[MAX_AXES];
    uint32_t rank;
    bool opaque; /* somewhere in the array */
    bool store, certain;
} Access;

typedef struct Test {
    Region *r;
    Trip trip;
    Access *list;
    uint32_t n;
    bool full;
} Test;

typedef struct Meeting {
    const Access *write, *other;
    int64_t t_write, t_other;
} Meeting;

typedef enum Verdict { APART, MEETING, UNKNOWN } Verdict;

/* ---- sums ---- */

static bool constant(const IrNode *x, int64_t *v)
{
    while (x->op == OP_U_CONVERT) x = x->args[0];
    return jit_infer_int(x, v);
}

void jit_depend_trip(const Region *r, Trip *trip)
{
    const IrNode *call = jit_outline_range(r->next, NULL);
    int64_t v[3] = {0, 0, 1};
    bool known[3] = {true, false, true};
    uint32_t n = call->n - 1;
    if (n == 1) known[1] = constant(call->args[1], &v[1]);
    for (uint32_t i = 0; n > 1 && i < n; i++) known[i] = constant(call->args[1 + i], &v[i]);
    *trip = (Trip){known[0], known[2] && v[2], v[0], v[2], -1};
    if (!known[0] || !known[1] || !trip->step_known) return;
    int64_t span = v[2] > 0 ? v[1] - v[0] : v[0] - v[1], step = v[2] > 0 ? v[2] : -v[2];
    trip->count = span <= 0 ? 0 : (span - 1) / step + 1;
}

/* Nothing between two nodes writes, of one block or of one and the only way on from it. */
static bool undisturbed(const IrNode *a, const IrNode *b)
{
    for (const IrNode *x = a->next; x; x = x->next) {
        if (x == b) return true;
        if (jit_ir_effects(x) & EFFECT_WRITE) return false;
    }
    if (b->block->npred != 1 || b->block->preds[0] != a->block) return false;
    for (const IrNode *x = b->block->first; x && x != b; x = x->next)
        if (jit_ir_effects(x) & EFFECT_WRITE) return false;
    return true;
}

bool jit_depend_same(const IrNode *a, const IrNode *b)
{
    if (a == b) return true;
    if (a->op != b->op || a->sub != b->sub || a->n != b->n || a->type != b->type) return false;
    switch (a->op) {
    case OP_CONST: return a->imm.i == b->imm.i;
    case OP_PY_GETITEM:
        if (!undisturbed(a, b)) return false;
        break;
    case OP_PY_BINARY:
    case OP_PY_UNARY:
    case OP_PY_TUPLE:
    case OP_U_CONVERT: break;
    default: return false;
    }
    for (uint32_t i = 0; i < a->n; i++)
        if (!jit_depend_same(a->args[i], b->args[i])) return false;
    return true;
}

static void add_term(Affine *a, const IrNode *x, int64_t times)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (jit_depend_same(a->term[i].node, x)) {
            a->term[i].times += times;
            if (!a->term[i].times) a->term[i] = a->term[--a->n];
            return;
        }
    if (a->n == MAX_TERMS)
        a->varies = true;
    else if (times)
        a->term[a->n++] = (Term){x, times};
}

static bool fits_small(int64_t v) { return v > -(1 << 30) && v < 1 << 30; }

/* Is x from outside of the region? */
static bool is_outside(const Test *s, const IrNode *x)
{
    return x->op == OP_CONST ||
           (x->block && x->block != s->r->head && !jit_region_has(s->r, x->block));
}

/* The call of range that an inner loop's variable runs through, if all iterations make the same. */
static const IrNode *inner_range(const Test *s, const IrNode *x)
{
    if (x->op != OP_PY_NEXT || x == s->r->next || x->args[0]->op != OP_PY_ITER) return NULL;
    const IrNode *call = x->args[0]->args[0];
    if (call->op != OP_PY_CALL || call->type->kind != TK_RANGE) return NULL;
    for (uint32_t i = 1; i < call->n; i++)
        if (!is_outside(s, call->args[i])) return NULL;
    return call;
}

/* The value of x in iteration number t, if i and constants decide it. */
static bool evaluate(const Test *s, const IrNode *x, int64_t t, int64_t *out)
{
    int64_t a, b;
    if (constant(x, out)) return fits_small(*out);
    if (x == s->r->next) {
        if (!s->trip.start_known || !s->trip.step_known) return false;
        *out = s->trip.start + s->trip.step * t;
        return fits_small(*out);
    }
    if (x->op == OP_U_CONVERT) return evaluate(s, x->args[0], t, out);
    if (x->op != OP_PY_BINARY && x->op != OP_PY_INPLACE) return false;
    if (!x->type || !jit_type_is_integer(x->type)) return false;
    if (!evaluate(s, x->args[0], t, &a) || !evaluate(s, x->args[1], t, &b)) return false;
    switch (x->sub) {
    case OPER_ADD: *out = a + b; break;
    case OPER_SUB: *out = a - b; break;
    case OPER_MUL: *out = a * b; break;
    case OPER_FLOORDIV:
        if (b <= 0) return false;
        *out = a >= 0 ? a / b : -((b - 1 - a) / b);
        break;
    case OPER_MOD:
        if (b <= 0) return false;
        *out = (a % b + b) % b;
        break;
    case OPER_AND: *out = a & b; break;
    case OPER_OR: *out = a | b; break;
    case OPER_XOR: *out = a ^ b; break;
    case OPER_RSHIFT:
        if (b < 0 || b > 62) return false;
        *out = a >> b;
        break;
    default: return false;
    }
    return fits_small(*out);
}

static void gather(const Test *s, const IrNode *x, int64_t times, Affine *a)
{
    int64_t v;
    if (constant(x, &v)) {
        a->k += times * v;
    } else if (x == s->r->next) {
        a->c += times;
    } else if (x->op == OP_U_CONVERT && jit_type_is_integer(x->args[0]->type)) {
        gather(s, x->args[0], times, a);
    } else if ((x->op == OP_PY_BINARY || x->op == OP_PY_INPLACE) &&
               (x->sub == OPER_ADD || x->sub == OPER_SUB)) {
        gather(s, x->args[0], times, a);
        gather(s, x->args[1], x->sub == OPER_ADD ? times : -times, a);
    } else if (x->op == OP_PY_BINARY && x->sub == OPER_MUL &&
               (constant(x->args[0], &v) || constant(x->args[1], &v)) && fits_small(v)) {
        gather(s, x->args[constant(x->args[0], &v) ? 1 : 0], times * v, a);
    } else if (x->op == OP_PY_UNARY && x->sub == OPER_NEG) {
        gather(s, x->args[0], -times, a);
    } else if (x->op == OP_PY_BINARY && x->sub == OPER_MUL && times == 1 && !a->stride &&
               x->args[0] == s->r->next && is_outside(s, x->args[1])) {
        a->stride = x->args[1];
    } else if (x->op == OP_PY_BINARY && x->sub == OPER_MUL && times == 1 && !a->stride &&
               x->args[1] == s->r->next && is_outside(s, x->args[0])) {
        a->stride = x->args[0];
    } else {
        add_term(a, x, times);
        if (is_outside(s, x)) return;
        if (inner_range(s, x))
            a->inner = true;
        else if (evaluate(s, x, 0, &v))
            a->odd = true;
        else
            a->varies = true;
    }
    if (!fits_small(a->c) || !fits_small(a->k)) a->varies = true;
}

static Affine affine(const Test *s, const IrNode *x)
{
    Affine a = {0};
    gather(s, x, 1, &a);
    return a;
}

/* a - b without what cancels; the loop's variable of each stays out (c = 0). */
static Affine difference(const Affine *a, const Affine *b)
{
    Affine d = {.k = a->k - b->k,
                .varies = a->varies || b->varies || a->stride || b->stride,
                .odd = a->odd || b->odd,
                .inner = a->inner || b->inner};
    for (uint32_t i = 0; i < a->n; i++) add_term(&d, a->term[i].node, a->term[i].times);
    for (uint32_t i = 0; i < b->n; i++) add_term(&d, b->term[i].node, -b->term[i].times);
    return d;
}

/* What a gives in iteration t, terms from outside left out. */
static bool value_at(const Test *s, const Affine *a, int64_t t, int64_t *out)
{
    int64_t step = s->trip.step_known ? s->trip.step : 0, v;
    if (a->varies || a->stride || (a->c && !s->trip.step_known)) return false;
    *out = a->k + a->c * (s->trip.start + step * t);
    for (uint32_t i = 0; i < a->n; i++) {
        const IrNode *x = a->term[i].node;
        if (is_outside(s, x) || inner_range(s, x)) continue;
        if (!evaluate(s, x, t, &v)) return false;
        *out += a->term[i].times * v;
    }
    return true;
}

/* ---- accesses ---- */

/* Does the block run in every iteration, if inner loops run at least once? */
static bool is_certain(const Region *r, const IrBlock *b)
{
    const IrBlock *head = b->loop;
    while (head) {
        for (uint32_t p = 0; p < head->npred; p++)
            if (head->preds[p] != r->head && jit_cfg_in_loop(head->preds[p], head) &&
                !jit_cfg_dominates(b, head->preds[p]))
                return false;
        if (head == r->head) return true;
        b = head;
        head = head->loop_up;
    }
    return false;
}

/* c * i + j with j in range(lo, hi), both constant, is a span. */
static Axis point_axis(const Test *s, const IrNode *item)
{
    Axis axis = {.kind = AXIS_POINT, .at = affine(s, item)};
    int64_t low = 0, high;
    for (uint32_t i = 0; i < axis.at.n; i++) {
        const IrNode *call = axis.at.inner ? inner_range(s, axis.at.term[i].node) : NULL;
        if (!call) continue;
        if (axis.at.term[i].times != 1 || call->n > 3 ||
            !constant(call->args[call->n - 1], &high) ||
            (call->n == 3 && !constant(call->args[1], &low)) || high <= low ||
            axis.kind == AXIS_SPAN)
            return (Axis){.kind = AXIS_POINT, .at = affine(s, item)};
        axis.at.term[i--] = axis.at.term[--axis.at.n];
        axis.at.k += low;
        axis.width = high - low;
        axis.kind = AXIS_SPAN;
    }
    if (axis.kind == AXIS_SPAN) axis.at.inner = false;
    return axis;
}

static void cut_axis(const Test *s, Axis *axis, const JitType *t, const IrNode *slice)
{
    if (t->elem[0]->kind == TK_NONE && t->elem[1]->kind == TK_NONE && t->elem[2]->kind == TK_NONE)
        return;
    axis->kind = AXIS_UNKNOWN;
    if (slice->op != OP_PY_SLICE || t->elem[2]->kind != TK_NONE || t->elem[1]->kind == TK_NONE)
        return;
    Affine from = {0}, to = affine(s, slice->args[1]);
    if (t->elem[0]->kind != TK_NONE) from = affine(s, slice->args[0]);
    Affine d = difference(&to, &from);
    if (d.varies || d.odd || d.n || from.inner || from.c != to.c || d.k <= 0) return;
    axis->kind = AXIS_SPAN;
    axis->at = from;
    axis->width = d.k;
}

/* Applies an index to the axes of a view; map[v] is the root's axis of the view's axis v. */
static void apply_index(const Test *s, Access *a, const IrNode *base, const IrNode *index,
                        uint8_t *map, uint32_t *rank)
{
    IndexPlan p;
    if (!jit_index_plan(jit_infer_unwrap(base->type), index->type, &p)) abort();
    uint32_t v = 0, out = 0;
    bool tuple = index->type->kind == TK_TUPLE;
    if (p.copy || (tuple && index->op != OP_PY_TUPLE)) {
        a->opaque = true;
        return;
    }
    for (uint32_t k = 0; k < p.n; k++) {
        const IrNode *item = !tuple ? index : k < index->n ? index->args[k] : NULL;
        if (p.kind[k] == INDEX_REST) {
            for (uint32_t i = 0; i < p.rest; i++) map[out++] = map[v++];
        } else if (p.kind[k] == INDEX_NEW || !item) {
            a->opaque = true;
        } else {
            Axis *axis = &a->axis[map[v]];
            if (axis->kind != AXIS_ALL)
                axis->kind = AXIS_UNKNOWN;
            else if (p.kind[k] == INDEX_SLICE)
                cut_axis(s, axis, p.type[k], item);
            else
                *axis = point_axis(s, item);
            if (p.kind[k] == INDEX_SLICE) map[out++] = map[v];
            v++;
        }
    }
    while (v < *rank) map[out++] = map[v++];
    *rank = out;
}

/* The array that x shows, and which part of it. */
static void follow(const Test *s, Access *a, const IrNode *x, uint8_t *map, uint32_t *rank)
{
    BoundCall call;
    IndexPlan p;
    if (x->op == OP_U_CONVERT) {
        follow(s, a, x->args[0], map, rank);
    } else if (x->op == OP_PY_GETITEM && jit_infer_unwrap(x->args[0]->type)->kind == TK_ARRAY &&
               jit_index_plan(jit_infer_unwrap(x->args[0]->type), x->args[1]->type, &p) &&
               !p.copy) {
        follow(s, a, x->args[0], map, rank);
        if (!a->opaque) apply_index(s, a, x->args[0], x->args[1], map, rank);
    } else if ((x->op == OP_PY_GETATTR && x->args[0]->type->kind == TK_ARRAY) ||
               (x->op == OP_PY_CALL && jit_functions_bind(x, &call) &&
                (call.fn->rule == RULE_transpose || call.fn->rule == RULE_reshape))) {
        follow(s, a, x->op == OP_PY_CALL ? call.arg[0] : x->args[0], map, rank);
        a->opaque = true;
    } else {
        a->root = x;
        a->rank = *rank = jit_infer_unwrap(x->type)->rank;
        if (a->rank > MAX_AXES) a->opaque = true;
        for (uint32_t i = 0; i < a->rank && i < MAX_AXES; i++) map[i] = (uint8_t)i;
    }
}

static void note_access(Test *s, const IrNode *node, const IrNode *array, const IrNode *index,
                        bool store, bool known)
{
    uint8_t map[2 * TYPE_MAX_RANK];
    uint32_t rank;
    if (s->n == MAX_ACCESSES) {
        s->full = true;
        return;
    }
    Access *a = &s->list[s->n];
    memset(a, 0, sizeof *a);
    a->node = node;
    a->store = store;
    follow(s, a, array, map, &rank);
    if (index && !a->opaque) apply_index(s, a, array, index, map, &rank);
    a->opaque |= !known;
    a->certain = is_certain(s->r, node->block);
    bool inside = a->root->block == s->r->head || jit_region_has(s->r, a->root->block);
    if (!inside)
        s->n++;
    else if (store && a->root->op == OP_PARAM)
        jit_note(s->r, 'u', node->pos, "'%s' may be one of several arrays",
                 a->root->name ? a->root->name : "the array");
}

static bool is_array(const IrNode *x)
{
    return x->type && jit_infer_unwrap(x->type)->kind == TK_ARRAY;
}

/* All arrays among the operands are read, or for all that is known written too. */
static void note_operands(Test *s, const IrNode *x, uint32_t from, bool store, bool known)
{
    for (uint32_t i = from; i < x->n; i++)
        if (is_array(x->args[i])) {
            note_access(s, x, x->args[i], NULL, false, known);
            if (store) note_access(s, x, x->args[i], NULL, true, known);
        }
}

static void note_call(Test *s, const IrNode *x)
{
    BoundCall call;
    if (!jit_functions_bind(x, &call)) {
        note_operands(s, x, 1, true, false);
        return;
    }
    FnRule rule = (FnRule)call.fn->rule;
    if (rule == RULE_len || rule == RULE_transpose || rule == RULE_reshape) return;
    bool changes = rule == RULE_fill || (x->type && x->type->kind == TK_NONE);
    for (uint32_t i = 0; i < call.n; i++)
        if (call.arg[i] && is_array(call.arg[i])) {
            note_access(s, x, call.arg[i], NULL, false, true);
            if (changes) note_access(s, x, call.arg[i], NULL, true, rule == RULE_fill);
        }
}

static void note_node(Test *s, const IrNode *x)
{
    IndexPlan p;
    switch (x->op) {
    case OP_PY_GETITEM:
        if (!is_array(x->args[0])) break;
        if (is_array(x->args[1])) note_access(s, x, x->args[1], NULL, false, true);
        if (jit_index_plan(jit_infer_unwrap(x->args[0]->type), x->args[1]->type, &p) &&
            (p.scalar || p.copy))
            note_access(s, x, x->args[0], x->args[1], false, true);
        break;
    case OP_PY_SETITEM:
        note_operands(s, x, 1, false, true);
        if (is_array(x->args[0])) note_access(s, x, x->args[0], x->args[1], true, true);
        break;
    case OP_PY_INPLACE:
        note_operands(s, x, 1, false, true);
        if (is_array(x) && is_array(x->args[0])) {
            note_access(s, x, x->args[0], NULL, false, true);
            note_access(s, x, x->args[0], NULL, true, true);
        }
        break;
    case OP_PY_CALL: note_call(s, x); break;
    case OP_U_CALL: note_operands(s, x, 0, true, false); break;
    case OP_PY_GETATTR:
    case OP_PY_TUPLE:
    case OP_U_CONVERT:
    case OP_PY_IS:
    case OP_PY_ISNOT: break;
    default: note_operands(s, x, 0, false, true); break;
    }
}

/* ---- two accesses ---- */

/* i * m + j with j in range(m): the part behind i * m is less than m. */
static bool within_stride(const Test *s, const Affine *a)
{
    if (!a->stride || a->c || a->k || a->varies || a->odd) return false;
    if (a->n == 0) return true;
    const IrNode *call = inner_range(s, a->term[0].node);
    return a->n == 1 && a->term[0].times == 1 && call && call->n == 2 &&
           jit_depend_same(call->args[1], a->stride);
}

/* Equal indices on this axis are of one iteration, or there are none. */
static bool axis_apart(const Test *s, const Axis *a, const Axis *b)
{
    if (a->kind == AXIS_UNKNOWN || b->kind == AXIS_UNKNOWN) return false;
    if (a->kind == AXIS_ALL || b->kind == AXIS_ALL) return false;
    if (within_stride(s, &a->at) && within_stride(s, &b->at))
        return jit_depend_same(a->at.stride, b->at.stride);
    Affine d = difference(&b->at, &a->at);
    if (d.varies || d.odd || d.inner || d.n || a->at.c != b->at.c) return false;
    int64_t c = a->at.c, reach = c * (s->trip.step_known ? s->trip.step : 1);
    if (c && s->trip.start_known && !a->at.n && s->trip.start * c + a->at.k < 0) return false;
    int64_t wide_a = a->kind == AXIS_SPAN ? a->width : 1,
            wide_b = b->kind == AXIS_SPAN ? b->width : 1;
    if (wide_a > 1 || wide_b > 1) {
        int64_t most = wide_a > wide_b ? wide_a : wide_b;
        if (c == 0) return d.k >= wide_a || -d.k >= wide_b;
        return d.k == 0 && llabs(reach) >= most;
    }
    if (c == 0) return d.k != 0;
    if (d.k == 0) return true;
    if (!s->trip.step_known) return false;
    if (d.k % reach) return true;
    return s->trip.count >= 0 && llabs(d.k / reach) >= s->trip.count;
}

static bool axis_meets(const Test *s, const Axis *a, const Axis *b, int64_t ta, int64_t tb)
{
    int64_t va, vb;
    if (a->kind == AXIS_UNKNOWN || b->kind == AXIS_UNKNOWN) return false;
    if (a->kind == AXIS_ALL || b->kind == AXIS_ALL) return true;
    Affine x = a->at, y = b->at;
    for (uint32_t pass = 0; pass < 2; pass++) { /* terms from outside must be the same in both */
        const Affine *p = pass ? &y : &x, *q = pass ? &x : &y;
        for (uint32_t i = 0; i < p->n; i++) {
            const IrNode *x_term = p->term[i].node;
            if (!is_outside(s, x_term) && !inner_range(s, x_term)) continue;
            bool found = false;
            for (uint32_t k = 0; k < q->n; k++)
                found |= p->term[i].times == q->term[k].times &&
                         jit_depend_same(p->term[i].node, q->term[k].node);
            if (!found) return false;
        }
    }
    if (!s->trip.start_known && x.c != y.c) return false;
    if (!value_at(s, &x, ta, &va) || !value_at(s, &y, tb, &vb)) return false;
    int64_t end_a = va + (a->kind == AXIS_SPAN ? a->width : 1);
    int64_t end_b = vb + (b->kind == AXIS_SPAN ? b->width : 1);
    return va < end_b && vb < end_a;
}

static Verdict compare(const Test *s, const Access *w, const Access *o, Meeting *m)
{
    if (w->opaque || o->opaque || w->rank != o->rank) return UNKNOWN;
    for (uint32_t d = 0; d < w->rank; d++)
        if (axis_apart(s, &w->axis[d], &o->axis[d])) return APART;
    if (!w->certain || !o->certain) return UNKNOWN;
    int64_t count = s->trip.count >= 0 && s->trip.count < TRIED ? s->trip.count : TRIED;
    for (int64_t late = 1; late < count; late++)
        for (int64_t early = 0; early < late; early++)
            for (int swap = 0; swap < 2; swap++) {
                int64_t tw = swap ? early : late, to = swap ? late : early;
                uint32_t d = 0;
                while (d < w->rank && axis_meets(s, &w->axis[d], &o->axis[d], tw, to)) d++;
                if (d < w->rank) continue;
                *m = (Meeting){w, o, tw, to};
                return MEETING;
            }
    return UNKNOWN;
}

/* ---- words ---- */

static void say_iteration(const Test *s, int64_t t, char *out, size_t size)
{
    const char *name = s->r->next->name;
    if (name && s->trip.start_known && s->trip.step_known)
        snprintf(out, size, "%s = %lld", name, (long long)(s->trip.start + s->trip.step * t));
    else
        snprintf(out, size, "number %lld", (long long)t);
}

static void say_element(const Test *s, const Meeting *m, char *out, size_t size)
{
    const Access *w = m->write;
    const char *name = w->root->name ? w->root->name : "the array";
    size_t at = (size_t)snprintf(out, size, "%.60s[", name);
    for (uint32_t d = 0; d < w->rank; d++) {
        int64_t v;
        bool known = w->axis[d].kind == AXIS_POINT && value_at(s, &w->axis[d].at, m->t_write, &v);
        for (uint32_t i = 0; known && i < w->axis[d].at.n; i++)
            known = !is_outside(s, w->axis[d].at.term[i].node) && !w->axis[d].at.inner;
        if (!known || (w->axis[d].at.c && !s->trip.start_known)) {
            snprintf(out, size, "the same element of '%.60s'", name);
            return;
        }
        at += (size_t)snprintf(out + at, size - at, "%s%lld", d ? ", " : "", (long long)v);
        if (at + 30 > size) break;
    }
    snprintf(out + at, size - at, "]");
}

static int refuse(Test *s, const Meeting *m)
{
    char write[64], other[64], element[160];
    say_iteration(s, m->t_write, write, sizeof write);
    say_iteration(s, m->t_other, other, sizeof other);
    say_element(s, m, element, sizeof element);
    if (m->other->store)
        jit_diag_set(s->r->diag, REFUSE_PRANGE_WRITES, m->write->node->pos, other, write, element);
    else
        jit_diag_set(s->r->diag, REFUSE_PRANGE_READS, m->write->node->pos, other, element, write);
    if (m->other->node != m->write->node)
        jit_diag_second(s->r->diag, m->other->node->pos, "%s here",
                        m->other->store ? "the other one writes" : "it is read");
    return -1;
}

static const char *why_unknown(const Access *a)
{
    if (a->opaque) return "which part of it is touched cannot be told from the source";
    for (uint32_t d = 0; d < a->rank; d++)
        if (a->axis[d].kind == AXIS_UNKNOWN)
            return "the slice depends on more than the loop variable";
    for (uint32_t d = 0; d < a->rank; d++)
        if (a->axis[d].kind == AXIS_POINT && a->axis[d].at.varies)
            return "the index is not a sum of the loop variable and constants";
    return a->certain ? "two indices depend on values that are not known here"
                      : "it is touched in some iterations only";
}

/* ---- arrays ---- */

static int judge(Test *s, const IrNode *root)
{
    Meeting m, first = {0};
    const Access *unknown = NULL;
    bool stores = false;
    for (uint32_t i = 0; i < s->n; i++) {
        const Access *w = &s->list[i];
        if (w->root != root || !w->store) continue;
        stores = true;
        for (uint32_t k = 0; k < s->n; k++) {
            const Access *o = &s->list[k];
            if (o->root != root || (o->store && k < i)) continue;
            Verdict v = compare(s, w, o, &m);
            if (v == MEETING && (!first.write || (o->store && !first.other->store))) first = m;
            if (v == UNKNOWN && !unknown) unknown = w;
        }
    }
    const char *name = root->name ? root->name : "an array";
    if (!stores) return 0;
    if (!unknown && !first.write) {
        jit_note(s->r, 'p', s->r->next->pos, "'%s': no two iterations touch one element", name);
        return 0;
    }
    char kind = jit_reduce_array(s->r, root);
    if (kind && s->r->nreduced < MAX_REDUCED) {
        s->r->reduced[s->r->nreduced++] = (ReducedArray){(IrNode *)(uintptr_t)root, kind};
        return 0;
    }
    if (first.write) return refuse(s, &first);
    jit_note(s->r, 'u', unknown->node->pos, "'%s': iterations may touch one element: %s", name,
             why_unknown(unknown));
    return 0;
}

int jit_depend_check(Region *r)
{
    Test s = {.r = r};
    int status = 0;
    s.list = malloc(MAX_ACCESSES * sizeof *s.list);
    if (!s.list) abort();
    jit_depend_trip(r, &s.trip);
    FOR_BLOCKS(b, r->f)
    if (jit_region_has(r, b)) FOR_NODES(x, b) note_node(&s, x);
    if (s.full) jit_note(r, 'u', r->next->pos, "too many accesses to tell iterations apart");
    for (uint32_t i = 0; i < s.n && status == 0; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < i; k++) seen |= s.list[k].root == s.list[i].root;
        if (!seen) status = judge(&s, s.list[i].root);
    }
    free(s.list);
    return status;
}
