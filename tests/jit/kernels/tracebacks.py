"""Tracebacks through kernels that call kernels: a frame for every call, with its line and its columns, as CPython has them."""
import traceback

import numpy as np
from numba import njit, prange


@njit
def divide(a, i):
    return 10 // (a - i)


@njit
def total(a):
    s = 0
    for i in range(5):
        s += divide(a, i)
    return s


@njit
def outer(a):
    return total(a) + 1


@njit
def element(a, i):
    return a[i] + a[
        i + 1]


@njit
def elements(a):
    return element(a, 0) + element(
        a, len(a) - 1)


@njit
def guarded(a):
    try:
        s = total(a)
    except ValueError:
        s = -1
    return s


@njit
def again(a):
    try:
        s = total(a)
    except ZeroDivisionError:
        raise
    return s


@njit
def swallowed(a):
    s = 0
    try:
        s = total(a)
    except ZeroDivisionError:
        s = -1
    return s + divide(s, -1)


@njit
def other(a):
    try:
        s = outer(a)
    except ZeroDivisionError:
        s = total(-a) + divide(7, 7)
    return s


@njit
def raises(n):
    if n == 0:
        raise ValueError("at the bottom", n)
    return n


@njit
def last(n):
    return raises(n - 1)


@njit
def down(n):
    if n == 0:
        return raises(n)
    return down(n - 1) + 1


@njit(parallel=True)
def spread(a):
    s = 0
    for i in prange(10):
        s += last(i + 1)
    return s


@njit
def generate(n):
    for i in range(n):
        yield divide(3, i)


@njit
def consume(n):
    s = 0
    for x in generate(n):
        s += x
    return s


class Mine(Exception):
    pass


@njit
def mine(n):
    raise Mine(n)


@njit
def of_mine(n):
    return mine(n + 1)


def show(function, *args):
    try:
        function(*args)
    except Exception as error:
        print(function.__name__, type(error).__name__, error.args if type(error) in (ValueError, Mine) else "")
        first = divide.__code__.co_firstlineno
        for frame in traceback.extract_tb(error.__traceback__)[1:]:
            print("   ", frame.name, frame.lineno - first, frame.end_lineno - first, frame.colno, frame.end_colno, frame.line)
    else:
        raise AssertionError(function.__name__)


show(divide, 1, 1)
show(total, 3)
show(outer, 4)
show(elements, np.arange(3))
show(guarded, 2)
show(again, 1)
show(swallowed, 0)
show(other, 3)
show(last, 1)
show(down, 5)
show(spread, 3)
show(consume, 9)
show(of_mine, 1)
show(outer, 2)
