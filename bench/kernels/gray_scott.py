"""Reaction and diffusion of two substances."""
import numpy as np
from numba import njit


@njit
def kernel(u, v, u2, v2, feed, kill):
    rows, columns = u.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            a = u[i, j]
            b = v[i, j]
            la = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * a
            lb = v[i - 1, j] + v[i + 1, j] + v[i, j - 1] + v[i, j + 1] - 4.0 * b
            r = a * b * b
            u2[i, j] = a + 0.16 * la - r + feed * (1.0 - a)
            v2[i, j] = b + 0.08 * lb + r - (feed + kill) * b
    return u2[rows // 2, columns // 2] + v2[rows // 2, columns // 2]


def arguments():
    u = np.ones((300, 300))
    v = np.zeros((300, 300))
    v[100:200, 100:200] = 0.5
    return u, v, u.copy(), v.copy(), 0.035, 0.065
