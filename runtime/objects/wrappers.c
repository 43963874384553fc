/* wrappers.c: staticmethod and classmethod. Each holds a callable, and takes over its name,
 * docstring and so on as its own attributes. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/function.h"
#include "runtime/objects/object.h"
#include "runtime/objects/tuple.h"

typedef struct Wrapper {
    Object head;
    Value callable; /* EMPTY until initialised */
} Wrapper;

static inline Wrapper *wrapper_of(Value v) { return (Wrapper *)object_of(v); }

static void wrapper_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Wrapper *)self)->callable);
}

static int copy_attribute(Value to, Value from, Value name)
{
    Value value = kr_find_attr(from, name);
    if (is_empty(value)) return kr_raised() ? -1 : 0;
    return kr_attrs_set(object_of(to), name, value);
}

static int adopt(Value self, Value callable)
{
    wrapper_of(self)->callable = callable;
    return copy_attribute(self, callable, KR_NAME("__module__")) < 0 ||
                   copy_attribute(self, callable, KR_NAME("__name__")) < 0 ||
                   copy_attribute(self, callable, KR_NAME("__qualname__")) < 0 ||
                   copy_attribute(self, callable, KR_NAME("__doc__")) < 0 ||
                   copy_attribute(self, callable, KR_NAME("__annotations__")) < 0
               ? -1
               : 0;
}

static int init(Value self, const Value *args, size_t n, Value kwnames, const char *name)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size) {
        kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (n != 1) {
        kr_raise(kr_TypeError, "%s expected 1 argument, got %zu", name, n);
        return -1;
    }
    return adopt(self, args[0]);
}

static int static_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return init(self, args, n, kwnames, "staticmethod");
}

static int class_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return init(self, args, n, kwnames, "classmethod");
}

static Value wrapper_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                          KR_UNUSED Value kwnames)
{
    return from_object(kr_type_alloc(type));
}

/* Made by a class statement or for a native type: the attributes are copied only for Python
 * functions. */
static Value make_wrapper(Type *type, Value callable)
{
    Value self = from_object(kr_type_alloc(type));
    if (is_empty(self)) return EMPTY;
    if (is_exact(callable, &kr_function_type)) return adopt(self, callable) < 0 ? EMPTY : self;
    wrapper_of(self)->callable = callable;
    return self;
}

Value kr_staticmethod_new(Value callable) { return make_wrapper(&kr_staticmethod_type, callable); }
Value kr_classmethod_new(Value callable) { return make_wrapper(&kr_classmethod_type, callable); }
Value kr_function_wrapped(Value v) { return wrapper_of(v)->callable; }

static Value check_ready(Value self, const char *kind)
{
    Value callable = wrapper_of(self)->callable;
    return is_empty(callable) ? kr_raise(kr_RuntimeError, "uninitialized %s object", kind)
                              : callable;
}

static Value static_get(Value self, KR_UNUSED Value instance, KR_UNUSED Value owner)
{
    return check_ready(self, "staticmethod");
}

static Value static_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Value callable = check_ready(self, "staticmethod");
    return is_empty(callable) ? EMPTY : kr_call(callable, args, n, kwnames);
}

static Value class_get(Value self, Value instance, Value owner)
{
    Value callable = check_ready(self, "classmethod");
    if (is_empty(callable)) return EMPTY;
    if (is_empty(owner)) owner = from_object(type_of(instance));
    Type *kind = type_of(callable);
    if (kind == &kr_function_type) return kr_method_new(callable, owner);
    if (kind->slots.descr_get) return kind->slots.descr_get(callable, owner, owner);
    return kr_method_new(callable, owner);
}

static Value get_function(Value self)
{
    return is_empty(wrapper_of(self)->callable) ? NONE : wrapper_of(self)->callable;
}
KR_GETSET(wrapper, get_function, kr_descriptor_read_only, "__func__", NULL)

static Value get_wrapped(Value self) { return get_function(self); }
KR_GETSET(wrapper, get_wrapped, kr_descriptor_read_only, "__wrapped__", NULL)

static Value get_abstract(Value self)
{
    Value callable = wrapper_of(self)->callable;
    Value flag =
        is_empty(callable) ? EMPTY : kr_find_attr(callable, KR_NAME("__isabstractmethod__"));
    if (is_empty(flag)) return kr_raised() ? EMPTY : FALSE_VALUE;
    int truth = kr_truth(flag);
    return truth < 0 ? EMPTY : from_bool(truth);
}
KR_GETSET(wrapper, get_abstract, NULL, "__isabstractmethod__", NULL)

static Value static_repr(Value self)
{
    return kr_str_format("<staticmethod(%R)>", get_function(self));
}
static Value class_repr(Value self)
{
    return kr_str_format("<classmethod(%R)>", get_function(self));
}

#include "runtime/objects/wrappers.entries.h"

static const KrTypeSpec static_spec = {
    .name = "staticmethod",
    .size = sizeof(Wrapper),
    .trace = wrapper_trace,
    .flags = KR_TYPE_DICT | KR_TYPE_NO_WEAKREF,
    .getset = wrapper_getset,
    .slots =
        {
            .make = wrapper_make,
            .init = static_init,
            .call = static_call,
            .repr = static_repr,
            .descr_get = static_get,
        },
    .doc = "staticmethod(function)\n\nA method that gets neither the instance nor the class: "
           "`function` itself, whether it\n"
           "is taken from the class or from an instance. Usually written as a decorator.",
};

static const KrTypeSpec class_spec = {
    .name = "classmethod",
    .size = sizeof(Wrapper),
    .trace = wrapper_trace,
    .flags = KR_TYPE_DICT | KR_TYPE_NO_WEAKREF,
    .getset = wrapper_getset,
    .slots = {.make = wrapper_make, .init = class_init, .repr = class_repr, .descr_get = class_get},
    .doc = "classmethod(function)\n\nA method whose first argument is the class it is called on, "
           "or the class of the\n"
           "instance. Usually written as a decorator.",
};

Type kr_staticmethod_type, kr_classmethod_type;
void kr_staticmethod_type_init(void) { kr_type_init(&kr_staticmethod_type, &static_spec); }
void kr_classmethod_type_init(void) { kr_type_init(&kr_classmethod_type, &class_spec); }
