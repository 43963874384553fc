"""Generators: pipelines, yield from, generator expressions, send."""


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(source):
    for x in source:
        if x % 2 == 0:
            yield x


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def averager():
    total = n = 0
    value = 0
    while True:
        value = yield value
        total += value
        n += 1
        value = total / n


def run(n):
    a = sum(x * 2 for x in evens(count(n)))
    b = sum(tree(17))
    g = averager()
    next(g)
    c = 0
    for i in range(n // 2):
        c = g.send(i)
    return a, b, c


print(*run(5_000_000))
