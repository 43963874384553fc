"""numpy.ma.core: MaskedArray, an array with a mask of the elements that are missing.

The data are an ndarray (any subclass: _baseclass), the mask is nomask or an array of bools of the same shape (of every
field, for structured types). Views share the mask with their origin until one of them writes to it (_sharedmask); a
hard mask cannot be unmasked by assignment. Masks and fill values stand in _fill.py, the ufuncs in _ufuncs.py."""
import builtins
import operator
import warnings

import numpy as np
from numpy import ndarray
from numpy.ma._fill import (MAError, MaskError, MaskType, MaskedArrayFutureWarning, _all_fields, _check_fill_value,  # noqa: F401
                            _recursive_mask_or, _set_masked, _shrink_mask, common_fill_value, default_fill_value,
                            default_filler, filled, flatten_mask, get_data, get_mask, getdata, getmask, getmaskarray, is_mask,
                            make_mask, make_mask_descr, make_mask_none, mask_or, maximum_fill_value, minimum_fill_value,
                            nomask)

bool_ = np.bool_


def get_masked_subclass(*arrays):
    """Return the youngest subclass of MaskedArray from a list of arrays; masked arrays win."""
    best = type(arrays[0])
    if len(arrays) == 1:
        r = best
    else:
        kinds = [type(a) for a in arrays]
        r = kinds[0] if issubclass(kinds[0], MaskedArray) else None
        for k in kinds[1:]:
            if issubclass(k, MaskedArray) and (r is None or issubclass(k, r)):
                r = k
    if r is None or not issubclass(r, MaskedArray) or r.__name__ == 'MaskedConstant':
        return MaskedArray
    return r


def set_fill_value(a, fill_value):
    """Set the filling value of a, if a is a masked array."""
    if isinstance(a, MaskedArray):
        a.set_fill_value(fill_value)


def fix_invalid(a, mask=nomask, copy=True, fill_value=None):
    """Return input with invalid data masked and replaced by a fill value."""
    a = masked_array(a, mask=mask, copy=copy, subok=True)
    invalid = np.logical_not(np.isfinite(a._data))
    if not invalid.any():
        return a
    a._mask = mask_or(a._mask, invalid) if a._mask is not nomask else invalid
    a._data[invalid] = a.fill_value if fill_value is None else fill_value
    return a


def doc_note(initialdoc, note):
    """Adds a Notes section to an existing docstring."""
    if initialdoc is None:
        return None
    if note is None:
        return initialdoc
    import inspect
    import re
    parts = re.split(r'\n\s*?Notes\n\s*?-----', inspect.cleandoc(initialdoc))
    return ''.join(parts[:1] + ['\n\nNotes\n-----\n%s\n' % inspect.cleandoc(note)] + parts[1:])


def get_object_signature(obj):
    """Get the signature of a function, as text."""
    import inspect
    try:
        return str(inspect.signature(obj))
    except (TypeError, ValueError):
        return ''


class _MaskedPrintOption:
    """How missing data are printed."""

    def __init__(self, display):
        self._display, self._enabled = display, True

    def display(self):
        """Display the string to print for masked values."""
        return self._display

    def set_display(self, s):
        """Set the string to print for masked values."""
        self._display = s

    def enabled(self):
        """Is the use of the display value enabled?"""
        return self._enabled

    def enable(self, shrink=1):
        """Set the enabling shrink to `shrink`."""
        self._enabled = shrink

    def __str__(self):
        return str(self._display)
    __repr__ = __str__


masked_print_option = _MaskedPrintOption('--')


def _set_printed(result, mask, option):
    if result.dtype.names is None:
        np.copyto(result, option, where=mask)
        return
    for name in result.dtype.names:
        _set_printed(result[name], mask[name], option)


def flatten_structured_array(a):
    """Flatten a structured array: one row an element, of one common type."""
    def flat(x):
        for item in x:
            if isinstance(item, (tuple, np.void, list)) or hasattr(item, '__iter__') and not isinstance(item, (str, bytes)):
                yield from flat(item)
            else:
                yield item
    a = np.asanyarray(a)
    shape = a.shape
    items = a.ravel()
    if isinstance(a, MaskedArray):
        out = np.array([tuple(flat(d.item())) for d in items._data])
        out = out.view(MaskedArray)
        out._mask = np.array([tuple(flat(d.item())) for d in getmaskarray(items)])
    else:
        out = np.array([tuple(flat(d.item())) for d in items])
    if len(shape) > 1:
        out.shape = tuple(list(shape) + [out.shape[-1]])
    return out


class MaskedIterator:
    """Flat iterator object to iterate over masked arrays."""

    def __init__(self, ma):
        self.ma = ma
        self._at = 0
        self._flat_data = ma._data.flat
        self.dataiter = ma._data.flat
        self.maskiter = None if ma._mask is nomask else ma._mask.flat

    def __iter__(self):
        return self

    def __getitem__(self, i):
        r = self.dataiter[i]
        if isinstance(r, ndarray):
            r = r.view(type(self.ma))
        if self.maskiter is not None:
            m = self.maskiter[i]
            if isinstance(m, ndarray):
                m.shape = r.shape
                r._mask = m
            elif isinstance(m, np.void):
                return mvoid(r, mask=m, hardmask=self.ma._hardmask)
            elif m:
                return masked
        return r

    def __setitem__(self, index, value):
        self.dataiter[index] = getdata(value)
        if self.maskiter is not None:
            self.maskiter[index] = getmaskarray(value)

    def __next__(self):
        if self._at >= self.ma.size:
            raise StopIteration
        self._at += 1
        return self[self._at - 1]


def _property_of_shape(name):
    base = getattr(ndarray, name)

    def get(self):
        return base.__get__(self)

    def set_(self, value):
        base.__set__(self, value)
        if name == 'dtype':
            if self._mask is not nomask:
                self._mask = self._mask.view(make_mask_descr(self.dtype), ndarray)
                try:
                    self._mask.shape = self.shape
                except (AttributeError, TypeError):
                    pass
        elif getmask(self) is not nomask:
            self._mask.shape = self.shape
    return property(get, set_)


def _delegated(name, on_mask=True):
    """A method that rearranges data and mask alike."""
    def method(self, *args, **kwargs):
        r = getattr(self._data, name)(*args, **kwargs).view(type(self))
        r._update_from(self)
        if self._mask is not nomask and on_mask:
            r.__setmask__(getattr(self._mask, name)(*args, **kwargs))
        return r
    method.__name__ = name
    method.__doc__ = getattr(ndarray, name).__doc__
    return method


class MaskedArray(ndarray):
    """An array class with possibly masked values.

    A mask of True says that the element is missing; operations leave it out and keep it masked."""
    __array_priority__ = 15
    _defaultmask = nomask
    _defaulthardmask = False
    _baseclass = ndarray
    _print_width, _print_width_1d = 100, 1500
    _mask, _fill_value, _hardmask, _sharedmask, _isfield = nomask, None, False, False, False

    def __new__(cls, data=None, mask=nomask, dtype=None, copy=False, subok=True, ndmin=0, fill_value=None, keep_mask=True,
                hard_mask=None, shrink=True, order=None):
        new = np.array(data, dtype=dtype, copy=copy or None, order=order or 'K', subok=True, ndmin=ndmin)
        base = getattr(data, '_baseclass', type(new))
        if isinstance(data, MaskedArray) and data.shape != new.shape:
            copy = True
        kind = type(data) if isinstance(data, cls) and subok and not isinstance(data, MaskedConstant) else cls
        source = new
        new = ndarray.view(new, kind)
        if isinstance(source, MaskedArray) and source is not data:
            new._mask = source._mask
        if hasattr(data, '_mask') and not isinstance(data, ndarray):
            new._mask = data._mask
        cls._first_mask(new, data, mask, copy, keep_mask, shrink)
        if fill_value is None:
            fill_value = getattr(data, '_fill_value', None)
        if fill_value is not None:
            new._fill_value = _check_fill_value(fill_value, new.dtype)
        new._hardmask = getattr(data, '_hardmask', False) if hard_mask is None else hard_mask
        new._baseclass = base if issubclass(base, ndarray) and not issubclass(base, MaskedArray) else \
            getattr(data, '_baseclass', ndarray)
        return new

    @staticmethod
    def _first_mask(new, data, mask, copy, keep_mask, shrink):
        """The mask of a new array, from the given one and that of the data."""
        mdtype = make_mask_descr(new.dtype)
        if mask is nomask:
            if not keep_mask:
                new._mask = nomask if shrink else np.zeros(new.shape, dtype=mdtype)
            elif isinstance(data, (tuple, list)):
                try:
                    inner = np.array([getmaskarray(m if isinstance(m, ndarray) else np.ma.array(m, dtype=new.dtype))
                                      for m in data], dtype=mdtype)
                except (ValueError, TypeError):
                    inner = nomask
                if inner is not nomask and mdtype == MaskType and inner.any() and inner.shape == new.shape:
                    new._mask = inner
                    new._sharedmask = False
            else:
                new._sharedmask = not copy
                if copy and new._mask is not nomask:
                    new._mask = new._mask.copy()
            if new._mask is nomask and not shrink and keep_mask:
                new._mask = np.zeros(new.shape, dtype=mdtype)
            elif new._mask is nomask and mdtype.names is not None:
                new._mask = np.zeros(new.shape, dtype=mdtype)
            return
        if mask is True and mdtype == MaskType:
            mask = np.ones(new.shape, dtype=mdtype)
        elif mask is False and mdtype == MaskType:
            mask = np.zeros(new.shape, dtype=mdtype)
        else:
            try:
                mask = np.array(mask, copy=copy or None, dtype=mdtype)
            except (TypeError, ValueError):
                mask = np.array([tuple([m] * len(mdtype)) for m in mask], dtype=mdtype)
        if mask.shape != new.shape:
            if mask.size == 1:
                mask = np.resize(mask, new.shape)
            elif mask.size == new.size:
                mask = np.reshape(mask, new.shape)
            else:
                raise MaskError('Mask and data not compatible: data size is %d, mask size is %d.' % (new.size, mask.size))
            copy = True
        if new._mask is nomask or not keep_mask:
            new._mask = mask
            new._sharedmask = not copy
        else:
            if new.dtype.names is not None:
                both = np.empty(new.shape, mdtype)
                _recursive_mask_or(mask, new._mask, both)
                new._mask = both
            else:
                new._mask = np.logical_or(mask, new._mask)
            new._sharedmask = False

    def _update_from(self, obj):
        """Take over the attributes of another array."""
        base = type(obj) if isinstance(obj, ndarray) else ndarray
        info = {}
        info.update(getattr(obj, '_optinfo', {}))
        info.update(getattr(obj, '_basedict', {}))
        if not isinstance(obj, MaskedArray):
            info.update(getattr(obj, '__dict__', {}))
        new = {'_fill_value': getattr(obj, '_fill_value', None), '_hardmask': getattr(obj, '_hardmask', False),
               '_sharedmask': getattr(obj, '_sharedmask', False), '_isfield': getattr(obj, '_isfield', False),
               '_baseclass': getattr(obj, '_baseclass', base), '_optinfo': info, '_basedict': info}
        self.__dict__.update(new)
        self.__dict__.update(info)

    def __array_finalize__(self, obj):
        self._update_from(obj)
        mask = nomask
        if isinstance(obj, ndarray):
            mask = getmaskarray(obj) if obj.dtype.names is not None else getmask(obj)
            if mask is not nomask:
                if obj.__array_interface__['data'][0] != self.__array_interface__['data'][0]:
                    # Not the same memory: a copy, as the data are.
                    mdtype = mask.dtype if self.dtype == obj.dtype else make_mask_descr(self.dtype)
                    mask = mask.astype(mdtype, 'F' if self.flags.f_contiguous and not self.flags.c_contiguous else 'C')
                else:
                    mask = mask.view()
        if mask is not nomask and mask.shape != self.shape:
            try:
                mask = mask.reshape(self.shape)
            except ValueError:
                mask = nomask
        self._mask = mask
        if self._fill_value is not None:
            try:
                self._fill_value = _check_fill_value(self._fill_value, self.dtype)
            except (TypeError, ValueError):
                self._fill_value = None
        elif self.dtype.names is not None:
            self._fill_value = _check_fill_value(None, self.dtype)

    def __array_wrap__(self, obj, context=None, return_scalar=False):
        r = self if obj is self else obj.view(type(self))
        if r is not self:
            r._update_from(self)
        if context is not None:
            r._mask = r._mask.copy() if r._mask is not nomask else nomask
            func, args, out_i = context
            args = args[:func.nin]
            mask = nomask
            for a in args:
                mask = mask_or(mask, getmaskarray(a)) if mask is not nomask else getmaskarray(a)
            from numpy.ma._ufuncs import ufunc_domain, ufunc_fills
            domain = ufunc_domain.get(func)
            if domain is not None:
                with np.errstate(divide='ignore', invalid='ignore'):
                    bad = filled(domain(*args), True)
                if bad.any():
                    fill = ufunc_fills[func]
                    fill = fill[-1] if isinstance(fill, tuple) else fill
                    if r is self:
                        np.copyto(r._data, fill, where=bad)
                    else:
                        r = r.copy()
                        np.copyto(r._data, fill, where=bad)
                    mask = bad if mask is nomask else mask | bad
            if r is not self and r.shape == () and mask is not nomask and mask.any():
                return masked
            r._mask = mask if mask is nomask or mask.shape == r.shape else np.broadcast_to(mask, r.shape).copy()
            r._sharedmask = False
        if return_scalar and r.ndim == 0 and context is not None:
            return r._data[()] if not getmaskarray(r).any() else masked
        return r

    def __array_ufunc__(self, ufunc, how, *inputs, out=None, **kwargs):
        """numpy's ufuncs work on the data; __array_wrap__ makes the mask."""
        for x in inputs:
            own = getattr(type(x), '__array_ufunc__', None)
            if own is not None and not isinstance(x, ndarray):
                return NotImplemented
        data = [getdata(x) if isinstance(x, MaskedArray) else x for x in inputs]
        if out is not None:
            outs = out if isinstance(out, tuple) else (out,)
            kwargs['out'] = tuple(getdata(o) if isinstance(o, MaskedArray) else o for o in outs)
        if isinstance(kwargs.get('where'), MaskedArray):
            kwargs['where'] = getdata(kwargs['where'])
        with np.errstate(divide='ignore', invalid='ignore'):
            r = getattr(ufunc, how)(*data, **kwargs)
        if how != '__call__':
            return r.view(type(self)) if isinstance(r, ndarray) and out is None else r if out is None else outs[0]
        if out is not None:
            for i, o in enumerate(outs):
                if isinstance(o, MaskedArray):
                    o.__array_wrap__(o, (ufunc, inputs, i))
            return outs[0] if len(outs) == 1 else outs
        several = isinstance(r, tuple)
        wrapped = tuple(self.__array_wrap__(np.asanyarray(x), (ufunc, inputs, i), x.__class__ is not ndarray and not np.ndim(x))
                        for i, x in enumerate(r if several else (r,)))
        return wrapped if several else wrapped[0]

    def view(self, dtype=None, type=None, fill_value=None):
        """Return a view of the MaskedArray data."""
        if dtype is None:
            r = ndarray.view(self) if type is None else ndarray.view(self, type)
        elif type is None:
            try:
                if issubclass(dtype, ndarray):
                    r = ndarray.view(self, dtype)
                    dtype = None
                else:
                    r = ndarray.view(self, dtype)
            except TypeError:
                r = ndarray.view(self, dtype)
        else:
            r = ndarray.view(self, dtype, type)
        if getmask(r) is not nomask:
            r._mask = r._mask.view()
        if isinstance(r, MaskedArray) and dtype is not None and self._mask is not nomask:
            r._mask = _viewed_mask(self._mask, r)
        if getattr(r, '_fill_value', None) is not None and isinstance(r, MaskedArray):
            if fill_value is None:
                if dtype is not None:
                    r._fill_value = None
            else:
                r.fill_value = fill_value
        elif fill_value is not None and isinstance(r, MaskedArray):
            r.fill_value = fill_value
        return r

    # ---- Items

    def __getitem__(self, indx):
        data = self._data
        mask = self._mask
        out = data[indx]
        m = mask[indx] if mask is not nomask else nomask
        names = data.dtype.names
        field = isinstance(indx, str) or (isinstance(indx, list) and indx and isinstance(indx[0], str))
        scalar = not isinstance(out, ndarray) and not field
        if scalar:
            if isinstance(out, np.void) and names is not None:
                return mvoid(data[indx], mask=m if m is not nomask else nomask, hardmask=self._hardmask)
            if data.dtype.kind == 'O' and isinstance(out, MaskedArray):
                return out
            return masked if m is not nomask and m else out
        if data.dtype.kind == 'O' and isinstance(out, ndarray) and not field and out is not data and \
                out.dtype.kind != 'O':
            # An object that is an array itself.
            return MaskedArray(out, mask=True) if m is not nomask and np.ndim(m) == 0 and m else out
        r = out.view(type(self))
        r._update_from(self)
        r._mask = nomask
        if field:
            if self._fill_value is not None:
                try:
                    r._fill_value = np.array(self._fill_value[indx])
                    if r._fill_value.ndim:
                        r._fill_value = np.array(r._fill_value.flat[0])
                except (IndexError, ValueError, KeyError):
                    r._fill_value = None
            r._isfield = True
        if m is not nomask:
            r._mask = np.asarray(m).reshape(out.shape) if np.shape(m) != out.shape else np.asarray(m)
            r._sharedmask = True
        return r

    def __setitem__(self, indx, value):
        if self is masked:
            raise MaskError('Cannot alter the masked element.')
        data, mask = self._data, self._mask
        if isinstance(indx, str):
            data[indx] = getdata(value) if value is not masked else data[indx]
            if mask is nomask:
                self._mask = make_mask_none(self.shape, self.dtype)
            self._mask[indx] = getmask(value) if value is not masked else True
            return
        names = data.dtype.names
        if value is masked:
            if mask is nomask:
                mask = self._mask = make_mask_none(self.shape, self.dtype)
            mask[indx] = tuple([True] * len(names)) if names is not None else True
            return
        dval = getattr(value, '_data', value)
        mval = getmask(value)
        if names is not None and mval is nomask:
            mval = tuple([False] * len(names))
        if mask is nomask:
            data[indx] = dval
            if mval is not nomask and np.any(_plain(mval)):
                mask = self._mask = make_mask_none(self.shape, self.dtype)
                mask[indx] = mval
        elif not self._hardmask:
            if isinstance(indx, MaskedArray) and not isinstance(value, MaskedArray):
                data[indx.data] = dval
            else:
                data[indx] = dval
                mask[indx] = mval
        elif hasattr(indx, 'dtype') and indx.dtype == MaskType:
            free = indx * np.logical_not(mask)
            data[free] = dval
        else:
            if names is not None:
                raise NotImplementedError("Flexible 'hard' masks are not yet supported.")
            both = mask_or(mask[indx], mval, copy=True) if mval is not nomask else mask[indx]
            target = data[indx]
            if np.ndim(target):
                np.copyto(target, dval, where=np.logical_not(both))
                data[indx] = target
            elif both is nomask or not np.any(both):
                data[indx] = dval
            mask[indx] = both

    dtype = _property_of_shape('dtype')
    shape = _property_of_shape('shape')

    # ---- Mask

    def __setmask__(self, mask, copy=False):
        """Set the mask; with a hard mask only more elements are masked."""
        mdtype = self.dtype
        current = self._mask
        if mask is masked:
            mask = True
        if current is nomask:
            if mask is nomask:
                return
            current = self._mask = make_mask_none(self.shape, mdtype)
        if mdtype.names is None:
            if self._hardmask:
                current |= np.asarray(mask, bool)
            elif isinstance(mask, (int, float, np.bool_, np.number)):
                current[...] = mask
            else:
                new = np.array(mask, MaskType, copy=copy or None)
                if new.shape == current.shape or new.ndim == 0:
                    current[...] = new
                elif new.size == current.size:
                    current.flat = new
                else:
                    current[...] = new
        else:
            mdtype = current.dtype
            if not isinstance(mask, ndarray) and isinstance(mask, (bool, int, np.bool_)):
                mask = np.array(tuple([bool(mask)] * len(mdtype)), dtype=mdtype)
            else:
                try:
                    mask = np.array(mask, copy=copy or None, dtype=mdtype)
                except (TypeError, ValueError):
                    mask = np.array([tuple([m] * len(mdtype)) for m in mask], dtype=mdtype)
            if self._hardmask:
                for n in mdtype.names:
                    current[n] |= mask[n]
            elif mask.shape == current.shape or mask.ndim == 0:
                current[...] = mask
            else:
                current.flat = mask
        if current.shape:
            current.shape = self.shape

    _set_mask = __setmask__

    @property
    def mask(self):
        """Current mask."""
        return self._mask.view() if self._mask is not nomask else nomask

    @mask.setter
    def mask(self, value):
        self.__setmask__(value)

    @property
    def recordmask(self):
        """Get or set the mask of the array if it has no named fields: elements whose fields are all masked."""
        mask = self._mask.view(ndarray) if self._mask is not nomask else nomask
        return mask if mask is nomask or mask.dtype.names is None else _all_fields(mask)

    @recordmask.setter
    def recordmask(self, mask):
        raise NotImplementedError('Coming soon: setting the mask per records!')

    def harden_mask(self):
        """Force the mask to hard, preventing unmasking by assignment."""
        self._hardmask = True
        return self

    def soften_mask(self):
        """Force the mask to soft (default), allowing unmasking by assignment."""
        self._hardmask = False
        return self

    @property
    def hardmask(self):
        """Specifies whether values can be unmasked through assignments."""
        return self._hardmask

    def unshare_mask(self):
        """Copy the mask and set the sharedmask flag to False."""
        if self._sharedmask:
            self._mask = self._mask.copy() if self._mask is not nomask else nomask
            self._sharedmask = False
        return self

    @property
    def sharedmask(self):
        """Share status of the mask."""
        return self._sharedmask

    def shrink_mask(self):
        """Reduce a mask to nomask when possible."""
        if self._mask is not nomask:
            self._mask = _shrink_mask(self._mask)
        return self

    # ---- Data

    @property
    def baseclass(self):
        """Class of the underlying data."""
        return self._baseclass

    def _get_data(self):
        """Returns the underlying data, as a view of the masked array."""
        return ndarray.view(self, self._baseclass)

    _data = property(fget=_get_data)
    data = property(fget=_get_data)

    @property
    def flat(self):
        """Return a flat iterator, or set a flattened version of self to value."""
        return MaskedIterator(self)

    @flat.setter
    def flat(self, value):
        y = self.ravel()
        y[:] = value
        self._data.flat = y._data
        if y._mask is not nomask:
            if self._mask is nomask:
                self._mask = make_mask_none(self.shape, self.dtype)
            self._mask.flat = y._mask

    @property
    def fill_value(self):
        """The filling value of the masked array is a scalar."""
        if self._fill_value is None:
            self._fill_value = _check_fill_value(None, self.dtype)
        if isinstance(self._fill_value, ndarray):
            return self._fill_value[()]
        return self._fill_value

    @fill_value.setter
    def fill_value(self, value=None):
        target = _check_fill_value(value, self.dtype)
        if not target.ndim == 0:
            warnings.warn('Non-scalar arrays for the fill value are deprecated. Use arrays with scalar values instead. The filled '
                          'function still supports any array as `fill_value`.', DeprecationWarning, stacklevel=2)
        if self._fill_value is None:
            self._fill_value = target
        else:
            self._fill_value = np.array(target)

    def get_fill_value(self):
        """The filling value."""
        return self.fill_value

    def set_fill_value(self, value=None):
        """Set the filling value; None is the default."""
        self.fill_value = value

    def filled(self, fill_value=None):
        """Return a copy of self, with masked values filled with a given value."""
        m = self._mask
        if m is nomask:
            return self._data
        fill_value = self.fill_value if fill_value is None else _check_fill_value(fill_value, self.dtype)
        if self is masked_singleton:
            return np.asanyarray(fill_value)
        if m.dtype.names is not None:
            result = self._data.copy('K')
            _set_masked(result, self._mask, np.asarray(fill_value))
        elif not m.any():
            return self._data
        else:
            result = self._data.copy('K')
            try:
                np.copyto(result, fill_value, where=m)
            except (TypeError, AttributeError):
                result = result.astype(object)
                np.copyto(result, np.array(fill_value, dtype=object), where=m)
        return result

    def compressed(self):
        """Return all the non-masked data as a 1-D array."""
        data = ndarray.ravel(self._data)
        if self._mask is not nomask:
            data = data.compress(np.logical_not(ndarray.ravel(self._mask)))
        return data

    def compress(self, condition, axis=None, out=None):
        """Return self where condition is True; masked conditions count as False."""
        mask = self._mask
        condition = np.asarray(filled(condition, False))
        new = self._data.compress(condition, axis=axis, out=out).view(type(self))
        new._update_from(self)
        new._mask = mask.compress(condition, axis=axis) if mask is not nomask else nomask
        return new

    # ---- Printing

    def _insert_masked_print(self):
        """The data with masked values replaced by the print option, as objects."""
        if not masked_print_option.enabled():
            return self.filled(self.fill_value)
        mask = self._mask
        if mask is nomask:
            return self._data
        data = self._data
        # Only the corners of a large array are printed.
        width = self._print_width if self.ndim > 1 else self._print_width_1d
        for axis in range(self.ndim):
            if data.shape[axis] > width:
                ind = width // 2
                parts = np.split(data, (ind, -ind), axis=axis)
                data = np.concatenate((parts[0], parts[2]), axis=axis)
                parts = np.split(mask, (ind, -ind), axis=axis)
                mask = np.concatenate((parts[0], parts[2]), axis=axis)
        res = data.astype(_objects(self.dtype))
        _set_printed(res, mask, masked_print_option)
        return res

    def __str__(self):
        return str(self._insert_masked_print())

    def __repr__(self):
        name = 'array' if self._baseclass is ndarray else self._baseclass.__name__
        if np.get_printoptions().get('legacy') == '1.13':
            return self._repr_legacy(name)
        prefix = 'masked_%s(' % name
        implied = self.dtype.char in '?lqdD' and self.dtype.isnative
        shown_dtype = not implied or self.size == 0 or bool(np.all(np.asarray(self._mask)) if self.dtype.names is None else False)
        keys = ['data', 'mask', 'fill_value'] + (['dtype'] if shown_dtype else [])
        one_row = builtins.all(n == 1 for n in self.shape[:-1])
        if one_row:
            indents = {keys[0]: prefix}
            for k in keys[1:]:
                indents[k] = ' ' * len(prefix)
            prefix = ''
            lead = {k: len(indents[k]) + len(k) + 1 for k in keys}
        else:
            indents = {k: '  ' for k in keys}
            prefix += '\n'
            lead = {k: 2 + len(k) + 1 for k in keys}
        reprs = {'data': np.array2string(self._insert_masked_print(), separator=', ', prefix=' ' * lead['data'], suffix=','),
                 'mask': np.array2string(np.asarray(self._mask), separator=', ', prefix=' ' * lead['mask'], suffix=',')}
        if self._fill_value is None:
            self.fill_value
        fill = self._fill_value
        if fill.dtype.kind in 'SU' and self.dtype.kind == fill.dtype.kind:
            reprs['fill_value'] = repr(fill.item()) if fill.dtype.kind == 'U' else repr(fill.item())
        elif fill.dtype.kind == 'O' or self.dtype.kind == 'b':
            reprs['fill_value'] = repr(fill.item()) if self.dtype.kind != 'b' else repr(self.fill_value)
        else:
            reprs['fill_value'] = repr(self.fill_value)
        if shown_dtype:
            reprs['dtype'] = _short_dtype(self.dtype)
        return prefix + ',\n'.join('%s%s=%s' % (indents[k], k, reprs[k]) for k in keys) + ')'

    def _repr_legacy(self, name):
        n = len(name)
        pieces = {'name': name, 'nlen': ' ' * n, 'data': str(self), 'mask': str(self._mask), 'fill': str(self.fill_value),
                  'dtype': str(self.dtype)}
        flexible = self.dtype.names is not None
        if self.ndim <= 1:
            text = 'masked_%(name)s(data = %(data)s,\n       %(nlen)s mask = %(mask)s,\n %(nlen)s fill_value = %(fill)s'
        else:
            text = 'masked_%(name)s(data =\n %(data)s,\n       %(nlen)s mask =\n %(mask)s,\n %(nlen)s fill_value = %(fill)s'
        if flexible:
            text += ',\n      %(nlen)s dtype = %(dtype)s'
        return text % pieces + ')\n'

    # ---- Comparison and arithmetic

    def _delegate_binop(self, other):
        if isinstance(other, type(self)):
            return False
        array_ufunc = getattr(other, '__array_ufunc__', False)
        if array_ufunc is False:
            return self.__array_priority__ < getattr(other, '__array_priority__', -1000000)
        return array_ufunc is None

    def _comparison(self, other, compare):
        """Compare unmasked elements; equality of two masked ones is equality of their masks."""
        omask = getmask(other)
        smask = self.mask
        mask = mask_or(smask, omask, copy=True) if not (np.ndim(smask) and np.ndim(omask) and
                                                        getattr(smask, 'dtype', None) != getattr(omask, 'dtype', None)) else nomask
        odata = getdata(other)
        if mask is not nomask and getattr(mask, 'dtype', None) is not None and mask.dtype.names is not None:
            if compare not in (operator.eq, operator.ne):
                return NotImplemented
            shape = np.broadcast(self, odata).shape
            sbroad = np.broadcast_to(self, shape, subok=True) if self.shape != shape else self
            sdata = sbroad.filled(odata) if smask is not nomask else self._data
            mask = _all_fields(mask)
            sdata = np.asarray(sbroad._data)
            check = _compare_records(sdata, np.broadcast_to(odata, shape), np.broadcast_to(getmaskarray(self), shape), compare)
        else:
            sdata = self.data
            check = compare(sdata, odata)
            if check is NotImplemented:
                return check
        if isinstance(check, (np.bool_, bool)):
            return masked if mask is not nomask and np.any(mask) else check
        if mask is not nomask:
            if compare in (operator.eq, operator.ne):
                # Where exactly one is masked they differ; where both are they are alike.
                check = np.where(mask, compare(np.broadcast_to(smask if mask.dtype.names is None and np.ndim(smask) == 0 else
                                                               _all_fields(np.asarray(smask)), check.shape),
                                               np.broadcast_to(omask if np.ndim(omask) == 0 else _all_fields(np.asarray(omask)),
                                                               check.shape)), check)
            if mask.shape != check.shape:
                mask = np.broadcast_to(mask, check.shape).copy()
        check = check.view(type(self))
        check._update_from(self)
        check._mask = mask
        if check._fill_value is not None:
            try:
                check._fill_value = _check_fill_value(check._fill_value, np.bool_)
            except (TypeError, ValueError):
                check._fill_value = _check_fill_value(None, np.bool_)
        return check

    def __eq__(self, other):
        return self._comparison(other, operator.eq)

    def __ne__(self, other):
        return self._comparison(other, operator.ne)

    def __le__(self, other):
        return self._comparison(other, operator.le)

    def __lt__(self, other):
        return self._comparison(other, operator.lt)

    def __ge__(self, other):
        return self._comparison(other, operator.ge)

    def __gt__(self, other):
        return self._comparison(other, operator.gt)

    __hash__ = None

    @property
    def imag(self):
        """The imaginary part of the masked array."""
        r = self._data.imag.view(type(self))
        r.__setmask__(self._mask)
        return r

    @property
    def real(self):
        """The real part of the masked array."""
        r = self._data.real.view(type(self))
        r.__setmask__(self._mask)
        return r

    get_imag, get_real = imag.fget, real.fget

    def __float__(self):
        if self.size > 1:
            raise TypeError('Only length-1 arrays can be converted to Python scalars')
        if self._mask is not nomask and self._mask.any():
            warnings.warn('Warning: converting a masked element to nan.', stacklevel=2)
            return np.nan
        return float(self.item())

    def __int__(self):
        if self.size > 1:
            raise TypeError('Only length-1 arrays can be converted to Python scalars')
        if self._mask is not nomask and self._mask.any():
            raise MaskError('Cannot convert masked element to a Python int.')
        return int(self.item())

    # ---- Counting and reductions

    def count(self, axis=None, keepdims=np._NoValue if hasattr(np, '_NoValue') else False):
        """Count the non-masked elements of the array along the given axis."""
        keep = bool(keepdims) if isinstance(keepdims, (bool, int)) else False
        m = self._mask
        if m is nomask:
            if self.shape == ():
                if axis not in (None, ()):
                    raise np.exceptions.AxisError(axis=axis, ndim=self.ndim)
                return 1
            if axis is None:
                return np.array(self.size, dtype=np.intp, ndmin=self.ndim) if keep else self.size
            from numpy.lib.array_utils import normalize_axis_tuple
            axes = normalize_axis_tuple(axis, self.ndim)
            items = 1
            for ax in axes:
                items *= self.shape[ax]
            shape = list(self.shape)
            if keep:
                for ax in axes:
                    shape[ax] = 1
            else:
                for ax in sorted(axes, reverse=True):
                    del shape[ax]
            r = np.full(shape, items, dtype=np.intp)
            return r if r.ndim else r[()]
        if self is masked:
            return 0
        return (~(_all_fields(m) if m.dtype.names is not None else m)).sum(axis=axis, dtype=np.intp, keepdims=keep)

    def _reduced(self, r, mask, out, scalar=None):
        """Wrap a reduction: elements of which nothing was there are masked."""
        if out is not None:
            if isinstance(out, MaskedArray):
                if getmask(out) is nomask:
                    out._mask = make_mask_none(out.shape)
                out._mask[...] = mask
            return out
        if np.ndim(r):
            r = r.view(type(self))
            r.__setmask__(mask)
            return r
        return masked if mask is not nomask and np.any(mask) else r

    def all(self, axis=None, out=None, keepdims=False):
        """Returns True if all elements evaluate to True; masked ones are left out."""
        mask = _reduced_mask(self._mask, axis, keepdims=keepdims)
        r = self.filled(True).all(axis=axis, keepdims=keepdims)
        if out is not None:
            r = self.filled(True).all(axis=axis, out=out if not isinstance(out, MaskedArray) else out._data, keepdims=keepdims)
        return self._reduced(r, mask, out)

    def any(self, axis=None, out=None, keepdims=False):
        """Returns True if any of the elements evaluate to True; masked ones are left out."""
        mask = _reduced_mask(self._mask, axis, keepdims=keepdims)
        r = self.filled(False).any(axis=axis, keepdims=keepdims)
        if out is not None:
            r = self.filled(False).any(axis=axis, out=out if not isinstance(out, MaskedArray) else out._data, keepdims=keepdims)
        return self._reduced(r, mask, out)

    def nonzero(self):
        """Return the indices of unmasked elements that are not zero."""
        return np.asarray(self.filled(0)).nonzero()

    def trace(self, offset=0, axis1=0, axis2=1, dtype=None, out=None):
        """Return the sum along diagonals of the array."""
        if self._mask is nomask:
            r = self._data.trace(offset=offset, axis1=axis1, axis2=axis2, dtype=dtype, out=out)
            return r.astype(dtype) if dtype is not None else r
        return self.diagonal(offset=offset, axis1=axis1, axis2=axis2).astype(dtype or self.dtype).filled(0).sum(axis=-1, out=out)

    def dot(self, b, out=None, strict=False):
        """Masked dot product of two arrays."""
        return dot(self, b, out=out, strict=strict)

    def _sum_like(self, name, axis, dtype, out, keepdims, neutral):
        mask = _reduced_mask(self._mask, axis, keepdims=keepdims)
        kwargs = {'keepdims': True} if keepdims else {}
        data = self.filled(neutral)
        if out is None:
            return self._reduced(getattr(data, name)(axis, dtype=dtype, **kwargs), mask, None)
        getattr(data, name)(axis, dtype=dtype, out=getdata(out) if isinstance(out, MaskedArray) else out, **kwargs)
        return self._reduced(None, mask, out)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        """Return the sum of the array elements over the given axis; masked elements count as zero."""
        return self._sum_like('sum', axis, dtype, out, keepdims, 0)

    def prod(self, axis=None, dtype=None, out=None, keepdims=False):
        """Return the product of the array elements over the given axis; masked elements count as one."""
        return self._sum_like('prod', axis, dtype, out, keepdims, 1)

    product = prod

    def _cumulated(self, name, axis, dtype, out, neutral):
        r = getattr(self.filled(neutral), name)(axis=axis, dtype=dtype)
        if out is not None:
            getdata(out)[...] = r
            if isinstance(out, MaskedArray):
                out.__setmask__(self.mask)
            return out
        r = r.view(type(self))
        r.__setmask__(self._mask.reshape(r.shape) if self._mask is not nomask else nomask)
        return r

    def cumsum(self, axis=None, dtype=None, out=None):
        """Return the cumulative sum of the array elements over the given axis."""
        return self._cumulated('cumsum', axis, dtype, out, 0)

    def cumprod(self, axis=None, dtype=None, out=None):
        """Return the cumulative product of the array elements over the given axis."""
        return self._cumulated('cumprod', axis, dtype, out, 1)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        """Returns the average of the array elements along given axis."""
        kwargs = {'keepdims': True} if keepdims else {}
        if self._mask is nomask:
            r = np.asanyarray(self._data.mean(axis=axis, dtype=dtype, **kwargs))[()]
        else:
            if dtype is None and (self.dtype.kind in 'iub'):
                dtype = np.dtype('f8')
            total = self.sum(axis=axis, dtype=dtype, **kwargs)
            n = self.count(axis=axis, **kwargs)
            if np.ndim(n) == 0 and n == 0:
                r = masked
            else:
                half = self.dtype.type is np.float16 and dtype is None
                r = total * 1. / n
                if half:
                    r = self.dtype.type(r)
        if out is not None:
            out.flat = r
            if isinstance(out, MaskedArray):
                if getmask(out) is nomask:
                    out._mask = make_mask_none(out.shape)
                out._mask[...] = getmask(r)
            return out
        if isinstance(r, ndarray) and not isinstance(r, MaskedArray) and r.ndim:
            r = r.view(type(self))
            r._update_from(self)
            r._mask = nomask
        return r

    def anom(self, axis=None, dtype=None):
        """Compute the anomalies (deviations from the arithmetic mean) along the given axis."""
        m = self.mean(axis, dtype)
        return self - m if not axis and axis != 0 else self - np.ma.expand_dims(m, axis)

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, mean=None):
        """Returns the variance of the array elements, along given axis."""
        kwargs = {'keepdims': True} if keepdims else {}
        if self._mask is nomask:
            r = self._data.var(axis=axis, dtype=dtype, ddof=ddof, **kwargs)
            if out is not None:
                out.flat = r
                if isinstance(out, MaskedArray):
                    out.__setmask__(nomask)
                return out
            return r.view(type(self)) if isinstance(r, ndarray) and r.ndim else r
        cnt = self.count(axis=axis, **kwargs) - ddof
        danom = self - (self.mean(axis, dtype, keepdims=True) if mean is None else mean)
        danom = np.ma.absolute(danom) ** 2 if np.iscomplexobj(self) else danom * danom
        r = np.ma.divide(danom.sum(axis, **kwargs), cnt)
        if np.ndim(r):
            r = r.view(type(self))
            r._mask = mask_or(self._mask.all(axis, **kwargs), (cnt <= 0))
            r._update_from(self)
        elif getmask(r) is not nomask and np.any(getmask(r)) or np.ndim(cnt) == 0 and cnt <= 0:
            r = masked
            if out is not None:
                if isinstance(out, MaskedArray):
                    out.flat = 0
                    out.__setmask__(True)
                elif out.dtype.kind in 'biu':
                    raise MaskError('Masked data information would be lost in one or more location.')
                else:
                    out.flat = np.nan
                return out
        if out is not None:
            out.flat = getdata(r)
            if isinstance(out, MaskedArray):
                out.__setmask__(getmask(r))
            return out
        return r

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, mean=None):
        """Returns the standard deviation of the array elements along given axis."""
        v = self.var(axis, dtype, out, ddof, keepdims, mean)
        if v is masked:
            return v
        if out is not None:
            np.power(getdata(out), 0.5, out=getdata(out), casting='unsafe')
            return out
        return np.ma.sqrt(v) if isinstance(v, MaskedArray) else np.sqrt(v)

    def round(self, decimals=0, out=None):
        """Return each element rounded to the given number of decimals."""
        r = self._data.round(decimals=decimals)
        if out is not None:
            getdata(out)[...] = r
            if isinstance(out, MaskedArray):
                out.__setmask__(self._mask)
            return out
        if np.ndim(r) > 0:
            r = r.view(type(self))
            r._mask = self._mask
            r._update_from(self)
        elif self._mask is not nomask and self._mask:
            r = masked
        return r

    def _extreme_index(self, name, fill, axis, out, keepdims):
        d = self.filled(fill).view(ndarray)
        return getattr(d, name)(axis, out=out, keepdims=keepdims)

    def argmin(self, axis=None, fill_value=None, out=None, *, keepdims=False):
        """Return array of indices to the minimum values along the given axis."""
        return self._extreme_index('argmin', minimum_fill_value(self) if fill_value is None else fill_value, axis, out, keepdims)

    def argmax(self, axis=None, fill_value=None, out=None, *, keepdims=False):
        """Return array of indices to the maximum values along the given axis."""
        if fill_value is None:
            fill_value = maximum_fill_value(self._data)
        return self._extreme_index('argmax', fill_value, axis, out, keepdims)

    def _extremum(self, name, axis, out, fill_value, keepdims, default):
        mask = _reduced_mask(self._mask, axis, keepdims=keepdims)
        if fill_value is None:
            fill_value = default(self)
        kwargs = {'keepdims': True} if keepdims else {}
        data = self.filled(fill_value)
        if out is None:
            r = getattr(data, name)(axis=axis, **kwargs)
            if np.ndim(r):
                r = r.view(type(self))
                r.__setmask__(mask)
                if np.ndim(getmask(r)):
                    np.copyto(r._data, _check_fill_value(r.fill_value, r.dtype), where=r.mask)
                return r
            return masked if mask is not nomask and np.any(mask) else r
        r = getattr(data, name)(axis=axis, out=getdata(out) if isinstance(out, MaskedArray) else out, **kwargs)
        if isinstance(out, MaskedArray):
            if getmask(out) is nomask:
                out._mask = make_mask_none(out.shape)
            out._mask[...] = mask
        elif mask is not nomask and np.any(mask):
            if out.dtype.kind in 'biu':
                raise MaskError('Masked data information would be lost in one or more location.')
            np.copyto(out, np.nan, where=mask)
        return out

    def min(self, axis=None, out=None, fill_value=None, keepdims=False):
        """Return the minimum along a given axis."""
        return self._extremum('min', axis, out, fill_value, keepdims, minimum_fill_value)

    def max(self, axis=None, out=None, fill_value=None, keepdims=False):
        """Return the maximum along a given axis."""
        return self._extremum('max', axis, out, fill_value, keepdims, maximum_fill_value)

    def ptp(self, axis=None, out=None, fill_value=None, keepdims=False):
        """Return (maximum - minimum) along the given dimension."""
        if out is None:
            r = self.max(axis=axis, fill_value=fill_value, keepdims=keepdims)
            return r - self.min(axis=axis, fill_value=fill_value, keepdims=keepdims)
        out.flat = self.max(axis=axis, out=out, fill_value=fill_value, keepdims=keepdims)
        least = self.min(axis=axis, fill_value=fill_value, keepdims=keepdims)
        np.subtract(out, least, out=out, casting='unsafe')
        return out

    # ---- Sorting and shape

    def argsort(self, axis=np._NoValue if hasattr(np, '_NoValue') else -1, kind=None, order=None, endwith=True, fill_value=None,
                *, stable=False):
        """Return an ndarray of indices that sort the array along the specified axis; masked elements stand last."""
        if not isinstance(axis, (int, type(None), np.integer)):
            axis = -1
        if fill_value is None:
            if endwith:
                fill_value = np.nan if self.dtype.kind == 'f' else minimum_fill_value(self)
            else:
                fill_value = maximum_fill_value(self)
        return self.filled(fill_value).argsort(axis=axis, kind=kind, order=order)

    def sort(self, axis=-1, kind=None, order=None, endwith=True, fill_value=None, *, stable=False):
        """Sort the array, in-place; masked elements stand last."""
        if self._mask is nomask:
            self._data.sort(axis=axis, kind=kind, order=order)
            return
        if self is masked:
            return
        sidx = self.argsort(axis=axis, kind=kind, order=order, fill_value=fill_value, endwith=endwith)
        self[...] = np.take_along_axis(self, sidx, axis=axis) if axis is not None else self.ravel()[sidx].reshape(self.shape)

    def partition(self, *args, **kwargs):
        """Warns: the mask is not taken into account."""
        warnings.warn('Warning: partition will ignore the mask of the %s.' % type(self).__name__, stacklevel=2)
        return super().partition(*args, **kwargs)

    def argpartition(self, *args, **kwargs):
        """Warns: the mask is not taken into account."""
        warnings.warn('Warning: argpartition will ignore the mask of the %s.' % type(self).__name__, stacklevel=2)
        return super().argpartition(*args, **kwargs)

    def take(self, indices, axis=None, out=None, mode='raise'):
        """Take elements; masked indices give masked elements."""
        maskindices = getmask(indices)
        if maskindices is not nomask:
            indices = indices.filled(0)
        r = self._data.take(indices, axis=axis, mode=mode)
        if out is None:
            out = r.view(type(self)) if isinstance(r, ndarray) else r
        else:
            out[...] = r
        if isinstance(out, MaskedArray):
            if self._mask is nomask:
                outmask = maskindices
            else:
                outmask = self._mask.take(indices, axis=axis, mode=mode)
                outmask = outmask | maskindices if maskindices is not nomask else outmask
            out._mask = nomask
            out.__setmask__(outmask)
            return out if out.ndim or out is not r else out[()]
        m = self._mask.take(indices, axis=axis, mode=mode) if self._mask is not nomask else nomask
        return masked if m is not nomask and m or maskindices is not nomask and maskindices.any() else out

    def ravel(self, order='C'):
        """Returns a 1D version of self, as a view."""
        # K and A follow the data's memory; the mask may lie differently.
        if order in 'kKaA':
            order = 'F' if self._data.flags.fnc else 'C'
        r = ndarray.ravel(self._data, order=order).view(type(self))
        r._update_from(self)
        if self._mask is not nomask:
            r._mask = ndarray.ravel(self._mask, order=order).reshape(r.shape)
        else:
            r._mask = nomask
        return r

    def reshape(self, *s, **kwargs):
        """Give a new shape to the array without changing its data."""
        kwargs.update(order=kwargs.get('order', 'C'))
        r = self._data.reshape(*s, **kwargs).view(type(self))
        r._update_from(self)
        r._mask = self._mask.reshape(*s, **kwargs) if self._mask is not nomask else nomask
        return r

    def resize(self, newshape, refcheck=True, order=False):
        """A masked array does not own its data and therefore cannot safely be resized."""
        raise ValueError('A masked array does not own its data and therefore cannot be resized.\nUse the numpy.ma.resize function '
                         'instead.')

    def put(self, indices, values, mode='raise'):
        """Set storage-indexed locations to corresponding values."""
        if self._hardmask and self._mask is not nomask:
            mask = self._mask[indices]
            indices = np.array(indices, copy=None)
            values = np.array(values, copy=None, subok=True)
            values = np.resize(values, indices.shape) if not isinstance(values, MaskedArray) else values
            indices = indices[~mask]
            values = values[~mask]
        self._data.put(indices, getdata(values), mode=mode)
        if self._mask is nomask and getmask(values) is nomask:
            return
        m = getmaskarray(self).copy()
        if getmask(values) is nomask:
            m.put(indices, False, mode=mode)
        else:
            m.put(indices, values._mask, mode=mode)
        self._mask = make_mask(m, copy=False, shrink=True)

    def ids(self):
        """Return the addresses of the data and mask areas."""
        return (self._data.__array_interface__['data'][0],
                id(nomask) if self._mask is nomask else self._mask.__array_interface__['data'][0])

    def iscontiguous(self):
        """Return a boolean indicating whether the data is contiguous."""
        return self.flags.contiguous

    copy = _delegated('copy')
    diagonal = _delegated('diagonal')
    flatten = _delegated('flatten')
    repeat = _delegated('repeat')
    squeeze = _delegated('squeeze')
    swapaxes = _delegated('swapaxes')
    transpose = _delegated('transpose')
    T = property(lambda self: self.transpose())
    mT = property(lambda self: self.swapaxes(-1, -2))

    def astype(self, dtype, order='K', casting='unsafe', subok=True, copy=True):
        """Copy of the array, cast to a type; the mask is copied, too."""
        d = np.dtype(dtype)
        if not copy and d == self.dtype:
            return self
        r = self._data.astype(d, order, casting).view(type(self) if subok else MaskedArray)
        r._update_from(self)
        r._mask = nomask
        if r._fill_value is not None:
            try:
                r._fill_value = _check_fill_value(self._fill_value, d)
            except (TypeError, ValueError):
                r._fill_value = None
        if self._mask is not nomask:
            mdtype = make_mask_descr(d)
            r._mask = self._mask.astype(mdtype) if (mdtype.names is None) == (self._mask.dtype.names is None) else \
                make_mask_none(r.shape, d)
            r._sharedmask = False
        return r

    # ---- Export

    def tolist(self, fill_value=None):
        """Return the data portion of the masked array as a hierarchical Python list; masked elements are None."""
        mask = self._mask
        if mask is nomask:
            return self._data.tolist()
        if fill_value is not None:
            return self.filled(fill_value).tolist()
        if self.dtype.names is not None:
            r = self._data.astype([(n, object) for n in self.dtype.names])
            for n in self.dtype.names:
                r[n][mask[n] if mask[n].dtype == bool and mask[n].shape == r[n].shape else _all_fields(mask[n])] = None
            return r.tolist()
        if self.ndim == 0:
            return None if mask else self._data.item()
        flat = np.array(self._data.ravel(), dtype=object)
        flat[mask.ravel()] = None
        return flat.reshape(self.shape).tolist()

    def tobytes(self, fill_value=None, order='C'):
        """Return the array data, filled, as bytes."""
        return self.filled(fill_value).tobytes(order=order)

    tostring = tobytes

    def tofile(self, fid, sep='', format='%s'):
        """Masked arrays cannot be written so."""
        raise NotImplementedError('MaskedArray.tofile() not implemented yet.')

    def toflex(self):
        """Transforms a masked array into a flexible-type array: fields _data and _mask."""
        r = np.ndarray(shape=self.shape, dtype=[('_data', self.dtype), ('_mask', make_mask_descr(self.dtype))])
        r['_data'] = self._data
        r['_mask'] = self._mask
        return r

    torecords = toflex

    # ---- Pickling

    def __getstate__(self):
        fortran = self.flags.fnc
        return (1, self.shape, self.dtype, fortran, self._data.tobytes('F' if fortran else 'C') if not self.dtype.hasobject else
                self._data.ravel('F' if fortran else 'C').tolist(),
                getmaskarray(self).tobytes('F' if fortran else 'C'), self._fill_value)

    def __setstate__(self, state):
        _, shape, d, fortran, raw, mask, fill = state
        order = 'F' if fortran else 'C'
        if isinstance(raw, list):
            data = np.empty(len(raw), dtype=d)
            data[:] = raw
        else:
            data = np.frombuffer(bytearray(raw), d) if raw else np.zeros(0, d)
        m = np.frombuffer(bytearray(mask), make_mask_descr(d)) if mask else np.zeros(0, make_mask_descr(d))
        np.ma.core._restore(self, data.reshape(shape, order=order), m.reshape(shape, order=order))
        self.fill_value = fill

    def __reduce_ex__(self, protocol):
        return self.__reduce__()

    def __reduce__(self):
        return _mareconstruct, (type(self), self._baseclass, (0,), self.dtype), self.__getstate__()

    def __deepcopy__(self, memo=None):
        from copy import deepcopy
        copied = MaskedArray.__new__(type(self), self, copy=True, keep_mask=True)
        memo = {} if memo is None else memo
        memo[id(self)] = copied
        for k, v in self.__dict__.items():
            if k not in ('_mask',):
                copied.__dict__[k] = deepcopy(v, memo)
        if self.dtype.hasobject:
            copied._data[...] = deepcopy(self._data, memo)
        return copied


def _restore(x, data, mask):
    """Put unpickled data into a fresh array."""
    import _numpy
    _numpy._adopt(x, data)
    x._mask = mask


def _mareconstruct(subtype, baseclass, baseshape, basetype):
    """Internal function that builds a new MaskedArray from the information stored in a pickle."""
    data = np.ndarray.__new__(baseclass, baseshape, basetype)
    mask = np.ndarray.__new__(ndarray, baseshape, make_mask_descr(basetype))
    return subtype.__new__(subtype, data, mask=mask, dtype=basetype)


def _plain(m):
    m = np.asarray(m)
    return m if m.dtype.names is None else flatten_mask(m)


def _objects(d):
    """The type with every field an object."""
    if d.names is not None:
        return np.dtype([(n, _objects(d[n])) for n in d.names])
    if d.subdtype:
        return np.dtype((_objects(d.subdtype[0]), d.subdtype[1]))
    return np.dtype(object)


def _short_dtype(d):
    from numpy._print import _dtype_text
    return _dtype_text(d)


def _compare_records(a, b, masked_a, compare):
    """Equality of records, field by field; fields masked in a count as equal."""
    equal = np.ones(a.shape, bool)
    for n in a.dtype.names:
        same = a[n] == b[n]
        m = masked_a[n]
        if a[n].dtype.names is not None:
            same, m = _compare_records(a[n], b[n], masked_a[n], operator.eq), _all_fields(masked_a[n])
        same = np.asarray(same) | np.asarray(m)
        equal &= same.reshape(a.shape + (-1,)).all(-1)
    return equal if compare is operator.eq else ~equal


def _viewed_mask(mask, r):
    """The mask of a view with another dtype: kept where the shape is, else spread or gathered."""
    mdtype = make_mask_descr(r.dtype)
    if mask.shape == r.shape and mdtype == mask.dtype:
        return mask.view()
    if mdtype.names is not None and mask.dtype.names is None:
        new = np.zeros(r.shape, mdtype)
        return new
    try:
        new = mask.view(mdtype, ndarray)
        return new.reshape(r.shape)
    except (ValueError, TypeError):
        return make_mask_none(r.shape, r.dtype)


def _reduced_mask(mask, axis, keepdims=False):
    """True where everything that was reduced is masked."""
    if mask is nomask:
        return nomask
    if mask.dtype.names is not None:
        mask = _all_fields(mask)
    return mask.all(axis=axis, keepdims=bool(keepdims))


def isMaskedArray(x):
    """Test whether input is an instance of MaskedArray."""
    return isinstance(x, MaskedArray)


isarray = isMA = isMaskedArray


masked_array = MaskedArray

from numpy.ma._special import MaskedConstant, masked, masked_singleton, mvoid  # noqa: E402,F401


def array(data, dtype=None, copy=False, order=None, mask=nomask, fill_value=None, keep_mask=True, hard_mask=False, shrink=True,
          subok=True, ndmin=0):
    """Shortcut to MaskedArray."""
    return MaskedArray(data, mask=mask, dtype=dtype, copy=copy, subok=subok, keep_mask=keep_mask, hard_mask=hard_mask,
                       fill_value=fill_value, ndmin=ndmin, shrink=shrink, order=order)


def is_masked(x):
    """Determine whether input has masked values."""
    m = getmask(x)
    return False if m is nomask else bool(_plain(m).any())


from numpy.ma._ufuncs import *  # noqa: E402,F401,F403
from numpy.ma._ufuncs import (_DomainCheckInterval, _DomainGreater, _DomainGreaterEqual, _DomainSafeDivide, _DomainTan,  # noqa: E402,F401
                              _DomainedOperation, _MaskedBinaryOperation, _MaskedUFunc, _MaskedUnaryOperation)
from numpy.ma._functions import *  # noqa: E402,F401,F403
from numpy.ma._functions import _convert2ma, _frommethod  # noqa: E402,F401
from numpy.ma._functions import dot  # noqa: E402,F811
