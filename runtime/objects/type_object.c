/* type_object.c: the type `type`: classes as Python objects. Attribute access on classes,
 * calling them, and what `C.__x__` and `type.x` offer. */
#include "runtime/memory/trace.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static inline Type *as_type(Value v) { return (Type *)object_of(v); }

/* ---- Attributes -------------------------------------------------------------------- */

/* EMPTY without exception when absent. */
static Value find_attr(Value self, Value name)
{
    Type *type = as_type(self), *meta = type->kind.head.type;
    Value meta_attribute = kr_type_lookup(meta, name);
    Type *meta_kind = is_empty(meta_attribute) ? NULL : type_of(meta_attribute);
    if (meta_kind && meta_kind->slots.descr_get && meta_kind->slots.descr_set)
        return meta_kind->slots.descr_get(meta_attribute, self, from_object(meta));
    Value attribute = kr_type_lookup(type, name);
    if (!is_empty(attribute)) {
        Type *kind = type_of(attribute);
        return kind->slots.descr_get ? kind->slots.descr_get(attribute, EMPTY, self) : attribute;
    }
    if (meta_kind && meta_kind->slots.descr_get)
        return meta_kind->slots.descr_get(meta_attribute, self, from_object(meta));
    return meta_attribute;
}

Value kr_type_find_attr(Value self, Value name)
{
    name = kr_type_name_key(name);
    if (is_empty(name)) return EMPTY;
    Value found = find_attr(self, name);
    if (is_empty(found) && kr_raised_is(kr_AttributeError)) kr_clear_exception();
    return found;
}

Value kr_type_getattr(Value self, Value name)
{
    name = kr_type_name_key(name);
    if (is_empty(name)) return EMPTY;
    Value found = find_attr(self, name);
    if (!is_empty(found) || kr_raised()) return found;
    return kr_raise_attribute(self, name, "type object '%N' has no attribute '%U'", as_type(self),
                              name);
}

int kr_type_set_attr(Type *type, Value name, Value value)
{
    name = kr_type_name_key(name);
    if (is_empty(name)) return -1;
    Type *meta = type->kind.head.type;
    Value descriptor = kr_type_lookup(meta, name);
    if (!is_empty(descriptor) && type_of(descriptor)->slots.descr_set)
        return type_of(descriptor)->slots.descr_set(descriptor, from_object(type), value);
    if (is_empty(value)) {
        int deleted = kr_dict_delete(type->dict, name);
        if (deleted < 0) return -1;
        if (!deleted) {
            kr_raise_attribute(from_object(type), name, "type object '%N' has no attribute '%U'",
                               type, name);
            return -1;
        }
    } else if (kr_type_exchange(type, name, value)) {
        return 0;
    } else if (kr_dict_set(type->dict, name, value) < 0) {
        return -1;
    }
    kr_type_renew(type, name);
    return 0;
}

static int type_setattr(Value self, Value name, Value value)
{
    Type *type = as_type(self);
    if (type->kind.flags & KR_TYPE_IMMUTABLE) {
        kr_raise(kr_TypeError, "cannot set %R attribute of immutable type '%s'", name,
                 type->spec ? type->spec->name : type->kind.name);
        return -1;
    }
    return kr_type_set_attr(type, name, value);
}

/* ---- Calls ------------------------------------------------------------------------- */

Value kr_type_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Type *type = as_type(self);
    if (type == &kr_type_type) {
        bool keywords = !is_empty(kwnames) && tuple_of(kwnames)->size;
        if (n == 1 && !keywords) return from_object(type_of(args[0]));
        if (n != 3) return kr_raise(kr_TypeError, "type() takes 1 or 3 arguments");
    }
    if (!type->slots.make)
        return kr_raise(kr_TypeError, "cannot create '%s' instances",
                        type->traits & TYPE_HEAP ? type->kind.name : type->spec->name);
    Value made = type->slots.make(type, args, n, kwnames);
    if (is_empty(made)) return EMPTY;
    Type *kind = type_of(made);
    if (kind != type && !kr_is_subtype(kind, type)) return made;
    if (kind->slots.init && kind->slots.init(made, args, n, kwnames) < 0) return EMPTY;
    return made;
}

static Value type_make(Type *metatype, const Value *args, size_t n, Value kwnames)
{
    if (n != 3)
        return kr_raise(kr_TypeError, "type.__new__() takes exactly 3 arguments (%zu given)", n);
    if (!is_str(args[0]))
        return kr_raise(kr_TypeError, "type.__new__() argument 1 must be str, not %T", args[0]);
    if (!is_tuple(args[1]))
        return kr_raise(kr_TypeError, "type.__new__() argument 2 must be tuple, not %T", args[1]);
    if (!is_dict(args[2]))
        return kr_raise(kr_TypeError, "type.__new__() argument 3 must be dict, not %T", args[2]);
    for (size_t i = 0; i < tuple_of(args[1])->size; i++) {
        Value base = tuple_of(args[1])->items[i];
        if (is_type(base)) continue;
        Value entries = kr_find_attr(base, KR_NAME("__mro_entries__"));
        if (!is_empty(entries))
            return kr_raise(kr_TypeError,
                            "type() doesn't support MRO entry resolution; use types.new_class()");
        if (kr_raised()) return EMPTY;
    }
    Type *winner = kr_class_metatype(metatype, args[1]);
    if (!winner) return EMPTY;
    if (winner != metatype && winner->slots.make != type_make) {
        if (!winner->slots.make)
            return kr_raise(kr_TypeError, "cannot create '%N' instances", winner);
        return winner->slots.make(winner, args, n, kwnames);
    }
    return kr_class_build(winner, args[0], args[1], args[2], args + 3, kwnames);
}

static int type_init(KR_UNUSED Value self, KR_UNUSED const Value *args, size_t n, Value kwnames)
{
    if (n == 1 && !is_empty(kwnames) && tuple_of(kwnames)->size) {
        kr_raise(kr_TypeError, "type.__init__() takes no keyword arguments");
        return -1;
    }
    if (n == 1 || n == 3) return 0;
    kr_raise(kr_TypeError, "type.__init__() takes 1 or 3 arguments");
    return -1;
}

/* ---- Names ------------------------------------------------------------------------- */

Value kr_type_module(const Type *type)
{
    if (type->traits & TYPE_HEAP) return kr_dict_find(type->dict, KR_NAME("__module__"));
    const char *dot = strrchr(type->spec->name, '.');
    return dot ? kr_str_sized(type->spec->name, (size_t)(dot - type->spec->name))
               : KR_NAME("builtins");
}

Value kr_type_full_name(const Type *type)
{
    Value module = kr_type_module(type);
    if (is_empty(module) && kr_raised()) return EMPTY;
    if (is_empty(module) || !is_str(module) || kr_str_equal_ascii(module, "builtins"))
        return type->qualname;
    return kr_str_format("%U.%U", module, type->qualname);
}

static Value type_repr(Value self)
{
    Value module = kr_type_module(as_type(self));
    if (is_empty(module) && kr_raised()) return EMPTY;
    if (is_empty(module) || !is_str(module)) return kr_str_format("<class '%N'>", as_type(self));
    Value name = kr_type_full_name(as_type(self));
    return is_empty(name) ? EMPTY : kr_str_format("<class '%U'>", name);
}

/* Assignments to the attributes that describe a class: refused for native types and on deletion. */
static int check_settable(Type *type, Value value, const char *name)
{
    const char *what = type->kind.flags & KR_TYPE_IMMUTABLE ? "set"
                       : is_empty(value)                    ? "delete"
                                                            : NULL;
    if (!what) return 0;
    kr_raise(kr_TypeError, "cannot %s '%s' attribute of immutable type '%N'", what, name, type);
    return -1;
}

static Value get_name(Value self) { return as_type(self)->name; }
static int set_name(Value self, Value value)
{
    Type *type = as_type(self);
    if (check_settable(type, value, "__name__") < 0) return -1;
    if (!is_str(value)) {
        kr_raise(kr_TypeError, "can only assign string to %N.__name__, not '%T'", type, value);
        return -1;
    }
    size_t size;
    const char *utf8 = kr_str_utf8(value, &size);
    if (!utf8) return -1;
    if (strlen(utf8) != size) {
        kr_raise(kr_ValueError, "type name must not contain null characters");
        return -1;
    }
    type->name = value;
    type->kind.name = utf8;
    return 0;
}
KR_GETSET(type, get_name, set_name, "__name__", NULL)

static Value get_qualname(Value self) { return as_type(self)->qualname; }
static int set_qualname(Value self, Value value)
{
    if (check_settable(as_type(self), value, "__qualname__") < 0) return -1;
    if (!is_str(value)) {
        kr_raise(kr_TypeError, "can only assign string to %N.__qualname__, not '%T'", as_type(self),
                 value);
        return -1;
    }
    as_type(self)->qualname = value;
    return 0;
}
KR_GETSET(type, get_qualname, set_qualname, "__qualname__", NULL)

static int set_entry(Type *type, const char *name, Value value)
{
    if (check_settable(type, value, name) < 0) return -1;
    Value key = kr_intern(name);
    if (kr_dict_set(type->dict, key, value) < 0) return -1;
    kr_type_renew(type, key);
    return 0;
}

static Value get_module(Value self)
{
    Value module = kr_type_module(as_type(self));
    return is_empty(module) && !kr_raised() ? kr_raise(kr_AttributeError, "__module__") : module;
}
static int set_module(Value self, Value value)
{
    return set_entry(as_type(self), "__module__", value);
}
KR_GETSET(type, get_module, set_module, "__module__", NULL)

/* A class may put its signature before its documentation: "name(a, b=None)\n--\n\n". Gives where it ends. */
static const char *find_signature_end(const Type *type, const char *doc, const char **begin)
{
    const char *name = kr_type_name(type);
    size_t n = strlen(name);
    if (!doc || strncmp(doc, name, n) != 0 || doc[n] != '(') return NULL;
    *begin = doc + n;
    return strstr(doc, ")\n--\n\n");
}

static Value get_doc(Value self)
{
    Type *type = as_type(self);
    if (!(type->traits & TYPE_HEAP)) {
        const char *begin, *end = find_signature_end(type, type->spec->doc, &begin);
        if (end) return kr_str(end + strlen(")\n--\n\n"));
        return type->spec->doc ? kr_str(type->spec->doc) : NONE;
    }
    Value doc = kr_type_lookup(type, KR_NAME("__doc__"));
    if (is_empty(doc)) return NONE;
    Type *kind = type_of(doc);
    return kind->slots.descr_get ? kind->slots.descr_get(doc, EMPTY, self) : doc;
}
static int set_doc(Value self, Value value) { return set_entry(as_type(self), "__doc__", value); }
KR_GETSET(type, get_doc, set_doc, "__doc__", NULL)

/* inspect asks object for classes that define neither __new__ nor __init__. */
static Value get_text_signature(Value self)
{
    const Type *type = as_type(self);
    if (type == &kr_object_type) return kr_str("()");
    const char *doc = type->spec->doc;
    if (type->traits & TYPE_HEAP) { /* its own text, not a base's */
        Value own = kr_dict_find_ascii(type->dict, "__doc__");
        doc = !is_empty(own) && kr_is_str(own) ? kr_str_utf8(own, NULL) : NULL;
        kr_clear_exception();
    }
    const char *begin, *end = find_signature_end(type, doc, &begin);
    return end ? kr_str_sized(begin, (size_t)(end + 1 - begin)) : NONE;
}
KR_GETSET(type, get_text_signature, NULL, "__text_signature__", NULL)

static Value get_annotations(Value self)
{
    Type *type = as_type(self);
    Value name = KR_NAME("__annotations__");
    if (!(type->traits & TYPE_HEAP))
        return kr_raise_attribute(self, name, "type object '%N' has no attribute '__annotations__'",
                                  type);
    Value annotations = kr_dict_find(type->dict, name);
    if (!is_empty(annotations)) {
        Type *kind = type_of(annotations);
        return kind->slots.descr_get ? kind->slots.descr_get(annotations, EMPTY, self)
                                     : annotations;
    }
    if (kr_raised()) return EMPTY;
    annotations = kr_dict();
    return is_empty(annotations) || kr_dict_set(type->dict, name, annotations) < 0 ? EMPTY
                                                                                   : annotations;
}
static int set_annotations(Value self, Value value)
{
    Type *type = as_type(self);
    Value name = KR_NAME("__annotations__");
    if (type->kind.flags & KR_TYPE_IMMUTABLE) {
        kr_raise(kr_TypeError, "cannot set '__annotations__' attribute of immutable type '%N'",
                 type);
        return -1;
    }
    if (is_empty(value)) {
        int deleted = kr_dict_delete(type->dict, name);
        if (deleted == 0) kr_raise(kr_AttributeError, "__annotations__");
        if (deleted <= 0) return -1;
    } else if (kr_type_exchange(type, name, value)) {
        return 0;
    } else if (kr_dict_set(type->dict, name, value) < 0) {
        return -1;
    }
    kr_type_renew(type, name);
    return 0;
}
KR_GETSET(type, get_annotations, set_annotations, "__annotations__", NULL)

/* ---- Ancestry ---------------------------------------------------------------------- */

static Value get_bases(Value self) { return as_type(self)->bases; }
static int set_bases(Value self, Value value)
{
    return check_settable(as_type(self), value, "__bases__") < 0
               ? -1
               : kr_class_set_bases(as_type(self), value);
}
KR_GETSET(type, get_bases, set_bases, "__bases__", NULL)

static Value get_base(Value self)
{
    return as_type(self)->base ? from_object(as_type(self)->base) : NONE;
}
KR_GETSET(type, get_base, NULL, "__base__", NULL)

static Value get_mro(Value self)
{
    return is_empty(as_type(self)->mro) ? NONE : as_type(self)->mro;
}
KR_GETSET(type, get_mro, NULL, "__mro__", NULL)

static Value get_dict(Value self) { return kr_mappingproxy_new(as_type(self)->dict); }
KR_GETSET(type, get_dict, NULL, "__dict__", NULL)

static Value get_abstract_methods(Value self)
{
    Value methods = self.bits == from_object(&kr_type_type).bits
                        ? EMPTY
                        : kr_dict_find(as_type(self)->dict, KR_NAME("__abstractmethods__"));
    return is_empty(methods) && !kr_raised() ? kr_raise(kr_AttributeError, "__abstractmethods__")
                                             : methods;
}
static int set_abstract_methods(Value self, Value value)
{
    Type *type = as_type(self);
    Value name = KR_NAME("__abstractmethods__");
    int abstract = 0;
    if (is_empty(value)) {
        int deleted = kr_dict_delete(type->dict, name);
        if (deleted == 0) kr_raise(kr_AttributeError, "__abstractmethods__");
        if (deleted <= 0) return -1;
    } else {
        abstract = kr_truth(value);
        if (abstract < 0 || kr_dict_set(type->dict, name, value) < 0) return -1;
    }
    type->traits =
        abstract ? type->traits | TYPE_IS_ABSTRACT : type->traits & ~(uint32_t)TYPE_IS_ABSTRACT;
    kr_type_renew(type, name);
    return 0;
}
KR_GETSET(type, get_abstract_methods, set_abstract_methods, "__abstractmethods__", NULL)

enum { /* of __flags__, CPython's values */
       FLAG_IMMUTABLE = 1 << 8,
       FLAG_HEAP = 1 << 9,
       FLAG_BASE = 1 << 10,
       FLAG_READY = 1 << 12,
       FLAG_GC = 1 << 14,
       FLAG_DISALLOW_NEW = 1 << 7,
       FLAG_SEQUENCE = 1 << 5,
       FLAG_MAPPING = 1 << 6,
       FLAG_METHOD = 1 << 17,
       FLAG_ABSTRACT = 1 << 20,
       FLAG_INT = 1 << 24,
       FLAG_LIST = 1 << 25,
       FLAG_TUPLE = 1 << 26,
       FLAG_BYTES = 1 << 27,
       FLAG_STR = 1 << 28,
       FLAG_DICT = 1 << 29,
       FLAG_EXCEPTION = 1 << 30
};

static Value get_flags(Value self)
{
    static const struct {
        uint32_t trait, flag;
    } by_trait[] = {
        {TYPE_HEAP, FLAG_HEAP},
        {TYPE_IS_ABSTRACT, FLAG_ABSTRACT},
        {TYPE_IS_INT, FLAG_INT},
        {TYPE_IS_LIST, FLAG_LIST},
        {TYPE_IS_TUPLE, FLAG_TUPLE},
        {TYPE_IS_BYTES, FLAG_BYTES},
        {TYPE_IS_STR, FLAG_STR},
        {TYPE_IS_DICT, FLAG_DICT},
        {TYPE_IS_EXCEPTION, FLAG_EXCEPTION},
        {TYPE_READY, FLAG_READY},
    };
    Type *type = as_type(self);
    int64_t flags = 0;
    for (size_t i = 0; i < sizeof by_trait / sizeof *by_trait; i++)
        if (type->traits & by_trait[i].trait) flags |= by_trait[i].flag;
    unsigned bits = type->kind.flags;
    if (bits & KR_TYPE_IMMUTABLE) flags |= FLAG_IMMUTABLE;
    if (!(bits & KR_TYPE_FINAL)) flags |= FLAG_BASE;
    if (bits & KR_TYPE_SEQUENCE) flags |= FLAG_SEQUENCE;
    if (bits & KR_TYPE_MAPPING) flags |= FLAG_MAPPING;
    if (bits & KR_TYPE_METHOD) flags |= FLAG_METHOD;
    if (!type->slots.make) flags |= FLAG_DISALLOW_NEW;
    if (type->kind.trace) flags |= FLAG_GC;
    return kr_int(flags | (type->traits & TYPE_IS_TYPE ? INT64_C(1) << 31 : 0));
}
KR_GETSET(type, get_flags, NULL, "__flags__", NULL)

static Value get_basic_size(Value self) { return from_small_int(as_type(self)->kind.size); }
KR_GETSET(type, get_basic_size, NULL, "__basicsize__", NULL)

static Value get_item_size(Value self)
{
    uint32_t traits = as_type(self)->traits;
    return from_small_int(traits & (TYPE_IS_INT | TYPE_IS_TUPLE | TYPE_IS_TYPE) ? 8
                          : traits & TYPE_IS_BYTES                              ? 1
                                                                                : 0);
}
KR_GETSET(type, get_item_size, NULL, "__itemsize__", NULL)

static Value get_dict_offset(Value self) { return from_small_int(as_type(self)->attrs_offset); }
KR_GETSET(type, get_dict_offset, NULL, "__dictoffset__", NULL)

static Value get_weakref_offset(Value self)
{
    return from_small_int(kr_type_weakrefable(as_type(self)) ? -1 : 0);
}
KR_GETSET(type, get_weakref_offset, NULL, "__weakrefoffset__", NULL)

/* ---- Methods ----------------------------------------------------------------------- */

KR_FN(type, type_mro, "mro", "(self, /)", "Return a type's method resolution order.")
{
    Value mro = kr_type_linearise(as_type(a[0]));
    return is_empty(mro) ? EMPTY : kr_list_from(mro);
}

KR_FN(type, type_subclasses, "__subclasses__", "(self, /)",
      "Return a list of immediate subclasses.")
{
    return kr_type_subclasses(as_type(a[0]));
}

KR_CLASSMETHOD(type, type_prepare, "__prepare__", "(cls, /, *args, **kwargs)",
               "__prepare__() -> dict\nUsed to create the namespace for the class statement")
{
    return kr_dict();
}

KR_FN(type, type_instancecheck, "__instancecheck__", "(self, instance, /)",
      "Check if an object is an instance.")
{
    int result = kr_object_isinstance(a[1], a[0]);
    return result < 0 ? EMPTY : from_bool(result);
}

KR_FN(type, type_subclasscheck, "__subclasscheck__", "(self, subclass, /)",
      "Check if a class is a subclass.")
{
    int result = kr_object_issubclass(a[1], a[0]);
    return result < 0 ? EMPTY : from_bool(result);
}

KR_FN(type, type_dir, "__dir__", "(self, /)", "Specialized __dir__ implementation for types.")
{
    Value names = kr_dict();
    if (is_empty(names) || kr_object_merge_class_dict(names, a[0]) < 0) return EMPTY;
    return kr_list_from(names);
}

KR_FN(type, type_sizeof, "__sizeof__", "(self, /)", "Return memory consumption of the type object.")
{
    return from_small_int(sizeof(Type));
}

static Value type_or(Value a, Value b) { return kr_union_of(a, b); }

static void type_trace(void *self, KrTracer *tracer)
{
    Type *type = self;
    kr_trace_pointer(tracer, type->kind.head.type);
    kr_trace_pointer(tracer, type->base);
    kr_trace_pointer(tracer, type->root_shape);
    Value values[] = {type->bases,    type->mro,        type->dict,        type->name,
                      type->qualname, type->subclasses, type->member_slots};
    kr_heap_trace_values(tracer, values, sizeof values / sizeof *values);
}

#include "runtime/objects/type_object.entries.h"

static const KrTypeSpec type_spec = {
    .name = "type",
    .size = sizeof(Type),
    .trace = type_trace,
    .functions = type_functions,
    .getset = type_getset,
    .slots =
        {
            .make = type_make,
            .init = type_init,
            .call = kr_type_call,
            .repr = type_repr,
            .getattr = kr_type_getattr,
            .setattr = type_setattr,
            .binary = {[KR_OR] = type_or},
        },
    .doc = "type(object) -> the object's type\n"
           "type(name, bases, dict, **kwds) -> a new type",
};

Type kr_type_type;
void kr_type_type_init(void) { kr_type_init(&kr_type_type, &type_spec); }
