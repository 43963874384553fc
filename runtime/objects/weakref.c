/* weakref.c: weak references and proxies.
 * The collector clears a reference's target (kr_heap_add_weak) and hands it to run_callback().
 * To find an object's references, for sharing the one without callback and for
 * weakref.getweakrefs(), a table maps the address of every object that has some to a list of
 * them. Neither the table nor the lists keep anything alive: a weak table of the collector
 * drops dead objects and dead references after each marking. */
#include "runtime/objects/weakref.h"

#include <stdlib.h>

#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static inline WeakRef *ref_of(Value v) { return (WeakRef *)object_of(v); }
static bool is_ref(Value v) { return is_object(v) && kr_is_a(v, &kr_weakref_type); }
static bool is_proxy(Value v)
{
    return is_exact(v, &kr_weakproxy_type) || is_exact(v, &kr_weakcallableproxy_type);
}

/* ---- The table --------------------------------------------------------------------- */

typedef struct TableEntry {
    uint64_t target; /* the object's address; 0: free */
    WeakRef *refs;
} TableEntry;

static TableEntry *table;
static size_t table_size, table_used;

static size_t place_of(uint64_t target)
{
    size_t i = (target >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 16 & (table_size - 1);
    while (table[i].target && table[i].target != target) i = (i + 1) & (table_size - 1);
    return i;
}

/* A table of at least `size` places with the entries of the old one that still have references. */
static int rebuild(size_t size)
{
    TableEntry *old = table, *new = calloc(size, sizeof *new);
    if (!new) return -1;
    size_t old_size = table_size;
    table = new;
    table_size = size;
    table_used = 0;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].refs) {
            table[place_of(old[i].target)] = old[i];
            table_used++;
        }
    free(old);
    return 0;
}

/* After marking: nothing here may be allocated on the heap. */
static void prune_table(void)
{
    size_t live = 0;
    for (size_t i = 0; i < table_size; i++) {
        if (!table[i].refs) continue;
        bool alive = kr_heap_is_marked((void *)(uintptr_t)table[i].target);
        WeakRef **link = &table[i].refs;
        for (WeakRef *ref = *link, *next; ref; ref = next) {
            next = ref->next;
            if (alive && kr_heap_is_marked(ref) && !is_empty(ref->target)) {
                *link = ref;
                link = &ref->next;
            } else if (kr_heap_is_marked(ref)) {
                ref->next = NULL;
            }
        }
        *link = NULL;
        live += table[i].refs != NULL;
    }
    /* dead entries must go, since an address is used again; without memory they stay as empty
     * lists */
    if (live < table_used) {
        size_t size = table_size;
        while (size > 64 && size > 8 * live) size /= 2;
        rebuild(size);
    }
}

static WeakRef *refs_of(Value target)
{
    return table_size && is_object(target) ? table[place_of(target.bits)].refs : NULL;
}

static int add_to_table(WeakRef *ref)
{
    if (!table_size) kr_heap_add_weak_table(prune_table);
    if (2 * (table_used + 1) > table_size && rebuild(table_size ? 2 * table_size : 64) < 0) {
        kr_raise_no_memory();
        return -1;
    }
    TableEntry *entry = &table[place_of(ref->target.bits)];
    if (!entry->target) {
        entry->target = ref->target.bits;
        table_used++;
    }
    ref->next = entry->refs;
    entry->refs = ref;
    return 0;
}

/* ---- References -------------------------------------------------------------------- */

static void ref_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((WeakRef *)self)->callback);
}

static void run_callback(void *object)
{
    WeakRef *ref = object;
    Value callback = ref->callback;
    if (is_empty(callback)) return;
    ref->callback = EMPTY;
    if (is_empty(kr_call1(callback, from_object(ref)))) kr_report_unraisable(callback);
}

static Value make_ref(Type *type, Value target, Value callback)
{
    if (!is_object(target) || !kr_type_weakrefable(type_of(target)))
        return kr_raise(kr_TypeError, "cannot create weak reference to '%T' object", target);
    if (!is_empty(callback) && is_none(callback)) callback = EMPTY;
    bool shared = is_empty(callback) && !(type->traits & TYPE_HEAP);
    for (WeakRef *ref = shared ? refs_of(target) : NULL; ref; ref = ref->next)
        if (ref->head.type == type && is_empty(ref->callback)) return from_object(ref);
    WeakRef *ref = kr_type_alloc(type);
    if (!ref) return EMPTY;
    ref->target = target;
    ref->callback = callback;
    ref->hash = -1;
    if (add_to_table(ref) < 0) return EMPTY;
    kr_heap_add_weak(ref, offsetof(WeakRef, target), run_callback);
    return from_object(ref);
}

Value kr_weakref_new(Value target, Value callback)
{
    return make_ref(&kr_weakref_type, target, callback);
}

Value kr_weakref_proxy(Value target, Value callback)
{
    return make_ref(kr_is_callable(target) ? &kr_weakcallableproxy_type : &kr_weakproxy_type,
                    target, callback);
}

Value kr_weakref_target(Value v) { return is_ref(v) ? ref_of(v)->target : v; }

Value kr_weakref(Value target, Value callback) { return kr_weakref_new(target, callback); }
Value kr_weakref_get(Value reference) { return ref_of(reference)->target; }

/* The shared reference and the shared proxy first, then the others, newest first. */
static int rank_of(const WeakRef *ref)
{
    if (!is_empty(ref->callback) || ref->head.type->traits & TYPE_HEAP) return 2;
    return ref->head.type != &kr_weakref_type;
}

Value kr_weakref_list(Value target)
{
    Value list = kr_list(NULL, 0);
    for (int rank = 0; rank < 3; rank++)
        for (WeakRef *ref = refs_of(target); ref && !is_empty(list); ref = ref->next)
            if (rank_of(ref) == rank && kr_list_append(list, from_object(ref)) < 0) return EMPTY;
    return list;
}

static Value ref_make(Type *type, const Value *args, size_t n, KR_UNUSED Value kwnames)
{
    if (n < 1 || n > 2)
        return kr_raise(kr_TypeError, "__new__ expected at %s, got %zu",
                        n < 1 ? "least 1 argument" : "most 2 arguments", n);
    return make_ref(type, args[0], n > 1 ? args[1] : EMPTY);
}

static int ref_init(KR_UNUSED Value self, KR_UNUSED const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size) {
        kr_raise(kr_TypeError, "ref() takes no keyword arguments");
        return -1;
    }
    if (n >= 1 && n <= 2) return 0;
    kr_raise(kr_TypeError, "__init__ expected at %s, got %zu",
             n < 1 ? "least 1 argument" : "most 2 arguments", n);
    return -1;
}

static Value ref_call(Value self, KR_UNUSED const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size)
        return kr_raise(kr_TypeError, "weakref() takes no keyword arguments");
    if (n) return kr_raise(kr_TypeError, "weakref expected 0 arguments, got %zu", n);
    Value target = ref_of(self)->target;
    return is_empty(target) ? NONE : target;
}

static int64_t ref_hash(Value self)
{
    WeakRef *ref = ref_of(self);
    if (ref->hash != -1) return ref->hash;
    if (is_empty(ref->target)) {
        kr_raise(kr_TypeError, "weak object has gone away");
        return -1;
    }
    return ref->hash = kr_hash(ref->target);
}

static Value ref_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_ref(a) || !is_ref(b)) return NOT_IMPLEMENTED;
    Value x = ref_of(a)->target, y = ref_of(b)->target;
    if (is_empty(x) || is_empty(y)) return from_bool(same(a, b) == (op == KR_EQ));
    return kr_compare(x, y, op);
}

static Value ref_repr(Value self)
{
    Value target = ref_of(self)->target;
    if (is_empty(target)) return kr_str_format("<weakref at %p; dead>", object_of(self));
    Value name = kr_find_attr(target, KR_NAME("__name__"));
    if (is_empty(name) && kr_raised()) return EMPTY;
    if (is_empty(name) || !is_str(name))
        return kr_str_format("<weakref at %p; to '%T' at %p>", object_of(self), target,
                             object_of(target));
    return kr_str_format("<weakref at %p; to '%T' at %p (%U)>", object_of(self), target,
                         object_of(target), name);
}

static Value get_callback(Value self)
{
    return is_empty(ref_of(self)->callback) ? NONE : ref_of(self)->callback;
}
KR_GETSET(weakref, get_callback, NULL, "__callback__", NULL)

KR_CLASSMETHOD(weakref, ref_class_getitem, "__class_getitem__", "(cls, object, /)", "See PEP 585")
{
    return kr_call2(from_object(&kr_generic_alias_type), a[0], a[1]);
}

/* ---- Proxies ----------------------------------------------------------------------- */

/* What an operand stands for; EMPTY with ReferenceError for a dead proxy. */
static Value unwrap(Value v)
{
    if (!is_proxy(v)) return v;
    Value target = ref_of(v)->target;
    return is_empty(target)
               ? kr_raise(kr_ReferenceError, "weakly-referenced object no longer exists")
               : target;
}

/* clang-format off */
#define UNWRAP(v, failure)                                                                         \
    v = unwrap(v);                                                                                 \
    if (is_empty(v)) return failure;

#define PROXY_BINARY(op, name)                                                                     \
    static Value proxy_##name(Value a, Value b)                                                    \
    {                                                                                              \
        UNWRAP(a, EMPTY) UNWRAP(b, EMPTY) return kr_binary(op, a, b);                              \
    }                                                                                              \
    static Value proxy_inplace_##name(Value a, Value b)                                            \
    {                                                                                              \
        UNWRAP(a, EMPTY) UNWRAP(b, EMPTY) return kr_inplace(op, a, b);                             \
    }
PROXY_BINARY(KR_ADD, add)
PROXY_BINARY(KR_SUB, sub)
PROXY_BINARY(KR_MUL, mul)
PROXY_BINARY(KR_MATMUL, matmul)
PROXY_BINARY(KR_TRUEDIV, truediv)
PROXY_BINARY(KR_FLOORDIV, floordiv)
PROXY_BINARY(KR_MOD, mod)
PROXY_BINARY(KR_POW, pow)
PROXY_BINARY(KR_LSHIFT, lshift)
PROXY_BINARY(KR_RSHIFT, rshift)
PROXY_BINARY(KR_AND, and)
PROXY_BINARY(KR_XOR, xor)
PROXY_BINARY(KR_OR, or)
static Value proxy_divmod(Value a, Value b)
{
    UNWRAP(a, EMPTY) UNWRAP(b, EMPTY) return kr_binary(KR_DIVMOD, a, b);
}

static Value proxy_power(Value a, Value b, Value modulus)
{
    UNWRAP(a, EMPTY) UNWRAP(b, EMPTY) UNWRAP(modulus, EMPTY) return kr_power(a, b, modulus);
}

#define PROXY_UNARY(name, function)                                                                \
    static Value proxy_##name(Value v) { UNWRAP(v, EMPTY) return function(v); }
PROXY_UNARY(str, kr_to_str)
PROXY_UNARY(negative, kr_negative)
PROXY_UNARY(positive, kr_positive)
PROXY_UNARY(absolute, kr_absolute)
PROXY_UNARY(invert, kr_invert)
PROXY_UNARY(to_int, kr_to_int)
PROXY_UNARY(to_float, kr_to_float)
PROXY_UNARY(index, kr_index)
PROXY_UNARY(iter, kr_iter)

static Value proxy_repr(Value self)
{
    Value target = ref_of(self)->target;
    void *address = object_of(self);
    if (is_empty(target))
        return kr_str_format("<weakproxy at %p to NoneType at %p>", address, NULL);
    return kr_str_format("<weakproxy at %p to %T at %p>", address, target, object_of(target));
}

static Value proxy_next(Value v)
{
    UNWRAP(v, EMPTY)
    if (!kr_is_iterator(v))
        return kr_raise(kr_TypeError, "Weakref proxy referenced a non-iterator '%T' object", v);
    return kr_next(v);
}

static Value proxy_getattr(Value v, Value name) { UNWRAP(v, EMPTY) return kr_getattr(v, name); }
static int proxy_setattr(Value v, Value name, Value x)
{
    UNWRAP(v, -1) return kr_setattr(v, name, x);
}

static Value proxy_compare(Value a, Value b, int op)
{
    UNWRAP(a, EMPTY) UNWRAP(b, EMPTY) return kr_compare(a, b, op);
}

static int proxy_truth(Value v) { UNWRAP(v, -1) return kr_truth(v); }
static int64_t proxy_length(Value v) { UNWRAP(v, -1) return kr_length(v); }
static Value proxy_getitem(Value v, Value key) { UNWRAP(v, EMPTY) return kr_getitem(v, key); }
static int proxy_contains(Value v, Value item) { UNWRAP(v, -1) return kr_contains(v, item); }

static int proxy_setitem(Value v, Value key, Value item)
{
    UNWRAP(v, -1) return is_empty(item) ? kr_delitem(v, key) : kr_setitem(v, key, item);
}

static Value proxy_call(Value v, const Value *args, size_t n, Value kwnames)
{
    UNWRAP(v, EMPTY) return kr_call(v, args, n, kwnames);
}

/* clang-format on */

KR_FN(weakproxy, proxy_bytes, "__bytes__", "(self, /)", "bytes() of the referent.")
{
    Value target = unwrap(a[0]);
    return is_empty(target) ? EMPTY : kr_call_method0(target, "__bytes__");
}

KR_FN(weakproxy, proxy_reversed, "__reversed__", "(self, /)", "reversed() of the referent.")
{
    Value target = unwrap(a[0]);
    return is_empty(target) ? EMPTY : kr_call_method0(target, "__reversed__");
}

#include "runtime/objects/weakref.entries.h"

static const KrTypeSpec ref_spec = {
    .name = "weakref.ReferenceType",
    .size = sizeof(WeakRef),
    .trace = ref_trace,
    .flags = KR_TYPE_NO_WEAKREF,
    .functions = weakref_functions,
    .getset = weakref_getset,
    .slots =
        {
            .make = ref_make,
            .init = ref_init,
            .call = ref_call,
            .hash = ref_hash,
            .compare = ref_compare,
            .repr = ref_repr,
        },
};

/* clang-format off */
#define PROXY_SLOTS                                                                                \
    .repr = proxy_repr, .str = proxy_str, .getattr = proxy_getattr, .setattr = proxy_setattr,      \
    .compare = proxy_compare, .hash = kr_hash_not_implemented, .truth = proxy_truth,               \
    .length = proxy_length, .getitem = proxy_getitem, .setitem = proxy_setitem,                    \
    .contains = proxy_contains, .iter = proxy_iter, .next = proxy_next,                            \
    .negative = proxy_negative, .positive = proxy_positive, .absolute = proxy_absolute,            \
    .invert = proxy_invert, .to_int = proxy_to_int, .to_float = proxy_to_float,                    \
    .index = proxy_index, .power = proxy_power, .binary = {[KR_ADD] = proxy_add,                   \
    [KR_SUB] = proxy_sub, [KR_MUL] = proxy_mul, [KR_MATMUL] = proxy_matmul,                        \
    [KR_TRUEDIV] = proxy_truediv, [KR_FLOORDIV] = proxy_floordiv, [KR_MOD] = proxy_mod,            \
    [KR_POW] = proxy_pow, [KR_LSHIFT] = proxy_lshift, [KR_RSHIFT] = proxy_rshift,                  \
    [KR_AND] = proxy_and, [KR_XOR] = proxy_xor, [KR_OR] = proxy_or,                                \
    [KR_DIVMOD] = proxy_divmod}, .inplace = {[KR_ADD] = proxy_inplace_add,                         \
    [KR_SUB] = proxy_inplace_sub, [KR_MUL] = proxy_inplace_mul,                                    \
    [KR_MATMUL] = proxy_inplace_matmul, [KR_TRUEDIV] = proxy_inplace_truediv,                      \
    [KR_FLOORDIV] = proxy_inplace_floordiv, [KR_MOD] = proxy_inplace_mod,                          \
    [KR_POW] = proxy_inplace_pow, [KR_LSHIFT] = proxy_inplace_lshift,                              \
    [KR_RSHIFT] = proxy_inplace_rshift, [KR_AND] = proxy_inplace_and,                              \
    [KR_XOR] = proxy_inplace_xor, [KR_OR] = proxy_inplace_or}
/* clang-format on */

static const KrTypeSpec proxy_spec = {
    .name = "weakref.ProxyType",
    .size = sizeof(WeakRef),
    .trace = ref_trace,
    .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .functions = weakproxy_functions,
    .slots = {PROXY_SLOTS},
};

static const KrTypeSpec callable_proxy_spec = {
    .name = "weakref.CallableProxyType",
    .size = sizeof(WeakRef),
    .trace = ref_trace,
    .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .functions = weakproxy_functions,
    .slots = {.call = proxy_call, PROXY_SLOTS},
};

Type kr_weakref_type, kr_weakproxy_type, kr_weakcallableproxy_type;
void kr_weakref_type_init(void)
{
    kr_type_init(&kr_weakref_type, &ref_spec);
    kr_type_init(&kr_weakproxy_type, &proxy_spec);
    kr_type_init(&kr_weakcallableproxy_type, &callable_proxy_spec);
}
