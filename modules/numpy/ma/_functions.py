"""numpy.ma: functions: masking by a condition, methods as functions, joining, sorting, products."""
import inspect

import numpy as np
from numpy import ndarray
from numpy.ma import core as _c
from numpy.ma._fill import (filled, getdata, getmask, getmaskarray, make_mask,
                            make_mask_none, mask_or, maximum_fill_value, minimum_fill_value, nomask)
from numpy.ma._ufuncs import (equal, greater, greater_equal, less, less_equal, not_equal)

masked, MaskedArray, masked_array = _c.masked, _c.MaskedArray, _c.MaskedArray


# ---- Masking by a condition

def masked_where(condition, a, copy=True):
    """Mask an array where a condition is met."""
    cond = make_mask(condition, shrink=False)
    a = np.array(a, copy=copy or None, subok=True)
    if cond.shape and cond.shape != a.shape:
        raise IndexError('Inconsistent shape between the condition and the input (got %s and %s)' % (cond.shape, a.shape))
    if hasattr(a, '_mask'):
        cond = mask_or(cond, a._mask)
        cls = type(a)
    else:
        cls = MaskedArray
    r = a.view(cls)
    r.mask = _shrunk(cond)
    if not copy and hasattr(a, '_mask') and getmask(a) is nomask:
        # The mask of the argument is made, too: it is the same array to the caller.
        a._mask = r._mask.view()
    return r


def _shrunk(m):
    return m if m is nomask or m.dtype.names is not None or m.any() else nomask


def masked_greater(x, value, copy=True):
    """Mask an array where greater than a given value."""
    return masked_where(greater(x, value), x, copy=copy)


def masked_greater_equal(x, value, copy=True):
    """Mask an array where greater than or equal to a given value."""
    return masked_where(greater_equal(x, value), x, copy=copy)


def masked_less(x, value, copy=True):
    """Mask an array where less than a given value."""
    return masked_where(less(x, value), x, copy=copy)


def masked_less_equal(x, value, copy=True):
    """Mask an array where less than or equal to a given value."""
    return masked_where(less_equal(x, value), x, copy=copy)


def masked_not_equal(x, value, copy=True):
    """Mask an array where not equal to a given value."""
    return masked_where(not_equal(x, value), x, copy=copy)


def masked_equal(x, value, copy=True):
    """Mask an array where equal to a given value, which becomes the fill value."""
    r = masked_where(equal(x, value), x, copy=copy)
    r.fill_value = value
    return r


def masked_inside(x, v1, v2, copy=True):
    """Mask an array inside a given interval."""
    low, high = (v2, v1) if v2 < v1 else (v1, v2)
    xf = filled(x)
    return masked_where((xf >= low) & (xf <= high), x, copy=copy)


def masked_outside(x, v1, v2, copy=True):
    """Mask an array outside a given interval."""
    low, high = (v2, v1) if v2 < v1 else (v1, v2)
    xf = filled(x)
    return masked_where((xf < low) | (xf > high), x, copy=copy)


def masked_object(x, value, copy=True, shrink=True):
    """Mask the array x where the data are exactly equal to value: for arrays of objects."""
    if isinstance(x, MaskedArray):
        condition, mask = np.equal(x._data, value), x._mask
    else:
        condition, mask = np.equal(np.asarray(x), value), nomask
    mask = mask_or(mask, make_mask(condition, shrink=shrink), shrink=shrink)
    return masked_array(x, mask=mask, copy=copy, fill_value=value)


def masked_values(x, value, rtol=1e-5, atol=1e-8, copy=True, shrink=True):
    """Mask using floating point equality."""
    xnew = filled(x, value)
    if np.issubdtype(xnew.dtype, np.floating):
        mask = np.isclose(xnew, value, atol=atol, rtol=rtol)
    else:
        mask = np.equal(xnew, value)
    r = masked_array(xnew, mask=mask, copy=copy, fill_value=value)
    if shrink:
        r.shrink_mask()
    return r


def masked_invalid(a, copy=True):
    """Mask an array where invalid values occur (NaNs or infs)."""
    a = np.array(a, copy=None, subok=True)
    r = masked_where(~(np.isfinite(a)), a, copy=copy)
    if r._mask is nomask:
        r._mask = make_mask_none(r.shape, r.dtype)
    return r


# ---- Extrema

class _extrema_operation(_c._MaskedUFunc):
    """minimum and maximum: of two arrays, or along an axis."""

    def __init__(self, ufunc, compare, fill_value):
        super().__init__(ufunc)
        self.compare, self.fill_value_func = compare, fill_value

    def __call__(self, a, b):
        return where(self.compare(a, b), a, b)

    def reduce(self, target, axis=None):
        """Reduce target along the given axis; masked elements are left out."""
        target = np.array(target, copy=None, subok=True)
        m = getmask(target)
        axis = 0 if axis is None and target.ndim == 1 else axis
        if m is nomask:
            t = self.f.reduce(np.asarray(target.ravel() if axis is None else target), 0 if axis is None else axis)
        else:
            target = target.filled(self.fill_value_func(target)).view(type(target))
            if axis is None:
                t, m = self.f.reduce(np.asarray(target).ravel()), np.logical_and.reduce(m.ravel())
            else:
                t, m = self.f.reduce(np.asarray(target), axis), np.logical_and.reduce(m, axis)
        if np.ndim(t):
            t = t.view(MaskedArray)
            t._mask = m
            return t
        return masked if m is not nomask and m else t

    def outer(self, a, b):
        """Return the function applied to the outer product of a and b."""
        ma, mb = getmask(a), getmask(b)
        m = nomask if ma is nomask and mb is nomask else np.logical_or.outer(getmaskarray(a), getmaskarray(b))
        r = self.f.outer(filled(a), filled(b))
        if not isinstance(r, MaskedArray):
            r = r.view(MaskedArray)
        r._mask = m
        return r


minimum = _extrema_operation(np.minimum, less, minimum_fill_value)
maximum = _extrema_operation(np.maximum, greater, maximum_fill_value)


def _extremum(name):
    def f(obj, axis=None, out=None, fill_value=None, keepdims=False):
        kwargs = {'keepdims': True} if keepdims else {}
        if isinstance(obj, MaskedArray):
            return getattr(obj, name)(axis=axis, fill_value=fill_value, out=out, **kwargs)
        return getattr(np.asanyarray(obj).view(MaskedArray), name)(axis=axis, fill_value=fill_value, out=out, **kwargs)
    f.__name__ = name
    f.__doc__ = getattr(MaskedArray, name).__doc__
    return f


min, max, ptp = _extremum('min'), _extremum('max'), _extremum('ptp')
amin, amax = min, max


# ---- Methods as functions

class _frommethod:
    """A function of the same name as a method of masked arrays."""

    def __init__(self, methodname, reversed=False):
        self.__name__, self.reversed = methodname, reversed
        method = getattr(MaskedArray, methodname, None) or getattr(np, methodname)
        self.__doc__ = method.__doc__
        try:
            self.__signature__ = inspect.signature(method)
        except (ValueError, TypeError):
            pass

    def __call__(self, a, *args, **params):
        if self.reversed:
            args = list(args)
            a, args[0] = args[0], a
        method = getattr(type(masked_array(a, copy=False) if not isinstance(a, MaskedArray) else a), self.__name__)
        return method(asanyarray(a), *args, **params)


for _k in ('all anomalies any compressed cumprod cumsum copy diagonal harden_mask ids mean nonzero prod product ravel repeat shrink_mask '
           'soften_mask std sum swapaxes trace var count').split():
    globals()[_k] = _frommethod('anom' if _k == 'anomalies' else _k)
anom = anomalies  # noqa: F821
compress = _frommethod('compress', reversed=True)
argmin, argmax = _frommethod('argmin'), _frommethod('argmax')


def take(a, indices, axis=None, out=None, mode='raise'):
    """Take elements from an array along an axis."""
    return masked_array(a, copy=False).take(indices, axis=axis, out=out, mode=mode)


def compressed(x):
    """Return all the non-masked data as a 1-D array."""
    return asanyarray(x).compressed()


def argsort(a, axis=-1, kind=None, order=None, endwith=True, fill_value=None, *, stable=None):
    """Return an ndarray of indices that sort the array along the specified axis."""
    a = np.asanyarray(a)
    if isinstance(a, MaskedArray):
        return a.argsort(axis=axis, kind=kind, order=order, endwith=endwith, fill_value=fill_value)
    return a.argsort(axis=axis, kind=kind, order=order)


def sort(a, axis=-1, kind=None, order=None, endwith=True, fill_value=None, *, stable=None):
    """Return a sorted copy of the masked array; masked elements stand last."""
    a = np.array(a, copy=True, subok=True)
    if axis is None:
        a, axis = a.flatten(), 0
    if isinstance(a, MaskedArray):
        a.sort(axis=axis, kind=kind, order=order, endwith=endwith, fill_value=fill_value)
    else:
        a.sort(axis=axis, kind=kind, order=order)
    return a


# ---- Making and joining

def asarray(a, dtype=None, order=None):
    """Convert the input to a masked array of the given data-type; subclasses are not kept."""
    return masked_array(a, dtype=dtype, copy=False, keep_mask=True, subok=False, order=order)


def asanyarray(a, dtype=None):
    """Convert the input to a masked array, conserving subclasses."""
    if isinstance(a, MaskedArray) and (dtype is None or dtype == a.dtype):
        return a
    return masked_array(a, dtype=dtype, copy=False, keep_mask=True, subok=True)


def concatenate(arrays, axis=0):
    """Concatenate a sequence of arrays along the given axis; masks are kept."""
    d = np.concatenate([getdata(a) for a in arrays], axis)
    data = d.view(_c.get_masked_subclass(*arrays))
    if all_nomask(arrays):
        return data
    dm = np.concatenate([getmaskarray(a) for a in arrays], axis).reshape(d.shape)
    data._mask = dm if dm.dtype.fields is not None else (dm if dm.any() else nomask)
    return data


def all_nomask(arrays):
    """Has none of the arrays a mask?"""
    for x in arrays:
        if getmask(x) is not nomask:
            return False
    return True


def append(a, b, axis=None):
    """Append values to the end of an array."""
    return concatenate([ravel(a), ravel(b)] if axis is None else [a, b], 0 if axis is None else axis)  # noqa: F821


def diag(v, k=0):
    """Extract a diagonal or construct a diagonal array."""
    out = np.diag(getdata(v), k).view(MaskedArray)
    if getmask(v) is not nomask:
        out._mask = np.diag(v._mask, k)
    return out


def expand_dims(a, axis):
    """Expand the shape of an array, and of its mask."""
    if not isinstance(a, MaskedArray):
        return np.expand_dims(a, axis)
    r = np.expand_dims(a._data, axis).view(type(a))
    r._update_from(a)
    r._mask = nomask if a._mask is nomask else np.expand_dims(a._mask, axis)
    return r


def left_shift(a, n):
    """Shift the bits of an integer to the left."""
    return _shifted(np.left_shift, a, n)


def right_shift(a, n):
    """Shift the bits of an integer to the right."""
    return _shifted(np.right_shift, a, n)


def _shifted(f, a, n):
    m = getmask(a)
    d = f(filled(a) if m is nomask else filled(a, 0), n)
    return masked_array(d) if m is nomask else masked_array(d, mask=m)


def put(a, indices, values, mode='raise'):
    """Set storage-indexed locations to corresponding values."""
    try:
        return a.put(indices, values, mode=mode)
    except AttributeError:
        return np.asarray(a).put(indices, values, mode=mode)


def putmask(a, mask, values):
    """Changes elements of an array based on conditional and input values."""
    if not isinstance(a, MaskedArray):
        a = a.view(MaskedArray)
    valdata, valmask = getdata(values), getmask(values)
    if getmask(a) is nomask:
        if valmask is not nomask:
            a._sharedmask = True
            a._mask = make_mask_none(a.shape, a.dtype)
            np.copyto(a._mask, valmask, where=mask)
    elif a._hardmask:
        if valmask is not nomask:
            m = a._mask.copy()
            np.copyto(m, valmask, where=mask)
            a.mask |= m
    else:
        np.copyto(a._mask, getmaskarray(values) if valmask is nomask else valmask, where=mask)
    np.copyto(a._data, valdata, where=mask)


def transpose(a, axes=None):
    """Permute the dimensions of an array."""
    try:
        return a.transpose(axes)
    except AttributeError:
        return np.asarray(a).transpose(axes).view(MaskedArray)


def reshape(a, new_shape, order='C'):
    """Returns an array containing the same data with a new shape."""
    try:
        return a.reshape(new_shape, order=order)
    except AttributeError:
        return np.asarray(a).reshape(new_shape, order=order).view(MaskedArray)


def resize(x, new_shape):
    """Return a new masked array with the specified size and shape: repeated where it is larger."""
    m = getmask(x)
    if m is not nomask:
        m = np.resize(m, new_shape)
    r = np.resize(getdata(x), new_shape).view(_c.get_masked_subclass(x))
    if r.ndim:
        r._mask = m
    return r


def ndim(obj):
    """The number of dimensions."""
    return np.ndim(getdata(obj))


def shape(obj):
    """The shape."""
    return np.shape(getdata(obj))


def size(obj, axis=None):
    """The number of elements."""
    return np.size(getdata(obj), axis)


def diff(a, /, n=1, axis=-1, prepend=None, append=None):
    """Calculate the n-th discrete difference along the given axis."""
    if n == 0:
        return a
    if n < 0:
        raise ValueError('order must be non-negative but got ' + repr(n))
    a = np.ma.asanyarray(a)
    if a.ndim == 0:
        raise ValueError('diff requires input that is at least one dimensional')
    parts = []
    for extra, first in ((prepend, True), (append, False)):
        if extra is not None:
            extra = np.ma.asanyarray(extra)
            if extra.ndim == 0:
                shape_ = list(a.shape)
                shape_[axis] = 1
                extra = np.broadcast_to(extra, tuple(shape_))
        parts.append(extra)
    if prepend is not None or append is not None:
        a = np.ma.concatenate([p for p in (parts[0], a, parts[1]) if p is not None], axis)
    upper, lower = [slice(None)] * a.ndim, [slice(None)] * a.ndim
    upper[axis], lower[axis] = slice(1, None), slice(None, -1)
    for _ in range(n):
        u, w = a[tuple(upper)], a[tuple(lower)]
        a = not_equal(u, w) if a.dtype == np.bool_ else u - w
    return a


def where(condition, x=None, y=None):
    """Return a masked array with elements from x or y, depending on condition; where that is masked so is the result."""
    if (x is None) != (y is None):
        raise ValueError('Must provide both or neither of x and y.')
    if x is None:
        return nonzero(condition)  # noqa: F821
    cf, xd, yd = filled(condition, False), getdata(x), getdata(y)
    cm, xm, ym = getmaskarray(condition), getmaskarray(x), getmaskarray(y)
    if x is masked and y is not masked:
        xd, xm = np.zeros((), dtype=yd.dtype), np.ones((), dtype=ym.dtype)
    elif y is masked and x is not masked:
        yd, ym = np.zeros((), dtype=xd.dtype), np.ones((), dtype=xm.dtype)
    data = np.where(cf, xd, yd)
    mask = np.where(cf, xm, ym)
    mask = np.where(cm, np.ones((), dtype=mask.dtype), mask)
    return masked_array(data, mask=_shrunk(mask))


def choose(indices, choices, out=None, mode='raise'):
    """Use an index array to construct a new array from a list of choices."""
    c = filled(indices, 0)
    masks = [True if x is masked else getmaskarray(x) for x in choices]
    data = [True if x is masked else filled(x) for x in choices]
    outputmask = np.choose(c, masks, mode=mode)
    outputmask = make_mask(mask_or(outputmask, getmask(indices)), copy=False, shrink=True)
    d = np.choose(c, data, mode=mode, out=out).view(MaskedArray)
    if out is not None:
        if isinstance(out, MaskedArray):
            out.__setmask__(outputmask)
        return out
    d.__setmask__(outputmask)
    return d


def round_(a, decimals=0, out=None):
    """Return a copy of a, rounded to 'decimals' places."""
    if out is None:
        return np.round(a, decimals, out) if not isinstance(a, MaskedArray) else a.round(decimals)
    np.round(getdata(a), decimals, out)
    if hasattr(out, '_mask'):
        out._mask = getmask(a)
    return out


round = round_


# ---- Products

def dot(a, b, strict=False, out=None):
    """Return the dot product of two arrays; masked elements count as zero, or with strict they mask the result."""
    if strict:
        if np.ndim(a) == 0 or np.ndim(b) == 0:
            pass
        elif np.ndim(b) == 1:
            a, b = _propagate(a, b, a.ndim - 1, b.ndim - 1)
        else:
            a, b = _propagate(a, b, a.ndim - 1, b.ndim - 2)
    am, bm = ~getmaskarray(a), ~getmaskarray(b)
    d = np.dot(filled(a, 0), filled(b, 0))
    m = ~np.dot(am, bm)
    if out is None:
        if np.ndim(d) == 0:
            d = np.asarray(d)
        r = d.view(_c.get_masked_subclass(a, b))
        r.__setmask__(m)
        return r
    out._data[...] = d
    if getmask(out) is nomask or out.mask.shape != np.shape(m):
        out._mask = np.empty(np.shape(m), bool)
    out._mask[...] = m
    return out


def _propagate(a, b, *axes):
    """Mask whole rows of a and columns of b that have masked elements: their products are unknown."""
    from numpy.ma.extras import mask_rowcols  # noqa: F401
    a, b = masked_array(a), masked_array(b)
    for x, axis in ((a, axes[0]), (b, axes[1])):
        m = getmask(x)
        if m is nomask or not m.any():
            continue
        x._mask = np.broadcast_to(m.any(axis=axis, keepdims=True), m.shape) | m
    return a, b


def inner(a, b):
    """Returns the inner product of a and b; masked values count as zero."""
    fa, fb = filled(a, 0), filled(b, 0)
    return np.inner(np.atleast_1d(fa), np.atleast_1d(fb)).view(MaskedArray)


innerproduct = inner


def outer(a, b):
    """Compute the outer product of two vectors."""
    d = np.outer(filled(a, 0).ravel(), filled(b, 0).ravel())
    ma, mb = getmask(a), getmask(b)
    if ma is nomask and mb is nomask:
        return masked_array(d)
    m = make_mask(1 - np.outer(1 - getmaskarray(a), 1 - getmaskarray(b)), copy=False)
    return masked_array(d, mask=m)


outerproduct = outer


def _convolve_or_correlate(f, a, v, mode, propagate_mask):
    if propagate_mask:
        mask = f(getmaskarray(a), np.ones(np.shape(v), dtype=bool), mode=mode) | \
            f(np.ones(np.shape(a), dtype=bool), getmaskarray(v), mode=mode)
        data = f(getdata(a), getdata(v), mode=mode)
    else:
        mask = ~f(~getmaskarray(a), ~getmaskarray(v), mode=mode)
        data = f(filled(a, 0), filled(v, 0), mode=mode)
    return masked_array(data, mask=mask)


def correlate(a, v, mode='valid', propagate_mask=True):
    """Cross-correlation of two 1-dimensional sequences."""
    return _convolve_or_correlate(np.correlate, a, v, mode, propagate_mask)


def convolve(a, v, mode='full', propagate_mask=True):
    """Returns the discrete, linear convolution of two one-dimensional sequences."""
    return _convolve_or_correlate(np.convolve, a, v, mode, propagate_mask)


# ---- Comparison

def allequal(a, b, fill_value=True):
    """Return True if all entries of a and b are equal, masked ones counting as fill_value says."""
    m = mask_or(getmask(a), getmask(b))
    if m is nomask:
        return bool(np.equal(getdata(a), getdata(b)).all())
    if fill_value:
        return bool(masked_array(np.equal(getdata(a), getdata(b)), mask=m, copy=False).filled(True).all())
    return False


def allclose(a, b, masked_equal=True, rtol=1e-5, atol=1e-8):
    """Returns True if two arrays are element-wise equal within a tolerance."""
    x, y = masked_array(a, copy=False), masked_array(b, copy=False)
    if y.dtype.kind != 'm':
        d = np.result_type(y.dtype, 1.)
        if y.dtype != d:
            y = masked_array(y, dtype=d, copy=False)
    m = mask_or(getmask(x), getmask(y))
    infinite = filled(np.isinf(masked_array(x, copy=False, mask=m)), False)
    if not np.all(infinite == filled(np.isinf(y), False)):
        return False
    if not np.any(infinite):
        d = filled(less_equal(np.absolute(x - y), atol + rtol * np.absolute(y)), masked_equal)
        return bool(np.all(d))
    if not np.all(filled(x[infinite] == y[infinite], masked_equal)):
        return False
    x, y = x[~infinite], y[~infinite]
    return bool(np.all(filled(less_equal(np.absolute(x - y), atol + rtol * np.absolute(y)), masked_equal)))


# ---- Functions of numpy that give masked arrays

def fromfile(file, dtype=float, count=-1, sep=''):
    """Not there: see load."""
    raise NotImplementedError('fromfile() not yet implemented for a MaskedArray.')


def fromflex(fxarray):
    """Build a masked array from a suitable flexible-type array: fields _data and _mask."""
    return masked_array(fxarray['_data'], mask=fxarray['_mask'])


class _convert2ma:
    """A function of numpy whose result becomes a masked array."""

    def __init__(self, funcname, np_ret=None, np_ma_ret=None, params=None):
        self._func = getattr(np, funcname)
        self.__name__ = funcname
        self.__doc__ = self._func.__doc__
        self._extras = params or {}

    def __call__(self, *args, **params):
        extras = {k: params.pop(k) for k in list(params) if k in self._extras}
        r = self._func(*args, **params).view(MaskedArray)
        if 'fill_value' in extras:
            r.fill_value = extras['fill_value']
        if 'hardmask' in extras:
            r._hardmask = bool(extras['hardmask'])
        return r


for _k in ('arange clip empty empty_like frombuffer fromfunction identity indices ones ones_like squeeze zeros zeros_like').split():
    globals()[_k] = _convert2ma(_k, params={'fill_value': None, 'hardmask': False})
del _k


def _squeeze(a, axis=None):
    """Remove axes of length one."""
    return asanyarray(a).squeeze(axis) if axis is not None else asanyarray(a).squeeze()


squeeze = _squeeze


def clip(a, *args, **kwargs):
    """Clip (limit) the values in an array."""
    return np.clip(getdata(a), *args, **kwargs).view(MaskedArray) if not isinstance(a, MaskedArray) else a.clip(*args, **kwargs)


__all__ = [k for k in list(globals()) if not k.startswith('_') and k not in (
    'inspect', 'np', 'ndarray', 'masked', 'MaskedArray', 'masked_array', 'all_nomask', 'nomask', 'filled', 'getdata', 'getmask',
    'getmaskarray', 'make_mask', 'make_mask_none', 'mask_or', 'maximum_fill_value', 'minimum_fill_value', 'default_fill_value',
    'equal', 'greater', 'greater_equal', 'less', 'less_equal', 'not_equal')]
