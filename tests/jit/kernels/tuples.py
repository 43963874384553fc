"""Loops over tuples whose elements have different types: one copy of the body for each."""
import numpy as np
from cases import show
from numba import literal_unroll, njit


def mixed_sum(t):
    s = 0.0
    for x in t:
        s += x
    return s


def arrays(t):
    s = 0.0
    for a in literal_unroll(t):
        s += a.sum()
    return s


def by_type(t):
    n = 0
    for x in t:
        if isinstance(x, int):
            n += 1
        elif isinstance(x, str):
            n += 10 * len(x)
        elif x is None:
            n += 100
        else:
            n += 1000
    return n


def numbered(t):
    s = 0.0
    for i, x in enumerate(t):
        s += i * x
    for i, x in enumerate(t, 5):
        s += i * x
    return s


def zipped(t, u):
    s = 0.0
    for x, y in zip(t, u):
        s += x * y
    return s


def left_early(t):
    found = -1
    for i, x in enumerate(t):
        if x == 0:
            continue
        if x > 2:
            found = i
            break
    else:
        found = 100
    return found


def returned_inside(t):
    for x in t:
        if x > 1:
            return x * 1.0
    return -1.0


def used_behind(t):
    n = 0
    for x in t:
        y = x * 2
        n += 1
    z = y
    while n > 0:
        z += y
        n -= 1
    return z


def nested(t, u):
    s = 0.0
    for x in t:
        for y in u:
            s += x * y
        for k in range(3):
            s += k * x
    return s


def inside_a_loop(t, n):
    s = 0.0
    for i in range(n):
        for x in t:
            if i == 2:
                break
            s += x * i
        s += 1
    return s


def raised(t, n):
    s = 0
    for x in t:
        try:
            s += n // x
        except ZeroDivisionError:
            s += 1000
    return s


def uncaught(t):
    s = 0
    for x in t:
        s += 10 // x
    return s


@njit
def double(x):
    return x * 2


@njit
def add_one(x):
    return x + 1


def functions(x):
    for f in (double, add_one, double):
        x = f(x)
    return x


def listed(t):
    return [x * 0.5 for x in t], any(t), all(t)


def star(*args):
    n = 0
    for a in args:
        n += a.size
    return n


def of_pairs(t):
    s = 0.0
    for name, value in t:
        s += len(name) * value
    return s


def made_arrays(t):
    out = np.zeros(len(t))
    for i, a in enumerate(t):
        b = a * 2
        out[i] = b[-1] + b.sum()
    return out


@njit
def add_up(a, b, c, d=0):
    return a + b * 10 + c * 100 + d * 1000


def starred(a, b):
    return (*a, 1, *b), (*a,), (0, *b, 2.5), add_up(*a, *b), add_up(*a, 7), add_up(1, *b), [*a, 5]


def starred_under_conditions(a, n):
    return (*a, 1 if n > 1 else 2, *a)


show(starred, (1, 2), (3, 4))
show(starred_under_conditions, (1, 2.5), 3)
show(mixed_sum, (1, 2.5, 3))
show(mixed_sum, (1, 2, 3))
show(mixed_sum, (True, 4, 1.5))
show(arrays, (np.arange(3), np.arange(4.0), np.ones((2, 2))))
show(by_type, (1, "abc", None, 2.5, 7))
show(numbered, (1, 2.5))
show(zipped, (1, 2.5), (2.5, 3, 9))
show(zipped, (1, 2), (2.5, 3, 9))
show(left_early, (0, 2.5, 1))
show(left_early, (0, 1.5, 1))
show(returned_inside, (1, 2.5, 3))
show(returned_inside, (1, 0.5))
show(used_behind, (1, 2.5))
show(nested, (1, 2.5), (1.5, 2))
show(inside_a_loop, (1, 2.5), 4)
show(raised, (1, 0, True, False), 7)
show(uncaught, (1, 0, True))
show(functions, 3)
show(listed, (1, 2.5, False))
show(star, np.arange(3), np.ones((2, 2)), np.arange(2.0))
show(of_pairs, (("ab", 1), ("c", 2.5)))
show(made_arrays, (np.arange(3), np.arange(4.0), np.arange(2, dtype=np.float32)))


def cut(a, s):
    return a[s], a[s[0]], a[s[0], 1:], s[1]


def parts(s, n):
    return s.start, s.stop, s.step, s.indices(n), s


def returned(s):
    return (s, 1), s[0]


show(cut, np.arange(12).reshape(3, 4), (slice(0, 2), slice(1, 3)))
show(returned, (slice(1, None), slice(None, -1, 2)))
for s in (slice(5), slice(1, None, 2), slice(None, None, -1), slice(-3, -1), slice(-100, 100, 3), slice(10, 2, -3)):
    show(parts, s, 0)
    show(parts, s, 12)


def ellipsis(a, s):
    return a[s], a[s[0], 1], s[0] is ...


def of_ranges(n):
    a, b, c = range(3)
    d, e = range(n, n + 2)
    return a, b, c, d, e


def too_many(n):
    a, b = range(n)
    return a


show(ellipsis, np.arange(12).reshape(3, 4), (..., 2))
show(of_ranges, 5)
show(too_many, 3)
