# Paths as buffers, reports about threads, arguments that conversions refuse: what CPython 3.11 does.
import codecs, lzma, marshal, os, signal, sys, threading, _thread, time, warnings


def refused(kind, call, *args, **kw):
    try:
        call(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError(f"{call} did not raise {kind.__name__}")


# Buffers are deprecated as paths.
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    assert os.stat(bytearray(b"/")).st_ino == os.stat("/").st_ino
    assert compile("pass", bytearray(b"name.py"), "exec").co_filename == "name.py"
assert [w.category for w in seen] == [DeprecationWarning] * 2
assert str(seen[0].message) == "stat: path should be string, bytes, os.PathLike or integer, not bytearray"
assert str(seen[1].message) == "path should be string, bytes, or os.PathLike, not bytearray"
with warnings.catch_warnings():
    warnings.simplefilter("error")
    refused(DeprecationWarning, os.stat, bytearray(b"/"))

# Decoders want bytes; those of escapes take text, and warn of unknown ones.
for name in ("utf_7", "utf_8", "utf_16_le", "utf_16_ex", "utf_32", "latin_1", "ascii", "charmap"):
    assert refused(TypeError, getattr(codecs, name + "_decode"), "x") == "a bytes-like object is required, not 'str'"
assert codecs.escape_decode("x\\n") == (b"x\n", 3)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    assert codecs.escape_decode(rb"\d") == (rb"\d", 2)
    assert codecs.escape_decode(rb"\407") == (b"\x07", 4)
    assert codecs.unicode_escape_decode(rb"\d") == (r"\d", 2)
assert [str(w.message) for w in seen] == [
    r"invalid escape sequence '\d'", r"invalid octal escape sequence '\407'", r"invalid escape sequence '\d'"]
refused(UnicodeDecodeError, codecs.charmap_decode, b"\0\1", "strict", {0: "a", 1: "\ufffe"})

# marshal: equal sets give equal bytes; a chain too deep for its reader is not written.
a, b = set(), set()
for word in ("spam", "eggs", "ham", "x" * 50):
    a.add(word)
for word in ("x" * 50, "ham", "eggs", "spam"):
    b.add(word)
assert marshal.dumps(a, 2) == marshal.dumps(b, 2) and marshal.loads(marshal.dumps(a)) == a
assert marshal.loads(marshal.dumps(frozenset({1, 2.5, "a", (None,)}))) == frozenset({1, 2.5, "a", (None,)})
head = last = []
for _ in range(1998):
    last.append([0])
    last = last[-1]
marshal.loads(marshal.dumps(head))
last.append([0])
refused(ValueError, marshal.dumps, head)

assert refused(TypeError, lzma.LZMACompressor, format=lzma.FORMAT_RAW, filters={}) == "dict is not a sequence"
refused(ValueError, signal.pthread_sigmask, signal.SIG_BLOCK, [1 << 1000])
refused(TypeError, signal.pthread_sigmask, signal.SIG_BLOCK, [1.5])
refused(UnicodeEncodeError, type, "A", (), {"__doc__": "x\udcdcy"})
assert type("A", (), {"__doc__": "\u20ac"}).__doc__ == "\u20ac"

# An exception that ends a thread: of _thread's to the unraisable hook, of threading's to the stream it began with.
reports = []
sys.unraisablehook = lambda args: reports.append((args.err_msg, args.object, str(args.exc_value)))


def task():
    raise ValueError("task failed")


_thread.start_new_thread(task, ())
limit = time.monotonic() + 30
while not reports and time.monotonic() < limit:
    time.sleep(0.01)
assert reports == [("Exception ignored in thread started by", task, "task failed")]


class Stream:
    text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


stream, old = Stream(), sys.stderr
sys.stderr = stream
go = threading.Event()


def late():
    go.wait()
    1 / 0


thread = threading.Thread(target=late, name="late one")
thread.start()
sys.stderr = None
go.set()
thread.join()
sys.stderr = old
assert stream.text.startswith("Exception in thread late one:\nTraceback (most recent call last):\n"), stream.text
assert stream.text.endswith("ZeroDivisionError: division by zero\n")

# All formats may be cast to bytes.
import ctypes

view = memoryview(ctypes.c_double(0.6)).cast("B")
assert bytes(view) == bytes(ctypes.c_double(0.6)) and memoryview(ctypes.c_int16(258)).cast("c").tolist() == [b"\2", b"\1"]

# A surrogate in UTF-8 comes in pieces.
for encoding in ("utf-8", "utf-8-sig"):
    data = "\ud901".encode(encoding, "surrogatepass")
    for i in range(1, len(data)):
        decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        assert decoder.decode(data[:i]) == "" and decoder.decode(data[i:], True) == "\ud901"
assert codecs.utf_8_decode(b"a\xed\xa4", "strict", False) == ("a", 1)
refused(UnicodeDecodeError, codecs.utf_8_decode, b"a\xed\xa4", "strict", True)
refused(UnicodeDecodeError, codecs.utf_8_decode, b"a\xed\xa4x", "strict", False)

# The script's own file is closed while it runs; lines of a traceback are read in the file's encoding.
import subprocess, tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "script.py")
    with open(path, "wb") as file:
        file.write(b"# coding: latin-1\nimport os\nfor fd in os.listdir('/proc/self/fd'):\n"
                   b"    try:\n        assert not os.readlink('/proc/self/fd/' + fd).endswith('script.py')\n"
                   b"    except FileNotFoundError:\n        pass\nraise RuntimeError('h\xe9')\n")
    ended = subprocess.run([sys.executable, path], capture_output=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
assert ended.stderr.decode().endswith("in <module>\n    raise RuntimeError('h\u00e9')\nRuntimeError: h\u00e9\n"), ended.stderr
