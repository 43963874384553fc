"""argmax, argmin, max, min, sort and argsort of every numeric type and of lengths about the blocks that the loops take,
against lists; patterns that partitions fear. Passes under CPython with NumPy, too."""
import numpy as np

rng = np.random.default_rng(3)
LENGTHS = list(range(1, 80)) + [100, 255, 256, 257, 511, 512, 513, 1000, 5000]


def check_extremes(x):
    values = x.tolist()
    assert x.argmax() == values.index(max(values)) and x.argmin() == values.index(min(values)), (x.dtype, len(x))
    assert x.max() == max(values) and x.min() == min(values)
    values.reverse()
    assert x[::-1].argmax() == values.index(max(values))


def check_nan(x):
    k = int(rng.integers(0, len(x)))
    x[k] = x[-1] = np.nan
    assert x.argmax() == x.argmin() == min(k, len(x) - 1) and np.isnan(x.max()) and np.isnan(x.min())


def check_sorts(x):
    values = x.tolist()
    assert np.sort(x).tolist() == sorted(values)
    assert x.argsort(kind="stable").tolist() == sorted(range(len(values)), key=values.__getitem__)
    x[::-1].sort()
    assert x.tolist() == sorted(values)[::-1]


for dtype in ("f8", "f4", "i8", "i4", "i2", "i1", "u1", "u2", "u4", "u8"):
    for n in LENGTHS:
        wide = (rng.random(n) * 20).astype(dtype) if dtype[0] == "u" else (rng.random(n) * 20 - 10).astype(dtype)
        narrow = rng.integers(0, 3, n).astype(dtype)
        for x in (wide, narrow):
            check_extremes(x)
            check_sorts(x.copy())
        if dtype[0] == "f" and n > 3:
            check_nan(wide)

for make in (lambda n: np.arange(n), lambda n: np.arange(n)[::-1], lambda n: np.zeros(n), lambda n: np.arange(n) % 2,
             lambda n: np.tile(np.arange(n // 4 + 1), 5)[:n],
             lambda n: np.concatenate([np.arange(n // 2), np.arange(n - n // 2)[::-1]])):
    for n in (33, 100, 999, 2999, 3001, 20000):
        check_sorts(make(n).astype(float))

x = np.sort(np.array([-0.0, 0.0, np.nan, 1.0] * 20))
assert np.isnan(x[-20:]).all() and (x[:40] == 0).all() and (x[40:60] == 1).all()
