"""numpy.ma: the two special masked arrays: a record with masked fields, and the constant `masked`."""
import warnings

import numpy as np
from numpy import ndarray
from numpy.ma._fill import make_mask_descr, nomask
from numpy.ma.core import MaskedArray, _objects, _set_printed, masked_print_option


class mvoid(MaskedArray):
    """A 0-d record with a mask of its fields."""

    def __new__(self, data, mask=nomask, dtype=None, fill_value=None, hardmask=False, copy=False, subok=True):
        new = np.array(data, copy=copy or None, subok=subok, dtype=dtype)
        new = new.view(self)
        new._hardmask = hardmask
        if mask is not nomask:
            if isinstance(mask, np.void):
                new._mask = np.asarray(mask)
            else:
                try:
                    new._mask = np.array(mask, dtype=make_mask_descr(new.dtype))
                except TypeError:
                    new._mask = np.array(tuple([mask] * len(new.dtype.names)), dtype=make_mask_descr(new.dtype))
        if fill_value is not None:
            new.fill_value = fill_value
        return new

    @property
    def _data(self):
        return super()._data[()]

    def __getitem__(self, indx):
        m = self._mask
        if isinstance(m[indx] if m is not nomask else 0, ndarray):
            return MaskedArray(data=self._data[indx], mask=m[indx], fill_value=self._fill_value[indx] if self._fill_value is not None
                                else None, hard_mask=self._hardmask)
        if m is not nomask and m[indx]:
            return masked
        return self._data[indx]

    def __setitem__(self, indx, value):
        view = ndarray.view(self, ndarray)
        name = self.dtype.names[indx] if isinstance(indx, int) else indx
        if value is not masked:
            view[name] = value
        if self._hardmask:
            self._mask[name] |= getattr(value, '_mask', False)
        else:
            self._mask[name] = getattr(value, '_mask', False)

    def __str__(self):
        m = self._mask
        if m is nomask:
            return str(self._data)
        res = np.array(tuple(self._data), dtype=_objects(self.dtype))
        _set_printed(res, np.asarray(m), masked_print_option)
        return str(res[()])
    __repr__ = __str__

    def __iter__(self):
        if self._mask is nomask:
            yield from self._data
        else:
            for d, m in zip(self._data, self._mask[()] if isinstance(self._mask, ndarray) else self._mask):
                yield masked if np.ndim(m) == 0 and m else d

    def __len__(self):
        return len(self._data)

    def filled(self, fill_value=None):
        """Return a copy with masked fields filled with a given value."""
        return np.asarray(self).view(MaskedArray).__class__.filled(_as_masked(self), fill_value)[()]

    def tolist(self):
        """Transforms the mvoid object into a tuple; masked fields are None."""
        if self._mask is nomask:
            return self._data.tolist()
        return tuple(None if x is masked else x.item() if hasattr(x, 'item') and np.ndim(x) == 0 else
                     x.tolist() if hasattr(x, 'tolist') else x for x in self)


def _as_masked(x):
    new = ndarray.view(x, ndarray).view(MaskedArray)
    new._mask = x._mask if x._mask is nomask else np.asarray(x._mask)
    new._fill_value = x._fill_value
    return new


masked_singleton = None


class MaskedConstant(MaskedArray):
    """The class of `masked`, of which there is one."""
    __singleton = None

    def __new__(cls):
        if cls.__singleton is None:
            data, mask = np.array(0.), np.array(True)
            data.flags.writeable = False
            mask.flags.writeable = False
            cls.__singleton = MaskedArray(data, mask=mask).view(cls)
            cls.__singleton.__dict__['_mask'] = mask
        return cls.__singleton

    def __array_finalize__(self, obj):
        if self.__singleton is None:
            super().__array_finalize__(obj)
        elif self is self.__singleton:
            pass
        else:
            # A copy of the constant is an ordinary masked array.
            self.__class__ = MaskedArray
            MaskedArray.__array_finalize__(self, obj)

    def __array_wrap__(self, obj, context=None, return_scalar=False):
        return self.view(MaskedArray).__array_wrap__(obj, context)

    def __str__(self):
        return str(masked_print_option._display)

    def __repr__(self):
        return 'masked' if self is masked_singleton else object.__repr__(self)

    def __format__(self, format_spec):
        try:
            return object.__format__(self, format_spec)
        except TypeError:
            warnings.warn('Format strings passed to MaskedConstant are ignored, but in future may error or produce different '
                          'behavior', FutureWarning, stacklevel=2)
            return object.__format__(self, '')

    def __reduce__(self):
        return self.__class__, ()

    def _inplace(self, other):
        return self
    __iadd__ = __isub__ = __imul__ = __ifloordiv__ = __itruediv__ = __ipow__ = _inplace

    def copy(self, *args, **kwargs):
        """The constant itself."""
        return self

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __setattr__(self, attr, value):
        if attr in ('__class__',) or self is not masked_singleton:
            return super().__setattr__(attr, value)
        raise AttributeError('attributes of %r are not writeable' % self)


masked = masked_singleton = MaskedConstant()
