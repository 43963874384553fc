"""Tuples of lengths and axes. Each function calls itself with a shorter tuple, so the type of the result is known."""
from numba._library import kind


def normal(axis, rank):
    """The axis counted from 0; errors as NumPy's."""
    if axis < -rank or axis >= rank:
        raise ValueError("axis is out of bounds for the array")
    return axis % rank


def dropped(t, i):
    """t without element i, which counts from 0."""
    if len(t) <= 1:
        return ()
    if i == 0:
        return t[1:]
    return t[:1] + dropped(t[1:], i - 1)


def replaced(t, i, value):
    """t with `value` for element i."""
    if not t:
        return ()
    if i == 0:
        return (value,) + t[1:]
    return t[:1] + replaced(t[1:], i - 1, value)


def inserted(t, i, value):
    """t with `value` before element i."""
    if not t:
        return (value,)
    if i <= 0:
        return (value,) + t
    return t[:1] + inserted(t[1:], i - 1, value)


def product(t):
    """The product of all elements."""
    n = 1
    for x in t:
        n *= x
    return n


def repeated(value, n):
    """(value,) * n; n is the length of the tuple n."""
    if not n:
        return ()
    return (value,) + repeated(value, n[1:])


def picked(t, axes):
    """The elements of t at the positions `axes`, which count from 0 or from the end."""
    if not axes:
        return ()
    return (t[normal(axes[0], len(t))],) + picked(t, axes[1:])


def joined(first, second):
    """The shape that two shapes broadcast to."""
    if not first:
        return second
    if not second:
        return first
    m, n = first[-1], second[-1]
    if m != n and m != 1 and n != 1:
        raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
    return joined(first[:-1], second[:-1]) + (n if m == 1 else m,)


def shape_of(dimensions):
    """A shape given as an int or a tuple, as a tuple."""
    if kind(dimensions) == "tuple":
        return dimensions
    return (dimensions,)
