"""nditer: the flags that scripts use, over plain Python iteration."""
import _numpy as _n
from numpy._functions import broadcast_arrays, ndindex


class nditer:
    """Multi-dimensional iterator over arrays."""

    def __init__(self, op, flags=(), op_flags=None, op_dtypes=None, order='K', casting='safe', op_axes=None, itershape=None,
                 buffersize=0):
        ops = list(op) if isinstance(op, (tuple, list)) and any(isinstance(o, (_n.ndarray, type(None))) for o in op) else [op]
        modes = op_flags or [['readonly']] * len(ops)
        if modes and isinstance(modes[0], str):
            modes = [modes] * len(ops)
        given = [_n.asanyarray(o) for o in ops if o is not None]
        shape = itershape or _n.broadcast_shapes(*[g.shape for g in given])
        d = _n.result_type(*[g.dtype for g in given])
        arrays, k = [], 0
        for i, o in enumerate(ops):
            if o is None:
                arrays.append(_n.empty(shape, (op_dtypes or [None] * len(ops))[i] or d))
            else:
                a = given[k]
                k += 1
                want = (op_dtypes or [None] * len(ops))[i]
                if want is not None and a.dtype != _n.dtype(want):
                    a = a.astype(want)
                arrays.append(a)
        self.operands = tuple(arrays)
        self._write = ['readwrite' in m or 'writeonly' in m for m in modes]
        self._views = [a if w and a.shape == tuple(shape) else _n.broadcast_to(a, shape) for a, w in zip(arrays, self._write)]
        self.shape, self.ndim, self.nop = tuple(shape), len(shape), len(ops)
        self.itersize = 1
        for n in shape:
            self.itersize *= n
        self._flags = set(flags)
        self._order = order
        self.dtypes = tuple(a.dtype for a in arrays)
        if 'external_loop' in self._flags:
            self._keys = [Ellipsis] if self.itersize else []
        else:
            fortran = order == 'F' or (order == 'K' and all(a.flags.f_contiguous and not a.flags.c_contiguous for a in arrays))
            if fortran:
                self._keys = [i[::-1] for i in ndindex(*tuple(shape)[::-1])]
            else:
                self._keys = list(ndindex(*tuple(shape)))
        self.reset()

    def reset(self):
        self._at = 0
        self.finished = not self._keys

    def _value(self, key):
        out = []
        for v in self._views:
            if key is Ellipsis:
                out.append(v.reshape(-1) if v.flags.c_contiguous or self._order == 'C' else v.ravel(self._order))
            else:
                out.append(v[key + (Ellipsis,)])
        return out[0] if len(out) == 1 else tuple(out)

    value = property(lambda self: self._value(self._keys[self._at]))
    multi_index = property(lambda self: self._keys[self._at])
    iterindex = property(lambda self: self._at)

    @property
    def index(self):
        r = 0
        pairs = list(zip(self._keys[self._at], self.shape))
        for i, n in (pairs[::-1] if 'f_index' in self._flags else pairs):
            r = r * n + i
        return r

    def iternext(self):
        self._at += 1
        self.finished = self._at >= len(self._keys)
        return not self.finished

    def __iter__(self):
        for self._at in range(len(self._keys)):
            yield self._value(self._keys[self._at])
        self.finished = True

    def __getitem__(self, i):
        v = self.value
        return (v if isinstance(v, tuple) else (v,))[i]

    def __setitem__(self, i, x):
        self[i][...] = x

    def __len__(self):
        return self.nop

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def close(self):
        """Resolve all writeback semantics in writeable operands."""


def nested_iters(op, axes, **kwargs):
    """Create nditers for use in nested loops."""
    raise NotImplementedError('nested_iters')


_ = broadcast_arrays
