"""Counting values into bins: an index read from memory."""
import numpy as np
from numba import njit


@njit
def kernel(values, bins):
    for i in range(len(values)):
        bins[values[i]] += 1
    return bins[7]


def arguments():
    return np.arange(300_000) * 7919 % 256, np.zeros(256, dtype=np.int64)
