import numpy as np
#: keywords 3
#: defaults 4
#: rest 2
#: none 5
#: generic 2
#: arrays [1.0 2.0 3.0]
#: fact 10 1
def f(a, b, c):
    return a * 100 + b * 10 + c
def keywords(n):
    "sig: int"
    return f(n, c=1, b=2), f(c=n, a=1, b=2)
def g(a, b=2, c=0.5, *, d=True, e=None):
    if e is None:
        e = 7
    if d:
        return a + b * c + e
    return -1.0
def defaults(n):
    "sig: int"
    return g(n), g(n, 3), g(n, c=1.5), g(1, 2, 3.0, d=False), g(n, e=n)
def h(a, *more):
    s = a
    for x in more:
        s += x
    return s, len(more)
def rest(n):
    "sig: int"
    return h(n), h(n, 1), h(n, 1, 2, 3)
def maybe(x, y=None):
    if y is not None:
        return x + y
    return x
def none(n):
    "sig: int"
    return maybe(n), maybe(n, 3), maybe(n, None), maybe(n, y=2.5)
def add(x, y):
    return x + y
def generic(n):
    "sig: int"
    return add(n, 1), add(n, 1.5), add((n,), (2,)), add(np.ones(n), 1).sum()
def scale(a, k=2.0):
    a *= k
    return a
def arrays(a):
    "sig: array(float64, 1d, C)"
    b = scale(a[1:], k=10)
    return a, b, scale(a.copy())
def fact(n, acc=1):
    "sig: int, int"
    if n <= 1:
        return acc
    return fact(n - 1, acc * n)
