"""Statistics: averages, medians, percentiles, covariances and histograms."""
import builtins
import operator as _op
import warnings

import _numpy as _n
from _numpy import (array, asanyarray, asarray, concatenate, dot, isnan, maximum, minimum, multiply, result_type, where,
                    zeros)
from numpy._functions import _NoValue, _axis, atleast_1d, linspace, moveaxis, ndim, std
from numpy._numeric import diff, nan, pi


# ---- Averages and order statistics

def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Compute the weighted average along the specified axis."""
    a = asanyarray(a)
    if weights is None:
        r = a.mean(axis, keepdims=keepdims)
        total = a.dtype.type(a.size / asarray(r).size) if asarray(r).size else 0
    else:
        w = asanyarray(weights)
        if a.shape != w.shape:
            if axis is None:
                raise TypeError('Axis must be specified when shapes of a and weights differ.')
            if w.ndim == 1:
                if w.shape[0] != a.shape[axis]:
                    raise ValueError('Length of weights not compatible with specified axis.')
                w = w.reshape((1,) * _axis(axis, a.ndim) + (-1,) + (1,) * (a.ndim - _axis(axis, a.ndim) - 1))
                w = _n.broadcast_to(w, a.shape)
            else:
                raise TypeError('1D weights expected when shapes of a and weights differ.')
        d = result_type(a.dtype, w.dtype, 'f8') if a.dtype.kind in 'bui' else result_type(a.dtype, w.dtype)
        total = w.sum(axis=axis, dtype=d, keepdims=keepdims)
        if (asarray(total) == 0).any():
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        r = multiply(a, w, dtype=d).sum(axis, keepdims=keepdims) / total
    if returned:
        return r, _n.broadcast_to(total, asarray(r).shape).copy()[()]
    return r


def _axes_last(a, axis):
    """The axes reduced, as one last axis; and the shape with keepdims."""
    a = asanyarray(a)
    if axis is None:
        return a.ravel(), (1,) * a.ndim
    axes = tuple(_axis(k, a.ndim) for k in (axis if isinstance(axis, (tuple, list)) else (axis,)))
    kept = [k for k in range(a.ndim) if k not in axes]
    n = 1
    for k in axes:
        n *= a.shape[k]
    shape = tuple(1 if k in axes else a.shape[k] for k in range(a.ndim))
    return a.transpose(kept + list(axes)).reshape(tuple(a.shape[k] for k in kept) + (n,)), shape


def _finish(r, out, keepdims, shape):
    if keepdims:
        r = asanyarray(r).reshape(shape)
    if out is not None:
        out[...] = r
        return out
    return r


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Compute the median along the specified axis."""
    x, shape = _axes_last(a, axis)
    n = x.shape[-1]
    if n == 0:
        return _finish(x.mean(-1), out, keepdims, shape)
    x = x.copy()
    x.sort(-1)
    if n % 2:
        r = x[..., n // 2:n // 2 + 1].mean(-1)
    else:
        r = x[..., n // 2 - 1:n // 2 + 1].mean(-1)
    if x.dtype.kind in 'fc':
        last = isnan(x[..., -1])
        if asarray(last).any():
            r = where(last, x.dtype.type(nan), r)[()]
    return _finish(r, out, keepdims, shape)


_METHODS = {'inverted_cdf', 'averaged_inverted_cdf', 'closest_observation', 'interpolated_inverted_cdf', 'hazen', 'weibull',
            'linear', 'median_unbiased', 'normal_unbiased', 'lower', 'higher', 'midpoint', 'nearest'}


def _virtual(n, q, method):
    if method == 'linear':
        return (n - 1) * q
    if method in ('lower', 'higher', 'midpoint', 'nearest'):
        v = (n - 1) * q
        if method == 'lower':
            return _n.floor(v)
        if method == 'higher':
            return _n.ceil(v)
        if method == 'midpoint':
            return 0.5 * (_n.floor(v) + _n.ceil(v))
        return _n.where((v % 1 == 0.5) & (_n.floor(v) % 2 == 0), _n.floor(v), _n.rint(v)) if False else _n.rint(v)
    alpha, beta = {'interpolated_inverted_cdf': (0, 1), 'hazen': (.5, .5), 'weibull': (0, 0),
                   'median_unbiased': (1 / 3, 1 / 3), 'normal_unbiased': (3 / 8, 3 / 8)}[method]
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def _quantile(x, q, method):
    """Quantiles q (array) of sorted lines along the last axis: shape q.shape + lines."""
    n = x.shape[-1]
    x = moveaxis(x, -1, 0)
    if method in ('inverted_cdf', 'averaged_inverted_cdf', 'closest_observation'):
        v = n * q - 1
        if method == 'closest_observation':
            v = n * q - 1 - 0.5
            lower = _n.floor(v)
            g = v - lower
            at = where((g == 0) & (lower % 2 == 1), lower, lower + 1)
            at = minimum(maximum(at, 0), n - 1).astype('l')
            return x[at]
        lower = _n.floor(v)
        at = minimum(maximum(where(v == lower, lower, lower + 1), 0), n - 1).astype('l')
        if method == 'inverted_cdf':
            return x[at]
        nxt = minimum(maximum(where(v == lower, lower + 1, lower + 1), 0), n - 1).astype('l')
        return (x[at] + x[nxt]) * 0.5
    v = _virtual(n, q, method)
    v = minimum(maximum(v, 0), n - 1)
    low = _n.floor(v).astype('l')
    high = minimum(low + 1, n - 1)
    gamma = asarray(v - low)
    a, b = asanyarray(x[low]), asanyarray(x[high])
    gamma = gamma.reshape(gamma.shape + (1,) * (a.ndim - gamma.ndim)).astype(a.dtype if a.dtype.kind == 'f' else 'd', copy=False)
    diff = b - a
    r = asanyarray(a + diff * gamma)
    late = gamma >= 0.5
    if late.any():
        r = where(late, b - diff * (1 - gamma), r)
    return where(a == b, a, r) if (a == b).any() else r


def quantile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None,
             interpolation=None):
    """Compute the q-th quantile of the data along the specified axis."""
    q = asanyarray(q)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError('Quantiles must be in the range [0, 1]')
    return _quantiles(a, q, axis, out, interpolation or method, keepdims, weights)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None,
               interpolation=None):
    """Compute the q-th percentile of the data along the specified axis."""
    q = asanyarray(_n.true_divide(q, 100))
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError('Percentiles must be in the range [0, 100]')
    return _quantiles(a, q, axis, out, interpolation or method, keepdims, weights)


def _quantiles(a, q, axis, out, method, keepdims, weights=None):
    if method not in _METHODS:
        raise ValueError("%r is not a valid method. Use one of: %s" % (method, sorted(_METHODS)))
    a = asanyarray(a)
    if a.dtype.kind == 'c':
        raise TypeError('a must be an array of real numbers')
    x, shape = _axes_last(a, axis)
    if x.shape[-1] == 0:
        raise IndexError('index -1 is out of bounds for axis 0 with size 0')
    x = x.copy()
    x.sort(-1)
    flat = q.ravel()
    r = asanyarray(_quantile(x, flat, method))
    if x.dtype.kind == 'f':
        bad = isnan(x[..., -1])
        if asarray(bad).any():
            r = where(bad, x.dtype.type(nan), r)
    r = r.reshape(q.shape + r.shape[1:])
    if keepdims:
        r = r.reshape(q.shape + shape)
    if out is not None:
        out[...] = r
        return out
    return r[()] if r.ndim == 0 else r


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """Estimate a covariance matrix, given data and weights."""
    m = asarray(m)
    if m.ndim > 2:
        raise ValueError('m has more than 2 dimensions')
    d = dtype or result_type(m, 'f8', *(() if y is None else (asarray(y),)))
    X = array(m, ndmin=2, dtype=d)
    if not rowvar and m.ndim != 1:
        X = X.T
    if X.shape[0] == 0:
        return array([]).reshape(0, 0)
    if y is not None:
        y = array(y, copy=None, ndmin=2, dtype=d)
        if not rowvar and y.shape[0] != 1:
            y = y.T
        X = concatenate((X, y), axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    w = None
    if fweights is not None:
        w = asarray(fweights, float)
    if aweights is not None:
        aw = asarray(aweights, float)
        w = aw if w is None else w * aw
    avg, total = average(X, axis=1, weights=w, returned=True)
    total = total[0] if ndim(total) else total
    if w is None:
        fact = X.shape[1] - ddof
    elif ddof == 0:
        fact = total
    elif aweights is None:
        fact = total - ddof
    else:
        fact = total - ddof * (w * asarray(aweights)).sum() / total
    if fact <= 0:
        warnings.warn('Degrees of freedom <= 0 for slice', RuntimeWarning, stacklevel=2)
        fact = 0.0
    X = X - asarray(avg)[:, None]
    c = dot(X, (X if w is None else X * w).T.conj())
    c = c * _n.true_divide(1, fact)
    return c.squeeze()[()] if c.squeeze().ndim == 0 else c.squeeze()


def corrcoef(x, y=None, rowvar=True, bias=_NoValue, ddof=_NoValue, *, dtype=None):
    """Return Pearson product-moment correlation coefficients."""
    c = cov(x, y, rowvar, dtype=dtype)
    if ndim(c) == 0:
        return c / c
    s = _n.sqrt(c.diagonal().real)
    c = c / s[:, None] / s[None, :]
    return _n.clip(c, -1, 1) if c.dtype.kind != 'c' else c


# ---- Histograms

def _difference(a, b):
    """a - b, where a is the larger: of integers as an unsigned one, which holds it."""
    d = result_type(a, b)
    if d.kind == 'i':
        return _n.subtract(asarray(a, d), asarray(b, d), casting='unsafe', dtype=_n.dtype('u%d' % d.itemsize))
    return _n.subtract(a, b, dtype=d)


def _spread(x):
    return _difference(x.max(), x.min())


def _doane(x):
    n, sigma = x.size, std(x)
    if n <= 2 or not sigma > 0:
        return 0.0
    skew = (((x - x.mean()) / sigma) ** 3).mean()
    sg1 = _n.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)))
    return _spread(x) / (1.0 + _n.log2(n) + _n.log2(1.0 + _n.absolute(skew) / sg1))


def _stone(x, bounds):
    """Least estimated loss (leave-one-out cross validation) over the numbers of bins."""
    n, spread = x.size, _spread(x)
    if n <= 1 or spread == 0:
        return 0

    def loss(bins):
        share = histogram(x, bins=bins, range=bounds)[0] / n
        return (2 - (n + 1) * share.dot(share)) / (spread / bins)
    most = builtins.max(100, int(_n.sqrt(n)))
    best = builtins.min(builtins.range(1, most + 1), key=loss)
    if best == most:
        import warnings
        warnings.warn('The number of bins estimated may be suboptimal.', RuntimeWarning, stacklevel=4)
    return spread / best


def _bin_width(x, name, bounds):
    n = x.size
    if name == 'sqrt':
        return _spread(x) / _n.sqrt(n)
    if name == 'sturges':
        return _spread(x) / (_n.log2(n) + 1.0)
    if name == 'rice':
        return _spread(x) / (2.0 * n ** (1.0 / 3))
    if name == 'scott':
        return (24.0 * pi ** 0.5 / n) ** (1.0 / 3.0) * std(x)
    if name == 'doane':
        return _doane(x)
    if name == 'stone':
        return _stone(x, bounds)
    fd = 2.0 * _n.subtract(*percentile(x, [75, 25])) * n ** (-1.0 / 3.0)
    if name == 'fd':
        return fd
    sturges = _bin_width(x, 'sturges', bounds)
    return builtins.min(fd, sturges) if fd else sturges


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """Function to calculate only the edges of the bins."""
    a = asarray(a).ravel()
    return _edges(a, bins, range, weights)


def _edges(a, bins, range, weights=None):
    if isinstance(bins, str):
        if weights is not None:
            raise TypeError('Automated estimation of the number of bins is not supported for weighted data')
        if bins not in ('auto', 'fd', 'doane', 'scott', 'stone', 'rice', 'sturges', 'sqrt'):
            raise ValueError('%r is not a valid estimator for `bins`' % bins)
        low, high = _outer(a, range)
        x = a[(a >= low) & (a <= high)] if range is not None else a
        if x.size == 0:
            n = 1
        else:
            width = _bin_width(x, bins, (low, high))
            if a.dtype.kind in 'iu' and 0 < width < 1:
                width = 1
            n = int(_n.ceil(_difference(high, low) / width)) if width else 1
        return linspace(low, high, n + 1)
    if ndim(bins) == 0:
        try:
            n = _op.index(bins)
        except TypeError as e:
            raise TypeError('`bins` must be an integer, a string, or an array') from e
        if n < 1:
            raise ValueError('`bins` must be positive, when an integer')
        low, high = _outer(a, range)
        return linspace(low, high, n + 1, dtype=result_type(low, high, a) if result_type(low, high, a).kind == 'f' else None)
    if ndim(bins) == 1:
        edges = asarray(bins)
        if (edges[:-1] > edges[1:]).any():
            raise ValueError('`bins` must increase monotonically, when an array')
        return edges
    raise ValueError('`bins` must be 1d, when an array')


def _outer(a, range):
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError('max must be larger than min in range parameter.')
        if not (_n.isfinite(low) and _n.isfinite(high)):
            raise ValueError('supplied range of [%s, %s] is not finite' % (low, high))
    elif a.size == 0:
        low, high = 0, 1
    else:
        low, high = a.min(), a.max()
        if a.dtype.kind == 'b':
            low, high = int(low), int(high)
        if not (_n.isfinite(low) and _n.isfinite(high)):
            raise ValueError('autodetected range of [%s, %s] is not finite' % (low, high))
    if low == high:
        low, high = low - 0.5, high + 0.5
    return low, high


def histogram(a, bins=10, range=None, density=None, weights=None):
    """Compute the histogram of a dataset."""
    a = asarray(a)
    if weights is not None:
        weights = asarray(weights)
        if weights.shape != a.shape:
            raise ValueError('weights should have the same shape as a.')
        weights = weights.ravel()
    a = a.ravel()
    if a.dtype.kind == 'b':
        warnings.warn('Converting input from %s to %s for compatibility.' % (a.dtype, _n.uint8), RuntimeWarning, stacklevel=2)
        a = a.astype('B')
    edges = _edges(a, bins, range)
    n = len(edges) - 1
    if ndim(bins) == 0:
        low, high = edges[0], edges[-1]
        keep = (a >= low) & (a <= high)
        x = a[keep].astype('d') if a.dtype.kind in 'bui' else a[keep]
        w = None if weights is None else weights[keep]
        f = (x - low) * (n / (high - low))
        at = f.astype('l')
        at[at == n] -= 1
        at[x < edges[at]] -= 1
        at[(x >= edges[at + 1]) & (at != n - 1)] += 1
        if w is None:
            counts = _n.bincount(at, minlength=n)
        elif w.dtype.kind == 'c':
            counts = _n.bincount(at, w.real, n) + 1j * _n.bincount(at, w.imag, n)
        else:
            counts = _n.bincount(at, w, n).astype(w.dtype if w.dtype.kind in 'iu' else 'd')
    elif weights is None:
        s = a.copy()
        s.sort()
        cumulative = concatenate((s.searchsorted(edges[:-1], 'left'), s.searchsorted(edges[-1:], 'right')))
        counts = cumulative[1:] - cumulative[:-1]
    else:
        order = a.argsort(kind='stable')
        s, w = a[order], weights[order]
        total = concatenate((zeros(1, w.dtype), w.cumsum()))
        at = concatenate((s.searchsorted(edges[:-1], 'left'), s.searchsorted(edges[-1:], 'right')))
        counts = total[at[1:]] - total[at[:-1]]
    if density:
        return counts / (edges[1:] - edges[:-1]) / counts.sum(), edges
    return counts, edges


def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """Compute the multidimensional histogram of some data."""
    try:
        N, D = sample.shape
    except (AttributeError, ValueError):
        sample = atleast_1d(array(sample)).T
        if sample.ndim == 1:
            sample = sample[:, None]
        N, D = sample.shape
    if isinstance(bins, int) or isinstance(bins, _n.integer):
        bins = D * [bins]
    if len(bins) != D:
        raise ValueError('The dimension of bins must be equal to the dimension of the sample x.')
    edges, places, shape = [], [], []
    for k in builtins.range(D):
        x = sample[:, k]
        if ndim(bins[k]) == 0:
            low, high = _outer(x, None if range is None else range[k])
            edge = linspace(low, high, bins[k] + 1)
        else:
            edge = asarray(bins[k])
            if (edge[:-1] > edge[1:]).any():
                raise ValueError('`bins[%d]` must be monotonically increasing, when an array' % k)
        at = edge.searchsorted(x, side='right')
        at[x == edge[-1]] -= 1
        edges.append(edge)
        places.append(at)
        shape.append(len(edge) + 1)
    flat = zeros(N, 'l')
    for at, n in zip(places, shape):
        flat = flat * n + at
    total = 1
    for n in shape:
        total *= n
    hist = _n.bincount(flat, weights, total).reshape(shape).astype(float)
    hist = hist[(slice(1, -1),) * D]
    if density:
        s = hist.sum()
        for k in builtins.range(D):
            width = (edges[k][1:] - edges[k][:-1]).reshape((1,) * k + (-1,) + (1,) * (D - k - 1))
            hist = hist / width
        hist = hist / s
    return hist, tuple(edges)


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """Compute the bi-dimensional histogram of two data samples."""
    if len(x) != len(y):
        raise ValueError('x and y must have the same length.')
    n = len(bins) if hasattr(bins, '__len__') else 1
    if n not in (1, 2):
        bins = [asarray(bins)] * 2
    h, edges = histogramdd(_n.stack([asarray(x), asarray(y)], 1), bins, range, density, weights)
    return h, edges[0], edges[1]


def digitize(x, bins, right=False):
    """Return the indices of the bins to which each value in input array belongs."""
    x, bins = asarray(x), asarray(bins)
    if x.dtype.kind == 'c':
        raise TypeError('x may not be complex')
    if bins.size > 1 and (bins[1:] < bins[:-1]).any():
        if (bins[1:] > bins[:-1]).any():
            raise ValueError('bins must be monotonically increasing or decreasing')
        return len(bins) - bins[::-1].searchsorted(x, side='left' if right else 'right')
    return bins.searchsorted(x, side='left' if right else 'right')
