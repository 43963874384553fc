/* building.c: the slow halves of unpacking and of building containers, strings and functions. */
#include "runtime/objects/bytes.h"
#include "runtime/objects/list.h"
#include "runtime/objects/slice.h"
#include "runtime/objects/str.h"
#include "runtime/vm/interpreter.h"

/* ---- Unpacking ---- */

static Value iterator_for_unpacking(Value v)
{
    Value iterator = kr_iter(v);
    if (!is_empty(iterator)) return iterator;
    const Type *type = type_of(v);
    if (kr_raised_is(kr_TypeError) && !type->slots.iter && !type->slots.getitem)
        return kr_raise(kr_TypeError, "cannot unpack non-iterable %T object", v);
    return EMPTY;
}

/* The first n items; how many there were on a shortage, -1 raised. */
static int64_t take_items(Value iterator, Value *registers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Value item = kr_next(iterator);
        if (is_empty(item)) return kr_raised() ? -1 : (int64_t)i;
        registers[i] = item;
    }
    return (int64_t)n;
}

int kr_building_unpack(Value v, Value *registers, size_t n)
{
    Value iterator = iterator_for_unpacking(v);
    if (is_empty(iterator)) return -1;
    Value local[16], *items = n <= 16 ? local : kr_heap_values(n);
    if (!items) return -1;
    int64_t got = take_items(iterator, items, n);
    if (got < 0) return -1;
    if ((size_t)got < n) {
        kr_raise(kr_ValueError, "not enough values to unpack (expected %zu, got %zu)", n,
                 (size_t)got);
        return -1;
    }
    if (!is_empty(kr_next(iterator))) {
        kr_raise(kr_ValueError, "too many values to unpack (expected %zu)", n);
        return -1;
    }
    if (kr_raised()) return -1;
    memcpy(registers, items, n * sizeof(Value));
    return 0;
}

int kr_building_unpack_star(Value v, Value *registers, size_t before, size_t after)
{
    Value iterator = iterator_for_unpacking(v);
    if (is_empty(iterator)) return -1;
    Value *items = kr_heap_values(before + 1);
    if (!items) return -1;
    int64_t got = take_items(iterator, items, before);
    if (got < 0) return -1;
    if ((size_t)got < before) {
        kr_raise(kr_ValueError, "not enough values to unpack (expected at least %zu, got %zu)",
                 before + after, (size_t)got);
        return -1;
    }
    Value rest = kr_list_from(iterator);
    if (is_empty(rest)) return -1;
    size_t size = list_of(rest)->size;
    if (size < after) {
        kr_raise(kr_ValueError, "not enough values to unpack (expected at least %zu, got %zu)",
                 before + after, before + size);
        return -1;
    }
    if (before) memcpy(registers, items, before * sizeof(Value));
    if (after) memcpy(registers + before + 1, list_of(rest)->items + size - after, after * sizeof(Value));
    kr_list_truncate(rest, size - after);
    registers[before] = rest;
    return 0;
}

/* ---- Containers ---- */

int kr_building_list_extend(Value list, Value v)
{
    if (kr_list_extend(list, v) >= 0) return 0;
    const Type *type = type_of(v);
    if (kr_raised_is(kr_TypeError) && !type->slots.iter && !type->slots.getitem)
        kr_raise(kr_TypeError, "Value after * must be an iterable, not %T", v);
    return -1;
}

int kr_building_dict_update(Value dict, Value v)
{
    if (kr_dict_merge(dict, v, 1) >= 0) return 0;
    if (kr_raised_is(kr_AttributeError)) kr_raise(kr_TypeError, "'%T' object is not a mapping", v);
    return -1;
}

/* "module.f()" as error texts about calls name a callable. */
static Value callable_text(Value callee)
{
    Value qualname = kr_find_attr(callee, KR_NAME("__qualname__"));
    if (is_empty(qualname)) {
        kr_clear_exception();
        return kr_to_str(callee);
    }
    Value module = kr_find_attr(callee, KR_NAME("__module__"));
    if (!is_empty(module) && !is_none(module) &&
        !(is_str(module) && kr_str_equal_ascii(module, "builtins")))
        return kr_str_format("%S.%S()", module, qualname);
    kr_clear_exception();
    return kr_str_format("%S()", qualname);
}

Value kr_building_star_arguments(Value v, Value callee)
{
    const Type *type = type_of(v);
    if (type->slots.iter || type->slots.getitem) return kr_tuple_from(v);
    Value text = callable_text(callee);
    return is_empty(text)
               ? EMPTY
               : kr_raise(kr_TypeError, "%U argument after * must be an iterable, not %T", text, v);
}

int kr_building_dict_merge(Value dict, Value v, Value callee)
{
    if (kr_dict_merge(dict, v, 2) >= 0) return 0;
    Value error = kr_self->exception;
    if (kr_raised_is(kr_AttributeError)) {
        kr_clear_exception();
        Value text = callable_text(callee);
        if (!is_empty(text))
            kr_raise(kr_TypeError, "%U argument after ** must be a mapping, not %T", text, v);
    } else if (kr_raised_is(kr_KeyError)) {
        const Tuple *args = tuple_of(exception_of(error)->args);
        if (args->size != 1) return -1;
        Value key = args->items[0];
        kr_clear_exception();
        Value text = callable_text(callee);
        if (!is_empty(text))
            kr_raise(kr_TypeError, "%U got multiple values for keyword argument '%S'", text, key);
    }
    return -1;
}

/* ---- Text ---- */

Value kr_building_format(Value v, int conversion, Value spec)
{
    if (conversion == 's')
        v = kr_to_str(v);
    else if (conversion == 'r')
        v = kr_repr(v);
    else if (conversion == 'a')
        v = kr_ascii(v);
    if (is_empty(v)) return EMPTY;
    if (is_empty(spec) || (is_exact_str(spec) && str_of(spec)->length == 0)) {
        if (is_exact_str(v)) return v;
        if (is_int(v)) return kr_to_str(v);
    }
    return kr_format(v, spec);
}

static void copy_points(Str *to, size_t at, const Str *from)
{
    char *data = to->data + at * to->width;
    if (from->width == to->width) {
        memcpy(data, from->data, from->length * from->width);
        return;
    }
    for (size_t i = 0; i < from->length; i++) {
        uint32_t point = str_at(from, i);
        if (to->width == 2)
            ((uint16_t *)(void *)data)[i] = (uint16_t)point;
        else
            ((uint32_t *)(void *)data)[i] = point;
    }
}

Value kr_building_string(const Value *parts, size_t n)
{
    size_t length = 0;
    int width = 1;
    bool ascii = true;
    for (size_t i = 0; i < n; i++) {
        const Str *s = str_of(parts[i]);
        length += s->length;
        if (s->width > width) width = s->width;
        ascii &= s->ascii;
    }
    if (n == 1) return parts[0];
    if (length == 0) return kr_intern("");
    Str *text = kr_str_alloc(length, width, ascii);
    if (!text) return EMPTY;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        copy_points(text, at, str_of(parts[i]));
        at += str_of(parts[i])->length;
    }
    return from_object(text);
}

/* ---- Functions ---- */

Value kr_building_function(Frame *frame, Code *code, const Value *parts)
{
    Value v = kr_function_make(code, frame->globals, frame->builtins);
    if (is_empty(v)) return EMPTY;
    if (!parts) return v;
    Function *f = object_of(v);
    if (!parts) return v;
    if (!is_empty(parts[0])) f->defaults = parts[0];
    if (!is_empty(parts[1])) f->kwdefaults = parts[1];
    if (!is_empty(parts[2])) f->annotations = parts[2];
    if (!is_empty(parts[3])) f->closure = parts[3];
    return v;
}

/* ---- Slices ---- */

/* The built-in sequences look at a slice and forget it: theirs need not be a heap object. */
static bool forgets_slices(Value container)
{
    if (!is_object(container)) return false;
    const Type *type = ((Object *)object_of(container))->type;
    return type == &kr_list_type || type == &kr_tuple_type || type == &kr_str_type ||
           type == &kr_bytes_type;
}

static Slice slice_on_stack(const Value *parts)
{
    return (Slice){{&kr_slice_type}, parts[0], parts[1], parts[2]};
}

Value kr_building_get_slice(Value container, const Value *parts)
{
    Slice local = slice_on_stack(parts);
    Value key = from_object(&local);
    if (!forgets_slices(container)) key = kr_slice(parts[0], parts[1], parts[2]);
    return is_empty(key) ? EMPTY : kr_getitem(container, key);
}

int kr_building_set_slice(Value container, const Value *parts, Value value)
{
    Slice local = slice_on_stack(parts);
    Value key = from_object(&local);
    if (!forgets_slices(container)) key = kr_slice(parts[0], parts[1], parts[2]);
    return is_empty(key) ? -1 : kr_setitem(container, key, value);
}
