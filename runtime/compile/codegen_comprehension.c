/* codegen_comprehension.c: comprehensions and generator expressions.
 *
 * An inlined comprehension (scopes.h) is a loop in place, its targets in temporaries. The others
 * are functions of one parameter, `.0`, the iterator of the outermost iterable, which is
 * evaluated outside. */
#include "runtime/compile/compiler.h"

typedef struct Parts { /* what all four kinds have */
    ComprehensionSeq *generators;
    Expr *element, *value; /* value: of a dict comprehension, whose key is `element` */
    ComprehensionKind kind;
} Parts;

static Parts parts_of(Expr *e)
{
    switch (e->kind) {
    case EXPR_ListComp:
        return (Parts){e->ListComp.generators, e->ListComp.elt, NULL, LIST_COMPREHENSION};
    case EXPR_SetComp:
        return (Parts){e->SetComp.generators, e->SetComp.elt, NULL, SET_COMPREHENSION};
    case EXPR_DictComp:
        return (Parts){e->DictComp.generators, e->DictComp.key, e->DictComp.value,
                       DICT_COMPREHENSION};
    default:
        return (Parts){e->GeneratorExp.generators, e->GeneratorExp.elt, NULL, GENERATOR_EXPRESSION};
    }
}

static void add_element(Unit *u, const Parts *p, Reg acc)
{
    uint32_t mark = u->top;
    Position at = u->at;
    Reg r;
    switch (p->kind) {
    case LIST_COMPREHENSION:
        r = kr_gen_expr(u, p->element, ANYWHERE);
        gen_at(u, p->element);
        kr_unit_emit(u, OP_LIST_APPEND, acc, r, 0);
        break;
    case SET_COMPREHENSION:
        r = kr_gen_expr(u, p->element, ANYWHERE);
        gen_at(u, p->element);
        kr_unit_emit(u, OP_SET_ADD, acc, r, 0);
        break;
    case DICT_COMPREHENSION:
        r = kr_gen_operand(u, p->element, p->value);
        Reg value = kr_gen_expr(u, p->value, ANYWHERE);
        gen_at(u, p->element);
        kr_unit_emit(u, OP_MAP_SET, acc, r, value);
        break;
    default:
        r = kr_gen_expr(u, p->element, ANYWHERE);
        gen_at(u, p->element);
        if (u->is_async) {
            Reg wrapped = kr_unit_push(u);
            kr_unit_emit(u, OP_ASYNC_GEN_WRAP, wrapped, r, 0);
            r = wrapped;
        }
        u->top = mark;
        kr_unit_emit(u, OP_YIELD, kr_unit_push(u), r, 0);
    }
    u->at = at;
    u->top = mark;
}

/* The one item of `for x in [item]`, or NULL. */
static Expr *single_item(Expr *iterable)
{
    ExprSeq *items = iterable->kind == EXPR_List    ? iterable->List.elts
                     : iterable->kind == EXPR_Tuple ? iterable->Tuple.elts
                                                    : NULL;
    return items && items->count == 1 && items->items[0]->kind != EXPR_Starred ? items->items[0]
                                                                               : NULL;
}

static void conditions(Unit *u, Comprehension *g, uint32_t skip)
{
    for (size_t i = 0; i < g->ifs->count; i++) kr_gen_jump_if(u, g->ifs->items[i], skip, false);
}

/* Generators from number `index` on. The iterator of the first one is in `iterator`. */
static void loops(Unit *u, Expr *e, const Parts *p, size_t index, Reg iterator, Reg acc)
{
    if (index == p->generators->count) {
        add_element(u, p, acc);
        return;
    }
    Comprehension *g = p->generators->items[index];
    uint32_t mark = u->top, head = kr_unit_label(u), skip = kr_unit_label(u),
             end = kr_unit_label(u);
    Expr *single = index && !g->is_async ? single_item(g->iter) : NULL;
    if (single) { /* `for y in [f(x)]` names a value: no loop */
        Reg variable = kr_gen_target_register(u, g->target);
        Reg r = kr_gen_expr(u, single, variable);
        if (variable == NO_REGISTER) kr_gen_store(u, g->target, r);
        u->top = mark;
        conditions(u, g, skip);
        loops(u, e, p, index + 1, NO_REGISTER, acc);
        kr_unit_place(u, skip);
        return;
    }
    if (index) {
        iterator = kr_unit_push(u);
        Reg r = kr_gen_near(u, g->iter, iterator);
        kr_unit_emit(u, g->is_async ? OP_GET_AITER : OP_GET_ITER, iterator, r, 0);
    }
    uint32_t keep = u->top;
    Reg variable = kr_gen_target_register(u, g->target);
    Reg item = variable != NO_REGISTER ? variable : kr_unit_push(u);
    kr_unit_place_head(u, head);
    uint16_t guard = 0;
    uint32_t handler = kr_unit_label(u);
    Reg exception = NO_REGISTER;
    if (g->is_async) {
        exception = kr_unit_push(u);
        guard = kr_gen_async_step(u, iterator, item, exception, handler);
    } else {
        kr_unit_emit(u, OP_FOR_ITER, item, iterator, 0);
        kr_unit_emit_extra(u, variable == NO_REGISTER, 0);
        kr_unit_note_jump(u, end);
    }
    if (variable == NO_REGISTER)
        kr_gen_store(u, g->target, item);
    else
        kr_unit_assign(u, variable);
    if (!g->is_async) u->top = keep;
    conditions(u, g, skip);
    loops(u, e, p, index + 1, NO_REGISTER, acc);
    kr_unit_place(u, skip);
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP_BACK, 0, head);
    gen_at(u, e);
    if (g->is_async)
        kr_gen_async_end(u, guard, handler, exception);
    else
        kr_unit_place(u, end);
    u->top = mark;
}

static void build_empty(Unit *u, ComprehensionKind kind, Reg acc)
{
    if (kind == GENERATOR_EXPRESSION) return;
    kr_unit_emit(u,
                 kind == LIST_COMPREHENSION  ? OP_BUILD_LIST
                 : kind == SET_COMPREHENSION ? OP_BUILD_SET
                                             : OP_BUILD_MAP,
                 acc, acc, 0);
}

static Reg inlined(Unit *u, Expr *e, const Parts *p, Scope *scope, Reg want)
{
    uint32_t mark = u->top;
    Reg acc = want != ANYWHERE && is_temporary(u, want) ? want : kr_unit_push(u);
    Reg iterator = kr_unit_push(u);
    Comprehension *first = p->generators->items[0];
    Reg r = kr_gen_near(u, first->iter, iterator);
    kr_unit_emit(u, first->is_async ? OP_GET_AITER : OP_GET_ITER, iterator, r, 0);
    build_empty(u, p->kind, acc);
    Overlay overlay;
    kr_gen_enter_overlay(u, &overlay, scope);
    loops(u, e, p, 0, iterator, acc);
    kr_gen_leave_overlay(u, &overlay);
    u->top = mark;
    if (want == ANYWHERE)
        u->top = (uint32_t)acc + 1;
    else if (want != acc)
        kr_gen_move(u, want, acc);
    return want == ANYWHERE ? acc : want;
}

static Unit *function_body(Unit *u, Expr *e, const Parts *p, Scope *scope)
{
    static const char *const names[] = {"", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"};
    Unit *body = kr_gen_function_unit(u, scope, UNIT_COMPREHENSION,
                                      kr_gen_intern(u->c, names[p->kind]), e->lineno);
    body->argument_count = 1;
    body->is_async = scope->coroutine;
    gen_at(body, e);
    kr_gen_begin_unit(body);
    Reg acc = p->kind == GENERATOR_EXPRESSION ? NO_REGISTER : kr_unit_push(body);
    build_empty(body, p->kind, acc);
    loops(body, e, p, 0, 0, acc);
    if (p->kind == GENERATOR_EXPRESSION)
        kr_gen_finish(body, true);
    else
        kr_unit_emit(body, OP_RETURN, acc, 0, 0);
    return body;
}

Reg kr_gen_comprehension(Unit *u, Expr *e, Reg want)
{
    Parts p = parts_of(e);
    Scope *scope = kr_scopes_of(&u->c->scopes, e);
    bool top_level = u->c->flags & COMPILE_TOP_LEVEL_AWAIT && u->kind == UNIT_MODULE;
    bool awaits = scope->coroutine && p.kind != GENERATOR_EXPRESSION;
    if (awaits && !top_level && u->kind != UNIT_COMPREHENSION &&
        !(u->kind == UNIT_FUNCTION && u->is_async)) {
        kr_unit_error(u, e, "asynchronous comprehension outside of an asynchronous function");
        return kr_gen_dest(u, want);
    }
    if (scope->inlined) return inlined(u, e, &p, scope, want);
    uint32_t mark = u->top;
    Unit *body = function_body(u, e, &p, scope);
    Reg base = kr_unit_push_n(u, 2);
    kr_gen_make_function(u, body, NO_REGISTER, base);
    Comprehension *first = p.generators->items[0];
    Reg r = kr_gen_near(u, first->iter, (Reg)(base + 1));
    kr_unit_emit(u, first->is_async ? OP_GET_AITER : OP_GET_ITER, (uint16_t)(base + 1), r, 0);
    u->top = mark;
    if (!awaits) {
        Reg dest = kr_gen_dest(u, want);
        kr_unit_emit(u, OP_CALL, dest, base, 1);
        kr_unit_assign(u, dest);
        return dest;
    }
    kr_unit_emit(u, OP_CALL, base, base, 1);
    return kr_gen_await(u, base, 0, want);
}
