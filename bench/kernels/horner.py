"""A polynomial by Horner's rule, its coefficients in an array, for float32 points."""
import numpy as np
from numba import njit


@njit
def kernel(x, y, coefficients):
    for i in range(len(x)):
        s = np.float32(0.0)
        for k in range(len(coefficients)):
            s = s * x[i] + coefficients[k]
        y[i] = s
    return float(y[len(y) // 2])


def arguments():
    x = (np.arange(20_000) / 20_000).astype(np.float32)
    return x, x.copy(), (1 / (1 + np.arange(12.0))).astype(np.float32)
