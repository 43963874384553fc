# Kernels that call themselves, directly, through another, and through the body of a parallel loop, until the C stack
# ends: RecursionError in every engine, on threads of any stack size, and nothing of what they hold is lost.
import sys
import threading
import numpy as np
from numba import njit, prange


@njit
def down(n):
    if n == 0:
        return 0
    return 1 + down(n - 1)


@njit
def arrays(a, n):
    b = a + 1.0
    if n == 0:
        return b[0]
    return arrays(b, n - 1) + b[0]


@njit
def ping(n):
    if n < 0:
        return 0
    return pong(n + 1) * 2 % 7


@njit
def pong(n):
    return ping(n + 1) + 1


@njit(parallel=True)
def spread(n):
    s = 0
    for i in prange(4):
        s += spread(n + i)
    return s


def attempt(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except RecursionError as error:
        traceback = error.__traceback__
        while traceback.tb_next:
            traceback = traceback.tb_next
        name = traceback.tb_frame.f_code.co_name
        print(function.__name__, type(error).__name__, name in ("down", "arrays", "ping", "pong", "spread"))


sys.setrecursionlimit(800)
attempt(down, 300)
attempt(down, 10 ** 9)
attempt(arrays, np.ones(3), 100)
attempt(arrays, np.ones(3), 10 ** 9)
attempt(ping, 1)
attempt(spread, 0)
for size in (0, 64 * 1024, 1 << 20):
    threading.stack_size(size)
    thread = threading.Thread(target=attempt, args=(down, 10 ** 9))
    thread.start()
    thread.join()
attempt(down, 300)
