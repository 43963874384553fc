"""The functions of cmath in kernels are the interpreter's, to the last bit, errors included."""
import cmath
import random

from numba import njit

random.seed(3)
points = [complex(random.uniform(-5, 5), random.uniform(-5, 5)) for _ in range(40)]
special = (0.0, -0.0, 1.0, -1.0, float("inf"), float("nan"), 700.0, -1e-300)
points += [complex(a, b) for a in special for b in (0.0, -0.0, 2.0, float("-inf"), float("nan"))]


def outcome(f, *args):
    try:
        return repr(f(*args))
    except (ValueError, OverflowError) as e:
        return f"{type(e).__name__}: {e}"


names = ("phase polar sqrt exp log log10 sin cos sinh cosh tan tanh asin acos atan asinh acosh atanh isnan isinf "
         "isfinite").split()
for name in names:
    scope = {"cmath": cmath}
    exec(f"def f(z):\n    return cmath.{name}(z)", scope)
    kernel = njit(scope["f"])
    for z in points:
        assert outcome(kernel, z) == outcome(scope["f"], z), (name, z)


@njit
def others(z, r, phi):
    return cmath.log(z, 2.0), cmath.rect(r, phi), cmath.polar(z)


for z in points[:10]:
    assert outcome(others, z, 2.0, 0.5) == outcome(others.py_func, z, 2.0, 0.5), z


# -- every combination of special values --

def outcome(f, *args):
    try:
        return repr(f(*args))
    except (ValueError, OverflowError) as e:
        return type(e).__name__


def rect(r, phi):
    return cmath.rect(r, phi)


def log_to(z, base):
    return cmath.log(z, base)


special = [0.0, -0.0, 1.0, -1.0, float("inf"), float("-inf"), float("nan"), 2.5]
points = [complex(a, b) for a in special[:6:2] + special[5:] for b in (0.0, 1.0, float("-inf"), float("nan"))]
compiled_rect, compiled_log = njit(rect), njit(log_to)
for a in special:
    for b in special:
        assert outcome(compiled_rect, a, b) == outcome(rect, a, b), (a, b)
for a in points:
    for b in points:
        assert outcome(compiled_log, a, b) == outcome(log_to, a, b), (a, b)
