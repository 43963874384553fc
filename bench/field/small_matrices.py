"""Small matrices as lists of lists: product, transpose, determinant, powers, an inverse; in plain Python."""
from fractions import Fraction


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def transpose(a):
    return [list(column) for column in zip(*a)]


def determinant(a):
    if len(a) == 1:
        return a[0][0]
    return sum((-1) ** j * a[0][j] * determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j in range(len(a)))


def power(a, n):
    result = [[int(i == j) for j in range(len(a))] for i in range(len(a))]
    while n:
        if n & 1:
            result = product(result, a)
        a = product(a, a)
        n >>= 1
    return result


def inverse(a):
    n = len(a)
    work = [[Fraction(x) for x in row] + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(a)]
    for column in range(n):
        pivot = next(r for r in range(column, n) if work[r][column])
        work[column], work[pivot] = work[pivot], work[column]
        head = work[column][column]
        work[column] = [x / head for x in work[column]]
        for r in range(n):
            if r != column and work[r][column]:
                factor = work[r][column]
                work[r] = [x - factor * y for x, y in zip(work[r], work[column])]
    return [row[n:] for row in work]


def loops(n):
    a = [[(i * j) % 7 + 0.5 for j in range(n)] for i in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * a[k][j]
    return c[n // 2][n // 3], sum(map(sum, c))


m = [[2, -1, 0], [1, 3, 5], [-4, 0, 6]]
print(product(m, m), transpose(m), determinant(m))
print(power([[1, 1], [1, 0]], 100)[0][1])
print(inverse(m), product(m, inverse(m)))
print(determinant([[(i * 3 + j * j) % 11 for j in range(7)] for i in range(7)]))
print(loops(40))
