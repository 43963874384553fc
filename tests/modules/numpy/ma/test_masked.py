# Masked arrays: what is left out, what stays masked, printing. Expected output: NumPy 1.24.2 on CPython 3.11.
import pickle

import numpy as np
import numpy.ma as ma


def show(*values):
    for v in values:
        if v is ma.masked:
            print('masked')
        elif isinstance(v, ma.MaskedArray):
            print(v, v.dtype, np.asarray(v.mask).tolist())
        elif isinstance(v, np.ndarray):
            print(v.tolist(), v.dtype)
        else:
            print(np.asarray(v).item())


x = ma.array([1., 2., 3., -4., 5.], mask=[0, 1, 0, 0, 0])
y = ma.array([[1, 2, 3], [4, 5, 6]], mask=[[0, 0, 1], [1, 0, 1]])
print(str(x), str(y), sep='\n')
show(x + 1, 1 - x, x * x, x / (x - 1), x // 2, x ** 2, -x, abs(x), x == 3, x > 0, x[1], x[0], x[1:3], y[0], y[:, 2], y.T)
show(ma.sqrt(x), ma.log(x), ma.power(x, 0.5), ma.divide(x, [0, 1, 2, 3, 4]), ma.arcsin(x), np.sqrt(x), np.add(x, x))
show(x.sum(), x.mean(), x.std(), x.var(ddof=1), x.min(), x.max(), x.prod(), x.count(), x.ptp(), x.argmin(), x.argmax())
show(y.sum(0), y.mean(1), y.min(0), y.max(1), y.count(axis=0), y.cumsum(1), y.all(), y.any(0), y.std(0), y.anom())
show(x.filled(0), y.filled(-1), x.compressed(), x.fill_value, y.fill_value, ma.default_fill_value(True), ma.array(['a']).fill_value)
show(ma.masked_where(x > 2, x), ma.masked_equal([1, 2, 1], 1), ma.masked_inside([1, 2, 3, 4], 2, 3), ma.masked_outside([1, 2, 3, 4], 2, 3),
     ma.masked_invalid([1, np.nan, np.inf]), ma.masked_values([1.0, 1.1, 2.0], 1.1), ma.fix_invalid([1.0, np.nan]))
z = x.copy()
z[0] = ma.masked
z[1] = 7
z[3:] = [8, 9]
show(z, x, z.harden_mask()[:2])
z[0] = 100
show(z)
z = x.copy()
z += 1
z *= y[0, 0]
z /= 2
show(z)
show(ma.concatenate([x, [1, 2]]), ma.where(x > 2, x, -x), ma.sort(x), x.argsort(), ma.dot(y, y.T), ma.median(x), ma.median(y, axis=0),
     ma.average(x, weights=[1, 2, 3, 4, 5]), ma.unique(ma.array([3, 1, 3, 1], mask=[0, 0, 0, 1])), ma.cov(x, x[::-1]), ma.vstack([x, x]),
     ma.diff(x), ma.clip(x, 0, 3), ma.take(x, [0, 1]), x.reshape(5, 1), ma.ravel(y), ma.outer([1, 2], x[:2]), ma.mask_rows(y),
     ma.compress_rows(ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])), ma.notmasked_edges(x), ma.allclose(x, x), ma.allequal(x, x + 1))
print(ma.clump_masked(x), ma.clump_unmasked(x), ma.flatnotmasked_contiguous(x), y.tolist(), ma.count_masked(y))
print(ma.is_masked(x), ma.is_masked([1]), ma.getmask([1]), ma.getmaskarray([1]), ma.mask_or(np.array([0, 1], bool), np.array([1, 0], bool)).tolist(), x.recordmask.tolist())
w = pickle.loads(pickle.dumps(x))
show(w)
s = ma.array([(1, 2.5), (3, 4.5)], mask=[(0, 1), (0, 0)], dtype=[('a', int), ('b', float)])
print(s)
show(s['a'], s['b'])
print(s.filled((9, 9)).tolist(), s.mask.tolist())
print(ma.array(np.arange(2000), mask=np.arange(2000) % 7 == 0))
for f in (lambda: ma.array([1, 2, 3], mask=[1, 0]), lambda: int(ma.masked), lambda: x.resize(3), lambda: ma.array([1, 2]).put(5, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, str(e).split('\n')[0])
