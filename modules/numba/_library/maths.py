"""Interpolation, signals, windows, polynomials, rounding, and the functions that are elementwise but no rows of elem.def."""
import math

import numpy as np

from numba._library import cfmod, function, kind, native
from numba._library.shapes import as_array, cut
from numba._library.tuples import normal


# -- elementwise --

@function("numpy.divmod")
def divmod_(x1, x2):
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


@function("numpy.modf")
def modf(x):
    whole = np.trunc(x)
    part = np.where(np.isinf(x), 0 * np.copysign(0.0, x), x - whole)
    return np.copysign(part, x), whole


@function("numpy.fmod")
def fmod(x1, x2):
    if kind(x1, True) == "f" or kind(x2, True) == "f":
        return cfmod(x1, x2)
    r = np.remainder(x1, x2)
    return np.where((r != 0) & ((r < 0) != np.less(x1, 0)), r - x2, r)


@function("numpy.float_power")
def float_power(x1, x2):
    return np.power(np.multiply(x1, 1.0), np.multiply(x2, 1.0))


@function("numpy.logaddexp")
def logaddexp(x1, x2):
    d = np.subtract(x1, x2)
    up, down = x1 + np.log1p(np.exp(-d)), x2 + np.log1p(np.exp(d))
    return np.where(np.equal(x1, x2), x1 + 0.693147180559945309417, np.where(d > 0, up, np.where(d <= 0, down, d)))


@function("numpy.logaddexp2")
def logaddexp2(x1, x2):
    d = np.subtract(x1, x2)
    k = 1.44269504088896340736
    up, down = x1 + k * np.log1p(np.exp2(-d)), x2 + k * np.log1p(np.exp2(d))
    return np.where(np.equal(x1, x2), np.add(x1, 1.0), np.where(d > 0, up, np.where(d <= 0, down, d)))


@function("numpy.heaviside")
def heaviside(x1, x2):
    return np.where(np.isnan(x1), np.multiply(x1, 1.0), np.where(np.equal(x1, 0), np.multiply(x2, 1.0),
                                                                 np.where(np.less(x1, 0), 0.0, 1.0)))


@function("numpy.spacing")
def spacing(x):
    size = np.abs(x)
    return np.copysign(np.nextafter(size, np.inf) - size, x)


def gcd_of(a, b):
    a, b = abs(a), abs(b)
    while b:
        a, b = b, a % b
    return a


@function("numpy.gcd")
def gcd(x1, x2):
    if kind(x1) == "number" and kind(x2) == "number":
        return gcd_of(np.result_type(x1, x2)(x1), np.result_type(x1, x2)(x2))
    return pairs_of(x1, x2, False)


@function("numpy.lcm")
def lcm(x1, x2):
    if kind(x1) == "number" and kind(x2) == "number":
        return lcm_of(np.result_type(x1, x2)(x1), np.result_type(x1, x2)(x2))
    return pairs_of(x1, x2, True)


def lcm_of(a, b):
    g = gcd_of(a, b)
    if g == 0:
        return g
    return abs(a // g * b)


def pairs_of(x1, x2, multiple):
    a, b = np.broadcast_arrays(x1, x2)
    dtype = np.result_type(a, b)
    out = np.empty(a.shape, dtype)
    x, y, to = a.ravel(), b.ravel(), out.reshape(-1)
    for i in range(to.size):
        to[i] = lcm_of(dtype(x[i]), dtype(y[i])) if multiple else gcd_of(dtype(x[i]), dtype(y[i]))
    return out


@function("numpy.angle")
def angle(z, deg=False):
    r = np.arctan2(np.imag(z), np.real(z))
    if deg:
        return r * (180 / np.pi)
    return r


@function("numpy.round", "numpy.around", "numpy.round_", "ndarray.round")
def round_(a, decimals=0, out=None):
    if out is not None:
        out[...] = round_(a, decimals)
        return out
    if kind(a) == "tuple" or kind(a) == "list":
        return round_(as_array(a), decimals)
    if kind(a, True) == "c":
        return rounded_parts(a, decimals)
    if kind(a, True) != "f":
        if decimals >= 0:
            return a
        scale = 10 ** -decimals
        return np.multiply(np.rint(np.divide(a, scale)), scale).astype(np.result_type(a))
    if decimals == 0:
        return np.rint(a)
    dtype = np.result_type(a)
    if decimals > 0:
        scale = dtype(10.0 ** decimals)
        return np.rint(a * scale) / scale
    scale = dtype(10.0 ** -decimals)
    return np.rint(a / scale) * scale


def rounded_parts(a, decimals):
    """Of complex numbers, whose parts are rounded one by one."""
    out = np.empty(as_array(a).shape, np.result_type(a))
    out.real[...] = round_(np.real(a), decimals)
    out.imag[...] = round_(np.imag(a), decimals)
    if kind(a) == "number":
        return out[()]
    return out


@function("numpy.fix")
def fix(x):
    return np.trunc(x)


@function("numpy.sinc")
def sinc(x):
    y = np.pi * np.where(np.equal(x, 0), 1.0e-20, x)
    return np.sin(y) / y


# -- interpolation and signals --

def interpolated(x, xp, fp):
    n = xp.size
    if x != x:
        return x
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if xp[middle] <= x:
            low = middle + 1
        else:
            high = middle
    j = low - 1
    if j == n - 1 or xp[j] == x:
        return fp[j]
    slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])
    r = slope * (x - xp[j]) + fp[j]
    if r != r:
        r = slope * (x - xp[j + 1]) + fp[j + 1]
        if r != r and fp[j] == fp[j + 1]:
            r = fp[j]
    return r


@function("numpy.interp")
def interp(x, xp, fp, left=None, right=None):
    px, py = as_array(xp).astype(np.float64), as_array(fp).astype(np.float64)
    if px.size == 0:
        raise ValueError("array of sample points is empty")
    if px.size != py.size:
        raise ValueError("fp and xp are not of the same length.")
    low = py[0] if left is None else np.float64(left)
    high = py[py.size - 1] if right is None else np.float64(right)
    if kind(x) == "number":
        return interpolated_or(np.float64(x), px, py, low, high)
    a = as_array(x).astype(np.float64)
    out = np.empty(a.shape, np.float64)
    flat, to = a.reshape(-1), out.reshape(-1)
    for i in range(to.size):
        to[i] = interpolated_or(flat[i], px, py, low, high)
    return out


def interpolated_or(x, px, py, low, high):
    if x < px[0]:
        return low
    if x > px[px.size - 1]:
        return high
    return interpolated(x, px, py)


def product_type(a, v):
    return np.result_type(a, v)


@function("numpy.convolve")
def convolve(a, v, mode="full"):
    a, v = as_array(a), as_array(v)
    if a.size == 0 or v.size == 0:
        raise ValueError("a cannot be empty")
    if mode == "full":
        out = np.empty(a.size + v.size - 1, product_type(a, v))
        native("py:convolve", a, v, out, 2)
        return out
    if mode == "same":
        same = np.empty(max(a.size, v.size), product_type(a, v))
        native("py:convolve", a, v, same, 1)
        return same
    valid = np.empty(max(a.size, v.size) - min(a.size, v.size) + 1, product_type(a, v))
    native("py:convolve", a, v, valid, 0)
    return valid


@function("numpy.correlate")
def correlate(a, v, mode="valid"):
    a, v = as_array(a), as_array(v)
    if a.size == 0 or v.size == 0:
        raise ValueError("a cannot be empty")
    if mode == "full":
        out = np.empty(a.size + v.size - 1, product_type(a, v))
        native("py:correlate", a, v, out, 2)
        return out
    if mode == "same":
        same = np.empty(max(a.size, v.size), product_type(a, v))
        native("py:correlate", a, v, same, 1)
        return same
    valid = np.empty(max(a.size, v.size) - min(a.size, v.size) + 1, product_type(a, v))
    native("py:correlate", a, v, valid, 0)
    return valid


@function("numpy.unwrap")
def unwrap(p):
    p = as_array(p)
    if p.ndim > 1:
        rows = np.empty(p.shape, np.float64)
        for i in range(p.shape[0]):
            rows[i] = unwrap(p[i])
        return rows
    out = p.astype(np.float64)
    if p.size < 2:
        return out
    d = out[1:] - out[:-1]
    m = np.mod(d + np.pi, 2 * np.pi) - np.pi
    m = np.where((m == -np.pi) & (d > 0), np.pi, m)
    correct = np.where(np.abs(d) < np.pi, 0.0, m - d)
    out[1:] = out[1:] + np.cumsum(correct)
    return out


@function("numpy.gradient")
def gradient(f, spacing=1.0, axis=None):
    f = as_array(f)
    if f.ndim != 1 and axis is None:
        raise ValueError("gradient of an array of several dimensions needs a constant axis in a kernel")
    k = 0 if axis is None else normal(axis, f.ndim)
    n = f.shape[k]
    if n < 2:
        raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
    y = f.astype(np.result_type(f, 1.0))
    out = np.empty(f.shape, y.dtype)
    h = y.dtype(spacing)
    cut(out, k, 1, n - 1)[...] = (cut(y, k, 2, n) - cut(y, k, 0, n - 2)) / (y.dtype(2.0) * h)
    cut(out, k, 0, 1)[...] = (cut(y, k, 1, 2) - cut(y, k, 0, 1)) / h
    cut(out, k, n - 1, n)[...] = (cut(y, k, n - 1, n) - cut(y, k, n - 2, n - 1)) / h
    return out


# -- windows --

def steps(M):
    return np.arange(1 - M, M, 2)


@function("numpy.bartlett")
def bartlett(M):
    if M < 1:
        return np.empty(0, np.float64)
    if M == 1:
        return np.ones(1, np.float64)
    n = steps(M)
    return np.where(n <= 0, 1 + n / (M - 1), 1 - n / (M - 1))


@function("numpy.blackman")
def blackman(M):
    if M < 1:
        return np.empty(0, np.float64)
    if M == 1:
        return np.ones(1, np.float64)
    n = steps(M)
    return 0.42 + 0.5 * np.cos(np.pi * n / (M - 1)) + 0.08 * np.cos(2.0 * np.pi * n / (M - 1))


@function("numpy.hamming")
def hamming(M):
    if M < 1:
        return np.empty(0, np.float64)
    if M == 1:
        return np.ones(1, np.float64)
    return 0.54 + 0.46 * np.cos(np.pi * steps(M) / (M - 1))


@function("numpy.hanning")
def hanning(M):
    if M < 1:
        return np.empty(0, np.float64)
    if M == 1:
        return np.ones(1, np.float64)
    return 0.5 + 0.5 * np.cos(np.pi * steps(M) / (M - 1))


@function("numpy.kaiser")
def kaiser(M, beta):
    out = np.empty(max(M, 0), np.float64)
    native("py:kaiser", M, float(beta), out)
    return out


# -- polynomials --

@function("numpy.polyval")
def polyval(p, x):
    p = as_array(p)
    y = np.multiply(x, 0) * p.dtype(1)
    for i in range(p.size):
        y = y * x + p[i]
    return y


@function("numpy.polynomial.polynomial.polyval")
def polynomial_polyval(x, c):
    c = as_array(c)
    r = c[c.size - 1] + np.multiply(x, 0)
    for i in range(2, c.size + 1):
        r = c[c.size - i] + r * x
    return r


def trimmed(c):
    n = c.size
    while n > 1 and c[n - 1] == 0:
        n -= 1
    return c[:n].copy()


@function("numpy.polynomial.polyutils.trimseq")
def trimseq(seq):
    return trimmed(seq)


def coefficients(c):
    a = as_array(c)
    return trimmed(a.astype(np.result_type(a, 1.0)).reshape(-1))


@function("numpy.polynomial.polynomial.polyadd")
def polyadd(c1, c2):
    a, b = coefficients(c1), coefficients(c2)
    r = np.zeros(max(a.size, b.size), np.result_type(a, b))
    r[:a.size] += a
    r[:b.size] += b
    return trimmed(r)


@function("numpy.polynomial.polynomial.polysub")
def polysub(c1, c2):
    a, b = coefficients(c1), coefficients(c2)
    r = np.zeros(max(a.size, b.size), np.result_type(a, b))
    r[:a.size] += a
    r[:b.size] -= b
    return trimmed(r)


@function("numpy.polynomial.polynomial.polymul")
def polymul(c1, c2):
    return trimmed(convolve(coefficients(c1), coefficients(c2)))


@function("numpy.polynomial.polynomial.polydiv")
def polydiv(c1, c2):
    a, b = coefficients(c1), coefficients(c2)
    if b[b.size - 1] == 0:
        raise ZeroDivisionError("polynomial division by zero")
    if a.size < b.size:
        return a[:1] * 0, a
    if b.size == 1:
        return a / b[0], a[:1] * 0
    n = a.size - b.size
    scale = b[b.size - 1]
    low = b[:-1] / scale
    i, j = n, a.size - 1
    while i >= 0:
        a[i:j] -= low * a[j]
        i -= 1
        j -= 1
    return a[j + 1:] / scale, trimmed(a[:j + 1])


@function("numpy.polynomial.polynomial.polyint")
def polyint(c, m=1):
    r = as_array(c) * 1.0
    for _ in range(m):
        t = np.zeros(r.size + 1, r.dtype)
        if r.size > 1 or r[0] != 0:
            for k in range(r.size):
                t[k + 1] = r[k] / (k + 1)
            r = t
    return r


@function("numpy.roots")
def roots(p):
    p = as_array(p)
    out = np.empty(max(p.size - 1, 0), np.complex128)
    n = native("py:roots", p, out)
    return out[:n].copy()


@function("numpy.polyfit")
def polyfit(x, y, deg):
    out = np.empty(deg + 1, np.float64)
    native("py:polyfit", x, y, deg, out)
    return out


# -- Fourier transforms --

@function("numpy.fft.fft")
def fft(a):
    out = np.empty(a.shape, np.complex128)
    native("py:fft", a, out, 0)
    return out


@function("numpy.fft.ifft")
def ifft(a):
    out = np.empty(a.shape, np.complex128)
    native("py:fft", a, out, 1)
    return out


@function("numpy.fft.rfft")
def rfft(a):
    out = np.empty(a.shape[:-1] + (a.shape[-1] // 2 + 1,), np.complex128)
    native("py:rfft", a, out)
    return out


@function("numpy.fft.irfft")
def irfft(a, n=None):
    length = 2 * (a.shape[-1] - 1) if n is None else n
    out = np.empty(a.shape[:-1] + (length,), np.float64)
    native("py:irfft", a, length, out)
    return out


# -- cmath --

def finite(z):
    return math.isfinite(z.real) and math.isfinite(z.imag)


def checked(z, r):
    if finite(z) and (math.isinf(r.real) or math.isinf(r.imag)):
        raise OverflowError("math range error")
    return r


def is_bad(along, other):
    return math.isinf(along) and not math.isnan(other)


@function("cmath.phase")
def phase(z):
    w = complex(z)
    return math.atan2(w.imag, w.real)


@function("cmath.polar")
def polar(z):
    return abs(complex(z)), phase(z)


@function("cmath.rect")
def rect(r, phi):
    r, phi = float(r), float(phi)
    if math.isfinite(r) and math.isfinite(phi):
        return complex(r, r * phi) if phi == 0.0 else complex(r * math.cos(phi), r * math.sin(phi))
    if math.isfinite(phi):
        if phi == 0.0:
            return complex(r, phi if math.isnan(r) else math.copysign(0.0, phi) * math.copysign(1.0, r))
        if math.isnan(r):
            return complex(r, r)
        return complex(math.copysign(math.inf, math.cos(phi) * r), math.copysign(math.inf, math.sin(phi) * r))
    if r == 0.0:
        return complex(0.0, 0.0)
    if math.isnan(phi):
        return complex(abs(r) if math.isinf(r) else math.nan, math.nan)
    if math.isnan(r):
        return complex(r, r)
    raise ValueError("math domain error")


@function("cmath.sqrt")
def c_sqrt(z):
    return complex(np.sqrt(complex(z)))


@function("cmath.exp")
def c_exp(z):
    w = complex(z)
    if math.isinf(w.imag) and not (math.isnan(w.real) or w.real == -math.inf):
        raise ValueError("math domain error")
    return checked(w, complex(np.exp(w)))


def log_of(w):
    if w == 0:
        return complex(-math.inf, math.atan2(w.imag, w.real))
    return complex(np.log(w))


@function("cmath.log")
def c_log(z, base=None):
    """Of 0 an error, unless there is a base, whose logarithm alone CPython asks about."""
    w = complex(z)
    if base is None:
        if w == 0:
            raise ValueError("math domain error")
        return log_of(w)
    b = complex(base)
    if b == 0 or b == 1:
        raise ValueError("math domain error")
    return log_of(w) / log_of(b)


@function("cmath.log10")
def c_log10(z):
    r = c_log(z)
    return complex(r.real / math.log(10.0), r.imag / math.log(10.0))


@function("cmath.sin")
def c_sin(z):
    w = complex(z)
    if is_bad(w.real, w.imag):
        raise ValueError("math domain error")
    return checked(w, complex(np.sin(w)))


@function("cmath.cos")
def c_cos(z):
    w = complex(z)
    if is_bad(w.real, w.imag):
        raise ValueError("math domain error")
    return checked(w, complex(np.cos(w)))


@function("cmath.sinh")
def c_sinh(z):
    w = complex(z)
    if is_bad(w.imag, w.real):
        raise ValueError("math domain error")
    return checked(w, complex(np.sinh(w)))


@function("cmath.cosh")
def c_cosh(z):
    w = complex(z)
    if is_bad(w.imag, w.real):
        raise ValueError("math domain error")
    return checked(w, complex(np.cosh(w)))


@function("cmath.tan")
def c_tan(z):
    if math.isinf(z.real) and math.isfinite(z.imag):
        raise ValueError("math domain error")
    if z.imag == 0 and math.isnan(z.real):
        return complex(math.nan, math.nan)
    return complex(np.tan(complex(z)))


@function("cmath.tanh")
def c_tanh(z):
    if math.isinf(z.imag) and math.isfinite(z.real):
        raise ValueError("math domain error")
    if z.real == 0 and math.isnan(z.imag):
        return complex(math.nan, math.nan)
    return complex(np.tanh(complex(z)))


@function("cmath.asin")
def c_asin(z):
    return complex(np.arcsin(complex(z)))


@function("cmath.acos")
def c_acos(z):
    return complex(np.arccos(complex(z)))


@function("cmath.atan")
def c_atan(z):
    w = complex(z)
    if w.real == 0 and abs(w.imag) == 1:
        raise ValueError("math domain error")
    return complex(np.arctan(w))


@function("cmath.asinh")
def c_asinh(z):
    return complex(np.arcsinh(complex(z)))


@function("cmath.acosh")
def c_acosh(z):
    if z.real == 0 and math.isnan(z.imag):
        return complex(math.nan, math.nan)
    return complex(np.arccosh(complex(z)))


@function("cmath.atanh")
def c_atanh(z):
    w = complex(z)
    if w.imag == 0 and abs(w.real) == 1:
        raise ValueError("math domain error")
    return complex(np.arctanh(w))


@function("cmath.isnan")
def c_isnan(z):
    return math.isnan(complex(z).real) or math.isnan(complex(z).imag)


@function("cmath.isinf")
def c_isinf(z):
    return math.isinf(complex(z).real) or math.isinf(complex(z).imag)


@function("cmath.isfinite")
def c_isfinite(z):
    return finite(complex(z))
