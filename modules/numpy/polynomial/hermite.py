"""numpy.polynomial.hermite: Hermite polynomials, the physicists' (weight exp(-x^2))."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu


def _line(off, scl):
    return np.array([off, scl / 2] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 0, -1):
        out[j - 1] = (2 * j) * c[j]


def _integrate(c, out, n):
    out[1] = c[0] / 2
    for j in range(1, n):
        out[j + 1] = c[j] / (2 * (j + 1))


_this = _basis.Basis('herm', 'Hermite', [-1., 1.], lambda k: 0.5, lambda k: 0, lambda k: k, _derive, _integrate, _line,
                     np.pi ** 0.5, lambda x: np.exp(-x ** 2))
_basis.install(globals(), _this)
hermtrim = pu.trimcoef
Hermite = _basis.make_class(globals(), _this, 'Hermite', 'H', None)
