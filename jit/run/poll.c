/* poll.c: what a loop of a kernel asks when no pool is there to ask. */
#include "jit/run/rt.h"
#include "runtime/krait.h"
#include "runtime/threads/thread.h"

/* Kernels with loops run detached; Python's handlers need the lock. */
int64_t jit_poll_signals(void)
{
    if (!kr_self || !(kr_self->interrupt & (INTERRUPT_SIGNAL | INTERRUPT_ASYNC))) return 0;
    bool attached = kr_is_attached();
    if (!attached) kr_thread_attach();
    bool fine = kr_thread_safepoint() == 0;
    if (!attached) kr_thread_detach();
    return !fine;
}
