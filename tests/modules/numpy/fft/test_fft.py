# Transforms of every length up to 70 and of primes, against the definition; axes, norms, shapes, errors.
import cmath

import numpy as np
from numpy import fft


def definition(x):
    n = len(x)
    w = [cmath.exp(-2j * cmath.pi * k / n) for k in range(n)]
    return np.array([sum(x[j] * w[j * k % n] for j in range(n)) for k in range(n)])


g = np.random.default_rng(1)
for n in list(range(1, 71)) + [97, 128, 134, 211, 243, 256, 343, 360, 509, 625]:
    x = g.standard_normal(n) + 1j * g.standard_normal(n)
    y = definition(x.tolist())
    assert np.abs(fft.fft(x) - y).max() < 1e-11 * n, n
    assert np.abs(fft.ifft(y) - x).max() < 1e-11, n
    r = fft.fft(x.real)
    assert np.abs(fft.rfft(x.real) - r[:n // 2 + 1]).max() < 1e-12 * n, n
    assert np.abs(fft.irfft(r[:n // 2 + 1], n) - x.real).max() < 1e-13 * n, n

# A large prime, in n log n: a shifted unit impulse has a spectrum of roots of unity.
n = 1000003
x = np.zeros(n)
x[1] = 1
y = fft.fft(x)
k = np.array([0, 1, 12345, n // 2, n - 1])
assert np.abs(y[k] - np.exp(-2j * np.pi * k / n)).max() < 1e-12
assert abs(np.abs(y) - 1).max() < 1e-12

# Cut and filled lines, axes, views.
x = g.standard_normal((4, 6, 5))
for f in (fft.fft, fft.ifft, fft.rfft, fft.ihfft):
    for axis in range(-3, 3):
        for n in (1, 3, 4, 8):
            want = np.moveaxis(np.array([f(v) for v in np.moveaxis(
                x[(slice(None),) * (axis % 3) + (slice(n),)] if n <= x.shape[axis] else
                np.concatenate([x, np.zeros(x.shape[:axis % 3] + (n - x.shape[axis],) + x.shape[axis % 3 + 1:])], axis),
                axis, -1).reshape(-1, n)]).reshape(np.moveaxis(x, axis, -1).shape[:-1] + (-1,)), -1, axis)
            assert np.allclose(f(x, n, axis), want), (f, axis, n)
assert np.allclose(fft.fft(x[::-1, ::2, ::-2], axis=1), fft.fft(x[::-1, ::2, ::-2].copy(), axis=1))
assert np.allclose(fft.fft(np.asfortranarray(x), axis=0), fft.fft(x, axis=0))
assert np.allclose(fft.fftn(x), fft.fft(fft.fft(fft.fft(x, axis=2), axis=1), axis=0))
assert np.allclose(fft.fft2(x, axes=(0, 2)), fft.fft(fft.fft(x, axis=2), axis=0))
assert np.allclose(fft.irfftn(fft.rfftn(x), x.shape), x)
assert np.allclose(fft.irfft2(fft.rfft2(x), (6, 5)), x)
assert np.allclose(fft.ifftn(fft.fftn(x, (3, 8), (0, 1)), axes=(0, 1))[:3, :6], x[:3])

for norm, forward, back in ((None, 1, 1 / 8), ('backward', 1, 1 / 8), ('ortho', 8 ** -0.5, 8 ** -0.5), ('forward', 1 / 8, 1)):
    a = np.zeros(8)
    a[0] = 1
    assert np.allclose(fft.fft(a, norm=norm), forward) and np.allclose(fft.ifft(a, norm=norm), back)
    assert np.allclose(fft.rfft(a, norm=norm), forward)
    assert np.allclose(fft.irfft(fft.rfft(x, norm=norm), 5, norm=norm), x)
    assert np.allclose(fft.hfft(fft.ihfft(x, norm=norm), 5, norm=norm), x)

assert fft.fftfreq(5, 0.1).tolist() == [0.0, 2.0, 4.0, -4.0, -2.0] and fft.rfftfreq(5, 0.1).tolist() == [0.0, 2.0, 4.0]
assert fft.fftshift([0, 1, 2, -2, -1]).tolist() == [-2, -1, 0, 1, 2] and fft.ifftshift([-2, -1, 0, 1, 2]).tolist() == [0, 1, 2, -2, -1]
assert fft.fftshift([[1, 2], [3, 4]], axes=1).tolist() == [[2, 1], [4, 3]]


def refused(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


assert refused(fft.fft, [1.0], 0) == ('ValueError', 'Invalid number of FFT data points (0) specified.')
assert refused(fft.irfft, [1.0]) == ('ValueError', 'Invalid number of FFT data points (0) specified.')
assert refused(fft.fft, [1.0], norm='x')[1].startswith('Invalid norm value x; should be "backward",')
assert refused(fft.fftn, x, (1, 2), (0,)) == ('ValueError', 'Shape and axes have different lengths.')
assert isinstance(refused(fft.fft, x, axis=5), tuple)

if int(np.__version__[0]) >= 2:
    for char, result in (('e', 'F'), ('f', 'F'), ('F', 'F'), ('d', 'D'), ('D', 'D'), ('i', 'D'), ('?', 'D')):
        assert fft.fft(np.ones(6, char)).dtype.char == result
    assert fft.irfft(np.ones(4, 'F')).dtype.char == 'f'
    a = g.standard_normal(1000).astype('f')
    assert np.abs(fft.fft(a) - fft.fft(a.astype('d'))).max() < 1e-4
    out = np.empty(8, 'D')
    assert fft.fft(np.ones(8), out=out) is out and np.allclose(out, [8, 0, 0, 0, 0, 0, 0, 0])
    assert refused(fft.fft, np.ones(8), out=np.empty(7, 'D')) == ('ValueError', 'output array has wrong shape.')
    z = np.arange(8.0) + 0j
    want = fft.fft(z)
    assert fft.fft(z, out=z) is z and np.allclose(z, want)
