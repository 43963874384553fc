"""numba.typed: List, Dict and Set that know the type of their items.

Outside kernels they are Python's list, dict and set, with the type kept for what is empty. A kernel gets a copy and what
it changed is put back when it ends, as with Python's own.
"""
from numba.core.config import config
from numba.core import types
from numba.core.errors import TypingError
from numba.core.types import typeof

__all__ = ["List", "Dict", "Set"]


class List(list):
    """A list whose items have one type: List(iterable), or List.empty_list(type)."""

    _numba_ = None

    def __new__(cls, *args, **kwargs):
        return list(*args) if config.DISABLE_JIT else super().__new__(cls)

    def __init__(self, *args, **kwargs):
        if kwargs:
            raise TypeError("List() takes no keyword arguments")
        if len(args) > 1:
            raise TypeError(f"List() expected at most 1 argument, got {len(args)}")
        if args and not hasattr(args[0], "__iter__"):
            raise TypeError("List() argument must be iterable")
        super().__init__(*args)

    @classmethod
    def empty_list(cls, item_type, allocated=0):
        """An empty list of items of this type."""
        made = cls()
        if not config.DISABLE_JIT:
            made._numba_ = f"ListType[{item_type}]"
        return made

    @property
    def _typed(self):
        return bool(self._numba_ or self)

    @property
    def _dtype(self):
        if not self._typed:
            raise RuntimeError("invalid operation on untyped list")
        return types.from_text(_item(self))

    def getitem_unchecked(self, index):
        """self[index]: krait checks all the same."""
        return self[index]

    def copy(self):
        made = type(self)(self)
        made._numba_ = self._numba_
        return made

    def __repr__(self):
        return f"ListType[{_item(self)}]({list.__repr__(self)})"

    def __str__(self):
        return list.__repr__(self)


def _item(values):
    if values._numba_:
        return values._numba_[9:-1]
    for x in values:
        return str(typeof(x))
    return "Undefined"


def _check_contained(kind, place):
    """Lists and sets of Python's are no keys or values of a Dict."""
    if isinstance(kind, (types.List, types.Set)):
        raise TypingError(f"{kind} as {place} is forbidden")


class Dict(dict):
    """A dict whose keys and values have one type each: Dict(), or Dict.empty(key_type, value_type)."""

    _numba_ = None

    def __new__(cls, *args, **kwargs):
        return dict(*args, **kwargs) if config.DISABLE_JIT else super().__new__(cls)

    @classmethod
    def empty(cls, key_type, value_type, n_keys=0):
        """An empty dict for keys and values of these types."""
        made = cls()
        if not config.DISABLE_JIT:
            _check_contained(key_type, "key")
            _check_contained(value_type, "value")
            made._numba_ = f"DictType[{key_type},{value_type}]"
        return made

    @property
    def _typed(self):
        return bool(self._numba_ or self)

    def popitem(self):
        if not self:
            raise KeyError("dictionary is empty")
        return super().popitem()

    def setdefault(self, *args):
        if len(args) == 1 and not self._typed:
            raise TypeError("invalid operation on untyped dictionary")
        return super().setdefault(*args)

    def copy(self):
        made = type(self)(self)
        made._numba_ = self._numba_
        return made

    def __repr__(self):
        if self._numba_:
            name = self._numba_[9:-1]
        else:
            name = ",".join(str(typeof(x)) for pair in list(self.items())[:1] for x in pair) or "undefined,undefined"
        return f"DictType[{name}]<iv=None>({dict.__repr__(self)})"

    def __str__(self):
        return dict.__repr__(self)


class Set(set):
    """A set whose items have one type."""

    _numba_ = None

    def __init__(self, item_type=None):
        super().__init__()
        if item_type is not None:
            self._numba_ = f"Set({item_type})"
