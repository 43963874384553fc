"""Running sums of floats."""
import numpy as np
from numba import njit


@njit
def kernel(x, out):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
        out[i] = s
    return s


def arguments():
    return np.arange(300_000) / 7, np.zeros(300_000)
