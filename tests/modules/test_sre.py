"""_sre: what follows an empty match, anchors, case, buffers."""
import re

assert re.findall(r"(?>a+)?", "aab") == ["aa", "", ""]
assert re.findall(r"a*", "aab") == ["aa", "", ""]
assert re.split(r":*", ":a:b::c") == ["", "", "a", "", "b", "", "c", ""]
assert re.split(r"(:*)", ":a", maxsplit=2) == ["", ":", "", "", "a"]
assert re.sub(r"b*", "-", "abc") == "-a--c-"
assert [m.span() for m in re.finditer(r"\b|\w+", "a::bc")] == [(0, 0), (0, 1), (1, 1), (3, 3), (3, 5), (5, 5)]
assert re.match("\ufb05", "\ufb06", re.I) and re.match("\ufb06", "\ufb05", re.I)
assert not re.match("\xdf", "\u0587", re.I)

text = "x" * 3_000_000
for pattern in r"\Ay", r"^y":
    assert re.search(pattern, text) is None and re.split(pattern, text) == [text]
assert [m.span() for m in re.finditer(r"^a", "a\na")] == [(0, 1)]
assert [m.span() for m in re.finditer(r"^a", "a\na", re.M)] == [(0, 1), (2, 3)]

data = bytearray(b"x")
found = re.finditer(b"a", data)
try:
    data.extend(b"x")
except BufferError:
    pass
else:
    raise AssertionError("resized under a scanner")
assert list(found) == []
del found
data.extend(b"x" * 400)
print("ok")
