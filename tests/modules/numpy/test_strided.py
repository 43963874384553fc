"""Functions of strided and overlapping operands, against copies. Passes under CPython with NumPy, too."""
import numpy as np

rng = np.random.default_rng(0)
s, t = rng.random(1000)[::3], rng.random(500)[::-1]
for f in (np.sqrt, np.negative, np.exp, np.isnan, np.square):
    assert (f(s) == f(s.copy())).all() and (f(t) == f(t.copy())).all()
x = np.arange(200.)
x[::2] = np.sqrt(x[::2])
assert (x[::2] == np.sqrt(np.arange(0, 200., 2))).all()
x = np.arange(200.)
np.negative(x[:-1], out=x[1:])
assert (x[1:] == -np.arange(199.)).all()
x = np.arange(200.)
np.negative(x[::-1], out=x)
assert (x == -np.arange(200.)[::-1]).all()

# x op= b: in place, through every way that b may share memory with x.
for n in (1, 2, 3, 100):
    for make in (lambda x: x, lambda x: x[::-1], lambda x: x[:1], lambda x: x.copy(), lambda x: 3, lambda x: 2.5,
                 lambda x: np.float64(2)):
        for op in ("add", "sub", "mul", "truediv"):
            x = np.arange(1., n + 1)
            want = getattr(np, {"sub": "subtract", "mul": "multiply", "truediv": "divide"}.get(op, op))(x, make(x))
            y = getattr(x, f"__i{op}__")(make(x))
            assert y is x and (x == want).all(), (n, op)

# x[a:b] = v
x = np.arange(10.)
x[1:] = x[:-1]
assert x.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
x[::-2] = np.arange(5.)
assert x.tolist() == [0, 4, 1, 3, 3, 2, 5, 1, 7, 0]
x[5:2] = np.zeros(0)
try:
    x[2:4] = np.zeros(3)
    assert False
except ValueError as e:
    assert str(e) == "could not broadcast input array from shape (3,) into shape (2,)"

# Integers to negative powers are refused, whichever way they come.
for call in (lambda a, b: np.power(a, b), lambda a, b: a ** b, lambda a, b: np.power(a, -1), lambda a, b: a ** -1,
             lambda a, b: np.power(a, b, out=a.copy()), lambda a, b: a.__ipow__(b)):
    try:
        call(np.array([2, 3]), np.array([1, -1]))
        assert False
    except ValueError as e:
        assert str(e) == "Integers to negative integer powers are not allowed."
assert (np.power(np.array([2, 3]), np.array([3, 2])) == [8, 9]).all()
