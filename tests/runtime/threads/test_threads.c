/* Threads that allocate, detach, attach and collect at once; fairness of the lock; adoption; fork;
 * asynchronous exceptions; signals. timeout: 120 */
#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/threads/signals.h"
#include "tests/runtime/memory/heap_test.h"

typedef struct Link {
    Object head;
    Value next;
    uint64_t number;
} Link;
static void link_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Link *)self)->next); }
static HeapKind link_kind = {.name = "link", .trace = link_trace, .size = sizeof(Link)};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static void nap(long ns)
{
    struct timespec t = {0, ns};
    nanosleep(&t, NULL);
}
static int poll_safepoint(void)
{
    return atomic_load(&kr_self->interrupt) ? kr_thread_safepoint() : 0;
}

static _Atomic int running;
static void wait_for_all(void)
{
    kr_detach();
    while (atomic_load(&running) > 0) nap(100000);
    kr_attach();
}

/* ---- Values on the stack across detachments ---- */

static _Atomic long wrong, links_checked;

static bool check_list(Value list, uint64_t seed, int length)
{
    for (int i = length; i-- > 0;) {
        if (!is_object(list)) return false;
        Link *link = object_of(list);
        if (link->head.type != (Type *)&link_kind || link->number != seed + (uint64_t)i)
            return false;
        list = link->next;
        atomic_fetch_add(&links_checked, 1);
    }
    return is_none(list);
}

static void churn(void *argument)
{
    uint64_t seed = (uint64_t)(uintptr_t)argument * 1000003, random = seed | 1;
    for (int round = 0; round < 300; round++) {
        Value list = NONE;
        int length = 0;
        for (int i = 0; i < 200; i++) {
            Link *link = heap_alloc(&link_kind, sizeof(Link));
            link->next = list;
            link->number = seed + (uint64_t)i;
            list = from_object(link);
            length++;
            random = random * 6364136223846793005u + 1442695040888963407u;
            if (random >> 60 == 0) {
                kr_detach();
                if (random >> 56 & 1) nap(1000);
                kr_attach();
            }
            if (random >> 52 == 7) kr_heap_collect();
            poll_safepoint();
        }
        if (!check_list(list, seed, length)) atomic_fetch_add(&wrong, 1);
    }
    atomic_fetch_sub(&running, 1);
}

static void test_churn(int threads)
{
    atomic_store(&running, threads);
    for (int i = 0; i < threads; i++)
        if (kr_thread_start(churn, (void *)(uintptr_t)(i + 1), 0, NULL) != 0)
            atomic_fetch_sub(&running, 1);
    wait_for_all();
    HeapStats stats;
    kr_heap_stats(&stats);
    ok(atomic_load(&wrong) == 0, "%d threads keep their lists through %lu collections (%ld links)",
       threads, (unsigned long)stats.collections, atomic_load(&links_checked));
    ok(kr_heap_verify(), "the heap verifies");
    for (int i = 0; i < 1000 && kr_thread_count() > 1; i++) {
        kr_detach();
        nap(1000000);
        kr_attach();
    }
    ok(kr_thread_count() == 1, "ended threads leave the list");
}

/* ---- Fairness ---- */

static _Atomic bool stop;
static _Atomic long turns[4];

static void spin(void *argument)
{
    while (!atomic_load(&stop)) {
        atomic_fetch_add(&turns[(uintptr_t)argument], 1);
        poll_safepoint();
    }
    atomic_fetch_sub(&running, 1);
}

static void detach_often(void *argument)
{
    while (!atomic_load(&stop)) {
        atomic_fetch_add(&turns[(uintptr_t)argument], 1);
        kr_detach();
        kr_attach();
    }
    atomic_fetch_sub(&running, 1);
}

static void test_fairness(void)
{
    atomic_store(&stop, false);
    atomic_store(&running, 4);
    for (uintptr_t i = 0; i < 4; i++) kr_thread_start(spin, (void *)i, 0, NULL);
    double begin = now(), most = 0;
    int entries = 0;
    while (now() - begin < 0.6) {
        kr_detach();
        double t = now();
        kr_attach();
        t = now() - t;
        if (t > most) most = t;
        entries++;
    }
    atomic_store(&stop, true);
    wait_for_all();
    ok(entries >= 5 && most < 0.4,
       "among four busy threads a fifth gets in: %d times, after %.0f ms at most", entries,
       most * 1e3);
    long least = turns[0], best = turns[0];
    for (int i = 1; i < 4; i++) {
        if (turns[i] < least) least = turns[i];
        if (turns[i] > best) best = turns[i];
    }
    ok(least * 8 > best, "and they share alike (%ld to %ld turns)", least, best);

    atomic_store(&stop, false);
    atomic_store(&turns[0], 0);
    atomic_store(&running, 1);
    kr_thread_start(detach_often, (void *)0, 0, NULL);
    begin = now();
    most = 0;
    for (entries = 0; now() - begin < 0.3; entries++) {
        kr_detach();
        nap(1000);
        double t = now();
        kr_attach();
        t = now() - t;
        if (t > most) most = t;
    }
    atomic_store(&stop, true);
    wait_for_all();
    ok(entries >= 3 && most < 0.2,
       "a loop of short calls does not lock others out: %d entries, %.0f ms at most", entries,
       most * 1e3);
}

/* ---- Foreign threads, fork, interrupts ---- */

static void *foreign(void *argument)
{
    Thread *self = kr_thread_adopt();
    kr_attach();
    Value list = NONE;
    for (int i = 0; i < 1000; i++) {
        Link *link = heap_alloc(&link_kind, sizeof(Link));
        link->next = list;
        list = from_object(link);
        if (i % 100 == 0) kr_heap_collect();
    }
    *(bool *)argument =
        self == kr_self && kr_is_attached() && kr_thread_count() == 2 && is_object(list);
    kr_thread_release();
    return NULL;
}

static void test_foreign(void)
{
    pthread_t thread;
    bool good = false;
    pthread_create(&thread, NULL, foreign, &good);
    kr_detach();
    pthread_join(thread, NULL);
    kr_attach();
    ok(good && kr_thread_count() == 1, "a foreign thread adopts a state and releases it");
}

static void test_fork(void)
{
#ifdef __SANITIZE_THREAD__
    return; /* its runtime starts no threads after a fork */
#endif
    atomic_store(&stop, false);
    atomic_store(&running, 2);
    for (uintptr_t i = 0; i < 2; i++) kr_thread_start(spin, (void *)i, 0, NULL);
    kr_detach();
    nap(20000000);
    kr_attach();
    pid_t child = fork();
    if (child == 0) {
        kr_thread_after_fork();
        bool good = kr_thread_count() == 1 && kr_is_attached();
        kr_heap_collect();
        kr_detach();
        kr_attach();
        atomic_store(&stop, true);
        atomic_store(&running, 1);
        kr_thread_start(spin, (void *)0, 0, NULL);
        wait_for_all();
        _exit(good ? 0 : 1);
    }
    int status = -1;
    kr_detach();
    waitpid(child, &status, 0);
    kr_attach();
    ok(status == 0, "after fork the child goes on alone, and may start threads");
    atomic_store(&stop, true);
    wait_for_all();
}

static _Atomic bool saw_exception;
static void until_interrupted(void *argument)
{
    *(_Atomic uint64_t *)argument = kr_self->ident;
    while (poll_safepoint() == 0) {}
    atomic_store(&saw_exception, int_of(kr_self->exception) == 7);
    kr_self->exception = EMPTY;
    atomic_fetch_sub(&running, 1);
}

static void test_interrupt(void)
{
    _Atomic uint64_t ident = 0;
    atomic_store(&running, 1);
    kr_thread_start(until_interrupted, &ident, 0, NULL);
    while (!atomic_load(&ident)) {
        kr_detach();
        nap(1000000);
        kr_attach();
    }
    ok(kr_thread_interrupt(ident, from_small_int(7)), "a thread is found by its ident");
    ok(!kr_thread_interrupt(12345, from_small_int(7)), "a wrong ident is not");
    wait_for_all();
    ok(atomic_load(&saw_exception), "and raises what it is sent");
}

static int handled;
static int run_signals(void)
{
    for (int n; (n = kr_signal_next()) != 0;)
        handled |= 1 << (n == SIGUSR1 ? 0 : n == SIGUSR2 ? 1 : 2);
    return 0;
}

static void test_signals(void)
{
    int fds[2];
    ok(pipe(fds) == 0, "a pipe");
    kr_signals_init(true);
    kr_thread_run_signals = run_signals;
    kr_signal_set(SIGUSR1, SIGNAL_CATCH);
    kr_signal_set(SIGUSR2, SIGNAL_CATCH);
    ok(kr_signal_get(SIGUSR1) == SIGNAL_CATCH && kr_signal_get(SIGPIPE) == SIGNAL_IGNORE &&
           kr_signal_get(SIGTERM) == SIGNAL_DEFAULT,
       "what is installed can be asked");
    ok(kr_signal_set_wakeup(fds[1], false) == -1, "no wake-up descriptor before");
    raise(SIGUSR1);
    raise(SIGUSR2);
    ok(kr_signal_pending() && handled == 0, "a signal waits for a safepoint");
    poll_safepoint();
    ok(handled == 3 && !kr_signal_pending(), "where it is handled");
    unsigned char bytes[2];
    ok(read(fds[0], bytes, 2) == 2 && bytes[0] == SIGUSR1 && bytes[1] == SIGUSR2,
       "the wake-up descriptor got both");
    kr_signal_set_wakeup(-1, false);
    handled = 0;
    raise(SIGINT);
    poll_safepoint();
    ok(handled == 4, "so is Ctrl-C");
    kr_signal_set(SIGUSR1, SIGNAL_DEFAULT);
    ok(kr_signal_get(SIGUSR1) == SIGNAL_DEFAULT, "the default comes back");
}

static int deepest;
static void __attribute__((noinline)) recurse(int depth)
{
    volatile char frame[1000];
    frame[0] = frame[999] = (char)depth;
    deepest = depth;
    if (!thread_stack_low()) recurse(depth + 1);
    frame[1] = frame[0];
}
static void recurse_in_thread(void *argument)
{
    (void)argument;
    recurse(0);
    atomic_fetch_sub(&running, 1);
}

int main(void)
{
    start_heap();
    recurse(0);
    ok(deepest > 1000, "the main stack's end is seen at depth %d", deepest);
    atomic_store(&running, 1);
    kr_thread_start(recurse_in_thread, NULL, 4 << 20, NULL);
    wait_for_all();
    ok(deepest > 400 && deepest < 4400, "a small thread's at depth %d", deepest);
    kr_thread_set_switch_interval(0.001);
    ok(kr_thread_switch_interval() > 0.00099 && kr_thread_switch_interval() < 0.00101,
       "the switch interval is kept");
    test_churn(4);
    kr_thread_set_switch_interval(0.005);
    test_fairness();
    test_foreign();
    test_fork();
    test_interrupt();
    test_signals();
    kr_heap_stress = true;
    test_churn(3);
    return tap_done();
}
