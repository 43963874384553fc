/* import.c: the import statement, without Python code of its own.
 *
 *     sys.modules -> built-in table -> krait's library -> sys.path (package, native module, .py) -> namespace package
 *
 * This native finder stands for CPython's three standard entries of sys.meta_path. While importlib is not loaded,
 * sys.meta_path is empty and the native finder is alone. Once it is loaded (_frozen_importlib is its _bootstrap.py), its
 * BuiltinImporter, FrozenImporter and PathFinder stand in sys.meta_path as scripts expect, and the native
 * finder runs in the place of the first of them; entries of other kinds are called through find_spec, in order.
 * Path entries that are no directories (zip files) go through sys.path_hooks.
 *
 * __spec__ and __loader__ of modules are made when importlib is loaded, or first asked for (import_spec.c).
 *
 * Each module that is being run stands in `loading` with its thread: another thread that wants it waits, unless
 * that would be a deadlock, in which case it sees the half-made module as CPython's does. */
#include "runtime/vm/import.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/objects/code.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/version.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/bytecode_cache.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/import_spec.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/vm.h"

#define PATH_LIMIT 4096

/* ---- Built-in modules ---- */

#define M(ident) extern const KrModule kr_module_##ident;
#include "modules.def"
#undef M

static const KrModule *const builtin_modules[] = {
#define M(ident) &kr_module_##ident,
#include "modules.def"
#undef M
};
#define BUILTIN_COUNT (sizeof builtin_modules / sizeof *builtin_modules)

static const KrModule *find_builtin(const char *name)
{
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtin_modules[i]->name, name) == 0) return builtin_modules[i];
    return NULL;
}

bool kr_import_is_builtin(Value name)
{
    const char *text = kr_str_utf8(name, NULL);
    if (!text) kr_clear_exception();
    return text && find_builtin(text);
}

static int set_package(Value dict, Value name, bool is_package)
{
    Value package = name;
    if (!is_package) {
        int64_t dot = -1;
        for (size_t i = 0; i < str_of(name)->length; i++)
            if (str_at(str_of(name), i) == '.') dot = (int64_t)i;
        package = kr_str_slice(name, 0, dot < 0 ? 0 : (size_t)dot);
    }
    return kr_dict_set_ascii(dict, "__package__", package);
}

/* Makes a module from its native definition and enters it in sys.modules. */
static Value load_native(const KrModule *definition, Value name)
{
    if (definition->api_version != KR_API_VERSION)
        return kr_raise(kr_ImportError, "module '%U' was built for version %d of krait's interface, this is %d", name,
                        definition->api_version, KR_API_VERSION);
    Value module = kr_module_from_native(definition);
    if (is_empty(module)) return EMPTY;
    Value dict = kr_module_dict(module);
    if (kr_dict_set_ascii(dict, "__name__", name) < 0 || set_package(dict, name, false) < 0) return EMPTY;
    if (kr_dict_set(kr_sys_modules, name, module) < 0) return EMPTY;
    if (kr_import_spec_attach(module, name) < 0) goto failed;
    if (definition->exec && definition->exec(module) < 0) goto failed;
    if (definition->source) {
        Value code = kr_compile_source(definition->source, strlen(definition->source), kr_str_format("<%s>", definition->name),
                                       PARSE_EXEC, 0, -1);
        if (is_empty(code) || kr_dict_set_ascii(dict, "__builtins__", kr_builtins_dict) < 0 ||
            is_empty(kr_vm_run_code(code_of(code), dict, dict, EMPTY)))
            goto failed;
    }
    return module;
failed:;
    Value exception = kr_take_exception();
    if (kr_dict_delete(kr_sys_modules, name) < 0) kr_clear_exception();
    kr_restore_exception(exception);
    return EMPTY;
}

Value kr_import_native(const char *name)
{
    Value key = kr_intern(name);
    Value module = kr_dict_find(kr_sys_modules, key);
    if (!is_empty(module) || kr_raised()) return module;
    const KrModule *definition = find_builtin(name);
    return definition ? load_native(definition, key) : kr_import_absolute(key);
}

/* Attributes that a module gets when it is first asked for them. */
static Value missing_attribute(Value module, Value name)
{
    Value found = same(kr_module_dict(module), kr_sys_dict) ? kr_sys_missing(name) : EMPTY;
    return is_empty(found) && !kr_raised() ? kr_import_spec_missing(module, name) : found;
}

int kr_import_init(void)
{
    kr_hook_is_loading = kr_import_is_loading;
    kr_hook_module_missing = missing_attribute;
    kr_sys_modules = kr_dict();
    if (is_empty(kr_sys_modules)) return -1;
    kr_root(&kr_sys_modules);
    Value builtins = load_native(&kr_module_builtins, kr_intern("builtins"));
    Value sys = is_empty(builtins) ? EMPTY : load_native(&kr_module_sys, kr_intern("sys"));
    if (is_empty(sys)) return -1;
    Value names[BUILTIN_COUNT];
    for (size_t i = 0; i < BUILTIN_COUNT; i++) names[i] = kr_intern(builtin_modules[i]->name);
    Value list = kr_list(names, BUILTIN_COUNT);
    if (is_empty(list) || kr_list_sort(list, EMPTY, false) < 0) return -1;
    return kr_sys_set("modules", kr_sys_modules) < 0 || kr_sys_set("builtin_module_names", kr_list_to_tuple(list)) < 0 ||
                   kr_sys_set("meta_path", kr_list(NULL, 0)) < 0 || kr_sys_set("path_hooks", kr_list(NULL, 0)) < 0 ||
                   kr_sys_set("path_importer_cache", kr_dict()) < 0 || kr_sys_set("path", kr_list(NULL, 0)) < 0
               ? -1
               : 0;
}

/* ---- Modules being run ---- */

typedef struct Loading {
    struct Loading *next;
    Value name;
    uint64_t thread;
} Loading;

static Loading *loading; /* each on the C stack of the thread that runs the module */

typedef struct Waiting {
    struct Waiting *next;
    uint64_t thread, on_thread;
} Waiting;

static Waiting *waiting;

static Loading *find_loading(Value name)
{
    for (Loading *l = loading; l; l = l->next)
        if (kr_str_equal(l->name, name)) return l;
    return NULL;
}

bool kr_import_is_loading(Value name) { return is_str(name) && find_loading(name) != NULL; }

static void end_loading(Loading *own)
{
    Loading **link = &loading;
    while (*link != own) link = &(*link)->next;
    *link = own->next;
}

/* Would waiting for `thread` close a circle of waiting threads? */
static bool would_deadlock(uint64_t thread)
{
    for (int steps = 0; steps < 1000; steps++) {
        if (thread == kr_self->ident) return true;
        Waiting *w = waiting;
        while (w && w->thread != thread) w = w->next;
        if (!w) return false;
        thread = w->on_thread;
    }
    return true;
}

/* Waits while another thread runs the module; -1 when a signal handler raised. */
static int wait_until_loaded(Value name)
{
    Loading *other;
    while ((other = find_loading(name)) && other->thread != kr_self->ident && !would_deadlock(other->thread)) {
        Waiting own = {waiting, kr_self->ident, other->thread};
        waiting = &own;
        kr_thread_detach();
        nanosleep(&(struct timespec){0, 500000}, NULL);
        kr_thread_attach();
        Waiting **link = &waiting;
        while (*link != &own) link = &(*link)->next;
        *link = own.next;
        if (kr_check_signals() < 0) return -1;
    }
    return 0;
}

/* ---- Loading from files ---- */

Value kr_import_file_code(const char *path, bool use_cache)
{
    Value cached = use_cache ? kr_bytecode_cache_load(path) : EMPTY;
    if (!is_empty(cached) || kr_raised()) return cached;
    Value filename = kr_str_fs(path, strlen(path));
    size_t size;
    struct stat status;
    char *text = kr_bytecode_read_file(path, &size, &status);
    if (!text) return kr_raise_errno(errno, filename);
    Value code = EMPTY;
    if (memchr(text, 0, size)) kr_raise(kr_SyntaxError, "source code string cannot contain null bytes");
    else code = kr_compile_source(text, size, filename, PARSE_EXEC, 0, -1);
    free(text);
    if (!is_empty(code) && use_cache) kr_bytecode_cache_store(path, &status, code);
    return code;
}

int kr_import_run_file(Value module, const char *path)
{
    Value code = kr_import_file_code(path, true);
    if (is_empty(code)) return -1;
    Value dict = kr_module_dict(module);
    return is_empty(kr_vm_run_code(code_of(code), dict, dict, EMPTY)) ? -1 : 0;
}

Value kr_import_shared_object(Value name, const char *path)
{
    const char *full = kr_str_utf8(name, NULL);
    if (!full) return EMPTY;
    const char *last = strrchr(full, '.');
    char symbol[256];
    snprintf(symbol, sizeof symbol, "kr_module_%s", last ? last + 1 : full);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return kr_raise(kr_ImportError, "%s", dlerror());
    const KrModule *definition = (const KrModule *)dlsym(handle, symbol);
    if (!definition && dlsym(handle, "krait_library_description")) {
        Value load = kr_import_attr("jit.built", "load"); /* kernels that jit.build made */
        Value args[] = {name, kr_str_fs(path, strlen(path)), kr_str((const char *)dlsym(handle, "krait_library_description"))};
        return is_empty(load) || is_empty(args[1]) || is_empty(args[2]) ? EMPTY : kr_call(load, args, 3, EMPTY);
    }
    if (!definition) {
        dlclose(handle);
        return kr_raise(kr_ImportError, "%s is no module of krait: it does not define %s", path, symbol);
    }
    Value module = load_native(definition, name);
    if (!is_empty(module) && kr_dict_set_ascii(kr_module_dict(module), "__file__", kr_str_fs(path, strlen(path))) < 0) return EMPTY;
    return module;
}

/* __cached__: where importlib would keep the compiled file of this source. */
static Value cached_path(const char *source)
{
    const char *slash = strrchr(source, '/'), *base = slash ? slash + 1 : source;
    char level[8] = "";
    if (kr_options.optimize) snprintf(level, sizeof level, ".opt-%d", kr_options.optimize);
    size_t folder = (size_t)(base - source), stem = strlen(base) - strlen(".py");
    char path[PATH_LIMIT + 64];
    int n = snprintf(path, sizeof path, "%.*s__pycache__/%.*s.%s%s.pyc", (int)folder, source, (int)stem, base,
                     KRAIT_CACHE_TAG, level);
    return n < (int)sizeof path ? kr_str_fs(path, (size_t)n) : NONE;
}

/* Runs a .py file as module `name`; package_dir is NULL for a plain module. */
static Value load_source(Value name, const char *path, const char *package_dir)
{
    Value module = kr_module_new(name);
    if (is_empty(module)) return EMPTY;
    Value dict = kr_module_dict(module);
    if (kr_dict_set_ascii(dict, "__file__", kr_str_fs(path, strlen(path))) < 0 ||
        kr_dict_set_ascii(dict, "__cached__", cached_path(path)) < 0 || kr_dict_set_ascii(dict, "__builtins__", kr_builtins_dict) < 0 ||
        set_package(dict, name, package_dir != NULL) < 0)
        return EMPTY;
    if (package_dir) {
        Value entry = kr_str_fs(package_dir, strlen(package_dir));
        if (kr_dict_set_ascii(dict, "__path__", kr_list(&entry, 1)) < 0) return EMPTY;
    }
    if (kr_import_spec_attach(module, name) < 0 || kr_dict_set(kr_sys_modules, name, module) < 0) return EMPTY;
    if (kr_import_run_file(module, path) < 0) {
        Value exception = kr_take_exception();
        if (kr_dict_delete(kr_sys_modules, name) < 0) kr_clear_exception();
        kr_restore_exception(exception);
        return EMPTY;
    }
    /* A module may put another object into sys.modules in its own place. */
    Value final = kr_dict_find(kr_sys_modules, name);
    if (is_empty(final) && !kr_raised()) return kr_raise(kr_KeyError, "'%U'", name);
    return final;
}

static Value load_namespace(Value name, Value portions)
{
    Value module = kr_module_new(name);
    if (is_empty(module)) return EMPTY;
    Value dict = kr_module_dict(module);
    if (kr_dict_set_ascii(dict, "__path__", portions) < 0 || set_package(dict, name, true) < 0 ||
        kr_import_spec_attach(module, name) < 0 || kr_dict_set(kr_sys_modules, name, module) < 0)
        return EMPTY;
    return module;
}

/* ---- Finding ---- */

/* Loads through a found spec (PEP 451), as importlib._bootstrap._load_unlocked does. */
static Value load_spec(Value spec, Value name)
{
    Value loader = kr_getattr(spec, KR_NAME("loader"));
    if (is_empty(loader)) return EMPTY;
    Value create = is_none(loader) ? EMPTY : kr_find_attr(loader, KR_NAME("create_module"));
    if (kr_raised()) return EMPTY;
    Value module = is_empty(create) ? NONE : kr_call1(create, spec);
    if (!is_empty(module) && is_none(module)) module = kr_module_new(name);
    if (is_empty(module) || kr_import_spec_set(module, spec) < 0) return EMPTY;
    if (is_none(loader)) return kr_dict_set(kr_sys_modules, name, module) < 0 ? EMPTY : module;
    Value exec = kr_find_attr(loader, KR_NAME("exec_module"));
    if (is_empty(exec)) return kr_raised() ? EMPTY : kr_call_method1(loader, "load_module", name);
    if (kr_dict_set(kr_sys_modules, name, module) < 0) return EMPTY;
    if (is_empty(kr_call1(exec, module))) {
        Value exception = kr_take_exception();
        if (kr_dict_delete(kr_sys_modules, name) < 0) kr_clear_exception();
        kr_restore_exception(exception);
        return EMPTY;
    }
    return kr_dict_find(kr_sys_modules, name);
}

/* A compiled file without its source: importlib's loader reads it. */
static Value load_compiled(Value name, const char *path)
{
    Value spec = kr_import_spec_from_file(name, kr_str_fs(path, strlen(path)));
    return is_empty(spec) ? EMPTY : load_spec(spec, name);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Looks for `leaf` in one directory. *found tells whether it was there; a directory without __init__.py joins
 * `portions`. */
static Value load_from_directory(const char *directory, Value name, const char *leaf, Value portions, bool *found)
{
    char path[PATH_LIMIT + 16], package[PATH_LIMIT];
    struct stat status;
    const char *separator = *directory && directory[strlen(directory) - 1] == '/' ? "" : "/";
    if (snprintf(package, sizeof package, "%s%s%s", directory, separator, leaf) >= (int)sizeof package - 16) return EMPTY;
    bool is_directory = stat(package, &status) == 0 && S_ISDIR(status.st_mode);
    *found = true;
    if (is_directory) {
        snprintf(path, sizeof path, "%s/__init__.py", package);
        if (is_file(path)) return load_source(name, path, package);
        snprintf(path, sizeof path, "%s/__init__.pyc", package);
        if (is_file(path)) return load_compiled(name, path);
    }
    snprintf(path, sizeof path, "%s.so", package);
    if (is_file(path)) return kr_import_shared_object(name, path);
    snprintf(path, sizeof path, "%s.py", package);
    if (is_file(path)) return load_source(name, path, NULL);
    snprintf(path, sizeof path, "%s.pyc", package);
    if (is_file(path)) return load_compiled(name, path);
    *found = false;
    if (is_directory && kr_list_append(portions, kr_str_fs(package, strlen(package))) < 0) return EMPTY;
    return EMPTY;
}

/* The importer of a path entry that is no directory, through sys.path_hooks; None if there is none. */
static Value path_importer(Value entry)
{
    Value cache = kr_sys_get("path_importer_cache");
    Value known = is_empty(cache) ? EMPTY : kr_dict_find(cache, entry);
    if (!is_empty(known) || kr_raised()) return known;
    Value hooks = kr_sys_get("path_hooks");
    Value importer = NONE;
    for (size_t i = 0; is_none(importer) && i < kr_list_size(hooks); i++) {
        Value made = kr_call1(kr_list_get(hooks, i), entry);
        if (!is_empty(made)) importer = made;
        else if (kr_raised_is(kr_ImportError)) kr_clear_exception();
        else return EMPTY;
    }
    if (!is_empty(cache) && kr_dict_set(cache, entry, importer) < 0) return EMPTY;
    return importer;
}

static Value load_from_hooks(Value entry, Value name, Value portions, bool *found)
{
    Value importer = path_importer(entry);
    if (is_empty(importer) || is_none(importer)) return EMPTY;
    Value find = kr_find_attr(importer, KR_NAME("find_spec"));
    if (is_empty(find)) return EMPTY;
    Value spec = kr_call1(find, name);
    if (is_empty(spec) || is_none(spec)) return EMPTY;
    Value loader = kr_getattr(spec, KR_NAME("loader"));
    if (is_empty(loader)) return EMPTY;
    if (is_none(loader)) {
        Value places = kr_getattr(spec, KR_NAME("submodule_search_locations"));
        if (!is_empty(places) && !is_none(places) && kr_list_extend(portions, places) < 0) return EMPTY;
        return EMPTY;
    }
    *found = true;
    return load_spec(spec, name);
}

/* A relative entry of sys.path, from where we are now; NULL if that place is gone. */
static const char *absolute_directory(const char *entry, char *room, size_t size)
{
    if (!getcwd(room, size)) return NULL;
    if (strncmp(entry, "./", 2) == 0) entry += 2;
    if (!*entry || strcmp(entry, ".") == 0) return room;
    size_t n = strlen(room);
    return snprintf(room + n, size - n, "/%s", entry) < (int)(size - n) ? room : NULL;
}

/* The native finder. `path` is the parent's __path__, or EMPTY for top-level modules. EMPTY without exception
 * when nothing was found. */
static Value load_standard(Value name, Value path)
{
    Value keep_name;
    const char *full = kr_path_bytes(name, &keep_name);
    if (!full) { /* a NUL in it: no file has such a name */
        kr_clear_exception();
        return EMPTY;
    }
    const KrModule *definition = find_builtin(full);
    if (definition) return load_native(definition, name);
    const char *dot = strrchr(full, '.');
    const char *leaf = dot ? dot + 1 : full;
    if (strchr(leaf, '/') || !*leaf) return EMPTY;
    Value portions = kr_list(NULL, 0);
    if (is_empty(portions)) return EMPTY;
    bool found = false;
    if (is_empty(path)) {
        Value module = kr_import_spec_bootstrap(full, &found);
        if (found || kr_raised()) return module;
        char own[PATH_LIMIT];
        snprintf(own, sizeof own, "%s/modules", kr_options.home);
        module = load_from_directory(own, name, leaf, portions, &found);
        if (found || kr_raised()) return module;
        kr_list_truncate(portions, 0);
        path = kr_sys_get("path");
        if (is_empty(path)) return kr_raised() ? EMPTY : kr_raise(kr_RuntimeError, "sys.path must be a list of directory names");
    }
    Value iterator = kr_iter(path);
    if (is_empty(iterator)) return EMPTY;
    for (Value entry; !is_empty(entry = kr_next(iterator));) {
        if (!is_str(entry) && !is_bytes(entry)) continue;
        Value keep;
        const char *directory = kr_path_bytes(entry, &keep);
        if (!directory) {
            kr_clear_exception();
            continue;
        }
        char here[PATH_LIMIT];
        if (*directory != '/') directory = absolute_directory(directory, here, sizeof here);
        if (!directory) continue;
        struct stat status;
        Value module = EMPTY;
        if (stat(directory, &status) == 0 && S_ISDIR(status.st_mode))
            module = load_from_directory(directory, name, leaf, portions, &found);
        else if (kr_import_spec_hooks(entry, directory) == 0) {
            module = kr_dict_find(kr_sys_modules, name); /* zipimport, or what it imports, is there by now */
            found = !is_empty(module);
            if (!found) module = load_from_hooks(entry, name, portions, &found);
        }
        if (found || kr_raised()) return module;
    }
    if (kr_raised()) return EMPTY;
    return kr_list_size(portions) ? load_namespace(name, portions) : EMPTY;
}

/* Walks sys.meta_path. EMPTY without exception when no finder knows the name. */
static Value load_by_finders(Value name, Value path)
{
    Value finders = kr_sys_get("meta_path");
    if (is_empty(finders) || !is_list(finders)) return load_standard(name, path);
    bool standard_done = false, standard_seen = false;
    for (size_t i = 0; i < kr_list_size(finders); i++) {
        Value finder = kr_list_get(finders, i);
        if (kr_import_spec_is_standard(finder)) {
            standard_seen = true;
            if (standard_done) continue;
            standard_done = true;
            Value module = load_standard(name, path);
            if (!is_empty(module) || kr_raised()) return module;
            continue;
        }
        Value find = kr_find_attr(finder, KR_NAME("find_spec"));
        if (is_empty(find)) {
            if (kr_raised()) return EMPTY;
            continue;
        }
        Value arguments[] = {name, is_empty(path) ? NONE : path, NONE};
        Value spec = kr_call(find, arguments, 3, EMPTY);
        if (is_empty(spec)) return EMPTY;
        if (!is_none(spec)) return load_spec(spec, name);
    }
    return standard_seen || kr_import_spec_loaded() ? EMPTY : load_standard(name, path);
}

/* ---- The import statement ---- */

static uint64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int import_depth;
static uint64_t import_inner; /* microseconds spent in the imports of the module being timed */

/* load_by_finders, with a line of -X importtime. */
static Value load_timed(Value name, Value path)
{
    uint64_t begin = microseconds(), outer = import_inner;
    import_inner = 0;
    import_depth++;
    if (import_depth == 1 && !outer) fprintf(stderr, "import time: self [us] | cumulative | imported package\n");
    Value module = load_by_finders(name, path);
    import_depth--;
    uint64_t total = microseconds() - begin;
    const char *text = kr_str_utf8(name, NULL);
    fprintf(stderr, "import time: %9llu | %10llu | %*s%s\n", (unsigned long long)(total - import_inner),
            (unsigned long long)total, import_depth * 2, "", text ? text : "?");
    import_inner = outer + total;
    return module;
}

static Value raise_not_found(Value name, Value message)
{
    Value exception = kr_call1(kr_type_value(kr_ModuleNotFoundError), message);
    if (is_empty(exception) || kr_setattr_ascii(exception, "name", name) < 0) return EMPTY;
    return kr_raise_value(exception);
}

/* Imports the parent of a dotted name; its __path__ goes to *path. */
static int import_parent(Value name, size_t dot, Value *parent, Value *path)
{
    Value parent_name = kr_str_slice(name, 0, dot);
    if (is_empty(parent_name)) return -1;
    *parent = kr_import_absolute(kr_intern_str(parent_name));
    if (is_empty(*parent)) return -1;
    *path = kr_find_attr(*parent, KR_NAME("__path__"));
    if (!is_empty(*path)) return 0;
    if (!kr_raised()) raise_not_found(name, kr_str_format("No module named %R; %R is not a package", name, parent_name));
    return -1;
}

static Value find_and_load(Value name)
{
    size_t length = str_of(name)->length, dot = length;
    for (size_t i = 0; i < length; i++)
        if (str_at(str_of(name), i) == '.') dot = i;
    Value parent = EMPTY, path = EMPTY;
    if (dot < length) {
        if (import_parent(name, dot, &parent, &path) < 0) return EMPTY;
        /* The parent may have imported it. */
        Value module = kr_dict_find(kr_sys_modules, name);
        if (!is_empty(module) || kr_raised()) return module;
    }
    Loading own = {loading, name, kr_self->ident};
    loading = &own;
    Value module = kr_options.import_time ? load_timed(name, path) : load_by_finders(name, path);
    end_loading(&own);
    if (is_empty(module)) return kr_raised() ? EMPTY : raise_not_found(name, kr_str_format("No module named %R", name));
    if (dot < length) { /* which may not be the one of before: a module can replace itself */
        parent = kr_dict_find(kr_sys_modules, kr_str_slice(name, 0, dot));
        if (is_empty(parent)) return kr_raised() ? EMPTY : kr_raise_key(kr_str_slice(name, 0, dot));
    }
    if (!is_empty(parent) && kr_setattr(parent, kr_intern_str(kr_str_slice(name, dot + 1, length)), module) < 0) {
        if (!kr_raised_is(kr_AttributeError)) return EMPTY;
        kr_clear_exception();
        if (kr_warn(kr_ImportWarning, 1, "Cannot set an attribute on %R for child module %R", kr_str_slice(name, 0, dot),
                    kr_str_slice(name, dot + 1, length)) < 0)
            return EMPTY;
    }
    return module;
}

Value kr_import_absolute(Value name)
{
    for (;;) {
        Value module = kr_dict_find(kr_sys_modules, name);
        if (is_empty(module) && kr_raised()) return EMPTY;
        if (loading) {
            Loading *other = find_loading(name);
            if (other && other->thread != kr_self->ident && !would_deadlock(other->thread)) {
                if (wait_until_loaded(name) < 0) return EMPTY;
                continue;
            }
        }
        if (!is_empty(module) && is_none(module))
            return raise_not_found(name, kr_str_format("import of %U halted; None in sys.modules", name));
        return is_empty(module) ? find_and_load(name) : module;
    }
}

/* The package that a relative import starts from. */
static Value calling_package(Value globals)
{
    Value package = kr_dict_find(globals, KR_NAME("__package__"));
    if (kr_raised()) return EMPTY;
    if (!is_empty(package) && !is_none(package)) {
        if (!is_str(package)) return kr_raise(kr_TypeError, "package must be a string");
        return package;
    }
    Value spec = kr_dict_find(globals, KR_NAME("__spec__"));
    if (!is_empty(spec) && !is_none(spec)) return kr_getattr(spec, KR_NAME("parent"));
    if (kr_warn(kr_ImportWarning, 1,
                "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__") < 0)
        return EMPTY;
    Value name = kr_dict_find(globals, KR_NAME("__name__"));
    if (is_empty(name)) return kr_raised() ? EMPTY : kr_raise(kr_KeyError, "'__name__' not in globals");
    if (!is_str(name)) return kr_raise(kr_TypeError, "__name__ must be a string");
    if (!is_empty(kr_dict_find(globals, KR_NAME("__path__")))) return name;
    size_t end = 0;
    for (size_t i = 0; i < str_of(name)->length; i++)
        if (str_at(str_of(name), i) == '.') end = i;
    return kr_str_slice(name, 0, end);
}

static Value resolve_relative(Value name, Value globals, int level)
{
    if (is_empty(globals) || !is_dict(globals)) return kr_raise(kr_TypeError, "globals must be a dict");
    Value package = calling_package(globals);
    if (is_empty(package)) return EMPTY;
    size_t end = str_of(package)->length;
    if (end == 0) return kr_raise(kr_ImportError, "attempted relative import with no known parent package");
    for (int up = 1; up < level; up++) {
        size_t dot = end;
        while (dot > 0 && str_at(str_of(package), dot - 1) != '.') dot--;
        if (dot == 0) return kr_raise(kr_ImportError, "attempted relative import beyond top-level package");
        end = dot - 1;
    }
    Value base = kr_str_slice(package, 0, end);
    if (is_empty(base) || str_of(name)->length == 0) return base;
    return kr_str_format("%U.%U", base, name);
}

/* Imports the submodules that `from package import a, b` names. */
static int import_submodules(Value module, Value fromlist, bool from_all)
{
    Value names = is_tuple(fromlist) ? fromlist : kr_tuple_from(fromlist);
    if (is_empty(names)) return -1;
    for (size_t i = 0; i < kr_tuple_size(names); i++) {
        Value wanted = kr_tuple_get(names, i);
        if (!is_str(wanted)) {
            Value module_name = kr_getattr(module, KR_NAME("__name__"));
            if (is_empty(module_name)) return -1;
            if (from_all) kr_raise(kr_TypeError, "Item in %U.__all__ must be str, not %T", module_name, wanted);
            else kr_raise(kr_TypeError, "Item in ``from list'' must be str, not %T", wanted);
            return -1;
        }
        if (kr_str_equal_ascii(wanted, "*")) {
            if (from_all) continue;
            Value all = kr_find_attr(module, KR_NAME("__all__"));
            if (is_empty(all)) {
                if (kr_raised()) return -1;
                continue;
            }
            if (import_submodules(module, all, true) < 0) return -1;
            continue;
        }
        Value present = kr_find_attr(module, wanted);
        if (!is_empty(present)) continue;
        if (kr_raised()) return -1;
        Value module_name = kr_getattr(module, KR_NAME("__name__"));
        Value full = is_empty(module_name) ? EMPTY : kr_str_format("%S.%U", module_name, wanted);
        if (is_empty(full)) return -1;
        full = kr_intern_str(full);
        if (!is_empty(kr_import_absolute(full))) continue;
        if (!kr_raised_is(kr_ModuleNotFoundError)) return -1;
        /* Its absence is the importing statement's affair; an absent module inside it is not. */
        Value exception = kr_take_exception();
        Value missing = kr_getattr(exception, KR_NAME("name"));
        if (is_empty(missing) || !is_str(missing) || !kr_str_equal(missing, full)) {
            kr_restore_exception(exception);
            return -1;
        }
    }
    return 0;
}

Value kr_import_level(Value name, Value globals, Value fromlist, int level)
{
    if (!is_str(name)) return kr_raise(kr_TypeError, "module name must be a string");
    if (level < 0) return kr_raise(kr_ValueError, "level must be >= 0");
    if (level == 0 && str_of(name)->length == 0) return kr_raise(kr_ValueError, "Empty module name");
    Value full = level ? resolve_relative(name, globals, level) : name;
    if (is_empty(full)) return EMPTY;
    if (is_exact(full, &kr_str_type)) full = kr_intern_str(full);
    Value module = kr_import_absolute(full);
    if (is_empty(module)) return EMPTY;
    int wants_names = is_empty(fromlist) || is_none(fromlist) ? 0 : kr_truth(fromlist);
    if (wants_names < 0) return EMPTY;
    if (wants_names) {
        Value path = kr_find_attr(module, KR_NAME("__path__"));
        if (is_empty(path)) return kr_raised() ? EMPTY : module;
        return import_submodules(module, fromlist, false) < 0 ? EMPTY : module;
    }
    /* `import a.b.c` binds a; relative imports without names bind the first part of what was written. */
    size_t length = str_of(name)->length, first = 0;
    while (first < length && str_at(str_of(name), first) != '.') first++;
    if (first == length) return module;
    size_t cut = level ? str_of(full)->length - (length - first) : first;
    return kr_import_absolute(kr_intern_str(kr_str_slice(full, 0, cut)));
}

Value kr_import(const char *name) { return kr_import_absolute(kr_intern(name)); }

Value kr_import_attr(const char *module_name, const char *attribute)
{
    Value module = kr_import(module_name);
    return is_empty(module) ? EMPTY : kr_getattr_ascii(module, attribute);
}
