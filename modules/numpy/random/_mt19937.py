"""The place where NumPy has this class, for pickles."""
from numpy.random.bit_generator import MT19937  # noqa: F401
