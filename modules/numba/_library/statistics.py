"""Statistics: sums along axes that are known at run time only, medians, quantiles, histograms, and all that leaves NaNs out.
Sums are the array module's pairwise ones (np.sum of a contiguous line), in NumPy's order of operations."""
import numpy as np

from numba._library import function, kind
from numba._library.shapes import as_array, cut, moved_last, slab
from numba._library.sorting import searchsorted, sort
from numba._library.tuples import dropped, normal, product, replaced


def lines(a, axis):
    """a with `axis` last, as a C-ordered table of lines."""
    moved = moved_last(a, axis).copy()
    return moved.reshape(product(moved.shape[:-1]), moved.shape[-1])


def add_type(a):
    """The dtype in which NumPy adds."""
    if kind(a, True) == "b" or kind(a, True) == "i":
        return np.int64
    if kind(a, True) == "u":
        return np.uint64
    return a.dtype


# -- positions and cumulations --

@function("numpy.argmin", "ndarray.argmin")
def argmin(a, axis=None):
    return arg_extreme(as_array(a), axis, False)


@function("numpy.argmax", "ndarray.argmax")
def argmax(a, axis=None):
    return arg_extreme(as_array(a), axis, True)


def arg_extreme(a, axis, largest):
    if a.size == 0:
        if largest:
            raise ValueError("attempt to get argmax of an empty sequence")
        raise ValueError("attempt to get argmin of an empty sequence")
    if axis is None:
        return extreme_of(a.ravel(), largest)
    k = normal(axis, a.ndim)
    if a.ndim == 1:
        return extreme_of(a, largest)
    table = lines(a, k)
    out = np.empty(dropped(a.shape, k), np.int64)
    to = out.reshape(-1)
    for i in range(to.size):
        to[i] = extreme_of(table[i], largest)
    return out


def extreme_of(line, largest):
    best = 0
    for i in range(line.size):
        x, y = line[i], line[best]
        if x != x:
            return i
        if x > y if largest else x < y:
            best = i
    return best


def cumulated(a, axis, multiply, out):
    n = a.shape[axis]
    for i in range(n):
        if i == 0:
            first_of(out, a, axis)
        elif multiply:
            put_product(out, a, axis, i)
        else:
            put_sum(out, a, axis, i)
    return out


def first_of(out, a, axis):
    if a.ndim == 1:
        out[0] = a[0]
    else:
        slab(out, axis, 0)[...] = slab(a, axis, 0)


def put_sum(out, a, axis, i):
    if a.ndim == 1:
        out[i] = out[i - 1] + out.dtype(a[i])
    else:
        slab(out, axis, i)[...] = slab(out, axis, i - 1) + slab(a, axis, i)


def put_product(out, a, axis, i):
    if a.ndim == 1:
        out[i] = out[i - 1] * out.dtype(a[i])
    else:
        slab(out, axis, i)[...] = slab(out, axis, i - 1) * slab(a, axis, i)


def cumulate(a, axis, dtype, multiply):
    a = as_array(a)
    if axis is None:
        return cumulate(a.ravel(), 0, dtype, multiply)
    wanted = add_type(a) if dtype is None else dtype
    return cumulated(a, normal(axis, a.ndim), multiply, np.empty(a.shape, wanted))


@function("numpy.cumsum", "ndarray.cumsum")
def cumsum(a, axis=None, dtype=None):
    return cumulate(a, axis, dtype, False)


@function("numpy.cumprod", "ndarray.cumprod")
def cumprod(a, axis=None, dtype=None):
    return cumulate(a, axis, dtype, True)


@function("numpy.count_nonzero")
def count_nonzero(a, axis=None):
    if axis is None:
        return int((as_array(a) != 0).sum())
    return (a != 0).sum(axis=axis)


@function("numpy.ptp", "ndarray.ptp")
def ptp(a, axis=None):
    a = as_array(a)
    if axis is None:
        return a.max() - a.min()
    return a.max(axis=axis) - a.min(axis=axis)


@function("numpy.average")
def average(a, axis=None, weights=None):
    a = as_array(a)
    if weights is None:
        return a.mean() if axis is None else a.mean(axis=axis)
    if axis is not None:
        if a.ndim != 1:
            raise ValueError("weights along an axis of several are not supported in kernels")
        return average(a, None, weights)
    w = as_array(weights)
    if w.shape != a.shape:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    dtype = np.result_type(a, w) if kind(a, True) == "f" or kind(a, True) == "c" else np.result_type(a, w, 1.0)
    scale = w.astype(dtype).sum()
    if scale == 0:
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return np.multiply(a, w).astype(dtype).sum() / scale


# -- medians and quantiles --

def float_type(a):
    if kind(a, True) == "f" or kind(a, True) == "c":
        return a.dtype
    return np.float64


def median_of(line):
    """Of a line that may be sorted in place."""
    n = line.size
    dtype = float_type(line)
    if n == 0:
        return dtype(np.nan)
    line.sort()
    if line[n - 1] != line[n - 1]:
        return dtype(line[n - 1])
    if n % 2:
        return dtype(line[n // 2])
    return (dtype(line[n // 2 - 1]) + dtype(line[n // 2])) / dtype(2)


@function("numpy.median")
def median(a, axis=None):
    a = as_array(a)
    if axis is None:
        return median_of(a.flatten())
    k = normal(axis, a.ndim)
    if a.ndim == 1:
        return median_of(a.copy())
    table = lines(a, k)
    out = np.empty(dropped(a.shape, k), float_type(a))
    to = out.reshape(-1)
    for i in range(to.size):
        to[i] = median_of(table[i])
    return out


def quantile_of(ordered, q):
    """Linear interpolation in a sorted line without NaNs."""
    n = ordered.size
    at = q * (n - 1)
    low = int(np.floor(at))
    t = at - low
    high = min(low + 1, n - 1)
    low = min(low, n - 1)
    dtype = float_type(ordered)
    a, b = dtype(ordered[low]), dtype(ordered[high])
    d = b - a
    if t >= 0.5:
        return dtype(b - d * (1 - t))
    return dtype(a + d * t)


def quantiles_of(line, q):
    """Of a line that may be sorted in place; q is a number or an array."""
    dtype = float_type(line)
    line.sort()
    bad = line.size == 0
    if not bad:
        bad = line[line.size - 1] != line[line.size - 1]
    if kind(q) == "number":
        if not 0 <= q <= 1:
            raise ValueError("Quantiles must be in the range [0, 1]")
        return dtype(np.nan) if bad else quantile_of(line, q)
    out = np.empty(q.shape, dtype)
    flat, to = q.ravel(), out.reshape(-1)
    for i in range(flat.size):
        if not 0 <= flat[i] <= 1:
            raise ValueError("Quantiles must be in the range [0, 1]")
        to[i] = dtype(np.nan) if bad else quantile_of(line, flat[i])
    return out


def as_q(q, percent):
    if kind(q) == "number":
        if percent and not 0 <= q <= 100:
            raise ValueError("Percentiles must be in the range [0, 100]")
        return np.float64(q) / 100 if percent else np.float64(q)
    values = as_array(q)
    if percent:
        for x in values.ravel():
            if not 0 <= x <= 100:
                raise ValueError("Percentiles must be in the range [0, 100]")
    return values / 100.0 if percent else values / 1.0


def quantile_along(a, q, axis):
    a = as_array(a)
    if axis is None:
        return quantiles_of(a.flatten(), q)
    k = normal(axis, a.ndim)
    if a.ndim == 1:
        return quantiles_of(a.copy(), q)
    table = lines(a, k)
    if kind(q) == "number":
        out = np.empty(dropped(a.shape, k), float_type(a))
        to = out.reshape(-1)
        for i in range(to.size):
            to[i] = quantiles_of(table[i], q)
        return out
    many = np.empty((q.size,) + dropped(a.shape, k), float_type(a))
    columns = many.reshape(q.size, -1)
    for i in range(columns.shape[1]):
        columns[:, i] = quantiles_of(table[i], q)
    return many


@function("numpy.quantile")
def quantile(a, q, axis=None):
    return quantile_along(a, as_q(q, False), axis)


@function("numpy.percentile")
def percentile(a, q, axis=None):
    return quantile_along(a, as_q(q, True), axis)


@function("numpy.nanquantile")
def nanquantile(a, q):
    flat = as_array(a).ravel()
    return quantiles_of(flat[flat == flat], as_q(q, False))


@function("numpy.nanpercentile")
def nanpercentile(a, q):
    flat = as_array(a).ravel()
    return quantiles_of(flat[flat == flat], as_q(q, True))


@function("numpy.nanmedian")
def nanmedian(a):
    flat = as_array(a).ravel()
    return median_of(flat[flat == flat])


# -- complex numbers --

def precedes(x, y):
    """x <= y in NumPy's order of complex numbers."""
    if x.real == y.real:
        return x.imag <= y.imag
    return x.real < y.real


def complex_extreme(line, largest, skips):
    """The first NaN, or, if NaNs are skipped, the extreme of the others."""
    if line.size == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    r = line[0]
    for i in range(1, line.size):
        x = line[i]
        if r != r:
            if skips:
                r = x
        elif x != x:
            if not skips:
                r = x
        elif not (precedes(x, r) if largest else precedes(r, x)):
            r = x
    return r


def complex_extremes(a, axis, largest, skips):
    if axis is None:
        return complex_extreme(a.ravel(), largest, skips)
    k = normal(axis, a.ndim)
    if a.ndim == 1:
        return complex_extreme(a, largest, skips)
    table = lines(a, k)
    out = np.empty(dropped(a.shape, k), a.dtype)
    to = out.reshape(-1)
    for i in range(to.size):
        to[i] = complex_extreme(table[i], largest, skips)
    return out


def squares(d):
    """The squares of the absolute values."""
    if kind(d, True) == "c":
        return d.real * d.real + d.imag * d.imag
    return d * d


# -- without NaNs --

def filled(a, value):
    """a with `value` for NaNs."""
    if kind(a, True) == "f" or kind(a, True) == "c":
        return np.where(a != a, a.dtype(value), a)
    return a


@function("numpy.nansum")
def nansum(a, axis=None):
    if axis is None:
        return filled(as_array(a), 0).sum()
    return filled(as_array(a), 0).sum(axis=axis)


@function("numpy.nanprod")
def nanprod(a, axis=None):
    if axis is None:
        return filled(as_array(a), 1).prod()
    return filled(as_array(a), 1).prod(axis=axis)


@function("numpy.nancumsum")
def nancumsum(a, axis=None):
    return cumulate(filled(as_array(a), 0), axis, None, False)


@function("numpy.nancumprod")
def nancumprod(a, axis=None):
    return cumulate(filled(as_array(a), 1), axis, None, True)


@function("numpy.nanmin")
def nanmin(a, axis=None):
    a = as_array(a)
    if kind(a, True) == "c":
        return complex_extremes(a, axis, False, True)
    if axis is None:
        return nan_extreme(a.ravel(), False)
    return nan_extremes(a, normal(axis, a.ndim), False)


@function("numpy.nanmax")
def nanmax(a, axis=None):
    a = as_array(a)
    if kind(a, True) == "c":
        return complex_extremes(a, axis, True, True)
    if axis is None:
        return nan_extreme(a.ravel(), True)
    return nan_extremes(a, normal(axis, a.ndim), True)


def nan_extreme(line, largest):
    if line.size == 0:
        raise ValueError("zero-size array to reduction operation fmin which has no identity")
    r = line[0]
    for i in range(1, line.size):
        x = line[i]
        if r != r or (x > r if largest else x < r):
            r = x
    return r


def nan_extremes(a, axis, largest):
    table = lines(a, axis)
    out = np.empty(dropped(a.shape, axis), a.dtype)
    to = out.reshape(-1)
    for i in range(to.size):
        to[i] = nan_extreme(table[i], largest)
    return out


@function("numpy.nanargmin")
def nanargmin(a):
    return nan_position(as_array(a).ravel(), False)


@function("numpy.nanargmax")
def nanargmax(a):
    return nan_position(as_array(a).ravel(), True)


def nan_position(line, largest):
    best = -1
    for i in range(line.size):
        if line[i] != line[i]:
            continue
        if best < 0 or (line[i] > line[best] if largest else line[i] < line[best]):
            best = i
    if best < 0:
        raise ValueError("All-NaN slice encountered")
    return best


@function("numpy.nanmean")
def nanmean(a, axis=None):
    a = as_array(a)
    if kind(a, True) != "f" and kind(a, True) != "c":
        return a.mean() if axis is None else a.mean(axis=axis)
    if axis is None:
        count = (a == a).sum()
        return filled(a, 0).sum() / a.dtype(count)
    return filled(a, 0).sum(axis=axis) / (a == a).sum(axis=axis).astype(a.dtype)


@function("numpy.nanvar")
def nanvar(a, ddof=0):
    a = as_array(a)
    if kind(a, True) != "f" and kind(a, True) != "c":
        return a.var(ddof=ddof)
    flat = a.ravel()
    count = (flat == flat).sum()
    average = filled(flat, 0).sum() / a.dtype(count)
    d = np.where(flat != flat, a.dtype(0), flat - average)
    total = squares(d).sum()
    freedom = count - ddof
    if freedom <= 0:
        return total.dtype(np.nan)
    return total / total.dtype(freedom)


@function("numpy.nanstd")
def nanstd(a, ddof=0):
    return np.sqrt(nanvar(a, ddof))


# -- tables --

@function("numpy.bincount")
def bincount(x, weights=None, minlength=0):
    x = as_array(x)
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    n = minlength
    for i in range(x.size):
        if x[i] < 0:
            raise ValueError("'list' argument must have no negative elements")
        n = max(n, int(x[i]) + 1)
    if weights is None:
        counts = np.zeros(n, np.int64)
        for i in range(x.size):
            counts[x[i]] += 1
        return counts
    w = as_array(weights)
    if w.size != x.size:
        raise ValueError("The weights and list don't have the same length.")
    out = np.zeros(n, np.float64)
    for i in range(x.size):
        out[x[i]] += w[i]
    return out


def range_of(flat, range):
    if range is None:
        if flat.size == 0:
            return 0.0, 1.0
        first, last = float(flat.min()), float(flat.max())
    else:
        first, last = float(range[0]), float(range[1])
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
    if not (np.isfinite(first) and np.isfinite(last)):
        raise ValueError("the range of the data is not finite")
    if first == last:
        return first - 0.5, last + 0.5
    return first, last


def count_even(flat, n, first, last, edges, weights, out):
    scale = n / (last - first)
    for i in range(flat.size):
        x = float(flat[i])
        if not first <= x <= last:
            continue
        k = int((x - first) * scale)
        if k == n:
            k -= 1
        if x < edges[k]:
            k -= 1
        elif k != n - 1 and x >= edges[k + 1]:
            k += 1
        if weights is None:
            out[k] += 1
        else:
            out[k] += weights[i]


def count_between(flat, edges, weights, out):
    n = edges.size
    for i in range(flat.size):
        x = flat[i]
        if not edges[0] <= x <= edges[n - 1]:
            continue
        k = min(searchsorted(edges, x, "right") - 1, n - 2)
        if weights is None:
            out[k] += 1
        else:
            out[k] += weights[i]


def bin_sums(n, weights):
    if weights is None:
        return np.zeros(n, np.int64)
    return np.zeros(n, as_array(weights).dtype)


@function("numpy.histogram")
def histogram(a, bins=10, range=None, density=False, weights=None):
    flat = as_array(a).ravel()
    w = None if weights is None else as_array(weights).ravel()
    if kind(bins) == "number":
        if bins < 1:
            raise ValueError("`bins` must be positive, when an integer")
        first, last = range_of(flat, range)
        edges = np.linspace(first, last, bins + 1)
        out = bin_sums(bins, w)
        count_even(flat, bins, first, last, edges, w, out)
        return finished(out, edges, density), edges
    edges = as_array(bins)
    for i in np.arange(edges.size - 1):
        if edges[i] > edges[i + 1]:
            raise ValueError("`bins` must increase monotonically, when an array")
    out = bin_sums(edges.size - 1, w)
    count_between(flat, edges, w, out)
    return finished(out, edges, density), edges


def finished(out, edges, density):
    if density:
        widths = edges[1:] - edges[:-1]
        return out / widths / out.sum()
    return out


@function("numpy.trapz", "numpy.trapezoid")
def trapz(y, x=None, dx=1.0):
    y = as_array(y)
    if x is None:
        return (dx * (y[..., 1:] + y[..., :-1]) / 2.0).sum(axis=-1)
    x = as_array(x)
    return ((x[..., 1:] - x[..., :-1]) * (y[..., 1:] + y[..., :-1]) / 2.0).sum(axis=-1)


# -- covariance --

def variables(m, rowvar):
    """Observations as a 2-D array with a variable a row."""
    a = as_array(m)
    if a.ndim == 0:
        return a.reshape(1, 1)
    if a.ndim == 1:
        return a.reshape(1, -1)
    if rowvar or a.shape[0] == 1:
        return a.reshape(a.shape[0], a.shape[1])
    return a.T.reshape(a.shape[1], a.shape[0])


def both(m, y, rowvar):
    if y is None:
        return variables(m, rowvar)
    return np.concatenate((variables(m, rowvar), variables(y, rowvar)))


def covariance(m, y, rowvar, bias, ddof):
    given = both(m, y, rowvar)
    x = given.astype(np.result_type(given, 1.0))
    n = x.shape[1]
    free = (0 if bias else 1) if ddof is None else ddof
    centred = x - (x.sum(axis=1) / n)[:, None]
    c = np.dot(centred, np.conj(centred).T)
    fact = max(n - free, 0)
    scale = np.divide(1, np.float64(fact))
    return c * scale


@function("numpy.cov")
def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    c = covariance(m, y, rowvar, bias, ddof)
    if y is None:
        if as_array(m).ndim == 1:
            return c.reshape(())
    return c


@function("numpy.corrcoef")
def corrcoef(x, y=None, rowvar=True):
    c = covariance(x, y, rowvar, False, None)
    n = c.shape[0]
    d = np.sqrt(np.real(np.diag(c)))
    c = c / d[:, None]
    c = c / d[None, :]
    if kind(c, True) == "f":
        c = np.clip(c, -1, 1)
    if y is None:
        if as_array(x).ndim == 1:
            return c.reshape(())
    return c
