"""numpy.linalg: linear algebra on LAPACK (native half: linalg.c)."""
import _numpy as _n
from _numpy import asarray, asanyarray, dot, empty, matmul, sqrt, zeros
from numpy import _functions as _f, _numeric as _m


class LinAlgError(ValueError):
    """Generic Python-exception-derived object raised by linalg functions."""


LinAlgError.__module__ = 'numpy.linalg'
outer, cross, tensordot, vecdot = _m.outer, _m.cross, _m.tensordot, _m.vecdot
matrix_transpose = _f.matrix_transpose


def _array(a, rank=2):
    a = asanyarray(a)
    if a.ndim < rank:
        raise LinAlgError('%d-dimensional array given. Array must be at least two-dimensional' % a.ndim)
    return a


def _square(a):
    if a.shape[-1] != a.shape[-2]:
        raise LinAlgError('Last 2 dimensions of the array must be square')


def _types(*arrays):
    """The type to compute in and that of the result."""
    d = _n.result_type(*[a.dtype if a.dtype.kind in 'fc' else 'd' for a in arrays])
    for a in arrays:
        if a.dtype.char == 'e':
            raise TypeError("array type float16 is unsupported in linalg")
        if a.dtype.kind not in 'buifc':
            raise TypeError("array type %s is unsupported in linalg" % a.dtype)
    return ('D' if d.kind == 'c' else 'd'), d


def _work(a, code):
    """A fresh C-ordered copy in the computing type."""
    return _n.array(a, code, order='C', copy=True)


def _finite(a):
    if not _n.isfinite(a).all():
        raise LinAlgError('Array must not contain infs or NaNs')


def _wrapped(a, r):
    return r.view(type(a)) if type(a) is not _n.ndarray and isinstance(a, _n.ndarray) else r


def solve(a, b):
    """Solve a linear matrix equation, or system of linear scalar equations."""
    a, b = _array(a), asanyarray(b)
    _square(a)
    vector = b.ndim == 1
    code, d = _types(a, b)
    x = b[..., None] if vector else b
    if x.shape[-2] != a.shape[-1]:
        raise ValueError('solve%s: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature %s (size %d is '
                         'different from %d)' % ('1' if vector else '', '(m,m),(m)->(m)' if vector else '(m,m),(m,n)->(m,n)',
                                                 x.shape[-2], a.shape[-1]))
    shape = _n.broadcast_shapes(a.shape[:-2], x.shape[:-2])
    A = _work(_n.broadcast_to(a.mT, shape + a.shape[-2:]), code)
    B = _work(_n.broadcast_to(x.mT, shape + x.shape[:-3:-1]), code)
    r = _n._solve(A, B).mT.astype(d)
    return _wrapped(b, r[..., 0] if vector else r)


def inv(a):
    """Compute the inverse of a matrix."""
    a = _array(a)
    _square(a)
    code, d = _types(a)
    A = _work(a.mT, code)
    B = empty(a.shape, code)
    B[...] = _f.eye(a.shape[-1])
    return _wrapped(a, _n._solve(A, B).mT.astype(d, order='C'))


def tensorinv(a, ind=2):
    """Compute the 'inverse' of an N-dimensional array."""
    a = asarray(a)
    if ind <= 0:
        raise ValueError('Invalid ind argument.')
    old = a.shape
    n = 1
    for k in old[ind:]:
        n *= k
    return inv(a.reshape(n, -1)).reshape(*(old[ind:] + old[:ind]))


def tensorsolve(a, b, axes=None):
    """Solve the tensor equation ``a x = b`` for x."""
    a, b = asanyarray(a), asarray(b)
    if axes is not None:
        order = [k for k in range(a.ndim) if k not in axes] + list(axes)
        a = a.transpose(order)
    shape = a.shape[-(a.ndim - b.ndim):]
    n = 1
    for k in shape:
        n *= k
    if a.size != n * n:
        raise LinAlgError('Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])')
    return solve(a.reshape(n, n), b.ravel()).reshape(shape)


def slogdet(a):
    """Compute the sign and (natural) logarithm of the determinant of an array."""
    import collections
    a = _array(a)
    _square(a)
    code, d = _types(a)
    A = _work(a, code)
    sign, log = empty(a.shape[:-2], code), empty(a.shape[:-2], 'd')
    _n._lu_det(A, sign, log)
    real = d.char.lower() if d.kind == 'c' else d.char
    return _SlogdetResult(sign.astype(d)[()], log.astype(real)[()])


def _named(name, *fields):
    import collections
    return collections.namedtuple(name, fields)


_SlogdetResult = _named('SlogdetResult', 'sign', 'logabsdet')
_EigResult = _named('EigResult', 'eigenvalues', 'eigenvectors')
_EighResult = _named('EighResult', 'eigenvalues', 'eigenvectors')
_QRResult = _named('QRResult', 'Q', 'R')
_SVDResult = _named('SVDResult', 'U', 'S', 'Vh')


def det(a):
    """Compute the determinant of an array."""
    a = _array(a)
    _square(a)
    code, d = _types(a)
    A = _work(a, code)
    sign, log = empty(a.shape[:-2], code), empty(a.shape[:-2], 'd')
    _n._lu_det(A, sign, log)
    # The size is the product of the pivots, which stand on the diagonal of LU.
    size = abs(A.diagonal(0, -2, -1)).prod(-1) if a.shape[-1] else _n.ones(a.shape[:-2])
    return (sign * size).astype(d)[()]


def cholesky(a, /, *, upper=False):
    """Cholesky decomposition."""
    a = _array(a)
    _square(a)
    code, d = _types(a)
    return _wrapped(a, _n._cholesky(_work(a, code), bool(upper)).astype(d))


def qr(a, mode='reduced'):
    """Compute the qr factorization of a matrix."""
    if mode not in ('reduced', 'complete', 'r', 'raw'):
        raise ValueError("Unrecognized mode '%s'" % mode)
    a = _array(a)
    m, n = a.shape[-2:]
    k = min(m, n)
    code, d = _types(a)
    A = _work(a.mT, code)
    tau = zeros(a.shape[:-2] + (k,), code)
    mc = m if mode == 'complete' and m > n else k
    q = None if mode in ('r', 'raw') else zeros(a.shape[:-2] + (mc, m), code)
    if k == 0 and q is not None:
        q[...] = _f.eye(mc, m)
    _n._qr(A, m, n, tau, q, mc)
    if mode == 'raw':
        return A.astype(d), tau.astype(d)
    r = _f.triu(A.mT[..., :mc if mode != 'r' else k, :]).astype(d)
    if mode == 'r':
        return _wrapped(a, r)
    return _QRResult(_wrapped(a, q.mT.astype(d, order='C')), _wrapped(a, r))


def _hermitian(a, vectors, UPLO):
    UPLO = UPLO.upper()
    if UPLO not in ('L', 'U'):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    a = _array(a)
    _square(a)
    code, d = _types(a)
    A = _work(a.mT, code)
    w = empty(a.shape[:-1], 'd')
    _n._eigh(A, w, vectors, UPLO)
    return a, A, w.astype('f' if d.char in 'fF' else 'd'), d


def eigh(a, UPLO='L'):
    """Return the eigenvalues and eigenvectors of a complex Hermitian or a real symmetric matrix."""
    a, A, w, d = _hermitian(a, True, UPLO)
    return _EighResult(w, _wrapped(a, A.mT.astype(d, order='C')))


def eigvalsh(a, UPLO='L'):
    """Compute the eigenvalues of a complex Hermitian or real symmetric matrix."""
    return _hermitian(a, False, UPLO)[2]


def _general(a, vectors):
    a = _array(a)
    _square(a)
    _finite(a)
    code, d = _types(a)
    A = _work(a.mT, code)
    n = a.shape[-1]
    wr, wi = zeros(a.shape[:-1], code), zeros(a.shape[:-1], 'd')
    v = zeros(a.shape, code)
    _n._eig(A, wr, wi, v, vectors)
    out = 'F' if d.char in 'fF' else 'D'
    if code == 'D':
        return wr.astype(out), v.mT.astype(out), d
    if (wi == 0).all():
        return wr.astype(d), v.mT.astype(d), d
    w = wr + 1j * wi
    c = v.astype('D')
    flat_v, flat_c, flat_wi = v.reshape(-1, n, n), c.reshape(-1, n, n), wi.reshape(-1, n)
    for i in range(len(flat_v)):
        k = 0
        while k < n:
            if flat_wi[i, k] != 0 and k + 1 < n:
                flat_c[i, k] = flat_v[i, k] + 1j * flat_v[i, k + 1]
                flat_c[i, k + 1] = flat_v[i, k] - 1j * flat_v[i, k + 1]
                k += 2
            else:
                k += 1
    return w.astype(out), c.mT.astype(out), d


def eig(a):
    """Compute the eigenvalues and right eigenvectors of a square array."""
    w, v, _ = _general(a, True)
    return _EigResult(w, _n.ascontiguousarray(v))


def eigvals(a):
    """Compute the eigenvalues of a general matrix."""
    return _general(a, False)[0]


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Singular Value Decomposition."""
    a = _array(a)
    code, d = _types(a)
    m, n = a.shape[-2:]
    k = min(m, n)
    if hermitian:
        return _hermitian_svd(a, compute_uv)
    A = _work(a.mT, code)
    job = 'N' if not compute_uv else 'A' if full_matrices else 'S'
    lead = a.shape[:-2]
    s = empty(lead + (k,), 'd')
    u = zeros(lead + ((m, m) if job == 'A' else (k, m) if job == 'S' else (1, 1)), code)
    vt = zeros(lead + ((n, n) if job == 'A' else (n, k) if job == 'S' else (1, 1)), code)
    if k == 0 and job == 'A':
        u[...], vt[...] = _f.eye(m), _f.eye(n)
    _n._svd(A, m, n, s, u, vt, job)
    s = s.astype('f' if d.char in 'fF' else 'd')
    if not compute_uv:
        return s
    return _SVDResult(_wrapped(a, u.mT.astype(d, order='C')), s, _wrapped(a, vt.mT.astype(d, order='C')))


def _hermitian_svd(a, vectors):
    """By eigenvalues: their sizes are the singular values, descending; signs go to the right vectors."""
    if not vectors:
        s = abs(eigvalsh(a))
        return _f.sort(s)[..., ::-1]
    s, u = eigh(a)
    order = abs(s).argsort(-1)[..., ::-1]
    s = _f.take_along_axis(s, order, -1)
    u = _f.take_along_axis(asarray(u), order[..., None, :], -1)
    vt = (u * _n.sign(s)[..., None, :]).mT.conj()
    return _SVDResult(_wrapped(a, u), abs(s), _wrapped(a, vt))


def svdvals(x, /):
    """Returns the singular values of a matrix (or a stack of matrices) x."""
    return svd(x, compute_uv=False)


def lstsq(a, b, rcond=None):
    """Return the least-squares solution to a linear matrix equation."""
    a, b = _array(a), asarray(b)
    vector = b.ndim == 1
    x = b[:, None] if vector else b
    m, n = a.shape[-2:]
    if x.shape[0] != m:
        raise LinAlgError('Incompatible dimensions')
    code, d = _types(a, b)
    if rcond is None:
        rcond = float(_m.finfo(d).eps) * max(m, n)
    nrhs = x.shape[1]
    if nrhs == 0: # LAPACK wants one; it is dropped again
        r, residuals, rank, s = lstsq(a, zeros((m, 1), x.dtype), rcond)
        return r[:, :0], residuals[:0], rank, s
    B = zeros((max(nrhs, 1), max(m, n, 1)), code)
    B[:nrhs, :m] = x.T
    s = zeros(min(m, n), 'd')
    rank = _n._lstsq(_work(a.T, code), B, m, n, nrhs, s, float(rcond))
    r = B[:nrhs, :n].T.astype(d, order='C')
    if rank != n or m <= n:
        residuals = _n.array([], 'f' if d.char in 'fF' else 'd')
    else:
        rest = B[:nrhs, n:m]
        residuals = (abs(rest) ** 2).sum(-1).astype('f' if d.char in 'fF' else 'd')
    return (r[:, 0] if vector else r), residuals, rank, s.astype('f' if d.char in 'fF' else 'd')


def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    """Compute the (Moore-Penrose) pseudo-inverse of a matrix."""
    a = _array(a)
    if rcond is None:
        rcond = rtol if rtol is not None else 1e-15
    if a.size == 0:
        return empty(a.shape[:-2] + (a.shape[-1], a.shape[-2]), a.dtype)
    u, s, vt = svd(a.conj(), full_matrices=False, hermitian=hermitian)
    cutoff = asarray(rcond)[..., None] * s.max(axis=-1, keepdims=True)
    large = s > cutoff
    s = _n.divide(1, s, where=large, out=_n.array(s))
    s[~large] = 0
    return _wrapped(a, matmul(vt.mT, s[..., None] * u.mT))


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    """Return matrix rank of array using SVD method."""
    A = asarray(A)
    if A.ndim < 2:
        return int(not (A == 0).all())
    s = svd(A, compute_uv=False, hermitian=hermitian)
    if tol is None:
        rtol = max(A.shape[-2:]) * _m.finfo(s.dtype).eps if rtol is None else asarray(rtol)[..., None]
        tol = s.max(axis=-1, keepdims=True) * rtol
    else:
        tol = asarray(tol)[..., None]
    return (s > tol).sum(axis=-1)


def cond(x, p=None):
    """Compute the condition number of a matrix."""
    x = asarray(x)
    if x.size == 0:
        raise LinAlgError('cond is not defined on empty arrays')
    if p is None or p in (2, -2):
        s = svd(x, compute_uv=False)
        with _m.errstate(all='ignore'):
            r = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    else:
        x = _array(x)
        _square(x)
        with _m.errstate(all='ignore'):
            r = norm(x, p, axis=(-2, -1)) * norm(_inv_or_nan(x), p, axis=(-2, -1))
    # NaN that does not come from the matrix itself says that it is singular.
    r = asarray(r)
    bad = _n.isnan(r)
    if bad.any():
        bad &= ~_n.isnan(x).any(axis=(-2, -1))
        r = r.copy()
        r[bad] = float('inf')
    return r[()]


def _inv_or_nan(x):
    """The inverses, NaN for singular matrices."""
    try:
        return inv(x)
    except LinAlgError:
        pass
    code, d = _types(x)
    flat, out = x.reshape((-1,) + x.shape[-2:]), _n.full(x.shape, float('nan'), d)
    rows = out.reshape(flat.shape)
    for i in range(len(flat)):
        try:
            rows[i] = inv(flat[i])
        except LinAlgError:
            pass
    return out


def norm(x, ord=None, axis=None, keepdims=False):
    """Matrix or vector norm."""
    x = asarray(x)
    if x.dtype.kind not in 'fc' and x.dtype.kind != 'O':
        x = x.astype('d')
    if axis is None:
        nd = x.ndim
        if ord is None or (ord in ('f', 'fro') and nd == 2) or (ord == 2 and nd == 1):
            flat = x.ravel('K')
            if x.dtype.kind == 'c':
                r, i = flat.real, flat.imag
                sq = dot(r, r) + dot(i, i)
            else:
                sq = dot(flat, flat)
            out = sqrt(sq)
            return asarray(out).reshape((1,) * nd) if keepdims else out
        axis = tuple(range(nd))
    elif not isinstance(axis, tuple):
        import operator
        try:
            axis = (operator.index(axis),)
        except TypeError as e:
            raise TypeError("'axis' must be None, an integer or a tuple of integers") from e
    inf = float('inf')
    if len(axis) == 1:
        if ord == inf:
            return abs(x).max(axis=axis, keepdims=keepdims)
        if ord == -inf:
            return abs(x).min(axis=axis, keepdims=keepdims)
        if ord == 0:
            return (x != 0).astype(x.real.dtype).sum(axis=axis, keepdims=keepdims)
        if ord == 1:
            return _n.add.reduce(abs(x), axis=axis, keepdims=keepdims)
        if ord is None or ord == 2:
            return sqrt(_n.add.reduce((x.conj() * x).real if x.dtype.kind == 'c' else x * x, axis=axis, keepdims=keepdims))
        if isinstance(ord, str):
            raise ValueError("Invalid norm order '%s' for vectors" % ord)
        return _n.power(_n.add.reduce(abs(x) ** ord, axis=axis, keepdims=keepdims), 1.0 / ord)
    if len(axis) == 2:
        row, col = [_f._axis(k, x.ndim) for k in axis]
        if row == col:
            raise ValueError('Duplicate axes given.')
        if ord in (2, -2, 'nuc'):
            s = svd(_f.moveaxis(x, (row, col), (-2, -1)), compute_uv=False)
            r = s.max(-1) if ord == 2 else s.min(-1) if ord == -2 else s.sum(-1)
        elif ord in (1, -1):
            t = _n.add.reduce(abs(x), axis=row)
            k = col - (col > row)
            r = t.max(axis=k) if ord == 1 else t.min(axis=k)
        elif ord in (inf, -inf):
            t = _n.add.reduce(abs(x), axis=col)
            k = row - (row > col)
            r = t.max(axis=k) if ord == inf else t.min(axis=k)
        elif ord in (None, 'fro', 'f'):
            r = sqrt(_n.add.reduce((x.conj() * x).real if x.dtype.kind == 'c' else x * x, axis=axis))
        else:
            raise ValueError('Invalid norm order for matrices.')
        if keepdims:
            shape = list(x.shape)
            shape[row] = shape[col] = 1
            r = asarray(r).reshape(shape)
        return r
    raise ValueError('Improper number of dimensions to norm.')


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Computes the vector norm of a vector (or batch of vectors) x."""
    x = asanyarray(x)
    if axis is None:
        shape = (1,) * x.ndim
        r = norm(x.ravel(), ord, 0)
        return asarray(r).reshape(shape) if keepdims else r
    if isinstance(axis, tuple):
        flat, shape = _m._axes_last(x, axis)
        r = norm(flat, ord, -1)
        return asarray(r).reshape(shape) if keepdims else r
    return norm(x, ord, axis, keepdims)


def matrix_norm(x, /, *, keepdims=False, ord='fro'):
    """Computes the matrix norm of a matrix (or a stack of matrices) x."""
    return norm(x, ord, (-2, -1), keepdims)


def matrix_power(a, n):
    """Raise a square matrix to the (integer) power n."""
    import operator
    a = _array(a)
    _square(a)
    n = operator.index(n)
    if n == 0:
        r = empty(a.shape, a.dtype)
        r[...] = _f.eye(a.shape[-2], dtype=a.dtype)
        return _wrapped(a, r)
    if n < 0:
        a, n = inv(a), -n
    r = None
    z = a
    while n:
        if n & 1:
            r = z if r is None else matmul(r, z)
        n >>= 1
        if n:
            z = matmul(z, z)
    return r


def _two_dimensional(a):
    if a.ndim != 2:
        raise LinAlgError('%d-dimensional array given. Array must be two-dimensional' % a.ndim)


def _multi_dot_matrix_chain_order(arrays, return_costs=False):
    """The cheapest order of a chain of products (Cormen et al., section 15.2): [i, j] where to cut i .. j."""
    n = len(arrays)
    dims = [a.shape[0] for a in arrays] + [arrays[-1].shape[1]]
    cost, cut = zeros((n, n)), empty((n, n), 'int64')
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            cost[i, j] = float('inf')
            for k in range(i, j):
                q = cost[i, k] + cost[k + 1, j] + dims[i] * dims[k + 1] * dims[j + 1]
                if q < cost[i, j]:
                    cost[i, j], cut[i, j] = q, k
    return (cut, cost) if return_costs else cut


def multi_dot(arrays, *, out=None):
    """Compute the dot product of two or more arrays in a single function call."""
    arrays = [asanyarray(a) for a in arrays]
    n = len(arrays)
    if n < 2:
        raise ValueError('Expecting at least two arrays.')
    first, last = arrays[0].ndim, arrays[-1].ndim
    if first == 1:
        arrays[0] = arrays[0][None]
    if last == 1:
        arrays[-1] = arrays[-1][:, None]
    for a in arrays:
        _two_dimensional(a)
    cut = _multi_dot_matrix_chain_order(arrays)

    def chain(i, j):
        return arrays[i] if i == j else dot(chain(i, int(cut[i, j])), chain(int(cut[i, j]) + 1, j))
    r = chain(0, n - 1)
    if first == 1 and last == 1:
        r = r[0, 0]
    elif first == 1 or last == 1:
        r = r.ravel()
    if out is not None:
        out[...] = r
        return out
    return r


def diagonal(x, /, *, offset=0):
    """Returns specified diagonals of a matrix (or a stack of matrices) x."""
    return asarray(x).diagonal(offset, -2, -1)


def trace(x, /, *, offset=0, dtype=None):
    """Returns the sum along the specified diagonals of a matrix (or a stack of matrices) x."""
    return _f.trace(x, offset, -2, -1, dtype)


import sys as _sys  # noqa: E402
import types as _types_module  # noqa: E402
linalg = _sys.modules['numpy.linalg.linalg'] = _sys.modules[__name__]
