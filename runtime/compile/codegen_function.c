/* codegen_function.c: def, async def, lambda: defaults, annotations, closures, decorators, and
 * the frame of every body: cells at entry, the return at the end. */
#include "runtime/compile/compiler.h"

#include <string.h>

#include "runtime/objects/str.h"

Identifier *kr_gen_intern(Compiler *c, const char *text)
{
    return kr_ast_intern(c->scopes.names, text, strlen(text));
}

/* ---- Units ---- */

/* What stands before a nested definition's name: the qualified name of the block around it, as
 * if comprehensions inlined into it were functions. EMPTY at module level. */
static Value qualifier(Unit *u, const Overlay *overlay)
{
    static const char *const names[] = {"", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"};
    while (overlay && !overlay->scope->comprehension) overlay = overlay->outer;
    if (overlay) {
        Value before = qualifier(u, overlay->outer);
        const char *name = names[overlay->scope->comprehension];
        return is_empty(before) ? kr_str(name) : kr_str_format("%U.%s", before, name);
    }
    if (u->kind == UNIT_MODULE) return EMPTY;
    if (u->kind == UNIT_FUNCTION || u->kind == UNIT_LAMBDA)
        return kr_str_format("%U.<locals>", u->qualname);
    return u->qualname;
}

static void set_qualname(Unit *u, Unit *body, Identifier *name)
{
    if (body->kind == UNIT_FUNCTION || body->kind == UNIT_CLASS) {
        const Symbol *symbol = kr_scopes_find(u->scope, kr_gen_mangle(u, name));
        if (symbol && symbol->place == PLACE_GLOBAL_EXPLICIT && !u->overlay) return;
    }
    Value before = qualifier(u, u->overlay);
    if (is_empty(before)) {
        if (kr_raised()) kr_unit_raised(u->c);
        return;
    }
    body->qualname = kr_str_format("%U.%U", before, body->name);
    if (is_empty(body->qualname)) {
        kr_unit_raised(u->c);
        body->qualname = body->name;
    }
    kr_constants_keep(&u->c->constants, body->qualname);
}

Unit *kr_gen_function_unit(Unit *u, Scope *scope, UnitKind kind, Identifier *name,
                           int32_t first_line)
{
    Unit *body = kr_unit_new(u->c, u, scope, kind, name);
    set_qualname(u, body, name);
    body->first_line = (uint32_t)first_line;
    body->is_generator = scope->generator;
    body->flags = u->c->flags & COMPILE_FUTURE_ANNOTATIONS ? CODE_FUTURE_ANNOTATIONS : 0;
    if (u->c->flags & COMPILE_FUTURE_BARRY) body->flags |= COMPILE_FUTURE_BARRY;
    if (scope->nested) body->flags |= CODE_NESTED;
    if (scope->kind != SCOPE_FUNCTION) return body;
    body->flags |= CODE_OPTIMIZED | CODE_NEWLOCALS;
    if (scope->generator && !scope->coroutine) body->flags |= CODE_GENERATOR;
    if (scope->generator && scope->coroutine) body->flags |= CODE_ASYNC_GENERATOR;
    if (!scope->generator && scope->coroutine) body->flags |= CODE_COROUTINE;
    if (scope->varargs) body->flags |= CODE_VARARGS;
    if (scope->varkeywords) body->flags |= CODE_VARKEYWORDS;
    return body;
}

void kr_gen_begin_unit(Unit *u)
{
    Position at = u->at;
    u->at = NO_POSITION;
    for (uint32_t i = 0; i < u->cell_count; i++)
        kr_unit_emit(u, OP_MAKE_CELL, u->cells[i]->reg, 0, 0);
    u->at = at;
}

void kr_gen_finish(Unit *u, bool add_return)
{
    if (!add_return || u->dead) return;
    uint32_t mark = u->top;
    u->at = NO_POSITION;
    Reg r = kr_gen_constant(u, NONE, ANYWHERE);
    kr_unit_emit(u, OP_RETURN, r, 0, 0);
    u->top = mark;
}

Value kr_gen_docstring(Unit *u, StmtSeq *body)
{
    if (body->count == 0 || body->items[0]->kind != STMT_Expr) return EMPTY;
    Expr *e = body->items[0]->Expr.value;
    if (e->kind != EXPR_Constant || e->Constant.value.kind != CONSTANT_STR) return EMPTY;
    Value text = kr_constants_unique(&u->c->constants, kr_gen_constant_value(u, e));
    if (is_empty(text)) kr_unit_raised(u->c);
    return text;
}

/* ---- Closures ---- */

/* The tuple of cells for `body` in register `want`. */
static void closure(Unit *u, const Unit *body, Reg want)
{
    uint32_t mark = u->top;
    bool consecutive = true;
    Reg first = kr_gen_cell_register(u, body->scope, body->frees[0]);
    for (uint32_t i = 1; i < body->free_count; i++)
        consecutive &= kr_gen_cell_register(u, body->scope, body->frees[i]) == first + i;
    if (!consecutive) {
        first = kr_unit_push_n(u, body->free_count);
        for (uint32_t i = 0; i < body->free_count; i++)
            kr_unit_emit(u, OP_MOVE, (uint16_t)(first + i),
                         kr_gen_cell_register(u, body->scope, body->frees[i]), 0);
    }
    kr_unit_emit(u, OP_BUILD_TUPLE, want, first, (uint16_t)body->free_count);
    u->top = mark;
}

Reg kr_gen_make_function(Unit *u, Unit *body, Reg base, Reg want)
{
    uint32_t mark = base == NO_REGISTER ? u->top : base;
    if (body->free_count) {
        if (base == NO_REGISTER) {
            base = kr_unit_push_n(u, 4);
            for (uint16_t i = 0; i < 3; i++) kr_unit_emit(u, OP_UNBIND, (uint16_t)(base + i), 0, 0);
        }
        closure(u, body, (Reg)(base + 3));
    } else if (base != NO_REGISTER) {
        kr_unit_emit(u, OP_UNBIND, (uint16_t)(base + 3), 0, 0);
    }
    Value code = u->c->failed ? EMPTY : kr_assemble(body);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    if (is_empty(code)) {
        kr_unit_raised(u->c);
        return dest;
    }
    if (u->dead) return dest;
    uint32_t index = kr_unit_constant(u, code);
    kr_unit_emit(u, OP_MAKE_FUNCTION, dest, base, 0);
    kr_unit_emit_extra(u, 0, (int32_t)index);
    kr_unit_assign(u, dest);
    return dest;
}

/* ---- Parameters ---- */

static bool refuse_arg(Unit *u, const void *function, Arg *arg)
{
    return arg && kr_gen_forbidden(u, function, arg->arg, CTX_Store);
}

static bool refuse_parameters(Unit *u, const void *function, Arguments *a)
{
    for (size_t i = 0; i < a->posonlyargs->count; i++)
        if (refuse_arg(u, function, a->posonlyargs->items[i])) return true;
    for (size_t i = 0; i < a->args->count; i++)
        if (refuse_arg(u, function, a->args->items[i])) return true;
    if (refuse_arg(u, function, a->vararg)) return true;
    for (size_t i = 0; i < a->kwonlyargs->count; i++)
        if (refuse_arg(u, function, a->kwonlyargs->items[i])) return true;
    return refuse_arg(u, function, a->kwarg);
}

static void keyword_defaults(Unit *u, Arguments *a, Reg want)
{
    uint32_t mark = u->top;
    uint16_t count = 0;
    for (size_t i = 0; i < a->kwonlyargs->count; i++) {
        if (!a->kw_defaults->items[i]) continue;
        kr_gen_constant(u, kr_unit_str(u->c, kr_gen_mangle(u, a->kwonlyargs->items[i]->arg)),
                        ANYWHERE);
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, a->kw_defaults->items[i], r);
        count++;
    }
    kr_unit_emit(u, OP_BUILD_MAP, want, (uint16_t)mark, count);
    u->top = mark;
}

Reg kr_gen_annotation(Unit *u, Expr *annotation, Reg want)
{
    if (u->c->future_annotations) {
        Value text = kr_unparse_expr(annotation);
        if (is_empty(text)) kr_unit_raised(u->c);
        return kr_gen_constant(u, is_empty(text) ? NONE : text, want);
    }
    if (annotation->kind == EXPR_Starred) { /* *args: *Ts */
        uint32_t mark = u->top;
        Reg value = kr_gen_expr(u, annotation->Starred.value, ANYWHERE);
        u->top = mark;
        Reg dest = kr_gen_dest(u, want);
        kr_unit_emit(u, OP_UNPACK, dest, value, 1);
        return dest;
    }
    return kr_gen_expr(u, annotation, want);
}

/* Pushes name and annotation. */
static void annotate(Unit *u, Identifier *name, Expr *annotation)
{
    if (!annotation) return;
    kr_gen_constant(u, kr_unit_str(u->c, kr_gen_mangle(u, name)), ANYWHERE);
    kr_gen_annotation(u, annotation, kr_unit_push(u));
}

static void annotate_all(Unit *u, ArgSeq *args)
{
    for (size_t i = 0; i < args->count; i++)
        annotate(u, args->items[i]->arg, args->items[i]->annotation);
}

/* A flat tuple of names and annotations in `want`; false if there are none. */
static bool annotations(Unit *u, Arguments *a, Expr *returns, Reg want)
{
    uint32_t mark = u->top;
    annotate_all(u, a->args);
    annotate_all(u, a->posonlyargs);
    if (a->vararg) annotate(u, a->vararg->arg, a->vararg->annotation);
    annotate_all(u, a->kwonlyargs);
    if (a->kwarg) annotate(u, a->kwarg->arg, a->kwarg->annotation);
    annotate(u, u->c->name_return, returns);
    uint32_t count = u->top - mark;
    u->top = mark;
    if (count == 0) return false;
    kr_unit_emit(u, OP_BUILD_TUPLE, want, (uint16_t)mark, (uint16_t)count);
    return true;
}

static bool has_annotations(const ArgSeq *args)
{
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i]->annotation) return true;
    return false;
}

/* Defaults and annotations in four fresh registers, or NO_REGISTER when there are none. */
static Reg function_parts(Unit *u, Arguments *a, Expr *returns)
{
    bool keyword = false;
    for (size_t i = 0; i < a->kw_defaults->count; i++) keyword |= a->kw_defaults->items[i] != NULL;
    bool annotated = returns || has_annotations(a->args) || has_annotations(a->posonlyargs) ||
                     has_annotations(a->kwonlyargs) || (a->vararg && a->vararg->annotation) ||
                     (a->kwarg && a->kwarg->annotation);
    if (a->defaults->count == 0 && !keyword && !annotated) return NO_REGISTER;
    Reg base = kr_unit_push_n(u, 4);
    if (a->defaults->count) {
        Expr tuple = {.kind = EXPR_Tuple};
        tuple.Tuple.elts = a->defaults;
        tuple.Tuple.ctx = CTX_Load;
        Fold fold = {u->c->arena, &u->c->constants, false, NULL};
        if (!kr_fold_expr(&fold, &tuple)) kr_unit_raised(u->c);
        if (tuple.kind == EXPR_Constant)
            kr_gen_constant(u, kr_gen_constant_value(u, &tuple), base);
        else
            kr_gen_tuple(u, a->defaults, base);
    } else {
        kr_unit_emit(u, OP_UNBIND, base, 0, 0);
    }
    if (keyword)
        keyword_defaults(u, a, (Reg)(base + 1));
    else
        kr_unit_emit(u, OP_UNBIND, (uint16_t)(base + 1), 0, 0);
    if (!annotated || !annotations(u, a, returns, (Reg)(base + 2)))
        kr_unit_emit(u, OP_UNBIND, (uint16_t)(base + 2), 0, 0);
    return base;
}

static void set_counts(Unit *body, Arguments *a)
{
    body->positional_only_count = (uint32_t)a->posonlyargs->count;
    body->argument_count = (uint32_t)(a->posonlyargs->count + a->args->count);
    body->keyword_only_count = (uint32_t)a->kwonlyargs->count;
}

/* ---- Definitions ---- */

void kr_gen_decorators(Unit *u, ExprSeq *decorators)
{
    for (size_t i = 0; i < decorators->count; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, decorators->items[i], r);
    }
}

void kr_gen_apply_decorators(Unit *u, ExprSeq *decorators, Reg first)
{
    Position at = u->at;
    for (size_t i = decorators->count; i-- > 0;) {
        gen_at(u, decorators->items[i]);
        Reg r = (Reg)(first + i);
        kr_unit_emit(u, OP_CALL, r, r, 1);
    }
    u->at = at;
}

/* FunctionDef and AsyncFunctionDef have the same fields. */
void kr_gen_function(Unit *u, Stmt *def, bool is_async)
{
    uint32_t mark = u->top;
    Arguments *args = def->FunctionDef.args;
    ExprSeq *decorators = def->FunctionDef.decorator_list;
    TypeParamSeq *params = def->FunctionDef.type_params;
    Identifier *name = def->FunctionDef.name;
    if (kr_gen_forbidden(u, def, name, CTX_Store) || refuse_parameters(u, def, args)) return;
    Reg variable = decorators->count ? NO_REGISTER : kr_gen_local_register(u, name);
    kr_gen_decorators(u, decorators);
    Reg function = variable == NO_REGISTER ? kr_unit_push(u) : variable;
    Overlay overlay;
    if (params->count) {
        if (variable != NO_REGISTER) function = kr_unit_push(u);
        kr_gen_enter_overlay(u, &overlay, kr_scopes_of(&u->c->scopes, params));
        kr_gen_type_params(u, params, &overlay);
    }
    Reg base = function_parts(u, args, def->FunctionDef.returns);
    int32_t first_line = decorators->count ? decorators->items[0]->lineno : def->lineno;
    Unit *body =
        kr_gen_function_unit(u, kr_scopes_of(&u->c->scopes, def), UNIT_FUNCTION, name, first_line);
    body->is_async = is_async;
    set_counts(body, args);
    gen_at(body, def);
    kr_gen_begin_unit(body);
    Value docstring = u->c->optimize < 2 ? kr_gen_docstring(body, def->FunctionDef.body) : EMPTY;
    if (!is_empty(docstring)) body->docstring = docstring;
    kr_unit_constant(body, body->docstring); /* co_consts[0], as in CPython */
    for (size_t i = !is_empty(docstring); i < def->FunctionDef.body->count && !u->c->failed; i++)
        kr_gen_stmt(body, def->FunctionDef.body->items[i]);
    kr_gen_finish(body, true);
    kr_gen_make_function(u, body, base, function);
    if (params->count) {
        Reg pair = kr_unit_push_n(u, 2);
        kr_gen_move(u, pair, function);
        kr_gen_load_name(u, u->c->scopes.name_type_params, (Reg)(pair + 1));
        kr_unit_emit(u, OP_INTRINSIC, function, pair, INTRINSIC_SET_FUNCTION_TYPE_PARAMS);
        kr_gen_leave_overlay(u, &overlay);
    }
    kr_gen_apply_decorators(u, decorators, (Reg)mark);
    if (function != variable)
        kr_gen_store_name(u, name, decorators->count ? (Reg)mark : function);
    else
        kr_unit_assign(u, function);
    u->top = mark;
}

Reg kr_gen_lambda(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top;
    if (refuse_parameters(u, e, e->Lambda.args)) return kr_gen_dest(u, want);
    Reg base = function_parts(u, e->Lambda.args, NULL);
    Unit *body = kr_gen_function_unit(u, kr_scopes_of(&u->c->scopes, e), UNIT_LAMBDA,
                                      kr_gen_intern(u->c, "<lambda>"), e->lineno);
    set_counts(body, e->Lambda.args);
    gen_at(body, e->Lambda.body);
    kr_unit_constant(body, NONE);
    kr_gen_begin_unit(body);
    Reg r = kr_gen_expr(body, e->Lambda.body, ANYWHERE);
    kr_unit_emit(body, OP_RETURN, r, 0, 0);
    u->top = base == NO_REGISTER ? mark : (uint32_t)base + 4;
    return kr_gen_make_function(u, body, base, want);
}
