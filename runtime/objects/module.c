/* module.c: module objects, and filling them with what a native module defines. Finding and
 * loading modules is the import system's. */
#include "runtime/objects/module.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static void module_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Module *)self)->dict); }

/* ---- Making ------------------------------------------------------------------------ */

static int set_basics(Module *m, Value name, Value doc)
{
    if (is_empty(m->dict)) m->dict = kr_dict();
    if (is_empty(m->dict)) return -1;
    const struct {
        const char *key;
        Value value;
    } entries[] = {
        {"__name__", name},   {"__doc__", doc},   {"__package__", NONE},
        {"__loader__", NONE}, {"__spec__", NONE},
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (kr_dict_set(m->dict, kr_intern(entries[i].key), entries[i].value) < 0) return -1;
    return 0;
}

static Value module_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                         KR_UNUSED Value kwnames)
{
    Module *m = kr_type_alloc(type);
    if (!m) return EMPTY;
    m->dict = kr_dict();
    return is_empty(m->dict) ? EMPTY : from_object(m);
}

static const KrFunction module_init_entry = {"module", "(name, doc=None)", NULL,
                                             "",       KR_KIND_BOUND,      NULL};

static int module_init(Value self, const Value *args, size_t n, Value kwnames)
{
    Value a[2];
    if (kr_bind(&module_init_entry, args, n, kwnames, a) < 0) return -1;
    if (!is_str(a[0])) {
        kr_raise(kr_TypeError, "module() argument 'name' must be str, not %T", a[0]);
        return -1;
    }
    return set_basics(module_of(self), a[0], a[1]);
}

Value kr_module_new(Value name)
{
    Module *m = kr_type_alloc(&kr_module_type);
    return m && set_basics(m, name, NONE) == 0 ? from_object(m) : EMPTY;
}

Value kr_module_from_native(const KrModule *native)
{
    if (native->api_version != KR_API_VERSION)
        return kr_raise(kr_ImportError,
                        "module %s was built for version %d of krait.h, this is version %d",
                        native->name, native->api_version, KR_API_VERSION);
    Value module = kr_module_new(kr_intern(native->name));
    if (is_empty(module)) return EMPTY;
    Module *m = module_of(module);
    m->native = native;
    if (native->doc && kr_dict_set(m->dict, KR_NAME("__doc__"), kr_str(native->doc)) < 0)
        return EMPTY;
    for (const KrFunction *const *f = native->functions; f && *f; f++) {
        Value function = kr_function_new(*f, EMPTY, module);
        if (is_empty(function) || kr_dict_set(m->dict, kr_intern((*f)->name), function) < 0)
            return EMPTY;
    }
    return module;
}

int kr_module_exec(Value module)
{
    const KrModule *native = module_of(module)->native;
    return native && native->exec ? native->exec(module) : 0;
}

int kr_module_add(Value module, const char *name, Value value)
{
    return is_empty(value) ? -1 : kr_dict_set(module_of(module)->dict, kr_intern(name), value);
}

int kr_module_add_type(Value module, Type *type)
{
    return type ? kr_module_add(module, kr_type_name(type), from_object(type)) : -1;
}

int kr_module_add_int(Value module, const char *name, int64_t value)
{
    return kr_module_add(module, name, kr_int(value));
}

Value kr_module_dict(Value module) { return module_of(module)->dict; }

/* ---- Attributes -------------------------------------------------------------------- */

Value kr_module_find(Value module, Value name)
{
    Value dict = module_of(module)->dict;
    return is_empty(dict) ? EMPTY : kr_dict_find(dict, name);
}

static bool is_initializing(Value module, Value name)
{
    if (kr_hook_is_loading && kr_hook_is_loading(name)) return true;
    Value spec = kr_module_find(module, KR_NAME("__spec__"));
    if (is_empty(spec) || is_none(spec)) return false;
    Value flag = kr_find_attr(spec, KR_NAME("_initializing"));
    int truth = is_empty(flag) ? 0 : kr_truth(flag);
    if (kr_raised()) kr_clear_exception();
    return truth == 1;
}

static Value module_getattr(Value self, Value name)
{
    Value key = kr_type_name_key(name);
    if (is_empty(key)) return EMPTY;
    Value found = kr_object_find_attr(self, key);
    if (!is_empty(found) || kr_raised()) return found;
    if (kr_hook_module_missing) {
        found = kr_hook_module_missing(self, key);
        if (!is_empty(found) || kr_raised()) return found;
    }
    Value getter = kr_module_find(self, KR_NAME("__getattr__"));
    if (!is_empty(getter)) return kr_call1(getter, name);
    Value module_name = kr_module_find(self, KR_NAME("__name__"));
    if (is_empty(module_name) || !is_str(module_name))
        return kr_raise_attribute(self, name, "module has no attribute '%U'", name);
    if (is_initializing(self, module_name))
        return kr_raise_attribute(
            self, name,
            "partially initialized module '%U' has no attribute '%U' (most likely due to "
            "a circular import)",
            module_name, name);
    Value submodule = is_str(name) ? kr_str_format("%U.%U", module_name, name) : EMPTY;
    if (!is_empty(submodule) && kr_hook_is_loading && kr_hook_is_loading(submodule))
        return kr_raise_attribute(
            self, name,
            "cannot access submodule '%U' of module '%U' (most likely due to a circular import)",
            name, module_name);
    return kr_raise_attribute(self, name, "module '%U' has no attribute '%U'", module_name, name);
}

static Value get_dict(Value self) { return module_of(self)->dict; }
KR_GETSET(module, get_dict, NULL, "__dict__", NULL)

static Value get_annotations(Value self)
{
    Value name = KR_NAME("__annotations__"), annotations = kr_module_find(self, name);
    if (!is_empty(annotations)) return annotations;
    annotations = kr_dict();
    return is_empty(annotations) || kr_dict_set(module_of(self)->dict, name, annotations) < 0
               ? EMPTY
               : annotations;
}
static int set_annotations(Value self, Value value)
{
    Value name = KR_NAME("__annotations__");
    if (!is_empty(value)) return kr_dict_set(module_of(self)->dict, name, value);
    int deleted = kr_dict_delete(module_of(self)->dict, name);
    if (deleted == 0) kr_raise(kr_AttributeError, "__annotations__");
    return deleted > 0 ? 0 : -1;
}
KR_GETSET(module, get_annotations, set_annotations, "__annotations__", NULL)

KR_FN(module, module_dir, "__dir__", "(self, /)",
      "The names in the module, or what its __dir__ function returns.")
{
    Value dict = kr_getattr(a[0], KR_NAME("__dict__"));
    if (is_empty(dict)) return EMPTY;
    if (!is_dict(dict)) return kr_raise(kr_TypeError, "%T.__dict__ is not a dictionary", a[0]);
    Value function = kr_dict_find(dict, KR_NAME("__dir__"));
    if (!is_empty(function)) return kr_call0(function);
    return kr_list_from(dict);
}

/* ---- repr -------------------------------------------------------------------------- */

static Value repr_by_spec(Value spec)
{
    Value name = kr_getattr(spec, KR_NAME("name"));
    if (is_empty(name)) return EMPTY;
    if (is_none(name)) name = kr_str("?");
    Value origin = kr_getattr(spec, KR_NAME("origin")),
          loader = kr_getattr(spec, KR_NAME("loader"));
    if (is_empty(origin) || is_empty(loader)) return EMPTY;
    if (is_none(origin)) {
        if (is_none(loader)) return kr_str_format("<module %R>", name);
        return kr_str_format("<module %R (%R)>", name, loader);
    }
    Value located = kr_getattr(spec, KR_NAME("has_location"));
    int truth = is_empty(located) ? -1 : kr_truth(located);
    if (truth < 0) return EMPTY;
    return kr_str_format(truth ? "<module %R from %R>" : "<module %R (%S)>", name, origin);
}

static Value module_repr(Value self)
{
    Value spec = kr_module_find(self, KR_NAME("__spec__"));
    if (!is_empty(spec) && !is_none(spec)) return repr_by_spec(spec);
    Value loader = kr_module_find(self, KR_NAME("__loader__"));
    if (!is_empty(loader) && !is_none(loader)) {
        Value method = kr_find_attr(loader, KR_NAME("module_repr"));
        Value text = is_empty(method) ? EMPTY : kr_call1(method, self);
        if (!is_empty(text)) return text;
        kr_clear_exception();
    }
    Value name = kr_module_find(self, KR_NAME("__name__"));
    if (is_empty(name)) name = kr_str("?");
    Value file = kr_module_find(self, KR_NAME("__file__"));
    if (!is_empty(file)) return kr_str_format("<module %R from %R>", name, file);
    if (module_of(self)->native) return kr_str_format("<module %R (built-in)>", name);
    if (is_empty(loader) || is_none(loader)) return kr_str_format("<module %R>", name);
    return kr_str_format("<module %R (%R)>", name, loader);
}

#include "runtime/objects/module.entries.h"

static const KrTypeSpec module_spec = {
    .name = "module",
    .size = sizeof(Module),
    .trace = module_trace,
    .functions = module_functions,
    .getset = module_getset,
    .slots = {.make = module_make,
              .init = module_init,
              .repr = module_repr,
              .getattr = module_getattr},
    .doc = "A module: a namespace with a name.",
};

Type kr_module_type;
void kr_module_type_init(void) { kr_type_init(&kr_module_type, &module_spec); }
