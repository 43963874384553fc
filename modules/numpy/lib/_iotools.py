"""numpy.lib._iotools: errors and warnings of genfromtxt, and structured types field by field."""


class ConverterError(Exception):
    """Exception raised when an error occurs in a converter for string values."""


class ConverterLockError(ConverterError):
    """Exception raised when an attempt is made to upgrade a locked converter."""


class ConversionWarning(UserWarning):
    """Warning issued when a string converter has a problem."""


def has_nested_fields(ndtype):
    """Returns whether one or several fields of a dtype are nested."""
    return any(ndtype[name].names is not None for name in ndtype.names or ())


def flatten_dtype(ndtype, flatten_base=False):
    """Unpack a structured data-type by collapsing nested fields and/or fields with a shape."""
    names = ndtype.names
    if names is None:
        if flatten_base:
            n = 1
            for k in ndtype.shape:
                n *= k
            return [ndtype.base] * n
        return [ndtype.base]
    types = []
    for name in names:
        types.extend(flatten_dtype(ndtype.fields[name][0], flatten_base))
    return types
