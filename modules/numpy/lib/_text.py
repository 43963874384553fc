"""loadtxt: a text file of rows with the same number of fields as an array.

Lines become fields (_rows), fields become values of the type's leaves (_leaves: the items of nested fields and sub-arrays
in order), and values the items of a row (_builder). Rows of plain floats take a short way."""
import operator
import os
import re
import warnings

import _numpy as _n
from numpy._overrides import checked_like

_COMPLEX = re.compile(r'(?P<re>[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf(?:inity)?))?'
                      r'(?:(?P<im>[+-]{0,2}(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf(?:inity)?))[jJ])?$', re.I)


# ---- Values

def _float(s):
    if '_' in s:
        raise ValueError(s)
    return float.fromhex(s) if 'x' in s or 'X' in s else float(s)


def _integer(d):
    low, high = (0, 1) if d.kind == 'b' else (_bounds(d))

    def convert(s):
        if '_' in s:
            raise ValueError(s)
        try:
            v = int(s)
        except ValueError:
            v = int(float(s))
            warnings.warn('loadtxt(): Parsing an integer via a float is deprecated.  To avoid this warning, you can:\n    * make '
                          'sure the original data is stored as integers.\n    * use the `converters=` keyword argument.  If you '
                          'only use\n      NumPy 1.23 or later, `converters=float` will normally work.\n    * Use '
                          '`np.loadtxt(...).astype(np.int64)` parsing the file as\n      floating point and then convert it.  '
                          '(On all NumPy versions.)\n  (Deprecated NumPy 1.23)', DeprecationWarning, stacklevel=4)
        if d.kind == 'b':
            return v != 0
        if not low <= v <= high:
            raise ValueError(s)
        return v
    return convert


def _bounds(d):
    bits = 8 * d.itemsize
    return (0, (1 << bits) - 1) if d.kind == 'u' else (-1 << (bits - 1), (1 << (bits - 1)) - 1)


def _complex(s):
    t = s.strip()
    if t.startswith('(') and t.endswith(')'):
        t = t[1:-1].strip()
    m = _COMPLEX.match(t)
    if not t or m is None:
        raise ValueError(s)
    imaginary = m.group('im')
    if imaginary and m.group('re') and imaginary[0] not in '+-':
        # "12j": one number of which the pattern gave a part to each side.
        return complex(0, float(m.group('re') + imaginary))
    if imaginary and imaginary[:2] in ('+-', '-+', '++', '--'):
        if imaginary[:2] != '+-':
            raise ValueError(s)
        imaginary = imaginary[1:]
    return complex(float(m.group('re') or 0), float(imaginary or 0))


def _converter(d):
    if d.kind == 'f':
        return _float
    if d.kind in 'biu':
        return _integer(d)
    if d.kind == 'c':
        return _complex
    if d.kind == 'S':
        return lambda s: s.encode('latin1')
    return lambda s: s


# ---- Types

def _leaves(d):
    """The types of the fields of a line."""
    if d.names is not None:
        return [leaf for name in d.names for leaf in _leaves(d[name])]
    if d.subdtype is not None:
        n = 1
        for k in d.shape:
            n *= k
        return _leaves(d.base) * n
    return [d]


def _builder(d):
    """A function from an iterator of values to an item of the type."""
    if d.names is not None:
        parts = [_builder(d[name]) for name in d.names]
        return lambda values: tuple([p(values) for p in parts])
    if d.subdtype is not None:
        inner, shape = _builder(d.base), d.shape

        def nested(values, at=0):
            return inner(values) if at == len(shape) else [nested(values, at + 1) for _ in range(shape[at])]
        return nested
    return next


# ---- Lines

def _check_control(c):
    if c is None:
        return
    if not isinstance(c, str) or len(c) != 1:
        raise TypeError('Text reading control character must be a single unicode character or None; but got: %r' % (c,))
    if c in '\r\n':
        raise TypeError('Text reading control character cannot be a newline (`\\r` or `\\n`).')


def _check_controls(delimiter, comments, quote):
    for c in (delimiter, quote):
        _check_control(c)
    single = comments[0] if comments and len(comments) == 1 and len(comments[0]) == 1 else None
    if single is not None:
        _check_control(single)
    for c in comments or ():
        if len(c) == 0:
            raise ValueError('comments cannot be an empty string. Use comments=None to disable comments.')
        if single is None and delimiter is not None and delimiter in c:
            raise TypeError('Comment characters %r cannot include the delimiter %r' % (comments, delimiter))
    if comments and single is None and quote is not None:
        raise ValueError('when multiple comments or a multi-character comment is given, quotes are not supported.  In this case '
                         'quotechar must be set to None.')
    used = [c for c in (delimiter, quote, single) if c is not None]
    clash = len(set(used)) < len(used)
    if delimiter is None:
        clash = clash or any(c.isspace() for c in used)
    if clash:
        raise TypeError('The values for control characters "delimiter", "quotechar", and "comments" are incompatible')


def _lines(fname, encoding):
    """Lines without their ends. What is opened here is closed here."""
    def text(line):
        if isinstance(line, bytes):
            return line.decode(encoding or 'latin1')
        if not isinstance(line, str):
            raise TypeError('non-string returned while reading data')
        return line

    def without_end(line):
        line = line[:-1] if line.endswith('\n') else line
        return line[:-1] if line.endswith('\r') else line
    if not isinstance(fname, (str, bytes, os.PathLike)):
        if hasattr(fname, 'read'):
            for line in fname:
                line = without_end(text(line))
                if '\r' in line:
                    yield from line.split('\r')
                else:
                    yield line
            return
        for line in fname:
            line = without_end(text(line))
            if '\n' in line or '\r' in line:
                raise ValueError('Found an unquoted embedded newline within a single line of input.  This is currently not '
                                 'supported.')
            yield line
        return
    name = os.fspath(fname)
    opener = open
    if name.endswith('.gz'):
        import gzip
        opener = gzip.open
    elif name.endswith('.bz2'):
        import bz2
        opener = bz2.open
    elif name.endswith('.xz'):
        import lzma
        opener = lzma.open
    with opener(name, 'rt', encoding=encoding) as f:
        for line in f:
            yield line.rstrip('\n')


def _quoted_fields(line, more, delimiter, quote, comment):
    """The fields of a line with quotes; a quoted field may go on in the next lines. A doubled quote is one."""
    fields, field, inside, started = [], [], False, False
    i = 0
    while True:
        if i >= len(line):
            if not inside:
                break
            following = next(more, None)
            if following is None:
                break
            field.append('\n')
            line, i = following, 0
            continue
        c = line[i]
        if inside:
            if c == quote:
                if line[i + 1:i + 2] == quote:
                    field.append(quote)
                    i += 1
                else:
                    inside = False
            else:
                field.append(c)
        elif c == quote and not field:
            inside = started = True
        elif c == comment:
            break
        elif c == delimiter or delimiter is None and c.isspace():
            if delimiter is not None or field or started:
                fields.append(''.join(field))
            field, started = [], False
        else:
            field.append(c)
        i += 1
    if delimiter is not None and (fields or field or started) or field or started:
        fields.append(''.join(field))
    return fields


def _rows(lines, delimiter, comments, quote):
    for line in lines:
        if quote is not None:
            fields = _quoted_fields(line, lines, delimiter, quote, comments[0] if comments else None)
        else:
            for c in comments or ():
                line = line.partition(c)[0]
            if not line or delimiter is None and not line.strip():
                continue
            fields = line.split(delimiter)
        if fields:
            yield fields


# ---- The function

def _nonnegative(value):
    try:
        value = operator.index(value)
    except TypeError as e:
        raise TypeError('argument must be an integer') from e
    if value < 0:
        raise ValueError('argument must be nonnegative')
    return value


def _columns(usecols):
    if usecols is None:
        return None
    try:
        columns = list(usecols)
    except TypeError:
        columns = [usecols]
    for c in columns:
        try:
            operator.index(c)
        except TypeError as e:
            e.args = ('usecols must be an int or a sequence of ints but it contains at least one element of type %s' % type(c).__name__,)
            raise
    return columns


def _user_converters(converters, columns, width):
    """{position among the fields used: function}."""
    if converters is None:
        return {}
    if callable(converters):
        return dict.fromkeys(range(len(columns) if columns is not None else width), converters)
    if not isinstance(converters, dict):
        raise TypeError('converters must be a dictionary mapping columns to converter functions or a single callable.')
    out = {}
    for key, f in converters.items():
        try:
            column = operator.index(key)
        except TypeError as e:
            raise TypeError('keys of the converters dictionary must be integers; got %r' % (key,)) from e
        if columns is not None:
            places = [i for i, c in enumerate(columns) if c == column]
            if not places:
                continue
        else:
            if not -width <= column < width:
                raise ValueError('converter specified for column %d, which is invalid for the number of fields %d.' % (column, width))
            places = [column % width]
        if not callable(f):
            raise TypeError('values of the converters dictionary must be callable, but the value associated with key %r is not'
                            % (key,))
        out.update(dict.fromkeys(places, f))
    return out


_PLAIN = tuple(map(_n.dtype, ('f8', 'f4', 'i8')))  # what _numpy._rows reads


@checked_like
def loadtxt(fname, dtype=float, comments='#', delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False, ndmin=0,
            encoding=None, max_rows=None, *, quotechar=None):
    """Load data from a text file.

    Every row has the same number of fields, or those in usecols; comments and empty lines are left out. A structured
    dtype takes as many fields as it has items. converters: a function of a field's text, or {column: function}."""
    if not isinstance(ndmin, int) or ndmin not in (0, 1, 2):
        raise ValueError('Illegal value of ndmin keyword: %s' % (ndmin,))
    skiprows = _nonnegative(skiprows)
    if max_rows is not None:
        max_rows = _nonnegative(max_rows)
    d = _n.dtype(dtype)
    if comments is not None:
        comments = [c.decode('latin1') if isinstance(c, bytes) else c
                    for c in ([comments] if isinstance(comments, (str, bytes)) else comments)]
    delimiter = delimiter.decode('latin1') if isinstance(delimiter, bytes) else delimiter
    _check_controls(delimiter, comments, quotechar)
    columns = _columns(usecols)
    lines = iter(_lines(fname, None if encoding == 'bytes' else encoding))
    for _ in range(skiprows):
        if next(lines, None) is None:
            break
    if converters is None and quotechar is None and d.isnative and d in _PLAIN and len(comments or ()) < 2:
        lines = list(lines)
        plain = (delimiter is None or len(delimiter) == 1) and _n._rows(lines, delimiter, comments[0] if comments else None,
                                                        None if columns is None else tuple(columns), d.kind == 'i', max_rows)
        if plain:
            return _trimmed(plain[0].reshape(-1, plain[1]).astype(d, copy=False), ndmin, unpack)
    values, width = _values(_rows(lines, delimiter, comments, quotechar), d, columns, converters, max_rows)
    if not values and max_rows != 0:
        warnings.warn('loadtxt: input contained no data: "%s"' % (fname,), UserWarning, stacklevel=2)
    return _shaped(values, width, d, ndmin, unpack)


def _values(rows, d, columns, converters, max_rows):
    """The items of all rows, and the number of fields used of each."""
    simple = d.names is None and d.subdtype is None
    leaves = None if simple else _leaves(d)
    width = None if simple or columns is not None else len(leaves)
    build = None if simple else _builder(d)
    out, convert, used, fast = [], None, 0, False
    for number, fields in enumerate(rows):
        if max_rows is not None and number >= max_rows:
            break
        if columns is None:
            if width is None:
                width = len(fields)
            elif len(fields) != width:
                raise ValueError('the number of columns changed from %d to %d at row %d; use `usecols` to select a subset and avoid '
                                 'this error' % (width, len(fields), number + 1))
        else:
            for c in columns:
                if not -len(fields) <= c < len(fields):
                    raise ValueError('invalid column index %d at row %d with %d columns' % (c, number + 1, len(fields)))
            fields = [fields[c] for c in columns]
        if convert is None:
            used = len(fields)
            types = [d] * used if simple else leaves
            own = _user_converters(converters, columns, used)
            convert = [own.get(i) or _converter(t) for i, t in enumerate(types)]
            fast = simple and d.kind == 'f' and not own
        if fast:
            try:
                row = list(map(float, fields))
                if '_' not in ''.join(fields):
                    out.append(row)
                    continue
            except ValueError:
                pass
        row = [_value(f, s, t, number, i) for i, (f, s, t) in enumerate(zip(convert, fields, types))]
        out.append(row if simple else build(iter(row)))
    return out, used


def _value(f, s, d, row, column):
    try:
        return f(s)
    except (ValueError, OverflowError) as e:
        raise ValueError('could not convert string %r to %s at row %d, column %d.' % (s, d, row, column + 1)) from e


def _shaped(values, width, d, ndmin, unpack):
    if d.names is not None:
        x = _n.array(values, d)
        x = x.reshape(len(values))
        if ndmin < 1 and x.shape == (1,):
            x = x.reshape(())
        if ndmin == 2:
            x = x.reshape(-1, 1)
        return [x[name] for name in d.names] if unpack else x
    if d.subdtype is not None:
        x = _n.array(values, d.base)
        return x
    x = _n.array(values, d) if values else _n.empty((0, 1), d)
    if values == [] and ndmin < 2:
        x = x.reshape(0)
        return x.T if unpack else x
    return _trimmed(x, ndmin, unpack)


def _trimmed(x, ndmin, unpack):
    if ndmin < x.ndim:
        x = x.squeeze() if ndmin == 0 or x.ndim - ndmin > 1 else x if 1 not in x.shape else x.reshape(-1)
    return x.T if unpack else x
