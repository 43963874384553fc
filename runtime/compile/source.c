/* source.c: source text to code, and SyntaxError records to exceptions.
 *
 * The front end counts columns in code points; the compiler's records count UTF-8 bytes, because
 * trees do: they are converted here, where the source is at hand. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/objects/str.h"

void (*kr_compile_observe)(const Code *code);

/* ---- Exceptions ---- */

static Value text_value(const char *text)
{
    if (!text) return NONE;
    Value v = kr_str_decode(text, strlen(text), "utf-8", "replace");
    if (is_empty(v)) kr_clear_exception();
    return is_empty(v) ? NONE : v;
}

static Value number(int n) { return n == INT_MIN ? NONE : kr_int(n); }

static Value location_tuple(const SyntaxError *error, Value filename)
{
    return kr_tuple_of(6, filename, kr_int(error->lineno), number(error->col_offset),
                       text_value(error->text), number(error->end_lineno),
                       number(error->end_col_offset));
}

/* The attributes of an exception whose args hold the message alone. */
static void set_attributes(Value exception, Value location)
{
    static const char *const names[] = {"filename", "lineno",     "offset",
                                        "text",     "end_lineno", "end_offset"};
    for (size_t i = 0; i < 6; i++)
        if (kr_setattr_ascii(exception, names[i], kr_tuple_get(location, i)) < 0)
            kr_clear_exception();
}

Value kr_compile_raise(const SyntaxError *error, Value filename)
{
    KrType *type = kr_SyntaxError;
    switch (error->kind) {
    case SYNTAX_OK: return EMPTY;
    case SYNTAX_RECURSION: return kr_raise(kr_RecursionError, "%s", error->message);
    case SYNTAX_VALUE: return kr_raise(kr_ValueError, "%s", error->message);
    case SYNTAX_INDENTATION: type = kr_IndentationError; break;
    case SYNTAX_TAB: type = kr_TabError; break;
    default: break;
    }
    Value message = text_value(error->message);
    if (!error->has_position) return kr_raise_object(type, message);
    Value location = location_tuple(error, filename);
    if (is_empty(location)) return EMPTY;
    Value exception = error->short_args ? kr_call1(kr_type_value(type), message)
                                        : kr_call2(kr_type_value(type), message, location);
    if (is_empty(exception)) return EMPTY;
    if (error->short_args) set_attributes(exception, location);
    return kr_raise_value(exception);
}

/* ---- Columns ---- */

/* Line `lineno` of a text, without its end. */
static const char *find_line(const char *source, size_t n, int lineno, size_t *length)
{
    const char *p = source, *end = source + n;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) p += 3;
    for (int line = 1;; line++) {
        const char *stop = p;
        while (stop < end && *stop != '\n' && *stop != '\r') stop++;
        if (line == lineno) {
            *length = (size_t)(stop - p);
            return p;
        }
        if (stop == end) return NULL;
        p = stop + (*stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1);
    }
}

static int column_in_points(const char *source, size_t n, int lineno, int column)
{
    size_t length;
    const char *line =
        column > 0 && column != INT_MIN ? find_line(source, n, lineno, &length) : NULL;
    if (!line) return column;
    int points = 1;
    for (size_t i = 0; i < length && (int)i + 1 < column; i++)
        points += ((uint8_t)line[i] & 0xc0) != 0x80;
    return (int)length + 1 < column ? points + column - (int)length - 1 : points;
}

/* CPython shows the line of a compiler's error only if it finds the file. */
static void complete(SyntaxError *error, Arena *arena, const char *source, size_t n,
                     const char *filename)
{
    if (error->kind != SYNTAX_ERROR || error->lineno <= 0) return;
    error->col_offset = column_in_points(source, n, error->lineno, error->col_offset);
    error->end_col_offset = column_in_points(source, n, error->end_lineno, error->end_col_offset);
    size_t length;
    const char *line = find_line(source, n, error->lineno, &length);
    if (!line || filename[0] == '<' || access(filename, R_OK) != 0) return;
    error->text =
        kr_arena_format(arena, "%.*s%s", (int)length, line, line + length < source + n ? "\n" : "");
}

/* ---- Warnings ---- */

/* Issues the warnings that the parser collected; -1 raised. */
static int issue_warnings(const SyntaxError *record, Arena *arena, const char *source, size_t n,
                          Value filename)
{
    if (!kr_compile_warn) return 0;
    for (const SyntaxWarning *w = record->warnings; w; w = w->next) {
        KrType *category = w->deprecation ? kr_DeprecationWarning : kr_SyntaxWarning;
        Value message = text_value(w->message);
        if (kr_compile_warn(category, message, filename, w->lineno) == 0) continue;
        if (!kr_raised_is(category)) return -1;
        kr_clear_exception();
        int column = w->col_offset > 0 ? w->col_offset : 1;
        size_t length;
        const char *line = find_line(source, n, w->lineno, &length);
        SyntaxError error = {.kind = SYNTAX_ERROR,
                             .message = w->message,
                             .has_position = true,
                             .lineno = w->lineno,
                             .col_offset = column,
                             .end_lineno = w->lineno,
                             .end_col_offset = column};
        if (line) error.text = kr_arena_strdup(arena, line, length);
        kr_compile_raise(&error, filename);
        return -1;
    }
    return 0;
}

/* ---- The entry ---- */

static int parse_flags(int flags)
{
    int result = 0;
    if (flags & COMPILE_IGNORE_COOKIE) result |= PARSE_IGNORE_COOKIE;
    if (flags & COMPILE_FUTURE_BARRY) result |= PARSE_BARRY;
    if (flags & COMPILE_ALLOW_INCOMPLETE) result |= PARSE_INCOMPLETE;
    if (flags & COMPILE_DONT_IMPLY_DEDENT) result |= PARSE_KEEP_OPEN;
    return result;
}

static const char *printable_name(Value filename)
{
    const char *name = kr_str_utf8(filename, NULL);
    if (!name) kr_clear_exception();
    return name ? name : "<unprintable>";
}

Mod *kr_compile_parse(Arena *arena, const char *source, size_t n, Value filename, int mode,
                      int flags)
{
    SyntaxError error = {.kind = SYNTAX_OK};
    Mod *mod =
        kr_parse(arena, source, n, printable_name(filename), mode, parse_flags(flags), &error);
    if (!(flags & COMPILE_NO_WARNINGS) && issue_warnings(&error, arena, source, n, filename) < 0)
        return NULL;
    if (!mod) kr_compile_raise(&error, filename);
    return mod;
}

Value kr_compile_source(const char *source, size_t n, Value filename, int mode, int flags,
                        int optimize)
{
    Arena *arena = kr_arena_new();
    SyntaxError error = {.kind = SYNTAX_OK};
    Value result = EMPTY;
    Mod *mod = kr_compile_parse(arena, source, n, filename, mode, flags);
    if (!mod) goto out;
    Code *code = kr_compile(mod, arena, filename, optimize, flags, &error);
    if (!code) {
        complete(&error, arena, source, n, printable_name(filename));
        kr_compile_raise(&error, filename);
        goto out;
    }
    result = from_object(code);
    if (kr_compile_observe) kr_compile_observe(code);
out:
    kr_arena_free(arena);
    return result;
}
