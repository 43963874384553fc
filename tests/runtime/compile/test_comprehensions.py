# Comprehensions: nesting, scopes, conditions, closures over targets, errors.
def many(data):
    x = 'outer'
    r = [x for x in data]
    print(x, r)
    print([[y for y in range(x)] for x in range(3)], [x for x in [x for x in range(3)]])
    print([(a, b) for a in range(3) for b in range(a) if a != b if b >= 0])
    print({k: v for k, v in zip('ab', data)}, sorted({c for c in 'aab'}), {k: {v: k for v in 'z'} for k in 'xy'})
    print([a for a, *b in [(1, 2, 3), (4,)] if not b], [i for i in data if i % 2 if i > 1])
    fs = [lambda: i for i in range(3)]
    print([f() for f in fs], [(lambda: j)() for j in range(3)], [f() for f in [lambda k=k: k for k in range(3)]])
    print([z for y in data for z in [y * 2] for w in (z,) if w], [(p, q) for p in 'ab' for q in [p.upper()]])
    a = [1, 2]
    a = [b + 1 for b in a]
    a = [a for _ in range(2)]
    print(a)
    total = 0
    print([total := total + v for v in data], total)
    print([(u, t2) for u in data if (t2 := u * 2) > 2], t2)
    print(any((hit := n) > 1 for n in data), hit)
    return [v for v in data if v in [w for w in data if w > 1]]


print(many([1, 2, 3]))


def captured():
    result = []
    for base in range(2):
        result.append([[(lambda: (base, i, j)) for j in range(2)] for i in range(2)])
    return [f() for r in result for s in r for f in s]


print(captured())


def nonlocal_inside():
    n = 0

    def bump():
        nonlocal n
        n += 1
        return n
    print([bump() for _ in range(3)], n, [n for _ in 'ab'])
    print([n := n + 1 for _ in range(3)], n)


nonlocal_inside()


def param_cells(a, b):
    fs = [lambda: (a, i) for i in b]
    a = 5
    return [f() for f in fs]


print(param_cells(1, 'xy'))


def errors():
    for source in ('[1 / x for x in (1, 0)]', '[x for x in 5]', '[y for x in [1] for y in y]', '{[]: 1 for _ in "a"}',
                   '[nope for _ in "a"]', '[a for a, b in [(1,)]]'):
        try:
            eval(source)
        except Exception as e:
            print(source, '->', type(e).__name__, e)


errors()


def unbound_target():
    try:
        return [y for x in [1] for z in [y] for y in [z]]
    except UnboundLocalError as e:
        return str(e)
    except NameError as e:
        return str(e)


print(unbound_target())


class C:
    items = [1, 2]
    doubled = [i * 2 for i in items]
    try:
        bad = [items for _ in items]
    except NameError as e:
        print(e)
    gen = list(i for i in items)
    nested = [[j for j in range(i)] for i in items]
    fn = [lambda self, i=i: i for i in items][1]


print(C.doubled, C.gen, C.nested, C().fn(), hasattr(C, 'i'))
print([x for x in 'ab'], 'x' in globals(), [x for x in [y for y in 'cd']])
mod = 10
print([mod + i for i in range(2)], [(mod2 := i) for i in range(3)], mod2, [lambda: mod for _ in 'a'][0]())
print([[i, j] for i in range(2) for j in range(2)], {i: j for i in range(2) for j in 'ab'}, {i % 2 for i in range(5)})


def tricky():
    x = [1, 2, 3]
    x = [x for x in x]
    y = [[y for y in x] for x in [x, x]]
    z = {x: [x for x in range(x)] for x in x}
    i = 99
    for i in [i for i in range(3)]:
        pass
    print(x, y, z, i)
    try:
        w = [1 // v for v in (1, 0)]
    except ZeroDivisionError:
        pass
    try:
        w
    except UnboundLocalError as e:
        print(e)
    w = 'kept'
    try:
        w = [1 // v for v in (1, 0)]
    except ZeroDivisionError:
        print(w)
    try:
        w = {v: 1 // v for v in (1, 0)}
    except ZeroDivisionError:
        print(w)
    return [x for x in x if x > 1 and x < 3 or x == 1]


print(tricky())


def generator_with_comps():
    for n in range(2):
        r = yield [i + n for i in range(2)]
        yield {r: [j for j in 'a'] for _ in 'b'}


g = generator_with_comps()
print(next(g), g.send('s'), next(g))


async def agen():
    for i in range(3):
        yield i


async def acomps():
    async def ident(x):
        return x
    a = [i async for i in agen()]
    b = {i: j async for i in agen() for j in 'x' if i}
    c = [await ident(i) for i in range(2)]
    d = {i async for i in agen() if await ident(i)}
    e = [j async for i in agen() async for j in agen() if i == j]
    f = [x async for x in (i * 2 async for i in agen())]
    g = [[await ident(k) for k in range(2)] async for _ in agen()]
    h = [f() for f in [lambda: i async for i in agen()]]
    return a, b, c, d, e, f, g, h


def drive(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration as e:
        return e.value


print(drive(acomps()))
print(sorted(k for k in globals() if len(k) == 1))
