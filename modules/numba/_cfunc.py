"""@cfunc: a function with a C address, for libraries that call back; carray and farray: arrays over the memory that C passes.

The address is a ctypes callback that calls the compiled kernel. A function that takes pointers runs in the interpreter: kernels
know no pointers, and carray() gives it ordinary arrays.
"""
import ctypes

from numba.core import types

_C = {"int8": ctypes.c_int8, "int16": ctypes.c_int16, "int32": ctypes.c_int32, "int64": ctypes.c_int64,
      "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
      "float32": ctypes.c_float, "float64": ctypes.c_double, "bool": ctypes.c_bool, "none": None}


def _ctype(kind):
    if isinstance(kind, types.CPointer):
        return ctypes.c_void_p if kind.dtype is types.none else ctypes.POINTER(_ctype(kind.dtype))
    if kind.name not in _C:
        raise TypeError(f"{kind} is not a type that C functions take or give")
    return _C[kind.name]


def _read(signature):
    """(return type, argument types) of a signature: a text or what calling a type gives."""
    if isinstance(signature, types.Signature):
        return signature.return_type, signature.args
    result, _, rest = signature.partition("(")
    return types.from_text(_plain(result)), [types.from_text(_plain(a)) for a in rest.rstrip(") ").split(",") if a.strip()]


def _plain(name):
    """A name of a type in a text, int32 or f8 or double, as types spell themselves."""
    found = getattr(types, name.strip(), None)
    return str(found) if isinstance(found, types.Type) else name.strip()


class CFunc:
    """What @cfunc makes: address, ctypes (a callable of ctypes), native_name; calling it runs the Python function."""

    def __init__(self, function, signature, options):
        from numba import jit
        self.__wrapped__, self.__name__, self.__doc__ = function, function.__name__, function.__doc__
        self.native_name = f"cfunc.{function.__module__}.{function.__qualname__}"
        result, args = _read(signature)
        pointers = any(isinstance(a, types.CPointer) for a in (result, *args))
        target = function
        if not pointers:
            target = jit(f"{result}({', '.join(str(a) for a in args)})", **options)(function)
        self.ctypes = ctypes.CFUNCTYPE(_ctype(result), *[_ctype(a) for a in args])(target)
        self.address = ctypes.cast(self.ctypes, ctypes.c_void_p).value

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self):
        return f"<Numba C callback {self.__wrapped__.__qualname__!r}>"


def cfunc(sig, locals={}, cache=False, pipeline=None, **options):
    """Make a C callback of a function: @cfunc("float64(float64, int32)")."""
    options.pop("nopython", None)
    return lambda function: CFunc(function, sig, options)


def _array(ptr, shape, dtype, order):
    import numpy
    if dtype is None:
        kind = getattr(type(ptr), "_type_", None)
        dtype = getattr(kind, "_type_", None)  # the letter of a number's type is NumPy's too
        if not isinstance(dtype, str):
            raise TypeError("the dtype of what this pointer leads to must be given")
    elif isinstance(dtype, types.Type):
        dtype = types.as_dtype(dtype)
    dtype = numpy.dtype(dtype)
    shape = shape if isinstance(shape, tuple) else (shape,)
    address = ptr if isinstance(ptr, int) else ctypes.cast(ptr, ctypes.c_void_p).value
    count = 1
    for n in shape:
        count *= int(n)
    memory = (ctypes.c_char * (count * dtype.itemsize)).from_address(address)
    return numpy.frombuffer(memory, dtype=dtype, count=count).reshape(shape, order=order)


def carray(ptr, shape, dtype=None):
    """An array in C order over the memory that a pointer (of ctypes) leads to, without copying."""
    return _array(ptr, shape, dtype, "C")


def farray(ptr, shape, dtype=None):
    """An array in Fortran order over the memory that a pointer leads to."""
    return _array(ptr, shape, dtype, "F")
