"""Gravitation between all pairs of bodies, structure of arrays."""
import math

import numpy as np
from numba import njit


@njit
def kernel(x, y, z, m, ax, ay, az):
    n = len(x)
    for i in range(n):
        sx = 0.0
        sy = 0.0
        sz = 0.0
        for j in range(n):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            d = dx * dx + dy * dy + dz * dz + 0.01
            f = m[j] / (d * math.sqrt(d))
            sx += dx * f
            sy += dy * f
            sz += dz * f
        ax[i] = sx
        ay[i] = sy
        az[i] = sz
    return ax[0] + ay[n // 2] + az[n - 1]


def arguments():
    i = np.arange(800.0)
    return np.cos(i), np.sin(i), i / 800, 1 + i % 3, np.zeros(800), np.zeros(800), np.zeros(800)
