# Slices; the expected output is CPython 3.11's.
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

class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class NoIndex:
    pass
class Length:
    def __getitem__(self, key): return key

show("""
slice(1), slice(1, 2), slice(1, 2, 3), slice(None), slice('a', [], 2.5)
slice()
slice(1, 2, 3, 4)
slice(x=1)
slice(5).start, slice(5).stop, slice(5).step, slice(1, 2, 3).step
slice(5).start = 1
slice(1, 2) == slice(1, 2), slice(1, 2) != slice(1, 3), slice(1, 2) < slice(1, 3), slice(1) == 5
slice(1) < 5
slice(None, 2) < slice(1, 2)
hash(slice(1))
slice(10).indices(5), slice(None).indices(5), slice(None, None, -1).indices(5), slice(-3, None).indices(5), slice(1, 100, 2).indices(5)
slice(0, 1 << 80, 1 << 70).indices(1 << 90), slice(-1 << 80, None, -1).indices(1 << 70), slice(None, None, -1 << 80).indices(10)
slice(Index(1), Index(4)).indices(10), slice(5).indices(Index(3))
slice(1).indices(-1)
slice(0, 1, 0).indices(5)
slice('a').indices(5)
slice(1).indices('a')
slice(1).indices()
slice(1, 2).__reduce__()
[1, 2, 3][NoIndex():]
[1, 2, 3][::0]
[1, 2, 3][Index(1):], 'abcdef'[Index(-3):Index(-1)]
Length()[1:2, ::3, ...], Length()[:]
range(20)[slice(2, 10, 3)], 'abcdef'[slice(None, None, -2)], (1, 2, 3)[slice(1, None)]
class S(slice): pass
""")
for length in (0, 1, 2, 5):
    for start in (None, -6, -5, -2, -1, 0, 1, 4, 5, 6):
        for stop in (None, -6, -1, 0, 3, 5, 6):
            for step in (None, -7, -2, -1, 1, 2, 7):
                s = slice(start, stop, step)
                items = list(range(length))
                assert items[s] == [items[i] for i in range(*s.indices(length))]
                assert list(range(length)[s]) == items[s] and list(tuple(items)[s]) == items[s]
                other = items[:]
                del other[s]
                assert other == [x for x in items if x not in items[s]]
