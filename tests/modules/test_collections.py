# deque, defaultdict, namedtuple, Counter and OrderedDict; the expected output is CPython 3.11's.
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

from _collections import _tuplegetter, _count_elements
from collections import deque, defaultdict, namedtuple, Counter, OrderedDict, ChainMap
import copy

class Sub(deque):
    pass
class Bad:
    def __eq__(self, other): raise KeyError("eq")
class Mutate:
    def __init__(self, d): self.d = d
    def __eq__(self, other):
        self.d.append(1)
        return False
class MyDefault(defaultdict):
    pass
def boom(): raise KeyError("factory")

show("""
deque(), deque('abc'), deque([1, 2, 3], 2), deque(maxlen=3), deque(iterable='ab', maxlen=1), deque(range(20))
deque(5)
deque([], -1)
deque([], 'x')
deque([], 1, 2)
deque(foo=1)
d = deque('abc'); d.append(1), d.appendleft(0), d.extend([2, 3]), d.extendleft('xy'), d
d.pop(), d.popleft(), d, len(d), d[0], d[-1], d[2], d.maxlen
d[100]
d['a']
d[1:2]
d[0] = 'first'; d[-1] = 'last'; d
d
d[100] = 1
del d[1]; del d[-1]; d
d
del d[100]
deque().pop()
deque().popleft()
'a' in d, 'zz' in d, d.count('a'), d.index('b'), d.index('b', 1), d.index('b', -4, 100)
d.index('zz')
d.index('b', 0, 1)
d.index('a', None)
d.insert(1, 'ins'), d.insert(-1, 'neg'), d.insert(100, 'end'), d.insert(-100, 'start'), d
deque([1, 2], 2).insert(0, 1)
d.remove('ins'), d
d.remove('zz')
d.reverse(), d, d.rotate(), d, d.rotate(-2), d, d.rotate(1000), d, deque().rotate(5)
d.rotate('a')
d.copy() == d, copy.copy(d) == d, d.copy() is d, deque('ab', 5).copy().maxlen, type(Sub('a').copy()).__name__, Sub('a', 3).copy().maxlen
d.clear(), d, len(d), bool(d)
e = deque('abc', 3); e.append('d'), e, e.appendleft('z'), e, e.extend('12345'), e, e.extendleft('xyz'), e
deque([1, 2]) + deque([3]), deque('ab') * 2, 2 * deque('a'), deque('ab', 3) * 4, deque('ab') * 0, deque([1], 2) + deque([2, 3, 4])
deque() + [1]
deque() * 'a'
f = deque('ab'); f += 'cd'; f *= 2; f
f
f.extend(f), len(f), f.extendleft(f), len(f)
deque([1, 2]) == deque([1, 2]), deque([1]) == [1], deque([1, 2]) < deque([1, 3]), deque([1]) < deque([1, 0]), deque() != deque([1]), deque([1]) >= deque()
deque() < []
hash(deque())
list(reversed(deque('abc'))), list(iter(deque('abc')))
it = iter(deque('abc')); next(it), it.__length_hint__(), it.__reduce__()[1][1], list(it)
deque([1], 5).__reduce__()[:3], deque([1]).__reduce__()[:3], type(iter(deque())), type(reversed(deque()))
g = deque(); g.append(g); g
repr(g)
deque([Bad()]).index(1)
1 in deque([Bad()])
h = deque([1, 2]); h[0] = Mutate(h)
h.count(1)
h.index(1)
h.remove(7)
h == deque(range(len(h)))
deque[int], deque.__hash__, deque.__doc__.splitlines()[0]
[x for x in dir(deque) if not x.startswith('__')]
dd = defaultdict(list); dd['a'].append(1), dd, dd['b'], dd, dd.get('zz'), 'zz' in dd
defaultdict(), defaultdict(None, a=1), defaultdict(int, {1: 2}, x=3), defaultdict(int, [(1, 2)])
defaultdict()['x']
defaultdict(5)
defaultdict(int, 1)
defaultdict(int, {}, {})
defaultdict(boom)['x']
dd.default_factory, dd.__missing__('new'), dd
dd.default_factory = int; dd['n'] += 5; dd
dd
dd.copy(), copy.copy(dd) == dd, type(MyDefault(int).copy()).__name__, dd.__reduce__()[:4]
dd | {'z': 1}, {'z': 1} | dd, type({'z': 1} | dd).__name__
dd | [1]
x = defaultdict(list); x.default_factory = x.__getitem__; len(repr(x)) > 10
c = Counter('abracadabra'); c.most_common(2), c['zz'], c + Counter('ab'), c - Counter('aaaaaa'), sorted(c.elements())[:3], c.total()
c.subtract('aaa'), c['a'], c & Counter('a'), Counter(a=1) | Counter(a=3), +Counter(a=-1, b=2)
m = {}; _count_elements(m, 'hello'), m
_count_elements(m, 5)
_count_elements({}, [[]])
P = namedtuple('P', 'x y', defaults=[5]); P(1), P(1, 2).x, P(y=1, x=2), P._fields, P(1)._replace(x=9), P(1)._asdict(), P._make([3, 4])
P()
P(1, 2, 3)
P(1).x = 5
P.x.__doc__, P(1)[0], P(1) == (1, 5), tuple(P(1)), P.__doc__
_tuplegetter(0, 'doc').__doc__, _tuplegetter(1, 'd').__get__((5, 6)), _tuplegetter(0, 'd').__reduce__()[1]
_tuplegetter(5, 'd').__get__((1,))
_tuplegetter(0, 'd').__get__([1])
_tuplegetter(0, 'd')
o = OrderedDict(a=1, b=2, c=3); o.move_to_end('a'), list(o), o.move_to_end('c', last=False), list(o), o.popitem(), o.popitem(last=False), o
OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {'a': 1}, list(reversed(OrderedDict(a=1, b=2)))
OrderedDict(a=1), OrderedDict(), OrderedDict([(1, 2)]).copy(), OrderedDict.fromkeys('ab')
o = OrderedDict(); o.popitem()
o.move_to_end('x')
ChainMap({1: 2}, {1: 3, 4: 5})[4], len(ChainMap({1: 2}, {3: 4}))
""")
big = deque()
for i in range(50000):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[-1], big[len(big) // 2])
try:
    for x in big:
        big.append(1)
except RuntimeError as e:
    print(e)
