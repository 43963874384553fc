"""Who takes over a ufunc's call: __array_ufunc__ (NEP 13)."""
import _numpy

_hooks = _numpy._glue
_own = None
_KEYWORDS = {'reduce': ('array', 'axis', 'dtype', 'out', 'keepdims', 'initial', 'where'),
             'accumulate': ('array', 'axis', 'dtype', 'out'),
             'reduceat': ('array', 'indices', 'axis', 'dtype', 'out'),
             'outer': None, 'at': None, '__call__': None}


def _candidates(values):
    """The arguments with an override of their own, one a type, subclasses before their bases."""
    own = _numpy.ndarray.__array_ufunc__
    found = []
    for v in values:
        t = type(v)
        override = getattr(t, '__array_ufunc__', own)
        if override is own or any(type(u) is t for u in found):
            continue
        place = len(found)
        for i, u in enumerate(found):
            if issubclass(t, type(u)):
                place = i
                break
        found.insert(place, v)
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
