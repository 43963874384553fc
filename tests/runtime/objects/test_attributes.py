"""Instance attributes: many names, many orders, deletion, __dict__ in all its uses."""
state = 5


def below(n):
    """A number in range(n), from a generator that is the same everywhere."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n




class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


p = Point(1, 2)
assert (p.x, p.y) == (1, 2) and p.__dict__ == {"x": 1, "y": 2}
p.__dict__["z"] = 3
assert p.z == 3
p.__dict__ = {"q": 4}
assert p.q == 4 and not hasattr(p, "x")
p.r = 5
assert p.__dict__ == {"q": 4, "r": 5}
del p.__dict__
assert p.__dict__ == {}
try:
    p.__dict__ = 3
except TypeError as e:
    assert str(e) == "__dict__ must be set to a dictionary, not a 'int'"
else:
    raise AssertionError

# ---- the order of names is the order of assignment, whatever the shape
a, b = Point(1, 2), Point.__new__(Point)
b.y, b.x = 2, 1
assert list(a.__dict__) == ["x", "y"] and list(b.__dict__) == ["y", "x"]

# ---- against a model

class Thing: pass
things = [(Thing(), {}) for _ in range(40)]
names = ["n%d" % i for i in range(200)]
for step in range(20000):
    thing, model = things[below(40)]
    name = names[below((4, 12, 60, 200)[below(4)])]
    kind = below(1000) / 1000
    if kind < 0.5:
        setattr(thing, name, step)
        model[name] = step
    elif kind < 0.6:
        try:
            delattr(thing, name)
        except AttributeError as e:
            assert str(e) == "'Thing' object has no attribute '%s'" % name and name not in model
        else:
            del model[name]
    elif kind < 0.602:
        assert thing.__dict__ == model and list(thing.__dict__) == list(model)
    elif kind < 0.61:
        assert vars(thing) == model
    else:
        assert getattr(thing, name, None) == model.get(name)
for thing, model in things:
    assert thing.__dict__ == model

# ---- deleting the newest and setting it again
t = Thing()
for i in range(100):
    t.a = i
    t.b = i
    del t.b
    assert not hasattr(t, "b") and t.a == i

# ---- class attributes, shadowing, descriptors
class Data:
    def __get__(self, instance, owner): return "data"
    def __set__(self, instance, value): instance.log = value
class NonData:
    def __get__(self, instance, owner): return "nondata", instance is None
class K:
    d, n, c = Data(), NonData(), 7
k = K()
k.__dict__.update(d=1, n=2, c=3)
assert (k.d, k.n, k.c) == ("data", 2, 3) and K.n == ("nondata", True)
k2 = K()
k2.d = 9
assert k2.log == 9 and "d" not in k2.__dict__ and k2.n == ("nondata", False) and k2.c == 7
k2.c = 8
K.c = 10
assert k2.c == 8 and K().c == 10
del k2.c
assert k2.c == 10

# ---- names that are no identifiers, and no interned strings
n = Thing()
for i in range(50):
    setattr(n, "with space %d" % i, i)
    setattr(n, "é%d" % i, -i)
assert getattr(n, "with " + "space 7") == 7 and getattr(n, "é" + str(7)) == -7
for bad in 1, None, b"x":
    for function in (lambda: getattr(n, bad)), (lambda: setattr(n, bad, 1)), (lambda: delattr(n, bad)):
        try:
            function()
        except TypeError as e:
            assert str(e) == "attribute name must be string, not '%s'" % type(bad).__name__
        else:
            raise AssertionError
class Name(str): pass
setattr(n, Name("sub"), 1)
assert n.sub == 1 and getattr(n, Name("sub")) == 1

# ---- functions, methods, modules
def f(): pass
f.tag = 1
assert f.tag == 1 and f.__dict__ == {"tag": 1}
f.__dict__ = {"other": 2}
assert f.other == 2 and not hasattr(f, "tag")
class Method:
    def m(self): "doc"
    m.tag = 3
assert Method().m.tag == 3 and Method().m.__doc__ == "doc" and Method().m.__func__ is Method.m
try:
    Method().m.tag = 4
except AttributeError as e:
    assert str(e) == "'method' object has no attribute 'tag'", e
else:
    raise AssertionError
import types
m = types.ModuleType("mod", "docs")
m.a = 1
assert m.__dict__["a"] == 1 and m.__name__ == "mod" and m.__doc__ == "docs" and repr(m) == "<module 'mod'>"
try:
    m.b
except AttributeError as e:
    assert str(e) == "module 'mod' has no attribute 'b'" and e.name == "b" and e.obj is m
else:
    raise AssertionError
m.__getattr__ = lambda name: "dynamic " + name
assert m.b == "dynamic b"
del m.a
assert m.a == "dynamic a"
class Special(types.ModuleType):
    @property
    def prop(self): return "property"
m.__class__ = Special
assert m.prop == "property" and type(m) is Special
ns = types.SimpleNamespace(a=1, b=2)
ns.c = ns
assert repr(ns) == "namespace(a=1, b=2, c=namespace(...))" and ns != types.SimpleNamespace(a=1)
assert types.SimpleNamespace(x=1) == types.SimpleNamespace(x=1)

# ---- dir
class Base:
    base = 1
class Derived(Base):
    own = 2
d = Derived()
d.inst = 3
assert {"base", "own", "inst", "__class__", "__dict__"} <= set(dir(d)) and dir(d) == sorted(dir(d))
assert "own" in dir(Derived) and "inst" not in dir(Derived)
class Dir:
    def __dir__(self): return ["b", "a"]
assert dir(Dir()) == ["a", "b"]
print("ok")
