# Ranges over ints of any size; the expected output is CPython 3.11's.
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

B = 1 << 80
class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class Equal:
    def __init__(self, v): self.v = v
    def __eq__(self, other): return self.v == other

show("""
range(5), range(1, 5), range(1, 5, 2), range(5, 1, -1), range(0), range(Index(3)), range(True)
range()
range(1, 2, 3, 4)
range(1.5)
range('a')
range(1, 2, 0)
range(stop=5)
list(range(5)), list(range(2, 5)), list(range(10, 0, -3)), list(range(5, 5)), list(range(5, 1))
list(range(B, B + 3)), list(range(B, B - 6, -2)), list(range(-B, B, B)), list(range(0, 5, B)), list(range((1 << 49) - 2, (1 << 49) + 2))
len(range(5)), len(range(0, 10, 3)), len(range(10, 0, -3)), len(range(3, 0))
len(range(B))
bool(range(0)), bool(range(B)), bool(range(1, 1))
range(10)[3], range(10)[-1], range(B)[B - 1], range(B)[-1], range(0, B, 7)[1 << 60], range(5, -5, -2)[2]
range(10)[10]
range(10)[-11]
range(B)[B]
range(10)['a']
range(10)[1.0]
range(10)[2:5], range(10)[::-1], range(10)[::3], range(1, 20, 3)[1:4], range(B)[::B // 2], range(B)[5:], range(0)[::-1], range(10)[20:30]
range(10)[::0]
3 in range(5), 5 in range(5), 2 in range(0, 10, 2), 3 in range(0, 10, 2), 3.0 in range(5), '3' in range(5), True in range(2), B in range(B), B - 1 in range(B), -4 in range(0, -10, -2)
Equal(3) in range(5), Equal(9) in range(5), range(5).count(Equal(2)), range(5).index(Equal(2))
range(5) == range(0, 5), range(0) == range(3, 1), range(0, 3, 2) == range(0, 4, 2), range(1, 2, 5) == range(1, 3, 9), range(5) != range(6), range(5) == [0, 1], range(B) == range(0, B, 1)
range(5) < range(6)
hash(range(5)) == hash(range(0, 5)), hash(range(0)) == hash(range(5, 2)), hash(range(1, 2)) == hash(range(1, 5, 9)), hash(range(10)), hash(range(3, 10, 2))
range(10).index(3), range(0, 10, 2).index(4), range(10, 0, -2).index(6), range(B).index(B - 1), range(5).count(3), range(5).count(9), range(5).count(2.0)
range(10).index(11)
range(0, 10, 2).index(3)
range(5).index('a')
range(5).start, range(5).stop, range(5).step, range(1, B, 2).stop
range(5).start = 1
list(reversed(range(5))), list(reversed(range(10, 0, -3))), list(reversed(range(B, B + 3))), list(reversed(range(0))), list(reversed(range(0, 10, 4)))
range(1, 5, 2).__reduce__()
it = iter(range(5)); next(it), next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), it.__length_hint__(), it.__reduce__()[1:]
it = iter(range(10)); it.__setstate__(7); list(it)
list(it)
it = iter(range(10)); it.__setstate__(7), list(it)
it = iter(range(B, B + 5)); next(it), it.__length_hint__(), it.__reduce__()[1:], it.__setstate__(3), list(it)
type(iter(range(5))), type(iter(range(B)))
sum(range(1000)), max(range(5)), min(range(3, 9)), sorted(range(5, 0, -1))
[x for x in dir(range) if not x.startswith('__')], range.__doc__.splitlines()[0]
class R(range): pass
""")
for a in (-3, 0, 2, B, -B):
    for n in (-4, 0, 1, 5, 9):
        for step in (-3, -1, 1, 2):
            r = range(a, a + n, step)
            items = []
            x = a
            while x < a + n if step > 0 else x > a + n:
                items.append(x)
                x += step
            assert list(r) == items == [r[i] for i in range(len(r))] and list(reversed(r)) == items[::-1]
            assert all(x in r and r.index(x) == i for i, x in enumerate(items))
total = 0
for i in range(200000):
    total += i
print(total)
