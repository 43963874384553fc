/* pool.c: the threads behind parallel loops.
 *
 *     caller --job--> list of jobs <-- workers
 *
 * A job is a loop cut into blocks (jit_rt_parfor_begin), whose number and bounds depend on the loop's length alone: so do the
 * results, however many threads there are. The caller puts its job on the list and works on it like any worker, hence a
 * loop ends even when no worker is free. Threads take the blocks of a job in rising order, one atomic addition each.
 *
 * Errors: when a block raises, blocks behind it are no longer begun; those before it were begun already and finish. The
 * error of the lowest block is the loop's. A loop inside a block runs on the thread that meets it.
 *
 * Workers never touch Python objects and take no signals. The caller, between its blocks, runs Python's signal
 * handlers when one is due (KeyboardInterrupt ends the loop). A child of fork() starts with an empty pool. */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "jit/ir/ir.h"
#include "jit/jit.h"
#include "jit/run/kernel_abi.h"
#include "runtime/krait.h"
#include "runtime/threads/thread.h"

enum { THREADS_MAX = 1024, SLOTS_INLINE = 64 };

typedef struct Job {
    struct Job *next;
    KernelEntry body;
    int64_t n, blocks, nslots, nresults;
    const uint64_t *slots;
    uint64_t *results;
    _Atomic int64_t taken;  /* blocks handed out */
    _Atomic int64_t failed; /* the lowest block that raised; `blocks` if none did */
    KernelError error;      /* of that block; under the mutex */
    int helpers;            /* workers in it; under the mutex */
    int helpers_wanted;     /* how many may still join */
    pthread_cond_t done;
} Job;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static Job *jobs;
static int workers; /* that run */
static _Atomic int limit;
static KernelParfor serial;
static _Thread_local bool inside; /* this thread runs a block */

static const KernelSite interrupted = {.err = ERR_INTERRUPT};

/* ---- How many ---- */

static int number_in(const char *name)
{
    const char *text = getenv(name);
    long n = text ? strtol(text, NULL, 10) : 0;
    return n < 1 ? 0 : n > THREADS_MAX ? THREADS_MAX : (int)n;
}

static int default_threads(void)
{
    int n = number_in("KRAIT_NUM_THREADS");
    if (!n) n = number_in("NUMBA_NUM_THREADS");
    cpu_set_t cpus;
    if (!n && sched_getaffinity(0, sizeof cpus, &cpus) == 0) n = CPU_COUNT(&cpus);
    return n < 1 ? 1 : n;
}

int jit_pool_threads(void)
{
    int n = atomic_load(&limit);
    if (!n) atomic_store(&limit, n = default_threads());
    return n;
}

void jit_pool_set_threads(int count)
{
    atomic_store(&limit, count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : count);
}

/* ---- Blocks ---- */

static void note_failure(Job *job, int64_t block, const KernelError *error)
{
    pthread_mutex_lock(&mutex);
    if (block < atomic_load(&job->failed)) {
        atomic_store(&job->failed, block);
        job->error = *error;
    }
    pthread_mutex_unlock(&mutex);
}

/* Runs Python's signal handlers on the calling thread; false when they raised. */
static bool signals_run(void)
{
    if (!kr_self || !(atomic_load_explicit(&kr_self->interrupt, memory_order_relaxed) &
                      (INTERRUPT_SIGNAL | INTERRUPT_ASYNC)))
        return true;
    bool attached = kr_is_attached();
    if (!attached) kr_thread_attach();
    bool fine = kr_thread_safepoint() == 0;
    if (!attached) kr_thread_detach();
    return fine;
}

static void run_blocks(Job *job, bool is_caller)
{
    uint64_t own[SLOTS_INLINE], *slots = own;
    if (job->nslots > SLOTS_INLINE && !(slots = malloc((size_t)job->nslots * sizeof *slots))) {
        if (!is_caller) return; /* the caller does it alone */
        abort();
    }
    memcpy(slots, job->slots, (size_t)job->nslots * sizeof *slots);
    inside = true;
    while (true) {
        int64_t block = atomic_fetch_add(&job->taken, 1);
        if (block >= job->blocks || block > atomic_load(&job->failed)) break;
        KernelError error = {0};
        if (is_caller && !signals_run()) {
            error.site = &interrupted;
            note_failure(job, block, &error);
            break;
        }
        slots[0] = (uint64_t)jit_rt_parfor_begin(job->n, job->blocks, block);
        slots[1] = (uint64_t)jit_rt_parfor_begin(job->n, job->blocks, block + 1);
        slots[4] = (uint64_t)block;
        if (job->body(slots, job->results + block * job->nresults, &error))
            note_failure(job, block, &error);
    }
    inside = false;
    if (slots != own) free(slots);
}

/* ---- Workers ---- */

static Job *open_job(void)
{
    for (Job *job = jobs; job; job = job->next)
        if (job->helpers_wanted > 0 && atomic_load(&job->taken) < job->blocks) return job;
    return NULL;
}

static void *worker(void *nothing)
{
    pthread_mutex_lock(&mutex);
    while (true) {
        Job *job = open_job();
        if (!job) {
            pthread_cond_wait(&work, &mutex);
            continue;
        }
        job->helpers_wanted--;
        job->helpers++;
        pthread_mutex_unlock(&mutex);
        run_blocks(job, false);
        pthread_mutex_lock(&mutex);
        if (--job->helpers == 0) pthread_cond_signal(&job->done);
    }
    return nothing;
}

static void watch_forks(void);

/* Under the mutex. Fewer threads than wanted are no error: the caller works too. */
static void start_workers(int wanted)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (workers < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, NULL) != 0) break;
        pthread_detach(thread);
        workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- Loops ---- */

static int32_t pool_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                           uint64_t *results, int64_t nresults, KernelError *error)
{
    int64_t blocks = (int64_t)slots[0];
    int threads = jit_pool_threads();
    if (threads > blocks) threads = (int)blocks;
    if (inside) return serial(body, n, slots, nslots, results, nresults, error);
    Job job = {.body = body,
               .n = n,
               .blocks = blocks,
               .nslots = nslots,
               .nresults = nresults,
               .slots = slots,
               .results = results,
               .failed = blocks,
               .helpers_wanted = threads - 1,
               .done = PTHREAD_COND_INITIALIZER};
    if (threads > 1) {
        pthread_mutex_lock(&mutex);
        start_workers(threads - 1);
        Job **end = &jobs;
        while (*end) end = &(*end)->next;
        *end = &job;
        if (threads == 2)
            pthread_cond_signal(&work);
        else
            pthread_cond_broadcast(&work);
        pthread_mutex_unlock(&mutex);
    }
    run_blocks(&job, true);
    if (threads > 1) {
        pthread_mutex_lock(&mutex);
        for (Job **link = &jobs; *link; link = &(*link)->next)
            if (*link == &job) {
                *link = job.next;
                break;
            }
        while (job.helpers) pthread_cond_wait(&job.done, &mutex);
        pthread_mutex_unlock(&mutex);
    }
    pthread_cond_destroy(&job.done);
    if (atomic_load(&job.failed) == blocks) return 0;
    *error = job.error;
    return 1;
}

/* ---- Loops of native modules ---- */

typedef struct NativeLoop {
    void (*body)(int64_t begin, int64_t end, void *context);
    void *context;
} NativeLoop;

static int32_t run_native(const uint64_t *slots, KR_UNUSED uint64_t *results, KR_UNUSED KernelError *error)
{
    const NativeLoop *loop = (const NativeLoop *)(uintptr_t)slots[5];
    loop->body((int64_t)slots[0], (int64_t)slots[1], loop->context);
    return 0;
}

int kr_parallel(void (*body)(int64_t begin, int64_t end, void *context), int64_t n, void *context)
{
    if (inside) {
        body(0, n, context);
        return 0;
    }
    NativeLoop loop = {body, context};
    uint64_t slots[6] = {(uint64_t)(n < 256 ? n : 256), [5] = (uint64_t)(uintptr_t)&loop};
    KernelError error = {0};
    bool attached = kr_is_attached();
    if (attached) kr_detach();
    int32_t failed = pool_parfor(run_native, n, slots, 6, NULL, 0, &error);
    if (attached) kr_attach();
    return failed ? -1 : 0;
}

/* ---- fork ---- */

static void before_fork(void) { pthread_mutex_lock(&mutex); }
static void after_fork_parent(void) { pthread_mutex_unlock(&mutex); }
static void after_fork_child(void)
{
    pthread_mutex_init(&mutex, NULL);
    pthread_cond_init(&work, NULL);
    jobs = NULL;
    workers = 0;
    inside = false;
}

static void watch_forks(void) { pthread_atfork(before_fork, after_fork_parent, after_fork_child); }

void jit_pool_install(void)
{
    if (serial) return;
    serial = jit_rt_parfor_hook;
    jit_rt_parfor_hook = pool_parfor;
}
