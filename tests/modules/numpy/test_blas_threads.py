"""OpenBLAS beside the pool: one thread inside a parallel loop, no more than the pool has outside, and sums of one order."""
# skip-if: nojit stress address undefined thread
# timeout: 200
import ctypes
import os
import subprocess
import sys

import numpy as np
from numba import njit, prange

if len(sys.argv) > 1:
    library = ctypes.CDLL("libopenblas.so.0")
    library.openblas_get_num_threads.restype = ctypes.c_int
    a = np.random.default_rng(1).random((300, 300))
    once = a @ a
    assert library.openblas_get_num_threads() == int(os.environ["KRAIT_NUM_THREADS"])

    @njit(parallel=True)
    def stack(a, out):
        for i in prange(len(out)):
            out[i] = np.dot(a, a)

    out = np.zeros((20, 300, 300))
    for _ in range(3):
        stack(a, out)
        assert library.openblas_get_num_threads() == 1
        assert all((product == out[0]).all() for product in out) and np.allclose(out[0], once, rtol=1e-12)
    assert np.allclose(a @ a, once, rtol=1e-12) and library.openblas_get_num_threads() == int(os.environ["KRAIT_NUM_THREADS"])
    v = np.random.default_rng(2).random(1_000_000)
    print(hash(out.tobytes()), repr(float(np.dot(v, v))), repr(float(np.dot(v[::2], v[::2]))))
    sys.exit()

try:
    ctypes.CDLL("libopenblas.so.0")
except OSError:
    print("1..0 # SKIP OpenBLAS is not installed")
    sys.exit()
outputs = set()
for threads in (1, 2, 5):
    done = subprocess.run([sys.executable, __file__, "kernel"], env={**os.environ, "PYTHONHASHSEED": "0", "KRAIT_NUM_THREADS": str(threads)},
                          capture_output=True, text=True)
    assert done.returncode == 0, (threads, done.stderr)
    outputs.add(done.stdout)
assert len(outputs) == 1, outputs
