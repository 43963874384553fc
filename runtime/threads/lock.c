/* lock.c: the one lock of the interpreter, and the list of threads. Nothing else knows how
 * attaching excludes.
 *
 *   holder == NULL    free: any thread may take it by one compare-and-swap (no system call)
 *   holder == T       thread T is attached
 *
 * A thread that finds it taken queues itself and sleeps for a switch interval at a time; when the
 * same tenure lasted for a whole interval, it sets INTERRUPT_SWITCH on the holder. At its next
 * safepoint the holder *hands over* to the head of the queue: it makes that thread the holder
 * itself, so that nobody can take the lock in between, and queues behind. Dropping the lock for a
 * blocking call does not hand over, unless INTERRUPT_SWITCH is set: the lock is free and the head
 * of the queue is woken, so that a thread in a short call gets it back at once (no convoys), while
 * the queue's patience bounds what the others wait.
 *
 * No wake-up is lost: a waiter raises `waiting` before it tries the swap; a dropper clears `holder`
 * before it reads `waiting`; both sequentially consistent.
 *
 * `mutex` guards the queue, the grants and the list of threads. A Thread is freed after it left the
 * list, under the mutex, so the address in `holder` may be followed under it. */
#include "runtime/threads/lock.h"

#include <assert.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Thread *_Atomic holder;
static Thread *last_holder;      /* written by the holder */
static _Atomic uint64_t tenure;  /* counts the changes of last_holder */
static _Atomic uint32_t waiting; /* length of the queue */
static Thread *queue_head, *queue_tail;
static Thread *threads;
static size_t thread_count;
static _Atomic int64_t switch_interval_ns = 5000000;

static bool try_take(Thread *self)
{
    Thread *expected = NULL;
    return atomic_compare_exchange_strong(&holder, &expected, self);
}

/* Taking it back after a short call does not start a new tenure: the queue's patience goes on. */
static void begin_tenure(Thread *self)
{
    if (last_holder == self) return;
    last_holder = self;
    atomic_fetch_add_explicit(&tenure, 1, memory_order_relaxed);
}

static void enqueue(Thread *self)
{
    self->granted = false;
    self->next_waiter = NULL;
    if (queue_tail)
        queue_tail->next_waiter = self;
    else
        queue_head = self;
    queue_tail = self;
    atomic_fetch_add(&waiting, 1);
}

static void dequeue(Thread *self)
{
    Thread *before = NULL;
    for (Thread *t = queue_head; t != self; t = t->next_waiter) before = t;
    if (before)
        before->next_waiter = self->next_waiter;
    else
        queue_head = self->next_waiter;
    if (queue_tail == self) queue_tail = before;
    atomic_fetch_sub(&waiting, 1);
}

static struct timespec deadline_after(int64_t nanoseconds)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    nanoseconds += t.tv_nsec;
    t.tv_sec += nanoseconds / 1000000000;
    t.tv_nsec = nanoseconds % 1000000000;
    return t;
}

/* With the mutex held and self in the queue: sleeps until self is the holder; leaves the queue. */
static void wait_in_queue(Thread *self)
{
    while (!self->granted) {
        /* Only the head competes: the lock goes round in order. */
        if (queue_head == self && try_take(self)) break;
        uint64_t seen = atomic_load(&tenure);
        struct timespec deadline = deadline_after(atomic_load(&switch_interval_ns));
        int status = pthread_cond_clockwait(&self->wake, &mutex, CLOCK_MONOTONIC, &deadline);
        if (status == 0 || self->granted || atomic_load(&tenure) != seen) continue;
        Thread *other = atomic_load(&holder);
        if (other) thread_interrupt(other, INTERRUPT_SWITCH);
    }
    if (!self->granted) dequeue(self);
    self->granted = false;
    begin_tenure(self);
}

void kr_lock_take(Thread *self)
{
    if (try_take(self)) {
        begin_tenure(self);
        return;
    }
    pthread_mutex_lock(&mutex);
    enqueue(self);
    wait_in_queue(self);
    pthread_mutex_unlock(&mutex);
}

/* With the mutex held: makes the head of the queue the holder. False if nobody waits. */
static bool hand_over(void)
{
    Thread *next = queue_head;
    if (!next) return false;
    dequeue(next);
    next->granted = true;
    atomic_store(&holder, next);
    pthread_cond_signal(&next->wake);
    return true;
}

void kr_lock_drop(Thread *self)
{
    assert(atomic_load(&holder) == self);
    if (atomic_load_explicit(&self->interrupt, memory_order_relaxed) & INTERRUPT_SWITCH) {
        /* Somebody lost patience: a loop of short calls must not win the race for the lock for
         * ever. */
        atomic_fetch_and(&self->interrupt, ~(uint32_t)INTERRUPT_SWITCH);
        pthread_mutex_lock(&mutex);
        if (!hand_over()) atomic_store(&holder, NULL);
        pthread_mutex_unlock(&mutex);
        return;
    }
    atomic_store(&holder, NULL);
    if (atomic_load(&waiting) == 0) return;
    pthread_mutex_lock(&mutex);
    if (queue_head) pthread_cond_signal(&queue_head->wake);
    pthread_mutex_unlock(&mutex);
}

void kr_lock_yield(Thread *self)
{
    assert(atomic_load(&holder) == self);
    pthread_mutex_lock(&mutex);
    if (hand_over()) {
        enqueue(self);
        wait_in_queue(self);
    }
    pthread_mutex_unlock(&mutex);
}

bool kr_lock_held_by(const Thread *self)
{
    return self && atomic_load_explicit(&holder, memory_order_relaxed) == self;
}

void kr_lock_after_fork(Thread *self)
{
    pthread_mutex_init(&mutex, NULL);
    pthread_cond_init(&self->wake, NULL);
    queue_head = queue_tail = NULL;
    self->granted = false;
    atomic_store(&waiting, 0);
    last_holder = self;
    atomic_store(&holder, self);
}

void kr_thread_set_switch_interval(double seconds)
{
    if (seconds < 1e-6) seconds = 1e-6;
    if (seconds > 3600) seconds = 3600;
    atomic_store(&switch_interval_ns, (int64_t)(seconds * 1e9));
}

double kr_thread_switch_interval(void) { return (double)atomic_load(&switch_interval_ns) / 1e9; }

/* ---- The list of threads ---- */

void kr_lock_list_add(Thread *thread)
{
    pthread_mutex_lock(&mutex);
    thread->previous = NULL;
    thread->next = threads;
    if (threads) threads->previous = thread;
    threads = thread;
    thread_count++;
    pthread_mutex_unlock(&mutex);
}

void kr_lock_list_remove(Thread *thread)
{
    pthread_mutex_lock(&mutex);
    if (thread->previous)
        thread->previous->next = thread->next;
    else
        threads = thread->next;
    if (thread->next) thread->next->previous = thread->previous;
    thread_count--;
    pthread_mutex_unlock(&mutex);
}

void kr_lock_list_keep_only(Thread *thread)
{
    threads = thread;
    thread->next = thread->previous = NULL;
    thread_count = 1;
}

void kr_thread_each(void (*visit)(Thread *thread, void *context), void *context)
{
    pthread_mutex_lock(&mutex);
    for (Thread *t = threads; t; t = t->next) visit(t, context);
    pthread_mutex_unlock(&mutex);
}

size_t kr_thread_count(void)
{
    pthread_mutex_lock(&mutex);
    size_t n = thread_count;
    pthread_mutex_unlock(&mutex);
    return n;
}

bool kr_thread_interrupt(uint64_t ident, Value exception)
{
    bool found = false;
    pthread_mutex_lock(&mutex);
    for (Thread *t = threads; t; t = t->next) {
        if (t->ident != ident) continue;
        t->async_exception = exception;
        if (is_empty(exception))
            atomic_fetch_and(&t->interrupt, ~(uint32_t)INTERRUPT_ASYNC);
        else
            thread_interrupt(t, INTERRUPT_ASYNC);
        found = true;
    }
    pthread_mutex_unlock(&mutex);
    return found;
}
