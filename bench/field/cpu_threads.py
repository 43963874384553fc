"""CPU-bound threads: one function in 1, 2 and 4 threads, in pure Python and as a kernel; the times go to stderr.

    cpu_threads.py [N = 300000]
"""
import sys
import threading
import time

from numba import njit


def longest_chain(first, last):
    best = 0
    for start in range(first, last):
        x = start
        steps = 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        best = max(best, steps)
    return best


kernel = njit(nogil=True)(longest_chain)


def run(function, threads, n):
    """Every thread does the whole work, as in the stories that compare 2 threads with 1."""
    results = [None] * threads

    def work(k):
        results[k] = function(1, n)

    workers = [threading.Thread(target=work, args=(k,)) for k in range(threads)]
    begin = time.perf_counter()
    for t in workers:
        t.start()
    for t in workers:
        t.join()
    return results, time.perf_counter() - begin


n = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
kernel(1, 10)
for name, function, size in (("python", longest_chain, n // 30), ("kernel", kernel, n)):
    for threads in (1, 2, 4):
        results, seconds = run(function, threads, size)
        print(name, threads, results)
        print(f"{name} {threads} threads: {seconds:.3f} s", file=sys.stderr)
