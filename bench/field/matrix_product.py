"""Matrix product: by loops in a kernel, and by @; of integers the two are equal, of floats close.

    matrix_product.py [N = 400]
"""
import sys
import time

import numpy as np
from numba import njit


@njit
def product(a, b):
    n, inner = a.shape
    m = b.shape[1]
    c = np.zeros((n, m), dtype=a.dtype)
    for i in range(n):
        for k in range(inner):
            x = a[i, k]
            for j in range(m):
                c[i, j] += x * b[k, j]
    return c


n = int(sys.argv[1]) if len(sys.argv) > 1 else 400
whole = np.arange(n * n).reshape(n, n) % 17 - 8
floats = whole / 7
for a in (whole, floats, floats.astype(np.float32), floats + 1j * floats.T):
    begin = time.perf_counter()
    by_loops = product(a, a.T.copy())
    middle = time.perf_counter()
    by_blas = a @ a.T
    print(f"{a.dtype}: loops {middle - begin:.3f} s, @ {time.perf_counter() - middle:.3f} s", file=sys.stderr)
    close = np.allclose(by_loops, by_blas, rtol=1e-4 if a.dtype == np.float32 else 1e-9)
    print(a.dtype, by_loops.shape, bool(close), by_loops[1, 2] if a.dtype.kind == "i" else np.round(by_loops[1, 2], 3))
print(np.dot(whole, whole[0])[:5], (whole[:3] @ whole[:, :2]).tolist())
