"""Escape times of the Mandelbrot set."""
import numpy as np
from numba import njit


@njit
def kernel(out, limit):
    rows, columns = out.shape
    total = 0
    for y in range(rows):
        for x in range(columns):
            cr = -2.0 + 3.0 * x / columns
            ci = -1.25 + 2.5 * y / rows
            zr = 0.0
            zi = 0.0
            n = 0
            while n < limit and zr * zr + zi * zi <= 4.0:
                t = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = t
                n += 1
            out[y, x] = n
            total += n
    return total


def arguments():
    return np.zeros((120, 160), dtype=np.int64), 200
