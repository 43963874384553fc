"""fft, ifft and rfft of one line with the defaults, against the sum that defines them. Passes under NumPy, too."""
import numpy as np

rng = np.random.default_rng(0)
for n in (1, 2, 3, 4, 5, 8, 9, 10, 16, 17, 64, 100, 101, 1000, 1001, 3 * 61 * 2, 2 * 67):
    a = rng.normal(size=n)
    c = a + 1j * rng.normal(size=n)
    m = np.exp(-2j * np.pi * np.outer(np.arange(n), np.arange(n)) / n)
    assert np.allclose(np.fft.fft(a), m @ a) and np.allclose(np.fft.fft(c), m @ c)
    assert np.allclose(np.fft.rfft(a), (m @ a)[:n // 2 + 1])
    assert np.allclose(np.fft.ifft(c), m.conj() @ c / n) and np.allclose(np.fft.ifft(a), m.conj() @ a / n)
    assert np.allclose(np.fft.fft(c[::-1]), m @ c[::-1]) and np.allclose(np.fft.fft(a[::-1]), m @ a[::-1])
    assert np.fft.fft(a).dtype == complex and np.fft.fft(a.astype("f4")).shape == (n,)
