"""numpy.testing: assertions about arrays."""
import contextlib as _contextlib
import warnings as _warnings

import numpy as _np
from unittest import SkipTest, TestCase  # noqa: F401

IS_WASM = IS_PYPY = IS_PYSTON = IS_MUSL = IS_EDITABLE = False
IS_INSTALLED = IS_64BIT = True
NOGIL_BUILD = True
HAS_LAPACK64 = False
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


def nulp_diff(x, y, dtype=None):
    """For each item in x and y, return the number of representable floating points between them."""
    x, y = (_np.asarray(v, dtype) if dtype is not None else _np.asarray(v) for v in (x, y))
    t = _np.common_type(x, y)
    if _np.iscomplexobj(x) or _np.iscomplexobj(y):
        raise NotImplementedError('_nulp not implemented for complex array')
    x, y = _np.array([x], dtype=t), _np.array([y], dtype=t)
    x[_np.isnan(x)] = _np.nan
    y[_np.isnan(y)] = _np.nan
    if not x.shape == y.shape:
        raise ValueError('Arrays do not have the same shape: %s - %s' % (x.shape, y.shape))
    return _np.asarray(abs(_ordered(x) - _ordered(y)), dtype=t)


def _ordered(x):
    """The bits of floats as integers in the floats' order."""
    kind = {2: _np.int16, 4: _np.int32, 8: _np.int64}[x.dtype.itemsize]
    i = x.view(kind)
    return _np.where(i < 0, _np.iinfo(kind).min - i, i)


def assert_array_almost_equal_nulp(x, y, nulp=1):
    """Compare two arrays relatively to their spacing."""
    ax, ay = abs(_np.asarray(x)), abs(_np.asarray(y))
    ref = nulp * _np.spacing(_np.where(ax > ay, ax, ay))
    if not (abs(_np.asarray(x) - _np.asarray(y)) <= ref).all():
        if _np.iscomplexobj(x) or _np.iscomplexobj(y):
            raise AssertionError('Arrays are not equal to %d ULP' % nulp)
        raise AssertionError('Arrays are not equal to %d ULP (max is %g)' % (nulp, _np.max(nulp_diff(x, y))))


def assert_string_equal(actual, desired):
    """Test if two strings are equal: the error shows the lines that differ."""
    import difflib
    for x in (actual, desired):
        if not isinstance(x, str):
            raise AssertionError(repr(type(x)))
    if actual == desired:
        return
    lines = [line for line in difflib.Differ().compare(actual.splitlines(True), desired.splitlines(True))
             if not line.startswith('  ')]
    raise AssertionError('Differences in strings:\n%s' % ''.join(lines).rstrip())


def assert_array_compare(comparison, x, y, err_msg='', verbose=True, header='', precision=6, equal_nan=True, equal_inf=True,
                         *, strict=False):
    """Raises an AssertionError where comparison(x, y) is not true everywhere."""
    _compare(comparison, x, y, err_msg, verbose, header, equal_nan, strict)


class KnownFailureException(Exception):
    """Raise this exception to mark a test as a known failing test."""


KnownFailureTest = KnownFailureException


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
    """Context manager and decorator doing much the same as warnings.catch_warnings, with filters of its own:

    `filter` hides matching warnings, `record` collects them in a list of its own and in `log`; later rules come first.
    A warning that no rule takes goes on, as often as the forwarding rule says (always, module, once, location)."""

    def __init__(self, forwarding_rule='always'):
        if forwarding_rule not in ('always', 'module', 'once', 'location'):
            raise ValueError('unsupported forwarding rule.')
        self._forwarding_rule = forwarding_rule
        self._outer, self._inner, self._entered = [], [], False
        self.log = []

    def _add(self, category, message, module, record):
        import re
        rule = (category, re.compile(message, re.I), message, module, [] if record else None)
        if self._entered:
            _warnings.filterwarnings('always', message, category,
                                     module.__name__.replace('.', r'\.') + '$' if module is not None else '')
            self._inner.append(rule)
        else:
            self._outer.append(rule)
        return rule[4]

    def filter(self, category=Warning, message='', module=None):
        """Add a new suppressing filter or apply it if the state is entered."""
        self._add(category, message, module, False)

    def record(self, category=Warning, message='', module=None):
        """Append a new recording filter or apply it if the state is entered: the list of warnings."""
        return self._add(category, message, module, True)

    def __enter__(self):
        if self._entered:
            raise RuntimeError('cannot enter suppress_warnings twice.')
        self._entered = True
        self._inner, self._seen = [], set()
        self.log = []
        self._context = _warnings.catch_warnings()
        self._context.__enter__()
        for category, _, message, module, log in self._outer:
            if log is not None:
                del log[:]
            _warnings.filterwarnings('always', message, category,
                                     module.__name__.replace('.', r'\.') + '$' if module is not None else '')
        self._show = _warnings.showwarning
        _warnings.showwarning = self._showwarning
        return self

    def __exit__(self, *exc):
        self._entered = False
        return self._context.__exit__(*exc)

    def _showwarning(self, message, category, filename, lineno, *args, use_warnmsg=None, **kwargs):
        for rules in (self._inner[::-1], self._outer[::-1]):
            for wanted, pattern, _, module, log in rules:
                if not issubclass(category, wanted) or pattern.match(str(message.args[0] if message.args else '')) is None:
                    continue
                if module is not None and not (getattr(module, '__file__', None) or '').startswith(filename):
                    continue
                if log is not None:
                    entry = _warnings.WarningMessage(message, category, filename, lineno, **kwargs)
                    self.log.append(entry)
                    log.append(entry)
                return
        if self._forwarding_rule != 'always':
            key = {'once': (str(message), category), 'module': (str(message), category, filename),
                   'location': (str(message), category, filename, lineno)}[self._forwarding_rule]
            if key in self._seen:
                return
            self._seen.add(key)
        self._show(message, category, filename, lineno, *args, **kwargs)

    def __call__(self, f):
        import functools

        @functools.wraps(f)
        def inner(*args, **kwargs):
            with self:
                return f(*args, **kwargs)
        return inner


class clear_and_catch_warnings(_warnings.catch_warnings):
    """Context manager that resets warning registry for catching warnings."""
    class_modules = ()

    def __init__(self, record=False, modules=()):
        self.modules = set(modules).union(self.class_modules)
        self._registries = {}
        super().__init__(record=record)

    def __enter__(self):
        for m in self.modules:
            if hasattr(m, '__warningregistry__'):
                self._registries[m] = m.__warningregistry__.copy()
                m.__warningregistry__.clear()
        return super().__enter__()

    def __exit__(self, *exc):
        super().__exit__(*exc)
        for m in self.modules:
            if hasattr(m, '__warningregistry__'):
                m.__warningregistry__.clear()
            if m in self._registries:
                m.__warningregistry__.update(self._registries[m])


@_contextlib.contextmanager
def temppath(*args, **kwargs):
    """Context manager for temporary files: the path, closed, removed at the end."""
    import os
    import tempfile
    fd, path = tempfile.mkstemp(*args, **kwargs)
    os.close(fd)
    try:
        yield path
    finally:
        os.remove(path)


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


def raises(*args):
    """Decorator: the test passes if it raises one of the exceptions."""
    import functools

    def decorate(f):
        @functools.wraps(f)
        def inner(*a, **k):
            with _Raises(args if len(args) > 1 else args[0]):
                f(*a, **k)
        return inner
    return decorate


def requires_memory(free_bytes):
    """Decorator: skips a test that needs more memory than there is free."""
    import functools

    def decorate(f):
        @functools.wraps(f)
        def inner(*a, **k):
            available = 0
            with open('/proc/meminfo') as info:
                for line in info:
                    if line.startswith('MemAvailable:'):
                        available = int(line.split()[1]) * 1024
            if available < 2 * free_bytes:
                raise SkipTest('not enough free memory')
            return f(*a, **k)
        return inner
    return decorate


def check_free_memory(free_bytes):
    """A message where that much memory is not free, else None."""


def decorate_methods(cls, decorator, testmatch=None):
    """Apply a decorator to all methods in a class matching a regular expression."""
    import re
    pattern = re.compile(testmatch or r'(?:^|[\b_\.-])[Tt]est')
    for name, f in list(vars(cls).items()):
        if callable(f) and not name.startswith('_') and pattern.search(name):
            setattr(cls, name, decorator(f))


def measure(code_str, times=1, label=None):
    """Return elapsed time for executing code in the namespace of the caller."""
    import sys
    import time
    frame = sys._getframe(1)
    code = compile(code_str, 'Test name: %s ' % label, 'exec')
    start = time.perf_counter()
    for _ in range(times):
        exec(code, frame.f_globals, frame.f_locals)
    return 0.01 * int((time.perf_counter() - start) * 100)


def rundocs(filename=None, raise_on_error=True):
    """Run doctests found in the given file."""
    import doctest
    import importlib.util
    import os
    import sys
    filename = filename or sys._getframe(1).f_globals['__file__']
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(filename))[0], filename)
    m = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(m)
    messages = []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(m):
        runner.run(test, out=messages.append if raise_on_error else None)
    if runner.failures > 0 and raise_on_error:
        raise AssertionError('Some doctests failed:\n%s' % '\n'.join(messages))


def _assert_valid_refcount(op):
    """Nothing to check: there are no counts."""
    return True


def _gen_alignment_data(dtype=_np.float32, type='binary', max_size=24):
    """Arrays of every alignment of their data and lengths, for tests of vector code."""
    for offset in range(2):
        for n in range(1 + offset, max(max_size + 1, 4 + offset)):
            def source():
                return _np.arange(n, dtype=dtype)[offset:]
            text = '(%d, %s), %%s' % (n, dtype.__name__ if hasattr(dtype, '__name__') else dtype)
            empty = lambda: _np.empty((n,), dtype=dtype)[offset:]  # noqa: E731
            if type == 'unary':
                yield empty(), source(), text % 'out of place'
                d = source()
                yield d, d, text % 'in place'
                yield empty()[1:], source()[:-1], text % 'out of place aliased'
            else:
                yield empty(), source(), source(), text % 'out of place'
                d = source()
                yield d, d, source(), text % 'in place1'
                d = source()
                yield d, source(), d, text % 'in place2'


def _OLD_PROMOTION():
    """Whether types depend on values, as before NEP 50."""
    return False


def _no_tracing(f):
    """Decorator: switches tracing off while a test runs."""
    import functools
    import sys

    @functools.wraps(f)
    def inner(*a, **k):
        trace = sys.gettrace()
        try:
            sys.settrace(None)
            return f(*a, **k)
        finally:
            sys.settrace(trace)
    return inner


def _glibc_older_than(version):
    return False


def check_support_sve():
    return False


class PytestTester:
    """Run the tests of a module with pytest."""

    def __init__(self, module_name):
        self.module_name = module_name
        self.__module__ = module_name

    def __call__(self, label='fast', verbose=1, extra_argv=None, doctests=False, coverage=False, durations=-1, tests=None):
        import pytest
        return pytest.main(list(extra_argv or []) + ['--pyargs'] + list(tests or [self.module_name])) == 0


def _alias():
    # NumPy's own tests import from where its implementation stands.
    import sys
    for name in ('_private', '_private.utils', 'utils'):
        sys.modules[__name__ + '.' + name] = sys.modules[__name__]


_private = utils = __import__('sys').modules[__name__]
_alias()
