"""Conway's game of life on a torus."""
import numpy as np
from numba import njit


@njit
def kernel(world, new, steps):
    rows, columns = world.shape
    for _ in range(steps):
        for i in range(rows):
            for j in range(columns):
                n = 0
                for di in range(-1, 2):
                    for dj in range(-1, 2):
                        if di != 0 or dj != 0:
                            n += world[(i + di) % rows, (j + dj) % columns]
                new[i, j] = 1 if n == 3 or (n == 2 and world[i, j] == 1) else 0
        for i in range(rows):
            for j in range(columns):
                world[i, j] = new[i, j]
    total = 0
    for i in range(rows):
        for j in range(columns):
            total += world[i, j]
    return total


def arguments():
    world = (np.arange(100 * 100).reshape(100, 100) * 7919 % 3 == 0).astype(np.int64)
    return world, world.copy(), 10
