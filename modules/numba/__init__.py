"""The names that scripts import from numba, over krait's own compiler (the native module _jit).

`njit` and `jit` make a Dispatcher of a function: the first call with a list of argument types compiles for it.
Outside kernels `prange` is `range`.
"""
import functools

import _jit

from numba._cfunc import carray, cfunc, farray
from numba.core import errors, types
from numba.core.config import (config, get_num_threads, get_parallel_chunksize, get_thread_id,
                               parallel_chunksize, set_num_threads, set_parallel_chunksize)
from numba.core.errors import *  # noqa: F401,F403
from numba.core.errors import UnsupportedError
from numba.core.types import *  # noqa: F401,F403  int64, float64, ... as in `from numba import float64`
from numba.core.types import from_dtype, typeof

__version__ = "0.60.0"
version_info = (0, 60, 0)

_OPTIONS = {"nopython", "parallel", "nogil", "cache", "fastmath", "error_model", "boundscheck", "inline",
            "locals", "debug", "looplift", "forceobj", "forceinline", "no_cpython_wrapper", "no_rewrites",
            "pipeline_class", "target", "signature_or_function", "backend"}


def _signature_text(signature):
    """A signature as text: a str, a call of a type (float64(float64)), or a tuple of argument types."""
    if isinstance(signature, str):
        return signature
    if isinstance(signature, tuple):
        return "(" + ", ".join(str(t) for t in signature) + ")"
    return str(signature)


def _has_blocks(function):
    """May the function have blocks of objmode or parallel_chunksize?"""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    managers = [function.__globals__.get(n) for n in code.co_names]
    return any(m is objmode or m is parallel_chunksize for m in managers) or not {
        "objmode", "parallel_chunksize"}.isdisjoint(code.co_names + code.co_freevars)


def jit(signature_or_function=None, **options):
    """Compile a function when it is called, once for each list of argument types.

    signature_or_function: the function, or a signature ("float64(float64)"), or a list of them, to compile at once.
    Options: parallel, fastmath, boundscheck (True here), nogil (always), cache (always), nopython (always), error_model
    and inline are accepted as Numba's users write them. backend ("llvm" or "gcc") is krait's own: the code generator.
    """
    if options.get("backend") not in (None, "llvm", "gcc"):
        raise ValueError(f"the backend is 'llvm' or 'gcc', not {options['backend']!r}")
    unknown = set(options) - _OPTIONS
    if unknown:
        raise TypeError(f"unknown jit option {min(unknown)!r}")
    if options.get("forceobj"):
        raise UnsupportedError("krait has no object mode: leave the decorator away, the interpreter runs the function")

    def decorate(function, signatures=()):
        if config.DISABLE_JIT:
            return function
        if isinstance(function, _jit.Dispatcher):
            function = function.py_func
        if _has_blocks(function):
            from numba._objmode import rewritten
            function = rewritten(function)
        dispatcher = _jit.Dispatcher(function, options)
        for signature in signatures:
            dispatcher.compile(_signature_text(signature))
        if signatures:
            dispatcher.disable_compile()
        return dispatcher

    if signature_or_function is None:
        return decorate
    if isinstance(signature_or_function, (str, tuple, types.Signature)):
        return lambda function: decorate(function, [signature_or_function])
    if isinstance(signature_or_function, list):
        return lambda function: decorate(function, signature_or_function)
    return decorate(signature_or_function)


njit = jit


class prange:
    """range() whose iterations a parallel kernel spreads over the cores; outside kernels it is range()."""

    def __new__(cls, *args):
        return range(*args)


def pndindex(*args):
    """numpy.ndindex, for parallel kernels."""
    import numpy
    return numpy.ndindex(*args)


def vectorize(*args, **options):
    """Make a scalar function apply to arrays, element by element: @vectorize, or with a list of signatures."""
    from numba._ufunc import vectorize as make
    return make(*args, **options)


def guvectorize(*args, **options):
    """Make a kernel over core dimensions apply to stacks of them: @guvectorize([signatures], "(m,n),(n)->(m)")."""
    from numba._ufunc import guvectorize as make
    return make(*args, **options)


def stencil(*args, **options):
    """Make a function of indices relative to a point give its value at every point: @stencil, or with options."""
    from numba._stencil import stencil as make
    return make(*args, **options)


def _absent(name):
    def decorate(*args, **kwargs):
        raise UnsupportedError(f"krait's numba has no {name}")
    decorate.__name__ = name
    return decorate




class _Generated:
    """The result of @generated_jit: the decorated function gives the one to compile for the types of the arguments."""

    def __init__(self, chooser, options):
        from numba.extending import overload
        functools.update_wrapper(self, chooser)
        self._options, self._kernels = options, {}
        overload(self)(chooser)

    def __call__(self, *args, **kwargs):
        kinds = tuple(typeof(a) for a in args), tuple((k, typeof(v)) for k, v in kwargs.items())
        if kinds not in self._kernels:
            chosen = self.__wrapped__(*kinds[0], **dict(kinds[1]))
            self._kernels[kinds] = chosen if isinstance(chosen, _jit.Dispatcher) else jit(chosen, **self._options)
        return self._kernels[kinds](*args, **kwargs)


def generated_jit(function=None, **options):
    """Compile what the function gives for the types of the arguments (numba.types)."""
    if function is None:
        return lambda chooser: _Generated(chooser, options)
    return _Generated(function, options)




def threading_layer():
    """The name of the pool: krait has one."""
    return "krait"


def literal_unroll(container):
    """Its argument."""
    return container


def literally(value):
    """Its argument: kernels are made for types, and for constants where those decide a type."""
    return value


class objmode:
    """with objmode(x="float64"): outside kernels an ordinary block."""

    def __init__(self, *args, **types):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False
