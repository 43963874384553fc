"""Breadth-first search in a graph of rows of neighbours."""
import numpy as np
from numba import njit


@njit
def kernel(start, neighbours, distance, queue):
    n = len(distance)
    for i in range(n):
        distance[i] = -1
    distance[0] = 0
    queue[0] = 0
    head = 0
    tail = 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(start[v], start[v + 1]):
            w = neighbours[e]
            if distance[w] < 0:
                distance[w] = distance[v] + 1
                queue[tail] = w
                tail += 1
    return distance[n - 1] + tail


def arguments():
    n = 20_000
    i = np.arange(n * 4)
    return np.arange(n + 1) * 4, (i // 4 * 3 + i % 4 * 7919 + 1) % n, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
