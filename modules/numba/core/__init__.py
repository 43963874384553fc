"""numba.core: the names that scripts import from it."""
