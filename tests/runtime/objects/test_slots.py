"""Dunder methods behind operators, and native slots as methods."""


def raises(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert type(e) is exception, (type(e), e)
        assert text is None or str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s: %s" % (exception.__name__, text))


import operator

OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "matmul": operator.matmul,
    "truediv": operator.truediv, "floordiv": operator.floordiv, "mod": operator.mod, "pow": operator.pow,
    "lshift": operator.lshift, "rshift": operator.rshift, "and": operator.and_, "xor": operator.xor,
    "or": operator.or_, "divmod": divmod,
}


def make(name, prefix, bases=(object,)):
    space = {}
    for op in OPERATORS:
        for form in "", "r", "i":
            dunder = "__%s%s__" % (form, op)
            if dunder != "__idivmod__":
                space[dunder] = lambda self, other, d=dunder: (prefix, d)
    return type(name, bases, space)


A, B = make("A", "A"), make("B", "B")
SubA = make("SubA", "SubA", (A,))
class Plain(A): pass
class N: pass
for op, function in OPERATORS.items():
    assert function(A(), B()) == ("A", "__%s__" % op)
    assert function(N(), B()) == ("B", "__r%s__" % op)
    assert function(A(), SubA()) == ("SubA", "__r%s__" % op)
    assert function(A(), Plain()) == ("A", "__%s__" % op)
    assert function(1, A()) == ("A", "__r%s__" % op), op
    raises(TypeError, None, function, N(), N())
raises(TypeError, "unsupported operand type(s) for +: 'N' and 'int'", lambda: N() + 1)
raises(TypeError, "unsupported operand type(s) for ** or pow(): 'N' and 'int'", lambda: N() ** 1)
raises(TypeError, "unsupported operand type(s) for divmod(): 'N' and 'int'", lambda: divmod(N(), 1))
def inplace(a, b):
    a += b
    return a
raises(TypeError, "unsupported operand type(s) for +=: 'N' and 'int'", inplace, N(), 1)
assert inplace(A(), 1) == ("A", "__iadd__")
class OnlyAdd:
    def __add__(self, other): return "add"
assert inplace(OnlyAdd(), 1) == "add"
class Declines:
    def __iadd__(self, other): return NotImplemented
    def __add__(self, other): return "add"
assert inplace(Declines(), 1) == "add"
raises(TypeError, "can't multiply sequence by non-int of type 'str'", lambda: [1] * "a")
raises(TypeError, 'can only concatenate list (not "int") to list', lambda: [1] + 1)
raises(OverflowError, "cannot fit 'int' into an index-sized integer", lambda: [1] * 10**30)
raises(TypeError, "bad operand type for unary -: 'N'", lambda: -N())
raises(TypeError, "bad operand type for unary ~: 'float'", lambda: ~1.0)
raises(TypeError, "bad operand type for abs(): 'N'", lambda: abs(N()))
raises(TypeError, "unsupported operand type(s) for ** or pow(): 'N', 'int', 'int'", lambda: pow(N(), 1, 2))
class Pow:
    def __pow__(self, other, mod=None): return (other, mod)
assert pow(Pow(), 2, 3) == (2, 3) and Pow() ** 2 == (2, None)
class AddSub(int):
    def __add__(self, other): return "mine"
assert AddSub(1) + 2 == "mine" and 2 + AddSub(1) == 3 and AddSub(5) - 1 == 4
class RAdd(int):
    def __radd__(self, other): return "reflected"
assert 2 + RAdd(1) == "reflected" and RAdd(1) + 2 == 3
class LAdd(list):
    def __add__(self, other): return "list"
assert LAdd() + [1] == "list" and [1] + LAdd([2]) == [1, 2]

# ---- comparison and hashing
class Eq:
    def __eq__(self, other): return True
raises(TypeError, "unhashable type: 'Eq'", hash, Eq())
assert Eq.__hash__ is None and Eq() == 1 and not (Eq() != 1)
class EqHash:
    def __eq__(self, other): return True
    def __hash__(self): return -1
assert hash(EqHash()) == -2
class BigHash:
    def __hash__(self): return 1 << 70
assert hash(BigHash()) == hash(1 << 70)
class BadHash:
    def __hash__(self): return "x"
raises(TypeError, "__hash__ method should return an integer", hash, BadHash())
raises(TypeError, "unhashable type: 'list'", hash, [])
raises(TypeError, "'<' not supported between instances of 'N' and 'int'", lambda: N() < 1)
class Lt:
    def __lt__(self, other): return "lt"
    def __gt__(self, other): return "gt"
assert (Lt() < 1) == "lt" and (1 < Lt()) == "gt"
class SubLt(Lt):
    def __gt__(self, other): return "sub"
assert (Lt() < SubLt()) == "sub"
n = N()
assert n == n and n != N() and not n == 1

# ---- truth, length, iteration, containment
class BadBool:
    def __bool__(self): return 1
raises(TypeError, "__bool__ should return bool, returned int", bool, BadBool())
class Len:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
assert not Len(0) and Len(2)
raises(ValueError, "__len__() should return >= 0", len, Len(-1))
raises(TypeError, "'str' object cannot be interpreted as an integer", len, Len("a"))
raises(OverflowError, "cannot fit 'int' into an index-sized integer", len, Len(1 << 70))
raises(TypeError, "object of type 'int' has no len()", len, 1)
class Getitem:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * i
assert list(Getitem()) == [0, 1, 4, 9] and 9 in Getitem() and 5 not in Getitem()
class NoIter(Getitem):
    __iter__ = None
raises(TypeError, "'NoIter' object is not iterable", iter, NoIter())
class NotIterator:
    def __iter__(self): return 1
raises(TypeError, "iter() returned non-iterator of type 'int'", iter, NotIterator())
class NoContains(list):
    __contains__ = None
raises(TypeError, "'NoContains' object is not a container", lambda: 1 in NoContains())
raises(TypeError, "argument of type 'int' is not iterable", lambda: 1 in 1)
raises(TypeError, "'int' object is not iterable", iter, 1)
class Iterator:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 3: raise StopIteration("end")
        return self.i
assert list(Iterator()) == [1, 2, 3]
def delegate():
    return (yield from Iterator())
g = delegate()
assert [next(g), next(g), next(g)] == [1, 2, 3]
try:
    next(g)
except StopIteration as e:
    assert e.value == "end"
else:
    raise AssertionError

# ---- items
raises(TypeError, "'N' object is not subscriptable", lambda: N()[0])
raises(TypeError, "type 'N' is not subscriptable", lambda: N[0])
raises(TypeError, "'N' object does not support item assignment", operator.setitem, N(), 0, 1)
raises(TypeError, "'N' object doesn't support item deletion", operator.delitem, N(), 0)
class Items:
    def __setitem__(self, k, v): self.last = k, v
    def __delitem__(self, k): self.last = k
    def __getitem__(self, k): return k
it = Items()
it[1, 2] = 3
assert it.last == ((1, 2), 3)
del it["x"]
assert it.last == "x" and it[1:2] == slice(1, 2)

# ---- conversions
class Index:
    def __index__(self): return 7
assert operator.index(Index()) == 7 and [0] * Index() == [0] * 7 and int(Index()) == 7 and float(Index()) == 7.0
class BadIndex:
    def __index__(self): return "x"
raises(TypeError, "__index__ returned non-int (type str)", operator.index, BadIndex())
raises(TypeError, "'float' object cannot be interpreted as an integer", operator.index, 1.0)
class Int:
    def __int__(self): return 3
assert int(Int()) == 3
class BadInt:
    def __int__(self): return 1.5
raises(TypeError, "__int__ returned non-int (type float)", int, BadInt())
raises(TypeError, "int() argument must be a string, a bytes-like object or a real number, not 'N'", int, N())
class Float:
    def __float__(self): return 2.5
assert float(Float()) == 2.5
class BadFloat:
    def __float__(self): return 1
raises(TypeError, "BadFloat.__float__ returned non-float (type int)", float, BadFloat())
raises(TypeError, "float() argument must be a string or a real number, not 'N'", float, N())
class Text:
    def __repr__(self): return "repr"
    def __format__(self, spec): return "<%s>" % spec
assert str(Text()) == "repr" and format(Text(), "x") == "<x>" and f"{Text():y}" == "<y>"
class BadText:
    def __repr__(self): return 1
    def __str__(self): return 2
    def __format__(self, spec): return 3
raises(TypeError, "__repr__ returned non-string (type int)", repr, BadText())
raises(TypeError, "__str__ returned non-string (type int)", str, BadText())
raises(TypeError, "__format__ must return a str, not int", format, BadText())
raises(TypeError, "unsupported format string passed to N.__format__", format, N(), "x")

# ---- attributes
class Getattr:
    def __getattr__(self, name): return "fallback " + name
    x = 1
    @property
    def broken(self): raise AttributeError("inner")
ga = Getattr()
ga.y = 2
assert (ga.x, ga.y, ga.z, ga.broken) == (1, 2, "fallback z", "fallback broken")
class Getattribute:
    def __getattribute__(self, name):
        if name == "stop": raise AttributeError(name)
        return "all " + name
assert Getattribute().foo == "all foo"
raises(AttributeError, "stop", lambda: Getattribute().stop)
class Both(Getattribute):
    def __getattr__(self, name): return "late " + name
assert Both().stop == "late stop" and Both().foo == "all foo"
class Set:
    def __setattr__(self, name, value): object.__setattr__(self, name, value * 2)
    def __delattr__(self, name): object.__setattr__(self, "deleted", name)
st = Set()
st.a = 4
assert st.a == 8
del st.a
assert st.deleted == "a" * 1 and st.a == 8
raises(TypeError, "can't apply this __setattr__ to type object", object.__setattr__, int, "x", 1)
raises(TypeError, "'N' object is not callable", N())
class Call:
    def __call__(self, *a, **k): return a, k
assert Call()(1, 2, x=3) == ((1, 2), {"x": 3})
static = type("Static", (), {"__call__": staticmethod(lambda *a: a)})
assert static()(1) == (1,)

# ---- native slots as methods
assert (1).__add__(2) == 3 and (1).__radd__(2) == 3 and (1).__add__("a") is NotImplemented
assert int.__add__(1, 2) == 3 and [].__len__() == 0 and [1].__contains__(1) and [1].__mul__(2) == [1, 1]
assert [1].__add__([2]) == [1, 2] and (2).__pow__(3) == 8 and (2).__pow__(3, 5) == 3 and (3).__rpow__(2) == 8
assert (1).__eq__(1) is True and (1).__eq__("a") is NotImplemented and (0).__bool__() is False
assert iter([5]).__next__() == 5
raises(StopIteration, "", iter([]).__next__)
raises(TypeError, "expected 1 argument, got 0", (1).__add__)
raises(TypeError, "expected 1 argument, got 2", (1).__add__, 1, 2)
raises(TypeError, "wrapper __add__() takes no keyword arguments", lambda: (1).__add__(a=1))
raises(TypeError, "descriptor '__add__' of 'int' object needs an argument", int.__add__)
raises(TypeError, "descriptor '__add__' requires a 'int' object but received a 'str'", int.__add__, "a")
assert repr(int.__add__) == "<slot wrapper '__add__' of 'int' objects>"
assert repr((1).__add__).startswith("<method-wrapper '__add__' of int object at 0x")
assert (1).__add__.__self__ == 1 and int.__add__.__objclass__ is int and int.__add__.__name__ == "__add__"
assert int.__add__.__qualname__ == "int.__add__" and int.__add__.__doc__ == "Return self+value."
assert int.__new__(int, 5) == 5 and object.__repr__(5).startswith("<int object at 0x")
assert not hasattr(int, "__len__") and not hasattr(list, "__radd__") and hasattr(list, "__rmul__")
class Inherit(list):
    __len__ = list.__len__
assert len(Inherit([1, 2])) == 2
class Misfit:
    __len__ = list.__len__
raises(TypeError, "descriptor '__len__' requires a 'list' object but received a 'Misfit'", len, Misfit())
print("ok")
