# Tuples: construction, operators, methods, hashes; the expected output is CPython 3.11's.
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

class Sub(tuple):
    pass

class Named(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    def total(self): return sum(self)

class Bad:
    def __eq__(self, other): raise KeyError("no")

t = (1, 2, 3, 4, 5)
show("""
(), (1,), (1, 2), ((),), tuple(), tuple([1, 2]), tuple('ab'), tuple(x for x in range(3)), tuple(t) is t
tuple(5)
tuple(1, 2)
tuple(x=1)
tuple(iterable=(1,))
Sub([1, 2]), Sub((1, 2)) == (1, 2), type(Sub('ab')[:]).__name__, type(Sub('a') + (1,)).__name__
Named(1, 2), Named(3, 4).total(), len(Named(1, 2))
s = Sub('xy'); s.name = 5; s.name, s.__dict__
s.name, s.__dict__
t[0], t[-1], t[1:3], t[::-1], t[:], t[::2], t[10:], t[:] is t
t[5]
t['a']
t[1.5]
t[1 << 80]
t[0] = 1
del t[0]
t + (6,), () + t is t, t * 2, 2 * (1,), t * 0, t * -1
t + [1]
t * 'a'
(1,) * (1 << 62)
3 in t, 9 in t, t.count(1), t.index(3), t.index(5, 2), t.index(5, -1)
t.index(9)
t.index(1, 1)
(1, 2) == (1, 2), (1, 2) == [1, 2], (1, 2) < (1, 3), (1,) < (1, 2), (2,) >= (1, 9), (1, 'a') != (1, 'b')
(1, 'a') < (1, 2)
(1,) < 1
(Bad(),) == (1,)
hash(()), hash((1,)), hash((1, 2, 3)), hash((1.5, -1, True, False, 0)), hash(((1, 2), (3, (4,)))), hash(tuple(range(100)))
hash(([],))
hash((1 << 70, -1 << 70, 2.5e300))
t.__getnewargs__(), t.__len__(), t.__contains__(1), t.__add__((1,)), t.__mul__(1) is t
tuple[int], tuple[int, ...]
it = iter(t); next(it), next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), it.__reduce__()[1:], it.__setstate__(0), list(it)
it = iter(t); it.__setstate__(3); list(it)
list(it)
list(reversed(t))
x = ([],); x[0].append(x); x
repr(x)
[m for m in dir(tuple) if not m.startswith('__')]
tuple.__doc__.splitlines()[0], tuple.index.__doc__.splitlines()[0]
max(t), min(t), sum(t), sorted(t, reverse=True), any(t), all(t)
""")
