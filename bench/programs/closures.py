"""Closures: counters with nonlocal, composed functions, lambdas, decorators, map and filter."""

import functools


def counter():
    n = 0

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step


def compose(*functions):
    def run(x):
        for f in functions:
            x = f(x)
        return x

    return run


def traced(f):
    calls = 0

    @functools.wraps(f)
    def wrapper(*args):
        nonlocal calls
        calls += 1
        return f(*args)

    wrapper.calls = lambda: calls
    return wrapper


@traced
def shift(a, b):
    return a + b


def run(n):
    c = counter()
    f = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - c())
    total = 0
    for i in range(n):
        total += f(i)
        total += shift(i, 1)
    adders = [lambda x, k=k: x + k for k in range(10)]
    total += sum(map(lambda x: adders[x % 10](x), filter(lambda x: x & 1, range(n))))
    return total, shift.calls()


print(*run(1_600_000))
