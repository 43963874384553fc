"""Exceptions and warnings of numpy."""


class ComplexWarning(RuntimeWarning):
    """The warning raised when casting a complex dtype to a real dtype."""


class VisibleDeprecationWarning(UserWarning):
    """Visible deprecation warning."""


class RankWarning(RuntimeWarning):
    """Matrix rank warning, issued by polyfit."""


class TooHardError(RuntimeError):
    """max_work was exceeded."""


class ModuleDeprecationWarning(DeprecationWarning):
    """Module deprecation warning."""


class DTypePromotionError(TypeError):
    """Multiple DTypes could not be converted to a common one."""


class AxisError(ValueError, IndexError):
    """Axis supplied was invalid."""

    def __init__(self, axis, ndim=None, msg_prefix=None):
        if ndim is msg_prefix is None:
            self._msg, self.axis, self.ndim = axis, None, None
        else:
            self._msg, self.axis, self.ndim = msg_prefix, axis, ndim
        super().__init__(axis, ndim, msg_prefix)

    def __str__(self):
        if self.axis is self.ndim is None:
            return self._msg
        text = 'axis %s is out of bounds for array of dimension %s' % (self.axis, self.ndim)
        return text if self._msg is None else '%s: %s' % (self._msg, text)


for _c in (ComplexWarning, VisibleDeprecationWarning, RankWarning, TooHardError, DTypePromotionError, AxisError):
    _c.__module__ = 'numpy.exceptions'
