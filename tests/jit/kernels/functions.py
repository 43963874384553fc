"""Functions as values in kernels: inner ones, closures, arguments; * in calls and assignments; patterns; typed containers."""
from collections import namedtuple

import numba
from cases import show
from numba import njit, types
from numba.typed import Dict, List


Point = namedtuple("Point", "x y")
ORIGIN = Point(0, 0)


@njit
def square(x):
    return x * x


@njit
def apply(f, x):
    return f(x)


def lambdas(n):
    f = lambda x: x + 1  # noqa: E731
    return f(n)


def closure(n):
    k = n * 2

    def inner(y, z=3):
        return y + k + z
    return inner(1) + inner(2, 5)


def by_key(a):
    return sorted(a, key=lambda x: -x), max(a, key=abs), min(a, key=lambda v: v * v)


def stable(n):
    a = [(i * 7 % 5, i) for i in range(n)]
    a.sort(key=lambda t: t[0])
    return a


def passed_on(n):
    return apply(square, n) + apply(lambda x: x * 10, n)


def captures(n):
    def g(x):
        return x + n
    return apply(g, 5)


def mapped(n):
    return [x for x in map(lambda v: v * n, range(n))], [x for x in filter(lambda v: v % 2 == 1, range(n))]


def shares_a_list(n):
    a = [n]

    def add(x):
        a.append(x)
        return len(a)
    add(3)
    add(4)
    return a


def after_a_loop(n):
    c = 0
    for i in range(n):
        c += i

    def f():
        return c
    return f()


def nested(n):
    def a(x):
        def b(y):
            return y + x + n
        return b(1)
    return a(2)


def add_all(a, b, c=10, *rest):
    s = a + b + c
    for r in rest:
        s += r
    return s


def starred(t):
    return add_all(*t)


def star_targets(t):
    a, *b = t
    *c, d = t
    e, *f, g = t
    return a, b, c, d, e, f, g


def kinds(n):
    return isinstance(n, int), isinstance(2.5, (int, float)), isinstance("a", str), isinstance((1,), tuple), isinstance(n, list)


def typed(n):
    a = List()
    for i in range(n):
        a.append(i * 0.5)
    d = Dict()
    d["a"] = 1
    e = List.empty_list(types.float64)
    f = Dict.empty(types.unicode_type, types.int64)
    f["x"] = n
    return len(a), a[1], d["a"], len(e), f["x"], len(numba.typed.List.empty_list(numba.int64))


def named(p):
    q = Point(p.x + 1, y=p.y * 2)
    a, b = q
    return q, q.x, a + b, len(q), q[1], ORIGIN.x, p + (1,), p == q


def walrus(n):
    if (m := n * 2) > 5:
        return m
    return 0


def match_numbers(n):
    match n:
        case 1:
            return 10
        case 2 | 4:
            return 20
        case _:
            return 30


def match_tuples(p):
    match p:
        case (0, y):
            return y
        case (x, y):
            return x * 10 + y
    return -1


def otherwise(n):
    for i in range(5):
        if i == n * 7:
            break
    else:
        return 100
    return i


def optional(n):
    best = None
    for i in range(n):
        if i == 1:
            best = i
    if best is None:
        return -1
    return best * 2


def comprehensions(n):
    return {i: i * i for i in range(n)}, {i % 2 for i in range(n)}, [y for x in range(n) for y in range(x)]


show(lambdas, 3)
show(closure, 3)
show(by_key, [3, -9, 1])
show(stable, 30)
show(passed_on, 3)
show(captures, 3)
show(mapped, 5)
show(shares_a_list, 5)
show(after_a_loop, 4)
show(nested, 3)
show(starred, (1, 2))
show(starred, (1, 2, 3, 4, 5))
show(star_targets, (1, 2, 3, 4))
show(star_targets, [1, 2, 3, 4])
show(kinds, 3)
show(typed, 3)
show(named, Point(1, 2.5))
show(walrus, 4)
show(match_numbers, 4)
show(match_numbers, 5)
show(match_tuples, (1, 2))
show(match_tuples, (0, 7))
show(otherwise, 1)
show(otherwise, 0)
show(optional, 3)
show(optional, 1)
show(comprehensions, 3)
print(apply(square, 3), apply(square, 2.5))


@njit
def fill(a, d):
    a.append(5)
    d["k"] = 2.5


a, d = List.empty_list(types.int64), Dict.empty(types.unicode_type, types.float64)
fill(a, d)
print(a, len(a), d["k"], len(d))
