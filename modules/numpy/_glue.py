"""The Python functions that the native half calls by name: everything where speed does not matter.

Structured dtypes and fields, flags and flat objects, times, object arrays' rare cases, pickling, interfaces.
"""
import math

import _numpy as _n

_hooks = _n._glue
ndarray, dtype, generic = _n.ndarray, _n.dtype, _n.generic


def _hook(f):
    _hooks[f.__name__.strip('_')] = f
    return f


# ---- Flags

class flagsobj:
    """Information about the memory layout of an array."""
    __slots__ = ('_a',)
    _names = {'C': 'c_contiguous', 'F': 'f_contiguous', 'O': 'owndata', 'W': 'writeable', 'A': 'aligned',
              'X': 'writebackifcopy', 'B': 'behaved', 'CA': 'carray', 'FA': 'farray', 'C_CONTIGUOUS': 'c_contiguous',
              'CONTIGUOUS': 'c_contiguous', 'F_CONTIGUOUS': 'f_contiguous', 'FORTRAN': 'f_contiguous',
              'OWNDATA': 'owndata', 'WRITEABLE': 'writeable', 'ALIGNED': 'aligned', 'WRITEBACKIFCOPY': 'writebackifcopy',
              'FNC': 'fnc', 'FORC': 'forc', 'BEHAVED': 'behaved', 'CARRAY': 'carray', 'FARRAY': 'farray'}

    def __init__(self, a):
        self._a = a

    c_contiguous = property(lambda self: bool(self._a._flag_bits & 1))
    f_contiguous = property(lambda self: bool(self._a._flag_bits & 2))
    contiguous, fortran = c_contiguous, f_contiguous
    owndata = property(lambda self: bool(self._a._flag_bits & 256))
    aligned = property(lambda self: bool(self._a._flag_bits & 8))
    writebackifcopy = property(lambda self: False)
    behaved = property(lambda self: self.aligned and self.writeable)
    carray = property(lambda self: self.behaved and self.c_contiguous)
    fnc = property(lambda self: self.f_contiguous and not self.c_contiguous)
    forc = property(lambda self: self.f_contiguous or self.c_contiguous)
    farray = property(lambda self: self.behaved and self.fnc)

    @property
    def writeable(self):
        return bool(self._a._flag_bits & 4)

    @writeable.setter
    def writeable(self, value):
        bits = self._a._flag_bits
        self._a._flag_bits = bits | 4 if value else bits & ~4

    @property
    def num(self):
        return (1 * self.c_contiguous | 2 * self.f_contiguous | 4 * self.owndata | 0x100 * self.aligned |
                0x400 * self.writeable)

    def __getitem__(self, key):
        if isinstance(key, str) and key in self._names:
            return getattr(self, self._names[key])
        raise KeyError('Unknown flag')

    def __setitem__(self, key, value):
        if key in ('W', 'WRITEABLE'):
            self.writeable = value
        elif key not in ('A', 'ALIGNED', 'X', 'WRITEBACKIFCOPY'):
            raise KeyError('Unknown flag')

    def __eq__(self, other):
        return isinstance(other, flagsobj) and self.num == other.num

    def __repr__(self):
        rows = ('C_CONTIGUOUS', 'F_CONTIGUOUS', 'OWNDATA', 'WRITEABLE', 'ALIGNED', 'WRITEBACKIFCOPY')
        return ''.join('  %s : %s\n' % (r, self[r]) for r in rows)


_hooks['flags'] = flagsobj


# ---- Flat iteration

class flatiter:
    """Flat iterator object to iterate over arrays."""

    def __init__(self, a):
        self.base, self._next = a, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self._next >= self.base.size:
            raise StopIteration
        v = self.base[_n._unravel(self._next, self.base.shape)]
        self._next += 1
        return v

    def __len__(self):
        return self.base.size

    index = property(lambda self: self._next)
    coords = property(lambda self: _n._unravel(self._next, self.base.shape) if self._next < self.base.size else None)

    def copy(self):
        return self.base.flatten()

    def __array__(self, dtype=None, copy=None):
        return self.base.ravel() if dtype is None else self.base.ravel().astype(dtype)

    def __getitem__(self, key):
        if isinstance(key, (int, _n.integer)) and not isinstance(key, bool):
            size = self.base.size
            if not -size <= key < size:
                raise IndexError('index %d is out of bounds for size %d' % (key, size))
            return self.base[_n._unravel(int(key) % size, self.base.shape)]
        r = self.base.ravel()[key]
        return r.copy() if isinstance(r, ndarray) else r

    def __setitem__(self, key, value):
        a = self.base
        if a._flag_bits & 1:
            flat = a.reshape(-1)
            if isinstance(key, (slice, type(Ellipsis))) or (isinstance(key, tuple) and key == ()):
                values = _n.asarray(value).ravel()
                part = flat[key]
                if values.size == 0:
                    return
                if values.size < part.size:
                    values = _n.concatenate([values] * -(-part.size // values.size))
                part[...] = values[:part.size]
            else:
                flat[key] = value
            return
        flat = a.ravel()
        flatiter(flat)[key] = value
        a[...] = flat.reshape(a.shape)

    def __eq__(self, other):
        return self.base.ravel() == other

    def __ne__(self, other):
        return self.base.ravel() != other

    def __lt__(self, other):
        return self.base.ravel() < other

    def __le__(self, other):
        return self.base.ravel() <= other

    def __gt__(self, other):
        return self.base.ravel() > other

    def __ge__(self, other):
        return self.base.ravel() >= other

    __hash__ = None


def _unravel(i, shape):
    out = []
    for n in reversed(shape):
        out.append(i % n)
        i //= n
    return tuple(reversed(out))


_n._unravel = _unravel
_hooks['flat'] = flatiter


@_hook
def set_flat(a, value):
    flatiter(a)[:] = value


# ---- Structured dtypes

def _field(spec, align=False):
    """One field of a list: (name, dtype[, shape])."""
    if not isinstance(spec, tuple) or len(spec) not in (2, 3):
        raise TypeError('Field elements must be 2- or 3-tuples, got %r' % (spec,))
    name, d = spec[0], dtype(spec[1], align)
    title = None
    if isinstance(name, tuple):
        title, name = name
    if not isinstance(name, str):
        raise TypeError('First element of field tuple is neither a tuple nor str')
    if len(spec) == 3:
        d = _n._make_subarray(d, spec[2])
    return name, d, title


def _build(fields, align=False, offsets=None, itemsize=None):
    names, dtypes, places, titles = [], [], [], []
    at, most = 0, 1
    for i, (name, d, title) in enumerate(fields):
        name = name or 'f%d' % i
        if name in names:
            raise ValueError("field %r occurs more than once" % name)
        if align:
            at = -(-at // d.alignment) * d.alignment
            most = max(most, d.alignment)
        names.append(name)
        dtypes.append(d)
        places.append(at if offsets is None else int(offsets[i]))
        titles.append(title)
        at = places[-1] + d.itemsize
    size = max((p + d.itemsize for p, d in zip(places, dtypes)), default=0)
    if align:
        size = -(-size // most) * most
    if itemsize is not None:
        if itemsize < size:
            raise ValueError('NumPy dtype descriptor requires %d bytes, cannot override to smaller itemsize of %d' %
                             (size, itemsize))
        size = itemsize
    return _n._make_struct(tuple(names), dtypes, places, titles, size, most if align else 1, bool(align))


def _comma(text):
    """'f8,3i4,(2,2)f4' -> dtypes."""
    parts, depth, current = [], 0, ''
    for c in text:
        depth += c == '('
        depth -= c == ')'
        if c == ',' and not depth:
            parts.append(current.strip())
            current = ''
        else:
            current += c
    if current.strip():
        parts.append(current.strip())
    out = []
    for p in parts:
        shape = None
        if p.startswith('('):
            body, _, p = p[1:].partition(')')
            shape = tuple(int(x) for x in body.split(',') if x.strip())
        else:
            digits = len(p) - len(p.lstrip('0123456789'))
            if digits:
                shape, p = (int(p[:digits]),), p[digits:]
        d = dtype(p.strip())
        out.append(d if shape is None else _n._make_subarray(d, shape))
    return out


def _parse(spec, align=False):
    if isinstance(spec, str):
        out = _comma(spec)
        if len(out) == 1 and ',' not in spec.partition(')')[2] and not spec.rstrip().endswith(','):
            return out[0]
        return _build([('', d, None) for d in out], align)
    if isinstance(spec, list):
        return _build([_field(s, align) for s in spec], align)
    if isinstance(spec, dict):
        if 'names' in spec and 'formats' in spec:
            titles = spec.get('titles') or [None] * len(spec['names'])
            fields = [(n, dtype(f), t) for n, f, t in zip(spec['names'], spec['formats'], titles)]
            return _build(fields, align or spec.get('aligned', False), spec.get('offsets'), spec.get('itemsize'))
        items = sorted(spec.items(), key=lambda kv: kv[1][1])
        return _build([(k, dtype(v[0]), None) for k, v in items], align, [v[1] for _, v in items])
    if isinstance(spec, tuple) and len(spec) == 2:
        base, second = spec
        if isinstance(base, type) and issubclass(base, _n.void) and isinstance(second, (list, dict, dtype, str)):
            return _n._with_type(dtype(second, align), base)
        base = dtype(base)
        if isinstance(second, (int, tuple)) or hasattr(second, '__index__'):
            if base.itemsize == 0 and isinstance(second, int):
                return dtype('%s%d' % (base.char, second))
            return _n._make_subarray(base, second)
        return dtype(second)
    raise TypeError('data type %r not understood' % (spec,))


_hooks['dtype_parse'] = _parse


@_hook
def dtype_aligned(spec):
    return dtype(spec) if isinstance(spec, (str, type, dtype)) and not (isinstance(spec, str) and ',' in spec) \
        else _parse(spec, True)


def _packed(d):
    at = 0
    for n in d.names:
        f = d.fields[n]
        if f[1] != at:
            return False
        at += f[0].itemsize
    return at == d.itemsize


@_hook
def dtype_descr(d):
    out, at = [], 0
    for n in d.names:
        f = d.fields[n]
        if f[1] > at:
            out.append(('', '|V%d' % (f[1] - at)))
        name = (f[2], n) if len(f) > 2 else n
        if f[0].subdtype:
            base, shape = f[0].subdtype
            out.append((name, base.descr if base.names else base.str, shape))
        else:
            out.append((name, f[0].descr if f[0].names else f[0].str))
        at = f[1] + f[0].itemsize
    if at < d.itemsize:
        out.append(('', '|V%d' % (d.itemsize - at)))
    return out


def _dtype_text(d):
    if d.subdtype:
        return '(%s, %r)' % (_inner_text(d.subdtype[0]), d.subdtype[1])
    if _packed(d):
        return '[%s]' % ', '.join('(%r, %s)' % (n, _field_text(d.fields[n][0])) for n in d.names)
    return "{'names': %r, 'formats': [%s], 'offsets': %r, 'itemsize': %d}" % (
        list(d.names), ', '.join(_inner_text(d.fields[n][0]) for n in d.names), [d.fields[n][1] for n in d.names], d.itemsize)


def _inner_text(d):
    if d.names is not None or d.subdtype:
        return _dtype_text(d)
    return repr(d.str if d.kind not in 'bO' else '?' if d.kind == 'b' else 'O')


def _field_text(d):
    if d.subdtype:
        return '%s, %r' % (_inner_text(d.subdtype[0]), d.subdtype[1])
    return _inner_text(d)


_hooks['dtype_str'] = _dtype_text
def _typed_text(d):
    text = _dtype_text(d)
    return text if d.type is _n.void or d.subdtype else '(%s.%s, %s)' % (d.type.__module__, d.type.__name__, text)


_hooks['dtype_repr'] = lambda d: 'dtype(%s%s)' % (_typed_text(d), ', align=True' if d.isalignedstruct else '')


@_hook
def dtype_fields(d, names):
    return _n._make_struct(tuple(names), [d.fields[n][0] for n in names], [d.fields[n][1] for n in names],
                           [None] * len(names), d.itemsize, 1)


@_hook
def abstract_dtype(t):
    defaults = ((_n.signedinteger, 'l'), (_n.unsignedinteger, 'L'), (_n.integer, 'l'), (_n.complexfloating, 'D'),
                (_n.floating, 'd'), (_n.inexact, 'd'), (_n.number, 'd'), (_n.character, 'S'), (_n.flexible, 'V'))
    for base, code in defaults:
        if issubclass(t, base):
            return dtype(code)
    return dtype('V')


# ---- Fields and void scalars

@_hook
def get_field(a, key):
    d = a.dtype
    if isinstance(key, list):
        return _n._field(a, dtype_fields(d, _known(d, key)), 0)
    if key not in d.fields:
        raise ValueError('no field of name %s' % key)
    f = d.fields[key]
    return _n._field(a, f[0], f[1])


def _getfield(a, d, offset):
    d = dtype(d)
    if offset < 0 or offset + d.itemsize > a.dtype.itemsize:
        raise ValueError('Need 0 <= offset <= %d for requested type but received offset = %d' % (
            a.dtype.itemsize - d.itemsize, offset) if offset >= 0 else 'Need 0 <= offset')
    fields = a.dtype.fields or {}
    if (a.dtype.hasobject or d.hasobject) and not (
            d == a.dtype and offset == 0 or any(f[:2] == (d, offset) for f in fields.values())):
        raise TypeError('Cannot get/set field of an object array')
    return _n._field(a, d, offset)


def _known(d, names):
    for n in names:
        if n not in d.fields:
            raise KeyError(n)
    return names


@_hook
def set_field(a, key, value):
    if isinstance(key, list):
        value = _n.asarray(value)
        for n, m in zip(key, value.dtype.names or key):
            get_field(a, n)[...] = value[m] if value.dtype.names else value
        return
    get_field(a, key)[...] = value


@_hook
def void_item(a):
    d = a.dtype
    if d.kind in 'mM':
        return _times.item(a)
    if d.subdtype:
        return a.tobytes()
    if d.names is None:
        return a.tobytes()
    return tuple(_item(get_field(a, n)) for n in d.names)


def _item(a):
    return a.item() if a.ndim == 0 else a.tolist()


@_hook
def void_get(a, key):
    if a.dtype.names is None:
        raise IndexError('invalid index to scalar variable.')
    if isinstance(key, (int, _n.integer)):
        n = len(a.dtype.names)
        if not -n <= key < n:
            raise IndexError('invalid index (%d)' % key)
        key = a.dtype.names[key]
    r = get_field(a, key)
    return r[()]


@_hook
def void_set(a, key, value):
    if isinstance(key, (int, _n.integer)):
        key = a.dtype.names[key]
    get_field(a, key)[...] = value


@_hook
def void_bytes(value, d):
    if d.kind in 'mM':
        return _times.to_bytes(value, d)
    x = _n.zeros((), d)
    if d.names is None:
        raw = bytes(value)
        return raw[:d.itemsize].ljust(d.itemsize, b'\0')
    if isinstance(value, tuple):
        if len(value) != len(d.names):
            raise ValueError('could not assign tuple of length %d to structure with %d fields.' % (len(value), len(d.names)))
        for n, v in zip(d.names, value):
            get_field(x, n)[...] = v
    else:
        for n in d.names:
            get_field(x, n)[...] = value
    return x.tobytes()


@_hook
def compare_void(a, b, op):
    a, b = _n.asarray(a), _n.asarray(b)
    if op not in (2, 3):
        raise TypeError("Cannot compare structured or void to non-void arrays.")
    if a.dtype.names is None or b.dtype.names is None:
        same = _n.asarray([x.tobytes() == y.tobytes() for x, y in zip(a.ravel(), b.ravel())]).reshape(a.shape)
    else:
        same = None
        for n, m in zip(a.dtype.names, b.dtype.names):
            one = get_field(a, n) == get_field(b, m)
            while one.ndim > a.ndim:
                one = one.all(-1)
            same = one if same is None else same & one
    return same if op == 2 else ~same


@_hook
def sort_fields(a, axis, order):
    a[...] = a[_order_of(a, axis, order)] if a.ndim == 1 else _n._take_along(a, _order_of(a, axis, order), axis)


def _order_of(a, axis, order):
    names = list(a.dtype.names or ()) if order is None else [order] if isinstance(order, str) else list(order)
    if a.dtype.names is None:
        raise ValueError('Cannot specify order when the array has no fields.')
    for n in names:
        if n not in a.dtype.names:
            raise ValueError('unknown field name: %s' % n)
    names += [n for n in a.dtype.names if n not in names]
    if a.ndim != 1:
        rows = [_order_of(r, -1, order) for r in a.reshape(-1, a.shape[-1])]
        return _n.stack(rows).reshape(a.shape)
    return _n.lexsort(tuple(get_field(a, n) for n in reversed(names)))


_hooks['argsort_fields'] = _order_of


# ---- Interfaces

@_hook
def array_interface(a):
    return {'data': (a._address, not a._flag_bits & 4), 'strides': None if a._flag_bits & 1 else a.strides,
            'descr': a.dtype.descr, 'typestr': a.dtype.str, 'shape': a.shape, 'version': 3}


class _ctypes:
    """Interaction of an array with the ctypes module."""

    def __init__(self, a):
        self._arr = a

    data = property(lambda self: self._arr._address)
    _as_parameter_ = property(lambda self: self.data_as(__import__('ctypes').c_void_p))

    def data_as(self, obj):
        import ctypes
        pointer = ctypes.cast(ctypes.c_void_p(self._arr._address), obj)
        pointer._arr = self._arr
        return pointer

    def shape_as(self, obj):
        return (obj * self._arr.ndim)(*self._arr.shape)

    def strides_as(self, obj):
        return (obj * self._arr.ndim)(*self._arr.strides)

    shape = property(lambda self: self.shape_as(__import__('ctypes').c_ssize_t))
    strides = property(lambda self: self.strides_as(__import__('ctypes').c_ssize_t))


_hooks['ctypes'] = _ctypes

_FORMATS = {'?': '?', 'b': 'b', 'B': 'B', 'h': 'h', 'H': 'H', 'i': 'i', 'I': 'I', 'l': 'l', 'L': 'L', 'q': 'l', 'Q': 'L',
            'n': 'l', 'N': 'L', 'e': 'e', 'f': 'f', 'd': 'd', 'Zf': 'F', 'Zd': 'D', 'c': 'S1', 'w': 'U1', 'u': 'U1'}


@_hook
def from_buffer_object(v):
    view = memoryview(v)
    d = _simple_format(view.format) or _dtype_from_pep3118(view.format)
    if d.itemsize != view.itemsize:
        raise ValueError('the format %r means items of %d bytes, not %d' % (view.format, d.itemsize, view.itemsize))
    return _n._from_memory(view, d, view.shape, view.strides, 0)


def _simple_format(code):
    swap = ''
    if code and code[0] in '@=<>!':
        swap = '>' if code[0] in '>!' else ''
        code = code[1:]
    return dtype(swap + _FORMATS[code]) if code in _FORMATS else None


def _dtype_from_pep3118(text):
    from numpy import _pep3118
    return _pep3118.read(text)


@_hook
def buffer_format(d):
    from numpy import _pep3118
    return _pep3118.write(d)


@_hook
def from_interface(v):
    info = v.__array_interface__
    if not isinstance(info, dict):
        raise ValueError('Invalid __array_interface__ value, must be a dict')
    if 'typestr' not in info:
        raise ValueError('Missing __array_interface__ typestr')
    d = dtype(info['descr'] if info['typestr'][1] == 'V' and info.get('descr') else info['typestr'])
    shape, data, strides = info.get('shape', () if info.get('data') is None else None), info.get('data'), info.get('strides')
    if shape is None and 'shape' not in info:
        raise ValueError('Missing __array_interface__ shape')
    if not isinstance(shape, tuple):
        raise TypeError('shape must be a tuple')
    if strides is not None:
        if not isinstance(strides, tuple):
            raise TypeError('strides must be a tuple')
        if len(strides) != len(shape):
            raise ValueError('mismatch in length of strides and shape')
    if isinstance(data, tuple):
        return _from_address(v, data, d, shape, strides)
    try:
        view = memoryview(v if data is None else data)
    except TypeError:
        if data is not None:
            raise
        a = _n.empty(shape, d)
        if a.size != 1:
            raise ValueError('cannot coerce scalar to array with size != 1') from None
        a[...] = v.item() if hasattr(v, 'item') else float(v) if d.kind == 'f' else v
        return a
    return _n._from_memory(view, d, shape, strides, info.get('offset', 0))


def _from_address(v, data, d, shape, strides):
    import ctypes
    size = d.itemsize
    for n in shape:
        size *= n
    if strides:
        size = d.itemsize + sum((n - 1) * abs(s) for n, s in zip(shape, strides))
    memory = (ctypes.c_char * max(size, 1)).from_address(data[0])
    memory._owner = v
    a = _n._from_memory(memoryview(memory), d, shape, strides, 0)
    if data[1]:
        a._flag_bits = a._flag_bits & ~4
    return a


# ---- Pickles and copies: NumPy's layouts, so that either reads what the other wrote

def _reconstruct(cls, shape, typecode):
    """An empty array that __setstate__ fills."""
    return ndarray.__new__(cls, shape, dtype(typecode))


_reconstruct.__module__ = 'numpy._core.multiarray'


def _filled(shape, d, fortran, data):
    if isinstance(data, list):
        a = _n.empty(len(data), d)
        for i, v in enumerate(data):
            a[i] = v
    else:
        if isinstance(data, str):
            data = data.encode('latin1')
        n = 1
        for k in shape:
            n *= k
        if len(data) < n * d.itemsize:
            raise ValueError('buffer size does not match array size')
        a = _n.frombuffer(data, d).copy() if d.itemsize and len(data) else _n.empty(n, d)
    if fortran:
        return a.reshape(shape[::-1]).T if len(shape) != 1 else a
    return a.reshape(shape)


@_hook
def array_reduce(a):
    fortran = bool(a._flag_bits & 2) and not a._flag_bits & 1
    order = 'F' if fortran else 'C'
    data = a.ravel(order).tolist() if a.dtype.hasobject else a.tobytes(order)
    return _reconstruct, (type(a), (0,), b'b'), (1, a.shape, a.dtype, fortran, data)


@_hook
def array_setstate(a, state):
    if len(state) > 3 and not isinstance(state[0], tuple):
        state = state[1:]
    shape, d, fortran, data = state
    _n._adopt(a, _filled(shape, d, fortran, data))


@_hook
def scalar_reduce(s):
    data = s if s.dtype.hasobject else _n.asarray(s).tobytes()
    return _scalar, (s.dtype, data)


def _scalar(d, data=None):
    """A scalar of a dtype from its bytes."""
    if isinstance(data, generic):
        return data
    if data is None:
        data = b'\0' * d.itemsize
    if isinstance(data, str):
        data = data.encode('latin1')
    return _n._scalar(d, data)


_scalar.__name__ = _scalar.__qualname__ = 'scalar'
_scalar.__module__ = 'numpy._core.multiarray'


@_hook
def dtype_reduce(d):
    code = '%s%d' % (d.kind, d.itemsize // 4 if d.kind == 'U' else d.itemsize)
    if d.subdtype or d.names is not None:
        code = 'V%d' % d.itemsize
    order = '|' if d.byteorder == '|' else '<' if d.isnative else '>'
    sized = d.kind in 'SUV'
    state = (3 if d.metadata is None and d.kind not in 'mM' else 4, order, d.subdtype, d.names,
             None if d.names is None else d.fields, d.itemsize if sized else -1, d.alignment if sized else -1,
             d.flags - (128 if d.isalignedstruct else 0))  # a signed byte
    if d.kind in 'mM':
        unit, count = d._unit
        state += ((d.metadata or {}, (unit.encode() if unit else b'generic', count, 1, 1)),)
    elif d.metadata is not None:
        state += (dict(d.metadata),)
    return dtype, (code, False, True), state


@_hook
def dtype_of_state(d, state):
    order, sub, names, fields, size, align = state[1:7]
    extra = state[8] if len(state) > 8 else None
    metadata = extra
    if sub is not None:
        made = _n._make_subarray(*sub)
    elif names is not None:
        parts = [fields[n] for n in names]
        aligned = len(state) > 7 and bool(state[7] & 128)
        made = _n._make_struct(tuple(names), [p[0] for p in parts], [p[1] for p in parts],
                               [p[2] if len(p) > 2 else None for p in parts], size, align if align > 0 else 1, aligned)
    elif d.kind in 'mM':
        metadata, (unit, count) = (extra[0] or None, extra[1][:2]) if extra else (None, ('generic', 1))
        unit = unit.decode() if isinstance(unit, bytes) else unit
        made = dtype(d.kind + '8' + ('' if unit == 'generic' else '[%s%s]' % (count if count != 1 else '', unit)))
    elif d.kind in 'SUV':
        made = dtype('%s%d' % (d.kind, size // 4 if d.kind == 'U' else size))
    else:
        made = dtype(d.newbyteorder('='), copy=True)
    if order in '<>':
        made = made.newbyteorder(order) if not (names or sub) else made
    return dtype(made, metadata=metadata) if metadata else made


@_hook
def dtype_hash(d):
    if d.subdtype:
        return hash(d.subdtype)
    return hash(tuple((n, *d.fields[n][:2], d.fields[n][2] if len(d.fields[n]) > 2 else None) for n in d.names))


@_hook
def dtype_ordered(d, order):
    if d.subdtype:
        return _n._make_subarray(d.subdtype[0].newbyteorder(order), d.subdtype[1])
    parts = [d.fields[n] for n in d.names]
    return _n._make_struct(d.names, [p[0].newbyteorder(order) for p in parts], [p[1] for p in parts],
                           [p[2] if len(p) > 2 else None for p in parts], d.itemsize, d.alignment, d.isalignedstruct)


@_hook
def dtype_renamed(d, names):
    if d.names is None:
        raise ValueError('there are no fields defined')
    if not isinstance(names, (tuple, list)) or len(names) != len(d.names):
        raise ValueError('must replace all names at once with a sequence of length %d' % len(d.names))
    for i, n in enumerate(names):
        if not isinstance(n, str):
            raise ValueError('item #%d of names is of type %s and not string' % (i, type(n).__name__))
    if len(set(names)) != len(names):
        raise ValueError('Duplicate field names given.')
    parts = [d.fields[n] for n in d.names]
    return _n._make_struct(tuple(names), [p[0] for p in parts], [p[1] for p in parts],
                           [p[2] if len(p) > 2 else None for p in parts], d.itemsize, d.alignment, d.isalignedstruct)


@_hook
def deepcopy(a, memo):
    import copy
    b = a.copy()
    flat = b.reshape(-1)
    for i, v in enumerate(a.ravel()):
        flat[i] = copy.deepcopy(v, memo)
    return b


@_hook
def array_format(a, spec):
    if a.ndim == 0:
        return format(a.item(), spec)
    if spec:
        raise TypeError('unsupported format string passed to numpy.ndarray.__format__')
    return str(a)


@_hook
def generic_alias(cls, item):
    import types
    return types.GenericAlias(cls, item)


@_hook
def longest_text(a):
    return max((len(str(v)) for v in a.ravel().tolist()), default=1)


@_hook
def object_part(a, imaginary):
    out = _n.empty(a.shape, 'O')
    flat, source = out.reshape(-1), a.ravel()
    for i, v in enumerate(source):
        flat[i] = v.imag if imaginary else v.real
    return out


# ---- Scalars

@_hook
def scalar_str(s):
    if isinstance(s, (_n.datetime64, _n.timedelta64)):
        return _times.text(s)
    if isinstance(s, str):
        return str.__str__(s)
    if isinstance(s, bytes):
        return bytes.__repr__(s)
    if s.dtype.names is not None:
        return str(tuple(s[n] if s[n].ndim else s[n].item() for n in s.dtype.names)) if False else repr(s.item())
    return "b'%s'" % ''.join('\\x%02X' % b for b in s.item())


@_hook
def scalar_repr(s):
    if isinstance(s, _n.datetime64):
        return "np.datetime64('%s'%s)" % (_times.text(s), _times.unit_suffix(s))
    if isinstance(s, _n.timedelta64):
        unit, n = s.dtype._unit
        value = "'NaT'" if _times.count(s) is None else _times.count(s)
        return 'np.timedelta64(%s%s)' % (value, ",'%s'" % unit if unit != 'generic' else '')
    if isinstance(s, str):
        return 'np.str_(%s)' % str.__repr__(s)
    if isinstance(s, bytes):
        return 'np.bytes_(%s)' % bytes.__repr__(s)
    if s.dtype.names is not None:
        return 'np.void(%s, dtype=%s)' % (s.item(), _dtype_text(s.dtype))
    return 'np.void(%s)' % scalar_str(s)


@_hook
def make_scalar(cls, *args):
    if issubclass(cls, (_n.datetime64, _n.timedelta64)):
        return _times.make(cls, *args)
    value = args[0] if args else b''
    if len(args) > 1:
        d = dtype(args[1])
    elif isinstance(value, int):
        d, value = dtype('V%d' % value), bytes(value)
    else:
        value = bytes(value)
        d = dtype('V%d' % len(value))
    a = _n.zeros((), d)
    a[...] = value
    return a[()]


@_hook
def _itemset(a, at, value):
    """One int counts through all elements, in C order."""
    if len(at) == 1 and not isinstance(at[0], tuple):
        a.flat[at[0]] = value
    else:
        a[at[0] if len(at) == 1 else at if at else (0,) * a.ndim] = value


@_hook
def round(a, decimals):
    return _round(a, decimals)


def _round(a, decimals=0, out=None):
    scalar = not isinstance(a, ndarray)
    x = _n.asanyarray(a)
    if x.dtype.kind in 'bui':
        if x.dtype.kind == 'b':
            r = x.astype('e') if False else x.astype('b') if decimals >= 0 else x.astype('e')
            r = x.astype(_n.float16) if True else r
        elif decimals >= 0:
            r = x.copy()
        else:
            f = 10 ** -decimals
            r = (_n.rint(x / f) * f).astype(x.dtype)
    elif x.dtype.kind == 'O':
        r = _n.empty(x.shape, 'O')
        flat = r.reshape(-1)
        import builtins
        for i, v in enumerate(x.ravel()):
            flat[i] = builtins.round(v, decimals)
    elif x.dtype.kind == 'c':
        r = _n.empty(x.shape, x.dtype)
        r.real[...], r.imag[...] = _round(x.real, decimals), _round(x.imag, decimals)
    elif decimals == 0:
        r = _n.rint(x)
    elif decimals > 0:
        f = x.dtype.type(10.0 ** decimals) if x.dtype.kind == 'f' else 10.0 ** decimals
        r = _n.rint(x * f) / f
    else:
        f = 10.0 ** -decimals
        r = _n.rint(x / f) * f
    if out is not None:
        out[...] = r
        return out
    return r[()] if scalar and isinstance(r, ndarray) and r.ndim == 0 else r


# ---- Ufuncs

@_hook
def compare_mixed(f, a, b):
    """int64 beside uint64, exactly."""
    name = f.__name__
    if a.dtype.kind == 'u':
        swap = {'less': 'greater', 'greater': 'less', 'less_equal': 'greater_equal', 'greater_equal': 'less_equal'}
        return compare_mixed(getattr(_n, swap.get(name, name)), b, a)
    negative = a < 0
    r = f(a.astype('L'), b)
    return _n.where(negative, name in ('less', 'less_equal', 'not_equal'), r)[()]


@_hook
def ufunc_fallback(f, *args):
    kinds = [a.dtype.kind for a in args]
    if any(k in 'mM' for k in kinds):
        return _times.ufunc(f.__name__, args)
    if any(k in 'SU' for k in kinds):
        return _strings.ufunc(f.__name__, args)
    return NotImplemented


@_hook
def floating_error(mode, problem, name, which):
    text = '%s encountered in %s' % (problem, name)
    if mode == 'print':
        print('Warning: ' + text)
    elif mode == 'call':
        handler = _error_call[0]
        if handler is None:
            raise NameError('python callback specified for %s (in %s) but no function found.' % (problem, name))
        handler(problem, 1 << which)
    elif _error_call[0] is not None:
        _error_call[0].write('Warning: %s\n' % text)


_error_call = [None]


def _object_function(f, nin, nout):
    def run(*args):
        arrays = [_n.asarray(a, 'O') for a in args]
        shape = _n.broadcast_shapes(*[a.shape for a in arrays])
        flats = [_n.broadcast_to(a, shape).ravel() for a in arrays]
        outs = [_n.empty(shape, 'O') for _ in range(nout)]
        flat_outs = [o.reshape(-1) for o in outs]
        n = outs[0].size
        for i in range(n):
            r = f(*[x[i] for x in flats])
            if nout == 1:
                flat_outs[0][i] = r
            else:
                for o, v in zip(flat_outs, r):
                    o[i] = v
        outs = [o[()] if o.ndim == 0 else o for o in outs]
        return outs[0] if nout == 1 else tuple(outs)
    return run


@_hook
def call_frompyfunc(ufunc, f, *args, out=None, dtype=None, where=True, casting='same_kind', **kw):
    nin = ufunc.nin
    if len(args) > nin:
        args, out = args[:nin], args[nin]
    r = _object_function(f, nin, ufunc.nout)(*args)
    if isinstance(out, tuple):
        out = out[0]
    if out is not None:
        if where is not True:
            _n.copyto(out, r, casting='unsafe', where=where)
        else:
            out[...] = r
        return out
    return r if dtype is None else _n.asarray(r, dtype)


@_hook
def reduce_frompyfunc(ufunc, a, axis):
    a = _n.asarray(a, 'O')
    lines = a.ravel()[:, None] if axis is None else _n._moveaxis(a, axis, 0)
    if len(lines) == 0:
        raise ValueError('zero-size array to reduction operation %s which has no identity' % ufunc.__name__)
    r = lines[0]
    for line in lines[1:]:
        r = ufunc(r, line)
    return r[0] if axis is None else r


@_hook
def accumulate_frompyfunc(ufunc, a, axis):
    lines = _n._moveaxis(_n.asarray(a, 'O'), axis, 0)
    out = [lines[0]]
    for line in lines[1:]:
        out.append(ufunc(out[-1], line))
    return _n._moveaxis(_n.asarray(out, 'O'), 0, axis)


# ---- Statistics that C leaves to Python

def _count(a, axis, where=True):
    if where is not True:
        return _n.add.reduce(_n.broadcast_to(where, a.shape), axis=axis, dtype='l', keepdims=False)
    if axis is None:
        return a.size
    n = 1
    for k in (axis if isinstance(axis, tuple) else (axis,)):
        n *= a.shape[_axis(k, a.ndim)]
    return n


def _axis(k, ndim):
    from numpy.exceptions import AxisError
    import operator
    k = operator.index(k)
    if not -ndim <= k < ndim:
        raise AxisError(k, ndim)
    return k % ndim if ndim else k


def _warn_empty(text):
    import warnings
    warnings.warn(text, RuntimeWarning, stacklevel=3)


@_hook
def mean(a, axis=None, dtype=None, out=None, keepdims=False, where=True):
    a = _n.asanyarray(a)
    n = _count(a, axis, where)
    if (n == 0) if isinstance(n, int) else not _n.asarray(n).all():
        _warn_empty('Mean of empty slice.')
    half = False
    if dtype is None:
        if a.dtype.kind in 'bui':
            dtype = _n.dtype('d')
        elif a.dtype.char == 'e':
            dtype, half = _n.dtype('f'), True
    if keepdims and not isinstance(n, int):
        n = _n.add.reduce(_n.broadcast_to(where, a.shape), axis=axis, dtype='l', keepdims=True)
    r = _n.add.reduce(a, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    if a.dtype.kind == 'm':
        if out is None:
            return r / n
        out[...] = r / n
        return out
    if isinstance(r, ndarray):
        r = _n.divide(r, n, out=r, casting='unsafe')
        if half and out is None:
            r = r.astype('e')
        return r
    if hasattr(r, 'dtype'):
        r = r / n
        return a.dtype.type(r) if half else r
    return r / n


def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None):
    a = _n.asanyarray(a)
    n = _count(a, axis, where)
    least = n if isinstance(n, int) else _n.asarray(n).min() if _n.asarray(n).size else 1
    if least - ddof <= 0:
        _warn_empty('Degrees of freedom <= 0 for slice')
    half = False
    if dtype is None:
        if a.dtype.kind in 'bui':
            dtype = _n.dtype('d')
        elif a.dtype.char == 'e':
            dtype, half = _n.dtype('f'), True
    full = n if isinstance(n, int) else _n.add.reduce(_n.broadcast_to(where, a.shape), axis=axis, dtype='l', keepdims=True)
    if mean is None:
        mean = _n.add.reduce(a, axis=axis, dtype=dtype, keepdims=True, where=where)
        mean = _n.true_divide(mean, full)
    x = a - mean
    if dtype is not None and x.dtype != dtype and x.dtype.kind != 'O':
        x = x.astype(dtype)
    if x.dtype.kind == 'c':
        x = x.real * x.real + x.imag * x.imag
    elif x.dtype.kind == 'O':
        x = _n.multiply(x, _n.conjugate(x)).real
    else:
        x = _n.multiply(x, x, out=x) if isinstance(x, ndarray) else x * x
    r = _n.add.reduce(x, axis=axis, dtype=None if dtype is None or x.dtype.kind != _n.dtype(dtype).kind else dtype, out=out,
                      keepdims=keepdims, where=where)
    n = n - ddof
    n = max(n, 0) if isinstance(n, int) else _n.maximum(n, 0)
    if not isinstance(n, int) and keepdims:
        n = n.reshape(r.shape)
    if isinstance(r, ndarray):
        r = _n.divide(r, n, out=r, casting='unsafe')
        return r.astype('e') if half and out is None else r
    r = r / n
    return a.dtype.type(r) if half else r


def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None):
    r = _var(a, axis, dtype, out, ddof, keepdims, where, mean)
    if isinstance(r, ndarray):
        return _n.sqrt(r, out=r)
    return _n.sqrt(r) if hasattr(r, 'dtype') else r ** 0.5


@_hook
def arg_extreme(a, axis, most):
    """argmax and argmin of complex and text arrays."""
    order = _n.asarray(a).ravel() if axis is None else a
    k = -1 if axis is None else axis
    order = order.argsort(axis=k, kind='stable')
    if order.shape[k] == 0:
        raise ValueError('attempt to get %s of an empty sequence' % ('argmax' if most else 'argmin'))
    if not most:
        return order.take(0, axis=k)
    flat = a.ravel() if axis is None else a
    if flat.ndim == 1:
        last = flat[order[-1]]
        for i in range(len(flat)):
            if flat[i] == last or (last != last and flat[i] != flat[i]):
                return _n.int64(i)
    return order.take(-1, axis=k)


@_hook
def lexsort(keys, axis):
    keys = [_n.asarray(k) for k in keys]
    moved = [_n._moveaxis(k, axis, -1) for k in keys]
    shape = moved[0].shape
    rows = [k.reshape(-1, shape[-1]) for k in moved]
    out = _n.stack([_n.lexsort(tuple(r[i] for r in rows)) for i in range(len(rows[0]))])
    return _n._moveaxis(out.reshape(shape), -1, axis)


@_hook
def matmul_objects(a, b):
    va, vb = a.ndim == 1, b.ndim == 1
    a, b = (a[None] if va else a), (b[:, None] if vb else b)
    if a.shape[-1] != b.shape[-2]:
        raise ValueError('matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature '
                         '(n?,k),(k,m?)->(n?,m?) (size %d is different from %d)' % (b.shape[-2], a.shape[-1]))
    r = _n.add.reduce(a[..., :, :, None] * b[..., None, :, :], axis=-2)
    if va:
        r = r[..., 0, :]
    if vb:
        r = r[..., 0]
    return r


@_hook
def dot_stacks(a, b):
    if b.ndim == 1:
        return _n.matmul(a, b)
    k = b.shape[-2]
    rows = a.reshape(-1, a.shape[-1])
    other = b.ndim - 2
    columns = b.transpose((b.ndim - 2,) + tuple(range(other)) + (b.ndim - 1,)).reshape(k, -1)
    return _n.matmul(rows, columns).reshape(a.shape[:-1] + b.shape[:-2] + b.shape[-1:])


@_hook
def arange_objects(start, stop, step, d):
    if d.kind in 'mM':
        return _times.arange(start, stop, step, d)
    if d.kind == 'c':
        whole = (stop - start) / step
        n = min(math.ceil(whole.real), math.ceil(whole.imag)) if isinstance(whole, (complex, _n.complexfloating)) else math.ceil(whole)
        n = max(n, 0)
        return (start + _n.arange(n) * step).astype(d)
    if all(isinstance(v, int) for v in (start, stop, step)) and step and abs((stop - start) // step) > 2 ** 62:
        raise ValueError('Maximum allowed size exceeded')
    out = []
    while (start < stop) if step > 0 else (start > stop):
        out.append(start)
        start = start + step
    return _n.array(out, 'O')


def _moveaxis(a, source, destination):
    order = [k for k in range(a.ndim) if k != _axis(source, a.ndim)]
    order.insert(_axis(destination, a.ndim), _axis(source, a.ndim))
    return a.transpose(order)


_n._moveaxis = _moveaxis

from numpy import _times, _strings  # noqa: E402
