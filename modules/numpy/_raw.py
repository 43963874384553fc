"""Arrays in raw files and in text of numbers: fromfile, tofile, fromstring."""
import io as _io
import os as _os
import re as _re

import _numpy as _n
from numpy._overrides import checked_like

_FLOAT = r'[+-]?(?:nan(?:\([a-z0-9_]*\))?|inf(?:inity)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)'
_PATTERNS = {'i': _re.compile(r'\s*([+-]?\d+)'), 'f': _re.compile(r'\s*(%s)' % _FLOAT, _re.I),
             'c': _re.compile(r'\s*(\(?%s(?:[+-]%sj|j)?\)?)' % (_FLOAT, _FLOAT[5:]), _re.I)}
_UNREAD = 'string or file could not be read to its end due to unmatched data; this will raise a ValueError in the future.'


def _number(kind, text):
    text = text.lower()
    if 'nan(' in text:
        text = text[:text.index('(')]
    if kind == 'i':
        return int(text)
    return complex(text) if kind == 'c' else float(text)


def _separator(sep):
    """Blanks stand for any white space, also none; but something must be there."""
    parts = [r'\s*' if c.isspace() else _re.escape(c) for c in sep]
    return _re.compile(r'\s*' + ''.join(parts) + r'\s*')


def _scan(text, kind, count, sep):
    """The numbers up to the first thing that is none; and whether that was the end."""
    pattern, between, out, at = _PATTERNS[kind], _separator(sep), [], 0
    while count < 0 or len(out) < count:
        m = pattern.match(text, at)
        if not m:
            return out, not text[at:].strip()
        out.append(_number(kind, m[1]))
        at = m.end()
        if not text[at:].strip() or len(out) == count:
            break
        m = between.match(text, at)
        if not m or m.end() == at:
            return out, False
        at = m.end()
    return out, True


def _parse(text, d, count, sep):
    if d.subdtype or d.names is not None or d.kind in 'OMmSUV':
        raise ValueError("don't know how to read character strings with that array type")
    kind = 'i' if d.kind in 'iu' else 'c' if d.kind == 'c' else 'f'
    complete = True
    try: # the usual case, without looking at every character
        words = text.split(None if sep.isspace() else sep.strip())
        if words and not words[-1].strip():
            words.pop()
        if kind == 'c':
            raise ValueError
        out = list(map(int if kind == 'i' else float, words if count < 0 else words[:count]))
    except ValueError:
        out, complete = _scan(text, kind, count, sep)
    if not complete:
        import warnings
        warnings.warn(_UNREAD, DeprecationWarning, stacklevel=3)
    return _n.array([v != 0 for v in out] if d.kind == 'b' else out, d)


def _plain(text):
    return text.decode('latin1') if isinstance(text, (bytes, bytearray, memoryview)) else text


@checked_like
def fromstring(string, dtype=float, count=-1, *, sep):
    """A new 1-D array initialized from text data in a string."""
    if sep == '':
        raise ValueError('The binary mode of fromstring is removed, use frombuffer instead')
    return _parse(_plain(string), _n.dtype(dtype), count, sep)


def _check_descriptor(file):
    """Only files of the system; as NumPy, which works on a duplicate of the descriptor."""
    fd = _os.dup(file.fileno())
    if not isinstance(fd, int):
        raise TypeError("an integer is required, not '%s'" % type(fd).__name__)
    if fd >= 1 << 31:
        raise OSError('the descriptor is out of range')
    _os.close(fd)


def _binary(data, d):
    base, shape = d.subdtype or (d, ())
    n = len(data) // d.itemsize if d.itemsize else 0
    flat = _n.frombuffer(data[:n * d.itemsize], base).copy() if n else _n.empty(0, base)
    return flat.reshape((n,) + shape)


@checked_like
def fromfile(file, dtype=float, count=-1, sep='', offset=0):
    """Construct an array from data in a text or binary file."""
    if sep and offset:
        raise TypeError("'offset' argument only permitted for binary files")
    if not hasattr(file, 'read'):
        with open(file, 'rb') as f:
            return fromfile(f, dtype, count, sep, offset)
    d = _n.dtype(dtype)
    _check_descriptor(file)
    if d.hasobject:
        raise ValueError('Cannot read into object array')
    f = getattr(file, 'buffer', file)
    f.seek(offset, 1) if offset else f.tell()
    if sep:
        return _parse(_plain(f.read()), d, count, sep)
    return _binary(f.read() if count < 0 else f.read(count * d.itemsize), d)


def _text_of(a, sep, format):
    if format in ('', '%s'):
        return sep.join(repr(v) if isinstance(v, (float, complex)) else str(v) for v in a.ravel().tolist())
    return sep.join(format % v for v in a.ravel().tolist())


def tofile(a, fid, sep='', format='%s'):
    if not hasattr(fid, 'write'):
        with open(fid, 'wb') as f:
            return tofile(a, f, sep, format)
    _check_descriptor(fid)
    if not sep and a.dtype.hasobject:
        raise OSError('cannot write object arrays to a file in binary mode')
    if isinstance(fid, _io.TextIOBase):
        fid.flush()
        fid = fid.buffer
    fid.write(_text_of(a, sep, format).encode() if sep else a.tobytes())
    fid.flush()
