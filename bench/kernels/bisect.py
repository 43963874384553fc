"""Binary searches in a sorted array."""
import numpy as np
from numba import njit


@njit
def kernel(sorted_values, wanted):
    total = 0
    for k in range(len(wanted)):
        low = 0
        high = len(sorted_values)
        while low < high:
            middle = (low + high) // 2
            if sorted_values[middle] < wanted[k]:
                low = middle + 1
            else:
                high = middle
        total += low
    return total


def arguments():
    return np.arange(100_000) * 2.0, np.arange(20_000) * 7919.0 % 200_000
