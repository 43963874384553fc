/* start.c: bringing the interpreter up and down.
 *
 *     thread, heap -> types -> VM -> sys, builtins -> sys.path -> streams -> site -> __main__
 *
 * site is done here, natively, since importing the library's site.py costs more than all the rest: site-packages
 * and their .pth files join sys.path, exit, quit, help and relatives join builtins (made by _sitebuiltins when first used).
 * `import site` still imports the library's module, which finds everything done. */
#include "runtime/vm/start.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/memory/heap.h"
#include "runtime/memory/lasting.h"
#include "runtime/objects/builtin_types.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/syntax/parser.h"
#include "runtime/threads/signals.h"
#include "runtime/version.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/import.h"
#include "runtime/vm/signal_module.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/traceback_text.h"
#include "runtime/vm/vm.h"
#include "runtime/vm/warnings.h"

static Value path_text(const char *path) { return kr_str_fs(path, strlen(path)); }

static const char *environment(const char *name)
{
    const char *value = kr_options.ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

/* ---- sys.path ---- */

static int append_path(Value list, const char *path) { return kr_list_append(list, path_text(path)); }

static int set_paths(void)
{
    char version[16], zip[64], prefix[1024];
    snprintf(version, sizeof version, "python3.%d", KRAIT_STDLIB_MINOR);
    snprintf(zip, sizeof zip, "/usr/lib/python3%d.zip", KRAIT_STDLIB_MINOR);
    Value list = kr_list(NULL, 0);
    if (is_empty(list)) return -1;
    const char *extra = environment("PYTHONPATH");
    while (extra) {
        const char *colon = strchr(extra, ':');
        size_t n = colon ? (size_t)(colon - extra) : strlen(extra);
        if (n && kr_list_append(list, kr_str_fs(extra, n)) < 0) return -1;
        extra = colon ? colon + 1 : NULL;
    }
    if (append_path(list, zip) < 0 || append_path(list, KRAIT_STDLIB) < 0) return -1;
    snprintf(prefix, sizeof prefix, "%s/lib-dynload", KRAIT_STDLIB);
    if (append_path(list, prefix) < 0) return -1;
    Value root = kr_intern("/usr"), executable = path_text(kr_options.program);
    return kr_sys_set("path", list) < 0 || kr_sys_set("prefix", root) < 0 || kr_sys_set("exec_prefix", root) < 0 ||
                   kr_sys_set("base_prefix", root) < 0 || kr_sys_set("base_exec_prefix", root) < 0 ||
                   kr_sys_set("executable", executable) < 0 || kr_sys_set("_base_executable", executable) < 0 ||
                   kr_sys_set("_stdlib_dir", kr_str(KRAIT_STDLIB)) < 0 || kr_sys_set("_home", NONE) < 0
               ? -1
               : 0;
}

/* ---- site ---- */

static int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* One .pth file: lines are paths below the directory, or import statements to run. */
static int run_pth(const char *directory, const char *name, Value list)
{
    char path[2048], line[2048];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        if (!*line || *line == '#') continue;
        if (strncmp(line, "import ", 7) == 0 || strncmp(line, "import\t", 7) == 0) {
            Value globals = kr_dict();
            Value code = kr_compile_source(line, strlen(line), kr_intern("<string>"), PARSE_EXEC, 0, -1);
            if (is_empty(code) || is_empty(kr_vm_run_code(object_of(code), globals, globals, EMPTY))) {
                fprintf(stderr, "Error processing a line of %s:\n", path);
                Value exception = kr_take_exception();
                kr_traceback_print(exception, EMPTY);
            }
            continue;
        }
        char full[4200];
        snprintf(full, sizeof full, *line == '/' ? "%.0s%s" : "%s/%s", directory, line);
        struct stat status;
        if (stat(full, &status) == 0 && append_path(list, full) < 0) {
            fclose(file);
            return -1;
        }
    }
    fclose(file);
    return 0;
}

static int add_site_directory(const char *directory)
{
    DIR *folder = opendir(directory);
    if (!folder) return 0;
    Value list = kr_sys_get("path");
    char *names[256];
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t n = strlen(entry->d_name);
        if (n > 4 && strcmp(entry->d_name + n - 4, ".pth") == 0 && entry->d_name[0] != '.' && count < 256)
            names[count++] = strdup(entry->d_name);
    }
    closedir(folder);
    qsort(names, count, sizeof *names, compare_names);
    int status = append_path(list, directory);
    for (size_t i = 0; i < count; i++) {
        if (status == 0) status = run_pth(directory, names[i], list);
        free(names[i]);
    }
    return status;
}

/* exit, quit and help need _sitebuiltins, a module of fifty lines: their classes are made when one is first used. */
static const char lazy_builtins[] =
    "import builtins\n"
    "class _Lazy:\n"
    "    __slots__ = ('_name', '_real')\n"
    "    def __init__(self, name):\n"
    "        self._name = name\n"
    "        self._real = None\n"
    "    def _make(self):\n"
    "        if self._real is None:\n"
    "            import _sitebuiltins, sys, os\n"
    "            name = self._name\n"
    "            if name in ('exit', 'quit'):\n"
    "                real = _sitebuiltins.Quitter(name, 'Ctrl-D (i.e. EOF)')\n"
    "            elif name == 'help':\n"
    "                real = _sitebuiltins._Helper()\n"
    "            elif name == 'copyright':\n"
    "                real = _sitebuiltins._Printer('copyright', sys.copyright)\n"
    "            elif name == 'credits':\n"
    "                real = _sitebuiltins._Printer('credits', 'krait is written by the krait authors.')\n"
    "            else:\n"
    "                real = _sitebuiltins._Printer('license', 'krait is under the MIT license.')\n"
    "            self._real = real\n"
    "            setattr(builtins, name, real)\n"
    "        return self._real\n"
    "    def __call__(self, *args, **kwargs): return self._make()(*args, **kwargs)\n"
    "    def __repr__(self): return repr(self._make())\n"
    "    def __getattr__(self, name): return getattr(self._make(), name)\n"
    "for _name in ('exit', 'quit', 'help', 'copyright', 'credits', 'license'):\n"
    "    setattr(builtins, _name, _Lazy(_name))\n";

static int do_site(void)
{
    char directory[1024];
    const char *home = environment("HOME");
    if (!kr_options.no_user_site && home) {
        snprintf(directory, sizeof directory, "%s/.local/lib/python3.%d/site-packages", home, KRAIT_STDLIB_MINOR);
        struct stat status;
        if (stat(directory, &status) == 0 && add_site_directory(directory) < 0) return -1;
    }
    snprintf(directory, sizeof directory, "/usr/local/lib/python3.%d/dist-packages", KRAIT_STDLIB_MINOR);
    if (add_site_directory(directory) < 0 || add_site_directory("/usr/lib/python3/dist-packages") < 0) return -1;
    Value globals = kr_dict();
    if (is_empty(globals)) return -1;
    if (kr_dict_set_ascii(globals, "__name__", kr_intern("_sitebuiltins_lazy")) < 0) return -1;
    Value code = kr_compile_source(lazy_builtins, sizeof lazy_builtins - 1, kr_intern("<site>"), PARSE_EXEC, 0, -1);
    return is_empty(code) || is_empty(kr_vm_run_code(object_of(code), globals, globals, EMPTY)) ? -1 : 0;
}

/* ---- Streams ---- */

/* Does the locale promise nothing about bytes beyond ASCII? The C locales do not, in UTF-8 or without. */
static bool is_c_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    static const char *const names[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(variables[i]);
        if (!value || !*value) continue;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(value, names[k]) == 0) return true;
        return false;
    }
    return true;
}

static int open_stream(const char *name, int fd, const char *mode)
{
    Value stream = NONE;
    struct stat status;
    if (fstat(fd, &status) == 0) {
        Value open_stream = kr_import_attr("_io", "_open_standard");
        if (is_empty(open_stream)) return -1;
        const char *errors = fd == 2 ? "backslashreplace" : is_c_locale() ? "surrogateescape" : "strict";
        Value arguments[] = {kr_int(fd), kr_str(mode), from_bool(kr_options.unbuffered), kr_intern(errors)};
        stream = kr_call(open_stream, arguments, 4, EMPTY);
        if (is_empty(stream)) return -1;
    }
    char original[16];
    snprintf(original, sizeof original, "__%s__", name);
    return kr_sys_set(name, stream) < 0 || kr_sys_set(original, stream) < 0 ? -1 : 0;
}

static int open_streams(void)
{
    return open_stream("stdin", 0, "r") < 0 || open_stream("stdout", 1, "w") < 0 || open_stream("stderr", 2, "w") < 0 ? -1 : 0;
}

/* ---- Up ---- */

static size_t stream_finalizers; /* objects with finalizers that start-up makes: they go last at the end */

Value kr_start_main_module(void)
{
    Value name = kr_intern("__main__");
    Value module = kr_dict_find(kr_sys_modules, name);
    if (!is_empty(module)) return module;
    module = kr_module_new(name);
    if (is_empty(module) || kr_dict_set_ascii(kr_module_dict(module), "__builtins__", kr_dict_find_ascii(kr_sys_modules, "builtins")) < 0 ||
        kr_dict_set(kr_sys_modules, name, module) < 0)
        return EMPTY;
    return module;
}

int kr_start_arguments(const char *first, char **argv, int argc)
{
    Value list = kr_list(NULL, 0), path = kr_sys_get("path");
    if (is_empty(list)) return -1;
    for (int i = 0; i < argc; i++)
        if (kr_list_append(list, path_text(argv[i])) < 0) return -1;
    if (first && !kr_options.safe_path && kr_list_insert(path, 0, path_text(first)) < 0) return -1;
    return kr_sys_set("argv", list);
}

/* PYTHONIOENCODING=encoding:errors, either of which may be left out; stderr always escapes. */
static int set_io_encoding(void)
{
    static const char *const streams[] = {"stdin", "stdout", "stderr"};
    const char *value = environment("PYTHONIOENCODING");
    if (!value || strcmp(value, ":") == 0) return 0;
    const char *colon = strchr(value, ':');
    size_t length = colon ? (size_t)(colon - value) : strlen(value);
    Value encoding = NONE;
    if (length) {   /* by the codec's own name */
        Value lookup = kr_import_attr("codecs", "lookup");
        Value info = is_empty(lookup) ? EMPTY : kr_call1(lookup, kr_str_sized(value, length));
        if (is_empty(info) || is_empty(encoding = kr_getattr_ascii(info, "name"))) return -1;
    }
    Value errors = colon && colon[1] ? kr_str(colon + 1) : colon ? NONE : kr_intern("strict");
    Value names = kr_tuple_of(2, kr_intern("encoding"), kr_intern("errors"));
    for (int i = 0; i < 3; i++) {
        Value stream = kr_sys_get(streams[i]);
        if (is_empty(stream) || is_none(stream)) continue;
        Value arguments[] = {encoding, i == 2 ? kr_intern("backslashreplace") : errors};
        Value reconfigure = kr_getattr_ascii(stream, "reconfigure");
        if (is_empty(reconfigure) || is_empty(kr_call(reconfigure, arguments, 0, names))) return -1;
    }
    return 0;
}

/* Source in an encoding of Python's own: the codecs of the library decode it. */
static const char *decode_source(Arena *arena, const char *encoding, const char *bytes,
                                 size_t length, size_t *result_length, const char **problem)
{
    Value text = kr_str_decode(bytes, length, encoding, "strict");
    const char *utf8 = is_empty(text) ? NULL : kr_str_utf8(text, result_length);
    if (utf8) return kr_arena_strdup(arena, utf8, *result_length);
    bool unknown = kr_raised_is(kr_LookupError);
    Value message = kr_to_str(kr_take_exception());
    size_t size;
    const char *words = unknown || is_empty(message) ? NULL : kr_str_utf8(message, &size);
    if (words) *problem = kr_arena_strdup(arena, words, size);
    kr_clear_exception();
    return NULL;
}

/* Of what starting up leaves: it will refer to nothing new, or tells the heap (kr_heap_lasting_changed). */
static bool fix(Object *object)
{
    static const Type *const kinds[] = {&kr_str_type,
                                        &kr_tuple_type,
                                        &kr_bytes_type,
                                        &kr_builtin_type,
                                        &kr_method_descriptor_type,
                                        &kr_wrapper_descriptor_type,
                                        &kr_getset_descriptor_type,
                                        &kr_member_descriptor_type};
    if (object->type == &kr_dict_type) return kr_type_is_native_dict(object);
    if (object->type == &kr_code_type) kr_code_last((Code *)object);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (object->type == kinds[i]) return true;
    return object->type == &kr_code_type;
}

int kr_start(void)
{
    kr_thread_init_main(__builtin_frame_address(0));
    kr_heap_init();
    if (kr_option_x("gcstress")) kr_heap_stress = true;
    if (kr_objects_init() < 0 || kr_vm_init() < 0 || kr_import_init() < 0 || kr_warnings_init() < 0 || set_paths() < 0) return -1;
    kr_parser_decoder = decode_source;
    kr_signal_module_init();
    kr_signals_init(true);
    if (open_streams() < 0) return -1;
    stream_finalizers = kr_heap_finalizable_count();
    Value io_open = kr_import_attr("_io", "open");
    if (is_empty(io_open) || kr_dict_set_ascii(kr_builtins_dict, "open", io_open) < 0) return -1;
    if (is_empty(kr_start_main_module())) return -1;
    if (set_io_encoding() < 0 || (!kr_options.no_site && do_site() < 0)) return -1;
    if (kr_options.warn_count && is_empty(kr_import("warnings"))) return -1;
    kr_codecs_checked = kr_options.dev_mode;
    kr_heap_make_lasting(fix);
    return 0;
}

/* ---- Down ---- */

bool kr_interrupted;

int kr_exit_status_of_exception(void)
{
    Value exception = kr_take_exception();
    if (is_empty(exception)) return 0;
    if (!kr_is_a(exception, kr_SystemExit) || kr_options.inspect) {
        kr_sys_set("last_type", from_object(type_of(exception)));
        kr_sys_set("last_value", exception);
        kr_sys_set("last_traceback", exception_of(exception)->traceback);
        Value hook = kr_sys_get("excepthook");
        if (is_empty(hook)) {
            kr_clear_exception();
            kr_traceback_print(exception, EMPTY);
            return 1;
        }
        Value result = kr_call3(hook, from_object(type_of(exception)), exception, exception_of(exception)->traceback);
        if (is_empty(result)) {
            Value second = kr_take_exception();
            if (kr_is_a(second, kr_SystemExit)) {
                kr_restore_exception(second);
                return kr_exit_status_of_exception();
            }
            kr_traceback_write(kr_str("Error in sys.excepthook:\n"));
            kr_traceback_print(second, EMPTY);
            kr_traceback_write(kr_str("\nOriginal exception was:\n"));
            kr_traceback_print(exception, EMPTY);
        }
        kr_interrupted = kr_is_a(exception, kr_KeyboardInterrupt);
        return kr_interrupted ? 130 : 1;
    }
    Value code = kr_getattr_ascii(exception, "code");
    if (is_empty(code)) kr_clear_exception(), code = NONE;
    if (is_none(code)) return 0;
    int64_t status;
    if (kr_is_int(code)) {
        if (kr_to_int64(code, &status) < 0) kr_clear_exception(), status = -1;
        return (int)(status & 0xff);
    }
    kr_traceback_write(kr_str_format("%S\n", code));
    return 1;
}

static void call_if_loaded(const char *module_name, const char *function)
{
    Value module = kr_dict_find_ascii(kr_sys_modules, module_name);
    if (is_empty(module) || is_none(module)) return;
    Value callable = kr_find_attr(module, kr_intern(function));
    if (is_empty(callable)) kr_clear_exception();
    else if (is_empty(kr_call0(callable))) kr_report_unraisable(module);
}

static int flush_stream(const char *name)
{
    Value stream = kr_sys_get(name);
    if (is_empty(stream) || is_none(stream)) return 0;
    Value closed = kr_find_attr(stream, KR_NAME("closed"));
    if (!is_empty(closed) && kr_truth(closed) > 0) return 0;
    if (kr_raised()) kr_clear_exception();
    return is_empty(kr_call_method0(stream, "flush")) ? -1 : 0;
}

int kr_finish(int status)
{
    call_if_loaded("threading", "_shutdown");
    call_if_loaded("atexit", "_run_exitfuncs");
    if (flush_stream("stdout") < 0) {
        kr_report_unraisable(kr_sys_get("stdout"));
        status = 120;
    }
    if (flush_stream("stderr") < 0) {
        kr_clear_exception();
        status = 120;
    }
    /* What nothing refers to is finalized as in any collection, then the rest in the order in which it was made. */
    if (kr_heap_finalizable_count() > stream_finalizers) kr_collect();
    kr_vm_finalizing = true;
    kr_heap_finalize_all(stream_finalizers);
    if (kr_raised()) kr_clear_exception();
    if (flush_stream("stdout") < 0) kr_clear_exception();
    kr_heap_finalize_all(0);
    if (kr_raised()) kr_clear_exception();
    return status;
}
