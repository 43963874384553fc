/* signals.c: C handlers that set flags; nothing else runs at signal time.
 *
 * A handler notes the signal, sets INTERRUPT_SIGNAL on the main thread and writes to the wake-up
 * descriptor. The main thread's next safepoint calls kr_thread_run_signals (filled by the signal
 * module), which asks kr_signal_next(). Handlers are installed without SA_RESTART: a blocking call
 * returns with EINTR, its caller attaches, runs the Python handlers and repeats the call (PEP 475).
 */
#include "runtime/threads/signals.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "runtime/threads/thread.h"

#ifndef NSIG
#define NSIG 65
#endif

static _Atomic bool noted[NSIG];
static _Atomic bool any_noted;
static _Atomic int wakeup_fd = -1;
static _Atomic int wakeup_error; /* errno of the last write to it that failed */
static _Atomic bool wakeup_warns_when_full;
static Thread *target; /* whose safepoints run handlers */

void kr_signal_note(int number)
{
    if (number <= 0 || number >= NSIG) return;
    atomic_store(&noted[number], true);
    atomic_store(&any_noted, true);
    if (target) thread_interrupt(target, INTERRUPT_SIGNAL);
    int fd = atomic_load(&wakeup_fd);
    if (fd >= 0) {
        unsigned char byte = (unsigned char)number;
        if (write(fd, &byte, 1) < 0) {
            bool full = errno == EAGAIN || errno == EWOULDBLOCK; /* has woken its reader already */
            if (!full || atomic_load(&wakeup_warns_when_full)) atomic_store(&wakeup_error, errno);
        }
    }
}

int kr_signal_take_wakeup_error(void) { return atomic_exchange(&wakeup_error, 0); }


static void on_signal(int number)
{
    int error = errno;
    kr_signal_note(number);
    errno = error;
}

void kr_signals_init(bool catch_interrupts)
{
    target = kr_self;
    kr_signal_set(SIGPIPE, SIGNAL_IGNORE);
#ifdef SIGXFSZ
    kr_signal_set(SIGXFSZ, SIGNAL_IGNORE);
#endif
    /* A shell's background job has it ignored, and so it stays. */
    if (catch_interrupts && kr_signal_get(SIGINT) == SIGNAL_DEFAULT)
        kr_signal_set(SIGINT, SIGNAL_CATCH);
}

SignalAction kr_signal_get(int number)
{
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) return SIGNAL_FOREIGN;
    if (action.sa_handler == SIG_DFL) return SIGNAL_DEFAULT;
    if (action.sa_handler == SIG_IGN) return SIGNAL_IGNORE;
    return action.sa_handler == on_signal ? SIGNAL_CATCH : SIGNAL_FOREIGN;
}

int kr_signal_set(int number, SignalAction what)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = what == SIGNAL_CATCH    ? on_signal
                        : what == SIGNAL_IGNORE ? SIG_IGN
                                                : SIG_DFL;
    /* On an alternate stack, if a library gave one (sigaltstack): the handler needs little. */
    action.sa_flags = what == SIGNAL_CATCH ? SA_ONSTACK : 0;
    return sigaction(number, &action, NULL);
}

bool kr_signal_pending(void) { return atomic_load_explicit(&any_noted, memory_order_relaxed); }

int kr_signal_next(void)
{
    if (!atomic_exchange(&any_noted, false)) return 0;
    for (int i = 1; i < NSIG; i++) {
        if (!atomic_exchange(&noted[i], false)) continue;
        /* Others may wait behind this one. */
        atomic_store(&any_noted, true);
        return i;
    }
    return 0;
}

void kr_signals_clear(void)
{
    target = kr_self;
    atomic_store(&any_noted, false);
    for (int i = 1; i < NSIG; i++) atomic_store(&noted[i], false);
}

int kr_signal_set_wakeup(int fd, bool warn_when_full)
{
    atomic_store(&wakeup_warns_when_full, warn_when_full);
    return atomic_exchange(&wakeup_fd, fd);
}
