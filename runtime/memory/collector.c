/* collector.c: stop-the-world mark and sweep.
 *
 *   finish the lazy sweep -> clear marks -> roots -> mark -> weak cells -> finalizers, and mark
 *     what they need -> weak tables -> release functions, lists of blocks to sweep (heap.c)
 *
 * Roots are the C stacks and registers of all threads, the VM's register stacks (every word of them
 * that points into a live cell keeps it), the values in thread states, registered locations, and
 * what registered tracers visit. All other references are found precisely by the trace functions of
 * the types; an object keeps its type.
 *
 * Marking is depth first with an explicit stack; a short queue before tracing gives the prefetched
 * object header time to arrive (Cher, Hosking, Vitek 2004). Long vectors of values are traced piece
 * by piece, so that the stack grows with the depth of the graph and not with the length of a list.
 *
 * Death of a finalizable object: weak cells that point to it, or to what only it kept, are cleared
 * first, as CPython's collector does it; then it is queued, behind those that refer to it, and marked, so
 * that its finalizer finds it whole and may revive it. It has no finalizer thereafter unless one is registered again. */
#include "runtime/memory/block.h"
#include "runtime/memory/finalizable.h"
#include "runtime/memory/trace.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define NO_SANITIZE __attribute__((noinline, no_sanitize("address", "thread", "undefined")))

/* ---- Growing arrays outside the heap ---- */

typedef struct Array {
    void *items;
    size_t count, capacity;
} Array;

static void *array_push(Array *a, size_t item_bytes)
{
    if (a->count == a->capacity) {
        size_t capacity = a->capacity ? a->capacity * 2 : 4096 / item_bytes;
        void *items = realloc(a->items, capacity * item_bytes);
        if (!items) {
            fputs("krait: out of memory\n", stderr);
            abort();
        }
        a->items = items;
        a->capacity = capacity;
    }
    return (char *)a->items + a->count++ * item_bytes;
}

typedef struct Weak {
    char *object;
    size_t offset;
    void (*on_clear)(void *object);
} Weak;

typedef struct Finalizable {
    void *object;
    void (*run)(void *object);
    bool (*needed)(const void *object); /* NULL: always */
    bool dies; /* a finalizer, not the callback of a weak cell's owner */
} Finalizable;

typedef struct Range {
    const Value *next, *end;
} Range;

static Array roots;        /* Value * */
static Array tracers;      /* void (*)(KrTracer *) */
static Array weak_tables;  /* void (*)(void) */
static Array weaks;        /* Weak */
static Array finalizables; /* Finalizable, in order of registration */
static size_t finalizables_kept; /* of these, what the last collection left */
static Array pending; /* Finalizable: dead, or the owner of a weak cell; from pending_first on */
static size_t pending_first;
static Array finalized; /* void *: their finalizers were run; those that live on stay in it */

/* ---- Marking ---- */

static KrTracer marker;
static Array stack;  /* const Object * */
static Array ranges; /* Range: the rest of long vectors */
enum { QUEUE = 8, PIECE = 512 };

static inline void push(const void *object)
{
    if (__builtin_expect(stack.count == stack.capacity, 0)) {
        *(const void **)array_push(&stack, sizeof(void *)) = object;
        return;
    }
    ((const void **)stack.items)[stack.count++] = object;
}

/* p: an object, a vector, or something outside the heap. */
static inline void mark(const void *p)
{
    if (!heap_contains(p)) return;
    uint64_t *word = mark_word(p), bit = mark_bit(p);
    if (*word & bit) return;
    *word |= bit;
    push((const void *)((uintptr_t)p & ~(uintptr_t)(HEAP_GRAIN - 1)));
}

static inline void mark_value(Value v)
{
    if (is_object(v)) mark(object_of(v));
}

void kr_trace(KrTracer *tracer, KrValue v)
{
    if (__builtin_expect(!tracer->visit, 1))
        mark_value(v);
    else if (is_object(v))
        tracer->visit(tracer, object_of(v));
    else if (tracer->immediate && !is_empty(v))
        tracer->immediate(tracer, v);
}

void kr_trace_pointer(KrTracer *tracer, const void *p)
{
    if (__builtin_expect(!tracer->visit, 1))
        mark(p);
    else if (p)
        tracer->visit(tracer, p);
}

/* No immediate has bits that are an address in the heap. */
void kr_heap_trace_values(KrTracer *tracer, const Value *values, size_t n)
{
    if (__builtin_expect(!tracer->visit, 1))
        for (size_t i = 0; i < n; i++) mark(object_of(values[i]));
    else
        for (size_t i = 0; i < n; i++) kr_trace(tracer, values[i]);
}

void kr_heap_trace_pairs(KrTracer *tracer, const Value *first, size_t n, size_t stride)
{
    if (__builtin_expect(!tracer->visit, 1))
        for (; n > 0; n--, first += stride) {
            mark(object_of(first[0]));
            mark(object_of(first[1]));
        }
    else
        for (; n > 0; n--, first += stride) kr_heap_trace_values(tracer, first, 2);
}

void kr_heap_trace_bytes(KrTracer *tracer, const void *bytes)
{
    if (__builtin_expect(tracer->visit != NULL, 0))
        kr_trace_pointer(tracer, bytes);
    else if (heap_contains(bytes))
        *mark_word(bytes) |= mark_bit(bytes);
}

bool kr_tracer_marks(const KrTracer *tracer) { return !tracer->visit; }

void kr_heap_trace_static(KrTracer *tracer, void *object)
{
    HeapKind *kind = kind_of(object);
    kr_trace_pointer(tracer, kind);
    if (kind && kind->trace) kind->trace(object, tracer);
}

void kr_heap_trace_vector(KrTracer *tracer, Object *vector)
{
    const Value *values = (const Value *)(vector + 1);
    size_t n = (kr_heap_cell_size(vector) - sizeof(Object)) / sizeof(Value);
    if (!tracer->visit && n > PIECE) {
        *(Range *)array_push(&ranges, sizeof(Range)) = (Range){values, values + n};
        return;
    }
    kr_heap_trace_values(tracer, values, n);
}

static inline void trace_object(const Object *object)
{
    HeapKind *kind = (HeapKind *)object->type;
    if (__builtin_expect(!kind, 0)) {
        fprintf(stderr, "krait: heap: a freed object at %p is referred to\n", (const void *)object);
        abort();
    }
    mark(kind);
    if (kind->trace) kind->trace((void *)object, &marker);
}

static void mark_all(void)
{
    const Object *queue[QUEUE] = {NULL};
    unsigned at = 0, queued = 0;
    for (;;) {
        const Object *next = NULL;
        if (stack.count > 0) {
            next = ((const Object **)stack.items)[--stack.count];
            __builtin_prefetch(next);
            queued++;
        } else if (queued == 0) {
            if (ranges.count == 0) return;
            Range *r = (Range *)ranges.items + ranges.count - 1;
            const Value *v = r->next, *end = r->end - v > PIECE ? v + PIECE : r->end;
            if (end == r->end)
                ranges.count--;
            else
                r->next = end;
            kr_heap_trace_values(&marker, v, (size_t)(end - v));
            continue;
        }
        const Object *object = queue[at];
        queue[at] = next;
        at = (at + 1) % QUEUE;
        if (object) {
            queued--;
            trace_object(object);
        }
    }
}

/* ---- Roots ---- */

static void NO_SANITIZE mark_conservatively(const void *from, const void *to)
{
    const uintptr_t *word = (const uintptr_t *)(((uintptr_t)from + 7) & ~(uintptr_t)7);
    for (; word + 1 <= (const uintptr_t *)to; word++) {
        const void *p = (const void *)*word;
        if (!heap_contains(p)) continue;
        Object *cell = kr_heap_find_cell(p);
        if (cell) mark(cell);
    }
}

static void NO_SANITIZE mark_thread(Thread *t, void *context)
{
    (void)context;
    memset(t->free_cells, 0, sizeof t->free_cells);
    const Value fields[] = {t->exception, t->handled,        t->trace_function, t->profile_function,
                            t->context,   t->async_hooks[0], t->async_hooks[1], t->async_exception,
                            t->locals,    t->repr_stack};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) mark_value(fields[i]);
    mark_conservatively(&t->start_argument, &t->start_argument + 1);
    if (t->stack) mark_conservatively(t->stack, t->stack_top);
    char *low = atomic_load_explicit(&t->c_stack_published, memory_order_acquire);
    if (t == kr_self || !low) return; /* scanned by collect(), or not yet running */
    mark_conservatively(t->registers, &t->registers + 1);
    mark_conservatively(low, t->c_stack_base);
}

static void mark_roots(void)
{
    kr_thread_each(mark_thread, NULL);
    kr_lasting_trace(&marker);
    for (size_t i = 0; i < roots.count; i++) mark_value(*((Value **)roots.items)[i]);
    for (size_t i = 0; i < tracers.count; i++) {
        ((void (**)(KrTracer *))tracers.items)[i](&marker);
        mark_all();
    }
    for (size_t i = pending_first; i < pending.count; i++)
        mark(((Finalizable *)pending.items)[i].object);
}

/* ---- Weak cells, finalizers ---- */

static bool is_dead(Value v)
{
    return is_object(v) && heap_contains(object_of(v)) && !is_marked(object_of(v));
}

static void enqueue(void *object, void (*run)(void *), bool dies)
{
    *(Finalizable *)array_push(&pending, sizeof(Finalizable)) = (Finalizable){object, run, NULL, dies};
}

/* Clears the cells whose target died. An owner that is unmarked now may yet be revived by a
 * finalizer, so entries with a living target stay until the marking is over. */
static void clear_weaks(void)
{
    Weak *all = weaks.items;
    size_t kept = 0;
    for (size_t i = 0; i < weaks.count; i++) {
        Value *cell = (Value *)(all[i].object + all[i].offset);
        if (!is_object(*cell)) continue;
        if (!is_dead(*cell)) {
            all[kept++] = all[i];
            continue;
        }
        *cell = EMPTY;
        if (all[i].on_clear && kr_heap_is_marked(all[i].object))
            enqueue(all[i].object, all[i].on_clear, false);
    }
    weaks.count = kept;
}

static void drop_dead_weaks(void)
{
    Weak *all = weaks.items;
    size_t kept = 0;
    for (size_t i = 0; i < weaks.count; i++)
        if (kr_heap_is_marked(all[i].object)) all[kept++] = all[i];
    weaks.count = kept;
}

static void forget_dead_finalized(void)
{
    void **all = finalized.items;
    size_t kept = 0;
    for (size_t i = 0; i < finalized.count; i++)
        if (kr_heap_is_marked(all[i])) all[kept++] = all[i];
    finalized.count = kept;
}

/* What others that die with it refer to is finalized after them: they may still need it (a buffer its file). The
 * objects from `first` on are marked through each other's references; those that none reaches go first. */
static void order_pending(size_t first)
{
    size_t n = pending.count - first, ahead = 0;
    Finalizable *all = (Finalizable *)pending.items + first;
    for (size_t i = 0; i < n; i++) trace_object(all[i].object);
    mark_all();
    Finalizable *reached = n ? malloc(n * sizeof *reached) : NULL;
    if (!reached) return;
    size_t behind = 0;
    for (size_t i = 0; i < n; i++)
        if (kr_heap_is_marked(all[i].object))
            reached[behind++] = all[i];
        else
            all[ahead++] = all[i];
    memcpy(all + ahead, reached, behind * sizeof *reached);
    free(reached);
}

static void queue_finalizers(void)
{
    Finalizable *all = finalizables.items;
    size_t kept = 0, first = pending.count;
    for (size_t i = 0; i < finalizables.count; i++) {
        if (kr_heap_is_marked(all[i].object))
            all[kept++] = all[i];
        else if (!all[i].needed || all[i].needed(all[i].object))
            enqueue(all[i].object, all[i].run, true);
    }
    finalizables.count = finalizables_kept = kept;
    order_pending(first);
    for (size_t i = pending_first; i < pending.count; i++)
        mark(((Finalizable *)pending.items)[i].object);
    mark_all();
}

bool kr_heap_run_pending(void)
{
    if (kr_self->running_finalizers || pending_first == pending.count) return false;
    kr_self->running_finalizers = true;
    Value exception = kr_self->exception;
    while (pending_first < pending.count) {
        Finalizable next = ((Finalizable *)pending.items)[pending_first++];
        if (pending_first == pending.count) pending_first = pending.count = 0;
        void *volatile keep = next.object;
        kr_self->exception = EMPTY;
        next.run(keep);
        if (next.dies) *(void **)array_push(&finalized, sizeof(void *)) = next.object;
    }
    kr_self->exception = exception;
    kr_self->running_finalizers = false;
    return true;
}

/* Queues the finalizable objects from `first` on, in order of registration. */
static void finalize_from(size_t first)
{
    Finalizable *all = finalizables.items;
    for (size_t i = first; i < finalizables.count; i++) enqueue(all[i].object, all[i].run, true);
    if (first < finalizables.count) finalizables.count = first;
    kr_heap_run_pending();
}

size_t kr_heap_finalizable_count(void) { return finalizables.count; }

void kr_heap_finalize_all(size_t but)
{
    /* Finalizers may make new finalizable objects; those that keep doing so are left. */
    for (int round = 0; round < 10; round++) {
        if (finalizables.count <= but && pending_first == pending.count) break;
        finalize_from(but);
    }
}

void kr_heap_add_weak(void *object, size_t offset, void (*on_clear)(void *object))
{
    *(Weak *)array_push(&weaks, sizeof(Weak)) = (Weak){object, offset, on_clear};
}

void kr_heap_add_finalizable(void *object, void (*run)(void *object))
{
    kr_heap_add_finalizable_if(object, run, NULL);
}

void kr_heap_add_finalizable_if(void *object, void (*run)(void *object),
                                bool (*needed)(const void *object))
{
    *(Finalizable *)array_push(&finalizables, sizeof(Finalizable)) =
        (Finalizable){object, run, needed, true};
}

bool kr_heap_is_finalized(const void *object)
{
    for (size_t i = 0; i < finalized.count; i++)
        if (((void **)finalized.items)[i] == object) return true;
    return false;
}

void kr_heap_add_weak_table(void (*prune)(void))
{
    *(void (**)(void))array_push(&weak_tables, sizeof prune) = prune;
}
void kr_heap_add_tracer(void (*trace)(KrTracer *))
{
    *(void (**)(KrTracer *))array_push(&tracers, sizeof trace) = trace;
}
void kr_heap_add_root(Value *location)
{
    *(Value **)array_push(&roots, sizeof location) = location;
}
void kr_root(KrValue *location) { kr_heap_add_root(location); }
bool kr_heap_is_marked(const void *object) { return !heap_contains(object) || is_marked(object); }

/* ---- The collection ---- */

static void clear_marks(void)
{
    for (uint32_t n = 0; n < kr_heap.top_blocks; n++) {
        uint8_t state = kr_heap.blocks[n].state;
        if (state == BLOCK_CELLS || state == BLOCK_LARGE) kr_lasting_begin(n);
    }
}

bool (*kr_heap_on_dead)(Object *object);

static void report_if_dead(Object *object, void *context)
{
    (void)context;
    if (!is_marked(object) && kr_heap_on_dead(object)) mark(object);
}

static void report_dead(void)
{
    kr_heap_walk(report_if_dead, NULL, false);
    mark_all();
}

static void mark_and_sweep(char *low)
{
    kr_heap_sweep_finish();
    clear_marks();
    mark_conservatively(low, kr_self->c_stack_base);
    mark_roots();
    mark_all();
    clear_weaks();
    queue_finalizers();
    if (kr_heap_on_dead) report_dead();
    drop_dead_weaks();
    forget_dead_finalized();
    for (size_t i = 0; i < weak_tables.count; i++) ((void (**)(void))weak_tables.items)[i]();
    kr_heap_sweep_start();
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What may be taken until the next collection: as much as is alive, and a spare amount that grows
 * while collecting takes more than an eighth of the time, so that a program which allocates fast
 * gets a larger heap (at most HEAP_SPARE_MOST) and others stay small. */
static int64_t next_budget(double begin, double end)
{
    static int64_t spare = HEAP_SPARE_LEAST;
    static double last_end;
    double share = (end - begin) / (end - last_end);
    last_end = end;
    if (share > 1.0 / 8 && spare < HEAP_SPARE_MOST) spare *= 2;
    if (share < 1.0 / 80 && spare > HEAP_SPARE_LEAST) spare /= 2;
    int64_t live = (int64_t)(kr_heap.live_bytes - kr_heap.lasting_bytes) + (kr_heap.external > 0 ? kr_heap.external : 0);
    return live > spare ? live : spare;
}

static void collect(char *low)
{
    assert(!kr_heap.collecting);
    assert(kr_is_attached());
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    kr_heap.collecting = true;
    mark_and_sweep(low);
    kr_heap.collecting = false;
    kr_heap.collections++;
    double end = seconds(CLOCK_PROCESS_CPUTIME_ID);
    kr_heap.pause_seconds += end - begin;
    kr_heap.budget = next_budget(begin, end);
    kr_heap.outside = kr_heap.external > HEAP_LEAST_OUTSIDE ? kr_heap.external : HEAP_LEAST_OUTSIDE;
    /* What the program will take again before the next collection is not given back: a page fault
     * costs more than clearing the page (measured: 17 against 4 ns a small object). */
    kr_block_trim((uint64_t)(kr_heap.budget + kr_heap.budget / 2) >> BLOCK_SHIFT);
    if (pending_first < pending.count) thread_interrupt(kr_self, INTERRUPT_FINALIZERS);
}

/* All work happens in frames below `low`: what lies about in them keeps nothing. */
void kr_heap_collect(void) { kr_thread_call_spilled(collect); }

void kr_collect(void)
{
    kr_heap_collect();
    kr_heap_run_pending();
}

bool kr_heap_collect_idle(void)
{
    static double end, took;
    double begin = seconds(CLOCK_MONOTONIC);
    if (finalizables.count <= finalizables_kept) return true;
    if (begin - end < 50 * took) return false;
    kr_collect();
    end = seconds(CLOCK_MONOTONIC);
    took = end - begin;
    return true;
}

/* ---- Questions ---- */

typedef struct Referents {
    void (*visit)(Value value, void *context);
    void *context;
} Referents;

static void visit_referent(KrTracer *tracer, const void *p)
{
    Referents *r = tracer->context;
    const Object *cell = (const Object *)((uintptr_t)p & ~(uintptr_t)(HEAP_GRAIN - 1));
    if (!heap_contains(p))
        r->visit(from_object(p), r->context);
    else if (kind_of(cell) == &kr_values_kind)
        kr_heap_trace_vector(tracer, (Object *)cell);
    else if (kind_of(cell) != &kr_bytes_kind)
        r->visit(from_object(cell), r->context);
}

static void visit_immediate(KrTracer *tracer, Value v)
{
    Referents *r = tracer->context;
    r->visit(v, r->context);
}

void kr_heap_referents(void *object, void (*visit)(Value value, void *context), void *context)
{
    Referents r = {visit, context};
    KrTracer tracer = {visit_referent, &r, visit_immediate};
    HeapKind *kind = kind_of(object);
    if (kind->trace) kind->trace(object, &tracer);
}
