/* thread.h: a thread's state, and attaching to the interpreter.
 *
 * A thread is attached (it may touch objects) or detached (it may not). Today attaching takes one
 * lock, so that attached means alone; only lock.c knows that. Detaching publishes the extent of the
 * thread's C stack and its registers, so that a collection in another thread sees every value it
 * holds.
 *
 * The attached thread gives the lock up when another one waits for more than 5 ms
 * (sys.setswitchinterval): the waiter sets `interrupt`, which the VM polls at loop back edges and
 * calls (kr_thread_safepoint). */
#ifndef RUNTIME_THREADS_THREAD_H
#define RUNTIME_THREADS_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "runtime/value.h"

#define HEAP_GRAIN 16
#define HEAP_CLASSES 65 /* cells of 16, 32, ... 1024 bytes by grain; larger ones by slow classes */

/* A cell that waits to be allocated. The word that is an object's type is NULL, which is how the
 * collector tells free cells from objects. */
typedef struct FreeCell {
    struct Type *none;
    struct FreeCell *next;
} FreeCell;

struct Frame;

typedef struct Thread {
    FreeCell *free_cells[HEAP_CLASSES]; /* this thread's allocation caches */

    _Atomic uint32_t interrupt; /* INTERRUPT_... bits, polled at safepoints */
    uint32_t depth;             /* nested Python calls */
    uint32_t c_depth;           /* nested kr_enter_recursion */

    Value exception; /* being raised, or EMPTY */
    Value handled;   /* innermost exception being handled (sys.exc_info), or EMPTY */

    struct Frame *frame;                    /* innermost Python frame (vm/frame.h) */
    struct Frame *frame_base, *frame_limit; /* frames grow down from base; none below limit (vm/) */
    Value *register_limit;                  /* the part of the stack above it holds frames (vm/) */
    Value *stack,
        *stack_limit; /* the register stack (made and unmapped by thread.c, its pages touched on
                                    use); scanned conservatively up to stack_top */
    Value *stack_top; /* first unused register */

    Value trace_function, profile_function; /* sys.settrace, sys.setprofile; EMPTY if none */
    Value context;                          /* contextvars.Context, or EMPTY */
    Value async_hooks[2];                   /* sys.set_asyncgen_hooks: firstiter, finalizer */
    Value async_exception; /* to be raised at the next safepoint (PyThreadState_SetAsyncExc) */
    Value locals;          /* dict of _thread._local storage, or EMPTY */
    Value repr_stack;      /* list of containers whose repr is running, or EMPTY */
    int32_t coroutine_origin_depth;

    char *c_stack_base;              /* high end of the C stack */
    char *c_stack_limit;             /* raise RecursionError below this address */
    char *_Atomic c_stack_published; /* low end while detached, NULL while attached */
    uintptr_t registers[24];         /* the callee-saved ones, while detached */
    pthread_t native;
    uint64_t ident;
    long native_id;
    bool is_main;
    struct Thread *next, *previous; /* list of all threads (lock.c) */

    void *start_argument;       /* scanned conservatively until start() runs */
    struct Thread *next_waiter; /* queue for the lock (lock.c) */
    pthread_cond_t wake;
    bool granted;            /* the lock was handed over to this thread */
    bool running_finalizers; /* memory/collector.c */
} Thread;

enum {
    INTERRUPT_SWITCH = 1,     /* another thread waits for the lock */
    INTERRUPT_SIGNAL = 2,     /* a Python-level signal handler is due (main thread) */
    INTERRUPT_FINALIZERS = 4, /* finalizers or weak callbacks are queued */
    INTERRUPT_ASYNC = 8,      /* async_exception is set */
    INTERRUPT_TRACE = 16      /* a trace or profile function is set */
};

extern __thread Thread *kr_self __attribute__((tls_model("initial-exec")));

void kr_thread_init_main(char *stack_base);
/* Runs start(argument) attached in a new thread; -1 with errno set. stack_size 0: the default. */
int kr_thread_start(void (*start)(void *), void *argument, size_t stack_size, uint64_t *ident);
Thread *kr_thread_adopt(void); /* a state for a foreign thread that calls in */
void kr_thread_release(void);  /* ends the calling thread's state; detached afterwards */
void kr_thread_detach(void);
void kr_thread_attach(void);
/* Called where `interrupt` is not 0. 0, or -1 with an exception (signal handler, async exception).
 */
int kr_thread_safepoint(void);
void kr_thread_after_fork(void); /* in the child: only the calling thread is left */
/* From now on only the calling thread attaches; others that try stop for ever. Called when the
 * process ends. */
void kr_thread_begin_exit(void);
/* Visits under the list's mutex: visit() must not attach, detach, start or end threads. */
void kr_thread_each(void (*visit)(Thread *thread, void *context), void *context);
size_t kr_thread_count(void);
void kr_thread_set_switch_interval(double seconds);
double kr_thread_switch_interval(void);
/* Raises exception in the thread with this ident at its next safepoint; false if there is none. */
bool kr_thread_interrupt(uint64_t ident, Value exception);
/* Not 0 while compiled loops, which know no thread, should ask: bit 0 while some thread has INTERRUPT_SIGNAL or
 * INTERRUPT_ASYNC; ATTENTION_FAILURE is added for every parallel loop that an exception ends. */
enum { ATTENTION_SIGNAL = 1, ATTENTION_FAILURE = 2 };
extern _Atomic uint32_t kr_thread_attention;
/* Sets bits of a thread's `interrupt`; from any thread, from signal handlers too. */
static inline void thread_interrupt(Thread *thread, uint32_t bits)
{
    if (bits & (INTERRUPT_SIGNAL | INTERRUPT_ASYNC))
        atomic_fetch_or_explicit(&kr_thread_attention, ATTENTION_SIGNAL, memory_order_relaxed);
    atomic_fetch_or_explicit(&thread->interrupt, bits, memory_order_release);
}
/* Less than the reserve (256 KB) of the C stack is left. */
static inline bool thread_stack_low(void)
{
    return (char *)__builtin_frame_address(0) < kr_self->c_stack_limit;
}

/* Hooks that higher layers fill: what a safepoint does beyond switching. */
extern int (*kr_thread_run_signals)(void); /* -1 raised */
extern bool (*kr_thread_run_finalizers)(void);
extern void (*kr_thread_on_release)(
    Thread *thread); /* before a state ends, attached: frees what hangs on it */

/* Calls f with the callee-saved registers pushed on the stack: every value that the callers hold
 * stands at or above `low`, until f returns. */
void kr_thread_call_spilled(void (*f)(char *low));

#endif
