"""numpy.random._pickle: what pickles of generators call by name."""
from numpy.random._generator import Generator
from numpy.random.bit_generator import MT19937, PCG64, PCG64DXSM, Philox, SFC64
from numpy.random.mtrand import RandomState

BitGenerators = {c.__name__: c for c in (MT19937, PCG64, PCG64DXSM, Philox, SFC64)}


def __bit_generator_ctor(bit_generator='MT19937'):
    """A bit generator of a class, or of the name of one of NumPy's."""
    if isinstance(bit_generator, type):
        return bit_generator()
    if bit_generator not in BitGenerators:
        raise ValueError(str(bit_generator) + ' is not a known BitGenerator module.')
    return BitGenerators[bit_generator]()


def __generator_ctor(bit_generator_name='MT19937', bit_generator_ctor=__bit_generator_ctor):
    """A Generator on a bit generator, or on a new one of a name."""
    if isinstance(bit_generator_name, (str, type)):
        bit_generator_name = bit_generator_ctor(bit_generator_name)
    return Generator(bit_generator_name)


def __randomstate_ctor(bit_generator_name='MT19937', bit_generator_ctor=__bit_generator_ctor):
    """A RandomState on a bit generator, or on a new one of a name."""
    if isinstance(bit_generator_name, (str, type)):
        bit_generator_name = bit_generator_ctor(bit_generator_name)
    return RandomState(bit_generator_name)
