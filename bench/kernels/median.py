"""Median of a 3 x 3 window, by insertion into nine places."""
import numpy as np
from numba import njit


@njit
def kernel(image, out, window):
    rows, columns = image.shape
    for y in range(1, rows - 1):
        for x in range(1, columns - 1):
            n = 0
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    v = image[y + dy, x + dx]
                    k = n
                    while k > 0 and window[k - 1] > v:
                        window[k] = window[k - 1]
                        k -= 1
                    window[k] = v
                    n += 1
            out[y, x] = window[4]
    return out[rows // 2, columns // 2]


def arguments():
    image = np.arange(120 * 120.0).reshape(120, 120) * 7919 % 255
    return image, image.copy(), np.zeros(9)
