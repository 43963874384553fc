"""numpy.random: random numbers with NumPy's streams (native half: the C files here)."""
from numpy.random import _common, _mt19937, _pcg64, _philox, _sfc64, bit_generator, mtrand  # noqa: F401
from numpy.random import _generator  # noqa: F401
from numpy.random import _pickle  # noqa: F401
from numpy.random._generator import Generator, default_rng  # noqa: F401
from numpy.random.bit_generator import (BitGenerator, MT19937, PCG64, PCG64DXSM, Philox, SFC64,  # noqa: F401
                                        SeedSequence)
from numpy.random.mtrand import *  # noqa: F401,F403

_bit_generator = bit_generator
__all__ = mtrand.__all__ + ['Generator', 'RandomState', 'SeedSequence', 'MT19937', 'Philox', 'PCG64', 'PCG64DXSM', 'SFC64',
                            'default_rng', 'BitGenerator']


def __RandomState_ctor():
    """A RandomState whose state is set afterwards: for old pickles."""
    return mtrand.RandomState(seed=0)


def __getattr__(name):
    if name == 'test':
        from numpy.testing import PytestTester
        return PytestTester(__name__)
    raise AttributeError('module %r has no attribute %r' % (__name__, name))
