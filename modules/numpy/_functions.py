"""numpy's functions that are written in Python over the native ones: shapes, reductions, sorting and sets."""
import builtins
import operator as _op

import _numpy as _n
from _numpy import (add, arange, array, asanyarray, asarray, broadcast_to, concatenate, copyto, empty, empty_like,
                    expand_dims, lexsort, maximum, minimum, multiply, ndarray, ones, result_type, stack, where, zeros,
                    zeros_like)
from numpy._glue import _axis, _moveaxis, _round, _std, _var
from numpy._overrides import checked_like, dispatch
from numpy.exceptions import AxisError

_NoValue = type('_NoValueType', (), {'__repr__': lambda self: '<no value>'})()
newaxis = None


def _wrap(name):
    """The function form of a method."""
    def f(a, *args, **kwargs):
        return getattr(a if isinstance(a, ndarray) else asarray(a), name)(*args, **kwargs)
    f.__name__ = f.__qualname__ = name
    f.__doc__ = getattr(ndarray, name).__doc__
    return f


for _name in ('ravel', 'squeeze', 'transpose', 'swapaxes', 'diagonal', 'repeat', 'nonzero', 'searchsorted', 'argsort',
              'argpartition'):
    globals()[_name] = _wrap(_name)


def reshape(a, /, shape=None, order='C', *, newshape=None, copy=None):
    """Gives a new shape to an array without changing its data."""
    if shape is None:
        shape = newshape
    return asanyarray(a).reshape(shape, order=order, copy=copy)


def _reduce(name, a, axis, args, **named):
    """The method of an array, or of an object that has one of its own; keywords that were not given are not passed on."""
    if not isinstance(a, ndarray):
        if hasattr(type(a), '__array_function__'):
            given = {'axis': axis, **dict(zip(('dtype', 'out')[-len(args):], args)), **named}
            given = {k: v for k, v in given.items() if v is not None and v is not _NoValue}
            return dispatch(globals()[name], [a], (a,), given)
        own = getattr(type(a), name, None)
        if own is None or isinstance(a, (_n.generic, list, tuple, int, float)):
            a = asarray(a)
    for v in named.values():
        if v is not _NoValue:
            return getattr(a, name)(axis, *args, **{k: v for k, v in named.items() if v is not _NoValue})
    if type(a) is not ndarray:
        given = dict(zip(('dtype', 'out')[-len(args):], args))
        if given.get('dtype', 0) is None:
            del given['dtype']
        return getattr(a, name)(axis=axis, **given)
    return getattr(a, name)(axis, *args)


def sum(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Sum of array elements over a given axis."""
    if hasattr(a, '__next__') and not isinstance(a, ndarray):
        return builtins.sum(a)
    return _reduce('sum', a, axis, (dtype, out), keepdims=keepdims, initial=initial, where=where)


def prod(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the product of array elements over a given axis."""
    return _reduce('prod', a, axis, (dtype, out), keepdims=keepdims, initial=initial, where=where)


def max(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the maximum of an array or maximum along an axis."""
    return _reduce('max', a, axis, (out,), keepdims=keepdims, initial=initial, where=where)


def min(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Return the minimum of an array or minimum along an axis."""
    return _reduce('min', a, axis, (out,), keepdims=keepdims, initial=initial, where=where)


def all(a, axis=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Test whether all array elements along a given axis evaluate to True."""
    return _reduce('all', a, axis, (out,), keepdims=keepdims, where=where)


def any(a, axis=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Test whether any array element along a given axis evaluates to True."""
    return _reduce('any', a, axis, (out,), keepdims=keepdims, where=where)


def mean(a, axis=None, dtype=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Compute the arithmetic mean along the specified axis."""
    return _reduce('mean', a, axis, (dtype, out), keepdims=keepdims, where=where)


def argmax(a, axis=None, out=None, *, keepdims=_NoValue):
    """Returns the indices of the maximum values along an axis."""
    return _reduce('argmax', a, axis, (out,), keepdims=keepdims)


def argmin(a, axis=None, out=None, *, keepdims=_NoValue):
    """Returns the indices of the minimum values along an axis."""
    return _reduce('argmin', a, axis, (out,), keepdims=keepdims)


def cumsum(a, axis=None, dtype=None, out=None):
    """Return the cumulative sum of the elements along a given axis."""
    return _reduce('cumsum', a, axis, (dtype, out))


def cumprod(a, axis=None, dtype=None, out=None):
    """Return the cumulative product of elements along a given axis."""
    return _reduce('cumprod', a, axis, (dtype, out))


for _name in ('sum', 'prod', 'max', 'min', 'all', 'any', 'mean', 'argmax', 'argmin', 'cumsum', 'cumprod'):
    globals()[_name]._implementation = globals()[_name]
amax, amin = max, min
_sum, _max, _min, _any, _all, _mean = sum, max, min, any, all, mean


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=_NoValue, correction=_NoValue):
    """Compute the variance along the specified axis."""
    if correction is not _NoValue:
        ddof = correction
    return _var(a, axis, dtype, out, ddof, keepdims, where, None if mean is _NoValue else mean)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=_NoValue, correction=_NoValue):
    """Compute the standard deviation along the specified axis."""
    if correction is not _NoValue:
        ddof = correction
    return _std(a, axis, dtype, out, ddof, keepdims, where, None if mean is _NoValue else mean)


def ptp(a, axis=None, out=None, keepdims=False):
    """Range of values (maximum - minimum) along an axis."""
    a = asanyarray(a)
    return _n.subtract(a.max(axis, keepdims=keepdims), a.min(axis, keepdims=keepdims), out=out)


def round(a, decimals=0, out=None):
    """Evenly round to the given number of decimals."""
    return _round(a, decimals, out) if out is not None or isinstance(a, ndarray) else _round(asarray(a), decimals)[()]


around = round_ = round


def clip(a, a_min=_NoValue, a_max=_NoValue, out=None, *, min=_NoValue, max=_NoValue, **kwargs):
    """Clip (limit) the values in an array."""
    low = a_min if a_min is not _NoValue else None if min is _NoValue else min
    high = a_max if a_max is not _NoValue else None if max is _NoValue else max
    if not isinstance(a, ndarray) and not isinstance(a, (int, float, _n.generic)):
        a = asarray(a)
    if out is not None:
        kwargs['out'] = out
    if low is None and high is None:
        return _n.positive(a, **kwargs)
    if low is None:
        return minimum(a, high, **kwargs)
    if high is None:
        return maximum(a, low, **kwargs)
    if _n.result_type(a, low, high).kind in 'OmM':
        return minimum(maximum(a, low), high, **kwargs)
    return _n.clip(a, low, high, **kwargs)


def count_nonzero(a, axis=None, *, keepdims=False):
    """Counts the number of non-zero values in the array `a`."""
    if axis is None and not keepdims:
        return _n._count_nonzero(a)
    a = asanyarray(a)
    mask = a.astype(bool)
    return mask.sum(axis=axis, dtype='l', keepdims=keepdims)


def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """Return the cumulative sum of the elements along a given axis."""
    return _cumulative(add, x, axis, dtype, out, include_initial, 0)


def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """Return the cumulative product of elements along a given axis."""
    return _cumulative(multiply, x, axis, dtype, out, include_initial, 1)


def _cumulative(f, x, axis, dtype, out, include_initial, first):
    x = asanyarray(x)
    if axis is None:
        if x.ndim != 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
    r = f.accumulate(x, axis=axis, dtype=dtype, out=out)
    if include_initial:
        shape = list(r.shape)
        shape[axis] = 1
        r = concatenate([_n.full(tuple(shape), first, r.dtype), r], axis=axis)
    return r


def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Return a sorted copy of an array."""
    if axis is None:
        a = asanyarray(a).flatten()
        axis = -1
    else:
        a = asanyarray(a).copy(order='K')
    a.sort(axis=axis, kind=kind, order=order)
    return a


def partition(a, kth, axis=-1, kind='introselect', order=None):
    """Return a partitioned copy of an array."""
    if axis is None:
        a = asanyarray(a).flatten()
        axis = -1
    else:
        a = asanyarray(a).copy(order='K')
    a.partition(kth, axis=axis)
    return a


def msort(a):
    return sort(a, axis=0)


def sort_complex(a):
    """Sort a complex array using the real part first, then the imaginary part."""
    b = array(a, copy=True)
    b.sort()
    return b if b.dtype.kind == 'c' else b.astype('F' if b.dtype.char in 'bhBHf' else 'D')


def take(a, indices, axis=None, out=None, mode='raise'):
    """Take elements from an array along an axis."""
    return _n.take(a, indices, axis, out, mode)


def shape(a):
    """Return the shape of an array."""
    try:
        return a.shape
    except AttributeError:
        return asarray(a).shape


def ndim(a):
    """Return the number of dimensions of an array."""
    try:
        return a.ndim
    except AttributeError:
        return asarray(a).ndim


def size(a, axis=None):
    """Return the number of elements along a given axis."""
    a = a if isinstance(a, ndarray) else asarray(a)
    if axis is None:
        return a.size
    n = 1
    for k in (axis if isinstance(axis, tuple) else (axis,)):
        n *= a.shape[k]
    return n


def copy(a, order='K', subok=False):
    """Return an array copy of the given object."""
    return array(a, order=order, subok=subok, copy=True)


def astype(x, dtype, /, *, copy=True, device=None):
    """Copies an array to a specified data type."""
    return x.astype(dtype, copy=copy)


def atleast_1d(*arys):
    """Convert inputs to arrays with at least one dimension."""
    out = [a if a.ndim >= 1 else a.reshape(1) for a in map(asanyarray, arys)]
    return out[0] if len(out) == 1 else tuple(out)


def atleast_2d(*arys):
    """View inputs as arrays with at least two dimensions."""
    out = [a if a.ndim >= 2 else a.reshape(1, 1) if a.ndim == 0 else a[None] for a in map(asanyarray, arys)]
    return out[0] if len(out) == 1 else tuple(out)


def atleast_3d(*arys):
    """View inputs as arrays with at least three dimensions."""
    out = []
    for a in map(asanyarray, arys):
        out.append(a if a.ndim >= 3 else a.reshape(1, 1, 1) if a.ndim == 0 else a[None, :, None] if a.ndim == 1 else a[:, :, None])
    return out[0] if len(out) == 1 else tuple(out)


def _sequence(arrays):
    if not hasattr(arrays, '__getitem__'):
        raise TypeError('arrays to stack must be passed as a "sequence" type such as list or tuple.')
    return arrays


def vstack(tup, *, dtype=None, casting='same_kind'):
    """Stack arrays in sequence vertically (row wise)."""
    arrs = atleast_2d(*_sequence(tup))
    return concatenate(arrs if isinstance(arrs, tuple) else [arrs], 0, dtype=dtype, casting=casting)


row_stack = vstack


def hstack(tup, *, dtype=None, casting='same_kind'):
    """Stack arrays in sequence horizontally (column wise)."""
    arrs = atleast_1d(*_sequence(tup))
    if not isinstance(arrs, tuple):
        arrs = [arrs]
    return concatenate(arrs, 0 if arrs and arrs[0].ndim == 1 else 1, dtype=dtype, casting=casting)


def dstack(tup):
    """Stack arrays in sequence depth wise (along third axis)."""
    arrs = atleast_3d(*tup)
    return concatenate(arrs if isinstance(arrs, tuple) else [arrs], 2)


def column_stack(tup):
    """Stack 1-D arrays as columns into a 2-D array."""
    arrs = [asanyarray(v) for v in _sequence(tup)]
    return concatenate([a.reshape(-1, 1) if a.ndim < 2 else a for a in arrs], 1)


def unstack(x, /, *, axis=0):
    """Split an array into a sequence of arrays along the given axis."""
    if x.ndim == 0:
        raise ValueError('Input array must be at least 1-d.')
    return tuple(moveaxis(x, axis, 0))


def array_split(ary, indices_or_sections, axis=0):
    """Split an array into multiple sub-arrays."""
    ary = asanyarray(ary)
    n = ary.shape[axis]
    try:
        cuts = [0] + [int(i) for i in indices_or_sections] + [n]
    except TypeError:
        parts = int(indices_or_sections)
        if parts <= 0:
            raise ValueError('number sections must be larger than 0.') from None
        each, extra = divmod(n, parts)
        cuts = [0]
        for i in range(parts):
            cuts.append(cuts[-1] + each + (i < extra))
    front = (slice(None),) * _axis(axis, ary.ndim)
    out = []
    for a, b in zip(cuts[:-1], cuts[1:]):
        out.append(ary[front + (slice(a, b),)])
    return out


def split(ary, indices_or_sections, axis=0):
    """Split an array into multiple sub-arrays as views into `ary`."""
    if not hasattr(indices_or_sections, '__len__'):
        if asanyarray(ary).shape[axis] % indices_or_sections:
            raise ValueError('array split does not result in an equal division')
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections):
    """Split an array into multiple sub-arrays horizontally (column-wise)."""
    if ndim(ary) == 0:
        raise ValueError('hsplit only works on arrays of 1 or more dimensions')
    return split(ary, indices_or_sections, 1 if ndim(ary) > 1 else 0)


def vsplit(ary, indices_or_sections):
    """Split an array into multiple sub-arrays vertically (row-wise)."""
    if ndim(ary) < 2:
        raise ValueError('vsplit only works on arrays of 2 or more dimensions')
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    """Split array into multiple sub-arrays along the 3rd axis (depth)."""
    if ndim(ary) < 3:
        raise ValueError('dsplit only works on arrays of 3 or more dimensions')
    return split(ary, indices_or_sections, 2)


def tile(A, reps):
    """Construct an array by repeating A the number of times given by reps."""
    try:
        reps = tuple(reps)
    except TypeError:
        reps = (reps,)
    a = array(A, copy=True, subok=True, ndmin=len(reps))
    reps = (1,) * (a.ndim - len(reps)) + reps
    shape_out = tuple(s * int(r) for s, r in zip(a.shape, reps))
    n = a.size
    if n > 0:
        for k, (dim, rep) in enumerate(zip(a.shape, reps)):
            if rep != 1:
                a = a.reshape(-1, n).repeat(rep, 0)
            n //= dim
    return a.reshape(shape_out)


def flip(m, axis=None):
    """Reverse the order of elements in an array along the given axis."""
    m = asanyarray(m)
    if axis is None:
        return m[(slice(None, None, -1),) * m.ndim]
    axes = [_axis(k, m.ndim) for k in (axis if isinstance(axis, tuple) else (axis,))]
    return m[tuple(slice(None, None, -1) if k in axes else slice(None) for k in range(m.ndim))]


def flipud(m):
    """Reverse the order of elements along axis 0 (up/down)."""
    m = asanyarray(m)
    if m.ndim < 1:
        raise ValueError('Input must be >= 1-d.')
    return m[::-1]


def fliplr(m):
    """Reverse the order of elements along axis 1 (left/right)."""
    m = asanyarray(m)
    if m.ndim < 2:
        raise ValueError('Input must be >= 2-d.')
    return m[:, ::-1]


def rot90(m, k=1, axes=(0, 1)):
    """Rotate an array by 90 degrees in the plane specified by axes."""
    m = asanyarray(m)
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError('len(axes) must be 2.')
    a, b = axes
    if a == b or abs(a - b) == m.ndim:
        raise ValueError('Axes must be different.')
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, a), b)
    order = list(range(m.ndim))
    order[a], order[b] = order[b], order[a]
    return m.transpose(order) if False else (flip(m, b).transpose(order) if k == 1 else flip(m.transpose(order), b))


def roll(a, shift, axis=None):
    """Roll array elements along a given axis."""
    a = asanyarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,)
    if len(axes) != len(shifts):
        axes, shifts = (axes * len(shifts) if len(axes) == 1 else axes), (tuple(shifts) * len(axes) if len(shifts) == 1 else shifts)
    out = a
    for k, s in zip(axes, shifts):
        k = _axis(k, a.ndim)
        n = a.shape[k]
        s = int(s) % n if n else 0
        front = (slice(None),) * k
        new = empty_like(out)
        if s == 0:
            new[...] = out
        else:
            new[front + (slice(s, None),)] = out[front + (slice(None, n - s),)]
            new[front + (slice(None, s),)] = out[front + (slice(n - s, None),)]
        out = new
    return out if out is not a else a.copy()


def moveaxis(a, source, destination):
    """Move axes of an array to new positions."""
    if not isinstance(a, ndarray):
        a = asarray(a)
    src = [_axis(k, a.ndim) for k in (source if isinstance(source, (tuple, list)) else (source,))]
    dst = [_axis(k, a.ndim) for k in (destination if isinstance(destination, (tuple, list)) else (destination,))]
    if len(src) != len(dst):
        raise ValueError('`source` and `destination` arguments must have the same number of elements')
    if len(set(src)) != len(src) or len(set(dst)) != len(dst):
        raise ValueError('repeated axis in `%s` argument' % ('source' if len(set(src)) != len(src) else 'destination'))
    order = [k for k in range(a.ndim) if k not in src]
    for d, s in sorted(zip(dst, src)):
        order.insert(d, s)
    return a.transpose(order)


def rollaxis(a, axis, start=0):
    """Roll the specified axis backwards, until it lies in a given position."""
    n = a.ndim
    axis = _axis(axis, n)
    if start < 0:
        start += n
    if not 0 <= start < n + 1:
        raise AxisError('start arg requires %d <= start < %d, but %d was passed in' % (-n, n + 1, start))
    if axis < start:
        start -= 1
    order = [k for k in range(n) if k != axis]
    order.insert(start, axis)
    return a.transpose(order)


def matrix_transpose(x, /):
    """Transposes a matrix (or a stack of matrices)."""
    return asanyarray(x).mT


def resize(a, new_shape):
    """Return a new array with the specified shape."""
    if isinstance(new_shape, (int, _n.integer)):
        new_shape = (new_shape,)
    a = asarray(a).ravel()
    n = 1
    for k in new_shape:
        n *= k
        if k < 0:
            raise ValueError('all elements of `new_shape` must be non-negative')
    if a.size == 0 or n == 0:
        return zeros(new_shape, a.dtype)
    return concatenate((a,) * -(-n // a.size))[:n].reshape(new_shape)


def append(arr, values, axis=None):
    """Append values to the end of an array."""
    arr = asanyarray(arr)
    if axis is None:
        return concatenate((arr.ravel(), asanyarray(values).ravel()))
    return concatenate((arr, asanyarray(values)), axis=axis)


def delete(arr, obj, axis=None):
    """Return a new array with sub-arrays along an axis deleted."""
    arr = asanyarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    n = arr.shape[axis]
    keep = ones(n, bool)
    if isinstance(obj, (int, _n.integer)) and not isinstance(obj, bool):
        if not -n <= obj < n:
            raise IndexError('index %d is out of bounds for axis %d with size %d' % (obj, axis, n))
    elif not isinstance(obj, slice):
        obj = asarray(obj)
        if obj.size == 0:
            obj = obj.astype('l')
        elif obj.dtype.kind == 'b' and obj.shape != (n,):
            raise ValueError('boolean array argument obj to delete must be one dimensional and match the axis length of %d' % n)
    keep[obj] = False
    return arr[(slice(None),) * axis + (keep,)]


def insert(arr, obj, values, axis=None):
    """Insert values along the given axis before the given indices."""
    arr = asanyarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    n = arr.shape[axis]
    single = False
    if isinstance(obj, slice):
        index = arange(*obj.indices(n))
    else:
        index = array(obj)
        if index.dtype.kind == 'b':
            index = index.nonzero()[0]
        elif index.ndim > 1:
            raise ValueError('index array argument obj to insert must be one dimensional or scalar')
        single = index.ndim == 0
        if index.size == 0:
            index = index.astype('l')
    front = (slice(None),) * axis
    values = array(values, copy=None, ndmin=arr.ndim, dtype=arr.dtype)
    if index.size == 1:
        i = int(index.reshape(-1)[0])
        if not -n <= i <= n:
            raise IndexError('index %d is out of bounds for axis %d with size %d' % (i, axis, n))
        if i < 0:
            i += n
        if single:
            values = moveaxis(values, 0, axis)
        count = values.shape[axis]
        shape_out = list(arr.shape)
        shape_out[axis] += count
        new = empty(tuple(shape_out), arr.dtype)
        new[front + (slice(None, i),)] = arr[front + (slice(None, i),)]
        new[front + (slice(i, i + count),)] = values
        new[front + (slice(i + count, None),)] = arr[front + (slice(i, None),)]
        return new
    if index.size == 0 and not isinstance(obj, ndarray):
        index = index.astype('l')
    index = where(index < 0, index + n, index)
    if index.size and (index.max() > n or index.min() < 0):
        raise IndexError('index %d is out of bounds for axis %d with size %d' % (index.max(), axis, n))
    order = index.argsort(kind='stable')
    index = index.astype('l')
    index[order] += arange(len(index))
    shape_out = list(arr.shape)
    shape_out[axis] += len(index)
    old = ones(shape_out[axis], bool)
    old[index] = False
    new = empty(tuple(shape_out), arr.dtype)
    new[front + (index,)] = values
    new[front + (old,)] = arr
    return new


def trim_zeros(filt, trim='fb', axis=None):
    """Remove values along a dimension which are zero along all other."""
    a = asanyarray(filt)
    places = a.nonzero()[0] if a.ndim == 1 else None
    trim = trim.lower()
    if places is None:
        raise ValueError('trim_zeros takes one-dimensional input')
    if len(places) == 0:
        return filt[:0]
    low = int(places[0]) if 'f' in trim else 0
    high = int(places[-1]) + 1 if 'b' in trim else len(a)
    return filt[low:high]


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    """Find the unique elements of an array."""
    ar = asanyarray(ar)
    if axis is None:
        flat = ar.ravel()
        r = _unique_flat(flat, return_index, return_inverse, return_counts, equal_nan)
        if return_inverse:
            r = list(r)
            at = 1 + return_index
            r[at] = r[at].reshape(ar.shape)
            r = tuple(r)
        return r
    moved = moveaxis(ar, axis, 0)
    rows = moved.reshape(moved.shape[0], -1)
    n, m = rows.shape
    order = lexsort(tuple(rows[:, k] for k in range(m - 1, -1, -1))) if m and n else arange(n)
    ranked = rows[order]
    new = ones(n, bool)
    if n:
        new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    values = moveaxis(ranked[new].reshape((-1,) + moved.shape[1:]), 0, axis)
    return _unique_extras(values, order, new, return_index, return_inverse, return_counts)


def _unique_extras(values, order, new, return_index, return_inverse, return_counts):
    if not (return_index or return_inverse or return_counts):
        return values
    out = (values,)
    if return_index:
        out += (order[new],)
    if return_inverse:
        inverse = empty(new.shape, 'l')
        inverse[order] = new.cumsum() - 1
        out += (inverse,)
    if return_counts:
        edges = concatenate((new.nonzero()[0], [new.size]))
        out += (edges[1:] - edges[:-1],)
    return out


def _unique_flat(flat, return_index, return_inverse, return_counts, equal_nan):
    if return_index or return_inverse:
        order = flat.argsort(kind='stable')
        ranked = flat[order]
    else:
        order = None
        ranked = sort(flat)
    new = empty(ranked.shape, bool)
    new[:1] = True
    if len(ranked) > 1:
        new[1:] = ranked[1:] != ranked[:-1]
        if equal_nan and ranked.dtype.kind in 'fc' and ranked[-1] != ranked[-1]:
            first = int(_n.isnan(ranked).argmax()) if ranked.dtype.kind == 'c' else int(ranked.searchsorted(ranked[-1]))
            new[first + 1:] = False
    return _unique_extras(ranked[new], order, new, return_index, return_inverse, return_counts)


def _named(name, fields):
    import collections
    return collections.namedtuple(name, fields)


def unique_all(x):
    """Find the unique elements of an array, and counts, inverse, and indices."""
    r = unique(x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False)
    return _named('UniqueAllResult', 'values indices inverse_indices counts')(*r)


def unique_counts(x):
    """Find the unique elements and counts of an input array `x`."""
    return _named('UniqueCountsResult', 'values counts')(*unique(x, return_counts=True, equal_nan=False))


def unique_inverse(x):
    """Find the unique elements of `x` and indices to reconstruct `x`."""
    return _named('UniqueInverseResult', 'values inverse_indices')(*unique(x, return_inverse=True, equal_nan=False))


def unique_values(x):
    """Returns the unique elements of an input array `x`."""
    return unique(x, equal_nan=False)


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """Calculates ``element in test_elements``, broadcasting over `element` only."""
    element = asarray(element)
    if isinstance(test_elements, (set, frozenset)):
        test = asarray(test_elements, 'O').ravel()
    else:
        test = asarray(test_elements).ravel()
    if test.dtype.kind == 'O' or element.dtype.kind == 'O':
        values = test.tolist()
        r = array([any_equal(v, values) for v in element.ravel().tolist()], bool).reshape(element.shape)
    elif test.size == 0:
        r = zeros(element.shape, bool)
    elif test.size < 8:
        r = zeros(element.shape, bool)
        for v in test:
            r |= element == v
    else:
        ordered = unique(test)
        at = ordered.searchsorted(element)
        at = minimum(at, len(ordered) - 1)
        r = ordered[at] == element
    return _n.logical_not(r) if invert else asarray(r)


def any_equal(v, values):
    return builtins.any(v == w for w in values)


def in1d(ar1, ar2, assume_unique=False, invert=False, *, kind=None):
    return isin(asarray(ar1).ravel(), ar2, assume_unique, invert)


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """Find the intersection of two arrays."""
    a, b = asarray(ar1).ravel(), asarray(ar2).ravel()
    ia = ib = None
    if not assume_unique:
        if return_indices:
            a, ia = unique(a, return_index=True)
            b, ib = unique(b, return_index=True)
        else:
            a, b = unique(a), unique(b)
    both = concatenate((a, b))
    if not return_indices:
        both.sort()
        return both[:-1][both[1:] == both[:-1]]
    order = both.argsort(kind='stable')
    both = both[order]
    same = both[1:] == both[:-1]
    i, j = order[:-1][same], order[1:][same] - a.size
    if ia is not None:
        i, j = ia[i], ib[j]
    return both[:-1][same], i, j


def union1d(ar1, ar2):
    """Find the union of two arrays."""
    return unique(concatenate((asarray(ar1).ravel(), asarray(ar2).ravel())))


def setdiff1d(ar1, ar2, assume_unique=False):
    """Find the set difference of two arrays."""
    a = asarray(ar1).ravel() if assume_unique else unique(ar1)
    return a[isin(a, ar2, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    """Find the set exclusive-or of two arrays."""
    a, b = (asarray(ar1), asarray(ar2)) if assume_unique else (unique(ar1), unique(ar2))
    both = concatenate((a, b))
    both.sort()
    flag = concatenate(([True], both[1:] != both[:-1], [True]))
    return both[flag[1:] & flag[:-1]]


# ---- Creation

def eye(N, M=None, k=0, dtype=float, order='C', *, device=None, like=None):
    """Return a 2-D array with ones on the diagonal and zeros elsewhere."""
    N = _op.index(N)
    M = N if M is None else _op.index(M)
    k = _op.index(k)
    m = zeros((N, M), dtype, order)
    if -N < k < M:
        n = builtins.min(N + builtins.min(k, 0), M - builtins.max(k, 0))
        at = arange(n)
        m[at + builtins.max(-k, 0), at + builtins.max(k, 0)] = 1
    return m


def identity(n, dtype=None, *, like=None):
    """Return the identity array."""
    return eye(n, dtype=dtype or float)


def _steps(start, stop, num, endpoint):
    num = _op.index(num)
    if num < 0:
        raise ValueError('Number of samples, %s, must be non-negative.' % num)
    return num, num - 1 if endpoint else num


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Return evenly spaced numbers over a specified interval."""
    num, div = _steps(start, stop, num, endpoint)
    start, stop = asanyarray(start) * 1.0, asanyarray(stop) * 1.0
    dt = result_type(start, stop, float(num))
    integer = dtype is not None and _n.dtype(dtype).kind in 'iu'
    if dtype is None:
        dtype = dt
    delta = _n.subtract(stop, start)
    y = arange(0, num, dtype=dt).reshape((-1,) + (1,) * ndim(delta))
    step = float('nan')
    if div > 0:
        step = delta / div
        zero = (step == 0) if ndim(step) == 0 else _any(asanyarray(step) == 0)
        if zero:
            y = y / div * delta
        else:
            y = y * step
    else:
        y = y * delta
    y = y + start
    if endpoint and num > 1:
        y[-1, ...] = stop
    if axis != 0:
        y = moveaxis(y, 0, axis)
    if integer:
        _n.floor(y, out=y)
    y = y.astype(dtype, copy=False)
    return (y, step) if retstep else y


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Return numbers spaced evenly on a log scale."""
    if ndim(base) > 0:
        base = expand_dims(base, axis)
    y = linspace(start, stop, num=num, endpoint=endpoint, axis=axis)
    y = _n.power(base, y)
    return y if dtype is None else y.astype(dtype, copy=False)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Return numbers spaced evenly on a log scale (a geometric progression)."""
    start, stop = asanyarray(start), asanyarray(stop)
    if _any(start == 0) or _any(stop == 0):
        raise ValueError('Geometric sequence cannot include zero')
    dt = result_type(start, stop, float(num), zeros((), dtype or float))
    if dtype is None:
        dtype = dt
    start, stop = start.astype(dt), stop.astype(dt)
    sign = _n.sign(start)
    low, high = _n.log10(start / sign), _n.log10(stop / sign)
    r = logspace(low, high, num=num, endpoint=endpoint, base=10.0, dtype=dt)
    if num > 0:
        r[0] = start / sign
        if num > 1 and endpoint:
            r[-1] = stop / sign
    r = r * sign
    if axis != 0:
        r = moveaxis(r, 0, axis)
    return r.astype(dtype, copy=False)


def meshgrid(*xi, copy=True, sparse=False, indexing='xy'):
    """Return a tuple of coordinate matrices from coordinate vectors."""
    if indexing not in ('xy', 'ij'):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    out = [asanyarray(x).reshape((1,) * i + (-1,) + (1,) * (n - i - 1)) for i, x in enumerate(xi)]
    if indexing == 'xy' and n > 1:
        out[0] = out[0].reshape((1, -1) + (1,) * (n - 2))
        out[1] = out[1].reshape((-1, 1) + (1,) * (n - 2))
    if not sparse:
        out = broadcast_arrays(*out)
    return tuple(x.copy() for x in out) if copy else tuple(out)


def indices(dimensions, dtype=int, sparse=False):
    """Return an array representing the indices of a grid."""
    dimensions = tuple(dimensions)
    n = len(dimensions)
    parts = [arange(d, dtype=dtype).reshape((1,) * i + (d,) + (1,) * (n - i - 1)) for i, d in enumerate(dimensions)]
    if sparse:
        return tuple(parts)
    out = empty((n,) + dimensions, dtype)
    for i, p in enumerate(parts):
        out[i] = p
    return out


def fromfunction(function, shape, *, dtype=float, like=None, **kwargs):
    """Construct an array by executing a function over each coordinate."""
    return function(*indices(shape, dtype=dtype), **kwargs)


@checked_like
def fromiter(iter, dtype, count=-1):
    """Create a new 1-dimensional array from an iterable object."""
    if count >= 0:
        out = empty(count, dtype)
        done = _n._fill_flat(out, iter, count)
        if done < count:
            raise ValueError('iterator too short: Expected %d but iterator had only %d items.' % (count, done))
        return out
    return array(list(iter), dtype) if not isinstance(iter, (list, tuple)) else array(iter, dtype)


def tri(N, M=None, k=0, dtype=float, *, like=None):
    """An array with ones at and below the given diagonal and zeros elsewhere."""
    M = N if M is None else M
    return _n.greater_equal.outer(arange(N), arange(-k, M - k)).astype(dtype, copy=False)


def tril(m, k=0):
    """Lower triangle of an array."""
    m = asanyarray(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool) if m.ndim > 1 else tri(m.shape[0], k=k, dtype=bool)
    return where(mask, m, zeros(1, m.dtype))


def triu(m, k=0):
    """Upper triangle of an array."""
    m = asanyarray(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool) if m.ndim > 1 else tri(m.shape[0], k=k - 1, dtype=bool)
    return where(mask, zeros(1, m.dtype), m)


def diag(v, k=0):
    """Extract a diagonal or construct a diagonal array."""
    v = asanyarray(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        out = zeros((n, n), v.dtype)
        at = arange(v.shape[0])
        out[at + builtins.max(-k, 0), at + builtins.max(k, 0)] = v
        return out
    if v.ndim == 2:
        return v.diagonal(k)
    raise ValueError('Input must be 1- or 2-d.')


def diagflat(v, k=0):
    """Create a two-dimensional array with the flattened input as a diagonal."""
    return diag(asarray(v).ravel(), k)


def vander(x, N=None, increasing=False):
    """Generate a Vandermonde matrix."""
    x = asarray(x)
    N = len(x) if N is None else N
    v = empty((len(x), N), result_type(x, int))
    t = v if increasing else v[:, ::-1]
    if N > 0:
        t[:, 0] = 1
    if N > 1:
        t[:, 1:] = x[:, None]
        multiply.accumulate(t[:, 1:], out=t[:, 1:], axis=1)
    return v


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """Return the sum along diagonals of the array."""
    return asanyarray(a).diagonal(offset, axis1, axis2).sum(-1, dtype=dtype, out=out)


def broadcast_arrays(*args, subok=False):
    """Broadcast any number of arrays against each other."""
    arrays = [asanyarray(a) if subok else asarray(a) for a in args]
    target = _n.broadcast_shapes(*[a.shape for a in arrays])
    return tuple(a if a.shape == target else broadcast_to(a, target, subok) for a in arrays)


class broadcast:
    """Produce an object that mimics broadcasting."""

    def __init__(self, *args):
        self._arrays = [asarray(a) for a in args]
        try:
            self.shape = _n.broadcast_shapes(*[a.shape for a in self._arrays])
        except ValueError:
            raise ValueError('shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with '
                             'shape %s and arg 1 with shape %s.' % (self._arrays[0].shape, self._arrays[1].shape)) from None
        self.nd = self.ndim = len(self.shape)
        self.numiter = len(args)
        self.size = 1
        for n in self.shape:
            self.size *= n
        self.reset()

    def reset(self):
        self.index = 0
        self.iters = tuple(broadcast_to(a, self.shape).flat for a in self._arrays)

    def __iter__(self):
        return self

    def __next__(self):
        if self.index >= self.size:
            raise StopIteration
        self.index += 1
        return tuple(next(i) for i in self.iters)


# ---- Indexing helpers

def unravel_index(indices, shape, order='C'):
    """Converts a flat index or array of flat indices into a tuple of coordinate arrays."""
    scalar = not hasattr(indices, '__len__') or getattr(indices, 'ndim', 1) == 0
    index = asarray(indices)
    if index.dtype.kind not in 'iu' and index.size:
        raise TypeError('only int indices permitted')
    shape = (shape,) if isinstance(shape, (int, _n.integer)) else tuple(shape)
    n = 1
    for s in shape:
        n *= int(s)
    index = index.astype('l')
    if index.size and (index.min() < 0 or index.max() >= n):
        bad = index.min() if index.min() < 0 else index.max()
        raise ValueError('index %d is out of bounds for array with size %d' % (bad, n))
    out = []
    for s in (reversed(shape) if order == 'C' else shape):
        out.append(index % s)
        index = index // s
    if order == 'C':
        out.reverse()
    return tuple(v[()] if scalar else v for v in out)


def ravel_multi_index(multi_index, dims, mode='raise', order='C'):
    """Converts a tuple of index arrays into an array of flat indices."""
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    modes = (mode,) * len(dims) if isinstance(mode, str) else tuple(mode)
    parts = [asarray(i) for i in multi_index]
    if len(parts) != len(dims):
        raise ValueError('parameter multi_index must be a sequence of length %d' % len(dims))
    r = 0
    pairs = list(zip(parts, dims, modes))
    for i, n, m in (pairs if order == 'C' else pairs[::-1]):
        if m == 'raise':
            if i.size and (i.min() < 0 or i.max() >= n):
                raise ValueError('invalid entry in coordinates array')
        elif m == 'wrap':
            i = i % n
        else:
            i = minimum(maximum(i, 0), n - 1)
        r = r * n + i
    return r


def take_along_axis(arr, indices, axis=-1):
    """Take values from the input array by matching 1d index and data slices."""
    if axis is None:
        arr, axis = asarray(arr).ravel(), 0
    axis = _axis(axis, arr.ndim)
    return arr[_along(arr.shape, indices, axis)]


def _along(shape, indices, axis):
    if indices.dtype.kind not in 'iu':
        raise IndexError('`indices` must be an integer array')
    if len(shape) != indices.ndim:
        raise ValueError('`indices` and `arr` must have the same number of dimensions')
    n = len(shape)
    out = []
    for k in range(n):
        out.append(indices if k == axis else arange(shape[k]).reshape((1,) * k + (-1,) + (1,) * (n - k - 1)))
    return tuple(out)


_n._take_along = take_along_axis


def put_along_axis(arr, indices, values, axis):
    """Put values into the destination array by matching 1d index and data slices."""
    if axis is None:
        arr.reshape(-1)[indices] = values
        return
    arr[_along(arr.shape, indices, _axis(axis, arr.ndim))] = values


def flatnonzero(a):
    """Return indices that are non-zero in the flattened version of a."""
    return asanyarray(a).ravel().nonzero()[0]


def argwhere(a):
    """Find the indices of array elements that are non-zero, grouped by element."""
    a = asanyarray(a)
    if a.ndim == 0:
        return argwhere(a.reshape(1))[:, :0]
    return stack(a.nonzero(), axis=1) if a.ndim else None


def ix_(*args):
    """Construct an open mesh from multiple sequences."""
    out, n = [], len(args)
    for k, seq in enumerate(args):
        a = asarray(seq)
        if a.ndim != 1:
            raise ValueError('Cross index must be 1 dimensional')
        if a.size == 0:
            a = a.astype('l')
        if a.dtype.kind == 'b':
            a, = a.nonzero()
        out.append(a.reshape((1,) * k + (a.size,) + (1,) * (n - k - 1)))
    return tuple(out)


def fill_diagonal(a, val, wrap=False):
    """Fill the main diagonal of the given array of any dimensionality."""
    if a.ndim < 2:
        raise ValueError('array must be at least 2-d')
    end = None
    if a.ndim == 2:
        step = a.shape[1] + 1
        if not wrap:
            end = a.shape[1] * a.shape[1]
    else:
        if len(set(a.shape)) != 1:
            raise ValueError('All dimensions of input must be of equal length')
        step = 1
        for k in range(1, a.ndim):
            step += a.shape[0] ** k
    a.flat[:end:step] = val


def diag_indices(n, ndim=2):
    """Return the indices to access the main diagonal of an array."""
    return (arange(n),) * ndim


def diag_indices_from(arr):
    """Return the indices to access the main diagonal of an n-dimensional array."""
    return diag_indices(arr.shape[0], arr.ndim)


def tril_indices(n, k=0, m=None):
    """Return the indices for the lower-triangle of an (n, m) array."""
    return tri(n, m, k, bool).nonzero()


def triu_indices(n, k=0, m=None):
    """Return the indices for the upper-triangle of an (n, m) array."""
    return (~tri(n, m, k - 1, bool)).nonzero()


def _check_matrix(arr):
    if arr.ndim != 2:
        raise ValueError('input array must be 2-d')


def tril_indices_from(arr, k=0):
    """Return the indices for the lower-triangle of arr."""
    _check_matrix(arr)
    return tril_indices(arr.shape[-2], k, arr.shape[-1])


def triu_indices_from(arr, k=0):
    """Return the indices for the upper-triangle of arr."""
    _check_matrix(arr)
    return triu_indices(arr.shape[-2], k, arr.shape[-1])


def mask_indices(n, mask_func, k=0):
    """Return the indices to access (n, n) arrays, given a masking function."""
    return (mask_func(ones((n, n), int), k) != 0).nonzero()


def choose(a, choices, out=None, mode='raise'):
    """Construct an array from an index array and a list of arrays to choose from."""
    a = asarray(a)
    choices = [asarray(c) for c in choices]
    n = len(choices)
    if mode == 'raise':
        if a.size and (a.min() < 0 or a.max() >= n):
            raise ValueError('invalid entry in choice array')
    elif mode == 'wrap':
        a = a % n
    else:
        a = minimum(maximum(a, 0), n - 1)
    a, *choices = broadcast_arrays(a, *choices)
    r = choices[0].astype(result_type(*choices), copy=True)
    for i in range(1, n):
        copyto(r, choices[i], where=a == i, casting='unsafe')
    if out is not None:
        out[...] = r
        return out
    return r[()] if r.ndim == 0 else r


def compress(condition, a, axis=None, out=None):
    """Return selected slices of an array along given axis."""
    condition, a = asarray(condition).astype(bool), asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    return take(a, condition.nonzero()[0], axis, out)


def extract(condition, arr):
    """Return the elements of an array that satisfy some condition."""
    return take(asarray(arr).ravel(), asarray(condition).ravel().nonzero()[0])


def place(arr, mask, vals):
    """Change elements of an array based on conditional and input values."""
    if not isinstance(arr, ndarray):
        raise TypeError('argument 1 must be numpy.ndarray, not %s' % type(arr).__name__)
    at = asarray(mask).astype(bool).ravel().nonzero()[0]
    values = asarray(vals).ravel()
    if len(at) == 0:
        return
    if len(values) == 0:
        raise ValueError('Cannot insert from an empty array!')
    arr.flat[at] = resize(values, len(at))


def select(condlist, choicelist, default=0):
    """Return an array drawn from elements in choicelist, depending on conditions."""
    if len(condlist) != len(choicelist):
        raise ValueError('list of cases must be same length as list of conditions')
    if len(condlist) == 0:
        raise ValueError('select with an empty condition list is not possible')
    choices = [c if isinstance(c, (int, float, complex)) else asarray(c) for c in choicelist] + [
        default if isinstance(default, (int, float, complex)) else asarray(default)]
    d = result_type(*choices)
    arrays = broadcast_arrays(*[asarray(c) for c in condlist], *[asarray(c) for c in choices])
    n = len(condlist)
    for c in arrays[:n]:
        if c.dtype.kind != 'b':
            raise TypeError('invalid entry 0 in condlist: should be boolean ndarray')
    r = _n.full(arrays[0].shape, asarray(arrays[-1]), d) if arrays[0].ndim else asarray(arrays[-1]).astype(d).copy()
    for c, v in reversed(list(zip(arrays[:n], arrays[n:-1]))):
        copyto(r, v, where=c, casting='unsafe')
    return r


def piecewise(x, condlist, funclist, *args, **kw):
    """Evaluate a piecewise-defined function."""
    x = asanyarray(x)
    if not isinstance(condlist, (list, ndarray)) or (not isinstance(condlist[0], (list, ndarray)) and x.ndim != 0):
        condlist = [condlist]
    condlist = asarray(condlist, dtype=bool)
    if condlist.ndim == 1 and x.ndim == 0:
        condlist = condlist[:, None][:, 0]
    n = len(condlist)
    if len(funclist) == n + 1:
        condlist = concatenate([condlist, ~condlist.any(axis=0, keepdims=True)], axis=0)
    elif len(funclist) != n:
        raise ValueError('with %d condition(s), either %d or %d functions are expected' % (n, n, n + 1))
    y = zeros_like(x)
    for c, f in zip(condlist, funclist):
        if not callable(f):
            y[c] = f
        elif x[c].size:
            y[c] = f(x[c], *args, **kw)
    return y


class ndindex:
    """An N-dimensional iterator object to index arrays."""

    def __init__(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], tuple):
            shape, = shape
        import itertools
        self._it = itertools.product(*[range(_op.index(n)) for n in shape])

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._it)


class ndenumerate:
    """Multidimensional index iterator."""

    def __init__(self, arr):
        self._a = asarray(arr)
        self._it = iter(ndindex(*self._a.shape))

    def __iter__(self):
        return self

    def __next__(self):
        i = next(self._it)
        return i, self._a[i]


# ---- Grids and concatenation by index

class _Grid:
    def __init__(self, sparse):
        self.sparse = sparse

    def __getitem__(self, key):
        one = isinstance(key, slice)
        axes, kind = [], int
        for s in ((key,) if one else key):
            start, stop, step = s.start or 0, s.stop, 1 if s.step is None else s.step
            if isinstance(step, complex):
                axes.append(linspace(start, stop, int(abs(step))))
            else:
                axes.append(arange(start, stop, step))
            kind = result_type(axes[-1].dtype, kind)
        if one:
            return axes[0]
        axes = [a.astype(kind) for a in axes]
        parts = meshgrid(*axes, indexing='ij', sparse=self.sparse)
        return tuple(parts) if self.sparse else stack(parts) if parts else array([])


mgrid, ogrid = _Grid(False), _Grid(True)


class _Concatenator:
    def __init__(self, axis=0, ndmin=1, trans1d=-1):
        self.axis, self.ndmin, self.trans1d = axis, ndmin, trans1d

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        axis, ndmin, trans1d = self.axis, self.ndmin, self.trans1d
        parts, scalars = [], []
        for k, item in enumerate(key):
            scalar = False
            if isinstance(item, slice):
                step, start = item.step, item.start or 0
                if isinstance(step, complex):
                    new = linspace(start, item.stop, int(abs(step)))
                else:
                    new = arange(start, item.stop, 1 if step is None else step)
                if ndmin > 1:
                    new = array(new, ndmin=ndmin)
                    if trans1d != -1:
                        new = new.swapaxes(-1, trans1d)
            elif isinstance(item, str):
                if k:
                    raise ValueError('special directives must be the first entry.')
                if item in ('r', 'c'):
                    new = None
                    ndmin = 2
                    trans1d = 0 if item == 'c' else -1
                else:
                    v = [int(x) for x in item.split(',')]
                    axis = v[0]
                    ndmin = v[1] if len(v) > 1 else ndmin
                    trans1d = v[2] if len(v) > 2 else trans1d
                continue
            elif isinstance(item, (int, float, complex, bool, _n.generic)):
                new = item
                scalar = True
            else:
                rank = ndim(item)
                new = array(item, copy=None, subok=True, ndmin=ndmin)
                if trans1d != -1 and rank < ndmin:
                    order = list(range(ndmin))
                    extra = ndmin - rank
                    t = trans1d + extra + 1 if trans1d < 0 else trans1d
                    own = order[extra:]
                    rest = order[:extra]
                    new = new.transpose(rest[:t] + own + rest[t:])
            parts.append(new)
            scalars.append(scalar)
        if parts:
            d = result_type(*parts)
            parts = [array(p, ndmin=ndmin, dtype=d) if s else p.astype(d, copy=False) for p, s in zip(parts, scalars)]
        return concatenate(parts, axis=axis)


r_, c_ = _Concatenator(0), _Concatenator(-1, 2, 0)


class _IndexExpression:
    def __init__(self, maketuple):
        self.maketuple = maketuple

    def __getitem__(self, item):
        return (item,) if self.maketuple and not isinstance(item, tuple) else item


index_exp, s_ = _IndexExpression(True), _IndexExpression(False)
