/* imp_module.c: the _imp module, which importlib's bootstrap builds on. There are no frozen modules. */
#include "runtime/memory/lasting.h"
#include "runtime/objects/code.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/vm/import.h"
#include "runtime/vm/sys_module.h"

static int lock_depth; /* imp.acquire_lock nests; modules have locks of their own (import.c) */

KR_FN(imp, imp_lock_held, "lock_held", "()", "Return True if the import lock is currently held, else False.")
{
    return from_bool(lock_depth > 0);
}

KR_FN(imp, imp_acquire_lock, "acquire_lock", "()", "Acquires the interpreter's import lock for the current thread.")
{
    lock_depth++;
    return NONE;
}

KR_FN(imp, imp_release_lock, "release_lock", "()", "Release the interpreter's import lock.")
{
    if (lock_depth == 0) return kr_raise(kr_RuntimeError, "not holding the import lock");
    lock_depth--;
    return NONE;
}

KR_FN(imp, imp_is_builtin, "is_builtin", "(name, /)", "Returns True if the module name corresponds to a built-in module.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "is_builtin() argument must be str, not %T", a[0]);
    return from_small_int(kr_import_is_builtin(a[0]) ? 1 : 0);
}

KR_FN(imp, imp_is_frozen, "is_frozen", "(name, /)", "Returns True if the module name corresponds to a frozen module.")
{
    return FALSE_VALUE;
}

KR_FN(imp, imp_is_frozen_package, "is_frozen_package", "(name, /)", "Returns True if the module name is of a frozen package.")
{
    return kr_raise(kr_ImportError, "No such frozen object named %S", a[0]);
}

KR_FN(imp, imp_find_frozen, "find_frozen", "(name, /, *, withdata=False)", "Return info about the corresponding frozen module (if there is one) or None.")
{
    return NONE;
}

KR_FN(imp, imp_get_frozen_object, "get_frozen_object", "(name, data=None, /)", "Create a code object for a frozen module.")
{
    return kr_raise(kr_ImportError, "No such frozen object named %S", a[0]);
}

KR_FN(imp, imp_init_frozen, "init_frozen", "(name, /)", "Initializes a frozen module.")
{
    return NONE;
}

KR_FN(imp, imp_frozen_module_names, "_frozen_module_names", "()", "Returns the list of available frozen modules.")
{
    return kr_list(NULL, 0);
}

KR_FN(imp, imp_override_frozen, "_override_frozen_modules_for_tests", "(override, /)", "(internal-only) Override PyConfig.use_frozen_modules.")
{
    return NONE;
}

KR_FN(imp, imp_create_builtin, "create_builtin", "(spec, /)", "Create an extension module.")
{
    Value name = kr_getattr_ascii(a[0], "name");
    if (is_empty(name)) return EMPTY;
    Value module = kr_dict_find(kr_sys_modules, name);
    if (!is_empty(module) || kr_raised()) return module;
    const char *text = kr_str_cstring(name);
    return text ? kr_import_native(text) : EMPTY;
}

KR_FN(imp, imp_exec_builtin, "exec_builtin", "(mod, /)", "Initialize a built-in module (it has run already).")
{
    return from_small_int(0);
}

KR_FN(imp, imp_create_dynamic, "create_dynamic", "(spec, file=None, /)", "Create an extension module.")
{
    Value name = kr_getattr_ascii(a[0], "name");
    Value path = is_empty(name) ? EMPTY : kr_getattr_ascii(a[0], "origin");
    Value keep;
    const char *bytes = is_empty(path) ? NULL : kr_path_bytes(path, &keep);
    return bytes ? kr_import_shared_object(name, bytes) : EMPTY;
}

KR_FN(imp, imp_exec_dynamic, "exec_dynamic", "(mod, /)", "Initialize an extension module (it has run already).")
{
    return from_small_int(0);
}

KR_FN(imp, imp_extension_suffixes, "extension_suffixes", "()", "Returns the list of file suffixes used to identify extension modules.")
{
    Value suffix = KR_NAME(".so");
    return kr_list(&suffix, 1);
}

KR_FN(imp, imp_source_hash, "source_hash", "(key, source)", "A 64-bit hash of source text, for hash-based caches.")
{
    int64_t key;
    KrBuffer buffer;
    if (kr_to_int64(a[0], &key) < 0 || kr_buffer_get(a[1], &buffer, KR_BUFFER_READ) < 0) return EMPTY;
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)key;
    for (int64_t i = 0; i < buffer.size; i++) hash = (hash ^ ((uint8_t *)buffer.data)[i]) * UINT64_C(0x100000001b3);
    kr_buffer_release(&buffer);
    return kr_bytes(&hash, 8);
}

/* Of a code object and of those nested in it that had the same name. */
static void set_filename(Code *code, Value filename)
{
    Value old = code->filename;
    code->filename = filename;
    kr_heap_lasting_changed(code);
    for (size_t i = 0; i < kr_tuple_size(code->constants); i++) {
        Value constant = kr_tuple_get(code->constants, i);
        if (is_exact(constant, &kr_code_type) && kr_str_equal(code_of(constant)->filename, old)) set_filename(code_of(constant), filename);
    }
}

KR_FN(imp, imp_fix_co_filename, "_fix_co_filename", "(code, path, /)", "Changes code.co_filename to specify the passed-in file path.")
{
    if (!is_exact(a[0], &kr_code_type)) return kr_raise(kr_TypeError, "_fix_co_filename() argument 1 must be code, not %T", a[0]);
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "_fix_co_filename() argument 2 must be str, not %T", a[1]);
    set_filename(code_of(a[0]), a[1]);
    return NONE;
}

#include "runtime/vm/imp_module.entries.h"

static int imp_exec(Value module)
{
    return kr_module_add(module, "check_hash_based_pycs", kr_intern(kr_options.check_pycs ? kr_options.check_pycs : "default"));
}

KR_MODULE(_imp) = {
    .api_version = KR_API_VERSION,
    .name = "_imp",
    .doc = "(Extremely) low-level import machinery bits as used by importlib.",
    .functions = imp_functions,
    .exec = imp_exec,
};
