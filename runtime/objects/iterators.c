/* iterators.c: iteration over __getitem__ ("iterator"), iter(callable, sentinel)
 * ("callable_iterator"), and what the iterators of sequences share. */
#include "runtime/objects/iterators.h"

#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"

Type kr_iterator_type, kr_callable_iterator_type;

void kr_sequence_iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((SequenceIterator *)self)->sequence);
}

Value kr_iterators_new(Type *type, Value sequence, int64_t index)
{
    SequenceIterator *it = heap_alloc(type, sizeof(SequenceIterator));
    if (!it) return EMPTY;
    it->sequence = sequence;
    it->index = index;
    return from_object(it);
}

Value kr_iterators_new_sequence(Value sequence)
{
    return kr_iterators_new(&kr_iterator_type, sequence, 0);
}

static Value iterator_self(Value self) { return self; }

static Value iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    if (UNLIKELY(it->index == INT64_MAX)) return kr_raise(kr_OverflowError, "iter index too large");
    Value item = kr_getitem(it->sequence, kr_int(it->index));
    if (LIKELY(!is_empty(item))) {
        it->index++;
        return item;
    }
    if (kr_raised_is(kr_IndexError) || kr_raised_is(kr_StopIteration)) {
        kr_clear_exception();
        it->sequence = EMPTY;
    }
    return EMPTY;
}

KR_FN(iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return from_small_int(0);
    if (is_empty(kr_find_special(it->sequence, KR_NAME("__len__"))))
        return kr_raised() ? EMPTY : NOT_IMPLEMENTED;
    int64_t size = kr_length(it->sequence);
    if (size < 0) return EMPTY;
    return kr_int(size > it->index ? size - it->index : 0);
}

KR_FN(iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_tuple(NULL, 0));
    return reduce_iterator("iter", it->sequence, it->index);
}

KR_FN(iterator, iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return EMPTY;
    if (!is_empty(it->sequence)) it->index = index < 0 ? 0 : index;
    return NONE;
}

/* ---- iter(callable, sentinel) ---- */

typedef struct CallableIterator {
    Object head;
    Value callable, sentinel; /* EMPTY when finished */
} CallableIterator;

static void callable_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((CallableIterator *)self)->callable);
    kr_trace(tracer, ((CallableIterator *)self)->sentinel);
}

Value kr_iterators_new_callable(Value callable, Value sentinel)
{
    CallableIterator *it = heap_alloc(&kr_callable_iterator_type, sizeof(CallableIterator));
    if (!it) return EMPTY;
    it->callable = callable;
    it->sentinel = sentinel;
    return from_object(it);
}

static Value callable_next(Value self)
{
    CallableIterator *it = object_of(self);
    if (is_empty(it->callable)) return EMPTY;
    Value item = kr_call0(it->callable);
    if (is_empty(item)) {
        if (kr_raised_is(kr_StopIteration)) {
            kr_clear_exception();
            it->callable = it->sentinel = EMPTY;
        }
        return EMPTY;
    }
    if (is_empty(it->sentinel)) return EMPTY; /* the call finished this very iterator */
    int equal = quick_equal(it->sentinel, item);
    if (equal == 0) return item;
    if (equal > 0) it->callable = it->sentinel = EMPTY;
    return EMPTY;
}

KR_FN(callable_iterator, callable_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    CallableIterator *it = object_of(a[0]);
    if (is_empty(it->callable)) return reduce_exhausted(kr_tuple(NULL, 0));
    return kr_tuple_of(2, kr_import_attr("builtins", "iter"),
                       kr_tuple_of(2, it->callable, it->sentinel));
}

#include "runtime/objects/iterators.entries.h"

static const KrTypeSpec iterator_spec = {
    .name = "iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static const KrTypeSpec callable_iterator_spec = {
    .name = "callable_iterator",
    .size = sizeof(CallableIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = callable_trace,
    .functions = callable_iterator_functions,
    .slots = {.iter = iterator_self, .next = callable_next},
};

void kr_iterators_init(void)
{
    kr_type_init(&kr_iterator_type, &iterator_spec);
    kr_type_init(&kr_callable_iterator_type, &callable_iterator_spec);
}
