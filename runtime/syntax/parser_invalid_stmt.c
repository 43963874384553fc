/*
 * syntax/parser_invalid_stmt.c: likely mistakes in statements and patterns. Second pass only; see
 * parser_invalid.c.
 */
#include "runtime/syntax/parser_state.h"

/* ---- assignments -------------------------------------------------------------------------- */

/* list | tuple | '(' the same ')' */
static Expr *display_target(Parser *p) {
    const Token *t = &p->t[p->at];
    if (t->type != TOKEN_LPAR && t->type != TOKEN_LSQB)
        return fail(p);
    Expr *e = kr_parse_atom(p);
    return e && (e->kind == EXPR_List || e->kind == EXPR_Tuple) ? e : NULL;
}

static void annotated_display(Parser *p) {
    Expr *a = display_target(p);
    if (a && expect(p, TOKEN_COLON) && kr_parse_expression(p))
        kr_syntax_error_raise(p, span_of(a), "only single target (not %s) can be annotated",
                              kr_syntax_error_expr_name(a));
}

static void annotated_tuple(Parser *p) {
    Expr *a = kr_parse_star_named_expression(p);
    if (!a || !expect(p, TOKEN_COMMA))
        return;
    for (;;) {
        Place here = place(p);
        if (!kr_parse_star_named_expression(p)) {
            restore(p, here);
            break;
        }
        accept(p, TOKEN_COMMA);
    }
    if (!p->raised && expect(p, TOKEN_COLON) && kr_parse_expression(p))
        kr_syntax_error_raise(p, span_of(a), "only single target (not tuple) can be annotated");
}

static void annotated_expression(Parser *p) {
    Expr *a = kr_parse_expression(p);
    if (a && expect(p, TOKEN_COLON) && kr_parse_expression(p))
        kr_syntax_error_raise(p, span_of(a), "illegal target for annotation");
}

/* (star_targets '=')* */
static void skip_targets(Parser *p) {
    for (;;) {
        Place here = place(p);
        if (!kr_parse_star_targets(p) || !expect(p, TOKEN_EQUAL)) {
            restore(p, here);
            return;
        }
    }
}

static void assigned_expression(Parser *p) {
    skip_targets(p);
    Place here = place(p);
    Expr *a = p->raised ? NULL : kr_parse_star_expressions(p);
    if (a && at_token(p, TOKEN_EQUAL)) {
        kr_syntax_error_raise_target(p, a, TARGET_STAR);
        return;
    }
    if (p->raised)
        return;
    restore(p, here);
    a = kr_parse_yield_expr(p);
    if (a && at_token(p, TOKEN_EQUAL))
        kr_syntax_error_raise(p, span_of(a), "assignment to yield expression not possible");
}

static void augmented_expression(Parser *p) {
    Expr *a = kr_parse_star_expressions(p);
    if (!a || peek(p) < TOKEN_PLUSEQUAL || peek(p) > TOKEN_DOUBLESLASHEQUAL)
        return;
    p->at++;
    if (kr_parse_annotated_rhs(p))
        kr_syntax_error_raise(p, span_of(a),
                              "'%s' is an illegal expression for augmented assignment",
                              kr_syntax_error_expr_name(a));
}

void kr_invalid_assignment(Parser *p) {
    static void (*const forms[])(Parser *) = {
        annotated_display,   annotated_tuple,      annotated_expression,
        assigned_expression, augmented_expression,
    };
    Place start = place(p);
    for (size_t i = 0; i < sizeof forms / sizeof *forms && !p->raised; i++) {
        restore(p, start);
        forms[i](p);
    }
}

void kr_invalid_del_stmt(Parser *p) {
    p->at++;
    Expr *a = kr_parse_star_expressions(p);
    if (a)
        kr_syntax_error_raise_target(p, a, TARGET_DEL);
}

void kr_invalid_import_from_targets(Parser *p) {
    do {
        if (!expect(p, TOKEN_NAME) || (accept(p, TOKEN_AS) && !expect(p, TOKEN_NAME)))
            return;
    } while (peek(p) == TOKEN_COMMA && peek_second(p) == TOKEN_NAME && accept(p, TOKEN_COMMA));
    if (expect(p, TOKEN_COMMA) && peek(p) == TOKEN_NEWLINE) {
        fail(p);
        kr_syntax_error_raise_last(
            p, SYNTAX_ERROR, "trailing comma not allowed without surrounding parentheses");
    }
}

/* ---- with --------------------------------------------------------------------------------- */

void kr_invalid_with_item(Parser *p) {
    if (!kr_parse_expression(p) || !expect(p, TOKEN_AS))
        return;
    Expr *a = kr_parse_expression(p);
    TokenType type = peek(p);
    if (a && (type == TOKEN_COMMA || type == TOKEN_RPAR || type == TOKEN_COLON)) {
        fail(p);
        kr_syntax_error_raise_target(p, a, TARGET_STAR);
    }
}

/* ','.(item ['as' star_target])+ */
static bool items(Parser *p, Expr *(*item)(Parser *p)) {
    Place end = place(p);
    bool any = false;
    while (item(p)) {
        any = true;
        Place here = place(p);
        if (accept(p, TOKEN_AS) && !kr_parse_star_target(p))
            restore(p, here);
        end = place(p);
        if (p->raised || !accept(p, TOKEN_COMMA))
            break;
    }
    restore(p, end);
    return any && !p->raised;
}

/* Behind 'with', plain or in parentheses. */
static bool with_head(Parser *p, bool parenthesized) {
    if (!parenthesized)
        return items(p, kr_parse_expression);
    if (!expect(p, TOKEN_LPAR) || !items(p, kr_parse_expressions))
        return false;
    accept(p, TOKEN_COMMA);
    return expect(p, TOKEN_RPAR);
}

void kr_invalid_with_stmt(Parser *p) {
    accept(p, TOKEN_ASYNC);
    p->at++;
    Place start = place(p);
    for (int form = 0; form < 2 && !p->raised; form++) {
        restore(p, start);
        if (with_head(p, form == 1) && kr_invalid_colon(p))
            return;
    }
}

void kr_invalid_with_stmt_indent(Parser *p) {
    accept(p, TOKEN_ASYNC);
    uint32_t word = p->at++;
    Place start = place(p);
    for (int form = 0; form < 2 && !p->raised; form++) {
        restore(p, start);
        if (with_head(p, form == 1) && expect(p, TOKEN_COLON) &&
            kr_invalid_indent(p, "'with' statement", word))
            return;
    }
}

/* ---- try ---------------------------------------------------------------------------------- */

/* [expression ['as' NAME]] behind an `except`, its star read; the colon comes next. */
static bool handler_head(Parser *p, bool optional) {
    if (!(optional && peek(p) == TOKEN_COLON)) {
        if (!kr_parse_expression(p))
            return false;
        if (accept(p, TOKEN_AS) && !expect(p, TOKEN_NAME))
            return false;
    }
    return at_token(p, TOKEN_COLON);
}

/* Handlers of one kind followed by one of the other. */
static void mixed_handlers(Parser *p, bool star) {
    bool any = false;
    for (;;) {
        Place here = place(p);
        if (!kr_parse_except_block(p, star)) {
            restore(p, here);
            break;
        }
        any = true;
    }
    if (p->raised || !any || peek(p) != TOKEN_EXCEPT)
        return;
    static const char message[] = "cannot have both 'except' and 'except*' on the same 'try'";
    Span word = span_of_token(&p->t[p->at++]);
    const Token *second = &p->t[p->at];
    if (!star) {
        if (accept(p, TOKEN_STAR) && handler_head(p, false))
            kr_syntax_error_raise(p, span_join(word, span_of_token(second)), message);
    } else if (handler_head(p, true)) {
        kr_syntax_error_raise(p, word, message);
    }
}

void kr_invalid_try_stmt(Parser *p) {
    uint32_t word = p->at++;
    if (!expect(p, TOKEN_COLON) || kr_invalid_indent(p, "'try' statement", word))
        return;
    Place start = place(p);
    if (kr_parse_block(p)) {
        if (peek(p) != TOKEN_EXCEPT && peek(p) != TOKEN_FINALLY) {
            fail(p);
            kr_syntax_error_raise_last(p, SYNTAX_ERROR,
                                       "expected 'except' or 'finally' block");
            return;
        }
        start = place(p);
    }
    if (p->raised)
        return;
    restore(p, start);
    mixed_handlers(p, false);
    if (p->raised)
        return;
    restore(p, start);
    mixed_handlers(p, true);
}

void kr_invalid_except_stmt(Parser *p) {
    p->at++;
    bool star = accept(p, TOKEN_STAR);
    if (star && (peek(p) == TOKEN_NEWLINE || peek(p) == TOKEN_COLON)) {
        fail(p);
        kr_syntax_error_raise_last(p, SYNTAX_ERROR, "expected one or more exception types");
        return;
    }
    if (kr_invalid_colon(p))
        return;
    Place start = place(p);
    Expr *a = kr_parse_expression(p);
    if (a && expect(p, TOKEN_COMMA) && kr_parse_expressions(p)) {
        bool named = accept(p, TOKEN_AS);
        if (named && expect(p, TOKEN_NAME) && at_token(p, TOKEN_COLON)) {
            kr_syntax_error_raise_from(p, a, "multiple exception types must be parenthesized");
            return;
        }
    }
    if (p->raised)
        return;
    restore(p, start);
    if (kr_parse_expressions(p) && (!accept(p, TOKEN_AS) || expect(p, TOKEN_NAME)))
        kr_invalid_colon(p);
}

void kr_invalid_except_stmt_indent(Parser *p, bool star) {
    uint32_t word = p->at++;
    if (star)
        p->at++;
    if (handler_head(p, !star) && accept(p, TOKEN_COLON))
        kr_invalid_indent(p, star ? "'except*' statement" : "'except' statement", word);
}

/* ---- patterns ----------------------------------------------------------------------------- */

void kr_invalid_as_pattern(Parser *p) {
    if (!kr_parse_or_pattern(p) || !expect(p, TOKEN_AS))
        return;
    if (kr_parse_is_word(p, "_")) {
        kr_syntax_error_raise(p, span_of_token(&p->t[p->at]), "cannot use '_' as a target");
        return;
    }
    if (peek(p) == TOKEN_NAME)
        return;
    Expr *a = kr_parse_expression(p);
    if (a)
        kr_syntax_error_raise(p, span_of(a), "invalid pattern target");
}

/* ','.pattern+: the first and the last; false if there is none. */
static bool positional_patterns(Parser *p, Pattern **first, Pattern **last) {
    *first = *last = NULL;
    Place end = place(p);
    for (;;) {
        Pattern *pattern = kr_parse_pattern(p);
        if (!pattern)
            break;
        if (!*first)
            *first = pattern;
        *last = pattern;
        end = place(p);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    restore(p, end);
    return *first && !p->raised;
}

static bool keyword_patterns(Parser *p) {
    Place end = place(p);
    bool any = false;
    while (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
        p->at += 2;
        if (!kr_parse_pattern(p))
            break;
        any = true;
        end = place(p);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    restore(p, end);
    return any && !p->raised;
}

void kr_invalid_class_pattern(Parser *p) {
    while (accept(p, TOKEN_NAME) && accept(p, TOKEN_DOT))
        continue;
    if (!expect(p, TOKEN_LPAR))
        return;
    Pattern *first, *last;
    Place start = place(p);
    if (!positional_patterns(p, &first, &last) || !expect(p, TOKEN_COMMA))
        restore(p, start);
    if (p->raised || !keyword_patterns(p) || !expect(p, TOKEN_COMMA))
        return;
    if (positional_patterns(p, &first, &last))
        kr_syntax_error_raise(p, span_join(span_of(first), span_of(last)),
                              "positional patterns follow keyword patterns");
}
