"""Tridiagonal systems by elimination (Thomas), one for each row."""
import numpy as np
from numba import njit


@njit
def kernel(lower, diagonal, upper, right, work, x):
    rows, n = right.shape
    for r in range(rows):
        work[0] = upper[0] / diagonal[0]
        x[r, 0] = right[r, 0] / diagonal[0]
        for i in range(1, n):
            m = diagonal[i] - lower[i] * work[i - 1]
            work[i] = upper[i] / m
            x[r, i] = (right[r, i] - lower[i] * x[r, i - 1]) / m
        for i in range(n - 2, -1, -1):
            x[r, i] -= work[i] * x[r, i + 1]
    return x[rows // 2, n // 2]


def arguments():
    n = 400
    return np.full(n, -1.0), np.full(n, 4.0) + np.arange(n) % 3, np.full(n, -1.0), np.arange(100.0 * n).reshape(100, n) % 17, np.zeros(n), np.zeros((100, n))
