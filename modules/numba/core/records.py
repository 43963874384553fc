"""Structured dtypes for kernels: what they consist of, and arrays of them over bytes."""


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
    """The bytes, whose last axis is one item, as items of this dtype; the one item itself if single."""
    made = octets.view(dtype)[..., 0]
    return made[()] if single else made
