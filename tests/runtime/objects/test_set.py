# Sets and frozensets; the expected output is CPython 3.11's.
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

class Sub(set):
    pass

class FSub(frozenset):
    pass

class Init(set):
    def __init__(self, items=(), flag=None): super().__init__(items)

class Bad:
    def __hash__(self): return 1
    def __eq__(self, other): raise KeyError("eq")

class Clearing:
    def __init__(self, s): self.s = s
    def __hash__(self): return 1
    def __eq__(self, other):
        self.s.clear()
        return False

s = {1, 2, 3, 4}
f = frozenset([3, 4, 5])
show("""
set(), {1}, {3, 1, 2}, frozenset(), frozenset([1]), {1, 1.0, True}, set('a'), set(range(30)), {100, 5, 33, 7, 64, 8}
set([-1, -2, 1 << 40, 17, 8, 16, 24, 0, 32]), set(range(0, 1000, 37)), {i * 8 for i in range(12)}
Sub([1, 2]), FSub([1, 2]), Init([1], flag=2), Sub([1]) == {1}, FSub([1]) == {1}
set(1)
set(1, 2)
set(x=1)
frozenset(x=1)
{[]}
{1: 2}.keys() == {1}
s | f, s & f, s - f, s ^ f, f | s, f & s, f - s, f ^ s
type(s | f).__name__, type(f | s).__name__, type(Sub([1]) | {2}).__name__, type(FSub([1]) & {1}).__name__
s | [1]
[1] | s
s - 5
s & None
s.union([9], (8,), {7: 1}), s.intersection([1, 2, 9], (2,)), s.difference([1], (2,)), s.symmetric_difference([1, 9])
s.union(), s.intersection(), s.difference(), s.union() is s, f.union() is f, f.copy() is f, s.copy() is s
s.union(5)
s.intersection(5)
s.difference(5)
s.symmetric_difference()
s.union([[]])
s.isdisjoint([7]), s.isdisjoint([1]), s.isdisjoint({9}), s.isdisjoint(s), set().isdisjoint(set())
s.issubset([1, 2, 3, 4, 5]), s.issubset({1}), s.issuperset([1]), s.issuperset({9}), {1} <= s, s <= {1}, s < s, s <= s, s > {1}, s >= s, f < s
s == {4, 3, 2, 1}, s == f, f == {3, 4, 5}, s == [1], s != 5, set() == frozenset()
s < [1]
3 in s, 9 in s, '3' in s, 3.0 in s
[] in s
set() in s, {1} in {frozenset([1])}, frozenset([1]) in {frozenset([1])}
a = set(); a.add(1), a.add(1), a.add('x'), sorted(map(str, a)), len(a)
a.add([])
a.add()
a.discard(99), a.discard('x'), a.remove(1), a
a.remove(99)
a.remove([])
a.remove({1})
a.discard({1})
a.pop()
a = set(range(20)); a.pop(), a.pop(), len(a)
a.pop(), a.pop(), len(a)
a.clear(), a
a.update([1, 2], (3,), {4: 0}, {5}), a, a.update(), a
a.update(5)
a.intersection_update([1, 2, 3, 4]), a, a.difference_update([1], (2,)), a, a.symmetric_difference_update([3, 9]), a
a |= {1}; a &= {1, 9, 4}; a -= {4}; a ^= {1, 2}; a
a
a |= [1]
a -= a; a
a = {1, 2}; a ^= a; a
a
a = {1, 2}; a &= a; a |= a; a
hash(frozenset()), hash(frozenset([1])), hash(frozenset(range(10))), hash(frozenset([1.5, -1, 1 << 60])), hash(frozenset([frozenset([1])])), hash(frozenset([()]))
hash(set())
hash(frozenset([3, 1, 2])) == hash(frozenset([1, 2, 3])), {frozenset([1, 2]): 'x'}[frozenset([2, 1])]
frozenset([1]).add
f.__or__({9}), f.__ror__({9}), f.__or__([9]), s.__sub__(f), s.__rsub__({9, 1}), s.__xor__(5), s.__le__([1])
s.__reduce__(), FSub([1]).__reduce__()
it = iter({1, 2, 3}); it.__length_hint__(), next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), list(it)
x = Sub(); x.me = x; x.me is x, Sub([1]).__reduce__()
b = {Bad()}
1 in b
b.add(1)
b == {1}
b | {1}
c = set(); c.add(Clearing(c)); c.add(1); c
c
c = set(); c.add(Clearing(c)); 1 in c
c
set[int], frozenset[str]
set.__hash__, set.__doc__.splitlines()[0], frozenset.__doc__.splitlines()[0]
[x for x in dir(set) if not x.startswith('__')], [x for x in dir(frozenset) if not x.startswith('__')]
{*range(3), *'a'} == {0, 1, 2, 'a'}, {x % 3 for x in range(10)}
sorted({'b', 'a', 'c'}), len({'x%d' % i for i in range(1000)})
""")

def change():
    x = {1, 2}
    for y in x:
        x.add(y + 10)
try:
    change()
except RuntimeError as e:
    print(e)

class Loop(set):
    pass
class Hold:
    def __init__(self): self.s = {self}
    def __repr__(self): return repr(self.s)
print(Hold())
model, table, state = {}, set(), 99
for step in range(30000):
    state = (state * 1103515245 + 12345) % (1 << 31)
    key = (state >> 8) % 500
    if state % 3:
        model[key] = 1
        table.add(key)
    else:
        model.pop(key, None)
        table.discard(key)
assert table == set(model) and len(table) == len(model)
print(list(table)[:20], len(table))
