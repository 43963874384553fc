"""All forms of indexing in kernels, read and written."""
import numpy as np

from cases import case

v = np.arange(10) * 3 % 7
m = np.arange(24).reshape(4, 6) * 5 % 17
c = np.arange(60).reshape(3, 4, 5) * 7 % 23
i = np.array([0, 2, -1])
j = np.array([1, 0, 3])
i2 = np.array([[0, 1], [2, 0]])
b = np.array([True, False, True])

case("ints", lambda a: (a[1, 2], a[-1, -6], a[2][3]), m)
case("rows", lambda a: (a[1], a[-1, :], a[:, 2], a[1:3, ::2], a[::-1, 4:1:-1], a[..., 1], a[2, ...]), m)
case("new axes", lambda a: (a[None], a[:, None, 2], a[np.newaxis, ..., None].shape), m)
case("three", lambda a: (a[1, :, 2], a[..., 0], a[:, 1], a[1:, ..., ::2]), c)
case("mask", lambda a: (a[a > 5], a[a > 100]), m)
case("one array", lambda a, i, k: (a[i], a[k], a[i, ...]), v, i, i2)
case("rows by array", lambda a, i, k: (a[i], a[k]), m, i, i2)
case("two arrays", lambda a, i, j: (a[i, j], a[i[:, None], j]), m, i, j)
case("array and slice", lambda a, i: (a[:, i], a[1:3, i], a[i, 1:4], a[i, ::2]), m, i)
case("array and int", lambda a, i: (a[i, 2], a[1, i]), m, i)
case("in the middle", lambda a, i, j: (a[:, i], a[:, i, j], a[i, :, j], a[..., i], a[1, :, i], a[:, i, 1:3]), c, np.array([0, 2]), np.array([1, 3]))
case("mask and more", lambda a, b: (a[b], a[b, 1], a[b, 1:3], a[b, :, 0]), c, b)
case("two dimensional mask", lambda a: a[a[:, :, 0] > 8], c)
case("no axis", lambda a: (a[()], a[1:1]), v)
case("wrong", lambda a, i: a[i, i], m, np.array([0, 5]))
case("too far", lambda a, k: a[k], v, 10)



def tuple_index(a):
    t = (1, 2)
    return a[t]


def stores(a, i, j, k):
    a = a.copy()
    a[0] = 9
    a[1, 1:3] = -1
    a[:, 5] = a[:, 4]
    a[2] += a[3]
    a[3, ::2] = np.arange(3)
    a[i, j] = 50
    a[i, 0] = np.arange(3)
    a[1, j] += 100
    return a


def more_stores(a, i):
    a = a.copy()
    a[:, i] = np.arange(3) * 1000
    a[i] = a[i] + 1
    a[a > 2000] = 0
    a[i, 1:3] = np.arange(6).reshape(3, 2)
    return a


def mask_stores(a):
    a = a.copy()
    a[a % 2 == 0] = -a[a % 2 == 0]
    a[a < -5] = 0
    b = a.reshape(-1)
    b[np.array([0, 1])] = np.array([7, 8])
    return a


case("stores", stores, m, i, j, 0)
case("more stores", more_stores, m, i)
case("mask stores", mask_stores, m)



def move(a):
    a = a.copy()
    a[1:] = a[:-1]
    a[:-2] += a[2:]
    return a


def array_in_tuple(a, t):
    a = a.copy()
    b = a[t]
    a[t] = 3
    return b, a


case("tuple variable", tuple_index, m)
case("array in a tuple", array_in_tuple, m, (i,))
case("mask in a tuple", array_in_tuple, v, (v > 2,))
case("arrays in a tuple", array_in_tuple, m, (i, j))
case("shifted", move, v)
