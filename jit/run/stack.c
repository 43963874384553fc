/* stack.c: how much of the C stack is left to recursive kernels, on whatever thread they run: the
 * main one, threading's, the pool's, a C program's that calls an exported kernel. Each thread's
 * limit is found on its first question. Compiled code keeps it in its KernelError and asks again only when a frame seems
 * to be below: a call of this file a level took half of fib(30)'s time.
 *
 * Kept free below the limit: room for the frames between two questions, for the evaluator's under
 * it, and for the functions that kernels call. */
#include <pthread.h>
#include <sys/resource.h>

#include "jit/run/rt.h"

enum { RESERVE = 256 << 10, UNLIMITED = 8 << 20 };

static _Thread_local char *limit;

static char *find_limit(char *here)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;
    struct rlimit most;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    if (!low) return here - UNLIMITED / 8; /* no answer: a little */
    /* The main thread's stack grows; "unlimited" is far more than there is. */
    if (size > (size_t)1 << 30 && getrlimit(RLIMIT_STACK, &most) == 0) {
        low = (char *)low + size - UNLIMITED;
        size = UNLIMITED;
    }
    return (char *)low + (size / 4 < RESERVE ? size / 4 : RESERVE);
}

void *jit_rt_stack_limit(void)
{
    if (__builtin_expect(!limit, 0)) limit = find_limit(__builtin_frame_address(0));
    return limit;
}

bool jit_rt_stack_room(void)
{
    return (char *)__builtin_frame_address(0) > (char *)jit_rt_stack_limit();
}
