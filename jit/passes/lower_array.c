/* Arrays: their parts, attributes, indexing and stores.
 *
 * An array is never a value in the machine IR: data pointer, owner, lengths and strides are
 * separate
 * SSA values, so that loops see them in registers and LLVM can vectorise. A view is new data,
 * lengths
 * and strides with the same owner; it costs arithmetic only.
 */
#include "jit/passes/lower.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)

/* ---- parts ---- */

static unsigned item_size(const Arr *a) { return jit_dtype_size((JitDtype)a->type->dtype); }

bool jit_array_is_contiguous(const JitType *t) { return t->layout == 'C' || t->layout == 'F'; }

/* Strides of a contiguous array follow from its lengths. */
static void fill_strides(Lower *l, Arr *a)
{
    unsigned rank = a->type->rank;
    IrNode *step = jit_lower_int(l, item_size(a));
    for (unsigned k = 0; k < rank; k++) {
        unsigned d = a->type->layout == 'F' ? k : rank - 1 - k;
        a->stride[d] = step;
        if (k + 1 < rank) step = jit_lower_nsw(l, OP_MUL, step, a->shape[d]);
    }
}

Arr jit_array_of(Lower *l, const JitType *t, IrNode *const *parts)
{
    Arr a = {.type = t, .data = parts[0], .own = parts[1]};
    jit_lower_copy(a.shape, parts + 2, t->rank);
    if (t->layout == 'A')
        jit_lower_copy(a.stride, parts + 2 + t->rank, t->rank);
    else
        fill_strides(l, &a);
    return a;
}

Arr jit_array_value(Lower *l, const IrNode *user)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, user, &t);
    return jit_array_of(l, t, p);
}

void jit_array_parts(const Arr *a, IrNode **parts)
{
    unsigned rank = a->type->rank;
    parts[0] = a->data;
    parts[1] = a->own;
    jit_lower_copy(parts + 2, a->shape, rank);
    if (a->type->layout == 'A') jit_lower_copy(parts + 2 + rank, a->stride, rank);
}

void jit_array_set(Lower *l, const IrNode *user, const Arr *a)
{
    IrNode *parts[2 + 2 * TYPE_MAX_RANK];
    jit_array_parts(a, parts);
    jit_lower_set(l, user, a->type->nparts, parts);
}

IrNode *jit_array_size(Lower *l, const Arr *a)
{
    IrNode *n = NULL;
    for (unsigned d = 0; d < a->type->rank; d++)
        n = n ? jit_lower_nsw(l, OP_MUL, n, a->shape[d]) : a->shape[d];
    return n ? n : jit_lower_int(l, 1);
}

/* ---- elements ---- */

Num jit_array_load(Lower *l, const Arr *a, IrNode *offset)
{
    JitDtype d = (JitDtype)a->type->dtype;
    Num v = {jit_elem_scalar(a->type), NULL, NULL};
    if (l->src->watch) jit_outline_watch(l, a, offset, false);
    v.re = jit_lower_load(l, jit_dtype_machine(d), a->data, offset);
    if (jit_dtype_kind(d) == 'c') {
        IrNode *half = jit_lower_int(l, jit_dtype_size(d) / 2);
        v.im = jit_lower_load(l, jit_dtype_machine(d), a->data,
                              jit_lower_nsw(l, OP_ADD, offset, half));
    }
    return v;
}

void jit_array_store(Lower *l, const Arr *a, IrNode *offset, Num v)
{
    JitDtype d = (JitDtype)a->type->dtype;
    v = jit_scalar_cast(l, v, jit_elem_scalar(a->type));
    if (l->src->watch) jit_outline_watch(l, a, offset, true);
    jit_lower_store(l, a->data, offset, v.re);
    if (v.im) {
        IrNode *half = jit_lower_int(l, jit_dtype_size(d) / 2);
        jit_lower_store(l, a->data, jit_lower_nsw(l, OP_ADD, offset, half), v.im);
    }
}

Num jit_array_item(Lower *l, const Arr *a, IrNode *index)
{
    return jit_array_load(l, a, jit_lower_nsw(l, OP_MUL, index, a->stride[0]));
}

Arr jit_array_row(Lower *l, const Arr *a, IrNode *index, const JitType *type)
{
    Arr r = {.type = type, .own = a->own};
    r.data = jit_lower_op2(l, OP_PTRADD, a->data, jit_lower_nsw(l, OP_MUL, index, a->stride[0]));
    for (unsigned d = 0; d + 1 < a->type->rank; d++) {
        r.shape[d] = a->shape[d + 1];
        r.stride[d] = a->stride[d + 1];
    }
    return r;
}

static bool known_length(const IrNode *n)
{
    return n->flags & NODE_NONNEG || (n->op == OP_CONST && n->imm.i >= 0);
}

Arr jit_array_new(Lower *l, const JitType *t, IrNode *const *shape, int fill)
{
    Arr a = {.type = t};
    IrNode *bytes = jit_lower_int(l, jit_dtype_size((JitDtype)t->dtype));
    for (unsigned d = 0; d < t->rank; d++) {
        a.shape[d] = shape[d];
        if (!known_length(shape[d]))
            jit_lower_check(l, OP2(GE, shape[d], jit_lower_int(l, 0)), ERR_NEGATIVE_SIZE, NULL,
                            NULL, NULL, NULL);
        bytes = OP2(MULC, bytes, shape[d]);
    }
    a.own = jit_lower_alloc(l, bytes, fill == 1);
    a.data = jit_lower_op1(l, OP_DATA, M_PTR, a.own);
    fill_strides(l, &a);
    jit_lower_push_temp(l, a.own);
    return a;
}

/* ---- attributes ---- */

static Arr transposed(const Arr *a, const JitType *type)
{
    Arr r = *a;
    unsigned rank = a->type->rank;
    for (unsigned d = 0; d < rank; d++) {
        r.shape[d] = a->shape[rank - 1 - d];
        r.stride[d] = a->stride[rank - 1 - d];
    }
    r.type = type;
    return r;
}

void jit_array_getattr(Lower *l, const IrNode *x)
{
    Arr a = jit_array_value(l, x->args[0]);
    unsigned rank = a.type->rank, size = item_size(&a);
    const char *name = x->text;
    IrNode *v = NULL;
    if (x->type->kind == TK_METHOD) {
        const JitType *t;
        IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
        jit_lower_set(l, x, t->nparts, p);
    } else if (!strcmp(name, "shape")) {
        jit_lower_set(l, x, rank, a.shape);
    } else if (!strcmp(name, "strides")) {
        jit_lower_set(l, x, rank, a.stride);
    } else if (!strcmp(name, "T")) {
        Arr t = transposed(&a, x->type);
        jit_array_set(l, x, &t);
    } else if (!strcmp(name, "real") || !strcmp(name, "imag")) {
        Arr part = a;
        if (x->type != a.type) {
            part.type = x->type;
            if (name[0] == 'i')
                part.data = jit_lower_op2(l, OP_PTRADD, a.data, jit_lower_int(l, size / 2));
        }
        jit_array_set(l, x, &part);
    } else {
        if (!strcmp(name, "size"))
            v = jit_array_size(l, &a);
        else if (!strcmp(name, "ndim"))
            v = jit_lower_int(l, rank);
        else if (!strcmp(name, "itemsize"))
            v = jit_lower_int(l, size);
        else if (!strcmp(name, "nbytes"))
            v = jit_lower_nsw(l, OP_MUL, jit_array_size(l, &a), jit_lower_int(l, size));
        jit_lower_set(l, x, v ? 1 : 0, &v);
    }
}

/* ---- indices ---- */

static IrNode *checked_index(Lower *l, IrNode *i, IrNode *n, unsigned axis)
{
    IrNode *x = jit_ir_op2(l->f, l->cur, OP_INDEX, M_I64, i, n);
    x->imm.i = axis;
    if (l->user) x->pos = l->user->pos;
    if (!l->src->boundscheck) {
        x->op = OP_WRAP;
        return x;
    }
    return jit_lower_raising(l, x);
}

static IrNode *least(Lower *l, IrNode *a, IrNode *b)
{
    return jit_lower_select(l, OP2(LT, a, b), a, b);
}
static IrNode *most(Lower *l, IrNode *a, IrNode *b)
{
    return jit_lower_select(l, OP2(GT, a, b), a, b);
}

/* A slice bound made absolute and clamped to [low, high]. */
static IrNode *bound(Lower *l, IrNode *i, IrNode *n, IrNode *low, IrNode *high)
{
    if (i->op == OP_CONST && i->imm.i >= 0)
        return jit_ir_is_int(i, 0) && jit_ir_is_int(low, 0) ? i : least(l, i, high);
    IrNode *zero = jit_lower_int(l, 0);
    IrNode *moved = i->op == OP_CONST ? OP2(ADD, n, i)
                                      : jit_lower_select(l, OP2(LT, i, zero), OP2(ADD, i, n), i);
    moved = most(l, moved, low);
    return i->op == OP_CONST ? moved : least(l, moved, high);
}

/* Cuts an axis of n items: first index, count, and step (NULL: 1). */
static void cut(Lower *l, const JitType *t, IrNode *const *parts, IrNode *n, IrNode **first,
                IrNode **count, IrNode **step)
{
    IrNode *part[3] = {NULL, NULL, NULL}, *zero = jit_lower_int(l, 0), *one = jit_lower_int(l, 1);
    for (uint32_t i = 0, at = 0; i < 3; i++)
        if (t->elem[i]->kind != TK_NONE) part[i] = parts[at++];
    if (!part[2] || jit_ir_is_int(part[2], 1)) {
        *first = part[0] ? bound(l, part[0], n, zero, n) : zero;
        IrNode *stop = part[1] ? bound(l, part[1], n, zero, n) : n;
        *count = jit_ir_is_int(*first, 0) ? stop : most(l, OP2(SUB, stop, *first), zero);
        *step = NULL;
        return;
    }
    IrNode *s = part[2], *last = OP2(SUB, n, one), *minus = jit_lower_int(l, -1);
    if (s->op != OP_CONST || s->imm.i == 0)
        jit_lower_check(l, OP2(NE, s, zero), ERR_SLICE_STEP, NULL, NULL, NULL, NULL);
    IrNode *up = OP2(GT, s, zero);
    IrNode *low = jit_lower_select(l, up, zero, minus), *high = jit_lower_select(l, up, n, last);
    IrNode *start = part[0] ? bound(l, part[0], n, low, high) : jit_lower_select(l, up, zero, last);
    IrNode *stop = part[1] ? bound(l, part[1], n, low, high) : jit_lower_select(l, up, n, minus);
    IrNode *range[] = {start, stop, s};
    *first = start;
    *count = jit_lower_range_count(l, range);
    *step = s;
}

/* Applies a plan of ints, slices, new axes and rests; `offset` moves by what the ints and cuts
 * skip. */
static void walk_plan(Lower *l, const Arr *a, const IndexPlan *p, IrNode *const *parts, Arr *view,
                      IrNode **offset)
{
    unsigned axis = 0, out = 0;
    IrNode *moved = NULL;
    for (uint32_t k = 0; k < p->n; k++) {
        IrNode *first = NULL, *count, *step = NULL;
        switch ((IndexKind)p->kind[k]) {
        case INDEX_INT:
            first = checked_index(l, jit_lower_conv(l, parts[0], M_I64), a->shape[axis], axis);
            break;
        case INDEX_SLICE:
            cut(l, p->type[k], parts, a->shape[axis], &first, &count, &step);
            count->flags |= NODE_NONNEG;
            view->shape[out] = count;
            view->stride[out++] = step ? OP2(MUL, a->stride[axis], step) : a->stride[axis];
            break;
        case INDEX_NEW:
            view->shape[out] = jit_lower_int(l, 1);
            view->stride[out++] = jit_lower_int(l, item_size(a));
            continue;
        default:
            for (uint32_t r = 0; r < p->rest; r++, axis++, out++) {
                view->shape[out] = a->shape[axis];
                view->stride[out] = a->stride[axis];
            }
            continue;
        }
        parts += p->type[k]->nparts;
        if (!jit_ir_is_int(first, 0)) {
            IrNode *move = jit_lower_nsw(l, OP_MUL, first, a->stride[axis]);
            moved = moved ? jit_lower_nsw(l, OP_ADD, moved, move) : move;
        }
        axis++;
    }
    *offset = moved ? moved : jit_lower_int(l, 0);
}

Arr jit_array_view(Lower *l, const Arr *a, const IndexPlan *p, IrNode *const *parts,
                   const JitType *type)
{
    Arr v = {.type = type, .own = a->own};
    IrNode *offset;
    walk_plan(l, a, p, parts, &v, &offset);
    v.data = jit_ir_is_int(offset, 0) ? a->data : jit_lower_op2(l, OP_PTRADD, a->data, offset);
    return v;
}

/* ---- masks and index arrays ---- */

typedef struct Pick {
    const Arr *from, *to;
    Num value;
    const Arr *values; /* 1-D, or NULL for the single value */
    bool store;
} Pick;

static IrNode *offset_of(Lower *l, const Arr *a, IrNode *const *index)
{
    IrNode *offset = jit_lower_int(l, 0);
    for (unsigned d = 0; d < a->type->rank; d++)
        offset = jit_lower_nsw(l, OP_ADD, offset, jit_lower_nsw(l, OP_MUL, index[d], a->stride[d]));
    return offset;
}

static void count_body(Lower *l, void *ctx, IrNode *const *index, Num v, bool dense,
                       IrNode *const *carried, IrNode **next)
{
    (void)ctx;
    (void)index;
    (void)dense;
    next[0] = jit_lower_nsw(l, OP_ADD, carried[0], jit_lower_conv(l, v.re, M_I64));
}

/* One masked element: copied out of `from`, or stored into `to`. */
static void mask_body(Lower *l, void *ctx, IrNode *const *index, Num v, bool dense,
                      IrNode *const *carried, IrNode **next)
{
    Pick *p = ctx;
    If i;
    (void)dense;
    IrNode *at = carried[0], *more = at;
    jit_lower_if(l, &i, v.re);
    Num item = p->value;
    if (p->values)
        item = jit_array_item(l, p->values, at);
    else if (!p->store)
        item = jit_array_load(l, p->from, offset_of(l, p->from, index));
    if (p->store)
        jit_array_store(l, p->to, offset_of(l, p->to, index), item);
    else
        jit_array_store(l, p->to, jit_lower_nsw(l, OP_MUL, at, p->to->stride[0]), item);
    more = jit_lower_nsw(l, OP_ADD, at, jit_lower_int(l, 1));
    jit_lower_else(l, &i, 1, &more);
    more = at;
    jit_lower_endif(l, &i, 1, &more);
    next[0] = more;
}

static void check_same_shape(Lower *l, const Arr *mask, const Arr *a)
{
    for (unsigned d = 0; d < a->type->rank; d++)
        if (mask->shape[d] != a->shape[d])
            jit_lower_check(l, OP2(EQ, mask->shape[d], a->shape[d]), ERR_MASK, NULL, a->shape[d],
                            mask->shape[d], jit_lower_int(l, d));
}

static IrNode *count_mask(Lower *l, const Arr *mask)
{
    IrNode *zero = jit_lower_int(l, 0), *n;
    jit_elem_expr_loop(l, jit_elem_expr_array(l, mask), mask->type->rank, mask->shape, NULL, 1,
                       &zero, &n, count_body, NULL);
    n->flags |= NODE_NONNEG;
    return n;
}

static void run_mask(Lower *l, const Arr *mask, Pick *p)
{
    IrNode *zero = jit_lower_int(l, 0), *end;
    jit_elem_expr_loop(l, jit_elem_expr_array(l, mask), mask->type->rank, mask->shape, NULL, 1,
                       &zero, &end, mask_body, p);
}

/* One index of an index array. The position in the result is that of the index. */
static void fancy_body(Lower *l, void *ctx, IrNode *const *index, Num v, bool dense,
                       IrNode *const *carried, IrNode **next)
{
    Pick *p = ctx;
    const Arr *big = p->store ? p->to : p->from;
    (void)dense;
    next[0] = jit_lower_nsw(l, OP_ADD, carried[0], jit_lower_int(l, 1));
    IrNode *k = checked_index(l, jit_scalar_int(l, v), big->shape[0], 0);
    (void)index;
    if (big->type->rank == 1) {
        IrNode *there = jit_lower_nsw(l, OP_MUL, k, big->stride[0]);
        IrNode *here = carried[0];
        if (!p->store) {
            Num item = jit_array_load(l, big, there);
            IrNode *size = jit_lower_int(l, jit_dtype_size((JitDtype)p->to->type->dtype));
            jit_array_store(l, p->to, jit_lower_nsw(l, OP_MUL, here, size), item);
        } else {
            jit_array_store(l, big, there,
                            p->values ? jit_array_item(l, p->values, here) : p->value);
        }
        return;
    }
    const JitType *row_type =
        jit_type_array((JitDtype)big->type->dtype, big->type->rank - 1u, 'A', false);
    Arr row = jit_array_row(l, big, k, row_type);
    if (p->store) {
        jit_elem_expr_store(l, jit_elem_expr_num(l, p->value), &row);
        return;
    }
    Arr out = {.type = row_type, .own = p->to->own};
    IrNode *bytes = jit_lower_int(l, jit_dtype_size((JitDtype)p->to->type->dtype));
    for (unsigned d = row_type->rank; d-- > 0;) {
        out.shape[d] = row.shape[d];
        out.stride[d] = bytes;
        bytes = jit_lower_nsw(l, OP_MUL, bytes, row.shape[d]);
    }
    out.data =
        jit_lower_op2(l, OP_PTRADD, p->to->data, jit_lower_nsw(l, OP_MUL, carried[0], bytes));
    jit_elem_expr_store(l, jit_elem_expr_array(l, &row), &out);
}

static void run_fancy(Lower *l, const Arr *index, Pick *p)
{
    IrNode *zero = jit_lower_int(l, 0), *end;
    jit_elem_expr_loop(l, jit_elem_expr_array(l, index), index->type->rank, index->shape, NULL, 1,
                       &zero, &end, fancy_body, p);
}

static const IrNode *single_index(const IrNode *x)
{
    return x->type->kind == TK_TUPLE && x->op == OP_PY_TUPLE ? x->args[0] : x;
}

static void pick_copy(Lower *l, const IrNode *x, const Arr *a, const IndexPlan *p)
{
    Arr index = jit_array_value(l, single_index(x->args[1]));
    IrNode *shape[TYPE_MAX_RANK];
    Arr out;
    Pick pick = {.from = a, .to = &out};
    if (p->kind[0] == INDEX_MASK) {
        check_same_shape(l, &index, a);
        shape[0] = count_mask(l, &index);
        out = jit_array_new(l, x->type, shape, 0);
        run_mask(l, &index, &pick);
    } else {
        unsigned n = 0;
        for (unsigned d = 0; d < index.type->rank; d++) shape[n++] = index.shape[d];
        for (unsigned d = 1; d < a->type->rank; d++) shape[n++] = a->shape[d];
        out = jit_array_new(l, x->type, shape, 0);
        run_fancy(l, &index, &pick);
    }
    jit_lower_pop_temp(l);
    jit_array_set(l, x, &out);
}

static void pick_store(Lower *l, const IrNode *x, const Arr *a, const IndexPlan *p)
{
    Arr index = jit_array_value(l, single_index(x->args[1])), values;
    const IrNode *v = x->args[2];
    Pick pick = {.to = a, .store = true};
    if (jit_infer_unwrap(v->type)->kind == TK_ARRAY) {
        values = jit_array_value(l, v);
        pick.values = &values;
        IrNode *n = p->kind[0] == INDEX_MASK ? count_mask(l, &index) : jit_array_size(l, &index);
        if (values.type->rank == 1)
            jit_lower_check(l, OP2(EQ, values.shape[0], n), ERR_ASSIGN_SHAPE, NULL, values.shape[0],
                            n, jit_lower_int(l, 0));
    } else {
        pick.value = jit_scalar_cast(l, jit_lower_num(l, v), jit_elem_scalar(a->type));
    }
    if (p->kind[0] == INDEX_MASK) {
        check_same_shape(l, &index, a);
        run_mask(l, &index, &pick);
    } else {
        run_fancy(l, &index, &pick);
    }
}

/* ---- getitem and setitem ---- */

void jit_array_getitem(Lower *l, const IrNode *x)
{
    Arr a = jit_array_value(l, x->args[0]);
    IrNode **parts = jit_lower_parts(l, x->args[1]), *offset;
    IndexPlan p;
    if (!jit_index_plan(a.type, x->args[1]->type, &p)) abort();
    if (p.copy) {
        pick_copy(l, x, &a, &p);
    } else if (p.scalar) {
        Arr none = {.type = a.type};
        walk_plan(l, &a, &p, parts, &none, &offset);
        jit_lower_set_num(l, x, jit_array_load(l, &a, offset));
    } else {
        Arr v = jit_array_view(l, &a, &p, parts, x->type);
        jit_array_set(l, x, &v);
    }
}

void jit_array_setitem(Lower *l, const IrNode *x)
{
    Arr a = jit_array_value(l, x->args[0]);
    IrNode **parts = jit_lower_parts(l, x->args[1]), *offset;
    IndexPlan p;
    if (!jit_index_plan(a.type, x->args[1]->type, &p)) abort();
    if (p.copy) {
        pick_store(l, x, &a, &p);
    } else if (p.scalar) {
        Arr none = {.type = a.type};
        Num v = jit_scalar_cast(l, jit_lower_num(l, x->args[2]), jit_elem_scalar(a.type));
        walk_plan(l, &a, &p, parts, &none, &offset);
        jit_array_store(l, &a, offset, v);
    } else {
        const JitType *type = jit_type_array((JitDtype)a.type->dtype, p.rank, p.layout, false);
        ElemExpr *e = jit_elem_expr(l, x->args[2]);
        Arr v = jit_array_view(l, &a, &p, parts, type);
        jit_elem_expr_store(l, e, &v);
    }
}
