/* _heapq.c: binary heaps in lists, smallest first, and the largest-first forms that heapq.merge
 * and nsmallest use.
 *
 * Going down, the hole first sinks to a leaf by one comparison a level, and the item then rises
 * from there: fewer comparisons than testing it at every level, since it usually belongs near the
 * bottom. Comparing may run Python code that changes the list; a changed length is an error. */
#include "runtime/krait.h"

typedef struct Order {
    bool largest_first;
} Order;

/* a goes before b: 1, 0, -1 raised. */
static inline int before(Order order, KrValue a, KrValue b)
{
    return order.largest_first ? kr_compare_truth(b, a, KR_LT) : kr_compare_truth(a, b, KR_LT);
}

/* `name` as error texts have it: "heappop() argument", "heappush() argument 1". */
static int check_list(KrValue v, const char *name)
{
    if (kr_is_list(v)) return 0;
    kr_raise(kr_TypeError, "%s must be list, not %T", name, v);
    return -1;
}

static int check_size(KrValue heap, size_t size)
{
    if (kr_list_size(heap) == size) return 0;
    kr_raise(kr_RuntimeError, "list changed size during iteration");
    return -1;
}

/* Moves the item at `at` towards `start` while it goes before its parents. */
static int rise(Order order, KrValue heap, size_t start, size_t at)
{
    size_t size = kr_list_size(heap);
    if (at >= size) {
        kr_raise(kr_IndexError, "index out of range");
        return -1;
    }
    while (at > start) {
        size_t parent = (at - 1) >> 1;
        KrValue item = kr_list_get(heap, at), above = kr_list_get(heap, parent);
        int first = before(order, item, above);
        if (first < 0 || check_size(heap, size) < 0) return -1;
        if (!first) break;
        item = kr_list_get(heap, at);
        kr_list_set(heap, at, kr_list_get(heap, parent));
        kr_list_set(heap, parent, item);
        at = parent;
    }
    return 0;
}

static int sink(Order order, KrValue heap, size_t at)
{
    size_t size = kr_list_size(heap), start = at, half = size >> 1;
    if (at >= size) {
        kr_raise(kr_IndexError, "index out of range");
        return -1;
    }
    while (at < half) {
        size_t child = 2 * at + 1;
        if (child + 1 < size) {
            int first = before(order, kr_list_get(heap, child), kr_list_get(heap, child + 1));
            if (first < 0 || check_size(heap, size) < 0) return -1;
            child += first ^ 1;
        }
        KrValue item = kr_list_get(heap, child);
        kr_list_set(heap, child, kr_list_get(heap, at));
        kr_list_set(heap, at, item);
        at = child;
    }
    return rise(order, heap, start, at);
}

static const Order smallest = {false}, largest = {true};

static KrValue pop(Order order, KrValue heap, const char *name)
{
    if (check_list(heap, name) < 0) return KR_EMPTY;
    size_t size = kr_list_size(heap);
    if (size == 0) return kr_raise(kr_IndexError, "index out of range");
    KrValue last = kr_list_get(heap, size - 1);
    kr_list_truncate(heap, size - 1);
    if (size == 1) return last;
    KrValue first = kr_list_get(heap, 0);
    kr_list_set(heap, 0, last);
    return sink(order, heap, 0) < 0 ? KR_EMPTY : first;
}

static KrValue replace(Order order, KrValue heap, KrValue item, const char *name)
{
    if (check_list(heap, name) < 0) return KR_EMPTY;
    if (kr_list_size(heap) == 0) return kr_raise(kr_IndexError, "index out of range");
    KrValue first = kr_list_get(heap, 0);
    kr_list_set(heap, 0, item);
    return sink(order, heap, 0) < 0 ? KR_EMPTY : first;
}

static KrValue heapify(Order order, KrValue heap, const char *name)
{
    if (check_list(heap, name) < 0) return KR_EMPTY;
    for (size_t i = kr_list_size(heap) >> 1; i-- > 0;)
        if (sink(order, heap, i) < 0) return KR_EMPTY;
    return kr_None;
}

KR_FN(heapq, heapq_push, "heappush", "(heap, item, /)",
      "Push item onto heap, maintaining the heap invariant.")
{
    if (check_list(a[0], "heappush() argument 1") < 0 || kr_list_append(a[0], a[1]) < 0)
        return KR_EMPTY;
    return rise(smallest, a[0], 0, kr_list_size(a[0]) - 1) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(heapq, heapq_pop, "heappop", "(heap, /)",
      "Pop the smallest item off the heap, maintaining the heap invariant.")
{
    return pop(smallest, a[0], "heappop() argument");
}

KR_FN(heapq, heapq_replace, "heapreplace", "(heap, item, /)",
      "Pop and return the current smallest value, and add the new item.\n\nThis is more efficient "
      "than heappop() followed "
      "by heappush(), and can be\nmore appropriate when using a fixed-size heap.  Note that the "
      "value\nreturned may be "
      "larger than item!")
{
    return replace(smallest, a[0], a[1], "heapreplace() argument 1");
}

KR_FN(heapq, heapq_pushpop, "heappushpop", "(heap, item, /)",
      "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined "
      "action runs more "
      "efficiently than heappush() followed by\na separate call to heappop().")
{
    if (check_list(a[0], "heappushpop() argument 1") < 0) return KR_EMPTY;
    if (kr_list_size(a[0]) == 0) return a[1];
    int first = kr_compare_truth(kr_list_get(a[0], 0), a[1], KR_LT);
    if (first <= 0) return first < 0 ? KR_EMPTY : a[1];
    return replace(smallest, a[0], a[1], "heappushpop() argument 1");
}

KR_FN(heapq, heapq_heapify, "heapify", "(heap, /)",
      "Transform list into a heap, in-place, in O(len(heap)) time.")
{
    return heapify(smallest, a[0], "heapify() argument");
}

KR_FN(heapq, heapq_pop_max, "_heappop_max", "(heap, /)", "Maxheap variant of heappop.")
{
    return pop(largest, a[0], "_heappop_max() argument");
}

KR_FN(heapq, heapq_replace_max, "_heapreplace_max", "(heap, item, /)",
      "Maxheap variant of heapreplace.")
{
    return replace(largest, a[0], a[1], "_heapreplace_max() argument 1");
}

KR_FN(heapq, heapq_heapify_max, "_heapify_max", "(heap, /)", "Maxheap variant of heapify.")
{
    return heapify(largest, a[0], "_heapify_max() argument");
}

#include "modules/_heapq.entries.h"

KR_MODULE(_heapq) = {
    .api_version = KR_API_VERSION,
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).\n\nHeaps are arrays for which a[k] <= "
           "a[2*k+1] and a[k] <= "
           "a[2*k+2] for\nall k, counting elements from 0.",
    .functions = heapq_functions,
};
