"""Exceptions: try without raising, raising and catching, finally, nested handlers, with."""


class Refused(ValueError):
    def __init__(self, number):
        super().__init__("refused", number)
        self.number = number


class Guard:
    entered = 0

    def __enter__(self):
        Guard.entered += 1
        return self

    def __exit__(self, kind, value, traceback):
        return kind is KeyError


def check(i):
    if i % 3 == 0:
        raise Refused(i)
    return i


def deep(i, depth):
    if depth == 0:
        return check(i)
    try:
        return deep(i, depth - 1)
    finally:
        Guard.entered -= 0


def run(n):
    caught = total = 0
    table = {}
    for i in range(n):
        try:
            total += check(i)
        except Refused as e:
            caught += e.number & 1
        try:
            total += deep(i, 3)
        except (KeyError, ValueError):
            caught += 1
        with Guard():
            if i % 5 == 0:
                table[i]
    return caught, total, Guard.entered


print(*run(550_000))
