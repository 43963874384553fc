"""What dicts can do in kernels. The compiler knows places in the table: _find, _key, _value, _delete, _next, _last."""
from numba._library import function, kind


@function("dict.__getitem__")
def getitem(self, key):
    at = self._find(key)
    if at < 0:
        raise KeyError(key)
    return self._value(at)


@function("dict.__contains__")
def contains(self, key):
    return self._find(key) >= 0


@function("view.__contains__")
def view_contains(self, item):
    for x in self:
        if x == item:
            return True
    return False


@function("dict.__delitem__")
def delitem(self, key):
    at = self._find(key)
    if at < 0:
        raise KeyError(key)
    self._delete(at)


@function("dict.get")
def get(self, key, default=None):
    at = self._find(key)
    if at < 0:
        return default
    return self._value(at)


@function("dict.setdefault")
def setdefault(self, key, default):
    at = self._find(key)
    if at < 0:
        self[key] = default
        at = self._find(key)
    return self._value(at)


@function("dict.pop")
def pop(self, key, *default):
    at = self._find(key)
    if at < 0:
        if len(default) == 0:
            raise KeyError(key)
        else:
            return default[0]
    value = self._value(at)
    self._delete(at)
    return value


@function("dict.popitem")
def popitem(self):
    at = self._last()
    if at < 0:
        raise KeyError("popitem(): dictionary is empty")
    item = (self._key(at), self._value(at))
    self._delete(at)
    return item


@function("dict.update", "dict.__ior__")
def update(self, other):
    for key, value in other.items():
        self[key] = value


@function("dict.__ior__")
def ior(self, other):
    update(self, other)
    return self


@function("dict.copy")
def copy(self):
    made = self._like()
    for key, value in self.items():
        made[key] = value
    return made


@function("dict.__or__")
def or_(self, other):
    made = copy(self)
    update(made, other)
    return made


@function("dict.of")
def of(iterable):
    if kind(iterable) == "dict":
        return copy(iterable)
    else:
        made = {}
        for key, value in iterable:
            made[key] = value
        return made


@function("dict.__eq__")
def eq(self, other):
    if len(self) != len(other):
        return False
    for key, value in self.items():
        at = other._find(key)
        if at < 0 or not other._value(at) == value:
            return False
    return True


@function("dict.__ne__")
def ne(self, other):
    return not eq(self, other)
