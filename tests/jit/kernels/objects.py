"""Instances of classes in kernels: jitclasses, dataclasses and plain ones; made, changed, passed in and out."""
from dataclasses import dataclass, field

import numpy as np
from cases import plain, shown_by
from numba import float64, int64, types
from numba.experimental import jitclass


def text(v):
    v = plain(v)
    if isinstance(v, (tuple, list)):
        return "(" + ", ".join(map(text, v)) + ")"
    if hasattr(v, "__dict__"):
        return type(v).__name__ + "{" + ", ".join(f"{k}={text(x)}" for k, x in sorted(vars(v).items())) + "}"
    return repr(v)


show = shown_by(text)


@jitclass([("x", float64), ("n", int64)])
class Walker:
    def __init__(self, x):
        self.x = x
        self.n = 0

    def step(self, d):
        self.x += d
        self.n += 1
        return self.x

    def steps(self, d, k=2):
        for i in range(k):
            self.step(d)
        return self

    @property
    def twice(self):
        return self.x * 2

    @twice.setter
    def twice(self, v):
        self.x = v / 2

    @staticmethod
    def add(a, b):
        return a + b

    def fail(self):
        self.n = 99
        return self.n // 0


@jitclass([("data", float64[:]), ("names", types.List(types.unicode_type)), ("count", int64)])
class Table:
    def __init__(self, n):
        self.data = np.zeros(n)
        self.names = ["first"]
        self.count = 0

    def fill(self, v):
        for i in range(self.data.size):
            self.data[i] = v * i
            self.count += 1
        self.names.append("row" + str(self.count))
        return self.data.sum()

    def half(self):
        return self.data[:2]

    def grow(self):
        self.data = np.ones(self.data.size * 2)

    def __len__(self):
        return self.data.size

    def __getitem__(self, i):
        return self.data[i]

    def __setitem__(self, i, v):
        self.data[i] = v

    def __contains__(self, v):
        for x in self.data:
            if x == v:
                return True
        return False


@jitclass([("x", float64), ("y", float64)])
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def dot(self, other):
        return self.x * other.x + self.y * other.y


@jitclass
class Annotated:
    low: int
    high: float
    table: float64[:, :]

    def __init__(self):
        self.low = 1
        self.high = 2.5
        self.table = np.eye(2)

    def total(self):
        return self.low + self.high + self.table.sum()


@dataclass
class Point:
    x: float
    y: int
    name: str = "p"


@dataclass
class Bag:
    items: list
    where: Point
    data: np.ndarray = field(default=None)

    def size(self):
        return len(self.items)


class Plain:
    SCALE = 2.5

    def __init__(self, a):
        self.a = a
        self.b = [1, 2]

    def twice(self):
        return self.a * 2 * Plain.SCALE


def walk(w, k):
    for i in range(k):
        w.step(1.0)
    return w.x + w.twice


def made(n):
    w = Walker(1.5)
    w.steps(0.5, k=n)
    w.twice = w.twice + 1
    return w, w.n, Walker.add(1, 2), w.add(2.5, 1)


def same_one(w, v):
    return w is v, w is w, v.step(1.0), w.x


def fails(w):
    w.x = 5.0
    return w.fail()


def handled(w):
    try:
        return w.fail()
    except ZeroDivisionError:
        return w.n


def filled(n):
    t = Table(n)
    t.fill(2.0)
    t.grow()
    h = t.half()
    t.grow()
    t[1] = 50.0
    return t, h, len(t), t[1], 6.0 in t, 7.0 in t


def field_arrays(t):
    s = 0.0
    for i in range(len(t.data)):
        s += t.data[i]
        t.data[i] = s
    d = t.data
    t.data = np.ones(2)
    return s, d[1], t.data.shape[0], len(t.names), t.names[0]


def vectors(n):
    v = Vector(1.0, 2.0)
    total = Vector(0.0, 0.0)
    for i in range(n):
        total = total + v * i
    return total, -total, total == Vector(3.0, 6.0), total != v, total.dot(v), Walker(1.0) == Walker(1.0)


def in_a_list(n):
    vs = [Vector(i * 1.0, 1.0) for i in range(n)]
    vs[0].x = 10.0
    s = 0.0
    for v in vs:
        s += v.x
    return s, vs[1].y, vs


def in_a_tuple(p, q):
    t = (p, q)
    t[0].x = 3.5
    return t[1].x + t[0].x


def optional(n):
    v = None
    if n > 1:
        v = Vector(2.0, 3.0)
    if v is None:
        return -1.0
    return v.x


def annotated(a):
    a.low = 7
    a.table[0, 1] = 5.0
    return a.total()


def points(p):
    p.x += 1.5
    q = Point(p.x * 2, y=p.y + 1)
    return q, q.name, Point(1.0, 2, "z").name, p, q == Point(p.x * 2, p.y + 1), q != p


def bag(b):
    b.items.append(4)
    b.where.y = 9
    return b.size(), b.where.x, b.items[0], b.data[1]


def of_a_plain_one(p):
    p.a += 1
    p.b.append(p.a)
    return p.twice()


show(walk, Walker(1.5), 3)
show(made, 3)
w = Walker(2.0)
show(same_one, w, w)
show(same_one, w, Walker(2.0))
show(fails, w)
show(handled, w)
print(w.n, w.x, w.step(1.0), w.steps(1.0).x, w.twice, w.add(1, 2))
w.twice = 9.0
print(w.x)
show(filled, 4)
show(field_arrays, Table(3))
show(vectors, 3)
show(in_a_list, 3)
show(in_a_tuple, Vector(1.0, 2.0), Vector(4.0, 5.0))
show(optional, 1)
show(optional, 2)
show(annotated, Annotated())
show(points, Point(1.0, 2))
show(bag, Bag([1, 2], Point(1.0, 2), np.arange(3.0)))
show(of_a_plain_one, Plain(3))
t = Table(3)
d = t.data
print(t.fill(1.0), t.names, t.data is d, t.half())
