"""numpy.polynomial.legendre: Legendre polynomials."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu


def _line(off, scl):
    return np.array([off, scl] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 2, -1):
        out[j - 1] = (2 * j - 1) * c[j]
        c[j - 2] += c[j]
    if n > 1:
        out[1] = 3 * c[2]
    out[0] = c[1]


def _integrate(c, out, n):
    out[1] = c[0]
    if n > 1:
        out[2] = c[1] / 3
    for j in range(2, n):
        t = c[j] / (2 * j + 1)
        out[j + 1] = t
        out[j - 1] -= t


_this = _basis.Basis('leg', 'Legendre', [-1., 1.], lambda k: (k + 1) / (2 * k + 1), lambda k: 0, lambda k: k / (2 * k + 1), _derive,
                     _integrate, _line, 2.0, lambda x: x * 0.0 + 1.0)
_basis.install(globals(), _this)
legtrim = pu.trimcoef
Legendre = _basis.make_class(globals(), _this, 'Legendre', 'P', None)
