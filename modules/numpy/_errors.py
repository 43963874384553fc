"""The TypeErrors of ufuncs."""


class UFuncTypeError(TypeError):
    """Base class of the type errors that ufuncs raise."""


class _UFuncNoLoopError(UFuncTypeError):
    """No loop takes these types."""


class _UFuncInputCastingError(UFuncTypeError):
    """An operand cannot be cast to the loop's type."""


class _UFuncOutputCastingError(UFuncTypeError):
    """A result cannot be cast to its array's type."""


for _c in (UFuncTypeError, _UFuncNoLoopError, _UFuncInputCastingError, _UFuncOutputCastingError):
    _c.__module__ = 'numpy._core._exceptions'
