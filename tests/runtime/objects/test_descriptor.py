"""property, staticmethod, classmethod, super, bound methods, cells, mappingproxy."""
import types


def raises(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert type(e) is exception, (type(e), e)
        assert text is None or str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s: %s" % (exception.__name__, text))


# ---- property
class P:
    @property
    def x(self):
        "the x"
        return self._x
    @x.setter
    def x(self, value): self._x = value
    @x.deleter
    def x(self): del self._x
    @property
    def ro(self): return 1
    wo = property(None, lambda self, v: None)
p = P()
p.x = 3
assert p.x == 3 and P.x.__doc__ == "the x" and P.x.fget(p) == 3 and P.x.__isabstractmethod__ is False
del p.x
raises(AttributeError, "'P' object has no attribute '_x'", lambda: p.x)
raises(AttributeError, "property 'ro' of 'P' object has no setter", lambda: setattr(p, "ro", 1))
raises(AttributeError, "property 'ro' of 'P' object has no deleter", lambda: delattr(p, "ro"))
raises(AttributeError, "property 'wo' of 'P' object has no getter", lambda: p.wo)
raises(AttributeError, "property of 'P' object has no getter", lambda: property().__get__(p))
assert P.x.__get__(None, P) is P.x
class SubProperty(property): pass
class Q:
    @SubProperty
    def y(self): "doc y"
assert Q.y.__doc__ == "doc y" and type(Q.__dict__["y"]) is SubProperty
pr = property(doc="given")
assert pr.__doc__ == "given" and pr.fget is None
pr.__doc__ = "changed"
assert pr.__doc__ == "changed"

# ---- staticmethod, classmethod
class C:
    @staticmethod
    def s(*a): "static doc"; return a
    @classmethod
    def c(cls, *a): return cls, a
class D(C): pass
assert C.s(1) == C().s(1) == (1,) and D.c(1) == D().c(1) == (D, (1,))
sm, cm = C.__dict__["s"], C.__dict__["c"]
assert sm.__func__ is C.s and sm(5) == (5,) and sm.__name__ == "s" and sm.__doc__ == "static doc" and sm.__wrapped__ is C.s
assert cm.__func__.__name__ == "c" and cm.__get__(None, int)() == (int, ())
assert repr(sm).startswith("<staticmethod(<function C.s at 0x") and repr(cm).startswith("<classmethod(<function C.c at")
raises(TypeError, "'classmethod' object is not callable", cm)
assert staticmethod(5).__get__(1) == 5
assert not staticmethod(len).__isabstractmethod__
sm.extra = 1
assert sm.__dict__["extra"] == 1

# ---- super
class A:
    def f(self): return ["A"]
    @classmethod
    def k(cls): return [cls.__name__]
    v = 1
class B(A):
    def f(self): return ["B"] + super().f()
    @classmethod
    def k(cls): return ["B"] + super().k()
class B2(A):
    def f(self): return ["B2"] + super(B2, self).f()
class Z(B, B2):
    def f(self): return ["Z"] + super().f()
    def v2(self): return super().v
    def missing(self): return super().nothing
    def closure(self): return [super(Z, self).f for _ in range(1)][0]()
assert Z().f() == ["Z", "B", "B2", "A"] and Z.k() == ["B", "Z"] and Z().v2() == 1
assert Z().closure() == ["B", "B2", "A"]
raises(AttributeError, "'super' object has no attribute 'nothing'", Z().missing)
raises(TypeError, "super(type, obj): obj must be an instance or subtype of type", super, B, 1)
raises(TypeError, "super() argument 1 must be a type, not int", super, 1)
s = super(B, Z())
assert s.__thisclass__ is B and s.__self_class__ is Z and type(s.__self__) is Z
assert repr(s) == "<super: <class 'B'>, <Z object>>" and repr(super(B)) == "<super: <class 'B'>, NULL>"
assert super(B).__get__(Z()).f() == ["B2", "A"]
def outside(): super()
raises(RuntimeError, "super(): no arguments", outside)
def outside2(x): super()
raises(RuntimeError, "super(): __class__ cell not found", outside2, 1)
class SuperNew:
    def __new__(cls, *a): return super().__new__(cls)
    def __init_subclass__(cls): super().__init_subclass__()
class SuperNew2(SuperNew): pass
assert type(SuperNew2(1)) is SuperNew2

# ---- methods and functions
m = Z().f
assert m == m and m.__self__ is not None and m.__func__ is Z.f and hash(m) == hash(m)
assert types.MethodType(len, [1, 2])() == 2
raises(TypeError, "first argument must be callable", types.MethodType, 1, 2)
raises(TypeError, "instance must not be None", types.MethodType, len, None)
z = Z()
assert z.f == z.f and z.f != Z().f and repr(z.f).startswith("<bound method Z.f of <")
def f(a, b=2, *c, d, e=5, **g) -> int:
    "doc"
assert f.__defaults__ == (2,) and f.__kwdefaults__ == {"e": 5} and f.__annotations__ == {"return": int}
assert f.__name__ == f.__qualname__ == "f" and f.__doc__ == "doc" and f.__closure__ is None and f.__module__ == __name__
def two(a, b): return a, b
two.__defaults__ = (7,)
assert two(1) == (1, 7)
two.__defaults__ = None
raises(TypeError, "two() missing 1 required positional argument: 'b'", two, 1)
two.__code__ = (lambda a, b: (b, a)).__code__
assert two(1, 2) == (2, 1)
raises(TypeError, "__defaults__ must be set to a tuple object", lambda: setattr(f, "__defaults__", 1))
raises(TypeError, "__code__ must be set to a code object", lambda: setattr(f, "__code__", 1))
raises(TypeError, "__name__ must be set to a string object", lambda: setattr(f, "__name__", 1))
raises(AttributeError, None, lambda: setattr(f, "__globals__", {}))
g = types.FunctionType(f.__code__, {"__name__": "elsewhere"}, "renamed", (1,), None)
assert g.__name__ == "renamed" and g.__module__ == "elsewhere" and g.__defaults__ == (1,)
def outer():
    x = 1
    def inner(): return x
    return inner
inner = outer()
cell = inner.__closure__[0]
assert cell.cell_contents == 1 and repr(cell).startswith("<cell at 0x")
cell.cell_contents = 5
assert inner() == 5 and types.CellType(3) == types.CellType(3) and types.CellType(1) < types.CellType(2)
del cell.cell_contents
raises(ValueError, "Cell is empty", lambda: cell.cell_contents)
raises(TypeError, "arg 5 (closure) must be tuple", types.FunctionType, inner.__code__, {})
raises(ValueError, "inner requires closure of length 1, not 0", types.FunctionType, inner.__code__, {}, None, None, ())

# ---- code objects
code = f.__code__
assert code.co_name == "f" and code.co_argcount == 2 and code.co_kwonlyargcount == 2 and code.co_posonlyargcount == 0
assert code.co_varnames[:6] == ("a", "b", "d", "e", "c", "g") and code.co_flags & 0xC == 0xC
assert inner.__code__.co_freevars == ("x",) and outer.__code__.co_cellvars == ("x",)
renamed = code.replace(co_name="other", co_firstlineno=1000)
assert renamed.co_name == "other" and renamed.co_firstlineno == 1000 and code.co_name == "f" and renamed != code
assert code == code and hash(code) == hash(code)

# ---- mappingproxy
proxy = types.MappingProxyType({"a": 1})
assert proxy["a"] == 1 and len(proxy) == 1 and list(proxy) == ["a"] and proxy.get("b", 2) == 2 and "a" in proxy
assert repr(proxy) == "mappingproxy({'a': 1})" and proxy | {"b": 2} == {"a": 1, "b": 2} and proxy == {"a": 1}
assert list(proxy.items()) == [("a", 1)] and proxy.copy() == {"a": 1} and list(reversed(proxy)) == ["a"]

def assign(): proxy["a"] = 1
raises(TypeError, "'mappingproxy' object does not support item assignment", assign)
raises(TypeError, "mappingproxy() argument must be a mapping, not list", types.MappingProxyType, [])

# ---- getset and member descriptors
gs = types.FunctionType.__dict__["__code__"]
assert repr(gs) == "<attribute '__code__' of 'function' objects>" and gs.__objclass__ is types.FunctionType
assert gs.__get__(f) is f.__code__ and gs.__name__ == "__code__" and gs.__qualname__ == "function.__code__"
raises(TypeError, "descriptor '__code__' for 'function' objects doesn't apply to a 'int' object", gs.__get__, 1)
print("ok")
