/* memory.c: the blocks that array data stand in.
 *
 * Blocks of 256 KB and more are mapped pages (zero when fresh, huge pages where the kernel gives
 * them); freed ones wait in a small cache, since faulting pages in costs as much as the arithmetic
 * on them. Smaller blocks are of classes, 64 bytes apart up to 1 KB and then four to a doubling; freed ones wait
 * in a list of their class, last freed first taken, since malloc neither keeps aligned blocks apart nor
 * keeps their pages (measured: np.zeros(1000) took 26 us from malloc, 3 us from a list).
 *
 * The collector is told of every byte. A large allocation first compares what this module would hold with
 * a threshold, an eighth over what survived the last collection, and collects before the block is taken: so
 * `a = a + b` in a loop holds three arrays, not the collector's usual doubling; doubling it is where the heap is
 * so large that a collection takes long. */
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

#include "modules/numpy/numpy.h"

#define LARGE ((size_t)256 << 10)
#define HUGE ((size_t)4 << 20)
#define CACHE_SLOTS 256
#define CACHE_BYTES ((size_t)192 << 20)
#define LEAST_THRESHOLD ((int64_t)64 << 20)
#define LONG_PAUSE 0.02 /* seconds: a collection that pays only now and then */

static struct {
    void *block;
    size_t size;
} cache[CACHE_SLOTS];
static size_t cached;
static int64_t held, threshold = LEAST_THRESHOLD;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

/* ---- Small blocks ---- */

#define CLASSES 48
#define LISTED_BYTES ((size_t)64 << 20)

typedef struct FreeBlock {
    struct FreeBlock *next;
} FreeBlock;
static FreeBlock *lists[CLASSES];
static size_t listed; /* bytes in all lists */

static int class_of(size_t size)
{
    if (size <= 1024) return size ? (int)((size - 1) / 64) : 0;
    int top = 63 - __builtin_clzll(size - 1); /* size - 1 is in [2^top, 2^(top + 1)) */
    return 16 + (top - 10) * 4 + (int)(((size - 1) >> (top - 2)) & 3);
}

static size_t class_size(int class)
{
    if (class < 16) return ((size_t)class + 1) * 64;
    int top = 10 + (class - 16) / 4, quarter = (class - 16) % 4;
    return ((size_t)1 << top) + ((size_t)(quarter + 1) << (top - 2));
}

static void *small_alloc(size_t size)
{
    int class = class_of(size);
    pthread_mutex_lock(&guard);
    FreeBlock *block = lists[class];
    if (block) {
        lists[class] = block->next;
        listed -= class_size(class);
    }
    pthread_mutex_unlock(&guard);
    return block ? block : aligned_alloc(64, class_size(class));
}

static void small_free(void *p, size_t size)
{
    int class = class_of(size);
    FreeBlock *block = p;
    pthread_mutex_lock(&guard);
    bool keep = listed < LISTED_BYTES;
    if (keep) {
        block->next = lists[class];
        lists[class] = block;
        listed += class_size(class);
    }
    pthread_mutex_unlock(&guard);
    if (!keep) free(p);
}

/* ---- Large blocks ---- */

static size_t rounded(size_t size) { return (size + 4095) & ~(size_t)4095; }

static void *cache_take(size_t size)
{
    void *found = NULL;
    pthread_mutex_lock(&guard);
    for (int i = 0; i < CACHE_SLOTS && !found; i++)
        if (cache[i].block && cache[i].size == size) {
            found = cache[i].block;
            cache[i].block = NULL;
            cached -= size;
        }
    pthread_mutex_unlock(&guard);
    return found;
}

static bool cache_put(void *block, size_t size)
{
    if (size > CACHE_BYTES) return false;
    pthread_mutex_lock(&guard);
    static int hand;
    int free_slot = -1;
    for (int i = 0; i < CACHE_SLOTS; i++)
        if (!cache[i].block) free_slot = i;
    while (cached + size > CACHE_BYTES || free_slot < 0) {
        hand = (hand + 1) % CACHE_SLOTS;
        if (!cache[hand].block) continue;
        munmap(cache[hand].block, cache[hand].size);
        cached -= cache[hand].size;
        cache[hand].block = NULL;
        free_slot = hand;
    }
    cache[free_slot].block = block;
    cache[free_slot].size = size;
    cached += size;
    pthread_mutex_unlock(&guard);
    return true;
}

static double cpu_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void np_block_pressure(size_t size)
{
    if (size < LARGE || held + (int64_t)size <= threshold) return;
    double begin = cpu_time();
    kr_collect();
    int64_t slack = held / 8;
    if (cpu_time() - begin > LONG_PAUSE) slack = held + (int64_t)size;
    threshold = held + slack > LEAST_THRESHOLD ? held + slack : LEAST_THRESHOLD;
}

void *np_block_alloc(size_t size, bool zero)
{
    void *block;
    if (size >= LARGE) {
        size_t bytes = rounded(size);
        block = zero && bytes >= HUGE ? NULL : cache_take(bytes); /* fresh pages are zero, when they are touched */
        if (block) {
            if (zero) memset(block, 0, bytes);
        } else {
            block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (block == MAP_FAILED) return NULL;
            if (bytes >= HUGE) madvise(block, bytes, MADV_HUGEPAGE);
        }
    } else {
        block = small_alloc(size);
        if (!block) return NULL;
        if (zero) memset(block, 0, size);
    }
    held += (int64_t)size;
    kr_external_memory((int64_t)size + 64);
    return block;
}

void np_block_free(void *block, size_t size)
{
    held -= (int64_t)size;
    kr_external_memory(-(int64_t)size - 64);
    if (size < LARGE) small_free(block, size);
    else if (!cache_put(block, rounded(size))) munmap(block, rounded(size));
}
