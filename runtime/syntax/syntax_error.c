/*
 * syntax/syntax_error.c: filling the record of a syntax error.
 *
 * Which columns, which end and how much of the source line a record carries follows CPython 3.11
 * down to its oddities (an end of 0 or -1 where it has none), because programs compare and print
 * them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/syntax/parser_state.h"
#include "runtime/syntax/source.h"

/* ---- the source line ---------------------------------------------------------------------- */

static const char *line_start(const Parser *p, int lineno) {
    const char *line = p->tokens.text;
    for (int i = 1; i < lineno; i++) {
        const char *newline = strchr(line, '\n');
        if (!newline)
            break;
        line = newline + 1;
    }
    return line;
}

/* The furthest token looked at. A rule that raises stands at a token it has seen. */
static const Token *last_token(const Parser *p) {
    return &p->t[p->at > p->reach && p->at < p->count ? p->at : p->reach];
}

/* The start of a string over several lines that ends on `line`, else `line`. */
static const char *string_start(const Parser *p, const char *line) {
    uint32_t offset = (uint32_t)(line - p->tokens.text);
    for (uint32_t i = 0; i < p->count; i++)
        if (p->t[i].col_offset >= 0 && p->t[i].start < offset && p->t[i].end > offset)
            return p->tokens.text + p->t[i].start - p->t[i].col_offset;
    return line;
}

/* The first of the lines that backslashes or a string join with `line`; blank ones do not count. */
static const char *joined_start(const Parser *p, const char *line) {
    for (;;) {
        const char *before = string_start(p, line);
        if (before == line && line - p->tokens.text >= 2 && !memcmp(line - 2, "\\\n", 2)) {
            before = line - 1;
            while (before > p->tokens.text && before[-1] != '\n')
                before--;
            if (before[strspn(before, " \t\f")] == '\\')
                return line;
        }
        if (before == line)
            return line;
        line = before;
    }
}

/* CPython shows the scanner's buffer while the scanner is still on the line (newline included),
   else the line alone. */
static const char *error_text(Parser *p, int lineno, const char *line) {
    bool current = last_token(p)->end_lineno <= lineno;
    size_t length = strcspn(line, "\n");
    if (!current)
        return kr_source_valid(p->arena, line, length);
    const char *start = joined_start(p, line);
    return kr_source_valid(p->arena, start,
                           (size_t)(line - start) + length + (line[length] == '\n'));
}

/* Columns in bytes from 1 to columns in code points from 1, as far as the text goes. */
static int to_points(const char *text, int column) {
    int length = (int)strlen(text);
    if (column <= 0)
        return column;
    return kr_tokens_points(text, text + (column > length ? length : column)) + (column > length);
}

static void *fill(Parser *p, SyntaxErrorKind kind, int lineno, int column, int end_lineno,
                  int end_column, const char *format, va_list args) {
    if (p->raised)
        return NULL;
    if (!p->ended && last_token(p)->type == TOKEN_ERROR) {
        kr_syntax_error_raise_scanner(p);
        return NULL;
    }
    p->raised = true;
    p->reach = (uint32_t)(last_token(p) - p->t); /* the caller may step back */
    char message[1024];
    vsnprintf(message, sizeof message, format, args);
    const char *line = line_start(p, lineno);
    SyntaxError *e = p->error;
    e->kind = kind;
    e->message = kr_arena_strdup(p->arena, message, strlen(message));
    e->filename = p->filename;
    e->lineno = lineno;
    e->end_lineno = end_lineno;
    e->text = error_text(p, lineno, line);
    e->col_offset = to_points(e->text, column);
    e->end_col_offset = to_points(e->text, end_column);
    e->has_position = true;
    return NULL;
}

/* ---- raising ------------------------------------------------------------------------------ */

Span kr_syntax_error_literal_span(const Parser *p, uint32_t i) {
    Span span = span_of_token(&p->t[i]);
    int depth = 0;
    for (; p->t[i].type != TOKEN_ERROR && p->t[i].type != TOKEN_ENDMARKER; i++) {
        depth += p->t[i].type == TOKEN_FSTRING_START;
        depth -= p->t[i].type == TOKEN_FSTRING_END;
        if (depth <= 0)
            return span_join(span, span_of_token(&p->t[i]));
    }
    return span;
}

void *kr_syntax_error_raise(Parser *p, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fill(p, SYNTAX_ERROR, span.lineno, span.col_offset + 1, span.end_lineno,
         span.end_col_offset + 1, format, args);
    va_end(args);
    return NULL;
}

static void *raise_at_last(Parser *p, SyntaxErrorKind kind, const char *format, va_list args) {
    const Token *t = last_token(p);
    if (t->col_offset < 0)
        return fill(p, kind, t->lineno, (int)(t->start - t->end), t->lineno, -1, format, args);
    Span span = kr_syntax_error_literal_span(p, (uint32_t)(t - p->t));
    return fill(p, kind, span.lineno, span.col_offset + 1, span.end_lineno,
                span.end_col_offset + 1, format, args);
}

void *kr_syntax_error_raise_last(Parser *p, SyntaxErrorKind kind, const char *format, ...) {
    va_list args;
    va_start(args, format);
    raise_at_last(p, kind, format, args);
    va_end(args);
    return NULL;
}

void *kr_syntax_error_raise_from(Parser *p, const void *node, const char *format, ...) {
    const Node *n = node;
    const Token *t = last_token(p);
    int end_column = t->col_offset < 0 ? (int)(t->start - t->end) : t->end_col_offset;
    va_list args;
    va_start(args, format);
    fill(p, SYNTAX_ERROR, n->lineno, n->col_offset + 1, t->end_lineno, end_column, format, args);
    va_end(args);
    return NULL;
}

void *kr_parse_too_deep(Parser *p) {
    kr_syntax_error_raise_last(p, SYNTAX_RECURSION,
                               "maximum recursion depth exceeded during compilation");
    return NULL;
}

/* ---- expressions in messages -------------------------------------------------------------- */

const char *kr_syntax_error_expr_name(const Expr *e) {
    switch (e->kind) {
    case EXPR_Attribute: return "attribute";
    case EXPR_Subscript: return "subscript";
    case EXPR_Starred: return "starred";
    case EXPR_Name: return "name";
    case EXPR_List: return "list";
    case EXPR_Tuple: return "tuple";
    case EXPR_Lambda: return "lambda";
    case EXPR_Call: return "function call";
    case EXPR_BoolOp:
    case EXPR_BinOp:
    case EXPR_UnaryOp: return "expression";
    case EXPR_GeneratorExp: return "generator expression";
    case EXPR_Yield:
    case EXPR_YieldFrom: return "yield expression";
    case EXPR_Await: return "await expression";
    case EXPR_ListComp: return "list comprehension";
    case EXPR_SetComp: return "set comprehension";
    case EXPR_DictComp: return "dict comprehension";
    case EXPR_Dict: return "dict literal";
    case EXPR_Set: return "set display";
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: return "f-string expression";
    case EXPR_TemplateStr:
    case EXPR_Interpolation: return "t-string expression";
    case EXPR_Constant:
        switch (e->Constant.value.kind) {
        case CONSTANT_NONE: return "None";
        case CONSTANT_TRUE: return "True";
        case CONSTANT_FALSE: return "False";
        case CONSTANT_ELLIPSIS: return "ellipsis";
        default: return "literal";
        }
    case EXPR_Compare: return "comparison";
    case EXPR_IfExp: return "conditional expression";
    case EXPR_NamedExpr: return "named expression";
    default: return "expression";
    }
}

/* The part of an expression that makes it no target. */
static Expr *invalid_target(Expr *e, TargetKind kind) {
    const ExprSeq *elts = NULL;
    switch (e->kind) {
    case EXPR_Name:
    case EXPR_Attribute:
    case EXPR_Subscript: return NULL;
    case EXPR_List: elts = e->List.elts; break;
    case EXPR_Tuple: elts = e->Tuple.elts; break;
    case EXPR_Starred: return kind == TARGET_DEL ? e : invalid_target(e->Starred.value, kind);
    case EXPR_Compare:
        /* `a in b` of `for a in b` was read as a comparison. */
        if (kind != TARGET_FOR)
            return e;
        return e->Compare.ops->items[0] == CMP_In ? invalid_target(e->Compare.left, kind) : NULL;
    default: return e;
    }
    for (size_t i = 0; i < elts->count; i++) {
        Expr *inner = invalid_target(elts->items[i], kind);
        if (inner)
            return inner;
    }
    return NULL;
}

void *kr_syntax_error_raise_target(Parser *p, Expr *e, TargetKind kind) {
    Expr *target = e ? invalid_target(e, kind) : NULL;
    if (!target)
        return NULL;
    return kr_syntax_error_raise(p, span_of(target), "cannot %s %s",
                                 kind == TARGET_DEL ? "delete" : "assign to",
                                 kr_syntax_error_expr_name(target));
}

/* ---- the end of a failed parse ------------------------------------------------------------ */

__attribute__((format(printf, 5, 6))) static void raise_place(Parser *p, int lineno, int column,
                                                              int end_column, const char *format,
                                                              ...) {
    va_list args;
    va_start(args, format);
    fill(p, SYNTAX_ERROR, lineno, column, lineno, end_column, format, args);
    va_end(args);
}

static void raise_unclosed(Parser *p) {
    p->raised = false;
    p->ended = true;
    p->reach = p->count - 1;
    raise_place(p, p->tokens.bracket_line, p->tokens.bracket_column + 1, 0, "'%c' was never closed",
                p->tokens.bracket);
}

static void raise_scanner_error(Parser *p) {
    SyntaxWarning *warnings = p->error->warnings;
    *p->error = p->tokens.error;
    p->error->warnings = warnings;
    p->raised = true;
}

void kr_syntax_error_raise_scanner(Parser *p) {
    if (p->tokens.error.kind != SYNTAX_OK)
        raise_scanner_error(p);
    else
        raise_unclosed(p);
}

/* A lexical error anywhere in the file goes before a mistake in the grammar, except in the field of
   an f-string; so does a bracket left open on an earlier line. */
static void prefer_scanner_errors(Parser *p) {
    if (p->t[p->count - 1].type != TOKEN_ERROR || p->mode == PARSE_SINGLE)
        return;
    if (!strncmp(p->error->message, "f-string: ", 10))
        return;
    if (p->tokens.error.kind != SYNTAX_OK && !p->tokens.quiet)
        raise_scanner_error(p);
    else if (p->tokens.unclosed && last_token(p)->lineno > p->tokens.bracket_line)
        raise_unclosed(p);
}

void kr_syntax_error_finish(Parser *p, uint32_t reach) {
    const Token *last = &p->t[reach];
    if (last->type == TOKEN_ERROR || (!p->raised && p->t[p->reach].type == TOKEN_ERROR)) {
        if (!p->raised || last->type == TOKEN_ERROR)
            kr_syntax_error_raise_scanner(p);
        return;
    }
    if (p->raised) {
        if (p->error->kind == SYNTAX_ERROR || p->error->kind == SYNTAX_INDENTATION)
            prefer_scanner_errors(p);
        return;
    }
    if (last->type == TOKEN_INDENT || last->type == TOKEN_DEDENT) {
        kr_syntax_error_raise_last(p, SYNTAX_INDENTATION,
                                   last->type == TOKEN_INDENT ? "unexpected indent"
                                                              : "unexpected unindent");
        return;
    }
    kr_syntax_error_raise(p, kr_syntax_error_literal_span(p, reach), "invalid syntax");
    prefer_scanner_errors(p);
}
