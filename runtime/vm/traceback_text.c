/* traceback_text.c: exceptions as text.
 *
 *     chain of __cause__/__context__ -> header, frames with source and carets -> final line(s), notes
 *
 * An exception group draws a tree: its depth gives each line an indent of two spaces a level and the margin "| ". */
#include "runtime/vm/traceback_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/memory/arena.h"
#include "runtime/objects/code.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/str.h"
#include "runtime/syntax/parser.h"
#include "runtime/syntax/source.h"
#include "runtime/vm/bytecode_cache.h"
#include "runtime/vm/frame_object.h"
#include "runtime/vm/sys_module.h"

#define GROUP_WIDTH 15
#define GROUP_DEPTH 10
#define REPEAT_CUTOFF 3

typedef struct Printer {
    KrText text;
    int depth;        /* of nested groups; 0 outside */
    bool need_close;
    Value seen;       /* set of ids of the exceptions printed */
} Printer;

/* ---- Source lines ---- */

/* Decodes one line leniently: what is no UTF-8 shows as U+FFFD. */
static Value decode_line(const char *bytes, size_t n)
{
    return kr_str_decode(bytes, n, "utf-8", "replace");
}

static char *read_source(Value filename, size_t *size)
{
    Value keep;
    struct stat status;
    const char *path = kr_path_bytes(filename, &keep);
    if (!path) {
        kr_clear_exception();
        return NULL;
    }
    char *text = kr_bytecode_read_file(path, size, &status);
    if (text || path[0] == '/' || path[0] == '<') return text;
    Value folders = kr_sys_get("path");
    if (is_empty(folders) || !kr_is_list(folders)) return NULL;
    for (size_t i = 0; !text && i < kr_list_size(folders); i++) {
        char full[4096];
        Value folder = kr_list_get(folders, i);
        const char *start = is_str(folder) ? kr_str_utf8(folder, NULL) : NULL;
        if (!start) {
            kr_clear_exception();
            continue;
        }
        snprintf(full, sizeof full, "%s/%s", start, path);
        text = kr_bytecode_read_file(full, size, &status);
    }
    return text;
}

/* The text in UTF-8 if one of the first two lines speaks of a coding that can be read; else as it is. */
static const char *decoded_source(Arena *arena, const char *text, size_t *size)
{
    const char *first = memchr(text, '\n', *size), *end = text + *size;
    const char *second = first ? memchr(first + 1, '\n', (size_t)(end - first - 1)) : NULL;
    if (!memmem(text, (size_t)((second ? second : end) - text), "coding", 6)) return text;
    SyntaxError error = {0};
    uint32_t length;
    const char *utf8 = kr_source_read(arena, text, *size, false, false, "", &length, &error);
    if (kr_raised()) kr_clear_exception();
    if (!utf8) return text;
    *size = length;
    return utf8;
}

Value kr_source_line(Value filename, int number)
{
    size_t size;
    char *text = number > 0 ? read_source(filename, &size) : NULL;
    if (!text) return EMPTY;
    Arena *arena = kr_arena_new();
    const char *p = decoded_source(arena, text, &size), *end = p + size;
    for (int line = 1; p < end && line < number; line++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
    }
    Value result = EMPTY;
    if (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((newline ? newline : end) - p);
        if (n && p[n - 1] == '\r') n--;
        result = decode_line(p, n);
        if (is_empty(result)) kr_clear_exception();
    }
    kr_arena_free(arena);
    free(text);
    return result;
}

/* ---- Lines with indent and margin ---- */

static void begin_line(Printer *p, const char *margin)
{
    for (int i = 0; i < 2 * p->depth; i++) kr_text_add_char(&p->text, ' ');
    kr_text_add_ascii(&p->text, margin ? margin : p->depth ? "| " : "");
}

static void add_line(Printer *p, const char *line)
{
    begin_line(p, NULL);
    kr_text_add_ascii(&p->text, line);
    kr_text_add_char(&p->text, '\n');
}

/* Adds a str that may hold newlines, each line with the margin. */
static void add_lines(Printer *p, Value text)
{
    size_t length = str_of(text)->length, begin = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && str_at(str_of(text), i) != '\n') continue;
        if (i == length && begin == length && begin > 0) break;
        begin_line(p, NULL);
        kr_text_add_slice(&p->text, text, begin, i);
        kr_text_add_char(&p->text, '\n');
        begin = i + 1;
    }
}

/* ---- Carets ---- */

typedef struct Anchors {
    long left, right; /* columns of the operator or subscript inside the segment; -1: none */
} Anchors;

/* The operator of a binary operation, or the brackets of a subscript, when the segment is just that. */
static Anchors find_anchors(const char *segment, size_t n)
{
    Anchors anchors = {-1, -1};
    Arena *arena = kr_arena_new();
    if (!arena) return anchors;
    char *wrapped = malloc(n + 3);
    if (wrapped) {
        wrapped[0] = '(';
        memcpy(wrapped + 1, segment, n);
        memcpy(wrapped + n + 1, ")", 2);
        SyntaxError error = {0};
        Mod *mod = kr_parse(arena, wrapped, n + 2, "<segment>", PARSE_EVAL, PARSE_IGNORE_COOKIE, &error);
        Expr *e = mod ? mod->Expression.body : NULL;
        if (e && e->kind == EXPR_BinOp) {
            long start = e->BinOp.left->end_col_offset - 1, stop = e->BinOp.right->col_offset - 1;
            if (e->BinOp.left->end_lineno == 1)
                for (long i = start; i < stop && i < (long)n; i++) {
                    char c = segment[i];
                    if (c == ' ' || c == ')' || c == '(' || c == '\t' || c == '\\') continue;
                    anchors = (Anchors){i, i + 1};
                    if (i + 1 < stop && segment[i + 1] == c) anchors.right++;
                    break;
                }
        } else if (e && e->kind == EXPR_Subscript) {
            anchors = (Anchors){e->Subscript.value->end_col_offset - 1, e->Subscript.slice->end_col_offset};
        }
        free(wrapped);
    }
    kr_arena_free(arena);
    return anchors;
}

static size_t points_of_bytes(const char *utf8, size_t bytes)
{
    size_t points = 0;
    for (size_t i = 0; i < bytes; i++) points += (utf8[i] & 0xc0) != 0x80;
    return points;
}

/* The line of ^ and ~ under a source line, of which `indent` bytes are not shown. */
static void add_carets(Printer *p, const char *line, size_t size, size_t indent, Position where)
{
    if (!where.line || where.column == UINT16_MAX || where.end_column == UINT16_MAX) return;
    size_t end_of_text = size;
    while (end_of_text > indent && (line[end_of_text - 1] == ' ' || line[end_of_text - 1] == '\t')) end_of_text--;
    size_t begin = where.column, end = where.end_line == where.line ? where.end_column : end_of_text;
    if (begin < indent || end > size || begin >= end) return;
    Anchors anchors = {-1, -1};
    if (where.end_line == where.line) anchors = find_anchors(line + begin, end - begin);
    if (anchors.left < 0 && begin == indent && end == end_of_text) return;
    begin_line(p, NULL);
    kr_text_add_ascii(&p->text, "    ");
    for (size_t i = points_of_bytes(line + indent, begin - indent); i > 0; i--) kr_text_add_char(&p->text, ' ');
    for (size_t i = begin; i < end; i++) {
        if ((line[i] & 0xc0) == 0x80) continue;
        long column = (long)(i - begin);
        bool primary = anchors.left < 0 || (column >= anchors.left && column < anchors.right);
        kr_text_add_char(&p->text, primary ? '^' : '~');
    }
    kr_text_add_char(&p->text, '\n');
}

static void add_source(Printer *p, Value filename, int number, Position where)
{
    Value source = kr_source_line(filename, number);
    if (is_empty(source)) return;
    size_t size;
    const char *line = kr_str_utf8(source, &size);
    if (!line) {
        kr_clear_exception();
        return;
    }
    size_t indent = strspn(line, " \t\f"), end = size;
    while (end > indent && strchr(" \t\f\r", line[end - 1])) end--;
    if (end == indent) return;
    begin_line(p, NULL);
    kr_text_add_ascii(&p->text, "    ");
    kr_text_add_utf8(&p->text, line + indent, end - indent);
    kr_text_add_char(&p->text, '\n');
    add_carets(p, line, size, indent, where);
}

/* ---- Frames ---- */

static void add_repeated(Printer *p, long count)
{
    if (count <= REPEAT_CUTOFF) return;
    count -= REPEAT_CUTOFF;
    begin_line(p, NULL);
    kr_text_add_format(&p->text, count > 1 ? "  [Previous line repeated %ld more times]\n" : "  [Previous line repeated %ld more time]\n", count);
}

/* sys.tracebacklimit; beyond 64 bits its sign counts. */
static int64_t frame_limit(void)
{
    int64_t limit = 1000;
    Value wanted = kr_sys_get("tracebacklimit");
    if (!is_empty(wanted) && kr_is_int_exact(wanted) && kr_to_int64(wanted, &limit) < 0) {
        kr_clear_exception();
        limit = kr_compare_truth(wanted, kr_int(0), KR_LT) > 0 ? 0 : INT64_MAX;
    }
    return limit;
}

static void add_frames(Printer *p, Value traceback, int64_t limit)
{
    long depth = 0;
    for (Value t = traceback; is_exact(t, &kr_traceback_type); t = ((Traceback *)object_of(t))->next) depth++;
    Value last_file = EMPTY, last_name = EMPTY;
    int last_line = -1;
    long repeated = 0;
    for (Value t = traceback; is_exact(t, &kr_traceback_type); t = ((Traceback *)object_of(t))->next) {
        if (depth-- > limit) continue;
        Traceback *entry = object_of(t);
        Code *code = kr_frame_object_code(entry->frame);
        bool same_place = !is_empty(last_file) && same(last_file, code->filename) && last_line == entry->line && same(last_name, code->name);
        if (!same_place) {
            add_repeated(p, repeated);
            last_file = code->filename, last_line = entry->line, last_name = code->name;
            repeated = 0;
        }
        if (++repeated > REPEAT_CUTOFF) continue;
        begin_line(p, NULL);
        kr_text_add_format(&p->text, "  File \"%U\", line %d, in %U\n", code->filename, entry->line, code->name);
        Position where = kr_code_position(code, entry->instruction);
        if ((int)where.line != entry->line) where.line = 0;
        add_source(p, code->filename, entry->line, where);
    }
    add_repeated(p, repeated);
}

/* ---- The final lines ---- */

static Value attribute(Value v, const char *name)
{
    Value found = kr_getattr_ascii(v, name);
    if (is_empty(found)) kr_clear_exception();
    return found;
}

/* The place and source line of a SyntaxError, before its message. */
static void add_syntax_place(Printer *p, Value exception)
{
    Value filename = attribute(exception, "filename"), line = attribute(exception, "lineno");
    Value offset = attribute(exception, "offset"), text = attribute(exception, "text");
    Value end_line = attribute(exception, "end_lineno"), end_offset = attribute(exception, "end_offset");
    int64_t number, column = 0, end_column = 0, end_number = 0;
    if (is_empty(line) || !kr_is_int_exact(line) || kr_to_int64(line, &number) < 0) {
        kr_clear_exception();
        return;
    }
    begin_line(p, NULL);
    kr_text_add_format(&p->text, "  File \"%S\", line %lld\n", is_empty(filename) || is_none(filename) ? kr_intern("<string>") : filename, (long long)number);
    if (is_empty(text) || !is_str(text)) return;
    Str *s = str_of(text);
    size_t begin = 0, end = s->length;
    while (end > begin && (str_at(s, end - 1) == '\n' || str_at(s, end - 1) == '\r')) end--;
    while (begin < end && (str_at(s, begin) == ' ' || str_at(s, begin) == '\t' || str_at(s, begin) == '\f')) begin++;
    begin_line(p, NULL);
    kr_text_add_ascii(&p->text, "    ");
    kr_text_add_slice(&p->text, text, begin, end);
    kr_text_add_char(&p->text, '\n');
    if (is_empty(offset) || !kr_is_int_exact(offset) || kr_to_int64(offset, &column) < 0 || column < 1) {
        kr_clear_exception();
        return;
    }
    bool has_end = !is_empty(end_offset) && kr_is_int_exact(end_offset) && kr_to_int64(end_offset, &end_column) == 0;
    if (!is_empty(end_line) && kr_is_int_exact(end_line) && kr_to_int64(end_line, &end_number) == 0 && end_number > number)
        end_column = (int64_t)end + 1, has_end = true;
    if (column > (int64_t)end + 1) column = (int64_t)end + 1;
    if (end_column > (int64_t)end + 1) end_column = (int64_t)end + 1;
    if (!has_end || end_column <= column) end_column = column + 1;
    int64_t first = column - 1 - (int64_t)begin, last = end_column - 1 - (int64_t)begin;
    if (first < 0) return;
    begin_line(p, NULL);
    kr_text_add_ascii(&p->text, "    ");
    for (int64_t i = 0; i < first; i++) {
        uint32_t c = begin + (size_t)i < s->length ? str_at(s, begin + (size_t)i) : ' ';
        kr_text_add_char(&p->text, c == '\t' || c == '\f' ? c : ' ');
    }
    for (int64_t i = first; i < last; i++) kr_text_add_char(&p->text, '^');
    kr_text_add_char(&p->text, '\n');
}

/* "module.QualName" as the last line shows it. */
static Value class_name(Value exception)
{
    Value type = from_object(type_of(exception));
    Value qualname = attribute(type, "__qualname__"), module = attribute(type, "__module__");
    if (is_empty(qualname)) return kr_intern("<unknown>");
    if (is_empty(module) || !is_str(module)) return kr_str_format("<unknown>.%S", qualname);
    if (kr_str_equal_ascii(module, "builtins") || kr_str_equal_ascii(module, "__main__")) return kr_to_str(qualname);
    return kr_str_format("%U.%S", module, qualname);
}

static void add_notes(Printer *p, Value exception)
{
    Value notes = kr_find_attr(exception, KR_NAME("__notes__"));
    if (is_empty(notes)) {
        kr_clear_exception();
        return;
    }
    bool sequence = !is_str(notes) && !is_bytes(notes) && (kr_is_list(notes) || kr_is_tuple(notes));
    if (!sequence) {
        Value text = kr_repr(notes);
        if (is_empty(text)) {
            kr_clear_exception();
            text = kr_intern("<__notes__ repr() failed>");
        }
        add_lines(p, text);
        return;
    }
    int64_t n = kr_length(notes);
    for (int64_t i = 0; i < n; i++) {
        Value note = kr_getitem(notes, from_small_int(i));
        Value text = is_empty(note) ? EMPTY : kr_to_str(note);
        if (is_empty(text)) {
            kr_clear_exception();
            text = kr_intern("<note str() failed>");
        }
        add_lines(p, text);
    }
    if (n < 0) kr_clear_exception();
}

static void add_message(Printer *p, Value exception)
{
    bool is_syntax = kr_is_a(exception, kr_SyntaxError) && !is_empty(attribute(exception, "print_file_and_line"));
    Value text;
    if (is_syntax) {
        add_syntax_place(p, exception);
        text = attribute(exception, "msg");
        if (is_empty(text) || is_none(text)) text = kr_intern("<no detail available>");
        text = kr_to_str(text);
    } else {
        text = kr_to_str(exception);
    }
    if (is_empty(text)) {
        kr_clear_exception();
        text = kr_intern("<exception str() failed>");
    }
    Value name = class_name(exception);
    if (is_empty(name)) {
        kr_clear_exception();
        name = kr_intern("<unknown>");
    }
    Value line = str_of(text)->length ? kr_str_format("%U: %U", name, text) : name;
    Value suggestion = kr_suggestion(exception);
    if (!is_empty(line) && !is_empty(suggestion)) line = kr_str_format("%U. Did you mean: '%U'?", line, suggestion);
    if (is_empty(line)) kr_clear_exception();
    else add_lines(p, line);
    add_notes(p, exception);
}

/* ---- One exception, its chain, its group ---- */

static void print_one(Printer *p, Value exception)
{
    Value traceback = exception_of(exception)->traceback;
    bool group = kr_is_a(exception, kr_BaseExceptionGroup);
    int64_t limit = frame_limit();
    if (is_exact(traceback, &kr_traceback_type) && limit > 0) {
        begin_line(p, group && p->depth == 1 ? "+ " : NULL);
        kr_text_add_ascii(&p->text, group ? "Exception Group Traceback (most recent call last):\n"
                                          : "Traceback (most recent call last):\n");
        add_frames(p, traceback, limit);
    }
    add_message(p, exception);
}

static void print_recursive(Printer *p, Value exception);

static void print_group(Printer *p, Value exception)
{
    if (p->depth > GROUP_DEPTH) {
        add_line(p, "... (max_group_depth is 10)");
        return;
    }
    if (p->depth == 0) p->depth = 1;
    print_one(p, exception);
    Value members = exception_of(exception)->fields[1];
    size_t count = is_tuple(members) ? kr_tuple_size(members) : 0;
    size_t shown = count > GROUP_WIDTH ? GROUP_WIDTH + 1 : count;
    p->need_close = false;
    for (size_t i = 0; i < shown; i++) {
        bool last = i + 1 == shown;
        if (last) p->need_close = true;
        begin_line(p, i == 0 ? "+-" : "  ");
        if (i < GROUP_WIDTH) kr_text_add_format(&p->text, "+---------------- %zu ----------------\n", i + 1);
        else kr_text_add_ascii(&p->text, "+---------------- ... ----------------\n");
        p->depth++;
        if (i < GROUP_WIDTH) {
            print_recursive(p, kr_tuple_get(members, i));
        } else {
            begin_line(p, NULL);
            kr_text_add_format(&p->text, "and %zu more exception%s\n", count - GROUP_WIDTH, count - GROUP_WIDTH == 1 ? "" : "s");
        }
        p->depth--;
        if (last && p->need_close) {
            begin_line(p, "  ");
            kr_text_add_ascii(&p->text, "+------------------------------------\n");
            p->need_close = false;
        }
    }
    if (p->depth == 1) p->depth = 0;
}

static bool was_seen(Printer *p, Value exception)
{
    int seen = kr_set_contains(p->seen, kr_int_unsigned(exception.bits));
    if (seen < 0) kr_clear_exception();
    return seen != 0;
}

static void print_recursive(Printer *p, Value exception)
{
    if (kr_enter_recursion(" during traceback printing") < 0) {
        kr_clear_exception();
        return;
    }
    if (kr_set_add(p->seen, kr_int_unsigned(exception.bits)) < 0) kr_clear_exception();
    Exception *e = exception_of(exception);
    const char *link = NULL;
    Value before = EMPTY;
    if (!is_empty(e->cause) && !is_none(e->cause)) {
        before = e->cause;
        link = "The above exception was the direct cause of the following exception:";
    } else if (!is_empty(e->context) && !is_none(e->context) && !e->suppress_context) {
        before = e->context;
        link = "During handling of the above exception, another exception occurred:";
    }
    if (link && is_exception(before) && !was_seen(p, before)) {
        bool close = p->need_close;
        p->need_close = false;
        print_recursive(p, before);
        p->need_close = close;
        add_line(p, "");
        add_line(p, link);
        add_line(p, "");
    }
    if (kr_is_a(exception, kr_BaseExceptionGroup)) print_group(p, exception);
    else print_one(p, exception);
    kr_leave_recursion();
}

Value kr_traceback_text(Value exception)
{
    Printer p = {.seen = kr_set(EMPTY)};
    if (is_empty(p.seen)) return EMPTY;
    kr_text_init(&p.text);
    print_recursive(&p, exception);
    return kr_text_finish(&p.text);
}

void kr_traceback_write(Value text)
{
    if (is_empty(text)) {
        kr_clear_exception();
        return;
    }
    Value err = kr_sys_get("stderr");
    if (!is_empty(err) && !is_none(err)) {
        if (!is_empty(kr_call_method1(err, "write", text)) && !is_empty(kr_call_method0(err, "flush"))) return;
        kr_clear_exception();
        return;
    }
    if (!is_empty(err)) return;
    Value bytes = kr_str_encode(text, "utf-8", "backslashreplace");
    if (is_empty(bytes)) kr_clear_exception();
    else if (write(2, kr_bytes_data(bytes), kr_bytes_size(bytes)) < 0) return;
}

void kr_traceback_print(Value exception, Value file)
{
    Value text = kr_traceback_text(exception);
    if (is_empty(file)) kr_traceback_write(text);
    else if (is_empty(text) || is_empty(kr_call_method1(file, "write", text))) kr_clear_exception();
}
