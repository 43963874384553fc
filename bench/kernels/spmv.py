"""A sparse matrix in compressed rows times a vector."""
import numpy as np
from numba import njit


@njit
def kernel(start, column, value, x, y):
    for i in range(len(y)):
        s = 0.0
        for k in range(start[i], start[i + 1]):
            s += value[k] * x[column[k]]
        y[i] = s
    return y[len(y) // 2]


def arguments():
    n = 20_000
    k = np.arange(n * 8)
    return np.arange(n + 1) * 8, k * 7919 % n, 1.0 / (1 + k % 13), np.sqrt(np.arange(n)), np.zeros(n)
