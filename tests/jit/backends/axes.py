import numpy as np
#: two [[1.0 2.0 3.0] [4.0 5.0 6.5]]
#: means [[1.0 2.0 3.0] [4.0 5.0 6.5]]
#: three 2
#: ints [[1 2] [3 4]]
#: keep [[1.0 2.0] [3.0 4.0]]
#: views [[1.0 2.0 3.0 4.0] [5.0 6.0 7.0 8.0]]
#: one [1.0 2.0 4.0]
#: long *7x300
#: normal *6x5
def two(a):
    "sig: array(float64, 2d, C)"
    return a.sum(axis=0), np.sum(a, axis=1), a.max(0), a.min(axis=-1), np.prod(a, 0), (a > 2).any(axis=0), np.all(a > 0, axis=1)
def means(a):
    "sig: array(float64, 2d, C)"
    return a.mean(axis=0), np.mean(a, 1), a.var(axis=0), a.std(axis=1), np.std(a, axis=0, ddof=1), a.var(ddof=1), a.mean(axis=None)
def three(n):
    "sig: int"
    a = np.arange(n * 3 * 4).reshape(n, 3, 4) * 0.5
    return a.sum(axis=1), a.sum(2), a.sum(axis=0), a.max(axis=1), a.mean(axis=2)
def ints(a):
    "sig: array(int32, 2d, C)"
    return a.sum(axis=0), a.mean(axis=1), a.max(axis=1), a.prod(axis=0), a.sum(dtype=np.float32), (a % 2 == 0).sum(axis=0)
def keep(a):
    "sig: array(float64, 2d, C)"
    return a - a.mean(axis=1, keepdims=True), a.sum(axis=0, keepdims=True), a.max(keepdims=True)
def views(a):
    "sig: array(float64, 2d, C)"
    b = a[:, ::2]
    return b.sum(axis=0), b.sum(axis=1), a.T.sum(axis=0), a.T.max(axis=1), b.T.mean(axis=1)
def one(a):
    "sig: array(float64, 1d, C)"
    return a.sum(axis=0), a.max(axis=-1), a.mean(axis=0)
def long(a):
    "sig: array(float64, 2d, C)"
    return a.sum(axis=1), a.sum(axis=0)[:5], a.std(axis=1), a.T.sum(axis=0), a.mean()
def normal(a):
    "sig: array(float64, 2d, C)"
    b = (a - a.mean(axis=0)) / a.std(axis=0)
    return b, b.sum(axis=1)
