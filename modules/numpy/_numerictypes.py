"""Names of scalar types in older scripts: sctypes, sctype2char, find_common_type, cast, ... Loaded when first asked for."""
import enum

import _numpy as _n
import numpy as _np

generic, dtype = _n.generic, _n.dtype

sctypes = {
    'int': [_n.int8, _n.int16, _n.int32, _n.int64], 'uint': [_n.uint8, _n.uint16, _n.uint32, _n.uint64],
    'float': [_n.float16, _n.float32, _n.float64], 'complex': [_n.complex64, _n.complex128],
    'others': [_np.bool_, _n.object_, _n.bytes_, _n.str_, _n.void]}
_python_types = {int: 'int_', float: 'float64', complex: 'complex128', bool: 'bool_', bytes: 'bytes_', str: 'str_',
                 memoryview: 'void'}


def issctype(rep):
    """Determines whether the given object represents a scalar data-type."""
    if not isinstance(rep, (type, dtype)):
        return False
    try:
        t = obj2sctype(rep)
    except Exception:
        return False
    return t is not None and t is not _n.object_ or rep is _n.object_


def obj2sctype(rep, default=None):
    """Return the scalar dtype or NumPy equivalent of Python type of an object."""
    if isinstance(rep, type) and issubclass(rep, generic):
        return rep
    if isinstance(rep, _n.ndarray):
        return rep.dtype.type
    if isinstance(rep, type) and rep not in _python_types and not issubclass(rep, generic) and rep is not object:
        return default
    try:
        return dtype(rep).type
    except Exception:
        return default


def sctype2char(sctype):
    """Return the string representation of a scalar dtype."""
    t = obj2sctype(sctype)
    if t is None:
        raise ValueError('unrecognized type')
    if t not in [x for group in sctypes.values() for x in group] and t not in (_n.datetime64, _n.timedelta64):
        raise KeyError(t)
    return dtype(t).char


def maximum_sctype(t):
    """Return the scalar type of highest precision of the same kind as the input."""
    g = obj2sctype(t)
    if g is None:
        return t
    base = {'i': 'int', 'u': 'uint', 'f': 'float', 'c': 'complex'}.get(dtype(g).kind)
    return sctypes[base][-1] if base else g


def issubclass_(arg1, arg2):
    """Determine if a class is a subclass of a second class."""
    try:
        return issubclass(arg1, arg2)
    except TypeError:
        return False


def issubsctype(arg1, arg2):
    """Determine if the first argument is a subclass of the second argument."""
    return issubclass(obj2sctype(arg1), obj2sctype(arg2))


def bitname(obj):
    """The kind, the bits and the type string of a scalar type."""
    d = dtype(obj2sctype(obj))
    bits = d.itemsize * 8
    names = {'b': 'bool', 'O': 'object', 'S': 'bytes', 'U': 'str', 'V': 'void', 'M': 'datetime', 'm': 'timedelta',
             'i': 'int', 'u': 'uint', 'f': 'float', 'c': 'complex'}
    base = names[d.kind]
    if d.kind in 'bOSUV':
        return base, 0 if d.kind in 'SUV' else bits, {'S': 'S', 'U': 'U', 'V': 'V', 'b': 'b1', 'O': 'O8'}[d.kind]
    return base, bits, '%s%d' % (d.kind, bits // 8)


def _can_coerce_all(types, start=0):
    order = '?bBhHiIlLqQefdgFDGSUVOMm'
    if not types:
        return None
    if len(types) == 1:
        return types[0]
    for code in order[start:]:
        d = dtype(code)
        if all(_n.can_cast(t, d) and t <= d for t in types):
            return d
    return None


def find_common_type(array_types, scalar_types):
    """Determine common type following NumPy's older value rules."""
    arrays, scalars = [dtype(x) for x in array_types], [dtype(x) for x in scalar_types]
    a, s = _can_coerce_all(arrays), _can_coerce_all(scalars)
    if a is None:
        return s
    if s is None:
        return a
    kinds = 'biufcSUVO'
    rank = {'b': 1, 'u': 2, 'i': 3, 'f': 4, 'c': 5, 'S': 6, 'U': 6, 'V': 7, 'O': 8}
    if s.kind not in kinds or a.kind not in kinds:
        return None
    return _can_coerce_all([a, s]) if rank[s.kind] > rank[a.kind] else a


class _typedict(dict):
    def __getitem__(self, obj):
        return dict.__getitem__(self, obj2sctype(obj))


_all = [t for group in sctypes.values() for t in group] + [_n.datetime64, _n.timedelta64]
nbytes = _typedict((t, dtype(t).itemsize) for t in _all)
cast = _typedict((t, lambda x, t=t: _n.array(x, copy=False).astype(t)) for t in _all)
typeDict = _np.sctypeDict


class _CopyMode(enum.Enum):
    """When np.array copies."""
    ALWAYS, IF_NEEDED, NEVER = True, False, 2

    def __bool__(self):
        if self is _CopyMode.NEVER:
            raise ValueError('%s is neither True nor False.' % self)
        return self is _CopyMode.ALWAYS


_CopyMode.__module__ = 'numpy'
