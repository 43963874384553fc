/*
 * syntax/tokens_fstring.c: f-strings and t-strings: literal text between fields.
 *
 * The scanner is a stack of modes kept in Scanner.open: text of an f-string, a field's expression
 * (ordinary tokens, see tokens.c), the field's format spec (text again, in which fields may open),
 * and so on. Doubled braces end a FSTRING_MIDDLE behind the first of the two, so that the tokens'
 * texts joined are the string's text.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/syntax/scanner.h"

bool kr_scanner_fstring_start(Scanner *s, const char *start, char quote, int quotes, int flags) {
    if (s->fstrings == MAX_FSTRINGS)
        return kr_scanner_error(s, "too many nested f-strings");
    OpenFString *f = &s->open[s->fstrings++];
    memset(f, 0, sizeof *f);
    f->start = start;
    f->lineno = s->lineno;
    f->line_start = (uint32_t)(s->line - s->text);
    f->quote = quote;
    f->quotes = (uint8_t)quotes;
    f->flags = (uint8_t)flags;
    s->fstring = f;
    kr_scanner_add(s, TOKEN_FSTRING_START, start, s->lineno, s->line)->flags = f->flags;
    return true;
}

static void add_middle(Scanner *s, const char *start, int32_t lineno, const char *line) {
    if (s->at == start)
        return;
    Token *t = kr_scanner_add(s, TOKEN_FSTRING_MIDDLE, start, lineno, line);
    t->flags = s->fstring->flags;
    if (s->fstring->fields)
        t->flags |= TOKEN_SPEC;
}

static bool at_end_quote(const Scanner *s) {
    const OpenFString *f = s->fstring;
    return *s->at == f->quote &&
           (f->quotes == 1 || (s->at[1] == f->quote && s->at[2] == f->quote));
}

static bool unterminated(Scanner *s) {
    const OpenFString *f = s->fstring;
    int32_t last = s->lineno;
    char kind = f->flags & TOKEN_TEMPLATE ? 't' : 'f';
    if (!*s->at)
        s->out->ends_early = true;
    s->lineno = f->lineno;
    s->line = s->text + f->line_start;
    s->at = f->start + 1;
    return kr_scanner_error(s, "unterminated %s%c-string literal (detected at line %d)",
                            f->quotes == 3 ? "triple-quoted " : "", kind, last);
}

static bool close_fstring(Scanner *s) {
    const char *start = s->at;
    s->at += s->fstring->quotes;
    Token *t = kr_scanner_add(s, TOKEN_FSTRING_END, start, s->lineno, s->line);
    t->flags = s->fstring->flags;
    s->fstrings--;
    s->fstring = s->fstrings ? &s->open[s->fstrings - 1] : NULL;
    return true;
}

static bool open_field(Scanner *s) {
    OpenFString *f = s->fstring;
    if (f->fields == MAX_FIELDS)
        return kr_scanner_error(s, "%c-string: expressions nested too deeply",
                                f->flags & TOKEN_TEMPLATE ? 't' : 'f');
    const char *start = s->at++;
    if (!kr_scanner_open_bracket(s, '{', start))
        return false;
    f->field[f->fields].level = s->level;
    f->field[f->fields].spec = false;
    f->fields++;
    kr_scanner_add(s, TOKEN_LBRACE, start, s->lineno, s->line);
    return true;
}

/* A backslash: it hides a quote, and the braces of \N{...}. */
static void skip_escape(Scanner *s) {
    const OpenFString *f = s->fstring;
    s->at++;
    if (*s->at == '{' || *s->at == '}' || !*s->at)
        return;
    if (*s->at == 'N' && s->at[1] == '{' && !(f->flags & TOKEN_RAW)) {
        const char *p = s->at + 2;
        while (*p && *p != '}' && *p != '\n' && *p != f->quote && *p != '{')
            p++;
        if (*p == '}') {
            s->at = p + 1;
            return;
        }
        s->at += 2; /* malformed: decoding it will say so */
        return;
    }
    if (*s->at++ == '\n')
        kr_scanner_next_line(s);
}

bool kr_scanner_fstring_text(Scanner *s) {
    OpenFString *f = s->fstring;
    bool spec = f->fields > 0;
    const char *start = s->at, *line = s->line;
    int32_t lineno = s->lineno;
    for (;;) {
        char c = *s->at;
        if (!c || (c == '\n' && f->quotes == 1)) {
            if (spec && c) { /* the spec ends with the line; the parser will complain */
                add_middle(s, start, lineno, line);
                f->field[f->fields - 1].spec = false;
                return true;
            }
            return unterminated(s);
        }
        if (c == f->quote && at_end_quote(s)) {
            add_middle(s, start, lineno, line);
            if (spec) {
                /* The string ends inside the field: the parser sees that instead of a brace. */
                s->level = f->field[0].level - 1;
                f->fields = 0;
            }
            return close_fstring(s);
        }
        if (c == '{') {
            if (s->at[1] == '{' && !spec) {
                s->at++;
                add_middle(s, start, lineno, line);
                s->at++;
                return true;
            }
            add_middle(s, start, lineno, line);
            return open_field(s);
        }
        if (c == '}') {
            if (spec) {
                add_middle(s, start, lineno, line);
                const char *brace = s->at++;
                s->level = f->field[f->fields - 1].level - 1;
                f->fields--;
                kr_scanner_add(s, TOKEN_RBRACE, brace, s->lineno, s->line);
                return true;
            }
            if (s->at[1] != '}') {
                s->at++;
                return kr_scanner_error(s, "%c-string: single '}' is not allowed",
                                        f->flags & TOKEN_TEMPLATE ? 't' : 'f');
            }
            s->at++;
            add_middle(s, start, lineno, line);
            s->at++;
            return true;
        }
        if (c == '\\') {
            skip_escape(s);
            continue;
        }
        s->at++;
        if (c == '\n')
            kr_scanner_next_line(s);
    }
}
