"""numba.types: what signatures are made of, `float64(float64[:], int64)`, and what overloads look at.

A type is its text, which _jit reads; its class says what kind of type it is (Integer, Array, UniTuple, ...). Equal text is
equal type.
"""
import math

import _jit


class Signature:
    """What calling a type gives: a return type and argument types."""

    def __init__(self, text, return_type=None, args=()):
        self.text = text
        self.return_type = return_type
        self.args = tuple(args)

    def __str__(self):
        return self.text

    __repr__ = __str__


class Type:
    """A type by its name in signatures."""

    mutable = False

    def __init__(self, name):
        self.name = name

    @property
    def key(self):
        return self.name

    def __str__(self):
        return self.name

    __repr__ = __str__

    def __eq__(self, other):
        return isinstance(other, Type) and other.name == self.name

    def __hash__(self):
        return hash(self.name)

    def __call__(self, *args):
        if len(args) == 1 and isinstance(args[0], tuple):
            args = args[0]
        if len(args) == 1 and isinstance(args[0], (int, float, complex)):
            return {"f": float, "i": int, "u": int, "c": complex, "b": bool}[self.name[0]](args[0])
        return Signature(f"{self.name}({', '.join(str(a) for a in args)})", self, args)

    def __getitem__(self, index):
        """float64[:, ::1]: an array type."""
        parts = index if isinstance(index, tuple) else (index,)
        dense = [p.step == 1 for p in parts]
        layout = "C" if dense[-1] else "F" if dense[0] else "A"
        return Array(self, len(parts), layout)

    def is_precise(self):
        return True


class _Overload:
    """An entry of f.overloads: a signature and what it is called by."""

    def __init__(self, signature, entry_point):
        self.signature, self.entry_point = signature, entry_point


def overload_entry(args, text, dispatcher):
    """For _jit: the entry of a specialisation, whose text is "(int64) -> float64"."""
    return _Overload(Signature(text, from_text(text.rpartition(" -> ")[2]), args), dispatcher)


class Dummy(Type):
    """What has one value, or none."""


class Opaque(Dummy):
    pass


class NoneType(Opaque):
    pass


class Hashable(Type):
    pass


class Number(Hashable):
    """Numbers of one kind are ordered by their width."""

    def __lt__(self, other):
        return self.bitwidth < other.bitwidth if type(self) is type(other) else NotImplemented

    def __le__(self, other):
        return self.bitwidth <= other.bitwidth if type(self) is type(other) else NotImplemented


class Boolean(Hashable):
    bitwidth = 8


class Integer(Number):
    """An int of a fixed width."""

    def __init__(self, name):
        super().__init__(name)
        self.signed = not name.startswith("u")
        self.bitwidth = int(name.lstrip("uint"))

    @property
    def minval(self):
        return -(1 << self.bitwidth - 1) if self.signed else 0

    @property
    def maxval(self):
        return (1 << self.bitwidth - self.signed) - 1


class Float(Number):
    def __init__(self, name):
        super().__init__(name)
        self.bitwidth = int(name[5:])


class Complex(Number):
    def __init__(self, name):
        super().__init__(name)
        self.bitwidth = int(name[7:])

    @property
    def underlying_float(self):
        return float32 if self.bitwidth == 64 else float64  # noqa: F821


class UnicodeType(Hashable):
    pass


class Literal(Type):
    """The type of a value that is known; kernels make none."""


class IntegerLiteral(Literal, Integer):
    pass


class StringLiteral(Literal, Dummy):
    pass


class BooleanLiteral(Literal, Boolean):
    pass


class SliceLiteral(Literal):
    pass


class Omitted(Opaque):
    """The type of an argument left to its default."""

    def __init__(self, value):
        super().__init__(f"omitted(default={value!r})")
        self.value = value


class SliceType(Type):
    pass


class RangeType(Type):
    pass


class Callable(Type):
    pass


class Function(Callable):
    pass


class Dispatcher(Callable):
    pass


class DType(Opaque):
    """The type of a dtype, or of the class of a NumPy scalar, as an argument."""

    def __init__(self, dtype):
        super().__init__(f"dtype({dtype})")
        self.dtype = dtype


class NumberClass(DType):
    @property
    def instance_type(self):
        return self.dtype


class Buffer(Type):
    """Memory of elements of one type."""

    mutable = True

    @property
    def is_c_contig(self):
        return self.layout == "C" or (self.ndim <= 1 and self.layout in "CF")

    @property
    def is_f_contig(self):
        return self.layout == "F" or (self.ndim <= 1 and self.layout in "CF")

    @property
    def is_contig(self):
        return self.layout in "CF"


class Array(Buffer):
    """The type of an array: layout is "C", "F" or "A"."""

    def __init__(self, dtype, ndim, layout, readonly=False, name=None, aligned=True):
        super().__init__(f"array({dtype}, {ndim}d, {layout}{', readonly' if readonly else ''})")
        self.dtype, self.ndim, self.layout = dtype, ndim, layout
        self.mutable, self.aligned = not readonly, aligned

    @property
    def readonly(self):
        return not self.mutable

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        return Array(dtype or self.dtype, self.ndim if ndim is None else ndim, layout or self.layout,
                     not self.mutable if readonly is None else readonly)


class BaseTuple(Hashable):
    pass


class BaseAnonymousTuple(BaseTuple):
    pass


class Tuple(BaseAnonymousTuple):
    """The type of a tuple of these types."""

    def __new__(cls, types=(), count=None):
        types = tuple(types) if cls is Tuple else types
        if cls is Tuple and types and all(t == types[0] for t in types):
            return UniTuple(types[0], len(types))
        return super().__new__(cls)

    def __init__(self, types=()):
        self.types = tuple(types)
        self.count = len(self.types)
        super().__init__(f"Tuple({', '.join(str(t) for t in self.types)})")

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter(self.types)

    def __getitem__(self, i):
        return self.types[i]


class UniTuple(BaseAnonymousTuple):
    """The type of a tuple of `count` values of one type."""

    def __init__(self, dtype, count):
        self.dtype, self.count = dtype, count
        self.types = (dtype,) * count
        super().__init__(f"UniTuple({dtype} x {count})")

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter(self.types)

    def __getitem__(self, i):
        return self.dtype


class Optional(Type):
    """The type of what is a `type` or None."""

    def __init__(self, type):
        self.type = type
        super().__init__(f"OptionalType({type})")


class List(Type):
    """The type of a list of these items."""

    mutable = True

    def __init__(self, dtype, reflected=False, initial_value=None):
        self.dtype = self.item_type = dtype
        self.reflected = reflected
        super().__init__(f"{'reflected ' if reflected else ''}list({dtype})<iv=None>")


class Set(Type):
    """The type of a set of these items."""

    mutable = True

    def __init__(self, dtype, reflected=False):
        self.dtype, self.reflected = dtype, reflected
        super().__init__(f"{'reflected ' if reflected else ''}set({dtype})")


class ListType(Type):
    """The type of a typed list."""

    mutable = True

    def __init__(self, itemty):
        self.item_type = self.dtype = itemty
        super().__init__(f"ListType[{itemty}]")


class DictType(Type):
    """The type of a dict."""

    mutable = True

    def __init__(self, keyty, valty, initial_value=None):
        self.key_type, self.value_type = keyty, valty
        super().__init__(f"DictType[{keyty},{valty}]")


class CPointer(Type):
    """The type of a pointer, for signatures of @cfunc."""

    mutable = True

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(f"{dtype}*")


class ClassInstanceType(Type):
    """The type of a jitclass's instances."""


class UnicodeCharSeq(Type):
    """The type of a field of `count` characters."""

    def __init__(self, count):
        self.count = count
        super().__init__(f"[unichr x {count}]")


class CharSeq(Type):
    """The type of a field of `count` bytes."""

    def __init__(self, count):
        self.count = count
        super().__init__(f"[char x {count}]")


class NestedArray(Array):
    """The type of a field that is an array of this shape."""

    def __init__(self, dtype, shape):
        super().__init__(dtype, len(shape), "C")
        self.shape = tuple(shape)
        self.name = f"nestedarray({dtype}, {self.shape})"

    @property
    def size(self):
        return as_dtype(self.dtype).itemsize * math.prod(self.shape)


class _Field:
    """A field of a record's type."""

    def __init__(self, row):
        dtype, self.offset, self.title = (*row, None)[:3]
        base, shape = dtype.subdtype or (dtype, ())
        self.type = NestedArray(from_dtype(base), shape) if shape else from_dtype(base)
        self.alignment = dtype.alignment


class Record(Type):
    """The type of one record of a structured array, whose dtype is `dtype`."""

    mutable = True

    def __init__(self, name, dtype=None):
        super().__init__(name)
        self.dtype = dtype

    @classmethod
    def make_c_struct(cls, name_types):
        """The type of a C struct with these fields, (name, type) pairs."""
        import numpy
        return from_dtype(numpy.dtype([(name, as_dtype(kind)) for name, kind in name_types], align=True))

    @property
    def fields(self):
        return {name: _Field(row) for name, row in self.dtype.fields.items()}

    @property
    def members(self):
        return [(name, self.typeof(name)) for name in self.dtype.names]

    @property
    def size(self):
        return self.dtype.itemsize

    @property
    def aligned(self):
        return self.dtype.isalignedstruct

    def __len__(self):
        return len(self.dtype.fields)

    def __bool__(self):
        return True

    def typeof(self, name):
        return _Field(self.dtype.fields[name]).type

    def offset(self, name):
        return self.dtype.fields[name][1]

    def alignof(self, name):
        return self.dtype.fields[name][0].alignment

    def has_titles(self):
        return any(len(row) > 2 for row in self.dtype.fields.values())

    def is_title(self, name):
        return self.dtype.fields[name][2:] == (name,)


def ClassInstance(cls):
    """The type of a jitclass's instances."""
    return ClassInstanceType(_jit._class_text(cls))


int8, int16, int32, int64 = (Integer(f"int{n}") for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (Integer(f"uint{n}") for n in (8, 16, 32, 64))
float32, float64 = Float("float32"), Float("float64")
complex64, complex128 = Complex("complex64"), Complex("complex128")
boolean = bool_ = b1 = Boolean("bool")
none = void = NoneType("none")
intp, uintp, intc, uintc = int64, uint64, int32, uint32
i1, i2, i4, i8 = int8, int16, int32, int64
u1, u2, u4, u8 = uint8, uint16, uint32, uint64
f4, f8, c8, c16 = float32, float64, complex64, complex128
byte, char, uchar, short, ushort = uint8, int8, uint8, int16, uint16
int_, uint, long_, ulong, longlong, ulonglong = int64, uint64, int64, uint64, int64, uint64
ssize_t, size_t = int64, uint64
double, float_ = float64, float32
unicode_type = string = UnicodeType("unicode_type")
voidptr = CPointer(none)
undefined, pyobject = Type("undefined"), Type("pyobject")
ellipsis, slice2_type, slice3_type = Type("ellipsis"), SliceType("slice<a:b>"), SliceType("slice<a:b:c>")
optional = Optional
signed_domain = integer_domain = frozenset([int8, int16, int32, int64])
unsigned_domain = frozenset([uint8, uint16, uint32, uint64])
integer_domain = signed_domain | unsigned_domain
real_domain, complex_domain = frozenset([float32, float64]), frozenset([complex64, complex128])
number_domain = real_domain | integer_domain | complex_domain

_SIMPLE = {t.name: t for t in (int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, complex64,
                               complex128, boolean, none, unicode_type)}


class _Reader:
    """Types from the text in which _jit.typeof and compiled signatures give them."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def eat(self, word):
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def until(self, stops):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in stops:
            self.at += 1
        return self.text[start:self.at]

    def items(self, close):
        found = []
        while not self.eat(close):
            found.append(self.type())
            self.eat(", ") or self.eat(",")
        return found

    def type(self):
        start = self.at
        word = self.until("([,)] ")
        if word in _SIMPLE:
            if not self.eat("["):
                return _SIMPLE[word]
            dense = ["1" in part for part in self.until("]").split(",")]
            self.eat("]")
            return Array(_SIMPLE[word], len(dense), "C" if dense[-1] else "F" if dense[0] else "A")
        if word in ("array", "Array") and self.eat("("):
            dtype = self.type()
            self.eat(", ")
            ndim = int(self.until("d,"))
            self.eat("d")
            self.eat(", ")
            layout = self.until(",)").strip("'")
            readonly = self.until(")")
            self.eat(")")
            return Array(dtype, ndim, layout, bool(readonly))
        if word == "UniTuple" and self.eat("("):
            dtype = self.type()
            self.eat(" x ") or self.eat(", ")
            count = int(self.until(")"))
            self.eat(")")
            return UniTuple(dtype, count)
        if word == "Tuple" and self.eat("("):
            return Tuple(self.items(")"))
        if word == "OptionalType" and self.eat("("):
            return Optional(self.items(")")[0])
        if word == "reflected" and self.eat(" "):
            kind = Set if self.eat("set(") else List
            self.eat("list(")
            found = kind(self.items(")")[0], True)
            self.eat("<iv=None>")
            return found
        if word == "DictType" and self.eat("["):
            found = DictType(*self.items("]"))
            self.eat("<iv=None>")
            return found
        if word == "ListType" and self.eat("["):
            return ListType(self.items("]")[0])
        depth = 0
        self.at = start
        while self.at < len(self.text) and (depth or self.text[self.at] not in ",)]"):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self.text[self.at], 0)
            self.at += 1
        return _other(self.text[start:self.at])


def _other(text):
    if text.startswith("func(numpy."):
        return NumberClass(_SIMPLE.get(text[11:-1].rstrip("_"), Type(text)))
    if text.startswith("func("):
        return Function(text)
    if text.startswith("slice"):
        return SliceType(text)
    if text.startswith("range"):
        return RangeType(text)
    return Record(text) if text.startswith("record(") else Type(text)


def from_text(text):
    """The type that this text spells."""
    reader = _Reader(text)
    found = reader.type()
    return found if reader.at == len(text) else Type(text)


def from_dtype(dtype):
    """The type of the elements of arrays of this dtype."""
    if dtype.fields is None and dtype.kind in "biufc" and dtype.name in _SIMPLE:
        return _SIMPLE[dtype.name]
    if dtype.fields is not None:
        import numpy
        return Record(_jit.typeof(numpy.zeros((), dtype)[()]), dtype)
    if dtype.kind in "US":
        return UnicodeCharSeq(dtype.itemsize // 4) if dtype.kind == "U" else CharSeq(dtype.itemsize)
    raise NotImplementedError(f"{dtype!r} has no type in kernels")


def as_dtype(kind):
    """The dtype of arrays whose elements are of this type."""
    import numpy
    if kind.name in _SIMPLE:
        return numpy.dtype(kind.name)
    if isinstance(kind, Record):
        return kind.dtype
    if isinstance(kind, NestedArray):
        return numpy.dtype((as_dtype(kind.dtype), kind.shape))
    if isinstance(kind, (UnicodeCharSeq, CharSeq)):
        return numpy.dtype(("U" if isinstance(kind, UnicodeCharSeq) else "S") + str(kind.count))
    raise NotImplementedError(f"{kind} is the type of no array's elements")


def typeof(value):
    """The type that a kernel sees in a value."""
    return from_text(_jit.typeof(value))


__all__ = ("int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128 boolean void intp uintp "
           "intc uintc b1 bool_ i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16 int_ double float_ none optional unicode_type byte "
           "char uchar short ushort uint long_ ulong longlong ulonglong ssize_t size_t").split()
