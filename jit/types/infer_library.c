/* The typing rules of what only the kernel library (modules/numba/_library) calls: views of any shape and stride, types of
 * results, kinds of elements as constants that branches are decided by, and functions of the runtime by name. */
#include "jit/types/infer.h"

#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

static const JitType *refuse(Infer *in, const IrNode *x, const BoundCall *c, int i)
{
    char s[200];
    return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, c->fn->name,
                            jit_type_describe(c->arg[i]->type, s, sizeof s), i + 1);
}

static const JitType *named(TypeKind kind, const char *name)
{
    return jit_type_named(kind, name, strlen(name));
}

static bool is_int_tuple(const JitType *t)
{
    if (t->kind != TK_TUPLE) return false;
    for (uint32_t i = 0; i < t->n; i++)
        if (!jit_type_is_integer(t->elem[i])) return false;
    return true;
}

/* strided(array, byte offset, shape, strides) */
static const JitType *type_strided(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *a = c->arg[0]->type, *shape = c->arg[2]->type, *strides = c->arg[3]->type;
    if (a->kind != TK_ARRAY) return refuse(in, x, c, 0);
    if (!jit_type_is_integer(c->arg[1]->type)) return refuse(in, x, c, 1);
    if (!is_int_tuple(shape) || shape->n > TYPE_MAX_RANK) return refuse(in, x, c, 2);
    if (!is_int_tuple(strides) || strides->n != shape->n) return refuse(in, x, c, 3);
    return jit_type_array((JitDtype)a->dtype, shape->n, 'A', a->readonly);
}

/* recast(array, dtype): the same bytes as elements of the dtype, with the shape and strides as they are */
static const JitType *type_recast(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *a = c->arg[0]->type;
    int d = jit_infer_dtype(c->arg[1]->type);
    if (a->kind != TK_ARRAY) return refuse(in, x, c, 0);
    return d < 0 ? refuse(in, x, c, 1) : jit_type_array((JitDtype)d, a->rank, 'A', a->readonly);
}

/* The promoted number type of values, arrays and dtypes, also inside tuples and lists; BOTTOM at first. */
static const JitType *promote(const JitType *so_far, const JitType *t)
{
    for (t = jit_infer_unwrap(t); t->kind == TK_LIST;) t = jit_infer_unwrap(t->elem[0]);
    for (uint32_t i = 0; so_far && t->kind == TK_TUPLE && i < t->n; i++)
        so_far = promote(so_far, t->elem[i]);
    if (t->kind == TK_TUPLE || !so_far) return so_far;
    int d = jit_infer_dtype(t);
    if (d >= 0) t = jit_type_scalar((JitDtype)d);
    t = jit_elem_scalar(t);
    if (!jit_type_is_numeric(t)) return NULL;
    return so_far->kind == TK_BOTTOM ? t : jit_type_promote(so_far, t);
}

/* result_type(...): the dtype, as a constant. */
static const JitType *type_result(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = T(BOTTOM);
    char name[64] = "numpy.";
    for (uint32_t i = 0; i < c->n; i++) {
        t = promote(t, c->arg[i]->type);
        if (!t) return refuse(in, x, c, (int)i);
    }
    if (t->kind == TK_BOTTOM) return refuse(in, x, c, 0);
    strcat(name, jit_dtype_name(jit_type_dtype(t)));
    return named(TK_FUNC, name);
}

/* kind(x): "array", "tuple", "str", ...; kind(x, "item"): of a list, what its items are; kind(x, True): the kind of the
 * elements, "b", "i", "u", "f", "c". */
static const JitType *type_kind(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *t = jit_infer_unwrap(c->arg[0]->type);
    (void)in;
    (void)x;
    bool item = c->arg[1] && c->arg[1]->type->kind == TK_STR;
    if (item && t->kind == TK_LIST) t = jit_infer_unwrap(t->elem[0]);
    if (c->arg[1] && !item) {
        if (t->kind == TK_LIST) t = jit_infer_unwrap(t->elem[0]);
        int d = jit_infer_dtype(t);
        if (d < 0 && jit_type_is_numeric(jit_elem_scalar(t)))
            d = (int)jit_type_dtype(jit_elem_scalar(t));
        char kind[2] = {d < 0 ? '?' : jit_dtype_kind((JitDtype)d), '\0'};
        return named(TK_STR, kind);
    }
    if (jit_type_is_numeric(t)) return named(TK_STR, "number");
    switch ((TypeKind)t->kind) {
    case TK_ARRAY: return named(TK_STR, "array");
    case TK_TUPLE: return named(TK_STR, "tuple");
    case TK_NONE: return named(TK_STR, "none");
    case TK_TEXT:
    case TK_STR: return named(TK_STR, "str");
    case TK_LIST: return named(TK_STR, "list");
    case TK_SET: return named(TK_STR, "set");
    case TK_DICT: return named(TK_STR, "dict");
    case TK_SLICE: return named(TK_STR, "slice");
    case TK_ELLIPSIS: return named(TK_STR, "ellipsis");
    default: return named(TK_STR, "other");
    }
}

/* native(name, ...): a function of a native module or of numba._library.interpreted; arrays and real numbers. */
static const JitType *type_native(Infer *in, const IrNode *x, const BoundCall *c)
{
    if (c->arg[0]->type->kind != TK_STR || strlen(c->arg[0]->type->name) > 31 || c->n > 17)
        return refuse(in, x, c, 0);
    for (uint32_t i = 1; i < c->n; i++) {
        const JitType *t = jit_infer_unwrap(c->arg[i]->type);
        if (t->kind != TK_ARRAY && (!jit_type_is_numeric(t) || jit_type_is_complex(t)))
            return refuse(in, x, c, (int)i);
    }
    return T(INT);
}

/* returns(f, ...): the dtype of what the kernel f gives for arguments like these; f is not called. */
static const JitType *type_returns(Infer *in, const IrNode *x, const BoundCall *c)
{
    const JitType *types[BOUND_MAX];
    IrLiteral literals[BOUND_MAX] = {{false, 0}};
    char name[64] = "numpy.";
    const char *kernel = jit_infer_kernel_name(c->arg[0]->type);
    if (!kernel) return refuse(in, x, c, 0);
    for (uint32_t i = 1; i < c->n; i++) types[i - 1] = c->arg[i]->type;
    IrFunc *f = jit_infer_callee(in, kernel, types, literals, c->n - 1);
    if (!f) return in->diag->code ? NULL : refuse(in, x, c, 0);
    if (!f->ret || f->ret->kind == TK_BOTTOM) return T(BOTTOM);
    if (!jit_type_is_numeric(f->ret)) return refuse(in, x, c, 0);
    strcat(name, jit_dtype_name(jit_type_dtype(f->ret)));
    return named(TK_FUNC, name);
}

const JitType *jit_infer_library(Infer *in, const IrNode *x, const BoundCall *c)
{
    switch ((LibraryFn)c->fn->aux) {
    case LIBRARY_STRIDED: return type_strided(in, x, c);
    case LIBRARY_RECAST: return type_recast(in, x, c);
    case LIBRARY_RESULT: return type_result(in, x, c);
    case LIBRARY_KIND: return type_kind(in, x, c);
    case LIBRARY_NATIVE: return type_native(in, x, c);
    case LIBRARY_RANDOM:
    case LIBRARY_RANDOM_INT:
        for (uint32_t i = 0; i < c->n; i++)
            if (!jit_type_is_integer(c->arg[i]->type)) return refuse(in, x, c, (int)i);
        return c->fn->aux == LIBRARY_RANDOM ? T(FLOAT) : T(INT);
    case LIBRARY_RETURNS: return type_returns(in, x, c);
    }
    return NULL;
}
