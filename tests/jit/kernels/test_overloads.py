"""numba.extending in kernels, numba.types as overloads look at them, generated_jit, signatures of what was compiled."""
import numpy as np
import numba
from numba import generated_jit, njit, types
from numba.extending import overload, overload_attribute, overload_method, register_jitable


def size_of(x, scale=1):
    raise NotImplementedError


@overload(size_of)
def _size_of_numbers(x, scale=1):
    if isinstance(x, types.Integer):
        return lambda x, scale=1: x + scale
    if isinstance(x, types.Float):
        return lambda x, scale=1: x * scale
    return None


@overload(size_of)
def _size_of_arrays(x, scale=1):
    if not isinstance(x, types.Array):
        return None
    if x.ndim == 1 and isinstance(x.dtype, types.Integer):
        def of_ints(x, scale=1):
            n = 0
            for v in x:
                n += v
            return n * scale
        return of_ints
    if x.layout == "C":
        return lambda x, scale=1: x.size * scale
    return lambda x, scale=1: -x.size * scale


@njit
def sizes(a, b, c):
    return size_of(3), size_of(2.5, 4), size_of(a), size_of(b, scale=2), size_of(c)


assert sizes(np.arange(4), np.ones((2, 3)), np.ones((2, 3)).T) == (4, 10.0, 6, 12, -6)


@njit
def moving(n):
    """What x is settles late: an int first, then a float."""
    x = 1
    for i in range(n):
        x = x * 0.5
    return size_of(x, 10)


assert moving(2) == 2.5


@overload_method(types.Array, "weighted")
def _weighted(a, k):
    if isinstance(k, types.Integer):
        return lambda a, k: a.sum() * k
    return lambda a, k: a.sum() / k


@overload_attribute(types.Array, "middle")
def _middle(a):
    return lambda a: a[len(a) // 2]


@njit
def members(a):
    return a.weighted(3), a.weighted(2.0), a.middle


assert members(np.arange(5.0)) == (30.0, 5.0, 2.0)


@register_jitable
def helper(x):
    return x + 1


assert njit(lambda x: helper(x) * 2)(3) == 8 and helper(3) == 4


@njit
def refused(s):
    return size_of(s)


try:
    refused("abc")
except numba.TypingError as e:
    assert "no overload takes arguments of these types" in str(e), e
else:
    raise AssertionError


@generated_jit(nopython=True)
def kind(x, y=None):
    if isinstance(x, types.Integer):
        return lambda x, y=None: 1 if y is None else 10
    if isinstance(x, types.UniTuple):
        n = x.count
        return lambda x, y=None: n
    return lambda x, y=None: 2


assert (kind(1), kind(1, 2), kind(2.5), kind((1, 2, 3))) == (1, 10, 2, 3)
assert njit(lambda: kind(1) + kind(2.5) * 10 + kind((1, 2)) * 100)() == 221

for value, text, cls in ((1, "int64", types.Integer), (2.5, "float64", types.Float), (1j, "complex128", types.Complex),
                         (True, "bool", types.Boolean), ("a", "unicode_type", types.UnicodeType),
                         (None, "none", types.NoneType), ((1, 2), "UniTuple(int64 x 2)", types.UniTuple),
                         ((1, 2.5), "Tuple(int64, float64)", types.Tuple), ([1], "reflected list(int64)<iv=None>", types.List),
                         ({1}, "reflected set(int64)", types.Set), (np.float32(1), "float32", types.Float),
                         (np.zeros((2, 3)), "array(float64, 2d, C)", types.Array),
                         (np.zeros((2, 3), np.int16).T, "array(int16, 2d, F)", types.Array)):
    t = numba.typeof(value)
    assert str(t) == text and isinstance(t, cls), (t, type(t))
t = numba.typeof(np.zeros((4, 3), np.float32)[::2])
assert (t.ndim, t.layout, t.dtype, t.mutable) == (2, "A", types.float32, True)
frozen = np.zeros(2)
frozen.flags.writeable = False
assert numba.typeof(frozen).readonly and numba.typeof(frozen).ndim == 1
assert types.float64[:, ::1] == types.Array(types.float64, 2, "C") and types.int8.minval == -128
assert types.Tuple((types.int64, types.int64)) == types.UniTuple(types.int64, 2)
assert str(types.Optional(types.intp)) == "OptionalType(int64)" and types.uint8.maxval == 255


@njit
def add(x, y):
    return x + y


add(1, 2.5)
add(np.arange(2), 1)
assert add.signatures == [(types.int64, types.float64), (types.int64[::1], types.int64)], add.signatures
entries = add.overloads
assert list(entries) == add.signatures
assert entries[types.int64, types.float64].signature.return_type == types.float64
for signature in ("float64(int64, Tuple(int64, float64))", types.float64(types.Optional(types.int64), types.float64[:]),
                  types.void(types.ListType(types.int64), types.UniTuple(types.float64, 3)),
                  types.float64(numba.typeof([1]), numba.typeof({1: 2.5}))):
    njit(signature)(lambda a, b: None) if "void" in str(signature) else None
print("ok")

# numbers of one kind are ordered by width
assert max(types.int32, types.int64) == types.int64 and sorted([types.float64, types.float32])[0] == types.float32
try:
    types.int32 < types.float32
except TypeError:
    pass
else:
    raise AssertionError
