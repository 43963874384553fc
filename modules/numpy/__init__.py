"""Arrays: the native module _numpy, and the Python half that builds on it.

Behaviour is NumPy 2's (NEP 50 promotion, scalar reprs, error texts); the harmless old names are kept.
"""
import builtins as _builtins

import _numpy as _n
from _numpy import *  # noqa: F401,F403
from _numpy import _array_wrap  # noqa: F401  what kr_array_wrap() looks for

for _alias, _name in (("true_divide", "divide"), ("abs", "absolute"), ("mod", "remainder"), ("conj", "conjugate"),
                      ("pow", "power"), ("bitwise_not", "invert")):
    setattr(_n, _alias, getattr(_n, _name))

from numpy import _glue, _print, exceptions  # noqa: E402,F401
from numpy._print import (array2string, array_repr, array_str, format_float_positional,  # noqa: F401
                          format_float_scientific, get_printoptions, set_printoptions)

__version__ = "2.0.0"

pi = 3.141592653589793
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
newaxis = None
True_, False_ = _n.True_, _n.False_
bool_ = _n.bool
int_ = intp = longlong = _n.int64
uint = uintp = ulonglong = _n.uint64
intc, uintc = _n.int32, _n.uint32
byte, ubyte, short, ushort = _n.int8, _n.uint8, _n.int16, _n.uint16
half, single, double = _n.float16, _n.float32, _n.float64
csingle, cdouble = _n.complex64, _n.complex128

for _name, _code in (("var", _glue._var), ("std", _glue._std)):
    if _name not in ndarray.__dict__:
        _n._attach(ndarray, _name, _code)

abs = absolute
pow, mod = power, remainder
true_divide = divide
conj = conjugate
bitwise_not = bitwise_invert = invert
acos, asin, atan, atan2 = arccos, arcsin, arctan, arctan2
acosh, asinh, atanh = arccosh, arcsinh, arctanh
concat = concatenate


def _method(name):
    """The function that calls the method of the same name of its first argument, made an array."""
    def function(a, *args, **kwargs):
        return getattr(asarray(a), name)(*args, **kwargs)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = getattr(getattr(ndarray, name, None), "__doc__", None)
    return function


for _name in ("sum prod mean std var min max argmin argmax any all cumsum cumprod ptp round argsort searchsorted "
              "nonzero ravel squeeze swapaxes diagonal trace repeat compress choose partition argpartition").split():
    if hasattr(ndarray, _name):
        globals()[_name] = _method(_name)
amin, amax, around = min, max, round  # noqa: F821


def reshape(a, shape, order="C"):
    """The array with another shape; a view where that is possible."""
    return asarray(a).reshape(shape, order=order)


def transpose(a, axes=None):
    """The array with its axes reversed, or in the order given."""
    a = asarray(a)
    return a.transpose() if axes is None else a.transpose(axes)


def copy(a, order="K"):
    """A copy."""
    return array(a, copy=True)


def sort(a, axis=-1):
    """A sorted copy."""
    a = array(a, copy=True)
    a.sort(axis)
    return a


def ndim(a):
    """The number of dimensions."""
    return asarray(a).ndim


def shape(a):
    """The lengths of the axes."""
    return asarray(a).shape


def size(a, axis=None):
    """The number of elements, or the length of an axis."""
    a = asarray(a)
    return a.size if axis is None else a.shape[axis]


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`num` evenly spaced numbers from start to stop, which is included if `endpoint`."""
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    steps = num - 1 if endpoint else num
    start, stop = asarray(start) * 1.0, asarray(stop) * 1.0
    delta = stop - start
    index = arange(0, num, dtype=float64).reshape((-1,) + (1,) * delta.ndim)
    step = delta / steps if steps > 0 else nan
    result = index * step + start if steps > 0 else index * delta + start
    if endpoint and num > 1:
        result[-1] = stop
    if dtype is not None:
        result = result.astype(dtype)
    return (result, step) if retstep else result


def eye(N, M=None, k=0, dtype=float64):
    """Ones on the k-th diagonal, zeros elsewhere."""
    M = N if M is None else M
    result = zeros((N, M), dtype=dtype)
    for i in range(_builtins.max(0, -k), _builtins.min(N, M - k)):
        result[i, i + k] = 1
    return result


def identity(n, dtype=float64):
    """The identity matrix of n rows."""
    return eye(n, dtype=dtype)


def atleast_1d(a):
    """The array with at least one axis."""
    a = asarray(a)
    return a.reshape(1) if a.ndim == 0 else a


def atleast_2d(a):
    """The array with at least two axes."""
    a = asarray(a)
    return a.reshape(1, 1) if a.ndim == 0 else a[None, :] if a.ndim == 1 else a


def vstack(tup):
    """Arrays stacked row by row."""
    return concatenate([atleast_2d(a) for a in tup], 0)


def hstack(tup):
    """Arrays stacked column by column."""
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1)


def outer(a, b):
    """The products of every pair of elements, a matrix."""
    return multiply.outer(asarray(a).reshape(-1), asarray(b).reshape(-1))


def diff(a, n=1, axis=-1):
    """The differences of neighbours along an axis, n times."""
    a = asarray(a)
    for _ in range(n):
        after, before = [slice(None)] * a.ndim, [slice(None)] * a.ndim
        after[axis], before[axis] = slice(1, None), slice(None, -1)
        a = a[tuple(after)] - a[tuple(before)]
    return a


def array_equal(a1, a2):
    """Do two arrays have the same shape and elements?"""
    a1, a2 = asarray(a1), asarray(a2)
    return a1.shape == a2.shape and _builtins.bool((a1 == a2).all())


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Element by element: |a - b| <= atol + rtol * |b|."""
    a, b = asarray(a), asarray(b)
    with_nan = isnan(a) & isnan(b) if equal_nan else False
    return (absolute(a - b) <= atol + rtol * absolute(b)) | (a == b) | with_nan


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Are all elements close?"""
    return _builtins.bool(isclose(a, b, rtol, atol, equal_nan).all())


def isscalar(element):
    """Is it a number, a string or a scalar of an array's type?"""
    return isinstance(element, (generic, int, float, complex, str, bytes))


def broadcast_arrays(*args):
    """Views of the arrays in their common shape."""
    arrays = [asarray(a) for a in args]
    common = broadcast_shapes(*[a.shape for a in arrays])
    return tuple(broadcast_to(a, common) for a in arrays)


def meshgrid(*xi, indexing="xy"):
    """Coordinate matrices of coordinate vectors."""
    arrays = [asarray(x).reshape((1,) * i + (-1,) + (1,) * (len(xi) - i - 1)) for i, x in enumerate(xi)]
    if indexing == "xy" and len(xi) > 1:
        arrays[0] = arrays[0].reshape((1, -1) + (1,) * (len(xi) - 2))
        arrays[1] = arrays[1].reshape((-1, 1) + (1,) * (len(xi) - 2))
    return tuple(array(a, copy=True) for a in broadcast_arrays(*arrays))
