/*
 * syntax/parser_match.c: the match statement. Its patterns are in parser_pattern.c.
 *
 * `match` and `case` are ordinary names elsewhere: the statement is tried first, and when it does
 * not parse the caller starts again with an expression.
 */
#include "runtime/syntax/parser_state.h"

Expr *kr_parse_subject_expr(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Expr *first = kr_parse_star_named_expression(p);
    if (!first)
        return NULL;
    if (peek(p) != TOKEN_COMMA)
        return first->kind == EXPR_Starred ? fail(p) : first;
    push(p, first);
    while (accept(p, TOKEN_COMMA)) {
        if (!kr_parse_starts_expression(peek(p)))
            break;
        Expr *next = kr_parse_star_named_expression(p);
        if (!next)
            return NULL;
        push(p, next);
    }
    Expr *e = new_expr(p, EXPR_Tuple, start);
    e->Tuple.elts = take(p, mark);
    return e;
}

/* "case" patterns ['if' named_expression] ':' block */
static MatchCase *case_block(Parser *p) {
    if (!kr_parse_is_word(p, "case"))
        return fail(p);
    uint32_t start = p->at++;
    Pattern *pattern = kr_parse_patterns(p);
    if (!pattern)
        return NULL;
    Expr *guard = NULL;
    if (accept(p, TOKEN_IF)) {
        guard = kr_parse_named_expression(p);
        if (!guard)
            return NULL;
    }
    if (kr_invalid_colon(p) || !expect(p, TOKEN_COLON) ||
        kr_invalid_indent(p, "'case' statement", start))
        return NULL;
    StmtSeq *body = kr_parse_block(p);
    if (!body)
        return NULL;
    MatchCase *c = kr_parse_finish_statement(p, PRODUCT_MatchCase, start);
    c->pattern = pattern;
    c->guard = guard;
    c->body = body;
    return c;
}

Stmt *kr_parse_match_stmt(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    Expr *subject = kr_parse_subject_expr(p);
    if (!subject || kr_invalid_colon(p) || !expect(p, TOKEN_COLON))
        return NULL;
    if (kr_invalid_indent(p, "'match' statement", start))
        return NULL;
    if (!expect(p, TOKEN_NEWLINE) || !expect(p, TOKEN_INDENT))
        return NULL;
    do {
        MatchCase *c = case_block(p);
        if (!c)
            return NULL;
        push(p, c);
    } while (peek(p) != TOKEN_DEDENT);
    p->at++;
    Stmt *s = kr_parse_finish_statement(p, STMT_Match, start);
    s->Match.subject = subject;
    s->Match.cases = take(p, mark);
    return s;
}
