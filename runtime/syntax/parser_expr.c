/*
 * syntax/parser_expr.c: expressions, from star_expressions down to powers. Operands are in
 * parser_atom.c.
 *
 * Binary operators are parsed by precedence climbing. When an operator's right side does not
 * parse, the second pass goes on with what stands to its left, as a grammar with backtracking does;
 * the first pass gives up, since nothing could follow there.
 */
#include "runtime/syntax/parser_state.h"

bool kr_parse_starts_expression(TokenType type) {
    switch (type) {
    case TOKEN_NAME:
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_FSTRING_START:
    case TOKEN_LPAR:
    case TOKEN_LSQB:
    case TOKEN_LBRACE:
    case TOKEN_ELLIPSIS:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_TILDE:
    case TOKEN_STAR:
    case TOKEN_AWAIT:
    case TOKEN_LAMBDA:
    case TOKEN_NOT:
    case TOKEN_NONE:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        return true;
    default:
        return false;
    }
}

/* ---- binary operators --------------------------------------------------------------------- */

/* Precedence and operator, 0 for tokens that are no binary operator. */
static const struct {
    uint8_t precedence, op;
} binary_operators[TOKEN_TYPES] = {
    [TOKEN_VBAR] = {1, OP_BitOr},         [TOKEN_CIRCUMFLEX] = {2, OP_BitXor},
    [TOKEN_AMPER] = {3, OP_BitAnd},       [TOKEN_LEFTSHIFT] = {4, OP_LShift},
    [TOKEN_RIGHTSHIFT] = {4, OP_RShift},  [TOKEN_PLUS] = {5, OP_Add},
    [TOKEN_MINUS] = {5, OP_Sub},          [TOKEN_STAR] = {6, OP_Mult},
    [TOKEN_SLASH] = {6, OP_Div},          [TOKEN_DOUBLESLASH] = {6, OP_FloorDiv},
    [TOKEN_PERCENT] = {6, OP_Mod},        [TOKEN_AT] = {6, OP_MatMult},
};

static void *factor(Parser *p);

static Expr *await_primary(Parser *p) {
    uint32_t start = p->at;
    if (!accept(p, TOKEN_AWAIT))
        return kr_parse_primary(p);
    Expr *value = kr_parse_primary(p);
    if (!value)
        return NULL;
    Expr *e = new_expr(p, EXPR_Await, start);
    e->Await.value = value;
    return e;
}

static void *factor_rule(Parser *p) {
    uint32_t start = p->at;
    UnaryOperator op;
    switch (peek(p)) {
    case TOKEN_PLUS: op = UNARY_UAdd; break;
    case TOKEN_MINUS: op = UNARY_USub; break;
    case TOKEN_TILDE: op = UNARY_Invert; break;
    default: {
        Expr *left = await_primary(p);
        if (!left || peek(p) != TOKEN_DOUBLESTAR)
            return left;
        Place here = place(p);
        p->at++;
        Expr *right = factor(p);
        if (!right) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
            return left;
        }
        Expr *e = new_expr(p, EXPR_BinOp, start);
        e->BinOp.left = left;
        e->BinOp.op = OP_Pow;
        e->BinOp.right = right;
        return e;
    }
    }
    p->at++;
    Expr *operand = factor(p);
    if (!operand)
        return NULL;
    Expr *e = new_expr(p, EXPR_UnaryOp, start);
    e->UnaryOp.op = op;
    e->UnaryOp.operand = operand;
    return e;
}

static void *factor(Parser *p) {
    if (!enter(p))
        return NULL;
    void *e = p->second ? kr_parse_memo(p, RULE_FACTOR, factor_rule) : factor_rule(p);
    leave(p);
    return e;
}

static Expr *binary(Parser *p, int precedence) {
    uint32_t start = p->at;
    Expr *left = factor(p);
    if (!left)
        return NULL;
    for (int chain = 0;; chain++) {
        TokenType type = peek(p);
        int here = binary_operators[type].precedence;
        if (here < precedence || !here)
            break;
        Place before = place(p);
        p->at++;
        Expr *right = binary(p, here + 1);
        if (!right) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, before);
            break;
        }
        Expr *e = new_expr(p, EXPR_BinOp, start);
        e->BinOp.left = left;
        e->BinOp.op = (Operator)binary_operators[type].op;
        e->BinOp.right = right;
        left = e;
        if (chain > DEEP_CHAIN)
            p->deep = true;
    }
    return left;
}

static void *bitwise_or_rule(Parser *p) {
    return binary(p, 1);
}

Expr *kr_parse_bitwise_or(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_BITWISE_OR, bitwise_or_rule);
    return binary(p, 1);
}

/* ---- comparisons -------------------------------------------------------------------------- */

/* A comparison operator, consumed; -1 if there is none. */
static int compare_operator(Parser *p) {
    switch (peek(p)) {
    case TOKEN_EQEQUAL: p->at++; return CMP_Eq;
    case TOKEN_NOTEQUAL:
        if (!(p->t[p->at].flags & TOKEN_BARRY) == !(p->flags & PARSE_BARRY)) {
            p->at++;
            return CMP_NotEq;
        }
        fail(p);
        return -1;
    case TOKEN_LESS: p->at++; return CMP_Lt;
    case TOKEN_LESSEQUAL: p->at++; return CMP_LtE;
    case TOKEN_GREATER: p->at++; return CMP_Gt;
    case TOKEN_GREATEREQUAL: p->at++; return CMP_GtE;
    case TOKEN_IN: p->at++; return CMP_In;
    case TOKEN_IS:
        p->at++;
        return accept(p, TOKEN_NOT) ? CMP_IsNot : CMP_Is;
    case TOKEN_NOT:
        if (peek_second(p) == TOKEN_IN) {
            p->at += 2;
            return CMP_NotIn;
        }
        p->at++;
        fail(p);
        p->at--;
        return -1;
    default: return -1;
    }
}

static CmpOperatorSeq *operator_sequence(Parser *p, size_t count, void **pairs) {
    CmpOperatorSeq *seq = kr_arena_alloc(
        p->arena, sizeof(CmpOperatorSeq) + count * sizeof(CmpOperator));
    seq->count = count;
    for (size_t i = 0; i < count; i++)
        seq->items[i] = (CmpOperator)(uintptr_t)pairs[2 * i];
    return seq;
}

static Expr *comparison(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Expr *left = kr_parse_bitwise_or(p);
    if (!left)
        return NULL;
    for (;;) {
        Place before = place(p);
        int op = compare_operator(p);
        if (op < 0)
            break;
        Expr *right = kr_parse_bitwise_or(p);
        if (!right) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, before);
            break;
        }
        push(p, (void *)(uintptr_t)op);
        push(p, right);
    }
    if (p->top == mark)
        return left;
    size_t count = (p->top - mark) / 2;
    CmpOperatorSeq *ops = operator_sequence(p, count, p->stack + mark);
    for (size_t i = 0; i < count; i++)
        p->stack[mark + i] = p->stack[mark + 2 * i + 1];
    p->top = mark + (uint32_t)count;
    Expr *e = new_expr(p, EXPR_Compare, start);
    e->Compare.left = left;
    e->Compare.ops = ops;
    e->Compare.comparators = take(p, mark);
    return e;
}

/* ---- not, and, or ------------------------------------------------------------------------- */

static Expr *inversion(Parser *p) {
    uint32_t start = p->at;
    if (!accept(p, TOKEN_NOT))
        return comparison(p);
    if (!enter(p))
        return NULL;
    Expr *operand = inversion(p);
    leave(p);
    if (!operand)
        return NULL;
    Expr *e = new_expr(p, EXPR_UnaryOp, start);
    e->UnaryOp.op = UNARY_Not;
    e->UnaryOp.operand = operand;
    return e;
}

static Expr *bool_operation(Parser *p, TokenType word, BoolOperator op,
                            Expr *(*operand)(Parser *p)) {
    uint32_t start = p->at, mark = p->top;
    Expr *first = operand(p);
    if (!first || peek(p) != word)
        return first;
    push(p, first);
    while (peek(p) == word) {
        Place before = place(p);
        p->at++;
        Expr *next = operand(p);
        if (!next) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, before);
            break;
        }
        push(p, next);
    }
    if (p->top == mark + 1) {
        p->top = mark;
        return first;
    }
    Expr *e = new_expr(p, EXPR_BoolOp, start);
    e->BoolOp.op = op;
    e->BoolOp.values = take(p, mark);
    return e;
}

static Expr *conjunction(Parser *p) {
    return bool_operation(p, TOKEN_AND, BOOL_And, inversion);
}

static void *disjunction_rule(Parser *p) {
    return bool_operation(p, TOKEN_OR, BOOL_Or, conjunction);
}

Expr *kr_parse_disjunction(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_DISJUNCTION, disjunction_rule);
    return disjunction_rule(p);
}

/* ---- expression --------------------------------------------------------------------------- */

static Expr *lambdef(Parser *p) {
    uint32_t start = p->at++;
    Arguments *args = kr_parse_params(p, true);
    if (!args || !expect(p, TOKEN_COLON))
        return NULL;
    Expr *body = kr_parse_expression(p);
    if (!body)
        return NULL;
    Expr *e = new_expr(p, EXPR_Lambda, start);
    e->Lambda.args = args;
    e->Lambda.body = body;
    return e;
}

/* disjunction 'if' disjunction 'else' expression | disjunction | lambdef */
static Expr *plain_expression(Parser *p) {
    if (peek(p) == TOKEN_LAMBDA)
        return lambdef(p);
    uint32_t start = p->at;
    Expr *body = kr_parse_disjunction(p);
    if (!body || peek(p) != TOKEN_IF)
        return body;
    Place before = place(p);
    p->at++;
    Expr *test = kr_parse_disjunction(p), *orelse = NULL;
    if (test && expect(p, TOKEN_ELSE))
        orelse = kr_parse_expression(p);
    if (!orelse) {
        if (p->raised || !p->second)
            return NULL;
        restore(p, before);
        return body;
    }
    Expr *e = new_expr(p, EXPR_IfExp, start);
    e->IfExp.test = test;
    e->IfExp.body = body;
    e->IfExp.orelse = orelse;
    return e;
}

static void *expression_rule(Parser *p) {
    if (is_invalid(p, kr_invalid_expression))
        return NULL;
    return plain_expression(p);
}

Expr *kr_parse_expression(Parser *p) {
    if (!enter(p))
        return NULL;
    Expr *e = p->second ? kr_parse_memo(p, RULE_EXPRESSION, expression_rule) : plain_expression(p);
    leave(p);
    return e;
}

Expr *kr_parse_expression_without_invalid(Parser *p) {
    bool invalid = p->invalid;
    p->invalid = false;
    Expr *e = plain_expression(p);
    p->invalid = invalid;
    return e;
}

Expr *kr_parse_assignment_expression(Parser *p) {
    uint32_t start = p->at;
    Expr *target = kr_parse_name(p, CTX_Store);
    if (!target || !expect(p, TOKEN_COLONEQUAL))
        return NULL;
    Expr *value = kr_parse_expression(p);
    if (!value)
        return NULL;
    Expr *e = new_expr(p, EXPR_NamedExpr, start);
    e->NamedExpr.target = target;
    e->NamedExpr.value = value;
    return e;
}

static void *invalid_named_rule(Parser *p) {
    kr_invalid_named_expression(p);
    return NULL;
}

Expr *kr_parse_named_expression(Parser *p) {
    if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_COLONEQUAL) {
        Place here = place(p);
        Expr *e = kr_parse_assignment_expression(p);
        if (e || p->raised)
            return e;
        restore(p, here);
    }
    if (p->invalid) {
        Place here = place(p);
        kr_parse_memo(p, RULE_INVALID_NAMED, invalid_named_rule);
        restore(p, here);
        if (p->raised)
            return NULL;
    }
    Expr *e = kr_parse_expression(p);
    if (e && peek(p) == TOKEN_COLONEQUAL)
        return fail(p);
    return e;
}

/* ---- sequences ---------------------------------------------------------------------------- */

static Expr *starred(Parser *p, Expr *(*value_rule)(Parser *p)) {
    uint32_t start = p->at++;
    Expr *value = value_rule(p);
    if (!value)
        return NULL;
    Expr *e = new_expr(p, EXPR_Starred, start);
    e->Starred.value = value;
    return e;
}

static void *star_expression_rule(Parser *p) {
    if (peek(p) == TOKEN_STAR)
        return starred(p, kr_parse_bitwise_or);
    return kr_parse_expression(p);
}

Expr *kr_parse_star_expression(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_STAR_EXPRESSION, star_expression_rule);
    return star_expression_rule(p);
}

Expr *kr_parse_star_named_expression(Parser *p) {
    if (peek(p) == TOKEN_STAR)
        return starred(p, kr_parse_bitwise_or);
    return kr_parse_named_expression(p);
}

/* item (',' item)* [','] as a tuple if there is a comma. */
static Expr *tuple_of(Parser *p, Expr *(*item)(Parser *p)) {
    uint32_t start = p->at, mark = p->top;
    Expr *first = item(p);
    if (!first || peek(p) != TOKEN_COMMA)
        return first;
    push(p, first);
    while (accept(p, TOKEN_COMMA)) {
        if (!kr_parse_starts_expression(peek(p)))
            break;
        Place here = place(p);
        Expr *next = item(p);
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
    return e;
}

Expr *kr_parse_star_expressions(Parser *p) {
    return tuple_of(p, kr_parse_star_expression);
}

Expr *kr_parse_expressions(Parser *p) {
    return tuple_of(p, kr_parse_expression);
}

Expr *kr_parse_yield_expr(Parser *p) {
    uint32_t start = p->at;
    if (!expect(p, TOKEN_YIELD))
        return NULL;
    if (accept(p, TOKEN_FROM)) {
        Expr *value = kr_parse_expression(p);
        if (!value)
            return NULL;
        Expr *e = new_expr(p, EXPR_YieldFrom, start);
        e->YieldFrom.value = value;
        return e;
    }
    Expr *value = NULL;
    if (kr_parse_starts_expression(peek(p))) {
        Place here = place(p);
        value = kr_parse_star_expressions(p);
        if (!value) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
        }
    }
    Expr *e = new_expr(p, EXPR_Yield, start);
    e->Yield.value = value;
    return e;
}

Expr *kr_parse_annotated_rhs(Parser *p) {
    if (peek(p) == TOKEN_YIELD)
        return kr_parse_yield_expr(p);
    return kr_parse_star_expressions(p);
}
