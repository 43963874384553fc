"""Structured dtypes for kernels: what they consist of, and arrays of them over bytes."""
import numpy as np


def describe(dtype):
    """(bytes, (name, kind, offset, shape), ...): a kind is the name of a number's dtype, or a structured dtype."""
    rows = [dtype.itemsize]
    for name in dtype.names:
        field, offset = dtype.fields[name][:2]
        base, shape = field.subdtype or (field, ())
        if base.names is not None:
            rows.append((name, base, offset, tuple(shape)))
        elif base.kind in "biufc" and base.isnative and base.itemsize <= (16 if base.kind == "c" else 8):
            rows.append((name, "bool_" if base.kind == "b" else base.name, offset, tuple(shape)))
    return tuple(rows)


def wrap(octets, dtype, single):
    """The bytes, whose last axis is one item, as items of this dtype; the one item itself, with its fields as attributes, if
    single."""
    made = octets.view(np.dtype((np.record, dtype)) if single and dtype.names is not None else dtype)[..., 0]
    return made[()] if single else made
