"""numba.extending: what needs no access to a compiler's insides.

register_jitable gives a function to kernels that calls may be made to from both sides; in krait any Python function is.

"""

import _jit
from numba.core.errors import UnsupportedError

__all__ = ["register_jitable", "overload", "overload_method", "overload_attribute", "intrinsic", "is_jitted"]


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


def _absent(name):
    def decorate(*args, **kwargs):
        raise UnsupportedError(f"krait's numba has no extending.{name}: write the function in Python and call it")
    decorate.__name__ = name
    return decorate


overload = _absent("overload")
overload_method = _absent("overload_method")
overload_attribute = _absent("overload_attribute")
intrinsic = _absent("intrinsic")
