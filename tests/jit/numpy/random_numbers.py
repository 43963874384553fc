"""Random numbers in kernels: after np.random.seed they are RandomState's."""
import numpy as np

from cases import case


def legacy(n):
    np.random.seed(n)
    return (np.random.random(), np.random.rand(3), np.random.randn(2), np.random.normal(1.0, 2.0, 3), np.random.uniform(-1, 1, (2, 2)),
            np.random.randint(0, 10, 5), np.random.randint(100), np.random.random_sample(2), np.random.standard_normal(),
            np.random.exponential(2.0), np.random.gamma(2.0, 1.5, 2), np.random.beta(0.5, 2.0), np.random.poisson(3.0, 4),
            np.random.binomial(10, 0.3, 4), np.random.chisquare(3.0), np.random.standard_t(4.0), np.random.laplace(), np.random.logistic(),
            np.random.lognormal(), np.random.pareto(3.0), np.random.weibull(2.0), np.random.rayleigh(), np.random.wald(1.0, 2.0),
            np.random.triangular(0.0, 1.0, 2.0), np.random.geometric(0.3, 3), np.random.hypergeometric(5, 6, 4, 3),
            np.random.negative_binomial(3, 0.4), np.random.zipf(2.5, 3), np.random.logseries(0.6, 3), np.random.power(2.0),
            np.random.gumbel(), np.random.vonmises(0.0, 1.0), np.random.f(2.0, 3.0), np.random.standard_cauchy(),
            np.random.standard_gamma(1.5), np.random.standard_exponential(), np.random.noncentral_chisquare(2.0, 1.0))


def orders(n):
    np.random.seed(n)
    a = np.arange(8)
    np.random.shuffle(a)
    b = np.arange(12).reshape(6, 2)
    np.random.shuffle(b)
    return a, b, np.random.permutation(5), np.random.choice(10, 4), np.random.choice(a, 3, replace=False), np.random.multinomial(9, np.array([0.2, 0.3, 0.5]))




for n in (0, 12345):
    case("legacy", legacy, n)
    case("orders", orders, n)
case("scalars", lambda n: (np.random.seed(n), np.random.normal(2.0, 3.0), np.random.uniform(-2, 5), np.random.randint(-5, 5))[1:], 3)
case("scale", lambda: np.random.normal(0.0, -1.0))
