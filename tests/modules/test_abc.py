# Abstract base classes; the expected output is CPython 3.11's.
def show(lines, names=globals()):
    for line in lines.strip().splitlines():
        try:
            try:
                code = compile(line, "<line>", "eval")
            except SyntaxError:
                exec(line, names)
                continue
            result = repr(eval(code, names))
        except Exception as e:
            result = type(e).__name__ + ": " + str(e)
        print(line, "->", result)

import abc
import _abc
from abc import ABC, ABCMeta, abstractmethod
import collections.abc as cabc
import numbers

class Base(ABC):
    @abstractmethod
    def f(self): pass
    @property
    @abstractmethod
    def p(self): pass
class Half(Base):
    def f(self): return 1
class Full(Half):
    p = 5
class Registered: pass
class Child(Registered): pass
class Hooked(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, c):
        if c is int: return True
        if c is float: return False
        return NotImplemented
class BadHook(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, c): return 5
class Iterable2:
    def __iter__(self): return iter(())
class MySeq(cabc.Sequence):
    def __len__(self): return 2
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return i * 10
class Late: 
    def __len__(self): return 2
    def __getitem__(self, i): return (7, 8)[i]
def match(x):
    match x:
        case [a, b]: return ("seq", a, b)
        case {"k": v}: return ("map", v)
        case _: return "none"

show("""
Base()
Half()
Full().f(), Full().p, sorted(Base.__abstractmethods__), Half.__abstractmethods__, Full.__abstractmethods__
isinstance(Full(), Base), issubclass(Half, Base), issubclass(int, Base), isinstance(5, Base)
before = abc.get_cache_token(); Base.register(Registered), abc.get_cache_token() - before
isinstance(Registered(), Base), issubclass(Child, Base), isinstance(Child(), Base), issubclass(Registered, Half)
Base.register(5)
Registered.register
Full.register(Base)
Base.register(Base) is Base
issubclass(int, Hooked), issubclass(float, Hooked), issubclass(str, Hooked), isinstance(5, Hooked), isinstance(True, Hooked)
issubclass(int, BadHook)
issubclass(5, Base)
isinstance([], cabc.Sequence), isinstance({}, cabc.Mapping), isinstance(set(), cabc.Set), isinstance('', cabc.Sequence), isinstance(5, cabc.Hashable), isinstance([], cabc.Hashable), isinstance(Iterable2(), cabc.Iterable), isinstance(5, cabc.Iterable), isinstance({}.keys(), cabc.KeysView), isinstance(iter([]), cabc.Iterator), isinstance(len, cabc.Callable)
issubclass(dict, cabc.MutableMapping), issubclass(tuple, cabc.MutableSequence), issubclass(frozenset, cabc.Set), issubclass(range, cabc.Sequence), issubclass(bytes, cabc.ByteString)
isinstance(5, numbers.Integral), isinstance(5.0, numbers.Real), isinstance(1j, numbers.Complex), isinstance(True, numbers.Number), isinstance('', numbers.Number)
list(MySeq()), 10 in MySeq(), MySeq().index(10), list(reversed(MySeq())), MySeq().count(0)
match(MySeq()), match([1, 2]), match((1, 2)), match('ab'), match({'k': 3}), match({1, 2}), match(range(2)), match(Late())
cabc.Sequence.register(Late), match(Late())
class Sub(Late): pass
match(Sub())
len(_abc._get_dump(Base)), [type(x).__name__ for x in _abc._get_dump(Base)]
Base._abc_impl
abc.update_abstractmethods(Full) is Full
""".replace("Base._abc_impl\n", "").replace("Registered.register\n", ""))
