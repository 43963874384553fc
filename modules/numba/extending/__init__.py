"""numba.extending: functions, methods and attributes that kernels call, written in Python.

`@overload(f)` decorates a function that gets the types of f's arguments (numba.types) and gives the Python function that
kernels call instead of f for these types, or None. The compiler asks resolve() when it meets such a call; what it gets is
compiled like any other function.
"""
import _jit
from numba.core import types
from numba.core.errors import UnsupportedError

__all__ = ["register_jitable", "overload", "overload_method", "overload_attribute", "intrinsic", "is_jitted"]

_functions = {}  # number in _jit's table of overloaded functions -> what was registered for it
_members = {}    # ("method" or "attribute", name) -> [(class of types or a type, what was registered)]
_found = {}      # (kind, key, text of the types) -> the function for them, or None


def register_jitable(*args, **options):
    """The function itself: kernels call any Python function."""
    def wrap(function):
        return function
    if args and not options:
        return wrap(args[0])
    return wrap


def is_jitted(function):
    """Is it what @njit made?"""
    return isinstance(function, _jit.Dispatcher)


def overload(function, jit_options={}, strict=True, inline="never", prefer_literal=False, **kwargs):
    """Give kernels something to call instead of a function: the decorated one is asked with the types of the arguments."""
    def register(chooser):
        _functions.setdefault(_jit._overload(function), []).append(chooser)
        _found.clear()
        return chooser
    return register


def _member(kind, typ, name):
    def register(chooser):
        _members.setdefault((kind, name), []).append((typ, chooser))
        _found.clear()
        _jit._overload_member(kind + "." + name)
        return chooser
    return register


def overload_method(typ, attr, **kwargs):
    """Give values of a type (types.Array, or one type) a method in kernels."""
    return _member("method", typ, attr)


def overload_attribute(typ, attr, **kwargs):
    """Give values of a type an attribute in kernels: the decorated function is asked with the value's type."""
    return _member("attribute", typ, attr)


def intrinsic(*args, **kwargs):
    raise UnsupportedError("krait's numba has no extending.intrinsic: write the function in Python and call it")


def _fits(value, typ):
    return isinstance(value, typ) if isinstance(typ, type) else value == typ


def resolve(key, texts, names):
    """The function that stands for an overloaded one, for arguments of these types (the last ones have names); None: there is none.

    key: "function.3", "method.area", "attribute.size2".
    """
    cached = (key, texts, names)
    if cached not in _found:
        _found[cached] = _choose(key, texts, names)
    return _found[cached]


def _choose(key, texts, names):
    kind, _, name = key.partition(".")
    arguments = [types.from_text(t) for t in texts]
    named = dict(zip(names, arguments[len(arguments) - len(names):]))
    positional = arguments[:len(arguments) - len(names)]
    if kind == "function":
        choosers = _functions.get(int(name), ())
    else:
        choosers = [c for typ, c in _members.get((kind, name), ()) if _fits(arguments[0], typ)]
    for chooser in choosers:
        function = chooser(*positional, **named)
        if function is not None:
            return function.py_func if isinstance(function, _jit.Dispatcher) else function
    return None
