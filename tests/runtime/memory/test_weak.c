/* Weak cells, weak tables, finalizers, roots, external memory, limits.
 * timeout: 120 */
#include "heap_test.h"

typedef struct Box {
    Object head;
    Value content;
    long number;
} Box;

typedef struct WeakBox {
    Object head;
    Value target; /* weak */
    long cleared;
} WeakBox;

static void box_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Box *)self)->content); }
static HeapKind box_kind = {.name = "box", .trace = box_trace, .size = sizeof(Box)};
static HeapKind weak_kind = {.name = "weak box", .size = sizeof(WeakBox)};

static Value root;
static long finalized, cleared;
static Value revived;

static Box *new_box(long number, Value content)
{
    Box *box = heap_alloc(&box_kind, sizeof(Box));
    box->number = number;
    box->content = content;
    return box;
}

static void on_clear(void *object)
{
    ((WeakBox *)object)->cleared++;
    cleared++;
}
static void on_finalize(void *object)
{
    finalized += ((Box *)object)->number;
    new_box(0, NONE); /* may allocate */
}
static void on_finalize_revive(void *object)
{
    finalized++;
    revived = from_object(object);
}

static void __attribute__((noinline)) make_weaks(WeakBox **weaks, int n, bool hold)
{
    Value list = NONE;
    for (int i = 0; i < n; i++) {
        Box *box = new_box(i, list);
        if (hold) list = from_object(box);
        weaks[i] = heap_alloc(&weak_kind, sizeof(WeakBox));
        weaks[i]->target = from_object(box);
        kr_heap_add_weak(weaks[i], offsetof(WeakBox, target), on_clear);
    }
    root = list;
}

enum { N = 1000 };

static int __attribute__((noinline)) count_alive(WeakBox **weaks)
{
    int alive = 0;
    for (int i = 0; i < N; i++)
        alive += is_object(weaks[i]->target) && ((Box *)object_of(weaks[i]->target))->number == i;
    return alive;
}

static void test_weak(void)
{
    WeakBox **weaks = (WeakBox **)kr_heap_values(N); /* a vector on the stack's behalf */
    make_weaks(weaks, N, true);
    scrub_stack();
    kr_heap_collect();
    int alive = count_alive(weaks);
    ok(alive == N, "weak cells keep what lives (%d)", alive);
    root = EMPTY;
    scrub_stack();
    kr_heap_collect();
    ok(cleared == 0, "callbacks wait for a safepoint");
    ok(atomic_load(&kr_self->interrupt) & INTERRUPT_FINALIZERS, "which is asked for");
    kr_self->exception = from_small_int(42);
    kr_thread_safepoint();
    ok(int_of(kr_self->exception) == 42, "the exception in flight survives them");
    kr_self->exception = EMPTY;
    int empty = 0;
    for (int i = 0; i < N; i++) empty += is_empty(weaks[i]->target) && weaks[i]->cleared == 1;
    ok(empty >= N - 5 && cleared == empty, "weak cells of the dead are cleared, once each (%d)",
       empty);
}

static void __attribute__((noinline)) forget_weaks(void)
{
    make_weaks((WeakBox **)kr_heap_values(1000), 1000, false);
    cleared = 0;
}

static void test_dead_weak(void)
{
    forget_weaks();
    scrub_stack();
    kr_heap_collect();
    kr_heap_run_pending();
    ok(cleared <= 5, "a dead weak cell calls nobody (%ld)", cleared);
}

/* An open table of boxes by number, as the interned strings are kept. */
static uintptr_t table[100];
static int pruned;
static void prune(void)
{
    for (int i = 0; i < 100; i++) {
        if (table[i] && !kr_heap_is_marked((void *)(table[i] ^ UINTPTR_MAX))) {
            table[i] = 0;
            pruned++;
        }
    }
}

static void __attribute__((noinline)) fill_table(void)
{
    for (int i = 0; i < 100; i++) {
        Box *box = new_box(i, root);
        if (i % 2) root = from_object(box);
        table[i] = (uintptr_t)box ^ UINTPTR_MAX;
    }
}

static void test_table(void)
{
    kr_heap_add_weak_table(prune);
    root = NONE;
    fill_table();
    scrub_stack();
    kr_heap_collect();
    ok(pruned >= 48 && pruned <= 50, "weak tables lose the dead (%d of 50)", pruned);
    int odd = 0;
    for (int i = 1; i < 100; i += 2) odd += table[i] != 0;
    ok(odd == 50, "and keep the living");
    memset(table, 0, sizeof table);
    root = EMPTY;
}

static void __attribute__((noinline)) make_finalizable(int n, void (*run)(void *), WeakBox **weak)
{
    for (int i = 0; i < n; i++) {
        Box *inner = new_box(1000, NONE);
        Box *box = new_box(1, from_object(inner));
        kr_heap_add_finalizable(box, run);
        if (weak) {
            *weak = heap_alloc(&weak_kind, sizeof(WeakBox));
            (*weak)->target = from_object(inner);
            kr_heap_add_weak(*weak, offsetof(WeakBox, target), NULL);
        }
    }
}

static void test_finalizers(void)
{
    make_finalizable(100, on_finalize, NULL);
    scrub_stack();
    kr_heap_collect();
    kr_heap_run_pending();
    ok(finalized >= 97 && finalized <= 100, "finalizers of the dead run (%ld of 100)", finalized);
    kr_heap_collect();
    kr_heap_run_pending();
    ok(finalized <= 100, "once");
    finalized = 0;
    WeakBox *weak;
    make_finalizable(1, on_finalize_revive, &weak);
    scrub_stack();
    kr_heap_collect();
    kr_heap_run_pending();
    kr_heap_collect();
    ok(finalized == 1 && is_object(revived), "a finalizer may revive");
    Box *inner = object_of(((Box *)object_of(revived))->content);
    ok(inner->number == 1000, "with all that it kept");
    ok(is_empty(weak->target), "weak cells to it were cleared before");
    revived = EMPTY;
    finalized = 0;
    make_finalizable(50, on_finalize, NULL);
    kr_heap_finalize_all(0);
    ok(finalized == 50, "at exit the living are finalized too (%ld)", finalized);
}

/* Types that die together with their instances: the release function must still be readable. */
typedef struct Owner {
    Object head;
    void *memory;
} Owner;
static int64_t outside;
static void owner_release(void *self)
{
    Owner *owner = self;
    if (!owner->memory) return;
    free(owner->memory);
    outside -= 1 << 20;
    kr_heap_external(-(1 << 20));
}
static HeapKind owner_kind = {.name = "owner", .release = owner_release, .size = sizeof(Owner)};

static void kind_trace(void *self, KrTracer *tracer)
{
    (void)self;
    (void)tracer;
}
static HeapKind kind_kind = {.name = "kind", .trace = kind_trace, .size = sizeof(HeapKind)};

static void __attribute__((noinline)) make_owners(int n, bool own_types)
{
    for (int i = 0; i < n; i++) {
        HeapKind *kind = &owner_kind;
        if (own_types) {
            kind = heap_alloc(&kind_kind, sizeof(HeapKind));
            Object head = kind->head;
            *kind = owner_kind;
            kind->head = head;
        }
        Owner *owner = heap_alloc(kind, sizeof(Owner));
        owner->memory = calloc(1, 1 << 20);
        outside += 1 << 20;
        kr_heap_external(1 << 20);
    }
}

static void test_external(void)
{
    int64_t most = 0;
    for (int i = 0; i < 2000; i++) {
        make_owners(1, false);
        if (outside > most) most = outside;
    }
    ok(most <= (int64_t)64 << 20, "outside memory stays bounded: %ld MB of 2000",
       (long)(most >> 20));
    HeapStats before, after;
    kr_heap_stats(&before);
    make_owners(50, true);
    scrub_stack();
    kr_heap_collect();
    kr_heap_stats(&after);
    ok(after.external_bytes <= 5 << 20, "objects whose types die with them are released (%lu)",
       (unsigned long)after.external_bytes);
}

static void test_limits(void)
{
    memory_errors = 0;
    ok(kr_heap_values((size_t)1 << 60) == NULL && memory_errors == 1,
       "an absurd vector is refused");
    ok(kr_heap_values((size_t)1 << 40) == NULL && memory_errors == 2,
       "so is one beyond the machine's memory");
    char *p = kr_heap_bytes((size_t)200 << 20);
    ok(p && p[0] == 0 && p[((size_t)200 << 20) - 1] == 0, "200 MB are had");
    p = NULL;
    uint64_t most = 0;
    for (int i = 0; i < 400; i++) {
        HeapStats stats;
        memset(kr_heap_bytes(10 << 20), 1, 10 << 20);
        kr_heap_stats(&stats);
        if (stats.blocks > most) most = stats.blocks;
    }
    ok(most << 16 < (uint64_t)700 << 20, "large objects are reused: %lu MB for 4000",
       (unsigned long)(most >> 4));
}

static void test_deep(void)
{
    Value list = NONE;
    for (int i = 0; i < 3000000; i++) list = from_object(new_box(i, list));
    kr_heap_collect();
    long n = 0;
    for (Value v = list; is_object(v); v = ((Box *)object_of(v))->content) n++;
    ok(n == 3000000, "a list of three million links is marked without recursion");
    Value *wide = kr_heap_values(1000000);
    for (int i = 0; i < 1000000; i++) wide[i] = from_object(new_box(i, NONE));
    kr_heap_collect();
    n = 0;
    for (int i = 0; i < 1000000; i++) n += ((Box *)object_of(wide[i]))->number == i;
    ok(n == 1000000, "so is a vector of a million");
    ok(kr_heap_verify(), "the heap verifies");
}

static bool holds(const Value *v, size_t from, size_t to, int64_t first)
{
    for (size_t i = from; i < to; i++)
        if (first < 0 ? !is_empty(v[i]) : !is_int(v[i]) || int_of(v[i]) != first + (int64_t)i)
            return false;
    return true;
}

static void test_grow(void)
{
    Value *v = NULL, *before = NULL;
    size_t n = 1, in_place = 0, moved = 0;
    bool good = true;
    while (n < 3000000) {
        size_t more = n + n / 3 + 1;
        before = v;
        v = kr_heap_values_grow(v, more);
        good &= kr_heap_values_capacity(v) >= more;
        good &= holds(v, 0, before ? n : 0, 1000) && holds(v, before ? n : 0, more, -1);
        if (v == before)
            in_place++;
        else
            moved++;
        for (size_t i = 0; i < more; i++) v[i] = from_small_int(1000 + (int64_t)i);
        n = more;
        if (random_below(4) == 0) kr_heap_values(random_below(20000)); /* in the way */
        if (random_below(8) == 0) kr_heap_collect();
        good &= holds(v, 0, n, 1000);
    }
    ok(good, "vectors grow and keep their values (%zu times in place, %zu moved)", in_place, moved);
    ok(kr_heap_verify(), "the heap verifies");
}

static void count_referent(Value v, void *context)
{
    (void)v;
    ++*(int *)context;
}

int main(void)
{
    start_heap();
    kr_heap_add_root(&root);
    kr_heap_add_root(&revived);
    test_weak();
    test_dead_weak();
    test_table();
    test_finalizers();
    test_external();
    test_limits();
    test_deep();
    test_grow();
    int n = 0;
    kr_heap_referents(new_box(1, from_object(new_box(2, NONE))), count_referent, &n);
    ok(n == 1, "referents are listed");
    kr_heap_shutdown();
    return tap_done();
}
