"""The 2-D heat equation by explicit steps: plain slices, loops in a kernel and prange, all with the same answer.

    heat.py [SIZE = 400] [STEPS = 200]
"""
import sys
import time

import numpy as np
from numba import njit, prange


def by_slices(u, k, steps):
    for _ in range(steps):
        u[1:-1, 1:-1] = u[1:-1, 1:-1] + k * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1])
    return u


@njit
def by_loops(u, k, steps):
    new = u.copy()
    rows, columns = u.shape
    for _ in range(steps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                new[i, j] = u[i, j] + k * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4.0 * u[i, j])
        u, new = new, u
    return u


@njit(parallel=True)
def by_prange(u, k, steps):
    new = u.copy()
    rows, columns = u.shape
    for _ in range(steps):
        for i in prange(1, rows - 1):
            for j in range(1, columns - 1):
                new[i, j] = u[i, j] + k * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4.0 * u[i, j])
        u, new = new, u
    return u


size = int(sys.argv[1]) if len(sys.argv) > 1 else 400
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 200
start = np.zeros((size, size))
start[0, :] = 100.0
start[size // 3 : size // 2, size // 4 : size // 2] = 50.0
answers = []
for function in (by_slices, by_loops, by_prange):
    begin = time.perf_counter()
    answers.append(function(start.copy(), 0.2, steps))
    print(f"{function.__name__}: {time.perf_counter() - begin:.3f} s", file=sys.stderr)
print(np.array_equal(answers[0], answers[1]), np.array_equal(answers[1], answers[2]))
print(repr(float(answers[0].sum())), repr(float(answers[0][size // 2, size // 2])))
print(np.round(answers[0][:: size // 5, :: size // 5], 3))
