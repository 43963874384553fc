"""Parallel loops: the same results with any number of threads, from any thread, in a child of fork(); the lowest error."""
# timeout: 400
import os
import sys
import threading

import numba
from numba import njit, prange


@njit(parallel=True)
def harmonic(n):
    s = 0.0
    for i in prange(n):
        s += 1.0 / (i + 1)
    return s


@njit(parallel=True)
def nested(n):
    s = 0
    for i in prange(n):
        for j in prange(n):
            s += i * j
    return s


@njit(parallel=True)
def largest(n):
    m = -1
    for i in prange(n):
        m = max(m, i * 7919 % 10007)
    return m


@njit(parallel=True)
def fails(n, first, second):
    s = 0
    for i in prange(n):
        s += 100 // (i - second)
        if i == first:
            raise ValueError("the lower one")
    return s


limit = numba.config.NUMBA_NUM_THREADS
assert numba.get_num_threads() == limit
results = set()
for threads in range(1, limit + 1):
    numba.set_num_threads(threads)
    assert numba.get_num_threads() == threads
    results.add((harmonic(100_000), nested(300), largest(50_000), harmonic(0), harmonic(1)))
assert len(results) == 1, results
expected = results.pop()
assert abs(expected[0] - harmonic.py_func(100_000)) < 1e-9
assert expected[1:] == (nested.py_func(300), largest.py_func(50_000), 0.0, 1.0)

for bad in (0, limit + 1):
    try:
        numba.set_num_threads(bad)
    except ValueError:
        pass
    else:
        raise AssertionError(bad)

for _ in range(20):
    try:
        fails(10_000, 3000, 7000)
    except ValueError as error:
        assert str(error) == "the lower one"
    else:
        raise AssertionError("no error")
    try:
        fails(10_000, 7000, 3000)
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError("no error")

seen = []
threads = [threading.Thread(target=lambda: seen.append(harmonic(100_000))) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert seen == [expected[0]] * 8, seen

if "thread" not in os.environ.get("SANITIZE", ""):  # which does not follow threads of forked children
    child = os.fork()
    if child == 0:
        os._exit(0 if harmonic(100_000) == expected[0] else 1)
    assert os.waitpid(child, 0)[1] == 0
