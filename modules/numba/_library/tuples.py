"""Tuples of lengths and axes. Each function calls itself with a shorter tuple, so the type of the result is known."""


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
