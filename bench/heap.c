/* heap.c: how fast the heap allocates and collects, without an interpreter above it:
 * make build/bench/heap && build/bench/heap */
#include <time.h>

#include "tests/runtime/memory/heap_test.h"

typedef struct Pair {
    Object head;
    Value a, b;
} Pair;
static void pair_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Pair *)self)->a);
    kr_trace(tracer, ((Pair *)self)->b);
}
static HeapKind pair_kind = {.name = "pair", .trace = pair_trace, .size = sizeof(Pair)};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Value tree(int depth)
{
    Pair *p = heap_alloc(&pair_kind, sizeof(Pair));
    if (depth > 0) {
        p->a = tree(depth - 1);
        p->b = tree(depth - 1);
    }
    return from_object(p);
}

int main(void)
{
    start_heap();
    double begin = now();
    for (int i = 0; i < 50000000; i++) heap_alloc(&pair_kind, sizeof(Pair));
    double ns = (now() - begin) * 1e9 / 50e6;
    printf("a short-lived pair: %.1f ns\n", ns);
    begin = now();
    for (int i = 0; i < 30; i++) tree(18);
    ns = (now() - begin) * 1e9 / (30.0 * (1 << 19));
    printf("a node of a tree: %.1f ns\n", ns);
    static Value kept;
    kr_heap_add_root(&kept);
    kept = tree(20);
    begin = now();
    for (int i = 0; i < 5; i++) kr_heap_collect();
    double ms = (now() - begin) * 1e3 / 5;
    printf("marking two million pairs: %.1f ms\n", ms);
    HeapStats stats;
    kr_heap_stats(&stats);
    printf("%lu collections, %.1f ms in all\n", (unsigned long)stats.collections,
           stats.pause_seconds * 1e3);
    return is_object(kept) ? 0 : 1;
}
