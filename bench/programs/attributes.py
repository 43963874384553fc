"""Attribute access: instance attributes, methods, properties, class attributes, slots."""


class Point:
    scale = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def dot(self, other):
        return self.x * other.x + self.y * other.y

    @property
    def norm(self):
        return self.x + self.y


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = self.b = 0


def run(n):
    p, q, s = Point(1, 2), Point(3, 4), Slotted()
    total = 0
    for i in range(n):
        p.x = i & 15
        q.y += 1
        s.a = s.b + p.scale
        s.b = s.a & 255
        total += p.dot(q) + p.norm
    return total, s.a


print(*run(2_400_000))
