"""Longest Collatz chain: checked integers in a loop that cannot be vectorised."""
from numba import njit


@njit
def kernel(n):
    longest = 0
    for start in range(1, n):
        x = start
        steps = 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        longest = max(longest, steps)
    return longest


def arguments():
    return (30_000,)
