"""NumPy's functions on shapes, in kernels."""
import numpy as np
import numpy.lib.stride_tricks

from cases import case

v = np.arange(10) ** 3 % 17
f = v * 0.25
m = (np.arange(24) ** 3 % 29).reshape(4, 6)
c = (np.arange(24.0) ** 2 % 7).reshape(2, 3, 4)

case("diff", lambda a: np.diff(a), v)
case("diff n", lambda a: np.diff(a, n=3), f)
case("diff 0", lambda a: np.diff(a, 0), f)
case("diff axis", lambda a: np.diff(a, axis=0), m)
case("diff axes", lambda a, k: np.diff(a, 1, k), c, 1)
case("diff bool", lambda a: np.diff(a > 5), v)
case("diff negative", lambda a: np.diff(a, -1), v)
case("ediff1d", lambda a: np.ediff1d(a, to_begin=-9, to_end=a[:2]), v)
case("flipud", lambda a: np.flipud(a), m)
case("fliplr", lambda a: np.fliplr(a), m)
case("flip", lambda a: (np.flip(a), np.flip(a, 1), np.flip(a, (0, -1))), c)
case("rot90", lambda a: (np.rot90(a), np.rot90(a, 2), np.rot90(a, -1)), m)
case("roll", lambda a, k: (np.roll(a, k), np.roll(a, -3), np.roll(a, 1, axis=0)), m, 5)
case("expand_dims", lambda a: (np.expand_dims(a, 0), np.expand_dims(a, -1)), m)
case("squeeze", lambda a: np.squeeze(a[:, 1:2], 1), m)
case("squeeze wrong", lambda a: np.squeeze(a, 1), m)
case("swapaxes", lambda a: (np.swapaxes(a, 0, 2), a.swapaxes(1, -1)), c)
case("moveaxis", lambda a: (np.moveaxis(a, 0, -1), np.moveaxis(a, 2, 0)), c)
case("transpose", lambda a: (np.transpose(a), np.transpose(a, (1, 0, 2)), a.transpose(2, 0, 1), a.transpose((0, 2, 1)),
                             a.transpose(), a.T), c)
case("transpose wrong", lambda a: np.transpose(a, (0, 0, 1)), c)
case("atleast", lambda a, b: (np.atleast_1d(a[0]), np.atleast_2d(a), np.atleast_2d(b), np.atleast_3d(a), np.atleast_3d(b)), v, m)
case("broadcast_to", lambda a: (np.broadcast_to(a, (2, 10)), np.broadcast_to(a[0], (2, 2)), np.broadcast_to(5, 3)), v)
case("broadcast_to wrong", lambda a: np.broadcast_to(a, (3, 4)), v)
case("broadcast_arrays", lambda a, b: np.broadcast_arrays(a[:, None], b), v[:3], v[4:6])
case("broadcast_shapes", lambda: np.broadcast_shapes((1, 4), (3, 1), 4))
case("shape size ndim", lambda a: (np.shape(a), np.size(a), np.size(a, 1), np.ndim(a), np.ndim(3.5), np.size(2)), m)
case("as_strided", lambda a: np.lib.stride_tricks.as_strided(a, (3, 4), (16, 8)), v)
case("sliding", lambda a, b: (np.lib.stride_tricks.sliding_window_view(a, 4), np.lib.stride_tricks.sliding_window_view(b, (2, 3)),
                              np.lib.stride_tricks.sliding_window_view(b, 3, 1)), v, m)
case("trace", lambda a: (np.trace(a), np.trace(a, 2), a.trace(-1)), m)
case("diagonal", lambda a: (np.diagonal(a), a.diagonal(1)), m)


def diagonals(a):
    np.fill_diagonal(a, 7)
    b = a.copy()
    np.fill_diagonal(b, np.array([1, 2]))
    w = np.zeros((7, 3), np.int64)
    np.fill_diagonal(w, 5, True)
    return a, b, w


case("fill_diagonal", diagonals, m.copy())
case("concatenate", lambda a, b: (np.concatenate((a, b)), np.concatenate((a, b), axis=1), np.concatenate((a, b), axis=None)), m,
     m * 0.5)
case("concatenate wrong", lambda a: np.concatenate((a, a[:, 1:])), m)
case("stack", lambda a, b: (np.stack((a, b)), np.stack((a, b), axis=1), np.stack((a, b, a), -1)), v[:4], f[:4])
case("stacks", lambda a, b: (np.hstack((a, b)), np.vstack((a, b)), np.dstack((a, b)), np.column_stack((a, b))), v[:4], f[:4])
case("stacks 2", lambda a, b: (np.hstack((a, b)), np.vstack((a, b)), np.dstack((a, b)), np.column_stack((a, b[:, 0]))), m, m)
case("append", lambda a, b: (np.append(a, 5), np.append(a, b), np.append(b, b, axis=0)), v, m)
case("repeat", lambda a, b: (np.repeat(a, 2), a.repeat(np.arange(10) % 3), np.repeat(b, 2, axis=1), np.repeat(b, 2)), v, m)
case("repeat wrong", lambda a: np.repeat(a, -1), v)
case("tile", lambda a, b: (np.tile(a, 2), np.tile(a, (2, 1)), np.tile(b, 2), np.tile(b, (2, 1, 2)), np.tile(3, 3)), v[:3], m[:2, :2])
case("resize", lambda a: (np.resize(a, (2, 3)), np.resize(a, 14)), v)
case("take", lambda a, b: (np.take(a, 3), a.take(np.array([1, -1])), np.take(b, np.array([[0, 1], [2, 0]]), axis=1),
                           np.take(b, 2, axis=0), np.take(b, (1, 5))), v, m)
case("take wrong", lambda a: np.take(a, 10), v)
case("take_along_axis", lambda a: (np.take_along_axis(a, np.argsort(a, axis=1), 1), np.take_along_axis(a, np.argsort(a, axis=0), 0)), m)
case("compress", lambda a: np.compress(a > 4, a), v)
case("delete", lambda a, b: (np.delete(a, 2), np.delete(a, np.array([0, -1])), np.delete(a, slice(2, 8)), np.delete(b, 1, 0),
                             np.delete(b, (0, 2), 1)), v, m)
case("delete wrong", lambda a: np.delete(a, 10), v)
case("insert", lambda a, b, at: (np.insert(a, 2, 99), np.insert(a, -1, np.array([7, 8])), np.insert(a, at, 0),
                                 np.insert(b, 1, 9, axis=1)), v, m, np.array([1, 1, 5]))
case("trim_zeros", lambda a: (np.trim_zeros(a), np.trim_zeros(a, "f"), np.trim_zeros(a, "b")), np.array([0, 0, 1, 0, 2, 0]))
case("extract", lambda a: np.extract(a % 2 == 0, a), m)
case("pad", lambda a, b: (np.pad(a, 2), np.pad(a, (1, 3), constant_values=9), np.pad(b, ((1, 0), (0, 2))), np.pad(a, 3, mode="edge"),
                          np.pad(a, 4, "wrap"), np.pad(a, 4, "reflect"), np.pad(a, 4, "symmetric")), v[:3], m[:2, :2])
case("meshgrid", lambda a, b: (np.meshgrid(a, b), np.meshgrid(a, b, indexing="ij")), v[:3], f[:2])
case("indices", lambda: np.indices((2, 3)))
case("kron", lambda a, b: (np.kron(a, a), np.kron(b, b)), v[:3], m[:2, :2])
case("eye", lambda: (np.eye(3), np.eye(2, 3), np.eye(3, k=1), np.eye(3, 4, -1, np.int32), np.identity(2)))
case("diag", lambda a, b: (np.diag(a), np.diag(a, 1), np.diag(b), np.diag(b, -1), np.diagflat(b[:2, :2])), v[:3], m)
case("tri", lambda a: (np.tri(3), np.tri(2, 4, 1), np.tril(a), np.tril(a, -1), np.triu(a), np.triu(a, 2), np.triu(a[0])), m)
case("triangle indices", lambda a: (np.tril_indices(3), np.triu_indices(3, 1), np.tril_indices(3, -1, 4), np.triu_indices_from(a)), m)
case("vander", lambda a: (np.vander(a), np.vander(a, 3), np.vander(a * 0.5, increasing=True)), v[1:5])
case("linspace", lambda: (np.linspace(0, 1, 7), np.linspace(2, 9, 5, endpoint=False), np.linspace(0, 10, 4, retstep=True),
                          np.linspace(0, 5, 4, dtype=np.int64), np.linspace(3, 3, 1), np.linspace(1, 2, 0), np.linspace(-3.7, 1e5, 11)))
case("linspace wrong", lambda n: np.linspace(0, 1, n), -1)
case("fortran", lambda a: (np.asfortranarray(a), np.ascontiguousarray(a.T)), m)
