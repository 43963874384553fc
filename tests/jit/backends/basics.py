import numpy as np, math
#: zeros1 5
#: stencil [[1.0 2.0 3.0] [4.0 5.0 6.0] [7.0 8.0 9.0]]
#: overlap [1.0 2.0 3.0 4.0]
#: loops 4
#: views [[1.0 2.0 3.0] [4.0 5.0 6.0]]
#: en [3.0 4.0]
#: early [1.0 5.0 2.0] 4.0
#: red [[1.0 2.0 3.0] [4.0 5.0 6.0]]
#: ints [1 2 3]
#: tup 3 4.5
#: opt 5
#: opt None
#: divs 7 -2
#: divs 7 0
#: fdivs 7.5 -2.0
#: cplx 1 2
#: chain 5
#: mask [1.0 -2.0 3.0]
#: gather [1.0 2.0 3.0] [2 0 -1]
#: gather [1.0 2.0 3.0] [2 3]
#: raiser 5
#: raiser -5
#: fills 3
#: swap [1.0 2.0 3.0]
#: sel [1.0 2.0 3.0] True
#: sel [1.0 2.0 3.0] False
#: strs 3
#: maths -1.0
#: printer 3
#: isprime 97
#: sums [1.5 2.5]
#: mm [[1.0 2.0] [3.0 4.0]]
def zeros1(n):
    "sig: int"
    a = np.zeros(n)
    for i in range(n):
        a[i] = i * i
    a[1:] += 1.0
    return a

def stencil(u):
    "sig: array(float64, 2d, C)"
    v = u.copy()
    v[1:-1, 1:-1] = (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:]) * 0.25
    return v

def overlap(a):
    "sig: array(float64, 1d, C)"
    a[1:] = a[:-1] * 2
    a[:-1] += a[1:]
    return a

def loops(n):
    "sig: int"
    s = 0
    for i in range(n):
        for j in range(i, -3, -2):
            if j == 1:
                continue
            if i * j > 5:
                break
            s += i * 10 + j
    return s

def views(a):
    "sig: array(float64, 2d, C)"
    r = a[1]
    c = a[:, 0]
    t = a.T
    return r, c[::-1], t[2, 1], a.shape, a[..., None].shape

def en(a):
    "sig: array(float64, 1d, C)"
    s = 0.0
    for i, x in enumerate(a):
        s += i * x
    for x, y in zip(a, a[::-1]):
        s += x * y
    return s

def early(a, limit):
    "sig: array(float64, 1d, C), float"
    b = np.empty_like(a)
    for i in range(a.size):
        if a[i] > limit:
            return b[:i], i
        b[i] = a[i]
    return b, -1

def red(a):
    "sig: array(float64, 2d, C)"
    return a.sum(), np.mean(a * 2), a.max(), np.min(a[:, 1:]), a.std(), np.any(a > 5), (a > 2).sum()

def ints(a):
    "sig: array(int64, 1d, C)"
    b = a * 2 - 1
    c = b // a
    d = a / 2
    return b, c, d, a % 2 == 1, -a, a ** 2

def tup(a, b):
    "sig: int, float"
    t = (a, b, 7)
    x, y, z = t
    return t[0] + z, y * t[-1], t[:2], (1, 2) < (1, 3), t == (a, b, 7)

def opt(x):
    "sig: optional(int)"
    if x is None:
        x = 10
    return x + 1

def divs(a, b):
    "sig: int, int"
    return a // b, a % b, a / b

def fdivs(a, b):
    "sig: float, float"
    return a // b, a % b, a / b, divmod(a, b)

def cplx(a, b):
    "sig: float, float"
    z = complex(a, b)
    w = z * z + 1j / z
    return w, abs(z), z.real, w.conjugate(), z == w, z ** 2

def chain(x):
    "sig: int"
    return 1 < x <= 5 and x != 3, x if x > 10 else -x, not x, x and 7

def mask(a):
    "sig: array(float64, 1d, C)"
    b = a[a > 0]
    a[a < 0] = 0.0
    return b, a

def gather(a, idx):
    "sig: array(float64, 1d, C), array(int64, 1d, C)"
    b = a[idx]
    a[idx] = 0.5
    return b, a

def raiser(x):
    "sig: int"
    a = np.ones(3)
    if x < 0:
        raise ValueError("negative: ", x)
    assert x > 10, "too small"
    return a

def fills(n):
    "sig: int"
    a = np.full((n, 2), 7)
    b = np.arange(n)
    c = np.ones((n, n))
    return a, b, c, np.array([[1, 2], [3, 4]]), np.array([1, 2.5]), np.zeros(2, dtype=np.int32)

def swap(a):
    "sig: array(float64, 1d, C)"
    b = np.zeros(3)
    for i in range(4):
        a, b = b, a + 1
    return a, b

def lin(n):
    "sig: int"
    x = np.arange(n) * 0.1
    return np.sin(x) ** 2 + np.cos(x) ** 2, x.reshape(n, 1) + x, x[-1]

def sel(a, c):
    "sig: array(float64, 1d, C), bool"
    if c:
        b = a[::-1]
    else:
        b = a * 2
    return b

def strs(n):
    "sig: int"
    mode = "fast"
    if mode == "fast":
        return n
    return "x"

def maths(x):
    "sig: float"
    return math.floor(x), math.exp(x), math.sqrt(x), math.atan2(x, 3), round(x), int(x), abs(x), max(x, 3)

def printer(n):
    "sig: int"
    for i in range(n):
        print("i =", i, i / 2, (i, True), None)

def isprime(n):
    "sig: int"
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    else:
        return True

def sums(a):
    "sig: array(float64, 1d, C)"
    t = 0.0
    for row in np.ones((2, 3)):
        t += row.sum()
    return sum(a), sum((1, 2, 3)), sum(range(10)), len(a), min(a), np.dot(a, a), t

def mm(a):
    "sig: array(float64, 2d, C)"
    return a @ a, a @ a[0], a[0] @ a[1], np.where(a > 2, a, -a), np.maximum(a, 2.5)

def f32(a):
    "sig: array(float32, 1d, C)"
    s = 0.0
    for x in a:
        s += x
    return s, a * 2.5, a + 1, np.sqrt(a), np.float32(1) / 3
