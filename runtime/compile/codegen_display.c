/* codegen_display.c: tuples, lists, sets, dicts, slices, f-strings and template strings.
 *
 * Up to GROUP items are evaluated into consecutive registers and built at once; longer displays
 * are appended to item by item, which keeps frames small. */
#include "runtime/compile/compiler.h"

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { GROUP = 60, PAIRS = 16 };

static bool has_starred(const ExprSeq *items)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i]->kind == EXPR_Starred) return true;
    return false;
}

static bool all_constants(const ExprSeq *items)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i]->kind != EXPR_Constant) return false;
    return true;
}

/* The register in which a value is built over several instructions: want, unless that is a
 * variable. */
static Reg accumulator(Unit *u, Reg want)
{
    return want != ANYWHERE && is_temporary(u, want) ? want : kr_unit_push(u);
}

/* Ends an accumulation: moves it to `want` and pops down to `mark`, or keeps the accumulator on
 * top. */
static Reg accumulated(Unit *u, Reg acc, Reg want, uint32_t mark)
{
    if (want == ANYWHERE || want == acc) {
        u->top = want == acc ? mark : (uint32_t)acc + 1;
        return acc;
    }
    kr_gen_move(u, want, acc);
    u->top = mark;
    return want;
}

/* Evaluates items into consecutive registers; returns the first. */
static Reg consecutive(Unit *u, const ExprSeq *items)
{
    Reg base = (Reg)u->top;
    for (size_t i = 0; i < items->count; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, items->items[i], r);
    }
    return base;
}

static Reg build(Unit *u, uint16_t op, const ExprSeq *items, Reg want)
{
    uint32_t mark = u->top;
    Reg base = consecutive(u, items);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, op, dest, base, (uint16_t)items->count);
    kr_unit_assign(u, dest);
    return dest;
}

Reg kr_gen_list_of(Unit *u, ExprSeq *items, Reg list)
{
    uint32_t mark = u->top;
    size_t first = 0;
    while (first < items->count && first < GROUP && items->items[first]->kind != EXPR_Starred)
        first++;
    for (size_t i = 0; i < first; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, items->items[i], r);
    }
    kr_unit_emit(u, OP_BUILD_LIST, list, (uint16_t)mark, (uint16_t)first);
    u->top = mark;
    for (size_t i = first; i < items->count; i++) {
        Expr *item = items->items[i];
        bool starred = item->kind == EXPR_Starred;
        Reg r = kr_gen_expr(u, starred ? item->Starred.value : item, ANYWHERE);
        kr_unit_emit(u, starred ? OP_LIST_EXTEND : OP_LIST_APPEND, list, r, 0);
        u->top = mark;
    }
    return list;
}

Reg kr_gen_tuple(Unit *u, ExprSeq *items, Reg want)
{
    if (items->count <= GROUP && !has_starred(items)) return build(u, OP_BUILD_TUPLE, items, want);
    uint32_t mark = u->top;
    Reg list = kr_unit_push(u);
    kr_gen_list_of(u, items, list);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_LIST_TO_TUPLE, dest, list, 0);
    kr_unit_assign(u, dest);
    return dest;
}

/* The items of a constant display as a tuple. */
static Value constant_tuple(Unit *u, const ExprSeq *items)
{
    Tuple *tuple = kr_tuple_alloc(items->count);
    if (!tuple) {
        kr_unit_raised(u->c);
        return NONE;
    }
    for (size_t i = 0; i < items->count; i++) tuple->items[i] = NONE;
    for (size_t i = 0; i < items->count; i++)
        tuple->items[i] = kr_gen_constant_value(u, items->items[i]);
    return from_object(tuple);
}

Reg kr_gen_list(Unit *u, ExprSeq *items, Reg want)
{
    uint32_t mark = u->top;
    bool constants = items->count > 2 && all_constants(items);
    if (!constants && items->count <= GROUP && !has_starred(items))
        return build(u, OP_BUILD_LIST, items, want);
    Reg acc = accumulator(u, want);
    if (constants) {
        kr_unit_emit(u, OP_BUILD_LIST, acc, acc, 0);
        Reg r = kr_gen_constant(u, constant_tuple(u, items), ANYWHERE);
        kr_unit_emit(u, OP_LIST_EXTEND, acc, r, 0);
    } else {
        kr_gen_list_of(u, items, acc);
    }
    return accumulated(u, acc, want, mark);
}

Reg kr_gen_set(Unit *u, ExprSeq *items, Reg want)
{
    uint32_t mark = u->top;
    bool constants = items->count > 2 && all_constants(items);
    if (!constants && items->count <= GROUP && !has_starred(items))
        return build(u, OP_BUILD_SET, items, want);
    Reg acc = accumulator(u, want);
    uint32_t keep = u->top;
    kr_unit_emit(u, OP_BUILD_SET, acc, acc, 0);
    if (constants) {
        Value set = kr_frozenset(constant_tuple(u, items));
        if (is_empty(set)) kr_unit_raised(u->c);
        Reg r = kr_gen_constant(u, is_empty(set) ? NONE : set, ANYWHERE);
        kr_unit_emit(u, OP_SET_UPDATE, acc, r, 0);
    } else {
        for (size_t i = 0; i < items->count; i++) {
            Expr *item = items->items[i];
            bool starred = item->kind == EXPR_Starred;
            Reg r = kr_gen_expr(u, starred ? item->Starred.value : item, ANYWHERE);
            kr_unit_emit(u, starred ? OP_SET_UPDATE : OP_SET_ADD, acc, r, 0);
            u->top = keep;
        }
    }
    return accumulated(u, acc, want, mark);
}

Reg kr_gen_dict(Unit *u, Expr *e, Reg want)
{
    Expr **keys = e->Dict.keys->items, **values = e->Dict.values->items;
    size_t count = e->Dict.values->count, first = 0;
    uint32_t mark = u->top;
    while (first < count && first < PAIRS && keys[first]) first++;
    bool whole = first == count;
    Reg acc = whole ? NO_REGISTER : accumulator(u, want);
    uint32_t keep = u->top;
    for (size_t i = 0; i < first; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, keys[i], r);
        r = kr_unit_push(u);
        kr_gen_expr(u, values[i], r);
    }
    u->top = keep;
    if (whole) {
        Reg dest = kr_gen_dest(u, want);
        kr_unit_emit(u, OP_BUILD_MAP, dest, (uint16_t)keep, (uint16_t)first);
        kr_unit_assign(u, dest);
        return dest;
    }
    kr_unit_emit(u, OP_BUILD_MAP, acc, (uint16_t)keep, (uint16_t)first);
    for (size_t i = first; i < count; i++) {
        if (keys[i]) {
            Reg key = kr_gen_operand(u, keys[i], values[i]);
            Reg value = kr_gen_expr(u, values[i], ANYWHERE);
            kr_unit_emit(u, OP_MAP_SET, acc, key, value);
        } else {
            Reg other = kr_gen_expr(u, values[i], ANYWHERE);
            kr_unit_emit(u, OP_DICT_UPDATE, acc, other, 0);
        }
        u->top = keep;
    }
    return accumulated(u, acc, want, mark);
}

/* ---- Slices ---- */

/* A bound of a slice that is a constant int or absent. */
static bool constant_bound(Unit *u, const Expr *e, Value *out)
{
    *out = NONE;
    if (!e) return true;
    if (e->kind != EXPR_Constant) return false;
    *out = kr_gen_constant_value(u, e);
    return is_int(*out) || is_none(*out);
}

Reg kr_gen_slice(Unit *u, Expr *e, Reg want)
{
    Expr *parts[3] = {e->Slice.lower, e->Slice.upper, e->Slice.step};
    Value bounds[3];
    if (constant_bound(u, parts[0], &bounds[0]) && constant_bound(u, parts[1], &bounds[1]) &&
        constant_bound(u, parts[2], &bounds[2])) {
        Value slice = kr_slice(bounds[0], bounds[1], bounds[2]);
        if (is_empty(slice))
            kr_unit_raised(u->c);
        else
            return kr_gen_constant(u, slice, want);
    }
    uint32_t mark = u->top;
    for (int i = 0; i < 3; i++) {
        Reg r = kr_unit_push(u);
        if (parts[i])
            kr_gen_expr(u, parts[i], r);
        else
            kr_gen_constant(u, NONE, r);
    }
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_BUILD_SLICE, dest, (uint16_t)mark, 0);
    kr_unit_assign(u, dest);
    return dest;
}

/* ---- f-strings ---- */

Reg kr_gen_formatted(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top;
    Expr *spec = e->FormattedValue.format_spec;
    Reg value = kr_gen_operand(u, e->FormattedValue.value, spec);
    Reg spec_register = spec ? kr_gen_expr(u, spec, ANYWHERE) : NO_REGISTER;
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    int conversion = e->FormattedValue.conversion;
    kr_unit_emit(u, OP_FORMAT_VALUE, dest, value, conversion < 0 ? 0 : (uint16_t)conversion);
    kr_unit_emit_extra(u, spec_register, 0);
    kr_unit_assign(u, dest);
    return dest;
}

Reg kr_gen_joined_str(Unit *u, Expr *e, Reg want)
{
    ExprSeq *parts = e->JoinedStr.values;
    if (parts->count == 0) return kr_gen_constant(u, KR_NAME(""), want);
    if (parts->count == 1) return kr_gen_expr(u, parts->items[0], want);
    uint32_t mark = u->top;
    for (size_t i = 0; i < parts->count; i++) {
        if (u->top - mark == GROUP) {
            kr_unit_emit(u, OP_BUILD_STRING, (uint16_t)mark, (uint16_t)mark, GROUP);
            u->top = mark + 1;
        }
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, parts->items[i], r);
    }
    uint32_t count = u->top - mark;
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_BUILD_STRING, dest, (uint16_t)mark, (uint16_t)count);
    kr_unit_assign(u, dest);
    return dest;
}

/* ---- Template strings: strings and interpolations in order ---- */

Reg kr_gen_interpolation(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top;
    Reg value = kr_unit_push(u), text = kr_unit_push(u), spec = kr_unit_push(u);
    kr_gen_expr(u, e->Interpolation.value, value);
    Value literal = kr_constants_literal(&u->c->constants, &e->Interpolation.str);
    if (is_empty(literal)) kr_unit_raised(u->c);
    kr_gen_constant(u, is_empty(literal) ? NONE : literal, text);
    if (e->Interpolation.format_spec)
        kr_gen_expr(u, e->Interpolation.format_spec, spec);
    else
        kr_gen_constant(u, KR_NAME(""), spec);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    int conversion = e->Interpolation.conversion;
    kr_unit_emit(u, OP_BUILD_INTERPOLATION, dest, value, conversion < 0 ? 0 : (uint16_t)conversion);
    kr_unit_assign(u, dest);
    return dest;
}

Reg kr_gen_template(Unit *u, Expr *e, Reg want)
{
    return build(u, OP_BUILD_TEMPLATE, e->TemplateStr.values, want);
}
