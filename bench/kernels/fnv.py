"""A hash of bytes in 64-bit arithmetic that wraps."""
import numpy as np
from numba import njit


@njit
def kernel(data):
    h = np.uint64(14695981039346656037)
    for i in range(len(data)):
        h = (h ^ np.uint64(data[i])) * np.uint64(1099511628211)
    return int(h >> np.uint64(8))


def arguments():
    return ((np.arange(300_000) * 31 % 256).astype(np.uint8),)
