"""What sets can do in kernels. The compiler knows places in the table: _find, _key, _delete, _next, and _merge."""
from numba._library import function, kind


@function("set.of")
def of(iterable):
    made = set()
    if kind(iterable) == "set":
        made.update(iterable)
    else:
        for x in iterable:
            made.add(x)
    return made


@function("set.__contains__")
def contains(self, item):
    return self._find(item) >= 0


@function("set.remove")
def remove(self, item):
    at = self._find(item)
    if at < 0:
        raise KeyError(item)
    self._delete(at)


@function("set.discard")
def discard(self, item):
    at = self._find(item)
    if at >= 0:
        self._delete(at)


@function("set.pop")
def pop(self):
    if len(self) == 0:
        raise KeyError("pop from an empty set")
    at = self._finger()
    item = self._key(at)
    self._delete(at)
    return item


@function("set.copy")
def copy(self):
    made = self._like()
    made._merge(self)
    return made


@function("set.update")
def update(self, *others):
    for other in others:
        add_all(self, other)


def add_all(self, other):
    if kind(other) == "set":
        self._merge(other)
    else:
        for x in other:
            self.add(x)


@function("set.union", "set.__or__")
def union(self, other):
    made = copy(self)
    add_all(made, other)
    return made


@function("set.intersection", "set.__and__")
def intersection(self, other):
    made = self._like()
    if kind(other) == "set":
        if len(other) > len(self):
            for x in self:
                if other._find(x) >= 0:
                    made.add(x)
        else:
            for x in other:
                if self._find(x) >= 0:
                    made.add(x)
    else:
        for x in other:
            if self._find(x) >= 0:
                made.add(x)
    return made


@function("set.difference", "set.__sub__")
def difference(self, other):
    if kind(other) == "set":
        if len(self) >> 2 > len(other):
            made = copy(self)
            difference_update(made, other)
            return made
        made = self._like()
        for x in self:
            if other._find(x) < 0:
                made.add(x)
        return made
    else:
        made = copy(self)
        difference_update(made, other)
        return made


@function("set.difference_update")
def difference_update(self, other):
    if kind(other) == "set":
        for x in copy(other):
            discard(self, x)
    else:
        for x in other:
            discard(self, x)


@function("set.symmetric_difference", "set.__xor__")
def symmetric_difference(self, other):
    made = of(other)
    for x in self:
        if made._find(x) >= 0:
            discard(made, x)
        else:
            made.add(x)
    return made


def replace(self, by):
    self.clear()
    self._merge(by)


@function("set.intersection_update")
def intersection_update(self, other):
    replace(self, intersection(self, other))


@function("set.symmetric_difference_update")
def symmetric_difference_update(self, other):
    for x in of(other):
        if self._find(x) >= 0:
            discard(self, x)
        else:
            self.add(x)


@function("set.__ior__")
def ior(self, other):
    self._merge(other)
    return self


@function("set.__iand__")
def iand(self, other):
    intersection_update(self, other)
    return self


@function("set.__isub__")
def isub(self, other):
    difference_update(self, other)
    return self


@function("set.__ixor__")
def ixor(self, other):
    symmetric_difference_update(self, other)
    return self


@function("set.issubset")
def issubset(self, other):
    return le(self, of(other))


@function("set.issuperset")
def issuperset(self, other):
    return le(of(other), self)


@function("set.isdisjoint")
def isdisjoint(self, other):
    for x in other:
        if self._find(x) >= 0:
            return False
    return True


@function("set.__le__")
def le(self, other):
    if len(self) > len(other):
        return False
    for x in self:
        if other._find(x) < 0:
            return False
    return True


@function("set.__lt__")
def lt(self, other):
    return len(self) < len(other) and le(self, other)


@function("set.__ge__")
def ge(self, other):
    return le(other, self)


@function("set.__gt__")
def gt(self, other):
    return lt(other, self)


@function("set.__eq__")
def eq(self, other):
    return len(self) == len(other) and le(self, other)


@function("set.__ne__")
def ne(self, other):
    return not eq(self, other)
