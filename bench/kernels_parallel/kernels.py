"""Twelve parallel kernels that compute more than they read: the same as in kernels.c, with the same checksums.

    krait kernels.py KERNEL THREADS REPEATS     prints the checksum, then a time in seconds a line
"""
import math
import sys
import time

import numpy as np
from numba import njit, prange, set_num_threads


@njit(parallel=True)
def mandelbrot(out, n):
    for i in prange(n):
        for j in range(n):
            cr = 3.0 * j / n - 2.0
            ci = 2.0 * i / n - 1.0
            zr = 0.0
            zi = 0.0
            k = 0
            while k < 200 and zr * zr + zi * zi < 4.0:
                t = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = t
                k += 1
            out[i, j] = k


@njit(parallel=True)
def integrate(n):
    s = 0.0
    for i in prange(n):
        x = (i + 0.5) / n
        s += 4.0 / (1.0 + x * x)
    return s / n


@njit(parallel=True)
def monte_carlo(n, steps):
    hits = 0
    for i in prange(n):
        state = (i * 7919 + 12345) & 0xffffffff
        for k in range(steps):
            state = (state * 1664525 + 1013904223) & 0xffffffff
            x = state / 4294967296.0
            state = (state * 1664525 + 1013904223) & 0xffffffff
            y = state / 4294967296.0
            if x * x + y * y < 1.0:
                hits += 1
    return hits


@njit(parallel=True)
def n_body(pos, acc, n):
    for i in prange(n):
        ax = 0.0
        ay = 0.0
        az = 0.0
        for j in range(n):
            dx = pos[j, 0] - pos[i, 0]
            dy = pos[j, 1] - pos[i, 1]
            dz = pos[j, 2] - pos[i, 2]
            d = dx * dx + dy * dy + dz * dz + 0.01
            w = 1.0 / (d * math.sqrt(d))
            ax += dx * w
            ay += dy * w
            az += dz * w
        acc[i, 0] = ax
        acc[i, 1] = ay
        acc[i, 2] = az


@njit(parallel=True)
def matrix_product(a, b, c, n):
    for i in prange(n):
        for j in range(n):
            c[i, j] = 0.0
        for k in range(n):
            t = a[i, k]
            for j in range(n):
                c[i, j] += t * b[k, j]


@njit(parallel=True)
def collatz(n):
    longest = 0
    for i in prange(1, n):
        k = i
        steps = 0
        while k != 1:
            if k & 1:
                k = 3 * k + 1
            else:
                k >>= 1
            steps += 1
        longest = max(longest, steps)
    return longest


@njit(parallel=True)
def primes(n):
    found = 0
    for i in prange(2, n):
        d = 2
        prime = 1
        while d * d <= i:
            if i % d == 0:
                prime = 0
                break
            d += 1
        found += prime
    return found


@njit(parallel=True)
def options(price, strike, out):
    for i in prange(len(price)):
        s = price[i]
        k = strike[i]
        d1 = (math.log(s / k) + 0.06) / 0.3
        d2 = d1 - 0.3
        n1 = 0.5 * (1.0 + math.erf(d1 * 0.7071067811865476))
        n2 = 0.5 * (1.0 + math.erf(d2 * 0.7071067811865476))
        out[i] = s * n1 - k * math.exp(-0.02) * n2


@njit(parallel=True)
def convolve(image, kernel, out, n, w):
    for i in prange(n - w):
        for j in range(n - w):
            s = 0.0
            for k in range(w):
                for m in range(w):
                    s += image[i + k, j + m] * kernel[k, m]
            out[i, j] = s


@njit(parallel=True)
def step(u, v, n):
    for i in prange(1, n - 1):
        for j in range(1, n - 1):
            v[i, j] = u[i, j] + 0.2 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j])


@njit
def heat(u, v, n, times):
    for t in range(times):
        step(u, v, n)
        step(v, u, n)


@njit(parallel=True)
def histogram(n, h):
    bins = len(h)
    for i in prange(n):
        x = (i * 2654435761) & 0xffffffff
        x = ((x >> 13) ^ x) * 5 & 0xffffffff
        h[x % bins] += 1.0


@njit(parallel=True)
def spectral(u, v, n):
    for i in prange(n):
        s = 0.0
        for j in range(n):
            s += u[j] / ((i + j) * (i + j + 1) // 2 + i + 1)
        v[i] = s


def pattern(n, m):
    return ((np.arange(n * m) * 7919) % 1013 / 1013.0).reshape(n, m)


def make(name):
    """The kernel with its input: a function of no arguments that gives the checksum."""
    if name == "mandelbrot":
        out = np.zeros((500, 500), np.int64)
        return lambda: (mandelbrot(out, 500), float(out.sum()))[1]
    if name == "integrate":
        return lambda: integrate(30_000_000)
    if name == "monte_carlo":
        return lambda: float(monte_carlo(20_000, 400))
    if name == "n_body":
        pos, acc = pattern(2500, 3), np.zeros((2500, 3))
        return lambda: (n_body(pos, acc, 2500), float(np.abs(acc).sum()))[1]
    if name == "matrix_product":
        a, b, c = pattern(500, 500), pattern(500, 500), np.zeros((500, 500))
        return lambda: (matrix_product(a, b, c, 500), float(c.sum()))[1]
    if name == "collatz":
        return lambda: float(collatz(400_000))
    if name == "primes":
        return lambda: float(primes(150_000))
    if name == "options":
        price, strike = pattern(1, 1_000_000)[0] + 0.5, pattern(1, 1_000_000)[0][::-1].copy() + 0.5
        out = np.zeros(1_000_000)
        return lambda: (options(price, strike, out), float(out.sum()))[1]
    if name == "convolve":
        image, kernel, out = pattern(700, 700), pattern(7, 7), np.zeros((700, 700))
        return lambda: (convolve(image, kernel, out, 700, 7), float(out.sum()))[1]
    if name == "heat":
        start, v = pattern(200, 200), np.zeros((200, 200))

        def run():
            u = start.copy()
            v[:] = u
            heat(u, v, 200, 1000)
            return float(u.sum())
        return run
    if name == "histogram":
        h = np.zeros(256)
        return lambda: (h.fill(0.0), histogram(20_000_000, h), float((h * np.arange(256)).sum()))[2]
    if name == "spectral":
        u, v = np.ones(4000), np.zeros(4000)
        return lambda: (spectral(u, v, 4000), float(v.sum()))[1]
    raise SystemExit(f"no kernel {name!r}")


if __name__ == "__main__":
    set_num_threads(int(sys.argv[2]))
    run = make(sys.argv[1])
    print(repr(run()))
    for _ in range(int(sys.argv[3])):
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start)
