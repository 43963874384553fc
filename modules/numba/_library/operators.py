"""The module operator in kernels, and the functions of math and builtins that are loops over ints."""
import math

from numba._library import function


@function("_operator.add", "_operator.concat", "_operator.iadd")
def add(a, b):
    return a + b


@function("_operator.sub", "_operator.isub")
def sub(a, b):
    return a - b


@function("_operator.mul", "_operator.imul")
def mul(a, b):
    return a * b


@function("_operator.truediv", "_operator.itruediv")
def truediv(a, b):
    return a / b


@function("_operator.floordiv", "_operator.ifloordiv")
def floordiv(a, b):
    return a // b


@function("_operator.mod", "_operator.imod")
def mod(a, b):
    return a % b


@function("_operator.pow", "_operator.ipow")
def power(a, b):
    return a ** b


@function("_operator.matmul", "_operator.imatmul")
def matmul(a, b):
    return a @ b


@function("_operator.lshift", "_operator.ilshift")
def lshift(a, b):
    return a << b


@function("_operator.rshift", "_operator.irshift")
def rshift(a, b):
    return a >> b


@function("_operator.and_", "_operator.iand")
def and_(a, b):
    return a & b


@function("_operator.or_", "_operator.ior")
def or_(a, b):
    return a | b


@function("_operator.xor", "_operator.ixor")
def xor(a, b):
    return a ^ b


@function("_operator.neg")
def neg(a):
    return -a


@function("_operator.pos")
def pos(a):
    return +a


@function("_operator.invert", "_operator.inv")
def invert(a):
    return ~a


@function("_operator.not_")
def not_(a):
    return not a


@function("_operator.truth")
def truth(a):
    return bool(a)


@function("_operator.abs")
def absolute(a):
    return abs(a)


@function("_operator.index")
def index(a):
    return int(a)


@function("_operator.eq")
def eq(a, b):
    return a == b


@function("_operator.ne")
def ne(a, b):
    return a != b


@function("_operator.lt")
def lt(a, b):
    return a < b


@function("_operator.le")
def le(a, b):
    return a <= b


@function("_operator.gt")
def gt(a, b):
    return a > b


@function("_operator.ge")
def ge(a, b):
    return a >= b


@function("_operator.is_")
def is_(a, b):
    return a is b


@function("_operator.is_not")
def is_not(a, b):
    return a is not b


@function("_operator.contains")
def contains(a, b):
    return b in a


@function("_operator.getitem")
def getitem(a, b):
    return a[b]


@function("_operator.setitem")
def setitem(a, b, c):
    a[b] = c


@function("_operator.delitem")
def delitem(a, b):
    del a[b]


# -- ints --

@function("pow.general")
def pow_modulo(base, exp, mod):
    if mod == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    if exp < 0:
        base, exp = inverse(base % mod, abs(mod)), -exp
    r, b = 1 % mod, base % mod
    while exp:
        if exp & 1:
            r = times(r, b, mod)
        b = times(b, b, mod)
        exp >>= 1
    return r


def times(a, b, mod):
    """a * b % mod where the product may need more than 63 bits."""
    if -3037000499 <= a <= 3037000499 and -3037000499 <= b <= 3037000499:
        return a * b % mod
    r = 0
    n = b if b >= 0 else b % abs(mod)
    a %= mod
    while n:
        if n & 1:
            r = plus(r, a, mod)
        a = plus(a, a, mod)
        n >>= 1
    return r


def plus(a, b, mod):
    """(a + b) % mod of two remainders of mod."""
    if mod > 0:
        return a - (mod - b) if a >= mod - b else a + b
    return a - (mod - b) if a <= mod - b else a + b


def inverse(a, n):
    r, s, x, y = n, a % n, 0, 1
    while s:
        q = r // s
        r, s, x, y = s, r - q * s, y, x - q * y
    if r != 1:
        raise ValueError("base is not invertible for the given modulus")
    return x % n


@function("math.factorial")
def factorial(n):
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    r = 1
    for i in range(2, n + 1):
        r *= i
    return r


@function("math.comb")
def comb(n, k):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    k = min(k, n - k)
    r = 1
    for i in range(1, k + 1):
        g = math.gcd(r, i)
        r = (r // g) * ((n - k + i) // (i // g))
    return r


@function("math.perm")
def perm(n, k=None):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    last = n if k is None else k
    if last < 0:
        raise ValueError("k must be a non-negative integer")
    if last > n:
        return 0
    r = 1
    for i in range(n - last + 1, n + 1):
        r *= i
    return r


@function("math.isqrt")
def isqrt(n):
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    r = int(math.sqrt(n))
    while r > 3037000499 or r * r > n:
        r -= 1
    while r < 3037000499 and (r + 1) * (r + 1) <= n:
        r += 1
    return r


@function("math.lcm")
def lcm(*integers):
    r = 1
    for n in integers:
        if n == 0:
            return 0
        r = abs(r // math.gcd(r, n) * n)
    return r


@function("math.gcd.general")
def gcd(*integers):
    r = 0
    for n in integers:
        r = math.gcd(r, n)
    return r


@function("math.prod")
def prod(iterable, start=1):
    r = start
    for x in iterable:
        r = r * x
    return r


@function("math.isclose")
def isclose(a, b, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    d = abs(b - a)
    return d <= abs(rel_tol * b) or d <= abs(rel_tol * a) or d <= abs_tol
