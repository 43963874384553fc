/* call.c: calling any object from C, with the argument shuffling that entails. */
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/object.h"
#include "runtime/objects/tuple.h"

#define ON_STACK 64 /* arguments that are copied to the C stack; more go to the heap */

bool kr_is_callable(Value v) { return type_of(v)->slots.call != NULL; }

Value kr_call(Value callable, const Value *args, size_t n, Value kwnames)
{
    Value (*call)(Value, const Value *, size_t, Value) = type_of(callable)->slots.call;
    if (!call) return kr_raise(kr_TypeError, "'%T' object is not callable", callable);
    if (__builtin_expect(thread_stack_low(), 0))
        return kr_raise(kr_RecursionError,
                        "maximum recursion depth exceeded while calling a Python object");
    return call(callable, args, n, kwnames);
}

Value kr_call0(Value callable) { return kr_call(callable, NULL, 0, EMPTY); }
Value kr_call1(Value callable, Value a) { return kr_call(callable, &a, 1, EMPTY); }

Value kr_call2(Value callable, Value a, Value b)
{
    Value args[] = {a, b};
    return kr_call(callable, args, 2, EMPTY);
}

Value kr_call3(Value callable, Value a, Value b, Value c)
{
    Value args[] = {a, b, c};
    return kr_call(callable, args, 3, EMPTY);
}

Value kr_call_with_first(Value f, Value first, const Value *args, size_t n, Value kwnames)
{
    size_t total = n + 1 + (is_empty(kwnames) ? 0 : tuple_of(kwnames)->size);
    Value local[ON_STACK], *copy = local;
    if (total > ON_STACK && !(copy = kr_heap_values(total))) return EMPTY;
    copy[0] = first;
    if (total > 1) memcpy(copy + 1, args, (total - 1) * sizeof(Value));
    return kr_call(f, copy, n + 1, kwnames);
}

static Value raise_bad_keyword(Value callable, Value key)
{
    (void)callable;
    return kr_raise(kr_TypeError, "keywords must be strings, not '%T'", key);
}

Value kr_call_tuple(Value callable, Value args, Value kwargs)
{
    size_t n = tuple_of(args)->size, keywords = is_empty(kwargs) ? 0 : kr_dict_size(kwargs);
    if (!keywords) return kr_call(callable, tuple_of(args)->items, n, EMPTY);
    Value local[ON_STACK], *copy = local;
    if (n + keywords > ON_STACK && !(copy = kr_heap_values(n + keywords))) return EMPTY;
    memcpy(copy, tuple_of(args)->items, n * sizeof(Value));
    Tuple *names = kr_tuple_alloc(keywords);
    if (!names) return EMPTY;
    size_t position = 0, i = 0;
    Value key, value;
    while (i < keywords && kr_dict_next(kwargs, &position, &key, &value)) {
        if (!is_str(key)) return raise_bad_keyword(callable, key);
        names->items[i] = key;
        copy[n + i++] = value;
    }
    return kr_call(callable, copy, n, from_object(names));
}

Value kr_call_method(Value v, Value name, const Value *args, size_t n)
{
    Type *type = type_of(v);
    /* without a bound method where the class's function is what attribute access would bind */
    if (type->slots.getattr == kr_object_getattr) {
        Value f = kr_type_lookup(type, name);
        if (!is_empty(f) && type_of(f)->kind.flags & KR_TYPE_METHOD &&
            (!is_object(v) || !(type->attrs_offset || type->traits & TYPE_OWN_DICT) ||
             is_empty(kr_attrs_find(object_of(v), kr_type_name_key(name)))))
            return kr_call_with_first(f, v, args, n, EMPTY);
    }
    Value f = kr_getattr(v, name);
    return is_empty(f) ? EMPTY : kr_call(f, args, n, EMPTY);
}

Value kr_call_method0(Value v, const char *name)
{
    return kr_call_method(v, kr_intern(name), NULL, 0);
}
Value kr_call_method1(Value v, const char *name, Value a)
{
    return kr_call_method(v, kr_intern(name), &a, 1);
}
