/* The typing rule of each Python-level op. A rule looks at the types of the arguments only (and at
 * constants where Python's result depends on them), and answers NULL for what a kernel refuses. */
#include "jit/types/infer.h"

#include <stdio.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { TEXT = 200 };

static const JitType *refuse_operator(Infer *in, const IrNode *x, IrOperator oper, const JitType *a,
                                      const JitType *b)
{
    char s[TEXT], t[TEXT];
    return jit_infer_refuse(in, REFUSE_OPERATOR, x, jit_ir_operator_signs[oper],
                            jit_type_describe(a, s, sizeof s), jit_type_describe(b, t, sizeof t));
}

/* ---- operators ---- */

/* Python's own rules, for two of Python's numbers. */
static const JitType *python_binary(IrOperator oper, const JitType *a, const JitType *b,
                                    const IrNode *exponent)
{
    const JitType *both = jit_type_promote(a, b);
    bool ints = both->kind == TK_INT, complex = both->kind == TK_COMPLEX;
    int64_t n;
    switch (oper) {
    case OPER_ADD:
    case OPER_SUB:
    case OPER_MUL: return both;
    case OPER_TRUEDIV: return ints ? T(FLOAT) : both;
    case OPER_FLOORDIV:
    case OPER_MOD: return complex ? NULL : both;
    case OPER_POW: /* a constant negative exponent gives a float, as it does in Python */
        return ints && exponent && jit_infer_int(exponent, &n) && n < 0 ? T(FLOAT) : both;
    case OPER_LSHIFT:
    case OPER_RSHIFT: return ints ? T(INT) : NULL;
    case OPER_AND:
    case OPER_OR:
    case OPER_XOR:
        if (a->kind == TK_BOOL && b->kind == TK_BOOL) return T(BOOL);
        return ints ? T(INT) : NULL;
    default: return NULL;
    }
}

static const JitType *concat(const JitType *a, const JitType *b)
{
    const JitType *elem[256];
    if (a->n + b->n > 256) return NULL;
    memcpy(elem, a->elem, a->n * sizeof *elem);
    memcpy(elem + a->n, b->elem, b->n * sizeof *elem);
    return jit_type_tuple(elem, a->n + b->n);
}

static const JitType *repeat(const JitType *t, const IrNode *count)
{
    int64_t n;
    const JitType *elem[256];
    if (!count || !jit_infer_int(count, &n) || n < 0 || (uint64_t)n * t->n > 256) return NULL;
    for (int64_t i = 0; i < n; i++) memcpy(elem + i * t->n, t->elem, t->n * sizeof *elem);
    return jit_type_tuple(elem, (uint32_t)n * t->n);
}

static bool elementwise_operand(const JitType *t)
{
    return t->kind == TK_ARRAY || jit_type_is_numeric(t);
}

static const JitType *elementwise(ElemOp op, const JitType *a, const JitType *b)
{
    const JitType *whole[] = {a, b}, *part[] = {jit_elem_scalar(a), b ? jit_elem_scalar(b) : NULL};
    uint32_t n = b ? 2 : 1;
    if (op == ELEM_COUNT || !elementwise_operand(a) || (b && !elementwise_operand(b))) return NULL;
    const JitType *r = jit_elem_type(op, part, n);
    return r ? jit_elem_shape(r, whole, n) : NULL;
}

/* Matrix products of 1-D and 2-D arrays. */
static const JitType *matmul(const JitType *a, const JitType *b)
{
    if (a->kind != TK_ARRAY || b->kind != TK_ARRAY || a->rank < 1 || b->rank < 1 || a->rank > 2 ||
        b->rank > 2)
        return NULL;
    const JitType *e = jit_type_promote(jit_elem_scalar(a), jit_elem_scalar(b));
    unsigned rank = (unsigned)(a->rank - 1 + b->rank - 1);
    return rank ? jit_type_array(jit_type_dtype(e), rank, 'C', false) : e;
}

const JitType *jit_infer_binary(Infer *in, const IrNode *x, IrOperator oper, const JitType *a,
                                const JitType *b, const IrNode *right)
{
    const JitType *r = NULL;
    a = jit_infer_unwrap(a);
    b = jit_infer_unwrap(b);
    if (oper == OPER_MATMUL)
        r = matmul(a, b);
    else if (jit_type_is_python_number(a) && jit_type_is_python_number(b))
        r = python_binary(oper, a, b, right);
    else if (a->kind == TK_TUPLE && b->kind == TK_TUPLE && oper == OPER_ADD)
        r = concat(a, b);
    else if (a->kind == TK_TUPLE && b->kind == TK_INT && oper == OPER_MUL)
        r = repeat(a, right);
    else
        r = elementwise(jit_elem_of_operator(oper), a, b);
    return r ? r : refuse_operator(in, x, oper, a, b);
}

static const JitType *type_inplace(Infer *in, IrNode *x)
{
    const JitType *a = x->args[0]->type, *b = x->args[1]->type;
    const JitType *r = jit_infer_binary(in, x, (IrOperator)x->sub, a, b, x->args[1]);
    if (!r || a->kind != TK_ARRAY) return r;
    if (a->readonly) return jit_infer_refuse(in, REFUSE_READ_ONLY, x);
    if (!jit_type_converts(jit_elem_scalar(r), jit_elem_scalar(a)) ||
        (jit_type_is_float(jit_elem_scalar(r)) && jit_type_is_integer(jit_elem_scalar(a))))
        return refuse_operator(in, x, (IrOperator)x->sub, a, b);
    return a; /* the same array, changed */
}

static const JitType *type_unary(Infer *in, const IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *r = NULL;
    char s[TEXT];
    if (x->sub == OPER_NOT) return T(BOOL);
    if (jit_type_is_python_number(t)) {
        if (x->sub == OPER_INVERT)
            r = jit_type_is_integer(t) ? T(INT) : NULL;
        else
            r = t->kind == TK_BOOL ? T(INT) : t;
    } else {
        r = elementwise(jit_elem_of_operator((IrOperator)x->sub), t, NULL);
    }
    if (!r)
        jit_infer_refuse(in, REFUSE_UNARY, x, jit_ir_operator_signs[x->sub],
                         jit_type_describe(t, s, sizeof s));
    return r;
}

static bool comparable(const JitType *a, const JitType *b, IrOperator oper)
{
    if (jit_type_is_numeric(a) && jit_type_is_numeric(b)) {
        bool complex = jit_type_is_complex(a) || jit_type_is_complex(b);
        return !complex || oper == OPER_EQ || oper == OPER_NE;
    }
    if (a->kind == TK_TUPLE && b->kind == TK_TUPLE) {
        for (uint32_t i = 0; i < a->n && i < b->n; i++)
            if (!comparable(a->elem[i], b->elem[i], oper)) return false;
        return true;
    }
    return (jit_infer_is_text(a) && jit_infer_is_text(b)) ||
           ((oper == OPER_EQ || oper == OPER_NE) &&
            (a->kind == TK_NONE || b->kind == TK_NONE ||
             (jit_type_is_constant(a) && a->kind == b->kind) ||
             (jit_infer_dtype(a) >= 0 && jit_infer_dtype(b) >= 0)));
}

static const JitType *type_compare(Infer *in, const IrNode *x)
{
    IrOperator oper = (IrOperator)x->sub;
    const JitType *a = jit_infer_unwrap(x->args[0]->type), *b = jit_infer_unwrap(x->args[1]->type);
    if (a->kind == TK_ARRAY || b->kind == TK_ARRAY) {
        const JitType *r = elementwise(jit_elem_of_operator(oper), a, b);
        return r ? r : refuse_operator(in, x, oper, a, b);
    }
    if (!comparable(a, b, oper)) return refuse_operator(in, x, oper, a, b);
    if (a->kind == TK_SCALAR || b->kind == TK_SCALAR) return jit_type_scalar(DT_BOOL);
    return T(BOOL);
}

static const JitType *type_truth(Infer *in, const IrNode *x)
{
    const JitType *t = x->args[0]->type;
    char s[TEXT];
    if (t->kind == TK_ARRAY && t->rank > 0)
        return jit_infer_refuse(in, REFUSE_TRUTH, x, jit_type_describe(t, s, sizeof s));
    return T(BOOL);
}

static const JitType *type_in(Infer *in, const IrNode *x)
{
    const JitType *item = x->args[0]->type, *all = x->args[1]->type;
    bool ok = all->kind == TK_RANGE ? jit_type_is_integer(item)
                                    : all->kind == TK_ARRAY && jit_type_is_numeric(item);
    if (all->kind == TK_TUPLE) {
        ok = true;
        for (uint32_t i = 0; i < all->n; i++) ok = ok && comparable(item, all->elem[i], OPER_EQ);
    }
    char s[TEXT], t[TEXT];
    if (!ok)
        return jit_infer_refuse(in, REFUSE_OPERATOR, x, "in", jit_type_describe(item, s, sizeof s),
                                jit_type_describe(all, t, sizeof t));
    return T(BOOL);
}

/* ---- attributes ---- */

/* A function written in Python under the full name, as "jit.<name>"; false: none. */
static bool find_written(Infer *in, char *name, size_t size)
{
    char full[200];
    if (!jit_infer_find_kernel(in->f->module, name)) return false;
    snprintf(full, sizeof full, "jit.%.180s", name);
    snprintf(name, size, "%s", full);
    return true;
}

static const JitType *array_attribute(Infer *in, const JitType *a, const char *name)
{
    char method[200];
    if (!strcmp(name, "shape") || !strcmp(name, "strides"))
        return jit_type_unituple(T(INT), a->rank);
    if (!strcmp(name, "size") || !strcmp(name, "ndim") || !strcmp(name, "itemsize") ||
        !strcmp(name, "nbytes"))
        return T(INT);
    if (!strcmp(name, "T"))
        return jit_type_array((JitDtype)a->dtype, a->rank,
                              a->layout == 'C'   ? 'F'
                              : a->layout == 'F' ? 'C'
                                                 : 'A',
                              a->readonly);
    if (!strcmp(name, "dtype")) {
        snprintf(method, sizeof method, "numpy.%s", jit_dtype_name((JitDtype)a->dtype));
        return jit_type_named(TK_FUNC, method, strlen(method));
    }
    if (!strcmp(name, "real") || !strcmp(name, "imag")) {
        if (jit_dtype_kind((JitDtype)a->dtype) == 'c')
            return jit_type_array(a->dtype == DT_C64 ? DT_F32 : DT_F64, a->rank, 'A', a->readonly);
        return !strcmp(name, "real") ? a : NULL;
    }
    snprintf(method, sizeof method, "ndarray.%.80s", name);
    return jit_functions_find(method) || find_written(in, method, sizeof method)
               ? jit_type_method(a, method)
               : NULL;
}

/* NumPy's scalars are like arrays of no axis: their methods are the library's "number.x". */
static const JitType *number_attribute(Infer *in, const JitType *t, const char *name)
{
    char full[200];
    if (t->kind != TK_SCALAR) return NULL;
    bool dtype = !strcmp(name, "dtype");
    snprintf(full, sizeof full, "%s.%.80s", dtype ? "numpy" : "number",
             dtype ? jit_dtype_name((JitDtype)t->dtype) : name);
    if (dtype) return jit_type_named(TK_FUNC, full, strlen(full));
    return find_written(in, full, sizeof full) ? jit_type_method(t, full) : NULL;
}

static const JitType *module_attribute(Infer *in, const JitType *module, const char *name)
{
    char full[200];
    double value;
    if (!strcmp(name, "newaxis") && !strcmp(module->name, "numpy")) return T(NONE);
    if (!strcmp(name, "LinAlgError") && !strcmp(module->name, "numpy.linalg")) return jit_type_named(TK_EXC, name, strlen(name));
    snprintf(full, sizeof full, "%.70s.%.80s", module->name, name);
    if (jit_functions_constant(full, &value)) return T(FLOAT);
    if (jit_infer_is_numpy_class(full) || jit_functions_find(full) || find_written(in, full, sizeof full))
        return jit_type_named(TK_FUNC, full, strlen(full));
    return jit_functions_is_module(full) ? jit_type_named(TK_MODULE, full, strlen(full)) : NULL;
}

static const char *const slice_parts[] = {"start", "stop", "step"};

static const JitType *type_getattr(Infer *in, IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *r = NULL;
    const char *name = x->text;
    char s[TEXT];
    const char *word = jit_infer_container_word(t);
    if (word && t->kind != TK_VIEW) {
        char method[200];
        snprintf(method, sizeof method, "%.8s.%.80s", word, name);
        if (jit_functions_find(method) || find_written(in, method, sizeof method))
            r = jit_type_method(t, method);
    } else if (t->kind == TK_ARRAY) {
        r = array_attribute(in, t, name);
    } else if (t->kind == TK_RECORD || t->kind == TK_RECORDS) {
        r = jit_infer_record_attribute(in, x);
    } else if (t->kind == TK_OBJECT) {
        r = jit_infer_object_attribute(in, x);
        if (in->diag->code || x->op != OP_PY_GETATTR) return r;
    } else if (jit_type_field(t, name) >= 0) {
        r = t->elem[jit_type_field(t, name)];
    } else if (t->kind == TK_TUPLE) {
        char method[200];
        snprintf(method, sizeof method, "tuple.%.80s", name);
        if (find_written(in, method, sizeof method)) r = jit_type_method(t, method);
    } else if (t->kind == TK_FUNC) {
        char member[200];
        snprintf(member, sizeof member, "%.100s.%.80s", t->name, name);
        if (jit_functions_find(member)) r = jit_type_named(TK_FUNC, member, strlen(member));
        if (!strcmp(name, "type") && jit_infer_dtype(t) >= 0) r = t; /* of a dtype */
    } else if (t->kind == TK_SLICE) {
        for (uint32_t i = 0; i < 3; i++)
            if (!strcmp(name, slice_parts[i])) r = t->elem[i];
        char method[200];
        snprintf(method, sizeof method, "slice.%.80s", name);
        if (!r && find_written(in, method, sizeof method)) r = jit_type_method(t, method);
    } else if (t->kind == TK_MODULE) {
        r = module_attribute(in, t, name);
    } else if (jit_type_is_numeric(t)) {
        const JitType *half =
            jit_type_is_complex(t)
                ? (t->kind == TK_COMPLEX ? T(FLOAT)
                                         : jit_type_scalar(t->dtype == DT_C64 ? DT_F32 : DT_F64))
                : t;
        if (!strcmp(name, "real") || !strcmp(name, "imag"))
            r = half;
        else if (!strcmp(name, "conjugate"))
            r = jit_type_method(t, "complex.conjugate");
        else
            r = number_attribute(in, t, name);
    }
    if (!r) {
        r = jit_infer_overloaded_attribute(in, x);
        if (r || x->op != OP_PY_GETATTR) return r;
        jit_infer_refuse(in, REFUSE_ATTRIBUTE, x, jit_type_describe(t, s, sizeof s), name);
    }
    return r;
}

/* ---- indexing ---- */

static bool is_full_slice(const JitType *t)
{
    return t->kind == TK_SLICE && t->elem[0]->kind == TK_NONE && t->elem[1]->kind == TK_NONE &&
           t->elem[2]->kind == TK_NONE;
}

static bool plan_item(const JitType *t, uint8_t *kind, uint32_t *axes)
{
    *axes = 1;
    if (t->kind == TK_SLICE) {
        *kind = INDEX_SLICE;
    } else if (t->kind == TK_NONE) {
        *kind = INDEX_NEW;
        *axes = 0;
    } else if (t->kind == TK_ELLIPSIS) {
        *kind = INDEX_REST;
        *axes = 0;
    } else if (t->kind == TK_ARRAY && t->dtype == DT_BOOL) {
        *kind = INDEX_MASK;
        *axes = t->rank;
    } else if (t->kind == TK_ARRAY && strchr("iu", jit_dtype_kind((JitDtype)t->dtype))) {
        *kind = INDEX_FANCY;
    } else if (jit_type_is_integer(t) && t->kind != TK_BOOL) {
        *kind = INDEX_INT;
    } else {
        return false;
    }
    return true;
}

/* A view keeps layout C when only leading axes are indexed by ints, the next one is cut without a
 * step, and all others are whole; F is the mirror image. */
static char view_layout(const JitType *a, const IndexPlan *p)
{
    if (p->rank == 0) return 'C';
    if (a->layout == 'A') return 'A';
    bool c = a->layout == 'C';
    int state = 0; /* 0: ints, 1: after the cut axis */
    for (uint32_t k = 0; k < p->n; k++) {
        uint32_t i = c ? k : p->n - 1 - k;
        switch (p->kind[i]) {
        case INDEX_INT:
            if (state) return 'A';
            break;
        case INDEX_SLICE:
            if (state ? !is_full_slice(p->type[i]) : p->type[i]->elem[2]->kind != TK_NONE)
                return 'A';
            state = 1;
            break;
        case INDEX_REST:
            if (p->rest) state = 1;
            break;
        default: break;
        }
    }
    return a->layout;
}

bool jit_index_plan(const JitType *array, const JitType *index, IndexPlan *p)
{
    const JitType *one[] = {index}, *const *items = one;
    uint32_t n = 1, used = 0, copies = 0;
    bool rest = false;
    memset(p, 0, sizeof *p);
    p->bad = -1;
    if (index->kind == TK_TUPLE) {
        items = index->elem;
        n = index->n;
    }
    if (n > TYPE_MAX_RANK) {
        p->too_many = true;
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t axes;
        p->type[i] = items[i];
        if (!plan_item(items[i], &p->kind[i], &axes) || (p->kind[i] == INDEX_REST && rest)) {
            p->bad = (int)i;
            return false;
        }
        rest |= p->kind[i] == INDEX_REST;
        copies += p->kind[i] == INDEX_MASK || p->kind[i] == INDEX_FANCY;
        used += axes;
        p->rank += p->kind[i] == INDEX_SLICE || p->kind[i] == INDEX_NEW;
        p->rank += p->kind[i] == INDEX_MASK;
        p->rank += p->kind[i] == INDEX_FANCY ? items[i]->rank : 0;
    }
    if (used > array->rank) {
        p->too_many = true;
        p->n = used;
        return false;
    }
    if (!rest) /* the axes that are not mentioned stay whole */
        p->kind[n++] = INDEX_REST;
    p->n = n;
    p->rest = array->rank - used;
    p->rank += p->rest;
    p->copy = copies > 0;
    p->scalar = p->rank == 0 && !copies && !rest; /* a[...] stays an array */
    p->layout = p->copy ? 'C' : view_layout(array, p);
    if (copies && (copies > 1 || n > 2 || p->kind[1] != INDEX_REST ||
                   (p->kind[0] == INDEX_MASK && p->rest))) {
        p->bad = 0; /* index arrays stand alone, masks have the array's shape */
        p->mixed = true;
        return false;
    }
    return p->rank <= TYPE_MAX_RANK;
}

const JitType *jit_index_result(const JitType *a, const IndexPlan *p)
{
    if (p->scalar) return jit_type_scalar((JitDtype)a->dtype);
    return jit_type_array((JitDtype)a->dtype, p->rank, p->layout, a->readonly && !p->copy);
}

static const JitType *refuse_index(Infer *in, const IrNode *x, const JitType *t,
                                   const JitType *index)
{
    char s[TEXT], u[TEXT];
    return jit_infer_refuse(in, REFUSE_INDEX, x, jit_type_describe(t, s, sizeof s),
                            jit_type_describe(index, u, sizeof u));
}

static const JitType *array_item(Infer *in, const IrNode *x, const JitType *a, const JitType *index)
{
    IndexPlan p;
    if (jit_index_plan(a, index, &p)) return jit_index_result(a, &p);
    if (p.too_many)
        return jit_infer_refuse(in, REFUSE_TOO_MANY_INDICES, x, (int)a->rank,
                                (int)(index->kind == TK_TUPLE ? index->n : 1));
    return refuse_index(in, x, a, p.bad >= 0 ? p.type[p.bad] : index);
}

/* Are these stored one behind the other by the compiler itself? */
static bool stores_plainly(const JitType *a, const IndexPlan *p, const JitType *v)
{
    if (v->kind != TK_ARRAY) return true;
    if (v->rank != 1) return false;
    return p->kind[0] == INDEX_MASK || (a->rank == 1 && p->rank == 1);
}

const char *jit_infer_index_function(const IrNode *x)
{
    IndexPlan p;
    const JitType *a = x->args[0]->type ? jit_infer_unwrap(x->args[0]->type) : NULL;
    if (!a || a->kind != TK_ARRAY || !x->args[1]->type) return NULL;
    bool plain = jit_index_plan(a, x->args[1]->type, &p);
    /* an index array in a tuple that comes from elsewhere */
    if (plain && p.copy && x->args[1]->type->kind == TK_TUPLE && x->args[1]->op != OP_PY_TUPLE) p.mixed = true;
    if (x->op == OP_PY_GETITEM) return p.mixed ? "ndarray.__getitem__" : NULL;
    if (!x->args[2]->type || a->readonly) return NULL;
    if (plain && !p.mixed && (!p.copy || stores_plainly(a, &p, jit_infer_unwrap(x->args[2]->type)))) return NULL;
    return plain || p.mixed ? "ndarray.__setitem__" : NULL;
}

static const JitType *index_call(Infer *in, const IrNode *x, const char *name)
{
    const JitType *types[3];
    IrLiteral literals[3] = {{false, 0}};
    for (uint32_t i = 0; i < x->n; i++) types[i] = jit_infer_unwrap(x->args[i]->type);
    IrFunc *f = jit_infer_callee(in, name, types, literals, x->n);
    if (f) return f->ret ? f->ret : T(BOTTOM);
    return in->diag->code ? NULL
                          : jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the index",
                                             in->why[0] ? in->why : "it is not supported");
}

static bool all_same(const JitType *t)
{
    for (uint32_t i = 1; i < t->n; i++)
        if (t->elem[i] != t->elem[0]) return false;
    return t->n > 0;
}

int jit_infer_tuple_slice(const JitType *t, const IrNode *slice, uint32_t *places)
{
    int64_t part[3], size = t->n;
    bool given[3];
    if (slice->op != OP_PY_SLICE || size > TUPLE_SLICE_MAX) return -1;
    for (uint32_t k = 0; k < 3; k++) {
        given[k] = slice->args[k]->type->kind != TK_NONE;
        if (given[k] && !jit_infer_int(slice->args[k], &part[k])) return -1;
    }
    int64_t step = given[2] ? part[2] : 1, lowest = step < 0 ? -1 : 0, highest = step < 0 ? size - 1 : size;
    if (step == 0) return -1;
    for (uint32_t k = 0; k < 2; k++) {
        bool low = (k == 0) == (step > 0);
        if (!given[k]) part[k] = low ? lowest : highest;
        else if (part[k] < 0) part[k] += size;
        part[k] = part[k] < lowest ? lowest : part[k] > highest ? highest : part[k];
    }
    int n = 0;
    for (int64_t i = part[0]; step > 0 ? i < part[1] : i > part[1]; i += step) places[n++] = (uint32_t)i;
    return n;
}

static const JitType *tuple_item(Infer *in, const IrNode *x, const JitType *t)
{
    const IrNode *index = x->args[1];
    int64_t i;
    char s[TEXT];
    if (index->type->kind == TK_SLICE) {
        const JitType *elem[TUPLE_SLICE_MAX];
        uint32_t places[TUPLE_SLICE_MAX];
        int n = jit_infer_tuple_slice(t, index, places);
        for (int k = 0; k < n; k++) elem[k] = t->elem[places[k]];
        return n < 0 ? refuse_index(in, x, t, index->type) : jit_type_tuple(elem, (uint32_t)n);
    }
    if (jit_infer_int(index, &i)) {
        i += i < 0 ? t->n : 0;
        if (i >= 0 && i < t->n) return t->elem[i];
        return refuse_index(in, x, t, index->type);
    }
    if (jit_type_is_integer(index->type) && all_same(t)) return t->elem[0];
    if (jit_type_is_integer(index->type))
        return jit_infer_refuse(in, REFUSE_TUPLE_INDEX, x,
                                index->name ? index->name : "a variable");
    jit_type_describe(index->type, s, sizeof s);
    return refuse_index(in, x, t, index->type);
}

/* The call of a function of the library over the argument, before x. */
static IrNode *called_on(Infer *in, IrNode *x, IrNode *argument, const char *function)
{
    IrNode *call = jit_ir_node_new(in->f, OP_PY_CALL, M_VOID, 2);
    call->args[0] = jit_infer_callee_const(in, x, function);
    call->args[1] = argument;
    call->pos = x->pos;
    call->id = in->f->next_node++;
    jit_ir_insert_before(x, call);
    if (x->exit) call->exit = jit_ir_edge_new(in->f, x->exit->to, x->exit->n, x->exit->args);
    call->type = jit_infer_call(in, call);
    in->grew = true; /* the walk has passed this place */
    return call;
}

static bool is_index_list(const IrNode *x) { return x->type->kind == TK_LIST && !jit_infer_is_open(x->type); }

/* Lists that index arrays are made arrays; true: something changed, and the index has no type yet. */
static bool arrays_of_lists(Infer *in, IrNode *x)
{
    IrNode *index = x->args[1];
    bool changed = false;
    if (is_index_list(index)) {
        x->args[1] = called_on(in, x, index, "numpy.array.list");
        return true;
    }
    for (uint32_t i = 0; index->op == OP_PY_TUPLE && i < index->n; i++)
        if (is_index_list(index->args[i])) {
            index->args[i] = called_on(in, index, index->args[i], "numpy.array.list");
            changed = true;
        }
    return changed;
}

/* Is the value a.flat, where it is used? Then x is made to use the array a. */
static bool of_flat(IrNode *x)
{
    IrNode *flat = x->args[0];
    if (flat->op != OP_PY_GETATTR || flat->type->kind != TK_METHOD || strcmp(flat->type->name, "jit.ndarray.flat")) return false;
    x->args[0] = flat->args[0];
    return true;
}

static const JitType *type_getitem(Infer *in, IrNode *x)
{
    if (of_flat(x)) return jit_infer_written(in, x, "flat.__getitem__");
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *index = x->args[1]->type;
    if (jit_infer_container_word(t)) return jit_infer_container_item(in, x);
    if (t->kind == TK_ARRAY && arrays_of_lists(in, x)) return T(BOTTOM);
    const char *function = jit_infer_index_function(x);
    if (function) return index_call(in, x, function);
    if (t->kind == TK_ARRAY) return array_item(in, x, t, index);
    if (t->kind == TK_RECORD || t->kind == TK_RECORDS) return jit_infer_record_item(in, x);
    if (t->kind == TK_TUPLE) return tuple_item(in, x, t);
    if (t->kind == TK_RANGE && jit_type_is_integer(index)) return T(INT);
    return refuse_index(in, x, t, index);
}

static const JitType *type_setitem(Infer *in, IrNode *x)
{
    if (of_flat(x)) return jit_infer_written(in, x, "flat.__setitem__");
    const JitType *a = jit_infer_unwrap(x->args[0]->type), *v = jit_infer_unwrap(x->args[2]->type);
    char s[TEXT], u[TEXT];
    if (jit_type_is_container(a)) return jit_infer_container_store(in, x);
    if (a->kind == TK_RECORD || a->kind == TK_RECORDS) return jit_infer_record_store(in, x);
    if (a->kind != TK_ARRAY) return refuse_index(in, x, a, x->args[1]->type);
    if (arrays_of_lists(in, x)) return T(BOTTOM);
    const char *function = jit_infer_index_function(x);
    if (function) return index_call(in, x, function) ? T(NONE) : NULL;
    if ((v->kind == TK_LIST || v->kind == TK_TUPLE) && !jit_infer_is_open(v))
        return jit_infer_written(in, x, "ndarray.__setitem__.general");
    const JitType *place = array_item(in, x, a, x->args[1]->type);
    if (!place) return NULL;
    if (a->readonly) return jit_infer_refuse(in, REFUSE_READ_ONLY, x);
    bool ok = v->kind == TK_ARRAY ? place->kind == TK_ARRAY || v->rank == 0 : jit_type_is_numeric(v);
    ok =
        ok && (!jit_type_is_complex(jit_elem_scalar(v)) || jit_type_is_complex(jit_elem_scalar(a)));
    if (!ok)
        return jit_infer_refuse(in, REFUSE_STORE, x, jit_type_describe(v, s, sizeof s),
                                jit_type_describe(place, u, sizeof u));
    return T(NONE);
}

/* ---- iteration ---- */

const JitType *jit_infer_item(const JitType *t)
{
    const JitType *items[256];
    switch ((TypeKind)t->kind) {
    case TK_ITER: return jit_infer_item(t->elem[0]);
    case TK_RANGE: return T(INT);
    case TK_ARRAY:
        if (t->rank == 0) return NULL;
        if (t->rank == 1) return jit_elem_scalar(t);
        return jit_type_array((JitDtype)t->dtype, t->rank - 1u, t->layout == 'C' ? 'C' : 'A',
                              t->readonly);
    case TK_TUPLE: {
        const JitType *u = jit_type_simple(TK_BOTTOM);
        for (uint32_t i = 0; i < t->n && u; i++)
            u = u->kind == TK_BOTTOM || u == t->elem[i] ? t->elem[i] : NULL;
        return u;
    }
    case TK_ENUMERATE:
        items[0] = T(INT);
        items[1] = jit_infer_item(t->elem[0]);
        return items[1] ? jit_type_tuple(items, 2) : NULL;
    case TK_ZIP:
        for (uint32_t i = 0; i < t->n && i < 256; i++)
            if (!(items[i] = jit_infer_item(t->elem[i]))) return NULL;
        return jit_type_tuple(items, t->n);
    case TK_RECORDS: return jit_infer_record_iterated(t);
    case TK_GEN: return t->elem[0];
    default: return jit_infer_container_iterated(t);
    }
}

static const JitType *type_iter(Infer *in, IrNode *x)
{
    if (of_flat(x)) {
        x->args[0] = called_on(in, x, x->args[0], "ndarray.flat");
        if (!x->args[0]->type || x->args[0]->type->kind == TK_BOTTOM) return T(BOTTOM);
    }
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    char s[TEXT];
    if (!jit_infer_item(t) && !jit_infer_unrolls(t))
        return jit_infer_refuse(in, REFUSE_NOT_ITERABLE, x, jit_type_describe(t, s, sizeof s));
    return jit_type_wrap(TK_ITER, t->kind == TK_STR ? T(TEXT) : t);
}

/* Iterations over values of different types are gone when types have settled (unroll.c). */
static const JitType *type_next(Infer *in, const IrNode *x)
{
    const JitType *item = jit_infer_item(x->args[0]->type);
    char s[TEXT];
    if (item) return item;
    return jit_infer_refuse(in, REFUSE_NOT_ITERABLE, x, jit_type_describe(x->args[0]->type, s, sizeof s));
}

static const JitType *type_unpack(Infer *in, IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    if (t->kind == TK_RANGE) {
        x->args[0] = called_on(in, x, x->args[0], "list.of");
        return T(BOTTOM);
    }
    char s[TEXT];
    if (t->kind == TK_LIST && x->imm.i <= 256)
        return jit_type_unituple(t->elem[0], (uint32_t)x->imm.i);
    if (t->kind == TK_TUPLE && t->n == (uint64_t)x->imm.i) return t;
    if (t->kind == TK_ARRAY && t->rank >= 1 && x->imm.i <= 256)
        return jit_type_unituple(jit_infer_item(t), (uint32_t)x->imm.i);
    return jit_infer_refuse(in, REFUSE_UNPACK, x, jit_type_describe(t, s, sizeof s), (int)x->imm.i);
}

/* ---- the switch ---- */

static const JitType *type_tuple(const IrNode *x)
{
    const JitType *elem[256];
    for (uint32_t i = 0; i < x->n && i < 256; i++) elem[i] = x->args[i]->type;
    return x->text ? jit_type_named_tuple(elem, x->n, x->text) : jit_type_tuple(elem, x->n);
}

static const JitType *type_slice(Infer *in, const IrNode *x)
{
    const JitType *part[3];
    char s[TEXT];
    for (uint32_t i = 0; i < 3; i++) {
        part[i] = x->args[i]->type;
        if (part[i]->kind == TK_NONE) continue;
        if (!jit_type_is_integer(part[i]))
            return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "slice",
                                    jit_type_describe(part[i], s, sizeof s), (int)i + 1);
        part[i] = T(INT);
    }
    return jit_type_slice(part[0], part[1], part[2]);
}

static bool can_be_argument(const JitType *t)
{
    for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++)
        if (!can_be_argument(t->elem[i])) return false;
    return t->kind == TK_TUPLE || jit_infer_is_text(t) || jit_type_is_numeric(t) || t->kind == TK_NONE;
}

static const JitType *type_match(Infer *in, const IrNode *x)
{
    char s[TEXT];
    const JitType *t = x->args[1]->type;
    bool ok = t->kind == TK_EXC || t->kind == TK_TUPLE;
    for (uint32_t i = 0; ok && t->kind == TK_TUPLE && i < t->n; i++) ok = t->elem[i]->kind == TK_EXC;
    if (x->args[0]->type->kind == TK_CAUGHT && ok) return T(BOOL);
    return jit_infer_refuse(in, REFUSE_EXCEPT, x, jit_type_describe(t, s, sizeof s));
}

static const JitType *type_raise(Infer *in, const IrNode *x)
{
    char s[TEXT];
    for (uint32_t i = 0; i < x->n; i++) {
        const JitType *t = x->args[i]->type;
        bool last = x->imm.i && i + 1 == x->n;
        bool ok = i == 0 ? t->kind == TK_EXC
                         : (last && t->kind == TK_CAUGHT) || can_be_argument(t);
        if (!ok) return jit_infer_refuse(in, REFUSE_RAISE, x, jit_type_describe(t, s, sizeof s));
    }
    return T(NONE);
}

const JitType *jit_infer_node(Infer *in, IrNode *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (!x->args[i]->type || x->args[i]->type->kind == TK_BOTTOM) return T(BOTTOM);
    const JitType *result;
    if (x->n) jit_infer_align(in, x);
    return jit_infer_big(in, x, &result) ? result : jit_infer_plain(in, x);
}

const JitType *jit_infer_plain(Infer *in, IrNode *x)
{
    const JitType *result;
    if (x->n && jit_infer_object_operator(in, x, &result)) return result;
    if (x->n && jit_infer_container_operator(in, x, &result)) return result;
    switch (x->op) {
    case OP_UNDEF: return T(BOTTOM);
    case OP_PARAM:
    case OP_CONST:
    case OP_U_CONVERT: return x->type;
    case OP_PY_BINARY:
        return jit_infer_binary(in, x, (IrOperator)x->sub, x->args[0]->type, x->args[1]->type,
                                x->args[1]);
    case OP_PY_INPLACE: return type_inplace(in, x);
    case OP_PY_UNARY: return type_unary(in, x);
    case OP_PY_COMPARE: return type_compare(in, x);
    case OP_PY_IS:
    case OP_PY_ISNOT: return T(BOOL);
    case OP_PY_IN: return type_in(in, x);
    case OP_PY_TRUTH: return type_truth(in, x);
    case OP_PY_GETATTR: return type_getattr(in, x);
    case OP_PY_GETITEM: return type_getitem(in, x);
    case OP_PY_SETITEM: return type_setitem(in, x);
    case OP_PY_CALL: return jit_infer_call(in, x);
    case OP_PY_TUPLE: return type_tuple(x);
    case OP_PY_LIST:
    case OP_PY_SET:
    case OP_PY_DICT: return jit_infer_display(in, x);
    case OP_PY_CLOSURE: return jit_type_method(x->args[0]->type, x->text);
    case OP_PY_GLOBAL: return in->f->module->globals[x->imm.i];
    case OP_PY_SELF: return x->args[0]->type->elem[0];
    case OP_PY_SLICE: return type_slice(in, x);
    case OP_PY_UNPACK: return type_unpack(in, x);
    case OP_PY_ITEM: {
        const JitType *t = x->args[0]->type;
        return t->kind == TK_TUPLE && (uint64_t)x->imm.i < t->n ? t->elem[x->imm.i] : NULL;
    }
    case OP_PY_ITER: return type_iter(in, x);
    case OP_PY_NEXT: return type_next(in, x);
    case OP_PY_RAISE: return type_raise(in, x);
    case OP_PY_CATCH: return T(CAUGHT);
    case OP_PY_RERAISE:
        if (x->args[0]->type->kind == TK_CAUGHT) return T(NONE);
        return jit_infer_refuse(in, REFUSE_RAISE, x, "this");
    case OP_PY_MATCH: return type_match(in, x);
    case OP_PY_OBJECT: return jit_infer_object_new(x);
    case OP_PY_SETATTR: {
        char s[TEXT];
        TypeKind kind = (TypeKind)jit_infer_unwrap(x->args[0]->type)->kind;
        if (kind == TK_OBJECT) return jit_infer_object_store(in, x);
        if (kind == TK_RECORD || kind == TK_RECORDS) return jit_infer_record_set(in, x);
        return jit_infer_refuse(in, REFUSE_STORE_ATTRIBUTE, x,
                                jit_type_describe(x->args[0]->type, s, sizeof s));
    }
    default: return T(NONE); /* jump, br, ret */
    }
}
