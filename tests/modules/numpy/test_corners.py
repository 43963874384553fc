"""What crashed, hung or was wrong once: small cases whose answers NumPy 1.24 and 2 give alike. Asserts."""
import copy

import numpy as np

# Scalars of objects are the objects; a bare one hung when it was hashed.
assert np.object_() is None and np.object_(5) == 5 and type(np.object_(5)) is int
assert np.object_([1, 2]).dtype == object
hash(np.object_())

# Objects zeroed through a foreign pointer are None.
x = np.array([3, 4, 5], object)
x.view(type=np.ndarray)
try:
    import ctypes
    ctypes.memset(x.ctypes.data, 0, 16)
except ImportError:
    pass
else:
    assert x.tolist() == [None, None, 5] and copy.deepcopy(x).tolist() == [None, None, 5]
    assert x.argmax() == 2 and x.argmin() == 2

# out= of reduceat, also where it is the array or the indices.
a = np.arange(100, dtype=np.int16)
out = np.zeros(3, np.int64)
assert np.add.reduceat(a, [1, 4, 7], out=out) is out and out.tolist() == [6, 15, 4929]
assert np.add.reduceat(a, a[::-1], out=a)[:3].tolist() == [99, 98, 97] and a[0] == 99

# Numbers stored into times of the other byte order.
for code in 'm8[s]', 'M8[s]':
    x = np.zeros(2, np.dtype(code).newbyteorder())
    x[...] = 1
    x[1] = np.array(2, code)
    assert x.astype('i8').tolist() == [1, 2]

# Fields that are sub-arrays are converted, element by element.
x = np.array([(1, [2, 3, 4]), (5, [6, 7, 8])], dtype=[('a', '>i4'), ('b', '>f4', 3)])
y = x.astype([('a', 'f8'), ('b', 'f8', 3)])
assert y['b'].tolist() == [[2, 3, 4], [6, 7, 8]]
assert x.astype([('a', 'i4'), ('b', 'f8', (2, 3))])['b'].tolist() == [[[2, 3, 4]] * 2, [[6, 7, 8]] * 2]

# signature= and dtype= choose the loop.
a = np.arange(3) * 0.5
assert np.add(a, 0.5, signature='ii->i', casting='unsafe').tolist() == [0, 0, 1]
assert np.add(a, 0.5, signature=('i4', 'i4', 'i4'), casting='unsafe').tolist() == [0, 0, 1]
assert np.power(1.5, 2.8, dtype=np.intp, casting='unsafe') == 1
assert np.ldexp(np.float32(1), np.int_(2), dtype='d').dtype == 'd'
assert np.maximum(np.array(['2010-01-02'], '>M8[D]'), np.array(['1999-03-14'], 'M8[D]'), dtype='M').astype('U').tolist() == ['2010-01-02']
for wrong in ({'dtype': '>i8'}, {'signature': 1.5}, {'signature': 'll->l', 'dtype': 'l'}, {'dtype': 'U'}):
    try:
        np.add(3, 4, **wrong)
    except TypeError:
        continue
    raise AssertionError(wrong)

# `and` and `or` of objects give one of them; all and any, in NumPy 2, a bool.
x = np.array([0, 'a', None], object)
assert np.logical_or(x, 5).tolist() == [5, 'a', 5] and np.logical_and(x, 5).tolist() == [0, 5, None]

# Methods of scalars give scalars.
assert np.float64(1).view('i8') == 4607182418800017408 and not isinstance(np.float64(1).view('i8'), np.ndarray)
assert type(np.int32(3).byteswap()) is np.int32

# Elements of record arrays are records.
r = np.rec.array([(1, 'abc'), (2, 'xyz')], names='a,b')
assert type(r[0]) is np.record and r[0].a == 1 and r[1].b == 'xyz' and r.a.tolist() == [1, 2]
assert r.dtype.type is np.record and type(r['a']) is np.ndarray

# Numbers that are stored may be too large for the type, not too small.
with np.errstate(all='raise'):
    assert np.array([1, 1e-40], 'f4')[1] != 0
    for stored in (lambda: np.array([1e300], 'f4'), lambda: np.zeros(1, 'f4').fill(1e300)):
        try:
            stored()
        except FloatingPointError:
            continue
        raise AssertionError(stored)

# Bytes are never taken for objects.
def refused(f, kind, text):
    try:
        f()
    except kind as e:
        assert text in str(e), e
    else:
        raise AssertionError(text)
mixed = [('a', object), ('b', 'i8')]
refused(lambda: np.frombuffer(bytes(64), dtype=object), ValueError, 'cannot create an OBJECT array from memory buffer')
refused(lambda: np.frombuffer(bytes(64), dtype=mixed), ValueError, 'cannot create an OBJECT array from memory buffer')
for there, back in (('i8', object), (object, 'i8'), ('i8', [('a', 'O')]), ([('a', 'O')], 'i8'), ('V16', mixed)):
    refused(lambda: np.zeros(2, there).view(back), TypeError, 'Cannot change data-type for object array')
refused(lambda: np.zeros(2, 'i8').getfield(object), TypeError, 'Cannot get/set field of an object array')
assert np.zeros(2, mixed).getfield(object, 0).tolist() == [0, 0] and np.zeros(2, mixed).view(mixed)['b'].tolist() == [0, 0]

# round() of scalars with digits; zeros_like with a shape of another rank keeps no order.
assert round(np.float64(2.567), 1) == 2.6 and type(round(np.float64(2.567), 1)) is np.float64
assert round(np.int64(15), -1) == 20 and round(np.float32(1.5)) == 2
assert np.zeros_like(np.zeros((2, 3), order="F"), shape=(5, 6, 7)).strides == (336, 56, 8)
assert np.zeros_like(np.zeros((2, 3), order="F"), shape=(5, 6)).strides == (8, 40)
