"""numpy.polynomial.polyutils: series of coefficients, domains, and the algorithms that serve every basis."""
import functools
import operator
import warnings

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.exceptions import RankWarning

__all__ = ['as_series', 'trimseq', 'trimcoef', 'getdomain', 'mapdomain', 'mapparms', 'format_float']


def trimseq(seq):
    """Remove small Poly series coefficients: zeros at the end, but not the first item."""
    n = len(seq)
    if n == 0 or seq[-1] != 0:
        return seq
    while n > 1 and seq[n - 1] == 0:
        n -= 1
    return seq[:n]


def as_series(alist, trim=True):
    """Return argument as a list of 1-d arrays of one common type: object, complex or float."""
    arrays = [np.array(a, ndmin=1, copy=None) for a in alist]
    for a in arrays:
        if a.size == 0:
            raise ValueError('Coefficient array is empty')
        if a.ndim != 1:
            raise ValueError('Coefficient array is not 1-d')
    if trim:
        arrays = [trimseq(a) for a in arrays]
    if any(a.dtype == np.dtype(object) for a in arrays):
        out = []
        for a in arrays:
            if a.dtype != np.dtype(object):
                b = np.empty(len(a), dtype=object)
                b[:] = a[:]
                a = b
            else:
                a = a.copy()
            out.append(a)
        return out
    try:
        if any(a.dtype.kind not in 'biufc' for a in arrays):
            raise TypeError('not numbers')
        dtype = np.common_type(*arrays)
    except Exception as e:
        raise ValueError('Coefficient arrays have no common type') from e
    return [np.array(a, copy=True, dtype=dtype) for a in arrays]


def trimcoef(c, tol=0):
    """Remove "small" "trailing" coefficients from a polynomial: those not larger than tol."""
    if tol < 0:
        raise ValueError('tol must be non-negative')
    [c] = as_series([c])
    large, = np.nonzero(np.abs(c) > tol)
    return c[:1] * 0 if len(large) == 0 else c[:large[-1] + 1].copy()


def getdomain(x):
    """Return a domain suitable for given abscissae: the least interval, or rectangle, around them."""
    [x] = as_series([x], trim=False)
    if x.dtype.char in np.typecodes['Complex']:
        return np.array((complex(x.real.min(), x.imag.min()), complex(x.real.max(), x.imag.max())))
    return np.array((x.min(), x.max()))


def mapparms(old, new):
    """Linear map parameters between domains: offset and scale."""
    length, new_length = old[1] - old[0], new[1] - new[0]
    return (old[1] * new[0] - old[0] * new[1]) / length, new_length / length


def mapdomain(x, old, new):
    """Apply linear map to input points."""
    if type(x) not in (int, float, complex) and not isinstance(x, np.generic):
        x = np.asanyarray(x)
    off, scale = mapparms(old, new)
    return off + scale * x


def _as_int(x, desc):
    try:
        return operator.index(x)
    except TypeError as e:
        raise TypeError('%s must be an integer, received %s' % (desc, x)) from e


# ---- Algorithms over a basis, given by its functions

def _nth_slice(i, ndim):
    slices = [np.newaxis] * ndim
    slices[i] = slice(None)
    return tuple(slices)


def _vander_nd(vander_fs, points, degrees):
    """A Vandermonde matrix in several dimensions: the degrees of each on an axis of its own."""
    n = len(vander_fs)
    if n != len(points):
        raise ValueError('Expected %d dimensions of sample points, got %d' % (n, len(points)))
    if n != len(degrees):
        raise ValueError('Expected %d dimensions of degrees, got %d' % (n, len(degrees)))
    if n == 0:
        raise ValueError('Unable to guess a dtype or shape when no points are given')
    points = tuple(np.asarray(tuple(points)) + 0.0)
    arrays = (vander_fs[i](points[i], degrees[i])[(...,) + _nth_slice(i, n)] for i in range(n))
    return functools.reduce(operator.mul, arrays)


def _vander_nd_flat(vander_fs, points, degrees):
    v = _vander_nd(vander_fs, points, degrees)
    return v.reshape(v.shape[:-len(degrees)] + (-1,))


def _fromroots(line_f, mul_f, roots):
    """The product of the lines through the roots, pairwise, so that degrees stay alike."""
    if len(roots) == 0:
        return np.ones(1)
    [roots] = as_series([roots], trim=False)
    roots.sort()
    p = [line_f(-r, 1) for r in roots]
    while len(p) > 1:
        half, odd = divmod(len(p), 2)
        products = [mul_f(p[i], p[i + half]) for i in range(half)]
        if odd:
            products[0] = mul_f(products[0], p[-1])
        p = products
    return p[0]


def _valnd(val_f, c, *args):
    args = [np.asanyarray(a) for a in args]
    if any(a.shape != args[0].shape for a in args[1:]):
        if len(args) in (2, 3):
            raise ValueError('x, y%s are incompatible' % (', z' if len(args) == 3 else ''))
        raise ValueError('ordinates are incompatible')
    c = val_f(args[0], c)
    for x in args[1:]:
        c = val_f(x, c, tensor=False)
    return c


def _gridnd(val_f, c, *args):
    for x in args:
        c = val_f(x, c)
    return c


def _div(mul_f, c1, c2):
    """Quotient and remainder: the leading term is cancelled again and again."""
    c1, c2 = as_series([c1, c2])
    if c2[-1] == 0:
        raise ZeroDivisionError('polynomial division by zero')
    if len(c1) < len(c2):
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / c2[-1], c1[:1] * 0
    quotient, rest = np.empty(len(c1) - len(c2) + 1, dtype=c1.dtype), c1
    for i in range(len(c1) - len(c2), -1, -1):
        p = mul_f([0] * i + [1], c2)
        q = rest[-1] / p[-1]
        rest = rest[:-1] - q * p[:-1]
        quotient[i] = q
    return quotient, trimseq(rest)


def _add(c1, c2):
    c1, c2 = as_series([c1, c2])
    if len(c1) < len(c2):
        c1, c2 = c2, c1
    c1[:c2.size] += c2
    return trimseq(c1)


def _sub(c1, c2):
    c1, c2 = as_series([c1, c2])
    if len(c1) > len(c2):
        c1[:c2.size] -= c2
        return trimseq(c1)
    c2 = -c2
    c2[:c1.size] += c1
    return trimseq(c2)


def _fit(vander_f, x, y, deg, rcond=None, full=False, w=None):
    """Least squares fit of coefficients: of all up to a degree, or of a list of degrees."""
    x, y, deg = np.asarray(x) + 0.0, np.asarray(y) + 0.0, np.asarray(deg)
    if deg.ndim > 1 or deg.dtype.kind not in 'iu' or deg.size == 0:
        raise TypeError('deg must be an int or non-empty 1-D array of int')
    if deg.min() < 0:
        raise ValueError('expected deg >= 0')
    if x.ndim != 1:
        raise TypeError('expected 1D vector for x')
    if x.size == 0:
        raise TypeError('expected non-empty vector for x')
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError('expected 1D or 2D array for y')
    if len(x) != len(y):
        raise TypeError('expected x and y to have same length')
    if deg.ndim == 0:
        highest, order = int(deg), int(deg) + 1
        van = vander_f(x, highest)
    else:
        deg = np.sort(deg)
        highest, order = int(deg[-1]), len(deg)
        van = vander_f(x, highest)[:, deg]
    left, right = van.T, y.T
    if w is not None:
        w = np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError('expected 1D vector for w')
        if len(x) != len(w):
            raise TypeError('expected x and w to have same length')
        left, right = left * w, right * w
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    # The columns are brought to length one: that makes the condition number better.
    if issubclass(left.dtype.type, np.complexfloating):
        scale = np.sqrt((np.square(left.real) + np.square(left.imag)).sum(1))
    else:
        scale = np.sqrt(np.square(left).sum(1))
    scale[scale == 0] = 1
    c, residuals, rank, s = np.linalg.lstsq(left.T / scale, right.T, rcond)
    c = (c.T / scale).T
    if deg.ndim > 0:
        all_c = np.zeros((highest + 1,) + c.shape[1:], dtype=c.dtype)
        all_c[deg] = c
        c = all_c
    if rank != order and not full:
        warnings.warn('The fit may be poorly conditioned', RankWarning, stacklevel=2)
    return (c, [residuals, rank, s, rcond]) if full else c


def _pow(mul_f, c, pow, maxpower):
    [c] = as_series([c])
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError('Power must be a non-negative integer.')
    if maxpower is not None and power > maxpower:
        raise ValueError('Power is too large')
    if power == 0:
        return np.array([1], dtype=c.dtype)
    product = c
    for _ in range(2, power + 1):
        product = mul_f(product, c)
    return product


def format_float(x, parens=False):
    """A coefficient as polynomials print it, under NumPy's print options."""
    if not np.issubdtype(type(x), np.floating):
        return str(x)
    opts = np.get_printoptions()
    if np.isnan(x):
        return opts['nanstr']
    if np.isinf(x):
        return opts['infstr']
    exponential = False
    if x != 0:
        a = abs(x)
        if a >= 1e8 or a < 10 ** min(0, -(opts['precision'] - 1) // 2):
            exponential = True
    trim, unique = '0', True
    if opts['floatmode'] == 'fixed':
        trim, unique = 'k', False
    if exponential:
        s = np.format_float_scientific(x, precision=opts['precision'], unique=unique, trim=trim,
                                       sign=opts['sign'] == '+')
        if parens:
            s = '(' + s + ')'
    else:
        s = np.format_float_positional(x, precision=opts['precision'], fractional=True, unique=unique, trim=trim,
                                       sign=opts['sign'] == '+')
    return s
