"""nditer and nested_iters: iteration over several broadcast operands.

The plan is made once: operands become arrays, axes are ordered by memory (order='K') or as asked for, axes that go
backwards are turned round, neighbours merged where no index is tracked. Each operand is then a strided view over the
iteration's axes (itviews), and a step is a position in them.

    unbuffered    next() gives 0-d views, or with external_loop runs along the last axis
    buffered      a chunk of at most buffersize elements is copied, cast, into an array of its own (_Chunk); what was
                  written goes back when the chunk is left

An operand that is written and broadcast (a reduction) lets a chunk not leave its innermost axis, so that every element
of the chunk has a place of its own in the operand, or all have the same one."""
import operator

import _numpy as _n

_FLAGS = {'buffered', 'c_index', 'f_index', 'multi_index', 'common_dtype', 'copy_if_overlap', 'delay_bufalloc',
          'external_loop', 'grow_inner', 'growinner', 'ranged', 'refs_ok', 'reduce_ok', 'zerosize_ok'}
_OP_FLAGS = {'readwrite', 'readonly', 'writeonly', 'copy', 'updateifcopy', 'nbo', 'aligned', 'contig', 'allocate',
             'no_subtype', 'virtual', 'arraymask', 'writemasked', 'no_broadcast', 'overlap_assume_elementwise'}
_MOST = (1 << 63) - 1


def _text(shape):
    return '(%s)' % (','.join(map(str, shape)) + (',' if len(shape) == 1 else ''))


def _product(shape):
    n = 1
    for k in shape:
        n *= k
    return n


class _Operand:
    """One operand: its array and, axis by axis of the iteration, its strides (0 where it is broadcast)."""

    def __init__(self, flags, axes):
        self.flags, self.axes = flags, axes
        self.array = self.source = self.dtype = self.view = None
        self.strides = ()
        self.reads = bool(flags & {'readonly', 'readwrite'})
        self.writes = bool(flags & {'writeonly', 'readwrite'})
        self.scalar = self.buffered = self.reduces = False


def _op_flags_of(spec, count):
    if spec is None:
        return [None] * count
    if isinstance(spec, (tuple, list)) and spec and isinstance(spec[0], str):
        return [set(spec)] * count
    if not isinstance(spec, (tuple, list)) or len(spec) != count:
        raise ValueError('op_flags must be a tuple or array of per-op flag-tuples')
    return [{s} if isinstance(s, str) else set(s) for s in spec]


def _check_flags(flags, value):
    for f in sorted(flags - _OP_FLAGS):
        raise ValueError('Unexpected per-op iterator flag "%s"' % f)
    modes = len(flags & {'readonly', 'writeonly', 'readwrite'})
    if modes == 0:
        raise ValueError('None of the iterator flags READWRITE, READONLY, or WRITEONLY were specified for an operand')
    if modes > 1:
        raise ValueError('Only one of the iterator flags READWRITE, READONLY, and WRITEONLY may be specified for an operand')
    if value is None and not flags & {'allocate', 'virtual'}:
        raise ValueError('Iterator operand was NULL, but neither the ALLOCATE nor the VIRTUAL flag was specified')
    if value is None and 'allocate' in flags and 'readonly' in flags:
        raise ValueError("Automatic allocation was requested for an iterator operand, but it wasn't flagged for writing")
    if 'writemasked' in flags:
        if 'readonly' in flags:
            raise ValueError('The iterator flag WRITEMASKED may only be used with READWRITE or WRITEONLY')
        if 'arraymask' in flags:
            raise ValueError('The iterator flag WRITEMASKED may not be used together with ARRAYMASK')


def _check_masks(operands):
    masks = [o for o in operands if 'arraymask' in o.flags]
    masked = [o for o in operands if 'writemasked' in o.flags]
    if len(masks) > 1:
        raise ValueError('Only one iterator operand may receive an ARRAYMASK flag')
    if masked and not masks:
        raise ValueError('An iterator operand was flagged as WRITEMASKED, but no ARRAYMASK operand was given to supply the mask')
    if masks and not masked:
        raise ValueError('An iterator operand was flagged as the ARRAYMASK, but no WRITEMASKED operands were given to use '
                         'the mask')


# ---- Axes

def _axes_of(op_axes, count):
    """Lists of axes, None for the usual alignment, and the iteration's rank, or None."""
    if op_axes is None:
        return [None] * count, None
    if not isinstance(op_axes, (tuple, list)) or len(op_axes) != count:
        raise ValueError('op_axes must be a tuple/list matching the number of ops')
    lists, rank = [], None
    for i, axes in enumerate(op_axes):
        if axes is None:
            lists.append(None)
            continue
        axes = [-1 if k is None else operator.index(k) for k in axes]
        if rank is not None and len(axes) != rank:
            raise ValueError('Each entry of op_axes must have the same size')
        rank = len(axes)
        named = [k for k in axes if k >= 0]
        for k in named:
            if named.count(k) > 1:
                raise ValueError("The 'op_axes' provided to the iterator constructor for operand %d contained duplicate "
                                 'value %d' % (i, k))
        lists.append(axes)
    return lists, rank


def _aligned(array, rank):
    extra = rank - array.ndim
    if extra < 0:
        raise ValueError('input operand has more dimensions than allowed by the axis remapping')
    return [-1] * extra + list(range(array.ndim))


def _iteration_shape(operands, rank, itershape, mapped):
    shape = [1] * rank
    fixed = [False] * rank
    if itershape is not None:
        for k, n in enumerate(itershape):
            n = operator.index(n)
            if n >= 0:
                shape[k], fixed[k] = n, True
    for i, o in enumerate(operands):
        if o.array is None:
            continue
        for k, axis in enumerate(o.axes):
            if axis < 0:
                continue
            if axis >= o.array.ndim:
                raise ValueError('Iterator input op_axes[%d][%d] (==%d) is not a valid axis of op[%d], which has %d dimensions ' %
                                 (i, k, axis, i, o.array.ndim))
            n = o.array.shape[axis]
            if n == 1 or n == shape[k]:
                continue
            if shape[k] != 1 or fixed[k]:
                shapes = ' '.join(_text(p.array.shape) for p in operands if p.array is not None)
                raise ValueError('operands could not be broadcast together with %sshapes %s ' % (
                    'remapped ' if mapped else '', shapes))
            shape[k] = n
    return shape


def _best_order(strides, rank):
    """The axes, outermost first: larger steps outside, by the first operands that tell."""
    def outside(a, b):
        for s in strides:
            x, y = abs(s[a]), abs(s[b])
            if x and y and x != y:
                return x > y
        return a < b
    order = []
    for k in range(rank):
        place = len(order)
        while place > 0 and outside(k, order[place - 1]) and not outside(order[place - 1], k):
            place -= 1
        order.insert(place, k)
    return order


def _backwards(strides, k):
    """Does every operand step backwards along axis k, or not at all?"""
    steps = [s[k] for s in strides]
    return any(s < 0 for s in steps) and all(s <= 0 for s in steps)


# ---- Chunks

class _Chunk:
    """Elements start..stop of an operand, in an array of its own if they are cast."""

    def __init__(self, it, o, start, stop):
        self.o, self.places, self.data = o, None, None
        run = it._run_view(o, start, stop)
        if not o.buffered and run is not None:
            self.data = run
            return
        if run is not None and o.reduces and run.ndim and run.strides[-1] == 0:
            one = _n.empty((1,), o.dtype)
            one[...] = run[:1] if o.reads else 0
            self.places, self.own = run[:1], one
            self.data = _n._as_strided(one, run.shape, (0,), True)
            return
        self.places = run
        if run is None:
            index = _n.arange(start, stop)
            self.index = []
            for n in reversed(it._shape):
                self.index.append(index % n)
                index = index // n
            self.index = tuple(reversed(self.index))
        self.own = self.data = _n.empty((stop - start,), o.dtype)
        if o.reads:
            self.own[...] = run if run is not None else o.view[self.index]

    def store(self):
        if not self.o.writes or (self.places is None and not hasattr(self, 'own')):
            return
        if self.places is not None:
            self.places[...] = self.own
        else:
            self.o.view[self.index] = self.own


# ---- The iterator

class nditer:
    """Efficient multi-dimensional iterator object to iterate over arrays."""
    __module__ = 'numpy'

    def __init__(self, op, flags=(), op_flags=None, op_dtypes=None, order='K', casting='safe', op_axes=None,
                 itershape=None, buffersize=0):
        self._closed = False
        self._values = list(op) if isinstance(op, (tuple, list)) else [op]
        self._flags = {'grow_inner' if f == 'growinner' else f for f in ([flags] if isinstance(flags, str) else flags or ())}
        self._check_global(order, casting)
        count = len(self._values)
        if count == 0:
            raise ValueError('Must provide at least one operand')
        modes = _op_flags_of(op_flags, count)
        lists, rank = _axes_of(op_axes, count)
        self._ops = []
        for v, mode, axes in zip(self._values, modes, lists):
            if mode is None:
                mode = {'writeonly', 'allocate'} if v is None else {'readonly'}
            _check_flags(mode, v)
            self._ops.append(_Operand(mode, axes))
        _check_masks(self._ops)
        self._take_arrays()
        self._choose_axes(rank, itershape, op_axes is not None)
        self._choose_dtypes(op_dtypes, casting)
        self._allocate()
        self._copy_overlaps()
        self._convert(casting)
        self._set_strides()
        self._buffersize = buffersize or 8192
        self._start, self._stop = 0, self.itersize
        self._lay_out()
        self._chunks = None
        self._delayed = 'delay_bufalloc' in self._flags and 'buffered' in self._flags
        self._at = 0
        self._begin(0)

    def _check_global(self, order, casting):
        flags = self._flags
        for f in sorted(flags - _FLAGS):
            raise ValueError('Unexpected iterator global flag "%s"' % f)
        if 'c_index' in flags and 'f_index' in flags:
            raise ValueError('Iterator flags C_INDEX and F_INDEX cannot both be specified')
        if 'external_loop' in flags and flags & {'c_index', 'f_index', 'multi_index'}:
            raise ValueError('Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked')
        self._order = 'K' if order is None else str(order).upper()
        if self._order not in ('C', 'F', 'A', 'K'):
            raise ValueError("order must be one of 'C', 'F', 'A', or 'K' (got %r)" % (order,))
        if casting not in ('no', 'equiv', 'safe', 'same_kind', 'unsafe'):
            raise ValueError("casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got %r)" % (casting,))

    def _take_arrays(self):
        for o, v in zip(self._ops, self._values):
            if v is None:
                if o.reads and o.writes and 'buffered' in self._flags and 'delay_bufalloc' not in self._flags:
                    raise ValueError('Automatic allocation was requested for an iterator operand, and it was flagged as '
                                     'readable, but buffering  without delayed allocation was enabled')
                continue
            o.scalar = not isinstance(v, _n.ndarray)
            if o.writes and o.scalar:
                raise TypeError('Iterator operand is flagged as writeable, but is an object which cannot be written back to '
                                'via WRITEBACKIFCOPY')
            o.array = o.source = _n.asanyarray(v)
            if o.writes and not o.array.flags.writeable:
                raise ValueError('operand array with iterator write flag set is read-only')

    def _choose_axes(self, rank, itershape, mapped):
        if itershape is not None:
            itershape = (itershape,) if not isinstance(itershape, (tuple, list)) else tuple(itershape)
            if rank is not None and len(itershape) != rank:
                raise ValueError("'op_axes' and 'itershape' must have the same number of entries equal to the iterator ndim")
            rank = len(itershape)
        if rank is None:
            rank = max((o.array.ndim for o in self._ops if o.array is not None), default=0)
        for o in self._ops:
            if o.axes is None and o.array is not None:
                o.axes = _aligned(o.array, rank)
        self._full_shape = _iteration_shape(self._ops, rank, itershape, mapped)
        self.itersize = _product(self._full_shape)
        if self.itersize > _MOST:
            raise ValueError('iterator is too large')
        if self.itersize == 0 and 'zerosize_ok' not in self._flags:
            raise ValueError('Iteration of zero-sized operands is not enabled')
        for o in self._ops:
            if o.array is not None:
                self._check_broadcast(o)

    def _check_broadcast(self, o):
        for k, n in enumerate(self._full_shape):
            own = 1 if o.axes[k] < 0 else o.array.shape[o.axes[k]]
            if n == 1 or own == n:
                continue
            if 'no_broadcast' in o.flags:
                raise ValueError("non-broadcastable operand with shape %s doesn't match the broadcast shape %s" % (
                    _text(o.array.shape), _text(self._full_shape)))
            if o.writes:
                self._check_reduction(o, k)

    def _check_reduction(self, o, k):
        if 'reduce_ok' not in self._flags:
            raise ValueError('output operand requires a reduction along dimension %d, but the reduction is not enabled. The '
                             'dimension size of 1 does not match the expected output shape.' % k)
        if not o.reads:
            raise ValueError('output operand requires a reduction, but is flagged as write-only, not read-write')
        o.reduces = True

    # -- Types

    def _choose_dtypes(self, op_dtypes, casting):
        count = len(self._ops)
        if not isinstance(op_dtypes, (tuple, list)) or (isinstance(op_dtypes, list) and op_dtypes and isinstance(
                op_dtypes[0], tuple)):
            op_dtypes = [op_dtypes] * count
        if len(op_dtypes) != count:
            raise ValueError('op_dtypes must be a tuple/list matching the number of ops')
        for o, d in zip(self._ops, op_dtypes):
            o.dtype = None if d is None else _n.dtype(d)
        for o in self._ops:
            if o.dtype is None and o.array is not None:
                o.dtype = o.array.dtype.newbyteorder('=') if 'nbo' in o.flags else o.array.dtype
        if 'common_dtype' in self._flags:
            common = self._common(self._ops)
            for o in self._ops:
                o.dtype = common
        inputs = [o for o in self._ops if o.array is not None and o.reads]
        for o in self._ops:
            if o.dtype is None:
                if not inputs:
                    raise TypeError('Iterator requested automatic output allocation, but there are no input operands to '
                                    'take the type from')
                o.dtype = self._common(inputs)
        if 'refs_ok' not in self._flags and any(
                d.hasobject for o in self._ops for d in (o.dtype, o.array.dtype if o.array is not None else o.dtype)):
            raise TypeError('Iterator operand or requested dtype holds references, but the REFS_OK flag was not enabled')

    def _common(self, operands):
        given = [o for o in operands if o.array is not None]
        if len(given) == 1:
            return given[0].array.dtype
        return _n.result_type(*[v if o.scalar and type(v) in (int, float, complex) else o.array
                                for o, v in zip(self._ops, self._values) if o in given])

    def _convert(self, casting):
        """Copies, or marks as buffered, the operands whose memory is not as asked for."""
        for i, o in enumerate(self._ops):
            a, d = o.array, o.dtype
            if a.dtype == d and not ('aligned' in o.flags and not a.flags.aligned):
                o.buffered = 'contig' in o.flags and 'buffered' in self._flags and not a.flags.c_contiguous
                continue
            if o.reads and not _n.can_cast(a.dtype, d, casting):
                raise TypeError('Iterator operand %d dtype could not be cast from %r to %r according to the rule %r' % (
                    i, a.dtype, d, casting))
            if o.writes and not _n.can_cast(d, a.dtype, casting):
                raise TypeError('Iterator requested dtype could not be cast from %r to %r, the operand %d dtype, according to '
                                'the rule %r' % (d, a.dtype, i, casting))
            if o.scalar or o.flags & {'copy', 'updateifcopy'}:
                self._replace(o, d)
            elif 'buffered' in self._flags:
                o.buffered = True
                o.dtype = _n.zeros((), d).dtype if d.itemsize == 0 else d
            else:
                raise TypeError('Iterator operand required copying or buffering, but neither copying nor buffering was enabled')

    def _replace(self, o, d):
        """A copy of the operand in its place; what is written to it goes back at the end."""
        old = o.array
        copy = _n.empty_like(old[tuple(slice(None, None, -1 if s < 0 else None) for s in old.strides)], d)
        if o.reads:
            copy[...] = old
        o.array, o.dtype = copy, copy.dtype
        if o.writes:
            o.source = old
            old.flags.writeable = False

    def _copy_overlaps(self):
        if 'copy_if_overlap' not in self._flags:
            return
        for o in self._ops:
            for p in self._ops if o.writes else ():
                if p is o or p.array is None or not _n.shares_memory(o.array, p.array):
                    continue
                same = o.array.shape == p.array.shape and o.array.strides == p.array.strides and \
                    o.array._address == p.array._address and o.array.dtype == p.array.dtype
                elementwise = 'overlap_assume_elementwise' in o.flags and 'overlap_assume_elementwise' in p.flags
                if (not p.reads and p.writes and not o.reads) or (same and elementwise):
                    continue
                self._replace(o, o.array.dtype)
                break

    # -- Memory

    def _allocate(self):
        rank = len(self._full_shape)
        missing = [o for o in self._ops if o.array is None]
        if not missing:
            return
        order = self._axis_order([self._strides_of(o) for o in self._ops if o.array is not None])
        for o in missing:
            if o.axes is None:
                o.axes = list(range(rank))
            named = sorted(k for k in o.axes if k >= 0)
            for k in named:
                if k >= max(rank, len(o.axes)):
                    raise ValueError('an axis of an automatically allocated operand is out of bounds')
            if named != list(range(len(named))):
                raise ValueError('automatically allocated output array specified with an inconsistent axis mapping')
            shape = [1] * len(named)
            for k, axis in enumerate(o.axes):
                if axis >= 0:
                    shape[axis] = self._full_shape[k]
                elif self._full_shape[k] > 1:
                    self._check_reduction(o, k)
            d, inner = o.dtype, ()
            if d.subdtype:
                d, inner = d.subdtype
            placed = [o.axes[k] for k in order if o.axes[k] >= 0]
            packed = _n.empty([shape[axis] for axis in placed] + list(inner), d)
            o.array = packed.transpose([placed.index(axis) for axis in range(len(shape))] +
                                       list(range(len(shape), packed.ndim)))
            o.dtype = d
            o.inner = len(inner)
            self._wrap_subclass(o)

    def _wrap_subclass(self, o):
        best, priority = None, 0.0
        for p in self._ops:
            if p.source is not None and type(p.source) is not _n.ndarray and 'no_subtype' not in o.flags:
                own = getattr(p.source, '__array_priority__', 0.0)
                if best is None or own > priority:
                    best, priority = type(p.source), own
        if best is not None:
            o.array = o.array.view(best)

    def _strides_of(self, o):
        return [0 if axis < 0 or o.array.shape[axis] == 1 else o.array.strides[axis] for axis in o.axes]

    def _set_strides(self):
        for o in self._ops:
            o.strides = self._strides_of(o)

    def _axis_order(self, strides):
        rank = len(self._full_shape)
        if self._order == 'K':
            return _best_order(strides, rank)
        if self._order == 'F' or (self._order == 'A' and all(
                o.array.flags.f_contiguous and not o.array.flags.c_contiguous
                for o in self._ops if o.array is not None and o.array.ndim)):
            return list(range(rank))[::-1]
        return list(range(rank))

    def _index_strides(self):
        """Of the flat index, over the axes as given."""
        steps, step = [0] * len(self._full_shape), 1
        axes = range(len(self._full_shape))
        for k in (reversed(axes) if 'c_index' in self._flags else axes):
            steps[k] = step
            step *= self._full_shape[k]
        return steps

    def _lay_out(self):
        """Orders, turns round and merges the axes; makes the views over them."""
        full = [o.strides for o in self._ops]
        self._perm = self._axis_order(full)
        self._turned = [self._order == 'K' and _backwards(full, k) for k in range(len(self._full_shape))]
        self._indexed = bool(self._flags & {'c_index', 'f_index'})
        columns = list(full)
        self._index_base = 0
        if self._indexed:
            steps = self._index_strides()
            for k, turned in enumerate(self._turned):
                if turned:
                    self._index_base += (self._full_shape[k] - 1) * steps[k]
            columns.append(steps)
        shape = [self._full_shape[k] for k in self._perm]
        columns = [[-c[k] if self._turned[k] else c[k] for k in self._perm] for c in columns]
        if 'multi_index' not in self._flags:
            shape, columns = self._merged(shape, columns)
        self._shape = shape
        self._columns = columns
        self._rebase([o.array for o in self._ops])

    def _merged(self, shape, columns):
        kept, steps = [], [[] for _ in columns]
        for k, n in enumerate(shape):
            if n == 1:
                continue
            if kept and all(s[-1] == c[k] * n for s, c in zip(steps, columns)):
                kept[-1] *= n
                for s, c in zip(steps, columns):
                    s[-1] = c[k]
                continue
            kept.append(n)
            for s, c in zip(steps, columns):
                s.append(c[k])
        if not kept and shape:
            return [1], [[0] for _ in columns]
        return kept, steps

    def _rebase(self, bases):
        """The views, from the first elements of these arrays."""
        for o, base, column in zip(self._ops, bases, self._columns):
            extra = getattr(o, 'inner', 0)
            inner = base.shape[base.ndim - extra:], base.strides[base.ndim - extra:]
            corner = base
            for k, turned in enumerate(self._turned):
                if turned and o.axes[k] >= 0 and o.strides[k]:
                    corner = self._far_end(corner, o, k)
            o.view = _n._as_strided(corner, tuple(self._shape) + inner[0], tuple(column) + inner[1],
                                    o.writes and base.flags.writeable)

    def _far_end(self, a, o, k):
        """A 0-d view whose element is the last one along axis k."""
        n, step = self._full_shape[k], o.strides[k]
        if n < 2:
            return a
        line = _n._as_strided(a, (n,), (step,), a.flags.writeable)
        return line[n - 1:]

    # -- Positions

    def _unravel(self, at):
        index = []
        for n in reversed(self._shape):
            index.append(at % n if n else 0)
            at = at // n if n else 0
        return tuple(reversed(index))

    def _run_view(self, o, start, stop):
        """Elements start..stop as one strided run, or None."""
        if not self._shape:
            return _n._as_strided(o.view, (1,), (0,), o.view.flags.writeable) if o.view.ndim == 0 else o.view[None]
        n = self._shape[-1]
        if stop - start > n - start % n:
            return None
        index = self._unravel(start)
        return o.view[index[:-1] + (slice(index[-1], index[-1] + stop - start),)]

    def _begin(self, at):
        self._flush()
        self._at, self._started, self.finished = at, False, at >= self._stop
        self._chunk_start = self._chunk_stop = at
        if 'buffered' in self._flags and not self._delayed and not self.finished:
            self._fill(at)

    def _fill(self, at):
        stop = min(at + self._buffersize, self._stop)
        if self._shape:
            n = self._shape[-1]
            whole = not any(o.buffered for o in self._ops)
            if any(o.reduces for o in self._ops):
                stop = min(stop, at + n - at % n)
            elif whole and 'grow_inner' in self._flags:
                stop = min(self._stop, at + n - at % n)
        self._chunk_start, self._chunk_stop = at, stop
        self._chunks = [_Chunk(self, o, at, stop) for o in self._ops]

    def _flush(self):
        chunks, self._chunks = getattr(self, '_chunks', None), None
        for c in chunks or ():
            c.store()

    def _check_valid(self):
        if self._closed:
            raise ValueError('Iterator is invalid')

    def _check_live(self):
        if self._closed or self.finished:
            raise ValueError('Iterator is past the end')
        if self._delayed:
            raise ValueError('Iterator construction used delayed buffer allocation, and no reset has been done yet')

    def _parts(self):
        self._check_live()
        outer = 'external_loop' in self._flags
        if 'buffered' in self._flags:
            if self._chunks is None:
                self._fill(self._at)
            if outer:
                return [c.data for c in self._chunks]
            k = self._at - self._chunk_start
            return [c.data[k, ...] for c in self._chunks]
        index = self._unravel(self._at)
        if outer and index:
            return [o.view[index[:-1] + (slice(index[-1], None),)] for o in self._ops]
        return [_n._as_strided(o.view, (1,), (0,), o.view.flags.writeable) if outer and o.view.ndim == 0 else
                o.view[index + (...,)] for o in self._ops]

    def _step(self):
        if 'external_loop' not in self._flags:
            return 1
        if 'buffered' in self._flags:
            return max(self._chunk_stop - self._at, 1)
        n = self._shape[-1] if self._shape else 1
        return n - self._at % n

    def iternext(self):
        """Check whether iterations are left, and perform a single internal iteration without returning the result."""
        if self._closed or self.finished:
            self.finished = True
            return False
        self._at += self._step()
        if 'buffered' in self._flags and self._at >= self._chunk_stop:
            self._flush()
            if self._at < self._stop:
                self._fill(self._at)
        self.finished = self._at >= self._stop
        if self.finished:
            self._flush()
        return not self.finished

    def __iter__(self):
        return self

    def __next__(self):
        if self._closed or self.finished or (self._started and not self.iternext()):
            raise StopIteration
        if self._delayed:
            self.reset()
        self._started = True
        return self.value

    @property
    def value(self):
        parts = self._parts()
        return parts[0] if len(parts) == 1 else tuple(parts)

    def __len__(self):
        return len(self._ops)

    def __getitem__(self, key):
        parts = self._parts()
        if isinstance(key, slice):
            return tuple(parts[key])
        try:
            k = operator.index(key)
        except TypeError:
            raise TypeError('invalid index type for iterator indexing') from None
        if not -len(parts) <= k < len(parts):
            raise IndexError('Iterator operand index %d is out of bounds' % k)
        return parts[k]

    def __setitem__(self, key, value):
        if isinstance(key, slice):
            places = range(*key.indices(len(self._ops)))
            if len(value) != len(places):
                raise ValueError('Wrong size to assign to iterator slice')
            for k, v in zip(places, value):
                self[k] = v
            return
        part = self[key]
        if not self._ops[operator.index(key)].writes:
            raise RuntimeError('Iterator operand %d is not writeable' % key)
        part[...] = value

    def __delitem__(self, key):
        raise TypeError('Cannot delete iterator elements')

    # -- What is tracked

    def _go_to(self, at):
        if not self._start <= at < max(self._stop, self._start + 1):
            raise IndexError('Iterator GotoIterIndex called with an iterindex outside the iteration range.')
        self._begin(at)

    def _check_index(self):
        if not self._indexed:
            raise ValueError('Iterator does not have an index')

    @property
    def index(self):
        self._check_index()
        self._check_live()
        return self._index_base + sum(i * s for i, s in zip(self._unravel(self._at), self._columns[-1]))

    @index.setter
    def index(self, value):
        self._check_index()
        if not 0 <= value < self.itersize:
            raise IndexError('Iterator GotoIndex called with an out-of-bounds index.')
        index, axes = [0] * len(self._full_shape), range(len(self._full_shape))
        for k in (reversed(axes) if 'c_index' in self._flags else axes):
            value, index[k] = divmod(value, self._full_shape[k])
        self._go_to(self._position(index))

    def _position(self, index):
        at = 0
        for k in self._perm:
            n = self._full_shape[k]
            at = at * n + (n - 1 - index[k] if self._turned[k] else index[k])
        return at

    def _check_multi(self):
        if 'multi_index' not in self._flags:
            raise ValueError('Iterator is not tracking a multi-index')

    @property
    def multi_index(self):
        self._check_multi()
        self._check_live()
        index = [0] * len(self._full_shape)
        for k, i in zip(self._perm, self._unravel(self._at)):
            index[k] = self._full_shape[k] - 1 - i if self._turned[k] else i
        return tuple(index)

    @multi_index.setter
    def multi_index(self, value):
        self._check_multi()
        if len(value) != len(self._full_shape):
            raise ValueError('Wrong number of indices')
        if any(not 0 <= i < n for i, n in zip(value, self._full_shape)):
            raise IndexError('Iterator GotoMultiIndex called with an out-of-bounds multi-index')
        self._go_to(self._position(value))

    @property
    def iterindex(self):
        self._check_live()
        return self._at

    @iterindex.setter
    def iterindex(self, value):
        if 'external_loop' in self._flags:
            raise ValueError('Cannot call GotoIterIndex on an iterator which has the flag EXTERNAL_LOOP')
        self._go_to(value)

    @property
    def iterrange(self):
        self._check_valid()
        return self._start, self._stop

    @iterrange.setter
    def iterrange(self, value):
        if 'ranged' not in self._flags:
            raise ValueError('Cannot call ResetToIterIndexRange on an iterator without requesting ranged iteration support '
                             'in the constructor')
        start, stop = value
        if start < 0 or stop > self.itersize or start > stop:
            raise ValueError('Out-of-bounds range [%d, %d) passed to ResetToIterIndexRange' % (start, stop))
        self._start, self._stop = start, stop
        self.reset()

    def reset(self):
        """Reset the iterator to its initial state."""
        self._delayed = False
        self._begin(self._start)

    # -- Properties

    has_index = property(lambda self: self._indexed)
    has_multi_index = property(lambda self: 'multi_index' in self._flags)
    has_delayed_bufalloc = property(lambda self: self._delayed)
    iterationneedsapi = property(lambda self: any(o.dtype.hasobject or o.array.dtype.hasobject for o in self._ops))
    nop = property(lambda self: len(self._ops))
    ndim = property(lambda self: len(self._shape))
    dtypes = property(lambda self: tuple(o.dtype for o in self._ops))

    @property
    def shape(self):
        self._check_valid()
        return tuple(self._full_shape if 'multi_index' in self._flags else self._shape)

    @property
    def operands(self):
        self._check_valid()
        return tuple(o.array for o in self._ops)

    @property
    def itviews(self):
        self._check_valid()
        return tuple(o.view for o in self._ops)

    # -- Changes of the plan

    def remove_axis(self, i):
        """Removes axis `i` from the iterator. Requires that the flag "multi_index" be enabled."""
        if 'multi_index' not in self._flags:
            raise ValueError('Iterator RemoveAxis may only be called if a multi-index is being tracked')
        if not 0 <= i < len(self._full_shape):
            raise ValueError('axis out of bounds in iterator RemoveAxis')
        del self._full_shape[i]
        for o in self._ops:
            del o.axes[i], o.strides[i]
        self.itersize = _product(self._full_shape)
        self._start, self._stop = 0, self.itersize
        self._lay_out()
        self.reset()

    def remove_multi_index(self):
        """When the "multi_index" flag was specified, this removes it."""
        self._check_multi()
        self._flags.discard('multi_index')
        self._shape, self._columns = self._merged(self._shape, self._columns)
        self._rebase([o.array for o in self._ops])
        self.reset()

    def enable_external_loop(self):
        """When the "external_loop" was not used during construction, this modifies the iterator as if it had been."""
        if self._indexed or 'multi_index' in self._flags:
            raise ValueError('Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked')
        self._flags.add('external_loop')
        self.reset()

    def copy(self):
        """Get a copy of the iterator in its current state."""
        self._flush()
        other = object.__new__(nditer)
        other.__dict__.update(self.__dict__)
        other._flags = set(self._flags)
        if 'buffered' in other._flags and not other._delayed and not other.finished:
            other._fill(other._at)
            self._fill(self._at)
        return other

    __copy__ = copy

    def debug_print(self):
        """Print the current state of the iterator."""
        print('nditer: shape %r, itersize %d, iterindex %d, dtypes %r, flags %s' % (
            tuple(self._shape), self.itersize, self._at, self.dtypes, ' '.join(sorted(self._flags))))

    # -- The end

    def close(self):
        """Resolve all writeback semantics in writeable operands."""
        if self._closed:
            return
        self._flush()
        for o in self._ops:
            if o.writes and o.source is not None and o.source is not o.array:
                o.source.flags.writeable = True
                o.source[...] = o.array
        self._closed, self.finished = True, True

    def __enter__(self):
        if self._closed:
            raise RuntimeError('operation on non-initialized iterator')
        return self

    def __exit__(self, *error):
        self.close()


# ---- Nested iteration

class _Level(nditer):
    """One level of nested_iters: each step moves the level inside to the current elements."""
    _inside = None

    def _move(self):
        if self._inside is not None and not self.finished:
            self._inside._rebase(self._parts())
            self._inside.reset()

    def reset(self):
        nditer.reset(self)
        self._move()

    def iternext(self):
        more = nditer.iternext(self)
        self._move()
        return more


def nested_iters(op, axes, flags=(), op_flags=None, op_dtypes=None, order='K', casting='safe', buffersize=0):
    """Create nditers for use in nested loops."""
    if len(axes) < 2:
        raise ValueError('axes must have at least 2 entries for nested iteration')
    flat = [k for level in axes for k in level]
    for k in flat:
        if k < 0:
            raise ValueError('An axis is out of bounds')
        if flat.count(k) > 1:
            raise ValueError('An axis is used more than once')
    ops = list(op) if isinstance(op, (tuple, list)) else [op]
    arrays = [_n.asanyarray(o) for o in ops]
    rank = max(max(a.ndim for a in arrays), max(flat, default=-1) + 1)
    flags = set(flags)
    levels, current, modes, dtypes = [], ops, op_flags, op_dtypes
    for number, level in enumerate(axes):
        last = number == len(axes) - 1
        maps = [[k - (rank - a.ndim) if k >= rank - a.ndim else -1 for k in level] for a in arrays]
        own = flags if last else flags - {'buffered', 'external_loop', 'delay_bufalloc'} | {'reduce_ok'}
        buffered = 'buffered' in flags and not last
        it = _Level(current, own | {'reduce_ok'}, modes, None if buffered else dtypes, order, casting, maps, None, buffersize)
        if number == 0 and not buffered:
            current, dtypes = [o.array for o in it._ops], None
            if modes is not None:
                modes = [m - {'copy', 'updateifcopy'} for m in _op_flags_of(modes, len(ops))]
        levels.append(it)
    for outer, inner in zip(levels, levels[1:]):
        outer._inside = inner
    levels[0].reset()
    return tuple(levels)
