"""numpy.polynomial.laguerre: Laguerre polynomials (weight exp(-x) from 0)."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu


def _line(off, scl):
    return np.array([off + scl, -scl] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 1, -1):
        out[j - 1] = -c[j]
        c[j - 1] += c[j]
    out[0] = -c[1]


def _integrate(c, out, n):
    out[0] = c[0]
    out[1] = -c[0]
    for j in range(1, n):
        out[j] += c[j]
        out[j + 1] = -c[j]


_this = _basis.Basis('lag', 'Laguerre', [0., 1.], lambda k: -(k + 1), lambda k: 2 * k + 1, lambda k: -k, _derive, _integrate, _line,
                     1.0, lambda x: np.exp(-x))
_basis.install(globals(), _this)
lagtrim = pu.trimcoef
Laguerre = _basis.make_class(globals(), _this, 'Laguerre', 'L', None)
