/*
 * syntax/parser_pattern.c: the patterns of `case`.
 */
#include "runtime/syntax/parser_state.h"

#include <string.h>

static Pattern *new_pattern(Parser *p, NodeKind kind, uint32_t start) {
    return finish(p, kind, start);
}

static bool is_underscore(const Parser *p) {
    return kr_parse_is_word(p, "_");
}

/* !"_" NAME !('.' | '(' | '=') */
static Identifier *capture_target(Parser *p) {
    if (peek(p) != TOKEN_NAME || is_underscore(p))
        return fail(p);
    TokenType next = peek_second(p);
    if (next == TOKEN_DOT || next == TOKEN_LPAR || next == TOKEN_EQUAL) {
        p->at++;
        fail(p);
        p->at--;
        return NULL;
    }
    return p->t[p->at++].name;
}

/* ---- literals ----------------------------------------------------------------------------- */

static Expr *signed_number(Parser *p) {
    uint32_t start = p->at;
    if (!accept(p, TOKEN_MINUS))
        return kr_parse_number(p);
    Expr *operand = kr_parse_number(p);
    if (!operand)
        return NULL;
    Expr *e = new_expr(p, EXPR_UnaryOp, start);
    e->UnaryOp.op = UNARY_USub;
    e->UnaryOp.operand = operand;
    return e;
}

static const Expr *number_of(const Expr *e) {
    return e->kind == EXPR_UnaryOp ? e->UnaryOp.operand : e;
}

/* signed_number, or one plus or minus an imaginary number */
static Expr *number(Parser *p) {
    uint32_t start = p->at;
    Expr *left = signed_number(p);
    if (!left || (peek(p) != TOKEN_PLUS && peek(p) != TOKEN_MINUS))
        return left;
    const Expr *real = number_of(left);
    if (real->Constant.value.kind == CONSTANT_IMAG)
        return kr_syntax_error_raise(p, span_of(real), "real number required in complex literal");
    Operator op = peek(p) == TOKEN_PLUS ? OP_Add : OP_Sub;
    p->at++;
    Expr *right = kr_parse_number(p);
    if (!right)
        return NULL;
    if (right->Constant.value.kind != CONSTANT_IMAG)
        return kr_syntax_error_raise(p, span_of(right),
                                     "imaginary number required in complex literal");
    Expr *e = new_expr(p, EXPR_BinOp, start);
    e->BinOp.left = left;
    e->BinOp.op = op;
    e->BinOp.right = right;
    return e;
}

static Pattern *value_pattern(Parser *p, Expr *value, uint32_t start) {
    if (!value)
        return NULL;
    Pattern *pattern = new_pattern(p, PATTERN_MatchValue, start);
    pattern->MatchValue.value = value;
    return pattern;
}

static Pattern *singleton(Parser *p, ConstantKind kind) {
    p->at++;
    Pattern *pattern = new_pattern(p, PATTERN_MatchSingleton, p->at - 1);
    pattern->MatchSingleton.value.kind = (uint8_t)kind;
    return pattern;
}

/* ---- sequences ---------------------------------------------------------------------------- */

static Pattern *star_pattern(Parser *p) {
    uint32_t start = p->at++;
    Identifier *name = NULL;
    if (is_underscore(p)) {
        p->at++;
    } else {
        name = capture_target(p);
        if (!name)
            return NULL;
    }
    Pattern *pattern = new_pattern(p, PATTERN_MatchStar, start);
    pattern->MatchStar.name = name;
    return pattern;
}

static Pattern *maybe_star_pattern(Parser *p) {
    return peek(p) == TOKEN_STAR ? star_pattern(p) : kr_parse_pattern(p);
}

static bool ends_patterns(TokenType type) {
    return type == TOKEN_RSQB || type == TOKEN_RPAR || type == TOKEN_COLON || type == TOKEN_IF;
}

/* Patterns separated by commas, pushed. */
static bool push_patterns(Parser *p) {
    do {
        if (ends_patterns(peek(p)))
            break;
        Pattern *pattern = maybe_star_pattern(p);
        if (!pattern)
            return false;
        push(p, pattern);
    } while (accept(p, TOKEN_COMMA));
    return true;
}

static Pattern *sequence(Parser *p, uint32_t start, uint32_t mark) {
    Pattern *pattern = new_pattern(p, PATTERN_MatchSequence, start);
    pattern->MatchSequence.patterns = take(p, mark);
    return pattern;
}

static Pattern *list_pattern(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    if (!push_patterns(p) || !expect(p, TOKEN_RSQB))
        return NULL;
    return sequence(p, start, mark);
}

/* '(' pattern ')' or a sequence */
static Pattern *paren_pattern(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    if (peek(p) != TOKEN_RPAR) {
        Pattern *first = maybe_star_pattern(p);
        if (!first)
            return NULL;
        if (peek(p) != TOKEN_COMMA)
            return first->kind != PATTERN_MatchStar && expect(p, TOKEN_RPAR) ? first : fail(p);
        p->at++;
        push(p, first);
        if (!push_patterns(p))
            return NULL;
    }
    if (!expect(p, TOKEN_RPAR))
        return NULL;
    return sequence(p, start, mark);
}

/* ---- mappings ----------------------------------------------------------------------------- */

/* NAME ('.' NAME)* */
static Expr *name_or_attr(Parser *p) {
    uint32_t start = p->at;
    Expr *e = kr_parse_name(p, CTX_Load);
    for (int chain = 0; e && peek(p) == TOKEN_DOT; chain++) {
        if (chain > DEEP_CHAIN)
            p->deep = true;
        p->at++;
        if (peek(p) != TOKEN_NAME)
            return fail(p);
        Identifier *attr = p->t[p->at++].name;
        Expr *attribute = new_expr(p, EXPR_Attribute, start);
        attribute->Attribute.value = e;
        attribute->Attribute.attr = attr;
        e = attribute;
    }
    return e;
}

static Expr *mapping_key(Parser *p) {
    switch (peek(p)) {
    case TOKEN_NUMBER:
    case TOKEN_MINUS: return number(p);
    case TOKEN_STRING:
    case TOKEN_FSTRING_START: return kr_parse_strings(p);
    case TOKEN_NONE: return kr_parse_constant(p, CONSTANT_NONE);
    case TOKEN_TRUE: return kr_parse_constant(p, CONSTANT_TRUE);
    case TOKEN_FALSE: return kr_parse_constant(p, CONSTANT_FALSE);
    default: {
        Expr *e = name_or_attr(p);
        return e && e->kind == EXPR_Attribute ? e : fail(p);
    }
    }
}

/* Pairs on the stack: key (or NULL) and pattern. */
static void split_pairs(Parser *p, uint32_t mark, void **keys, void **patterns) {
    size_t count = (p->top - mark) / 2;
    NodeSeq *first = kr_ast_sequence(p->arena, count, NULL);
    NodeSeq *second = kr_ast_sequence(p->arena, count, NULL);
    for (size_t i = 0; i < count; i++) {
        first->items[i] = p->stack[mark + 2 * i];
        second->items[i] = p->stack[mark + 2 * i + 1];
    }
    p->top = mark;
    *keys = first;
    *patterns = second;
}

static Pattern *mapping_pattern(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    Identifier *rest = NULL;
    while (peek(p) != TOKEN_RBRACE) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            rest = capture_target(p);
            if (!rest)
                return NULL;
            accept(p, TOKEN_COMMA);
            break;
        }
        Expr *key = mapping_key(p);
        if (!key || !expect(p, TOKEN_COLON))
            return NULL;
        Pattern *value = kr_parse_pattern(p);
        if (!value)
            return NULL;
        push(p, key);
        push(p, value);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (!expect(p, TOKEN_RBRACE))
        return NULL;
    Pattern *pattern = new_pattern(p, PATTERN_MatchMapping, start);
    void *keys, *patterns;
    split_pairs(p, mark, &keys, &patterns);
    pattern->MatchMapping.keys = keys;
    pattern->MatchMapping.patterns = patterns;
    pattern->MatchMapping.rest = rest;
    return pattern;
}

/* ---- classes ------------------------------------------------------------------------------ */

static bool is_keyword_pattern(const Parser *p) {
    return peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL;
}

/* Behind the class's name, at its '('. */
static Pattern *class_arguments(Parser *p, Expr *cls, uint32_t start) {
    uint32_t mark = p->top;
    p->at++;
    while (peek(p) != TOKEN_RPAR && !is_keyword_pattern(p)) {
        Pattern *positional = kr_parse_pattern(p);
        if (!positional)
            return NULL;
        push(p, positional);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    PatternSeq *patterns = take(p, mark);
    while (is_keyword_pattern(p)) {
        Identifier *name = p->t[p->at].name;
        p->at += 2;
        Pattern *value = kr_parse_pattern(p);
        if (!value)
            return NULL;
        push(p, name);
        push(p, value);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (!expect(p, TOKEN_RPAR))
        return NULL;
    Pattern *pattern = new_pattern(p, PATTERN_MatchClass, start);
    void *names, *values;
    split_pairs(p, mark, &names, &values);
    pattern->MatchClass.cls = cls;
    pattern->MatchClass.patterns = patterns;
    pattern->MatchClass.kwd_attrs = names;
    pattern->MatchClass.kwd_patterns = values;
    return pattern;
}

/* A name: wildcard, capture, dotted value or class. */
static Pattern *name_pattern(Parser *p) {
    Place start = place(p);
    if (is_underscore(p)) {
        p->at++;
        return new_pattern(p, PATTERN_MatchAs, start.at);
    }
    Expr *name = name_or_attr(p);
    if (!name)
        return NULL;
    if (peek(p) == TOKEN_LPAR) {
        Pattern *pattern = class_arguments(p, name, start.at);
        if (pattern || p->raised)
            return pattern;
        restore(p, start);
        is_invalid(p, kr_invalid_class_pattern);
        return NULL;
    }
    if (peek(p) == TOKEN_EQUAL)
        return fail(p);
    if (name->kind == EXPR_Attribute)
        return value_pattern(p, name, start.at);
    Pattern *pattern = new_pattern(p, PATTERN_MatchAs, start.at);
    pattern->MatchAs.name = name->Name.id;
    return pattern;
}

/* ---- closed, or, as ----------------------------------------------------------------------- */

static void *closed_pattern_rule(Parser *p) {
    uint32_t start = p->at;
    switch (peek(p)) {
    case TOKEN_NUMBER:
    case TOKEN_MINUS: return value_pattern(p, number(p), start);
    case TOKEN_STRING:
    case TOKEN_FSTRING_START: return value_pattern(p, kr_parse_strings(p), start);
    case TOKEN_NONE: return singleton(p, CONSTANT_NONE);
    case TOKEN_TRUE: return singleton(p, CONSTANT_TRUE);
    case TOKEN_FALSE: return singleton(p, CONSTANT_FALSE);
    case TOKEN_NAME: return name_pattern(p);
    case TOKEN_LPAR: return paren_pattern(p);
    case TOKEN_LSQB: return list_pattern(p);
    case TOKEN_LBRACE: return mapping_pattern(p);
    default: return fail(p);
    }
}

static Pattern *closed_pattern(Parser *p) {
    if (!enter(p))
        return NULL;
    Pattern *pattern = p->second ? kr_parse_memo(p, RULE_CLOSED_PATTERN, closed_pattern_rule)
                                 : closed_pattern_rule(p);
    leave(p);
    return pattern;
}

Pattern *kr_parse_or_pattern(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Pattern *first = closed_pattern(p);
    if (!first || peek(p) != TOKEN_VBAR)
        return first;
    push(p, first);
    while (accept(p, TOKEN_VBAR)) {
        Pattern *next = closed_pattern(p);
        if (!next)
            return NULL;
        push(p, next);
    }
    Pattern *pattern = new_pattern(p, PATTERN_MatchOr, start);
    pattern->MatchOr.patterns = take(p, mark);
    return pattern;
}

Pattern *kr_parse_pattern(Parser *p) {
    Place start = place(p);
    Pattern *inner = kr_parse_or_pattern(p);
    if (!inner || peek(p) != TOKEN_AS)
        return inner;
    p->at++;
    Identifier *name = capture_target(p);
    if (!name) {
        Place here = place(p);
        restore(p, start);
        if (!p->raised)
            is_invalid(p, kr_invalid_as_pattern);
        restore(p, here);
        return NULL;
    }
    Pattern *pattern = new_pattern(p, PATTERN_MatchAs, start.at);
    pattern->MatchAs.pattern = inner;
    pattern->MatchAs.name = name;
    return pattern;
}

Pattern *kr_parse_patterns(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Pattern *first = maybe_star_pattern(p);
    if (!first)
        return NULL;
    if (peek(p) != TOKEN_COMMA)
        return first->kind == PATTERN_MatchStar ? fail(p) : first;
    p->at++;
    push(p, first);
    if (!push_patterns(p))
        return NULL;
    return sequence(p, start, mark);
}
