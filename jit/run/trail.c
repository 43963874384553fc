/* trail.c: the calls between kernels that an error passes on its way out, for the frames of its traceback.
 *
 * A raising function fills the KernelError and returns; each call on the way notes its site here, in cold code. What ends
 * the way takes the list: the dispatcher for the traceback, a handler in a kernel (which gives it back when it raises again), a
 * parallel loop to carry it to its caller's thread. So between two errors the list is empty. Of a recursion the innermost calls
 * are kept. */
#include "jit/run/trail.h"

#include <string.h>

static _Thread_local KernelTrail trail;

void jit_rt_passed(const KernelSite *call)
{
    if (trail.n < TRAIL_MAX) trail.calls[trail.n++] = call;
}

KernelTrail jit_trail_take(void)
{
    KernelTrail taken;
    taken.n = trail.n;
    memcpy(taken.calls, trail.calls, trail.n * sizeof *trail.calls);
    trail.n = 0;
    return taken;
}

void jit_trail_put(const KernelTrail *from)
{
    trail.n = from->n;
    memcpy(trail.calls, from->calls, from->n * sizeof *trail.calls);
}
