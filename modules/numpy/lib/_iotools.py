"""numpy.lib._iotools: what reading tables of text is made of: splitting lines, valid names of fields, converters that
widen as they meet values; and structured types field by field."""

import _numpy as _n


class ConverterError(Exception):
    """Exception raised when an error occurs in a converter for string values."""


class ConverterLockError(ConverterError):
    """Exception raised when an attempt is made to upgrade a locked converter."""


class ConversionWarning(UserWarning):
    """Warning issued when a string converter has a problem."""


def _text(v):
    return v.decode('latin1') if isinstance(v, bytes) else v


# ---- Types

def has_nested_fields(ndtype):
    """Returns whether one or several fields of a dtype are nested."""
    return any(ndtype[name].names is not None for name in ndtype.names or ())


def flatten_dtype(ndtype, flatten_base=False):
    """Unpack a structured data-type by collapsing nested fields and/or fields with a shape."""
    names = ndtype.names
    if names is None:
        if flatten_base:
            n = 1
            for k in ndtype.shape:
                n *= k
            return [ndtype.base] * n
        return [ndtype.base]
    types = []
    for name in names:
        types.extend(flatten_dtype(ndtype.fields[name][0], flatten_base))
    return types


def easy_dtype(ndtype, names=None, defaultfmt='f%i', **validationargs):
    """A dtype of a type, or of a sequence of types, with valid names of fields."""
    validate = NameValidator(**validationargs)
    try:
        d = _n.dtype(ndtype)
    except TypeError:
        count = len(ndtype)
        names = names.split(',') if isinstance(names, str) else names
        names = validate([''] * count if names is None else names, nbfields=count, defaultfmt=defaultfmt)
        return _n.dtype(list(zip(names, map(_n.dtype, ndtype))))
    if names is not None:
        given = names.split(',') if isinstance(names, str) else list(names)
        if d.names is None:
            given = validate(given, nbfields=len(given), defaultfmt=defaultfmt)
            return _n.dtype([(n, d.str if d.kind != 'O' else d) for n in given])
        d = _n.dtype([(n, d.fields[n][0]) for n in d.names])
        d.names = tuple(validate(given, nbfields=len(d.names), defaultfmt=defaultfmt))
    elif d.names is not None:
        plain = d.names == tuple('f%i' % i for i in range(len(d.names)))
        own = [''] * len(d.names) if plain and defaultfmt != 'f%i' else d.names
        d = _n.dtype([(n, d.fields[n][0]) for n in d.names])
        d.names = tuple(validate(own, nbfields=len(d.names), defaultfmt=defaultfmt))
    return d


# ---- Lines

class LineSplitter:
    """Splits a line at a delimiter, at every nth character or at given widths; comments are left out."""

    def __init__(self, delimiter=None, comments='#', autostrip=True, encoding=None):
        delimiter, self.comments, self.encoding = _text(delimiter), _text(comments), encoding
        if delimiter is None or isinstance(delimiter, str):
            self.delimiter, split = delimiter or None, self._delimited_splitter
        elif hasattr(delimiter, '__iter__'):
            ends = [0]
            for width in delimiter:
                ends.append(ends[-1] + width)
            self.delimiter, split = [slice(a, b) for a, b in zip(ends, ends[1:])], self._variablewidth_splitter
        elif int(delimiter):
            self.delimiter, split = int(delimiter), self._fixedwidth_splitter
        else:
            self.delimiter, split = None, self._delimited_splitter
        self._handyman = self.autostrip(split) if autostrip else split

    @staticmethod
    def autostrip(method):
        """The method's fields without white space around them."""
        return lambda line: [field.strip() for field in method(line)]

    def _uncommented(self, line):
        return line if self.comments is None else line.split(self.comments)[0]

    def _delimited_splitter(self, line):
        line = self._uncommented(line).strip(' \r\n')
        return line.split(self.delimiter) if line else []

    def _fixedwidth_splitter(self, line):
        line = self._uncommented(line).strip('\r\n')
        step = self.delimiter
        return [line[i:i + step] for i in range(0, len(line), step)]

    def _variablewidth_splitter(self, line):
        line = self._uncommented(line)
        return [line[part] for part in self.delimiter] if line else []

    def __call__(self, line):
        return self._handyman(_text(line))


# ---- Names

class NameValidator:
    """Makes names of fields valid: no excluded words, no special characters, every one once."""
    defaultexcludelist = ['return', 'file', 'print']
    defaultdeletechars = set(r"""~!@#$%^&*()-=+~\|]}[{';: /?.>,<""")

    def __init__(self, excludelist=None, deletechars=None, case_sensitive=None, replace_space='_'):
        self.excludelist = [*(excludelist or ()), *self.defaultexcludelist]
        self.deletechars = (set(self.defaultdeletechars) if deletechars is None else set(deletechars)) | {'"'}
        if case_sensitive is None or case_sensitive is True:
            self.case_converter = lambda name: name
        elif case_sensitive is False or case_sensitive.startswith('u'):
            self.case_converter = str.upper
        elif case_sensitive.startswith('l'):
            self.case_converter = str.lower
        else:
            raise ValueError('unrecognized case_sensitive value %s.' % case_sensitive)
        self.replace_space = replace_space

    def validate(self, names, defaultfmt='f%i', nbfields=None):
        """The names, made valid; more of them by defaultfmt, or fewer, if nbfields says so."""
        if names is None:
            if nbfields is None:
                return None
            names = []
        names = [names] if isinstance(names, str) else list(names)
        if nbfields is not None:
            names = names[:nbfields] + [''] * (nbfields - len(names))
        seen, out, number = {}, [], 0
        for name in names:
            name = self.case_converter(name).strip()
            if self.replace_space:
                name = name.replace(' ', self.replace_space)
            name = ''.join(c for c in name if c not in self.deletechars)
            if not name:
                name = defaultfmt % number
                while name in names:
                    number += 1
                    name = defaultfmt % number
                number += 1
            elif name in self.excludelist:
                name += '_'
            times = seen.get(name, 0)
            out.append('%s_%d' % (name, times) if times else name)
            seen[name] = times + 1
        return tuple(out)

    def __call__(self, names, defaultfmt='f%i', nbfields=None):
        return self.validate(names, defaultfmt=defaultfmt, nbfields=nbfields)


# ---- Values

def str2bool(value):
    """Tries to transform a string supposed to represent a boolean to a boolean."""
    word = value.upper()
    if word not in ('TRUE', 'FALSE'):
        raise ValueError('Invalid boolean')
    return word == 'TRUE'


def _as_bytes(v):
    return v.encode('latin1') if isinstance(v, str) else bytes(v)


class StringConverter:
    """Converts strings to values of a type; upgrade() goes on to the next wider type until a value fits."""
    _mapper = [(_n.bool, str2bool, False), (_n.int64, int, -1), (_n.float64, float, float('nan')),
               (_n.complex128, complex, complex(float('nan'), 0)), (_n.float64, float, float('nan')),
               (_n.integer, int, -1), (_n.floating, float, float('nan')),
               (_n.complexfloating, complex, complex(float('nan'), 0)), (_n.str_, _text, '???'), (_n.bytes_, _as_bytes, '???')]

    @classmethod
    def upgrade_mapper(cls, func, default=None):
        """Adds converters before those of text: one, a list of them, or of (type, function, default)."""
        if callable(func):
            cls._mapper.insert(-1, (cls._getsubdtype(default), func, default))
            return
        if isinstance(func[0], (tuple, list)):
            for entry in func:
                cls._mapper.insert(-1, entry)
            return
        defaults = list(default or []) + [None] * (len(func) - len(default or []))
        for f, d in zip(func, defaults):
            cls._mapper.insert(-1, (cls._getsubdtype(d), f, d))

    @classmethod
    def _getsubdtype(cls, v):
        return _n.array(v).dtype.type

    @classmethod
    def _find_map_entry(cls, d):
        for i, entry in enumerate(cls._mapper):
            if d.type is entry[0]:
                return i, entry
        for i, entry in enumerate(cls._mapper):
            if issubclass(d.type, entry[0]):
                return i, entry
        for i, base in ((1, _n.integer), (2, _n.floating), (3, _n.complexfloating)):
            if issubclass(d.type, base):
                return i, cls._mapper[i]
        raise LookupError

    def __init__(self, dtype_or_func=None, default=None, missing_values=None, locked=False):
        self._locked = bool(locked)
        if dtype_or_func is None:
            self.func, self._status, self.default = str2bool, 0, default or False
            d = _n.dtype('?')
        else:
            d = self._from_argument(dtype_or_func, default)
        self.missing_values = {''} if missing_values is None else \
            set([*(missing_values.split(',') if isinstance(missing_values, str) else map(_text, missing_values)), ''])
        self._callingfunction = self._strict_call
        self.type = d
        self._checked = False
        self._initial_default = default

    def _from_argument(self, given, default):
        function = d = None
        try:
            d = _n.dtype(given)
        except TypeError:
            if not callable(given):
                raise TypeError("The input argument `dtype` is neither a function nor a dtype (got '%s' instead)" % type(given)) \
                    from None
        if d is None or callable(given) and not isinstance(given, (type, _n.dtype)):
            function = given
            if default is None:
                try:
                    default = function('0')
                except ValueError:
                    pass
            d = _n.array(default).dtype
        try:
            self._status, (_, own, usual) = self._find_map_entry(d)
        except LookupError:
            self._status, (_, own, usual) = len(self._mapper) - 1, self._mapper[-1]
        self.default = usual if default is None else default
        if function is None:
            function = own
            if d.kind in 'iu' and d.itemsize == 8:
                function = d.type
        self.func = function
        return d

    def _loose_call(self, value):
        try:
            return self.func(value)
        except ValueError:
            return self.default

    def _strict_call(self, value):
        try:
            new = self.func(value)
            if self.func is int:
                _n.array(value, self.type)
            return new
        except ValueError:
            if value.strip() in self.missing_values:
                if not self._status:
                    self._checked = False
                return self.default
            raise ValueError("Cannot convert string '%s'" % value) from None

    def __call__(self, value):
        return self._callingfunction(value)

    def _do_upgrade(self):
        if self._locked:
            raise ConverterLockError('Converter is locked and cannot be upgraded')
        if self._status == len(self._mapper):
            raise ConverterError('Could not find a valid conversion function')
        if self._status < len(self._mapper) - 1:
            self._status += 1
        t, self.func, usual = self._mapper[self._status]
        self.type = _n.dtype(t)
        self.default = usual if self._initial_default is None else self._initial_default

    def upgrade(self, value):
        """The value, converted by this type's function or the first wider one that can."""
        self._checked = True
        while True:
            try:
                return self._strict_call(value)
            except (ValueError, TypeError):
                self._do_upgrade()

    def iterupgrade(self, value):
        """Widens the type until every value can be converted."""
        self._checked = True
        for v in value if hasattr(value, '__iter__') else (value,):
            self.upgrade(v)

    def update(self, func, default=None, testing_value=None, missing_values='', locked=False):
        """Sets the function, and what goes with it."""
        self.func, self._locked = func, locked
        if default is not None:
            self.default, self.type = default, _n.dtype(self._getsubdtype(default))
        else:
            try:
                tested = func(testing_value or '1')
            except (TypeError, ValueError):
                tested = None
            self.type = _n.dtype(self._getsubdtype(tested))
        if missing_values is None:
            self.missing_values = set()
        else:
            self.missing_values |= set([missing_values] if isinstance(missing_values, str) else missing_values)


