/*
 * syntax/parser_stmt.c: simple statements, blocks and the dispatch to compound statements.
 *
 * An assignment is parsed as an expression; what follows it (`=`, `:` or `+=`) then tells what it
 * was. The second pass instead tries the forms of an assignment in the grammar's order, since that
 * decides which mistake is named.
 */
#include "runtime/syntax/parser_state.h"

#include <string.h>

bool kr_parse_is_word(const Parser *p, const char *word) {
    const Token *t = &p->t[p->at];
    return t->type == TOKEN_NAME && t->flags & TOKEN_SOFT && !strcmp(t->name->text, word) &&
           t->end - t->start == t->name->length;
}

/* ---- assignments -------------------------------------------------------------------------- */

static bool is_augmented(TokenType type) {
    return type >= TOKEN_PLUSEQUAL && type <= TOKEN_DOUBLESLASHEQUAL;
}

static Stmt *annotated(Parser *p, uint32_t start, Expr *target, bool simple) {
    p->at++;
    Expr *annotation = kr_parse_expression(p), *value = NULL;
    if (!annotation)
        return NULL;
    if (peek(p) == TOKEN_EQUAL) {
        Place here = place(p);
        p->at++;
        value = kr_parse_annotated_rhs(p);
        if (!value) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
        }
    }
    Stmt *s = finish(p, STMT_AnnAssign, start);
    s->AnnAssign.target = target;
    s->AnnAssign.annotation = annotation;
    s->AnnAssign.value = value;
    s->AnnAssign.simple = simple;
    return s;
}

static Stmt *augmented(Parser *p, uint32_t start, Expr *target) {
    Operator op = (Operator)(peek(p) - TOKEN_PLUSEQUAL);
    p->at++;
    Expr *value = kr_parse_annotated_rhs(p);
    if (!value)
        return NULL;
    Stmt *s = finish(p, STMT_AugAssign, start);
    s->AugAssign.target = target;
    s->AugAssign.op = op;
    s->AugAssign.value = value;
    return s;
}

/* target '=' target '=' ... value, the first part parsed already. */
static Stmt *assign(Parser *p, uint32_t start, Expr *value) {
    uint32_t mark = p->top;
    while (accept(p, TOKEN_EQUAL)) {
        if (!kr_parse_is_target(value)) {
            p->at--;
            return fail(p);
        }
        kr_parse_set_context(value, CTX_Store);
        push(p, value);
        value = kr_parse_annotated_rhs(p);
        if (!value)
            return NULL;
    }
    Stmt *s = finish(p, STMT_Assign, start);
    s->Assign.targets = take(p, mark);
    s->Assign.value = value;
    return s;
}

static Stmt *expression_statement(Parser *p) {
    uint32_t start = p->at;
    Expr *e = kr_parse_star_expressions(p);
    if (!e)
        return NULL;
    TokenType type = peek(p);
    if (type == TOKEN_EQUAL)
        return assign(p, start, e);
    if (type == TOKEN_COLON || is_augmented(type)) {
        if (!kr_parse_is_single_target(e))
            return fail(p);
        kr_parse_set_context(e, CTX_Store);
        if (type == TOKEN_COLON)
            return annotated(p, start, e, e->kind == EXPR_Name && !e->parenthesized);
        return augmented(p, start, e);
    }
    Stmt *s = finish(p, STMT_Expr, start);
    s->Expr.value = e;
    return s;
}

/* Second pass: (star_targets '=')+ (yield_expr | star_expressions) !'=' */
static Stmt *chained_assignment(Parser *p) {
    uint32_t start = p->at;
    int targets = 0;
    for (;; targets++) {
        Place here = place(p);
        if (!kr_parse_star_targets(p) || !expect(p, TOKEN_EQUAL)) {
            if (p->raised)
                return NULL;
            restore(p, here);
            break;
        }
    }
    if (!targets || !kr_parse_annotated_rhs(p))
        return NULL;
    if (peek(p) == TOKEN_EQUAL)
        return fail(p);
    return finish(p, STMT_Assign, start);
}

/* Second pass. *cut: an augmented assignment was begun, nothing else may be tried. */
static Stmt *assignment_again(Parser *p, bool *cut) {
    Place start = place(p);
    Stmt *s = NULL;
    if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_COLON) {
        p->at++;
        s = annotated(p, start.at, NULL, true);
        if (s || p->raised)
            return s;
        restore(p, start);
    }
    Expr *target = kr_parse_single_target(p);
    if (target && peek(p) == TOKEN_COLON && (target->kind != EXPR_Name || target->parenthesized))
        s = annotated(p, start.at, target, false);
    if (s || p->raised)
        return s;
    restore(p, start);
    s = chained_assignment(p);
    if (s || p->raised)
        return s;
    restore(p, start);
    target = kr_parse_single_target(p);
    if (target && is_augmented(peek(p))) {
        *cut = true;
        return augmented(p, start.at, target);
    }
    if (p->raised)
        return NULL;
    restore(p, start);
    is_invalid(p, kr_invalid_assignment);
    return NULL;
}

static Stmt *expression_statement_again(Parser *p) {
    Place start = place(p);
    bool cut = false;
    Stmt *s = assignment_again(p, &cut);
    if (s || p->raised)
        return s;
    restore(p, start);
    Expr *e = kr_parse_star_expressions(p);
    return e ? finish(p, STMT_Expr, start.at) : NULL;
}

/* ---- statements with a keyword ------------------------------------------------------------ */

static Stmt *keyword_only(Parser *p, NodeKind kind) {
    p->at++;
    return finish(p, kind, p->at - 1);
}

static Stmt *return_stmt(Parser *p) {
    uint32_t start = p->at++;
    Expr *value = NULL;
    if (kr_parse_starts_expression(peek(p))) {
        value = kr_parse_star_expressions(p);
        if (!value)
            return NULL;
    }
    Stmt *s = finish(p, STMT_Return, start);
    s->Return.value = value;
    return s;
}

static Stmt *raise_stmt(Parser *p) {
    uint32_t start = p->at++;
    Expr *exc = NULL, *cause = NULL;
    if (kr_parse_starts_expression(peek(p))) {
        exc = kr_parse_expression(p);
        if (!exc)
            return NULL;
        if (accept(p, TOKEN_FROM)) {
            cause = kr_parse_expression(p);
            if (!cause)
                return NULL;
        }
    }
    Stmt *s = finish(p, STMT_Raise, start);
    s->Raise.exc = exc;
    s->Raise.cause = cause;
    return s;
}

static Stmt *names_stmt(Parser *p, NodeKind kind) {
    uint32_t start = p->at, mark = p->top;
    do {
        p->at++;
        if (peek(p) != TOKEN_NAME)
            return fail(p);
        push(p, p->t[p->at].name);
        p->at++;
    } while (peek(p) == TOKEN_COMMA);
    Stmt *s = finish(p, kind, start);
    s->Global.names = take(p, mark);
    return s;
}

_Static_assert(offsetof(Stmt, Global.names) == offsetof(Stmt, Nonlocal.names),
               "names_stmt() writes both through Global");

static Stmt *del_stmt(Parser *p) {
    Place start = place(p);
    p->at++;
    ExprSeq *targets = kr_parse_del_targets(p);
    if (targets && (peek(p) == TOKEN_SEMI || peek(p) == TOKEN_NEWLINE)) {
        Stmt *s = finish(p, STMT_Delete, start.at);
        s->Delete.targets = targets;
        return s;
    }
    fail(p);
    if (p->raised)
        return NULL;
    restore(p, start);
    is_invalid(p, kr_invalid_del_stmt);
    return NULL;
}

static Stmt *assert_stmt(Parser *p) {
    uint32_t start = p->at++;
    Expr *test = kr_parse_expression(p), *msg = NULL;
    if (!test)
        return NULL;
    if (accept(p, TOKEN_COMMA)) {
        msg = kr_parse_expression(p);
        if (!msg)
            return NULL;
    }
    Stmt *s = finish(p, STMT_Assert, start);
    s->Assert.test = test;
    s->Assert.msg = msg;
    return s;
}

static Stmt *yield_stmt(Parser *p) {
    uint32_t start = p->at;
    Expr *e = kr_parse_yield_expr(p);
    if (!e)
        return NULL;
    Stmt *s = finish(p, STMT_Expr, start);
    s->Expr.value = e;
    return s;
}

/* In the second pass `yield` may begin an invalid assignment. */
static Stmt *yield_stmt_again(Parser *p) {
    if (p->second) {
        Place start = place(p);
        bool cut = false;
        Stmt *s = assignment_again(p, &cut);
        if (s || p->raised)
            return s;
        restore(p, start);
    }
    return yield_stmt(p);
}

static bool starts_type_alias(const Parser *p) {
    if (peek_second(p) != TOKEN_NAME || !kr_parse_is_word(p, "type"))
        return false;
    TokenType third = p->t[p->at + 2].type;
    return third == TOKEN_EQUAL || third == TOKEN_LSQB;
}

/* "type" NAME [type_params] '=' expression */
static Stmt *type_alias(Parser *p) {
    uint32_t start = p->at++;
    Expr *name = kr_parse_name(p, CTX_Store);
    if (!name)
        return NULL;
    TypeParamSeq *params = kr_parse_type_params(p);
    if (!params || !expect(p, TOKEN_EQUAL))
        return NULL;
    Expr *value = kr_parse_expression(p);
    if (!value)
        return NULL;
    Stmt *s = finish(p, STMT_TypeAlias, start);
    s->TypeAlias.name = name;
    s->TypeAlias.type_params = params;
    s->TypeAlias.value = value;
    return s;
}

/* ---- imports ------------------------------------------------------------------------------ */

/* NAME ('.' NAME)* as one name. */
static Identifier *dotted_name(Parser *p) {
    uint32_t start = p->at;
    if (!expect(p, TOKEN_NAME))
        return NULL;
    size_t length = p->t[start].name->length;
    while (peek(p) == TOKEN_DOT && peek_second(p) == TOKEN_NAME) {
        length += 1 + p->t[p->at + 1].name->length;
        p->at += 2;
    }
    if (peek(p) == TOKEN_DOT) {
        p->at++;
        fail(p);
        p->at--;
    }
    if (p->at == start + 1)
        return p->t[start].name;
    char *text = kr_arena_alloc(p->arena, length + 1), *to = text;
    for (uint32_t i = start; i < p->at; i += 2) {
        Identifier *part = p->t[i].name;
        if (i > start)
            *to++ = '.';
        memcpy(to, part->text, part->length);
        to += part->length;
    }
    return kr_ast_intern(p->names, text, length);
}

/* One name of an import, with its `as`. */
static Alias *alias(Parser *p, bool dotted) {
    uint32_t start = p->at;
    Identifier *name = dotted ? dotted_name(p) : NULL, *asname = NULL;
    if (!dotted) {
        if (peek(p) != TOKEN_NAME)
            return fail(p);
        name = p->t[p->at++].name;
    }
    if (!name)
        return NULL;
    if (accept(p, TOKEN_AS)) {
        if (peek(p) != TOKEN_NAME)
            return fail(p);
        asname = p->t[p->at++].name;
    }
    Alias *a = finish(p, PRODUCT_Alias, start);
    a->name = name;
    a->asname = asname;
    return a;
}

static Stmt *import_name(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    do {
        Alias *a = alias(p, true);
        if (!a)
            return NULL;
        push(p, a);
    } while (accept(p, TOKEN_COMMA));
    Stmt *s = finish(p, STMT_Import, start);
    s->Import.names = take(p, mark);
    return s;
}

/* The names behind `import`, pushed. */
static bool import_from_targets(Parser *p) {
    if (peek(p) == TOKEN_STAR) {
        Alias *a = finish(p, PRODUCT_Alias, p->at++);
        const Token *t = &p->t[p->at - 1];
        a->end_lineno = t->end_lineno;
        a->end_col_offset = t->end_col_offset;
        a->name = kr_ast_intern(p->names, "*", 1);
        push(p, a);
        return true;
    }
    Place start = place(p);
    bool parenthesized = accept(p, TOKEN_LPAR);
    for (;;) {
        Alias *a = alias(p, false);
        if (!a)
            break;
        push(p, a);
        if (!accept(p, TOKEN_COMMA)) {
            if (parenthesized && !expect(p, TOKEN_RPAR))
                break;
            return true;
        }
        if (parenthesized && accept(p, TOKEN_RPAR))
            return true;
    }
    fail(p);
    restore(p, start);
    if (!p->raised)
        is_invalid(p, kr_invalid_import_from_targets);
    return false;
}

static Stmt *import_from(Parser *p) {
    uint32_t start = p->at++, mark = p->top;
    int level = 0;
    for (;; p->at++) {
        if (peek(p) == TOKEN_DOT)
            level++;
        else if (peek(p) == TOKEN_ELLIPSIS)
            level += 3;
        else
            break;
    }
    Identifier *module = NULL;
    if (!level || peek(p) != TOKEN_IMPORT) {
        module = dotted_name(p);
        if (!module)
            return NULL;
    }
    if (!expect(p, TOKEN_IMPORT) || !import_from_targets(p))
        return NULL;
    Stmt *s = finish(p, STMT_ImportFrom, start);
    s->ImportFrom.module = module;
    s->ImportFrom.names = take(p, mark);
    s->ImportFrom.level = level;
    return s;
}

/* ---- one simple statement ----------------------------------------------------------------- */

static Stmt *simple_stmt_rule(Parser *p) {
    switch (peek(p)) {
    case TOKEN_RETURN: return return_stmt(p);
    case TOKEN_IMPORT: return import_name(p);
    case TOKEN_FROM: return import_from(p);
    case TOKEN_RAISE: return raise_stmt(p);
    case TOKEN_PASS: return keyword_only(p, STMT_Pass);
    case TOKEN_BREAK: return keyword_only(p, STMT_Break);
    case TOKEN_CONTINUE: return keyword_only(p, STMT_Continue);
    case TOKEN_DEL: return del_stmt(p);
    case TOKEN_YIELD: return yield_stmt_again(p);
    case TOKEN_ASSERT: return assert_stmt(p);
    case TOKEN_GLOBAL: return names_stmt(p, STMT_Global);
    case TOKEN_NONLOCAL: return names_stmt(p, STMT_Nonlocal);
    case TOKEN_NAME:
        if (starts_type_alias(p)) {
            Place here = place(p);
            Stmt *s = type_alias(p);
            if (s || p->raised)
                return s;
            restore(p, here);
        }
        break;
    default: break;
    }
    return p->second ? expression_statement_again(p) : expression_statement(p);
}

static void *simple_stmt_memo(Parser *p) {
    return simple_stmt_rule(p);
}

static Stmt *simple_stmt(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_SIMPLE_STMT, simple_stmt_memo);
    return simple_stmt_rule(p);
}

bool kr_parse_simple_stmts(Parser *p) {
    for (;;) {
        Stmt *s = simple_stmt(p);
        if (!s) {
            fail(p);
            return false;
        }
        push(p, s);
        if (!accept(p, TOKEN_SEMI))
            return expect(p, TOKEN_NEWLINE);
        if (accept(p, TOKEN_NEWLINE))
            return true;
    }
}

/* ---- statements and blocks ---------------------------------------------------------------- */

/* Can a `match` statement's subject begin with this token? Else `match` is an ordinary name. */
static bool may_match(Parser *p) {
    return kr_parse_starts_expression(peek_second(p)) && kr_parse_is_word(p, "match");
}

bool kr_parse_statement(Parser *p) {
    TokenType type = peek(p);
    if (kr_parse_starts_compound(type)) {
        Stmt *s = kr_parse_compound_stmt(p);
        if (!s)
            return false;
        push(p, s);
        return true;
    }
    if (type == TOKEN_NAME && may_match(p)) {
        Place here = place(p);
        Stmt *s = kr_parse_match_stmt(p);
        if (s) {
            push(p, s);
            return true;
        }
        if (p->raised)
            return false;
        restore(p, here);
    }
    return kr_parse_simple_stmts(p);
}

/* NEWLINE INDENT statements DEDENT */
static StmtSeq *indented_block(Parser *p) {
    uint32_t mark = p->top;
    p->at++;
    if (!expect(p, TOKEN_INDENT))
        return NULL;
    do {
        Place here = place(p);
        if (!kr_parse_statement(p)) {
            if (p->raised || !p->second)
                return NULL;
            restore(p, here);
            break;
        }
    } while (peek(p) != TOKEN_DEDENT && peek(p) != TOKEN_ENDMARKER);
    if (p->top == mark || !expect(p, TOKEN_DEDENT))
        return NULL;
    return take(p, mark);
}

static void *block_rule(Parser *p) {
    uint32_t mark = p->top;
    if (peek(p) != TOKEN_NEWLINE)
        return kr_parse_simple_stmts(p) ? take(p, mark) : NULL;
    Place start = place(p);
    StmtSeq *body = indented_block(p);
    if (body || p->raised)
        return body;
    restore(p, start);
    if (p->invalid && p->t[p->at + 1].type != TOKEN_INDENT) {
        p->at++;
        fail(p);
        kr_syntax_error_raise_last(p, SYNTAX_INDENTATION, "expected an indented block");
    }
    return NULL;
}

StmtSeq *kr_parse_block(Parser *p) {
    if (!enter(p))
        return NULL;
    StmtSeq *body = p->second ? kr_parse_memo(p, RULE_BLOCK, block_rule) : block_rule(p);
    leave(p);
    return body;
}
