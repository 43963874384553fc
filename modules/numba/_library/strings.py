"""The methods of str in kernels. The compiler knows _find, _rfind, _slice, _case, _is and _join; the numbers that _case, _is
and _char_is take are the codes of letters (jit/run/container_text.c)."""
from numba._library import function, kind
from numba._library.lists import bounds

END = 9223372036854775807


@function("str.__getslice__")
def getslice(self, index):
    start, step, count = bounds(index, len(self))
    return self._slice(start, step, count)


def cut(self, start, end):
    return self._slice(start, 1, max(end - start, 0))


def window(n, start, end):
    """start and end as slices take them."""
    if start < 0:
        start = max(start + n, 0)
    if end < 0:
        end = max(end + n, 0)
    return start, min(end, n)


@function("str.find")
def find(self, part, start=0, end=END):
    start, end = window(len(self), start, end)
    if start > end:
        return -1
    return self._find(part, start, end)


@function("str.rfind")
def rfind(self, part, start=0, end=END):
    start, end = window(len(self), start, end)
    if start > end:
        return -1
    return self._rfind(part, start, end)


@function("str.index")
def index(self, part, start=0, end=END):
    at = find(self, part, start, end)
    if at < 0:
        raise ValueError("substring not found")
    return at


@function("str.rindex")
def rindex(self, part, start=0, end=END):
    at = rfind(self, part, start, end)
    if at < 0:
        raise ValueError("substring not found")
    return at


@function("str.count")
def count(self, part, start=0, end=END):
    start, end = window(len(self), start, end)
    if len(part) == 0:
        return max(end - start + 1, 0)
    n = 0
    at = self._find(part, start, end)
    while at >= 0:
        n += 1
        at = self._find(part, at + len(part), end)
    return n


@function("str.startswith")
def startswith(self, prefix, start=0, end=END):
    if kind(prefix) == "tuple":
        for p in prefix:
            if starts(self, p, start, end):
                return True
        return False
    else:
        return starts(self, prefix, start, end)


def starts(self, prefix, start, end):
    start, end = window(len(self), start, end)
    return end - start >= len(prefix) and self._find(prefix, start, start + len(prefix)) == start


@function("str.endswith")
def endswith(self, suffix, start=0, end=END):
    if kind(suffix) == "tuple":
        for s in suffix:
            if ends(self, s, start, end):
                return True
        return False
    else:
        return ends(self, suffix, start, end)


def ends(self, suffix, start, end):
    start, end = window(len(self), start, end)
    n = len(suffix)
    return end - start >= n and self._find(suffix, end - n, end) == end - n


@function("str.upper")
def upper(self):
    return self._case(117)


@function("str.lower")
def lower(self):
    return self._case(108)


@function("str.title")
def title(self):
    return self._case(116)


@function("str.swapcase")
def swapcase(self):
    return self._case(115)


@function("str.capitalize")
def capitalize(self):
    return self._case(99)


@function("str.casefold")
def casefold(self):
    return self._case(102)


@function("str.isalpha")
def isalpha(self):
    return self._is(97)


@function("str.isdecimal")
def isdecimal(self):
    return self._is(100)


@function("str.isdigit")
def isdigit(self):
    return self._is(103)


@function("str.isnumeric")
def isnumeric(self):
    return self._is(110)


@function("str.isalnum")
def isalnum(self):
    return self._is(119)


@function("str.isspace")
def isspace(self):
    return self._is(115)


@function("str.isprintable")
def isprintable(self):
    return self._is(112)


@function("str.isascii")
def isascii(self):
    return self._is(55)


@function("str.istitle")
def istitle(self):
    return self._is(116)


@function("str.islower")
def islower(self):
    return self._is(108)


@function("str.isupper")
def isupper(self):
    return self._is(117)


@function("str.isidentifier")
def isidentifier(self):
    return self._is(105)


@function("str.join")
def join(self, parts):
    if kind(parts) == "list":
        return self._join(parts)
    else:
        return self._join([p for p in parts])


@function("str.replace")
def replace(self, old, new, count=-1):
    parts = []
    n = len(self)
    if len(old) == 0:
        k = 0
        while k < n and (count < 0 or k < count):
            parts.append(new)
            parts.append(self[k])
            k += 1
        if k == n and (count < 0 or k < count):
            parts.append(new)
        parts.append(cut(self, k, n))
        return "".join(parts)
    at = 0
    done = 0
    while count < 0 or done < count:
        next_at = self._find(old, at, n)
        if next_at < 0:
            break
        parts.append(cut(self, at, next_at))
        parts.append(new)
        at = next_at + len(old)
        done += 1
    parts.append(cut(self, at, n))
    return "".join(parts)


@function("str.split")
def split(self, sep=None, maxsplit=-1):
    parts = []
    n = len(self)
    if sep is None:
        i = 0
        while True:
            while i < n and _char_is(self._at(i), 115):
                i += 1
            if i == n:
                break
            if maxsplit >= 0 and len(parts) >= maxsplit:
                while n > i and _char_is(self._at(n - 1), 115):
                    n -= 1
                parts.append(cut(self, i, n))
                break
            j = i
            while j < n and not _char_is(self._at(j), 115):
                j += 1
            parts.append(cut(self, i, j))
            i = j
        return parts
    else:
        if len(sep) == 0:
            raise ValueError("empty separator")
        at = 0
        while maxsplit < 0 or len(parts) < maxsplit:
            next_at = self._find(sep, at, n)
            if next_at < 0:
                break
            parts.append(cut(self, at, next_at))
            at = next_at + len(sep)
        parts.append(cut(self, at, n))
        return parts


@function("str.rsplit")
def rsplit(self, sep=None, maxsplit=-1):
    parts = []
    n = len(self)
    if sep is None:
        while True:
            while n > 0 and _char_is(self._at(n - 1), 115):
                n -= 1
            if n == 0:
                break
            if maxsplit >= 0 and len(parts) >= maxsplit:
                i = 0
                while _char_is(self._at(i), 115):
                    i += 1
                parts.append(cut(self, i, n))
                break
            j = n
            while j > 0 and not _char_is(self._at(j - 1), 115):
                j -= 1
            parts.append(cut(self, j, n))
            n = j
        parts.reverse()
        return parts
    else:
        if len(sep) == 0:
            raise ValueError("empty separator")
        while maxsplit < 0 or len(parts) < maxsplit:
            at = self._rfind(sep, 0, n)
            if at < 0:
                break
            parts.append(cut(self, at + len(sep), n))
            n = at
        parts.append(cut(self, 0, n))
        parts.reverse()
        return parts


@function("str.splitlines")
def splitlines(self, keepends=False):
    parts = []
    n = len(self)
    start = 0
    while start < n:
        end = start
        while end < n and not _char_is(self._at(end), 98):
            end += 1
        after = end
        if after < n:
            if self._at(after) == 13 and after + 1 < n and self._at(after + 1) == 10:
                after += 1
            after += 1
        parts.append(cut(self, start, after if keepends else end))
        start = after
    return parts


@function("str.partition")
def partition(self, sep):
    if len(sep) == 0:
        raise ValueError("empty separator")
    at = self._find(sep, 0, len(self))
    if at < 0:
        return cut(self, 0, len(self)), "" + sep[:0], "" + sep[:0]
    return cut(self, 0, at), cut(sep, 0, len(sep)), cut(self, at + len(sep), len(self))


@function("str.rpartition")
def rpartition(self, sep):
    if len(sep) == 0:
        raise ValueError("empty separator")
    at = self._rfind(sep, 0, len(self))
    if at < 0:
        return "" + sep[:0], "" + sep[:0], cut(self, 0, len(self))
    return cut(self, 0, at), cut(sep, 0, len(sep)), cut(self, at + len(sep), len(self))


def stripped(self, chars, left, right):
    i = 0
    j = len(self)
    if chars is None:
        while left and i < j and _char_is(self._at(i), 115):
            i += 1
        while right and j > i and _char_is(self._at(j - 1), 115):
            j -= 1
    else:
        while left and i < j and self[i] in chars:
            i += 1
        while right and j > i and self[j - 1] in chars:
            j -= 1
    return cut(self, i, j)


@function("str.strip")
def strip(self, chars=None):
    return stripped(self, chars, True, True)


@function("str.lstrip")
def lstrip(self, chars=None):
    return stripped(self, chars, True, False)


@function("str.rstrip")
def rstrip(self, chars=None):
    return stripped(self, chars, False, True)


@function("str.removeprefix")
def removeprefix(self, prefix):
    return cut(self, len(prefix) if starts(self, prefix, 0, END) else 0, len(self))


@function("str.removesuffix")
def removesuffix(self, suffix):
    return cut(self, 0, len(self) - len(suffix) if ends(self, suffix, 0, END) else len(self))


def one(fillchar):
    if len(fillchar) != 1:
        raise TypeError("The fill character must be exactly one character long")
    return fillchar


@function("str.ljust")
def ljust(self, width, fillchar=" "):
    return self + one(fillchar) * max(0, width - len(self))


@function("str.rjust")
def rjust(self, width, fillchar=" "):
    return one(fillchar) * max(0, width - len(self)) + self


@function("str.center")
def center(self, width, fillchar=" "):
    room = max(0, width - len(self))
    left = room // 2 + (room & width & 1)
    return one(fillchar) * left + self + fillchar * (room - left)


@function("str.zfill")
def zfill(self, width):
    room = max(0, width - len(self))
    if len(self) > 0 and (self._at(0) == 43 or self._at(0) == 45):
        return self[0] + "0" * room + cut(self, 1, len(self))
    return "0" * room + self


@function("str.expandtabs")
def expandtabs(self, tabsize=8):
    parts = []
    column = 0
    for c in self:
        if c == "\t":
            if tabsize > 0:
                n = tabsize - column % tabsize
                parts.append(" " * n)
                column += n
        else:
            column += 1
            if c == "\n" or c == "\r":
                column = 0
            parts.append(c)
    return "".join(parts)


def _char_is(unit, what):
    """Known to the compiler."""
    raise NotImplementedError
