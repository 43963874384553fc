/* object.c: the object protocol: attributes, comparison, hashing, text, items, iteration, class
 * tests. Arithmetic is operators.c's, calls are call.c's.
 * Every function here dispatches through the slots of the object's type and words the error
 * when the slot is absent. Slots of Python classes call back into the interpreter, so any of
 * these may run any code. */
#include "runtime/objects/object.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/function.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/module.h"
#include "runtime/objects/format.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

uint32_t kr_recursion_limit = 1000;
Value (*kr_hook_locals)(void);
int (*kr_hook_super)(Value *class, Value *self);
Value (*kr_hook_globals)(void);
bool (*kr_hook_is_loading)(Value name);
Value (*kr_hook_module_missing)(Value module, Value name);

/* ---- Attributes -------------------------------------------------------------------- */

/* EMPTY without exception when absent; `name` is interned. */
static Value generic_find(Value self, Type *type, Value name)
{
    Value descriptor = kr_type_lookup(type, name);
    Type *kind = NULL;
    if (!is_empty(descriptor)) {
        kind = type_of(descriptor);
        if (kind->slots.descr_set && kind->slots.descr_get)
            return kind->slots.descr_get(descriptor, self, from_object(type));
    }
    if (is_object(self) && (type->attrs_offset || type->traits & TYPE_OWN_DICT)) {
        Value found = kr_attrs_find(object_of(self), name);
        if (!is_empty(found)) return found;
    }
    if (!kind) return EMPTY;
    return kind->slots.descr_get ? kind->slots.descr_get(descriptor, self, from_object(type))
                                 : descriptor;
}

static inline bool is_interned(Value name)
{
    return is_exact(name, &kr_str_type) && str_of(name)->interned;
}

Value kr_object_getattr(Value self, Value name)
{
    if (!is_interned(name) && is_empty(name = kr_type_name_key(name))) return EMPTY;
    Value found = generic_find(self, type_of(self), name);
    if (!is_empty(found) || kr_raised()) return found;
    return kr_raise_attribute(self, name, "'%T' object has no attribute '%U'", self, name);
}

Value kr_object_find_attr(Value self, Value name)
{
    if (!is_interned(name) && is_empty(name = kr_type_name_key(name))) return EMPTY;
    Value found = generic_find(self, type_of(self), name);
    if (is_empty(found) && kr_raised_is(kr_AttributeError)) kr_clear_exception();
    return found;
}

int kr_object_setattr(Value self, Value name, Value value)
{
    if (!is_interned(name) && is_empty(name = kr_type_name_key(name))) return -1;
    Type *type = type_of(self);
    Value descriptor = kr_type_lookup(type, name);
    if (!is_empty(descriptor) && type_of(descriptor)->slots.descr_set)
        return type_of(descriptor)->slots.descr_set(descriptor, self, value);
    if (is_object(self) && (type->attrs_offset || type->traits & TYPE_OWN_DICT)) {
        if (!is_empty(value)) return kr_attrs_set(object_of(self), name, value);
        int deleted = kr_attrs_delete(object_of(self), name);
        if (deleted < 0) return -1;
        if (deleted) return 0;
        kr_raise_attribute(self, name, "'%T' object has no attribute '%U'", self, name);
        return -1;
    }
    if (is_empty(descriptor))
        kr_raise_attribute(self, name, "'%T' object has no attribute '%U'", self, name);
    else
        kr_raise_attribute(self, name, "'%T' object attribute '%U' is read-only", self, name);
    return -1;
}

Value kr_getattr(Value v, Value name) { return type_of(v)->slots.getattr(v, name); }
Value kr_getattr_ascii(Value v, const char *name) { return kr_getattr(v, kr_intern(name)); }

Value kr_find_attr(Value v, Value name)
{
    Type *type = type_of(v);
    if (type->slots.getattr == kr_object_getattr) return kr_object_find_attr(v, name);
    if (type->slots.getattr == kr_type_getattr) return kr_type_find_attr(v, name);
    Value found = type->slots.getattr(v, name);
    if (is_empty(found) && kr_raised_is(kr_AttributeError)) kr_clear_exception();
    return found;
}

Value kr_find_special(Value v, Value name) { return kr_type_resolve(type_of(v), name, v); }

Value kr_object_find_method(Value v, Value name, bool *self_first)
{
    Value found = kr_type_lookup(type_of(v), name);
    *self_first = false;
    if (is_empty(found)) return EMPTY;
    Type *kind = type_of(found);
    if (kind->kind.flags & KR_TYPE_METHOD) {
        *self_first = true;
        return found;
    }
    return kind->slots.descr_get ? kind->slots.descr_get(found, v, from_object(type_of(v))) : found;
}

int kr_setattr(Value v, Value name, Value value)
{
    if (!is_str(name)) {
        kr_raise(kr_TypeError, "attribute name must be string, not '%T'", name);
        return -1;
    }
    return type_of(v)->slots.setattr(v, name, value);
}
int kr_setattr_ascii(Value v, const char *name, Value value)
{
    return kr_setattr(v, kr_intern(name), value);
}
int kr_delattr(Value v, Value name) { return kr_setattr(v, name, EMPTY); }

/* ---- Comparison and hashing -------------------------------------------------------- */

static const int mirrored[6] = {KR_GT, KR_GE, KR_EQ, KR_NE, KR_LT, KR_LE};

Value kr_compare(Value a, Value b, int op)
{
    static const char *const signs[6] = {"<", "<=", "==", "!=", ">", ">="};
    if (thread_stack_low())
        return kr_raise(kr_RecursionError, "maximum recursion depth exceeded in comparison");
    Type *ta = type_of(a), *tb = type_of(b);
    bool reflected_first = ta != tb && tb->slots.compare && kr_is_subtype(tb, ta);
    if (reflected_first) {
        Value result = tb->slots.compare(b, a, mirrored[op]);
        if (!is_not_implemented(result)) return result;
    }
    if (ta->slots.compare) {
        Value result = ta->slots.compare(a, b, op);
        if (!is_not_implemented(result)) return result;
    }
    if (!reflected_first && tb->slots.compare) {
        Value result = tb->slots.compare(b, a, mirrored[op]);
        if (!is_not_implemented(result)) return result;
    }
    if (op == KR_EQ) return from_bool(same(a, b));
    if (op == KR_NE) return from_bool(!same(a, b));
    return kr_raise(kr_TypeError, "'%s' not supported between instances of '%T' and '%T'",
                    signs[op], a, b);
}

int kr_compare_truth(Value a, Value b, int op)
{
    if (both_int(a, b)) return kr_order_holds((int_of(a) > int_of(b)) - (int_of(a) < int_of(b)), op);
    if (same(a, b)) {
        if (op == KR_EQ) return 1;
        if (op == KR_NE) return 0;
    }
    Value result = kr_compare(a, b, op);
    if (is_bool(result)) return is_true(result);
    return is_empty(result) ? -1 : kr_truth(result);
}

int kr_equal(Value a, Value b) { return kr_compare_truth(a, b, KR_EQ); }

int kr_truth(Value v)
{
    if (is_bool(v)) return is_true(v);
    if (is_none(v)) return 0;
    if (is_int(v)) return int_of(v) != 0;
    Type *type = type_of(v);
    if (type->slots.truth) return type->slots.truth(v);
    if (type->slots.length) {
        int64_t length = type->slots.length(v);
        return length < 0 ? -1 : length > 0;
    }
    return 1;
}

int64_t kr_hash(Value v)
{
    int64_t (*hash)(Value) = type_of(v)->slots.hash;
    if (thread_stack_low()) {
        kr_raise(kr_RecursionError, "maximum recursion depth exceeded while hashing");
        return -1;
    }
    return hash ? hash(v) : kr_hash_not_implemented(v);
}

/* ---- Text -------------------------------------------------------------------------- */

Value kr_object_default_repr(Value self)
{
    Value module = kr_type_module(type_of(self));
    if (is_empty(module) && kr_raised()) return EMPTY;
    void *address = (void *)(uintptr_t)self.bits;
    if (is_empty(module) || !is_str(module) || kr_str_equal_ascii(module, "builtins"))
        return kr_str_format("<%T object at %p>", self, address);
    return kr_str_format("<%U.%U object at %p>", module, type_of(self)->qualname, address);
}

static Value checked_str(Value text, const char *method)
{
    if (is_empty(text) || is_str(text)) return text;
    return kr_raise(kr_TypeError, "%s returned non-string (type %T)", method, text);
}

Value kr_repr(Value v)
{
    Value (*repr)(Value) = type_of(v)->slots.repr;
    if (!repr) return kr_object_default_repr(v);
    if (kr_enter_recursion(" while getting the repr of an object") < 0) return EMPTY;
    Value text = checked_str(repr(v), "__repr__");
    kr_leave_recursion();
    return text;
}

Value kr_to_str(Value v)
{
    if (is_exact(v, &kr_str_type)) return v;
    Value (*str)(Value) = type_of(v)->slots.str;
    if (!str) return kr_repr(v);
    if (kr_enter_recursion(" while getting the str of an object") < 0) return EMPTY;
    Value text = checked_str(str(v), "__str__");
    kr_leave_recursion();
    return text;
}

Value kr_ascii(Value v)
{
    Value text = kr_repr(v);
    if (is_empty(text) || str_of(text)->ascii) return text;
    KrText out;
    kr_text_init(&out);
    Str *s = str_of(text);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (c < 128)
            kr_text_add_char(&out, c);
        else
            kr_text_add_format(&out,
                               c < 0x100     ? "\\x%02x"
                               : c < 0x10000 ? "\\u%04x"
                                             : "\\U%08x",
                               c);
    }
    return kr_text_finish(&out);
}

Value kr_format(Value v, Value spec)
{
    if (is_empty(spec) || (is_str(spec) && str_of(spec)->length == 0)) {
        if (is_exact(v, &kr_str_type)) return v;
        if (is_int(v)) return kr_to_str(v);
        spec = KR_NAME("");
    }
    if (!is_str(spec))
        return kr_raise(kr_SystemError, "Format specifier must be a string, not %T", spec);
    if (kr_is_int_exact(v)) return kr_format_int(v, spec);
    if (is_float(v)) return kr_format_float(v, float_of(v), spec);
    if (is_exact(v, &kr_str_type)) return kr_format_str(v, spec);
    Value method = kr_find_special(v, KR_NAME("__format__"));
    if (is_empty(method)) {
        if (kr_raised()) return EMPTY;
        return kr_raise(kr_TypeError, "Type %T doesn't define __format__", v);
    }
    Value text = kr_call1(method, spec);
    if (is_empty(text) || is_str(text)) return text;
    return kr_raise(kr_TypeError, "__format__ must return a str, not %T", text);
}

/* ---- Items ------------------------------------------------------------------------- */

int64_t kr_length(Value v)
{
    int64_t (*length)(Value) = type_of(v)->slots.length;
    if (length) return length(v);
    kr_raise(kr_TypeError, "object of type '%T' has no len()", v);
    return -1;
}

int64_t kr_length_hint(Value v, int64_t fallback)
{
    if (type_of(v)->slots.length) {
        int64_t length = type_of(v)->slots.length(v);
        if (length >= 0) return length;
        if (!kr_raised_is(kr_TypeError)) return -1;
        kr_clear_exception();
    }
    Value method = kr_find_special(v, KR_NAME("__length_hint__"));
    if (is_empty(method)) return kr_raised() ? -1 : fallback;
    Value result = kr_call0(method);
    if (is_empty(result)) {
        if (!kr_raised_is(kr_TypeError)) return -1;
        kr_clear_exception();
        return fallback;
    }
    if (is_not_implemented(result)) return fallback;
    if (!kr_is_int(result)) {
        kr_raise(kr_TypeError, "__length_hint__ must be an integer, not %T", result);
        return -1;
    }
    int64_t hint;
    if (kr_to_int64(result, &hint) < 0) return -1;
    if (hint >= 0) return hint;
    kr_raise(kr_ValueError, "__length_hint__() should return >= 0");
    return -1;
}

Value kr_getitem(Value v, Value key)
{
    Type *type = type_of(v);
    if (type->slots.getitem) return type->slots.getitem(v, key);
    if (!(type->traits & TYPE_IS_TYPE))
        return kr_raise(kr_TypeError, "'%T' object is not subscriptable", v);
    if (object_of(v) == &kr_type_type) return kr_call2(from_object(&kr_generic_alias_type), v, key);
    Value method = kr_find_attr(v, KR_NAME("__class_getitem__"));
    if (!is_empty(method) && !is_none(method)) return kr_call1(method, key);
    if (kr_raised()) return EMPTY;
    return kr_raise(kr_TypeError, "type '%N' is not subscriptable", object_of(v));
}

int kr_setitem(Value v, Value key, Value item)
{
    int (*slot)(Value, Value, Value) = type_of(v)->slots.setitem;
    if (slot) return slot(v, key, item);
    kr_raise(kr_TypeError, "'%T' object does not support item assignment", v);
    return -1;
}

int kr_delitem(Value v, Value key)
{
    int (*slot)(Value, Value, Value) = type_of(v)->slots.setitem;
    if (slot) return slot(v, key, EMPTY);
    /* CPython words it as a sequence's for classes and sequences with a number for key. */
    bool sequence = (type_of(v)->slots.length || (type_of(v)->traits & TYPE_HEAP)) && kr_has_index(key);
    kr_raise(kr_TypeError, sequence ? "'%T' object doesn't support item deletion"
                                    : "'%T' object does not support item deletion", v);
    return -1;
}

int kr_contains(Value container, Value item)
{
    Type *type = type_of(container);
    if (type->slots.contains) return type->slots.contains(container, item);
    Value iterator = kr_iter(container);
    if (is_empty(iterator)) {
        if (!kr_raised_is(kr_TypeError)) return -1;
        if (type->slots.iter) return -1;
        kr_clear_exception();
        kr_raise(kr_TypeError, "argument of type '%T' is not iterable", container);
        return -1;
    }
    for (;;) {
        Value next = kr_next(iterator);
        if (is_empty(next)) return kr_raised() ? -1 : 0;
        int equal = kr_equal(next, item);
        if (equal) return equal;
    }
}

/* ---- Iteration --------------------------------------------------------------------- */

bool kr_is_iterator(Value v) { return type_of(v)->slots.next != NULL; }

Value kr_iter(Value v)
{
    Type *type = type_of(v);
    if (type->slots.iter) {
        Value iterator = type->slots.iter(v);
        if (is_empty(iterator) || type_of(iterator)->slots.next) return iterator;
        return kr_raise(kr_TypeError, "iter() returned non-iterator of type '%T'", iterator);
    }
    bool sequence = type->slots.getitem && !(type->traits & TYPE_IS_DICT) &&
                    (type->traits & TYPE_HEAP || type->kind.flags & KR_TYPE_SEQUENCE);
    if (sequence) return kr_iterators_new_sequence(v);
    return kr_raise(kr_TypeError, "'%T' object is not iterable", v);
}

Value kr_next(Value iterator)
{
    Value (*next)(Value) = type_of(iterator)->slots.next;
    if (!next) return kr_raise(kr_TypeError, "'%T' object is not an iterator", iterator);
    if (thread_stack_low())
        return kr_raise(kr_RecursionError, "maximum recursion depth exceeded in an iterator");
    Value item = next(iterator);
    if (is_empty(item) && kr_raised() && kr_raised_is(kr_StopIteration)) kr_clear_exception();
    return item;
}

Value kr_object_next_or_result(Value iterator, Value *result)
{
    Type *type = type_of(iterator);
    *result = NONE;
    if (!type->slots.next)
        return kr_raise(kr_TypeError, "'%T' object is not an iterator", iterator);
    Value item;
    if (type->traits & TYPE_HEAP) {
        Value method = kr_find_special(iterator, KR_NAME("__next__"));
        item = is_empty(method) ? EMPTY : kr_call0(method);
    } else {
        item = type->slots.next(iterator);
    }
    if (is_empty(item) && kr_raised_is(kr_StopIteration)) {
        Value stop = kr_take_exception();
        *result = exception_of(stop)->fields[0];
        if (is_empty(*result)) *result = NONE;
    }
    return item;
}

/* ---- Class tests ------------------------------------------------------------------- */

/* __bases__ of a thing that is no type: a tuple, or EMPTY (an exception may be set). */
static Value find_bases(Value class)
{
    Value bases = kr_find_attr(class, KR_NAME("__bases__"));
    return !is_empty(bases) && is_tuple(bases) ? bases : EMPTY;
}

static int check_class(Value class, const char *error)
{
    if (is_type(class) || !is_empty(find_bases(class))) return 0;
    if (!kr_raised()) kr_raise(kr_TypeError, "%s", error);
    return -1;
}

static int derives_by_bases(Value derived, Value class)
{
    for (;;) {
        if (same(derived, class)) return 1;
        Value bases = find_bases(derived);
        if (is_empty(bases)) return kr_raised() ? -1 : 0;
        size_t n = tuple_of(bases)->size;
        if (n == 0) return 0;
        if (n == 1) {
            derived = tuple_of(bases)->items[0];
            continue;
        }
        if (kr_enter_recursion(" in __subclasscheck__") < 0) return -1;
        int result = 0;
        for (size_t i = 0; i < n && !result; i++)
            result = derives_by_bases(tuple_of(bases)->items[i], class);
        kr_leave_recursion();
        return result;
    }
}

/* v.__class__ is type(v), as it is unless a class defines __class__ or its own attribute access. */
static bool has_plain_class(Type *type)
{
    static Value plain;
    static uint64_t seen; /* the last version that passed */
    if (type->version == seen) return true;
    if (type->slots.getattr != kr_object_getattr) return false;
    Value name = KR_NAME("__class__");
    if (is_empty(plain)) plain = kr_type_lookup(&kr_object_type, name);
    if (!same(kr_type_lookup(type, name), plain)) return false;
    seen = type->version;
    return true;
}

int kr_object_isinstance(Value v, Value class)
{
    if (is_type(class)) {
        if (kr_is_subtype(type_of(v), object_of(class))) return 1;
        if (has_plain_class(type_of(v))) return 0;
        Value claimed = kr_find_attr(v, KR_NAME("__class__"));
        if (is_empty(claimed)) return kr_raised() ? -1 : 0;
        return is_type(claimed) && object_of(claimed) != type_of(v) &&
               kr_is_subtype(object_of(claimed), object_of(class));
    }
    if (check_class(class, "isinstance() arg 2 must be a type, a tuple of types, or a union") < 0)
        return -1;
    Value claimed = kr_find_attr(v, KR_NAME("__class__"));
    if (is_empty(claimed)) return kr_raised() ? -1 : 0;
    return derives_by_bases(claimed, class);
}

int kr_object_issubclass(Value derived, Value class)
{
    if (is_type(class) && is_type(derived))
        return kr_is_subtype(object_of(derived), object_of(class));
    if (check_class(derived, "issubclass() arg 1 must be a class") < 0) return -1;
    if (!kr_is_a(class, &kr_union_type) &&
        check_class(class, "issubclass() arg 2 must be a class, a tuple of classes, or a union") <
            0)
        return -1;
    return derives_by_bases(derived, class);
}

/* Asks the class's metaclass through the method `name`, or decides by `decide`. */
static int ask_class(Value v, Value class, Value name, const char *where,
                     int (*decide)(Value, Value))
{
    if (is_exact(class, &kr_type_type)) return decide(v, class);
    if (is_tuple(class)) {
        if (kr_enter_recursion(where) < 0) return -1;
        int result = 0;
        for (size_t i = 0; i < tuple_of(class)->size && !result; i++) {
            Value item = tuple_of(class)->items[i];
            result = is_exact(item, &kr_type_type) ? decide(v, item)
                                                   : ask_class(v, item, name, where, decide);
        }
        kr_leave_recursion();
        return result;
    }
    Value method = kr_find_special(class, name);
    if (is_empty(method)) return kr_raised() ? -1 : decide(v, class);
    if (kr_enter_recursion(where) < 0) return -1;
    Value answer = kr_call1(method, v);
    kr_leave_recursion();
    return is_empty(answer) ? -1 : kr_truth(answer);
}

int kr_isinstance(Value v, Value class)
{
    if (is_object(class) && object_of(class) == type_of(v)) return 1;
    return ask_class(v, class, KR_NAME("__instancecheck__"), " in __instancecheck__",
                     kr_object_isinstance);
}

int kr_issubclass(Value v, Value class)
{
    if (is_exact(class, &kr_type_type) && same(v, class)) return 1;
    return ask_class(v, class, KR_NAME("__subclasscheck__"), " in __subclasscheck__",
                     kr_object_issubclass);
}

/* ---- dir() ------------------------------------------------------------------------- */

int kr_object_merge_class_dict(Value names, Value class)
{
    Value dict = kr_find_attr(class, KR_NAME("__dict__"));
    if (is_empty(dict)) {
        if (kr_raised()) return -1;
    } else if (kr_dict_update(names, dict) < 0) {
        return -1;
    }
    Value bases = find_bases(class);
    if (is_empty(bases)) return kr_raised() ? -1 : 0;
    for (size_t i = 0; i < tuple_of(bases)->size; i++)
        if (kr_object_merge_class_dict(names, tuple_of(bases)->items[i]) < 0) return -1;
    return 0;
}

Value kr_dir(Value v)
{
    Value names;
    if (is_empty(v)) {
        Value locals = kr_hook_locals ? kr_hook_locals() : EMPTY;
        if (is_empty(locals))
            return kr_raised() ? EMPTY : kr_raise(kr_SystemError, "frame does not exist");
        names = kr_call_method0(locals, "keys");
    } else {
        Value method = kr_find_special(v, KR_NAME("__dir__"));
        if (is_empty(method))
            return kr_raised() ? EMPTY : kr_raise(kr_TypeError, "object does not provide __dir__");
        names = kr_call0(method);
    }
    if (is_empty(names)) return EMPTY;
    Value list = kr_list_from(names);
    return is_empty(list) || kr_list_sort(list, EMPTY, false) < 0 ? EMPTY : list;
}
