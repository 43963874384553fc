"""The .npy format: magic, version, header (a Python dict as text, padded to 64 bytes), data."""
import _numpy as _n

MAGIC_PREFIX = b'\x93NUMPY'
MAGIC_LEN = 8
ARRAY_ALIGN = 64


def magic(major, minor):
    """Return the magic string for the given file format version."""
    return MAGIC_PREFIX + bytes([major, minor])


def dtype_to_descr(d):
    """Get a serializable descriptor from the dtype."""
    return d.descr if d.names is not None else d.str


def descr_to_dtype(descr):
    """Returns a dtype based off the given description."""
    if isinstance(descr, str):
        return _n.dtype(descr)
    if isinstance(descr, tuple):
        return _n.dtype((descr_to_dtype(descr[0]), descr[1]))
    fields, offsets, at = [], [], 0
    for f in descr:
        d = descr_to_dtype(f[1])
        if len(f) == 3:
            d = _n.dtype((d, f[2]))
        if not (f[0] == '' and d.kind == 'V' and d.names is None):
            fields.append((f[0], d))
            offsets.append(at)
        at += d.itemsize
    return _n.dtype({'names': [f[0] for f in fields], 'formats': [f[1] for f in fields], 'offsets': offsets, 'itemsize': at})


def header_data_from_array_1_0(a):
    """Get the dictionary of header metadata from a numpy.ndarray."""
    return {'descr': dtype_to_descr(a.dtype), 'fortran_order': bool(a.flags.f_contiguous and not a.flags.c_contiguous), 'shape': a.shape}


def _header(d, version=None):
    text = '{' + ''.join('%r: %r, ' % (k, d[k]) for k in sorted(d)) + '}'
    for v, size, encoding in (((1, 0), 2, 'latin1'), ((2, 0), 4, 'latin1'), ((3, 0), 4, 'utf8')):
        if version is not None and v != version:
            continue
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        pad = -(MAGIC_LEN + size + len(data) + 1) % ARRAY_ALIGN
        n = len(data) + pad + 1
        if n < 1 << (8 * size):
            return magic(*v) + n.to_bytes(size, 'little') + data + b' ' * pad + b'\n'
    raise ValueError('Header length is too large')


def write_array(fp, array, version=None, allow_pickle=True, pickle_kwargs=None):
    """Write an array to an NPY file, including a header."""
    fp.write(_header(header_data_from_array_1_0(array), version))
    if array.dtype.hasobject:
        if not allow_pickle:
            raise ValueError('Object arrays cannot be saved when allow_pickle=False')
        import pickle
        pickle.dump(array, fp, protocol=4)
    else:
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        fp.write(array.tobytes('F' if fortran else 'C'))


def read_magic(fp):
    """Read the magic string to get the version of the file format."""
    data = fp.read(MAGIC_LEN)
    if len(data) != MAGIC_LEN or data[:6] != MAGIC_PREFIX:
        raise ValueError('the magic string is not correct; expected %r, got %r' % (MAGIC_PREFIX, data[:6]))
    return data[6], data[7]


def _read_header(fp, version):
    import ast
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError('we only support format version (1,0), (2,0), and (3,0), not %s' % (version,))
    size = 2 if version == (1, 0) else 4
    n = int.from_bytes(_exactly(fp, size), 'little')
    text = _exactly(fp, n).decode('utf8' if version == (3, 0) else 'latin1')
    try:
        d = ast.literal_eval(text.strip())
    except (SyntaxError, ValueError) as e:
        raise ValueError('Cannot parse header: %r' % text) from e
    if not isinstance(d, dict) or sorted(d) != ['descr', 'fortran_order', 'shape']:
        raise ValueError('Header does not contain the correct keys: %r' % (d,))
    if not isinstance(d['shape'], tuple) or not all(isinstance(k, int) and k >= 0 for k in d['shape']):
        raise ValueError('shape is not valid: %r' % (d['shape'],))
    if not isinstance(d['fortran_order'], bool):
        raise ValueError('fortran_order is not a valid bool: %r' % (d['fortran_order'],))
    try:
        return d['shape'], d['fortran_order'], descr_to_dtype(d['descr'])
    except (TypeError, IndexError) as e:
        raise ValueError('descr is not a valid dtype descriptor: %r' % (d['descr'],)) from e


def read_array_header_1_0(fp, max_header_size=10000):
    """Read an array header from a filelike object using the 1.0 file format version."""
    return _read_header(fp, (1, 0))


def read_array_header_2_0(fp, max_header_size=10000):
    """Read an array header from a filelike object using the 2.0 file format version."""
    return _read_header(fp, (2, 0))


def _exactly(fp, n):
    data = b''
    while len(data) < n:
        piece = fp.read(n - len(data))
        if not piece:
            raise ValueError('EOF: reading array data, expected %d bytes got %d' % (n, len(data)))
        data += piece
    return data


def read_array(fp, allow_pickle=False, pickle_kwargs=None, *, max_header_size=10000):
    """Read an array from an NPY file."""
    shape, fortran, d = _read_header(fp, read_magic(fp))
    n = 1
    for k in shape:
        n *= k
    if d.hasobject:
        if not allow_pickle:
            raise ValueError('Object arrays cannot be loaded when allow_pickle=False')
        import pickle
        return pickle.load(fp).reshape(shape)
    data = _exactly(fp, n * d.itemsize)
    a = _n.frombuffer(bytearray(data), d) if n else _n.zeros(0, d)
    return a.reshape(shape[::-1]).T if fortran else a.reshape(shape)


def open_memmap(filename, mode='r+', dtype=None, shape=None, fortran_order=False, version=None, *, max_header_size=10000):
    """Open a .npy file as a memory-mapped array."""
    from numpy.lib._classes import memmap
    if 'w' in mode:
        d = _n.dtype(dtype)
        header = _header({'descr': dtype_to_descr(d), 'fortran_order': fortran_order, 'shape': shape}, version)
        with open(filename, mode + 'b') as f:
            f.write(header)
            offset = f.tell()
        mode = 'r+'
    else:
        with open(filename, 'rb') as f:
            shape, fortran_order, d = _read_header(f, read_magic(f))
            offset = f.tell()
    return memmap(filename, d, mode, offset, shape, 'F' if fortran_order else 'C')
