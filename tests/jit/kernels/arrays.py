"""Kernels on arrays. Prints what they give, floats by their bits."""
import numpy as np

from numba import njit, prange


@njit
def fill(a):
    for i in range(len(a)):
        a[i] = i * 0.5


@njit
def total(a):
    s = 0.0
    for x in a:
        s += x
    return s


@njit
def total2(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j]
    return s


@njit
def table(n, m):
    r = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            r[i, j] = i * 10 + j
    return r


@njit
def product(a, b):
    n, k = a.shape
    m = b.shape[1]
    c = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            t = 0.0
            for l in range(k):
                t += a[i, l] * b[l, j]
            c[i, j] = t
    return c


@njit(parallel=True)
def roots(a):
    for i in prange(a.shape[0]):
        a[i] = np.sqrt(i)


@njit
def expression(a, b):
    return a * 2.0 + b - a[0]


@njit
def middle(a):
    return a[1:4]


@njit
def views(a):
    return a.T, a[::2], a[:, 1], len(a), a.size, a.ndim


@njit
def item(a, i):
    return a[i]


@njit
def wraps(a):
    for i in range(a.size):
        a[i] += 2147483647


@njit
def histogram(values, bins):
    counts = np.zeros(bins, dtype=np.int64)
    for v in values:
        counts[int(v) % bins] += 1
    return counts


@njit
def heat(u, steps):
    for _ in range(steps):
        new = u.copy()
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                new[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
        u = new
    return u


def show(name, value):
    if isinstance(value, tuple):
        for i, v in enumerate(value):
            show(f"{name}[{i}]", v)
    elif isinstance(value, np.ndarray):
        items = [float(v).hex() if value.dtype.kind == "f" else int(v) for v in value.reshape(-1)]
        print(name, value.dtype, value.shape, *items)
    else:
        print(name, float(value).hex() if isinstance(value, float) else value)


a = np.zeros(8)
fill(a)
show("fill", a)
strided = np.zeros(24)[::3]
fill(strided)
show("strided", strided)
show("total", total(a))
t = table(3, 4)
show("table", t)
show("total2", total2(t))
show("product", product(t, table(4, 2)))
show("transposed", total2(t.T))
show("expression", expression(a, strided))
m = middle(a)
m[0] = 99.0
show("middle", a)
show("views", views(t))
show("item", item(a, -1))
for bad in (8, -9):
    try:
        item(a, bad)
    except IndexError as error:
        print(error)
w = np.zeros(3, dtype=np.int32)
wraps(w)
wraps(w)
show("wraps", w)
show("histogram", histogram(np.arange(20.0), 6))
r = np.zeros(300)
roots(r)
show("roots", r)
u = np.zeros((6, 6))
u[0, :] = 100.0
show("heat", heat(u, 5))
