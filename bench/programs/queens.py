"""N-queens two ways: generators over permutations of columns, and sets of attacked lines."""


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for i, first in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield (first,) + rest


def by_permutation(n):
    columns = range(n)
    count = 0
    for p in permutations(tuple(columns)):
        if n == len(set(p[i] + i for i in columns)) == len(set(p[i] - i for i in columns)):
            count += 1
    return count


def by_sets(n, row=0, columns=frozenset(), up=frozenset(), down=frozenset()):
    if row == n:
        return 1
    return sum(
        by_sets(n, row + 1, columns | {c}, up | {row + c}, down | {row - c})
        for c in range(n)
        if c not in columns and row + c not in up and row - c not in down
    )


print(by_permutation(8), by_sets(9))
