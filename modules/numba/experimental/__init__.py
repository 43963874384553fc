"""numba.experimental: jitclass, classes whose fields have declared types and whose methods are kernels.

An instance is an ordinary Python object: kernels take its fields in and set again what they have changed. Its methods
are compiled for the types of their arguments when they are called, from Python and from kernels.
"""
from numba import njit
from numba.core import types

__all__ = ["jitclass"]

_PLAIN = {int: types.int64, float: types.float64, bool: types.boolean, complex: types.complex128, str: types.unicode_type}
_NUMBERS = {"i": int, "u": int, "f": float, "d": float, "c": complex, "b": bool}


def _type_of(annotation):
    if isinstance(annotation, types.Type):
        return annotation
    if isinstance(annotation, type) and hasattr(annotation, "class_type"):
        return annotation.class_type.instance_type
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    name = getattr(annotation, "__name__", None)
    if name and isinstance(getattr(types, name, None), types.Type):
        return getattr(types, name)
    raise TypeError(f"{annotation!r} is not the type of a field that kernels know")


def _setattr(cls, fields):
    """__setattr__ of a jitclass: only declared fields and properties, numbers become of the declared kind."""
    def __setattr__(self, name, value):
        kind = fields.get(name)
        if kind is None:
            if not isinstance(getattr(cls, name, None), property):
                raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}'")
        elif kind is not any:
            value = kind(value)
        object.__setattr__(self, name, value)
    return __setattr__


class _ClassType:
    """What cls.class_type is to Numba's users: its instance_type stands in specs and signatures."""

    def __init__(self, cls, spec):
        self.class_name = cls.__name__
        self.struct = dict(spec)
        self.instance_type = types.ClassInstance(cls)


def _number_kind(kind):
    """How a value for a field of this type is converted in Python; any: it is not."""
    name = str(kind)
    plain = name.isalnum() and name.rstrip("0123456789") in ("int", "uint", "float", "complex", "bool", "boolean", "intp",
                                                             "uintp")
    return _NUMBERS[name[0]] if plain else any


def jitclass(cls_or_spec=None, spec=None):
    """Make a class of typed fields: @jitclass, @jitclass(spec) or jitclass(cls, spec).

    spec: (name, type) pairs or a dict; annotations of the class add to it.
    """
    if cls_or_spec is not None and spec is None and not isinstance(cls_or_spec, type):
        spec, cls_or_spec = cls_or_spec, None

    def make(cls):
        fields = dict(spec or ())
        for name, annotation in getattr(cls, "__annotations__", {}).items():
            fields.setdefault(name, annotation)
        if not all(isinstance(name, str) for name in fields):
            raise TypeError("spec keys should be strings")
        typed = [(name, _type_of(kind)) for name, kind in fields.items()]
        kinds = {name: _number_kind(kind) for name, kind in typed}
        for name in kinds:
            if name in cls.__dict__:
                raise NameError(f"name shadowing is not allowed: '{name}' is a field and an attribute of the class")
        for name, member in list(cls.__dict__.items()):
            if type(member) is type(make):
                setattr(cls, name, njit(member))
            elif isinstance(member, property):
                setattr(cls, name, property(member.fget and njit(member.fget), member.fset and njit(member.fset), None,
                                            member.__doc__))
            elif isinstance(member, staticmethod):
                setattr(cls, name, staticmethod(njit(member.__func__)))
        cls.__setattr__ = _setattr(cls, kinds)
        cls._numba_spec_ = tuple((name, str(kind)) for name, kind in typed)
        cls.class_type = _ClassType(cls, typed)
        return cls

    return make if cls_or_spec is None else make(cls_or_spec)
