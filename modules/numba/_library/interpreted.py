"""Functions that kernels have the interpreter run (native("py:name", ...)): those whose work is a call of LAPACK or of a long
loop in C anyhow, so that the lock costs nothing beside it. Arrays come without copying and must not be kept; results are
written into arrays that the kernel made."""
import threading

import numpy as np


def _into(*pairs):
    for target, value in pairs:
        target[...] = value


def sort(a):
    a.sort(kind="stable")


def argsort(a, out):
    out[...] = a.argsort(kind="stable")


def inv(a, out):
    out[...] = np.linalg.inv(a)


def solve(a, b, out):
    out[...] = np.linalg.solve(a, b)


def det(a, out):
    out[...] = np.linalg.det(a)


def slogdet(a, sign, logdet):
    _into(*zip((sign, logdet), np.linalg.slogdet(a)))


def cholesky(a, out):
    out[...] = np.linalg.cholesky(a)


def qr(a, q, r):
    _into(*zip((q, r), np.linalg.qr(a)))


def svd(a, u, s, vh, full):
    _into(*zip((u, s, vh), np.linalg.svd(a, full_matrices=bool(full))))


def svdvals(a, s):
    s[...] = np.linalg.svd(a, compute_uv=False)


def _kept(out, values):
    """A real kernel cannot give complex eigenvalues: 1 says that there are some."""
    if out.dtype.kind != "c" and values.dtype.kind == "c":
        return 1
    out[...] = values
    return 0


def eig(a, w, v):
    values, vectors = np.linalg.eig(a)
    return _kept(w, values) or _kept(v, vectors)


def eigvals(a, w):
    return _kept(w, np.linalg.eigvals(a))


def eigh(a, w, v, upper):
    _into(*zip((w, v), np.linalg.eigh(a, "U" if upper else "L")))


def eigvalsh(a, w, upper):
    w[...] = np.linalg.eigvalsh(a, "U" if upper else "L")


def lstsq(a, b, rcond, x, residuals, s):
    """The rank; residuals has a first element that says how many follow."""
    solution, rest, rank, values = np.linalg.lstsq(a, b, rcond if rcond == rcond else None)
    _into((x, solution), (s, values))
    residuals[0] = rest.size
    residuals[1:1 + rest.size] = rest
    return int(rank)


def pinv(a, rcond, out):
    out[...] = np.linalg.pinv(a, rcond)


def matrix_rank(a, tol):
    return int(np.linalg.matrix_rank(a, tol if tol == tol else None))


def cond(a, p, out):
    out[...] = np.linalg.cond(a, {1: 1, -1: -1, 2: 2, -2: -2}.get(p, p) if p == p else None)


def cond_fro(a, out):
    out[...] = np.linalg.cond(a, "fro")


def matmul(a, b, out):
    np.matmul(a, b, out=out)


def convolve(a, v, out, mode):
    out[...] = np.convolve(a, v, ("valid", "same", "full")[mode])


def correlate(a, v, out, mode):
    out[...] = np.correlate(a, v, ("valid", "same", "full")[mode])


def kaiser(M, beta, out):
    out[...] = np.kaiser(M, beta)


def polyfit(x, y, deg, out):
    out[...] = np.polyfit(x, y, deg)


def roots(p, out):
    r = np.roots(p)
    out[:r.size] = r
    return r.size


def fft(a, out, inverse):
    out[...] = np.fft.ifft(a) if inverse else np.fft.fft(a)


def rfft(a, out):
    out[...] = np.fft.rfft(a)


def irfft(a, n, out):
    out[...] = np.fft.irfft(a, n)


# -- blocks of objmode (numba._objmode) --

_blocks = []
_results = threading.local()  # of the thread's last block


def objmode_enter(block):
    _blocks.append(block)
    return len(_blocks) - 1


def objmode_run(number, *args):
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    _results.values = [np.array([*map(ord, r)], np.int64) if isinstance(r, str) else r for r in _blocks[number](*given)]
    for a, b in zip(args, given):
        if isinstance(a, np.ndarray) and a.flags.writeable:
            a[...] = b


def objmode_shape(k, shape):
    value = np.asarray(_results.values[k])
    if value.ndim != shape.size:
        raise TypeError(f"objmode: an array of {value.ndim} axes where one of {shape.size} was declared")
    shape[:] = value.shape


def objmode_take(k, out):
    value = np.asarray(_results.values[k])
    if not np.can_cast(value.dtype, out.dtype, "same_kind"):
        raise TypeError(f"objmode: {value.dtype} where {out.dtype} was declared")
    out[...] = value
