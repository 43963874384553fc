"""Generators in kernels and as what kernels give: loops over them, next(), generator expressions, what they keep alive."""
import gc

import numpy as np
from cases import plain
from numba import njit


def text(v):
    v = plain(v)
    return f"{v.dtype}{v.tolist()}" if hasattr(v, "tolist") else repr(v)


def show(function, *args):
    try:
        r = njit(function)(*args)
        r = "[" + ", ".join(map(text, r)) + "]" if hasattr(r, "__next__") else text(r)
    except Exception as e:
        r = f"{type(e).__name__} {e.args!r}"
    print(function.__name__, r, args)


@njit
def squares(n):
    for i in range(n):
        yield i * i


@njit
def three(a, b):
    yield a
    yield b
    c = a + b
    yield c
    a = c * 2
    yield a + b


@njit
def evens(a):
    for x in a:
        if x % 2:
            continue
        if x > 100:
            return
        yield x


@njit
def pairs(a, b):
    for i in range(len(a)):
        for j in range(len(b)):
            if i != j:
                yield i, a[i] * b[j]


@njit
def rows(m):
    for r in m:
        yield r
        yield r * 2


@njit
def growing(n):
    a = []
    for i in range(n):
        a.append(i)
        b = np.full(i, 1.5)
        yield a, b
        a[0] += 10


@njit
def words(text):
    w = ""
    for c in text:
        if c == " ":
            yield w
            w = ""
        else:
            w += c
    yield w + "."


@njit
def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


@njit
def failing(n):
    for i in range(n, -3, -1):
        yield 10 // i


@njit
def empty(n):
    if n > 100:
        yield n


@njit
def nested(n):
    for x in squares(n):
        for y in squares(x):
            yield x * 100 + y


@njit
def items(d):
    for k, v in d.items():
        yield k, v * 2


def total(n):
    s = 0
    for x in squares(n):
        s += x
    for i, x in enumerate(squares(n)):
        s += i * x
    for x, y in zip(squares(n), range(2, 100)):
        s += x * y
    return s


def all_of_three():
    s = 0.0
    for x in three(1.5, 2.5):
        s = s * 10 + x
    return s


def left_early(n):
    s = 0
    for x in fibonacci():
        if x > n:
            break
        s += x
    return s


def rows_in_a_kernel(m):
    s = 0.0
    for i, r in enumerate(rows(m)):
        s += r[0] * i + r.sum()
        if i == 3:
            break
    return s


def growing_in_a_kernel(n):
    s = 0.0
    for a, b in growing(n):
        s += len(a) + a[0] + b.sum()
    return s


def nexts():
    g = fibonacci()
    next(g)
    next(g)
    a = next(g) + next(g)
    h = words("ab cd ef")
    w = next(h)
    for x in h:
        w += "|" + x
    return a, next(g), w


def ended():
    g = squares(1)
    next(g)
    return next(g)


def caught(n):
    s = 0
    try:
        for x in failing(n):
            s += x
    except ZeroDivisionError:
        s += 1000
    return s


def uncaught(n):
    s = 0
    for x in failing(n):
        s += x
    return s


def expressions(n):
    k = 3
    return (sum(x * x for x in range(n)), max(x % 5 for x in range(n)), [y for y in (x + k for x in range(3))],
            any(x > 3 for x in range(n)), all(x > 3 for x in range(n)), sum(x * y for x in range(3) for y in range(2)))


def over_arrays(a):
    return sum(x for x in a if x > 1), min(abs(x - 2) for x in a), sorted([int(x) for x in (v * 2 for v in a)])


def iterators(a, b):
    it = iter(a)
    x = next(it)
    jt = iter(b)
    y = next(jt) * 100
    for v in it:
        x += v
    return x, y + next(jt)


def indices(a):
    s = 0
    for (i, j), x in np.ndenumerate(a):
        s += x * (i * 10 + j)
    for i, j in np.ndindex(a.shape):
        s += a[i, j] * i
    for i, j in np.ndindex(2, 3):
        s += a[i, j] * j
    for i in np.ndindex(4):
        s += i[0]
    return s


def passed(n):
    return consumed(squares(n)), consumed(evens([1, 2, 4]))


@njit
def consumed(g):
    s = 0
    for x in g:
        s += x
    return s


for kernel, args in ((squares, (5,)), (three, (1, 2)), (three, (1.5, 2.0)), (evens, ([1, 2, 3, 4, 102, 6],)),
                     (evens, (np.array([4, 5, 6]),)), (pairs, (np.arange(3), [2.5, 3.5])), (rows, (np.eye(2),)),
                     (words, ("one two three",)), (empty, (5,)), (nested, (3,)), (items, ({"a": 1, "b": 2},))):
    print(kernel.__name__, "[" + ", ".join(text(x) for x in kernel(*args)) + "]")
for a, b in growing(3):
    print(a, b.tolist())
show(total, 5)
show(all_of_three)
show(left_early, 50)
show(rows_in_a_kernel, np.arange(6.0).reshape(3, 2))
show(growing_in_a_kernel, 4)
show(nexts)
show(ended)
show(caught, 2)
show(uncaught, 2)
show(expressions, 6)
show(over_arrays, np.array([3, 1, 2]))
show(iterators, np.array([1.5, 2.5, 3.5]), [7, 8])
show(indices, np.arange(6).reshape(2, 3))
show(indices, np.asfortranarray(np.arange(6.0).reshape(2, 3)))
show(passed, 4)
g = failing(1)
print(next(g))
try:
    next(g)
except ZeroDivisionError as e:
    print(e)
print(list(g))
g = rows(np.ones((100, 3)))
first = next(g)
second = next(g)
del g
gc.collect()
print(first.tolist(), second.tolist())
counter = 0
for x in fibonacci():
    counter += 1
    if x > 1000:
        break
print(counter, iter(g := squares(2)) is g, list(g), list(g))
