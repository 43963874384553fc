"""parallel_diagnostics names each loop, what was gathered, what stays serial, and what could not be proved."""
# timeout: 400
import contextlib
import io

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def sample(x, ix):
    y = np.zeros(len(x))
    h = np.zeros(4)
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        h[i % 4] += x[i]
        y[i] = x[i]
    for i in prange(len(x)):
        y[ix[i]] = s
        for j in prange(3):
            x[i] += j
    return y


@njit
def plain(x):
    return x + 1


out = io.StringIO()
sample(np.ones(10), np.arange(10))
plain(1)
with contextlib.redirect_stdout(out):
    sample.parallel_diagnostics()
text = out.getvalue()
first = sample.py_func.__code__.co_firstlineno
for words in ("Parallel loop listing for  Function sample", f"#1, line {first + 5}: runs in parallel",
              "'s' is a reduction (sum)", "array 'h' is a reduction (sum)",
              f"#2, line {first + 9}: runs in parallel",
              f"#2, line {first + 10}: not proved: 'y': iterations may touch one element",
              f"line {first + 11}: runs serially inside of the parallel loop around it"):
    assert words in text, (words, text)
assert "proved: 'y'" not in text.replace("not proved", "")
listed = [line for line in text.splitlines() if line.rstrip().endswith("| #2")]
assert len(listed) == 1 and "for i in prange(len(x)):" in listed[0], listed

out = io.StringIO()
with contextlib.redirect_stdout(out):
    sample.parallel_diagnostics(level=2)
assert "proved: 'y': no two iterations touch one element" in out.getvalue()

out = io.StringIO()
with contextlib.redirect_stdout(out):
    plain.parallel_diagnostics()
assert "Nothing in it runs in parallel." in out.getvalue()
print("ok")
