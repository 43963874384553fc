/* import_spec.c: what the native finder owes to importlib.
 *
 * importlib's machinery is the library's own Python source: asking for _frozen_importlib (as importlib/__init__.py
 * does) runs importlib/_bootstrap.py and _bootstrap_external.py and installs them as CPython's start-up does.
 * Until then modules loaded natively have no __spec__ and no __loader__ in their dicts; the first access to one of them, or
 * the import of importlib, makes them. importlib.import_module keeps using the native finder: _find_and_load of
 * the bootstrap is replaced by it. */
#include "runtime/vm/import_spec.h"

#include <stdio.h>
#include <sys/stat.h>

#include "runtime/compile/code_file.h"
#include "runtime/objects/function.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/import.h"
#include "runtime/vm/sys_module.h"

static Value bootstrap, external;                             /* the two modules, once they are installed */
static Value builtin_importer, frozen_importer, path_finder;  /* their finder classes */
static bool installing;

bool kr_import_spec_loaded(void) { return !is_empty(external); }

bool kr_import_spec_is_standard(Value finder)
{
    return !is_empty(external) && (same(finder, builtin_importer) || same(finder, frozen_importer) || same(finder, path_finder));
}

/* ---- Specs of native modules ---- */

static Value make_spec(Value module, Value name, Value file, Value path)
{
    Value make = kr_getattr_ascii(bootstrap, "ModuleSpec");
    if (is_empty(make)) return EMPTY;
    if (is_empty(file) && is_empty(path)) {
        if (kr_import_is_builtin(name)) {
            Value from_loader = kr_getattr_ascii(bootstrap, "spec_from_loader");
            Value arguments[] = {name, builtin_importer, KR_NAME("built-in")}, names = kr_tuple_of(1, KR_NAME("origin"));
            return is_empty(from_loader) ? EMPTY : kr_call(from_loader, arguments, 2, names);
        }
        return NONE;
    }
    if (is_empty(file)) { /* a namespace package */
        Value loader_class = kr_getattr_ascii(external, "NamespaceLoader");
        Value finder = is_empty(loader_class) ? EMPTY : kr_getattr_ascii(path_finder, "_get_spec");
        Value loader = is_empty(finder) ? EMPTY : kr_call3(loader_class, name, path, finder);
        Value spec = is_empty(loader) ? EMPTY : kr_call2(make, name, loader);
        return is_empty(spec) || kr_setattr_ascii(spec, "submodule_search_locations", path) < 0 ? EMPTY : spec;
    }
    Value from_file = kr_getattr_ascii(external, "spec_from_file_location");
    if (is_empty(from_file)) return EMPTY;
    bool shared = module_of(module)->native != NULL;
    Value loader_class = kr_getattr_ascii(external, shared ? "ExtensionFileLoader" : "SourceFileLoader");
    Value loader = is_empty(loader_class) ? EMPTY : kr_call2(loader_class, name, file);
    if (is_empty(loader)) return EMPTY;
    Value arguments[] = {name, file, loader, is_empty(path) ? NONE : path};
    return kr_call(from_file, arguments, 2, kr_tuple_of(2, KR_NAME("loader"), KR_NAME("submodule_search_locations")));
}

int kr_import_spec_attach(Value module, Value name)
{
    Value dict = kr_module_dict(module);
    if (is_empty(external)) {
        /* Absent keys, not None: an access makes them. */
        return kr_dict_delete(dict, KR_NAME("__spec__")) < 0 || kr_dict_delete(dict, KR_NAME("__loader__")) < 0 ? -1 : 0;
    }
    Value file = kr_dict_find_ascii(dict, "__file__"), path = kr_dict_find_ascii(dict, "__path__");
    Value spec = make_spec(module, name, file, path);
    if (is_empty(spec)) return -1;
    Value loader = is_none(spec) ? NONE : kr_getattr_ascii(spec, "loader");
    return is_empty(loader) || kr_dict_set_ascii(dict, "__spec__", spec) < 0 || kr_dict_set_ascii(dict, "__loader__", loader) < 0
               ? -1
               : 0;
}

static int attach_to_all(void)
{
    Value modules = kr_dict_copy(kr_sys_modules), name, module;
    if (is_empty(modules)) return -1;
    for (size_t position = 0; kr_dict_next(modules, &position, &name, &module);) {
        if (!is_object(module) || !kr_is_a(module, &kr_module_type) || !is_str(name)) continue;
        if (!is_empty(kr_dict_find_ascii(kr_module_dict(module), "__spec__"))) continue;
        if (kr_str_equal_ascii(name, "__main__")) continue;
        if (kr_import_spec_attach(module, name) < 0) return -1;
    }
    return 0;
}

Value kr_import_spec_missing(Value module, Value name)
{
    if (!kr_str_equal_ascii(name, "__spec__") && !kr_str_equal_ascii(name, "__loader__")) return EMPTY;
    if (installing) return NONE;
    if (is_empty(external)) {
        if (is_empty(kr_import_absolute(kr_intern("_frozen_importlib")))) return EMPTY;
    } else {
        Value own = kr_module_find(module, KR_NAME("__name__"));
        if (is_empty(own) || !is_str(own) || kr_import_spec_attach(module, own) < 0) return EMPTY;
    }
    return kr_dict_find(kr_module_dict(module), name);
}

int kr_import_spec_set(Value module, Value spec)
{
    Value initialise = is_empty(external) ? kr_import_attr("_frozen_importlib", "_init_module_attrs")
                                          : kr_getattr_ascii(bootstrap, "_init_module_attrs");
    return is_empty(initialise) || is_empty(kr_call2(initialise, spec, module)) ? -1 : 0;
}

Value kr_import_spec_from_file(Value name, Value file)
{
    Value make = kr_import_attr("_frozen_importlib_external", "spec_from_file_location");
    return is_empty(make) ? EMPTY : kr_call2(make, name, file);
}

/* ---- The bootstrap ---- */

KR_FN(import_spec, find_and_load, "_find_and_load", "(name, import_, /)", "Find and load the module.")
{
    return kr_import_absolute(a[0]);
}

KR_FN(import_spec, zip_hook, "zipimporter", "(path, /)",
      "What stands in sys.path_hooks for zipimport.zipimporter until a zip file is met: a zipimporter, or ImportError.")
{
    Value keep;
    struct stat status;
    const char *path = kr_path_bytes(a[0], &keep);
    if (!path) return EMPTY;
    bool exists = stat(path, &status) == 0;
    if (exists ? !S_ISREG(status.st_mode) : !strstr(path, ".zip/")) return kr_raise(kr_ImportError, "not a Zip file: %R", a[0]);
    Value importer = kr_import_attr("zipimport", "zipimporter");
    return is_empty(importer) ? EMPTY : kr_call1(importer, a[0]);
}

#include "runtime/vm/import_spec.entries.h"

static Value run_library_file(const char *name, const char *file)
{
    Value module = kr_module_new(kr_intern(name));
    if (is_empty(module)) return EMPTY;
    Value stdlib = kr_sys_get("_stdlib_dir");
    if (is_empty(stdlib)) return kr_raised() ? EMPTY : kr_raise(kr_ImportError, "no standard library");
    Value path = kr_str_format("%S/importlib/%s", stdlib, file);
    Value dict = kr_module_dict(module);
    if (is_empty(path) || kr_dict_set_ascii(dict, "__file__", path) < 0 ||
        kr_dict_set_ascii(dict, "__builtins__", kr_builtins_dict) < 0 ||
        kr_dict_set(kr_sys_modules, kr_intern(name), module) < 0)
        return EMPTY;
    return kr_import_run_file(module, kr_str_utf8(path, NULL)) < 0 ? EMPTY : module;
}

/* Compiled files are told apart by krait's own number: they hold its bytecode, not CPython's. */
static int set_magic_number(Value module)
{
    uint32_t number = (uint32_t)(kr_code_file_version() & 0xffff) | (uint32_t)'\r' << 16 | (uint32_t)'\n' << 24;
    uint8_t bytes[] = {(uint8_t)number, (uint8_t)(number >> 8), '\r', '\n'};
    return kr_setattr_ascii(module, "MAGIC_NUMBER", kr_bytes(bytes, sizeof bytes)) < 0 ||
                   kr_setattr_ascii(module, "_RAW_MAGIC_NUMBER", kr_int(number)) < 0
               ? -1
               : 0;
}

static int install(void)
{
    Value sys = kr_dict_find_ascii(kr_sys_modules, "sys");
    Value imp = kr_import_native("_imp");
    Value first = is_empty(imp) ? EMPTY : run_library_file("_frozen_importlib", "_bootstrap.py");
    if (is_empty(first)) return -1;
    Value step = kr_getattr_ascii(first, "_install");
    if (is_empty(step) || is_empty(kr_call2(step, sys, imp))) return -1;
    Value second = run_library_file("_frozen_importlib_external", "_bootstrap_external.py");
    if (is_empty(second) || set_magic_number(second) < 0) return -1;
    step = kr_getattr_ascii(second, "_install");
    if (is_empty(step) || is_empty(kr_call1(step, first))) return -1;
    builtin_importer = kr_getattr_ascii(first, "BuiltinImporter");
    frozen_importer = kr_getattr_ascii(first, "FrozenImporter");
    path_finder = kr_getattr_ascii(second, "PathFinder");
    if (is_empty(builtin_importer) || is_empty(frozen_importer) || is_empty(path_finder)) return -1;
    Value native = kr_function_new(&find_and_load_entry, EMPTY, kr_intern("importlib._bootstrap"));
    if (is_empty(native) || kr_setattr_ascii(first, "_find_and_load", native) < 0 ||
        kr_setattr_ascii(first, "_bootstrap_external", second) < 0)
        return -1;
    Value hooks = kr_sys_get("path_hooks"), zip = kr_function_new(&zip_hook_entry, EMPTY, kr_intern("zipimport"));
    if (is_empty(hooks) || is_empty(zip) || kr_list_insert(hooks, 0, zip) < 0) return -1;
    bootstrap = first;
    external = second;
    return attach_to_all();
}

Value kr_import_spec_bootstrap(const char *name, bool *found)
{
    if (strcmp(name, "_frozen_importlib") != 0 && strcmp(name, "_frozen_importlib_external") != 0) return EMPTY;
    *found = true;
    static bool rooted;
    if (!rooted) {
        rooted = true;
        kr_root(&bootstrap), kr_root(&external);
        kr_root(&builtin_importer), kr_root(&frozen_importer), kr_root(&path_finder);
    }
    if (is_empty(external) && !installing) {
        installing = true;
        int status = install();
        installing = false;
        if (status < 0) return EMPTY;
    }
    return kr_dict_find_ascii(kr_sys_modules, name);
}

/* Puts zipimport.zipimporter in the place of the hook that stands for it. What zipimport itself imports does not look into
 * zip files: they would be taken for entries that nobody can read. */
static int use_zipimporter(Value hooks)
{
    static bool begun, done;
    if (begun) return done ? 0 : -1;
    begun = true;
    Value importer = kr_import_attr("zipimport", "zipimporter");
    done = true;
    if (is_empty(importer)) return kr_clear_exception(), 0;
    for (size_t i = 0; i < kr_list_size(hooks); i++) {
        Value hook = kr_list_get(hooks, i);
        if (is_exact(hook, &kr_builtin_type) && ((Builtin *)object_of(hook))->entry == &zip_hook_entry) {
            kr_list_set(hooks, i, importer);
            return 0;
        }
    }
    return kr_list_insert(hooks, 0, importer);
}

int kr_import_spec_hooks(Value entry, const char *path)
{
    struct stat status;
    Value cache = kr_sys_get("path_importer_cache"), hooks = kr_sys_get("path_hooks");
    if (is_empty(hooks) || !is_list(hooks)) return -1;
    if (!is_empty(cache) && !is_empty(kr_dict_find(cache, entry))) return 0;
    bool exists = stat(path, &status) == 0;
    if (!exists && !strstr(path, ".zip/")) return -1;
    if (strchr(path, '.') && use_zipimporter(hooks) < 0) return -1;
    return 0;
}
