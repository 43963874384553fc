"""Fields of records by attribute, as Numba's kernels write them: the same as by name."""
import numba
import numpy as np
from numba import njit

PACKED = np.dtype([("a", "i4"), ("b", "f8"), ("c", "u1"), ("z", "c8")])
ALIGNED = np.dtype([("a", "i4"), ("b", "f8"), ("c", "u1"), ("z", "c8")], align=True)
NESTED = np.dtype([("p", [("x", "f8"), ("y", "f8")]), ("v", "f4", (3,)), ("n", "i8")])


@njit
def read(r):
    s = 0.0
    for i in range(len(r)):
        s += r[i].a * r[i].b + r[i].c + r[i].z.imag
    return s, r.a.sum(), r.b[1]


@njit
def write(r):
    for i in range(len(r)):
        r[i].a = i * 2
        r[i].b += i * 0.5
        r.c[i] = i
        r.z[i] = 1j * i
    for x in r:
        x.a += 1
    r.b = r.b * 2


@njit
def nested(z):
    z[0].p.x = 2.5
    z[1].p.y = z[0].p.x + 1
    z[0].v[1] = 8
    z[2].p = z[1].p
    z[1].v = 3
    return z[2].p.y, z.p.y.sum(), z.v[0, 1]


def by_name(r):
    return sum(float(x["a"] * x["b"] + x["c"] + x["z"].imag) for x in r)


for dtype in (PACKED, ALIGNED):
    r = np.zeros(4, dtype)
    r["a"], r["b"], r["c"], r["z"] = np.arange(4) - 2, np.arange(4) * 0.75, np.arange(4) * 9, np.arange(4) * (1 - 2j)
    assert read(r) == (by_name(r), -2, 0.75), read(r)
    write(r)
    assert r["a"].tolist() == [1, 3, 5, 7]
    assert r["b"].tolist() == [0.0, 2.5, 5.0, 7.5]
    assert r["c"].tolist() == [0, 1, 2, 3]
    assert r["z"].tolist() == [0, 1j, 2j, 3j]
z = np.zeros(3, NESTED)
assert nested(z) == (3.5, 7.0, 8.0)
assert z["p"]["x"].tolist() == [2.5, 0.0, 0.0] and z["p"]["y"].tolist() == [0.0, 3.5, 3.5]
assert z["v"].tolist() == [[0, 8, 0], [3, 3, 3], [0, 0, 0]]
frozen = np.frombuffer(np.zeros(2, PACKED).tobytes(), dtype=PACKED)
for kernel in (write, njit(lambda r: r[0].a)):
    try:
        kernel(frozen)
    except Exception as e:
        assert "read-only" in str(e), e
    else:
        assert kernel is not write
record = numba.from_dtype(PACKED)
assert isinstance(record, numba.types.Record) and numba.typeof(np.zeros(2, PACKED)[0]) == record
for signature in (numba.types.float64(record[:]), (record[:],), f"float64({record[:]})"):
    eager = njit(signature)(lambda r: r[0].b + r[1].a)
    r = np.zeros(2, PACKED)
    r["b"], r["a"] = 2.5, 4
    assert eager(r) == 6.5 and len(eager.signatures) == 1
one = njit((record,))(lambda x: x.b)
assert one(r[0]) == 2.5
try:
    one(np.zeros(1, ALIGNED)[0])
except TypeError:
    pass
else:
    raise AssertionError
print("ok")
