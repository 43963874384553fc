# Equal seeds give NumPy's numbers: every bit generator, every distribution, digests of 2,000 draws each.
# Expected output: NumPy 1.24.2 on CPython 3.11.
import hashlib
import warnings

import numpy as np

warnings.simplefilter('ignore')


def show(name, x):
    a = np.asarray(x)
    print(name, a.dtype.str, a.shape, hashlib.sha256(a.tobytes()).hexdigest()[:16], a.ravel()[:2].tolist())


N = 2000
for cls in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64):
    b = cls(12345)
    show(cls.__name__, b.random_raw(N))
    g = np.random.Generator(cls([1, 2, 3]))
    for what, x in (('random', g.random(N)), ('float32', g.random(N, dtype=np.float32)), ('normal', g.standard_normal(N)),
                    ('uint8', g.integers(0, 200, N, dtype=np.uint8)), ('uint32', g.integers(0, 7, N, dtype=np.uint32))):
        show('%s %s' % (cls.__name__, what), x)
    if cls is not np.random.SFC64:
        show(cls.__name__ + ' jumped', b.jumped().random_raw(5))
        show(cls.__name__ + ' jumped 3', cls(7).jumped(3).random_raw(5))
    if hasattr(b, 'advance'):
        show(cls.__name__ + ' advanced', b.advance(2 ** 70 + 12345).random_raw(5))
        show(cls.__name__ + ' advanced back', b.advance(-3).random_raw(5))

for n in (1, 2, 3):
    s = np.random.SeedSequence(98765432109876543210, spawn_key=(n, 2 ** 40), pool_size=4 + n)
    show('seed', s.generate_state(9))
    show('seed 64', s.spawn(2)[1].generate_state(5, np.uint64))
show('seed array', np.random.SeedSequence([1, 2 ** 33, 3]).generate_state(4))

DOUBLES = [
    ('beta', (0.3, 0.4)), ('beta', (1e-4, 2e-4)), ('beta', (2.5, 0.4)), ('beta', (1.0, 1.0)), ('chisquare', (3.3,)), ('chisquare', (0.7,)),
    ('exponential', (2.0,)), ('f', (3.0, 7.5)), ('gamma', (0.3, 2.0)), ('gamma', (1.0, 2.0)), ('gamma', (7.1, 0.5)),
    ('gumbel', (1.0, 2.0)), ('laplace', (1.0, 2.0)), ('logistic', (1.0, 2.0)), ('lognormal', (0.1, 0.6)),
    ('noncentral_chisquare', (0.6, 2.5)), ('noncentral_chisquare', (3.6, 2.5)), ('noncentral_chisquare', (3.6, 0.0)),
    ('noncentral_f', (3.0, 5.0, 1.5)), ('normal', (-1.0, 3.0)), ('pareto', (2.2,)), ('power', (0.6,)), ('power', (3.5,)),
    ('rayleigh', (1.5,)), ('standard_cauchy', ()), ('standard_exponential', ()), ('standard_gamma', (0.5,)),
    ('standard_gamma', (3.5,)), ('standard_normal', ()), ('standard_t', (4.5,)), ('triangular', (-1.0, 0.5, 3.0)),
    ('uniform', (-2.0, 5.0)), ('vonmises', (0.5, 1.5)), ('vonmises', (0.5, 1e-6)), ('vonmises', (0.5, 1e-9)),
    ('vonmises', (3.0, 500.0)), ('wald', (1.5, 2.5)), ('wald', (0.1, 20.0)), ('weibull', (1.7,)), ('weibull', (0.0,)),
]
INTEGERS = [
    ('binomial', (10, 0.3)), ('binomial', (10, 0.9)), ('binomial', (1000, 0.4)), ('binomial', (100000, 0.77)),
    ('binomial', (5, 0.0)), ('binomial', (10 ** 9, 0.5)), ('binomial', (200, 0.5)),
    ('geometric', (0.01,)), ('geometric', (0.6,)), ('hypergeometric', (20, 30, 15)),
    ('hypergeometric', (20, 30, 5)), ('hypergeometric', (200, 30, 150)), ('hypergeometric', (15, 15, 28)),
    ('hypergeometric', (100000, 300000, 5000)), ('logseries', (0.3,)), ('logseries', (0.99,)),
    ('negative_binomial', (3.5, 0.2)), ('poisson', (0.5,)), ('poisson', (9.99,)), ('poisson', (10.0,)), ('poisson', (1234.5,)),
    ('poisson', (0.0,)), ('poisson', (1e12,)), ('zipf', (1.3,)), ('zipf', (4.0,)),
]
for name, args in DOUBLES + INTEGERS:
    for kind, g in (('Generator', np.random.Generator(np.random.PCG64(99))), ('RandomState', np.random.RandomState(99))):
        show('%s.%s%r' % (kind, name, args), getattr(g, name)(*args, size=N))
for k in (1e7,):
    show('Generator.vonmises large', np.random.Generator(np.random.PCG64(1)).vonmises(3.1, k, size=N))

g = np.random.default_rng(4)
for dtype in (np.float32, np.float64):
    show('standard_normal', g.standard_normal(N * 20, dtype=dtype))
    show('standard_exponential', g.standard_exponential(N * 20, dtype=dtype))
    show('standard_exponential inv', g.standard_exponential(N, dtype=dtype, method='inv'))
    for shape in (0.4, 1.0, 5.5):
        show('standard_gamma', g.standard_gamma(shape, N, dtype=dtype))

g, r = np.random.default_rng(8), np.random.RandomState(8)
for dtype in (bool, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64):
    info = (0, 1) if dtype is bool else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    for low, high in ((0, 2), (info[0], info[1] + 1), (0, info[1]), (0, (info[1] + 1) // 2 + 1)):
        if low < high:
            show('integers %s %d %d' % (np.dtype(dtype), low, high), g.integers(low, high, N, dtype=dtype))
            show('randint %s %d %d' % (np.dtype(dtype), low, high), r.randint(low, high, N, dtype=dtype))
    show('endpoint', g.integers(0, info[1], N, dtype=dtype, endpoint=True))
show('integers arrays', g.integers([[0], [5]], [10, 100, 1000], (50, 2, 3), dtype=np.uint16))
show('integers arrays', g.integers([[0], [5]], [10, 2 ** 40, 1000]))
show('randint arrays', r.randint([[0], [5]], [10, 2 ** 40, 1000]))
show('tomaxint', r.tomaxint(10))
print(g.bytes(11), r.bytes(11))

for name, args in (('choice', (100, 5)), ('choice', (100, 20, False)), ('choice', (100000, 20, False)), ('choice', (20000, 9000, False)),
                   ('choice', ([0.5, 2.5, 7.0], 6, True, [0.2, 0.5, 0.3])), ('choice', (4, 3, False, [0.2, 0.5, 0.2, 0.1])),
                   ('permutation', (30,)), ('permutation', ([3, 1, 4, 1, 5],)), ('permutation', (np.arange(12).reshape(4, 3),))):
    show('Generator.' + name, getattr(g, name)(*args))
    show('RandomState.' + name, getattr(r, name)(*args))
show('choice axis', g.choice(np.arange(20).reshape(4, 5), 3, axis=1, replace=False))
show('choice no shuffle', g.choice(50, 10, replace=False, shuffle=False))
for maker in (lambda: np.arange(20), lambda: np.arange(20, dtype=np.int16), lambda: list(range(20)), lambda: np.arange(30).reshape(10, 3),
              lambda: np.arange(20.0)[::2], lambda: np.array(list('abcdefgh'))):
    for q in (g, r):
        x = maker()
        q.shuffle(x)
        print(type(q).__name__, list(map(str, np.asarray(x).ravel().tolist())))
x = np.arange(24).reshape(2, 3, 4)
g.shuffle(x, axis=2)
show('shuffle axis', x)
show('permutation axis', g.permutation(x, axis=1))
for axis in (None, 0, 1, 2, -1):
    show('permuted', g.permuted(x, axis=axis))
show('permuted F', g.permuted(np.asfortranarray(x[0])))

for q in (g, r):
    name = type(q).__name__
    show(name + '.multinomial', q.multinomial(50, [0.1, 0.2, 0.3, 0.4], size=N))
    show(name + '.dirichlet', q.dirichlet([0.5, 1.5, 3.0], size=N))
show('multinomial arrays', g.multinomial([[10], [20]], [[0.5, 0.5], [0.1, 0.9], [0.3, 0.7]]))
show('dirichlet small', g.dirichlet([0.01, 0.02, 0.05], size=N))
for method in ('count', 'marginals'):
    for sample in (0, 5, 25, 40):
        show('multivariate_hypergeometric', g.multivariate_hypergeometric([20, 0, 12, 8], sample, size=50, method=method))
for args in ((1.0, [2.0, 0.5]), ([[1.0], [3.0]], [2.0, 0.5])):
    show('normal arrays', g.normal(*args))
    show('gamma arrays', g.gamma(*args))
show('binomial arrays', g.binomial([[10], [1000]], [0.1, 0.5, 0.9], size=(4, 2, 3)))
show('poisson arrays', r.poisson([[0.5], [100.0]], size=(2, 5)))

np.random.seed(77)
show('seed', np.random.rand(3))
show('randn', np.random.randn(3))
state = np.random.get_state()
a = np.random.randn(3)
np.random.set_state(state)
print((a == np.random.randn(3)).all(), state[0], state[2:4])
np.random.seed([5, 6, 7])
show('seed array', np.random.random_sample(3))
for x in (g.normal(), g.poisson(3), r.normal(), r.poisson(3), r.randint(5), g.random()):
    print(type(x).__name__, x)
