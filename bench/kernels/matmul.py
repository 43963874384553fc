"""Matrix product by three loops, the inner one over a row."""
import numpy as np
from numba import njit


@njit
def kernel(a, b, c):
    n, inner = a.shape
    m = b.shape[1]
    for i in range(n):
        for j in range(m):
            c[i, j] = 0.0
        for k in range(inner):
            x = a[i, k]
            for j in range(m):
                c[i, j] += x * b[k, j]
    return c[1, 2]


def arguments():
    a = np.arange(160.0 * 160).reshape(160, 160) % 7
    return a, a.T.copy(), np.zeros_like(a)
