"""A five-point stencil in place: each element needs the one before it."""
import numpy as np
from numba import njit


@njit
def kernel(u, steps):
    rows, columns = u.shape
    for _ in range(steps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    return u[rows // 2, columns // 2]


def arguments():
    u = np.zeros((200, 200))
    u[0] = 1.0
    return u, 20
