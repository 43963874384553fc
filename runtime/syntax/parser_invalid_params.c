/*
 * syntax/parser_invalid_params.c: likely mistakes in parameter lists. Second pass only; see
 * parser_invalid.c.
 */
#include "runtime/syntax/parser_state.h"

static bool end_of_param(Parser *p, bool lambda) {
    if (accept(p, TOKEN_COMMA) || peek(p) == (lambda ? TOKEN_COLON : TOKEN_RPAR))
        return true;
    fail(p);
    return false;
}

/* param (',' | &')'): the parameter, or NULL with the parser where it was. */
static Arg *no_default(Parser *p, bool lambda) {
    Place start = place(p);
    Arg *arg = kr_parse_param(p, lambda);
    if (arg && end_of_param(p, lambda))
        return arg;
    restore(p, start);
    return NULL;
}

static bool with_default(Parser *p, bool lambda) {
    Place start = place(p);
    if (kr_parse_param(p, lambda) && kr_parse_default(p) && end_of_param(p, lambda))
        return true;
    restore(p, start);
    return false;
}

static bool maybe_default(Parser *p, bool lambda) {
    return with_default(p, lambda) || (!p->raised && no_default(p, lambda));
}

static void skip_no_defaults(Parser *p, bool lambda) {
    while (!p->raised && no_default(p, lambda))
        continue;
}

static int skip_maybe_defaults(Parser *p, bool lambda) {
    int count = 0;
    while (!p->raised && maybe_default(p, lambda))
        count++;
    return count;
}

static int skip_with_defaults(Parser *p, bool lambda) {
    int count = 0;
    while (!p->raised && with_default(p, lambda))
        count++;
    return count;
}

/* '/' (',' | &')') */
static bool slash(Parser *p, bool lambda) {
    return expect(p, TOKEN_SLASH) && end_of_param(p, lambda);
}

/* param_no_default* param_with_default+ '/' */
static bool slash_with_default(Parser *p, bool lambda) {
    Place start = place(p);
    skip_no_defaults(p, lambda);
    if (skip_with_defaults(p, lambda) && !p->raised && slash(p, lambda))
        return true;
    restore(p, start);
    return false;
}

/* slash_no_default | slash_with_default */
static bool any_slash(Parser *p, bool lambda) {
    Place start = place(p);
    if (no_default(p, lambda)) {
        skip_no_defaults(p, lambda);
        if (!p->raised && slash(p, lambda))
            return true;
    }
    restore(p, start);
    return !p->raised && slash_with_default(p, lambda);
}

static void default_first(Parser *p, bool lambda) {
    skip_no_defaults(p, lambda);
    if (p->raised ||
        (!slash_with_default(p, lambda) && (p->raised || !skip_with_defaults(p, lambda))))
        return;
    Arg *a = p->raised ? NULL : no_default(p, lambda);
    if (a)
        kr_syntax_error_raise(p, span_of(a), "non-default argument follows default argument");
}

static void parenthesized(Parser *p, bool lambda) {
    skip_no_defaults(p, lambda);
    const Token *open = &p->t[p->at];
    if (p->raised || !expect(p, TOKEN_LPAR))
        return;
    if (lambda) {
        do {
            if (!kr_parse_param(p, true))
                return;
        } while (peek(p) == TOKEN_COMMA && peek_second(p) == TOKEN_NAME && accept(p, TOKEN_COMMA));
        accept(p, TOKEN_COMMA);
    } else {
        /* A parameter ends with its comma, or before the bracket. */
        if (!no_default(p, false))
            return;
        skip_no_defaults(p, false);
        if (p->raised)
            return;
        accept(p, TOKEN_COMMA);
    }
    const Token *close = &p->t[p->at];
    if (at_token(p, TOKEN_RPAR))
        kr_syntax_error_raise(p, span_join(span_of_token(open), span_of_token(close)),
                              lambda ? "Lambda expression parameters cannot be parenthesized"
                                     : "Function parameters cannot be parenthesized");
}

static void raise_here(Parser *p, const char *message) {
    kr_syntax_error_raise(p, span_of_token(&p->t[p->at]), "%s", message);
}

static void first_slash(Parser *p, bool lambda) {
    (void)lambda;
    if (peek(p) == TOKEN_SLASH && peek_second(p) == TOKEN_COMMA)
        raise_here(p, "at least one argument must precede /");
}

static void second_slash(Parser *p, bool lambda) {
    if (!any_slash(p, lambda))
        return;
    skip_maybe_defaults(p, lambda);
    if (peek(p) == TOKEN_SLASH)
        raise_here(p, "/ may appear only once");
}

static void slash_after_star(Parser *p, bool lambda) {
    any_slash(p, lambda);
    if (!p->raised)
        skip_maybe_defaults(p, lambda);
    if (p->raised || !expect(p, TOKEN_STAR))
        return;
    if (!accept(p, TOKEN_COMMA) && !no_default(p, lambda))
        return;
    skip_maybe_defaults(p, lambda);
    if (peek(p) == TOKEN_SLASH)
        raise_here(p, "/ must be ahead of *");
}

static void slash_star(Parser *p, bool lambda) {
    if (skip_maybe_defaults(p, lambda) && !p->raised && expect(p, TOKEN_SLASH) &&
        peek(p) == TOKEN_STAR)
        raise_here(p, "expected comma between / and *");
}

void kr_invalid_parameters(Parser *p, bool lambda) {
    static void (*const forms[])(Parser *, bool) = {
        default_first, parenthesized, first_slash, second_slash, slash_after_star, slash_star,
    };
    Place start = place(p);
    for (size_t i = 0; i < sizeof forms / sizeof *forms && !p->raised; i++) {
        restore(p, start);
        forms[i](p, lambda);
    }
}

void kr_invalid_star_etc(Parser *p, bool lambda) {
    if (peek(p) != TOKEN_STAR)
        return;
    TokenType close = lambda ? TOKEN_COLON : TOKEN_RPAR;
    uint32_t star = p->at++;
    Place behind = place(p);
    bool comma = accept(p, TOKEN_COMMA);
    fail(p);
    if (peek(p) == close || (comma && peek(p) == TOKEN_DOUBLESTAR)) {
        static const char message[] = "named arguments must follow bare *";
        if (lambda)
            kr_syntax_error_raise_last(p, SYNTAX_ERROR, message);
        else
            kr_syntax_error_raise(p, span_of_token(&p->t[star]), message);
        return;
    }
    restore(p, behind);
    if (kr_parse_param(p, lambda) && peek(p) == TOKEN_EQUAL) {
        raise_here(p, "var-positional argument cannot have default value");
        return;
    }
    if (p->raised)
        return;
    restore(p, behind);
    if (!no_default(p, lambda) && (p->raised || !accept(p, TOKEN_COMMA)))
        return;
    skip_maybe_defaults(p, lambda);
    const Token *second = &p->t[p->at];
    if (!p->raised && accept(p, TOKEN_STAR) &&
        (no_default(p, lambda) || (!p->raised && accept(p, TOKEN_COMMA))))
        kr_syntax_error_raise(p, span_of_token(second), "* argument may appear only once");
}

void kr_invalid_kwds(Parser *p, bool lambda) {
    static const char follow[] = "arguments cannot follow var-keyword argument";
    if (!expect(p, TOKEN_DOUBLESTAR) || !kr_parse_param(p, lambda))
        return;
    if (peek(p) == TOKEN_EQUAL) {
        raise_here(p, "var-keyword argument cannot have default value");
        return;
    }
    if (!expect(p, TOKEN_COMMA))
        return;
    TokenType type = peek(p);
    if (type == TOKEN_STAR || type == TOKEN_DOUBLESTAR || type == TOKEN_SLASH) {
        raise_here(p, follow);
        return;
    }
    Arg *a = kr_parse_param(p, lambda);
    if (a)
        kr_syntax_error_raise(p, span_of(a), follow);
}
