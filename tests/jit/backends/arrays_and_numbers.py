import numpy as np, math
#: bcast [[1.0 2.0 3.0] [4.0 5.0 6.0]] [10.0 20.0 30.0]
#: bcast2 [1.0 2.0] [10.0 20.0 30.0]
#: forder [[1.0 2.0 3.0] [4.0 5.0 6.0]]
#: three 2
#: slices [0.0 1.0 2.0 3.0 4.0 5.0 6.0 7.0] 1 7 2
#: slices [0.0 1.0 2.0 3.0 4.0 5.0 6.0 7.0] -2 0 -2
#: slices [0.0 1.0 2.0 3.0] -9 9 1
#: slices [0.0 1.0 2.0 3.0] 0 9 0
#: u8 [250 255 3]
#: i32 [2147483647 -2147483648 5]
#: bools [True False True]
#: carr [1.0 2.0 3.0 -4.0]
#: callee [1.0 2.0 3.0]
#: leak [1.0 2.0 3.0] 1
#: leak [1.0 2.0 3.0] 9
#: inplace [[1.0 2.0] [3.0 4.0]]
#: fib 20
#: even 7
#: gcd 48 18
#: bits 12 5
#: bits 12 -1
#: shifts 5 3
#: shifts 5 62 -> OverflowError: the result of the expression does not fit in a 64-bit int (157:11)
#: power 3 4
#: power 2 62
#: power 2 -1 -> ValueError: the expression: int ** negative int is a float; write float(x) ** n (161:11)
#: fpower 2.0 0.5
#: fpower 0.0 -1.0
#: cmpmix 9007199254740993 9007199254740992.0
#: wh 10
#: nestedt 1 2.5
#: unpack2 [[1.0 2.0] [3.0 4.0]]
#: tern 3
#: tern -3
#: accum [[1 2] [3 4]]
#: strided [1.0 2.0 3.0 4.0 5.0 6.0]
#: minmaxs 3 7.5
#: rng 10 0 -3
#: inn 3
#: neg [1.0 2.0 3.0]
#: mixed [1.5 2.5] [1 2]
#: rowsum [[1.0 2.0] [3.0 4.0]]
#: emptyr []
#: deep 3
#: swap2 [[1.0 2.0] [3.0 4.0]]
#: hist [0.5 1.5 1.7 9.0] 3
#: bubble [3.0 1.0 2.0]
#: trunc -2.7
#: clipit [1.0 5.0 9.0]
#: outer [1.0 2.0] [3.0 4.0 5.0]
#: kw 3
#: absd -9223372036854775807
#: divm -7 2
#: f32acc [1.5 2.5 1e8]
#: sieve 30
#: argm [3.0 nan 1.0]
#: flat [[1.0 2.0] [3.0 4.0]]
#: assignrow [[1.0 2.0] [3.0 4.0]]
#: shapeerr [1.0 2.0 3.0] [1.0 2.0]
#: oob [[1.0 2.0] [3.0 4.0]] 2
def bcast(a, b):
    "sig: array(float64, 2d, C), array(float64, 1d, C)"
    return a + b, a * b[None, :2].sum(), a[:, :1] - b, a.T + a.T

def bcast2(a, b):
    "sig: array(float64, 1d, C), array(float64, 1d, C)"
    return a[:, None] * b, np.sqrt(a[:, np.newaxis] + b[None, :])

def forder(a):
    "sig: array(float64, 2d, F)"
    b = a + 1
    return b, b.T, a[1], a[:, 1], a.sum(), a.ravel(), a.copy(), a.shape

def three(n):
    "sig: int"
    a = np.arange(n * 3 * 4).reshape(n, 3, 4)
    return a[1], a[:, 1, :], a[0, :, 2], a[1, 2, 3], a[..., 0], a.sum(), a[:, ::-1, 1:3]

def slices(a, i, j, k):
    "sig: array(float64, 1d, C), int, int, int"
    return a[i:j:k], a[i:j], a[i:], a[:j], a[::k]

def u8(a):
    "sig: array(uint8, 1d, C)"
    return a + a, a * 2, a - 10, a / 2, a // 2, a << 1, ~a, a > 200, a.sum(), a.max()

def i32(a):
    "sig: array(int32, 1d, C)"
    s = a[0]
    return a + 1, -a, a * a, a // -2, a % 7, a.sum(), abs(a)

def bools(a):
    "sig: array(bool_, 1d, C)"
    return ~a, a & True, a | a, a ^ True, a.sum(), a.any(), a.all(), a * 2, a + a, np.logical_not(a), np.where(a, 1, 2)

def carr(a):
    "sig: array(complex128, 1d, C)"
    return a * a, a + 1, a.real, a.imag, np.abs(a), a.conj(), a.sum(), a == a

def helper(x, k=1):
    y = x * k
    y[0] = -1.0
    return y

def callee(a):
    "sig: array(float64, 1d, C)"
    b = helper(a, 2)
    c = helper(b, 0.5)
    return b, c, helper(a[1:], 3)[0]

def leak(a, i):
    "sig: array(float64, 1d, C), int"
    t = a * 2
    u = t + 1
    if i > 5:
        v = u * 3
        return v[i]
    return u[i]

def inplace(a):
    "sig: array(float64, 2d, C)"
    a += 1
    a[0] *= 2
    a[:, 1] -= a[:, 0]
    a[1, :] /= 2
    a[0, 0] **= 2
    return a

def fib(n):
    "sig: int"
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def even(n):
    "sig: int"
    if n == 0:
        return True
    return odd(n - 1)

def odd(n):
    if n == 0:
        return False
    return even(n - 1)

def gcd(a, b):
    "sig: int, int"
    while b:
        a, b = b, a % b
    return a, math.gcd(12, 18)

def bits(a, b):
    "sig: int, int"
    return a & b, a | b, a ^ b, ~a, -b, +a, True & False, a << b

def shifts(a, b):
    "sig: int, int"
    return a << b, a >> b, -a >> 1

def power(a, b):
    "sig: int, int"
    return a ** b, a ** 3, a ** 0, a ** -2

def fpower(a, b):
    "sig: float, float"
    return a ** b, a ** 2, 2 ** a

def cmpmix(a, b):
    "sig: int, float"
    return a == b, a > b, a < b, a != b, b < a, 3 > b, b >= 2

def wh(n):
    "sig: int"
    i = 0
    total = 0
    while True:
        i += 1
        if i % 2:
            continue
        if i > n:
            break
        total += i
    else:
        total = -1
    return total, i

def nestedt(a, b):
    "sig: int, float"
    t = ((a, b), (b, a, (a,)))
    (x, y), z = t
    return t, z[2][0], x + y, len(t), t[1][:2] + (5,), (1,) * 3

def unpack2(a):
    "sig: array(float64, 2d, C)"
    (p, q), r = a
    return p, q, r

def tern(x):
    "sig: int"
    y = 1.5 if x > 0 else 2
    return y * 2.0 if x else 0.0, x > 0 and y > 1, x < 0 or y < 0

def accum(a):
    "sig: array(int64, 2d, C)"
    s = 0
    for row in a:
        for v in row:
            s += v
    return s, np.prod(a), a.mean()

def strided(a):
    "sig: array(float64, 1d, A)"
    b = a[::2]
    b[1] = 100.0
    c = b[::-1]
    c[0] += 1
    return a, b.sum(), c.max(), b + c

def minmaxs(a, b):
    "sig: int, float"
    return min(a, 2), max(b, 2.0, 1.5), min((3, 1, 2)), max(range(3, 9)), abs(-b), pow(a, 2)

def rng(a, b, c):
    "sig: int, int, int"
    s = 0
    for i in range(a, b, c):
        s = s * 10 + i
    r = range(a, b, c)
    return s, len(r), r[1], 4 in r, 5 in r

def inn(x):
    "sig: int"
    return x in (1, 2, 3), x not in (1, 2), x in np.array([1, 2, 4])

def neg(a):
    "sig: array(float64, 1d, C)"
    a[-1] = a[-2] + a[-3]
    return a[-1], -a, a[-2:], abs(a - 3)

def mixed(a, b):
    "sig: array(float64, 1d, C), array(int64, 1d, C)"
    b[0] = 7.9
    c = a + b
    c[:] = b
    d = np.zeros(2, np.int64)
    d[:] = a
    return c, d, a.astype(np.int32), b.astype(float), b / b

def rowsum(a):
    "sig: array(float64, 2d, C)"
    out = np.empty(len(a))
    for i, row in enumerate(a):
        out[i] = row.sum()
        row[0] = 0.0
    return out, a

def emptyr(a):
    "sig: array(float64, 1d, C)"
    return a.max()

def deep(n):
    "sig: int"
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            for k in range(j, n):
                out[i, j] += i * j + k
    return out

def swap2(a):
    "sig: array(float64, 2d, C)"
    a[0, 0], a[1, 1] = a[1, 1], a[0, 0]
    x, y = a[0], a[1]
    t = x.copy()
    x[:] = y
    y[:] = t
    return a

def hist(a, n):
    "sig: array(float64, 1d, C), int"
    h = np.zeros(n, dtype=np.int64)
    for x in a:
        k = int(x)
        if k < n:
            h[k] += 1
    return h

def bubble(a):
    "sig: array(float64, 1d, C)"
    n = len(a)
    for i in range(n):
        for j in range(n - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a

def trunc(x):
    "sig: float"
    return int(x), math.trunc(x), round(x), math.ceil(x), x // 1, x % 1, round(x, 1), bool(x), float(3)

def clipit(a):
    "sig: array(float64, 1d, C)"
    return np.clip(a, 2.0, 6.0), a.clip(2, 6), np.minimum(a, 4), np.sign(a - 5)

def outer(a, b):
    "sig: array(float64, 1d, C), array(float64, 1d, C)"
    c = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        c[i, :] = a[i] * b
    c[:, 0] += 1
    return c

def kwf(a, b=2, c=3):
    return a * 100 + b * 10 + c

def kw(n):
    "sig: int"
    z = np.zeros(shape=(n,), dtype=np.float32)
    return z, kwf(1, 5, 6)

def absd(x):
    "sig: int"
    return abs(x), -x

def divm(a, b):
    "sig: int, int"
    return divmod(a, b), a // b * b + a % b, a / b

def f32acc(a):
    "sig: array(float32, 1d, C)"
    return a.sum(), a * a, a.mean(), a / 3, a[0] * a[1]

def sieve(n):
    "sig: int"
    flags = np.ones(n + 1, dtype=np.bool_)
    flags[:2] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return flags.sum(), flags[:8]

def argm(a):
    "sig: array(float64, 1d, C)"
    return a.max(), np.isnan(a), np.fmax(a, 0.0), np.maximum(a, 0.0)

def flat(a):
    "sig: array(float64, 2d, C)"
    b = a.ravel()
    b[0] = 9.0
    c = a.flatten()
    c[1] = 5.0
    return a, b.reshape(4, 1), a.reshape((-1, 4)), c, a.T.reshape(4)

def assignrow(a):
    "sig: array(float64, 2d, C)"
    a[0] = 5.0
    a[1] = a[0] * 2
    a[:, 1] = (7, 8)[0]
    b = np.zeros((3, 2))
    b[1:] = a
    b[:1] = a[1]
    return b

def shapeerr(a, b):
    "sig: array(float64, 1d, C), array(float64, 1d, C)"
    c = a * 2
    c[:] = b
    return c

def oob(a, i):
    "sig: array(float64, 2d, C), int"
    b = a + 1
    return b[i, 0]
