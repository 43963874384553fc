"""Text of arrays: array2string, array_repr, array_str and the print options.

Layout: the elements' format is chosen from all that will be shown (width, digits, exponent form), then the
nested brackets are filled line by line. Digits are the shortest that read back, cut at `precision` places.
"""
import _numpy as _n

_options = {
    'edgeitems': 3, 'threshold': 1000, 'floatmode': 'maxprec', 'precision': 8, 'suppress': False,
    'linewidth': 75, 'nanstr': 'nan', 'infstr': 'inf', 'sign': '-', 'formatter': None, 'legacy': False,
    'override_repr': None,
}

_BITS = {'e': 16, 'f': 32, 'd': 64, 'F': 32, 'D': 64}


def _checked(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None,
             infstr=None, formatter=None, sign=None, floatmode=None, legacy=None, override_repr=None):
    given = {k: v for k, v in locals().items() if v is not None}
    if suppress is not None:
        given['suppress'] = bool(suppress)
    if floatmode not in (None, 'fixed', 'unique', 'maxprec', 'maxprec_equal'):
        raise ValueError("floatmode option must be one of \"fixed\", \"unique\", \"maxprec\", \"maxprec_equal\"")
    if sign not in (None, '-', '+', ' '):
        raise ValueError("sign option must be one of ' ', '+', or '-'")
    if threshold is not None:
        if not isinstance(threshold, (int, float)):
            raise TypeError("threshold must be numeric")
        if threshold != threshold:
            raise ValueError("threshold must be non-NAN, try sys.maxsize for untruncated representation")
    if precision is not None:
        import operator
        try:
            operator.index(precision)
        except TypeError as e:
            raise TypeError('precision must be an integer') from e
    return given


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None,
                     infstr=None, formatter=None, sign=None, floatmode=None, *, legacy=None, override_repr=None):
    """Set printing options."""
    given = _checked(precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, formatter, sign, floatmode,
                     legacy, override_repr)
    given['formatter'] = formatter
    given['override_repr'] = override_repr
    _options.update(given)
    _n._glue['legacy_scalars'] = legacy in ('1.13', '1.21', '1.25')


def get_printoptions():
    """Return the current print options."""
    return dict(_options)


class printoptions:
    """Context manager for setting print options."""

    def __init__(self, *args, **kwargs):
        self._args, self._kwargs = args, kwargs

    def __enter__(self):
        self._saved = dict(_options)
        set_printoptions(*self._args, **self._kwargs)
        return dict(_options)

    def __exit__(self, *exc):
        _options.update(self._saved)
        _n._glue['legacy_scalars'] = _options['legacy'] in ('1.13', '1.21', '1.25')


# ---- One number

def _positional(x, item, precision, min_digits, fixed, trim, sign):
    negative, digits, exponent = item
    if exponent <= 0:
        whole, fraction = '0', '0' * -exponent + digits
    else:
        whole = digits[:exponent].ljust(exponent, '0')
        fraction = digits[exponent:]
    if not digits:
        whole, fraction = '0', ''
    if precision is not None and (fixed or len(fraction) > precision):
        whole, _, fraction = _n._fixed(abs(x), precision, False).partition('.')
        fraction = fraction if fixed else fraction.rstrip('0')
    if trim == 'k':
        if precision is not None and fixed:
            fraction = fraction.ljust(precision, '0')
        fraction = fraction.ljust(min_digits or 0, '0')
    else:
        fraction = fraction.rstrip('0').ljust(min_digits or 0, '0')
        if trim == '0' and not fraction:
            fraction = '0'
    prefix = '-' if negative else '+' if sign else ''
    if trim == '-' and not fraction:
        return prefix + whole
    return prefix + whole + '.' + fraction


def _scientific(x, item, precision, min_digits, fixed, trim, sign, exp_digits):
    negative, digits, exponent = item
    if not digits:
        digits, exponent = '0', 1
    first, fraction, power = digits[0], digits[1:], exponent - 1
    if precision is not None and (fixed or len(fraction) > precision):
        text, _, e = _n._fixed(abs(x), precision, True).partition('e')
        first, _, fraction = text.partition('.')
        power = int(e)
        if not fixed:
            fraction = fraction.rstrip('0')
    if trim == 'k':
        fraction = fraction.ljust(max(min_digits or 0, precision if fixed and precision is not None else 0), '0')
    else:
        fraction = fraction.rstrip('0').ljust(min_digits or 0, '0')
        if trim == '0' and not fraction:
            fraction = '0'
    prefix = '-' if negative else '+' if sign else ''
    point = '' if trim == '-' and not fraction else '.'
    return '%s%s%s%se%s%s' % (prefix, first, point, fraction, '-' if power < 0 else '+',
                              str(abs(power)).rjust(exp_digits, '0'))


def _pad(text, left, right):
    whole, point, fraction = text.partition('.')
    return whole.rjust(left) + point + fraction.ljust(right)


def _bits_of(x):
    d = getattr(x, 'dtype', None)
    return _BITS.get(d.char, 64) if d is not None else 64


def format_float_positional(x, precision=None, unique=True, fractional=True, trim='k', sign=False, pad_left=None,
                            pad_right=None, min_digits=None):
    """Format a floating-point scalar as a decimal string in positional notation."""
    bits, x = _bits_of(x), float(x)
    if x != x or x in (float('inf'), float('-inf')):
        text = 'nan' if x != x else ('-' if x < 0 else '+' if sign else '') + 'inf'
        return text.rjust((pad_left or 0) + ((pad_right + 1) if pad_right else 0))
    item = _n._shortest_digits([x], bits)[0]
    if not fractional and precision is not None:
        places = max(precision - item[2], 0)
        text = _positional(x, item, places, min_digits, not unique, trim, sign)
    else:
        text = _positional(x, item, precision, min_digits, not unique, trim, sign)
    return _pad(text, pad_left or 0, pad_right or 0)


def format_float_scientific(x, precision=None, unique=True, trim='k', sign=False, pad_left=None, exp_digits=None,
                            min_digits=None):
    """Format a floating-point scalar as a decimal string in scientific notation."""
    bits, x = _bits_of(x), float(x)
    if x != x or x in (float('inf'), float('-inf')):
        return 'nan' if x != x else ('-' if x < 0 else '+' if sign else '') + 'inf'
    item = _n._shortest_digits([x], bits)[0]
    text = _scientific(x, item, precision, min_digits, not unique, trim, sign, max(exp_digits or 2, 2))
    whole, _, rest = text.partition('.')
    return whole.rjust(pad_left or 0) + ('.' + rest if rest else '')


# ---- Formats of arrays

class _FloatFormat:
    def __init__(self, data, options, sign=None):
        self.sign = sign or options['sign']
        self.nanstr, self.infstr = options['nanstr'], options['infstr']
        mode = options['floatmode']
        precision = None if mode == 'unique' else options['precision']
        self.bits = _BITS[data.dtype.char]
        values = data.ravel().astype('d').tolist()
        inf = float('inf')
        finite = [v for v in values if v == v and v != inf and v != -inf]
        nonzero = [abs(v) for v in finite if v != 0]
        self.exp_format = False
        if nonzero:
            most, least = max(nonzero), min(nonzero)
            ratio = most / least if least else inf
            self.exp_format = most >= 1e8 or (not options['suppress'] and (least < 0.0001 or ratio > 1000.))
        self.fixed, self.exp_size = False, -1
        self.precision, self.min_digits = precision, 0
        plus = self.sign == '+'
        if not finite:
            self.pad_left = self.pad_right = 0
            self.trim = '.'
        elif self.exp_format:
            self.trim = 'k' if mode == 'fixed' else '.'
            self.fixed = mode == 'fixed'
            items = _n._shortest_digits(finite, self.bits)
            texts = [_scientific(v, i, precision, 0, self.fixed, self.trim, plus, 2) for v, i in zip(finite, items)]
            parts = [t.partition('e') for t in texts]
            heads = [p[0].split('.') for p in parts]
            self.exp_size = max(len(p[2]) for p in parts) - 1
            self.precision = self.min_digits = max(len(h[1]) for h in heads)
            self.trim = 'k'
            self.pad_left = max(len(h[0]) for h in heads)
            self.pad_right = self.exp_size + 2 + self.precision
        else:
            self.trim = 'k' if mode == 'fixed' else '.'
            self.fixed = mode == 'fixed'
            items = _n._shortest_digits(finite, self.bits)
            texts = [_positional(v, i, precision, 0, self.fixed, self.trim, plus).split('.') for v, i in zip(finite, items)]
            self.pad_left = max(len(t[0]) for t in texts)
            self.pad_right = max(len(t[1]) for t in texts)
            if mode in ('fixed', 'maxprec_equal'):
                self.precision = self.min_digits = self.pad_right
                self.trim = 'k'
            else:
                self.trim, self.min_digits = '.', 0
        if self.sign == ' ' and not any(i[0] for i in _n._shortest_digits(finite, 64)):
            self.pad_left += 1
        if len(finite) != len(values):
            negative = self.sign != '-' or any(v == -inf for v in values)
            offset = self.pad_right + 1
            self.pad_left = max(self.pad_left, len(self.nanstr) - offset, len(self.infstr) + negative - offset)

    def __call__(self, x):
        x = float(x)
        if x - x != 0:
            if x != x:
                text = ('+' if self.sign == '+' else '') + self.nanstr
            else:
                text = ('-' if x < 0 else '+' if self.sign == '+' else '') + self.infstr
            return text.rjust(self.pad_left + self.pad_right + 1)
        item = _n._shortest_digits([x], self.bits)[0]
        plus = self.sign == '+'
        if self.exp_format:
            text = _scientific(x, item, self.precision, self.min_digits, self.fixed, self.trim, plus, self.exp_size)
            return text.rjust(self.pad_left + 1 + self.pad_right)
        text = _positional(x, item, self.precision, self.min_digits, self.fixed, self.trim, plus)
        return _pad(text, self.pad_left, self.pad_right)


class _ComplexFormat:
    def __init__(self, data, options):
        self.real = _FloatFormat(data.real, options)
        self.imag = _FloatFormat(data.imag, options, '+')

    def __call__(self, x):
        imag = self.imag(x.imag)
        text = imag.rstrip()
        return self.real(x.real) + text + 'j' + imag[len(text):]


class _TimeFormat:
    def __init__(self, data):
        texts = [self.text(v) for v in data.ravel()]
        self.width = max((len(t) for t in texts), default=0)

    @staticmethod
    def text(v):
        return str(v)

    def __call__(self, x):
        return self.text(x).rjust(self.width)


class _DateFormat(_TimeFormat):
    @staticmethod
    def text(v):
        s = str(v)
        return "'%s'" % s

    def __call__(self, x):
        return self.text(x).rjust(self.width)


class _DeltaFormat(_TimeFormat):
    @staticmethod
    def text(v):
        s = str(v)
        return "'NaT'" if s == 'NaT' else s.split(' ')[0]


class _StructFormat:
    def __init__(self, data, options):
        self.formats = []
        for name in data.dtype.names:
            field = data[name]
            f = _choose(field, options)
            if data.dtype[name].shape:
                f = _SubFormat(f)
            self.formats.append(f)

    def __call__(self, x):
        texts = [f(v) for f, v in zip(self.formats, x.item() if not hasattr(x, '_values') else x)] \
            if not hasattr(x, 'dtype') else [f(x[n]) for f, n in zip(self.formats, x.dtype.names)]
        return '(%s,)' % texts[0] if len(texts) == 1 else '(%s)' % ', '.join(texts)


class _SubFormat:
    def __init__(self, f):
        self.f = f

    def __call__(self, a):
        if a.ndim <= 1:
            return '[' + ', '.join(self.f(v) for v in a) + ']'
        return '[' + ', '.join(self(v) for v in a) + ']'


def _object_text(o):
    return 'list(%r)' % o if type(o) is list else repr(o)


def _int_format(data):
    if data.size == 0:
        return str
    width = max(len(str(data.max())), len(str(data.min())))
    return lambda x: str(x).rjust(width)


_GROUPS = {'b': 'bool', 'i': 'int', 'u': 'int', 'f': 'float', 'c': 'complexfloat', 'O': 'object', 'S': 'numpystr',
           'U': 'numpystr', 'V': 'void', 'M': 'datetime', 'm': 'timedelta'}


def _custom(formatter, kind):
    group = _GROUPS[kind]
    if not formatter:
        return None
    formatter = {k: v for k, v in formatter.items() if v is not None}
    names = [group]
    if group in ('int',):
        names += ['int_kind', 'all']
    elif group == 'float':
        names += ['float_kind', 'all']
    elif group == 'complexfloat':
        names += ['complex_kind', 'all']
    elif group == 'numpystr':
        names += ['str_kind', 'all']
    else:
        names += ['all']
    for name in reversed(names):
        if name in formatter:
            found = formatter[name]
            break
    else:
        return None
    for name in names:
        if name in formatter:
            return formatter[name]
    return found


def _choose(data, options):
    kind = data.dtype.kind
    custom = _custom(options['formatter'], kind)
    if custom:
        return custom
    if kind == 'b':
        return (lambda x: ' True' if x else 'False') if data.shape else (lambda x: 'True' if x else 'False')
    if kind in 'iu':
        return _int_format(data)
    if kind == 'f':
        return _FloatFormat(data, options)
    if kind == 'c':
        return _ComplexFormat(data, options)
    if kind == 'M':
        return _DateFormat(data)
    if kind == 'm':
        return _DeltaFormat(data)
    if kind == 'O':
        return _object_text
    if kind == 'V':
        if data.dtype.names is not None:
            return _StructFormat(data, options)
        return lambda x: repr(x) if not hasattr(x, 'tobytes') else "b'%s'" % ''.join('\\x%02X' % b for b in x.tobytes())
    return lambda x: repr(x.item() if hasattr(x, 'item') else x)


def _corners(a, edge, index=()):
    """The elements that a summary shows, as an array."""
    axis = len(index)
    if axis == a.ndim:
        return a[index]
    if a.shape[axis] > 2 * edge:
        return _n.concatenate((_corners(a, edge, index + (slice(None, edge),)),
                               _corners(a, edge, index + (slice(-edge, None),))), axis=axis)
    return _corners(a, edge, index + (slice(None),))


class _Lines:
    """Words laid out in lines of a width, each starting with `indent`."""

    def __init__(self, indent, width):
        self.indent, self.width = indent, width
        self.done, self.line = [], indent

    def add(self, word, separator):
        if '\n' in word:
            rows = word.splitlines()
            if len(self.line) + max(len(r) for r in rows) > self.width and len(self.line) > len(self.indent):
                self.done.append(self.line.rstrip())
                self.line = self.indent
            pad = ' ' * len(self.line)
            for i, row in enumerate(rows):
                if i:
                    self.done.append(self.line.rstrip())
                    self.line = pad
                self.line += row
        else:
            if len(self.line) + len(word) > self.width and len(self.line) > len(self.indent):
                self.done.append(self.line.rstrip())
                self.line = self.indent
            self.line += word
        self.line += separator

    def text(self):
        return '\n'.join(self.done + [self.line])


def _nested(a, index, form, indent, width, separator, edge, dots):
    axis = len(index)
    left = a.ndim - axis
    if left == 0:
        return form(a[index])
    n = a.shape[axis]
    summary = dots and 2 * edge < n
    head, tail = (edge, edge) if summary else (0, n)
    places = list(range(head)) + [None] * bool(summary) + list(range(n - tail, n))
    if left == 1:
        lines = _Lines(indent, width - max(len(separator.rstrip()), 1))
        last = len(places) - 1
        for k, i in enumerate(places):
            word = '...' if i is None else form(a[index + (i,)])
            lines.add(word, separator if k < last else '')
        text = lines.text()
    else:
        between = separator.rstrip() + '\n' * (left - 1)
        rows = ['...' if i is None else _nested(a, index + (i,), form, indent + ' ', width - 1, separator, edge, dots)
                for i in places]
        text = between.join(indent + row for row in rows)
    return '[' + text[len(indent):] + ']'


def _to_string(a, options, separator=' ', prefix=''):
    data = a
    if type(a) is not _n.ndarray:
        data = _n.asarray(a)
        a = data
    dots = a.size > options['threshold']
    if dots:
        data = _corners(a, options['edgeitems'])
    form = _choose(data, options)
    if a.ndim == 0:
        return form(a[()])
    return _nested(a, (), form, ' ' + ' ' * len(prefix), options['linewidth'], separator, options['edgeitems'], dots)


def array2string(a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', style=None,
                 formatter=None, threshold=None, edgeitems=None, sign=None, floatmode=None, suffix='', *, legacy=None):
    """Return a string representation of an array."""
    options = dict(_options)
    options.update(_checked(precision, threshold, edgeitems, max_line_width, suppress_small, None, None, formatter, sign,
                            floatmode, legacy))
    options['linewidth'] -= len(suffix)
    a = _n.asanyarray(a)
    if a.size == 0:
        return '[]'
    return _to_string(a, options, separator, prefix)


_IMPLIED = frozenset('?ldD')


def _dtype_text(d):
    if d.names is not None:
        return str(d)
    if d.kind in 'SUVMm' or not d.isnative:
        return "'%s'" % str(d)
    return d.name


def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    """Return the string representation of an array."""
    width = max_line_width or _options['linewidth']
    name = 'array' if type(arr) is _n.ndarray else type(arr).__name__
    prefix = name + '('
    options = dict(_options)
    options.update(_checked(precision, linewidth=max_line_width, suppress=suppress_small))
    options['linewidth'] -= 1
    if arr.size == 0:
        body = '[]'
    else:
        body = _to_string(arr, options, ', ', prefix)
    extras = []
    if (arr.size == 0 and arr.shape != (0,)) or (arr.size > options['threshold']):
        extras.append('shape=%s' % (arr.shape,))
    implied = (arr.dtype.char in _IMPLIED and arr.dtype.isnative or arr.dtype.kind == 'O' and False) and arr.size > 0
    if not implied:
        extras.append('dtype=' + _dtype_text(arr.dtype))
    if not extras:
        return prefix + body + ')'
    text = prefix + body + ','
    tail = ', '.join(extras) + ')'
    last = len(text) - (text.rfind('\n') + 1)
    space = ' ' if last + len(tail) + 1 <= width else '\n' + ' ' * len(prefix)
    return text + space + tail


def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    """Return a string representation of the data in an array."""
    if a.ndim == 0:
        v = a[()]
        return str(v) if v is not a else str(a.item())
    if a.size == 0:
        return '[]'
    options = dict(_options)
    options.update(_checked(precision, linewidth=max_line_width, suppress=suppress_small))
    return _to_string(a, options)


def _repr_hook(a):
    if _options['override_repr'] is not None:
        return _options['override_repr'](a)
    return array_repr(a)


_n._glue['array_repr'] = _repr_hook
_n._glue['array_str'] = array_str
_n._glue['legacy_scalars'] = False
