"""numpy.compat: names from the time of Python 2 that old scripts import."""
import pickle  # noqa: F401
from os import PathLike as os_PathLike, fspath as os_fspath  # noqa: F401
from pathlib import Path  # noqa: F401

unicode, bytes, long, basestring, integer_types = str, bytes, int, str, (int,)


def asbytes(s):
    return s if isinstance(s, bytes) else str(s).encode('latin1')


def asunicode(s):
    return s.decode('latin1') if isinstance(s, bytes) else str(s)


asstr = asunicode


def asbytes_nested(x):
    return [asbytes_nested(y) for y in x] if hasattr(x, '__iter__') and not isinstance(x, (bytes, str)) else asbytes(x)


def asunicode_nested(x):
    return [asunicode_nested(y) for y in x] if hasattr(x, '__iter__') and not isinstance(x, (bytes, str)) else asunicode(x)


def getexception():
    import sys
    return sys.exc_info()[1]


def isfileobj(f):
    import io
    return isinstance(f, (io.FileIO, io.BufferedReader, io.BufferedWriter))


def is_pathlib_path(obj):
    return isinstance(obj, Path)
