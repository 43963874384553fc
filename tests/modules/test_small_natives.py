"""mmap, _queue, unicodedata, _symtable, _locale, faulthandler, termios.  Expected values: CPython 3.11."""
import faulthandler
import io
import locale
import mmap
import os
import pty
import queue
import symtable
import tempfile
import termios
import threading
import unicodedata

with mmap.mmap(-1, 100) as m:
    m.write(b"hello\nworld")
    m.seek(0)
    assert m.readline() == b"hello\n" and m.find(b"world") == 6 and m.rfind(b"o", 0) == 7 and m[6:11] == b"world"
    m[0] = 72
    m[1:3] = b"EL"
    assert m[:5] == b"HELlo" and len(m) == 100 and m[0] == 72 and m[4::-2] == b"oLH"
    view = memoryview(m)
    try:
        m.close()
    except BufferError:
        view.release()
    else:
        raise AssertionError("closed under a view")
assert m.closed
with tempfile.TemporaryFile() as f:
    f.write(b"abcdef")
    f.flush()
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        assert bytes(m) == b"abcdef" and "access=ACCESS_READ" in repr(m)
        try:
            m[0] = 1
        except TypeError:
            pass
        else:
            raise AssertionError("written")
    with mmap.mmap(f.fileno(), 3) as m:
        m[0:1] = b"X"
    f.seek(0)
    assert f.read() == b"Xbcdef"

q = queue.SimpleQueue()
for i in range(20):
    q.put(i)
assert [q.get() for i in range(20)] == list(range(20)) and q.empty()
threading.Timer(0.01, q.put, ("late",)).start()
assert q.get(timeout=10) == "late"
try:
    q.get(timeout=0.001)
except queue.Empty:
    pass
else:
    raise AssertionError("not empty")

assert [unicodedata.category(c) for c in "aA1 \u0301\U0001f600"] == ["Ll", "Lu", "Nd", "Zs", "Mn", "So"]
assert unicodedata.name("é") == "LATIN SMALL LETTER E WITH ACUTE" and unicodedata.lookup("GREEK SMALL LETTER PI") == "π"
assert unicodedata.normalize("NFD", "é가") == "e\u0301\u1100\u1161" and unicodedata.normalize("NFKC", "ﬁ½") == "fi1\u20442"
assert not unicodedata.is_normalized("NFC", "e\u0301") and unicodedata.numeric("½") == 0.5 and unicodedata.decimal("٣") == 3
assert unicodedata.decomposition("½") == "<fraction> 0031 2044 0032" and unicodedata.bidirectional("א") == "R"
assert unicodedata.ucd_3_2_0.category("\U0001f600") == "Cn" and unicodedata.mirrored("(") == 1
assert "bücher.example".encode("idna") == b"xn--bcher-kva.example"
try:
    unicodedata.name("\0")
except ValueError as e:
    assert str(e) == "no such name"

table = symtable.symtable("def f(a):\n  global g\n  def h(): return a\n  g = h\n", "x", "exec")
f = table.get_children()[0]
assert f.get_name() == "f" and f.get_parameters() == ("a",) and f.get_globals() == ("g",)
assert f.get_children()[0].get_frees() == ("a",) and f.lookup("a").is_parameter() and table.lookup("g").is_global()

locale.setlocale(locale.LC_ALL, "C")
assert locale.localeconv()["decimal_point"] == "." and locale.nl_langinfo(locale.MON_1) == "January"
assert sorted("ba", key=locale.strxfrm) == ["a", "b"]

with tempfile.TemporaryFile() as f:
    def inner():
        faulthandler.dump_traceback(f, all_threads=False)
    inner()
    f.seek(0)
    lines = f.read().decode().splitlines()
    assert lines[0] == "Stack (most recent call first):" and lines[1].endswith(" in inner") and len(lines) == 3

master, slave = pty.openpty()
attributes = termios.tcgetattr(slave)
attributes[3] &= ~termios.ECHO
termios.tcsetattr(slave, termios.TCSANOW, attributes)
assert not termios.tcgetattr(slave)[3] & termios.ECHO and os.isatty(slave)
