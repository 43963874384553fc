"""LU decomposition in place without pivoting."""
import numpy as np
from numba import njit


@njit
def kernel(source, a):
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            a[i, j] = source[i, j]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            f = a[i, k]
            for j in range(k + 1, n):
                a[i, j] -= f * a[k, j]
    return a[n - 1, n - 1]


def arguments():
    a = np.arange(180.0 * 180).reshape(180, 180) % 11 + 60 * np.eye(180)
    return a, a.copy()
