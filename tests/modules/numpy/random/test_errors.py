# Arguments that are refused, in NumPy's words. Expected output: NumPy 1.24.2 on CPython 3.11.
import pickle

import numpy as np

g, r = np.random.default_rng(1), np.random.RandomState(1)


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for f in (lambda: g.dirichlet([-1., 1.]), lambda: g.uniform(3, 1), lambda: g.integers([1, 2], [0, 3]), lambda: g.integers(5, 5),
          lambda: g.integers(-1), lambda: g.integers(300, dtype='u1'), lambda: g.integers([300], dtype='u1'),
          lambda: g.random(dtype='i4'), lambda: g.random(out=np.zeros(3)[::2]), lambda: g.random(out=np.zeros(3, 'f')),
          lambda: g.random(2, out=np.zeros(3)), lambda: g.choice(5, -1), lambda: g.choice(-5), lambda: g.choice([]),
          lambda: g.choice('a'), lambda: r.choice([[1]]), lambda: g.normal(size=-1), lambda: g.normal(scale=-1),
          lambda: g.poisson(-1), lambda: g.poisson([-1, 2]), lambda: g.poisson(1e30), lambda: r.poisson(1e30),
          lambda: g.binomial(5, 1.5), lambda: g.binomial(5, [0.5, np.nan]), lambda: g.binomial(-1, 0.5), lambda: g.geometric(0),
          lambda: g.logseries(1), lambda: g.zipf(1), lambda: g.beta(0, 1), lambda: g.negative_binomial(2 ** 62, 0.1),
          lambda: g.normal([1, 2, 3], size=2), lambda: g.triangular(1, 0, 2), lambda: g.multinomial(5, [0.9, 0.9]),
          lambda: g.choice(3, 5, replace=False), lambda: g.choice(3, p=[1, 1, 1]), lambda: g.hypergeometric(1, 2, 9),
          lambda: np.random.MT19937(-1), lambda: r.seed(2 ** 32), lambda: r.seed([]), lambda: np.random.SeedSequence(1.5),
          lambda: g.multivariate_hypergeometric([1, 2], 5), lambda: g.permuted([1, 2], axis=3), lambda: r.set_state(5),
          lambda: setattr(np.random.PCG64(1), 'state', {'bit_generator': 'MT19937'})):
    show(f)

# A copy through a pickle goes on where the original stands.
for x in (np.random.Generator(np.random.PCG64(5)), np.random.Generator(np.random.Philox(5)), np.random.RandomState(5)):
    x.standard_normal(3)
    y = pickle.loads(pickle.dumps(x))
    print(type(y).__name__, (x.standard_normal(5) == y.standard_normal(5)).all())
a, b = np.random.default_rng(5).bit_generator._seed_seq.spawn(2)
print(a.spawn_key, b.spawn_key, np.random.Generator(np.random.PCG64(a)).integers(100, size=4).tolist())
