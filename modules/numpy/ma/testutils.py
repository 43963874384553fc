"""numpy.ma.testutils: assertions about masked arrays."""
import operator
from unittest import TestCase  # noqa: F401

import numpy as np
import numpy._core.umath as umath  # noqa: F401
import numpy.testing
from numpy import ndarray
from numpy.ma.core import filled, getmask, mask_or, masked, masked_array, nomask
from numpy.testing import (assert_, assert_allclose, assert_array_almost_equal_nulp, assert_raises, build_err_msg)  # noqa: F401


def approx(a, b, fill_value=True, rtol=1e-5, atol=1e-8):
    """Returns true if all components of a and b are equal to given tolerances."""
    m = mask_or(getmask(a), getmask(b))
    d1, d2 = filled(a), filled(b)
    if d1.dtype.char == 'O' or d2.dtype.char == 'O':
        return np.equal(d1, d2).ravel()
    x, y = (filled(masked_array(d, copy=False, mask=m), fill_value) for d in (d1, d2))
    return np.less_equal(np.absolute(x - y), atol + rtol * np.absolute(y)).ravel()


def almost(a, b, decimal=6, fill_value=True):
    """Returns True if a and b are equal up to decimal places."""
    m = mask_or(getmask(a), getmask(b))
    d1, d2 = filled(a), filled(b)
    if d1.dtype.char == 'O' or d2.dtype.char == 'O':
        return np.equal(d1, d2).ravel()
    x, y = (filled(masked_array(d, copy=False, mask=m), fill_value) for d in (d1, d2))
    return np.around(np.abs(x - y), decimal) <= 10.0 ** (-decimal)


def _assert_equal_on_sequences(actual, desired, err_msg=''):
    assert_equal(len(actual), len(desired), err_msg)
    for k in range(len(desired)):
        assert_equal(actual[k], desired[k], 'item=%r\n%s' % (k, err_msg))


def assert_equal_records(a, b):
    """Asserts that two records are equal."""
    assert_equal(a.dtype, b.dtype)
    for f in a.dtype.names:
        af, bf = operator.getitem(a, f), operator.getitem(b, f)
        if not (af is masked) and not (bf is masked):
            assert_equal(af, bf)


def assert_equal(actual, desired, err_msg=''):
    """Asserts that two items are equal."""
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        assert_equal(len(actual), len(desired), err_msg)
        for k in desired:
            if k not in actual:
                raise AssertionError('%s not in %s' % (k, actual))
            assert_equal(actual[k], desired[k], 'key=%r\n%s' % (k, err_msg))
        return
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        return _assert_equal_on_sequences(actual, desired, err_msg='')
    if not (isinstance(actual, ndarray) or isinstance(desired, ndarray)):
        msg = build_err_msg([actual, desired], err_msg)
        if not desired == actual:
            raise AssertionError(msg)
        return
    if (actual is masked) != (desired is masked):
        raise ValueError(build_err_msg([actual, desired], err_msg, header='', names=('x', 'y')))
    actual, desired = np.asanyarray(actual), np.asanyarray(desired)
    ad, dd = actual.dtype, desired.dtype
    if ad.char == 'S' and dd.char == 'S':
        return _assert_equal_on_sequences(actual.tolist(), desired.tolist(), err_msg='')
    return assert_array_equal(actual, desired, err_msg)


def fail_if_equal(actual, desired, err_msg=''):
    """Raises an assertion error if two items are equal."""
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        fail_if_equal(len(actual), len(desired), err_msg)
        for k in desired:
            fail_if_equal(actual[k], desired[k], 'key=%r\n%s' % (k, err_msg))
        return
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        fail_if_equal(len(actual), len(desired), err_msg)
        for k in range(len(desired)):
            fail_if_equal(actual[k], desired[k], 'item=%r\n%s' % (k, err_msg))
        return
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return fail_if_array_equal(actual, desired, err_msg)
    if desired == actual:
        raise AssertionError(build_err_msg([actual, desired], err_msg))


assert_not_equal = fail_if_equal


def assert_almost_equal(actual, desired, decimal=7, err_msg='', verbose=True):
    """Asserts that two items are almost equal."""
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return assert_array_almost_equal(actual, desired, decimal=decimal, err_msg=err_msg, verbose=verbose)
    if not np.around(abs(desired - actual), decimal) <= 10.0 ** (-decimal):
        raise AssertionError(build_err_msg([actual, desired], err_msg=err_msg, verbose=verbose))


assert_close = assert_almost_equal


def assert_array_compare(comparison, x, y, err_msg='', verbose=True, header='', fill_value=True):
    """Asserts that comparison between two masked arrays is satisfied."""
    m = mask_or(getmask(x), getmask(y))
    x, y = (masked_array(v, copy=False, mask=m, keep_mask=False, subok=False) for v in (x, y))
    if (x is masked) != (y is masked):
        raise ValueError(build_err_msg([x, y], err_msg=err_msg, verbose=verbose, header=header, names=('x', 'y')))
    return numpy.testing.assert_array_compare(comparison, x.filled(fill_value), y.filled(fill_value), err_msg=err_msg,
                                              verbose=verbose, header=header)


def assert_array_equal(x, y, err_msg='', verbose=True):
    """Checks the elementwise equality of two masked arrays."""
    assert_array_compare(operator.__eq__, x, y, err_msg=err_msg, verbose=verbose, header='Arrays are not equal')


def fail_if_array_equal(x, y, err_msg='', verbose=True):
    """Raises an assertion error if two masked arrays are equal elementwise."""
    assert_array_compare(lambda a, b: not np.all(approx(a, b)), x, y, err_msg=err_msg, verbose=verbose, header='Arrays are not equal')


def assert_array_approx_equal(x, y, decimal=6, err_msg='', verbose=True):
    """Checks the equality of two masked arrays, up to given number of decimals, relative."""
    assert_array_compare(lambda a, b: approx(a, b, rtol=10. ** -decimal), x, y, err_msg=err_msg, verbose=verbose,
                         header='Arrays are not almost equal')


def assert_array_almost_equal(x, y, decimal=6, err_msg='', verbose=True):
    """Checks the equality of two masked arrays, up to given number of decimals."""
    assert_array_compare(lambda a, b: almost(a, b, decimal), x, y, err_msg=err_msg, verbose=verbose,
                         header='Arrays are not almost equal')


def assert_array_less(x, y, err_msg='', verbose=True):
    """Checks that x is smaller than y elementwise."""
    assert_array_compare(operator.__lt__, x, y, err_msg=err_msg, verbose=verbose, header='Arrays are not less-ordered')


def assert_mask_equal(m1, m2, err_msg=''):
    """Asserts the equality of two masks."""
    if m1 is nomask:
        assert_(m2 is nomask)
    if m2 is nomask:
        assert_(m1 is nomask)
    assert_array_equal(m1, m2, err_msg=err_msg)
