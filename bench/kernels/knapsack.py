"""Dynamic programming over capacities."""
import numpy as np
from numba import njit


@njit
def kernel(weights, values, best):
    n = len(best)
    for c in range(n):
        best[c] = 0
    for i in range(len(weights)):
        w = weights[i]
        for c in range(n - 1, w - 1, -1):
            candidate = best[c - w] + values[i]
            if candidate > best[c]:
                best[c] = candidate
    return best[n - 1]


def arguments():
    i = np.arange(100)
    return 5 + i * 37 % 61, 10 + i * 53 % 97, np.zeros(10_000, dtype=np.int64)
