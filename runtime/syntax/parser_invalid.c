/*
 * syntax/parser_invalid.c: likely mistakes in expressions. Second pass only.
 *
 * Each function tries its forms in CPython's order; the first that matches raises. Between forms
 * the parser steps back to where the rule began. What a rule reads goes through the ordinary
 * functions, so that a mistake inside is named before the one around it.
 */
#include <string.h>

#include "runtime/syntax/parser_state.h"

bool kr_invalid_colon(Parser *p) {
    if (!p->invalid || peek(p) != TOKEN_NEWLINE)
        return false;
    fail(p);
    kr_syntax_error_raise_last(p, SYNTAX_ERROR, "expected ':'");
    return true;
}

bool kr_invalid_indent(Parser *p, const char *after, uint32_t start) {
    if (!p->invalid || peek(p) != TOKEN_NEWLINE || peek_second(p) == TOKEN_INDENT)
        return false;
    p->at++;
    fail(p);
    kr_syntax_error_raise_last(p, SYNTAX_INDENTATION,
                               "expected an indented block after %s on line %d", after,
                               p->t[start].lineno);
    return true;
}

static bool is_legacy(const Expr *e) {
    return e->kind == EXPR_Name &&
           (!strcmp(e->Name.id->text, "print") || !strcmp(e->Name.id->text, "exec"));
}

static bool is_string(TokenType type) {
    return type == TOKEN_STRING || type == TOKEN_FSTRING_START;
}

/* ---- expression --------------------------------------------------------------------------- */

/* CPython takes beginnings of its soft keywords for soft keywords here: `c`, `mat`. */
static bool is_like_soft_keyword(const Token *t) {
    size_t length = t->name->length;
    const char *text = t->name->text;
    return !strncmp("case", text, length) || !strncmp("match", text, length) || !strcmp("_", text);
}

/* Two expressions side by side inside brackets. */
static void missing_comma(Parser *p) {
    const Token *t = &p->t[p->at];
    if (t->type == TOKEN_NAME && (is_like_soft_keyword(t) || is_string(peek_second(p))))
        return;
    Expr *a = kr_parse_disjunction(p);
    Expr *b = a ? kr_parse_expression_without_invalid(p) : NULL;
    if (!b || is_legacy(a) || p->t[p->at - 1].level == 0)
        return;
    kr_syntax_error_raise(p, span_join(span_of(a), span_of(b)),
                          "invalid syntax. Perhaps you forgot a comma?");
}

static void missing_else(Parser *p) {
    Expr *a = kr_parse_disjunction(p);
    if (!a || !expect(p, TOKEN_IF))
        return;
    Expr *b = kr_parse_disjunction(p);
    if (!b || peek(p) == TOKEN_ELSE || peek(p) == TOKEN_COLON)
        return;
    fail(p);
    kr_syntax_error_raise(p, span_join(span_of(a), span_of(b)),
                          "expected 'else' after 'if' expression");
}

/* print x, exec x */
static void legacy_expression(Parser *p) {
    if (peek(p) != TOKEN_NAME || peek_second(p) == TOKEN_LPAR)
        return;
    Expr *a = kr_parse_name(p, CTX_Load);
    Expr *b = kr_parse_star_expressions(p);
    if (!b || !is_legacy(a))
        return;
    const char *name = a->Name.id->text;
    kr_syntax_error_raise(p, span_join(span_of(a), span_of(b)),
                          "Missing parentheses in call to '%s'. Did you mean %s(...)?", name, name);
}

/* A lambda in a field of an f-string: its colon ends the field. */
static void lambda_in_fstring(Parser *p) {
    if (peek(p) != TOKEN_LAMBDA)
        return;
    uint32_t start = p->at++;
    if (peek(p) != TOKEN_COLON && !kr_parse_params(p, true))
        return;
    uint32_t colon = p->at;
    if (!expect(p, TOKEN_COLON) || !(p->t[colon].flags & TOKEN_SPEC))
        return;
    kr_syntax_error_raise(p, span_join(span_of_token(&p->t[start]), span_of_token(&p->t[colon])),
                          "f-string: lambda expressions are not allowed without parentheses");
}

void kr_invalid_expression(Parser *p) {
    Place start = place(p);
    missing_comma(p);
    restore(p, start);
    if (!p->raised)
        missing_else(p);
    restore(p, start);
    if (!p->raised)
        lambda_in_fstring(p);
    restore(p, start);
    if (!p->raised)
        legacy_expression(p);
}

/* list | tuple | genexp | 'True' | 'None' | 'False': never a comparison's left side. */
static bool is_display_or_constant(Parser *p) {
    TokenType type = peek(p);
    if (type == TOKEN_TRUE || type == TOKEN_FALSE || type == TOKEN_NONE)
        return true;
    if (type != TOKEN_LPAR && type != TOKEN_LSQB)
        return false;
    const Token *t = &p->t[p->at];
    Place here = place(p);
    Expr *e = kr_parse_atom(p);
    restore(p, here);
    /* A node that begins behind the bracket is one in parentheses of its own. */
    return e && e->lineno == t->lineno && e->col_offset == t->col_offset &&
           (e->kind == EXPR_List || e->kind == EXPR_Tuple || e->kind == EXPR_GeneratorExp);
}

void kr_invalid_named_expression(Parser *p) {
    Place start = place(p);
    Expr *a = kr_parse_expression(p);
    if (a && expect(p, TOKEN_COLONEQUAL) && kr_parse_expression(p)) {
        kr_syntax_error_raise(p, span_of(a), "cannot use assignment expressions with %s",
                              kr_syntax_error_expr_name(a));
        return;
    }
    if (p->raised)
        return;
    restore(p, start);
    if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
        a = kr_parse_name(p, CTX_Load);
        p->at++;
        Expr *b = kr_parse_bitwise_or(p);
        if (b && peek(p) != TOKEN_EQUAL && peek(p) != TOKEN_COLONEQUAL) {
            fail(p);
            kr_syntax_error_raise(p, span_join(span_of(a), span_of(b)),
                                  "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
            return;
        }
        if (p->raised)
            return;
        restore(p, start);
    }
    if (is_display_or_constant(p) || p->raised)
        return;
    a = kr_parse_bitwise_or(p);
    if (a && expect(p, TOKEN_EQUAL) && kr_parse_bitwise_or(p) && peek(p) != TOKEN_EQUAL &&
        peek(p) != TOKEN_COLONEQUAL) {
        fail(p);
        kr_syntax_error_raise(p, span_of(a),
                              "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                              kr_syntax_error_expr_name(a));
    }
}

/* ---- displays and comprehensions ---------------------------------------------------------- */

void kr_invalid_group(Parser *p) {
    Place start = place(p);
    if (!expect(p, TOKEN_LPAR))
        return;
    if (peek(p) == TOKEN_STAR) {
        Expr *a = kr_parse_starred_expression(p);
        if (a && at_token(p, TOKEN_RPAR))
            kr_syntax_error_raise(p, span_of(a), "cannot use starred expression here");
        return;
    }
    const Token *stars = &p->t[p->at];
    if (accept(p, TOKEN_DOUBLESTAR) && kr_parse_expression(p) && at_token(p, TOKEN_RPAR))
        kr_syntax_error_raise(p, span_of_token(stars), "cannot use double starred expression here");
    restore(p, start);
}

/* star_named_expression (',' star_named_expression)* [','], at least one: the last, or NULL. */
static Expr *star_named_expressions(Parser *p) {
    Expr *last = NULL;
    for (;;) {
        Place here = place(p);
        Expr *e = kr_parse_star_named_expression(p);
        if (!e) {
            restore(p, here);
            return p->raised ? NULL : last;
        }
        last = e;
        if (!accept(p, TOKEN_COMMA))
            return last;
    }
}

void kr_invalid_comprehension(Parser *p) {
    static const char forgotten[] = "did you forget parentheses around the comprehension target?";
    TokenType bracket = peek(p);
    p->at++;
    Place start = place(p);
    if (peek(p) == TOKEN_STAR) {
        Expr *a = kr_parse_starred_expression(p);
        if (a && kr_parse_for_if_clauses(p)) {
            kr_syntax_error_raise(p, span_of(a),
                                  "iterable unpacking cannot be used in comprehension");
            return;
        }
        if (p->raised)
            return;
        restore(p, start);
    }
    if (bracket == TOKEN_LPAR)
        return;
    Expr *a = kr_parse_star_named_expression(p);
    const Token *comma = &p->t[p->at];
    if (!a || !expect(p, TOKEN_COMMA))
        return;
    Place behind = place(p);
    Expr *b = star_named_expressions(p);
    if (b && kr_parse_for_if_clauses(p)) {
        kr_syntax_error_raise(p, span_join(span_of(a), span_of(b)), forgotten);
        return;
    }
    if (p->raised)
        return;
    restore(p, behind);
    if (kr_parse_for_if_clauses(p))
        kr_syntax_error_raise(p, span_join(span_of(a), span_of_token(comma)), forgotten);
}

void kr_invalid_dict_comprehension(Parser *p) {
    p->at++;
    const Token *stars = &p->t[p->at];
    if (accept(p, TOKEN_DOUBLESTAR) && kr_parse_bitwise_or(p) && kr_parse_for_if_clauses(p) &&
        at_token(p, TOKEN_RBRACE))
        kr_syntax_error_raise(p, span_of_token(stars),
                              "dict unpacking cannot be used in dict comprehension");
}

/* expression ':' '*' bitwise_or | expression ':' &('}' | ',') */
static void invalid_value(Parser *p) {
    if (!kr_parse_expression(p))
        return;
    const Token *colon = &p->t[p->at];
    if (!expect(p, TOKEN_COLON))
        return;
    TokenType type = peek(p);
    uint32_t star = p->at;
    if (accept(p, TOKEN_STAR)) {
        if (kr_parse_bitwise_or(p)) {
            fail(p);
            Span span = span_of_token(&p->t[star]);
            Node node = {0, span.lineno, span.col_offset, span.end_lineno, span.end_col_offset};
            kr_syntax_error_raise_from(p, &node,
                                       "cannot use a starred expression in a dictionary value");
        }
        return;
    }
    fail(p);
    if (type == TOKEN_RBRACE || type == TOKEN_COMMA)
        kr_syntax_error_raise(p, span_of_token(colon),
                              "expression expected after dictionary key and ':'");
}

/* '**' bitwise_or | expression ':' expression */
static bool key_value(Parser *p) {
    if (accept(p, TOKEN_DOUBLESTAR))
        return kr_parse_bitwise_or(p) != NULL;
    return kr_parse_expression(p) && expect(p, TOKEN_COLON) && kr_parse_expression(p);
}

/* Behind the opening brace. On in every pass that explains, as its rule is in CPython. */
void kr_invalid_double_starred_kvpairs(Parser *p) {
    Place start = place(p), end = start;
    bool pairs = false;
    while (key_value(p)) {
        pairs = true;
        end = place(p);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (p->raised)
        return;
    restore(p, end);
    if (pairs && expect(p, TOKEN_COMMA)) {
        Place here = place(p);
        Expr *a = kr_parse_expression(p);
        if (a && peek(p) != TOKEN_COLON) {
            fail(p);
            Span span = {a->lineno, a->end_col_offset - 1, a->end_lineno, -1};
            kr_syntax_error_raise(p, span, "':' expected after dictionary key");
            return;
        }
        if (p->raised)
            return;
        restore(p, here);
        invalid_value(p);
        if (p->raised)
            return;
    }
    restore(p, start);
    invalid_value(p);
}

void kr_invalid_for_target(Parser *p) {
    accept(p, TOKEN_ASYNC);
    if (!expect(p, TOKEN_FOR))
        return;
    Expr *a = kr_parse_star_expressions(p);
    if (a)
        kr_syntax_error_raise_target(p, a, TARGET_FOR);
}

/* ---- calls -------------------------------------------------------------------------------- */

static Span last_of_clauses(const ComprehensionSeq *clauses) {
    const Comprehension *last = clauses->items[clauses->count - 1];
    return span_of(last->ifs->count ? last->ifs->items[last->ifs->count - 1] : last->iter);
}

static void unparenthesized(Parser *p, const Expr *from, const ComprehensionSeq *clauses) {
    kr_syntax_error_raise(p, span_join(span_of(from), last_of_clauses(clauses)),
                          "Generator expression must be parenthesized");
}

/* NAME '=' expression for_if_clauses */
static void keyword_generator(Parser *p) {
    if (peek(p) != TOKEN_NAME || peek_second(p) != TOKEN_EQUAL)
        return;
    Span span = span_join(span_of_token(&p->t[p->at]), span_of_token(&p->t[p->at + 1]));
    p->at += 2;
    if (kr_parse_expression(p) && kr_parse_for_if_clauses(p))
        kr_syntax_error_raise(p, span,
                              "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
}

static void positional_after_keyword(Parser *p, const Expr *call) {
    for (size_t i = 0; i < call->Call.keywords->count; i++)
        if (!call->Call.keywords->items[i]->arg) {
            kr_syntax_error_raise_last(
                p, SYNTAX_ERROR, "positional argument follows keyword argument unpacking");
            return;
        }
    kr_syntax_error_raise_last(p, SYNTAX_ERROR, "positional argument follows keyword argument");
}

void kr_invalid_arguments(Parser *p) {
    Place start = place(p);
    Expr *a = kr_parse_args(p, NO_TOKEN);
    if (p->raised)
        return;
    Place after_args = place(p);
    if (a && expect(p, TOKEN_COMMA) && at_token(p, TOKEN_STAR)) {
        kr_syntax_error_raise(p, span_of(a),
                              "iterable argument unpacking follows keyword argument unpacking");
        return;
    }
    restore(p, start);
    Expr *e = kr_parse_expression(p);
    ComprehensionSeq *clauses = e ? kr_parse_for_if_clauses(p) : NULL;
    if (clauses && expect(p, TOKEN_COMMA)) {
        Place here = place(p);
        if (!kr_parse_args(p, NO_TOKEN) && !p->raised) {
            restore(p, here);
            if (kr_parse_expression(p))
                kr_parse_for_if_clauses(p);
        }
        unparenthesized(p, e, clauses);
        return;
    }
    if (p->raised)
        return;
    restore(p, start);
    keyword_generator(p);
    if (p->raised || !a)
        return;
    restore(p, after_args);
    clauses = kr_parse_for_if_clauses(p);
    if (clauses && a->Call.args->count > 1) {
        unparenthesized(p, a->Call.args->items[a->Call.args->count - 1], clauses);
        return;
    }
    if (p->raised)
        return;
    restore(p, after_args);
    if (!expect(p, TOKEN_COMMA))
        return;
    Place behind = place(p);
    e = kr_parse_expression(p);
    clauses = e ? kr_parse_for_if_clauses(p) : NULL;
    if (clauses) {
        unparenthesized(p, e, clauses);
        return;
    }
    if (p->raised)
        return;
    restore(p, behind);
    if (kr_parse_args(p, NO_TOKEN))
        positional_after_keyword(p, a);
}

void kr_invalid_kwarg(Parser *p) {
    TokenType type = peek(p);
    if ((type == TOKEN_TRUE || type == TOKEN_FALSE || type == TOKEN_NONE) &&
        peek_second(p) == TOKEN_EQUAL) {
        kr_syntax_error_raise(
            p, span_join(span_of_token(&p->t[p->at]), span_of_token(&p->t[p->at + 1])),
            "cannot assign to %s", kr_tokens_name(type));
        return;
    }
    Place start = place(p);
    if (type == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
        keyword_generator(p);
        return;
    }
    restore(p, start);
    Expr *a = kr_parse_expression(p);
    if (a && at_token(p, TOKEN_EQUAL))
        kr_syntax_error_raise(
            p, span_join(span_of(a), span_of_token(&p->t[p->at])),
            "expression cannot contain assignment, perhaps you meant \"==\"?");
}

/* ---- f-string fields ---------------------------------------------------------------------- */

static void *raise_next(Parser *p, const char *message) {
    fail(p);
    return kr_syntax_error_raise(p, span_of_token(&p->t[p->at]), "%s", message);
}

/* Behind the field's expression: '=' '!' ':' '}' in their order. */
static void invalid_field_end(Parser *p) {
    TokenType type = peek(p);
    if (type != TOKEN_EQUAL && type != TOKEN_EXCLAMATION && type != TOKEN_COLON &&
        type != TOKEN_RBRACE) {
        raise_next(p, "f-string: expecting '=', or '!', or ':', or '}'");
        return;
    }
    if (accept(p, TOKEN_EQUAL) && peek(p) != TOKEN_EXCLAMATION && peek(p) != TOKEN_COLON &&
        peek(p) != TOKEN_RBRACE) {
        raise_next(p, "f-string: expecting '!', or ':', or '}'");
        return;
    }
    if (accept(p, TOKEN_EXCLAMATION)) {
        if (peek(p) == TOKEN_COLON || peek(p) == TOKEN_RBRACE) {
            raise_next(p, "f-string: missing conversion character");
            return;
        }
        if (!accept(p, TOKEN_NAME)) {
            raise_next(p, "f-string: invalid conversion character");
            return;
        }
        if (peek(p) != TOKEN_COLON && peek(p) != TOKEN_RBRACE) {
            raise_next(p, "f-string: expecting ':' or '}'");
            return;
        }
    }
    if (peek(p) == TOKEN_COLON) {
        p->at++;
        while (peek(p) == TOKEN_FSTRING_MIDDLE)
            p->at++;
        if (peek(p) != TOKEN_RBRACE && peek(p) != TOKEN_LBRACE)
            raise_next(p, "f-string: expecting '}', or format specs");
        return;
    }
    if (peek(p) != TOKEN_RBRACE)
        raise_next(p, "f-string: expecting '}'");
}

void kr_invalid_replacement_field(Parser *p) {
    p->at++;
    TokenType type = peek(p);
    if (type == TOKEN_EQUAL || type == TOKEN_EXCLAMATION || type == TOKEN_COLON ||
        type == TOKEN_RBRACE) {
        kr_syntax_error_raise(p, span_of_token(&p->t[p->at]),
                              "f-string: valid expression required before '%s'",
                              kr_tokens_name(type));
        return;
    }
    Expr *value = kr_parse_annotated_rhs(p);
    if (p->raised)
        return;
    if (!value) {
        raise_next(p, "f-string: expecting a valid expression after '{'");
        return;
    }
    invalid_field_end(p);
}
