"""What lists can do in kernels beside indexing, append, insert, pop and clear, which the compiler knows."""
from numba._library import function, kind


def bounds(index, length):
    """start, step and count of a slice of that many items."""
    start, stop, step = edges(index, length)
    if step > 0:
        return start, step, max(0, (stop - start + step - 1) // step)
    return start, step, max(0, (start - stop - step - 1) // -step)


def edges(index, length):
    """slice.indices(length)"""
    step = 1 if index.step is None else index.step
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low = 0 if step > 0 else -1
    high = length if step > 0 else length - 1
    if index.start is None:
        start = low if step > 0 else high
    else:
        start = clamped(index.start, length, low, high)
    if index.stop is None:
        stop = high if step > 0 else low
    else:
        stop = clamped(index.stop, length, low, high)
    return start, stop, step


def clamped(i, length, low, high):
    if i < 0:
        return max(i + length, low)
    return min(i, high)


@function("list.of")
def of(iterable):
    return [x for x in iterable]


@function("list.copy")
def copy(self):
    made = self._like()
    made._reserve(len(self))
    for x in self:
        made.append(x)
    return made


@function("list.__getslice__")
def getslice(self, index):
    start, step, count = bounds(index, len(self))
    made = self._like()
    made._reserve(count)
    for k in range(count):
        made.append(self[start + k * step])
    return made


@function("list.__setslice__")
def setslice(self, index, values):
    items = self._like()
    for x in values:
        items.append(x)
    if index.step is None:
        start, stop, step = edges(index, len(self))
        if stop > start:
            self._cut(start, stop - start)
        for k in range(len(items)):
            self.insert(start + k, items[k])
        return
    start, step, count = bounds(index, len(self))
    if step == 1:
        if count > 0:
            self._cut(start, count)
        for k in range(len(items)):
            self.insert(start + k, items[k])
        return
    if len(items) != count:
        raise ValueError("attempt to assign sequence of size " + str(len(items)) +
                         " to extended slice of size " + str(count))
    for k in range(count):
        self[start + k * step] = items[k]


@function("list.__delitem__")
def delitem(self, index):
    if kind(index) == "slice":
        start, step, count = bounds(index, len(self))
        if step < 0:
            start, step = start + (count - 1) * step, -step
        for k in range(count):
            self._cut(start + k * step - k, 1)
    else:
        if index < 0:
            index += len(self)
        if index < 0 or index >= len(self):
            raise IndexError("list assignment index out of range")
        self._cut(index, 1)


@function("list.extend", "list.update")
def extend(self, iterable):
    if kind(iterable) == "list":
        n = len(iterable)
        for k in range(n):
            self.append(iterable[k])
    else:
        for x in iterable:
            self.append(x)


@function("list.remove")
def remove(self, value):
    for k in range(len(self)):
        if self[k] == value:
            self._cut(k, 1)
            return
    raise ValueError("list.remove(x): x not in list")


@function("list.index")
def index(self, value, start=0, stop=9223372036854775807):
    n = len(self)
    if start < 0:
        start = max(start + n, 0)
    if stop < 0:
        stop += n
    k = start
    while k < min(stop, len(self)):
        if self[k] == value:
            return k
        k += 1
    raise ValueError(repr_of(value) + " is not in list")


def repr_of(value):
    if kind(value) == "number" or kind(value) == "str" or kind(value) == "none":
        return repr(value)
    return "x"


@function("list.reverse")
def reverse(self):
    n = len(self)
    for k in range(n // 2):
        self._swap(k, n - 1 - k)


@function("list.__contains__")
def contains(self, value):
    for x in self:
        if x == value:
            return True
    return False


@function("list.__eq__")
def eq(self, other):
    if len(self) != len(other):
        return False
    for k in range(len(self)):
        if not self[k] == other[k]:
            return False
    return True


@function("list.__ne__")
def ne(self, other):
    return not eq(self, other)


def order(self, other):
    """-1, 0, 1 as self is less than, equal to, greater than other; 2 if two items have no order (a nan)."""
    for k in range(min(len(self), len(other))):
        if not self[k] == other[k]:
            if self[k] < other[k]:
                return -1
            return 1 if self[k] > other[k] else 2
    return (len(self) > len(other)) - (len(self) < len(other))


@function("list.__lt__")
def lt(self, other):
    return order(self, other) == -1


@function("list.__le__")
def le(self, other):
    r = order(self, other)
    return r == -1 or r == 0


@function("list.__gt__")
def gt(self, other):
    return order(self, other) == 1


@function("list.__ge__")
def ge(self, other):
    r = order(self, other)
    return r == 1 or r == 0


@function("list.__add__")
def add(self, other):
    made = copy(self)
    for x in other:
        made.append(x)
    return made


def times(made, size, n):
    """How often to copy `size` items for n times, with room for them: what memory cannot hold fails before it is filled."""
    if not size or n <= 0:
        return 0
    if n > 2 ** 60 // size:
        raise MemoryError
    made._reserve(size * n)
    return n


@function("list.__mul__")
def mul(self, n):
    made = self._like()
    for _ in range(times(made, len(self), n)):
        for x in self:
            made.append(x)
    return made


@function("list.__iadd__")
def iadd(self, other):
    extend(self, other)
    return self


@function("list.__imul__")
def imul(self, n):
    size = len(self)
    if n <= 0:
        self.clear()
    for _ in range(times(self, size, n) - 1):
        for k in range(size):
            self.append(self[k])
    return self


@function("list.sort")
def sort(self, key=None, reverse=False):
    n = len(self)
    if n < 2:
        return
    if reverse:
        backwards(self)
    if key is None:
        merge_sort(self, copy(self), 0, n)
    else:
        keys = [key(x) for x in self]
        merge_sort_by(keys, keys.copy(), self, copy(self), 0, n)
    if reverse:
        backwards(self)


def backwards(self):
    n = len(self)
    for k in range(n // 2):
        self._swap(k, n - 1 - k)


def merge_sort(a, b, low, high):
    """Sorts a[low:high], stably; b is room, with the same items in that range."""
    if high - low <= 8:
        for i in range(low + 1, high):
            j = i
            while j > low and a[j] < a[j - 1]:
                a._swap(j, j - 1)
                j -= 1
        return
    middle = (low + high) // 2
    merge_sort(a, b, low, middle)
    merge_sort(a, b, middle, high)
    if not a[middle] < a[middle - 1]:
        return
    for k in range(low, high):
        b[k] = a[k]
    i = low
    j = middle
    for k in range(low, high):
        if j >= high or (i < middle and not b[j] < b[i]):
            a[k] = b[i]
            i += 1
        else:
            a[k] = b[j]
            j += 1


def merge_sort_by(a, b, c, d, low, high):
    """The same by the keys a, moving the items c along; b and d are room."""
    if high - low <= 8:
        for i in range(low + 1, high):
            j = i
            while j > low and a[j] < a[j - 1]:
                a._swap(j, j - 1)
                c._swap(j, j - 1)
                j -= 1
        return
    middle = (low + high) // 2
    merge_sort_by(a, b, c, d, low, middle)
    merge_sort_by(a, b, c, d, middle, high)
    for k in range(low, high):
        b[k] = a[k]
        d[k] = c[k]
    i = low
    j = middle
    for k in range(low, high):
        if j >= high or (i < middle and not b[j] < b[i]):
            a[k] = b[i]
            c[k] = d[i]
            i += 1
        else:
            a[k] = b[j]
            c[k] = d[j]
            j += 1


@function("sorted")
def sorted_(iterable, key=None, reverse=False):
    made = [x for x in iterable]
    made.sort(key=key, reverse=reverse)
    return made
