"""The Mandelbrot set with prange, written as a .pgm picture.

    mandelbrot.py [WIDTH = 1200] [FILE]
"""
import hashlib
import os
import sys
import tempfile
import time

import numpy as np
from numba import njit, prange


@njit
def escape(cr, ci, limit):
    zr = zi = 0.0
    for n in range(limit):
        a = zr * zr
        b = zi * zi
        if a + b > 4.0:
            return n
        zi = 2.0 * zr * zi + ci
        zr = a - b + cr
    return limit


@njit(parallel=True)
def picture(height, width, limit):
    out = np.zeros((height, width), dtype=np.uint8)
    for y in prange(height):
        for x in range(width):
            n = escape(-2.0 + 3.0 * x / width, -1.25 + 2.5 * y / height, limit)
            out[y, x] = 255 - n * 255 // limit
    return out


width = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
height = width * 5 // 6
picture(2, 2, 10)
begin = time.perf_counter()
image = picture(height, width, 200)
print(f"{time.perf_counter() - begin:.3f} s", file=sys.stderr)
path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.gettempdir(), "mandelbrot.pgm")
with open(path, "wb") as f:
    f.write(b"P5\n%d %d\n255\n" % (width, height))
    f.write(image.tobytes())
with open(path, "rb") as f:
    data = f.read()
print(len(data), hashlib.sha256(data).hexdigest())
print(image.shape, image.dtype, int(image.sum()), int(image.min()), int(image.max()))
