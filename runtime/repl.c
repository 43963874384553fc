/* repl.c: the interactive loop: statements run as soon as they are complete. At a terminal the module readline edits
 * the lines, with history in ~/.krait_history and the library's completer on Tab. */
#include "runtime/repl.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/memory/arena.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/str.h"
#include "runtime/version.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/start.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/vm.h"

static Value scope; /* the dict of the module that statements run in */

/* ---- Completion ---- */

/* The library's completer is imported at the first Tab: it costs more than all the rest of the start. */
KR_FN(repl, repl_complete, "complete", "(text, state, /)", "The state-th completion of text.")
{
    static Value complete;
    if (is_empty(complete)) {
        Value make = kr_import_attr("rlcompleter", "Completer");
        Value completer = is_empty(make) ? EMPTY : kr_call1(make, scope);
        if (is_empty(completer)) return EMPTY;
        kr_root(&complete);
        complete = kr_getattr(completer, kr_intern("complete"));
        if (is_empty(complete)) return EMPTY;
    }
    return kr_call2(complete, a[0], a[1]);
}

#include "runtime/repl.entries.h"

/* ---- The terminal ---- */

static Value editor; /* the module readline, when stdin and stdout are a terminal; or empty */

static Value history_path(void)
{
    const char *home = getenv("HOME");
    return kr_str_format("%s/.krait_history", home ? home : "");
}

static void open_editor(void)
{
    kr_root(&editor);
    editor = isatty(0) && isatty(1) ? kr_import("readline") : EMPTY;
    if (is_empty(editor)) {
        kr_clear_exception();
        return;
    }
    Value complete = kr_function_new(&repl_complete_entry, EMPTY, EMPTY);
    if (is_empty(kr_call_method1(editor, "set_completer", complete)) ||
        is_empty(kr_call_method1(editor, "parse_and_bind", kr_intern("tab: complete"))) ||
        is_empty(kr_call_method1(editor, "read_history_file", history_path())))
        kr_clear_exception(); /* a first session has no history */
}

static void close_editor(void)
{
    if (is_empty(editor)) return;
    Value exit = kr_take_exception();
    if (is_empty(kr_call_method1(editor, "write_history_file", history_path()))) kr_clear_exception();
    if (!is_empty(exit)) kr_restore_exception(exit);
}

/* ---- Lines ---- */

static Value read_stdin(Value prompt)
{
    const char *text = kr_str_utf8(prompt, NULL);
    if (!text) return EMPTY;
    fputs(text, stderr);
    char *line = NULL;
    size_t size = 0;
    kr_thread_detach();
    ssize_t n = getline(&line, &size, stdin);
    kr_thread_attach();
    Value result = n >= 0 ? kr_str_fs(line, (size_t)n) : kr_intern("");
    free(line);
    return result;
}

/* One line with its newline, a str; "" at the end of the input; empty with an exception: Ctrl-C. */
static Value read_line(Value prompt)
{
    return is_empty(editor) ? read_stdin(prompt) : kr_call_method1(editor, "_read_line", prompt);
}

static Value prompt_text(const char *name)
{
    Value prompt = kr_sys_get(name);
    Value text = is_empty(prompt) ? EMPTY : kr_to_str(prompt);
    if (!is_empty(text)) return text;
    kr_clear_exception();
    return kr_intern("");
}

/* ---- Statements ---- */

typedef enum { COMPLETE, INCOMPLETE, WRONG } Completeness;

static Completeness parse(const char *text, size_t size, Value filename, int flags)
{
    Arena *arena = kr_arena_new();
    if (!arena) return WRONG;
    SyntaxError error = {0};
    flags |= PARSE_INCOMPLETE | PARSE_IGNORE_COOKIE;
    Mod *mod = kr_parse(arena, text, size, kr_str_utf8(filename, NULL), PARSE_SINGLE, flags, &error);
    Completeness result = mod ? COMPLETE : error.kind == SYNTAX_INCOMPLETE ? INCOMPLETE : WRONG;
    kr_arena_free(arena);
    return result;
}

/* Is the text a whole statement? A compound statement needs an empty line after it: it is one
   without the newline of its last line, too. */
static Completeness examine(const char *text, size_t size, Value filename)
{
    Completeness result = parse(text, size, filename, 0);
    if (result != COMPLETE || !size || text[size - 1] != '\n') return result;
    return parse(text, size - 1, filename, PARSE_KEEP_OPEN) == INCOMPLETE ? INCOMPLETE : COMPLETE;
}

static void show_exception(void)
{
    kr_exit_status_of_exception();
}

/* Runs one statement; -1 when it raised SystemExit. */
static int run_statement(const char *text, size_t size, Value filename)
{
    Value code = kr_compile_source(text, size, filename, PARSE_SINGLE, COMPILE_IGNORE_COOKIE, -1);
    if (is_empty(code) || is_empty(kr_vm_run_code(object_of(code), scope, scope, EMPTY))) {
        if (kr_raised_is(kr_SystemExit)) return -1;
        show_exception();
    }
    Value out = kr_sys_get("stdout");
    if (!is_empty(out) && !is_none(out) && is_empty(kr_call_method0(out, "flush"))) kr_clear_exception();
    return 0;
}

/* The statement that is being typed: its lines so far. */
typedef struct Typed {
    char *text; /* malloc'ed, or NULL */
    size_t size;
} Typed;

static void typed_add(Typed *typed, const char *line, size_t n)
{
    char *text = realloc(typed->text, typed->size + n + 1);
    if (!text) abort();
    memcpy(text + typed->size, line, n);
    text[typed->size += n] = 0;
    typed->text = text;
}

static void typed_clear(Typed *typed)
{
    free(typed->text);
    *typed = (Typed){0};
}

/* Reads and runs statements to the end of the input; -1 when one raised SystemExit. */
static int read_and_run(Value filename)
{
    Typed typed = {0};
    int status = 0;
    for (bool ended = false; !ended && status == 0;) {
        Value line = read_line(prompt_text(typed.text ? "ps2" : "ps1"));
        size_t n = 0;
        const char *text = is_empty(line) ? NULL : kr_str_utf8(line, &n);
        if (!text) { /* an interrupt gives up what was typed */
            fputs("\nKeyboardInterrupt\n", stderr);
            kr_clear_exception();
            typed_clear(&typed);
            continue;
        }
        ended = n == 0;
        if (!typed.text && strspn(text, " \t\r\n") == n) continue;
        typed_add(&typed, text, n);
        if (examine(typed.text, typed.size, filename) == INCOMPLETE && !ended) continue;
        status = run_statement(typed.text, typed.size, filename);
        typed_clear(&typed);
    }
    typed_clear(&typed);
    return status;
}

int kr_repl_run(Value module)
{
    scope = kr_module_dict(module);
    kr_root(&scope);
    open_editor();
    if (is_empty(kr_sys_get("ps1")) && (kr_sys_set("ps1", kr_intern(">>> ")) < 0 || kr_sys_set("ps2", kr_intern("... ")) < 0)) return -1;
    if (!kr_options.quiet)
        fprintf(stderr, "krait %s (Python 3.%d library) on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
                KRAIT_VERSION, KRAIT_STDLIB_MINOR);
    int status = read_and_run(kr_intern("<stdin>"));
    close_editor();
    fputc('\n', is_empty(editor) ? stderr : stdout);
    return status;
}
