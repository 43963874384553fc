"""numpy.lib.format: the .npy format.

    \\x93NUMPY  major minor  length of the header (2 bytes; from version 2.0 on 4)  header  data

The header is the text of a Python dict with the keys descr, fortran_order and shape, in Latin-1 (from version 3.0 on
UTF-8), padded so that the data begin at a multiple of 64 bytes. A reader must expect anything: sizes are checked before
memory is taken, the header is read as a literal, objects are unpickled only where that is allowed."""
import io
import os
import warnings

import _numpy as _n

MAGIC_PREFIX = b'\x93NUMPY'
MAGIC_LEN = len(MAGIC_PREFIX) + 2
ARRAY_ALIGN = 64
BUFFER_SIZE = 2 ** 18
GROWTH_AXIS_MAX_DIGITS = 21 # digits of the length that may grow when data are appended
EXPECTED_KEYS = {'descr', 'fortran_order', 'shape'}
_MAX_HEADER_SIZE = 10000
_HEADERS = {(1, 0): (2, 'latin1'), (2, 0): (4, 'latin1'), (3, 0): (4, 'utf8')} # bytes of the length, encoding


def _check_version(version):
    if version not in ((1, 0), (2, 0), (3, 0), None):
        raise ValueError('we only support format version (1,0), (2,0), and (3,0), not %s' % (version,))


def magic(major, minor):
    """Return the magic string for the given file format version."""
    if major < 0 or major > 255:
        raise ValueError('major version must be 0 <= major < 256')
    if minor < 0 or minor > 255:
        raise ValueError('minor version must be 0 <= minor < 256')
    return MAGIC_PREFIX + bytes([major, minor])


def read_magic(fp):
    """Read the magic string to get the version of the file format."""
    data = _read_bytes(fp, MAGIC_LEN, 'magic string')
    if data[:-2] != MAGIC_PREFIX:
        raise ValueError('the magic string is not correct; expected %r, got %r' % (MAGIC_PREFIX, data[:-2]))
    return data[-2], data[-1]


# ---- Types

def _has_metadata(d):
    if d.metadata is not None:
        return True
    if d.names is not None:
        return any(_has_metadata(d[k]) for k in d.names)
    return d.subdtype is not None and _has_metadata(d.base)


def drop_metadata(dtype, /):
    """The type without metadata, of fields too."""
    if dtype.fields is not None:
        if not _has_metadata(dtype):
            return dtype
        names, formats, offsets, titles = [], [], [], []
        for name, field in dtype.fields.items():
            if name not in dtype.names:
                continue
            names.append(name)
            formats.append(drop_metadata(field[0]))
            offsets.append(field[1])
            titles.append(field[2] if len(field) > 2 else None)
        return _n.dtype({'names': names, 'formats': formats, 'offsets': offsets, 'titles': titles, 'itemsize': dtype.itemsize})
    if dtype.subdtype is not None:
        return _n.dtype((drop_metadata(dtype.subdtype[0]), dtype.subdtype[1]))
    return _n.dtype(dtype.str) if dtype.metadata is not None else dtype


def dtype_to_descr(dtype):
    """Get a serializable descriptor from the dtype."""
    if _has_metadata(dtype):
        warnings.warn('metadata on a dtype is not saved to an npy/npz. Use another format (such as pickle) to store it.',
                      UserWarning, stacklevel=2)
        dtype = drop_metadata(dtype)
    return dtype.descr if dtype.names is not None else dtype.str


def descr_to_dtype(descr):
    """Returns a dtype based off the given description: padding of structured types is not made a field."""
    if isinstance(descr, str):
        return _n.dtype(descr)
    if isinstance(descr, tuple):
        return _n.dtype((descr_to_dtype(descr[0]), descr[1]))
    titles, names, formats, offsets, offset = [], [], [], [], 0
    for field in descr:
        if len(field) == 2:
            name, d = field[0], descr_to_dtype(field[1])
        else:
            name, d = field[0], _n.dtype((descr_to_dtype(field[1]), field[2]))
        if not (name == '' and d.type is _n.void and d.names is None):
            title, name = name if isinstance(name, tuple) else (None, name)
            titles.append(title)
            names.append(name)
            formats.append(d)
            offsets.append(offset)
        offset += d.itemsize
    return _n.dtype({'names': names, 'formats': formats, 'titles': titles, 'offsets': offsets, 'itemsize': offset})


# ---- Headers

def header_data_from_array_1_0(array):
    """Get the dictionary of header metadata from a numpy.ndarray."""
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    return {'shape': array.shape, 'fortran_order': bool(fortran), 'descr': dtype_to_descr(array.dtype)}


def _wrap_header(header, version):
    """The bytes before the data: magic, length, padded header."""
    size, encoding = _HEADERS[version]
    data = header.encode(encoding)
    padding = -(MAGIC_LEN + size + len(data) + 1) % ARRAY_ALIGN
    length = len(data) + padding + 1
    if length >= 1 << 8 * size:
        raise ValueError('Header length %d too big for version=%s' % (length, version))
    return magic(*version) + length.to_bytes(size, 'little') + data + b' ' * padding + b'\n'


def _wrap_header_guess_version(header):
    """The oldest version that holds the header."""
    try:
        return _wrap_header(header, (1, 0))
    except ValueError:
        pass
    try:
        r = _wrap_header(header, (2, 0))
        warnings.warn('Stored array in format 2.0. It can only be read by NumPy >= 1.9', UserWarning, stacklevel=2)
        return r
    except UnicodeEncodeError:
        pass
    r = _wrap_header(header, (3, 0))
    warnings.warn('Stored array in format 3.0. It can only be read by NumPy >= 1.17', UserWarning, stacklevel=2)
    return r


def _write_array_header(fp, d, version=None):
    header = '{' + ''.join('%r: %r, ' % (k, d[k]) for k in sorted(d)) + '}'
    shape = d['shape']
    header += ' ' * (GROWTH_AXIS_MAX_DIGITS - len(repr(shape[-1 if d['fortran_order'] else 0])) if len(shape) > 0 else 0)
    fp.write(_wrap_header_guess_version(header) if version is None else _wrap_header(header, version))


def write_array_header_1_0(fp, d):
    """Write the header for an array using the 1.0 format."""
    _write_array_header(fp, d, (1, 0))


def write_array_header_2_0(fp, d):
    """Write the header for an array using the 2.0 format."""
    _write_array_header(fp, d, (2, 0))


def read_array_header_1_0(fp, max_header_size=_MAX_HEADER_SIZE):
    """Read an array header from a filelike object using the 1.0 file format version: shape, order, type."""
    return _read_array_header(fp, (1, 0), max_header_size)


def read_array_header_2_0(fp, max_header_size=_MAX_HEADER_SIZE):
    """Read an array header from a filelike object using the 2.0 file format version: shape, order, type."""
    return _read_array_header(fp, (2, 0), max_header_size)


def _filter_header(s):
    """A header that Python 2 wrote: without the L of long integers."""
    import re
    return re.sub(r'(\d)L\b', r'\1', s)


def _read_array_header(fp, version, max_header_size=_MAX_HEADER_SIZE):
    import ast
    if version not in _HEADERS:
        raise ValueError('Invalid version %r' % (version,))
    size, encoding = _HEADERS[version]
    length = int.from_bytes(_read_bytes(fp, size, 'array header length'), 'little')
    if length > max_header_size:
        raise ValueError('Header info length (%d) is large and may not be safe to load securely.\nTo allow loading, adjust '
                         '`max_header_size` or fully trust the `.npy` file using `allow_pickle=True`.\nFor safety against large '
                         'resource use or crashes, sandboxing may be necessary.' % length)
    raw = _read_bytes(fp, length, 'array header')
    try:
        header = raw.decode(encoding)
    except UnicodeDecodeError as e:
        raise ValueError('Cannot decode header: %r' % raw) from e
    try:
        d = ast.literal_eval(header)
    except (SyntaxError, ValueError, MemoryError, RecursionError, TypeError) as e:
        if version > (2, 0):
            raise ValueError('Cannot parse header: %r' % header) from e
        try:
            d = ast.literal_eval(_filter_header(header))
        except (SyntaxError, ValueError, MemoryError, RecursionError, TypeError) as e2:
            raise ValueError('Cannot parse header: %r' % header) from e2
        warnings.warn('Reading `.npy` or `.npz` file required additional header parsing as it was created on Python 2. Save the '
                      'file again to speed up loading and avoid this warning.', UserWarning, stacklevel=4)
    if not isinstance(d, dict):
        raise ValueError('Header is not a dictionary: %r' % (d,))
    if EXPECTED_KEYS != d.keys():
        raise ValueError('Header does not contain the correct keys: %r' % (sorted(map(str, d.keys())),))
    shape = d['shape']
    if not isinstance(shape, tuple) or not all(isinstance(k, int) for k in shape):
        raise ValueError('shape is not valid: %r' % (shape,))
    if any(k < 0 for k in shape) or len(shape) > 64:
        raise ValueError('shape is not valid: %r' % (shape,))
    if not isinstance(d['fortran_order'], bool):
        raise ValueError('fortran_order is not a valid bool: %r' % (d['fortran_order'],))
    try:
        dtype = descr_to_dtype(d['descr'])
    except Exception as e:
        raise ValueError('descr is not a valid dtype descriptor: %r' % (d['descr'],)) from e
    return shape, d['fortran_order'], dtype


# ---- Arrays

def write_array(fp, array, version=None, allow_pickle=True, pickle_kwargs=None):
    """Write an array to an NPY file, including a header."""
    _check_version(version)
    _write_array_header(fp, header_data_from_array_1_0(array), version)
    if array.dtype.hasobject:
        if not allow_pickle:
            raise ValueError('Object arrays cannot be saved when allow_pickle=False')
        import pickle
        pickle.dump(array, fp, protocol=4, **(pickle_kwargs or {}))
        return
    order = 'F' if array.flags.f_contiguous and not array.flags.c_contiguous else 'C'
    if array.nbytes <= BUFFER_SIZE or order == 'F':
        fp.write(array.tobytes(order))
        return
    # Rows at a time: the file needs no second copy of a large array in memory.
    rows = max(1, BUFFER_SIZE // max(1, array.nbytes // len(array)))
    for i in range(0, len(array), rows):
        fp.write(array[i:i + rows].tobytes())


def read_array(fp, allow_pickle=False, pickle_kwargs=None, *, max_header_size=_MAX_HEADER_SIZE):
    """Read an array from an NPY file."""
    if allow_pickle:
        max_header_size = 2 ** 64 # the file is trusted
    version = read_magic(fp)
    _check_version(version)
    shape, fortran, dtype = _read_array_header(fp, version, max_header_size)
    count = 1
    for k in shape:
        count *= k
    if dtype.hasobject:
        if not allow_pickle:
            raise ValueError('Object arrays cannot be loaded when allow_pickle=False')
        import pickle
        try:
            array = pickle.load(fp, **(pickle_kwargs or {}))
        except UnicodeError as e:
            raise UnicodeError('Unpickling a python object failed: %r\nYou may need to pass the encoding= option to numpy.load'
                               % (e,)) from e
        if not isinstance(array, _n.ndarray):
            raise ValueError('the pickle is not an array, but %r' % type(array).__name__)
        array = array.reshape(shape) if array.shape != shape else array
        return array
    size = count * dtype.itemsize
    data = _read_data(fp, size)
    array = _n.frombuffer(data, dtype, count) if size else _n.zeros(count, dtype)
    return array.reshape(shape[::-1]).T if fortran else array.reshape(shape)


def _read_data(fp, size):
    """size bytes as a bytearray that grows with the file, so that a false size costs no memory."""
    if size == 0:
        return bytearray()
    if size > 1 << 62:
        raise ValueError('EOF: reading array data, expected %d bytes' % size)
    data = bytearray()
    while len(data) < size:
        piece = fp.read(min(max(BUFFER_SIZE, len(data)), size - len(data)))
        if not piece:
            raise ValueError('EOF: reading array data, expected %d bytes got %d' % (size, len(data)))
        data += piece
    return data


def open_memmap(filename, mode='r+', dtype=None, shape=None, fortran_order=False, version=None, *,
                max_header_size=_MAX_HEADER_SIZE):
    """Open a .npy file as a memory-mapped array; with mode 'w+' it is made."""
    from numpy.lib._classes import memmap
    if hasattr(filename, 'read'):
        raise ValueError('Filename must be a string or a path-like object.  Memmap cannot use existing file handles.')
    filename = os.fspath(filename)
    if 'w' in mode:
        _check_version(version)
        dtype = _n.dtype(dtype)
        if dtype.hasobject:
            raise ValueError("Array can't be memory-mapped: Python objects in dtype.")
        if hasattr(shape, '__index__'):
            shape = (shape.__index__(),)
        with open(filename, mode + 'b') as fp:
            _write_array_header(fp, {'descr': dtype_to_descr(dtype), 'fortran_order': fortran_order, 'shape': tuple(shape)}, version)
            offset = fp.tell()
    else:
        with open(filename, 'rb') as fp:
            version = read_magic(fp)
            _check_version(version)
            shape, fortran_order, dtype = _read_array_header(fp, version, max_header_size)
            if dtype.hasobject:
                raise ValueError("Array can't be memory-mapped: Python objects in dtype.")
            offset = fp.tell()
    return memmap(filename, dtype, 'r+' if mode == 'w+' else mode, offset, shape, 'F' if fortran_order else 'C')


def _read_bytes(fp, size, error_template='ran out of data'):
    """Exactly size bytes; a read may give fewer at a time."""
    data = b''
    while True:
        try:
            piece = fp.read(size - len(data))
        except BlockingIOError:
            continue
        data += piece
        if len(piece) == 0 or len(data) == size:
            break
    if len(data) != size:
        raise ValueError('EOF: reading %s, expected %d bytes got %d' % (error_template, size, len(data)))
    return data


def isfileobj(f):
    """Is f a file of the operating system?"""
    if not isinstance(f, (io.FileIO, io.BufferedReader, io.BufferedWriter)):
        return False
    try:
        f.fileno()
        return True
    except OSError:
        return False
