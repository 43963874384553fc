"""type() of numbers and named tuples in kernels, a dtype's type, methods of tuples."""
from collections import namedtuple

import numpy as np
from cases import show

Point = namedtuple("Point", "x y")


def same_kind(x):
    return type(x)(3), type(x) == type(2.5), type(x) is type(7)


def of_elements(a):
    return a.dtype.type(2.7), type(a[0])(1)


def of_a_tuple(p):
    return type(p)(p.y, p.x)


def positions(t, x):
    return t.index(x), t.count(x)


def mixed(t, x):
    return t.index(x), t.count(x)


show(same_kind, 2)
show(same_kind, 2.5)
show(of_elements, np.zeros(2, np.int16))
show(of_elements, np.zeros(2, np.float32))
show(of_a_tuple, Point(1, 2.5))
show(positions, (3, 5, 3, 7), 3)
show(positions, (3, 5, 3, 7), 7)
show(positions, (3, 5), 4)
show(mixed, (1, 2.5, True, 4), 2.5)
