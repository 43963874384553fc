"""numpy.dtypes: the classes of dtypes. type(np.dtype('f8')) is Float64DType; names that NumPy has for types that are the
same here (LongDoubleDType, LongLongDType) are other names of one class."""
import _numpy as _n

globals().update(_n._dtype_classes)
for _old, _new in (('Byte', 'Int8'), ('UByte', 'UInt8'), ('Short', 'Int16'), ('UShort', 'UInt16'), ('Int', 'Int32'), ('UInt', 'UInt32'),
                   ('Long', 'Int64'), ('ULong', 'UInt64'), ('LongLong', 'Int64'), ('ULongLong', 'UInt64'),
                   ('LongDouble', 'Float64'), ('CLongDouble', 'Complex128')):
    globals()[_old + 'DType'] = globals()[_new + 'DType']
__all__ = [_name for _name in list(globals()) if _name.endswith('DType')]
