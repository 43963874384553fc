"""datetime64 and timedelta64: text, conversion, arithmetic.

A value is a count of units (of `n` units for "25s") since 1970; INT64_MIN is NaT. The library's datetime is imported
where it is used: it would take a fifth of the time of `import numpy`.
"""
import _numpy as _n

_UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as']
_SECONDS = {'W': 604800, 'D': 86400, 'h': 3600, 'm': 60, 's': 1}
_FRACTIONS = {'ms': 3, 'us': 6, 'ns': 9, 'ps': 12, 'fs': 15, 'as': 18}
_NAT = -2 ** 63
_NAMES = ('NaT', 'nat', 'NAT', '')


def count(s):
    v = int.from_bytes(_n.asarray(s).tobytes(), 'little', signed=True)
    return None if v == _NAT else v


def _days(year, month, day):
    """Days from 1970-01-01 in the proleptic Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    yoe = year - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def _civil(days):
    days += 719468
    era = days // 146097
    doe = days - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day = doy - (153 * mp + 2) // 5 + 1
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, day


def _attoseconds(v, unit):
    """A count of a linear unit in attoseconds."""
    if unit in _SECONDS:
        return v * _SECONDS[unit] * 10 ** 18
    return v * 10 ** (18 - _FRACTIONS[unit])


def _unit_size(unit):
    return _attoseconds(1, unit)


def text(s):
    unit, n = s.dtype._unit
    v = count(s)
    if v is None:
        return 'NaT'
    if isinstance(s, _n.timedelta64):
        names = {'Y': 'years', 'M': 'months', 'W': 'weeks', 'D': 'days', 'h': 'hours', 'm': 'minutes', 's': 'seconds',
                 'ms': 'milliseconds', 'us': 'microseconds', 'ns': 'nanoseconds', 'ps': 'picoseconds',
                 'fs': 'femtoseconds', 'as': 'attoseconds', 'generic': 'generic time units'}
        return '%d %s' % (v * n, names[unit])
    return _date_text(v * n, unit)


def _date_text(v, unit):
    if unit == 'Y':
        return '%04d' % (1970 + v)
    if unit == 'M':
        return '%04d-%02d' % (1970 + v // 12, v % 12 + 1)
    if unit == 'generic':
        return str(v)
    total = _attoseconds(v, unit)
    seconds, fraction = divmod(total, 10 ** 18)
    days, seconds = divmod(seconds, 86400)
    out = '%04d-%02d-%02d' % _civil(days)
    if unit in ('W', 'D'):
        return out
    out += 'T%02d' % (seconds // 3600)
    if unit == 'h':
        return out
    out += ':%02d' % (seconds // 60 % 60)
    if unit == 'm':
        return out
    out += ':%02d' % (seconds % 60)
    if unit in _FRACTIONS:
        out += '.' + ('%018d' % fraction)[:_FRACTIONS[unit]]
    return out


def unit_suffix(s):
    unit, n = s.dtype._unit
    if count(s) is None and unit != 'generic':
        return ",'%s'" % unit
    return ''


def item(a):
    """A 0-d array of times as a Python object."""
    unit, n = a.dtype._unit
    v = count(a)
    if v is None:
        return None
    v *= n
    import datetime as _dt
    if a.dtype.kind == 'm':
        if unit in ('Y', 'M', 'generic', 'ns', 'ps', 'fs', 'as'):
            return v
        return _dt.timedelta(microseconds=_attoseconds(v, unit) // 10 ** 12)
    if unit in ('ns', 'ps', 'fs', 'as', 'generic'):
        return v
    if unit in ('Y', 'M', 'W', 'D'):
        days = _to_days(v, unit)
        y, m, d = _civil(days)
        return _dt.date(y, m, d) if 1 <= y <= 9999 else v
    micro = _attoseconds(v, unit) // 10 ** 12
    return _dt.datetime(1970, 1, 1) + _dt.timedelta(microseconds=micro)


def _to_days(v, unit):
    if unit == 'Y':
        return _days(1970 + v, 1, 1)
    if unit == 'M':
        return _days(1970 + v // 12, v % 12 + 1, 1)
    return v * (7 if unit == 'W' else 1)


def convert(v, unit, n, to_unit, to_n, date):
    """A count in other units, rounded down (dates) or towards zero."""
    if v is None or unit == 'generic':
        return v
    v *= n
    if unit != to_unit:
        if unit in ('Y', 'M') and to_unit in ('Y', 'M'):
            v = v * 12 if unit == 'Y' else v // 12
        elif date and unit in ('Y', 'M'):
            v = _attoseconds(_to_days(v, unit), 'D') // _unit_size(to_unit)
        elif date and to_unit in ('Y', 'M'):
            y, m, _ = _civil(_attoseconds(v, unit) // _unit_size('D'))
            v = y - 1970 if to_unit == 'Y' else (y - 1970) * 12 + m - 1
        elif unit in ('Y', 'M') or to_unit in ('Y', 'M'):
            raise TypeError("Cannot cast NumPy timedelta64 scalar from metadata [%s] to [%s] according to the rule 'same_kind'" %
                            (unit, to_unit))
        else:
            total, size = _attoseconds(v, unit), _unit_size(to_unit)
            v = total // size if date or total >= 0 else -(-total // size)
    return v // to_n if date or v >= 0 else -(-v // to_n)


def parse(s):
    """ISO text -> (count, unit)."""
    s = s.strip()
    if s in _NAMES:
        return None, 'generic'
    if s == 'today':
        import datetime as _dt
        return (_dt.date.today() - _dt.date(1970, 1, 1)).days, 'D'
    if s == 'now':
        return int(__import__('time').time()), 's'
    bad = ValueError('Error parsing datetime string "%s" at position 0' % s)
    sign = 1
    body = s
    if body[:1] in '+-':
        sign, body = (-1 if body[0] == '-' else 1), body[1:]
    date, sep, clock = body.partition('T') if 'T' in body else body.partition(' ')
    parts = date.split('-')
    try:
        if len(parts) == 1 and len(date) == 8 and date.isdigit():
            parts = [date[:4], date[4:6], date[6:]]
        numbers = [int(p) for p in parts]
    except ValueError:
        raise bad from None
    numbers[0] *= sign
    if len(numbers) == 1:
        return numbers[0] - 1970, 'Y'
    if not 1 <= numbers[1] <= 12:
        raise ValueError('Month out of range in datetime string "%s"' % s)
    if len(numbers) == 2:
        return (numbers[0] - 1970) * 12 + numbers[1] - 1, 'M'
    import calendar
    if not 1 <= numbers[2] <= calendar.monthrange(2000 + numbers[0] % 400, numbers[1])[1]:
        raise ValueError('Day out of range in datetime string "%s"' % s)
    days = _days(*numbers[:3])
    if not sep:
        return days, 'D'
    if clock.endswith('Z'):
        clock = clock[:-1]
    clock, _, fraction = clock.partition('.')
    try:
        t = [int(p) for p in clock.split(':')]
    except ValueError:
        raise bad from None
    if len(t) == 1:
        return days * 24 + t[0], 'h'
    if len(t) == 2:
        return (days * 24 + t[0]) * 60 + t[1], 'm'
    seconds = ((days * 24 + t[0]) * 60 + t[1]) * 60 + t[2]
    if not fraction:
        return seconds, 's'
    places = -(-len(fraction) // 3) * 3
    unit = {3: 'ms', 6: 'us', 9: 'ns', 12: 'ps', 15: 'fs', 18: 'as'}[min(places, 18)]
    return seconds * 10 ** places + int(fraction.ljust(places, '0')), unit


def _read(value, date):
    """Any value -> (count, unit, n)."""
    if isinstance(value, (_n.datetime64, _n.timedelta64)) or (isinstance(value, _n.ndarray) and value.dtype.kind in 'mM'):
        return (count(value),) + value.dtype._unit
    if value is None:
        return None, 'generic', 1
    if isinstance(value, str):
        if not date:
            if not value or value.lower() == 'nat':
                return None, 'generic', 1
            return int(value), 'generic', 1
        return parse(value) + (1,)
    import datetime as _dt
    if isinstance(value, _dt.datetime):
        if value.tzinfo is not None:
            value = (value - value.utcoffset()).replace(tzinfo=None)
        return (value - _dt.datetime(1970, 1, 1)) // _dt.timedelta(microseconds=1), 'us', 1
    if isinstance(value, _dt.date):
        return (value - _dt.date(1970, 1, 1)).days, 'D', 1
    if isinstance(value, _dt.timedelta):
        return value // _dt.timedelta(microseconds=1), 'us', 1
    if isinstance(value, float) and value != value:
        return None, 'generic', 1
    return int(value), 'generic', 1


def to_bytes(value, d):
    date = d.kind == 'M'
    v, unit, n = _read(value, date)
    to_unit, to_n = d._unit
    if to_unit != 'generic' and unit != 'generic':
        v = convert(v, unit, n, to_unit, to_n, date)
    return (_NAT if v is None else v).to_bytes(8, 'little' if d.isnative else 'big', signed=True)


def make(cls, *args):
    date = issubclass(cls, _n.datetime64)
    code = 'M8' if date else 'm8'
    if not args:
        v, unit, n = (None if date else 0), 'generic', 1
    else:
        v, unit, n = _read(args[0], date)
    if len(args) > 1:
        spec = args[1]
        if isinstance(spec, tuple):
            spec = '%s%s' % (spec[1], spec[0])
        if isinstance(spec, bytes):
            spec = spec.decode()
        if isinstance(spec, _n.dtype):
            d = spec
        else:
            d = _n.dtype(code + spec if spec.startswith('[') else '%s[%s]' % (code, spec))
        if unit != 'generic':
            v = convert(v, unit, n, *d._unit, date)
    elif unit == 'generic':
        if date and args and not isinstance(args[0], (str, type(None))):
            raise ValueError('Converting an integer to a NumPy datetime requires a specified unit')
        d = _n.dtype(code)
    else:
        d = _n.dtype('%s[%s%s]' % (code, n if n != 1 else '', unit))
    return _n._scalar(d, (_NAT if v is None else v).to_bytes(8, 'little', signed=True))


def _counts(a, d):
    return a.astype(d).view('l')


def _wrap(values, nat, d):
    values = _n.array(values, 'l', copy=True)
    values[nat] = _NAT
    out = values.view(d)
    return out[()] if out.ndim == 0 else out


def _delta(d):
    unit, n = d._unit
    return _n.dtype('m8' if unit == 'generic' else 'm8[%s%s]' % (n if n != 1 else '', unit))


def ufunc(name, args):
    """The ufuncs of times: NotImplemented for what has no meaning."""
    kinds = ''.join(a.dtype.kind for a in args)
    if len(args) == 1:
        a, = args
        v = a.view('l')
        nat = v == _NAT
        if kinds == 'm' and name in ('negative', 'absolute', 'positive', 'sign'):
            if name == 'sign':
                return _n.sign(v).astype('d')
            return _wrap(getattr(_n, name)(v), nat, a.dtype)
        return NotImplemented
    a, b = args[:2]
    numeric = 'bui'
    if name in ('add', 'subtract', 'maximum', 'minimum', 'fmax', 'fmin', 'remainder'):
        if kinds[0] in numeric:
            a = a.astype('l').view(_delta(b.dtype))
        if kinds[1] in numeric:
            b = b.astype('l').view(_delta(a.dtype))
        kinds = a.dtype.kind + b.dtype.kind
        if kinds not in ('mm', 'Mm', 'mM', 'MM') or (name == 'add' and kinds == 'MM') or (name == 'subtract' and kinds == 'mM'):
            return NotImplemented
        common = _n.promote_types(a.dtype if kinds[0] == 'm' else _delta(a.dtype), b.dtype if kinds[1] == 'm' else _delta(b.dtype))
        unit, n = common._unit
        spec = '' if unit == 'generic' else '[%s%s]' % (n if n != 1 else '', unit)
        x = _counts(a, a.dtype.kind + '8' + spec)
        y = _counts(b, b.dtype.kind + '8' + spec)
        nat = (x == _NAT) | (y == _NAT)
        if name == 'remainder':
            return _wrap(_n.remainder(x, y), nat, 'm8' + spec)
        if name in ('maximum', 'minimum', 'fmax', 'fmin'):
            return _wrap(getattr(_n, name)(x, y), nat, kinds[0] + '8' + spec)
        kind = 'M' if kinds in ('Mm', 'mM') and not (name == 'subtract' and kinds == 'MM') else 'm'
        if kinds == 'MM':
            kind = 'm'
        return _wrap(x + y if name == 'add' else x - y, nat, kind + '8' + spec)
    if name == 'multiply' and 'm' in kinds:
        if kinds[0] != 'm':
            a, b = b, a
        v = a.view('l')
        return _wrap((v * b).astype('l'), v == _NAT, a.dtype)
    if name in ('divide', 'floor_divide') and kinds[0] == 'm':
        v = a.view('l')
        if kinds[1] == 'm':
            common = _n.promote_types(a.dtype, b.dtype)
            x, y = _counts(a, common), _counts(b, common)
            nat = (x == _NAT) | (y == _NAT)
            if name == 'floor_divide':
                return (x // y)[()]
            r = _n.asarray(x / y)
            return _n.where(nat, float('nan'), r)[()]
        if kinds[1] in 'bui':
            return _wrap(v // b if name == 'floor_divide' else (_n.trunc(v / b)).astype('l'), v == _NAT, a.dtype)
        if kinds[1] == 'f':
            r = v / b
            return _wrap((_n.floor(r) if name == 'floor_divide' else r).astype('l'), v == _NAT, a.dtype)
    return NotImplemented


def arange(start, stop, step, d):
    unit, n = d._unit
    date = d.kind == 'M'
    delta = _n.dtype('m8[%s%s]' % (n if n != 1 else '', unit)) if unit != 'generic' else _n.dtype('m8')
    def number(v, t):
        return int(_n.asarray(v, t).view('l')) if not isinstance(v, int) else v
    first = number(start, d) if start is not None else 0
    last = number(stop, d)
    by = number(step, delta)
    return _n.arange(first, last, by, 'l').view(d)
