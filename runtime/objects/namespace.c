/* namespace.c: types.SimpleNamespace: an object with the attributes it is given. */
#include "runtime/objects/dict.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

typedef struct Namespace {
    Object head;
} Namespace;

static Value namespace_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                            KR_UNUSED Value kwnames)
{
    return from_object(kr_type_alloc(type));
}

static int namespace_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (n) {
        kr_raise(kr_TypeError, "no positional arguments expected");
        return -1;
    }
    if (is_empty(kwnames)) return 0;
    Value dict = kr_attrs_dict(object_of(self));
    if (is_empty(dict)) return -1;
    for (size_t i = 0; i < tuple_of(kwnames)->size; i++)
        if (kr_dict_set(dict, tuple_of(kwnames)->items[i], args[i]) < 0) return -1;
    return 0;
}

static Value namespace_repr(Value self)
{
    const char *exact = is_exact(self, &kr_namespace_type) ? "namespace" : NULL;
    int entered = kr_repr_enter(self);
    if (entered < 0) return EMPTY;
    Value name = exact ? kr_str(exact) : type_of(self)->name;
    if (!entered) return kr_str_format("%U(...)", name);
    KrText text;
    kr_text_init(&text);
    kr_text_add_format(&text, "%U(", name);
    Value dict = kr_attrs_dict(object_of(self)), key, value;
    Value copy = is_empty(dict) ? EMPTY : kr_dict_copy(dict);
    size_t position = 0;
    bool failed = is_empty(copy);
    for (bool first = true; !failed && kr_dict_next(copy, &position, &key, &value);) {
        if (!is_str(key) || !str_of(key)->length) continue;
        if (!first) kr_text_add_ascii(&text, ", ");
        first = false;
        kr_text_add_str(&text, key);
        kr_text_add_char(&text, '=');
        failed = kr_text_add_repr(&text, value) < 0;
    }
    kr_text_add_char(&text, ')');
    kr_repr_leave(self);
    if (!failed) return kr_text_finish(&text);
    kr_text_drop(&text);
    return EMPTY;
}

static Value namespace_compare(Value a, Value b, int op)
{
    if (!kr_is_a(a, &kr_namespace_type) || !kr_is_a(b, &kr_namespace_type)) return NOT_IMPLEMENTED;
    Value x = kr_attrs_dict(object_of(a)), y = kr_attrs_dict(object_of(b));
    return is_empty(x) || is_empty(y) ? EMPTY : kr_compare(x, y, op);
}

KR_FN(namespace, namespace_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Value dict = kr_attrs_dict(object_of(a[0]));
    if (is_empty(dict)) return EMPTY;
    return kr_tuple_of(3, from_object(type_of(a[0])), kr_empty_tuple, dict);
}

#include "runtime/objects/namespace.entries.h"

static const KrTypeSpec namespace_spec = {
    .name = "types.SimpleNamespace",
    .size = sizeof(Namespace),
    .flags = KR_TYPE_DICT | KR_TYPE_NO_WEAKREF,
    .functions = namespace_functions,
    .slots =
        {
            .make = namespace_make,
            .init = namespace_init,
            .repr = namespace_repr,
            .compare = namespace_compare,
        },
    .doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
};

Type kr_namespace_type;
void kr_namespace_type_init(void) { kr_type_init(&kr_namespace_type, &namespace_spec); }
