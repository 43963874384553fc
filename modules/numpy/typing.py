"""numpy.typing: types for annotations."""
from typing import Any, Protocol, Sequence, TypeVar, Union, runtime_checkable

import numpy as np

_Scalar = TypeVar('_Scalar', bound=np.generic, covariant=True)


@runtime_checkable
class _SupportsArray(Protocol[_Scalar]):
    def __array__(self): ...


ArrayLike = Union[_SupportsArray, bool, int, float, complex, str, bytes, Sequence[Any]]
DTypeLike = Union[None, type, np.dtype, str, tuple, list, dict]
try:
    NDArray = np.ndarray[Any, np.dtype[_Scalar]]
except TypeError:
    NDArray = np.ndarray


class NBitBase:
    """A type of numbers of some precision."""


class _256Bit(NBitBase):
    pass


class _128Bit(_256Bit):
    pass


class _96Bit(_128Bit):
    pass


class _80Bit(_96Bit):
    pass


class _64Bit(_80Bit):
    pass


class _32Bit(_64Bit):
    pass


class _16Bit(_32Bit):
    pass


class _8Bit(_16Bit):
    pass


__all__ = ['ArrayLike', 'DTypeLike', 'NBitBase', 'NDArray']
