/*
 * syntax/parser_params.c: parameters of functions and lambdas, and type parameters.
 *
 * One function serves both kinds: a lambda's parameters have no annotations and they end at ':'
 * instead of ')'.
 */
#include "runtime/syntax/parser_state.h"

static TokenType closing(bool lambda) {
    return lambda ? TOKEN_COLON : TOKEN_RPAR;
}

static Arg *new_arg(Parser *p, uint32_t start, Expr *annotation) {
    Arg *arg = finish(p, PRODUCT_Arg, start);
    arg->arg = p->t[start].name;
    arg->annotation = annotation;
    return arg;
}

Arg *kr_parse_param(Parser *p, bool lambda) {
    uint32_t start = p->at;
    if (!expect(p, TOKEN_NAME))
        return NULL;
    Expr *annotation = NULL;
    if (!lambda && peek(p) == TOKEN_COLON) {
        Place here = place(p);
        p->at++;
        annotation = kr_parse_expression(p);
        if (!annotation) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
        }
    }
    return new_arg(p, start, annotation);
}

/* `*args: *Ts` */
static Arg *star_param(Parser *p, bool lambda) {
    uint32_t start = p->at;
    if (lambda || peek(p) != TOKEN_NAME || peek_second(p) != TOKEN_COLON)
        return kr_parse_param(p, lambda);
    p->at += 2;
    Expr *annotation = kr_parse_star_expression(p);
    return annotation ? new_arg(p, start, annotation) : NULL;
}

Expr *kr_parse_default(Parser *p) {
    if (!expect(p, TOKEN_EQUAL))
        return NULL;
    Expr *e = kr_parse_expression(p);
    if (!e && p->invalid && !p->raised) {
        TokenType type = peek(p);
        if (type == TOKEN_RPAR || type == TOKEN_COMMA)
            return kr_syntax_error_raise(p, span_of_token(&p->t[p->at - 1]),
                                         "expected default value expression");
    }
    return e;
}

static bool end_of_param(Parser *p, bool lambda) {
    if (accept(p, TOKEN_COMMA) || peek(p) == closing(lambda))
        return true;
    fail(p);
    return false;
}

/* '**' param */
static bool double_star(Parser *p, bool lambda, Arguments *args) {
    if (p->invalid) {
        Place here = place(p);
        kr_invalid_kwds(p, lambda);
        if (p->raised)
            return false;
        restore(p, here);
    }
    p->at++;
    args->kwarg = kr_parse_param(p, lambda);
    return args->kwarg && end_of_param(p, lambda);
}

static bool keyword_only(Parser *p, bool lambda, Arguments *args) {
    uint32_t mark = p->top;
    while (peek(p) == TOKEN_NAME) {
        Arg *arg = kr_parse_param(p, lambda);
        if (!arg)
            return false;
        Expr *value = NULL;
        if (peek(p) == TOKEN_EQUAL && !(value = kr_parse_default(p)))
            return false;
        push(p, arg);
        push(p, value);
        if (!end_of_param(p, lambda))
            return false;
        if (peek(p) == closing(lambda))
            break;
    }
    size_t count = (p->top - mark) / 2;
    args->kwonlyargs = kr_ast_sequence(p->arena, count, NULL);
    args->kw_defaults = kr_ast_sequence(p->arena, count, NULL);
    for (size_t i = 0; i < count; i++) {
        args->kwonlyargs->items[i] = p->stack[mark + 2 * i];
        args->kw_defaults->items[i] = p->stack[mark + 2 * i + 1];
    }
    p->top = mark;
    return true;
}

/* What may follow the positional parameters: '*' ..., '**' ... */
static bool star_etc(Parser *p, bool lambda, Arguments *args) {
    if (p->invalid) {
        Place here = place(p);
        kr_invalid_star_etc(p, lambda);
        if (p->raised)
            return false;
        restore(p, here);
    }
    if (peek(p) == TOKEN_STAR) {
        p->at++;
        if (accept(p, TOKEN_COMMA)) {
            if (peek(p) != TOKEN_NAME) {
                fail(p);
                return false;
            }
        } else {
            args->vararg = star_param(p, lambda);
            if (!args->vararg || !end_of_param(p, lambda))
                return false;
        }
        if (!keyword_only(p, lambda, args))
            return false;
    }
    if (peek(p) == TOKEN_DOUBLESTAR)
        return double_star(p, lambda, args);
    return true;
}

/* Parameters up to '*', '**' or the end; a '/' makes those before it positional-only. */
static bool positional(Parser *p, bool lambda, Arguments *args) {
    uint32_t mark = p->top, first_default = NO_TOKEN, slash = NO_TOKEN;
    uint32_t count = 0;
    for (;;) {
        TokenType type = peek(p);
        if (type == TOKEN_SLASH && count && slash == NO_TOKEN) {
            p->at++;
            slash = count;
            if (!end_of_param(p, lambda))
                return false;
            continue;
        }
        if (type != TOKEN_NAME)
            break;
        Arg *arg = kr_parse_param(p, lambda);
        if (!arg)
            return false;
        Expr *value = NULL;
        if (peek(p) == TOKEN_EQUAL) {
            value = kr_parse_default(p);
            if (!value)
                return false;
            if (first_default == NO_TOKEN)
                first_default = count;
        } else if (first_default != NO_TOKEN) {
            fail(p);
            return false;
        }
        push(p, arg);
        push(p, value);
        count++;
        if (!end_of_param(p, lambda))
            return false;
        if (peek(p) == closing(lambda))
            break;
    }
    uint32_t only = slash == NO_TOKEN ? 0 : slash;
    uint32_t plain = first_default == NO_TOKEN ? count : first_default;
    args->posonlyargs = kr_ast_sequence(p->arena, only, NULL);
    args->args = kr_ast_sequence(p->arena, count - only, NULL);
    args->defaults = kr_ast_sequence(p->arena, count - plain, NULL);
    for (uint32_t i = 0; i < count; i++) {
        Arg *arg = p->stack[mark + 2 * i];
        if (i < only)
            args->posonlyargs->items[i] = arg;
        else
            args->args->items[i - only] = arg;
        if (i >= plain)
            args->defaults->items[i - plain] = p->stack[mark + 2 * i + 1];
    }
    p->top = mark;
    return true;
}

Arguments *kr_parse_params(Parser *p, bool lambda) {
    Arguments *args = kr_ast_new(p->arena, PRODUCT_Arguments);
    args->posonlyargs = kr_ast_sequence(p->arena, 0, NULL);
    args->args = args->kwonlyargs = kr_ast_sequence(p->arena, 0, NULL);
    args->kw_defaults = args->defaults = kr_ast_sequence(p->arena, 0, NULL);
    if (peek(p) == closing(lambda))
        return args;
    Place start = place(p);
    if (p->invalid) {
        kr_invalid_parameters(p, lambda);
        if (p->raised)
            return NULL;
        restore(p, start);
    }
    if (!positional(p, lambda, args))
        return NULL;
    if (peek(p) != closing(lambda) && !star_etc(p, lambda, args))
        return NULL;
    return args;
}

/* ---- type parameters ---------------------------------------------------------------------- */

static bool optional_expression(Parser *p, TokenType before, Expr *(*rule)(Parser *p), Expr **out) {
    *out = NULL;
    if (!accept(p, before))
        return true;
    *out = rule(p);
    return *out != NULL;
}

static TypeParam *type_var(Parser *p) {
    uint32_t start = p->at;
    Expr *bound, *value;
    if (!expect(p, TOKEN_NAME) ||
        !optional_expression(p, TOKEN_COLON, kr_parse_expression, &bound) ||
        !optional_expression(p, TOKEN_EQUAL, kr_parse_expression, &value))
        return NULL;
    TypeParam *param = finish(p, PARAM_TypeVar, start);
    param->TypeVar.name = p->t[start].name;
    param->TypeVar.bound = bound;
    param->TypeVar.default_value = value;
    return param;
}

/* '*' NAME or '**' NAME, with a default. */
static TypeParam *starred_type_param(Parser *p, NodeKind kind) {
    uint32_t start = p->at++;
    Expr *value;
    if (!expect(p, TOKEN_NAME))
        return NULL;
    bool tuple = kind == PARAM_TypeVarTuple;
    if (p->invalid && peek(p) == TOKEN_COLON) {
        Place here = place(p);
        const Token *colon = &p->t[p->at++];
        Expr *bound = kr_parse_expression(p);
        if (bound)
            return kr_syntax_error_raise(p, span_of_token(colon), "cannot use %s with %s",
                                         bound->kind == EXPR_Tuple ? "constraints" : "bound",
                                         tuple ? "TypeVarTuple" : "ParamSpec");
        restore(p, here);
    }
    if (!optional_expression(p, TOKEN_EQUAL,
                             tuple ? kr_parse_star_expression : kr_parse_expression, &value))
        return NULL;
    TypeParam *param = finish(p, kind, start);
    param->ParamSpec.name = p->t[start + 1].name;
    param->ParamSpec.default_value = value;
    return param;
}

_Static_assert(offsetof(TypeParam, ParamSpec.default_value) ==
                   offsetof(TypeParam, TypeVarTuple.default_value),
               "starred_type_param() writes both through ParamSpec");

TypeParamSeq *kr_parse_type_params(Parser *p) {
    uint32_t mark = p->top;
    if (peek(p) != TOKEN_LSQB)
        return take(p, mark);
    const Token *bracket = &p->t[p->at++];
    if (peek(p) == TOKEN_RSQB && p->invalid)
        return kr_syntax_error_raise(p, span_join(span_of_token(bracket),
                                                  span_of_token(&p->t[p->at])),
                                     "Type parameter list cannot be empty");
    do {
        if (p->top > mark && peek(p) == TOKEN_RSQB)
            break;
        TypeParam *param = peek(p) == TOKEN_STAR         ? starred_type_param(p, PARAM_TypeVarTuple)
                           : peek(p) == TOKEN_DOUBLESTAR ? starred_type_param(p, PARAM_ParamSpec)
                                                         : type_var(p);
        if (!param)
            return NULL;
        push(p, param);
    } while (accept(p, TOKEN_COMMA));
    if (!expect(p, TOKEN_RSQB))
        return NULL;
    return take(p, mark);
}
