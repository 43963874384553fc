"""numpy.rec: record arrays, whose fields are attributes.

The elements are of the class record, which the dtype says: np.dtype((np.record, [('a', 'i4')])).type is np.record."""
import _numpy as _n

ndarray, dtype, void = _n.ndarray, _n.dtype, _n.void
_ORDERS = {'b': '>', 'l': '<', 'n': '=', 'B': '>', 'L': '<', 'N': '=', 'S': 's', 's': 's', '>': '>', '<': '<', '=': '=', '|': '|',
           'I': '|', 'i': '|'}

__all__ = ['record', 'recarray', 'format_parser', 'fromarrays', 'fromrecords', 'fromstring', 'fromfile', 'array', 'find_duplicate']


def find_duplicate(values):
    """Find duplication in a list, return a list of duplicated elements."""
    values = list(values)
    return [v for v in dict.fromkeys(values) if values.count(v) > 1]


class format_parser:
    """Class to convert formats, names, titles description to a dtype."""

    def __init__(self, formats, names, titles, aligned=False, byteorder=None):
        if formats is None:
            raise ValueError('Need formats argument')
        d = dtype([('f%d' % i, f) for i, f in enumerate(formats)], align=aligned) if isinstance(formats, list) else \
            dtype(formats, align=aligned)
        if d.names is None:
            d = dtype([('f1', d)], align=aligned)
        parts = [d.fields[n] for n in d.names]
        names = self._listed(names)[:len(parts)]
        names += ['f%d' % i for i in range(len(names), len(parts))]
        if find_duplicate(names):
            raise ValueError('Duplicate field names: %s' % find_duplicate(names))
        titles = self._listed(titles) if titles else []
        titles += [None] * (len(parts) - len(titles))
        made = {'names': names, 'formats': [p[0] for p in parts], 'offsets': [p[1] for p in parts], 'titles': titles,
                'itemsize': d.itemsize}
        self.dtype = dtype(made)
        if byteorder is not None:
            self.dtype = self.dtype.newbyteorder(_ORDERS[byteorder[0]])

    @staticmethod
    def _listed(names):
        if not names:
            return []
        if isinstance(names, str):
            names = names.split(',')
        if not isinstance(names, (list, tuple)):
            raise NameError('illegal input names %r' % (names,))
        return [n.strip() if isinstance(n, str) else n for n in names]


class record(void):
    """A data-type scalar that allows field access as attribute lookup."""
    __module__ = 'numpy'

    def __repr__(self):
        return self.__str__()

    def __str__(self):
        from numpy import array2string
        return array2string(_n.asarray(self).view(ndarray)) if self.dtype.names is not None else void.__str__(self)

    def __getattribute__(self, name):
        if name in ('setfield', 'getfield', 'dtype'):
            return void.__getattribute__(self, name)
        try:
            return void.__getattribute__(self, name)
        except AttributeError:
            pass
        d = void.__getattribute__(self, 'dtype')
        if d.fields and name in d.fields:
            return self[name]
        raise AttributeError("'record' object has no attribute '%s'" % name)

    def __setattr__(self, name, value):
        if name in ('setfield', 'getfield', 'dtype'):
            raise AttributeError("Cannot set '%s' attribute" % name)
        d = void.__getattribute__(self, 'dtype')
        if d.fields and name in d.fields:
            self[name] = value
        elif hasattr(self, name):
            void.__setattr__(self, name, value)
        else:
            raise AttributeError("'record' object has no attribute '%s'" % name)

    def __getitem__(self, key):
        v = void.__getitem__(self, key)
        if isinstance(v, void) and v.dtype.names is not None:
            return v.view((type(self), v.dtype))
        return v

    def pprint(self):
        """Pretty-print all fields."""
        names = self.dtype.names
        most = max(map(len, names))
        return '\n'.join('%%%ds: %%s' % most % (n, getattr(self, n)) for n in names)


def _recorded(d):
    """The dtype whose elements are records, of a structured one."""
    return dtype((record, d)) if d.names is not None and issubclass(d.type, void) and d.type is void else d


class recarray(ndarray):
    """Construct an ndarray that allows field access using attributes."""
    __module__ = 'numpy'

    def __new__(cls, shape, dtype=None, buf=None, offset=0, strides=None, formats=None, names=None, titles=None,
                byteorder=None, aligned=False, order='C'):
        d = _n.dtype(dtype) if dtype is not None else format_parser(formats, names, titles, aligned, byteorder).dtype
        d = (record, d) if d.names is not None else d
        if buf is None:
            return ndarray.__new__(cls, shape, d, order=order)
        return ndarray.__new__(cls, shape, d, buf, offset, strides, order)

    def __array_finalize__(self, obj):
        if self.dtype.type is void and self.dtype.names is not None:
            self.dtype = self.dtype

    def __getattribute__(self, name):
        try:
            return object.__getattribute__(self, name)
        except AttributeError:
            pass
        fields = ndarray.dtype.__get__(self).fields
        if not fields or name not in fields:
            raise AttributeError('recarray has no attribute %s' % name)
        return self._field(ndarray.__getitem__(self, name))

    def _field(self, v):
        if v.dtype.names is None:
            return v.view(ndarray)
        return v.view(dtype=(self.dtype.type, v.dtype)) if issubclass(v.dtype.type, void) else v

    def __setattr__(self, name, value):
        if name == 'dtype':
            value = _recorded(_n.dtype(value))
        fields = ndarray.dtype.__get__(self).fields or {}
        fresh = name not in self.__dict__
        try:
            object.__setattr__(self, name, value)
        except Exception:
            if name not in fields:
                raise
        else:
            if name not in fields:
                return
            if fresh and name in self.__dict__:
                object.__delattr__(self, name)
            elif name not in self.__dict__ and hasattr(ndarray, name):
                return
        _n._glue['set_field'](self, name, value)

    def __getitem__(self, key):
        v = ndarray.__getitem__(self, key)
        if not isinstance(v, ndarray):
            return v
        if v.dtype.names is None:
            return v.view(ndarray)
        v = v.view(type(self))
        return v.view(dtype=(self.dtype.type, v.dtype)) if issubclass(v.dtype.type, void) else v

    def __repr__(self):
        from numpy import array2string
        d = self.dtype
        if d.type is record or not issubclass(d.type, void):
            if d.type is record:
                d = _n._with_type(d, void)
            prefix, form = 'rec.array(', 'rec.array(%s,%sdtype=%s)'
        else:
            prefix, form = 'array(', 'array(%s,%sdtype=%s).view(numpy.recarray)'
        text = array2string(self.view(ndarray), separator=', ', prefix=prefix, suffix=',') if self.size or self.shape == (0,) \
            else '[], shape=%r' % (self.shape,)
        shown = str(d) if d.names is not None else d.name if d.kind not in 'SUV' else repr(d.str)
        return form % (text, '\n' + ' ' * len(prefix), shown)

    def field(self, attr, val=None):
        """The field of this name or number; with a value, sets it."""
        name = self.dtype.names[attr] if isinstance(attr, int) else attr
        if val is None:
            return self._field(ndarray.__getitem__(self, name))
        _n._glue['set_field'](self, name, val)


def _descr(dtype_, formats, names, titles, aligned, byteorder):
    return dtype(dtype_) if dtype_ is not None else format_parser(formats, names, titles, aligned, byteorder).dtype


def fromarrays(arrayList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False, byteorder=None):
    """Create a record array from a (flat) list of arrays."""
    arrays = [_n.asarray(a) for a in arrayList]
    shape = arrays[0].shape if shape is None else (shape,) if isinstance(shape, int) else shape
    if formats is None and dtype is None:
        formats = [a.dtype for a in arrays]
    d = _descr(dtype, formats, names, titles, aligned, byteorder)
    if len(d.names) != len(arrays):
        raise ValueError('mismatch between the number of fields and the number of arrays')
    inner = len(d[0].shape)
    if inner:
        shape = shape[:-inner]
    out = recarray(shape, d)
    for k, a in enumerate(arrays):
        rank = a.ndim - len(d[k].shape)
        if a.shape[:rank] != tuple(shape):
            raise ValueError("array-shape mismatch in array %d ('%s')" % (k, d.names[k]))
        _n._glue['set_field'](out, d.names[k], a)
    return out


def fromrecords(recList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False, byteorder=None):
    """Create a recarray from a list of records in text form."""
    if formats is None and dtype is None:
        table = _n.array(recList, dtype=object)
        columns = [_n.array(table[..., i].tolist()) for i in range(table.shape[-1])]
        return fromarrays(columns, formats=formats, shape=shape, names=names, titles=titles, aligned=aligned, byteorder=byteorder)
    d = _n.dtype((record, dtype)) if dtype is not None else format_parser(formats, names, titles, aligned, byteorder).dtype
    try:
        a = _n.array(recList, dtype=d)
    except (TypeError, ValueError):
        a = _n.array([tuple(r) for r in recList], dtype=d)
    if shape is not None and a.shape != shape:
        a.shape = shape
    return a.view(recarray)


def fromstring(datastring, dtype=None, shape=None, offset=0, formats=None, names=None, titles=None, aligned=False,
               byteorder=None):
    """Create a record array from binary data."""
    if dtype is None and formats is None:
        raise TypeError("fromstring() needs a 'dtype' or 'formats' argument")
    d = _descr(dtype, formats, names, titles, aligned, byteorder)
    if shape in (None, -1):
        shape = (len(datastring) - offset) // d.itemsize
    return recarray(shape, d, buf=datastring, offset=offset)


def _left_in(file):
    at = file.tell()
    file.seek(0, 2)
    size = file.tell() - at
    file.seek(at)
    return size


def fromfile(fd, dtype=None, shape=None, offset=0, formats=None, names=None, titles=None, aligned=False, byteorder=None):
    """Create an array from binary file data."""
    if dtype is None and formats is None:
        raise TypeError("fromfile() needs a 'dtype' or 'formats' argument")
    if not hasattr(fd, 'readinto'):
        with open(fd, 'rb') as f:
            return fromfile(f, dtype, shape, offset, formats, names, titles, aligned, byteorder)
    shape = (-1,) if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
    if offset > 0:
        fd.seek(offset, 1)
    left, d = _left_in(fd), _descr(dtype, formats, names, titles, aligned, byteorder)
    known = 1
    for n in shape:
        known *= n
    if known < 0:
        rest = left // -(known * d.itemsize)
        shape = tuple(rest if n == -1 else n for n in shape)
        known *= -rest
    if known * d.itemsize > left:
        raise ValueError('Not enough bytes left in file for specified shape and type.')
    out = recarray(shape, d)
    if fd.readinto(out.data) != known * d.itemsize:
        raise OSError("Didn't read as many bytes as expected")
    return out


def array(obj, dtype=None, shape=None, offset=0, strides=None, formats=None, names=None, titles=None, aligned=False,
          byteorder=None, copy=True):
    """Construct a record array from a wide-variety of objects."""
    if (obj is None or isinstance(obj, str) or hasattr(obj, 'readinto')) and formats is None and dtype is None:
        raise ValueError('Must define formats (or dtype) if object is None, string, or an open file')
    named = {'formats': formats, 'names': names, 'titles': titles, 'aligned': aligned, 'byteorder': byteorder}
    if dtype is not None:
        dtype = _n.dtype(dtype)
    elif formats is not None:
        dtype = format_parser(formats, names, titles, aligned, byteorder).dtype
    if obj is None:
        if shape is None:
            raise ValueError('Must define a shape if obj is None')
        return recarray(shape, dtype, buf=obj, offset=offset, strides=strides)
    if isinstance(obj, bytes):
        return fromstring(obj, dtype, shape=shape, offset=offset)
    if isinstance(obj, (list, tuple)):
        if isinstance(obj[0], (tuple, list)):
            return fromrecords(obj, dtype=dtype, shape=shape, **named)
        if dtype is not None and isinstance(obj, tuple) and not isinstance(obj[0], ndarray):
            return _n.array(obj, dtype).view(recarray)
        return fromarrays(obj, dtype=dtype, shape=shape, **named)
    if isinstance(obj, ndarray):
        new = obj.view(dtype) if dtype is not None and obj.dtype != dtype else obj
        return (new.copy() if copy else new).view(recarray)
    if hasattr(obj, 'readinto'):
        return fromfile(obj, dtype=dtype, shape=shape, offset=offset)
    if getattr(obj, '__array_interface__', None) is None:
        raise ValueError('Unknown input type')
    new = _n.array(obj)
    return (new.view(dtype) if dtype is not None and new.dtype != dtype else new).view(recarray)
