"""numpy.rec: record arrays."""
import _numpy as _n
from numpy.lib._classes import recarray, record  # noqa: F401


def _dtype(arrays, dtype, formats, names):
    if dtype is not None:
        return _n.dtype(dtype)
    if isinstance(names, str):
        names = [n.strip() for n in names.split(',')]
    if isinstance(formats, str):
        formats = [f.strip() for f in formats.split(',')]
    names = names or ['f%d' % i for i in range(len(arrays))]
    return _n.dtype([(n, f, a.shape[1:]) if a.ndim > 1 else (n, f)
                     for n, f, a in zip(names, formats or [a.dtype for a in arrays], arrays)])


def fromarrays(arrayList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False, byteorder=None):
    """Create a record array from a (flat) list of arrays."""
    arrays = [_n.asarray(a) for a in arrayList]
    d = _dtype(arrays, dtype, formats, names)
    out = recarray(arrays[0].shape[:1] if arrays[0].ndim else (), d)
    for n, a in zip(d.names, arrays):
        _n._glue['set_field'](out, n, a)
    return out


def fromrecords(recList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False, byteorder=None):
    """Create a recarray from a list of records in text form."""
    if dtype is None and formats is None:
        return fromarrays([_n.array(list(c)) for c in zip(*recList)], names=names)
    columns = [_n.array(list(c)) for c in zip(*recList)]
    d = _dtype(columns, dtype, formats, names)
    return _n.array([tuple(r) for r in recList], d).view(recarray)


def array(obj, dtype=None, shape=None, offset=0, strides=None, formats=None, names=None, titles=None, aligned=False,
          byteorder=None, copy=True):
    """Construct a record array from a wide-variety of objects."""
    if isinstance(obj, _n.ndarray):
        return obj.view(recarray)
    if isinstance(obj, (list, tuple)):
        if obj and isinstance(obj[0], (tuple, list)):
            return fromrecords(obj, dtype, shape, formats, names)
        return fromarrays(obj, dtype, shape, formats, names)
    raise ValueError('Unknown input type')


def find_duplicate(values):
    """Find duplication in a list, return a list of duplicated elements."""
    return [v for v in dict.fromkeys(values) if list(values).count(v) > 1]
