"""Fields of jitclasses that are declared as containers: empty at first, filled by methods."""
from numba import njit, types
from numba.experimental import jitclass
from numba.typed import Dict, List


@jitclass
class Counter:
    value: int
    seen: types.DictType(types.unicode_type, types.int64)
    order: types.ListType(types.float64)

    def __init__(self):
        self.value = 0
        self.seen = Dict.empty(types.unicode_type, types.int64)
        self.order = List.empty_list(types.float64)

    def add(self, key):
        self.value += 1
        self.seen[key] = self.value
        self.order.append(self.value * 0.5)

    def total(self):
        return len(self.seen) + len(self.order)


@njit
def three(counter):
    for key in ("a", "b", "c"):
        counter.add(key)
    return counter.total()


counter = Counter()
assert counter.total() == 0 and dict(counter.seen) == {}
counter.add("x")
assert counter.seen == {"x": 1} and list(counter.order) == [0.5]
assert three(counter) == 8 and counter.seen == {"x": 1, "a": 2, "b": 3, "c": 4}
assert three(Counter()) == 6
counter.seen = {}
assert counter.total() == 4
counter.seen = {1.5: "wrong"}
try:
    counter.total()
except TypeError as e:
    assert "seen" in str(e)
else:
    raise AssertionError
