"""numpy.core: the older name of numpy._core."""
from numpy._core import *  # noqa: F401,F403
from numpy._core import multiarray, numeric, umath, fromnumeric, _internal, _exceptions  # noqa: F401
