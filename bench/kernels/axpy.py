"""y += a * x: the simplest vector loop."""
import numpy as np
from numba import njit


@njit
def kernel(x, y, a):
    for i in range(len(x)):
        y[i] += a * x[i]
    return y[len(y) // 2]


def arguments():
    n = 200_000
    return np.arange(n) / n, np.ones(n), 1e-3
