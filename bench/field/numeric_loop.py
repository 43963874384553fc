"""Numeric loops: sums, products, primes, digits; the same functions plain and compiled.

    numeric_loop.py [N = 2000000]
"""
import sys

from numba import njit


def alternating(n):
    total = 0.0
    sign = 1.0
    for k in range(n):
        total += sign / (2 * k + 1)
        sign = -sign
    return 4 * total


def squares(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


def primes_below(n):
    count = 0
    for candidate in range(2, n):
        d = 2
        prime = True
        while d * d <= candidate:
            if candidate % d == 0:
                prime = False
                break
            d += 1
        if prime:
            count += 1
    return count


def digit_sum(n):
    total = 0
    while n > 0:
        n, digit = divmod(n, 10)
        total += digit
    return total


n = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
small = min(n, 20_000)
for function in (alternating, squares, primes_below, digit_sum):
    compiled = njit(function)
    print(function.__name__, compiled(n), compiled(small) == function(small))
