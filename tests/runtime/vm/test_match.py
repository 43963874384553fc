"""The match statement."""


class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y


def kind(v):
    match v:
        case 0 | 1: return "small"
        case int(n) if n < 0: return ("neg", n)
        case str() as s: return ("str", s)
        case [a]: return ("one", a)
        case [a, *rest, b]: return ("many", a, rest, b)
        case {"k": x, **rest}: return ("map", x, rest)
        case P(0, y=yy): return ("p0", yy)
        case P(x, y): return ("p", x, y)
        case None: return "none"
        case float(): return "float"
        case _: return "other"


assert kind(0) == "small" and kind(True) == "small" and kind(-5) == ("neg", -5) and kind("a") == ("str", "a")
assert kind([1]) == ("one", 1) and kind((1, 2, 3)) == ("many", 1, [2], 3) and kind(range(2)) == ("many", 0, [], 1)
assert kind({"k": 1, "z": 2}) == ("map", 1, {"z": 2}) and kind({"z": 1}) == "other" and kind([]) == "other"
assert kind(P(0, 1)) == ("p0", 1) and kind(P(2, 3)) == ("p", 2, 3) and kind(None) == "none" and kind(1.5) == "float"
assert kind(b"ab") == "other" and kind({1}) == "other"
try:
    match P(1, 2):
        case P(1, 2, 3): pass
except TypeError as e:
    assert str(e) == "P() accepts 2 positional sub-patterns (3 given)"
try:
    match P(1, 2):
        case P(1, x=2): pass
except TypeError as e:
    assert str(e) == "P() got multiple sub-patterns for attribute 'x'"
try:
    match 1:
        case kind(): pass
except TypeError as e:
    assert str(e) == "called match pattern must be a type"
import collections.abc


def pattern(v):
    match v:
        case [*_]: return "seq"
        case {}: return "map"


# the first class of the MRO that is either decides
class M1(collections.UserDict, list): pass
class M2(dict, collections.abc.Sequence): pass
class S1(collections.UserList, dict): pass
class S2(list, collections.abc.Mapping): pass
assert [pattern(v) for v in (M1(), M2(), S1(), S2())] == ["map", "map", "seq", "seq"]
print("ok")
