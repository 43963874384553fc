"""What the scripts of kernels/ and numpy/ print with: functions run as kernels, what they give shown to the last bit or rounded.

The folder above is on PYTHONPATH (check.sh)."""
import sys

from numba import njit


def text(r, digits=None):
    if isinstance(r, (tuple, list)):
        return "(" + ", ".join(text(x, digits) for x in r) + ")"
    if digits is not None:
        import numpy as np
        if isinstance(r, (float, np.ndarray)):
            r = np.round(r, digits) + 0.0
    if hasattr(r, "tolist"):
        if r.shape == ():
            return repr(r.item())
        return f"{r.dtype.name}{list(r.shape)} {r.tolist()}"
    return repr(r)


def case(name, function, *args, digits=None):
    """Prints what a kernel gives, or the name of the exception that it raises."""
    try:
        r = njit(function)(*args)
    except Exception as e:
        print(name, type(e).__name__)
        print(name, e, file=sys.stderr)
        return
    print(name, text(r, digits))


def plain(r):
    """NumPy's scalars as Python's: kernels give those."""
    if isinstance(r, tuple):
        return type(r)(map(plain, r)) if type(r) is tuple else r
    return r.item() if hasattr(r, "dtype") and r.shape == () else r


def shown_by(text):
    """show() with another way to write values."""
    def show(function, *args):
        """Prints what a kernel gives or raises, and its arguments as it leaves them."""
        try:
            r = text(plain(njit(function)(*args)))
        except Exception as e:
            r = f"{type(e).__name__} {e.args!r}"
        print(function.__name__, r, text(args))
    return show


show = shown_by(repr)
