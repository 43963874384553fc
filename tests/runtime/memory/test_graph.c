/* Random object graphs against a shadow model: after each collection every object that the model
 * reaches is there, unchanged, and (nearly) every other one was released exactly once. timeout: 120
 */
#include "heap_test.h"

enum { NODES = 20000, ROOTS = 64, FIXED = 3 };

typedef struct Node {
    Object head;
    uint64_t id;
    Value fixed[FIXED];
    Value *more; /* vector */
    size_t more_count;
    char *bytes; /* vector, filled with the id's low byte */
    size_t byte_count;
    char tail[]; /* some nodes have payload of their own, up to large objects */
} Node;

typedef struct Shadow {
    bool alive, reached;
    int released;
    uintptr_t hidden; /* the node's address, disguised */
    int fixed[FIXED]; /* node numbers, -1 none */
    int *more;
    size_t more_count, byte_count, tail_count;
} Shadow;

static Shadow shadows[NODES];
static Value roots[ROOTS];
static int root_numbers[ROOTS];

static void node_trace(void *self, KrTracer *tracer)
{
    Node *node = self;
    for (int i = 0; i < FIXED; i++) kr_trace(tracer, node->fixed[i]);
    kr_trace_pointer(tracer, node->more);
    kr_trace_pointer(tracer, node->bytes);
}
static void node_release(void *self) { shadows[((Node *)self)->id].released++; }

static HeapKind plain_kind = {.name = "plain", .trace = node_trace, .size = sizeof(Node)};
static HeapKind releasing_kind = {
    .name = "releasing", .trace = node_trace, .release = node_release, .size = sizeof(Node)};

static void trace_roots(KrTracer *tracer)
{
    for (int i = 0; i < ROOTS; i++) kr_trace(tracer, roots[i]);
}

static Node *node_of(int number) { return (Node *)(shadows[number].hidden ^ UINTPTR_MAX); }

static size_t random_size(void)
{
    switch (random_below(40)) {
    case 0: return random_below(200000);
    case 1:
    case 2: return random_below(30000);
    case 3:
    case 4:
    case 5: return random_below(2000);
    default: return random_below(60);
    }
}

static bool zeroed(const void *p, size_t n)
{
    const char *bytes = p;
    for (size_t i = 0; i < n; i++)
        if (bytes[i]) return false;
    return true;
}

/* A new node, held by root r. */
static bool __attribute__((noinline)) make_node(int number, int r)
{
    Shadow *s = &shadows[number];
    bool good = true;
    size_t tail = random_below(8) ? 0 : random_size();
    Node *node = heap_alloc(number % 2 ? &releasing_kind : &plain_kind, sizeof(Node) + tail);
    int before = root_numbers[r];
    good &= zeroed((char *)node + sizeof(Object), sizeof(Node) + tail - sizeof(Object));
    free(s->more);
    *s = (Shadow){.alive = true, .hidden = (uintptr_t)node ^ UINTPTR_MAX, .tail_count = tail};
    for (int i = 0; i < FIXED; i++) s->fixed[i] = -1;
    node->id = (uint64_t)number;
    memset(node->tail, number & 0x7f, tail);
    if (random_below(20)) { /* what the root held so far hangs on the new node */
        node->fixed[0] = roots[r];
        s->fixed[0] = before;
    }
    roots[r] = from_object(node);
    root_numbers[r] = number;
    if (random_below(3) == 0) {
        size_t n = random_size() / 8 + 1;
        node->more = kr_heap_values(n);
        good &= zeroed(node->more, n * 8) && kr_heap_values_capacity(node->more) >= n;
        node->more_count = s->more_count = n;
        s->more = malloc(n * sizeof(int));
        for (size_t i = 0; i < n; i++) s->more[i] = -1;
    }
    if (random_below(3) == 0) {
        size_t n = random_size() + 1;
        node->bytes = kr_heap_bytes(n);
        good &= zeroed(node->bytes, n);
        memset(node->bytes, number & 0x7f, n);
        node->byte_count = s->byte_count = n;
    }
    return good;
}

static void __attribute__((noinline)) link_random(void)
{
    int from = root_numbers[random_below(ROOTS)], to = root_numbers[random_below(ROOTS)];
    if (from < 0) return;
    Node *node = node_of(from);
    Shadow *s = &shadows[from];
    Value v = to < 0 ? NONE : from_object(node_of(to));
    if (s->more_count && random_below(2)) {
        size_t i = random_below(s->more_count);
        node->more[i] = v;
        s->more[i] = to;
    } else {
        size_t i = random_below(FIXED);
        node->fixed[i] = v;
        s->fixed[i] = to;
    }
    /* Walk: a root moves along an edge, so that deep structures arise and die. */
    if (random_below(16) == 0) {
        int next = s->fixed[random_below(FIXED)];
        size_t r = random_below(ROOTS);
        root_numbers[r] = next;
        roots[r] = next < 0 ? EMPTY : from_object(node_of(next));
    }
}

static int queue[NODES];

static size_t reach(void)
{
    size_t count = 0;
    for (int i = 0; i < NODES; i++) shadows[i].reached = false;
#define REACH(n)                               \
    do {                                       \
        if ((n) >= 0 && !shadows[n].reached) { \
            shadows[n].reached = true;         \
            queue[count++] = (n);              \
        }                                      \
    } while (0)
    for (int i = 0; i < ROOTS; i++) REACH(root_numbers[i]);
    for (size_t at = 0; at < count; at++) {
        Shadow *s = &shadows[queue[at]];
        for (int i = 0; i < FIXED; i++) REACH(s->fixed[i]);
        for (size_t i = 0; i < s->more_count; i++) REACH(s->more[i]);
    }
    return count;
}

static bool same_reference(Value v, int number)
{
    if (number < 0) return !is_object(v);
    return is_object(v) && object_of(v) == (void *)node_of(number);
}

static bool __attribute__((noinline)) check_node(int number)
{
    Node *node = node_of(number);
    Shadow *s = &shadows[number];
    bool good = kr_heap_find_cell((char *)node + 9) == &node->head &&
                node->id == (uint64_t)number && s->released == 0;
    for (int i = 0; i < FIXED; i++) good &= same_reference(node->fixed[i], s->fixed[i]);
    good &= node->more_count == s->more_count && node->byte_count == s->byte_count;
    for (size_t i = 0; good && i < s->more_count; i++)
        good &= same_reference(node->more[i], s->more[i]);
    for (size_t i = 0; good && i < s->byte_count; i++) good &= node->bytes[i] == (number & 0x7f);
    for (size_t i = 0; good && i < s->tail_count; i++) good &= node->tail[i] == (number & 0x7f);
    return good;
}

static void count_object(Object *object, void *context)
{
    (void)object;
    ++*(size_t *)context;
}

/* Forgets the dead; their numbers can be used again. */
static size_t round_check(int round, size_t *bad, size_t *kept, size_t *died)
{
    size_t reachable = reach(), objects = 0;
    scrub_stack();
    kr_heap_collect();
    for (size_t i = 0; i < reachable; i++) *bad += !check_node(queue[i]);
    for (int n = 0; n < NODES; n++) {
        Shadow *s = &shadows[n];
        if (!s->alive || s->reached) continue;
        *bad += s->released > 1;
        if (n % 2) {
            *kept += s->released == 0;
            *died += s->released == 1;
            if (s->released == 0) continue; /* held by a stray word: its number stays taken */
        }
        s->alive = false;
    }
    if (round % 10 == 0) {
        *bad += !kr_heap_verify();
        kr_heap_each(count_object, &objects);
        *bad += objects < reachable || objects > reachable + 1000;
    }
    return reachable;
}

static void run(int rounds, int nodes_a_round)
{
    size_t bad = 0, kept = 0, died = 0, dirty = 0, reached = 0;
    int number = 0;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < nodes_a_round; i++) {
            int tries = 0;
            while (shadows[number = (number + 1) % NODES].alive && tries++ < NODES) {}
            if (shadows[number].alive) break;
            dirty += !make_node(number, (int)random_below(ROOTS));
            link_random();
            link_random();
        }
        for (int i = 0; i < 12; i++) {
            size_t r = random_below(ROOTS);
            roots[r] = EMPTY;
            root_numbers[r] = -1;
        }
        reached += round_check(round, &bad, &kept, &died);
    }
    ok(bad == 0, "what is reachable is unchanged (%zu wrong, %zu objects a round)", bad,
       reached / (size_t)rounds);
    ok(dirty == 0, "fresh memory is zero (%zu times not)", dirty);
    ok(kept * 50 <= died + 1000, "what is unreachable is released (%zu of %zu kept)", kept, kept + died);
}

int main(void)
{
    start_heap();
    for (int i = 0; i < ROOTS; i++) root_numbers[i] = -1;
    kr_heap_add_tracer(trace_roots);
    run(150, 500);
    HeapStats stats;
    kr_heap_stats(&stats);
    ok(stats.collections >= 150, "%lu collections, %.1f ms each", (unsigned long)stats.collections,
       stats.pause_seconds * 1e3 / (double)stats.collections);
    kr_heap_stress = true;
    run(20, 60);
    kr_heap_shutdown();
    return tap_done();
}
