"""NumPy's sorts, searches and sets, in kernels."""
import numpy as np

from cases import case

v = np.arange(10) ** 3 % 17
f = v * 0.25
m = (np.arange(24) ** 3 % 29).reshape(4, 6)
h = f.copy()
h[3] = h[7] = np.nan
e = np.array([0, 0.5, 2.0, 4.0])


def in_place(a):
    a.sort()
    return a


case("ndarray.sort", in_place, v.copy())
case("sort", lambda a, b, c: (np.sort(a), np.sort(b), np.sort(c), np.sort(c, axis=0), np.sort(c, None)), v, h, m)
case("argsort", lambda a, c: (np.argsort(a, kind="mergesort"), a.argsort(kind="stable"), np.argsort(c, 0)), v, m)
case("partition", lambda a: np.partition(a, 4)[4], v)
case("lexsort", lambda a, b: np.lexsort((a, b)), v, f % 2)
case("searchsorted", lambda e, a: (np.searchsorted(e, a), np.searchsorted(e, a, side="right"), np.searchsorted(e, 0.5), e.searchsorted(2.5)), e, f)
case("digitize", lambda a, e: (np.digitize(a, e), np.digitize(a, e, right=True)), f, e)
case("digitize falling", lambda a, e: (np.digitize(a, e), np.digitize(a, e, True)), f, e[::-1].copy())
case("digitize wrong", lambda a, e: np.digitize(a, e), f, f)
case("nonzero", lambda a, b: (np.nonzero(a), b.nonzero(), np.flatnonzero(b), np.argwhere(b > 9)), v, m)
case("unravel_index", lambda n: np.unravel_index(n, (4, 6)), 17)
case("select", lambda a: np.select([a > 9, a > 4], [a, a * 2], -1), v)
case("where", lambda a, b: (np.where(a > 4, a, -1), np.where(b > 9, b, 0.5), np.where(a > 4, 1, 0)), v, m)
case("unique", lambda a, b, c: (np.unique(a), np.unique(b), np.unique(c)), v, f, m)
case("unique index", lambda a: np.unique(a, return_index=True), v)
case("unique inverse", lambda a: np.unique(a, return_inverse=True), v)
case("unique counts", lambda a: np.unique(a, return_counts=True), v)
case("unique all", lambda a: np.unique(a, True, True, True), v)
case("union1d", lambda a, b: np.union1d(a, b), v, f)
case("intersect1d", lambda a, b: np.intersect1d(a, b), v, np.arange(5))
case("setxor1d", lambda a, b: np.setxor1d(a, b), v, np.arange(5))
case("setdiff1d", lambda a, b: np.setdiff1d(a, b), v, np.arange(5))
case("in1d", lambda a, b: (np.in1d(a, b), np.in1d(a, b, invert=True)), v, np.arange(5))
case("isin", lambda a, b: np.isin(a, b), m, np.arange(5))
case("array_equal", lambda a, b: (np.array_equal(a, a), np.array_equal(a, b), np.array_equal(a, b[:3]), np.array_equiv(a, a)), v, f)
case("isclose", lambda a: (np.isclose(a, a + 1e-9), np.allclose(a, a + 1e-9), np.allclose(a, a + 1), np.isclose(a, a + 0.1, 0.0, 0.2)), f)
case("isreal", lambda a: (np.isreal(a), np.iscomplex(a), np.isrealobj(a), np.iscomplexobj(a), np.isscalar(2)), f)
case("isposinf", lambda a: (np.isposinf(a), np.isneginf(a)), np.array([np.inf, -np.inf, np.nan, 1.0]))
case("nan_to_num", lambda a: (np.nan_to_num(a), np.nan_to_num(a, nan=1.5), np.nan_to_num(a, True, 0.0, 7.0, -7.0)),
     np.array([np.inf, -np.inf, np.nan, 1.0]))
case("nan_to_num int", lambda a: np.nan_to_num(a), v)
