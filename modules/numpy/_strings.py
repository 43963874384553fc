"""Operations of text arrays: what ufuncs do with them, and numpy.strings / numpy.char."""
import _numpy as _n


def _apply(f, args, out=None):
    arrays = [_n.asarray(a) for a in args]
    shape = _n.broadcast_shapes(*[a.shape for a in arrays])
    flats = [_n.broadcast_to(a, shape).ravel().tolist() for a in arrays]
    r = _n.array([f(*row) for row in zip(*flats)], out)
    if r.size == 0 and out is None:
        r = r.astype(arrays[0].dtype)
    r = r.reshape(shape)
    return r[()] if r.ndim == 0 else r


def ufunc(name, args):
    kinds = ''.join(a.dtype.kind for a in args)
    if name == 'add' and kinds in ('UU', 'SS'):
        return _apply(lambda a, b: a + b, args)
    if name == 'multiply' and kinds in ('Ui', 'Si', 'iU', 'iS', 'Uu', 'Su'):
        return _apply(lambda a, b: a * b, args)
    if name in ('maximum', 'minimum') and kinds in ('UU', 'SS'):
        return _apply(max if name == 'maximum' else min, args)
    return NotImplemented


def _method(name, out=None):
    def f(a, *args, **kwargs):
        extra = [v for v in args if v is not None]
        return _apply(lambda s, *rest: getattr(s, name)(*rest, **kwargs), [a] + extra, out)
    f.__name__ = name
    f.__doc__ = 'str.%s for each element.' % name
    return f


for _name in ('capitalize', 'lower', 'upper', 'title', 'swapcase', 'strip', 'lstrip', 'rstrip', 'center', 'ljust', 'rjust',
              'zfill', 'replace', 'expandtabs', 'encode', 'decode'):
    globals()[_name] = _method(_name)
for _name in ('isalpha', 'isdigit', 'isspace', 'islower', 'isupper', 'istitle', 'isalnum', 'isnumeric', 'isdecimal',
              'startswith', 'endswith'):
    globals()[_name] = _method(_name, bool)
for _name in ('find', 'rfind', 'index', 'rindex', 'count'):
    globals()[_name] = _method(_name, int)


def str_len(a):
    """The length of each element."""
    return _apply(len, [a], int)


def add(a, b):
    return _apply(lambda x, y: x + y, [a, b])


def multiply(a, n):
    return _apply(lambda x, k: x * max(k, 0), [a, n])


def mod(a, values):
    return _apply(lambda x, v: x % v, [a, values])


def _objects(name):
    def f(a, *args):
        arr = _n.asarray(a)
        out = _n.empty(arr.shape, 'O')
        flat = out.reshape(-1)
        for i, s in enumerate(arr.ravel().tolist()):
            flat[i] = getattr(s, name)(*[v for v in args if v is not None])
        return out
    f.__name__ = name
    return f


split, rsplit, splitlines = _objects('split'), _objects('rsplit'), _objects('splitlines')


def join(sep, seq):
    return _apply(lambda s, x: s.join(x), [sep, seq])


def partition(a, sep):
    r = _n.array([s.partition(sep) for s in _n.asarray(a).ravel().tolist()])
    return r.reshape(_n.asarray(a).shape + (3,))


for _name in ('equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'):
    globals()[_name] = getattr(_n, _name)


def compare_chararrays(a1, a2, cmp, rstrip):
    """Performs element-wise comparison of two string arrays using the comparison operator specified by cmp."""
    a1, a2 = _n.asarray(a1), _n.asarray(a2)
    if a1.dtype.kind not in 'SU' or a2.dtype.kind not in 'SU':
        raise TypeError('comparison of non-string arrays')
    names = {'==': 'equal', '!=': 'not_equal', '<': 'less', '<=': 'less_equal', '>': 'greater', '>=': 'greater_equal'}
    name = names.get(cmp.decode() if isinstance(cmp, bytes) else cmp)
    if name is None:
        raise ValueError("comparison must be '==', '!=', '<', '>', '<=', '>='")
    if rstrip:
        a1, a2 = _stripped(a1), _stripped(a2)
    return getattr(_n, name)(a1, a2)


def _stripped(a):
    flat = [s.rstrip() for s in a.ravel().tolist()]
    return _n.array(flat, a.dtype).reshape(a.shape)
