"""numpy.random._distributions: the distributions that Generator and RandomState draw alike, each from rows of its own."""
import _numpy as _n
from numpy.random._common import draw as _draw
from numpy.random._common import rows as _rows

_NAMES = (
    'beta', 'exponential', 'gamma', 'f', 'noncentral_f', 'chisquare', 'noncentral_chisquare',
    'standard_cauchy', 'standard_t', 'vonmises', 'pareto', 'weibull', 'power', 'laplace', 'gumbel',
    'logistic', 'lognormal', 'rayleigh', 'wald', 'normal', 'binomial', 'negative_binomial', 'poisson', 'zipf',
    'geometric', 'logseries', 'triangular',
)


def _check_triangular(left, mode, right):
    left, mode, right = _n.asarray(left), _n.asarray(mode), _n.asarray(right)
    if (left > mode).any():
        raise ValueError('left > mode')
    if (mode > right).any():
        raise ValueError('mode > right')
    if (left == right).any():
        raise ValueError('left == right')


class Distributions:
    """The methods over `self._bits`. A subclass with `legacy=True` has the frozen row of a distribution where there is one."""

    def __init_subclass__(cls, legacy=False):
        for name in _NAMES:
            row = _rows.get('legacy_' + name) if legacy else None
            setattr(cls, '_%s_row' % name, _rows[name] if row is None else row)

    def beta(self, a, b, size=None):
        """Draw samples from a Beta distribution."""
        return _draw(self._bits, self._beta_row, size, None, a, b)

    def exponential(self, scale=1.0, size=None):
        """Draw samples from an exponential distribution."""
        return _draw(self._bits, self._exponential_row, size, None, scale)

    def gamma(self, shape, scale=1.0, size=None):
        """Draw samples from a Gamma distribution."""
        return _draw(self._bits, self._gamma_row, size, None, shape, scale)

    def f(self, dfnum, dfden, size=None):
        """Draw samples from an F distribution."""
        return _draw(self._bits, self._f_row, size, None, dfnum, dfden)

    def noncentral_f(self, dfnum, dfden, nonc, size=None):
        """Draw samples from the noncentral F distribution."""
        return _draw(self._bits, self._noncentral_f_row, size, None, dfnum, dfden, nonc)

    def chisquare(self, df, size=None):
        """Draw samples from a chi-square distribution."""
        return _draw(self._bits, self._chisquare_row, size, None, df)

    def noncentral_chisquare(self, df, nonc, size=None):
        """Draw samples from a noncentral chi-square distribution."""
        return _draw(self._bits, self._noncentral_chisquare_row, size, None, df, nonc)

    def standard_cauchy(self, size=None):
        """Draw samples from a standard Cauchy distribution with mode = 0."""
        return _draw(self._bits, self._standard_cauchy_row, size, None)

    def standard_t(self, df, size=None):
        """Draw samples from a standard Student's t distribution with `df` degrees of freedom."""
        return _draw(self._bits, self._standard_t_row, size, None, df)

    def vonmises(self, mu, kappa, size=None):
        """Draw samples from a von Mises distribution."""
        return _draw(self._bits, self._vonmises_row, size, None, mu, kappa)

    def pareto(self, a, size=None):
        """Draw samples from a Pareto II or Lomax distribution with specified shape."""
        return _draw(self._bits, self._pareto_row, size, None, a)

    def weibull(self, a, size=None):
        """Draw samples from a Weibull distribution."""
        return _draw(self._bits, self._weibull_row, size, None, a)

    def power(self, a, size=None):
        """Draws samples in [0, 1] from a power distribution with positive exponent a - 1."""
        return _draw(self._bits, self._power_row, size, None, a)

    def laplace(self, loc=0.0, scale=1.0, size=None):
        """Draw samples from the Laplace or double exponential distribution."""
        return _draw(self._bits, self._laplace_row, size, None, loc, scale)

    def gumbel(self, loc=0.0, scale=1.0, size=None):
        """Draw samples from a Gumbel distribution."""
        return _draw(self._bits, self._gumbel_row, size, None, loc, scale)

    def logistic(self, loc=0.0, scale=1.0, size=None):
        """Draw samples from a logistic distribution."""
        return _draw(self._bits, self._logistic_row, size, None, loc, scale)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        """Draw samples from a log-normal distribution."""
        return _draw(self._bits, self._lognormal_row, size, None, mean, sigma)

    def rayleigh(self, scale=1.0, size=None):
        """Draw samples from a Rayleigh distribution."""
        return _draw(self._bits, self._rayleigh_row, size, None, scale)

    def wald(self, mean, scale, size=None):
        """Draw samples from a Wald, or inverse Gaussian, distribution."""
        return _draw(self._bits, self._wald_row, size, None, mean, scale)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Draw random samples from a normal (Gaussian) distribution."""
        return _draw(self._bits, self._normal_row, size, None, loc, scale)

    def binomial(self, n, p, size=None):
        """Draw samples from a binomial distribution."""
        return _draw(self._bits, self._binomial_row, size, None, n, p)

    def negative_binomial(self, n, p, size=None):
        """Draw samples from a negative binomial distribution."""
        return _draw(self._bits, self._negative_binomial_row, size, None, n, p)

    def poisson(self, lam=1.0, size=None):
        """Draw samples from a Poisson distribution."""
        return _draw(self._bits, self._poisson_row, size, None, lam)

    def zipf(self, a, size=None):
        """Draw samples from a Zipf distribution."""
        return _draw(self._bits, self._zipf_row, size, None, a)

    def geometric(self, p, size=None):
        """Draw samples from the geometric distribution."""
        return _draw(self._bits, self._geometric_row, size, None, p)

    def logseries(self, p, size=None):
        """Draw samples from a logarithmic series distribution."""
        return _draw(self._bits, self._logseries_row, size, None, p)

    def triangular(self, left, mode, right, size=None):
        """Draw samples from the triangular distribution over the interval [left, right]."""
        _check_triangular(left, mode, right)
        return _draw(self._bits, self._triangular_row, size, None, left, mode, right)
