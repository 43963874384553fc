"""loadtxt of plain numbers, and of what is not plain: values, shapes and messages are NumPy's 1.24 (test_plain_rows.out)."""
import io

import numpy as np

rng = np.random.default_rng(1)
x = rng.normal(size=(3000, 4)) * 10.0 ** rng.integers(-30, 30, (3000, 4))
for form in ("%.18e", "%.3f", "%g", "%r"):
    text = "".join(" ".join(form % float(v) for v in row) + "\n" for row in x)
    y = np.loadtxt(io.StringIO(text))
    assert (y == np.array([[float(word) for word in line.split()] for line in text.splitlines()])).all(), form
    z = np.loadtxt(io.StringIO(text.replace(" ", ",")), delimiter=",", usecols=(1, -1))
    assert (z == y[:, [1, -1]]).all(), form


def show(text, **options):
    try:
        print(repr(np.loadtxt(io.StringIO(text), **options)))
    except Exception as e:
        print(type(e).__name__, e)


show("# c\n1 2\n\n3 4 # x\n", dtype=int)
show("1\n2\n")
show("1\t\t2\n3\t4\n")
show("1,nan\n2, inf\n", delimiter=",")
show("1 2\n3\n")
show("1 x\n")
show("1_0\n")
for text in ("1,2,\n", "1,,2\n", " ,1\n", "   \n1,2\n", "1;2\n"):
    show(text, delimiter=",")
show("1 2 3\n4 5 6\n7 8 9", max_rows=2, unpack=True, dtype="f4")
show("5", ndmin=2)
show("5")
show("123456789012345678\n1234567890123456789\n-9223372036854775808", dtype=int)
show("-0 +1 -.5e1 7. 1e400", usecols=(0, 2, -1))
show("1 2 3", usecols=5)
