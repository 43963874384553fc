"""Where the members of structures and unions lie: gcc's rules on x86-64 and arm64, packing and bit fields included."""
from _ctypes_core import Field, aggregate_info, buffer_info, alignment, sizeof


class _Place:
    """A layout under way: `offset` of the next member; the open bit field's word of `word` bits, `used` of them taken."""

    def __init__(self, offset, align, is_union):
        self.offset = self.size = offset
        self.align = align
        self.word = self.used = 0
        self.is_union = is_union

    def put(self, cls, bits, pack):
        """The offset of a new member, and the first bit of it."""
        size, align = sizeof(cls), alignment(cls)
        if pack:
            align = min(pack, align)
        if self.is_union:
            self.size = max(self.size, size)
            self.align = max(self.align, align)
            return 0, 0
        width = size * 8
        if bits and self.word and width <= self.word and self.used + bits <= self.word:
            start = self.used  # goes on in the open word
            self.used += bits
            return self.offset - size, start
        if bits and self.word and width >= self.word and self.used + bits <= width:
            self.offset += size - self.word // 8  # the word grows to the wider type
            self.size = self.offset
            self.word = width
            start = self.used
            self.used += bits
            return self.offset - size, start
        self.word, self.used = (width, bits) if bits else (0, 0)
        self.offset += -self.offset % align
        place = self.offset
        self.offset += size
        self.size = self.offset
        self.align = max(self.align, align)
        return place, 0


def _check(field):
    try:
        name, cls, *rest = field
    except (TypeError, ValueError):
        raise TypeError("_fields_ must be a sequence of (name, C type) pairs") from None
    if not isinstance(name, str):
        raise TypeError("_fields_ must be a sequence of (name, C type) pairs")
    if getattr(cls, "_ctypes_info_", None) is None:
        raise TypeError("second item in _fields_ tuple must be a C type")
    bits = None
    if rest:
        bits = rest[0]
        code = getattr(cls, "_type_", None)
        if not isinstance(code, str) or code not in "bBhHiIlLqQ?":
            raise TypeError("bit fields not allowed for type %s" % cls.__name__)
        if not isinstance(bits, int):
            raise TypeError("an integer is required")
        if not 1 <= bits <= sizeof(cls) * 8:
            raise ValueError("number of bits invalid for bit field")
    return name, cls, bits


def _format(fields, places, size):
    """PEP 3118's description, padding written out."""
    parts, at = [], 0
    for (name, kind, bits), (offset, shift) in zip(fields, places):
        if bits:
            return "B"
        if offset > at:
            parts.append("%dx" % (offset - at) if offset - at > 1 else "x")
        format, rank, shape = buffer_info(kind)
        if rank:
            format = "(%s)%s" % (",".join(map(str, shape)), format)
        parts.append("%s:%s:" % (format, name))
        at = offset + sizeof(kind)
    if size > at:
        parts.append("%dx" % (size - at) if size - at > 1 else "x")
    return "T{%s}" % "".join(parts)


def _forward(cls, anonymous):
    """Members of unnamed members are members."""
    for name in anonymous:
        if not isinstance(name, str) or name not in cls.__dict__:
            raise AttributeError(name)
        outer = cls.__dict__[name]
        if not isinstance(outer, Field_type):
            raise AttributeError("'%s' is specified in _anonymous_ but not in _fields_" % name)
        inner_cls = dict((field[0], field[1]) for field in cls._ctypes_fields_)[name]
        if not hasattr(inner_cls, "_ctypes_names_"):
            raise AttributeError("'%s' is specified in _anonymous_ but not a structure or union" % name)
        for inner in inner_cls.__dict__:
            field = inner_cls.__dict__[inner]
            if isinstance(field, Field_type):
                type.__setattr__(cls, inner, _shift(field, outer, inner_cls, inner))
                cls._ctypes_places_[inner] = inner_cls._ctypes_places_[inner]


def _shift(field, outer, inner_cls, name):
    cls, bits = inner_cls._ctypes_places_[name]
    size = field.size
    shift, bits = (size & 0xffff, size >> 16) if bits else (0, 0)
    return Field(cls, outer.offset + field.offset, sizeof(cls), 0, bits, shift)


def define(cls, fields, is_union):
    """Lays the members out, and makes the class's info and descriptors."""
    if cls.__dict__.get("_ctypes_info_") is not None and not cls.__dict__.get("_ctypes_open_"):
        raise AttributeError("_fields_ is final")
    base = cls.__bases__[0]
    if base.__dict__.get("_ctypes_open_"):
        type.__setattr__(base, "_ctypes_open_", False)
    base_info = getattr(base, "_ctypes_info_", None)
    pack = getattr(cls, "_pack_", 0)
    if not isinstance(pack, int):
        raise ValueError("_pack_ must be an integer")
    if pack < 0:
        raise ValueError("_pack_ must be a non-negative integer")
    checked = [_check(field) for field in fields]
    place = _Place(sizeof(base) if base_info is not None and not is_union else 0,
                   alignment(base) if base_info is not None else 1, is_union)
    if base_info is not None and is_union:
        place.size = sizeof(base)
    names = list(getattr(base, "_ctypes_names_", ()))
    kinds = list(getattr(base, "_ctypes_kinds_", ()))
    inherited = sizeof(base) if base_info is not None else 0
    places, table = [], {}
    big = hasattr(cls, "_swappedbytes_")
    for name, kind, bits in checked:
        if kind is cls:
            raise AttributeError("Structure or union cannot contain itself")
        for owner in (kind, getattr(kind, "_type_", None)):
            if isinstance(owner, type) and owner.__dict__.get("_ctypes_open_"):
                type.__setattr__(owner, "_ctypes_open_", False)
        offset, shift = place.put(kind, bits, pack)
        if bits and big:
            shift = sizeof(kind) * 8 - shift - bits
        places.append((offset, shift))
        type.__setattr__(cls, name, Field(kind, offset, sizeof(kind), len(names), bits or 0, shift))
        table[name] = (kind, bits)
        names.append(name)
        kinds.append(kind)
    size = place.size + -place.size % place.align
    has_bits = any(bits for name, kind, bits in checked) or getattr(base, "_ctypes_bits_", False)
    format = "B" if is_union or inherited or pack else _format(checked, places, size)
    type.__setattr__(cls, "_ctypes_info_", aggregate_info(is_union, size, place.align, len(names), kinds, has_bits, format))
    for attribute, value in (("_ctypes_names_", names), ("_ctypes_kinds_", kinds), ("_ctypes_places_", table),
                             ("_ctypes_fields_", list(fields)), ("_ctypes_bits_", has_bits), ("_ctypes_open_", False)):
        type.__setattr__(cls, attribute, value)
    if "_anonymous_" in cls.__dict__:
        _forward(cls, cls._anonymous_)


Field_type = type(Field(None, 0, 0, 0, 0, 0))
