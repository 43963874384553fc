"""Index lists and weights become arrays that only C code names: their memory is read while results are made, and a
collection may fall between, as large results and the ballast bring it on, or an element's own method. Asserts."""
import gc

import numpy as np

n = 1 << 16
ballast = np.zeros(70 << 20, np.uint8)
counts, order, places = [i & 1 for i in range(n)], list(range(n - 1, -1, -1)), list(range(n))
descending = np.arange(n - 1, -1, -1)
for i in range(20):
    assert (np.repeat(np.arange(n), counts) == np.arange(1, n, 2)).all(), i
    assert (np.bincount(places) == 1).all(), i
    assert (np.bincount(places, weights=counts) == counts).all(), i
    assert (np.searchsorted(descending, places, sorter=order) == places).all(), i


class Collecting:
    """A number whose sums collect, and leave other memory in place of what was freed."""
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        gc.collect()
        self.filler = [np.full(k, 77) for k in (1, 2, 3, 4, 8) for _ in range(4)]
        return Collecting(self.n + other.n)


def numbers(count):
    return [Collecting(k) for k in range(count)]


def plain(x):
    return [v.n for v in x]


assert plain(np.add.reduceat(np.array(numbers(5)), [0, 2, 3])) == [1, 2, 7]
assert plain(np.add.accumulate(numbers(5))) == [0, 1, 3, 6, 10]
x = np.array(numbers(3))
np.add.at(x, [0, 0, 2], numbers(3))
assert plain(x) == [1, 1, 4]
assert plain(np.add(numbers(2), numbers(2), where=np.array([True, True]), out=np.array([None, None]))) == [0, 2]

short = np.arange(10000, dtype=np.int16)
for i in range(20):
    got = np.add.reduceat(short, short[::-1])
    assert (got[:-1] == short[:0:-1]).all() and got[-1] == short.sum(), i
