"""Results that take the memory of operands nobody can see: what can be seen keeps its value, and memory stays bounded."""
import os
import resource
import sys

import numpy as np

N = 100_000
a, b, c = np.arange(N) * 1.0, np.ones(N), np.full(N, 3.0)


class Keeper:
    """Keeps the operand that it is given."""
    __array_ufunc__ = None

    def __radd__(self, other):
        self.kept = other
        return other

    def __add__(self, other):
        self.kept = other
        return other


def walrus():
    r = (y := a * b) + c
    assert y[5] == 5 and r[5] == 8
    r = (y := a * b) + (z := a + c) + y
    assert y[5] == 5 and z[5] == 8 and r[5] == 18


def in_containers():
    g = [a * b]
    r = g[0] + c
    assert g[0][7] == 7 and r[7] == 10
    h = {"x": np.sin(a)}
    s = h["x"] * b
    assert s is not h["x"]
    r = [a * b, a + b][0] + c
    assert r[7] == 10


def from_functions(keep=[]):
    def kept(x):
        y = x * b
        keep.append(y)
        return y
    for _ in range(3):
        r = kept(a) + c
        assert r[9] == 12 and keep[-1][9] == 9
    pop = keep.pop
    r = keep[-1]
    s = pop() + c
    assert s[9] == 12 and r[9] == 9


def one_place_two_callees():
    """The same call sees a ufunc, then something that gives an older result back."""
    keeper, results = Keeper(), []
    for f in (np.sqrt, lambda x: keeper.kept, np.sqrt, lambda x: results[0]):
        w = keeper if f is np.sqrt else c
        results.append(f(a) + w)
    assert results[0][4] == 2 and results[1][4] == 5 and results[2][4] == 2 and results[3][4] == 5
    for w in (keeper, c):
        r = w + np.sqrt(a)
        assert keeper.kept[4] == 2 and r[4] == (2 if w is keeper else 5)


def conditional():
    for choose in (True, False, True):
        r = (a if choose else a * b) + c
        assert r[3] == 6 and a[3] == 3
        r = a * b + (c if choose else b)
        assert r[3] == (6 if choose else 4)


def chains():
    x = y = a * b
    x += c
    assert y[2] == 5 and y is x
    r = -(a * b) + np.sin(a * 0) - (a + b) * (a - b)
    assert r[4] == -4 - 5 * 3, r[4]
    assert np.add(a * b, np.multiply(a, 2))[4] == 12
    assert (0 < a * b + c).all() and a[4] == 4
    for _ in range(2):
        r = a + b
        r = r * 2 + r
        assert r[1] == 6


def shapes_and_types():
    m = a.reshape(100, 1000)
    r = m * 1.0 + np.ones(1000)
    assert r.shape == (100, 1000) and m[0, 5] == 5
    r = (np.ones(1000) * 2)[None] + m * 2
    assert r[1, 1] == 2 + 2 * 1001
    i = np.arange(N)
    assert ((i * 2) / 4).dtype == np.float64 and ((i * 2) / 4)[3] == 1.5
    assert ((a * b) > c).dtype == bool
    f = np.asfortranarray(np.arange(1e4).reshape(100, 100))
    assert ((f * 2) + f.T)[3, 4] == 2 * 304 + 403
    assert ((f * 2) + (f.T * 1))[3, 4] == 2 * 304 + 403


def subclasses():
    class Sub(np.ndarray):
        pass
    s = a.view(Sub)
    r = s * 2 + c
    assert type(r) is Sub and r[5] == 13


def errors():
    with np.errstate(all="raise"):
        try:
            (a * 0) / (a * 0)
        except FloatingPointError:
            pass
        else:
            raise AssertionError("no error")
    assert a[3] == 3


def generators():
    def g():
        r = a * b + (yield 1) + a * (yield 2)
        yield r
    x = g()
    next(x)
    x.send(c)
    assert x.send(b)[4] == 4 + 3 + 4


def bounded():
    n = 10_000_000
    x, y = np.ones(n), np.ones(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(20):
        x = x + y
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert x[-1] == 21 and grown < 1.5 * 8 * n / 1024, grown
    for _ in range(10):
        z = x * y + x * np.sin(y) - y
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4.5 * 8 * n / 1024, grown


for test in (walrus, in_containers, from_functions, one_place_two_callees, conditional, chains, shapes_and_types, subclasses,
             errors, generators):
    for _ in range(3):
        test()
if sys.implementation.name == "krait" and "address" not in os.environ.get("SANITIZE", ""): # which keeps what is freed
    bounded()
