/* union.c: int | str (types.UnionType): a set of types for isinstance() and annotations. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/generic_alias.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/tuple.h"

typedef struct Union {
    Object head;
    Value args;       /* tuple */
    Value parameters; /* tuple, EMPTY until asked for */
} Union;

static inline Union *union_of(Value v) { return (Union *)object_of(v); }
static bool is_union(Value v) { return is_exact(v, &kr_union_type); }

static void union_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Union *)self)->args);
    kr_trace(tracer, ((Union *)self)->parameters);
}

static bool unionable(Value v) { return is_none(v) || is_type(v) || kr_alias_is(v) || is_union(v); }

/* Adds a member, or a union's members, once each. */
static int add_member(Value list, Value member)
{
    if (is_union(member)) {
        Tuple *args = tuple_of(union_of(member)->args);
        for (size_t i = 0; i < args->size; i++)
            if (add_member(list, args->items[i]) < 0) return -1;
        return 0;
    }
    if (is_none(member)) member = from_object(&kr_none_type);
    for (size_t i = 0; i < list_of(list)->size; i++) {
        Value other = list_of(list)->items[i];
        int equal = kr_alias_is(member) && kr_alias_is(other) ? kr_equal(member, other)
                                                              : same(member, other);
        if (equal) return equal < 0 ? -1 : 0;
    }
    return kr_list_append(list, member);
}

static Value union_from(Value args)
{
    if (tuple_of(args)->size == 1) return tuple_of(args)->items[0];
    Union *made = heap_alloc(&kr_union_type, sizeof(Union));
    if (!made) return EMPTY;
    made->args = args;
    return from_object(made);
}

Value kr_union_of(Value a, Value b)
{
    if (!unionable(a) || !unionable(b)) return NOT_IMPLEMENTED;
    Value list = kr_list(NULL, 0);
    if (is_empty(list) || add_member(list, a) < 0 || add_member(list, b) < 0) return EMPTY;
    Value args = kr_list_to_tuple(list);
    return is_empty(args) ? EMPTY : union_from(args);
}

static Value union_or(Value a, Value b) { return kr_union_of(a, b); }

static Value union_repr(Value self)
{
    KrText text;
    kr_text_init(&text);
    Tuple *args = tuple_of(union_of(self)->args);
    for (size_t i = 0; i < args->size; i++) {
        if (i) kr_text_add_ascii(&text, " | ");
        if (kr_alias_add_item(&text, args->items[i]) < 0) {
            kr_text_drop(&text);
            return EMPTY;
        }
    }
    return kr_text_finish(&text);
}

static int64_t union_hash(Value self)
{
    Value set = kr_frozenset(union_of(self)->args);
    return is_empty(set) ? -1 : kr_hash(set);
}

static Value union_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_union(b)) return NOT_IMPLEMENTED;
    Value x = kr_frozenset(union_of(a)->args),
          y = is_empty(x) ? EMPTY : kr_frozenset(union_of(b)->args);
    return is_empty(y) ? EMPTY : kr_compare(x, y, op);
}

static Value parameters_of(Union *u)
{
    if (is_empty(u->parameters)) u->parameters = kr_alias_parameters(u->args);
    return u->parameters;
}

static Value union_getitem(Value self, Value item)
{
    Value parameters = parameters_of(union_of(self));
    if (is_empty(parameters)) return EMPTY;
    Value args = kr_alias_substitute(self, union_of(self)->args, parameters, item);
    if (is_empty(args)) return EMPTY;
    Value result = tuple_of(args)->items[0];
    for (size_t i = 1; i < tuple_of(args)->size && !is_empty(result); i++)
        result = kr_binary(KR_OR, result, tuple_of(args)->items[i]);
    return result;
}

static Value get_args(Value self) { return union_of(self)->args; }
KR_GETSET(union, get_args, kr_descriptor_read_only, "__args__", NULL)
static Value get_parameters(Value self) { return parameters_of(union_of(self)); }
KR_GETSET(union, get_parameters, NULL, "__parameters__", "Type variables in the types.UnionType.")

static bool only_types(Value self, const char *function)
{
    Tuple *args = tuple_of(union_of(self)->args);
    for (size_t i = 0; i < args->size; i++)
        if (kr_alias_is(args->items[i])) {
            kr_raise(kr_TypeError, "%s() argument 2 cannot be a parameterized generic", function);
            return false;
        }
    return true;
}

KR_FN(union, union_instancecheck, "__instancecheck__", "(self, instance, /)",
      "Is it an instance of one of the types?")
{
    if (!only_types(a[0], "isinstance")) return EMPTY;
    int result = kr_isinstance(a[1], union_of(a[0])->args);
    return result < 0 ? EMPTY : from_bool(result);
}

KR_FN(union, union_subclasscheck, "__subclasscheck__", "(self, subclass, /)",
      "Is it a subclass of one of the types?")
{
    if (!is_type(a[1])) return kr_raise(kr_TypeError, "issubclass() arg 1 must be a class");
    if (!only_types(a[0], "issubclass")) return EMPTY;
    int result = kr_issubclass(a[1], union_of(a[0])->args);
    return result < 0 ? EMPTY : from_bool(result);
}

static Value get_module(KR_UNUSED Value self) { return KR_NAME("types"); }
KR_GETSET(union, get_module, NULL, "__module__", NULL)

#include "runtime/objects/union.entries.h"

static const KrTypeSpec union_spec = {
    .name = "types.UnionType",
    .size = sizeof(Union),
    .trace = union_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .functions = union_functions,
    .getset = union_getset,
    .slots =
        {
            .repr = union_repr,
            .hash = union_hash,
            .compare = union_compare,
            .getitem = union_getitem,
            .binary = {[KR_OR] = union_or},
        },
    .doc = "A union of types, such as int | str.",
};

Type kr_union_type;
void kr_union_type_init(void) { kr_type_init(&kr_union_type, &union_spec); }
