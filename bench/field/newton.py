"""Newton's method: roots of polynomials and of cos(x) - x, with the iterations it took; a basin of attraction."""
import cmath
import math
import sys

from numba import njit


@njit
def newton_cos(x, tolerance):
    for step in range(1, 100):
        new = x - (math.cos(x) - x) / (-math.sin(x) - 1.0)
        if abs(new - x) < tolerance:
            return new, step
        x = new
    return x, 100


@njit
def square_root(a):
    x = a if a > 1.0 else 1.0
    while True:
        new = 0.5 * (x + a / x)
        if new >= x:
            return x
        x = new


@njit
def basin(z, limit):
    for step in range(limit):
        if z == 0:
            return -1
        z = z - (z * z * z - 1) / (3 * z * z)
        if abs(z * z * z - 1) < 1e-9:
            return step
    return limit


root, steps = newton_cos(1.0, 1e-12)
print(f"{root:.12f} after {steps} steps")
for a in (2.0, 10.0, 1e10, 0.25):
    print(a, f"{square_root(a):.10f}", math.isclose(square_root(a), math.sqrt(a)))
size = int(sys.argv[1]) if len(sys.argv) > 1 else 200
counts = [0] * 60
for i in range(size):
    for j in range(size):
        z = complex(-2 + 4 * i / size, -2 + 4 * j / size)
        counts[basin(z, 59)] += 1
print(counts)
third = cmath.exp(2j * math.pi / 3)
print(abs(third**3 - 1) < 1e-15)
