/* generator.c: generators and coroutines: resumption, throw and close with delegation, attributes,
 * finalization.
 *
 * States: CREATED -> RUNNING <-> SUSPENDED -> FINISHED. The registers live in the Generator;
 * while it runs a Frame on the thread's frame stack points at them. The loop resumes generators
 * without C recursion (FOR_ITER, YIELD_FROM); everything here is the way in from C. Closing at
 * collection time is needed only where code may observe it, so generators whose code has no
 * guards are not registered with the collector. */
#include "runtime/memory/finalizable.h"
#include "runtime/memory/trace.h"
#include "runtime/objects/list.h"
#include "runtime/vm/frame_object.h"
#include "runtime/vm/interpreter.h"

static const char *kind_name(const Generator *g)
{
    if (g->code->flags & CODE_COROUTINE) return "coroutine";
    return g->code->flags & CODE_ASYNC_GENERATOR ? "async generator" : "generator";
}

/* ---- Making ---- */

static void generator_trace(void *self, KrTracer *tracer)
{
    Generator *g = self;
    kr_trace_pointer(tracer, g->code);
    const Value values[] = {g->function, g->globals,      g->builtins, g->locals,
                            g->name,     g->qualname,     g->handled,  g->outer_handled,
                            g->origin,   g->frame_object, g->finalizer};
    kr_heap_trace_values(tracer, values, sizeof values / sizeof *values);
    kr_heap_trace_values(tracer, g->registers, g->count + 1);
}

static void finalize(void *object);

static bool is_unfinished(const void *g) { return ((const Generator *)g)->state != GENERATOR_FINISHED; }

/* cr_origin: the frames that led here, innermost first, as (filename, line, function name). */
static Value origin_of_call(int depth)
{
    Value list = kr_list(NULL, 0);
    if (is_empty(list)) return EMPTY;
    for (Frame *f = kr_self->frame; f && depth > 0; f = f->previous, depth--) {
        Value entry =
            kr_tuple_of(3, f->code->filename, kr_int(kr_frame_position(f).line), f->code->name);
        if (is_empty(entry) || kr_list_append(list, entry) < 0) return EMPTY;
    }
    return kr_list_to_tuple(list);
}

Value kr_generator_new(Code *code, Value function, Value globals, Value builtins,
                       const Value *registers, size_t n)
{
    Type *type = code->flags & CODE_COROUTINE         ? &kr_coroutine_type
                 : code->flags & CODE_ASYNC_GENERATOR ? &kr_async_generator_type
                                                      : &kr_generator_type;
    Generator *g = heap_alloc(type, sizeof(Generator) + (n + 1) * sizeof(Value));
    if (!g) return EMPTY;
    g->code = code;
    g->function = function;
    g->globals = globals;
    g->builtins = builtins;
    g->name = is_empty(function) ? code->name : function_of(function)->name;
    g->qualname = is_empty(function) ? code->qualname : function_of(function)->qualname;
    g->resume = code->instructions;
    g->count = (uint32_t)n;
    g->sent_register = (uint16_t)n;
    memcpy(g->registers, registers, n * sizeof(Value));
    if (type != &kr_generator_type || code->guard_count)
        kr_heap_add_finalizable_if(g, finalize, is_unfinished);
    if (UNLIKELY(type == &kr_coroutine_type && kr_self->coroutine_origin_depth > 0)) {
        g->origin = origin_of_call(kr_self->coroutine_origin_depth);
        if (is_empty(g->origin)) return EMPTY;
    }
    return from_object(g);
}

/* ---- Frames ---- */

Frame *kr_generator_push(Thread *self, Generator *g, Value sent, uint32_t flags)
{
    Frame *frame = thread_next_frame(self);
    if (UNLIKELY(frame < self->frame_limit)) {
        kr_interpreter_raise_recursion("");
        return NULL;
    }
    frame->previous = self->frame;
    frame->code = g->code;
    frame->registers = g->registers;
    frame->next = g->resume;
    frame->globals = g->globals;
    frame->builtins = g->builtins;
    frame->function = g->function;
    frame->locals = g->locals;
    frame->frame_object = g->frame_object;
    frame->generator = from_object(g);
    frame->top = self->stack_top;
    frame->flags = flags | FRAME_GENERATOR;
    frame->result = 0;
    if (UNLIKELY(!is_empty(g->frame_object))) {
        frame->flags |= FRAME_HAS_OBJECT;
        frame_object_of(g->frame_object)->frame = frame;
    }
    g->registers[g->sent_register] = sent;
    g->outer_handled = self->handled;
    if (!is_empty(g->handled)) self->handled = g->handled;
    g->state = GENERATOR_RUNNING;
    g->running = frame;
    g->returned = false;
    self->frame = frame;
    return frame;
}

void kr_generator_suspend(Thread *self, Frame *frame)
{
    Generator *g = generator_of(frame->generator);
    g->state = GENERATOR_SUSPENDED;
    g->running = NULL;
    g->handled = g->handling ? self->handled : EMPTY;
    self->handled = g->outer_handled;
    g->outer_handled = EMPTY;
    g->frame_object = frame->frame_object;
    if (UNLIKELY(frame->flags & FRAME_HAS_OBJECT))
        frame_object_of(frame->frame_object)->frame = NULL;
}

void kr_generator_finish(Thread *self, Frame *frame)
{
    Generator *g = generator_of(frame->generator);
    self->handled = g->outer_handled;
    g->outer_handled = g->handled = EMPTY;
    if (UNLIKELY(frame->flags & FRAME_HAS_OBJECT)) kr_frame_object_detach(frame);
    g->frame_object = EMPTY;
    g->state = GENERATOR_FINISHED;
    g->running = NULL;
    g->returned = true;
    g->delegating = g->handling = false;
    memset(g->registers, 0, (g->count + 1) * sizeof(Value));
}

void kr_generator_convert_error(Generator *g)
{
    const char *name = NULL;
    if (kr_raised_is(kr_StopIteration))
        name = "StopIteration";
    else if (g->code->flags & CODE_ASYNC_GENERATOR && kr_raised_is(kr_StopAsyncIteration))
        name = "StopAsyncIteration";
    if (!name) return;
    Value original = kr_take_exception();
    kr_raise(kr_RuntimeError, "%s raised %s", kind_name(g), name);
    Value raised = kr_self->exception;
    if (!is_exception(raised)) return;
    exception_of(raised)->cause = original;
    exception_of(raised)->context = original;
    exception_of(raised)->suppress_context = true;
}

/* ---- Resumption from C ---- */

Value kr_generator_refuse(Generator *g, Value sent)
{
    if (g->state == GENERATOR_RUNNING)
        return kr_raise(kr_ValueError, "%s already executing", kind_name(g));
    if (g->state == GENERATOR_FINISHED)
        return kr_raise(kr_RuntimeError, "cannot reuse already awaited coroutine");
    (void)sent;
    return kr_raise(kr_TypeError, "can't send non-None value to a just-started %s", kind_name(g));
}

/* An exception thrown into a generator that never ran: it ends at once, none of its guards
 * seeing it. */
static Value fail_at_start(Thread *self, Generator *g)
{
    Value exception = self->exception;
    Frame *frame = kr_generator_push(self, g, NONE, FRAME_ENTRY);
    if (!frame) return EMPTY;
    self->exception = exception;
    kr_unwind_add_traceback(self, frame);
    kr_generator_convert_error(g);
    kr_generator_finish(self, frame);
    self->frame = frame->previous;
    return EMPTY;
}

Value kr_generator_resume(Generator *g, Value sent, bool *returned)
{
    Thread *self = kr_self;
    *returned = false;
    thread_prepare(self);
    if (UNLIKELY(thread_stack_low()))
        return kr_interpreter_raise_recursion(" while calling a Python object");
    bool throwing = is_empty(sent);
    if (throwing && g->state == GENERATOR_CREATED) return fail_at_start(self, g);
    Frame *frame = kr_generator_push(self, g, throwing ? NONE : sent, FRAME_ENTRY);
    if (UNLIKELY(!frame)) return EMPTY;
    if (throwing) {
        if (g->delegating) frame->next++; /* the YIELD_FROM is what raises */
        if (!is_empty(g->handled)) kr_exception_set_context(self->exception);
    }
    g->delegating = false;
    Value value = kr_interpreter_run(self, frame, throwing);
    *returned = g->returned;
    return value;
}

/* The end of a generator as StopIteration, that of an asynchronous one as StopAsyncIteration. */
static Value raise_end(const Generator *g, Value value)
{
    if (g->code->flags & CODE_ASYNC_GENERATOR)
        return kr_raise_value(from_object(kr_StopAsyncIteration));
    return kr_raise_stop(is_none(value) ? EMPTY : value);
}

/* Checks the state; false with *value set (EMPTY raised, or the end was raised). */
static bool may_resume(Generator *g, Value sent)
{
    if (LIKELY(g->state == GENERATOR_SUSPENDED)) return true;
    if (g->state == GENERATOR_RUNNING || (g->state == GENERATOR_CREATED && !is_none(sent))) {
        kr_generator_refuse(g, sent);
        return false;
    }
    if (g->state == GENERATOR_CREATED) return true;
    if (g->code->flags & CODE_COROUTINE)
        kr_generator_refuse(g, sent);
    else if (g->code->flags & CODE_ASYNC_GENERATOR)
        kr_raise_value(from_object(kr_StopAsyncIteration));
    else
        kr_raise_stop(EMPTY);
    return false;
}

Value kr_generator_send(Generator *g, Value sent)
{
    bool returned;
    if (!may_resume(g, sent)) return EMPTY;
    Value value = kr_generator_resume(g, sent, &returned);
    if (is_empty(value) || !returned) return value;
    return raise_end(g, value);
}

static Value generator_next(Value self)
{
    Generator *g = object_of(self);
    bool returned;
    if (g->state == GENERATOR_FINISHED || !may_resume(g, NONE)) return EMPTY;
    Value value = kr_generator_resume(g, NONE, &returned);
    return LIKELY(!returned) ? value : EMPTY;
}

/* ---- throw and close ---- */

Value *kr_generator_delegate(Generator *g)
{
    return g->state == GENERATOR_SUSPENDED && g->delegating ? &g->registers[g->resume->b] : NULL;
}

/* While a method of the iterator that g delegates to runs, g runs too: its frame stands below. */
static Frame *begin_delegation(Thread *self, Generator *g)
{
    thread_prepare(self);
    Frame *frame = kr_generator_push(self, g, NONE, FRAME_ENTRY);
    if (frame) frame->next++; /* past the YIELD_FROM */
    return frame;
}
static void end_delegation(Thread *self, Frame *frame)
{
    self->frame = frame->previous;
    kr_generator_suspend(self, frame);
}

static int close_generator(Generator *g);

static int close_iterator(Value iterator)
{
    if (is_exact(iterator, &kr_generator_type) || is_exact(iterator, &kr_coroutine_type))
        return close_generator(object_of(iterator));
    Value close = kr_find_attr(iterator, KR_NAME("close"));
    if (is_empty(close)) {
        if (kr_raised()) kr_report_unraisable(iterator);
        return 0;
    }
    return is_empty(kr_call0(close)) ? -1 : 0;
}

/* Goes on after the YIELD_FROM with the delegate's result. */
static Value resume_with_result(Generator *g, Value result, bool *returned)
{
    g->registers[g->resume->a] = result;
    g->resume++;
    g->delegating = false;
    g->sent_register = (uint16_t)g->count;
    return kr_generator_resume(g, NONE, returned);
}

Value kr_generator_throw(Generator *g, Value exception, bool close_on_exit, bool *returned)
{
    *returned = false;
    if (g->state == GENERATOR_RUNNING) return kr_generator_refuse(g, NONE);
    if (g->state == GENERATOR_FINISHED) {
        if (g->code->flags & CODE_COROUTINE) return kr_generator_refuse(g, NONE);
        kr_restore_exception(exception);
        return EMPTY;
    }
    Value *delegate = kr_generator_delegate(g);
    if (!delegate) {
        kr_restore_exception(exception);
        return kr_generator_resume(g, EMPTY, returned);
    }
    if (kr_enter_recursion("") < 0) return EMPTY;
    Value iterator = *delegate, value = EMPTY;
    bool delegated = true, ended = false;
    Frame *frame = begin_delegation(kr_self, g);
    if (!frame) {
        kr_leave_recursion();
        return EMPTY;
    }
    if (close_on_exit && kr_is_a(exception, kr_GeneratorExit)) {
        if (close_iterator(iterator) == 0) kr_restore_exception(exception);
        delegated = false;
    } else if (is_exact(iterator, &kr_generator_type) || is_exact(iterator, &kr_coroutine_type)) {
        value = kr_generator_throw(object_of(iterator), exception, close_on_exit, &ended);
    } else {
        Value method = kr_find_attr(iterator, KR_NAME("throw"));
        if (!is_empty(method)) {
            value = kr_call1(method, exception);
        } else if (!kr_raised()) {
            kr_restore_exception(exception);
            delegated = false;
        }
    }
    end_delegation(kr_self, frame);
    kr_leave_recursion();
    if (delegated && !is_empty(value))
        return ended ? resume_with_result(g, value, returned) : value;
    if (delegated && kr_raised_is(kr_StopIteration)) {
        Value stop = kr_take_exception();
        Value result = exception_of(stop)->fields[0];
        return resume_with_result(g, is_empty(result) ? NONE : result, returned);
    }
    return kr_generator_resume(g, EMPTY, returned);
}

/* throw() as a method: ends are raised. */
static Value throw_and_raise_end(Generator *g, Value exception)
{
    bool returned;
    Value value = kr_generator_throw(g, exception, true, &returned);
    return is_empty(value) || !returned ? value : raise_end(g, value);
}

static int close_generator(Generator *g)
{
    if (g->state == GENERATOR_FINISHED) return 0;
    if (g->state == GENERATOR_CREATED) {
        g->state = GENERATOR_FINISHED;
        memset(g->registers, 0, (g->count + 1) * sizeof(Value));
        return 0;
    }
    if (g->state == GENERATOR_RUNNING) {
        kr_generator_refuse(g, NONE);
        return -1;
    }
    Value *delegate = kr_generator_delegate(g);
    bool failed = false, returned;
    if (delegate) {
        Frame *frame = begin_delegation(kr_self, g);
        if (!frame) return -1;
        failed = close_iterator(*delegate) < 0;
        end_delegation(kr_self, frame);
    }
    if (!failed) {
        Value exit = kr_call0(from_object(kr_GeneratorExit));
        if (is_empty(exit)) return -1;
        kr_restore_exception(exit);
    }
    Value value = kr_generator_resume(g, EMPTY, &returned);
    if (!is_empty(value)) {
        if (returned) return 0;
        kr_raise(kr_RuntimeError, "%s ignored GeneratorExit", kind_name(g));
        return -1;
    }
    if (kr_raised_is(kr_GeneratorExit) || kr_raised_is(kr_StopIteration)) {
        kr_clear_exception();
        return 0;
    }
    return -1;
}

Value kr_generator_thrown(Value type, Value value, Value traceback)
{
    if (is_none(traceback)) traceback = EMPTY;
    if (is_none(value)) value = EMPTY;
    if (!is_empty(traceback) && !is_exact(traceback, &kr_traceback_type))
        return kr_raise(kr_TypeError, "throw() third argument must be a traceback object");
    Value exception;
    if (is_type(type) && ((Type *)object_of(type))->traits & TYPE_IS_EXCEPTION) {
        if (is_empty(value))
            exception = kr_call0(type);
        else if (kr_is_a(value, object_of(type)))
            exception = value;
        else if (is_tuple(value))
            exception = kr_call_tuple(type, value, EMPTY);
        else
            exception = kr_call1(type, value);
        if (!is_empty(exception) && !is_exception(exception))
            exception =
                kr_raise(kr_TypeError,
                         "calling %R should have returned an instance of BaseException, not %R",
                         type, from_object(type_of(exception)));
        if (is_empty(exception))
            exception = kr_take_exception(); /* what making it raised is thrown instead */
    } else if (is_exception(type)) {
        if (!is_empty(value))
            return kr_raise(kr_TypeError, "instance exception may not have a separate value");
        exception = type;
    } else {
        return kr_raise(
            kr_TypeError,
            "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (!is_empty(traceback)) exception_of(exception)->traceback = traceback;
    return exception;
}

/* ---- Finalization ---- */

static void warn_never_awaited(Generator *g)
{
    Value helper = kr_import_attr("warnings", "_warn_unawaited_coroutine");
    if (is_empty(helper)) {
        kr_clear_exception();
        if (kr_warn(kr_RuntimeWarning, 1, "coroutine '%S' was never awaited", g->qualname) == 0)
            return;
    } else if (!is_empty(kr_call1(helper, from_object(g)))) {
        return;
    }
    kr_report_unraisable(from_object(g));
}

static void finalize(void *object)
{
    Generator *g = object;
    if (g->state == GENERATOR_FINISHED || g->state == GENERATOR_RUNNING) return;
    Value saved = kr_take_exception();
    if (!is_empty(g->finalizer) && !g->closed) {
        if (is_empty(kr_call1(g->finalizer, from_object(g)))) kr_report_unraisable(from_object(g));
    } else if (g->state == GENERATOR_CREATED) {
        if (g->code->flags & CODE_COROUTINE) warn_never_awaited(g);
        close_generator(g);
    } else if (close_generator(g) < 0) {
        kr_report_unraisable(from_object(g));
    }
    if (!is_empty(saved)) kr_restore_exception(saved);
}

/* ---- Delegation ---- */

int kr_generator_step(Value iterator, Value sent, Value *value)
{
    if (is_exact(iterator, &kr_async_generator_type)) {
        kr_raise(kr_TypeError, "'async_generator' object is not an iterator");
        return -1;
    }
    if (is_none(sent)) {
        Value result;
        *value = kr_object_next_or_result(iterator, &result);
        if (!is_empty(*value)) return 1;
        if (kr_raised()) return -1;
        *value = result;
        return 0;
    }
    *value = kr_call_method(iterator, KR_NAME("send"), &sent, 1);
    if (!is_empty(*value)) return 1;
    if (!kr_raised_is(kr_StopIteration)) return -1;
    Value result = exception_of(kr_take_exception())->fields[0];
    *value = is_empty(result) ? NONE : result;
    return 0;
}

int kr_generator_push_or_step(Thread *self, Value iterator, Value sent, Frame **pushed, Value *value)
{
    *pushed = NULL;
    bool coroutine = is_exact(iterator, &kr_coroutine_type);
    if (!coroutine && !is_exact(iterator, &kr_generator_type)) return kr_generator_step(iterator, sent, value);
    Generator *g = object_of(iterator);
    bool finished = g->state == GENERATOR_FINISHED;
    if (UNLIKELY(g->state == GENERATOR_RUNNING || (g->state == GENERATOR_CREATED && !is_none(sent)) ||
                 (finished && coroutine))) {
        kr_generator_refuse(g, sent);
        return -1;
    }
    if (finished) {
        *value = NONE;
        return 0;
    }
    *pushed = kr_generator_push(self, g, sent, FRAME_DELEGATE);
    return *pushed ? 1 : -1;
}

Value kr_generator_yield_from_iterator(Value v, const Code *code)
{
    if (is_exact(v, &kr_coroutine_type)) {
        if (code->flags & (CODE_COROUTINE | CODE_ITERABLE_COROUTINE)) return v;
        return kr_raise(kr_TypeError,
                        "cannot 'yield from' a coroutine object in a non-coroutine generator");
    }
    return is_exact(v, &kr_generator_type) ? v : kr_iter(v);
}

Value kr_generator_await_iterator(Value v)
{
    if (is_exact(v, &kr_coroutine_type)) return v;
    if (is_exact(v, &kr_generator_type) && generator_of(v)->code->flags & CODE_ITERABLE_COROUTINE)
        return v;
    Type *type = type_of(v);
    if (!type->slots.await)
        return kr_raise(kr_TypeError, "object %T can't be used in 'await' expression", v);
    Value iterator = type->slots.await(v);
    if (is_empty(iterator)) return EMPTY;
    if (is_exact(iterator, &kr_coroutine_type) ||
        (is_exact(iterator, &kr_generator_type) &&
         generator_of(iterator)->code->flags & CODE_ITERABLE_COROUTINE))
        return kr_raise(kr_TypeError, "__await__() returned a coroutine");
    if (!type_of(iterator)->slots.next)
        return kr_raise(kr_TypeError, "__await__() returned non-iterator of type '%T'", iterator);
    return iterator;
}

Value kr_generator_awaitable(Value v, int origin)
{
    if (is_exact(v, &kr_coroutine_type)) {
        if (kr_generator_delegate(object_of(v)))
            return kr_raise(kr_RuntimeError, "coroutine is being awaited already");
        return v;
    }
    if (origin && !type_of(v)->slots.await &&
        !(is_exact(v, &kr_generator_type) &&
          generator_of(v)->code->flags & CODE_ITERABLE_COROUTINE))
        return kr_raise(
            kr_TypeError,
            "'async with' received an object from %s that does not implement __await__: %T",
            origin == 1 ? "__aenter__" : "__aexit__", v);
    return kr_generator_await_iterator(v);
}

/* ---- Attributes ---- */

static Value generator_repr(Value self)
{
    const Generator *g = object_of(self);
    return kr_str_format("<%s object %U at %p>",
                         g->code->flags & CODE_ASYNC_GENERATOR ? "async_generator" : kind_name(g),
                         g->qualname, (void *)g);
}

static Value get_name(Value self) { return generator_of(self)->name; }
static Value get_qualname(Value self) { return generator_of(self)->qualname; }

static int set_text(Value *field, Value value, const char *name)
{
    if (is_empty(value) || !is_str(value)) {
        kr_raise(kr_TypeError, "%s must be set to a string object", name);
        return -1;
    }
    *field = value;
    return 0;
}
static int set_name(Value self, Value value)
{
    return set_text(&generator_of(self)->name, value, "__name__");
}
static int set_qualname(Value self, Value value)
{
    return set_text(&generator_of(self)->qualname, value, "__qualname__");
}

static Value get_code(Value self) { return from_object(generator_of(self)->code); }
static Value get_running(Value self)
{
    return from_bool(generator_of(self)->state == GENERATOR_RUNNING);
}
static Value get_suspended(Value self)
{
    return from_bool(generator_of(self)->state == GENERATOR_SUSPENDED);
}
static Value get_async_running(Value self) { return from_bool(generator_of(self)->async_running); }

static Value get_frame(Value self)
{
    Generator *g = object_of(self);
    if (g->running) return kr_frame_object(g->running);
    return g->state == GENERATOR_FINISHED ? NONE : kr_frame_object_for_generator(self);
}

static Value get_delegate(Value self)
{
    const Value *delegate = kr_generator_delegate(object_of(self));
    return delegate ? *delegate : NONE;
}

static Value get_origin(Value self)
{
    return is_empty(generator_of(self)->origin) ? NONE : generator_of(self)->origin;
}

#define NAME_DOC "name of the generator"
#define QUALNAME_DOC "qualified name of the generator"
KR_GETSET(generator, get_name, set_name, "__name__", NAME_DOC)
KR_GETSET(generator, get_qualname, set_qualname, "__qualname__", QUALNAME_DOC)
#define get_gi_yieldfrom get_delegate
KR_GETSET(generator, get_gi_yieldfrom, NULL, "gi_yieldfrom",
          "object being iterated by yield from, or None")
#define get_gi_running get_running
KR_GETSET(generator, get_gi_running, NULL, "gi_running", NULL)
#define get_gi_frame get_frame
KR_GETSET(generator, get_gi_frame, NULL, "gi_frame", NULL)
#define get_gi_suspended get_suspended
KR_GETSET(generator, get_gi_suspended, NULL, "gi_suspended", NULL)
#define get_gi_code get_code
KR_GETSET(generator, get_gi_code, NULL, "gi_code", NULL)

#define get_cr_name get_name
KR_GETSET(coroutine, get_cr_name, set_name, "__name__", "name of the coroutine")
#define get_cr_qualname get_qualname
KR_GETSET(coroutine, get_cr_qualname, set_qualname, "__qualname__",
          "qualified name of the coroutine")
#define get_cr_await get_delegate
KR_GETSET(coroutine, get_cr_await, NULL, "cr_await", "object being awaited on, or None")
#define get_cr_running get_running
KR_GETSET(coroutine, get_cr_running, NULL, "cr_running", NULL)
#define get_cr_frame get_frame
KR_GETSET(coroutine, get_cr_frame, NULL, "cr_frame", NULL)
#define get_cr_suspended get_suspended
KR_GETSET(coroutine, get_cr_suspended, NULL, "cr_suspended", NULL)
#define get_cr_code get_code
KR_GETSET(coroutine, get_cr_code, NULL, "cr_code", NULL)
#define get_cr_origin get_origin
KR_GETSET(coroutine, get_cr_origin, NULL, "cr_origin", NULL)

#define get_ag_name get_name
KR_GETSET(async_generator, get_ag_name, set_name, "__name__", "name of the async generator")
#define get_ag_qualname get_qualname
KR_GETSET(async_generator, get_ag_qualname, set_qualname, "__qualname__",
          "qualified name of the async generator")
#define get_ag_await get_delegate
KR_GETSET(async_generator, get_ag_await, NULL, "ag_await", "object being awaited on, or None")
#define get_ag_running get_async_running
KR_GETSET(async_generator, get_ag_running, NULL, "ag_running", NULL)
#define get_ag_frame get_frame
KR_GETSET(async_generator, get_ag_frame, NULL, "ag_frame", NULL)
#define get_ag_code get_code
KR_GETSET(async_generator, get_ag_code, NULL, "ag_code", NULL)

/* ---- Methods ---- */

#define THROW_DOC                                                                                  \
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded " \
    "value or raise\n"                                                                             \
    "StopIteration."
#define THROW_COROUTINE_DOC                                                                       \
    "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next " \
    "iterated value or "                                                                          \
    "raise\nStopIteration."

KR_FN(generator, generator_send, "send", "(self, arg, /)",
      "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.")
{
    return kr_generator_send(object_of(a[0]), a[1]);
}

KR_FN(generator, generator_dunder_next, "__next__", "(self, /)", "Implement next(self).")
{
    return kr_generator_send(object_of(a[0]), NONE);
}

KR_FN(generator, generator_throw, "throw", "(self, type, value=None, traceback=None, /)", THROW_DOC)
{
    Value exception = kr_generator_thrown(a[1], a[2], a[3]);
    return is_empty(exception) ? EMPTY : throw_and_raise_end(object_of(a[0]), exception);
}

KR_FN(generator, generator_close, "close", "(self, /)",
      "close() -> raise GeneratorExit inside generator.")
{
    return close_generator(object_of(a[0])) < 0 ? EMPTY : NONE;
}

KR_FN(coroutine, coroutine_send, "send", "(self, arg, /)",
      "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration.")
{
    return kr_generator_send(object_of(a[0]), a[1]);
}

KR_FN(coroutine, coroutine_throw, "throw", "(self, type, value=None, traceback=None, /)",
      THROW_COROUTINE_DOC)
{
    Value exception = kr_generator_thrown(a[1], a[2], a[3]);
    return is_empty(exception) ? EMPTY : throw_and_raise_end(object_of(a[0]), exception);
}

KR_FN(coroutine, coroutine_close, "close", "(self, /)",
      "close() -> raise GeneratorExit inside coroutine.")
{
    return close_generator(object_of(a[0])) < 0 ? EMPTY : NONE;
}

/* ---- What a coroutine's __await__() returns ---- */

typedef struct CoroutineWrapper {
    Object head;
    Value coroutine;
} CoroutineWrapper;

static Type coroutine_wrapper_type;

static void wrapper_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((CoroutineWrapper *)self)->coroutine);
}
static Value wrapped(Value v) { return ((CoroutineWrapper *)object_of(v))->coroutine; }
static Value wrapper_next(Value self) { return kr_generator_send(object_of(wrapped(self)), NONE); }
static Value itself(Value self) { return self; }

static Value coroutine_await(Value self)
{
    CoroutineWrapper *w = heap_alloc(&coroutine_wrapper_type, sizeof *w);
    if (!w) return EMPTY;
    w->coroutine = self;
    return from_object(w);
}

KR_FN(wrapper, wrapper_send, "send", "(self, arg, /)",
      "send(arg) -> send 'arg' into coroutine\nreturn next yielded value or raise StopIteration.")
{
    return kr_generator_send(object_of(wrapped(a[0])), a[1]);
}

KR_FN(wrapper, wrapper_throw, "throw", "(self, type, value=None, traceback=None, /)",
      THROW_COROUTINE_DOC)
{
    Value exception = kr_generator_thrown(a[1], a[2], a[3]);
    return is_empty(exception) ? EMPTY : throw_and_raise_end(object_of(wrapped(a[0])), exception);
}

KR_FN(wrapper, wrapper_close, "close", "(self, /)",
      "close() -> raise GeneratorExit inside coroutine.")
{
    return close_generator(object_of(wrapped(a[0]))) < 0 ? EMPTY : NONE;
}

/* ---- Types ---- */

Value kr_async_generator_next(Value self);

#include "runtime/vm/generator.entries.h"

Type kr_generator_type, kr_coroutine_type, kr_async_generator_type;

extern const KrFunction *const *kr_async_generator_functions;

int kr_generator_init(void)
{
    static const KrTypeSpec generator_spec = {
        .name = "generator",
        .size = sizeof(Generator),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .trace = generator_trace,
        .functions = generator_functions,
        .getset = generator_getset,
        .slots = {.repr = generator_repr, .iter = itself, .next = generator_next},
    };
    static const KrTypeSpec coroutine_spec = {
        .name = "coroutine",
        .size = sizeof(Generator),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .trace = generator_trace,
        .functions = coroutine_functions,
        .getset = coroutine_getset,
        .slots = {.repr = generator_repr, .await = coroutine_await},
    };
    static const KrTypeSpec wrapper_spec = {
        .name = "coroutine_wrapper",
        .doc = "A wrapper object implementing __await__ for coroutines.",
        .size = sizeof(CoroutineWrapper),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .trace = wrapper_trace,
        .functions = wrapper_functions,
        .slots = {.iter = itself, .next = wrapper_next},
    };
    static KrTypeSpec async_spec = {
        .name = "async_generator",
        .size = sizeof(Generator),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .trace = generator_trace,
        .getset = async_generator_getset,
        .slots = {.repr = generator_repr, .aiter = itself, .anext = kr_async_generator_next},
    };
    async_spec.functions = kr_async_generator_functions;
    kr_type_init(&kr_generator_type, &generator_spec);
    kr_type_init(&kr_coroutine_type, &coroutine_spec);
    kr_type_init(&coroutine_wrapper_type, &wrapper_spec);
    kr_type_init(&kr_async_generator_type, &async_spec);
    return 0;
}
