import numpy as np, math
#: mean [1.0 2.0 6.0]
#: fact 20
#: fact 21 -> OverflowError: the result of the expression does not fit in a 64-bit int (20:11)
#: collatz 27
#: axpy 2.5 [1.0 2.0 3.0] [10.0 20.0 30.0]
#: axpy 2.5 [1.0 2.0 3.0] [10.0 20.0]
#: matmul [[1.0 2.0] [3.0 4.0]] [[5.0 6.0] [7.0 8.0]]
def mean(a):
    "sig: array(float64, 1d, C)"
    s = 0.0
    for i in range(len(a)):
        s += a[i]
    return s / len(a)

def fact(n):
    "sig: int"
    if n <= 1:
        return 1
    return n * fact(n - 1)

def collatz(n):
    "sig: int"
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps

def axpy(a, x, y):
    "sig: float, array(float64, 1d, C), array(float64, 1d, C)"
    return a * x + y

def matmul(a, b):
    "sig: array(float64, 2d, C), array(float64, 2d, C)"
    n, m = a.shape
    p = b.shape[1]
    c = np.zeros((n, p))
    for i in range(n):
        for j in range(p):
            acc = 0.0
            for k in range(m):
                acc += a[i, k] * b[k, j]
            c[i, j] = acc
    return c
