"""Shortest paths between all pairs."""
import numpy as np
from numba import njit


@njit
def kernel(source, d):
    n = d.shape[0]
    for i in range(n):
        for j in range(n):
            d[i, j] = source[i, j]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = d[i, k] + d[k, j]
                if through < d[i, j]:
                    d[i, j] = through
    return d[1, n - 1]


def arguments():
    i = np.arange(150 * 150.0).reshape(150, 150)
    d = 1 + i * 7919 % 1009
    return d, d.copy()
