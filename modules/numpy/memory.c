/* memory.c: the blocks that array data stand in.
 *
 * Blocks of 256 KB and more are mapped pages (zero when fresh, huge pages where the kernel gives
 * them); freed ones wait in a small cache, since faulting pages in costs as much as the arithmetic
 * on them. Smaller blocks come from malloc at cache-line alignment.
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
#define CACHE_SLOTS 16
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
        block = cache_take(bytes);
        if (block) {
            if (zero) memset(block, 0, bytes);
        } else {
            block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (block == MAP_FAILED) return NULL;
            if (bytes >= HUGE) madvise(block, bytes, MADV_HUGEPAGE);
        }
    } else {
        size_t bytes = (size + 63) & ~(size_t)63;
        block = aligned_alloc(64, bytes ? bytes : 64);
        if (!block) return NULL;
        if (zero) memset(block, 0, bytes ? bytes : 64);
    }
    held += (int64_t)size;
    kr_external_memory((int64_t)size + 64);
    return block;
}

void np_block_free(void *block, size_t size)
{
    held -= (int64_t)size;
    kr_external_memory(-(int64_t)size - 64);
    if (size < LARGE) free(block);
    else if (!cache_put(block, rounded(size))) munmap(block, rounded(size));
}
