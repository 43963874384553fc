"""Helpers for libraries: deprecation of functions, safe evaluation."""
import functools
import warnings

from numpy._overrides import checked_like


def drop_metadata(dtype, /):
    """The type without metadata."""
    from numpy.lib.format import drop_metadata as drop
    return drop(dtype)


class _Deprecate:
    def __init__(self, old_name=None, new_name=None, message=None):
        self.old_name, self.new_name, self.message = old_name, new_name, message

    def __call__(self, func, *args, **kwargs):
        old = self.old_name or func.__name__
        text = '`%s` is deprecated!' % old if self.new_name is None else '`%s` is deprecated, use `%s` instead!' % (old, self.new_name)
        if self.message is not None:
            text += '\n' + self.message

        @functools.wraps(func)
        def newfunc(*args, **kwargs):
            warnings.warn(text, DeprecationWarning, stacklevel=2)
            return func(*args, **kwargs)
        newfunc.__name__ = old
        doc = func.__doc__
        newfunc.__doc__ = text if doc is None else text + '\n\n' + _indented(doc, text)
        return newfunc


def _indented(doc, text):
    """The docstring, its first line indented as the others are."""
    lines = doc.expandtabs().split('\n')
    indents = [len(k) - len(k.lstrip()) for k in lines[1:] if k.strip()]
    lead = ' ' * (min(indents) if indents else 0)
    return lead + doc if not lines[0].startswith(' ') and lines[0].strip() else doc


def deprecate(*args, message=None, **kwargs):
    """Issues a DeprecationWarning when the function is called: as a decorator or a function."""
    if args:
        return _Deprecate(*args[1:], message=message, **kwargs)(args[0])
    return _Deprecate(*args, message=message, **kwargs)


def deprecate_with_doc(msg):
    """Deprecates a function and includes the deprecation in its docstring."""
    return _Deprecate(message=msg)


def safe_eval(source):
    """Evaluate a string with a Python literal."""
    import ast
    return ast.literal_eval(source)


def as_pairs(x, ndim, as_index=False):
    """x broadcast to a pair an axis: None, a number, (before, after), or a pair for every axis."""
    import numpy as np
    if x is None:
        return ((None, None),) * ndim
    x = np.array(x)
    if as_index:
        x = np.round(x).astype(np.intp)
        if (x < 0).any():
            raise ValueError("index can't contain negative values")
    if x.ndim < 3 and (x.size == 1 or x.size == 2 and x.shape != (2, 1)):
        x = x.ravel()
        return ((x[0], x[-1]),) * ndim
    return np.broadcast_to(x, (ndim, 2)).tolist()


# ---- Arrays with properties

@checked_like
def require(a, dtype=None, requirements=None):
    """Return an ndarray of the provided type that satisfies requirements: of C, F, A, W, O and E (or their names)."""
    import numpy as np
    if not requirements:
        return np.asanyarray(a, dtype=dtype)
    names = {'C': 'C', 'C_CONTIGUOUS': 'C', 'CONTIGUOUS': 'C', 'F': 'F', 'F_CONTIGUOUS': 'F', 'FORTRAN': 'F', 'A': 'A', 'ALIGNED': 'A',
             'W': 'W', 'WRITEABLE': 'W', 'O': 'O', 'OWNDATA': 'O', 'E': 'E', 'ENSUREARRAY': 'E'}
    wanted = {names[k.upper()] for k in requirements}
    subok = 'E' not in wanted
    wanted.discard('E')
    order = 'A'
    if wanted >= {'C', 'F'}:
        raise ValueError('Cannot specify both "C" and "F" order')
    for k in 'CF':
        if k in wanted:
            order = k
            wanted.discard(k)
    r = np.array(a, dtype=dtype, order=order, copy=None, subok=subok)
    for k in wanted:
        if not r.flags[k]:
            return r.copy(order)
    return r


def asarray_chkfinite(a, dtype=None, order=None):
    """Convert the input to an array, checking for NaNs or Infs."""
    import numpy as np
    a = np.asarray(a, dtype=dtype, order=order)
    if a.dtype.char in np.typecodes['AllFloat'] and not np.isfinite(a).all():
        raise ValueError('array must not contain infs or NaNs')
    return a


_TYPE_NAMES = {'S1': 'character', '?': 'bool', 'b': 'signed char', 'B': 'unsigned char', 'h': 'short', 'H': 'unsigned short',
               'i': 'integer', 'I': 'unsigned integer', 'l': 'long integer', 'L': 'unsigned long integer', 'q': 'long long integer',
               'Q': 'unsigned long long integer', 'f': 'single precision', 'd': 'double precision', 'g': 'long precision',
               'F': 'complex single precision', 'D': 'complex double precision', 'G': 'complex long double precision',
               'S': 'string', 'U': 'unicode', 'V': 'void', 'O': 'object'}


def typename(char):
    """Return a description for the given data type code."""
    return _TYPE_NAMES[char]


def byte_bounds(a):
    """Returns low and high addresses of the memory of an array."""
    from numpy.lib._array_utils import byte_bounds as bounds
    return bounds(a)


def disp(mesg, device=None, linefeed=True):
    """Display a message on a device."""
    import sys
    device = sys.stdout if device is None else device
    device.write('%s\n' % mesg if linefeed else '%s' % mesg)
    device.flush()


def add_newdoc(place, obj, doc, warn_on_python=True):
    """Add documentation to an existing object: nothing is done, docstrings stand with the functions."""


add_newdoc_ufunc = add_newdoc


# ---- NaNs, as libraries reach for them

def nan_mask(a, out=None):
    """True where a is not NaN; True for types that have none."""
    import numpy as np
    if a.dtype.kind not in 'fc':
        return True
    y = np.isnan(a, out=out)
    return np.invert(y, out=y) if isinstance(y, np.ndarray) else not y


def replace_nan(a, val):
    """A copy with NaNs replaced, and where they were; the array itself and None for types that have none."""
    import numpy as np
    a = np.asanyarray(a)
    if a.dtype.kind == 'O':
        mask = np.asarray(np.not_equal(a, a), dtype=bool)
    elif a.dtype.kind in 'fc':
        mask = np.isnan(a)
    else:
        return a, None
    a = np.array(a, subok=True, copy=True)
    np.copyto(a, val, where=mask)
    return a, mask
