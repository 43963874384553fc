"""What a parallel loop gives is defined by its blocks (jit/README.md, "Parallel loops"), not by its threads: bit for bit the
same for 1, 2, 3, 8 and 64 threads, and what this file computes by the definition, one iteration after the other."""
# timeout: 400
import os
import subprocess
import sys

import numpy as np
from numba import njit, prange

N = 3001
X = 1.0 / (np.arange(N) + 1.0) * np.where(np.arange(N) % 3 == 0, -1.0, 1.0)
Y = np.sqrt(np.arange(N) + 0.1)
IX = np.arange(N) * 7919 % 5


@njit(parallel=True)
def dot(x, y):
    s = 0.125
    for i in prange(len(x)):
        s += x[i] * y[i]
    return s


@njit(parallel=True)
def product(x):
    p = 1.5
    for i in prange(len(x)):
        p *= 1.0 + x[i] * 0.001
    return p


@njit(parallel=True)
def negative_zero(n):
    s = -0.0
    for i in prange(n):
        s += -0.0
    return s


@njit(parallel=True)
def bins(x, ix):
    h = np.zeros(5)
    for i in prange(len(x)):
        h[ix[i]] += x[i]
    return h


@njit(parallel=True)
def strided(x):
    s = 0.0
    for i in prange(len(x) - 1, 0, -3):
        s -= x[i] / 3.0
    return s


def blocks(n, count):
    """The iterations of each block: n % count of them have one more than the rest."""
    least, more = divmod(n, count)
    at = 0
    for b in range(count):
        size = least + (b < more)
        yield range(at, at + size)
        at += size


def defined_dot():
    s = 0.125
    for block in blocks(N, 256):
        t = -0.0
        for i in block:
            t += float(X[i]) * float(Y[i])
        s += t
    return s


def defined_product():
    p = 1.5
    for block in blocks(N, 256):
        t = 1.0
        for i in block:
            t *= 1.0 + float(X[i]) * 0.001
        p *= t
    return p


def defined_bins():
    count = max(1, min(64, N // (8 * 5)))
    h = [0.0] * 5
    for block in blocks(N, count):
        t = [-0.0] * 5
        for i in block:
            t[IX[i]] += float(X[i])
        h = [a + b for a, b in zip(h, t)]
    return h


def defined_strided():
    items = range(N - 1, 0, -3)
    s = 0.0
    for block in blocks(len(items), 256):
        t = -0.0
        for k in block:
            t -= float(X[items[k]]) / 3.0
        s += t
    return s


def results():
    values = [dot(X, Y), product(X), negative_zero(1000), strided(X), *bins(X, IX)]
    return " ".join(float(v).hex() for v in values)


if len(sys.argv) > 1:
    print(results())
    sys.exit()

wanted = [defined_dot(), defined_product(), -0.0, defined_strided(), *defined_bins()]
wanted = " ".join(float(v).hex() for v in wanted)
assert results() == wanted, (results(), wanted)
for threads in (1, 2, 3, 8, 64):
    env = dict(os.environ, KRAIT_NUM_THREADS=str(threads))
    got = subprocess.run([sys.executable, __file__, "print"], env=env, capture_output=True, text=True)
    assert got.stdout.strip() == wanted, (threads, got.stdout, got.stderr, wanted)
print("ok")
