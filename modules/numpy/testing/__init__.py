"""numpy.testing: assertions about arrays."""
import contextlib as _contextlib
import warnings as _warnings

import numpy as _np
from unittest import SkipTest, TestCase  # noqa: F401

IS_WASM = IS_PYPY = IS_PYSTON = False
HAS_REFCOUNT = False
verbose = 0


def assert_(val, msg=''):
    """Assert that works in release mode."""
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def build_err_msg(arrays, err_msg, header='Items are not equal:', verbose=True, names=('ACTUAL', 'DESIRED'), precision=8):
    lines = ['\n' + header]
    if err_msg:
        lines[0] += ' ' + err_msg if len(header) + len(err_msg) < 79 else '\n' + err_msg
    if verbose:
        for name, a in zip(names, arrays):
            lines.append(' %s: %s' % (name, repr(a) if not isinstance(a, _np.ndarray) else _np.array_repr(a, precision=precision)))
    return '\n'.join(lines)


def assert_equal(actual, desired, err_msg='', verbose=True, *, strict=False):
    """Raises an AssertionError if two objects are not equal."""
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in desired:
            if k not in actual:
                raise AssertionError(repr(k))
            assert_equal(actual[k], desired[k], 'key=%r\n%s' % (k, err_msg), verbose)
        return
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in range(len(desired)):
            assert_equal(actual[k], desired[k], 'item=%r\n%s' % (k, err_msg), verbose)
        return
    if isinstance(actual, _np.ndarray) or isinstance(desired, _np.ndarray):
        return assert_array_equal(actual, desired, err_msg, verbose, strict=strict)
    message = build_err_msg([actual, desired], err_msg, verbose=verbose)
    try:
        if actual != actual and desired != desired:
            return
    except (TypeError, ValueError):
        pass
    try:
        if isinstance(desired, (complex, _np.complexfloating)) or isinstance(actual, (complex, _np.complexfloating)):
            assert_equal(actual.real, desired.real)
            assert_equal(actual.imag, desired.imag)
            return
    except AssertionError:
        raise AssertionError(message) from None
    if not (desired == actual):
        raise AssertionError(message)


def _compare(compare, x, y, err_msg, verbose, header, equal_nan=True, strict=False, extra=None):
    x, y = _np.asanyarray(x), _np.asanyarray(y)
    if strict:
        same = x.shape == y.shape and x.dtype == y.dtype
    else:
        same = x.shape == () or y.shape == () or x.shape == y.shape
    if not same:
        reason = '\n(shapes %s, %s mismatch)' % (x.shape, y.shape) if x.shape != y.shape else '\n(dtypes %s, %s mismatch)' % (x.dtype, y.dtype)
        raise AssertionError(build_err_msg([x, y], err_msg + reason, header, verbose))
    if x.dtype.kind in 'fc' or y.dtype.kind in 'fc':
        if x.dtype.kind in 'biufc' and y.dtype.kind in 'biufc':
            nx, ny = _np.isnan(x), _np.isnan(y)
            if equal_nan:
                if not _np.all(nx == ny):
                    raise AssertionError(build_err_msg([x, y], err_msg + '\nnan location mismatch:', header, verbose))
                keep = ~(nx | ny)
                x, y = _np.broadcast_arrays(x, y)
                keep = _np.broadcast_to(keep, x.shape)
                x, y = x[keep], y[keep]
    r = compare(x, y)
    if isinstance(r, bool):
        ok, count, total = r, int(not r), 1
    else:
        r = _np.asarray(r)
        ok, total = bool(r.all()), r.size
        count = total - int(_np.count_nonzero(r))
    if ok:
        return
    remarks = ['Mismatched elements: %d / %d (%.3g%%)' % (count, total, 100.0 * count / max(total, 1))]
    try:
        with _np.errstate(all='ignore'):
            if x.dtype.kind in 'biufc':
                d = abs(_np.asarray(x, 'D' if x.dtype.kind == 'c' else 'd') - y)
                remarks.append('Max absolute difference among violations: %s' % d.max())
                rel = d[_np.broadcast_to(y != 0, d.shape)] / abs(_np.broadcast_to(y, d.shape)[_np.broadcast_to(y != 0, d.shape)])
                remarks.append('Max relative difference among violations: %s' % (rel.max() if rel.size else 'inf'))
    except (TypeError, ValueError):
        pass
    raise AssertionError(build_err_msg([x, y], err_msg + '\n' + '\n'.join(remarks), header, verbose))


def assert_array_equal(actual, desired, err_msg='', verbose=True, *, strict=False):
    """Raises an AssertionError if two array_like objects are not equal."""
    _compare(lambda a, b: a == b, actual, desired, err_msg, verbose, 'Arrays are not equal', strict=strict)


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg='', verbose=True, *, strict=False):
    """Raises an AssertionError if two objects are not equal up to desired tolerance."""
    header = 'Not equal to tolerance rtol=%g, atol=%g' % (rtol, atol)
    _compare(lambda a, b: _np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan), actual, desired, err_msg, verbose, header,
             equal_nan, strict)


def assert_almost_equal(actual, desired, decimal=7, err_msg='', verbose=True):
    """Raises an AssertionError if two items are not equal up to desired precision."""
    if isinstance(actual, (_np.ndarray, list, tuple)) or isinstance(desired, (_np.ndarray, list, tuple)):
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    message = build_err_msg([actual, desired], err_msg, header='Arrays are not almost equal to %d decimals' % decimal, verbose=verbose)
    if isinstance(actual, complex) or isinstance(desired, complex):
        a, d = complex(actual), complex(desired)
        assert_almost_equal(a.real, d.real, decimal)
        assert_almost_equal(a.imag, d.imag, decimal)
        return
    if actual != actual and desired != desired or actual == desired:
        return
    if not abs(desired - actual) < 1.5 * 10.0 ** -decimal:
        raise AssertionError(message)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg='', verbose=True):
    """Raises an AssertionError if two objects are not equal up to desired precision."""
    def close(a, b):
        with _np.errstate(invalid='ignore'):
            return (abs(a - b) < 1.5 * 10.0 ** -decimal) | (a == b) if a.dtype.kind != 'b' else a == b
    _compare(close, actual, desired, err_msg, verbose, 'Arrays are not almost equal to %d decimals' % decimal)


def assert_approx_equal(actual, desired, significant=7, err_msg='', verbose=True):
    """Raises an AssertionError if two items are not equal up to significant digits."""
    import math
    actual, desired = float(actual), float(desired)
    if actual == desired:
        return
    scale = 10.0 ** math.floor(math.log10(0.5 * (abs(desired) + abs(actual))))
    if abs(desired / scale - actual / scale) >= 10.0 ** -(significant - 1):
        raise AssertionError(build_err_msg([actual, desired], err_msg,
                                           header='Items are not equal to %d significant digits:' % significant, verbose=verbose))


def assert_array_less(x, y, err_msg='', verbose=True, *, strict=False):
    """Raises an AssertionError if two array_like objects are not ordered by less than."""
    _compare(lambda a, b: a < b, x, y, err_msg, verbose, 'Arrays are not strictly ordered `x < y`', equal_nan=False, strict=strict)


def assert_array_max_ulp(a, b, maxulp=1, dtype=None):
    """Check that all items of arrays differ in at most N Units in the Last Place."""
    a, b = _np.asarray(a, dtype), _np.asarray(b, dtype)
    r = abs(a - b) / _np.spacing(_np.maximum(abs(a), abs(b)))
    if not (r <= maxulp).all():
        raise AssertionError('Arrays are not almost equal up to %g ULP (max difference is %g ULP)' % (maxulp, r.max()))
    return r


def assert_array_almost_equal_nulp(x, y, nulp=1):
    """Compare two arrays relatively to their spacing."""
    ref = nulp * _np.spacing(_np.where(abs(_np.asarray(x)) > abs(_np.asarray(y)), abs(_np.asarray(x)), abs(_np.asarray(y))))
    if not (abs(_np.asarray(x) - _np.asarray(y)) <= ref).all():
        raise AssertionError('Arrays are not equal to %d ULP' % nulp)


def assert_string_equal(actual, desired):
    """Test if two strings are equal."""
    assert_equal(actual, desired)


class _Raises:
    def __init__(self, types, pattern=None):
        self.types, self.pattern = types, pattern

    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        if t is None:
            raise AssertionError('%s not raised' % getattr(self.types, '__name__', self.types))
        if not issubclass(t, self.types):
            return False
        self.exception = v
        if self.pattern is not None:
            import re
            if not re.search(self.pattern, str(v)):
                raise AssertionError('"%s" does not match "%s"' % (self.pattern, v))
        return True


def assert_raises(exception_class, callable=None, *args, **kwargs):
    """Fail unless an exception of class exception_class is thrown by callable."""
    if callable is None:
        return _Raises(exception_class)
    with _Raises(exception_class):
        callable(*args, **kwargs)


def assert_raises_regex(exception_class, expected_regexp, callable=None, *args, **kwargs):
    """Fail unless an exception with a message that matches is thrown."""
    if callable is None:
        return _Raises(exception_class, expected_regexp)
    with _Raises(exception_class, expected_regexp):
        callable(*args, **kwargs)


@_contextlib.contextmanager
def _warns(category, name=None):
    with _warnings.catch_warnings(record=True) as seen:
        _warnings.simplefilter('always')
        yield
    if not any(issubclass(w.category, category) for w in seen):
        raise AssertionError('No warning raised' + (' when calling ' + name if name else ''))


def assert_warns(warning_class, *args, **kwargs):
    """Fail unless the given callable throws the specified warning."""
    if not args:
        return _warns(warning_class)
    f, args = args[0], args[1:]
    with _warns(warning_class, getattr(f, '__name__', None)):
        return f(*args, **kwargs)


@_contextlib.contextmanager
def _no_warnings():
    with _warnings.catch_warnings(record=True) as seen:
        _warnings.simplefilter('always')
        yield
        if seen:
            raise AssertionError('Got warnings: %s' % seen)


def assert_no_warnings(*args, **kwargs):
    """Fail if the given callable produces any warnings."""
    if not args:
        return _no_warnings()
    with _no_warnings():
        return args[0](*args[1:], **kwargs)


@_contextlib.contextmanager
def assert_no_gc_cycles(*args, **kwargs):
    """Reference cycles are of no account to a tracing collector."""
    yield


class suppress_warnings:
    """Context manager and decorator doing much the same as warnings.catch_warnings."""

    def __init__(self, forwarding_rule='always'):
        self._rules, self.log = [], []

    def filter(self, category=Warning, message='', module=None):
        self._rules.append((category, message))
        if hasattr(self, '_context'):
            _warnings.filterwarnings('ignore', message, category)

    def record(self, category=Warning, message='', module=None):
        self._rules.append((category, message))
        return self.log

    def __enter__(self):
        self._context = _warnings.catch_warnings()
        self._context.__enter__()
        for category, message in self._rules:
            _warnings.filterwarnings('ignore', message, category)
        return self

    def __exit__(self, *exc):
        return self._context.__exit__(*exc)

    def __call__(self, f):
        import functools

        @functools.wraps(f)
        def inner(*args, **kwargs):
            with self:
                return f(*args, **kwargs)
        return inner


@_contextlib.contextmanager
def tempdir(*args, **kwargs):
    import shutil
    import tempfile
    path = tempfile.mkdtemp(*args, **kwargs)
    try:
        yield path
    finally:
        shutil.rmtree(path)


def print_assert_equal(test_string, actual, desired):
    """Test if two objects are equal, and print an error message if test fails."""
    if not (actual == desired):
        raise AssertionError('%s failed\nACTUAL: \n%r\nDESIRED: \n%r' % (test_string, actual, desired))


def runstring(astr, dict):
    exec(astr, dict)


def break_cycles():
    """Nothing to do for a tracing collector."""
