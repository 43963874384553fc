"""The exceptions of the compiler, under Numba's names."""
import _jit


class NumbaError(Exception):
    """What the compiler raises."""


class TypingError(NumbaError):
    """A kernel that cannot be compiled: one sentence, the source line, and what to do."""


def _derive(base, text, *names):
    """Classes of this base that differ by name alone."""
    for name in names:
        globals()[name] = type(name, (base,), {"__doc__": text, "__module__": __name__})


class UnsupportedError(NumbaError):
    """Something of Numba's that krait does not have."""


# Numba's finer distinctions, for scripts that catch them. The compiler itself raises TypingError and UnsupportedError.
_derive(NumbaError, "Kept for scripts that catch it.", "LoweringError", "IRError", "ConstantInferenceError", "InternalError",
        "CompilerError", "VerificationError", "DeprecationError", "ByteCodeSupportError", "UnsupportedParforsError",
        "NumbaAssertionError", "NumbaNotImplementedError", "NumbaRuntimeError", "ForceLiteralArg", "LiteralTypingError",
        "RequireLiteralValue", "UnsupportedBytecodeError")
_derive(IRError, "Kept for scripts that catch it.", "RedefinedError", "NotDefinedError")  # noqa: F821
_derive(TypingError, "Kept for scripts that catch it.", "UntypedAttributeError", "NumbaTypeError", "NumbaValueError",
        "NumbaAttributeError", "NumbaIndexError", "NumbaKeyError")


class NumbaWarning(Warning):
    """Base of the compiler's warnings."""


_derive(NumbaWarning, "Kept for scripts that filter it.", "NumbaPerformanceWarning", "NumbaDeprecationWarning",
        "NumbaPendingDeprecationWarning", "NumbaExperimentalFeatureWarning", "NumbaParallelSafetyWarning",
        "NumbaTypeSafetyWarning", "NumbaInvalidConfigWarning", "NumbaPedanticWarning", "NumbaDebugInfoWarning",
        "NumbaSystemWarning", "NumbaIRAssumptionWarning")

_jit._set_typing_error(TypingError)
