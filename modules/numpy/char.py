"""numpy.char: the older name of numpy.strings."""
from numpy._strings import *  # noqa: F401,F403
from numpy.lib._classes import chararray  # noqa: F401
import _numpy as _n


def array(obj, itemsize=None, copy=True, unicode=None, order=None):
    """Create a chararray."""
    return _n.array(obj, str).view(chararray)


asarray = array
