/* mappingproxy.c: a read-only view of a mapping: what C.__dict__ gives. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/object.h"
#include "runtime/objects/tuple.h"

typedef struct MappingProxy {
    Object head;
    Value mapping;
} MappingProxy;

static inline Value mapping_of(Value self) { return ((MappingProxy *)object_of(self))->mapping; }

Value kr_mappingproxy_new(Value mapping)
{
    MappingProxy *proxy = heap_alloc(&kr_mappingproxy_type, sizeof(MappingProxy));
    if (!proxy) return EMPTY;
    proxy->mapping = mapping;
    return from_object(proxy);
}

static void proxy_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((MappingProxy *)self)->mapping);
}

static const KrFunction proxy_new_entry = {"mappingproxy", "(mapping)", NULL, "",
                                           KR_KIND_BOUND,  NULL};

static Value proxy_make(KR_UNUSED Type *type, const Value *args, size_t n, Value kwnames)
{
    Value mapping;
    if (kr_bind(&proxy_new_entry, args, n, kwnames, &mapping) < 0) return EMPTY;
    if (!type_of(mapping)->slots.getitem || is_list(mapping) || is_tuple(mapping))
        return kr_raise(kr_TypeError, "mappingproxy() argument must be a mapping, not %T", mapping);
    return kr_mappingproxy_new(mapping);
}

static Value forward(Value self, const char *name, const Value *args, size_t n)
{
    return kr_call_method(mapping_of(self), kr_intern(name), args, n);
}

KR_FN(proxy, proxy_get, "get", "(self, key, default=None, /)",
      "The value for key if it is there, else default.")
{
    return forward(a[0], "get", a + 1, 2);
}

KR_FN(proxy, proxy_keys, "keys", "(self, /)", "A set-like object with the mapping's keys.")
{
    return forward(a[0], "keys", NULL, 0);
}

KR_FN(proxy, proxy_values, "values", "(self, /)", "An object with the mapping's values.")
{
    return forward(a[0], "values", NULL, 0);
}

KR_FN(proxy, proxy_items, "items", "(self, /)", "A set-like object with the mapping's items.")
{
    return forward(a[0], "items", NULL, 0);
}

KR_FN(proxy, proxy_copy, "copy", "(self, /)", "A shallow copy of the mapping.")
{
    return forward(a[0], "copy", NULL, 0);
}

KR_FN(proxy, proxy_reversed, "__reversed__", "(self, /)", "The keys in reverse order.")
{
    return forward(a[0], "__reversed__", NULL, 0);
}

KR_CLASSMETHOD(proxy, proxy_class_getitem, "__class_getitem__", "(cls, object, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

static Value proxy_repr(Value self) { return kr_str_format("mappingproxy(%R)", mapping_of(self)); }
static Value proxy_str(Value self) { return kr_to_str(mapping_of(self)); }
static int64_t proxy_hash(Value self) { return kr_hash(mapping_of(self)); }
static int64_t proxy_length(Value self) { return kr_length(mapping_of(self)); }
static Value proxy_getitem(Value self, Value key) { return kr_getitem(mapping_of(self), key); }
static int proxy_contains(Value self, Value key) { return kr_contains(mapping_of(self), key); }
static Value proxy_iter(Value self) { return kr_iter(mapping_of(self)); }
static Value proxy_compare(Value a, Value b, int op) { return kr_compare(mapping_of(a), b, op); }

static Value unwrap(Value v) { return is_exact(v, &kr_mappingproxy_type) ? mapping_of(v) : v; }
static Value proxy_or(Value a, Value b) { return kr_binary(KR_OR, unwrap(a), unwrap(b)); }

static Value proxy_ior(Value self, KR_UNUSED Value other)
{
    return kr_raise(kr_TypeError, "'|=' is not supported by %T; use '|' instead", self);
}

#include "runtime/objects/mappingproxy.entries.h"

static const KrTypeSpec proxy_spec = {
    .name = "mappingproxy",
    .size = sizeof(MappingProxy),
    .trace = proxy_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_MAPPING | KR_TYPE_NO_WEAKREF,
    .functions = proxy_functions,
    .slots =
        {
            .make = proxy_make,
            .repr = proxy_repr,
            .str = proxy_str,
            .hash = proxy_hash,
            .compare = proxy_compare,
            .length = proxy_length,
            .getitem = proxy_getitem,
            .contains = proxy_contains,
            .iter = proxy_iter,
            .binary = {[KR_OR] = proxy_or},
            .inplace = {[KR_OR] = proxy_ior},
        },
    .doc = "A read-only view of a mapping.",
};

Type kr_mappingproxy_type;
void kr_mappingproxy_type_init(void) { kr_type_init(&kr_mappingproxy_type, &proxy_spec); }
