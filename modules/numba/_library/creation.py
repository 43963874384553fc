"""Making arrays: diagonals, triangles, ranges in steps and powers."""
import numpy as np

from numba._library import function, kind, strided
from numba._library.general import stacked
from numba._library.shapes import as_array, diagonal


@function("numpy.array.list", "numpy.asarray.list")
def array_of_list(object, dtype=None):
    """np.array of a list of numbers; of a list of lists, whose lengths must be equal."""
    if kind(object, "item") == "array":
        return stacked(object, dtype)
    n = len(object)
    result = np.result_type(object) if dtype is None else np.result_type(dtype)
    if kind(object, True) == "?":
        m = len(object[0]) if n else 0
        rows = np.empty((n, m), result)
        for i in range(n):
            if len(object[i]) != m:
                raise ValueError("the requested array has an inhomogeneous shape")
            for j in range(m):
                rows[i, j] = object[i][j]
        return rows
    out = np.empty(n, result)
    for i in range(n):
        out[i] = object[i]
    return out


@function("numpy.eye")
def eye(N, M=None, k=0, dtype=float):
    columns = N if M is None else M
    out = np.zeros((N, columns), dtype)
    for i in range(max(-k, 0), min(N, columns - k)):
        out[i, i + k] = 1
    return out


@function("numpy.identity")
def identity(n, dtype=float):
    return eye(n, n, 0, dtype)


@function("numpy.diag")
def diag(v, k=0):
    v = as_array(v)
    if v.ndim == 2:
        return diagonal(v, k).copy()
    n = v.size + abs(k)
    out = np.zeros((n, n), v.dtype)
    for i in range(v.size):
        out[i + max(-k, 0), i + max(k, 0)] = v[i]
    return out


@function("numpy.diagflat")
def diagflat(v, k=0):
    return diag(as_array(v).ravel(), k)


@function("numpy.tri")
def tri(N, M=None, k=0, dtype=float):
    columns = N if M is None else M
    out = np.zeros((N, columns), dtype)
    for i in range(N):
        for j in range(min(max(i + k + 1, 0), columns)):
            out[i, j] = 1
    return out


def keep_triangle(out, k, upper):
    """Zeros above (or, for `upper`, below) the k-th diagonal of the last two axes."""
    if out.ndim > 2:
        for i in range(out.shape[0]):
            keep_triangle(out[i], k, upper)
        return
    rows, columns = out.shape
    for i in range(rows):
        edge = min(max(i + k, 0), columns) if upper else min(max(i + k + 1, 0), columns)
        if upper:
            out[i, :edge] = 0
        else:
            out[i, edge:] = 0


@function("numpy.tril")
def tril(m, k=0):
    m = as_array(m)
    if m.ndim == 1:
        return tril(np.broadcast_to(m, (m.size, m.size)), k)
    out = m.copy()
    keep_triangle(out, k, False)
    return out


@function("numpy.triu")
def triu(m, k=0):
    m = as_array(m)
    if m.ndim == 1:
        return triu(np.broadcast_to(m, (m.size, m.size)), k)
    out = m.copy()
    keep_triangle(out, k, True)
    return out


def triangle_indices(n, k, m, upper):
    count = 0
    for i in range(n):
        edge = min(max(i + k, 0), m) if upper else min(max(i + k + 1, 0), m)
        count += m - edge if upper else edge
    rows, columns = np.empty(count, np.int64), np.empty(count, np.int64)
    at = 0
    for i in range(n):
        edge = min(max(i + k, 0), m) if upper else min(max(i + k + 1, 0), m)
        for j in range(edge if upper else 0, m if upper else edge):
            rows[at] = i
            columns[at] = j
            at += 1
    return rows, columns


@function("numpy.tril_indices")
def tril_indices(n, k=0, m=None):
    return triangle_indices(n, k, n if m is None else m, False)


@function("numpy.triu_indices")
def triu_indices(n, k=0, m=None):
    return triangle_indices(n, k, n if m is None else m, True)


@function("numpy.tril_indices_from")
def tril_indices_from(arr, k=0):
    return triangle_indices(arr.shape[0], k, arr.shape[1], False)


@function("numpy.triu_indices_from")
def triu_indices_from(arr, k=0):
    return triangle_indices(arr.shape[0], k, arr.shape[1], True)


@function("numpy.diag_indices")
def diag_indices(n, ndim=2):
    if ndim != 2:
        raise ValueError("diag_indices makes indices of two axes in a kernel")
    i = np.arange(n)
    return i, i


@function("numpy.vander")
def vander(x, N=None, increasing=False):
    n = x.size if N is None else N
    wide = np.result_type(x, np.int64)
    out = np.empty((x.size, n), wide)
    for i in range(x.size):
        p = wide(1)
        for j in range(n):
            out[i, j if increasing else n - 1 - j] = p
            p = p * wide(x[i])
    return out


def float_type(*values):
    """The float or complex dtype that values give together."""
    if kind(np.result_type(values, 1.0), True) == "c":
        return np.complex128
    return np.float64


@function("numpy.linspace")
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None):
    if num < 0:
        raise ValueError("Number of samples must be non-negative.")
    div = num - 1 if endpoint else num
    kept = np.result_type(start, stop, 1.0)
    first, last = kept(start), kept(stop)
    out = np.arange(num).astype(kept)
    delta = last - first
    step = kept(np.nan)
    if div > 0:
        step = delta / div
        if step == 0:
            out = out / div * delta
        else:
            out = out * step
    else:
        out = out * delta
    out += first
    if endpoint and num > 1:
        out[-1] = last
    if retstep:
        return cast_down(out, dtype), step
    return cast_down(out, dtype)


def cast_down(a, dtype):
    """NumPy rounds to minus infinity on the way to ints here."""
    if dtype is None:
        return a
    if kind(dtype, True) == "i" or kind(dtype, True) == "u":
        return np.floor(a).astype(dtype)
    return a.astype(dtype)


@function("numpy.logspace")
def logspace(start, stop, num=50, endpoint=True, base=10.0):
    return np.power(np.float64(base), linspace(start, stop, num, endpoint))


@function("numpy.geomspace")
def geomspace(start, stop, num=50, endpoint=True):
    a, b = np.float64(start), np.float64(stop)
    if a == 0 or b == 0:
        raise ValueError("Geometric sequence cannot include zero")
    if (a < 0) != (b < 0):
        raise ValueError("a sequence through zero is complex; kernels have no such geomspace")
    sign = 1.0
    if a < 0:
        sign, a, b = -1.0, -a, -b
    out = logspace(np.log10(a), np.log10(b), num, endpoint, 10.0)
    if num > 0:
        out[0] = a
        if num > 1 and endpoint:
            out[-1] = b
    return out * sign


@function("numpy.asarray_chkfinite")
def asarray_chkfinite(a, dtype=None):
    r = np.asarray(a) if dtype is None else np.asarray(a, dtype)
    if kind(r, True) == "f" or kind(r, True) == "c":
        if not np.isfinite(r).all():
            raise ValueError("array must not contain infs or NaNs")
    return r


@function("numpy.asfortranarray")
def asfortranarray(a):
    return np.ascontiguousarray(np.asarray(a).T).T
