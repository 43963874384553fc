"""Who takes over a ufunc's call: __array_ufunc__ (NEP 13)."""
import _numpy

_hooks = _numpy._glue
_own = None
_KEYWORDS = {'reduce': ('array', 'axis', 'dtype', 'out', 'keepdims', 'initial', 'where'),
             'accumulate': ('array', 'axis', 'dtype', 'out'),
             'reduceat': ('array', 'indices', 'axis', 'dtype', 'out'),
             'outer': None, 'at': None, '__call__': None}


def _insert(found, v):
    """Puts v before the first of a type that its own derives from."""
    place = next((i for i, u in enumerate(found) if issubclass(type(v), type(u))), len(found))
    found.insert(place, v)


def _candidates(values):
    """The arguments with an override of their own, one a type, subclasses before their bases."""
    own = _numpy.ndarray.__array_ufunc__
    found = []
    for v in values:
        t = type(v)
        override = getattr(t, '__array_ufunc__', own)
        if override is own or any(type(u) is t for u in found):
            continue
        _insert(found, v)
    return found


def _normalised(ufunc, method, args, kwargs):
    """Inputs, and keywords with `out` as a tuple."""
    kwargs = dict(kwargs)
    names = _KEYWORDS[method]
    if names:
        inputs = 2 if method == 'reduceat' else 1
        for name, v in zip(names[inputs:], args[inputs:]):
            kwargs[name] = v
        args = args[:inputs]
    elif method == '__call__':
        outs = args[ufunc.nin:]
        args = args[:ufunc.nin]
        if len(args) < ufunc.nin:
            raise TypeError('%s() takes from %d to %d positional arguments but %d were given' % (
                ufunc.__name__, ufunc.nin, ufunc.nargs, len(args)))
        if outs:
            if 'out' in kwargs:
                raise TypeError("cannot specify 'out' as both a positional and keyword argument")
            if len(outs) > ufunc.nout:
                raise TypeError('%s() takes from %d to %d positional arguments but %d were given' % (
                    ufunc.__name__, ufunc.nin, ufunc.nargs, ufunc.nin + len(outs)))
            kwargs['out'] = tuple(outs) + (None,) * (ufunc.nout - len(outs))
        if 'sig' in kwargs:
            if 'signature' in kwargs:
                raise TypeError("cannot specify both 'sig' and 'signature'")
            kwargs['signature'] = kwargs.pop('sig')
    out = kwargs.get('out')
    if out is not None and not isinstance(out, tuple):
        out = kwargs['out'] = (out,)
    if out is None or all(o is None for o in out):
        kwargs.pop('out', None)
    elif method == '__call__' and len(out) != ufunc.nout:
        raise ValueError("The 'out' tuple must have exactly one entry per ufunc output")
    elif method != '__call__' and len(out) != 1:
        raise ValueError("The 'out' tuple must have exactly one entry")
    if kwargs.get('where') is True and method == 'reduce':
        pass
    return args, kwargs


def _ufunc_override(ufunc, method, args, kwargs):
    """The overriding result, or NotImplemented when nobody overrides."""
    outs = kwargs.get('out', ())
    outs = outs if isinstance(outs, tuple) else (outs,)
    found = _candidates(list(args) + list(outs))
    if not found:
        return NotImplemented
    args, kwargs = _normalised(ufunc, method, args, kwargs)
    for v in found:
        override = type(v).__array_ufunc__
        if override is None:
            raise TypeError("operand '%s' does not support ufuncs (__array_ufunc__=None)" % type(v).__name__)
        result = override(v, ufunc, method, *args, **kwargs)
        if result is not NotImplemented:
            return result
    names = ', '.join(repr(a) for a in args) + ''.join(', %s=%r' % item for item in kwargs.items())
    types = ', '.join(repr(type(v).__name__) for v in list(args) + list(kwargs.get('out', ())))
    raise TypeError('operand type(s) all returned NotImplemented from __array_ufunc__(%r, %r, %s): %s' % (
        ufunc, method, names, types))


_hooks['ufunc_override'] = _ufunc_override


def array_ufunc(self, ufunc, method, *inputs, **kwargs):
    """ndarray.__array_ufunc__: the plain call, unless another operand has an override of its own."""
    own = _numpy.ndarray.__array_ufunc__
    for v in inputs + tuple(kwargs.get('out', ())):
        override = getattr(type(v), '__array_ufunc__', own)
        if override is not own and override is not None or override is None:
            return NotImplemented
    return getattr(ufunc, method)(*inputs, **kwargs)


# ---- __array_function__ (NEP 18): for functions that ask for it by the decorator, for like=, and for the reductions

ARRAY_FUNCTION_ENABLED = True
_MOST_TYPES = 32


def _get_implementing_args(relevant_args):
    """The arguments with __array_function__, one a type, subclasses before their bases."""
    found = []
    for v in relevant_args:
        t = type(v)
        if not hasattr(t, '__array_function__') or any(type(u) is t for u in found):
            continue
        if len(found) == _MOST_TYPES:
            raise TypeError('maximum number (%d) of distinct argument types implementing __array_function__ exceeded' % _MOST_TYPES)
        _insert(found, v)
    return found


def array_function(self, func, types, args, kwargs):
    """ndarray.__array_function__: the plain function, unless a type is no array."""
    if not all(issubclass(t, _numpy.ndarray) for t in types):
        return NotImplemented
    return func._implementation(*args, **kwargs)


def dispatch(public, implementing, args, kwargs):
    """What the first argument that takes over makes of the call."""
    types = tuple(type(v) for v in implementing)
    for v in implementing:
        result = type(v).__array_function__(v, public, types, args, kwargs)
        if result is not NotImplemented:
            return result
    name = '%s.%s' % (public.__module__, public.__name__)
    raise TypeError('no implementation found for %r on types that implement __array_function__: %s' % (name, list(types)))


def verify_matching_signatures(implementation, dispatcher):
    """Verify that a dispatcher function has the right signature."""
    from inspect import getfullargspec
    own, other = getfullargspec(implementation), getfullargspec(dispatcher)
    if own.args != other.args or own.varargs != other.varargs or own.varkw != other.varkw or own.kwonlyargs != other.kwonlyargs or \
            bool(own.defaults) != bool(other.defaults) or (own.defaults and len(own.defaults) != len(other.defaults)):
        raise RuntimeError('implementation and dispatcher for %s have different function signatures' % implementation)
    if other.defaults and other.defaults != (None,) * len(other.defaults):
        raise RuntimeError('dispatcher functions can only use None for default argument values')


def array_function_dispatch(dispatcher=None, module=None, verify=True, docs_from_dispatcher=False):
    """Decorator for adding dispatch with the __array_function__ protocol."""
    def decorate(implementation):
        import functools
        if verify and dispatcher is not None:
            verify_matching_signatures(implementation, dispatcher)

        @functools.wraps(implementation)
        def public(*args, **kwargs):
            relevant = (kwargs.pop('like'),) if dispatcher is None else dispatcher(*args, **kwargs)
            implementing = _get_implementing_args(relevant)
            if all(type(v) is _numpy.ndarray for v in implementing):
                return implementation(*args, **kwargs)
            return dispatch(public, implementing, args, kwargs)
        if module is not None:
            public.__module__ = module
        public._implementation = implementation
        return public
    return decorate


def array_function_from_dispatcher(implementation, module=None, verify=True, docs_from_dispatcher=True):
    """Like array_function_dispatch, but with function arguments flipped."""
    return lambda dispatcher: array_function_dispatch(dispatcher, module, verify, docs_from_dispatcher)(implementation)


def set_module(module):
    """Decorator for overriding __module__ on a function or class."""
    def decorate(f):
        if module is not None:
            f.__module__ = module
        return f
    return decorate


def set_array_function_like_doc(public):
    """Decorator of functions with like=; their documentation stays as it is."""
    return public


# The parameters of the functions with like=, by position, and the values that are not passed on.
_LIKE = {'array': (1, 'object dtype copy order subok ndmin', (None, None, True, 'K', False, 0)),
         'asarray': (1, 'a dtype order device copy', (None,) * 5), 'asanyarray': (1, 'a dtype order device copy', (None,) * 5),
         'ascontiguousarray': (2, 'a dtype', (None,) * 2), 'asfortranarray': (2, 'a dtype', (None,) * 2),
         'zeros': (1, 'shape dtype order device', (None, None, 'C', None)), 'empty': (1, 'shape dtype order device', (None, None, 'C', None)),
         'ones': (1, 'shape dtype order device', (None, None, 'C', None)), 'full': (2, 'shape fill_value dtype order device', (None, None, None, 'C', None)),
         'arange': (3, 'start stop step dtype', (None,) * 4),
         'frombuffer': (1, 'buffer dtype count offset', (None, None, -1, 0))}


def _like(name, like, values):
    """A call with like=: the foreign function's result, or that of the plain one."""
    import numpy
    public = getattr(numpy, name)
    if not hasattr(type(like), '__array_function__'):
        raise TypeError('The `like` argument must be an array-like that implements the `__array_function__` protocol.')
    positional, names, defaults = _LIKE[name]
    args = list(values[:positional])
    while len(args) > 1 and args[-1] is None:
        args.pop()
    pairs = list(zip(names.split(), defaults, values))[positional:]
    kwargs = {key: v for key, default, v in pairs if v is not default and v != default}
    if type(like).__array_function__ is _numpy.ndarray.__array_function__:
        return public(*args, **kwargs)
    return dispatch(public, [like], tuple(args), kwargs)


_hooks['like'] = _like


def checked_like(function):
    """Decorator of Python functions with like=."""
    import functools

    @functools.wraps(function)
    def public(*args, like=None, **kwargs):
        if like is None:
            return function(*args, **kwargs)
        if not hasattr(type(like), '__array_function__'):
            raise TypeError('The `like` argument must be an array-like that implements the `__array_function__` protocol.')
        if type(like).__array_function__ is _numpy.ndarray.__array_function__:
            return function(*args, **kwargs)
        return dispatch(public, [like], args, kwargs)
    return public
