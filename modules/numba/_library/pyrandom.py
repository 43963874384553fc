"""The module random in kernels, on a stream of the thread's own that random.seed(int) inside a kernel seeds: then the numbers are
those of CPython's random.Random, whose order of draws each function follows. Sources: Kinderman and Monahan (normal), Fisher
and Best (von Mises), Cheng and Marsaglia's forms of gamma, as the module's manual names them."""
import math

from numba._library import drawn, function, kind, native

NEXT, WORD, KEPT = -1, -2, -3  # modules/numpy/random/kernel.c

NORMAL_SCALE = 4 * math.exp(-0.5) / math.sqrt(2.0)
LOG4 = math.log(4.0)
GAMMA_EDGE = 1.0 + math.log(4.5)


@function("random.seed")
def seed(a=None):
    native("random.pyseed", int(drawn(WORD)) if a is None else a)


@function("random.random")
def random():
    return drawn(NEXT)


@function("random.getrandbits")
def getrandbits(k):
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k > 62:
        raise OverflowError("random.getrandbits() of more than 62 bits does not fit a kernel's int")
    if k == 0:
        return 0
    if k <= 32:
        return int(drawn(WORD)) >> (32 - k)
    low = int(drawn(WORD))
    return low | (int(drawn(WORD)) >> (64 - k)) << 32


def below(n):
    """An int of 0 .. n - 1."""
    k, m = 0, n
    while m:
        k += 1
        m >>= 1
    r = getrandbits(k)
    while r >= n:
        r = getrandbits(k)
    return r


@function("random.randrange")
def randrange(start, stop=None, step=1):
    if stop is None:
        if start <= 0:
            raise ValueError("empty range for randrange()")
        return below(int(start))
    width = int(stop) - int(start)
    if step == 1:
        if width <= 0:
            raise ValueError("empty range for randrange()")
        return start + below(width)
    if step == 0:
        raise ValueError("zero step for randrange()")
    n = (width + step - 1) // step if step > 0 else (width + step + 1) // step
    if n <= 0:
        raise ValueError("empty range for randrange()")
    return start + step * below(n)


@function("random.randint")
def randint(a, b):
    return randrange(a, b + 1)


@function("random.choice")
def choice(seq):
    if len(seq) == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[below(len(seq))]


@function("random.shuffle")
def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = below(i + 1)
        if kind(x) == "array":
            if x.ndim > 1:
                row = x[i].copy()
                x[i] = x[j]
                x[j] = row
            else:
                x[i], x[j] = x[j], x[i]
        else:
            x[i], x[j] = x[j], x[i]


@function("random.uniform")
def uniform(a, b):
    return a + (b - a) * drawn(NEXT)


@function("random.triangular")
def triangular(low=0.0, high=1.0, mode=None):
    u = drawn(NEXT)
    if high == low:
        return float(low)
    c = 0.5 if mode is None else (mode - low) / (high - low)
    if u > c:
        u, c = 1.0 - u, 1.0 - c
        return high + (low - high) * math.sqrt(u * c)
    return low + (high - low) * math.sqrt(u * c)


@function("random.normalvariate")
def normalvariate(mu=0.0, sigma=1.0):
    while True:
        u1 = drawn(NEXT)
        u2 = 1.0 - drawn(NEXT)
        z = NORMAL_SCALE * (u1 - 0.5) / u2
        if z * z / 4.0 <= -math.log(u2):
            return mu + z * sigma


@function("random.gauss")
def gauss(mu=0.0, sigma=1.0):
    z = drawn(KEPT)
    if z != z:
        angle = drawn(NEXT) * 2.0 * math.pi
        radius = math.sqrt(-2.0 * math.log(1.0 - drawn(NEXT)))
        z = math.cos(angle) * radius
        native("random.keep", math.sin(angle) * radius)
    return mu + z * sigma


@function("random.lognormvariate")
def lognormvariate(mu, sigma):
    return math.exp(normalvariate(mu, sigma))


@function("random.expovariate")
def expovariate(lambd=1.0):
    return -math.log(1.0 - drawn(NEXT)) / lambd


@function("random.vonmisesvariate")
def vonmisesvariate(mu, kappa):
    if kappa <= 1e-6:
        return 2.0 * math.pi * drawn(NEXT)
    s = 0.5 / kappa
    r = s + math.sqrt(1.0 + s * s)
    while True:
        u1 = drawn(NEXT)
        z = math.cos(math.pi * u1)
        d = z / (r + z)
        u2 = drawn(NEXT)
        if u2 < 1.0 - d * d or u2 <= (1.0 - d) * math.exp(d):
            break
    q = 1.0 / r
    f = (q + z) / (1.0 + q * z)
    if drawn(NEXT) > 0.5:
        return (mu + math.acos(f)) % (2.0 * math.pi)
    return (mu - math.acos(f)) % (2.0 * math.pi)


@function("random.gammavariate")
def gammavariate(alpha, beta):
    if alpha <= 0.0 or beta <= 0.0:
        raise ValueError("gammavariate: alpha and beta must be > 0.0")
    if alpha > 1.0:
        return gamma_large(float(alpha)) * beta
    if alpha == 1.0:
        return -math.log(1.0 - drawn(NEXT)) * beta
    return gamma_small(float(alpha)) * beta


def gamma_large(alpha):
    ainv = math.sqrt(2.0 * alpha - 1.0)
    b = alpha - LOG4
    c = alpha + ainv
    while True:
        u1 = drawn(NEXT)
        if not 1e-7 < u1 < 0.9999999:
            continue
        u2 = 1.0 - drawn(NEXT)
        v = math.log(u1 / (1.0 - u1)) / ainv
        x = alpha * math.exp(v)
        z = u1 * u1 * u2
        r = b + c * v - x
        if r + GAMMA_EDGE - 4.5 * z >= 0.0 or r >= math.log(z):
            return x


def gamma_small(alpha):
    b = (math.e + alpha) / math.e
    while True:
        p = b * drawn(NEXT)
        if p <= 1.0:
            x = p ** (1.0 / alpha)
        else:
            x = -math.log((b - p) / alpha)
        u = drawn(NEXT)
        if p > 1.0:
            if u <= x ** (alpha - 1.0):
                return x
        elif u <= math.exp(-x):
            return x


@function("random.betavariate")
def betavariate(alpha, beta):
    y = gammavariate(alpha, 1.0)
    if y:
        return y / (y + gammavariate(beta, 1.0))
    return 0.0


@function("random.paretovariate")
def paretovariate(alpha):
    return (1.0 - drawn(NEXT)) ** (-1.0 / alpha)


@function("random.weibullvariate")
def weibullvariate(alpha, beta):
    return alpha * (-math.log(1.0 - drawn(NEXT))) ** (1.0 / beta)
