"""What kernels find in globals and closures: arrays, NumPy's scalars, tuples and lists of them, ints of 64 bits."""
import numpy as np
from cases import show
from numba import njit

TABLE = np.array([1.0, 2.0, 4.0])
COUNTS = np.arange(6).reshape(2, 3)
HALF = np.float32(0.5)
MASK = np.uint64(0xFFFFFFFFFFFFFFFF)
PAIR = (np.arange(3), np.arange(4.0))
NAMES = ["a", "bc"]
PRIME = 1099511628211
BASIS = 14695981039346656037
FLAG = np.bool_(True)
TURN = np.complex64(1j)


def looked_up(i):
    return TABLE[i] + COUNTS[1, i]


def scalars(x):
    return float(HALF * x), bool(FLAG), complex(TURN * 2)


def of_a_tuple(i):
    return PAIR[1][i] + PAIR[0][i]


@njit
def inner(i):
    return TABLE[i] * 2


@njit
def middle(i):
    return inner(i) + COUNTS[0, i]


def through_calls(i):
    return middle(i) + inner(i)


def recursive(n):
    if n == 0:
        return TABLE[2]
    return recursive(n - 1) + TABLE[0]


def names(i):
    return NAMES[i]


def written(x):
    TABLE[1] = x
    return TABLE[1]


def fnv(data):
    h = np.uint64(14695981039346656037)
    for i in range(len(data)):
        h = (h ^ np.uint64(data[i])) * np.uint64(PRIME)
    return int(h)


def fnv_named(data):
    h = np.uint64(BASIS)
    for x in data:
        h = h ^ np.uint64(x)
        h = h * np.uint64(PRIME)
    return int(h & MASK)


def masked(x):
    return x & 0xFFFFFFFFFFFFFFFF, x & 0xF000000000000001, 0x8000000000000001 & x


def compared(x):
    return (x < 0x8000000000000000, 0x8000000000000000 <= x, x == 0xFFFFFFFFFFFFFFFF, x != 9223372036854775808,
            x > 9223372036854775808)


def with_floats(x):
    return x * 18446744073709551615, 9223372036854775808 - x, float(9223372036854775808)


def returned():
    return 18446744073709551615


def stored(a):
    a[0] = 18446744073709551615
    a[1] = a[0] ^ 0xF0F0F0F0F0F0F0F0
    return int(a[0] >> np.uint64(60)), a & 0xFF00000000000000


def masked_negative(x):
    return x & 0xFFFFFFFFFFFFFFFF


show(looked_up, 2)
show(scalars, 3)
show(of_a_tuple, 2)
show(through_calls, 1)
show(recursive, 3)
show(names, 1)
show(written, 7.5)
print(TABLE)
TABLE[1] = -1
show(looked_up, 1)
kernel = njit(looked_up)
print(kernel(0))
TABLE[0] = 100
print(kernel(0))
show(fnv, np.frombuffer(b"krait", dtype=np.uint8))
show(fnv_named, [107, 114, 97, 105, 116])
show(masked, 12345)
show(compared, 5)
show(compared, 2 ** 63 - 1)
show(with_floats, 0.5)
show(returned)
show(stored, np.zeros(2, np.uint64))


def makes(table, k):
    @njit
    def f(i):
        return table[i] * k
    return f


print(makes(np.arange(3) * 0.5, 2)(2), makes(np.arange(3), 5)(2))
