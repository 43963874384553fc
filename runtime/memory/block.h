/* block.h: blocks and their descriptors; private to memory/.
 *
 *   address    base            base + 64 KB      ...                    top             limit
 *   memory     | block 0       | block 1         | ...                  | not yet used  |
 *   aside      blocks[0]       blocks[1]         ...      one descriptor a block
 *              marks[0..63]    marks[64..127]    ...      one bit for 16 bytes: marked
 *
 * A block is free (part of a run; the run's first and last descriptors know its length), or holds
 * cells of one size class, or begins a large object, or continues one (a tail). Cells of types with
 * a release function have blocks of their own (`releasing`).
 *
 *   cells      | 0 | 1 | ... | swept-1 | swept | ... | carved-1 | carved | ... | count-1 |
 *               by type word: free or not  by mark bit: live or dead   never used yet
 *
 * Between two collections a block's cells below `swept` tell by their type word what they are
 * (NULL: free); those from `swept` to `carved` are objects if marked and dead otherwise; those
 * beyond hold nothing. */
#ifndef RUNTIME_MEMORY_BLOCK_H
#define RUNTIME_MEMORY_BLOCK_H

#include "runtime/memory/heap.h"

enum {
    BLOCK_SHIFT = 16,
    BLOCK_BYTES = 1 << BLOCK_SHIFT,
    GRAIN_SHIFT = 4,
    BLOCK_MARK_WORDS = (BLOCK_BYTES >> GRAIN_SHIFT) / 64,
    CELL_MOST = BLOCK_BYTES / 2,      /* larger objects take runs of blocks */
    SIZE_CLASSES = HEAP_CLASSES + 40, /* by grains up to 1 KB, then eight steps a doubling */
    PORTION = 8 * 1024 /* bytes of cells that one refill prepares: they stay in the L1 cache */
};
#define NO_BLOCK UINT32_MAX

/* What fills freed cells under stress: not 0, no immediate, and as an address not canonical. */
#define POISON UINT64_C(0x0000fcfcfcfcfcf0)

typedef enum BlockState { BLOCK_FREE, BLOCK_CELLS, BLOCK_LARGE, BLOCK_TAIL } BlockState;

typedef struct Block {
    uint8_t state; /* BlockState */
    uint8_t class; /* cells */
    bool releasing;
    bool dirty; /* free or carved from: memory beyond what is in use may not be zero */
    bool touched; /* cells were had from it since the last collection */
    bool known;   /* the type word of every dead cell from `swept` on is NULL already */
    uint32_t run;            /* free (first and last), large: blocks; tail: distance to the first */
    uint32_t next, previous; /* free runs of a bin; unswept blocks of a class (next only) */
    uint32_t cell_bytes;
    uint32_t reciprocal; /* ceil(2^24 / grains of a cell) */
    uint16_t count, carved, swept, live;
    uint64_t large_bytes;
} Block;

typedef struct SizeClass {
    FreeCell *free;   /* ready cells that belong to no thread: releasing, medium, stress */
    uint32_t current; /* the block being swept and carved */
    uint32_t unswept; /* list of blocks with dead cells */
} SizeClass;

typedef struct Heap {
    char *base;
    size_t top_bytes; /* in use so far: top_blocks << BLOCK_SHIFT */
    uint32_t top_blocks, committed_blocks, limit_blocks;
    Block *blocks;
    uint64_t *marks;
    SizeClass classes[2][SIZE_CLASSES]; /* [releasing] */
    int64_t budget;   /* bytes that may be had before a collection is due */
    int64_t outside;  /* bytes outside the heap that may be had before they count against the budget */
    int64_t external; /* bytes outside the heap that objects hold */
    uint64_t allocated, collections, live_bytes, live_cells;
    uint64_t lasting_bytes; /* of live_bytes, what will never be freed (lasting.c) */
    uint64_t free_dirty_blocks;
    double pause_seconds;
    bool collecting, stress;
} Heap;

extern Heap kr_heap;
extern HeapKind kr_values_kind, kr_bytes_kind; /* the types of vectors */

static inline bool heap_contains(const void *p)
{
    return (uintptr_t)p - (uintptr_t)kr_heap.base < kr_heap.top_bytes;
}
static inline uint32_t block_number(const void *p)
{
    return (uint32_t)(((uintptr_t)p - (uintptr_t)kr_heap.base) >> BLOCK_SHIFT);
}
static inline char *block_memory(uint32_t number)
{
    return kr_heap.base + ((size_t)number << BLOCK_SHIFT);
}
static inline char *block_cell(uint32_t number, const Block *b, uint32_t i)
{
    return block_memory(number) + (size_t)i * b->cell_bytes;
}

/* The mark of the 16 bytes at p. */
static inline uint64_t *mark_word(const void *p)
{
    return &kr_heap.marks[((uintptr_t)p - (uintptr_t)kr_heap.base) >> (GRAIN_SHIFT + 6)];
}
static inline uint64_t mark_bit(const void *p)
{
    return UINT64_C(1) << ((uintptr_t)p >> GRAIN_SHIFT & 63);
}
static inline bool is_marked(const void *p) { return (*mark_word(p) & mark_bit(p)) != 0; }

/* An object is there: see the drawing above. */
static inline bool cell_in_use(const Block *b, uint32_t i, const void *cell)
{
    if (i >= b->carved) return false;
    return i < b->swept ? ((const Object *)cell)->type != NULL : is_marked(cell);
}

/* The bounds of what may be taken between two collections however little is alive (collector.c). */
#define HEAP_SPARE_LEAST ((int64_t)1 << 20)
#define HEAP_SPARE_MOST ((int64_t)2 << 20)
/* Starting up takes less than this, and leaves nearly nothing to free. */
#define HEAP_FIRST_BUDGET ((int64_t)3 << 20)

/* The same for memory outside the heap: its bytes cost no marking, and blocks that are used again too soon save nothing.
 * 4 MB were collections every 5 arrays of 800 KB, which took as long as the arithmetic on them. */
#define HEAP_LEAST_OUTSIDE ((int64_t)32 << 20)

bool kr_block_init(void);
/* A run of n blocks, state and lists not set; *dirty: its memory may not be zero. NO_BLOCK: none
 * left. */
uint32_t kr_block_take(uint32_t n, bool *dirty);
/* Lengthens a run in use by `more` blocks where it stands; false if others are in the way. */
bool kr_block_extend(uint32_t first, uint32_t n, uint32_t more, bool *dirty);
void kr_block_give(uint32_t first, uint32_t n, bool dirty);
void kr_block_trim(uint64_t keep_blocks); /* returns free memory beyond that to the system */

/* Before marking: the block's marks are those of its lasting objects. */
void kr_lasting_begin(uint32_t block);
void kr_lasting_trace(KrTracer *tracer);

/* After marking: frees empty blocks and dead runs, lists the blocks to be swept. */
void kr_heap_sweep_start(void);
/* Before marking: makes every cell tell by its type word whether it is free. */
void kr_heap_sweep_finish(void);
/* Visits objects and, if asked, vectors. */
void kr_heap_walk(void (*visit)(Object *object, void *context), void *context, bool vectors);

/* A tracer is either the collector's marker (visit NULL) or calls visit for each reference, and
 * immediate (NULL allowed) for each value that is none. */
struct KrTracer {
    void (*visit)(KrTracer *tracer, const void *pointer);
    void *context;
    void (*immediate)(KrTracer *tracer, Value v);
};
void kr_heap_trace_vector(KrTracer *tracer, Object *vector);

#endif
