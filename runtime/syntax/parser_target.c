/*
 * syntax/parser_target.c: what may be assigned to, looped over or deleted.
 *
 * A target is parsed as the operand it looks like and then judged: names, attributes and subscripts
 * are targets, tuples and lists of targets too. Its nodes' contexts are set afterwards.
 */
#include "runtime/syntax/parser_state.h"

static bool all_targets(const ExprSeq *elts) {
    for (size_t i = 0; i < elts->count; i++)
        if (!kr_parse_is_target(elts->items[i]))
            return false;
    return true;
}

bool kr_parse_is_target(const Expr *e) {
    switch (e->kind) {
    case EXPR_Name:
    case EXPR_Attribute:
    case EXPR_Subscript:
        return true;
    case EXPR_Starred:
        return e->Starred.value->kind != EXPR_Starred && kr_parse_is_target(e->Starred.value);
    case EXPR_Tuple:
        return all_targets(e->Tuple.elts);
    case EXPR_List:
        return all_targets(e->List.elts);
    default:
        return false;
    }
}

bool kr_parse_is_single_target(const Expr *e) {
    return e->kind == EXPR_Name || e->kind == EXPR_Attribute || e->kind == EXPR_Subscript;
}

void kr_parse_set_context(Expr *e, ExprContext ctx) {
    switch (e->kind) {
    case EXPR_Name: e->Name.ctx = ctx; break;
    case EXPR_Attribute: e->Attribute.ctx = ctx; break;
    case EXPR_Subscript: e->Subscript.ctx = ctx; break;
    case EXPR_Starred:
        e->Starred.ctx = ctx;
        kr_parse_set_context(e->Starred.value, ctx);
        break;
    case EXPR_Tuple:
        e->Tuple.ctx = ctx;
        for (size_t i = 0; i < e->Tuple.elts->count; i++)
            kr_parse_set_context(e->Tuple.elts->items[i], ctx);
        break;
    case EXPR_List:
        e->List.ctx = ctx;
        for (size_t i = 0; i < e->List.elts->count; i++)
            kr_parse_set_context(e->List.elts->items[i], ctx);
        break;
    default: break;
    }
}

/* A tree of the first pass is ours to change; those of the second are shared and thrown away. */
static Expr *as_target(Parser *p, Expr *e, ExprContext ctx) {
    if (!p->second)
        kr_parse_set_context(e, ctx);
    return e;
}

static void *star_target_rule(Parser *p) {
    uint32_t start = p->at;
    if (peek(p) == TOKEN_STAR) {
        p->at++;
        if (peek(p) == TOKEN_STAR)
            return fail(p);
        Expr *value = kr_parse_star_target(p);
        if (!value)
            return NULL;
        Expr *e = new_expr(p, EXPR_Starred, start);
        e->Starred.value = value;
        e->Starred.ctx = CTX_Store;
        return e;
    }
    Expr *e = kr_parse_primary(p);
    if (!e)
        return NULL;
    if (!kr_parse_is_target(e))
        return fail(p);
    return as_target(p, e, CTX_Store);
}

Expr *kr_parse_star_target(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_STAR_TARGET, star_target_rule);
    return star_target_rule(p);
}

Expr *kr_parse_star_targets(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Expr *first = kr_parse_star_target(p);
    if (!first || peek(p) != TOKEN_COMMA)
        return first;
    push(p, first);
    while (accept(p, TOKEN_COMMA)) {
        if (!kr_parse_starts_expression(peek(p)))
            break;
        Place here = place(p);
        Expr *next = kr_parse_star_target(p);
        if (!next) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
            break;
        }
        push(p, next);
    }
    Expr *e = new_expr(p, EXPR_Tuple, start);
    e->Tuple.elts = take(p, mark);
    e->Tuple.ctx = CTX_Store;
    return e;
}

Expr *kr_parse_single_target(Parser *p) {
    Expr *e = kr_parse_primary(p);
    if (!e)
        return NULL;
    if (!kr_parse_is_single_target(e))
        return fail(p);
    return as_target(p, e, CTX_Store);
}

static bool has_starred(const Expr *e) {
    const ExprSeq *elts = e->kind == EXPR_Tuple  ? e->Tuple.elts
                          : e->kind == EXPR_List ? e->List.elts
                                                 : NULL;
    if (!elts)
        return e->kind == EXPR_Starred;
    for (size_t i = 0; i < elts->count; i++)
        if (has_starred(elts->items[i]))
            return true;
    return false;
}

ExprSeq *kr_parse_del_targets(Parser *p) {
    uint32_t mark = p->top;
    for (;;) {
        Expr *e = kr_parse_primary(p);
        if (!e)
            return NULL;
        if (!kr_parse_is_target(e) || has_starred(e))
            return fail(p);
        push(p, as_target(p, e, CTX_Del));
        if (!accept(p, TOKEN_COMMA) || !kr_parse_starts_expression(peek(p)))
            return take(p, mark);
    }
}
