/* _weakref.c: the native half of the weakref module. The types are the runtime's. */
#include "runtime/krait.h"

KR_FN(weakref, weakref_count, "getweakrefcount", "(object, /)",
      "Return the number of weak references to 'object'.")
{
    KrValue list = kr_weakref_list(a[0]);
    return kr_is_empty(list) ? KR_EMPTY : kr_int((int64_t)kr_list_size(list));
}

KR_FN(weakref, weakref_refs, "getweakrefs", "(object, /)",
      "Return a list of all weak reference objects pointing to 'object'.")
{
    return kr_weakref_list(a[0]);
}

KR_FN(weakref, weakref_proxy, "proxy", "(object, callback=None, /)",
      "Create a proxy object that weakly references 'object'.\n\n"
      "'callback', if given, is called with a reference to the\nproxy when 'object' is about to be "
      "finalized.")
{
    return kr_weakref_proxy(a[0], a[1]);
}

KR_FN(weakref, weakref_remove_dead, "_remove_dead_weakref", "(dct, key, /)",
      "Atomically remove key from dict if it points to a dead weakref.")
{
    if (!kr_is_dict(a[0]))
        return kr_raise(kr_TypeError, "_remove_dead_weakref() argument 1 must be dict, not %T",
                        a[0]);
    KrValue reference = kr_dict_find(a[0], a[1]);
    if (kr_is_empty(reference)) return kr_raised() ? KR_EMPTY : kr_None;
    if (!kr_is_a(reference, &kr_weakref_type)) return kr_raise(kr_TypeError, "not a weakref");
    if (!kr_is_empty(kr_weakref_get(reference))) return kr_None;
    return kr_dict_delete(a[0], a[1]) < 0 ? KR_EMPTY : kr_None;
}

static int weakref_exec(KrValue module)
{
    KrValue reference = kr_type_value(&kr_weakref_type);
    return kr_module_add(module, "ref", reference) < 0 ||
                   kr_module_add(module, "ReferenceType", reference) < 0 ||
                   kr_module_add_type(module, &kr_weakproxy_type) < 0 ||
                   kr_module_add_type(module, &kr_weakcallableproxy_type) < 0
               ? -1
               : 0;
}

#include "modules/_weakref.entries.h"

KR_MODULE(_weakref) = {
    .api_version = KR_API_VERSION,
    .name = "_weakref",
    .doc = "Weak-reference support module.",
    .functions = weakref_functions,
    .exec = weakref_exec,
};
