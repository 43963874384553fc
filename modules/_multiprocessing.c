/* _multiprocessing.c: semaphores shared between processes (SemLock), and the module _posixshmem.
 *
 * A SemLock is a named POSIX semaphore; as a recursive mutex it also counts how often its owner
 * holds it. */
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "modules/support.h"

enum { RECURSIVE_MUTEX, SEMAPHORE };

typedef struct SemLock {
    KrObject head;
    sem_t *handle; /* NULL or SEM_FAILED: none */
    pthread_t owner;
    int count, maximum, kind;
    KrValue name; /* str or None */
} SemLock;

static KrType *semlock_type;

static SemLock *lock_of(KrValue v) { return kr_to_object(v); }
static void semlock_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((SemLock *)self)->name);
}
static void semlock_release_memory(void *self)
{
    SemLock *s = self;
    if (s->handle && s->handle != SEM_FAILED) sem_close(s->handle);
}
static bool is_mine(const SemLock *s)
{
    return s->count > 0 && pthread_equal(s->owner, pthread_self());
}

static KrValue new_lock(KrType *type, sem_t *handle, int kind, int maximum, KrValue name)
{
    SemLock *s = kr_alloc_instance(type);
    if (!s) return KR_EMPTY;
    s->handle = handle;
    s->kind = kind;
    s->maximum = maximum;
    s->name = name;
    return kr_from_object(s);
}

static const KrFunction constructor = {
    "SemLock", "(kind, value, maxvalue, name, unlink)", NULL, NULL, KR_KIND_BOUND, NULL};

static KrValue semlock_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue a[5];
    int kind, value, maximum;
    if (kr_bind(&constructor, args, n, kwnames, a) < 0 || kr_to_int32(a[0], &kind) < 0 ||
        kr_to_int32(a[1], &value) < 0 || kr_to_int32(a[2], &maximum) < 0)
        return KR_EMPTY;
    int unlink_it = kr_truth(a[4]);
    const char *name = kr_str_cstring(a[3]);
    if (unlink_it < 0 || !name) return KR_EMPTY;
    if (kind != RECURSIVE_MUTEX && kind != SEMAPHORE)
        return kr_raise(kr_ValueError, "unrecognized kind");
    KrValue result = new_lock(type, NULL, kind, maximum, unlink_it ? kr_None : a[3]);
    if (kr_is_empty(result)) return KR_EMPTY;
    sem_t *handle = sem_open(name, O_CREAT | O_EXCL, 0600, (unsigned)value);
    if (handle == SEM_FAILED) return raise_errno();
    lock_of(result)->handle = handle;
    if (unlink_it && sem_unlink(name) < 0) return raise_errno();
    return result;
}

KR_CLASSMETHOD(semlock, semlock_rebuild, "_rebuild", "(cls, handle, kind, maxvalue, name, /)", NULL)
{
    int kind, maximum;
    if (kr_to_int32(a[2], &kind) < 0 || kr_to_int32(a[3], &maximum) < 0) return KR_EMPTY;
    uint64_t number;
    if (kr_to_uint64(a[1], &number) < 0) return KR_EMPTY;
    sem_t *handle = (sem_t *)(uintptr_t)number;
    if (!kr_is(a[4], kr_None)) {
        const char *name = kr_str_cstring(a[4]);
        if (!name) return KR_EMPTY;
        handle = sem_open(name, 0);
        if (handle == SEM_FAILED) return raise_errno();
    }
    return new_lock(kr_to_object(a[0]), handle, kind, maximum, a[4]);
}

KR_FN(semlock, semlock_acquire, "acquire", "(self, block=True, timeout=None)",
      "Acquire the semaphore/lock.")
{
    SemLock *s = lock_of(a[0]);
    int block = kr_truth(a[1]);
    double seconds = -1;
    if (block < 0 || (!kr_is(a[2], kr_None) && kr_to_double(a[2], &seconds) < 0)) return KR_EMPTY;
    bool limited = !kr_is(a[2], kr_None);
    if (seconds < 0) seconds = 0;
    if (s->kind == RECURSIVE_MUTEX && is_mine(s)) {
        s->count++;
        return kr_True;
    }
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    if (limited) {
        double whole = floor(seconds);
        until.tv_sec += (time_t)whole;
        until.tv_nsec += (long)((seconds - whole) * 1e9);
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    }
    int status = sem_trywait(s->handle), error = errno;
    while (status < 0 && (error == EAGAIN || error == EINTR) && block) {
        kr_detach();
        status = limited ? sem_timedwait(s->handle, &until) : sem_wait(s->handle);
        error = errno;
        kr_attach();
        if (status == 0 || error != EINTR) break;
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    if (status < 0)
        return error == EAGAIN || error == ETIMEDOUT ? kr_False : kr_raise_errno(error, KR_EMPTY);
    s->count++;
    s->owner = pthread_self();
    return kr_True;
}

KR_FN(semlock, semlock_release, "release", "(self, /)", "Release the semaphore/lock.")
{
    SemLock *s = lock_of(a[0]);
    if (s->kind == RECURSIVE_MUTEX) {
        if (!is_mine(s))
            return kr_raise(kr_AssertionError,
                            "attempt to release recursive lock not owned by thread");
        if (s->count > 1) {
            s->count--;
            return kr_None;
        }
    } else {
        int value;
        if (sem_getvalue(s->handle, &value) < 0) return raise_errno();
        if (value >= s->maximum)
            return kr_raise(kr_ValueError, "semaphore or lock released too many times");
    }
    if (sem_post(s->handle) < 0) return raise_errno();
    s->count--;
    return kr_None;
}
KR_FN(semlock, semlock_enter, "__enter__", "(self, /)", "Enter the semaphore/lock.")
{
    KrValue arguments[] = {a[0], kr_True, kr_None};
    return semlock_acquire(arguments);
}
KR_FN(semlock, semlock_exit, "__exit__", "(self, exc_type=None, exc_value=None, exc_tb=None, /)",
      "Exit the semaphore/lock.")
{
    return semlock_release(a);
}
KR_FN(semlock, semlock_count, "_count", "(self, /)",
      "Num of `acquire()`s minus num of `release()`s for this process.")
{
    return kr_int(lock_of(a[0])->count);
}
KR_FN(semlock, semlock_is_mine, "_is_mine", "(self, /)",
      "Whether the lock is owned by this thread.")
{
    return kr_bool(is_mine(lock_of(a[0])));
}
KR_FN(semlock, semlock_get_value, "_get_value", "(self, /)", "Get the value of the semaphore.")
{
    int value;
    return sem_getvalue(lock_of(a[0])->handle, &value) < 0 ? raise_errno()
                                                           : kr_int(value < 0 ? 0 : value);
}
KR_FN(semlock, semlock_is_zero, "_is_zero", "(self, /)", "Return whether semaphore has value zero.")
{
    int value;
    return sem_getvalue(lock_of(a[0])->handle, &value) < 0 ? raise_errno() : kr_bool(value == 0);
}
KR_FN(semlock, semlock_after_fork, "_after_fork", "(self, /)",
      "Rezero the net acquisition count after fork().")
{
    lock_of(a[0])->count = 0;
    return kr_None;
}

static KrValue semlock_handle(KrValue self)
{
    return kr_int_unsigned((uintptr_t)lock_of(self)->handle);
}
static KrValue semlock_kind(KrValue self) { return kr_int(lock_of(self)->kind); }
static KrValue semlock_maxvalue(KrValue self) { return kr_int(lock_of(self)->maximum); }
static KrValue semlock_name(KrValue self) { return lock_of(self)->name; }
KR_GETSET(semlock, semlock_handle, NULL, "handle", NULL)
KR_GETSET(semlock, semlock_kind, NULL, "kind", NULL)
KR_GETSET(semlock, semlock_maxvalue, NULL, "maxvalue", NULL)
KR_GETSET(semlock, semlock_name, NULL, "name", NULL)

KR_FN(module, module_sem_unlink, "sem_unlink", "(name, /)", NULL)
{
    const char *name = kr_str_cstring(a[0]);
    if (!name) return KR_EMPTY;
    return sem_unlink(name) < 0 ? raise_errno() : kr_None;
}

/* ---- _posixshmem ---- */

KR_FN(shared, shared_open, "shm_open", "(path, flags, mode=511)",
      "Open a shared memory object.  Returns a file descriptor (integer).")
{
    int flags, mode, fd;
    const char *path = kr_str_cstring(a[0]);
    if (!path || kr_to_int32(a[1], &flags) < 0 || kr_to_int32(a[2], &mode) < 0) return KR_EMPTY;
    do fd = shm_open(path, flags | O_CLOEXEC, (mode_t)mode);
    while (fd < 0 && errno == EINTR && kr_check_signals() == 0);
    if (fd >= 0) return kr_int(fd);
    return kr_raised() ? KR_EMPTY : kr_raise_errno(errno, a[0]);
}
KR_FN(shared, shared_unlink, "shm_unlink", "(path)",
      "Remove a shared memory object (similar to unlink()).\n\nRemove a shared memory object name, "
      "and, once all processes  have  unmapped\nthe object, de-allocates and destroys the contents "
      "of the associated memory\nregion.")
{
    const char *path = kr_str_cstring(a[0]);
    if (!path) return KR_EMPTY;
    return shm_unlink(path) < 0 ? kr_raise_errno(errno, a[0]) : kr_None;
}

#include "modules/_multiprocessing.entries.h"

static int multiprocessing_exec(KrValue module)
{
    static const KrTypeSpec spec = {.name = "_multiprocessing.SemLock",
                                    .doc = "Semaphore/Mutex type",
                                    .size = sizeof(SemLock),
                                    .functions = semlock_functions,
                                    .getset = semlock_getset,
                                    .trace = semlock_trace,
                                    .release = semlock_release_memory,
                                    .slots = {.make = semlock_make}};
    KrValue flags = kr_dict();
    semlock_type = kr_type_new(&spec);
    if (!semlock_type || kr_is_empty(flags) ||
        kr_dict_set_ascii(kr_type_dict(semlock_type), "SEM_VALUE_MAX", kr_int(SEM_VALUE_MAX)) < 0 ||
        kr_dict_set_ascii(flags, "HAVE_SEM_OPEN", kr_int(1)) < 0 ||
        kr_dict_set_ascii(flags, "HAVE_SEM_TIMEDWAIT", kr_int(1)) < 0 ||
        kr_module_add(module, "flags", flags) < 0)
        return -1;
    return kr_module_add_type(module, semlock_type);
}

KR_MODULE(_multiprocessing) = {.api_version = KR_API_VERSION,
                               .name = "_multiprocessing",
                               .functions = module_functions,
                               .exec = multiprocessing_exec};
KR_MODULE(_posixshmem) = {.api_version = KR_API_VERSION,
                          .name = "_posixshmem",
                          .functions = shared_functions,
                          .doc = "POSIX shared memory module"};
