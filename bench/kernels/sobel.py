"""Edges of an 8-bit image: integer arithmetic on bytes."""
import numpy as np
from numba import njit


@njit
def kernel(image, out):
    rows, columns = image.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            gx = (
                np.int32(image[i - 1, j + 1]) + 2 * np.int32(image[i, j + 1]) + np.int32(image[i + 1, j + 1])
                - np.int32(image[i - 1, j - 1]) - 2 * np.int32(image[i, j - 1]) - np.int32(image[i + 1, j - 1])
            )
            gy = (
                np.int32(image[i + 1, j - 1]) + 2 * np.int32(image[i + 1, j]) + np.int32(image[i + 1, j + 1])
                - np.int32(image[i - 1, j - 1]) - 2 * np.int32(image[i - 1, j]) - np.int32(image[i - 1, j + 1])
            )
            out[i, j] = min(abs(gx) + abs(gy), 255)
    return int(out[rows // 2, columns // 2])


def arguments():
    image = (np.arange(400 * 400).reshape(400, 400) * 7 % 256).astype(np.uint8)
    return image, np.zeros_like(image)
