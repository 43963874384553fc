"""Binding of arguments, and the texts of its errors."""


def error(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    return None


def f0(): return 0
def f1(a): return a
def f2(a, b): return (a, b)
def f3(a, b, c): return (a, b, c)
def d2(a, b=2): return (a, b)
def d3(a, b=2, c=3): return (a, b, c)
def va(*args): return args
def vk(**kw): return kw
def ko(a, *, k, m=5): return (a, k, m)
def po(a, b, /, c): return (a, b, c)
def pk(a, /, **kw): return (a, kw)
def al(a, b=1, *args, c, d=4, **kw): return (a, b, args, c, d, kw)


assert f0() == 0 and f1(1) == 1 and f2(1, b=2) == (1, 2) and f2(b=1, a=2) == (2, 1)
assert d2(1) == (1, 2) and d2(1, 3) == (1, 3) and d3(1, c=9) == (1, 2, 9)
assert va() == () and va(1, 2) == (1, 2) and vk() == {} and vk(x=1) == {"x": 1}
assert ko(1, k=2) == (1, 2, 5) and po(1, 2, c=3) == (1, 2, 3) and pk(1, a=2) == (1, {"a": 2})
assert al(1, c=2) == (1, 1, (), 2, 4, {})
assert al(1, 2, 3, 4, c=5, d=6, e=7) == (1, 2, (3, 4), 5, 6, {"e": 7})
assert f3(*[1, 2], 3) == (1, 2, 3) and f3(*(1,), **{"b": 2, "c": 3}) == (1, 2, 3)
assert al(*range(4), **{"c": 1, "z": 2}) == (0, 1, (2, 3), 1, 4, {"z": 2})

T = "TypeError: "
assert error(f0, 1) == T + "f0() takes 0 positional arguments but 1 was given"
assert error(f1) == T + "f1() missing 1 required positional argument: 'a'"
assert error(f1, 1, 2) == T + "f1() takes 1 positional argument but 2 were given"
assert error(f2) == T + "f2() missing 2 required positional arguments: 'a' and 'b'"
assert error(f3) == T + "f3() missing 3 required positional arguments: 'a', 'b', and 'c'"
assert error(f3, 1, c=3) == T + "f3() missing 1 required positional argument: 'b'"
assert error(d2) == T + "d2() missing 1 required positional argument: 'a'"
assert error(d2, 1, 2, 3) == T + "d2() takes from 1 to 2 positional arguments but 3 were given"
assert error(f1, 1, a=2) == T + "f1() got multiple values for argument 'a'"
assert error(f1, b=2) == T + "f1() got an unexpected keyword argument 'b'"
assert error(vk, 1) == T + "vk() takes 0 positional arguments but 1 was given"
assert error(ko, 1) == T + "ko() missing 1 required keyword-only argument: 'k'"
assert error(ko, 1, 2, k=3) == T + \
    "ko() takes 1 positional argument but 2 positional arguments (and 1 keyword-only argument) were given"
assert error(po, 1, b=2, c=3) == T + \
    "po() got some positional-only arguments passed as keyword arguments: 'b'"
assert error(po, a=1, b=2, c=3) == T + \
    "po() got some positional-only arguments passed as keyword arguments: 'a, b'"
assert error(lambda x: x) == T + "<lambda>() missing 1 required positional argument: 'x'"


class C:
    def m(self, x): return x
    @classmethod
    def cm(cls, x): return (cls, x)
    @staticmethod
    def sm(x): return x
    def __call__(self, *a, **k): return (a, k)


assert error(C().m) == T + "C.m() missing 1 required positional argument: 'x'"
assert error(C().m, 1, 2) == T + "C.m() takes 2 positional arguments but 3 were given"
assert C().m(3) == 3 and C.m(C(), 4) == 4 and C.cm(5) == (C, 5) and C().cm(5) == (C, 5)
assert C.sm(6) == 6 and C().sm(7) == 7 and C()(1, a=2) == ((1,), {"a": 2})
bound = C().m
assert [bound(i) for i in range(3)] == [0, 1, 2]
assert bound(x=8) == 8 and list(map(bound, "ab")) == ["a", "b"]


class Init:
    def __init__(self, a, b=2, *rest, **kw):
        self.all = (a, b, rest, kw)


assert Init(1).all == (1, 2, (), {}) and Init(1, 3, 4, z=5).all == (1, 3, (4,), {"z": 5})


class Bad:
    def __init__(self): return 1


assert error(Bad) == T + "__init__() should return None, not 'int'"


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def make(n):
    return [Point(i, -i) for i in range(n)]


assert sum(p.x + p.y for p in make(100)) == 0
assert error(Point, 1) == T + "Point.__init__() missing 1 required positional argument: 'y'"


# the caller's registers survive a callee whose window overlaps them
def add3(a, b, c):
    t = a * 2
    u = b * 3
    return t + u + c


def nest(a):
    return add3(add3(1, 2, a), add3(a, add3(1, 1, 1), 3), add3(a, a, a))


assert nest(5) == 2 * (2 + 6 + 5) + 3 * (10 + 18 + 3) + 30


# defaults are evaluated once, and may be changed
def acc(x, into=[]):
    into.append(x)
    return into


assert acc(1) == [1] and acc(2) == [1, 2]
acc.__defaults__ = (None,)
try:
    acc(3)
except AttributeError:
    pass
else:
    assert False
ko.__kwdefaults__ = {"k": 1, "m": 2}
assert ko(0) == (0, 1, 2)

# recursion
import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


assert depth(500) == 500


def forever(n):
    return forever(n + 1)


try:
    forever(0)
except RecursionError as e:
    assert str(e).startswith("maximum recursion depth exceeded")
else:
    assert False
assert depth(100) == 100
old = sys.getrecursionlimit()
sys.setrecursionlimit(5000)
assert depth(4000) == 4000
sys.setrecursionlimit(old)


class Rec:
    def __getattr__(self, name): return getattr(self, name + "x")
    def __repr__(self): return repr(self)


for g in (lambda: Rec().a, lambda: repr(Rec())):
    try:
        g()
    except RecursionError:
        pass
    else:
        assert False

# calls from C
assert sorted([3, 1, 2], key=lambda x: -x) == [3, 2, 1]
assert list(map(lambda a, b: a + b, [1, 2], [3, 4])) == [4, 6]
assert max("aXb", key=str.lower) == "X"
print("ok")
