/* _operator.c: Python's operators as functions, and itemgetter, attrgetter, methodcaller. */
#include "runtime/krait.h"

static KrType *itemgetter_type, *attrgetter_type, *methodcaller_type;

static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }
static bool has_keywords(KrValue kwnames)
{
    return !kr_is_empty(kwnames) && kr_tuple_size(kwnames) > 0;
}

static KrValue truth_value(int truth) { return truth < 0 ? KR_EMPTY : kr_bool(truth); }

KR_FN(operator, op_truth, "truth", "(a, /)", "Return True if a is true, False otherwise.")
{
    return truth_value(kr_truth(a[0]));
}
KR_FN(operator, op_contains, "contains", "(a, b, /)", "Same as b in a (note reversed operands).")
{
    return truth_value(kr_contains(a[0], a[1]));
}
KR_FN(operator, op_is, "is_", "(a, b, /)", "Same as a is b.") { return kr_bool(kr_is(a[0], a[1])); }
KR_FN(operator, op_is_not, "is_not", "(a, b, /)", "Same as a is not b.")
{
    return kr_bool(!kr_is(a[0], a[1]));
}
KR_FN(operator, op_index, "index", "(a, /)", "Same as a.__index__()") { return kr_index(a[0]); }
KR_FN(operator, op_neg, "neg", "(a, /)", "Same as -a.") { return kr_negative(a[0]); }
KR_FN(operator, op_pos, "pos", "(a, /)", "Same as +a.") { return kr_positive(a[0]); }
KR_FN(operator, op_abs, "abs", "(a, /)", "Same as abs(a).") { return kr_absolute(a[0]); }
KR_FN(operator, op_inv, "inv", "(a, /)", "Same as ~a.") { return kr_invert(a[0]); }
KR_FN(operator, op_invert, "invert", "(a, /)", "Same as ~a.") { return kr_invert(a[0]); }
KR_FN(operator, op_add, "add", "(a, b, /)", "Same as a + b.")
{
    return kr_binary(KR_ADD, a[0], a[1]);
}
KR_FN(operator, op_sub, "sub", "(a, b, /)", "Same as a - b.")
{
    return kr_binary(KR_SUB, a[0], a[1]);
}
KR_FN(operator, op_mul, "mul", "(a, b, /)", "Same as a * b.")
{
    return kr_binary(KR_MUL, a[0], a[1]);
}
KR_FN(operator, op_matmul, "matmul", "(a, b, /)", "Same as a @ b.")
{
    return kr_binary(KR_MATMUL, a[0], a[1]);
}
KR_FN(operator, op_truediv, "truediv", "(a, b, /)", "Same as a / b.")
{
    return kr_binary(KR_TRUEDIV, a[0], a[1]);
}
KR_FN(operator, op_floordiv, "floordiv", "(a, b, /)", "Same as a // b.")
{
    return kr_binary(KR_FLOORDIV, a[0], a[1]);
}
KR_FN(operator, op_mod, "mod", "(a, b, /)", "Same as a % b.")
{
    return kr_binary(KR_MOD, a[0], a[1]);
}
KR_FN(operator, op_pow, "pow", "(a, b, /)", "Same as a ** b.")
{
    return kr_binary(KR_POW, a[0], a[1]);
}
KR_FN(operator, op_lshift, "lshift", "(a, b, /)", "Same as a << b.")
{
    return kr_binary(KR_LSHIFT, a[0], a[1]);
}
KR_FN(operator, op_rshift, "rshift", "(a, b, /)", "Same as a >> b.")
{
    return kr_binary(KR_RSHIFT, a[0], a[1]);
}
KR_FN(operator, op_and, "and_", "(a, b, /)", "Same as a & b.")
{
    return kr_binary(KR_AND, a[0], a[1]);
}
KR_FN(operator, op_xor, "xor", "(a, b, /)", "Same as a ^ b.")
{
    return kr_binary(KR_XOR, a[0], a[1]);
}
KR_FN(operator, op_or, "or_", "(a, b, /)", "Same as a | b.")
{
    return kr_binary(KR_OR, a[0], a[1]);
}
KR_FN(operator, op_iadd, "iadd", "(a, b, /)", "Same as a += b.")
{
    return kr_inplace(KR_ADD, a[0], a[1]);
}
KR_FN(operator, op_isub, "isub", "(a, b, /)", "Same as a -= b.")
{
    return kr_inplace(KR_SUB, a[0], a[1]);
}
KR_FN(operator, op_imul, "imul", "(a, b, /)", "Same as a *= b.")
{
    return kr_inplace(KR_MUL, a[0], a[1]);
}
KR_FN(operator, op_imatmul, "imatmul", "(a, b, /)", "Same as a @= b.")
{
    return kr_inplace(KR_MATMUL, a[0], a[1]);
}
KR_FN(operator, op_itruediv, "itruediv", "(a, b, /)", "Same as a /= b.")
{
    return kr_inplace(KR_TRUEDIV, a[0], a[1]);
}
KR_FN(operator, op_ifloordiv, "ifloordiv", "(a, b, /)", "Same as a //= b.")
{
    return kr_inplace(KR_FLOORDIV, a[0], a[1]);
}
KR_FN(operator, op_imod, "imod", "(a, b, /)", "Same as a %= b.")
{
    return kr_inplace(KR_MOD, a[0], a[1]);
}
KR_FN(operator, op_ipow, "ipow", "(a, b, /)", "Same as a **= b.")
{
    return kr_inplace(KR_POW, a[0], a[1]);
}
KR_FN(operator, op_ilshift, "ilshift", "(a, b, /)", "Same as a <<= b.")
{
    return kr_inplace(KR_LSHIFT, a[0], a[1]);
}
KR_FN(operator, op_irshift, "irshift", "(a, b, /)", "Same as a >>= b.")
{
    return kr_inplace(KR_RSHIFT, a[0], a[1]);
}
KR_FN(operator, op_iand, "iand", "(a, b, /)", "Same as a &= b.")
{
    return kr_inplace(KR_AND, a[0], a[1]);
}
KR_FN(operator, op_ixor, "ixor", "(a, b, /)", "Same as a ^= b.")
{
    return kr_inplace(KR_XOR, a[0], a[1]);
}
KR_FN(operator, op_ior, "ior", "(a, b, /)", "Same as a |= b.")
{
    return kr_inplace(KR_OR, a[0], a[1]);
}
KR_FN(operator, op_lt, "lt", "(a, b, /)", "Same as a < b.")
{
    return kr_compare(a[0], a[1], KR_LT);
}
KR_FN(operator, op_le, "le", "(a, b, /)", "Same as a <= b.")
{
    return kr_compare(a[0], a[1], KR_LE);
}
KR_FN(operator, op_eq, "eq", "(a, b, /)", "Same as a == b.")
{
    return kr_compare(a[0], a[1], KR_EQ);
}
KR_FN(operator, op_ne, "ne", "(a, b, /)", "Same as a != b.")
{
    return kr_compare(a[0], a[1], KR_NE);
}
KR_FN(operator, op_ge, "ge", "(a, b, /)", "Same as a >= b.")
{
    return kr_compare(a[0], a[1], KR_GE);
}
KR_FN(operator, op_gt, "gt", "(a, b, /)", "Same as a > b.")
{
    return kr_compare(a[0], a[1], KR_GT);
}
KR_FN(operator, op_getitem, "getitem", "(a, b, /)", "Same as a[b].")
{
    return kr_getitem(a[0], a[1]);
}

KR_FN(operator, op_setitem, "setitem", "(a, b, c, /)", "Same as a[b] = c.")
{
    return kr_setitem(a[0], a[1], a[2]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(operator, op_delitem, "delitem", "(a, b, /)", "Same as del a[b].")
{
    return kr_delitem(a[0], a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(operator, op_not, "not_", "(a, /)", "Same as not a.")
{
    int truth = kr_truth(a[0]);
    return truth < 0 ? KR_EMPTY : kr_bool(!truth);
}

static bool is_sequence(KrValue v)
{
    return !kr_is_dict(v) && !kr_is_empty(kr_find_special(v, KR_NAME("__getitem__")));
}

KR_FN(operator, op_concat, "concat", "(a, b, /)", "Same as a + b, for a and b sequences.")
{
    if (!is_sequence(a[0]))
        return kr_raised() ? KR_EMPTY
                           : kr_raise(kr_TypeError, "'%T' object can't be concatenated", a[0]);
    if (!is_sequence(a[1])) return kr_raised() ? KR_EMPTY : kr_binary(KR_ADD, a[0], a[1]);
    return kr_binary(KR_ADD, a[0], a[1]);
}

KR_FN(operator, op_iconcat, "iconcat", "(a, b, /)", "Same as a += b, for a and b sequences.")
{
    if (!is_sequence(a[0]))
        return kr_raised() ? KR_EMPTY
                           : kr_raise(kr_TypeError, "'%T' object can't be concatenated", a[0]);
    return kr_inplace(KR_ADD, a[0], a[1]);
}

KR_FN(operator, op_count_of, "countOf", "(a, b, /)",
      "Return the number of items in a which are, or which equal, b.")
{
    KrValue it = kr_iter(a[0]), item;
    if (kr_is_empty(it)) {
        if (!kr_raised_is(kr_TypeError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_raise(kr_TypeError, "argument of type '%T' is not iterable", a[0]);
    }
    int64_t count = 0;
    while (!kr_is_empty(item = kr_next(it))) {
        int equal = kr_equal(item, a[1]);
        if (equal < 0) return KR_EMPTY;
        count += equal;
    }
    return kr_raised() ? KR_EMPTY : kr_int(count);
}

KR_FN(operator, op_index_of, "indexOf", "(a, b, /)", "Return the first index of b in a.")
{
    KrValue it = kr_iter(a[0]), item;
    if (kr_is_empty(it)) {
        if (!kr_raised_is(kr_TypeError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_raise(kr_TypeError, "argument of type '%T' is not iterable", a[0]);
    }
    for (int64_t i = 0; !kr_is_empty(item = kr_next(it)); i++) {
        int equal = kr_equal(item, a[1]);
        if (equal) return equal < 0 ? KR_EMPTY : kr_int(i);
    }
    return kr_raised() ? KR_EMPTY : kr_raise(kr_ValueError, "sequence.index(x): x not in sequence");
}

KR_FN(operator, op_length_hint, "length_hint", "(obj, default=0, /)",
      "Return an estimate of the number of items in obj.\n\nThis is useful for presizing "
      "containers when building from an "
      "iterable.\n\nIf the object supports len(), the result will be exact.\nOtherwise, it may "
      "over- or under-estimate by "
      "an arbitrary amount.\nThe result will be an integer >= 0.")
{
    int64_t fallback;
    if (!kr_is_int(a[1]))
        return kr_raise(kr_TypeError, "'%T' object cannot be interpreted as an integer", a[1]);
    if (kr_to_index(a[1], &fallback) < 0) return KR_EMPTY;
    int64_t hint = kr_length_hint(a[0], fallback);
    return hint == -1 && kr_raised() ? KR_EMPTY : kr_int(hint);
}

KR_FN_RAW(operator, op_call, "call", "(obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs).")
{
    if (n < 1) return kr_raise(kr_TypeError, "call expected at least 1 argument, got 0");
    return kr_call(args[0], args + 1, n - 1, kwnames);
}

/* Takes the same time whatever the bytes are. */
static bool bytes_equal(const uint8_t *x, size_t n, const uint8_t *y, size_t m)
{
    volatile uint8_t difference = n != m;
    const uint8_t *left = n == m ? x : y;
    for (size_t i = 0; i < m; i++) difference |= left[i] ^ y[i];
    return difference == 0;
}

KR_FN(operator, op_compare_digest, "_compare_digest", "(a, b, /)",
      "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, "
      "making it appropriate for "
      "cryptography.\n\na and b must both be of the same type: either str (ASCII only),\nor any "
      "bytes-like object.")
{
    if (kr_is_str(a[0]) && kr_is_str(a[1])) {
        if (!kr_str_is_ascii(a[0]) || !kr_str_is_ascii(a[1]))
            return kr_raise(kr_TypeError,
                            "comparing strings with non-ASCII characters is not supported");
        return kr_bool(bytes_equal(kr_str_points(a[0]), kr_str_length(a[0]), kr_str_points(a[1]),
                                   kr_str_length(a[1])));
    }
    if (!kr_has_buffer(a[0]) && !kr_has_buffer(a[1]))
        return kr_raise(kr_TypeError,
                        "unsupported operand types(s) or combination of types: '%T' and '%T'", a[0],
                        a[1]);
    KrBuffer x, y;
    if (kr_buffer_get(a[0], &x, KR_BUFFER_READ) < 0) return KR_EMPTY;
    if (kr_buffer_get(a[1], &y, KR_BUFFER_READ) < 0) {
        kr_buffer_release(&x);
        return KR_EMPTY;
    }
    KrValue result = KR_EMPTY;
    if (x.rank > 1 || y.rank > 1)
        kr_raise(kr_BufferError, "Buffer must be single dimension");
    else
        result = kr_bool(bytes_equal(x.data, (size_t)x.size, y.data, (size_t)y.size));
    kr_buffer_release(&x);
    kr_buffer_release(&y);
    return result;
}

/* ---- itemgetter, attrgetter ---- */

typedef struct Getter {
    KrObject head;
    KrValue items; /* tuple: keys, or for each attribute a tuple of the names between dots */
    KrValue names; /* attrgetter: the tuple of names as given */
} Getter;

static void getter_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Getter *)self)->items);
    kr_trace(tracer, ((Getter *)self)->names);
}

static KrValue getter_new(KrType *type, KrValue items, KrValue names)
{
    Getter *g = kr_is_empty(items) ? NULL : kr_alloc_instance(type);
    if (!g) return KR_EMPTY;
    g->items = items;
    g->names = names;
    return kr_from_object(g);
}

static int check_getter(KrType *type, KrType *exact, const char *name, size_t n, KrValue kwnames)
{
    if (has_keywords(kwnames) && type == exact) {
        kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (n) return 0;
    kr_raise(kr_TypeError, "%s expected 1 argument, got 0", name);
    return -1;
}

static int check_call(const char *name, size_t n, KrValue kwnames)
{
    if (has_keywords(kwnames)) {
        kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (n == 1) return 0;
    kr_raise(kr_TypeError, "%s expected 1 argument, got %zu", name, n);
    return -1;
}

static KrValue itemgetter_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_getter(type, itemgetter_type, "itemgetter", n, kwnames) < 0) return KR_EMPTY;
    return getter_new(type, kr_tuple(args, n), KR_EMPTY);
}

/* Applies get to each of the items; one item gives its result itself. */
static KrValue get_all(Getter *g, KrValue object, KrValue (*get)(KrValue, KrValue))
{
    size_t n = kr_tuple_size(g->items);
    if (n == 1) return get(object, kr_tuple_get(g->items, 0));
    KrValue few[8], *all = n > 8 ? kr_alloc_values(n) : few;
    if (!all) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        all[i] = get(object, kr_tuple_get(g->items, i));
        if (kr_is_empty(all[i])) return KR_EMPTY;
    }
    return kr_tuple(all, n);
}

static KrValue itemgetter_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_call("itemgetter", n, kwnames) < 0) return KR_EMPTY;
    return get_all(kr_to_object(self), args[0], kr_getitem);
}

/* "operator.itemgetter" and the reprs of what it was made from. */
static KrValue getter_repr_of(KrValue self, KrValue first, KrValue args, KrValue keywords)
{
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? KR_EMPTY : kr_str_format("%T(...)", self);
    KrText text;
    kr_text_init(&text);
    bool failed = kr_text_add_format(&text, "%T(", self) < 0, some = false;
    if (!kr_is_empty(first)) {
        failed = failed || kr_text_add_repr(&text, first) < 0;
        some = true;
    }
    for (size_t i = 0; !failed && i < kr_tuple_size(args); i++, some = true)
        failed = kr_text_add_format(&text, some ? ", %R" : "%R", kr_tuple_get(args, i)) < 0;
    KrValue key, value;
    for (size_t i = 0;
         !failed && !kr_is_empty(keywords) && kr_dict_next(keywords, &i, &key, &value);)
        failed = kr_text_add_format(&text, ", %S=%R", key, value) < 0;
    kr_repr_leave(self);
    if (failed) {
        kr_text_drop(&text);
        return KR_EMPTY;
    }
    kr_text_add_char(&text, ')');
    return kr_text_finish(&text);
}

static KrValue itemgetter_repr(KrValue self)
{
    return getter_repr_of(self, KR_EMPTY, ((Getter *)kr_to_object(self))->items, KR_EMPTY);
}

KR_FN(itemgetter, itemgetter_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling")
{
    return kr_tuple_of(2, type_value_of(a[0]), ((Getter *)kr_to_object(a[0]))->items);
}

static KrValue attrgetter_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_getter(type, attrgetter_type, "attrgetter", n, kwnames) < 0) return KR_EMPTY;
    KrValue items = kr_list(NULL, n);
    if (kr_is_empty(items)) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        if (!kr_is_str(args[i])) return kr_raise(kr_TypeError, "attribute name must be a string");
        KrValue parts = kr_call_method1(args[i], "split", kr_str("."));
        if (kr_is_empty(parts)) return KR_EMPTY;
        for (size_t k = 0; k < kr_list_size(parts); k++)
            kr_list_set(parts, k, kr_intern_str(kr_list_get(parts, k)));
        parts = kr_list_to_tuple(parts);
        if (kr_is_empty(parts)) return KR_EMPTY;
        kr_list_set(items, i, parts);
    }
    return getter_new(type, kr_list_to_tuple(items), kr_tuple(args, n));
}

static KrValue get_dotted(KrValue object, KrValue parts)
{
    for (size_t i = 0; i < kr_tuple_size(parts) && !kr_is_empty(object); i++)
        object = kr_getattr(object, kr_tuple_get(parts, i));
    return object;
}

static KrValue attrgetter_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_call("attrgetter", n, kwnames) < 0) return KR_EMPTY;
    return get_all(kr_to_object(self), args[0], get_dotted);
}

static KrValue attrgetter_repr(KrValue self)
{
    return getter_repr_of(self, KR_EMPTY, ((Getter *)kr_to_object(self))->names, KR_EMPTY);
}

KR_FN(attrgetter, attrgetter_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling")
{
    return kr_tuple_of(2, type_value_of(a[0]), ((Getter *)kr_to_object(a[0]))->names);
}

/* ---- methodcaller ---- */

typedef struct MethodCaller {
    KrObject head;
    KrValue name, args, keywords; /* keywords: dict */
} MethodCaller;

static void methodcaller_trace(void *self, KrTracer *tracer)
{
    MethodCaller *m = self;
    kr_trace(tracer, m->name);
    kr_trace(tracer, m->args);
    kr_trace(tracer, m->keywords);
}

static KrValue methodcaller_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (n < 1)
        return kr_raise(kr_TypeError, "methodcaller needs at least one argument, the method name");
    if (!kr_is_str(args[0])) return kr_raise(kr_TypeError, "method name must be a string");
    KrValue tuple = kr_tuple(args + 1, n - 1), keywords = kr_dict();
    if (kr_is_empty(tuple) || kr_is_empty(keywords)) return KR_EMPTY;
    for (size_t i = 0; has_keywords(kwnames) && i < kr_tuple_size(kwnames); i++)
        if (kr_dict_set(keywords, kr_tuple_get(kwnames, i), args[n + i]) < 0) return KR_EMPTY;
    MethodCaller *m = kr_alloc_instance(type);
    if (!m) return KR_EMPTY;
    m->name = kr_is_instance_exact(args[0], &kr_str_type) ? kr_intern_str(args[0]) : args[0];
    m->args = tuple;
    m->keywords = keywords;
    return kr_from_object(m);
}

static KrValue methodcaller_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_call("methodcaller", n, kwnames) < 0) return KR_EMPTY;
    MethodCaller *m = kr_to_object(self);
    if (kr_dict_size(m->keywords) == 0)
        return kr_call_method(args[0], m->name, kr_tuple_items(m->args), kr_tuple_size(m->args));
    KrValue method = kr_getattr(args[0], m->name);
    return kr_is_empty(method) ? KR_EMPTY : kr_call_tuple(method, m->args, m->keywords);
}

static KrValue methodcaller_repr(KrValue self)
{
    MethodCaller *m = kr_to_object(self);
    return getter_repr_of(self, m->name, m->args, m->keywords);
}

KR_FN(methodcaller, methodcaller_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling")
{
    MethodCaller *m = kr_to_object(a[0]);
    KrValue name = kr_tuple_of(1, m->name);
    if (kr_is_empty(name)) return KR_EMPTY;
    KrValue args = kr_binary(KR_ADD, name, m->args);
    if (kr_dict_size(m->keywords) == 0) return kr_tuple_of(2, type_value_of(a[0]), args);
    KrValue partial = kr_import_attr("functools", "partial");
    if (kr_is_empty(partial)) return KR_EMPTY;
    KrValue call = kr_tuple_of(2, type_value_of(a[0]), m->name);
    if (kr_is_empty(call)) return KR_EMPTY;
    partial = kr_call_tuple(partial, call, m->keywords);
    return kr_tuple_of(2, partial, m->args);
}

#include "modules/_operator.entries.h"

#define SPEC(id, Struct, tracer, docstring)                                 \
    static const KrTypeSpec id##_spec = {                                   \
        .name = "operator." #id,                                            \
        .size = sizeof(Struct),                                             \
        .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,                    \
        .trace = tracer,                                                    \
        .functions = id##_functions,                                        \
        .doc = docstring,                                                   \
        .slots = {.make = id##_make, .call = id##_call, .repr = id##_repr}, \
    };
SPEC(itemgetter, Getter, getter_trace,
     "itemgetter(item, ...) --> itemgetter object\n\nReturn a callable object that fetches the "
     "given item(s) from its "
     "operand.\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, "
     "3), the call g(r) returns "
     "(r[2], r[5], r[3])")
SPEC(attrgetter, Getter, getter_trace,
     "attrgetter(attr, ...) --> attrgetter object\n\nReturn a callable object that fetches the "
     "given attribute(s) from its "
     "operand.\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = "
     "attrgetter('name', 'date'), the call "
     "g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call "
     "h(r) "
     "returns\n(r.name.first, r.name.last).")
SPEC(methodcaller, MethodCaller, methodcaller_trace,
     "methodcaller(name, ...) --> methodcaller object\n\nReturn a callable object that calls the "
     "given method on its "
     "operand.\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = "
     "methodcaller('name', 'date', "
     "foo=1), the call g(r) returns\nr.name('date', foo=1).")

static int operator_exec(KrValue module)
{
    kr_type_once(&itemgetter_type, &itemgetter_spec);
    kr_type_once(&attrgetter_type, &attrgetter_spec);
    kr_type_once(&methodcaller_type, &methodcaller_spec);
    if (!itemgetter_type || !attrgetter_type || !methodcaller_type) return -1;
    if (kr_module_add_type(module, itemgetter_type) < 0 ||
        kr_module_add_type(module, attrgetter_type) < 0)
        return -1;
    return kr_module_add_type(module, methodcaller_type);
}

KR_MODULE(_operator) = {
    .api_version = KR_API_VERSION,
    .name = "_operator",
    .doc = "Operator interface.\n\nThis module exports a set of functions implemented in C "
           "corresponding\nto the intrinsic "
           "operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression "
           "x+y.",
    .functions = operator_functions,
    .exec = operator_exec,
};
