"""Slices whose bounds change the container, and slicing in place of all built-in sequences."""
from array import array


class Shrink:
    """An index that empties the container first."""

    def __init__(self, value, container):
        self.value, self.container = value, container

    def __index__(self):
        del self.container[:]
        return self.value


def fresh(kind):
    return kind([1] * 1000)


for kind in list, bytearray, lambda items: array("i", items):
    for read in (lambda c: c[Shrink(5, c):], lambda c: c[:Shrink(500, c)], lambda c: c[:: Shrink(2, c)]):
        container = fresh(kind)
        assert len(read(container)) == 0 and len(container) == 0
    container, items = fresh(kind), kind([3, 4])
    container[Shrink(5, container):] = items
    assert container == items
    container = fresh(kind)
    del container[Shrink(5, container):]
    assert len(container) == 0

for run in range(20):  # often enough for the instructions to be specialised
    a, b, c = run % 5, run % 7, -1 - run % 3
    for sequence in list(range(10)), tuple(range(10)), "0123456789", b"0123456789", bytearray(b"0123456789"), range(10):
        for part, expected in (
            (sequence[a:], [i for i in range(10) if i >= a]),
            (sequence[:b], [i for i in range(10) if i < b]),
            (sequence[a:b], [i for i in range(10) if a <= i < b]),
            (sequence[b::c], list(range(b, -1, c))),
        ):
            kind = type(sequence)
            assert type(part) is kind
            assert [i - 48 if kind is bytes or kind is bytearray else int(i) for i in part] == expected, (sequence, part)
    items = list(range(10))
    items[a:b] += [77]
    assert items == list(range(a + max(b - a, 0))) + [77] + list(range(max(a, b), 10)), (a, b, items)
    items = list(range(10))
    items[a:b] = items
    assert items == list(range(a)) + list(range(10)) + list(range(max(a, b), 10))
    items = list(range(10))
    x = items[a:]
    items[a:b], y = "xy", items[:b]
    assert items == list(range(a)) + ["x", "y"] + list(range(max(a, b), 10))


class Recorder:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.key = key, value


r = Recorder()
kept = []
for i in range(5):
    r[i:i + 1] = i
    kept += [r[i:], r.key]
assert kept[2:4] == [slice(1, None, None), (slice(1, 2, None), 1)], kept

for wrong in 1.5, "a":
    try:
        [1, 2][wrong:]
    except TypeError as e:
        assert str(e) == "slice indices must be integers or None or have an __index__ method"
    else:
        raise AssertionError
try:
    "abc"[:: a - a]
except ValueError as e:
    assert str(e) == "slice step cannot be zero"
