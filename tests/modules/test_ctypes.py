"""ctypes on _ctypes: layouts, arrays, pointers, calls, callbacks, errno, memory.  Expected values: CPython 3.11, C."""
import ctypes
import errno
import gc
import pickle
import struct
import threading
from array import array
from ctypes import (CDLL, CFUNCTYPE, POINTER, ArgumentError, BigEndianStructure, Structure, Union, addressof, alignment, byref,
                    c_bool, c_byte, c_char, c_char_p, c_double, c_float, c_int, c_int8, c_int64, c_longdouble, c_short, c_size_t,
                    c_ubyte, c_uint, c_uint16, c_ulong, c_void_p, c_wchar, c_wchar_p, cast, create_string_buffer,
                    create_unicode_buffer, memmove, memset, pointer, py_object, sizeof, string_at, wstring_at)


def raises(kind, call, *words):
    try:
        call()
    except kind as e:
        for word in words:
            assert word in str(e), e
    else:
        raise AssertionError(call)


# Simple types: C's ranges, without overflow errors.
assert [sizeof(t) for t in (c_byte, c_short, c_int, c_ulong, c_float, c_double, c_longdouble, c_char_p, c_wchar, c_bool)] == [
    1, 2, 4, 8, 4, 8, 16, 8, 4, 1]
assert c_int(2**32 + 5).value == 5 and c_ubyte(-1).value == 255 and c_int8(200).value == -56 and repr(c_int(7)) == "c_int(7)"
assert c_float(0.1).value == struct.unpack("f", struct.pack("f", 0.1))[0] and c_bool([]).value is False
assert c_char_p(b"ab").value == b"ab" and c_wchar_p("\U0001f600x").value == "\U0001f600x" and c_void_p(None).value is None
raises(TypeError, lambda: c_int("x"), "int")
raises(TypeError, lambda: c_int(1.5))
raises(TypeError, lambda: c_char(b"ab"), "one character")
assert not c_int() and c_int(1) and py_object([1]).value == [1]


# Structures and unions.
class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double), ("tag", c_char * 4)]


assert sizeof(Point) == 24 and alignment(Point) == 8 and (Point.y.offset, Point.y.size, Point.tag.offset) == (8, 8, 16)
p = Point(1, tag=b"ab")
p.y = 2
assert (p.x, p.y, p.tag, bytes(p)) == (1, 2.0, b"ab", struct.pack("=i4xd4s4x", 1, 2.0, b"ab"))
raises(TypeError, lambda: Point(1, 2, b"", 4), "too many initializers")
raises(TypeError, lambda: Point(1, x=2), "duplicate values for field 'x'")
raises(AttributeError, lambda: setattr(Point, "_fields_", []), "_fields_ is final")


class Bits(Structure):
    _fields_ = [("a", c_uint, 3), ("b", c_uint, 7), ("c", c_int, 5), ("d", c_uint, 9), ("e", c_uint, 9)]


bits = Bits(5, 100, -3, 300, 511)
assert (bits.a, bits.b, bits.c, bits.d, bits.e) == (5, 100, -3, 300, 511)


class Number(Union):
    _fields_ = [("i", c_int64), ("d", c_double), ("b", c_ubyte * 8)]


n = Number(d=1.0)
assert n.i == 0x3ff0000000000000 and list(n.b) == [0, 0, 0, 0, 0, 0, 0xf0, 0x3f] and sizeof(Number) == 8


class Outer(Structure):
    _anonymous_ = ["n"]
    _pack_ = 1
    _fields_ = [("c", c_char), ("n", Number), ("p", Point)]


o = Outer(b"z", d=3.0)
o.p.x = 9
assert sizeof(Outer) == 33 and o.i == struct.unpack("q", struct.pack("d", 3.0))[0] and o.p.x == 9 and o.p._b_base_ is o


class Big(BigEndianStructure):
    _fields_ = [("h", c_short), ("i", c_int), ("d", c_double)]


assert bytes(Big(1, 2, 0.5)) == struct.pack(">h2xid", 1, 2, 0.5) and Big.from_buffer_copy(struct.pack(">h2xid", -1, 3, 1.5)).d == 1.5


class Node(Structure):
    pass


Node._fields_ = [("value", c_int), ("next", POINTER(Node))]
chain = Node(1, pointer(Node(2, pointer(Node(3)))))
gc.collect()  # the targets live as long as what points to them
assert [chain.value, chain.next[0].value, chain.next.contents.next.contents.value] == [1, 2, 3]
assert not chain.next.contents.next.contents.next
raises(ValueError, lambda: chain.next[0].next[0].next[0], "NULL pointer")

# Arrays.
a = (c_int * 5)(1, 2, 3)
a[-1] = 9
a[1:3] = [7, 8]
assert list(a) == [1, 7, 8, 0, 9] and a[::-2] == [9, 8, 1] and len(a) == 5 and c_int * 5 is type(a)
raises(IndexError, lambda: a[5], "invalid index")
raises(TypeError, lambda: a.__setitem__(0, "x"))
raises(ValueError, lambda: a.__setitem__(slice(0, 2), [1]), "same size")
m = ((c_double * 3) * 2)((1, 2, 3), (4, 5, 6))
view = memoryview(m)
assert view.shape == (2, 3) and view.strides == (24, 8) and view.format == "<d" and m[1][2] == 6.0
b = create_string_buffer(b"abc", 6)
assert (b.value, b.raw, b[1], b[0:2], sizeof(b)) == (b"abc", b"abc\0\0\0", b"b", b"ab", 6)
u = create_unicode_buffer("é\U0001f600", 4)
assert u.value == "é\U0001f600" and u[1] == "\U0001f600" and u[:2] == u.value
raises(ValueError, lambda: setattr(b, "value", b"1234567"), "byte string too long")

# Memory of others.
store = array("i", range(4))
over = (c_int * 4).from_buffer(store)
over[2] = 77
assert store[2] == 77
raises(BufferError, lambda: store.append(1))
raises(ValueError, lambda: (c_int * 5).from_buffer(store), "Buffer size too small")
raises(TypeError, lambda: c_int.from_buffer(b"abcd"), "not writable")
there = c_int.from_address(addressof(over) + 8)
assert there.value == 77 and cast(over, POINTER(c_short))[4] == 77 and cast(addressof(over), c_void_p).value == addressof(over)
memset(addressof(over), 0, 8)
memmove(over, b"\1\0\0\0", 4)
assert list(store) == [1, 0, 77, 3] and string_at(b"hello", 3) == b"hel" and wstring_at("wide") == "wide"
assert pickle.loads(pickle.dumps(p)).y == 2.0
raises(ValueError, lambda: pickle.dumps(chain), "pointers cannot be pickled")

# Calls.
libc, libm = CDLL(None), CDLL("libm.so.6")
libm.pow.restype, libm.pow.argtypes = c_double, [c_double, c_double]
assert libm.pow(2, 0.5) == 2 ** 0.5 and libc.abs(-3) == 3 and libc.strlen(b"four") == 4
raises(TypeError, lambda: libm.pow(1), "at least 2 arguments (1 given)")
raises(ArgumentError, lambda: libm.pow(1, "x"), "argument 2: TypeError")
raises(AttributeError, lambda: libc.no_such_function_here, "no_such_function_here")
raises(OSError, lambda: CDLL("/no/such/library.so"))
buf = create_string_buffer(30)
assert libc.snprintf(buf, c_size_t(30), b"%d %.2f %s", 42, c_double(1.5), b"x") == 9 and buf.value == b"42 1.50 x"
ip = c_int()
assert libc.sscanf(b"17", b"%d", byref(ip)) == 1 and ip.value == 17


class Div(Structure):
    _fields_ = [("quot", c_int), ("rem", c_int)]


libc.div.restype = Div
d = libc.div(17, 5)  # a structure by value
assert (d.quot, d.rem) == (3, 2)
libc.strchr.restype, libc.strchr.argtypes = c_char_p, [c_char_p, c_char]
assert libc.strchr(b"abcde", b"c") == b"cde" and libc.strchr(b"abc", b"x") is None
libc.getenv.restype = lambda value: ("checked", value != 0)
assert libc.getenv(b"SURELY_NOT_SET") == ("checked", False)
twin = CDLL(None, use_errno=True)
ctypes.set_errno(0)
assert twin.close(-1) == -1 and ctypes.get_errno() == errno.EBADF
twin.close.errcheck = lambda result, function, args: (result, args)
assert twin.close(-1) == (-1, (-1,))


class Stand:
    _as_parameter_ = 5


assert libc.abs(Stand()) == 5

# Callbacks: from sort, structures by value, on threads that the interpreter never saw.
Compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
calls = []


def compare(x, y):
    calls.append(1)
    gc.collect()
    return (x[0] > y[0]) - (x[0] < y[0])


a = (c_int * 6)(5, 1, 4, 2, 8, 0)
libc.qsort(a, 6, sizeof(c_int), Compare(compare))
assert list(a) == [0, 1, 2, 4, 5, 8] and calls
Small = CFUNCTYPE(c_byte, c_byte, c_uint16, c_float)
f = Small(lambda b, h, x: b + h + int(x))
assert f(-5, 7, 2.5) == 4 and Small(lambda *args: -3)(0, 0, 0) == -3
again = Small(cast(f, c_void_p).value)
assert again(1, 2, 3) == 6
Start = CFUNCTYPE(c_void_p, c_void_p)
seen = []


def body(argument):
    seen.append((argument, threading.get_ident() != threading.main_thread().ident, [i for i in range(1000)][-1]))
    gc.collect()
    return argument


start = Start(body)
for i in range(5):
    thread = c_ulong()
    assert libc.pthread_create(byref(thread), None, start, c_void_p(i + 1)) == 0
    result = c_void_p()
    assert libc.pthread_join(thread, byref(result)) == 0 and result.value == i + 1
assert seen == [(i + 1, True, 999) for i in range(5)]
reported = []
import sys
sys.unraisablehook = reported.append
assert CFUNCTYPE(c_int)(lambda: 1 / 0)() == 0 and reported[0].exc_type is ZeroDivisionError
sys.unraisablehook = sys.__unraisablehook__
assert c_int.in_dll(CDLL(None), "optind").value >= 0

# numpy.ctypeslib's ways.
try:
    import numpy as np
except ImportError:
    pass
else:
    x = np.arange(4.0)
    px = x.ctypes.data_as(POINTER(c_double))
    px[1] = 10
    assert x[1] == 10.0 and [px[i] for i in range(4)] == list(x)
    assert np.frombuffer((c_double * 3)(1, 2, 3)).sum() == 6.0
print("ok")
