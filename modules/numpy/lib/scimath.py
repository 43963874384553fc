"""numpy.emath: functions that leave the real line where their argument demands it."""
import _numpy as _n

__all__ = ['sqrt', 'log', 'log2', 'logn', 'log10', 'power', 'arccos', 'arcsin', 'arctanh']


def _to_complex(x):
    return _n.asarray(x).astype('F' if _n.asarray(x).dtype.char in 'ef' else 'D')


def _guarded(f, bad):
    def g(x):
        x = _n.asarray(x)
        if x.dtype.kind != 'c' and bad(x).any():
            x = _to_complex(x)
        return f(x)[()]
    g.__name__ = f.__name__
    return g


def _negative(x):
    return _n.asarray(x < 0)


def _outside(x):
    return _n.asarray(abs(x) > 1)


sqrt, log = _guarded(_n.sqrt, _negative), _guarded(_n.log, _negative)
log2, log10 = _guarded(_n.log2, _negative), _guarded(_n.log10, _negative)
arccos, arcsin, arctanh = _guarded(_n.arccos, _outside), _guarded(_n.arcsin, _outside), _guarded(_n.arctanh, _outside)


def logn(n, x):
    """Take log base n of x."""
    return log(x) / log(n)


def power(x, p):
    """Return x to the power p, (x**p)."""
    x = _n.asarray(x)
    if x.dtype.kind != 'c' and _negative(x).any():
        x = _to_complex(x)
    p = _n.asarray(p)
    if p.dtype.kind in 'iu' and (p < 0).any():
        p = p * 1.0
    return _n.power(x, p)[()]
