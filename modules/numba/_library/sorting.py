"""Sorting, searching, sets and logic. Sorting is stable, with NaNs last: the array module's own function does it."""
import numpy as np

from numba._library import function, kind, native
from numba._library.shapes import as_array, moved_last
from numba._library.tuples import dropped, normal, replaced


def sort_rows(a):
    """Sorts along the last axis, in place."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            sort_rows(a[i])
    elif kind(a, True) == "c":
        native("py:sort", a)
    else:
        native("sort", a)


@function("ndarray.sort")
def sort_method(a, axis=-1, kind=None):
    if a.size:
        sort_rows(moved_last(a, normal(axis, a.ndim)))


@function("numpy.sort")
def sort(a, axis=-1, kind=None):
    if axis is None:
        flat = as_array(a).flatten()
        native_sort(flat)
        return flat
    out = as_array(a).copy()
    if out.size:
        sort_rows(moved_last(out, normal(axis, out.ndim)))
    return out


def native_sort(flat):
    if flat.size:
        sort_rows(flat)


def argsort_rows(a, out):
    if a.ndim > 1:
        for i in range(a.shape[0]):
            argsort_rows(a[i], out[i])
    elif kind(a, True) == "c":
        native("py:argsort", a, out)
    else:
        native("argsort", a, out)


@function("numpy.argsort", "ndarray.argsort")
def argsort(a, axis=-1, kind=None):
    if axis is None:
        return argsort(as_array(a).ravel(), -1, kind)
    out = np.empty(a.shape, np.int64)
    if a.size:
        k = normal(axis, a.ndim)
        argsort_rows(moved_last(a, k), moved_last(out, k))
    return out


def check_kth(kth, n):
    if kind(kth) == "number":
        if kth < -n or kth >= n:
            raise ValueError("kth is out of bounds")
    else:
        for k in as_array(kth):
            if k < -n or k >= n:
                raise ValueError("kth is out of bounds")


@function("numpy.partition")
def partition(a, kth, axis=-1):
    check_kth(kth, as_array(a).shape[normal(axis, as_array(a).ndim)])
    return sort(a, axis)


@function("ndarray.partition")
def partition_method(a, kth, axis=-1):
    check_kth(kth, a.shape[normal(axis, a.ndim)])
    sort_method(a, axis)


@function("numpy.argpartition", "ndarray.argpartition")
def argpartition(a, kth, axis=-1):
    check_kth(kth, a.shape[normal(axis, a.ndim)])
    return argsort(a, axis)


@function("numpy.lexsort")
def lexsort(keys):
    order = np.arange(np.shape(keys[0])[0])
    return lexsorted(keys, order)


def lexsorted(keys, order):
    if kind(keys) == "array":
        for i in range(keys.shape[0]):
            order = order[argsort(keys[i][order])]
        return order
    if not keys:
        return order
    return lexsorted(keys[1:], order[argsort(as_array(keys[0])[order])])


# -- searching --

def before(x, y):
    """x < y in sorting order: NaNs are the largest."""
    if kind(x, True) == "f" or kind(x, True) == "c":
        return x < y or (y != y and x == x)
    return x < y


def insertion_point(a, v, right):
    low, high = 0, a.size
    while low < high:
        middle = (low + high) // 2
        if right:
            after = not before(v, a[middle])
        else:
            after = before(a[middle], v)
        if after:
            low = middle + 1
        else:
            high = middle
    return low


@function("numpy.searchsorted", "ndarray.searchsorted")
def searchsorted(a, v, side="left", sorter=None):
    if sorter is not None:
        return searchsorted(as_array(a)[sorter], v, side)
    if side != "left" and side != "right":
        raise ValueError("Invalid value for 'side'")
    a = as_array(a)
    if kind(v) == "number":
        dtype = np.result_type(a, v)
        return insertion_point(a.astype(dtype), dtype(v), side == "right")
    values = as_array(v)
    dtype = np.result_type(a, values)
    out = np.empty(values.shape, np.int64)
    flat, to, sorted_ = values.ravel().astype(dtype), out.reshape(-1), a.astype(dtype)
    for i in range(flat.size):
        to[i] = insertion_point(sorted_, flat[i], side == "right")
    return out


@function("numpy.digitize")
def digitize(x, bins, right=False):
    edges = as_array(bins)
    up = down = True
    for i in range(edges.size - 1):
        up = up and edges[i] <= edges[i + 1]
        down = down and edges[i] >= edges[i + 1]
    if not up and not down:
        raise ValueError("bins must be monotonically increasing or decreasing")
    if up:
        if right:
            return searchsorted(edges, x, "left")
        return searchsorted(edges, x, "right")
    if right:
        return edges.size - searchsorted(edges[::-1].copy(), x, "left")
    return edges.size - searchsorted(edges[::-1].copy(), x, "right")


@function("numpy.nonzero", "ndarray.nonzero")
def nonzero(a):
    a = as_array(a)
    flat = np.flatnonzero(a)
    return unraveled(flat, a.shape)


def unraveled(flat, shape):
    """Flat positions in C order as one array an axis."""
    if len(shape) == 0:
        return ()
    if len(shape) == 1:
        return (flat,)
    n = shape[-1] if shape[-1] else 1
    return unraveled(flat // n, shape[:-1]) + (flat % n,)


@function("numpy.flatnonzero")
def flatnonzero(a):
    flat = as_array(a).ravel()
    out = np.empty(np.count_nonzero(flat), np.int64)
    at = 0
    for i in range(flat.size):
        if flat[i]:
            out[at] = i
            at += 1
    return out


def fill_columns(out, columns, k):
    if not columns:
        return
    out[:, k] = columns[0]
    fill_columns(out, columns[1:], k + 1)


@function("numpy.argwhere")
def argwhere(a):
    a = as_array(a)
    columns = nonzero(a)
    out = np.empty((np.count_nonzero(a), a.ndim), np.int64)
    fill_columns(out, columns, 0)
    return out


@function("numpy.unravel_index")
def unravel_index(indices, shape):
    if kind(indices) == "number":
        return unraveled_number(indices, shape)
    return unraveled(as_array(indices), shape)


def unraveled_number(i, shape):
    if not shape:
        return ()
    return unraveled_number(i // shape[-1], shape[:-1]) + (i % shape[-1],)


@function("numpy.select")
def select(condlist, choicelist, default=0):
    if not condlist:
        raise ValueError("select with an empty condition list is not possible")
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    return selected(condlist, choicelist, np.result_type(choicelist, default)(default))


def selected(conditions, choices, default):
    if len(conditions) == 1:
        return np.where(conditions[0], choices[0], default)
    return np.where(conditions[0], choices[0], selected(conditions[1:], choices[1:], default))


# -- sets --

def differs(x, y):
    """x != y, with all NaNs the same."""
    if kind(x, True) == "f" or kind(x, True) == "c":
        return x != y and not (x != x and y != y)
    return x != y


def starts(flat):
    """Where a new value begins in a sorted array."""
    out = np.empty(flat.size, np.bool_)
    for i in range(flat.size):
        out[i] = i == 0 or differs(flat[i], flat[i - 1])
    return out


@function("numpy.unique")
def unique(ar, return_index=False, return_inverse=False, return_counts=False):
    flat = as_array(ar).ravel()
    if not return_index and not return_inverse and not return_counts:
        ordered = sort(flat)
        return ordered[starts(ordered)]
    order = argsort(flat, -1, "mergesort")
    ordered = flat[order]
    new = starts(ordered)
    first = np.flatnonzero(new)
    result = (ordered[new],)
    return unique_parts(result, order, new, first, return_index, return_inverse, return_counts)


def unique_parts(result, order, new, first, return_index, return_inverse, return_counts):
    if return_index:
        return unique_parts(result + (order[first],), order, new, first, False, return_inverse, return_counts)
    if return_inverse:
        inverse = np.empty(order.size, np.int64)
        inverse[order] = np.cumsum(new) - 1
        return unique_parts(result + (inverse,), order, new, first, False, False, return_counts)
    if return_counts:
        counts = np.empty(first.size, np.int64)
        for i in range(first.size):
            counts[i] = (first[i + 1] if i + 1 < first.size else order.size) - first[i]
        return unique_parts(result + (counts,), order, new, first, False, False, False)
    return result


@function("numpy.union1d")
def union1d(ar1, ar2):
    return unique(np.concatenate((as_array(ar1).ravel(), as_array(ar2).ravel())))


def pairs(flat):
    """Of each neighbouring pair in a sorted array, whether it is equal."""
    return flat[1:] == flat[:-1]


@function("numpy.intersect1d")
def intersect1d(ar1, ar2, assume_unique=False):
    a, b = as_array(ar1), as_array(ar2)
    if not assume_unique:
        a, b = unique(a), unique(b)
    both = sort(np.concatenate((a.ravel(), b.ravel())))
    return both[:-1][pairs(both)]


@function("numpy.setxor1d")
def setxor1d(ar1, ar2, assume_unique=False):
    a, b = as_array(ar1), as_array(ar2)
    if not assume_unique:
        a, b = unique(a), unique(b)
    both = sort(np.concatenate((a.ravel(), b.ravel())))
    keep = np.empty(both.size, np.bool_)
    for i in range(both.size):
        keep[i] = (i == 0 or both[i] != both[i - 1]) and (i + 1 == both.size or both[i] != both[i + 1])
    return both[keep]


@function("numpy.in1d")
def in1d(ar1, ar2, assume_unique=False, invert=False):
    return isin(as_array(ar1).ravel(), ar2, assume_unique, invert)


@function("numpy.isin")
def isin(element, test_elements, assume_unique=False, invert=False):
    a, tests = as_array(element), sort(as_array(test_elements).ravel())
    dtype = np.result_type(a, tests)
    out = np.empty(a.shape, np.bool_)
    flat, to, ordered = a.ravel().astype(dtype), out.reshape(-1), tests.astype(dtype)
    for i in range(flat.size):
        at = insertion_point(ordered, flat[i], False)
        to[i] = (at < ordered.size and ordered[at] == flat[i]) != invert
    return out


@function("numpy.setdiff1d")
def setdiff1d(ar1, ar2, assume_unique=False):
    a = as_array(ar1).ravel()
    if not assume_unique:
        a = unique(a)
    return a[isin(a, ar2, True, True)]


# -- logic --

@function("numpy.array_equal")
def array_equal(a1, a2, equal_nan=False):
    a, b = as_array(a1), as_array(a2)
    if a.ndim != b.ndim:
        return False
    for k in range(a.ndim):
        if a.shape[k] != b.shape[k]:
            return False
    if equal_nan:
        return bool(((a == b) | ((a != a) & (b != b))).all())
    return bool((a == b).all())


@function("numpy.array_equiv")
def array_equiv(a1, a2):
    return bool((as_array(a1) == as_array(a2)).all())


@function("numpy.isclose")
def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    finite = np.isfinite(a) & np.isfinite(b)
    close = np.where(finite, np.abs(np.where(finite, a, 0) - np.where(finite, b, 0))
                     <= atol + rtol * np.abs(np.where(finite, b, 0)), np.equal(a, b))
    if equal_nan:
        return close | (np.isnan(a) & np.isnan(b))
    return close


@function("numpy.allclose")
def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(np.all(as_array(isclose(a, b, rtol, atol, equal_nan))))


@function("numpy.isreal")
def isreal(x):
    return np.equal(np.imag(x), 0)


@function("numpy.iscomplex")
def iscomplex(x):
    return np.not_equal(np.imag(x), 0)


@function("numpy.isrealobj")
def isrealobj(x):
    return kind(x, True) != "c"


@function("numpy.iscomplexobj")
def iscomplexobj(x):
    return kind(x, True) == "c"


@function("numpy.isscalar")
def isscalar(element):
    return kind(element) == "number" or kind(element) == "str"


@function("numpy.isposinf")
def isposinf(x):
    return np.logical_and(np.isinf(x), np.logical_not(np.signbit(x)))


@function("numpy.isneginf")
def isneginf(x):
    return np.logical_and(np.isinf(x), np.signbit(x))


@function("numpy.nan_to_num")
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    if kind(x, True) != "f" and kind(x, True) != "c":
        return x
    if kind(x, True) == "c":
        out = as_array(x).copy()
        out.real[...] = nan_to_num(out.real, True, nan, posinf, neginf)
        out.imag[...] = nan_to_num(out.imag, True, nan, posinf, neginf)
        return out
    dtype = np.result_type(x)
    top = np.nextafter(dtype(np.inf), dtype(0)) if posinf is None else dtype(posinf)
    low = np.nextafter(dtype(-np.inf), dtype(0)) if neginf is None else dtype(neginf)
    r = np.where(np.isnan(x), dtype(nan), np.where(isposinf(x), top, np.where(isneginf(x), low, x)))
    if not copy and kind(x) == "array":
        x[...] = r
        return x
    return r
