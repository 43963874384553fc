"""@cfunc: addresses that C calls, by way of ctypes and of the C library's qsort; carray and farray."""
import ctypes

import numpy as np
from numba import carray, cfunc, farray, types


@cfunc("float64(float64, int64)")
def scaled(x, n):
    return x * n


call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int64)(scaled.address)
assert call(2.5, 3) == 7.5 and scaled.ctypes(1.5, 2) == 3.0 and scaled(2, 4) == 8


@cfunc(types.int32(types.CPointer(types.int32), types.CPointer(types.int32)))
def backwards(p, q):
    a, b = carray(p, 1)[0], carray(q, 1)[0]
    return int(b > a) - int(a > b)


numbers = np.array([3, 9, 1, 7], np.int32)
libc = ctypes.CDLL(None)
libc.qsort.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p]
libc.qsort(numbers.ctypes.data, 4, 4, backwards.address)
assert numbers.tolist() == [9, 7, 3, 1]


@cfunc(types.float64(types.CPointer(types.double), types.intc, types.intc))
def summed(p, m, n):
    a, b = carray(p, (m, n)), farray(p, (m, n))
    a[0, 0] = 10
    return a.sum() + b[1, 0]


x = np.arange(6.0)
assert summed.ctypes(x.ctypes.data_as(ctypes.POINTER(ctypes.c_double)), 2, 3) == 26.0 and x[0] == 10
assert carray(x.ctypes.data, 3, dtype=np.float64).tolist() == [10, 1, 2]
try:
    cfunc("float64(float64[:])")(lambda a: 1.0)
except TypeError:
    pass
else:
    raise AssertionError
print("ok")
