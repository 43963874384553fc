"""Types for signatures: `float64(float64[:], int64)`. A type is its text; _jit reads it."""
import _jit


def ClassInstance(cls):
    """The type of a jitclass's instances."""
    return Type(_jit._class_text(cls))


class Signature:
    """What calling a type gives: the text of a signature."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    __repr__ = __str__


class Type:
    """A type by its name in signatures."""

    def __init__(self, name):
        self.name = name

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
        return Signature(f"{self.name}({', '.join(str(a) for a in args)})")

    def __getitem__(self, index):
        """float64[:, ::1]: an array type."""
        parts = index if isinstance(index, tuple) else (index,)
        return Type(f"{self.name}[{', '.join('::1' if p.step == 1 else ':' for p in parts)}]")


_NAMES = ("int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128 boolean void "
          "intp uintp intc uintc").split()
for _name in _NAMES:
    globals()[_name] = Type(_name)
b1 = bool_ = boolean  # noqa: F821
i1, i2, i4, i8 = int8, int16, int32, int64  # noqa: F821
u1, u2, u4, u8 = uint8, uint16, uint32, uint64  # noqa: F821
f4, f8, c8, c16 = float32, float64, complex64, complex128  # noqa: F821
int_ = int64  # noqa: F821
double, float_ = float64, float32  # noqa: F821
none = void  # noqa: F821


unicode_type = string = Type("unicode_type")
undefined = Type("undefined")
ellipsis, slice2_type, slice3_type = Type("ellipsis"), Type("slice2"), Type("slice3")
pyobject = Type("pyobject")


def _dimensions(ndim, layout):
    """":, ::1" and so on."""
    parts = [":"] * ndim
    if ndim and layout == "C":
        parts[-1] = "::1"
    if ndim > 1 and layout == "F":
        parts[0] = "::1"
    return ", ".join(parts)


def Array(dtype, ndim, layout, readonly=False, aligned=True):
    """The type of an array: layout is "C", "F" or "A"."""
    return Type(f"{dtype}[{_dimensions(ndim, layout)}]")


def List(dtype, reflected=False):
    """The type of a list of these items."""
    return Type(f"List({dtype})")


def ListType(dtype):
    """The type of a typed list."""
    return Type(f"ListType[{dtype}]")


def DictType(key, value):
    """The type of a dict."""
    return Type(f"DictType[{key},{value}]")


def Set(dtype, reflected=False):
    """The type of a set."""
    return Type(f"Set({dtype})")


def Optional(dtype):
    """The type of what is a dtype or None."""
    return Type(f"Optional({dtype})")


optional = Optional


def Tuple(types):
    """The type of a tuple of these types."""
    return Type(f"Tuple({', '.join(str(t) for t in types)})")


def UniTuple(dtype, count):
    """The type of a tuple of `count` values of one type."""
    return Type(f"UniTuple({dtype}, {count})")


def from_dtype(dtype):
    """The type of the elements of arrays of this dtype."""
    if dtype.fields is None and dtype.kind in "biufc":
        return Type({"bool": "boolean"}.get(dtype.name, dtype.name))
    raise NotImplementedError(f"{dtype!r} has no type in kernels")


def typeof(value):
    """The type that a kernel sees in a value."""
    return Type(_jit.typeof(value))


__all__ = _NAMES + ["b1", "bool_", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16", "int_",
                    "double", "float_", "none", "optional", "unicode_type"]
