# partial, reduce, cmp_to_key, lru_cache; the expected output is CPython 3.11's.
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

import functools
from functools import partial, reduce, cmp_to_key, lru_cache, cache, partialmethod, singledispatch, total_ordering, wraps, cached_property

def f(*args, **kw): return args, kw
class Sub(partial):
    pass
class Method:
    g = partial(f, 1)
    h = partialmethod(f, 2)
    @lru_cache(maxsize=None)
    def m(self, x): return x * 2
calls = []
@lru_cache(maxsize=2)
def slow(x, y=0):
    calls.append((x, y))
    return x + y
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
@lru_cache(typed=True)
def typed(x): return type(x).__name__
@lru_cache(maxsize=0)
def never(x): return x
class Unhashable:
    __hash__ = None

show("""
p = partial(f, 1, a=2); p(3, b=4), p(), p(a=5), p.func is f, p.args, p.keywords
partial(partial(f, 1, a=1), 2, b=2).args, partial(partial(f, 1), 2).func is f, partial(Sub(f, 1), 2).args
partial()
partial(5)
partial(max)(3, 9), partial(max, 10)(3), partial(int, base=2)('101'), list(map(partial(pow, 2), range(5)))
partial(max, 1), partial(max, 1, key=None)
p.name = 5; p.name, p.__dict__
p.__dict__
p.__reduce__()[1:][1][1:]
q = partial(f); q.__setstate__((f, (1, 2), {'z': 3}, {'attr': 4})); q(5), q.attr
q(5), q.attr
q.__setstate__((1, 2))
q.__setstate__(5)
p.args = (1,)
Method().g(5)[0], Method().h()[0][1:]
partial[int], type(Sub(f)).__name__
r = partial(f); r.__setstate__((r, (), {}, {})); len(repr(r)) > 5
reduce(lambda a, b: a + b, [1, 2, 3]), reduce(max, [3, 9, 1]), reduce(pow, [], 5), reduce(f, [7])
reduce(f, [])
reduce(f, 5)
reduce(f)
K = cmp_to_key(lambda a, b: (a > b) - (a < b)); K(1) < K(2), K(1) == K(1), K(3) >= K(4), K(1).obj, sorted([3, 1, 2], key=K), K(obj=5).obj
K(1) < 2
hash(K(1))
K()
cmp_to_key()
cmp_to_key(5)(1) < cmp_to_key(5)(2)
cmp_to_key(mycmp=max)(1).obj
slow(1), slow(1), slow(2), slow(1), slow(3), slow(2), calls, slow.cache_info()
slow(1, y=5), slow(1, y=5), slow.cache_info().hits, slow.cache_clear(), slow.cache_info(), slow.__wrapped__(1, 2), slow.__name__
slow(Unhashable())
slow.cache_parameters()
fib(80), fib.cache_info()
typed(1), typed(1.0), typed(True), typed.cache_info()
never(1), never(1), never.cache_info()
Method().m(4), Method.m.cache_info()
lru_cache(maxsize='a')
lru_cache(5)(f).cache_parameters(), lru_cache(maxsize=-3)(f).cache_info().maxsize, cache(f).cache_info().maxsize
functools._lru_cache_wrapper(f, 'a', False, None)
functools._lru_cache_wrapper(5, 1, False, None)
[x for x in dir(partial) if not x.startswith('__')], [x for x in dir(slow) if not x.startswith('__')]
""")
@total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(T(1) <= T(2), T(3) > T(2), T(2) >= T(2))
@singledispatch
def kind(x): return "any"
@kind.register
def _(x: int): return "int"
@kind.register(list)
def _(x): return "list"
print(kind(1), kind([]), kind("a"), kind(True))
class C:
    n = 0
    @cached_property
    def v(self):
        C.n += 1
        return C.n
c = C()
print(c.v, c.v, C.n)
@lru_cache(maxsize=1)
def recursive(n): return 0 if n == 0 else 1 + recursive(n - 1)
print(recursive(20), recursive.cache_info())
@lru_cache(maxsize=100)
def many(n): return n
for i in range(1000): many(i % 150)
print(many.cache_info())
