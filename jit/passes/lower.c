/* Lowering: the walk over the function.
 *
 * Source blocks are visited in reverse postorder, so the parts of an argument exist before they are
 * used; block parameters get theirs when the target blocks are made, up front. One source block may
 * become several: a check branches nowhere (raising nodes stand inside blocks), but an array
 * expression is a loop. What leaves the source block leaves from wherever the code stands then.
 */
#include "jit/passes/lower.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

IrNode **jit_lower_parts(Lower *l, const IrNode *user) { return l->parts[user->id]; }

void jit_lower_set(Lower *l, const IrNode *user, uint32_t n, IrNode *const *parts)
{
    IrNode **copy = jit_ir_alloc(l->m, (n + 1) * sizeof *copy);
    if (n) jit_lower_copy(copy, parts, n);
    if (n && user->name && !copy[0]->name && copy[0]->op != OP_CONST) copy[0]->name = user->name;
    l->parts[user->id] = copy;
}

/* The parts of an optional's value, after a check that there is one. */
IrNode **jit_lower_unwrapped(Lower *l, const IrNode *user, const JitType **type)
{
    IrNode **p = l->parts[user->id];
    *type = user->type;
    if (user->type->kind == TK_OPTIONAL) {
        jit_lower_check(l, p[0], ERR_NONE_USED, user->name ? user->name : "the value", NULL, NULL,
                        NULL);
        *type = user->type->elem[0];
        p++;
    }
    return p;
}

Num jit_lower_num_of(const JitType *t, IrNode *const *parts)
{
    return (Num){t, parts[0], jit_type_is_complex(t) ? parts[1] : NULL};
}

Num jit_lower_num(Lower *l, const IrNode *user)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, user, &t);
    if (t->kind == TK_ARRAY) { /* what a 0-d array holds */
        Arr a = jit_array_of(l, t, p);
        return jit_array_load(l, &a, jit_lower_int(l, 0));
    }
    return jit_lower_num_of(t, p);
}

void jit_lower_set_num(Lower *l, const IrNode *user, Num v)
{
    IrNode *p[] = {v.re, v.im};
    jit_lower_set(l, user, v.im ? 2 : 1, p);
}

static IrNode *undefined(Lower *l, MType m)
{
    return m == M_OWN ? jit_ir_op0(l->f, l->cur, OP_OWNNONE, M_OWN)
                      : jit_ir_op0(l->f, l->cur, OP_UNDEF, m);
}

void jit_lower_convert(Lower *l, const JitType *from, IrNode *const *in, const JitType *to,
                       IrNode **out)
{
    if (from == to) {
        jit_lower_copy(out, in, to->nparts);
        return;
    }
    if (from->kind == TK_STR && to->kind == TK_TEXT) {
        out[0] = jit_container_text(l, from->name);
        return;
    }
    if (from->kind == TK_BOTTOM || (from->kind == TK_NONE && to->kind == TK_OPTIONAL)) {
        uint8_t *parts = jit_ir_alloc(l->m, to->nparts + 1);
        jit_type_parts(to, parts);
        for (uint32_t i = 0; i < to->nparts; i++) out[i] = undefined(l, (MType)parts[i]);
        if (from->kind == TK_NONE) out[0] = jit_ir_int(l->f, l->cur, M_I1, 0);
        return;
    }
    if (from->kind == TK_BIG) {
        IrNode *word = jit_ir_int(l->f, l->cur, M_U64, (int64_t)jit_infer_big_value(from));
        from = jit_type_scalar(DT_U64);
        jit_lower_convert(l, from, &word, to, out);
        return;
    }
    if (jit_type_is_numeric(from) && jit_type_is_numeric(to)) {
        Num v = jit_scalar_cast(l, jit_lower_num_of(from, in), to);
        out[0] = v.re;
        if (v.im) out[1] = v.im;
        return;
    }
    if (to->kind == TK_OPTIONAL) {
        bool was = from->kind == TK_OPTIONAL;
        out[0] = was ? in[0] : jit_ir_int(l->f, l->cur, M_I1, 1);
        jit_lower_convert(l, was ? from->elem[0] : from, was ? in + 1 : in, to->elem[0], out + 1);
        return;
    }
    if (to->kind == TK_ARRAY) {
        Arr a = jit_array_of(l, from, in);
        a.type = to;
        jit_array_parts(&a, out);
        return;
    }
    uint32_t extra = to->kind == TK_ENUMERATE;
    jit_lower_copy(out, in, extra);
    for (uint32_t i = 0, a = extra, b = extra; i < to->n; i++) {
        jit_lower_convert(l, from->elem[i], in + a, to->elem[i], out + b);
        a += from->elem[i]->nparts;
        b += to->elem[i]->nparts;
    }
}

/* ---- edges ---- */

static Iter *iter_of(Lower *l, const IrBlock *b)
{
    return b->last->op == OP_PY_NEXT ? l->iters[b->last->args[0]->id] : NULL;
}

/* The machine block and flattened arguments of an edge that leaves source block `from`. */
IrBlock *jit_lower_target(Lower *l, const IrBlock *from, const IrEdge *e, uint32_t *n,
                          IrNode ***args)
{
    const IrBlock *to = e->to;
    uint32_t count = 0;
    for (uint32_t i = 0; i < e->n; i++) count += to->params[i]->type->nparts;
    Iter *it = iter_of(l, to);
    uint32_t states = it ? it->n : 0;
    IrNode **out = jit_ir_alloc(l->m, (count + states + 1) * sizeof *out);
    uint32_t at = 0;
    for (uint32_t i = 0; i < e->n; i++) {
        uint32_t k = to->params[i]->type->nparts;
        if (k) jit_lower_copy(out + at, l->parts[e->args[i]->id], k);
        at += k;
    }
    bool inside = it && jit_cfg_dominates(to, from);
    for (uint32_t i = 0; i < states; i++) out[at++] = inside ? it->next[i] : it->init[i];
    *n = at;
    *args = out;
    return l->blocks[to->id];
}

IrEdge *jit_lower_edge(Lower *l, const IrBlock *from, const IrEdge *e)
{
    IrNode **args;
    uint32_t n;
    IrBlock *to = jit_lower_target(l, from, e, &n, &args);
    return jit_ir_edge_new(l->f, to, n, args);
}

/* ---- single nodes ---- */

static void lower_const(Lower *l, const IrNode *x)
{
    const JitType *t = x->type;
    IrNode *p[2];
    uint32_t n = t->nparts;
    if (!jit_type_is_numeric(t)) n = 0;
    MType m = n ? jit_type_machine(t) : M_VOID;
    for (uint32_t i = 0; i < n; i++) {
        double part = i ? x->imag : x->imm.f;
        p[i] = jit_mtype_is_float(m) ? jit_ir_float(l->f, l->cur, m, part)
                                     : jit_ir_int(l->f, l->cur, m, x->imm.i);
    }
    jit_lower_set(l, x, n, p);
}

/* No owner, in an optional, is not looked into. */
static IrNode *container_truth(Lower *l, IrNode *own)
{
    IrNode *zero = jit_lower_int(l, 0);
    If there;
    jit_lower_if(l, &there, jit_lower_op2(l, OP_NE, jit_lower_op1(l, OP_BITS, M_I64, own), zero));
    IrNode *length = jit_container_length(l, own);
    jit_lower_else(l, &there, 1, &length);
    IrNode *none = jit_lower_int(l, 0);
    jit_lower_endif(l, &there, 1, &none);
    return jit_lower_op2(l, OP_NE, none, jit_lower_int(l, 0));
}

static IrNode *truth_of(Lower *l, const IrNode *x)
{
    int known = jit_infer_truth(x);
    const JitType *t = x->type;
    IrNode **p = l->parts[x->id];
    if (known >= 0) return jit_ir_int(l->f, l->cur, M_I1, known);
    if (t->kind == TK_OPTIONAL) {
        if (jit_infer_container_word(t->elem[0]))
            return jit_lower_op2(l, OP_AND, p[0], container_truth(l, p[1]));
        if (!jit_type_is_numeric(t->elem[0])) return p[0];
        return jit_lower_op2(l, OP_AND, p[0],
                             jit_scalar_truth(l, jit_lower_num_of(t->elem[0], p + 1)));
    }
    if (jit_type_is_numeric(t)) return jit_scalar_truth(l, jit_lower_num_of(t, p));
    if (t->kind == TK_RANGE)
        return jit_lower_op2(l, OP_NE, jit_lower_range_count(l, p), jit_lower_int(l, 0));
    if (t->kind == TK_ARRAY && t->rank == 0) {
        Arr a = jit_array_of(l, t, p);
        return jit_scalar_truth(l, jit_array_load(l, &a, jit_lower_int(l, 0)));
    }
    if (t->kind == TK_TUPLE) return jit_ir_int(l->f, l->cur, M_I1, t->n != 0);
    if (jit_infer_container_word(t) && t->kind != TK_STR)
        return jit_lower_op2(l, OP_NE, jit_container_length(l, p[0]), jit_lower_int(l, 0));
    return jit_ir_int(l->f, l->cur, M_I1, t->kind != TK_NONE && !(t->kind == TK_STR && !*t->name));
}

static void set_bool(Lower *l, const IrNode *x, IrNode *v) { jit_lower_set(l, x, 1, &v); }

static IrNode *not_of(Lower *l, IrNode *v) { return jit_lower_op1(l, OP_NOT, M_I1, v); }

/* One array: the same elements in the same places. */
static IrNode *same_array(Lower *l, const IrNode *x, const IrNode *y)
{
    Arr a = jit_array_value(l, x), b = jit_array_value(l, y);
    IrNode *r = jit_lower_op2(l, OP_EQ, jit_lower_op1(l, OP_BITS, M_I64, a.data), jit_lower_op1(l, OP_BITS, M_I64, b.data));
    for (unsigned d = 0; d < a.type->rank; d++) {
        r = jit_lower_op2(l, OP_AND, r, jit_lower_op2(l, OP_EQ, a.shape[d], b.shape[d]));
        r = jit_lower_op2(l, OP_AND, r, jit_lower_op2(l, OP_EQ, a.stride[d], b.stride[d]));
    }
    return r;
}

static void lower_is(Lower *l, const IrNode *x)
{
    const IrNode *a = x->args[0], *b = x->args[1];
    IrNode *r = NULL;
    if (a->type->kind == TK_OPTIONAL && b->type->kind == TK_NONE)
        r = not_of(l, l->parts[a->id][0]);
    else if (b->type->kind == TK_OPTIONAL && a->type->kind == TK_NONE)
        r = not_of(l, l->parts[b->id][0]);
    else if (a->type == b->type && (a->type->kind == TK_BOOL || a->type->kind == TK_INT))
        r = jit_lower_op2(l, OP_EQ, l->parts[a->id][0], l->parts[b->id][0]);
    else if (a->type == b->type && a->type->kind == TK_FLOAT) /* the interpreter's floats are their bits */
        r = jit_lower_op2(l, OP_EQ, jit_lower_op1(l, OP_BITS, M_I64, l->parts[a->id][0]),
                          jit_lower_op1(l, OP_BITS, M_I64, l->parts[b->id][0]));
    else if (a->type == b->type && a->type->nparts == 1 && jit_type_owns(a->type)) /* one container, one instance */
        r = jit_lower_op2(l, OP_EQ, jit_lower_op1(l, OP_BITS, M_I64, l->parts[a->id][0]),
                          jit_lower_op1(l, OP_BITS, M_I64, l->parts[b->id][0]));
    else if (a->type->kind == TK_ARRAY && b->type->kind == TK_ARRAY && a->type->dtype == b->type->dtype &&
             a->type->rank == b->type->rank)
        r = same_array(l, a, b);
    else
        r = jit_ir_int(l->f, l->cur, M_I1,
                       a == b || (a->type == b->type && jit_type_is_constant(a->type)));
    set_bool(l, x, x->op == OP_PY_ISNOT ? not_of(l, r) : r);
}

/* Comparison of two values of comparable types, tuples included. */
static IrNode *compare_values(Lower *l, IrOperator oper, const JitType *a, IrNode *const *p,
                              const JitType *b, IrNode *const *q)
{
    if (jit_type_is_numeric(a) && jit_type_is_numeric(b))
        return jit_scalar_compare(l, oper, jit_lower_num_of(a, p), jit_lower_num_of(b, q));
    if (jit_infer_is_text(a) && jit_infer_is_text(b) && (a->kind == TK_TEXT || b->kind == TK_TEXT))
        return jit_container_compare(l, oper, a, p, b, q);
    if (a->kind != TK_TUPLE || b->kind != TK_TUPLE) {
        int same = a == b,
            order = a->kind == TK_STR && b->kind == TK_STR ? strcmp(a->name, b->name) : 0;
        bool r = oper == OPER_EQ   ? same
                 : oper == OPER_NE ? !same
                 : oper == OPER_LT ? order < 0
                 : oper == OPER_LE ? order <= 0
                 : oper == OPER_GT ? order > 0
                                   : order >= 0;
        return jit_ir_int(l->f, l->cur, M_I1, r);
    }
    /* lexicographic, from the last element backwards: r = a < b or (a == b and rest) */
    bool equality = oper == OPER_EQ || oper == OPER_NE;
    uint32_t n = a->n < b->n ? a->n : b->n;
    bool tail = oper == OPER_LT || oper == OPER_LE
                    ? a->n < b->n || (oper == OPER_LE && a->n == b->n)
                    : a->n > b->n || (oper == OPER_GE && a->n == b->n);
    if (equality) tail = a->n == b->n;
    IrNode *r = jit_ir_int(l->f, l->cur, M_I1, tail);
    for (uint32_t i = n; i-- > 0;) {
        IrNode *const *pa = p + jit_type_part_of(a, i), *const *pb = q + jit_type_part_of(b, i);
        IrNode *same = compare_values(l, OPER_EQ, a->elem[i], pa, b->elem[i], pb);
        if (equality) {
            r = jit_lower_op2(l, OP_AND, same, r);
            continue;
        }
        IrOperator strict = oper == OPER_LE ? OPER_LT : oper == OPER_GE ? OPER_GT : oper;
        r = jit_lower_select(l, same, r, compare_values(l, strict, a->elem[i], pa, b->elem[i], pb));
    }
    return oper == OPER_NE ? not_of(l, r) : r;
}

static void lower_compare(Lower *l, const IrNode *x)
{
    const JitType *a, *b;
    if (x->type->kind == TK_ARRAY) {
        Arr r = jit_elem_expr_array_new(l, jit_elem_expr_root(l, x), x->type);
        jit_array_set(l, x, &r);
        return;
    }
    if (x->args[0]->type->kind == TK_NONE || x->args[1]->type->kind == TK_NONE) {
        lower_is(l, x);
        if (x->sub == OPER_NE) set_bool(l, x, not_of(l, l->parts[x->id][0]));
        return;
    }
    int known = jit_infer_truth(x);
    if (known >= 0) {
        set_bool(l, x, jit_ir_int(l->f, l->cur, M_I1, known));
        return;
    }
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &a),
           **q = jit_lower_unwrapped(l, x->args[1], &b);
    set_bool(l, x, compare_values(l, (IrOperator)x->sub, a, p, b, q));
}

static void lower_in(Lower *l, const IrNode *x)
{
    const IrNode *item = x->args[0], *all = x->args[1];
    IrNode *r = jit_ir_int(l->f, l->cur, M_I1, 0), **p = l->parts[all->id];
    if (all->type->kind == TK_TEXT) {
        r = jit_container_text_in(l, item, all);
    } else if (all->type->kind == TK_TUPLE) {
        for (uint32_t i = 0; i < all->type->n; p += all->type->elem[i]->nparts, i++)
            r = jit_lower_op2(
                l, OP_OR, r,
                compare_values(l, OPER_EQ, item->type, l->parts[item->id], all->type->elem[i], p));
    } else if (all->type->kind == TK_RANGE) {
        IrNode *v = jit_scalar_int(l, jit_lower_num(l, item)), *zero = jit_lower_int(l, 0);
        IrNode *up = jit_lower_op2(l, OP_GT, p[2], zero);
        IrNode *in_up = jit_lower_op2(l, OP_AND, jit_lower_op2(l, OP_GE, v, p[0]),
                                      jit_lower_op2(l, OP_LT, v, p[1]));
        IrNode *in_down = jit_lower_op2(l, OP_AND, jit_lower_op2(l, OP_LE, v, p[0]),
                                        jit_lower_op2(l, OP_GT, v, p[1]));
        IrNode *rest = jit_lower_op2(l, OP_MOD, jit_lower_op2(l, OP_SUB, v, p[0]), p[2]);
        r = jit_lower_op2(l, OP_AND, jit_lower_select(l, up, in_up, in_down),
                          jit_lower_op2(l, OP_EQ, rest, zero));
    } else { /* array: one pass over all elements */
        Arr a = jit_array_of(l, all->type, p);
        ElemExpr *args[] = {jit_elem_expr_array(l, &a),
                            jit_elem_expr_num(l, jit_lower_num(l, item))};
        const JitType *types[] = {jit_elem_scalar(all->type), item->type};
        const JitType *boolean = jit_elem_type(ELEM_EQ, types, 2);
        ElemExpr *e = jit_elem_expr_op(l, ELEM_EQ, boolean, 2, args);
        jit_make_any(l, e, all->type->rank, &r);
    }
    set_bool(l, x, r);
}

/* An int under a mask of 64 bits: itself under the lower 63, unless it is negative. */
static void lower_mask(Lower *l, const IrNode *x)
{
    bool left = x->args[0]->type->kind == TK_BIG;
    IrNode *v = jit_scalar_int(l, jit_lower_num(l, x->args[left]));
    uint64_t mask = jit_infer_big_value(x->args[!left]->type);
    jit_lower_check(l, jit_lower_op2(l, OP_GE, v, jit_lower_int(l, 0)), ERR_OVERFLOW, NULL, NULL, NULL, NULL);
    IrNode *r = jit_lower_op2(l, OP_AND, v, jit_lower_int(l, (int64_t)(mask & INT64_MAX)));
    jit_lower_set(l, x, 1, &r);
}

static void lower_binary(Lower *l, const IrNode *x)
{
    if (x->sub == OPER_MATMUL) {
        jit_make_matmul(l, x, x->args[0], x->args[1]);
        return;
    }
    const JitType *a = jit_infer_unwrap(x->args[0]->type), *b = jit_infer_unwrap(x->args[1]->type);
    if (x->flags & NODE_NSW) { /* ints that the compiler itself adds up (outline.c) */
        IrNode *v = jit_lower_nsw(l, x->sub == OPER_MUL ? OP_MUL : OP_ADD,
                                  jit_lower_num(l, x->args[0]).re, jit_lower_num(l, x->args[1]).re);
        jit_lower_set(l, x, 1, &v);
        return;
    }
    if (a->kind == TK_BIG || b->kind == TK_BIG) {
        lower_mask(l, x);
    } else if (x->type->kind == TK_TEXT) {
        jit_container_text_binary(l, x);
    } else if (x->op == OP_PY_INPLACE && a->kind == TK_ARRAY) {
        ElemExpr *args[] = {jit_elem_expr(l, x->args[0]), jit_elem_expr(l, x->args[1])};
        const JitType *types[] = {jit_elem_scalar(a), jit_elem_scalar(b)};
        ElemOp op = jit_elem_of_operator((IrOperator)x->sub);
        Arr target = jit_array_value(l, x->args[0]);
        ElemExpr *e = jit_elem_expr_op(l, op, jit_elem_type(op, types, 2), 2, args);
        jit_elem_expr_store(l, e, &target);
        jit_lower_set(l, x, a->nparts, l->parts[x->args[0]->id]);
    } else if (x->type->kind == TK_ARRAY) {
        Arr r = jit_elem_expr_array_new(l, jit_elem_expr_root(l, x), x->type);
        jit_array_set(l, x, &r);
    } else if (a->kind == TK_TUPLE) {
        uint32_t n = x->type->nparts, k = a->nparts;
        IrNode **out = jit_ir_alloc(l->m, (n + 1) * sizeof *out);
        for (uint32_t at = 0; b->kind != TK_TUPLE && at < n; at += k)
            jit_lower_copy(out + at, l->parts[x->args[0]->id], k);
        if (b->kind == TK_TUPLE) {
            jit_lower_copy(out, l->parts[x->args[0]->id], k);
            jit_lower_copy(out + k, l->parts[x->args[1]->id], b->nparts);
        }
        jit_lower_set(l, x, n, out);
    } else {
        Num u = jit_lower_num(l, x->args[0]), v = jit_lower_num(l, x->args[1]);
        jit_lower_set_num(l, x, jit_scalar_binary(l, (IrOperator)x->sub, u, v, x->type));
    }
}

static void lower_unary(Lower *l, const IrNode *x)
{
    if (x->sub == OPER_NOT) {
        set_bool(l, x, not_of(l, truth_of(l, x->args[0])));
    } else if (x->type->kind == TK_ARRAY) {
        Arr r = jit_elem_expr_array_new(l, jit_elem_expr_root(l, x), x->type);
        jit_array_set(l, x, &r);
    } else {
        jit_lower_set_num(
            l, x, jit_scalar_unary(l, (IrOperator)x->sub, jit_lower_num(l, x->args[0]), x->type));
    }
}

static void lower_tuple(Lower *l, const IrNode *x)
{
    IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
    uint32_t at = 0;
    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t k = x->type->elem[i]->nparts;
        if (x->args[i]->type == x->type->elem[i]) {
            if (k) jit_lower_copy(out + at, l->parts[x->args[i]->id], k);
        } else {
            jit_lower_convert(l, x->args[i]->type, l->parts[x->args[i]->id], x->type->elem[i],
                              out + at);
        }
        at += k;
    }
    jit_lower_set(l, x, at, out);
}

static bool is_record(const JitType *t)
{
    t = jit_infer_unwrap(t);
    return t->kind == TK_RECORD || t->kind == TK_RECORDS;
}

static void lower_tuple_slice(Lower *l, const IrNode *x, const JitType *t, IrNode **parts)
{
    uint32_t places[TUPLE_SLICE_MAX], at = 0;
    int n = jit_infer_tuple_slice(t, x->args[1], places);
    IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
    for (int i = 0; i < n; i++) {
        uint32_t k = t->elem[places[i]]->nparts;
        if (k) jit_lower_copy(out + at, parts + jit_type_part_of(t, places[i]), k);
        at += k;
    }
    jit_lower_set(l, x, at, out);
}

static void lower_getitem(Lower *l, const IrNode *x)
{
    const JitType *t, *index = x->args[1]->type;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    int64_t i;
    if (t->kind == TK_LIST || t->kind == TK_TEXT) {
        jit_container_getitem(l, x);
    } else if (is_record(t)) {
        jit_record_getitem(l, x);
    } else if (t->kind == TK_ARRAY) {
        jit_array_getitem(l, x);
    } else if (t->kind == TK_RANGE) {
        IrNode *n = jit_lower_range_count(l, p);
        IrNode *k = jit_lower_op2(l, OP_INDEX, jit_scalar_int(l, jit_lower_num(l, x->args[1])), n);
        IrNode *r = jit_lower_nsw(l, OP_ADD, p[0], jit_lower_nsw(l, OP_MUL, k, p[2]));
        jit_lower_set(l, x, 1, &r);
    } else if (index->kind == TK_SLICE) { /* of a tuple, by constants */
        lower_tuple_slice(l, x, t, p);
    } else if (jit_infer_int(x->args[1], &i)) {
        jit_lower_set(l, x, x->type->nparts,
                      p + jit_type_part_of(t, (uint32_t)(i < 0 ? i + t->n : i)));
    } else {
        IrNode *k = jit_scalar_int(l, jit_lower_num(l, x->args[1])), *n = jit_lower_int(l, t->n);
        IrNode *zero = jit_lower_int(l, 0);
        k = jit_lower_op2(l, OP_WRAP, k, n);
        IrNode *ok = jit_lower_op2(l, OP_AND, jit_lower_op2(l, OP_GE, k, zero),
                                   jit_lower_op2(l, OP_LT, k, n));
        jit_lower_check(l, ok, ERR_TUPLE_INDEX, NULL, NULL, NULL, NULL);
        IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
        jit_iter_tuple_element(l, t, p, k, out);
        jit_lower_set(l, x, x->type->nparts, out);
    }
}

static void lower_getattr(Lower *l, const IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    char full[200];
    double value;
    if (is_record(t)) {
        jit_record_getattr(l, x);
    } else if (t->kind == TK_OBJECT) {
        jit_object_getattr(l, x);
    } else if (t->kind == TK_ARRAY) {
        jit_array_getattr(l, x);
    } else if ((t->kind == TK_TUPLE || t->kind == TK_SLICE) && x->type->kind == TK_METHOD) {
        jit_lower_set(l, x, x->type->nparts, l->parts[x->args[0]->id]);
    } else if (t->kind == TK_TUPLE) {
        uint32_t i = (uint32_t)jit_type_field(t, x->text);
        jit_lower_set(l, x, x->type->nparts, l->parts[x->args[0]->id] + jit_type_part_of(t, i));
    } else if (t->kind == TK_FUNC || x->type->kind == TK_FUNC) {
        jit_lower_set(l, x, 0, NULL);
    } else if (t->kind == TK_SLICE) {
        uint32_t i = x->text[2] == 'e' ? 2 : x->text[2] == 'o'; /* start, stop, step */
        jit_lower_set(l, x, x->type->nparts, l->parts[x->args[0]->id] + jit_type_part_of(t, i));
    } else if (t->kind == TK_MODULE) {
        snprintf(full, sizeof full, "%.90s.%.90s", t->name, x->text);
        IrNode *p = x->type->kind == TK_FLOAT && jit_functions_constant(full, &value)
                        ? jit_ir_float(l->f, l->cur, M_F64, value)
                        : NULL;
        jit_lower_set(l, x, p ? 1 : 0, &p);
    } else if (x->type->kind == TK_METHOD) {
        jit_lower_set(l, x, x->type->nparts, l->parts[x->args[0]->id]);
    } else {
        Num v = jit_lower_num(l, x->args[0]);
        bool imag = x->text[0] == 'i';
        IrNode *p = imag ? (v.im ? v.im : jit_lower_const(l, (MType)v.re->mt, 0)) : v.re;
        jit_lower_set(l, x, 1, &p);
    }
}

static void lower_slice(Lower *l, const IrNode *x)
{
    IrNode *out[3];
    uint32_t n = 0;
    for (uint32_t i = 0; i < 3; i++)
        if (x->args[i]->type->kind != TK_NONE)
            out[n++] = jit_scalar_int(l, jit_lower_num(l, x->args[i]));
    jit_lower_set(l, x, n, out);
}

static void lower_unpack(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    if (t->kind == TK_TUPLE) {
        jit_lower_set(l, x, t->nparts, p);
        return;
    }
    bool list = t->kind == TK_LIST;
    Arr a = {0};
    if (!list) a = jit_array_of(l, t, p);
    IrNode *want = jit_lower_int(l, x->imm.i);
    IrNode *length = list ? jit_container_length(l, p[0]) : a.shape[0];
    jit_lower_check(l, jit_lower_op2(l, OP_GE, length, want), ERR_UNPACK_MORE, NULL, want, length,
                    NULL);
    jit_lower_check(l, jit_lower_op2(l, OP_LE, length, want), ERR_UNPACK_LESS, NULL, want, NULL,
                    NULL);
    IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
    uint32_t at = 0;
    for (uint32_t i = 0; i < x->type->n; i++) {
        const JitType *e = x->type->elem[i];
        if (list) {
            jit_container_item(l, t, p[0], jit_lower_int(l, i), out + at);
        } else if (e->kind == TK_ARRAY) {
            Arr row = jit_array_row(l, &a, jit_lower_int(l, i), e);
            jit_array_parts(&row, out + at);
        } else {
            Num v = jit_array_item(l, &a, jit_lower_int(l, i));
            out[at] = v.re;
            if (v.im) out[at + 1] = v.im;
        }
        at += e->nparts;
    }
    jit_lower_set(l, x, at, out);
}

static IrNode *flat_call(Lower *l, const IrNode *x, IrOp op, uint32_t skip)
{
    uint32_t n = 0;
    for (uint32_t i = skip; i < x->n; i++) n += x->args[i]->type->nparts;
    IrNode *call = jit_ir_node_new(l->f, op, M_VOID, n);
    n = 0;
    for (uint32_t i = skip; i < x->n; i++)
        for (uint32_t k = 0; k < x->args[i]->type->nparts; k++)
            call->args[n++] = l->parts[x->args[i]->id][k];
    call->text = x->text;
    jit_ir_append(l->cur, jit_lower_placed(l, call));
    return jit_lower_raising(l, call);
}

/* An error inside the kernel library is the caller's: on its way out the call's place is noted. */
static void note_place(Lower *l, const IrNode *x, IrNode *call)
{
    IrBlock *note = jit_ir_block_new(l->f);
    IrNode *at = jit_ir_node_new(l->f, OP_RTCALL, M_VOID, 4);
    const int32_t place[] = {x->pos.line, x->pos.col, x->pos.end_line, x->pos.end_col};
    note->flags |= BLOCK_COLD;
    for (int i = 0; i < 4; i++) at->args[i] = jit_ir_int(l->f, note, M_I64, place[i]);
    at->sub = RT_CALLED_AT;
    jit_ir_append(note, at);
    if (call->exit)
        jit_ir_jump(l->f, note, call->exit->to, call->exit->n, call->exit->args);
    else
        jit_ir_op0(l->f, note, OP_RETHROW, M_VOID);
    call->exit = jit_ir_edge_new(l->f, note, 0, NULL);
}

static void lower_invoke(Lower *l, const IrNode *x)
{
    IrNode *call = flat_call(l, x, OP_CALL, 0);
    const IrFunc *callee = jit_ir_find_func(l->m, x->text);
    if (callee && callee->library) note_place(l, x, call);
    uint32_t n = x->type->nparts;
    uint8_t *types = jit_ir_alloc(l->m, n + 1);
    IrNode **out = jit_ir_alloc(l->m, (n + 1) * sizeof *out);
    jit_type_parts(x->type, types);
    for (uint32_t i = 0; i < n; i++) {
        out[i] = jit_lower_op1(l, OP_PROJ, (MType)types[i], call);
        out[i]->imm.i = i;
    }
    jit_lower_set(l, x, n, out);
}

static void lower_counts(Lower *l, const IrNode *x, IrOp op)
{
    const JitType *t = x->args[0]->type;
    uint8_t *types = jit_ir_alloc(l->m, t->nparts + 1);
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++)
        if (types[i] == M_OWN) jit_lower_op1(l, op, M_VOID, l->parts[x->args[0]->id][i]);
}

static void lower_poll(Lower *l, const IrNode *x)
{
    IrNode *poll = jit_ir_node_new(l->f, OP_POLL, M_VOID, 0);
    poll->pos = x->pos;
    jit_ir_append(l->cur, poll);
    jit_lower_raising(l, poll);
}

/* The consumer gets references of its own. */
static void lower_yield(Lower *l, const IrNode *x)
{
    uint32_t n = x->args[0]->type->nparts;
    IrNode *y = jit_ir_node_new(l->f, OP_YIELD, M_VOID, n);
    for (uint32_t i = 0; i < n; i++) {
        y->args[i] = l->parts[x->args[0]->id][i];
        if (y->args[i]->mt == M_OWN) jit_lower_op1(l, OP_RETAIN, M_VOID, y->args[i]);
    }
    jit_ir_append(l->cur, jit_lower_placed(l, y));
    jit_lower_set(l, x, 0, NULL);
}

static void lower_ret(Lower *l, const IrNode *x)
{
    uint32_t n = x->n ? x->args[0]->type->nparts : 0;
    IrNode *r = jit_ir_node_new(l->f, OP_RET, M_VOID, n);
    if (n) memcpy(r->args, l->parts[x->args[0]->id], n * sizeof *r->args);
    jit_ir_append(l->cur, jit_lower_placed(l, r));
}

static void lower_node(Lower *l, const IrNode *x)
{
    IrNode **args;
    uint32_t n;
    IrBlock *to;
    if (x->flags & NODE_FUSED) return; /* evaluated inside its user */
    switch (x->op) {
    case OP_CONST: lower_const(l, x); break;
    case OP_UNDEF: jit_lower_set(l, x, 0, NULL); break;
    case OP_PY_BINARY:
    case OP_PY_INPLACE: lower_binary(l, x); break;
    case OP_PY_UNARY: lower_unary(l, x); break;
    case OP_PY_COMPARE: lower_compare(l, x); break;
    case OP_PY_IS:
    case OP_PY_ISNOT: lower_is(l, x); break;
    case OP_PY_IN: lower_in(l, x); break;
    case OP_PY_TRUTH: set_bool(l, x, truth_of(l, x->args[0])); break;
    case OP_PY_GETATTR: lower_getattr(l, x); break;
    case OP_PY_GETITEM: lower_getitem(l, x); break;
    case OP_PY_OBJECT: jit_object_new(l, x); break;
    case OP_PY_SETATTR:
        if (jit_infer_unwrap(x->args[0]->type)->kind == TK_OBJECT)
            jit_object_setattr(l, x);
        else
            jit_record_setattr(l, x);
        break;
    case OP_PY_LIST:
    case OP_PY_SET:
    case OP_PY_DICT: jit_container_display(l, x); break;
    case OP_PY_SETITEM:
        if (jit_type_is_container(x->args[0]->type))
            jit_container_setitem(l, x);
        else if (is_record(x->args[0]->type))
            jit_record_setitem(l, x);
        else
            jit_array_setitem(l, x);
        break;
    case OP_PY_CALL: jit_call_lower(l, x); break;
    case OP_PY_TUPLE: lower_tuple(l, x); break;
    case OP_PY_CLOSURE:
    case OP_PY_SELF: jit_lower_set(l, x, x->type->nparts, l->parts[x->args[0]->id]); break;
    case OP_PY_SLICE: lower_slice(l, x); break;
    case OP_PY_UNPACK: lower_unpack(l, x); break;
    case OP_PY_ITEM:
        jit_lower_set(l, x, x->type->nparts,
                      l->parts[x->args[0]->id] +
                          jit_type_part_of(x->args[0]->type, (uint32_t)x->imm.i));
        break;
    case OP_PY_ITER: jit_iter_start(l, x); break;
    case OP_PY_NEXT: jit_iter_next(l, x); break;
    case OP_PY_YIELD: lower_yield(l, x); break;
    case OP_PY_RAISE: jit_raise_lower(l, x); break;
    case OP_PY_CATCH: jit_raise_catch(l, x); break;
    case OP_PY_MATCH: jit_raise_match(l, x); break;
    case OP_PY_RERAISE: jit_raise_again(l, x); break;
    case OP_U_CONVERT: {
        IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
        jit_lower_convert(l, x->args[0]->type, l->parts[x->args[0]->id], x->type, out);
        jit_lower_set(l, x, x->type->nparts, out);
        break;
    }
    case OP_U_CALL: lower_invoke(l, x); break;
    case OP_U_PARFOR: jit_outline_lower(l, x); break;
    case OP_POLL: lower_poll(l, x); break;
    case OP_U_RETAIN: lower_counts(l, x, OP_RETAIN); break;
    case OP_U_RELEASE: lower_counts(l, x, OP_RELEASE); break;
    case OP_RET: lower_ret(l, x); break;
    case OP_JUMP:
        to = jit_lower_target(l, x->block, &x->block->succ[0], &n, &args);
        jit_ir_jump(l->f, l->cur, to, n, args);
        break;
    case OP_BR: {
        IrBlock *from = l->cur;
        jit_ir_br(l->f, from, l->parts[x->args[0]->id][0], from, from);
        for (uint32_t s = 0; s < 2; s++) {
            to = jit_lower_target(l, x->block, &x->block->succ[s], &n, &args);
            jit_ir_set_edge(l->f, &from->succ[s], to, n, args);
        }
        break;
    }
    case OP_RETHROW:
    case OP_UNREACHABLE: jit_ir_op0(l->f, l->cur, (IrOp)x->op, M_VOID); break;
    default: abort();
    }
}

/* ---- the function ---- */

static void make_params(Lower *l, const IrNode *p, IrBlock *to)
{
    const JitType *t = p->type;
    uint8_t *types = jit_ir_alloc(l->m, t->nparts + 1);
    IrNode **out = jit_ir_alloc(l->m, (t->nparts + 1) * sizeof *out);
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++) {
        out[i] = jit_ir_param_new(l->f, to, (MType)types[i], NULL);
        if (i == 0) out[i]->name = p->name;
        if (t->kind == TK_ARRAY && i >= 2 && i < 2u + t->rank) out[i]->flags |= NODE_NONNEG;
    }
    l->parts[p->id] = out;
}

static void make_blocks(Lower *l, IrBlock **rpo, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        IrBlock *from = rpo[i], *to = jit_ir_block_new(l->f);
        l->blocks[from->id] = to;
        to->flags = from->flags;
        for (uint32_t k = 0; k < from->nparam; k++) make_params(l, from->params[k], to);
        if (from->last->op == OP_PY_NEXT) {
            uint32_t states = jit_iter_states(from->last->args[0]->type);
            for (uint32_t k = 0; k < states; k++) jit_ir_param_new(l->f, to, M_I64, NULL);
        }
    }
}

void jit_lower_run(IrFunc *f)
{
    uint32_t n;
    jit_cfg_analyze(f);
    jit_ir_number(f);
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    IrFunc *src = jit_ir_alloc(f->module, sizeof *src);
    *src = *f;
    Lower l = {.m = f->module, .src = src, .f = f};
    l.parts = jit_ir_alloc(l.m, (f->next_node + 1) * sizeof *l.parts);
    l.blocks = jit_ir_alloc(l.m, (f->next_block + 1) * sizeof *l.blocks);
    l.iters = jit_ir_alloc(l.m, (f->next_node + 1) * sizeof *l.iters);
    f->nparam_types = f->first->nparam;
    f->param_types = jit_ir_alloc(l.m, (f->nparam_types + 1) * sizeof *f->param_types);
    for (uint32_t i = 0; i < f->nparam_types; i++) f->param_types[i] = f->first->params[i]->type;
    f->first = f->last = NULL;
    f->next_node = f->next_block = f->nblocks = 0;
    make_blocks(&l, rpo, n);
    for (uint32_t i = 0; i < n; i++) {
        l.cur = l.blocks[rpo[i]->id];
        FOR_NODES(x, rpo[i])
        {
            l.user = x;
            l.cleanup = NULL;
            lower_node(&l, x);
        }
    }
    f->lowered = true;
    f->defaults = NULL; /* calls are bound */
    f->keyword_only = 0;
    f->rest = false;
    f->nret = f->generator ? 0 : f->ret->nparts;
    f->rets = jit_ir_alloc(l.m, f->nret + 1);
    jit_type_parts(f->ret, f->rets);
    jit_cfg_analyze(f);
}
