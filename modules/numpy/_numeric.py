"""Numerical functions written in Python: comparison, error state, calculus, products, functional tools, windows, types."""
import builtins
import operator as _op

import _numpy as _n
from _numpy import (absolute, arange, array, asanyarray, asarray, concatenate, copyto, dot, empty, expand_dims,
                    isnan, matmul, maximum, minimum, multiply, ndarray, ones, result_type, where, zeros, zeros_like)
from numpy._functions import _NoValue, _axis, broadcast_arrays, linspace, moveaxis, ndim, take

nan, inf, pi, e = float('nan'), float('inf'), 3.141592653589793, 2.718281828459045


# ---- Comparison

def isclose(a, b, rtol=1.e-5, atol=1.e-8, equal_nan=False):
    """Returns a boolean array where two arrays are element-wise equal within a tolerance."""
    x, y = asanyarray(a), asanyarray(b)
    if y.dtype.kind in 'bui':
        y = y.astype(result_type(y, 1.))
    with errstate(invalid='ignore', over='ignore'):
        close = _n.less_equal(absolute(x - y), atol + rtol * absolute(y))
        r = (close & _n.isfinite(y)) | (x == y)
    if equal_nan:
        r = r | (isnan(x) & isnan(y))
    return r


def allclose(a, b, rtol=1.e-5, atol=1.e-8, equal_nan=False):
    """Returns True if two arrays are element-wise equal within a tolerance."""
    return builtins.bool(asarray(isclose(a, b, rtol, atol, equal_nan)).all())


def array_equal(a1, a2, equal_nan=False):
    """True if two arrays have the same shape and elements, False otherwise."""
    try:
        a1, a2 = asarray(a1), asarray(a2)
    except Exception:
        return False
    if a1.shape != a2.shape:
        return False
    if not equal_nan or a1.dtype.kind not in 'fc' or a2.dtype.kind not in 'fc':
        return builtins.bool((asanyarray(a1 == a2)).all())
    na, nb = isnan(a1), isnan(a2)
    return builtins.bool((na == nb).all()) and builtins.bool((a1[~na] == a2[~nb]).all())


def array_equiv(a1, a2):
    """Returns True if input arrays are shape consistent and all elements equal."""
    try:
        a1, a2 = broadcast_arrays(asarray(a1), asarray(a2))
    except Exception:
        return False
    return builtins.bool((a1 == a2).all())


# ---- Error state

class errstate:
    """Context manager for floating-point error handling; also a decorator."""

    def __init__(self, *, call=_NoValue, all=None, divide=None, over=None, under=None, invalid=None):
        self._call = call
        self._modes = (divide or all, over or all, under or all, invalid or all)

    def __enter__(self):
        from numpy import _glue
        self._saved = _n._geterr(), _glue._error_call[0]
        _n._seterr(*self._modes)
        if self._call is not _NoValue:
            _glue._error_call[0] = self._call

    def __exit__(self, *exc):
        from numpy import _glue
        _n._seterr(*self._saved[0])
        _glue._error_call[0] = self._saved[1]

    def __call__(self, f):
        import functools

        @functools.wraps(f)
        def inner(*args, **kwargs):
            with errstate(divide=self._modes[0], over=self._modes[1], under=self._modes[2], invalid=self._modes[3]):
                return f(*args, **kwargs)
        return inner


def geterr():
    """Get the current way of handling floating-point errors."""
    return dict(zip(('divide', 'over', 'under', 'invalid'), _n._geterr()))


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Set how floating-point errors are handled."""
    old = geterr()
    _n._seterr(divide or all, over or all, under or all, invalid or all)
    return old


def seterrcall(func):
    """Set the floating-point error callback function or log object."""
    from numpy import _glue
    old, _glue._error_call[0] = _glue._error_call[0], func
    return old


def geterrcall():
    """Return the current callback function used on floating-point errors."""
    from numpy import _glue
    return _glue._error_call[0]


def setbufsize(size):
    return 8192


def getbufsize():
    return 8192


# ---- Complex helpers

def real(val):
    """Return the real part of the complex argument."""
    try:
        return val.real
    except AttributeError:
        return asanyarray(val).real


def imag(val):
    """Return the imaginary part of the complex argument."""
    try:
        return val.imag
    except AttributeError:
        return asanyarray(val).imag


def angle(z, deg=False):
    """Return the angle of the complex argument."""
    z = asanyarray(z)
    a = _n.arctan2(z.imag, z.real)
    return a * (180 / pi) if deg else a


def iscomplex(x):
    """Returns a bool array, where True if input element is complex."""
    x = asanyarray(x)
    return x.imag != 0 if x.dtype.kind == 'c' else zeros(x.shape, bool)[()]


def isreal(x):
    """Returns a bool array, where True if input element is real."""
    return imag(x) == 0


def iscomplexobj(x):
    """Check for a complex type or an array of complex numbers."""
    d = getattr(x, 'dtype', None)
    return (asarray(x).dtype if d is None else d).kind == 'c'


def isrealobj(x):
    """Return True if x is a not complex type or an array of complex numbers."""
    return not iscomplexobj(x)


def real_if_close(a, tol=100):
    """If input is complex with all imaginary parts close to zero, return real parts."""
    a = asanyarray(a)
    if a.dtype.kind != 'c':
        return a
    if tol > 1:
        tol = (2.220446049250313e-16 if a.dtype.char == 'D' else 1.1920929e-07) * tol
    return a.real if builtins.bool((absolute(a.imag) < tol).all()) else a


def isneginf(x, out=None):
    """Test element-wise for negative infinity."""
    return _n.logical_and(_n.isinf(x), _n.signbit(x), out=out) if out is not None else _n.logical_and(_n.isinf(x), _n.signbit(x))


def isposinf(x, out=None):
    """Test element-wise for positive infinity."""
    r = _n.logical_not(_n.signbit(x))
    return _n.logical_and(_n.isinf(x), r, out=out) if out is not None else _n.logical_and(_n.isinf(x), r)


def fix(x, out=None):
    """Round to nearest integer towards zero."""
    return _n.trunc(x, out=out) if out is not None else _n.trunc(x)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Replace NaN with zero and infinity with large finite numbers."""
    x = array(x, subok=True, copy=True if copy else None)
    scalar = x.ndim == 0
    if x.dtype.kind not in 'fc':
        return x[()] if scalar else x
    for part in ((x.real, x.imag) if x.dtype.kind == 'c' else (x,)):
        big = finfo(part.dtype).max
        where_nan, up, down = isnan(part), isposinf(part), isneginf(part)
        copyto(part, nan, where=where_nan)
        copyto(part, big if posinf is None else posinf, where=up)
        copyto(part, -big if neginf is None else neginf, where=down)
    return x[()] if scalar else x


# ---- Calculus and signals

def diff(a, n=1, axis=-1, prepend=_NoValue, append=_NoValue):
    """Calculate the n-th discrete difference along the given axis."""
    if n == 0:
        return a
    if n < 0:
        raise ValueError('order must be non-negative but got ' + repr(n))
    a = asanyarray(a)
    if a.ndim == 0:
        raise ValueError('diff requires input that is at least one dimensional')
    axis = _axis(axis, a.ndim)
    parts = []
    for extra, front in ((prepend, True), (append, False)):
        if extra is _NoValue:
            continue
        extra = asanyarray(extra)
        if extra.ndim == 0:
            shape = list(a.shape)
            shape[axis] = 1
            extra = _n.broadcast_to(extra, tuple(shape))
        parts.append((extra, front))
    if parts:
        a = concatenate([p for p, f in parts if f] + [a] + [p for p, f in parts if not f], axis)
    high = (slice(None),) * axis + (slice(1, None),)
    low = (slice(None),) * axis + (slice(None, -1),)
    op = _n.not_equal if a.dtype.kind == 'b' else _n.subtract
    for _ in range(n):
        a = op(a[high], a[low])
    return a


def ediff1d(ary, to_end=None, to_begin=None):
    """The differences between consecutive elements of an array."""
    ary = asanyarray(ary).ravel()
    d = ary[1:] - ary[:-1]
    parts = [] if to_begin is None else [asarray(to_begin).ravel()]
    parts.append(d)
    if to_end is not None:
        parts.append(asarray(to_end).ravel())
    return concatenate(parts).astype(d.dtype) if len(parts) > 1 else d


def gradient(f, *varargs, axis=None, edge_order=1):
    """Return the gradient of an N-dimensional array."""
    f = asanyarray(f)
    N = f.ndim
    axes = tuple(range(N)) if axis is None else tuple(_axis(k, N) for k in (axis if isinstance(axis, tuple) else (axis,)))
    n = len(varargs)
    if n == 0:
        steps = [1.0] * len(axes)
    elif n == 1 and ndim(varargs[0]) == 0:
        steps = list(varargs) * len(axes)
    elif n == len(axes):
        steps = [asanyarray(v) if ndim(v) else v for v in varargs]
        for k, v in enumerate(steps):
            if ndim(v) == 0:
                continue
            if v.ndim != 1:
                raise ValueError('distances must be either scalars or 1d')
            if len(v) != f.shape[axes[k]]:
                raise ValueError('when 1d, distances must match the length of the corresponding dimension')
            d = diff(v.astype(float))
            steps[k] = d[0] if (d == d[0]).all() else d
    else:
        raise TypeError('invalid number of arguments')
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    out = []
    if f.dtype.kind not in 'fc':
        f = f.astype('d')
    for k, h in zip(axes, steps):
        if f.shape[k] < edge_order + 1:
            raise ValueError('Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements '
                             'are required.')
        x = moveaxis(f, k, 0)
        r = empty(x.shape, f.dtype)
        if ndim(h) == 0:
            r[1:-1] = (x[2:] - x[:-2]) / (2. * h)
        else:
            h1 = h[:-1].reshape((-1,) + (1,) * (x.ndim - 1))
            h2 = h[1:].reshape((-1,) + (1,) * (x.ndim - 1))
            r[1:-1] = -h2 / (h1 * (h1 + h2)) * x[:-2] + (h2 - h1) / (h1 * h2) * x[1:-1] + h1 / (h2 * (h1 + h2)) * x[2:]
        if edge_order == 1:
            r[0] = (x[1] - x[0]) / (h if ndim(h) == 0 else h[0])
            r[-1] = (x[-1] - x[-2]) / (h if ndim(h) == 0 else h[-1])
        elif ndim(h) == 0:
            r[0] = -1.5 / h * x[0] + 2. / h * x[1] - 0.5 / h * x[2]
            r[-1] = 0.5 / h * x[-3] - 2. / h * x[-2] + 1.5 / h * x[-1]
        else:
            a, b = h[0], h[1]
            r[0] = -(2. * a + b) / (a * (a + b)) * x[0] + (a + b) / (a * b) * x[1] - a / (b * (a + b)) * x[2]
            a, b = h[-2], h[-1]
            r[-1] = b / (a * (a + b)) * x[-3] - (b + a) / (a * b) * x[-2] + (2. * b + a) / (b * (a + b)) * x[-1]
        out.append(moveaxis(r, 0, k))
    return out[0] if len(axes) == 1 else tuple(out)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Integrate along the given axis using the composite trapezoidal rule."""
    y = asanyarray(y)
    if x is None:
        d = dx
    else:
        x = asanyarray(x)
        d = diff(x) if x.ndim == 1 else diff(x, axis=axis)
        if x.ndim == 1:
            d = d.reshape((1,) * _axis(axis, y.ndim) + (-1,) + (1,) * (y.ndim - _axis(axis, y.ndim) - 1))
    front = (slice(None),) * _axis(axis, y.ndim)
    return (d * (y[front + (slice(1, None),)] + y[front + (slice(None, -1),)]) / 2.0).sum(axis)


trapz = trapezoid


def interp(x, xp, fp, left=None, right=None, period=None):
    """One-dimensional linear interpolation for monotonically increasing sample points."""
    fp = asarray(fp)
    if period is not None:
        if period == 0:
            raise ValueError('period must be a non-zero value')
        period = abs(period)
        left = right = None
        x, xp = asarray(x, 'd') % period, asarray(xp, 'd') % period
        order = xp.argsort()
        xp, fp = xp[order], fp[order]
        xp = concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = concatenate((fp[-1:], fp, fp[0:1]))
    if fp.dtype.kind == 'c':
        return _n._interp(x, xp, fp.real, left and left.real, right and right.real) + 1j * _n._interp(
            x, xp, fp.imag, left and left.imag, right and right.imag)
    return _n._interp(x, xp, fp, left, right)


def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    """Unwrap by taking the complement of large deltas with respect to the period."""
    p = asarray(p)
    d = diff(p, axis=axis)
    if discont is None:
        discont = period / 2
    if result_type(d, period).kind in 'iu':
        high, rem = divmod(period, 2)
        ambiguous = rem == 0
    else:
        high, ambiguous = period / 2, True
    low = -high
    m = (d - low) % period + low
    if ambiguous:
        copyto(m, high, where=(m == low) & (d > 0))
    correct = m - d
    copyto(correct, 0, where=absolute(d) < discont)
    up = array(p, copy=True, dtype=result_type(d, period))
    tail = (slice(None),) * _axis(axis, p.ndim) + (slice(1, None),)
    up[tail] = p[tail] + correct.cumsum(axis)
    return up


def convolve(a, v, mode='full'):
    """Returns the discrete, linear convolution of two one-dimensional sequences."""
    a, v = array(a, copy=None, ndmin=1), array(v, copy=None, ndmin=1)
    if len(v) > len(a):
        a, v = v, a
    if len(a) == 0:
        raise ValueError('a cannot be empty')
    if len(v) == 0:
        raise ValueError('v cannot be empty')
    return _correlate(a, v[::-1], mode)


def correlate(a, v, mode='valid'):
    """Cross-correlation of two 1-dimensional sequences."""
    a, v = asarray(a), asarray(v).conj()
    if len(a) == 0 or len(v) == 0:
        raise ValueError('%s cannot be empty' % ('a' if len(a) == 0 else 'v'))
    if len(v) > len(a):
        return _correlate(v, a, mode)[::-1]
    return _correlate(a, v, mode)


def _correlate(a, v, mode):
    """sum_k a[n + k] v[k], len(a) >= len(v)."""
    n, m = len(a), len(v)
    d = result_type(a, v)
    modes = {'valid': 0, 'same': 1, 'full': 2, 0: 0, 1: 1, 2: 2, 'v': 0, 's': 1, 'f': 2}
    if mode not in modes:
        raise ValueError("mode must be one of 'valid', 'same', or 'full' (got %r)" % (mode,))
    kind = modes[mode]
    padded = zeros(n + 2 * (m - 1), d)
    padded[m - 1:m - 1 + n] = a
    v = v.astype(d)
    total = n + m - 1
    windows = _n._as_strided(padded, (total, m), (padded.itemsize, padded.itemsize), False)
    full = matmul(windows, v)
    if kind == 2:
        return full
    if kind == 1:
        start = (m - 1) // 2 if m % 2 else m // 2 - 1 + (1 if False else 0)
        start = (m - 1) - (m - 1) // 2 if False else (m - 1) // 2 + ((m - 1) % 2)
        start = m // 2 if False else (m - 1) // 2
        return full[m - 1 - m // 2 + 0:][:n] if False else full[(m - 1) // 2:(m - 1) // 2 + n]
    return full[m - 1:n]


# ---- Products

def outer(a, b, out=None):
    """Compute the outer product of two vectors."""
    a, b = asarray(a).ravel(), asarray(b).ravel()
    return multiply(a[:, None], b[None, :], out=out) if out is not None else multiply(a[:, None], b[None, :])


def inner(a, b, /):
    """Inner product of two arrays."""
    a, b = asanyarray(a), asanyarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if a.shape[-1] != b.shape[-1]:
        raise ValueError('shapes %s and %s not aligned: %d (dim %d) != %d (dim %d)' % (
            _shape_text(a), _shape_text(b), a.shape[-1], a.ndim - 1, b.shape[-1], b.ndim - 1))
    return tensordot(a, b, axes=(-1, -1)) if a.ndim > 1 or b.ndim > 1 else dot(a, b)


def _shape_text(a):
    return str(a.shape).replace(' ', '')


def vdot(a, b, /):
    """Return the dot product of two vectors."""
    return dot(asarray(a).ravel().conj(), asarray(b).ravel())


def vecdot(x1, x2, /, *, axis=-1, **kwargs):
    """Vector dot product of two arrays."""
    x1, x2 = asanyarray(x1), asanyarray(x2)
    return (x1.conj() * x2).sum(axis) if axis != -1 else matmul(x1.conj()[..., None, :], x2[..., :, None])[..., 0, 0]


def matvec(x1, x2, /):
    """Matrix-vector dot product of two arrays."""
    return matmul(x1, asanyarray(x2)[..., None])[..., 0]


def vecmat(x1, x2, /):
    """Vector-matrix dot product of two arrays."""
    return matmul(asanyarray(x1).conj()[..., None, :], x2)[..., 0, :]


def tensordot(a, b, axes=2):
    """Compute tensor dot product along specified axes."""
    a, b = asarray(a), asarray(b)
    try:
        xa, xb = axes
    except TypeError:
        xa, xb = list(range(-axes, 0)), list(range(axes))
    xa = [xa] if isinstance(xa, (int, _n.integer)) else list(xa)
    xb = [xb] if isinstance(xb, (int, _n.integer)) else list(xb)
    if len(xa) != len(xb):
        raise ValueError('shape-mismatch for sum')
    xa, xb = [_axis(k, a.ndim) for k in xa], [_axis(k, b.ndim) for k in xb]
    for i, j in zip(xa, xb):
        if a.shape[i] != b.shape[j]:
            raise ValueError('shape-mismatch for sum')
    ka, kb = [k for k in range(a.ndim) if k not in xa], [k for k in range(b.ndim) if k not in xb]
    n = 1
    for k in xa:
        n *= a.shape[k]
    shape = [a.shape[k] for k in ka] + [b.shape[k] for k in kb]
    rows = 1
    for k in ka:
        rows *= a.shape[k]
    columns = 1
    for k in kb:
        columns *= b.shape[k]
    r = dot(a.transpose(ka + xa).reshape(rows, n), b.transpose(xb + kb).reshape(n, columns))
    return r.reshape(shape)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Return the cross product of two (arrays of) vectors."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(asarray(a), axisa, -1), moveaxis(asarray(b), axisb, -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError('incompatible dimensions for cross product\n(dimension must be 2 or 3)')
    a0, a1, b0, b1 = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    if a.shape[-1] == 2 and b.shape[-1] == 2:
        return a0 * b1 - a1 * b0
    a2 = a[..., 2] if a.shape[-1] == 3 else zeros_like(a0)
    b2 = b[..., 2] if b.shape[-1] == 3 else zeros_like(b0)
    r = _n.stack(broadcast_arrays(a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0), axis=-1)
    return moveaxis(r, -1, axisc) if r.ndim > 1 else r


def kron(a, b):
    """Kronecker product of two arrays."""
    a, b = asanyarray(a), asanyarray(b)
    n = builtins.max(a.ndim, b.ndim)
    if a.ndim == 0 or b.ndim == 0:
        return multiply(a, b)
    a = a.reshape((1,) * (n - a.ndim) + a.shape)
    b = b.reshape((1,) * (n - b.ndim) + b.shape)
    wide_a = a.reshape([s for k in a.shape for s in (k, 1)])
    wide_b = b.reshape([s for k in b.shape for s in (1, k)])
    return (wide_a * wide_b).reshape([p * q for p, q in zip(a.shape, b.shape)])


def _einsum_parse(operands):
    if isinstance(operands[0], str):
        text, arrays = operands[0].replace(' ', ''), [asanyarray(o) for o in operands[1:]]
    else:
        letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
        arrays, subs = [], []
        items = list(operands)
        out = items.pop() if len(items) % 2 else None
        for k in range(0, len(items), 2):
            arrays.append(asanyarray(items[k]))
            subs.append(''.join('...' if s is Ellipsis else letters[s] for s in items[k + 1]))
        text = ','.join(subs)
        if out is not None:
            text += '->' + ''.join('...' if s is Ellipsis else letters[s] for s in out)
    left, arrow, out = text.partition('->')
    subs = left.split(',')
    if len(subs) != len(arrays):
        raise ValueError('more operands provided to einstein sum function than specified in the subscripts string'
                         if len(subs) < len(arrays) else
                         'fewer operands provided to einstein sum function than specified in the subscripts string')
    spare = [c for c in 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' if c not in text]
    most = builtins.max([a.ndim - len(s.replace('...', '')) for s, a in zip(subs, arrays) if '...' in s], default=0)
    dots = ''.join(spare[:most])
    for k, (s, a) in enumerate(zip(subs, arrays)):
        if '...' in s:
            n = a.ndim - len(s) + 3
            s = s.replace('...', dots[most - n:])
        if len(s) != a.ndim:
            raise ValueError('einstein sum subscripts string contains too many subscripts for operand %d' % k if len(s) > a.ndim else
                             'operand has more dimensions than subscripts given in einstein sum, but no \'...\' ellipsis '
                             'provided to broadcast the extra dimensions.')
        subs[k] = s
    if arrow:
        out = out.replace('...', dots)
    else:
        names = ''.join(subs)
        out = dots + ''.join(c for c in sorted(set(names)) if names.count(c) == 1 and c not in dots)
    for c in out:
        if c not in ''.join(subs):
            raise ValueError("einstein sum subscripts string included output subscript '%s' which never appeared in an input" % c)
    return arrays, subs, out


def _diagonals(a, s):
    """Repeated labels of one operand taken as diagonals."""
    for c in set(s):
        while s.count(c) > 1:
            i = s.index(c)
            j = s.index(c, i + 1)
            if a.shape[i] != a.shape[j]:
                raise ValueError("dimensions in single operand for collapsing index '%s' don't match (%d != %d)" %
                                 (c, a.shape[i], a.shape[j]))
            a = a.diagonal(0, i, j)
            s = s[:i] + s[i + 1:j] + s[j + 1:] + c
    return a, s


def _einsum_pair(a, s, b, t, keep):
    """Contracts two operands over the labels that nothing else needs."""
    for c in set(s) & set(t):
        if a.shape[s.index(c)] == 1 != b.shape[t.index(c)]:
            a, s = a.sum(s.index(c)), s.replace(c, '')
        elif b.shape[t.index(c)] == 1 != a.shape[s.index(c)]:
            b, t = b.sum(t.index(c)), t.replace(c, '')
    for c in [c for c in s if c not in t and c not in keep]:
        a, s = a.sum(s.index(c)), s.replace(c, '')
    for c in [c for c in t if c not in s and c not in keep]:
        b, t = b.sum(t.index(c)), t.replace(c, '')
    batch = [c for c in s if c in t and c in keep]
    inner_ = [c for c in s if c in t and c not in keep]
    rows, columns = [c for c in s if c not in t], [c for c in t if c not in s]
    for c in batch + inner_:
        if a.shape[s.index(c)] != b.shape[t.index(c)]:
            raise ValueError('operands could not be broadcast together with remapped shapes [original->remapped]: %s %s' % (
                _shape_text(a), _shape_text(b)))
    if not inner_:
        labels = batch + rows + columns
        x = a.transpose([s.index(c) for c in batch + rows]).reshape([a.shape[s.index(c)] for c in batch + rows] + [1] * len(columns))
        y = b.transpose([t.index(c) for c in batch + columns])
        y = y.reshape([b.shape[t.index(c)] for c in batch] + [1] * len(rows) + [b.shape[t.index(c)] for c in columns])
        return x * y, ''.join(labels)
    size = lambda arr, sub, names: [arr.shape[sub.index(c)] for c in names]  # noqa: E731
    def product(n):
        r = 1
        for k in n:
            r *= k
        return r
    sb, sr, si, sc = size(a, s, batch), size(a, s, rows), size(a, s, inner_), size(b, t, columns)
    x = a.transpose([s.index(c) for c in batch + rows + inner_]).reshape(sb + [product(sr), product(si)])
    y = b.transpose([t.index(c) for c in batch + inner_ + columns]).reshape(sb + [product(si), product(sc)])
    return matmul(x, y).reshape(sb + sr + sc), ''.join(batch + rows + columns)


def einsum(*operands, out=None, optimize=False, dtype=None, order='K', casting='safe', **kwargs):
    """Evaluates the Einstein summation convention on the operands."""
    arrays, subs, result = _einsum_parse(operands)
    if dtype is not None:
        arrays = [a.astype(dtype) for a in arrays]
    for a in arrays:
        if a.dtype.kind == 'b' and len(arrays) == 1:
            break
    arrays, subs = map(list, zip(*[_diagonals(a, s) for a, s in zip(arrays, subs)]))
    sizes = {}
    for a, s in zip(arrays, subs):
        for c, n in zip(s, a.shape):
            if sizes.get(c, 1) != 1 and n not in (1, sizes[c]):
                raise ValueError('operands could not be broadcast together with remapped shapes [original->remapped]: ' +
                                 ' '.join(_shape_text(x) for x in arrays))
            sizes[c] = builtins.max(n, sizes.get(c, 1)) if n else 0
    a, s = arrays[0], subs[0]
    for k in range(1, len(arrays)):
        keep = result + ''.join(subs[k + 1:])
        a, s = _einsum_pair(a, s, arrays[k], subs[k], keep)
    extra = tuple(i for i, c in enumerate(s) if c not in result)
    if extra:
        d = a.dtype
        a = asanyarray(a.sum(extra, dtype=d))
        s = ''.join(c for c in s if c in result)
    a = asanyarray(a).transpose([s.index(c) for c in result])
    if out is not None:
        out[...] = a
        return out
    if a.ndim == 0:
        return a[()]
    return a


def einsum_path(*operands, optimize='greedy', einsum_call=False):
    """The order in which einsum contracts: left to right."""
    arrays, subs, out = _einsum_parse(operands)
    return ['einsum_path'] + [(0, 1)] * (len(arrays) - 1), 'Contraction from left to right'


# ---- Functional tools

def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Apply a function to 1-D slices along the given axis."""
    arr = asanyarray(arr)
    axis = _axis(axis, arr.ndim)
    x = moveaxis(arr, axis, -1)
    lines = x.reshape(-1, x.shape[-1])
    if len(lines) == 0:
        raise ValueError('Cannot apply_along_axis when any iteration dimensions are 0')
    results = [asanyarray(func1d(line, *args, **kwargs)) for line in lines]
    r = _n.stack(results).reshape(x.shape[:-1] + results[0].shape)
    n = results[0].ndim
    outer_ = x.ndim - 1
    order = list(range(axis)) + list(range(outer_, outer_ + n)) + list(range(axis, outer_))
    return r.transpose(order)


def apply_over_axes(func, a, axes):
    """Apply a function repeatedly over multiple axes."""
    val = asarray(a)
    for axis in (axes if hasattr(axes, '__len__') else (axes,)):
        r = asarray(func(val, axis))
        val = expand_dims(r, axis) if r.ndim != val.ndim else r
    return val


class vectorize:
    """Returns an object that acts like pyfunc, but takes arrays as input."""

    def __init__(self, pyfunc=_NoValue, otypes=None, doc=None, excluded=None, cache=False, signature=None):
        self.pyfunc, self.otypes, self.excluded = pyfunc, otypes, set(excluded or ())
        self.cache, self.signature = cache, signature
        if pyfunc is not _NoValue:
            self._init()
        self.__doc__ = doc if doc is not None else getattr(pyfunc, '__doc__', None)

    def _init(self):
        self.__name__ = getattr(self.pyfunc, '__name__', 'vectorize')

    def __call__(self, *args, **kwargs):
        if self.pyfunc is _NoValue:
            self.pyfunc = args[0]
            self._init()
            return self
        f = self.pyfunc
        if self.signature is not None:
            return self._with_signature(args)
        names = [k for k in kwargs if k not in self.excluded]
        at = [i for i in range(len(args)) if i not in self.excluded]
        fixed = {k: v for k, v in kwargs.items() if k in self.excluded}
        arrays = [asarray(args[i]) for i in at] + [asarray(kwargs[k]) for k in names]

        def call(values):
            full = list(args)
            for i, v in zip(at, values):
                full[i] = v
            return f(*full, **fixed, **dict(zip(names, values[len(at):])))
        if not arrays:
            return f(*args, **kwargs)
        arrays = broadcast_arrays(*arrays)
        shape = arrays[0].shape
        flats = [a.ravel() for a in arrays]
        n = flats[0].size
        if n == 0 and self.otypes is None:
            raise ValueError('cannot call `vectorize` on size 0 inputs unless `otypes` is set')
        rows = [call(list(v)) for v in zip(*flats)]
        multiple = bool(rows) and isinstance(rows[0], tuple)
        types = self.otypes
        if isinstance(types, str):
            types = list(types)
        if multiple or (types and len(types) > 1):
            count = len(rows[0]) if rows else len(types)
            outs = []
            for k in range(count):
                values = [r[k] for r in rows]
                outs.append(self._collect(values, types[k] if types else None, shape))
            return tuple(outs)
        return self._collect(rows, types[0] if types else None, shape)

    @staticmethod
    def _collect(values, dtype, shape):
        if dtype is None:
            dtype = asarray(values[0]).dtype
        out = empty(len(values), dtype)
        for i, v in enumerate(values):
            out[i] = v
        out = out.reshape(shape)
        return out[()] if out.ndim == 0 and False else out

    def _with_signature(self, args):
        left, _, right = self.signature.replace(' ', '').partition('->')
        import re
        ins = [tuple(x for x in g.split(',') if x) for g in re.findall(r'\(([^)]*)\)', left)]
        arrays = [asarray(a) for a in args]
        loops = [a.shape[:a.ndim - len(g)] for a, g in zip(arrays, ins)]
        shape = _n.broadcast_shapes(*loops)
        arrays = [_n.broadcast_to(a, shape + a.shape[a.ndim - len(g):]) for a, g in zip(arrays, ins)]
        from numpy._functions import ndindex
        rows = [self.pyfunc(*[a[i] for a in arrays]) for i in ndindex(*shape)]
        multiple = rows and isinstance(rows[0], tuple)
        def gather(values):
            r = _n.stack([asarray(v) for v in values])
            return r.reshape(shape + r.shape[1:])
        return tuple(gather([r[k] for r in rows]) for k in range(len(rows[0]))) if multiple else gather(rows)


def frompyfunc(func, /, nin, nout, *, identity=None):
    """Takes an arbitrary Python function and returns a NumPy ufunc."""
    return _n._frompyfunc(func, nin, nout, '%s (vectorized)' % getattr(func, '__name__', '?'), func.__doc__)


# ---- Windows and special functions

def sinc(x):
    """Return the normalized sinc function."""
    x = asanyarray(x)
    y = pi * where(x == 0, 1.0e-20, x)
    return _n.sin(y) / y


def _window(M, f):
    M = array([0.0, M])[1]  # a length of any type, as a float
    if M < 1:
        return array([], M.dtype)
    if M == 1:
        return ones(1, M.dtype)
    return f(arange(1 - M, M, 2), M)


def bartlett(M):
    """Return the Bartlett window."""
    return _window(M, lambda n, M: where(_n.less_equal(n, 0), 1 + n / (M - 1), 1 - n / (M - 1)))


def blackman(M):
    """Return the Blackman window."""
    return _window(M, lambda n, M: 0.42 + 0.5 * _n.cos(pi * n / (M - 1)) + 0.08 * _n.cos(2.0 * pi * n / (M - 1)))


def hanning(M):
    """Return the Hanning window."""
    return _window(M, lambda n, M: 0.5 + 0.5 * _n.cos(pi * n / (M - 1)))


def hamming(M):
    """Return the Hamming window."""
    return _window(M, lambda n, M: 0.54 + 0.46 * _n.cos(pi * n / (M - 1)))


def i0(x):
    """Modified Bessel function of the first kind, order 0: its power series, and beyond 15 the asymptotic one."""
    x = asanyarray(x)
    if x.dtype.kind == 'c':
        raise TypeError('i0 not supported for complex values')
    x = absolute(x * 1.0 if x.dtype.kind != 'f' else x)
    small = minimum(x, 30.0)
    term = ones(x.shape)
    total = ones(x.shape)
    q = small * small / 4
    for k in range(1, 120):
        term = term * q / (k * k)
        total = total + term
    big = maximum(x, 30.0)
    term = ones(x.shape)
    series = ones(x.shape)
    for k in range(1, 20):
        term = term * (2 * k - 1) ** 2 / (k * 8 * big)
        series = series + term
    large = _n.exp(big) / _n.sqrt(2 * pi * big) * series
    return where(x <= 30, total, large)[()]


def kaiser(M, beta):
    """Return the Kaiser window."""
    M, beta = array([0.0, M, beta])[1:]
    if M == 1:
        return ones(1, M.dtype)
    n = arange(0, M)
    alpha = (M - 1) / 2.0
    return i0(beta * _n.sqrt(1 - ((n - alpha) / alpha) ** 2.0)) / i0(float(beta))


# ---- Types

class finfo:
    """Machine limits for floating point types."""
    _cache = {}
    _table = {  # bits, nmant, iexp, minexp, maxexp, precision
        'e': (16, 10, 5, -14, 16, 3), 'f': (32, 23, 8, -126, 128, 6), 'd': (64, 52, 11, -1022, 1024, 15)}

    def __new__(cls, dtype):
        d = _n.dtype(dtype) if not isinstance(dtype, (float, complex, ndarray, _n.generic)) else asarray(dtype).dtype
        code = {'F': 'f', 'D': 'd'}.get(d.char, d.char)
        if code not in cls._table:
            raise ValueError('data type %r not inexact' % d.type)
        if code not in cls._cache:
            self = object.__new__(cls)
            self._fill(code)
            cls._cache[code] = self
        return cls._cache[code]

    def _fill(self, code):
        self.dtype = _n.dtype(code)
        t = self.dtype.type
        self.bits, self.nmant, self.nexp, self.minexp, self.maxexp, self.precision = self._table[code]
        self.iexp = self.nexp
        self.machep, self.negep = -self.nmant, -self.nmant - 1
        self.eps, self.epsneg = t(2.0 ** self.machep), t(2.0 ** self.negep)
        top = (2.0 - 2.0 ** -self.nmant) * 2.0 ** (self.maxexp - 1)
        self.max, self.min = t(top), t(-top)
        self.tiny = self.smallest_normal = t(2.0 ** self.minexp)
        self.smallest_subnormal = t(2.0 ** (self.minexp - self.nmant)) if code != 'd' else t(5e-324)
        self.resolution = t(10.0 ** -self.precision)

    def __repr__(self):
        return 'finfo(resolution=%s, min=%s, max=%s, dtype=%s)' % (self.resolution, self.min, self.max, self.dtype)

    def __str__(self):
        return ('Machine parameters for %s\n' % self.dtype + '-' * 63 + '\n'
                'precision = %3d   resolution = %s\nmachep = %6d   eps =        %s\nnegep =  %6d   epsneg =     %s\n'
                'minexp = %6d   tiny =       %s\nmaxexp = %6d   max =        %s\nnexp =   %6d   min =        -max\n'
                'smallest_normal = %s   smallest_subnormal = %s\n' % (
                    self.precision, self.resolution, self.machep, self.eps, self.negep, self.epsneg, self.minexp, self.tiny,
                    self.maxexp, self.max, self.nexp, self.smallest_normal, self.smallest_subnormal) + '-' * 63 + '\n')


class iinfo:
    """Machine limits for integer types."""

    def __init__(self, type):
        self.dtype = _n.dtype(type) if not isinstance(type, (int, ndarray, _n.generic)) else asarray(type).dtype
        self.kind, self.bits = self.dtype.kind, self.dtype.itemsize * 8
        self.key = '%s%d' % (self.kind, self.bits)
        if self.kind not in 'iu':
            raise ValueError('Invalid integer data type %r.' % (self.kind,))

    min = property(lambda self: 0 if self.kind == 'u' else -(1 << (self.bits - 1)))
    max = property(lambda self: (1 << self.bits) - 1 if self.kind == 'u' else (1 << (self.bits - 1)) - 1)

    def __repr__(self):
        return 'iinfo(min=%s, max=%s, dtype=%s)' % (self.min, self.max, self.dtype)

    def __str__(self):
        return ('Machine parameters for %s\n' % self.dtype + '-' * 63 + '\nmin = %s\nmax = %s\n' % (self.min, self.max) +
                '-' * 63 + '\n')


def issubdtype(arg1, arg2):
    """Returns True if first argument is a typecode lower/equal in type hierarchy."""
    def to_type(x):
        if isinstance(x, type) and issubclass(x, _n.generic):
            return x
        return _n.dtype(x).type
    return issubclass(to_type(arg1), to_type(arg2))


def isdtype(dtype, kind):
    """Determine if a provided dtype is of a specified data type ``kind``."""
    kinds = {'bool': _n.bool, 'signed integer': _n.signedinteger, 'unsigned integer': _n.unsignedinteger,
             'integral': _n.integer, 'real floating': _n.floating, 'complex floating': _n.complexfloating, 'numeric': _n.number}
    t = _n.dtype(dtype).type
    for k in (kind if isinstance(kind, tuple) else (kind,)):
        if isinstance(k, str) and k in kinds:
            if issubclass(t, kinds[k]) and not (k == 'integral' and t is _n.timedelta64):
                return True
        elif isinstance(k, str):
            raise ValueError("kind argument is a string, but %r is not a known kind name." % k)
        elif t is _n.dtype(k).type:
            return True
    return False


def min_scalar_type(a, /):
    """For scalar a, the data type with the smallest size which can hold the value."""
    x = asarray(a)
    if x.ndim:
        return x.dtype
    k = x.dtype.kind
    if k in 'iu':
        v = int(x)
        for code in ('BHIL' if v >= 0 else 'bhil'):
            info = iinfo(code)
            if info.min <= v <= info.max:
                return _n.dtype(code)
    if k == 'f':
        v = abs(float(x))
        for code in 'ef':
            if v <= float(finfo(code).max) or v != v or v == inf:
                return _n.dtype(code)
        return _n.dtype('d')
    if k == 'c':
        v = builtins.max(abs(complex(x).real), abs(complex(x).imag))
        return _n.dtype('F' if v <= float(finfo('f').max) else 'D')
    return x.dtype


def common_type(*arrays):
    """Return a scalar type which is common to the input arrays."""
    d = _n.dtype('e')
    for a in arrays:
        t = asarray(a).dtype if not hasattr(a, 'dtype') else a.dtype
        d = result_type(d, 'd' if t.kind in 'bui' else t)
    return d.type


def mintypecode(typechars, typeset='GDFgdf', default='d'):
    """Return the character for the minimum-size type to which given types can be safely cast."""
    chars = [t if isinstance(t, str) else asarray(t).dtype.char for t in typechars]
    chars = [c for c in chars if c in typeset]
    if not chars:
        return default
    if 'F' in chars and 'd' in chars:
        return 'D'
    return builtins.min(chars, key='GDFgdf'.index)


def isscalar(element):
    """Returns True if the type of `element` is a scalar type."""
    import numbers
    return isinstance(element, (_n.generic, int, float, complex, str, bytes, bool, memoryview)) or isinstance(element, numbers.Number)


def iterable(y):
    """Check whether or not an object can be iterated over."""
    try:
        iter(y)
    except TypeError:
        return False
    return True


def isfortran(a):
    """Check if the array is Fortran contiguous but *not* C contiguous."""
    return a.flags.fnc


def shares_memory(a, b, /, max_work=None):
    """Determine if two arrays share memory."""
    if not _n.may_share_memory(a, b):
        return False
    a, b = asarray(a), asarray(b)
    if a.size == 0 or b.size == 0:
        return False
    if a.size > 10 ** 6 or b.size > 10 ** 6:
        return True
    def cells(x):
        at = zeros(x.shape, 'l') + x._address
        for k in range(x.ndim):
            at = at + (arange(x.shape[k]) * x.strides[k]).reshape((-1,) + (1,) * (x.ndim - k - 1))
        at = at.ravel()
        return set((at[:, None] + arange(x.itemsize)).ravel().tolist())
    return not cells(a).isdisjoint(cells(b))


def base_repr(number, base=2, padding=0):
    """Return a string representation of a number in the given base system."""
    digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    if base > len(digits):
        raise ValueError('Bases greater than 36 not handled in base_repr.')
    if base < 2:
        raise ValueError('Bases less than 2 not handled in base_repr.')
    num, out = abs(int(number)), []
    while num:
        out.append(digits[num % base])
        num //= base
    if padding:
        out.append('0' * padding)
    if number < 0:
        out.append('-')
    return ''.join(reversed(out or '0'))


def binary_repr(num, width=None):
    """Return the binary representation of the input number as a string."""
    num = _op.index(num)
    if num >= 0:
        text = bin(num)[2:]
        if width is not None and len(text) > width:
            raise ValueError('Insufficient bit width=%s provided for binwidth=%d' % (width, len(text)))
        return text if width is None else text.zfill(width)
    if width is None:
        return '-' + bin(-num)[2:]
    need = len(bin(-num - 1)[2:]) + 1 if num != -1 else 1
    if width < need:
        raise ValueError('Insufficient bit width=%s provided for binwidth=%d' % (width, need))
    return bin((1 << width) + num)[2:].rjust(width, '1')


def packbits(a, /, axis=None, bitorder='big'):
    """Packs the elements of a binary-valued array into bits in a uint8 array."""
    a = asarray(a)
    if a.dtype.kind not in 'bui':
        raise TypeError('Expected an input array of integer or boolean data type')
    x = (a != 0)
    if axis is None:
        x, axis = x.ravel(), 0
    x = moveaxis(x, axis, -1)
    n = x.shape[-1]
    m = -(-n // 8)
    full = zeros(x.shape[:-1] + (m * 8,), 'B')
    full[..., :n] = x
    weights = array([128, 64, 32, 16, 8, 4, 2, 1] if bitorder == 'big' else [1, 2, 4, 8, 16, 32, 64, 128], 'B')
    r = (full.reshape(x.shape[:-1] + (m, 8)) * weights).sum(-1, dtype='B')
    return moveaxis(r, -1, axis)


def unpackbits(a, /, axis=None, count=None, bitorder='big'):
    """Unpacks elements of a uint8 array into a binary-valued output array."""
    a = asarray(a)
    if a.dtype != _n.uint8:
        raise TypeError('Expected an input array of unsigned byte data type')
    if axis is None:
        a, axis = a.ravel(), 0
    x = moveaxis(a, axis, -1)
    shifts = array([7, 6, 5, 4, 3, 2, 1, 0] if bitorder == 'big' else [0, 1, 2, 3, 4, 5, 6, 7], 'B')
    r = ((x[..., None] >> shifts) & 1).reshape(x.shape[:-1] + (-1,))
    if count is not None:
        if count >= 0 and count > r.shape[-1]:
            r = concatenate((r, zeros(r.shape[:-1] + (count - r.shape[-1],), 'B')), -1)
        r = r[..., :count]
    return moveaxis(r, -1, axis)
