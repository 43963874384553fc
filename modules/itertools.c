/* itertools.c: the module itertools: iterators of filtering, slicing, counting and chaining. The
 * combinatoric ones are in itertools_combinatorics.c, groupby and tee in itertools_groups.c.
 *
 * Each object is the head, then its values, then plain numbers: trace_n() visits the first n
 * values. An exhausted iterator drops what it iterates over. All can be copied and pickled as in
 * CPython 3.11. */
#include <string.h>

#include "modules/itertools.h"

#define ITERATOR_SELF .iter = kr_itertools_self

KrValue kr_itertools_self(KrValue self) { return self; }

#define VALUE_OF(self, n) (((KrValue *)((KrObject *)(self) + 1))[n])
static void trace_1(void *self, KrTracer *tracer) { kr_trace(tracer, VALUE_OF(self, 0)); }
static void trace_2(void *self, KrTracer *tracer)
{
    kr_trace(tracer, VALUE_OF(self, 0));
    kr_trace(tracer, VALUE_OF(self, 1));
}
static void trace_4(void *self, KrTracer *tracer)
{
    for (int i = 0; i < 4; i++) kr_trace(tracer, VALUE_OF(self, i));
}

static KrType *accumulate_type, *chain_type, *compress_type, *count_type, *cycle_type,
    *dropwhile_type, *filterfalse_type, *islice_type, *pairwise_type, *repeat_type, *starmap_type,
    *takewhile_type, *zip_longest_type;

/* Keywords are an error unless a subclass takes them in an __init__ of its own. */
static bool bad_keywords(KrType *type, const KrType *exact, KrValue kwnames)
{
    if (kr_is_empty(kwnames) || kr_tuple_size(kwnames) == 0) return false;
    KrValue name = KR_NAME("__init__");
    return type == exact || kr_is(kr_type_find(type, name), kr_type_find(exact, name));
}

/* A constructor that takes exactly n positional arguments. */
static int check_positional(KrType *type, const KrType *exact, const char *name, size_t n,
                            KrValue kwnames, size_t want)
{
    if (bad_keywords(type, exact, kwnames)) {
        kr_raise(kr_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (n == want) return 0;
    kr_raise(kr_TypeError, "%s expected %zu argument%s, got %zu", name, want, want == 1 ? "" : "s",
             n);
    return -1;
}

static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* The name of v's type without its module, as reprs show it. */
static const char *short_name(KrValue v)
{
    const char *name = kr_type_name(kr_type_of(v)), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* ---- accumulate ---- */

typedef struct Accumulate {
    KrObject head;
    KrValue iterator, function, total,
        initial; /* total: empty before the first; initial: None or the start */
} Accumulate;

static const KrFunction accumulate_entry = {
    "accumulate", "(iterable, func=None, *, initial=None)", NULL, NULL, 0, NULL};

static KrValue accumulate_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[3];
    if (kr_bind(&accumulate_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(slots[0]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    Accumulate *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->iterator = iterator;
    x->function = slots[1];
    x->initial = slots[2];
    return kr_from_object(x);
}

static KrValue accumulate_next(KrValue self)
{
    Accumulate *x = kr_to_object(self);
    if (!kr_is(x->initial, kr_None)) {
        x->total = x->initial;
        x->initial = kr_None;
        return x->total;
    }
    KrValue item = kr_next(x->iterator);
    if (kr_is_empty(item)) return KR_EMPTY;
    if (kr_is_empty(x->total)) return x->total = item;
    KrValue total = kr_is(x->function, kr_None) ? kr_binary(KR_ADD, x->total, item)
                                                : kr_call2(x->function, x->total, item);
    if (!kr_is_empty(total)) x->total = total;
    return total;
}

static KrValue chain_with(KrValue first, KrValue iterator)
{
    return kr_call2(kr_type_value(chain_type), kr_tuple_of(1, first), iterator);
}

KR_FN(accumulate, accumulate_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Accumulate *x = kr_to_object(a[0]);
    if (!kr_is(x->initial, kr_None)) {
        KrValue it = chain_with(x->initial, x->iterator);
        return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(2, it, x->function), kr_None);
    }
    if (!kr_is_empty(x->total) && kr_is(x->total, kr_None)) {
        KrValue it = chain_with(kr_None, x->iterator);
        if (kr_is_empty(it)) return KR_EMPTY;
        it = kr_call2(kr_type_value(accumulate_type), it, x->function);
        return kr_tuple_of(2, kr_type_value(islice_type), kr_tuple_of(3, it, kr_int(1), kr_None));
    }
    return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(2, x->iterator, x->function),
                       kr_is_empty(x->total) ? kr_None : x->total);
}

KR_FN(accumulate, accumulate_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Accumulate *x = kr_to_object(a[0]);
    x->total = kr_is(a[1], kr_None) ? KR_EMPTY : a[1];
    return kr_None;
}

/* ---- chain ---- */

typedef struct Chain {
    KrObject head;
    KrValue source,
        active; /* iterator of iterables; iterator of the current one; both may be empty */
} Chain;

static KrValue chain_of(KrType *type, KrValue iterables)
{
    KrValue source = kr_iter(iterables);
    if (kr_is_empty(source)) return KR_EMPTY;
    Chain *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->source = source;
    return kr_from_object(x);
}

static KrValue chain_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (bad_keywords(type, chain_type, kwnames))
        return kr_raise(kr_TypeError, "chain() takes no keyword arguments");
    KrValue iterables = kr_tuple(args, n);
    return kr_is_empty(iterables) ? KR_EMPTY : chain_of(type, iterables);
}

static KrValue chain_next(KrValue self)
{
    Chain *x = kr_to_object(self);
    for (;;) {
        if (kr_is_empty(x->active)) {
            if (kr_is_empty(x->source)) return KR_EMPTY;
            KrValue iterable = kr_next(x->source);
            if (!kr_is_empty(iterable)) x->active = kr_iter(iterable);
            if (kr_is_empty(x->active)) {
                x->source = KR_EMPTY;
                return KR_EMPTY;
            }
        }
        KrValue item = kr_next(x->active);
        if (!kr_is_empty(item) || kr_raised()) return item;
        x->active = KR_EMPTY;
    }
}

KR_CLASSMETHOD(
    chain, chain_from_iterable, "from_iterable", "(cls, iterable, /)",
    "Alternative chain() constructor taking a single iterable argument that evaluates lazily.")
{
    return chain_of(kr_to_object(a[0]), a[1]);
}

KR_CLASSMETHOD(chain, chain_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

KR_FN(chain, chain_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Chain *x = kr_to_object(a[0]);
    if (kr_is_empty(x->source)) return kr_tuple_of(2, type_value_of(a[0]), kr_tuple(NULL, 0));
    KrValue state =
        kr_is_empty(x->active) ? kr_tuple_of(1, x->source) : kr_tuple_of(2, x->source, x->active);
    return kr_tuple_of(3, type_value_of(a[0]), kr_tuple(NULL, 0), state);
}

KR_FN(chain, chain_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Chain *x = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1])) return kr_raise(kr_TypeError, "state is not a tuple");
    size_t n = kr_tuple_size(a[1]);
    if (n < 1 || n > 2)
        return kr_raise(kr_TypeError, "function takes at %s argument%s (%zu given)",
                        n < 1 ? "least 1" : "most 2", n < 1 ? "" : "s", n);
    KrValue source = kr_tuple_get(a[1], 0), active = n == 2 ? kr_tuple_get(a[1], 1) : KR_EMPTY;
    if (!kr_is_iterator(source) || (n == 2 && !kr_is_iterator(active)))
        return kr_raise(kr_TypeError, "Arguments must be iterators.");
    x->source = source;
    x->active = active;
    return kr_None;
}

/* ---- compress ---- */

typedef struct Compress {
    KrObject head;
    KrValue data, selectors;
} Compress;

static const KrFunction compress_entry = {"compress", "(data, selectors)", NULL, NULL, 0, NULL};

static KrValue compress_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&compress_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    KrValue data = kr_iter(slots[0]);
    if (kr_is_empty(data)) return KR_EMPTY;
    KrValue selectors = kr_iter(slots[1]);
    if (kr_is_empty(selectors)) return KR_EMPTY;
    Compress *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->data = data;
    x->selectors = selectors;
    return kr_from_object(x);
}

static KrValue compress_next(KrValue self)
{
    Compress *x = kr_to_object(self);
    for (;;) {
        KrValue datum = kr_next(x->data);
        if (kr_is_empty(datum)) return KR_EMPTY;
        KrValue selector = kr_next(x->selectors);
        if (kr_is_empty(selector)) return KR_EMPTY;
        int truth = kr_truth(selector);
        if (truth) return truth < 0 ? KR_EMPTY : datum;
    }
}

KR_FN(compress, compress_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Compress *x = kr_to_object(a[0]);
    return kr_tuple_of(2, type_value_of(a[0]), kr_tuple_of(2, x->data, x->selectors));
}

/* ---- count ---- */

typedef struct Count {
    KrObject head;
    KrValue next, step;
} Count;

static const KrFunction count_entry = {"count", "(start=0, step=1)", NULL, NULL, 0, NULL};

static bool is_number(KrValue v)
{
    if (kr_is_int(v) || kr_is_float(v) || kr_is_a(v, &kr_complex_type) || kr_has_index(v))
        return true;
    return !kr_is_empty(kr_find_special(v, KR_NAME("__float__"))) ||
           !kr_is_empty(kr_find_special(v, KR_NAME("__int__")));
}

static KrValue count_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&count_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    if (!is_number(slots[0]) || !is_number(slots[1]))
        return kr_raised() ? KR_EMPTY : kr_raise(kr_TypeError, "a number is required");
    Count *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->next = slots[0];
    x->step = slots[1];
    return kr_from_object(x);
}

static KrValue count_next(KrValue self)
{
    Count *x = kr_to_object(self);
    KrValue v = x->next, next = kr_binary(KR_ADD, v, x->step);
    if (kr_is_empty(next)) return KR_EMPTY;
    x->next = next;
    return v;
}

static bool is_one(KrValue v) { return kr_is_int_exact(v) && kr_is(v, kr_int(1)); }

static KrValue count_repr(KrValue self)
{
    Count *x = kr_to_object(self);
    if (is_one(x->step)) return kr_str_format("%s(%R)", short_name(self), x->next);
    return kr_str_format("%s(%R, %R)", short_name(self), x->next, x->step);
}

KR_FN(count, count_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Count *x = kr_to_object(a[0]);
    KrValue args = is_one(x->step) && kr_is_int_exact(x->next) ? kr_tuple_of(1, x->next)
                                                               : kr_tuple_of(2, x->next, x->step);
    return kr_tuple_of(2, type_value_of(a[0]), args);
}

/* ---- cycle ---- */

typedef struct Cycle {
    KrObject head;
    KrValue iterator, saved; /* iterator: empty after the first pass; saved: list */
    size_t index;
    bool first_pass; /* saved is complete already (state set by hand) */
} Cycle;

static KrValue cycle_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_positional(type, cycle_type, "cycle", n, kwnames, 1) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(args[0]),
            saved = kr_is_empty(iterator) ? KR_EMPTY : kr_list(NULL, 0);
    if (kr_is_empty(saved)) return KR_EMPTY;
    Cycle *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->iterator = iterator;
    x->saved = saved;
    return kr_from_object(x);
}

static KrValue cycle_next(KrValue self)
{
    Cycle *x = kr_to_object(self);
    if (!kr_is_empty(x->iterator)) {
        KrValue item = kr_next(x->iterator);
        if (!kr_is_empty(item)) {
            if (!x->first_pass && kr_list_append(x->saved, item) < 0) return KR_EMPTY;
            return item;
        }
        if (kr_raised()) return KR_EMPTY;
        x->iterator = KR_EMPTY;
    }
    size_t n = kr_list_size(x->saved);
    if (n == 0) return KR_EMPTY;
    if (x->index >= n) x->index = 0;
    return kr_list_get(x->saved, x->index++);
}

KR_FN(cycle, cycle_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Cycle *x = kr_to_object(a[0]);
    KrValue iterator = x->iterator, first = kr_bool(x->first_pass);
    if (kr_is_empty(iterator)) {
        iterator = kr_iter(x->saved);
        if (kr_is_empty(iterator)) return KR_EMPTY;
        if (x->index &&
            kr_is_empty(kr_call_method1(iterator, "__setstate__", kr_int((int64_t)x->index))))
            return KR_EMPTY;
        first = kr_True;
    }
    return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(1, iterator),
                       kr_tuple_of(2, x->saved, first));
}

KR_FN(cycle, cycle_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    Cycle *x = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1])) return kr_raise(kr_TypeError, "state is not a tuple");
    if (kr_tuple_size(a[1]) != 2)
        return kr_raise(kr_TypeError, "function takes exactly 2 arguments (%zu given)",
                        kr_tuple_size(a[1]));
    KrValue saved = kr_tuple_get(a[1], 0);
    int64_t first;
    if (!kr_is_list(saved)) return kr_raise(kr_TypeError, "argument 1 must be list, not %T", saved);
    if (kr_to_int64(kr_tuple_get(a[1], 1), &first) < 0) return KR_EMPTY;
    x->saved = saved;
    x->first_pass = first != 0;
    x->index = 0;
    return kr_None;
}

/* ---- dropwhile, takewhile, filterfalse, starmap ---- */

typedef struct Selected {
    KrObject head;
    KrValue function, iterator;
    bool done; /* dropwhile: dropping is over; takewhile: taking is over */
} Selected;

static KrValue selected_make(KrType *type, KrType *exact, const char *name, const KrValue *args,
                             size_t n, KrValue kwnames)
{
    if (check_positional(type, exact, name, n, kwnames, 2) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(args[1]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    Selected *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->function = args[0];
    x->iterator = iterator;
    return kr_from_object(x);
}

#define SELECTED_MAKE(name)                                                                  \
    static KrValue name##_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames) \
    {                                                                                        \
        return selected_make(type, name##_type, #name, args, n, kwnames);                    \
    }
SELECTED_MAKE(dropwhile)
SELECTED_MAKE(takewhile)
SELECTED_MAKE(filterfalse)
SELECTED_MAKE(starmap)

static int predicate(KrValue function, KrValue item)
{
    KrValue good = kr_call1(function, item);
    return kr_is_empty(good) ? -1 : kr_truth(good);
}

static KrValue dropwhile_next(KrValue self)
{
    Selected *x = kr_to_object(self);
    for (;;) {
        KrValue item = kr_next(x->iterator);
        if (kr_is_empty(item) || x->done) return item;
        int good = predicate(x->function, item);
        if (good < 0) return KR_EMPTY;
        if (!good) {
            x->done = true;
            return item;
        }
    }
}

static KrValue takewhile_next(KrValue self)
{
    Selected *x = kr_to_object(self);
    if (x->done) return KR_EMPTY;
    KrValue item = kr_next(x->iterator);
    if (kr_is_empty(item)) return KR_EMPTY;
    int good = predicate(x->function, item);
    if (good == 1) return item;
    if (good == 0) x->done = true;
    return KR_EMPTY;
}

static KrValue filterfalse_next(KrValue self)
{
    Selected *x = kr_to_object(self);
    bool by_truth = kr_is(x->function, kr_None) || kr_is(x->function, kr_type_value(&kr_bool_type));
    for (;;) {
        KrValue item = kr_next(x->iterator);
        if (kr_is_empty(item)) return KR_EMPTY;
        int good = by_truth ? kr_truth(item) : predicate(x->function, item);
        if (good <= 0) return good < 0 ? KR_EMPTY : item;
    }
}

static KrValue starmap_next(KrValue self)
{
    Selected *x = kr_to_object(self);
    KrValue args = kr_next(x->iterator);
    if (kr_is_empty(args) || kr_is_empty(args = kr_tuple_from(args))) return KR_EMPTY;
    return kr_call(x->function, kr_tuple_items(args), kr_tuple_size(args), KR_EMPTY);
}

static KrValue selected_reduce(KrValue self, bool with_state)
{
    Selected *x = kr_to_object(self);
    KrValue args = kr_tuple_of(2, x->function, x->iterator);
    if (!with_state) return kr_tuple_of(2, type_value_of(self), args);
    return kr_tuple_of(3, type_value_of(self), args, kr_int(x->done));
}

static KrValue selected_setstate(KrValue self, KrValue state)
{
    int done = kr_truth(state);
    if (done < 0) return KR_EMPTY;
    ((Selected *)kr_to_object(self))->done = done;
    return kr_None;
}

KR_FN(dropwhile, dropwhile_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return selected_reduce(a[0], true);
}
KR_FN(dropwhile, dropwhile_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return selected_setstate(a[0], a[1]);
}
KR_FN(takewhile, takewhile_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return selected_reduce(a[0], true);
}
KR_FN(takewhile, takewhile_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return selected_setstate(a[0], a[1]);
}
KR_FN(filterfalse, filterfalse_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return selected_reduce(a[0], false);
}
KR_FN(starmap, starmap_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return selected_reduce(a[0], false);
}

/* ---- islice ---- */

typedef struct Islice {
    KrObject head;
    KrValue iterator;                /* empty when exhausted */
    int64_t next, stop, step, count; /* stop -1: none; count: items consumed */
} Islice;

/* A bound, left alone for None. -1: no index, or the -1 that stands for None; -2: below. No
 * exception stays set. */
static int islice_bound(KrValue v, int64_t *out)
{
    if (kr_is(v, kr_None)) return 0;
    if (kr_to_index(v, out) < 0) {
        kr_clear_exception();
        return -1;
    }
    return *out >= 0 ? 0 : *out == -1 ? -1 : -2;
}

static KrValue islice_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (bad_keywords(type, islice_type, kwnames))
        return kr_raise(kr_TypeError, "islice() takes no keyword arguments");
    if (n < 2 || n > 4)
        return kr_raise(kr_TypeError, "islice expected at %s arguments, got %zu",
                        n < 2 ? "least 2" : "most 4", n);
    int64_t start = 0, stop = -1, step = 1;
    int bad_stop = islice_bound(args[n == 2 ? 1 : 2], &stop);
    if (bad_stop == -1)
        return kr_raise(kr_ValueError, "Stop argument for islice() must be None or an integer: "
                                       "0 <= x <= sys.maxsize.");
    if (bad_stop || (n > 2 && islice_bound(args[1], &start) < 0))
        return kr_raise(kr_ValueError,
                        "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (n == 4 && (islice_bound(args[3], &step) < 0 || step < 1))
        return kr_raise(kr_ValueError, "Step for islice() must be a positive integer or None.");
    KrValue iterator = kr_iter(args[0]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    Islice *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->iterator = iterator;
    x->next = start;
    x->stop = stop;
    x->step = step;
    return kr_from_object(x);
}

static KrValue islice_next(KrValue self)
{
    Islice *x = kr_to_object(self);
    if (kr_is_empty(x->iterator)) return KR_EMPTY;
    while (x->count < x->next) {
        if (kr_is_empty(kr_next(x->iterator))) goto finished;
        x->count++;
    }
    if (x->stop != -1 && x->count >= x->stop) goto finished;
    KrValue item = kr_next(x->iterator);
    if (kr_is_empty(item)) goto finished;
    x->count++;
    if (__builtin_add_overflow(x->next, x->step, &x->next) || (x->stop != -1 && x->next > x->stop))
        x->next = x->stop == -1 ? INT64_MAX : x->stop;
    return item;
finished:
    x->iterator = KR_EMPTY;
    return KR_EMPTY;
}

KR_FN(islice, islice_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Islice *x = kr_to_object(a[0]);
    if (kr_is_empty(x->iterator)) {
        KrValue nothing = kr_iter(kr_tuple(NULL, 0));
        return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(2, nothing, kr_int(0)), kr_int(0));
    }
    KrValue stop = x->stop == -1 ? kr_None : kr_int(x->stop);
    return kr_tuple_of(3, type_value_of(a[0]),
                       kr_tuple_of(4, x->iterator, kr_int(x->next), stop, kr_int(x->step)),
                       kr_int(x->count));
}

KR_FN(islice, islice_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return kr_to_int64(a[1], &((Islice *)kr_to_object(a[0]))->count) < 0 ? KR_EMPTY : kr_None;
}

/* ---- pairwise ---- */

typedef struct Pairwise {
    KrObject head;
    KrValue iterator, old;
} Pairwise;

static KrValue pairwise_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (check_positional(type, pairwise_type, "pairwise", n, kwnames, 1) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(args[0]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    Pairwise *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->iterator = iterator;
    return kr_from_object(x);
}

static KrValue pairwise_next(KrValue self)
{
    Pairwise *x = kr_to_object(self);
    if (kr_is_empty(x->iterator)) return KR_EMPTY;
    KrValue old = x->old;
    if (kr_is_empty(old)) {
        x->old = old = kr_next(x->iterator);
        if (kr_is_empty(old)) {
            x->iterator = KR_EMPTY;
            return KR_EMPTY;
        }
        if (kr_is_empty(x->iterator)) return KR_EMPTY; /* the iterator used this object meanwhile */
    }
    KrValue item = kr_next(x->iterator);
    x->old = item;
    if (kr_is_empty(item)) {
        x->iterator = KR_EMPTY;
        return KR_EMPTY;
    }
    return kr_tuple_of(2, old, item);
}

/* ---- repeat ---- */

typedef struct Repeat {
    KrObject head;
    KrValue object;
    int64_t left; /* -1: for ever */
} Repeat;

static const KrFunction repeat_entry = {"repeat", "(object, times=<unset>)", NULL, NULL, 0, NULL};

static KrValue repeat_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    if (kr_bind(&repeat_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    int64_t left = -1;
    if (!kr_is_empty(slots[1])) {
        if (kr_to_index(slots[1], &left) < 0) {
            if (!kr_raised_is(kr_IndexError)) return KR_EMPTY;
            kr_clear_exception();
            return kr_raise(kr_OverflowError, "Python int too large to convert to C ssize_t");
        }
        if (left < 0) left = 0;
    }
    Repeat *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->object = slots[0];
    x->left = left;
    return kr_from_object(x);
}

static KrValue repeat_next(KrValue self)
{
    Repeat *x = kr_to_object(self);
    if (x->left == 0) return KR_EMPTY;
    if (x->left > 0) x->left--;
    return x->object;
}

static KrValue repeat_repr(KrValue self)
{
    Repeat *x = kr_to_object(self);
    if (x->left < 0) return kr_str_format("%s(%R)", short_name(self), x->object);
    return kr_str_format("%s(%R, %ld)", short_name(self), x->object, (long)x->left);
}

KR_FN(repeat, repeat_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    Repeat *x = kr_to_object(a[0]);
    return x->left < 0 ? kr_raise(kr_TypeError, "len() of unsized object") : kr_int(x->left);
}

KR_FN(repeat, repeat_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Repeat *x = kr_to_object(a[0]);
    KrValue args =
        x->left < 0 ? kr_tuple_of(1, x->object) : kr_tuple_of(2, x->object, kr_int(x->left));
    return kr_tuple_of(2, type_value_of(a[0]), args);
}

/* ---- zip_longest ---- */

typedef struct ZipLongest {
    KrObject head;
    KrValue iterators, fill; /* iterators: list; None where exhausted */
    size_t active;
} ZipLongest;

static KrValue zip_longest_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue fill = kr_None;
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames)) {
        if (kr_tuple_size(kwnames) > 1 ||
            !kr_str_equal_ascii(kr_tuple_get(kwnames, 0), "fillvalue"))
            return kr_raise(kr_TypeError, "zip_longest() got an unexpected keyword argument");
        fill = args[n];
    }
    KrValue iterators = kr_list(NULL, n);
    if (kr_is_empty(iterators)) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        KrValue it = kr_iter(args[i]);
        if (kr_is_empty(it)) return KR_EMPTY;
        kr_list_set(iterators, i, it);
    }
    ZipLongest *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->iterators = iterators;
    x->fill = fill;
    x->active = n;
    return kr_from_object(x);
}

static KrValue zip_longest_next(KrValue self)
{
    ZipLongest *x = kr_to_object(self);
    size_t n = kr_list_size(x->iterators);
    if (n == 0 || x->active == 0) return KR_EMPTY;
    KrValue few[8], *items = few;
    if (n > 8 && !(items = kr_alloc_values(n))) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        KrValue it = kr_list_get(x->iterators, i);
        items[i] = x->fill;
        if (kr_is(it, kr_None)) continue;
        KrValue item = kr_next(it);
        if (!kr_is_empty(item)) {
            items[i] = item;
            continue;
        }
        kr_list_set(x->iterators, i, kr_None);
        x->active--;
        if (kr_raised()) x->active = 0;
        if (x->active == 0) return KR_EMPTY;
    }
    return kr_tuple(items, n);
}

KR_FN(zip_longest, zip_longest_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    ZipLongest *x = kr_to_object(a[0]);
    KrValue args = kr_list_from(x->iterators);
    if (kr_is_empty(args)) return KR_EMPTY;
    for (size_t i = 0; i < kr_list_size(args); i++)
        if (kr_is(kr_list_get(args, i), kr_None)) kr_list_set(args, i, kr_tuple(NULL, 0));
    return kr_tuple_of(3, type_value_of(a[0]), kr_list_to_tuple(args), x->fill);
}

KR_FN(zip_longest, zip_longest_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    ((ZipLongest *)kr_to_object(a[0]))->fill = a[1];
    return kr_None;
}

KR_FN(itertools, itertools_tee, "tee", "(iterable, n=2, /)",
      "Returns a tuple of n independent iterators.")
{
    int64_t n;
    if (kr_to_index(a[1], &n) < 0) return KR_EMPTY;
    return kr_itertools_tee(a[0], n);
}

#include "modules/itertools.entries.h"

#define SPEC(id, pyname, Struct, tracer, functions_, docstring, ...)                 \
    static const KrTypeSpec id##_spec = {                                            \
        .name = "itertools." pyname,                                                 \
        .size = sizeof(Struct),                                                      \
        .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,                             \
        .trace = tracer,                                                             \
        .functions = functions_,                                                     \
        .doc = docstring,                                                            \
        .slots = {ITERATOR_SELF, .make = id##_make, .next = id##_next, __VA_ARGS__}, \
    };
SPEC(accumulate, "accumulate", Accumulate, trace_4, accumulate_functions,
     "Return series of accumulated sums (or other binary function results).", )
SPEC(chain, "chain", Chain, trace_2, chain_functions,
     "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method returns "
     "elements from the\nfirst "
     "iterable until it is exhausted, then elements from the next\niterable, until all of the "
     "iterables are exhausted.", )
SPEC(compress, "compress", Compress, trace_2, compress_functions,
     "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator "
     "from selected data elements "
     "using the selectors to\nchoose the data elements.", )
SPEC(count, "count", Count, trace_2, count_functions,
     "Return a count object whose .__next__() method returns consecutive values.\n\nEquivalent "
     "to:\n    def count(firstval=0, "
     "step=1):\n        x = firstval\n        while 1:\n            yield x\n            x += step",
     .repr = count_repr)
SPEC(cycle, "cycle", Cycle, trace_2, cycle_functions,
     "Return elements from the iterable until it is exhausted. Then repeat the sequence "
     "indefinitely.", )
SPEC(dropwhile, "dropwhile", Selected, trace_2, dropwhile_functions,
     "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every "
     "element until the iterable is "
     "exhausted.", )
SPEC(takewhile, "takewhile", Selected, trace_2, takewhile_functions,
     "Return successive entries from an iterable as long as the predicate evaluates to true for "
     "each entry.", )
SPEC(filterfalse, "filterfalse", Selected, trace_2, filterfalse_functions,
     "Return those items of iterable for which function(item) is false.\n\nIf function is None, "
     "return the items that are "
     "false.", )
SPEC(starmap, "starmap", Selected, trace_2, starmap_functions,
     "Return an iterator whose values are returned from the function evaluated with an argument "
     "tuple taken from the given "
     "sequence.", )
SPEC(islice, "islice", Islice, trace_1, islice_functions,
     "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice "
     "object\n\nReturn an iterator "
     "whose next() method returns selected values from an\niterable.", )
SPEC(pairwise, "pairwise", Pairwise, trace_2, NULL,
     "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), "
     "(s1,s2), (s2, s3), ...", )
SPEC(repeat, "repeat", Repeat, trace_1, repeat_functions,
     "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified "
     "number of times.  If not "
     "specified, returns the object\nendlessly.",
     .repr = repeat_repr)
SPEC(zip_longest, "zip_longest", ZipLongest, trace_2, zip_longest_functions,
     "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\nReturn a "
     "zip_longest object whose "
     ".__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable "
     "argument.", )

static int itertools_exec(KrValue module)
{
    static const struct {
        KrType **type;
        const KrTypeSpec *spec;
    } all[] = {
        {&accumulate_type, &accumulate_spec},
        {&chain_type, &chain_spec},
        {&compress_type, &compress_spec},
        {&count_type, &count_spec},
        {&cycle_type, &cycle_spec},
        {&dropwhile_type, &dropwhile_spec},
        {&filterfalse_type, &filterfalse_spec},
        {&islice_type, &islice_spec},
        {&pairwise_type, &pairwise_spec},
        {&repeat_type, &repeat_spec},
        {&starmap_type, &starmap_spec},
        {&takewhile_type, &takewhile_spec},
        {&zip_longest_type, &zip_longest_spec},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!kr_type_once(all[i].type, all[i].spec) || kr_module_add_type(module, *all[i].type) < 0)
            return -1;
    }
    return kr_itertools_add_combinatorics(module) < 0 ? -1 : kr_itertools_add_groups(module);
}

KR_MODULE(itertools) = {
    .api_version = KR_API_VERSION,
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.",
    .functions = itertools_functions,
    .exec = itertools_exec,
};
