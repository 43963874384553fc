"""Array expressions of parallel kernels run over blocks of rows: the same bits as in the plain kernel and in NumPy, for
every shape, layout and broadcast, and for aliases; errors leave from inside."""
# timeout: 400
import contextlib
import io

import numpy as np
from numba import njit


def expression(a, b):
    return a * b + 2.0 - a / (b + 3.0)


def in_place(a, b):
    a += b
    a[:] = a * 2 - b
    return a


def fill(a, b):
    a[:] = 3
    a[1:-1] = b[1:-1]
    return a


def functions(a, b):
    return np.sqrt(np.abs(a)) + np.minimum(a, b) + np.where(a > b, a, -b)


def shifted(a, b):
    a[1:] = a[:-1] + 1
    return a


def compare(a, b):
    return (a > b) & (a < 50)


def cast(a, b):
    return (a * 3).astype(np.int32)


def made(a, b):
    c = np.ones(a.shape)
    d = np.full(a.shape, 2.5)
    return c + d + np.zeros_like(a)


FUNCTIONS = [expression, in_place, fill, functions, shifted, compare, cast, made]
SHAPES = [(0,), (1,), (7,), (50_000,), (300, 200), (200, 300), (3, 20_000), (20, 30, 40)]


def arrays(shape, kind):
    size = int(np.prod(shape))
    a = (np.arange(size) * 7919 % 101 + 0.5).reshape(shape)
    b = (np.arange(size) * 31 % 97 + 0.25).reshape(shape)
    if kind == "F" and len(shape) > 1:
        a = np.array(a, order="F")
    if kind == "strided":
        wide = np.zeros(shape[:-1] + (2 * shape[-1],))
        wide[..., ::2] = a
        a = wide[..., ::2]
    if kind == "row" and len(shape) > 1:
        b = b[:1].copy()
    if kind == "column" and len(shape) > 1:
        b = b[..., :1].copy()
    return a, b


count = 0
for function in FUNCTIONS:
    parallel, plain = njit(parallel=True)(function), njit(function)
    for shape in SHAPES:
        for kind in ("C", "F", "strided", "row", "column"):
            if kind != "C" and (len(shape) != 2 or function in (cast, made, functions)):
                continue
            if kind in ("row", "column") and function is fill:
                continue
            if shape[0] < 2 and function in (fill, shifted):
                continue
            wanted = function(*arrays(shape, kind))
            for kernel in (plain, parallel):
                got = kernel(*arrays(shape, kind))
                assert got.dtype == wanted.dtype and got.shape == wanted.shape, (function.__name__, shape, kind)
                assert got.tobytes() == wanted.tobytes(), (function.__name__, shape, kind, kernel is parallel)
            count += 1


@njit(parallel=True)
def mismatch(a, b):
    return a + b


@njit(parallel=True)
def handled(a, b):
    c = np.zeros(5)
    try:
        c = a + b
    except Exception:
        c[0] = 1.0
    return c


for _ in range(3):
    try:
        mismatch(np.ones(3), np.ones(4))
    except ValueError:
        pass
    else:
        raise AssertionError("no error")
assert mismatch(np.ones(30_000), np.ones(1))[29_999] == 2

out = io.StringIO()
with contextlib.redirect_stdout(out):
    mismatch.parallel_diagnostics()
assert "array expression runs in parallel" in out.getvalue(), out.getvalue()
print("ok:", count, "comparisons")
