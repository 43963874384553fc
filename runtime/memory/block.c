/* block.c: the reserved address range, and runs of free blocks in it.
 *
 * The range is reserved without access and opened step by step as `top` rises, so that it costs
 * nothing at start and obeys the limits that the system sets on memory in use. Free runs are kept
 * in bins by the logarithm of their length, and merged with their neighbours when they come back
 * (Knuth's boundary tags, kept in the descriptors). Each free block tells whether it is dirty, so
 * that what was never touched, or was given back, is not counted or given back once more. */
#include "runtime/memory/block.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESERVE_MOST ((size_t)256 << 30)
#define RESERVE_LEAST ((size_t)64 << 20)
#define COMMIT_STEP 64 /* blocks: 4 MB */

enum { BINS = 24, FIRST_FIT_TRIES = 32 };

Heap kr_heap;
static uint32_t bins[BINS];
static uint64_t physical_blocks;

static void *reserve(size_t bytes, int protection)
{
    void *p = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static char *aligned_range(size_t bytes)
{
    char *p = reserve(bytes + BLOCK_BYTES, PROT_NONE);
    return p ? (char *)(((uintptr_t)p + BLOCK_BYTES - 1) & ~(uintptr_t)(BLOCK_BYTES - 1)) : NULL;
}

bool kr_block_init(void)
{
    size_t bytes = RESERVE_MOST;
    char *trial = NULL;
    while (bytes >= RESERVE_LEAST && !(trial = reserve(bytes, PROT_NONE))) bytes /= 2;
    if (!trial) return false;
    munmap(trial, bytes);
    /* Where the address space itself is limited (ulimit -v), half of what is left belongs to
     * others. */
    if (bytes < RESERVE_MOST) bytes /= 2;
    size_t n = bytes >> BLOCK_SHIFT;
    kr_heap.base = aligned_range(bytes);
    kr_heap.blocks = reserve(n * sizeof(Block), PROT_READ | PROT_WRITE);
    kr_heap.marks = reserve(n * BLOCK_MARK_WORDS * 8, PROT_READ | PROT_WRITE);
    if (!kr_heap.base || !kr_heap.blocks || !kr_heap.marks) return false;
    kr_heap.limit_blocks = (uint32_t)n;
    for (int i = 0; i < BINS; i++) bins[i] = NO_BLOCK;
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    physical_blocks = pages > 0 ? (uint64_t)pages * (uint64_t)page >> BLOCK_SHIFT : UINT64_MAX;
    return true;
}

static int bin_of(uint32_t n)
{
    int bin = 31 - __builtin_clz(n);
    return bin < BINS ? bin : BINS - 1;
}

static void bin_add(uint32_t first, uint32_t n)
{
    Block *head = &kr_heap.blocks[first], *last = &kr_heap.blocks[first + n - 1];
    uint32_t *bin = &bins[bin_of(n)];
    head->state = last->state = BLOCK_FREE;
    head->run = last->run = n;
    head->previous = NO_BLOCK;
    head->next = *bin;
    if (*bin != NO_BLOCK) kr_heap.blocks[*bin].previous = first;
    *bin = first;
}

static void bin_remove(uint32_t first)
{
    Block *head = &kr_heap.blocks[first];
    if (head->previous != NO_BLOCK)
        kr_heap.blocks[head->previous].next = head->next;
    else
        bins[bin_of(head->run)] = head->next;
    if (head->next != NO_BLOCK) kr_heap.blocks[head->next].previous = head->previous;
}

/* Blocks [first, first + n) are free no longer: is one of them dirty? */
static bool use_up(uint32_t first, uint32_t n)
{
    uint32_t dirty = 0;
    for (uint32_t i = 0; i < n; i++) dirty += kr_heap.blocks[first + i].dirty;
    kr_heap.free_dirty_blocks -= dirty;
    return dirty > 0;
}

/* Opens the range up to `blocks` from the base. */
static bool commit(uint64_t blocks)
{
    if (blocks > kr_heap.limit_blocks || blocks > physical_blocks) return false;
    if (blocks <= kr_heap.committed_blocks) return true;
    uint64_t to = (blocks + COMMIT_STEP - 1) / COMMIT_STEP * COMMIT_STEP;
    if (to > kr_heap.limit_blocks) to = kr_heap.limit_blocks;
    size_t bytes = (size_t)(to - kr_heap.committed_blocks) << BLOCK_SHIFT;
    if (mprotect(block_memory(kr_heap.committed_blocks), bytes, PROT_READ | PROT_WRITE) != 0)
        return false;
    kr_heap.committed_blocks = (uint32_t)to;
    return true;
}

static uint32_t find_run(uint32_t n)
{
    int bin = bin_of(n), tries = FIRST_FIT_TRIES;
    for (uint32_t b = bins[bin]; b != NO_BLOCK && tries-- > 0; b = kr_heap.blocks[b].next)
        if (kr_heap.blocks[b].run >= n) return b;
    while (++bin < BINS)
        if (bins[bin] != NO_BLOCK) return bins[bin];
    return NO_BLOCK;
}

static uint32_t extend_top(uint32_t n, bool *dirty)
{
    uint32_t first = kr_heap.top_blocks;
    *dirty = false;
    if (first > 0 && kr_heap.blocks[first - 1].state == BLOCK_FREE) {
        uint32_t run = kr_heap.blocks[first - 1].run;
        if (!commit((uint64_t)first - run + n)) return NO_BLOCK;
        first -= run;
        *dirty = use_up(first, run);
        bin_remove(first);
    } else if (!commit((uint64_t)first + n)) {
        return NO_BLOCK;
    }
    kr_heap.top_blocks = first + n;
    kr_heap.top_bytes = (size_t)kr_heap.top_blocks << BLOCK_SHIFT;
    return first;
}

uint32_t kr_block_take(uint32_t n, bool *dirty)
{
    uint32_t first = find_run(n);
    if (first == NO_BLOCK) return extend_top(n, dirty);
    uint32_t run = kr_heap.blocks[first].run;
    assert(run >= n);
    *dirty = use_up(first, n);
    bin_remove(first);
    if (run > n) bin_add(first + n, run - n);
    return first;
}

bool kr_block_extend(uint32_t first, uint32_t n, uint32_t more, bool *dirty)
{
    uint32_t next = first + n;
    if (next == kr_heap.top_blocks) {
        if (!commit((uint64_t)next + more)) return false;
        kr_heap.top_blocks = next + more;
        kr_heap.top_bytes = (size_t)kr_heap.top_blocks << BLOCK_SHIFT;
        *dirty = false;
        return true;
    }
    Block *free = &kr_heap.blocks[next];
    if (free->state != BLOCK_FREE || free->run < more) return false;
    uint32_t run = free->run;
    *dirty = use_up(next, more);
    bin_remove(next);
    if (run > more) bin_add(next + more, run - more);
    return true;
}

void kr_block_give(uint32_t first, uint32_t n, bool dirty)
{
    for (uint32_t i = 0; i < n; i++) {
        kr_heap.blocks[first + i].state = BLOCK_FREE;
        kr_heap.blocks[first + i].dirty = dirty;
    }
    if (dirty) kr_heap.free_dirty_blocks += n;
    if (first > 0 && kr_heap.blocks[first - 1].state == BLOCK_FREE) {
        uint32_t before = kr_heap.blocks[first - 1].run;
        bin_remove(first - before);
        first -= before;
        n += before;
    }
    if (first + n < kr_heap.top_blocks && kr_heap.blocks[first + n].state == BLOCK_FREE) {
        uint32_t after = first + n;
        bin_remove(after);
        n += kr_heap.blocks[after].run;
    }
    bin_add(first, n);
}

/* Returns the dirty blocks of a free run, the upper ones first, until few enough are left. */
static void trim_run(uint32_t first, uint64_t keep_blocks)
{
    for (uint32_t end = first + kr_heap.blocks[first].run; end > first;) {
        if (!kr_heap.blocks[--end].dirty) continue;
        if (kr_heap.free_dirty_blocks <= keep_blocks) return;
        uint64_t surplus = kr_heap.free_dirty_blocks - keep_blocks;
        uint32_t from = end;
        while (from > first && kr_heap.blocks[from - 1].dirty && end - from + 1 < surplus) from--;
        uint32_t n = end - from + 1;
        if (madvise(block_memory(from), (size_t)n << BLOCK_SHIFT, MADV_DONTNEED) != 0) return;
        for (uint32_t i = 0; i < n; i++) kr_heap.blocks[from + i].dirty = false;
        kr_heap.free_dirty_blocks -= n;
        end = from;
    }
}

void kr_block_trim(uint64_t keep_blocks)
{
    for (int bin = BINS - 1; bin >= 0; bin--)
        for (uint32_t b = bins[bin]; b != NO_BLOCK; b = kr_heap.blocks[b].next) {
            if (kr_heap.free_dirty_blocks <= keep_blocks) return;
            trim_run(b, keep_blocks);
        }
}
