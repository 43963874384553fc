"""Monte Carlo estimate of pi with an xorshift generator."""
import numpy as np
from numba import njit


@njit
def kernel(n, seed):
    state = np.uint64(seed)
    inside = 0
    for _ in range(n):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        x = (state >> np.uint64(11)) * (1.0 / 9007199254740992.0)
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        y = (state >> np.uint64(11)) * (1.0 / 9007199254740992.0)
        if x * x + y * y <= 1.0:
            inside += 1
    return 4.0 * inside / n


def arguments():
    return 500_000, 88172645463325252
