"""Elements one by one and as bytes; identity, order and rarer arguments of functions that the compiler's table has."""
import math
import operator

import numpy as np

from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.linalg import inv, norm, solve
from numpy.random import normal, rand, randint, seed, uniform

from cases import case

GRID = np.arange(12.).reshape(3, 4)
COMPLEX = np.array([[1 + 2j, 3 - 1j, 2], [0.5j, 1 + 1j, -3]])


def flat(a):
    total = 0.0
    for x in a.flat:
        total = total * 0.5 + x
    a.flat[3] = 70.0
    a.flat[-1] = 80.0
    return total, a.flat[2], a


def out_of_flat(a):
    return a.flat[12]


def nditer(a, b):
    total = 0.0
    for x in np.nditer(a):
        total = total * 0.5 + x.item()
    for x, y in np.nditer((a, b)):
        total = total * 0.25 + x.item() * y.item()
    return total


def items(a):
    a.itemset(3, 30.0)
    a.itemset((1, 2), 31.0)
    return a.item(3), a.item(-1), a.item((1, 2)), a[[0, 2]], np.take(a, [1, 2]), a


def not_one(a):
    return a.item()


def viewed(a):
    return a.view(np.int64), a.view(np.float32), a.view(np.complex128)


def unfit(a):
    return a[:, :3].copy().view(np.complex128)


def from_buffer():
    a = np.ones(16, dtype=np.int32)
    b = np.frombuffer(a, dtype=np.int64)
    a[0] = 5
    return b, np.frombuffer(a.reshape(4, 4))


def many_buffers(n):
    total = 0
    for i in range(n):
        a = np.full(64, i, dtype=np.int32)
        total += np.frombuffer(a, dtype=np.int64)[1] + a.view(np.int16)[2]
    return total


def identity(a, b):
    return a is a, a is b, a is not b


def orders(a):
    copied = np.copy(a)
    dense, columns = np.ascontiguousarray(a), np.asfortranarray(a)
    dense[0, 0] = 7.0
    columns[1, 1] = 8.0
    return a, copied, copied.strides, dense, columns, a.copy().strides


def complex_reductions(a):
    return a.min(), np.max(a), a.min(axis=0), a.max(axis=1), a.var(), np.std(a), np.var(a, axis=1), a.ravel().std(ddof=1)


def complex_nans(a):
    a[0, 1] = complex(np.nan, 1.0)
    return np.nanmin(a), np.nanmax(a), np.round(np.nanvar(a), 12), np.round(np.nanstd(a), 12)


def axes(a, k):
    return a.sum(axis=k), np.sum(a, k), a.prod(k), a.min(k), np.max(a, axis=k), a.mean(axis=k)


def rarer(a):
    return (np.where(a > 5), np.clip(a, None, 4.0), np.clip(a, 3.0, None), a.clip(2.0, 5.0), np.round(COMPLEX * 1.37, 1),
            np.around(COMPLEX[0, 0] / 3, 2), np.sort(COMPLEX.ravel()), np.argsort(COMPLEX.ravel()))


def set_items(a):
    a[0] = [1.0, 2.0, 3.0, 4.0]
    a[1] = (9.0, 8.0, 7.0, 6.0)
    a[2, 1:3] = [0.5, 0.25]
    return a


def slices(t):
    return t[::-1], t[1:], t[:-1], t[-2::-1], t[5:1:-2], t[:], t[1:1], t[::2], t[-100:100], t[:2:-1]


def whole_numbers(a, b):
    return (pow(a, b, 7), pow(-a, b, 7), pow(a, b, -7), pow(a, -1, 1000000007), pow(3, 2 ** 40, 2 ** 62 - 57), math.factorial(20),
            math.comb(60, 30), math.perm(9, 4), math.perm(5), math.isqrt(10 ** 18 - 1), math.isqrt(9223372036854775807),
            math.lcm(4, 6, 10), math.prod([2, 3, 4]), math.isclose(1.0, 1.0 + 1e-10), math.isclose(1.0, 1.1))


def not_invertible(a):
    return pow(a, -1, 10)


def operators(a, b):
    return (operator.add(a, b), operator.floordiv(a, b), operator.mod(a, b), operator.lt(a, b), operator.xor(a, b),
            operator.getitem((a, b, a), 1), operator.contains([a, b], 3), operator.neg(a), operator.pow(a, 2))


def kinds(x):
    if isinstance(x, np.ndarray):
        return 1
    if isinstance(x, (np.floating, np.complexfloating)):
        return 2
    if isinstance(x, np.integer):
        return 3
    return 0


case("flat", flat, GRID.copy())
case("flat of a transposed array", flat, GRID.copy().T)
case("flat of a cut array", flat, GRID.copy()[::-1, ::2])
case("out of flat", out_of_flat, GRID)
case("nditer", nditer, GRID, GRID)
case("nditer of transposed arrays", nditer, GRID.T, GRID.T)
case("nditer of both orders", nditer, GRID.T.copy(), GRID.T)
case("nditer broadcast", nditer, GRID, GRID[0])
case("items", items, GRID.copy())
case("not one", not_one, GRID)
case("viewed", viewed, GRID)
case("unfit", unfit, GRID)
case("from buffer", from_buffer)
case("many buffers", many_buffers, 200)
case("identity", identity, GRID, GRID.copy())
case("identity of one", identity, GRID, GRID)
case("orders", orders, GRID.copy())
case("orders of columns", orders, np.asfortranarray(GRID))
case("complex reductions", complex_reductions, COMPLEX)
case("complex NaNs", complex_nans, COMPLEX.copy())
for axis in (0, 1, -1):
    case("axis %d" % axis, axes, GRID + 1, axis)
case("rarer", rarer, GRID)
case("set items", set_items, GRID.copy())
case("slices", slices, (1, 2, 3, 4, 5))
case("slices of several types", slices, (1, 2.5, "a", (3,)))
case("whole numbers", whole_numbers, 5, 20)
case("not invertible", not_invertible, 4)
case("operators", operators, 17, 5)
case("kinds", kinds, GRID)
case("kinds of numbers", kinds, 1.5)


def complex_ranges(a, b, step):
    return np.arange(a, b), np.arange(a, b, step), np.arange(7, step=step), np.arange(b), np.arange(5, dtype=np.complex128)


def one_axis(a):
    return np.ascontiguousarray(a), np.asfortranarray(a)


case("complex ranges", complex_ranges, 1 + 1j, 4 + 6j, 1 + 1j)
case("empty complex ranges", complex_ranges, 4 + 4j, 10, 2j)
case("one axis", one_axis, np.array(3.0))


def split(a):
    return (np.split(a, 2, axis=1), np.array_split(a, 2), np.array_split(a, [1, 3], axis=1), np.split(a, (1, 2)),
            np.hsplit(a, 2), np.vsplit(a, 3), np.array_split(a[0], [3, 1, 9]), np.dsplit(a.reshape(1, 3, 4), 2), np.array_split(a[0], 3))


def unequal(a):
    return np.split(a, 2)


def backwards(n):
    return [x for x in reversed(range(1, n, 3))], [x for x in reversed((1, 2, 3))], [x for x in reversed([1, 2, n])]


def word_counts(words):
    counts = {}
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    return [counts[w] for w in words], len(counts)


case("split", split, GRID)
case("unequal", unequal, GRID)
case("backwards", backwards, 12)
case("word counts", word_counts, ["a", "b", "a", "c", "a", "b"])
case("counts of ints", word_counts, [3, 1, 3])


def stacked(a, b):
    return (np.array([a, b]), np.array((a, b)), np.array(([1, 2], [3, 4])), np.asarray([a, a * 2, b]), np.array([a[i:i + 2] for i in range(2)]),
            np.argwhere(([0, 1], [1, 0])), np.array([a, b], dtype=np.float32))


def uneven(a):
    return np.array([a, a[1:]])


def at_least(a):
    return np.atleast_1d(1.5, a), np.atleast_2d(a, 2), np.atleast_3d(a, 2.0), np.atleast_1d(a)


def imported(a):
    return inv(a), norm(a), solve(a, a[0]), as_strided(a, (2,), (8,)), sliding_window_view(a[0], 2)


def seeded(n):
    seed(n)
    return rand(2), randint(0, 30, 4), normal(0.0, 1.0), uniform(1, 2)


case("stacked", stacked, np.arange(3.0), np.ones(3))
case("uneven", uneven, np.arange(3.0))
case("at least", at_least, np.arange(3.0))
case("imported", imported, np.array([[2.0, 1.0], [0.0, 4.0]]), digits=12)
case("seeded", seeded, 5, digits=12)


def one_axis_of(x):
    return np.ascontiguousarray(x), np.ascontiguousarray((1, 2))


case("one axis of a number", one_axis_of, 42.0)
