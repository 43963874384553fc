/* thread_module.c: the _thread module: threads, locks, thread-local objects. Waiting runs detached and ends for signals. */
#include <errno.h>
#include <math.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "runtime/memory/finalizable.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/str.h"
#include "runtime/objects/type.h"
#include "runtime/threads/signals.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/traceback_text.h"
#include "runtime/vm/vm.h"

#define TIMEOUT_LIMIT 9223372036.0 /* seconds in int64 nanoseconds */

/* ---- Waiting ---- */

/* Seconds of waiting after which what nobody refers to any more is finalized: the wait may be for the end of a thread that
 * serves just such a socket, or reads just such a pipe. Where references are counted they were closed long ago. */
#define PATIENCE 0.1

static struct timespec seconds_from_now(double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)seconds;
    until.tv_nsec += (long)((seconds - floor(seconds)) * 1e9);
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
    return until;
}

static bool later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* Takes the semaphore: 1 taken, 0 timed out, -1 a signal handler raised. timeout < 0: for ever; 0: only try. */
static int wait_semaphore(sem_t *semaphore, double timeout)
{
    if (sem_trywait(semaphore) == 0) return 1;
    if (timeout == 0) return 0;
    struct timespec until = seconds_from_now(timeout < 0 ? 0 : timeout), soon = seconds_from_now(PATIENCE);
    bool patient = timeout >= 0 && timeout <= PATIENCE; /* nothing to do but wait */
    for (;;) {
        const struct timespec *limit = !patient ? &soon : timeout < 0 ? NULL : &until;
        kr_thread_detach();
        int result = limit ? sem_clockwait(semaphore, CLOCK_MONOTONIC, limit) : sem_wait(semaphore);
        int error = errno;
        kr_thread_attach();
        if (result == 0) return 1;
        if (error == ETIMEDOUT && patient) return 0;
        if (error == ETIMEDOUT) {
            patient = kr_heap_collect_idle();
            soon = seconds_from_now(PATIENCE);
            if (timeout > 0 && later(&soon, &until)) patient = true;
        }
        if (kr_check_signals() < 0) return -1;
    }
}

/* The arguments of acquire(): blocking and timeout in seconds. */
static int timeout_argument(Value blocking, Value timeout, double *seconds)
{
    int blocks = kr_truth(blocking);
    if (blocks < 0 || kr_to_double(timeout, seconds) < 0) return -1;
    if (!blocks && *seconds != -1) return kr_raise(kr_ValueError, "can't specify a timeout for a non-blocking call"), -1;
    if (*seconds < 0 && *seconds != -1) return kr_raise(kr_ValueError, "timeout value must be a non-negative number"), -1;
    if (*seconds > TIMEOUT_LIMIT) return kr_raise(kr_OverflowError, "timeout value is too large"), -1;
    if (!blocks) *seconds = 0;
    return 0;
}

/* ---- Lock ---- */

typedef struct Lock {
    Object head;
    sem_t semaphore;
    bool locked;
} Lock;

static KrType *lock_type, *rlock_type, *local_type, *hook_arguments_type;
static Lock *lock_of(Value v) { return (Lock *)object_of(v); }

static Value lock_new(void)
{
    Lock *lock = kr_alloc_instance(lock_type);
    if (!lock) return EMPTY;
    sem_init(&lock->semaphore, 0, 1);
    return from_object(lock);
}

static Value acquire(Value self, Value blocking, Value timeout)
{
    double seconds;
    if (timeout_argument(blocking, timeout, &seconds) < 0) return EMPTY;
    int taken = wait_semaphore(&lock_of(self)->semaphore, seconds);
    if (taken < 0) return EMPTY;
    if (taken) lock_of(self)->locked = true;
    return from_bool(taken);
}

static Value release_lock(Value self)
{
    Lock *lock = lock_of(self);
    if (!lock->locked) return kr_raise(kr_RuntimeError, "release unlocked lock");
    lock->locked = false;
    sem_post(&lock->semaphore);
    return NONE;
}

#define ACQUIRE_DOC                                                                                                \
    "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock.  Without argument, this blocks if the lock is already\n" \
    "locked (even by the same thread), waiting for another thread to release\nthe lock, and return True once the lock is acquired.\n" \
    "With an argument, this will only block if the argument is true,\nand the return value reflects whether the lock is acquired.\n" \
    "The blocking operation is interruptible."

KR_FN(lock, lock_acquire, "acquire", "(self, blocking=True, timeout=-1)", ACQUIRE_DOC) { return acquire(a[0], a[1], a[2]); }
KR_FN(lock, lock_acquire_lock, "acquire_lock", "(self, blocking=True, timeout=-1)", ACQUIRE_DOC) { return acquire(a[0], a[1], a[2]); }
KR_FN(lock, lock_release, "release", "(self, /)", "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.") { return release_lock(a[0]); }
KR_FN(lock, lock_release_lock, "release_lock", "(self, /)", "Release the lock.") { return release_lock(a[0]); }
KR_FN(lock, lock_locked, "locked", "(self, /)", "Return whether the lock is in the locked state.") { return from_bool(lock_of(a[0])->locked); }
KR_FN(lock, lock_locked_lock, "locked_lock", "(self, /)", "Return whether the lock is in the locked state.") { return from_bool(lock_of(a[0])->locked); }
KR_FN(lock, lock_enter, "__enter__", "(self, /)", "Lock the lock.") { return acquire(a[0], TRUE_VALUE, from_small_int(-1)); }
KR_FN(lock, lock_exit, "__exit__", "(self, *args)", "Release the lock.") { return release_lock(a[0]); }
KR_FN(lock, lock_reinit, "_at_fork_reinit", "(self, /)", "A fresh, unlocked lock, in a child process.")
{
    sem_init(&lock_of(a[0])->semaphore, 0, 1);
    lock_of(a[0])->locked = false;
    return NONE;
}

static Value lock_repr(Value self)
{
    return kr_str_format("<%s %T object at %p>", lock_of(self)->locked ? "locked" : "unlocked", self, object_of(self));
}

/* ---- RLock ---- */

typedef struct RLock {
    Object head;
    sem_t semaphore;
    uint64_t owner;
    uint64_t count;
} RLock;

static RLock *rlock_of(Value v) { return (RLock *)object_of(v); }

static Value rlock_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    (void)args, (void)n, (void)kwnames;
    RLock *lock = kr_alloc_instance(type);
    if (!lock) return EMPTY;
    sem_init(&lock->semaphore, 0, 1);
    return from_object(lock);
}

static Value rlock_take(Value self, Value blocking, Value timeout)
{
    RLock *lock = rlock_of(self);
    double seconds;
    if (timeout_argument(blocking, timeout, &seconds) < 0) return EMPTY;
    if (lock->count && lock->owner == kr_self->ident) {
        lock->count++;
        return TRUE_VALUE;
    }
    int taken = wait_semaphore(&lock->semaphore, seconds);
    if (taken < 0) return EMPTY;
    if (taken) {
        lock->owner = kr_self->ident;
        lock->count = 1;
    }
    return from_bool(taken);
}

static Value rlock_give(Value self)
{
    RLock *lock = rlock_of(self);
    if (!lock->count || lock->owner != kr_self->ident) return kr_raise(kr_RuntimeError, "cannot release un-acquired lock");
    if (--lock->count == 0) {
        lock->owner = 0;
        sem_post(&lock->semaphore);
    }
    return NONE;
}

KR_FN(rlock, rlock_acquire, "acquire", "(self, blocking=True, timeout=-1)", ACQUIRE_DOC) { return rlock_take(a[0], a[1], a[2]); }
KR_FN(rlock, rlock_release, "release", "(self, /)", "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.") { return rlock_give(a[0]); }
KR_FN(rlock, rlock_enter, "__enter__", "(self, /)", "Lock the lock.") { return rlock_take(a[0], TRUE_VALUE, from_small_int(-1)); }
KR_FN(rlock, rlock_exit, "__exit__", "(self, *args)", "Release the lock.") { return rlock_give(a[0]); }
KR_FN(rlock, rlock_is_owned, "_is_owned", "(self, /)", "For internal use by `threading.Condition`.")
{
    return from_bool(rlock_of(a[0])->count && rlock_of(a[0])->owner == kr_self->ident);
}
KR_FN(rlock, rlock_acquire_restore, "_acquire_restore", "(self, state, /)", "For internal use by `threading.Condition`.")
{
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) != 2) return kr_raise(kr_TypeError, "_acquire_restore() argument 1 must be a 2-tuple");
    uint64_t count, owner;
    if (kr_to_uint64(kr_tuple_get(a[1], 0), &count) < 0 || kr_to_uint64(kr_tuple_get(a[1], 1), &owner) < 0) return EMPTY;
    while (wait_semaphore(&rlock_of(a[0])->semaphore, -1) < 0) return EMPTY;
    rlock_of(a[0])->count = count;
    rlock_of(a[0])->owner = owner;
    return NONE;
}
KR_FN(rlock, rlock_release_save, "_release_save", "(self, /)", "For internal use by `threading.Condition`.")
{
    RLock *lock = rlock_of(a[0]);
    if (!lock->count) return kr_raise(kr_RuntimeError, "cannot release un-acquired lock");
    Value state = kr_tuple_of(2, kr_int_unsigned(lock->count), kr_int_unsigned(lock->owner));
    lock->count = lock->owner = 0;
    sem_post(&lock->semaphore);
    return state;
}
KR_FN(rlock, rlock_recursion, "_recursion_count", "(self, /)", "For internal use by reentrancy checks.")
{
    RLock *lock = rlock_of(a[0]);
    return kr_int_unsigned(lock->owner == kr_self->ident ? lock->count : 0);
}
KR_FN(rlock, rlock_reinit, "_at_fork_reinit", "(self, /)", "A fresh, unlocked lock, in a child process.")
{
    RLock *lock = rlock_of(a[0]);
    sem_init(&lock->semaphore, 0, 1);
    lock->count = lock->owner = 0;
    return NONE;
}
static Value rlock_repr(Value self)
{
    RLock *lock = rlock_of(self);
    return kr_str_format("<%s %T object owner=%llu count=%llu at %p>", lock->count ? "locked" : "unlocked", self,
                         (unsigned long long)lock->owner, (unsigned long long)lock->count, object_of(self));
}

/* ---- Thread-local objects ---- */

/* Attributes per thread: dicts maps a thread's ident to its dict. All locals are linked, so that a thread that ends can
 * take its dicts along. */
typedef struct Local {
    Object head;
    struct Local *next, **link;
    Value dicts, args, kwnames; /* the constructor's arguments, for each thread's __init__ */
} Local;

static Local *all_locals;

static void local_trace(void *self, KrTracer *tracer)
{
    Local *local = self;
    kr_trace(tracer, local->dicts);
    kr_trace(tracer, local->args);
    kr_trace(tracer, local->kwnames);
}

static void local_release(void *self)
{
    Local *local = self;
    if (!local->link) return;
    *local->link = local->next;
    if (local->next) local->next->link = local->link;
}

static Value local_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    size_t total = n + (is_empty(kwnames) ? 0 : kr_tuple_size(kwnames));
    if (total && type->slots.init == kr_object_type.slots.init) return kr_raise(kr_TypeError, "Initialization arguments are not supported");
    Local *local = kr_alloc_instance(type);
    if (!local) return EMPTY;
    local->dicts = kr_dict();
    local->args = kr_tuple(args, total);
    local->kwnames = kwnames;
    if (is_empty(local->dicts) || is_empty(local->args)) return EMPTY;
    local->next = all_locals;
    local->link = &all_locals;
    if (all_locals) all_locals->link = &local->next;
    all_locals = local;
    /* The creating thread's __init__ is run by the call itself. */
    if (kr_dict_set(local->dicts, kr_int_unsigned(kr_self->ident), kr_dict()) < 0) return EMPTY;
    return from_object(local);
}

/* The calling thread's dict, made and initialised on first use. */
static Value local_dict(Value self)
{
    Local *local = object_of(self);
    Value key = kr_int_unsigned(kr_self->ident), dict = kr_dict_find(local->dicts, key);
    if (!is_empty(dict) || kr_raised()) return dict;
    dict = kr_dict();
    if (is_empty(dict) || kr_dict_set(local->dicts, key, dict) < 0) return EMPTY;
    int (*init)(Value, const Value *, size_t, Value) = type_of(self)->slots.init;
    if (init && init != kr_object_type.slots.init) {
        size_t named = is_empty(local->kwnames) ? 0 : kr_tuple_size(local->kwnames);
        if (init(self, kr_tuple_items(local->args), kr_tuple_size(local->args) - named, local->kwnames) < 0) {
            Value exception = kr_take_exception();
            if (kr_dict_delete(local->dicts, key) < 0) kr_clear_exception();
            kr_restore_exception(exception);
            return EMPTY;
        }
    }
    return dict;
}

static Value local_getattr(Value self, Value name)
{
    Value dict = local_dict(self);
    if (is_empty(dict)) return EMPTY;
    if (kr_str_equal_ascii(name, "__dict__")) return dict;
    Value of_class = kr_type_lookup(type_of(self), name);
    if (is_empty(of_class) || !type_of(of_class)->slots.descr_set) {
        Value found = kr_dict_find(dict, name);
        if (!is_empty(found) || kr_raised()) return found;
    }
    return kr_object_getattr(self, name);
}

static int local_setattr(Value self, Value name, Value value)
{
    Value dict = local_dict(self);
    if (is_empty(dict)) return -1;
    if (kr_str_equal_ascii(name, "__dict__"))
        return kr_raise(kr_AttributeError, "'%T' object attribute '__dict__' is read-only", self), -1;
    Value of_class = kr_type_lookup(type_of(self), name);
    if (!is_empty(of_class) && type_of(of_class)->slots.descr_set) return kr_object_setattr(self, name, value);
    if (!is_empty(value)) return kr_dict_set(dict, name, value);
    int deleted = kr_dict_delete(dict, name);
    if (deleted == 0) kr_raise(kr_AttributeError, "'%T' object has no attribute '%U'", self, name);
    return deleted > 0 ? 0 : -1;
}

/* ---- Threads ---- */

typedef struct Start {
    Value package;  /* (function, args, kwargs or None), kept by `starting` until the thread has it on its stack */
    Value sentinel; /* the lock of _set_sentinel(), or EMPTY */
} Start;

static Value starting; /* list of the packages of threads that do not run yet */
static __thread Start *current;
static _Atomic long running;
static size_t stack_size;

static void forget_locals(void)
{
    Value key = kr_int_unsigned(kr_self->ident);
    for (Local *local = all_locals; local; local = local->next)
        if (kr_dict_delete(local->dicts, key) < 0) kr_clear_exception();
}

static void forget_package(Value package)
{
    size_t last = kr_list_size(starting) - 1;
    for (size_t i = 0; i <= last; i++) {
        if (!same(kr_list_get(starting, i), package)) continue;
        kr_list_set(starting, i, kr_list_get(starting, last));
        kr_list_truncate(starting, last);
        return;
    }
}

static void run_thread(void *argument)
{
    Start start = *(Start *)argument;
    free(argument);
    current = &start;
    forget_package(start.package);
    Value function = kr_tuple_get(start.package, 0), kwargs = kr_tuple_get(start.package, 2);
    Value result = kr_call_tuple(function, kr_tuple_get(start.package, 1), is_none(kwargs) ? EMPTY : kwargs);
    if (is_empty(result)) {
        if (kr_raised_is(kr_SystemExit)) kr_clear_exception();
        else kr_report_unraisable_as("Exception ignored in thread started by", function);
    }
    forget_locals();
    running--;
    if (!is_empty(start.sentinel) && lock_of(start.sentinel)->locked && is_empty(release_lock(start.sentinel))) kr_clear_exception();
    current = NULL;
}

static Value start_thread(Value function, Value args, Value kwargs)
{
    if (!kr_is_callable(function)) return kr_raise(kr_TypeError, "first arg must be callable");
    if (!kr_is_tuple(args)) return kr_raise(kr_TypeError, "2nd arg must be a tuple");
    if (!is_empty(kwargs) && !kr_is_dict(kwargs)) return kr_raise(kr_TypeError, "optional 3rd arg must be a dictionary");
    Value package = kr_tuple_of(3, function, args, is_empty(kwargs) ? NONE : kwargs);
    if (is_empty(package) || kr_list_append(starting, package) < 0) return EMPTY;
    Start *start = malloc(sizeof *start);
    uint64_t ident;
    if (start) *start = (Start){package, EMPTY};
    running++;
    if (!start || kr_thread_start(run_thread, start, stack_size, &ident) < 0) {
        free(start);
        running--;
        forget_package(package);
        return kr_raise(kr_RuntimeError, "can't start new thread");
    }
    return kr_int_unsigned(ident);
}

#define START_DOC                                                                                                  \
    "start_new_thread(function, args[, kwargs])\n\nStart a new thread and return its identifier.  The thread will call the\n" \
    "function with positional arguments from the tuple args and keyword arguments\ntaken from the optional dictionary kwargs."

KR_FN(thread, thread_start_new, "start_new_thread", "(function, args, kwargs=<unset>, /)", START_DOC) { return start_thread(a[0], a[1], a[2]); }
KR_FN(thread, thread_start_old, "start_new", "(function, args, kwargs=<unset>, /)", START_DOC) { return start_thread(a[0], a[1], a[2]); }
KR_FN(thread, thread_allocate_lock, "allocate_lock", "()", "Create a new lock object. See help(type(threading.Lock())) for information about locks.") { return lock_new(); }
KR_FN(thread, thread_allocate, "allocate", "()", "Create a new lock object.") { return lock_new(); }
KR_FN(thread, thread_get_ident, "get_ident", "()", "Return a non-zero integer that uniquely identifies the current thread\namongst other threads that exist simultaneously.") { return kr_int_unsigned(kr_self->ident); }
KR_FN(thread, thread_get_native_id, "get_native_id", "()", "Return a non-negative integer identifying the thread as reported\nby the OS (kernel).") { return kr_int(gettid()); }
KR_FN(thread, thread_count, "_count", "()", "Return the number of currently running Python threads, excluding\nthe main thread.") { return kr_int(running); }
KR_FN(thread, thread_exit, "exit", "()", "This is synonymous to ``raise SystemExit''.") { return kr_raise_value(kr_type_value(kr_SystemExit)); }
KR_FN(thread, thread_exit_thread, "exit_thread", "()", "This is synonymous to ``raise SystemExit''.") { return kr_raise_value(kr_type_value(kr_SystemExit)); }
KR_FN(thread, thread_interrupt_main, "interrupt_main", "(signum=2, /)", "Simulate the arrival of the given signal in the main thread,\nwhere the corresponding signal handler will be executed.")
{
    int number;
    if (kr_to_int32(a[0], &number) < 0) return EMPTY;
    if (number < 1 || number >= NSIG) return kr_raise(kr_ValueError, "signal number out of range");
    SignalAction action = kr_signal_get(number);
    if (action == SIGNAL_CATCH) kr_signal_note(number);
    return NONE;
}
KR_FN(thread, thread_stack_size, "stack_size", "(size=0, /)", "Return the thread stack size used when creating new threads.")
{
    int64_t size;
    if (kr_to_int64(a[0], &size) < 0) return EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "size must be 0 or a positive value");
    if (size && size < 32768) return kr_raise(kr_ValueError, "size not valid: %lld bytes", (long long)size);
    size_t old = stack_size;
    stack_size = (size_t)size;
    return kr_int((int64_t)old);
}
KR_FN(thread, thread_set_sentinel, "_set_sentinel", "()", "Set a sentinel lock that will be released when the current thread\nstate is finalized (after it is untied from the interpreter).")
{
    Value lock = lock_new();
    if (current) current->sentinel = lock;
    return lock;
}

KR_FN(thread, thread_excepthook, "_excepthook", "(exc_type, /)", "Handle uncaught Thread.run() exception.")
{
    if (kr_type_of(a[0]) != hook_arguments_type) return kr_raise(kr_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
    Value type = kr_tuple_get(a[0], 0), exception = kr_tuple_get(a[0], 1), thread = kr_tuple_get(a[0], 3);
    if (same(type, kr_type_value(kr_SystemExit))) return NONE;
    if (kr_vm_finalizing) return NONE; /* a daemon thread that found its files closed: CPython has stopped it by now */
    Value file = kr_sys_get("stderr");
    if (is_empty(file) || is_none(file)) { /* the stream that was there when the thread began */
        file = is_none(thread) ? EMPTY : kr_find_attr(thread, KR_NAME("_stderr"));
        if (kr_raised()) kr_clear_exception();
        if (is_empty(file) || is_none(file)) return NONE;
    }
    Value name = is_none(thread) ? EMPTY : kr_find_attr(thread, KR_NAME("_name"));
    if (kr_raised()) kr_clear_exception();
    Value head = is_empty(name) ? kr_str_format("Exception in thread %llu:\n", (unsigned long long)kr_self->ident)
                                : kr_str_format("Exception in thread %S:\n", name);
    if (is_empty(head) || is_empty(kr_call_method1(file, "write", head))) return EMPTY;
    if (is_exception(exception)) kr_traceback_print(exception, file);
    return is_empty(kr_call_method0(file, "flush")) ? EMPTY : NONE;
}

#include "runtime/vm/thread_module.entries.h"

static int thread_exec(Value module)
{
    static KrTypeSpec lock, rlock, local;
    lock = (KrTypeSpec){.name = "_thread.lock", .size = sizeof(Lock), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT, .functions = lock_functions,
                        .slots = {.repr = lock_repr},
                        .doc = "A lock object is a synchronization primitive.  To create a lock,\ncall threading.Lock()."};
    rlock = (KrTypeSpec){.name = "_thread.RLock", .size = sizeof(RLock), .functions = rlock_functions, .slots = {.make = rlock_make, .repr = rlock_repr}};
    local = (KrTypeSpec){.name = "_thread._local", .size = sizeof(Local), .trace = local_trace, .release = local_release,
                         .slots = {.make = local_make, .getattr = local_getattr, .setattr = local_setattr}, .doc = "Thread-local data"};
    static const char *const fields[] = {"exc_type", "exc_value", "exc_traceback", "thread", NULL};
    static const KrStructSpec hook = {"_thread._ExceptHookArgs", "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.", fields, 4};
    kr_root(&starting);
    starting = kr_list(NULL, 0);
    lock_type = kr_type_new(&lock);
    rlock_type = kr_type_new(&rlock);
    local_type = kr_type_new(&local);
    hook_arguments_type = kr_struct_type(&hook);
    if (is_empty(starting) || !lock_type || !rlock_type || !local_type || !hook_arguments_type) return -1;
    return kr_module_add_type(module, rlock_type) < 0 || kr_module_add_type(module, local_type) < 0 ||
                   kr_module_add_type(module, hook_arguments_type) < 0 || kr_module_add(module, "LockType", kr_type_value(lock_type)) < 0 ||
                   kr_module_add(module, "error", kr_type_value(kr_RuntimeError)) < 0 ||
                   kr_module_add(module, "TIMEOUT_MAX", from_float(floor(TIMEOUT_LIMIT))) < 0
               ? -1
               : 0;
}

KR_MODULE(_thread) = {
    .api_version = KR_API_VERSION,
    .name = "_thread",
    .doc = "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    .functions = thread_functions,
    .exec = thread_exec,
};
