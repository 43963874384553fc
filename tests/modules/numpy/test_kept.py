"""Arrays made on the way live as long as their data is read: collections fall between, as the ballast brings them on.

Of a mask that has gaps flatnonzero makes a copy, and then the positions in a block of the same size. Asserts."""
import numpy as np

n = 1 << 19
wide = np.zeros(2 * n, bool)
wide[:2 * (n // 8):2] = True
mask = wide[::2]
ballast = np.zeros(70 << 20, np.uint8)
expected = np.arange(n // 8)
for i in range(400):
    for got in np.flatnonzero(mask), mask.nonzero()[0]:
        assert got.shape == expected.shape and (got == expected).all(), i
