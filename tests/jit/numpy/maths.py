"""Elementary functions have one implementation: floats, arrays and kernels agree to the last bit. Prints what does not."""
import cmath
import math

import numpy as np

from cases import case

POINTS = [0.0, -0.0, 0.5, -0.5, 1.0, 2.0, 3.7, -4.9, 10.25, 0.001, -1e-9, 1e10, 710.2, 1e300, 5e-324, 23.0, 24.0]


def outcome(f, *args):
    try:
        return repr(f(*args))
    except (ValueError, OverflowError, ZeroDivisionError) as e:
        return type(e).__name__


UNARY = {"sin": math.sin, "cos": math.cos, "tan": math.tan, "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan,
         "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "arcsinh": math.asinh, "arccosh": math.acosh,
         "arctanh": math.atanh, "exp": math.exp, "expm1": math.expm1, "log": math.log, "log2": math.log2, "log10": math.log10,
         "log1p": math.log1p, "sqrt": math.sqrt}


def same_as_arrays():
    """In krait only: the C library of other interpreters has other last bits."""
    import sys
    if sys.implementation.name != "krait":
        return True
    with np.errstate(all="ignore"):
        for name, f in UNARY.items():
            for x, y in zip(POINTS, getattr(np, name)(np.array(POINTS)).tolist()):
                try:
                    if f(x) != y:
                        print("differs", name, x, f(x), y)
                        return False
                except (ValueError, OverflowError):
                    pass
        for x in POINTS:
            for y in (-2.0, 0.3, 2.0, 7.0):
                if x > 0 and np.isfinite(np.power(x, y)) and x ** y != np.power(x, y):
                    print("differs pow", x, y)
                    return False
    return True


print(same_as_arrays())
# values that are exact, or certain to the last bit shown
case("exact", lambda: (math.sqrt(2.25), math.exp(0.0), math.log(1.0), math.log2(8.0), math.log10(1000.0), math.cos(0.0), math.atan2(0.0, 1.0),
                       math.gamma(23.0), math.gamma(5.0), math.lgamma(1.0), math.lgamma(2.0), math.erf(0.0), math.hypot(3.0, 4.0),
                       math.pow(3.0, 4.0), math.expm1(0.0), math.log1p(0.0)))
case("powers", lambda a: a ** 2 + a ** 3, 3.0)
case("overflow", lambda x: math.exp(x), 710.0)
case("no overflow", lambda x: math.sinh(x) > 1e300, 710.2)
case("domain", lambda x: math.log(x), -1.0)
case("far", lambda x: (math.asinh(x) > 600, math.acosh(x) > 600, math.log1p(x) > 600), 1e300)
case("complex", lambda z: (np.sqrt(z), np.exp(z * 0), np.abs(z), z ** 2, np.power(z, 3)), 3 + 4j)
case("products", lambda a, b: (np.dot(a, b), a @ b, np.dot(a[0], b[:, 0])), np.arange(600.0).reshape(20, 30), np.arange(600.0).reshape(30, 20))
