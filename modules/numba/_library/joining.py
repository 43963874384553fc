"""Joining, repeating, taking and cutting out: functions whose result is a new array of another shape."""
import numpy as np

from numba._library import function, kind, strided
from numba._library.shapes import as_array, atleast_1d, atleast_2d, atleast_3d, cut, slab
from numba._library.tuples import (dropped, inserted, joined, normal, product, repeated, replaced,
                                   shape_of)


# -- concatenate and its kin --

def total(arrays, axis):
    if not arrays:
        return 0
    return arrays[0].shape[axis] + total(arrays[1:], axis)


def put_all(out, arrays, axis, at):
    """Copies the arrays one behind the other along `axis` of out, from position `at` on."""
    if not arrays:
        return
    a = arrays[0]
    n = a.shape[axis]
    if a.ndim != out.ndim:
        raise ValueError("all the input array dimensions must match")
    for k in range(out.ndim):
        if k != axis and a.shape[k] != out.shape[k]:
            raise ValueError("all the input array dimensions except for the concatenation axis must match exactly")
    cut(out, axis, at, at + n)[...] = a
    put_all(out, arrays[1:], axis, at + n)


def flat_all(arrays):
    if not arrays:
        return ()
    return (as_array(arrays[0]).ravel(),) + flat_all(arrays[1:])


def arrays_of(arrays):
    if not arrays:
        return ()
    return (as_array(arrays[0]),) + arrays_of(arrays[1:])


@function("numpy.concatenate")
def concatenate(arrays, axis=0, dtype=None):
    if kind(arrays) == "array":
        return glued(arrays, axis)
    if axis is None:
        return concatenate(flat_all(arrays), 0, dtype)
    every = arrays_of(arrays)
    first = every[0]
    k = normal(axis, first.ndim)
    out = np.empty(replaced(first.shape, k, total(every, k)), np.result_type(every) if dtype is None else dtype)
    put_all(out, every, k, 0)
    return out


def glued(arrays, axis):
    """The rows of one array, concatenated."""
    first = arrays[0]
    k = normal(axis, first.ndim)
    n = first.shape[k]
    out = np.empty(replaced(first.shape, k, n * arrays.shape[0]), arrays.dtype)
    for i in range(arrays.shape[0]):
        cut(out, k, i * n, i * n + n)[...] = arrays[i]
    return out


def expanded(arrays, axis):
    if not arrays:
        return ()
    a = as_array(arrays[0])
    return (strided(a, 0, inserted(a.shape, axis, 1), inserted(a.strides, axis, 0)),) + expanded(arrays[1:], axis)


def check_equal(arrays, shape):
    if not arrays:
        return
    if as_array(arrays[0]).shape != shape:
        raise ValueError("all input arrays must have the same shape")
    check_equal(arrays[1:], shape)


@function("numpy.stack")
def stack(arrays, axis=0):
    if kind(arrays) == "array":
        return np.moveaxis(arrays, 0, axis).copy()
    first = as_array(arrays[0])
    check_equal(arrays, first.shape)
    k = normal(axis, first.ndim + 1)
    return concatenate(expanded(arrays, k), k)


def at_least_1(arrays):
    if not arrays:
        return ()
    return (atleast_1d(arrays[0]),) + at_least_1(arrays[1:])


def at_least_2(arrays):
    if not arrays:
        return ()
    return (atleast_2d(arrays[0]),) + at_least_2(arrays[1:])


def at_least_3(arrays):
    if not arrays:
        return ()
    return (atleast_3d(arrays[0]),) + at_least_3(arrays[1:])


def columns_of(arrays):
    if not arrays:
        return ()
    a = as_array(arrays[0])
    if a.ndim < 2:
        return (a.reshape(-1, 1),) + columns_of(arrays[1:])
    return (a,) + columns_of(arrays[1:])


@function("numpy.hstack")
def hstack(tup):
    if kind(tup) == "array":
        return glued(tup, 0 if tup.ndim <= 2 else 1)
    arrays = at_least_1(tup)
    if arrays[0].ndim == 1:
        return concatenate(arrays, 0)
    return concatenate(arrays, 1)


@function("numpy.vstack", "numpy.row_stack")
def vstack(tup):
    if kind(tup) == "array":
        if tup.ndim < 3:
            return tup.reshape(tup.shape[0], -1).copy()
        return glued(tup, 0)
    return concatenate(at_least_2(tup), 0)


@function("numpy.dstack")
def dstack(tup):
    return concatenate(at_least_3(tup), 2)


@function("numpy.column_stack")
def column_stack(tup):
    return concatenate(columns_of(tup), 1)


@function("numpy.append")
def append(arr, values, axis=None):
    if axis is None:
        return concatenate((as_array(arr).ravel(), as_array(values).ravel()), 0)
    return concatenate((arr, values), axis)


# -- repeating --

def count_at(repeats, i):
    if kind(repeats) == "number":
        return repeats
    if repeats.size == 1:
        return repeats[0]
    return repeats[i]


@function("numpy.repeat", "ndarray.repeat")
def repeat(a, repeats, axis=None):
    if axis is None:
        return repeat(as_array(a).ravel(), repeats, 0)
    if kind(repeats) == "tuple":
        return repeat(a, np.array(repeats), axis)
    k = normal(axis, a.ndim)
    n, size = a.shape[k], 0
    if kind(repeats) == "array":
        if repeats.size != n and repeats.size != 1:
            raise ValueError("operands could not be broadcast together")
    for i in range(n):
        c = count_at(repeats, i)
        if c < 0:
            raise ValueError("repeats may not contain negative values.")
        size += c
    out = np.empty(replaced(a.shape, k, size), a.dtype)
    at = 0
    for i in range(n):
        for _ in range(count_at(repeats, i)):
            if a.ndim == 1:
                out[at] = a[i]
            else:
                slab(out, k, at)[...] = slab(a, k, i)
            at += 1
    return out


def tiled_shape(shape, reps):
    if not shape:
        return reps
    if not reps:
        return shape
    return tiled_shape(shape[:-1], reps[:-1]) + (shape[-1] * reps[-1],)


def ones_before(shape, reps):
    """The shapes of the array and of the repeats between each other: (r0, n0, r1, n1, ...), with 1 for what lacks."""
    if not shape and not reps:
        return ()
    if not shape:
        return ones_before(shape, reps[:-1]) + (1, 1)
    if not reps:
        return ones_before(shape[:-1], reps) + (1, shape[-1])
    return ones_before(shape[:-1], reps[:-1]) + (1, shape[-1])


def doubled_shape(shape, reps):
    if not shape and not reps:
        return ()
    if not shape:
        return doubled_shape(shape, reps[:-1]) + (reps[-1], 1)
    if not reps:
        return doubled_shape(shape[:-1], reps) + (1, shape[-1])
    return doubled_shape(shape[:-1], reps[:-1]) + (reps[-1], shape[-1])


@function("numpy.tile")
def tile(A, reps):
    a = as_array(A)
    times = shape_of(reps)
    out = np.empty(doubled_shape(a.shape, times), a.dtype)
    out[...] = a.copy().reshape(ones_before(a.shape, times))
    return out.reshape(tiled_shape(a.shape, times))


@function("numpy.resize")
def resize(a, new_shape):
    flat = as_array(a).ravel()
    out = np.empty(shape_of(new_shape), flat.dtype)
    to = out.reshape(-1)
    for i in range(to.size):
        to[i] = flat[i % flat.size] if flat.size else flat.dtype(0)
    return out


# -- taking, inserting, deleting --

@function("numpy.take", "ndarray.take")
def take(a, indices, axis=None):
    if axis is None:
        flat = as_array(a).ravel()
        if kind(indices) == "tuple" or kind(indices) == "list":
            return flat[np.array(indices)]
        return flat[indices]
    k = normal(axis, a.ndim)
    if kind(indices) == "number":
        i, n = indices, a.shape[k]
        if i < -n or i >= n:
            raise IndexError("index is out of bounds for the axis")
        return slab(a, k, i % n).copy()
    return taken(a, as_array(indices), axis % a.ndim)


def taken(a, indices, axis):
    flat = indices.ravel()
    n = a.shape[axis]
    out = np.empty(replaced(a.shape, axis, flat.size), a.dtype)
    for at in range(flat.size):
        i = flat[at]
        if i < -n or i >= n:
            raise IndexError("index is out of bounds for the axis")
        if a.ndim == 1:
            out[at] = a[i]
        else:
            slab(out, axis, at)[...] = slab(a, axis, i + n if i < 0 else i)
    if indices.ndim == 1:
        return out
    return out.reshape(a.shape[:axis] + indices.shape + a.shape[axis + 1:])


@function("numpy.take_along_axis")
def take_along_axis(arr, indices, axis):
    if axis is None:
        return take_along_axis(arr.ravel(), indices, 0)
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    k = normal(axis, arr.ndim)
    n = arr.shape[k]
    lengths = joined(dropped(arr.shape, k), dropped(indices.shape, k))
    where = np.broadcast_to(indices, inserted(lengths, k, indices.shape[k]))
    source = np.broadcast_to(arr, inserted(lengths, k, n))
    out = np.empty(where.shape, arr.dtype)
    for at in range(where.shape[k]):
        put_along(slab(out, k, at), source, slab(where, k, at), k)
    return out


def put_along(out, source, where, axis):
    """out[...] = source[..., where[...], ...] along `axis`, for one position of the result."""
    if out.ndim == 0:
        i, n = where[()], source.shape[axis]
        if i < -n or i >= n:
            raise IndexError("index is out of bounds for the axis")
        out[()] = source[i]
        return
    for j in range(out.shape[0]):
        if axis == 0:
            put_along(slab(out, 0, j), slab(source, 1, j), slab(where, 0, j), 0)
        else:
            put_along(slab(out, 0, j), slab(source, 0, j), slab(where, 0, j), axis - 1)


@function("numpy.compress", "ndarray.compress")
def compress(condition, a):
    mask = as_array(condition) != 0
    return as_array(a).ravel()[:mask.size][mask]


@function("numpy.delete")
def delete(arr, obj, axis=None):
    if axis is None:
        return delete(as_array(arr).ravel(), obj, 0)
    k = normal(axis, arr.ndim)
    n = arr.shape[k]
    keep = np.ones(n, np.bool_)
    if kind(obj) == "number" or kind(obj) == "array" or kind(obj) == "tuple":
        mark_deleted(keep, obj)
    else:
        keep[obj] = False
    if arr.ndim == 1:
        return arr[keep]
    out = np.empty(replaced(arr.shape, k, keep.sum()), arr.dtype)
    at = 0
    for i in range(n):
        if keep[i]:
            slab(out, k, at)[...] = slab(arr, k, i)
            at += 1
    return out


def mark_deleted(keep, obj):
    if kind(obj) == "number":
        if obj < -keep.size or obj >= keep.size:
            raise IndexError("index is out of bounds for the axis")
        keep[obj] = False
    elif kind(obj, True) == "b":
        if as_array(obj).size != keep.size:
            raise ValueError("boolean array argument obj to delete must be one dimensional and match the axis length")
        keep[as_array(obj)] = False
    else:
        keep[as_array(obj)] = False


@function("numpy.insert")
def insert(arr, obj, values, axis=None):
    if axis is None:
        return inserted_flat(as_array(arr).ravel(), obj, as_array(values).ravel())
    if arr.ndim == 1:
        return inserted_flat(arr, obj, as_array(values).ravel())
    k = normal(axis, arr.ndim)
    n = arr.shape[k]
    if obj < -n or obj > n:
        raise IndexError("index is out of bounds for the axis")
    at = obj + n if obj < 0 else obj
    out = np.empty(replaced(arr.shape, k, n + 1), arr.dtype)
    cut(out, k, 0, at)[...] = cut(arr, k, 0, at)
    slab(out, k, at)[...] = values
    cut(out, k, at + 1, n + 1)[...] = cut(arr, k, at, n)
    return out


def inserted_flat(arr, obj, values):
    n = arr.size
    if kind(obj) == "number":
        if obj < -n or obj > n:
            raise IndexError("index is out of bounds for the axis")
        at = obj + n if obj < 0 else obj
        out = np.empty(n + values.size, arr.dtype)
        out[:at] = arr[:at]
        out[at:at + values.size] = values
        out[at + values.size:] = arr[at:]
        return out
    where = as_array(obj).ravel()
    if where.size == 1:
        return inserted_flat(arr, int(where[0]), values)
    for i in range(where.size):
        if where[i] < -n or where[i] > n:
            raise IndexError("index is out of bounds for the axis")
    where = np.where(where < 0, where + n, where)
    if values.size != 1 and values.size != where.size:
        raise ValueError("shape mismatch: value array could not be broadcast to indexing result")
    order = np.argsort(where, kind="mergesort")
    out = np.empty(n + where.size, arr.dtype)
    at = taken_so_far = 0
    for i in range(n + 1):
        while taken_so_far < where.size and where[order[taken_so_far]] == i:
            out[at] = values[order[taken_so_far] if values.size > 1 else 0]
            taken_so_far += 1
            at += 1
        if i < n:
            out[at] = arr[i]
            at += 1
    return out


@function("numpy.trim_zeros")
def trim_zeros(filt, trim="fb"):
    first, last = 0, filt.size
    if trim == "fb" or trim == "f" or trim == "FB" or trim == "F" or trim == "bf":
        while first < last and filt[first] == 0:
            first += 1
    if trim == "fb" or trim == "b" or trim == "FB" or trim == "B" or trim == "bf":
        while last > first and filt[last - 1] == 0:
            last -= 1
    return filt[first:last]


@function("numpy.extract")
def extract(condition, arr):
    flat = as_array(arr).ravel()
    mask = as_array(condition).ravel() != 0
    return flat[:mask.size][mask]


# -- padding --

def width_at(widths, axis, side):
    """How much to add at a side (0, 1) of an axis; pad_width is an int, a pair, or a pair for each axis."""
    if kind(widths) == "number":
        return widths
    if kind(widths[0]) == "number":
        return widths[side % len(widths)]
    return pair_at(widths, axis % len(widths), side)


def pair_at(pairs, axis, side):
    if len(pairs) == 1 or axis == 0:
        return pairs[0][side % len(pairs[0])]
    return pair_at(pairs[1:], axis - 1, side)


def padded_shape(shape, widths, axis):
    if not shape:
        return ()
    return (shape[0] + width_at(widths, axis, 0) + width_at(widths, axis, 1),) + padded_shape(shape[1:], widths, axis + 1)


def inner(out, shape, widths):
    offset = 0
    for k in range(out.ndim):
        offset += width_at(widths, k, 0) * out.strides[k]
    return strided(out, offset, shape, out.strides)


def source_of(i, n, mode):
    """The index that position i, outside an axis of n, repeats."""
    if mode == "edge":
        return 0 if i < 0 else n - 1
    if mode == "wrap":
        return i % n
    if mode == "symmetric":
        i %= 2 * n
        return i if i < n else 2 * n - 1 - i
    if n == 1:
        return 0
    i %= 2 * n - 2
    return i if i < n else 2 * n - 2 - i


@function("numpy.pad")
def pad(array, pad_width, mode="constant", constant_values=0):
    a = as_array(array)
    out = np.zeros(padded_shape(a.shape, pad_width, 0), a.dtype)
    inner(out, a.shape, pad_width)[...] = a
    for k in range(a.ndim):
        low, n, size = width_at(pad_width, k, 0), a.shape[k], out.shape[k]
        if low < 0 or size - n - low < 0:
            raise ValueError("index can't contain negative values")
        if mode == "constant":
            cut(out, k, 0, low)[...] = width_at(constant_values, k, 0)
            cut(out, k, low + n, size)[...] = width_at(constant_values, k, 1)
        elif mode == "edge" or mode == "wrap" or mode == "symmetric" or mode == "reflect":
            if n == 0 and size > 0:
                raise ValueError("can't extend empty axis using modes other than 'constant' or 'empty'")
            for i in range(size):
                if i < low or i >= low + n:
                    slab(out, k, i)[...] = slab(out, k, low + source_of(i - low, n, mode))
        elif mode != "empty":
            raise ValueError("mode is not supported")
    return out


# -- grids --

def grid(x, shape, axis):
    strides = replaced(repeated(0, shape), axis, x.strides[0])
    return strided(x, 0, shape, strides)


def lengths(arrays):
    if not arrays:
        return ()
    return (as_array(arrays[0]).size,) + lengths(arrays[1:])


def grids(arrays, shape, axis, swapped):
    if not arrays:
        return ()
    x = as_array(arrays[0]).ravel()
    k = 1 - axis if swapped and axis < 2 else axis
    return (grid(x, shape, k).copy(),) + grids(arrays[1:], shape, axis + 1, swapped)


@function("numpy.meshgrid")
def meshgrid(*xi, indexing="xy"):
    n = lengths(xi)
    swapped = indexing == "xy" and len(xi) > 1
    if swapped:
        n = (n[1], n[0]) + n[2:]
    return grids(xi, n, 0, swapped)


@function("numpy.indices")
def indices(dimensions, dtype=int):
    shape = shape_of(dimensions)
    out = np.empty((len(shape),) + shape, dtype)
    for k in range(len(shape)):
        out[k] = grid(np.arange(shape[k]), shape, k)
    return out


@function("numpy.kron")
def kron(a, b):
    a, b = as_array(a), as_array(b)
    if a.ndim == 1 and b.ndim == 1:
        return np.outer(a, b).reshape(-1)
    if a.ndim < 2:
        return kron(a.reshape(1, -1), b)
    if b.ndim < 2:
        return kron(a, b.reshape(1, -1))
    m, n = a.shape
    k, l = b.shape
    out = np.empty((m, k, n, l), np.result_type(a, b))
    out[...] = a.copy().reshape(m, 1, n, 1) * b.copy().reshape(1, k, 1, l)
    return out.reshape(m * k, n * l)
