/* faulthandler_module.c: the faulthandler module: tracebacks written straight to a descriptor,
 * also from signal handlers.
 *
 * What writes uses write() alone, allocates nothing and takes no lock but that of the list of
 * threads. Other threads' frames are read as they run; a frame that changes meanwhile may be
 * shown with a wrong line, never with a wrong pointer: frames and code objects stay where they
 * are. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "runtime/objects/str.h"
#include "runtime/threads/thread.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/sys_module.h"

enum { MOST_FRAMES = 100, MOST_CHARACTERS = 500 };

/* ---- Writing ---- */

static void put(int fd, const char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        ssize_t done = write(fd, text, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return;
        text += done, n -= (size_t)done;
    }
}

static void put_number(int fd, uint64_t n, unsigned base, int width)
{
    char digits[24];
    int at = sizeof digits;
    digits[--at] = 0;
    do digits[--at] = "0123456789abcdef"[n % base];
    while ((n /= base) != 0 || (int)sizeof digits - 1 - at < width);
    put(fd, digits + at);
}

static void put_str(int fd, Value v)
{
    const Str *s = str_of(v);
    size_t n = s->length < MOST_CHARACTERS ? s->length : MOST_CHARACTERS;
    char piece[2] = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t c = str_at(s, i);
        if (c >= 32 && c < 127) {
            piece[0] = (char)c;
            put(fd, piece);
        } else {
            put(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
            put_number(fd, c, 16, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
        }
    }
    if (n < s->length) put(fd, "...");
}

static void put_frames(int fd, const Frame *frame)
{
    if (!frame) put(fd, "  <no Python frame>\n");
    for (int i = 0; frame; frame = frame->previous, i++) {
        if (i == MOST_FRAMES) {
            put(fd, "  ...\n");
            return;
        }
        put(fd, "  File \"");
        put_str(fd, frame->code->filename);
        put(fd, "\", line ");
        put_number(fd, kr_frame_position(frame).line, 10, 1);
        put(fd, " in ");
        put_str(fd, frame->code->name);
        put(fd, "\n");
    }
}

typedef struct Dump {
    int fd, count;
    const Thread *current;
} Dump;

static void put_thread(Thread *thread, void *context)
{
    Dump *d = context;
    if (d->count++) put(d->fd, "\n");
    put(d->fd, thread == d->current ? "Current thread 0x" : "Thread 0x");
    put_number(d->fd, thread->ident, 16, 16);
    put(d->fd, " (most recent call first):\n");
    put_frames(d->fd, thread->frame);
}

static void dump(int fd, bool all_threads, const Thread *current)
{
    if (all_threads) {
        Dump d = {.fd = fd, .current = current};
        kr_thread_each(put_thread, &d);
    } else {
        put(fd, "Stack (most recent call first):\n");
        put_frames(fd, current ? current->frame : NULL);
    }
}

/* ---- Arguments ---- */

/* The file's descriptor, and the file itself: it must stay open. */
static int file_argument(Value file, Value *keep)
{
    if (is_empty(file) || is_none(file)) {
        file = kr_sys_get("stderr");
        if (is_empty(file) || is_none(file)) {
            if (!kr_raised())
                kr_raise(kr_RuntimeError,
                         is_empty(file) ? "unable to get sys.stderr" : "sys.stderr is None");
            return -1;
        }
    }
    *keep = file;
    int fd;
    if (kr_is_int(file)) {
        if (kr_to_int32(file, &fd) < 0) return -1;
        if (fd < 0) kr_raise(kr_ValueError, "file is not a valid file descripter");
        return fd < 0 ? -1 : fd;
    }
    Value number = kr_call_method0(file, "fileno");
    if (is_empty(number)) return -1;
    if (!kr_is_int(number) || kr_to_int32(number, &fd) < 0 || fd < 0) {
        kr_clear_exception();
        kr_raise(kr_RuntimeError, "file.fileno() is not a valid file descriptor");
        return -1;
    }
    if (is_empty(kr_call_method0(file, "flush"))) kr_clear_exception();
    return fd;
}

/* ---- Fatal signals ---- */

static const struct {
    int number;
    const char *text;
} fatal[] = {{SIGBUS, "Bus error"},
             {SIGILL, "Illegal instruction"},
             {SIGFPE, "Floating point exception"},
             {SIGABRT, "Aborted"},
             {SIGSEGV, "Segmentation fault"}};
enum { FATAL = sizeof fatal / sizeof *fatal };

static struct sigaction before[FATAL];
static bool enabled, fatal_all_threads;
static int fatal_fd = -1;
static Value kept[3]; /* files: of enable, of dump_traceback_later, of register (a dict) */

static void on_fatal(int number)
{
    int error = errno;
    for (int i = 0; i < FATAL; i++) {
        if (fatal[i].number != number) continue;
        sigaction(number, &before[i], NULL);
        put(fatal_fd, "Fatal Python error: ");
        put(fatal_fd, fatal[i].text);
        put(fatal_fd, "\n\n");
        dump(fatal_fd, fatal_all_threads, kr_self);
    }
    errno = error;
    raise(number);
}

static void restore_handlers(void)
{
    for (int i = 0; enabled && i < FATAL; i++) sigaction(fatal[i].number, &before[i], NULL);
    enabled = false;
}

KR_FN(module, faulthandler_enable, "enable", "(file=None, all_threads=True)",
      "enable(file=sys.stderr, all_threads=True): enable the fault handler")
{
    int all = kr_truth(a[1]);
    Value file;
    int fd = all < 0 ? -1 : file_argument(a[0], &file);
    if (fd < 0) return EMPTY;
    kept[0] = file;
    fatal_fd = fd;
    fatal_all_threads = all;
    if (enabled) return NONE;
    static char alternate[65536];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < FATAL; i++) {
        struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        if (sigaction(fatal[i].number, &action, &before[i]) < 0)
            return kr_raise_errno(errno, EMPTY);
    }
    enabled = true;
    return NONE;
}
KR_FN(module, faulthandler_disable, "disable", "()", "disable(): disable the fault handler")
{
    bool was = enabled;
    restore_handlers();
    kept[0] = EMPTY;
    return kr_bool(was);
}
KR_FN(module, faulthandler_is_enabled, "is_enabled", "()",
      "is_enabled()->bool: check if the handler is enabled")
{
    return kr_bool(enabled);
}

KR_FN(module, faulthandler_dump_traceback, "dump_traceback", "(file=None, all_threads=True)",
      "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current "
      "thread, or of all threads if all_threads is True, into file")
{
    int all = kr_truth(a[1]);
    Value file;
    int fd = all < 0 ? -1 : file_argument(a[0], &file);
    if (fd < 0) return EMPTY;
    dump(fd, all, kr_self);
    return NONE;
}

/* ---- dump_traceback_later ---- */

static struct Watchdog {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool running, cancelled, repeat, leave;
    int fd;
    uint64_t nanoseconds;
    char header[64];
} watchdog = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *watch(KR_UNUSED void *unused)
{
    struct timespec until;
    pthread_mutex_lock(&watchdog.lock);
    do {
        clock_gettime(CLOCK_MONOTONIC, &until);
        uint64_t sum = (uint64_t)until.tv_nsec + watchdog.nanoseconds;
        until.tv_sec += (time_t)(sum / 1000000000);
        until.tv_nsec = (long)(sum % 1000000000);
        int status = 0;
        while (!watchdog.cancelled && status != ETIMEDOUT)
            status = pthread_cond_timedwait(&watchdog.wake, &watchdog.lock, &until);
        if (watchdog.cancelled) break;
        put(watchdog.fd, watchdog.header);
        dump(watchdog.fd, true, NULL);
        if (watchdog.leave) _exit(1);
    } while (watchdog.repeat);
    pthread_mutex_unlock(&watchdog.lock);
    return NULL;
}

static void stop_watchdog(void)
{
    if (!watchdog.running) return;
    pthread_mutex_lock(&watchdog.lock);
    watchdog.cancelled = true;
    pthread_cond_signal(&watchdog.wake);
    pthread_mutex_unlock(&watchdog.lock);
    pthread_join(watchdog.thread, NULL);
    watchdog.running = false;
}

KR_FN(module, faulthandler_later, "dump_traceback_later",
      "(timeout, repeat=False, file=None, exit=False)",
      "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\ndump the "
      "traceback of all threads in timeout seconds,\nor each "
      "timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.")
{
    double seconds;
    Value file;
    int repeat = kr_truth(a[1]), leave = kr_truth(a[3]);
    if (repeat < 0 || leave < 0 || kr_to_double(a[0], &seconds) < 0) return EMPTY;
    if (!(seconds * 1e6 >= 1)) return kr_raise(kr_ValueError, "timeout must be greater than 0");
    if (seconds > 9e9) return kr_raise(kr_OverflowError, "timeout value is too large");
    int fd = file_argument(a[2], &file);
    if (fd < 0) return EMPTY;
    stop_watchdog();
    kept[1] = file;
    uint64_t microseconds = (uint64_t)(seconds * 1e6), whole = microseconds / 1000000;
    unsigned hours = (unsigned)(whole / 3600), minutes = (unsigned)(whole / 60 % 60),
             rest = (unsigned)(whole % 60);
    Value header = microseconds % 1000000
                       ? kr_str_format("Timeout (%u:%02u:%02u.%06u)!\n", hours, minutes, rest,
                                       (unsigned)(microseconds % 1000000))
                       : kr_str_format("Timeout (%u:%02u:%02u)!\n", hours, minutes, rest);
    const char *text = is_empty(header) ? NULL : kr_str_utf8(header, NULL);
    if (!text) return EMPTY;
    strncpy(watchdog.header, text, sizeof watchdog.header - 1);
    watchdog.fd = fd, watchdog.repeat = repeat, watchdog.leave = leave;
    watchdog.cancelled = false;
    watchdog.nanoseconds = microseconds * 1000;
    static bool prepared;
    if (!prepared) {
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&watchdog.wake, &attributes);
        pthread_condattr_destroy(&attributes);
        prepared = true;
    }
    sigset_t all, old; /* signals belong to the other threads */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int status = pthread_create(&watchdog.thread, NULL, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (status != 0) return kr_raise(kr_RuntimeError, "unable to start watchdog thread");
    watchdog.running = true;
    return NONE;
}
KR_FN(module, faulthandler_cancel, "cancel_dump_traceback_later", "()",
      "cancel_dump_traceback_later():\ncancel the previous call to dump_traceback_later().")
{
    stop_watchdog();
    kept[1] = EMPTY;
    return NONE;
}

/* ---- Signals of the user's choice ---- */

static struct UserSignal {
    bool active, all_threads, chain;
    int fd;
    struct sigaction before;
} user_signals[NSIG];

static void on_user_signal(int number)
{
    struct UserSignal *u = &user_signals[number];
    int error = errno;
    if (!u->active) return;
    dump(u->fd, u->all_threads, kr_self);
    if (u->chain) {
        struct sigaction own;
        sigaction(number, &u->before, &own);
        errno = error;
        raise(number);
        error = errno;
        sigaction(number, &own, NULL);
    }
    errno = error;
}

static int signal_argument(Value v, int *number)
{
    if (kr_to_int32(v, number) < 0) return -1;
    for (int i = 0; i < FATAL; i++) {
        if (fatal[i].number != *number) continue;
        kr_raise(kr_RuntimeError, "signal %d cannot be registered, use enable() instead", *number);
        return -1;
    }
    if (*number >= 1 && *number < NSIG) return 0;
    kr_raise(kr_ValueError, "signal number out of range");
    return -1;
}

KR_FN(module, faulthandler_register, "register",
      "(signum, file=None, all_threads=True, chain=False)",
      "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for "
      "the signal 'signum': dump the traceback of the "
      "current thread, or of all threads if all_threads is True, into file")
{
    int number, all = kr_truth(a[2]), chain = kr_truth(a[3]);
    Value file;
    if (all < 0 || chain < 0 || signal_argument(a[0], &number) < 0) return EMPTY;
    int fd = file_argument(a[1], &file);
    if (fd < 0) return EMPTY;
    struct UserSignal *u = &user_signals[number];
    struct sigaction action = {.sa_handler = on_user_signal,
                               .sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0)},
                     old;
    if (!u->active && sigaction(number, &action, &old) < 0) return kr_raise_errno(errno, EMPTY);
    if (!u->active) u->before = old;
    if (is_empty(kept[2])) kept[2] = kr_dict();
    if (is_empty(kept[2]) || kr_dict_set(kept[2], a[0], file) < 0) return EMPTY;
    u->fd = fd, u->all_threads = all, u->chain = chain;
    u->active = true;
    return NONE;
}
KR_FN(module, faulthandler_unregister, "unregister", "(signum, /)",
      "unregister(signum): unregister the handler of the signal `signum' registered by register()")
{
    int number;
    if (signal_argument(a[0], &number) < 0) return EMPTY;
    bool was = user_signals[number].active;
    if (was) sigaction(number, &user_signals[number].before, NULL);
    user_signals[number].active = false;
    return kr_bool(was);
}

/* ---- Faults on purpose ---- */

static void no_core(void)
{
    struct rlimit none = {0, 0};
    getrlimit(RLIMIT_CORE, &none);
    none.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &none);
}
KR_FN(module, faulthandler_sigsegv, "_sigsegv", "(release_gil=False, /)",
      "_sigsegv(release_gil=False): raise a SIGSEGV signal")
{
    no_core();
    raise(SIGSEGV);
    return NONE;
}
KR_FN(module, faulthandler_read_null, "_read_null", "()",
      "_read_null(): read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform")
{
    no_core();
    return kr_int(*(volatile int *)NULL);
}
KR_FN(module, faulthandler_sigfpe, "_sigfpe", "()", "_sigfpe(): raise a SIGFPE signal")
{
    no_core();
    raise(SIGFPE);
    return NONE;
}
KR_FN(module, faulthandler_sigabrt, "_sigabrt", "()", "_sigabrt(): raise a SIGABRT signal")
{
    no_core();
    abort();
}

#include "runtime/vm/faulthandler_module.entries.h"

static int faulthandler_exec(KR_UNUSED Value module)
{
    for (int i = 0; i < 3; i++) kr_root(&kept[i]);
    return 0;
}

KR_MODULE(faulthandler) = {
    .api_version = KR_API_VERSION,
    .name = "faulthandler",
    .doc = "faulthandler module.",
    .functions = module_functions,
    .exec = faulthandler_exec,
};
