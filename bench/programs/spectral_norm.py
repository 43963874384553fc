"""Spectral norm of an infinite matrix: float arithmetic in comprehensions and sums."""


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(u):
    return [sum(element(i, j) * x for j, x in enumerate(u)) for i in range(len(u))]


def transposed_times(u):
    return [sum(element(j, i) * x for j, x in enumerate(u)) for i in range(len(u))]


def norm(n, rounds):
    u = [1.0] * n
    for _ in range(rounds):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    top = sum(a * b for a, b in zip(u, v))
    bottom = sum(b * b for b in v)
    return (top / bottom) ** 0.5


print(f"{norm(200, 10):.9f}")
