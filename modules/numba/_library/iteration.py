"""Builtin functions over iterables, for what the compiler's own forms do not take."""
from numba._library import function


@function("any")
def any_(iterable):
    for x in iterable:
        if x:
            return True
    return False


@function("all")
def all_(iterable):
    for x in iterable:
        if not x:
            return False
    return True


@function("sum.of")
def sum_(iterable, start=0):
    total = start
    for x in iterable:
        total = total + x
    return total


@function("reversed")
def reversed_(sequence):
    return sequence[::-1]


@function("map")
def map_(f, iterable):
    return [f(x) for x in iterable]


@function("filter")
def filter_(f, iterable):
    if f is None:
        return [x for x in iterable if x]
    else:
        return [x for x in iterable if f(x)]


@function("min.of")
def min_(iterable, key=None):
    first = True
    for x in iterable:
        if first:
            best = x
            if key is not None:
                best_key = key(x)
            first = False
        elif key is None:
            if x < best:
                best = x
        else:
            k = key(x)
            if k < best_key:
                best = x
                best_key = k
    if first:
        raise ValueError("min() arg is an empty sequence")
    return best


@function("max.of")
def max_(iterable, key=None):
    first = True
    for x in iterable:
        if first:
            best = x
            if key is not None:
                best_key = key(x)
            first = False
        elif key is None:
            if x > best:
                best = x
        else:
            k = key(x)
            if k > best_key:
                best = x
                best_key = k
    if first:
        raise ValueError("max() arg is an empty sequence")
    return best
