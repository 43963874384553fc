/*
 * syntax/tokens.c: the scanner: lines, indentation, names, strings and operators.
 *
 * One pass over the bytes. The text ends with a NUL, which no valid source contains, so that loops
 * need no second bound. Lines are counted when their newline is passed. Positions and wording of
 * the errors are those of CPython 3.11, oddities included: `buffer` exists because an error behind
 * a backslash is placed from the start of the joined line.
 */
#include "runtime/syntax/tokens.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/syntax/scanner.h"
#include "runtime/syntax/source.h"
#include "runtime/text/unicode.h"

static const char *const token_names[] = {
#define TOKEN(name, shown) shown,
#define PUNCTUATION(name, text) text,
#define KEYWORD(name, text) text,
#include "runtime/syntax/tokens.def"
};

const char *kr_tokens_name(TokenType type) {
    return token_names[type];
}

int kr_tokens_points(const char *start, const char *end) {
    int count = 0;
    for (const char *p = start; p < end; p++)
        count += ((unsigned char)*p & 0xC0) != 0x80;
    return count;
}

void kr_tokens_warn(Tokens *tokens, Arena *arena, const char *message, int lineno, int col_offset,
                    bool deprecation) {
    SyntaxWarning *warning = kr_arena_alloc(arena, sizeof *warning);
    warning->message = message;
    warning->lineno = lineno;
    warning->col_offset = col_offset;
    warning->deprecation = deprecation;
    *tokens->last_warning = warning;
    tokens->last_warning = &warning->next;
}

/* ---- tokens and errors -------------------------------------------------------------------- */

Token *kr_scanner_add(Scanner *s, TokenType type, const char *start, int32_t lineno,
                      const char *line) {
    Tokens *out = s->out;
    if (out->count == s->capacity) {
        s->capacity = s->capacity * 2;
        Token *items = realloc(out->items, s->capacity * sizeof(Token));
        if (!items) {
            fprintf(stderr, "krait: out of memory (tokens)\n");
            abort();
        }
        out->items = items;
    }
    Token *t = &out->items[out->count++];
    t->type = (uint8_t)type;
    t->flags = 0;
    t->level = (uint16_t)s->level;
    t->start = (uint32_t)(start - s->text);
    t->end = (uint32_t)(s->at - s->text);
    t->lineno = lineno;
    t->col_offset = (int32_t)(start - line);
    t->end_lineno = s->lineno;
    t->end_col_offset = (int32_t)(s->at - s->line);
    t->name = NULL;
    return t;
}

/* INDENT, DEDENT, ENDMARKER and ERROR have no text: they remember where the scanner stood. */
static void add_mark(Scanner *s, TokenType type) {
    Token *t = kr_scanner_add(s, type, s->at, s->lineno, s->line);
    t->end = (uint32_t)(s->line - s->text);
    t->col_offset = t->end_col_offset = -1;
}

/* From `start`, which may lie on an earlier line, to the end of the line. */
static const char *line_text(Scanner *s, const char *start, const char *line, bool newline) {
    size_t length = (size_t)(line - start) + strcspn(line, "\n");
    return kr_source_valid(s->arena, start, length + (newline && start[length] == '\n'));
}

static SyntaxError *new_error(Scanner *s, SyntaxErrorKind kind, const char *message) {
    SyntaxError *e = &s->out->error;
    e->kind = kind;
    e->message = message;
    e->filename = s->filename;
    e->has_position = true;
    return e;
}

bool kr_scanner_error_at(Scanner *s, int32_t lineno, const char *line, int column, int end_column,
                         const char *message) {
    SyntaxError *e = new_error(s, SYNTAX_ERROR, message);
    e->lineno = e->end_lineno = lineno;
    e->col_offset = column;
    e->end_col_offset = end_column;
    e->text = line_text(s, line, line, false);
    return false;
}

bool kr_scanner_error(Scanner *s, const char *format, ...) {
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    int column = kr_tokens_points(s->line, s->at);
    return kr_scanner_error_at(s, s->lineno, s->line, column, column,
                               kr_arena_strdup(s->arena, message, strlen(message)));
}

/* The errors that CPython raises from the parser's side: with the newline in `text`. */
static bool line_error(Scanner *s, SyntaxErrorKind kind, int column, int end_column,
                       const char *message) {
    SyntaxError *e = new_error(s, kind, message);
    e->lineno = e->end_lineno = s->lineno;
    e->col_offset = column;
    e->end_col_offset = end_column;
    e->text = line_text(s, s->buffer, s->line, true);
    s->out->quiet = true;
    return false;
}

static int line_points(Scanner *s, bool newline) {
    size_t length = strcspn(s->line, "\n");
    return kr_tokens_points(s->line, s->line + length) + (newline && s->line[length] == '\n');
}

/* A backslash: the scanner stands behind it. Joins the next line. */
static bool continuation(Scanner *s) {
    if (*s->at != '\n') {
        s->at += *s->at != 0;
        return line_error(s, SYNTAX_ERROR, kr_tokens_points(s->buffer, s->at), 0,
                          "unexpected character after line continuation character");
    }
    if (!s->at[1]) {
        s->out->ends_early = true;
        if (s->level > 0)
            return false; /* the open bracket is the error */
        return line_error(s, SYNTAX_ERROR, line_points(s, true), -1,
                          "unexpected EOF while parsing");
    }
    s->at++;
    kr_scanner_next_line(s);
    return true;
}

/* ---- indentation -------------------------------------------------------------------------- */

static bool inconsistent_tabs(Scanner *s) {
    return line_error(s, SYNTAX_TAB, 1, 0, "inconsistent use of tabs and spaces in indentation");
}

static bool push_indent(Scanner *s, int column, int alt_column) {
    if (alt_column <= s->alt_columns[s->indents])
        return inconsistent_tabs(s);
    if (s->indents + 1 >= MAX_INDENTS)
        return line_error(s, SYNTAX_INDENTATION, 1, 0, "too many levels of indentation");
    s->indents++;
    s->columns[s->indents] = column;
    s->alt_columns[s->indents] = alt_column;
    add_mark(s, TOKEN_INDENT);
    return true;
}

static bool pop_indents(Scanner *s, int column, int alt_column) {
    int indents = s->indents;
    while (indents > 0 && column < s->columns[indents])
        indents--;
    if (column != s->columns[indents])
        return line_error(s, SYNTAX_INDENTATION, line_points(s, true), -1,
                          "unindent does not match any outer indentation level");
    if (alt_column != s->alt_columns[indents])
        return inconsistent_tabs(s);
    for (; s->indents > indents; s->indents--)
        add_mark(s, TOKEN_DEDENT);
    return true;
}

/* The scanner stands at the start of a logical line: skips blank lines and compares indents. */
static bool line_start(Scanner *s) {
    int column = 0, alt_column = 0, joined_column = 0;
    for (;;) {
        char c = *s->at;
        if (c == ' ') {
            column++;
            alt_column++;
        } else if (c == '\t') {
            column = (column / 8 + 1) * 8;
            alt_column++;
        } else if (c == '\f') {
            column = alt_column = 0;
        } else if (c == '\\') {
            /* Only the columns before the first backslash count. */
            joined_column = joined_column ? joined_column : column;
            s->at++;
            if (!continuation(s))
                return false;
            s->buffer = s->line;
            continue;
        } else if (c == '#' || c == '\n') {
            s->at += strcspn(s->at, "\n");
            if (*s->at) {
                s->at++;
                kr_scanner_next_line(s);
            }
            s->buffer = s->line;
            column = alt_column = joined_column = 0;
            continue;
        } else {
            break;
        }
        s->at++;
    }
    if (joined_column)
        column = alt_column = joined_column;
    if (!*s->at)
        column = alt_column = 0;
    if (column == s->columns[s->indents])
        return alt_column == s->alt_columns[s->indents] || inconsistent_tabs(s);
    if (column > s->columns[s->indents])
        return push_indent(s, column, alt_column);
    return pop_indents(s, column, alt_column);
}

/* ---- brackets ----------------------------------------------------------------------------- */

bool kr_scanner_open_bracket(Scanner *s, char bracket, const char *start) {
    if (s->level >= MAX_BRACKETS)
        return kr_scanner_error(s, "too many nested parentheses");
    s->brackets[s->level].bracket = bracket;
    s->brackets[s->level].lineno = s->lineno;
    s->brackets[s->level].column = (int32_t)(start - s->line);
    s->level++;
    return true;
}

static bool close_bracket(Scanner *s, char bracket) {
    OpenFString *f = s->fstring;
    bool in_field = f && f->fields > 0 && f->field[f->fields - 1].level == s->level;
    char kind = f && f->flags & TOKEN_TEMPLATE ? 't' : 'f';
    if (in_field && bracket != '}')
        return kr_scanner_error(s, "%c-string: unmatched '%c'", kind, bracket);
    if (s->level == 0)
        return kr_scanner_error(s, "unmatched '%c'", bracket);
    s->level--;
    char opening = s->brackets[s->level].bracket;
    if ((opening == '(' && bracket != ')') || (opening == '[' && bracket != ']') ||
        (opening == '{' && bracket != '}')) {
        int32_t line = s->brackets[s->level].lineno;
        if (line != s->lineno)
            return kr_scanner_error(s,
                                    "closing parenthesis '%c' does not match opening parenthesis "
                                    "'%c' on line %d",
                                    bracket, opening, line);
        if (f && f->fields > 0)
            return kr_scanner_error(s,
                                    "%c-string: closing parenthesis '%c' does not match opening "
                                    "parenthesis '%c'",
                                    kind, bracket, opening);
        return kr_scanner_error(
            s, "closing parenthesis '%c' does not match opening parenthesis '%c'", bracket,
            opening);
    }
    if (in_field)
        f->fields--;
    return true;
}

/* ---- names -------------------------------------------------------------------------------- */

enum { CLASS_OTHER, CLASS_NAME, CLASS_DIGIT };

static const uint8_t char_class[256] = {
    ['a' ... 'z'] = CLASS_NAME, ['A' ... 'Z'] = CLASS_NAME, ['_'] = CLASS_NAME,
    ['0' ... '9'] = CLASS_DIGIT, [128 ... 255] = CLASS_NAME,
};

#define WORD(type, text)                                                                           \
    if (length == sizeof text - 1 && !memcmp(word, text, sizeof text - 1))                         \
    return TOKEN_##type

static TokenType keyword(const char *word, size_t length) {
    if (length > 8 || length < 2)
        return TOKEN_NAME;
    switch (word[0]) {
    case 'F': WORD(FALSE, "False"); break;
    case 'N': WORD(NONE, "None"); break;
    case 'T': WORD(TRUE, "True"); break;
    case 'a':
        WORD(AND, "and"); WORD(AS, "as"); WORD(ASSERT, "assert");
        WORD(ASYNC, "async"); WORD(AWAIT, "await");
        break;
    case 'b': WORD(BREAK, "break"); break;
    case 'c': WORD(CLASS, "class"); WORD(CONTINUE, "continue"); break;
    case 'd': WORD(DEF, "def"); WORD(DEL, "del"); break;
    case 'e': WORD(ELIF, "elif"); WORD(ELSE, "else"); WORD(EXCEPT, "except"); break;
    case 'f': WORD(FOR, "for"); WORD(FROM, "from"); WORD(FINALLY, "finally"); break;
    case 'g': WORD(GLOBAL, "global"); break;
    case 'i': WORD(IF, "if"); WORD(IN, "in"); WORD(IS, "is"); WORD(IMPORT, "import"); break;
    case 'l': WORD(LAMBDA, "lambda"); break;
    case 'n': WORD(NOT, "not"); WORD(NONLOCAL, "nonlocal"); break;
    case 'o': WORD(OR, "or"); break;
    case 'p': WORD(PASS, "pass"); break;
    case 'r': WORD(RETURN, "return"); WORD(RAISE, "raise"); break;
    case 't': WORD(TRY, "try"); break;
    case 'w': WORD(WITH, "with"); WORD(WHILE, "while"); break;
    case 'y': WORD(YIELD, "yield"); break;
    default: break;
    }
    return TOKEN_NAME;
}

static bool is_soft_keyword(const char *word, size_t length) {
    switch (length) {
    case 1: return word[0] == '_';
    case 4: return !memcmp(word, "case", 4) || !memcmp(word, "type", 4);
    case 5: return !memcmp(word, "match", 5);
    default: return false;
    }
}

static bool invalid_character(Scanner *s, uint32_t c, const char *start, size_t size) {
    if (!kr_text_is_printable(c))
        return kr_scanner_error(s, "invalid non-printable character U+%04X", c);
    return kr_scanner_error(s, "invalid character '%.*s' (U+%04X)", (int)size, start, c);
}

/* A name with characters beyond ASCII: each must be allowed; the name is its NFKC form. */
static Identifier *unicode_name(Scanner *s, const char *start, size_t length) {
    for (const char *p = start; p < start + length;) {
        uint32_t c;
        const char *problem = NULL;
        size_t size = kr_source_decode(p, start + length, &c, &problem);
        if (problem) {
            char *message = kr_arena_format(
                s->arena,
                "(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %d: %s",
                (unsigned char)*p, (int)(p - start), problem);
            s->at = p + 1;
            line_error(s, SYNTAX_ERROR, kr_tokens_points(s->line, p) + 1, -1, message);
            return NULL;
        }
        bool ok = c < 128 || (p == start ? kr_text_is_xid_start(c) : kr_text_is_xid_continue(c));
        if (!ok) {
            s->at = p + size;
            invalid_character(s, c, p, size);
            return NULL;
        }
        p += size;
    }
    size_t normal_length;
    char *normal = kr_text_nfkc(start, length, &normal_length);
    if (!normal)
        return kr_ast_intern(s->names, start, length);
    Identifier *name = kr_ast_intern(s->names, normal, normal_length);
    free(normal);
    return name;
}

static bool scan_string(Scanner *s, const char *start, int flags, bool formatted);

/* The letters [start, at) stand before a quote: a string's prefix? Sets its flags. */
static bool is_string_prefix(const char *start, const char *end, int *flags, bool *formatted) {
    bool b = false, u = false, r = false, f = false, t = false;
    for (const char *p = start; p < end; p++) {
        char c = *p | 0x20;
        if (c == 'b' && !(b || u || f || t))
            b = true;
        else if (c == 'u' && !(b || u || r || f || t))
            u = true;
        else if (c == 'r' && !(r || u))
            r = true;
        else if (c == 'f' && !(f || b || u || t))
            f = true;
        else if (c == 't' && !(t || b || u || f))
            t = true;
        else
            return false;
    }
    *flags = (r ? TOKEN_RAW : 0) | (t ? TOKEN_TEMPLATE : 0);
    *formatted = f || t;
    return true;
}

static bool scan_name(Scanner *s, const char *start) {
    bool ascii = true;
    const char *p = start;
    for (; char_class[(unsigned char)*p]; p++)
        ascii &= (unsigned char)*p < 128;
    s->at = p;
    size_t length = (size_t)(p - start);
    if ((*p == '"' || *p == '\'') && length <= 2) {
        int flags;
        bool formatted;
        if (is_string_prefix(start, p, &flags, &formatted))
            return scan_string(s, start, flags, formatted);
    }
    if (!ascii) {
        Identifier *name = unicode_name(s, start, length);
        if (!name)
            return false;
        kr_scanner_add(s, TOKEN_NAME, start, s->lineno, s->line)->name = name;
        return true;
    }
    TokenType type = keyword(start, length);
    Token *t = kr_scanner_add(s, type, start, s->lineno, s->line);
    if (type == TOKEN_NAME) {
        t->name = kr_ast_intern(s->names, start, length);
        if (is_soft_keyword(start, length))
            t->flags = TOKEN_SOFT;
    }
    return true;
}

/* ---- strings ------------------------------------------------------------------------------ */

static bool unterminated_string(Scanner *s, const char *start, const char *line, int32_t lineno,
                                int quotes, char quote) {
    int32_t last = s->lineno;
    if (!*s->at)
        s->out->ends_early = true;
    const OpenFString *f = s->fstring;
    s->lineno = lineno;
    s->line = line;
    s->at = start + 1;
    if (f && f->quote == quote && f->quotes == quotes)
        return kr_scanner_error(s, "%c-string: expecting '}'",
                                f->flags & TOKEN_TEMPLATE ? 't' : 'f');
    return kr_scanner_error(s, "unterminated %sstring literal (detected at line %d)",
                            quotes == 3 ? "triple-quoted " : "", last);
}

/* The scanner stands at the opening quote; the prefix began at `start`. */
static bool scan_string(Scanner *s, const char *start, int flags, bool formatted) {
    const char *line = s->line;
    int32_t lineno = s->lineno;
    char quote = *s->at;
    int quotes = s->at[1] == quote && s->at[2] == quote ? 3 : 1;
    s->at += quotes;
    if (quotes == 3)
        flags |= TOKEN_TRIPLE;
    if (formatted)
        return kr_scanner_fstring_start(s, start, quote, quotes, flags);
    for (;;) {
        char c = *s->at;
        if (c == quote && (quotes == 1 || (s->at[1] == quote && s->at[2] == quote))) {
            s->at += quotes;
            kr_scanner_add(s, TOKEN_STRING, start, lineno, line)->flags = (uint8_t)flags;
            return true;
        }
        if (!c || (c == '\n' && quotes == 1))
            return unterminated_string(s, start, line, lineno, quotes, quote);
        if (c == '\\' && s->at[1])
            c = *++s->at;
        s->at++;
        if (c == '\n')
            kr_scanner_next_line(s);
    }
}

/* ---- operators ---------------------------------------------------------------------------- */

static bool scan_operator(Scanner *s, const char *start) {
    TokenType type = TOKEN_UNKNOWN;
    int size = 1;
    char c = start[0], second = start[1];
    const OpenFString *f = s->fstring;
    bool in_field = f && f->fields > 0 && f->field[f->fields - 1].level == s->level;

#define ONE(name)                                                                                  \
    do {                                                                                           \
        type = TOKEN_##name;                                                                       \
        size = 1;                                                                                  \
    } while (0)
#define IF_SECOND(char_, name)                                                                     \
    if (second == char_) {                                                                         \
        type = TOKEN_##name;                                                                       \
        size = 2;                                                                                  \
    }
#define IF_THIRD(char_, name)                                                                      \
    if (size == 2 && start[2] == char_) {                                                          \
        type = TOKEN_##name;                                                                       \
        size = 3;                                                                                  \
    }
    switch (c) {
    case '(': case '[': case '{':
        s->at = start + 1;
        if (!kr_scanner_open_bracket(s, c, start))
            return false;
        type = c == '(' ? TOKEN_LPAR : c == '[' ? TOKEN_LSQB : TOKEN_LBRACE;
        break;
    case ')': case ']': case '}':
        s->at = start + 1;
        if (!close_bracket(s, c))
            return false;
        type = c == ')' ? TOKEN_RPAR : c == ']' ? TOKEN_RSQB : TOKEN_RBRACE;
        break;
    case ':':
        ONE(COLON);
        if (in_field)
            s->fstring->field[f->fields - 1].spec = true;
        else
            IF_SECOND('=', COLONEQUAL)
        break;
    case ',': ONE(COMMA); break;
    case ';': ONE(SEMI); break;
    case '~': ONE(TILDE); break;
    case '.':
        ONE(DOT);
        if (second == '.' && start[2] == '.') {
            type = TOKEN_ELLIPSIS;
            size = 3;
        }
        break;
    case '!': ONE(EXCLAMATION); IF_SECOND('=', NOTEQUAL) break;
    case '=': ONE(EQUAL); IF_SECOND('=', EQEQUAL) break;
    case '+': ONE(PLUS); IF_SECOND('=', PLUSEQUAL) break;
    case '-': ONE(MINUS); IF_SECOND('=', MINUSEQUAL) IF_SECOND('>', RARROW) break;
    case '@': ONE(AT); IF_SECOND('=', ATEQUAL) break;
    case '%': ONE(PERCENT); IF_SECOND('=', PERCENTEQUAL) break;
    case '|': ONE(VBAR); IF_SECOND('=', VBAREQUAL) break;
    case '^': ONE(CIRCUMFLEX); IF_SECOND('=', CIRCUMFLEXEQUAL) break;
    case '&': ONE(AMPER); IF_SECOND('=', AMPEREQUAL) break;
    case '*':
        ONE(STAR);
        IF_SECOND('=', STAREQUAL)
        else IF_SECOND('*', DOUBLESTAR)
        if (type == TOKEN_DOUBLESTAR)
            IF_THIRD('=', DOUBLESTAREQUAL)
        break;
    case '/':
        ONE(SLASH);
        IF_SECOND('=', SLASHEQUAL)
        else IF_SECOND('/', DOUBLESLASH)
        if (type == TOKEN_DOUBLESLASH)
            IF_THIRD('=', DOUBLESLASHEQUAL)
        break;
    case '<':
        ONE(LESS);
        IF_SECOND('=', LESSEQUAL)
        else IF_SECOND('>', NOTEQUAL)
        else IF_SECOND('<', LEFTSHIFT)
        if (type == TOKEN_LEFTSHIFT)
            IF_THIRD('=', LEFTSHIFTEQUAL)
        break;
    case '>':
        ONE(GREATER);
        IF_SECOND('=', GREATEREQUAL)
        else IF_SECOND('>', RIGHTSHIFT)
        if (type == TOKEN_RIGHTSHIFT)
            IF_THIRD('=', RIGHTSHIFTEQUAL)
        break;
    default:
        s->at = start + 1;
        if ((unsigned char)c < 32 || c == 127)
            return invalid_character(s, (unsigned char)c, start, 1);
        break;
    }
#undef ONE
#undef IF_SECOND
#undef IF_THIRD
    s->at = start + size;
    Token *t = kr_scanner_add(s, type, start, s->lineno, s->line);
    if (type == TOKEN_NOTEQUAL && c == '<')
        t->flags = TOKEN_BARRY;
    else if (type == TOKEN_COLON && in_field)
        t->flags = TOKEN_SPEC;
    return true;
}

/* ---- the loop ----------------------------------------------------------------------------- */

/* The end of the text: a last NEWLINE if the line has none, DEDENTs, ENDMARKER. */
static bool end_of_text(Scanner *s, bool open_line) {
    if (s->level > 0) {
        s->out->ends_early = true;
        return false;
    }
    if (open_line)
        kr_scanner_add(s, TOKEN_NEWLINE, s->at, s->lineno, s->line);
    for (; s->indents > 0; s->indents--)
        add_mark(s, TOKEN_DEDENT);
    add_mark(s, TOKEN_ENDMARKER);
    return true;
}

/* A newline outside brackets: the end of a logical line. `start` is there or at its comment. */
static bool end_of_line(Scanner *s, const char *start) {
    kr_scanner_add(s, TOKEN_NEWLINE, start, s->lineno, s->line);
    s->at++;
    kr_scanner_next_line(s);
    s->buffer = s->line;
    return line_start(s);
}

static bool scan(Scanner *s) {
    s->line = s->buffer = s->at;
    if (!line_start(s))
        return false;
    bool open_line = false; /* tokens since the last NEWLINE */
    for (;;) {
        if (in_fstring_text(s)) {
            if (!kr_scanner_fstring_text(s))
                return false;
            continue;
        }
        while (*s->at == ' ' || *s->at == '\t' || *s->at == '\f')
            s->at++;
        const char *start = s->at;
        unsigned char c = (unsigned char)*start;
        if (c == '#') {
            s->at += strcspn(s->at, "\n");
            c = (unsigned char)*s->at;
        }
        if (c == '\n') {
            if (s->level > 0 || s->fstring) {
                s->at++;
                kr_scanner_next_line(s);
                s->buffer = s->line;
                continue;
            }
            if (!end_of_line(s, start))
                return false;
            open_line = false;
            continue;
        }
        if (!c)
            return end_of_text(s, open_line);
        open_line = true;
        bool ok;
        if (char_class[c] == CLASS_NAME) {
            ok = scan_name(s, start);
        } else if (char_class[c] == CLASS_DIGIT ||
                   (c == '.' && char_class[(unsigned char)start[1]] == CLASS_DIGIT)) {
            s->at++;
            ok = kr_scanner_number(s, start);
        } else if (c == '"' || c == '\'') {
            ok = scan_string(s, start, 0, false);
        } else if (c == '\\') {
            s->at++;
            ok = continuation(s);
            if (ok)
                continue;
        } else {
            ok = scan_operator(s, start);
        }
        if (!ok)
            return false;
    }
}

void kr_tokens_scan(Tokens *tokens, Arena *arena, Names *names, const char *text, uint32_t length,
                    const char *filename) {
    memset(tokens, 0, sizeof *tokens);
    Scanner scanner, *s = &scanner;
    memset(s, 0, offsetof(Scanner, brackets)); /* the stacks need no clearing */
    s->columns[0] = s->alt_columns[0] = 0;
    s->arena = arena;
    s->names = names;
    s->out = tokens;
    s->filename = filename;
    s->text = s->at = text;
    s->lineno = 1;
    s->capacity = length / 4 + 64;
    tokens->text = text;
    tokens->length = length;
    tokens->last_warning = &tokens->warnings;
    tokens->items = malloc(s->capacity * sizeof(Token));
    if (!tokens->items) {
        fprintf(stderr, "krait: out of memory (tokens)\n");
        abort();
    }
    if (!scan(s)) {
        add_mark(s, TOKEN_ERROR);
        if (s->level > 0) {
            tokens->unclosed = true;
            tokens->bracket = s->brackets[s->level - 1].bracket;
            tokens->bracket_line = s->brackets[s->level - 1].lineno;
            tokens->bracket_column = s->brackets[s->level - 1].column;
        }
    }
    /* The parser looks one token ahead and may add one: two spare ones, not counted. */
    add_mark(s, TOKEN_ENDMARKER);
    add_mark(s, TOKEN_ENDMARKER);
    tokens->count -= 2;
}

void kr_tokens_free(Tokens *tokens) {
    free(tokens->items);
    tokens->items = NULL;
}
