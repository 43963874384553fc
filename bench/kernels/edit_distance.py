"""Edit distance of two texts as bytes."""
import numpy as np
from numba import njit


@njit
def kernel(a, b, row):
    for j in range(len(b) + 1):
        row[j] = j
    for i in range(len(a)):
        diagonal = row[0]
        row[0] = i + 1
        for j in range(len(b)):
            cost = diagonal
            if a[i] != b[j]:
                cost += 1
            diagonal = row[j + 1]
            row[j + 1] = min(cost, row[j] + 1, diagonal + 1)
    return row[len(b)]


def arguments():
    i = np.arange(800)
    return (97 + i * i % 26).astype(np.uint8), (97 + i * 7 % 26).astype(np.uint8), np.zeros(801, dtype=np.int64)
