/* signal_module.c: the _signal module: Python handlers, run by the main thread at its safepoints. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "runtime/threads/signals.h"
#include "runtime/threads/thread.h"
#include "runtime/vm/frame_object.h"
#include "runtime/vm/signal_module.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/traceback_text.h"

static Value handlers[NSIG]; /* callables, SIG_DFL (0), SIG_IGN (1), None (foreign), or EMPTY: not yet asked */
static Value default_interrupt; /* signal.default_int_handler, or EMPTY before the module is loaded */

static Value handler_of(int number)
{
    if (!is_empty(handlers[number])) return handlers[number];
    switch (kr_signal_get(number)) {
    case SIGNAL_DEFAULT: return from_small_int(0);
    case SIGNAL_IGNORE: return from_small_int(1);
    case SIGNAL_CATCH: return default_interrupt;
    default: return NONE;
    }
}

static void report_wakeup_error(int error)
{
    kr_traceback_write(kr_str("Exception ignored when trying to write to the signal wakeup fd:\n"));
    kr_raise_errno(error, EMPTY);
    kr_report_unraisable(EMPTY);
}

/* Runs the handlers of all pending signals; -1 when one raised. */
static int run_handlers(void)
{
    int error = kr_signal_take_wakeup_error();
    if (error) report_wakeup_error(error);
    for (int number; (number = kr_signal_next());) {
        Value handler = handlers[number];
        if (is_empty(handler) && number != SIGINT) continue;
        if (is_empty(handler) || same(handler, default_interrupt)) {
            kr_raise_value(kr_type_value(kr_KeyboardInterrupt));
            return -1;
        }
        if (is_int(handler) || is_none(handler)) continue;
        Value frame = kr_self->frame ? kr_frame_object(kr_self->frame) : NONE;
        if (is_empty(frame) || is_empty(kr_call2(handler, kr_int(number), frame))) return -1;
    }
    return 0;
}

void kr_signal_module_init(void)
{
    kr_thread_run_signals = run_handlers;
    for (int i = 0; i < NSIG; i++) kr_root(&handlers[i]);
    kr_root(&default_interrupt);
}

static int signal_argument(Value v, int *number)
{
    if (kr_to_int32(v, number) < 0) return -1;
    if (*number >= 1 && *number < NSIG) return 0;
    kr_raise(kr_ValueError, "signal number out of range");
    return -1;
}

KR_FN(signal, signal_default_int_handler, "default_int_handler", "(signalnum, frame, /)",
      "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.")
{
    return kr_raise_value(kr_type_value(kr_KeyboardInterrupt));
}

KR_FN(signal, signal_signal, "signal", "(signalnum, handler, /)",
      "Set the action for the given signal.\n\nThe action can be SIG_DFL, SIG_IGN, or a callable Python object.\n"
      "The previous action is returned.  See getsignal() for possible return values.")
{
    int number;
    if (kr_to_int32(a[0], &number) < 0) return EMPTY;
    if (!kr_self->is_main) return kr_raise(kr_ValueError, "signal only works in main thread of the main interpreter");
    if (number < 1 || number >= NSIG) return kr_raise(kr_ValueError, "signal number out of range");
    bool is_default = kr_is_int(a[1]) && kr_int_low_bits(a[1]) == 0, is_ignore = kr_is_int(a[1]) && kr_int_low_bits(a[1]) == 1;
    if (!is_default && !is_ignore && !kr_is_callable(a[1]))
        return kr_raise(kr_TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    if (kr_check_signals() < 0) return EMPTY;
    Value old = handler_of(number);
    if (kr_signal_set(number, is_default ? SIGNAL_DEFAULT : is_ignore ? SIGNAL_IGNORE : SIGNAL_CATCH) < 0) return kr_raise_errno(errno, EMPTY);
    handlers[number] = is_default ? from_small_int(0) : is_ignore ? from_small_int(1) : a[1];
    return old;
}

KR_FN(signal, signal_getsignal, "getsignal", "(signalnum, /)",
      "Return the current action for the given signal.\n\nThe return value can be:\n"
      "  SIG_IGN -- if the signal is being ignored\n  SIG_DFL -- if the default action for the signal is in effect\n"
      "  None    -- if an unknown handler is in effect\n  anything else -- the callable Python object used as a handler")
{
    int number;
    return signal_argument(a[0], &number) < 0 ? EMPTY : handler_of(number);
}

KR_FN(signal, signal_alarm, "alarm", "(seconds, /)", "Arrange for SIGALRM to arrive after the given number of seconds.")
{
    int seconds;
    return kr_to_int32(a[0], &seconds) < 0 ? EMPTY : kr_int(alarm((unsigned)seconds));
}

KR_FN(signal, signal_pause, "pause", "()", "Wait until a signal arrives.")
{
    kr_thread_detach();
    pause();
    kr_thread_attach();
    return kr_check_signals() < 0 ? EMPTY : NONE;
}

KR_FN(signal, signal_raise_signal, "raise_signal", "(signalnum, /)", "Send a signal to the executing process.")
{
    int number;
    if (kr_to_int32(a[0], &number) < 0) return EMPTY;
    if (raise(number) != 0) return kr_raise_errno(errno, EMPTY);
    return kr_check_signals() < 0 ? EMPTY : NONE;
}

KR_FN(signal, signal_strsignal, "strsignal", "(signalnum, /)", "Return the system description of the given signal.")
{
    int number;
    if (signal_argument(a[0], &number) < 0) return EMPTY;
    const char *text = strsignal(number);
    return text && strncmp(text, "Unknown signal", 14) != 0 ? kr_str(text) : NONE;
}

KR_FN(signal, signal_siginterrupt, "siginterrupt", "(signalnum, flag, /)", "Change system call restart behaviour.")
{
    int number, flag;
    if (signal_argument(a[0], &number) < 0 || kr_to_int32(a[1], &flag) < 0) return EMPTY;
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) return kr_raise_errno(errno, EMPTY);
    if (flag) action.sa_flags &= ~SA_RESTART;
    else action.sa_flags |= SA_RESTART;
    return sigaction(number, &action, NULL) != 0 ? kr_raise_errno(errno, EMPTY) : NONE;
}

KR_FN(signal, signal_set_wakeup_fd, "set_wakeup_fd", "(fd, /, *, warn_on_full_buffer=True)",
      "set_wakeup_fd(fd, *, warn_on_full_buffer=True) -> fd\n\nSets the fd to be written to (with the signal number) when a signal comes in.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return EMPTY;
    if (!kr_self->is_main) return kr_raise(kr_ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
    int warn = kr_truth(a[1]);
    if (warn < 0) return EMPTY;
    if (fd >= 0) {
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) return kr_raise_errno(errno, EMPTY);
        if (!(flags & O_NONBLOCK)) return kr_raise(kr_ValueError, "the fd %d must be in non-blocking mode", fd);
    }
    return kr_int(kr_signal_set_wakeup(fd < 0 ? -1 : fd, warn));
}

/* ---- Timers ---- */

static Value timer_value(const struct itimerval *t)
{
    return kr_tuple_of(2, from_float((double)t->it_value.tv_sec + (double)t->it_value.tv_usec * 1e-6),
                       from_float((double)t->it_interval.tv_sec + (double)t->it_interval.tv_usec * 1e-6));
}

static struct timeval timeval_of(double seconds)
{
    struct timeval t = {(time_t)floor(seconds), (suseconds_t)((seconds - floor(seconds)) * 1e6)};
    if (seconds > 0 && t.tv_sec == 0 && t.tv_usec == 0) t.tv_usec = 1;
    return t;
}

static Value timer_error;

static Value raise_timer_error(void)
{
    Value exception = kr_call2(timer_error, kr_int(errno), kr_str(strerror(errno)));
    return is_empty(exception) ? EMPTY : kr_raise_value(exception);
}

KR_FN(signal, signal_setitimer, "setitimer", "(which, seconds, interval=0.0, /)",
      "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).\n\nThe timer will fire after value seconds and after\n"
      "that every interval seconds.\nThe itimer can be cleared by setting seconds to zero.\n\nReturns old values as a tuple: (delay, interval).")
{
    int which;
    double seconds, interval;
    if (kr_to_int32(a[0], &which) < 0 || kr_to_double(a[1], &seconds) < 0 || kr_to_double(a[2], &interval) < 0) return EMPTY;
    struct itimerval timer = {timeval_of(interval), timeval_of(seconds)}, old;
    return setitimer((__itimer_which_t)which, &timer, &old) != 0 ? raise_timer_error() : timer_value(&old);
}

KR_FN(signal, signal_getitimer, "getitimer", "(which, /)", "Returns current value of given itimer.")
{
    int which;
    struct itimerval timer;
    if (kr_to_int32(a[0], &which) < 0) return EMPTY;
    return getitimer((__itimer_which_t)which, &timer) != 0 ? raise_timer_error() : timer_value(&timer);
}

/* ---- Sets of signals ---- */

static Value set_of(const sigset_t *signals)
{
    Value set = kr_set(EMPTY);
    for (int i = 1; i < NSIG; i++)
        if (sigismember(signals, i) == 1 && kr_set_add(set, kr_int(i)) < 0) return EMPTY;
    return set;
}

static int set_argument(Value v, sigset_t *signals)
{
    sigemptyset(signals);
    Value iterator = kr_iter(v);
    if (is_empty(iterator)) return -1;
    for (Value item; !is_empty(item = kr_next(iterator));) {
        int number;
        Value index = kr_index(item);
        if (is_empty(index)) return -1;
        if (kr_to_int32(index, &number) < 0) kr_clear_exception(), number = 0;
        if (number < 1 || number >= NSIG) return kr_raise(kr_ValueError, "signal number %S out of range [1; %d]", index, NSIG - 1), -1;
        sigaddset(signals, number);
    }
    return kr_raised() ? -1 : 0;
}

KR_FN(signal, signal_pthread_sigmask, "pthread_sigmask", "(how, mask, /)", "Fetch and/or change the signal mask of the calling thread.")
{
    int how;
    sigset_t signals, old;
    if (kr_to_int32(a[0], &how) < 0 || set_argument(a[1], &signals) < 0) return EMPTY;
    int error = pthread_sigmask(how, &signals, &old);
    if (error) return kr_raise_errno(error, EMPTY);
    return kr_check_signals() < 0 ? EMPTY : set_of(&old);
}

KR_FN(signal, signal_sigpending, "sigpending", "()", "Examine pending signals.")
{
    sigset_t signals;
    return sigpending(&signals) != 0 ? kr_raise_errno(errno, EMPTY) : set_of(&signals);
}

KR_FN(signal, signal_sigwait, "sigwait", "(sigset, /)", "Wait for a signal.")
{
    sigset_t signals;
    int number;
    if (set_argument(a[0], &signals) < 0) return EMPTY;
    kr_thread_detach();
    int error = sigwait(&signals, &number);
    kr_thread_attach();
    return error ? kr_raise_errno(error, EMPTY) : kr_int(number);
}

static KrType *siginfo_type;

static Value wait_info(Value set, double timeout)
{
    sigset_t signals;
    siginfo_t info;
    if (set_argument(set, &signals) < 0) return EMPTY;
    struct timespec limit = {(time_t)floor(timeout < 0 ? 0 : timeout), (long)((timeout - floor(timeout)) * 1e9)};
    for (;;) {
        kr_thread_detach();
        int result = timeout < 0 ? sigwaitinfo(&signals, &info) : sigtimedwait(&signals, &info, &limit);
        int error = errno;
        kr_thread_attach();
        if (result >= 0) break;
        if (error == EAGAIN) return NONE;
        if (error != EINTR) return kr_raise_errno(error, EMPTY);
        if (kr_check_signals() < 0) return EMPTY;
    }
    Value values[] = {kr_int(info.si_signo), kr_int(info.si_code), kr_int(info.si_errno), kr_int(info.si_pid), kr_int(info.si_uid),
                      kr_int(info.si_status), kr_int(info.si_band)};
    return kr_struct_new(siginfo_type, values);
}

KR_FN(signal, signal_sigwaitinfo, "sigwaitinfo", "(sigset, /)", "Wait synchronously until one of the signals in *sigset* is delivered.") { return wait_info(a[0], -1); }
KR_FN(signal, signal_sigtimedwait, "sigtimedwait", "(sigset, timeout, /)", "Like sigwaitinfo(), but with a timeout.")
{
    double seconds;
    if (kr_to_double(a[1], &seconds) < 0) return EMPTY;
    if (seconds < 0) return kr_raise(kr_ValueError, "timeout must be non-negative");
    return wait_info(a[0], seconds);
}

KR_FN(signal, signal_valid_signals, "valid_signals", "()", "Return a set of valid signal numbers on this platform.")
{
    sigset_t signals;
    sigfillset(&signals);
    return set_of(&signals);
}

KR_FN(signal, signal_pthread_kill, "pthread_kill", "(thread_id, signalnum, /)", "Send a signal to a thread.")
{
    uint64_t thread;
    int number;
    if (kr_to_uint64(a[0], &thread) < 0 || kr_to_int32(a[1], &number) < 0) return EMPTY;
    int error = pthread_kill((pthread_t)thread, number);
    if (error) return kr_raise_errno(error, EMPTY);
    return kr_check_signals() < 0 ? EMPTY : NONE;
}

KR_FN(signal, signal_pidfd_send_signal, "pidfd_send_signal", "(pidfd, signalnum, siginfo=None, flags=0, /)", "Send a signal to a process referred to by a pid file descriptor.")
{
    int fd, number, flags;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int32(a[1], &number) < 0 || kr_to_int32(a[3], &flags) < 0) return EMPTY;
    if (!is_none(a[2])) return kr_raise(kr_TypeError, "siginfo must be None");
    return syscall(SYS_pidfd_send_signal, fd, number, NULL, flags) < 0 ? kr_raise_errno(errno, EMPTY) : NONE;
}

#include "runtime/vm/signal_module.entries.h"

static const struct {
    const char *name;
    int value;
} constants[] = {
#define S(name) {#name, name}
    S(SIGHUP), S(SIGINT), S(SIGQUIT), S(SIGILL), S(SIGTRAP), S(SIGABRT), S(SIGIOT), S(SIGBUS), S(SIGFPE), S(SIGKILL), S(SIGUSR1), S(SIGSEGV),
    S(SIGUSR2), S(SIGPIPE), S(SIGALRM), S(SIGTERM), S(SIGSTKFLT), S(SIGCHLD), S(SIGCLD), S(SIGCONT), S(SIGSTOP), S(SIGTSTP), S(SIGTTIN),
    S(SIGTTOU), S(SIGURG), S(SIGXCPU), S(SIGXFSZ), S(SIGVTALRM), S(SIGPROF), S(SIGWINCH), S(SIGIO), S(SIGPOLL), S(SIGPWR), S(SIGSYS), S(NSIG),
    S(SIG_BLOCK), S(SIG_UNBLOCK), S(SIG_SETMASK), S(ITIMER_REAL), S(ITIMER_VIRTUAL), S(ITIMER_PROF),
#undef S
    {"SIG_DFL", 0}, {"SIG_IGN", 1},
};

static int signal_exec(Value module)
{
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (kr_module_add_int(module, constants[i].name, constants[i].value) < 0) return -1;
    if (kr_module_add_int(module, "SIGRTMIN", SIGRTMIN) < 0 || kr_module_add_int(module, "SIGRTMAX", SIGRTMAX) < 0) return -1;
    static const char *const fields[] = {"si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band", NULL};
    static const KrStructSpec spec = {"signal.struct_siginfo", "struct_siginfo: Result from sigwaitinfo or sigtimedwait.", fields, 7};
    if (!(siginfo_type = kr_struct_type(&spec)) || kr_module_add_type(module, siginfo_type) < 0) return -1;
    Value dict = kr_dict();
    if (kr_dict_set_ascii(dict, "__module__", kr_intern("signal")) < 0) return -1;
    kr_root(&timer_error);
    timer_error = kr_call3(from_object(&kr_type_type), kr_intern("ItimerError"), kr_tuple_of(1, kr_type_value(kr_OSError)), dict);
    default_interrupt = kr_dict_find_ascii(kr_module_dict(module), "default_int_handler");
    return is_empty(timer_error) ? -1 : kr_module_add(module, "ItimerError", timer_error);
}

KR_MODULE(_signal) = {
    .api_version = KR_API_VERSION,
    .name = "_signal",
    .doc = "This module provides mechanisms to use signal handlers in Python.",
    .functions = signal_functions,
    .exec = signal_exec,
};
