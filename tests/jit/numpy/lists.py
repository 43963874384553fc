"""Arrays of lists, in kernels."""
import numpy as np

from cases import case


def grown(n):
    a = [1.5]
    for i in range(n):
        a.append(i * 0.5)
    return np.array(a), np.asarray(a, dtype=np.float32), np.array([[i * j for j in range(3)] for i in range(n)]), np.array([n, 2, n])


def constants():
    return np.array([0.2, 0.3, 0.5]), np.array([[1, 2, 3], [4, 5, 6]]), np.sum(np.array([1, 2, 3]))


def ragged(n):
    return np.array([[1] * i for i in range(n)])


case("grown", grown, 2)
case("constants", constants)
case("ragged", ragged, 3)
