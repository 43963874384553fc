/* function.c: Python functions, bound methods and cells as objects. Calling a function is the
 * VM's: it fills kr_function_type.slots.call. staticmethod and classmethod are in wrappers.c. */
#include "runtime/memory/trace.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/function.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/object.h"
#include "runtime/objects/signature.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

#define FREE_COUNT UINT32_MAX

/* ---- Functions --------------------------------------------------------------------- */

static void update_simple_count(Function *f)
{
    const Code *code = f->code;
    uint32_t special =
        CODE_VARARGS | CODE_VARKEYWORDS | CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR;
    bool simple = !(code->flags & special) && code->keyword_only_count == 0;
    f->simple_count = simple ? code->argument_count : FREE_COUNT;
}

Value kr_function_make(Code *code, Value globals, Value builtins)
{
    Function *f = kr_type_alloc(&kr_function_type);
    if (!f) return EMPTY;
    f->code = code;
    f->globals = globals;
    f->builtins = builtins;
    f->defaults = f->kwdefaults = f->closure = NONE;
    f->name = code->name;
    f->qualname = code->qualname;
    f->doc = is_empty(code->docstring) ? NONE : code->docstring;
    Value module = kr_dict_find(globals, KR_NAME("__name__"));
    f->module = is_empty(module) ? NONE : module;
    update_simple_count(f);
    return from_object(f);
}

static void function_trace(void *self, KrTracer *tracer)
{
    Function *f = self;
    Value values[] = {f->globals,  f->builtins, f->defaults, f->kwdefaults,  f->closure,    f->name,
                      f->qualname, f->module,   f->doc,      f->annotations, f->type_params};
    kr_trace_pointer(tracer, f->code);
    kr_heap_trace_values(tracer, values, sizeof values / sizeof *values);
}

static const KrFunction function_new_entry = {
    "function", "(code, globals, name=None, argdefs=None, closure=None)", NULL, "", KR_KIND_BOUND,
    NULL,
};

static Value function_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    Value a[5];
    if (kr_bind(&function_new_entry, args, n, kwnames, a) < 0) return EMPTY;
    Value code = a[0], globals = a[1], name = a[2], defaults = a[3], closure = a[4];
    if (!is_exact(code, &kr_code_type))
        return kr_raise(kr_TypeError, "function() argument 'code' must be code, not %T", code);
    if (!is_dict(globals))
        return kr_raise(kr_TypeError, "function() argument 'globals' must be dict, not %T",
                        globals);
    if (!is_none(name) && !is_str(name))
        return kr_raise(kr_TypeError, "arg 3 (name) must be None or string");
    if (!is_none(defaults) && !is_tuple(defaults))
        return kr_raise(kr_TypeError, "arg 4 (defaults) must be None or tuple");
    size_t free_count = tuple_of(code_of(code)->free_names)->size;
    if (!is_tuple(closure)) {
        if (free_count && is_none(closure))
            return kr_raise(kr_TypeError, "arg 5 (closure) must be tuple");
        if (!is_none(closure))
            return kr_raise(kr_TypeError, "arg 5 (closure) must be None or tuple");
    }
    size_t given = is_none(closure) ? 0 : tuple_of(closure)->size;
    if (given != free_count)
        return kr_raise(kr_ValueError, "%U requires closure of length %zu, not %zu",
                        code_of(code)->name, free_count, given);
    for (size_t i = 0; i < given; i++)
        if (!is_exact(tuple_of(closure)->items[i], &kr_cell_type))
            return kr_raise(kr_TypeError, "arg 5 (closure) expected cell, found %T",
                            tuple_of(closure)->items[i]);
    Value builtins = kr_dict_find(globals, KR_NAME("__builtins__"));
    Value running = is_empty(builtins) && kr_hook_globals ? kr_hook_globals() : EMPTY;
    if (!is_empty(running)) builtins = kr_dict_find(running, KR_NAME("__builtins__"));
    if (is_empty(builtins)) {
        builtins = kr_import_attr("builtins", "__dict__");
        if (is_empty(builtins)) return EMPTY;
    } else if (!is_dict(builtins)) {
        builtins = kr_getattr(builtins, KR_NAME("__dict__"));
        if (is_empty(builtins)) return EMPTY;
    }
    Value made = kr_function_make(code_of(code), globals, builtins);
    if (is_empty(made)) return EMPTY;
    Function *f = function_of(made);
    if (!is_none(name)) f->name = name;
    f->defaults = defaults;
    f->closure = closure;
    return made;
}

static Value get_code(Value self) { return from_object(function_of(self)->code); }
static int set_code(Value self, Value value)
{
    Function *f = function_of(self);
    if (is_empty(value) || !is_exact(value, &kr_code_type)) {
        kr_raise(kr_TypeError, "__code__ must be set to a code object");
        return -1;
    }
    size_t needed = tuple_of(code_of(value)->free_names)->size;
    size_t closure = is_none(f->closure) ? 0 : tuple_of(f->closure)->size;
    if (needed != closure) {
        kr_raise(kr_ValueError, "%U() requires a code object with %zu free vars, not %zu", f->name,
                 closure, needed);
        return -1;
    }
    f->code = code_of(value);
    update_simple_count(f);
    return 0;
}
KR_GETSET(function, get_code, set_code, "__code__", NULL)

static Value get_globals(Value self) { return function_of(self)->globals; }
KR_GETSET(function, get_globals, kr_descriptor_read_only, "__globals__", NULL)

static Value get_builtins(Value self) { return function_of(self)->builtins; }
KR_GETSET(function, get_builtins, kr_descriptor_read_only, "__builtins__", NULL)

static Value get_closure(Value self) { return function_of(self)->closure; }
KR_GETSET(function, get_closure, kr_descriptor_read_only, "__closure__", NULL)

static Value get_defaults(Value self) { return function_of(self)->defaults; }
static int set_defaults(Value self, Value value)
{
    if (is_empty(value)) value = NONE;
    if (!is_none(value) && !is_tuple(value)) {
        kr_raise(kr_TypeError, "__defaults__ must be set to a tuple object");
        return -1;
    }
    function_of(self)->defaults = value;
    return 0;
}
KR_GETSET(function, get_defaults, set_defaults, "__defaults__", NULL)

static Value get_kwdefaults(Value self) { return function_of(self)->kwdefaults; }
static int set_kwdefaults(Value self, Value value)
{
    if (is_empty(value)) value = NONE;
    if (!is_none(value) && !is_dict(value)) {
        kr_raise(kr_TypeError, "__kwdefaults__ must be set to a dict object");
        return -1;
    }
    function_of(self)->kwdefaults = value;
    return 0;
}
KR_GETSET(function, get_kwdefaults, set_kwdefaults, "__kwdefaults__", NULL)

static int set_text(Value *field, Value value, const char *name)
{
    if (is_empty(value) || !is_str(value)) {
        kr_raise(kr_TypeError, "%s must be set to a string object", name);
        return -1;
    }
    *field = value;
    return 0;
}

static Value get_name(Value self) { return function_of(self)->name; }
static int set_name(Value self, Value value)
{
    return set_text(&function_of(self)->name, value, "__name__");
}
KR_GETSET(function, get_name, set_name, "__name__", NULL)

static Value get_qualname(Value self) { return function_of(self)->qualname; }
static int set_qualname(Value self, Value value)
{
    return set_text(&function_of(self)->qualname, value, "__qualname__");
}
KR_GETSET(function, get_qualname, set_qualname, "__qualname__", NULL)

static Value get_module(Value self) { return function_of(self)->module; }
static int set_module(Value self, Value value)
{
    function_of(self)->module = is_empty(value) ? NONE : value;
    return 0;
}
KR_GETSET(function, get_module, set_module, "__module__", NULL)

static Value get_doc(Value self) { return function_of(self)->doc; }
static int set_doc(Value self, Value value)
{
    function_of(self)->doc = is_empty(value) ? NONE : value;
    return 0;
}
KR_GETSET(function, get_doc, set_doc, "__doc__", NULL)

/* Annotations are compiled to a flat tuple of names and values; the dict is made when asked for. */
static Value get_annotations(Value self)
{
    Function *f = function_of(self);
    if (!is_empty(f->annotations) && is_dict(f->annotations)) return f->annotations;
    Value dict = kr_dict();
    if (is_empty(dict)) return EMPTY;
    if (!is_empty(f->annotations) && is_tuple(f->annotations)) {
        Tuple *pairs = tuple_of(f->annotations);
        for (size_t i = 0; i + 1 < pairs->size; i += 2)
            if (kr_dict_set(dict, pairs->items[i], pairs->items[i + 1]) < 0) return EMPTY;
    }
    return f->annotations = dict;
}
static int set_annotations(Value self, Value value)
{
    if (!is_empty(value) && is_none(value)) value = EMPTY;
    if (!is_empty(value) && !is_dict(value)) {
        kr_raise(kr_TypeError, "__annotations__ must be set to a dict object");
        return -1;
    }
    function_of(self)->annotations = value;
    return 0;
}
KR_GETSET(function, get_annotations, set_annotations, "__annotations__", NULL)

static Value get_type_params(Value self)
{
    Function *f = function_of(self);
    return is_empty(f->type_params) ? kr_empty_tuple : f->type_params;
}
static int set_type_params(Value self, Value value)
{
    if (is_empty(value) || !is_tuple(value)) {
        kr_raise(kr_TypeError, "__type_params__ must be set to a tuple");
        return -1;
    }
    function_of(self)->type_params = value;
    return 0;
}
KR_GETSET(function, get_type_params, set_type_params, "__type_params__", NULL)

static Value function_repr(Value self)
{
    return kr_str_format("<function %U at %p>", function_of(self)->qualname, object_of(self));
}

/* What function.__call__ leads to; the VM puts its own function into the type's slot. */
static Value function_call(Value self, const Value *args, size_t n, Value kwnames)
{
    if (kr_function_type.slots.call == function_call)
        return kr_raise(kr_SystemError,
                        "Python functions cannot be called before the VM has started");
    return kr_function_type.slots.call(self, args, n, kwnames);
}

static Value function_get(Value self, Value instance, KR_UNUSED Value owner)
{
    return is_empty(instance) ? self : kr_method_new(self, instance);
}

/* ---- Bound methods ----------------------------------------------------------------- */

static inline Method *method_of(Value v) { return (Method *)object_of(v); }

Value kr_method_new(Value function, Value self)
{
    Method *m = heap_alloc(&kr_method_type, sizeof(Method));
    if (!m) return EMPTY;
    m->function = function;
    m->self = self;
    return from_object(m);
}

static void method_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Method *)self)->function);
    kr_trace(tracer, ((Method *)self)->self);
}

static Value method_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size)
        return kr_raise(kr_TypeError, "method() takes no keyword arguments");
    if (n != 2) return kr_raise(kr_TypeError, "method expected 2 arguments, got %zu", n);
    if (!kr_is_callable(args[0])) return kr_raise(kr_TypeError, "first argument must be callable");
    if (is_none(args[1])) return kr_raise(kr_TypeError, "instance must not be None");
    return kr_method_new(args[0], args[1]);
}

static Value method_call(Value self, const Value *args, size_t n, Value kwnames)
{
    return kr_call_with_first(method_of(self)->function, method_of(self)->self, args, n, kwnames);
}

/* What the method type does not define itself comes from the function. */
static Value method_getattr(Value self, Value name)
{
    if (is_empty(name = kr_type_name_key(name))) return EMPTY;
    Value found = kr_type_lookup(type_of(self), name);
    if (!is_empty(found)) {
        Type *kind = type_of(found);
        return kind->slots.descr_get
                   ? kind->slots.descr_get(found, self, from_object(type_of(self)))
                   : found;
    }
    return kr_getattr(method_of(self)->function, name);
}

static Value method_get_function(Value self) { return method_of(self)->function; }
KR_GETSET(method, method_get_function, kr_descriptor_read_only, "__func__",
          "the function (or other callable) implementing a method")

static Value method_get_self(Value self) { return method_of(self)->self; }
KR_GETSET(method, method_get_self, kr_descriptor_read_only, "__self__",
          "the instance to which a method is bound")

static Value method_get_doc(Value self)
{
    return kr_getattr(method_of(self)->function, KR_NAME("__doc__"));
}
KR_GETSET(method, method_get_doc, NULL, "__doc__", NULL)

KR_FN(method, method_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Value name = kr_getattr(method_of(a[0])->function, KR_NAME("__name__"));
    if (is_empty(name)) return EMPTY;
    return kr_tuple_of(2, kr_import_attr("builtins", "getattr"),
                       kr_tuple_of(2, method_of(a[0])->self, name));
}

static Value method_repr(Value self)
{
    Method *m = method_of(self);
    Value name = kr_find_attr(m->function, KR_NAME("__qualname__"));
    if (is_empty(name) && !kr_raised()) name = kr_find_attr(m->function, KR_NAME("__name__"));
    if (is_empty(name) && kr_raised()) return EMPTY;
    Value owner = kr_repr(m->self);
    if (is_empty(owner)) return EMPTY;
    if (is_empty(name) || !is_str(name)) return kr_str_format("<bound method ? of %U>", owner);
    return kr_str_format("<bound method %U of %U>", name, owner);
}

static Value method_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_exact(a, &kr_method_type) ||
        !is_exact(b, &kr_method_type))
        return NOT_IMPLEMENTED;
    int equal = kr_equal(method_of(a)->function, method_of(b)->function);
    if (equal < 0) return EMPTY;
    equal = equal && same(method_of(a)->self, method_of(b)->self);
    return from_bool(equal == (op == KR_EQ));
}

static int64_t method_hash(Value self)
{
    int64_t function = kr_hash(method_of(self)->function);
    if (function == -1) return -1;
    int64_t hash = (int64_t)(method_of(self)->self.bits >> 4) ^ function;
    return hash == -1 ? -2 : hash;
}

/* ---- Cells ------------------------------------------------------------------------- */

static inline Cell *cell_of(Value v) { return (Cell *)object_of(v); }

Value kr_cell_new(Value value)
{
    Cell *cell = heap_alloc(&kr_cell_type, sizeof(Cell));
    if (!cell) return EMPTY;
    cell->value = value;
    return from_object(cell);
}

static void cell_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Cell *)self)->value); }

static Value cell_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size)
        return kr_raise(kr_TypeError, "cell() takes no keyword arguments");
    if (n > 1) return kr_raise(kr_TypeError, "cell expected at most 1 argument, got %zu", n);
    return kr_cell_new(n ? args[0] : EMPTY);
}

static Value get_contents(Value self)
{
    Value value = cell_of(self)->value;
    return is_empty(value) ? kr_raise(kr_ValueError, "Cell is empty") : value;
}
static int set_contents(Value self, Value value)
{
    cell_of(self)->value = value;
    return 0;
}
KR_GETSET(cell, get_contents, set_contents, "cell_contents", NULL)

static Value cell_repr(Value self)
{
    Value value = cell_of(self)->value;
    if (is_empty(value)) return kr_str_format("<cell at %p: empty>", object_of(self));
    return kr_str_format("<cell at %p: %T object at %p>", object_of(self), value,
                         (void *)(uintptr_t)value.bits);
}

static Value cell_compare(Value a, Value b, int op)
{
    if (!is_exact(a, &kr_cell_type) || !is_exact(b, &kr_cell_type)) return NOT_IMPLEMENTED;
    Value x = cell_of(a)->value, y = cell_of(b)->value;
    if (!is_empty(x) && !is_empty(y)) return kr_compare(x, y, op);
    return kr_compare(from_small_int(!is_empty(x)), from_small_int(!is_empty(y)), op);
}

#include "runtime/objects/function.entries.h"

static const KrTypeSpec function_spec = {
    .name = "function",
    .size = sizeof(Function),
    .trace = function_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_DICT | KR_TYPE_METHOD,
    .getset = function_getset,
    .slots = {.make = function_make,
              .call = function_call,
              .repr = function_repr,
              .descr_get = function_get},
    .doc =
        "A Python function made of a code object and its globals; optionally with another name,\n"
        "a tuple of defaults, and a tuple of cells for the free variables.",
};

static const KrTypeSpec method_spec = {
    .name = "method",
    .size = sizeof(Method),
    .trace = method_trace,
    .flags = KR_TYPE_FINAL,
    .functions = method_functions,
    .getset = method_getset,
    .slots =
        {
            .make = method_make,
            .call = method_call,
            .repr = method_repr,
            .hash = method_hash,
            .compare = method_compare,
            .getattr = method_getattr,
        },
    .doc = "A function bound to the object that is passed as its first argument.",
};

static const KrTypeSpec cell_spec = {
    .name = "cell",
    .size = sizeof(Cell),
    .trace = cell_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .getset = cell_getset,
    .slots = {.make = cell_make, .repr = cell_repr, .compare = cell_compare},
    .doc = "The shared place of a variable that nested functions use; empty without argument.",
};

Type kr_function_type, kr_method_type, kr_cell_type;
void kr_function_type_init(void) { kr_type_init(&kr_function_type, &function_spec); }
void kr_method_type_init(void) { kr_type_init(&kr_method_type, &method_spec); }
void kr_cell_type_init(void) { kr_type_init(&kr_cell_type, &cell_spec); }
