# NumPy's scalar types under the abstract classes of numbers.
import numbers

import numpy as np

kinds = (numbers.Integral, numbers.Real, numbers.Complex, numbers.Number)
expected = {
    np.int32: (1, 1, 1, 1), np.uint8: (1, 1, 1, 1), np.int64: (1, 1, 1, 1),
    np.float16: (0, 1, 1, 1), np.float32: (0, 1, 1, 1), np.float64: (0, 1, 1, 1),
    np.complex64: (0, 0, 1, 1), np.complex128: (0, 0, 1, 1),
    np.bool_: (0, 0, 0, 0),
}
for scalar, answers in expected.items():
    assert tuple(isinstance(scalar(1), kind) for kind in kinds) == tuple(map(bool, answers)), scalar
    assert tuple(issubclass(scalar, kind) for kind in kinds) == tuple(map(bool, answers)), scalar
