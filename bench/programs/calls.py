"""Function calls: recursion, positional, default and keyword arguments, methods of builtins."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def add(a, b, c=1, *, d=2):
    return a + b + c + d


def loop(n):
    total = 0
    for i in range(n):
        total = add(total, i) - add(i, 1, c=3, d=4)
    return total


print(fib(30), loop(2_500_000))
