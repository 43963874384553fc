"""A dot product added in order."""
import numpy as np
from numba import njit


@njit
def kernel(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
    return s


def arguments():
    n = 400_000
    return np.arange(n) / n, np.sqrt(np.arange(n))
