"""numpy.polynomial.hermite_e: Hermite polynomials, the probabilists' (weight exp(-x^2 / 2))."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu


def _line(off, scl):
    return np.array([off, scl] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 0, -1):
        out[j - 1] = j * c[j]


def _integrate(c, out, n):
    out[1] = c[0]
    for j in range(1, n):
        out[j + 1] = c[j] / (j + 1)


_this = _basis.Basis('herme', 'HermiteE', [-1., 1.], lambda k: 1, lambda k: 0, lambda k: k, _derive, _integrate, _line,
                     (2 * np.pi) ** 0.5, lambda x: np.exp(-.5 * x ** 2))
_basis.install(globals(), _this)
hermetrim = pu.trimcoef
HermiteE = _basis.make_class(globals(), _this, 'HermiteE', 'He', None)
