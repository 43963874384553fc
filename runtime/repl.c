/* repl.c: the interactive loop: lines through libedit when stdin is a terminal, statements as soon as they are complete,
 * history in ~/.krait_history, completion of names and attributes on Tab. */
#include "runtime/repl.h"

/* libedit's header has a type of a name that is ours too. */
#define Function EditlineFunction
#include <editline/readline.h>
#undef Function
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

static bool terminal;
static Value scope; /* the dict of the module that statements run in */

/* ---- Completion ---- */

static Value candidates; /* list of str; the next one to hand out is at candidate_index */
static size_t candidate_index;

/* The names that complete `text`: of the scope and builtins, or attributes of the object before the last dot. */
static Value complete(const char *text)
{
    Value all, result = kr_list(NULL, 0);
    const char *dot = strrchr(text, '.');
    if (dot) {
        Value object = EMPTY;
        char *path = strndup(text, (size_t)(dot - text));
        for (char *part = strtok(path, "."); part; part = strtok(NULL, ".")) {
            Value name = kr_str(part);
            if (is_empty(object)) {
                object = kr_dict_find(scope, name);
                if (is_empty(object)) object = kr_dict_find(kr_builtins_dict, name);
            } else {
                object = kr_find_attr(object, name);
            }
            if (is_empty(object)) break;
        }
        free(path);
        all = is_empty(object) ? EMPTY : kr_dir(object);
    } else {
        all = kr_list_from(scope);
        if (!is_empty(all) && kr_list_extend(all, kr_builtins_dict) < 0) all = EMPTY;
    }
    if (is_empty(all) || is_empty(result)) {
        kr_clear_exception();
        return EMPTY;
    }
    const char *leaf = dot ? dot + 1 : text;
    for (size_t i = 0; i < kr_list_size(all); i++) {
        Value name = kr_list_get(all, i);
        const char *utf8 = is_str(name) ? kr_str_utf8(name, NULL) : NULL;
        if (!utf8 || strncmp(utf8, leaf, strlen(leaf)) != 0 || (!*leaf && *utf8 == '_')) continue;
        Value full = dot ? kr_str_format("%.*s%s", (int)(dot + 1 - text), text, utf8) : name;
        if (kr_list_append(result, full) < 0) return EMPTY;
    }
    return result;
}

static char *next_candidate(const char *text, int state)
{
    if (state == 0) {
        candidates = complete(text);
        candidate_index = 0;
    }
    if (is_empty(candidates) || candidate_index >= kr_list_size(candidates)) return NULL;
    return strdup(kr_str_utf8(kr_list_get(candidates, candidate_index++), NULL));
}

static char **attempt_completion(const char *text, int start, int end)
{
    (void)start, (void)end;
    rl_attempted_completion_over = 1;
    return rl_completion_matches(text, next_candidate);
}

/* ---- Lines ---- */

/* One line with its newline, malloc'ed; NULL at the end of the input. */
static char *read_line(const char *prompt)
{
    char *line = NULL;
    size_t size = 0;
    if (!terminal) {
        fputs(prompt, stdout);
        fflush(stdout);
        kr_thread_detach();
        ssize_t n = getline(&line, &size, stdin);
        kr_thread_attach();
        if (n >= 0) return line;
        free(line);
        return NULL;
    }
    char *bare = readline(prompt);
    if (!bare) return NULL;
    if (*bare) add_history(bare);
    size = strlen(bare);
    line = realloc(bare, size + 2);
    if (!line) abort();
    memcpy(line + size, "\n", 2);
    return line;
}

static Value input_line(Value prompt)
{
    const char *text = kr_str_utf8(prompt, NULL);
    if (!text) return EMPTY;
    char *line = read_line(text);
    Value result = line ? kr_str_fs(line, strlen(line)) : kr_intern("");
    free(line);
    return result;
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

int kr_repl_run(Value module)
{
    static char history[1024];
    terminal = isatty(0) && isatty(1);
    scope = kr_module_dict(module);
    kr_root(&scope), kr_root(&candidates);
    Value filename = kr_intern("<stdin>");
    if (is_empty(kr_sys_get("ps1")) && (kr_sys_set("ps1", kr_intern(">>> ")) < 0 || kr_sys_set("ps2", kr_intern("... ")) < 0)) return -1;
    if (terminal) {
        const char *home = getenv("HOME");
        snprintf(history, sizeof history, "%s/.krait_history", home ? home : "");
        rl_readline_name = "krait";
        rl_attempted_completion_function = attempt_completion;
        rl_completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
        using_history();
        read_history(history);
        kr_input_hook = input_line;
    }
    if (!kr_options.quiet)
        fprintf(stderr, "krait %s (Python 3.%d library) on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
                KRAIT_VERSION, KRAIT_STDLIB_MINOR);
    char *text = NULL;
    size_t size = 0;
    int status = 0;
    for (;;) {
        Value prompt = prompt_text(text ? "ps2" : "ps1");
        char *line = read_line(kr_str_utf8(prompt, NULL));
        if (!line && !text) break;
        size_t n = line ? strlen(line) : 0;
        bool blank = !line || strspn(line, " \t\r\n") == n;
        if (!text && blank) {
            free(line);
            continue;
        }
        text = realloc(text, size + n + 1);
        if (!text) abort();
        if (line) memcpy(text + size, line, n);
        text[size += n] = 0;
        bool ended = !line;
        free(line);
        Completeness state = examine(text, size, filename);
        if (state == INCOMPLETE && !ended) continue;
        if ((status = run_statement(text, size, filename)) < 0) break;
        free(text);
        text = NULL;
        size = 0;
        if (ended) break;
    }
    free(text);
    if (terminal) write_history(history);
    fputc('\n', terminal ? stdout : stderr);
    return status;
}
