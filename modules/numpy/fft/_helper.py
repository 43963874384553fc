"""numpy.fft: sample frequencies, and moving frequency zero to the middle."""
import _numpy as _n


def _axes(x, axes):
    if axes is None:
        return tuple(range(x.ndim))
    return (axes,) if hasattr(axes, '__index__') and not isinstance(axes, (tuple, list)) else tuple(axes)


def fftshift(x, axes=None):
    """Shift the zero-frequency component to the center of the spectrum."""
    from numpy import roll
    x = _n.asarray(x)
    axes = _axes(x, axes)
    return roll(x, tuple(x.shape[k] // 2 for k in axes), axes)


def ifftshift(x, axes=None):
    """The inverse of fftshift; the same for even lengths."""
    from numpy import roll
    x = _n.asarray(x)
    axes = _axes(x, axes)
    return roll(x, tuple(-(x.shape[k] // 2) for k in axes), axes)


def _count(n):
    if not isinstance(n, (int, _n.integer)):
        raise ValueError('n should be an integer')
    return int(n)


def fftfreq(n, d=1.0, device=None):
    """Return the Discrete Fourier Transform sample frequencies: cycles per unit of the sample spacing d."""
    n = _count(n)
    results = _n.empty(n, 'int64')
    positive = (n - 1) // 2 + 1
    results[:positive] = _n.arange(0, positive)
    results[positive:] = _n.arange(-(n // 2), 0)
    return results * (1.0 / (n * d))


def rfftfreq(n, d=1.0, device=None):
    """Return the Discrete Fourier Transform sample frequencies (for usage with rfft, irfft)."""
    n = _count(n)
    return _n.arange(0, n // 2 + 1) * (1.0 / (n * d))
