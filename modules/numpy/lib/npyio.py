"""numpy.lib.npyio: files."""
from numpy._io import (NpzFile, fromregex, genfromtxt, load, loadtxt, save, savetxt, savez, savez_compressed)  # noqa: F401
