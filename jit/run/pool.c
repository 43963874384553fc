/* pool.c: the threads behind parallel loops.
 *
 *     caller --job--> list of open jobs <-- workers
 *
 *     job: blocks 0 .. n     lane 0 (caller)  [5 .. 90)     taken from the low end by its owner
 *                            lane 1 (worker)  [131 .. 180)  the upper half of the fullest lane is stolen
 *
 * A job is a loop cut into blocks, whose number and bounds depend on the loop's length alone (kernel_abi.h): so do the
 * results, however many threads there are. The caller begins alone; it opens the job to others when it is expected to
 * take longer than waking them, by what the same body took last time, or has done so. Every thread in a job owns a lane,
 * one word that holds a range of blocks. The caller works like any worker, hence a loop ends even when nobody is free.
 *
 * Never more threads run than jit_pool_total(): a thread that runs blocks holds one of so many seats. A caller from outside
 * waits for a seat; a worker joins a job only if one is free; a loop inside a block uses the seat of its thread, and others
 * join it as they would any job.
 *
 * Errors: when a block raises, blocks behind it are no longer begun and those that run are told to end; blocks before it
 * run. So the error of the lowest block that raises is the loop's, always. Workers never touch Python objects and take no
 * signals. The caller runs Python's signal handlers between its blocks, in long blocks (jit_rt_poll) and while it
 * waits (KeyboardInterrupt ends the loop). A child of fork() starts with an empty pool.
 *
 * `mutex` guards the list of jobs, their helpers and the workers' sleep. A job lives on its caller's stack: a helper's last
 * touch of it is under the mutex. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include "jit/ir/ir.h"
#include "jit/jit.h"
#include "jit/run/kernel_abi.h"
#include "jit/run/pool.h"
#include "jit/run/progress.h"
#include "jit/run/randoms.h"
#include "jit/run/exceptions.h"
#include "jit/run/rt.h"
#include "jit/run/trail.h"
#include "runtime/krait.h"
#include "runtime/threads/thread.h"

enum {
    SLOTS_INLINE = 64,
    DEPTH = 4,                /* loops further inside than this stay on their thread */
    LANES = 64,               /* threads in one job */
    ALONE_TICKS = 8000,       /* 2 to 4 microseconds: what waking a thread costs */
    SPIN_TICKS = 150000,      /* how long a worker looks for the next job before it sleeps */
    SIGNAL_LOOK_NS = 10000000 /* how often a waiting caller looks for signals */
};

typedef struct Lane {
    _Atomic uint64_t range; /* next block << 32 | end */
    char padding[56];
} Lane;

typedef struct Job {
    struct Job *next;  /* in the list of open jobs */
    struct Job *outer; /* the job in whose block this one was met */
    int64_t outer_block;
    int depth; /* loops around it */
    KernelEntry body;
    uintptr_t key; /* what the history of times knows the loop by */
    int64_t n, blocks, nslots, nresults;
    int64_t least, more; /* iterations a block has at least; blocks that have one more */
    const uint64_t *slots;
    uint64_t *results;
    _Atomic int64_t
        failed;         /* the lowest block that raised; `blocks` if none did; -1: stop at once */
    KernelError error;  /* of that block; under the mutex */
    KernelTrail trail;  /* the calls that it passed */
    bool alarm;         /* a block has raised: those that run are asked to look; under the mutex */
    Progress *progress; /* its bar, or NULL */
    LoopRandoms randoms;
    Lane *lanes;
    int lanes_room;
    _Atomic int nlanes;  /* lanes in use; grows under the mutex */
    _Atomic int helpers; /* workers in it; changes under the mutex */
    bool open;
    pthread_cond_t done;
} Job;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work, room; /* a job was opened; a seat was left */
static Job *jobs;
static void prepare(void);
static int workers, sleepers;      /* that run; of these, asleep */
static _Atomic uint32_t opened;    /* counts the jobs, for workers that spin */
static _Atomic int taken, waiting; /* seats; callers that wait for one */
static _Atomic int total;          /* seats there are */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* What this thread does in a loop. */
static _Thread_local Job *current;
static _Thread_local int64_t current_block;
static _Thread_local int lane_number;
static _Thread_local bool is_caller;
static _Thread_local int wanted_threads; /* set_num_threads of this thread; 0: all */

static const KernelSite interrupted = {.err = ERR_INTERRUPT};

/* ---- How many ---- */

int jit_pool_total(void)
{
    int n = atomic_load_explicit(&total, memory_order_relaxed);
    if (!n) atomic_store(&total, n = jit_pool_default_threads());
    return n;
}

int jit_pool_threads(void) { return wanted_threads ? wanted_threads : jit_pool_total(); }

void jit_pool_set_threads(int count)
{
    int most = jit_pool_total();
    wanted_threads = count < 1 ? 1 : count > most ? most : count;
}

int64_t jit_rt_threads(void) { return jit_pool_threads(); }
int64_t jit_rt_thread_id(void) { return jit_pool_thread_id(); }

int jit_pool_thread_id(void) { return current ? lane_number : 0; }

/* How many threads a library of its own (OpenBLAS) may use now, for a call on this thread: one inside a loop, else what loops of
 * other threads leave. */
static int64_t free_threads(KR_UNUSED int64_t *words)
{
    int n = jit_pool_total() - atomic_load_explicit(&taken, memory_order_relaxed), most = jit_pool_threads();
    if (current || n < 1) return 1;
    return n < most ? n : most;
}

__attribute__((constructor)) static void tell_libraries(void) { kr_native_enter("pool.free", free_threads); }

/* ---- Time ---- */

static inline uint64_t ticks(void)
{
#if defined(__x86_64__)
    return __rdtsc();
#else
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 3 * ((uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec);
#endif
}

static inline void relax(void)
{
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Ticks a whole loop took last time, by its key: a hint only, so that entries may be lost. */
enum { HISTORY = 256 };
static struct {
    _Atomic uintptr_t key;
    _Atomic uint64_t per_iteration; /* ticks << 16 */
} history[HISTORY];

static unsigned history_place(uintptr_t key)
{
    return (unsigned)((key >> 4) * 0x9e3779b97f4a7c15u >> 40) % HISTORY;
}

/* Is the loop known to be over sooner than a worker would be awake? */
static bool known_short(uintptr_t key, int64_t n)
{
    unsigned i = history_place(key);
    if (atomic_load_explicit(&history[i].key, memory_order_relaxed) != key) return false;
    uint64_t each = atomic_load_explicit(&history[i].per_iteration, memory_order_relaxed);
    return n < 1 << 24 && each < 1 << 24 && each * (uint64_t)n >> 16 < ALONE_TICKS;
}

static void remember(uintptr_t key, int64_t n, uint64_t spent)
{
    unsigned i = history_place(key);
    uint64_t each = spent >= (uint64_t)1 << 44 ? UINT64_MAX : (spent << 16) / (uint64_t)n;
    atomic_store_explicit(&history[i].per_iteration, each, memory_order_relaxed);
    atomic_store_explicit(&history[i].key, key, memory_order_relaxed);
}

/* ---- Errors and signals ---- */

static void note_failure(Job *job, int64_t block, const KernelError *error)
{
    KernelTrail trail = jit_trail_take();
    pthread_mutex_lock(&mutex);
    if (block < atomic_load(&job->failed)) {
        if (!job->alarm) atomic_fetch_add(&kr_thread_attention, ATTENTION_FAILURE);
        job->alarm = true;
        jit_error_drop(&job->error);
        kernel_error_copy(&job->error, error);
        job->trail = trail;
        atomic_store(&job->failed, block);
    } else {
        jit_error_drop(error);
    }
    pthread_mutex_unlock(&mutex);
}

static void stop(Job *job)
{
    KernelError error = {.site = &interrupted};
    note_failure(job, -1, &error);
}

/* Runs Python's signal handlers on the calling thread; false when they raised. */
static bool signals_run(void)
{
    if (!kr_self || !(atomic_load_explicit(&kr_self->interrupt, memory_order_relaxed) &
                      (INTERRUPT_SIGNAL | INTERRUPT_ASYNC)))
        return true;
    bool attached = kr_is_attached();
    if (!attached) kr_thread_attach();
    bool fine = !kr_raised() && kr_thread_safepoint() == 0;
    if (!attached) kr_thread_detach();
    return fine;
}

/* Has a block before this one raised, here or in a loop around? */
static bool in_vain(void)
{
    int64_t block = current_block;
    for (Job *job = current; job; job = job->outer) {
        if (atomic_load_explicit(&job->failed, memory_order_relaxed) < block) return true;
        block = job->outer_block;
    }
    return false;
}

static int64_t pool_poll(void)
{
    if (!current) return !signals_run();
    if (is_caller && !signals_run()) {
        for (Job *job = current; job; job = job->outer) stop(job);
        return 1;
    }
    return in_vain();
}

/* ---- Blocks ---- */

static int64_t begin_of(const Job *job, int64_t block)
{
    return job->least * block + (block < job->more ? block : job->more);
}

/* Runs `count` blocks as one, where results and copies allow that, or a single one. */
static void run_blocks(Job *job, uint64_t *slots, int64_t block, int64_t count)
{
    KernelError error = {0};
    slots[0] = (uint64_t)begin_of(job, block);
    slots[1] = (uint64_t)begin_of(job, block + count);
    slots[4] = (uint64_t)block;
    current_block = block;
    int64_t kept[2];
    jit_randoms_enter(&job->randoms, block, kept);
    int32_t failed = job->body(slots, job->results + block * job->nresults, &error);
    jit_randoms_leave(&job->randoms, kept);
    if (failed) note_failure(job, block, &error);
    if (job->progress)
        atomic_fetch_add_explicit(&job->progress->done, (int64_t)(slots[1] - slots[0]),
                                  memory_order_relaxed);
}

static uint64_t range_of(int64_t next, int64_t end) { return (uint64_t)next << 32 | (uint64_t)end; }

/* The next block of a lane; -1: none. */
static int64_t take(Lane *lane)
{
    uint64_t range = atomic_load_explicit(&lane->range, memory_order_relaxed);
    while ((range >> 32) < (range & 0xffffffff))
        if (atomic_compare_exchange_weak_explicit(&lane->range, &range, range + ((uint64_t)1 << 32),
                                                  memory_order_acquire, memory_order_relaxed))
            return (int64_t)(range >> 32);
    return -1;
}

/* Moves the upper half of the fullest lane into an empty one; false: all are empty. */
static bool steal(Job *job, Lane *own)
{
    while (true) {
        Lane *fullest = NULL;
        uint64_t best = 0, most = 0;
        int n = atomic_load_explicit(&job->nlanes, memory_order_acquire);
        for (int i = 0; i < n; i++) {
            uint64_t range = atomic_load_explicit(&job->lanes[i].range, memory_order_acquire);
            uint64_t left = (range & 0xffffffff) - (range >> 32);
            if ((range >> 32) < (range & 0xffffffff) && left > most) {
                most = left;
                best = range;
                fullest = &job->lanes[i];
            }
        }
        if (!fullest) return false;
        uint64_t next = best >> 32, end = best & 0xffffffff, middle = end - (most + 1) / 2;
        if (!atomic_compare_exchange_strong(&fullest->range, &best, next << 32 | middle)) continue;
        atomic_store_explicit(&own->range, middle << 32 | end, memory_order_release);
        return true;
    }
}

/* Works on the job until no block is left to be begun. */
static void run_lane(Job *job, Lane *lane, uint64_t *slots)
{
    uint64_t start = is_caller ? ticks() : 0;
    int64_t ran = 0;
    do {
        for (int64_t block; (block = take(lane)) >= 0;) {
            if (block > atomic_load_explicit(&job->failed, memory_order_relaxed)) continue;
            if (is_caller && !signals_run()) {
                stop(job);
                continue;
            }
            run_blocks(job, slots, block, 1);
            ran++;
        }
    } while (steal(job, lane));
    if (is_caller && ran)
        remember(job->key, (job->n * ran + job->blocks - 1) / job->blocks, ticks() - start);
}

/* ---- Workers ---- */

static Job *open_job(void)
{
    for (Job *job = jobs; job; job = job->next) {
        int n = atomic_load_explicit(&job->nlanes, memory_order_relaxed);
        if (n >= job->lanes_room || atomic_load(&job->failed) < 0) continue;
        for (int i = 0; i < n; i++) {
            uint64_t range = atomic_load_explicit(&job->lanes[i].range, memory_order_relaxed);
            if ((range >> 32) < (range & 0xffffffff)) return job;
        }
    }
    return NULL;
}

static bool take_seat(void)
{
    int n = atomic_load(&taken);
    while (n < jit_pool_total())
        if (atomic_compare_exchange_weak(&taken, &n, n + 1)) return true;
    return false;
}

static void leave_seat(void)
{
    atomic_fetch_sub(&taken, 1);
    if (atomic_load(&waiting) == 0) return;
    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&room);
    pthread_mutex_unlock(&mutex);
}

/* With the mutex held, which it gives up while it works. */
static void help(Job *job)
{
    uint64_t own[SLOTS_INLINE], *slots = own;
    if (job->nslots > SLOTS_INLINE && !(slots = malloc((size_t)job->nslots * sizeof *slots)))
        return;
    memcpy(slots, job->slots, (size_t)job->nslots * sizeof *slots);
    lane_number = atomic_load_explicit(&job->nlanes, memory_order_relaxed);
    Lane *lane = &job->lanes[lane_number];
    atomic_store_explicit(&lane->range, 0, memory_order_relaxed);
    atomic_store_explicit(&job->nlanes, lane_number + 1, memory_order_release);
    atomic_fetch_add(&job->helpers, 1);
    pthread_mutex_unlock(&mutex);
    current = job;
    run_lane(job, lane, slots);
    current = NULL;
    if (slots != own) free(slots);
    leave_seat();
    pthread_mutex_lock(&mutex);
    if (atomic_fetch_sub(&job->helpers, 1) == 1) pthread_cond_signal(&job->done);
}

/* Looks for a new job without sleeping; true if there may be one. */
static bool spin(uint32_t seen)
{
    for (uint64_t start = ticks(); ticks() - start < SPIN_TICKS;) {
        if (atomic_load_explicit(&opened, memory_order_relaxed) != seen) return true;
        for (int i = 0; i < 16; i++) relax();
    }
    return false;
}

static void *worker(void *nothing)
{
    pthread_mutex_lock(&mutex);
    for (bool spun = false;;) {
        uint32_t seen = atomic_load(&opened);
        Job *job = open_job();
        if (job && take_seat()) {
            help(job);
            spun = false;
        } else if (!spun) {
            pthread_mutex_unlock(&mutex);
            spun = !spin(seen);
            pthread_mutex_lock(&mutex);
        } else {
            sleepers++;
            pthread_cond_wait(&work, &mutex);
            sleepers--;
            spun = false;
        }
    }
    return nothing;
}

/* Under the mutex. Fewer threads than wanted are no error: the caller works too. */
static void start_workers(int wanted)
{
    sigset_t all, before;
    if (workers >= wanted) return;
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

/* ---- The caller ---- */

/* Until a seat is free; false: a signal handler raised meanwhile. */
static bool wait_for_seat(void)
{
    bool fine = true;
    atomic_fetch_add(&waiting, 1);
    pthread_mutex_lock(&mutex);
    while (fine && !take_seat()) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_nsec += SIGNAL_LOOK_NS;
        if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&room, &mutex, &t);
        pthread_mutex_unlock(&mutex);
        fine = signals_run();
        pthread_mutex_lock(&mutex);
    }
    pthread_mutex_unlock(&mutex);
    atomic_fetch_sub(&waiting, 1);
    return fine;
}

static void open_to_others(Job *job, int threads)
{
    pthread_mutex_lock(&mutex);
    start_workers((threads < LANES ? threads : LANES) - 1);
    job->open = true;
    job->next = jobs; /* the newest first: inner loops before those around them */
    jobs = job;
    atomic_fetch_add(&opened, 1);
    int wake = threads - 1 < sleepers ? threads - 1 : sleepers;
    if (wake == 1)
        pthread_cond_signal(&work);
    else if (wake > 1)
        pthread_cond_broadcast(&work);
    pthread_mutex_unlock(&mutex);
}

/* Nobody joins any more; waits for those inside. */
static void close_job(Job *job)
{
    pthread_mutex_lock(&mutex);
    for (Job **link = &jobs; *link; link = &(*link)->next)
        if (*link == job) {
            *link = job->next;
            break;
        }
    pthread_mutex_unlock(&mutex);
    for (uint64_t start = ticks(); atomic_load(&job->helpers) && ticks() - start < SPIN_TICKS;)
        relax();
    pthread_mutex_lock(&mutex);
    while (atomic_load(&job->helpers)) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_nsec += SIGNAL_LOOK_NS;
        if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&job->done, &mutex, &t);
        pthread_mutex_unlock(&mutex);
        if (is_caller && atomic_load(&job->failed) >= 0 && !signals_run()) stop(job);
        pthread_mutex_lock(&mutex);
    }
    pthread_mutex_unlock(&mutex);
}

/* Runs blocks alone until the loop turns out to be worth company; the first block not run. */
static int64_t run_alone(Job *job, uint64_t *slots, bool for_good)
{
    bool joined = job->nresults == 0 && job->slots[1] == 0; /* no results, copies, bar */
    int64_t look = job->blocks >= 64 ? job->blocks / 16 : 1, step = joined ? look : 1;
    uint64_t start = ticks();
    for (int64_t block = 0; block < job->blocks; block += step) {
        if (!for_good && block && block % look == 0 && ticks() - start > ALONE_TICKS) return block;
        if (is_caller && !signals_run()) stop(job);
        if (atomic_load_explicit(&job->failed, memory_order_relaxed) < block) break;
        run_blocks(job, slots, block, step < job->blocks - block ? step : job->blocks - block);
    }
    return job->blocks;
}

static void run_together(Job *job, uint64_t *slots, int64_t from, int threads)
{
    Lane lanes[LANES];
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&job->done, &clock);
    pthread_condattr_destroy(&clock);
    job->lanes = lanes;
    job->lanes_room = threads < LANES ? threads : LANES;
    atomic_store_explicit(&lanes[0].range, range_of(from, job->blocks), memory_order_relaxed);
    atomic_store(&job->nlanes, 1);
    open_to_others(job, threads);
    run_lane(job, &lanes[0], slots);
    close_job(job);
    pthread_cond_destroy(&job->done);
}

static void run_job(Job *job)
{
    uint64_t own[SLOTS_INLINE], *slots = own;
    if (job->nslots > SLOTS_INLINE && !(slots = malloc((size_t)job->nslots * sizeof *slots)))
        abort();
    memcpy(slots, job->slots, (size_t)job->nslots * sizeof *slots);
    int threads = jit_pool_threads();
    if (threads > job->blocks) threads = (int)job->blocks;
    bool alone = threads < 2 || job->depth > DEPTH ||
                 (job->outer && atomic_load(&taken) >= jit_pool_total());
    uint64_t start = ticks();
    int64_t from = 0;
    if (alone || known_short(job->key, job->n)) from = run_alone(job, slots, alone);
    if (from < job->blocks)
        run_together(job, slots, from, threads);
    else
        remember(job->key, job->n, ticks() - start);
    if (slots != own) free(slots);
}

/* `key` stands for the loop in the history of times. */
static int32_t run_loop(KernelEntry body, uintptr_t key, int64_t n, const uint64_t *slots,
                        int64_t nslots, uint64_t *results, int64_t nresults, KernelError *error)
{
    int64_t blocks = (int64_t)slots[0];
    if (blocks <= 0) return 0;
    Job job, *outer = current;
    memset(&job, 0, sizeof job);
    job.outer = outer;
    job.outer_block = current_block;
    job.depth = outer ? outer->depth + 1 : 0;
    job.body = body;
    job.key = key;
    job.n = n;
    job.blocks = blocks;
    job.least = n / blocks;
    job.more = n % blocks;
    job.nslots = nslots;
    job.nresults = nresults;
    job.slots = slots;
    job.results = results;
    job.randoms = jit_randoms_open(slots[1]);
    atomic_store_explicit(&job.failed, blocks, memory_order_relaxed);
    bool attached = kr_self && kr_is_attached(), was_caller = is_caller;
    int64_t outer_block = current_block;
    int outer_lane = lane_number;
    pthread_once(&once, prepare);
    if (attached) kr_detach();
    if (outer || take_seat() || wait_for_seat()) {
        current = &job;
        if (!outer) is_caller = true, lane_number = 0;
        Progress bar;
        if (slots[1] & PARFOR_PROGRESS) jit_progress_open(job.progress = &bar, n);
        run_job(&job);
        if (job.progress) jit_progress_close(job.progress);
        current = outer;
        is_caller = was_caller;
        current_block = outer_block;
        lane_number = outer_lane;
        if (!outer) leave_seat();
    } else {
        job.error.site = &interrupted;
        atomic_store(&job.failed, -1);
    }
    if (attached) kr_attach();
    if (job.alarm) atomic_fetch_sub(&kr_thread_attention, ATTENTION_FAILURE);
    if (atomic_load(&job.failed) == blocks) return 0;
    kernel_error_copy(error, &job.error);
    jit_trail_put(&job.trail);
    return 1;
}

static int32_t pool_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                           uint64_t *results, int64_t nresults, KernelError *error)
{
    return run_loop(body, (uintptr_t)body, n, slots, nslots, results, nresults, error);
}

/* ---- Loops of native modules ---- */

typedef struct NativeLoop {
    void (*body)(int64_t begin, int64_t end, void *context);
    void *context;
} NativeLoop;

static int32_t run_native(const uint64_t *slots, KR_UNUSED uint64_t *results,
                          KR_UNUSED KernelError *error)
{
    const NativeLoop *loop = (const NativeLoop *)(uintptr_t)slots[5];
    loop->body((int64_t)slots[0], (int64_t)slots[1], loop->context);
    return 0;
}

int kr_parallel(void (*body)(int64_t begin, int64_t end, void *context), int64_t n, void *context)
{
    if (n <= 0) return 0;
    NativeLoop loop = {body, context};
    uint64_t slots[6] = {(uint64_t)(n < 256 ? n : 256), [5] = (uint64_t)(uintptr_t)&loop};
    KernelError error = {0};
    return run_loop(run_native, (uintptr_t)body, n, slots, 6, NULL, 0, &error) ? -1 : 0;
}

/* ---- fork ---- */

static void make_conditions(void)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&work, NULL);
    pthread_cond_init(&room, &clock);
    pthread_condattr_destroy(&clock);
}

static void before_fork(void) { pthread_mutex_lock(&mutex); }
static void after_fork_parent(void) { pthread_mutex_unlock(&mutex); }
static void after_fork_child(void)
{
    pthread_mutex_init(&mutex, NULL);
    make_conditions();
    jobs = NULL;
    workers = sleepers = 0;
    atomic_fetch_and(&kr_thread_attention, ATTENTION_SIGNAL); /* the failing loops were other threads' */
    atomic_store(&taken, current ? 1 : 0);
    atomic_store(&waiting, 0);
}

static void prepare(void)
{
    make_conditions();
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}

void jit_pool_install(void)
{
    jit_rt_parfor_hook = pool_parfor;
    jit_rt_poll_hook = pool_poll;
}
