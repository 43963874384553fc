"""numpy.lib.utils: helpers for libraries."""
from numpy.lib._utils import (byte_bounds, deprecate, deprecate_with_doc, disp, drop_metadata, safe_eval)  # noqa: F401
