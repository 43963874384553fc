"""_io: what streams refuse."""
import io
import os
import threading


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

# Half a raw stream: what it says of itself decides, and a failed __init__ leaves no usable buffer.
class Half:
    def __init__(self, able): self.able = able
    closed = False
    def readable(self): return self.able
    def writable(self): return self.able
    def seekable(self): return self.able
    def readinto(self, buffer): return 0
    def write(self, data): return len(data)
    def flush(self): pass
    def close(self): pass
for make in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom, lambda raw: io.BufferedRWPair(raw, raw)):
    make(Half(True))
    try:
        make(Half(False))
    except io.UnsupportedOperation as error:
        assert 'File or stream is not' in str(error)
    else:
        raise AssertionError(make)
buffered = io.BufferedReader(io.BytesIO(b'abc'))
try:
    buffered.__init__(io.BytesIO(b'x'), buffer_size=0)
except ValueError:
    pass
try:
    buffered.read()
except ValueError as error:
    assert 'uninitialized' in str(error), error
else:
    raise AssertionError('read without __init__')
# Asking for much of little costs little: 2 GB of memory would not be there in the tests.
import resource
large = io.BufferedReader(io.BytesIO(b'little'))
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert large.read1(2**31 - 1) == b'little'
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start < 500_000

# What a text stream's buffer cannot do is refused before anything is kept; a detached stream still knows its settings.
class Unable(io.BytesIO):
    def __init__(self, readable, writable): super().__init__(b'abc'); self.able = readable, writable
    def readable(self): return self.able[0]
    def writable(self): return self.able[1]
for encoding in ('utf-8', 'latin-1', 'cp1252', 'utf-16'):
    for stream, attempt in ((Unable(True, False), lambda t: t.write('x')), (Unable(False, True), lambda t: t.read()),
                            (Unable(False, True), lambda t: t.readline()), (Unable(False, True), lambda t: t.read(1))):
        text = io.TextIOWrapper(stream, encoding=encoding)
        try:
            attempt(text)
        except io.UnsupportedOperation as error:
            assert str(error) in ('not readable', 'not writable'), error
        else:
            raise AssertionError(encoding)
        text.close()
text = io.TextIOWrapper(io.BytesIO(), encoding='ascii', errors='ignore')
text.detach()
assert (text.encoding, text.errors, text.line_buffering) == ('ascii', 'ignore', False)
assert repr(text) == "<_io.TextIOWrapper encoding='ascii'>"
import subprocess, sys
for value, expected in (('ascii', 'ascii strict'), (':replace', 'utf-8 replace'), ('latin-1:ignore', 'iso8859-1 ignore')):
    code = 'import sys; print(sys.stdout.encoding, sys.stdin.errors, sys.stderr.errors)'
    shown = subprocess.run([sys.executable, '-c', code], env={**os.environ, 'PYTHONIOENCODING': value}, capture_output=True)
    assert shown.stdout.decode() == expected + ' backslashreplace\n', shown

# readinto1() into more room than the buffer has: what is buffered, and one read beside it.
class Pieces(io.RawIOBase):
    def __init__(self): self.pieces = [b'abc', b'de', b'fgh']
    def readable(self): return True
    def readinto(self, buffer):
        piece = self.pieces.pop(0) if self.pieces else b''
        buffer[:len(piece)] = piece
        return len(piece)
pieces = io.BufferedReader(Pieces(), 10)
target = bytearray(20)
assert pieces.peek(3) == b'abc' and pieces.readinto1(target) == 5 and target[:5] == b'abcde'
target = bytearray(2)
assert pieces.readinto1(target) == 2 and target == b'fg' and pieces.readinto1(target) == 1
import inspect
assert str(inspect.signature(io.BufferedReader)) == '(raw, buffer_size=8192)'


class Documented:
    """Documented(a, b=8192)
--

With a signature in its text. """


assert Documented.__text_signature__ == '(a, b=8192)' and io.BufferedReader.__doc__.startswith('Create')

# A stream nobody closed: what was written is in the file when the stream is collected, and when the program ends.
import gc, tempfile
def written_in(code):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'f')
        script = f'path = {path!r}\n' + code
        shown = subprocess.run([sys.executable, '-W', 'error', '-c', script], capture_output=True, text=True)
        with open(path, 'rb') as f:
            return f.read(), shown
for code in ("open(path, 'w').write('text')", "f = open(path, 'w'); f.write('text')", "open(path, 'wb').write(b'text')",
             "f = open(path, 'wb', 100); f.write(b'text')", "def g():\n    f = open(path, 'w'); f.write('text')\ng()",
             "import io\nf = io.TextIOWrapper(io.BufferedWriter(io.FileIO(path, 'w'))); f.write('text')",
             "class Late:\n    def __init__(self, f): self.f = f\n    def __del__(self): self.f.write('text')\n"
             "def g(): Late(open(path, 'w'))\ng()"):
    content, shown = written_in(code)
    assert content == b'text', (code, content, shown.stderr)
content, shown = written_in("import gc\ndef g():\n    f = open(path, 'w'); f.write('x' * 10)\ng()\n"
                            "def deep(n): return n and deep(n - 1)\ndeep(50); gc.collect()\nprint(len(open(path).read()))")
assert shown.stdout == '10\n', shown
assert "unclosed file <_io.TextIOWrapper name='" in shown.stderr, shown.stderr

# Those that refer to others are finalized before them, whichever was made first.
class Noted:
    notes = []
    def __init__(self, name, other=None): self.name, self.other = name, other
    def __del__(self): self.notes.append(self.name)
def make():
    inner = Noted('inner')
    outer = Noted('outer', inner)
    outer.again = outer
def forget(function): # on a stack of its own, of which nothing is left to find
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()
    gc.collect()
forget(make)
assert sorted(Noted.notes) == ['inner', 'outer'], Noted.notes
Noted.notes.clear()
def make():
    Noted('outer', Noted('inner'))
forget(make)
assert Noted.notes == ['outer', 'inner'], Noted.notes
