/* _asyncio.c: asyncio.Task in C, with the meaning of asyncio/tasks.py, and the running loop of a thread.
 *
 * A task drives its coroutine one step at a time: a step is scheduled by loop.call_soon(), or it waits for a future, one
 * of whose callbacks wakes it up; never both. What the coroutine yields says which. */
#include "modules/_asyncio.h"

#include <unistd.h>

typedef struct Task {
    Future future;
    KrValue coroutine, name, context;
    KrValue waiter; /* the future it waits for, or EMPTY */
    int64_t cancels;
    bool must_cancel;         /* the next step throws CancelledError */
    bool log_destroy_pending; /* tell the loop when it dies unfinished */
} Task;

/* What the loop calls: a step of the task, with an exception to be thrown into it or without. */
typedef struct Step {
    KrObject head;
    KrValue task, exception;
} Step;

static KrType *task_type, *step_type;
static KrValue all_tasks, current_tasks,
    running; /* WeakSet; dict loop -> task; _thread._local with loop_pid */
static uint64_t task_number;

static Task *task_of(KrValue v) { return (Task *)kr_to_object(v); }
/* A Future or Task itself, whose methods are known: those of a subclass are called by name. */
static bool is_exact(KrValue v)
{
    return kr_is_instance_exact(v, asyncio_future_type) || kr_is_instance_exact(v, task_type);
}

static void task_trace(void *self, KrTracer *tracer)
{
    Task *t = self;
    asyncio_future_trace(self, tracer);
    kr_trace(tracer, t->coroutine), kr_trace(tracer, t->name), kr_trace(tracer, t->context);
    kr_trace(tracer, t->waiter);
}

static void step_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Step *)self)->task), kr_trace(tracer, ((Step *)self)->exception);
}

/* ---- The tasks of the loops ---- */

static KrValue enter_task(KrValue loop, KrValue task)
{
    KrValue current = kr_dict_find(current_tasks, loop);
    if (kr_is_empty(current) && kr_raised()) return KR_EMPTY;
    if (!kr_is_empty(current))
        return kr_raise(kr_RuntimeError,
                        "Cannot enter into task %R while another task %R is being executed.", task,
                        current);
    return kr_dict_set(current_tasks, loop, task) < 0 ? KR_EMPTY : kr_None;
}

static KrValue leave_task(KrValue loop, KrValue task)
{
    KrValue current = kr_dict_find(current_tasks, loop);
    if (kr_is_empty(current) && kr_raised()) return KR_EMPTY;
    if (kr_is_empty(current) || !kr_is(current, task))
        return kr_raise(kr_RuntimeError, "Leaving task %R does not match the current task %R.",
                        task, or_none(current));
    return kr_dict_delete(current_tasks, loop) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(asyncio, fn_enter_task, "_enter_task", "(loop, task)",
      "Enter into task execution or resume suspended task.")
{
    return enter_task(a[0], a[1]);
}
KR_FN(asyncio, fn_leave_task, "_leave_task", "(loop, task)",
      "Leave task execution or suspend a task.")
{
    return leave_task(a[0], a[1]);
}
KR_FN(asyncio, fn_register_task, "_register_task", "(task)",
      "Register a new task in asyncio as executed by loop.")
{
    return kr_call_method1(all_tasks, "add", a[0]);
}
KR_FN(asyncio, fn_unregister_task, "_unregister_task", "(task)", "Unregister a task.")
{
    return kr_call_method1(all_tasks, "discard", a[0]);
}

/* ---- The running loop ---- */

/* The loop that runs in this thread (and not in the process that forked it), or None. */
static KrValue running_loop(void)
{
    KrValue pair = kr_find_attr(running, KR_NAME("loop_pid"));
    if (kr_is_empty(pair)) return kr_raised() ? KR_EMPTY : kr_None;
    return kr_int_low_bits(kr_tuple_get(pair, 1)) == (uint64_t)getpid() ? kr_tuple_get(pair, 0)
                                                                        : kr_None;
}

KrValue asyncio_get_event_loop(void)
{
    KrValue loop = running_loop();
    if (kr_is_empty(loop) || !kr_is(loop, kr_None)) return loop;
    KrValue get_policy = kr_import_attr("asyncio.events", "get_event_loop_policy");
    KrValue policy = kr_is_empty(get_policy) ? KR_EMPTY : kr_call0(get_policy);
    return kr_is_empty(policy) ? KR_EMPTY : kr_call_method0(policy, "get_event_loop");
}

KR_FN(asyncio, fn_get_running, "_get_running_loop", "()", "Return the running event loop or None.")
{
    return running_loop();
}

KR_FN(asyncio, fn_set_running, "_set_running_loop", "(loop, /)", "Set the running event loop.")
{
    KrValue pair = kr_tuple_of(2, a[0], kr_int(getpid()));
    return kr_is_empty(pair) || kr_setattr(running, KR_NAME("loop_pid"), pair) < 0 ? KR_EMPTY
                                                                                   : kr_None;
}

KR_FN(asyncio, fn_running, "get_running_loop", "()",
      "Return the running event loop.  Raise a RuntimeError if there is none.")
{
    KrValue loop = running_loop();
    return kr_is(loop, kr_None) ? kr_raise(kr_RuntimeError, "no running event loop") : loop;
}

KR_FN(asyncio, fn_get_loop, "get_event_loop", "()", "Return an asyncio event loop.")
{
    return asyncio_get_event_loop();
}
KR_FN(asyncio, fn_get_loop_old, "_get_event_loop", "(stacklevel=3)", "As get_event_loop().")
{
    return asyncio_get_event_loop();
}

/* ---- Birth and death ---- */

/* Schedules a step; exception EMPTY: none. */
static KrValue schedule_step(Task *t, KrValue exception)
{
    Step *step = kr_alloc_instance(step_type);
    if (!step) return KR_EMPTY;
    step->task = kr_from_object(t);
    step->exception = exception;
    KrValue got = asyncio_call_soon(t->future.loop, kr_from_object(step), KR_EMPTY, t->context);
    return kr_is_empty(got) ? KR_EMPTY : kr_None;
}

static int is_coroutine(KrValue v)
{
    if (kr_is_instance_exact(v, &kr_coroutine_type)) return 1;
    KrValue test = kr_import_attr("asyncio.coroutines", "iscoroutine");
    KrValue verdict = kr_is_empty(test) ? KR_EMPTY : kr_call1(test, v);
    return kr_is_empty(verdict) ? -1 : kr_truth(verdict);
}

static int task_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "Task", "(coro, *, loop=None, name=None, context=None)", NULL, NULL, KR_KIND_BOUND, NULL};
    KrValue a[4];
    if (kr_bind(&entry, args, n, kwnames, a) < 0 || asyncio_future_init(self, a[1]) < 0) return -1;
    Task *t = task_of(self);
    int good = is_coroutine(a[0]);
    t->log_destroy_pending = good > 0;
    if (good == 0) kr_raise(kr_TypeError, "a coroutine was expected, got %R", a[0]);
    if (good <= 0) return -1;
    t->context = a[3];
    if (kr_is(a[3], kr_None)) {
        KrValue copy = kr_import_attr("_contextvars", "copy_context");
        t->context = kr_is_empty(copy) ? KR_EMPTY : kr_call0(copy);
    }
    t->waiter = KR_EMPTY;
    t->must_cancel = false;
    t->cancels = 0;
    t->coroutine = a[0];
    t->name = kr_is(a[2], kr_None) ? kr_str_format("Task-%llu", (unsigned long long)++task_number)
                                   : kr_to_str(a[2]);
    if (kr_is_empty(t->context) || kr_is_empty(t->name) || kr_is_empty(schedule_step(t, KR_EMPTY)))
        return -1;
    return kr_is_empty(kr_call_method1(all_tasks, "add", self)) ? -1 : 0;
}

static void task_finalize(KrValue self)
{
    Task *t = task_of(self);
    Future *f = &t->future;
    if (f->state == PENDING && t->log_destroy_pending && !kr_is_empty(f->loop)) {
        KrValue context = kr_dict();
        if (kr_is_empty(context) || kr_dict_set_ascii(context, "task", self) < 0 ||
            kr_dict_set_ascii(context, "message", kr_str("Task was destroyed but it is pending!")) <
                0 ||
            (!kr_is_empty(f->source_traceback) &&
             kr_dict_set_ascii(context, "source_traceback", f->source_traceback) < 0) ||
            kr_is_empty(kr_call_method1(f->loop, "call_exception_handler", context)))
            kr_report_unraisable(self);
    }
    asyncio_future_finalize(self);
}

/* ---- One step ---- */

static KrValue task_wakeup(KrValue self, KrValue future);
KR_FN(wakeup, wakeup, "TaskWakeupMethWrapper", "(self, future, /)",
      "The future that the task waited for is done.")
{
    return task_wakeup(a[0], a[1]);
}

/* The coroutine ended by the exception that is set. */
static KrValue step_ended(KrValue self)
{
    Task *t = task_of(self);
    KrValue exception = kr_take_exception();
    if (kr_is_a(exception, kr_StopIteration)) {
        if (t->must_cancel) {
            t->must_cancel = false;
            return asyncio_future_cancel(self, t->future.cancel_message) < 0 ? KR_EMPTY : kr_None;
        }
        KrValue value = kr_getattr(exception, KR_NAME("value"));
        return kr_is_empty(value) || asyncio_future_set_result(self, value) < 0 ? KR_EMPTY
                                                                                : kr_None;
    }
    KrValue cancelled = kr_import_attr("asyncio.exceptions", "CancelledError");
    int is_cancelled = kr_is_empty(cancelled) ? -1 : kr_isinstance(exception, cancelled);
    if (is_cancelled < 0) return KR_EMPTY;
    if (is_cancelled) {
        t->future.cancelled_exception = exception; /* what awaits the task shall see this one */
        return asyncio_future_cancel(self, KR_EMPTY) < 0 ? KR_EMPTY : kr_None;
    }
    if (asyncio_future_set_exception(self, exception) < 0) return KR_EMPTY;
    if (!kr_is_a(exception, kr_KeyboardInterrupt) && !kr_is_a(exception, kr_SystemExit))
        return kr_None;
    kr_restore_exception(exception);
    return KR_EMPTY;
}

static KrValue step_with_error(Task *t, KrValue message)
{
    KrValue exception =
        kr_is_empty(message) ? KR_EMPTY : kr_call1(kr_type_value(kr_RuntimeError), message);
    return kr_is_empty(exception) ? KR_EMPTY : schedule_step(t, exception);
}

/* The task waits for `result`, a future of its loop that was awaited. */
static KrValue wait_for(KrValue self, KrValue result)
{
    Task *t = task_of(self);
    KrValue wake = kr_function_new(&wakeup_entry, self, KR_EMPTY);
    if (kr_is_empty(wake)) return KR_EMPTY;
    if (is_exact(result)) {
        asyncio_future_of(result)->blocking = false;
        if (kr_is_empty(asyncio_future_add_callback(result, wake, t->context))) return KR_EMPTY;
    } else {
        KrValue add = kr_setattr_ascii(result, "_asyncio_future_blocking", kr_False) < 0
                          ? KR_EMPTY
                          : kr_getattr_ascii(result, "add_done_callback");
        KrValue args[] = {wake, t->context};
        if (kr_is_empty(add) ||
            kr_is_empty(kr_call(add, args, 1, kr_tuple_of(1, KR_NAME("context")))))
            return KR_EMPTY;
    }
    t->waiter = result;
    if (!t->must_cancel) return kr_None;
    KrValue cancel = kr_getattr_ascii(result, "cancel"),
            message = or_none(t->future.cancel_message);
    KrValue done = kr_is_empty(cancel)
                       ? KR_EMPTY
                       : kr_call(cancel, &message, 0, kr_tuple_of(1, KR_NAME("msg")));
    int truth = kr_is_empty(done) ? -1 : kr_truth(done);
    if (truth > 0) t->must_cancel = false;
    return truth < 0 ? KR_EMPTY : kr_None;
}

/* The coroutine yielded `result`. */
static KrValue step_yielded(KrValue self, KrValue result)
{
    Task *t = task_of(self);
    KrValue blocking, loop;
    if (is_exact(result)) {
        blocking = kr_bool(asyncio_future_of(result)->blocking);
        loop = asyncio_future_of(result)->loop;
    } else {
        if (kr_is(result, kr_None)) return schedule_step(t, KR_EMPTY);
        blocking = kr_find_attr(result, KR_NAME("_asyncio_future_blocking"));
        if (kr_is_empty(blocking) && kr_raised()) return KR_EMPTY;
        if (kr_is_empty(blocking) || kr_is(blocking, kr_None)) {
            if (kr_is_instance_exact(result, &kr_generator_type))
                return step_with_error(
                    t, kr_str_format(
                           "yield was used instead of yield from for generator in task %R with %R",
                           self, result));
            return step_with_error(t, kr_str_format("Task got bad yield: %R", result));
        }
        KrValue get_loop = kr_import_attr("asyncio.futures", "_get_loop");
        loop = kr_is_empty(get_loop) ? KR_EMPTY : kr_call1(get_loop, result);
        if (kr_is_empty(loop)) return KR_EMPTY;
    }
    int truth = kr_truth(blocking);
    if (truth < 0) return KR_EMPTY;
    if (kr_is(result, self))
        return step_with_error(t, kr_str_format("Task cannot await on itself: %R", self));
    if (!kr_is(loop, t->future.loop))
        return step_with_error(
            t, kr_str_format("Task %R got Future %R attached to a different loop", self, result));
    if (!truth)
        return step_with_error(
            t,
            kr_str_format("yield was used instead of yield from in task %R with %R", self, result));
    return wait_for(self, result);
}

/* The exception that the step throws: the one given, or the cancellation that was asked for. */
static int exception_of_step(Task *t, KrValue *exception)
{
    if (!t->must_cancel) return 0;
    KrValue cancelled = kr_import_attr("asyncio.exceptions", "CancelledError");
    int is_cancelled = kr_is_empty(cancelled)    ? -1
                       : kr_is_empty(*exception) ? 0
                                                 : kr_isinstance(*exception, cancelled);
    if (is_cancelled < 0) return -1;
    if (!is_cancelled) *exception = asyncio_future_cancelled_error(&t->future);
    t->must_cancel = false;
    return kr_is_empty(*exception) ? -1 : 0;
}

static KrValue task_step(KrValue self, KrValue exception)
{
    Task *t = task_of(self);
    if (t->future.state != PENDING)
        return asyncio_raise("InvalidStateError", "__step(): already done: %R %R", self,
                             or_none(exception));
    if (exception_of_step(t, &exception) < 0) return KR_EMPTY;
    t->waiter = KR_EMPTY;
    KrValue loop = t->future.loop;
    if (kr_is_empty(enter_task(loop, self))) return KR_EMPTY;
    KrValue result = kr_is_empty(exception) ? kr_call_method1(t->coroutine, "send", kr_None)
                                            : kr_call_method1(t->coroutine, "throw", exception);
    result = kr_is_empty(result) ? step_ended(self) : step_yielded(self, result);
    KrValue raised = kr_take_exception();
    KrValue left = leave_task(loop, self);
    if (!kr_is_empty(raised)) kr_restore_exception(raised);
    return kr_is_empty(left) ? KR_EMPTY : result;
}

static KrValue task_wakeup(KrValue self, KrValue future)
{
    KrValue result =
        is_exact(future) ? asyncio_future_result(future) : kr_call_method0(future, "result");
    return task_step(self, kr_is_empty(result) ? kr_take_exception() : KR_EMPTY);
}

static KrValue step_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    Step *step = (Step *)kr_to_object(self);
    static const KrFunction entry = {"TaskStepMethWrapper", "()", NULL, NULL, KR_KIND_BOUND, NULL};
    KrValue none;
    if (kr_bind(&entry, args, n, kwnames, &none) < 0) return KR_EMPTY;
    return task_step(step->task, step->exception);
}

static KrValue get_step_self(KrValue self) { return ((Step *)kr_to_object(self))->task; }
KR_GETSET(step, get_step_self, NULL, "__self__", NULL)
static KrValue get_step_name(KR_UNUSED KrValue self) { return KR_NAME("TaskStepMethWrapper"); }
KR_GETSET(step, get_step_name, NULL, "__qualname__", NULL)

/* ---- Methods ---- */

KR_FN(task, method_cancel, "cancel", "(self, /, msg=None)", "Request that this task cancel itself.")
{
    Task *t = task_of(a[0]);
    t->future.log_traceback = false;
    if (t->future.state != PENDING) return kr_False;
    t->cancels++;
    if (!kr_is_empty(t->waiter)) {
        KrValue cancel = kr_getattr_ascii(t->waiter, "cancel");
        KrValue done = kr_is_empty(cancel)
                           ? KR_EMPTY
                           : kr_call(cancel, &a[1], 0, kr_tuple_of(1, KR_NAME("msg")));
        int truth = kr_is_empty(done) ? -1 : kr_truth(done);
        if (truth) return truth < 0 ? KR_EMPTY : kr_True;
    }
    t->must_cancel = true;
    t->future.cancel_message = a[1];
    return kr_True;
}
KR_FN(task, method_cancelling, "cancelling", "(self, /)",
      "Return the count of the task's cancellation requests.")
{
    return kr_int(task_of(a[0])->cancels);
}
KR_FN(task, method_uncancel, "uncancel", "(self, /)",
      "Decrement the task's count of cancellation requests.")
{
    Task *t = task_of(a[0]);
    if (t->cancels > 0) t->cancels--;
    return kr_int(t->cancels);
}
KR_FN(task, method_get_coro, "get_coro", "(self, /)", NULL)
{
    return or_none(task_of(a[0])->coroutine);
}
KR_FN(task, method_get_name, "get_name", "(self, /)", NULL) { return or_none(task_of(a[0])->name); }
KR_FN(task, method_set_name, "set_name", "(self, value, /)", NULL)
{
    KrValue name = kr_to_str(a[1]);
    if (kr_is_empty(name)) return KR_EMPTY;
    task_of(a[0])->name = name;
    return kr_None;
}
KR_FN(task, method_set_result, "set_result", "(self, result, /)", NULL)
{
    return kr_raise(kr_RuntimeError, "Task does not support set_result operation");
}
KR_FN(task, method_set_exception, "set_exception", "(self, exception, /)", NULL)
{
    return kr_raise(kr_RuntimeError, "Task does not support set_exception operation");
}
KR_FN(task, method_get_stack, "get_stack", "(self, /, *, limit=None)",
      "Return the list of stack frames for this task's coroutine.")
{
    KrValue function = kr_import_attr("asyncio.base_tasks", "_task_get_stack");
    return kr_is_empty(function) ? KR_EMPTY : kr_call2(function, a[0], a[1]);
}
KR_FN(task, method_print_stack, "print_stack", "(self, /, *, limit=None, file=None)",
      "Print the stack or traceback for this task's coroutine.")
{
    KrValue function = kr_import_attr("asyncio.base_tasks", "_task_print_stack");
    return kr_is_empty(function) ? KR_EMPTY : kr_call3(function, a[0], a[1], a[2]);
}

static KrValue task_repr(KrValue self)
{
    KrValue function = kr_import_attr("asyncio.base_tasks", "_task_repr");
    return kr_is_empty(function) ? KR_EMPTY : kr_call1(function, self);
}

static KrValue get_coro(KrValue self) { return or_none(task_of(self)->coroutine); }
KR_GETSET(task, get_coro, NULL, "_coro", NULL)
static KrValue get_waiter(KrValue self) { return or_none(task_of(self)->waiter); }
KR_GETSET(task, get_waiter, NULL, "_fut_waiter", NULL)
static KrValue get_must_cancel(KrValue self) { return kr_bool(task_of(self)->must_cancel); }
KR_GETSET(task, get_must_cancel, NULL, "_must_cancel", NULL)
static KrValue get_log_destroy(KrValue self) { return kr_bool(task_of(self)->log_destroy_pending); }
static int set_log_destroy(KrValue self, KrValue value)
{
    int truth = kr_is_empty(value) ? -1 : kr_truth(value);
    if (kr_is_empty(value)) kr_raise(kr_AttributeError, "cannot delete attribute");
    if (truth >= 0) task_of(self)->log_destroy_pending = truth;
    return truth < 0 ? -1 : 0;
}
KR_GETSET(task, get_log_destroy, set_log_destroy, "_log_destroy_pending", NULL)

#include "modules/_asyncio.entries.h"

/* ---- The module ---- */

static KrTypeSpec task_spec = {.name = "_asyncio.Task",
                               .size = sizeof(Task),
                               .flags = KR_TYPE_DICT,
                               .trace = task_trace,
                               .functions = task_functions,
                               .getset = task_getset,
                               .doc = "A coroutine wrapped in a Future.",
                               .slots = {.make = asyncio_future_make,
                                         .init = task_init,
                                         .repr = task_repr,
                                         .finalize = task_finalize}};

static const KrTypeSpec step_spec = {.name = "TaskStepMethWrapper",
                                     .size = sizeof(Step),
                                     .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL,
                                     .trace = step_trace,
                                     .getset = step_getset,
                                     .slots = {.call = step_call}};

static int exec(KrValue module)
{
    if (asyncio_future_add(module) < 0 || !kr_type_once(&step_type, &step_spec)) return -1;
    task_spec.base = asyncio_future_type;
    if (kr_module_add_type(module, kr_type_once(&task_type, &task_spec)) < 0) return -1;
    if (kr_is_empty(current_tasks)) {
        KrValue weak_set = kr_import_attr("weakref", "WeakSet"),
                local = kr_import_attr("_thread", "_local");
        if (kr_is_empty(weak_set) || kr_is_empty(local)) return -1;
        kr_root(&all_tasks), kr_root(&current_tasks), kr_root(&running);
        all_tasks = kr_call0(weak_set), running = kr_call0(local), current_tasks = kr_dict();
        if (kr_is_empty(all_tasks) || kr_is_empty(running) || kr_is_empty(current_tasks)) return -1;
    }
    return kr_module_add(module, "_all_tasks", all_tasks) < 0 ||
                   kr_module_add(module, "_current_tasks", current_tasks) < 0
               ? -1
               : 0;
}

KR_MODULE(_asyncio) = {
    .api_version = KR_API_VERSION,
    .name = "_asyncio",
    .doc = "Accelerator module for asyncio",
    .functions = asyncio_functions,
    .exec = exec,
};
