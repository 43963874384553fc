"""numpy.core: the older name of numpy._core."""
from numpy import _core as _new
from numpy._core import *  # noqa: F401,F403

globals().update({k: v for k, v in vars(_new).items() if type(v) is type(_new) and not k.startswith('__')})


def __getattr__(name):
    return getattr(_new, name)
