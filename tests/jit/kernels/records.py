"""Structured arrays and records in kernels: fields read, written, made, passed in and out. Fields by attribute, which
NumPy's own records have not, are in test_record_attributes.py."""
import numpy as np
from cases import plain, shown_by
from numba import njit

PACKED = np.dtype([("a", "i4"), ("b", "f8"), ("c", "u1"), ("z", "c8")])
ALIGNED = np.dtype([("a", "i4"), ("b", "f8"), ("c", "u1"), ("z", "c8")], align=True)
NESTED = np.dtype([("p", [("x", "f8"), ("y", "f8")]), ("v", "f4", (3,)), ("n", "i8"), ("m", "i2", (2, 2))])
WITH_TEXT = np.dtype([("name", "S4"), ("x", "f8"), ("ok", "?")])
SMALL = np.dtype("float32")


def text(v):
    v = plain(v)
    if isinstance(v, (tuple, list)):
        return "(" + ", ".join(map(text, v)) + ")"
    return repr(v.tolist() if hasattr(v, "tolist") else v.item() if hasattr(v, "item") else v)


show = shown_by(text)


def filled(dtype, n=4):
    z = np.zeros(n, dtype)
    z["a"] = np.arange(n) * 3 - 2
    z["b"] = np.arange(n) * 0.75 - 1
    z["c"] = np.arange(n) * 70
    z["z"] = np.arange(n) * (1 - 2j)
    return z


def summed(r):
    s = 0.0
    for i in range(len(r)):
        s += r[i]["a"] * r[i]["b"] + r[i]["c"] + r[i]["z"].imag
    return s


def columns(r):
    return r["a"].sum(), r["b"].max(), (r["b"] * 2 + r["a"])[1], r["a"].shape, r.size, r["c"][2], len(r["b"])


def written(r):
    for i in range(len(r)):
        r[i]["a"] = i * 2
        r[i]["b"] += i * 0.5
        r["c"][i] = i
        r["z"][i] = 1j * i
    r[-1]["b"] = -7.25


def iterated(r):
    s = 0
    for x in r:
        x["a"] += 1
        s += x["a"]
    for i, x in enumerate(r):
        x["c"] = i + 5
    for y in r["b"]:
        s += int(y * 4)
    return s


def copied(r):
    r[0] = r[1]
    q = r.copy()
    q[1]["a"] = 99
    return r[1]["a"], q[1]["a"], q[0]["b"]


def cut(r):
    q = r[1:3]
    q[0]["a"] = -5
    return q["a"][0] + r[1]["a"], len(q), r[::-1][0]["b"], q


def one(x):
    x["a"] = 7
    x["b"] = x["b"] * 2
    return x["b"], x["a"], x[2]


def given_back(r):
    return r[2]


def made(n):
    z = np.zeros(n, PACKED)
    for i in range(n):
        z[i]["a"] = i
        z[i]["b"] = i / 4
    return z


def made_like(r):
    q = np.zeros_like(r)
    for i in range(len(r)):
        q[i]["b"] = r[i]["b"] + 1
    return q["b"].sum()


def two_dimensional(r):
    s = 0.0
    for i in range(r.shape[0]):
        for j in range(r.shape[1]):
            s += r[i, j]["b"]
            r[i, j]["a"] = i * 10 + j
    for row in r:
        s += row[0]["b"]
    return s, r["a"][1, 2], r.ndim


def nested(z):
    z[0]["p"]["x"] = 2.5
    z[1]["p"]["y"] = z[0]["p"]["x"] + 1
    z[0]["v"][1] = 8
    z[2]["p"] = z[1]["p"]
    z["v"][1, 2] = 4.0
    z[1]["m"][1, 0] = 6
    return z[2]["p"]["y"], z[0]["v"].sum(), z["v"][1].sum(), z["p"]["y"].sum(), z[1]["m"][1, 0], z["m"].shape


def with_text(z):
    z[0]["x"] = 1.5
    z[1]["ok"] = z[0]["x"] > 1
    return z[0]["x"], z[1]["ok"], z[2]["ok"]


@njit
def bump(x, k):
    x["a"] += k
    return x


def through_calls(r):
    y = bump(r[1], 5)
    bump(y, 1)
    return r[1]["a"], y["a"]


def out_of_range(r, i):
    return r[i]["a"]


def dtypes(a, d):
    b = np.zeros(3, SMALL)
    c = np.ones(2, dtype=d)
    return b, c, a.dtype == SMALL


for dtype in (PACKED, ALIGNED):
    z = filled(dtype)
    show(summed, z)
    show(columns, z)
    show(written, z)
    z = filled(dtype)
    show(iterated, z)
    show(copied, z)
    show(cut, z)
    show(one, filled(dtype)[1])
    y = filled(dtype)
    show(one, y[2])
    print(y.tolist())
    show(given_back, y)
    show(made_like, y)
    show(two_dimensional, filled(dtype, 6).reshape(2, 3))
    show(through_calls, y)
    show(out_of_range, y, 4)
    show(out_of_range, y, -1)
show(made, 3)
z = np.zeros(3, NESTED)
print(plain(njit(nested)(z)), [z[name].tolist() for name in "vnm"], z["p"].tolist())
show(with_text, np.zeros(3, WITH_TEXT))
show(summed, filled(ALIGNED, 8)[1::2])
show(summed, np.frombuffer(b"x" + filled(ALIGNED).tobytes(), dtype=ALIGNED, offset=1))
show(dtypes, np.zeros(2, np.float32), np.dtype("int16"))
show(dtypes, np.zeros(2), np.dtype("float64"))
