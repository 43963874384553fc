/* generic_alias.c: list[int] (types.GenericAlias): a class with arguments, which behaves like
 * the class.
 * Type variables are whatever says how to be substituted (__typing_subst__); __parameters__ are
 * those among the arguments, and indexing the alias puts others in their place. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/generic_alias.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

typedef struct GenericAlias {
    Object head;
    Value origin, args; /* args: tuple */
    Value parameters;   /* tuple, EMPTY until asked for */
    bool starred;       /* *tuple[int, ...] */
} GenericAlias;

static inline GenericAlias *alias_of(Value v) { return (GenericAlias *)object_of(v); }
bool kr_alias_is(Value v) { return is_object(v) && kr_is_a(v, &kr_generic_alias_type); }

static void alias_trace(void *self, KrTracer *tracer)
{
    GenericAlias *alias = self;
    kr_trace(tracer, alias->origin);
    kr_trace(tracer, alias->args);
    kr_trace(tracer, alias->parameters);
}

static Value alias_new(Type *type, Value origin, Value args, bool starred)
{
    if (!is_tuple(args) && is_empty(args = kr_tuple_of(1, args))) return EMPTY;
    GenericAlias *alias = kr_type_alloc(type);
    if (!alias) return EMPTY;
    alias->origin = origin;
    alias->args = args;
    alias->starred = starred;
    return from_object(alias);
}

static Value alias_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size)
        return kr_raise(kr_TypeError, "GenericAlias() takes no keyword arguments");
    if (n != 2) return kr_raise(kr_TypeError, "GenericAlias expected 2 arguments, got %zu", n);
    return alias_new(type, args[0], args[1], false);
}

/* ---- repr -------------------------------------------------------------------------- */

int kr_alias_add_item(KrText *text, Value item)
{
    if (same(item, ELLIPSIS)) return kr_text_add_ascii(text, "...");
    if (is_none(item) || same(item, from_object(&kr_none_type)))
        return kr_text_add_ascii(text, "None");
    bool is_alias = kr_alias_is(item);
    if (!is_alias) {
        /* classes by their names; whatever has __origin__ and __args__ by its repr */
        Value origin = kr_find_attr(item, KR_NAME("__origin__"));
        if (is_empty(origin) && kr_raised()) return -1;
        Value args = is_empty(origin) ? EMPTY : kr_find_attr(item, KR_NAME("__args__"));
        if (is_empty(args) && kr_raised()) return -1;
        is_alias = !is_empty(origin) && !is_empty(args);
    }
    if (is_alias) return kr_text_add_repr(text, item);
    Value name = kr_find_attr(item, KR_NAME("__qualname__"));
    if (is_empty(name)) return kr_raised() ? -1 : kr_text_add_repr(text, item);
    Value module = kr_find_attr(item, KR_NAME("__module__"));
    if (is_empty(module) || is_none(module)) return kr_raised() ? -1 : kr_text_add_repr(text, item);
    if (is_str(module) && kr_str_equal_ascii(module, "builtins"))
        return kr_text_add_format(text, "%S", name);
    return kr_text_add_format(text, "%S.%S", module, name);
}

static Value alias_repr(Value self)
{
    GenericAlias *alias = alias_of(self);
    KrText text;
    kr_text_init(&text);
    if (alias->starred) kr_text_add_char(&text, '*');
    int status = kr_alias_add_item(&text, alias->origin);
    kr_text_add_char(&text, '[');
    Tuple *args = tuple_of(alias->args);
    for (size_t i = 0; i < args->size && status == 0; i++) {
        if (i) kr_text_add_ascii(&text, ", ");
        Value item = args->items[i];
        if (!is_list(item)) {
            status = kr_alias_add_item(&text, item);
            continue;
        }
        kr_text_add_char(&text, '[');
        for (size_t j = 0; j < list_of(item)->size && status == 0; j++) {
            if (j) kr_text_add_ascii(&text, ", ");
            status = kr_alias_add_item(&text, list_of(item)->items[j]);
        }
        kr_text_add_char(&text, ']');
    }
    if (args->size == 0) kr_text_add_ascii(&text, "()");
    kr_text_add_char(&text, ']');
    if (status == 0) return kr_text_finish(&text);
    kr_text_drop(&text);
    return EMPTY;
}

/* ---- Parameters and substitution --------------------------------------------------- */

static int add_once(Value list, Value item)
{
    for (size_t i = 0; i < list_of(list)->size; i++)
        if (same(list_of(list)->items[i], item)) return 0;
    return kr_list_append(list, item);
}

Value kr_alias_parameters(Value args)
{
    Value found = kr_list(NULL, 0);
    if (is_empty(found)) return EMPTY;
    for (size_t i = 0; i < tuple_of(args)->size; i++) {
        Value arg = tuple_of(args)->items[i];
        if (is_type(arg)) continue;
        Value substitute = kr_find_attr(arg, KR_NAME("__typing_subst__"));
        if (!is_empty(substitute)) {
            if (add_once(found, arg) < 0) return EMPTY;
            continue;
        }
        Value inner = kr_raised() ? EMPTY : kr_find_attr(arg, KR_NAME("__parameters__"));
        if (is_empty(inner)) {
            if (kr_raised()) return EMPTY;
            continue;
        }
        for (size_t j = 0; is_tuple(inner) && j < tuple_of(inner)->size; j++)
            if (add_once(found, tuple_of(inner)->items[j]) < 0) return EMPTY;
    }
    return kr_list_to_tuple(found);
}

static int64_t index_in(Tuple *tuple, Value item)
{
    for (size_t i = 0; i < tuple->size; i++)
        if (same(tuple->items[i], item)) return (int64_t)i;
    return -1;
}

static int append_all(Value list, Value tuple)
{
    for (size_t i = 0; i < tuple_of(tuple)->size; i++)
        if (kr_list_append(list, tuple_of(tuple)->items[i]) < 0) return -1;
    return 0;
}

/* *tuple[int, str] among the items gives way to int, str. */
static Value unpack_items(Value item)
{
    Value items = is_tuple(item) ? item : kr_tuple_of(1, item), out = kr_list(NULL, 0);
    if (is_empty(items) || is_empty(out)) return EMPTY;
    for (size_t i = 0; i < tuple_of(items)->size; i++) {
        Value each = tuple_of(items)->items[i];
        Value inner =
            is_type(each) ? EMPTY : kr_find_attr(each, KR_NAME("__typing_unpacked_tuple_args__"));
        if (is_empty(inner) && kr_raised()) return EMPTY;
        bool unpack = !is_empty(inner) && is_tuple(inner);
        if (unpack) {
            Tuple *t = tuple_of(inner);
            unpack = t->size == 0 || !same(t->items[t->size - 1], ELLIPSIS);
        }
        if ((unpack ? append_all(out, inner) : kr_list_append(out, each)) < 0) return EMPTY;
    }
    return kr_list_to_tuple(out);
}

/* An argument that itself has parameters, with them replaced. */
static Value substitute_inside(Value arg, Tuple *parameters, Tuple *items)
{
    Value inner = kr_find_attr(arg, KR_NAME("__parameters__"));
    if (is_empty(inner)) return kr_raised() ? EMPTY : arg;
    if (!is_tuple(inner) || !tuple_of(inner)->size) return arg;
    Value list = kr_list(NULL, 0);
    for (size_t i = 0; !is_empty(list) && i < tuple_of(inner)->size; i++) {
        Value parameter = tuple_of(inner)->items[i];
        int64_t at = index_in(parameters, parameter);
        Value item = at < 0 ? parameter : items->items[at];
        bool many = at >= 0 && type_of(parameters->items[at])->slots.iter && is_tuple(item);
        if ((many ? append_all(list, item) : kr_list_append(list, item)) < 0) return EMPTY;
    }
    Value key = is_empty(list) ? EMPTY : kr_list_to_tuple(list);
    return is_empty(key) ? EMPTY : kr_getitem(arg, key);
}

Value kr_alias_substitute(Value self, Value args, Value parameters, Value item)
{
    Tuple *names = tuple_of(parameters);
    if (names->size == 0) return kr_raise(kr_TypeError, "%R is not a generic class", self);
    Value items = unpack_items(item);
    for (size_t i = 0; !is_empty(items) && i < names->size; i++) {
        Value prepare = kr_find_attr(names->items[i], KR_NAME("__typing_prepare_subst__"));
        if (is_empty(prepare) && kr_raised()) return EMPTY;
        if (is_empty(prepare) || is_none(prepare)) continue;
        items = kr_call2(prepare, self, items);
        if (!is_empty(items) && !is_tuple(items)) items = kr_tuple_of(1, items);
    }
    if (is_empty(items)) return EMPTY;
    size_t given = tuple_of(items)->size;
    if (given != names->size)
        return kr_raise(kr_TypeError, "Too %s arguments for %R; actual %zu, expected %zu",
                        given > names->size ? "many" : "few", self, given, names->size);
    Value out = kr_list(NULL, 0);
    for (size_t i = 0; !is_empty(out) && i < tuple_of(args)->size; i++) {
        Value arg = tuple_of(args)->items[i];
        bool unpack = false;
        if (!is_type(arg)) {
            Value flag = kr_find_attr(arg, KR_NAME("__typing_is_unpacked_typevartuple__"));
            int truth = is_empty(flag) ? 0 : kr_truth(flag);
            if (truth < 0 || kr_raised()) return EMPTY;
            unpack = truth;
            Value substitute = kr_find_attr(arg, KR_NAME("__typing_subst__"));
            if (is_empty(substitute) && kr_raised()) return EMPTY;
            if (!is_empty(substitute)) {
                int64_t at = index_in(names, arg);
                arg = kr_call1(substitute, at < 0 ? arg : tuple_of(items)->items[at]);
            } else {
                arg = substitute_inside(arg, names, tuple_of(items));
            }
            if (is_empty(arg)) return EMPTY;
        }
        unpack = unpack && is_tuple(arg);
        if ((unpack ? append_all(out, arg) : kr_list_append(out, arg)) < 0) return EMPTY;
    }
    return is_empty(out) ? EMPTY : kr_list_to_tuple(out);
}

static Value parameters_of(GenericAlias *alias)
{
    if (is_empty(alias->parameters)) alias->parameters = kr_alias_parameters(alias->args);
    return alias->parameters;
}

static Value alias_getitem(Value self, Value item)
{
    GenericAlias *alias = alias_of(self);
    Value parameters = parameters_of(alias);
    if (is_empty(parameters)) return EMPTY;
    Value args = kr_alias_substitute(self, alias->args, parameters, item);
    return is_empty(args) ? EMPTY : alias_new(type_of(self), alias->origin, args, alias->starred);
}

/* ---- Slots ------------------------------------------------------------------------- */

/* What is asked of the alias itself; everything else is the origin's. */
static const char *const own_attributes[] = {
    "__class__",
    "__copy__",
    "__deepcopy__",
    "__origin__",
    "__args__",
    "__parameters__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__unpacked__",
    "__typing_unpacked_tuple_args__",
};

static Value alias_getattr(Value self, Value name)
{
    for (size_t i = 0; is_str(name) && i < sizeof own_attributes / sizeof *own_attributes; i++)
        if (kr_str_equal_ascii(name, own_attributes[i])) return kr_object_getattr(self, name);
    return is_str(name) ? kr_getattr(alias_of(self)->origin, name) : kr_object_getattr(self, name);
}

static Value alias_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Value made = kr_call(alias_of(self)->origin, args, n, kwnames);
    if (is_empty(made)) return EMPTY;
    if (kr_setattr(made, KR_NAME("__orig_class__"), self) < 0) {
        if (!kr_raised_is(kr_AttributeError) && !kr_raised_is(kr_TypeError)) return EMPTY;
        kr_clear_exception();
    }
    return made;
}

static int64_t alias_hash(Value self)
{
    int64_t origin = kr_hash(alias_of(self)->origin),
            args = origin == -1 ? -1 : kr_hash(alias_of(self)->args);
    if (args == -1) return -1;
    int64_t hash = origin ^ args;
    return hash == -1 ? -2 : hash;
}

static Value alias_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !kr_alias_is(a) || !kr_alias_is(b)) return NOT_IMPLEMENTED;
    int equal = alias_of(a)->starred == alias_of(b)->starred;
    if (equal) equal = kr_equal(alias_of(a)->origin, alias_of(b)->origin);
    if (equal > 0) equal = kr_equal(alias_of(a)->args, alias_of(b)->args);
    return equal < 0 ? EMPTY : from_bool(equal == (op == KR_EQ));
}

static Value alias_iter(Value self)
{
    Value starred = alias_new(type_of(self), alias_of(self)->origin, alias_of(self)->args, true);
    Value once = is_empty(starred) ? EMPTY : kr_tuple_of(1, starred);
    return is_empty(once) ? EMPTY : kr_iter(once);
}

static Value alias_or(Value a, Value b) { return kr_union_of(a, b); }

static Value get_origin(Value self) { return alias_of(self)->origin; }
KR_GETSET(alias, get_origin, kr_descriptor_read_only, "__origin__", NULL)
static Value get_args(Value self) { return alias_of(self)->args; }
KR_GETSET(alias, get_args, kr_descriptor_read_only, "__args__", NULL)
static Value get_unpacked(Value self) { return from_bool(alias_of(self)->starred); }
KR_GETSET(alias, get_unpacked, NULL, "__unpacked__", NULL)
static Value get_parameters(Value self) { return parameters_of(alias_of(self)); }
KR_GETSET(alias, get_parameters, NULL, "__parameters__", "Type variables in the GenericAlias.")
static Value get_unpacked_args(Value self)
{
    GenericAlias *alias = alias_of(self);
    return alias->starred && same(alias->origin, from_object(&kr_tuple_type)) ? alias->args : NONE;
}
KR_GETSET(alias, get_unpacked_args, NULL, "__typing_unpacked_tuple_args__", NULL)

KR_FN(alias, alias_mro_entries, "__mro_entries__", "(self, bases, /)",
      "The origin takes the alias's place as a base.")
{
    return kr_tuple_of(1, alias_of(a[0])->origin);
}

KR_FN(alias, alias_instancecheck, "__instancecheck__", "(self, instance, /)", "Raises TypeError.")
{
    return kr_raise(kr_TypeError, "isinstance() argument 2 cannot be a parameterized generic");
}

KR_FN(alias, alias_subclasscheck, "__subclasscheck__", "(self, subclass, /)", "Raises TypeError.")
{
    return kr_raise(kr_TypeError, "issubclass() argument 2 cannot be a parameterized generic");
}

KR_FN(alias, alias_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    GenericAlias *alias = alias_of(a[0]);
    Value type = from_object(&kr_generic_alias_type),
          parts = kr_tuple_of(2, alias->origin, alias->args);
    if (!alias->starred) return kr_tuple_of(2, type, parts);
    Value plain = alias_new(&kr_generic_alias_type, alias->origin, alias->args, false);
    Value iterator = is_empty(plain) ? EMPTY : kr_iter(plain);
    return kr_tuple_of(2, kr_import_attr("builtins", "next"), kr_tuple_of(1, iterator));
}

KR_FN(alias, alias_dir, "__dir__", "(self, /)", "The names of the origin and of the alias.")
{
    Value names = kr_dir(alias_of(a[0])->origin);
    for (size_t i = 0; !is_empty(names) && i < sizeof own_attributes / sizeof *own_attributes;
         i++) {
        Value name = kr_intern(own_attributes[i]);
        int there = kr_contains(names, name);
        if (there < 0 || (!there && kr_list_append(names, name) < 0)) return EMPTY;
    }
    return names;
}

#include "runtime/objects/generic_alias.entries.h"

static const KrTypeSpec alias_spec = {
    .name = "types.GenericAlias",
    .size = sizeof(GenericAlias),
    .trace = alias_trace,
    .functions = alias_functions,
    .getset = alias_getset,
    .slots =
        {
            .make = alias_make,
            .repr = alias_repr,
            .call = alias_call,
            .hash = alias_hash,
            .compare = alias_compare,
            .getattr = alias_getattr,
            .getitem = alias_getitem,
            .iter = alias_iter,
            .binary = {[KR_OR] = alias_or},
        },
    .doc = "A generic type with its arguments, such as list[int].",
};

Type kr_generic_alias_type;
void kr_generic_alias_type_init(void) { kr_type_init(&kr_generic_alias_type, &alias_spec); }
