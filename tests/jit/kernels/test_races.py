"""Loops whose iterations share elements: each is right because it became a reduction, or refused, or found by the check
mode. The first is the race of Numba's documentation."""
# timeout: 400
import numpy as np
from numba import njit, prange
from numba.core.errors import TypingError

N = 200
X = (np.arange(N) % 13).astype(np.float64)
IX = np.arange(N) * 7 % 10
REDUCED, REFUSED, FOUND = [], [], []


def documented(x):
    y = np.zeros(4)
    for i in prange(len(x)):
        y[i % 4] += x[i]
    return y




def table(x, ix):
    h = np.zeros(10)
    for i in prange(len(x)):
        h[ix[i]] = h[ix[i]] + x[i]
    return h


def products(x):
    p = np.ones(3, np.int64)
    for i in prange(len(x)):
        p[i % 3] *= int(x[i]) % 3 + 1
    return p


def lowest(x):
    m = np.full(5, 1e300)
    for i in prange(len(x)):
        m[i // 2 % 5] = min(m[i // 2 % 5], x[i])
    return m


def masks(x):
    m = np.zeros(2, np.int64)
    for i in prange(len(x)):
        m[i & 1] |= 1 << int(x[i])
    return m


def overlapping_sums(x):
    y = np.zeros(len(x) + 2)
    for i in prange(len(x)):
        for k in range(3):
            y[i + k] += x[i]
    return y


def rows(x):
    acc = np.zeros(len(x))
    for i in prange(20):
        acc[:] += x * i
    return acc


REDUCED = [(documented, (X,)), (table, (X, IX)), (products, (X,)), (lowest, (X,)), (masks, (X,)),
           (overlapping_sums, (X,)), (rows, (X,))]


def all_write_one(x):
    y = np.zeros(1)
    for i in prange(len(x)):
        y[0] = x[i]
    return y


def modulo(x):
    y = np.zeros(4)
    for i in prange(len(x)):
        y[i % 4] = x[i]
    return y


def halves(x):
    y = np.zeros(len(x))
    for i in prange(len(x)):
        y[i // 2] = x[i]
    return y


def previous(x):
    for i in prange(1, len(x)):
        x[i] = x[i - 1] + 1
    return x


def following(x):
    for i in prange(len(x) - 1):
        x[i] = x[i + 1] + 1
    return x


def doubled(x):
    for i in prange(len(x) // 2):
        x[i] = x[2 * i]
    return x


def every_column(x):
    m = np.zeros((5, 5))
    for i in prange(len(x)):
        for j in range(5):
            m[0, j] = i
    return m


def two_slices(x):
    y = np.zeros(len(x) + 1)
    for i in prange(len(x)):
        y[i:i + 2] = x[i]
    return y


def carried(x):
    last = 0.0
    for i in prange(len(x)):
        x[i] += last
        last = x[i]
    return x


def mixed_operations(x):
    s = 1.0
    for i in prange(len(x)):
        s = s * 2 + x[i]
    return s


def more_than_compared(x):
    m = 0.0
    for i in prange(len(x)):
        if x[i] > m:
            m = x[i] + 1
    return m


def other_than_compared(x):
    m = 0.0
    for i in prange(1, len(x)):
        if x[i] > m:
            m = x[i - 1]
    return m


def less_and_more(x):
    m = 0.0
    for i in prange(len(x)):
        if x[i] > m:
            m = x[i]
        else:
            m = 0.0
    return m


def set_and_cleared(x):
    f = False
    for i in prange(len(x)):
        if x[i] > 5:
            f = True
        elif x[i] > 3:
            f = False
    return f


def place_of_maximum(x):
    m = 0.0
    k = -1
    for i in prange(len(x)):
        if x[i] > m:
            m = x[i]
            k = i
    return k


def grows(x):
    acc = np.zeros(3)
    for i in prange(len(x)):
        acc = acc * 2 + x[:3]
    return acc


def neighbour_rows(x):
    m = np.zeros((20, 3))
    for i in prange(1, 20):
        m[i, :] = m[i - 1, :] + 1
    return m


def used_while_gathered(x):
    y = np.zeros(1)
    for i in prange(len(x)):
        y[0] += x[i]
        x[i] = y[0]
    return x


REFUSED = [(all_write_one, "x", "y[0]", "i = 0", "i = 1"), (modulo, "x", "y[0]", "i = 0", "i = 4"),
           (halves, "x", "y[0]", "i = 0", "i = 1"), (previous, "x", "x[1]", "i = 1", "i = 2"),
           (following, "x", "x[1]", "i = 0", "i = 1"), (doubled, "x", "x[2]", "i = 1", "i = 2"),
           (every_column, "x", "'m'", "i = 0", "i = 1"), (two_slices, "x", "'y'", "i = 0", "i = 1"),
           (carried, "x", "'last'"), (more_than_compared, "x", "'m'"), (other_than_compared, "x", "'m'"),
           (less_and_more, "x", "'m'"), (set_and_cleared, "x", "'f'"), (place_of_maximum, "x", "'k'"), (grows, "x", "'acc'"),
           (mixed_operations, "x", "'s'"), (neighbour_rows, "x", "'m'", "i = 1", "i = 2"),
           (used_while_gathered, "x", "y[0]", "i = 0", "i = 1")]


def scatter(x, ix):
    y = np.zeros(10)
    for i in prange(len(x)):
        y[ix[i]] = x[i]
    return y


def behind_a_condition(x, ix):
    y = np.zeros(1)
    for i in prange(len(x)):
        if x[i] > 3:
            y[0] = x[i]
    return y


def distance(x, ix):
    for i in prange(10, len(x)):
        x[i] = x[i - ix[i]] + 1
    return x


def two_views(x, ix):
    later = x[1:]
    for i in prange(len(later)):
        later[i] = x[i]
    return x


def symbolic(x, ix):
    k = ix[1]
    for i in prange(len(x) - k):
        x[i] = x[i + k]
    return x


def rows_by_table(x, ix):
    m = np.zeros((10, 3))
    for i in prange(20):
        m[ix[i], :] = i
    return m


@njit
def write_first(a, v):
    a[0] = v


def through_a_call(x, ix):
    for i in prange(len(x)):
        write_first(x, i)
    return x


def sums_what_others_write(x, ix):
    for i in prange(len(x)):
        x[i] = x[:i].sum()
    return x


FOUND = [(scatter, "y[0]", 0, 10), (behind_a_condition, "y[0]", 4, 5), (distance, "x[", None, None),
         (two_views, "x[1]", 0, 1), (symbolic, "x[7]", 0, 7), (rows_by_table, "meet at m:", 0, 10),
         (through_a_call, "a[0]", 0, 1), (sums_what_others_write, "x", 0, 1)]

for function, args in REDUCED:
    wanted = function(*[a.copy() for a in args])
    for mode in (True, "check"):
        got = njit(parallel=mode)(function)(*[a.copy() for a in args])
        assert np.array_equal(wanted, got), (function.__name__, mode, wanted, got)

for function, _, *words in REFUSED:
    try:
        njit(parallel=True)(function)(X.copy())
    except TypingError as error:
        text = str(error)
        assert all(word in text for word in words), (function.__name__, words, text)
        assert len(text.splitlines()) <= 12, text
    else:
        raise AssertionError(f"{function.__name__} was not refused")

for function, element, first, second in FOUND:
    kernel = njit(parallel="check")(function)
    try:
        kernel(X.copy(), IX)
    except RuntimeError as error:
        text = str(error)
        assert element in text, (function.__name__, element, text)
        if first is not None:
            assert f"iterations {first} and {second} of prange meet" in text, (function.__name__, text)
        line = function.__code__.co_firstlineno
        assert "in line" in text, text
    else:
        raise AssertionError(f"{function.__name__}: nothing was found")
print("ok:", len(REDUCED), "reduced,", len(REFUSED), "refused,", len(FOUND), "found")
