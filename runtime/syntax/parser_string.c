/*
 * syntax/parser_string.c: adjacent string literals joined into one expression; f-strings and
 * t-strings with their fields.
 *
 * Positions inside an f-string are CPython 3.11's: the parts of a JoinedStr span all the literals
 * that were joined; the expressions in its fields have their own exact positions.
 */
#include <string.h>

#include "runtime/syntax/parser_state.h"
#include "runtime/syntax/strings.h"

/* The literals being joined. */
typedef struct Joined {
    TextBuffer text; /* literal text not yet made a Constant */
    Span whole;      /* of all literals */
    Identifier *kind; /* "u" if the first literal has that prefix */
    bool template;
    bool warn;
} Joined;

/* The token behind an f-string that starts at token i. */
static uint32_t fstring_end(const Parser *p, uint32_t i) {
    int depth = 0;
    for (; i + 1 < p->count; i++) {
        depth += p->t[i].type == TOKEN_FSTRING_START;
        depth -= p->t[i].type == TOKEN_FSTRING_END;
        if (depth == 0)
            return i + 1;
    }
    return i;
}

/* The token behind the last of the adjacent literals. */
static uint32_t group_end(const Parser *p, uint32_t i) {
    for (;;) {
        if (p->t[i].type == TOKEN_STRING)
            i++;
        else if (p->t[i].type == TOKEN_FSTRING_START)
            i = fstring_end(p, i);
        else
            return i;
    }
}

static Expr *expr_at(Parser *p, NodeKind kind, Span span) {
    Expr *e = kr_ast_new(p->arena, kind);
    e->lineno = span.lineno;
    e->col_offset = span.col_offset;
    e->end_lineno = span.end_lineno;
    e->end_col_offset = span.end_col_offset;
    return e;
}

static void set_text(Parser *p, Constant *constant, ConstantKind kind, TextBuffer *text) {
    constant->kind = (uint8_t)kind;
    if (!text->bytes)
        kr_strings_append(p, text, "", 0);
    constant->bytes = text->bytes;
    constant->length = text->length;
    if (kind != CONSTANT_STR)
        return;
    uint32_t continuations = 0;
    bool ascii = true;
    for (size_t i = 0; i < text->length; i++) {
        unsigned char c = (unsigned char)text->bytes[i];
        continuations += (c & 0xC0) == 0x80;
        ascii &= c < 128;
    }
    constant->points = (uint32_t)text->length - continuations;
    constant->ascii = ascii;
}

/* Makes the pending text a Constant on the stack. */
static void flush(Parser *p, Joined *j, Span span) {
    if (!j->text.length)
        return;
    Expr *e = expr_at(p, EXPR_Constant, span);
    set_text(p, &e->Constant.value, CONSTANT_STR, &j->text);
    e->Constant.kind = j->kind;
    push(p, e);
    j->text = (TextBuffer){0};
}

static bool decode_token(Parser *p, Joined *j, const Token *t, const char *start, const char *end,
                         bool raw, bool bytes) {
    LiteralPart part = {start, end, t->lineno, raw, bytes, j->warn};
    return kr_strings_decode(p, &part, &j->text);
}

/* ---- fields ------------------------------------------------------------------------------- */

static bool fields_and_text(Parser *p, Joined *j, Span literal, uint32_t literal_end);

static int conversion(Parser *p, bool template) {
    char kind = template ? 't' : 'f';
    const Token *mark = &p->t[p->at++], *name = &p->t[p->at];
    if (peek(p) != TOKEN_NAME) {
        fail(p);
        return 0;
    }
    p->at++;
    if (mark->end != name->start) {
        kr_syntax_error_raise(p, span_join(span_of_token(mark), span_of_token(name)),
                              "%c-string: conversion type must come right after the exclamation "
                              "mark",
                              kind);
        return 0;
    }
    const char *text = name->name->text;
    if (name->name->length == 1 && (*text == 's' || *text == 'r' || *text == 'a'))
        return *text;
    kr_syntax_error_raise(p, span_of_token(name),
                          "%c-string: invalid conversion character '%s': expected 's', 'r', or 'a'",
                          kind, text);
    return 0;
}

/* ':' and what follows it up to the closing brace. */
static Expr *format_spec(Parser *p, Joined *outer, Span literal, uint32_t literal_end) {
    uint32_t mark = p->top;
    p->at++;
    Joined j = {.whole = outer->whole, .kind = outer->kind, .warn = outer->warn};
    if (!fields_and_text(p, &j, literal, literal_end))
        return NULL;
    flush(p, &j, literal);
    Expr *e = expr_at(p, EXPR_JoinedStr, literal);
    e->JoinedStr.values = take(p, mark);
    return e;
}

static Expr *interpolation(Parser *p, Joined *j, Expr *value, const char *from, const char *to) {
    while (from < to && strchr(" \t\n\f", *from))
        from++;
    while (to > from && strchr(" \t\n\f", to[-1]))
        to--;
    Expr *e = expr_at(p, EXPR_Interpolation, j->whole);
    TextBuffer text = {0};
    kr_strings_append(p, &text, from, (size_t)(to - from));
    e->Interpolation.value = value;
    set_text(p, &e->Interpolation.str, CONSTANT_STR, &text);
    return e;
}

/* '{' annotated_rhs ['='] ['!' NAME] [':' spec] '}' */
static bool field(Parser *p, Joined *j, Span literal, uint32_t literal_end) {
    const char *text = p->tokens.text, *start = text + p->t[p->at].end;
    p->at++;
    Expr *value = kr_parse_annotated_rhs(p);
    if (!value)
        return false;
    const char *value_end = text + p->t[p->at - 1].end;
    bool debug = accept(p, TOKEN_EQUAL);
    if (debug)
        kr_strings_append(p, &j->text, start, (size_t)(text + p->t[p->at].start - start));
    int conv = -1;
    if (peek(p) == TOKEN_EXCLAMATION) {
        conv = conversion(p, j->template);
        if (!conv)
            return false;
    }
    flush(p, j, j->whole);
    Expr *spec = NULL;
    if (peek(p) == TOKEN_COLON) {
        spec = format_spec(p, j, literal, literal_end);
        if (!spec)
            return false;
    }
    if (!expect(p, TOKEN_RBRACE))
        return false;
    if (debug && conv < 0 && !spec)
        conv = 'r';
    Expr *e;
    if (j->template) {
        e = interpolation(p, j, value, start, value_end);
        e->Interpolation.conversion = conv;
        e->Interpolation.format_spec = spec;
    } else {
        e = expr_at(p, EXPR_FormattedValue, j->whole);
        e->FormattedValue.value = value;
        e->FormattedValue.conversion = conv;
        e->FormattedValue.format_spec = spec;
    }
    push(p, e);
    return true;
}

/* Text and fields up to FSTRING_END, or up to the brace that closes a format spec. */
static bool fields_and_text(Parser *p, Joined *j, Span literal, uint32_t literal_end) {
    for (;;) {
        const Token *t = &p->t[p->at];
        if (t->type == TOKEN_FSTRING_MIDDLE) {
            p->at++;
            if (!decode_token(p, j, t, p->tokens.text + t->start, p->tokens.text + t->end,
                              t->flags & TOKEN_RAW, false))
                return false;
        } else if (t->type == TOKEN_LBRACE) {
            Place here = place(p);
            if (!enter(p))
                return false;
            bool ok = field(p, j, literal, literal_end);
            leave(p);
            if (!ok) {
                if (!p->raised) {
                    restore(p, here);
                    is_invalid(p, kr_invalid_replacement_field);
                }
                return false;
            }
        } else {
            return true;
        }
    }
}

static bool fstring(Parser *p, Joined *j) {
    uint32_t end = fstring_end(p, p->at);
    Span literal = span_join(span_of_token(&p->t[p->at]), span_of_token(&p->t[end - 1]));
    p->at++;
    return fields_and_text(p, j, literal, end) && expect(p, TOKEN_FSTRING_END);
}

/* ---- literals ----------------------------------------------------------------------------- */

static bool has_letter(const Parser *p, const Token *t, char letter) {
    for (const char *s = p->tokens.text + t->start; *s != '"' && *s != '\''; s++)
        if ((*s | 0x20) == letter)
            return true;
    return false;
}

static bool plain_string(Parser *p, Joined *j, bool bytes) {
    const Token *t = &p->t[p->at++];
    const char *start = p->tokens.text + t->start, *end = p->tokens.text + t->end;
    while (*start != '"' && *start != '\'')
        start++;
    int quotes = t->flags & TOKEN_TRIPLE ? 3 : 1;
    return decode_token(p, j, t, start + quotes, end - quotes, t->flags & TOKEN_RAW, bytes);
}

typedef struct Group {
    uint32_t end;
    bool bytes, text, formatted, template;
} Group;

static Group look_ahead(const Parser *p) {
    Group g = {.end = group_end(p, p->at)};
    for (uint32_t i = p->at; i < g.end;) {
        const Token *t = &p->t[i];
        if (t->type == TOKEN_STRING) {
            bool bytes = has_letter(p, t, 'b');
            g.bytes |= bytes;
            g.text |= !bytes;
            i++;
        } else {
            bool template = t->flags & TOKEN_TEMPLATE;
            g.template |= template;
            g.formatted |= !template;
            i = fstring_end(p, i);
        }
    }
    return g;
}

static void *strings_rule(Parser *p) {
    uint32_t start = p->at, mark = p->top;
    Group g = look_ahead(p);
    Span whole = span_join(span_of_token(&p->t[start]), span_of_token(&p->t[g.end - 1]));
    Joined j = {.whole = whole, .template = g.template};
    j.warn = !p->second && start >= p->warned;
    if (p->tokens.text[p->t[start].start] == 'u')
        j.kind = kr_ast_intern(p->names, "u", 1);
    bool mixed = g.bytes && (g.text || g.formatted || g.template);
    if ((mixed || !(g.formatted || g.template)) && g.end > p->reach)
        p->reach = g.end; /* their errors are placed behind them */
    if (mixed)
        return kr_syntax_error_raise_last(p, SYNTAX_ERROR,
                                          "cannot mix bytes and nonbytes literals");
    if (g.template && (g.text || g.formatted))
        return kr_syntax_error_raise(
            p, whole, "cannot mix t-string literals with string or bytes literals");
    while (p->at < g.end) {
        bool ok = peek(p) == TOKEN_STRING ? plain_string(p, &j, g.bytes) : fstring(p, &j);
        if (!ok)
            return NULL;
    }
    if (!p->second && g.end > p->warned)
        p->warned = g.end;
    if (g.formatted || g.template) {
        flush(p, &j, whole);
        Expr *e = expr_at(p, g.template ? EXPR_TemplateStr : EXPR_JoinedStr, whole);
        e->JoinedStr.values = take(p, mark);
        return e;
    }
    Expr *e = expr_at(p, EXPR_Constant, whole);
    set_text(p, &e->Constant.value, g.bytes ? CONSTANT_BYTES : CONSTANT_STR, &j.text);
    e->Constant.kind = j.kind;
    return e;
}

_Static_assert(offsetof(Expr, JoinedStr.values) == offsetof(Expr, TemplateStr.values),
               "strings_rule() writes both through JoinedStr");

Expr *kr_parse_strings(Parser *p) {
    if (p->second)
        return kr_parse_memo(p, RULE_STRINGS, strings_rule);
    return strings_rule(p);
}
