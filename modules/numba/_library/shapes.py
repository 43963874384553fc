"""Shapes: views with other axes, broadcasting, flipping. Views are made by strided(), which takes shape and strides in bytes;
an axis is a number at run time unless the call's is constant."""
import numpy as np

from numba._library import function, kind, strided
from numba._library.tuples import dropped, inserted, joined, normal, picked, product, replaced


def moved_last(a, axis):
    """The view in which `axis` (from 0) is the last one."""
    return strided(a, 0, dropped(a.shape, axis) + (a.shape[axis],),
                   dropped(a.strides, axis) + (a.strides[axis],))


def cut(a, axis, start, stop):
    """a[..., start:stop, ...] along `axis`, for bounds within the array."""
    return strided(a, start * a.strides[axis], replaced(a.shape, axis, stop - start), a.strides)


def slab(a, axis, i):
    """a[..., i, ...] along `axis`."""
    return strided(a, i * a.strides[axis], dropped(a.shape, axis), dropped(a.strides, axis))


def as_array(x):
    """An array of x: itself, a 0-d one of a number, one of a (nested) tuple."""
    if kind(x) == "array":
        return x
    if kind(x) == "number":
        r = np.empty((), np.result_type(x))
        r[()] = x
        return r
    return np.array(x)


@function("numpy.shape")
def shape(a):
    if kind(a) == "array":
        return a.shape
    return as_array(a).shape


@function("numpy.ndim")
def ndim(a):
    if kind(a) == "number":
        return 0
    return as_array(a).ndim


@function("numpy.size")
def size(a, axis=None):
    if axis is not None:
        return a.shape[normal(axis, a.ndim)]
    if kind(a) == "number":
        return 1
    return as_array(a).size


@function("numpy.expand_dims")
def expand_dims(a, axis):
    a = as_array(a)
    k = normal(axis, a.ndim + 1)
    return strided(a, 0, inserted(a.shape, k, 1), inserted(a.strides, k, a.itemsize))


@function("numpy.squeeze", "ndarray.squeeze")
def squeeze(a, axis):
    k = normal(axis, a.ndim)
    if a.shape[k] != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return strided(a, 0, dropped(a.shape, k), dropped(a.strides, k))


@function("numpy.swapaxes", "ndarray.swapaxes")
def swapaxes(a, axis1, axis2):
    i, k = normal(axis1, a.ndim), normal(axis2, a.ndim)
    shape = replaced(replaced(a.shape, i, a.shape[k]), k, a.shape[i])
    strides = replaced(replaced(a.strides, i, a.strides[k]), k, a.strides[i])
    return strided(a, 0, shape, strides)


@function("numpy.moveaxis")
def moveaxis(a, source, destination):
    i, k = normal(source, a.ndim), normal(destination, a.ndim)
    return strided(a, 0, inserted(dropped(a.shape, i), k, a.shape[i]),
                   inserted(dropped(a.strides, i), k, a.strides[i]))


@function("numpy.rollaxis")
def rollaxis(a, axis, start=0):
    i = normal(axis, a.ndim)
    k = start + a.ndim if start < 0 else start
    if k > i:
        k -= 1
    return moveaxis(a, i, k)


@function("numpy.transpose")
def transpose(a, axes=None):
    if axes is None:
        return a.T
    if len(axes) != a.ndim:
        raise ValueError("axes don't match array")
    used = 0
    for k in axes:
        used |= 1 << normal(k, a.ndim)
    if used + 1 != 1 << a.ndim:
        raise ValueError("repeated axis in transpose")
    return strided(a, 0, picked(a.shape, axes), picked(a.strides, axes))


@function("ndarray.transpose")
def transpose_method(a, *axes):
    if not axes:
        return a.T
    if kind(axes[0]) == "none":
        return a.T
    if kind(axes[0]) == "tuple":
        return transpose(a, axes[0])
    return transpose(a, axes)


@function("numpy.atleast_1d")
def atleast_1d(*arys):
    if len(arys) == 1:
        return of_rank_1(arys[0])
    return all_of_rank_1(arys)


def all_of_rank_1(arys):
    if not arys:
        return ()
    return (of_rank_1(arys[0]),) + all_of_rank_1(arys[1:])


def of_rank_1(a):
    a = as_array(a)
    if a.ndim == 0:
        return a.reshape(1)
    return a


@function("numpy.atleast_2d")
def atleast_2d(*arys):
    if len(arys) == 1:
        return of_rank_2(arys[0])
    return all_of_rank_2(arys)


def all_of_rank_2(arys):
    if not arys:
        return ()
    return (of_rank_2(arys[0]),) + all_of_rank_2(arys[1:])


def of_rank_2(a):
    a = as_array(a)
    if a.ndim == 0:
        return a.reshape(1, 1)
    if a.ndim == 1:
        return a[None, :]
    return a


@function("numpy.atleast_3d")
def atleast_3d(*arys):
    if len(arys) == 1:
        return of_rank_3(arys[0])
    return all_of_rank_3(arys)


def all_of_rank_3(arys):
    if not arys:
        return ()
    return (of_rank_3(arys[0]),) + all_of_rank_3(arys[1:])


def of_rank_3(a):
    a = as_array(a)
    if a.ndim == 0:
        return a.reshape(1, 1, 1)
    if a.ndim == 1:
        return a[None, :, None]
    if a.ndim == 2:
        return a[:, :, None]
    return a


def spread(strides, shape, target):
    """Strides of a view in which axes of length 1 repeat; new leading axes repeat too."""
    if not target:
        return ()
    if not shape:
        return spread((), (), target[:-1]) + (0,)
    step = strides[-1]
    if shape[-1] != target[-1]:
        if shape[-1] != 1:
            raise ValueError("operands could not be broadcast together with the requested shape")
        step = 0
    return spread(strides[:-1], shape[:-1], target[:-1]) + (step,)


@function("numpy.broadcast_to")
def broadcast_to(array, shape):
    a = as_array(array)
    target = shape if kind(shape) == "tuple" else (shape,)
    if a.ndim > len(target):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    return strided(a, 0, target, spread(a.strides, a.shape, target))


@function("numpy.broadcast_shapes")
def broadcast_shapes(*shapes):
    return common(shapes)


def common(shapes):
    if not shapes:
        return ()
    first = shapes[0] if kind(shapes[0]) == "tuple" else (shapes[0],)
    return joined(first, common(shapes[1:]))


def shapes_of(arrays):
    if not arrays:
        return ()
    return (as_array(arrays[0]).shape,) + shapes_of(arrays[1:])


def all_to(arrays, shape):
    if not arrays:
        return ()
    return (broadcast_to(arrays[0], shape),) + all_to(arrays[1:], shape)


@function("numpy.broadcast_arrays")
def broadcast_arrays(*args):
    return all_to(args, common(shapes_of(args)))


def reversed_all(a, axis):
    if axis == a.ndim:
        return a
    return reversed_all(flipped(a, axis), axis + 1)


def flipped(a, axis):
    n, step = a.shape[axis], a.strides[axis]
    return strided(a, step * max(n - 1, 0), a.shape, replaced(a.strides, axis, -step))


def flipped_along(a, axes):
    if not axes:
        return a
    return flipped_along(flipped(a, normal(axes[0], a.ndim)), axes[1:])


@function("numpy.flip")
def flip(m, axis=None):
    if axis is None:
        r = strided(m, 0, m.shape, m.strides)
        for k in range(m.ndim):
            r = flipped(r, k)
        return r
    if kind(axis) == "tuple":
        return flipped_along(m, axis)
    return flipped(m, normal(axis, m.ndim))


@function("numpy.flipud")
def flipud(m):
    return m[::-1]


@function("numpy.fliplr")
def fliplr(m):
    return m[:, ::-1]


@function("numpy.rot90")
def rot90(m, k=1):
    turns = k % 4
    r = strided(m, 0, m.shape, m.strides)
    if turns == 1 or turns == 3:
        r = swapaxes(r, 0, 1)
    if turns == 1 or turns == 2:
        r = flipped(r, 0)
    if turns == 3 or turns == 2:
        r = flipped(r, 1)
    return r


@function("numpy.roll")
def roll(a, shift, axis=None):
    a = as_array(a)
    out = np.empty(a.shape, a.dtype)
    if axis is None:
        n = a.size
        flat, to = a.ravel(), out.reshape(-1)
        k = shift % n if n else 0
        to[k:] = flat[:n - k]
        to[:k] = flat[n - k:]
        return out
    i = normal(axis, a.ndim)
    n = a.shape[i]
    k = shift % n if n else 0
    cut(out, i, k, n)[...] = cut(a, i, 0, n - k)
    cut(out, i, 0, k)[...] = cut(a, i, n - k, n)
    return out


@function("numpy.lib.stride_tricks.as_strided")
def as_strided(x, shape=None, strides=None):
    if shape is None:
        target = x.shape
    else:
        target = shape if kind(shape) == "tuple" else (shape,)
    if strides is None:
        return strided(x, 0, target, x.strides)
    return strided(x, 0, target, strides if kind(strides) == "tuple" else (strides,))


@function("numpy.lib.stride_tricks.sliding_window_view")
def sliding_window_view(x, window_shape, axis=None):
    window = window_shape if kind(window_shape) == "tuple" else (window_shape,)
    if axis is not None:
        k = normal(axis, x.ndim)
        if window[0] < 0 or window[0] > x.shape[k]:
            raise ValueError("window shape cannot be larger than input array shape")
        return strided(x, 0, replaced(x.shape, k, x.shape[k] - window[0] + 1) + window,
                       x.strides + (x.strides[k],))
    if len(window) != x.ndim:
        raise ValueError("Since axis is None, must provide window_shape for all dimensions of `x`")
    return strided(x, 0, shortened(x.shape, window) + window, x.strides + x.strides)


def shortened(shape, window):
    if not shape:
        return ()
    if window[0] < 0:
        raise ValueError("`window_shape` cannot contain negative values")
    if window[0] > shape[0]:
        raise ValueError("window shape cannot be larger than input array shape")
    return (shape[0] - window[0] + 1,) + shortened(shape[1:], window[1:])


@function("numpy.diff")
def diff(a, n=1, axis=-1):
    if n < 0:
        raise ValueError("order must be non-negative")
    k = normal(axis, a.ndim)
    r = a.copy()
    for _ in range(n):
        r = stepped(r, k)
    return r


def stepped(a, axis):
    n = max(a.shape[axis] - 1, 0)
    low, high = cut(a, axis, 0, n), cut(a, axis, a.shape[axis] - n, a.shape[axis])
    out = np.empty(low.shape, a.dtype)
    if kind(a, True) == "b":
        out[...] = high != low
    else:
        out[...] = high - low
    return out


@function("numpy.ediff1d")
def ediff1d(ary, to_end=None, to_begin=None):
    flat = as_array(ary).ravel()
    before = 0 if to_begin is None else size(to_begin)
    after = 0 if to_end is None else size(to_end)
    n = max(flat.size - 1, 0)
    out = np.empty(before + n + after, flat.dtype)
    out[before:before + n] = flat[1:] - flat[:-1]
    if to_begin is not None:
        out[:before] = to_begin
    if to_end is not None:
        out[before + n:] = to_end
    return out


@function("numpy.trace", "ndarray.trace")
def trace(a, offset=0):
    rows, columns = a.shape
    s = np.zeros(1, a.dtype).sum()
    i, k = max(-offset, 0), max(offset, 0)
    for j in range(min(rows - i, columns - k)):
        s += a[i + j, k + j]
    return s


@function("numpy.diagonal", "ndarray.diagonal")
def diagonal(a, offset=0):
    rows, columns = a.shape
    i, k = max(-offset, 0), max(offset, 0)
    n = max(min(rows - i, columns - k), 0)
    return strided(a, i * a.strides[0] + k * a.strides[1] if n else 0, (n,),
                   (a.strides[0] + a.strides[1],))


@function("numpy.fill_diagonal")
def fill_diagonal(a, val, wrap=False):
    n = a.shape[0]
    step = 1
    if a.ndim == 2:
        step = a.shape[1] + 1
        n = a.shape[0] if wrap else min(a.shape[0], a.shape[1])
    else:
        for k in range(1, a.ndim):
            if a.shape[k] != a.shape[0]:
                raise ValueError("All dimensions of input must be of equal length")
        total = 0
        for k in range(a.ndim):
            total = total * a.shape[0] + 1
        step = total
    if a.ndim == 2 and wrap:
        fill_wrapped(a, val)
        return
    stride = 0
    for s in a.strides:
        stride += s
    line = strided(a, 0, (n,), (stride,))
    if kind(val) == "number":
        line[:] = val
    else:
        values = as_array(val).ravel()
        for i in range(n):
            line[i] = values[i % values.size]


def fill_wrapped(a, val):
    columns = a.shape[1]
    at = 0
    while at < a.size:
        if kind(val) == "number":
            a[at // columns, at % columns] = val
        else:
            values = as_array(val).ravel()
            a[at // columns, at % columns] = values[at // (columns + 1) % values.size]
        at += columns + 1


# -- splitting --

def bound(i, n):
    """An end of a slice of n elements."""
    return min(max(i + n if i < 0 else i, 0), n)


@function("numpy.array_split")
def array_split(ary, indices_or_sections, axis=0):
    a = as_array(ary)
    k = normal(axis, a.ndim)
    n = a.shape[k]
    parts = []
    if kind(indices_or_sections) == "number":
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.")
        start = 0
        for i in range(sections):
            stop = start + n // sections + (1 if i < n % sections else 0)
            parts.append(cut(a, k, start, stop))
            start = stop
        return parts
    start = 0
    for i in as_array(indices_or_sections):
        stop = bound(int(i), n)
        parts.append(cut(a, k, start, max(stop, start)))
        start = stop
    parts.append(cut(a, k, start, n))
    return parts


@function("numpy.split")
def split(ary, indices_or_sections, axis=0):
    a = as_array(ary)
    if kind(indices_or_sections) == "number":
        if a.shape[normal(axis, a.ndim)] % indices_or_sections:
            raise ValueError("array split does not result in an equal division")
    return array_split(a, indices_or_sections, axis)


@function("numpy.vsplit")
def vsplit(ary, indices_or_sections):
    if as_array(ary).ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


@function("numpy.hsplit")
def hsplit(ary, indices_or_sections):
    a = as_array(ary)
    if a.ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(a, indices_or_sections, 1 if a.ndim > 1 else 0)


@function("numpy.dsplit")
def dsplit(ary, indices_or_sections):
    if as_array(ary).ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)
