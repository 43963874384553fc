/* heap.h: the collected heap as the rest of the runtime sees it.
 *
 * One reserved address range holds all cells. It is cut into 64 KB blocks; a block holds cells of
 * one size class, its mark bits and its descriptor stand aside. Objects over half a block take a
 * run of blocks. Nothing moves. The collector is a stop-the-world mark-sweep: precise through each
 * type's trace function, conservative on the C stacks, the registers and the VM's register stacks
 * (interior pointers count). Sweeping is lazy, a portion of a block at a time, when a size class
 * runs dry; release functions run at the end of the collection itself.
 *
 * Allocation takes the head of the calling thread's free list of the size class, and clears the cell
 * unless its kind holds no values and the caller fills it. Every allocation may collect: what shall live stands in C locals, in objects that
 * are reachable, or in registered roots. */
#ifndef RUNTIME_MEMORY_HEAP_H
#define RUNTIME_MEMORY_HEAP_H

#include <string.h>

#include "runtime/threads/thread.h"
#include "runtime/value.h"

/* What the heap knows of a type: the first member of struct Type (objects/type.h). */
typedef struct HeapKind {
    Object head;
    void (*trace)(void *object, KrTracer *tracer); /* NULL: holds no values */
    void (*release)(void *object);                 /* NULL: owns nothing outside the heap */
    const char *name;
    uint32_t size;  /* bytes of an instance, without variable parts and inline attributes */
    uint32_t flags; /* KR_TYPE_... */
} HeapKind;

static inline HeapKind *kind_of(const void *object)
{
    return (HeapKind *)((const Object *)object)->type;
}

void kr_heap_init(void);
/* Runs nothing of Python; releases what types with release functions hold. */
void kr_heap_shutdown(void);

/* Refills the free list or takes a large run; may collect. Zero-filled if `clear`. NULL with
 * MemoryError. */
void *kr_heap_alloc_slow(HeapKind *kind, size_t bytes, bool clear);

/* `clear` is a constant at every call. */
static inline void *heap_take(void *type, size_t bytes, bool clear)
{
    HeapKind *kind = type;
    size_t class = (bytes + HEAP_GRAIN - 1) / HEAP_GRAIN;
    if (__builtin_expect(class < HEAP_CLASSES && !kind->release, 1)) {
        FreeCell *cell = kr_self->free_cells[class];
        if (__builtin_expect(cell != NULL, 1)) {
            kr_self->free_cells[class] = cell->next;
            if (clear) memset(cell, 0, class * HEAP_GRAIN);
            cell->none = (Type *)kind;
            return cell;
        }
    }
    return kr_heap_alloc_slow(kind, bytes, clear);
}

/* A zero-filled cell. */
static inline void *heap_alloc(void *type, size_t bytes) { return heap_take(type, bytes, true); }
/* For kinds that hold no values: everything but the type word is undefined. */
static inline void *heap_alloc_raw(void *type, size_t bytes) { return heap_take(type, bytes, false); }

/* A traced vector of n values / an untraced vector of bytes, with a hidden header; both zero-filled
 * and 8-byte aligned. The returned pointer is into the cell: kr_trace_pointer() accepts it. NULL
 * with MemoryError. */
Value *kr_heap_values(size_t n);
void *kr_heap_bytes(size_t n);
/* A vector of at least n values that begins with those of `values` (NULL allowed): the same one
 * where there is room in or behind its cell, else a copy. */
Value *kr_heap_values_grow(Value *values, size_t n);
size_t kr_heap_values_capacity(const Value *values); /* how many fit in the cell */

size_t kr_heap_cell_size(const void *object); /* bytes of the cell that holds it */
/* The cell that an address points into, or NULL: for the conservative scan and the verifier. */
Object *kr_heap_find_cell(const void *address);

void kr_heap_collect(void); /* a full collection now */
void kr_heap_external(int64_t delta);
void kr_heap_add_root(Value *location);
/* A function that traces further roots (interned strings that are pinned, static types, module
 * tables...). */
void kr_heap_add_tracer(void (*trace)(KrTracer *));
/* For tracers: an object outside the heap, e.g. a static Type. */
void kr_heap_trace_static(KrTracer *tracer, void *static_object);

/* Weak cells: the Value at `offset` inside `object` is not traced by the object's trace function;
 * when its target dies the collector stores EMPTY there and, if the object is alive itself, hands
 * it to on_clear after the collection. */
void kr_heap_add_weak(void *object, size_t offset, void (*on_clear)(void *object));
/* Tables of weak entries (interned strings): called after marking; kr_heap_is_marked tells what
 * lives. */
void kr_heap_add_weak_table(void (*prune)(void));
bool kr_heap_is_marked(const void *object);
bool kr_tracer_marks(const KrTracer *tracer); /* it is the collection's own, not a visitor */

/* Objects with a finalizer are kept for one more round when they are found dead and handed to `run`
 * (at a safepoint, attached, in the thread that allocates): it may run Python code. */
void kr_heap_add_finalizable(void *object, void (*run)(void *object));
bool kr_heap_is_finalized(const void *object); /* its finalizer was run, and it lives again */
/* Runs the queued finalizers and weak callbacks; keeps the thread's exception. Were there any? */
bool kr_heap_run_pending(void);
size_t kr_heap_finalizable_count(void);
/* At exit: finalizes every object that still waits for it, but those that were registered first,
 * `but` in number: the standard streams, to which the others may still print. */
void kr_heap_finalize_all(size_t but);

/* Unless NULL: called in a collection for each object found dead that has no finalizer to run, before
 * any memory is reused; true keeps it, and what it refers to, for this time. Not to allocate. */
extern bool (*kr_heap_on_dead)(Object *object);

/* Walks all live cells (gc.get_objects, the verifier). Not to allocate meanwhile. */
void kr_heap_each(void (*visit)(Object *object, void *context), void *context);
/* Calls visit for each value that the object refers to, through its vectors too: get_referents. */
void kr_heap_referents(void *object, void (*visit)(Value value, void *context), void *context);
/* Is every reference of every live cell a cell or static? Prints what is not. */
bool kr_heap_verify(void);

typedef struct HeapStats {
    uint64_t collections, allocated_bytes, live_bytes, external_bytes, blocks;
    double pause_seconds;
} HeapStats;
void kr_heap_stats(HeapStats *stats);
/* -X gcstress, set before the first allocation: collects every few allocations (fewer in a large
 * heap, so that the cost per allocation stays bounded) and poisons what is freed. */
extern bool kr_heap_stress;
/* gc.disable(): collects only when memory has grown eightfold of what else would do. Nothing is
 * counted here, so that without any collection a loop of temporaries would take all memory. */
extern bool kr_heap_disabled;

#endif
