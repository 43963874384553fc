/* Elementwise operations: on scalars, and whole array expressions as loops.
 *
 * An expression is the tree of an elementwise node and of those operands that jit/passes/fuse
 * marked:
 * they have no array of their own and are computed element by element inside their user. So
 * `a * x + b` is one loop and no temporary.
 *
 * A loop nest is emitted twice. The first copy runs when every operand has the result's length on
 * the last axis and lies dense there, so that the innermost loop has constant steps and vectorises;
 * the second one takes any strides, and broadcasts by steps of 0. Where the types and the shape
 * values
 * prove the first condition, only the first copy is emitted.
 *
 * Storing into an existing array must act as if the right side were complete before the first
 * element is written. Operands are compared with the target at run time: apart, or exactly the same
 * elements in the same order, are safe; anything else goes through a temporary.
 */
#include "jit/passes/lower_elem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)
#define OP1(op, a) jit_lower_op1(l, OP_##op, M_VOID, a)

/* ---- scalars ---- */

static IrNode *konst(Lower *l, const IrNode *like, double v)
{
    return jit_lower_const(l, (MType)like->mt, v);
}

static IrNode *math(Lower *l, IrMath fn, IrNode *a, IrNode *b)
{
    IrNode *r = b ? jit_lower_op2(l, OP_MATH2, a, b) : jit_lower_op1(l, OP_MATH1, M_VOID, a);
    r->sub = (uint8_t)fn;
    return r;
}

static IrNode *is_true(Lower *l, bool v) { return jit_ir_int(l->f, l->cur, M_I1, v); }
static IrNode *not_of(Lower *l, IrNode *v) { return jit_lower_op1(l, OP_NOT, M_I1, v); }

static Num complex_mul(Lower *l, Num a, Num b)
{
    return (Num){a.type, OP2(SUB, OP2(MUL, a.re, b.re), OP2(MUL, a.im, b.im)),
                 OP2(ADD, OP2(MUL, a.re, b.im), OP2(MUL, a.im, b.re))};
}

/* NumPy's complex division: the reciprocal of the denominator is taken once; zero gives nan or
 * inf. */
static Num complex_div(Lower *l, Num a, Num b)
{
    IrNode *abs_re = OP1(ABS, b.re), *abs_im = OP1(ABS, b.im), *zero = konst(l, b.re, 0);
    IrNode *wide = OP2(GE, abs_re, abs_im);
    IrNode *null = OP2(AND, OP2(EQ, abs_re, zero), OP2(EQ, abs_im, zero));
    IrNode *big = jit_lower_select(l, wide, b.re, b.im),
           *small = jit_lower_select(l, wide, b.im, b.re);
    IrNode *ratio = OP2(DIV, small, big);
    IrNode *scale = OP2(DIV, konst(l, b.re, 1), OP2(ADD, big, OP2(MUL, small, ratio)));
    IrNode *re1 = OP2(ADD, a.re, OP2(MUL, a.im, ratio)),
           *re2 = OP2(ADD, OP2(MUL, a.re, ratio), a.im);
    IrNode *im1 = OP2(SUB, a.im, OP2(MUL, a.re, ratio)),
           *im2 = OP2(SUB, OP2(MUL, a.im, ratio), a.re);
    IrNode *re = OP2(MUL, jit_lower_select(l, wide, re1, re2), scale);
    IrNode *im = OP2(MUL, jit_lower_select(l, wide, im1, im2), scale);
    return (Num){a.type, jit_lower_select(l, null, OP2(DIV, a.re, abs_re), re),
                 jit_lower_select(l, null, OP2(DIV, a.im, abs_re), im)};
}

static IrNode *power(Lower *l, Num a, Num b)
{
    if (jit_mtype_is_float((MType)a.re->mt)) {
        double n = b.re->op == OP_CONST ? b.re->imm.f : (double)NAN;
        if (n == 0.5) return OP1(SQRT, a.re);
        if (n == -1) return OP2(DIV, konst(l, a.re, 1), a.re);
        return jit_scalar_pow_float(l, a.re, b.re);
    }
    bool known = b.re->op == OP_CONST && b.re->imm.i >= 0;
    if (jit_mtype_is_signed((MType)b.re->mt) && !known)
        jit_lower_check(l, OP2(GE, b.re, konst(l, b.re, 0)), ERR_NUMPY_POW, NULL, NULL, NULL, NULL);
    if (known && b.re->imm.i >= 1 && b.re->imm.i <= 8) {
        IrNode *r = NULL, *x = a.re;
        for (int64_t n = b.re->imm.i; n; n >>= 1) {
            if (n & 1) r = r ? OP2(MUL, r, x) : x;
            if (n > 1) x = OP2(MUL, x, x);
        }
        return r;
    }
    return OP2(IPOW, a.re, b.re);
}

/* Runs a runtime function that leaves a complex number behind its last argument. */
static Num complex_call(Lower *l, IrRt rt, uint32_t n, IrNode **args, Num like)
{
    MType m = (MType)like.re->mt;
    IrNode *out = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    out->imm.i = 2;
    args[n] = out;
    jit_lower_rt(l, rt, n + 1, args);
    IrNode *re = jit_lower_load(l, M_F64, out, jit_lower_int(l, 0));
    IrNode *im = jit_lower_load(l, M_F64, out, jit_lower_int(l, 8));
    return (Num){like.type, jit_lower_conv(l, re, m), jit_lower_conv(l, im, m)};
}

static Num complex_pow(Lower *l, Num a, Num b)
{
    if (b.re->op == OP_CONST && b.im->op == OP_CONST && b.im->imm.f == 0 && b.re->imm.f == 2)
        return complex_mul(l, a, a);
    IrNode *args[5] = {jit_lower_conv(l, a.re, M_F64), jit_lower_conv(l, a.im, M_F64),
                       jit_lower_conv(l, b.re, M_F64), jit_lower_conv(l, b.im, M_F64)};
    return complex_call(l, a.re->mt == M_F32 ? RT_NPY_CPOWF : RT_NPY_CPOW, 4, args, a);
}

/* sqrt, exp, sin, ...: the C library's, as in the array module's loops. */
static Num complex_function(Lower *l, ElemOp op, Num a)
{
    IrNode *args[4] = {jit_lower_int(l, op), jit_lower_conv(l, a.re, M_F64),
                       jit_lower_conv(l, a.im, M_F64)};
    return complex_call(l, a.re->mt == M_F32 ? RT_CFNF : RT_CFN, 3, args, a);
}

static IrNode *sign(Lower *l, IrNode *x)
{
    IrNode *zero = konst(l, x, 0);
    IrNode *up = jit_lower_select(l, OP2(GT, x, zero), konst(l, x, 1), zero);
    if (x->mt >= M_U8 && x->mt <= M_U64) return up;
    IrNode *r = jit_lower_select(l, OP2(LT, x, zero), konst(l, x, -1), up);
    return jit_mtype_is_float((MType)x->mt) ? jit_lower_select(l, OP2(NE, x, x), x, r) : r;
}

/* The larger or smaller; `first` is the operand whose nan wins. */
static IrNode *extremum(Lower *l, IrOp op, IrNode *a, IrNode *b, IrNode *nan_of)
{
    IrNode *c = jit_lower_op2(l, op, a, b);
    if (jit_mtype_is_float((MType)a->mt)) c = OP2(OR, c, OP2(NE, nan_of, nan_of));
    return jit_lower_select(l, c, a, b);
}

static IrNode *predicate(Lower *l, ElemOp op, IrNode *x)
{
    if (!jit_mtype_is_float((MType)x->mt)) {
        if (op != ELEM_SIGNBIT) return is_true(l, op == ELEM_ISFINITE);
        return jit_mtype_is_signed((MType)x->mt) ? OP2(LT, x, konst(l, x, 0)) : is_true(l, false);
    }
    IrNode *inf = konst(l, x, (double)INFINITY);
    switch (op) {
    case ELEM_ISNAN: return OP2(NE, x, x);
    case ELEM_ISINF: return OP2(EQ, OP1(ABS, x), inf);
    case ELEM_ISFINITE: return OP2(LT, OP1(ABS, x), inf);
    default: return OP2(LT, OP2(COPYSIGN, konst(l, x, 1), x), konst(l, x, 0));
    }
}

static Num complex_op(Lower *l, ElemOp op, Num a, Num b, const JitType *result)
{
    Num r = {result, a.re, a.im};
    switch (op) {
    case ELEM_ADD:
        r.re = OP2(ADD, a.re, b.re);
        r.im = OP2(ADD, a.im, b.im);
        return r;
    case ELEM_SUB:
        r.re = OP2(SUB, a.re, b.re);
        r.im = OP2(SUB, a.im, b.im);
        return r;
    case ELEM_MUL: return complex_mul(l, a, b);
    case ELEM_SQUARE: return complex_mul(l, a, a);
    case ELEM_TRUEDIV: return complex_div(l, a, b);
    case ELEM_RECIPROCAL:
        r.re = konst(l, a.re, 1);
        r.im = konst(l, a.re, 0);
        return complex_div(l, r, a);
    case ELEM_POW: return complex_pow(l, a, b);
    case ELEM_NEG:
        r.re = OP1(NEG, a.re);
        r.im = OP1(NEG, a.im);
        return r;
    case ELEM_CONJ: r.im = OP1(NEG, a.im); return r;
    case ELEM_ABS:
        r.re = math(l, MATH_HYPOT, a.re, a.im);
        r.im = NULL;
        return r;
    case ELEM_REAL: r.im = NULL; return r;
    case ELEM_IMAG:
        r.re = a.im;
        r.im = NULL;
        return r;
    case ELEM_EQ:
        r.re = OP2(AND, OP2(EQ, a.re, b.re), OP2(EQ, a.im, b.im));
        r.im = NULL;
        return r;
    case ELEM_NE:
        r.re = OP2(OR, OP2(NE, a.re, b.re), OP2(NE, a.im, b.im));
        r.im = NULL;
        return r;
    case ELEM_ISNAN:
    case ELEM_ISINF:
        r.re = OP2(OR, predicate(l, op, a.re), predicate(l, op, a.im));
        r.im = NULL;
        return r;
    case ELEM_ISFINITE:
        r.re = OP2(AND, predicate(l, op, a.re), predicate(l, op, a.im));
        r.im = NULL;
        return r;
    case ELEM_SIGN:
        r.re = sign(l, a.re);
        r.im = konst(l, a.re, 0);
        return r;
    default: return jit_elem_infos[op].cls == CLASS_FLOAT ? complex_function(l, op, r) : r;
    }
}

static IrNode *real_op(Lower *l, ElemOp op, Num a, Num b, Num c)
{
    MType m = (MType)a.re->mt;
    bool flt = jit_mtype_is_float(m), boolean = m == M_I1;
    IrNode *x = a.re, *y = b.re;
    switch (op) {
    case ELEM_ADD: return boolean ? OP2(OR, x, y) : OP2(ADD, x, y);
    case ELEM_SUB: return OP2(SUB, x, y);
    case ELEM_MUL: return boolean ? OP2(AND, x, y) : OP2(MUL, x, y);
    case ELEM_TRUEDIV: return OP2(DIV, x, y);
    case ELEM_FLOORDIV: return flt ? OP2(FFLOORDIV, x, y) : OP2(FLOORDIV, x, y);
    case ELEM_MOD: return flt ? OP2(FMOD, x, y) : OP2(MOD, x, y);
    case ELEM_POW: return power(l, a, b);
    case ELEM_AND:
    case ELEM_LOGICAL_AND: return OP2(AND, x, y);
    case ELEM_OR:
    case ELEM_LOGICAL_OR: return OP2(OR, x, y);
    case ELEM_XOR:
    case ELEM_LOGICAL_XOR: return OP2(XOR, x, y);
    case ELEM_LSHIFT: return OP2(SHL, x, y);
    case ELEM_RSHIFT: return OP2(SHR, x, y);
    case ELEM_NEG: return OP1(NEG, x);
    case ELEM_INVERT:
    case ELEM_LOGICAL_NOT: return OP1(NOT, x);
    case ELEM_EQ:
    case ELEM_NE:
    case ELEM_LT:
    case ELEM_LE:
    case ELEM_GT:
    case ELEM_GE: return jit_lower_op2(l, (IrOp)jit_elem_infos[op].aux, x, y);
    case ELEM_ISNAN:
    case ELEM_ISINF:
    case ELEM_ISFINITE:
    case ELEM_SIGNBIT: return predicate(l, op, x);
    case ELEM_ABS: return boolean ? x : OP1(ABS, x);
    case ELEM_IMAG: return boolean ? is_true(l, false) : konst(l, x, 0);
    case ELEM_SQUARE: return boolean ? x : OP2(MUL, x, x);
    case ELEM_SIGN: return sign(l, x);
    case ELEM_RECIPROCAL:
        return flt ? OP2(DIV, konst(l, x, 1), x) : OP2(FLOORDIV, konst(l, x, 1), x);
    case ELEM_MAXIMUM: return extremum(l, OP_GE, x, y, x);
    case ELEM_MINIMUM: return extremum(l, OP_LE, x, y, x);
    case ELEM_FMAX: return extremum(l, OP_GE, x, y, y);
    case ELEM_FMIN: return extremum(l, OP_LE, x, y, y);
    case ELEM_CLIP: x = extremum(l, OP_GE, x, y, x); return extremum(l, OP_LE, x, c.re, x);
    case ELEM_SQRT: return OP1(SQRT, x);
    case ELEM_FLOOR: return OP1(FLOOR, x);
    case ELEM_CEIL: return OP1(CEIL, x);
    case ELEM_TRUNC: return OP1(TRUNC, x);
    case ELEM_RINT: return OP1(RINT, x);
    case ELEM_DEG2RAD: return OP2(MUL, x, konst(l, x, M_PI / 180));
    case ELEM_RAD2DEG: return OP2(MUL, x, konst(l, x, 180 / M_PI));
    case ELEM_COPYSIGN: return OP2(COPYSIGN, x, y);
    case ELEM_POS:
    case ELEM_REAL:
    case ELEM_CONJ: return x;
    default:
        return math(l, (IrMath)jit_elem_infos[op].aux, x, jit_elem_infos[op].nargs == 2 ? y : NULL);
    }
}

Num jit_elem_scalar_op(Lower *l, ElemOp op, const Num *args, uint32_t n, const JitType *result)
{
    const JitType *types[3];
    Num v[3] = {args[0], n > 1 ? args[1] : args[0], n > 2 ? args[2] : args[0]};
    for (uint32_t i = 0; i < n; i++) types[i] = args[i].type;
    if (op == ELEM_CAST) return jit_scalar_cast(l, v[0], result);
    if (op == ELEM_WHERE) {
        Num x = jit_scalar_cast(l, v[1], result), y = jit_scalar_cast(l, v[2], result);
        IrNode *c = jit_scalar_truth(l, v[0]);
        return (Num){result, jit_lower_select(l, c, x.re, y.re),
                     x.im ? jit_lower_select(l, c, x.im, y.im) : NULL};
    }
    const JitType *t = jit_elem_operand(op, types, n);
    for (uint32_t i = 0; i < n; i++)
        v[i] = jit_elem_infos[op].cls == CLASS_LOGICAL ? (Num){t, jit_scalar_truth(l, v[i]), NULL}
                                                       : jit_scalar_cast(l, v[i], t);
    if (jit_type_is_complex(t)) return complex_op(l, op, v[0], v[1], result);
    return (Num){result, real_op(l, op, v[0], v[1], v[2]), NULL};
}

/* ---- expressions ---- */

const JitType *jit_elem_expr_type(const ElemExpr *e) { return e->type; }

static ElemExpr *expr_new(Lower *l, int kind, const JitType *type)
{
    ElemExpr *e = jit_ir_alloc(l->m, sizeof *e);
    e->kind = kind;
    e->type = type;
    return e;
}

ElemExpr *jit_elem_expr_num(Lower *l, Num v)
{
    ElemExpr *e = expr_new(l, LEAF_NUM, v.type);
    e->num = v;
    return e;
}

ElemExpr *jit_elem_expr_array(Lower *l, const Arr *a)
{
    ElemExpr *e = expr_new(l, LEAF_ARRAY, jit_elem_scalar(a->type));
    e->array = *a;
    return e;
}

/* Scalar operands are converted here, once, outside the loops. */
ElemExpr *jit_elem_expr_op(Lower *l, ElemOp op, const JitType *type, uint32_t n, ElemExpr **args)
{
    ElemExpr *e = expr_new(l, APPLY, type);
    const JitType *types[3];
    e->op = op;
    e->n = n;
    for (uint32_t i = 0; i < n; i++) types[i] = args[i]->type;
    for (uint32_t i = 0; i < n; i++) {
        e->args[i] = args[i];
        if (args[i]->kind == LEAF_NUM && op != ELEM_CAST && op != ELEM_WHERE &&
            jit_elem_infos[op].cls != CLASS_LOGICAL)
            e->args[i] = jit_elem_expr_num(
                l, jit_scalar_cast(l, args[i]->num, jit_elem_operand(op, types, n)));
    }
    return e;
}

ElemExpr *jit_elem_expr_root(Lower *l, const IrNode *x)
{
    IrNode *args[3];
    ElemExpr *parts[3];
    ElemOp op;
    uint32_t n;
    if (!jit_elem_match(x, &op, args, &n)) abort();
    for (uint32_t i = 0; i < n; i++) parts[i] = jit_elem_expr(l, args[i]);
    return jit_elem_expr_op(l, op, jit_elem_scalar(x->type), n, parts);
}

ElemExpr *jit_elem_expr(Lower *l, const IrNode *x)
{
    if (x->flags & NODE_FUSED) return jit_elem_expr_root(l, x);
    if (jit_infer_unwrap(x->type)->kind == TK_ARRAY) {
        Arr a = jit_array_value(l, x);
        return jit_elem_expr_array(l, &a);
    }
    return jit_elem_expr_num(l, jit_lower_num(l, x));
}

static void collect(ElemExpr *e, ElemExpr **leaves, uint32_t *n)
{
    if (e->kind == LEAF_ARRAY && *n < 64) leaves[(*n)++] = e;
    for (uint32_t i = 0; i < e->n; i++) collect(e->args[i], leaves, n);
}

static Num evaluate(Lower *l, ElemExpr *e)
{
    Num v[3];
    if (e->kind == LEAF_NUM) return e->num;
    if (e->kind == LEAF_ARRAY) return jit_array_load(l, &e->array, e->offset);
    for (uint32_t i = 0; i < e->n; i++) v[i] = evaluate(l, e->args[i]);
    return jit_elem_scalar_op(l, e->op, v, e->n, e->type);
}

/* ---- shapes ---- */

void jit_elem_expr_shape(Lower *l, ElemExpr *e, unsigned rank, IrNode **shape)
{
    ElemExpr *leaves[64];
    uint32_t n = 0;
    collect(e, leaves, &n);
    for (unsigned d = 0; d < rank; d++) shape[d] = NULL;
    for (uint32_t k = 0; k < n; k++) {
        Arr *a = &leaves[k]->array;
        unsigned skip = rank - a->type->rank;
        for (unsigned d = 0; d < a->type->rank; d++) {
            IrNode *dim = a->shape[d], **out = &shape[skip + d];
            if (!*out || *out == dim) {
                *out = dim;
                continue;
            }
            IrNode *one = jit_lower_int(l, 1), *same = OP2(EQ, *out, dim);
            IrNode *mine = OP2(EQ, dim, one), *theirs = OP2(EQ, *out, one);
            jit_lower_check(l, OP2(OR, same, OP2(OR, mine, theirs)), ERR_BROADCAST, NULL, *out, dim,
                            jit_lower_int(l, skip + d));
            *out = jit_lower_select(l, theirs, dim, *out);
        }
    }
    for (unsigned d = 0; d < rank; d++)
        if (!shape[d]) shape[d] = jit_lower_int(l, 1);
}

/* Steps of every leaf along the result's axes; returns the condition for dense inner loops, NULL if
 * it always holds. */
static IrNode *prepare(Lower *l, ElemExpr **leaves, uint32_t n, unsigned rank, IrNode *const *shape)
{
    IrNode *dense = NULL;
    for (uint32_t k = 0; k < n; k++) {
        Arr *a = &leaves[k]->array;
        unsigned own_rank = a->type->rank, size = jit_dtype_size((JitDtype)a->type->dtype);
        leaves[k]->offset = jit_lower_int(l, 0);
        for (unsigned d = 0; d < rank; d++) {
            leaves[k]->step[d] = NULL;
            if (d + own_rank < rank) continue;
            unsigned axis = d + own_rank - rank;
            IrNode *dim = a->shape[axis], *step = a->stride[axis];
            if (dim == shape[d]) {
                leaves[k]->step[d] = step;
                if (d + 1 == rank && !jit_ir_is_int(step, size)) {
                    IrNode *c = OP2(EQ, step, jit_lower_int(l, size));
                    dense = dense ? OP2(AND, dense, c) : c;
                }
                continue;
            }
            IrNode *same = OP2(EQ, dim, shape[d]);
            if (d + 1 == rank) {
                IrNode *c = jit_ir_is_int(step, size)
                                ? same
                                : OP2(AND, same, OP2(EQ, step, jit_lower_int(l, size)));
                dense = dense ? OP2(AND, dense, c) : c;
            }
            leaves[k]->step[d] = jit_lower_select(l, same, step, jit_lower_int(l, 0));
        }
    }
    return dense;
}

/* ---- loops ---- */

typedef struct Nest {
    Lower *l;
    ElemExpr *e;
    ElemExpr **leaves;
    uint32_t nleaves;
    unsigned rank;
    IrNode *const *shape;
    ElemBody body;
    void *ctx;
    bool dense;
    uint32_t n; /* carried */
    IrNode *index[TYPE_MAX_RANK];
} Nest;

static void nest_level(Nest *s, unsigned d, IrNode *const *carried, IrNode **out)
{
    Lower *l = s->l;
    IrNode *next[8] = {NULL}, *before[64];
    if (d == s->rank) {
        jit_lower_copy(next, carried, s->n);
        s->body(l, s->ctx, s->index, evaluate(l, s->e), s->dense, carried, next);
        jit_lower_copy(out, next, s->n);
        return;
    }
    Loop loop;
    jit_lower_loop(l, &loop, s->shape[d], s->n, carried);
    s->index[d] = loop.i;
    for (uint32_t k = 0; k < s->nleaves; k++) {
        ElemExpr *leaf = s->leaves[k];
        before[k] = leaf->offset;
        IrNode *step = leaf->step[d];
        if (!step) continue;
        if (s->dense && d + 1 == s->rank)
            step = jit_lower_int(l, jit_dtype_size((JitDtype)leaf->array.type->dtype));
        IrNode *move = jit_lower_nsw(l, OP_MUL, loop.i, step);
        leaf->offset =
            jit_ir_is_int(leaf->offset, 0) ? move : jit_lower_nsw(l, OP_ADD, leaf->offset, move);
    }
    nest_level(s, d + 1, loop.carried, next);
    for (uint32_t k = 0; k < s->nleaves; k++) s->leaves[k]->offset = before[k];
    jit_lower_loop_end(l, &loop, next);
    jit_lower_copy(out, loop.carried, s->n);
}

static void run_loop(Lower *l, ElemExpr *e, unsigned rank, IrNode *const *shape, IrNode *more,
                     bool general_only, uint32_t n, IrNode *const *init, IrNode **result,
                     ElemBody body, void *ctx)
{
    ElemExpr *leaves[64];
    uint32_t nleaves = 0;
    collect(e, leaves, &nleaves);
    IrNode *dense = prepare(l, leaves, nleaves, rank, shape);
    if (more) dense = dense ? OP2(AND, dense, more) : more;
    Nest s = {.l = l,
              .e = e,
              .leaves = leaves,
              .nleaves = nleaves,
              .rank = rank,
              .shape = shape,
              .body = body,
              .ctx = ctx,
              .n = n,
              .dense = true};
    if (general_only || (!dense || jit_ir_is_int(dense, 1) || rank == 0)) {
        s.dense = !general_only;
        nest_level(&s, 0, init, result);
        return;
    }
    IrNode *fast[8], *slow[8];
    If i;
    jit_lower_if(l, &i, dense);
    nest_level(&s, 0, init, fast);
    jit_lower_else(l, &i, n, fast);
    l->cur->flags |= BLOCK_SLOW;
    s.dense = false;
    nest_level(&s, 0, init, slow);
    jit_lower_endif(l, &i, n, slow);
    jit_lower_copy(result, slow, n);
}

void jit_elem_expr_loop(Lower *l, ElemExpr *e, unsigned rank, IrNode *const *shape, IrNode *more,
                        uint32_t n, IrNode *const *init, IrNode **result, ElemBody body, void *ctx)
{
    run_loop(l, e, rank, shape, more, false, n, init, result, body, ctx);
}

static void store_body(Lower *l, void *ctx, IrNode *const *index, Num value, bool dense,
                       IrNode *const *carried, IrNode **next)
{
    const Arr *out = ctx;
    IrNode *offset = jit_lower_int(l, 0);
    (void)carried;
    (void)next;
    for (unsigned d = 0; d < out->type->rank; d++) {
        IrNode *step = out->stride[d];
        if (dense && d + 1u == out->type->rank)
            step = jit_lower_int(l, jit_dtype_size((JitDtype)out->type->dtype));
        IrNode *move = jit_lower_nsw(l, OP_MUL, index[d], step);
        offset = d == 0 ? move : jit_lower_nsw(l, OP_ADD, offset, move);
    }
    jit_array_store(l, out, offset, value);
}

static IrNode *target_dense(Lower *l, const Arr *t)
{
    if (t->type->rank == 0) return NULL;
    IrNode *size = jit_lower_int(l, jit_dtype_size((JitDtype)t->type->dtype));
    IrNode *last = t->stride[t->type->rank - 1];
    return jit_ir_is_int(last, size->imm.i) ? NULL : OP2(EQ, last, size);
}

void jit_elem_expr_run(Lower *l, ElemExpr *e, const Arr *target)
{
    Arr copy = *target;
    run_loop(l, e, target->type->rank, target->shape, target_dense(l, target), false, 0, NULL, NULL,
             store_body, &copy);
}

Arr jit_elem_expr_array_new(Lower *l, ElemExpr *e, const JitType *type)
{
    IrNode *shape[TYPE_MAX_RANK];
    jit_elem_expr_shape(l, e, type->rank, shape);
    Arr out = jit_array_new(l, type, shape, 0);
    if (!jit_parloop_store(l, e, &out))
        jit_elem_expr_loop(l, e, type->rank, shape, target_dense(l, &out), 0, NULL, NULL, store_body,
                           &out);
    jit_lower_pop_temp(l);
    return out;
}

/* ---- stores into existing arrays ---- */

static IrNode *address(Lower *l, IrNode *p) { return jit_lower_op1(l, OP_BITS, M_I64, p); }

/* First and last byte of an array's elements, when it has any. */
static void extent(Lower *l, const Arr *a, IrNode **low, IrNode **high)
{
    *low = *high = address(l, a->data);
    for (unsigned d = 0; d < a->type->rank; d++) {
        IrNode *zero = jit_lower_int(l, 0);
        IrNode *reach = OP2(MUL, OP2(SUB, a->shape[d], jit_lower_int(l, 1)), a->stride[d]);
        IrNode *down = OP2(LT, reach, zero);
        *low = OP2(ADD, *low, jit_lower_select(l, down, reach, zero));
        *high = OP2(ADD, *high, jit_lower_select(l, down, zero, reach));
    }
    *high = OP2(ADD, *high, jit_lower_int(l, jit_dtype_size((JitDtype)a->type->dtype)));
}

static bool same_view(const Arr *a, const Arr *b)
{
    if (a->data != b->data || a->type->rank != b->type->rank) return false;
    for (unsigned d = 0; d < a->type->rank; d++)
        if (a->shape[d] != b->shape[d] ||
            (a->stride[d] != b->stride[d] &&
             !(a->stride[d]->op == OP_CONST && b->stride[d]->op == OP_CONST &&
               a->stride[d]->imm.i == b->stride[d]->imm.i)))
            return false;
    return true;
}

/* Buffers that cannot be one: a fresh allocation against another, or against what came as an
 * argument. */
static bool distinct(Lower *l, const IrNode *a, const IrNode *b)
{
    bool fresh_a = a->op == OP_ALLOC, fresh_b = b->op == OP_ALLOC;
    bool arg_a = a->op == OP_PARAM && a->block == l->f->first;
    bool arg_b = b->op == OP_PARAM && b->block == l->f->first;
    return a != b && ((fresh_a && (fresh_b || arg_b)) || (fresh_b && arg_a));
}

/* Could writing the target element by element change what e has still to read? NULL: never. */
static IrNode *hazard(Lower *l, ElemExpr *e, const Arr *target)
{
    ElemExpr *leaves[64];
    uint32_t n = 0;
    IrNode *any = NULL, *low = NULL, *high = NULL;
    collect(e, leaves, &n);
    for (uint32_t k = 0; k < n; k++) {
        const Arr *a = &leaves[k]->array;
        IrNode *al, *ah;
        if (same_view(a, target) || distinct(l, a->own, target->own)) continue;
        if (!low) extent(l, target, &low, &high);
        extent(l, a, &al, &ah);
        IrNode *bad = OP2(AND, OP2(LT, al, high), OP2(LT, low, ah));
        if (a->type->rank == target->type->rank) {
            IrNode *apart = not_of(l, OP2(EQ, al, low));
            for (unsigned d = 0; d < a->type->rank; d++)
                apart = OP2(OR, apart,
                            OP2(OR, OP2(NE, a->stride[d], target->stride[d]),
                                OP2(NE, a->shape[d], target->shape[d])));
            bad = OP2(AND, bad, apart);
        }
        any = any ? OP2(OR, any, bad) : bad;
    }
    return any;
}

/* Axes of the operands must have the target's length or 1. */
static void check_fit(Lower *l, ElemExpr *e, const Arr *target)
{
    ElemExpr *leaves[64];
    uint32_t n = 0;
    unsigned rank = target->type->rank;
    collect(e, leaves, &n);
    for (uint32_t k = 0; k < n; k++) {
        Arr *a = &leaves[k]->array;
        unsigned extra = a->type->rank > rank ? a->type->rank - rank : 0;
        for (unsigned d = 0; d < a->type->rank; d++) {
            IrNode *dim = a->shape[d], *ok = OP2(EQ, dim, jit_lower_int(l, 1));
            IrNode *want = d < extra ? jit_lower_int(l, 1)
                                     : target->shape[d - extra + rank - (a->type->rank - extra)];
            if (dim == want) continue;
            if (d >= extra) ok = OP2(OR, ok, OP2(EQ, dim, want));
            jit_lower_check(l, ok, ERR_ASSIGN_SHAPE, NULL, dim, want, jit_lower_int(l, d));
        }
        if (extra) { /* drop the leading axes of length 1 */
            for (unsigned d = 0; d < rank; d++) {
                a->shape[d] = a->shape[d + extra];
                a->stride[d] = a->stride[d + extra];
            }
            a->type = jit_type_array((JitDtype)a->type->dtype, rank, 'A', a->type->readonly);
        }
    }
}

void jit_elem_expr_store(Lower *l, ElemExpr *e, const Arr *target)
{
    unsigned rank = target->type->rank;
    const JitType *item = jit_elem_scalar(target->type);
    if (e->kind == LEAF_NUM) e = jit_elem_expr_num(l, jit_scalar_cast(l, e->num, item));
    check_fit(l, e, target);
    IrNode *bad = hazard(l, e, target);
    Arr copy = *target;
    If i;
    if (bad) {
        jit_lower_if(l, &i, bad);
        l->cur->flags |= BLOCK_SLOW;
        Arr temp = jit_array_new(l, jit_type_array((JitDtype)item->dtype, rank, 'C', false),
                                 target->shape, 0);
        run_loop(l, e, rank, target->shape, NULL, true, 0, NULL, NULL, store_body, &temp);
        run_loop(l, jit_elem_expr_array(l, &temp), rank, target->shape, NULL, true, 0, NULL, NULL,
                 store_body, &copy);
        jit_lower_pop_temp(l);
        jit_lower_release(l, temp.own);
        jit_lower_else(l, &i, 0, NULL);
    }
    if (!jit_parloop_store(l, e, target))
        jit_elem_expr_run(l, e, &copy);
    if (bad) jit_lower_endif(l, &i, 0, NULL);
}
