"""numpy.lib.array_utils."""
from numpy.lib._array_utils import byte_bounds, normalize_axis_index, normalize_axis_tuple  # noqa: F401
