"""Shapes: views, joining, splitting, repeating. Views are made by strided(), which takes shape and strides in bytes."""
import numpy as np

from numba._library import function, kind, strided
from numba._library.tuples import dropped, inserted, normal, replaced


def moved_last(a, axis):
    """The view in which `axis` (from 0) is the last one."""
    return strided(a, 0, dropped(a.shape, axis) + (a.shape[axis],),
                   dropped(a.strides, axis) + (a.strides[axis],))


@function("numpy.diff")
def diff(a, n=1, axis=-1):
    if n < 0:
        raise ValueError("order must be non-negative")
    axis = normal(axis, a.ndim)
    r = a.copy()
    for _ in range(n):
        r = step(r, axis)
    return r


def step(a, axis):
    count = max(a.shape[axis] - 1, 0)
    out = np.empty(replaced(a.shape, axis, count), a.dtype)
    low = strided(a, 0, out.shape, a.strides)
    high = strided(a, a.strides[axis], out.shape, a.strides)
    if kind(a, True) == "b":
        out[...] = high != low
    else:
        out[...] = high - low
    return out


@function("numpy.flipud")
def flipud(m):
    return m[::-1]


@function("numpy.fliplr")
def fliplr(m):
    return m[:, ::-1]
