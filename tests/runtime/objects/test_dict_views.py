# Views and iterators of dicts; the expected output is CPython 3.11's.
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

class Bad:
    def __eq__(self, other): raise KeyError("eq")
    def __hash__(self): return hash(1)

d = {1: "a", 2: "b", 3: "c"}
k, v, i = d.keys(), d.values(), d.items()
show("""
k, v, i, {}.keys(), {}.values(), {}.items()
len(k), len(v), len(i), 1 in k, 9 in k, 'a' in v, (1, 'a') in i, (1, 'z') in i, 5 in i, (1, 2, 3) in i, [1, 'a'] in i
[] in k
([], 1) in i
list(reversed(k)), list(reversed(v)), list(reversed(i))
k & [1, 2, 9], k & {1}, k - [1], k | [7], k ^ [1, 7], sorted(k & {2: 0, 3: 0}.keys())
i & {(1, 'a'), (5, 5)}, sorted(i - [(1, 'a')]), sorted(i | [(7, 7)]), sorted(i ^ {(1, 'a')})
[1, 9] & k, {1, 9} - k, [5] | k, [1, 7] ^ k
k & 5
5 - k
k & [[]]
v & [1]
k == {1, 2, 3}, k == {1: 0, 2: 0, 3: 0}.keys(), k != {1}, k < {1, 2, 3, 4}, k <= {1, 2, 3}, k > {1}, k >= {9}, k == [1, 2, 3], i == {(1, 'a'), (2, 'b'), (3, 'c')}
k < 5
v == v, v == d.values()
k.isdisjoint([7]), k.isdisjoint([1]), i.isdisjoint({(1, 'a')}), k.isdisjoint({}), k.isdisjoint(k), {}.keys().isdisjoint({}.keys())
k.isdisjoint(5)
hash(k)
hash(v) == hash(v)
k.mapping, type(k.mapping).__name__, v.mapping == d, i.mapping[1]
k.mapping[5] = 1
d[4] = 'd'; k, len(v)
k, len(v)
type(k), type(v), type(i), type(iter(k)), type(iter(v)), type(iter(i)), type(reversed(k)), type(reversed(v)), type(reversed(i))
type(k)()
it = iter(d); next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), it.__length_hint__(), list(it)
it = iter(d.items()); next(it), it.__reduce__()[1:], list(it)
it = reversed(d); next(it), it.__length_hint__(), list(it)
next(iter({}))
x = {}; x['v'] = x.values(); x
repr(x)
x['v'] = x.items(); repr(x)
repr(x)
{Bad(): 1}.keys() & [1]
len({1: Bad()}.items() - {(1, 2)})
{'a': 1}.keys() | {'b': 2}.keys() == {'a', 'b'}
set(k) == k, frozenset(k) == k, k == set(k)
sorted(k), max(k), sum(k), list(map(str, v)), tuple(i)
[m for m in dir(k) if not m.startswith('__')], [m for m in dir(v) if not m.startswith('__')]
k.__and__([1]), k.__rsub__([1, 8]), k.__or__([1]) == k
""")
