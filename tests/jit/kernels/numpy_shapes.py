"""NumPy's functions on shapes, in kernels."""
import numpy as np

from cases import case

v = np.arange(10) ** 3 % 17
f = v * 0.25
m = (np.arange(24) ** 3 % 29).reshape(4, 6)
c = (np.arange(24.0) ** 2 % 7).reshape(2, 3, 4)

case("diff", lambda a: np.diff(a), v)
case("diff n", lambda a: np.diff(a, n=3), f)
case("diff 0", lambda a: np.diff(a, 0), f)
case("diff axis", lambda a: np.diff(a, axis=0), m)
case("diff axes", lambda a, k: np.diff(a, 1, k), c, 1)
case("diff bool", lambda a: np.diff(a > 5), v)
case("diff negative", lambda a: np.diff(a, -1), v)
case("flipud", lambda a: np.flipud(a), m)
case("fliplr", lambda a: np.fliplr(a), m)
