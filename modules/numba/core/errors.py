"""The exceptions of the compiler, under Numba's names."""
import _jit


class NumbaError(Exception):
    """What the compiler raises."""


class TypingError(NumbaError):
    """A kernel that cannot be compiled: one sentence, the source line, and what to do."""


class UnsupportedError(NumbaError):
    """Something of Numba's that krait does not have."""


class LoweringError(NumbaError):
    """Kept for scripts that catch it."""


class NumbaWarning(Warning):
    """Base of the compiler's warnings."""


class NumbaPerformanceWarning(NumbaWarning):
    """A construct that costs speed."""


class NumbaDeprecationWarning(NumbaWarning):
    """Kept for scripts that filter it."""


class NumbaPendingDeprecationWarning(NumbaWarning):
    """Kept for scripts that filter it."""


_jit._set_typing_error(TypingError)
