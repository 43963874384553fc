"""Dicts: counting words, int keys, tuple keys, iteration, deletion, comprehension."""


def words(n):
    counts = {}
    names = ["w%d" % (i * i % 997) for i in range(1000)]
    for i in range(n):
        name = names[i % 1000]
        counts[name] = counts.get(name, 0) + 1
    return len(counts), max(counts.values())


def memo(n):
    table = {}
    for i in range(n):
        table[i, i & 7] = i
    total = 0
    for (a, b), value in table.items():
        total += a - b + value
    for i in range(0, n, 2):
        del table[i, i & 7]
    return total, len(table)


def ints(n):
    table = {i * 7: i for i in range(n)}
    hits = 0
    for i in range(n * 3):
        if i in table:
            hits += table[i]
    return hits


print(words(2_500_000), memo(400_000), ints(600_000))
