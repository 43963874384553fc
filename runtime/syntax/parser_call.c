/*
 * syntax/parser_call.c: the arguments of calls and class definitions.
 *
 * Positional arguments (and *iterables) come first, then keywords and *iterables, then keywords and
 * **mappings. Both kinds are collected on one stack and told apart by their node kind.
 */
#include "runtime/syntax/parser_state.h"

Expr *kr_parse_starred_expression(Parser *p) {
    uint32_t start = p->at;
    if (!expect(p, TOKEN_STAR))
        return NULL;
    Expr *value = kr_parse_expression(p);
    if (!value)
        return NULL;
    Expr *e = new_expr(p, EXPR_Starred, start);
    e->Starred.value = value;
    return e;
}

Expr *kr_parse_call_element(Parser *p) {
    if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_COLONEQUAL)
        return kr_parse_assignment_expression(p);
    Expr *e = kr_parse_expression(p);
    if (e && peek(p) == TOKEN_COLONEQUAL)
        return fail(p);
    return e;
}

/* (starred_expression | call element) !'=' */
static Expr *positional(Parser *p) {
    TokenType type = peek(p);
    if (type == TOKEN_DOUBLESTAR || (type == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL))
        return NULL;
    Expr *e = type == TOKEN_STAR ? kr_parse_starred_expression(p) : kr_parse_call_element(p);
    if (e && peek(p) == TOKEN_EQUAL)
        return fail(p);
    return e;
}

static Keyword *keyword(Parser *p, uint32_t start, Identifier *name) {
    Expr *value = kr_parse_expression(p);
    if (!value)
        return NULL;
    Keyword *k = finish(p, PRODUCT_Keyword, start);
    k->arg = name;
    k->value = value;
    return k;
}

/* kwarg_or_starred, or kwarg_or_double_starred once a ** was seen. */
static void *keyword_or_starred(Parser *p, bool *doubled) {
    if (is_invalid(p, kr_invalid_kwarg))
        return NULL;
    uint32_t start = p->at;
    switch (peek(p)) {
    case TOKEN_NAME:
        if (peek_second(p) != TOKEN_EQUAL) {
            p->at++;
            fail(p);
            p->at--;
            return NULL;
        }
        p->at += 2;
        return keyword(p, start, p->t[start].name);
    case TOKEN_STAR:
        return *doubled ? fail(p) : kr_parse_starred_expression(p);
    case TOKEN_DOUBLESTAR:
        *doubled = true;
        p->at++;
        return keyword(p, start, NULL);
    default:
        return fail(p);
    }
}

/* A bare generator as the only argument: its position includes the call's parentheses. */
static Expr *only_generator(Parser *p, uint32_t paren, Expr *elt) {
    ComprehensionSeq *generators = kr_parse_for_if_clauses(p);
    if (!generators || !expect(p, TOKEN_RPAR))
        return NULL;
    Expr *e = new_expr(p, EXPR_GeneratorExp, paren);
    e->GeneratorExp.elt = elt;
    e->GeneratorExp.generators = generators;
    p->at--;
    return e;
}

/* Pushes the arguments that are there. False: none, or an error. Ends before a trailing comma. */
static bool collect(Parser *p, uint32_t paren) {
    uint32_t mark = p->top;
    Place end = place(p); /* behind the last argument */
    bool positionals = true, doubled = false;
    for (;;) {
        Place here = place(p);
        void *argument = NULL;
        if (positionals) {
            argument = positional(p);
            if (p->raised)
                return false;
            if (argument && p->top == mark && paren != NO_TOKEN && kr_parse_starts_clause(p)) {
                argument = only_generator(p, paren, argument);
                if (!argument)
                    return false;
            }
            if (!argument) {
                restore(p, here);
                positionals = false;
            }
        }
        if (!argument)
            argument = keyword_or_starred(p, &doubled);
        if (!argument) {
            if (p->raised || p->top == mark)
                return false;
            restore(p, end);
            return true;
        }
        push(p, argument);
        end = place(p);
        if (!accept(p, TOKEN_COMMA))
            return true;
        if (peek(p) == TOKEN_RPAR) {
            fail(p);
            restore(p, end);
            return true;
        }
    }
}

Expr *kr_parse_args(Parser *p, uint32_t paren) {
    uint32_t start = p->at, mark = p->top;
    if (!collect(p, paren)) {
        p->top = mark;
        return NULL;
    }
    size_t total = p->top - mark, keywords = 0, k = 0, a = 0;
    for (size_t i = 0; i < total; i++)
        keywords += ((Node *)p->stack[mark + i])->kind == PRODUCT_Keyword;
    Expr *e = new_expr(p, EXPR_Call, start);
    e->Call.args = kr_ast_sequence(p->arena, total - keywords, NULL);
    e->Call.keywords = kr_ast_sequence(p->arena, keywords, NULL);
    for (size_t i = 0; i < total; i++) {
        Node *node = p->stack[mark + i];
        if (node->kind == PRODUCT_Keyword)
            e->Call.keywords->items[k++] = (Keyword *)node;
        else
            e->Call.args->items[a++] = (Expr *)node;
    }
    p->top = mark;
    return e;
}

/* args [','] &')' */
static void *arguments_rule(Parser *p) {
    Place start = place(p);
    Expr *e = kr_parse_args(p, NO_TOKEN);
    if (e) {
        accept(p, TOKEN_COMMA);
        if (peek(p) == TOKEN_RPAR)
            return e;
        fail(p);
    }
    if (p->raised)
        return NULL;
    restore(p, start);
    is_invalid(p, kr_invalid_arguments);
    return NULL;
}

Expr *kr_parse_arguments(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_ARGUMENTS, arguments_rule);
    return arguments_rule(p);
}
