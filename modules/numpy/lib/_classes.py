"""Subclasses of ndarray: matrix, recarray, memmap, chararray."""
import _numpy as _n
from _numpy import ndarray


class matrix(ndarray):
    """A matrix: two-dimensional, * is the matrix product."""
    __array_priority__ = 10.0

    def __new__(cls, data, dtype=None, copy=True):
        if isinstance(data, str):
            rows = [[complex(v) if 'j' in v else float(v) if '.' in v or 'e' in v else int(v) for v in row.replace(',', ' ').split()]
                    for row in data.strip('[]').split(';')]
            data = rows
        a = _n.array(data, dtype, copy=True if copy else None)
        if a.ndim > 2:
            raise ValueError('matrix must be 2-dimensional')
        if a.ndim < 2:
            a = a.reshape(1, -1) if a.ndim else a.reshape(1, 1)
        return a.view(cls)

    def __array_finalize__(self, obj):
        pass

    def __getitem__(self, index):
        r = ndarray.__getitem__(self, index)
        if not isinstance(r, ndarray):
            return r
        if r.ndim == 0:
            return r[()]
        if r.ndim == 1:
            n = r.shape[0]
            column = isinstance(index, tuple) and len(index) > 1 and not hasattr(index[0], '__index__')
            r = _n.asarray(r).reshape((n, 1) if column else (1, n)).view(type(self))
        return r

    def __mul__(self, other):
        if isinstance(other, (ndarray, list, tuple)):
            return _n.dot(self, asmatrix(other))
        return _n.multiply(self, other)

    def __rmul__(self, other):
        return _n.dot(asmatrix(other), self) if isinstance(other, (ndarray, list, tuple)) else _n.multiply(other, self)

    def __imul__(self, other):
        self[:] = self * other
        return self

    def __pow__(self, other):
        from numpy.linalg import matrix_power
        return matrix_power(self, other)

    def _axis_result(self, name, axis, *args, **kw):
        r = getattr(_n.asarray(self), name)(axis, *args, **kw)
        if axis is None:
            return r
        return _n.asarray(r).reshape((1, -1) if axis in (0, -2) else (-1, 1)).view(type(self))

    def sum(self, axis=None, dtype=None, out=None):
        return self._axis_result('sum', axis, dtype)

    def mean(self, axis=None, dtype=None, out=None):
        return self._axis_result('mean', axis, dtype)

    def max(self, axis=None, out=None):
        return self._axis_result('max', axis)

    def min(self, axis=None, out=None):
        return self._axis_result('min', axis)

    def prod(self, axis=None, dtype=None, out=None):
        return self._axis_result('prod', axis, dtype)

    def std(self, axis=None, dtype=None, out=None, ddof=0):
        return self._axis_result('std', axis, dtype, None, ddof)

    def var(self, axis=None, dtype=None, out=None, ddof=0):
        return self._axis_result('var', axis, dtype, None, ddof)

    def tolist(self):
        return _n.asarray(self).tolist()

    A = property(lambda self: _n.asarray(self))
    A1 = property(lambda self: _n.asarray(self).ravel())
    H = property(lambda self: self.T.conj() if self.dtype.kind == 'c' else self.T)

    @property
    def I(self):  # noqa: E743
        from numpy.linalg import inv, pinv
        f = inv if self.shape[0] == self.shape[1] else pinv
        return asmatrix(f(_n.asarray(self)))

    getA, getT, getI = (lambda self: self.A), (lambda self: self.T), (lambda self: self.I)


def asmatrix(data, dtype=None):
    """Interpret the input as a matrix."""
    return matrix(data, dtype=dtype, copy=False)


mat = asmatrix


def bmat(obj, ldict=None, gdict=None):
    """Build a matrix object from nested sequences."""
    if isinstance(obj, (tuple, list)):
        from numpy._functions import block
        return asmatrix(block([list(r) for r in obj] if isinstance(obj[0], (list, tuple)) else list(obj)))
    return asmatrix(obj)


class memmap(ndarray):
    """Create a memory-map to an array stored in a binary file on disk."""
    __array_priority__ = -100.0

    def __new__(cls, filename, dtype='B', mode='r+', offset=0, shape=None, order='C'):
        import mmap
        import os
        modes = {'readonly': 'r', 'copyonwrite': 'c', 'readwrite': 'r+', 'write': 'w+'}
        mode = modes.get(mode, mode)
        if mode not in ('r', 'c', 'r+', 'w+'):
            raise ValueError("mode must be one of ['r', 'c', 'r+', 'w+', 'readwrite', 'readonly', 'write', 'copyonwrite'] (got %r)" % mode)
        d = _n.dtype(dtype)
        if mode == 'w+' and shape is None:
            raise ValueError("shape must be given if mode == 'w+'")
        own = not hasattr(filename, 'read')
        f = open(os.fspath(filename), ('r' if mode == 'c' else mode) + 'b') if own else filename
        try:
            f.seek(0, 2)
            size = f.tell()
            if shape is None:
                n = size - offset
                if n % d.itemsize:
                    raise ValueError('Size of available data is not a multiple of the data-type size.')
                shape = (n // d.itemsize,)
            shape = tuple(shape) if hasattr(shape, '__len__') else (shape,)
            total = d.itemsize
            for k in shape:
                total *= k
            if mode == 'w+' or (mode == 'r+' and size < offset + total):
                f.seek(offset + total - 1, 0)
                f.write(b'\0')
                f.flush()
            access = {'c': mmap.ACCESS_COPY, 'r': mmap.ACCESS_READ}.get(mode, mmap.ACCESS_WRITE)
            start = offset - offset % mmap.ALLOCATIONGRANULARITY
            mm = mmap.mmap(f.fileno(), offset + total - start, access=access, offset=start)
        finally:
            if own:
                f.close()
        self = ndarray.__new__(cls, shape, d, mm, offset - start, order=order)
        self._mmap, self.offset, self.mode = mm, offset, mode
        self.filename = os.path.abspath(os.fspath(filename)) if own else getattr(filename, 'name', None)
        return self

    def __array_finalize__(self, obj):
        for k in ('_mmap', 'filename', 'offset', 'mode'):
            self.__dict__[k] = getattr(obj, k, None)

    def flush(self):
        """Write any changes in the array to the file on disk."""
        if self.base is not None and self._mmap is not None:
            self._mmap.flush()


class chararray(ndarray):
    """A view on arrays of string values."""


for _name in ('capitalize', 'lower', 'upper', 'title', 'strip', 'lstrip', 'rstrip', 'replace', 'startswith', 'endswith',
              'find', 'count', 'isdigit', 'isalpha', 'split', 'join', 'center', 'ljust', 'rjust', 'zfill'):
    def _forward(self, *args, _name=_name):
        from numpy import _strings
        return getattr(_strings, _name)(_n.asarray(self), *args)
    setattr(chararray, _name, _forward)
