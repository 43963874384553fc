"""Sums of whole arrays in parallel kernels run on several threads and have the bits of the serial ones and of NumPy."""
# timeout: 300
import math
import os
import subprocess
import sys

import numpy as np
from numba import njit, prange


def total(a):
    return a.sum()


def several(a, b):
    return np.mean(a * b), np.sum(a[::3]), np.sum((a - b) ** 2), np.sum(a.reshape(-1, 1)), a.mean()


def inside(a, n):
    s = 0.0
    for i in prange(n):
        s += a[i:].sum()
    return s


def sums(a, n):
    for i in range(n):
        yield a[i:].sum()


def main():
    fast = {f: njit(parallel=True)(f) for f in (total, several, inside, sums)}
    serial = {f: njit(f) for f in fast}
    printed = []
    for n in 1, 9, 8192, 100_000, 131_072, 131_073, 1_000_003:
        for dtype in np.float64, np.float32:
            a = np.random.default_rng(n).random(n).astype(dtype)
            b = a[::-1].copy()
            assert fast[total](a) == serial[total](a) == a.sum(), (n, dtype)
            assert fast[several](a, b) == serial[several](a, b), (n, dtype)
            printed.append(float(fast[total](a)).hex())
    a[n // 2] = np.nan
    assert math.isnan(fast[total](a))
    assert list(fast[sums](b, 3)) == list(serial[sums](b, 3)) == [b[i:].sum() for i in range(3)]
    printed.append(fast[inside](b.astype(np.float64), 4).hex())
    print(*printed)


if len(sys.argv) > 1:
    main()
else:
    outputs = set()
    for threads in "1", "2", "7":
        done = subprocess.run([sys.executable, __file__, "kernel"], env={**os.environ, "KRAIT_NUM_THREADS": threads},
                              capture_output=True, text=True)
        assert done.returncode == 0, (threads, done.stderr)
        outputs.add(done.stdout)
    assert len(outputs) == 1, outputs
