"""numpy.block: arrays from nested lists of blocks. Small results are joined level by level; large ones are made at once and
filled by slices, so that no block is copied twice."""
import _numpy as _n

_LARGE = 2 * 512 * 512  # elements


def _text(index):
    return 'arrays' + ''.join('[%s]' % i for i in index if i is not None)


def _check(arrays, parent=()):
    """The depth of nesting as an index that ends in None for an empty list, the greatest ndim, and the total size."""
    if isinstance(arrays, tuple):
        raise TypeError('%s is a tuple. Only lists can be used to arrange blocks, and np.block does not allow implicit '
                        'conversion from tuple to ndarray.' % _text(parent))
    if not isinstance(arrays, list):
        a = _n.asanyarray(arrays)
        return parent, a.ndim, a.size
    if not arrays:
        return parent + (None,), 0, 0
    first, ndim, size = _check(arrays[0], parent + (0,))
    for i, x in enumerate(arrays[1:], 1):
        index, n, more = _check(x, parent + (i,))
        ndim, size = max(ndim, n), size + more
        if len(index) != len(first):
            raise ValueError('List depths are mismatched. First element was at depth %d, but there is an element at depth %d '
                             '(%s)' % (len(first), len(index), _text(index)))
        if index[-1] is None:
            first = index
    return first, ndim, size


def _block_setup(arrays):
    """(arrays, list depth, result's ndim, total size)"""
    bottom, ndim, size = _check(arrays)
    if bottom and bottom[-1] is None:
        raise ValueError('List at %s cannot be empty' % _text(bottom))
    depth = len(bottom)
    return arrays, depth, max(ndim, depth), size


def _raised(a, ndim):
    a = _n.asanyarray(a)
    return a.reshape((1,) * (ndim - a.ndim) + a.shape)


def _block_concatenate(arrays, list_ndim, result_ndim):
    def build(x, level):
        if level < list_ndim:
            return _n.concatenate([build(v, level + 1) for v in x], axis=-(list_ndim - level))
        return _raised(x, result_ndim)
    result = build(arrays, 0)
    return result.copy() if list_ndim == 0 else result


def _placed(x, level, list_ndim, result_ndim):
    """The shape of a level, and its blocks with their slices."""
    if level == list_ndim:
        a = _raised(x, result_ndim)
        return a.shape, [((), a)]
    axis = result_ndim - list_ndim + level
    parts = [_placed(v, level + 1, list_ndim, result_ndim) for v in x]
    shape = parts[0][0]
    if any(p[0][:axis] != shape[:axis] or p[0][axis + 1:] != shape[axis + 1:] for p in parts):
        raise ValueError('Mismatched array shapes in block along axis %d.' % axis)
    out, at = [], 0
    for own, blocks in parts:
        out += [((slice(at, at + own[axis]),) + place, a) for place, a in blocks]
        at += own[axis]
    return shape[:axis] + (at,) + shape[axis + 1:], out


def _block_slicing(arrays, list_ndim, result_ndim):
    shape, blocks = _placed(arrays, 0, list_ndim, result_ndim)
    d = _n.result_type(*[a.dtype for _, a in blocks])
    fortran = all(a.flags['F_CONTIGUOUS'] for _, a in blocks)
    c = all(a.flags['C_CONTIGUOUS'] for _, a in blocks)
    result = _n.empty(shape, d, order='F' if fortran and not c else 'C')
    for place, a in blocks:
        result[(Ellipsis,) + place] = a
    return result


def block(arrays):
    """Assemble an nd-array from nested lists of blocks."""
    arrays, list_ndim, result_ndim, size = _block_setup(arrays)
    fill = list_ndim * size > _LARGE
    return (_block_slicing if fill else _block_concatenate)(arrays, list_ndim, result_ndim)


def _block_dispatcher(arrays):
    """Every array of nested lists."""
    if isinstance(arrays, list):
        for x in arrays:
            yield from _block_dispatcher(x)
    else:
        yield arrays
