/* Functions that make, reshape and reduce arrays.
 *
 * Sums of floats are pairwise, by the same runtime function that the array module uses, so that
 * compiled and interpreted sums have the same bits; an operand that is an expression is evaluated
 * into a temporary for it. All other reductions run inside the expression's loop.
 */
#include "jit/passes/lower.h"

#include <math.h>
#include <string.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)

/* ---- shapes ---- */

/* The lengths that a shape argument gives. */
static unsigned read_shape(Lower *l, const IrNode *x, IrNode **shape)
{
    IrNode **p = jit_lower_parts(l, x);
    if (x->type->kind != TK_TUPLE) {
        shape[0] = jit_scalar_int(l, jit_lower_num(l, x));
        return 1;
    }
    for (uint32_t i = 0; i < x->type->n; i++)
        shape[i] = jit_scalar_int(l, jit_lower_num_of(x->type->elem[i], p + i));
    return x->type->n;
}

static void set_new(Lower *l, const IrNode *x, const Arr *a)
{
    jit_lower_pop_temp(l);
    jit_array_set(l, x, a);
}

static void store_all(Lower *l, const Arr *a, Num v)
{
    jit_elem_expr_store(l, jit_elem_expr_num(l, v), a);
}

static Num number(Lower *l, const JitType *t, double v)
{
    MType m = jit_type_machine(t);
    return (Num){t, jit_lower_const(l, m, v),
                 jit_type_is_complex(t) ? jit_lower_const(l, m, 0) : NULL};
}

/* ---- making ---- */

static void make_filled(Lower *l, const IrNode *x, IrNode *const *shape, int how, Num value)
{
    Arr a = jit_array_new(l, x->type, shape, how == 1);
    const JitType *item = jit_elem_scalar(x->type);
    if (how == 2)
        store_all(l, &a, number(l, item, 1));
    else if (how == 3)
        store_all(l, &a, value);
    set_new(l, x, &a);
}

static void make_create(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *shape[TYPE_MAX_RANK];
    Num value = {0};
    read_shape(l, c->arg[0], shape);
    if (c->fn->rule == RULE_full) value = jit_lower_num(l, c->arg[1]);
    make_filled(l, x, shape, c->fn->rule == RULE_full ? 3 : c->fn->aux, value);
}

static void make_like(Lower *l, const IrNode *x, const BoundCall *c)
{
    Arr a = jit_array_value(l, c->arg[0]);
    Num value = {0};
    if (c->fn->aux == 3) value = jit_lower_num(l, c->arg[1]);
    make_filled(l, x, a.shape, c->fn->aux, value);
}

/* Number of items of a float range: ceil((stop - start) / step), 0 if that is negative. */
static IrNode *float_count(Lower *l, IrNode *start, IrNode *stop, IrNode *step)
{
    IrNode *n = jit_lower_op1(l, OP_CEIL, M_VOID, OP2(DIV, OP2(SUB, stop, start), step));
    IrNode *count = jit_lower_conv(l, n, M_I64), *zero = jit_lower_int(l, 0);
    return jit_lower_select(l, OP2(GT, count, zero), count, zero);
}

static void make_arange(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *t = jit_type_simple(TK_INT);
    const IrNode *given[3] = {c->arg[0], c->arg[1], c->arg[2]};
    if (!given[1] || given[1]->type->kind == TK_NONE) {
        given[1] = given[0];
        given[0] = NULL;
    }
    for (int i = 0; i < 3; i++)
        if (given[i]) t = jit_type_promote(t, given[i]->type);
    bool flt = jit_type_is_float(t);
    Num part[3];
    const JitType *work = jit_type_simple(flt ? TK_FLOAT : TK_INT);
    for (int i = 0; i < 3; i++)
        part[i] = given[i] ? jit_scalar_cast(l, jit_lower_num(l, given[i]), work)
                           : number(l, work, i == 2);
    IrNode *range[] = {part[0].re, part[1].re, part[2].re};
    if (!flt && range[2]->op != OP_CONST)
        jit_lower_check(l, OP2(NE, range[2], jit_lower_int(l, 0)), ERR_ZERO_TRUEDIV, NULL, NULL,
                        NULL, NULL);
    IrNode *n =
        flt ? float_count(l, range[0], range[1], range[2]) : jit_lower_range_count(l, range);
    n->flags |= NODE_NONNEG;
    Arr a = jit_array_new(l, x->type, &n, 0);
    IrNode *step = flt ? OP2(SUB, OP2(ADD, range[0], range[2]), range[0]) : range[2];
    Loop loop;
    jit_lower_loop(l, &loop, n, 0, NULL);
    IrNode *v = flt ? OP2(ADD, range[0], OP2(MUL, jit_lower_conv(l, loop.i, M_F64), step))
                    : jit_lower_nsw(l, OP_ADD, range[0], jit_lower_nsw(l, OP_MUL, loop.i, step));
    MType m = jit_dtype_machine((JitDtype)x->type->dtype);
    Num item = {jit_elem_scalar(x->type), jit_lower_conv(l, v, m), NULL};
    if (jit_type_is_complex(item.type)) item.im = jit_lower_const(l, m, 0);
    jit_array_store(l, &a, jit_lower_nsw(l, OP_MUL, loop.i, a.stride[0]), item);
    jit_lower_loop_end(l, &loop, NULL);
    set_new(l, x, &a);
}

/* Stores the numbers of nested tuples one behind the other. */
static int64_t store_nested(Lower *l, const Arr *a, const JitType *t, IrNode *const *parts,
                            int64_t at)
{
    if (t->kind != TK_TUPLE) {
        jit_array_store(l, a, jit_lower_int(l, at * jit_dtype_size((JitDtype)a->type->dtype)),
                        jit_lower_num_of(t, parts));
        return at + 1;
    }
    for (uint32_t i = 0; i < t->n; parts += t->elem[i]->nparts, i++)
        at = store_nested(l, a, t->elem[i], parts, at);
    return at;
}

static void make_copy(Lower *l, const IrNode *x, const IrNode *from)
{
    Arr a = jit_elem_expr_array_new(l, jit_elem_expr(l, from), x->type);
    jit_array_set(l, x, &a);
}

static void make_array(Lower *l, const IrNode *x, const BoundCall *c)
{
    const IrNode *from = c->arg[0];
    const JitType *t = from->type;
    IrNode *shape[TYPE_MAX_RANK];
    if (t->kind == TK_ARRAY) {
        if (c->fn->aux && t == x->type)
            jit_lower_set(l, x, t->nparts, jit_lower_parts(l, from));
        else
            make_copy(l, x, from);
        return;
    }
    for (unsigned d = 0; d < x->type->rank; d++, t = t->elem[0]) shape[d] = jit_lower_int(l, t->n);
    Arr a = jit_array_new(l, x->type, shape, 0);
    store_nested(l, &a, from->type, jit_lower_parts(l, from), 0);
    set_new(l, x, &a);
}

/* ---- reshape ---- */

/* Resolves one length of -1 and checks that the sizes agree. */
static void fit_shape(Lower *l, IrNode *size, unsigned rank, IrNode **shape)
{
    IrNode *known = jit_lower_int(l, 1), *zero = jit_lower_int(l, 0), *minus = jit_lower_int(l, -1);
    IrNode *open = jit_ir_int(l->f, l->cur, M_I1, 0), *one = jit_lower_int(l, 1);
    for (unsigned d = 0; d < rank; d++) {
        IrNode *is_open = OP2(EQ, shape[d], minus);
        known = OP2(MULC, known, jit_lower_select(l, is_open, one, shape[d]));
        open = OP2(OR, open, is_open);
    }
    IrNode *rest = OP2(FLOORDIV, size, known);
    for (unsigned d = 0; d < rank; d++)
        shape[d] = jit_lower_select(l, OP2(EQ, shape[d], minus), rest, shape[d]);
    IrNode *total = jit_lower_select(l, open, OP2(MUL, known, rest), known);
    IrNode *ok = OP2(AND, OP2(EQ, total, size), OP2(GE, known, zero));
    jit_lower_check(l, ok, ERR_RESHAPE, NULL, size, total, NULL);
}

static void make_reshape(Lower *l, const IrNode *x, const BoundCall *c)
{
    Arr a = jit_array_value(l, c->arg[0]);
    IrNode *shape[TYPE_MAX_RANK], *size = jit_array_size(l, &a);
    unsigned rank = x->type->rank;
    bool whole = c->fn->aux != 0, view = c->fn->aux != 2 && a.type->layout == 'C';
    if (whole) {
        shape[0] = size;
        size->flags |= NODE_NONNEG;
    } else {
        if (c->n > 2)
            for (unsigned i = 0; i < rank; i++)
                shape[i] = jit_scalar_int(l, jit_lower_num(l, c->arg[i + 1]));
        else
            read_shape(l, c->arg[1], shape);
        fit_shape(l, size, rank, shape);
    }
    Arr r = {.type = x->type, .data = a.data, .own = a.own};
    jit_lower_copy(r.shape, shape, rank);
    if (!view) { /* elements in C order */
        const JitType *dense = jit_type_array((JitDtype)a.type->dtype, a.type->rank, 'C', false);
        Arr copy = jit_elem_expr_array_new(l, jit_elem_expr(l, c->arg[0]), dense);
        r.data = copy.data;
        r.own = copy.own;
    }
    jit_array_set(l, x, &r);
}

static void make_transpose(Lower *l, const IrNode *x, const BoundCall *c)
{
    Arr a = jit_array_value(l, c->arg[0]), r = {.type = x->type, .data = a.data, .own = a.own};
    unsigned rank = a.type->rank;
    for (unsigned d = 0; d < rank; d++) {
        r.shape[d] = a.shape[rank - 1 - d];
        r.stride[d] = a.stride[rank - 1 - d];
    }
    jit_array_set(l, x, &r);
}

/* ---- reductions ---- */

typedef struct Reduce {
    Reduction how;
    const JitType *result;
} Reduce;

static double limit(MType m, bool high)
{
    static const double highs[M_COUNT] = {
        [M_I1] = 1,      [M_I8] = 127,           [M_U8] = 255,          [M_I16] = 32767,
        [M_U16] = 65535, [M_I32] = 2147483647.0, [M_U32] = 4294967295.0};
    if (jit_mtype_is_float(m)) return high ? (double)INFINITY : -(double)INFINITY;
    if (!high) return jit_mtype_is_signed(m) ? -highs[m] - 1 : 0;
    return highs[m];
}

static IrNode *limit_const(Lower *l, MType m, bool high)
{
    if (m == M_I64) return jit_ir_int(l->f, l->cur, m, high ? INT64_MAX : INT64_MIN);
    if (m == M_U64) return jit_ir_int(l->f, l->cur, m, high ? -1 : 0);
    return jit_lower_const(l, m, limit(m, high));
}

static void reduce_body(Lower *l, void *ctx, IrNode *const *index, Num v, bool dense,
                        IrNode *const *in, IrNode **out)
{
    Reduce *r = ctx;
    bool flt = jit_mtype_is_float((MType)v.re->mt);
    (void)index;
    (void)dense;
    switch (r->how) {
    case RED_SUM:
    case RED_MEAN:
    case RED_PROD: {
        Num acc = {r->result, in[0], jit_type_is_complex(r->result) ? in[1] : NULL};
        Num args[] = {acc, jit_scalar_cast(l, v, r->result)};
        acc = jit_elem_scalar_op(l, r->how == RED_PROD ? ELEM_MUL : ELEM_ADD, args, 2, r->result);
        out[0] = acc.re;
        if (acc.im) out[1] = acc.im;
        break;
    }
    case RED_MIN:
    case RED_MAX: {
        IrNode *keep = jit_lower_op2(l, r->how == RED_MIN ? OP_LE : OP_GE, in[0], v.re);
        if (flt) keep = OP2(OR, keep, OP2(NE, in[0], in[0]));
        out[0] = jit_lower_select(l, keep, in[0], v.re);
        break;
    }
    case RED_ANY: out[0] = OP2(OR, in[0], jit_scalar_truth(l, v)); break;
    case RED_ALL: out[0] = OP2(AND, in[0], jit_scalar_truth(l, v)); break;
    default: break;
    }
}

/* Runs a reduction in the loop of an expression. */
static void reduce_loop(Lower *l, ElemExpr *e, unsigned rank, Reduction how, const JitType *result,
                        IrNode **out)
{
    IrNode *shape[TYPE_MAX_RANK], *init[2];
    Reduce r = {how, result};
    uint32_t n = 1;
    MType m = jit_type_machine(jit_elem_expr_type(e));
    jit_elem_expr_shape(l, e, rank, shape);
    switch (how) {
    case RED_MIN:
    case RED_MAX: init[0] = limit_const(l, m, how == RED_MIN); break;
    case RED_ANY:
    case RED_ALL: init[0] = jit_ir_int(l->f, l->cur, M_I1, how == RED_ALL); break;
    default:
        init[0] = jit_lower_const(l, jit_type_machine(result), how == RED_PROD);
        if (jit_type_is_complex(result)) {
            init[1] = jit_lower_const(l, jit_type_machine(result), 0);
            n = 2;
        }
    }
    if (how == RED_MIN || how == RED_MAX) {
        IrNode *size = jit_lower_int(l, 1);
        for (unsigned d = 0; d < rank; d++) size = jit_lower_nsw(l, OP_MUL, size, shape[d]);
        jit_lower_check(l, OP2(NE, size, jit_lower_int(l, 0)), ERR_EMPTY_REDUCE,
                        how == RED_MIN ? "minimum" : "maximum", NULL, NULL, NULL);
    }
    jit_elem_expr_loop(l, e, rank, shape, NULL, n, init, out, reduce_body, &r);
}

void jit_make_any(Lower *l, ElemExpr *e, unsigned rank, IrNode **result)
{
    reduce_loop(l, e, rank, RED_ANY, jit_type_scalar(DT_BOOL), result);
}

/* The sum of one run of memory. In a parallel kernel its pieces are added by several threads, their sums as ever in order. */
static IrNode *sum_run(Lower *l, IrRt rt, IrNode **args)
{
    if (!l->src->parallel || l->src->watch || l->src->generator || !l->user) return jit_lower_rt(l, rt, 3, args);
    MType item = rt == RT_SUM_F32 ? M_F32 : M_F64;
    IrNode *out = jit_lower_placed(l, jit_ir_op0(l->f, l->cur, OP_STACK, M_PTR));
    out->imm.i = 1;
    IrNode *all[] = {args[0], args[1], args[2], out, jit_lower_const(l, M_I1, item == M_F32)};
    IrNode *status = jit_lower_rt(l, RT_SUM_SPREAD, 5, all);
    jit_lower_check(l, OP2(EQ, status, jit_lower_int(l, 0)), ERR_INTERRUPT, NULL, NULL, NULL, NULL);
    jit_ir_note(l->m, l->src->name, 0, 'a', l->user->pos, "the sum runs in parallel where there are many elements");
    return jit_lower_load(l, item, out, jit_lower_int(l, 0));
}

/* Pairwise sum of a float array: rows of the last axis, or all at once where it is one run. */
static IrNode *sum_array(Lower *l, const Arr *a)
{
    bool single = a->type->dtype == DT_F32;
    IrRt rt = single ? RT_SUM_F32 : RT_SUM_F64;
    unsigned rank = a->type->rank;
    if (l->src->watch) jit_outline_watch_all(l, a);
    if (rank <= 1 || jit_array_is_contiguous(a->type)) {
        IrNode *size = jit_lower_int(l, single ? 4 : 8);
        IrNode *args[] = {a->data, jit_array_size(l, a), rank == 1 ? a->stride[0] : size};
        return sum_run(l, rt, args);
    }
    Loop loops[TYPE_MAX_RANK];
    IrNode *acc = jit_lower_const(l, single ? M_F32 : M_F64, 0), *offset = jit_lower_int(l, 0);
    for (unsigned d = 0; d + 1 < rank; d++) {
        jit_lower_loop(l, &loops[d], a->shape[d], 1, &acc);
        acc = loops[d].carried[0];
        offset =
            jit_lower_nsw(l, OP_ADD, offset, jit_lower_nsw(l, OP_MUL, loops[d].i, a->stride[d]));
    }
    IrNode *args[] = {OP2(PTRADD, a->data, offset), a->shape[rank - 1], a->stride[rank - 1]};
    acc = OP2(ADD, acc, jit_lower_rt(l, rt, 3, args));
    for (unsigned d = rank - 1; d-- > 0;) {
        jit_lower_loop_end(l, &loops[d], &acc);
        acc = loops[d].carried[0];
    }
    return acc;
}

/* The pairwise sum of an expression's elements as floats of `item`, through a temporary if needed:
 * NumPy gathers what is not one run of memory before it sums. */
static IrNode *sum_expr(Lower *l, ElemExpr *e, const Arr *plain, unsigned rank, const JitType *item)
{
    bool one_run = plain && (rank < 2 || plain->type->layout != 'A');
    if (one_run && jit_elem_scalar(plain->type) == item) return sum_array(l, plain);
    Arr temp =
        jit_elem_expr_array_new(l, e, jit_type_array((JitDtype)item->dtype, rank, 'C', false));
    IrNode *sum = sum_array(l, &temp);
    jit_lower_release(l, temp.own);
    return sum;
}

static IrNode *expr_size(Lower *l, ElemExpr *e, unsigned rank)
{
    IrNode *shape[TYPE_MAX_RANK], *n = jit_lower_int(l, 1);
    jit_elem_expr_shape(l, e, rank, shape);
    for (unsigned d = 0; d < rank; d++) n = d ? jit_lower_nsw(l, OP_MUL, n, shape[d]) : shape[0];
    return n;
}

/* Sum of squared distances from the mean, over n or n - ddof. */
static IrNode *variance(Lower *l, const BoundCall *c, const IrNode *from, const Arr *plain,
                        bool fused, const JitType *result)
{
    unsigned rank = from->type->rank;
    MType m = jit_type_machine(result);
    ElemExpr *e = jit_elem_expr(l, from);
    IrNode *size = expr_size(l, e, rank), *n = jit_lower_conv(l, size, m);
    IrNode *average = OP2(DIV, sum_expr(l, e, fused ? NULL : plain, rank, result), n);
    ElemExpr *args[] = {jit_elem_expr(l, from), jit_elem_expr_num(l, (Num){result, average, NULL})};
    ElemExpr *d = jit_elem_expr_op(l, ELEM_SUB, result, 2, args);
    IrNode *sum = sum_expr(l, jit_elem_expr_op(l, ELEM_SQUARE, result, 1, &d), NULL, rank, result);
    const IrNode *ddof = jit_functions_option(c, "ddof");
    if (ddof) n = OP2(SUB, n, jit_lower_conv(l, jit_scalar_int(l, jit_lower_num(l, ddof)), m));
    return OP2(DIV, sum, n);
}

/* The reduction over all elements: one number. */
static void reduce_all(Lower *l, const BoundCall *c, const JitType *result, IrNode **out)
{
    const IrNode *from = c->arg[0];
    Reduction how = (Reduction)c->fn->aux;
    unsigned rank = from->type->rank;
    ElemExpr *e = jit_elem_expr(l, from);
    Arr plain;
    bool fused = from->flags & NODE_FUSED;
    if (!fused) plain = jit_array_value(l, from);
    if (how == RED_VAR || how == RED_STD) {
        IrNode *v = variance(l, c, from, &plain, fused, result);
        out[0] = how == RED_STD ? jit_lower_op1(l, OP_SQRT, M_VOID, v) : v;
        return;
    }
    if ((how == RED_SUM || how == RED_MEAN) && jit_type_is_float(result)) {
        out[0] = sum_expr(l, e, fused ? NULL : &plain, rank, result);
    } else {
        reduce_loop(l, e, rank, how, result, out);
    }
    if (how == RED_MEAN) {
        IrNode *n = jit_lower_conv(l, expr_size(l, e, rank), jit_type_machine(result));
        out[0] = OP2(DIV, out[0], n);
        if (jit_type_is_complex(result)) out[1] = OP2(DIV, out[1], n);
    }
}

/* ---- reductions along one axis ----
 * Along the last axis of floats each row is summed pairwise; along any other axis whole slices
 * are joined one after the
 * other, which keeps memory access dense and is NumPy's order of additions, too. */

static Arr without_axis(Lower *l, const Arr *a, unsigned axis, IrNode *index)
{
    Arr s = {.own = a->own};
    s.type = jit_type_array((JitDtype)a->type->dtype, a->type->rank - 1u, 'A', a->type->readonly);
    s.data = OP2(PTRADD, a->data, jit_lower_nsw(l, OP_MUL, index, a->stride[axis]));
    for (unsigned d = 0, k = 0; d < a->type->rank; d++)
        if (d != axis) {
            s.shape[k] = a->shape[d];
            s.stride[k++] = a->stride[d];
        }
    return s;
}

static ElemExpr *apply2(Lower *l, ElemOp op, const JitType *t, ElemExpr *a, ElemExpr *b)
{
    ElemExpr *args[] = {a, b};
    return jit_elem_expr_op(l, op, t, 2, args);
}

/* The value of slice k that is joined: itself, its truth, or its squared distance from the mean. */
static ElemExpr *slice_term(Lower *l, const Arr *slice, Reduction how, const JitType *t,
                            const Arr *mean)
{
    ElemExpr *e = jit_elem_expr_array(l, slice);
    if (how != RED_VAR) return jit_elem_expr_op(l, ELEM_CAST, t, 1, &e);
    e = apply2(l, ELEM_SUB, t, e, jit_elem_expr_array(l, mean));
    return jit_elem_expr_op(l, ELEM_SQUARE, t, 1, &e);
}

static void join_slices(Lower *l, const Arr *a, unsigned axis, Reduction how, const Arr *out,
                        const Arr *mean)
{
    static const uint8_t ops[] = {
        [RED_SUM] = ELEM_ADD,        [RED_MEAN] = ELEM_ADD,        [RED_VAR] = ELEM_ADD,
        [RED_PROD] = ELEM_MUL,       [RED_MIN] = ELEM_MINIMUM,     [RED_MAX] = ELEM_MAXIMUM,
        [RED_ANY] = ELEM_LOGICAL_OR, [RED_ALL] = ELEM_LOGICAL_AND};
    const JitType *t = jit_elem_scalar(out->type);
    IrNode *n = a->shape[axis], *one = jit_lower_int(l, 1), *zero = jit_lower_int(l, 0);
    bool extreme = how == RED_MIN || how == RED_MAX;
    if (extreme) {
        jit_lower_check(l, OP2(NE, n, zero), ERR_EMPTY_REDUCE,
                        how == RED_MIN ? "minimum" : "maximum", NULL, NULL, NULL);
        Arr first = without_axis(l, a, axis, zero);
        jit_elem_expr_store(l, slice_term(l, &first, how, t, mean), out);
    } else {
        store_all(l, out, number(l, t, how == RED_PROD || how == RED_ALL));
    }
    Loop loop;
    jit_lower_loop(l, &loop, extreme ? OP2(SUB, n, one) : n, 0, NULL);
    IrNode *k = extreme ? jit_lower_nsw(l, OP_ADD, loop.i, one) : loop.i;
    Arr slice = without_axis(l, a, axis, k);
    ElemExpr *term = slice_term(l, &slice, how, t, mean);
    jit_elem_expr_store(l, apply2(l, (ElemOp)ops[how], t, jit_elem_expr_array(l, out), term), out);
    jit_lower_loop_end(l, &loop, NULL);
}

/* Pairwise sums of the rows of the last axis; `out` is contiguous, its elements in the order of
 * the rows. */
static void sum_rows(Lower *l, const Arr *a, const Arr *out)
{
    unsigned rank = a->type->rank;
    Loop loops[TYPE_MAX_RANK];
    IrNode *from = jit_lower_int(l, 0), *to = jit_lower_int(l, 0);
    if (l->src->watch) jit_outline_watch_all(l, a);
    for (unsigned d = 0; d + 1 < rank; d++) {
        jit_lower_loop(l, &loops[d], a->shape[d], 0, NULL);
        from = jit_lower_nsw(l, OP_ADD, from, jit_lower_nsw(l, OP_MUL, loops[d].i, a->stride[d]));
        to = jit_lower_nsw(l, OP_ADD, to, jit_lower_nsw(l, OP_MUL, loops[d].i, out->stride[d]));
    }
    IrNode *args[] = {OP2(PTRADD, a->data, from), a->shape[rank - 1], a->stride[rank - 1]};
    jit_lower_store(l, out->data, to,
                    jit_lower_rt(l, a->type->dtype == DT_F32 ? RT_SUM_F32 : RT_SUM_F64, 3, args));
    for (unsigned d = rank - 1; d-- > 0;) jit_lower_loop_end(l, &loops[d], NULL);
}

static void reduce_slices(Lower *l, const Arr *a, unsigned axis, Reduction how, const Arr *out,
                          const Arr *mean)
{
    const JitType *t = jit_elem_scalar(out->type);
    bool adds = how == RED_SUM || how == RED_MEAN || how == RED_VAR;
    if (!adds || !jit_type_is_float(t) || axis + 1 != a->type->rank) {
        join_slices(l, a, axis, how, out, mean);
        return;
    }
    if (how != RED_VAR && jit_elem_scalar(a->type) == t) {
        sum_rows(l, a, out);
        return;
    }
    ElemExpr *e = jit_elem_expr_array(l, a); /* the terms as an array, then its rows */
    if (how == RED_VAR) {
        Arr wide = *mean; /* with a last axis of length 1, to be subtracted from every element */
        wide.type = jit_type_array((JitDtype)t->dtype, a->type->rank, 'A', false);
        wide.shape[axis] = jit_lower_int(l, 1);
        wide.stride[axis] = jit_lower_int(l, jit_dtype_size((JitDtype)t->dtype));
        e = apply2(l, ELEM_SUB, t, e, jit_elem_expr_array(l, &wide));
        e = jit_elem_expr_op(l, ELEM_SQUARE, t, 1, &e);
    } else {
        e = jit_elem_expr_op(l, ELEM_CAST, t, 1, &e);
    }
    Arr terms = jit_elem_expr_array_new(
        l, e, jit_type_array((JitDtype)t->dtype, a->type->rank, 'C', false));
    sum_rows(l, &terms, out);
    jit_lower_release(l, terms.own);
}

static void scale(Lower *l, const Arr *out, const JitType *t, IrNode *n)
{
    Num count =
        jit_scalar_cast(l, (Num){jit_type_simple(TK_FLOAT), jit_lower_conv(l, n, M_F64), NULL}, t);
    jit_elem_expr_store(
        l, apply2(l, ELEM_TRUEDIV, t, jit_elem_expr_array(l, out), jit_elem_expr_num(l, count)),
        out);
}

static void reduce_axis(Lower *l, const IrNode *x, const BoundCall *c, unsigned axis)
{
    Arr a = jit_array_value(l, c->arg[0]), mean;
    Reduction how = (Reduction)c->fn->aux, kind = how == RED_STD ? RED_VAR : how;
    const JitType *t = jit_elem_scalar(x->type);
    IrNode *shape[TYPE_MAX_RANK], *n = a.shape[axis];
    unsigned rank = 0;
    for (unsigned d = 0; d < a.type->rank; d++)
        if (d != axis) shape[rank++] = a.shape[d];
    const JitType *type = jit_type_array(jit_type_dtype(t), rank, 'C', false);
    Arr out = jit_array_new(l, type, shape, 0);
    if (kind == RED_VAR) {
        mean = jit_array_new(l, type, shape, 0);
        reduce_slices(l, &a, axis, RED_MEAN, &mean, NULL);
        scale(l, &mean, t, n);
    }
    reduce_slices(l, &a, axis, kind, &out, kind == RED_VAR ? &mean : NULL);
    if (kind == RED_VAR) {
        const IrNode *ddof = jit_functions_option(c, "ddof");
        jit_lower_pop_temp(l);
        jit_lower_release(l, mean.own);
        scale(l, &out, t, ddof ? OP2(SUB, n, jit_scalar_int(l, jit_lower_num(l, ddof))) : n);
    } else if (kind == RED_MEAN) {
        scale(l, &out, t, n);
    }
    if (how == RED_STD) {
        ElemExpr *e = jit_elem_expr_array(l, &out);
        jit_elem_expr_store(l, jit_elem_expr_op(l, ELEM_SQRT, t, 1, &e), &out);
    }
    jit_lower_pop_temp(l);
    if (x->type->kind != TK_ARRAY) { /* rank 1: a number */
        jit_lower_set_num(l, x, jit_array_load(l, &out, jit_lower_int(l, 0)));
        jit_lower_release(l, out.own);
        return;
    }
    if (x->type->rank > rank) { /* keepdims */
        for (unsigned d = rank; d-- > axis;) out.shape[d + 1] = out.shape[d];
        out.shape[axis] = jit_lower_int(l, 1);
        out.type = x->type;
    }
    jit_array_set(l, x, &out);
}

static void make_reduce(Lower *l, const IrNode *x, const BoundCall *c)
{
    unsigned rank = c->arg[0]->type->rank;
    int axis = jit_infer_axis(c, rank);
    IrNode *out[8] = {NULL};
    if (axis >= 0) {
        reduce_axis(l, x, c, (unsigned)axis);
        return;
    }
    const JitType *result = jit_elem_scalar(x->type);
    reduce_all(l, c, result, out);
    if (x->type->kind != TK_ARRAY) {
        jit_lower_set(l, x, x->type->nparts, out);
        return;
    }
    IrNode *shape[TYPE_MAX_RANK]; /* keepdims: one element in an array of the same rank */
    for (unsigned d = 0; d < rank; d++) shape[d] = jit_lower_int(l, 1);
    Arr a = jit_array_new(l, x->type, shape, 0);
    jit_array_store(l, &a, jit_lower_int(l, 0), jit_lower_num_of(result, out));
    set_new(l, x, &a);
}

/* ---- matrix products ---- */

/* All combinations of 1-D and 2-D go through the runtime's gemm on a descriptor of 13 words: a,
 * b, c,
 * m, n, k, the six strides in bytes, dtype. */
void jit_make_matmul(Lower *l, const IrNode *x, const IrNode *left, const IrNode *right)
{
    const JitType *item = jit_elem_scalar(x->type);
    JitDtype d = (JitDtype)item->dtype;
    const IrNode *sides[] = {left, right};
    Arr side[2];
    bool temp[2] = {false, false};
    for (int i = 0; i < 2; i++) {
        side[i] = jit_array_value(l, sides[i]);
        temp[i] = side[i].type->dtype != d;
        if (temp[i]) {
            side[i] = jit_elem_expr_array_new(l, jit_elem_expr(l, sides[i]),
                                              jit_type_array(d, side[i].type->rank, 'C', false));
            jit_lower_push_temp(l, side[i].own);
        }
    }
    Arr *a = &side[0], *b = &side[1];
    bool row = a->type->rank == 1, column = b->type->rank == 1;
    IrNode *one = jit_lower_int(l, 1), *zero = jit_lower_int(l, 0), *shape[2], *k = a->shape[!row];
    IrNode *m = row ? one : a->shape[0], *n = column ? one : b->shape[1];
    jit_lower_check(l, OP2(EQ, k, b->shape[0]), ERR_SHAPES, NULL, k, b->shape[0], zero);
    unsigned rank = 0;
    if (!row) shape[rank++] = m;
    if (!column) shape[rank++] = n;
    IrNode *size = jit_lower_int(l, jit_dtype_size(d)), *c_row, *data;
    Arr out;
    if (rank) {
        out = jit_array_new(l, x->type, shape, 0);
        jit_lower_pop_temp(l);
        data = out.data;
    } else {
        data = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
        data->imm.i = 2;
    }
    c_row = jit_lower_nsw(l, OP_MUL, n, size);
    if (l->src->watch) {
        jit_outline_watch_all(l, a);
        jit_outline_watch_all(l, b);
    }
    IrNode *words[14] = {a->data,
                         b->data,
                         data,
                         m,
                         n,
                         k,
                         row ? zero : a->stride[0],
                         a->stride[!row],
                         b->stride[0],
                         column ? zero : b->stride[1],
                         c_row,
                         size,
                         jit_lower_int(l, d),
                         jit_lower_int(l, (int64_t)jit_dtype_kind(d) << 16 | jit_dtype_size(d) << 24)};
    IrNode *desc = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    desc->imm.i = 14;
    for (int i = 0; i < 14; i++) jit_lower_store(l, desc, jit_lower_int(l, 8 * i), words[i]);
    jit_lower_rt(l, RT_MATMUL, 1, &desc);
    for (int i = 1; i >= 0; i--)
        if (temp[i]) {
            jit_lower_pop_temp(l);
            jit_lower_release(l, side[i].own);
        }
    if (rank) {
        jit_array_set(l, x, &out);
        return;
    }
    MType mt = jit_dtype_machine(d);
    Num r = {item, jit_lower_load(l, mt, data, zero), NULL};
    if (jit_type_is_complex(item))
        r.im = jit_lower_load(l, mt, data, jit_lower_int(l, jit_dtype_size(d) / 2));
    jit_lower_set_num(l, x, r);
}

/* ---- the switch ---- */

bool jit_make_call(Lower *l, const IrNode *x, const BoundCall *c)
{
    switch ((FnRule)c->fn->rule) {
    case RULE_create:
    case RULE_full: make_create(l, x, c); return true;
    case RULE_like: make_like(l, x, c); return true;
    case RULE_arange: make_arange(l, x, c); return true;
    case RULE_array: make_array(l, x, c); return true;
    case RULE_copy: make_copy(l, x, c->arg[0]); return true;
    case RULE_fill: {
        Arr a = jit_array_value(l, c->arg[0]);
        store_all(l, &a, jit_lower_num(l, c->arg[1]));
        jit_lower_set(l, x, 0, NULL);
        return true;
    }
    case RULE_reshape: make_reshape(l, x, c); return true;
    case RULE_transpose: make_transpose(l, x, c); return true;
    case RULE_reduce: make_reduce(l, x, c); return true;
    case RULE_dot: jit_make_matmul(l, x, c->arg[0], c->arg[1]); return true;
    default: return false;
    }
}
