"""A separable-free 5 x 5 blur of an image of floats."""
import numpy as np
from numba import njit


@njit
def kernel(image, weights, out):
    rows, columns = image.shape
    for i in range(2, rows - 2):
        for j in range(2, columns - 2):
            s = np.float32(0.0)
            for di in range(5):
                for dj in range(5):
                    s += image[i + di - 2, j + dj - 2] * weights[di, dj]
            out[i, j] = s
    return float(out[rows // 2, columns // 2])


def arguments():
    image = (np.arange(200 * 200).reshape(200, 200) % 251).astype(np.float32)
    return image, np.full((5, 5), 0.04, dtype=np.float32), np.zeros_like(image)
