/* readline.c: lines edited at a terminal, their history and their completion, by libedit.
 *
 * The library keeps one line and one history for the whole process; so does this module. It waits for keys
 * detached, and works on them attached: what it calls back (the completer, the hooks) runs as part of the
 * reading thread. The prompt and input() read through _read_line(). */
#include <editline/readline.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "modules/support.h"

static KrValue completer, display_hook, startup_hook, input_hook; /* a callable, or None */
static char *delimiters; /* of words, malloc'ed; NULL: the first ones */
static int begin_index,
    end_index;                 /* of the text that is being completed, in code points of the line */
static int history_limit = -1; /* lines of a written file; -1: all */
static bool auto_history = true;

/* ---- Text ---- */

static KrValue text_or_none(const char *text)
{
    return text ? kr_str_fs(text, strlen(text)) : kr_None;
}

/* A str as the terminal's bytes, which *keep holds. */
static const char *bytes_of(KrValue text, KrValue *keep)
{
    if (!kr_is_str(text)) {
        kr_raise(kr_TypeError, "argument must be str, not %T", text);
        return NULL;
    }
    return kr_path_bytes(text, keep);
}

/* Code points in the first n bytes of the line. */
static int points_before(const char *line, int n)
{
    int points = 0;
    for (int i = 0; i < n && line[i]; i++) points += ((unsigned char)line[i] & 0xc0) != 0x80;
    return points;
}

/* ---- Completion and hooks ---- */

/* The completer's answer number `state`, malloc'ed; NULL ends them. Its exceptions end them, too. */
static char *next_match(const char *text, int state)
{
    if (kr_is(completer, kr_None)) return NULL;
    rl_attempted_completion_over = 1;
    KrValue keep,
        match = kr_call(completer, (KrValue[]){kr_str_fs(text, strlen(text)), kr_int(state)}, 2,
                        KR_EMPTY);
    const char *bytes =
        !kr_is_empty(match) && kr_is_str(match) ? kr_path_bytes(match, &keep) : NULL;
    kr_clear_exception();
    return bytes ? strdup(bytes) : NULL;
}

static char **complete(const char *text, int begin, int end)
{
    rl_completion_append_character = '\0';
    begin_index = points_before(rl_line_buffer, begin);
    end_index = begin_index + points_before(rl_line_buffer + begin, end - begin);
    return rl_completion_matches(text, next_match);
}

static void display_matches(char **matches, int n, int longest)
{
    KrValue list = kr_list(NULL, 0);
    for (int i = 1; i <= n && !kr_is_empty(list); i++)
        if (kr_list_append(list, text_or_none(matches[i])) < 0) list = KR_EMPTY;
    if (!kr_is_empty(list))
        kr_call(display_hook, (KrValue[]){text_or_none(matches[0]), list, kr_int(longest)}, 3,
                KR_EMPTY);
    kr_clear_exception();
}

static void run_hook(KrValue hook)
{
    if (!kr_is(hook, kr_None)) kr_call(hook, NULL, 0, KR_EMPTY);
    kr_clear_exception();
}

static int on_startup(void)
{
    run_hook(startup_hook);
    return 0;
}

static int on_input(void)
{
    run_hook(input_hook);
    return 0;
}

static KrValue set_hook(KrValue *hook, KrValue function, const char *name)
{
    if (!kr_is(function, kr_None) && !kr_is_callable(function))
        return kr_raise(kr_TypeError, "set_%s(func): argument not callable", name);
    *hook = function;
    return kr_None;
}

KR_FN(readline, set_completer, "set_completer", "(function=None, /)",
      "Set or remove the completer function.\n\nThe function is called as function(text, state),\n"
      "for state in 0, 1, 2, ..., until it returns a non-string.\n"
      "It should return the next possible completion starting with 'text'.")
{
    return set_hook(&completer, a[0], "completer");
}

KR_FN(readline, get_completer, "get_completer", "()", "Get the current completer function.")
{
    return completer;
}

KR_FN(readline, set_startup_hook, "set_startup_hook", "(function=None, /)",
      "Set or remove the function invoked by the rl_startup_hook callback.\n\n"
      "The function is called with no arguments just\nbefore readline prints the first prompt.")
{
    return set_hook(&startup_hook, a[0], "startup_hook");
}

KR_FN(readline, set_pre_input_hook, "set_pre_input_hook", "(function=None, /)",
      "Set or remove the function invoked by the rl_pre_input_hook callback.\n\n"
      "The function is called with no arguments after the first prompt\n"
      "has been printed and just before readline starts reading input\ncharacters.")
{
    return set_hook(&input_hook, a[0], "pre_input_hook");
}

KR_FN(readline, set_display_hook, "set_completion_display_matches_hook", "(function=None, /)",
      "Set or remove the completion display function.\n\nThe function is called as\n"
      "  function(substitution, [matches], longest_match_length)\n"
      "once each time matches need to be displayed.")
{
    KrValue result = set_hook(&display_hook, a[0], "completion_display_matches_hook");
    rl_completion_display_matches_hook =
        kr_is(display_hook, kr_None) ? NULL : (VFunction *)display_matches;
    return result;
}

KR_FN(readline, get_completion_type, "get_completion_type", "()",
      "Get the type of completion being attempted.")
{
    return kr_int(rl_completion_type);
}

KR_FN(readline, get_begidx, "get_begidx", "()", "Get the beginning index of the completion scope.")
{
    return kr_int(begin_index);
}

KR_FN(readline, get_endidx, "get_endidx", "()", "Get the ending index of the completion scope.")
{
    return kr_int(end_index);
}

KR_FN(readline, set_completer_delims, "set_completer_delims", "(string, /)",
      "Set the word delimiters for completion.")
{
    KrValue keep;
    const char *bytes = bytes_of(a[0], &keep);
    char *copy = bytes ? strdup(bytes) : NULL;
    if (!copy) return kr_raised() ? KR_EMPTY : kr_raise_no_memory();
    free(delimiters);
    rl_completer_word_break_characters = delimiters = copy;
    return kr_None;
}

KR_FN(readline, get_completer_delims, "get_completer_delims", "()",
      "Get the word delimiters for completion.")
{
    return text_or_none(rl_completer_word_break_characters ? rl_completer_word_break_characters
                                                           : rl_basic_word_break_characters);
}

/* ---- The line ---- */

KR_FN(readline, parse_and_bind, "parse_and_bind", "(string, /)",
      "Execute the init line provided in the string argument.")
{
    KrValue keep;
    const char *bytes = bytes_of(a[0], &keep);
    if (!bytes) return KR_EMPTY;
    /* GNU readline's most common line, which libedit spells in its own way. */
    rl_parse_and_bind(strcmp(bytes, "tab: complete") == 0 ? "bind ^I rl_complete" : bytes);
    return kr_None;
}

KR_FN(readline, read_init_file, "read_init_file", "(filename=None, /)",
      "Execute a readline initialization file.\n\nThe default filename is the last filename used.")
{
    KrValue keep;
    const char *path = NULL;
    if (!kr_is(a[0], kr_None) && !(path = kr_path_bytes(a[0], &keep))) return KR_EMPTY;
    return rl_read_init_file(path) ? kr_raise_errno(errno ? errno : ENOENT, a[0]) : kr_None;
}

KR_FN(readline, get_line_buffer, "get_line_buffer", "()",
      "Return the current contents of the line buffer.")
{
    return text_or_none(rl_line_buffer ? rl_line_buffer : "");
}

KR_FN(readline, insert_text, "insert_text", "(string, /)",
      "Insert text into the line buffer at the cursor position.")
{
    KrValue keep;
    const char *bytes = bytes_of(a[0], &keep);
    if (!bytes) return KR_EMPTY;
    rl_insert_text(bytes);
    return kr_None;
}

KR_FN(readline, redisplay, "redisplay", "()",
      "Change what's displayed on the screen to reflect contents of the line buffer.")
{
    rl_redisplay();
    return kr_None;
}

/* What the library hands back when Enter was pressed, or at the end of the input (NULL). */
static char *finished_line;
static bool line_is_finished;

static void take_line(char *line)
{
    finished_line = line;
    line_is_finished = true;
}

/* Waits for a key, detached; -1 when a signal's handler raised. Signals come only while it waits: one between the look at
 * what is pending and the wait, or while the editor works at a key, would go unseen until the next key. */
static int wait_for_key(void)
{
    sigset_t all, before;
    sigfillset(&all);
    for (int n = 0; n <= 0;) {
        pthread_sigmask(SIG_BLOCK, &all, &before);
        int status = kr_check_signals();
        struct pollfd keys = {.fd = 0, .events = POLLIN};
        if (status == 0) {
            kr_detach();
            n = ppoll(&keys, 1, NULL, &before);
            kr_attach();
        }
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (status < 0) return -1;
    }
    return 0;
}

static void remember(const char *line)
{
    const char *newest = history_length > 0 ? get_history_event("!!", &(int){0}, 0) : NULL;
    if (*line && auto_history && !(newest && strcmp(newest, line) == 0)) add_history(line);
}

KR_FN(readline, read_line, "_read_line", "(prompt, /)",
      "The line typed at the terminal, with its newline; '' at the end of the input.")
{
    KrValue keep;
    const char *prompt = bytes_of(a[0], &keep);
    if (!prompt) return KR_EMPTY;
    line_is_finished = false;
    rl_callback_handler_install(prompt, take_line);
    while (!line_is_finished && wait_for_key() == 0) rl_callback_read_char();
    rl_callback_handler_remove();
    if (!line_is_finished) return KR_EMPTY;
    if (!finished_line) return kr_str("");
    remember(finished_line);
    KrValue line = kr_str_fs(finished_line, strlen(finished_line));
    free(finished_line);
    return kr_is_empty(line) ? KR_EMPTY : kr_str_concat(line, kr_str("\n"));
}

/* ---- History ---- */

/* The path of a history file, or NULL for the library's own choice; -1 when `name` is no path. */
static int history_path(KrValue name, const char **path, KrValue *keep)
{
    *path = NULL;
    return kr_is(name, kr_None) || (*path = kr_path_bytes(name, keep)) ? 0 : -1;
}

/* What a call about a history file gives: its result is 0 or the number of an error. */
static KrValue file_result(int error, KrValue name)
{
    return error ? kr_raise_errno(error > 0 ? error : errno, kr_is(name, kr_None) ? KR_EMPTY : name)
                 : kr_None;
}

KR_FN(readline, read_history_file, "read_history_file", "(filename=None, /)",
      "Load a readline history file.\n\nThe default filename is ~/.history.")
{
    KrValue keep;
    const char *path;
    if (history_path(a[0], &path, &keep) < 0) return KR_EMPTY;
    return file_result(read_history(path), a[0]);
}

static void shorten(const char *path)
{
    if (history_limit >= 0) history_truncate_file(path, history_limit);
}

KR_FN(readline, write_history_file, "write_history_file", "(filename=None, /)",
      "Save a readline history file.\n\nThe default filename is ~/.history.")
{
    KrValue keep;
    const char *path;
    if (history_path(a[0], &path, &keep) < 0) return KR_EMPTY;
    int error = write_history(path);
    if (!error) shorten(path);
    return file_result(error, a[0]);
}

/* The lines of the history, malloc'ed with their array; NULL with an exception. */
static char **copy_history(int *n)
{
    *n = history_length;
    char **lines = calloc((size_t)*n + 1, sizeof *lines);
    for (int i = 0; lines && i < *n; i++) {
        HIST_ENTRY *entry = history_get(history_base + i);
        lines[i] = strdup(entry ? entry->line : "");
    }
    if (!lines) kr_raise_no_memory();
    return lines;
}

static void add_lines(char *const *lines, int n)
{
    for (int i = 0; i < n; i++)
        if (lines[i]) add_history(lines[i]);
}

/* The library's append_history() appends all lines whatever is asked: the file is read, lengthened and written. */
static int append_lines(char *const *lines, int n, const char *path)
{
    clear_history();
    int error = read_history(path);
    if (!error) {
        add_lines(lines, n);
        error = write_history(path);
    }
    if (!error) shorten(path);
    return error;
}

KR_FN(readline, append_history_file, "append_history_file", "(nelements, filename=None, /)",
      "Append the last nelements items of the history list to file.\n\nThe default filename is "
      "~/.history.")
{
    KrValue keep;
    const char *path;
    int n;
    if (kr_to_int32(a[0], &n) < 0 || history_path(a[1], &path, &keep) < 0) return KR_EMPTY;
    if (n < 0) return kr_raise(kr_ValueError, "history items must be non-negative");
    int length;
    char **lines = copy_history(&length);
    if (!lines) return KR_EMPTY;
    if (n > length) n = length;
    int error = append_lines(lines + length - n, n, path);
    clear_history();
    add_lines(lines, length);
    for (int i = 0; i < length; i++) free(lines[i]);
    free(lines);
    return file_result(error, a[1]);
}

KR_FN(readline, get_history_length, "get_history_length", "()",
      "Return the maximum number of lines that will be written to the history file.")
{
    return kr_int(history_limit);
}

KR_FN(readline, set_history_length, "set_history_length", "(length, /)",
      "Set the maximal number of lines which will be written to the history file.\n\n"
      "A negative length is used to inhibit history truncation.")
{
    return kr_to_int32(a[0], &history_limit) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(readline, get_current_length, "get_current_history_length", "()",
      "Return the current (not the maximum) length of history.")
{
    return kr_int(history_get_history_state()->length);
}

KR_FN(readline, get_history_item, "get_history_item", "(index, /)",
      "Return the current contents of history item at one-based index.")
{
    int index;
    if (kr_to_int32(a[0], &index) < 0) return KR_EMPTY;
    HIST_ENTRY *entry =
        index > 0 && index <= history_length ? history_get(history_base + index - 1) : NULL;
    return text_or_none(entry ? entry->line : NULL);
}

/* -1 with ValueError when there is no item of this zero-based number. */
static int history_position(KrValue v, int *position)
{
    if (kr_to_int32(v, position) < 0) return -1;
    if (*position < 0)
        kr_raise(kr_ValueError, "History index cannot be negative");
    else if (*position >= history_length)
        kr_raise(kr_ValueError, "No history item at position %d", *position);
    return kr_raised() ? -1 : 0;
}

static void free_item(HIST_ENTRY *entry)
{
    if (!entry) return;
    free((char *)entry->line);
    free(entry);
}

KR_FN(readline, remove_history_item, "remove_history_item", "(pos, /)",
      "Remove history item given by its zero-based position.")
{
    int position;
    if (history_position(a[0], &position) < 0) return KR_EMPTY;
    free_item(remove_history(position));
    return kr_None;
}

KR_FN(readline, replace_history_item, "replace_history_item", "(pos, line, /)",
      "Replaces history item given by its position with contents of line.\n\npos is zero-based.")
{
    KrValue keep;
    int position;
    if (history_position(a[0], &position) < 0) return KR_EMPTY;
    const char *line = bytes_of(a[1], &keep);
    if (!line) return KR_EMPTY;
    free_item(replace_history_entry(history_base + position, line,
                                    NULL)); /* counts as history_get() does */
    return kr_None;
}

KR_FN(readline, add_item, "add_history", "(string, /)", "Add an item to the history buffer.")
{
    KrValue keep;
    const char *line = bytes_of(a[0], &keep);
    if (!line) return KR_EMPTY;
    add_history(line);
    return kr_None;
}

KR_FN(readline, clear, "clear_history", "()", "Clear the current readline history.")
{
    clear_history();
    return kr_None;
}

KR_FN(readline, set_auto_history, "set_auto_history", "(enabled, /)",
      "Enables or disables automatic history.")
{
    int enabled = kr_truth(a[0]);
    if (enabled < 0) return KR_EMPTY;
    auto_history = enabled;
    return kr_None;
}

#include "modules/readline/readline.entries.h"

static int readline_exec(KrValue module)
{
    KrValue *roots[] = {&completer, &display_hook, &startup_hook, &input_hook};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        *roots[i] = kr_None;
        kr_root(roots[i]);
    }
    /* The library reads characters of the locale; krait's text is UTF-8 whatever the locale. */
    const char *locale = setlocale(LC_CTYPE, "");
    if (!locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) setlocale(LC_CTYPE, "C.UTF-8");
    rl_readline_name = "python"; /* as editrc files of CPython's users say */
    rl_initialize();
    using_history();
    rl_attempted_completion_function = complete;
    rl_startup_hook = on_startup;
    rl_pre_input_hook = on_input;
    rl_completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
    if (kr_module_add_int(module, "_READLINE_VERSION", RL_READLINE_VERSION) < 0 ||
        kr_module_add_int(module, "_READLINE_RUNTIME_VERSION", rl_readline_version) < 0)
        return -1;
    return kr_module_add(module, "_READLINE_LIBRARY_VERSION", kr_str(rl_library_version));
}

KR_MODULE(readline) = {
    .api_version = KR_API_VERSION,
    .name = "readline",
    .doc = "Importing this module enables command line editing using libedit readline.",
    .functions = readline_functions,
    .exec = readline_exec};
