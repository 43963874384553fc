"""The place where NumPy has this class, for pickles."""
from numpy.random.bit_generator import PCG64, PCG64DXSM  # noqa: F401
