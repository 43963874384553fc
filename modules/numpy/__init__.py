"""numpy: arrays for krait. The native half is _numpy; this package adds what is written in Python and the names."""
import _numpy
from _numpy import *  # noqa: F401,F403
from _numpy import _array_wrap, bool as bool_  # noqa: F401

__version__ = '2.2.6'

from numpy import exceptions  # noqa: E402
from numpy import _glue, _overrides, _print, _functions, _numeric, _statistics  # noqa: E402,F401
from numpy._block import block  # noqa: E402,F401
from numpy._glue import flatiter  # noqa: E402,F401
from numpy._print import (array2string, array_repr, array_str, format_float_positional,  # noqa: E402,F401
                          format_float_scientific, get_printoptions, printoptions, set_printoptions)

_public = dict(globals())
for _m in (_functions, _numeric, _statistics):
    for _k, _v in vars(_m).items():
        if not _k.startswith('_') and _k not in ('builtins', 'warnings', 'annotations'):
            globals()[_k] = _v
for _k in ('exceptions',):
    globals()[_k] = _public[_k]

take, dot, matmul = _functions.take, _numpy.dot, _numpy.matmul
bool = bool_
float64, float32, float16 = _numpy.float64, _numpy.float32, _numpy.float16

# Names of types.
byte, short, intc, int_, intp, long, longlong = int8, int16, int32, int64, int64, int64, int64  # noqa: F821
ubyte, ushort, uintc, uint, uintp, ulong, ulonglong = uint8, uint16, uint32, uint64, uint64, uint64, uint64  # noqa: F821
half, single, double, longdouble = float16, float32, float64, float64
csingle, cdouble, clongdouble = complex64, complex128, complex128  # noqa: F821
longfloat, singlecomplex, longcomplex, cfloat = float64, complex64, complex128, complex128  # noqa: F821
str0, bytes0, void0, object0, bool8 = str_, bytes_, void, object_, bool_  # noqa: F821
float_, complex_, string_, unicode_, int0, uint0 = float64, complex128, bytes_, str_, int64, uint64  # noqa: F821

# Aliases of functions.
abs, acos, acosh, asin, asinh = absolute, arccos, arccosh, arcsin, arcsinh  # noqa: F821
atan, atanh, atan2, pow, conj, mod = arctan, arctanh, arctan2, power, conjugate, remainder  # noqa: F821
true_divide, bitwise_not, bitwise_invert = divide, invert, invert  # noqa: F821
bitwise_left_shift, bitwise_right_shift = left_shift, right_shift  # noqa: F821
concat, permute_dims = concatenate, _functions.transpose  # noqa: F821
product, cumproduct, sometrue, alltrue = prod, cumprod, any, all  # noqa: F821
asfarray = lambda a, dtype=float64: asarray(a, dtype)  # noqa: E731,F821
newaxis = None

# Constants.
nan, inf, pi, e = _numeric.nan, _numeric.inf, _numeric.pi, _numeric.e
euler_gamma = 0.5772156649015329
NaN = NAN = nan
Inf = Infinity = infty = PINF = inf
NINF, PZERO, NZERO = -inf, 0.0, -0.0
little_endian = True
ALLOW_THREADS = 1
BUFSIZE, MAXDIMS, tracemalloc_domain = 8192, 64, 389047
MAY_SHARE_BOUNDS, MAY_SHARE_EXACT = 0, -1
CLIP, WRAP, RAISE = 0, 1, 2
ERR_IGNORE, ERR_WARN, ERR_RAISE, ERR_CALL, ERR_PRINT, ERR_LOG, ERR_DEFAULT = 0, 1, 2, 3, 4, 5, 521
SHIFT_DIVIDEBYZERO, SHIFT_OVERFLOW, SHIFT_UNDERFLOW, SHIFT_INVALID = 0, 3, 6, 9
FPE_DIVIDEBYZERO, FPE_OVERFLOW, FPE_UNDERFLOW, FPE_INVALID = 1, 2, 4, 8
FLOATING_POINT_SUPPORT, UFUNC_BUFSIZE_DEFAULT, UFUNC_PYVALS_NAME = 1, 8192, 'UFUNC_PYVALS'
_NoValue = _functions._NoValue
typecodes = {'Character': 'c', 'Integer': 'bhilqnp', 'UnsignedInteger': 'BHILQNP', 'Float': 'efdg', 'Complex': 'FDG',
             'AllInteger': 'bBhHiIlLqQnNpP', 'AllFloat': 'efdgFDG', 'Datetime': 'Mm',
             'All': '?bhilqnpBHILQNPefdgFDGSUVOMm'}
_types = (bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64,  # noqa: F821
          complex64, complex128, object_, bytes_, str_, void, datetime64, timedelta64)  # noqa: F821
sctypeDict = {t.__name__: t for t in _types}
sctypeDict.update({dtype(c).char: dtype(c).type for c in typecodes['All'] if c not in 'npNP'})  # noqa: F821
sctypeDict.update({dtype(c).str[1:]: dtype(c).type for c in typecodes['All'] if c not in 'SUVnpNP'})  # noqa: F821
sctypeDict.update(int=int64, float=float64, complex=complex128, uint=uint64, object=object_, bytes=bytes_,  # noqa: F821
                  str=str_, int_=int64, intp=int64, uintp=uint64, half=float16, single=float32,  # noqa: F821
                  double=float64, longdouble=float64, cdouble=complex128, csingle=complex64, byte=int8,  # noqa: F821
                  short=int16, intc=int32, long=int64, longlong=int64, ubyte=uint8, ushort=uint16,  # noqa: F821
                  uintc=uint32, ulong=uint64, ulonglong=uint64)  # noqa: F821
ScalarType = (int, float, complex, _numpy.bool.__mro__[-1], bytes, str, memoryview) + _types

_numpy.true_divide = divide  # noqa: F821


# Methods that need no native code.

def _late(name):
    import importlib
    return importlib.import_module(name)


def _attach_methods():
    import builtins
    attach = _numpy._attach
    glue, functions = _glue, _functions

    def method(name, f):
        f.__name__ = name
        f.__qualname__ = 'ndarray.' + name
        attach(ndarray, name, f)  # noqa: F821

    method('std', lambda self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None:
           glue._std(self, axis, dtype, out, ddof, keepdims, where, mean))
    method('var', lambda self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None:
           glue._var(self, axis, dtype, out, ddof, keepdims, where, mean))
    method('round', lambda self, decimals=0, out=None: glue._round(self, decimals, out))
    method('clip', lambda self, min=None, max=None, out=None, **kw: functions.clip(self, min, max, out=out, **kw))
    method('ptp', lambda self, axis=None, out=None, keepdims=False: functions.ptp(self, axis, out, keepdims))
    method('trace', lambda self, offset=0, axis1=0, axis2=1, dtype=None, out=None:
           functions.trace(self, offset, axis1, axis2, dtype, out))
    method('conj', lambda self: _numpy.conjugate(self) if self.dtype.kind == 'c' else self)
    method('conjugate', lambda self: _numpy.conjugate(self) if self.dtype.kind == 'c' else self)
    method('take', lambda self, indices, axis=None, out=None, mode='raise': _numpy.take(self, indices, axis, out, mode))
    method('put', lambda self, indices, values, mode='raise': _numpy.put(self, indices, values, mode))
    method('choose', lambda self, choices, out=None, mode='raise': functions.choose(self, choices, out, mode))
    method('compress', lambda self, condition, axis=None, out=None: functions.compress(condition, self, axis, out))
    method('tofile', lambda self, fid, sep='', format='%s': _late('numpy._raw').tofile(self, fid, sep, format))
    method('dump', lambda self, file: _late('numpy._io')._dump(self, file))
    method('dumps', lambda self: __import__('pickle').dumps(self))
    method('tostring', lambda self, order='C': self.tobytes(order))
    method('itemset', lambda self, *args: glue._itemset(self, args[:-1], args[-1]))
    method('newbyteorder', lambda self, order='S': self.view(self.dtype.newbyteorder(order)))
    method('getfield', lambda self, dtype, offset=0: glue._getfield(self, dtype, offset))
    method('setfield', lambda self, val, dtype, offset=0: glue._getfield(self, dtype, offset).__setitem__(..., val))
    method('to_device', lambda self, device, /, *, stream=None: self)
    method('__array_namespace__', lambda self, *, api_version=None: __import__('numpy'))
    method('__sizeof__', lambda self: 112 + (self.nbytes if self.base is None else 0))
    method('__array_finalize__', lambda self, obj: None)
    method('__array_wrap__', lambda self, array, context=None, return_scalar=False:
           array if type(self) is ndarray else array.view(type(self)))  # noqa: F821

    def setflags(self, write=None, align=None, uic=None):
        if write is not None:
            self.flags.writeable = write
    method('setflags', setflags)

    def resize(self, *new_shape, refcheck=True):
        shape = new_shape[0] if builtins.len(new_shape) == 1 else new_shape
        shape = (shape,) if isinstance(shape, int) else tuple(shape or ())
        n = 1
        for k in shape:
            n *= k
        if self.base is not None:
            raise ValueError('cannot resize this array: it does not own its data')
        new = zeros(n, self.dtype)  # noqa: F821
        m = builtins.min(n, self.size)
        new[:m] = self.ravel()[:m]
        _numpy._adopt(self, new.reshape(shape))
    method('resize', resize)

    method('__array_ufunc__', _overrides.array_ufunc)
    method('__array_function__', _overrides.array_function)

    for name in ('all any argmax argmin argsort byteswap choose clip compress conj conjugate cumprod cumsum diagonal dump dumps '
                 'fill flatten getfield max mean min nonzero prod ptp put ravel repeat reshape resize round searchsorted '
                 'setflags sort squeeze std sum swapaxes take tobytes tofile trace transpose var view dot to_device '
                 'newbyteorder tostring getfield setfield').split():
        def scalar_method(self, *args, _name=name, **kwargs):
            r = getattr(asarray(self), _name)(*args, **kwargs)  # noqa: F821
            return r[()] if isinstance(r, ndarray) and r.ndim == 0 else r  # noqa: F821
        scalar_method.__name__ = name
        attach(generic, name, scalar_method)  # noqa: F821
    attach(generic, '__array_priority__', -1000000.0)  # noqa: F821


_attach_methods()
for _k, _d in _numpy._dtype_classes.items():
    if _k != 'VoidDType':  # whose type an instance may have of its own
        _numpy._attach(_d, 'type', _d().type)
del _attach_methods, _d, _m, _k, _v, _public

_REMOVED = {'int': 'int', 'float': 'float', 'complex': 'complex', 'object': 'object', 'str': 'str'}


# Imported on first use, so that a script that needs none of them does not wait.
_PACKAGES = ('char', 'core', 'ctypeslib', 'fft', 'lib', 'linalg', 'ma', 'polynomial', 'random', 'rec', 'strings', 'testing',
             'typing', 'dtypes', 'matlib', '_core', 'compat', 'matrixlib')
_LATE = {name: 'numpy._numerictypes' for name in (
    'sctypes', 'issctype', 'obj2sctype', 'sctype2char', 'maximum_sctype', 'issubclass_', 'issubsctype', 'find_common_type',
    'nbytes', 'cast', 'typeDict')}
_LATE.update({name: 'numpy.rec' for name in ('recarray', 'record', 'format_parser')})
_LATE['chararray'] = 'numpy.char'
_LATE.update({name: 'numpy.matrixlib' for name in ('matrix', 'asmatrix', 'bmat', 'mat')})
_LATE.update({name: 'numpy.exceptions' for name in ('ComplexWarning', 'VisibleDeprecationWarning', 'RankWarning', 'AxisError',
                                                    'TooHardError', 'ModuleDeprecationWarning')})
_LATE.update({name: 'numpy._io' for name in (
    'save', 'savez', 'savez_compressed', 'load', 'loadtxt', 'savetxt', 'genfromtxt', 'fromregex', 'recfromcsv',
    'recfromtxt')})
_LATE.update({name: 'numpy.lib._polynomial' for name in (
    'poly', 'roots', 'polyint', 'polyder', 'polyadd', 'polysub', 'polymul', 'polydiv', 'polyval', 'poly1d', 'polyfit')})
_LATE.update({name: 'numpy.lib._utils' for name in (
    'require', 'asarray_chkfinite', 'typename', 'deprecate', 'safe_eval', 'disp', 'byte_bounds', 'add_newdoc')})
_LATE.update({name: 'numpy.lib._nanfunctions' for name in (
    'nansum', 'nanmax', 'nanmin', 'nanargmax', 'nanargmin', 'nanmean', 'nanmedian', 'nanpercentile', 'nanvar', 'nanstd', 'nanprod',
    'nancumsum', 'nancumprod', 'nanquantile')})
_LATE.update({name: 'numpy._raw' for name in ('fromfile', 'fromstring')})
_LATE['pad'] = 'numpy.lib._arraypad'
_LATE['memmap'] = 'numpy.lib._classes'
_LATE['compare_chararrays'] = 'numpy._strings'
_LATE['_CopyMode'] = 'numpy._numerictypes'
_LATE.update({name: 'numpy._nditer' for name in ('nditer', 'nested_iters')})


def __getattr__(name):
    if name in _PACKAGES:
        import importlib
        return importlib.import_module('numpy.' + name)
    if name in _REMOVED:
        raise AttributeError("module 'numpy' has no attribute %r.\n`np.%s` was a deprecated alias for the builtin `%s`. To avoid "
                             'this error in existing code, use `%s` by itself. Doing this will not modify any behavior and is '
                             'safe.' % (name, name, name, name))
    if name == 'emath':
        from numpy.lib import scimath
        return scimath
    if name == '__all__':       # what `from numpy import *` takes: not what would hide a builtin, as in NumPy
        hiding = {'abs', 'bool', 'complex', 'float', 'int', 'max', 'min', 'object', 'pow', 'round', 'str'}
        return sorted(n for n in {*globals(), *_LATE} - hiding if not n.startswith('_'))
    if name in _LATE:
        import importlib
        return getattr(importlib.import_module(_LATE[name]), name)
    raise AttributeError('module %r has no attribute %r' % (__name__, name))


def get_include():
    """Return the directory that contains the header files."""
    import os
    return os.path.join(os.path.dirname(__file__), 'include')


def show_config(mode='stdout'):
    """Show libraries and system information on which NumPy was built."""
    print('krait numpy %s: OpenBLAS and SLEEF, opened on first use' % __version__)


show_runtime = info = show_config


def _register_numbers():
    """NumPy's scalars are numbers to isinstance() as those of Python are."""
    import numbers
    for kind, scalar in ((numbers.Integral, integer), (numbers.Complex, inexact),
                         (numbers.Real, floating), (numbers.Number, number)):
        kind.register(scalar)


_register_numbers()
del _register_numbers
