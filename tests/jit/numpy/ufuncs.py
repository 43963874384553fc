"""vectorize, guvectorize and stencil, called from Python and from kernels."""
import numpy as np

from cases import text
from numba import guvectorize, int64, float64, njit, stencil, vectorize


@vectorize
def lazy(x, y):
    return x * 2 + y


@vectorize
def lazy_int(x, y):
    return x * 2 + y


@vectorize([float64(float64, float64), "int64(int64, int64)"])
def eager(x, y):
    if x > y:
        return x - y
    return y - x


@vectorize([float64(float64, float64)], identity="reorderable")
def joined(x, y):
    return x + y * 1


@vectorize
def one(x):
    return x * x if x > 0 else -x


@vectorize(["float64(float64, float64, float64, float64)"])
def four(a, b, c, d):
    return a * b + c * d


@guvectorize(["void(float64[:], float64[:], float64[:])"], "(n),(m)->(n)")
def spread(a, b, out):
    s = 0.0
    for i in range(b.shape[0]):
        s += b[i]
    for i in range(a.shape[0]):
        out[i] = a[i] * s


@guvectorize([(int64[:], int64, int64[:])], "(n),()->()")
def above(a, limit, out):
    n = 0
    for i in range(a.shape[0]):
        if a[i] > limit:
            n += 1
    out[0] = n


@stencil
def cross(a):
    return 0.25 * (a[0, 1] + a[1, 0] + a[0, -1] + a[-1, 0])


@stencil(cval=-1)
def ahead(a, b):
    return a[2] - b[0]


@stencil(neighborhood=((-2, 0),))
def window(a):
    s = 0
    for k in range(-2, 1):
        s += a[k]
    return s


m = np.arange(12.0).reshape(3, 4)
v = np.arange(5)
print("lazy", text(lazy(m, 1.5)), text(lazy_int(v, v)), text(lazy_int(v[:, None], v[None, :2])), text(lazy_int(2, 3)))
print("eager", text(eager(m, 4.0)), text(eager(v, 2)), text(eager(v, 2.5)))
print("types", eager.types, eager.nin, eager.nout, eager.nargs)
print("one", text(one(np.array([1.5, -2.0]))), text(one(np.zeros((0, 2)))))
print("four", text(four(m, 2.0, 1.0, m)))
out = np.zeros((3, 4))
print("out", eager(m, 1.0, out=out) is out, text(out))
print("reduce", text(lazy_int.reduce(v)), text(eager.reduce(m)), text(eager.reduce(m, axis=1)), text(joined.reduce(m, axis=None)))
try:
    lazy.reduce(m, axis=None)
except ValueError as e:
    print(e)
print("accumulate", text(lazy_int.accumulate(v)), text(eager.accumulate(m, axis=1)))
print("outer", text(eager.outer(v, v[:3])), text(lazy_int.reduceat(v, [0, 2, 4])))
a = np.zeros(3)
eager.at(a, [0, 1, 1], 2.0)
print("at", text(a))
try:
    eager(m, 1j)
except TypeError:
    print("no complex")
print("spread", text(spread(m, np.ones(2))), text(spread(m[0], np.arange(3.0))))
print("above", text(above(v, 2)), text(above(np.arange(6).reshape(2, 3), np.array([1, 3]))))
print("cross", text(cross(m)))
print("ahead", text(ahead(v, v * 2)))
print("window", text(window(v)))


@njit
def inside(a, b):
    return lazy(a, b), eager(a, 2.0), one(a) + lazy(1.0, 2.0)


@stencil(neighborhood=((0, 1), (-1, 1)))
def block(a):
    s = 0.0
    for i in range(2):
        for j in range(-1, 2):
            s += a[i, j]
    return s


@stencil(standard_indexing=("w",), cval=2.5)
def weighted(a, w, c):
    return a[-1] * w[0] + a[1] * w[1] + c


@njit
def stencils(a, b):
    target = np.ones(b.shape)
    weighted(b, np.array([2.0, 3.0]), 1.5, out=target)
    kept = np.ones(a.shape)
    cross(a, out=kept)
    return cross(a), block(a) + 1, window(b), target, kept


print("block", text(block(m)), text(weighted(v, np.array([1, 10]), 0)), text(block(np.zeros((1, 5)))))
kept = np.full((3, 4), 7.0)
print("kept", cross(m, out=kept) is kept, text(kept))
print("stencils", text(stencils(m, v)))
print("inside", text(inside(m, 0.5)))
