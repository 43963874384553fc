"""nditer under the name by which numpy's namespace asks for it."""
from numpy.lib._index import nditer, nested_iters  # noqa: F401
