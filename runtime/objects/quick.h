/* quick.h: the short ways that the containers share: equality and hashing of the commonest keys
 * without a call through the protocol, and the argument checks of constructors.
 *
 * Two exact ints of different bits are never equal, nor are two exact strs of different text: only
 * other pairs reach kr_equal() and may run Python code. */
#ifndef RUNTIME_OBJECTS_QUICK_H
#define RUNTIME_OBJECTS_QUICK_H

#include "runtime/objects/int.h"
#include "runtime/objects/str.h"
#include "runtime/objects/type.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

static inline bool is_exact_str(Value v) { return is_exact(v, &kr_str_type); }

/* Identity or ==: 1, 0, -1 raised. */
static inline int quick_equal(Value a, Value b)
{
    if (same(a, b)) return 1;
    if (both_int(a, b)) return 0;
    if (is_float(a) && is_float(b)) return float_of(a) == float_of(b);
    if (is_exact_str(a) && is_exact_str(b)) return kr_str_same_text(str_of(a), str_of(b));
    return kr_equal(a, b);
}

static inline int64_t quick_str_hash(Str *s) { return LIKELY(s->hash) ? s->hash : kr_str_hash(s); }

/* -1 raised. */
static inline int64_t quick_hash(Value v)
{
    if (is_int(v)) {
        int64_t x = int_of(v);
        return LIKELY(x != -1) ? x : -2;
    }
    if (is_exact_str(v)) return quick_str_hash(str_of(v));
    return kr_hash(v);
}

/* After a next slot gave nothing: 0 at the end, -1 when something else than StopIteration was
 * raised. */
static inline int end_of_iteration(void)
{
    if (LIKELY(is_empty(kr_self->exception))) return 0;
    if (!kr_raised_is(kr_StopIteration)) return -1;
    kr_clear_exception();
    return 0;
}

/* The message of a wrong number of positional arguments, and of keywords where there are none. */
static inline int check_args(const char *name, size_t n, Value kwnames, size_t least, size_t most)
{
    if (UNLIKELY(!is_empty(kwnames) && kr_tuple_size(kwnames) > 0)) {
        kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (LIKELY(n >= least && n <= most)) return 0;
    size_t limit = n < least ? least : most;
    kr_raise(kr_TypeError, "%s expected %s%zu argument%s, got %zu", name,
             least == most ? ""
             : n < least   ? "at least "
                           : "at most ",
             limit, limit == 1 ? "" : "s", n);
    return -1;
}

/* Keywords are refused only by the type itself: a subclass may take them in its own __init__. */
static inline int check_no_keywords(const Type *type, const Type *exact, const char *name,
                                    Value kwnames)
{
    if (LIKELY(is_empty(kwnames) || kr_tuple_size(kwnames) == 0)) return 0;
    if (type != exact && type->slots.init != exact->slots.init) return 0;
    kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
    return -1;
}

/* start and stop of an index() method, clipped to [0, size]; None is no bound here. */
static inline int search_bounds(Value first, Value last, int64_t size, int64_t *start,
                                int64_t *stop)
{
    if (!kr_has_index(first) || !kr_has_index(last)) {
        kr_raise(kr_TypeError, "slice indices must be integers or have an __index__ method");
        return -1;
    }
    if (kr_to_index_clamped(first, start) < 0 || kr_to_index_clamped(last, stop) < 0) return -1;
    if (*start < 0) *start = *start + size < 0 ? 0 : *start + size;
    if (*stop < 0) *stop = *stop + size < 0 ? 0 : *stop + size;
    return 0;
}

static inline int readonly_attribute(void)
{
    kr_raise(kr_AttributeError, "readonly attribute");
    return -1;
}

static inline bool has_keywords(Value kwnames)
{
    return !is_empty(kwnames) && kr_tuple_size(kwnames) > 0;
}

/* builtins.iter or builtins.reversed applied to `of`, with a position: what __reduce__ of an
 * iterator returns. */
static inline Value reduce_iterator(const char *builtin, Value of, int64_t position)
{
    Value maker = kr_import_attr("builtins", builtin);
    if (is_empty(maker)) return EMPTY;
    return kr_tuple_of(3, maker, kr_tuple_of(1, of), kr_int(position));
}

static inline Value reduce_exhausted(Value empty_container)
{
    return kr_tuple_of(2, kr_import_attr("builtins", "iter"), kr_tuple_of(1, empty_container));
}

static inline Value generic_alias(Value origin, Value item)
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), origin, item);
}

#endif
