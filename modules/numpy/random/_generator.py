"""numpy.random._generator: Generator, the container of a bit generator with the distributions."""
import _numpy as _n
from numpy.random import _common
from numpy.random._common import draw as _draw
from numpy.random._distributions import Distributions
from numpy.random.bit_generator import PCG64

_HYPERGEOMETRIC = _common.rows['hypergeometric']
_RANDOM = _common.rows['random']
_RANDOM_F = _common.rows['random_f']
_STANDARD_EXPONENTIAL = _common.rows['standard_exponential']
_STANDARD_EXPONENTIAL_F = _common.rows['standard_exponential_f']
_STANDARD_EXPONENTIAL_INV = _common.rows['standard_exponential_inv']
_STANDARD_EXPONENTIAL_INV_F = _common.rows['standard_exponential_inv_f']
_STANDARD_GAMMA = _common.rows['standard_gamma']
_STANDARD_GAMMA_F = _common.rows['standard_gamma_f']
_STANDARD_NORMAL = _common.rows['standard_normal']
_STANDARD_NORMAL_F = _common.rows['standard_normal_f']
_UNIFORM = _common.rows['uniform']


def _float_row(dtype, double, single):
    """The row of a distribution for float64 or float32."""
    d = _n.dtype(dtype)
    if d.char == 'd' and d.isnative:
        return double
    if d.char == 'f' and d.isnative:
        return single
    if d.char in 'df':
        raise ValueError('Providing a dtype with a non-native byteorder is not supported. If you require platform-'
                         'independent byteorder, call byteswap when required.')
    return None


def _unsupported(dtype, what):
    raise TypeError('Unsupported dtype %r for %s' % (_n.dtype(dtype), what))


class Generator(Distributions):
    """Container for the BitGenerators: draws from distributions.

    The streams are NumPy's: equal seeds give equal numbers. `size` is the shape of the result; without it parameters
    broadcast, and Python numbers give a Python number."""

    def __init__(self, bit_generator):
        self._bit_generator = bit_generator
        if isinstance(bit_generator, type) or not hasattr(bit_generator, '_bits'):
            raise ValueError("Invalid bit generator. The bit generator must be instantiated.")
        self._bits = bit_generator._bits
        self.lock = bit_generator.lock

    _poisson_lam_max = 9.223372006484771e+18

    @property
    def bit_generator(self):
        """Gets the bit generator instance used by the generator."""
        return self._bit_generator

    def __repr__(self):
        return '%s at 0x%X' % (self, id(self))

    def __str__(self):
        return '%s(%s)' % (type(self).__name__, type(self._bit_generator).__name__)

    def __getstate__(self):
        return self._bit_generator.state

    def __setstate__(self, state):
        if isinstance(state, dict):
            self._bit_generator.state = state

    def __reduce__(self):
        from numpy.random._pickle import __generator_ctor
        return __generator_ctor, (self._bit_generator,), None

    def spawn(self, n_children):
        """Create new independent child generators."""
        return [type(self)(g) for g in self._bit_generator.spawn(n_children)]

    # ---- Uniform

    def random(self, size=None, dtype='float64', out=None):
        """Return random floats in the half-open interval [0.0, 1.0)."""
        if dtype == 'float64':
            return _draw(self._bits, _RANDOM, size, out)
        row = _float_row(dtype, _RANDOM, _RANDOM_F)
        return _unsupported(dtype, 'random') if row is None else _draw(self._bits, row, size, out)

    def uniform(self, low=0.0, high=1.0, size=None):
        """Draw samples from a uniform distribution over [low, high)."""
        if type(low) is float and type(high) is float:
            span = high - low
        else:
            span = _n.subtract(high, low, dtype='float64')
        if not _n.isfinite(span).all():
            raise OverflowError('high - low range exceeds valid bounds' if _n.asarray(span).ndim == 0 else 'Range exceeds valid bounds')
        if _n.signbit(span).any():
            raise ValueError('high - low < 0')
        return _draw(self._bits, _UNIFORM, size, None, low, span)

    def integers(self, low, high=None, size=None, dtype='int64', endpoint=False):
        """Return random integers from low (inclusive) to high (exclusive, or inclusive with endpoint)."""
        r = _common.integers(self._bits, low, high, size, dtype, False, endpoint)
        if size is None and (dtype is bool or dtype is int) and not isinstance(r, _n.ndarray):
            return dtype(r)
        return r

    def bytes(self, length):
        """Return random bytes."""
        words = (length - 1) // 4 + 1
        return self.integers(0, 4294967296, size=words, dtype='uint32').tobytes()[:length]

    # ---- With float32 and out

    def standard_normal(self, size=None, dtype='float64', out=None):
        """Draw samples from a standard Normal distribution (mean=0, stdev=1)."""
        if dtype == 'float64':
            return _draw(self._bits, _STANDARD_NORMAL, size, out)
        row = _float_row(dtype, _STANDARD_NORMAL, _STANDARD_NORMAL_F)
        return _unsupported(dtype, 'standard_normal') if row is None else _draw(self._bits, row, size, out)

    def standard_exponential(self, size=None, dtype='float64', method='zig', out=None):
        """Draw samples from the standard exponential distribution; method 'zig' (ziggurat) or 'inv' (inversion)."""
        if method == 'zig':
            row = _float_row(dtype, _STANDARD_EXPONENTIAL, _STANDARD_EXPONENTIAL_F)
        else:
            row = _float_row(dtype, _STANDARD_EXPONENTIAL_INV, _STANDARD_EXPONENTIAL_INV_F)
        return _unsupported(dtype, 'standard_exponential') if row is None else _draw(self._bits, row, size, out)

    def standard_gamma(self, shape, size=None, dtype='float64', out=None):
        """Draw samples from a standard Gamma distribution."""
        row = _float_row(dtype, _STANDARD_GAMMA, _STANDARD_GAMMA_F)
        if row is None:
            return _unsupported(dtype, 'standard_gamma')
        return _draw(self._bits, row, size, out, shape)

    # ---- The rest of the table

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """Draw samples from a Hypergeometric distribution."""
        _check_hypergeometric(ngood, nbad, nsample)
        return _draw(self._bits, _HYPERGEOMETRIC, size, None, ngood, nbad, nsample)

    # ---- Vectors

    def multivariate_normal(self, mean, cov, size=None, check_valid='warn', tol=1e-8, *, method='svd'):
        """Draw random samples from a multivariate normal distribution; method 'svd', 'eigh' or 'cholesky' factors cov."""
        from numpy import linalg
        if method not in ('eigh', 'svd', 'cholesky'):
            raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
        mean, cov = _n.asarray(mean), _n.asarray(cov)
        shape = list(_common.shape_of(size))
        if mean.ndim != 1:
            raise ValueError('mean must be 1 dimensional')
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ValueError('cov must be 2 dimensional and square')
        if mean.shape[0] != cov.shape[0]:
            raise ValueError('mean and cov must have same length')
        if mean.dtype.kind == 'c' or cov.dtype.kind == 'c':
            raise TypeError('mean and cov must not be complex')
        shape.append(mean.shape[0])
        x = self.standard_normal(shape).reshape(-1, mean.shape[0])
        cov = cov.astype('float64')
        if method == 'svd':
            u, s, vh = linalg.svd(cov)
        elif method == 'eigh':
            s, u = linalg.eigh(cov)
        else:
            lower = linalg.cholesky(cov)
        if check_valid != 'ignore' and method != 'cholesky':
            if check_valid not in ('warn', 'raise'):
                raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
            if method == 'svd':
                import numpy
                psd = numpy.allclose(numpy.dot(vh.T * s, vh), cov, rtol=tol, atol=tol)
            else:
                psd = not (s < -tol).any()
            if not psd:
                message = 'covariance is not symmetric positive-semidefinite.'
                if check_valid == 'raise':
                    raise ValueError(message)
                import warnings
                warnings.warn(message, RuntimeWarning, stacklevel=2)
        if method == 'cholesky':
            factor = lower
        elif method == 'eigh':
            # Negative eigenvalues up to tol count as zero.
            factor = u * _n.sqrt(abs(s))
        else:
            factor = u * _n.sqrt(s)
        return (mean + _n.matmul(x, factor.T)).reshape(tuple(shape))

    def multinomial(self, n, pvals, size=None):
        """Draw samples from a multinomial distribution."""
        return _multinomial(self._bits, n, pvals, size)

    def multivariate_hypergeometric(self, colors, nsample, size=None, method='marginals'):
        """Generate variates from a multivariate hypergeometric distribution; method 'marginals' or 'count'."""
        if method not in ('count', 'marginals'):
            raise ValueError('method must be "count" or "marginals".')
        nsample = nsample.__index__()
        if nsample < 0:
            raise ValueError('nsample must be nonnegative.')
        if nsample > 9223372036854775807:
            raise ValueError('nsample must not exceed 9223372036854775807')
        colors = _n.asarray(colors)
        if colors.ndim != 1 or (colors.size and colors.dtype.kind not in 'iu') or (colors < 0).any():
            raise ValueError('colors must be a one-dimensional sequence of nonnegative integers not exceeding 9223372036854775807.')
        colors = colors.astype('int64')
        total = sum(colors.tolist())
        if method == 'marginals' and total >= 1000000000:
            raise ValueError('When method is "marginals", sum(colors) must be less than 1000000000.')
        if method == 'count' and total > 9223372036854775807 // 8:
            raise ValueError('When method is \'count\', sum(colors) must not exceed %d' % (9223372036854775807 // 8))
        if nsample > total:
            raise ValueError('nsample > sum(colors)')
        out = _n.zeros(_common.shape_of(size) + (len(colors),), 'int64')
        if out.size:
            _n._random_colors(self._bits, colors, nsample, total, method == 'marginals', out)
        return out

    def dirichlet(self, alpha, size=None):
        """Draw samples from the Dirichlet distribution."""
        alpha = _n.asarray(alpha, 'float64')
        if alpha.ndim != 1:
            raise ValueError('alpha must be a one-dimensional sequence')
        if (alpha <= 0).any():
            raise ValueError('alpha <= 0')
        out = _n.zeros(_common.shape_of(size) + (len(alpha),))
        return _n._random_dirichlet(self._bits, alpha, out, False) if out.size else out

    # ---- Permutations

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        """Generates a random sample from a given array."""
        from numpy import prod
        given = a
        a = _n.asarray(a)
        if a.ndim == 0:
            if a.dtype.kind not in 'iu':
                raise ValueError('a must be a sequence or an integer, not %s' % type(given))
            population = int(a)
            if population <= 0 and prod(_common.shape_of(size)) != 0:
                raise ValueError('a must be a positive integer unless no samples are taken')
        else:
            population = a.shape[axis]
            if population == 0 and prod(_common.shape_of(size)) != 0:
                raise ValueError('a cannot be empty unless no samples are taken')
        scalar = size is None
        shape = _common.shape_of(size)
        count = int(prod(shape)) if shape else 1
        if p is not None:
            p = _probabilities(p, population)
        if not replace and count > population:
            raise ValueError('Cannot take a larger sample than population when replace is False')
        if not replace and count < 0:
            raise ValueError('negative dimensions are not allowed')
        if p is not None:
            i = _weighted(self.random, population, shape, count, replace, p)
        elif replace:
            i = self.integers(0, population, size=shape, dtype='int64') if population else _n.empty(shape, 'int64')
        else:
            i = _n._random_sample(self._bits, population, count, shuffle).reshape(shape)
        if scalar and isinstance(i, _n.ndarray):
            i = i.reshape(()).item()
        if a.ndim == 0:
            return _n.int64(i) if scalar else i
        if not scalar and i.ndim == 0:
            # A 0-d result must stay an array.
            out = _n.empty((), a.dtype)
            out[()] = a[i]
            return out
        return a.take(i, axis=axis) if a.ndim > 1 or not scalar else a[i]

    def shuffle(self, x, axis=0):
        """Modify an array or sequence in-place by shuffling its contents."""
        _shuffle(self._bits, x, axis)

    def permutation(self, x, axis=0):
        """Randomly permute a sequence, or return a permuted range."""
        if hasattr(x, '__index__') and not (isinstance(x, _n.ndarray) and x.ndim):
            a = _n.arange(x.__index__())
            _n._random_shuffle(self._bits, a)
            return a
        a = _n.asarray(x)
        axis = _axis(axis, a.ndim)
        if a.ndim == 1:
            a = a.copy() if a is x or _n.may_share_memory(a, _n.asarray(x)) else a
            _shuffle(self._bits, a, 0)
            return a
        i = _n.arange(a.shape[axis], dtype='int64')
        _n._random_shuffle(self._bits, i)
        return a[(slice(None),) * axis + (i,)]

    def permuted(self, x, axis=None, out=None):
        """Randomly permute x along axis: each slice on its own."""
        x = _n.asarray(x)
        if out is None:
            out = x.copy('K')
        else:
            if not isinstance(out, _n.ndarray):
                raise TypeError('out must be a numpy array')
            if out.shape != x.shape:
                raise ValueError('out must have the same shape as x')
            if not _n.can_cast(x.dtype, out.dtype, 'safe'):
                raise TypeError("Cannot cast array data from %r to %r according to the rule 'safe'" % (x.dtype, out.dtype))
            if out is not x:
                out[...] = x
        if axis is None:
            if x.ndim > 1:
                if not (out.flags.c_contiguous or out.flags.f_contiguous):
                    flat = out.flatten('C')
                    _shuffle(self._bits, flat, 0)
                    out[...] = flat.reshape(out.shape)
                    return out
                flat = out.ravel('K') if out.flags.c_contiguous else out.T.reshape(-1)
            else:
                flat = out.reshape(-1) if out.ndim == 0 else out
            _shuffle(self._bits, flat, 0)
            return out
        axis = _axis(axis, x.ndim)
        if x.shape[axis] > 1:
            from numpy import moveaxis, ndindex
            rows = moveaxis(out, axis, -1)
            for i in ndindex(*rows.shape[:-1]):
                _shuffle(self._bits, rows[i], 0)
        return out


# ---- What RandomState shares

def _axis(axis, ndim):
    from numpy.lib.array_utils import normalize_axis_index
    return normalize_axis_index(axis, ndim)


def _check_hypergeometric(ngood, nbad, nsample):
    limit = 1000000000
    good, bad, sample = _n.asarray(ngood), _n.asarray(nbad), _n.asarray(nsample)
    if (good > limit - 1).any() or (bad > limit - 1).any():
        raise ValueError('both ngood and nbad must be less than %d' % limit)
    if (good + bad < sample).any():
        raise ValueError('ngood + nbad < nsample')


def _shuffle(bits, x, axis):
    """Fisher and Yates from the end, on arrays, subclasses and mutable sequences."""
    if isinstance(x, _n.ndarray) and x.ndim == 1 and x.dtype.kind != 'O' and type(x) is _n.ndarray:
        if not x.flags.writeable:
            raise ValueError('array is read-only')
        _axis(axis, 1)
        _n._random_shuffle(bits, x)
        return
    interval = _n._random_interval
    if isinstance(x, _n.ndarray):
        if not x.flags.writeable:
            raise ValueError('array is read-only')
        if x.size == 0:
            return
        if x.ndim == 0:
            raise TypeError('len() of unsized object')
        x = x.swapaxes(0, _axis(axis, x.ndim))
        if x.ndim == 1:
            for i in range(len(x) - 1, 0, -1):
                j = interval(bits, i)
                x[i], x[j] = x[j], x[i]
            return
        for i in range(len(x) - 1, 0, -1):
            j = interval(bits, i)
            if i != j:
                kept = x[j].copy()
                x[j] = x[i]
                x[i] = kept
        return
    from collections.abc import MutableSequence
    if axis != 0:
        raise NotImplementedError('Axis argument is only supported on ndarray objects')
    if not isinstance(x, MutableSequence):
        import warnings
        warnings.warn("you are shuffling a '%s' object which is not a subclass of 'Sequence'; `shuffle` is not guaranteed to "
                      'behave correctly. E.g., non-numpy array/tensor objects with view semantics may contain duplicates after '
                      'shuffling.' % type(x).__name__, UserWarning, stacklevel=3)
    for i in range(len(x) - 1, 0, -1):
        j = interval(bits, i)
        x[i], x[j] = x[j], x[i]


def _probabilities(p, population):
    tolerance = 1.4901161193847656e-08
    if isinstance(p, _n.ndarray) and p.dtype.kind == 'f':
        tolerance = max(tolerance, float(_n.sqrt(_eps(p.dtype))))
    p = _n.asarray([float('nan') if x is None else x for x in p] if isinstance(p, list) else p, 'float64')
    if p.ndim != 1:
        raise ValueError('p must be 1-dimensional')
    if p.size != population:
        raise ValueError('a and p must have same size')
    total = _common.kahan_sum(p.tolist())
    if total != total:
        raise ValueError('probabilities contain NaN')
    if (p < 0).any():
        raise ValueError('probabilities are not non-negative')
    if abs(total - 1.) > tolerance:
        raise ValueError('probabilities do not sum to 1')
    return p


def _eps(d):
    from numpy import finfo
    return finfo(d).eps


def _weighted(random, population, shape, count, replace, p):
    """Indices drawn with probabilities p; without repetition by drawing again what was drawn already."""
    from numpy import count_nonzero, cumsum, unique
    if replace:
        cdf = p.cumsum()
        cdf /= cdf[-1]
        return _n.asarray(cdf.searchsorted(random(shape), side='right'), 'int64')
    if count_nonzero(p > 0) < count:
        raise ValueError('Fewer non-zero entries in p than size')
    done, p = 0, p.copy()
    found = _n.zeros(shape, 'int64')
    flat = found.reshape(-1)
    while done < count:
        x = random((count - done,))
        if done > 0:
            p[flat[:done]] = 0
        cdf = cumsum(p)
        cdf /= cdf[-1]
        new = cdf.searchsorted(x, side='right')
        _, first = unique(new, return_index=True)
        first.sort()
        new = new.take(first)
        flat[done:done + new.size] = new
        done += new.size
    return found


def _multinomial(bits, n, pvals, size, legacy=False):
    on = _n.asarray(n)
    p = _n.asarray(pvals)
    was_double = p.dtype == 'float64'
    p = p.astype('float64')
    if p.ndim < 1 or p.shape[-1] == 0:
        raise ValueError('pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.')
    d = p.shape[-1]
    _common.check_pvals(p)
    for row in p.reshape(-1, d).tolist():
        if _common.kahan_sum(row[:-1]) > 1.0 + 1e-12:
            message = 'sum(pvals[:-1].astype(np.float64)) > 1.0. The pvals array is cast to 64-bit floating point prior to ' \
                      'checking the sum. Precision changes when casting may cause problems even if the sum of the original pvals ' \
                      'is valid.' if not was_double and isinstance(pvals, _n.ndarray) else 'sum(pvals[:-1]) > 1.0'
            if p.ndim > 1:
                message = message.replace('pvals[:-1]', 'pvals[..., :-1]')
            raise ValueError(message)
    if (on < 0).any():
        raise ValueError('n < 0')
    shape = _n.broadcast_shapes(on.shape, p.shape[:-1])
    if size is not None:
        given = _common.shape_of(size)
        if len(shape) > len(given) or any(a not in (1, b) for a, b in zip(shape[::-1], given[::-1])):
            raise ValueError('Output size %s is not compatible with broadcast dimensions of inputs %s.' % (given, shape))
        shape = given
    out = _n.zeros(shape + (d,), 'int64')
    if not out.size:
        return out
    if on.dtype.kind not in 'iub':
        raise TypeError("Cannot cast array data from %r to dtype('int64') according to the rule 'safe'" % on.dtype)
    ns = on if on.ndim == 0 else _n.broadcast_to(on, shape)
    ps = p if p.ndim == 1 else _n.broadcast_to(p, shape + (d,))
    return _n._random_multinomial(bits, ns, ps, out, legacy)


def default_rng(seed=None):
    """Construct a new Generator with the default BitGenerator (PCG64)."""
    if hasattr(seed, '_bits') and hasattr(seed, 'random_raw'):
        return Generator(seed)
    if isinstance(seed, Generator):
        return seed
    return Generator(PCG64(seed))


Generator.__module__ = 'numpy.random._generator'
