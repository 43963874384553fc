"""numpy.linalg and the products, in kernels. Results are rounded: other builds of LAPACK differ in the last bits."""
import numpy as np

import cases

v = np.arange(4.0)
a = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]])
b = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
p = np.array([[2, 1], [1, 1]])
i4 = np.arange(4)


def case(name, function, *args):
    cases.case(name, function, *args, digits=10)


def qr(a):
    q, r = np.linalg.qr(a)
    return q.shape, r.shape, q @ r, q.T @ q


def svd(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return u.shape, vh.shape, s, (u * s) @ vh


def svd_full(a):
    u, s, vh = np.linalg.svd(a)
    return u.shape, vh.shape, s


def eigh(a):
    w, v = np.linalg.eigh(a)
    return w, (v * w) @ v.T


def eig(a):
    w, v = np.linalg.eig(a)
    return np.sort(w), a @ v - v * w


def lstsq(a, b):
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=-1.0)
    return x, residuals.shape, rank, s


case("inv", lambda a, p: (np.linalg.inv(a), np.linalg.inv(p)), a, p)
case("inv singular", lambda a: np.linalg.inv(a), np.ones((2, 2)))
case("inv wrong", lambda a: np.linalg.inv(a), b)
case("solve", lambda a, b: (np.linalg.solve(a, b), np.linalg.solve(a, b[:, 0].copy())), a, b)
case("det", lambda a: np.linalg.det(a), a)
case("slogdet", lambda a: np.linalg.slogdet(a)[1], a)
case("cholesky", lambda a: np.linalg.cholesky(a), a)
case("cholesky wrong", lambda a: np.linalg.cholesky(a), -a)
case("qr", qr, b)
case("svd", svd, b)
case("svd full", svd_full, b)
case("eigh", eigh, a)
case("eigvalsh", lambda a: np.linalg.eigvalsh(a), a)
case("eig", eig, a)
case("eigvals", lambda a: np.sort(np.linalg.eigvals(a)), a)
case("lstsq", lstsq, b, np.array([1.0, 2.0, 2.5]))
case("pinv", lambda a: np.linalg.pinv(a), b)
case("matrix_rank", lambda a, b: (np.linalg.matrix_rank(a), np.linalg.matrix_rank(b), np.linalg.matrix_rank(a * 0)), a, b)
case("matrix_power", lambda a: (np.linalg.matrix_power(a, 0), np.linalg.matrix_power(a, 1), np.linalg.matrix_power(a, 5)), p)
case("matrix_power -2", lambda a: np.linalg.matrix_power(a, -2), a)
case("cond", lambda a: (np.linalg.cond(a), np.linalg.cond(a, 1)), a)
case("norm", lambda v: (np.linalg.norm(v), np.linalg.norm(v, 1), np.linalg.norm(v, np.inf), np.linalg.norm(v, 0)), v)
case("norm matrix", lambda a: (np.linalg.norm(a), np.linalg.norm(a, 1), np.linalg.norm(a, np.inf), np.linalg.norm(a, 2)), a)
case("norm fro", lambda a: np.linalg.norm(a, "fro"), a)
case("vdot", lambda v, i: (np.vdot(v, v), np.vdot(i, i)), v, i4)
case("outer", lambda v, i: (np.outer(v, i), np.outer(i, i)), v, i4)
case("inner", lambda v, b: (np.inner(v, v), np.inner(b, b), np.inner(b, b[0])), v, b)
case("matmul", lambda b: np.matmul(b, b.T), b)
case("cross", lambda a: (np.cross(a[0], a[1]), np.cross(a, a[::-1])), a)
case("dot", lambda a, b: (np.dot(a, b), a @ b, a.dot(b[:, 0].copy())), a, b)
