"""pad: the array stands in the middle of the result, whose edges are filled axis by axis, so that later axes extend the
corners, too."""
import _numpy as _n

_KEYWORDS = {'constant': ['constant_values'], 'linear_ramp': ['end_values'], 'reflect': ['reflect_type'],
             'symmetric': ['reflect_type'], 'edge': [], 'empty': [], 'wrap': [], 'maximum': ['stat_length'],
             'minimum': ['stat_length'], 'mean': ['stat_length'], 'median': ['stat_length']}


def _pairs(x, ndim, as_index=False):
    """(before, after) for each axis, of one value, one pair or a pair an axis."""
    if x is None:
        return ((None, None),) * ndim
    x = _n.asarray(x)
    if as_index:
        x = _n.rint(x).astype(_n.int64, copy=False)
        if x.size and x.min() < 0:
            raise ValueError("index can't contain negative values")
    return tuple(map(tuple, _n.broadcast_to(x, (ndim, 2)).tolist()))


def _widths(pad_width, ndim):
    if isinstance(pad_width, dict):
        pairs = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            pairs[axis] = (width, width) if isinstance(width, int) else tuple(width)
        pad_width = pairs
    pad_width = _n.asarray(pad_width)
    if pad_width.dtype.kind not in 'iu':
        raise TypeError('`pad_width` must be of integral type.')
    return _pairs(pad_width, ndim, as_index=True)


def _part(axis, start, stop, step=1):
    return (slice(None),) * axis + (slice(start, stop, step), ...)


def pad(array, pad_width, mode='constant', **kwargs):
    """Pad an array."""
    array = _n.asarray(array)
    widths = _widths(pad_width, array.ndim)
    if callable(mode):
        return _pad_by_function(array, widths, mode, kwargs)
    if mode not in _KEYWORDS:
        raise ValueError("mode '%s' is not supported" % (mode,))
    unknown = set(kwargs) - set(_KEYWORDS[mode])
    if unknown:
        raise ValueError("unsupported keyword arguments for mode '%s': %s" % (mode, unknown))
    out = _surrounded(array, widths)
    if mode == 'empty':
        return out
    if array.size == 0 and mode != 'constant':
        for axis, width in enumerate(widths):
            if array.shape[axis] == 0 and any(width):
                raise ValueError("can't extend empty axis %d using modes other than 'constant' or 'empty'" % axis)
        return out
    values = _pairs(kwargs.get('constant_values' if mode == 'constant' else 'end_values', 0), array.ndim) \
        if mode in ('constant', 'linear_ramp') else ()
    lengths = _pairs(kwargs.get('stat_length'), array.ndim, as_index=True) if 'stat_length' in _KEYWORDS[mode] else ()
    for axis, (left, right) in enumerate(widths):
        inner = _inside(out, widths, axis)
        if mode == 'constant':
            inner[_part(axis, 0, left)] = values[axis][0]
            inner[_part(axis, left + array.shape[axis], None)] = values[axis][1]
        elif mode == 'linear_ramp':
            _ramp(inner, axis, left, right, values[axis])
        elif mode in ('reflect', 'symmetric'):
            _reflect(inner, axis, left, right, mode == 'symmetric', kwargs.get('reflect_type', 'even') == 'odd')
        elif mode in ('edge', 'wrap'):
            _copy(inner, axis, left, right, mode)
        else:
            _statistic(inner, axis, left, right, mode, lengths[axis])
    return out


def _surrounded(array, widths):
    order = 'F' if array.flags.fnc else 'C'
    out = _n.empty(tuple(n + left + right for n, (left, right) in zip(array.shape, widths)), array.dtype, order)
    out[tuple(slice(left, left + n) for n, (left, _) in zip(array.shape, widths))] = array
    return out


def _inside(out, widths, axis):
    """Without the edges of the axes that come later."""
    return out[tuple(slice(None) if k <= axis else slice(left, out.shape[k] - right)
                     for k, (left, right) in enumerate(widths))]


def _pad_by_function(array, widths, function, kwargs):
    out = _n.zeros(tuple(n + left + right for n, (left, right) in zip(array.shape, widths)), array.dtype)
    out[tuple(slice(left, left + n) for n, (left, _) in zip(array.shape, widths))] = array
    from numpy import moveaxis, ndindex
    for axis in range(array.ndim):
        view = moveaxis(out, axis, -1)
        for i in ndindex(view.shape[:-1]):
            function(view[i], widths[axis], axis, kwargs)
    return out


def _copy(inner, axis, left, right, mode):
    n = inner.shape[axis] - left - right
    at = _n.arange(-left, n + right)
    at = _n.minimum(_n.maximum(at, 0), n - 1) if mode == 'edge' else at % n
    middle = inner[_part(axis, left, left + n)]
    inner[_part(axis, 0, left)] = middle.take(at[:left], axis)
    inner[_part(axis, left + n, None)] = middle.take(at[left + n:], axis)


def _ramp(inner, axis, left, right, ends):
    from numpy import linspace
    n = inner.shape[axis]

    def ramp(end, edge, width):
        return linspace(end, edge.squeeze(axis), width, endpoint=False, dtype=inner.dtype, axis=axis)
    if left:
        inner[_part(axis, 0, left)] = ramp(ends[0], inner[_part(axis, left, left + 1)], left)
    if right:
        line = ramp(ends[1], inner[_part(axis, n - right - 1, n - right)], right)
        inner[_part(axis, n - right, None)] = line[_part(axis, None, None, -1)]


def _statistic(inner, axis, left, right, mode, lengths):
    n = inner.shape[axis] - left - right
    first, last = [n if k is None or k > n else k for k in lengths]
    if (first == 0 or last == 0) and mode in ('maximum', 'minimum'):
        raise ValueError('stat_length of 0 yields no value for padding')
    from numpy import max, mean, median, min
    function = {'maximum': max, 'minimum': min, 'mean': mean, 'median': median}[mode]

    def value(start, stop):
        r = function(inner[_part(axis, start, stop)], axis=axis, keepdims=True)
        return _n.rint(r) if inner.dtype.kind in 'iu' and r.dtype.kind == 'f' else r
    before = value(left, left + first)
    after = before if first == last == n else value(left + n - last, left + n)
    inner[_part(axis, 0, left)] = before
    inner[_part(axis, left + n, None)] = after


def _reflect(inner, axis, left, right, with_edge, odd):
    """Grows the middle by mirrored runs of whole periods, which are turned round once more at the next edge."""
    total = inner.shape[axis]
    start, stop = left, total - right
    period = stop - start if with_edge else stop - start - 1
    if period == 0:
        return _copy(inner, axis, left, right, 'edge')
    shift = 0 if with_edge else 1
    while start > 0 or stop < total:
        run = (stop - start - shift) // period * period
        low, high = start, stop
        if start > 0:
            m = min(run, start)
            mirrored = inner[_part(axis, low + shift, low + shift + m)][_part(axis, None, None, -1)]
            if odd:
                mirrored = 2 * inner[_part(axis, low, low + 1)] - mirrored
            inner[_part(axis, low - m, low)] = mirrored
            start -= m
        if stop < total:
            m = min(run, total - stop)
            mirrored = inner[_part(axis, high - shift - m, high - shift)][_part(axis, None, None, -1)]
            if odd:
                mirrored = 2 * inner[_part(axis, high - 1, high)] - mirrored
            inner[_part(axis, high, high + m)] = mirrored
            stop += m
