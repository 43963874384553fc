"""numpy.strings: element-wise operations on text."""
from numpy._strings import *  # noqa: F401,F403
