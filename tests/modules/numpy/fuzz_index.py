"""fuzz_index.py: random indexing and broadcasting, against what the same code computes on nested lists of positions.

    krait fuzz_index.py [SECONDS] [SEED]      prints how many cases ran; python3.11 with NumPy runs it too

Each case indexes x = arange(...).reshape(shape) in some memory layout. As x's elements are their own flat positions, the
expectation is made element by element in plain Python: of an axis's index every form becomes the list of positions that it
selects. With --print each case's result goes to standard output, so that two interpreters can be compared by diff."""
import itertools
import random
import sys
import time

import numpy as np


def layout(rng, shape):
    """An arange of this shape, as it is, transposed, reversed or strided."""
    n = 1
    for k in shape:
        n *= k
    x = np.arange(n).reshape(shape)
    how = rng.randrange(4)
    if how == 1 and shape:
        x = np.asfortranarray(x)
    elif how == 2 and shape:
        wide = np.full(shape[:-1] + (2 * shape[-1],), -1)
        wide[..., ::2] = x
        x = wide[..., ::2]
    elif how == 3 and shape:
        x = np.ascontiguousarray(x[::-1])[::-1]
    return x


def basic(rng, n):
    """(index, selected positions or one position)"""
    if n and rng.random() < 0.3:
        k = rng.randrange(-n, n)
        return k, k % n
    bounds = [None if rng.random() < 0.3 else rng.randrange(-n - 2, n + 3) for _ in range(2)]
    s = slice(*bounds, rng.choice([None, 1, 2, -1, -2, 3]))
    return s, list(range(n))[s]


def expected_basic(x_shape, picks):
    """The nested list of flat positions that basic indices select."""
    strides, step = [], 1
    for n in reversed(x_shape):
        strides.insert(0, step)
        step *= n

    def build(axis, at):
        if axis == len(x_shape):
            return at
        pick = picks[axis]
        if isinstance(pick, int):
            return build(axis + 1, at + pick * strides[axis])
        return [build(axis + 1, at + p * strides[axis]) for p in pick]
    return build(0, 0)


def case_basic(rng, shape):
    x = layout(rng, shape)
    pairs = [basic(rng, n) for n in shape]
    got = x[tuple(p[0] for p in pairs)]
    want = expected_basic(shape, [p[1] for p in pairs])
    assert np.asarray(got).tolist() == want, (shape, pairs)
    return got


def case_fancy(rng, shape):
    """Index arrays of one broadcast shape on the leading axes."""
    if not shape or 0 in shape:
        return None
    x = layout(rng, shape)
    count = rng.randrange(1, len(shape) + 1)
    target = tuple(rng.randrange(1, 4) for _ in range(rng.randrange(1, 3)))
    arrays = []
    for n in shape[:count]:
        own = tuple(1 if rng.random() < 0.3 else k for k in target)
        size = 1
        for k in own:
            size *= k
        values = [rng.randrange(-n, n) for _ in range(size)]
        arrays.append(np.array(values, rng.choice(["int64", "int32", "int8"])).reshape(own))
    got = x[tuple(arrays)] if count > 1 or rng.random() < 0.5 else x[arrays[0]]
    full = np.broadcast_shapes(*[a.shape for a in arrays])
    assert got.shape == full + shape[count:], (got.shape, full)
    flat = x.tolist()
    for place in itertools.product(*map(range, full)):
        item = flat
        for a in arrays:
            item = item[a.tolist()[0] if a.ndim == 0 else pick(a, place)]
        assert got[place].tolist() == item, (shape, place)
    return got


def pick(a, place):
    """a's element at a place of the broadcast shape, from its nested list."""
    item = a.tolist()
    for k, n in zip(place[len(place) - a.ndim:], a.shape):
        item = item[k if n > 1 else 0]
    return item


def case_mask(rng, shape):
    x = layout(rng, shape)
    bits = [rng.random() < 0.5 for _ in range(x.size)]
    got = x[np.array(bits, bool).reshape(shape)]
    assert got.tolist() == [i for i, b in enumerate(bits) if b], (shape, bits, x.tolist(), got)
    return got


def case_store(rng, shape):
    """What a store changes is what a load of the same index shows."""
    x = layout(rng, shape).copy()
    pairs = [basic(rng, n) for n in shape]
    key = tuple(p[0] for p in pairs)
    chosen = set(np.asarray(x[key]).ravel().tolist())
    x[key] = -1
    assert [v for v in x.ravel().tolist() if v >= 0] == [i for i in range(x.size) if i not in chosen], (shape, key)
    return x


def case_broadcast(rng, shape):
    a_shape = tuple(1 if rng.random() < 0.3 else k for k in shape[rng.randrange(len(shape) + 1):])
    a, b = layout(rng, a_shape), layout(rng, shape)
    got = a * 1000 + b
    assert got.shape == np.broadcast_shapes(a_shape, shape) == shape
    for place in itertools.product(*map(range, shape)):
        assert got[place] == pick(a, place) * 1000 + b[place], (a_shape, shape, place)
    return got


def main():
    numbers = [a for a in sys.argv[1:] if a != "--print"]
    seconds, seed = float(numbers[0]) if numbers else 2.0, int(numbers[1]) if len(numbers) > 1 else 1
    rng, end, count = random.Random(seed), time.monotonic() + seconds, 0
    cases = (case_basic, case_fancy, case_mask, case_store, case_broadcast)
    while time.monotonic() < end:
        shape = tuple(rng.choice([0, 1, 2, 3, 4, 5]) for _ in range(rng.randrange(0, 4)))
        got = rng.choice(cases)(rng, shape)
        count += 1
        if "--print" in sys.argv:
            print(count, None if got is None else np.asarray(got).tolist())
    print("cases:", "some" if count > 20 else count)


if __name__ == "__main__":
    main()
