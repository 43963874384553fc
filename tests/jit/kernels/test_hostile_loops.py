"""Parallel loops under hostile use: many threads at once, forked children, finalizers, exceptions, interrupts.

HOSTILE_ROUNDS=200 is the whole treatment; `make check` gives a part of it."""
# timeout: 500
# skip-if: nojit
import gc
import os
import random
import signal
import threading
import time

import numpy as np
from numba import njit, prange

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "12"))
THREADS = 64


@njit(parallel=True)
def total(a):
    s = 0.0
    for i in prange(len(a)):
        s += a[i] * 0.5
    return s


@njit(parallel=True)
def squares(out):
    for i in prange(len(out)):
        out[i] = i * i


@njit(parallel=True)
def inner(a, k):
    s = 0.0
    for j in prange(len(a)):
        s += a[j] + k
    return s


@njit(parallel=True)
def outer(a, out):
    for i in prange(len(out)):
        out[i] = inner(a, i)


@njit(parallel=True)
def half_fail(n, offset):
    s = 0
    for i in prange(n):
        if (i + offset) % 2 == 1:
            raise ValueError("odd")
        s += i
    return s


@njit(parallel=True)
def first_fails(n, k):
    s = 0
    for i in prange(n):
        if i == k:
            raise KeyError("at k")
        if i > k:
            s += 1 // (i - i)
    return s


@njit(parallel=True)
def long_loop(a, reps):
    for i in prange(len(a)):
        s = a[i]
        for k in range(reps):
            s = s * 0.999 + 1.0
        a[i] = s


A = np.arange(20_000) % 97 + 0.25
WANTED = total(A)
NESTED = np.zeros(20)
outer(A, NESTED)
assert NESTED[3] == inner(A, 3)
squares(np.zeros(3))
assert half_fail(1, 0) == 0
long_loop(np.zeros(10), 2)
for i in range(3):
    try:
        first_fails(1000, 5)
    except KeyError as error:
        line = error.__traceback__.tb_next.tb_lineno
    assert line == first_fails.__code__.co_firstlineno + 5, line


def everything(seen, k):
    seen.append(total(A) == WANTED)
    out = np.zeros(500)
    squares(out)
    seen.append(out[499] == 499 * 499)
    got = np.zeros(20)
    outer(A, got)
    seen.append(np.array_equal(got, NESTED))
    try:
        half_fail(1000, k % 2)
    except ValueError:
        seen.append(True)
    else:
        seen.append(False)


def many_threads():
    seen = []
    threads = [threading.Thread(target=everything, args=(seen, k)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4 * THREADS and all(seen), seen


def children():
    busy = threading.Thread(target=long_loop, args=(np.zeros(300), 20_000))
    busy.start()
    pids = []
    for k in range(4):
        pid = os.fork()
        if pid == 0:
            seen = []
            everything(seen, k)
            os._exit(0 if all(seen) else 1)
        pids.append(pid)
    for pid in pids:
        assert os.waitpid(pid, 0)[1] == 0
    busy.join()


class Final:
    done = 0

    def __del__(self):
        out = np.zeros(300)
        squares(out)
        Final.done += out[299] == 299 * 299


def finalizers():
    before = Final.done
    for k in range(10):
        cycle = [Final()]
        cycle.append(cycle)
    del cycle
    gc.collect()
    total(A)
    gc.collect()
    assert Final.done > before


def errors():
    for k in (0, 1, 499, 998):
        try:
            first_fails(1000, k)
        except KeyError as error:
            assert error.args == ("at k",)
        else:
            raise AssertionError(k)


def interrupts():
    a = np.zeros(2000)
    sent = [0.0]

    def send():
        time.sleep(random.random() * 0.03)
        sent[0] = time.perf_counter()
        os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=send)
    try:
        killer.start()
        while True:
            long_loop(a, 100_000)
    except KeyboardInterrupt:
        took = time.perf_counter() - sent[0]
    killer.join()
    assert total(A) == WANTED
    return took


took = []
for k in range(ROUNDS):
    many_threads()
    if "thread" not in os.environ.get("SANITIZE", ""):  # which does not follow threads of forked children
        children()
    finalizers()
    errors()
    took.append(interrupts())
took.sort()
print("ok: interrupts took", [round(1000 * t, 1) for t in (took[0], took[len(took) // 2], took[-1])], "ms")
