"""Monte Carlo: pi by random points (Python's generator, and one of our own in a kernel), a random walk, a fair price.

    monte_carlo.py [POINTS = 2000000]
"""
import math
import random
import sys

import numpy as np
from numba import njit


def pi_plain(n):
    random.seed(12345)
    inside = 0
    for _ in range(n):
        x, y = random.random(), random.random()
        inside += x * x + y * y <= 1.0
    return 4 * inside / n


@njit
def xorshift(state):
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@njit
def uniform(state):
    return (state >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit
def pi_kernel(n, seed):
    state = np.uint64(seed)
    inside = 0
    for _ in range(n):
        state = xorshift(state)
        x = uniform(state)
        state = xorshift(state)
        y = uniform(state)
        if x * x + y * y <= 1.0:
            inside += 1
    return 4 * inside / n


@njit
def walk(steps, seed):
    state = np.uint64(seed)
    position = 0
    farthest = 0
    for _ in range(steps):
        state = xorshift(state)
        position += 1 if uniform(state) < 0.5 else -1
        farthest = max(farthest, abs(position))
    return position, farthest


@njit
def option(paths, seed, spot, strike, rate, sigma, years):
    state = np.uint64(seed)
    payoff = 0.0
    for _ in range(paths):
        state = xorshift(state)
        u = uniform(state) + 1e-16
        state = xorshift(state)
        v = uniform(state)
        normal = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
        end = spot * math.exp((rate - 0.5 * sigma * sigma) * years + sigma * math.sqrt(years) * normal)
        payoff += max(end - strike, 0.0)
    return math.exp(-rate * years) * payoff / paths


n = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
print(pi_plain(n // 10))
print(pi_kernel(n, 88172645463325252))
print(walk(n, 2463534242))
print(f"{option(n, 362436069, 100.0, 105.0, 0.05, 0.2, 1.0):.9f}")
