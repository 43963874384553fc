"""numpy.lib.array_utils."""
from _numpy import asarray
from numpy._glue import _axis as normalize_axis_index  # noqa: F401


def normalize_axis_tuple(axis, ndim, argname=None, allow_duplicate=False):
    """Normalizes an axis argument into a tuple of non-negative integer axes."""
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(normalize_axis_index(k, ndim) for k in axes)
    if not allow_duplicate and len(set(axes)) != len(axes):
        raise ValueError('repeated axis' + (' in `%s` argument' % argname if argname else ''))
    return axes


def byte_bounds(a):
    """Returns low and high addresses of the memory of an array."""
    a = asarray(a)
    low = high = a.__array_interface__['data'][0]
    for n, s in zip(a.shape, a.strides):
        if s < 0:
            low += (n - 1) * s
        else:
            high += (n - 1) * s
    return low, high + a.itemsize
