"""numpy.ctypeslib: arrays and ctypes."""
import _numpy as _n


def as_array(obj, shape=None):
    """Create a numpy array from a ctypes array or POINTER."""
    import ctypes
    if isinstance(obj, ctypes._Pointer):
        if shape is None:
            raise TypeError('as_array() requires a shape argument when called on a pointer')
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        n = 1
        for k in shape:
            n *= k
        t = obj._type_ * n
        obj = ctypes.cast(obj, ctypes.POINTER(t)).contents
        return _n.asarray(memoryview(obj)).reshape(shape)
    return _n.asarray(memoryview(obj))


def as_ctypes(obj):
    """Create and return a ctypes object from a numpy array."""
    import ctypes
    types = {'b': ctypes.c_byte, 'h': ctypes.c_short, 'i': ctypes.c_int, 'l': ctypes.c_long, 'B': ctypes.c_ubyte,
             'H': ctypes.c_ushort, 'I': ctypes.c_uint, 'L': ctypes.c_ulong, 'f': ctypes.c_float, 'd': ctypes.c_double,
             '?': ctypes.c_bool}
    t = types[obj.dtype.char]
    for n in reversed(obj.shape):
        t = t * n
    r = t.from_address(obj.ctypes.data)
    r.__keep = obj
    return r


def as_ctypes_type(dtype):
    """Convert a dtype into a ctypes type."""
    return type(as_ctypes(_n.zeros(1, dtype)))._type_


def ndpointer(dtype=None, ndim=None, shape=None, flags=None):
    """Array-checking restype/argtypes."""
    d = None if dtype is None else _n.dtype(dtype)
    names = [flags] if isinstance(flags, str) else list(flags or [])

    class _ndptr:
        @classmethod
        def from_param(cls, obj):
            if not isinstance(obj, _n.ndarray):
                raise TypeError('argument must be an ndarray')
            if d is not None and obj.dtype != d:
                raise TypeError('array must have data type %s' % d)
            if ndim is not None and obj.ndim != ndim:
                raise TypeError('array must have %d dimension(s)' % ndim)
            if shape is not None and obj.shape != tuple(shape):
                raise TypeError('array must have shape %s' % str(shape))
            for n in names:
                if not obj.flags[n.strip()]:
                    raise TypeError('array must have flags %s' % names)
            return obj.ctypes._as_parameter_
    return _ndptr


def load_library(libname, loader_path):
    """Load a shared library."""
    import ctypes
    import os
    path = os.path.join(os.fspath(loader_path), os.fspath(libname))
    return ctypes.CDLL(path if os.path.exists(path) else path + '.so')
