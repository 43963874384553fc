"""A seven-point stencil in three dimensions."""
import numpy as np
from numba import njit


@njit
def kernel(u, v, k):
    n, m, p = u.shape
    for x in range(1, n - 1):
        for y in range(1, m - 1):
            for z in range(1, p - 1):
                c = u[x, y, z]
                v[x, y, z] = c + k * (
                    u[x - 1, y, z] + u[x + 1, y, z] + u[x, y - 1, z] + u[x, y + 1, z] + u[x, y, z - 1] + u[x, y, z + 1] - 6.0 * c
                )
    return v[n // 2, m // 2, p // 2]


def arguments():
    u = np.arange(80.0**3).reshape(80, 80, 80) % 17
    return u, np.zeros_like(u), 0.1
