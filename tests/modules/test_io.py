"""_io: what streams refuse."""
import io
import os


def refused(stream, target, kind):
    try:
        stream.readinto(target)
    except TypeError as e:
        assert str(e) == "readinto() argument must be read-write bytes-like object, not " + kind, e
    else:
        raise AssertionError(kind)


with open(os.devnull, "rb", buffering=0) as raw, open(os.devnull, "rb") as buffered:
    for stream in io.BytesIO(b"zz"), raw, buffered:
        refused(stream, b"abc", "bytes")
        refused(stream, memoryview(b"abc"), "memoryview")
        refused(stream, "abc", "str")
        refused(stream, 3, "int")

# a stream whose name is itself
class Named(io.BytesIO): name = None
raw = Named()
stream = io.TextIOWrapper(raw, encoding="utf-8")
raw.name = stream
try:
    repr(stream)
except RuntimeError:
    pass
else:
    raise AssertionError("no end")
raw.name = None
print("ok")
