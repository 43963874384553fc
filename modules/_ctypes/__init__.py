"""The classes of ctypes over their native core: metaclasses, layouts' classes, POINTER.

The core (_ctypes_core) has the memory and the calls; a class tells it what it is in C by the attribute
_ctypes_info_.  Where a structure's members lie is in layout.py."""
from _ctypes_core import (
    ArgumentError, CTYPES_MAX_ARGCOUNT, PyObj_FromPtr, RTLD_GLOBAL, RTLD_LOCAL, _Aggregate, _Array, _CData, _Function,
    _PointerBase, _Simple, _cast_addr, _memmove_addr, _memset_addr, _string_at_addr, _wstring_at_addr, addressof, alignment,
    buffer_info, byref, call_function, call_raw as _call_raw, chars_raw as _chars_raw, chars_set_raw as _chars_set_raw,
    chars_set_value as _chars_set_value, chars_value as _chars_value, dlclose, dlopen, dlsym, get_errno, resize, set_errno,
    sizeof, wide_set_value as _wide_set_value, wide_value as _wide_value)
import _ctypes_core as _core
from _ctypes.layout import define as _define

__version__ = "1.1.0"
FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI, FUNCFLAG_USE_ERRNO, FUNCFLAG_USE_LASTERROR = 1, 4, 8, 16
call_cdeclfunction = call_function
_pointer_type_cache = {}
_array_types = {}


def Py_INCREF(obj):
    """Nothing: objects are collected when nobody holds them."""
    return obj


Py_DECREF = Py_INCREF


def _keep(self):
    raise TypeError("can't delete attribute")


def _info(cls):
    return cls.__dict__.get("_ctypes_info_") or getattr(cls, "_ctypes_info_", None)


class _Meta(type):
    def __mul__(cls, length):
        return _array_type(cls, length)

    def __rmul__(cls, length):
        return _array_type(cls, length)

    def from_address(cls, address):
        """C.from_address(integer) -> C instance\naccess a C instance at the specified address"""
        return _core.from_address(cls, address)

    def from_buffer(cls, object, offset=0):
        """C.from_buffer(object, offset=0) -> C instance\ncreate a C instance from a writeable buffer"""
        return _core.from_buffer(cls, object, offset)

    def from_buffer_copy(cls, object, offset=0):
        """C.from_buffer_copy(object, offset=0) -> C instance\ncreate a C instance from a readable buffer"""
        return _core.from_buffer_copy(cls, object, offset)

    def in_dll(cls, library, name):
        """C.in_dll(dll, name) -> C instance\naccess a C instance in a dll"""
        handle = library._handle
        if not isinstance(handle, int):
            raise TypeError("the _handle attribute of the second argument must be an integer")
        try:
            address = dlsym(handle, name)
        except OSError as e:
            raise ValueError(str(e)) from None
        return _core.from_address(cls, address)

    def from_param(cls, value):
        """Convert a Python object into a function call parameter."""
        if isinstance(value, cls):
            return value
        if type(value).__name__ == "CArgObject":
            target = value._obj
            if getattr(cls, "_ctypes_pointer_", False) and isinstance(target, cls._type_):
                return value
            raise TypeError("expected %s instance instead of pointer to %s" % (cls.__name__, type(target).__name__))
        stand_in = getattr(value, "_as_parameter_", None)
        if stand_in is not None:
            return cls.from_param(stand_in)
        raise TypeError("expected %s instance instead of %s" % (cls.__name__, type(value).__name__))


# ---- Simple types

_PEP3118 = {"l": "q", "L": "Q"}


class PyCSimpleType(_Meta):
    """metatype for the PyCSimpleType types"""

    def __new__(meta, name, bases, namespace, swapped=False):
        cls = type.__new__(meta, name, bases, namespace)
        if bases == (_Simple,):
            return cls
        code = getattr(cls, "_type_", None)
        if "_type_" not in namespace and _info(cls):
            return cls
        if code is None:
            raise AttributeError("class must define a '_type_' attribute")
        if not isinstance(code, str):
            raise TypeError("class must define a '_type_' string attribute")
        if len(code) != 1:
            raise ValueError("class must define a '_type_' attribute which must be a string of length 1")
        cls._ctypes_info_ = _core.simple_info(code, swapped, (">" if swapped else "<") + _PEP3118.get(code, code))
        if not swapped and meta is PyCSimpleType and code in "hHiIlLqQfd" and bases == (_SimpleCData,):
            other = PyCSimpleType(name, bases, {"_type_": code, "__module__": cls.__module__}, swapped=True)
            cls.__ctype_le__ = other.__ctype_le__ = cls
            cls.__ctype_be__ = other.__ctype_be__ = other
        return cls

    def __init__(cls, name, bases, namespace, swapped=False):
        type.__init__(cls, name, bases, namespace)

    def from_param(cls, value):
        """Convert a Python object into a function call parameter."""
        return _core.simple_from_param(cls, value)


class _SimpleCData(_Simple, metaclass=PyCSimpleType):
    """Simple C object"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kw):
        if cls is _SimpleCData:
            raise TypeError("abstract class")
        return _Simple.__new__(cls)


# ---- Structures and unions

class _AggregateMeta(_Meta):
    _ctypes_union_ = False

    def __new__(meta, name, bases, namespace):
        cls = type.__new__(meta, name, bases, namespace)
        if bases == (_Aggregate,):
            return cls
        base = cls.__bases__[0]
        if base.__dict__.get("_ctypes_open_"):
            type.__setattr__(base, "_ctypes_open_", False)
        if "_fields_" in namespace and not namespace.get("_abstract_", 0):
            cls._fields_ = namespace["_fields_"]  # by way of __setattr__, which a subclass may change
        elif "_ctypes_info_" not in cls.__dict__:
            if getattr(base, "_ctypes_info_", None) is None:
                cls._ctypes_info_ = _core.aggregate_info(meta._ctypes_union_, 0, 1, 0, [], False, "B")
                cls._ctypes_names_ = []
                cls._ctypes_open_ = True
            else:
                cls._ctypes_open_ = True  # as the base's, until _fields_ are set or an instance is made
        return cls

    def __setattr__(cls, name, value):
        if name == "_fields_" and cls.__bases__ != (_Aggregate,):
            _define(cls, value, type(cls)._ctypes_union_)
        type.__setattr__(cls, name, value)

    def __delattr__(cls, name):
        type.__delattr__(cls, name)

    def from_param(cls, value):
        """Convert a Python object into a function call parameter."""
        return _Meta.from_param(cls, value)


class PyCStructType(_AggregateMeta):
    """metatype for the CData Objects"""


class UnionType(_AggregateMeta):
    """metatype for the Union Objects"""
    _ctypes_union_ = True


def _new_aggregate(cls, args, kw):
    if _info(cls) is None or cls.__dict__.get("_abstract_"):
        raise TypeError("abstract class")
    if cls.__dict__.get("_ctypes_open_"):
        type.__setattr__(cls, "_ctypes_open_", False)
    return _Aggregate.__new__(cls)


class Structure(_Aggregate, metaclass=PyCStructType):
    """Structure base class"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kw):
        return _new_aggregate(cls, args, kw)


class Union(_Aggregate, metaclass=UnionType):
    """Union base class"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kw):
        return _new_aggregate(cls, args, kw)


# ---- Arrays

class PyCArrayType(_Meta):
    """metatype for the Array Objects"""

    def __new__(meta, name, bases, namespace):
        cls = type.__new__(meta, name, bases, namespace)
        if bases == (_Array,):
            return cls
        if "_type_" not in namespace and "_length_" not in namespace and _info(cls):
            return cls
        length = getattr(cls, "_length_", None)
        if length is None:
            raise AttributeError("class must define a '_length_' attribute")
        if not isinstance(length, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        if length >= 1 << 63:
            raise OverflowError("The '_length_' attribute is too large")
        item = getattr(cls, "_type_", None)
        if item is None:
            raise AttributeError("class must define a '_type_' attribute")
        if _info(item) is None:
            raise TypeError("_type_ must have storage info")
        inner = buffer_info(item)[2] if isinstance(item, PyCArrayType) else ()
        cls._ctypes_info_ = _core.array_info(item, length, (length,) + inner)
        if isinstance(item, PyCSimpleType) and item._type_ == "c":
            cls.value = property(_chars_value, _chars_set_value, _keep, doc="string value")
            cls.raw = property(_chars_raw, _chars_set_raw, doc="value")
        elif isinstance(item, PyCSimpleType) and item._type_ == "u":
            cls.value = property(_wide_value, _wide_set_value, _keep, doc="string value")
        return cls

    def from_param(cls, value):
        """Convert a Python object into a function call parameter."""
        if isinstance(value, cls):
            return value
        item = getattr(cls, "_type_", None)
        if item is None:
            raise TypeError("abstract class")
        if isinstance(item, PyCSimpleType) and item._type_ in "cu":
            kind = bytes if item._type_ == "c" else str
            if isinstance(value, kind):
                if len(value) > cls._length_:
                    raise ValueError("Invalid length")
                array = cls()
                array.value = value
                return array
        if isinstance(value, tuple):
            if len(value) > cls._length_:
                raise RuntimeError("Invalid length")
            return cls(*value)
        return _Meta.from_param(cls, value)


class Array(_Array, metaclass=PyCArrayType):
    """Abstract base class for arrays.

The recommended way to create concrete array types is by multiplying any
ctypes data type with a non-negative integer. Alternatively, you can subclass
this type and define _length_ and _type_ class variables. Array elements can
be read and written using standard subscript and slice accesses for slice
reads, the resulting object is not itself an Array."""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kw):
        if _info(cls) is None:
            raise TypeError("abstract class")
        return _Array.__new__(cls)


def _array_type(item, length):
    if not isinstance(length, int):
        raise TypeError("can't multiply a ctypes type by a non-int")
    if length < 0:
        raise ValueError("Array length must be >= 0, not %d" % length)
    key = (item, length)
    cls = _array_types.get(key)
    if cls is None:
        name = "%s_Array_%d" % (item.__name__, length)
        cls = _array_types[key] = PyCArrayType(name, (Array,), {"_length_": length, "_type_": item})
    return cls


# ---- Pointers

def _pointer_format(item):
    format, rank, shape = buffer_info(item)
    if rank:
        return "&(%s)%s" % (",".join(map(str, shape)), format)
    return "&" + (format or "B")


class PyCPointerType(_Meta):
    """metatype for the Pointer Objects"""

    def __new__(meta, name, bases, namespace):
        cls = type.__new__(meta, name, bases, namespace)
        if bases == (_PointerBase,):
            return cls
        if "_type_" in namespace or _info(cls) is None:
            item = namespace.get("_type_")
            if item is not None and _info(item) is None:
                raise TypeError("_type_ must have storage info")
            cls._ctypes_info_ = _core.pointer_info(item, _pointer_format(item) if item is not None else "&B")
        return cls

    def set_type(cls, item):
        if _info(item) is None:
            raise TypeError("_type_ must have storage info")
        _core.set_target(cls._ctypes_info_, item, _pointer_format(item))
        cls._type_ = item

    def from_param(cls, value):
        """Convert a Python object into a function call parameter."""
        if value is None:
            return None
        item = getattr(cls, "_type_", None)
        if item is None:
            raise TypeError("abstract class")
        if isinstance(value, item):  # an instance of the target: its address is passed
            return byref(value)
        if isinstance(value, (_Pointer, Array)) and issubclass(value._type_, item):
            return value
        return _Meta.from_param(cls, value)


class _Pointer(_PointerBase, metaclass=PyCPointerType):
    """XXX to be provided"""
    __module__ = "_ctypes"
    __slots__ = ()
    _ctypes_pointer_ = True

    def __new__(cls, *args, **kw):
        if getattr(cls, "_type_", None) is None:
            raise TypeError("Cannot create instance: has no _type_")
        return _PointerBase.__new__(cls)


def POINTER(type, /):
    """The type of pointers to `type`; a string names one that comes later (SetPointerType)."""
    try:
        return _pointer_type_cache[type]
    except KeyError:
        pass
    if isinstance(type, str):
        cls = PyCPointerType("LP_" + type, (_Pointer,), {})
        _pointer_type_cache[id(cls)] = cls
        return cls
    if not isinstance(type, _Meta):
        raise TypeError("must have a ctypes type")
    cls = PyCPointerType("LP_" + type.__name__, (_Pointer,), {"_type_": type})
    _pointer_type_cache[type] = cls
    return cls


def pointer(obj, /):
    """Create a new pointer instance, pointing to 'obj'."""
    return POINTER(type(obj))(obj)


# ---- Functions

def _check_argtypes(types):
    types = tuple(types)
    for i, cls in enumerate(types, 1):
        if not hasattr(cls, "from_param"):
            raise TypeError("item %d in _argtypes_ has no from_param method" % i)
        if isinstance(cls, UnionType):
            raise TypeError("item %d in _argtypes_ passes a union by value, which is unsupported." % i)
        if isinstance(cls, PyCStructType) and cls.__dict__.get("_ctypes_bits_"):
            raise TypeError("item %d in _argtypes_ passes a struct/union with a bitfield by value, which is unsupported." % i)
    return types


class PyCFuncPtrType(_Meta):
    """metatype for C function pointers"""

    def __new__(meta, name, bases, namespace):
        cls = type.__new__(meta, name, bases, namespace)
        if bases == (_Function,):
            return cls
        flags = getattr(cls, "_flags_", None)
        if not isinstance(flags, int):
            raise TypeError("class must define _flags_ which must be an integer")
        argtypes = getattr(cls, "_argtypes_", None)
        if argtypes is not None:
            if not isinstance(argtypes, tuple):
                raise TypeError("_argtypes_ must be a sequence of types")
            argtypes = _check_argtypes(argtypes)
        restype = getattr(cls, "_restype_", None)
        if restype is not None and _info(restype) is None and not callable(restype):
            raise TypeError("_restype_ must be a type, a callable, or None")
        cls._ctypes_info_ = _core.function_info(flags, argtypes, restype)
        return cls


class CFuncPtr(_Function, metaclass=PyCFuncPtrType):
    """Function Pointer"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kw):
        if _info(cls) is None:
            raise TypeError("abstract class")
        return _Function.__new__(cls, *args)


# paramflags: for each argument (1 in, 2 out, 4 in with default 0, name, default)

def _check_paramflags(flags, argtypes):
    if not isinstance(flags, tuple):
        raise TypeError("paramflags must be a tuple or None")
    if argtypes is not None and len(flags) != len(argtypes):
        raise ValueError("paramflags must have the same length as argtypes")
    for i, item in enumerate(flags):
        if not (isinstance(item, tuple) and 1 <= len(item) <= 3 and isinstance(item[0], int)
                and (len(item) < 2 or item[1] is None or isinstance(item[1], str))):
            raise TypeError("paramflags must be a sequence of (int [,string [,value]]) tuples")
        if item[0] & 7 not in (0, 1, 2, 3, 4, 5):
            raise TypeError("paramflag value %d not supported" % item[0])
        cls = argtypes[i] if argtypes else None
        if item[0] & 2 and not (isinstance(cls, (PyCPointerType, PyCArrayType))
                                or (isinstance(cls, PyCSimpleType) and cls._type_ in "PzZ")):
            raise TypeError("'out' parameter %d must be a pointer type, not %s" % (i + 1, getattr(cls, "__name__", cls)))
    return flags


def _call_with_flags(function, flags, args, named):
    """Binds arguments by the flags, calls, and gives the output arguments when there are any."""
    types = function.argtypes
    given = iter(args)
    call_args, outputs = [], []
    used = 0
    for item, cls in zip(flags, types):
        flag = item[0] & 7
        name = item[1] if len(item) > 1 else None
        if flag == 2:
            if isinstance(cls, PyCArrayType):
                out = cls()
                call_args.append(out)
            else:
                out = cls._type_()
                call_args.append(byref(out))
            outputs.append(out)
            continue
        if used < len(args):
            value = next(given)
            used += 1
        elif name is not None and name in named:
            value = named[name]
        elif len(item) > 2:
            value = item[2]
        elif flag & 4:
            value = 0
        elif name is not None:
            raise TypeError("required argument '%s' missing" % name)
        else:
            raise TypeError("not enough arguments")
        if flag == 3:
            value = value if isinstance(value, cls._type_) else cls._type_(value)
            outputs.append(value)
            value = byref(value)
        call_args.append(value)
    if used < len(args) or len(args) + len(named) > sum(1 for item in flags if item[0] & 7 != 2):
        raise TypeError("call takes exactly %d arguments (%d given)" % (
            sum(1 for item in flags if item[0] & 7 != 2), len(args) + len(named)))
    result = _call_raw(function, tuple(call_args))
    if function.errcheck is not None:
        checked = function.errcheck(result, function, tuple(call_args))
        if checked is not tuple(call_args) and not (isinstance(checked, tuple) and len(checked) == len(call_args)):
            return checked
    if not outputs:
        return result
    values = [out.__ctypes_from_outparam__() for out in outputs]
    return values[0] if len(values) == 1 else tuple(values)


def _unpickle(cls, state):
    obj = cls.__new__(cls)
    obj.__setstate__(state)
    return obj
