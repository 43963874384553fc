/* main.c: the command line. Options, their environment variables and the exit codes are CPython's; -X has krait's own
 * (krait --help lists them). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/dump.h"
#include "runtime/memory/heap.h"
#include "runtime/objects/code.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/int.h"
#include "runtime/objects/module.h"
#include "runtime/repl.h"
#include "runtime/syntax/source.h"
#include "runtime/version.h"
#include "runtime/vm/import.h"
#include "runtime/vm/start.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/vm.h"

static const char usage[] =
    "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Options (as CPython's; the corresponding environment variable in brackets):\n"
    "-b     : issue warnings about str(bytes_instance), comparing bytes with str\n"
    "-B     : do not write bytecode to the cache [PYTHONDONTWRITEBYTECODE]\n"
    "-c cmd : program passed in as string (ends the option list)\n"
    "-d     : accepted for compatibility\n"
    "-E     : ignore PYTHON* environment variables\n"
    "-h     : print this help (also -? or --help)\n"
    "-i     : prompt after running the script [PYTHONINSPECT]\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (ends the option list)\n"
    "-O     : remove assert and __debug__-dependent statements [PYTHONOPTIMIZE]\n"
    "-OO    : and docstrings\n"
    "-P     : do not prepend a potentially unsafe path to sys.path [PYTHONSAFEPATH]\n"
    "-q     : print no banner\n"
    "-s     : do not add the user's site directory to sys.path [PYTHONNOUSERSITE]\n"
    "-S     : add no site directory\n"
    "-u     : unbuffered stdout and stderr [PYTHONUNBUFFERED]\n"
    "-v     : accepted for compatibility\n"
    "-V     : print the version and exit (also --version)\n"
    "-W arg : warning control; arg is action:message:category:module:lineno [PYTHONWARNINGS]\n"
    "-x     : skip the first line of the source\n"
    "-X opt : krait's own options:\n"
    "         dump=tokens|ast|bytecode|types|ir|llvm|asm[,func=NAME]  print what a stage made\n"
    "         jit=off|eval|llvm|gcc|both|check                        what runs compiled functions\n"
    "         cache=off                                               no bytecode or kernel cache\n"
    "         gcstress                                                collect at every chance\n"
    "         perf                                                    name kernels for perf, in /tmp/perf-PID.map\n"
    "         perf_jit                                                their code and lines, for perf inject, in /tmp/jit-PID.dump\n"
    "         gdb                                                     lines of kernels for gdb (always, when it runs krait)\n"
    "         importtime                                              time each import [PYTHONPROFILEIMPORTTIME]\n"
    "         dev, int_max_str_digits=N, utf8                         as CPython's\n"
    "file   : program read from a script, a directory or a zip file with __main__.py\n"
    "-      : program read from stdin (the default; interactive when it is a terminal)\n"
    "arg ...: arguments passed to the program in sys.argv[1:]\n"
    "Further variables: PYTHONPATH, PYTHONSTARTUP, PYTHONHASHSEED, KRAIT_NUM_THREADS (NUMBA_NUM_THREADS),\n"
    "KRAIT_CACHE_DIR.\n";

typedef struct Program {
    const char *command, *module, *file; /* one of them, or none: stdin */
    char **arguments;                    /* sys.argv with its first item */
    int argument_count;
    bool skip_first_line;
} Program;

static void push(char ***list, size_t *count, char *item)
{
    *list = realloc(*list, (*count + 1) * sizeof **list);
    if (!*list) abort();
    (*list)[(*count)++] = item;
}

/* An option letter with an argument, attached or the next word. NULL: missing. */
static char *option_argument(char **word, char *letter, int *index, int argc)
{
    if (letter[1]) return letter + 1;
    if (*index + 1 >= argc) return NULL;
    return word[++*index];
}

static int bad_option(const char *program, const char *message, int letter)
{
    fprintf(stderr, message, letter);
    fprintf(stderr, usage, program);
    return 2;
}

/* Reads the options; -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, Program *program)
{
    Options *o = &kr_options;
    int i = 1;
    for (; i < argc; i++) {
        char *word = argv[i];
        if (word[0] != '-' || !word[1]) break;
        if (strcmp(word, "--") == 0) {
            i++;
            break;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "--help-all") == 0 || strcmp(word, "--help-env") == 0 ||
            strcmp(word, "--help-xoptions") == 0)
            return printf(usage, argv[0]), 0;
        if (strcmp(word, "--version") == 0) return printf("Python 3.%d.%d (krait %s)\n", KRAIT_STDLIB_MINOR, KRAIT_STDLIB_MICRO, KRAIT_VERSION), 0;
        if (strcmp(word, "--check-hash-based-pycs") == 0) {
            o->check_pycs = i + 1 < argc ? argv[++i] : "";
            if (strcmp(o->check_pycs, "always") && strcmp(o->check_pycs, "never") && strcmp(o->check_pycs, "default"))
                return fprintf(stderr, "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n"), 2;
            continue;
        }
        if (word[1] == '-') {
            fprintf(stderr, "unknown option %s\n", word);
            fprintf(stderr, usage, argv[0]);
            return 2;
        }
        for (char *letter = word + 1; *letter; letter++) {
            char *argument = NULL;
            if (strchr("cmWX", *letter) && !(argument = option_argument(argv, letter, &i, argc)))
                return bad_option(argv[0], "Argument expected for the -%c option\n", *letter);
            switch (*letter) {
            case 'b': o->bytes_warning++; break;
            case 'B': o->dont_write_bytecode = true; break;
            case 'c': program->command = argument; break;
            case 'm': program->module = argument; break;
            case 'd': o->debug++; break;
            case 'E': o->ignore_environment = true; break;
            case 'h': case '?': return printf(usage, argv[0]), 0;
            case 'i': o->inspect = o->interactive = true; break;
            case 'I': o->isolated = o->ignore_environment = o->no_user_site = o->safe_path = true; break;
            case 'O': o->optimize++; break;
            case 'P': o->safe_path = true; break;
            case 'q': o->quiet = true; break;
            case 'R': o->hash_seed = "random"; break;
            case 's': o->no_user_site = true; break;
            case 'S': o->no_site = true; break;
            case 'u': o->unbuffered = true; break;
            case 'v': o->verbose++; break;
            case 'V': return printf("Python 3.%d.%d (krait %s)\n", KRAIT_STDLIB_MINOR, KRAIT_STDLIB_MICRO, KRAIT_VERSION), 0;
            case 'W': push(&o->warn_options, &o->warn_count, argument); break;
            case 'x': program->skip_first_line = true; break;
            case 'X': push(&o->x_options, &o->x_count, argument); break;
            default: return bad_option(argv[0], "Unknown option: -%c\n", *letter);
            }
            if (argument) break;
        }
        if (program->command || program->module) {
            program->arguments = argv + i;
            program->argument_count = argc - i;
            return -1;
        }
    }
    program->arguments = argv + i;
    program->argument_count = argc - i;
    if (i < argc && strcmp(argv[i], "-") != 0) program->file = argv[i];
    return -1;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* A variable that stands for an option given once, or as often as its number says. */
static void raise_level(int *level, const char *name)
{
    int given = is_set(name) ? atoi(getenv(name)) : 0;
    if (is_set(name) && given < 1) given = 1;
    if (given > *level) *level = given;
}

/* -b and the development mode are warning options too: the later prevails, so -b over all others, they over the mode's. */
static void add_warn_options(void)
{
    Options *o = &kr_options;
    char **own = NULL;
    size_t count = 0;
    if (o->dev_mode) push(&own, &count, "default");
    for (size_t i = 0; i < o->warn_count; i++) push(&own, &count, o->warn_options[i]);
    if (o->bytes_warning) push(&own, &count, o->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
    o->warn_options = own;
    o->warn_count = count;
}

/* -X int_max_str_digits=N and its variable; false with the reason printed. */
static bool read_digits_limit(void)
{
    const char *option = kr_option_x("int_max_str_digits"), *name = "PYTHONINTMAXSTRDIGITS";
    const char *variable = kr_options.ignore_environment ? NULL : getenv(name), *text = option ? option : variable;
    if (!text || (!option && !*text)) return true;
    char *end;
    errno = 0;
    long long limit = strtoll(text, &end, 10);
    if (!errno && *text && !*end && (limit == 0 || (limit >= 640 && limit <= INT32_MAX))) {
        kr_int_max_str_digits = limit;
        return true;
    }
    fprintf(stderr, "Fatal Python error: config_init_int_max_str_digits: %s: invalid limit; must be >= 640 or 0 for unlimited.\n",
            option ? "-X int_max_str_digits" : name);
    return false;
}

static void read_environment(void)
{
    Options *o = &kr_options;
    if (o->ignore_environment) return;
    o->dont_write_bytecode |= is_set("PYTHONDONTWRITEBYTECODE");
    o->inspect |= is_set("PYTHONINSPECT");
    o->unbuffered |= is_set("PYTHONUNBUFFERED");
    o->no_user_site |= is_set("PYTHONNOUSERSITE");
    o->safe_path |= is_set("PYTHONSAFEPATH");
    o->import_time |= is_set("PYTHONPROFILEIMPORTTIME");
    o->dev_mode |= is_set("PYTHONDEVMODE");
    raise_level(&o->optimize, "PYTHONOPTIMIZE");
    raise_level(&o->debug, "PYTHONDEBUG");
    raise_level(&o->verbose, "PYTHONVERBOSE");
    if (!o->hash_seed) o->hash_seed = getenv("PYTHONHASHSEED");
    o->pycache_prefix = is_set("PYTHONPYCACHEPREFIX") ? getenv("PYTHONPYCACHEPREFIX") : NULL;
    const char *warnings = getenv("PYTHONWARNINGS");
    if (warnings && *warnings) {
        char **own = NULL;
        size_t count = 0;
        for (char *part = strtok(strdup(warnings), ","); part; part = strtok(NULL, ",")) push(&own, &count, part);
        for (size_t i = 0; i < o->warn_count; i++) push(&own, &count, o->warn_options[i]);
        o->warn_options = own;
        o->warn_count = count;
    }
}

/* The directory of krait's own library: beside the binary when it stands in a build folder, else installed. */
static void find_home(const char *argv0)
{
    static char program[4096], home[4160];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0) n = snprintf(program, sizeof program, "%s", argv0);
    program[n < (ssize_t)sizeof program ? n : (ssize_t)sizeof program - 1] = 0;
    char *slash = strrchr(program, '/');
    int length = slash ? (int)(slash - program) : 0;
    struct stat status;
    snprintf(home, sizeof home, "%.*s/lib/krait", length, program);
    if (stat(home, &status) != 0) snprintf(home, sizeof home, "%.*s/../lib/krait", length, program);
    if (stat(home, &status) != 0) snprintf(home, sizeof home, "%s/lib/krait", KRAIT_PREFIX);
    kr_options.program = program;
    kr_options.home = home;
}

/* ---- Running ---- */

static int run_text(const char *text, size_t size, Value filename, Value module)
{
    if (kr_dump_requested()) return kr_dump_source(text, size, filename);
    Value code = kr_compile_source(text, size, filename, PARSE_EXEC, 0, -1);
    if (is_empty(code)) return -1;
    Value dict = kr_module_dict(module);
    return is_empty(kr_vm_run_code(code_of(code), dict, dict, EMPTY)) ? -1 : 0;
}

/* The script's file is closed before it runs, standard input is not. */
static int run_descriptor(int fd, const char *name, Value module, bool skip_first_line)
{
    size_t size = 0, capacity = 65536;
    char *text = malloc(capacity);
    while (text) {
        ssize_t n = read(fd, text + size, capacity - 1 - size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        size += (size_t)n;
        if (size + 1 == capacity) text = realloc(text, capacity *= 2);
    }
    if (fd > STDERR_FILENO) close(fd);
    if (!text) return kr_raise_no_memory(), -1;
    text[size] = 0;
    size_t at;
    unsigned line;
    if (kr_source_undeclared(text, size, &at, &line)) {
        kr_raise(kr_SyntaxError,
                 "Non-UTF-8 code starting with '\\x%02x' in file %s on line %u, but no encoding declared; see "
                 "https://peps.python.org/pep-0263/ for details",
                 (unsigned char)text[at], name, line);
        free(text);
        return -1;
    }
    char *start = text;
    if (skip_first_line) {
        char *newline = memchr(text, '\n', size);
        start = newline ? newline : text + size; /* the newline stays: line numbers hold */
    }
    int status = run_text(start, size - (size_t)(start - text), kr_str_fs(name, strlen(name)), module);
    free(text);
    return status;
}

/* A directory or zip file with a __main__ module in it, put on sys.path by the caller. */
static int run_main_of_path(void)
{
    Value run = kr_import_attr("runpy", "_run_module_as_main");
    return is_empty(run) || is_empty(kr_call2(run, kr_intern("__main__"), FALSE_VALUE)) ? -1 : 0;
}

static bool is_container(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) return false;
    if (S_ISDIR(status.st_mode)) return true;
    char head[4] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool zip = fd >= 0 && read(fd, head, 4) == 4 && memcmp(head, "PK\3\4", 4) == 0;
    if (fd >= 0) close(fd);
    return zip;
}

/* A file that py_compile or the bytecode cache made; its first bytes are looked at by the loader. */
static int run_compiled(const char *path, Value module)
{
    Value name = kr_intern("__main__");
    Value loader_class = kr_import_attr("_frozen_importlib_external", "SourcelessFileLoader");
    Value loader = is_empty(loader_class) ? EMPTY : kr_call2(loader_class, name, kr_str_fs(path, strlen(path)));
    if (is_empty(loader) || kr_setattr_ascii(module, "__loader__", loader) < 0) return -1;
    Value get_code = kr_getattr_ascii(loader, "get_code");
    Value code = is_empty(get_code) ? EMPTY : kr_call1(get_code, name), dict = kr_module_dict(module);
    return is_empty(code) || is_empty(kr_vm_run_code(code_of(code), dict, dict, EMPTY)) ? -1 : 0;
}

static int run_file(const Program *program)
{
    Value module = kr_start_main_module();
    const char *path = program->file;
    char full[4096], here[2048];
    if (path[0] != '/' && getcwd(here, sizeof here) &&
        snprintf(full, sizeof full, "%s/%s", here, path) < (int)sizeof full)
        path = full; /* tracebacks and __file__ stay true after a chdir() */
    if (is_container(path)) {
        if (kr_start_arguments(path, program->arguments, program->argument_count) < 0) return -1;
        return run_main_of_path();
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", kr_options.program, path, errno, strerror(errno));
        exit(2);
    }
    char *real = realpath(path, NULL);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", real ? real : path);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = 0;
    else strcpy(folder, "");
    free(real);
    if (kr_start_arguments(folder, program->arguments, program->argument_count) < 0) return -1;
    if (kr_dict_set_ascii(kr_module_dict(module), "__file__", kr_str_fs(path, strlen(path))) < 0 ||
        kr_dict_set_ascii(kr_module_dict(module), "__cached__", NONE) < 0)
        return -1;
    size_t length = strlen(path);
    bool compiled = length > 4 && strcmp(path + length - 4, ".pyc") == 0;
    if (!compiled) return run_descriptor(fd, path, module, program->skip_first_line);
    close(fd);
    return run_compiled(path, module);
}

static int run_module(const Program *program)
{
    char here[4096];
    program->arguments[0] = "-m";
    if (!getcwd(here, sizeof here)) here[0] = 0;
    if (kr_start_arguments(here, program->arguments, program->argument_count) < 0) return -1;
    Value run = kr_import_attr("runpy", "_run_module_as_main");
    return is_empty(run) || is_empty(kr_call1(run, kr_str(program->module))) ? -1 : 0;
}

static int run_command(const Program *program)
{
    program->arguments[0] = "-c";
    if (kr_start_arguments("", program->arguments, program->argument_count) < 0) return -1;
    return run_text(program->command, strlen(program->command), kr_intern("<string>"), kr_start_main_module());
}

static int run_stdin(const Program *program, bool *prompted)
{
    char *no_arguments[] = {""};
    bool none = program->argument_count == 0;
    if (kr_start_arguments("", none ? no_arguments : program->arguments, none ? 1 : program->argument_count) < 0) return -1;
    if (isatty(0) || kr_options.interactive) {
        *prompted = true;
        kr_options.inspect = false; /* SystemExit ends the prompt */
        return kr_repl_run(kr_start_main_module());
    }
    return run_descriptor(0, "<stdin>", kr_start_main_module(), program->skip_first_line);
}

/* -X faulthandler, PYTHONFAULTHANDLER and the development mode. */
static void enable_faulthandler(void)
{
    bool wanted = kr_option_x("faulthandler") || kr_options.dev_mode ||
                  (!kr_options.ignore_environment && is_set("PYTHONFAULTHANDLER"));
    Value enable = wanted ? kr_import_attr("faulthandler", "enable") : EMPTY;
    if (wanted && (is_empty(enable) || is_empty(kr_call0(enable)))) kr_clear_exception();
}

static int run(const Program *program)
{
    bool prompted = false;
    int status;
    if (program->command) status = run_command(program);
    else if (program->module) status = run_module(program);
    else if (program->file) status = run_file(program);
    else status = run_stdin(program, &prompted);
    int code = status < 0 ? kr_exit_status_of_exception() : 0;
    if (kr_options.inspect && !prompted) {
        kr_options.inspect = false;
        code = kr_repl_run(kr_start_main_module()) < 0 ? kr_exit_status_of_exception() : 0;
    }
    return code;
}

int main(int argc, char **argv)
{
    Program program = {0};
    kr_options.original = argv;
    kr_options.original_count = (size_t)argc;
    int status = parse_options(argc, argv, &program);
    if (status >= 0) return status;
    read_environment();
    find_home(argv[0]);
    kr_options.import_time |= kr_option_x("importtime") != NULL;
    kr_options.dev_mode |= kr_option_x("dev") != NULL;
    const char *prefix = kr_option_x("pycache_prefix");
    if (prefix) kr_options.pycache_prefix = *prefix ? prefix : NULL;
    add_warn_options();
    if (!read_digits_limit()) return 1;
    if (kr_hash_set_seed(kr_options.hash_seed) < 0) {
        fputs("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\n",
              stderr);
        return 1;
    }
    kr_compile_optimize = kr_options.optimize > 2 ? 2 : kr_options.optimize;
    if (kr_start() < 0) {
        fprintf(stderr, "krait: the interpreter could not start\n");
        kr_exit_status_of_exception();
        return 1;
    }
    enable_faulthandler();
    status = kr_finish(run(&program));
    if (kr_interrupted) { /* a shell that waits for us shall see the signal, and stop its script too */
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    return status;
}
