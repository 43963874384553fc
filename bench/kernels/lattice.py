"""Lattice Boltzmann, two dimensions and nine velocities: one collision and streaming step."""
import numpy as np
from numba import njit


@njit
def kernel(f, g, cx, cy, w, omega):
    q, rows, columns = f.shape
    for i in range(rows):
        for j in range(columns):
            rho = 0.0
            ux = 0.0
            uy = 0.0
            for k in range(q):
                rho += f[k, i, j]
                ux += f[k, i, j] * cx[k]
                uy += f[k, i, j] * cy[k]
            ux /= rho
            uy /= rho
            square = 1.5 * (ux * ux + uy * uy)
            for k in range(q):
                cu = 3.0 * (cx[k] * ux + cy[k] * uy)
                equilibrium = rho * w[k] * (1.0 + cu + 0.5 * cu * cu - square)
                x = (j + int(cx[k]) + columns) % columns
                y = (i + int(cy[k]) + rows) % rows
                g[k, y, x] = f[k, i, j] + omega * (equilibrium - f[k, i, j])
    return g[1, rows // 2, columns // 2]


def arguments():
    f = 1 + np.arange(9 * 80 * 80.0).reshape(9, 80, 80) % 7 / 10
    cx = np.array([0.0, 1, 0, -1, 0, 1, -1, -1, 1])
    cy = np.array([0.0, 0, 1, 0, -1, 1, 1, -1, -1])
    w = np.array([4 / 9] + [1 / 9] * 4 + [1 / 36] * 4)
    return f, f.copy(), cx, cy, w, 1.2
