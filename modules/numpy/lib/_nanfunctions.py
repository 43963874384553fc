"""Reductions that leave NaNs out.

NaNs are replaced by what does not change the result (0, 1, the other extreme), counted where a count is needed, and a
slice of nothing but NaNs gives NaN with a warning. Types without NaNs go to the plain functions."""
import warnings

import numpy as np
from numpy.lib._utils import nan_mask, replace_nan

_NoValue = getattr(np, '_NoValue', None)
__all__ = ['nansum', 'nanmax', 'nanmin', 'nanargmax', 'nanargmin', 'nanmean', 'nanmedian', 'nanpercentile', 'nanvar', 'nanstd',
           'nanprod', 'nancumsum', 'nancumprod', 'nanquantile']


def _given(**kwargs):
    return {k: v for k, v in kwargs.items() if v is not _NoValue}


def _with_nan(a, mask):
    """a with NaN where mask says so; scalars become NaN of their type."""
    if isinstance(a, np.ndarray):
        np.copyto(a, np.nan, where=mask, casting='unsafe')
        return a
    return a.dtype.type(np.nan) if hasattr(a, 'dtype') else np.nan


def _divide(a, b, out=None):
    with np.errstate(invalid='ignore', divide='ignore'):
        if isinstance(a, np.ndarray):
            return np.divide(a, b, out=a if out is None else out, casting='unsafe')
        if out is not None:
            return np.divide(a, b, out=out, casting='unsafe')
        return a.dtype.type(a / b) if hasattr(a, 'dtype') else a / b


# ---- Extremes

def _extreme(a, axis, out, kwargs, ufunc, function, fill):
    if type(a) is np.ndarray and a.dtype != np.object_:
        r = ufunc.reduce(a, axis=axis, out=out, **kwargs)
        if a.dtype.kind in 'fc' and np.isnan(r).any():
            warnings.warn('All-NaN slice encountered', RuntimeWarning, stacklevel=3)
        return r
    a, mask = replace_nan(a, fill)
    r = function(a, axis=axis, out=out, **kwargs)
    if mask is None:
        return r
    kwargs.pop('initial', None)
    none = np.all(mask, axis=axis, **kwargs)
    if np.any(none):
        r = _with_nan(r, none)
        warnings.warn('All-NaN axis encountered', RuntimeWarning, stacklevel=3)
    return r


def nanmin(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return minimum of an array or minimum along an axis, ignoring any NaNs."""
    a = np.asanyarray(a)
    return _extreme(a, axis, out, _given(keepdims=keepdims, initial=initial, where=where), np.fmin, np.min, np.inf)


def nanmax(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the maximum of an array or maximum along an axis, ignoring any NaNs."""
    a = np.asanyarray(a)
    return _extreme(a, axis, out, _given(keepdims=keepdims, initial=initial, where=where), np.fmax, np.max, -np.inf)


def _extreme_index(a, axis, out, keepdims, function, fill):
    a, mask = replace_nan(a, fill)
    if mask is not None and mask.size and np.any(np.all(mask, axis=axis)):
        raise ValueError('All-NaN slice encountered')
    return function(a, axis=axis, out=out, **_given(keepdims=keepdims))


def nanargmin(a, axis=None, out=None, *, keepdims=_NoValue):
    """Return the indices of the minimum values in the specified axis ignoring NaNs."""
    return _extreme_index(a, axis, out, keepdims, np.argmin, np.inf)


def nanargmax(a, axis=None, out=None, *, keepdims=_NoValue):
    """Return the indices of the maximum values in the specified axis ignoring NaNs."""
    return _extreme_index(a, axis, out, keepdims, np.argmax, -np.inf)


# ---- Sums

def nansum(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the sum of array elements over a given axis treating NaNs as zero."""
    a, _ = replace_nan(a, 0)
    return np.sum(a, axis=axis, dtype=dtype, out=out, **_given(keepdims=keepdims, initial=initial, where=where))


def nanprod(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the product of array elements over a given axis treating NaNs as ones."""
    a, _ = replace_nan(a, 1)
    return np.prod(a, axis=axis, dtype=dtype, out=out, **_given(keepdims=keepdims, initial=initial, where=where))


def nancumsum(a, axis=None, dtype=None, out=None):
    """Return the cumulative sum of array elements over a given axis treating NaNs as zero."""
    a, _ = replace_nan(a, 0)
    return np.cumsum(a, axis=axis, dtype=dtype, out=out)


def nancumprod(a, axis=None, dtype=None, out=None):
    """Return the cumulative product of array elements over a given axis treating NaNs as one."""
    a, _ = replace_nan(a, 1)
    return np.cumprod(a, axis=axis, dtype=dtype, out=out)


# ---- Moments

def _check_inexact(dtype, out):
    if dtype is not None and not issubclass(np.dtype(dtype).type, np.inexact):
        raise TypeError('If a is inexact, then dtype must be inexact')
    if out is not None and not issubclass(out.dtype.type, np.inexact):
        raise TypeError('If a is inexact, then out must be inexact')


def nanmean(a, axis=None, dtype=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Compute the arithmetic mean along the specified axis, ignoring NaNs."""
    arr, mask = replace_nan(a, 0)
    kwargs = _given(keepdims=keepdims, where=where)
    if mask is None:
        return np.mean(arr, axis=axis, dtype=dtype, out=out, **kwargs)
    _check_inexact(dtype, out)
    count = np.sum(~mask, axis=axis, dtype=np.intp, **kwargs)
    total = np.sum(arr, axis=axis, dtype=dtype, out=out, **kwargs)
    mean = _divide(total, count, out=out)
    if np.any(count == 0):
        warnings.warn('Mean of empty slice', RuntimeWarning, stacklevel=2)
    return mean


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *, where=_NoValue, mean=_NoValue, correction=_NoValue):
    """Compute the variance along the specified axis, while ignoring NaNs."""
    return _nanvar(a, axis, dtype, out, ddof, keepdims, where, mean, correction)


def _nanvar(a, axis, dtype, out, ddof, keepdims, where, mean, correction):
    arr, mask = replace_nan(a, 0)
    if correction is not _NoValue:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    kwargs = _given(keepdims=keepdims, where=where)
    if mask is None:
        return np.var(arr, axis=axis, dtype=dtype, out=out, ddof=ddof, **kwargs)
    _check_inexact(dtype, out)
    chosen = _given(where=where)
    count = np.sum(~mask, axis=axis, dtype=np.intp, keepdims=True, **chosen)
    if mean is _NoValue:
        mean = _divide(np.sum(arr, axis=axis, dtype=dtype, keepdims=True, **chosen), count)
    arr = np.subtract(arr, mean, out=arr, casting='unsafe')
    np.copyto(arr, 0, where=mask)
    squares = (arr * arr.conj()).real if arr.dtype.kind == 'c' else np.multiply(arr, arr, out=arr)
    if squares.dtype.kind == 'f' and dtype is not None and np.dtype(dtype).kind == 'c':
        dtype = np.empty(0, dtype).real.dtype
    var = np.sum(squares, axis=axis, dtype=dtype, out=out, **kwargs)
    if np.ndim(var) < count.ndim:
        count = count.squeeze(axis) if axis is not None else count.reshape(np.shape(var))
    freedom = count - ddof
    var = _divide(var, freedom, out=out if out is not None else None)
    bad = freedom <= 0
    if np.any(bad):
        warnings.warn('Degrees of freedom <= 0 for slice.', RuntimeWarning, stacklevel=3)
        var = _with_nan(var, bad)
    return var


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *, where=_NoValue, mean=_NoValue, correction=_NoValue):
    """Compute the standard deviation along the specified axis, while ignoring NaNs."""
    var = _nanvar(a, axis, dtype, out, ddof, keepdims, where, mean, correction)
    if isinstance(var, np.ndarray):
        return np.sqrt(var, out=var)
    return var.dtype.type(np.sqrt(var)) if hasattr(var, 'dtype') else np.sqrt(var)


# ---- Order statistics, line by line

def _over_lines(a, axis, keepdims, out, statistic, lead=()):
    """statistic of every line without its NaNs; results have the shape lead + what is left of a's."""
    from numpy.lib.array_utils import normalize_axis_tuple
    axes = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
    rest = [k for k in range(a.ndim) if k not in axes]
    outer = tuple(a.shape[k] for k in rest)
    n = 1
    for k in axes:
        n *= a.shape[k]
    count = 1
    for k in outer:
        count *= k
    lines = np.asarray(a).transpose(rest + list(axes)).reshape((count, n))
    results, none = [], 0
    for line in lines:
        kept = line[~np.isnan(line)] if line.dtype.kind in 'fc' else line[np.asarray(line == line, bool)]
        none += len(kept) == 0
        results.append(statistic(kept, line.dtype))
    for _ in range(none):
        warnings.warn('All-NaN slice encountered', RuntimeWarning, stacklevel=3)
    r = np.array(results) if results else np.zeros((0,) + lead, np.result_type(a.dtype, 'f8') if a.dtype.kind != 'f' else a.dtype)
    r = np.moveaxis(r.reshape(outer + lead), list(range(len(outer), len(outer) + len(lead))), list(range(len(lead)))) if lead else r.reshape(outer)
    if keepdims is not _NoValue and keepdims:
        r = r.reshape(lead + tuple(1 if k in axes else a.shape[k] for k in range(a.ndim)))
    if out is not None:
        np.copyto(out, r, casting='unsafe')
        return out
    return r if r.ndim else r[()]


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=_NoValue):
    """Compute the median along the specified axis, while ignoring NaNs."""
    a = np.asanyarray(a)
    if a.size == 0:
        return nanmean(a, axis, out=out, keepdims=keepdims)
    if a.dtype.kind not in 'fcO':
        return np.median(a, axis=axis, out=out, keepdims=bool(keepdims) if keepdims is not _NoValue else False)

    def median(line, d):
        return np.median(line) if len(line) else d.type(np.nan) if d.kind in 'fc' else np.nan
    return _over_lines(a, axis, keepdims, out, median)


def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=_NoValue, *, weights=None,
                interpolation=None):
    """Compute the qth quantile of the data along the specified axis, while ignoring nan values."""
    return _quantiles(a, np.asanyarray(q), axis, out, interpolation or method, keepdims, 'Quantiles must be in the range [0, 1]')


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=_NoValue, *, weights=None,
                  interpolation=None):
    """Compute the qth percentile of the data along the specified axis, while ignoring nan values."""
    q = np.true_divide(q, 100.0)
    return _quantiles(a, np.asanyarray(q), axis, out, interpolation or method, keepdims, 'Percentiles must be in the range [0, 100]')


def _quantiles(a, q, axis, out, method, keepdims, message):
    a = np.asanyarray(a)
    if a.dtype.kind == 'c':
        raise TypeError('a must be an array of real numbers')
    if not (np.all(0 <= q) and np.all(q <= 1)):
        raise ValueError(message)
    if a.size == 0:
        return nanmean(a, axis, out=out, keepdims=keepdims)

    def quantile(line, d):
        if len(line):
            return np.quantile(line, q, method=method)
        nan = d.type(np.nan) if d.kind == 'f' else np.nan
        return np.full(q.shape, nan) if q.ndim else nan
    return _over_lines(a, axis, keepdims, out, quantile, q.shape)


_nan_mask, _replace_nan = nan_mask, replace_nan
