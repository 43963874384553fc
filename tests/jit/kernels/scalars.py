"""Kernels on Python's numbers. Prints what they give, floats by their bits."""
import math

from numba import njit


@njit
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


@njit
def newton(x):
    r = x
    for i in range(60):
        r = 0.5 * (r + x / r)
    return r


@njit
def monte_carlo(n, seed):
    state = seed
    inside = 0
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        x = state / 2147483648
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        y = state / 2147483648
        if x * x + y * y <= 1.0:
            inside += 1
    return 4.0 * inside / n


@njit
def collatz(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@njit
def primes(n):
    count = 0
    for i in range(2, n):
        k = 2
        while k * k <= i:
            if i % k == 0:
                break
            k += 1
        else:
            count += 1
    return count


@njit
def floor_and_mod(a, b):
    return a // b, a % b, (a // b) * b + a % b == a


@njit
def divided(a, b):
    return a / b


@njit
def signs(a):
    return -a, +a, ~a, abs(a), not a


@njit
def bits(a, b):
    return a & b, a | b, a ^ b, a << (b & 7), a >> (b & 7)


@njit
def between(a, b, c):
    return a < b < c, a <= b != c, (a or b), (a and b)


@njit
def pick(a, b):
    return a if a > b else b


@njit
def powers(x, n):
    return x ** 2, x ** n


@njit
def mathematics(x):
    return (math.sqrt(x), math.sin(x), math.cos(x), math.exp(-x), math.log(x), math.atan2(x, 2.0), math.floor(x),
            math.ceil(x), math.hypot(x, 1.0))


@njit
def swapped(a, b):
    a, b = b, a
    (c, d), e = (a, b), a + b
    return a, b, c, d, e


@njit
def nested(n):
    total = 0
    for i in range(n):
        for j in range(i, n, 2):
            if (i + j) % 3 == 0:
                continue
            if j > 20:
                break
            total += i * j
    return total


@njit
def last_of(n):
    for i in range(n):
        last = i * i
    return last


@njit
def backwards(n):
    total = 0
    for i in range(n, 0, -3):
        total = total * 2 + i
    return total


@njit
def enumerated(a, b, c):
    total = 0.0
    for i, x in enumerate((a, b, c)):
        total += i * x
    for x, y in zip((a, b), (b, c)):
        total += x * y
    return total


@njit
def complex_orbit(re, im, n):
    z = 0j
    c = complex(re, im)
    for i in range(n):
        z = z * z + c
        if abs(z) > 2.0:
            return i, z.real, z.imag
    return n, z.real, z.imag


@njit
def mixed(n):
    total = 0.0
    for i in range(n):
        total += i * 0.5 - total * 0.25
    return total


SCALE = 3
OFFSETS = (1, 2.5)


@njit
def frozen(x):
    return x * SCALE + OFFSETS[0] - OFFSETS[1]


@njit
def with_defaults(a, b=2, c=3.5):
    return a * b + c


@njit
def nothing(a):
    if a > 0:
        return None
    return None


def make(k):
    @njit
    def inner(x):
        return x * k
    return inner


@njit
def is_even(n):
    return n % 2 == 0


@njit
def evens(n):
    count = 0
    for i in range(n):
        if is_even(i):
            count += 1
    return count


@njit
def rounded(x):
    return round(x), int(x), float(int(x)), bool(x), min(x, 2.0), max(x, 2.0)


@njit("float64(float64, int64)")
def eager(x, n):
    return x * n


def shown(value):
    if isinstance(value, tuple):
        return "(" + ", ".join(shown(v) for v in value) + ")"
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, complex):
        return f"{value.real.hex()}+{value.imag.hex()}j"
    return repr(value)


for call in """fib(20) newton(2.0) newton(1e300) monte_carlo(5000,42) collatz(27) collatz(97) primes(500)
        floor_and_mod(7,3) floor_and_mod(-7,3) floor_and_mod(7,-3) floor_and_mod(-7,-3) floor_and_mod(7.5,-2.0)
        floor_and_mod(-7.5,2.0) floor_and_mod(-0.0,3.0) floor_and_mod(1e300,7.0)
        divided(1,3) divided(-7,2) divided(9007199254740993,3) divided(1.0,-3) divided(0.0,-5)
        signs(5) signs(-5) signs(0) bits(1234567,77) bits(-1234567,77)
        between(1,2,3) between(3,2,1) between(0,0,0) between(1.5,2.5,2.5) pick(1,2) pick(2.5,1.5) pick(0.0,-0.0)
        powers(3,4) powers(1.5,3) powers(2.0,0.5) powers(-2.0,3)
        swapped(1,2.5) nested(0) nested(1) nested(30) last_of(5) backwards(20)
        enumerated(1.0,2.0,3.0) complex_orbit(0.3,0.5,50) complex_orbit(-0.1,0.6,40) mixed(1000)
        frozen(2) frozen(2.5) with_defaults(1) with_defaults(1,5) with_defaults(1,c=0.5) with_defaults(b=2,a=7)
        nothing(1) make(3)(4) make(2.5)(4) evens(101) rounded(2.5) rounded(-1.5) rounded(3.0)
        eager(2.5,4) mathematics(1.0)""".split():
    name = call.split("(")[0]
    result = eval(call)
    if name == "mathematics":  # the last bit is the library's own
        result = tuple(round(v, 12) for v in result)
    print(call, shown(result))
