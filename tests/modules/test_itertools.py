# itertools: results, messages, copies and pickles; the expected output is CPython 3.11's.
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

import copy
import operator
from itertools import *

class Boom:
    def __iter__(self): raise KeyError("iter")
def fail(*a): raise KeyError("fail")
def gen(n):
    for i in range(n): yield i
def again(it, *taken):
    """What a copy made by __reduce__ yields, and then what the original yields."""
    state = it.__reduce__()
    made = state[0](*state[1])
    if len(state) > 2 and state[2] is not None:
        made.__setstate__(state[2])
    return list(islice(made, 10))

show("""
list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], operator.mul)), list(accumulate([], initial=5)), list(accumulate([1, 2], initial=10)), list(accumulate('abc')), list(accumulate([1, 2], func=max))
accumulate()
accumulate(5)
accumulate([1], None, 3)
list(accumulate([1, 'a']))
a = accumulate([1, 2, 3, 4]); next(a), next(a), again(a)
again(accumulate([1, 2])), again(accumulate([1, 2], initial=7))
list(chain()), list(chain('ab', [1], ())), list(chain.from_iterable(['ab', 'cd'])), list(chain.from_iterable(gen(0))), chain[int]
list(chain([1], 5))
list(chain.from_iterable(5))
chain(x=1)
c = chain('ab', 'cd'); next(c), again(c)
next(chain())
chain().__setstate__(5)
chain().__setstate__((1,))
list(compress('abcdef', [1, 0, 1, 0, 1, 1])), list(compress('ab', [])), list(compress(data='ab', selectors=[1, 1]))
compress('a')
list(islice(count(), 3)), list(islice(count(5, 2), 3)), list(islice(count(2.5, .5), 3)), list(islice(count(1 << 63), 2)), list(islice(count(step=-1), 3)), list(islice(count(1j), 2)), list(islice(count((1 << 49) - 2), 4))
count('a')
count(1, 'b')
count(), count(5), count(5, 2), count(1.5), count(3, 1), count(3, 1.0), count(0, -1)
count(5).__reduce__(), count(5, 2).__reduce__(), count(1.5).__reduce__(), again(count(7))
list(islice(cycle('abc'), 8)), list(cycle([])), list(islice(cycle(gen(2)), 5))
cycle()
cycle(5)
cycle('a', x=1)
c = cycle('abc'); next(c), again(c)
c = cycle('abc'); [next(c) for i in range(5)], again(c), next(c)
list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(filterfalse(None, [0, 1, 2, ''])), list(filterfalse(lambda x: x % 2, range(6)))
dropwhile(1)
takewhile()
filterfalse(None, 5)
list(takewhile(fail, [1]))
t = takewhile(lambda x: x < 2, [1, 5, 1]); list(t), next(t, 'end'), t.__reduce__()[2]
d = dropwhile(lambda x: x < 2, [1, 5, 1]); next(d), d.__reduce__()[2], again(d)
list(starmap(pow, [(2, 3), [3, 2]])), list(starmap(max, ['ab', gen(3)]))
list(starmap(pow, [5]))
starmap(pow)
list(islice('abcdef', 3)), list(islice('abcdef', 2, None)), list(islice('abcdef', 1, 5, 2)), list(islice('abc', None)), list(islice('abcdef', 0, None, 3)), list(islice('abc', 10)), list(islice(gen(5), 2, 2))
islice('a')
islice('a', -1)
islice('a', 'b')
islice('a', 1, -1)
islice('a', -1, 1)
islice('a', 1, 'b')
islice('a', 1, 2, 0)
islice('a', 1, 2, 3, 4)
islice('a', 1 << 80)
islice(5, 1)
g = gen(10); list(islice(g, 2, 5)), next(g)
i = islice('abcdef', 1, 5, 2); next(i), again(i), again(islice('ab', 0)), i.__reduce__()[1][1:]
list(pairwise('abcd')), list(pairwise('a')), list(pairwise([])), list(pairwise(gen(3)))
pairwise(5)
pairwise('a', 'b')
list(repeat(5, 3)), list(islice(repeat('x'), 2)), list(repeat(1, -3)), list(repeat(object=1, times=2)), repeat(5), repeat('a', 3)
repeat()
repeat(1, 'a')
repeat(1, 2, 3)
r = repeat('z', 3); next(r), r.__length_hint__(), r.__reduce__()[1], r, repeat(1).__reduce__()[1]
repeat(1).__length_hint__()
list(zip_longest('abc', [1])), list(zip_longest('a', 'bcd', fillvalue='-')), list(zip_longest()), list(zip_longest([], [])), list(zip_longest(*['ab'] * 10))[0]
zip_longest('a', foo=1)
zip_longest('a', 5)
z = zip_longest('ab', 'wxyz', fillvalue=0); next(z), next(z), next(z), again(z)
list(product()), list(product('ab', [1, 2])), list(product('ab', repeat=2)), list(product('ab', [])), list(product(range(2), repeat=0)), len(list(product(range(3), repeat=5)))
product('a', repeat=-1)
product('a', foo=1)
product(5)
product('a', repeat='x')
p = product('ab', [1, 2]); next(p), next(p), again(p)
list(combinations('abcd', 2)), list(combinations('ab', 3)), list(combinations('ab', 0)), list(combinations(r=1, iterable='ab')), len(list(combinations(range(12), 5)))
combinations('a', -1)
combinations('a')
combinations('a', 'b')
c = combinations('abcd', 2); next(c), next(c), again(c), again(combinations('ab', 3))
list(combinations_with_replacement('abc', 2)), list(combinations_with_replacement('', 2)), list(combinations_with_replacement('', 0)), list(combinations_with_replacement('ab', 3))
combinations_with_replacement('a', -1)
c = combinations_with_replacement('abc', 2); next(c), next(c), again(c)
list(permutations('abc')), list(permutations('abcd', 2)), list(permutations('ab', 3)), list(permutations('ab', 0)), len(list(permutations(range(6)))), list(permutations([]))
permutations('a', -1)
permutations('a', 'b')
p = permutations('abcd', 2); [next(p) for i in range(5)], again(p)
[(k, list(g)) for k, g in groupby('aabbbc')], [(k, len(list(g))) for k, g in groupby(range(10), lambda x: x // 4)], [k for k, g in groupby('aabba')], list(groupby([], key=5))
groupby()
groupby(5)
list(groupby([1], 5))
list(groupby([1], fail))
groups = [g for k, g in groupby('aabb')]; [list(g) for g in groups]
[list(g) for g in groups]
g = groupby('aabbc'); k, v = next(g); next(v), k, list(v), list(v), next(g)[0]
next(v, 'none')
tee('abc', 0), [list(t) for t in tee('abc', 3)], len(tee('ab')), [list(t) for t in tee(gen(200), 2)] == [list(range(200))] * 2
tee('a', -1)
tee(5)
tee()
tee('a', 'b')
a, b = tee(gen(5)); next(a), next(a), list(b), list(a)
a, b = tee(gen(100)); [next(a) for i in range(60)][-1], next(b), list(copy.copy(b)) == list(b)
c = copy.copy(iter(tee('abc')[0])); next(c), list(copy.copy(c)), list(c)
type(a), type(groupby([])), type(count())
sorted(x for x in __import__('itertools').__dict__ if not x.startswith('__'))
sum(islice(count(), 1000)), sum(chain(range(100), range(50))), ''.join(chain.from_iterable(product('ab', repeat=3)))
list(zip(*tee(range(3)))), list(map(list, [islice(t, 2) for t in tee(count(), 2)]))
""")
class Sub(chain):
    pass
s = Sub("ab"); s.name = 1
print(list(s), s.name)
