# Lists: operators, slices, methods and their messages; the expected output is CPython 3.11's.
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
    def __eq__(self, other): raise KeyError("no")

class Shrink:
    def __init__(self, victim): self.victim = victim
    def __eq__(self, other):
        self.victim.clear()
        return False

class Index:
    def __index__(self): return 2

class Sub(list):
    pass

class Init(list):
    def __init__(self, *args, key=None): super().__init__(*args)

a = list(range(10))
show("""
[], [1], [1, [2, [3]]], [None, 'x', 2.5]
list(), list('abc'), list((1, 2)), list({1: 2}), list(range(5, 0, -2)), list({7})
list(1)
list(1, 2)
list(x=1)
list(iterable=[1])
Init([1, 2], key=3)
Sub('ab'), Sub('ab') == ['a', 'b'], type(Sub('ab')[:]).__name__, type(Sub('ab') * 2).__name__
a[0], a[-1], a[9], a[-10], a[Index()], a[True]
a[10]
a[-11]
a[1 << 70]
a['x']
a[1.0]
a[None]
a[2:5], a[:], a[::2], a[::-1], a[8:2:-3], a[5:2], a[-3:], a[:-8], a[100:], a[-100:2], a[::1 << 70], a[-1 << 70:1 << 70]
a['x':]
a[::0]
a[Index():4]
a + [10], [] + [], [1] * 3, 3 * [1, 2], [1] * 0, [1] * -5
[1] + (2,)
[1] * 'x'
[1] * 2.0
'x' * [1]
[1] * (1 << 62)
[1, 2] == [1, 2], [1, 2] == (1, 2), [1] != [2], [1, 2] < [1, 3], [1, 2] < [1, 2, 0], [2] > [1, 9], [1] <= [1], [] >= []
[1] < (1,)
[1, 'a'] < [1, 2]
[Bad()] == [1]
3 in a, 30 in a, 3.0 in a, True in a, '3' in a
hash([])
b = a[:]
b.append(10), b.extend((11, 12)), b.extend(range(2)), b.extend({5: 6}), b.extend('xy'), b
b.extend(5)
b.append()
b.append(1, 2)
b.insert(0, 'first'), b.insert(100, 'last'), b.insert(-1, 'before'), b.insert(-100, 'front'), b
b.insert('x', 1)
b.insert(1)
b.insert(1 << 70, 1)
b.pop(), b.pop(0), b.pop(-2), b.pop(Index()), b
b.pop(100)
b.pop('x')
[].pop()
b.remove(5), b
b.remove('zz')
b.index(1), b.index(1, 2), b.index('x', -5), b.index(1, 0, 100)
b.index(77)
b.index(1, 5, 2)
b.index(1, None)
b.count(1), b.count(99), b.count(True)
b.reverse(), b
b.copy() == b, b.copy() is b
b.clear(), b
c = [1, 2, 3, 4, 5, 6]
c[0] = 'a'; c[-1] = 'z'
c
c[6] = 1
c[-7] = 1
c['x'] = 1
del c[0]; del c[-1]
c
del c[10]
del c['x']
c[1:1] = [7, 8]; c
c
c[1:3] = []
c
c[:] = 'hello'
c
c[::2] = 'XYZ'
c
c[::2] = 'XY'
c[::2] = 5
c[1:2] = 5
c[4:1] = [9]
c
c[-100:100] = (i for i in range(4))
c
c[1:3] = c
c
del c[::2]
c
del c[::-2]
c
d = list(range(20)); del d[3:15:4]; d
d
del d[15:3:-4]
d
del d[:]
d
e = [1, 2]; e += 'ab'; e *= 2; e
e
e += 5
e *= 0
e
e.__iadd__((1,)), e.__imul__(3)
f = []; f.append(f); f
f
repr([f, f])
g = [3, 1, 2]; g.sort(); g
g
list(reversed([1, 2, 3])), list(iter([1, 2]))
it = iter([1, 2, 3]); next(it); it.__length_hint__()
it.__length_hint__(), it.__reduce__()[1:], it.__setstate__(0), list(it), list(it), it.__reduce__()[1:]
r = reversed([1, 2, 3]); next(r); r.__length_hint__(), r.__reduce__()[1:], list(r), r.__reduce__()[1:]
h = [1, 2, 3]; h[0] = Shrink(h); 5 in h
5 in h
h = [1, 2, 3]; h[0] = Shrink(h)
h.index(7)
h = [1, 2, 3]; h[1] = Shrink(h)
h.remove(7)
h = [1, 2, 3]; h[0] = Shrink(h)
h == [1, 2, 3]
[].__class_getitem__(int), list[int], list[int, str]
list.__doc__.splitlines()[0]
list.append.__doc__, [].append.__name__, list.append.__qualname__
list.__hash__
[x for x in dir(list) if not x.startswith('__')]
[1, 2].__getitem__(0), [1, 2].__contains__(2), [1, 2].__len__(), [1].__eq__([1]), [1].__eq__(1), [1].__add__([2]), [1].__mul__(2), [1].__rmul__(2)
[float('nan')] == [float('nan')] or True
""")

# An iterator that grows its list, and a list that is extended while it is iterated.
grow = [1, 2, 3]
seen = []
for x in grow:
    seen.append(x)
    if len(grow) < 8:
        grow.append(x * 10)
print(seen, grow)
m = [1, 2, 3]
m.extend(x for x in m if len(m) < 10)
print(m)
big = []
for i in range(100000):
    big.append(i)
print(len(big), big[99999], sum(big[::7]))
while len(big) > 3:
    big.pop()
print(big)


class Sub(list):
    pass


sub = Sub([1, 2])
sub.extend(sub)
print(sub)
