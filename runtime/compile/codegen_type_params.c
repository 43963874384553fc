/* codegen_type_params.c: type parameters of functions, classes and aliases, and the type
 * statement.
 *
 * The parameters live in an inlined scope of the block around the definition. Bounds, defaults
 * and alias values are functions without parameters, called when they are first asked for. */
#include "runtime/compile/compiler.h"

/* A function that evaluates e, in `want`. */
static void thunk(Unit *u, Expr *e, Identifier *name, Reg want)
{
    Unit *body =
        kr_gen_function_unit(u, kr_scopes_of(&u->c->scopes, e), UNIT_FUNCTION, name, e->lineno);
    gen_at(body, e);
    kr_gen_begin_unit(body);
    Reg r = kr_gen_expr(body, e, ANYWHERE);
    kr_unit_emit(body, OP_RETURN, r, 0, 0);
    kr_gen_make_function(u, body, NO_REGISTER, want);
}

static void type_param(Unit *u, TypeParam *p)
{
    uint32_t mark = u->top;
    Reg base = kr_unit_push_n(u, 2);
    Identifier *name;
    Expr *fallback, *bound = NULL;
    uint16_t intrinsic;
    switch (p->kind) {
    case PARAM_TypeVar:
        name = p->TypeVar.name, fallback = p->TypeVar.default_value, bound = p->TypeVar.bound;
        intrinsic = !bound                      ? INTRINSIC_TYPEVAR
                    : bound->kind == EXPR_Tuple ? INTRINSIC_TYPEVAR_CONSTRAINTS
                                                : INTRINSIC_TYPEVAR_BOUND;
        break;
    case PARAM_ParamSpec:
        name = p->ParamSpec.name, fallback = p->ParamSpec.default_value;
        intrinsic = INTRINSIC_PARAMSPEC;
        break;
    default:
        name = p->TypeVarTuple.name, fallback = p->TypeVarTuple.default_value;
        intrinsic = INTRINSIC_TYPEVARTUPLE;
        break;
    }
    gen_at(u, p);
    kr_gen_constant(u, kr_unit_str(u->c, name), base);
    if (bound) thunk(u, bound, name, (Reg)(base + 1));
    kr_unit_emit(u, OP_INTRINSIC, base, base, intrinsic);
    if (fallback) {
        thunk(u, fallback, name, (Reg)(base + 1));
        kr_unit_emit(u, OP_INTRINSIC, base, base, INTRINSIC_SET_TYPE_PARAM_DEFAULT);
    }
    kr_gen_store_name(u, name, base);
    u->top = mark;
}

Reg kr_gen_type_params(Unit *u, TypeParamSeq *params, Overlay *overlay)
{
    Position at = u->at;
    for (size_t i = 0; i < params->count; i++) type_param(u, params->items[i]);
    uint32_t mark = u->top;
    for (size_t i = 0; i < params->count; i++) { /* a name leads every kind */
        Reg r = kr_unit_push(u);
        kr_gen_load_name(u, params->items[i]->TypeVar.name, r);
    }
    kr_unit_emit(u, OP_BUILD_TUPLE, (uint16_t)mark, (uint16_t)mark, (uint16_t)params->count);
    kr_gen_store_name(u, u->c->scopes.name_type_params, (Reg)mark);
    u->top = mark;
    u->at = at;
    return kr_scopes_find(overlay->scope, u->c->scopes.name_type_params)->reg;
}

void kr_gen_type_alias(Unit *u, Stmt *s)
{
    uint32_t mark = u->top;
    TypeParamSeq *params = s->TypeAlias.type_params;
    Identifier *name = s->TypeAlias.name->Name.id;
    Reg base = kr_unit_push_n(u, 3);
    Overlay overlay;
    if (params->count) {
        kr_gen_enter_overlay(u, &overlay, kr_scopes_of(&u->c->scopes, params));
        kr_gen_move(u, (Reg)(base + 1), kr_gen_type_params(u, params, &overlay));
    } else {
        kr_gen_constant(u, NONE, (Reg)(base + 1));
    }
    kr_gen_constant(u, kr_unit_str(u->c, name), base);
    thunk(u, s->TypeAlias.value, name, (Reg)(base + 2));
    if (params->count) kr_gen_leave_overlay(u, &overlay);
    kr_unit_emit(u, OP_INTRINSIC, base, base, INTRINSIC_TYPE_ALIAS);
    kr_gen_store(u, s->TypeAlias.name, base);
    u->top = mark;
}
