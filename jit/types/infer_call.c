/* The typing rules of calls, one small function a rule of functions.def. */
#include "jit/types/infer.h"

#include <stdio.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { TEXT = 200 };

typedef const JitType *(*Rule)(Infer *in, const IrNode *x, const BoundCall *c);

static const JitType *refuse_arg(Infer *in, const IrNode *x, const BoundCall *c, int i)
{
    char s[TEXT];
    return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, c->fn->name,
                            jit_type_describe(c->arg[i]->type, s, sizeof s), i + 1);
}

static const JitType *arg_type(const BoundCall *c, int i)
{
    return c->arg[i] ? jit_infer_unwrap(c->arg[i]->type) : NULL;
}

static bool is_real(const JitType *t)
{
    return t && jit_type_is_numeric(t) && !jit_type_is_complex(t);
}

/* ---- builtins ---- */

static const JitType *type_abs(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0), *e = jit_elem_scalar(t);
    if (t->kind == TK_BOOL) return T(INT);
    if (t->kind == TK_COMPLEX) return T(FLOAT);
    if (jit_type_is_python_number(t)) return t;
    if (!jit_type_is_numeric(e)) return refuse_arg(in, x, c, 0);
    return jit_elem_shape(jit_elem_type(ELEM_ABS, &e, 1), &t, 1);
}

static const JitType *type_minmax(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (c->n == 1) {
        if (t->kind != TK_TUPLE && !(t->kind == TK_ARRAY && t->rank == 1) && t->kind != TK_RANGE)
            return refuse_arg(in, x, c, 0);
        if (t->kind == TK_TUPLE) {
            const JitType *u = T(BOTTOM);
            for (uint32_t i = 0; i < t->n && u; i++)
                u = is_real(t->elem[i]) ? jit_type_unify(u, t->elem[i]) : NULL;
            return u && t->n ? u : refuse_arg(in, x, c, 0);
        }
        return jit_infer_item(t);
    }
    t = T(BOTTOM);
    for (uint32_t i = 0; i < c->n; i++) {
        if (!is_real(arg_type(c, (int)i))) return refuse_arg(in, x, c, (int)i);
        t = jit_type_unify(t, arg_type(c, (int)i));
    }
    return t;
}

static const JitType *type_round(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0), *digits = arg_type(c, 1);
    if (!is_real(t)) return refuse_arg(in, x, c, 0);
    if (digits && digits->kind != TK_NONE && !jit_type_is_integer(digits))
        return refuse_arg(in, x, c, 1);
    bool to_int = !digits || digits->kind == TK_NONE;
    if (jit_type_is_integer(t)) return t->kind == TK_BOOL ? T(INT) : t;
    return to_int ? T(INT) : t;
}

static const JitType *type_len(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (jit_infer_container_word(t) || t->kind == TK_TUPLE || t->kind == TK_RANGE ||
        ((t->kind == TK_ARRAY || t->kind == TK_RECORDS) && t->rank > 0))
        return T(INT);
    return refuse_arg(in, x, c, 0);
}

static const JitType *type_int(Infer *in, const IrNode *x, const BoundCall *c)
{
    if (c->arg[0] && jit_infer_is_text(arg_type(c, 0))) return T(INT);
    return !c->arg[0] || is_real(arg_type(c, 0)) ? T(INT) : refuse_arg(in, x, c, 0);
}
static const JitType *type_float(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (t && t->kind == TK_STR &&
        (!strcmp(t->name, "inf") || !strcmp(t->name, "-inf") || !strcmp(t->name, "nan") ||
         !strcmp(t->name, "infinity")))
        return T(FLOAT);
    return !t || is_real(t) || jit_infer_is_text(t) ? T(FLOAT) : refuse_arg(in, x, c, 0);
}
static const JitType *type_bool(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (t && t->kind == TK_ARRAY && t->rank) return refuse_arg(in, x, c, 0);
    return T(BOOL);
}

static const JitType *type_complex(Infer *in, const IrNode *x, const BoundCall *c)
{
    for (int i = 0; i < 2; i++)
        if (c->arg[i] && !jit_type_is_numeric(arg_type(c, i))) return refuse_arg(in, x, c, i);
    return T(COMPLEX);
}

static const JitType *type_divmod(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *a = c->arg[0]->type, *b = c->arg[1]->type;
    const JitType *q = jit_infer_binary(in, x, OPER_FLOORDIV, a, b, NULL);
    const JitType *r = jit_infer_binary(in, x, OPER_MOD, a, b, NULL);
    const JitType *both[] = {q, r};
    return q && r ? jit_type_tuple(both, 2) : NULL;
}

static const JitType *type_binary(Infer *in, const IrNode *x, const BoundCall *c)
{
    return jit_infer_binary(in, x, (IrOperator)c->fn->aux, c->arg[0]->type, c->arg[1]->type,
                            c->arg[1]);
}

static const JitType *type_sum(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *item = jit_infer_item(arg_type(c, 0));
    const JitType *start = c->arg[1] ? arg_type(c, 1) : T(INT);
    if (!item || !jit_type_is_numeric(item)) return refuse_arg(in, x, c, 0);
    if (!jit_type_is_numeric(start)) return refuse_arg(in, x, c, 1);
    return jit_infer_binary(in, x, OPER_ADD, start, item, NULL);
}

/* A bar over a range is the range. */
static const JitType *type_progress(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    return t->kind == TK_RANGE ? t : refuse_arg(in, x, c, 0);
}

static const JitType *type_threads(Infer *in, const IrNode *x, const BoundCall *c)
{
    (void)in, (void)x, (void)c;
    return T(INT);
}

static const JitType *type_range(Infer *in, const IrNode *x, const BoundCall *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (!jit_type_is_integer(arg_type(c, (int)i))) return refuse_arg(in, x, c, (int)i);
    return T(RANGE);
}

static const JitType *type_enumerate(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (!jit_infer_item(t) && !jit_infer_unrolls(t)) return refuse_arg(in, x, c, 0);
    return jit_type_wrap(TK_ENUMERATE, t->kind == TK_STR ? T(TEXT) : t);
}

static const JitType *type_zip(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *elem[BOUND_MAX];
    for (uint32_t i = 0; i < c->n; i++) {
        elem[i] = arg_type(c, (int)i);
        if (i && elem[i]->kind == TK_GEN) return refuse_arg(in, x, c, (int)i); /* would be asked too early */
        if (!jit_infer_item(elem[i]) && !jit_infer_unrolls(elem[i])) return refuse_arg(in, x, c, (int)i);
        if (elem[i]->kind == TK_STR) elem[i] = T(TEXT);
    }
    return jit_type_zip(elem, c->n);
}

static bool printable(const JitType *t)
{
    for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++)
        if (!printable(t->elem[i])) return false;
    return t->kind == TK_TUPLE || jit_infer_is_text(t) || t->kind == TK_NONE || jit_type_is_numeric(t);
}

static const JitType *type_print(Infer *in, const IrNode *x, const BoundCall *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (!printable(c->arg[i]->type)) return refuse_arg(in, x, c, (int)i);
    return T(NONE);
}

static const JitType *type_tuple(Infer *in, const IrNode *x, const BoundCall *c)
{
    if (!c->arg[0]) return jit_type_tuple(NULL, 0);
    return arg_type(c, 0)->kind == TK_TUPLE ? arg_type(c, 0) : refuse_arg(in, x, c, 0);
}

static const JitType *type_slice(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *p[3] = {T(NONE), T(NONE), T(NONE)};
    for (uint32_t i = 0; i < c->n; i++) {
        const JitType *t = arg_type(c, (int)i);
        if (t->kind != TK_NONE && !jit_type_is_integer(t)) return refuse_arg(in, x, c, (int)i);
        p[c->n == 1 ? 1 : i] = t->kind == TK_NONE ? t : T(INT);
    }
    return jit_type_slice(p[0], p[1], p[2]);
}

/* ---- math ---- */

static const JitType *floats(Infer *in, const IrNode *x, const BoundCall *c, const JitType *r)
{
    for (int i = 0; i < 2; i++)
        if (c->arg[i] && !is_real(arg_type(c, i))) return refuse_arg(in, x, c, i);
    return r;
}

static const JitType *type_math(Infer *in, const IrNode *x, const BoundCall *c)
{
    return floats(in, x, c, T(FLOAT));
}
#define type_log type_math
#define type_math2 type_math
#define type_mathop type_math
#define type_mathsqrt type_math
#define type_mathscale type_math
static const JitType *type_mathint(Infer *in, const IrNode *x, const BoundCall *c)
{
    return floats(in, x, c, T(INT));
}
static const JitType *type_mathtest(Infer *in, const IrNode *x, const BoundCall *c)
{
    return floats(in, x, c, T(BOOL));
}
static const JitType *type_gcd(Infer *in, const IrNode *x, const BoundCall *c)
{
    for (int i = 0; i < 2; i++)
        if (!jit_type_is_integer(arg_type(c, i))) return refuse_arg(in, x, c, i);
    return T(INT);
}
static const JitType *type_ldexp(Infer *in, const IrNode *x, const BoundCall *c)
{
    if (!jit_type_is_integer(arg_type(c, 1))) return refuse_arg(in, x, c, 1);
    return floats(in, x, c, T(FLOAT));
}
static const JitType *type_frexp(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *both[] = {T(FLOAT), T(INT)};
    return floats(in, x, c, jit_type_tuple(both, 2));
}
static const JitType *type_modf(Infer *in, const IrNode *x, const BoundCall *c)
{
    return floats(in, x, c, jit_type_unituple(T(FLOAT), 2));
}

/* ---- NumPy: scalars and elementwise ---- */

static const JitType *type_scalar(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *r = jit_type_scalar((JitDtype)c->fn->aux), *t = arg_type(c, 0);
    if (!t) return r;
    if (t->kind == TK_ARRAY) return jit_elem_shape(r, &t, 1);
    if (!jit_type_is_numeric(t) || (jit_type_is_complex(t) && !jit_type_is_complex(r)))
        return refuse_arg(in, x, c, 0);
    return r;
}

static const JitType *type_elem(Infer *in, const IrNode *x, const BoundCall *c)
{
    ElemOp op = (ElemOp)c->fn->aux;
    const JitType *whole[3], *part[3];
    uint32_t n = jit_elem_infos[op].nargs;
    for (uint32_t i = 0; i < n; i++) {
        whole[i] = arg_type(c, (int)i);
        part[i] = jit_elem_scalar(whole[i]);
        if (!jit_type_is_numeric(part[i])) return refuse_arg(in, x, c, (int)i);
    }
    const JitType *r = jit_elem_type(op, part, n);
    return r ? jit_elem_shape(r, whole, n) : refuse_arg(in, x, c, 0);
}

static const JitType *type_conjugate(Infer *in, const IrNode *x, const BoundCall *c)
{
    (void)in;
    (void)x;
    return arg_type(c, 0);
}

/* ---- NumPy: making arrays ---- */

int jit_infer_dtype(const JitType *t)
{
    if (t->kind == TK_STR) return jit_dtype_find(t->name, strlen(t->name));
    if (t->kind != TK_FUNC) return -1;
    if (!strcmp(t->name, "int")) return DT_I64;
    if (!strcmp(t->name, "float")) return DT_F64;
    if (!strcmp(t->name, "bool")) return DT_BOOL;
    if (!strcmp(t->name, "complex")) return DT_C128;
    const FnInfo *fn = jit_functions_find(t->name);
    return fn && fn->rule == RULE_scalar ? fn->aux : -1;
}

/* The dtype of argument i, or `otherwise` if it is missing or None; -1: refused. */
static int dtype_arg(Infer *in, const IrNode *x, const BoundCall *c, int i, int otherwise)
{
    char s[TEXT];
    const JitType *t = arg_type(c, i);
    if (!t || t->kind == TK_NONE) return otherwise;
    int d = jit_infer_dtype(t);
    if (d < 0) jit_infer_refuse(in, REFUSE_DTYPE, x, jit_type_describe(t, s, sizeof s));
    return d;
}

/* The rank that a shape argument gives; -1: refused. */
static int shape_rank(Infer *in, const IrNode *x, const JitType *t)
{
    char s[TEXT];
    if (jit_type_is_integer(t)) return 1;
    bool ok = t->kind == TK_TUPLE && t->n <= TYPE_MAX_RANK;
    for (uint32_t i = 0; ok && i < t->n; i++) ok = jit_type_is_integer(t->elem[i]);
    if (ok) return (int)t->n;
    jit_infer_refuse(in, REFUSE_RANK, x, jit_type_describe(t, s, sizeof s));
    return -1;
}

static const JitType *type_create(Infer *in, const IrNode *x, const BoundCall *c)
{
    int rank = shape_rank(in, x, arg_type(c, 0)), d = dtype_arg(in, x, c, 1, DT_F64);
    return rank < 0 || d < 0 ? NULL : jit_type_array((JitDtype)d, (unsigned)rank, 'C', false);
}

static const JitType *type_full(Infer *in, const IrNode *x, const BoundCall *c)
{
    int rank = shape_rank(in, x, arg_type(c, 0));
    if (!jit_type_is_numeric(arg_type(c, 1))) return refuse_arg(in, x, c, 1);
    int d = dtype_arg(in, x, c, 2, (int)jit_type_dtype(arg_type(c, 1)));
    return rank < 0 || d < 0 ? NULL : jit_type_array((JitDtype)d, (unsigned)rank, 'C', false);
}

static const JitType *type_like(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    if (t->kind != TK_ARRAY) return refuse_arg(in, x, c, 0);
    int d = dtype_arg(in, x, c, c->fn->aux == 3 ? 2 : 1, t->dtype);
    return d < 0 ? NULL : jit_type_array((JitDtype)d, t->rank, t->layout == 'F' ? 'F' : 'C', false);
}

static const JitType *type_arange(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = T(INT);
    for (int i = 0; i < 3; i++)
        if (c->arg[i]) {
            if (!is_real(arg_type(c, i))) return refuse_arg(in, x, c, i);
            t = jit_type_promote(t, arg_type(c, i));
        }
    int d = dtype_arg(in, x, c, 3, (int)jit_type_dtype(t));
    return d < 0 ? NULL : jit_type_array((JitDtype)d, 1, 'C', false);
}

/* The common number type and depth of nested tuples; NULL: ragged or no numbers. */
static const JitType *nested(const JitType *t, unsigned *rank)
{
    *rank = 0;
    if (jit_type_is_numeric(t)) return t;
    if (t->kind != TK_TUPLE || t->n == 0) return NULL;
    const JitType *both = T(BOTTOM);
    unsigned depth = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        unsigned r;
        const JitType *one = nested(t->elem[i], &r);
        if (!one || (i && r != depth) ||
            (i && t->elem[i]->kind == TK_TUPLE && t->elem[i]->n != t->elem[0]->n))
            return NULL;
        depth = r;
        both = jit_type_unify(both, one);
    }
    *rank = depth + 1;
    return both;
}

static const JitType *type_array(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = arg_type(c, 0);
    unsigned rank = 0;
    if (t->kind == TK_ARRAY) {
        int d = dtype_arg(in, x, c, 1, t->dtype);
        if (d < 0) return NULL;
        bool same = d == t->dtype;
        if (c->fn->aux == 1 && same) return t; /* asarray of an array */
        if (c->fn->aux == 2 && !t->rank) return refuse_arg(in, x, c, 0); /* the library makes an axis */
        if (c->fn->aux == 2) return same && t->layout == 'C' ? t : jit_type_array((JitDtype)d, t->rank, 'C', false);
        return jit_type_array((JitDtype)d, t->rank, t->layout == 'F' ? 'F' : 'C', false);
    }
    const JitType *e = nested(t, &rank);
    if (!e || rank > TYPE_MAX_RANK || (c->fn->aux == 2 && !rank)) return refuse_arg(in, x, c, 0);
    int d = dtype_arg(in, x, c, 1, (int)jit_type_dtype(e));
    return d < 0 ? NULL : jit_type_array((JitDtype)d, rank, 'C', false);
}

static const JitType *need_array(Infer *in, const IrNode *x, const BoundCall *c, int i)
{
    return arg_type(c, i)->kind == TK_ARRAY ? arg_type(c, i) : refuse_arg(in, x, c, i);
}

static const JitType *type_copy(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    return t ? jit_type_array((JitDtype)t->dtype, t->rank, c->fn->aux && t->layout == 'F' ? 'F' : 'C', false) : NULL;
}

static const JitType *type_astype(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    if (!t) return NULL;
    int d = dtype_arg(in, x, c, 1, DT_F64);
    return d < 0 ? NULL : jit_type_array((JitDtype)d, t->rank, t->layout == 'F' ? 'F' : 'C', false);
}

static const JitType *type_fill(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    if (t && t->readonly) return jit_infer_refuse(in, REFUSE_READ_ONLY, x);
    if (t && !jit_type_is_numeric(arg_type(c, 1))) return refuse_arg(in, x, c, 1);
    return t ? T(NONE) : NULL;
}

/* aux 0 reshape, 1 ravel, 2 flatten */
static const JitType *type_reshape(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    int rank = 1;
    if (!t) return NULL;
    if (c->fn->aux == 0) {
        if (c->n > 2) {
            for (uint32_t i = 1; i < c->n; i++)
                if (!jit_type_is_integer(arg_type(c, (int)i))) return refuse_arg(in, x, c, (int)i);
            rank = (int)c->n - 1;
        } else {
            rank = shape_rank(in, x, arg_type(c, 1));
        }
    }
    if (rank < 0 || rank > TYPE_MAX_RANK) return NULL;
    return jit_type_array((JitDtype)t->dtype, (unsigned)rank, 'C', t->readonly && c->fn->aux != 2);
}

static const JitType *type_transpose(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    if (!t) return NULL;
    return jit_type_array((JitDtype)t->dtype, t->rank,
                          t->layout == 'C'   ? 'F'
                          : t->layout == 'F' ? 'C'
                                             : 'A',
                          t->readonly);
}

/* ---- NumPy: reductions ---- */

int jit_infer_axis(const BoundCall *call, unsigned rank)
{
    const IrNode *x = jit_functions_option(call, "axis");
    int64_t axis;
    if (!x) return -1;
    if (!jit_infer_int(x, &axis) || axis < -(int64_t)rank || axis >= (int64_t)rank) return -2;
    return (int)(axis < 0 ? axis + rank : axis);
}

bool jit_infer_keepdims(const BoundCall *call)
{
    const IrNode *x = jit_functions_option(call, "keepdims");
    return x && x->op == OP_CONST && x->imm.i;
}

/* The scalar type of a reduction's result. */
static const JitType *reduced_type(Infer *in, const IrNode *x, const BoundCall *c, const JitType *t)
{
    const JitType *e = jit_elem_scalar(t);
    JitDtype d = (JitDtype)t->dtype;
    char kind = jit_dtype_kind(d);
    const IrNode *dtype = jit_functions_option(c, "dtype");
    if (dtype) {
        int given = jit_infer_dtype(dtype->type);
        return given < 0 ? refuse_arg(in, x, c, 2) : jit_type_scalar((JitDtype)given);
    }
    switch ((Reduction)c->fn->aux) {
    case RED_SUM:
    case RED_PROD:
        if (kind == 'b' || kind == 'i') return jit_type_scalar(DT_I64);
        return kind == 'u' ? jit_type_scalar(DT_U64) : e;
    case RED_MIN:
    case RED_MAX: return kind == 'c' ? refuse_arg(in, x, c, 0) : e;
    case RED_MEAN: return strchr("biu", kind) ? jit_type_scalar(DT_F64) : e;
    case RED_VAR:
    case RED_STD:
        if (kind == 'c') return refuse_arg(in, x, c, 0);
        return d == DT_F32 ? e : jit_type_scalar(DT_F64);
    case RED_ANY:
    case RED_ALL: return jit_type_scalar(DT_BOOL);
    }
    return NULL;
}

static const JitType *type_reduce(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = need_array(in, x, c, 0);
    const JitType *r = t ? reduced_type(in, x, c, t) : NULL;
    if (!r) return NULL;
    int axis = jit_infer_axis(c, t->rank);
    if (axis == -2) return jit_infer_refuse(in, REFUSE_NOT_CONSTANT, x, "axis");
    if (jit_functions_option(c, "out"))
        return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, c->fn->name, "out is not supported");
    bool keep = jit_infer_keepdims(c);
    if (axis < 0) return keep ? jit_type_array(jit_type_dtype(r), t->rank, 'C', false) : r;
    unsigned rank = t->rank - (keep ? 0u : 1u);
    return rank ? jit_type_array(jit_type_dtype(r), rank, 'C', false) : r;
}

static const JitType *type_dot(Infer *in, const IrNode *x, const BoundCall *c)
{
    if (!need_array(in, x, c, 0) || !need_array(in, x, c, 1)) return NULL;
    return jit_infer_binary(in, x, OPER_MATMUL, c->arg[0]->type, c->arg[1]->type, NULL);
}

/* ---- calls ---- */

static const Rule rules[RULE_COUNT] = {
    [RULE_abs] = type_abs,
    [RULE_minmax] = type_minmax,
    [RULE_round] = type_round,
    [RULE_len] = type_len,
    [RULE_int] = type_int,
    [RULE_float] = type_float,
    [RULE_complex] = type_complex,
    [RULE_bool] = type_bool,
    [RULE_divmod] = type_divmod,
    [RULE_binary] = type_binary,
    [RULE_sum] = type_sum,
    [RULE_range] = type_range,
    [RULE_progress] = type_progress,
    [RULE_threads] = type_threads,
    [RULE_enumerate] = type_enumerate,
    [RULE_zip] = type_zip,
    [RULE_print] = type_print,
    [RULE_tuple] = type_tuple,
    [RULE_slice] = type_slice,
    [RULE_math] = type_math,
    [RULE_log] = type_log,
    [RULE_math2] = type_math2,
    [RULE_mathop] = type_mathop,
    [RULE_mathsqrt] = type_mathsqrt,
    [RULE_mathint] = type_mathint,
    [RULE_mathtest] = type_mathtest,
    [RULE_mathscale] = type_mathscale,
    [RULE_gcd] = type_gcd,
    [RULE_ldexp] = type_ldexp,
    [RULE_frexp] = type_frexp,
    [RULE_modf] = type_modf,
    [RULE_scalar] = type_scalar,
    [RULE_elem] = type_elem,
    [RULE_conjugate] = type_conjugate,
    [RULE_create] = type_create,
    [RULE_full] = type_full,
    [RULE_like] = type_like,
    [RULE_arange] = type_arange,
    [RULE_array] = type_array,
    [RULE_copy] = type_copy,
    [RULE_astype] = type_astype,
    [RULE_fill] = type_fill,
    [RULE_reshape] = type_reshape,
    [RULE_transpose] = type_transpose,
    [RULE_reduce] = type_reduce,
    [RULE_dot] = type_dot,
    [RULE_library] = jit_infer_library,
};

/* A function of the library as its user calls it. */
static const char *called(const char *name, char *buf, size_t size)
{
    const char *general = strstr(name, ".general");
    snprintf(buf, size, "%.*s", general ? (int)(general - name) : 100, name);
    return buf;
}

/* `counts[w] = counts.get(w, 0) + 1`: what counts holds is known only from what this gives, which is at least the default. */
static const JitType *meanwhile(const char *name, const JitType *const *types, uint32_t n)
{
    bool gets = n == 3 && types[0]->kind == TK_DICT && !strcmp(name, "dict.get");
    return gets && types[2]->kind != TK_NONE && !jit_infer_is_open(types[2]) ? jit_infer_kept(types[2]) : T(BOTTOM);
}

static const JitType *kernel_call(Infer *in, const IrNode *x, const char *name)
{
    const JitType *types[BOUND_MAX];
    IrLiteral literals[BOUND_MAX];
    KernelCall call;
    const char *trouble = jit_infer_bind_kernel(in, x, &call);
    char shown[120];
    if (trouble) return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, called(name, shown, sizeof shown), trouble);
    if (!jit_infer_kernel_types(&call, types, literals)) return T(BOTTOM);
    for (uint32_t i = 0; i < call.n && !in->report; i++) /* more will be known soon */
        if (jit_infer_is_open(types[i])) return meanwhile(name, types, call.n);
    IrFunc *f = jit_infer_callee(in, name, types, literals, call.n);
    if (in->diag->code) return NULL;
    if (!f)
        return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, called(name, shown, sizeof shown),
                                in->why[0] ? in->why
                                           : "they are of types that it does not work with");
    return f->ret ? f->ret : T(BOTTOM);
}

/* A call of a named tuple's class becomes the tuple. */
static const JitType *named_tuple(Infer *in, IrNode *x)
{
    const char *name = x->args[0]->type->name + 6, *fields = strchr(name, ':') + 1, *words = x->text;
    const JitType *elem[256];
    uint32_t n = *fields != 0, nkw = words && *words;
    for (const char *c = fields; *c; c++) n += *c == ',';
    for (const char *c = words; c && *c; c++) nkw += *c == ',';
    if (x->n - 1 != n || n > 256)
        return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the named tuple", "one value a field is needed");
    IrNode **args = jit_ir_alloc(in->f->module, (n + 1) * sizeof *args);
    for (uint32_t i = 0; i < n; i++) elem[i] = T(NONE);
    const JitType *shape = jit_type_named_tuple(elem, n, name);
    for (uint32_t i = 0; i < n; i++) {
        int at = (int)i;
        if (i >= n - nkw) {
            char word[100];
            size_t k = strcspn(words, ",");
            snprintf(word, sizeof word, "%.*s", (int)(k < 99 ? k : 99), words);
            words += k + (words[k] == ',');
            at = jit_type_field(shape, word);
        }
        if (at < 0 || args[at])
            return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the named tuple", "a name is no field of it, or given twice");
        args[at] = x->args[i + 1];
    }
    x->op = OP_PY_TUPLE;
    x->args = args;
    x->n = n;
    x->text = jit_ir_text(in->f->module, name, strlen(name));
    return jit_infer_node(in, x);
}

/* f(*t) becomes f(t[0], t[1], ...). */
static void jit_infer_spread(Infer *in, IrNode *x)
{
    IrNode *whole = x->args[1];
    uint32_t n = whole->type->n;
    IrNode **args = jit_ir_alloc(in->f->module, (n + 2) * sizeof *args);
    args[0] = x->args[0];
    for (uint32_t i = 0; i < n; i++) {
        IrNode *item = jit_ir_node_new(in->f, OP_PY_ITEM, M_VOID, 1);
        item->args[0] = whole;
        item->imm.i = i;
        item->type = whole->type->elem[i];
        item->pos = x->pos;
        item->id = in->f->next_node++;
        jit_ir_insert_before(x, item);
        args[i + 1] = item;
    }
    x->args = args;
    x->n = n + 1;
    x->text = NULL;
}

/* The node that a method is called of. */
static IrNode *method_self(Infer *in, IrNode *x)
{
    return x->args[0]->op == OP_PY_GETATTR ? x->args[0]->args[0] : jit_infer_self(in, x);
}

/* What a row of the table refuses may be what Python code of the library does, under the row's name and ".general": the call
 * becomes one of that. */
static bool generalize(Infer *in, IrNode *x)
{
    const JitType *callee = x->args[0]->type;
    char full[120];
    snprintf(full, sizeof full, "%.100s.general", callee->name);
    for (uint32_t i = 1; i < x->n; i++)
        if (jit_infer_is_open(x->args[i]->type)) return false;
    if (in->report || !jit_infer_find_kernel(in->f->module, full)) return false;
    uint32_t bound = callee->kind == TK_METHOD;
    IrNode **args = jit_ir_alloc(in->f->module, (x->n + bound) * sizeof *args);
    args[0] = jit_infer_callee_const(in, x, full);
    if (bound) args[1] = method_self(in, x);
    memcpy(args + 1 + bound, x->args + 1, (x->n - 1) * sizeof *args);
    x->args = args;
    x->n += bound;
    return true;
}

/* np.sin(x, o), np.add(x, y, out=o): the call becomes the library's "ufunc.out1" or "ufunc.out2" of the function, its
 * arguments and o. */
static bool stores_out(Infer *in, IrNode *x, const BoundCall *c)
{
    char name[] = "ufunc.out0";
    if (c->fn->rule != RULE_elem || x->args[0]->type->kind != TK_FUNC) return false;
    uint32_t n = jit_elem_infos[c->fn->aux].nargs;
    if (n > 2 || x->n != n + 2 || (x->text && *x->text && strcmp(x->text, "out") != 0)) return false;
    if (jit_infer_unwrap(x->args[x->n - 1]->type)->kind != TK_ARRAY) return false;
    name[strlen(name) - 1] = (char)('0' + n);
    IrNode **args = jit_ir_alloc(in->f->module, (x->n + 1) * sizeof *args);
    args[0] = jit_infer_callee_const(in, x, name);
    memcpy(args + 1, x->args, x->n * sizeof *args);
    x->args = args;
    x->n++;
    x->text = NULL;
    return true;
}

const JitType *jit_infer_call(Infer *in, IrNode *x)
{
    const JitType *callee = x->args[0]->type;
    BoundCall c;
    char s[TEXT];
    if (callee->kind == TK_EXC) return callee;
    if (callee->kind != TK_FUNC && callee->kind != TK_METHOD)
        return jit_infer_refuse(in, REFUSE_NOT_CALLABLE, x, jit_type_describe(callee, s, sizeof s));
    if (x->text && !strcmp(x->text, "*")) {
        const JitType *t = x->args[1]->type;
        if (t->kind != TK_TUPLE)
            return jit_infer_refuse(in, REFUSE_STAR, x, jit_type_describe(t, s, sizeof s));
        jit_infer_spread(in, x);
    }
    if (callee->kind == TK_FUNC && !strncmp(callee->name, "tuple:", 6)) return named_tuple(in, x);
    if (callee->kind == TK_FUNC && !strncmp(callee->name, "class.", 6)) return jit_infer_object_make(in, x);
    const char *written = jit_infer_redirect(x);
    if (!written) written = jit_infer_object_function(in, x);
    if (written) {
        x->args[0] = jit_infer_callee_const(in, x, written);
        callee = x->args[0]->type;
    }
    bool open;
    const JitType *exchanged = jit_infer_overloaded(in, x, &open);
    if (!exchanged && open) return T(BOTTOM);
    if (!exchanged)
        return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, callee->name + 9, "no overload takes arguments of these types");
    if (exchanged != callee) {
        x->args[0]->type = exchanged;
        const JitType *r = kernel_call(in, x, jit_infer_kernel_name(exchanged));
        x->args[0]->type = callee;
        return r;
    }
    const char *kernel = jit_infer_kernel_of(in, x);
    if (kernel && !jit_infer_method_grows(in, x, kernel)) return NULL;
    if (kernel) return kernel_call(in, x, kernel);
    const JitType *records;
    if (jit_functions_bind(x, &c) && jit_infer_record_call(in, x, &c, &records)) return records;
    if (c.fn && !c.trouble) {
        const JitType *r = c.fn->rule == RULE_container ? jit_infer_container(in, x, &c) : rules[c.fn->rule](in, x, &c);
        if (r || !generalize(in, x)) return r;
        return jit_infer_call(in, x);
    }
    if (c.fn && (stores_out(in, x, &c) || generalize(in, x))) return jit_infer_call(in, x);
    if (!c.fn) return jit_infer_refuse(in, REFUSE_UNKNOWN_FUNCTION, x, callee->name);
    return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, callee->name, c.trouble);
}
