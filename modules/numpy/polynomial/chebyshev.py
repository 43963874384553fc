"""numpy.polynomial.chebyshev: Chebyshev polynomials of the first kind."""
import numpy as np
from numpy.polynomial import _basis
from numpy.polynomial import polyutils as pu


def _line(off, scl):
    return np.array([off, scl] if scl != 0 else [off])


def _derive(c, out, n):
    for j in range(n, 2, -1):
        out[j - 1] = 2 * j * c[j]
        c[j - 2] += j * c[j] / (j - 2)
    if n > 1:
        out[1] = 4 * c[2]
    out[0] = c[1]


def _integrate(c, out, n):
    out[1] = c[0]
    if n > 1:
        out[2] = c[1] / 4
    for j in range(2, n):
        out[j + 1] = c[j] / (2 * (j + 1))
        out[j - 1] -= c[j] / (2 * (j - 1))


_this = _basis.Basis('cheb', 'Chebyshev', [-1., 1.], lambda k: 0.5 if k else 1.0, lambda k: 0, lambda k: 0.5, _derive, _integrate,
                     _line, np.pi, lambda x: 1. / (np.sqrt(1. + x) * np.sqrt(1. - x)))
_basis.install(globals(), _this)
chebtrim = pu.trimcoef


def chebgauss(deg):
    """Gauss-Chebyshev quadrature: sample points and weights."""
    n = pu._as_int(deg, 'deg')
    if n <= 0:
        raise ValueError('deg must be a positive integer')
    return np.cos(np.pi * np.arange(1, 2 * n, 2) / (2.0 * n)), np.ones(n) * (np.pi / n)


def chebpts1(npts):
    """Chebyshev points of the first kind: zeros of T_n, ascending."""
    n = int(npts)
    if n != npts:
        raise ValueError('npts must be integer')
    if n < 1:
        raise ValueError('npts must be >= 1')
    return np.sin(0.5 * np.pi / n * np.arange(-n + 1, n + 1, 2))


def chebpts2(npts):
    """Chebyshev points of the second kind: extrema of T_(n-1), ascending."""
    n = int(npts)
    if n != npts:
        raise ValueError('npts must be integer')
    if n < 2:
        raise ValueError('npts must be >= 2')
    return np.cos(np.linspace(-np.pi, 0, n))


def chebinterpolate(func, deg, args=()):
    """Interpolate a function at the Chebyshev points of the first kind."""
    deg = np.asarray(deg)
    if deg.ndim > 0 or deg.dtype.kind not in 'iu' or deg.size == 0:
        raise TypeError('deg must be an int')
    if deg < 0:
        raise ValueError('expected deg >= 0')
    order = int(deg) + 1
    x = chebpts1(order)
    y = func(x, *args)
    c = np.dot(chebvander(x, order - 1).T, y)  # noqa: F821
    c[0] /= order
    c[1:] /= 0.5 * order
    return c


def _cseries_to_zseries(c):
    """T_k as (z^k + z^-k) / 2: the coefficients of z from -n to n."""
    n = c.size
    z = np.zeros(2 * n - 1, dtype=c.dtype)
    z[n - 1:] = c / 2
    return z + z[::-1]


def _zseries_to_cseries(zs):
    n = (zs.size + 1) // 2
    c = zs[n - 1:].copy()
    c[1:n] *= 2
    return c


Chebyshev = _basis.make_class(globals(), _this, 'Chebyshev', 'T', None)


def _interpolate(cls, func, deg, domain=None, args=()):
    """Interpolate a function at the Chebyshev points of the first kind, mapped to the domain."""
    if domain is None:
        domain = cls.domain
    coef = chebinterpolate(lambda x: func(pu.mapdomain(x, cls.window, domain), *args), deg)
    return cls(coef, domain=domain)


Chebyshev.interpolate = classmethod(_interpolate)
