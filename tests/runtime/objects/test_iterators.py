# enumerate, zip, map, filter, reversed, iter; the expected output is CPython 3.11's.
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

class Seq:
    def __init__(self, n): self.n = n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError(i)
        return i * 10
class Sized(Seq):
    def __len__(self): return self.n
class Stop:
    def __getitem__(self, i): raise StopIteration
class Wrong:
    def __getitem__(self, i): raise KeyError(i)
class NotReversible(Sized):
    __reversed__ = None
class OwnReverse:
    def __reversed__(self): return iter("own")
class Sub(enumerate):
    pass
class Boom:
    def __iter__(self): raise KeyError("iter")
class NoIter:
    __iter__ = None
class BadNext:
    def __iter__(self): return 5
class Hint:
    def __init__(self, v): self.v = v
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return self.v

def counter(limit, state=[0]):
    state[0] += 1
    return state[0]
def raising():
    raise StopIteration
def failing():
    raise KeyError("f")
E = 1 << 70

show("""
list(enumerate('ab')), list(enumerate('ab', 5)), list(enumerate('ab', start=-1)), list(enumerate('ab', E)), list(enumerate(iterable='x')), list(Sub('a'))
list(enumerate('abc', (1 << 49) - 2)), list(enumerate('ab', (1 << 63) - 1))
enumerate()
enumerate(5)
enumerate('a', 'b')
enumerate('a', 1, 2)
enumerate('a', foo=1)
e = enumerate('abc'); next(e), e.__reduce__()[0], list(e), list(e), enumerate[int]
list(zip()), list(zip('ab')), list(zip('ab', [1, 2, 3])), list(zip('ab', 'cd', strict=True)), list(zip(*[range(3)] * 5)), list(zip(range(2), Seq(9)))
list(zip('ab', 'c', strict=True))
list(zip('a', 'cd', strict=True))
list(zip('a', 'b', 'cd', strict=True))
list(zip('ab', 'ab', 'c', strict=True))
list(zip(strict=True)), list(zip('ab', strict=False))
zip('a', 5)
zip('a', foo=1)
list(zip('a', strict=Boom()))
z = zip('abc', [1, 2, 3]); next(z), z.__reduce__()[0], len(z.__reduce__()), len(zip('a', strict=1).__reduce__())
list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(map(max, [1, 5], [4, 2], [3, 3])), list(map(lambda *a: a, *['ab'] * 10))
map(str)
map()
map(str, 5)
map(str, [1], x=1)
list(map(5, [1]))
list(map(lambda x: 1 // x, [1, 0]))
list(filter(None, [0, 1, '', 'a'])), list(filter(bool, [0, 2])), list(filter(lambda x: x > 1, range(4))), list(filter(str.isdigit, 'a1b2'))
filter()
filter(None)
filter(None, 5)
filter(None, [1], x=2)
list(filter(5, [1]))
list(reversed([1, 2])), list(reversed('abc')), list(reversed((1,))), list(reversed(Sized(3))), ''.join(reversed(OwnReverse())), list(reversed(range(3)))
reversed(5)
reversed({1})
reversed(Seq(3))
reversed(NotReversible(3))
reversed()
reversed([1], [2])
reversed([1], x=1)
reversed(iter([]))
r = reversed(Sized(3)); next(r), r.__length_hint__(), r.__reduce__()[1:][1:], r.__setstate__(0), list(r), r.__length_hint__(), list(r)
list(iter(Seq(3))), list(Seq(2)), list(Stop()), 20 in Seq(3), 25 in Seq(3), tuple(Seq(2)), max(Seq(4))
list(Wrong())
iter(5)
iter(NoIter())
iter(BadNext())
iter(Boom())
iter()
it = iter(Seq(3)); next(it), it.__reduce__()[2], it.__setstate__(2), list(it), list(it)
it = iter(Sized(3)); it.__length_hint__(), next(it), it.__length_hint__()
iter(Seq(3)).__length_hint__()
list(iter(lambda: counter(3), 3)), list(iter(raising, 5))
list(iter(failing, 5))
iter(5, 5)
type(iter(Seq(1))), type(iter(raising, 1)), type(reversed('a')), type(enumerate('')), type(iter('')), type(iter(b'')), type(zip())
next(iter([]), 'default'), next(iter([1]))
next([])
next(iter([]))
import operator
operator.length_hint([1, 2]), operator.length_hint(Hint(7)), operator.length_hint(Hint(NotImplemented), 3), operator.length_hint(5, 9), operator.length_hint(iter([1, 2]))
operator.length_hint(Hint(-1))
operator.length_hint(Hint('a'))
list(Hint(1000)), list(Hint(NotImplemented))
list(Hint(-1))
list(Hint('x'))
a, *b = zip('ab', 'cd'); a, b
a, b
sum(map(len, ['a', 'bb'])), dict(enumerate('ab')), dict(zip('ab', 'cd')), set(map(int, '123')) == {1, 2, 3}
all(x is y for x, y in zip([1], [1])), any(map(None.__class__, []))
enumerate.__doc__.splitlines()[0], map.__doc__.splitlines()[0]
""")
