"""Quicksort of an array, with a stack of its own."""
import numpy as np
from numba import njit


@njit
def kernel(source, a, stack):
    n = len(a)
    for i in range(n):
        a[i] = source[i]
    top = 0
    stack[0] = 0
    stack[1] = n - 1
    while top >= 0:
        low = stack[2 * top]
        high = stack[2 * top + 1]
        top -= 1
        while low < high:
            pivot = a[(low + high) // 2]
            i = low
            j = high
            while i <= j:
                while a[i] < pivot:
                    i += 1
                while a[j] > pivot:
                    j -= 1
                if i <= j:
                    t = a[i]
                    a[i] = a[j]
                    a[j] = t
                    i += 1
                    j -= 1
            if high - i > 0:
                top += 1
                stack[2 * top] = i
                stack[2 * top + 1] = high
            high = j
    return a[n // 3]


def arguments():
    a = np.arange(30_000.0) * 7919 % 30_011
    return a, a.copy(), np.zeros(200, dtype=np.int64)
