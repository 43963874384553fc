"""Particles in cells: charge laid on a grid, forces read back."""
import numpy as np
from numba import njit


@njit
def kernel(x, v, grid, dt):
    cells = len(grid)
    for c in range(cells):
        grid[c] = 0.0
    for i in range(len(x)):
        c = int(x[i])
        f = x[i] - c
        grid[c] += 1.0 - f
        grid[(c + 1) % cells] += f
    for i in range(len(x)):
        c = int(x[i])
        v[i] += dt * (grid[(c + 1) % cells] - grid[c])
        x[i] += dt * v[i]
        if x[i] < 0.0:
            x[i] += cells
        elif x[i] >= cells:
            x[i] -= cells
    return x[3] + grid[5]


def arguments():
    i = np.arange(50_000.0)
    return i * 0.7919 % 512, np.sin(i), np.zeros(512), 1e-6
