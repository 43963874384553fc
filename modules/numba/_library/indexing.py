"""Indexing by several arrays, by arrays and ints and slices together, and by masks among other indices: a[i, j], a[:, i],
a[m, 0], read and written. The compiler does one array or mask alone, and everything without arrays, by itself.

Ints count as index arrays of no axis. The axes that arrays index come first in the result unless they stand side by side."""
import numpy as np

from numba._library import function, kind, strided
from numba._library.shapes import as_array, common, shapes_of
from numba._library.tuples import product


def expanded(items):
    """Masks become the index arrays of their true elements."""
    if not items:
        return ()
    if kind(items[0]) == "array":
        if kind(items[0], True) == "b":
            return np.nonzero(items[0]) + expanded(items[1:])
        return (items[0],) + expanded(items[1:])
    return items[:1] + expanded(items[1:])


def left_over(shape, items):
    """As many elements as axes that no item indexes."""
    if not items:
        return shape
    if kind(items[0]) == "none" or kind(items[0]) == "ellipsis":
        return left_over(shape, items[1:])
    return left_over(shape[1:], items[1:])


def whole(axes):
    if not axes:
        return ()
    return (slice(None),) + whole(axes[1:])


def complete(items, rest):
    """The items with whole slices for the ellipsis or at the end."""
    if not items:
        return rest
    if kind(items[0]) == "ellipsis":
        return rest + items[1:]
    return items[:1] + complete(items[1:], rest)


def is_index(x):
    return kind(x) == "array" or kind(x) == "number"


def view_items(items):
    """What cuts the view: index arrays leave their axis whole."""
    if not items:
        return ()
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        return (slice(None),) + view_items(items[1:])
    return items[:1] + view_items(items[1:])


def indices_of(items):
    if not items:
        return ()
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        return (as_array(items[0]),) + indices_of(items[1:])
    return indices_of(items[1:])


def indexed(items, t):
    """The elements of t (one an axis of the view) where an array indexes."""
    if not items:
        return ()
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        return t[:1] + indexed(items[1:], t[1:])
    return indexed(items[1:], t[1:])


def others(items, t):
    if not items:
        return ()
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        return others(items[1:], t[1:])
    return t[:1] + others(items[1:], t[1:])


def place(items, at, state):
    """Where the indexed axes go among the others: 0 when they do not stand side by side. state: 0 before the first index,
    1 among them, 2 behind."""
    if not items:
        return 0
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        if state == 2:
            return 0
        if state == 1:
            return place(items[1:], at, 1)
        return at if not broken(items[1:], 1) else 0
    if state == 0:
        return place(items[1:], at + 1, 0)
    return place(items[1:], at, 2)


def broken(items, state):
    if not items:
        return False
    if kind(items[0]) == "array" or kind(items[0]) == "number":
        return True if state == 2 else broken(items[1:], 1)
    return broken(items[1:], 2)


def put_in(t, at, what):
    """t with the elements of `what` before position `at`."""
    if not t:
        return what
    if at <= 0:
        return what + t
    return t[:1] + put_in(t[1:], at - 1, what)


def taken_out(t, at, like):
    """The elements of t from `at` on, as many as `like` has."""
    if not like:
        return ()
    return (t[at],) + taken_out(t, at + 1, like[1:])


def left_in(t, at, count, like, i):
    """The elements of t but for `count` from `at` on; as many as `like` has."""
    if not like:
        return ()
    return (t[i] if i < at else t[i + count],) + left_in(t, at, count, like[1:], i + 1)


def flattened(indices, shape):
    if not indices:
        return ()
    return (np.broadcast_to(indices[0], shape).copy().reshape(-1),) + flattened(indices[1:], shape)


def offset_at(indices, lengths, strides, t):
    if not indices:
        return 0
    i, n = indices[0][t], lengths[0]
    if i < -n or i >= n:
        raise IndexError("index is out of bounds for the axis")
    return (i + n if i < 0 else i) * strides[0] + offset_at(indices[1:], lengths[1:], strides[1:], t)


def items_of(a, index):
    items = expanded(index if kind(index) == "tuple" else (index,))
    return complete(items, whole(left_over(a.shape, items)))


def selection(items, view):
    """What the index arrays among `items` say of a view: their common shape and their values, flat; the lengths and strides
    of the axes that they index; the shape and strides of the rest."""
    indices = indices_of(items)
    shape = common(shapes_of(indices))
    return (shape, flattened(indices, shape), indexed(items, view.shape), indexed(items, view.strides),
            others(items, view.shape), others(items, view.strides))


@function("ndarray.__getitem__")
def getitem(a, index):
    items = items_of(a, index)
    view = a[view_items(items)]
    shape, flat, lengths, strides, rest, steps = selection(items, view)
    count = product(shape)
    out = np.empty((count,) + rest, a.dtype)
    for t in range(count):
        source = strided(view, offset_at(flat, lengths, strides, t), rest, steps)
        strided(out, t * out.strides[0], rest, out.strides[1:])[...] = source
    r = out.reshape(shape + rest)
    at = place(items, 0, 0)
    return strided(r, 0, put_in(rest, at, shape), put_in(r.strides[len(shape):], at, r.strides[:len(shape)]))


@function("ndarray.__setitem__")
def setitem(a, index, value):
    items = items_of(a, index)
    view = a[view_items(items)]
    shape, flat, lengths, strides, rest, steps = selection(items, view)
    count = product(shape)
    if kind(value) == "number":
        for t in range(count):
            strided(view, offset_at(flat, lengths, strides, t), rest, steps)[...] = value
        return
    at = place(items, 0, 0)
    v = without_ones(as_array(value), put_in(rest, at, shape))
    w = np.broadcast_to(v, put_in(rest, at, shape))
    moved = strided(w, 0, shape + rest, taken_out(w.strides, at, shape) + left_in(w.strides, at, len(shape), rest, 0))
    rows = moved.copy().reshape((count,) + rest)
    for t in range(count):
        strided(view, offset_at(flat, lengths, strides, t), rest, steps)[...] = strided(rows, t * rows.strides[0], rest, rows.strides[1:])


def without_ones(v, shape):
    """Leading axes of length 1 beyond the target's rank go."""
    if v.ndim <= len(shape):
        return v
    if v.shape[0] != 1:
        raise ValueError("shape mismatch: value array could not be broadcast to indexing result")
    return without_ones(v[0], shape)
