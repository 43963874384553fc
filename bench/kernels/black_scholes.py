"""Option prices: exp, log, sqrt and erf over arrays."""
import math

import numpy as np
from numba import njit


@njit
def kernel(spot, strike, years, rate, sigma, price):
    for i in range(len(spot)):
        root = sigma * math.sqrt(years[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * years[i]) / root
        d2 = d1 - root
        n1 = 0.5 + 0.5 * math.erf(d1 * 0.7071067811865476)
        n2 = 0.5 + 0.5 * math.erf(d2 * 0.7071067811865476)
        price[i] = spot[i] * n1 - strike[i] * math.exp(-rate * years[i]) * n2
    return price[len(price) // 2]


def arguments():
    i = np.arange(50_000.0)
    return 80 + i % 41, 90 + i % 31, 0.25 + i % 9 / 4, 0.03, 0.25, np.zeros(50_000)
