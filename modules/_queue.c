/* _queue.c: SimpleQueue, an unbounded queue between threads; and _typing's one function.
 *
 * A semaphore counts the items: who took one from it owns an item of the ring. put() never waits
 * and may be called from a finalizer or signal handler at any time. */
#include <math.h>
#include <semaphore.h>
#include <time.h>

#include "modules/support.h"

typedef struct Queue {
    KrObject head;
    KrValue *ring; /* kr_alloc_values */
    size_t first, count, capacity;
    sem_t *available; /* malloc'ed: waiters look at it detached */
} Queue;

static KrType *queue_type, *empty_type;
static KrValue empty_class;

static Queue *queue_of(KrValue v) { return kr_to_object(v); }

static void queue_trace(void *self, KrTracer *tracer)
{
    Queue *q = self;
    kr_trace_pointer(tracer, q->ring);
    for (size_t i = 0; i < q->count; i++) kr_trace(tracer, q->ring[(q->first + i) % q->capacity]);
}
static void queue_release(void *self)
{
    Queue *q = self;
    if (q->available) sem_destroy(q->available);
    free(q->available);
}

static KrValue queue_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction constructor = {"SimpleQueue", "()", NULL, NULL, KR_KIND_BOUND, NULL};
    KrValue slots[1];
    if (kr_bind(&constructor, args, n, kwnames, slots) < 0) return KR_EMPTY;
    Queue *q = kr_alloc_instance(type);
    if (!q) return KR_EMPTY;
    q->available = malloc(sizeof *q->available);
    if (!q->available) return kr_raise_no_memory();
    sem_init(q->available, 0, 0);
    return kr_from_object(q);
}

static int push(Queue *q, KrValue item)
{
    if (q->count == q->capacity) {
        size_t capacity = q->capacity ? q->capacity * 2 : 8;
        KrValue *ring = kr_alloc_values(capacity);
        if (!ring) return -1;
        for (size_t i = 0; i < q->count; i++) ring[i] = q->ring[(q->first + i) % q->capacity];
        q->ring = ring, q->capacity = capacity, q->first = 0;
    }
    q->ring[(q->first + q->count++) % q->capacity] = item;
    sem_post(q->available);
    return 0;
}

static KrValue pop(Queue *q)
{
    KrValue item = q->ring[q->first];
    q->ring[q->first] = KR_EMPTY;
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    return item;
}

static KrValue take(KrValue self, bool block, double seconds)
{
    Queue *q = queue_of(self);
    if (sem_trywait(q->available) == 0) return pop(q);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (seconds >= 0) {
        double whole = floor(seconds);
        until.tv_sec += (time_t)whole;
        until.tv_nsec += (long)((seconds - whole) * 1e9);
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    }
    while (block) {
        kr_detach();
        int status = seconds < 0 ? sem_wait(q->available)
                                 : sem_clockwait(q->available, CLOCK_MONOTONIC, &until);
        int error = errno;
        kr_attach();
        if (status == 0) return pop(q);
        if (error == ETIMEDOUT) break;
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    return kr_raise_value(empty_class);
}

KR_FN(queue, queue_put, "put", "(self, item, block=True, timeout=None)",
      "Put the item on the queue.\n\nThe optional 'block' and 'timeout' arguments are ignored, as "
      "this method\nnever blocks.  They are provided for "
      "compatibility with the Queue class.")
{
    return push(queue_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(queue, queue_put_nowait, "put_nowait", "(self, item)",
      "Put an item into the queue without blocking.\n\nThis is exactly equivalent to `put(item)` "
      "and is only provided\nfor compatibility with the Queue class.")
{
    return push(queue_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(queue, queue_get, "get", "(self, block=True, timeout=None)",
      "Remove and return an item from the queue.\n\nIf optional args 'block' is true and 'timeout' "
      "is None (the default),\nblock if necessary until an "
      "item is available. If 'timeout' is\na non-negative number, it blocks at most 'timeout' "
      "seconds and raises\nthe Empty exception if no item was "
      "available within that time.\nOtherwise ('block' is false), return an item if one is "
      "immediately\navailable, else raise the Empty exception "
      "('timeout' is ignored\nin that case).")
{
    int block = kr_truth(a[1]);
    double seconds = -1;
    if (block < 0) return KR_EMPTY;
    if (block && !kr_is(a[2], kr_None)) {
        if (kr_to_double(a[2], &seconds) < 0) return KR_EMPTY;
        if (seconds < 0) return kr_raise(kr_ValueError, "'timeout' must be a non-negative number");
        if (seconds > 9.2e9) return kr_raise(kr_OverflowError, "timeout value is too large");
    }
    return take(a[0], block, seconds);
}
KR_FN(queue, queue_get_nowait, "get_nowait", "(self, /)",
      "Remove and return an item from the queue without blocking.\n\nOnly get an item if one is "
      "immediately available. Otherwise\nraise the Empty exception.")
{
    return take(a[0], false, -1);
}
KR_FN(queue, queue_empty, "empty", "(self, /)",
      "Return True if the queue is empty, False otherwise (not reliable!).")
{
    return kr_bool(queue_of(a[0])->count == 0);
}
KR_FN(queue, queue_qsize, "qsize", "(self, /)",
      "Return the approximate size of the queue (not reliable!).")
{
    return kr_int((int64_t)queue_of(a[0])->count);
}
KR_CLASSMETHOD(queue, queue_class_getitem, "__class_getitem__", "(cls, object, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

KR_FN(typing, typing_idfunc, "_idfunc", "(x, /)", NULL) { return a[0]; }

#include "modules/_queue.entries.h"

static int queue_exec(KrValue module)
{
    static const KrTypeSpec spec = {.name = "_queue.SimpleQueue",
                                    .doc = "Simple, unbounded, reentrant FIFO queue.",
                                    .size = sizeof(Queue),
                                    .functions = queue_functions,
                                    .trace = queue_trace,
                                    .release = queue_release,
                                    .slots = {.make = queue_make}};
    queue_type = kr_type_new(&spec);
    if (!queue_type || kr_module_add_type(module, queue_type) < 0) return -1;
    empty_type = add_exception(module, "_queue", "Empty", kr_Exception, &empty_class);
    return empty_type ? 0 : -1;
}

KR_MODULE(_queue) = {.api_version = KR_API_VERSION,
                     .name = "_queue",
                     .exec = queue_exec,
                     .doc = "C implementation of the Python queue module.\nThis module is an "
                            "implementation detail, please do not use it directly."};
KR_MODULE(_typing) = {.api_version = KR_API_VERSION,
                      .name = "_typing",
                      .functions = typing_functions,
                      .doc = "Primitives and accelerators for the typing module.\n"};
