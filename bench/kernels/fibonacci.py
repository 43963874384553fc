"""Recursion between calls."""
from numba import njit


@njit
def kernel(n):
    if n < 2:
        return n
    return kernel(n - 1) + kernel(n - 2)


def arguments():
    return (27,)
