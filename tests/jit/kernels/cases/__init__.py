"""case() for the scripts beside this folder: runs a function as a kernel and prints what it gives, to the last bit."""
from numba import njit


def text(r):
    if isinstance(r, (tuple, list)):
        return "(" + ", ".join(text(x) for x in r) + ")"
    if hasattr(r, "tolist"):
        if r.shape == ():
            return repr(r.item())
        return f"{r.dtype.name}{list(r.shape)} {r.tolist()}"
    return repr(r)


def case(name, function, *args):
    try:
        r = njit(function)(*args)
    except (ValueError, IndexError, ZeroDivisionError, OverflowError) as e:
        print(name, type(e).__name__)
        return
    print(name, text(r))


def plain(r):
    """NumPy's scalars as Python's: kernels give those."""
    if isinstance(r, tuple):
        return type(r)(map(plain, r)) if type(r) is tuple else r
    return r.item() if hasattr(r, "dtype") and r.shape == () else r


def show(function, *args):
    """Prints what a kernel gives or raises, and its arguments as it leaves them."""
    try:
        r = repr(plain(njit(function)(*args)))
    except Exception as e:
        r = f"{type(e).__name__} {e.args!r}"
    print(function.__name__, r, args)
