"""Cholesky decomposition, row by row, sums in order."""
import math

import numpy as np
from numba import njit


@njit
def kernel(a, l):
    n = a.shape[0]
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s -= l[i, k] * l[j, k]
            if i == j:
                l[i, j] = math.sqrt(s)
            else:
                l[i, j] = s / l[j, j]
    return l[n - 1, n - 1]


def arguments():
    n = 150
    a = np.minimum.outer(np.arange(n), np.arange(n)) + 1.0
    return a, np.zeros_like(a)
