"""What the rows of the compiler's table (jit/types/functions.def) refuse, where NumPy and Numba do not: rarer arguments and
element types. "numpy.x.general" is called where the row "numpy.x" does not fit the arguments."""
import numpy as np

from numba._library import function, kind
from numba._library.shapes import as_array
from numba._library.statistics import complex_extremes, lines, squares
from numba._library.tuples import dropped, normal


# -- reductions: complex numbers, an axis that is known at run time only --

@function("numpy.min.general", "numpy.amin.general", "ndarray.min.general")
def minimum(a, axis=None):
    a = as_array(a)
    if kind(a, True) == "c":
        return complex_extremes(a, axis, False, False)
    if axis is None:
        return a.min()
    return reduced(a, normal(axis, a.ndim), 0, "min", None)


@function("numpy.max.general", "numpy.amax.general", "ndarray.max.general")
def maximum(a, axis=None):
    a = as_array(a)
    if kind(a, True) == "c":
        return complex_extremes(a, axis, True, False)
    if axis is None:
        return a.max()
    return reduced(a, normal(axis, a.ndim), 0, "max", None)


def reduced(a, k, axis, what, dtype):
    """The reduction `what` along the axis k, by the code for each axis that a has."""
    if axis + 1 < a.ndim:
        if k != axis:
            return reduced(a, k, axis + 1, what, dtype)
    if what == "min":
        return a.min(axis=axis)
    if what == "max":
        return a.max(axis=axis)
    if what == "mean":
        return a.mean(axis=axis, dtype=dtype)
    if what == "prod":
        return a.prod(axis=axis, dtype=dtype)
    return a.sum(axis=axis, dtype=dtype)


@function("numpy.sum.general", "ndarray.sum.general")
def sum(a, axis=None, dtype=None):
    a = as_array(a)
    if axis is None:
        return a.sum(dtype=dtype)
    return reduced(a, normal(axis, a.ndim), 0, "sum", dtype)


@function("numpy.prod.general", "ndarray.prod.general")
def prod(a, axis=None, dtype=None):
    a = as_array(a)
    if axis is None:
        return a.prod(dtype=dtype)
    return reduced(a, normal(axis, a.ndim), 0, "prod", dtype)


@function("numpy.mean.general", "ndarray.mean.general")
def mean(a, axis=None, dtype=None):
    a = as_array(a)
    if axis is None:
        return a.mean(dtype=dtype)
    return reduced(a, normal(axis, a.ndim), 0, "mean", dtype)


@function("numpy.any.general")
def any(a):
    return as_array(a).any()


@function("numpy.all.general")
def all(a):
    return as_array(a).all()


@function("numpy.var.general", "ndarray.var.general")
def var(a, axis=None, ddof=0):
    a = as_array(a)
    if kind(a, True) != "c":
        return a.var(axis=axis, ddof=ddof)
    if axis is None:
        flat = a.ravel()
        s = squares(flat - flat.sum() / a.dtype(a.size)).sum()
        return s / s.dtype(max(a.size - ddof, 0))
    table = lines(a, normal(axis, a.ndim))
    n = table.shape[1]
    s = squares(table - (table.sum(axis=1) / a.dtype(n))[:, None]).sum(axis=1)
    return (s / s.dtype(max(n - ddof, 0))).reshape(dropped(a.shape, normal(axis, a.ndim)))


@function("numpy.std.general", "ndarray.std.general")
def std(a, axis=None, ddof=0):
    return np.sqrt(var(a, axis, ddof))


@function("numpy.dot.general")
def dot(a, b, out=None):
    if out is None:
        return np.dot(as_array(a), as_array(b))
    product = np.dot(as_array(a), as_array(b))
    if product.shape != out.shape or product.dtype != out.dtype:
        raise ValueError("output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)")
    out[...] = product
    return out


# -- elementwise --

@function("numpy.where.general")
def where(condition, x=None, y=None):
    if x is None and y is None:
        return np.nonzero(condition)
    return np.where(as_array(condition), as_array(x), as_array(y))


@function("numpy.clip.general", "ndarray.clip.general")
def clip(a, a_min=None, a_max=None, out=None):
    if a_min is None and a_max is None:
        raise ValueError("One of max or min must be given")
    if out is None:
        return clipped(as_array(a), a_min, a_max)
    out[...] = clipped(as_array(a), a_min, a_max)
    return out


def clipped(a, low, high):
    if low is None:
        return np.minimum(a, high)
    if high is None:
        return np.maximum(a, low)
    return np.clip(a, low, high)


# -- NumPy's scalars: the methods that they share with arrays --

@function("number.astype")
def scalar_astype(x, dtype):
    return np.result_type(dtype)(x)


@function("number.item", "number.copy")
def scalar_item(x):
    return x


@function("number.round")
def scalar_round(x, decimals=0):
    return np.round(x, decimals)


@function("number.sum", "number.min", "number.max", "number.mean", "number.prod")
def scalar_reduced(x):
    return x


# -- making arrays --

def put_all(out, items):
    """items, a tuple of anything that np.array takes, into the rows of out."""
    if items:
        out[len(out) - len(items)] = np.array(items[0])
        put_all(out, items[1:])


@function("numpy.array.general", "numpy.asarray.general")
def array(object, dtype=None):
    """Of a tuple of arrays, lists or tuples of them; all of one shape."""
    if kind(object) == "list":
        return stacked(object, dtype)
    first = np.array(object[0])
    out = np.empty((len(object),) + first.shape, np.result_type(object) if dtype is None else dtype)
    put_all(out, object)
    return out


def stacked(rows, dtype):
    """A list of arrays."""
    if len(rows) == 0:
        raise ValueError("an array of no arrays has no shape that a kernel knows")
    out = np.empty((len(rows),) + rows[0].shape, np.result_type(rows) if dtype is None else dtype)
    for i in range(len(rows)):
        if rows[i].shape != rows[0].shape:
            raise ValueError("setting an array element with a sequence. The requested array has an inhomogeneous shape")
        out[i] = rows[i]
    return out


@function("numpy.ascontiguousarray.general")
def ascontiguousarray(a):
    """At least one axis."""
    a = as_array(a)
    if a.ndim == 0:
        return a.reshape(1)
    return np.ascontiguousarray(a)


@function("numpy.arange.general")
def arange(start, stop=None, step=None, dtype=None):
    if stop is None:
        return steps(0, start, 1 if step is None else step, dtype)
    return steps(start, stop, 1 if step is None else step, dtype)


def steps(start, stop, step, dtype):
    """The length is the lesser of what the two parts of the quotient give, as in NumPy."""
    if kind(np.result_type(start, stop, step), True) != "c":
        return np.arange(start, stop, step, dtype)
    whole = (complex(stop) - complex(start)) / complex(step)
    n = int(max(min(np.ceil(whole.real), np.ceil(whole.imag)), 0.0))
    out = np.empty(n, np.complex128 if dtype is None else dtype)
    for i in range(n):
        out[i] = start + i * complex(step)
    return out
