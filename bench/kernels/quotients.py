"""An in-order sum of quotients: the divisions vectorise, the additions do not."""
import numpy as np
from numba import njit


@njit
def kernel(x, y):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i] / (y[i] * y[i] + 1.0)
    return s


def arguments():
    n = 200_000
    return np.arange(n) / n, np.sqrt(np.arange(n))
