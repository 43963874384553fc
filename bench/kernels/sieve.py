"""The sieve of Eratosthenes in bytes."""
import numpy as np
from numba import njit


@njit
def kernel(flags):
    n = len(flags)
    for i in range(n):
        flags[i] = 1
    count = 0
    for i in range(2, n):
        if flags[i]:
            count += 1
            for j in range(i * i, n, i):
                flags[j] = 0
    return count


def arguments():
    return (np.zeros(500_000, dtype=np.uint8),)
