"""Sums of floats are the same to the last bit in a kernel and outside, however long and however they lie in memory."""
import numpy as np
from numba import njit


def sums(a):
    return np.sum(a), a.mean(), np.sum(a * a + 1.0)


def inner(a):
    return np.sum(a[1:-1, 1:-1]), a[:, 3].sum(), np.sum(a[::2, 1:])


checked = 0
for dtype in (np.float64, np.float32):
    for n in (7, 100, 8192, 8193, 100_003):
        a = (np.arange(n) * 0.1 + 1.0 / (np.arange(n) + 1)).astype(dtype)
        assert [float(v) for v in njit(sums)(a)] == [float(v) for v in sums(a)], (dtype, n)
        checked += 1
    for shape in ((400, 400), (30, 5000), (5000, 30)):
        a = (np.arange(shape[0] * shape[1]) * 0.1).reshape(shape).astype(dtype)
        assert [float(v) for v in njit(inner)(a)] == [float(v) for v in inner(a)], (dtype, shape)
        checked += 1
assert checked == 16
