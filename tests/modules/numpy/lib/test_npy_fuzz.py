# Damaged .npy and .npz files: an array or a clear error, nothing else. The same 3,000 files in every run; more with
#     krait test_npy_fuzz.py COUNT [SEED]
import io
import sys
import warnings
import zipfile
import zlib

import numpy as np
from numpy.lib import format

ALLOWED = (ValueError, EOFError, zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, OSError)
warnings.simplefilter('ignore')


def saved(a, version=None):
    f = io.BytesIO()
    format.write_array(f, np.asanyarray(a), version)
    return f.getvalue()


rows = np.zeros(3, [('a', '<i4'), ('b', '<f8', (2,)), ('name', 'U5')])
SEEDS = [saved(np.arange(6.).reshape(2, 3)), saved(np.asfortranarray(np.arange(6).reshape(2, 3))), saved(rows, (3, 0)),
         saved(np.array([True, False]), (2, 0)), saved(np.array(['ab', 'c'])), saved(np.array(5j)), saved(np.zeros((0, 3), '>i2')),
         saved(np.array(['2020-01-01'], 'M8[D]'))]
z = io.BytesIO()
np.savez(z, a=np.arange(3), b=rows)
SEEDS.append(z.getvalue())
WORDS = [b'(9999999999999,)', b'(-1,)', b'(2, 3', b"'|O'", b"'<f8'", b'True', b'None', b'[[[[[', b'\x00', b'\xff', b"{'descr'", b'1e99',
         b"('', '|V4')", b"'<M8[xx]'", b'99999999999999999999999', b"'<i99'", b'\x93NUMPY', b"[('a', '<i4'), ('a', '<i4')]"]


class Random: # the tests do not depend on numpy.random
    def __init__(self, seed):
        self.x = seed * 2 + 1

    def below(self, n):
        self.x = (self.x * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.x >> 33) % n


def damaged(data, r):
    data = bytearray(data)
    for _ in range(1 + r.below(4)):
        at, how = r.below(len(data) or 1), r.below(6)
        if how == 0:
            data[at:at + 1] = bytes([r.below(256)])
        elif how == 1:
            del data[at:]
        elif how == 2:
            del data[at:at + 1 + r.below(8)]
        elif how == 3:
            data[at:at] = bytes(r.below(256) for _ in range(1 + r.below(8)))
        elif how == 4:
            word = WORDS[r.below(len(WORDS))]
            data[at:at + len(word)] = word
        else:
            word = WORDS[r.below(len(WORDS))]
            place = data.find(b"'", r.below(120))
            data[max(place, 0):max(place, 0) + r.below(12)] = word
    return bytes(data)


def check(data):
    try:
        a = np.load(io.BytesIO(data))
        if isinstance(a, np.ndarray):
            assert a.nbytes <= len(data) or 0 in a.strides, (a.nbytes, len(data))
            a.tobytes()
            return 'array'
        with a:
            for k in a.files:
                a[k]
        return 'archive'
    except ALLOWED as e:
        assert str(e) or isinstance(e, EOFError), 'an error without words'
        return type(e).__name__


count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
r = Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
seen = {}
for s in SEEDS:
    assert check(s) in ('array', 'archive')
for i in range(count):
    data = damaged(SEEDS[r.below(len(SEEDS))], r)
    try:
        k = check(data)
    except BaseException:
        print('case', i, repr(data[:300]))
        raise
    seen[k] = seen.get(k, 0) + 1
assert seen['ValueError'] > count // 10 and seen['array'] > 0, seen

# Sizes that no file has cost no memory; objects are not unpickled.
for shape in ('(1152921504606846976,)', '(4294967296, 4294967296)', '(100000000000,)'):
    head = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" % shape
    try:
        np.load(io.BytesIO(format._wrap_header(head, (1, 0)) + b'12345678'))
        raise AssertionError('a file without its data was read')
    except ValueError as e:
        assert 'EOF' in str(e), e
try:
    np.load(io.BytesIO(saved(np.array([None, 'x'], object))))
    raise AssertionError('objects were loaded')
except ValueError as e:
    assert str(e) == 'Object arrays cannot be loaded when allow_pickle=False', e
assert np.load(io.BytesIO(saved(np.array([None, 'x'], object))), allow_pickle=True).tolist() == [None, 'x']
