"""Helpers for libraries: deprecation of functions, safe evaluation."""
import functools
import warnings


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
