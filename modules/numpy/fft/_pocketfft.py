"""numpy.fft: the transforms over axes of arrays.

Results keep single precision: float32 and float16 give complex64, all else complex128. A norm divides by n
("backward": the inverse, the default; "forward": the forward transform; "ortho": sqrt(n) both)."""
import _numpy as _n
from numpy.lib.array_utils import normalize_axis_index as _axis_index

_FFT, _IFFT, _RFFT, _IRFFT = 0, 1, 2, 3
_SWAPPED = {None: 'forward', 'backward': 'forward', 'ortho': 'ortho', 'forward': 'backward'}


def _factor(norm, n):
    if norm is None or norm == 'backward':
        return 1.0
    if norm == 'ortho':
        return 1.0 / float(n) ** 0.5
    if norm == 'forward':
        return 1.0 / n
    raise ValueError('Invalid norm value %s; should be "backward", "ortho" or "forward".' % (norm,))


def _swap(norm):
    try:
        return _SWAPPED[norm]
    except (KeyError, TypeError):
        raise ValueError('Invalid norm value %s; should be "backward", "ortho" or "forward".' % (norm,)) from None


def _transform(kind, a, n, axis, norm, out):
    """n points along an axis; the only way to the native code."""
    if n < 1:
        raise ValueError('Invalid number of FFT data points (%d) specified.' % n)
    factor = _factor(_swap(norm) if kind in (_IFFT, _IRFFT) else norm, n)
    axis = _axis_index(axis, a.ndim)
    single = a.dtype.char in 'efF'
    if a.dtype.kind not in 'biufc':
        raise TypeError("ufunc 'fft' did not contain a loop with signature matching types %r" % a.dtype)
    if kind == _RFFT and a.dtype.kind == 'c':
        raise TypeError("ufunc 'rfft_n_even' did not contain a loop with signature matching types (%r, dtype('float64')) -> None"
                        % a.dtype)
    want = ('f' if single else 'd') if kind == _RFFT else 'F' if single else 'D'
    result = ('f' if single else 'd') if kind == _IRFFT else 'F' if single else 'D'
    shape = a.shape[:axis] + (n // 2 + 1 if kind == _RFFT else n,) + a.shape[axis + 1:]
    if a.dtype.char != want or not a.dtype.isnative or not a.flags.aligned:
        a = a.astype(want)
    if out is not None and out.shape != shape:
        raise ValueError('output array has wrong shape.')
    direct = out is not None and type(out) is _n.ndarray and out.dtype.char == result and out.dtype.isnative and \
        out.flags.aligned and not _n.may_share_memory(a, out)
    target = out if direct else _n.empty(shape, result)
    _n._fft(kind, a, n, axis, factor, target)
    if out is None or direct:
        return target
    _n.copyto(out, target, casting='same_kind')
    return out


def _points(a, n, axis):
    if n is not None:
        return n.__index__()
    try:
        return a.shape[axis]
    except IndexError:
        return a.shape[_axis_index(axis, a.ndim)]


def fft(a, n=None, axis=-1, norm=None, out=None):
    """Compute the one-dimensional discrete Fourier Transform."""
    if n is None and norm is None and out is None and axis == -1:
        line = _n._fft_line(_FFT, a)
        if line is not None:
            return line
    a = _n.asarray(a)
    return _transform(_FFT, a, _points(a, n, axis), axis, norm, out)


def ifft(a, n=None, axis=-1, norm=None, out=None):
    """Compute the one-dimensional inverse discrete Fourier Transform."""
    if n is None and norm is None and out is None and axis == -1:
        line = _n._fft_line(_IFFT, a)
        if line is not None:
            return line
    a = _n.asarray(a)
    return _transform(_IFFT, a, _points(a, n, axis), axis, norm, out)


def rfft(a, n=None, axis=-1, norm=None, out=None):
    """Compute the one-dimensional discrete Fourier Transform for real input: n // 2 + 1 points."""
    if n is None and norm is None and out is None and axis == -1:
        line = _n._fft_line(_RFFT, a)
        if line is not None:
            return line
    a = _n.asarray(a)
    return _transform(_RFFT, a, _points(a, n, axis), axis, norm, out)


def irfft(a, n=None, axis=-1, norm=None, out=None):
    """Computes the inverse of rfft: n real points, by default 2 (m - 1) of m."""
    a = _n.asarray(a)
    n = 2 * (_points(a, None, axis) - 1) if n is None else n.__index__()
    return _transform(_IRFFT, a, n, axis, norm, out)


def hfft(a, n=None, axis=-1, norm=None, out=None):
    """Compute the FFT of a signal that has Hermitian symmetry, i.e., a real spectrum."""
    a = _n.asarray(a)
    n = 2 * (_points(a, None, axis) - 1) if n is None else n.__index__()
    return irfft(_n.conjugate(a), n, axis, norm=_swap(norm), out=out)


def ihfft(a, n=None, axis=-1, norm=None, out=None):
    """Compute the inverse FFT of a signal that has Hermitian symmetry."""
    a = _n.asarray(a)
    out = rfft(a, _points(a, n, axis), axis, norm=_swap(norm), out=out)
    return _n.conjugate(out, out=out)


def _shape_axes(a, s, axes, last_double=False):
    """s and axes, each from the other where it is missing; -1 in s is the axis's own length."""
    if s is None:
        if axes is None:
            s = list(a.shape)
        else:
            try:
                s = [a.shape[k] for k in axes]
            except IndexError:
                s = [a.shape[_axis_index(k, a.ndim)] for k in axes]
        given = False
    else:
        s, given = [k.__index__() for k in s], True
    axes = list(range(-len(s), 0)) if axes is None else [k.__index__() for k in axes]
    if len(s) != len(axes):
        raise ValueError('Shape and axes have different lengths.')
    if last_double and not given and axes:
        s[-1] = (a.shape[axes[-1]] - 1) * 2
    return [a.shape[k] if n == -1 else n for n, k in zip(s, axes)], axes


def _over_axes(transform, a, s, axes, norm, out):
    a = _n.asarray(a)
    s, axes = _shape_axes(a, s, axes)
    for k in range(len(axes) - 1, -1, -1):
        a = transform(a, s[k], axes[k], norm, out if out is not None and k == 0 else None)
    return a


def fftn(a, s=None, axes=None, norm=None, out=None):
    """Compute the N-dimensional discrete Fourier Transform."""
    return _over_axes(fft, a, s, axes, norm, out)


def ifftn(a, s=None, axes=None, norm=None, out=None):
    """Compute the N-dimensional inverse discrete Fourier Transform."""
    return _over_axes(ifft, a, s, axes, norm, out)


def fft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Compute the 2-dimensional discrete Fourier Transform."""
    return _over_axes(fft, a, s, axes, norm, out)


def ifft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Compute the 2-dimensional inverse discrete Fourier Transform."""
    return _over_axes(ifft, a, s, axes, norm, out)


def rfftn(a, s=None, axes=None, norm=None, out=None):
    """Compute the N-dimensional discrete Fourier Transform for real input."""
    a = _n.asarray(a)
    s, axes = _shape_axes(a, s, axes)
    last = len(axes) == 1
    a = rfft(a, s[-1], axes[-1], norm, out if last else None)
    for k in range(len(axes) - 2, -1, -1):
        a = fft(a, s[k], axes[k], norm, out if out is not None and k == 0 else None)
    return a


def rfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Compute the 2-dimensional FFT of a real array."""
    return rfftn(a, s, axes, norm, out)


def irfftn(a, s=None, axes=None, norm=None, out=None):
    """Computes the inverse of rfftn."""
    a = _n.asarray(a)
    s, axes = _shape_axes(a, s, axes, last_double=True)
    for k in range(len(axes) - 1):
        a = ifft(a, s[k], axes[k], norm)
    return irfft(a, s[-1], axes[-1], norm, out)


def irfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Computes the inverse of rfft2."""
    return irfftn(a, s, axes, norm, out)
