/* type_slots.c: the two-way bridge between slots and dunder methods.
 *
 * One table has a row for every dunder name and the slot it belongs to. From it come
 *   - the wrapper descriptors of native types (`int.__add__`): a row's `wrap` calls the slot with
 *     Python's arguments;
 *   - the slots of classes: where a class, or a class it derives from, defines the name in
 *     Python, the row's `generic` function is installed, which looks the method up and calls it;
 *     where the name resolves to a wrapper descriptor of a native base, that base's slot itself
 *     is installed, so that subclasses of int or list cost nothing for what they do not override.
 * Several names may share a slot (__add__ and __radd__; the six comparisons) and one name may
 * stand for two slots (__add__ is the number's and the sequence's +): rows of one slot stand
 * together. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/function.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

/* ---- Calling dunder methods -------------------------------------------------------- */

/* argv[0] is left free for self; the n arguments stand behind it. */
static Value call_found(Value f, Value self, Value *argv, size_t n)
{
    Type *type = type_of(f);
    argv[0] = self;
    if (type->kind.flags & KR_TYPE_METHOD) return kr_call(f, argv, n + 1, EMPTY);
    if (type->slots.descr_get) {
        f = type->slots.descr_get(f, self, from_object(type_of(self)));
        if (is_empty(f)) return EMPTY;
    }
    return kr_call(f, argv + 1, n, EMPTY);
}

static Value call_special(Value self, Value name, Value *argv, size_t n)
{
    Value f = kr_type_lookup(type_of(self), name);
    if (is_empty(f)) return kr_raised() ? EMPTY : kr_raise(kr_AttributeError, "%U", name);
    return call_found(f, self, argv, n);
}

static Value call0(Value self, Value name)
{
    Value argv[1];
    return call_special(self, name, argv, 0);
}

static Value call1(Value self, Value name, Value a)
{
    Value argv[2] = {EMPTY, a};
    return call_special(self, name, argv, 1);
}

static Value call2(Value self, Value name, Value a, Value b)
{
    Value argv[3] = {EMPTY, a, b};
    return call_special(self, name, argv, 2);
}

/* ---- Generic slots: binary operators ----------------------------------------------- */

static const char *const binary_names[KR_BINARY_COUNT][3] = {
    [KR_ADD] = {"__add__", "__radd__", "__iadd__"},
    [KR_SUB] = {"__sub__", "__rsub__", "__isub__"},
    [KR_MUL] = {"__mul__", "__rmul__", "__imul__"},
    [KR_MATMUL] = {"__matmul__", "__rmatmul__", "__imatmul__"},
    [KR_TRUEDIV] = {"__truediv__", "__rtruediv__", "__itruediv__"},
    [KR_FLOORDIV] = {"__floordiv__", "__rfloordiv__", "__ifloordiv__"},
    [KR_MOD] = {"__mod__", "__rmod__", "__imod__"},
    [KR_POW] = {"__pow__", "__rpow__", "__ipow__"},
    [KR_LSHIFT] = {"__lshift__", "__rlshift__", "__ilshift__"},
    [KR_RSHIFT] = {"__rshift__", "__rrshift__", "__irshift__"},
    [KR_AND] = {"__and__", "__rand__", "__iand__"},
    [KR_XOR] = {"__xor__", "__rxor__", "__ixor__"},
    [KR_OR] = {"__or__", "__ror__", "__ior__"},
    [KR_DIVMOD] = {"__divmod__", "__rdivmod__", "__idivmod__"},
};
static Value binary_values[KR_BINARY_COUNT][3];

static Value call_operator(Value self, Value name, Value other)
{
    Value f = kr_type_lookup(type_of(self), name);
    if (is_empty(f)) return kr_raised() ? EMPTY : NOT_IMPLEMENTED;
    Value argv[2] = {EMPTY, other};
    return call_found(f, self, argv, 1);
}

/* Does b's class define its own reflected method, other than the one it has from a's class? */
static bool reflected_differs(Value a, Value b, Value name)
{
    Value mine = kr_type_lookup(type_of(b), name);
    if (is_empty(mine)) return false;
    Value theirs = kr_type_lookup(type_of(a), name);
    return !same(mine, theirs);
}

/* `slot` is the calling generic function: it may have been called for either operand. */
static Value call_binary(int op, Value (*slot)(Value, Value), Value a, Value b)
{
    Type *ta = type_of(a), *tb = type_of(b);
    bool try_other = ta != tb && tb->slots.binary[op] == slot;
    if (ta->slots.binary[op] == slot) {
        if (try_other && kr_is_subtype(tb, ta) && reflected_differs(a, b, binary_values[op][1])) {
            Value result = call_operator(b, binary_values[op][1], a);
            if (!is_not_implemented(result)) return result;
            try_other = false;
        }
        Value result = call_operator(a, binary_values[op][0], b);
        if (!is_not_implemented(result) || ta == tb) return result;
    }
    return try_other ? call_operator(b, binary_values[op][1], a) : NOT_IMPLEMENTED;
}

#define BINARY(op, name)                                                                           \
    static Value binary_##name(Value a, Value b) { return call_binary(op, binary_##name, a, b); } \
    static Value inplace_##name(Value a, Value b)                                                  \
    {                                                                                              \
        return call_operator(a, binary_values[op][2], b);                                          \
    }
BINARY(KR_ADD, add)
BINARY(KR_SUB, sub)
BINARY(KR_MUL, mul)
BINARY(KR_MATMUL, matmul)
BINARY(KR_TRUEDIV, truediv)
BINARY(KR_FLOORDIV, floordiv)
BINARY(KR_MOD, mod)
BINARY(KR_POW, pow)
BINARY(KR_LSHIFT, lshift)
BINARY(KR_RSHIFT, rshift)
BINARY(KR_AND, and)
BINARY(KR_XOR, xor)
BINARY(KR_OR, or)
static Value binary_divmod(Value a, Value b) { return call_binary(KR_DIVMOD, binary_divmod, a, b); }

/* pow(a, b, c) never asks the right operand; the protocol may come here for b or c. */
static Value slot_power(Value a, Value b, Value modulus)
{
    if (type_of(a)->slots.power != slot_power) return NOT_IMPLEMENTED;
    return call2(a, KR_NAME("__pow__"), b, modulus);
}

/* ---- Generic slots: the rest ------------------------------------------------------- */

#define UNARY(slot, dunder) \
    static Value slot(Value self) { return call0(self, KR_NAME(dunder)); }
UNARY(slot_repr, "__repr__")
UNARY(slot_str, "__str__")
UNARY(slot_negative, "__neg__")
UNARY(slot_positive, "__pos__")
UNARY(slot_absolute, "__abs__")
UNARY(slot_invert, "__invert__")
UNARY(slot_to_int, "__int__")
UNARY(slot_to_float, "__float__")
UNARY(slot_index, "__index__")

/* The three may be None, to say "not supported" against a base class that does. */
static Value call_iteration(Value self, Value name, const char *error)
{
    Value f = kr_type_lookup(type_of(self), name);
    if (is_none(f)) return kr_raise(kr_TypeError, error, self);
    Value argv[1];
    return is_empty(f) ? kr_raise(kr_AttributeError, "%U", name) : call_found(f, self, argv, 0);
}

static Value slot_iter(Value self)
{
    return call_iteration(self, KR_NAME("__iter__"), "'%T' object is not iterable");
}

static Value slot_await(Value self)
{
    return call_iteration(self, KR_NAME("__await__"),
                          "object %T can't be used in 'await' expression");
}

static Value slot_aiter(Value self)
{
    return call_iteration(self, KR_NAME("__aiter__"),
                          "'async for' requires an object with __aiter__ method, got %T");
}

static Value slot_anext(Value self)
{
    return call_iteration(self, KR_NAME("__anext__"),
                          "'async for' requires an iterator with __anext__ method, got %T");
}

static Value slot_next(Value self)
{
    Value item = call0(self, KR_NAME("__next__"));
    if (is_empty(item) && kr_raised_is(kr_StopIteration)) kr_clear_exception();
    return item;
}

int64_t kr_hash_not_implemented(Value self)
{
    kr_raise(kr_TypeError, "unhashable type: '%T'", self);
    return -1;
}

static int64_t slot_hash(Value self)
{
    Value f = kr_type_lookup(type_of(self), KR_NAME("__hash__"));
    if (is_empty(f) || is_none(f)) return kr_hash_not_implemented(self);
    Value argv[1];
    Value result = call_found(f, self, argv, 0);
    if (is_empty(result)) return -1;
    int64_t hash;
    if (is_int(result)) {
        hash = int_of(result);
    } else if (!kr_is_int(result)) {
        kr_raise(kr_TypeError, "__hash__ method should return an integer");
        return -1;
    } else if (kr_to_int64(result, &hash) < 0) {
        kr_clear_exception();
        return kr_int_type.slots.hash(result);
    }
    return hash == -1 ? -2 : hash;
}

static Value slot_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Value f = kr_type_lookup(type_of(self), KR_NAME("__call__"));
    if (is_empty(f)) return kr_raise(kr_TypeError, "'%T' object is not callable", self);
    Type *type = type_of(f);
    if (type->kind.flags & KR_TYPE_METHOD) return kr_call_with_first(f, self, args, n, kwnames);
    if (type->slots.descr_get) {
        f = type->slots.descr_get(f, self, from_object(type_of(self)));
        if (is_empty(f)) return EMPTY;
    }
    /* Instances may call each other in a circle: no tail call. */
    if (kr_enter_recursion(" while calling a Python object") < 0) return EMPTY;
    Value result = kr_call(f, args, n, kwnames);
    kr_leave_recursion();
    return result;
}

static int slot_init(Value self, const Value *args, size_t n, Value kwnames)
{
    Value f = kr_type_resolve(type_of(self), KR_NAME("__init__"), EMPTY);
    if (is_empty(f)) return -1;
    Type *type = type_of(f);
    Value result;
    if (type->kind.flags & KR_TYPE_METHOD) {
        result = kr_call_with_first(f, self, args, n, kwnames);
    } else {
        if (type->slots.descr_get) f = type->slots.descr_get(f, self, from_object(type_of(self)));
        result = is_empty(f) ? EMPTY : kr_call(f, args, n, kwnames);
    }
    if (is_empty(result)) return -1;
    if (is_none(result)) return 0;
    kr_raise(kr_TypeError, "__init__() should return None, not '%T'", result);
    return -1;
}

Value kr_type_slots_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value f = kr_type_getattr(from_object(type), KR_NAME("__new__"));
    return is_empty(f) ? EMPTY : kr_call_with_first(f, from_object(type), args, n, kwnames);
}

static Value compare_names[6];

static Value slot_compare(Value a, Value b, int op)
{
    Value f = kr_type_lookup(type_of(a), compare_names[op]);
    if (is_empty(f)) return kr_raised() ? EMPTY : NOT_IMPLEMENTED;
    Type *type = type_of(f);
    if (!(type->kind.flags & KR_TYPE_METHOD)) {
        if (type->slots.descr_get &&
            is_empty(f = type->slots.descr_get(f, a, from_object(type_of(a))))) {
            kr_clear_exception(); /* as absent as an attribute that is not there */
            return NOT_IMPLEMENTED;
        }
        return kr_call1(f, b);
    }
    Value argv[2] = {a, b};
    return kr_call(f, argv, 2, EMPTY);
}

static Value slot_getattribute(Value self, Value name)
{
    return call1(self, KR_NAME("__getattribute__"), name);
}

static Value getattr_of_class(Value self, Value name)
{
    Type *type = type_of(self);
    Value fallback = kr_type_lookup(type, KR_NAME("__getattr__"));
    if (is_empty(fallback)) return slot_getattribute(self, name);
    Value getter = kr_type_lookup(type, KR_NAME("__getattribute__"));
    Value found;
    if (is_exact(getter, &kr_wrapper_descriptor_type) &&
        ((WrapperDescriptor *)object_of(getter))->wrapped == (KrAnyCode)kr_object_getattr) {
        found = kr_object_find_attr(self, name);
    } else {
        found = slot_getattribute(self, name);
        if (is_empty(found) && kr_raised_is(kr_AttributeError)) kr_clear_exception();
    }
    if (!is_empty(found) || kr_raised()) return found;
    Value argv[2] = {EMPTY, name};
    return call_found(fallback, self, argv, 1);
}

/* Installed when __getattribute__ or __getattr__ is the class's own. An AttributeError that does
 * not say what was looked for is told, so that a suggestion can be made. */
static Value slot_getattr(Value self, Value name)
{
    Value found = getattr_of_class(self, name);
    if (is_empty(found) && kr_raised_is(kr_AttributeError)) {
        Exception *e = exception_of(kr_self->exception);
        if (is_empty(e->fields[0]) && is_empty(e->fields[1])) {
            e->fields[0] = name;
            e->fields[1] = self;
        }
    }
    return found;
}

static int slot_setattr(Value self, Value name, Value value)
{
    Value result = is_empty(value) ? call1(self, KR_NAME("__delattr__"), name)
                                   : call2(self, KR_NAME("__setattr__"), name, value);
    return is_empty(result) ? -1 : 0;
}

static Value slot_descr_get(Value self, Value instance, Value owner)
{
    return call2(self, KR_NAME("__get__"), is_empty(instance) ? NONE : instance,
                 is_empty(owner) ? NONE : owner);
}

static int slot_descr_set(Value self, Value instance, Value value)
{
    Value result = is_empty(value) ? call1(self, KR_NAME("__delete__"), instance)
                                   : call2(self, KR_NAME("__set__"), instance, value);
    return is_empty(result) ? -1 : 0;
}

static int slot_truth(Value self)
{
    Value result = call0(self, KR_NAME("__bool__"));
    if (is_empty(result)) return -1;
    if (is_bool(result)) return is_true(result);
    kr_raise(kr_TypeError, "__bool__ should return bool, returned %T", result);
    return -1;
}

static int64_t slot_length(Value self)
{
    Value result = call0(self, KR_NAME("__len__"));
    if (is_empty(result)) return -1;
    if (!is_int(result)) {
        result = kr_index(result);
        if (is_empty(result)) return -1;
    }
    int64_t length;
    if (kr_int_sign(result) < 0) {
        kr_raise(kr_ValueError, "__len__() should return >= 0");
        return -1;
    }
    if (kr_to_int64(result, &length) < 0) {
        kr_clear_exception();
        kr_raise(kr_OverflowError, "cannot fit 'int' into an index-sized integer");
        return -1;
    }
    return length;
}

static Value slot_getitem(Value self, Value key)
{
    return call1(self, KR_NAME("__getitem__"), key);
}

static int slot_setitem(Value self, Value key, Value value)
{
    Value result = is_empty(value) ? call1(self, KR_NAME("__delitem__"), key)
                                   : call2(self, KR_NAME("__setitem__"), key, value);
    return is_empty(result) ? -1 : 0;
}

static int slot_contains(Value self, Value item)
{
    Value f = kr_type_lookup(type_of(self), KR_NAME("__contains__"));
    if (is_none(f)) {
        kr_raise(kr_TypeError, "'%T' object is not a container", self);
        return -1;
    }
    Value argv[2] = {EMPTY, item};
    Value result = call_found(f, self, argv, 1);
    return is_empty(result) ? -1 : kr_truth(result);
}

static void slot_finalize(Value self)
{
    Value f = kr_type_lookup(type_of(self), KR_NAME("__del__"));
    Value argv[1];
    if (!is_empty(f) && is_empty(call_found(f, self, argv, 0))) kr_report_unraisable(f);
}

/* ---- Wrappers: native slots called with Python's arguments ------------------------- */

static bool arity(size_t n, size_t least, size_t most)
{
    if (n >= least && n <= most) return true;
    size_t expected = n < least ? least : most;
    if (least == most) {
        kr_raise(kr_TypeError, "expected %zu argument%s, got %zu", expected,
                 expected == 1 ? "" : "s", n);
    } else {
        kr_raise(kr_TypeError, " expected %s %zu argument%s, got %zu",
                 n < least ? "at least" : "at most", expected, expected == 1 ? "" : "s", n);
    }
    return false;
}

#define WRAP(name)                                                                                 \
    static Value name(KR_UNUSED const SlotDef *def, KR_UNUSED KrAnyCode slot, Value self, \
                      KR_UNUSED const Value *args, size_t n, KR_UNUSED Value kwnames)
#define CALL(type) ((type)slot)
typedef Value (*Unary)(Value);
typedef Value (*Binary)(Value, Value);
typedef Value (*Ternary)(Value, Value, Value);
typedef Value (*Indexed)(Value, int64_t);
typedef int (*Setter)(Value, Value, Value);

WRAP(wrap_unary) { return arity(n, 0, 0) ? CALL(Unary)(self) : EMPTY; }
WRAP(wrap_binary) { return arity(n, 1, 1) ? CALL(Binary)(self, args[0]) : EMPTY; }
WRAP(wrap_reflected) { return arity(n, 1, 1) ? CALL(Binary)(args[0], self) : EMPTY; }

WRAP(wrap_pow)
{
    if (!arity(n, 1, 2)) return EMPTY;
    if (n == 1 || is_none(args[1])) return CALL(Binary)(self, args[0]);
    Value (*power)(Value, Value, Value) = type_of(self)->slots.power;
    return power ? power(self, args[0], args[1]) : NOT_IMPLEMENTED;
}

WRAP(wrap_reflected_pow)
{
    if (!arity(n, 1, 2)) return EMPTY;
    if (n == 1 || is_none(args[1])) return CALL(Binary)(args[0], self);
    Value (*power)(Value, Value, Value) = type_of(self)->slots.power;
    return power ? power(args[0], self, args[1]) : NOT_IMPLEMENTED;
}

WRAP(wrap_next)
{
    if (!arity(n, 0, 0)) return EMPTY;
    Value item = CALL(Unary)(self);
    return is_empty(item) && !kr_raised() ? kr_raise_stop(EMPTY) : item;
}

WRAP(wrap_hash)
{
    if (!arity(n, 0, 0)) return EMPTY;
    int64_t hash = ((int64_t(*)(Value))slot)(self);
    return hash == -1 ? EMPTY : kr_int(hash);
}

WRAP(wrap_length)
{
    if (!arity(n, 0, 0)) return EMPTY;
    int64_t length = ((int64_t(*)(Value))slot)(self);
    return length < 0 ? EMPTY : kr_int(length);
}

WRAP(wrap_truth)
{
    if (!arity(n, 0, 0)) return EMPTY;
    int truth = ((int (*)(Value))slot)(self);
    return truth < 0 ? EMPTY : from_bool(truth);
}

WRAP(wrap_compare)
{
    return arity(n, 1, 1) ? ((Value(*)(Value, Value, int))slot)(self, args[0], def->op) : EMPTY;
}

WRAP(wrap_contains)
{
    if (!arity(n, 1, 1)) return EMPTY;
    int found = ((int (*)(Value, Value))slot)(self, args[0]);
    return found < 0 ? EMPTY : from_bool(found);
}

WRAP(wrap_repeat)
{
    int64_t count;
    if (!arity(n, 1, 1) || kr_to_index(args[0], &count) < 0) return EMPTY;
    return CALL(Indexed)(self, count);
}

WRAP(wrap_set_item)
{
    return arity(n, 2, 2) && CALL(Setter)(self, args[0], args[1]) == 0 ? NONE : EMPTY;
}
WRAP(wrap_delete_item)
{
    return arity(n, 1, 1) && CALL(Setter)(self, args[0], EMPTY) == 0 ? NONE : EMPTY;
}

/* object.__setattr__(str, ...) must not get around what the class's own setattr refuses. */
static bool setattr_allowed(Value self, KrAnyCode slot, const char *name)
{
    Type *type = type_of(self);
    while (type && type->traits & TYPE_HEAP) type = type->base;
    if (!type || (KrAnyCode)type->slots.setattr == slot) return true;
    kr_raise(kr_TypeError, "can't apply this %s to %s object", name, type->kind.name);
    return false;
}

WRAP(wrap_set_attr)
{
    if (!arity(n, 2, 2) || !setattr_allowed(self, slot, "__setattr__")) return EMPTY;
    return CALL(Setter)(self, args[0], args[1]) == 0 ? NONE : EMPTY;
}

WRAP(wrap_delete_attr)
{
    if (!arity(n, 1, 1) || !setattr_allowed(self, slot, "__delattr__")) return EMPTY;
    return CALL(Setter)(self, args[0], EMPTY) == 0 ? NONE : EMPTY;
}

WRAP(wrap_descr_get)
{
    if (!arity(n, 1, 2)) return EMPTY;
    Value instance = is_none(args[0]) ? EMPTY : args[0];
    Value owner = n < 2 || is_none(args[1]) ? EMPTY : args[1];
    if (is_empty(instance) && is_empty(owner))
        return kr_raise(kr_TypeError, "__get__(None, None) is invalid");
    return CALL(Ternary)(self, instance, owner);
}

WRAP(wrap_call)
{
    return ((Value(*)(Value, const Value *, size_t, Value))slot)(self, args, n, kwnames);
}

WRAP(wrap_init)
{
    return ((int (*)(Value, const Value *, size_t, Value))slot)(self, args, n, kwnames) < 0 ? EMPTY
                                                                                            : NONE;
}

WRAP(wrap_finalize)
{
    if (!arity(n, 0, 0)) return EMPTY;
    ((void (*)(Value))slot)(self);
    return NONE;
}

/* ---- The table --------------------------------------------------------------------- */

#define ROW(slot, name, wrap, generic, op, signature, doc) \
    {offsetof(KrSlots, slot), name, wrap, (KrAnyCode)(generic), op, signature, doc},
#define UN(slot, name, generic, doc) ROW(slot, name, wrap_unary, generic, 0, "($self, /)", doc)
#define BIN(op, lower, sign)                                                                       \
    ROW(binary[op], "__" #lower "__", wrap_binary, binary_##lower, op, "($self, value, /)",        \
        "Return self" sign "value.")                                                               \
    ROW(binary[op], "__r" #lower "__", wrap_reflected, binary_##lower, op, "($self, value, /)", \
        "Return value" sign "self.")
#define IN(op, lower, sign)                                                                        \
    ROW(inplace[op], "__i" #lower "__", wrap_binary, inplace_##lower, op, "($self, value, /)", \
        "Return self" sign "=value.")
#define CMP(op, name, sign)                                                                        \
    ROW(compare, name, wrap_compare, slot_compare, op, "($self, value, /)", \
        "Return self" sign "value.")

/* clang-format off */
static const SlotDef table[] = {
    UN(repr, "__repr__", slot_repr, "Return repr(self).")
    ROW(hash, "__hash__", wrap_hash, slot_hash, 0, "($self, /)", "Return hash(self).")
    ROW(call, "__call__", wrap_call, slot_call, 0, "($self, /, *args, **kwargs)",
        "Call self as a function.")
    UN(str, "__str__", slot_str, "Return str(self).")
    ROW(getattr, "__getattribute__", wrap_binary, slot_getattr, 0, "($self, name, /)",
        "Return getattr(self, name).")
    ROW(getattr, "__getattr__", NULL, slot_getattr, 0, NULL, "")
    ROW(setattr, "__setattr__", wrap_set_attr, slot_setattr, 0, "($self, name, value, /)",
        "Implement setattr(self, name, value).")
    ROW(setattr, "__delattr__", wrap_delete_attr, slot_setattr, 0, "($self, name, /)",
        "Implement delattr(self, name).")
    CMP(KR_LT, "__lt__", "<") CMP(KR_LE, "__le__", "<=") CMP(KR_EQ, "__eq__", "==")
    CMP(KR_NE, "__ne__", "!=") CMP(KR_GT, "__gt__", ">") CMP(KR_GE, "__ge__", ">=")
    UN(iter, "__iter__", slot_iter, "Implement iter(self).")
    ROW(next, "__next__", wrap_next, slot_next, 0, "($self, /)", "Implement next(self).")
    ROW(descr_get, "__get__", wrap_descr_get, slot_descr_get, 0, "($self, instance, owner=None, /)",
        "Return an attribute of instance, which is of type owner.")
    ROW(descr_set, "__set__", wrap_set_item, slot_descr_set, 0, "($self, instance, value, /)",
        "Set an attribute of instance to value.")
    ROW(descr_set, "__delete__", wrap_delete_item, slot_descr_set, 0, "($self, instance, /)",
        "Delete an attribute of instance.")
    ROW(init, "__init__", wrap_init, slot_init, 0, "($self, /, *args, **kwargs)",
        "Initialize self.  See help(type(self)) for accurate signature.")
    ROW(finalize, "__del__", wrap_finalize, slot_finalize, 0, NULL, "")
    UN(await, "__await__", slot_await, "Return an iterator to be used in await expression.")
    UN(aiter, "__aiter__", slot_aiter,
        "Return an awaitable, that resolves in asynchronous iterator.")
    UN(anext, "__anext__", slot_anext, "Return a value or raise StopAsyncIteration.")
    BIN(KR_ADD, add, "+") BIN(KR_SUB, sub, "-") BIN(KR_MUL, mul, "*") BIN(KR_MOD, mod, "%")
    ROW(binary[KR_DIVMOD], "__divmod__", wrap_binary, binary_divmod, KR_DIVMOD, "($self, value, /)",
        "Return divmod(self, value).")
    ROW(binary[KR_DIVMOD], "__rdivmod__", wrap_reflected, binary_divmod, KR_DIVMOD,
        "($self, value, /)",
        "Return divmod(value, self).")
    ROW(binary[KR_POW], "__pow__", wrap_pow, binary_pow, KR_POW, "($self, value, mod=None, /)",
        "Return pow(self, value, mod).")
    ROW(binary[KR_POW], "__rpow__", wrap_reflected_pow, binary_pow, KR_POW,
        "($self, value, mod=None, /)",
        "Return pow(value, self, mod).")
    ROW(power, "__pow__", NULL, slot_power, 0, NULL, "")
    UN(negative, "__neg__", slot_negative, "-self")
    UN(positive, "__pos__", slot_positive, "+self")
    UN(absolute, "__abs__", slot_absolute, "abs(self)")
    ROW(truth, "__bool__", wrap_truth, slot_truth, 0, "($self, /)", "True if self else False")
    UN(invert, "__invert__", slot_invert, "~self")
    BIN(KR_LSHIFT, lshift, "<<") BIN(KR_RSHIFT, rshift, ">>")
    BIN(KR_AND, and, "&") BIN(KR_XOR, xor, "^") BIN(KR_OR, or, "|")
    UN(to_int, "__int__", slot_to_int, "int(self)")
    UN(to_float, "__float__", slot_to_float, "float(self)")
    IN(KR_ADD, add, "+") IN(KR_SUB, sub, "-") IN(KR_MUL, mul, "*") IN(KR_MOD, mod, "%")
    IN(KR_POW, pow, "**")
    IN(KR_LSHIFT, lshift, "<<") IN(KR_RSHIFT, rshift, ">>") IN(KR_AND, and, "&")
    IN(KR_XOR, xor, "^")
    IN(KR_OR, or, "|")
    BIN(KR_FLOORDIV, floordiv, "//") BIN(KR_TRUEDIV, truediv, "/")
    IN(KR_FLOORDIV, floordiv, "//") IN(KR_TRUEDIV, truediv, "/")
    UN(index, "__index__", slot_index,
        "Return self converted to an integer, if self is suitable for use as an index "
       "into a list.")
    BIN(KR_MATMUL, matmul, "@") IN(KR_MATMUL, matmul, "@")
    ROW(length, "__len__", wrap_length, slot_length, 0, "($self, /)", "Return len(self).")
    ROW(getitem, "__getitem__", wrap_binary, slot_getitem, 0, "($self, key, /)",
        "Return self[key].")
    ROW(setitem, "__setitem__", wrap_set_item, slot_setitem, 0, "($self, key, value, /)",
        "Set self[key] to value.")
    ROW(setitem, "__delitem__", wrap_delete_item, slot_setitem, 0, "($self, key, /)",
        "Delete self[key].")
    ROW(contains, "__contains__", wrap_contains, slot_contains, 0, "($self, key, /)",
        "Return key in self.")
    ROW(concat, "__add__", wrap_binary, NULL, 0, "($self, value, /)", "Return self+value.")
    ROW(repeat, "__mul__", wrap_repeat, NULL, 0, "($self, value, /)", "Return self*value.")
    ROW(repeat, "__rmul__", wrap_repeat, NULL, 0, "($self, value, /)", "Return value*self.")
    ROW(inplace_concat, "__iadd__", wrap_binary, NULL, 0, "($self, value, /)",
        "Implement self+=value.")
    ROW(inplace_repeat, "__imul__", wrap_repeat, NULL, 0, "($self, value, /)",
        "Implement self*=value.")
};
/* clang-format on */
#define ROWS (sizeof table / sizeof *table)
static Value row_names[ROWS];
static Value new_name;

void kr_type_slots_init(void)
{
    for (size_t i = 0; i < ROWS; i++) row_names[i] = kr_intern(table[i].name);
    new_name = kr_intern("__new__");
    for (int op = 0; op < KR_BINARY_COUNT; op++)
        for (int form = 0; form < 3; form++)
            binary_values[op][form] = kr_intern(binary_names[op][form]);
    static const char *const compare_texts[6] = {"__lt__", "__le__", "__eq__",
                                                 "__ne__", "__gt__", "__ge__"};
    for (int op = 0; op < 6; op++) compare_names[op] = kr_intern(compare_texts[op]);
}

static inline KrAnyCode *slot_at(Type *type, size_t offset)
{
    return (KrAnyCode *)((char *)&type->slots + offset);
}

/* ---- Native types ------------------------------------------------------------------ */

void kr_type_slots_inherit(Type *type)
{
    Type *base = type->base;
    if (!base) return;
    bool own_compare = type->slots.compare, own_hash = type->slots.hash;
    Value (*own_make)(Type *, const Value *, size_t, Value) = type->slots.make;
    KrAnyCode *to = (KrAnyCode *)&type->slots, *from = (KrAnyCode *)&base->slots;
    for (size_t i = 0; i < sizeof(KrSlots) / sizeof(KrAnyCode); i++)
        if (!to[i]) to[i] = from[i];
    if (own_compare && !own_hash) type->slots.hash = kr_hash_not_implemented;
    if (type->kind.flags & KR_TYPE_ABSTRACT && !own_make) type->slots.make = NULL;
}

int kr_type_slots_publish(Type *type)
{
    const KrSlots *own = &type->spec->slots;
    for (size_t i = 0; i < ROWS; i++) {
        const SlotDef *def = &table[i];
        KrAnyCode code = *(const KrAnyCode *)((const char *)own + def->offset);
        if (!code || !def->wrap) continue;
        if (code == (KrAnyCode)kr_hash_not_implemented) continue;
        if (kr_dict_entry_of_name(dict_of(type->dict), row_names[i]) >= 0) continue;
        Value descriptor = kr_descriptor_wrapper(type, def, code);
        if (is_empty(descriptor) || kr_dict_set(type->dict, row_names[i], descriptor) < 0)
            return -1;
    }
    if (own->make) {
        Value new_method = kr_function_new(&kr_type_new_entry, from_object(type), EMPTY);
        if (is_empty(new_method) || kr_dict_set(type->dict, new_name, new_method) < 0) return -1;
    }
    if (type->slots.hash == kr_hash_not_implemented &&
        kr_dict_entry_of_name(dict_of(type->dict), KR_NAME("__hash__")) < 0)
        return kr_dict_set(type->dict, KR_NAME("__hash__"), NONE);
    return 0;
}

/* ---- Classes ----------------------------------------------------------------------- */

/* Along the MRO, without the method cache, which one class statement would sweep clean. */
static Value find_in_mro(Type *type, Value name)
{
    Tuple *mro = tuple_of(type->mro);
    for (size_t i = 0; i < mro->size; i++) {
        Type *t = object_of(mro->items[i]);
        int64_t entry = kr_dict_entry_of_name(dict_of(t->dict), name);
        if (entry >= 0) return dict_of(t->dict)->entries[entry].value;
    }
    return EMPTY;
}

/* Sets the slot that rows [first, end) stand for. */
static void update_slot(Type *type, size_t first, size_t end)
{
    size_t offset = table[first].offset;
    KrAnyCode specific = NULL, generic = NULL;
    for (size_t i = first; i < end; i++) {
        Value found = find_in_mro(type, row_names[i]);
        if (is_empty(found)) continue;
        if (is_exact(found, &kr_wrapper_descriptor_type)) {
            WrapperDescriptor *descriptor = object_of(found);
            if (same(descriptor->name, row_names[i]) && kr_is_subtype(type, descriptor->owner)) {
                KrAnyCode code = *slot_at(descriptor->owner, offset);
                if (!code) continue; /* the name stands for another slot of that type */
                if (!specific || specific == code) {
                    specific = code;
                    continue;
                }
            }
        } else if (is_none(found) && offset == offsetof(KrSlots, hash)) {
            specific = (KrAnyCode)kr_hash_not_implemented;
            continue;
        }
        generic = table[i].generic;
        if (!generic) specific = NULL;
    }
    *slot_at(type, offset) = generic ? generic : specific;
}

static void update_make(Type *type)
{
    Value found = find_in_mro(type, new_name);
    bool native = is_exact(found, &kr_builtin_type) &&
                  ((Builtin *)object_of(found))->entry == &kr_type_new_entry;
    type->slots.make = native ? type->base->slots.make : kr_type_slots_make;
}

static void update_traits(Type *type)
{
    uint32_t traits = type->traits &
                      ~(uint32_t)(TYPE_GENERIC_GETATTR | TYPE_GENERIC_SETATTR | TYPE_HAS_FINALIZER);
    if (type->slots.getattr == kr_object_getattr) traits |= TYPE_GENERIC_GETATTR;
    if (type->slots.setattr == kr_object_setattr) traits |= TYPE_GENERIC_SETATTR;
    if (type->slots.finalize) traits |= TYPE_HAS_FINALIZER;
    type->traits = traits;
}

/* Every store to a class attribute asks. */
bool kr_type_slots_is_name(Value name)
{
    const Str *s = str_of(name);
    if (s->length < 5 || str_at(s, 0) != '_' || str_at(s, 1) != '_') return false;
    if (same(name, new_name)) return true;
    for (size_t i = 0; i < ROWS; i++)
        if (same(name, row_names[i])) return true;
    return false;
}

void kr_type_slots_update(Type *type, Value name)
{
    for (size_t first = 0, end; first < ROWS; first = end) {
        bool wanted = is_empty(name);
        for (end = first; end < ROWS && table[end].offset == table[first].offset; end++)
            wanted |= same(name, row_names[end]);
        if (wanted) update_slot(type, first, end);
    }
    if (is_empty(name) || same(name, new_name)) update_make(type);
    if (is_empty(name)) {
        type->slots.buffer = type->base->slots.buffer;
        type->slots.buffer_release = type->base->slots.buffer_release;
        type->slots.array = type->base->slots.array;
    }
    update_traits(type);
}

/* ---- __new__ of native types ------------------------------------------------------- */

static Value call_native_new(const Value *args, size_t n, Value kwnames)
{
    Type *owner = object_of(args[0]);
    if (n < 2)
        return kr_raise(kr_TypeError, "%s.__new__(): not enough arguments", owner->kind.name);
    if (!is_type(args[1]))
        return kr_raise(kr_TypeError, "%s.__new__(X): X is not a type object (%T)",
                        owner->kind.name, args[1]);
    Type *type = object_of(args[1]);
    if (!kr_is_subtype(type, owner))
        return kr_raise(kr_TypeError, "%s.__new__(%s): %s is not a subtype of %s", owner->kind.name,
                        type->kind.name, type->kind.name, owner->kind.name);
    Type *native = type;
    while (native && native->slots.make == kr_type_slots_make) native = native->base;
    if (native && native->slots.make && native->slots.make != owner->slots.make)
        return kr_raise(kr_TypeError, "%s.__new__(%s) is not safe, use %s.__new__()",
                        owner->kind.name, type->kind.name, native->kind.name);
    return owner->slots.make(type, args + 2, n - 2, kwnames);
}

const KrFunction kr_type_new_entry = {
    "__new__",
    "($type, *args, **kwargs)",
    (KrAnyCode)call_native_new,
    "Create and return a new object.  See help(type) for accurate signature.",
    KR_KIND_RAW,
    NULL,
};
