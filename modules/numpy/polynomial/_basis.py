"""The functions of a polynomial basis, from its three-term recurrence.

A basis p_0 = 1, p_1, ... has x p_k = a(k) p_(k+1) + b(k) p_k + c(k) p_(k-1). From these follow multiplication by x,
evaluation and products (Clenshaw's recurrence), Vandermonde matrices, conversions, companion (Jacobi) matrices,
roots and Gauss quadrature (Golub and Welsch 1969; weights from the orthonormal polynomials). What remains to be said of
a basis is how a series is differentiated and integrated. The power basis has shorter forms of some of them.

install() puts the functions, under the names of a module, into its namespace."""
import numpy as np
from numpy.polynomial import polyutils as pu
from numpy.polynomial.polyutils import normalize_axis_index


def _prepared(c, ndmin=1):
    """Coefficients as a fresh array of floats, complexes or objects."""
    c = np.array(c, ndmin=ndmin, copy=True)
    return c.astype(np.double) if c.dtype.char in '?bBhHiIlLqQpP' else c


class Basis:
    """One basis: prefix of the names, recurrence, domain, and the family's own functions."""

    def __init__(self, prefix, noun, domain, a, b, c, derive, integrate, line, mass=None, weight=None):
        self.prefix, self.noun, self.domain = prefix, noun, np.array(domain)
        self.a, self.b, self.c = a, b, c
        self.derive, self.integrate, self.line = derive, integrate, line
        self.mass, self.weight = mass, weight
        self.is_power = prefix == 'poly'

    # ---- Arithmetic

    def mulx(self, c):
        """Multiply a series by x, where x is the independent variable."""
        [c] = pu.as_series([c])
        if len(c) == 1 and c[0] == 0:
            return c
        out = np.zeros(len(c) + 1, dtype=c.dtype)
        if self.is_power:
            out[0] = c[0] * 0
            out[1:] = c
            return out
        for k in range(len(c)):
            out[k + 1] += self.a(k) * c[k]
            if self.b(k):
                out[k] += self.b(k) * c[k]
            if k:
                out[k - 1] += self.c(k) * c[k]
        return out

    def mul(self, c1, c2):
        """Multiply one series by another: the product as a series."""
        c1, c2 = pu.as_series([c1, c2])
        if self.is_power:
            return pu.trimseq(np.convolve(c1, c2))
        if len(c1) > len(c2):
            c1, c2 = c2, c1
        return self._clenshaw(c1, lambda k, u: pu._sub(self.mulx(u), self.b(k) * u if self.b(k) else [0]), pu._add, c2)

    def _clenshaw(self, c, times_x, add, one):
        """sum of c[k] p_k(x), where x acts on values through times_x(k, u) = (x - b(k)) u, and `one` is p_0."""
        u = v = None
        for k in range(len(c) - 1, -1, -1):
            w = c[k] * one
            if u is not None:
                w = add(w, times_x(k, u) / self.a(k))
            if v is not None:
                w = add(w, -(self.c(k + 1) / self.a(k + 1)) * v)
            u, v = w, u
        return u

    def div(self, c1, c2):
        """Divide one series by another: quotient and remainder."""
        if not self.is_power:
            return pu._div(self.mul, c1, c2)
        c1, c2 = pu.as_series([c1, c2])
        if c2[-1] == 0:
            raise ZeroDivisionError('polynomial division by zero')
        n, m = len(c1), len(c2)
        if n < m:
            return c1[:1] * 0, c1
        if m == 1:
            return c1 / c2[-1], c1[:1] * 0
        lead, c2 = c2[-1], c2[:-1] / c2[-1]
        i, j = n - m, n - 1
        while i >= 0:
            c1[i:j] -= c2 * c1[j]
            i -= 1
            j -= 1
        return c1[j + 1:] / lead, pu.trimseq(c1[:j + 1])

    def pow(self, c, pow, maxpower=None):
        """Raise a series to a power."""
        return pu._pow(self.mul, c, pow, maxpower)

    # ---- Values

    def val(self, x, c, tensor=True):
        """Evaluate a series at points x; with tensor, every column of c at every point."""
        c = _prepared(c)
        if isinstance(x, (tuple, list)):
            x = np.asarray(x)
        if isinstance(x, np.ndarray) and tensor:
            c = c.reshape(c.shape + (1,) * x.ndim)
        if self.is_power:
            r = c[-1] + x * 0
            for k in range(2, len(c) + 1):
                r = c[-k] + r * x
            return r
        if len(c) == 1:
            return c[0] + x * 0
        r = self._clenshaw(c, lambda k, u: (x - self.b(k)) * u if self.b(k) else x * u, lambda u, v: u + v, 1)
        return r

    def vander(self, x, deg):
        """Pseudo-Vandermonde matrix of given degree: shape x.shape + (deg + 1,)."""
        deg = pu._as_int(deg, 'deg')
        if deg < 0:
            raise ValueError('deg must be non-negative')
        x = np.array(x, copy=None, ndmin=1) + 0.0
        v = np.empty((deg + 1,) + x.shape, dtype=x.dtype)
        v[0] = x * 0 + 1
        for k in range(deg):
            if self.is_power:
                v[k + 1] = v[k] * x
                continue
            v[k + 1] = v[k] * (x - self.b(k) if self.b(k) else x)
            if k:
                v[k + 1] -= self.c(k) * v[k - 1]
            v[k + 1] /= self.a(k)
        return np.moveaxis(v, 0, -1)

    # ---- Derivatives and integrals

    def der(self, c, m=1, scl=1, axis=0):
        """Differentiate a series m times; each result is multiplied by scl."""
        c = _prepared(c)
        count, axis = pu._as_int(m, 'the order of derivation'), pu._as_int(axis, 'the axis')
        if count < 0:
            raise ValueError('The order of derivation must be non-negative')
        axis = normalize_axis_index(axis, c.ndim)
        if count == 0:
            return c
        c = np.moveaxis(c, axis, 0)
        n = len(c)
        if count >= n:
            c = c[:1] * 0
        else:
            for _ in range(count):
                n -= 1
                c = c * scl
                out = np.empty((n,) + c.shape[1:], dtype=c.dtype)
                self.derive(c, out, n)
                c = out
        return np.moveaxis(c, 0, axis)

    def int(self, c, m=1, k=[], lbnd=0, scl=1, axis=0):
        """Integrate a series m times from lbnd, with constants k; each result is multiplied by scl before the constant."""
        c = _prepared(c)
        if not np.iterable(k):
            k = [k]
        count, axis = pu._as_int(m, 'the order of integration'), pu._as_int(axis, 'the axis')
        if count < 0:
            raise ValueError('The order of integration must be non-negative')
        if len(k) > count:
            raise ValueError('Too many integration constants')
        if np.ndim(lbnd) != 0:
            raise ValueError('lbnd must be a scalar.')
        if np.ndim(scl) != 0:
            raise ValueError('scl must be a scalar.')
        axis = normalize_axis_index(axis, c.ndim)
        if count == 0:
            return c
        c = np.moveaxis(c, axis, 0)
        k = list(k) + [0] * (count - len(k))
        for i in range(count):
            n = len(c)
            c = c * scl
            if n == 1 and np.all(c[0] == 0):
                c[0] = c[0] + k[i]
                continue
            out = np.empty((n + 1,) + c.shape[1:], dtype=c.dtype)
            out[0] = c[0] * 0
            self.integrate(c, out, n)
            out[0] = out[0] + (k[i] - self.val(lbnd, out))
            c = out
        return np.moveaxis(c, 0, axis)

    # ---- Roots and quadrature

    def companion(self, c):
        """The companion matrix of a series: symmetric where c is a basis polynomial (the power basis apart)."""
        [c] = pu.as_series([c])
        if len(c) < 2:
            raise ValueError('Series must have maximum degree of at least 1.')
        n = len(c) - 1
        mat = np.zeros((n, n), dtype=c.dtype)
        if self.is_power:
            if n == 1:
                return np.array([[-c[0] / c[1]]])
            mat.reshape(-1)[n::n + 1] = 1
            mat[:, -1] -= c[:-1] / c[-1]
            return mat
        off = np.array([self._beta(k) for k in range(1, n)])
        for k in range(n):
            mat[k, k] = self.b(k)
        for k in range(n - 1):
            mat[k, k + 1] = mat[k + 1, k] = off[k]
        # The scale of row j relative to the last one, through logarithms: their product may leave the range of floats.
        ratio = np.log(np.array([abs(self.a(k) / self.c(k + 1)) for k in range(n - 1)] + [1.0])) / 2
        scale = np.exp(np.cumsum(ratio[::-1])[::-1])
        mat[:, -1] -= scale * self.a(n - 1) * (c[:-1] / c[-1])
        return mat

    def _beta(self, k):
        """The off-diagonal entry of the symmetric Jacobi matrix."""
        beta = (self.a(k - 1) * self.c(k)) ** 0.5
        return beta if self.c(k) > 0 else -beta

    def roots(self, c):
        """Compute the roots of a series: eigenvalues of the companion matrix, sorted."""
        [c] = pu.as_series([c])
        if len(c) < 2:
            return np.array([], dtype=c.dtype)
        if len(c) == 2:
            # a(0) p_1 = (x - b(0)) p_0
            return np.array([self.b(0) - self.a(0) * c[0] / c[1]])
        r = np.linalg.eigvals(self.companion(c)[::-1, ::-1])
        if r.dtype.kind == 'c' and c.dtype.kind != 'c' and (r.imag == 0).all():
            r = r.real
        r.sort()
        return r

    def gauss(self, deg):
        """Gauss quadrature: sample points and weights, exact to degree 2 deg - 1."""
        n = pu._as_int(deg, 'deg')
        if n <= 0:
            raise ValueError('deg must be a positive integer')
        mat = np.zeros((n, n))
        for k in range(n):
            mat[k, k] = self.b(k)
            if k:
                mat[k - 1, k] = mat[k, k - 1] = self._beta(k)
        x = np.linalg.eigvalsh(mat)
        p, slope, _ = self._orthonormal(x, n)
        with np.errstate(all='ignore'):
            step = p / slope
        x = x - np.where(np.isfinite(step), step, 0)
        symmetric = all(self.b(k) == 0 for k in range(2))
        if symmetric:
            x = (x - x[::-1]) / 2
        w = 1 / self._orthonormal(x, n)[2]
        if symmetric:
            w = (w + w[::-1]) / 2
        return x, w * (self.mass / w.sum())

    def _orthonormal(self, x, n):
        """The n-th orthonormal polynomial, its derivative, and the sum of the squares of those before."""
        before, now = np.zeros(len(x)), np.full(len(x), self.mass ** -0.5)
        slope_before, slope, total = np.zeros(len(x)), np.zeros(len(x)), now * now
        for k in range(n):
            beta, last = self._beta(k + 1), self._beta(k) if k else 0.0
            u = ((x - self.b(k)) * now - last * before) / beta
            v = ((x - self.b(k)) * slope + now - last * slope_before) / beta
            before, now, slope_before, slope = now, u, slope, v
            if k < n - 1:
                total = total + now * now
        return now, slope, total

    # ---- Conversion

    def from_power(self, pol):
        """Convert a polynomial, lowest degree first, to a series."""
        [pol] = pu.as_series([pol])
        out = 0
        for k in range(len(pol) - 1, -1, -1):
            out = pu._add(self.mulx(out), pol[k])
        return out

    def to_power(self, c):
        """Convert a series to a polynomial, lowest degree first."""
        [c] = pu.as_series([c])
        if len(c) < 3 and self.prefix in ('cheb', 'leg', 'herme'):
            return c

        def times_x(k, u):
            u = np.concatenate([[0], np.atleast_1d(u)])
            return pu._sub(u, self.b(k) * u[1:]) if self.b(k) else u
        return pu.trimseq(np.atleast_1d(self._clenshaw(c, times_x, pu._add, np.array([1.0]))))

    def fromroots(self, roots):
        """Generate a series with given roots."""
        return pu._fromroots(self.line, self.mul, roots)


def install(namespace, basis):
    """Put the basis's functions into a module: names with its prefix, and documentation."""
    p = basis.prefix
    module = namespace['__name__']

    def put(name, f, doc):
        f.__name__ = f.__qualname__ = name
        f.__module__ = module
        f.__doc__ = doc.replace('series', basis.noun + ' series' if p != 'poly' else 'polynomial')
        namespace[name] = f


    import inspect

    def wrap(method, name):
        bound = getattr(basis, method)
        signature = inspect.signature(bound)
        params = str(signature)
        call = ', '.join('%s=%s' % (k, k) if v.default is not inspect._empty else k for k, v in signature.parameters.items())
        scope = {'_bound': bound}
        exec('def %s%s:\n    return _bound(%s)' % (name, params, call), scope)
        put(name, scope[name], bound.__doc__)

    for method in ('mulx', 'mul', 'div', 'pow', 'val', 'vander', 'der', 'int', 'companion', 'roots', 'fromroots'):
        wrap(method, p + method)
    if p != 'poly':
        wrap('from_power', 'poly2' + p)
        wrap('to_power', p + '2poly')
        wrap('gauss', p + 'gauss')
        put(p + 'weight', lambda x: basis.weight(x), 'The weight function under which the basis of the series is orthogonal.')
    put(p + 'line', lambda off, scl: basis.line(off, scl), 'The series of the straight line off + scl * x.')
    val, vander = namespace[p + 'val'], namespace[p + 'vander']
    put(p + 'add', lambda c1, c2: pu._add(c1, c2), 'Add one series to another.')
    put(p + 'sub', lambda c1, c2: pu._sub(c1, c2), 'Subtract one series from another.')
    put(p + 'trim', lambda c, tol=0: pu.trimcoef(c, tol), 'Remove small trailing coefficients from a series.')
    put(p + 'val2d', lambda x, y, c: pu._valnd(val, c, x, y), 'Evaluate a 2-D series at points (x, y).')
    put(p + 'val3d', lambda x, y, z, c: pu._valnd(val, c, x, y, z), 'Evaluate a 3-D series at points (x, y, z).')
    put(p + 'grid2d', lambda x, y, c: pu._gridnd(val, c, x, y), 'Evaluate a 2-D series on the Cartesian product of x and y.')
    put(p + 'grid3d', lambda x, y, z, c: pu._gridnd(val, c, x, y, z),
        'Evaluate a 3-D series on the Cartesian product of x, y and z.')
    put(p + 'vander2d', lambda x, y, deg: pu._vander_nd_flat((vander, vander), (x, y), deg),
        'Pseudo-Vandermonde matrix of given degrees in two dimensions, of a series.')
    put(p + 'vander3d', lambda x, y, z, deg: pu._vander_nd_flat((vander,) * 3, (x, y, z), deg),
        'Pseudo-Vandermonde matrix of given degrees in three dimensions, of a series.')
    put(p + 'fit', lambda x, y, deg, rcond=None, full=False, w=None: pu._fit(vander, x, y, deg, rcond, full, w),
        'Least squares fit of a series to data.')
    namespace[p + 'domain'] = basis.domain
    namespace[p + 'zero'], namespace[p + 'one'] = np.array([0]), np.array([1])
    namespace[p + 'x'] = np.asarray(basis.line(0, 1))


def make_class(namespace, basis, name, basis_name, repr_term):
    """The convenience class of a basis."""
    from numpy.polynomial._polybase import ABCPolyBase
    p = basis.prefix
    methods = {'_' + k: staticmethod(namespace[p + k]) for k in
               ('add', 'sub', 'mul', 'div', 'pow', 'val', 'int', 'der', 'fit', 'line', 'roots', 'fromroots')}
    members = dict(methods, __doc__='A series of %s.' % basis.noun, domain=np.array(basis.domain),
                   window=np.array(basis.domain), basis_name=basis_name, __module__=namespace['__name__'])
    if repr_term:
        members['_repr_latex_term'] = repr_term
    namespace[name] = type(ABCPolyBase)(name, (ABCPolyBase,), members)
    return namespace[name]
