/*
 * syntax/parser_state.h: what the parser's files share. Nobody outside syntax/ includes this.
 *
 * The grammar is parsed by recursive descent, one function a rule, named after it
 * (kr_parse_<rule>). A function returns NULL when its rule does not match here; its caller may then
 * step back to a Place and try something else.
 *
 * Passes. The first only builds the tree. If it fails, another (`second`) parses again, first
 * without and then with the rules for likely mistakes (kr_invalid_*, in parser_invalid*.c) switched
 * on at the places where CPython's grammar has them, so that the first mistake found in CPython's
 * order wins. If none applies, the error is "invalid syntax" at `reach`, the furthest token looked
 * at before they were on. An error is raised at most once: `raised` makes every function return
 * NULL at once.
 *
 * In these passes results are remembered by token and rule (`memo`), or nested brackets would
 * take exponential time; and because CPython remembers them too, even those found while the rules
 * for mistakes were off (`invalid` false), which decides some messages.
 */
#ifndef KRAIT_SYNTAX_PARSER_STATE_H
#define KRAIT_SYNTAX_PARSER_STATE_H

#include "runtime/syntax/ast.h"
#include "runtime/syntax/parser.h"
#include "runtime/syntax/tokens.h"

typedef struct MemoEntry {
    uint32_t at, rule; /* rule 0: free */
    uint32_t end;
    void *result;
} MemoEntry;

typedef struct Parser {
    Arena *arena;
    Names *names;
    Token *t;       /* all tokens */
    uint32_t at;    /* the next token */
    uint32_t reach; /* the furthest token looked at in vain */
    uint32_t count; /* tokens; the last is ENDMARKER or ERROR */
    int depth;      /* recursion, see kr_parse_enter */
    bool second;    /* a pass that explains errors */
    bool invalid;   /* rules for mistakes are on */
    bool raised;    /* *error is filled; everything fails now */
    bool ended;     /* that the text ends too early is being reported */
    bool deep;      /* a long chain was seen: measure the tree */
    void **stack;   /* items of unfinished sequences */
    uint32_t top, capacity;
    MemoEntry *memo;
    uint32_t memo_used, memo_mask;
    uint32_t warned; /* tokens before this one have had their warnings */
    Tokens tokens;
    SyntaxError *error;
    const char *filename;
    int mode, flags;
} Parser;

/* The deepest recursion and the deepest tree, in nodes. */
enum { MAX_DEPTH = 3000, DEEP_CHAIN = 12 };

#define NO_TOKEN UINT32_MAX

typedef struct Place {
    uint32_t at, top;
} Place;

static inline Place place(const Parser *p) {
    return (Place){p->at, p->top};
}

static inline void restore(Parser *p, Place place) {
    p->at = place.at;
    p->top = place.top;
}

static inline TokenType peek(const Parser *p) {
    return p->t[p->at].type;
}

/* The type of the token behind the next one. The array has spare tokens behind its end. */
static inline TokenType peek_second(const Parser *p) {
    return p->t[p->at + 1].type;
}

/* Records that the next token did not fit. Returns NULL for convenience. */
static inline void *fail(Parser *p) {
    if (p->at > p->reach)
        p->reach = p->at;
    return NULL;
}

static inline bool accept(Parser *p, TokenType type) {
    if (peek(p) != type)
        return false;
    p->at++;
    return true;
}

static inline bool expect(Parser *p, TokenType type) {
    if (peek(p) == type) {
        p->at++;
        return true;
    }
    fail(p);
    return false;
}

/* 'for' or 'async' 'for' comes next. */
static inline bool kr_parse_starts_clause(Parser *p) {
    if (peek(p) != TOKEN_ASYNC)
        return peek(p) == TOKEN_FOR;
    if (peek_second(p) == TOKEN_FOR)
        return true;
    p->at++;
    fail(p);
    p->at--;
    return false;
}

/* The rule ends with this token and is about to raise: sees it without consuming it. */
static inline bool at_token(Parser *p, TokenType type) {
    fail(p);
    return peek(p) == type;
}

/* Is the next token a NAME with this text (a soft keyword)? */
bool kr_parse_is_word(const Parser *p, const char *word);

/* ---- building ----------------------------------------------------------------------------- */

void kr_parse_grow_stack(Parser *p);

static inline void push(Parser *p, void *item) {
    if (p->top == p->capacity)
        kr_parse_grow_stack(p);
    p->stack[p->top++] = item;
}

/* The items pushed since the stack's top was `mark`. */
static inline void *take(Parser *p, uint32_t mark) {
    void *seq = kr_ast_sequence(p->arena, p->top - mark, p->stack + mark);
    p->top = mark;
    return seq;
}

/* A node that starts at token `start` and ends with the token before the next one. */
static inline void *finish(Parser *p, NodeKind kind, uint32_t start) {
    Node *node = kr_ast_new(p->arena, kind);
    const Token *first = &p->t[start], *last = &p->t[p->at - 1];
    node->lineno = first->lineno;
    node->col_offset = first->col_offset;
    node->end_lineno = last->end_lineno;
    node->end_col_offset = last->end_col_offset;
    return node;
}

/* The same for statements: their last token may be followed by NEWLINE and DEDENT. */
void *kr_parse_finish_statement(Parser *p, NodeKind kind, uint32_t start);

static inline Expr *new_expr(Parser *p, NodeKind kind, uint32_t start) {
    return finish(p, kind, start);
}

/* ---- recursion and memory ----------------------------------------------------------------- */

/* Raises the RecursionError. Returns NULL. */
void *kr_parse_too_deep(Parser *p);

/* Every recursive rule enters; false: too deep, the error is raised. */
static inline bool enter(Parser *p) {
    if (++p->depth <= MAX_DEPTH)
        return true;
    kr_parse_too_deep(p);
    return false;
}

static inline void leave(Parser *p) {
    p->depth--;
}

typedef enum Rule {
    RULE_EXPRESSION = 1,
    RULE_STAR_EXPRESSION,
    RULE_DISJUNCTION,
    RULE_BITWISE_OR,
    RULE_FACTOR,
    RULE_PRIMARY,
    RULE_STRINGS,
    RULE_ARGUMENTS,
    RULE_STAR_TARGET,
    RULE_INVALID_NAMED,
    RULE_BLOCK,
    RULE_SIMPLE_STMT,
    RULE_CLOSED_PATTERN
} Rule;

typedef void *(*RuleFunction)(Parser *p);

/* Second pass: the remembered result, or the function's, remembered. */
void *kr_parse_memo(Parser *p, Rule rule, RuleFunction function);

/* ---- errors ------------------------------------------------------------------------------- */

/* A range of the source. Lines from 1, columns in bytes from 0. */
typedef struct Span {
    int32_t lineno, col_offset, end_lineno, end_col_offset;
} Span;

static inline Span span_of(const void *node) {
    const Node *n = node;
    return (Span){n->lineno, n->col_offset, n->end_lineno, n->end_col_offset};
}

static inline Span span_of_token(const Token *t) {
    return (Span){t->lineno, t->col_offset, t->end_lineno, t->end_col_offset};
}

static inline Span span_join(Span first, Span last) {
    return (Span){first.lineno, first.col_offset, last.end_lineno, last.end_col_offset};
}

/* All return NULL and do nothing if an error is raised already. */
void *kr_syntax_error_raise(Parser *p, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* At the furthest token looked at. */
void *kr_syntax_error_raise_last(Parser *p, SyntaxErrorKind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* From a node to the end of the furthest token looked at. */
void *kr_syntax_error_raise_from(Parser *p, const void *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "cannot assign to ..." (or delete) if part of the expression is no target; else does nothing. */
typedef enum TargetKind { TARGET_STAR, TARGET_FOR, TARGET_DEL } TargetKind;
void *kr_syntax_error_raise_target(Parser *p, Expr *e, TargetKind kind);

/* The scanner's error, or the bracket left open: the ERROR token was looked at. */
void kr_syntax_error_raise_scanner(Parser *p);

/* The range of token i; of the whole literal if an f-string starts there. */
Span kr_syntax_error_literal_span(const Parser *p, uint32_t i);

/* How messages call an expression: "function call", "literal". */
const char *kr_syntax_error_expr_name(const Expr *e);

/* After a failed parse: fills *error from what is known. `reach` is that of the first pass. */
void kr_syntax_error_finish(Parser *p, uint32_t reach);

/* ---- rules -------------------------------------------------------------------------------- */

/* parser_expr.c */
Expr *kr_parse_star_expressions(Parser *p);
Expr *kr_parse_star_expression(Parser *p);
Expr *kr_parse_star_named_expression(Parser *p);
Expr *kr_parse_expressions(Parser *p);
Expr *kr_parse_expression(Parser *p);
Expr *kr_parse_expression_without_invalid(Parser *p);
Expr *kr_parse_named_expression(Parser *p);
Expr *kr_parse_assignment_expression(Parser *p);
Expr *kr_parse_disjunction(Parser *p);
Expr *kr_parse_bitwise_or(Parser *p);
Expr *kr_parse_yield_expr(Parser *p);
Expr *kr_parse_annotated_rhs(Parser *p); /* yield_expr | star_expressions */
bool kr_parse_starts_expression(TokenType type); /* a star included */

/* parser_atom.c */
Expr *kr_parse_primary(Parser *p);
Expr *kr_parse_atom(Parser *p);
Expr *kr_parse_genexp(Parser *p);
ComprehensionSeq *kr_parse_for_if_clauses(Parser *p);
Expr *kr_parse_name(Parser *p, ExprContext ctx);
Expr *kr_parse_number(Parser *p);
Expr *kr_parse_constant(Parser *p, ConstantKind kind);
Expr *kr_parse_paren(Parser *p);

/* parser_call.c */
Expr *kr_parse_arguments(Parser *p); /* a Call without func */
Expr *kr_parse_args(Parser *p, uint32_t paren); /* leaves a last comma. paren: the "(" before, if a
                                                   bare generator may be the only argument; else
                                                   NO_TOKEN */
Expr *kr_parse_starred_expression(Parser *p);
Expr *kr_parse_call_element(Parser *p); /* assignment_expression | expression !':=' */

/* parser_target.c */
Expr *kr_parse_star_targets(Parser *p);
Expr *kr_parse_star_target(Parser *p);
Expr *kr_parse_single_target(Parser *p);
ExprSeq *kr_parse_del_targets(Parser *p);
bool kr_parse_is_target(const Expr *e);
bool kr_parse_is_single_target(const Expr *e);
void kr_parse_set_context(Expr *e, ExprContext ctx);

/* parser_params.c */
Arguments *kr_parse_params(Parser *p, bool lambda); /* never NULL unless an error is raised */
TypeParamSeq *kr_parse_type_params(Parser *p);
Arg *kr_parse_param(Parser *p, bool lambda);
Expr *kr_parse_default(Parser *p); /* '=' expression */

/* parser_string.c */
Expr *kr_parse_strings(Parser *p);

/* parser_stmt.c */
bool kr_parse_statement(Parser *p);    /* pushes one or more statements */
bool kr_parse_simple_stmts(Parser *p); /* likewise */
StmtSeq *kr_parse_block(Parser *p);

/* parser_compound.c */
bool kr_parse_starts_compound(TokenType type);
Stmt *kr_parse_compound_stmt(Parser *p);
ExceptHandler *kr_parse_except_block(Parser *p, bool star);

/* parser_match.c */
Stmt *kr_parse_match_stmt(Parser *p);
Expr *kr_parse_subject_expr(Parser *p);

/* parser_pattern.c */
Pattern *kr_parse_patterns(Parser *p);
Pattern *kr_parse_pattern(Parser *p);
Pattern *kr_parse_or_pattern(Parser *p);

/* parser_invalid.c, parser_invalid_params.c, parser_invalid_stmt.c: each may raise; is_invalid()
   puts the parser back. */
void kr_invalid_expression(Parser *p); /* and print, exec without parentheses */
void kr_invalid_named_expression(Parser *p);
void kr_invalid_comprehension(Parser *p);
void kr_invalid_dict_comprehension(Parser *p);
void kr_invalid_group(Parser *p);
void kr_invalid_double_starred_kvpairs(Parser *p);
void kr_invalid_arguments(Parser *p);
void kr_invalid_kwarg(Parser *p);
void kr_invalid_for_target(Parser *p);
void kr_invalid_replacement_field(Parser *p);
void kr_invalid_parameters(Parser *p, bool lambda);
void kr_invalid_star_etc(Parser *p, bool lambda);
void kr_invalid_kwds(Parser *p, bool lambda);
void kr_invalid_assignment(Parser *p);
void kr_invalid_del_stmt(Parser *p);
void kr_invalid_with_item(Parser *p);
void kr_invalid_with_stmt(Parser *p);
void kr_invalid_with_stmt_indent(Parser *p);
void kr_invalid_try_stmt(Parser *p);
void kr_invalid_except_stmt(Parser *p);
void kr_invalid_except_stmt_indent(Parser *p, bool star);
void kr_invalid_import_from_targets(Parser *p);
void kr_invalid_as_pattern(Parser *p);
void kr_invalid_class_pattern(Parser *p);

/* "expected an indented block after ... on line N", if the tokens from here are NEWLINE and then no
   INDENT. The rule's keyword is token `start`. */
bool kr_invalid_indent(Parser *p, const char *after, uint32_t start);
/* "expected ':'" if the next token is NEWLINE. */
bool kr_invalid_colon(Parser *p);

/* Runs a kr_invalid_* rule if they are on; stays in place. True: an error is raised. */
static inline bool is_invalid(Parser *p, void (*rule)(Parser *p)) {
    if (!p->invalid)
        return p->raised;
    Place here = place(p);
    rule(p);
    restore(p, here);
    return p->raised;
}

/* ---- literals ----------------------------------------------------------------------------- */

/* numbers.c: the value of a NUMBER token's text. */
Constant kr_numbers_constant(Arena *arena, const char *text, size_t length);

#endif
