"""objmode: blocks of kernels that the interpreter runs."""
import json
import traceback

import numba
import numpy as np
from numba import njit, objmode, prange, types

kept = []


@njit
def sorted_copy(a):
    with objmode(y="float64[:]"):
        y = np.array(sorted(a.tolist(), reverse=True))
    return y * 2


@njit
def scalars(n, x):
    total = 0.0
    for i in range(n):
        with objmode(k="int64", z=types.complex128, flag="boolean", text="unicode_type", f="float32"):
            k = len(json.dumps([i] * (i + 1)))
            z = complex(i, x)
            flag = i % 2 == 0
            text = "<%d>" % i
            f = x / 3
        total += k + z.imag
        if flag:
            total += len(text)
    return total, text, f, z


@njit
def changed(a):
    with objmode():
        a[0] = 99
        kept.append(a)
    return a.sum()


@njit
def table(n):
    with numba.objmode(t="int64[:, :]"):
        t = np.arange(n * 2).reshape(n, 2)
    return t.shape, t[n - 1, 1]


def factory(scale):
    @njit
    def scaled(x):
        with objmode(y="float64"):
            y = str(x).count("1") * scale
        return y
    return scaled


@njit
def raising(x):
    with objmode():
        if x > 2:
            raise KeyError("too large")
    return x


@njit
def caught(x):
    try:
        with objmode():
            raise ValueError("inside")
    except ValueError:
        return -x
    return x


@njit
def wrong_kind():
    with objmode(y="int64"):
        y = 2.5
    return y


@njit
def wrong_rank():
    with objmode(y="int64[:]"):
        y = np.zeros((2, 2), np.int64)
    return y


@njit
def calls(x):
    return raising(x) + 1


@njit(parallel=True)
def chunks(a):
    with numba.parallel_chunksize(4):
        for i in prange(a.size):
            a[i] = i * 2
    return a


assert sorted_copy(np.array([1.0, 3.0, 2.0])).tolist() == [6.0, 4.0, 2.0]
assert scalars(3, 1.5) == (3 + 6 + 9 + 3 * 1.5 + 6, "<2>", 0.5, 2 + 1.5j)
a = np.zeros(4)
assert changed(a) == 99.0 and a.tolist() == [99.0, 0, 0, 0]
del a
assert kept[0].tolist() == [99.0, 0, 0, 0]
assert table(3) == ((3, 2), 5)
assert factory(2.5)(1.1) == 5.0 and factory(10)(1.1) == 20.0
assert raising(1) == 1 and caught(4) == -4 and calls(1) == 2
for function, error in ((lambda: raising(3), KeyError), (lambda: calls(5), KeyError), (wrong_kind, TypeError),
                        (wrong_rank, TypeError)):
    try:
        function()
    except error:
        assert "test_objmode.py" in traceback.format_exc()
    else:
        raise AssertionError(function)
assert chunks(np.zeros(100, np.int64)).tolist() == list(range(0, 200, 2))
try:
    @njit
    def unknown(x):
        with objmode(y="ListType[int64]"):
            y = [x]
        return y
except numba.core.errors.UnsupportedError:
    pass
else:
    raise AssertionError


@njit
def inverted(a):
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return np.zeros_like(a) - 1


@njit
def class_of(a):
    try:
        return np.linalg.inv(a)[0, 0]
    except IndexError:
        return -1.0
    except ValueError:
        return -2.0


@njit
def signalled(x):
    if x < 0:
        raise np.linalg.LinAlgError("negative")
    return x


assert inverted(np.zeros((2, 2))).tolist() == [[-1, -1], [-1, -1]] and inverted(np.eye(2)).tolist() == [[1, 0], [0, 1]]
assert class_of(np.zeros((2, 2))) == -2.0
try:
    signalled(-1.0)
except np.linalg.LinAlgError as e:
    assert str(e) == "negative"
else:
    raise AssertionError
