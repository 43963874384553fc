/* _asyncio_future.c: asyncio.Future in C, with the meaning of asyncio/futures.py.
 *
 * A future is pending, then cancelled or finished, once; its callbacks go through loop.call_soon() with the contexts
 * they were added in. `await` gives an iterator that yields the future itself while it is pending. */
#include "modules/_asyncio.h"

#include <stdarg.h>

typedef struct Iterator {
    KrObject head;
    KrValue future; /* EMPTY at the end */
} Iterator;

KrType *asyncio_future_type;
static KrType *iterator_type;

Future *asyncio_future_of(KrValue v) { return (Future *)kr_to_object(v); }
static Iterator *iterator_of(KrValue v) { return (Iterator *)kr_to_object(v); }

void asyncio_future_trace(void *self, KrTracer *tracer)
{
    const Future *f = self;
    const KrValue values[] = {f->loop,           f->callbacks,           f->result,
                              f->exception,      f->exception_traceback, f->source_traceback,
                              f->cancel_message, f->cancelled_exception};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) kr_trace(tracer, values[i]);
}

/* ---- What asyncio's other modules give ---- */

KrValue asyncio_raise(const char *name, const char *format, ...)
{
    KrValue class = kr_import_attr("asyncio.exceptions", name);
    if (kr_is_empty(class)) return KR_EMPTY;
    va_list args;
    va_start(args, format);
    KrValue text = kr_str_format_v(format, args);
    va_end(args);
    KrValue exception = kr_is_empty(text) ? KR_EMPTY : kr_call1(class, text);
    return kr_is_empty(exception) ? KR_EMPTY : kr_raise_value(exception);
}

KrValue asyncio_call_soon(KrValue loop, KrValue function, KrValue argument, KrValue context)
{
    KrValue method = kr_getattr(loop, KR_NAME("call_soon"));
    if (kr_is_empty(method)) return KR_EMPTY;
    KrValue args[3] = {function};
    size_t n = 1;
    if (!kr_is_empty(argument)) args[n++] = argument;
    if (kr_is_empty(context)) return kr_call(method, args, n, KR_EMPTY);
    args[n] = context;
    return kr_call(method, args, n, kr_tuple_of(1, KR_NAME("context")));
}

static int schedule_callbacks(KrValue self)
{
    Future *f = asyncio_future_of(self);
    KrValue callbacks = f->callbacks;
    f->callbacks = KR_EMPTY;
    for (size_t i = 0; !kr_is_empty(callbacks) && i < kr_list_size(callbacks); i++) {
        KrValue pair = kr_list_get(callbacks, i);
        if (kr_is_empty(
                asyncio_call_soon(f->loop, kr_tuple_get(pair, 0), self, kr_tuple_get(pair, 1))))
            return -1;
    }
    return 0;
}

static Future *ready(KrValue self)
{
    Future *f = asyncio_future_of(self);
    if (!kr_is_empty(f->loop)) return f;
    kr_raise(kr_RuntimeError, "Future object is not initialized.");
    return NULL;
}

/* ---- Birth and death ---- */

KrValue asyncio_future_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                            KR_UNUSED KrValue kwnames)
{
    Future *f = kr_alloc_instance(type);
    return f ? kr_from_object(f) : KR_EMPTY;
}

int asyncio_future_init(KrValue self, KrValue loop)
{
    Future *f = asyncio_future_of(self);
    f->loop = f->callbacks = f->result = f->exception = f->exception_traceback = KR_EMPTY;
    f->source_traceback = f->cancel_message = f->cancelled_exception = KR_EMPTY;
    f->state = PENDING;
    f->log_traceback = f->blocking = false;
    if (kr_is(loop, kr_None)) loop = asyncio_get_event_loop();
    if (kr_is_empty(loop)) return -1;
    f->loop = loop;
    KrValue debug = kr_call_method0(loop, "get_debug");
    int wanted = kr_is_empty(debug) ? -1 : kr_truth(debug);
    if (wanted <= 0) return wanted;
    KrValue extract = kr_import_attr("asyncio.format_helpers", "extract_stack");
    f->source_traceback = kr_is_empty(extract) ? KR_EMPTY : kr_call0(extract);
    return kr_is_empty(f->source_traceback) ? -1 : 0;
}

static int future_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"Future", "(*, loop=None)", NULL, NULL, KR_KIND_BOUND, NULL};
    KrValue loop;
    return kr_bind(&entry, args, n, kwnames, &loop) < 0 ? -1 : asyncio_future_init(self, loop);
}

void asyncio_future_finalize(KrValue self)
{
    Future *f = asyncio_future_of(self);
    if (!f->log_traceback) return;
    f->log_traceback = false;
    KrValue context = kr_dict();
    KrValue message =
        kr_str_format("%s exception was never retrieved", kr_type_name(kr_type_of(self)));
    if (kr_is_empty(context) || kr_is_empty(message) ||
        kr_dict_set_ascii(context, "message", message) < 0 ||
        kr_dict_set_ascii(context, "exception", or_none(f->exception)) < 0 ||
        kr_dict_set_ascii(context, "future", self) < 0 ||
        (!kr_is_empty(f->source_traceback) &&
         kr_dict_set_ascii(context, "source_traceback", f->source_traceback) < 0) ||
        kr_is_empty(kr_call_method1(f->loop, "call_exception_handler", context)))
        kr_report_unraisable(self);
}

/* ---- The end of waiting ---- */

KrValue asyncio_future_cancelled_error(Future *f)
{
    KrValue exception = f->cancelled_exception;
    f->cancelled_exception = KR_EMPTY;
    if (!kr_is_empty(exception)) return exception;
    KrValue class = kr_import_attr("asyncio.exceptions", "CancelledError");
    if (kr_is_empty(class)) return KR_EMPTY;
    bool bare = kr_is_empty(f->cancel_message) || kr_is(f->cancel_message, kr_None);
    return bare ? kr_call0(class) : kr_call1(class, f->cancel_message);
}

int asyncio_future_cancel(KrValue self, KrValue message)
{
    Future *f = asyncio_future_of(self);
    f->log_traceback = false;
    if (f->state != PENDING) return 0;
    f->state = CANCELLED;
    f->cancel_message = message;
    return schedule_callbacks(self) < 0 ? -1 : 1;
}

static const char *state_name(const Future *f)
{
    static const char *const names[] = {"PENDING", "CANCELLED", "FINISHED"};
    return names[f->state];
}

static int must_be_pending(KrValue self)
{
    Future *f = ready(self);
    if (!f) return -1;
    if (f->state == PENDING) return 0;
    asyncio_raise("InvalidStateError", "%s: %R", state_name(f), self);
    return -1;
}

int asyncio_future_set_result(KrValue self, KrValue result)
{
    if (must_be_pending(self) < 0) return -1;
    Future *f = asyncio_future_of(self);
    f->result = result;
    f->state = FINISHED;
    return schedule_callbacks(self);
}

int asyncio_future_set_exception(KrValue self, KrValue exception)
{
    if (must_be_pending(self) < 0) return -1;
    if (kr_is_a(exception, &kr_type_type)) exception = kr_call0(exception);
    if (kr_is_empty(exception)) return -1;
    if (!kr_is_a(exception, kr_BaseException)) {
        kr_raise(kr_TypeError, "invalid exception object");
        return -1;
    }
    if (kr_type_of(exception) == kr_StopIteration) {
        kr_raise(
            kr_TypeError,
            "StopIteration interacts badly with generators and cannot be raised into a Future");
        return -1;
    }
    Future *f = asyncio_future_of(self);
    KrValue traceback = kr_getattr(exception, KR_NAME("__traceback__"));
    if (kr_is_empty(traceback)) return -1;
    f->exception = exception;
    f->exception_traceback = traceback;
    f->state = FINISHED;
    if (schedule_callbacks(self) < 0) return -1;
    f->log_traceback = true;
    return 0;
}

/* Raises for a future that is not finished. */
static int must_be_finished(Future *f, const char *message)
{
    if (f->state == FINISHED) return 0;
    if (f->state == PENDING) {
        asyncio_raise("InvalidStateError", "%s", message);
        return -1;
    }
    KrValue exception = asyncio_future_cancelled_error(f);
    if (!kr_is_empty(exception)) kr_raise_value(exception);
    return -1;
}

KrValue asyncio_future_result(KrValue self)
{
    Future *f = asyncio_future_of(self);
    if (must_be_finished(f, "Result is not set.") < 0) return KR_EMPTY;
    f->log_traceback = false;
    if (kr_is_empty(f->exception)) return or_none(f->result);
    if (kr_setattr(f->exception, KR_NAME("__traceback__"), or_none(f->exception_traceback)) < 0)
        return KR_EMPTY;
    return kr_raise_value(f->exception);
}

KrValue asyncio_future_add_callback(KrValue self, KrValue function, KrValue context)
{
    Future *f = ready(self);
    if (!f) return KR_EMPTY;
    if (kr_is_empty(context) || kr_is(context, kr_None)) {
        KrValue copy = kr_import_attr("_contextvars", "copy_context");
        context = kr_is_empty(copy) ? KR_EMPTY : kr_call0(copy);
        if (kr_is_empty(context)) return KR_EMPTY;
    }
    if (f->state != PENDING) {
        return kr_is_empty(asyncio_call_soon(f->loop, function, self, context)) ? KR_EMPTY
                                                                                : kr_None;
    }
    if (kr_is_empty(f->callbacks)) f->callbacks = kr_list(NULL, 0);
    if (kr_is_empty(f->callbacks)) return KR_EMPTY;
    KrValue pair = kr_tuple_of(2, function, context);
    return kr_is_empty(pair) || kr_list_append(f->callbacks, pair) < 0 ? KR_EMPTY : kr_None;
}

/* ---- Methods ---- */

KR_FN(future, method_result, "result", "(self, /)", "The result, or its exception raised.")
{
    return asyncio_future_result(a[0]);
}

KR_FN(future, method_exception, "exception", "(self, /)", "The exception that was set, or None.")
{
    Future *f = asyncio_future_of(a[0]);
    if (must_be_finished(f, "Exception is not set.") < 0) return KR_EMPTY;
    f->log_traceback = false;
    return or_none(f->exception);
}

KR_FN(future, method_set_result, "set_result", "(self, result, /)",
      "Mark the future done and set its result.")
{
    return asyncio_future_set_result(a[0], a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(future, method_set_exception, "set_exception", "(self, exception, /)",
      "Mark the future done and set an exception.")
{
    return asyncio_future_set_exception(a[0], a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(future, method_add_callback, "add_done_callback", "(self, fn, /, *, context=None)",
      "Add a callback to be run when the future becomes done.")
{
    return asyncio_future_add_callback(a[0], a[1], a[2]);
}

KR_FN(future, method_remove_callback, "remove_done_callback", "(self, fn, /)",
      "Remove all instances of a callback; returns how many there were.")
{
    Future *f = ready(a[0]);
    KrValue kept = f ? kr_list(NULL, 0) : KR_EMPTY;
    if (kr_is_empty(kept)) return KR_EMPTY;
    int64_t removed = 0;
    for (size_t i = 0; !kr_is_empty(f->callbacks) && i < kr_list_size(f->callbacks); i++) {
        KrValue pair = kr_list_get(f->callbacks, i);
        int equal = kr_equal(kr_tuple_get(pair, 0), a[1]);
        if (equal < 0) return KR_EMPTY;
        removed += equal;
        if (!equal && kr_list_append(kept, pair) < 0) return KR_EMPTY;
    }
    if (removed) f->callbacks = kr_list_size(kept) ? kept : KR_EMPTY;
    return kr_int(removed);
}

KR_FN(future, method_cancel, "cancel", "(self, /, msg=None)",
      "Cancel the future and schedule callbacks.")
{
    if (!ready(a[0])) return KR_EMPTY;
    int done = asyncio_future_cancel(a[0], a[1]);
    return done < 0 ? KR_EMPTY : kr_bool(done);
}

KR_FN(future, method_cancelled, "cancelled", "(self, /)",
      "Return True if the future was cancelled.")
{
    return kr_bool(asyncio_future_of(a[0])->state == CANCELLED);
}

KR_FN(future, method_done, "done", "(self, /)", "Return True if the future is done.")
{
    return kr_bool(asyncio_future_of(a[0])->state != PENDING);
}

KR_FN(future, method_get_loop, "get_loop", "(self, /)",
      "Return the event loop the Future is bound to.")
{
    Future *f = ready(a[0]);
    return f ? f->loop : KR_EMPTY;
}

KR_FN(future, method_cancelled_error, "_make_cancelled_error", "(self, /)",
      "Create the CancelledError to raise if the Future is cancelled.")
{
    return asyncio_future_cancelled_error(asyncio_future_of(a[0]));
}

KR_CLASSMETHOD(future, class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585.")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

static KrValue future_repr(KrValue self)
{
    KrValue function = kr_import_attr("asyncio.base_futures", "_future_repr");
    return kr_is_empty(function) ? KR_EMPTY : kr_call1(function, self);
}

/* ---- Attributes, by the names of Python's class ---- */

#define READ(field, name) \
    static KrValue get_##field(KrValue self) { return or_none(asyncio_future_of(self)->field); }
READ(loop, "_loop")
KR_GETSET(future, get_loop, NULL, "_loop", NULL)
READ(callbacks, "_callbacks")
KR_GETSET(future, get_callbacks, NULL, "_callbacks", NULL)
READ(result, "_result")
KR_GETSET(future, get_result, NULL, "_result", NULL)
READ(exception, "_exception")
KR_GETSET(future, get_exception, NULL, "_exception", NULL)
READ(source_traceback, "_source_traceback")
KR_GETSET(future, get_source_traceback, NULL, "_source_traceback", NULL)
READ(cancel_message, "_cancel_message")
static int set_cancel_message(KrValue self, KrValue value)
{
    asyncio_future_of(self)->cancel_message = value;
    return 0;
}
KR_GETSET(future, get_cancel_message, set_cancel_message, "_cancel_message", NULL)

static KrValue get_state(KrValue self) { return kr_intern(state_name(asyncio_future_of(self))); }
KR_GETSET(future, get_state, NULL, "_state", NULL)

static int set_flag(bool *flag, KrValue value)
{
    int truth = kr_is_empty(value) ? -1 : kr_truth(value);
    if (kr_is_empty(value)) kr_raise(kr_AttributeError, "cannot delete attribute");
    if (truth >= 0) *flag = truth;
    return truth < 0 ? -1 : 0;
}

static KrValue get_blocking(KrValue self) { return kr_bool(asyncio_future_of(self)->blocking); }
static int set_blocking(KrValue self, KrValue value)
{
    return set_flag(&asyncio_future_of(self)->blocking, value);
}
KR_GETSET(future, get_blocking, set_blocking, "_asyncio_future_blocking", NULL)

static KrValue get_log_traceback(KrValue self)
{
    return kr_bool(asyncio_future_of(self)->log_traceback);
}
static int set_log_traceback(KrValue self, KrValue value)
{
    bool wanted = false;
    if (set_flag(&wanted, value) < 0) return -1;
    if (wanted) {
        kr_raise(kr_ValueError, "_log_traceback can only be set to False");
        return -1;
    }
    asyncio_future_of(self)->log_traceback = false;
    return 0;
}
KR_GETSET(future, get_log_traceback, set_log_traceback, "_log_traceback", NULL)

/* ---- await ---- */

static KrValue future_await(KrValue self)
{
    if (!ready(self)) return KR_EMPTY;
    Iterator *i = kr_alloc_instance(iterator_type);
    if (!i) return KR_EMPTY;
    i->future = self;
    return kr_from_object(i);
}

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Iterator *)self)->future);
}

static KrValue iterator_next(KrValue self)
{
    Iterator *i = iterator_of(self);
    KrValue future = i->future;
    if (kr_is_empty(future)) return KR_EMPTY;
    Future *f = asyncio_future_of(future);
    if (f->state == PENDING && !f->blocking) {
        f->blocking = true;
        return future;
    }
    i->future = KR_EMPTY;
    if (f->state == PENDING) return kr_raise(kr_RuntimeError, "await wasn't used with future");
    KrValue result = asyncio_future_result(future);
    return kr_is_empty(result) ? KR_EMPTY : kr_raise_stop(result);
}

KR_FN(iterator, iterator_send, "send", "(self, value, /)", NULL)
{
    KrValue got = iterator_next(a[0]);
    return kr_is_empty(got) && !kr_raised() ? kr_raise_stop(KR_EMPTY) : got;
}

KR_FN(iterator, iterator_throw, "throw", "(self, type, val=<unset>, tb=None, /)", NULL)
{
    iterator_of(a[0])->future = KR_EMPTY;
    bool class = kr_is_a(a[1], &kr_type_type), instance = kr_is_a(a[1], kr_BaseException);
    bool value = !kr_is_empty(a[2]) && !kr_is(a[2], kr_None);
    if (!kr_is(a[3], kr_None) && !kr_is_instance_exact(a[3], &kr_traceback_type))
        return kr_raise(kr_TypeError, "throw() third argument must be a traceback");
    if (instance && value)
        return kr_raise(kr_TypeError, "instance exception may not have a separate value");
    if (!instance && !class)
        return kr_raise(
            kr_TypeError,
            "exceptions must be classes deriving BaseException or instances of such a class");
    KrValue exception = a[1];
    if (class)
        exception = !value                            ? kr_call0(a[1])
                    : kr_is_a(a[2], kr_BaseException) ? a[2]
                                                      : kr_call1(a[1], a[2]);
    if (kr_is_empty(exception)) return KR_EMPTY;
    if (!kr_is(a[3], kr_None) && kr_setattr_ascii(exception, "__traceback__", a[3]) < 0)
        return KR_EMPTY;
    return kr_raise_value(exception);
}

KR_FN(iterator, iterator_close, "close", "(self, /)", NULL)
{
    iterator_of(a[0])->future = KR_EMPTY;
    return kr_None;
}

static KrValue same_iterator(KrValue self) { return self; }

#include "modules/_asyncio_future.entries.h"

static const KrTypeSpec iterator_spec = {.name = "_asyncio.FutureIter",
                                         .size = sizeof(Iterator),
                                         .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL,
                                         .trace = iterator_trace,
                                         .functions = iterator_functions,
                                         .slots = {.iter = same_iterator, .next = iterator_next}};

static const KrTypeSpec future_spec = {
    .name = "_asyncio.Future",
    .size = sizeof(Future),
    .flags = KR_TYPE_DICT,
    .trace = asyncio_future_trace,
    .functions = future_functions,
    .getset = future_getset,
    .doc = "This class is *almost* compatible with concurrent.futures.Future.",
    .slots = {.make = asyncio_future_make,
              .init = future_init,
              .repr = future_repr,
              .iter = future_await,
              .await = future_await,
              .finalize = asyncio_future_finalize}};

int asyncio_future_add(KrValue module)
{
    if (!kr_type_once(&iterator_type, &iterator_spec)) return -1;
    return kr_module_add_type(module, kr_type_once(&asyncio_future_type, &future_spec));
}
