"""Builtin functions over iterables, for what the compiler's own forms do not take."""
from numba._library import function, kind
from numba._library.tuples import product


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


@function("iter.of")
def iter_(iterable):
    for x in iterable:
        yield x


def unravelled(k, shape):
    """The index of element number k, the last axis fastest."""
    if not shape:
        return ()
    n = product(shape[1:])
    return (k // n,) + unravelled(k % n, shape[1:])


@function("numpy.ndindex", "numba.pndindex")
def ndindex(*shape):
    if len(shape) == 0:
        yield ()
    elif kind(shape[0]) == "tuple":
        dims = shape[0]
        for k in range(product(dims)):
            yield unravelled(k, dims)
    else:
        for k in range(product(shape)):
            yield unravelled(k, shape)


@function("numpy.ndenumerate")
def ndenumerate(arr):
    for k in range(arr.size):
        i = unravelled(k, arr.shape)
        yield i, arr[i]


@function("tuple.index")
def index(self, value):
    i = 0
    for x in self:
        if x == value:
            return i
        i += 1
    raise ValueError("tuple.index(x): x not in tuple")


@function("tuple.count", "list.count")
def count(self, value):
    n = 0
    for x in self:
        if x == value:
            n += 1
    return n


@function("sum.of")
def sum_(iterable, start=0):
    total = start
    for x in iterable:
        total = total + x
    return total


def backwards(sequence):
    for i in range(len(sequence) - 1, -1, -1):
        yield sequence[i]


@function("reversed")
def reversed_(sequence):
    if kind(sequence) == "other":
        return backwards(sequence)
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
