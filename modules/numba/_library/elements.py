"""The elements of arrays one by one and as bytes: flat, nditer, item, view, frombuffer; ufuncs' out; what dtypes hold."""
from collections import namedtuple

import numpy as np

from numba._library import function, kind, recast, strided
from numba._library.shapes import as_array, broadcast_arrays
from numba._library.tuples import replaced


def offset_of(a, k):
    """The byte offset of element k in C order, 0 <= k < a.size."""
    if a.ndim == 0:
        return 0
    offset = 0
    for d in range(a.ndim - 1, -1, -1):
        offset += k % a.shape[d] * a.strides[d]
        k //= a.shape[d]
    return offset


def element(a, k):
    """The 0-d view of element k in C order; errors as a.flat's."""
    if k < -a.size or k >= a.size:
        raise IndexError("index is out of bounds for size")
    return strided(a, offset_of(a, k + a.size if k < 0 else k), (), ())


# -- flat --

@function("ndarray.flat")
def flat(a):
    for k in range(a.size):
        yield element(a, k)[()]


@function("flat.__getitem__")
def flat_getitem(a, k):
    if kind(k) == "number":
        return element(a, k)[()]
    return a.flatten()[k]


@function("flat.__setitem__")
def flat_setitem(a, k, value):
    if kind(k) == "number":
        element(a, k)[()] = value
    else:
        places = np.arange(a.size)[k]
        values = np.broadcast_to(as_array(value), places.shape)
        for i in range(places.size):
            element(a, places[i])[()] = values[i]


@function("ndarray.__setitem__.general")
def setitem(a, index, value):
    """a[index] = a list or tuple."""
    a[index] = np.array(value)


# -- nditer: in the order of memory --

def descends(a):
    """Is the first axis the fastest?"""
    return a.ndim > 1 and abs(a.strides[0]) < abs(a.strides[-1])


def all_descend(arrays):
    if not arrays:
        return True
    return descends(arrays[0]) and all_descend(arrays[1:])


def elements(arrays, k):
    if not arrays:
        return ()
    return (element(arrays[0], k),) + elements(arrays[1:], k)


def all_transposed(arrays):
    if not arrays:
        return ()
    a = arrays[0]
    return (strided(a, 0, a.shape[::-1], a.strides[::-1]),) + all_transposed(arrays[1:])


@function("numpy.nditer")
def nditer(op):
    """0-d views of the elements, or tuples of them for a tuple of operands, which broadcast."""
    if kind(op) == "tuple":
        arrays = broadcast_arrays(*op)
        if all_descend(arrays):
            arrays = all_transposed(arrays)
        for k in range(arrays[0].size):
            yield elements(arrays, k)
    else:
        a = as_array(op)
        first = strided(a, 0, a.shape, a.strides)
        if descends(a):
            first = strided(a, 0, a.shape[::-1], a.strides[::-1])
        for k in range(first.size):
            yield element(first, k)


# -- results into an array --

def check_cast(out, values):
    """A ufunc's result may lose bits in `out`, not its kind."""
    if kind(values, True) == "c":
        if kind(out, True) != "c":
            raise TypeError("Cannot cast ufunc output from a complex dtype with casting rule 'same_kind'")
    elif kind(values, True) == "f":
        if kind(out, True) != "f" and kind(out, True) != "c":
            raise TypeError("Cannot cast ufunc output from a float dtype with casting rule 'same_kind'")
    elif kind(values, True) != "b":
        if kind(out, True) == "b":
            raise TypeError("Cannot cast ufunc output to bool with casting rule 'same_kind'")


@function("ufunc.out1")
def out1(f, x, out):
    values = f(x)
    check_cast(out, values)
    out[...] = values
    return out


@function("ufunc.out2")
def out2(f, x1, x2, out):
    values = f(x1, x2)
    check_cast(out, values)
    out[...] = values
    return out


# -- single elements --

@function("ndarray.tolist")
def tolist(a):
    """A list, or lists of lists, of Python's numbers."""
    if a.ndim > 1:
        return [tolist(row) for row in a]
    if a.ndim == 0:
        return plain(a[()])
    return [plain(x) for x in a]


def plain(x):
    if kind(x, True) == "f":
        return float(x)
    if kind(x, True) == "c":
        return complex(x)
    if kind(x, True) == "b":
        return bool(x)
    return int(x)


@function("ndarray.item")
def item(a, *args):
    if not args:
        if a.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return element(a, 0)[()]
    if kind(args[0]) == "tuple":
        return a[args[0]]
    if len(args) == 1:
        return element(a, args[0])[()]
    return a[args]


@function("ndarray.itemset")
def itemset(a, *args):
    if len(args) == 1:
        if a.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        element(a, 0)[()] = args[0]
    elif kind(args[0]) == "tuple":
        a[args[0]] = args[1]
    else:
        element(a, args[0])[()] = args[1]


# -- what dtypes hold --

IInfo = namedtuple("iinfo", "min max bits")
FInfo = namedtuple("finfo", "min max eps epsneg tiny smallest_normal resolution bits nmant nexp precision")


@function("numpy.dtype")
def dtype(dtype):
    return np.result_type(dtype)


@function("numpy.iinfo")
def iinfo(type):
    kept = np.result_type(type)
    bits = 8 * np.empty(0, kept).itemsize
    if kept == np.uint64:
        return IInfo(np.uint64(0), ~np.uint64(0), bits)
    if kind(kept, True) == "u":
        return IInfo(0, (1 << bits) - 1, bits)
    return IInfo(-1 << bits - 1, ~(-1 << bits - 1), bits)


@function("numpy.finfo")
def finfo(dtype):
    kept = np.result_type(dtype)
    if kept == np.float32 or kept == np.complex64:
        eps, tiny, one = np.float32(2.0 ** -23), np.float32(2.0 ** -126), np.float32(1)
        top = (np.float32(2) - eps) * np.float32(2.0 ** 127)
        return FInfo(-top, top, eps, eps / (one + one), tiny, tiny, np.float32(1e-6), 32, 23, 8, 6)
    eps, tiny = np.float64(2.0 ** -52), np.float64(2.0 ** -1022)
    top = (np.float64(2) - eps) * np.float64(2.0 ** 1023)
    return FInfo(-top, top, eps, eps / 2, tiny, tiny, np.float64(1e-15), 64, 52, 11, 15)


# -- slices --

@function("slice.indices")
def slice_indices(self, length):
    if length < 0:
        raise ValueError("length should not be negative")
    step = 1 if self.step is None else self.step
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low = -1 if step < 0 else 0
    high = length - 1 if step < 0 else length
    start = high if step < 0 else low
    stop = low if step < 0 else high
    if self.start is not None:
        start = min(max(self.start + length if self.start < 0 else self.start, low), high)
    if self.stop is not None:
        stop = min(max(self.stop + length if self.stop < 0 else self.stop, low), high)
    return start, stop, step


# -- bytes --

@function("ndarray.view")
def view(a, dtype=None):
    if dtype is None:
        return a[...]
    r = recast(a, dtype)
    old, new = a.itemsize, r.itemsize
    if old == new:
        return r
    if a.ndim == 0:
        raise ValueError("Changing the dtype of a 0d array is only supported if the itemsize is unchanged")
    last = a.ndim - 1
    if a.shape[last] != 1 and a.strides[last] != old:
        raise ValueError("To change to a dtype of a different size, the last axis must be contiguous")
    if a.shape[last] * old % new:
        raise ValueError("When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis"
                         " of the array.")
    return strided(r, 0, replaced(a.shape, last, a.shape[last] * old // new), replaced(a.strides, last, new))


@function("numpy.frombuffer")
def frombuffer(buffer, dtype=np.float64):
    if buffer.ndim > 1:
        return frombuffer(buffer.reshape(-1), dtype)
    r = recast(buffer, dtype)
    if buffer.size * buffer.itemsize % r.itemsize:
        raise ValueError("buffer size must be a multiple of element size")
    return strided(r, 0, (buffer.size * buffer.itemsize // r.itemsize,), (r.itemsize,))
