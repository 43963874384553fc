"""numpy.lib.npyio: files."""
from numpy._io import (NpzFile, fromregex, genfromtxt, load, loadtxt, save, savetxt, savez, savez_compressed)  # noqa: F401

_loadtxt_chunksize = 50000 # NumPy reads so many lines at a time; loadtxt here has no such limit
