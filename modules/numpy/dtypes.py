"""numpy.dtypes: a class for every kind of dtype. All dtypes here are instances of numpy.dtype; these classes tell the
kinds apart with isinstance(), and make a dtype when called."""
import _numpy as _n


class _Kind(type):
    def __instancecheck__(cls, d):
        return type(d) is _n.dtype and (d.char in cls._chars if cls._chars else d.kind == cls._kind)

    def __call__(cls, *args):
        if cls._chars:
            return _n.dtype(cls._chars[0])
        return _n.dtype('%s%s' % (cls._kind, args[0] if args else ''))

    def __repr__(cls):
        return "<class 'numpy.dtypes.%s'>" % cls.__name__


def _make(name, chars, kind=''):
    return _Kind(name, (), {'_chars': chars, '_kind': kind, '__module__': 'numpy.dtypes', '__doc__': 'The dtype of %s.' % (
        name[:-5].lower())})


__all__ = []
for _name, _chars in (('Bool', '?'), ('Int8', 'b'), ('UInt8', 'B'), ('Int16', 'h'), ('UInt16', 'H'), ('Int32', 'i'), ('UInt32', 'I'),
                      ('Int64', 'lqp'), ('UInt64', 'LQP'), ('Float16', 'e'), ('Float32', 'f'), ('Float64', 'd'), ('LongDouble', 'g'),
                      ('Complex64', 'F'), ('Complex128', 'D'), ('CLongDouble', 'G'), ('Object', 'O'), ('DateTime64', 'M'),
                      ('TimeDelta64', 'm')):
    globals()[_name + 'DType'] = _make(_name + 'DType', _chars)
    __all__.append(_name + 'DType')
for _name, _kind in (('Bytes', 'S'), ('Str', 'U'), ('Void', 'V')):
    globals()[_name + 'DType'] = _make(_name + 'DType', '', _kind)
    __all__.append(_name + 'DType')
for _old, _new in (('Byte', 'Int8'), ('UByte', 'UInt8'), ('Short', 'Int16'), ('UShort', 'UInt16'), ('Int', 'Int32'), ('UInt', 'UInt32'),
                   ('Long', 'Int64'), ('ULong', 'UInt64'), ('LongLong', 'Int64'), ('ULongLong', 'UInt64')):
    globals()[_old + 'DType'] = globals()[_new + 'DType']
    __all__.append(_old + 'DType')
