"""numpy.lib.stride_tricks: views with chosen strides."""
import _numpy as _n
from numpy._functions import broadcast_arrays  # noqa: F401
from _numpy import broadcast_shapes, broadcast_to  # noqa: F401


def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    """Create a view into the array with the given shape and strides."""
    x = _n.array(x, copy=None, subok=subok)
    return _n._as_strided(x, x.shape if shape is None else shape, x.strides if strides is None else strides,
                          writeable and x.flags.writeable)


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """Create a sliding window view into the array with the given window shape."""
    from numpy.lib._array_utils import normalize_axis_tuple
    x = _n.array(x, copy=None, subok=subok)
    window = tuple(window_shape) if hasattr(window_shape, '__len__') else (window_shape,)
    if any(w < 0 for w in window):
        raise ValueError('`window_shape` cannot contain negative values')
    if axis is None:
        axes = tuple(range(x.ndim))
        if len(window) != len(axes):
            raise ValueError('Since axis is None, must provide window_shape for all dimensions of `x`; got %d window_shape '
                             'elements and `x.ndim` is %d.' % (len(window), x.ndim))
    else:
        axes = normalize_axis_tuple(axis, x.ndim, allow_duplicate=True)
        if len(window) != len(axes):
            raise ValueError('Must provide matching length window_shape and axis; got %d window_shape elements and %d axes '
                             'elements.' % (len(window), len(axes)))
    shape = list(x.shape)
    for k, w in zip(axes, window):
        if shape[k] < w:
            raise ValueError('window shape cannot be larger than input array shape')
        shape[k] -= w - 1
    return _n._as_strided(x, tuple(shape) + window, x.strides + tuple(x.strides[k] for k in axes), writeable)


def _broadcast_shape(*args):
    """The shape to which the arrays broadcast."""
    import numpy
    return numpy.broadcast_shapes(*[numpy.shape(a) for a in args])
