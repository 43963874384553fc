/* lower_record.c: structured arrays and records. A record is a pointer and the owner of what it points into; fields that are not
 * aligned are read and written byte by byte, which the code generators put together again. */
#include <stdlib.h>
#include <string.h>

#include "jit/passes/lower.h"

static IrNode *moved(Lower *l, IrNode *data, int64_t offset)
{
    return offset ? jit_lower_op2(l, OP_PTRADD, data, jit_lower_int(l, offset)) : data;
}

/* ---- Numbers that may not be aligned ---- */

static MType word_of(MType m)
{
    switch (jit_mtype_size(m)) {
    case 1: return M_U8;
    case 2: return M_U16;
    case 4: return M_U32;
    default: return M_U64;
    }
}

static IrNode *load_bytes(Lower *l, MType m, IrNode *base, int64_t offset)
{
    MType word = word_of(m);
    IrNode *all = NULL;
    for (unsigned i = 0; i < jit_mtype_size(m); i++) {
        IrNode *byte = jit_lower_conv(l, jit_lower_load(l, M_U8, base, jit_lower_int(l, offset + (int64_t)i)), word);
        if (i) byte = jit_lower_op2(l, OP_SHL, byte, jit_lower_const(l, word, 8.0 * i));
        all = all ? jit_lower_op2(l, OP_OR, all, byte) : byte;
    }
    if (jit_mtype_is_float(m)) return jit_lower_op1(l, OP_BITS, m, all);
    return jit_lower_conv(l, all, m);
}

static void store_bytes(Lower *l, MType m, IrNode *base, int64_t offset, IrNode *v)
{
    MType word = word_of(m);
    IrNode *all = jit_mtype_is_float(m) ? jit_lower_op1(l, OP_BITS, word, v) : jit_lower_conv(l, v, word);
    for (unsigned i = 0; i < jit_mtype_size(m); i++) {
        IrNode *part = i ? jit_lower_op2(l, OP_SHR, all, jit_lower_const(l, word, 8.0 * i)) : all;
        jit_lower_store(l, base, jit_lower_int(l, offset + (int64_t)i), jit_lower_conv(l, part, M_U8));
    }
}

static IrNode *load_part(Lower *l, MType m, IrNode *base, int64_t offset, bool aligned)
{
    if (!aligned && m != M_I1 && jit_mtype_size(m) > 1) return load_bytes(l, m, base, offset);
    return jit_lower_load(l, m, base, jit_lower_int(l, offset));
}

static Num load_number(Lower *l, const JitType *t, IrNode *base, int64_t offset, bool aligned)
{
    MType m = jit_type_machine(t);
    Num v = {t, load_part(l, m, base, offset, aligned), NULL};
    if (jit_type_is_complex(t)) v.im = load_part(l, m, base, offset + jit_mtype_size(m), aligned);
    return v;
}

static void store_part(Lower *l, MType m, IrNode *base, int64_t offset, bool aligned, IrNode *v)
{
    if (!aligned && m != M_I1 && jit_mtype_size(m) > 1)
        store_bytes(l, m, base, offset, v);
    else
        jit_lower_store(l, base, jit_lower_int(l, offset), v);
}

static void store_number(Lower *l, const JitType *t, IrNode *base, int64_t offset, bool aligned, const IrNode *value)
{
    MType m = jit_type_machine(t);
    Num v = jit_scalar_cast(l, jit_lower_num(l, value), t);
    store_part(l, m, base, offset, aligned, v.re);
    if (v.im) store_part(l, m, base, offset + jit_mtype_size(m), aligned, v.im);
}

/* ---- Fields ---- */

/* Field i of every record of an array, or of one (rank 0), as an array. */
static Arr field_view(Lower *l, const Arr *a, const JitType *record, int i, const JitType *type)
{
    FieldPlace p = jit_infer_field(record, i);
    const JitType *field = record->elem[i];
    Arr v = {.type = type, .own = a->own, .data = moved(l, a->data, p.offset)};
    unsigned n = a->type ? a->type->rank : 0;
    for (unsigned d = 0; d < n; d++) {
        v.shape[d] = a->shape[d];
        v.stride[d] = a->stride[d];
    }
    int64_t step = field->kind == TK_RECORDS ? jit_infer_item_size(field)
                                             : jit_dtype_size((JitDtype)field->dtype);
    for (unsigned k = p.rank; k-- > 0; step *= p.shape[k]) {
        v.shape[n + k] = jit_lower_int(l, p.shape[k]);
        v.stride[n + k] = jit_lower_int(l, step);
    }
    return v;
}

/* A fresh dense array of this type and shape. */
static Arr fresh(Lower *l, const JitType *t, int64_t item, IrNode *const *shape, bool zeroed)
{
    Arr a = {.type = t};
    IrNode *bytes = jit_lower_int(l, item);
    for (unsigned d = t->rank; d-- > 0;) {
        a.shape[d] = shape[d];
        a.stride[d] = bytes;
        jit_lower_check(l, jit_lower_op2(l, OP_GE, shape[d], jit_lower_int(l, 0)), ERR_NEGATIVE_SIZE, NULL, NULL, NULL, NULL);
        bytes = jit_lower_op2(l, OP_MULC, bytes, shape[d]);
        jit_lower_raising(l, bytes);
    }
    a.own = jit_lower_alloc(l, bytes, zeroed);
    a.data = jit_lower_op1(l, OP_DATA, M_PTR, a.own);
    return a;
}

static IrNode *words(Lower *l, unsigned n, IrNode *const *values)
{
    IrNode *area = jit_lower_placed(l, jit_ir_op0(l->f, l->cur, OP_STACK, M_PTR));
    area->imm.i = n ? n : 1;
    for (unsigned i = 0; i < n; i++) jit_lower_store(l, area, jit_lower_int(l, 8 * (int64_t)i), values[i]);
    return area;
}

static void copy_items(Lower *l, const Arr *to, const Arr *from, unsigned rank, int64_t item)
{
    IrNode *args[] = {to->data, words(l, rank, to->stride), from->data, words(l, rank, from->stride),
                      words(l, rank, from->shape), jit_lower_int(l, rank), jit_lower_int(l, item)};
    jit_lower_rt(l, RT_COPY, 7, args);
}

/* A value, broadcast, into a whole field; by way of an aligned array where the field is not aligned. */
static void store_field(Lower *l, const Arr *view, const IrNode *value)
{
    if (view->type->kind == TK_ARRAY) {
        jit_elem_expr_store(l, jit_elem_expr(l, value), view);
        return;
    }
    int64_t item = jit_infer_item_size(view->type);
    const JitType *t = jit_type_array((JitDtype)view->type->elem[0]->dtype, view->type->rank, 'C', false);
    Arr aligned = fresh(l, t, item, view->shape, false);
    jit_lower_push_temp(l, aligned.own);
    jit_elem_expr_store(l, jit_elem_expr(l, value), &aligned);
    jit_lower_pop_temp(l);
    copy_items(l, view, &aligned, t->rank, item);
    jit_lower_release(l, aligned.own);
}

static void read_field(Lower *l, const IrNode *x, const JitType *record, IrNode *const *p, int i)
{
    FieldPlace place = jit_infer_field(record, i);
    const JitType *field = record->elem[i];
    if (jit_type_is_numeric(field)) {
        jit_lower_set_num(l, x, load_number(l, field, p[0], place.offset, place.aligned));
    } else if (field->kind == TK_RECORD) {
        IrNode *out[] = {moved(l, p[0], place.offset), p[1]};
        jit_lower_set(l, x, 2, out);
    } else {
        Arr whole = {.data = p[0], .own = p[1]}, v = field_view(l, &whole, record, i, x->type);
        jit_array_set(l, x, &v);
    }
}

static void copy_record(Lower *l, IrNode *to, const JitType *t, const IrNode *from)
{
    IrNode *args[] = {to, jit_lower_int(l, 1), jit_lower_parts(l, from)[0], jit_lower_int(l, jit_infer_record_size(t))};
    jit_lower_rt(l, RT_FILL, 4, args);
}

static void write_field(Lower *l, const JitType *record, IrNode *const *p, int i, const IrNode *value)
{
    FieldPlace place = jit_infer_field(record, i);
    const JitType *field = record->elem[i];
    if (jit_type_is_numeric(field)) {
        store_number(l, field, p[0], place.offset, place.aligned, value);
    } else if (field->kind == TK_RECORD) {
        copy_record(l, moved(l, p[0], place.offset), field, value);
    } else {
        Arr whole = {.data = p[0], .own = p[1]};
        Arr v = field_view(l, &whole, record, i, field);
        store_field(l, &v, value);
    }
}

/* ---- Nodes ---- */

void jit_record_getattr(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t), *v = NULL;
    if (t->kind == TK_RECORD) {
        read_field(l, x, t, p, jit_type_field(t, x->text));
        return;
    }
    Arr a = jit_array_of(l, t, p);
    if (x->type->kind == TK_METHOD) {
        jit_lower_set(l, x, t->nparts, p);
    } else if (!strcmp(x->text, "shape") || !strcmp(x->text, "strides")) {
        jit_lower_set(l, x, t->rank, x->text[1] == 'h' ? a.shape : a.stride);
    } else if (x->type->kind == TK_INT) {
        IrNode *bytes = jit_lower_int(l, jit_infer_item_size(t));
        if (x->text[0] == 's') v = jit_array_size(l, &a);
        else if (!strcmp(x->text, "ndim")) v = jit_lower_int(l, t->rank);
        else if (x->text[0] == 'i') v = bytes;
        else v = jit_lower_nsw(l, OP_MUL, jit_array_size(l, &a), bytes);
        jit_lower_set(l, x, 1, &v);
    } else if (x->type->kind == TK_FUNC) {
        jit_lower_set(l, x, 0, NULL);
    } else {
        Arr view = field_view(l, &a, t->elem[0], jit_type_field(t->elem[0], x->text), x->type);
        jit_array_set(l, x, &view);
    }
}

void jit_record_setattr(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    jit_lower_set(l, x, 0, NULL);
    if (t->kind == TK_RECORD) {
        write_field(l, t, p, jit_type_field(t, x->text), x->args[1]);
        return;
    }
    Arr a = jit_array_of(l, t, p);
    int i = jit_type_field(t->elem[0], x->text);
    Arr view = field_view(l, &a, t->elem[0], i, jit_infer_field_array(t, i));
    store_field(l, &view, x->args[1]);
}

/* Where an index by ints, slices and the like leads. */
static Arr place_of(Lower *l, const IrNode *x, const JitType *t, IrNode *const *p, const JitType *type)
{
    Arr a = jit_array_of(l, t, p);
    IndexPlan plan;
    if (!jit_index_plan(t, x->args[1]->type, &plan)) abort();
    return jit_array_view(l, &a, &plan, jit_lower_parts(l, x->args[1]), type);
}

void jit_record_getitem(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    const JitType *record = t->kind == TK_RECORD ? t : t->elem[0];
    if (t->kind == TK_RECORD) {
        read_field(l, x, t, p, jit_infer_field_of(t, x->args[1]));
    } else if (x->args[1]->type->kind == TK_STR) {
        Arr a = jit_array_of(l, t, p);
        Arr view = field_view(l, &a, record, jit_infer_field_of(record, x->args[1]), x->type);
        jit_array_set(l, x, &view);
    } else {
        Arr v = place_of(l, x, t, p, x->type);
        IrNode *one[] = {v.data, v.own};
        if (x->type->kind == TK_RECORDS) jit_array_set(l, x, &v);
        else if (x->type->kind == TK_RECORD) jit_lower_set(l, x, 2, one);
        else jit_lower_set_num(l, x, load_number(l, x->type, v.data, 0, false));
    }
}

void jit_record_setitem(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    const JitType *item = t->kind == TK_RECORD ? t : t->elem[0];
    jit_lower_set(l, x, 0, NULL);
    if (t->kind == TK_RECORD) {
        write_field(l, t, p, jit_infer_field_of(t, x->args[1]), x->args[2]);
    } else if (x->args[1]->type->kind == TK_STR) {
        Arr a = jit_array_of(l, t, p);
        int i = jit_infer_field_of(item, x->args[1]);
        Arr view = field_view(l, &a, item, i, jit_infer_field_array(t, i));
        store_field(l, &view, x->args[2]);
    } else {
        Arr v = place_of(l, x, t, p, item);
        if (item->kind == TK_RECORD) copy_record(l, v.data, item, x->args[2]);
        else store_number(l, item, v.data, 0, false, x->args[2]);
    }
}

/* Item i of an iteration. */
void jit_record_item(Lower *l, const JitType *t, IrNode *const *parts, IrNode *i, IrNode **out)
{
    Arr a = jit_array_of(l, t, parts);
    const JitType *item = jit_infer_record_iterated(t);
    Arr row = jit_array_row(l, &a, i, item);
    if (item->kind == TK_RECORDS) {
        jit_array_parts(&row, out);
    } else if (item->kind == TK_RECORD) {
        out[0] = row.data;
        out[1] = row.own;
    } else {
        Num v = load_number(l, item, row.data, 0, false);
        out[0] = v.re;
        if (v.im) out[1] = v.im;
    }
}

/* ---- Making ---- */

void jit_record_make(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *t = x->type, *from = jit_infer_unwrap(c->arg[0]->type);
    IrNode **p = jit_lower_parts(l, c->arg[0]), *shape[TYPE_MAX_RANK];
    bool zeroed = c->fn->rule != RULE_copy && c->fn->aux == 1;
    if (from->kind == TK_RECORDS) {
        int64_t item = jit_infer_item_size(from);
        Arr source = jit_array_of(l, from, p), made = fresh(l, t, item, source.shape, zeroed);
        if (c->fn->rule == RULE_copy) copy_items(l, &made, &source, t->rank, item);
        jit_array_set(l, x, &made);
        return;
    }
    for (unsigned d = 0; d < t->rank; d++) {
        const JitType *one = from->kind == TK_TUPLE ? from->elem[d] : from;
        shape[d] = jit_scalar_int(l, jit_lower_num_of(one, p + (from->kind == TK_TUPLE ? jit_type_part_of(from, d) : 0)));
    }
    Arr made = fresh(l, t, jit_infer_item_size(t), shape, zeroed);
    jit_array_set(l, x, &made);
}
