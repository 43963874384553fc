"""Indexes that wrap around, as remainders of what is almost in range (jit/passes/remainder.c): sizes from 1 on, windows of
which every sum is within one of the size, and some of which it is not. The expected output is CPython's with NumPy."""
import numpy as np
from numba import njit


@njit
def around(a):
    n = len(a)
    s = 0
    for i in range(n):
        s = s * 3 + a[(i + 1) % n] + 2 * a[(i - 1) % n]
        s = s % 1000003
    return s


@njit
def window(a):
    rows, columns = a.shape
    s = 0
    for i in range(rows):
        for j in range(columns):
            for di in range(-1, 2):
                for dj in range(-1, 2):
                    s = (s * 5 + a[(i + di) % rows, (j + dj) % columns] * (di + 2 * dj + 4)) % 1000003
    return s


@njit
def wide(a, reach):
    n = len(a)
    s = 0
    for i in range(n):
        for d in range(-2, 3):
            s = (s * 7 + a[(i + d) % n] * (d + 3)) % 1000003
        for d in range(-reach, reach):
            s = (s * 7 + a[(i + d) % n] * (d + 30)) % 1000003
    return s


@njit
def down(a):
    n = len(a)
    s = 0
    for i in range(n - 1, -1, -1):
        s = (s * 3 + a[(i - 1) % n] - a[(i + 1) % n]) % 1000003
    return s


@njit
def shifted(n):
    out = np.zeros(n, dtype=np.int64)
    for i in range(n):
        out[(i + 1) % n] = i
    return out.sum() * 1000 + out[0]


for n in (1, 2, 3, 4, 5, 17, 100):
    a = np.arange(n) * 37 % 101
    print(n, around(a), wide(a, 5), down(a), shifted(n))
    for m in (1, 2, 3, 8):
        print(n, m, window(np.arange(n * m).reshape(n, m) * 11 % 97))
