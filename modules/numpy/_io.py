"""Files: .npy, .npz, text, and fromfile/tofile."""
import _numpy as _n
from numpy._overrides import checked_like
import numpy.lib.format as _format
from _numpy import array, asanyarray, asarray, empty

from numpy.lib._text import _converter, loadtxt  # noqa: F401


def save(file, arr, allow_pickle=True, fix_imports=True):
    """Save an array to a binary file in NumPy ``.npy`` format."""
    if hasattr(file, 'write'):
        return _format.write_array(file, asanyarray(arr), allow_pickle=allow_pickle)
    import os
    file = os.fspath(file)
    if not file.endswith('.npy'):
        file += '.npy'
    with open(file, 'wb') as f:
        _format.write_array(f, asanyarray(arr), allow_pickle=allow_pickle)


class NpzFile:
    """A dictionary-like object with lazy-loading of files in a zipped archive."""

    def __init__(self, file, own=False, allow_pickle=False, pickle_kwargs=None, max_header_size=10000):
        import zipfile
        self.zip = zipfile.ZipFile(file)
        self.fid = file if own else None
        self.allow_pickle, self.max_header_size = allow_pickle, max_header_size
        self._names = self.zip.namelist()
        self.files = [n[:-4] if n.endswith('.npy') else n for n in self._names]
        self.f = _Bag(self)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        if self.zip is not None:
            self.zip.close()
            self.zip = None
        if self.fid is not None:
            self.fid.close()
            self.fid = None

    def __getitem__(self, key):
        name = key if key in self._names else key + '.npy'
        if name not in self._names:
            raise KeyError('%s is not a file in the archive' % key)
        import io
        data = self.zip.read(name)
        if data[:6] != _format.MAGIC_PREFIX:
            return data
        return _format.read_array(io.BytesIO(data), allow_pickle=self.allow_pickle, max_header_size=self.max_header_size)

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def __contains__(self, key):
        return key in self.files or key in self._names

    def keys(self):
        return list(self.files)

    def values(self):
        return [self[k] for k in self.files]

    def items(self):
        return [(k, self[k]) for k in self.files]

    def get(self, key, default=None):
        return self[key] if key in self else default


class _Bag:
    def __init__(self, npz):
        self.__dict__['_npz'] = npz

    def __getattr__(self, key):
        try:
            return self._npz[key]
        except KeyError:
            raise AttributeError(key) from None

    def __dir__(self):
        return list(self._npz.files)


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII', *, max_header_size=10000):
    """Load arrays or pickled objects from ``.npy``, ``.npz`` or pickled files."""
    import os
    own = not hasattr(file, 'read')
    f = open(os.fspath(file), 'rb') if own else file
    magic = f.read(6)
    f.seek(-len(magic), 1)
    if not magic:
        raise EOFError('No data left in file')
    if magic.startswith(b'PK\x03\x04') or magic.startswith(b'PK\x05\x06'):
        return NpzFile(f, own=own, allow_pickle=allow_pickle, max_header_size=max_header_size)
    try:
        if magic == _format.MAGIC_PREFIX:
            if mmap_mode:
                f.close()
                return _format.open_memmap(file, mode=mmap_mode, max_header_size=2 ** 64 if allow_pickle else max_header_size)
            return _format.read_array(f, allow_pickle=allow_pickle, max_header_size=max_header_size)
        if not allow_pickle:
            raise ValueError('Cannot load file containing pickled data when allow_pickle=False')
        import pickle
        return pickle.load(f)
    finally:
        if own:
            f.close()


def _savez(file, args, kwds, compress, allow_pickle=True):
    import io
    import os
    import zipfile
    if not hasattr(file, 'write'):
        file = os.fspath(file)
        if not file.endswith('.npz'):
            file += '.npz'
    arrays = dict(kwds)
    for i, v in enumerate(args):
        key = 'arr_%d' % i
        if key in arrays:
            raise ValueError('Cannot use un-named variables and keyword %s' % key)
        arrays[key] = v
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as z:
        for k, v in arrays.items():
            f = io.BytesIO()
            _format.write_array(f, asanyarray(v), allow_pickle=allow_pickle)
            z.writestr(k + '.npy', f.getvalue())


def savez(file, *args, allow_pickle=True, **kwds):
    """Save several arrays into a single file in uncompressed ``.npz`` format."""
    _savez(file, args, kwds, False, allow_pickle)


def savez_compressed(file, *args, allow_pickle=True, **kwds):
    """Save several arrays into a single file in compressed ``.npz`` format."""
    _savez(file, args, kwds, True, allow_pickle)


def _dump(a, file):
    import pickle
    if hasattr(file, 'write'):
        pickle.dump(a, file)
    else:
        with open(file, 'wb') as f:
            pickle.dump(a, f)


# ---- Text

def _lines(fname, encoding=None):
    import os
    if hasattr(fname, 'read') or not isinstance(fname, (str, bytes, os.PathLike)):
        source = fname
        for line in source:
            yield line.decode(encoding or 'latin1') if isinstance(line, bytes) else line
        return
    fname = os.fspath(fname)
    opener = open
    if fname.endswith('.gz'):
        import gzip
        opener = gzip.open
    elif fname.endswith('.bz2'):
        import bz2
        opener = bz2.open
    with opener(fname, 'rt', encoding=encoding if encoding != 'bytes' else None) as f:
        yield from f


def savetxt(fname, X, fmt='%.18e', delimiter=' ', newline='\n', header='', footer='', comments='# ', encoding=None):
    """Save an array to a text file."""
    import os
    X = asarray(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError('Expected 1D or 2D array, got %dD array instead' % X.ndim)
    names = X.dtype.names
    if X.ndim == 1:
        rows = X.tolist() if names else [[v] for v in X.tolist()]
        columns = len(names) if names else 1
    else:
        rows, columns = X.tolist(), X.shape[1]
    if isinstance(fmt, (list, tuple)):
        if len(fmt) != columns:
            raise AttributeError('fmt has wrong shape.  %s' % str(fmt))
        form = delimiter.join(fmt)
    else:
        count = fmt.count('%')
        if count == 1:
            one = ' (%s+%sj)' % (fmt, fmt) if X.dtype.kind == 'c' else fmt
            form = delimiter.join([one] * columns)
        elif X.dtype.kind == 'c' and count == 2 * columns or count == columns:
            form = fmt
        else:
            raise ValueError('fmt has wrong number of %% formats:  %s' % fmt)
    own = not hasattr(fname, 'write')
    if own:
        name = os.fspath(fname)
        if name.endswith('.gz'):
            import gzip
            f = gzip.open(name, 'wt', encoding=encoding or 'latin1')
        else:
            f = open(name, 'wt', encoding=encoding or 'latin1')
    else:
        f = fname
    def write(text):
        try:
            f.write(text)
        except TypeError:
            f.write(text.encode(encoding or 'latin1'))
    try:
        if header:
            write(comments + header.replace('\n', '\n' + comments) + newline)
        for row in rows:
            if X.dtype.kind == 'c':
                row = [p for v in row for p in (v.real, v.imag)]
            try:
                line = form % tuple(row) + newline
            except TypeError as error:
                raise TypeError("Mismatch between array dtype ('%s') and format specifier ('%s')" % (X.dtype, form)) from error
            write(line.replace('+-', '-') if X.dtype.kind == 'c' else line)
        if footer:
            write(comments + footer.replace('\n', '\n' + comments) + newline)
    finally:
        if own:
            f.close()


@checked_like
def genfromtxt(fname, dtype=float, comments='#', delimiter=None, skip_header=0, skip_footer=0, converters=None,
               missing_values=None, filling_values=None, usecols=None, names=None, excludelist=None, deletechars=None,
               replace_space='_', autostrip=False, case_sensitive=True, defaultfmt='f%i', unpack=None, usemask=False,
               loose=True, invalid_raise=True, max_rows=None, encoding=None, *, ndmin=0):
    """Load data from a text file, with missing values handled as specified."""
    lines = [line.rstrip('\r\n') for line in _lines(fname, encoding)][skip_header:]
    if skip_footer:
        lines = lines[:-skip_footer]
    rows = []
    for line in lines:
        first = line.strip()
        if names is True and not rows and first.startswith(comments or '\0'):
            line = first[len(comments):]
        elif comments:
            line = line.partition(comments)[0]
        if not line.strip():
            continue
        if isinstance(delimiter, int):
            rows.append([line[k:k + delimiter].strip() for k in range(0, len(line), delimiter)])
        else:
            rows.append([w.strip() for w in line.split(delimiter)])
    if names is True and rows:
        names = [w.replace(' ', replace_space) for w in rows.pop(0)]
    elif isinstance(names, str):
        names = [n.strip() for n in names.split(',')]
    if max_rows is not None:
        rows = rows[:max_rows]
    width = len(rows[0]) if rows else 0
    bad = [i for i, r in enumerate(rows) if len(r) != width]
    if bad:
        text = 'Some errors were detected !\n' + '\n'.join('    Line #%d (got %d columns instead of %d)' % (
            i + 1 + skip_header, len(rows[i]), width) for i in bad)
        if invalid_raise:
            raise ValueError(text)
        rows = [r for r in rows if len(r) == width]
    if usecols is not None:
        usecols = [usecols] if isinstance(usecols, int) else list(usecols) if not isinstance(usecols, str) else usecols.split(',')
        usecols = [names.index(c) if isinstance(c, str) else c for c in usecols]
        rows = [[r[c] for c in usecols] for r in rows]
        if names and len(names) > len(usecols):
            names = [names[c] for c in usecols]
        width = len(usecols)
    missing = {'', 'nan', 'N/A', 'NA'}
    if isinstance(missing_values, str):
        missing |= set(missing_values.split(','))
    elif isinstance(missing_values, (list, tuple)):
        missing |= set(missing_values)
    elif isinstance(missing_values, dict):
        missing |= set(missing_values.values())
    def column(k):
        words = [r[k] for r in rows]
        convert = (converters or {}).get(k)
        if convert is not None:
            return [convert(w) for w in words]
        fill = filling_values
        if isinstance(fill, dict):
            fill = fill.get(k, fill.get(names[k]) if names else None)
        elif isinstance(fill, (list, tuple)):
            fill = fill[k]
        t = None
        if dtype is not None:
            d = _n.dtype(dtype)
            t = d.fields[d.names[k]][0] if d.names else d
        if t is None:
            for kind, f in (('i', int), ('f', float), ('c', complex)):
                try:
                    out = [f(w) if w not in missing else (fill if fill is not None else -1 if kind == 'i' else float('nan')) for w in words]
                    return out
                except ValueError:
                    continue
            return words
        if t.kind == 'f':
            out = []
            for w in words:
                try:
                    out.append(float(w) if w not in missing else float('nan') if fill is None else fill)
                except ValueError:
                    out.append(float('nan') if fill is None else fill)
            return out
        if t.kind in 'iu':
            out = []
            for w in words:
                try:
                    out.append(int(float(w)) if w not in missing else -1 if fill is None else fill)
                except ValueError:
                    out.append(-1 if fill is None else fill)
            return out
        if t.kind == 'b':
            return [w in ('True', 'true', '1') for w in words]
        return words
    columns = [column(k) for k in range(width)]
    d = None if dtype is None else _n.dtype(dtype)
    structured = names is not None or (d is not None and d.names) or (
        d is None and len({asarray(c).dtype for c in columns}) > 1)
    if structured:
        if names is None:
            names = list(d.names) if d is not None and d.names else [defaultfmt % k for k in range(width)]
        if d is not None and d.names:
            types = [(n, d.fields[m][0]) for n, m in zip(names, d.names)]
        else:
            types = [(n, d if d is not None else asarray(c).dtype) for n, c in zip(names, columns)]
        x = empty(len(rows), types)
        for n, c in zip(names, columns):
            x[n] = c
        if len(x) == 1:
            x = x.reshape(())
        return [x[n] for n in names] if unpack else x
    x = array([list(r) for r in zip(*columns)] if columns else [], d)
    x = x.squeeze() if x.ndim > ndmin else x
    return x.T if unpack else x


def fromregex(file, regexp, dtype, encoding=None):
    """Construct an array from a text file, using regular expression parsing."""
    import re
    text = ''.join(_lines(file, encoding))
    rows = re.findall(regexp, text)
    d = _n.dtype(dtype)
    if rows and not isinstance(rows[0], tuple):
        rows = [(r,) for r in rows]
    convert = [_converter(d.fields[n][0]) for n in d.names]
    return array([tuple(f(w) for f, w in zip(convert, r)) for r in rows], d)


def recfromtxt(fname, **kwargs):
    """Load ASCII data from a file and return it in a record array."""
    return _records(genfromtxt(fname, **{'dtype': None, **kwargs}), kwargs.get('usemask', False))


def recfromcsv(fname, **kwargs):
    """Load ASCII data stored in a comma-separated file, with the names in its first line, as a record array."""
    kwargs.setdefault('case_sensitive', 'lower')
    kwargs.setdefault('names', True)
    kwargs.setdefault('delimiter', ',')
    kwargs.setdefault('dtype', None)
    return _records(genfromtxt(fname, **kwargs), kwargs.get('usemask', False))


def _records(a, usemask):
    from numpy.rec import recarray
    return a if usemask else a.view(recarray)
