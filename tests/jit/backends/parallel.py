import numpy as np, math
from numba import prange
#: red1 [1.0 2.0 3.0 4.0]
#: red2 [3 1 2]
#: fillp 7
#: nest [[1.0 2.0] [3.0 4.0]]
#: err [1.0 2.0 0.5]
#: priv 10
#: step 10
#: last 5
#: last 0
#: minmax [3.0 -1.0 7.0]
#: cond [1.0 -2.0 3.0]
#: rows [[1.0 2.0] [3.0 4.0]]
def red1(a):
    "sig: array(float64, 1d, C); parallel"
    s = 0.0
    p = 1.0
    for i in prange(a.shape[0]):
        s += a[i]
        p *= a[i]
    return s, p

def red2(a):
    "sig: array(int64, 1d, C); parallel"
    s = 0
    n = 0
    for i in prange(len(a)):
        s += int(a[i])
        if a[i] > 1:
            n += 1
    return s, n

def fillp(n):
    "sig: int; parallel"
    a = np.empty(n)
    for i in prange(n):
        a[i] = i * 2.0
    return a

def nest(a):
    "sig: array(float64, 2d, C); parallel"
    out = np.zeros_like(a)
    t = 0.0
    for i in prange(a.shape[0]):
        acc = 0.0
        for j in range(a.shape[1]):
            acc += a[i, j]
            out[i, j] = acc
        t += acc
    return out, t

def err(a):
    "sig: array(float64, 1d, C); parallel"
    s = 0.0
    for i in prange(len(a)):
        if a[i] < 1:
            raise ValueError("too small at", i)
        s += a[i]
    return s

def priv(n):
    "sig: int; parallel"
    b = np.ones(n)
    for i in prange(n):
        tmp = np.zeros(3)
        tmp[1] = i
        x = tmp + 1
        b[i] = x.sum()
    return b

def step(n):
    "sig: int; parallel"
    s = 0
    b = np.zeros(n)
    for i in prange(1, n, 3):
        s += i
        b[i] = i
    return s, b

def last(n):
    "sig: int; parallel"
    x = -1
    for i in prange(n):
        x = i * i
    return x

def minmax(a):
    "sig: array(float64, 1d, C); parallel"
    lo = np.inf
    hi = -np.inf
    for i in prange(len(a)):
        lo = min(lo, a[i])
        hi = max(hi, a[i])
    return lo, hi

def cond(a):
    "sig: array(float64, 1d, C); parallel"
    s = 0.0
    for i in prange(len(a)):
        if a[i] > 0:
            s += a[i]
        else:
            s -= a[i]
    return s

def rows(a):
    "sig: array(float64, 2d, C); parallel"
    b = np.zeros(a.shape[0])
    for i in prange(len(a)):
        b[i] = a[i].sum() + a[i, ::-1][0]
    return b
