/* infer_record.c: structured arrays and records.
 *
 *     record(number;bytes;offsets:names, types)   one record: where it lies, and who owns that memory
 *     records(item, rank)                         an array of records, always with strides
 *
 * The types' layout comes from the dtype (jit/run/box_record.c). A field of an array is an ordinary array with the record's
 * stride where the field is aligned; where it is not, it is `records` of numbers, which can be indexed, cut and iterated
 * over, but not computed with. Fields of a record are read and written in place. */
#include "jit/types/infer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { WORDS = 200 };

/* Field i's place in a record. */
FieldPlace jit_infer_field(const JitType *record, int i)
{
    FieldPlace p = {.aligned = true};
    const char *at = strchr(strchr(record->name, ';') + 1, ';') + 1;
    for (; i > 0; i--) at = strchr(at, ',') + 1;
    char *end;
    p.offset = strtoll(at, &end, 10);
    if (*end == 'u') {
        p.aligned = false;
        end++;
    }
    while (*end == 'x' && p.rank < TYPE_MAX_RANK) p.shape[p.rank++] = strtoll(end + 1, &end, 10);
    return p;
}

int64_t jit_infer_record_size(const JitType *record) { return strtoll(strchr(record->name, ';') + 1, NULL, 10); }

/* Bytes of an item of records(...). */
int64_t jit_infer_item_size(const JitType *records)
{
    const JitType *item = records->elem[0];
    if (item->kind == TK_RECORD) return jit_infer_record_size(item);
    return jit_dtype_size((JitDtype)item->dtype);
}

/* The field that an index names: a constant str, or for records a constant int; -1: none. */
int jit_infer_field_of(const JitType *record, const IrNode *index)
{
    int64_t i;
    if (record->kind != TK_RECORD) return -1;
    if (index->type->kind == TK_STR) return jit_type_field(record, index->type->name);
    if (!jit_infer_int(index, &i)) return -1;
    i += i < 0 ? record->n : 0;
    return i >= 0 && i < record->n ? (int)i : -1;
}

/* What the type of one record's field becomes for an array of them. */
const JitType *jit_infer_field_array(const JitType *records, int i)
{
    const JitType *field = records->elem[0]->elem[i];
    unsigned rank = records->rank;
    if (field->kind == TK_RECORD) return jit_type_records(field, rank, records->readonly);
    bool sub = field->kind == TK_ARRAY || field->kind == TK_RECORDS;
    unsigned all = rank + (sub ? field->rank : 0u);
    if (all > TYPE_MAX_RANK) return NULL;
    if (!jit_infer_field(records->elem[0], i).aligned)
        return jit_type_records(sub ? field->elem[0] : field, all, records->readonly);
    return jit_type_array((JitDtype)field->dtype, all, 'A', records->readonly);
}

static const JitType *field_of(const JitType *record, int i)
{
    return record->readonly ? jit_type_frozen(record->elem[i]) : record->elem[i];
}

static const JitType *item_of(const JitType *records)
{
    return records->readonly ? jit_type_frozen(records->elem[0]) : records->elem[0];
}

const JitType *jit_infer_record_attribute(Infer *in, const IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    char name[40];
    (void)in;
    if (t->kind == TK_RECORD) {
        int i = jit_type_field(t, x->text);
        return i < 0 ? NULL : field_of(t, i);
    }
    if (!strcmp(x->text, "shape") || !strcmp(x->text, "strides")) return jit_type_unituple(T(INT), t->rank);
    if (!strcmp(x->text, "size") || !strcmp(x->text, "ndim") || !strcmp(x->text, "itemsize") ||
        !strcmp(x->text, "nbytes"))
        return T(INT);
    if (!strcmp(x->text, "copy")) return jit_type_method(t, "ndarray.copy");
    if (t->elem[0]->kind != TK_RECORD) return NULL;
    if (!strcmp(x->text, "dtype")) {
        int n = snprintf(name, sizeof name, "record.%d", atoi(t->elem[0]->name));
        return jit_type_named(TK_FUNC, name, (size_t)n);
    }
    int i = jit_type_field(t->elem[0], x->text);
    return i < 0 ? NULL : jit_infer_field_array(t, i);
}

static const JitType *refuse_index(Infer *in, const IrNode *x, const JitType *t)
{
    char s[WORDS], u[WORDS];
    return jit_infer_refuse(in, REFUSE_INDEX, x, jit_type_describe(t, s, sizeof s),
                            jit_type_describe(x->args[1]->type, u, sizeof u));
}

/* x[index] where x is a record or an array of them; also the place of a store. */
const JitType *jit_infer_record_item(Infer *in, const IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *index = x->args[1]->type;
    IndexPlan p;
    char s[WORDS];
    bool name = index->kind == TK_STR;
    int i = jit_infer_field_of(t->kind == TK_RECORD ? t : t->elem[0], x->args[1]);
    if (t->kind == TK_RECORD || name) {
        if (i >= 0) return t->kind == TK_RECORD ? field_of(t, i) : jit_infer_field_array(t, i);
        if (name) return jit_infer_refuse(in, REFUSE_ATTRIBUTE, x, jit_type_describe(t, s, sizeof s), index->name);
        return refuse_index(in, x, t);
    }
    if (!jit_index_plan(t, index, &p)) {
        if (p.too_many)
            return jit_infer_refuse(in, REFUSE_TOO_MANY_INDICES, x, (int)t->rank, (int)(index->kind == TK_TUPLE ? index->n : 1));
        return refuse_index(in, x, t);
    }
    if (p.copy) return refuse_index(in, x, t);
    return p.scalar ? item_of(t) : jit_type_records(t->elem[0], p.rank, t->readonly);
}

/* May v be stored where something of type `place` stands? */
static bool fits(const JitType *v, const JitType *place)
{
    if (jit_type_is_numeric(place))
        return jit_type_is_numeric(v) && (!jit_type_is_complex(v) || jit_type_is_complex(place));
    if (place->kind == TK_RECORD) return v->kind == TK_RECORD && !strcmp(v->name, place->name);
    if (place->kind == TK_RECORDS && place->elem[0]->kind != TK_RECORD)
        place = jit_type_array((JitDtype)place->elem[0]->dtype, place->rank, 'C', false);
    if (place->kind != TK_ARRAY) return false;
    return (v->kind == TK_ARRAY && v->rank <= place->rank && fits(jit_elem_scalar(v), jit_elem_scalar(place))) ||
           fits(v, jit_elem_scalar(place));
}

static const JitType *store(Infer *in, const IrNode *x, const JitType *place, const JitType *v)
{
    char s[WORDS], u[WORDS];
    if (!place) return NULL;
    if (jit_infer_unwrap(x->args[0]->type)->readonly) return jit_infer_refuse(in, REFUSE_READ_ONLY, x);
    v = jit_infer_unwrap(v);
    if (fits(v, place)) return T(NONE);
    return jit_infer_refuse(in, REFUSE_STORE, x, jit_type_describe(v, s, sizeof s),
                            jit_type_describe(place, u, sizeof u));
}

const JitType *jit_infer_record_store(Infer *in, const IrNode *x)
{
    return store(in, x, jit_infer_record_item(in, x), x->args[2]->type);
}

const JitType *jit_infer_record_set(Infer *in, const IrNode *x)
{
    char s[WORDS];
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *place = jit_infer_record_attribute(in, x);
    if (!place) return jit_infer_refuse(in, REFUSE_ATTRIBUTE, x, jit_type_describe(t, s, sizeof s), x->text);
    return store(in, x, place, x->args[1]->type);
}

const JitType *jit_infer_record_iterated(const JitType *t)
{
    if (t->kind != TK_RECORDS || t->rank == 0) return NULL;
    return t->rank == 1 ? item_of(t) : jit_type_records(t->elem[0], t->rank - 1u, t->readonly);
}

/* The record type that a dtype argument names, or NULL. */
static const JitType *named_record(const Infer *in, const IrNode *dtype)
{
    bool named = dtype && dtype->type->kind == TK_FUNC && !strncmp(dtype->type->name, "record.", 7);
    return named && in->f->module->record_type ? in->f->module->record_type(atoll(dtype->type->name + 7)) : NULL;
}

/* numpy.zeros, empty and their like, copy() of records; false: the call makes no records. */
bool jit_infer_record_call(Infer *in, const IrNode *x, const BoundCall *c, const JitType **result)
{
    const JitType *t = c->arg[0] ? jit_infer_unwrap(c->arg[0]->type) : NULL;
    if (c->fn->rule == RULE_create && c->fn->aux < 2) {
        const JitType *record = named_record(in, c->arg[1]);
        unsigned rank = t->kind == TK_TUPLE ? t->n : 1;
        bool ints = t->kind == TK_TUPLE || jit_type_is_integer(t);
        for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++) ints = ints && jit_type_is_integer(t->elem[i]);
        if (!record || !ints || rank > TYPE_MAX_RANK) return false;
        *result = jit_type_records(record, rank, false);
        return true;
    }
    bool like = (c->fn->rule == RULE_like && c->fn->aux < 2 && !c->arg[1]) || c->fn->rule == RULE_copy;
    if (!t || t->kind != TK_RECORDS || !like || x->n == 0) return false;
    if (t->elem[0]->kind != TK_RECORD) { /* an aligned copy of a field */
        *result = jit_type_array((JitDtype)t->elem[0]->dtype, t->rank, 'C', false);
        return c->fn->rule == RULE_copy;
    }
    *result = jit_type_records(t->elem[0], t->rank, false);
    return true;
}

/* ---- Computing with fields that are not aligned ----
 * What only reads the numbers gets an aligned copy of them. */

static bool is_unaligned(const IrNode *x) { return x->type && x->type->kind == TK_RECORDS && x->type->elem[0]->kind != TK_RECORD; }

static IrNode *placed(Infer *in, IrNode *at, IrOp op, IrNode *arg)
{
    IrNode *x = jit_ir_node_new(in->f, op, M_VOID, 1);
    x->args[0] = arg;
    x->pos = at->pos;
    x->id = in->f->next_node++;
    jit_ir_insert_before(at, x);
    if (at->exit) x->exit = jit_ir_edge_new(in->f, at->exit->to, at->exit->n, at->exit->args);
    in->grew = true; /* the walk has passed this place */
    return x;
}

static IrNode *aligned_copy(Infer *in, IrNode *at, IrNode *field)
{
    IrNode *method = placed(in, at, OP_PY_GETATTR, field);
    method->text = "copy";
    method->type = jit_type_method(field->type, "ndarray.copy");
    IrNode *copy = placed(in, at, OP_PY_CALL, method);
    copy->type = jit_type_array((JitDtype)field->type->elem[0]->dtype, field->type->rank, 'C', false);
    return copy;
}

static bool reads_numbers(const IrNode *x)
{
    static const char *const methods[] = {"sum", "prod", "min", "max", "mean", "std", "var", "any", "all", "argmin",
                                          "argmax", "astype", "cumsum", "dot"};
    if (x->op == OP_PY_BINARY || x->op == OP_PY_COMPARE || x->op == OP_PY_UNARY) return true;
    for (size_t i = 0; x->op == OP_PY_GETATTR && i < sizeof methods / sizeof *methods; i++)
        if (!strcmp(x->text, methods[i])) return true;
    const JitType *callee = x->op == OP_PY_CALL ? x->args[0]->type : NULL;
    const FnInfo *fn = callee && callee->kind == TK_FUNC ? jit_functions_find(callee->name) : NULL;
    return fn && (fn->rule == RULE_elem || fn->rule == RULE_reduce || fn->rule == RULE_dot ||
                  fn->rule == RULE_sum || fn->rule == RULE_minmax || fn->rule == RULE_array);
}

void jit_infer_align(Infer *in, IrNode *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (is_unaligned(x->args[i]) && reads_numbers(x)) x->args[i] = aligned_copy(in, x, x->args[i]);
    uint32_t value = x->op == OP_PY_SETITEM ? 2 : x->op == OP_PY_SETATTR ? 1 : 0;
    if (value && is_unaligned(x->args[value])) x->args[value] = aligned_copy(in, x, x->args[value]);
}
