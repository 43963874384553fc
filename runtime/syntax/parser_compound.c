/*
 * syntax/parser_compound.c: statements with blocks, except `match`.
 *
 * `expect_forced` raises at once, in either pass, as CPython's forced tokens do.
 */
#include "runtime/syntax/parser_state.h"

void *kr_parse_finish_statement(Parser *p, NodeKind kind, uint32_t start) {
    Node *node = finish(p, kind, start);
    uint32_t i = p->at - 1;
    while (i > start) {
        TokenType type = p->t[i].type;
        if (type != TOKEN_NEWLINE && type != TOKEN_INDENT && type != TOKEN_DEDENT &&
            type != TOKEN_ENDMARKER)
            break;
        i--;
    }
    node->end_lineno = p->t[i].end_lineno;
    node->end_col_offset = p->t[i].end_col_offset;
    return node;
}

static bool expect_forced(Parser *p, TokenType type) {
    if (accept(p, type))
        return true;
    fail(p);
    kr_syntax_error_raise(p, kr_syntax_error_literal_span(p, p->at), "expected '%s'",
                          kr_tokens_name(type));
    return false;
}

/* The colon of a compound statement and the block behind it. `after` words the error about a
   missing indent, `start` is its keyword. */
static StmtSeq *colon_block(Parser *p, const char *after, uint32_t start) {
    if (kr_invalid_colon(p) || !expect(p, TOKEN_COLON))
        return NULL;
    if (kr_invalid_indent(p, after, start))
        return NULL;
    return kr_parse_block(p);
}

static StmtSeq *no_statements(Parser *p) {
    return kr_ast_sequence(p->arena, 0, NULL);
}

/* [ 'else' &&':' block ] */
static StmtSeq *else_block(Parser *p) {
    uint32_t start = p->at;
    if (!accept(p, TOKEN_ELSE))
        return no_statements(p);
    if (!expect_forced(p, TOKEN_COLON) || kr_invalid_indent(p, "'else' statement", start))
        return NULL;
    return kr_parse_block(p);
}

/* [ 'finally' &&':' block ] */
static StmtSeq *finally_block(Parser *p) {
    uint32_t start = p->at;
    if (!accept(p, TOKEN_FINALLY))
        return no_statements(p);
    if (!expect_forced(p, TOKEN_COLON) || kr_invalid_indent(p, "'finally' statement", start))
        return NULL;
    return kr_parse_block(p);
}

/* ---- if, while, for ----------------------------------------------------------------------- */

/* if, elif, elif, ..., else: a loop, so that long chains take no stack. Each branch is pushed as
   start token, test and body; the nodes are then built from the last one inwards. */
static Stmt *if_stmt(Parser *p) {
    uint32_t mark = p->top;
    do {
        uint32_t start = p->at;
        bool first = p->top == mark;
        p->at++;
        Expr *test = kr_parse_named_expression(p);
        if (!test)
            return NULL;
        StmtSeq *body = colon_block(p, first ? "'if' statement" : "'elif' statement", start);
        if (!body)
            return NULL;
        push(p, (void *)(uintptr_t)start);
        push(p, test);
        push(p, body);
    } while (peek(p) == TOKEN_ELIF);
    StmtSeq *orelse = else_block(p);
    if (!orelse)
        return NULL;
    if (p->top - mark > 3 * DEEP_CHAIN)
        p->deep = true;
    Stmt *s = NULL;
    while (p->top > mark) {
        p->top -= 3;
        void **branch = p->stack + p->top;
        if (s)
            orelse = kr_ast_sequence(p->arena, 1, (void **)&s);
        s = kr_parse_finish_statement(p, STMT_If, (uint32_t)(uintptr_t)branch[0]);
        s->If.test = branch[1];
        s->If.body = branch[2];
        s->If.orelse = orelse;
    }
    return s;
}

static Stmt *while_stmt(Parser *p) {
    uint32_t start = p->at++;
    Expr *test = kr_parse_named_expression(p);
    if (!test)
        return NULL;
    StmtSeq *body = colon_block(p, "'while' statement", start);
    StmtSeq *orelse = body ? else_block(p) : NULL;
    if (!orelse)
        return NULL;
    Stmt *s = kr_parse_finish_statement(p, STMT_While, start);
    s->While.test = test;
    s->While.body = body;
    s->While.orelse = orelse;
    return s;
}

/* `start` is the `async` or the `for`. */
static Stmt *for_stmt(Parser *p, uint32_t start) {
    uint32_t word = p->at++;
    Place here = place(p);
    Expr *target = kr_parse_star_targets(p);
    if (!target || !expect(p, TOKEN_IN)) {
        if (p->raised)
            return NULL;
        restore(p, (Place){start, here.top});
        is_invalid(p, kr_invalid_for_target);
        return NULL;
    }
    Expr *iter = kr_parse_star_expressions(p);
    if (!iter)
        return NULL;
    StmtSeq *body = colon_block(p, "'for' statement", word);
    StmtSeq *orelse = body ? else_block(p) : NULL;
    if (!orelse)
        return NULL;
    Stmt *s = kr_parse_finish_statement(p, word == start ? STMT_For : STMT_AsyncFor, start);
    s->For.target = target;
    s->For.iter = iter;
    s->For.body = body;
    s->For.orelse = orelse;
    return s;
}

/* ---- with --------------------------------------------------------------------------------- */

/* expression ['as' star_target &(',' | ')' | ':')] */
static WithItem *with_item(Parser *p) {
    uint32_t start = p->at;
    Expr *context = kr_parse_expression(p), *vars = NULL;
    if (!context)
        return NULL;
    if (peek(p) == TOKEN_AS) {
        Place here = place(p);
        p->at++;
        vars = kr_parse_star_target(p);
        TokenType type = vars ? peek(p) : TOKEN_ERROR;
        if (type != TOKEN_COMMA && type != TOKEN_RPAR && type != TOKEN_COLON) {
            if (vars)
                fail(p);
            if (p->raised || !p->second)
                return NULL;
            restore(p, (Place){start, here.top});
            if (is_invalid(p, kr_invalid_with_item))
                return NULL;
            restore(p, here);
            vars = NULL;
        }
    }
    WithItem *item = finish(p, PRODUCT_WithItem, start);
    item->context_expr = context;
    item->optional_vars = vars;
    return item;
}

/* Items separated by commas, pushed; one may follow the last if they are in parentheses. */
static bool with_items(Parser *p, bool parenthesized) {
    for (;;) {
        WithItem *item = with_item(p);
        if (!item)
            return false;
        push(p, item);
        if (!accept(p, TOKEN_COMMA))
            return true;
        if (parenthesized && peek(p) == TOKEN_RPAR)
            return true;
    }
}

/* '(' items [','] ')' ':' */
static bool parenthesized_items(Parser *p) {
    p->at++;
    return with_items(p, true) && expect(p, TOKEN_RPAR) && expect(p, TOKEN_COLON);
}

/* Does the bracket that opens here close right before a ':'? Only then are its contents items. */
static bool closes_before_colon(const Parser *p) {
    int level = 0;
    for (uint32_t i = p->at; i + 1 < p->count; i++) {
        TokenType type = p->t[i].type;
        level += type == TOKEN_LPAR || type == TOKEN_LSQB || type == TOKEN_LBRACE;
        level -= type == TOKEN_RPAR || type == TOKEN_RSQB || type == TOKEN_RBRACE;
        if (level == 0)
            return p->t[i + 1].type == TOKEN_COLON;
    }
    return true;
}

static Stmt *with_stmt(Parser *p, uint32_t start) {
    NodeKind kind = p->at == start ? STMT_With : STMT_AsyncWith;
    Place here = {start, p->top};
    if (p->invalid) {
        restore(p, here);
        if (is_invalid(p, kr_invalid_with_stmt_indent))
            return NULL;
        p->at = kind == STMT_With ? start : start + 1;
    }
    p->at++;
    uint32_t mark = p->top;
    Place items = place(p);
    bool head = false;
    if (peek(p) == TOKEN_LPAR && (p->second || closes_before_colon(p))) {
        head = parenthesized_items(p);
        if (p->raised)
            return NULL;
        if (!head)
            restore(p, items);
    }
    if (!head)
        head = with_items(p, false) && expect(p, TOKEN_COLON);
    StmtSeq *body = head ? kr_parse_block(p) : NULL;
    if (!body) {
        if (p->raised)
            return NULL;
        restore(p, here);
        is_invalid(p, kr_invalid_with_stmt);
        return NULL;
    }
    Stmt *s = kr_parse_finish_statement(p, kind, start);
    s->With.items = take(p, mark);
    s->With.body = body;
    return s;
}

/* ---- try ---------------------------------------------------------------------------------- */

/* 'except' ['*'] [expressions ['as' NAME]] ':' block; several expressions only without `as`. */
static ExceptHandler *handler(Parser *p, bool star) {
    uint32_t start = p->at++;
    if (star)
        p->at++;
    Expr *type = NULL;
    Identifier *name = NULL;
    if (star || peek(p) != TOKEN_COLON) {
        type = kr_parse_expressions(p);
        if (!type)
            return NULL;
        bool several = type->kind == EXPR_Tuple && p->t[p->at - 1].type != TOKEN_RPAR;
        if (peek(p) == TOKEN_AS && !several) {
            p->at++;
            if (peek(p) != TOKEN_NAME)
                return fail(p);
            name = p->t[p->at++].name;
        }
    }
    if (!expect(p, TOKEN_COLON))
        return NULL;
    StmtSeq *body = kr_parse_block(p);
    if (!body)
        return NULL;
    ExceptHandler *h = kr_parse_finish_statement(p, HANDLER_ExceptHandler, start);
    h->type = type;
    h->name = name;
    h->body = body;
    return h;
}

ExceptHandler *kr_parse_except_block(Parser *p, bool star) {
    if (peek(p) != TOKEN_EXCEPT)
        return fail(p);
    if (star != (peek_second(p) == TOKEN_STAR)) {
        p->at++;
        fail(p);
        p->at--;
        is_invalid(p, kr_invalid_except_stmt);
        return NULL;
    }
    Place start = place(p);
    if (p->invalid) {
        kr_invalid_except_stmt_indent(p, star);
        if (p->raised)
            return NULL;
        restore(p, start);
    }
    ExceptHandler *h = handler(p, star);
    if (h || p->raised)
        return h;
    restore(p, start);
    is_invalid(p, kr_invalid_except_stmt);
    return NULL;
}

static Stmt *try_stmt(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    if (is_invalid(p, kr_invalid_try_stmt))
        return NULL;
    p->at++;
    if (!expect_forced(p, TOKEN_COLON))
        return NULL;
    StmtSeq *body = kr_parse_block(p), *orelse = no_statements(p);
    if (!body)
        return NULL;
    bool star = peek(p) == TOKEN_EXCEPT && peek_second(p) == TOKEN_STAR;
    while (peek(p) == TOKEN_EXCEPT) {
        ExceptHandler *h = kr_parse_except_block(p, star);
        if (!h)
            return NULL;
        push(p, h);
    }
    if (p->top == mark && peek(p) != TOKEN_FINALLY)
        return fail(p);
    ExceptHandlerSeq *handlers = take(p, mark);
    if (handlers->count) {
        orelse = else_block(p);
        if (!orelse)
            return NULL;
    }
    StmtSeq *final = finally_block(p);
    if (!final)
        return NULL;
    Stmt *s = kr_parse_finish_statement(p, star ? STMT_TryStar : STMT_Try, start);
    s->Try.body = body;
    s->Try.handlers = handlers;
    s->Try.orelse = orelse;
    s->Try.finalbody = final;
    return s;
}

_Static_assert(offsetof(Stmt, Try) == offsetof(Stmt, TryStar) &&
                   offsetof(Stmt, With) == offsetof(Stmt, AsyncWith) &&
                   offsetof(Stmt, For) == offsetof(Stmt, AsyncFor),
               "the asynchronous and starred forms are written through the plain ones");

/* ---- definitions -------------------------------------------------------------------------- */

static Stmt *function_def(Parser *p, uint32_t start, ExprSeq *decorators) {
    uint32_t word = p->at++;
    if (peek(p) != TOKEN_NAME)
        return fail(p);
    Identifier *name = p->t[p->at++].name;
    TypeParamSeq *type_params = kr_parse_type_params(p);
    if (!type_params || !expect_forced(p, TOKEN_LPAR))
        return NULL;
    Arguments *args = kr_parse_params(p, false);
    if (!args || !expect(p, TOKEN_RPAR))
        return NULL;
    Expr *returns = NULL;
    Place arrow = place(p);
    if (accept(p, TOKEN_RARROW)) {
        returns = kr_parse_expression(p);
        if (!returns) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, arrow);
        }
    }
    if (!expect_forced(p, TOKEN_COLON) || kr_invalid_indent(p, "function definition", word))
        return NULL;
    StmtSeq *body = kr_parse_block(p);
    if (!body)
        return NULL;
    NodeKind kind = word == start ? STMT_FunctionDef : STMT_AsyncFunctionDef;
    Stmt *s = kr_parse_finish_statement(p, kind, start);
    s->FunctionDef.name = name;
    s->FunctionDef.args = args;
    s->FunctionDef.body = body;
    s->FunctionDef.decorator_list = decorators;
    s->FunctionDef.returns = returns;
    s->FunctionDef.type_params = type_params;
    return s;
}

_Static_assert(offsetof(Stmt, FunctionDef) == offsetof(Stmt, AsyncFunctionDef) &&
                   sizeof(((Stmt *)0)->FunctionDef) == sizeof(((Stmt *)0)->AsyncFunctionDef),
               "function_def() writes both through FunctionDef");

static Stmt *class_def(Parser *p, ExprSeq *decorators) {
    uint32_t start = p->at++;
    if (peek(p) != TOKEN_NAME)
        return fail(p);
    Identifier *name = p->t[p->at++].name;
    TypeParamSeq *type_params = kr_parse_type_params(p);
    if (!type_params)
        return NULL;
    Expr *arguments = NULL;
    if (accept(p, TOKEN_LPAR)) {
        if (peek(p) != TOKEN_RPAR) {
            arguments = kr_parse_arguments(p);
            if (!arguments)
                return NULL;
        }
        if (!expect(p, TOKEN_RPAR))
            return NULL;
    }
    StmtSeq *body = colon_block(p, "class definition", start);
    if (!body)
        return NULL;
    Stmt *s = kr_parse_finish_statement(p, STMT_ClassDef, start);
    s->ClassDef.name = name;
    s->ClassDef.bases = arguments ? arguments->Call.args : kr_ast_sequence(p->arena, 0, NULL);
    s->ClassDef.keywords =
        arguments ? arguments->Call.keywords : kr_ast_sequence(p->arena, 0, NULL);
    s->ClassDef.body = body;
    s->ClassDef.decorator_list = decorators;
    s->ClassDef.type_params = type_params;
    return s;
}

static Stmt *decorated(Parser *p) {
    uint32_t mark = p->top;
    while (accept(p, TOKEN_AT)) {
        Expr *decorator = kr_parse_named_expression(p);
        if (!decorator || !expect(p, TOKEN_NEWLINE))
            return NULL;
        push(p, decorator);
    }
    ExprSeq *decorators = take(p, mark);
    switch (peek(p)) {
    case TOKEN_DEF: return function_def(p, p->at, decorators);
    case TOKEN_CLASS: return class_def(p, decorators);
    case TOKEN_ASYNC:
        p->at++;
        if (peek(p) == TOKEN_DEF)
            return function_def(p, p->at - 1, decorators);
        return fail(p);
    default: return fail(p);
    }
}

static Stmt *async_stmt(Parser *p) {
    uint32_t start = p->at++;
    switch (peek(p)) {
    case TOKEN_DEF: return function_def(p, start, kr_ast_sequence(p->arena, 0, NULL));
    case TOKEN_WITH: return with_stmt(p, start);
    case TOKEN_FOR: return for_stmt(p, start);
    default: return fail(p);
    }
}

/* ---- dispatch ----------------------------------------------------------------------------- */

bool kr_parse_starts_compound(TokenType type) {
    switch (type) {
    case TOKEN_DEF:
    case TOKEN_AT:
    case TOKEN_ASYNC:
    case TOKEN_IF:
    case TOKEN_CLASS:
    case TOKEN_WITH:
    case TOKEN_FOR:
    case TOKEN_TRY:
    case TOKEN_WHILE:
        return true;
    default:
        return false;
    }
}

Stmt *kr_parse_compound_stmt(Parser *p) {
    switch (peek(p)) {
    case TOKEN_DEF: return function_def(p, p->at, kr_ast_sequence(p->arena, 0, NULL));
    case TOKEN_AT: return decorated(p);
    case TOKEN_ASYNC: return async_stmt(p);
    case TOKEN_IF: return if_stmt(p);
    case TOKEN_CLASS: return class_def(p, kr_ast_sequence(p->arena, 0, NULL));
    case TOKEN_WITH: return with_stmt(p, p->at);
    case TOKEN_FOR: return for_stmt(p, p->at);
    case TOKEN_TRY: return try_stmt(p);
    case TOKEN_WHILE: return while_stmt(p);
    default: return fail(p);
    }
}
