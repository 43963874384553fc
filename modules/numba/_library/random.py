"""numpy.random in kernels: the functions of the module on a stream of the thread's own (MT19937), which np.random.seed inside a
kernel seeds: then the numbers are RandomState's. native("random.draw", row, line, ...) fills a line of a distribution of
modules/numpy/random's table."""
import numpy as np
from numpy.random import _common

from numba._library import drawn, drawn_int, function, kind, native
from numba._library.shapes import as_array
from numba._library.tuples import shape_of


def check(status):
    if status:
        raise ValueError("a parameter of the distribution is out of its range")


def filled0(row, size, dtype):
    if size is None:
        return drawn(row)
    out = np.empty(shape_of(size), dtype)
    check(native("random.draw", row, out.reshape(-1)))
    return out


def filled1(row, size, dtype, a):
    if size is None:
        one = np.empty(1, dtype)
        check(native("random.draw", row, one, a))
        return one[0]
    out = np.empty(shape_of(size), dtype)
    check(native("random.draw", row, out.reshape(-1), a))
    return out


def filled2(row, size, dtype, a, b):
    if size is None:
        one = np.empty(1, dtype)
        check(native("random.draw", row, one, a, b))
        return one[0]
    out = np.empty(shape_of(size), dtype)
    check(native("random.draw", row, out.reshape(-1), a, b))
    return out


def filled3(row, size, dtype, a, b, c):
    if size is None:
        one = np.empty(1, dtype)
        check(native("random.draw", row, one, a, b, c))
        return one[0]
    out = np.empty(shape_of(size), dtype)
    check(native("random.draw", row, out.reshape(-1), a, b, c))
    return out


_rows = _common.rows

GUMBEL = _rows["gumbel"]
LAPLACE = _rows["laplace"]
LEGACY_BETA = _rows["legacy_beta"]
LEGACY_BINOMIAL = _rows["legacy_binomial"]
LEGACY_CHISQUARE = _rows["legacy_chisquare"]
LEGACY_EXPONENTIAL = _rows["legacy_exponential"]
LEGACY_F = _rows["legacy_f"]
LEGACY_GAMMA = _rows["legacy_gamma"]
LEGACY_GAUSS = _rows["legacy_gauss"]
LEGACY_GEOMETRIC = _rows["legacy_geometric"]
LEGACY_HYPERGEOMETRIC = _rows["legacy_hypergeometric"]
LEGACY_LOGNORMAL = _rows["legacy_lognormal"]
LEGACY_LOGSERIES = _rows["legacy_logseries"]
LEGACY_NEGATIVE_BINOMIAL = _rows["legacy_negative_binomial"]
LEGACY_NONCENTRAL_CHISQUARE = _rows["legacy_noncentral_chisquare"]
LEGACY_NONCENTRAL_F = _rows["legacy_noncentral_f"]
LEGACY_NORMAL = _rows["legacy_normal"]
LEGACY_PARETO = _rows["legacy_pareto"]
LEGACY_POWER = _rows["legacy_power"]
LEGACY_RAYLEIGH = _rows["legacy_rayleigh"]
LEGACY_STANDARD_CAUCHY = _rows["legacy_standard_cauchy"]
LEGACY_STANDARD_EXPONENTIAL = _rows["legacy_standard_exponential"]
LEGACY_STANDARD_GAMMA = _rows["legacy_standard_gamma"]
LEGACY_STANDARD_T = _rows["legacy_standard_t"]
LEGACY_VONMISES = _rows["legacy_vonmises"]
LEGACY_WALD = _rows["legacy_wald"]
LEGACY_WEIBULL = _rows["legacy_weibull"]
LEGACY_ZIPF = _rows["legacy_zipf"]
LOGISTIC = _rows["logistic"]
POISSON = _rows["poisson"]
RANDOM = _rows["random"]
TRIANGULAR = _rows["triangular"]
UNIFORM = _rows["uniform"]


@function("numpy.random.random", "numpy.random.ranf", "numpy.random.sample", "numpy.random.random_sample")
def random_sample(size=None):
    return filled0(RANDOM, size, np.float64)


@function("numpy.random.standard_normal")
def standard_normal(size=None):
    return filled0(LEGACY_GAUSS, size, np.float64)


@function("numpy.random.standard_exponential")
def standard_exponential(size=None):
    return filled0(LEGACY_STANDARD_EXPONENTIAL, size, np.float64)


@function("numpy.random.standard_cauchy")
def standard_cauchy(size=None):
    return filled0(LEGACY_STANDARD_CAUCHY, size, np.float64)


@function("numpy.random.normal")
def normal(loc=0.0, scale=1.0, size=None):
    if size is None:
        if scale < 0:
            raise ValueError("scale < 0")
        return float(loc) + float(scale) * drawn(LEGACY_GAUSS)
    return filled2(LEGACY_NORMAL, size, np.float64, float(loc), float(scale))


@function("numpy.random.exponential")
def exponential(scale=1.0, size=None):
    return filled1(LEGACY_EXPONENTIAL, size, np.float64, float(scale))


@function("numpy.random.standard_gamma")
def standard_gamma(shape, size=None):
    return filled1(LEGACY_STANDARD_GAMMA, size, np.float64, float(shape))


@function("numpy.random.gamma")
def gamma(shape, scale=1.0, size=None):
    return filled2(LEGACY_GAMMA, size, np.float64, float(shape), float(scale))


@function("numpy.random.beta")
def beta(a, b, size=None):
    return filled2(LEGACY_BETA, size, np.float64, float(a), float(b))


@function("numpy.random.chisquare")
def chisquare(df, size=None):
    return filled1(LEGACY_CHISQUARE, size, np.float64, float(df))


@function("numpy.random.noncentral_chisquare")
def noncentral_chisquare(df, nonc, size=None):
    return filled2(LEGACY_NONCENTRAL_CHISQUARE, size, np.float64, float(df), float(nonc))


@function("numpy.random.f")
def f(dfnum, dfden, size=None):
    return filled2(LEGACY_F, size, np.float64, float(dfnum), float(dfden))


@function("numpy.random.noncentral_f")
def noncentral_f(dfnum, dfden, nonc, size=None):
    return filled3(LEGACY_NONCENTRAL_F, size, np.float64, float(dfnum), float(dfden), float(nonc))


@function("numpy.random.standard_t")
def standard_t(df, size=None):
    return filled1(LEGACY_STANDARD_T, size, np.float64, float(df))


@function("numpy.random.vonmises")
def vonmises(mu, kappa, size=None):
    return filled2(LEGACY_VONMISES, size, np.float64, float(mu), float(kappa))


@function("numpy.random.pareto")
def pareto(a, size=None):
    return filled1(LEGACY_PARETO, size, np.float64, float(a))


@function("numpy.random.weibull")
def weibull(a, size=None):
    return filled1(LEGACY_WEIBULL, size, np.float64, float(a))


@function("numpy.random.power")
def power(a, size=None):
    return filled1(LEGACY_POWER, size, np.float64, float(a))


@function("numpy.random.laplace")
def laplace(loc=0.0, scale=1.0, size=None):
    return filled2(LAPLACE, size, np.float64, float(loc), float(scale))


@function("numpy.random.gumbel")
def gumbel(loc=0.0, scale=1.0, size=None):
    return filled2(GUMBEL, size, np.float64, float(loc), float(scale))


@function("numpy.random.logistic")
def logistic(loc=0.0, scale=1.0, size=None):
    return filled2(LOGISTIC, size, np.float64, float(loc), float(scale))


@function("numpy.random.lognormal")
def lognormal(mean=0.0, sigma=1.0, size=None):
    return filled2(LEGACY_LOGNORMAL, size, np.float64, float(mean), float(sigma))


@function("numpy.random.rayleigh")
def rayleigh(scale=1.0, size=None):
    return filled1(LEGACY_RAYLEIGH, size, np.float64, float(scale))


@function("numpy.random.wald")
def wald(mean, scale, size=None):
    return filled2(LEGACY_WALD, size, np.float64, float(mean), float(scale))


@function("numpy.random.triangular")
def triangular(left, mode, right, size=None):
    return filled3(TRIANGULAR, size, np.float64, float(left), float(mode), float(right))


@function("numpy.random.binomial")
def binomial(n, p, size=None):
    return filled2(LEGACY_BINOMIAL, size, np.int64, int(n), float(p))


@function("numpy.random.negative_binomial")
def negative_binomial(n, p, size=None):
    return filled2(LEGACY_NEGATIVE_BINOMIAL, size, np.int64, float(n), float(p))


@function("numpy.random.poisson")
def poisson(lam=1.0, size=None):
    return filled1(POISSON, size, np.int64, float(lam))


@function("numpy.random.zipf")
def zipf(a, size=None):
    return filled1(LEGACY_ZIPF, size, np.int64, float(a))


@function("numpy.random.geometric")
def geometric(p, size=None):
    return filled1(LEGACY_GEOMETRIC, size, np.int64, float(p))


@function("numpy.random.hypergeometric")
def hypergeometric(ngood, nbad, nsample, size=None):
    return filled3(LEGACY_HYPERGEOMETRIC, size, np.int64, int(ngood), int(nbad), int(nsample))


@function("numpy.random.logseries")
def logseries(p, size=None):
    return filled1(LEGACY_LOGSERIES, size, np.int64, float(p))


@function("numpy.random.seed")
def seed(seed):
    if seed < 0 or seed > 4294967295:
        raise ValueError("Seed must be between 0 and 2**32 - 1")
    native("random.seed", seed)


@function("numpy.random.rand")
def rand(*shape):
    if not shape:
        return filled0(RANDOM, None, np.float64)
    return filled0(RANDOM, shape, np.float64)


@function("numpy.random.randn")
def randn(*shape):
    if not shape:
        return filled0(LEGACY_GAUSS, None, np.float64)
    return filled0(LEGACY_GAUSS, shape, np.float64)


@function("numpy.random.uniform")
def uniform(low=0.0, high=1.0, size=None):
    if size is None:
        return float(low) + (float(high) - float(low)) * drawn(RANDOM)
    return filled2(UNIFORM, size, np.float64, float(low), float(high) - float(low))


@function("numpy.random.randint")
def randint(low, high=None, size=None):
    first = 0 if high is None else low
    last = low if high is None else high
    if first >= last:
        raise ValueError("low >= high")
    if size is None:
        return drawn_int(first, last - 1 - first)
    out = np.empty(shape_of(size), np.int64)
    native("random.bounded", first, last - 1 - first, out.reshape(-1))
    return out


def shuffled(x):
    if x.ndim == 1:
        native("random.shuffle", x)
        return
    at = np.empty(1, np.int64)
    for k in range(x.shape[0] - 1, 0, -1):
        native("random.interval", k, at)
        j = at[0]
        if j != k:
            kept = x[j].copy()
            x[j] = x[k]
            x[k] = kept


@function("numpy.random.shuffle")
def shuffle(x):
    shuffled(x)


def permuted(x):
    if kind(x) == "number":
        out = np.arange(x)
        shuffled(out)
        return out
    a = as_array(x)
    if a.ndim == 1:
        out = a.copy()
        shuffled(out)
        return out
    order = np.arange(a.shape[0])
    shuffled(order)
    return a[order]


@function("numpy.random.permutation")
def permutation(x):
    return permuted(x)


@function("numpy.random.choice")
def choice(a, size=None, replace=True):
    n = a if kind(a) == "number" else as_array(a).size
    if n <= 0:
        raise ValueError("a must be a positive integer unless no samples are taken")
    if size is None:
        i = randint(0, n)
        return i if kind(a) == "number" else as_array(a)[i]
    if replace:
        picks = randint(0, n, size)
        return picks if kind(a) == "number" else as_array(a)[picks]
    out = np.empty(shape_of(size), np.int64)
    if out.size > n:
        raise ValueError("Cannot take a larger sample than population when 'replace=False'")
    out[...] = permuted(n)[:out.size].reshape(out.shape)
    return out if kind(a) == "number" else as_array(a)[out]


@function("numpy.random.multinomial")
def multinomial(n, pvals, size=None):
    p = as_array(pvals).astype(np.float64)
    if size is None:
        one = np.empty(p.size, np.int64)
        native("random.multinomial", n, p, one)
        return one
    out = np.empty(shape_of(size) + (p.size,), np.int64)
    rows = out.reshape(-1, p.size)
    for k in range(rows.shape[0]):
        native("random.multinomial", n, p, rows[k])
    return out


@function("numpy.random.dirichlet")
def dirichlet(alpha, size=None):
    a = as_array(alpha).astype(np.float64)
    shape = (a.size,) if size is None else shape_of(size) + (a.size,)
    out = np.empty(shape, np.float64)
    rows = out.reshape(-1, a.size)
    one = np.empty(1, np.float64)
    for k in range(rows.shape[0]):
        total = 0.0
        for i in range(a.size):
            check(native("random.draw", LEGACY_STANDARD_GAMMA, one, a[i]))
            rows[k, i] = one[0]
            total += one[0]
        scale = 1 / total
        for i in range(a.size):
            rows[k, i] = rows[k, i] * scale
    return out
