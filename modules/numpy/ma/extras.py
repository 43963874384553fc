"""numpy.ma.extras: statistics, sets, rows and columns, runs of data."""
import itertools
import warnings

import numpy as np
from numpy import array as nxarray
from numpy import ndarray
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.ma import core as ma
from numpy.ma.core import (MAError, MaskedArray, array, asarray, concatenate, dot, filled, getdata, getmask, getmaskarray,
                           make_mask_descr, mask_or, masked, masked_array, nomask)


def issequence(seq):
    """Is seq a sequence (ndarray, list or tuple)?"""
    return isinstance(seq, (ndarray, tuple, list))


def count_masked(arr, axis=None):
    """Count the number of masked elements along the given axis."""
    return getmaskarray(arr).sum(axis)


def masked_all(shape, dtype=float):
    """Empty masked array with all elements masked."""
    return masked_array(np.empty(shape, dtype), mask=np.ones(shape, make_mask_descr(dtype)))


def masked_all_like(arr):
    """Empty masked array with the properties of an existing array."""
    a = np.empty_like(getdata(arr)).view(MaskedArray)
    a._mask = np.ones(a.shape, dtype=make_mask_descr(a.dtype))
    return a


# ---- numpy's functions on data and masks

class _fromnxfunction:
    """A function of numpy applied to data and mask."""

    def __init__(self, funcname):
        self.__name__ = funcname
        self.__doc__ = getattr(np, funcname).__doc__

    def _one(self, x, args, params):
        f = getattr(np, self.__name__)
        return masked_array(f(np.asarray(getdata(x)), *args, **params), mask=f(getmaskarray(x), *args, **params))


class _fromnxfunction_single(_fromnxfunction):
    """A function of a single array."""

    def __call__(self, x, *args, **params):
        return self._one(x if isinstance(x, ndarray) else np.asarray(x), args, params)


class _fromnxfunction_seq(_fromnxfunction):
    """A function of a sequence of arrays."""

    def __call__(self, x, *args, **params):
        f = getattr(np, self.__name__)
        x = tuple(x)
        return masked_array(f(tuple(np.asarray(getdata(a)) for a in x), *args, **params),
                            mask=f(tuple(getmaskarray(a) for a in x), *args, **params))


class _fromnxfunction_allargs(_fromnxfunction):
    """A function of any number of arrays."""

    def __call__(self, *args, **params):
        r = [self._one(x, (), params) for x in args]
        return r[0] if len(args) == 1 else r


for _k in ('atleast_1d', 'atleast_2d', 'atleast_3d'):
    globals()[_k] = _fromnxfunction_allargs(_k)
for _k in ('vstack', 'hstack', 'column_stack', 'dstack', 'stack'):
    globals()[_k] = _fromnxfunction_seq(_k)
for _k in ('hsplit', 'diagflat'):
    globals()[_k] = _fromnxfunction_single(_k)
row_stack = vstack  # noqa: F821


def hsplit(ary, indices_or_sections):  # noqa: F811
    """Split an array into multiple sub-arrays horizontally (column-wise)."""
    a = masked_array(ary, copy=False)
    parts = np.hsplit(np.asarray(a), indices_or_sections)
    masks = np.hsplit(getmaskarray(a), indices_or_sections)
    return [masked_array(d, mask=m) for d, m in zip(parts, masks)]


def flatten_inplace(seq):
    """Flatten a sequence in place."""
    k = 0
    while k != len(seq):
        while hasattr(seq[k], '__iter__'):
            seq[k:(k + 1)] = seq[k]
        k += 1
    return seq


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Apply a function to 1-D slices along the given axis, as masked arrays."""
    arr = array(arr, copy=False, subok=True)
    axis = normalize_axis_index(axis, arr.ndim)
    outer = arr.shape[:axis] + arr.shape[axis + 1:]
    lines = np.moveaxis(np.asarray(arr), axis, -1)
    masks = np.moveaxis(getmaskarray(arr), axis, -1)
    results = []
    for i in np.ndindex(*outer):
        results.append(func1d(masked_array(lines[i], mask=masks[i]) if getmask(arr) is not nomask else array(lines[i]),
                              *args, **kwargs))
    first = results[0]
    if not hasattr(first, '__len__') or np.ndim(first) == 0:
        data = np.array([0 if r is masked else r for r in results]).reshape(outer)
        mask = np.array([r is masked for r in results]).reshape(outer)
        if data.dtype == object or any(isinstance(r, (list, tuple)) for r in results):
            data = np.array(results, dtype=object).reshape(outer)
        r = masked_array(data, mask=mask if mask.any() else nomask)
    else:
        data = np.array([getdata(r) for r in results])
        mask = np.array([getmaskarray(r) for r in results])
        inner = data.shape[1:]
        data = np.moveaxis(data.reshape(outer + inner), range(len(outer), len(outer) + len(inner)), range(axis, axis + len(inner)))
        mask = np.moveaxis(mask.reshape(outer + inner), range(len(outer), len(outer) + len(inner)), range(axis, axis + len(inner)))
        r = masked_array(data, mask=mask if mask.any() else nomask)
    return r


def apply_over_axes(func, a, axes):
    """Apply a function repeatedly over multiple axes, which are kept."""
    val = ma.asarray(a)
    if np.ndim(axes) == 0:
        axes = (axes,)
    for axis in axes:
        if axis < 0:
            axis += np.ndim(a)
        r = func(val, axis)
        if r.ndim != val.ndim:
            r = ma.expand_dims(r, axis)
            if r.ndim != val.ndim:
                raise ValueError('function is not returning an array of the correct shape')
        val = r
    return val


# ---- Statistics

def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Return the weighted average of array over the given axis; masked elements have weight zero."""
    a = asarray(a)
    m = getmask(a)
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname='axis')
    kwargs = {'keepdims': True} if keepdims is True else {}
    if weights is None:
        avg = a.mean(axis, **kwargs)
        scl = avg.dtype.type(a.count(axis)) if np.ndim(a.count(axis)) == 0 and hasattr(avg, 'dtype') else a.count(axis)
    else:
        wgt = asarray(weights)
        d = np.result_type(a.dtype, wgt.dtype, 'f8') if issubclass(a.dtype.type, (np.integer, np.bool_)) else \
            np.result_type(a.dtype, wgt.dtype)
        if a.shape != wgt.shape:
            if axis is None:
                raise TypeError('Axis must be specified when shapes of a and weights differ.')
            if wgt.shape != tuple(a.shape[ax] for ax in axis):
                raise ValueError('Shape of weights must be consistent with shape of a along specified axis.')
            wgt = wgt.transpose(np.argsort(axis))
            wgt = wgt.reshape(tuple((s if ax in axis else 1) for ax, s in enumerate(a.shape)))
        if m is not nomask:
            wgt = wgt * (~a.mask)
            wgt.mask |= a.mask
        scl = wgt.sum(axis=axis, dtype=d, **kwargs)
        avg = ma.multiply(a, wgt).astype(d).sum(axis, **kwargs) / scl
    if returned:
        if np.shape(scl) != np.shape(avg):
            scl = np.broadcast_to(scl, np.shape(avg)).copy()
        return avg, scl
    return avg


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Compute the median along the specified axis; masked elements are left out."""
    if not hasattr(a, 'mask'):
        m = np.median(getdata(a, subok=True), axis=axis, out=out, overwrite_input=overwrite_input, keepdims=keepdims)
        return masked_array(m, copy=False) if isinstance(m, np.ndarray) and m.ndim >= 1 else m
    if axis is None:
        axes = tuple(range(a.ndim))
    else:
        axes = normalize_axis_tuple(axis, a.ndim)
    rest = [k for k in range(a.ndim) if k not in axes]
    lines = ma.asarray(a).transpose(rest + list(axes)).reshape([a.shape[k] for k in rest] + [-1])
    r = _median_of_lines(lines)
    if overwrite_input and a.ndim == 1:
        a.sort()
    if keepdims:
        shape = [1 if k in axes else a.shape[k] for k in range(a.ndim)]
        r = ma.asarray(r).reshape(shape) if not (r is masked and not shape) else r
    if out is not None:
        out[...] = r
        return out
    return r


def _median_of_lines(a):
    """Medians along the last axis."""
    inexact = np.issubdtype(a.dtype, np.inexact)
    s = ma.sort(a, axis=-1, fill_value=np.inf if inexact else None) if a.shape[-1] else a
    n = np.asarray(s.count(axis=-1))
    data, mask = getdata(s), getmaskarray(s)
    d = np.result_type(a.dtype, 'f8') if not inexact else a.dtype
    if a.shape[-1] == 0:
        return ma.masked_all(n.shape, d) if n.ndim else masked
    if inexact:
        # Sorted NaNs stand last among the unmasked: they make the median NaN.
        bad = (np.isnan(data) & ~mask).any(-1)
    low, high = np.maximum((n - 1) // 2, 0), np.minimum(n // 2, a.shape[-1] - 1)
    x = np.take_along_axis(data, low[..., None], -1)[..., 0]
    y = np.take_along_axis(data, high[..., None], -1)[..., 0]
    with np.errstate(all='ignore'):
        odd = n % 2 == 1
        mid = np.where(odd | (x == y), x, (x.astype(d) + y.astype(d)) / 2).astype(d)
        if inexact and np.isinf(mid).any():
            mid = np.where(np.isinf(mid) & np.isfinite(x) & np.isfinite(y), x / 2 + y / 2, mid)
    if inexact:
        mid = np.where(bad, np.nan, mid).astype(d)
    none = n == 0
    if np.ndim(mid) == 0:
        return masked if none else mid.dtype.type(mid)
    return masked_array(mid, mask=none if none.any() else nomask)


def cov(x, y=None, rowvar=True, bias=False, allow_masked=True, ddof=None):
    """Estimate the covariance matrix, from the pairs of which both are there."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError('ddof must be an integer')
    if ddof is None:
        ddof = 0 if bias else 1
    x, there, rowvar = _covhelper(x, y, rowvar, allow_masked)
    if not rowvar:
        fact = np.dot(there.T, there) - ddof
        mask = np.less_equal(fact, 0, dtype=bool)
        with np.errstate(divide='ignore', invalid='ignore'):
            data = np.dot(filled(x.T, 0), filled(x.conj(), 0)) / fact
    else:
        fact = np.dot(there, there.T) - ddof
        mask = np.less_equal(fact, 0, dtype=bool)
        with np.errstate(divide='ignore', invalid='ignore'):
            data = np.dot(filled(x, 0), filled(x.T.conj(), 0)) / fact
    return ma.array(data, mask=mask).squeeze()


def _covhelper(x, y=None, rowvar=True, allow_masked=True):
    """Deviations from the mean, and which elements are there (as floats)."""
    x = ma.array(x, ndmin=2, copy=True, dtype=float if not np.iscomplexobj(x) else complex)
    xmask = ma.getmaskarray(x)
    if not allow_masked and xmask.any():
        raise ValueError('Cannot process masked data.')
    if x.shape[0] == 1:
        rowvar = True
    rowvar = int(bool(rowvar))
    axis = 1 - rowvar
    if y is None:
        there = np.logical_not(xmask).astype(float)
    else:
        y = array(y, copy=False, ndmin=2, dtype=x.dtype)
        ymask = ma.getmaskarray(y)
        if not allow_masked and ymask.any():
            raise ValueError('Cannot process masked data.')
        if xmask.any() or ymask.any():
            if y.shape == x.shape:
                common = np.logical_or(xmask, ymask)
                xmask = x._mask = y._mask = ymask = common
                x._sharedmask = y._sharedmask = False
        x = ma.concatenate((x, y), axis)
        there = np.logical_not(np.concatenate((xmask, ymask), axis)).astype(float)
    x = x - (x.mean(axis=rowvar)[:, None] if rowvar else x.mean(axis=rowvar)[None, :])
    return x, there, rowvar


def corrcoef(x, y=None, rowvar=True, bias=None, allow_masked=True, ddof=None):
    """Return Pearson product-moment correlation coefficients, from the pairs of which both are there."""
    if bias is not None or ddof is not None:
        warnings.warn('bias and ddof have no effect and are deprecated', DeprecationWarning, stacklevel=2)
    corr = cov(x, y, rowvar, allow_masked=allow_masked)
    try:
        std = ma.sqrt(ma.diagonal(corr))
    except ValueError:
        return ma.MaskedConstant()
    corr /= ma.multiply.outer(std, std)
    return corr


# ---- Rows and columns

def compress_nd(x, axis=None):
    """Suppress slices from multiple dimensions which contain masked values."""
    x, m = asarray(x), getmask(x)
    axis = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if m is nomask or not m.any():
        return x._data
    if m.all():
        return nxarray([])
    data = x._data
    for ax in axis:
        others = tuple(k for k in range(x.ndim) if k != ax)
        data = data[(slice(None),) * ax + (~m.any(axis=others),)]
    return data


def compress_rowcols(x, axis=None):
    """Suppress the rows and/or columns of a 2-D array that contain masked values."""
    if asarray(x).ndim != 2:
        raise NotImplementedError('compress_rowcols works for 2D arrays only.')
    return compress_nd(x, axis=axis)


def compress_rows(a):
    """Suppress whole rows of a 2-D array that contain masked values."""
    if asarray(a).ndim != 2:
        raise NotImplementedError('compress_rows works for 2D arrays only.')
    return compress_rowcols(a, 0)


def compress_cols(a):
    """Suppress whole columns of a 2-D array that contain masked values."""
    if asarray(a).ndim != 2:
        raise NotImplementedError('compress_cols works for 2D arrays only.')
    return compress_rowcols(a, 1)


def mask_rowcols(a, axis=None):
    """Mask rows and/or columns of a 2D array that contain masked values."""
    a = array(a, subok=False)
    if a.ndim != 2:
        raise NotImplementedError('mask_rowcols works for 2D arrays only.')
    m = getmask(a)
    if m is nomask or not m.any():
        return a
    maskedval = m.nonzero()
    a._mask = a._mask.copy()
    if not axis:
        a[np.unique(maskedval[0])] = masked
    if axis in [None, 1, -1]:
        a[:, np.unique(maskedval[1])] = masked
    return a


def mask_rows(a, axis=None):
    """Mask rows of a 2D array that contain masked values."""
    if axis is not None:
        warnings.warn('The axis argument has always been ignored, in future passing it will raise TypeError', DeprecationWarning,
                      stacklevel=2)
    return mask_rowcols(a, 0)


def mask_cols(a, axis=None):
    """Mask columns of a 2D array that contain masked values."""
    if axis is not None:
        warnings.warn('The axis argument has always been ignored, in future passing it will raise TypeError', DeprecationWarning,
                      stacklevel=2)
    return mask_rowcols(a, 1)


# ---- Sets

def ediff1d(arr, to_end=None, to_begin=None):
    """Compute the differences between consecutive elements of an array."""
    arr = ma.asanyarray(arr).ravel()
    parts = [arr[1:] - arr[:-1]]
    if to_begin is not None:
        parts.insert(0, to_begin)
    if to_end is not None:
        parts.append(to_end)
    if len(parts) != 1:
        return concatenate([ma.asarray(p).ravel() for p in parts])
    return parts[0]


def unique(ar1, return_index=False, return_inverse=False):
    """Finds the unique elements of an array; masked ones are one element."""
    a = ma.asarray(ar1).ravel()
    data, mask = getdata(a), getmaskarray(a)
    r = np.unique(data[~mask], return_index=return_index, return_inverse=return_inverse)
    r = list(r) if isinstance(r, tuple) else [r]
    n = len(r[0])
    any_masked = mask.any()
    values = np.concatenate([r[0], a.data[mask][:1]]) if any_masked else r[0]
    out = [masked_array(values, mask=np.arange(len(values)) >= n) if any_masked else masked_array(values)]
    where = np.nonzero(~mask)[0]
    if return_index:
        index = where[r[1]]
        out.append(np.concatenate([index, np.nonzero(mask)[0][:1]]) if any_masked else index)
    if return_inverse:
        inverse = np.full(len(data), n)
        inverse[where] = r[-1].ravel()
        out.append(inverse)
    return tuple(out) if len(out) > 1 else out[0]


def intersect1d(ar1, ar2, assume_unique=False):
    """Returns the unique elements common to both arrays."""
    aux = ma.concatenate((ar1, ar2)) if assume_unique else ma.concatenate((unique(ar1), unique(ar2)))
    aux.sort()
    return aux[:-1][(aux[1:] == aux[:-1]).filled(True) & (getmaskarray(aux)[1:] == getmaskarray(aux)[:-1])]


def setxor1d(ar1, ar2, assume_unique=False):
    """Set exclusive-or of 1-D arrays with unique elements."""
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    aux = ma.concatenate((ar1, ar2))
    if aux.size == 0:
        return aux
    aux.sort()
    a, m = aux.filled(), getmaskarray(aux)
    different = (a[1:] != a[:-1]) | (m[1:] != m[:-1])
    flag = np.concatenate(([True], different, [True]))
    return aux[flag[1:] & flag[:-1]]


def in1d(ar1, ar2, assume_unique=False, invert=False):
    """Test whether each element of an array is also present in a second array."""
    a, b = ma.asarray(ar1).ravel(), ma.asarray(ar2).ravel()
    found = np.isin(getdata(a), getdata(b)[~getmaskarray(b)])
    found = np.where(getmaskarray(a), getmaskarray(b).any(), found)
    if invert:
        found = ~found
    return found.view(MaskedArray)


def isin(element, test_elements, assume_unique=False, invert=False):
    """Calculates element in test_elements, broadcasting over element only."""
    element = ma.asarray(element)
    return in1d(element, test_elements, assume_unique=assume_unique, invert=invert).reshape(element.shape)


def union1d(ar1, ar2):
    """Union of two arrays."""
    return unique(ma.concatenate((ma.asarray(ar1).ravel(), ma.asarray(ar2).ravel())))


def setdiff1d(ar1, ar2, assume_unique=False):
    """Set difference of 1D arrays with unique elements."""
    ar1 = ma.asarray(ar1).ravel() if assume_unique else unique(ar1)
    return ar1[np.asarray(in1d(ar1, ar2, assume_unique=True, invert=True))]


# ---- Runs of data

def flatnotmasked_edges(a):
    """Find the indices of the first and last unmasked values."""
    m = getmask(a)
    if m is nomask or not np.any(m):
        return np.array([0, a.size - 1])
    where = np.flatnonzero(~m)
    return where[[0, -1]] if len(where) else None


def notmasked_edges(a, axis=None):
    """Find the indices of the first and last unmasked values along an axis."""
    a = asarray(a)
    if axis is None or a.ndim == 1:
        return flatnotmasked_edges(a)
    m = getmaskarray(a)
    idx = array(np.indices(a.shape), mask=np.asarray([m] * a.ndim))
    return [tuple(idx[i].min(axis).compressed() for i in range(a.ndim)), tuple(idx[i].max(axis).compressed() for i in range(a.ndim))]


def flatnotmasked_contiguous(a):
    """Find contiguous unmasked data in a masked array: slices."""
    m = getmask(a)
    if m is nomask:
        return [slice(0, a.size)]
    i, r = 0, []
    for k, g in itertools.groupby(m.ravel()):
        n = len(list(g))
        if not k:
            r.append(slice(i, i + n))
        i += n
    return r


def notmasked_contiguous(a, axis=None):
    """Find contiguous unmasked data in a masked array along the given axis."""
    a = asarray(a)
    if a.ndim > 2:
        raise NotImplementedError('Currently limited to at most 2D array.')
    if axis is None or a.ndim == 1:
        return flatnotmasked_contiguous(a)
    other = (axis + 1) % 2
    idx = [0, 0]
    idx[axis] = slice(None, None)
    r = []
    for i in range(a.shape[other]):
        idx[other] = i
        r.append(flatnotmasked_contiguous(a[tuple(idx)]))
    return r


def _ezclump(mask):
    """Slices of the runs of True."""
    mask = mask.ravel()
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [slice(int(i), int(j)) for i, j in zip(edges[::2], edges[1::2])]


def clump_unmasked(a):
    """Return list of slices corresponding to the unmasked clumps of a 1-D array."""
    mask = getattr(a, '_mask', nomask)
    return [slice(0, a.size)] if mask is nomask else _ezclump(~mask)


def clump_masked(a):
    """Returns a list of slices corresponding to the masked clumps of a 1-D array."""
    mask = getmask(a)
    return [] if mask is nomask else _ezclump(mask)


# ---- Polynomials, vander, grids

def vander(x, n=None):
    """Masked values in the input array result in rows of zeros."""
    v = np.vander(getdata(x), n)
    m = getmask(x)
    if m is not nomask:
        v[m] = 0
    return v


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares polynomial fit; any masked values in x are propagated in y, and vice-versa."""
    x, y = asarray(x), asarray(y)
    m = getmask(x)
    if y.ndim == 1:
        m = mask_or(m, getmask(y))
    elif y.ndim == 2:
        my = getmask(mask_rows(y))
        if my is not nomask:
            m = mask_or(m, my[:, 0])
    else:
        raise TypeError('Expected a 1D or 2D array for y!')
    if w is not None:
        w = asarray(w)
        if w.ndim != 1:
            raise TypeError('expected a 1-d array for weights')
        if w.shape[0] != y.shape[0]:
            raise TypeError('expected w and y to have the same length')
        m = mask_or(m, getmask(w))
    if m is not nomask:
        keep = ~m
        if w is not None:
            w = w[keep]
        return np.polyfit(np.asarray(x[keep]), np.asarray(y[keep]), deg, rcond, full, None if w is None else np.asarray(w), cov)
    return np.polyfit(np.asarray(x), np.asarray(y), deg, rcond, full, None if w is None else np.asarray(w), cov)


def ndenumerate(a, compressed=True):
    """Multidimensional index iterator that skips masked elements."""
    for it, m in zip(np.ndenumerate(getdata(a)), getmaskarray(a).flat):
        if not m:
            yield it
        elif not compressed:
            yield it[0], masked


class MAxisConcatenator(np.lib.index_tricks.AxisConcatenator if hasattr(np.lib.index_tricks, 'AxisConcatenator') else object):
    """Translate slice objects to concatenation along an axis, for masked arrays."""

    def __getitem__(self, key):
        if isinstance(key, str):
            raise MAError('Unavailable for masked array.')
        items = key if isinstance(key, tuple) else (key,)
        axis = 0
        if items and isinstance(items[0], str):
            return np.r_[key]
        parts = []
        for k in items:
            if isinstance(k, slice):
                parts.append(ma.asarray(np.r_[k]))
            elif k is masked:
                parts.append(masked_array([0], mask=[True]))
            else:
                parts.append(ma.atleast_1d(k) if hasattr(ma, 'atleast_1d') else ma.asarray(k).reshape(-1))
        return concatenate(parts, axis)


class mr_class(MAxisConcatenator):
    """Translate slice objects to concatenation along the first axis."""
    __slots__ = ()

    def __init__(self):
        pass


mr_ = mr_class()
__all__ = ['apply_along_axis', 'apply_over_axes', 'atleast_1d', 'atleast_2d', 'atleast_3d', 'average', 'clump_masked',
           'clump_unmasked', 'column_stack', 'compress_cols', 'compress_nd', 'compress_rowcols', 'compress_rows', 'count_masked',
           'corrcoef', 'cov', 'diagflat', 'dot', 'dstack', 'ediff1d', 'flatnotmasked_contiguous', 'flatnotmasked_edges', 'hsplit',
           'hstack', 'isin', 'in1d', 'intersect1d', 'mask_cols', 'mask_rowcols', 'mask_rows', 'masked_all', 'masked_all_like',
           'median', 'mr_', 'ndenumerate', 'notmasked_contiguous', 'notmasked_edges', 'polyfit', 'row_stack', 'setdiff1d',
           'setxor1d', 'stack', 'unique', 'union1d', 'vander', 'vstack']
