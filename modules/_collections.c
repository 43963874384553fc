/* _collections.c: defaultdict, _tuplegetter and _count_elements; deque is in _collections_deque.c.
 *
 * A defaultdict is a dict with one more value behind the dict's own fields, at dict_size, which
 * only the running interpreter knows. OrderedDict is a built-in type
 * (runtime/objects/ordered_dict.c). */
#include <string.h>

#include "modules/_collections.h"

static KrType *defaultdict_type, *tuplegetter_type;
static const KrTypeSpec *dict_spec;

static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* The name of v's type without its module, as reprs show it. */
static const char *short_name(KrValue v)
{
    const char *name = kr_type_name(kr_type_of(v)), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* ---- defaultdict ---- */

static KrValue *factory_of(KrValue self)
{
    return (KrValue *)((char *)kr_to_object(self) + dict_spec->size);
}

static void defaultdict_trace(void *self, KrTracer *tracer)
{
    dict_spec->trace(self, tracer);
    kr_trace(tracer, *(KrValue *)((char *)self + dict_spec->size));
}

static int defaultdict_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue factory = kr_None;
    if (n) {
        factory = args[0];
        if (!kr_is(factory, kr_None) && !kr_is_callable(factory)) {
            kr_raise(kr_TypeError, "first argument must be callable or None");
            return -1;
        }
        args++;
        n--;
    }
    *factory_of(self) = factory;
    return dict_spec->slots.init(self, args, n, kwnames);
}

static KrValue factory_value(KrValue self)
{
    KrValue factory = *factory_of(self);
    return kr_is_empty(factory) ? kr_None : factory;
}

static KrValue defaultdict_repr(KrValue self)
{
    KrValue base = dict_spec->slots.repr(self);
    if (kr_is_empty(base)) return KR_EMPTY;
    KrValue factory = factory_value(self), text = KR_EMPTY;
    int entered = kr_repr_enter(factory);
    if (entered < 0) return KR_EMPTY;
    text = entered ? kr_repr(factory) : kr_str("...");
    if (entered) kr_repr_leave(factory);
    return kr_is_empty(text) ? KR_EMPTY : kr_str_format("%s(%U, %U)", short_name(self), text, base);
}

static KrValue defaultdict_or(KrValue a, KrValue b)
{
    KrValue self = kr_is_a(a, defaultdict_type) ? a : b, other = kr_is(self, a) ? b : a;
    if (!kr_is_dict(other)) return kr_NotImplemented;
    KrValue both = kr_call2(type_value_of(self), factory_value(self), a);
    return kr_is_empty(both) || kr_dict_update(both, b) < 0 ? KR_EMPTY : both;
}

KR_FN(defaultdict, defaultdict_missing, "__missing__", "(self, key, /)",
      "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if "
      "self.default_factory is None: raise "
      "KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value")
{
    KrValue factory = factory_value(a[0]);
    if (kr_is(factory, kr_None)) return kr_raise_key(a[1]);
    KrValue value = kr_call0(factory);
    return kr_is_empty(value) || kr_setitem(a[0], a[1], value) < 0 ? KR_EMPTY : value;
}

static KrValue defaultdict_duplicate(KrValue self)
{
    return kr_call2(type_value_of(self), factory_value(self), self);
}

KR_FN(defaultdict, defaultdict_copy, "copy", "(self, /)", "D.copy() -> a shallow copy of D.")
{
    return defaultdict_duplicate(a[0]);
}

KR_FN(defaultdict, defaultdict_copy_dunder, "__copy__", "(self, /)",
      "D.copy() -> a shallow copy of D.")
{
    return defaultdict_duplicate(a[0]);
}

KR_FN(defaultdict, defaultdict_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    KrValue factory = factory_value(a[0]);
    KrValue args = kr_is(factory, kr_None) ? kr_tuple(NULL, 0) : kr_tuple_of(1, factory);
    KrValue items = kr_call_method0(a[0], "items");
    if (kr_is_empty(items)) return KR_EMPTY;
    return kr_tuple_of(5, type_value_of(a[0]), args, kr_None, kr_None, kr_iter(items));
}

KR_CLASSMETHOD(defaultdict, defaultdict_class_getitem, "__class_getitem__", "(cls, item, /)",
               "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

static int set_factory(KrValue self, KrValue value)
{
    *factory_of(self) = kr_is_empty(value) ? kr_None : value;
    return 0;
}

KR_GETSET(defaultdict, factory_value, set_factory, "default_factory",
          "Factory for default value called by __missing__().")

/* ---- _tuplegetter: the field descriptors of named tuples ---- */

typedef struct TupleGetter {
    KrObject head;
    KrValue doc;
    int64_t index;
} TupleGetter;

static void tuplegetter_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((TupleGetter *)self)->doc);
}

static KrValue tuplegetter_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)kwnames;
    int64_t index;
    if (n != 2) return kr_raise(kr_TypeError, "_tuplegetter expected 2 arguments, got %zu", n);
    if (kr_to_index(args[0], &index) < 0) return KR_EMPTY;
    TupleGetter *g = kr_alloc_instance(type);
    if (!g) return KR_EMPTY;
    g->index = index;
    g->doc = args[1];
    return kr_from_object(g);
}

static KrValue tuplegetter_get(KrValue self, KrValue instance, KrValue owner)
{
    (void)owner;
    TupleGetter *g = kr_to_object(self);
    if (kr_is_empty(instance)) return self;
    if (!kr_is_tuple(instance)) {
        if (kr_is(instance, kr_None)) return self;
        return kr_raise(
            kr_TypeError,
            "descriptor for index '%ld' for tuple subclasses doesn't apply to '%T' object",
            (long)g->index, instance);
    }
    if ((uint64_t)g->index >= kr_tuple_size(instance))
        return kr_raise(kr_IndexError, "tuple index out of range");
    return kr_tuple_get(instance, (size_t)g->index);
}

static int tuplegetter_set(KrValue self, KrValue instance, KrValue value)
{
    (void)self;
    (void)instance;
    kr_raise(kr_AttributeError,
             kr_is_empty(value) ? "can't delete attribute" : "can't set attribute");
    return -1;
}

static KrValue tuplegetter_repr(KrValue self)
{
    TupleGetter *g = kr_to_object(self);
    return kr_str_format("%s(%ld, %R)", short_name(self), (long)g->index, g->doc);
}

KR_FN(tuplegetter, tuplegetter_reduce, "__reduce__", "(self, /)", NULL)
{
    TupleGetter *g = kr_to_object(a[0]);
    return kr_tuple_of(2, type_value_of(a[0]), kr_tuple_of(2, kr_int(g->index), g->doc));
}

static KrValue tuplegetter_doc(KrValue self)
{
    KrValue doc = ((TupleGetter *)kr_to_object(self))->doc;
    return kr_is_empty(doc) ? kr_None : doc;
}

static int tuplegetter_set_doc(KrValue self, KrValue doc)
{
    ((TupleGetter *)kr_to_object(self))->doc = kr_is_empty(doc) ? kr_None : doc;
    return 0;
}

KR_GETSET(tuplegetter, tuplegetter_doc, tuplegetter_set_doc, "__doc__", NULL)

/* ---- _count_elements ---- */

static bool has_dict_method(KrValue mapping, KrValue name)
{
    KrValue own = kr_type_find(kr_type_of(mapping), name),
            dicts = kr_type_find(&kr_dict_type, name);
    return !kr_is_empty(own) && kr_is(own, dicts);
}

static KrValue count_in_dict(KrValue dict, KrValue iterator)
{
    KrValue item, one = kr_int(1);
    while (!kr_is_empty(item = kr_next(iterator))) {
        int64_t hash = kr_hash(item);
        if (hash == -1) return KR_EMPTY;
        KrValue old = kr_dict_find_with_hash(dict, item, hash);
        if (kr_is_empty(old) && kr_raised()) return KR_EMPTY;
        KrValue sum = kr_is_empty(old) ? one : kr_binary(KR_ADD, old, one);
        if (kr_is_empty(sum) || kr_dict_set_with_hash(dict, item, hash, sum) < 0) return KR_EMPTY;
    }
    return kr_raised() ? KR_EMPTY : kr_None;
}

KR_FN(collections, collections_count_elements, "_count_elements", "(mapping, iterable, /)",
      "Count elements in the iterable, updating the mapping")
{
    KrValue iterator = kr_iter(a[1]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    if (kr_is_dict(a[0]) && has_dict_method(a[0], KR_NAME("get")) &&
        has_dict_method(a[0], KR_NAME("__setitem__")))
        return count_in_dict(a[0], iterator);
    KrValue get = kr_getattr_ascii(a[0], "get"), item, one = kr_int(1);
    if (kr_is_empty(get)) return KR_EMPTY;
    while (!kr_is_empty(item = kr_next(iterator))) {
        KrValue old = kr_call2(get, item, kr_int(0));
        if (kr_is_empty(old)) return KR_EMPTY;
        KrValue sum = kr_binary(KR_ADD, old, one);
        if (kr_is_empty(sum) || kr_setitem(a[0], item, sum) < 0) return KR_EMPTY;
    }
    return kr_raised() ? KR_EMPTY : kr_None;
}

#include "modules/_collections.entries.h"

static KrTypeSpec defaultdict_spec = {
    .name = "collections.defaultdict",
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe "
           "default factory is called "
           "without arguments to produce\na new value when a key is not present, in __getitem__ "
           "only.\nA defaultdict compares "
           "equal to a dict with the same items.\nAll remaining arguments are treated the same as "
           "if they were\npassed to the "
           "dict constructor, including keyword arguments.",
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_MAPPING,
    .base = &kr_dict_type,
    .trace = defaultdict_trace,
    .functions = defaultdict_functions,
    .getset = defaultdict_getset,
    .slots = {.init = defaultdict_init, .repr = defaultdict_repr, .binary[KR_OR] = defaultdict_or},
};

static const KrTypeSpec tuplegetter_spec = {
    .name = "collections._tuplegetter",
    .size = sizeof(TupleGetter),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = tuplegetter_trace,
    .functions = tuplegetter_functions,
    .getset = tuplegetter_getset,
    .slots = {.make = tuplegetter_make,
              .repr = tuplegetter_repr,
              .descr_get = tuplegetter_get,
              .descr_set = tuplegetter_set},
};

static int collections_exec(KrValue module)
{
    dict_spec = kr_type_spec(&kr_dict_type);
    defaultdict_spec.size = dict_spec->size + sizeof(KrValue);
    kr_type_once(&defaultdict_type, &defaultdict_spec);
    kr_type_once(&tuplegetter_type, &tuplegetter_spec);
    if (!defaultdict_type || !tuplegetter_type) return -1;
    if (kr_module_add_type(module, defaultdict_type) < 0 ||
        kr_module_add_type(module, tuplegetter_type) < 0)
        return -1;
    if (kr_module_add_type(module, &kr_ordered_dict_type) < 0) return -1;
    return kr_collections_add_deque(module);
}

KR_MODULE(_collections) = {
    .api_version = KR_API_VERSION,
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from "
           "endpoints only\n- "
           "defaultdict:  dict subclass with a default value factory",
    .functions = collections_functions,
    .exec = collections_exec,
};
