"""A radix-2 Fourier transform in place, real and imaginary parts apart."""
import math

import numpy as np
from numba import njit


@njit
def kernel(sr, si, re, im, cosines, sines):
    n = len(re)
    j = 0
    for i in range(n):
        re[j] = sr[i]
        im[j] = si[i]
        bit = n >> 1
        while j & bit and bit > 0:
            j ^= bit
            bit >>= 1
        j |= bit
    size = 2
    while size <= n:
        half = size // 2
        stride = n // size
        for begin in range(0, n, size):
            for k in range(half):
                wr = cosines[k * stride]
                wi = sines[k * stride]
                a = begin + k
                b = a + half
                tr = re[b] * wr - im[b] * wi
                ti = re[b] * wi + im[b] * wr
                re[b] = re[a] - tr
                im[b] = im[a] - ti
                re[a] += tr
                im[a] += ti
        size *= 2
    return re[1] + im[n // 3]


def arguments():
    n = 16_384
    angle = -2 * math.pi * np.arange(n // 2) / n
    return np.arange(n) % 17 / 17, np.zeros(n), np.zeros(n), np.zeros(n), np.cos(angle), np.sin(angle)
