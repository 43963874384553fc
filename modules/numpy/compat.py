"""numpy.compat: names for code that served Python 2, too."""
import os
import pickle  # noqa: F401
from os import PathLike as os_PathLike  # noqa: F401
from pathlib import Path

long, integer_types, basestring, unicode, bytes = int, (int,), str, str, bytes
strchar = 'U'
sixu = str
os_fspath = os.fspath


def asbytes(s):
    """Text as bytes, in Latin-1."""
    return s if isinstance(s, bytes) else str(s).encode('latin1')


def asstr(s):
    """Bytes as text, in Latin-1."""
    return s.decode('latin1') if isinstance(s, bytes) else str(s)


def asunicode(s):
    """Bytes as text, in Latin-1."""
    return asstr(s)


def asbytes_nested(x):
    """asbytes for every item of a nested sequence."""
    return [asbytes_nested(y) for y in x] if hasattr(x, '__iter__') and not isinstance(x, (bytes, str)) else asbytes(x)


def asunicode_nested(x):
    """asunicode for every item of a nested sequence."""
    return [asunicode_nested(y) for y in x] if hasattr(x, '__iter__') and not isinstance(x, (bytes, str)) else asunicode(x)


def isfileobj(f):
    """Is f a file of the operating system?"""
    import io
    return isinstance(f, (io.FileIO, io.BufferedReader, io.BufferedWriter))


def open_latin1(filename, mode='r'):
    """Open a text file in Latin-1."""
    return open(filename, mode=mode, encoding='iso-8859-1')


def is_pathlib_path(obj):
    """Is obj a pathlib.Path?"""
    return isinstance(obj, Path)


def getexception():
    """The exception that is being handled."""
    import sys
    return sys.exc_info()[1]


def npy_load_module(name, fn, info=None):
    """Load a module from a file."""
    from importlib.machinery import SourceFileLoader
    return SourceFileLoader(name, fn).load_module()
