"""Loops that take a bit away in each iteration (jit/passes/shrink.c), of Python's ints and NumPy's. The expected output is
CPython's with NumPy."""
import numpy as np
from numba import njit


@njit
def clear_lowest(a):
    total = 0
    for i in range(len(a)):
        v = a[i]
        n = 0
        while v:
            v &= v - 1
            n += 1
        total = total * 3 % 1000003 + n
    return total


@njit
def halve(x):
    ones = 0
    length = 0
    while x > 0:
        ones += x & 1
        length += 1
        x >>= 1
    return ones, length


@njit
def digits(x):
    n = 0
    s = 0
    while x > 0:
        s += x % 10
        x //= 10
        n += 1
    return n, s


@njit
def large_steps(x):
    n = 0
    while x > 0:
        n += 1 << 60
        x >>= 1
    return n


@njit
def not_counted(x, stop):
    n = 0
    while x != 0:
        x >>= 1
        n += 1
        if n == stop:
            break
    return n


for t in (np.int64, np.uint64, np.int32, np.uint8):
    a = np.arange(-60 if t in (np.int64, np.int32) else 0, 90).astype(t) * t(3)
    print(t.__name__, clear_lowest(a))
for x in (0, 1, 2, 255, 10**18, 2**62, 2**63 - 1, -5):
    print(x, halve(x), digits(x))
for x in (1, 7, 15, 127, 255):
    try:
        print(x, large_steps(x) if x < 127 else large_steps(x) >= 2**63)
    except OverflowError:
        print(x, True)
print(not_counted(-8, 1000), not_counted(8, 1000))
