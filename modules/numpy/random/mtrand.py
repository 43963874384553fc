"""numpy.random.mtrand: RandomState, the frozen generator, and the functions of the module on a global one."""
import _numpy as _n
from numpy.random import _common, _generator
from numpy.random._common import draw as _draw
from numpy.random._distributions import Distributions
from numpy.random.bit_generator import MT19937

_LEGACY_GAUSS = _common.rows['legacy_gauss']
_LEGACY_HYPERGEOMETRIC = _common.rows['legacy_hypergeometric']
_LEGACY_STANDARD_EXPONENTIAL = _common.rows['legacy_standard_exponential']
_LEGACY_STANDARD_GAMMA = _common.rows['legacy_standard_gamma']
_RANDOM = _common.rows['random']
_UNIFORM = _common.rows['uniform']


class RandomState(Distributions, legacy=True):
    """Container for the slow Mersenne Twister pseudo-random number generator: frozen streams.

    `seed` is an int below 2^32, an array of those, None, or a bit generator."""

    def __init__(self, seed=None):
        if isinstance(seed, type):
            raise ValueError('seed must be an instance, not a class')
        if seed is None:
            bits = MT19937()
        elif hasattr(seed, '_bits') and hasattr(seed, 'random_raw'):
            bits = seed
        elif hasattr(seed, 'capsule'):
            raise AttributeError("%r object has no attribute '_bits'" % type(seed).__name__)
        else:
            bits = MT19937(0)
            bits._legacy_seeding(seed)
        self._initialize(bits)

    _poisson_lam_max = 9.223372006484771e+18

    def _initialize(self, bit_generator):
        self._bit_generator = bit_generator
        self._bits = bit_generator._bits
        self.lock = bit_generator.lock
        _n._bits_gauss(self._bits, 0, 0.0)

    def __repr__(self):
        return '%s at 0x%X' % (self, id(self))

    def __str__(self):
        return '%s(%s)' % (type(self).__name__, type(self._bit_generator).__name__)

    def __getstate__(self):
        return self.get_state(legacy=False)

    def __setstate__(self, state):
        self.set_state(state)

    def __reduce__(self):
        from numpy.random._pickle import __randomstate_ctor
        return __randomstate_ctor, (self._bit_generator,), self.get_state(legacy=False)

    # ---- State

    def seed(self, seed=None):
        """Reseed a legacy MT19937 BitGenerator."""
        if not isinstance(self._bit_generator, MT19937):
            raise TypeError('can only re-seed a MT19937 BitGenerator')
        self._bit_generator._legacy_seeding(seed)
        _n._bits_gauss(self._bits, 0, 0.0)

    def get_state(self, legacy=True):
        """Return a tuple (or, not legacy, a dict) representing the internal state of the generator."""
        state = self._bit_generator.state
        if state['bit_generator'] != 'MT19937':
            if legacy:
                import warnings
                warnings.warn('get_state and legacy can only be used with the MT19937 BitGenerator. To silence this warning, set '
                              '`legacy` to False.', RuntimeWarning, stacklevel=2)
            legacy = False
        has, gauss = _n._bits_gauss(self._bits)
        if legacy:
            return state['bit_generator'], state['state']['key'], state['state']['pos'], has, gauss
        state['has_gauss'], state['gauss'] = has, gauss
        return state

    def set_state(self, state):
        """Set the internal state of the generator from a tuple or a dict."""
        if isinstance(state, dict):
            if 'bit_generator' not in state or 'state' not in state:
                raise ValueError('state dictionary is not valid.')
            new = state
        else:
            if not isinstance(state, (tuple, list)):
                raise TypeError('state must be a dict or a tuple.')
            if state[0] != 'MT19937':
                raise ValueError('set_state can only be used with legacy MT19937 state instances.')
            new = {'bit_generator': state[0], 'state': {'key': state[1], 'pos': state[2]}}
            if len(state) > 3:
                new['has_gauss'], new['gauss'] = state[3], state[4]
        self._bit_generator.state = new
        _n._bits_gauss(self._bits, int(new.get('has_gauss', 0)), float(new.get('gauss', 0.0)))

    # ---- Uniform

    def random_sample(self, size=None):
        """Return random floats in the half-open interval [0.0, 1.0)."""
        return _draw(self._bits, _RANDOM, size)

    def random(self, size=None):
        """Return random floats in the half-open interval [0.0, 1.0)."""
        return _draw(self._bits, _RANDOM, size)

    def rand(self, *args):
        """Random values in a given shape."""
        return _draw(self._bits, _RANDOM, args or None)

    def uniform(self, low=0.0, high=1.0, size=None):
        """Draw samples from a uniform distribution over [low, high)."""
        span = high - low if type(low) is float and type(high) is float else _n.subtract(high, low, dtype='float64')
        if not _n.isfinite(span).all():
            raise OverflowError('Range exceeds valid bounds')
        return _draw(self._bits, _UNIFORM, size, None, low, span)

    def tomaxint(self, size=None):
        """Return a sample of uniformly distributed random integers in the interval [0, int64 max]."""
        if size is None:
            return int(_n._random_fill_integers(self._bits, _n.empty((), 'uint64'), 0, (1 << 64) - 1, True)) >> 1
        words = _n._random_fill_integers(self._bits, _n.empty(size, 'uint64'), 0, (1 << 64) - 1, True)
        return (words >> 1).astype('int64')

    def randint(self, low, high=None, size=None, dtype=int):
        """Return random integers from low (inclusive) to high (exclusive)."""
        r = _common.integers(self._bits, low, high, size, dtype, True, False)
        if size is None and (dtype is bool or dtype is int) and not isinstance(r, _n.ndarray):
            return dtype(r)
        return r

    def random_integers(self, low, high=None, size=None):
        """Random integers between low and high, inclusive."""
        import warnings
        if high is None:
            warnings.warn(('This function is deprecated. Please call randint(1, {low} + 1) instead').format(low=low),
                          DeprecationWarning, stacklevel=2)
            low, high = 1, low
        else:
            warnings.warn(('This function is deprecated. Please call randint({low}, {high} + 1) instead').format(
                low=low, high=high), DeprecationWarning, stacklevel=2)
        return self.randint(low, int(high) + 1, size=size, dtype='l')

    def bytes(self, length):
        """Return random bytes."""
        words = (length - 1) // 4 + 1
        return self.randint(0, 4294967296, size=words, dtype='uint32').tobytes()[:length]

    # ---- Without parameters

    def randn(self, *args):
        """Return a sample (or samples) from the standard normal distribution."""
        return _draw(self._bits, _LEGACY_GAUSS, args or None)

    def standard_normal(self, size=None):
        """Draw samples from a standard Normal distribution (mean=0, stdev=1)."""
        return _draw(self._bits, _LEGACY_GAUSS, size)

    def standard_exponential(self, size=None):
        """Draw samples from the standard exponential distribution."""
        return _draw(self._bits, _LEGACY_STANDARD_EXPONENTIAL, size)

    def standard_gamma(self, shape, size=None):
        """Draw samples from a standard Gamma distribution."""
        return _draw(self._bits, _LEGACY_STANDARD_GAMMA, size, None, shape)

    # ---- The rest of the table

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """Draw samples from a Hypergeometric distribution."""
        if (_n.add(ngood, nbad) < nsample).any():
            raise ValueError('ngood + nbad < nsample')
        if (_n.asarray(nsample) < 1).any():
            raise ValueError('nsample < 1')
        return _draw(self._bits, _LEGACY_HYPERGEOMETRIC, size, None, ngood, nbad, nsample)

    # ---- Vectors

    def multivariate_normal(self, mean, cov, size=None, check_valid='warn', tol=1e-8):
        """Draw random samples from a multivariate normal distribution."""
        import numpy
        mean, cov = _n.array(mean), _n.array(cov)
        shape = list(_common.shape_of(size))
        if mean.ndim != 1:
            raise ValueError('mean must be 1 dimensional')
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ValueError('cov must be 2 dimensional and square')
        if mean.shape[0] != cov.shape[0]:
            raise ValueError('mean and cov must have same length')
        shape.append(mean.shape[0])
        x = self.standard_normal(shape).reshape(-1, mean.shape[0])
        cov = cov.astype('float64')
        u, s, v = numpy.linalg.svd(cov)
        if check_valid != 'ignore':
            if check_valid not in ('warn', 'raise'):
                raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
            if not numpy.allclose(numpy.dot(v.T * s, v), cov, rtol=tol, atol=tol):
                if check_valid == 'raise':
                    raise ValueError('covariance is not symmetric positive-semidefinite.')
                import warnings
                warnings.warn('covariance is not symmetric positive-semidefinite.', RuntimeWarning, stacklevel=2)
        x = numpy.dot(x, _n.sqrt(s)[:, None] * v)
        x += mean
        return x.reshape(tuple(shape))

    def multinomial(self, n, pvals, size=None):
        """Draw samples from a multinomial distribution."""
        p = _n.asarray(pvals)
        if p.ndim != 1:
            raise (ValueError if p.ndim else TypeError)('pvals must be a 1-d sequence')
        if p.size == 0:
            return _n.zeros(_common.shape_of(size) + (0,), 'int64')
        return _generator._multinomial(self._bits, n.__index__() if not isinstance(n, float) else int(n), pvals,
                                       _common.shape_of(size), True)

    def dirichlet(self, alpha, size=None):
        """Draw samples from the Dirichlet distribution."""
        alpha = _n.asarray(alpha, 'float64')
        if alpha.ndim != 1:
            raise ValueError('alpha must be a one-dimensional sequence' if alpha.ndim else 'object of too small depth for desired array')
        if (alpha <= 0).any():
            raise ValueError('alpha <= 0')
        out = _n.zeros(_common.shape_of(size) + (len(alpha),))
        return _n._random_dirichlet(self._bits, alpha, out, True) if out.size else out

    # ---- Permutations

    def choice(self, a, size=None, replace=True, p=None):
        """Generates a random sample from a given 1-D array."""
        from numpy import prod
        a = _n.asarray(a)
        if a.ndim == 0:
            if a.dtype.kind not in 'iu':
                raise ValueError('a must be 1-dimensional or an integer')
            population = int(a)
            if population <= 0 and prod(_common.shape_of(size)) != 0:
                raise ValueError('a must be greater than 0 unless no samples are taken')
        elif a.ndim != 1:
            raise ValueError('a must be 1-dimensional')
        else:
            population = a.shape[0]
            if population == 0 and prod(_common.shape_of(size)) != 0:
                raise ValueError("'a' cannot be empty unless no samples are taken")
        scalar = size is None
        shape = _common.shape_of(size)
        count = int(prod(shape)) if shape else 1
        if p is not None:
            p = _generator._probabilities(p, population)
        if not replace and count > population:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        if not replace and count < 0:
            raise ValueError('negative dimensions are not allowed')
        if p is not None:
            i = _generator._weighted(self.random_sample, population, shape, count, replace, p)
        elif replace:
            i = self.randint(0, population, size=shape) if population else _n.empty(shape, 'int64')
        else:
            i = self.permutation(population)[:count].reshape(shape)
        if scalar and isinstance(i, _n.ndarray):
            i = i.reshape(()).item()
        if a.ndim == 0:
            return int(i) if scalar else i
        if not scalar and i.ndim == 0:
            out = _n.empty((), a.dtype)
            out[()] = a[i]
            return out
        return a[i]

    def shuffle(self, x):
        """Modify a sequence in-place by shuffling its contents."""
        _generator._shuffle(self._bits, x, 0)

    def permutation(self, x):
        """Randomly permute a sequence, or return a permuted range."""
        if isinstance(x, (int, _n.integer)):
            a = _n.arange(x, dtype=_n.result_type(_n.asarray(x).dtype, 'int64'))
            self.shuffle(a)
            return a
        a = _n.asarray(x)
        if a.ndim < 1:
            raise IndexError('x must be an integer or at least 1-dimensional')
        if a.ndim == 1:
            if _n.may_share_memory(a, _n.asarray(x)):
                a = _n.array(a)
            self.shuffle(a)
            return a
        i = _n.arange(a.shape[0], dtype='int64')
        self.shuffle(i)
        return a[i]


# ---- The module's functions

_rand = RandomState()


def seed(seed=None):
    """Reseed the singleton RandomState instance."""
    if isinstance(_rand._bit_generator, MT19937):
        return _rand.seed(seed)
    _rand._bit_generator.__init__(seed)
    _rand._initialize(_rand._bit_generator)


def get_bit_generator():
    """Returns the singleton RandomState's bit generator."""
    return _rand._bit_generator


def set_bit_generator(bitgen):
    """Sets the singleton RandomState's bit generator."""
    if not hasattr(bitgen, '_bits'):
        raise TypeError('bitgen must be a BitGenerator')
    _rand._initialize(bitgen)


_FUNCTIONS = ('beta binomial bytes chisquare choice dirichlet exponential f gamma geometric get_state gumbel hypergeometric '
              'laplace logistic lognormal logseries multinomial multivariate_normal negative_binomial noncentral_chisquare '
              'noncentral_f normal pareto permutation poisson power rand randint randn random random_integers random_sample '
              'rayleigh set_state shuffle standard_cauchy standard_exponential standard_gamma standard_normal standard_t '
              'triangular uniform vonmises wald weibull zipf').split()
for _k in _FUNCTIONS:
    globals()[_k] = getattr(_rand, _k)
del _k


def sample(*args, **kwargs):
    """An alias of random_sample."""
    return _rand.random_sample(*args, **kwargs)


def ranf(*args, **kwargs):
    """An alias of random_sample."""
    return _rand.random_sample(*args, **kwargs)


__all__ = sorted(_FUNCTIONS + ['RandomState', 'seed', 'sample', 'ranf', 'get_bit_generator', 'set_bit_generator'])
RandomState.__module__ = 'numpy.random.mtrand'
