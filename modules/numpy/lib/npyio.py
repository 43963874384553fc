"""numpy.lib.npyio."""
from numpy._io import NpzFile  # noqa: F401
