"""The main job, end to end, on real input, each part with its time: `make demo`."""
import os
import threading
import time

import numpy as np
from numba import njit, prange


def timed(label, function, *args):
    start = time.perf_counter()
    result = function(*args)
    print(f"{label:<58} {time.perf_counter() - start:8.3f} s")
    return result


def total(values):
    s = 0.0
    for i in range(len(values)):
        s += values[i] * 0.5 + 1.0
    return s


fast_total = njit(total)


@njit
def collatz(n):
    longest = 0
    for start in range(1, n):
        x = start
        steps = 0
        while x != 1:
            if x % 2 == 0:
                x = x // 2
            else:
                x = 3 * x + 1
            steps += 1
        if steps > longest:
            longest = steps
    return longest


@njit(parallel=True)
def mandelbrot(picture, limit):
    height, width = picture.shape
    for y in prange(height):
        for x in range(width):
            cr = -2.0 + 3.0 * x / width
            ci = -1.25 + 2.5 * y / height
            zr = 0.0
            zi = 0.0
            n = 0
            while n < limit and zr * zr + zi * zi <= 4.0:
                t = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = t
                n += 1
            picture[y, x] = n * 255 // limit


def in_threads(count):
    threads = [threading.Thread(target=collatz, args=(300_000,)) for _ in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def main():
    values = np.arange(20_000_000, dtype=np.float64)
    some = values[:200_000]
    timed("200 thousand floats, interpreted", total, some)
    timed("20 million floats, first call (compiles)", fast_total, values)
    result = timed("20 million floats, compiled", fast_total, values)
    print("  =", result)

    print("  longest chain:", timed("a kernel in one thread", collatz, 300_000))
    timed("the same kernel in two threads at once", in_threads, 2)

    picture = np.zeros((600, 800), dtype=np.uint8)
    timed("Mandelbrot 800 x 600 with prange, first call", mandelbrot, picture, 200)
    timed("Mandelbrot 800 x 600 with prange", mandelbrot, picture, 200)
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), "mandelbrot.pgm")
    with open(path, "wb") as file:
        file.write(b"P5 800 600 255\n")
        file.write(picture.tobytes())
    print("  written to", path)

    a = np.linspace(0.0, 1.0, 5_000_000)
    b = np.ones(5_000_000)
    timed("array expression over 5 million floats", lambda: (a * 2.0 + b) / (a + 1.0))


main()
