"""Classes: MRO, metaclasses, layouts, __slots__, hooks of class creation, attributes of type."""


def raises(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert type(e) is exception, (type(e), e)
        assert text is None or str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s: %s" % (exception.__name__, text))


# ---- method resolution order
class O: pass
class A(O): pass
class B(O): pass
class C(A, B): pass
class D(B): pass
class E(C, D): pass
assert [c.__name__ for c in E.__mro__] == ["E", "C", "A", "D", "B", "O", "object"]
assert E.mro() == list(E.__mro__)
raises(TypeError, "Cannot create a consistent method resolution\norder (MRO) for bases O, A",
       lambda: type("X", (O, A), {}))
raises(TypeError, "duplicate base class A", lambda: type("X", (A, A), {}))
raises(TypeError, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
       "metaclasses of all its bases", lambda: type("X", (1,), {}))
raises(TypeError, "type 'bool' is not an acceptable base type", lambda: type("X", (bool,), {}))
raises(TypeError, "multiple bases have instance lay-out conflict", lambda: type("X", (int, str), {}))
raises(TypeError, "multiple bases have instance lay-out conflict", lambda: type("X", (OSError, SyntaxError), {}))
type("X", (OSError, KeyError), {})


class Meta(type):
    def mro(cls):
        return [cls, object]
class Custom(A, metaclass=Meta): pass
assert Custom.__mro__ == (Custom, object)

# ---- metaclasses
class M1(type): pass
class M2(type): pass
class X1(metaclass=M1): pass
class X2(metaclass=M2): pass
raises(TypeError, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
       "metaclasses of all its bases", lambda: type("X", (X1, X2), {}))
assert type(type("Y", (X1,), {})) is M1
raises(TypeError, "type() takes 1 or 3 arguments", lambda: type("a", ()))
raises(TypeError, "type.__new__() argument 1 must be str, not int", lambda: type(1, (), {}))
raises(TypeError, "type.__new__() argument 2 must be tuple, not list", lambda: type("a", [], {}))
raises(TypeError, "type.__new__() argument 3 must be dict, not list", lambda: type("a", (), []))
assert type(5) is int and type(type) is type


class Prepared(type):
    log = []
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        mcs.log.append(("prepare", name, kw))
        return {"from_prepare": 1}
    def __new__(mcs, name, bases, ns, **kw):
        mcs.log.append(("new", kw))
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
    def __call__(cls, *a):
        return ("called", super().__call__(*a))
class P(metaclass=Prepared, flag=3):
    y = from_prepare + 1
assert P.y == 2 and P.from_prepare == 1
assert Prepared.log == [("prepare", "P", {"flag": 3}), ("new", {"flag": 3})]
assert P()[0] == "called" and type(P()[1]) is P

# ---- __set_name__, __init_subclass__, __class_getitem__
class Named:
    def __set_name__(self, owner, name):
        self.where = (owner, name)
class Owner:
    field = Named()
    def __init_subclass__(cls, **kw):
        cls.kw = kw
        super().__init_subclass__()
    def __class_getitem__(cls, item):
        return (cls, item)
assert Owner.field.where == (Owner, "field")
class Sub(Owner, tag=1): pass
assert Sub.kw == {"tag": 1}
assert Sub[5] == (Sub, 5)
def bad_keyword():
    class X(A, tag=1): pass
raises(TypeError, "bad_keyword.<locals>.X.__init_subclass__() takes no keyword arguments", bad_keyword)
class BadName:
    def __set_name__(self, owner, name): raise ValueError("no")
def bad_name():
    class X:
        f = BadName()
try:
    bad_name()
except RuntimeError as e:
    assert str(e) == "Error calling __set_name__ on 'BadName' instance 'f' in 'X'", e
    assert type(e.__cause__) is ValueError
else:
    raise AssertionError

# ---- __slots__
class S:
    __slots__ = ("a", "b")
s = S()
s.a = 1
raises(AttributeError, "'S' object has no attribute 'b'", lambda: s.b)
raises(AttributeError, "'S' object has no attribute 'c'", lambda: setattr(s, "c", 1))
assert not hasattr(s, "__dict__")
del s.a
raises(AttributeError, None, lambda: s.a)
raises(AttributeError, None, lambda: delattr(s, "a"))
assert type(S.a).__name__ == "member_descriptor"
assert repr(S.a) == "<member 'a' of 'S' objects>"
class S2(S):
    __slots__ = ("c", "__dict__")
t = S2()
t.a, t.c, t.d = 1, 2, 3
assert (t.a, t.c, t.__dict__) == (1, 2, {"d": 3})
class S3(S): pass
u = S3()
u.a, u.z = 1, 2
assert u.__dict__ == {"z": 2} and u.a == 1
raises(TypeError, "multiple bases have instance lay-out conflict",
       lambda: type("X", (S, type("Y", (), {"__slots__": ("q",)})), {}))
raises(TypeError, "nonempty __slots__ not supported for subtype of 'int'",
       lambda: type("X", (int,), {"__slots__": ("a",)}))
raises(TypeError, "__slots__ items must be strings, not 'int'", lambda: type("X", (), {"__slots__": (1,)}))
raises(TypeError, "__slots__ must be identifiers", lambda: type("X", (), {"__slots__": ("a b",)}))
raises(ValueError, "'a' in __slots__ conflicts with class variable",
       lambda: type("X", (), {"__slots__": ("a",), "a": 1}))
raises(TypeError, "__dict__ slot disallowed: we already got one",
       lambda: type("X", (A,), {"__slots__": ("__dict__",)}))
class Mangled:
    __slots__ = ("__private",)
    def __init__(self): self.__private = 4
assert Mangled()._Mangled__private == 4
class Empty:
    __slots__ = ()
raises(AttributeError, None, lambda: setattr(Empty(), "x", 1))

# ---- attributes of classes
class Doc:
    "text"
    x: int = 3
assert Doc.__doc__ == "text" and Doc.__name__ == "Doc" and Doc.__qualname__ == "Doc"
assert Doc.__module__ == __name__ and Doc.__annotations__ == {"x": int}
assert type(Doc.__dict__).__name__ == "mappingproxy" and Doc.__dict__["x"] == 3
assert Doc.__bases__ == (object,) and Doc.__base__ is object
Doc.__name__ = "Renamed"
assert repr(Doc) == "<class '%s.Doc'>" % __name__
raises(TypeError, "can only assign string to Renamed.__name__, not 'int'", lambda: setattr(Doc, "__name__", 1))
raises(TypeError, "cannot set 'x' attribute of immutable type 'int'", lambda: setattr(int, "x", 1))
raises(TypeError, "cannot set '__name__' attribute of immutable type 'int'", lambda: setattr(int, "__name__", "x"))
raises(AttributeError, "type object 'Renamed' has no attribute 'zz'", lambda: Doc.zz)
raises(AttributeError, None, lambda: delattr(Doc, "zz"))
assert int.__module__ == "builtins" and repr(int) == "<class 'int'>"
def local():
    class Inner: pass
    return Inner
assert local().__qualname__ == "local.<locals>.Inner"
assert object.__subclasses__ and Sub in Owner.__subclasses__()
raises(TypeError, "cannot create 'builtin_function_or_method' instances", type(len))

# ---- __bases__ and __class__ assignment
class F1: tag = 1
class F2: tag = 2
class G(F1): pass
g = G()
assert g.tag == 1
G.__bases__ = (F2,)
assert g.tag == 2 and G.__mro__ == (G, F2, object)
assert G in F2.__subclasses__() and G not in F1.__subclasses__()
raises(TypeError, "a __bases__ item causes an inheritance cycle", lambda: setattr(F2, "__bases__", (G,)))
raises(TypeError, "can only assign tuple to G.__bases__, not list", lambda: setattr(G, "__bases__", [F1]))
raises(TypeError, "can only assign non-empty tuple to G.__bases__, not ()", lambda: setattr(G, "__bases__", ()))
class H1:
    def who(self): return "H1", self.v
class H2:
    def who(self): return "H2", self.v
h = H1()
h.v = 5
assert h.who() == ("H1", 5)
h.__class__ = H2
assert h.who() == ("H2", 5) and type(h) is H2
h.w = 6
assert h.__dict__ == {"v": 5, "w": 6}
raises(TypeError, "__class__ must be set to a class, not 'int' object", lambda: setattr(h, "__class__", 1))
raises(TypeError, "__class__ assignment only supported for mutable types or ModuleType subclasses",
       lambda: setattr(h, "__class__", int))
raises(TypeError, "__class__ assignment: 'S' object layout differs from 'H2'", lambda: setattr(h, "__class__", S))

# ---- methods added and removed later reach instances and subclasses at once
class Late: pass
class LateSub(Late): pass
obj = LateSub()
raises(TypeError, "object of type 'LateSub' has no len()", lambda: len(obj))
Late.__len__ = lambda self: 3
assert len(obj) == 3
Late.__len__ = lambda self: 4
assert len(obj) == 4
del Late.__len__
raises(TypeError, "object of type 'LateSub' has no len()", lambda: len(obj))
Late.value = 1
for i in range(20):
    assert obj.value == Late.value
    Late.value = i
obj.value = "own"
assert obj.value == "own"

# ---- construction
raises(TypeError, "A() takes no arguments", A, 1)
raises(TypeError, "object() takes no arguments", object, 1)
raises(TypeError, "object.__new__(X): X is not a type object (int)", object.__new__, 1)
raises(TypeError, "object.__new__(): not enough arguments", object.__new__)
raises(TypeError, "object.__new__(int) is not safe, use int.__new__()", object.__new__, int)
raises(TypeError, "int.__new__(str): str is not a subtype of int", int.__new__, str)
class New:
    def __new__(cls, *a): return object.__new__(cls, 1)
raises(TypeError, "object.__new__() takes exactly one argument (the type to instantiate)", New)
class Init:
    def __init__(self, *a): object.__init__(self, 1)
raises(TypeError, "object.__init__() takes exactly one argument (the instance to initialize)", Init)
class Other:
    def __new__(cls): return 42
    def __init__(self): raise AssertionError
assert Other() == 42
class NotNone:
    def __init__(self): return 1
raises(TypeError, "__init__() should return None, not 'int'", NotNone)

import abc
class Abstract(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
    @abc.abstractmethod
    def g(self): pass
raises(TypeError, "Can't instantiate abstract class Abstract with abstract methods f, g", Abstract)
class Half(Abstract):
    def f(self): pass
raises(TypeError, "Can't instantiate abstract class Half with abstract method g", Half)
class Whole(Half):
    def g(self): pass
Whole()

# ---- subclasses of built-in types with attributes
class MyInt(int): pass
class MyStr(str): pass
class MyTuple(tuple): pass
class MyList(list): pass
class MyDict(dict): pass
class MyFloat(float): pass
class MyBytes(bytes): pass
for v in MyInt(10**30), MyInt(3), MyStr("abc"), MyTuple((1, 2)), MyList([1]), MyDict(a=1), MyFloat(1.5), MyBytes(b"x"):
    assert v == type(v).__base__(v)
    for i in range(50):
        setattr(v, "a%d" % i, i)
    assert all(getattr(v, "a%d" % i) == i for i in range(50))
    assert len(v.__dict__) == 50
raises(AttributeError, "'int' object has no attribute 'foo'", lambda: (1).foo)
raises(AttributeError, "'int' object has no attribute 'foo'", lambda: setattr(1, "foo", 1))
raises(AttributeError, "'list' object attribute 'append' is read-only", lambda: setattr([], "append", 1))
# mro() that assigns __bases__, or loses the class itself
class Meta(type):
    armed = False
    def mro(cls):
        if cls.__mro__ is None and cls.__name__ == "Early":
            if not Meta.armed:
                Meta.armed = True
                cls.__bases__ += ()
        elif Meta.armed and cls.__name__ == "Late1":
            Late2.__bases__ = (Late1,)
        elif Meta.armed and cls.__name__ == "Late2":
            Late1.__bases__ = (Late2,)
        return type.mro(cls)
class Early(metaclass=Meta): pass
assert Early.__mro__ == (Early, object) and object.__subclasses__().count(Early) == 1
Meta.armed = False
class Late1(Early): pass
class Late2(Early): pass
Meta.armed = True
raises(TypeError, "a __bases__ item causes an inheritance cycle",
       setattr, Late1, "__bases__", Late1.__bases__ + ())
class Lost(type):
    def mro(cls): return (int.__base__,)
raises(TypeError, "super(type, obj): obj must be an instance or subtype of type", Lost, "L", (), {})
assert type(complex.real).__name__ == "member_descriptor"
raises(AttributeError, "readonly attribute", setattr, 1j, "real", 2)

# an AttributeError of __getattr__ that says nothing learns what was looked for
class Silent:
    def __getattr__(self, name): raise AttributeError
silent = Silent()
try:
    silent.missing
except AttributeError as e:
    assert e.name == "missing" and e.obj is silent
print("ok")
