"""A loop that adds floats adds them in order. It is worth vectors where computing what is added takes longer than adding, and
only there is it given any; the sums are the interpreter's to the last bit either way, whatever the length."""
import numpy as np
from numba import njit


@njit
def products(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * b[i]
    return s


@njit
def differences(a, b):
    s = np.float64(1.0)
    for i in range(len(a)):
        t = a[i] - b[i]
        s -= t * t
    return s


@njit
def quotients(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] / (b[i] + 2.0)
    return s


@njit
def gathered(a, b):
    s = 0.0
    k = np.arange(len(a)) * 7 % max(len(a), 1)
    for i in range(len(a)):
        s += a[k[i]] * b[i]
    return s


@njit(fastmath=True)
def any_order(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * b[i]
    return s


checked = 0
for n in (0, 1, 3, 4, 5, 15, 16, 17, 100, 1003):
    a = np.arange(n) * 0.1 + 1.0 / (np.arange(n) + 1)
    b = np.cos(np.arange(n)) * 1e3
    for f in (products, differences, quotients, gathered):
        assert float(f(a, b)) == float(f.py_func(a, b)), (f.py_func.__name__, n)
        checked += 1
    assert np.isclose(any_order(a, b), products.py_func(a, b))
assert checked == 40


def llvm_text(f):
    """Empty where another code generator, or none, made it."""
    try:
        text = "".join(f.inspect_llvm().values())
    except RuntimeError:
        return ""
    return text if "define " in text else ""


def takes_vectors(f):
    """Does the compiled code multiply or divide several doubles at a time?"""
    text = llvm_text(f)
    return any(f"{op} {flags}<{n} x double>" in text for op in ("fmul", "fdiv") for flags in ("", "fast ") for n in (2, 4, 8))


if llvm_text(quotients):
    assert takes_vectors(quotients) and takes_vectors(any_order)
    assert not takes_vectors(products) and not takes_vectors(differences)
