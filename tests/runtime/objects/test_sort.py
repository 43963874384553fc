# Sorting: order, stability, keys, errors and lists that change meanwhile; the expected output is CPython 3.11's.
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
import _random

class Less:
    def __init__(self, v): self.v = v
    def __lt__(self, other): return self.v < other.v
    def __repr__(self): return "L%d" % self.v

class Fail:
    count = 0
    def __lt__(self, other):
        Fail.count += 1
        if Fail.count > 10: raise KeyError("stop")
        return False

def check(items, **kw):
    got = sorted(items, **kw)
    # Insertion by comparison is the definition, with the same stability.
    key = kw.get("key") or (lambda x: x)
    reverse = kw.get("reverse", False)
    tagged = [(key(x), i, x) for i, x in enumerate(items)]
    expect = []
    for k, i, x in tagged:
        at = len(expect)
        while at > 0 and (expect[at - 1][0] < k if reverse else k < expect[at - 1][0]):
            at -= 1
        expect.insert(at, (k, x))
    expect = [x for k, x in expect]
    assert len(got) == len(items)
    assert all(a is b or a == b for a, b in zip(got, expect)), (items, got, expect)
    return got

r = _random.Random(5)
def numbers(n, top):
    return [int(r.random() * top) for _ in range(n)]

for n in (0, 1, 2, 3, 5, 16, 63, 64, 65, 130, 400):
    for top in (3, 1000, 1 << 40, 1 << 80):
        data = numbers(n, top)
        for reverse in (False, True):
            check(data, reverse=reverse)
            check([-x for x in data], reverse=reverse)
            check([x / 7 - top / 14 for x in data], reverse=reverse)
            check([str(x) for x in data], reverse=reverse)
            check([chr(x % 5000 + 30) * (x % 3) for x in data], reverse=reverse)
            check([(x % 3, str(x % 5), x) for x in data], reverse=reverse)
            check([Less(x % 10) for x in data], reverse=reverse)
            check(data, key=lambda x: x % 10, reverse=reverse)
            check(data, key=lambda x: -(x % 10) * 0.5, reverse=reverse)
            check(data, key=lambda x: str(x)[-1], reverse=reverse)
            check([x if x % 2 else float(x) for x in data], reverse=reverse)
for n in (100, 1000):
    up = list(range(n))
    check(up), check(up[::-1]), check(up + up), check(up[n // 2:] + up[:n // 2])
    check([x // 10 for x in up] + [5]), check([0.0, -0.0] * n), check([x % 7 for x in up])
print([str(x) for x in sorted([0.0, -0.0, 0.0, 1.0, -0.0] * 60)[:9]])
print([str(x) for x in sorted([0.0, -0.0, 0.0, 1.0, -0.0] * 60, reverse=True)[59:66]])

big = numbers(20000, 1 << 45)
assert all(x <= y for x, y in zip(sorted(big), sorted(big)[1:])) and sorted(sorted(big), reverse=True) == sorted(big)[::-1]
nan = float("nan")
assert len(sorted([nan, 1.0, 0.5] * 200)) == 600
words = ["w%d" % x for x in big]
assert sorted(words) == sorted(words, key=lambda s: (s, 0))

def mutating(x):
    victim.append(1)
    return x
class Sneaky:
    def __lt__(self, other):
        victim.append(1)
        victim.pop()
        return True

victim = [3, 2, 1]
show("""
victim.sort(key=mutating)
victim
victim = [Sneaky() for i in range(3)]
victim.sort()
len(victim)
[1, 'a'].sort()
[3, None, 2].sort()
sorted([1j, 2j])
sorted([1, 2], key=5)
sorted(5)
[1].sort(1)
[2, 1].sort(reverse='x')
x = [2, 1]; x.sort(reverse=True); x
x
x = [2, 1]; x.sort(key=None)
x
x = ['b', 'A', 'c']; x.sort(key=str.lower); x
x
sorted('hello'), sorted({3: 1, 1: 2}), sorted((True, False, 2))
sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a))
x = [Fail() for i in range(20)]; n = len(x)
x.sort()
len(x), n
[].sort(), [1].sort()
sorted(['é', 'z', 'a', '\U0001f600', 'ā'])
sorted([(1, 'b'), (1, 'a'), (0, 'z')]), sorted([(1, 2), (1,)]), sorted([[2], [1, 5], [1]])
""")
print("done")
