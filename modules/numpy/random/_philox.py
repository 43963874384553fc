"""The place where NumPy has this class, for pickles."""
from numpy.random.bit_generator import Philox  # noqa: F401
