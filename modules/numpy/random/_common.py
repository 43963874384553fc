"""numpy.random._common: what Generator and RandomState share."""
import _numpy as _n
from numpy.random.bit_generator import _interface as interface  # noqa: F401

rows = _n._random_rows
draw = _n._random_draw

BOUNDS = {'bool': (0, 2), 'int8': (-1 << 7, 1 << 7), 'int16': (-1 << 15, 1 << 15), 'int32': (-1 << 31, 1 << 31),
          'int64': (-1 << 63, 1 << 63), 'uint8': (0, 1 << 8), 'uint16': (0, 1 << 16), 'uint32': (0, 1 << 32),
          'uint64': (0, 1 << 64)}


def _bounds_error(low, high, lower, upper, endpoint, name, name_of_zero=False):
    """Raise where [low, high] (high inclusive) is empty or leaves the type."""
    if low < lower:
        raise ValueError('low is out of bounds for %s' % name)
    if high > upper - 1:
        raise ValueError('high is out of bounds for %s' % name)
    if low > high:
        if name_of_zero:
            raise ValueError('high %s 0' % ('<' if endpoint else '<='))
        raise ValueError('low > high' if endpoint else 'low >= high')


def integers(bits, low, high, size, dtype, masked, endpoint):
    """Integers of a type in [low, high), or [low, high] with endpoint: an array, or a scalar where nothing has a shape."""
    d = _n.dtype(dtype)
    if d.name not in BOUNDS or not d.isnative:
        if d.name in BOUNDS and masked:
            import warnings
            warnings.warn('Providing a dtype with a non-native byteorder is not supported. If you require platform-independent '
                          'byteorder, call byteswap when required.\nIn future version, providing byteorder will raise a '
                          'ValueError', DeprecationWarning, stacklevel=3)
            return integers(bits, low, high, size, d.newbyteorder('='), masked, endpoint)
        if d.name in BOUNDS:
            raise ValueError('Providing a dtype with a non-native byteorder is not supported. If you require platform-'
                             'independent byteorder, call byteswap when required.')
        raise TypeError('Unsupported dtype %r for %s' % (d, 'integers' if not masked else 'randint'))
    lower, upper = BOUNDS[d.name]
    from_zero = high is None
    if from_zero:
        low, high = 0, low
    if isinstance(low, int) and isinstance(high, int):
        scalars = True
    else:
        low_a, high_a = _n.asarray(low), _n.asarray(high)
        scalars = low_a.ndim == 0 and high_a.ndim == 0
        if scalars:
            low, high = int(low_a.item()), int(high_a.item())
            if high_a.dtype.kind == 'f' and high != high_a.item() and not endpoint:
                high += 1
    if scalars:
        if not endpoint:
            high -= 1
        if size is not None and _empty_size(size):
            return _n.empty(size, d)
        _bounds_error(low, high, lower, upper, endpoint, d.name, from_zero)
        if size is None:
            out = _n.empty((), d)
            _n._random_fill_integers(bits, out, low, high - low, masked)
            return out[()]
        return _n._random_fill_integers(bits, _n.empty(size, d), low, high - low, masked)
    return _integers_arrays(bits, low_a, high_a, size, d, masked, endpoint, lower, upper, from_zero)


def _empty_size(size):
    try:
        return any(k == 0 for k in size)
    except TypeError:
        return size == 0


def _integers_arrays(bits, low, high, size, d, masked, endpoint, lower, upper, from_zero):
    shape = _n.broadcast_shapes(low.shape, high.shape)
    if size is not None:
        given = (size,) if hasattr(size, '__index__') else tuple(size)
        if _n.broadcast_shapes(shape, given) != given:
            raise ValueError('Output size %s is not compatible with broadcast dimensions of inputs %s.' % (given, shape))
        shape = given
    if 0 in shape:
        return _n.empty(shape, d)
    lows = _exact_ints(_n.broadcast_to(low, shape))
    highs = _exact_ints(_n.broadcast_to(high, shape))
    if not endpoint:
        highs = [h - 1 for h in highs]
    if min(lows) < lower:
        raise ValueError('low is out of bounds for %s' % d.name)
    if max(highs) > upper - 1:
        raise ValueError('high is out of bounds for %s' % d.name)
    if any(a > b for a, b in zip(lows, highs)):
        raise ValueError('high %s 0' % ('<' if endpoint else '<=') if from_zero else 'low > high' if endpoint else 'low >= high')
    mask = (1 << 64) - 1
    off = _n.array([a & mask for a in lows], 'uint64')
    ranges = _n.array([b - a for a, b in zip(lows, highs)], 'uint64')
    return _n._random_fill_ranges(bits, _n.empty(shape, d), off, ranges, masked)


def _exact_ints(a):
    import math
    flat = a.ravel().tolist()
    return [x if isinstance(x, int) else math.floor(x) if isinstance(x, float) else int(x) for x in flat]


def check_pvals(p, name='pvals'):
    """Raise where probabilities are negative, NaN or above one."""
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError('%s < 0, %s > 1 or %s contains NaNs' % (name, name, name))


def kahan_sum(values):
    """Compensated sum of floats."""
    total, lost = values[0] if values else 0.0, 0.0
    for x in values[1:]:
        y = x - lost
        t = total + y
        lost = (t - total) - y
        total = t
    return total


def shape_of(size):
    """size as a tuple; None is ()."""
    if size is None:
        return ()
    try:
        return (size.__index__(),)
    except (AttributeError, TypeError):
        return tuple(size)
