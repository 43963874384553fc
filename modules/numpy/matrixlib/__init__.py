"""numpy.matrixlib: the matrix class, always of two dimensions, whose * is the matrix product."""
import ast
import sys

import _numpy as _n
import numpy as np

ndarray = _n.ndarray


def _from_text(text):
    """Rows of "1 2; 3, 4" as lists of numbers."""
    rows = []
    for line in text.replace('[', '').replace(']', '').split(';'):
        rows.append([ast.literal_eval(word) for part in line.split(',') for word in part.split()])
        if len(rows[-1]) != len(rows[0]):
            raise ValueError('Rows not the same size.')
    return rows


def asmatrix(data, dtype=None):
    """Interpret the input as a matrix, without a copy where that is possible."""
    return matrix(data, dtype=dtype, copy=False)


class matrix(ndarray):
    """A specialized 2-D array that retains its 2-D nature through operations."""
    __array_priority__ = 10.0

    def __new__(subtype, data, dtype=None, copy=True):
        if isinstance(data, matrix):
            if (dtype is None or np.dtype(dtype) == data.dtype) and not copy:
                return data
            return data.astype(dtype or data.dtype)
        if isinstance(data, ndarray):
            new = data.view(subtype)
            if dtype is not None and np.dtype(dtype) != data.dtype:
                return new.astype(dtype)
            return new.copy() if copy else new
        if isinstance(data, str):
            data = _from_text(data)
        a = np.array(data, dtype=dtype)
        if a.ndim > 2:
            raise ValueError('matrix must be 2-dimensional')
        shape = (1, 1) if a.ndim == 0 else (1, a.shape[0]) if a.ndim == 1 else a.shape
        return a.reshape(shape).view(subtype)

    def __array_finalize__(self, obj):
        self._getitem = False
        if isinstance(obj, matrix) and getattr(obj, '_getitem', False):
            return
        if self.ndim == 2:
            return
        shape = tuple(n for n in self.shape if n != 1) if self.ndim > 2 else self.shape
        if len(shape) > 2:
            raise ValueError('shape too large to be a matrix.')
        if len(shape) < 2:
            shape = (1, 1) if not shape else (1, shape[0])
        self.shape = shape

    def __getitem__(self, index):
        self._getitem = True
        try:
            out = ndarray.__getitem__(self, index)
        finally:
            self._getitem = False
        if not isinstance(out, ndarray):
            return out
        if out.ndim == 0:
            return out[()]
        if out.ndim == 1:
            n = out.shape[0]
            column = isinstance(index, (tuple, list)) and len(index) > 1 and np.isscalar(index[1])
            out.shape = (n, 1) if column else (1, n)
        return out

    def __mul__(self, other):
        if isinstance(other, (ndarray, list, tuple)):
            return np.dot(self, asmatrix(other))
        if np.isscalar(other) or not hasattr(other, '__rmul__'):
            return np.dot(self, other)
        return NotImplemented

    def __rmul__(self, other):
        return np.dot(other, self)

    def __imul__(self, other):
        self[:] = self * other
        return self

    def __pow__(self, other):
        return np.linalg.matrix_power(self, other)

    def __ipow__(self, other):
        self[:] = self ** other
        return self

    def __rpow__(self, other):
        return NotImplemented

    def _align(self, axis):
        """A reduction's result as a scalar, a row or a column."""
        if axis is None:
            return self[0, 0]
        if axis in (0, -2):
            return self
        if axis in (1, -1):
            return self.transpose()
        raise ValueError('unsupported axis')

    def _collapse(self, axis):
        return self[0, 0] if axis is None else self

    def tolist(self):
        return self.__array__().tolist()

    def sum(self, axis=None, dtype=None, out=None):
        return ndarray.sum(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def mean(self, axis=None, dtype=None, out=None):
        return ndarray.mean(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def std(self, axis=None, dtype=None, out=None, ddof=0):
        return ndarray.std(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def var(self, axis=None, dtype=None, out=None, ddof=0):
        return ndarray.var(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def prod(self, axis=None, dtype=None, out=None):
        return ndarray.prod(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def any(self, axis=None, out=None):
        return ndarray.any(self, axis, out, keepdims=True)._collapse(axis)

    def all(self, axis=None, out=None):
        return ndarray.all(self, axis, out, keepdims=True)._collapse(axis)

    def max(self, axis=None, out=None):
        return ndarray.max(self, axis, out, keepdims=True)._collapse(axis)

    def min(self, axis=None, out=None):
        return ndarray.min(self, axis, out, keepdims=True)._collapse(axis)

    def argmax(self, axis=None, out=None):
        return asmatrix(ndarray.argmax(self, axis, out))._align(axis)

    def argmin(self, axis=None, out=None):
        return asmatrix(ndarray.argmin(self, axis, out))._align(axis)

    def ptp(self, axis=None, out=None):
        return asmatrix(ndarray.ptp(self, axis, out))._align(axis)

    def squeeze(self, axis=None):
        return ndarray.squeeze(self, axis=axis)

    def flatten(self, order='C'):
        return ndarray.flatten(self, order=order)

    def ravel(self, order='C'):
        return ndarray.ravel(self, order=order)

    @property
    def T(self):
        return self.transpose()

    @property
    def H(self):
        return self.transpose().conjugate() if issubclass(self.dtype.type, np.complexfloating) else self.transpose()

    @property
    def I(self):  # noqa: E743
        m, n = self.shape
        return asmatrix((np.linalg.inv if m == n else np.linalg.pinv)(self))

    @property
    def A(self):
        return self.__array__()

    @property
    def A1(self):
        return self.__array__().ravel()

    getT, getH, getI, getA, getA1 = (lambda self: self.T), (lambda self: self.H), (lambda self: self.I), \
        (lambda self: self.A), (lambda self: self.A1)


def bmat(obj, ldict=None, gdict=None):
    """Build a matrix object from a string, nested sequence, or array."""
    if isinstance(obj, str):
        frame = sys._getframe().f_back
        names = {**(gdict if gdict is not None else frame.f_globals), **(ldict if ldict is not None else frame.f_locals)}

        def find(name):
            try:
                return names[name]
            except KeyError:
                raise NameError('name %r is not defined' % name) from None
        rows = [[find(word) for part in line.split(',') for word in part.split()] for line in obj.split(';')]
        return matrix(np.concatenate([np.concatenate(row, axis=-1) for row in rows], axis=0))
    if isinstance(obj, (tuple, list)):
        if any(isinstance(row, ndarray) for row in obj):
            return matrix(np.concatenate(obj, axis=-1))
        return matrix(np.concatenate([np.concatenate(row, axis=-1) for row in obj], axis=0))
    return matrix(obj)


for _c in (matrix, asmatrix, bmat):
    _c.__module__ = 'numpy'
mat = asmatrix
