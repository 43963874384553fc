"""The module heapq in kernels."""
import heapq

from cases import case


def ordered(items):
    heap = []
    for x in items:
        heapq.heappush(heap, x)
    layout = heap[:]
    out = []
    while heap:
        out.append(heapq.heappop(heap))
    return layout, out


def replaced(items):
    heap = items[:]
    heapq.heapify(heap)
    first = heap[:]
    return first, heapq.heapreplace(heap, 4), heapq.heappushpop(heap, 0), heapq.heappushpop(heap, 9), heap


def extremes(items):
    return heapq.nsmallest(3, items), heapq.nlargest(2, items), heapq.nlargest(0, items), heapq.nsmallest(99, items)


def shortest(n):
    """Dijkstra over a ring with chords."""
    distance = [1e9 for _ in range(n)]
    distance[0] = 0.0
    heap = [(0.0, 0)]
    while len(heap) > 0:
        d, u = heapq.heappop(heap)
        if d > distance[u]:
            continue
        for v, w in (((u + 1) % n, 1.0), ((u * 3 + 1) % n, 2.5), ((u + n - 2) % n, 1.25)):
            if d + w < distance[v]:
                distance[v] = d + w
                heapq.heappush(heap, (d + w, v))
    return distance


def empty(items):
    heap = items[:0]
    return heapq.heappop(heap)


case("ordered", ordered, [5, 2, 8, 1, 9, 3, 3, 7, 0, 6])
case("ordered texts", ordered, ["pear", "fig", "apple", "fig"])
case("replaced", replaced, [5, 2, 8, 1, 9, 3, 3, 7])
case("extremes", extremes, [5, 2, 8, 1, 9, 3])
case("shortest", shortest, 23)
case("empty", empty, [1])
