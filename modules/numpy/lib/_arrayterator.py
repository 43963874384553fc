"""Arrayterator: an array-like read in blocks of bounded size."""
import operator
from functools import reduce

__all__ = ['Arrayterator']


class Arrayterator:
    """Buffered iterator for big arrays: yields contiguous blocks of at most buf_size elements.

    It is sliced as its array is; slices are kept as start, stop and step of every axis until a block is read."""

    def __init__(self, var, buf_size=None):
        self.var, self.buf_size = var, buf_size
        self.start = [0 for _ in var.shape]
        self.stop = list(var.shape)
        self.step = [1 for _ in var.shape]

    def __getattr__(self, attr):
        return getattr(self.var, attr)

    def __getitem__(self, index):
        index = index if isinstance(index, tuple) else (index,)
        fixed, dims = [], len(self.var.shape)
        for k in index:
            if k is Ellipsis:
                fixed.extend([slice(None)] * (dims - len(index) + 1))
            elif isinstance(k, int):
                fixed.append(slice(k, k + 1, 1))
            else:
                fixed.append(k)
        fixed += [slice(None)] * (dims - len(fixed))
        out = self.__class__(self.var, self.buf_size)
        for i, (start, stop, step, k) in enumerate(zip(self.start, self.stop, self.step, fixed)):
            out.start[i] = start + (k.start or 0)
            out.step[i] = step * (k.step or 1)
            out.stop[i] = min(start + (k.stop or stop - start), stop)
        return out

    def __array__(self, dtype=None, copy=None):
        return self.var[tuple(slice(*t) for t in zip(self.start, self.stop, self.step))]

    @property
    def flat(self):
        """A 1-D flat iterator."""
        for block in self:
            yield from block.flat

    @property
    def shape(self):
        """The shape of the array to be iterated over."""
        return tuple((stop - start - 1) // step + 1 for start, stop, step in zip(self.start, self.stop, self.step))

    def __iter__(self):
        if [n for n in self.shape if n <= 0]:
            return
        start, stop, step = self.start[:], self.stop[:], self.step[:]
        dims = len(self.var.shape)
        while True:
            count = self.buf_size or reduce(operator.mul, self.shape)
            # The axis along which blocks follow each other.
            outer = 0
            for i in range(dims - 1, -1, -1):
                if count == 0:
                    stop[i] = start[i] + 1
                elif count <= self.shape[i]:
                    stop[i] = start[i] + count * step[i]
                    outer = i
                else:
                    stop[i] = self.stop[i]
                stop[i] = min(self.stop[i], stop[i])
                count = count // self.shape[i]
            yield self.var[tuple(slice(*t) for t in zip(start, stop, step))]
            start[outer] = stop[outer]
            for i in range(dims - 1, 0, -1):
                if start[i] >= self.stop[i]:
                    start[i] = self.start[i]
                    start[i - 1] += self.step[i - 1]
            if start[0] >= self.stop[0]:
                return
