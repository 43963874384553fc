"""Rarer arguments: a ufunc's out, lists as indices, dtypes and what they hold, lists of what an array holds."""
import math

import numpy as np

from cases import case

GRID = np.arange(12.).reshape(3, 4)


def outs(a):
    o, p = np.empty_like(a), np.zeros((3, 4), np.float32)
    r = np.sin(a, o)
    np.add(a, 1.0, p)
    np.multiply(a, 2, out=a)
    np.sqrt(a, out=a)
    q = np.zeros((2, 4))
    np.maximum(a[0], a[1], out=q)
    return o, p, a, q, r is o


def int_out(a):
    try:
        np.sin(a, np.zeros((3, 4), np.int64))
    except TypeError:
        return 1
    return 0


def out_too_small(a):
    return np.add(a, a, np.zeros(4))


def limits():
    return (np.iinfo(np.int32).max, np.iinfo(np.int64).min, np.iinfo(np.uint8).max, np.iinfo(np.int16).bits,
            np.iinfo(np.uint64).max, np.finfo(np.float64).eps, np.finfo(np.float32).max, np.finfo(np.float64).tiny,
            np.finfo(np.float64).min, np.finfo(np.float32).eps, math.tau)


def of_array(a):
    return np.finfo(a.dtype).eps, np.dtype("f4") == np.float32, np.zeros(2, np.dtype("i2"))


def listed(a):
    return a.tolist(), a[0].tolist(), (a > 5).tolist()[1], (a[0] * 1j).tolist(), np.array(3).tolist()


def wide(a):
    total = 0
    for x in np.array([100, 120], np.int8).tolist():
        total += x * x
    return total


def indexed(a):
    return a[[0, 2]], a[[0, 1], [1, 3]], a[:, [1, 2]], a[[True, False, True]], a[1, [0, 3]]


def stored(a):
    a[[0, 2]] = 5.0
    a[:, [1, 2]] = 7.0
    a[[0, 1], [3, 3]] = [8.0, 9.0]
    return a


def stored_outside(a):
    a[[0, 7]] = 1.0


case("outs", outs, GRID.copy())
case("int out", int_out, GRID)
case("out too small", out_too_small, GRID)
case("limits", limits)
case("of array", of_array, GRID)
case("listed", listed, GRID)
case("wide", wide, GRID)
case("indexed", indexed, GRID)
case("stored", stored, GRID.copy())
case("stored outside", stored_outside, GRID.copy())
