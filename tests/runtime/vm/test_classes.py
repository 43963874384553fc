"""Class statements, attribute caches, super()."""


class A:
    x = 1

    def __init__(self, v):
        self.v = v

    def m(self):
        return self.v

    @property
    def p(self):
        return self.v * 2

    @p.setter
    def p(self, value):
        self.v = value

    @classmethod
    def c(cls):
        return cls.x

    @staticmethod
    def s(y):
        return y + 1


class B(A):
    def m(self):
        return super().m() + 10

    @property
    def p(self):
        return super().p + 1


# caches see every change of what they depend on
def read(o): return o.x
def call(o): return o.m()
def prop(o): return o.p
def store(o, v): o.v = v
def klass(): return A.x
def klass_call(): return A.c(), A.s(1)


for _ in range(20):
    a, b = A(1), B(2)
    assert read(a) == 1 and call(a) == 1 and call(b) == 12 and prop(a) == 2 and prop(b) == 5
    assert klass() == 1 and klass_call() == (1, 2)
    store(a, 5)
    assert a.m() == 5
a.x = 7
assert read(a) == 7 and read(A(0)) == 1
for _ in range(20):
    assert read(a) == 7
del a.x
assert read(a) == 1
A.x = 2
assert read(a) == 2 and klass() == 2 and klass_call() == (2, 2) and read(b) == 2
B.x = 3
assert read(b) == 3 and read(a) == 2
a.m = lambda: "instance"
for _ in range(10):
    assert call(a) == "instance" and call(A(4)) == 4
A.m = lambda self: "class"
assert call(A(4)) == "class" and call(a) == "instance"
A.x = property(lambda self: "data")
assert read(A(1)) == "data"
A.x = 2
for i in range(30):
    o = A(i)
    if i % 3:
        o.extra = i
    assert read(o) == 2 and o.v == i
    o.p = 5
    assert o.v == 5
a = A(1)
a.__dict__["x"] = "dict"
for _ in range(10):
    assert read(a) == "dict" and a.v == 1
a.__dict__.clear()
assert read(a) == 2
try:
    a.v
except AttributeError as e:
    assert str(e) == "'A' object has no attribute 'v'" and e.name == "v" and e.obj is a
try:
    A.nothing
except AttributeError as e:
    assert str(e) == "type object 'A' has no attribute 'nothing'"


class Slots:
    __slots__ = ("a", "b")


def slot(o): return o.a


s = Slots()
for i in range(10):
    s.a = i
    assert slot(s) == i
del s.a
try:
    slot(s)
except AttributeError:
    pass
else:
    assert False


class Many:
    def __init__(self):
        for i in range(40):
            setattr(self, f"a{i}", i)

    def total(self):
        return self.a0 + self.a9 + self.a20 + self.a39


for _ in range(5):
    m = Many()
    assert m.total() == 68
    m.a39 = 0
    assert m.total() == 29


class Growing:
    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 3
        self.d = 4
        self.e = 5
        self.f = 6
        self.g = 7
        self.h = 8
        self.i = 9
        self.j = 10


for _ in range(10):
    assert list(vars(Growing()).values()) == list(range(1, 11))


# a method found in one class, called on an instance of another
class Odd:
    append = list.append


try:
    Odd().append(1)
except TypeError as e:
    assert str(e) == "descriptor 'append' for 'list' objects doesn't apply to a 'Odd' object"
try:
    list.append(5, 1)
except TypeError as e:
    assert str(e) == "descriptor 'append' for 'list' objects doesn't apply to a 'int' object"

# class statements
log = []


class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        log.append(("prepare", name, kw))
        return {"prepared": True}

    def __new__(mcls, name, bases, ns, **kw):
        return super().__new__(mcls, name, bases, dict(ns))

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    def __call__(cls, *args):
        return ("called", super().__call__(*args))


class WithMeta(metaclass=Meta, option=1):
    def __init__(self, *a): self.a = a


assert WithMeta.prepared and log == [("prepare", "WithMeta", {"option": 1})]
assert WithMeta(1)[0] == "called" and WithMeta(1)[1].a == (1,)


class Entries:
    def __mro_entries__(self, bases): return (A,)


class FromEntries(Entries()):
    pass


assert FromEntries.__mro__[1] is A and isinstance(FromEntries.__orig_bases__[0], Entries)
try:
    class Conflict(WithMeta, metaclass=type("M2", (type,), {})):
        pass
except TypeError as e:
    assert str(e).startswith("metaclass conflict: ")
else:
    assert False


class Hook:
    subclasses = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.subclasses.append((cls.__name__, tag))

    def __set_name__(self, owner, name):
        self.name = name


class Sub(Hook, tag="t"):
    h = Hook()


assert Hook.subclasses == [("Sub", "t")] and Sub.h.name == "h"


class Cell:
    def f(self): return __class__
    def g(self): return (lambda: super().__init__)()
    @classmethod
    def h(cls): return super().__name__ if False else __class__


assert Cell().f() is Cell and Cell.h() is Cell


def no_args():
    super()


try:
    no_args()
except RuntimeError as e:
    assert str(e) == "super(): no arguments"


class BadCell(type):
    def __new__(mcls, name, bases, ns):
        ns.pop("__classcell__", None)
        return super().__new__(mcls, name, bases, ns)


try:
    class Lost(metaclass=BadCell):
        def f(self): return __class__
except RuntimeError as e:
    assert str(e) == "__class__ not set defining 'Lost' as <class '__main__.Lost'>. Was __classcell__ propagated to type.__new__?"
else:
    assert False

assert A.__qualname__ == "A" and A.m.__qualname__ == "<lambda>" and B.m.__qualname__ == "B.m"


def f():
    class Inner:
        y: int = 1
        z: "str"
        def m(self): pass
    return Inner


assert f().__qualname__ == "f.<locals>.Inner" and f().m.__qualname__ == "f.<locals>.Inner.m"
assert f().__annotations__ == {"y": int, "z": "str"} and f().__module__ == __name__


# operators of classes from the loop
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    __radd__ = __add__
    def __eq__(self, o): return self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __getitem__(self, i): return self.x * i
    def __contains__(self, i): return i == self.x
    def __bool__(self): return self.x != 0
    def __len__(self): return 3
    def __iter__(self): return iter([self.x])
    def __iadd__(self, o):
        self.x += o
        return self
    def __neg__(self): return V(-self.x)
    def __call__(self, y): return self.x + y
    def __enter__(self): return self
    def __exit__(self, *a): return True


for _ in range(5):
    v = V(1)
    assert (v + v).x == 2 and (v + 1).x == 2 and (1 + v).x == 2 and v == V(1) and v < V(2) and v[3] == 3
    assert 1 in v and 2 not in v and v and not V(0) and len(v) == 3 and list(v) == [1] and (-v).x == -1 and v(2) == 3
    w = v
    w += 4
    assert v.x == 5 and w is v
    with v:
        raise ValueError
print("ok")


# A class attribute that becomes a descriptor after its reads were specialised
class Plain:
    pass


class Holder:
    value = Plain()
    method = Plain()

    def __init__(self):
        self.value = "own"
        self.method = lambda: "own"


def read(holder):
    return holder.value, holder.method()


holder = Holder()
for _ in range(2000):
    assert read(holder) == ("own", "own")
Plain.__get__ = lambda self, instance, owner: (lambda: "descriptor")
Plain.__set__ = lambda self, instance, value: None
value, called = read(holder)
assert value() == called == "descriptor"
del Plain.__get__, Plain.__set__
assert read(holder) == ("own", "own")
