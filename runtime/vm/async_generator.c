/* async_generator.c: the awaitables of asynchronous generators (asend, athrow, aclose, __anext__),
 * their hooks, and anext() with a default.
 *
 * An asynchronous generator yields two kinds of things through one YIELD: values of its `yield`
 * statements, which ASYNC_GEN_WRAP has put into a marker object, and whatever its awaits pass
 * through to the event loop. A marked value ends the awaitable that drives the generator
 * (StopIteration with the value); others pass on. */
#include "runtime/vm/interpreter.h"

typedef struct Wrapped { /* the marker */
    Object head;
    Value value;
} Wrapped;

enum { AWAIT_NEW, AWAIT_UNDER_WAY, AWAIT_CLOSED };

typedef struct Step { /* an asend(), athrow() or aclose() to be awaited */
    Object head;
    Value generator;
    Value sent;      /* asend */
    Value exception; /* athrow: (type, value, traceback); EMPTY: aclose */
    int state;       /* AWAIT_... */
} Step;

static Type wrapped_type, asend_type, athrow_type, anext_type;

static Step *step_of(Value v) { return object_of(v); }
static bool is_wrapped(Value v) { return is_exact(v, &wrapped_type); }
static Value itself(Value self) { return self; }

static void wrapped_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Wrapped *)self)->value);
}
static void step_trace(void *self, KrTracer *tracer)
{
    Step *step = self;
    kr_trace(tracer, step->generator);
    kr_trace(tracer, step->sent);
    kr_trace(tracer, step->exception);
}

Value kr_async_wrap(Value v)
{
    Wrapped *w = heap_alloc(&wrapped_type, sizeof *w);
    if (!w) return EMPTY;
    w->value = v;
    return from_object(w);
}

/* What one resumption of the generator means to the awaitable: passes on what the awaits yield;
 * EMPTY with StopIteration(value) at a yield, and with what was raised otherwise. */
static Value unwrap(Generator *g, Value result)
{
    if (is_empty(result)) {
        if (!kr_raised()) kr_raise_value(from_object(kr_StopAsyncIteration));
        if (kr_raised_is(kr_StopAsyncIteration) || kr_raised_is(kr_GeneratorExit)) g->closed = true;
        g->async_running = false;
        return EMPTY;
    }
    if (!is_wrapped(result)) return result;
    g->async_running = false;
    return kr_raise_stop(((Wrapped *)object_of(result))->value);
}

/* The event loop's hooks, once a generator. */
static int call_hooks(Generator *g)
{
    if (g->hooks_called) return 0;
    g->hooks_called = true;
    g->finalizer = kr_self->async_hooks[1];
    Value first = kr_self->async_hooks[0];
    if (is_empty(first)) return 0;
    return is_empty(kr_call1(first, from_object(g))) ? -1 : 0;
}

static Value step_new(Type *type, Value generator, Value sent, Value exception)
{
    if (call_hooks(object_of(generator)) < 0) return EMPTY;
    Step *step = heap_alloc(type, sizeof *step);
    if (!step) return EMPTY;
    step->generator = generator;
    step->sent = sent;
    step->exception = exception;
    return from_object(step);
}

/* ---- asend ---- */

static Value asend_send(Value self, Value sent)
{
    Step *step = step_of(self);
    Generator *g = object_of(step->generator);
    if (step->state == AWAIT_CLOSED)
        return kr_raise(kr_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    if (step->state == AWAIT_NEW) {
        if (g->async_running)
            return kr_raise(kr_RuntimeError, "anext(): asynchronous generator is already running");
        if (is_none(sent)) sent = step->sent;
        step->state = AWAIT_UNDER_WAY;
    }
    g->async_running = true;
    Value result = unwrap(g, kr_generator_send(g, sent));
    if (is_empty(result)) step->state = AWAIT_CLOSED;
    return result;
}

static Value asend_next(Value self) { return asend_send(self, NONE); }

KR_FN(asend, asend_send_method, "send", "(self, arg, /)", "send(arg) -> send 'arg' into generator.")
{
    return asend_send(a[0], a[1]);
}

KR_FN(asend, asend_throw, "throw", "(self, type, value=None, traceback=None, /)",
      "Raise exception in the generator.")
{
    Step *step = step_of(a[0]);
    Generator *g = object_of(step->generator);
    if (step->state == AWAIT_CLOSED)
        return kr_raise(kr_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    Value exception = kr_generator_thrown(a[1], a[2], a[3]);
    if (is_empty(exception)) return EMPTY;
    bool returned;
    Value result = kr_generator_throw(g, exception, false, &returned);
    result = unwrap(g, returned ? EMPTY : result);
    if (is_empty(result)) step->state = AWAIT_CLOSED;
    return result;
}

KR_FN(asend, asend_close, "close", "(self, /)", "close() -> raise GeneratorExit inside generator.")
{
    step_of(a[0])->state = AWAIT_CLOSED;
    return NONE;
}

/* ---- athrow and aclose ---- */

#define ATHROW_REUSED "cannot reuse already awaited aclose()/athrow()"

/* What aclose() makes of a resumption's result; both end it. */
static Value finish_close(Step *step, Generator *g, Value result)
{
    if (!is_empty(result)) {
        if (!is_wrapped(result)) return result;
        g->async_running = false;
        step->state = AWAIT_CLOSED;
        return kr_raise(kr_RuntimeError, "async generator ignored GeneratorExit");
    }
    g->async_running = false;
    step->state = AWAIT_CLOSED;
    if (!kr_raised()) return kr_raise_stop(EMPTY);
    if (kr_raised_is(kr_StopAsyncIteration) || kr_raised_is(kr_GeneratorExit)) {
        kr_clear_exception();
        return kr_raise_stop(EMPTY);
    }
    return EMPTY;
}

static Value finish_throw(Step *step, Generator *g, Value result)
{
    result = unwrap(g, result);
    if (is_empty(result)) step->state = AWAIT_CLOSED;
    return result;
}

static Value throw_into(Generator *g, Value exception)
{
    bool returned;
    Value result = kr_generator_throw(g, exception, false, &returned);
    return returned ? EMPTY : result;
}

static Value athrow_send(Value self, Value sent)
{
    Step *step = step_of(self);
    Generator *g = object_of(step->generator);
    bool closing = is_empty(step->exception);
    if (step->state == AWAIT_CLOSED) return kr_raise(kr_RuntimeError, ATHROW_REUSED);
    if (g->state == GENERATOR_FINISHED) {
        step->state = AWAIT_CLOSED;
        return kr_raise_stop(EMPTY);
    }
    if (step->state == AWAIT_UNDER_WAY) {
        Value result = kr_generator_send(g, sent);
        return closing ? finish_close(step, g, result) : finish_throw(step, g, result);
    }
    if (g->async_running) {
        step->state = AWAIT_CLOSED;
        return kr_raise(kr_RuntimeError, "%s(): asynchronous generator is already running",
                        closing ? "aclose" : "athrow");
    }
    if (g->closed) {
        step->state = AWAIT_CLOSED;
        return kr_raise_value(from_object(kr_StopAsyncIteration));
    }
    if (!is_none(sent))
        return kr_raise(kr_RuntimeError, "can't send non-None value to a just-started coroutine");
    step->state = AWAIT_UNDER_WAY;
    g->async_running = true;
    if (closing) {
        g->closed = true;
        Value exit = kr_call0(from_object(kr_GeneratorExit));
        return is_empty(exit) ? EMPTY : finish_close(step, g, throw_into(g, exit));
    }
    const Value *parts = tuple_of(step->exception)->items;
    Value exception = kr_generator_thrown(parts[0], parts[1], parts[2]);
    Value result = is_empty(exception) ? EMPTY : throw_into(g, exception);
    return finish_throw(step, g, result);
}

static Value athrow_next(Value self) { return athrow_send(self, NONE); }

KR_FN(athrow, athrow_send_method, "send", "(self, arg, /)",
      "send(arg) -> send 'arg' into generator.")
{
    return athrow_send(a[0], a[1]);
}

KR_FN(athrow, athrow_throw, "throw", "(self, type, value=None, traceback=None, /)",
      "Raise exception in the generator.")
{
    Step *step = step_of(a[0]);
    Generator *g = object_of(step->generator);
    if (step->state == AWAIT_CLOSED) return kr_raise(kr_RuntimeError, ATHROW_REUSED);
    Value exception = kr_generator_thrown(a[1], a[2], a[3]);
    if (is_empty(exception)) return EMPTY;
    Value result = throw_into(g, exception);
    return is_empty(step->exception) ? finish_close(step, g, result)
                                     : finish_throw(step, g, result);
}

KR_FN(athrow, athrow_close, "close", "(self, /)",
      "close() -> raise GeneratorExit inside generator.")
{
    step_of(a[0])->state = AWAIT_CLOSED;
    return NONE;
}

/* ---- The generator's methods ---- */

Value kr_async_generator_next(Value self) { return step_new(&asend_type, self, NONE, EMPTY); }

KR_FN(async_generator, async_generator_asend, "asend", "(self, arg, /)",
      "asend(v) -> send 'v' in generator.")
{
    return step_new(&asend_type, a[0], a[1], EMPTY);
}

KR_FN(async_generator, async_generator_athrow, "athrow",
      "(self, type, value=None, traceback=None, /)",
      "athrow(typ[,val[,tb]]) -> raise exception in generator.")
{
    Value parts = kr_tuple_of(3, a[1], a[2], a[3]);
    return is_empty(parts) ? EMPTY : step_new(&athrow_type, a[0], EMPTY, parts);
}

KR_FN(async_generator, async_generator_aclose, "aclose", "(self, /)",
      "aclose() -> raise GeneratorExit inside generator.")
{
    return step_new(&athrow_type, a[0], EMPTY, EMPTY);
}

KR_CLASSMETHOD(async_generator, async_generator_class_getitem, "__class_getitem__",
               "(cls, item, /)", "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

/* ---- async for, aiter() and anext() ---- */

Value kr_async_iterator(Value v)
{
    Type *type = type_of(v);
    if (!type->slots.aiter)
        return kr_raise(kr_TypeError,
                        "'async for' requires an object with __aiter__ method, got %T", v);
    Value iterator = type->slots.aiter(v);
    if (is_empty(iterator) || type_of(iterator)->slots.anext) return iterator;
    return kr_raise(
        kr_TypeError,
        "'async for' received an object from __aiter__ that does not implement __anext__: %T",
        iterator);
}

Value kr_async_next(Value v)
{
    Type *type = type_of(v);
    if (is_exact(v, &kr_async_generator_type)) return kr_async_generator_next(v);
    if (!type->slots.anext)
        return kr_raise(kr_TypeError,
                        "'async for' requires an iterator with __anext__ method, got %T", v);
    Value next = type->slots.anext(v);
    if (is_empty(next)) return EMPTY;
    Value awaitable = kr_generator_await_iterator(next);
    if (is_empty(awaitable)) {
        Value cause = kr_take_exception();
        kr_raise(kr_TypeError, "'async for' received an invalid object from __anext__: %T", next);
        kr_chain_cause(cause);
    }
    return awaitable;
}

Value kr_aiter(Value v)
{
    Type *type = type_of(v);
    if (!type->slots.aiter)
        return kr_raise(kr_TypeError, "'%T' object is not an async iterable", v);
    Value iterator = type->slots.aiter(v);
    if (is_empty(iterator) || type_of(iterator)->slots.anext) return iterator;
    return kr_raise(kr_TypeError, "aiter() returned not an async iterator of type '%T'", iterator);
}

typedef struct AnextAwaitable { /* anext(iterator, fallback) */
    Object head;
    Value awaited, fallback;
    Value iterator; /* of awaited, once asked for */
} AnextAwaitable;

static void anext_trace(void *self, KrTracer *tracer)
{
    AnextAwaitable *next = self;
    kr_trace(tracer, next->awaited);
    kr_trace(tracer, next->fallback);
    kr_trace(tracer, next->iterator);
}

Value kr_anext(Value v, Value fallback)
{
    Type *type = type_of(v);
    if (!type->slots.anext)
        return kr_raise(kr_TypeError, "'%T' object is not an async iterator", v);
    Value awaited = type->slots.anext(v);
    if (is_empty(awaited) || is_empty(fallback)) return awaited;
    AnextAwaitable *next = heap_alloc(&anext_type, sizeof *next);
    if (!next) return EMPTY;
    next->awaited = awaited;
    next->fallback = fallback;
    return from_object(next);
}

/* The end of the iteration becomes the fallback. */
static Value with_fallback(AnextAwaitable *next, Value result)
{
    if (is_empty(result) && kr_raised_is(kr_StopAsyncIteration)) {
        kr_clear_exception();
        return kr_raise_stop(next->fallback);
    }
    return result;
}

static Value anext_iterator(AnextAwaitable *next)
{
    if (!is_empty(next->iterator)) return next->iterator;
    Value iterator = kr_generator_await_iterator(next->awaited);
    if (!is_empty(iterator) && is_exact(iterator, &kr_coroutine_type))
        iterator = kr_call_method0(iterator, "__await__");
    return next->iterator = iterator;
}

static Value anext_next(Value self)
{
    AnextAwaitable *next = object_of(self);
    Value iterator = anext_iterator(next), result;
    if (is_empty(iterator)) return EMPTY;
    Value item = kr_object_next_or_result(iterator, &result);
    if (is_empty(item) && !kr_raised()) return kr_raise_stop(result);
    return with_fallback(next, item);
}

static Value anext_call(Value self, const char *method, const Value *args, size_t n)
{
    AnextAwaitable *next = object_of(self);
    Value iterator = anext_iterator(next);
    if (is_empty(iterator)) return EMPTY;
    return with_fallback(next, kr_call_method(iterator, kr_intern(method), args, n));
}

KR_FN(anext, anext_send, "send", "(self, arg, /)",
      "send(arg) -> send 'arg' into the wrapped iterator.")
{
    return anext_call(a[0], "send", a + 1, 1);
}

KR_FN(anext, anext_throw, "throw", "(self, type, value=None, traceback=None, /)",
      "Raise exception in the wrapped iterator.")
{
    return anext_call(a[0], "throw", a + 1, is_none(a[3]) ? is_none(a[2]) ? 1 : 2 : 3);
}

KR_FN(anext, anext_close, "close", "(self, /)", "close() -> raise GeneratorExit inside generator.")
{
    return anext_call(a[0], "close", NULL, 0);
}

/* ---- Types ---- */

#include "runtime/vm/async_generator.entries.h"

const KrFunction *const *kr_async_generator_functions = async_generator_functions;

int kr_async_generator_init(void)
{
    static const KrTypeSpec wrapped_spec = {
        .name = "async_generator_wrapped_value",
        .size = sizeof(Wrapped),
        .trace = wrapped_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
    };
    static const KrTypeSpec asend_spec = {
        .name = "async_generator_asend",
        .size = sizeof(Step),
        .trace = step_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .functions = asend_functions,
        .slots = {.iter = itself, .next = asend_next, .await = itself},
    };
    static const KrTypeSpec athrow_spec = {
        .name = "async_generator_athrow",
        .size = sizeof(Step),
        .trace = step_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .functions = athrow_functions,
        .slots = {.iter = itself, .next = athrow_next, .await = itself},
    };
    static const KrTypeSpec anext_spec = {
        .name = "anext_awaitable",
        .size = sizeof(AnextAwaitable),
        .trace = anext_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .functions = anext_functions,
        .slots = {.iter = itself, .next = anext_next, .await = itself},
    };
    kr_type_init(&wrapped_type, &wrapped_spec);
    kr_type_init(&asend_type, &asend_spec);
    kr_type_init(&athrow_type, &athrow_spec);
    kr_type_init(&anext_type, &anext_spec);
    return 0;
}
