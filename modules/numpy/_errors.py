"""The TypeErrors of ufuncs, and the MemoryError of arrays."""
from numpy.exceptions import AxisError, TooHardError  # noqa: F401


class UFuncTypeError(TypeError):
    """Base class of the type errors that ufuncs raise."""

    def __init__(self, ufunc, *rest):
        super().__init__(ufunc, *rest)
        self.ufunc = ufunc


class _UFuncNoLoopError(UFuncTypeError):
    """No loop takes these types."""


class _UFuncBinaryResolutionError(_UFuncNoLoopError):
    """No loop takes these two types."""


class _UFuncCastingError(UFuncTypeError):
    """A cast is not allowed."""


class _UFuncInputCastingError(_UFuncCastingError):
    """An operand cannot be cast to the loop's type."""


class _UFuncOutputCastingError(_UFuncCastingError):
    """A result cannot be cast to its array's type."""


class _ArrayMemoryError(MemoryError):
    """An array does not fit into memory."""

    def __init__(self, shape, dtype):
        self.shape, self.dtype = shape, dtype

    @property
    def _total_size(self):
        size = self.dtype.itemsize
        for n in self.shape:
            size *= n
        return size

    @staticmethod
    def _size_to_string(num_bytes):
        """In binary units, three digits."""
        units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
        unit = max(num_bytes.bit_length() - 1, 1) // 10
        value = num_bytes / (1 << 10 * unit)
        if unit < len(units) - 1 and float('%.3g' % value) == 1024.0:
            unit, value = unit + 1, 1.0
        unit = min(unit, len(units) - 1)
        value = num_bytes / (1 << 10 * unit)
        if unit == 0:
            return '%.0f bytes' % value
        return ('%.0f %s' if round(value) >= 1000 else '%#.3g %s') % (value, units[unit])

    def __str__(self):
        return 'Unable to allocate %s for an array with shape %s and data type %s' % (
            self._size_to_string(self._total_size), self.shape, self.dtype)


for _c in (UFuncTypeError, _UFuncNoLoopError, _UFuncBinaryResolutionError, _UFuncCastingError, _UFuncInputCastingError,
           _UFuncOutputCastingError, _ArrayMemoryError):
    _c.__module__ = 'numpy._core._exceptions'
