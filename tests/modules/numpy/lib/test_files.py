# Files: what is written comes back; text in the forms that loadtxt and genfromtxt know. Passes with NumPy, too.
import io
import os
import tempfile

import numpy as np

there = tempfile.mkdtemp()


def path(name):
    return os.path.join(there, name)


rows = np.array([(1, 2.5, 'ab'), (3, 4.5, 'cd')], [('i', '<i4'), ('x', '>f8'), ('s', 'U3')])
for k, a in enumerate([np.arange(12.).reshape(3, 4), np.arange(12).reshape(3, 4).T, np.array(3 + 4j), np.zeros((0, 2)), rows,
                       np.array([b'ab', b'c']), np.arange(10)[::-2], np.array([1, 2], '>i2'), np.ones((2, 1, 2), '?'),
                       np.array(['2020-01-01', 'NaT'], 'M8[D]'), np.arange(100000).reshape(1000, 100)]):
    np.save(path('a'), a)
    b = np.load(path('a.npy'))
    assert b.dtype == a.dtype and b.shape == a.shape and b.tobytes() == a.tobytes(), k
    with open(path('a.npy'), 'rb') as f:
        assert f.read(6) == b'\x93NUMPY' and (os.path.getsize(path('a.npy')) - a.nbytes) % 64 == 0
for save in (np.savez, np.savez_compressed):
    save(path('z'), np.arange(3), x=rows)
    with np.load(path('z.npz')) as z:
        assert sorted(z.files) == ['arr_0', 'x'] and z['arr_0'].tolist() == [0, 1, 2] and (z['x'] == rows).all() and 'x' in z
        assert z.f.x.shape == (2,) and sorted(z) == ['arr_0', 'x']
np.save(path('m'), np.arange(20.).reshape(4, 5))
m = np.load(path('m.npy'), mmap_mode='r+')
m[1, 2] = 99
m.flush()
del m
assert np.load(path('m.npy'))[1, 2] == 99
m = np.load(path('m.npy'), mmap_mode='r')
try:
    m[0, 0] = 1
    raise AssertionError('a read-only map was written')
except ValueError as e:
    assert str(e) == 'assignment destination is read-only'
m = np.memmap(path('raw'), dtype='i4', mode='w+', shape=(3, 4))
m[:] = np.arange(12).reshape(3, 4)
m.flush()
assert np.fromfile(path('raw'), 'i4').tolist() == list(range(12))
assert np.memmap(path('raw'), 'i4', 'r', offset=16, shape=(2,)).tolist() == [4, 5]
a = np.arange(5.)
a.tofile(path('t'))
assert np.fromfile(path('t')).tolist() == a.tolist() and np.fromfile(path('t'), count=2, offset=8).tolist() == [1, 2]
a.tofile(path('t'), sep=',')
assert np.fromfile(path('t'), sep=',').tolist() == a.tolist()
assert np.fromstring('1 2 3', sep=' ').tolist() == [1, 2, 3]
with open(path('dump'), 'wb') as f:
    a.dump(f)
assert np.load(path('dump'), allow_pickle=True).tolist() == a.tolist()


def text(s, **kwargs):
    return np.loadtxt(io.StringIO(s), **kwargs)


assert text('1 2\n3 4\n').tolist() == [[1, 2], [3, 4]] and text('# c\n1,2 # d\n\n3,4', delimiter=',').tolist() == [[1, 2], [3, 4]]
assert text('1 2 3\n4 5 6', usecols=(2, 0), dtype=int).tolist() == [[3, 1], [6, 4]]
assert text('a b\n1 2', skiprows=1).tolist() == [1, 2] and text('1\n2\n3', max_rows=2).tolist() == [1, 2]
assert text('1 2\n3 4', unpack=True)[0].tolist() == [1, 3] and text('5', ndmin=2).shape == (1, 1) and text('7').shape == ()
assert text('1 x\n2 y', dtype=[('n', int), ('s', 'U1')])['s'].tolist() == ['x', 'y']
assert text('0x10 2', converters={0: lambda s: int(s, 16)}).tolist() == [16, 2]
assert text('1+2j', dtype=complex).item() == 1 + 2j and text('nan inf -1e5').tolist()[1:] == [float('inf'), -1e5]
for bad, part in (('1 2\n3', 'the number of columns changed from 2 to 1 at row 2'), ('1 x', "could not convert string 'x' to float64 at row 0, column 2")):
    try:
        text(bad)
        raise AssertionError(bad)
    except ValueError as e:
        assert part in str(e), e
f = io.StringIO()
np.savetxt(f, [[1.5, 2], [3, 4]], fmt='%.2f', delimiter=';', header='h', footer='f')
assert f.getvalue() == '# h\n1.50;2.00\n3.00;4.00\n# f\n', f.getvalue()
np.savetxt(path('s.txt'), np.arange(6).reshape(2, 3))
assert np.loadtxt(path('s.txt')).tolist() == [[0, 1, 2], [3, 4, 5]]
g = np.genfromtxt(io.StringIO('a,b,c\n1,,3\n4,5,x'), delimiter=',', names=True)
assert g.dtype.names == ('a', 'b', 'c') and np.isnan(g['b'][0]) and g['a'].tolist() == [1, 4] and np.isnan(g['c'][1])
g = np.genfromtxt(io.StringIO('1,,3\n4,5,6'), delimiter=',', filling_values=-1, dtype=int)
assert g.tolist() == [[1, -1, 3], [4, 5, 6]]
g = np.genfromtxt(io.StringIO('1,2.5,ab\n2,3.5,cd'), delimiter=',', dtype=None, encoding='utf-8')
assert g['f2'].tolist() == ['ab', 'cd'] and g['f0'].tolist() == [1, 2]
r = np.fromregex(io.StringIO('1 foo\n22 bar'), r'(\d+)\s+(\w+)', [('n', 'i4'), ('w', 'U3')])
assert r['n'].tolist() == [1, 22] and r['w'].tolist() == ['foo', 'bar']

# An object array in Fortran order keeps its order through a pickle.
import pickle  # noqa: E402
a = np.asfortranarray(np.arange(6).reshape(2, 3).astype(object))
assert pickle.loads(pickle.dumps(a)).tolist() == [[0, 1, 2], [3, 4, 5]]
p = np.poly1d([1, 2, 3])
assert str(p) == '   2\n1 x + 2 x + 3' and p(2) == 11 and (p * p).coeffs.tolist() == [1, 4, 10, 12, 9] and p.deriv().coeffs.tolist() == [2, 2]
assert np.polyfit([0, 1, 2], [1, 3, 7], 2).round(9).tolist() == [1, 1, 1] and np.roots([1, -3, 2]).round(9).tolist() == [2, 1]
