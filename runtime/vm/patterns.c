/* patterns.c: what the match statement asks of subjects. */
#include "runtime/vm/interpreter.h"

Value kr_patterns_keys(Value subject, Value keys)
{
    const Tuple *wanted = tuple_of(keys);
    Tuple *values = kr_tuple_alloc(wanted->size);
    if (!values) return EMPTY;
    Value seen = kr_set(EMPTY), get = EMPTY, absent = from_object(values);
    if (is_empty(seen)) return EMPTY;
    if (!is_exact(subject, &kr_dict_type) && is_empty(get = kr_getattr(subject, KR_NAME("get"))))
        return EMPTY;
    for (size_t i = 0; i < wanted->size; i++) {
        Value key = wanted->items[i];
        int duplicate = kr_set_contains(seen, key);
        if (duplicate < 0) return EMPTY;
        if (duplicate)
            return kr_raise(kr_ValueError, "mapping pattern checks duplicate key (%R)", key);
        if (kr_set_add(seen, key) < 0) return EMPTY;
        Value value = is_empty(get) ? kr_dict_find(subject, key) : kr_call2(get, key, absent);
        if (is_empty(value)) return kr_raised() ? EMPTY : NONE;
        if (same(value, absent)) return NONE;
        values->items[i] = value;
    }
    return from_object(values);
}

/* Types whose single positional pattern captures the subject itself. */
static bool matches_self(const Type *type)
{
    return type->traits & (TYPE_IS_INT | TYPE_IS_STR | TYPE_IS_BYTES | TYPE_IS_TUPLE |
                           TYPE_IS_LIST | TYPE_IS_DICT | TYPE_IS_FLOAT | TYPE_IS_SET) ||
           kr_is_subtype(type, &kr_bytearray_type);
}

/* One attribute into values[*count]. 1; 0 absent; -1 raised. */
static int take_attribute(Value subject, Type *type, Value name, Value seen, Tuple *values,
                          size_t *count)
{
    int duplicate = kr_set_contains(seen, name);
    if (duplicate < 0) return -1;
    if (duplicate) {
        kr_raise(kr_TypeError, "%N() got multiple sub-patterns for attribute %R", type, name);
        return -1;
    }
    if (kr_set_add(seen, name) < 0) return -1;
    Value value = kr_find_attr(subject, name);
    if (is_empty(value)) return kr_raised() ? -1 : 0;
    values->items[(*count)++] = value;
    return 1;
}

Value kr_patterns_class(Value subject, Value class, size_t positional, Value names)
{
    if (!is_type(class)) return kr_raise(kr_TypeError, "called match pattern must be a type");
    Type *type = object_of(class);
    int matches = kr_isinstance(subject, class);
    if (matches <= 0) return matches < 0 ? EMPTY : NONE;
    size_t keywords = is_empty(names) ? 0 : tuple_of(names)->size, count = 0;
    Tuple *values = kr_tuple_alloc(positional + keywords);
    Value seen = kr_set(EMPTY);
    if (!values || is_empty(seen)) return EMPTY;
    if (positional) {
        Value match_args = kr_find_attr(class, KR_NAME("__match_args__"));
        if (is_empty(match_args) && kr_raised()) return EMPTY;
        bool self = is_empty(match_args) && matches_self(type);
        if (!is_empty(match_args) && !is_exact(match_args, &kr_tuple_type))
            return kr_raise(kr_TypeError, "%N.__match_args__ must be a tuple (got %T)", type,
                            match_args);
        size_t allowed = self ? 1 : is_empty(match_args) ? 0 : tuple_of(match_args)->size;
        if (allowed < positional)
            return kr_raise(kr_TypeError, "%N() accepts %zu positional sub-pattern%s (%zu given)",
                            type, allowed, allowed == 1 ? "" : "s", positional);
        if (self) {
            values->items[count++] = subject;
        } else {
            for (size_t i = 0; i < positional; i++) {
                Value name = tuple_of(match_args)->items[i];
                if (!is_exact(name, &kr_str_type))
                    return kr_raise(kr_TypeError,
                                    "__match_args__ elements must be strings (got %T)", name);
                int status = take_attribute(subject, type, name, seen, values, &count);
                if (status <= 0) return status < 0 ? EMPTY : NONE;
            }
        }
    }
    for (size_t i = 0; i < keywords; i++) {
        int status = take_attribute(subject, type, tuple_of(names)->items[i], seen, values, &count);
        if (status <= 0) return status < 0 ? EMPTY : NONE;
    }
    return from_object(values);
}

Value kr_patterns_rest(Value mapping, Value keys)
{
    Value rest = kr_dict();
    if (is_empty(rest) || kr_dict_update(rest, mapping) < 0) return EMPTY;
    for (size_t i = 0; i < tuple_of(keys)->size; i++)
        if (kr_dict_delete(rest, tuple_of(keys)->items[i]) < 0) return EMPTY;
    return rest;
}
