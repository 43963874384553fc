/* heap.c: size classes, allocation, sweeping.
 *
 *   heap_alloc (heap.h)     pops the thread's free list          cells up to 1 KB, no release
 *     kr_heap_alloc_slow    collects if due, then
 *       refill              sweeps or carves a portion of the class's current block
 *       alloc_large         takes a run of blocks                above 32 KB
 *
 * A refill prepares 8 KB of cells, not a whole block: they are zeroed and linked while they fit in
 * the L1 cache and used right after. Fresh blocks come as zero pages from the system and are not
 * cleared.
 *
 * Under stress no cell ever reaches a thread's free list, so that every allocation passes the slow
 * path; freed cells are poisoned at once and cleared when they are allocated. */
#include "runtime/memory/block.h"
#include "runtime/memory/vector.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool kr_heap_stress, kr_heap_disabled;

static void trace_vector(void *vector, KrTracer *tracer) { kr_heap_trace_vector(tracer, vector); }
HeapKind kr_values_kind = {.trace = trace_vector, .name = "vector of values"};
HeapKind kr_bytes_kind = {.name = "vector of bytes"};

/* ---- Size classes ---- */

/* Above 1 KB, eight steps a doubling: the leading bit and the three below it. */
static inline size_t class_of(size_t bytes)
{
    if (bytes < HEAP_CLASSES * HEAP_GRAIN) return (bytes + HEAP_GRAIN - 1) / HEAP_GRAIN;
    size_t b = bytes - 1;
    int top = 63 - __builtin_clzll(b);
    return HEAP_CLASSES + (size_t)(top - 10) * 8 + (b >> (top - 3) & 7);
}

static inline size_t class_bytes(size_t class)
{
    if (class < HEAP_CLASSES) return class * HEAP_GRAIN;
    size_t i = class - HEAP_CLASSES;
    return (9 + i % 8) << (7 + i / 8);
}

static uint32_t take_block(size_t class, bool releasing)
{
    bool dirty;
    uint32_t number = kr_block_take(1, &dirty);
    if (number == NO_BLOCK) return NO_BLOCK;
    Block *b = &kr_heap.blocks[number];
    uint32_t cell = (uint32_t)class_bytes(class), grains = cell / HEAP_GRAIN;
    *b = (Block){.state = BLOCK_CELLS,
                 .class = (uint8_t) class,
                 .releasing = releasing,
                 .dirty = dirty,
                 .next = NO_BLOCK,
                 .previous = NO_BLOCK,
                 .cell_bytes = cell,
                 .reciprocal = ((1u << 24) + grains - 1) / grains,
                 .count = (uint16_t)(BLOCK_BYTES / cell)};
    memset(mark_word(block_memory(number)), 0, BLOCK_MARK_WORDS * 8);
    return number;
}

/* ---- Sweeping ---- */

static void fill_poison(void *p, size_t bytes)
{
    uint64_t *word = p;
    for (size_t i = 0; i < bytes / 8; i++) word[i] = POISON;
}

/* Links cells [from, to) of a block behind *tail; returns the new tail. */
static FreeCell **link_cells(uint32_t number, const Block *b, uint32_t from, uint32_t to,
                             FreeCell **tail)
{
    char *cell = block_cell(number, b, from);
    if (kr_heap.stress) fill_poison(cell, (size_t)(to - from) * b->cell_bytes);
    for (uint32_t i = from; i < to; i++, cell += b->cell_bytes) {
        FreeCell *f = (FreeCell *)cell;
        f->none = NULL;
        *tail = f;
        tail = &f->next;
    }
    return tail;
}

/* Sweeps and then carves a block until `wanted` bytes are linked or it is exhausted. */
static FreeCell **sweep_portion(uint32_t number, size_t wanted, FreeCell **tail, size_t *linked)
{
    Block *b = &kr_heap.blocks[number];
    uint32_t most = (uint32_t)(wanted / b->cell_bytes), found = 0;
    b->touched = true;
    if (most == 0) most = 1;
    while (b->swept < b->carved && found < most) {
        uint32_t i = b->swept;
        if (is_marked(block_cell(number, b, i))) {
            b->swept++;
            continue;
        }
        uint32_t end = i + 1;
        while (end < b->carved && end - i < most - found && !is_marked(block_cell(number, b, end)))
            end++;
        tail = link_cells(number, b, i, end, tail);
        found += end - i;
        b->swept = (uint16_t)end;
    }
    if (found < most && b->carved < b->count) {
        uint32_t n = b->count - b->carved;
        if (n > most - found) n = most - found;
        tail = link_cells(number, b, b->carved, b->carved + n, tail);
        found += n;
        b->carved = b->swept = (uint16_t)(b->carved + n);
    }
    *linked += (size_t)found * b->cell_bytes;
    return tail;
}

static bool block_exhausted(const Block *b)
{
    return b->swept >= b->carved && b->carved >= b->count;
}

/* A portion of free cells of the class, or NULL when there is no memory. */
static FreeCell *refill(size_t class, bool releasing)
{
    SizeClass *sc = &kr_heap.classes[releasing][class];
    FreeCell *head = NULL, **tail = &head;
    size_t linked = 0;
    while (linked < PORTION) {
        if (sc->current == NO_BLOCK) {
            if (sc->unswept != NO_BLOCK) {
                sc->current = sc->unswept;
                sc->unswept = kr_heap.blocks[sc->current].next;
            } else if (head || (sc->current = take_block(class, releasing)) == NO_BLOCK) {
                break;
            }
        }
        tail = sweep_portion(sc->current, PORTION - linked, tail, &linked);
        if (block_exhausted(&kr_heap.blocks[sc->current])) sc->current = NO_BLOCK;
    }
    *tail = NULL;
    kr_heap.budget -= (int64_t)linked;
    kr_heap.allocated += linked;
    return head;
}

/* Before marking: what is dead but not swept yet loses its type word, and with it its life. */
void kr_heap_sweep_finish(void)
{
    for (uint32_t n = 0; n < kr_heap.top_blocks; n++) {
        Block *b = &kr_heap.blocks[n];
        if (b->state != BLOCK_CELLS) continue;
        for (uint32_t i = b->known ? b->carved : b->swept; i < b->carved; i++) {
            Object *cell = (Object *)block_cell(n, b, i);
            if (!is_marked(cell)) cell->type = NULL;
        }
        b->swept = b->carved;
    }
}

static uint32_t count_marks(uint32_t number)
{
    const uint64_t *words = mark_word(block_memory(number));
    uint32_t n = 0;
    for (int i = 0; i < BLOCK_MARK_WORDS; i++)
        if (words[i]) n += (uint32_t)__builtin_popcountll(words[i]);
    return n;
}

/* Gives the dead their last rites before any memory of theirs, or of their types, is reused. */
static void release_dead(uint32_t n)
{
    Block *b = &kr_heap.blocks[n];
    for (uint32_t i = 0; i < (b->state == BLOCK_LARGE ? 1 : b->carved); i++) {
        Object *object =
            (Object *)(b->state == BLOCK_LARGE ? block_memory(n) : block_cell(n, b, i));
        if (!object->type || is_marked(object)) continue;
        void (*release)(void *) = kind_of(object)->release;
        if (release) release(object);
    }
}

static void free_large(uint32_t n)
{
    Block *b = &kr_heap.blocks[n];
    if (kr_heap.stress)
        fill_poison(block_memory(n), b->large_bytes < BLOCK_BYTES ? b->large_bytes : BLOCK_BYTES);
    kr_block_give(n, b->run, true);
}

void kr_heap_sweep_start(void)
{
    for (uint32_t n = 0; n < kr_heap.top_blocks; n++)
        if (kr_heap.blocks[n].releasing &&
            (kr_heap.blocks[n].state == BLOCK_CELLS || kr_heap.blocks[n].state == BLOCK_LARGE))
            release_dead(n);
    for (int r = 0; r < 2; r++)
        for (size_t c = 0; c < SIZE_CLASSES; c++)
            kr_heap.classes[r][c] =
                (SizeClass){.free = NULL, .current = NO_BLOCK, .unswept = NO_BLOCK};
    kr_heap.live_bytes = kr_heap.live_cells = 0;
    /* Downwards, so that the lists ascend: low addresses are reused first and the top empties. */
    for (uint32_t n = kr_heap.top_blocks; n-- > 0;) {
        Block *b = &kr_heap.blocks[n];
        if (b->state == BLOCK_LARGE) {
            if (is_marked(block_memory(n))) {
                kr_heap.live_bytes += b->large_bytes;
                kr_heap.live_cells++;
            } else {
                free_large(n);
            }
            continue;
        }
        if (b->state != BLOCK_CELLS) continue;
        uint32_t live = count_marks(n);
        /* Its dead cells lost their type words before this marking, and none was added. */
        b->known = !b->touched && b->live == live;
        b->touched = false;
        b->live = (uint16_t)live;
        kr_heap.live_cells += live;
        kr_heap.live_bytes += (uint64_t)live * b->cell_bytes;
        SizeClass *sc = &kr_heap.classes[b->releasing][b->class];
        if (live == 0) {
            bool dirty = b->dirty || b->carved > 0;
            if (kr_heap.stress) fill_poison(block_memory(n), (size_t)b->carved * b->cell_bytes);
            kr_block_give(n, 1, dirty);
        } else if (live == b->count) {
            b->swept = b->carved;
        } else {
            b->swept = 0;
            b->next = sc->unswept;
            sc->unswept = n;
            if (kr_heap.stress) {
                /* Poison the dead now, but leave them to the sweep. */
                for (uint32_t i = 0; i < b->carved; i++) {
                    Object *cell = (Object *)block_cell(n, b, i);
                    if (is_marked(cell)) continue;
                    fill_poison(cell, b->cell_bytes);
                    cell->type = NULL;
                }
            }
        }
    }
}

/* ---- Allocation ---- */

static void *no_memory(void)
{
    kr_raise_no_memory();
    return NULL;
}

static void collect_if_due(void)
{
    static uint32_t state = 12345, countdown;
    if (kr_heap_stress) {
        kr_heap.stress = true;
        if (countdown > 0) {
            countdown--;
            return;
        }
        state = state * 1664525 + 1013904223;
        countdown = (state >> 8) % (uint32_t)(kr_heap.live_cells / 16 + 2);
    } else if (kr_heap.budget >= 0) {
        return;
    } else if (kr_heap_disabled) {
        HeapStats stats;
        kr_heap_stats(&stats);
        int64_t live = (int64_t)stats.live_bytes;
        int64_t usual = live > HEAP_SPARE_MOST ? live : HEAP_SPARE_MOST;
        if (kr_heap.budget > -7 * usual) return;
    }
    kr_heap_collect();
}

static void *alloc_large(HeapKind *kind, size_t bytes, bool clear)
{
    if (bytes > (size_t)kr_heap.limit_blocks << BLOCK_SHIFT) return no_memory();
    bytes = (bytes + HEAP_GRAIN - 1) & ~(size_t)(HEAP_GRAIN - 1);
    uint32_t n = (uint32_t)((bytes + BLOCK_BYTES - 1) >> BLOCK_SHIFT);
    bool dirty;
    uint32_t first = kr_block_take(n, &dirty);
    if (first == NO_BLOCK) {
        kr_heap_collect();
        first = kr_block_take(n, &dirty);
        if (first == NO_BLOCK) return no_memory();
    }
    Block *b = &kr_heap.blocks[first];
    *b = (Block){.state = BLOCK_LARGE,
                 .run = n,
                 .releasing = kind->release != NULL,
                 .large_bytes = bytes,
                 .count = 1,
                 .carved = 1,
                 .swept = 1};
    for (uint32_t i = 1; i < n; i++)
        kr_heap.blocks[first + i] = (Block){.state = BLOCK_TAIL, .run = i};
    Object *object = (Object *)block_memory(first);
    *mark_word(object) = 0;
    if (dirty && clear) memset(object, 0, bytes);
    object->type = (Type *)kind;
    kr_heap.budget -= (int64_t)bytes;
    kr_heap.allocated += bytes;
    return object;
}

void *kr_heap_alloc_slow(HeapKind *kind, size_t bytes, bool clear)
{
    assert(!kr_heap.collecting && "trace and release functions allocate nothing");
    assert(bytes >= sizeof(Object));
    collect_if_due();
    if (bytes > CELL_MOST) return alloc_large(kind, bytes, clear);
    size_t class = class_of(bytes);
    bool releasing = kind->release != NULL;
    bool threaded = class < HEAP_CLASSES && !releasing && !kr_heap.stress;
    FreeCell **list =
        threaded ? &kr_self->free_cells[class] : &kr_heap.classes[releasing][class].free;
    if (!*list) *list = refill(class, releasing);
    if (!*list) {
        kr_heap_collect();
        list = threaded ? &kr_self->free_cells[class] : &kr_heap.classes[releasing][class].free;
        *list = refill(class, releasing);
        if (!*list) return no_memory();
    }
    FreeCell *cell = *list;
    *list = cell->next;
    if (clear) memset(cell, 0, class_bytes(class));
    cell->none = (Type *)kind;
    return cell;
}

static inline void *alloc_vector(HeapKind *kind, size_t bytes)
{
    Object *vector = heap_alloc(kind, sizeof(Object) + bytes);
    return vector ? vector + 1 : NULL;
}

Value *kr_heap_values(size_t n)
{
    if (n > SIZE_MAX / 16) return no_memory();
    return alloc_vector(&kr_values_kind, n * sizeof(Value));
}

Value *kr_heap_values_copy(const Value *values, size_t n, size_t *capacity)
{
    if (n >= 64) {
        Value *copy = kr_heap_values(n);
        if (!copy) return NULL;
        memcpy(copy, values, n * sizeof(Value));
        *capacity = kr_heap_values_capacity(copy);
        return copy;
    }
    /* The cell, a multiple of two words, has room for a header and an odd number of values. */
    Object *vector = heap_alloc_raw(&kr_values_kind, sizeof(Object) + n * sizeof(Value));
    if (!vector) return NULL;
    Value *copy = (Value *)(vector + 1);
    copy[n & ~(size_t)1] = EMPTY;
    for (size_t i = 0; i < n; i++) copy[i] = values[i];
    *capacity = n | 1;
    return copy;
}

void *kr_heap_bytes(size_t n)
{
    if (n > SIZE_MAX / 2) return no_memory();
    return alloc_vector(&kr_bytes_kind, n);
}

/* Makes a large object `bytes` long without moving it. */
static bool extend_large(Object *object, size_t bytes)
{
    uint32_t first = block_number(object);
    Block *b = &kr_heap.blocks[first];
    if (b->state != BLOCK_LARGE || bytes > (size_t)kr_heap.limit_blocks << BLOCK_SHIFT)
        return false;
    bytes = (bytes + HEAP_GRAIN - 1) & ~(size_t)(HEAP_GRAIN - 1);
    uint32_t have = b->run, need = (uint32_t)((bytes + BLOCK_BYTES - 1) >> BLOCK_SHIFT);
    bool dirty = false;
    if (need > have && !kr_block_extend(first, have, need - have, &dirty)) return false;
    for (uint32_t i = have; i < need; i++)
        kr_heap.blocks[first + i] = (Block){.state = BLOCK_TAIL, .run = i};
    size_t old_end = (size_t)have << BLOCK_SHIFT,
           cleared = bytes < old_end || dirty ? bytes : old_end;
    memset((char *)object + b->large_bytes, 0, cleared - b->large_bytes);
    kr_heap.budget -= (int64_t)(bytes - b->large_bytes);
    kr_heap.allocated += bytes - b->large_bytes;
    b->large_bytes = bytes;
    b->run = need;
    return true;
}

Value *kr_heap_values_grow(Value *values, size_t n)
{
    size_t had = kr_heap_values_capacity(values);
    if (had >= n) return values;
    if (n > SIZE_MAX / 16) return no_memory();
    if (values && extend_large((Object *)values - 1, sizeof(Object) + n * sizeof(Value)))
        return values;
    Value *grown = kr_heap_values(n);
    if (grown && had) memcpy(grown, values, had * sizeof(Value));
    return grown;
}

size_t kr_heap_cell_size(const void *object)
{
    const Block *b = &kr_heap.blocks[block_number(object)];
    return b->state == BLOCK_LARGE ? b->large_bytes : b->cell_bytes;
}

size_t kr_heap_values_capacity(const Value *values)
{
    return values ? (kr_heap_cell_size((const Object *)values - 1) - sizeof(Object)) / sizeof(Value)
                  : 0;
}

/* ---- Looking at the heap ---- */

Object *kr_heap_find_cell(const void *address)
{
    if (!heap_contains(address)) return NULL;
    uint32_t n = block_number(address);
    const Block *b = &kr_heap.blocks[n];
    switch (b->state) {
    case BLOCK_CELLS: {
        uint64_t grain = ((uintptr_t)address & (BLOCK_BYTES - 1)) >> GRAIN_SHIFT;
        uint32_t i = (uint32_t)(grain * b->reciprocal >> 24);
        Object *cell = (Object *)block_cell(n, b, i);
        return cell_in_use(b, i, cell) ? cell : NULL;
    }
    case BLOCK_TAIL:
        n -= b->run;
        b = &kr_heap.blocks[n];
        /* fall through */
    case BLOCK_LARGE:
        return (const char *)address < block_memory(n) + b->large_bytes ? (Object *)block_memory(n)
                                                                        : NULL;
    default: return NULL;
    }
}

void kr_heap_walk(void (*visit)(Object *object, void *context), void *context, bool vectors)
{
    for (uint32_t n = 0; n < kr_heap.top_blocks; n++) {
        const Block *b = &kr_heap.blocks[n];
        if (b->state != BLOCK_CELLS && b->state != BLOCK_LARGE) continue;
        for (uint32_t i = 0; i < b->carved; i++) {
            Object *object =
                (Object *)(b->state == BLOCK_LARGE ? block_memory(n) : block_cell(n, b, i));
            if (b->state == BLOCK_CELLS && !cell_in_use(b, i, object)) continue;
            bool vector = kind_of(object) == &kr_values_kind || kind_of(object) == &kr_bytes_kind;
            if (vectors || !vector) visit(object, context);
        }
    }
}

void kr_heap_each(void (*visit)(Object *object, void *context), void *context)
{
    kr_heap_walk(visit, context, false);
}

void kr_heap_stats(HeapStats *stats)
{
    *stats = (HeapStats){.collections = kr_heap.collections,
                         .allocated_bytes = kr_heap.allocated,
                         .live_bytes = kr_heap.live_bytes,
                         .external_bytes = (uint64_t)(kr_heap.external > 0 ? kr_heap.external : 0),
                         .blocks = kr_heap.top_blocks,
                         .pause_seconds = kr_heap.pause_seconds};
}

void kr_heap_external(int64_t delta)
{
    kr_heap.external += delta;
    if (kr_heap.outside > 0) kr_heap.outside -= delta;
    else kr_heap.budget -= delta;
}

void kr_external_memory(int64_t delta) { kr_heap_external(delta); }

/* ---- Beginning and end ---- */

void kr_heap_init(void)
{
    if (!kr_block_init()) {
        fputs("krait: cannot reserve address space for the heap\n", stderr);
        exit(1);
    }
    for (int r = 0; r < 2; r++)
        for (size_t c = 0; c < SIZE_CLASSES; c++)
            kr_heap.classes[r][c] =
                (SizeClass){.free = NULL, .current = NO_BLOCK, .unswept = NO_BLOCK};
    kr_heap.budget = HEAP_FIRST_BUDGET;
    kr_heap.outside = HEAP_LEAST_OUTSIDE;
    kr_thread_run_finalizers = kr_heap_run_pending;
}

static void release_one(Object *object, void *context)
{
    (void)context;
    void (*release)(void *) = kind_of(object)->release;
    if (release) release(object);
}

void kr_heap_shutdown(void) { kr_heap_walk(release_one, NULL, false); }
