"""list[int], int | str: aliases and unions."""
import types
from typing import TypeVar, List, Optional, Union


def raises(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert type(e) is exception, (type(e), e)
        assert text is None or str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s: %s" % (exception.__name__, text))


T, S = TypeVar("T"), TypeVar("S")
a = list[int]
assert repr(a) == "list[int]" and a.__origin__ is list and a.__args__ == (int,) and a.__parameters__ == ()
assert a == list[int] and hash(a) == hash(list[int]) and a != list[str] and a() == [] and a("ab") == ["a", "b"]
assert a.append is list.append and a.__class__ is types.GenericAlias and type(a) is types.GenericAlias
assert repr(dict[str, list[T]]) == "dict[str, list[~T]]" and dict[str, T].__parameters__ == (T,)
assert dict[T, S][int, str] == dict[int, str] and dict[T, list[T]][int] == dict[int, list[int]]
assert list[T | None].__parameters__ == (T,)
raises(TypeError, "list[int] is not a generic class", lambda: a[int])
raises(TypeError, "Too many arguments for dict[str, ~T]; actual 2, expected 1", lambda: dict[str, T][int, int])
raises(TypeError, "Too few arguments for dict[~T, ~S]; actual 1, expected 2", lambda: dict[T, S][int])
raises(TypeError, "isinstance() argument 2 cannot be a parameterized generic", isinstance, [], a)
raises(TypeError, "issubclass() argument 2 cannot be a parameterized generic", issubclass, list, a)
class Sub(list[int]): pass
assert Sub.__bases__ == (list,) and Sub.__orig_bases__ == (a,)
assert repr(tuple[()]) == "tuple[()]" and repr(tuple[int, ...]) == "tuple[int, ...]"
assert types.GenericAlias(list, (int,)) == a and repr(list[Sub]).endswith("Sub]")
assert a.__reduce__() == (types.GenericAlias, (list, (int,)))
starred = next(iter(tuple[int, str]))
assert repr(starred) == "*tuple[int, str]" and starred.__unpacked__ and starred != tuple[int, str]
assert "append" in dir(a) and "__origin__" in dir(a)
assert type[int].__origin__ is type

u = int | str
assert repr(u) == "int | str" and type(u) is types.UnionType and u.__args__ == (int, str)
assert u == str | int and hash(u) == hash(str | int) and int | int is int and int | None | int == None | int
assert repr(int | None) == "int | None" and repr(list[int] | None) == "list[int] | None"
assert isinstance(1, u) and isinstance("", u) and not isinstance(1.0, u) and isinstance(None, int | None)
assert issubclass(bool, u) and not issubclass(float, u)
raises(TypeError, "isinstance() argument 2 cannot be a parameterized generic", isinstance, 1, list[int] | int)
raises(TypeError, "unsupported operand type(s) for |: 'type' and 'int'", lambda: int | 1)
assert (list[T] | int)[str] == list[str] | int and (list[T] | int).__parameters__ == (T,)
assert u | float == int | str | float and (u | (float | int)).__args__ == (int, str, float)
assert Union[int, str] == u and Optional[int] == int | None
assert isinstance(1, (str, u))
raises(TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union", isinstance, 1, 1)
raises(TypeError, "issubclass() arg 1 must be a class", issubclass, 1, int)
raises(TypeError, "issubclass() arg 2 must be a class, a tuple of classes, or a union", issubclass, int, 1)
print("ok")
