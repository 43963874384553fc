/*
 * syntax/parser_atom.c: operands: names, literals, displays, comprehensions, and what follows them:
 * attributes, calls, subscripts.
 */
#include "runtime/syntax/parser_state.h"

Expr *kr_parse_name(Parser *p, ExprContext ctx) {
    if (peek(p) != TOKEN_NAME)
        return fail(p);
    uint32_t start = p->at++;
    Expr *e = new_expr(p, EXPR_Name, start);
    e->Name.id = p->t[start].name;
    e->Name.ctx = ctx;
    return e;
}

Expr *kr_parse_number(Parser *p) {
    if (peek(p) != TOKEN_NUMBER)
        return fail(p);
    const Token *t = &p->t[p->at++];
    Expr *e = new_expr(p, EXPR_Constant, p->at - 1);
    e->Constant.value =
        kr_numbers_constant(p->arena, p->tokens.text + t->start, t->end - t->start);
    return e;
}

Expr *kr_parse_constant(Parser *p, ConstantKind kind) {
    p->at++;
    Expr *e = new_expr(p, EXPR_Constant, p->at - 1);
    e->Constant.value.kind = (uint8_t)kind;
    return e;
}

/* ---- comprehensions ----------------------------------------------------------------------- */

static Comprehension *for_if_clause(Parser *p) {
    Place start = place(p);
    bool is_async = accept(p, TOKEN_ASYNC);
    Expr *target = NULL;
    if (!expect(p, TOKEN_FOR) || !(target = kr_parse_star_targets(p)) || !expect(p, TOKEN_IN)) {
        if (!p->raised) {
            restore(p, start);
            is_invalid(p, kr_invalid_for_target);
        }
        return NULL;
    }
    Expr *iter = kr_parse_disjunction(p);
    if (!iter)
        return NULL;
    uint32_t mark = p->top;
    while (peek(p) == TOKEN_IF) {
        Place before = place(p);
        p->at++;
        Expr *test = kr_parse_disjunction(p);
        if (!test) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, before);
            break;
        }
        push(p, test);
    }
    Comprehension *clause = finish(p, PRODUCT_Comprehension, start.at);
    clause->target = target;
    clause->iter = iter;
    clause->ifs = take(p, mark);
    clause->is_async = is_async;
    return clause;
}

ComprehensionSeq *kr_parse_for_if_clauses(Parser *p) {
    uint32_t mark = p->top;
    if (!kr_parse_starts_clause(p)) {
        if (peek(p) == TOKEN_ASYNC)
            p->at++;
        return fail(p);
    }
    while (kr_parse_starts_clause(p)) {
        Place before = place(p);
        Comprehension *clause = for_if_clause(p);
        if (!clause) {
            if (p->raised || !p->second || p->top == mark)
                return NULL;
            restore(p, before);
            break;
        }
        push(p, clause);
    }
    return take(p, mark);
}

/* The clauses and the closing bracket behind an element: the comprehension from token `start`. */
static Expr *comprehension(Parser *p, NodeKind kind, uint32_t start, Expr *elt, TokenType close) {
    ComprehensionSeq *generators = kr_parse_for_if_clauses(p);
    if (!generators || !expect(p, close))
        return NULL;
    Expr *e = new_expr(p, kind, start);
    e->ListComp.elt = elt; /* the three kinds with one element have one layout */
    e->ListComp.generators = generators;
    return e;
}

_Static_assert(offsetof(Expr, ListComp.generators) == offsetof(Expr, GeneratorExp.generators) &&
                   offsetof(Expr, ListComp.generators) == offsetof(Expr, SetComp.generators) &&
                   offsetof(Expr, ListComp.elt) == offsetof(Expr, GeneratorExp.elt),
               "comprehension() writes all three through ListComp");

/* '(' element for_if_clauses ')' as the only argument of a call, or on its own. */
static Expr *genexp(Parser *p) {
    uint32_t start = p->at;
    if (!expect(p, TOKEN_LPAR))
        return NULL;
    Expr *elt = kr_parse_call_element(p);
    return elt ? comprehension(p, EXPR_GeneratorExp, start, elt, TOKEN_RPAR) : NULL;
}

Expr *kr_parse_genexp(Parser *p) {
    Place start = place(p);
    Expr *e = genexp(p);
    if (e || p->raised)
        return e;
    restore(p, start);
    is_invalid(p, kr_invalid_comprehension);
    return NULL;
}

/* ---- displays ----------------------------------------------------------------------------- */

/* [',' item]* [','] after a first item that is on the stack already. */
static bool more_items(Parser *p) {
    while (accept(p, TOKEN_COMMA)) {
        if (!kr_parse_starts_expression(peek(p)))
            break;
        Expr *next = kr_parse_star_named_expression(p);
        if (!next)
            return false;
        push(p, next);
    }
    return true;
}

static bool is_plain_element(const Expr *e) {
    return e->kind != EXPR_Starred;
}

/* tuple | group | genexp */
static Expr *paren(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    if (accept(p, TOKEN_RPAR)) {
        Expr *e = new_expr(p, EXPR_Tuple, start);
        e->Tuple.elts = take(p, mark);
        return e;
    }
    if (peek(p) == TOKEN_YIELD) {
        Expr *e = kr_parse_yield_expr(p);
        if (!e || !expect(p, TOKEN_RPAR))
            return NULL;
        e->parenthesized = 1;
        return e;
    }
    Expr *first = kr_parse_star_named_expression(p);
    if (!first)
        return NULL;
    if (peek(p) == TOKEN_COMMA) {
        push(p, first);
        if (!more_items(p) || !expect(p, TOKEN_RPAR))
            return NULL;
        Expr *e = new_expr(p, EXPR_Tuple, start);
        e->Tuple.elts = take(p, mark);
        return e;
    }
    if (!is_plain_element(first)) {
        fail(p);
        return NULL;
    }
    if (kr_parse_starts_clause(p))
        return comprehension(p, EXPR_GeneratorExp, start, first, TOKEN_RPAR);
    if (!expect(p, TOKEN_RPAR))
        return NULL;
    first->parenthesized = 1;
    return first;
}

Expr *kr_parse_paren(Parser *p) {
    Place start = place(p);
    Expr *e = paren(p);
    if (e || p->raised)
        return e;
    restore(p, start);
    if (!is_invalid(p, kr_invalid_group))
        is_invalid(p, kr_invalid_comprehension);
    return NULL;
}

static void invalid_list(Parser *p) {
    is_invalid(p, kr_invalid_comprehension);
}

static Expr *list(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    if (peek(p) != TOKEN_RSQB) {
        Expr *first = kr_parse_star_named_expression(p);
        if (!first)
            return NULL;
        if (is_plain_element(first) && kr_parse_starts_clause(p))
            return comprehension(p, EXPR_ListComp, start, first, TOKEN_RSQB);
        push(p, first);
        if (!more_items(p))
            return NULL;
    }
    if (!expect(p, TOKEN_RSQB))
        return NULL;
    Expr *e = new_expr(p, EXPR_List, start);
    e->List.elts = take(p, mark);
    return e;
}

/* One `key: value` or `**mapping`, pushed as two items. */
static bool key_value(Parser *p) {
    if (accept(p, TOKEN_DOUBLESTAR)) {
        Expr *mapping = kr_parse_bitwise_or(p);
        push(p, NULL);
        push(p, mapping);
        return mapping != NULL;
    }
    Expr *key = kr_parse_expression(p);
    if (!key || !expect(p, TOKEN_COLON))
        return false;
    Expr *value = kr_parse_expression(p);
    push(p, key);
    push(p, value);
    return value != NULL;
}

static Expr *dict_from_stack(Parser *p, uint32_t start, uint32_t mark) {
    size_t count = (p->top - mark) / 2;
    ExprSeq *keys = kr_ast_sequence(p->arena, count, NULL);
    ExprSeq *values = kr_ast_sequence(p->arena, count, NULL);
    for (size_t i = 0; i < count; i++) {
        keys->items[i] = p->stack[mark + 2 * i];
        values->items[i] = p->stack[mark + 2 * i + 1];
    }
    p->top = mark;
    Expr *e = new_expr(p, EXPR_Dict, start);
    e->Dict.keys = keys;
    e->Dict.values = values;
    return e;
}

/* The rest of a dict whose first pair is on the stack. */
static Expr *dict_rest(Parser *p, uint32_t start, uint32_t mark) {
    while (accept(p, TOKEN_COMMA)) {
        if (peek(p) == TOKEN_RBRACE)
            break;
        if (!key_value(p))
            return NULL;
    }
    if (!expect(p, TOKEN_RBRACE))
        return NULL;
    return dict_from_stack(p, start, mark);
}

static Expr *dict_comprehension(Parser *p, uint32_t start, Expr *key, Expr *value) {
    ComprehensionSeq *generators = kr_parse_for_if_clauses(p);
    if (!generators || !expect(p, TOKEN_RBRACE))
        return NULL;
    Expr *e = new_expr(p, EXPR_DictComp, start);
    e->DictComp.key = key;
    e->DictComp.value = value;
    e->DictComp.generators = generators;
    return e;
}

/* Behind the brace; true if an error is raised. */
static bool invalid_pairs(Parser *p) {
    Place here = place(p);
    kr_invalid_double_starred_kvpairs(p);
    restore(p, here);
    return p->raised;
}

/* dict | set | dictcomp | setcomp */
static Expr *brace(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    if (accept(p, TOKEN_RBRACE))
        return dict_from_stack(p, start, mark);
    if (peek(p) == TOKEN_DOUBLESTAR)
        return key_value(p) ? dict_rest(p, start, mark) : NULL;
    Expr *first;
    if (p->second && peek(p) != TOKEN_STAR) {
        /* A key is an expression; only a set's item is a named expression. */
        Place here = place(p);
        first = kr_parse_expression(p);
        if (p->raised)
            return NULL;
        if (!first || peek(p) != TOKEN_COLON) {
            fail(p);
            restore(p, here);
            if (invalid_pairs(p))
                return NULL;
            first = kr_parse_star_named_expression(p);
        }
    } else {
        first = kr_parse_star_named_expression(p);
    }
    if (!first)
        return NULL;
    if (peek(p) == TOKEN_COLON && is_plain_element(first) &&
        (first->kind != EXPR_NamedExpr || first->parenthesized)) {
        p->at++;
        Expr *value = kr_parse_expression(p);
        if (!value)
            return NULL;
        if (kr_parse_starts_clause(p))
            return dict_comprehension(p, start, first, value);
        push(p, first);
        push(p, value);
        return dict_rest(p, start, mark);
    }
    if (is_plain_element(first) && kr_parse_starts_clause(p))
        return comprehension(p, EXPR_SetComp, start, first, TOKEN_RBRACE);
    push(p, first);
    if (!more_items(p) || !expect(p, TOKEN_RBRACE))
        return NULL;
    Expr *e = new_expr(p, EXPR_Set, start);
    e->Set.elts = take(p, mark);
    return e;
}

static void invalid_brace(Parser *p) {
    p->at++;
    if (invalid_pairs(p))
        return;
    p->at--;
    if (!is_invalid(p, kr_invalid_dict_comprehension))
        is_invalid(p, kr_invalid_comprehension);
}

/* ---- atoms -------------------------------------------------------------------------------- */

static Expr *display(Parser *p, Expr *(*rule)(Parser *p), void (*invalid)(Parser *p)) {
    Place start = place(p);
    Expr *e = rule(p);
    if (e || p->raised)
        return e;
    restore(p, start);
    if (p->second)
        invalid(p);
    return NULL;
}

Expr *kr_parse_atom(Parser *p) {
    switch (peek(p)) {
    case TOKEN_NAME: return kr_parse_name(p, CTX_Load);
    case TOKEN_NUMBER: return kr_parse_number(p);
    case TOKEN_STRING:
    case TOKEN_FSTRING_START: return kr_parse_strings(p);
    case TOKEN_TRUE: return kr_parse_constant(p, CONSTANT_TRUE);
    case TOKEN_FALSE: return kr_parse_constant(p, CONSTANT_FALSE);
    case TOKEN_NONE: return kr_parse_constant(p, CONSTANT_NONE);
    case TOKEN_ELLIPSIS: return kr_parse_constant(p, CONSTANT_ELLIPSIS);
    case TOKEN_LPAR: return kr_parse_paren(p);
    case TOKEN_LSQB: return display(p, list, invalid_list);
    case TOKEN_LBRACE: return display(p, brace, invalid_brace);
    default: return fail(p);
    }
}

/* ---- subscripts --------------------------------------------------------------------------- */

static bool ends_slice(TokenType type) {
    return type == TOKEN_COLON || type == TOKEN_COMMA || type == TOKEN_RSQB;
}

/* An optional expression of a slice. False: it is there and wrong. */
static bool slice_part(Parser *p, Expr **part) {
    *part = NULL;
    if (ends_slice(peek(p)))
        return true;
    *part = kr_parse_expression(p);
    return *part != NULL;
}

static Expr *slice(Parser *p) {
    uint32_t start = p->at;
    Expr *lower = NULL, *upper, *step = NULL;
    if (peek(p) != TOKEN_COLON) {
        lower = kr_parse_named_expression(p);
        if (!lower || peek(p) != TOKEN_COLON)
            return lower;
        if (lower->kind == EXPR_NamedExpr && !lower->parenthesized)
            return lower;
    }
    p->at++;
    if (!slice_part(p, &upper))
        return NULL;
    if (accept(p, TOKEN_COLON) && !slice_part(p, &step))
        return NULL;
    Expr *e = new_expr(p, EXPR_Slice, start);
    e->Slice.lower = lower;
    e->Slice.upper = upper;
    e->Slice.step = step;
    return e;
}

static Expr *slice_or_starred(Parser *p) {
    return peek(p) == TOKEN_STAR ? kr_parse_starred_expression(p) : slice(p);
}

static Expr *slices(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Expr *first = slice_or_starred(p);
    if (!first || (peek(p) != TOKEN_COMMA && first->kind != EXPR_Starred))
        return first;
    push(p, first);
    while (accept(p, TOKEN_COMMA)) {
        if (peek(p) == TOKEN_RSQB)
            break;
        Expr *next = slice_or_starred(p);
        if (!next)
            return NULL;
        push(p, next);
    }
    Expr *e = new_expr(p, EXPR_Tuple, start);
    e->Tuple.elts = take(p, mark);
    return e;
}

/* ---- primaries ---------------------------------------------------------------------------- */

static Expr *call(Parser *p, Expr *func, uint32_t start) {
    Expr *arguments = NULL;
    if (p->second) {
        Place here = place(p);
        Expr *only = kr_parse_genexp(p);
        if (p->raised)
            return NULL;
        if (only) {
            Expr *e = new_expr(p, EXPR_Call, start);
            e->Call.func = func;
            e->Call.args = kr_ast_sequence(p->arena, 1, (void **)&only);
            e->Call.keywords = kr_ast_sequence(p->arena, 0, NULL);
            return e;
        }
        restore(p, here);
    }
    p->at++;
    if (peek(p) != TOKEN_RPAR) {
        Place here = place(p);
        arguments = p->second ? kr_parse_arguments(p) : kr_parse_args(p, here.at - 1);
        if (!arguments) {
            if (p->raised)
                return NULL;
            restore(p, here);
        } else if (!p->second) {
            accept(p, TOKEN_COMMA);
        }
    }
    if (!expect(p, TOKEN_RPAR))
        return NULL;
    Expr *e = new_expr(p, EXPR_Call, start);
    e->Call.func = func;
    e->Call.args = arguments ? arguments->Call.args : kr_ast_sequence(p->arena, 0, NULL);
    e->Call.keywords = arguments ? arguments->Call.keywords : kr_ast_sequence(p->arena, 0, NULL);
    return e;
}

/* One `.name`, `(...)` or `[...]` behind `value`; NULL if there is none. */
static Expr *trailer(Parser *p, Expr *value, uint32_t start) {
    switch (peek(p)) {
    case TOKEN_DOT: {
        p->at++;
        if (peek(p) != TOKEN_NAME)
            return fail(p);
        Identifier *attr = p->t[p->at++].name;
        Expr *e = new_expr(p, EXPR_Attribute, start);
        e->Attribute.value = value;
        e->Attribute.attr = attr;
        return e;
    }
    case TOKEN_LPAR:
        return call(p, value, start);
    case TOKEN_LSQB: {
        p->at++;
        Expr *index = slices(p);
        if (!index || !expect(p, TOKEN_RSQB))
            return NULL;
        Expr *e = new_expr(p, EXPR_Subscript, start);
        e->Subscript.value = value;
        e->Subscript.slice = index;
        return e;
    }
    default:
        return NULL;
    }
}

static void *primary_rule(Parser *p) {
    uint32_t start = p->at;
    Expr *value = kr_parse_atom(p);
    if (!value)
        return NULL;
    for (int chain = 0;; chain++) {
        TokenType type = peek(p);
        /* A call's bare generator is looked for behind every operand, whatever the bracket. */
        if ((type == TOKEN_LBRACE || type == TOKEN_LSQB) &&
            is_invalid(p, kr_invalid_comprehension))
            return NULL;
        if (type != TOKEN_DOT && type != TOKEN_LPAR && type != TOKEN_LSQB)
            return value;
        Place before = place(p);
        Expr *next = trailer(p, value, start);
        if (!next) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, before);
            return value;
        }
        value = next;
        if (chain > DEEP_CHAIN)
            p->deep = true;
    }
}

Expr *kr_parse_primary(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_PRIMARY, primary_rule);
    return primary_rule(p);
}
