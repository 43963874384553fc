"""An @njit loop over an array of floats; in pure Python the same loop takes minutes.

    sum_floats.py [COUNT = 20000000]
"""
import sys
import time

import numpy as np
from numba import njit


def total(values):
    s = 0.0
    for i in range(len(values)):
        s += values[i] * 0.5 + 1.0
    return s


fast_total = njit(total)

count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
values = np.arange(count, dtype=np.float64) / 8
slice_of_it = values[: count // 100]
begin = time.perf_counter()
interpreted = total(slice_of_it)
interpreted_time = time.perf_counter() - begin
fast_total(slice_of_it)
begin = time.perf_counter()
compiled = fast_total(values)
compiled_time = time.perf_counter() - begin
print(compiled)
print("the same answer on a slice:", interpreted == fast_total(slice_of_it))
per_element = interpreted_time / len(slice_of_it) / (compiled_time / count)
print(f"compiled {compiled_time:.4f} s, {per_element:.0f} times the interpreter's speed", file=sys.stderr)
