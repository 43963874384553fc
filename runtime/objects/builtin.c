/* builtin.c: native functions as objects: functions of modules, bound methods, and the method
 * descriptors in the dicts of native types.
 * All three are a Builtin. A method descriptor has an owner and expects an instance of it as
 * the first argument; bound to an instance it becomes a builtin function whose self is passed
 * first. The common call, as many positional arguments as there are parameters, goes from the
 * caller's registers straight into the C function. */
#include "runtime/objects/exception.h"
#include "runtime/objects/module.h"
#include "runtime/objects/object.h"
#include "runtime/objects/signature.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static inline Builtin *builtin_of(Value v) { return (Builtin *)object_of(v); }

Value kr_builtin_invoke(Builtin *f, const Value *args, size_t n, Value kwnames)
{
    const KrFunction *entry = f->entry;
    int kind = entry->kind & KR_KIND_MASK;
    if (kind == KR_KIND_RAW) return ((KrRawCode)entry->code)(args, n, kwnames);
    Signature *s = f->signature;
    if (!s && !(s = f->signature = kr_signature_of(entry))) return EMPTY;
    bool plain = is_empty(kwnames) || tuple_of(kwnames)->size == 0;
    if (kind == KR_KIND_BOUND && plain && s->simple && n == s->count)
        return ((KrBoundCode)entry->code)(args);
    Value slots[s->count + 1];
    slots[s->count] = EMPTY; /* the collector looks at it too */
    if (plain && s->simple && n >= s->required && n <= s->count) {
        if (n) memcpy(slots, args, n * sizeof(Value));
        for (size_t i = n; i < s->count; i++) slots[i] = s->parameters[i].initial;
    } else if (kr_signature_bind(s, from_object(f), args, n, kwnames, slots) < 0) {
        return EMPTY;
    }
    if (kind == KR_KIND_BOUND) return ((KrBoundCode)entry->code)(slots);
    return kr_signature_call_typed(s, slots);
}

static Value builtin_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Builtin *f = builtin_of(self);
    if (is_empty(f->self)) return kr_builtin_invoke(f, args, n, kwnames);
    size_t total = n + 1 + (is_empty(kwnames) ? 0 : tuple_of(kwnames)->size);
    Value local[16], *copy = total <= 16 ? local : kr_heap_values(total);
    if (!copy) return EMPTY;
    copy[0] = f->self;
    if (total > 1) memcpy(copy + 1, args, (total - 1) * sizeof(Value));
    return kr_builtin_invoke(f, copy, n + 1, kwnames);
}

static Builtin *builtin_new(Type *type, const KrFunction *entry, Value self, Value module,
                            Value owner)
{
    Builtin *f = heap_alloc(type, sizeof(Builtin));
    if (!f) return NULL;
    f->entry = entry;
    f->self = self;
    f->module = module;
    f->owner = owner;
    return f;
}

Value kr_function_new(const KrFunction *entry, Value self, Value module_name)
{
    /* a module's functions belong to it, but do not get it as an argument */
    if (!is_empty(self) && is_module(self))
        return from_object(builtin_new(&kr_builtin_type, entry, EMPTY, self, EMPTY));
    return from_object(builtin_new(&kr_builtin_type, entry, self, module_name, EMPTY));
}

const KrFunction *kr_function_entry(Value v)
{
    bool native = is_exact(v, &kr_builtin_type) || is_exact(v, &kr_method_descriptor_type) ||
                  is_exact(v, &kr_classmethod_descriptor_type);
    return native ? builtin_of(v)->entry : NULL;
}

Value kr_builtin_descriptor(Type *descriptor_type, const KrFunction *entry, Type *owner)
{
    return from_object(builtin_new(descriptor_type, entry, EMPTY, EMPTY, from_object(owner)));
}

Value kr_builtin_module_name(const Builtin *f)
{
    if (is_empty(f->module)) return NONE;
    if (is_str(f->module)) return f->module;
    Value name = kr_module_find(f->module, KR_NAME("__name__"));
    return is_empty(name) ? NONE : name;
}

static void builtin_trace(void *self, KrTracer *tracer)
{
    Builtin *f = self;
    kr_trace(tracer, f->self);
    kr_trace(tracer, f->module);
    kr_trace(tracer, f->owner);
}

/* ---- What all three show ----------------------------------------------------------- */

static Value get_name(Value self) { return kr_str(builtin_of(self)->entry->name); }
KR_GETSET(builtin, get_name, NULL, "__name__", NULL)

static Value get_qualname(Value self)
{
    Builtin *f = builtin_of(self);
    if (!is_empty(f->self) || !is_empty(f->owner)) return kr_builtin_full_name(self);
    return kr_str(f->entry->name);
}
KR_GETSET(builtin, get_qualname, NULL, "__qualname__", NULL)

static Value get_doc(Value self)
{
    const char *doc = builtin_of(self)->entry->doc;
    return doc && *doc ? kr_str(doc) : NONE;
}
KR_GETSET(builtin, get_doc, NULL, "__doc__", NULL)

/* The signature as CPython writes it: what the caller does not pass has a $, and a / behind it
 * unless the text has one anyway. None where a default is only known to C. */
static Value get_text_signature(Value self)
{
    Builtin *f = builtin_of(self);
    const char *text = f->entry->signature;
    if (!text || text[0] != '(' || strchr(text, '<')) return NONE;
    const char *first = "", *rest = text + 1;
    if (!is_empty(f->module) && is_module(f->module)) {
        first = "$module";
    } else if (!is_empty(f->owner) && !(f->entry->kind & KR_IS_STATIC)) {
        first = f->entry->kind & KR_IS_CLASS ? "$type" : "$self";
        rest += strcspn(rest, ",)");
        if (*rest == ',') rest++;
        while (*rest == ' ') rest++;
    }
    if (!*first) return kr_str(text);
    if (!strchr(rest, '/'))
        return kr_str_format(*rest == ')' ? "(%s, /%s" : "(%s, /, %s", first, rest);
    return kr_str_format("(%s, %s", first, rest);
}
KR_GETSET(builtin, get_text_signature, NULL, "__text_signature__", NULL)

static Value get_self(Value self)
{
    Builtin *f = builtin_of(self);
    if (!is_empty(f->self)) return f->self;
    return is_empty(f->module) ? NONE : f->module;
}
KR_GETSET(builtin, get_self, NULL, "__self__", NULL)

static Value get_module(Value self) { return kr_builtin_module_name(builtin_of(self)); }
KR_GETSET(builtin, get_module, NULL, "__module__", NULL)

KR_FN(builtin, builtin_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Builtin *f = builtin_of(a[0]);
    Value holder = is_empty(f->self) ? f->owner : f->self; /* a static method's is its class */
    if (is_empty(holder) || is_module(holder)) return kr_str(f->entry->name);
    return kr_tuple_of(2, kr_import_attr("builtins", "getattr"),
                       kr_tuple_of(2, holder, kr_str(f->entry->name)));
}

static Value builtin_repr(Value self)
{
    Builtin *f = builtin_of(self);
    if (is_empty(f->self) && !is_empty(f->owner))
        return kr_str_format("<built-in method %s of type object at %p>", f->entry->name,
                             object_of(f->owner));
    if (is_empty(f->self)) return kr_str_format("<built-in function %s>", f->entry->name);
    return kr_str_format("<built-in method %s of %T object at %p>", f->entry->name, f->self,
                         (void *)(uintptr_t)f->self.bits);
}

static Value builtin_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_exact(a, &kr_builtin_type) ||
        !is_exact(b, &kr_builtin_type))
        return NOT_IMPLEMENTED;
    bool equal = builtin_of(a)->entry == builtin_of(b)->entry &&
                 same(builtin_of(a)->self, builtin_of(b)->self);
    return from_bool(equal == (op == KR_EQ));
}

static int64_t builtin_hash(Value self)
{
    Builtin *f = builtin_of(self);
    int64_t hash = (int64_t)(f->self.bits >> 4 ^ (uintptr_t)f->entry >> 3);
    return hash == -1 ? -2 : hash;
}

/* ---- Method descriptors ------------------------------------------------------------ */

static Type *owner_of(const Builtin *f) { return object_of(f->owner); }

static bool check_instance(const Builtin *f, Value instance)
{
    if (type_of(instance) == owner_of(f) || kr_is_subtype(type_of(instance), owner_of(f)))
        return true;
    kr_raise(kr_TypeError, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object",
             f->entry->name, owner_of(f), instance);
    return false;
}

static Value descriptor_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Builtin *f = builtin_of(self);
    if (n == 0)
        return kr_raise(kr_TypeError, "unbound method %U() needs an argument",
                        kr_builtin_full_name(self));
    return check_instance(f, args[0]) ? kr_builtin_invoke(f, args, n, kwnames) : EMPTY;
}

static Value descriptor_get(Value self, Value instance, KR_UNUSED Value owner)
{
    Builtin *f = builtin_of(self);
    if (is_empty(instance)) return self;
    if (!check_instance(f, instance)) return EMPTY;
    Builtin *bound = builtin_new(&kr_builtin_type, f->entry, instance, EMPTY, EMPTY);
    if (!bound) return EMPTY;
    bound->signature = f->signature;
    bound->owner = f->owner;
    return from_object(bound);
}

static Value get_objclass(Value self) { return builtin_of(self)->owner; }
KR_GETSET(method_descriptor, get_objclass, NULL, "__objclass__", NULL)

KR_FN(method_descriptor, descriptor_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return kr_tuple_of(
        2, kr_import_attr("builtins", "getattr"),
        kr_tuple_of(2, builtin_of(a[0])->owner, kr_str(builtin_of(a[0])->entry->name)));
}

static Value descriptor_repr(Value self)
{
    Builtin *f = builtin_of(self);
    return kr_str_format("<method '%s' of '%N' objects>", f->entry->name, owner_of(f));
}

/* Class methods take the class, which must derive from the owner. */
static bool check_class(const Builtin *f, Value class)
{
    if (!is_type(class)) {
        kr_raise(kr_TypeError, "descriptor '%s' for type '%N' needs a type, not a '%T' as arg 2",
                 f->entry->name, owner_of(f), class);
        return false;
    }
    if (kr_is_subtype(object_of(class), owner_of(f))) return true;
    kr_raise(kr_TypeError, "descriptor '%s' requires a subtype of '%N' but received '%N'",
             f->entry->name, owner_of(f), object_of(class));
    return false;
}

static Value class_descriptor_get(Value self, Value instance, Value owner)
{
    Builtin *f = builtin_of(self);
    if (is_empty(owner)) {
        if (is_empty(instance))
            return kr_raise(kr_TypeError,
                            "descriptor '%s' for type '%N' needs either an object or a type",
                            f->entry->name, owner_of(f));
        owner = from_object(type_of(instance));
    }
    if (!check_class(f, owner)) return EMPTY;
    Builtin *bound = builtin_new(&kr_builtin_type, f->entry, owner, EMPTY, EMPTY);
    if (!bound) return EMPTY;
    bound->signature = f->signature;
    bound->owner = f->owner;
    return from_object(bound);
}

static Value class_descriptor_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Builtin *f = builtin_of(self);
    if (n == 0)
        return kr_raise(kr_TypeError, "descriptor '%s' of '%N' object needs an argument",
                        f->entry->name, owner_of(f));
    return check_class(f, args[0]) ? kr_builtin_invoke(f, args, n, kwnames) : EMPTY;
}

#include "runtime/objects/builtin.entries.h"

#define DESCRIPTOR_GETSET                                                                          \
    {                                                                                              \
        &get_name_getset, &get_qualname_getset, &get_doc_getset, &get_text_signature_getset, \
            &get_objclass_getset, NULL                                                             \
    }
static const KrGetSet *const descriptor_getset[] = DESCRIPTOR_GETSET;

static const KrTypeSpec builtin_spec = {
    .name = "builtin_function_or_method",
    .size = sizeof(Builtin),
    .trace = builtin_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
    .functions = builtin_functions,
    .getset = builtin_getset,
    .slots = {.call = builtin_call,
              .repr = builtin_repr,
              .compare = builtin_compare,
              .hash = builtin_hash},
};

static const KrTypeSpec method_spec = {
    .name = "method_descriptor",
    .size = sizeof(Builtin),
    .trace = builtin_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_METHOD | KR_TYPE_NO_WEAKREF,
    .functions = method_descriptor_functions,
    .getset = descriptor_getset,
    .slots = {.call = descriptor_call, .repr = descriptor_repr, .descr_get = descriptor_get},
};

static const KrTypeSpec classmethod_spec = {
    .name = "classmethod_descriptor",
    .size = sizeof(Builtin),
    .trace = builtin_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .getset = descriptor_getset,
    .slots = {.call = class_descriptor_call,
              .repr = descriptor_repr,
              .descr_get = class_descriptor_get},
};

Type kr_builtin_type, kr_method_descriptor_type, kr_classmethod_descriptor_type;
void kr_builtin_type_init(void) { kr_type_init(&kr_builtin_type, &builtin_spec); }
void kr_method_descriptor_type_init(void)
{
    kr_type_init(&kr_method_descriptor_type, &method_spec);
}
void kr_classmethod_descriptor_type_init(void)
{
    kr_type_init(&kr_classmethod_descriptor_type, &classmethod_spec);
}
