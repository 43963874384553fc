"""numpy.polynomial.polynomial: the power basis, lowest degree first."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu  # noqa: F401


def _line(off, scl):
    return np.array([off, scl] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 0, -1):
        out[j - 1] = j * c[j]


def _integrate(c, out, n):
    out[1] = c[0]
    for j in range(1, n):
        out[j + 1] = c[j] / (j + 1)


_this = _basis.Basis('poly', 'powers', [-1., 1.], lambda k: 1, lambda k: 0, lambda k: 0, _derive, _integrate, _line)
_basis.install(globals(), _this)
polytrim = pu.trimcoef


def polyvalfromroots(x, r, tensor=True):
    """Evaluate a polynomial specified by its roots at points x: prod(x - r) over the first axis of r."""
    r = np.array(r, ndmin=1, copy=None)
    if r.dtype.char in '?bBhHiIlLqQpP':
        r = r.astype(np.double)
    if isinstance(x, (tuple, list)):
        x = np.asarray(x)
    if isinstance(x, np.ndarray):
        if tensor:
            r = r.reshape(r.shape + (1,) * x.ndim)
        elif x.ndim >= r.ndim:
            raise ValueError('x.ndim must be < r.ndim when tensor == False')
    return np.prod(x - r, axis=0)


def _repr_latex_term(i, arg_str, needs_parens):
    if needs_parens:
        arg_str = r'\left(%s\right)' % arg_str
    return '1' if i == 0 else arg_str if i == 1 else '%s^{%d}' % (arg_str, i)


Polynomial = _basis.make_class(globals(), _this, 'Polynomial', None, staticmethod(_repr_latex_term))


def _str_term_unicode(cls, i, arg_str):
    return '·%s' % arg_str if i == '1' else '·%s%s' % (arg_str, i.translate(cls._superscript_mapping))


def _str_term_ascii(cls, i, arg_str):
    return ' %s' % arg_str if i == '1' else ' %s**%s' % (arg_str, i)


Polynomial._str_term_unicode = classmethod(_str_term_unicode)
Polynomial._str_term_ascii = staticmethod(lambda i, arg_str: _str_term_ascii(None, i, arg_str))
