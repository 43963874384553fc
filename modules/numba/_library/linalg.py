"""numpy.linalg and the products. What LAPACK does is done by the interpreter's functions, so that the results are the same;
shapes and dtypes are settled here."""
import numpy as np

from numba._library import function, kind, native
from numba._library.shapes import as_array


def float_of(a):
    """The dtype of a's decompositions."""
    if kind(a, True) == "f" or kind(a, True) == "c":
        return a.dtype
    return np.float64


def real_of(a):
    """The dtype of its singular values."""
    if kind(a, True) == "c":
        return np.real(a).dtype
    return float_of(a)


def check_square(a):
    if a.ndim != 2:
        raise ValueError("the array must be at least two-dimensional")
    if a.shape[0] != a.shape[1]:
        native("py:det", a, np.empty(1, float_of(a)))  # raises LinAlgError


@function("numpy.linalg.inv")
def inv(a):
    check_square(a)
    out = np.empty(a.shape, float_of(a))
    native("py:inv", a, out)
    return out


@function("numpy.linalg.solve")
def solve(a, b):
    check_square(a)
    out = np.empty(b.shape, np.result_type(float_of(a), float_of(b)))
    native("py:solve", a, b, out)
    return out


@function("numpy.linalg.det")
def det(a):
    check_square(a)
    out = np.empty(1, float_of(a))
    native("py:det", a, out)
    return out[0]


@function("numpy.linalg.slogdet")
def slogdet(a):
    check_square(a)
    sign, logdet = np.empty(1, float_of(a)), np.empty(1, real_of(a))
    native("py:slogdet", a, sign, logdet)
    return sign[0], logdet[0]


@function("numpy.linalg.cholesky")
def cholesky(a):
    check_square(a)
    out = np.empty(a.shape, float_of(a))
    native("py:cholesky", a, out)
    return out


@function("numpy.linalg.qr")
def qr(a):
    m, n = a.shape
    q, r = np.empty((m, min(m, n)), float_of(a)), np.empty((min(m, n), n), float_of(a))
    native("py:qr", a, q, r)
    return q, r


@function("numpy.linalg.svd")
def svd(a, full_matrices=True, compute_uv=True):
    m, n = a.shape
    k = min(m, n)
    s = np.empty(k, real_of(a))
    if not compute_uv:
        native("py:svdvals", a, s)
        return s
    u = np.empty((m, m if full_matrices else k), float_of(a))
    vh = np.empty((n if full_matrices else k, n), float_of(a))
    native("py:svd", a, u, s, vh, int(full_matrices))
    return u, s, vh


@function("numpy.linalg.eig")
def eig(a):
    check_square(a)
    w, v = np.empty(a.shape[0], float_of(a)), np.empty(a.shape, float_of(a))
    if native("py:eig", a, w, v):
        raise ValueError("eig() argument must not cause a domain change.")
    return w, v


@function("numpy.linalg.eigvals")
def eigvals(a):
    check_square(a)
    w = np.empty(a.shape[0], float_of(a))
    if native("py:eigvals", a, w):
        raise ValueError("eigvals() argument must not cause a domain change.")
    return w


@function("numpy.linalg.eigh")
def eigh(a, UPLO="L"):
    check_square(a)
    w, v = np.empty(a.shape[0], real_of(a)), np.empty(a.shape, float_of(a))
    native("py:eigh", a, w, v, 1 if UPLO == "U" else 0)
    return w, v


@function("numpy.linalg.eigvalsh")
def eigvalsh(a, UPLO="L"):
    check_square(a)
    w = np.empty(a.shape[0], real_of(a))
    native("py:eigvalsh", a, w, 1 if UPLO == "U" else 0)
    return w


@function("numpy.linalg.lstsq")
def lstsq(a, b, rcond=-1.0):
    m, n = a.shape
    dtype = np.result_type(float_of(a), float_of(b))
    x = np.empty((n,) + b.shape[1:], dtype)
    columns = b.shape[1] if b.ndim == 2 else 1
    residuals, s = np.empty(1 + columns, real_of(np.empty(0, dtype))), np.empty(min(m, n), real_of(a))
    rank = native("py:lstsq", a, b, np.nan if rcond is None else float(rcond), x, residuals, s)
    return x, residuals[1:1 + int(residuals[0])].copy(), rank, s


@function("numpy.linalg.pinv")
def pinv(a, rcond=1e-15):
    out = np.empty((a.shape[1], a.shape[0]), float_of(a))
    native("py:pinv", a, float(rcond), out)
    return out


@function("numpy.linalg.matrix_rank")
def matrix_rank(A, tol=None):
    a = as_array(A)
    if a.ndim < 2:
        return int((a != 0).any())
    return native("py:matrix_rank", a, np.nan if tol is None else float(tol))


@function("numpy.linalg.matrix_power")
def matrix_power(a, n):
    check_square(a)
    if n == 0:
        return np.eye(a.shape[0], None, 0, a.dtype)
    base = a.copy()
    if n < 0:
        base = inverse_like(base)
        n = -n
    if n == 1:
        return base
    if n == 2:
        return base @ base
    if n == 3:
        return (base @ base) @ base
    result = base
    started = False
    while n > 0:
        if n % 2:
            result = result @ base if started else base
            started = True
        n //= 2
        if n:
            base = base @ base
    return result


def inverse_like(a):
    if kind(a, True) == "f" or kind(a, True) == "c":
        return inv(a)
    raise ValueError("a negative power of an integer matrix is of floats; convert it first")


@function("numpy.linalg.cond")
def cond(x, p=None):
    out = np.empty(1, real_of(x))
    if kind(p) == "str":
        if p != "fro":
            raise ValueError("Invalid norm order for matrices.")
        native("py:cond_fro", x, out)
    elif p is None:
        native("py:cond", x, np.nan, out)
    else:
        native("py:cond", x, float(p), out)
    return out[0]


@function("numpy.linalg.norm")
def norm(x, ord=None):
    x = as_array(x)
    if kind(x, True) != "f" and kind(x, True) != "c":
        return norm(x.astype(np.float64), ord)
    if ord is None:
        return norm_of_all(x)
    if x.ndim == 1:
        return vector_norm(x, ord)
    if x.ndim == 2:
        return matrix_norm(x, ord)
    raise ValueError("Improper number of dimensions to norm.")


def norm_of_all(x):
    flat = x.ravel()
    if kind(x, True) == "c":
        re, im = flat.real.copy(), flat.imag.copy()
        return np.sqrt(np.dot(re, re) + np.dot(im, im))
    return np.sqrt(np.dot(flat, flat))


def vector_norm(x, ord):
    if ord == np.inf:
        return np.abs(x).max()
    if ord == -np.inf:
        return np.abs(x).min()
    if ord == 0:
        return (x != 0).astype(real_of(x)).sum()
    if ord == 1:
        return np.abs(x).sum()
    if ord == 2:
        if kind(x, True) == "c":
            return np.sqrt((np.conj(x) * x).real.copy().sum())
        return np.sqrt((x * x).sum())
    s = (np.abs(x) ** real_of(x)(ord)).sum()
    return s ** (1 / real_of(x)(ord))


def matrix_norm(x, ord):
    if kind(ord) == "str":
        if ord == "fro":
            return norm_of_all_squares(x)
        if ord == "nuc":
            return svd(x, True, False).sum()
        raise ValueError("Invalid norm order for matrices.")
    if ord == 2:
        return svd(x, True, False).max()
    if ord == -2:
        return svd(x, True, False).min()
    if ord == 1:
        return np.abs(x).sum(axis=0).max()
    if ord == -1:
        return np.abs(x).sum(axis=0).min()
    if ord == np.inf:
        return np.abs(x).sum(axis=1).max()
    if ord == -np.inf:
        return np.abs(x).sum(axis=1).min()
    raise ValueError("Invalid norm order for matrices.")


def norm_of_all_squares(x):
    if kind(x, True) == "c":
        return np.sqrt((np.conj(x) * x).real.copy().sum())
    return np.sqrt((x * x).sum())


# -- products --

@function("numpy.vdot")
def vdot(a, b):
    return np.dot(np.conj(as_array(a).ravel()), as_array(b).ravel())


@function("numpy.outer")
def outer(a, b, out=None):
    x, y = as_array(a).ravel(), as_array(b).ravel()
    if out is None:
        return x[:, None] * y[None, :]
    out[...] = x[:, None] * y[None, :]
    return out


@function("numpy.inner")
def inner(a, b):
    a, b = as_array(a), as_array(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim == 1:
        return np.dot(a, b)
    return np.dot(a, b.T)


@function("numpy.matmul")
def matmul(a, b, out=None):
    if out is None:
        return a @ b
    out[...] = a @ b
    return out


def cross_item(a, b, i, k):
    return a[..., i] * b[..., k] - a[..., k] * b[..., i]


@function("numpy.cross")
def cross(a, b):
    a, b = as_array(a), as_array(b)
    m, n = a.shape[-1], b.shape[-1]
    if m != 3 or n != 3:
        raise ValueError("Cross product of arrays of 2-vectors: use numba.np.extensions.cross2d")
    x = cross_item(a, b, 1, 2)
    out = np.empty(np.shape(x) + (3,), np.result_type(a, b))
    out[..., 0] = x
    out[..., 1] = cross_item(a, b, 2, 0)
    out[..., 2] = cross_item(a, b, 0, 1)
    return out


@function("numba.np.extensions.cross2d", "numba.cross2d")
def cross2d(a, b):
    a, b = as_array(a), as_array(b)
    if a.shape[-1] != 2 or b.shape[-1] != 2:
        raise ValueError("Incompatible dimensions for 2D cross product")
    return cross_item(a, b, 0, 1)
