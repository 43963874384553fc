/* intrinsics.c: the helpers behind INTRINSIC, numbered by compile/intrinsics.def: type parameters
 * and type aliases.
 *
 * The objects of type parameters are those of the library's typing module. */
#include "runtime/vm/interpreter.h"

enum {
#define INTRINSIC(name, registers, meaning) INTRINSIC_##name,
#include "runtime/compile/intrinsics.def"
    INTRINSIC_COUNT
};

/* ---- Type aliases: the `type` statement's objects, whose value is computed on demand ---- */

typedef struct TypeAlias {
    Object head;
    Value name, type_params, module;
    Value thunk; /* computes the value; EMPTY once it has */
    Value value;
} TypeAlias;

static Type type_alias_type;
static TypeAlias *alias_of(Value v) { return object_of(v); }

static void alias_trace(void *self, KrTracer *tracer)
{
    TypeAlias *alias = self;
    kr_trace(tracer, alias->name);
    kr_trace(tracer, alias->type_params);
    kr_trace(tracer, alias->module);
    kr_trace(tracer, alias->thunk);
    kr_trace(tracer, alias->value);
}

static Value get_alias_name(Value self) { return alias_of(self)->name; }
static Value get_alias_params(Value self) { return alias_of(self)->type_params; }
static Value get_alias_module(Value self) { return alias_of(self)->module; }
static Value get_alias_value(Value self)
{
    TypeAlias *alias = alias_of(self);
    if (is_empty(alias->thunk)) return alias->value;
    Value value = kr_call0(alias->thunk);
    if (is_empty(value)) return EMPTY;
    alias->value = value;
    alias->thunk = EMPTY;
    return value;
}
KR_GETSET(alias, get_alias_name, NULL, "__name__", NULL)
KR_GETSET(alias, get_alias_params, NULL, "__type_params__", NULL)
#define get_alias_parameters get_alias_params
KR_GETSET(alias, get_alias_parameters, NULL, "__parameters__", NULL)
KR_GETSET(alias, get_alias_value, NULL, "__value__", NULL)
KR_GETSET(alias, get_alias_module, NULL, "__module__", NULL)

static Value alias_repr(Value self) { return alias_of(self)->name; }
static Value alias_getitem(Value self, Value item) { return generic_alias(self, item); }
static Value alias_or(Value a, Value b)
{
    Value pair = kr_tuple_of(2, a, b), class = kr_import_attr("typing", "Union");
    return is_empty(pair) || is_empty(class) ? EMPTY : kr_getitem(class, pair);
}

static Value type_alias(Frame *frame, Value name, Value params, Value thunk)
{
    TypeAlias *alias = heap_alloc(&type_alias_type, sizeof *alias);
    if (!alias) return EMPTY;
    alias->name = name;
    alias->type_params = is_none(params) ? kr_empty_tuple : params;
    alias->thunk = thunk;
    Value module = kr_dict_find_ascii(frame->globals, "__name__");
    alias->module = is_empty(module) ? NONE : module;
    return from_object(alias);
}

/* ---- Type parameters ---- */

static Value typing_call(const char *name, Value argument)
{
    Value class = kr_import_attr("typing", name);
    return is_empty(class) ? EMPTY : kr_call1(class, argument);
}

static Value bounded_type_var(Value name, Value thunk)
{
    Value class = kr_import_attr("typing", "TypeVar"),
          bound = is_empty(class) ? EMPTY : kr_call0(thunk);
    Value kwnames = is_empty(bound) ? EMPTY : kr_tuple_of(1, kr_intern("bound"));
    Value args[] = {name, bound};
    return is_empty(kwnames) ? EMPTY : kr_call(class, args, 1, kwnames);
}

static Value constrained_type_var(Value name, Value thunk)
{
    Value class = kr_import_attr("typing", "TypeVar"),
          constraints = is_empty(class) ? EMPTY : kr_call0(thunk);
    if (is_empty(constraints)) return EMPTY;
    size_t n = tuple_of(constraints)->size;
    Tuple *args = kr_tuple_alloc(n + 1);
    if (!args) return EMPTY;
    args->items[0] = name;
    memcpy(args->items + 1, tuple_of(constraints)->items, n * sizeof(Value));
    return kr_call_tuple(class, from_object(args), EMPTY);
}

static Value generic_base(Value params)
{
    Value generic = kr_import_attr("typing", "Generic"),
          unpack = kr_import_attr("typing", "Unpack");
    Value variadic = kr_import_attr("typing", "TypeVarTuple");
    if (is_empty(generic) || is_empty(unpack) || is_empty(variadic)) return EMPTY;
    size_t n = tuple_of(params)->size;
    Tuple *items = kr_tuple_alloc(n);
    if (!items) return EMPTY;
    for (size_t i = 0; i < n; i++) {
        Value param = tuple_of(params)->items[i];
        int is_variadic = kr_isinstance(param, variadic);
        if (is_variadic > 0) param = kr_getitem(unpack, param);
        if (is_variadic < 0 || is_empty(param)) return EMPTY;
        items->items[i] = param;
    }
    return kr_getitem(generic, from_object(items));
}

Value kr_intrinsics_call(uint32_t number, Frame *frame, Value *args)
{
    switch (number) {
    case INTRINSIC_END_ASYNC_FOR: return from_bool(kr_is_a(args[0], kr_StopAsyncIteration));
    case INTRINSIC_TYPEVAR: return typing_call("TypeVar", args[0]);
    case INTRINSIC_TYPEVAR_BOUND: return bounded_type_var(args[0], args[1]);
    case INTRINSIC_TYPEVAR_CONSTRAINTS: return constrained_type_var(args[0], args[1]);
    case INTRINSIC_PARAMSPEC: return typing_call("ParamSpec", args[0]);
    case INTRINSIC_TYPEVARTUPLE: return typing_call("TypeVarTuple", args[0]);
    case INTRINSIC_SET_TYPE_PARAM_DEFAULT: {
        Value value = kr_call0(args[1]);
        if (is_empty(value) || kr_setattr_ascii(args[0], "__default__", value) < 0) return EMPTY;
        return args[0];
    }
    case INTRINSIC_GENERIC_BASE: return generic_base(args[0]);
    case INTRINSIC_TYPE_ALIAS: return type_alias(frame, args[0], args[1], args[2]);
    case INTRINSIC_SET_FUNCTION_TYPE_PARAMS:
        function_of(args[0])->type_params = args[1];
        return args[0];
    default: return kr_raise(kr_SystemError, "unknown intrinsic %u", number);
    }
}

#include "runtime/vm/intrinsics.entries.h"

int kr_intrinsics_init(void)
{
    static const KrTypeSpec spec = {
        .name = "typing.TypeAliasType",
        .size = sizeof(TypeAlias),
        .trace = alias_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .getset = alias_getset,
        .slots = {.repr = alias_repr, .getitem = alias_getitem, .binary = {[KR_OR] = alias_or}},
    };
    kr_type_init(&type_alias_type, &spec);
    return 0;
}
