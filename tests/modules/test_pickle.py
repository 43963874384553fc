"""_pickle: the bytes of every protocol against pickle.py's own pickler, and what comes back.

The expected bytes of the literals were written by CPython 3.11."""
import _pickle
import copyreg
import io
import pickle
import pickletools
import struct


class Plain:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__


class Slots:
    __slots__ = ("a", "b")

    def __eq__(self, other):
        return (self.a, self.b) == (other.a, other.b)


class Guarded:
    """Attributes that a pickle must not set through the class."""

    def __init__(self):
        self.__dict__["x"] = 1

    x = property(lambda self: self.__dict__["x"] + 100)

    def __setattr__(self, name, value):
        raise TypeError("frozen")


class NewArgs(int):
    def __new__(cls, a, *, b=0):
        self = int.__new__(cls, a)
        self.b = b
        return self

    def __getnewargs_ex__(self):
        return (int(self),), {"b": self.b}


class Sub(dict):
    pass


class Sequence(list):
    pass


assert pickle.dumps is _pickle.dumps and pickle.Unpickler is _pickle.Unpickler
assert pickle.dumps([1, "é", 2.5, None]) == (
    b"\x80\x04\x95\x16\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01\x8c\x02\xc3\xa9\x94G@\x04\x00\x00\x00\x00\x00\x00Ne.")
assert pickle.dumps({"a": (1, 2)}, 0) == b"(dp0\nVa\np1\n(I1\nI2\ntp2\ns."
assert pickle.dumps(print, 2) == b"\x80\x02c__builtin__\nprint\nq\x00."

slots = Slots()
slots.a, slots.b = [1], "x"
sub = Sub(k=1)
sub.extra = 5
samples = [None, True, False, 0, 255, 256, 65535, 65536, -1, 2**31 - 1, -2**31, 2**31, -2**63, 10**40, -2**127, -2**2039,
           0.0, -1.5, float("inf"), "", "abc", "é€\U0001f600", "a\\b\n\r\0\x1a", "\udc80", "x" * 70000, b"", b"\x00\xff",
           b"y" * 70000, bytearray(b"q"), bytearray(), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], list(range(2500)),
           {}, {1: 2}, {i: str(i) for i in range(1001)}, set(), {1}, frozenset(), frozenset([1, 2]), int, type(None),
           type(...), type(NotImplemented), ..., NotImplemented, len, str.maketrans, Plain(a=1, b=[2]),
           slots, NewArgs(5, b=7), sub, Sequence([1, 2, 3]), 1 + 2j, range(5), slice(1, 2), Plain.__eq__]
for protocol in range(6):
    for sample in samples:
        if protocol < 2 and sample is slots:
            continue
        data = pickle.dumps(sample, protocol)
        if not isinstance(sample, (list, dict)) or len(sample) != 1001:  # the C and the Python pickler batch differently
            assert pickle._loads(data) == sample, (protocol, sample)
        if not isinstance(sample, (dict, bytearray)):
            assert data == pickle._dumps(sample, protocol), (protocol, sample)
        back = pickle.loads(data)
        assert back == sample and type(back) is type(sample), (protocol, sample)
        file = io.BytesIO(data + b"rest")
        assert pickle.load(file) == sample and file.read() == b"rest"
    g = pickle.loads(pickle.dumps(Guarded(), protocol))
    assert g.__dict__ == {"x": 1} and g.x == 101

# Sharing and cycles.
shared = []
a, b = pickle.loads(pickle.dumps([shared, shared]))
assert a is b
cycle = [1]
cycle.append(cycle)
t = (cycle, {})
t[1]["t"] = t
for protocol in range(6):
    c = pickle.loads(pickle.dumps(cycle, protocol))
    assert c[1] is c
    u = pickle.loads(pickle.dumps(t, protocol))
    assert u[1]["t"] is u
    p = Plain()
    p.me = p
    assert pickle.loads(pickle.dumps(p, protocol)).me.me.__class__ is Plain

# Frames: 64 KiB, large data between them; each file read takes no byte more than the pickle's.
big = ["s" * 1000 for i in range(200)] + [b"x" * 100000]
big[:200] = [s + str(i) for i, s in enumerate(big[:200])]
data = pickle.dumps(big)
assert data == pickle._dumps(big) and data.count(b"\x95") >= 3 and pickle.loads(data) == big


class Counting(io.BytesIO):
    def write(self, b):
        self.writes = getattr(self, "writes", 0) + 1
        return super().write(b)


out = Counting()
pickle.dump(big, out)
assert out.getvalue() == data and out.writes > 2
assert pickletools.optimize(data) and pickle.loads(pickletools.optimize(data)) == big


# Persistent ids, reducers, dispatch tables, classes found otherwise.
class P(pickle.Pickler):
    def persistent_id(self, obj):
        return ("id", obj.key) if isinstance(obj, Plain) and hasattr(obj, "key") else None

    def reducer_override(self, obj):
        return (complex, (obj.real, obj.imag)) if type(obj) is complex else NotImplemented


class U(pickle.Unpickler):
    def persistent_load(self, pid):
        return {"loaded": pid}

    def find_class(self, module, name):
        if name == "complex":
            return lambda re, im: ("complex", re, im)
        return super().find_class(module, name)


out = io.BytesIO()
P(out).dump([Plain(key=3), 1 + 2j, Plain(a=1)])
assert U(io.BytesIO(out.getvalue())).load() == [{"loaded": ("id", 3)}, ("complex", 1.0, 2.0), Plain(a=1)]
try:
    pickle.loads(out.getvalue())
except pickle.UnpicklingError as e:
    assert "persistent_load" in str(e)
else:
    raise AssertionError

out = io.BytesIO()
pickler = pickle.Pickler(out)
pickler.dispatch_table = copyreg.dispatch_table.copy()
pickler.dispatch_table[Plain] = lambda obj: (dict, ((("was", obj.a),),))
pickler.dump(Plain(a=9))
assert pickle.loads(out.getvalue()) == {"was": 9}
assert [index for index, obj in pickler.memo.copy().values()] and dict(pickler.memo.copy())
pickler.clear_memo()
assert pickler.memo.copy() == {}

# Out-of-band buffers.
buffers = []
source = bytearray(b"payload")
data = pickle.dumps([pickle.PickleBuffer(source), pickle.PickleBuffer(b"ro")], 5, buffer_callback=buffers.append)
assert len(buffers) == 2 and buffers[0].raw().tobytes() == b"payload" and b"payload" not in data
x, y = pickle.loads(data, buffers=buffers)
assert x is buffers[0] and bytes(y) == b"ro"
assert pickle.loads(pickle.dumps(pickle.PickleBuffer(source), 5)) == source
assert memoryview(pickle.PickleBuffer(source)).obj is source
released = pickle.PickleBuffer(b"z")
released.release()
for what in (released.raw, lambda: memoryview(released)):
    try:
        what()
    except ValueError:
        pass
    else:
        raise AssertionError

# Errors: never a crash, whatever the bytes.
good = pickle.dumps([Plain(a=1), {"k": (1, 2.5, 10**30)}, "text" * 20], 4)
for cut in range(len(good)):
    try:
        pickle.loads(good[:cut])
    except (pickle.UnpicklingError, EOFError):
        pass
    else:
        raise AssertionError(cut)
for at in range(len(good)):
    for byte in (0, 40, 46, 48, 49, 82, 98, 101, 117, 133, 140, 148, 255):
        try:
            pickle.loads(good[:at] + bytes([byte]) + good[at + 1:])
        except Exception:
            pass
for data, kind in [(b"N)R.", TypeError), (b"K\x01.x", None), (b"0", pickle.UnpicklingError), (b"(0.", pickle.UnpicklingError),
                   (b"h\x05.", pickle.UnpicklingError), (b"p-1\n", (ValueError, pickle.UnpicklingError)),
                   (b"Nr\xff\xff\xff\x7f.", None), (b"N" + b"p" + b"9" * 30 + b"\n.", ValueError), (b"\x80\x06.", ValueError),
                   (b"\x82\x00.", pickle.UnpicklingError), (b"\x82\xf0.", ValueError), (b"B\xff\xff\xff\x7fxx", pickle.UnpicklingError),
                   (b"\x8e" + struct.pack("<Q", 1 << 62) + b".", pickle.UnpicklingError), (b"", EOFError),
                   (b"\x8b\xff\xff\xff\xff.", pickle.UnpicklingError), (b"S'abc'\n.", None), (b"Sabc\n.", pickle.UnpicklingError)]:
    try:
        pickle.loads(data)
    except Exception as e:
        assert isinstance(e, kind or MemoryError), (data, e)
    else:
        assert kind is None, data

for bad in (lambda: 0, Plain(f=lambda: 0), open(__file__)):
    try:
        pickle.dumps(bad)
    except (pickle.PicklingError, AttributeError, TypeError):
        pass
    else:
        raise AssertionError(bad)
deep = []
for i in range(200000):
    deep = [deep]
try:
    pickle.dumps(deep)
except RecursionError:
    pass
else:
    raise AssertionError
print("ok")

# batches of a thousand: after a last one that is full the C module writes one of nothing (lengths: CPython 3.11)
for n, lengths in (999, (5498, 2757)), (1000, (5506, 2762)), (1001, (5512, 2765)), (2000, (11508, 5764)):
    assert (len(pickle.dumps({i: i for i in range(n)}, 4)), len(pickle.dumps(set(range(n)), 4))) == lengths, n
    assert pickle.loads(pickle.dumps({i: i for i in range(n)}, 4)) == {i: i for i in range(n)}
