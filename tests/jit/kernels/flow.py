"""Ways through loops that have no common form."""
from cases import show


def returns_at_once(x, y):
    for i in range(x):
        x = 0
        for j in range(x):
            return 1
        else:
            pass
    return 0


def breaks_at_once(n):
    for i in range(n):
        n += 10
        break
    return n


def inner_breaks(n):
    s = 0
    for i in range(n):
        s += i
        for j in range(i):
            s += 100
            break
    return s


def raises_at_once(n):
    for i in range(n):
        raise ValueError("here", 3)
    return n


show(returns_at_once, 3, 3)
show(returns_at_once, 0, 3)
show(breaks_at_once, 4)
show(breaks_at_once, 0)
show(inner_breaks, 5)
show(raises_at_once, 2)
show(raises_at_once, 0)


def repeated(n, v):
    a = list(range(n))
    a *= v
    return a, list(range(n)) * v


show(repeated, 2, 2)
show(repeated, 2, -1)
show(repeated, 0, 2 ** 62)
show(repeated, 1, 2 ** 58)
show(repeated, 1, 2 ** 62)


def displays(n):
    a = [1, 2, 3]
    a.append(n)
    b = {4, 5, 6}
    s = 0
    for x in [7, 8, 9, n]:
        s += x
    return a, len(b), 5 in b, s, n in [1, 2, 3], sum((1, 2, 3))


show(displays, 2)
