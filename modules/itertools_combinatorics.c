/* itertools_combinatorics.c: product, permutations, combinations, combinations_with_replacement.
 *
 * Each keeps a pool (a tuple, for product a tuple of tuples), an array of indices into it that
 * says which result comes next, and a flag for the state before the first result. After the last
 * one `stopped` holds. */
#include "modules/itertools.h"

typedef struct Choices {
    KrObject head;
    KrValue pool;
    int64_t *indices; /* kr_alloc_bytes; n of them for permutations, else one a result item */
    int64_t *cycles;  /* permutations: one a result item */
    int64_t r;        /* items in a result */
    bool started, stopped;
} Choices;

static KrType *product_type, *combinations_type, *replacement_type, *permutations_type;

static void choices_trace(void *self, KrTracer *tracer)
{
    Choices *x = self;
    kr_trace(tracer, x->pool);
    kr_trace_pointer(tracer, x->indices);
    kr_trace_pointer(tracer, x->cycles);
}

static inline KrValue pool_at(const Choices *x, int64_t i)
{
    return kr_tuple_get(x->pool, (size_t)x->indices[i]);
}
static inline int64_t pool_size(const Choices *x) { return (int64_t)kr_tuple_size(x->pool); }

static int64_t *new_indices(int64_t n)
{
    if (n < 0 || n > INT64_MAX / 16) {
        kr_raise_no_memory();
        return NULL;
    }
    return kr_alloc_bytes((size_t)(n ? n : 1) * sizeof(int64_t));
}

static KrValue choices_new(KrType *type, KrValue pool, int64_t r, int64_t index_count)
{
    int64_t *indices = new_indices(index_count);
    if (!indices) return KR_EMPTY;
    Choices *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->pool = pool;
    x->r = r;
    x->indices = indices;
    return kr_from_object(x);
}

/* The result that the indices describe. */
static KrValue current(const Choices *x)
{
    KrValue few[8], *items = x->r > 8 ? kr_alloc_values((size_t)x->r) : few;
    if (!items) return KR_EMPTY;
    for (int64_t i = 0; i < x->r; i++) items[i] = pool_at(x, i);
    return kr_tuple(items, (size_t)x->r);
}

static KrValue index_tuple(const int64_t *indices, int64_t n)
{
    KrValue list = kr_list(NULL, (size_t)n);
    if (kr_is_empty(list)) return KR_EMPTY;
    for (int64_t i = 0; i < n; i++) kr_list_set(list, (size_t)i, kr_int(indices[i]));
    return kr_list_to_tuple(list);
}

static KrValue stop(Choices *x)
{
    x->stopped = true;
    return KR_EMPTY;
}

static KrValue empty_tuple(void) { return kr_tuple(NULL, 0); }
static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

/* ---- product ---- */

static KrValue product_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    int64_t repeat = 1;
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames)) {
        if (kr_tuple_size(kwnames) > 1 || !kr_str_equal_ascii(kr_tuple_get(kwnames, 0), "repeat"))
            return kr_raise(kr_TypeError, "'%U' is an invalid keyword argument for product()",
                            kr_tuple_get(kwnames, 0));
        if (kr_to_index(args[n], &repeat) < 0) return KR_EMPTY;
        if (repeat < 0) return kr_raise(kr_ValueError, "repeat argument cannot be negative");
    }
    int64_t total;
    if (__builtin_mul_overflow((int64_t)n, repeat, &total) || total > INT64_MAX / 16)
        return kr_raise(kr_OverflowError, "repeat argument too large");
    KrValue pools = kr_list(NULL, (size_t)total);
    if (kr_is_empty(pools)) return KR_EMPTY;
    for (size_t i = 0; i < (repeat ? n : 0); i++) {
        KrValue pool = kr_tuple_from(args[i]);
        if (kr_is_empty(pool)) return KR_EMPTY;
        for (int64_t k = 0; k < repeat; k++) kr_list_set(pools, (size_t)k * n + i, pool);
    }
    KrValue tuple = kr_list_to_tuple(pools);
    return kr_is_empty(tuple) ? KR_EMPTY : choices_new(type, tuple, total, total);
}

static KrValue product_current(const Choices *x)
{
    KrValue few[8], *items = x->r > 8 ? kr_alloc_values((size_t)x->r) : few;
    if (!items) return KR_EMPTY;
    for (int64_t i = 0; i < x->r; i++)
        items[i] = kr_tuple_get(kr_tuple_get(x->pool, (size_t)i), (size_t)x->indices[i]);
    return kr_tuple(items, (size_t)x->r);
}

static KrValue product_next(KrValue self)
{
    Choices *x = kr_to_object(self);
    if (x->stopped) return KR_EMPTY;
    int64_t i;
    if (!x->started) {
        x->started = true;
        for (i = 0; i < x->r; i++)
            if (kr_tuple_size(kr_tuple_get(x->pool, (size_t)i)) == 0) return stop(x);
        return product_current(x);
    }
    for (i = x->r - 1; i >= 0; i--) {
        if (++x->indices[i] < (int64_t)kr_tuple_size(kr_tuple_get(x->pool, (size_t)i))) break;
        x->indices[i] = 0;
    }
    return i < 0 ? stop(x) : product_current(x);
}

KR_FN(product, product_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Choices *x = kr_to_object(a[0]);
    KrValue type = type_value_of(a[0]);
    if (x->stopped) return kr_tuple_of(2, type, kr_tuple_of(1, empty_tuple()));
    if (!x->started) return kr_tuple_of(2, type, x->pool);
    return kr_tuple_of(3, type, x->pool, index_tuple(x->indices, x->r));
}

KR_FN(product, product_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Choices *x = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1]) || (int64_t)kr_tuple_size(a[1]) != x->r)
        return kr_raise(kr_ValueError, "invalid arguments");
    for (int64_t i = 0; i < x->r; i++) {
        int64_t index, size = (int64_t)kr_tuple_size(kr_tuple_get(x->pool, (size_t)i));
        if (kr_to_int64(kr_tuple_get(a[1], (size_t)i), &index) < 0) return KR_EMPTY;
        if (size == 0) {
            x->stopped = true;
            return kr_None;
        }
        x->indices[i] = clamp(index, 0, size - 1);
    }
    x->started = true;
    return kr_None;
}

KR_FN(product, product_sizeof, "__sizeof__", "(self, /)", "Returns size in memory, in bytes.")
{
    return kr_int(
        (int64_t)(sizeof(Choices) + (size_t)((Choices *)kr_to_object(a[0]))->r * sizeof(int64_t)));
}

/* ---- combinations ---- */

static const KrFunction combinations_entry = {"combinations", "(iterable, r)", NULL, NULL, 0, NULL};
static const KrFunction replacement_entry = {
    "combinations_with_replacement", "(iterable, r)", NULL, NULL, 0, NULL};

/* Binds (iterable, r): the pool and r. */
static int bind_pool(const KrFunction *entry, const KrValue *args, size_t n, KrValue kwnames,
                     KrValue *pool, int64_t *r)
{
    KrValue slots[2];
    if (kr_bind(entry, args, n, kwnames, slots) < 0) return -1;
    *pool = kr_tuple_from(slots[0]);
    if (kr_is_empty(*pool)) return -1;
    if (kr_to_index(slots[1], r) < 0) return -1;
    if (*r >= 0) return 0;
    kr_raise(kr_ValueError, "r must be non-negative");
    return -1;
}

static KrValue combinations_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue pool;
    int64_t r;
    if (bind_pool(&combinations_entry, args, n, kwnames, &pool, &r) < 0) return KR_EMPTY;
    KrValue made = choices_new(type, pool, r, r);
    if (kr_is_empty(made)) return KR_EMPTY;
    Choices *x = kr_to_object(made);
    for (int64_t i = 0; i < r; i++) x->indices[i] = i;
    x->stopped = r > pool_size(x);
    return made;
}

static KrValue combinations_next(KrValue self)
{
    Choices *x = kr_to_object(self);
    if (x->stopped) return KR_EMPTY;
    if (x->started) {
        int64_t i = x->r - 1, n = pool_size(x);
        while (i >= 0 && x->indices[i] == i + n - x->r) i--;
        if (i < 0) return stop(x);
        x->indices[i]++;
        for (i++; i < x->r; i++) x->indices[i] = x->indices[i - 1] + 1;
    }
    x->started = true;
    return current(x);
}

static KrValue choices_reduce(KrValue self)
{
    Choices *x = kr_to_object(self);
    KrValue type = type_value_of(self), r = kr_int(x->r);
    if (!x->started && !x->stopped) return kr_tuple_of(2, type, kr_tuple_of(2, x->pool, r));
    if (x->stopped) return kr_tuple_of(2, type, kr_tuple_of(2, empty_tuple(), r));
    return kr_tuple_of(3, type, kr_tuple_of(2, x->pool, r), index_tuple(x->indices, x->r));
}

/* Index i goes up to n - r + i for combinations, to n - 1 with replacement. */
static KrValue choices_setstate(KrValue self, KrValue state, bool replacement)
{
    Choices *x = kr_to_object(self);
    int64_t n = pool_size(x);
    if (!kr_is_tuple(state) || (int64_t)kr_tuple_size(state) != x->r)
        return kr_raise(kr_ValueError, "invalid arguments");
    for (int64_t i = 0; i < x->r; i++) {
        int64_t index, most = replacement ? n - 1 : i + n - x->r;
        if (kr_to_int64(kr_tuple_get(state, (size_t)i), &index) < 0) return KR_EMPTY;
        if (most < 0) {
            x->stopped = true;
            return kr_None;
        }
        x->indices[i] = clamp(index, 0, most);
    }
    x->started = true;
    return kr_None;
}

KR_FN(combinations, combinations_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return choices_reduce(a[0]);
}
KR_FN(combinations, combinations_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return choices_setstate(a[0], a[1], false);
}
KR_FN(combinations, combinations_sizeof, "__sizeof__", "(self, /)",
      "Returns size in memory, in bytes.")
{
    return product_sizeof(a);
}

/* ---- combinations_with_replacement ---- */

static KrValue replacement_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue pool;
    int64_t r;
    if (bind_pool(&replacement_entry, args, n, kwnames, &pool, &r) < 0) return KR_EMPTY;
    KrValue made = choices_new(type, pool, r, r);
    if (kr_is_empty(made)) return KR_EMPTY;
    Choices *x = kr_to_object(made);
    x->stopped = pool_size(x) == 0 && r > 0;
    return made;
}

static KrValue replacement_next(KrValue self)
{
    Choices *x = kr_to_object(self);
    if (x->stopped) return KR_EMPTY;
    if (x->started) {
        int64_t i = x->r - 1, n = pool_size(x);
        while (i >= 0 && x->indices[i] == n - 1) i--;
        if (i < 0) return stop(x);
        int64_t next = x->indices[i] + 1;
        for (; i < x->r; i++) x->indices[i] = next;
    }
    x->started = true;
    return current(x);
}

KR_FN(replacement, replacement_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return choices_reduce(a[0]);
}
KR_FN(replacement, replacement_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return choices_setstate(a[0], a[1], true);
}
KR_FN(replacement, replacement_sizeof, "__sizeof__", "(self, /)",
      "Returns size in memory, in bytes.")
{
    return product_sizeof(a);
}

/* ---- permutations ---- */

static const KrFunction permutations_entry = {
    "permutations", "(iterable, r=None)", NULL, NULL, 0, NULL};

static KrValue permutations_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&permutations_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    KrValue pool = kr_tuple_from(slots[0]);
    if (kr_is_empty(pool)) return KR_EMPTY;
    int64_t size = (int64_t)kr_tuple_size(pool), r = size;
    if (!kr_is(slots[1], kr_None)) {
        if (!kr_is_int(slots[1])) return kr_raise(kr_TypeError, "Expected int as r");
        if (kr_to_index(slots[1], &r) < 0) return KR_EMPTY;
        if (r < 0) return kr_raise(kr_ValueError, "r must be non-negative");
    }
    int64_t *cycles = new_indices(r);
    if (!cycles) return KR_EMPTY;
    KrValue made = choices_new(type, pool, r, size);
    if (kr_is_empty(made)) return KR_EMPTY;
    Choices *x = kr_to_object(made);
    x->cycles = cycles;
    for (int64_t i = 0; i < size; i++) x->indices[i] = i;
    for (int64_t i = 0; i < r; i++) cycles[i] = size - i;
    x->stopped = r > size;
    return made;
}

static KrValue permutations_next(KrValue self)
{
    Choices *x = kr_to_object(self);
    if (x->stopped) return KR_EMPTY;
    if (!x->started) {
        x->started = true;
        return current(x);
    }
    int64_t n = pool_size(x), i, *indices = x->indices;
    for (i = x->r - 1; i >= 0; i--) {
        if (--x->cycles[i] == 0) { /* rotate indices[i:] to the left */
            int64_t first = indices[i];
            for (int64_t j = i; j < n - 1; j++) indices[j] = indices[j + 1];
            indices[n - 1] = first;
            x->cycles[i] = n - i;
            continue;
        }
        int64_t j = n - x->cycles[i], index = indices[i];
        indices[i] = indices[j];
        indices[j] = index;
        return current(x);
    }
    return stop(x);
}

KR_FN(permutations, permutations_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Choices *x = kr_to_object(a[0]);
    KrValue type = type_value_of(a[0]), r = kr_int(x->r);
    if (!x->started && !x->stopped) return kr_tuple_of(2, type, kr_tuple_of(2, x->pool, r));
    if (x->stopped) return kr_tuple_of(2, type, kr_tuple_of(2, empty_tuple(), r));
    return kr_tuple_of(
        3, type, kr_tuple_of(2, x->pool, r),
        kr_tuple_of(2, index_tuple(x->indices, pool_size(x)), index_tuple(x->cycles, x->r)));
}

KR_FN(permutations, permutations_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Choices *x = kr_to_object(a[0]);
    int64_t n = pool_size(x);
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) != 2)
        return kr_raise(kr_ValueError, "invalid arguments");
    KrValue indices = kr_tuple_get(a[1], 0), cycles = kr_tuple_get(a[1], 1);
    if (!kr_is_tuple(indices) || !kr_is_tuple(cycles) || (int64_t)kr_tuple_size(indices) != n ||
        (int64_t)kr_tuple_size(cycles) != x->r)
        return kr_raise(kr_ValueError, "invalid arguments");
    for (int64_t i = 0; i < n; i++) {
        int64_t v;
        if (kr_to_int64(kr_tuple_get(indices, (size_t)i), &v) < 0) return KR_EMPTY;
        x->indices[i] = clamp(v, 0, n - 1);
    }
    for (int64_t i = 0; i < x->r; i++) {
        int64_t v;
        if (kr_to_int64(kr_tuple_get(cycles, (size_t)i), &v) < 0) return KR_EMPTY;
        x->cycles[i] = clamp(v, 1, n - i);
    }
    x->started = true;
    return kr_None;
}

KR_FN(permutations, permutations_sizeof, "__sizeof__", "(self, /)",
      "Returns size in memory, in bytes.")
{
    Choices *x = kr_to_object(a[0]);
    return kr_int((int64_t)(sizeof(Choices) + (size_t)(pool_size(x) + x->r) * sizeof(int64_t)));
}

#include "modules/itertools_combinatorics.entries.h"

#define SPEC(id, pyname, docstring)                                                 \
    static const KrTypeSpec id##_spec = {                                           \
        .name = "itertools." pyname,                                                \
        .size = sizeof(Choices),                                                    \
        .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,                            \
        .trace = choices_trace,                                                     \
        .functions = id##_functions,                                                \
        .doc = docstring,                                                           \
        .slots = {.iter = kr_itertools_self, .make = id##_make, .next = id##_next}, \
    };
SPEC(product, "product",
     "product(*iterables, repeat=1) --> product object\n\nCartesian product of input iterables.  "
     "Equivalent to nested "
     "for-loops.")
SPEC(combinations, "combinations",
     "Return successive r-length combinations of elements in the "
     "iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), "
     "(0,2,3), (1,2,3)")
SPEC(replacement, "combinations_with_replacement",
     "Return successive r-length combinations of elements in the iterable allowing individual "
     "elements to have successive "
     "repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), "
     "('B','B'), ('B','C'), "
     "('C','C')")
SPEC(permutations, "permutations",
     "Return successive r-length permutations of elements in the "
     "iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), "
     "(1,0), (1,2), (2,0), (2,1)")

int kr_itertools_add_combinatorics(KrValue module)
{
    kr_type_once(&product_type, &product_spec);
    kr_type_once(&combinations_type, &combinations_spec);
    kr_type_once(&replacement_type, &replacement_spec);
    kr_type_once(&permutations_type, &permutations_spec);
    if (!product_type || !combinations_type || !replacement_type || !permutations_type) return -1;
    if (kr_module_add_type(module, product_type) < 0 ||
        kr_module_add_type(module, combinations_type) < 0)
        return -1;
    return kr_module_add_type(module, replacement_type) < 0
               ? -1
               : kr_module_add_type(module, permutations_type);
}
