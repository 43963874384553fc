"""numpy.ma: the ufuncs on masked arrays.

A result is masked where an operand is, and where an argument lies outside of the function's domain: there the data keep
the first operand's value."""
import numpy as np
from numpy import ndarray
from numpy import _core  # noqa: F401
from numpy.ma import core as _c
from numpy.ma._fill import filled, getdata, getmask, getmaskarray, make_mask_none, mask_or, nomask

ufunc_domain = {}
ufunc_fills = {}


class _DomainCheckInterval:
    """Outside of [a, b]?"""

    def __init__(self, a, b):
        self.a, self.b = min(a, b), max(a, b)

    def __call__(self, x):
        with np.errstate(invalid='ignore'):
            return np.logical_or(np.greater(x, self.b), np.less(x, self.a))


class _DomainTan:
    """Too near a pole of the tangent?"""

    def __init__(self, eps):
        self.eps = eps

    def __call__(self, x):
        with np.errstate(invalid='ignore'):
            return np.less(np.absolute(np.cos(x)), self.eps)


class _DomainSafeDivide:
    """Would the quotient overflow?"""

    def __init__(self, tolerance=None):
        self.tolerance = tolerance

    def __call__(self, a, b):
        if self.tolerance is None:
            self.tolerance = np.finfo(float).tiny
        a, b = np.asarray(a), np.asarray(b)
        with np.errstate(all='ignore'):
            return np.absolute(a) * self.tolerance >= np.absolute(b)


class _DomainGreater:
    """Not above a critical value?"""

    def __init__(self, critical_value):
        self.critical_value = critical_value

    def __call__(self, x):
        with np.errstate(invalid='ignore'):
            return np.less_equal(x, self.critical_value)


class _DomainGreaterEqual:
    """Below a critical value?"""

    def __init__(self, critical_value):
        self.critical_value = critical_value

    def __call__(self, x):
        with np.errstate(invalid='ignore'):
            return np.less(x, self.critical_value)


class _MaskedUFunc:
    def __init__(self, ufunc):
        self.f = ufunc
        self.__doc__ = ufunc.__doc__
        self.__name__ = self.__qualname__ = ufunc.__name__

    def __str__(self):
        return 'Masked version of %s' % self.f


class _MaskedUnaryOperation(_MaskedUFunc):
    """Masked version of a function of one argument."""

    def __init__(self, mufunc, fill=0, domain=None):
        super().__init__(mufunc)
        self.fill, self.domain = fill, domain
        ufunc_domain[mufunc], ufunc_fills[mufunc] = domain, fill

    def __call__(self, a, *args, **kwargs):
        d = getdata(a)
        if self.domain is not None:
            with np.errstate(divide='ignore', invalid='ignore'):
                result = self.f(d, *args, **kwargs)
            m = ~np.isfinite(result)
            m |= self.domain(d)
            m |= getmask(a)
        else:
            with np.errstate(divide='ignore', invalid='ignore'):
                result = self.f(d, *args, **kwargs)
            m = getmask(a)
        if not getattr(result, 'ndim', 0):
            return _c.masked if m is not nomask and np.any(m) else result
        if m is not nomask:
            try:
                np.copyto(result, d, where=m)
            except TypeError:
                pass
        r = result.view(_c.get_masked_subclass(a))
        r._mask = m
        r._update_from(a)
        return r


class _MaskedBinaryOperation(_MaskedUFunc):
    """Masked version of a function of two arguments."""

    def __init__(self, mbfunc, fillx=0, filly=0):
        super().__init__(mbfunc)
        self.fillx, self.filly = fillx, filly
        ufunc_domain[mbfunc], ufunc_fills[mbfunc] = None, (fillx, filly)

    def __call__(self, a, b, *args, **kwargs):
        da, db = getdata(a), getdata(b)
        with np.errstate(divide='ignore', invalid='ignore', over='ignore', under='ignore'):
            result = self.f(da, db, *args, **kwargs)
        ma, mb = getmask(a), getmask(b)
        if ma is nomask:
            m = nomask if mb is nomask else mask_or(getmaskarray(a), mb) if np.ndim(ma) else \
                np.logical_or(getmaskarray(a), mb)
        elif mb is nomask:
            m = np.logical_or(ma, getmaskarray(b))
        else:
            m = np.logical_or(ma, mb)
        if not getattr(result, 'ndim', 0):
            return _c.masked if m is not nomask and np.any(m) else result
        if m is not nomask and m.any():
            try:
                np.copyto(result, da, casting='unsafe', where=m)
            except Exception:
                pass
        r = result.view(_c.get_masked_subclass(a, b))
        r._mask = m
        if isinstance(a, _c.MaskedArray):
            r._update_from(a)
        elif isinstance(b, _c.MaskedArray):
            r._update_from(b)
        return r

    def reduce(self, target, axis=0, dtype=None):
        """Reduce along the given axis; masked elements count as the neutral one."""
        tclass = _c.get_masked_subclass(target)
        m, t = getmask(target), filled(target, self.filly)
        if t.shape == ():
            t = t.reshape(1)
            if m is not nomask:
                m = np.array([bool(m)])
        if m is nomask:
            tr, mr = self.f.reduce(t, axis), nomask
        else:
            tr = self.f.reduce(t, axis, dtype=dtype)
            mr = np.logical_and.reduce(m, axis)
        if not np.ndim(tr):
            return _c.masked if mr is not nomask and mr else tr
        r = tr.view(tclass)
        r._mask = mr
        return r

    def outer(self, a, b):
        """Return the function applied to the outer product of a and b."""
        da, db = getdata(a), getdata(b)
        d = self.f.outer(da, db)
        ma, mb = getmask(a), getmask(b)
        m = nomask if ma is nomask and mb is nomask else np.logical_or.outer(getmaskarray(a), getmaskarray(b))
        if not np.ndim(d):
            return _c.masked if m is not nomask and m else d
        if m is not nomask:
            np.copyto(d, np.broadcast_to(np.reshape(da, np.shape(da) + (1,) * np.ndim(db)), d.shape), where=m, casting='unsafe')
        r = d.view(_c.get_masked_subclass(a, b))
        r._mask = m
        return r

    def accumulate(self, target, axis=0):
        """Accumulate along the given axis."""
        tclass = _c.get_masked_subclass(target)
        r = self.f.accumulate(filled(target, self.filly), axis)
        return r.view(tclass)


class _DomainedOperation(_MaskedUFunc):
    """Masked version of a function of two arguments with a domain."""

    def __init__(self, dbfunc, domain, fillx=0, filly=0):
        super().__init__(dbfunc)
        self.domain, self.fillx, self.filly = domain, fillx, filly
        ufunc_domain[dbfunc], ufunc_fills[dbfunc] = domain, (fillx, filly)

    def __call__(self, a, b, *args, **kwargs):
        da, db = getdata(a), getdata(b)
        with np.errstate(divide='ignore', invalid='ignore', over='ignore', under='ignore'):
            result = self.f(da, db, *args, **kwargs)
        m = ~np.isfinite(result)
        m |= self.domain(da, db)
        m |= getmask(a)
        m |= getmask(b)
        if not getattr(result, 'ndim', 0):
            return _c.masked if np.any(m) else result
        try:
            np.copyto(result, 0, casting='unsafe', where=m)
            kept = m * da
            if np.can_cast(kept.dtype, result.dtype, casting='safe'):
                result += kept
        except Exception:
            pass
        r = result.view(_c.get_masked_subclass(a, b))
        r._mask = m
        if isinstance(a, _c.MaskedArray):
            r._update_from(a)
        elif isinstance(b, _c.MaskedArray):
            r._update_from(b)
        return r


# ---- The functions

exp, conjugate = _MaskedUnaryOperation(np.exp), _MaskedUnaryOperation(np.conjugate)
sin, cos, arctan = _MaskedUnaryOperation(np.sin), _MaskedUnaryOperation(np.cos), _MaskedUnaryOperation(np.arctan)
arcsinh, sinh, cosh = _MaskedUnaryOperation(np.arcsinh), _MaskedUnaryOperation(np.sinh), _MaskedUnaryOperation(np.cosh)
tanh, absolute, fabs = _MaskedUnaryOperation(np.tanh), _MaskedUnaryOperation(np.absolute), _MaskedUnaryOperation(np.fabs)
abs, angle = _MaskedUnaryOperation(np.absolute), _MaskedUnaryOperation(np.angle)
negative, floor, ceil = _MaskedUnaryOperation(np.negative), _MaskedUnaryOperation(np.floor), _MaskedUnaryOperation(np.ceil)
around, logical_not = _MaskedUnaryOperation(np.around), _MaskedUnaryOperation(np.logical_not)
sqrt = _MaskedUnaryOperation(np.sqrt, 0.0, _DomainGreaterEqual(0.0))
log = _MaskedUnaryOperation(np.log, 1.0, _DomainGreater(0.0))
log2 = _MaskedUnaryOperation(np.log2, 1.0, _DomainGreater(0.0))
log10 = _MaskedUnaryOperation(np.log10, 1.0, _DomainGreater(0.0))
tan = _MaskedUnaryOperation(np.tan, 0.0, _DomainTan(1e-35))
arcsin = _MaskedUnaryOperation(np.arcsin, 0.0, _DomainCheckInterval(-1.0, 1.0))
arccos = _MaskedUnaryOperation(np.arccos, 0.0, _DomainCheckInterval(-1.0, 1.0))
arccosh = _MaskedUnaryOperation(np.arccosh, 1.0, _DomainGreaterEqual(1.0))
arctanh = _MaskedUnaryOperation(np.arctanh, 0.0, _DomainCheckInterval(-1.0 + 1e-15, 1.0 - 1e-15))

add, subtract, multiply = _MaskedBinaryOperation(np.add), _MaskedBinaryOperation(np.subtract), _MaskedBinaryOperation(np.multiply, 1, 1)
arctan2 = _MaskedBinaryOperation(np.arctan2, 0.0, 1.0)
equal, not_equal = _MaskedBinaryOperation(np.equal), _MaskedBinaryOperation(np.not_equal)
less_equal, greater_equal = _MaskedBinaryOperation(np.less_equal), _MaskedBinaryOperation(np.greater_equal)
less, greater = _MaskedBinaryOperation(np.less), _MaskedBinaryOperation(np.greater)
for _f in (equal, not_equal, less_equal, greater_equal, less, greater):
    _f.reduce = None
logical_and, logical_or = _MaskedBinaryOperation(np.logical_and), _MaskedBinaryOperation(np.logical_or)
logical_and.reduce = _MaskedBinaryOperation(np.logical_and, 1, 1).reduce
alltrue = _MaskedBinaryOperation(np.logical_and, 1, 1).reduce
sometrue = logical_or.reduce
logical_xor = _MaskedBinaryOperation(np.logical_xor)
bitwise_and, bitwise_or, bitwise_xor = (_MaskedBinaryOperation(f) for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor))
hypot = _MaskedBinaryOperation(np.hypot)
divide = true_divide = _DomainedOperation(np.divide, _DomainSafeDivide(), 0, 1)
floor_divide = _DomainedOperation(np.floor_divide, _DomainSafeDivide(), 0, 1)
remainder = mod = _DomainedOperation(np.remainder, _DomainSafeDivide(), 0, 1)
fmod = _DomainedOperation(np.fmod, _DomainSafeDivide(), 0, 1)


def power(a, b, third=None):
    """Returns element-wise base array raised to power from second array; what is not finite is masked."""
    if third is not None:
        raise _c.MaskError('3-argument power not supported.')
    ma, mb = getmask(a), getmask(b)
    m = mask_or(ma, mb) if not (np.ndim(ma) and np.ndim(mb) and ma.shape != mb.shape) else np.logical_or(ma, mb)
    fa, fb = getdata(a), getdata(b)
    base = type(a) if isinstance(a, _c.MaskedArray) else _c.MaskedArray
    with np.errstate(divide='ignore', invalid='ignore', over='ignore'):
        if m is not nomask and np.any(m) and np.ndim(m):
            # 1 ** x does not trouble where the result will be masked anyway.
            result = np.where(m, fa, np.power(np.where(m, np.ones_like(fa), fa), fb))
        else:
            result = np.power(fa, fb)
    result = np.asanyarray(result).view(base)
    result._update_from(a)
    result._mask = nomask
    invalid = np.logical_not(np.isfinite(result.view(ndarray)))
    if m is not nomask:
        if not result.ndim:
            return _c.masked
        result._mask = np.logical_or(np.broadcast_to(m, result.shape), invalid)
    if invalid.any():
        if not result.ndim:
            return _c.masked
        if result._mask is nomask:
            result._mask = invalid
        result._data[invalid] = result.fill_value
    return result if result.ndim else result._data[()]


# ---- Operators of MaskedArray

def _operator(f, reflected=False):
    def op(self, other):
        if self._delegate_binop(other):
            return NotImplemented
        return f(other, self) if reflected else f(self, other)
    return op


def _inplace(ufunc, neutral, domain=None):
    """In place: where either is masked the element keeps its value; nothing is said about lost data."""
    def op(self, other):
        if self is _c.masked:
            return self
        odata = getdata(other)
        m = getmask(other)
        if domain is not None:
            bad = domain(self._data, odata)
            m = mask_or(m, bad) if m is nomask or np.shape(m) == np.shape(bad) else np.logical_or(m, bad)
            if np.any(bad):
                odata = np.where(bad, odata.dtype.type(neutral) if hasattr(odata, 'dtype') else neutral, odata)
        if self._mask is nomask:
            if m is not nomask and np.any(m):
                self._mask = make_mask_none(self.shape, self.dtype)
                self._mask += m
        elif m is not nomask:
            self._mask = self._mask | m if self._sharedmask else np.logical_or(self._mask, m, out=self._mask)
        kind = np.asarray(odata).dtype.type if np.asarray(odata).dtype.kind in 'iufc' else None
        filler = neutral if kind is None else kind(neutral)
        odata = np.where(self._mask, filler, odata) if self._mask is not nomask else odata
        with np.errstate(divide='ignore', invalid='ignore'):
            ufunc(self._data, odata, out=self._data)
        return self
    return op


def _attach():
    m = _c.MaskedArray
    for name, f in (('add', add), ('sub', subtract), ('mul', multiply), ('truediv', true_divide), ('floordiv', floor_divide),
                    ('pow', power), ('mod', remainder)):
        setattr(m, '__%s__' % name, _operator(f))
        setattr(m, '__r%s__' % name, _operator(f, True))
    for name, f in (('and', bitwise_and), ('or', bitwise_or), ('xor', bitwise_xor)):
        setattr(m, '__%s__' % name, _operator(f))
        setattr(m, '__r%s__' % name, _operator(f, True))
    m.__neg__ = lambda self: negative(self)
    m.__abs__ = lambda self: absolute(self)
    for name, u, neutral in (('add', np.add, 0), ('sub', np.subtract, 0), ('mul', np.multiply, 1)):
        setattr(m, '__i%s__' % name, _inplace(u, neutral))
    for name, u in (('truediv', np.true_divide), ('floordiv', np.floor_divide)):
        setattr(m, '__i%s__' % name, _inplace(u, 1, ufunc_domain[u]))

    def ipow(self, other):
        odata, omask = getdata(other), getmask(other)
        with np.errstate(divide='ignore', invalid='ignore'):
            np.power(self._data, np.where(self._mask, odata.dtype.type(1) if hasattr(odata, 'dtype') else 1, odata)
                     if self._mask is not nomask else odata, out=self._data)
        invalid = np.logical_not(np.isfinite(self._data))
        if invalid.any():
            if self._mask is not nomask:
                self._mask |= invalid
            else:
                self._mask = invalid
            np.copyto(self._data, self.fill_value, where=invalid)
        new = mask_or(omask, invalid) if omask is nomask or np.shape(omask) == invalid.shape else np.logical_or(omask, invalid)
        self._mask = mask_or(self._mask, new)
        return self
    m.__ipow__ = ipow


_attach()
__all__ = [k for k, v in list(globals().items()) if isinstance(v, _MaskedUFunc) and not k.startswith('_')] + \
    ['power', 'alltrue', 'sometrue']
