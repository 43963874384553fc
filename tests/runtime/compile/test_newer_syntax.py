# Syntax newer than Python 3.11: type parameters, type statements, template strings, bare except lists, f-strings that nest
# the same quotes. The expectations are those of PEPs 695, 701, 750 and 758.


def f[T](x: T, y: 'T' = None) -> list[T]:
    return x


(T,) = f.__type_params__
assert f(1) == 1 and T.__name__ == 'T' and f.__annotations__ == {'x': T, 'y': 'T', 'return': list[T]}


def g[T: int, *Ts, **P](x: T) -> T:
    def inner():
        return T, Ts, P
    return inner()


assert g(1) == g.__type_params__ and [t.__name__ for t in g(1)] == ['T', 'Ts', 'P']
assert g.__type_params__[0].__bound__ is int


class C[T, U]:
    attr: T

    def m[V](self, x: V) -> tuple[T, V]:
        return T, V

    def n(self):
        return T, __class__


assert [t.__name__ for t in C.__type_params__] == ['T', 'U'] and C.__orig_bases__[0].__args__ == C.__type_params__
assert C().m(1) == (C.__type_params__[0], C.m.__type_params__[0]) and C().n() == (C.__type_params__[0], C)
assert C[int, str].__args__ == (int, str) and C.__annotations__ == {'attr': C.__type_params__[0]}
assert 'T' not in C.__dict__ and 'T' not in vars(C.m)


class D[T](C[T, int]):
    pass


assert D.__mro__[1] is C


def outer[T]():
    class Inner[S]:
        def k[Q](self):
            return T, S, Q
    return Inner().k()


assert [t.__name__ for t in outer()] == ['T', 'S', 'Q']


def h[T: (int, str)](x: T):
    return T


assert h(1).__constraints__ == (int, str) and h.__qualname__ == 'h'
type A = list[int]
assert A.__value__ == list[int] and A.__name__ == 'A'
type B[T] = dict[str, T]
assert B.__value__ == dict[str, B.__type_params__[0]]
type Lazy = list[undefined_until_asked]
try:
    Lazy.__value__
    assert False
except NameError:
    pass
type = 5
type, match, case = 1, 2, 3
assert (type, match, case) == (1, 2, 3)

x, name = 5, 'n'
t = t'a{x}b{name!r:>3}'
assert t.strings == ('a', 'b', '') and [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations] == [
    (5, 'x', None, ''), ('n', 'name', 'r', '>3')]
assert f'{f'{'a' + 'b'}'}' == 'ab' and f'{', '.join(['a', 'b'])}' == 'a, b' and f'{'\n'}' == '\n'
assert f'''{
    x  # a comment
}''' == '5'
try:
    raise KeyError
except ValueError, KeyError:
    caught = True
assert caught


def refused(source, message):
    try:
        compile(source, '<test>', 'exec')
    except SyntaxError as e:
        assert message in str(e), (source, str(e))
    else:
        assert False, source


refused('def f[T, T](): pass', "duplicate type parameter 'T'")
refused('def f[T: (yield)](): pass', 'yield expression cannot be used within')
refused('type A = (x := 1)', 'named expression cannot be used within')
refused('class A[T](await x): pass', 'await expression cannot be used within')
