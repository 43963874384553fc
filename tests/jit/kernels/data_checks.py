"""Checks of loaded values that a scout asks for a chunk of iterations at once (jit/passes/speculate.c): what was stored before
the exception, and no more, for bad values at the beginning, inside and at the end of chunks; overlapping arrays; checks
under conditions. The expected output is CPython's with NumPy."""
import math

import numpy as np
from numba import njit

SIZES = (0, 1, 15, 16, 17, 1023, 1024, 1025, 2500)


@njit
def logs(a, out):
    for i in range(len(a)):
        out[i] = math.log(a[i])


@njit
def logs_in_place(a):
    for i in range(len(a)):
        a[i] = math.log(a[i])


@njit
def logs_down(a, out):
    for i in range(len(a) - 1, -1, -1):
        out[i] = math.log(a[i]) + i


@njit
def next_root(a):
    for i in range(len(a) - 1):
        a[i + 1] = math.sqrt(a[i]) - 1.5


@njit
def roots_between(a, b):
    for i in range(len(a)):
        b[i] = math.sqrt(a[i]) - 2.0


@njit
def where_positive(a, out):
    n = 0
    for i in range(len(a)):
        if a[i] > 0.0:
            out[i] = math.log(a[i])
        else:
            n += 1
    return n


@njit
def quotients(a, out, x):
    s = 0.0
    for i in range(0, len(a), 3):
        d = float(a[i])
        s += x / d
        out[i] = s
    return s


@njit
def chosen(a, order, out):
    for i in range(len(order)):
        out[i] = math.sqrt(a[order[i]])


@njit
def rows(a, out):
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = math.exp(a[i, j])
            total += out[i, j]
    return total


@njit
def angles(a, out):
    for i in range(len(a)):
        out[i] = math.asin(a[i]) if a[i] < 2.0 else math.cos(a[i])


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


def show(name, n, result, *arrays):
    sums = [f"{float(np.nansum(x)):.9g} {int(np.isnan(x).sum())} {int((x == 0).sum())}" for x in arrays]
    result = f"{result:.9g}" if isinstance(result, float) else result
    print(name, n, result, *sums)


def bad_places(n):
    return sorted({k for k in (0, 1, n // 2, 1022, 1023, 1024, n - 1) if 0 <= k < n})


for n in SIZES:
    for bad in [None] + bad_places(n):
        a = 1.0 + np.arange(n) % 7
        if bad is not None:
            a[bad] = -1.0
        out = np.zeros(n)
        show("logs", n, attempt(logs, a, out), out)
        out = np.zeros(n)
        show("logs_down", n, attempt(logs_down, a, out), out)
        b = a.copy()
        show("logs_in_place", n, attempt(logs_in_place, b), b)
        out = np.zeros(n)
        show("where_positive", n, attempt(where_positive, a, out), out)
        d = a.copy()
        if bad is not None:
            d[bad] = 0.0
        out = np.zeros(n)
        show("quotients", n, attempt(quotients, d, out, 2.0), out)
        out = np.zeros(n)
        order = (np.arange(n) * 5) % max(n, 1)
        if bad is not None:
            a[bad], order[bad] = 1.0, -n if bad % 2 else n
        show("chosen", n, attempt(chosen, a, order, out), out)
        e = np.arange(n * 2).reshape(2, n) % 11 / 4.0
        if bad is not None:
            e[1, bad] = 1000.0
        out = np.zeros((2, n))
        show("rows", n, attempt(rows, e, out), out)
        g = np.arange(n) % 9 / 8.0
        if bad is not None:
            g[bad] = math.inf
        out = np.zeros(n)
        show("angles", n, attempt(angles, g, out), out)

for n in (20, 1500, 3000):
    a = np.full(n, 100.0)
    show("next_root", n, attempt(next_root, a), a)
    for shift in (1, 2, 1100):
        a = 5.0 + np.arange(n + 2000.0)
        show("behind", n, attempt(roots_between, a[:n], a[shift : shift + n]), a)
        a = 5.0 + np.arange(n + 2000.0)
        show("before", n, attempt(roots_between, a[shift : shift + n], a[:n]), a)
a = np.array([math.nan, 4.0, math.inf] * 10)
out = np.zeros(30)
show("nan", 30, attempt(logs, a, out), out)


@njit
def sparse(ptr, index, values, b, out):
    for i in range(len(ptr) - 1):
        for k in range(b.shape[1]):
            out[i, k] = 0.0
        for p in range(ptr[i], ptr[i + 1]):
            for k in range(b.shape[1]):
                out[i, k] += values[p] * b[index[p], k]


@njit
def overwritten(index, b, out):
    for k in range(len(out)):
        out[k] = b[index[0]] + k


for bad in (None, 0, 7, 119):
    for value in (-3, -60, 60, 1000):
        index = np.arange(120) * 7 % 50
        if bad is not None:
            index[bad] = value
        b, out = np.arange(50 * 40.0).reshape(50, 40), np.zeros((40, 40))
        show("sparse", bad, attempt(sparse, np.arange(41) * 3, index, np.arange(120) / 8.0, b, out), out)
    index = np.zeros(100, np.int64)
    show("overwritten", bad, attempt(overwritten, index, np.arange(30), index), index)
