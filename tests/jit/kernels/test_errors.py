"""What a kernel raises and why one is refused: classes, words, places."""
import math
import re
import sys
import traceback

from numba import njit, prange
from numba.core.errors import TypingError


@njit
def power_of_three(n):
    x = 1
    for i in range(n):
        x = x * 3
    return x


@njit
def quotient(a, b):
    return a // b


@njit
def changes(n):
    x = 0
    for i in range(n):
        x = "abc"
    return x


@njit
def unknown_name(n):
    return undefined_thing + n  # noqa: F821


@njit
def maybe(n):
    if n > 3:
        y = 1
    return y


@njit
def opens(n):
    return open("x")


@njit
def refuses(n):
    if n < 0:
        raise ValueError("negative n")
    return n


@njit
def picks(n):
    t = (1, 2, 3)
    return t[n]


@njit
def inner(n):
    return 10 // n


@njit
def outer(n):
    return inner(n) + 1


@njit
def root(x):
    return math.sqrt(x)


@njit
def mixes(n):
    return [n, "x"]


@njit
def holds(a):
    a.append(0.5)


@njit
def excepts(n):
    kinds = n
    try:
        return 1 // n
    except kinds:
        return 0


@njit
def captured(n):
    total = 0
    for i in range(n):
        late = lambda: i  # noqa: E731
        total += late()
    return total


@njit
def leaves(n):
    return range(n)


@njit
def spreads(a):
    return quotient(*a)


@njit
def asserts(n):
    assert n > 0, "n must be positive"
    return n


@njit(parallel=True)
def divides(n, bad):
    total = 0
    for i in prange(n):
        total += 100 // (i - bad)
    return total


@njit(parallel=True)
def carries(n):
    x = 0
    for i in prange(n):
        x = x * 2 + i
    return x


class expect:
    """The block raises this class with this text, with the last entry of the traceback in this function and line."""

    def __init__(self, kind, text, function=None, source=None):
        self.kind, self.text, self.function, self.source = kind, text, function, source

    def __enter__(self):
        return self

    def __exit__(self, kind, error, tb):
        assert kind is self.kind, (kind, error)
        assert str(error) == self.text, str(error)
        if self.function:
            last = traceback.extract_tb(tb)[-1]
            assert (last.name, last.line) == (self.function, self.source), last
        return True


if sys.implementation.name == "krait":
    with expect(OverflowError, "the result of x * 3 does not fit in a 64-bit int", "power_of_three", "x = x * 3"):
        power_of_three(100)
    with expect(ZeroDivisionError, "integer division or modulo by zero", "inner", "return 10 // n"):
        outer(0)
    with expect(UnboundLocalError, "cannot access local variable 'y' where it is not associated with a value", "maybe",
                "return y"):
        maybe(1)
    assert maybe(4) == 1
    with expect(IndexError, "tuple index out of range", "picks", "return t[n]"):
        picks(5)
    assert picks(-1) == 3
    with expect(ValueError, "math domain error", "root", "return math.sqrt(x)"):
        root(-1.0)
    with expect(AssertionError, "n must be positive", "asserts", 'assert n > 0, "n must be positive"'):
        asserts(0)
    with expect(ZeroDivisionError, "integer division or modulo by zero", "divides", "total += 100 // (i - bad)"):
        divides(10000, 777)
    with expect(OverflowError, f"the int {2**70} does not fit in the 64 bits of a kernel's int; pass a float"):
        power_of_three(2**70)
    with expect(TypeError, "quotient() missing 1 required positional argument: 'b'"):
        quotient(1)

    name = __file__

    def refused(function, args, text):
        first = function.__code__.co_firstlineno  # "@4": the line that is four below the decorator's
        text = re.sub("@([0-9]+)", lambda m: str(first + int(m[1])), text.replace("FILE", name))
        try:
            function(*args)
        except TypingError as error:
            assert str(error) == text, str(error)
            assert len(text.split("\n")) < 12
            return
        assert False, function

    refused(changes, (3,), """'x' would hold str here but int elsewhere; a variable has one type in a kernel

  File "FILE", line @4
    x = "abc"
        ^^^^^
  starts as int here, line @2
    x = 0
        ^
  Try: use another name for one of them, or convert it
  [K003]""")
    refused(unknown_name, (3,), """name 'undefined_thing' is not defined

  File "FILE", line @2
    return undefined_thing + n  # noqa: F821
           ^^^^^^^^^^^^^^^
  [K030]""")
    refused(opens, (3,), """open cannot be called from a kernel

  File "FILE", line @2
    return open("x")
           ^^^^^^^^^
  [K005]""")
    refused(mixes, (3,), """a list of a kernel holds values of one type, not int and str

  File "FILE", line @2
    return [n, "x"]
           ^^^^^^^^
  Try: use a tuple
  [K035]""")
    refused(holds, ([1],), """'a' is a list of int and cannot hold float in a kernel

  File "FILE", line @2
    a.append(0.5)
    ^^^^^^^^^^^^^
  Try: make the container inside the kernel, or give it values of one type
  [K034]""")
    refused(excepts, (3,), """an except clause of a kernel names exception classes, not int

  File "FILE", line @5
    except kinds:
    ^^^^^^^^^^^^^
  [K037]""")
    refused(captured, (3,), """'i' may change after an inner function has captured it, which a kernel cannot follow

  File "FILE", line @4
    late = lambda: i  # noqa: E731
           ^^^^^^^^^
  Try: pass it as an argument
  [K038]""")
    refused(leaves, (3,), """a kernel cannot return range to Python

  File "FILE", line @2
    return range(n)
    ^^^^^^^^^^^^^^^
  [K039]""")
    refused(spreads, ([1, 2],), """the number of arguments that * gives must be known: list of int is no tuple

  File "FILE", line @2
    return quotient(*a)
           ^^^^^^^^^^^^
  Try: pass the values one by one
  [K040]""")
    refused(power_of_three, (iter(()),), "argument 'n' of 'power_of_three' is of type 'tuple_iterator', which a kernel cannot take")
    refused(carries, (3,), """'x' carries a value from one iteration of prange to the next

  File "FILE", line @4
    x = x * 2 + i
        ^^^^^^^^^
  Try: only sums, products, minima and maxima are combined; keep it inside the loop
  [K025]""")

# What Numba raises as well.
with expect(ZeroDivisionError, "integer division or modulo by zero" if sys.implementation.name == "krait"
            else "integer division by zero"):
    quotient(1, 0)
with expect(ValueError, "negative n"):
    refuses(-1)
assert refuses(3) == 3
