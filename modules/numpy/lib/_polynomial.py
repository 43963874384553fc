"""The old polynomials: coefficients with the highest degree first, and the class poly1d."""
import re
import warnings

import numpy as _np
from numpy.exceptions import RankWarning

__all__ = ['poly', 'roots', 'polyint', 'polyder', 'polyadd', 'polysub', 'polymul', 'polydiv', 'polyval', 'poly1d', 'polyfit']


def _plain(*polynomials):
    return [_np.atleast_1d(p) for p in polynomials]


def poly(seq_of_zeros):
    """Find the coefficients of a polynomial with the given sequence of roots, or a square matrix's characteristic one."""
    zeros = _np.atleast_1d(seq_of_zeros)
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] and zeros.shape[0] != 0:
        zeros = _np.linalg.eigvals(zeros)
    elif zeros.ndim == 1:
        if zeros.dtype.kind != 'O':
            zeros = zeros.astype(_np.mintypecode(zeros.dtype.char))
    else:
        raise ValueError('input must be 1d or non-empty square 2d array.')
    if len(zeros) == 0:
        return 1.0
    a = _np.ones((1,), dtype=zeros.dtype)
    for z in zeros:
        a = _np.convolve(a, _np.array([1, -z], dtype=zeros.dtype), mode='full')
    if a.dtype.kind == 'c':
        # Roots in conjugate pairs give real coefficients.
        if _np.all(_np.sort(_np.asarray(zeros, complex)) == _np.sort(_np.asarray(zeros, complex).conjugate())):
            a = a.real.copy()
    return a


def roots(p):
    """Return the roots of a polynomial with coefficients given in p: eigenvalues of the companion matrix."""
    p = _np.atleast_1d(p)
    if p.ndim != 1:
        raise ValueError('Input must be a rank-1 array.')
    there = _np.nonzero(_np.ravel(p))[0]
    if len(there) == 0:
        return _np.array([])
    at_zero = len(p) - there[-1] - 1
    p = p[int(there[0]):int(there[-1]) + 1]
    if p.dtype.kind not in 'fc':
        p = p.astype(float)
    n = len(p)
    if n > 1:
        a = _np.diag(_np.ones((n - 2,), p.dtype), -1)
        a[0, :] = -p[1:] / p[0]
        r = _np.linalg.eigvals(a)
        if r.dtype.kind == 'c' and p.dtype.kind != 'c' and not r.imag.any():
            r = r.real
    else:
        r = _np.array([])
    return _np.hstack((r, _np.zeros(at_zero, r.dtype)))


def polyint(p, m=1, k=None):
    """Return an antiderivative (indefinite integral) of a polynomial, with constants k."""
    m = int(m)
    if m < 0:
        raise ValueError('Order of integral must be positive (see polyder)')
    k = _np.zeros(m, float) if k is None else _np.atleast_1d(k)
    if len(k) == 1 and m > 1:
        k = k[0] * _np.ones(m, float)
    if len(k) < m:
        raise ValueError('k must be a scalar or a rank-1 array of length 1 or >m.')
    truepoly = isinstance(p, poly1d)
    p = _np.asarray(p)
    for i in range(m):
        p = _np.concatenate((p / _np.arange(len(p), 0, -1), [k[i]]))
    return poly1d(p) if truepoly else p


def polyder(p, m=1):
    """Return the derivative of the specified order of a polynomial."""
    m = int(m)
    if m < 0:
        raise ValueError('Order of derivative must be positive (see polyint)')
    truepoly = isinstance(p, poly1d)
    p = _np.asarray(p)
    for _ in range(m):
        n = len(p) - 1
        p = p[:-1] * _np.arange(n, 0, -1)
    return poly1d(p) if truepoly else p


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares polynomial fit: coefficients, highest degree first; with full or cov what else the fit says."""
    order = int(deg) + 1
    x, y = _np.asarray(x) + 0.0, _np.asarray(y) + 0.0
    if deg < 0:
        raise ValueError('expected deg >= 0')
    if x.ndim != 1:
        raise TypeError('expected 1D vector for x')
    if x.size == 0:
        raise TypeError('expected non-empty vector for x')
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError('expected 1D or 2D array for y')
    if x.shape[0] != y.shape[0]:
        raise TypeError('expected x and y to have same length')
    if rcond is None:
        rcond = len(x) * _np.finfo(x.dtype).eps
    left, right = _np.vander(x, order), y
    if w is not None:
        w = _np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError('expected a 1-d array for weights')
        if w.shape[0] != y.shape[0]:
            raise TypeError('expected w and y to have the same length')
        left = left * w[:, None]
        right = right * (w[:, None] if right.ndim == 2 else w)
    scale = _np.sqrt((left * left).sum(axis=0))
    left = left / scale
    c, residuals, rank, s = _np.linalg.lstsq(left, right, rcond)
    c = (c.T / scale).T
    if rank != order and not full:
        warnings.warn('Polyfit may be poorly conditioned', RankWarning, stacklevel=2)
    if full:
        return c, residuals, rank, s, rcond
    if not cov:
        return c
    base = _np.linalg.inv(_np.dot(left.T, left)) / _np.outer(scale, scale)
    if isinstance(cov, str) and cov == 'unscaled':
        factor = 1
    else:
        if len(x) <= order:
            raise ValueError('the number of data points must exceed order to scale the covariance matrix')
        factor = residuals / (len(x) - order)
    return (c, base * factor) if y.ndim == 1 else (c, base[:, :, None] * factor)


def polyval(p, x):
    """Evaluate a polynomial at specific values; x may be a polynomial."""
    p = _np.asarray(p)
    if isinstance(x, poly1d):
        y = 0
    else:
        x = _np.asanyarray(x)
        y = _np.zeros_like(x)
    for c in p:
        y = y * x + c
    return y


def _sum(a1, a2, f):
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    a1, a2 = _plain(a1, a2)
    n = max(len(a1), len(a2))
    padded = [_np.concatenate((_np.zeros(n - len(a), a.dtype), a)) for a in (a1, a2)]
    r = f(*padded)
    return poly1d(r) if truepoly else r


def polyadd(a1, a2):
    """Find the sum of two polynomials."""
    return _sum(a1, a2, _np.add)


def polysub(a1, a2):
    """Difference (subtraction) of two polynomials."""
    return _sum(a1, a2, _np.subtract)


def polymul(a1, a2):
    """Find the product of two polynomials."""
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    a1, a2 = poly1d(a1), poly1d(a2)
    r = _np.convolve(a1.coeffs, a2.coeffs)
    return poly1d(r) if truepoly else r


def polydiv(u, v):
    """Returns the quotient and remainder of polynomial division."""
    truepoly = isinstance(u, poly1d) or isinstance(v, poly1d)
    u, v = (_np.atleast_1d(p) + 0.0 for p in (u, v))
    w = u[0] + v[0]
    m, n = len(u) - 1, len(v) - 1
    scale = 1. / v[0]
    q = _np.zeros((max(m - n + 1, 1),), w.dtype)
    r = u.astype(w.dtype)
    for k in range(m - n + 1):
        d = scale * r[k]
        q[k] = d
        r[k:k + n + 1] -= d * v
    while _np.allclose(r[0], 0, rtol=1e-14) and r.shape[-1] > 1:
        r = r[1:]
    return (poly1d(q), poly1d(r)) if truepoly else (q, r)


def _raise_power(text, wrap=70):
    """Exponents a line above their powers, in lines of bounded width."""
    out, above, below, at, n = ' ', '', '', 0, 0
    for m in re.finditer(r'\*\*([0-9]*)', text):
        power, part = m.group(1), text[at:m.start()]
        at = m.end()
        top, bottom = ' ' * (len(part) - 1) + power, part + ' ' * (len(power) - 1)
        if n + len(top) > wrap or len(below) + len(bottom) > wrap:
            out += above + '\n' + below + '\n '
            above, below = top, bottom
        else:
            above += top
            below += bottom
        n = len(above)
    return out + above + '\n' + below + text[at:]


class poly1d:
    """A one-dimensional polynomial class: of coefficients, highest degree first, or (r true) of roots."""
    __hash__ = None

    def __init__(self, c_or_r, r=False, variable=None):
        if isinstance(c_or_r, poly1d):
            self._variable, self._coeffs = c_or_r._variable, c_or_r._coeffs
            if set(c_or_r.__dict__) - set(self.__dict__):
                self.__dict__.update(c_or_r.__dict__)
            if variable is not None:
                self._variable = variable
            return
        c = _np.atleast_1d(poly(c_or_r) if r else c_or_r)
        if c.ndim > 1:
            raise ValueError('Polynomial must be 1d only.')
        there = c.nonzero()[0]
        c = c[int(there[0]):] if len(there) else c[:0]
        self._coeffs = c if len(c) else _np.array([0], dtype=c.dtype)
        self._variable = 'x' if variable is None else variable

    @property
    def coeffs(self):
        """The polynomial coefficients."""
        return self._coeffs

    @coeffs.setter
    def coeffs(self, value):
        # Only for operations in place, which assign the array that they got.
        if value is not self._coeffs:
            raise AttributeError('Cannot set attribute')

    c = coef = coefficients = coeffs
    variable = property(lambda self: self._variable, doc='The name of the polynomial variable.')
    order = o = property(lambda self: len(self._coeffs) - 1, doc='The order or degree of the polynomial.')
    roots = r = property(lambda self: roots(self._coeffs), doc='The roots of the polynomial, where self(x) == 0.')

    def __array__(self, t=None, copy=None):
        return _np.asarray(self.coeffs, t) if t else _np.asarray(self.coeffs)

    def __repr__(self):
        return 'poly1d(%s)' % repr(self.coeffs)[6:-1]

    def __len__(self):
        return self.order

    def __str__(self):
        coeffs = self.coeffs[_np.logical_or.accumulate(self.coeffs != 0)]
        n, var, text = len(coeffs) - 1, self.variable, '0'

        def number(q):
            s = '%.4g' % q
            return s[:-5] if s.endswith('.0000') else s
        for k, c in enumerate(coeffs):
            if not _np.iscomplex(c):
                s = number(_np.real(c))
            elif _np.real(c) == 0:
                s = '%sj' % number(_np.imag(c))
            else:
                s = '(%s + %sj)' % (number(_np.real(c)), number(_np.imag(c)))
            power = n - k
            if power == 0:
                new = s if s != '0' else '0' if k == 0 else ''
            elif power == 1:
                new = '' if s == '0' else var if s == 'b' else '%s %s' % (s, var)
            else:
                new = '' if s == '0' else '%s**%d' % (var, power) if s == 'b' else '%s %s**%d' % (s, var, power)
            if k > 0:
                if new:
                    text = '%s - %s' % (text, new[1:]) if new.startswith('-') else '%s + %s' % (text, new)
            else:
                text = new
        return _raise_power(text)

    def __call__(self, val):
        return polyval(self.coeffs, val)

    def __neg__(self):
        return poly1d(-self.coeffs)

    def __pos__(self):
        return self

    def __mul__(self, other):
        return poly1d(self.coeffs * other) if _np.isscalar(other) else poly1d(polymul(self.coeffs, poly1d(other).coeffs))

    def __rmul__(self, other):
        return poly1d(other * self.coeffs) if _np.isscalar(other) else poly1d(polymul(self.coeffs, poly1d(other).coeffs))

    def __add__(self, other):
        return poly1d(polyadd(self.coeffs, poly1d(other).coeffs))

    __radd__ = __add__

    def __pow__(self, val):
        if not _np.isscalar(val) or int(val) != val or val < 0:
            raise ValueError('Power to non-negative integers only.')
        res = [1]
        for _ in range(val):
            res = polymul(self.coeffs, res)
        return poly1d(res)

    def __sub__(self, other):
        return poly1d(polysub(self.coeffs, poly1d(other).coeffs))

    def __rsub__(self, other):
        return poly1d(polysub(poly1d(other).coeffs, self.coeffs))

    def __truediv__(self, other):
        return poly1d(self.coeffs / other) if _np.isscalar(other) else polydiv(self, poly1d(other))

    def __rtruediv__(self, other):
        return poly1d(other / self.coeffs) if _np.isscalar(other) else polydiv(poly1d(other), self)

    def __eq__(self, other):
        if not isinstance(other, poly1d):
            return NotImplemented
        return self.coeffs.shape == other.coeffs.shape and bool((self.coeffs == other.coeffs).all())

    def __ne__(self, other):
        return NotImplemented if not isinstance(other, poly1d) else not self.__eq__(other)

    def __getitem__(self, val):
        at = self.order - val
        return self.coeffs.dtype.type(0) if val > self.order or val < 0 else self.coeffs[at]

    def __setitem__(self, key, val):
        at = self.order - key
        if key < 0:
            raise ValueError('Does not support negative powers.')
        if key > self.order:
            self._coeffs = _np.concatenate((_np.zeros(key - self.order, self.coeffs.dtype), self.coeffs))
            at = 0
        self._coeffs[at] = val

    def __iter__(self):
        return iter(self.coeffs)

    def integ(self, m=1, k=0):
        """Return an antiderivative (indefinite integral) of this polynomial."""
        return poly1d(polyint(self.coeffs, m=m, k=k))

    def deriv(self, m=1):
        """Return a derivative of this polynomial."""
        return poly1d(polyder(self.coeffs, m=m))
