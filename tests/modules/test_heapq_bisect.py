# heapq and bisect; the expected output is CPython 3.11's.
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

import heapq
import bisect
from heapq import *
from bisect import *
import _random

r = _random.Random(3)
data = [int(r.random() * 1000) for i in range(500)]
class Less:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
class Evil:
    def __init__(self, heap): self.heap = heap
    def __lt__(self, o):
        self.heap.clear()
        return False
class Seq:
    def __init__(self, items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def insert(self, i, x): self.items.insert(i, x)

show("""
h = []; [heappush(h, x) for x in data] and h[0] == min(data), [heappop(h) for i in range(len(h))] == sorted(data)
h = data[:]; heapify(h), [heappop(h) for i in range(5)] == sorted(data)[:5], h[:10]
heapreplace(h, -5), h[0], heappushpop(h, -10), heappushpop(h, 10**6), len(h)
heappop([])
heapreplace([], 1)
heappushpop([], 1)
heappush(5, 1)
heappop((1,))
heapify({})
heappush([1], 'a')
h = data[:]; heapq._heapify_max(h), heapq._heappop_max(h) == max(data), heapq._heapreplace_max(h, 5), h[0] <= max(data)
h[0] <= max(data)
[x.v for x in nsmallest(3, map(Less, data))] == sorted(data)[:3], nlargest(3, data) == sorted(data)[-1:-4:-1], nsmallest(2, data, key=lambda x: -x), nlargest(600, data) == sorted(data, reverse=True)
list(merge([1, 4, 7], [2, 5], [3])), list(merge([5, 3], [4], reverse=True)), list(merge(['a', 'ccc'], ['bb'], key=len))
h = []; h.extend([Evil(h), Evil(h), Evil(h)]); len(h)
heapify(h)
h = []; h.extend([Evil(h), Evil(h), Evil(h)]); len(h)
heappush(h, Evil(h))
a = [1, 2, 2, 2, 3]; bisect.bisect_left(a, 2), bisect.bisect_right(a, 2), bisect.bisect(a, 0), bisect_left(a, 9), bisect_left(a, 2, 3), bisect_right(a, 2, 0, 2), bisect_left([], 1)
bisect_left(a, 1, -1)
bisect_left(a, 1, 0, 100)
bisect_left(a, 'x')
bisect_left(5, 1)
bisect_left(a)
bisect_left(a, 1, 0, None), bisect_left(a=a, x=2, hi=4), bisect_right(['a', 'BB', 'ccc'], 2, key=len), bisect_left(Seq(a), 3)
insort(a, 2), a, insort_left(a, 0), a, insort_right(a, 9), a
s = Seq([3, 5]); insort(s, 4), s.items
b = ['a', 'ccc']; insort(b, 'bb', key=len), b
insort(a, 'x')
insort((1, 2), 1)
bisect_left(range(1 << 40), 12345), bisect_left(range(10), 3.5)
""")
ordered = []
for x in data:
    insort(ordered, x)
print(ordered == sorted(data))
