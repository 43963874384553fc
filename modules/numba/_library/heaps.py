"""The module heapq in kernels. A heap is a list in which each item is not larger than the items at twice its place and one and two
further; the order of comparisons is CPython's, so that equal items come out as there."""
from numba._library import function


def rise(heap, first, at):
    """Moves the item at `at` towards `first` as far as it is smaller than what is above."""
    item = heap[at]
    while at > first:
        above = (at - 1) >> 1
        if not item < heap[above]:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item


def sink(heap, at):
    """Moves the smaller items below `at` up, down to the end, and the item from there to its place."""
    end, first, item = len(heap), at, heap[at]
    below = 2 * at + 1
    while below < end:
        if below + 1 < end:
            if not heap[below] < heap[below + 1]:
                below += 1
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    heap[at] = item
    rise(heap, first, at)


@function("_heapq.heappush")
def heappush(heap, item):
    heap.append(item)
    rise(heap, 0, len(heap) - 1)


@function("_heapq.heappop")
def heappop(heap):
    last = heap.pop()
    if len(heap) == 0:
        return last
    smallest = heap[0]
    heap[0] = last
    sink(heap, 0)
    return smallest


@function("_heapq.heapify")
def heapify(x):
    for i in range(len(x) // 2 - 1, -1, -1):
        sink(x, i)


@function("_heapq.heapreplace")
def heapreplace(heap, item):
    smallest = heap[0]
    heap[0] = item
    sink(heap, 0)
    return smallest


@function("_heapq.heappushpop")
def heappushpop(heap, item):
    if len(heap) > 0:
        if heap[0] < item:
            return heapreplace(heap, item)
    return item


@function("heapq.nsmallest")
def nsmallest(n, iterable):
    return sorted([x for x in iterable])[:max(n, 0)]


@function("heapq.nlargest")
def nlargest(n, iterable):
    return sorted([x for x in iterable], reverse=True)[:max(n, 0)]
