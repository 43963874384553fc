"""numpy.ma: masks and fill values."""
import numpy as np
from numpy import ndarray

MaskType = np.bool_
nomask = MaskType(0)


class MAError(Exception):
    """Class for masked array related errors."""


class MaskError(MAError):
    """Class for mask related errors."""


class MaskedArrayFutureWarning(FutureWarning):
    """What will change in masked arrays."""


# ---- Fill values

default_filler = {'b': True, 'c': 1.e20 + 0.0j, 'f': 1.e20, 'i': 999999, 'O': '?', 'S': b'N/A', 'u': 999999, 'V': b'???',
                  'U': 'N/A'}
for _unit in 'Y M W D h m s ms us ns ps fs as'.split():
    default_filler['M8[' + _unit + ']'] = np.datetime64('NaT', _unit)
    default_filler['m8[' + _unit + ']'] = np.timedelta64('NaT', _unit)


def _scalar_default(d):
    return default_filler.get(d.str[1:], '?') if d.kind in 'Mm' else default_filler.get(d.kind, '?')


def _extreme(d, largest):
    """The largest or smallest value of a type: what the other extremum ignores."""
    if d.kind in 'fc':
        r = np.inf if largest else -np.inf
        return complex(r, r) if d.kind == 'c' else r
    if d.kind == 'b':
        return largest
    if d.kind in 'iu':
        info = np.iinfo(d)
        return info.max if largest else info.min
    if d.kind in 'Mm':
        return np.iinfo(np.int64).max if largest else np.iinfo(np.int64).min + 1
    raise TypeError('Unsuitable type %s for calculating %s.' % (d, 'minimum' if largest else 'maximum'))


def _recursive(d, f):
    if d.names is not None:
        values = [np.array(_recursive(d[name], f)) for name in d.names]
        return np.array(tuple(values), dtype=d)[()]
    if d.subdtype:
        return np.full(d.subdtype[1], _recursive(d.subdtype[0], f))
    return f(d)


def _dtype_of(obj):
    if isinstance(obj, np.dtype):
        return obj
    if hasattr(obj, 'dtype'):
        return obj.dtype
    return np.asanyarray(obj).dtype


def default_fill_value(obj):
    """Return the default fill value for the argument object."""
    return _recursive(_dtype_of(obj), _scalar_default)


def minimum_fill_value(obj):
    """Return the maximum value that can be represented by the dtype of an object."""
    return _recursive(_dtype_of(obj), lambda d: _extreme(d, True))


def maximum_fill_value(obj):
    """Return the minimum value that can be represented by the dtype of an object."""
    return _recursive(_dtype_of(obj), lambda d: _extreme(d, False))


def _tuple_of_fill(value, d):
    """A scalar for every field of a structured type."""
    return tuple(_tuple_of_fill(value, d[name]) if d[name].names is not None else
                 np.array(value, dtype=d[name].base).item() for name in d.names)


def _check_fill_value(fill_value, ndtype):
    """A fill value of an array's type, 0-d; None is the default one."""
    ndtype = np.dtype(ndtype)
    if fill_value is None:
        fill_value = default_fill_value(ndtype)
        # Text keeps its length ("N/A" for <U1, too); the others get the type's byte order.
        return np.array(fill_value) if ndtype.subdtype or ndtype.kind in 'SUO' else np.array(fill_value, dtype=ndtype)
    if ndtype.names is not None:
        if isinstance(fill_value, (ndarray, np.void)) and getattr(fill_value.dtype, 'names', None) is not None:
            try:
                return np.array(fill_value, copy=True).astype(ndtype).reshape(())
            except (ValueError, TypeError) as e:
                raise ValueError('Unable to transform %s to dtype %s' % (fill_value, ndtype)) from e
        if isinstance(fill_value, (tuple, list)):
            return np.array(tuple(fill_value), dtype=ndtype)
        return np.array(_tuple_of_fill(fill_value, ndtype), dtype=ndtype)
    if isinstance(fill_value, str) and ndtype.char not in 'OSVU':
        raise TypeError('Cannot set fill value of string with array of dtype %s' % ndtype)
    try:
        return np.array(fill_value, copy=None, dtype=ndtype)
    except (OverflowError, ValueError) as e:
        raise TypeError('Cannot convert fill_value %s to dtype %s' % (fill_value, ndtype)) from e


def common_fill_value(a, b):
    """Return the common filling value of two masked arrays, if any."""
    t1, t2 = getattr(a, 'fill_value', None), getattr(b, 'fill_value', None)
    try:
        return t1 if t1 == t2 else None
    except Exception:
        return None


# ---- Masks

def _mask_dtype(d, primitive=np.dtype('bool')):
    if d.names is not None:
        fields = []
        for name in d.names:
            field = d.fields[name]
            title = (field[2], name) if len(field) == 3 else name
            fields.append((title, _mask_dtype(field[0], primitive)))
        return np.dtype(fields)
    if d.subdtype:
        return np.dtype((_mask_dtype(d.subdtype[0], primitive), d.subdtype[1]))
    return primitive


def make_mask_descr(ndtype):
    """Make a dtype description list for a mask: every field a bool."""
    return _mask_dtype(np.dtype(ndtype))


def getmask(a):
    """Return the mask of a masked array, or nomask."""
    return getattr(a, '_mask', nomask)


get_mask = getmask


def getmaskarray(arr):
    """Return the mask of a masked array, or full boolean array of False."""
    mask = getmask(arr)
    return make_mask_none(np.shape(arr), getattr(arr, 'dtype', None)) if mask is nomask else mask


def is_mask(m):
    """Return True if m is a valid, standard mask: an array of bools."""
    try:
        return m.dtype.type is MaskType
    except AttributeError:
        return False


def _shrink_mask(m):
    return nomask if m.dtype.names is None and not m.any() else m


def make_mask(m, copy=False, shrink=True, dtype=MaskType):
    """Create a boolean mask from an array; with shrink, one without True is nomask."""
    if m is nomask:
        return nomask
    dtype = make_mask_descr(dtype)
    if isinstance(m, ndarray) and m.dtype.fields and dtype == np.bool_:
        return np.ones(m.shape, dtype=dtype)
    r = np.array(filled(m, True), copy=copy or None, dtype=dtype, subok=True)
    return _shrink_mask(r) if shrink else r


def make_mask_none(newshape, dtype=None):
    """Return a boolean mask of the given shape, filled with False."""
    return np.zeros(newshape, dtype=MaskType if dtype is None else make_mask_descr(dtype))


def _recursive_mask_or(m1, m2, out):
    for name in m1.dtype.names:
        if m1[name].dtype.names is not None:
            _recursive_mask_or(m1[name], m2[name], out[name])
        else:
            np.logical_or(m1[name], m2[name], out[name])


def mask_or(m1, m2, copy=False, shrink=True):
    """Combine two masks with the logical_or operator."""
    if m1 is nomask or m1 is False:
        return make_mask(m2, copy=copy, shrink=shrink, dtype=getattr(m2, 'dtype', MaskType))
    if m2 is nomask or m2 is False:
        return make_mask(m1, copy=copy, shrink=shrink, dtype=getattr(m1, 'dtype', MaskType))
    if m1 is m2 and is_mask(m1):
        return _shrink_mask(m1) if shrink else m1
    d1, d2 = getattr(m1, 'dtype', None), getattr(m2, 'dtype', None)
    if d1 != d2:
        raise ValueError("Incompatible dtypes '%s'<>'%s'" % (d1, d2))
    if d1 is not None and d1.names is not None:
        new = np.empty(np.broadcast(m1, m2).shape, d1)
        _recursive_mask_or(np.broadcast_to(m1, new.shape), np.broadcast_to(m2, new.shape), new)
        return new
    return make_mask(np.logical_or(m1, m2), copy=copy, shrink=shrink)


def flatten_mask(mask):
    """Returns a completely flattened version of the mask, where nested fields are collapsed."""
    def flat(x):
        try:
            if x.dtype.names is not None:
                for name in x.dtype.names:
                    yield from flat(x[name])
                return
        except AttributeError:
            pass
        try:
            items = iter(x)
        except TypeError:
            yield x
            return
        for item in items:
            yield from flat(item)
    return np.array(list(flat(np.asarray(mask))), dtype=bool)


def _all_fields(mask):
    """A structured mask as one bool an element: all fields masked."""
    if mask.dtype.names is None:
        return mask
    return np.logical_and.reduce([_all_fields(mask[name]).reshape(mask.shape + (-1,)).all(-1) for name in mask.dtype.names])


# ---- Data

def getdata(a, subok=True):
    """Return the data of a masked array as an ndarray."""
    try:
        data = a._data
    except AttributeError:
        data = np.array(a, copy=None, subok=subok)
    return data if subok else data.view(ndarray)


get_data = getdata


def filled(a, fill_value=None):
    """Return input as an ndarray, with masked values replaced by fill_value."""
    if hasattr(a, 'filled'):
        return a.filled(fill_value)
    if isinstance(a, ndarray):
        return a
    return np.array(a, 'O') if isinstance(a, dict) else np.array(a)


def _set_masked(result, mask, fill):
    """result[mask] = fill, field by field."""
    if result.dtype.names is None:
        np.copyto(result, fill, where=mask)
        return
    for name in result.dtype.names:
        _set_masked(result[name], mask[name], fill[name])
