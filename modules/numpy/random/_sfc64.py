"""The place where NumPy has this class, for pickles."""
from numpy.random.bit_generator import SFC64  # noqa: F401
