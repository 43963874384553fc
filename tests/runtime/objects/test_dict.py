# Dicts: construction, methods, order, mutation during comparison and iteration; the expected output is CPython 3.11's.
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

class Sub(dict):
    def __missing__(self, key): return ("missing", key)

class Plain(dict):
    pass

class Keys:
    def keys(self): return ["a", "b"]
    def __getitem__(self, k): return k * 2

class BadHash:
    def __hash__(self): raise KeyError("hash")

class BadEq:
    def __hash__(self): return 1
    def __eq__(self, other): raise KeyError("eq")

class Same:
    def __init__(self, n): self.n = n
    def __hash__(self): return 5
    def __eq__(self, other): return isinstance(other, Same) and self.n == other.n
    def __repr__(self): return "S%d" % self.n

class Clearing:
    def __init__(self, d): self.d = d
    def __hash__(self): return 1
    def __eq__(self, other):
        self.d.clear()
        return False

class Adding:
    count = 0
    def __init__(self, d): self.d = d
    def __hash__(self): return 1
    def __eq__(self, other):
        Adding.count += 1
        self.d[("new", Adding.count)] = 1
        return False

d = {"a": 1, "b": 2, 3: "c"}
show("""
{}, {1: 2}, d, dict(), dict(a=1, b=2), dict([(1, 2), (3, 4)]), dict({1: 2}, x=3), dict(Keys()), dict(zip('ab', [1, 2]))
dict(5)
dict([1])
dict([(1, 2, 3)])
dict(['ab', 'cd'])
dict([(1, 2)], [(3, 4)])
dict({1: 2}, **{'a': 1})
Sub({1: 2})[1], Sub()[5], Plain(a=1), Sub().get(5)
Plain()['x']
d['a'], d[3], d[3.0], d.get('a'), d.get('zz'), d.get('zz', 7)
d['zz']
d[[]]
d.get([])
d[BadHash()]
d.get()
d.get(1, 2, 3)
{BadEq(): 1}[1]
'a' in d, 'zz' in d, 3.0 in d
[] in d
e = dict(d); e['new'] = 0; e['a'] = 'changed'; e
e
del e['b']; e['b'] = 'again'; e
list(e), list(e.values()), list(e.items()), len(e)
del e['zz']
del e[[]]
e.pop('a'), e.pop('zz', None), e
e.pop('zz')
e.pop()
e.popitem(), e.popitem(), e, len(e)
{}.popitem()
{}.pop(1)
f = {}; f.setdefault('k', []).append(1); f.setdefault('k', []).append(2); f, f.setdefault('n')
f, f.setdefault('n'), f
f.update({'x': 1}), f.update([('y', 2)]), f.update(z=3), f.update(), f.update(Keys()), f
f.update(5)
f.update([1])
f.update([(1,)])
f.update({1: 2}, {3: 4})
f.update(((1, 2), (3, 4)), w=9); f
f
f.clear(), f, len(f)
g = {1: 'a', 2: 'b'}; h = g.copy(); h[3] = 'c'; g, h, type(Sub(a=1).copy()).__name__
g, h
g | h, h | g, g | {1: 'z'}
g | [(1, 2)]
g |= [(5, 6)]; g |= {7: 8}; g
g
g |= 5
[(1, 2)] | g
dict.fromkeys('abc'), dict.fromkeys([1, 2], []), Sub.fromkeys('x', 1), type(Sub.fromkeys('x')).__name__, dict.fromkeys({1: 2}), dict.fromkeys({3})
dict.fromkeys(5)
{1: 2} == {1: 2.0}, {1: 2} != {1: 3}, {1: 2} == {2: 1}, {} == {}, {1: 2} == [1], {'a': 1, 'b': 2} == {'b': 2, 'a': 1}
{1: 2} < {1: 3}
hash({})
x = {}; x['self'] = x; x, repr({1: x})
repr(x)
list(reversed({1: 2, 3: 4})), list(reversed({}))
{True: 1, 1: 2, 1.0: 3, 0: 'z', False: 'f'}
{Same(1): 'a', Same(2): 'b', Same(1): 'c'}
m = {Same(i): i for i in range(20)}; m[Same(7)], Same(19) in m, Same(20) in m, m.pop(Same(3)), len(m)
len(m), sum(m.values())
c = {}; k = Clearing(c); c[k] = 1; c[1] = 2; c
c
c = {}; c[Adding(c)] = 0; c[1] = 1; len(c), Adding.count
len(c), Adding.count > 0
dict.__class_getitem__(int), dict[str, int]
dict.__hash__, dict.__doc__.splitlines()[0]
[x for x in dir(dict) if not x.startswith('__')]
d.__getitem__('a'), d.__contains__('a'), d.__len__(), d.__eq__({}), d.__or__({9: 9}), d.__ror__({9: 9}), d.__eq__(5)
d.__ior__([(1, 1)]), d
d.get.__name__, dict.get.__qualname__
dict.update.__doc__.splitlines()[0]
{**{'a': 1}, 'b': 2, **{'a': 3}}
{i: i * i for i in range(5)}
""")

def run(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__ + ": " + str(e)

def grow():
    x = {1: 1}
    for k in x:
        x[k + 1] = 1
def shrink():
    x = {1: 1, 2: 2}
    for k in x:
        del x[k]
def exchange():
    x = {0: 0}
    for k in x:
        del x[k]
        x[k + 1] = 1
def reverse_change():
    x = {1: 1, 2: 2}
    for k in reversed(x):
        x[k + 10] = 1
def values():
    x = {1: 1, 2: 2}
    for k in x.values():
        x[k + 10] = 1
def same_size():
    x = {1: 1, 2: 2}
    out = []
    for k in x:
        x[k] = out.append(k)
    return out
def twice():
    x = {1: 1}
    it = iter(x)
    x[2] = 2
    return run(lambda: next(it)), run(lambda: next(it))
for f in (grow, shrink, exchange, reverse_change, values, same_size, twice):
    print(f.__name__, run(f))

# Many insertions and deletions against a list of pairs.
model, table, state = [], {}, 12345
for step in range(30000):
    state = (state * 1103515245 + 12345) % (1 << 31)
    key = (state >> 8) % 300
    if state % 3:
        if key not in table:
            model.append(key)
        table[key] = step
    elif key in table:
        del table[key]
        model.remove(key)
    if step % 5000 == 0:
        assert list(table) == model
assert list(table) == model and len(table) == len(model)
names = {"name%d" % i: i for i in range(70000)}
assert all(names["name%d" % i] == i for i in range(0, 70000, 7)) and "name70000" not in names
for i in range(0, 70000, 2):
    del names["name%d" % i]
assert len(names) == 35000 and next(iter(names)) == "name1"
queue = {}
for i in range(20000):
    queue[i] = i
    if i >= 10:
        del queue[next(iter(queue))]
print(list(queue), sum(table.values()) % 1000003, len(names))
