"""Fifty correct parallel loops: none is refused, and each gives what the same function gives interpreted.

Sums of floats are of whole numbers, so that their order does not matter here; test_blocks.py tests the order."""
# timeout: 400
import numpy as np
from numba import njit, prange

N = 1000
A = (np.arange(N) * 7919 % 101).astype(np.float64)
M = (np.arange(1200) * 31 % 9).astype(np.float64).reshape(40, 30)
IX = np.arange(N) * 37 % N
CASES = []


def case(*args):
    def add(function):
        CASES.append((function, args))
        return function
    return add


@case(A)
def fill(a):
    y = np.empty(len(a))
    for i in prange(len(a)):
        y[i] = a[i] * 2
    return y


@case(A)
def in_place(a):
    for i in prange(len(a)):
        a[i] = a[i] + 1
    return a


@case(A)
def augmented(a):
    for i in prange(len(a)):
        a[i] += i
    return a


@case(A)
def stencil(a):
    y = np.zeros_like(a)
    for i in prange(1, len(a) - 1):
        y[i] = a[i - 1] + a[i] + a[i + 1]
    return y


@case(A)
def shifted(a):
    y = np.zeros(len(a) + 3)
    for i in prange(len(a)):
        y[i + 3] = a[i]
    return y


@case(A)
def backwards_index(a):
    n = len(a)
    y = np.zeros(n)
    for i in prange(n):
        y[n - 1 - i] = a[i]
    return y


@case(A)
def even_from_odd(a):
    for i in prange(1, len(a) - 1, 2):
        a[i] = a[i - 1] + a[i + 1]
    return a


@case(A)
def pairs(a):
    y = np.zeros(2 * len(a))
    for i in prange(len(a)):
        y[2 * i] = a[i]
        y[2 * i + 1] = -a[i]
    return y


@case(A)
def half_from_other_half(a):
    h = len(a) // 2
    for i in prange(h):
        a[i] = a[i + h]
    return a


@case(A)
def reversed_range(a):
    y = np.zeros(len(a))
    for i in prange(len(a) - 1, -1, -1):
        y[i] = a[i] + i
    return y


@case(M)
def rows(m):
    y = np.zeros(m.shape[0])
    for i in prange(m.shape[0]):
        s = 0.0
        for j in range(m.shape[1]):
            s += m[i, j]
        y[i] = s
    return y


@case(M)
def columns(m):
    y = np.zeros_like(m)
    for j in prange(m.shape[1]):
        for i in range(m.shape[0]):
            y[i, j] = m[i, j] * j
    return y


@case(M)
def running_columns(m):
    for j in prange(m.shape[1]):
        for i in range(1, m.shape[0]):
            m[i, j] += m[i - 1, j]
    return m


@case(M)
def row_views(m):
    y = np.zeros_like(m)
    for i in prange(m.shape[0]):
        row = y[i]
        for j in range(m.shape[1]):
            row[j] = m[i, j] + 1
    return y


@case(M)
def row_slices(m):
    y = np.zeros_like(m)
    for i in prange(m.shape[0]):
        y[i, :] = m[i] * 2
    return y


@case(M)
def column_slices(m):
    y = np.zeros_like(m)
    for j in prange(m.shape[1]):
        y[:, j] = m[:, j] - 1
    return y


@case(A)
def windows(a):
    y = np.zeros(len(a))
    for i in prange(0, len(a) - 3, 4):
        y[i:i + 4] = a[i:i + 4] * 3
    return y


@case(A)
def flattened_constant(a):
    y = np.zeros(4 * len(a))
    for i in prange(len(a)):
        for k in range(4):
            y[4 * i + k] = a[i] + k
    return y


@case(M)
def flattened(m):
    n, w = m.shape
    y = np.zeros(n * w)
    for i in prange(n):
        for j in range(w):
            y[i * w + j] = m[i, j]
    return y


@case(A)
def permuted(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        y[(i * 7) % len(a)] = a[i]
    return y


@case(A, IX)
def scattered(a, ix):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        y[ix[i]] = a[i]
    return y


@case(A, IX)
def gathered(a, ix):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        y[i] = a[ix[i]]
    return y


@case(A)
def total(a):
    s = 0.0
    for i in prange(len(a)):
        s += a[i]
    return s


@case(A)
def difference(a):
    s = 5.0
    for i in prange(len(a)):
        s -= a[i]
    return s


@case(20)
def product(n):
    p = 1
    for i in prange(1, n):
        p *= i
    return p


@case(A)
def smallest_and_largest(a):
    lo = np.inf
    hi = -np.inf
    for i in prange(len(a)):
        lo = min(lo, a[i])
        hi = max(hi, a[i])
    return lo, hi


@case(IX)
def bits(ix):
    a, o, x = -1, 0, 0
    for i in prange(len(ix)):
        a &= int(ix[i]) | 8
        o |= int(ix[i])
        x ^= int(ix[i])
    return a, o, x


@case(A)
def conditional_sum(a):
    s = 0.0
    for i in prange(len(a)):
        if a[i] > 50:
            s += a[i]
        elif a[i] > 20:
            s -= 1
    return s


@case(A)
def counts(a):
    small = 0
    large = 0
    for i in prange(len(a)):
        if a[i] < 30:
            small += 1
        else:
            large += 1
    return small, large


@case(A)
def inner_sum(a):
    s = 0.0
    for i in prange(len(a)):
        for j in range(3):
            s += a[i] * j
    return s


@case(IX)
def histogram(ix):
    h = np.zeros(16, np.int64)
    for i in prange(len(ix)):
        h[ix[i] % 16] += 1
    return h


@case(A, IX)
def weighted_histogram(a, ix):
    h = np.zeros(16)
    for i in prange(len(ix)):
        h[ix[i] % 16] += a[i]
    return h


@case(A)
def modulo_sum(a):
    y = np.zeros(4)
    for i in prange(len(a)):
        y[i % 4] += a[i]
    return y


@case(A)
def one_cell(a):
    y = np.zeros(1)
    for i in prange(len(a)):
        y[0] += a[i]
    return y


@case(M)
def row_sum(m):
    acc = np.zeros(m.shape[1])
    for i in prange(m.shape[0]):
        acc += m[i]
    return acc


@case(M)
def column_sums(m):
    acc = np.zeros(m.shape[1])
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            acc[j] += m[i, j]
    return acc


@case(M)
def two_dimensional_bins(m):
    h = np.zeros((3, 3))
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            h[int(m[i, j]) // 3, i % 3] += 1
    return h


@case(A)
def cell_maximum(a):
    h = np.full(8, -1.0)
    for i in prange(len(a)):
        h[i % 8] = max(h[i % 8], a[i])
    return h


@case(A)
def private_array(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        t = np.zeros(4)
        for k in range(4):
            t[k] = a[i] * k
        y[i] = t.sum()
    return y


@case(A)
def private_scalar(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        t = a[i]
        t = t * t + 1
        y[i] = t
    return y


@case(A)
def while_inside(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        k = i
        c = 0
        while k > 1:
            k = k // 2 if k % 2 == 0 else 3 * k + 1
            c += 1
        y[i] = c
    return y


@case(A)
def branches(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        if a[i] > 50:
            y[i] = 1
        elif a[i] > 25:
            y[i] = 2
    return y


@case(A)
def skips(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        if i % 3 == 0:
            continue
        y[i] = a[i]
    return y


@case(A)
def same_flag(a):
    found = np.zeros(1, np.bool_)
    for i in prange(len(a)):
        if a[i] == 7:
            found[0] = True
    return found


@case(M)
def product_of_matrices(m):
    n, w = m.shape
    c = np.zeros((n, n))
    for i in prange(n):
        for j in range(n):
            for k in range(w):
                c[i, j] += m[i, k] * m[j, k]
    return c


@case(M)
def upper_triangle(m):
    n = m.shape[0]
    c = np.zeros((n, n))
    for i in prange(n):
        for j in range(i, n):
            c[i, j] = i * 100 + j
    return c


@case(M)
def symmetric(m):
    n = m.shape[0]
    c = np.zeros((n, n))
    for i in prange(n):
        for j in range(i):
            c[i, j] = i + j
            c[j, i] = i + j
    return c


@case(M)
def two_loops(m):
    y = np.zeros(m.shape[0])
    z = np.zeros(m.shape[0])
    for i in prange(m.shape[0]):
        y[i] = m[i, 0]
    for i in prange(m.shape[0]):
        z[i] = y[m.shape[0] - 1 - i]
    return z


@case(M)
def time_steps(m):
    u = m.copy()
    v = m.copy()
    for t in range(4):
        for i in prange(1, m.shape[0] - 1):
            for j in range(1, m.shape[1] - 1):
                v[i, j] = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - u[i, j]
        u, v = v, u
    return u


@case(M)
def nested(m):
    y = np.zeros_like(m)
    for i in prange(m.shape[0]):
        for j in prange(m.shape[1]):
            y[i, j] = m[i, j] * 10
    return y


@case(A)
def last_value(a):
    x = -1.0
    for i in prange(len(a)):
        x = a[i] * 2
    return x


@case(6)
def empty_and_single(n):
    s = 0
    for i in prange(0):
        s += 100
    for i in prange(1):
        s += n
    for i in prange(5, 2):
        s += 1000
    return s


@njit
def cube(x):
    return x * x * x


@case(A)
def calls(a):
    y = np.zeros(len(a))
    for i in prange(len(a)):
        y[i] = cube(a[i])
    return y


@case(4)
def thread_cells(workers):
    cells = np.zeros(4)
    for w in prange(workers):
        s = 0.0
        for i in range(w, 100, workers):
            s += i
        cells[w] = s
    return cells.sum()


@case(A)
def planes(a):
    y = np.zeros((3, len(a)))
    for i in prange(len(a)):
        y[0, i] = a[i]
        y[1, i] = a[i] + 1
        y[2, i] = y[0, i] + y[1, i]
    return y


@case(A)
def largest_by_comparison(a):
    m = -1.0
    least = 1e9
    for i in prange(len(a)):
        if a[i] > m:
            m = a[i]
        least = a[i] if a[i] < least else least
    return m, least


@case(A)
def flags(a):
    found = False
    every = True
    for i in prange(len(a)):
        if a[i] == 50:
            found = True
        if a[i] < 0:
            every = False
    return found, every


@case(M)
def rebound_array(m):
    acc = np.ones(m.shape[1])
    first = acc
    for i in prange(m.shape[0]):
        acc = acc + m[i]
    return acc, first


@case(A)
def pair_of_sums(a):
    s, p = 0.0, 1.0
    for i in prange(len(a)):
        s, p = s + a[i], p / 1.0
    return s, p


def parts(result):
    return result if isinstance(result, tuple) else (result,)


assert len(CASES) >= 50, len(CASES)
for function, args in CASES:
    def copies():
        return [a.copy() if isinstance(a, np.ndarray) else a for a in args]

    wanted = parts(function(*copies()))
    got = parts(njit(parallel=True)(function)(*copies()))
    assert len(wanted) == len(got), function.__name__
    for w, g in zip(wanted, got):
        assert np.array_equal(w, g), (function.__name__, w, g)
print(f"ok: {len(CASES)} loops")
