"""Shortest paths over a grid graph with a binary heap in two arrays."""
import numpy as np
from numba import njit


@njit
def kernel(starts, ends, weights, distance, keys, nodes):
    n = len(distance)
    for i in range(n):
        distance[i] = 1e300
    distance[0] = 0.0
    keys[0] = 0.0
    nodes[0] = 0
    size = 1
    while size > 0:
        d = keys[0]
        u = nodes[0]
        size -= 1
        key = keys[size]
        node = nodes[size]
        i = 0
        while 2 * i + 1 < size:
            c = 2 * i + 1
            if c + 1 < size and keys[c + 1] < keys[c]:
                c += 1
            if keys[c] >= key:
                break
            keys[i] = keys[c]
            nodes[i] = nodes[c]
            i = c
        keys[i] = key
        nodes[i] = node
        if d > distance[u]:
            continue
        for e in range(starts[u], starts[u + 1]):
            v = ends[e]
            t = d + weights[e]
            if t < distance[v]:
                distance[v] = t
                i = size
                size += 1
                while i > 0 and keys[(i - 1) // 2] > t:
                    keys[i] = keys[(i - 1) // 2]
                    nodes[i] = nodes[(i - 1) // 2]
                    i = (i - 1) // 2
                keys[i] = t
                nodes[i] = v
    return distance[n - 1]


def arguments():
    side = 60
    starts, ends, weights = [0], [], []
    for y in range(side):
        for x in range(side):
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                if 0 <= y + dy < side and 0 <= x + dx < side:
                    ends.append((y + dy) * side + x + dx)
                    weights.append(1.0 + (y * 7919 + x * 104729 + dy * 31 + dx * 17) % 10)
            starts.append(len(ends))
    n = side * side
    return np.array(starts), np.array(ends), np.array(weights), np.zeros(n), np.zeros(8 * n), np.zeros(8 * n, dtype=np.int64)
