/* signals.h: operating-system signals, turned into flags that the main thread's safepoints see. */
#ifndef RUNTIME_THREADS_SIGNALS_H
#define RUNTIME_THREADS_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

typedef enum SignalAction {
    SIGNAL_DEFAULT, /* the system's own */
    SIGNAL_IGNORE,
    SIGNAL_CATCH,  /* noted, and reported by kr_signal_next() */
    SIGNAL_FOREIGN /* a handler that is not ours; only ever returned */
} SignalAction;

/* What CPython does at start: SIGPIPE and SIGXFSZ ignored; SIGINT caught when catch_interrupts and
 * not ignored. */
void kr_signals_init(bool catch_interrupts);
SignalAction kr_signal_get(int number);
int kr_signal_set(int number, SignalAction action); /* -1 with errno; from any thread */

/* Has a caught signal come that kr_signal_next() did not report yet? Cheap; for loops of native
 * code. */
bool kr_signal_pending(void);
int kr_signal_next(void); /* the lowest pending signal's number, which is cleared; 0 if none */
void kr_signal_note(
    int number); /* as if it had come (raise_signal, interrupt_main, a child after fork) */
void kr_signals_clear(void); /* forgets what is pending: after fork */

/* Each caught signal writes its number as one byte to this descriptor; -1: none. Returns the old
 * one. */
int kr_signal_set_wakeup(int fd, bool warn_when_full);
/* The errno of the last such write that failed, or 0; it is forgotten then. */
int kr_signal_take_wakeup_error(void);

#endif
